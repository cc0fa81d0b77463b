"""A loop ledger under way: first the reference and the arms as they are, then every arm with each
link held, all in the same worlds with the same seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.economics.book import PriceBook
from sim.economics.reading import read_prices
from sim.scenario.comparison import Arm, Comparison
from sim.study import cells, runs
from sim.study.cells import Cell, Outcome
from sim.study.compare import PRICES
from sim.study.design import DECLARED_VALUES, DesignPoint
from sim.study.executors import Cluster, Here, staying
from sim.study.gather import gather
from sim.study.loop_ledger.cells import HELD, HeldCell, RecordedCell, kept_tables
from sim.study.loop_ledger.tables import HELD_IN, LoopLedger
from sim.study.runs import RunCallbacks
from sim.study.store import Results, read_cell
from sim.study.worlds import Worlds, worlds_for
from sim.words.errors import fault

Run = tuple[int, int]  # the number of a world, 0 for declared values, and a seed


@dataclass
class LedgerWork:
    """A ledger under way; what is computed is stored in `results`.

    `worlds` is the number of plausible worlds, one run each; with 0 `seeds` are simulated at declared
    values. `links` are the ids of the links that are held. `begins` is told the cells of a batch
    that are missing.
    """

    comparison: Comparison
    links: tuple[str, ...]
    worlds: int
    seeds: tuple[int, ...]
    results: Results
    where: Here | Cluster
    watch: RunCallbacks = field(default_factory=RunCallbacks)
    begins: Callable[[Sequence[Cell]], Any] = lambda _missing: None
    book: PriceBook = field(default_factory=lambda: read_prices(PRICES))

    def __post_init__(self) -> None:
        self.failed: list[Outcome] = []

    @cached_property
    def ensemble(self) -> Worlds:
        """The plausible worlds in which the town of the comparison can be simulated."""
        return worlds_for(self.comparison.base)

    @property
    def runs(self) -> list[Run]:
        """The runs of every arm."""
        if self.worlds:
            return [(number, number) for number in self.ensemble.numbers[: self.worlds]]
        return [(DECLARED_VALUES, seed) for seed in self.seeds]

    def run(self) -> LoopLedger:
        """Compute what is missing and return the ledger; raises like `runs.compute_chunks`."""
        plain = self._plain()
        with staying(self.where):
            self._compute(plain.values())
            held = self._held()
            self._compute(held.values())
        return self._ledger(plain | held)

    def _scenario(self, arm: Arm, world: int) -> Any:
        return self.ensemble.scenario(arm.scenario, world) if world else arm.scenario

    def _plain(self) -> dict[DesignPoint, Cell]:
        """Returns the reference, recorded, and the arms as they are."""
        found: dict[DesignPoint, Cell] = {}
        for world, seed in self.runs:
            for arm in self.comparison.arms:
                kind = RecordedCell if arm.id == self.comparison.reference else Cell
                found[DesignPoint(arm.id, world, seed)] = kind(self._scenario(arm, world), seed)
        return found

    def _held(self) -> dict[DesignPoint, Cell]:
        """Returns the arms with each link held; none in worlds whose reference failed."""
        found: dict[DesignPoint, Cell] = {}
        reference = self.comparison.arm(self.comparison.reference)
        for world, seed in self.runs:
            base = RecordedCell(self._scenario(reference, world), seed)
            folder = self.results.find(base.key, seed)
            if folder is None:
                continue
            for arm in self.comparison.others:
                scenario = self._scenario(arm, world)
                for link in self.links:
                    cell = HeldCell(scenario, seed, link, base.scenario, folder)
                    found[DesignPoint(f"{arm.id}{HELD_IN}{link}", world, seed)] = cell
        return found

    def _compute(self, wanted: Iterable[Cell]) -> None:
        """Simulate the cells that are missing and note those that fail."""
        missing = runs.missing(wanted, self.results)
        self.begins(missing)
        pieces = [
            runs.chunk_of(part, self.results, self.where, keep=kept_tables)
            for part in cells.chunks(missing, self.where.places)
        ]
        self.failed += runs.compute_chunks(pieces, self.results, self.where, self.watch)

    def _ledger(self, at: dict[DesignPoint, Cell]) -> LoopLedger:
        """Returns the ledger over the runs of which every cell is there."""
        found = {place: self.results.find(cell.key, cell.seed) for place, cell in at.items()}
        lacking = {(place.world, place.seed) for place, folder in found.items() if folder is None}
        whole = {
            place: folder
            for place, folder in found.items()
            if folder is not None and (place.world, place.seed) not in lacking
        }
        if not whole:
            error = self.failed[0].error if self.failed else ""
            raise fault("ledger.none", given=error.strip().splitlines()[-1] if error else "-")
        arms = tuple(dict.fromkeys(place.arm for place in whole))
        several = replace(
            self.comparison, arms=tuple(self._named(arm) for arm in arms), combinations=()
        )
        gathered = gather(several, whole, at, self.book)
        held = {place: folder for place, folder in whole.items() if HELD_IN in place.arm}
        return LoopLedger(
            self.comparison, self.links, gathered.values, share_not_held(held), tuple(self.failed)
        )

    def _named(self, id: str) -> Arm:
        return replace(self.comparison.arm(id.split(HELD_IN)[0]), id=id)


def share_not_held(folders: dict[DesignPoint, Path]) -> pd.DataFrame:
    """Returns the share of places and weeks in which a link could not be held (arm, link, unheld)."""
    rows = [
        (*place.arm.split(HELD_IN), *read_cell(folder, HELD).to_pandas().iloc[0])
        for place, folder in folders.items()
    ]
    table = pd.DataFrame(rows, columns=["arm", "link", "unheld", "asked"])
    sums = table.groupby(["arm", "link"], sort=False)[["unheld", "asked"]].sum()
    share = sums["unheld"] / sums["asked"].clip(lower=1)
    return share.rename("unheld").reset_index()
