"""What each arrow of the causal picture carries of the difference of a finished comparison, as its loop
ledger says. This is no flow: live towns show flows, which are measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.desk.loops import ARROWS
from sim.report.text.comparison import BETTER, WORSE
from sim.report.text.loop_ledger import digits_of, in_digits, mark_of, of_arm
from sim.report.text.run import label
from sim.scenario.comparison import Comparison
from sim.study.gather import ALL_MEASURES
from sim.study.loop_ledger.stored import beside, stored_ledger
from sim.study.loop_ledger.tables import MEASURES, REST, WHOLE, LoopLedger
from sim.words import named

MARKED = {BETTER: "better", WORSE: "worse"}


def ledger_beside(folder: Path, comparison: Comparison) -> LoopLedger | None:
    """The ledger that lies beside the results of a comparison; None where there is none of its arms."""
    place = beside(folder)
    return stored_ledger(place, comparison) if place.is_dir() else None


def carried_shown(found: LoopLedger | None, arm: str, lang: str) -> dict[str, Any] | None:
    """For each measure of the ledger what every arrow carries for an arm, with the whole difference
    and the rest; None where the ledger has no such arm. An arrow carries the sum of its links; it has
    none where none of them was held.
    """
    if found is None or arm not in [one.id for one in found.comparison.others]:
        return None
    rows = of_arm(found, arm)
    return {
        "arm": label(found.comparison.arm(arm).name, lang),
        "runs": found.runs,
        "measures": [_measure(rows, name, found.links, lang) for name in MEASURES],
    }


def _measure(rows: Any, name: str, held: tuple[str, ...], lang: str) -> dict[str, Any]:
    declared, whole = ALL_MEASURES[name], float(rows.loc[(WHOLE, name), "whole"])
    digits = digits_of(whole)
    return {
        "id": name,
        "name": label(declared, lang),
        "unit": named("unit", declared.unit).say(lang),
        "whole": in_digits(whole, digits),
        "rest": in_digits(float(rows.loc[(REST, name), "carried"]), digits),
        "arrows": [_arrow(rows, name, links, digits) for links in _links_of_arrows(held)],
    }


def _links_of_arrows(held: tuple[str, ...]) -> list[list[str]]:
    return [[link for link in one.links if link in held] for one in ARROWS]


def _arrow(rows: Any, name: str, links: list[str], digits: int) -> dict[str, Any]:
    """What an arrow carries: the number, in words, and its mark where all its links agree."""
    if not links:
        return {"carried": None, "said": "", "mark": ""}
    of_links = [rows.loc[(link, name)] for link in links]
    carried = sum(float(row["carried"]) for row in of_links)
    marks = {mark_of(row, name) for row in of_links if row["carried"]}
    mark = MARKED.get(marks.pop(), "") if len(marks) == 1 else ""
    return {"carried": carried, "said": in_digits(carried, digits), "mark": mark}
