"""The life line of one household as a figure: needs by field, who was there, and what happened, in
one arm or in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.declared.vocabulary import FIELDS
from sim.report.figures.names import NOTE, cut, single_line
from sim.report.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    QUIET,
    SKY,
    STAGE_COLOURS,
    VERMILION,
    canvas,
    save,
    style,
)
from sim.scenario.scenario import Scenario
from sim.study.life import Band, bands
from sim.words import named, say

LEVEL_COLOURS = dict(zip(("latent", "manifest", "severe"), STAGE_COLOURS, strict=True))
OTHERS = (
    "crisis",
    "support",
    "plan",
    "hub",
    "contact",
    "visit",
    "notice",
    "place",
    "isolated",
    "assistance",
)
COLOURS = LEVEL_COLOURS | {
    "open": GREEN,
    "light": "#A9DCCB",
    "waiting": PAPER,
    "watched": SKY,
    "plan": PURPLE,
    "hub": PURPLE,
    "place": ORANGE,
    "isolated": "#9A9A9A",
    "assistance": "#F2D27A",
}
LANE_OF = {
    "watched": "notice",
    "noticed": "notice",
    "told": "notice",
    "visited": "visit",
    "contact": "contact",
}
POINTS = {
    "noticed": ("D", SKY, 34),
    "told": ("D", BLUE, 34),
    "visited": ("^", ORANGE, 52),
    "contact": ("o", BLUE, 48),
}
DARK = ("severe", "open")
LANE, LETTER, INCHES = (
    0.36,
    0.078,
    7.6,
)  # inches: height of a lane, width of a letter, width of the Axes
GAP = 0.012  # part of the run between a mark and its name


@dataclass(frozen=True)
class Lives:
    """One household in one arm or in two: (name of the arm, life line) each; `parted`: the week
    from which they differ.
    """

    household: int
    seed: int
    arms: Sequence[tuple[str, pd.DataFrame]]
    scenario: Scenario
    parted: int | None = None

    @property
    def weeks(self) -> int:
        """Weeks of the run."""
        return self.scenario.years * 52

    @property
    def lanes(self) -> list[str]:
        """The lanes that something happens in, in any arm, from top to bottom."""
        used = {
            LANE_OF.get(band.lane, band.lane)
            for _, line in self.arms
            for band in bands(line, self.weeks)
        }
        used |= {
            LANE_OF[kind] for _, line in self.arms for kind in set(line["kind"]) & POINTS.keys()
        }
        struck = {
            field for _, line in self.arms for field in line.loc[line["kind"] == "crisis", "field"]
        }
        used |= struck | ({"crisis"} if struck else set())
        return [lane for lane in (*FIELDS, *OTHERS) if lane in used] or ["place"]


def draw_lifeline(lives: Lives, lang: str) -> Figure:
    """Needs by field and everything that was done, as bands over time, with events marked; one
    panel an arm.
    """
    title = say("figure.life.title", lang, household=lives.household)
    note = say(
        "figure.life.note",
        lang,
        name=cut(single_line(getattr(lives.scenario.name, lang)), NOTE),
        seed=lives.seed,
    )
    height = (LANE * len(lives.lanes) + 0.55) * len(lives.arms) + 1.7
    figure, panels = canvas((9.6, height), title, note, len(lives.arms))
    panels = [panels] if len(lives.arms) == 1 else list(panels)
    for axes, (name, line) in zip(panels, lives.arms, strict=True):
        if len(lives.arms) > 1:
            axes.set_title(cut(single_line(name), NOTE), pad=16)
        _frame(axes, lives, lang)
        for band in bands(line, lives.weeks):
            _band(axes, band, lives, lang)
        _turns(axes, line, lives, lang)
        _points(axes, line, lives, lang)
    panels[-1].set_xlabel(say("figure.life.axis", lang))
    return figure


def _frame(axes: Axes, lives: Lives, lang: str) -> None:
    """Lanes with their names, and years."""
    lanes = lives.lanes
    axes.set_ylim(len(lanes) - 0.45, -0.55)
    axes.set_yticks(range(len(lanes)), [_lane(lane, lang) for lane in lanes])
    axes.set_xlim(0, lives.weeks)
    years = range(lives.scenario.years + 1)
    axes.set_xticks(
        [52 * year for year in years], [str(lives.scenario.start_year + year) for year in years]
    )
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)


def _lane(lane: str, lang: str) -> str:
    return (
        named("field", lane).say(lang) if lane in FIELDS else say(f"figure.life.lane.{lane}", lang)
    )


def _turns(axes: Axes, line: pd.DataFrame, lives: Lives, lang: str) -> None:
    """Lines through all lanes where the lives part, another household moves in, or nobody is left,
    named on top where there is room.
    """
    turns = (
        [] if lives.parted is None else [(lives.parted, say("figure.life.parted", lang), VERMILION)]
    )
    turns += [
        (week, say("figure.life.moved", lang), QUIET)
        for week in line.loc[line["kind"] == "moved_in", "week"]
    ]
    turns += [
        (week, say("figure.life.empty", lang), QUIET)
        for week in line.loc[line["kind"] == "left_in_crisis", "week"]
    ]
    taken: list[tuple[float, float]] = []
    for week, words, colour in turns:
        axes.axvline(week, color=colour, linewidth=1.2, linestyle=(0, (4, 3)), zorder=4)
        side = _side(week, words, taken, lives)
        if side:
            axes.annotate(
                words,
                (week, 1.0),
                (3 if side == "left" else -3, 3),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                ha=side,
                va="bottom",
                fontsize=9,
                color=colour,
            )


def _band(axes: Axes, band: Band, lives: Lives, lang: str) -> None:
    """A state as a bar in its lane, named inside where there is room."""
    width = band.end - band.start
    if band.lane == "empty":
        axes.axvspan(band.start, band.end, color=FAINT, alpha=0.5, linewidth=0, zorder=0)
        return
    lane = lives.lanes.index(LANE_OF.get(band.lane, band.lane))
    thin = 0.28 if band.lane in LANE_OF else 0.66
    waits = band.state == "waiting"
    axes.broken_barh(
        [(band.start, width)],
        (lane - thin / 2, thin),
        facecolor=COLOURS[band.state],
        hatch="////" if waits else None,
        edgecolor=ORANGE if waits else PAPER,
        linewidth=0.8,
        zorder=2,
    )
    words = _state(band, lang)
    if words and width / lives.weeks * INCHES > LETTER * (_letters(words) + 1):
        text = axes.text(
            band.start + width / 2,
            lane,
            words,
            ha="center",
            va="center",
            fontsize=8.5,
            zorder=3,
            color=PAPER if band.state in DARK else INK,
        )
        if waits:
            text.set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])


def _state(band: Band, lang: str) -> str:
    if band.state in LEVEL_COLOURS:
        return named("level", band.state).say(lang)
    return say(f"figure.life.{band.state}", lang) if band.lane == "support" else ""


def _points(axes: Axes, line: pd.DataFrame, lives: Lives, lang: str) -> None:
    """Contacts, visits, noticing; crises in the lane of their field and, with their kind, in their
    own.
    """
    for kind, (mark, colour, size) in POINTS.items():
        weeks = line.loc[line["kind"] == kind, "week"]
        if len(weeks):
            axes.scatter(
                weeks,
                [lives.lanes.index(LANE_OF[kind])] * len(weeks),
                s=size,
                marker=mark,
                color=colour,
                edgecolor=PAPER,
                linewidth=0.8,
                zorder=5,
                clip_on=False,
            )
    crises: list[Any] = list(line[line["kind"] == "crisis"].itertuples())
    for event in crises:
        for lane in (lives.lanes.index(event.field), lives.lanes.index("crisis")):
            axes.scatter(
                [event.week],
                [lane],
                s=70,
                marker="X",
                color=VERMILION,
                edgecolor=PAPER,
                linewidth=0.9,
                zorder=6,
                clip_on=False,
            )
    _name_crises(
        axes, [(event.week, named("crisis", event.detail).say(lang)) for event in crises], lives
    )


def _name_crises(axes: Axes, marks: list[tuple[int, str]], lives: Lives) -> None:
    """Names of crises beside their marks or half a lane below; a name without room is left to the
    text.
    """
    if not marks:
        return
    gap, lane = GAP * lives.weeks, lives.lanes.index("crisis")
    rows = [(lane, [(week - gap, week + gap) for week, _ in marks]), (lane + 0.34, [])]
    for week, words in marks:
        for height, taken in rows:
            side = _side(week, words, taken, lives)
            if side:
                text = axes.text(
                    week + (gap if side == "left" else -gap),
                    height,
                    words,
                    ha=side,
                    va="center",
                    fontsize=9,
                    color=VERMILION,
                    zorder=7,
                )
                text.set_path_effects([withStroke(linewidth=3, foreground=PAPER)])
                break


def _side(week: int, words: str, taken: list[tuple[float, float]], lives: Lives) -> str | None:
    """Returns the alignment of words to the right ("left") or left of a week, where nothing `taken`
    is in the way; None without room.
    """
    gap, long = GAP * lives.weeks, LETTER / INCHES * lives.weeks * _letters(words)
    for start, side in ((week + gap, "left"), (week - gap - long, "right")):
        free = all(start + long <= low or high <= start for low, high in taken)
        if free and start >= 0 and start + long <= lives.weeks:
            taken.append((start, start + long))
            return side
    return None


def _letters(words: str) -> float:
    """Returns how wide words are, in Latin letters."""
    return sum(1.9 if letter > "\u2e80" else 1.05 for letter in words)


def draw_life(lives: Lives, folder: Path, lang: str) -> None:
    """The figure in one language as PNG and SVG: `life.<language>.<format>`."""
    folder.mkdir(parents=True, exist_ok=True)
    with style(lang):
        save(draw_lifeline(lives, lang), folder, f"life.{lang}")
