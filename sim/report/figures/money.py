"""The figures of money: cumulative net cost, who pays, what is cash, the tornado of prices, cost
against effect, the best buy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.declared.payers import PAYERS, payer_name
from sim.report.figures.comparison import arm_styles
from sim.report.figures.names import ITEM, NOTE, arm_names, cut, single_line
from sim.report.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    PALETTE,
    PAPER,
    QUIET,
    SKY,
    VERMILION,
    WIDE,
    canvas,
    label_ends,
    place_axes,
    wrapped,
)
from sim.report.text.money_sentences import BOTH, FEW, arms_by_payback
from sim.report.text.phrases import LESS, MILLION, arm_list, ordered
from sim.report.text.run import label
from sim.study.case import Case
from sim.words import say

PAYER_COLOURS = dict(zip(PAYERS, PALETTE, strict=False))
CASH_COLOURS = {"extra": VERMILION, "cash": GREEN, "later": SKY, "freed": FAINT}
HATCHES = ("", "////", "....", "\\\\", "xxxx", "++++", "oooo", "----")
WIDEST = 4  # prices shown for an arm
BESIDE_BARS = 31  # letters of a line beside bars, so that two panels keep half the width
TITLE = 24  # letters of a line above a small panel
SHOWN_PAYER = "public"


def note(case: Case, lang: str) -> str:
    """Returns what stands below a figure of money."""
    comparison = case.compared.comparison
    draws = case.over == "draws"
    name, book = (
        cut(single_line(label(one, lang)), NOTE) for one in (comparison.name, case.book.name)
    )
    return say(
        "figure.money.note_draws" if draws else "figure.money.note",
        lang,
        name=name,
        seeds=case.compared.shared_seeds,
        book=book,
        reference=arm_names(comparison, lang)[case.reference],
        rate=f"{100 * case.rate:g}",
    )


def draw_cumulative(case: Case, lang: str) -> Figure:
    """Net cost up to and with each year, a line an arm, for the municipality and for all public
    payers.
    """
    found = arms_by_payback(case, SHOWN_PAYER)
    key = "back" if found[LESS] else "few" if found[FEW] else "never"
    title = say(f"figure.cumulative.{key}", lang, number=len(found[LESS]), years=case.years)
    figure, _ = canvas((9.0, 4.8), title, note(case, lang), rows=None)
    panels, shown = figure.subplots(1, 2, sharey=True), arm_names(case.compared.comparison, lang)
    for axes, payer in zip(panels, BOTH, strict=True):
        table = case.cumulative[case.cumulative["payer"] == payer]
        axes.axhline(0, color=INK, linewidth=1.2)
        ends = []
        for arm in case.compared.comparison.others:
            rows = table[table["arm"] == arm.id].sort_values("year")
            colour, marker, dash = arm_styles(case.compared)[arm.id]
            axes.fill_between(
                rows["year"],
                rows["low"] / MILLION,
                rows["high"] / MILLION,
                color=colour,
                alpha=0.2,
                linewidth=0,
            )
            axes.plot(
                rows["year"],
                rows["mean"] / MILLION,
                color=colour,
                linestyle=dash,
                marker=marker,
                markersize=4,
            )
            ends.append((rows["year"].iloc[-1], rows["mean"].iloc[-1] / MILLION, shown[arm.id]))
        axes.set_title(wrapped(say(f"perspective.{payer}", lang), 40))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.set_xlabel(say("figure.fan.years", lang))
    panels[0].set_ylabel(say("figure.cumulative.axis", lang))
    place_axes(figure)
    label_ends(panels[1], ends, 9)
    return figure


def draw_payers(case: Case, lang: str) -> Figure:
    """Draws a bar an arm: what each payer pays more (to the right) or less (to the left) over the
    run.
    """
    arms = case.compared.comparison.others
    figure, axes = canvas(
        (9.0, 1.9 + 0.55 * len(arms)),
        say("figure.payers.title", lang, years=case.years),
        note(case, lang),
    )
    nets = case.totals[case.totals["part"] == "net"].set_index(["arm", "payer"])["mean"] / MILLION
    for way in (1, -1):
        under = np.zeros(len(arms))
        for payer, hatch in zip(PAYERS, HATCHES, strict=False):
            width = np.array([nets[arm.id, payer] for arm in arms])
            width = np.where(width * way > 0, width, 0.0)
            axes.barh(
                range(len(arms)),
                width,
                left=under,
                height=0.6,
                color=PAYER_COLOURS[payer],
                edgecolor=PAPER,
                linewidth=0.7,
                hatch=hatch,
                label=payer_name(payer, lang) if way > 0 else None,
            )
            under = under + width
    _names(axes, [arm_names(case.compared.comparison, lang)[arm.id] for arm in arms])
    _legend(figure, axes)
    return figure


def draw_cash(case: Case, lang: str) -> Figure:
    """Draws a bar an arm to the right for extra spending, to the left for savings: cash, cash of
    later years, and freed capacity.
    """
    arms = case.compared.comparison.others
    title = say("figure.cash.title", lang, years=case.years)
    figure, axes = canvas((9.0, 2.1 + 0.55 * len(arms)), title, note(case, lang))
    totals = case.cash_totals.set_index(["arm", "what"])["mean"] / MILLION
    at = np.arange(len(arms))
    parts = {what: np.array([totals[arm.id, what] for arm in arms]) for what in CASH_COLOURS}
    axes.barh(
        at, parts["extra"], height=0.6, color=CASH_COLOURS["extra"], label=say("cash.extra", lang)
    )
    under = np.zeros(len(arms))
    for what, hatch in (("cash", ""), ("later", "...."), ("freed", "////")):
        axes.barh(
            at,
            -parts[what],
            left=-under,
            height=0.6,
            color=CASH_COLOURS[what],
            hatch=hatch,
            edgecolor=PAPER,
            linewidth=0.7,
            label=say(f"cash.{what}", lang),
        )
        under = under + parts[what]
    _names(axes, [arm_names(case.compared.comparison, lang)[arm.id] for arm in arms])
    _legend(figure, axes)
    return figure


def draw_tornado(case: Case, lang: str) -> Figure:
    """Draws a panel an arm: the net cost at both ends of the ranges of the prices that move it
    most, others at their value.
    """
    arms = case.compared.comparison.others
    rows = -(-len(arms) // 2)
    below = note(case, lang) + say("figure.tornado.marks", lang)
    title = say("figure.tornado.title", lang)
    figure, _ = canvas((9.0, 1.2 + 2.2 * rows), title, below, rows=None)
    panels = figure.subplots(rows, 2 if len(arms) > 1 else 1, squeeze=False).ravel()
    table, shown = (
        case.price_turns[case.price_turns["view"] == SHOWN_PAYER],
        arm_names(case.compared.comparison, lang),
    )
    for axes, arm in zip(panels, arms, strict=False):
        _tornado(axes, table[table["arm"] == arm.id].head(WIDEST)[::-1], case, lang)
        axes.set_title(wrapped(shown[arm.id], TITLE), fontsize=10.5)
    for axes in panels[len(arms) :]:
        axes.set_visible(False)
    return figure


def _tornado(axes: Axes, rows: pd.DataFrame, case: Case, lang: str) -> None:
    low, high = rows["at_low"] / MILLION, rows["at_high"] / MILLION
    total = (
        case.totals[
            (case.totals["payer"] == SHOWN_PAYER) & (case.totals["part"] == "net")
        ].set_index("arm")["mean"]
        / MILLION
    )
    middle = total[rows["arm"].iloc[0]]
    axes.barh(range(len(rows)), low - middle, left=middle, height=0.62, color=SKY)
    axes.barh(range(len(rows)), high - middle, left=middle, height=0.62, color=BLUE)
    axes.axvline(middle, color=INK, linewidth=1)
    if min(low.min(), high.min()) <= 0 or max(low.max(), high.max()) <= 0:
        axes.axvline(0, color=VERMILION, linewidth=1.4)
    axes.set_yticks(
        range(len(rows)),
        [_short_name(label(case.book.item(id), lang)) for id in rows["id"]],
        fontsize=7.5,
    )
    axes.tick_params(axis="x", labelsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.grid(axis="y", visible=False)


def _short_name(name: str) -> str:
    """Returns a name of the book without what stands in brackets or behind a comma."""
    return wrapped(
        cut(single_line(name).split("（")[0].split(" (")[0].split(",")[0], ITEM), BESIDE_BARS
    )


def draw_plane(case: Case, lang: str) -> Figure:
    """Cost against effect, a small point a replicate and a large one for the mean of each arm."""
    below = note(case, lang) + say("figure.plane.marks", lang)
    figure, axes = canvas((9.0, 5.0), say("figure.plane.title", lang), below)
    table, shown = (
        case.plane[case.plane["view"] == SHOWN_PAYER],
        arm_names(case.compared.comparison, lang),
    )
    axes.axhline(0, color=INK, linewidth=1)
    axes.axvline(0, color=INK, linewidth=1)
    ends = []
    for arm in case.compared.comparison.others:
        points = table[table["arm"] == arm.id]
        colour, marker, _ = arm_styles(case.compared)[arm.id]
        axes.scatter(
            points["effect"],
            points["cost"] / MILLION,
            s=12,
            color=colour,
            marker=marker,
            alpha=0.35,
            linewidths=0,
        )
        x, y = points["effect"].mean(), points["cost"].mean() / MILLION
        axes.scatter([x], [y], s=90, color=colour, marker=marker, edgecolors=PAPER, zorder=5)
        ends.append((x, y, shown[arm.id]))
    axes.set_xlabel(say("figure.plane.x", lang))
    axes.set_ylabel(say("figure.plane.y", lang))
    place_axes(figure)
    label_ends(axes, ends, 9.5)
    return figure


def draw_acceptability(case: Case, lang: str) -> Figure:
    """Draws the chance that each arm is the best at each worth of a household-year; thick where it
    has the best mean (the frontier).
    """
    comparison, same = case.compared.comparison, case.compared.same
    shown = arm_names(comparison, lang)
    left_out = say(
        "figure.acceptability.same",
        lang,
        arms=say("run.comma", lang).join(shown[id] for id in sorted(same)),
    )
    below = note(case, lang) + say("figure.acceptability.marks", lang) + (left_out if same else "")
    figure, axes = canvas(WIDE, say("figure.acceptability.title", lang), below)
    table = case.acceptability[case.acceptability["view"] == SHOWN_PAYER]
    ends = []
    for arm in (arm for arm in comparison.arms if arm.id not in same):
        rows = table[table["arm"] == arm.id].sort_values("worth")
        colour, marker, dash = arm_styles(case.compared)[arm.id]
        worth, chance = rows["worth"] / MILLION, 100 * rows["chance"]
        axes.plot(worth, chance, color=colour, linestyle=dash, linewidth=1.6)
        axes.plot(
            worth,
            chance.where(rows["best"]),
            color=colour,
            linewidth=5,
            alpha=0.45,
            solid_capstyle="butt",
        )
        ends.append((worth.iloc[-1], chance.iloc[-1], shown[arm.id]))
    axes.set_ylim(-3, 103)
    axes.set_xlabel(say("figure.acceptability.x", lang))
    axes.set_ylabel(say("figure.acceptability.y", lang))
    place_axes(figure)
    label_ends(axes, ends, 9.5)
    return figure


def said_ratios(case: Case, lang: str) -> str:
    """Returns what each arm costs beside the reference, in words."""
    rows = ordered(case.compared, case.ratios[case.ratios["view"] == SHOWN_PAYER])
    return _said((arm_list(case, [row.arm], lang), row.cost) for row in rows)


def said_cash(case: Case, lang: str) -> str:
    """Returns the net cash of each arm in words."""
    rows = ordered(case.compared, case.cash_totals[case.cash_totals["what"] == "net_cash"])
    return _said((arm_list(case, [row.arm], lang), row.mean) for row in rows)


def said_net(case: Case, lang: str) -> str:
    """Returns the net cost of each arm in words."""
    net = (case.totals["payer"] == SHOWN_PAYER) & (case.totals["part"] == "net")
    rows = ordered(case.compared, case.totals[net])
    return _said((arm_list(case, [row.arm], lang), row.mean) for row in rows)


class MoneyFigure(NamedTuple):
    """A figure of money: how it is drawn, and what it shows in words, for those who cannot see it."""

    draw: Callable[[Case, str], Figure]
    alt: Callable[[Case, str], str]


FIGURES = {  # by name; all stand on the page, where `sim.report.page.parts` places them or at the end
    "cumulative": MoneyFigure(draw_cumulative, said_net),
    "payers": MoneyFigure(draw_payers, said_net),
    "cash": MoneyFigure(draw_cash, said_cash),
    "tornado": MoneyFigure(draw_tornado, said_net),
    "plane": MoneyFigure(draw_plane, said_ratios),
    "acceptability": MoneyFigure(draw_acceptability, said_ratios),
}


def _said(values) -> str:
    return " ".join(f"{name} {value / MILLION:+,.1f}" for name, value in values)


def _names(axes: Axes, texts: list[str]) -> None:
    """Arms from top to bottom, and a line at 0."""
    axes.set_yticks(range(len(texts)), [wrapped(text, 24) for text in texts])
    axes.invert_yaxis()
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.grid(axis="y", visible=False)


def _legend(figure: Figure, axes: Axes) -> None:
    """What the colours of stacked parts mean, above the bars."""
    handles, texts = axes.get_legend_handles_labels()
    axes.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=3,
        frameon=False,
        fontsize=9,
        labelcolor=QUIET,
        borderaxespad=0.2,
        handlelength=1.4,
    )
