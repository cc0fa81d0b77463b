"""`compare`: from scenario files to a finished comparison. The command and a user's script use the
same functions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.economics.costing import PriceBook, read_prices
from sim.economics.money import CHOSEN
from sim.files.toml import SHIPPED
from sim.scenario.arms import load_comparison, side_by_side
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.scenario.seeds import seeds_of
from sim.study import cells, runs
from sim.study.cells import FIRST_LOOK_YEARS, PAIRS, Cell, Outcome
from sim.study.claims import claim_verdicts, undecided_arms
from sim.study.design import (
    NO_EFFECT,
    DesignPoint,
    design_points,
    without_effects,
    world_points,
)
from sim.study.effort import shortened_comparison
from sim.study.executors import LARGEST_AT_ONCE, Cluster, Here, staying, workers_for
from sim.study.fit.knobs import UNTURNED, Turned, turned
from sim.study.funding import funded_book
from sim.study.gather import ALL_MEASURES, gather
from sim.study.parts import RESIDENTS, Tried, tried
from sim.study.result import Compared
from sim.study.stopping import LOOKS, Verdict, interim_analyses
from sim.study.store import Results
from sim.study.worlds import WORLDS, Worlds, main_runs, repeated, table_digest, worlds_for
from sim.words.errors import between, fault, unknown

PRICES = SHIPPED / "prices" / "default.toml"
EARLY = "early"  # folder of the first years, beside the cells
CENTRAL = 4  # seeds at declared values beside the worlds


@dataclass(frozen=True)
class RunSettings:
    """How much is computed, and where.

    With `worlds` the arms are simulated in so many plausible worlds, one run each, of which the
    first few have further seeds; `central` is the number of seeds at declared values beside them.
    Without, `seeds` are simulated at declared values alone. With `until_decided` runs are added at
    the interim analyses (LOOKS) until every claim is decided or `most` are used. `no_effect` is the
    number of runs for which the arms are also simulated with every effect at its null. `seconds` is
    the time that a cell may take. `parts` is the number of pairs in which each part of a bundle is
    simulated alone. `turned` holds the factors on the knobs of a fit by the number of the world, 0
    for declared values: the arms are then simulated in these worlds alone, with their knobs turned.
    """

    seeds: tuple[int, ...]
    where: Here | Cluster
    until_decided: bool = False
    most: int = LOOKS[-1]
    worlds: int = 0
    central: int = CENTRAL
    no_effect: int = 1
    seconds: float | None = None
    parts: int = 0
    turned: Mapping[int, Turned] = field(default_factory=dict)


class NothingToCompare(RuntimeError):
    """There is no seed for which every arm was computed; holds the traceback of the first cell that
    failed.
    """


@dataclass
class ComparisonCallbacks:
    """Callbacks by which a comparison reports its progress; each is optional."""

    begins: Callable[[Sequence[Cell], bool], Any] = lambda _cells, _of_parts: None
    simulated: Callable[[int], Any] = lambda _weeks: None
    ended: Callable[[Outcome], Any] = lambda _outcome: None
    pairs: Callable[[Compared], Any] = lambda _first: None
    looked: Callable[[int, Mapping[int, Verdict]], Any] = lambda _seeds, _verdicts: None
    simulated_all: Callable[[], Any] = lambda: None  # nothing is left for the workers to simulate
    tried: Callable[[Outcome], Any] = lambda _outcome: None  # as `ended`, of a part of a bundle


@dataclass
class Work:
    """A comparison under way; everything computed is stored in `results`.

    Money is shown at the prices of `book`, discounted at `rate` (0.02 = 2 % a year), with the
    correction for `optimism` beside it where that is requested.
    """

    comparison: Comparison
    effort: RunSettings
    results: Results
    callbacks: ComparisonCallbacks = field(default_factory=ComparisonCallbacks)
    book: PriceBook = field(default_factory=lambda: read_prices(PRICES))
    rate: float = CHOSEN
    optimism: bool = False

    def __post_init__(self) -> None:
        check_measures(self.comparison)
        self.book = funded_book(self.comparison, self.book)
        self.failed: dict[DesignPoint, Outcome] = {}
        self.found: dict[int, Verdict] = {}  # verdicts of interim analyses made during the run
        self.first_seeds_told = False  # whether the first seeds, finished, were reported
        self.looked = 0  # seeds of the last interim analysis

    @cached_property
    def ensemble(self) -> Worlds:
        """The plausible worlds in which the town of the comparison can be simulated."""
        return worlds_for(self.comparison.base)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The worlds in which the town may be simulated, in their order: those that a fit has left."""
        known, left = self.ensemble.numbers, self.effort.turned
        return tuple(one for one in known if one in left) if left else known

    def run(self) -> Compared:
        """Compute what is missing and return the comparison; raises like `runs.compute_cells`."""
        with staying(self.effort.where):
            beside = self._beside()
            main = self._main(beside)
            parts = self.parts()
            self.callbacks.simulated_all()
            return replace(self.compared([*main, *beside]), parts=parts)

    def _beside(self) -> list[DesignPoint]:
        """Design points beside the main runs: with every effect at its null; where there are worlds,
        at declared values, and with further seeds of a few worlds.
        """
        comparison, effort = self.comparison, self.effort
        first = [place.seed for place in self.main_points(range(1, effort.no_effect + 1))]
        wanted = design_points(comparison, dict.fromkeys(first), NO_EFFECT)
        if effort.worlds:
            wanted += design_points(comparison, range(1, effort.central + 1))
            worlds = self.numbers[: effort.worlds]
            for world, seeds in repeated(worlds).items():
                wanted += design_points(comparison, seeds, world)
        return wanted

    def main_points(self, numbers: Sequence[int]) -> list[DesignPoint]:
        """Design points of the main runs by their numbers from 1: worlds, or seeds at declared
        values.
        """
        if self.effort.worlds:
            return world_points(self.comparison, [self.numbers[at - 1] for at in numbers])
        seeds = self.effort.seeds
        if self._adds_runs:
            return design_points(self.comparison, numbers)
        return design_points(self.comparison, [seeds[at - 1] for at in numbers if at <= len(seeds)])

    @property
    def _adds_runs(self) -> bool:
        """Whether runs are added until enough is known, whatever their number."""
        return self.effort.until_decided or self.comparison.precision is not None

    def parts(self) -> tuple[Tried, ...]:
        """Returns what each part of a bundle changes alone, in the requested number of pairs."""
        return tried(self.comparison, self.effort.parts, self._simulated)

    def _simulated(self, wanted: Sequence[cells.Cell]) -> dict[tuple[str, int], Path]:
        """Returns the folders of cells that belong to no arm, after missing ones were simulated;
        those that fail are left out.
        """
        missing = runs.missing(wanted, self.results)
        self.callbacks.begins(missing, True)
        runs.compute_cells(
            missing,
            self.results,
            self.effort.where,
            runs.RunCallbacks(self.callbacks.simulated, self.callbacks.tried),
            self.effort.seconds,
        )
        found = {(cell.key, cell.seed): self.results.find(cell.key, cell.seed) for cell in wanted}
        return {place: folder for place, folder in found.items() if folder is not None}

    def compared(self, wanted: Iterable[DesignPoint]) -> Compared:
        """Returns the comparison as far as the cells of `wanted` are finished in all arms; raises
        NothingToCompare where no main run is.
        """
        at = self.cells(wanted)
        folders = {place: self.results.find(cell.key, cell.seed) for place, cell in at.items()}
        lacking = {(place.world, place.seed) for place, folder in folders.items() if folder is None}
        whole = {
            place: folder
            for place, folder in folders.items()
            if folder is not None and (place.world, place.seed) not in lacking
        }
        main = main_runs((place.world, place.seed) for place in at)
        if not any((place.world, place.seed) in main for place in whole):
            raise NothingToCompare(next(iter(self.failed.values())).error if self.failed else "")
        failed = tuple(
            (place, outcome) for place, outcome in self.failed.items() if place in folders
        )
        return Compared(
            self.comparison,
            gather(self.comparison, whole, at, self.book),
            failed,
            dict(self.found),
            worlds_table=table_digest() if self.effort.worlds else "",
            fitted=bool(self.effort.turned),
        )

    def cells(self, wanted: Iterable[DesignPoint]) -> dict[DesignPoint, cells.Cell]:
        """Returns the cells of the given design points, in their order."""
        return {place: self._cell(place) for place in wanted}

    def _cell(self, place: DesignPoint) -> Cell:
        """Returns the cell at a design point; without effects it is in the world of its number."""
        scenario = self.comparison.arm(place.arm).scenario
        world = place.seed if place.world == NO_EFFECT and self.effort.worlds else place.world
        if world > 0:
            scenario = self.ensemble.scenario(scenario, world)
        scenario = turned(scenario, self.effort.turned.get(max(world, 0), UNTURNED))
        return Cell(without_effects(scenario) if place.world == NO_EFFECT else scenario, place.seed)

    def compute(self, wanted: Sequence[DesignPoint]) -> None:
        """Simulate the cells that are missing and record those that fail."""
        at = self.cells(wanted)
        missing = runs.missing(at.values(), self.results)
        self.callbacks.begins(missing, False)
        names: dict[tuple[str, int], list[DesignPoint]] = {}
        for place, cell in at.items():
            names.setdefault((cell.key, cell.seed), []).append(place)
        main = main_runs((place.world, place.seed) for place in wanted)
        first = FirstLook(self, [place for place in wanted if (place.world, place.seed) in main])

        def simulated(weeks: int) -> None:
            self.callbacks.simulated(weeks)
            first.passed()

        def ended(outcome: Outcome) -> None:
            self.callbacks.ended(outcome)
            first.ended()

        watch = runs.RunCallbacks(simulated, ended)
        for outcome in runs.compute_cells(
            missing, self.results, self.effort.where, watch, self.effort.seconds, first.early
        ):
            self.failed |= dict.fromkeys(names[outcome.cell.key, outcome.seed], outcome)

    def _main(self, beside: Sequence[DesignPoint]) -> list[DesignPoint]:
        """Compute the main runs, `beside` with them: as many as requested, or as many interim
        analyses as it takes; returns their design points.
        """
        if not self._adds_runs:
            count = self.effort.worlds or len(self.effort.seeds)
            wanted = self.main_points(range(1, count + 1))
            self.compute([*wanted, *beside])
            return wanted
        found: dict[int, Verdict] = {}
        wanted, before = [], 0
        going = {arm.id for arm in self.comparison.arms}
        for look in interim_analyses(self._most):
            more = self.main_points(range(before + 1, look + 1))
            wanted += [place for place in more if place.arm in going]
            self.compute([*wanted, *beside])
            compared = self.compared(wanted)
            values, claims = compared.main, self.comparison.claims
            found, before = claim_verdicts(claims, values, compared.steps, found), look
            self.callbacks.looked(look, found)
            if compared.precise:
                going = undecided_arms(self.comparison, values, found, going)
            if not going:
                break
        self.found, self.looked = found, look
        return wanted

    @property
    def _most(self) -> int:
        """The number of main runs at most, where they are added."""
        wanted = self.comparison.precision
        most = self.effort.most if self.effort.until_decided or wanted is None else wanted.most
        return min(most, len(self.numbers)) if self.effort.worlds else most


class FirstLook:
    """Reports the first PAIRS seeds of `wanted` when their first FIRST_LOOK_YEARS are simulated in
    all arms, and again when they are finished.

    `early` says where the first years of those cells are kept, by key and seed. It is empty where
    the run is no longer than that, where some of the cells are finished, where the towns together
    are too large for the memory, and where the workers write no files.
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
        """Reports the first years once they are simulated in all arms."""
        if not self.early or not all(folder.is_dir() for folder in self.early.values()):
            return
        at = self._work.cells(self._wanted)
        folders = {place: self.early[cell.key, cell.seed] for place, cell in at.items()}
        self.early = {}
        comparison = shortened_comparison(self._work.comparison, FIRST_LOOK_YEARS)
        self._work.callbacks.pairs(
            Compared(comparison, gather(comparison, folders, at, self._work.book))
        )

    def ended(self) -> None:
        """Reports the first seeds once they are finished in all arms; called when a cell has ended."""
        if not self._done and not runs.missing(
            self._work.cells(self._wanted).values(), self._work.results
        ):
            self._done = self._work.first_seeds_told = True
            self.early = {}
            self._work.callbacks.pairs(self._work.compared(self._wanted))


def check_measures(comparison: Comparison) -> None:
    """Raise ScenarioError for measures that do not exist."""
    asked = [("measures", name) for name in comparison.measures]
    asked += [
        (f"claims.{number}.measure", claim.measure)
        for number, claim in enumerate(comparison.claims)
    ]
    asked += [("precision.measure", comparison.precision.measure)] if comparison.precision else []
    for key, name in asked:
        if name not in ALL_MEASURES:
            raise unknown("error.unknown_measure", name, ALL_MEASURES, at=key, file=comparison.id)


def worlds_wanted(comparison: Comparison, worlds: int | None, seeds: bool) -> int:
    """Returns in how many worlds a comparison lives: as asked for; none where `seeds` were; as its
    file says; WORLDS where that names no seeds either. Refuses more than there are.
    """
    if worlds is None and seeds:
        return 0
    asked = comparison.worlds if worlds is None else worlds
    if asked is None:
        return 0 if comparison.seeds_given else WORLDS
    there = len(worlds_for(comparison.base))
    if not 0 <= asked <= there:
        raise fault("error.worlds", at="worlds", given=asked, allowed=between(0, there))
    return asked


def main_runs_wanted(
    comparison: Comparison,
    seeds: int | None,
    worlds: int | None,
    until_decided: bool,
    most: int | None,
) -> dict[str, Any]:
    """Returns how many main runs a comparison has, as settings of RunSettings: in how many worlds,
    whether runs are added until its claims are decided, and how many at most.

    `seeds` is the number of seeds that the caller names, None where none are. Where the file says
    that runs are added, and the caller says nothing of their number, its number of worlds or seeds
    is the most.
    """
    number = worlds_wanted(comparison, worlds, seeds is not None)
    by_file = comparison.until_decided and seeds is None and worlds is None and not until_decided
    if by_file:
        most = min(most or LOOKS[-1], number or len(comparison.seeds))
    return {
        "worlds": number,
        "until_decided": until_decided or by_file,
        "most": most or LOOKS[-1],
    }


def parts_alone(comparison: Comparison, pairs: int) -> tuple[Tried, ...]:
    """Returns what each part of a bundle changes alone, simulated in a small copy of the town;
    nothing is stored.
    """
    with tempfile.TemporaryDirectory() as nowhere:
        results = Results(Path(nowhere) / comparison.id, comparison.id)
        results.prepare()
        work = Work(
            comparison, RunSettings((1,), Here(workers_for(pairs, RESIDENTS)), parts=pairs), results
        )
        return work.parts()


def as_comparison(
    source: str | Path | Sequence[str | Path] | Comparison | Mapping[str, Scenario],
    overrides: Mapping[str, Any] | None,
) -> Comparison:
    """Returns a comparison as it is, of scenarios by name, or of files with values laid over them."""
    if not isinstance(source, (Mapping, Comparison)):
        return load_comparison(source, overrides=overrides)
    if overrides:
        raise fault("error.overrides_on_scenario", at="overrides", given=dict(overrides))
    return side_by_side(source) if isinstance(source, Mapping) else source


def compare(
    source: str | Path | Sequence[str | Path] | Comparison | Mapping[str, Scenario],
    *,
    seeds: int | Iterable[int] | None = None,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    until_decided: bool = False,
    most: int | None = None,
    worlds: int | None = None,
    no_effect: int = 1,
    seconds: float | None = None,
    parts: int = 0,
) -> Compared:
    """Compares the arms of a comparison file, a scenario with its base, several scenarios, or
    loaded ones by name, paired by world and seed, and returns the result.

    `worlds` says in how many plausible worlds; with None so many as the file says, or WORLDS where
    neither it nor the caller names `seeds`. `seeds` says how many seeds, or which, at declared values
    alone (`worlds` 0). Runs are added until all claims are decided where the file says so. `out` is
    a folder in which finished cells are stored and found again; without it they are discarded.
    `parts` is the number of pairs in which each part of a bundle is simulated alone. Cells that fail
    are listed in the result's `failures`.

    `source` is that file, or what it would hold. `overrides` are values by dotted key laid over
    it. With `until_decided` runs are added until every claim is decided or `most` are used.
    `no_effect` is the number of runs that are also simulated with every effect at its null.
    `seconds` is the time that a cell may take. `workers` processes compute, or those of a Dask
    `cluster` (its address). With more than one worker a script needs the usual
    `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `result = compare("comparison.toml", seeds=20, out="results/mine")`.
    """
    source = as_comparison(source, overrides)
    chosen = source.seeds if seeds is None else seeds_of(seeds)
    named = None if seeds is None else len(chosen)
    effort = RunSettings(
        chosen,
        Cluster(cluster) if cluster else Here(workers),
        **main_runs_wanted(source, named, worlds, until_decided, most),
        no_effect=no_effect,
        seconds=seconds,
        parts=parts,
    )
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            results = Results(Path(out) if out else Path(nowhere) / source.id, source.id)
            results.prepare()
            return Work(source, effort, results).run()
    finally:
        effort.where.leave()
