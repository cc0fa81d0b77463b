"""A fit under way: the town lived in its worlds, first as it is, then with its knobs turned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.model.own_week import week_of
from sim.study import cells, runs
from sim.study.cells import Cell, Outcome
from sim.study.executors import Cluster, Here, staying
from sim.study.fit.judged import Judge, StandIn, logs, luck, misfit
from sim.study.fit.knobs import UNTURNED, Turned, drawn_factors
from sim.study.fit.town import CENTRAL, FitTown
from sim.study.nation.work import kept_tables
from sim.study.store import Results
from sim.study.worlds import FURTHER, REPEATED
from sim.words.errors import fault

CENTRAL_SEEDS = (1, 2, 3, 4)  # from which the luck of the first look is known
FEWEST_DRAWN = 12  # settings of the knobs that are drawn at the least, over all worlds
DRAWN_EACH = 2  # in each world
ROUNDS = 2  # of settings that the stand-in proposes
LOOKED_AT = 1024  # settings that it looks at


class FitRun(NamedTuple):
    """A world with its knobs turned; `factors` as sorted pairs."""

    world: int
    factors: tuple[tuple[str, float], ...]
    seed: int


def fit_run(world: int, factors: Turned = UNTURNED, seed: int | None = None) -> FitRun:
    """Returns a run; its seed is the number of its world where none is given."""
    own = world if world != CENTRAL else CENTRAL_SEEDS[0]
    return FitRun(world, tuple(sorted(factors.items())), own if seed is None else seed)


@dataclass(frozen=True)
class Setting:
    """One setting of the knobs that was lived in a world: what the model says there (F,), how far
    each figure is (F,), and by how much the knobs really moved it (K,).
    """

    world: int
    factors: dict[str, float]
    values: np.ndarray
    distances: np.ndarray
    moved: np.ndarray


@dataclass
class FitWork:
    """A fit under way; what is computed is stored in `results`. `begins` is told how many cells are
    missing and found before any is computed, `looked` when the first look is there.
    """

    town: FitTown
    worlds: int
    results: Results
    where: Here | Cluster
    watch: runs.RunCallbacks = field(default_factory=runs.RunCallbacks)
    seconds: float | None = None
    begins: Callable[[Sequence[Cell], int], Any] = lambda _missing, _found: None
    looked: Callable[[FitWork], Any] = lambda _work: None

    def __post_init__(self) -> None:
        self.failed: list[Outcome] = []
        self.values: dict[FitRun, np.ndarray] = {}  # (1 + years, F)
        self.stand_in: StandIn | None = None
        self._desks: dict[int, dict[str, float]] = {}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The worlds that are lived, without the central one."""
        return self.town.worlds.numbers[: self.worlds]

    @property
    def cells(self) -> int:
        """The number of cells, none of them yet found."""
        further = len(self.numbers[:REPEATED])
        lived = 1 + len(self.numbers)
        each = self.drawn_each + ROUNDS + 1 + bool(self.desks(CENTRAL))
        return len(CENTRAL_SEEDS) - 1 + (further + lived * each if self.numbers else 1)

    @property
    def drawn_each(self) -> int:
        """Settings of the knobs that are drawn in each world."""
        return max(DRAWN_EACH, -(-FEWEST_DRAWN // (1 + len(self.numbers))))

    def run(self) -> None:
        """Compute what is missing: the first look, then the worlds; raises like
        `runs.compute_chunks`.
        """
        week_of(self.town.ground)
        with staying(self.where):
            self.compute(fit_run(CENTRAL, seed=seed) for seed in CENTRAL_SEEDS)
            if not len(self._of(CENTRAL)):
                raise fault("fit.all_failed", at="own_figures")
            self.looked(self)
            if self.numbers:
                self._turn()

    def _turn(self) -> None:
        further = [fit_run(one, seed=one + FURTHER) for one in self.numbers[:REPEATED]]
        self.compute([*map(fit_run, self.numbers), *further])
        everywhere = (CENTRAL, *self.numbers)
        self.compute(fit_run(world, self.desks(world)) for world in everywhere)
        drawn = drawn_factors(len(everywhere) * self.drawn_each, seed=1)
        self.compute(
            fit_run(world, self.desks(world) | drawn[at * self.drawn_each + turn])
            for at, world in enumerate(everywhere)
            for turn in range(self.drawn_each)
        )
        for number in range(ROUNDS):
            self.stand_in = self.learned()
            self.compute(
                fit_run(world, self.proposed(world, number))
                for world in everywhere
                if self.settings(world)
            )
        self.stand_in = self.learned()

    def desks(self, world: int) -> dict[str, float]:
        """Returns the factors on single desks that every turned setting of a world has; each world
        asks once.
        """
        if world not in self._desks:
            self._desks[world] = self.town.desks(world)
        return self._desks[world]

    def compute(self, wanted: Iterable[FitRun]) -> None:
        """Simulate the runs that are missing and read what the model says in each."""
        several = {run: self._cell(run) for run in dict.fromkeys(wanted)}
        missing = runs.missing(several.values(), self.results)
        self.begins(missing, len(several) - len(missing))
        pieces = [
            runs.chunk_of(part, self.results, self.where, self.seconds, kept_tables)
            for part in cells.chunks(missing, self.where.places)
        ]
        self.failed += runs.compute_chunks(pieces, self.results, self.where, self.watch)
        for run, cell in several.items():
            if (folder := self.results.find(cell.key, cell.seed)) is not None:
                self.values[run] = self.town.values(folder, run.world, dict(run.factors))

    def _cell(self, run: FitRun) -> Cell:
        return self.town.cell(run.world, dict(run.factors), run.seed)

    def _of(self, world: int) -> np.ndarray:
        """Returns what the model says in a world as it is (seeds, 1 + years, F)."""
        seeds = [one for run, one in self.values.items() if run.world == world and not run.factors]
        return np.array(seeds)

    @property
    def judge(self) -> Judge:
        """The figures with what is tolerated of each, by the luck known so far."""
        several = [self._of(world) for world in (CENTRAL, *self.numbers[:REPEATED])]
        year, run = luck([one for one in several if len(one) > 1])
        return Judge(self.town.figures, year / self.town.times, run)

    def as_it_is(self, world: int) -> Setting | None:
        """Returns a world as it is, no knob turned; None where it could not be lived."""
        return next((one for one in self._lived(world) if not one.factors), None)

    def settings(self, world: int) -> list[Setting]:
        """Returns every setting of the knobs that was lived in a world with its own seed, where the
        town knows its staff by desk those alone that have it.
        """
        desks = self.desks(world).items()
        return [one for one in self._lived(world) if desks <= one.factors.items()]

    def _lived(self, world: int) -> list[Setting]:
        judge, own = self.judge, fit_run(world).seed
        found = []
        for run, values in self.values.items():
            if run.world == world and run.seed == own:
                factors, value = dict(run.factors), values[0]
                far = judge.distances(value[None, :])[0]
                moved = self.town.moved(world, factors)
                found.append(Setting(world, factors, value, far, moved))
        return found

    def best(self, world: int) -> Setting | None:
        """Returns the setting that fits a world best of those that were lived; None where none was.
        One that misses no figure comes before one that does.
        """
        several = self.settings(world)
        if not several:
            return None
        far = np.array([one.distances for one in several])
        score = misfit(far, np.array([one.moved for one in several]))
        score += np.where(self.judge.kept(far), 0.0, 1e9)
        return several[int(np.argmin(score))]

    def learned(self) -> StandIn:
        """Returns a stand-in learned from all settings that were lived."""
        moved, changes = [], []
        for world in (CENTRAL, *self.numbers):
            several = self.settings(world)
            desks = self.desks(world)
            plain = next((one for one in several if one.factors == desks), None)
            if plain is None:
                continue
            before = logs(self.town.figures, plain.values)
            moved += [one.moved for one in several]
            changes += [logs(self.town.figures, one.values) - before for one in several]
        return StandIn.learned(self.judge, np.array(moved), np.array(changes))

    def proposed(self, world: int, number: int) -> dict[str, float]:
        """Returns the setting of the knobs that should fit a world best, by the stand-in, from the
        best one that was lived there.
        """
        candidates, score, _kept = self.looked_at(world, number)
        return candidates[int(np.argmin(score))]

    def looked_at(
        self, world: int, number: int
    ) -> tuple[list[dict[str, float]], np.ndarray, np.ndarray]:
        """Returns settings of the knobs, how badly each should fit (n,), and which of them the
        stand-in does not rule out (n,).
        """
        best, stand_in = self.best(world), self.stand_in
        assert best is not None and stand_in is not None
        desks = self.desks(world)
        candidates = [desks, *(desks | one for one in drawn_factors(LOOKED_AT, seed=2 + number))]
        moved = np.array([self.town.moved(world, one) for one in candidates])
        values = stand_in.values(best.values, best.moved, moved)
        far = stand_in.judge.distances(values, stand_in.variance(values))
        return candidates, misfit(far, moved), stand_in.judge.kept(far)
