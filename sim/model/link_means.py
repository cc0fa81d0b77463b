"""The weekly means of the links of loops, and the steps of a week that record or hold them.

A step stands before the process that reads the link first. It draws nothing: a town whose links are
recorded is the same town, and one whose links are held at its own means is the same town too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.declared.links import LINK_IDS, Link
from sim.declared.vocabulary import ACTING, ASSISTANCE_WORKER, MEMBERS, WEEKS_PER_YEAR
from sim.model.posts import sum_over_workers
from sim.model.state import State

WRITES = ("held",)
Step = tuple[str, Callable[[State], None]]
Means = Callable[..., np.ndarray]  # of a town; of a share also as it is read when it is multiplied
SHARES = frozenset(  # links whose values lie between 0 and 1 and are read as no more, one by one
    ("friction", "hand_ons", "trust", "breadth", "limit", "bringing", "tired", "quitting")
) | {"helpers_know", "commissioners_know"}
ROUNDS, EXACT, HELD = 40, 1e-9, 1e-6  # of reaching a mean; relative, of stopping and of being held


def _per(
    places: np.ndarray, values: Any, weights: Any, count: int, factors: np.ndarray | None = None
) -> np.ndarray:
    """Weighted means (count,) of `values` (n,) by place, or of shares as they are read when they are
    multiplied by `factors` (count,); nan where there is no weight.
    """
    if factors is not None:
        values = np.minimum(1.0, values * factors[places])
    weights = np.broadcast_to(np.asarray(weights, dtype=float), places.shape)
    total = np.bincount(places, weights=weights * values, minlength=count)
    weight = np.bincount(places, weights=weights, minlength=count)
    return np.divide(total, weight, out=np.full(count, np.nan), where=weight > 0)


def _over_households(values: Callable[[State], Any], in_need: bool = True) -> Means:
    """Means by district over the households in need, or over all."""

    def means(town: State, factors: np.ndarray | None = None) -> np.ndarray:
        homes = town.households
        among = ~homes.empty & (homes.active > 0 if in_need else True)
        return _per(homes.district, values(town), among, town.districts.rows, factors)

    return means


def _over_helpers(column: str, commissioners: bool) -> Means:
    """Means by district over the residents who act: commissioners, or all others."""

    def means(town: State, factors: np.ndarray | None = None) -> np.ndarray:
        residents = town.residents
        slots = np.flatnonzero(residents.ladder == ACTING)
        slots = slots[residents.commissioner[slots] == commissioners]
        where = town.households.district[slots // MEMBERS]
        values = getattr(residents, column)[slots]
        return _per(where, values, 1.0, town.districts.rows, factors)

    return means


def _over_workers(column: str, practised: bool = False, held: str = "present") -> Means:
    """Means by agency over its posts that are there, by practice in the desk where `practised`."""

    def means(town: State, factors: np.ndarray | None = None) -> np.ndarray:
        workers, weights = town.workers, getattr(town.workers, held).astype(float)
        weights = weights * (workers.duty != ASSISTANCE_WORKER)
        if practised:
            ramp = town.p.workforce.ramp_months * WEEKS_PER_YEAR / 12
            weights = weights * np.clip((town.week - workers.since) / max(ramp, 1e-9), 0.0, 1.0)
        values = getattr(workers, column)
        return _per(workers.agency, values, weights, town.agencies.rows, factors)

    return means


def _familiarity(town: State, factors: np.ndarray | None = None) -> np.ndarray:
    """How well each agency (A,) knows the desks of the others, on average."""
    known = town.familiarity
    if factors is not None:
        known = np.minimum(1.0, known * factors[:, None])
    known = known * (town.agencies.field >= 0)
    np.fill_diagonal(known, 0.0)
    others = np.count_nonzero(town.agencies.field >= 0) - (town.agencies.field >= 0)
    return known.sum(axis=1) / np.maximum(others, 1)


def _acting_share(town: State) -> np.ndarray:
    """Ties to acting residents over ties, of the households in need, by district (D,)."""
    helping = _over_households(lambda one: one.households.acting_ties)(town)
    ties = _over_households(lambda one: one.households.ties)(town)
    return np.divide(helping, ties, out=np.full(ties.size, np.nan), where=ties > 0)


def _upstream(town: State) -> np.ndarray:
    """Upstream hours of this week (1,)."""
    hours = sum_over_workers(town, town.workers.upstream) + town.flows["upstream_community"].sum()
    return np.array([float(hours)])


def _level(town: State) -> np.ndarray:
    return np.array([town.resource_level])


MEANS: dict[str, Means] = {
    "resources_effect": _level,
    "resources_hours": _level,
    "resources_gap": _level,
    "resources_places": lambda town: np.array([float(town.commons.working)]),
    "insight": lambda town: np.array([town.commons.insight]),
    "upstream": _upstream,
    "friction": _familiarity,
    "hand_ons": _familiarity,
    "trust": _over_households(lambda town: town.households.trust),
    "breadth": _over_workers("breadth"),
    "limit": _over_workers("orientation"),
    "bringing": _over_workers("orientation"),
    "peers": _over_workers("orientation", practised=True, held="post"),
    "tired": _over_workers("exhaustion"),
    "quitting": _over_workers("exhaustion", held="post"),
    "helpers_worry": _over_helpers("worry", commissioners=False),
    "commissioners_worry": _over_helpers("worry", commissioners=True),
    "helpers": _acting_share,
    "contact": _over_households(lambda town: town.households.acting_ties, in_need=False),
    "ties": _over_households(lambda town: town.households.ties),
    "isolation": _over_households(lambda town: town.households.isolated, in_need=False),
    "helpers_know": _over_helpers("knows", commissioners=False),
    "commissioners_know": _over_helpers("knows", commissioners=True),
}


class RecordLink:
    """Keeps the means of a link, week by week."""

    def __init__(self, link: Link):
        self.link, self.means = link, MEANS[link.id]
        self.rows: list[np.ndarray] = []

    def __call__(self, town: State) -> None:
        """Note the means of this week."""
        if town.week >= 0:
            self.rows.append(self.means(town))


class HoldLink:
    """Holds a link at `means` (weeks, places): what processes read has these means.

    Where one of the two towns has nobody whose value it would be, there is nothing to hold. Of the
    places and weeks where both have somebody (`asked`), `unheld` counts those whose values cannot be
    multiplied to the mean: all are 0, or those above 0 are read as 1 and it is not enough.
    """

    def __init__(self, link: Link, means: np.ndarray):
        self.link, self.means, self.own = link, means, MEANS[link.id]
        self.unheld = self.asked = 0

    def __call__(self, town: State) -> None:
        """Set what the link is multiplied by, or what is added to it, in this week."""
        if not 0 <= town.week < len(self.means):
            return
        wanted, own = self.means[town.week], self.own(town)
        if self.link.scaled:
            both = np.isfinite(wanted) & np.isfinite(own)
            held = np.divide(wanted, own, out=np.ones(own.size), where=both & (own > 0))
            if self.link.id in SHARES:
                held, own = self._reaching(town, wanted, held)
                self.unheld += int(np.count_nonzero(both & (own < wanted * (1.0 - HELD))))
            else:
                self.unheld += int(np.count_nonzero(both & (own <= 0) & (wanted > 0)))
            self.asked += int(np.count_nonzero(both))
        else:
            held = wanted - own
            self.asked += 1
        town.held[LINK_IDS.index(self.link.id), : held.size] = held

    def _reaching(
        self, town: State, wanted: np.ndarray, held: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What shares are multiplied by so that their means as read, none above 1, are those
        `wanted`, beginning with `held`; and the means that are read then.

        A mean as read grows less than its factor does, so that each step ends below the mean wanted
        or at it.
        """
        for _round in range(ROUNDS):
            read = self.own(town, held)
            short = (read > 0) & (read < wanted * (1.0 - EXACT))
            if not short.any():
                break
            held = np.divide(held * wanted, read, out=held.copy(), where=short)
        return held, self.own(town, held)


def week_with(week: Iterable[Step], steps: Mapping[str, Callable[[State], None]]) -> list[Step]:
    """Returns a week in which the `steps`, by the id of their link, stand before the processes that
    read the links.
    """
    found: list[Step] = []
    for name, process in week:
        for id, step in steps.items():
            if getattr(step, "link").before == name:  # noqa: B009  mypy knows a callable alone
                found.append((f"link {id}", step))
        found.append((name, process))
    return found
