"""The figure of a map: every point of the two axes with its verdict, and beside it the way of each
point through the plane of the two measures.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report.figures.style import (
    BLUE,
    INK,
    QUIET,
    VERMILION,
    canvas,
    save,
    style,
    wrapped,
)
from sim.report.text.map import axis_words
from sim.report.text.run import decimals, label
from sim.study.gather import ALL_MEASURES
from sim.study.map.work import RECOVERS, SLIDES, UNDECIDED, TownMap
from sim.words import named, say

LOOK = {SLIDES: (VERMILION, "^"), RECOVERS: (BLUE, "v"), UNDECIDED: (QUIET, "o")}
SIZE, LETTERS = (11.0, 5.8), 46  # inches; letters of a line along an axis


def draw_map(found: TownMap, lang: str) -> Figure:
    """Returns the figure, the plane of the axes to the left, that of the measures to the right."""
    measure = label(ALL_MEASURES[found.lines.measure], lang)
    told = {
        "town": label(found.base.people.name, lang),
        "years": found.base.years,
        "worlds": found.lines.worlds,
        "residents": f"{found.residents:,}",
        "measure": measure,
    }
    title = say("map.figure", lang, **told)
    figure, _ = canvas(SIZE, title, say("map.figure_note", lang, **told), None)
    plane, ways = figure.subplots(1, 2)
    _plane(plane, found, lang)
    _ways(ways, found, lang)
    return figure


def _plane(axes: Axes, found: TownMap, lang: str) -> None:
    """Draw every point with a sign for its verdict and the change in figures below it."""
    name = found.lines.measure
    digits = decimals(max(abs(state.moved[name].mean) for state in found.states))
    for state in found.states:
        colour, marker = LOOK[state.verdict(name)]
        place = (state.point.across, state.point.up)
        axes.plot(*place, marker, color=colour, markersize=13, clip_on=False)
        text = f"{state.moved[name].mean:+.{digits}f}"
        axes.annotate(
            text, place, (0, -17), textcoords="offset points", ha="center", fontsize=9.5, color=INK
        )
    axes.margins(0.16, 0.18)
    axes.set_xticks(sorted({state.point.across for state in found.states}))
    axes.set_yticks(sorted({state.point.up for state in found.states}))
    axes.set_xlabel(wrapped(axis_words(found.lines.across, lang), LETTERS))
    axes.set_ylabel(wrapped(axis_words(found.lines.up, lang), LETTERS))
    shown = [
        Line2D([], [], color=colour, marker=marker, linestyle="", markersize=9)
        for colour, marker in LOOK.values()
    ]
    words = [say(f"map.{one}", lang) for one in LOOK]
    axes.legend(
        shown,
        words,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=3,
        frameon=False,
        fontsize=9.5,
        handletextpad=0.2,
        columnspacing=1.0,
    )


def _ways(axes: Axes, found: TownMap, lang: str) -> None:
    """Draw an arrow for every point, from the first year to the last."""
    up, across = found.measures
    for state in found.states:
        colour, _marker = LOOK[state.verdict(up)]
        start, end = ((one[across], one[up]) for one in (state.start, state.end))
        axes.plot(*zip(start, end, strict=True), color=colour, linewidth=0)  # for the limits
        way = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", end, start, arrowprops=way)
    axes.margins(0.08)
    for name, put in ((across, axes.set_xlabel), (up, axes.set_ylabel)):
        one = ALL_MEASURES[name]
        told = {"measure": label(one, lang), "unit": named("unit", one.unit)}
        put(wrapped(say("map.axis", lang, **told), LETTERS))


MAP_FIGURES = {"map": draw_map}


def save_map(found: TownMap, folder: Path, lang: str) -> None:
    """Write the figure as PNG and SVG in one language."""
    with style(lang):
        for name, draw in MAP_FIGURES.items():
            save(draw(found, lang), folder, f"{name}.{lang}")
