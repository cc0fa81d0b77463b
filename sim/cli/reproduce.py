"""`sim reproduce`: run again what a manifest describes; says that it came out identical, or what
differs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.compare import Workers
from sim.cli.console import Code, Lang, Quiet
from sim.cli.help import bilingual_help
from sim.cli.run import check_workers
from sim.cli.unexpected import failure
from sim.files.locator import results_of
from sim.files.toml import refusing
from sim.study.recheck import check_livable
from sim.words import language, say
from sim.words.errors import fault, short

DIFFERS = 1


def reproduce_command(
    manifest: Annotated[Path, typer.Argument(help=bilingual_help("cli.manifest"))],
    workers: Workers = None,
    keep: Annotated[Path | None, typer.Option("--keep", help=bilingual_help("cli.keep"))] = None,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_code: Code = None,
) -> int:
    """Run again what the manifest of a `sim compare` or `sim run` describes; exit code 0 when
    identical, 1 when it differs.
    """
    check_workers(workers)
    then, folder = described(manifest)
    with tempfile.TemporaryDirectory() as nowhere:
        out = keep or Path(nowhere) / "again"
        if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
            raise fault("error.keep", at="--keep", given=short(keep))
        {"compare": run_comparison, "run": run_scenario}[then["kind"]](
            then, out, workers, quiet, short(manifest), allow_code or ()
        )
        return print_reproduction(then, folder, out)


def described(path: Path) -> tuple[dict[str, Any], Path]:
    """Returns a manifest, from its file or from the folder that it lies in, and that folder;
    refuses what is none.
    """
    from sim.study.manifest import read_whole

    path = results_of(path)
    with refusing(path):
        file = path / "manifest.json" if path.is_dir() else path
    return read_whole(file, ("compare", "run"), "error.no_run_manifest"), file.parent


def run_comparison(
    then: dict[str, Any],
    out: Path,
    workers: int | None,
    quiet: bool,
    file: str,
    allow_code: Sequence[Path],
) -> None:
    """Compute the comparison of a manifest and write it, without figures, into a folder."""
    from sim.cli.compare import computed
    from sim.cli.comparison_output import Written, ledger_of, no_ledger
    from sim.study.case import Case
    from sim.study.executors import Here, workers_for
    from sim.study.manifest import check_all_livable, check_same_worlds, work_of
    from sim.study.store import Results

    work = work_of(then, Results(out, then["scenario_id"]), Here(1), file)
    check_all_livable(work.comparison, file, allow_code)
    check_same_worlds(then, file)
    cells = len(work.effort.seeds) * len(work.comparison.arms)
    where = Here(workers or workers_for(cells, work.comparison.base.people.population))
    work = replace(work, effort=replace(work.effort, where=where))
    work.results.prepare()
    compared = computed(work, quiet)
    ledger = (lambda: ledger_of(work)) if "ledger.parquet" in then["sha256"] else no_ledger
    written = Written(work, Case(compared, work.book, work.rate), ledger, figures=False)
    work.results.publish(written.write_tables, written.code)


def run_scenario(
    then: dict[str, Any],
    out: Path,
    workers: int | None,
    quiet: bool,
    file: str,
    allow_code: Sequence[Path],
) -> None:
    """Compute the runs of a manifest and write them, without figures, into a folder."""
    from pydantic import ValidationError

    from sim.cli.run import compute
    from sim.cli.run_output import Written
    from sim.scenario.scenario import Scenario
    from sim.study.cells import code_hash
    from sim.study.manifest import place_of
    from sim.study.store import Results

    try:
        scenario, seeds = Scenario.model_validate(then["scenario"]), tuple(then["seeds"])
    except (KeyError, TypeError, ValidationError) as error:
        raise fault("error.results_older", file=file, detail=place_of(error)) from None
    check_livable(scenario, file, allow_code)
    results = Results(out, then["scenario_id"])
    results.prepare()
    failed = compute(scenario, seeds, results, workers, quiet)
    sound = tuple(seed for seed in seeds if seed not in {outcome.seed for outcome in failed})
    if not sound:
        print(failure(failed[0].error), file=sys.stderr)
        raise typer.Exit(DIFFERS)
    results.publish(Written(scenario, sound, results, failed).write, code_hash())


def print_reproduction(then: dict[str, Any], stored: Path, out: Path) -> int:
    """Print what came of it; the exit code."""
    from sim.report.text.provenance import differing, surroundings
    from sim.study.store import read_manifest

    now = read_manifest(out)
    found = differing(then, stored, now, out)
    other = [
        say("reproduce.other", what=what, then=was, now=is_now)
        for what, was, is_now in surroundings(then)
    ]
    key = "differs" if found else "identical"
    print(
        say(
            f"reproduce.{key}",
            id=then["scenario_id"],
            tables=len(then["sha256"]),
            number=len(found),
        )
    )
    for line in (*(one.say(language()) for one in found), *other):
        print(f"- {line}")
    return DIFFERS if found else 0
