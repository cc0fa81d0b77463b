"""`sim reproduce`: run again what a manifest describes; says that it came out identical, or what differs."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ..scenario.errors import fault, short
from ..scenario.livable import check_livable
from ..scenario.locator import results_of
from ..scenario.paths import refusing
from ..words import language, say
from .compare import Workers
from .options import Lang, Quiet, both
from .run import check_workers
from .unexpected import failure

DIFFERS = 1


def reproduce(
    manifest: Annotated[Path, typer.Argument(help=both("cli.manifest"))],
    workers: Workers = None,
    keep: Annotated[Path | None, typer.Option("--keep", help=both("cli.keep"))] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Run again what the manifest of a `sim compare` or `sim run` describes; exit code 0 when identical, 1 when it differs."""
    check_workers(workers)
    then, folder = described(manifest)
    with tempfile.TemporaryDirectory() as nowhere:
        out = keep or Path(nowhere) / "again"
        if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
            raise fault("error.keep", at="--keep", given=short(keep))
        {"compare": run_comparison, "run": run_scenario}[then["kind"]](
            then, out, workers, quiet, short(manifest)
        )
        return told(then, folder, out)


def described(path: Path) -> tuple[dict[str, Any], Path]:
    """A manifest, from its file or from the folder that it lies in, and that folder; refuses what is none."""
    from ..comparison.manifest import read_whole

    path = results_of(path)
    with refusing(path):
        file = path / "manifest.json" if path.is_dir() else path
    return read_whole(file, ("compare", "run"), "error.no_run_manifest"), file.parent


def run_comparison(
    then: dict[str, Any], out: Path, workers: int | None, quiet: bool, file: str
) -> None:
    """Compute the comparison of a manifest and write it, without figures, into a folder."""
    from ..comparison.stored import check_all_livable, work_of
    from ..experiment.executors import Here, workers_for
    from ..experiment.store import Results
    from .compare import computed
    from .compared import Written, ledger_of, no_ledger

    work = work_of(then, Results(out, then["scenario_id"]), Here(1), file)
    check_all_livable(work.comparison, file)
    cells = len(work.effort.seeds) * len(work.comparison.arms)
    where = Here(workers or workers_for(cells, work.comparison.base.people.population))
    work = replace(work, effort=replace(work.effort, where=where))
    work.results.prepare()
    compared = computed(work, quiet)
    ledger = (lambda: ledger_of(work)) if "ledger.parquet" in then["sha256"] else no_ledger
    written = Written(work, compared, ledger, figures=False)
    work.results.publish(written.write_tables, written.code)


def run_scenario(
    then: dict[str, Any], out: Path, workers: int | None, quiet: bool, file: str
) -> None:
    """Compute the runs of a manifest and write them, without figures, into a folder."""
    from pydantic import ValidationError

    from ..comparison.stored import place_of
    from ..experiment.cells import code
    from ..experiment.store import Results
    from ..scenario.scenario import Scenario
    from .run import compute
    from .written import Written

    try:
        scenario, seeds = Scenario.model_validate(then["scenario"]), tuple(then["seeds"])
    except (KeyError, TypeError, ValidationError) as error:
        raise fault("error.results_older", file=file, detail=place_of(error)) from None
    check_livable(scenario, file)
    results = Results(out, then["scenario_id"])
    results.prepare()
    failed = compute(scenario, seeds, results, workers, quiet)
    sound = tuple(seed for seed in seeds if seed not in {outcome.seed for outcome in failed})
    if not sound:
        print(failure(failed[0].error), file=sys.stderr)
        raise typer.Exit(DIFFERS)
    results.publish(Written(scenario, sound, results, failed).write, code())


def told(then: dict[str, Any], stored: Path, out: Path) -> int:
    """Print what came of it; the exit code."""
    from ..experiment.store import read_manifest
    from ..report.reproduced import differing, surroundings

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
