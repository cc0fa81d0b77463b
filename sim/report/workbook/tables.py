"""Sheets that prices do not move: differences with intervals, claims, assumptions; and the first,
which says what is what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim import __version__
from sim.declared import declared
from sim.report.text import claims, run
from sim.report.text import comparison as screen
from sim.report.text.fiscal import fiscal_year
from sim.report.text.request import request_rows
from sim.report.workbook.page import TEXT, THOUSAND, CellStyle, Page
from sim.scenario.scenario import digest
from sim.study.case import Case
from sim.study.gather import ALL_MEASURES
from sim.study.marks import FEW, SAME
from sim.study.request import Request, request_of
from sim.words import named, say

BOLD = CellStyle("@", bold=True, size=12, line=False)
PLAIN = CellStyle("@", line=False)
LINK = CellStyle("@", bold=True)
MARKS = {screen.BETTER: "better", screen.WORSE: "worse"}


def head(page: Page, *names: str) -> None:
    """The headings of a sheet by their names."""
    page.heads(*(say(f"sheets.head.{name}", page.lang) for name in names))


def _number_style(digits: int, signed: bool = False) -> CellStyle:
    """A number with so many decimals, with its sign if that says something."""
    plain = "#,##0" + ("." + "0" * digits if digits else "")
    return CellStyle(f"+{plain};-{plain};0" if signed else plain)


def differences_sheet(page: Page, case: Case) -> None:
    """Measure by measure, arm by arm, year by year: the reference, the difference, its interval,
    and what it means.
    """
    head(page, "measure", "unit", "arm", "when", "reference", "difference", "from", "to", "mark")
    compared = case.compared
    table = compared.judged.set_index("measure")
    names = {arm.id: run.label(arm.name, page.lang) for arm in compared.comparison.arms}
    for name in screen.shown_measures(compared.comparison):
        about, of_one = (
            ALL_MEASURES[name],
            table.loc[[name]],
        )  # a table too where there is but one row
        labels = run.label(about, page.lang), named("unit", about.unit).say(page.lang)
        level = _number_style(run.decimals(of_one["reference"].abs().max()))
        change = _number_style(run.decimals(of_one["difference"].abs().max()), signed=True)
        cell: Any
        for cell in of_one.itertuples():
            low, high = (0.0, 0.0) if cell.identical else screen.interval(cell)
            for column, text in enumerate((*labels, names[cell.arm]), start=1):
                page.put(page.row, column, text)
            page.put(page.row, 4, int(cell.year), CellStyle("0"))
            page.put(page.row, 5, cell.reference, level)
            for column, value in enumerate((cell.difference, low, high), start=6):
                page.put(page.row, column, value, change)
            page.put(page.row, 9, say(f"sheets.{judged(cell, about.better)}", page.lang))
            page.row += 1
    page.sheet.autofilter(f"A{page.head}:I{page.row - 1}")


def judged(cell: Any, better: str) -> str:
    """Better, worse, unsure, the same, too few pairs to tell, or neutral where neither way is
    better.
    """
    if cell.side in (SAME, FEW):
        return cell.side
    return MARKS.get(screen.mark(cell, better), "unsure") if better else "neutral"


def asked_for(case: Case) -> bool:
    """Whether any arm asks for money."""
    return any(request for _arm, request in _requests(case))


def _requests(case: Case) -> Iterator[tuple[str, Request | None]]:
    """Every arm with its request, None where it asks for nothing."""
    comparison = case.compared.comparison
    for arm in comparison.others:
        request = request_of(comparison, arm.id, case.book)
        yield arm.id, None if request.lines.empty else request


def request_sheet(page: Page, case: Case) -> None:
    """The request of every arm in thousand yen by fiscal year: its lines, its sections of the budget
    and who pays it.
    """
    comparison, lang = case.compared.comparison, page.lang
    first = comparison.base.start_year
    years = range(first, first + case.years)
    fiscal = [fiscal_year(year, lang) for year in years]
    heads = (say("column.arm", lang), say("request.what", lang), say("request.item", lang))
    page.heads(*heads, *fiscal, say("request.sum", lang))
    for arm, request in _requests(case):
        if request is None:
            continue
        name = run.label(comparison.arm(arm).name, lang)
        for part, item, amounts in request_rows(request, case.book, lang):
            for column, text in enumerate((name, part, item), start=1):
                page.put(page.row, column, text)
            values = [amounts.get(year, 0) for year in years]
            for column, value in enumerate((*values, sum(values)), start=4):
                page.put(page.row, column, value, THOUSAND)
            page.row += 1


def claims_sheet(page: Page, case: Case) -> None:
    """Every claim with its verdict and the numbers it rests on."""
    head(
        page,
        "claim",
        "verdict",
        "arm",
        "against",
        "measure",
        "unit",
        "claim_when",
        "difference",
        "claim_low",
        "claim_high",
        "seeds",
    )
    comparison = case.compared.comparison
    for place, claim in enumerate(comparison.claims):
        verdict, about = case.compared.verdicts[place], ALL_MEASURES[claim.measure]
        texts = (
            claims.claim_text(claim, page.lang),
            say(f"claims.{verdict.state}", page.lang),
            *(run.label(comparison.arm(arm).name, page.lang) for arm in (claim.arm, claim.against)),
            run.label(about, page.lang),
            named("unit", about.unit).say(page.lang),
            say(
                "claims.sum" if claim.cumulative else "sheets.head.year",
                page.lang,
                year=claim.by_year,
            ),
        )
        for column, text in enumerate(texts, start=1):
            page.put(page.row, column, text)
        look = _number_style(run.decimals(abs(verdict.mean)), signed=True)
        for column, value in enumerate((verdict.mean, verdict.low, verdict.high), start=8):
            page.put(page.row, column, value, look)
        page.put(page.row, 11, verdict.n, CellStyle("0"))
        page.row += 1


def assumptions_sheet(page: Page, case: Case) -> None:
    """Every graded parameter with its value here, range, grade and source; one that is younger than
    the results at its declared value, and marked.
    """
    head(
        page,
        "group",
        "meaning",
        "value",
        "unit",
        "from_value",
        "to_value",
        "own",
        "grade",
        "parameter_source",
    )
    values = case.compared.comparison.base.parameters
    for name, one in declared().items():
        page.put(page.row, 1, named("group", name.split(".")[0]).say(page.lang))
        page.put(page.row, 2, run.label(one, page.lang))
        page.put(page.row, 4, named("unit", one.unit).say(page.lang))
        value = values.get(name, one.value)
        for column, number in ((3, value), (5, one.low), (6, one.high)):
            page.put(page.row, column, number, CellStyle("General"))
        key = "later" if name not in values else "no" if value == one.value else "yes"
        own = say(f"sheets.{key}", page.lang)
        for column, text in ((7, own), (8, one.grade), (9, one.source_in(page.lang))):
            page.put(page.row, column, text)
        page.row += 1


def readme_sheet(page: Page, case: Case, pages: Mapping[str, Page]) -> None:
    """What the file is, how to use it, what each sheet holds, and what it was worked out from."""
    lang, names = page.lang, {name: one.name for name, one in pages.items()}
    rows: list[tuple[str, str]] = [(say("sheets.what", lang), "")]
    rows += [("", line) for line in screen.comparison_heading(case.compared, lang)[:-1]]
    rows += [(say("sheets.how", lang), "")]
    rows += [
        ("", say(f"sheets.how_{name}", lang, **names))
        for name in ("price", "local", "still", "protect")
    ]
    rows += [("", say("money.convention", lang)), (say("sheets.contents", lang), "")]
    rows += [
        (names[name], say(f"sheets.about.{name}", lang, **note_values(case)))
        for name in pages
        if name != "readme"
    ]
    rows += [(say("sheets.origin", lang), ""), *(("", line) for line in origin(case, lang))]
    for left, right in rows:
        if left and not right:
            page.row += 1
            page.note(left, BOLD)
            continue
        if left:
            page.link(page.row, 1, left, LINK)
        page.put(page.row, 2, right, TEXT if left else PLAIN)
        page.row += 1


def note_values(case: Case) -> dict[str, int]:
    """The values that notes on sheets hold."""
    return {"seeds": case.compared.shared_seeds, "years": min(case.years, 5)}


def origin(case: Case, lang: str) -> list[str]:
    """Price book, rate, version and the hashes of the arms."""
    comparison, book = case.compared.comparison, case.book
    hashes = {run.label(arm.name, lang): digest(arm.scenario)[:16] for arm in comparison.arms}
    return [
        say(
            "sheets.prices_origin",
            lang,
            name=getattr(book.name, lang),
            id=book.id,
            rate=f"{case.rate:.1%}",
        ),
        say("sheets.version_origin", lang, version=__version__),
        *(say("sheets.digest_origin", lang, arm=arm, digest=hash) for arm, hash in hashes.items()),
    ]
