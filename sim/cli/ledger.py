"""`sim ledger`: what of an arm's difference to the reference each loop of the guidebook carries."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import Files, Seeds, Workers
from sim.cli.console import (
    Code,
    Langs,
    Outside,
    Quiet,
    languages_of,
    tell_late,
)
from sim.cli.help import bilingual_help, option
from sim.cli.progress import Bar, duration, prepare_engine, until_interrupted
from sim.cli.run import FAILED, check_workers, read_seeds
from sim.cli.unexpected import keeping
from sim.scenario.arms import read_comparison
from sim.words import say
from sim.words.errors import short

EVERY = 30  # seconds between two lines of progress where the screen is no terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.cells import Cell
    from sim.study.loop_ledger.tables import LoopLedger
    from sim.study.loop_ledger.work import LedgerWork


LedgerWorlds = Annotated[int | None, option("ledger", "worlds")]
LedgerArms = Annotated[list[str] | None, option("ledger", "arms")]
LedgerLoops = Annotated[list[str] | None, option("ledger", "loops")]
LedgerFolder = Annotated[Path | None, option("ledger", "out")]
Years = Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))]


def ledger_command(
    files: Files,
    worlds: LedgerWorlds = None,
    seeds: Seeds = None,
    arms: LedgerArms = None,
    loops: LedgerLoops = None,
    years: Years = None,
    workers: Workers = None,
    out: LedgerFolder = None,
    lang: Langs = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Make a loop ledger. Exit code 0: every cell computed, 1: some failed."""
    check_workers(workers)
    comparison = read_comparison(
        files,
        overrides={} if years is None else {"years": years},
        allow_outside=allow_outside,
        allow_code=allow_code or (),
    )
    tell_late(comparison.late, quiet)
    from sim.study.executors import Here
    from sim.study.loop_ledger.stored import beside
    from sim.study.loop_ledger.study import ledger_work

    chosen = None if seeds is None else read_seeds(seeds)
    folder = out or beside(Path("results") / comparison.id)
    where = Here(workers or os.cpu_count() or 1)
    work = ledger_work(comparison, loops or (), arms or (), worlds, chosen, folder, where)
    try:
        with keeping(work.results):
            found = computed_ledger(work, quiet)
            return told_ledger(work, found, languages_of(lang), quiet)
    finally:
        where.leave()


class LedgerBar(Bar):
    """Shows how many cells are done; elsewhere than on a terminal a line now and then."""

    def __init__(self, quiet: bool):
        super().__init__(0, 0, quiet, "ledger.progress")
        self._told = time.monotonic()

    def ended(self, outcome: Any) -> None:
        """A cell has ended."""
        self.done += 1
        self.simulated(self.simulated_weeks)
        if outcome.error:
            reason = outcome.error.strip().splitlines()[-1]
            self.tell(say("run.seed_failed", seed=outcome.seed, reason=reason))
        elif self.late and not sys.stderr.isatty() and time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            done = {"done": f"{self.done:,}", "all": f"{self.cells:,}"}
            self.tell(say("ledger.step", **done, left=duration(self.left())))


def computed_ledger(work: LedgerWork, quiet: bool) -> LoopLedger:
    """Compute what is missing, with progress; Ctrl-C says what is kept."""
    from sim.study.cells import weeks_of
    from sim.study.runs import RunCallbacks

    with LedgerBar(quiet) as bar:

        def begins(missing: Sequence[Cell]) -> None:
            if missing and not bar.cells:
                prepare_engine([arm.scenario for arm in work.comparison.arms], quiet)
            if missing:
                weeks = weeks_of(missing[0].scenario)
                bar.begin(len(missing), weeks, "ledger.progress")

        work.watch, work.begins = RunCallbacks(bar.simulated, bar.ended), begins
        with until_interrupted(bar, work.results, "ledger.kept"):
            return work.run()


def told_ledger(
    work: LedgerWork, found: LoopLedger, languages: tuple[str, ...], quiet: bool
) -> int:
    """Write tables and figures, print the ledger; the exit code."""
    from sim.cli.ledger_output import print_ledger, write_ledger
    from sim.study.cells import code_hash

    work.results.publish(partial(write_ledger, work, found, languages), code_hash())
    print_ledger(found)
    if not quiet:
        print(say("ledger.written", folder=short(work.results.out)))
    if found.failed:
        file = short(work.results.out / "failed.csv")
        print(say("ledger.failed", number=len(found.failed), file=file), file=sys.stderr)
        return FAILED
    return 0
