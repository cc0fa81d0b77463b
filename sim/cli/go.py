"""`sim go`: the officer's workbook in, checked and compared in stages, and a new workbook given back
with the results; everything that it comes to is saved as scenario files too.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compare import OutFolder, Workers, begins, check_numbers, prepared, published
from sim.cli.console import Lang, Quiet, console_for, screen_table
from sim.cli.go_fit import fitted_draft, in_fitted_worlds
from sim.cli.go_paper import give_papers
from sim.cli.go_search import with_best_mix
from sim.cli.help import bilingual_help
from sim.cli.progress import Bar, until_interrupted
from sim.cli.run import FAILED
from sim.cli.unexpected import failure, keeping
from sim.words import language, say, speak
from sim.words.errors import fault, quoted, short

if TYPE_CHECKING:
    from sim.officer.drafting import Draft
    from sim.officer.fit_sheet import TownFit
    from sim.officer.planning import BookPlan
    from sim.officer.reading import BookRead
    from sim.study.compare import Work
    from sim.study.result import Compared

MENDABLE = 2
FIRST_SEEDS = 2  # of the first look, at declared values
RESULTS = "results"
BookFile = Annotated[Path, typer.Argument(help=bilingual_help("cli.book"))]


def go_command(
    book: BookFile,
    worlds: Annotated[
        int | None, typer.Option("--worlds", help=bilingual_help("cli.worlds"))
    ] = None,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help=bilingual_help("cli.go_report"))
    ] = False,
    workers: Workers = None,
    out: OutFolder = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Read a workbook, compare what it asks for, and give back a new one. Exit code 0: all is
    computed, 1: some cells failed, 2: something in the book is to be mended.
    """
    check_numbers(workers, None, None)
    refuse_locked(book)
    from sim.officer.book import base_name
    from sim.officer.reading import read_book

    read = read_book(book)
    if lang is None:
        speak(read.lang)
    folder = out or book.with_name(base_name(book) + say("book.results", read.lang))
    draft, plan = drafted(read)
    if not quiet:
        print(say("go.read", file=short(book), cells=len(read.typed)))
    if read.all_faults:
        return give_remarks(draft)
    tell_draft(draft, folder, quiet)
    return _compared(draft, plan, folder, worlds, workers, report, quiet)


def refuse_locked(book: Path) -> None:
    """Refuse a book that Excel holds open, which it says by a file beside it."""
    lock = book.with_name(f"~${book.name}")
    if book.name.startswith("~$"):
        lock, book = book, book.with_name(book.name.removeprefix("~$"))
    if lock.exists():
        raise fault("go.locked", file=short(book), lock=lock.name)


def drafted(read: BookRead) -> tuple[Draft, BookPlan]:
    """Returns what a workbook comes to; its faults are noted in `read`."""
    from sim.officer.drafting import Draft, draft_town
    from sim.officer.planning import draft_plan, plan_of_book, prices_of
    from sim.officer.searching import SEARCH_FILE, search_text

    draft = Draft(read)
    draft_town(draft)
    plan = plan_of_book(draft)
    if not read.all_faults:
        draft_plan(draft, plan)
    if not read.all_faults and draft.yearly > 0:
        draft.files[SEARCH_FILE] = search_text(draft, plan, draft.yearly, prices_of(draft, plan))
    return draft, plan


def give_remarks(draft: Draft) -> int:
    """Say what is wrong, and give back a book with a remark at each place."""
    from sim.files.toml import write_whole_bytes
    from sim.officer.book import new_name, returned_bytes
    from sim.officer.reading import remarks_of

    read = draft.read
    for one in read.all_faults:
        print(one.say(), file=sys.stderr)
    file = new_name(read.file, "remarks", read.lang)
    write_whole_bytes(file, returned_bytes(read, draft.filled_in, remarks=remarks_of(read)))
    print(say("go.faults", number=len(read.all_faults), file=short(file)), file=sys.stderr)
    return MENDABLE


def tell_draft(draft: Draft, folder: Path, quiet: bool) -> None:
    """Save the scenario files, and say so and what was filled in. Prices and a search of an earlier
    run that this one has none of are gone.
    """
    from sim.officer.planning import PRICES_FILE, write_files
    from sim.officer.searching import SEARCH_FILE, is_searched

    write_files(folder, draft.files)
    for name in {PRICES_FILE, SEARCH_FILE} - draft.files.keys():
        (folder / name).unlink(missing_ok=True)
    if quiet:
        return
    for line in draft.read.told:
        print(line.say(language()))
    if draft.filled_in:
        print(say("go.filled"))
        for line in draft.filled_in:
            print(f"- {line.say(language())}")
    print(say("go.saved", folder=short(folder)))
    if SEARCH_FILE in draft.files and not is_searched(draft):
        print(say("go.search", file=quoted(folder / SEARCH_FILE)))
        if PRICES_FILE in draft.files:
            print(say("go.search_prices"))


def _compared(
    draft: Draft,
    plan: BookPlan,
    folder: Path,
    worlds: int | None,
    workers: int | None,
    report: bool,
    quiet: bool,
) -> int:
    """Compare in stages, give back the book and the paper; returns the exit code."""
    from sim.study.case import Case
    from sim.study.executors import staying

    work = _work(draft, folder, worlds, workers)
    with keeping(work.results), staying(work.effort.where):
        work = replace(work, rate=draft.read.changed.rate)
        first = replace(_of_own_arms(work), effort=replace(work.effort, worlds=0, no_effect=0))
        tell_first(simulated(first, quiet), quiet)
        found = fitted_draft(draft, work, folder, quiet)
        work = with_best_mix(draft, plan, work, folder, quiet)
        work = in_fitted_worlds(work, found)
        compared = simulated(work, quiet)
        book = give_results(draft, plan, work, compared, found)
        code = _published(work, compared, report, quiet)
        give_papers(Case(compared, work.book, work.rate), work.results.out, book)
        return code


def _of_own_arms(work: Work) -> Work:
    """Returns the work on a comparison without the variants of its arms."""
    from sim.scenario.variants import is_variant

    arms = tuple(arm for arm in work.comparison.arms if not is_variant(arm.id))
    return replace(work, comparison=replace(work.comparison, arms=arms))


def _work(draft: Draft, folder: Path, worlds: int | None, workers: int | None) -> Work:
    """Returns the work on the comparison of a draft that was saved in a folder, at its own prices."""
    from sim.economics.costing import read_prices
    from sim.officer.planning import COMPARISON_FILE, PRICES_FILE
    from sim.scenario.arms import load_comparison
    from sim.study.compare import main_runs_wanted

    comparison = load_comparison(folder / COMPARISON_FILE)
    work = prepared(comparison, f"1-{FIRST_SEEDS}", workers, None, folder / RESULTS)
    runs = main_runs_wanted(comparison, None, worlds, False, None)
    work = replace(work, effort=replace(work.effort, **runs))
    own = PRICES_FILE in draft.files
    return replace(work, book=read_prices(folder / PRICES_FILE)) if own else work


def simulated(work: Work, quiet: bool) -> Compared:
    """Compute what is missing, with a bar on a terminal; Ctrl-C says what is kept."""
    from sim.study.compare import ComparisonCallbacks, NothingToCompare

    names = {arm.id: arm.name for arm in work.comparison.arms}
    with Bar(0, 0, quiet or not sys.stderr.isatty()) as bar:
        work.callbacks = ComparisonCallbacks(
            partial(begins, bar, work), bar.simulated, partial(bar.cell_ended, names=names)
        )
        try:
            with until_interrupted(bar, work.results, "compare.kept"):
                return work.run()
        except NothingToCompare as error:
            print(say("compare.none"), file=sys.stderr)
            print(failure(str(error)), file=sys.stderr)
            raise typer.Exit(FAILED) from None


def tell_first(compared: Compared, quiet: bool) -> None:
    """Show the first look: the central world alone."""
    from sim.report.text.comparison import first_look

    if quiet:
        return
    print(say("go.first", seeds=FIRST_SEEDS))
    console_for(None).print(screen_table(first_look(compared, language())))


def give_results(
    draft: Draft, plan: BookPlan, work: Work, compared: Compared, found: TownFit | None
) -> Path:
    """Write the workbook with the results, beside the user's, and say where it is; returns its file."""
    from sim.files.toml import write_whole_bytes
    from sim.officer.answering import Answer
    from sim.officer.book import new_name, returned_bytes
    from sim.study.case import Case

    answer = Answer(draft.read, plan, Case(compared, work.book, work.rate), found)
    file = new_name(draft.read.file, "results", draft.read.lang)
    write_whole_bytes(file, returned_bytes(draft.read, draft.filled_in, answer))
    print(say("go.given", file=short(file)))
    return file


def _published(work: Work, compared: Compared, report: bool, quiet: bool) -> int:
    """Keep the tables, and the report where it is wanted, in the folder of the results."""
    from sim.cli.comparison_output import Written, no_ledger
    from sim.study.case import Case

    case = Case(compared, work.book, work.rate)
    written = Written(work, case, no_ledger, False, report=report, languages=(language(),))
    written.begin()
    return published(written, quiet)
