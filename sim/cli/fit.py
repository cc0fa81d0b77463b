"""`sim fit`: a town's own figures of last year against the model."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet, console_for
from sim.cli.help import bilingual_help, option
from sim.cli.progress import prepare_engine, until_interrupted
from sim.cli.run import FAILED
from sim.cli.search import batch_begins
from sim.cli.sensitivity import SensitivityBar
from sim.cli.unexpected import failure, keeping
from sim.words import language, say
from sim.words.errors import ScenarioError, short

if TYPE_CHECKING:
    from sim.scenario.comparison import Comparison
    from sim.study.fit.effect import FitEffect
    from sim.study.fit.result import Fitted
    from sim.study.fit.work import FitWork

WORLDS, RESIDENTS = 24, 20_000  # as in the study; here so that help needs no study

OwnFigures = Annotated[Path | None, option("fit", "figures")]
FitWorlds = Annotated[int, option("fit", "worlds")]
FitResidents = Annotated[int, option("fit", "residents")]
FitCompared = Annotated[Path | None, option("fit", "compare")]
FitFolder = Annotated[Path | None, option("fit", "out")]
FitPlanOnly = Annotated[bool, option("fit", "check")]


def fit_command(
    town: Annotated[Path, typer.Argument(help=bilingual_help("cli.fit_town"))],
    figures: OwnFigures = None,
    worlds: FitWorlds = WORLDS,
    residents: FitResidents = RESIDENTS,
    compare: FitCompared = None,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: FitFolder = None,
    cell_minutes: CellMinutes = None,
    check: FitPlanOnly = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Fit a town. Exit code 0: every cell computed, 1: some failed."""
    check_numbers(workers, cell_minutes, None)
    from sim.report.text.fit import fit_plan
    from sim.scenario.arms import read_comparison
    from sim.study.executors import Cluster, Here
    from sim.study.fit.effect import check_same_town
    from sim.study.fit.study import KIND, fit_town
    from sim.study.fit.work import FitWork
    from sim.study.world_runs import results_for

    may: dict[str, Any] = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    ground = fit_town(town, figures, worlds, residents, may)
    comparison = None if compare is None else read_comparison([compare], **may)
    if comparison is not None:
        check_same_town(ground.base, comparison)
    name = ground.base.id
    where = Cluster(cluster) if cluster else Here(workers or os.cpu_count() or 1)
    results = results_for(out or Path("results") / f"{name}-{KIND}", KIND, name)
    work = FitWork(ground, worlds, results, where)
    work.seconds = None if cell_minutes is None else 60 * cell_minutes
    if check or not quiet:
        for line in fit_plan(work, language()):
            print(line)
    if check:
        results.forsake()
        print(say("fit.checked"))
        return 0
    try:
        with keeping(results):
            return fitted_and_written(work, town, comparison, quiet)
    finally:
        where.leave()


def computed_fit(work: FitWork, quiet: bool, looks: bool = True) -> Fitted:
    """Compute what is missing, with progress; with `looks` the first look is printed as soon as it
    is there. Ctrl-C says that the rest is kept.
    """
    from sim.study.fit.result import fitted
    from sim.study.runs import RunCallbacks

    bar = SensitivityBar(quiet)
    with bar:
        work.watch = RunCallbacks(ended=bar.ended)
        work.begins = lambda missing, found: batch_begins(bar, missing, found, "fit.progress")
        if looks and not quiet and work.numbers:
            work.looked = lambda one: print_fit(fitted(one))
        try:
            with until_interrupted(bar, work.results, "fit.kept"):
                prepare_engine([work.town.ground], quiet)
                work.run()
                return fitted(work)
        except ScenarioError:
            if work.failed:
                print(failure(work.failed[0].error), file=sys.stderr)
            raise


def computed_effect(
    work: FitWork, found: Fitted, comparison: Comparison | None, quiet: bool
) -> FitEffect | None:
    """Compute what the fit changes of a comparison, where one is named and any world is left."""
    from sim.study.fit.effect import FittedRuns, effect_on
    from sim.study.runs import RunCallbacks

    if comparison is None or not found.kept:
        return None
    bar = SensitivityBar(quiet)
    with bar:
        runs = FittedRuns(work.results, work.where, RunCallbacks(ended=bar.ended), work.seconds)
        runs.begins = lambda missing, there: batch_begins(bar, missing, there, "fit.progress")
        with until_interrupted(bar, work.results, "fit.kept"):
            return effect_on(found, comparison, runs)


def fitted_and_written(
    work: FitWork, town: Path, comparison: Comparison | None, quiet: bool
) -> int:
    """Fit the town, write tables and scenario files, print what was found; the exit code."""
    from sim.study.cells import code_hash

    found = computed_fit(work, quiet)
    print_fit(found)
    effect = computed_effect(work, found, comparison, quiet)
    if effect is not None:
        print_effect(effect)
    work.results.publish(partial(write_fit, work, found, effect, town), code_hash())
    if not quiet:
        print(say("fit.written", folder=short(work.results.out)))
    failed = (*found.failed, *(effect.failed if effect else ()))
    if failed:
        file = short(work.results.out / "failed.csv")
        print(say("fit.failed", number=len(failed), file=file), file=sys.stderr)
        return FAILED
    return 0


def print_effect(effect: FitEffect) -> None:
    """Print what the fit changes of a comparison."""
    from sim.cli.comparison_output import put
    from sim.report.text.fit import effect_section

    put(console_for(None), effect_section(effect, language()))


def print_fit(found: Fitted) -> None:
    """Print own figures beside the model, the knobs, and the verdict."""
    from sim.cli.comparison_output import put
    from sim.report.text.fit import fit_lines, fit_section, knob_section

    console, lang = console_for(None), language()
    put(console, fit_section(found, lang))
    if found.kept:
        put(console, knob_section(found, lang))
    console.print()
    for line in fit_lines(found, lang):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)


def write_fit(
    work: FitWork, found: Fitted, effect: FitEffect | None, town: Path, folder: Path
) -> None:
    """Write tables, scenario files and the manifest into an empty folder."""
    import pandas as pd

    from sim.report.figures.fit import save_fit  # matplotlib takes a second
    from sim.report.spreadsheet_text import write_csv
    from sim.report.text import provenance
    from sim.report.text.fit import named_table
    from sim.scenario.scenario import digest
    from sim.study import store
    from sim.study.fit.study import KIND
    from sim.study.worlds import table_digest

    tables = {"figures": named_table(found), "worlds": found.worlds, "knobs": found.knobs}
    tables |= {} if effect is None else {"effect": effect.table}
    for name, table in tables.items():
        store.write_table(folder / f"{name}.parquet", table)
        write_csv(folder / f"{name}.csv", table)
    failed = (*found.failed, *(effect.failed if effect else ()))
    if failed:
        rows = [{"seed": one.seed, "error": one.error} for one in failed]
        write_csv(folder / "failed.csv", pd.DataFrame(rows))
    save_fit(found, folder, language())
    _write_scenarios(found, town, folder, work.results.out)
    content = {
        "fit": {
            "figures": {one.key: {"own": one.own, "error": one.error} for one in found.figures},
            "verdict": found.verdict,
            "tried": found.tried,
            "kept": list(found.kept),
            "factors": dict(found.factors),
        },
        "residents": found.residents,
        "digest": digest(found.base),
        "worlds": table_digest(),
    }
    manifest = provenance.manifest(folder, work.results.id, KIND, tuple(tables), content)
    store.write_json(folder / store.MANIFEST, manifest)


def _write_scenarios(found: Fitted, town: Path, folder: Path, out: Path) -> None:
    """Write the town as it fits, as files that `sim compare` takes; `out` is where they will stand."""
    from sim.files.locator import SHIPPED, located
    from sim.report.text.fit import fitted_files
    from sim.study.fit.study import file_of

    scenario = file_of(located(town))
    source, people = (scenario, None) if scenario else (SHIPPED / "base.toml", located(town))
    for name, text in fitted_files(found, source, people, out).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
