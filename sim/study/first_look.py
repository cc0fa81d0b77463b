"""The first look at a comparison: as soon as the first two seeds have come through their first
years, and once they are done.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study import runs
from sim.study.cells import FIRST_LOOK_YEARS, PAIRS
from sim.study.design import DesignPoint
from sim.study.effort import shortened_comparison
from sim.study.executors import LARGEST_AT_ONCE
from sim.study.gather import gather
from sim.study.result import Compared

if TYPE_CHECKING:
    from sim.study.compare import Work

EARLY = "early"  # folder of the first years, beside the cells


class FirstLook:
    """Tells of the first PAIRS seeds of `wanted` when all arms have lived FIRST_LOOK_YEARS, and
    again when they are finished.

    early: where the first years of those cells are kept, by key and seed; empty where the run is no
    longer, some of them are finished, the towns together are too large for the memory, or the
    workers write no files.
    """

    def __init__(self, work: Work, wanted: Sequence[DesignPoint]):
        pairs = sorted({place.seed for place in wanted})[:PAIRS]
        self._work, self._done = work, work.first_seeds_told or len(pairs) < PAIRS
        self._wanted = [place for place in wanted if place.seed in pairs]
        self.early = {} if self._done else self._folders()

    def _folders(self) -> dict[tuple[str, int], Path]:
        work, base = self._work, self._work.comparison.base
        together = (
            base.people.population
            * len(work.comparison.arms)
            * min(PAIRS, work.effort.where.places)
        )
        cells = work.cells(self._wanted).values()
        if (
            not work.effort.where.writes
            or base.years <= FIRST_LOOK_YEARS
            or together > LARGEST_AT_ONCE
            or len(runs.missing(cells, work.results))
            < len({(cell.key, cell.seed) for cell in cells})
        ):
            return {}
        return {
            (cell.key, cell.seed): work.results.part / EARLY / cell.key / str(cell.seed)
            for cell in cells
        }

    def passed(self) -> None:
        """Time has passed: tell of the first years once all have been lived."""
        if not self.early or not all(folder.is_dir() for folder in self.early.values()):
            return
        at = self._work.cells(self._wanted)
        folders = {place: self.early[cell.key, cell.seed] for place, cell in at.items()}
        self.early = {}
        comparison = shortened_comparison(self._work.comparison, FIRST_LOOK_YEARS)
        self._work.told.pairs(
            Compared(comparison, gather(comparison, folders, at, self._work.book))
        )

    def ended(self) -> None:
        """A cell has ended: tell of the first seeds once they are finished in all arms."""
        if not self._done and not runs.missing(
            self._work.cells(self._wanted).values(), self._work.results
        ):
            self._done = self._work.first_seeds_told = True
            self.early = {}
            self._work.told.pairs(self._work.compared(self._wanted))
