"""Which households a town's margins ask for: kinds, sizes, elders and districts, or a refusal where they contradict."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from .. import members
from ..scenario.errors import between, fault
from ..scenario.town import People
from ..state import KINDS, MEMBERS

# National shares of households by kind beside the two that are parameters: KKCT 2023, recalled, grade C.
ELDER_COUPLE, ELDER_WITH_ADULT_CHILD, SINGLE_PARENT, WORKING_ALONE = 0.134, 0.130, 0.022, 0.183
ELDER_KINDS, ALONE_KINDS = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 0, 0, 0, 0, 1, 0])
# Chance of 1..5 members by kind, and of one elder more where there is room: grade D, both tilted to the town's margins.
SIZES = np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, .55, .35, .10, 0], [0, 0, .42, .43, .15], [0, .55, .34, .11, 0],
                  [1, 0, 0, 0, 0], [0, .60, .28, .10, .02]])
MORE_ELDERS = np.array([0, 0, .55, .12, 0, 0, .25])
COUNTS = np.arange(1, MEMBERS + 1)
TOLERANCE = 0.005  # share of residents, and of elders among them, by which margins may miss
WIDEST_TILT = 12.0


class Plan(NamedTuple):
    """Households to build: district (H,) by address, kind (H,) (sorted: in each district where the user gave the table),
    share of each kind (K,), size_cdf (K, MEMBERS - 1) and more_elders (K,) as in `members.ages_of`."""

    district: np.ndarray
    kinds: np.ndarray
    share: np.ndarray
    size_cdf: np.ndarray
    more_elders: np.ndarray


def plan(people: People, p: SimpleNamespace) -> Plan:
    """How many households of which kind and size, and in which district, make up `people`.

    Raises ValueError where population, ageing rate, persons per household and kinds contradict each other.
    """
    table = _table(people)
    if table is None:
        share = _given(people) if people.composition else composition_of(people, p)
        wished = people.persons_per_household or float(share @ _national_sizes(p) @ COUNTS)
        count = max(1, round(people.population / np.clip(wished, *_reach(share))))
        counts = whole(share * count)
        kinds = np.repeat(np.arange(len(KINDS)), counts)
        district = np.repeat(np.arange(len(people.districts)), whole(np.array([d.share for d in people.districts]) * count))
    else:
        counts, count = table.sum(axis=0), int(table.sum())
        kinds = np.concatenate([np.repeat(np.arange(len(KINDS)), row) for row in table])
        district = np.repeat(np.arange(len(table)), table.sum(axis=1))
    share = counts / count
    _check_size(people, share, count)
    sizes = _tilted(share, float(np.clip(people.population / count, *_reach(share))))
    return Plan(district, kinds, share, np.cumsum(sizes, axis=1)[:, :-1], _more_elders(people, share, sizes))


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
            return share @ _elders(sizes, MORE_ELDERS) - people.ageing_rate * (share @ sizes @ COUNTS)

        return shifted(_root(surplus), log_q)

    if people.persons_per_household is None:
        return aged(0.0)
    return aged(-_root(lambda t: aged(-t) @ sizes @ COUNTS - people.persons_per_household, 4.0))


def _national(p: SimpleNamespace) -> np.ndarray:
    share = np.array([p.town.share_elder_alone, ELDER_COUPLE, ELDER_WITH_ADULT_CHILD, p.town.share_with_children - SINGLE_PARENT,
                      SINGLE_PARENT, WORKING_ALONE, 0.0])
    share[-1] = 1.0 - share.sum()
    return share


def _national_sizes(p: SimpleNamespace) -> np.ndarray:
    return _tilted(_national(p), p.town.persons_per_household)


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


def _check_size(people: People, share: np.ndarray, count: int) -> None:
    """Refuse a population, or persons per household, that `count` households of these kinds cannot have."""
    low, high = _reach(share)
    slack = TOLERANCE * people.population + 1
    if not low * count - slack <= people.population <= high * count + slack:
        raise fault("error.size", at=f"people {people.id}.population", given=people.population,
                    allowed=between(round(low * count), round(high * count), "persons"))
    wished = people.persons_per_household
    if not (wished is None or people.households is not None or count < 50 or abs(people.population / count / wished - 1) < 0.05):
        raise fault("error.size", at=f"people {people.id}.persons_per_household", given=wished,
                    allowed=between(round(low, 2), round(high, 2), "persons"))


def _reach(share: np.ndarray) -> tuple[float, float]:
    """Least and largest mean household size that the kinds allow."""
    least = (SIZES > 0).argmax(axis=1) + 1
    most = MEMBERS - (SIZES[:, ::-1] > 0).argmax(axis=1)
    return float(share @ least), float(share @ most)


def _tilted(share: np.ndarray, persons: float) -> np.ndarray:
    """Chance of 1..5 members by kind (K, MEMBERS), tilted by exp(t x size) so that the mean size is `persons`."""

    def tilted(t: float) -> np.ndarray:
        weights = SIZES * np.exp(t * (COUNTS - 3))
        return weights / weights.sum(axis=1, keepdims=True)

    return tilted(_root(lambda t: share @ (tilted(t) @ COUNTS) - persons))


def _root(surplus, widest: float = WIDEST_TILT) -> float:
    """Tilt within -widest..widest at which the rising `surplus` is 0, or the end of the range that is nearest to it."""
    low, high = -widest, widest
    return low if surplus(low) >= 0 else high if surplus(high) <= 0 else brentq(surplus, low, high)


def _elders(sizes: np.ndarray, more: np.ndarray) -> np.ndarray:
    """Mean number of elders (K,) of households by kind."""
    room = (members.ROOM_FROM[:, None] <= COUNTS) & (members.ROOM_TO[:, None] >= COUNTS)
    return members.SURE_ELDERS + (sizes * room).sum(axis=1) * more


def _more_elders(people: People, share: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Chance of one elder more by kind (K,), its odds tilted so that the town has its ageing rate."""
    persons = share @ (sizes @ COUNTS)
    low, high = (share @ _elders(sizes, chance) / persons for chance in (np.zeros(len(KINDS)), np.ones(len(KINDS))))
    slack = TOLERANCE + 2.0 / people.population
    if not low - slack <= people.ageing_rate <= high + slack:
        raise fault("error.ages", at=f"people {people.id}.ageing_rate", given=people.ageing_rate, allowed=between(round(low, 3), round(high, 3), "share"))

    def tilted(t: float) -> np.ndarray:
        weights = MORE_ELDERS * np.exp(t)
        return weights / (weights + 1.0 - MORE_ELDERS)

    return tilted(_root(lambda t: share @ _elders(sizes, tilted(t)) / persons - people.ageing_rate))


def whole(amounts: np.ndarray) -> np.ndarray:
    """Whole numbers nearest to `amounts` with the same (rounded) sum: largest remainders."""
    counts = np.floor(amounts).astype(np.int64)
    short = round(amounts.sum()) - counts.sum()
    counts[np.argsort(counts - amounts, kind="stable")[:short]] += 1
    return counts
