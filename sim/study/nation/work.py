"""A nation: every municipality of a table simulated under the arms of a comparison.

A piece of work is one municipality with one parameter set and one seed under all arms, the largest
municipality first. A cell keeps the sums and means of its weekly columns by year and nothing else,
so that neither memory nor disk grows with the weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.model.own_week import week_of
from sim.scenario.comparison import Comparison
from sim.study import runs
from sim.study.cells import Cell, Chunk, Frames, Outcome
from sim.study.executors import Cluster, Here
from sim.study.measures import households_of
from sim.study.nation.towns import lived_residents, seed_for, town_of
from sim.study.store import Results
from sim.towns.nation.table import Municipality, NationTable

KEPT = ("years", "start")  # tables of a cell


class NationPlace(NamedTuple):
    """The position of a cell in a nation; `set` and `seed` count from 1."""

    code: str
    set: int
    seed: int
    arm: str


@dataclass(frozen=True)
class Nation:
    """What is simulated: the municipalities `rows` of a table, or a sample of them, under the arms
    of one comparison for each parameter set, with `seeds` seeds each.

    Municipalities of more than `largest` residents are simulated as towns of that many, and what is
    counted there is multiplied; None simulates every resident.
    """

    table: NationTable
    rows: tuple[Municipality, ...]
    sets: tuple[Comparison, ...]
    seeds: int = 1
    largest: int | None = None

    @property
    def comparison(self) -> Comparison:
        """The arms with the first parameter set."""
        return self.sets[0]

    @cached_property
    def ordered(self) -> tuple[Municipality, ...]:
        """The municipalities, the largest first, so that workers end together."""
        return tuple(sorted(self.rows, key=lambda row: (-row.population, row.code)))

    @property
    def cells(self) -> int:
        """The number of cells."""
        return len(self.rows) * len(self.sets) * self.seeds * len(self.comparison.arms)

    def lived(self, row: Municipality) -> int:
        """Returns the residents that are simulated for a municipality."""
        return lived_residents(row, self.largest)

    @property
    def residents(self) -> int:
        """Residents simulated, in all cells."""
        return sum(map(self.lived, self.rows)) * self.cells // len(self.rows)

    def cell(self, row: Municipality, place: NationPlace) -> Cell:
        """Returns the cell at a place of a municipality."""
        scenario = self.sets[place.set - 1].arm(place.arm).scenario
        return Cell(town_of(scenario, row, self.largest), seed_for(row, place.seed))

    def places(self, row: Municipality) -> list[list[NationPlace]]:
        """Returns the places of a municipality, those that share their start together."""
        return [
            [NationPlace(row.code, number, seed, arm.id) for arm in self.comparison.arms]
            for number in range(1, len(self.sets) + 1)
            for seed in range(1, self.seeds + 1)
        ]


def sampled_rows(table: NationTable, number: int | None) -> tuple[Municipality, ...]:
    """Returns so many municipalities at equal steps in the order of their size, so that every size
    has its share; all where `number` is None or larger.
    """
    if number is None or number >= len(table.rows):
        return table.rows
    ordered = sorted(table.rows, key=lambda row: (-row.population, row.code))
    step = len(ordered) / number
    return tuple(ordered[int((place + 0.5) * step)] for place in range(number))


def kept_tables(tables: Frames) -> Frames:
    """Returns what a cell keeps of its weekly tables: sum and mean of every column of the town by
    year (year, column, total, mean), and the households at the start.
    """
    town = tables["town"].drop(columns="seed", errors="ignore")
    weekly = town.drop(columns="week").groupby((town["week"] // WEEKS_PER_YEAR + 1).rename("year"))
    total, mean = weekly.sum(), weekly.mean()
    years = pd.DataFrame(
        {
            "year": np.repeat(total.index.to_numpy(), total.shape[1]),
            "column": list(total.columns) * len(total),
            "total": total.to_numpy(dtype=float).ravel(),
            "mean": mean.to_numpy(dtype=float).ravel(),
        }
    )
    return {"years": years, "start": pd.DataFrame({"households": [households_of(town)]})}


@dataclass
class NationWork:
    """A nation under way; what is computed is stored in `results`. `seconds` is the time that a cell
    may take.
    """

    nation: Nation
    results: Results
    where: Here | Cluster
    watch: runs.RunCallbacks
    seconds: float | None = None

    def __post_init__(self) -> None:
        self.failed: list[Outcome] = []
        self.found = 0  # cells that were finished before
        self.tell_found: Callable[[int, int], Any] = lambda _cells, _residents: None

    def run(self) -> None:
        """Compute what is missing, the largest municipality first; raises like
        `runs.compute_chunks`.
        """
        for comparison in self.nation.sets:
            for arm in comparison.arms:
                week_of(arm.scenario)  # what has no place in the week is refused before any work
        self.failed = runs.compute_chunks(self._chunks(), self.results, self.where, self.watch)

    def _chunks(self) -> Iterator[Chunk]:
        """Returns the pieces of work, each made when a worker is free for it."""
        for row in self.nation.ordered:
            for places in self.nation.places(row):
                wanted = [self.nation.cell(row, place) for place in places]
                missing = runs.missing(wanted, self.results)
                found = len(wanted) - len(missing)
                self.found += found
                self.tell_found(found, found * self.nation.lived(row))
                if missing:
                    yield runs.chunk_of(
                        missing, self.results, self.where, self.seconds, kept_tables
                    )

    def folders(self, row: Municipality) -> dict[NationPlace, Path] | None:
        """Returns the folders of a municipality's cells, None where one of them is missing."""
        found: dict[NationPlace, Path] = {}
        for places in self.nation.places(row):
            for place in places:
                cell = self.nation.cell(row, place)
                folder = self.results.find(cell.key, cell.seed)
                if folder is None:
                    return None
                found[place] = folder
        return found
