"""`sim run`: one scenario for its seeds; tables, figures and a summary of the years."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import (
    Code,
    Lang,
    Outside,
    Quiet,
    console_for,
    screen_table,
    tell_late,
)
from sim.cli.help import bilingual_help
from sim.cli.progress import Bar, prepare_engine
from sim.cli.unexpected import failure, keeping
from sim.scenario.load import Loaded, read
from sim.scenario.seeds import MOST_SEEDS
from sim.words import LANGUAGES, Phrase, language, say
from sim.words.errors import between, fault, short

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


DEFAULT_SEEDS = (1, 2, 3, 4, 5)


MOST_WORKERS = 1024


FAILED = 1


WIDE = 110  # columns of a screen on which measure and unit have a column each


def run_command(
    file: Path,
    seeds: Annotated[str | None, typer.Option("--seeds", help=bilingual_help("cli.seeds"))] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help=bilingual_help("cli.workers"))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=bilingual_help("cli.out_folder"))
    ] = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    no_figures: Annotated[
        bool, typer.Option("--no-figures", help=bilingual_help("cli.no_figures"))
    ] = False,
    profile: Annotated[bool, typer.Option("--profile", help=bilingual_help("cli.profile"))] = False,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Run a scenario; exit code 0 when every seed was computed, 1 when some failed."""
    loaded = read(
        file,
        overrides={} if years is None else {"years": years},
        allow_outside=allow_outside,
        allow_code=allow_code or (),
    )
    tell_late(loaded.late, quiet)
    check_workers(workers)
    chosen = chosen_seeds(seeds, loaded)
    from sim.study.store import Results  # here, since pandas takes half a second to import

    results = Results(out or Path("results") / loaded.scenario.id, loaded.scenario.id)
    results.prepare()
    with keeping(results):
        spent = Spent() if profile else None
        failed = compute(loaded.scenario, chosen, results, workers, quiet, spent)
        if spent is not None:
            spent.tell(loaded.scenario)
        return show(loaded.scenario, chosen, results, failed, quiet, not no_figures)


def check_workers(workers: int | None) -> None:
    """Refuse a number of workers that cannot be."""
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise fault(
            "error.workers", at="--workers", given=workers, allowed=between(1, MOST_WORKERS)
        )


def chosen_seeds(written: str | None, loaded: Loaded) -> tuple[int, ...]:
    """Returns the seeds of the option, else those of the scenario file, else the first five."""
    if written is None:
        return tuple(sorted(loaded.scenario.seeds)) if "seeds" in loaded.origins else DEFAULT_SEEDS
    return read_seeds(written)


def read_seeds(written: str) -> tuple[int, ...]:
    """Returns the seeds as written: "8" (how many), "1-5" (a range), "3,7,9" or "7," (a list;
    ranges may stand in it).
    """
    text = written.replace(" ", "")
    found: set[int] = set()
    if re.fullmatch(r"\d{1,9}", text):
        found = set(range(1, min(int(text), MOST_SEEDS + 1) + 1))
    elif re.fullmatch(r"(\d{1,9}(-\d{1,9})?)(,\d{1,9}(-\d{1,9})?)*,?", text):
        for part in filter(None, text.split(",")):
            first, _, last = part.partition("-")
            found |= set(range(int(first), min(int(last or first), int(first) + MOST_SEEDS) + 1))
    if not 0 < len(found) <= MOST_SEEDS:
        raise fault(
            "error.seeds_option",
            at="--seeds",
            given=written,
            allowed=Phrase("allowed.seeds_option"),
        )
    return tuple(sorted(found))


class Spent:
    """The CPU time of the towns of a run by process of the week."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.towns = 0

    def add(self, outcome) -> None:
        """Add that of a town that ended."""
        from sim.study.profile import summed_cpu

        if outcome.cpu:
            self.cpu, self.towns = summed_cpu(self.cpu, outcome.cpu), self.towns + 1

    def tell(self, scenario: Scenario) -> None:
        """Print it as a table; say so where nothing was computed."""
        from sim.report.text.profile import profile_section
        from sim.study import cells

        if not self.towns:
            print(say("profile.none"))
            return
        weeks = cells.weeks_of(scenario)
        console_for(None).print(
            screen_table(profile_section(self.cpu, self.towns, weeks, language()))
        )


def compute(
    scenario: Scenario,
    seeds: tuple[int, ...],
    results,
    workers: int | None,
    quiet: bool,
    spent: Spent | None = None,
) -> list:
    """Compute what is missing, with progress; gives the outcomes that failed. `spent` gathers the
    CPU time where that is asked for. Ctrl-C says what is kept.
    """
    from sim.study import cells, executors, runs

    wanted = [cells.Cell(scenario, seed) for seed in seeds]
    missing = runs.missing(wanted, results)
    if len(missing) < len(seeds) and not quiet:
        key = "run.resumed" if missing else "run.all_there"
        print(say(key, done=len(seeds) - len(missing), all=len(seeds)), file=sys.stderr)
    workers = workers or executors.workers_for(len(missing), scenario.people.population)
    if missing:
        prepare_engine([scenario], quiet)
    try:
        with Bar(len(missing), cells.weeks_of(scenario), quiet) as bar:
            watch = runs.RunCallbacks(bar.simulated, partial(ended, bar, scenario, results, spent))
            where = executors.Here(min(workers, max(1, len(missing))))
            return runs.compute_cells(missing, results, where, watch, profile=spent is not None)
    except KeyboardInterrupt:
        done = len(seeds) - len(runs.missing(wanted, results))
        results.forsake()
        print(say("run.kept", done=done, all=len(seeds)), file=sys.stderr)
        raise typer.Exit(130) from None


def ended(bar: Bar, scenario: Scenario, results, spent: Spent | None, outcome) -> None:
    """A cell ended; the first of several gives a first look at the numbers."""
    bar.ended(outcome)
    if spent is not None:
        spent.add(outcome)
    if bar.late and bar.done == 1 < bar.cells and not outcome.error:
        from sim.report.text.run import first_look
        from sim.study import cells, store

        town = next(
            store.frames_of([results.find(cells.scenario_key(scenario), outcome.seed)], "town")
        )
        bar.tell(first_look(town, scenario, language()))


def show(
    scenario: Scenario, seeds: tuple[int, ...], results, failed: list, quiet: bool, figures: bool
) -> int:
    """Print the summary, then write everything; the exit code."""
    from sim.cli.run_output import Written  # here, since pandas takes half a second to import
    from sim.report.text import run as summary
    from sim.study import runs

    sound = [seed for seed in seeds if seed not in {outcome.seed for outcome in failed}]
    if not sound:
        results.forsake()
        print(say("run.none"), file=sys.stderr)
        print(failure(failed[0].error), file=sys.stderr)
        return FAILED
    written = Written(scenario, tuple(sound), results, failed)
    print_summary(written, summary)
    if not quiet:
        tell_replaced(results, sound)
    publish(written, results, runs.cells.code_hash(), quiet, figures)
    if not quiet:
        print(
            say(
                "run.written",
                folder=short(results.out),
                figures=say("run.figures") if figures else "",
            )
        )
    if failed:
        print(
            say("run.failed", number=len(failed), file=short(results.out / "manifest.json")),
            file=sys.stderr,
        )
    return FAILED if failed else 0


def tell_replaced(results, seeds: list[int]) -> None:
    """Say that the results in the folder, of other seeds, are replaced; their cells are kept."""
    from sim.report.text.run import seed_ranges
    from sim.study.store import read_manifest

    found = read_manifest(results.out).get("seeds")
    before = [seed for seed in found if isinstance(seed, int)] if isinstance(found, list) else []
    if before and before != seeds:
        told = {"before": seed_ranges(before), "now": seed_ranges(seeds)}
        print(say("run.replaced", folder=short(results.out), **told), file=sys.stderr)


def publish(written, results, code: str, quiet: bool, figures: bool) -> None:
    """Write everything into the folder of the results, with progress where figures are drawn."""
    if not figures:
        results.publish(written.write, code)
        return
    from sim.report.figures.names import letters_line
    from sim.report.figures.run import FIGURES  # here, since matplotlib takes a second to import

    with Bar(len(FIGURES) * len(LANGUAGES), 1, quiet, "run.drawing") as bar:
        results.publish(partial(written.write, drawn=bar.drawn), code)
    for line in (
        () if quiet else letters_line(written.scenario.name.model_dump().values(), language())
    ):
        print(line, file=sys.stderr)


def print_summary(written, summary) -> None:
    """Heading and tables, plain where the screen is no terminal."""
    from rich.table import Table

    console = console_for(None)
    lang = language()
    for line in summary.run_heading(
        written.scenario, written.seeds, written.households, written.posts, lang
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    words = (
        2 if console.width >= WIDE else 1
    )  # columns of words; on a narrow screen the unit stands behind the name
    for section in summary.run_sections(written.spread, lang):
        table = Table(
            title=section.title, title_justify="left", title_style="bold", box=None, pad_edge=False
        )
        for place, column in enumerate(_shortened(section.columns, words)):
            table.add_column(
                column,
                justify="left" if place < words else "right",
                overflow="fold",
                no_wrap=place >= words,
            )
        for row in section.rows:
            table.add_row(*_shortened(row, words))
        console.print()
        console.print(table)
    console.print()


def _shortened(row: tuple[str, ...], words: int) -> tuple[str, ...]:
    """Returns a row with so many columns of words."""
    return row if words == 2 else (say("summary.with_unit", measure=row[0], unit=row[1]), *row[2:])
