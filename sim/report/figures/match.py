"""The figures of a match: simulated against accepted, and what is left of the ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.declared import declared
from sim.report.figures.names import ITEM, cut, single_line
from sim.report.figures.style import (
    BLUE,
    FAINT,
    INK,
    PAPER,
    QUIET,
    VERMILION,
    canvas,
    save,
    style,
)
from sim.report.text.match import target_name
from sim.report.text.run import label
from sim.study.match.match import Matched
from sim.words import LANGUAGES, say

FURTHEST = 8.0  # standard deviations that are shown
ACCEPTED = 2.0  # standard deviations: half the accepted width
MOST = 24  # parameters in a figure
ROW, HEAD = 0.36, 1.7  # inches: of a row, and of title, axis and note together
BAND = "#E3F1EA"


def draw_targets(matched: Matched, lang: str) -> Figure:
    """Returns each target's simulated values, of the first wave and of the kept sets, in standard
    deviations of its tolerance from its centre.
    """
    rows = len(matched.targets)
    names = [cut(single_line(target_name(one, lang)), ITEM) for one in matched.targets]
    kept = len(matched.kept)
    key = "figure.match.targets" if kept else "figure.match.targets_none"
    counts = {"sets": f"{len(matched.sets):,}", "kept": f"{kept:,}"}
    cutoff = matched.settings.cutoff
    note = say("figure.match.targets.note", lang, cutoff=f"{cutoff:g}")
    figure, axes = _rows(names, say(key, lang, **counts), note)
    axes.axvspan(-ACCEPTED, ACCEPTED, color=BAND, zorder=0)
    for bound in (-cutoff, cutoff):
        axes.axvline(bound, color=VERMILION, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.axvline(0, color=QUIET, linewidth=0.8)
    for at, (target, (_, row)) in enumerate(
        zip(matched.targets, matched.by_target.iterrows(), strict=True)
    ):
        sd = target.variance**0.5
        for kind, colour, offset in (("whole", "#9A9A9A", -0.17), ("kept", BLUE, 0.17)):
            found = [(row[f"{kind}_{one}"] - target.centre) / sd for one in (5, 25, 50, 75, 95)]
            _spread(axes, at + offset, np.clip(found, -FURTHEST, FURTHEST), colour)
        middle = (row["medoid"] - target.centre) / sd
        if np.isfinite(middle):
            middle = np.clip(middle, -FURTHEST, FURTHEST)
            axes.plot(middle, at + 0.17, "D", color=INK, markersize=4.5, zorder=5)
    axes.set_xlim(-FURTHEST * 1.03, FURTHEST * 1.03)
    axes.set_ylim(rows - 0.4, -1.5)
    axes.set_xlabel(say("figure.match.targets.x", lang))
    words = [(-FURTHEST, "#6A6A6A", "whole"), (-5.0, BLUE, "kept"), (3.3, INK, "medoid")]
    _key(axes, words, lang)
    return figure


def draw_ranges(matched: Matched, lang: str) -> Figure:
    """Returns what is left of the ranges of the parameters that were learned, or of the first ones
    where none was: the kept sets in each parameter's own range.
    """
    table = matched.by_parameter
    learned = int(table["learned"].sum())
    table = table.head(min(MOST, learned or MOST))
    known, space = declared(), {axis.name: axis for axis in matched.space.axes}
    names = [cut(single_line(label(known[name], lang)), ITEM) for name in table["parameter"]]
    counts = {"learned": learned, "number": len(matched.by_parameter)}
    key = "figure.match.ranges" if learned else "figure.match.ranges_none"
    figure, axes = _rows(names, say(key, lang, **counts), say("figure.match.note", lang))
    for at, (_, row) in enumerate(table.iterrows()):
        axes.plot([0, 1], [at, at], color=FAINT, linewidth=7, solid_capstyle="butt", zorder=1)
        found = np.array([row[f"place_{one}"] for one in (5, 25, 50, 75, 95)])
        _spread(axes, at, np.clip(found, 0, 1), BLUE)
        axis = space[row["parameter"]]
        value = float(axis.scaled(np.array([known[axis.name].value]))[0])
        if 0 <= value <= 1:
            axes.plot(value, at, "D", color=INK, markersize=4.5, zorder=5)
        ends = ((0, "right", -0.012, row["low"]), (1, "left", 1.012, row["high"]))
        for _end, side, x, number in ends:
            axes.text(x, at, f"{number:,.4g}", ha=side, va="center", fontsize=8, color=QUIET)
    axes.set_xlim(-0.13, 1.13)
    axes.set_ylim(len(table) - 0.4, -1.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.grid(False)
    _key(axes, [(0.0, "#6A6A6A", "range"), (0.3, BLUE, "kept"), (0.66, INK, "declared")], lang)
    return figure


def _rows(names: Sequence[str], title: str, note: str) -> tuple[Figure, Axes]:
    """Returns a figure with a row for each name."""
    figure, axes = canvas((9.0, HEAD + ROW * (len(names) + 1)), title, note)
    axes.set_yticks(range(len(names)), labels=list(names), fontsize=9)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    return figure, axes


def _spread(axes: Axes, at: float, found: np.ndarray, colour: str) -> None:
    """Draw percentiles 5, 25, 50, 75 and 95 as a line, a bar and a notch."""
    if not np.isfinite(found).all():
        return
    axes.plot(found[[0, 4]], [at, at], color=colour, linewidth=1.2, zorder=2)
    axes.plot(found[[1, 3]], [at, at], color=colour, linewidth=5, solid_capstyle="butt", zorder=3)
    axes.plot(found[[2]], [at], "|", color=PAPER, markersize=6, markeredgewidth=1.6, zorder=4)


def _key(axes: Axes, words: Sequence[tuple[float, str, str]], lang: str) -> None:
    """Write what the colours are, above the rows."""
    for x, colour, name in words:
        text = say(f"figure.match.key.{name}", lang)
        axes.text(x, -1.0, text, color=colour, va="center", fontsize=9)


FIGURES: dict[str, Callable[[Matched, str], Figure]] = {
    "targets": draw_targets,
    "ranges": draw_ranges,
}


def draw_match(matched: Matched, folder: Path, drawn: Callable[[], Any] = lambda: None) -> None:
    """Every figure in both languages as PNG and SVG, `<name>.<language>.<format>`; `drawn()` is
    called after each. Without a set that is kept there are no ranges to show.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        with style(lang):
            for name, draw in FIGURES.items():
                if name == "targets" or len(matched.kept):
                    save(draw(matched, lang), folder, f"{name}.{lang}")
                    drawn()
