"""The sheet of the fit: the town's own figures, beside them what the model says before and after its
knobs were turned, and the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.declared.own_figures import OWN_FIGURES
from sim.economics.costing import PriceBook
from sim.economics.quantities import POSTS
from sim.officer.planning import AS_IS
from sim.officer.sheets import ACCOUNTS, ORGANISATION
from sim.report.text.fit import fit_lines, number
from sim.report.text.run import decimals
from sim.report.workbook.page import HEAD, NOTE, THOUSAND, CellStyle, Page
from sim.scenario.scenario import Scenario
from sim.study.case import Case
from sim.study.fit.result import FIRST_LOOK, Fitted
from sim.study.match.settings import CUTOFF
from sim.words import named, say

GAP = CellStyle("+0%;-0%;0%")
FACTOR = CellStyle("0.00")
FEWEST = 5  # worlds that must be left for arms to be compared in these alone
MOST_LEFT_OUT = 2  # own figures, of those that no knob brings within reach
PER = 1e5  # residents for whom new consultations are counted
Means = dict[str, float]
FIGURES: dict[str, Callable[[Means, float, float], float]] = {
    # own figure: from yearly measures, residents and households of the town
    "consultations": lambda of, people, homes: of["new_consultations"] * 12 * people / PER,
    "open_cases": lambda of, people, homes: of["open_cases"],
    "closed_cases": lambda of, people, homes: of["closed"] + of["lapsed"],
    "wait_first": lambda of, people, homes: of["door_wait"],
    "wait_support": lambda of, people, homes: of["wait"],
    "overtime": lambda of, people, homes: of["overtime_per_post"],
    "leavers": lambda of, people, homes: of["leavers"],
    "assistance_households": lambda of, people, homes: of["assistance_households"] * homes / 100,
}


@dataclass(frozen=True)
class TownFit:
    """What was found with all own figures (`whole`), and without those that are `left_out` since no
    knob brings them within reach (`found`; the same as `whole` where none is).
    """

    whole: Fitted
    found: Fitted
    left_out: tuple[str, ...] = ()


def is_used(found: Fitted) -> bool:
    """Returns whether enough worlds are left of a fit to compare the arms in these alone."""
    return len(found.kept) >= min(FEWEST, max(1, found.tried))


def hindrance(found: Fitted, left_out: Sequence[str]) -> str | None:
    """Returns the figure without which most worlds would be left, more than with it; None where there
    is no such one, where enough were left out, or where nothing but staff would be left to fit.
    """
    counted = [one.key for one in found.figures if not one.declared.posts]
    table = found.table[found.table["figure"].isin(counted)]
    if not found.tried or len(left_out) >= MOST_LEFT_OUT or len(counted) <= 1:
        return None
    first = table.sort_values("kept_without", ascending=False).iloc[0]
    return str(first["figure"]) if first["kept_without"] > len(found.kept) else None


def worlds_lines(several: TownFit, lang: str) -> list[str]:
    """Says which figures were left out, and in which worlds the arms were compared; nothing where
    none but the central one was tried.
    """
    found, lines = several.found, []
    for _at, row in several.whole.table.iterrows():
        if row["figure"] in several.left_out:
            more = "more" if row["central"] > row["own"] else "less"
            values = {"own": number(row["own"]), "model": number(row["central"])}
            figure = OWN_FIGURES[row["figure"]].label(lang)
            lines.append(say(f"book.fit.left_out_{more}", lang, figure=figure, **values))
    told = {"kept": len(found.kept), "tried": found.tried}
    key = "book.fit.used" if is_used(found) else "book.fit.not_used"
    return [*lines, say(key, lang, **told)] if found.tried else []


def fill_fit(
    page: Page, case: Case, several: TownFit | None, accounts: float | None = None
) -> None:
    """Write own figures beside the model, and what the model says of those that were left empty;
    `several` is None where none was typed. `accounts` (thousand yen) stand beside what the posts of
    the desks cost.
    """
    if several is not None:
        verdict, *more = fit_lines(several.whole, page.lang)
        page.note(verdict, NOTE._replace(bold=True))
        _own_figures(page, several)
        for line in (*worlds_lines(several, page.lang), *more):
            page.note(line)
        if several.found.kept:
            page.row += 1
            _knobs(page, several.found)
    known = {one.key for one in several.whole.figures} if several else set()
    left = [one for one in _asked() if one in FIGURES and one not in known]
    if left:
        page.row += 1 if several else 0
        _left_empty(page, case, left, several is None)
    if accounts is not None:
        page.row += 1
        _accounts(page, case, accounts)


def _accounts(page: Page, case: Case, accounts: float) -> None:
    """The accounts of the desks beside their posts at the prices of the book: no knob, no verdict."""
    page.note(say("book.fit.accounts", page.lang))
    _small_heads(page, ("item", "unit", "own", "model", "gap"))
    form = next(block for block in ORGANISATION.blocks if block.id == "figures")
    one = next(one for one in form.inputs if one.id == ACCOUNTS)
    cost = desk_cost(case.compared.comparison.base, case.book)
    page.put(page.row, 1, one.label.say(page.lang))
    page.put(page.row, 2, one.unit.say(page.lang))
    page.put(page.row, 3, accounts, THOUSAND)
    page.put(page.row, 4, cost, THOUSAND)
    if accounts:
        own, model = page.at(page.row, 3), page.at(page.row, 4)
        page.live(page.row, 5, f"{model}/{own}-1", cost / accounts - 1, GAP)
    page.row += 1


def desk_cost(scenario: Scenario, book: PriceBook) -> float:
    """Returns what the standing posts of the desks cost a year, thousand yen."""
    organisation, residents = scenario.organisation, scenario.people.population
    return sum(
        number * book.item(POSTS[kind]).priced[0] / 1000
        for agency in organisation.agencies
        for kind, number in organisation.posts_of(agency, residents).items()
    )


def _asked() -> list[str]:
    """The figures that the form asks for."""
    form = next(block for block in ORGANISATION.blocks if block.id == "figures")
    return [one.id for one in form.inputs]


def _own_figures(page: Page, several: TownFit) -> None:
    """A row a figure: own, the central world as it is, gap, whether it is met, and what the worlds
    that are left say with their knobs turned.
    """
    after = several.whole.verdict != FIRST_LOOK
    names = ["item", "unit", "own", "model_central", "gap", "met"]
    names += ["fitted", "fitted_low", "fitted_high"] if after else []
    page.heads(*(say(f"book.head.{name}", page.lang) for name in names))
    fitted = several.found.table.set_index("figure")
    for _at, row in several.whole.table.iterrows():
        name = row["figure"]
        _names(page, name)
        page.put(page.row, 3, row["own"], look_of(row["own"]))
        page.put(page.row, 4, row["central"], look_of(row["central"]))
        if row["own"]:
            own, model = page.at(page.row, 3), page.at(page.row, 4)
            page.live(page.row, 5, f"{model}/{own}-1", row["central"] / row["own"] - 1, GAP)
        met = "fit.met" if row["implausibility"] <= CUTOFF else "fit.missed"
        page.put(page.row, 6, say("book.fit.out" if name in several.left_out else met, page.lang))
        for column, at in enumerate((50, 5, 95), start=7) if after else ():
            value = fitted[f"fitted_{at}"].get(name, float("nan"))
            page.put(page.row, column, value, look_of(value))
        page.row += 1


def _names(page: Page, figure: str) -> None:
    declared = OWN_FIGURES[figure]
    page.put(page.row, 1, declared.label(page.lang))
    page.put(page.row, 2, named("unit", declared.unit).say(page.lang))


def look_of(value: float) -> CellStyle:
    """Returns how a figure is shown: with a digit behind the point where it is small."""
    return CellStyle("#,##0" + ".0" * (pd.notna(value) and decimals(abs(value)) > 0))


def _knobs(page: Page, found: Fitted) -> None:
    """A row a knob: the factor, what is not ruled out, and how far it may be turned."""
    names = "knob", "factor", "factor_low", "factor_high", "least", "most"
    _small_heads(page, names)
    for _at, row in found.knobs.iterrows():
        page.put(page.row, 1, say(f"fit.knob.{row['knob']}", page.lang))
        for column, name in enumerate(("factor", "low", "high", "least", "most"), start=2):
            page.put(page.row, column, row[name], FACTOR)
        page.row += 1


def _small_heads(page: Page, names: Any) -> None:
    """Headings of a further table on the sheet."""
    for column, name in enumerate(names, start=1):
        page.put(page.row, column, say(f"book.head.{name}", page.lang), HEAD)
    page.row += 1


def _left_empty(page: Page, case: Case, figures: list[str], alone: bool) -> None:
    """What the model says of figures that were left empty: the first year with things as they are."""
    main = case.compared.main
    of_year = main[(main["arm"] == AS_IS) & (main["year"] == 1)]
    means = {
        str(name): float(value)
        for name, value in of_year.groupby("measure")["value"].mean().items()
    }
    people = case.compared.comparison.base.people.population
    homes = case.compared.gathered.households
    page.note(say("book.fit.none" if alone else "book.fit.left", page.lang))
    names = "item", "unit", "model"
    if alone:
        page.heads(*(say(f"book.head.{name}", page.lang) for name in names))
    else:
        _small_heads(page, names)
    for figure in figures:
        _names(page, figure)
        model = FIGURES[figure](means, people, homes)
        page.put(page.row, 3, model, look_of(model))
        page.row += 1
