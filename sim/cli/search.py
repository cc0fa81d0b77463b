"""`sim search`: the best plans for an amount of money a year, confirmed on fresh worlds and seeds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet
from sim.cli.help import bilingual_help, option
from sim.cli.progress import prepare_engine, until_interrupted
from sim.cli.run import FAILED
from sim.cli.sensitivity import SensitivityBar
from sim.cli.unexpected import failure, keeping
from sim.files.locator import located
from sim.words import language, say
from sim.words.errors import ScenarioError, short

if TYPE_CHECKING:
    from sim.study.search.work import Searched, SearchWork
    from sim.study.world_runs import WorldRuns


Candidates = Annotated[int | None, option("search", "candidates")]
FirstWorlds = Annotated[int | None, option("search", "worlds")]
FreshWorlds = Annotated[int | None, option("search", "confirm", "--confirm-worlds")]
SearchYears = Annotated[int | None, option("search", "years")]
SearchResidents = Annotated[int | None, option("search", "residents")]
SearchFolder = Annotated[Path | None, option("search", "out")]
SearchPlanOnly = Annotated[bool, option("search", "check")]


def search_command(
    file: Annotated[Path, typer.Argument(help=bilingual_help("cli.search_file"))],
    candidates: Candidates = None,
    worlds: FirstWorlds = None,
    confirm_worlds: FreshWorlds = None,
    years: SearchYears = None,
    residents: SearchResidents = None,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: SearchFolder = None,
    cell_minutes: CellMinutes = None,
    check: SearchPlanOnly = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Search. Exit code 0: every cell computed, 1: some failed."""
    check_numbers(workers, cell_minutes, None)
    file = located(file)
    from sim.study.search.study import KIND, space_of_file
    from sim.study.search.work import SearchWork

    asked = {
        "search.candidates": candidates,
        "search.worlds": worlds,
        "search.confirm_worlds": confirm_worlds,
        "search.residents": residents,
        "years": years,
    }
    overrides = {name: value for name, value in asked.items() if value is not None}
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    space, objective = space_of_file(file, overrides, may)
    if check or not quiet:
        tell_search_plan(space, objective)
    if check:
        print(say("search.checked"))
        return 0
    runs = world_runs(KIND, file.stem, out, workers, cluster, cell_minutes)
    try:
        with keeping(runs.results):
            return searched_and_written(SearchWork(space, objective, runs), file, quiet)
    finally:
        runs.where.leave()


def tell_search_plan(space: Any, objective: Any) -> None:
    """Say what will be computed."""
    from sim.report.text.search import search_plan
    from sim.study.search.work import planned_rounds

    rounds = planned_rounds(space.lines, space.lines.candidates)
    for line in search_plan(space, objective, rounds, language()):
        print(line)


def world_runs(
    kind: str,
    id: str,
    out: Path | None,
    workers: int | None,
    cluster: str | None,
    minutes: float | None,
) -> WorldRuns:
    """Returns where the cells of a study are computed and kept, its folder ready; refuses a folder
    that is not ours.
    """
    from sim.study.executors import Cluster, Here
    from sim.study.world_runs import WorldRuns, results_for

    results = results_for(out or Path("results") / f"{id}-{kind}", kind, id)
    where = Cluster(cluster) if cluster else Here(workers or os.cpu_count() or 1)
    return WorldRuns(results, where, seconds=None if minutes is None else 60 * minutes)


def computed_search(work: SearchWork, quiet: bool) -> Searched:
    """Compute what is missing, with progress; Ctrl-C says that the rest is kept."""
    from sim.report.text.search import round_line
    from sim.study.runs import RunCallbacks

    bar = SensitivityBar(quiet)
    with bar:
        if not quiet:
            work.tells = lambda one: bar.tell(round_line(one, len(work.rounds), language()))
        work.runs.watch = RunCallbacks(ended=bar.ended)
        work.runs.begins = lambda missing, found: batch_begins(
            bar, missing, found, "search.progress"
        )
        try:
            with until_interrupted(bar, work.runs.results, "search.kept"):
                prepare_engine([work.space.scenario(work.space.nothing)], quiet)
                return work.run()
        except ScenarioError:
            if work.runs.failed:
                print(failure(work.runs.failed[0].error), file=sys.stderr)
            raise


def batch_begins(bar: SensitivityBar, missing: Any, found: int, title: str) -> None:
    """A batch begins: a bar of its own, and what was found is told."""
    bar.begin(len(missing), 1, title)
    if found and not bar.quiet:
        bar.tell(say("search.resumed", number=f"{found:,}"))


def searched_and_written(work: SearchWork, file: Path, quiet: bool) -> int:
    """Search, write tables, figure and the plan's scenario, print what was found; the exit code."""
    from functools import partial

    from sim.cli.search_output import print_searched, tell_compare, write_searched
    from sim.study.cells import code_hash

    found = computed_search(work, quiet)
    results = work.runs.results
    results.publish(partial(write_searched, work, found, file), code_hash())
    print_searched(found)
    if not quiet:
        tell_compare(results.out, file)
        print(say("search.written", folder=short(results.out)))
    if found.failed:
        failed = short(results.out / "failed.csv")
        print(say("search.failed", number=found.failed, file=failed), file=sys.stderr)
        return FAILED
    return 0
