"""In how many plausible worlds an arm is lower or higher than the reference, what luck alone would
give, and luck apart from not knowing, in words and tables.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.report.text.listing import Section
from sim.report.text.run import label
from sim.study.gather import ALL_MEASURES
from sim.study.measures import SHORT
from sim.study.result import Compared
from sim.study.worlds import by_luck
from sim.words import say

RARE = 0.05  # chance below which a count is called one that luck seldom gives


def with_worlds(section: Section, compared: Compared, measure: str, lang: str) -> Section:
    """Returns a table of a measure (the reference in its first row) with one column more: in how
    many worlds each arm is lower than the reference in the last year.
    """
    at = _rows(compared)
    counts = ["", *(lower_in(at(measure, arm.id), lang) for arm in compared.comparison.others)]
    rows = [(*row, count) for row, count in zip(section.rows, counts, strict=True)]
    year = compared.comparison.base.years
    return Section(section.title, (*section.columns, say("worlds.lower", lang, year=year)), rows)


def lower_in(row: Any, lang: str) -> str:
    """Returns in how many worlds an arm is lower, such as "21 / 24"."""
    return say("worlds.of", lang, count=int(row["lower"]), worlds=int(row["runs"]))


def lower_after(compared: Compared, measure: str, arm: str, lang: str) -> str:
    """Returns in how many worlds an arm is lower in the last year, to stand after a number; nothing
    where there are no worlds.
    """
    if not compared.worlds:
        return ""
    return say("worlds.after", lang, count=lower_in(_rows(compared)(measure, arm), lang))


def luck_line(compared: Compared, lang: str) -> list[str]:
    """Says how large a count luck alone gives seldom; nothing where there are no worlds."""
    number = len(compared.worlds)
    counts = [count for count in range(number + 1) if by_luck(count, number) < RARE]
    if not counts:
        return []
    percent = f"{100 * by_luck(counts[0], number):.1g}"
    few = number - counts[0]
    return [say("worlds.luck", lang, worlds=number, many=counts[0], few=few, percent=percent)]


def world_sections(compared: Compared, lang: str) -> list[Section]:
    """Returns a table of all arms and shown measures in the last year: difference over the worlds
    and at declared values, range over worlds, counts, luck apart from not knowing; none where there
    are no worlds.
    """
    if not compared.worlds:
        return []
    year, at = compared.comparison.base.years, _rows(compared)
    mean = compared.differences.set_index(["measure", "arm", "year"])["difference"]
    rows = [
        (
            label(ALL_MEASURES[name], lang),
            label(arm.name, lang),
            f"{mean[name, arm.id, year]:+.3g}",
            *_numbers(at(name, arm.id), lang),
        )
        for name in compared.comparison.measures or SHORT
        for arm in compared.comparison.others
    ]
    names = ("mean", "range", "lower", "higher", "luck", "central", "share")
    columns = ("", "", *(say(f"worlds.column.{name}", lang) for name in names))
    title = say("worlds.title", lang, year=year, worlds=len(compared.worlds))
    return [Section(title, columns, rows)]


def _rows(compared: Compared) -> Any:
    """Returns a function that gives the row of `over_worlds` of a measure and an arm in the last
    year.
    """
    table = compared.over_worlds
    table = table[table["year"] == compared.comparison.base.years]
    indexed: Any = table.set_index(["measure", "arm"])
    return lambda measure, arm: indexed.loc[(measure, arm)]


def _numbers(row: Any, lang: str) -> tuple[str, ...]:
    whole = row["between"] + row["within"]
    return (
        say(
            "allowed.range", lang, low=f"{row['range_low']:+.3g}", high=f"{row['range_high']:+.3g}"
        ),
        f"{int(row['lower'])}",
        f"{int(row['higher'])}",
        chance_in_percent(row["by_luck"]),
        "-" if pd.isna(row["central"]) else f"{row['central']:+.3g}",
        f"{100 * row['between'] / whole:.0f} %" if whole > 0 else "-",
    )


def chance_in_percent(chance: float) -> str:
    """Returns a chance in percent, "<.1 %" where it is smaller."""
    if pd.isna(chance):
        return "-"
    if chance < 0.001:
        return "<0.1 %"
    return f"{100 * chance:.0f} %" if chance >= 0.1 else f"{100 * chance:.2g} %"
