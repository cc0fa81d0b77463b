"""The figure of a loop ledger: bars by loop with intervals, one column a measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures.names import NOTE, arm_names, cut, single_line
from sim.report.figures.style import BLUE, FAINT, INK, QUIET, canvas, save, style, wrapped
from sim.report.text.loop_ledger import of_arm, silent_loops
from sim.report.text.run import label
from sim.study.gather import ALL_MEASURES
from sim.study.loop_ledger.tables import MEASURES, REST, WHOLE, LoopLedger, loop_name
from sim.study.marks import HIGHER, LOWER
from sim.words import named, say

MOST, LETTERS = 12, 40  # loops in the figure; letters of a line of a loop's name
FIRST = MEASURES[0]


def draw_ledger(found: LoopLedger, arm: str, lang: str) -> Figure:
    """Returns the figure of an arm: the whole difference on top, the loops that carry most of the
    first measure, and the rest.
    """
    rows = of_arm(found, arm)
    silent = silent_loops(found, arm)
    loops = [one for one in found.links if one not in silent]
    size = {one: abs(float(rows.loc[(one, FIRST), "carried"])) for one in loops}
    shown = sorted(loops, key=lambda one: -size[one])[:MOST]
    names = arm_names(found.comparison, lang)
    title = say("ledger.figure", lang, arm=names[arm])
    name = cut(single_line(label(found.comparison.name, lang)), NOTE)
    note = say("ledger.figure_note", lang, name=name)
    left = len(loops) - len(shown)
    note += " " + say("ledger.figure_more", lang, number=left) if left else ""
    figure, _none = canvas((12.0, 2.4 + 0.42 * (len(shown) + 2)), title, note, None)
    columns: Any = figure.subplots(1, len(MEASURES), sharey=True)
    for axes, measure in zip(columns, MEASURES, strict=True):
        _bars(axes, rows.xs(measure, level="measure"), shown)
        one = ALL_MEASURES[measure]
        axes.set_title(wrapped(label(one, lang), 24), fontsize=9.5)
        axes.set_xlabel(named("unit", one.unit).say(lang), fontsize=8.5)
        axes.tick_params(axis="x", labelsize=8)
        axes.locator_params(axis="x", nbins=4)
    words = [loop_name(one).say(lang) for one in (WHOLE, *shown, REST)]
    columns[0].set_yticks(range(len(words)), [wrapped(one, LETTERS) for one in words], fontsize=9)
    columns[0].set_ylim(len(words) - 0.4, -0.6)
    return figure


def _bars(axes: Axes, rows: Any, shown: list[str]) -> None:
    """Draw the whole, the loops and the rest of one measure; dark where the sign is known."""
    for at, loop in enumerate((WHOLE, *shown, REST)):
        row = rows.loc[loop]
        known = row["side"] in (HIGHER, LOWER)
        colour = QUIET if loop in (WHOLE, REST) else BLUE
        face = colour if known else FAINT
        axes.barh(at, row["carried"], height=0.66, color=face, edgecolor=colour, linewidth=0.8)
        if np.isfinite(row["low"]):
            axes.plot([row["low"], row["high"]], [at, at], color=INK, linewidth=1.6)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="y", visible=False)


def save_ledger(found: LoopLedger, folder: Path, lang: str) -> None:
    """Write a figure for each arm as PNG and SVG in one language."""
    with style(lang):
        for arm in found.comparison.others:
            save(draw_ledger(found, arm.id, lang), folder, f"ledger.{arm.id}.{lang}")
