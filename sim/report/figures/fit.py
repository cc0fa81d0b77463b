"""The figure of a fit: what the model says of each own figure, as a multiple of it, before and after
the knobs were turned, beside what is tolerated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.declared.own_figures import OWN_FIGURES
from sim.report.figures.style import BLUE, INK, QUIET, canvas, save, style, wrapped
from sim.report.text.run import label
from sim.study.fit.result import FIRST_LOOK, Fitted
from sim.study.match.settings import CUTOFF
from sim.words import say

TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
ENDS = (0.1, 10.0)  # multiples of an own figure that are drawn
WIDTH, HEAD, EACH, LETTERS = 9.5, 2.4, 0.55, 34  # inches, inches a figure; letters of a label
LIGHT = "#dddddd"
OFFSETS = {"worlds": 0.16, "fitted": -0.16}


def draw_fit(found: Fitted, lang: str) -> Figure:
    """Returns the figure: a row a figure, the own figure at 1."""
    told = {
        "town": label(found.base.people.name, lang),
        "kept": len(found.kept),
        "tried": found.tried,
        "residents": f"{found.residents:,}",
    }
    table = found.table[found.table["own"] > 0].iloc[::-1].reset_index(drop=True)
    size = (WIDTH, HEAD + EACH * max(2, len(table)))
    title = say("fit.figure", lang, **told)
    figure, _ = canvas(size, title, say("fit.figure_note", lang, **told), None)
    axes = figure.subplots()
    axes.axvline(1.0, color=INK, linewidth=1.0)
    for at, row in table.iterrows():
        _row(axes, float(str(at)), row)
    axes.set_xscale("log")
    axes.set_xlim(*ENDS)
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_minor_locator(FixedLocator([]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _at: f"{value:g}"))
    names = [wrapped(OWN_FIGURES[key].label(lang), LETTERS) for key in table["figure"]]
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlabel(say("fit.figure_axis", lang))
    _legend(axes, found, lang)
    return figure


def _row(axes: Axes, at: float, row: pd.Series) -> None:
    """Draw what is tolerated of a figure, and what the model says before and after."""
    half = CUTOFF * row["tolerance"] / row["own"]
    low, high = max(ENDS[0], 1 - half), min(ENDS[1], 1 + half)
    axes.barh(at, high - low, 0.8, low, color=LIGHT, zorder=0)
    for name, colour in (("worlds", QUIET), ("fitted", BLUE)):
        ends = np.array([row[f"{name}_{end}"] for end in (5, 50, 95)]) / row["own"]
        if np.isfinite(ends).all():
            ends = np.clip(ends, *ENDS)
            place = at + OFFSETS[name]
            axes.plot(ends[[0, 2]], [place, place], color=colour, linewidth=2.4)
            axes.plot(ends[1], place, "o", color=colour, markersize=6)
    central = float(np.clip(row["central"] / row["own"], *ENDS))
    axes.plot(central, at, "D", color="white", markeredgecolor=INK, markersize=6)


def _legend(axes: Axes, found: Fitted, lang: str) -> None:
    diamond: dict[str, Any] = {
        "marker": "D",
        "markerfacecolor": "white",
        "markeredgecolor": INK,
        "linestyle": "",
    }
    shown: list[tuple[Line2D | Patch, str]] = [
        (Patch(color=LIGHT), "tolerated"),
        (Line2D([], [], **diamond), "central"),
    ]
    if found.verdict != FIRST_LOOK:
        shown.append((Line2D([], [], color=QUIET, marker="o", linewidth=2.4), "worlds"))
    if found.kept:
        shown.append((Line2D([], [], color=BLUE, marker="o", linewidth=2.4), "fitted"))
    words = [say(f"fit.figure_{name}", lang) for _mark, name in shown]
    axes.legend(
        [mark for mark, _name in shown],
        words,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=2,
        frameon=False,
        fontsize=9.5,
    )


FIT_FIGURES = {"fit": draw_fit}


def save_fit(found: Fitted, folder: Path, lang: str) -> None:
    """Write the figure as PNG and SVG in one language."""
    with style(lang):
        for name, draw in FIT_FIGURES.items():
            save(draw(found, lang), folder, f"{name}.{lang}")
