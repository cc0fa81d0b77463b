"""What a sensitivity study looks at: a measure in a year of one scenario, or the difference of an arm
from the reference, in a small town.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.economics.book import PriceBook
from sim.scenario.comparison import Arm, Comparison
from sim.scenario.scenario import Scenario
from sim.study.cells import Cell
from sim.study.design import with_draw
from sim.study.gather import ALL_MEASURES, SHARE
from sim.study.nation.tables import NAMES, measured, sums_of
from sim.study.shrink import smaller
from sim.study.store import read_cell
from sim.towns.town import Label
from sim.words import Phrase
from sim.words.errors import between, fault, nearest, unknown

MEASURE = "compounded"
POPULATION = 10_000
LEAST_POPULATION = 200
AT_ONCE = 50  # cells whose yearly tables are in memory together


@dataclass(frozen=True)
class OutcomeGround:
    """The scenarios that are lived at every point, the reference first where there are two; what is
    looked at; and the residents of the town.
    """

    id: str
    name: Label
    scenarios: tuple[Scenario, ...]
    arms: tuple[Arm, ...]
    measure: str
    year: int
    population: int

    @property
    def residents(self) -> int:
        """Residents of the town that is lived."""
        return min(self.population, self.scenarios[0].people.population)

    def cells(self, values: Mapping[str, float], seed: int) -> tuple[Cell, ...]:
        """Returns the cells of one point and seed, one a scenario."""
        return tuple(
            Cell(smaller(with_draw(one, values), self.population), seed)
            for one in self.scenarios  # drawn before the size, which scales hours of desks
        )

    def outcomes(self, runs: Sequence[Sequence[tuple[Path, Cell]]], book: PriceBook) -> np.ndarray:
        """Returns the outcome of each run (n,), from the folders and cells of its scenarios: the
        measure, or the second's less the first's.
        """
        parts = [runs[at : at + AT_ONCE] for at in range(0, len(runs), AT_ONCE)]
        return np.concatenate([self._outcomes(part, book) for part in parts] or [np.zeros(0)])

    def _outcomes(self, runs: Sequence[Sequence[tuple[Path, Cell]]], book: PriceBook) -> np.ndarray:
        every = [one for run in runs for one in run]
        tables = [_kept_of(folder) for folder, _cell in every]
        shares = np.array([cell.scenario.parameters[SHARE] for _folder, cell in every])
        sums = sums_of(tables, self.residents, self.residents)
        found = measured(sums, shares, book)[:, self.year - 1, NAMES.index(self.measure)]
        by_run = found.reshape(len(runs), -1)
        return by_run[:, 0] if by_run.shape[1] == 1 else by_run[:, 1] - by_run[:, 0]


def _kept_of(folder: Path) -> tuple[pd.DataFrame, float]:
    """Returns what a cell keeps: its years, and the households at its start."""
    start = read_cell(folder, "start").to_pandas()
    return read_cell(folder, "years").to_pandas(), float(start["households"].iloc[0])


def ground_of(
    source: Scenario | Comparison,
    measure: str = MEASURE,
    year: int | None = None,
    arm: str = "",
    population: int = POPULATION,
) -> OutcomeGround:
    """Returns what is looked at, checked: the measure exists, the year lies in the run, the arm is
    one of the comparison's and not its reference (with two arms it need not be named).
    """
    base = source.base if isinstance(source, Comparison) else source
    year = base.years if year is None else year
    if measure not in ALL_MEASURES:
        raise unknown("error.unknown_measure", measure, ALL_MEASURES, at="--measure", file="")
    if not 1 <= year <= base.years:
        raise fault("error.range", at="--year", given=year, allowed=between(1, base.years))
    if population < LEAST_POPULATION:
        allowed = Phrase("allowed.at_least", {"low": LEAST_POPULATION})
        raise fault("error.range", at="--population", given=population, allowed=allowed)
    arms = arm_beside_reference(source, arm) if isinstance(source, Comparison) else ()
    if arm and not arms:
        raise fault("sensitivity.no_arms", at="--arm", given=arm)
    scenarios = tuple(one.scenario for one in arms) or (base,)
    lived = tuple(one.model_copy(update={"years": year}) for one in scenarios)
    return OutcomeGround(source.id, source.name, lived, arms, measure, year, population)


def arm_beside_reference(comparison: Comparison, arm: str) -> tuple[Arm, Arm]:
    """Returns the reference and the arm that is compared with it."""
    names = [one.id for one in comparison.others]
    if not arm and len(names) == 1:
        arm = names[0]
    if arm not in names:
        key = "sensitivity.which_arm" if not arm else "error.unknown_arm"
        given = arm or comparison.id
        raise fault(
            key, at="--arm", given=given, allowed=", ".join(names), near=nearest(arm, names)
        )
    return comparison.arm(comparison.reference), comparison.arm(arm)
