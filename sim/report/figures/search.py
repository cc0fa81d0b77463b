"""The figure of a search: every plan by its effect and by the measure beside, the frontier, and
where the confirmed plans stand on fresh worlds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures.style import (
    BLUE,
    FAINT,
    INK,
    QUIET,
    VERMILION,
    WIDE,
    canvas,
    save,
    style,
    wrapped,
)
from sim.report.text.phrases import yen
from sim.report.text.run import label
from sim.report.text.search import is_benchmark, objective_text
from sim.study.gather import ALL_MEASURES
from sim.study.search.work import Confirmed, Searched
from sim.words import named, say

ACROSS, UP = 90, 44  # letters of a line along an axis


def draw_search(found: Searched, lang: str) -> Figure:
    """Returns the figure: the objective across, the measure beside upwards."""
    base = found.space.scenario(found.space.nothing)
    told = {"town": label(base.people.name, lang), "years": base.years}
    title = say("search.figure", lang, money=yen(found.space.money, lang), plans=len(found.rated))
    figure, axes = canvas(WIDE, title, say("search.figure_note", lang, **told))
    _plans(axes, found)
    _frontier(axes, found)
    for place, one in enumerate(found.confirmed, 1):
        benchmark = is_benchmark(found, one)
        key = "search.figure_benchmark" if benchmark else "search.place"
        _confirmed(axes, one, QUIET if benchmark else VERMILION, say(key, lang, place=place))
    axes.plot(0, 0, "+", color=INK, markersize=11, markeredgewidth=1.6)
    _beside(axes, (0.0, 0.0), say("search.figure_nothing", lang))
    beside = ALL_MEASURES[found.space.lines.beside]
    name = say(
        "search.objective_one", lang, measure=label(beside, lang), unit=named("unit", beside.unit)
    )
    objective = objective_text(found.objective, lang)
    axes.set_xlabel(wrapped(say("search.figure_axis", lang, name=objective), ACROSS))
    axes.set_ylabel(wrapped(say("search.figure_axis", lang, name=name), UP))
    return figure


def _plans(axes: Axes, found: Searched) -> None:
    """Draw every plan as the search last saw it, those of the last round in blue."""
    last = max(found.last_round.values())
    for there, colour, size in ((False, FAINT, 5), (True, BLUE, 6)):
        points = [
            (one.score.mean, one.beside.mean)
            for one in found.rated
            if (found.last_round[one.plan.id] == last) is there
        ]
        if points:
            across, up = np.array(points).T
            axes.plot(across, up, "o", color=colour, markersize=size, zorder=2)


def _frontier(axes: Axes, found: Searched) -> None:
    """Draw the frontier as steps."""
    across = [one.score.mean for one in found.frontier]
    up = [one.beside.mean for one in found.frontier]
    axes.step(across, up, where="post", color=BLUE, linewidth=1, zorder=1)


def _confirmed(axes: Axes, one: Confirmed, colour: str, text: str) -> None:
    """Draw a confirmed plan with both intervals, and the way from what the search saw."""
    score, beside = one.rated.score, one.rated.beside
    axes.plot(
        (one.searched.score.mean, score.mean),
        (one.searched.beside.mean, beside.mean),
        color=colour,
        linewidth=0.8,
        linestyle=":",
    )
    axes.errorbar(
        score.mean,
        beside.mean,
        xerr=[[score.mean - score.low], [score.high - score.mean]],
        yerr=[[beside.mean - beside.low], [beside.high - beside.mean]],
        fmt="D",
        color=colour,
        markersize=7,
        linewidth=1.2,
        zorder=3,
    )
    _beside(axes, (score.mean, beside.mean), text)


def _beside(axes: Axes, point: tuple[float, float], text: str) -> None:
    """Write words beside a point."""
    axes.annotate(text, point, (6, 6), textcoords="offset points", fontsize=9.5, color=INK)


SEARCH_FIGURES = {"search": draw_search}


def save_search(found: Searched, folder: Path, lang: str) -> None:
    """Write the figure as PNG and SVG in one language."""
    with style(lang):
        for name, draw in SEARCH_FIGURES.items():
            save(draw(found, lang), folder, f"{name}.{lang}")
