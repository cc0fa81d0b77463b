"""From what was typed to a comparison: the request, other uses of the same amount, each as an arm of a
comparison file, and the price book that goes with them.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from sim.declared.roles import ROLES
from sim.economics.costing import PriceBook
from sim.economics.quantities import POSTS
from sim.files.toml import write_whole
from sim.officer.changed_prices import price_rows
from sim.officer.drafting import ORGANISATION_FILE, PEOPLE_FILE, Draft, place_faults
from sim.officer.readers import fiscal_year_of
from sim.officer.reading import BookRead
from sim.officer.sheets import BOOK, CONFERENCES, MEASURES, PLACE, RULES, SHORT, YES
from sim.report.text.fiscal import day_name, fiscal_year
from sim.scenario.arms import load_comparison
from sim.scenario.comparison import Comparison
from sim.scenario.funding import MONTHS
from sim.study.budget import planned_beyond
from sim.words import InBoth, Phrase, say
from sim.words.errors import Refusal, ScenarioError

COMPARISON_FILE, PRICES_FILE = "plan.toml", "prices/own.toml"
AS_IS, REQUEST, CASEWORKERS, ALONE = "as_is", "request", "caseworkers", "alone_"
FIRST_YEAR, YEARS = 2026, 10
OWN_BUDGET = "own_budget"  # the mix of general funds
ALL_OF_IT, DIGITS = 1.0, 4
LABELS = {line.id: line.name for line in MEASURES.lines} | SHORT


@dataclass(frozen=True)
class Wish:
    """A line of the sheet of what is wanted: a role, places or conferences; how many, from when, of
    which kind, at which price (thousand yen; None: as the price book has it), paid from what, until
    when.
    """

    id: str
    number: float
    start: datetime.date
    kind: str = ""
    price: float | None = None
    funding: str | dict[str, float] = ""
    ceiling: float | None = None
    until: datetime.date | None = None

    @property
    def item(self) -> str:
        """The row of the price book that it counts; "" where it has no price."""
        if self.id == CONFERENCES:
            return ""
        return PLACE if self.id == PLACE else POSTS[self.kind]

    @property
    def measure(self) -> str:
        """The lever whose cost it is."""
        return {PLACE: "community", CONFERENCES: "coordination"}.get(self.id, self.id)

    @property
    def source(self) -> dict[str, Any]:
        """The source of its money as a scenario writes it; empty where it is general funds alone."""
        if self.funding in ("", OWN_BUDGET):
            return {}
        found: dict[str, Any] = (
            {"source": self.funding}
            if isinstance(self.funding, str)
            else {"shares": self.funding, "name": _in_both("book.own_funding")}
        )
        found |= {} if self.ceiling is None else {"ceiling": 1000 * self.ceiling}
        return found | ({} if self.until is None else {"until": self.until})

    def lever(self, number: float) -> dict[str, dict[str, Any]]:
        """The levers that buy `number` of it."""
        more, start = f"+{number:.12g}", {"start": self.start}  # beyond what is there already
        if self.id == PLACE:
            return {"community": {"places": more} | start}
        if self.id == CONFERENCES:
            return {"coordination": {"conferences": more} | start}
        return {self.id: {"fte": more, "kind": self.kind} | start}

    def months(self, first: int, years: int) -> float:
        """For how many months of a run it is there."""
        passed = (self.start.year - first) * MONTHS + self.start.month - 4
        return max(0.0, years * MONTHS - passed - (self.start.day - 1) / 30)


@dataclass(frozen=True)
class BookPlan:
    """What the workbook asks for: the lines, the first fiscal year, the years, the rules, the title."""

    wishes: tuple[Wish, ...]
    first: int
    years: int
    rules: tuple[str, ...]
    title: str

    @property
    def priced(self) -> tuple[Wish, ...]:
        """The lines that cost money."""
        return tuple(one for one in self.wishes if one.item)


def plan_of_book(draft: Draft) -> BookPlan:
    """Returns what the sheets of wishes and of comparisons say; what cannot be goes to its cell."""
    read, values = draft.read, draft.read.values
    lines = [line.id for line in MEASURES.lines if values.get(f"measures.{line.id}.number")]
    starts = [values[key] for line in lines if (key := f"measures.{line}.start") in values]
    first = values.get("run.first") or min(map(fiscal_year_of, starts), default=FIRST_YEAR)
    years = int(values.get("run.years", YEARS))
    wishes = tuple(_wish(draft, line, first) for line in lines)
    _check_lines(read, lines)
    for one in wishes:
        _check_dates(read, one, first, years)
    rules = tuple(name for name in RULES if values.get(f"rules.{name}") == YES)
    if not any(key.startswith(("measures.", "rules.")) for key in read.faults):
        _check_wanted(read, wishes, rules)
    return BookPlan(wishes, first, years, rules, values.get("plan.title") or "")


def _check_wanted(read: BookRead, wishes: Iterable[Wish], rules: Iterable[str]) -> None:
    """Something is wanted; and it costs money, where other uses of the money are."""
    if not wishes and not rules:
        read.refuse("measures.caseworker.number", Refusal("book.wrong.nothing_wanted"))
    if not any(one.item for one in wishes) and read.values.get("against.caseworkers") == YES:
        read.refuse("against.caseworkers", Refusal("book.wrong.no_amount"))


def _wish(draft: Draft, line: str, first: int) -> Wish:
    values = draft.read.values
    cells: dict[str, Any] = {
        name: values.get(f"measures.{line}.{name}")
        for name in ("number", "start", "kind", "price", "funding", "ceiling", "until")
    }
    if cells["start"] is None:
        cells["start"] = datetime.date(first, 4, 1)
        draft.tell("start", line=LABELS[line], year=fiscal_name(first))
    if cells["kind"] is None and line in ROLES:
        cells["kind"] = ROLES[line].lever.model_fields["kind"].default
        draft.tell("kind", line=LABELS[line], kind=Phrase(f"post.{cells['kind']}"))
    return Wish(
        line,
        cells["number"],
        cells["start"],
        cells["kind"] or "",
        cells["price"],
        cells["funding"] or "",
        cells["ceiling"],
        cells["until"],
    )


def _check_lines(read: BookRead, lines: Iterable[str]) -> None:
    """Refuse a line that says something and no number."""
    for line in (one.id for one in MEASURES.lines if one.id not in lines):
        key = f"measures.{line}.number"
        others = [f"measures.{line}.{one.id}" for one in MEASURES.inputs[1:]]
        if (
            key not in read.faults
            and key not in read.values
            and any(other in read.values for other in others)
        ):
            read.refuse(key, Refusal("book.wrong.no_number"))


def _check_dates(read: BookRead, wish: Wish, first: int, years: int) -> None:
    """A line starts within the run, and its funding ends after that."""
    begin, end = datetime.date(first, 4, 1), datetime.date(first + years, 3, 31)
    if not begin <= wish.start <= end:
        allowed = Phrase(
            "book.allowed.between_dates", {"low": day_words(begin), "high": day_words(end)}
        )
        key = f"measures.{wish.id}.start"
        key = key if key in read.values else "run.first"
        read.refuse(key, Refusal("book.wrong.start", allowed=allowed))
    if wish.until is not None and wish.until < wish.start:
        allowed = Phrase("book.allowed.after", {"low": day_words(wish.start)})
        read.refuse(f"measures.{wish.id}.until", Refusal("book.wrong.until", allowed=allowed))


def fiscal_name(year: int) -> InBoth:
    """Returns the name of a fiscal year: 令和8年度, FY2026."""
    return InBoth(fiscal_year(year, "ja"), fiscal_year(year, "en"))


def day_words(day: datetime.date) -> InBoth:
    """Returns the name of a day: 令和8年4月1日, 2026-04-01."""
    return InBoth(day_name(day, "ja"), day_name(day, "en"))


def prices_of(draft: Draft, plan: BookPlan) -> PriceBook:
    """Returns the price book with the prices that the user changed."""
    own = own_prices(plan, draft.read.changed.yen)
    return BOOK.with_prices(own) if own else BOOK


def own_prices(plan: BookPlan, typed: Mapping[str, float]) -> dict[str, float]:
    """Returns the yen of the rows of the price book that the user changed: those `typed` into the
    sheet of prices, and else for what is wanted the unit prices of its lines, weighted by their
    numbers and months where one row has several.
    """
    found = dict(typed)
    items = {one.item for one in plan.priced}
    for item in sorted(items):
        lines = [one for one in plan.priced if one.item == item]
        if all(one.price is None for one in lines):
            continue
        if item in typed:
            continue
        usual = BOOK.item(item).priced[0]
        yen = [usual if one.price is None else 1000 * one.price for one in lines]
        weights = [one.number * one.months(plan.first, plan.years) for one in lines]
        found[item] = sum(a * b for a, b in zip(yen, weights, strict=True)) / sum(weights)
    return found


def draft_plan(draft: Draft, plan: BookPlan) -> None:
    """Write the comparison and the price book into the draft, with the other uses scaled to the
    amount of the request; faults go to cells.
    """
    changed, book = draft.read.changed, prices_of(draft, plan)
    own = own_prices(plan, changed.yen)
    _tell_prices(draft, plan, changed.yen, own)
    if own or changed.shares:
        draft.files[PRICES_FILE] = _prices_text(draft, own)
    try:
        unit = dict(_others(draft, plan, {}))
        sizes = _scaled(draft, plan, unit, book) if unit else {}
        draft.files[COMPARISON_FILE] = _comparison_text(draft, plan, sizes)
        comparison = comparison_in(draft.files)
        draft.yearly = planned_beyond(
            {REQUEST: comparison.arm(REQUEST).scenario}, comparison.base, book
        )[REQUEST]
    except ScenarioError as error:
        place_faults(draft.read, error)


def _tell_prices(
    draft: Draft, plan: BookPlan, typed: Mapping[str, float], own: Mapping[str, float]
) -> None:
    """Say where the model takes another unit price than a line has: one kind of post has one price."""
    for one in plan.priced:
        if one.price is None or abs(own[one.item] - 1000 * one.price) < 1:
            continue
        told = {
            "line": LABELS[one.id],
            "price": f"{one.price:,.0f}",
            "own": f"{own[one.item] / 1000:,.0f}",
        }
        draft.tell("price_sheet" if one.item in typed else "price_mean", **told)


def _prices_text(draft: Draft, own: Mapping[str, float]) -> str:
    name = {lang: say("book.prices", lang, file=draft.read.file.name) for lang in ("ja", "en")}
    rows = price_rows(draft.read.changed)
    items: dict[str, dict[str, Any]] = {row["id"]: row for row in rows["items"]}
    for id, price in own.items():
        items[id] = items.get(id, {"id": id}) | {"price": round(price), "sure": True}
    document = {"extends": "default.toml", "name": name, "items": [*items.values()]}
    return tomlkit.dumps(document | ({"mixes": rows["mixes"]} if rows["mixes"] else {}))


def comparison_in(files: Mapping[str, str]) -> Comparison:
    """Returns the comparison of a draft's files, read as it will be from their folder."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        return load_comparison(Path(folder) / COMPARISON_FILE)


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the texts of files below a folder, each whole; an older one is replaced."""
    for name, text in files.items():
        write_whole(folder / name, text, overwrite=True)
    return [folder / name for name in files]


def _scaled(
    draft: Draft, plan: BookPlan, unit: Mapping[str, Wish], book: PriceBook
) -> dict[str, float]:
    """Returns how many of each other use cost what the request costs over the run."""
    sizes = dict.fromkeys(unit, ALL_OF_IT)
    files = draft.files | {COMPARISON_FILE: _comparison_text(draft, plan, sizes)}
    comparison = comparison_in(files)
    arms = {arm.id: arm.scenario for arm in comparison.others}
    cost = planned_beyond(arms, comparison.base, book)
    return {
        id: round(cost[REQUEST] / cost[id], DIGITS) for id in unit if cost[id] > 0 < cost[REQUEST]
    }


def _others(draft: Draft, plan: BookPlan, sizes: Mapping[str, float]) -> Iterable[tuple[str, Wish]]:
    """Yields the other uses of the amount by the id of their arm, each as a line of number 1."""
    values = draft.read.values
    if not plan.priced:
        return
    start = min(one.start for one in plan.priced)
    if values.get("against.caseworkers", YES) == YES:
        yield CASEWORKERS, Wish("caseworker", 1.0, start, "contract")
    if values.get("against.alone", YES) != YES or (len(plan.wishes) == 1 and not plan.rules):
        return
    for one in plan.priced:
        if (one.id, one.kind) != ("caseworker", "contract"):
            yield ALONE + one.id, replace(one, number=1.0)


def _comparison_text(draft: Draft, plan: BookPlan, sizes: Mapping[str, float]) -> str:
    """The comparison file: things as they are, the request, other uses by their sizes."""
    title = _both(plan.title) if plan.title else _in_both("book.arm.request")
    arms: list[dict[str, Any]] = [
        {"id": AS_IS, "name": _in_both("book.arm.as_is")},
        {"id": REQUEST, "name": title, "levers": _levers(plan)} | funding_lines(plan.priced),
    ]
    wishes = dict(_others(draft, plan, sizes))
    for id, size in sizes.items():
        name = _in_both(
            "book.arm.caseworkers" if id == CASEWORKERS else "book.arm.alone",
            line=LABELS[wishes[id].id],
            number=f"{size:.1f}",
        )
        levers = {"levers": wishes[id].lever(size)}
        arms.append({"id": id, "name": name} | levers | funding_lines([wishes[id]]))
    town = str(draft.read.values["town.name"])
    varied = draft.read.values.get("against.variants", YES) == YES
    return tomlkit.dumps(
        ({"variants": [REQUEST]} if varied else {})
        | {
            "extends": "base.toml",
            "town": PEOPLE_FILE,
            "organisation": ORGANISATION_FILE,
            "start_year": plan.first,
            "years": plan.years,
            "reference": AS_IS,
            "name": _in_both("book.comparison", town=town, title=InBoth(title["ja"], title["en"])),
            "arms": arms,
        }
    )


def funding_lines(wishes: Iterable[Wish]) -> dict[str, Any]:
    """Returns the sources of money of an arm, by measure; nothing where all is general funds."""
    found = {one.measure: one.source for one in wishes if one.source}
    return {"funding": found} if found else {}


def _levers(plan: BookPlan) -> dict[str, dict[str, Any]]:
    """The levers of the request: what is bought, and the ways of working from its first day on."""
    found: dict[str, dict[str, Any]] = {}
    for one in plan.wishes:
        for lever, settings in one.lever(one.number).items():
            found[lever] = found.get(lever, {}) | settings
    start = min((one.start for one in plan.wishes), default=datetime.date(plan.first, 4, 1))
    for rule in plan.rules:
        for lever, settings in RULES[rule].items():
            found[lever] = {"start": start} | found.get(lever, {}) | settings
    return found


def _both(text: str) -> dict[str, str]:
    return {"ja": text, "en": text}


def _in_both(key: str, **values: Any) -> dict[str, str]:
    return {lang: say(key, lang, **values) for lang in ("ja", "en")}
