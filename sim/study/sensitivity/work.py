"""The points of a sensitivity study lived in the town: cells by their content, so that nothing is
computed twice and a study that was ended goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.economics.book import PriceBook
from sim.economics.reading import read_prices
from sim.model.own_week import week_of
from sim.study import runs
from sim.study.cells import Cell, Chunk, Outcome
from sim.study.compare import PRICES
from sim.study.executors import Cluster, Here, staying
from sim.study.nation.work import kept_tables
from sim.study.sensitivity.design import SensitivityDesign
from sim.study.sensitivity.effects import Effects, effects_of
from sim.study.sensitivity.ground import OutcomeGround
from sim.study.store import Results

Run = tuple[int, int]  # a point and a seed


@dataclass(frozen=True)
class Sensitivity:
    """A finished study. `effects` has a row a parameter, the strongest first; `points` a row a
    point with the values of all parameters and the outcome (mean over its seeds).

    `ground` is what was asked, `design` which points were lived, `failed` the runs that failed.

    Example: `found = sensitivity("kaga")`, then `found.effects.query("verdict == 'ranked'")`.
    """

    ground: OutcomeGround
    design: SensitivityDesign
    found: Effects
    failed: tuple[Outcome, ...] = ()

    @property
    def effects(self) -> pd.DataFrame:
        """Effect, its 95 % interval, noise floor, verdict, rank, direction and shape by parameter;
        the dummy is one of them.
        """
        return self.found.table

    @property
    def points(self) -> pd.DataFrame:
        """The values of the parameters at every point, and the outcome there."""
        table = pd.DataFrame(self.design.values, columns=list(self.design.names))
        return table.assign(outcome=self.found.outcomes)

    def __repr__(self) -> str:
        ranked = int((self.effects["verdict"] == "ranked").sum())
        design = f"{self.design.method}, {len(self.design.names)} parameters"
        return f"<Sensitivity of {self.ground.measure!r}: {design}, {ranked} beyond luck>"


@dataclass
class SensitivityWork:
    """A study under way; what is computed is stored in `results`. `seconds` is the time that a cell
    may take. `begins` is told how many cells are missing and how many were found.
    """

    ground: OutcomeGround
    design: SensitivityDesign
    results: Results
    where: Here | Cluster
    watch: runs.RunCallbacks = field(default_factory=runs.RunCallbacks)
    seconds: float | None = None
    book: PriceBook = field(default_factory=lambda: read_prices(PRICES))
    begins: Callable[[int, int], Any] = lambda _missing, _found: None

    def __post_init__(self) -> None:
        self.failed: list[Outcome] = []

    def run(self) -> Sensitivity:
        """Compute what is missing and return the effects; raises like `runs.compute_chunks`, and
        ScenarioError where too few repetitions can be used.
        """
        for scenario in self.ground.scenarios:
            week_of(scenario)  # what has no place in the week is refused before any work
        left = self.missing()
        self.begins(len(left), self.cells - len(left))
        with staying(self.where):
            self.failed = runs.compute_chunks(
                self._chunks(left), self.results, self.where, self.watch
            )
        found = effects_of(self.design, self._values())
        return Sensitivity(self.ground, self.design, found, tuple(self.failed))

    @cached_property
    def planned(self) -> dict[Run, tuple[Cell, ...]]:
        """Returns the cells of every point and seed, one a scenario."""
        points = range(len(self.design.sampled))
        return {
            (point, seed): self.ground.cells(self.design.at(point), seed)
            for point in points
            for seed in self.design.seeds_at(point)
        }

    @cached_property
    def cells(self) -> int:
        """How many cells there are, each counted once."""
        every = (cell for several in self.planned.values() for cell in several)
        return len({(cell.key, cell.seed) for cell in every})

    def missing(self) -> list[Cell]:
        """Returns the cells that are not yet computed."""
        every = (cell for several in self.planned.values() for cell in several)
        return runs.missing(every, self.results)

    def seconds_each(self, missing: list[Cell]) -> float:
        """Returns how long a cell takes, in seconds: the first two of those that are missing are
        computed here, and kept. The first loads what the second finds loaded.
        """
        for cell in missing[:2]:
            begun = time.monotonic()
            runs.compute_chunks([self.chunk((cell,))], self.results, Here(1), runs.RunCallbacks())
        return time.monotonic() - begun

    def _chunks(self, missing: list[Cell]) -> Iterator[Chunk]:
        """Returns the pieces of work: cells that share their start are computed together."""
        several: list[Cell] = []
        for cell in missing:
            if several and several[0].start_key != cell.start_key:
                yield self.chunk(tuple(several))
                several = []
            several.append(cell)
        if several:
            yield self.chunk(tuple(several))

    def chunk(self, piece: Sequence[Cell]) -> Chunk:
        """Returns cells that share their start as a piece of work."""
        return runs.chunk_of(piece, self.results, self.where, self.seconds, kept_tables)

    def _values(self) -> dict[Run, float]:
        """Returns the outcome of every run whose cells are all there."""
        folders = {
            run: [(self.results.find(cell.key, cell.seed), cell) for cell in several]
            for run, several in self.planned.items()
        }
        there = {
            run: [(folder, cell) for folder, cell in several if folder is not None]
            for run, several in folders.items()
        }
        whole = [run for run, several in there.items() if len(several) == len(self.planned[run])]
        found = self.ground.outcomes([there[run] for run in whole], self.book)
        return dict(zip(whole, map(float, np.asarray(found)), strict=True))
