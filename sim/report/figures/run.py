"""The figures of a run: a weekly table becomes Axes, one message each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from scipy import stats

from sim.declared.records import BURNOUT, USES
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
    TALL,
    VERMILION,
    WIDE,
    YELLOW,
    canvas,
    label_right,
    place_axes,
    save,
    style,
)
from sim.scenario.scenario import Scenario
from sim.study.measures import HOURS, IN_NEED, households_of, measures_by_year
from sim.words import LANGUAGES, say

QUARTER = 13  # weeks
MOST_PATHS = 30
CLEAR = 0.05  # chance of calling a change that is none clear
EARLY = ("upstream", "outreach", "community")
USE_COLOURS = {  # from below
    "cases": BLUE,
    "intake": SKY,
    "crisis": VERMILION,
    "meetings": "#8C8C8C",
    "learning": "#BDBDBD",
    "coordination": PURPLE,
    "outreach": ORANGE,
    "community": GREEN,
    "upstream": YELLOW,
    "idle": "#F4F4F4",
}


@dataclass(frozen=True)
class Story:
    """What a figure is drawn from: the weekly town table over seeds, and the scenario it belongs
    to.
    """

    town: pd.DataFrame
    scenario: Scenario

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """Measures: a row a seed and year, a column a measure."""
        tidy = measures_by_year(self.town, self.scenario.people.population, self.households)
        return tidy.pivot(index=["seed", "year"], columns="measure", values="value")

    @cached_property
    def households(self) -> int:
        """Households at the start."""
        return households_of(self.town)

    @property
    def seeds(self) -> int:
        """How many seeds."""
        return self.town["seed"].nunique()

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.town["week"].max()) // 52 + 1

    def in_year(self, measure: str, year: int) -> pd.Series:
        """Returns a measure in one year, by seed."""
        return self.yearly[measure].xs(year, level="year")

    def quarters(self, values: pd.Series) -> pd.DataFrame:
        """Returns a weekly quantity as means of 13 weeks: a row a quarter (its middle, in years), a
        column a seed.
        """
        table = values.groupby([self.town["week"] // QUARTER, self.town["seed"]]).mean().unstack()
        return table.set_axis((table.index + 0.5) * QUARTER / 52)

    def share(self, *names: str) -> pd.DataFrame:
        """Returns the percent of households in these columns together, by quarter and seed."""
        return self.quarters(100 * self.town[list(names)].sum(axis=1) / self.households)

    def note(self, lang: str, kind: str = "") -> str:
        """Returns what stands below a figure."""
        key = f"figure.note{kind}" if self.seeds > 1 else "figure.note_one"
        return say(
            key,
            lang,
            name=cut(single_line(getattr(self.scenario.name, lang)), NOTE),
            seeds=self.seeds,
        )


def course(first: pd.Series, last: pd.Series) -> str:
    """ "up", "down", or "flat" where luck alone could have made the change (one seed: where it is
    less than a twentieth).
    """
    change = (last - first).to_numpy()
    if change.size < 2 or np.ptp(change) == 0:
        clear = abs(change.mean()) > abs(first.mean()) / 20
    else:
        clear = stats.ttest_1samp(change, 0).pvalue < CLEAR
    return "flat" if not clear else "up" if change.mean() > 0 else "down"


def draw_iceberg(story: Story, lang: str) -> Figure:
    """Needs by stage over time: households in support above the line, those not in support
    below.
    """
    first, last = (f"{story.in_year('unseen', year).mean():.0f}" for year in (1, story.last))
    key = "figure.iceberg.title" if story.last > 1 else "figure.iceberg.title_one"
    title = say(key, lang, year=story.last, first=first, last=last)
    figure, axes = canvas(WIDE, title, story.note(lang))
    ends = _stages(axes, story, 1, lang) + _stages(axes, story, -1, lang)
    axes.axhline(0, color=INK, linewidth=1.4)
    low, high = axes.get_ylim()
    axes.set_ylim(low * 1.06, max(high * 1.25, -low * 0.12))
    axes.yaxis.set_major_formatter(lambda value, _at: f"{abs(value):g}")
    axes.set_ylabel(say("unit.% of households", lang))
    _years(axes, story, lang)
    for name, at, up in (("seen", high * 1.12, "center"), ("unseen", low * 1.02, "bottom")):
        axes.text(0.1, at, say(f"figure.iceberg.{name}", lang), va=up, fontsize=12)
    place_axes(figure)
    places, texts = zip(*ends, strict=True)
    label_right(axes, places, texts)
    return figure


def _stages(axes: Axes, story: Story, sign: int, lang: str) -> list[tuple[float, str]]:
    """Stacked stages on one side of the line, the worst nearest to it; gives the middle of each at
    the right, and its name.
    """
    under: pd.DataFrame | float = 0.0
    ends = []
    for stage, colour in zip(IN_NEED[::-1], STAGE_COLOURS[::-1], strict=True):
        unseen = story.share(f"unseen_{stage}")
        part = sign * (story.share(f"households_{stage}") - unseen if sign > 0 else unseen)
        over: pd.DataFrame = under + part
        middle = under.mean(axis=1) if isinstance(under, pd.DataFrame) else 0.0 * over.mean(axis=1)
        axes.fill_between(over.index, middle, over.mean(axis=1), color=colour, linewidth=0)
        ends.append((float((middle + over.mean(axis=1)).iloc[-1] / 2), say(f"stage.{stage}", lang)))
        under = over
    if story.seeds > 1:
        _spread(axes, over, INK)
    return ends


def draw_staff(story: Story, lang: str) -> Figure:
    """Load, exhaustion and vacancies over time."""
    first, last = story.in_year("load", 1), story.in_year("load", story.last)
    way = f".{course(first, last)}" if story.last > 1 else "_one"
    title = say(
        f"figure.staff.title{way}",
        lang,
        first=f"{first.mean():.2f}",
        last=f"{last.mean():.2f}",
    )
    figure, (load, exhaustion, vacancies) = canvas(TALL, title, story.note(lang), rows=3)
    town = story.town
    _band(load, story.quarters(town["load"]), VERMILION)
    _band(exhaustion, story.quarters(town["exhaustion"]), PURPLE)
    _band(vacancies, story.quarters(100 * town["vacancies"] / town["posts"]), BLUE)
    for axes, name in ((load, "load"), (exhaustion, "exhaustion"), (vacancies, "vacancies")):
        axes.set_title(say(f"figure.staff.{name}", lang))
    _limit(load, 1.0, say("figure.staff.full", lang), least=0.4)
    _limit(exhaustion, BURNOUT, say("figure.staff.cut", lang), least=BURNOUT + 0.06, floor=0.0)
    vacancies.set_ylim(0, max(6.0, vacancies.get_ylim()[1]))
    _years(vacancies, story, lang)
    return figure


def _band(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    """Mean over seeds with its band from 5 to 95 %."""
    if table.shape[1] > 1:
        _spread(axes, table, colour)
    axes.plot(table.index, table.mean(axis=1), color=colour, linewidth=2.2)


def _spread(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    """From 5 to 95 % of the seeds."""
    low, high = (table.quantile(part, axis=1) for part in (0.05, 0.95))
    axes.fill_between(table.index, low, high, color=colour, alpha=0.22, linewidth=0)


def _limit(axes: Axes, at: float, words: str, least: float, floor: float | None = None) -> None:
    """A line that means something, with its name; the Axes spans at least `least` and holds the
    line.
    """
    low, high = axes.get_ylim()
    low, high = min(low, at) if floor is None else floor, max(high, at)
    middle, half = (low + high) / 2, max(high - low, least) / 2 * 1.08
    axes.set_ylim(middle - half if floor is None else floor, middle + half)
    axes.axhline(at, color=INK, linewidth=1, linestyle=(0, (5, 3)))
    beside: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
    axes.annotate(words, (1.0, at), (4, 0), **beside, va="center", fontsize=10)


def draw_spiral(story: Story, lang: str) -> Figure:
    """Slack of the staff against compounded households: the path of the town, with its years
    marked.
    """
    compounded, slack = (
        course(*(story.in_year(name, year) for year in (1, story.last)))
        for name in ("compounded", "slack")
    )
    turn = {("down", "up"): "up", ("up", "down"): "down"}.get((compounded, slack), "flat")
    title = say(f"figure.spiral.title{f'.{turn}' if story.last > 1 else '_one'}", lang)
    figure, axes = canvas((8.0, 6.4), title, story.note(lang, "_paths"))
    weekly = story.share("households_compounded"), story.quarters(100 * story.town["slack"])
    x, y = (table.rolling(52 // QUARTER).mean().dropna() for table in weekly)
    for seed in x.columns[:MOST_PATHS] if story.seeds > 1 else ():
        axes.plot(x[seed], y[seed], color=FAINT, linewidth=0.8)
    _path(axes, x.mean(axis=1).to_numpy(), y.mean(axis=1).to_numpy(), lang)
    _span(axes)
    axes.set_xlabel(say("figure.spiral.x", lang))
    axes.set_ylabel(say("figure.spiral.y", lang))
    axes.set_title(f"↖ {say('figure.spiral.good', lang)}", loc="left", color=QUIET)
    axes.set_title(f"{say('figure.spiral.bad', lang)} ↘", loc="right", color=QUIET)
    return figure


def _path(axes: Axes, x: np.ndarray, y: np.ndarray, lang: str) -> None:
    """The mean path with a mark at the end of every year, and a name at the first, the last and
    every fifth.
    """
    axes.plot(x, y, color=BLUE, linewidth=2.4)
    marks = np.arange(0, x.size, 52 // QUARTER)
    axes.plot(x[marks], y[marks], "o", color=BLUE, markersize=5)
    for year in {1, *(year for year in range(5, marks.size - 1, 5)), marks.size}:
        at = marks[year - 1]
        axes.plot(x[at], y[at], "o", color=INK, markersize=7)
        words = axes.annotate(
            say("sheets.head.year", lang, year=year),
            (x[at], y[at]),
            (8, 6),
            textcoords="offset points",
        )
        words.set_path_effects([withStroke(linewidth=3, foreground=PAPER)])


def _span(axes: Axes) -> None:
    """At least one percent of households by ten percent of hours, so that noise does not look like
    a path.
    """
    for limits, set_limits, least in (
        (axes.get_xlim(), axes.set_xlim, 1.0),
        (axes.get_ylim(), axes.set_ylim, 10.0),
    ):
        middle, half = sum(limits) / 2, max(limits[1] - limits[0], least) / 2 * 1.1
        set_limits(max(0.0, middle - half), max(0.0, middle - half) + 2 * half)


def draw_hours(story: Story, lang: str) -> Figure:
    """Draws where the hours of all workers go, as shares that fill the whole."""
    cases = story.in_year("hours_cases", story.last).mean()
    early = sum(story.in_year(f"hours_{use}", story.last).mean() for use in EARLY)
    title = say(
        "figure.hours.title", lang, year=story.last, cases=f"{cases:.0f}", early=f"{early:.0f}"
    )
    figure, axes = canvas(WIDE, title, story.note(lang, "_mean"))
    whole = story.town[HOURS].sum(axis=1)
    shares = {
        use: story.quarters(100 * story.town[f"hours_{use}"] / whole).mean(axis=1)
        for use in USE_COLOURS
    }
    shares = {use: share for use, share in shares.items() if use == "cases" or share.max() > 0.05}
    colours = [USE_COLOURS[use] for use in shares]
    axes.stackplot(
        shares["cases"].index, *shares.values(), colors=colours, edgecolor=PAPER, linewidth=0.8
    )
    axes.set_ylim(0, 100)
    axes.set_ylabel(say("figure.hours.axis", lang))
    _years(axes, story, lang)
    ends = np.array([share.iloc[-1] for share in shares.values()])
    place_axes(figure)
    label_right(axes, list(ends.cumsum() - ends / 2), [_use(story, use, lang) for use in shares])
    return figure


def _use(story: Story, use: str, lang: str) -> str:
    """Returns a use of hours with its share of the last year."""
    return f"{say(f'use.{use}', lang)} {story.in_year(f'hours_{use}', story.last).mean():.0f}%"


def _years(axes: Axes, story: Story, lang: str) -> None:
    """Years below, from the start to the end of the run."""
    axes.set_xlim(0, (int(story.town["week"].max()) + 1) / 52)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    axes.set_xlabel(say("figure.years", lang, start=story.scenario.start_year))
    axes.margins(x=0)


FIGURES: dict[str, Callable[[Story, str], Figure]] = {
    "iceberg": draw_iceberg,
    "staff": draw_staff,
    "spiral": draw_spiral,
    "hours": draw_hours,
}
assert set(USE_COLOURS) == set(USES)


def draw_all(
    town: pd.DataFrame, scenario: Scenario, folder: Path, drawn: Callable[[], Any] = lambda: None
) -> None:
    """Every figure in both languages as PNG and SVG, `<name>.<language>.<format>`; `drawn()` is
    called after each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    story = Story(town, scenario)
    for lang in LANGUAGES:
        with style(lang):
            for name, draw in FIGURES.items():
                save(draw(story, lang), folder, f"{name}.{lang}")
                drawn()
