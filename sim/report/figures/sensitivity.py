"""The figure of a sensitivity study: effects with their intervals over the band that luck alone
fills.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures.names import NOTE, cut, single_line
from sim.report.figures.style import (
    BLUE,
    FAINT,
    QUIET,
    canvas,
    label_right,
    place_axes,
    save,
    style,
    wrapped,
)
from sim.report.text.run import label
from sim.report.text.sensitivity import parameter_label
from sim.study.gather import ALL_MEASURES
from sim.study.sensitivity.design import DUMMY, MORRIS
from sim.study.sensitivity.effects import RANKED
from sim.study.sensitivity.work import Sensitivity
from sim.words import named, say

MOST_RANKED, MOST_OTHERS = 15, 4  # rows beyond luck, and of the strongest inside it
LETTERS = 40  # of a line of a parameter's name


def draw_sensitivity(found: Sensitivity, lang: str) -> Figure:
    """Returns the figure: a row an assumption, the strongest on top, the dummy below."""
    rows = shown_rows(found.effects)
    one = ALL_MEASURES[found.ground.measure]
    measure = label(one, lang)
    ranked = found.effects.loc[found.effects["verdict"] == RANKED, "parameter"]
    key = "sensitivity.figure" if len(ranked) else "sensitivity.figure_none"
    first = parameter_label(ranked.iloc[0], lang) if len(ranked) else ""
    title = say(key, lang, measure=measure, first=first)
    figure, axes = canvas((9.0, 2.2 + 0.42 * len(rows)), title, _note(found, lang))
    _rows(axes, rows, lang)
    _band(axes, rows, lang)
    key = "sensitivity.figure_axis" + ("" if found.design.method == MORRIS else "_sobol")
    axes.set_xlabel(say(key, lang, unit=named("unit", one.unit)))
    place_axes(figure)
    _beside(axes, rows, lang)
    return figure


def shown_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of the figure: what is ranked, the strongest of the rest, and the dummy."""
    plain = effects[effects["parameter"] != DUMMY]
    ranked = plain[plain["verdict"] == RANKED].head(MOST_RANKED)
    others = plain[plain["verdict"] != RANKED].head(MOST_OTHERS)
    dummy = effects[effects["parameter"] == DUMMY]
    return pd.concat([ranked, others, dummy], ignore_index=True)


def _rows(axes: Axes, rows: pd.DataFrame, lang: str) -> None:
    """Draw a point with its interval for every row."""
    heights = np.arange(len(rows))[::-1]
    beyond = (rows["verdict"] == RANKED).to_numpy()
    for there, colour, marker in ((beyond, BLUE, "o"), (~beyond, QUIET, "D")):
        part = rows[there]
        axes.hlines(heights[there], part["low"], part["high"], color=colour, linewidth=2)
        axes.plot(part["effect"], heights[there], marker, color=colour, markersize=7, clip_on=False)
    names = [wrapped(parameter_label(name, lang), LETTERS) for name in rows["parameter"]]
    axes.set_yticks(heights, names, fontsize=9.5)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(axis="y", visible=False)


def _band(axes: Axes, rows: pd.DataFrame, lang: str) -> None:
    """Draw what luck alone would show of each row, as a band with its words above."""
    floors, heights = rows["floor"].to_numpy(), np.arange(len(rows))[::-1]
    axes.barh(heights, floors, height=1.0, color=FAINT, alpha=0.55, zorder=0, linewidth=0)
    axes.set_xlim(0, max(axes.get_xlim()[1], 1.1 * floors.max()) or 1.0)
    if not floors.max() > 0:
        return
    _above(axes, say("sensitivity.figure_luck", lang), 0.0)


def _above(axes: Axes, text: str, place: float) -> None:
    """Write small words above the Axes, from a share of their width on."""
    axes.annotate(
        text,
        (place, 1.0),
        (0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=9,
        color=QUIET,
    )


def _beside(axes: Axes, rows: pd.DataFrame, lang: str) -> None:
    """Write to the right in which direction each ranked row moves the outcome."""
    ranked = rows[(rows["verdict"] == RANKED) & (rows["direction"] != "")]
    heights = len(rows) - 1 - ranked.index
    said = [say(f"sensitivity.{way}", lang) for way in ranked["direction"]]
    if said:
        label_right(axes, list(heights), said, size=9)
        _above(axes, say("sensitivity.direction", lang), 1.025)


def _note(found: Sensitivity, lang: str) -> str:
    ground, design = found.ground, found.design
    return say(
        "sensitivity.figure_note",
        lang,
        name=cut(single_line(label(ground.name, lang)), NOTE),
        year=ground.year,
        population=f"{ground.residents:,}",
        method=design.method,
        repetitions=found.found.used,
    )


FIGURES = {"sensitivity": draw_sensitivity}


def save_sensitivity(found: Sensitivity, folder: Path, lang: str) -> None:
    """Write the figure as PNG and SVG in one language."""
    with style(lang):
        for name, draw in FIGURES.items():
            save(draw(found, lang), folder, f"{name}.{lang}")
