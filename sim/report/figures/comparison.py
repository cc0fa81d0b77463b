"""The figures of a comparison: fans of differences, the spiral picture with a line an arm, the
iceberg of every arm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.figures.names import NOTE, arm_names, cut, single_line
from sim.report.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    QUIET,
    SKY,
    STAGE_COLOURS,
    VERMILION,
    WIDE,
    canvas,
    label_ends,
    label_right,
    place_axes,
    wrapped,
)
from sim.report.text.comparison import interval, seed_counts
from sim.report.text.run import label
from sim.scenario.comparison import Arm
from sim.study.gather import ALL_MEASURES
from sim.study.measures import IN_NEED
from sim.study.result import Compared
from sim.words import named, say

FANS = (
    "compounded",
    "inflow_compounded",
    "unseen",
    "load",
    "exhaustion",
    "crises",
    "cost_municipality",
    "cost_public",
)
ARM_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
MARKERS = ("o", "s", "^", "D", "v", "P")
SHADES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)), (0, (8, 2, 2, 2)))
COLUMNS = 3
MOST_BESIDE = 10  # names below bars that stand upright beside one another
QUARTER = 13


def arm_styles(compared: Compared) -> dict[str, tuple[Any, Any, Any]]:
    """Colour, marker and dash of every arm; the reference is dark. More arms than colours go round
    again with other dashes.
    """
    others = {
        arm.id: (
            ARM_COLOURS[at % len(ARM_COLOURS)],
            MARKERS[at % len(MARKERS)],
            SHADES[at % len(SHADES)],
        )
        for at, arm in enumerate(compared.comparison.others)
    }
    return {compared.comparison.reference: (INK, "o", "-"), **others}


def note(compared: Compared, lang: str, kind: str) -> str:
    """Returns what stands below a figure of a `kind`: "_fan" shows all seeds of each arm, others
    are drawn from weeks, of the seeds that all arms share.
    """
    comparison = compared.comparison
    count = seed_counts(compared, lang) if kind == "_fan" else compared.shared_seeds
    return say(
        f"figure.arms.note{kind}",
        lang,
        name=cut(single_line(label(comparison.name, lang)), NOTE),
        runs=say(f"figure.arms.{'worlds' if compared.worlds else 'seeds'}", lang, count=count),
        reference=arm_names(comparison, lang)[comparison.reference],
    )


def draw_fan(compared: Compared, lang: str, measure: str) -> Figure:
    """Draws one panel an arm: the difference from the reference by year, its interval and the band
    over all years at once.
    """
    about, others = ALL_MEASURES[measure], compared.comparison.others
    columns = min(COLUMNS, len(others))
    rows = -(-len(others) // columns)
    title = say(
        "figure.fan.title",
        lang,
        measure=label(about, lang),
        unit=named("unit", about.unit).say(lang),
    )
    figure, _ = canvas((9.0, 1.3 + 2.5 * rows), title, note(compared, lang, "_fan"), rows=None)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    table = compared.differences[compared.differences["measure"] == measure]
    for axes, arm in zip(panels, others, strict=False):
        _fan(axes, table[table["arm"] == arm.id].sort_values("year"), arm, compared, lang)
    _limits(panels[0], table)
    for axes in panels[len(others) :]:
        axes.set_visible(False)
    for axes in panels[max(0, len(others) - columns) : len(others)]:
        axes.set_xlabel(say("figure.fan.years", lang))
        axes.tick_params(labelbottom=True)
    return figure


def _limits(axes: Axes, table: pd.DataFrame) -> None:
    """Room for every mean and its t interval; an interval that few and skewed seeds hardly bound
    may leave the panel.
    """
    ends = np.concatenate(
        [[0.0], *(table[name].dropna() for name in ("difference", "low", "high"))]
    )
    room = 0.12 * (np.ptp(ends) or 1.0)
    axes.set_ylim(ends.min() - room, ends.max() + room)


def _fan(axes: Axes, rows: pd.DataFrame, arm: Arm, compared: Compared, lang: str) -> None:
    colour = arm_styles(compared)[arm.id][0]
    year = rows["year"]
    ends = np.array([interval(row) for row in rows.itertuples()])
    axes.axhline(0, color=INK, linewidth=1)
    axes.fill_between(
        year, rows["band_low"], rows["band_high"], color=colour, alpha=0.14, linewidth=0
    )
    axes.fill_between(year, ends[:, 0], ends[:, 1], color=colour, alpha=0.3, linewidth=0)
    axes.plot(year, rows["difference"], color=colour, marker="o", markersize=3.5, linewidth=2)
    axes.set_title(wrapped(arm_names(compared.comparison, lang)[arm.id], 30), fontsize=10.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def draw_spiral(
    compared: Compared,
    lang: str,
    shown: Collection[str] = (),
    size: tuple[float, float] = (9.0, 6.6),
) -> Figure:
    """Slack of the staff against compounded households, a line an arm from the first year to the
    last; of the arms `shown` alone where some are named. `size` is in inches.
    """
    below = "" if shown else note(compared, lang, "_paths")
    figure, axes = canvas(size, say("figure.arms.spiral", lang), below)
    ends = []
    for arm, x, y in _paths(compared):
        if shown and arm.id not in shown:
            continue
        colour, marker, dash = arm_styles(compared)[arm.id]
        axes.plot(x, y, color=colour, linewidth=2.2, linestyle=dash)
        axes.plot(
            x[0],
            y[0],
            marker=marker,
            color=colour,
            markersize=7,
            markerfacecolor=PAPER,
            markeredgewidth=1.8,
        )
        axes.plot(x[-1], y[-1], marker=marker, color=colour, markersize=9, markeredgecolor=PAPER)
        ends.append((float(x[-1]), float(y[-1]), arm_names(compared.comparison, lang)[arm.id]))
    axes.set_xlabel(say("figure.spiral.x", lang))
    axes.set_ylabel(say("figure.spiral.y", lang))
    axes.set_title(f"↖ {say('figure.spiral.good', lang)}", loc="left", color=QUIET)
    axes.set_title(f"{say('figure.spiral.bad', lang)} ↘", loc="right", color=QUIET)
    axes.margins(0.08)
    place_axes(figure)
    label_ends(axes, ends)
    return figure


def _paths(compared: Compared) -> Iterator[tuple[Arm, np.ndarray, np.ndarray]]:
    """(arm, compounded % of households, slack % of hours): means over seeds of yearly running
    means, by quarter.
    """
    weekly = compared.weekly
    for arm in compared.comparison.arms:
        mine = weekly[weekly["arm"] == arm.id]
        by_quarter = mine.groupby(mine["week"] // QUARTER)[
            ["households_compounded", "slack"]
        ].mean()
        quarters = by_quarter.rolling(52 // QUARTER).mean().dropna()
        compounded = (
            100 * quarters["households_compounded"].to_numpy() / compared.gathered.households
        )
        yield arm, compounded, 100 * quarters["slack"].to_numpy()


def draw_iceberg(
    compared: Compared,
    lang: str,
    shown: Collection[str] = (),
    size: tuple[float, float] = WIDE,
) -> Figure:
    """Draws households in need in the last year, arm by arm: in support above the line, not in
    support below, by stage; of the arms `shown` alone where some are named. `size` is in inches.
    """
    weekly = compared.weekly
    last_year = weekly[weekly["week"] >= weekly["week"].max() - 51]
    last = last_year.groupby("arm").mean(numeric_only=True) * 100 / compared.gathered.households
    arms = [arm for arm in compared.comparison.arms if not shown or arm.id in shown]
    years = compared.comparison.base.years
    below = "" if shown else note(compared, lang, "_mean")
    figure, axes = canvas(size, say("figure.arms.iceberg", lang, year=years), below)
    of_arms = last.loc[[arm.id for arm in arms]]
    for sign in (1, -1):
        _stacked(axes, of_arms, sign)
    names = arm_names(compared.comparison, lang)
    _dress_iceberg(axes, [names[arm.id] for arm in arms], lang)
    ends = _middles(last.loc[arms[-1].id])
    place_axes(figure)
    label_right(axes, [end[0] for end in ends], [say(f"stage.{end[1]}", lang) for end in ends])
    return figure


def _stacked(axes: Axes, last: pd.DataFrame, sign: int) -> None:
    """Draws the bars of one side of the line, a row of `last` each: in support above it (sign 1), not
    in support below (sign -1), with their sum at the end.
    """
    place, under = np.arange(len(last)), np.zeros(len(last))
    for stage, colour in zip(IN_NEED[::-1], STAGE_COLOURS[::-1], strict=True):
        unseen = last[f"unseen_{stage}"].to_numpy()
        part = unseen if sign < 0 else last[f"households_{stage}"].to_numpy() - unseen
        axes.bar(
            place, sign * part, 0.62, bottom=under, color=colour, edgecolor=PAPER, linewidth=0.8
        )
        under = under + sign * part
    for at, total in zip(place, under, strict=True):
        axes.annotate(
            f"{abs(total):.1f}",
            (at, total),
            (0, 4 * sign),
            textcoords="offset points",
            ha="center",
            va="bottom" if sign > 0 else "top",
            fontsize=10,
        )


def _dress_iceberg(axes: Axes, names: Sequence[str], lang: str) -> None:
    axes.axhline(0, color=INK, linewidth=1.4)
    low, high = axes.get_ylim()
    axes.set_ylim(low * 1.12, high * 1.3)
    axes.yaxis.set_major_formatter(lambda value, _at: f"{abs(value):g}")
    axes.set_ylabel(say("unit.% of households", lang))
    beside = len(names) <= MOST_BESIDE
    texts = [wrapped(name, 90 / len(names)) for name in names] if beside else names
    axes.set_xticks(
        range(len(names)), texts, fontsize=9 if beside else 7, rotation=0 if beside else 90
    )
    axes.grid(axis="x", visible=False)
    low, high = axes.get_ylim()
    for name, at, va in (("seen", high, "top"), ("unseen", low, "bottom")):
        axes.annotate(
            say(f"figure.iceberg.{name}", lang),
            (0.01, at),
            xycoords=axes.get_yaxis_transform(),
            va=va,
            fontsize=11,
            color=QUIET,
        )


def _middles(of_arm: pd.Series) -> list[tuple[float, str]]:
    """Returns where each stage of the last arm has its middle, below the line."""
    ends, under = [], 0.0
    for stage in IN_NEED[::-1]:
        part = of_arm[f"unseen_{stage}"]
        ends.append((-(under + part / 2), stage))
        under += part
    return ends


class ArmFigure(NamedTuple):
    """A figure of the arms: how it is drawn, and the measure whose answers say what it shows."""

    draw: Callable[[Compared, str], Figure]
    measure: str


def fan(measure: str) -> ArmFigure:
    """Returns the figure of a measure's differences by year."""
    return ArmFigure(partial(draw_fan, measure=measure), measure)


FIGURES = {  # by name; all stand on the page, where `sim.report.page.parts` places them or at the end
    "spiral": ArmFigure(draw_spiral, "compounded"),
    "iceberg": ArmFigure(draw_iceberg, "unseen"),
}


def figures(compared: Compared) -> dict[str, ArmFigure]:
    """Returns the figures of a comparison by name: a fan for each measure that matters, and
    FIGURES.
    """
    measures = dict.fromkeys((*FANS, *compared.comparison.measures))
    return {f"difference_{name}": fan(name) for name in measures} | FIGURES
