"""Progress of anything long: a bar with the time left on a terminal, a line for each finished seed
elsewhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from sim.cli.console import NARROWEST
from sim.files.progress_note import ProgressNote
from sim.report.text.listing import Section
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.store import Results

PATIENCE = 2.0  # seconds before anything is shown


def prepare_engine(scenarios: Iterable[Scenario], quiet: bool) -> None:
    """Compile what the `scenarios` need, with progress, before the first run of this version. Where
    nothing can be kept, say so: every process then compiles for itself.
    """
    from sim.files.user_cache import CACHE_VARIABLE
    from sim.model.kernel import PLAIN, cache_folder, writable
    from sim.study.prepare import prepare

    folder = cache_folder("sim.model.course")
    if writable(folder) is None and not PLAIN:
        if not quiet:
            told = say("engine.not_kept", folder=short(folder.parent), variable=CACHE_VARIABLE)
            print(told, file=sys.stderr, flush=True)
        return
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(say("engine.progress"), total=None)

    note = ProgressNote()

    def tell(done: int, of: int) -> None:
        note.write("engine.progress", done, of)
        if not bar.live.is_started:
            bar.start()
            if not quiet:
                print(say("engine.preparing"), file=sys.stderr, flush=True)
        bar.update(task, completed=done, total=of)

    try:
        prepare(scenarios, tell)
    finally:
        bar.stop()


class Bar:
    """Shows how far `cells` cells of `weeks` weeks each have come; silent where `quiet` or done
    within PATIENCE seconds. Each further batch of cells has a bar of its own.
    """

    def __init__(self, cells: int, weeks: int, quiet: bool, title: str = "run.progress"):
        self.cells, self.weeks, self.quiet, self.title = cells, cells * weeks, quiet, title
        self.done = self.simulated_weeks = 0
        self.failed, self._each = 0, weeks
        self.start = self._begun = time.monotonic()
        self._bar: Progress | None = None
        self._task: Any = None
        self._note = ProgressNote()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.stop()

    def begin(self, cells: int, weeks: int, title: str = "run.progress") -> None:
        """A batch of `cells` cells of `weeks` weeks each begins, with a bar of its own."""
        self.cells, self.weeks, self.title = cells, cells * weeks, title
        self.done = self.simulated_weeks = 0
        self._each, self._begun = weeks, time.monotonic()
        if self._bar:
            self._bar.reset(self._task, total=self.weeks, description=say(title), seeds=self.seeds)

    @property
    def late(self) -> bool:
        """Whether the user has waited long enough to want to know."""
        return not self.quiet and time.monotonic() - self.start > PATIENCE

    def simulated(self, weeks: int) -> None:
        """So many weeks were simulated in all cells of this batch."""
        weeks = self.simulated_weeks = max(weeks, self.done * self._each)
        self._note.write(self.title, weeks, self.weeks)
        if self._bar is None and self.late and sys.stderr.isatty():
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[seeds]}"),
                TimeRemainingColumn(),
            )
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(say(self.title), total=self.weeks, seeds=self.seeds)
            self._bar.start()
        if self._bar:
            self._bar.update(self._task, completed=weeks, seeds=self.seeds)

    def drawn(self) -> None:
        """One more is done."""
        self.done += 1
        self.simulated(self.done)

    @property
    def seeds(self) -> str:
        """Cells done of all."""
        return f"{self.done}/{self.cells}"

    def ended(self, outcome: Any) -> None:
        """A cell has ended."""
        self.done += 1
        if outcome.error:
            self.tell(
                say(
                    "run.seed_failed",
                    seed=outcome.seed,
                    reason=outcome.error.strip().splitlines()[-1],
                )
            )
        elif self.late and not sys.stderr.isatty():
            key = "run.last_done" if self.done == self.cells else "run.seed_done"
            self.tell(
                say(
                    key,
                    seed=outcome.seed,
                    done=self.done,
                    all=self.cells,
                    left=duration(self.left()),
                )
            )

    def cell_ended(self, outcome: Any, names: Any) -> None:
        """A cell of a comparison has ended."""
        self.done += 1
        self.failed += bool(outcome.error)
        self.simulated(self.simulated_weeks)
        arm = getattr(names[outcome.cell.scenario.id], language())
        if outcome.error:
            self.tell(
                say(
                    "compare.cell_failed",
                    arm=arm,
                    seed=outcome.seed,
                    reason=outcome.error.strip().splitlines()[-1],
                )
            )
        elif self.late and not sys.stderr.isatty():
            self.tell(
                say(
                    "compare.cell_done",
                    arm=arm,
                    seed=outcome.seed,
                    done=self.done,
                    all=self.cells,
                    failed=self.failed,
                    left=duration(self.left()),
                )
            )

    def part_ended(self, outcome: Any) -> None:
        """A cell in which a part of a bundle is tried has ended."""
        self.done += 1
        self.simulated(self.simulated_weeks)
        if self.late and not sys.stderr.isatty() and self.done in (1, self.cells):
            self.tell(say("parts.tried_so_far", done=self.done, all=self.cells))

    def left(self) -> float:
        """Seconds left if the rest goes as fast as what is behind."""
        return (
            (time.monotonic() - self._begun)
            * (self.weeks - self.simulated_weeks)
            / max(1, self.simulated_weeks)
        )

    def tell(self, text: str) -> None:
        """A line above the bar."""
        if self._bar:
            self._bar.console.print(text, highlight=False, markup=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def show(self, section: Section) -> None:
        """A table above the bar."""
        table = Table(title=section.title, title_justify="left", box=None, pad_edge=False)
        for place, column in enumerate(section.columns):
            table.add_column(column, justify="right" if place else "left", overflow="fold")
        for row in section.rows:
            table.add_row(*(text.replace("[", "\\[") for text in row))
        if self._bar:
            self._bar.console.print(table)
        else:
            Console(stderr=True, width=None if sys.stderr.isatty() else NARROWEST).print(table)


def duration(seconds: float) -> str:
    """Returns a length of time in words."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return (
        say("minutes_seconds", minutes=minutes, seconds=rest)
        if minutes
        else say("seconds", seconds=rest)
    )


@contextmanager
def until_interrupted(bar: Bar, results: Results, kept: str) -> Iterator[None]:
    """Ctrl-C takes the bar away and ends the command with the word `kept`, which says what stays."""
    try:
        yield
    except KeyboardInterrupt:
        results.forsake()
        bar.close()
        print(say(kept), file=sys.stderr)
        raise typer.Exit(130) from None
