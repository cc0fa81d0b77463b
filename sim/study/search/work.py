"""The search itself: all candidates in few worlds, the better half in twice as many, plans near the
survivors, and what is left on worlds and seeds that the search never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from sim.declared.measure import HIGHER
from sim.scenario.study_lines import SearchLines
from sim.study.executors import staying
from sim.study.gather import ALL_MEASURES
from sim.study.search.candidates import first_candidates, near_plans
from sim.study.search.objective import Effect, Objective, effect_of, yearly_mean
from sim.study.search.plans import PlanSpace, SpendingPlan, once
from sim.study.world_runs import WorldRun, WorldRuns, WorldSeed, world_seeds
from sim.study.worlds import worlds_for
from sim.words.errors import fault

FRESH = 1_000_000  # seeds of the confirmation begin so much higher than those of the search


class Round(NamedTuple):
    """A round of the search: how many plans were tried, in how many worlds, and how many went on."""

    kind: str
    plans: int
    worlds: int
    kept: int


def halving_rounds(
    plans: int, lines: SearchLines, worlds: int, most: int | None = None
) -> list[Round]:
    """Returns the rounds of halving of so many plans: `worlds` worlds first, then each time twice as
    many (`most` at the most), until no more than the finalists are left.
    """
    found: list[Round] = []
    while True:
        goes_on = max(lines.finalists, ceil(plans * lines.keep))
        last = goes_on >= plans or goes_on <= lines.finalists
        kept = min(plans, lines.finalists if last else goes_on)
        found.append(Round("drawn", plans, worlds, kept))
        if last:
            return found
        plans, worlds = kept, min(2 * worlds, most or 2 * worlds)


def planned_rounds(lines: SearchLines, plans: int) -> list[Round]:
    """Returns the rounds that a search of so many plans has, those of plans near the survivors and
    the last one among them: the most that there can be.
    """
    found = halving_rounds(plans, lines, lines.worlds)
    worlds = found[-1].worlds
    left = found[-1].kept
    if lines.refine:
        least = max(lines.worlds, worlds // 4)
        near = [
            one._replace(kind="near") for one in halving_rounds(lines.refine, lines, least, worlds)
        ]
        found, left = [*found, *near], left + near[-1].kept
    return [*found, Round("last", left, worlds, min(left, lines.finalists))]


@dataclass(frozen=True)
class Rated:
    """A plan with what the worlds say of it: its score against the reference, each constraint's
    breach, and its level and difference of the measure beside.
    """

    plan: SpendingPlan
    score: Effect
    broken: dict[str, float]
    beside: Effect

    @property
    def order(self) -> tuple[float, float, str]:
        """By which plans are put in order: the sum of breaches first, then the score."""
        mean = self.score.mean
        return sum(self.broken.values()), mean if np.isfinite(mean) else np.inf, self.plan.id


@dataclass(frozen=True)
class Confirmed:
    """A plan on worlds and seeds that the search never saw: `rated` against the town without a plan,
    `over` against the same money on the benchmark (None where there is none, or it is that plan).
    """

    searched: Rated
    rated: Rated
    over: Effect | None


@dataclass(frozen=True)
class Searched:
    """A finished search: every plan tried as it was last `rated`, `rounds`, and those `confirmed`, the
    winner of the search first.

    space: the plans that may be. objective: what was looked for. last_round: the round up to which
    each plan was rated, by its id. reference: the measures of the town without any plan. households:
    how many the town was lived with. failed: the number of runs that failed.
    """

    space: PlanSpace
    objective: Objective
    rounds: tuple[Round, ...]
    rated: tuple[Rated, ...]
    confirmed: tuple[Confirmed, ...]
    last_round: dict[str, int]
    reference: dict[str, float]
    households: float
    failed: int = 0

    @property
    def winner(self) -> Confirmed:
        """The plan that the search put first."""
        return self.confirmed[0]

    @cached_property
    def frontier(self) -> tuple[Rated, ...]:
        """The plans of which none other is better in the objective and in the measure beside, as the
        search last rated them and whether they keep the constraints or not; the best in the
        objective first.
        """
        sign = -1 if ALL_MEASURES[self.space.lines.beside].better == HIGHER else 1
        best, found = np.inf, []
        for one in sorted(
            self.rated, key=lambda rated: (rated.score.mean, sign * rated.beside.mean)
        ):
            if sign * one.beside.mean < best:
                best = sign * one.beside.mean
                found.append(one)
        return tuple(found)

    def __repr__(self) -> str:
        return f"<Searched {len(self.rated)} plans; the first is {self.winner.searched.plan.used}>"


@dataclass
class SearchWork:
    """A search under way. `tells` is told of every round as it ends."""

    space: PlanSpace
    objective: Objective
    runs: WorldRuns
    tells: Callable[[Round], Any] = lambda _round: None
    rounds: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rated: dict[str, Rated] = {}
        self._last: dict[str, int] = {}

    def run(self) -> Searched:
        """Compute what is missing and return what was found; raises like `runs.compute_chunks`, and
        ScenarioError where no plan spends the amount.
        """
        with staying(self.runs.where):
            first = first_candidates(self.space)
            plans, worlds = self._halved("drawn", first, self.lines.worlds)
            near = near_plans(self.space, plans, {plan.id for plan in first})
            if near:
                better, _ = self._halved("near", near, max(self.lines.worlds, worlds // 4), worlds)
                plans = once([*plans, *better])
            kept = self._round("last", plans, worlds, self.lines.finalists)
            return self._searched(kept, worlds)

    @property
    def lines(self) -> SearchLines:
        """What the file says of the search."""
        return self.space.lines

    @cached_property
    def worlds(self) -> tuple[int, ...]:
        """The numbers of the worlds that suit the town, in their order."""
        return worlds_for(self.space.scenario(self.space.nothing)).numbers

    def _halved(
        self, kind: str, plans: list[SpendingPlan], worlds: int, most: int | None = None
    ) -> tuple[list[SpendingPlan], int]:
        """Returns the plans that are left after rounds of halving, and the worlds of the last one."""
        for step in halving_rounds(len(plans), self.lines, worlds, most):
            plans = self._round(kind, plans, step.worlds, step.kept)
        return plans, step.worlds

    def _round(
        self, kind: str, plans: list[SpendingPlan], worlds: int, keep: int
    ) -> list[SpendingPlan]:
        """Returns the better of some plans, after all are lived in so many worlds."""
        places = world_seeds(self.worlds[:worlds], self.lines.seeds)
        rated = self.rate([self.space.nothing, *plans], places, self.lines.residents)
        number = len(self.rounds)
        for one in rated:
            self._rated[one.plan.id], self._last[one.plan.id] = one, number
        kept = [one.plan for one in sorted(rated, key=lambda one: one.order)[:keep]]
        self.rounds.append(Round(kind, len(plans), worlds, len(kept)))
        self.tells(self.rounds[-1])
        return kept

    def lived(
        self, plans: Sequence[SpendingPlan], places: Sequence[WorldSeed], residents: int | None
    ) -> dict[str, np.ndarray]:
        """Returns all measures (W, Y, M) of plans in worlds, the mean over the seeds of each; a world
        in which a cell of any plan failed is left out of all.
        """
        self.runs.add({plan.id: self.space.scenario(plan) for plan in plans})
        wanted = {
            (plan.id, place): WorldRun(plan.id, *place, residents)
            for place in places
            for plan in plans
        }
        self.runs.compute(list(wanted.values()))
        values = self.runs.values(list(wanted.values()))
        lacking = {place.world for (_, place), run in wanted.items() if run not in values}
        worlds = [one for one in dict.fromkeys(p.world for p in places) if one not in lacking]
        if not worlds:
            raise fault("search.all_failed", file=self.space.file)
        return {
            plan.id: np.array(
                [
                    np.mean(
                        [values[wanted[plan.id, p]] for p in places if p.world == world], axis=0
                    )
                    for world in worlds
                ]
            )
            for plan in plans
        }

    def rate(
        self, plans: Sequence[SpendingPlan], places: Sequence[WorldSeed], residents: int | None
    ) -> list[Rated]:
        """Returns what the worlds say of every plan but the first, which is the reference."""
        values = self.lived(plans, places, residents)
        reference = values[plans[0].id]
        return [self._rate_one(plan, values[plan.id], reference) for plan in plans[1:]]

    def _rate_one(self, plan: SpendingPlan, values: np.ndarray, reference: np.ndarray) -> Rated:
        name = self.lines.beside
        beside = yearly_mean(values, name) - yearly_mean(reference, name)
        return Rated(
            plan,
            effect_of(self.objective.scores(values, reference)),
            self.objective.broken(values, reference),
            effect_of(beside),
        )

    def _searched(self, kept: list[SpendingPlan], worlds: int) -> Searched:
        """Confirm the finalists on fresh worlds and seeds, in the town as it is."""
        fresh = self.worlds[worlds : worlds + self.lines.confirm_worlds]
        places = world_seeds(fresh, self.lines.seeds, FRESH)
        benchmark = self.space.benchmark()
        beside = [benchmark] if benchmark else []
        plans = once([self.space.nothing, *kept, *beside])
        values = self.lived(plans, places, None)
        reference = values[self.space.nothing.id]
        confirmed = []
        for plan in plans[1:]:
            over = None
            if benchmark and plan.id != benchmark.id:
                scores = (values[plan.id], values[benchmark.id])
                mine, other = (self.objective.scores(one, reference) for one in scores)
                over = effect_of(mine - other)
            rated = self._rate_one(plan, values[plan.id], reference)
            confirmed.append(Confirmed(self._rated[plan.id], rated, over))
        names = dict.fromkeys([*self.objective.weights, self.lines.beside])
        levels = {name: float(yearly_mean(reference, name).mean()) for name in names}
        return Searched(
            self.space,
            self.objective,
            tuple(self.rounds),
            tuple(
                sorted(self._rated.values(), key=lambda one: (-self._last[one.plan.id], one.order))
            ),
            tuple(confirmed),
            dict(self._last),
            levels,
            self._households(places[0]),
            len(self.runs.failed),
        )

    def _households(self, place: WorldSeed) -> float:
        """Returns the households of the town at its start, in the first world of the confirmation."""
        return self.runs.households(WorldRun(self.space.nothing.id, *place))
