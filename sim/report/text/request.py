"""A budget request as tables of words: its lines, its sections of the budget, and who pays it; in
thousand yen by fiscal year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from sim.declared.funding import ORGANISATION
from sim.declared.levers import lever_name
from sim.declared.payers import PUBLIC_PAYERS, payer_name
from sim.declared.sections import SECTIONS
from sim.economics.book import PriceBook
from sim.economics.funding import mix_id
from sim.economics.quantities import POSTS
from sim.report.spreadsheet_text import write_csv
from sim.report.text.fiscal import fiscal_year, fiscal_years, thousand
from sim.report.text.listing import Section
from sim.report.text.run import label
from sim.scenario.comparison import Comparison
from sim.scenario.funding import MONTHS, SHARE_SLIP
from sim.study.funding import funded_book
from sim.study.request import (
    GENERAL,
    THOUSAND,
    UNSPLIT,
    Request,
    funding_table,
    request_of,
)
from sim.words import LANGUAGES, Phrase, say

WHOLE = 1e-6  # months
Span = tuple[int, int]  # fiscal years, first and last, in which every amount is the same
GENERAL_FUNDS = "municipality"


def request_sections(comparison: Comparison, arm: str, book: PriceBook, lang: str) -> list[Section]:
    """The request of an arm: what it costs, by section of the budget, and who pays it."""
    request = request_of(comparison, arm, book)
    if request.lines.empty:
        return [Section(say("request.nothing", lang, arm=_arm(comparison, arm, lang)), (), [])]
    plain = request_of(comparison, arm, book, grants=False)
    found = [
        lines_section(request, comparison, book, lang),
        sections_section(request, lang),
        funding_section(request, plain, book, lang),
    ]
    return [*found, *sources_sections(comparison, arm, book, lang)]


def _arm(comparison: Comparison, arm: str, lang: str) -> str:
    return label(comparison.arm(arm).name, lang)


def thing_name(id: str, book: PriceBook, lang: str) -> str:
    """The short name of a post or a place in a request."""
    return Phrase(f"request.thing.{id}", {}, getattr(book.item(id), lang)).say(lang)


def measure_name(measure: str, lang: str) -> str:
    """The name of a measure of a request."""
    if measure == ORGANISATION:
        return say("request.organisation", lang)
    return lever_name(measure).say(lang).partition("（")[0].partition(" (")[0]


def lines_section(request: Request, comparison: Comparison, book: PriceBook, lang: str) -> Section:
    """What is asked for: measure and thing, how it is reckoned, and the amount by fiscal year."""
    own, spans = request.lines[request.lines["own"]], spans_of(request)
    rows = [
        (
            measure_name(str(measure), lang),
            thing_name(str(id), book, lang),
            _reckoned(part, lang),
            *_by_year(part, spans, request),
        )
        for (measure, id, _mix), part in own.groupby(["measure", "id", "mix"], sort=False)
    ]
    rows.append((say("request.total", lang), "", "", *_by_year(own, spans, request)))
    outside = request.lines[~request.lines["own"]]
    if len(outside):
        words = say("request.prefecture", lang)
        rows.append((words, "", "", *_by_year(outside, spans, request)))
    columns = (
        say("request.measure", lang),
        say("request.thing", lang),
        say("request.reckoned", lang),
        *_years(spans, lang),
    )
    title = say("request.title", lang, arm=_arm(comparison, request.arm, lang))
    return Section(title, columns, rows)


def spans_of(request: Request) -> list[Span]:
    """Fiscal years one by one, or together where every line and every payer's part is the same."""
    tables = (
        request.lines.pivot_table(
            index=["measure", "id", "mix"], columns="fiscal", values="thousand", fill_value=0
        ),
        request.sources.pivot_table(
            index=["measure", "id", "source", "payer"],
            columns="fiscal",
            values="thousand",
            fill_value=0,
        ),
    )
    found: list[Span] = []
    for year in request.years:
        same = found and all((one[year] == one[found[-1][0]]).all() for one in tables)
        found = [*found[:-1], (found[-1][0], year)] if same else [*found, (year, year)]
    return found


def _years(spans: Sequence[Span], lang: str) -> list[str]:
    return [*(span_name(span, lang) for span in spans), say("request.sum", lang)]


def span_name(span: Span, lang: str) -> str:
    """A fiscal year, or several that are alike."""
    years = fiscal_years(*span, lang)
    return years if span[0] == span[1] else say("request.each", lang, years=years)


def _by_year(table: pd.DataFrame, spans: Sequence[Span], request: Request) -> list[str]:
    """Amounts of a year of each span, and the sum of all years."""
    found = table.groupby("fiscal")["thousand"].sum()
    whole = sum(int(found.get(year, 0)) for year in request.years)
    return [thousand(one) for one in (*(int(found.get(first, 0)) for first, _ in spans), whole)]


def _reckoned(part: pd.DataFrame, lang: str) -> str:
    """Number x unit price x months; years that are reckoned alike together, the first ones first."""
    found: dict[str, None] = {}
    for line in part.itertuples(index=False):
        found.setdefault(reckoning(line, lang))
    return say("request.then", lang).join(found)


def reckoning(line: Any, lang: str) -> str:
    """How the amount of a line is reckoned: "2人×5,500千円×11/12月"."""
    months = round(line.months)
    counter = "posts" if line.id in POSTS.values() else "places"
    if abs(line.months - months) > WHOLE:
        whole = line.number * line.months
        monthly = f"{line.price / THOUSAND / MONTHS:,.1f}"
        return say(f"request.ramp_{counter}", lang, number=f"{whole:.1f}", price=monthly)
    values = {"number": f"{line.number:g}", "price": f"{line.price / THOUSAND:,.6g}"}
    if months == MONTHS:
        return say(f"request.year_{counter}", lang, **values)
    return say(f"request.months_{counter}", lang, **values, months=months)


def sections_section(request: Request, lang: str) -> Section:
    """The same by section of the budget (節)."""
    own, spans = request.sections[request.sections["own"]], spans_of(request)
    rows = [
        (section_name(section, lang), *_by_year(own[own["section"] == section], spans, request))
        for section in (*SECTIONS, UNSPLIT)
        if (own["section"] == section).any()
    ]
    rows.append((say("request.total", lang), *_by_year(own, spans, request)))
    columns = (say("request.section", lang), *_years(spans, lang))
    return Section(say("request.sections_title", lang), columns, rows)


def request_rows(
    request: Request, book: PriceBook, lang: str
) -> Iterator[tuple[str, str, dict[int, int]]]:
    """Every row of a request: of which table it is, what it is, and thousand yen by fiscal year; the
    total first.
    """
    yield say("request.total", lang), "", request.total
    lines = request.lines[request.lines["own"]]
    for (measure, id, _mix), part in lines.groupby(["measure", "id", "mix"], sort=False):
        item = say(
            "request.of",
            lang,
            name=measure_name(str(measure), lang),
            thing=thing_name(str(id), book, lang),
        )
        yield say("request.measure", lang), item, _amounts(part)
    sections = request.sections[request.sections["own"]]
    for section in (*SECTIONS, UNSPLIT):
        if (sections["section"] == section).any():
            amounts = _amounts(sections[sections["section"] == section])
            yield say("request.section", lang), section_name(section, lang), amounts
    for payer in PUBLIC_PAYERS:
        if request.of(payer):
            yield say("request.payer", lang), _payer(payer, lang), request.of(payer)


def _amounts(table: pd.DataFrame) -> dict[int, int]:
    found = table.groupby("fiscal")["thousand"].sum()
    return dict(zip(map(int, found.index), map(int, found), strict=True))


def section_name(section: str, lang: str) -> str:
    """The name of a section of the budget, with its number."""
    if section == UNSPLIT:
        return say("request.unsplit", lang)
    one = SECTIONS[section]
    return say("request.section_name", lang, number=one.number, name=getattr(one, lang))


def funding_section(request: Request, plain: Request, book: PriceBook, lang: str) -> Section:
    """Who pays: by payer with the grants, general funds without them, and what the grants relieve."""
    own, spans = request.sources[request.sources["own"]], spans_of(request)
    payers = [payer for payer in PUBLIC_PAYERS if (own["payer"] == payer).any()]
    rows = [
        (_payer(payer, lang), *_by_year(own[own["payer"] == payer], spans, request))
        for payer in sorted(payers, key=lambda one: one == GENERAL_FUNDS)
    ]
    rows.append((say("request.total", lang), *_by_year(own, spans, request)))
    without = plain.sources[plain.sources["own"] & (plain.sources["payer"] == GENERAL_FUNDS)]
    rows.append((say("request.without", lang), *_by_year(without, spans, request)))
    columns = (say("request.payer", lang), *_years(spans, lang))
    return Section(say("request.funding_title", lang), columns, rows)


def _payer(payer: str, lang: str) -> str:
    if payer == GENERAL_FUNDS:
        return say("request.general", lang)
    return payer_name(payer, lang)


def source_name(source: str, book: PriceBook, lang: str) -> str:
    """The name of a source of money."""
    return say("request.general", lang) if source == GENERAL else getattr(book.mix(source), lang)


def sources_sections(comparison: Comparison, arm: str, book: PriceBook, lang: str) -> list[Section]:
    """The sources of an arm: shares, ceiling, months, how sure, and where a town finds its own; none
    where it has none.
    """
    scenario, book = comparison.arm(arm).scenario, funded_book(comparison, book)
    rows = []
    for measure, sources in scenario.funding.items():
        for source in sources:
            mix = book.mix(mix_id(source))
            rows.append(
                (
                    measure_name(measure, lang),
                    getattr(mix, lang),
                    shares_text(mix.shares, lang),
                    _ceiling(source.ceiling, lang),
                    _until(source.last_month, scenario.start_year, lang),
                    mix.grade,
                    mix.own_in(lang) or mix.source_in(lang),
                )
            )
    names = ("measure", "source", "shares", "ceiling", "until", "grade", "own")
    columns = tuple(say(f"request.{name}", lang) for name in names)
    title = say("request.sources_title", lang, arm=_arm(comparison, arm, lang))
    return [Section(title, columns, rows)] if rows else []


def shares_text(shares: Any, lang: str) -> str:
    """What each payer bears, the largest first."""
    parts = [(name, value) for name, value in shares.model_dump().items() if value]
    return say("request.space", lang).join(
        f"{payer_name(name, lang)}{share_text(value)}"
        for name, value in sorted(parts, key=_by_size)
    )


def share_text(share: float) -> str:
    """A share as people write it behind a name: 1/4 where it is a part of twelve, else with three
    digits.
    """
    part = Fraction(share).limit_denominator(MONTHS)
    simple = part < 1 and abs(float(part) - share) < SHARE_SLIP
    return str(part) if simple else f" {share:.3g}"


def _by_size(part: tuple[str, float]) -> tuple[float, bool]:
    return -part[1], part[0] == GENERAL_FUNDS


def _ceiling(ceiling: float | None, lang: str) -> str:
    if ceiling is None:
        return say("request.no_ceiling", lang)
    return thousand(ceiling / THOUSAND)


def _until(month: int | None, start: int, lang: str) -> str:
    """The month with whose end a source ends."""
    if month is None:
        return say("request.no_end", lang)
    year, calendar_month = start + (month + 3) // MONTHS, (month + 3) % MONTHS + 1
    if calendar_month == 3:
        return say("request.end_of", lang, fiscal=fiscal_year(year - 1, lang))
    fiscal = fiscal_year(year if calendar_month > 3 else year - 1, lang)
    return say("request.until_month", lang, fiscal=fiscal, month=calendar_month)


def write_request(comparison: Comparison, book: PriceBook, folder: Path) -> list[Path]:
    """Write `request.csv` (every line of every arm, by section of the budget) and `funding.csv` (who
    pays it, with and without grants) into a folder; gives the files.
    """
    tables = {"request": request_table(comparison, book), "funding": funding_csv(comparison, book)}
    files = []
    for name, table in tables.items():
        file = folder / f"{name}.csv"
        write_csv(file, table)
        files.append(file)
    return files


def request_table(comparison: Comparison, book: PriceBook) -> pd.DataFrame:
    """Every line of every arm by section, with its names in both languages, in thousand yen."""
    book, parts = funded_book(comparison, book), []
    for arm in comparison.others:
        request = request_of(comparison, arm.id, book)
        keys = ["year", "fiscal", "measure", "id", "mix", "own"]
        plain = request.lines.drop(columns=["thousand", "yen"])
        parts.append(request.sections.merge(plain, on=keys).assign(arm=arm.id))
    table = pd.concat(parts, ignore_index=True)
    for lang in LANGUAGES:
        table[f"fiscal_{lang}"] = [fiscal_year(int(year), lang) for year in table["fiscal"]]
        table[f"measure_{lang}"] = [measure_name(name, lang) for name in table["measure"]]
        table[f"section_{lang}"] = [section_name(name, lang) for name in table["section"]]
    first = ["arm", "year", "fiscal", "fiscal_ja", "fiscal_en", "measure", "measure_ja"]
    rest = [name for name in table if name not in (*first, "thousand")]
    return table[[*first, *rest, "thousand"]]


def funding_csv(comparison: Comparison, book: PriceBook) -> pd.DataFrame:
    """Who pays the request of every arm, with its names in both languages, in thousand yen."""
    book = funded_book(comparison, book)
    table = funding_table(comparison, book)
    for lang in LANGUAGES:
        table[f"fiscal_{lang}"] = [fiscal_year(int(year), lang) for year in table["fiscal"]]
        table[f"source_{lang}"] = [source_name(name, book, lang) for name in table["source"]]
        table[f"payer_{lang}"] = [payer_name(name, lang) for name in table["payer"]]
    return table[[*(name for name in table if name != "thousand"), "thousand"]]
