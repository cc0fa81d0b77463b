"""`sim nation`: every municipality of a table under the arms of a comparison; tables by municipality,
prefecture and size class.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet, tell_late
from sim.cli.help import bilingual_help
from sim.cli.progress import Bar, duration, prepare_engine, until_interrupted
from sim.cli.run import FAILED, MOST_SEEDS
from sim.cli.unexpected import failure, keeping
from sim.files.toml import write_whole
from sim.scenario.arms import read_comparison
from sim.scenario.comparison import Comparison
from sim.towns.town import MOST_RESIDENTS
from sim.words import language, say
from sim.words.errors import between, fault, short

if TYPE_CHECKING:
    from sim.study.nation.work import Nation, NationWork

ARMS = Path("nation")  # the file of the arms where none is named
LARGEST = 200_000  # a ward of a designated city has 160,000 residents on average
LEAST_LARGEST = 10_000  # residents below which a town stands for no city
EVERY = 30  # seconds between two lines of progress where the screen is no terminal

SyntheticTable = Annotated[
    Path | None, typer.Option("--synthetic", help=bilingual_help("cli.nation_synthetic"))
]
SampleSize = Annotated[
    int | None, typer.Option("--sample", help=bilingual_help("cli.nation_sample"))
]
LargestTown = Annotated[int, typer.Option("--largest", help=bilingual_help("cli.nation_largest"))]
ParameterSets = Annotated[
    Path | None, typer.Option("--sets", help=bilingual_help("cli.nation_sets"))
]
CheckOnly = Annotated[bool, typer.Option("--check", help=bilingual_help("cli.nation_check"))]
NationFolder = Annotated[Path | None, typer.Option("--out", help=bilingual_help("cli.nation_out"))]


def nation_command(
    table: Annotated[Path | None, typer.Argument(help=bilingual_help("cli.nation_table"))] = None,
    arms: Annotated[Path, typer.Argument(help=bilingual_help("cli.nation_arms"))] = ARMS,
    synthetic: SyntheticTable = None,
    sample: SampleSize = None,
    largest: LargestTown = LARGEST,
    sets: ParameterSets = None,
    seeds: Annotated[int, typer.Option("--seeds", help=bilingual_help("cli.nation_seeds"))] = 1,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: NationFolder = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    cell_minutes: CellMinutes = None,
    check: CheckOnly = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Simulate a nation. Exit code 0: every cell computed, 1: some failed."""
    if synthetic is not None:
        return write_synthetic(synthetic, quiet)
    if table is None:
        raise fault("nation.table_needed", at="TABLE")
    check_numbers(workers, cell_minutes, None)
    check_amounts_of_nation(sample, largest, seeds)
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    read = partial(arms_of, arms, years, may)
    nation = read_and_check(table, read, sets, sample, largest, seeds)
    tell_late(nation.comparison.late, quiet)
    tell_plan(nation, quiet or not check)
    if check:
        return 0
    work = nation_work(nation, table, workers, cluster, out, cell_minutes)
    try:
        with keeping(work.results):
            computed_nation(work, quiet)
            return shown_and_written(work, quiet)
    finally:
        work.where.leave()


def write_synthetic(file: Path, quiet: bool) -> int:
    """Write the table of the synthetic nation; refuses to replace a file."""
    from sim.towns.nation.synthetic import synthetic_nation, table_text

    rows = synthetic_nation()
    write_whole(file, table_text(rows), encoding="utf-8-sig")
    if not quiet:
        residents = sum(row.population for row in rows)
        whole = {"municipalities": f"{len(rows):,}", "residents": f"{residents:,}"}
        print(say("nation.written_table", file=short(file), **whole))
    return 0


def check_amounts_of_nation(sample: int | None, largest: int, seeds: int) -> None:
    """Refuse numbers that cannot be."""
    limits = (
        ("--sample", sample, 1, MOST_RESIDENTS),
        ("--largest", largest, LEAST_LARGEST, MOST_RESIDENTS),
        ("--seeds", seeds, 1, MOST_SEEDS),
    )
    for at, given, low, high in limits:
        if given is not None and not low <= given <= high:
            raise fault("error.range", at=at, given=given, allowed=between(low, high))


def arms_of(
    file: Path, years: int | None, may: dict[str, Any], values: dict[str, float]
) -> Comparison:
    """Returns the arms of a file with some parameters put in place of its own; `may`: what the
    caller allows, as in `load`.
    """
    overrides: dict[str, Any] = {**values, **({} if years is None else {"years": years})}
    return read_comparison([file], overrides=overrides, **may)


def read_and_check(
    table: Path, read: Any, sets: Path | None, sample: int | None, largest: int, seeds: int
) -> Nation:
    """Returns the nation of a table and arms, all of it checked before anything is computed."""
    from sim.economics.costing import read_prices
    from sim.scenario.parameter_sets import comparisons_of
    from sim.study.budget import check_same_cost
    from sim.study.compare import PRICES, check_measures
    from sim.study.nation.towns import check_towns, implied_kinds
    from sim.study.nation.work import Nation, sampled_rows
    from sim.towns.nation import read_nation

    comparisons = comparisons_of(read, sets)
    base = comparisons[0].base
    found = read_nation(table, partial(implied_kinds, scenario=base))
    rows = sampled_rows(found, sample)
    for comparison in comparisons:
        check_measures(comparison)
        check_same_cost(comparison, read_prices(PRICES))
        check_towns(comparison, rows, found.file, largest)
    return Nation(found, rows, comparisons, seeds, largest)


def tell_plan(nation: Nation, quiet: bool) -> None:
    """Say what was read and what will be simulated."""
    from sim.report.text.nation import plan_lines, read_lines

    lines = [*read_lines(nation.table, language()), *plan_lines(nation, language())]
    for line in () if quiet else lines:
        print(line)


def nation_work(
    nation: Nation,
    table: Path,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    minutes: float | None,
) -> NationWork:
    """Returns the work of a nation, its folder ready; refuses a folder that is not ours."""
    import os

    from sim.study.executors import Cluster, Here
    from sim.study.nation.work import KEPT, NationWork
    from sim.study.runs import RunCallbacks
    from sim.study.store import Results

    where = Cluster(cluster) if cluster else Here(workers or os.cpu_count() or 1)
    results = Results(out or Path("results") / table.stem, f"nation {table.stem}", KEPT)
    results.prepare()
    seconds = None if minutes is None else 60 * minutes
    return NationWork(nation, results, where, RunCallbacks(), seconds)


class NationBar(Bar):
    """Shows how far a nation has come by the residents simulated; elsewhere than on a terminal a
    line now and then.
    """

    def __init__(self, nation: Nation, quiet: bool):
        super().__init__(nation.cells, 1, quiet, "nation.progress")
        self.weeks = nation.residents
        self._rows = {row.code: row for row in nation.rows}
        self._arms = {arm.id: arm.name for arm in nation.comparison.arms}
        self._residents, self._told = 0, time.monotonic()

    def found(self, cells: int, residents: int) -> None:
        """So many cells were finished before."""
        self.cells -= cells
        self.weeks -= residents

    def ended(self, outcome: Any) -> None:
        """A cell has ended."""
        people = outcome.cell.scenario.people
        self._residents += people.population
        self.done += 1
        self.simulated(self._residents)
        if outcome.error:
            arm = getattr(self._arms[outcome.cell.scenario.id], language())
            reason = outcome.error.strip().splitlines()[-1]
            name = getattr(people.name, language())
            self.tell(say("nation.cell_failed", name=name, code=people.id, arm=arm, reason=reason))
        elif self.late and not sys.stderr.isatty() and time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            share = f"{100 * self._residents / max(1, self.weeks):.0f}"
            done = {"done": f"{self.done:,}", "all": f"{self.cells:,}", "share": share}
            self.tell(say("nation.step", **done, left=duration(self.left())))


def computed_nation(work: NationWork, quiet: bool) -> None:
    """Compute what is missing, with progress; Ctrl-C says that the rest is kept."""
    from sim.study.runs import RunCallbacks

    nation = work.nation
    smallest = nation.ordered[-1]
    arms = nation.places(smallest)[0]
    prepare_engine([nation.cell(smallest, place).scenario for place in arms], quiet)
    bar = NationBar(nation, quiet)
    with bar:
        work.watch = RunCallbacks(ended=bar.ended)
        work.tell_found = bar.found
        with until_interrupted(bar, work.results, "nation.kept"):
            work.run()
    if work.found and not quiet:
        print(say("nation.resumed", number=f"{work.found:,}"), file=sys.stderr)


def shown_and_written(work: NationWork, quiet: bool) -> int:
    """Write the tables, print the summary; the exit code."""
    from sim.cli.nation_output import WrittenNation
    from sim.study.cells import code_hash

    written = WrittenNation(work)
    if not written.any_finished():
        work.results.forsake()
        print(say("nation.none"), file=sys.stderr)
        if work.failed:
            print(failure(work.failed[0].error), file=sys.stderr)
        return FAILED
    work.results.publish(written.write, code_hash())
    written.show()
    if not quiet:
        print(say("nation.written", folder=short(work.results.out)))
    if work.failed:
        file = short(work.results.out / "failed.csv")
        print(say("nation.failed", number=len(work.failed), file=file), file=sys.stderr)
        return FAILED
    return 0
