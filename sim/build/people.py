"""The people of a town at week 0, synthetic, from few margins.

Reproduced: number of residents, ageing rate, persons per household, households by kind and by district (or by both,
where a user gives the table), helpers, commissioners, and the stocks of need. Not reproduced: sex, income, and any
link between district and kind that the user does not give.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from scipy.optimize import brentq
from scipy.stats import gamma

from .. import beats, newcomers
from ..newcomers import Makeup
from ..scenario.town import People
from ..state import F, FIELDS, HOUSEHOLDS, KINDS, MEMBERS, NEEDS, RESIDENTS, TIES, State, Table

# National shares of households by kind beside the two that are parameters: KKCT 2023, recalled, grade C.
ELDER_COUPLE, ELDER_WITH_ADULT_CHILD, SINGLE_PARENT, WORKING_ALONE = 0.134, 0.130, 0.022, 0.183
ELDER_KINDS, ALONE_KINDS = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 0, 0, 0, 0, 1, 0])
# Chance of 1..5 members by kind, and of one elder more where there is room: grade D, both tilted to the town's margins.
SIZES = np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, .55, .35, .10, 0], [0, 0, .42, .43, .15], [0, .55, .34, .11, 0],
                  [1, 0, 0, 0, 0], [0, .60, .28, .10, .02]])
MORE_ELDERS = np.array([0, 0, .55, .12, 0, 0, .25])
TOLERANCE = 0.005  # share of residents, and of elders among them, by which margins may miss
WIDEST_TILT = 12.0
CHUNK = 50_000  # rows furnished at a time
GRID = 4097


def people(town: State) -> None:
    """Make the tables households, needs and residents (and ties, still empty) of the scenario's people, and what newcomers are drawn from.

    Sets town.households, needs, residents, row_of (H,), makeup, susceptibility_scale, onset_share and eligible_share (F,), post
    (H,) and beat (H,).
    Raises ValueError where the margins contradict each other.
    """
    district, kinds, makeup = _plan(town.scenario.people, town.p)
    count = kinds.size
    town.households, town.needs = Table(HOUSEHOLDS, count), Table(NEEDS, count * F)
    town.residents, town.row_of = Table(RESIDENTS, count * MEMBERS), np.arange(count)
    town.households.id[:], town.households.district[:] = np.arange(count), district
    town.ties, town.tie_start, town.tie_edges = Table(TIES, 0), np.zeros(count + 1, dtype=np.int64), np.empty(0, dtype=np.int64)
    town.makeup, town.susceptibility_scale = makeup, np.ones(F)
    kinds = _placed(town, kinds)
    _house_all(town, kinds)
    for rows in _chunks(count):
        newcomers.endow(town, rows, newcomers.draws(town, rows))
    town.onset_share = makeup.fields * town.field_on
    able = (town.needs.susceptibility.reshape(-1, F) > 0).mean(axis=0)
    town.eligible_share = np.where(able > 0, able, 1.0)
    town.makeup = _with_stages(town)
    for rows in _chunks(count):
        newcomers.trouble(town, rows, newcomers.draws(town, rows))
    _seat_commissioners(town)


def composition_of(people: People, p: SimpleNamespace) -> np.ndarray:
    """Share of households by kind (K,) of a town whose composition is not given.

    National shares s_k (share_elder_alone and share_with_children from the parameters), with the odds of the elder kinds
    (e = 1) multiplied by r and those of the kinds that live alone (a = 1) by q:
    share_k = s_k r^e_k q^a_k / sum_j s_j r^e_j q^a_j. r is solved so that the households hold the town's elders, q
    so that they have its persons_per_household; q = 1 where that is not given. Households of more than one are as
    large as in the nation. Source: KKCT 2023 for s; the shifts are assumptions, grade D.
    """
    sizes = _national_sizes(p)

    def shifted(log_r: float, log_q: float) -> np.ndarray:
        share = _national(p) * np.exp(log_r * ELDER_KINDS + log_q * ALONE_KINDS)
        return share / share.sum()

    def aged(log_q: float) -> np.ndarray:
        def surplus(log_r: float) -> float:
            share = shifted(log_r, log_q)
            return share @ _elders(sizes, MORE_ELDERS) - people.ageing_rate * (share @ sizes @ np.arange(1, MEMBERS + 1))

        return shifted(_root(surplus), log_q)

    if people.persons_per_household is None:
        return aged(0.0)
    return aged(-_root(lambda t: aged(-t) @ sizes @ np.arange(1, MEMBERS + 1) - people.persons_per_household, 4.0))


def _national(p: SimpleNamespace) -> np.ndarray:
    share = np.array([p.town.share_elder_alone, ELDER_COUPLE, ELDER_WITH_ADULT_CHILD, p.town.share_with_children - SINGLE_PARENT,
                      SINGLE_PARENT, WORKING_ALONE, 0.0])
    share[-1] = 1.0 - share.sum()
    return share


def _national_sizes(p: SimpleNamespace) -> np.ndarray:
    return _tilted(_national(p), p.town.persons_per_household)


def _plan(people: People, p: SimpleNamespace) -> tuple[np.ndarray, np.ndarray, Makeup]:
    """District and kind of every household in order of address (kinds not yet placed), and the makeup without needs."""
    table = _table(people)
    share = table.sum(axis=0) / table.sum() if table is not None else _given(people) if people.composition else composition_of(people, p)
    wished = people.persons_per_household or float(share @ _national_sizes(p) @ np.arange(1, MEMBERS + 1))
    persons = float(np.clip(people.population / table.sum() if table is not None else wished, *_reach(share)))
    count = int(table.sum()) if table is not None else max(1, round(people.population / persons))
    if table is None:
        counts = _whole(share * count)
        share, kinds = counts / count, np.repeat(np.arange(len(KINDS)), counts)
        district = np.repeat(np.arange(len(people.districts)), _whole(np.array([d.share for d in people.districts]) * count))
    else:
        kinds = np.concatenate([np.repeat(np.arange(len(KINDS)), row) for row in table])
        district = np.repeat(np.arange(len(table)), table.sum(axis=1))
    _check_size(people, count * np.array(_reach(share)), count, wished)
    sizes = _tilted(share, np.clip(people.population / count, *_reach(share)))
    more = _more_elders(people, share, sizes)
    fields = np.array([getattr(p.needs, f"share_{name}") for name in FIELDS])
    return district, kinds, Makeup(share, np.cumsum(sizes, axis=1)[:, :-1], more, _frailty(p.town.frailty_var), p.town.salon_uptake, fields, np.zeros(3))


def _table(people: People) -> np.ndarray | None:
    """Households by district and kind (D, K) as the user counted them, or None."""
    if people.households is None:
        return None
    known = [district.id for district in people.districts]
    for name in people.households:
        _demand(name in known, f"people {people.id}: households name the district {name!r}; allowed: {', '.join(known)}")
    for name in {kind for row in people.households.values() for kind in row}:
        _demand(name in KINDS, f"people {people.id}: households name the kind {name!r}; allowed: {', '.join(KINDS)}")
    table = np.array([[people.households.get(name, {}).get(kind, 0) for kind in KINDS] for name in known])
    _demand(table.min() >= 0 and table.sum() > 0, f"people {people.id}: households must be counts of 0 or more, not all 0")
    return table


def _given(people: People) -> np.ndarray:
    """The user's composition (K,); kinds left out have no household."""
    for name, value in people.composition.items():
        _demand(name in KINDS, f"people {people.id}: composition names the kind {name!r}; allowed: {', '.join(KINDS)}")
        _demand(value >= 0, f"people {people.id}: composition.{name} is {value:g}; allowed: 0 or more")
    share = np.array([people.composition.get(kind, 0.0) for kind in KINDS])
    _demand(abs(share.sum() - 1) < 0.005, f"people {people.id}: composition sums to {share.sum():g}; allowed: 1")
    return share / share.sum()


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _check_size(people: People, reach: np.ndarray, count: int, wished: float) -> None:
    low, high = reach
    slack = TOLERANCE * people.population + 1
    _demand(low - slack <= people.population <= high + slack,
            f"people {people.id}: population {people.population} does not fit {count} households of these kinds; allowed: {low:.0f} to {high:.0f}")
    got = people.population / count
    _demand(people.persons_per_household is None or people.households is not None or abs(got / wished - 1) < 0.05 or count < 50,
            f"people {people.id}: persons_per_household {wished:g} does not fit the composition; allowed: {low / count:.2f} to {high / count:.2f}")


def _reach(share: np.ndarray) -> tuple[float, float]:
    """Least and largest mean household size that the kinds allow."""
    least = (SIZES > 0).argmax(axis=1) + 1
    most = MEMBERS - (SIZES[:, ::-1] > 0).argmax(axis=1)
    return float(share @ least), float(share @ most)


def _tilted(share: np.ndarray, persons: float) -> np.ndarray:
    """Chance of 1..5 members by kind (K, MEMBERS), tilted by exp(t x size) so that the mean size is `persons`."""
    members = np.arange(1, MEMBERS + 1)

    def tilted(t: float) -> np.ndarray:
        weights = SIZES * np.exp(t * (members - 3))
        return weights / weights.sum(axis=1, keepdims=True)

    return tilted(_root(lambda t: share @ (tilted(t) @ members) - persons))


def _root(surplus, widest: float = WIDEST_TILT) -> float:
    """Tilt within -widest..widest at which the rising `surplus` is 0, or the end of the range that is nearest to it."""
    low, high = -widest, widest
    return low if surplus(low) >= 0 else high if surplus(high) <= 0 else brentq(surplus, low, high)


def _elders(sizes: np.ndarray, more: np.ndarray) -> np.ndarray:
    """Mean number of elders (K,) of households by kind."""
    members = np.arange(1, MEMBERS + 1)
    room = (members >= newcomers.ROOM_FROM[:, None]) & (members <= newcomers.ROOM_TO[:, None])
    return newcomers.SURE_ELDERS + (sizes * room).sum(axis=1) * more


def _more_elders(people: People, share: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Chance of one elder more by kind (K,), its odds tilted so that the town has its ageing rate."""
    persons = share @ (sizes @ np.arange(1, MEMBERS + 1))
    low, high = (share @ _elders(sizes, chance) / persons for chance in (np.zeros(len(KINDS)), np.ones(len(KINDS))))
    slack = TOLERANCE + 2.0 / people.population
    _demand(low - slack <= people.ageing_rate <= high + slack,
            f"people {people.id}: ageing_rate {people.ageing_rate:g} does not fit the households' kinds; allowed: {low:.3f} to {high:.3f}")

    def tilted(t: float) -> np.ndarray:
        weights = MORE_ELDERS * np.exp(t)
        return weights / (weights + 1.0 - MORE_ELDERS)

    return tilted(_root(lambda t: share @ _elders(sizes, tilted(t)) / persons - people.ageing_rate))


def _frailty(variance: float) -> np.ndarray:
    """Quantiles (GRID,) of a gamma of mean 1 and `variance`, cut at MAX_FRAILTY and stretched so that the mean stays 1."""
    if variance == 0:
        return np.ones(GRID)
    u = np.linspace(0, 1, GRID)
    quantiles = gamma.ppf(u, 1.0 / variance, scale=variance)

    def cut(stretch: float) -> np.ndarray:
        return np.minimum(stretch * quantiles, newcomers.MAX_FRAILTY)

    return cut(brentq(lambda stretch: np.trapezoid(cut(stretch), u) - 1.0, 0.5, 20.0))


def _whole(amounts: np.ndarray) -> np.ndarray:
    """Whole numbers nearest to `amounts` with the same (rounded) sum: largest remainders."""
    whole = np.floor(amounts).astype(np.int64)
    short = round(amounts.sum()) - whole.sum()
    whole[np.argsort(whole - amounts, kind="stable")[:short]] += 1
    return whole


def _chunks(count: int):
    return (np.arange(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))


def _placed(town: State, kinds: np.ndarray) -> np.ndarray:
    """Kinds in keyed order over the town, or within each district where the user gave the table."""
    luck = town.streams.uniform("kinds", 0, town.households.id)
    if town.scenario.people.households is None:
        return kinds[np.argsort(luck, kind="stable")]
    return kinds[np.lexsort((luck, town.households.district))]


def _even(u: np.ndarray, group: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """`u` (n,) spread evenly within each `group` (n,), order kept: rank plus the group's `offset`, over the group's number."""
    order = np.lexsort((u, group))
    count = np.bincount(group)
    rank = np.empty(u.size)
    rank[order] = np.arange(u.size) - np.repeat(np.cumsum(count) - count, count)
    return (rank + offset[group]) / count[group]


def _house_all(town: State, kinds: np.ndarray) -> None:
    """Members' ages for the whole town, sizes and numbers of elders spread evenly so that the margins are met."""
    makeup, rows = town.makeup, np.arange(kinds.size)
    u = newcomers.draws(town, rows)[:, :newcomers.FRAILTY]
    offset = town.streams.uniform("even", 0, np.arange(len(KINDS) * (MEMBERS + 1)))
    u[:, newcomers.SIZE] = _even(u[:, newcomers.SIZE], kinds, offset)
    size = 1 + (u[:, newcomers.SIZE, None] > makeup.size_cdf[kinds]).sum(axis=1)
    u[:, newcomers.ELDERS] = _even(u[:, newcomers.ELDERS], kinds * (MEMBERS + 1) + size, offset)
    newcomers.house(town, rows, newcomers.ages_of(makeup, kinds, u))
    ages = town.residents.age.reshape(-1, MEMBERS)
    town.susceptibility_scale = _scale(newcomers.susceptibility(town.households.kind, ages))
    newcomers.classify(town, rows)
    eligible = newcomers.welcomes(ages).mean()
    town.makeup = _changed(makeup, belongs=min(1.0, makeup.belongs / eligible) if eligible else 0.0)


def _changed(makeup: Makeup, **changes) -> Makeup:
    return Makeup(**(vars(makeup) | changes))


def _scale(raw: np.ndarray) -> np.ndarray:
    """Factor (F,) that makes the town mean of capped susceptibility 1; all at the cap where the mean cannot be reached."""
    cap = newcomers.MAX_SUSCEPTIBILITY
    scale = np.ones(F)
    for field, column in enumerate(raw.T):
        held = column[column > 0]
        if held.size:
            most = cap / held.min()
            reached = lambda x, held=held: np.minimum(held * x, cap).sum() - column.size  # noqa: E731
            scale[field] = brentq(reached, 1e-9, most) if reached(most) > 0 else most
    return scale


def _with_stages(town: State) -> Makeup:
    """The makeup with the k of each stage at which the town's mean chance meets the shares of the start."""
    p, makeup = town.p.town, town.makeup
    weight = (town.needs.susceptibility.reshape(-1, F) @ makeup.fields) * town.households.frailty
    compounded, manifest = p.init_compounded, p.init_manifest + p.init_compounded
    shares = (p.init_latent + manifest, manifest, compounded)
    stages = [0.0 if share <= 0 else brentq(lambda k, share=share: -np.expm1(-k * weight).mean() - share, 0.0, 1e4) for share in shares]
    return _changed(makeup, stages=np.array(stages))


def _seat_commissioners(town: State) -> None:
    homes = np.bincount(town.households.district, minlength=len(town.scenario.people.districts))
    beats.lay_out(town, _whole(homes * town.p.town.minsei_per_1000hh / 1000))
