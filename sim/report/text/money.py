"""The tables of money on a page: payers, budget impact, break-even, cash, perspectives, ratios,
what turns them, prices.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from sim.declared import declared
from sim.declared.measure import FEWEST
from sim.declared.payers import PAYERS, payer_name
from sim.economics.cash import YEN
from sim.economics.costing import PriceItem
from sim.economics.money import FIRST_YEARS, PLANNED_PARTS, PUBLIC, YEARS
from sim.report.text.listing import Section
from sim.report.text.money_sentences import BOTH
from sim.report.text.phrases import MAN, MILLION, ordered, share, year
from sim.report.text.run import GRADES, label
from sim.study.case import UNSEEN_SHARES, VIEWS, Case
from sim.words import named, say

WIDEST = 5  # prices, parameters and counted things shown for an arm
LEAST_SHOWN = 0.05 * MILLION  # yen, which a table of million yen shows
ALL_PAYERS = (*PAYERS, PUBLIC)


def millions(row: Any, lang: str) -> str:
    """Returns a mean in million yen and half of its interval, such as "+290 ±3", with both ends
    where the interval is not symmetric.
    """
    mean, low, high = (value / MILLION for value in (row["mean"], row["low"], row["high"]))
    digits = 1 if max(abs(mean), 0.0) < 1000 else 0
    text = f"{mean:+z,.{digits}f}"
    if math.isnan(low):
        return text
    if math.isclose(high - mean, mean - low, abs_tol=1e-6):
        return "0" if mean == 0 and high == 0 else f"{text} ±{high - mean:,.{digits}f}"
    return f"{text} [{low:+z,.{digits}f}, {high:+z,.{digits}f}]"


def exact(yen: float) -> str:
    """Returns a planned amount, such as "+33.0" million yen. It has no interval."""
    return f"{yen / MILLION:+,.1f}" if abs(yen) >= 1 else "0"


def arm_name(case: Case, arm: str, lang: str) -> str:
    """Returns the name of an arm."""
    return label(case.compared.comparison.arm(arm).name, lang)


def payers_section(case: Case, lang: str) -> Section:
    """Returns the net cost of the run by payer, with a row for each arm."""
    table = case.totals[case.totals["part"] == "net"].set_index(["arm", "payer"])
    rows = [
        (
            label(arm.name, lang),
            *(millions(table.loc[(arm.id, payer)], lang) for payer in ALL_PAYERS),
        )
        for arm in case.compared.comparison.others
    ]
    columns = (say("column.arm", lang), *(payer_name(payer, lang) for payer in ALL_PAYERS))
    return Section(say("page.t.payers", lang, years=case.years), columns, rows)


def impact_sections(case: Case, lang: str) -> list[Section]:
    """Returns the budget impact of the first fiscal years: a table for each arm, with payer and
    part by year, and the sum.
    """
    return [_impact(case, arm.id, lang) for arm in case.compared.comparison.others]


def _impact(case: Case, arm: str, lang: str) -> Section:
    of_arm = case.budget_impact[case.budget_impact["arm"] == arm]
    table: Any = of_arm.set_index(["payer", "part", "year"]).loc
    years = range(1, min(FIRST_YEARS, case.years) + 1)
    rows = []
    for payer in ALL_PAYERS:
        parts = PLANNED_PARTS if payer in BOTH else ("net",)
        for part in parts:
            cells = [table[payer, part, year] for year in years]
            total = sum(cell["mean"] for cell in cells) / MILLION
            words = say(
                "page.t.impact_of",
                lang,
                payer=payer_name(payer, lang),
                part=say(f"part.{part}", lang),
            )
            texts = [
                exact(cell["mean"]) if part == "planned" else millions(cell, lang) for cell in cells
            ]
            rows.append((words, *texts, f"{total:+z,.1f}"))
    first = case.compared.comparison.base.start_year
    columns = (
        "",
        *(say("page.t.fiscal", lang, year=year, fiscal=first + year - 1) for year in years),
        say("page.t.total5", lang, years=len(years)),
    )
    return Section(say("page.t.impact", lang, arm=arm_name(case, arm, lang)), columns, rows)


def break_even_section(case: Case, lang: str) -> Section:
    """Returns the break-even year and its chance by year, for the municipality and for all public
    payers.
    """
    by = [at for at in YEARS if at <= case.years]
    rows = [
        _back(case, row, by, lang)
        for payer in BOTH
        for row in ordered(case.compared, case.break_even[case.break_even["payer"] == payer])
    ]
    columns = (
        say("sheets.head.payer", lang),
        say("column.arm", lang),
        say("page.t.median", lang),
        *(say("page.t.by", lang, year=at) for at in by),
        say("page.t.never", lang),
    )
    return Section(say("page.t.back", lang), columns, rows)


def _back(case: Case, row: Any, by: Sequence[int], lang: str) -> tuple[str, ...]:
    low, middle, high = (year(at, lang) for at in (row.year_05, row.year_50, row.year_95))
    if row.same:
        nothing = [say("unit.-", lang)] * (len(by) + 1)
        return (
            payer_name(row.payer, lang),
            arm_name(case, row.arm, lang),
            say("money.same", lang),
            *nothing,
        )
    span = (
        say("page.t.span", lang, middle=middle, low=low, high=high)
        if row.never < 1
        else say("money.never", lang)
    )
    found = [[share(getattr(row, f"by_{at}{end}")) for end in ("", "_low", "_high")] for at in by]
    chances = [f"{chance} [{least}, {most}]" for chance, least, most in found]
    return (
        payer_name(row.payer, lang),
        arm_name(case, row.arm, lang),
        span,
        *chances,
        share(row.never),
    )


def cash_section(case: Case, lang: str) -> Section:
    """Returns what of the municipality's savings is cash, with a row for each arm."""
    table = case.cash_totals.set_index(["arm", "what"])
    shown = (*YEN, "net_cash")
    rows = [
        (label(arm.name, lang), *(millions(table.loc[(arm.id, what)], lang) for what in shown))
        for arm in case.compared.comparison.others
    ]
    return Section(
        say("page.t.cash", lang, years=case.years),
        (say("column.arm", lang), *(say(f"cash.{what}", lang) for what in shown)),
        rows,
    )


def perspectives_section(case: Case, lang: str) -> Section:
    """Returns the net cost by perspective and rate; the perspectives are never added."""
    table: Any = case.net_costs.set_index(["view", "arm", "rate"]).loc
    rates = sorted(case.net_costs["rate"].unique())
    rows = [
        (
            say(f"perspective.{view}", lang),
            label(arm.name, lang),
            *(millions(table[view, arm.id, rate], lang) for rate in rates),
        )
        for view in VIEWS
        for arm in case.compared.comparison.others
    ]
    marks = {rate: say("page.t.chosen", lang) if rate == case.rate else "" for rate in rates}
    columns = (
        say("sheets.head.view", lang),
        say("column.arm", lang),
        *(say("page.t.rate", lang, rate=f"{100 * rate:g}", mark=marks[rate]) for rate in rates),
    )
    return Section(say("page.t.views", lang), columns, rows)


def unseen_section(case: Case, lang: str) -> Section:
    """Returns the net cost where none, half or all of the service cost of unseen households is
    charged, side by side.
    """
    table: Any = case.unseen_net_costs.set_index(["view", "arm", "share"]).loc
    rows = [
        (
            say(f"perspective.{view}", lang),
            label(arm.name, lang),
            *(millions(table[view, arm.id, one], lang) for one in UNSEEN_SHARES),
        )
        for view in VIEWS
        for arm in case.compared.comparison.others
    ]
    columns = (
        say("sheets.head.view", lang),
        say("column.arm", lang),
        *(say("page.t.unseen_share", lang, share=share(one)) for one in UNSEEN_SHARES),
    )
    return Section(say("page.t.unseen", lang), columns, rows)


def effects_section(case: Case, lang: str) -> Section | None:
    """Returns, for each arm whose effects cost all public payers more than no effect would, by what
    they do so: the counted things that they add most to, and take most from. None where there is no
    such arm, or no run without effects.
    """
    rows = []
    total = case.effect_kinds.groupby("arm")["mean"].sum()
    for arm in case.compared.comparison.others:
        if total.get(arm.id, 0.0) <= 0:
            continue
        found = case.effect_kinds[case.effect_kinds["arm"] == arm.id]
        moved = found[found["mean"].abs() >= LEAST_SHOWN]
        largest = moved.reindex(moved["mean"].abs().sort_values(ascending=False).index)
        one: Any
        for _place, one in largest.head(WIDEST).iterrows():
            item = label(case.book.item(one["id"]), lang)
            rows.append((label(arm.name, lang), item, millions(one, lang)))
    if not rows:
        return None
    columns = tuple(say(f"page.t.{name}", lang) for name in ("arm", "item", "effect_adds"))
    seeds = int(case.effect_kinds["replicates"].max())
    return Section(say("page.t.effects", lang, number=seeds), columns, rows)


def worth_section(case: Case, lang: str, view: str = PUBLIC) -> Section:
    """Returns the cost per compounded household-year averted, and each arm's place among all arms."""
    place = case.frontier[case.frontier["view"] == view].set_index("arm")["status"]
    among = place if case.replicates >= FEWEST else place.map(lambda _status: "few")
    shown = ordered(case.compared, case.ratios[case.ratios["view"] == view])
    rows = [
        (
            arm_name(case, row.arm, lang),
            f"{row.cost / MILLION:+z,.1f}",
            f"{row.effect:+z,.1f} [{row.effect_low:+z,.1f}, {row.effect_high:+z,.1f}]",
            say(f"status.{row.status}", lang),
            say("unit.-", lang) if math.isnan(row.icer) else f"{row.icer / MAN:,.0f}",
            say(f"status.{'same' if row.status == 'same' else among[row.arm]}", lang),
        )
        for row in shown
    ]
    columns = tuple(
        say(f"page.t.{name}", lang)
        for name in ("arm", "cost", "effect", "status", "icer", "frontier")
    )
    return Section(say("page.t.worth", lang, view=payer_name(view, lang)), columns, rows)


def optimism_section(case: Case, lang: str) -> Section:
    """Returns the net cost as estimated, and corrected for optimism."""
    plain, corrected = (
        table[(table["payer"] == PUBLIC) & (table["part"] == "net")].set_index("arm")
        for table in (case.totals, case.corrected)
    )
    rows = [
        (
            label(arm.name, lang),
            millions(plain.loc[arm.id], lang),
            millions(corrected.loc[arm.id], lang),
        )
        for arm in case.compared.comparison.others
    ]
    title = say(
        "page.t.optimism",
        lang,
        programme=share(case.options.programme),
        benefits=share(case.options.benefits),
    )
    return Section(
        title, tuple(say(f"page.t.{name}", lang) for name in ("arm", "plain", "corrected")), rows
    )


def price_turns_section(case: Case, lang: str, view: str = PUBLIC) -> Section:
    """Returns the prices that move each arm's net cost most, with the price at which it would be 0."""
    table = case.price_turns[case.price_turns["view"] == view]
    rows = []
    row: Any
    for arm in (arm for arm in case.compared.comparison.others if arm.id not in case.compared.same):
        for row in table[table["arm"] == arm.id].head(WIDEST).itertuples():
            at = say("unit.-", lang) if math.isnan(row.threshold) else f"{row.threshold:,.0f}"
            rows.append(
                (
                    label(arm.name, lang),
                    label(case.book.item(row.id), lang),
                    f"{row.price:,.0f}",
                    _span(row.low, row.high, lang, "{:,.0f}"),
                    _span(row.at_low / MILLION, row.at_high / MILLION, lang, "{:+z,.1f}"),
                    at,
                )
            )
    columns = tuple(
        say(f"page.t.{name}", lang) for name in ("arm", "item", "price", "range", "at", "threshold")
    )
    return Section(say("page.t.turns", lang), columns, rows)


def parameter_turns_section(case: Case, lang: str, view: str = PUBLIC) -> Section | None:
    """Returns the assumptions that move each arm's net cost most beyond chance; None where there
    are no worlds, or none is clear.
    """
    table = case.parameter_turns[case.parameter_turns["view"] == view]
    table = table[table["clear"].astype(bool)]
    if table.empty:
        return None
    rows = []
    row: Any
    for arm in case.compared.comparison.others:
        for row in table[table["arm"] == arm.id].head(WIDEST).itertuples():
            at = say("unit.-", lang) if math.isnan(row.threshold) else f"{row.threshold:.3g}"
            rows.append(
                (
                    label(arm.name, lang),
                    label(declared()[row.name], lang),
                    f"{row.correlation:+.2f}",
                    _span(row.bottom / MILLION, row.top / MILLION, lang, "{:+z,.1f}"),
                    at,
                    declared()[row.name].grade,
                )
            )
    columns = tuple(
        say(f"page.t.{name}", lang)
        for name in ("arm", "parameter", "rank", "fifths", "turn", "grade")
    )
    return Section(say("page.t.parameters", lang, number=len(case.compared.worlds)), columns, rows)


def _span(low: float, high: float, lang: str, form: str) -> str:
    return say("allowed.range", lang, low=form.format(low), high=form.format(high))


def idle_section(case: Case, lang: str) -> Section | None:
    """Returns the result with every effect at its null beside the main one; None where it was not
    run.
    """
    if case.no_effect.empty:
        return None
    with_effects = case.net_costs[case.net_costs["chosen"]].set_index(["view", "arm"])
    without = case.no_effect.set_index(["view", "arm"])
    rows = [
        (
            say(f"perspective.{view}", lang),
            label(arm.name, lang),
            millions(with_effects.loc[(view, arm.id)], lang),
            millions(without.loc[(view, arm.id)], lang),
        )
        for view in VIEWS
        for arm in case.compared.comparison.others
    ]
    columns = tuple(say(f"page.t.{name}", lang) for name in ("view", "arm", "main", "without"))
    return Section(say("page.t.idle", lang), columns, rows)


def information_section(case: Case, lang: str, view: str = PUBLIC) -> Section | None:
    """Returns the value of knowing each group of assumptions; None where there are too few worlds."""
    table = case.information[case.information["view"] == view]
    if table.empty:
        return None
    groups: Iterable[Any] = table.itertuples()
    rows = [
        (
            named("group", row.group).say(lang),
            f"{row.evppi / MILLION:,.2f}",
            f"{row.floor / MILLION:,.2f}",
        )
        for row in groups
    ]
    return Section(
        say("page.t.information", lang, worth=f"{case.options.worth:,.0f}"),
        tuple(say(f"page.t.{name}", lang) for name in ("group", "evppi", "floor")),
        rows,
    )


def prices_section(case: Case, lang: str) -> Section:
    """Returns the rows of the book that were counted, with grade and source."""
    rows = [_price(case.book.item(id), lang) for id in pd.unique(case.quantities["id"])]
    columns = tuple(
        say(f"page.t.{name}", lang)
        for name in ("item", "price", "range", "year", "cashable", "grade", "source")
    )
    return Section(say("page.t.prices", lang, book=label(case.book.name, lang)), columns, rows)


def _price(item: PriceItem, lang: str) -> tuple[str, ...]:
    unit = named("unit", item.unit).say(lang)
    price, low, high = item.priced
    return (
        say("summary.with_unit", lang, measure=label(item, lang), unit=unit),
        f"{price:,.0f}",
        _span(low, high, lang, "{:,.0f}"),
        str(item.price_year or ""),
        say(f"cash.{item.cashable}", lang),
        item.grade,
        item.source_in(lang),
    )


def grades_section(lang: str) -> Section:
    """Returns how many assumptions of each grade every group has."""
    found: dict[str, dict[str, int]] = {}
    for name, one in declared().items():
        count = found.setdefault(name.split(".")[0], dict.fromkeys(GRADES, 0))
        count[max(one.grade.split("/"))] += 1
    rows = [
        (named("group", group).say(lang), *(str(count[grade]) for grade in GRADES))
        for group, count in found.items()
    ]
    return Section(say("page.t.assumptions", lang), (say("page.t.group", lang), *GRADES), rows)


def assumptions_section(case: Case, lang: str) -> Section:
    """Returns every parameter with its value in the reference arm, range, unit, grade and source; one
    that is younger than the results at its declared value, and marked.
    """
    values, later = case.compared.comparison.base.parameters, f"[{say('sheets.later', lang)}]"
    rows = [
        (
            label(one, lang),
            f"{values[name]:g}" if name in values else f"{one.value:g} {later}",
            _span(one.low, one.high, lang, "{:g}"),
            named("unit", one.unit).say(lang),
            one.grade,
            one.source_in(lang),
        )
        for name, one in declared().items()
    ]
    columns = tuple(
        say(f"page.t.{name}", lang)
        for name in ("name", "value", "span_of", "unit", "grade", "source")
    )
    return Section(say("page.t.all", lang), columns, rows)
