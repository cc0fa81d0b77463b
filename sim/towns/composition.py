"""Which households a town's margins ask for: kinds, sizes, elders and districts, or a refusal where
they contradict.

The check of a file and the building of a town ask the same function, `margins`. Households and
their kinds are given out along the districts as they are listed, so that a district that is listed
later changes none before it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from sim.declared import Parameters
from sim.declared.vocabulary import KINDS
from sim.towns.town import People
from sim.words import Phrase
from sim.words.errors import ScenarioError, between, fault

# National shares of households by kind beside the two that are parameters: KKCT 2023, recalled,
# grade C.
ELDER_COUPLE, ELDER_WITH_ADULT_CHILD, SINGLE_PARENT, WORKING_ALONE = 0.134, 0.130, 0.022, 0.183
ELDER_KINDS, ALONE_KINDS = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 0, 0, 0, 0, 1, 0])
# Chance of 1..5 members by kind, and of one elder more where there is room: grade D, both tilted to
# the town's margins.
SIZES = np.array(
    [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0.55, 0.35, 0.10, 0],
        [0, 0, 0.42, 0.43, 0.15],
        [0, 0.55, 0.34, 0.11, 0],
        [1, 0, 0, 0, 0],
        [0, 0.60, 0.28, 0.10, 0.02],
    ]
)
MORE_ELDERS = np.array([0, 0, 0.55, 0.12, 0, 0, 0.25])
MEMBERS = SIZES.shape[1]
COUNTS = np.arange(1, MEMBERS + 1)
SURE_ELDERS = np.array([1, 2, 1, 0, 0, 0, 0])  # by kind
NO_ROOM = MEMBERS + 4
# Sizes at which a household of the kind has room for one elder more (a second parent, a
# grandparent, an older spouse) and, below it, for another: three generations with both
# grandparents, or with one parent. Used only where one each is not enough.
ROOM_FROM = np.array(
    [
        [NO_ROOM, NO_ROOM, 3, 4, NO_ROOM, NO_ROOM, 2],
        [NO_ROOM, NO_ROOM, NO_ROOM, 3, NO_ROOM, NO_ROOM, NO_ROOM],
    ]
)
ROOM_TO = np.array(
    [
        [NO_ROOM, NO_ROOM, 5, 5, NO_ROOM, NO_ROOM, 2],
        [NO_ROOM, NO_ROOM, NO_ROOM, 5, NO_ROOM, NO_ROOM, NO_ROOM],
    ]
)
TOLERANCE = 0.005  # share of residents, and of elders among them, by which margins may miss
WIDEST_TILT = 12.0
ROUNDING = 1e-6  # by which amounts may miss a half, so that no last digit decides a whole number


class Plan(NamedTuple):
    """Households to build: district (H,) by address, kind (H,) district by district, share of each
    kind in the town (K,) and in each district (D, K), size_cdf (K, MEMBERS - 1) and more_elders
    (2, K) as in `members.ages_of`.
    """

    district: np.ndarray
    kinds: np.ndarray
    share: np.ndarray
    by_district: np.ndarray
    size_cdf: np.ndarray
    more_elders: np.ndarray


class Margins(NamedTuple):
    """What the margins of a town come to: number of households by district (D,), share of each kind
    (K,), number by district and kind (D, K) where the user gave that; chance of 1, 2, ... members
    by kind (K, MEMBERS); more_elders (2, K) as in `members.ages_of`.
    """

    homes: np.ndarray
    share: np.ndarray
    table: np.ndarray | None
    sizes: np.ndarray
    more_elders: np.ndarray


def margins(people: People, p: Parameters) -> Margins:
    """How many households of which kind and size make up `people`, and how many elders live in
    them.

    Raises ScenarioError where population, ageing rate, persons per household and kinds contradict
    each other.
    """
    table = _table(people)
    if table is None:
        given = people.composition
        share = _given(people.id, given) if given else composition_of(people, p)
        wished = people.persons_per_household or float(share @ _national_sizes(p) @ COUNTS)
        size = float(np.clip(wished, *_reach(share)))
        parts = np.array([district.share for district in people.districts])
        homes = in_whole(parts / parts.sum() * max(1.0, people.population / size))
    else:
        homes, share = table.sum(axis=1), table.sum(axis=0) / table.sum()
        size = float(np.clip(people.population / homes.sum(), *_reach(share)))
    _check_size(people, share, int(homes.sum()))
    sizes = _tilted(share, size)
    return Margins(homes, share, table, sizes, _more_elders(people, share, sizes))


def plan_households(people: People, p: Parameters) -> Plan:
    """How many households of which kind and size, and in which district, make up `people`; raises
    as `margins` does.
    """
    homes, share, table, sizes, more_elders = margins(people, p)
    if table is None:
        kinds, by_district = by_turns(share, int(homes.sum())), np.tile(share, (homes.size, 1))
    else:
        kinds = np.concatenate([np.repeat(np.arange(len(KINDS)), row) for row in table])
        by_district = table / np.maximum(homes, 1)[:, None]
    district = np.repeat(np.arange(homes.size), homes)
    size_cdf = np.cumsum(sizes, axis=1)[:, :-1]
    return Plan(district, kinds, share, by_district, size_cdf, more_elders)


def in_whole(amounts: np.ndarray) -> np.ndarray:
    """Whole numbers (n,) in place of `amounts` (n,): their running sums are those of the amounts,
    rounded, so that an amount more at the end changes none before it.
    """
    until = np.floor(np.cumsum(amounts) + 0.5 + ROUNDING)
    return np.diff(until, prepend=0.0).astype(np.int64)


def by_turns(share: np.ndarray, count: int) -> np.ndarray:
    """Which of the shares (K,) the first, second, ... of `count` households is of: always the one
    whose turn it is, so that every run of households has the shares to within about one. The n-th
    of a share comes at (n - 1/2) / share (Webster 1832).
    """
    most = np.ceil(share * (count + share.size)).astype(np.int64) + 1
    which = np.repeat(np.arange(share.size), most)
    nth = np.arange(which.size) - np.searchsorted(which, which)
    with np.errstate(divide="ignore"):
        turn = (nth + 0.5) / share[which]
    return which[np.argsort(turn, kind="stable")[:count]]


def composition_of(people: People, p: Parameters) -> np.ndarray:
    """Share of households by kind (K,) of a town whose composition is not given.

    National shares s_k (share_elder_alone and share_with_children from the parameters), with the
    odds of the elder kinds (e = 1) multiplied by r and those of the kinds that live alone (a = 1)
    by q: share_k = s_k r^e_k q^a_k / sum_j s_j r^e_j q^a_j. r is solved so that the households hold
    the town's elders, q so that they have its persons_per_household; q = 1 where that is not given.
    Households of more than one are as large as in the nation. Source: KKCT 2023 for s; the shifts
    are assumptions, grade D.
    """
    sizes = _national_sizes(p)

    def shifted(log_r: float, log_q: float) -> np.ndarray:
        share = _national(p) * np.exp(log_r * ELDER_KINDS + log_q * ALONE_KINDS)
        return share / share.sum()

    def aged(log_q: float) -> np.ndarray:
        def surplus(log_r: float) -> float:
            share = shifted(log_r, log_q)
            return share @ _elders(sizes, MORE_ELDERS) - people.ageing_rate * (
                share @ sizes @ COUNTS
            )

        return shifted(_root(surplus), log_q)

    if people.persons_per_household is None:
        return aged(0.0)
    return aged(-_root(lambda t: aged(-t) @ sizes @ COUNTS - people.persons_per_household, 4.0))


def national(elder_alone: float, with_children: float) -> np.ndarray:
    """Shares of the kinds (K,) of which two are parameters; below 0 somewhere where those two leave
    no room for the others.
    """
    share = np.array(
        [
            elder_alone,
            ELDER_COUPLE,
            ELDER_WITH_ADULT_CHILD,
            with_children - SINGLE_PARENT,
            SINGLE_PARENT,
            WORKING_ALONE,
            0.0,
        ]
    )
    share[-1] = 1.0 - share.sum()
    return share


def _national(p: Parameters) -> np.ndarray:
    return national(p.town.share_elder_alone, p.town.share_with_children)


def _national_sizes(p: Parameters) -> np.ndarray:
    return _tilted(_national(p), p.town.persons_per_household)


def _table(people: People) -> np.ndarray | None:
    """Households by district and kind (D, K) as the user counted them, or None."""
    if people.households is None:
        return None
    known = [district.id for district in people.districts]
    for name in people.households:
        _demand(
            name in known,
            f"people {people.id}: households name the district {name!r}; allowed: {', '.join(known)}",
        )
    for name in {kind for row in people.households.values() for kind in row}:
        _demand(
            name in KINDS,
            f"people {people.id}: households name the kind {name!r}; allowed: {', '.join(KINDS)}",
        )
    table = np.array(
        [[people.households.get(name, {}).get(kind, 0) for kind in KINDS] for name in known]
    )
    _demand(
        table.min() >= 0 and table.sum() > 0,
        f"people {people.id}: households must be counts of 0 or more, not all 0",
    )
    return table


def _given(town: str, composition: dict[str, float]) -> np.ndarray:
    """The user's composition (K,); kinds left out have no household."""
    for name, value in composition.items():
        _demand(
            name in KINDS,
            f"people {town}: composition names the kind {name!r}; allowed: {', '.join(KINDS)}",
        )
        _demand(value >= 0, f"people {town}: composition.{name} is {value:g}; allowed: 0 or more")
    share = np.array([composition.get(kind, 0.0) for kind in KINDS])
    _demand(
        abs(share.sum() - 1) < 0.005,
        f"people {town}: composition sums to {share.sum():g}; allowed: 1",
    )
    return share / share.sum()


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _contradiction(key: str, people: People, at: str, allowed: Phrase) -> ScenarioError:
    """The refusal of a margin that the household kinds, or whatever decides them, do not allow."""
    other = "ageing_rate" if at != "ageing_rate" else "persons_per_household"
    cause = next(
        (name for name in ("households", "composition", other) if getattr(people, name)), "nation"
    )
    return fault(
        key,
        at=at,
        file=f"people {people.id}",
        given=getattr(people, at),
        allowed=allowed,
        cause=Phrase(f"cause.{cause}"),
        way=Phrase(f"way.{cause}"),
    )


def _check_size(people: People, share: np.ndarray, count: int) -> None:
    """Refuse a population, or persons per household, that `count` households of these kinds cannot
    have.
    """
    low, high = _reach(share)
    slack = TOLERANCE * people.population + 1
    if not low * count - slack <= people.population <= high * count + slack:
        raise _contradiction(
            "error.size",
            people,
            "population",
            between(round(low * count), round(high * count), "persons"),
        )
    wished = people.persons_per_household
    if not (
        wished is None
        or people.households is not None
        or count < 50
        or abs(people.population / count / wished - 1) < 0.05
    ):
        raise _contradiction(
            "error.size",
            people,
            "persons_per_household",
            between(round(low, 2), round(high, 2), "persons"),
        )


def _reach(share: np.ndarray) -> tuple[float, float]:
    """Least and largest mean household size that the kinds allow."""
    least = (SIZES > 0).argmax(axis=1) + 1
    most = MEMBERS - (SIZES[:, ::-1] > 0).argmax(axis=1)
    return float(share @ least), float(share @ most)


def _tilted(share: np.ndarray, persons: float) -> np.ndarray:
    """Chance of 1..5 members by kind (K, MEMBERS), tilted by exp(t x size) so that the mean size is
    `persons`.
    """

    def tilted(t: float) -> np.ndarray:
        weights = SIZES * np.exp(t * (COUNTS - 3))
        return weights / weights.sum(axis=1, keepdims=True)

    return tilted(_root(lambda t: share @ (tilted(t) @ COUNTS) - persons))


def _root(surplus, widest: float = WIDEST_TILT) -> float:
    """Tilt within -widest..widest at which the rising `surplus` is 0, or the end of the range that
    is nearest to it.
    """
    low, high = -widest, widest
    return low if surplus(low) >= 0 else high if surplus(high) <= 0 else brentq(surplus, low, high)


def _room(sizes: np.ndarray) -> np.ndarray:
    """Chance by kind that a household has room for one elder more, and for another (2, K)."""
    fits = (ROOM_FROM[..., None] <= COUNTS) & (ROOM_TO[..., None] >= COUNTS)
    return (sizes * fits).sum(axis=-1)


def _elders(sizes: np.ndarray, more: np.ndarray, further: float = 0.0) -> np.ndarray:
    """Mean number of elders (K,) of households by kind; `more` (K,) is the chance of one more,
    `further` of another.
    """
    one, another = _room(sizes)
    return SURE_ELDERS + one * more + another * further


def _more_elders(people: People, share: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Chance of one elder more by kind, its odds tilted so that the town has its ageing rate; and
    of another where that is not enough (2, K).
    """
    persons, ones = share @ (sizes @ COUNTS), np.ones(len(KINDS))
    low, enough, high = (
        float(share @ elders / persons)
        for elders in (_elders(sizes, 0 * ones), _elders(sizes, ones), _elders(sizes, ones, 1.0))
    )
    slack = TOLERANCE + 2.0 / people.population
    if not low - slack <= people.ageing_rate <= high + slack:
        raise _contradiction(
            "error.ages",
            people,
            "ageing_rate",
            between(round(low, 3), round(high, 3), "%", "allowed.percent"),
        )
    if people.ageing_rate > enough + slack:
        return np.array(
            [ones, np.full(len(KINDS), min(1.0, (people.ageing_rate - enough) / (high - enough)))]
        )

    def tilted(t: float) -> np.ndarray:
        weights = MORE_ELDERS * np.exp(t)
        return weights / (weights + 1.0 - MORE_ELDERS)

    return np.array(
        [
            tilted(
                _root(lambda t: share @ _elders(sizes, tilted(t)) / persons - people.ageing_rate)
            ),
            0 * ones,
        ]
    )
