"""`sim check BOOK.xlsx`: on one screen, what is unusual in a workbook first; every value on request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from sim.cli.console import screen_table
from sim.cli.go import drafted, refuse_locked
from sim.report.text.listing import Section
from sim.words import language, say
from sim.words.errors import ScenarioError, quoted, short

if TYPE_CHECKING:
    from sim.officer.drafting import Draft
    from sim.officer.planning import BookPlan

WORKBOOKS = (".xlsx", ".xlsm")
MOST_SHOWN = 12  # questions on one screen


def check_workbook(file: Path, everything: bool, console: Console) -> None:
    """Say what is wrong in a workbook (raises ScenarioError with all of it), else what is unusual."""
    from sim.officer.reading import read_book
    from sim.officer.unusual import unusual_in

    refuse_locked(file)
    read = read_book(file)
    draft, plan = drafted(read)
    if read.all_faults:
        raise ScenarioError(*read.all_faults)
    tell = console.print
    tell(
        say("check.book.head", file=short(file), cells=len(read.typed)),
        markup=False,
        highlight=False,
    )
    _tell_request(draft, plan, console)
    found = unusual_in(draft, plan)
    tell(say("check.book.unusual" if found else "check.book.usual"), style="bold")
    for one in found[: None if everything else MOST_SHOWN]:
        tell(f"- {one.question.say(language())}", markup=False, highlight=False)
    if everything:
        tell(screen_table(_values(draft)))
        for line in draft.filled_in:
            tell(f"- {line.say(language())}", markup=False, highlight=False)
    else:
        tell(say("check.book.more", file=quoted(file)), markup=False, highlight=False)


def _tell_request(draft: Draft, plan: BookPlan, console: Console) -> None:
    """The request of the first fiscal year, as the comparison will have it."""
    from sim.officer.planning import REQUEST, comparison_in, prices_of
    from sim.report.text.fiscal import fiscal_year
    from sim.study.request import request_of

    request = request_of(comparison_in(draft.files), REQUEST, prices_of(draft, plan))
    amount = f"{request.total.get(plan.first, 0):,}"
    year = fiscal_year(plan.first, language())
    console.print(say("check.book.request", year=year, amount=amount), highlight=False)


def _values(draft: Draft) -> Section:
    """Every cell that was filled in: where, what was typed, and how it was read."""
    read, lang = draft.read, language()
    rows = [
        (read.place(key).say(lang), str(typed.value), str(read.values.get(key, "-")))
        for key, typed in read.typed.items()
    ]
    heads = (say("book.head.where_cell"), say("book.head.cell"), say("column.value"))
    return Section("", heads, rows)
