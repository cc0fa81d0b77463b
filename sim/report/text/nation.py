"""The screen of a nation: what was read and is simulated, the differences of the whole, and by size
class.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.declared.measure import FEWEST
from sim.report.text.comparison import BETTER, SHOWN, WORSE, mark
from sim.report.text.listing import Section
from sim.report.text.phrases import numbers_range
from sim.report.text.run import decimals, grades, label
from sim.scenario.comparison import Arm, Comparison
from sim.study.money_measures import MILLION
from sim.study.nation.tables import measure_named
from sim.study.nation.work import Nation
from sim.towns.nation.regions import SIZE_CLASSES
from sim.towns.nation.table import NationTable
from sim.words import named, say

COST = "cost_public"
BY_CLASS = ("compounded", "unseen", "load", COST)  # measures of the table by size


def nation_measures(comparison: Comparison) -> tuple[str, ...]:
    """Returns the measures of the tables: those that the file of the arms asks for, else SHOWN; the
    ones by size are among them.
    """
    return tuple(dict.fromkeys((*(comparison.measures or SHOWN), *BY_CLASS)))


def read_lines(table: NationTable, lang: str) -> list[str]:
    """Returns what was read of the table, and which rows were left out."""
    whole = {"municipalities": f"{len(table.rows):,}", "residents": f"{table.population:,}"}
    return [
        say("nation.read", lang, file=table.file, **whole),
        *(
            say(f"nation.left_{why}", lang, number=number)
            for why, number in table.left_out.items()
            if number
        ),
    ]


def plan_lines(nation: Nation, lang: str) -> list[str]:
    """Returns what will be simulated: a sample, cities as smaller towns, the number of cells."""
    base = nation.comparison.base
    residents = sum(row.population for row in nation.rows)
    lines = []
    if len(nation.rows) < len(nation.table.rows):
        number = f"{len(nation.rows):,}"
        lines.append(say("nation.sampled", lang, number=number, residents=f"{residents:,}"))
    larger = [row for row in nation.rows if nation.lived(row) < row.population]
    if larger:
        lived = sum(map(nation.lived, nation.rows))
        numbers = {"number": len(larger), "largest": f"{nation.largest:,}"}
        whole = {"lived": f"{lived:,}", "residents": f"{residents:,}"}
        lines.append(say("nation.largest", lang, **numbers, **whole))
    counts = {"arms": len(nation.comparison.arms), "sets": len(nation.sets)}
    counts["municipalities"] = len(nation.rows)
    times = {"seeds": nation.seeds, "cells": f"{nation.cells:,}", "years": base.years}
    return [*lines, say("nation.plan", lang, **counts, **times, run_in=base.run_in_weeks)]


def nation_heading(nation: Nation, whole: pd.DataFrame, lang: str) -> list[str]:
    """Returns the lines before the tables: what is compared, how sure it is, and what marks say."""
    comparison, row = nation.comparison, whole.iloc[0]
    base = comparison.base
    sets = len(nation.sets)
    return [
        say(
            "nation.head",
            lang,
            name=label(comparison.name, lang),
            municipalities=f"{row['municipalities']:,}",
            residents=f"{row['residents']:,}",
            years=base.years,
            first=base.start_year,
            year=base.years,
        ),
        say(
            "nation.reference",
            lang,
            reference=label(comparison.arm(comparison.reference).name, lang),
        ),
        say("nation.luck", lang, seeds=nation.seeds),
        say("nation.marks", lang, better=BETTER, worse=WORSE, fewest=FEWEST),
        say("nation.many", lang),
        say("nation.each", lang),
        *([say("nation.no_claims", lang)] if comparison.claims else []),
        *([say("nation.sets_line", lang, sets=sets)] if sets > 1 else []),
        say("summary.model", lang, **grades()),
    ]


def whole_section(nation: Nation, whole: pd.DataFrame, lang: str) -> Section:
    """Returns the table of all municipalities together: each measure under the reference, and the
    difference of every arm in the last year.
    """
    comparison, year = nation.comparison, nation.comparison.base.years
    last: Any = whole[whole["year"] == year].set_index(["measure", "arm"]).loc
    several = len(nation.sets) > 1
    columns = ["", label(comparison.arm(comparison.reference).name, lang)]
    for arm in comparison.others:
        columns.append(say("nation.difference", lang, arm=label(arm.name, lang)))
        columns.append(say("nation.spread", lang, arm=label(arm.name, lang)))
        columns += [say("nation.better_sets", lang)] if several else []
    rows = []
    for name in whole["measure"].unique():
        cells = [last[name, arm.id] for arm in comparison.others]
        row = [_named(name, lang), _number(cells[0]["reference"], lang)]
        for cell in cells:
            row.append(said_difference(cell, measure_named(name).better, lang))
            row.append(spread_said(cell, lang))
            row += [better_sets(cell)] if several else []
        rows.append(tuple(row))
    return Section(say("nation.whole", lang), tuple(columns), rows)


def class_sections(nation: Nation, classes: pd.DataFrame, lang: str) -> list[Section]:
    """Returns a table for each arm beside the reference: the differences of a few measures in the
    last year by size class.
    """
    last = classes[classes["year"] == nation.comparison.base.years]
    return [
        _class_section(arm, last[last["arm"] == arm.id], lang) for arm in nation.comparison.others
    ]


def _class_section(arm: Arm, last: pd.DataFrame, lang: str) -> Section:
    at: Any = last.set_index(["id", "measure"]).loc
    names = [_named(name, lang) for name in BY_CLASS if name != COST]
    heads = (f"nation.{name}" for name in ("class", "municipalities", "residents"))
    columns = (*(say(head, lang) for head in heads), *names, say("nation.cost_each", lang))
    rows = []
    for one in (size for size in SIZE_CLASSES if size.id in set(last["id"])):
        cells = [at[one.id, name] for name in BY_CLASS]
        residents = cells[0]["residents"]
        rows.append(
            (
                one.name.say(lang),
                f"{cells[0]['municipalities']:,}",
                f"{residents:,}",
                *(
                    said_difference(cell, measure_named(name).better, lang, _each(name, residents))
                    for name, cell in zip(BY_CLASS, cells, strict=True)
                ),
            )
        )
    return Section(say("nation.by_class", lang, arm=label(arm.name, lang)), columns, rows)


def _each(name: str, residents: float) -> float:
    """Returns the factor by which a measure is shown by size: cost in yen for each resident."""
    return MILLION / residents if name == COST else 1.0


def said_difference(cell: Any, better: str, lang: str, factor: float = 1.0) -> str:
    """Returns a difference with its interval and mark, such as "+0.30 ±0.02 ○"."""
    if cell["side"] == "same":
        return "0"
    value, half = factor * cell["difference"], factor * (cell["high"] - cell["low"]) / 2
    if math.isnan(value):
        return say("unit.-", lang)
    digits = decimals(abs(value))
    text = f"{value:+,.{digits}f}"
    text += "" if math.isnan(half) else f" ±{half:,.{digits}f}"
    return f"{text} {mark(_Side(cell['side']), better)}".rstrip()


def spread_said(cell: Any, lang: str) -> str:
    """Returns the range of the municipalities' own differences without the outer tenths."""
    low, high = cell["municipality_10"], cell["municipality_90"]
    if math.isnan(low) or cell["side"] == "same":
        return say("unit.-", lang)
    return numbers_range(low, high, lang)


class _Side:
    """A side as `mark` takes it."""

    def __init__(self, side: str):
        self.side = side


def better_sets(cell: Any) -> str:
    """Returns in how many parameter sets the arm is better; nothing where neither way is."""
    return "" if cell["sets_better"] < 0 else f"{cell['sets_better']}/{cell['sets']}"


def _named(name: str, lang: str) -> str:
    one = measure_named(name)
    unit = named("unit", one.unit).say(lang)
    return say("summary.with_unit", lang, measure=label(one, lang), unit=unit)


def _number(value: float, lang: str) -> str:
    return say("unit.-", lang) if math.isnan(value) else f"{value:,.{decimals(abs(value))}f}"
