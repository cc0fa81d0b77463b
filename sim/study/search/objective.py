"""What makes a plan good: how far it moves the objective in each world against the town without a
plan, and by how much it breaks a constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.declared.measure import FEWEST, HIGHER, NEITHER
from sim.scenario.study_lines import NOT_ABOVE, NOT_BELOW, SearchLines
from sim.study.gather import ALL_MEASURES
from sim.study.measures import MEASURES, Counted
from sim.study.nation.tables import NAMES
from sim.study.paired import CONFIDENCE
from sim.study.world_runs import place_of
from sim.study.worlds import by_luck
from sim.words.errors import between, fault

LEAST_SCALE = 1e-12  # of a reference value below which a share of it says nothing
OF_HOUSEHOLDS = 100.0  # percent of the households


@dataclass(frozen=True)
class Constraint:
    """A measure that may not lie above (`side` 1) or below (-1) the reference in any year after
    `after`.
    """

    name: str
    measure: str
    side: int
    after: int


@dataclass(frozen=True)
class Objective:
    """Measures with weights, and constraints. A plan's score is the mean over the years of its
    difference from the reference, turned so that lower is better: in the measure's own unit where
    there is one measure, else as weighted shares of what the reference has.
    """

    weights: dict[str, float]
    constraints: tuple[Constraint, ...] = ()

    @property
    def measure(self) -> str | None:
        """The measure, where there is one alone."""
        return next(iter(self.weights)) if len(self.weights) == 1 else None

    def scores(self, plan: np.ndarray, reference: np.ndarray) -> np.ndarray:
        """Returns the score of a plan in each world (W,), from all measures (W, Y, M) of the plan
        and the reference.
        """
        found = np.zeros(len(plan))
        for name, weight in self.weights.items():
            of_plan, of_reference = (yearly_mean(one, name) for one in (plan, reference))
            sign = -1.0 if ALL_MEASURES[name].better == HIGHER else 1.0
            scale = 1.0 if self.measure else max(abs(of_reference.mean()), LEAST_SCALE)
            found += sign * weight * (of_plan - of_reference) / scale
        return found if not self.measure else found / self.weights[self.measure]

    def broken(self, plan: np.ndarray, reference: np.ndarray) -> dict[str, float]:
        """Returns by how much each constraint is broken in its worst year, as a mean over the
        worlds; 0 where it holds.
        """
        found = {}
        for one in self.constraints:
            at = NAMES.index(one.measure)
            gap = one.side * _mean(plan[..., at] - reference[..., at])[one.after :]
            gap = gap[np.isfinite(gap)]
            found[one.name] = max(0.0, float(gap.max())) if len(gap) else 0.0
        return found


def _mean(gap: np.ndarray) -> np.ndarray:
    """Returns the mean over worlds (Y,) of differences (W, Y), NaN where no world has one."""
    there = np.isfinite(gap)
    count = there.sum(axis=0)
    return np.where(count, np.where(there, gap, 0).sum(axis=0) / np.maximum(count, 1), np.nan)


def yearly_mean(values: np.ndarray, measure: str) -> np.ndarray:
    """Returns the mean over the years (W,) of one of all measures (W, Y, M); years in which it has
    no value are left out.
    """
    return _mean(values[..., NAMES.index(measure)].T)


def objective_of(lines: SearchLines, years: int, file: str, shortened: bool) -> Objective:
    """Returns the objective of a search, checked: its measures exist, one way of each is better,
    and constraints lie within the run; those that lie after the end of a run that the caller has
    `shortened` are left out.
    """
    given = lines.objective
    weights = {given: 1.0} if isinstance(given, str) else dict(given)
    if not weights:
        raise fault("search.objective", at="search.objective", file=file)
    for name in weights:
        place_of(name, "search.objective", file)
        if ALL_MEASURES[name].better == NEITHER:
            raise fault("search.no_direction", at="search.objective", file=file, given=name)
    place_of(lines.beside, "search.beside", file)
    constraints = tuple(
        _constraint(name, after, years, file)
        for name, after in lines.constraints.items()
        if after < years or not shortened
    )
    return Objective(weights, constraints)


def _constraint(name: str, after: int, years: int, file: str) -> Constraint:
    at, ending = f"search.constraints.{name}", NOT_ABOVE if name.endswith(NOT_ABOVE) else NOT_BELOW
    measure = name.removesuffix(ending)
    place_of(measure, at, file)
    if after >= years:
        raise fault("error.range", at=at, file=file, given=after, allowed=between(0, years - 1))
    return Constraint(name, measure, 1 if ending == NOT_ABOVE else -1, after)


def households_share(measure: str | None) -> bool:
    """Whether a measure is a percentage of the households of the start, so that its mean over the
    years can be told in household-years.
    """
    formula = {one.name: one.formula for one in MEASURES}.get(measure or "")
    return isinstance(formula, Counted) and (formula.each, formula.per) == (
        OF_HOUSEHOLDS,
        "households",
    )


@dataclass(frozen=True)
class Effect:
    """A difference over worlds: its mean with the 95 % interval over worlds, in how many of
    `worlds` it is below 0, and how often luck alone would give such a count.
    """

    mean: float
    low: float
    high: float
    better: int
    worlds: int
    luck: float

    @property
    def decided(self) -> bool:
        """Whether the interval lies below 0, in worlds enough to say so."""
        return self.worlds >= FEWEST and self.high < 0

    @property
    def worse(self) -> bool:
        """Whether the interval lies above 0, in worlds enough to say so."""
        return self.worlds >= FEWEST and self.low > 0


def effect_of(differences: Sequence[float] | np.ndarray) -> Effect:
    """Returns what differences, one a world, come to; without an interval where there are fewer
    than two.
    """
    gap = np.asarray(differences, dtype=float)
    gap = gap[np.isfinite(gap)]
    worlds = len(gap)
    mean = float(gap.mean()) if worlds else float("nan")
    half = float("nan")
    if worlds > 1:
        spread = float(gap.std(ddof=1)) / np.sqrt(worlds)
        half = float(stats.t.ppf((1 + CONFIDENCE) / 2, worlds - 1)) * spread
    better, moved = int((gap < 0).sum()), int((gap != 0).sum())
    luck = by_luck(better, moved) if moved else 1.0
    return Effect(mean, float(mean - half), float(mean + half), better, worlds, luck)
