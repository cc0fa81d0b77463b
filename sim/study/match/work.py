"""The sets of a wave lived in the town: cells by their content, so that nothing is computed twice
and a match that was ended goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.model.own_week import week_of
from sim.study import runs
from sim.study.calibrate import TARGET_LOAD
from sim.study.cells import Cell, Chunk, Outcome
from sim.study.executors import Cluster, Here, staying
from sim.study.match.settings import FOLLOW, MatchSettings
from sim.study.match.space import Space
from sim.study.match.town import MatchTown
from sim.study.match.waves import History, Wave, run_waves
from sim.study.nation.work import kept_tables
from sim.study.regions import POSTS_BY
from sim.study.store import Results


@dataclass
class MatchCallbacks:
    """Callbacks by which a match reports its progress; each is optional."""

    # number of the wave, whether only its posts are sought, cells to compute, cells found
    begins: Callable[[int, bool, int, int], Any] = lambda _wave, _posts, _cells, _found: None
    simulated: Callable[[int], Any] = lambda _weeks: None
    ended: Callable[[Outcome], Any] = lambda _outcome: None
    waved: Callable[[History], Any] = lambda _history: None


@dataclass
class MatchWork:
    """A match under way; what is computed is stored in `results`. `seconds` is the time that a cell
    may take.
    """

    town: MatchTown
    space: Space
    settings: MatchSettings
    results: Results
    where: Here | Cluster
    callbacks: MatchCallbacks = field(default_factory=MatchCallbacks)
    seconds: float | None = None

    def __post_init__(self) -> None:
        self.failed: dict[int, str] = {}  # by number of the set: the end of its traceback
        self.loads: dict[int, float] = {}  # by number of the set, with the posts as given

    def run(self) -> History:
        """Draw, live and judge every wave; raises like `runs.compute_chunks`."""
        week_of(self.town.scenario)
        with staying(self.where):
            return run_waves(
                self.space, self.town.targets, self.settings, self.live, self.callbacks.waved
            )

    @property
    def cells(self) -> int:
        """The number of cells of all waves, none of them yet found."""
        each = self.settings.runs_a_wave
        posts = self.settings.sets if self.town.posts == FOLLOW else 0
        return self.settings.waves * (each + posts)

    def first_seconds(self, wave: Wave) -> float | None:
        """Returns how long the first run of a wave takes, the start of its town among it; None
        where it was found. It is kept.
        """
        one = wave.sets[0]
        cell = self.town.cell(one.values, one.seeds[0])
        if self._folder(cell) is not None:
            return None
        begun = time.monotonic()
        runs.compute_chunks([self._chunk(cell)], self.results, Here(1), runs.RunCallbacks())
        return time.monotonic() - begun

    def live(self, wave: Wave) -> list[np.ndarray | None]:
        """Returns what was simulated of each set of a wave (seeds, T); None where a cell failed."""
        sets = wave.sets
        loads: dict[int, float | None] = dict.fromkeys(one.number for one in sets)
        if self.town.posts == FOLLOW:
            loads |= self._loads(wave)
        wanted = {
            one.number: [self.town.cell(one.values, seed, loads[one.number]) for seed in one.seeds]
            for one in sets
            if one.number not in self.failed
        }
        self._compute(wave.number, False, wanted)
        return [self._values(wanted.get(one.number)) for one in sets]

    def _loads(self, wave: Wave) -> dict[int, float]:
        """Returns the load of each set with the posts as they are given; sets that fail are left
        out.
        """
        wanted = {one.number: [self.town.load_cell(one.values, one.seeds[0])] for one in wave.sets}
        self._compute(wave.number, True, wanted)
        for number, (cell,) in wanted.items():
            folder = self._folder(cell)
            if folder is not None:
                load = self.town.load(folder)
                self.loads[number] = load if np.isfinite(load) else TARGET_LOAD
        return self.loads

    def _compute(self, wave: int, posts: bool, wanted: dict[int, list[Cell]]) -> None:
        """Compute what is missing; notes the sets of which a cell failed."""
        every = [cell for several in wanted.values() for cell in several]
        missing = runs.missing(every, self.results)
        self.callbacks.begins(wave, posts, len(missing), len(every) - len(missing))
        watch = runs.RunCallbacks(self.callbacks.simulated, self.callbacks.ended)
        failed = runs.compute_chunks(map(self._chunk, missing), self.results, self.where, watch)
        errors = {(one.cell.key, one.seed): one.error for one in failed}
        for number, several in wanted.items():
            told = [errors[key] for one in several if (key := (one.key, one.seed)) in errors]
            if told:
                self.failed[number] = told[0]

    def _chunk(self, cell: Cell) -> Chunk:
        return runs.chunk_of((cell,), self.results, self.where, self.seconds, kept_tables)

    def _values(self, several: Sequence[Cell] | None) -> np.ndarray | None:
        folders = [self._folder(cell) for cell in several or ()]
        if not folders or any(folder is None for folder in folders):
            return None
        return np.array([self.town.values(folder) for folder in folders if folder is not None])

    def _folder(self, cell: Cell) -> Path | None:
        return self.results.find(cell.key, cell.seed)


def posts_factor(load: float) -> float:
    """Returns by how much a set's posts are multiplied, given its load with the posts as given."""
    return float(np.clip(load / TARGET_LOAD, *POSTS_BY))
