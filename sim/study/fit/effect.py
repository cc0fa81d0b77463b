"""What a fit changes of a comparison: the difference of each arm to the reference in all worlds as they
are, and in those that are left with their knobs turned.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.scenario.arms import load_comparison
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.study.cells import Cell, Outcome
from sim.study.executors import Cluster, Here, staying
from sim.study.fit.knobs import Turned, turned
from sim.study.fit.result import Fitted
from sim.study.measures import SHORT
from sim.study.search.objective import Effect, effect_of, yearly_mean
from sim.study.shrink import smaller
from sim.study.world_runs import WorldRun, WorldRuns, results_for
from sim.words.errors import fault

AS_IT_IS, TURNED = "as_it_is", "turned"
MEASURES = (*SHORT, "wait")  # by which a comparison is looked at


class FitDifference(NamedTuple):
    """The difference of an arm to the reference in a measure (mean over the years of the programme),
    over all worlds as they are (`before`) and over those that are left, fitted (`after`).
    """

    arm: str
    measure: str
    before: Effect
    after: Effect

    @property
    def holds(self) -> bool:
        """Whether the fit leaves the sign of the difference where it was."""
        return bool(np.sign(self.before.mean) == np.sign(self.after.mean))


@dataclass(frozen=True)
class FitEffect:
    """What a fit changes of a comparison, arm by arm and measure by measure."""

    comparison: Comparison
    differences: tuple[FitDifference, ...]
    failed: tuple[Outcome, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """A row an arm and measure: arm, measure, and mean, low, high, worlds in which the arm is
        lower, and worlds, before and after.
        """
        return pd.DataFrame(
            [
                {"arm": one.arm, "measure": one.measure}
                | _told("before", one.before)
                | _told("after", one.after)
                | {"holds": one.holds}
                for one in self.differences
            ]
        )


def _told(name: str, effect: Effect) -> dict[str, float]:
    parts = {"mean": effect.mean, "low": effect.low, "high": effect.high}
    parts |= {"lower_in": effect.better, "worlds": effect.worlds}
    return {f"{name}_{part}": value for part, value in parts.items()}


@dataclass
class FittedRuns(WorldRuns):
    """Runs in worlds some of which have their knobs turned: those of scenarios whose name begins with
    TURNED.
    """

    settings: Mapping[int, Turned] = field(default_factory=dict)

    def cell(self, run: WorldRun) -> Cell:
        """Returns the cell of a run: the world's parameters, its knobs, then the size of the town."""
        if run not in self._cells:
            lived = self.ensemble.scenario(self.scenarios[run.name], run.world)
            if run.name.startswith(TURNED):
                lived = turned(lived, self.settings[run.world])
            assert run.residents is not None
            self._cells[run] = Cell(smaller(lived, run.residents), run.seed)
        return self._cells[run]


def check_same_town(base: Scenario, comparison: Comparison) -> None:
    """Refuse a comparison in another town than the one that is fitted."""
    mine, other = base.people, comparison.arms[0].scenario.people
    if (mine.id, mine.population) != (other.id, other.population):
        told = f"{other.id} ({other.population:,})"
        allowed = f"{mine.id} ({mine.population:,})"
        raise fault("fit.other_town", at="compare", given=told, allowed=allowed)


def effect_on(
    found: Fitted, comparison: Comparison, runs: FittedRuns, measures: Sequence[str] = MEASURES
) -> FitEffect:
    """Returns what a fit changes of a comparison, after computing what is missing; raises like
    `runs.compute_chunks`, and ScenarioError for a comparison of another town.
    """
    check_same_town(found.base, comparison)
    scenarios = {arm.id: arm.scenario for arm in comparison.arms}
    runs.settings = found.settings
    runs.add({f"{kind} {id}": one for kind in (AS_IT_IS, TURNED) for id, one in scenarios.items()})
    worlds = {AS_IT_IS: [int(one) for one in found.worlds["world"]], TURNED: [*found.kept]}
    wanted = {
        (kind, id): [WorldRun(f"{kind} {id}", one, one, found.residents) for one in worlds[kind]]
        for kind in worlds
        for id in scenarios
    }
    with staying(runs.where):
        runs.compute([run for several in wanted.values() for run in several])
    differences = []
    for arm in scenarios:
        for measure in measures if arm != comparison.reference else ():
            before, after = (
                _effect(runs, wanted[kind, arm], wanted[kind, comparison.reference], measure)
                for kind in (AS_IT_IS, TURNED)
            )
            differences.append(FitDifference(arm, measure, before, after))
    return FitEffect(comparison, tuple(differences), tuple(runs.failed))


def _effect(
    runs: FittedRuns, arm: list[WorldRun], reference: list[WorldRun], measure: str
) -> Effect:
    of_arm, of_reference = runs.values(arm), runs.values(reference)
    gaps = [
        yearly_mean((of_arm[one] - of_reference[other])[None], measure)[0]
        for one, other in zip(arm, reference, strict=True)
        if one in of_arm and other in of_reference
    ]
    return effect_of(gaps)


def fit_effect(
    found: Fitted,
    comparison: Comparison | str | Path,
    *,
    measures: Sequence[str] = MEASURES,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
) -> FitEffect:
    """Tells what a fit changes of a comparison: the differences of its arms to the reference in all
    worlds as they are, and in those that are left with their knobs turned.

    `found` is the fit, `comparison` is of the same town, `measures` are ids of measures of a
    household. `workers` processes compute, or those of a Dask `cluster` (its address). `out` is a
    folder in which finished cells are stored and found again; it may be that of the fit. Raises
    ScenarioError for what a user can mend.
    """
    plan = comparison if isinstance(comparison, Comparison) else load_comparison(comparison)
    where = Cluster(cluster) if cluster else Here(workers)
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / plan.id
            return effect_on(
                found, plan, FittedRuns(results_for(folder, "fit", found.base.id), where), measures
            )
    finally:
        where.leave()
