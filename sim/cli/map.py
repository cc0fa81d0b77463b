"""`sim map`: where the town slides and where it recovers, over two axes."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet, console_for
from sim.cli.help import bilingual_help, option
from sim.cli.progress import prepare_engine, until_interrupted
from sim.cli.run import FAILED
from sim.cli.search import batch_begins, world_runs
from sim.cli.sensitivity import SensitivityBar
from sim.cli.unexpected import failure, keeping
from sim.files.locator import located
from sim.words import language, say
from sim.words.errors import ScenarioError, short

if TYPE_CHECKING:
    from sim.study.map.work import MapWork, TownMap


MapWorlds = Annotated[int | None, option("map", "worlds")]
MapYears = Annotated[int | None, option("map", "years")]
MapResidents = Annotated[int | None, option("map", "residents")]
MapFolder = Annotated[Path | None, option("map", "out")]
MapPlanOnly = Annotated[bool, option("map", "check")]


def map_command(
    file: Annotated[Path, typer.Argument(help=bilingual_help("cli.map_file"))],
    worlds: MapWorlds = None,
    years: MapYears = None,
    residents: MapResidents = None,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: MapFolder = None,
    cell_minutes: CellMinutes = None,
    check: MapPlanOnly = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Draw a map. Exit code 0: every cell computed, 1: some failed."""
    check_numbers(workers, cell_minutes, None)
    file = located(file)
    from sim.report.text.map import map_plan
    from sim.study.map.study import KIND, check_points, map_of_file
    from sim.study.map.work import MapWork

    asked = {"map.worlds": worlds, "map.residents": residents, "years": years}
    overrides = {name: value for name, value in asked.items() if value is not None}
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    lines, town = map_of_file(file, overrides, may)
    points = check_points(lines, town)
    if check or not quiet:
        for line in map_plan(lines, town({}), points, language()):
            print(line)
    if check:
        print(say("map.checked"))
        return 0
    runs = world_runs(KIND, file.stem, out, workers, cluster, cell_minutes)
    try:
        with keeping(runs.results):
            return mapped_and_written(MapWork(lines, town, runs), quiet)
    finally:
        runs.where.leave()


def computed_map(work: MapWork, quiet: bool) -> TownMap:
    """Compute what is missing, with progress; Ctrl-C says that the rest is kept."""
    from sim.study.runs import RunCallbacks

    bar = SensitivityBar(quiet)
    with bar:
        work.runs.watch = RunCallbacks(ended=bar.ended)
        work.runs.begins = lambda missing, found: batch_begins(bar, missing, found, "map.progress")
        try:
            with until_interrupted(bar, work.runs.results, "map.kept"):
                prepare_engine([work.load({})], quiet)
                return work.run()
        except ScenarioError:
            if work.runs.failed:
                print(failure(work.runs.failed[0].error), file=sys.stderr)
            raise


def mapped_and_written(work: MapWork, quiet: bool) -> int:
    """Compute the map, write table and figure, print it; the exit code."""
    from sim.study.cells import code_hash

    found = computed_map(work, quiet)
    results = work.runs.results
    results.publish(partial(write_map, work, found), code_hash())
    print_map(found)
    if not quiet:
        print(say("map.written", folder=short(results.out)))
    if found.failed:
        failed = short(results.out / "failed.csv")
        print(say("map.failed", number=len(found.failed), file=failed), file=sys.stderr)
        return FAILED
    return 0


def print_map(found: TownMap) -> None:
    """Print the table and what it comes to."""
    from sim.cli.comparison_output import put
    from sim.report.text.map import map_lines, map_section

    console, lang = console_for(None), language()
    put(console, map_section(found, lang), 0)
    console.print()
    for line in map_lines(found, lang):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)


def write_map(work: MapWork, found: TownMap, folder: Path) -> None:
    """Write table, figure and manifest into an empty folder."""
    from sim.cli.search_output import write_study_tables
    from sim.report.figures.map import save_map  # matplotlib takes a second
    from sim.report.text import provenance
    from sim.scenario.scenario import digest
    from sim.study import store
    from sim.study.map.study import KIND
    from sim.study.worlds import table_digest

    tables = {"points": found.table}
    write_study_tables(tables, work.runs, folder)
    save_map(found, folder, language())
    content = {
        "map": found.lines.model_dump(mode="json"),
        "years": found.base.years,
        "residents": found.residents,
        "digest": digest(found.base),
        "worlds": table_digest(),
        "failed": [{"seed": one.seed, "error": one.error} for one in found.failed],
    }
    manifest = provenance.manifest(folder, work.runs.results.id, KIND, tables, content)
    store.write_json(folder / store.MANIFEST, manifest)
