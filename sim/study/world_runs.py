"""Scenarios lived in plausible worlds, of which the yearly sums are kept: what a search and a map
compute.

Cells are named by their content, so that what is computed once is found again, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.economics.book import PriceBook
from sim.economics.reading import read_prices
from sim.model.own_week import week_of
from sim.scenario.scenario import Scenario
from sim.study import cells, runs
from sim.study.cells import Cell, Outcome
from sim.study.compare import PRICES
from sim.study.executors import Cluster, Here
from sim.study.gather import ALL_MEASURES, SHARE
from sim.study.nation.tables import NAMES, measured, sums_of
from sim.study.nation.work import KEPT, kept_tables
from sim.study.shrink import smaller
from sim.study.store import Results, read_cell
from sim.study.worlds import FURTHER, Worlds, plausible, worlds_for
from sim.words.errors import between, fault, unknown

AT_ONCE = 50  # cells whose yearly tables are in memory together


class WorldSeed(NamedTuple):
    """A plausible world and the seed with which it is lived."""

    world: int
    seed: int


def world_seeds(worlds: Iterable[int], seeds: int = 1, first: int = 0) -> list[WorldSeed]:
    """Returns each world with so many seeds: its number, and numbers further on; with `first` the
    seeds begin so much higher.
    """
    return [
        WorldSeed(world, first + world + FURTHER * turn)
        for world in worlds
        for turn in range(seeds)
    ]


class WorldRun(NamedTuple):
    """A scenario in a world with a seed; `residents` is the number of a smaller town, None the town
    as it is.
    """

    name: str
    world: int
    seed: int
    residents: int | None = None


@dataclass
class WorldRuns:
    """Scenarios by name, computed where and when they are asked for and stored in `results`.

    `begins` is told how many cells are missing and found before any is computed. `seconds` is the
    time that a cell may take.
    """

    results: Results
    where: Here | Cluster
    watch: runs.RunCallbacks = field(default_factory=runs.RunCallbacks)
    seconds: float | None = None
    book: PriceBook = field(default_factory=lambda: read_prices(PRICES))
    begins: Callable[[Sequence[Cell], int], Any] = lambda _missing, _found: None

    def __post_init__(self) -> None:
        self.failed: list[Outcome] = []
        self.scenarios: dict[str, Scenario] = {}
        self.fixed: dict[str, dict[str, float]] = {}  # parameters by scenario that no world varies
        self._cells: dict[WorldRun, Cell] = {}
        self._values: dict[WorldRun, np.ndarray] = {}

    @cached_property
    def ensemble(self) -> Worlds:
        """The plausible worlds."""
        return plausible()

    def add(self, scenarios: Mapping[str, Scenario]) -> None:
        """Make scenarios known by name; refuses processes that have no place in the week."""
        for scenario in scenarios.values():
            week_of(scenario)
        self.scenarios |= scenarios

    def cell(self, run: WorldRun) -> Cell:
        """Returns the cell of a run: the world's parameters first, then the size of the town."""
        if run not in self._cells:
            lived = self.ensemble.scenario(self.scenarios[run.name], run.world)
            if fixed := self.fixed.get(run.name):
                lived = lived.model_copy(update={"parameters": {**lived.parameters, **fixed}})
            self._cells[run] = Cell(
                lived if run.residents is None else smaller(lived, run.residents), run.seed
            )
        return self._cells[run]

    def compute(self, wanted: Sequence[WorldRun]) -> None:
        """Simulate the cells that are missing, those that share their start together; raises like
        `runs.compute_chunks`.
        """
        every = [self.cell(run) for run in wanted]
        missing = runs.missing(every, self.results)
        self.begins(missing, len({(one.key, one.seed) for one in every}) - len(missing))
        pieces = [
            runs.chunk_of(part, self.results, self.where, self.seconds, kept_tables)
            for part in cells.chunks(missing, self.where.places)
        ]
        self.failed += runs.compute_chunks(pieces, self.results, self.where, self.watch)

    def values(self, wanted: Sequence[WorldRun]) -> dict[WorldRun, np.ndarray]:
        """Returns every measure of NAMES by year (Y, M) of the runs whose cells are there."""
        new = [run for run in dict.fromkeys(wanted) if run not in self._values]
        there = [
            (run, folder)
            for run in new
            if (folder := self.results.find(self.cell(run).key, run.seed)) is not None
        ]
        for at in range(0, len(there), AT_ONCE):
            self._read(there[at : at + AT_ONCE])
        return {run: self._values[run] for run in wanted if run in self._values}

    def households(self, run: WorldRun) -> float:
        """Returns the households of a finished run's town at its start."""
        folder = self.results.find(self.cell(run).key, run.seed)
        assert folder is not None
        return _kept_of(folder)[1]

    def _read(self, there: Sequence[tuple[WorldRun, Path]]) -> None:
        """Read the years of some cells and work out their measures, a size of town at a time."""
        sizes: dict[float, list[tuple[WorldRun, Path]]] = {}
        for run, folder in there:
            sizes.setdefault(self.cell(run).scenario.people.population, []).append((run, folder))
        for residents, part in sizes.items():
            tables = [_kept_of(folder) for _run, folder in part]
            shares = np.array([self.cell(run).scenario.parameters[SHARE] for run, _ in part])
            found = measured(sums_of(tables, residents, residents), shares, self.book)
            self._values |= {run: values for (run, _), values in zip(part, found, strict=True)}


def _kept_of(folder: Path) -> tuple[pd.DataFrame, float]:
    """Returns what a cell keeps: its years, and the households at its start."""
    start = read_cell(folder, "start").to_pandas()
    return read_cell(folder, "years").to_pandas(), float(start["households"].iloc[0])


def results_for(out: Path, kind: str, id: str) -> Results:
    """Returns a folder of results of a study of worlds, ready to be written into."""
    results = Results(out, f"{kind} {id}", KEPT)
    results.prepare()
    return results


def check_worlds(scenario: Scenario, asked: int, at: str, file: str) -> None:
    """Refuse more worlds than there are for a town."""
    there = len(worlds_for(scenario))
    if asked > there:
        allowed = between(1, there)
        raise fault("error.worlds", at=at, file=file, given=asked, allowed=allowed)


def place_of(measure: str, at: str, file: str) -> int:
    """Returns the place of a measure among NAMES; refuses one that does not exist."""
    if measure not in ALL_MEASURES:
        raise unknown("error.unknown_measure", measure, ALL_MEASURES, at=at, file=file)
    return NAMES.index(measure)
