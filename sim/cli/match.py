"""`sim match`: which sets of parameter values are not ruled out by what is known of towns."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compare import CellMinutes, ClusterAt, Workers, check_numbers
from sim.cli.console import Code, Lang, Outside, Quiet
from sim.cli.help import bilingual_help
from sim.cli.progress import Bar, duration, prepare_engine, until_interrupted
from sim.cli.run import FAILED
from sim.cli.unexpected import failure, keeping
from sim.study.match.settings import (
    AUTO,
    CUTOFF,
    FOLLOW,
    HOUSEHOLDS,
    REPEAT_SEEDS,
    REPEATS,
    SETS,
    WAVES,
    MatchSettings,
)
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.study.match.match import Matched
    from sim.study.match.waves import History
    from sim.study.match.work import MatchWork

EVERY = 30  # seconds between two lines of progress where the screen is no terminal
OUT = Path("results") / "match"


Ranges = Annotated[Path | None, typer.Option("--ranges", help=bilingual_help("cli.match_ranges"))]
GroundScenario = Annotated[
    Path | None, typer.Option("--scenario", help=bilingual_help("cli.match_scenario"))
]
SetsAWave = Annotated[int, typer.Option("--sets", help=bilingual_help("cli.match_sets"))]
WavesOfMatch = Annotated[int, typer.Option("--waves", help=bilingual_help("cli.match_waves"))]
Households = Annotated[
    int, typer.Option("--households", help=bilingual_help("cli.match_households"))
]
Repeats = Annotated[int, typer.Option("--repeats", help=bilingual_help("cli.match_repeats"))]
RepeatSeeds = Annotated[
    int, typer.Option("--repeat-seeds", help=bilingual_help("cli.match_repeat_seeds"))
]
Cutoff = Annotated[float, typer.Option("--cutoff", help=bilingual_help("cli.match_cutoff"))]
Rank = Annotated[int, typer.Option("--rank", help=bilingual_help("cli.match_rank"))]
EmulatorKind = Annotated[str, typer.Option("--emulator", help=bilingual_help("cli.match_emulator"))]
PostsRule = Annotated[str, typer.Option("--posts", help=bilingual_help("cli.match_posts"))]
DrawnBy = Annotated[int, typer.Option("--seed", help=bilingual_help("cli.match_seed"))]
MatchFolder = Annotated[Path, typer.Option("--out", help=bilingual_help("cli.match_out"))]
NoFigures = Annotated[bool, typer.Option("--no-figures", help=bilingual_help("cli.no_figures"))]
OnlyCheck = Annotated[bool, typer.Option("--check", help=bilingual_help("cli.match_check"))]


def match_command(
    targets: Annotated[
        Path | None, typer.Argument(help=bilingual_help("cli.match_targets"))
    ] = None,
    ranges: Ranges = None,
    scenario: GroundScenario = None,
    sets: SetsAWave = SETS,
    waves: WavesOfMatch = WAVES,
    households: Households = HOUSEHOLDS,
    repeats: Repeats = REPEATS,
    repeat_seeds: RepeatSeeds = REPEAT_SEEDS,
    cutoff: Cutoff = CUTOFF,
    rank: Rank = 1,
    emulator: EmulatorKind = AUTO,
    posts: PostsRule = FOLLOW,
    seed: DrawnBy = 1,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: MatchFolder = OUT,
    cell_minutes: CellMinutes = None,
    check: OnlyCheck = False,
    no_figures: NoFigures = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Match a town to what is known. Exit code 0: every set computed, 1: some failed."""
    check_numbers(workers, cell_minutes, None)
    settings = MatchSettings(sets, waves, repeats, repeat_seeds, cutoff, rank, emulator, seed)
    may = {"allow_outside": allow_outside, "allow_code": tuple(allow_code or ())}
    work = match_work_of(targets, ranges, settings, scenario, households, posts, out, may)
    tell_match_plan(work, targets, quiet and not check)
    if check:
        print(say("match.checked"))
        return 0
    put_where(work, workers, cluster)
    work.seconds = None if cell_minutes is None else 60 * cell_minutes
    try:
        work.results.prepare()
        with keeping(work.results):
            return shown_match(work, computed_match(work, quiet), quiet, not no_figures)
    finally:
        work.where.leave()


def match_work_of(
    targets: Path | None,
    ranges: Path | None,
    settings: MatchSettings,
    scenario: Path | None,
    households: int,
    posts: str,
    out: Path,
    may: dict[str, Any],
) -> MatchWork:
    """Returns the work of a match, all of it checked before anything is computed; `may`: what the
    caller allows, as in `load`.
    """
    from sim.scenario.load import load
    from sim.study.executors import Here
    from sim.study.match.match import ID, match_work
    from sim.study.match.ranges import read_ranges
    from sim.study.match.town import KEPT
    from sim.study.store import Results

    space = None if ranges is None else read_ranges(ranges)
    ground = None if scenario is None else load(scenario, **may)
    results = Results(out, ID, KEPT)
    return match_work(targets, space, settings, results, Here(1), ground, households, posts)


def put_where(work: MatchWork, workers: int | None, cluster: str | None) -> None:
    """Say where a match is computed."""
    from sim.study.executors import Cluster, Here, workers_for

    number = workers or workers_for(work.cells, work.town.residents)
    work.where = Cluster(cluster) if cluster else Here(number)


def tell_match_plan(work: MatchWork, targets: Path | None, quiet: bool) -> None:
    """Say what will be simulated."""
    from sim.report.text.match import plan_match_lines
    from sim.study.match.targets import OPEN_TARGETS

    for line in () if quiet else plan_match_lines(work, short(targets or OPEN_TARGETS), language()):
        print(line)


class MatchBar(Bar):
    """Shows how far each part of a match has come; elsewhere than on a terminal a line now and
    then.
    """

    def __init__(self, work: MatchWork, quiet: bool):
        from sim.study.match.town import years_needed

        scenario = work.town.scenario
        super().__init__(work.cells, 1, quiet)
        self._weeks = scenario.run_in_weeks + 52 * years_needed(work.town.targets)
        self._told, self.found, self._wave = time.monotonic(), 0, 1

    def part(self, wave: int, posts: bool, cells: int, found: int) -> None:
        """A part of a wave begins."""
        self.found += found
        self._wave = wave
        self.begin(cells, self._weeks, "match.progress_posts" if posts else "match.progress")

    def ended(self, outcome: Any) -> None:
        """A cell has ended."""
        self.done += 1
        self.simulated(self.simulated_weeks)
        if outcome.error:
            reason = outcome.error.strip().splitlines()[-1]
            self.tell(say("match.cell_failed", reason=reason))
        elif self.late and not sys.stderr.isatty() and time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            done = {"done": f"{self.done:,}", "all": f"{self.cells:,}"}
            title = say(self.title)
            left = duration(self.left())
            self.tell(say("match.step", wave=self._wave, title=title, left=left, **done))

    def waved(self, history: History) -> None:
        """A wave is judged."""
        wave, kept = history.waves[-1], history.kept
        mine = int(kept[-len(wave.sets) :].sum())
        counts = {"sets": f"{len(wave.sets):,}", "kept": f"{mine:,}", "all": f"{kept.sum():,}"}
        if not self.quiet:
            self.tell(say("match.wave_done", wave=wave.number, **counts))


def tell_time(work: MatchWork, quiet: bool) -> None:
    """Simulate the first run, which is kept, and say how long all will take."""
    from sim.study.match.waves import History, next_wave

    first = next_wave(History(work.space, work.town.targets, work.settings), 1)
    seconds = work.first_seconds(first)
    if seconds is not None and not quiet:
        whole = seconds * work.cells / work.where.places
        workers = work.where.places
        line = say("match.plan_time", each=f"{seconds:.1f}", whole=duration(whole), workers=workers)
        print(line, flush=True)


def computed_match(work: MatchWork, quiet: bool) -> Matched:
    """Compute what is missing, with progress; Ctrl-C says that the rest is kept."""
    from sim.study.match.match import finished_match
    from sim.study.match.work import MatchCallbacks

    prepare_engine([work.town.cell({}, 1).scenario], quiet)
    bar = MatchBar(work, quiet)
    with bar:
        work.callbacks = MatchCallbacks(bar.part, bar.simulated, bar.ended, bar.waved)
        with until_interrupted(bar, work.results, "match.kept"):
            tell_time(work, quiet)
            found = finished_match(work)
    if bar.found and not quiet:
        print(say("match.resumed", number=f"{bar.found:,}"), file=sys.stderr)
    return found


def shown_match(work: MatchWork, matched: Matched, quiet: bool, figures: bool = True) -> int:
    """Write the tables, print the summary; the exit code."""
    from sim.cli.match_output import WrittenMatch
    from sim.study.cells import code_hash

    if not matched.history.simulated.any():
        work.results.forsake()
        print(say("match.none_simulated"), file=sys.stderr)
        print(failure(next(iter(matched.failed.values()), "")), file=sys.stderr)
        return FAILED
    written = WrittenMatch(work, matched, figures)
    work.results.publish(written.write, code_hash())
    written.show()
    out = work.results.out
    if not quiet:
        print(say("match.written", folder=short(out), digest=matched.digest[:16]))
    if matched.failed:
        file = short(out / "failed.csv")
        print(say("match.failed", number=len(matched.failed), file=file), file=sys.stderr)
        return FAILED
    return 0
