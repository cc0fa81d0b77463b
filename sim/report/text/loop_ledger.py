"""The screen of a loop ledger: what each loop carries of an arm's difference to the reference."""

from __future__ import annotations

import math
from typing import Any

from sim.declared.measure import FEWEST, LOWER
from sim.report.text.comparison import BETTER, WORSE
from sim.report.text.listing import Section
from sim.report.text.run import grades, label, trial
from sim.study.gather import ALL_MEASURES
from sim.study.loop_ledger.tables import ALL_YEARS, MEASURES, REST, WHOLE, LoopLedger, loop_name
from sim.study.marks import HIGHER, SAME
from sim.study.marks import LOWER as BELOW
from sim.words import named, say

LEAST_HELD = 0.05  # share of places and weeks without hold from which on it is told


def ledger_heading(found: LoopLedger, lang: str) -> list[str]:
    """Returns the lines before the tables: what was held, in how many runs, what the marks mean."""
    comparison = found.comparison
    base = comparison.base
    told = {
        "name": label(comparison.name, lang),
        "town": label(base.people.name, lang),
        "population": f"{base.people.population:,}",
        "years": base.years,
        "reference": label(comparison.arm(comparison.reference).name, lang),
    }
    runs = "ledger.worlds" if found.worlds else "ledger.seeds"
    marks = "ledger.marks" if found.runs >= FEWEST else "ledger.no_marks"
    return [
        *trial(found.runs, lang),
        say("ledger.head", lang, **told),
        say("ledger.how", lang, reference=told["reference"]),
        say(runs, lang, number=found.runs),
        say(marks, lang, better=BETTER, worse=WORSE, fewest=FEWEST),
        say("summary.model", lang, **grades()),
    ]


def ledger_sections(found: LoopLedger, lang: str) -> list[Section]:
    """Returns a table an arm, means of all years: the whole difference, the loops that carry
    something, and the rest.
    """
    return [_section(found, arm.id, lang) for arm in found.comparison.others]


def reported_ledger(found: LoopLedger, lang: str) -> list[Section]:
    """Returns the tables of a ledger as they stand in a report, with how they are to be read."""
    lines = [*ledger_heading(found, lang), *ledger_notes(found, lang)]
    reading = Section(say("ledger.reading", lang), ("",), [(line,) for line in lines])
    return [*ledger_sections(found, lang), reading]


def of_arm(found: LoopLedger, arm: str, year: int = ALL_YEARS) -> Any:
    """Returns the rows of an arm in a year, by loop and measure."""
    table = found.table
    return table[(table["arm"] == arm) & (table["year"] == year)].set_index(["loop", "measure"])


def silent_loops(found: LoopLedger, arm: str) -> list[str]:
    """Returns the loops that carry exactly nothing: with the link held each run is the same."""
    rows = of_arm(found, arm)
    return [one for one in found.links if (rows.loc[one]["side"] == SAME).all()]


def _section(found: LoopLedger, arm: str, lang: str) -> Section:
    rows, silent = of_arm(found, arm), silent_loops(found, arm)
    measures = [ALL_MEASURES[name] for name in MEASURES]
    columns = [
        say("ledger.loop", lang),
        *(f"{label(one, lang)} ({named('unit', one.unit).say(lang)})" for one in measures),
    ]
    digits = {name: digits_of(rows.loc[(WHOLE, name), "whole"]) for name in MEASURES}
    lines = []
    for loop in (WHOLE, *(one for one in found.links if one not in silent), REST):
        cells = [carried_text(rows.loc[(loop, name)], name, digits[name]) for name in MEASURES]
        lines.append((loop_name(loop).say(lang), *cells))
    name = label(found.comparison.arm(arm).name, lang)
    return Section(say("ledger.title", lang, arm=name), tuple(columns), lines)


def digits_of(whole: float) -> int:
    """Returns the decimals in which a difference has three digits; its parts are told in the same."""
    return 3 if whole == 0 else min(6, max(0, 2 - math.floor(math.log10(abs(whole)))))


def in_digits(number: float, digits: int) -> str:
    """Returns a number with its sign; what is exactly 0, and what is rounded to it, differ."""
    return f"{number:+,.{digits}f}" if number else "±0"


def carried_text(row: Any, measure: str, digits: int) -> str:
    """Returns what a loop carries with its interval and its mark, both ends where the interval is not
    symmetric.
    """
    number = in_digits(row["carried"], digits)
    if row["n"] < 2 or row["side"] == SAME:
        return number
    below, above = row["carried"] - row["low"], row["high"] - row["carried"]
    if math.isclose(below, above, rel_tol=1e-6):
        number += f" ±{above:,.{digits}f}"
    else:
        number += f" [{row['low']:+,.{digits}f}, {row['high']:+,.{digits}f}]"
    return f"{number} {mark_of(row, measure)}".rstrip()


def mark_of(row: Any, measure: str) -> str:
    """Returns the mark of a number: better, worse, or none where its sign is not known."""
    better = ALL_MEASURES[measure].better
    if row["side"] not in (HIGHER, BELOW) or not better:
        return ""
    return BETTER if (row["side"] == BELOW) == (better == LOWER) else WORSE


def ledger_notes(found: LoopLedger, lang: str) -> list[str]:
    """Returns the lines after the tables: loops that carry exactly nothing, links that could not be
    held everywhere, and that pieces do not add up.
    """
    lines = []
    for arm in found.comparison.others:
        silent = silent_loops(found, arm.id)
        if silent:
            names = say("run.comma", lang).join(loop_name(one).say(lang) for one in silent)
            lines.append(say("ledger.silent", lang, arm=label(arm.name, lang), loops=names))
    table = found.unheld[found.unheld["unheld"] >= LEAST_HELD]
    every: Any = table.itertuples()
    for row in every:
        arm_name = label(found.comparison.arm(row.arm).name, lang)
        told = {"arm": arm_name, "loop": loop_name(row.link), "share": f"{100 * row.unheld:.0f}"}
        lines.append(say("ledger.unheld", lang, **told))
    return [*lines, say("ledger.adds", lang)]
