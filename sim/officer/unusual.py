"""What is unusual in a workbook, the most unusual first: what a colleague would ask about before the
figures leave the office. Nothing here stops a run.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.declared.vocabulary import AGENCY_FIELDS, POST_KINDS
from sim.economics.quantities import POSTS
from sim.files.locator import SHIPPED
from sim.files.toml import read_toml
from sim.officer.drafting import Draft
from sim.officer.planning import LABELS, BookPlan, day_words, prices_of
from sim.officer.sheets import ACCOUNTS, BOOK, FIGURES_ASKED
from sim.towns.town import DEFAULT_ORGANISATION
from sim.words import Phrase

TWICE = math.log(2)  # what differs by less than a factor of two is usual
AGED = 0.29  # share of the nation aged 65 or over, 2023
SIZE = 2.2  # persons to a household, the nation
FIRST = 99.0  # before all that is reckoned
MUCH = 10  # times what it should be about: an amount may be in yen


class Unusual(NamedTuple):
    """One thing to ask about: how unusual it is (1 is a factor of two), and the question."""

    how_much: float
    question: Phrase


def unusual_in(draft: Draft, plan: BookPlan) -> list[Unusual]:
    """Returns what is unusual in a workbook without faults, the most unusual first."""
    found = [
        *(Unusual(FIRST, one) for one in draft.read.told),
        *_people(draft),
        *_posts(draft),
        *_prices(plan),
        *_measures(draft, plan),
        *_amounts(draft, plan),
        *_figures(draft),
    ]
    return sorted(found, key=lambda one: -one.how_much)


def _far(value: float, usual: float) -> float:
    """How many factors of two lie between two amounts."""
    return abs(math.log(max(value, 1e-9) / usual)) / TWICE


def _people(draft: Draft) -> Iterator[Unusual]:
    people = draft.people
    if people is None:
        return
    far = abs(people.ageing_rate - AGED) / 0.12
    if far > 1:
        values = {"share": f"{people.ageing_rate:.1%}", "usual": f"{AGED:.0%}"}
        yield Unusual(far, Phrase("unusual.aged", values))
    size = people.persons_per_household
    if size is not None and abs(size - SIZE) > 0.5:
        values = {"size": f"{size:.2f}", "usual": f"{SIZE}"}
        yield Unusual(abs(size - SIZE) / 0.5, Phrase("unusual.size", values))


def _posts(draft: Draft) -> Iterator[Unusual]:
    """Desks with less than half, or more than twice, of the standard number for the population."""
    values, waiting = draft.read.values, read_toml(SHIPPED / DEFAULT_ORGANISATION)
    usual = {one["field"]: one["share"] * waiting["posts_per_100k"] for one in waiting["agencies"]}
    for field in AGENCY_FIELDS:
        typed = [values[key] for kind in POST_KINDS if (key := f"posts.{field}.{kind}") in values]
        standard = usual[field] * values["town.population"] / 100_000
        if typed and _far(sum(typed), standard) > 1:
            told = {"posts": f"{sum(typed):g}", "usual": f"{standard:.1f}"}
            name = Phrase(f"field.{field}")
            yield Unusual(
                _far(sum(typed), standard), Phrase("unusual.posts", told | {"field": name})
            )


def _prices(plan: BookPlan) -> Iterator[Unusual]:
    """Unit prices outside the range of the price book."""
    for one in plan.priced:
        if one.price is None:
            continue
        price, low, high = (value / 1000 for value in BOOK.item(one.item).priced)
        if not low <= one.price <= high:
            told = {"price": f"{one.price:,.0f}", "low": f"{low:,.0f}", "high": f"{high:,.0f}"}
            words = Phrase("unusual.price", told | {"line": LABELS[one.id]})
            yield Unusual(1 + _far(one.price, price), words)


def _measures(draft: Draft, plan: BookPlan) -> Iterator[Unusual]:
    """Measures that are large beside what is there, that start within a year, whose grant ends."""
    values = draft.read.values
    there = sum(value for key, value in values.items() if key.startswith(("posts.", "now.")))
    more = sum(one.number for one in plan.wishes if one.kind)
    if there and more > there / 2:
        told: dict[str, Any] = {"more": f"{more:g}", "there": f"{there:g}"}
        yield Unusual(1 + _far(more, there / 2), Phrase("unusual.many", told))
    last = datetime.date(plan.first + plan.years, 3, 31)
    for one in plan.priced:
        if one.source and one.until is not None and one.until < last:
            told = {"until": day_words(one.until), "line": LABELS[one.id]}
            yield Unusual(0.8, Phrase("unusual.ends", told))
        if one.source and one.ceiling is None:
            yield Unusual(0.6, Phrase("unusual.no_ceiling", {"line": LABELS[one.id]}))
        if one.start.day != 1:
            told = {"start": day_words(one.start), "line": LABELS[one.id]}
            yield Unusual(0.7, Phrase("unusual.mid_month", told))


def _amounts(draft: Draft, plan: BookPlan) -> Iterator[Unusual]:
    """Amounts far above what they should be about: a ceiling beside number x unit price, the
    accounts beside the posts at their prices.
    """
    values, book = draft.read.values, prices_of(draft, plan)
    found = {
        f"measures.{one.id}.ceiling": one.number * book.item(one.item).priced[0] / 1000
        for one in plan.priced
    }
    found[f"figures.{ACCOUNTS}"] = sum(
        values.get(f"posts.{field}.{kind}", 0) * book.item(POSTS[kind]).priced[0] / 1000
        for field in AGENCY_FIELDS
        for kind in POST_KINDS
    )
    for key, usual in found.items():
        if 0 < MUCH * usual < values.get(key, 0):
            told = {"amount": f"{values[key]:,.0f}", "usual": f"{usual:,.0f}"}
            words = Phrase("unusual.amount", told | {"place": draft.read.place(key)})
            yield Unusual(_far(values[key], usual), words)


def _figures(draft: Draft) -> Iterator[Unusual]:
    """Without figures of its own nobody can tell whether the model fits the town."""
    given = [name for name in FIGURES_ASKED if f"figures.{name}" in draft.read.values]
    if not given:
        yield Unusual(0.9, Phrase("unusual.no_figures"))
    if draft.filled_in:
        told = {"number": len(draft.filled_in)}
        yield Unusual(0.5, Phrase("unusual.filled", told))
