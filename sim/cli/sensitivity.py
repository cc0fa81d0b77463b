"""`sim sensitivity`: which assumptions move an outcome beyond what luck alone would show."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet
from sim.cli.help import bilingual_help, option
from sim.cli.progress import Bar, duration, prepare_engine, until_interrupted
from sim.cli.run import FAILED
from sim.cli.unexpected import failure, keeping
from sim.files.locator import located
from sim.words import language, say
from sim.words.errors import ScenarioError, short

if TYPE_CHECKING:
    from sim.scenario.comparison import Comparison
    from sim.scenario.scenario import Scenario
    from sim.study.sensitivity.design import SensitivityDesign
    from sim.study.sensitivity.ground import OutcomeGround
    from sim.study.sensitivity.work import Sensitivity, SensitivityWork

EVERY = 30  # seconds between two lines of progress where the screen is no terminal
MEASURE, METHOD, POPULATION, SEEDS = "compounded", "morris", 10_000, 2


Measured = Annotated[str, option("sensitivity", "measure")]
InYear = Annotated[int | None, option("sensitivity", "year")]
OfArm = Annotated[str, option("sensitivity", "arm")]
Patterns = Annotated[list[str] | None, option("sensitivity", "parameters")]
MovedWithin = Annotated[Path | None, option("sensitivity", "ranges")]
Method = Annotated[str, option("sensitivity", "method")]
Repetitions = Annotated[int | None, option("sensitivity", "repetitions")]
CommonSeeds = Annotated[int, option("sensitivity", "seeds")]
Residents = Annotated[int, option("sensitivity", "population")]
SensitivityFolder = Annotated[Path | None, option("sensitivity", "out")]
PlanOnly = Annotated[bool, option("sensitivity", "check")]


def sensitivity_command(
    file: Annotated[Path, typer.Argument(help=bilingual_help("cli.sensitivity_file"))],
    measure: Measured = MEASURE,
    year: InYear = None,
    arm: OfArm = "",
    parameters: Patterns = None,
    ranges: MovedWithin = None,
    method: Method = METHOD,
    repetitions: Repetitions = None,
    seeds: CommonSeeds = SEEDS,
    population: Residents = POPULATION,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: SensitivityFolder = None,
    cell_minutes: CellMinutes = None,
    check: PlanOnly = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Run a sensitivity study. Exit code 0: every cell computed, 1: some failed."""
    check_numbers(workers, cell_minutes, None)
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    file = located(file)
    from sim.study.match.ranges import read_ranges
    from sim.study.sensitivity.ground import ground_of
    from sim.study.sensitivity.study import design_for

    ground = ground_of(scenario_or_comparison(file, may), measure, year, arm, population)
    space = None if ranges is None else read_ranges(ranges)
    design = design_for(ground, parameters or (), method, repetitions, seeds, space)
    if check or not quiet:
        tell_sensitivity_plan(ground, design)
    if check:
        print(say("sensitivity.checked"))
        return 0
    work = sensitivity_work(ground, design, workers, cluster, out, cell_minutes)
    try:
        with keeping(work.results):
            return told_and_written(work, computed_sensitivity(work, quiet), quiet)
    finally:
        work.where.leave()


def scenario_or_comparison(file: Path, may: dict[str, Any]) -> Scenario | Comparison:
    """Returns what a file holds; `may`: what the caller allows, as in `load`."""
    from sim.scenario.arms import is_comparison, read_comparison
    from sim.scenario.load import load

    if is_comparison(file, may["allow_outside"]):
        return read_comparison([file], **may)
    return load(file, **may)


def tell_sensitivity_plan(ground: OutcomeGround, design: SensitivityDesign) -> None:
    """Say what will be computed."""
    from sim.report.text.sensitivity import sensitivity_plan

    for line in sensitivity_plan(ground, design, language()):
        print(line)


def sensitivity_work(
    ground: OutcomeGround,
    design: SensitivityDesign,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    minutes: float | None,
) -> SensitivityWork:
    """Returns the work of a study, its folder ready; refuses a folder that is not ours."""
    from sim.study.executors import Cluster, Here
    from sim.study.nation.work import KEPT
    from sim.study.sensitivity.study import KIND
    from sim.study.sensitivity.work import SensitivityWork
    from sim.study.store import Results

    where = Cluster(cluster) if cluster else Here(workers or os.cpu_count() or 1)
    folder = out or Path("results") / f"{ground.id}-{KIND}"
    results = Results(folder, f"{KIND} {ground.id}", KEPT)
    results.prepare()
    seconds = None if minutes is None else 60 * minutes
    return SensitivityWork(ground, design, results, where, seconds=seconds)


class SensitivityBar(Bar):
    """Shows how many cells are done; elsewhere than on a terminal a line now and then."""

    def __init__(self, quiet: bool):
        super().__init__(0, 1, quiet, "sensitivity.progress")
        self._told = time.monotonic()

    def ended(self, outcome: Any) -> None:
        """A cell has ended."""
        self.drawn()
        if outcome.error:
            reason = outcome.error.strip().splitlines()[-1]
            told = {"done": self.done, "seed": outcome.seed, "reason": reason}
            self.tell(say("sensitivity.cell_failed", **told))
        elif self.late and not sys.stderr.isatty() and time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            done = {"done": f"{self.done:,}", "all": f"{self.cells:,}"}
            self.tell(say("sensitivity.step", **done, left=duration(self.left())))


def computed_sensitivity(work: SensitivityWork, quiet: bool) -> Sensitivity:
    """Compute what is missing, with progress, and say before how long it takes; Ctrl-C says that
    the rest is kept.
    """
    from sim.study.runs import RunCallbacks

    with SensitivityBar(quiet) as bar:
        work.watch = RunCallbacks(ended=bar.ended)
        try:
            with until_interrupted(bar, work.results, "sensitivity.kept"):
                tell_time(work, quiet)
                work.begins = lambda missing, _found: bar.begin(missing, 1, bar.title)
                return work.run()
        except ScenarioError:
            if work.failed:
                print(failure(work.failed[0].error), file=sys.stderr)
            raise


def tell_time(work: SensitivityWork, quiet: bool) -> None:
    """Prepare the engine, and say how many cells are left and how long they take."""
    missing = work.missing()
    found = work.cells - len(missing)
    if found and not quiet:
        print(say("sensitivity.resumed", number=f"{found:,}"), file=sys.stderr)
    if not missing:
        return
    prepare_engine([cell.scenario for cell in work.planned[0, 1]], quiet)
    if quiet or not work.where.writes:
        return
    each = work.seconds_each(missing)
    left = max(0, len(missing) - 2)
    told: dict[str, Any] = {"each": f"{each:.1f}", "places": work.where.places}
    told["time"] = duration(each * left / work.where.places)
    print(say("sensitivity.time", cells=f"{left:,}", **told), file=sys.stderr, flush=True)


def told_and_written(work: SensitivityWork, found: Sensitivity, quiet: bool) -> int:
    """Write the tables and the figure, print the ranking; the exit code."""
    from functools import partial

    from sim.cli.sensitivity_output import print_sensitivity, write_sensitivity
    from sim.study.cells import code_hash

    work.results.publish(partial(write_sensitivity, work, found), code_hash())
    print_sensitivity(found)
    if not quiet:
        print(say("sensitivity.written", folder=short(work.results.out)))
    if found.failed:
        file = short(work.results.out / "failed.csv")
        print(say("sensitivity.failed", number=len(found.failed), file=file), file=sys.stderr)
        return FAILED
    return 0
