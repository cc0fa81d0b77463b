"""The figures of an explanation: households as counts, who pays the request, and the net of general
funds and of all public payers, by fiscal year. Money is in thousand yen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.declared.payers import PUBLIC_PAYERS
from sim.economics.money import PUBLIC
from sim.report.figures import comparison as arm_figures
from sim.report.figures.money import PAYER_COLOURS
from sim.report.figures.names import arm_names
from sim.report.figures.style import BLUE, INK, VERMILION, canvas, drawing, style, wrapped
from sim.report.page.figures import dressed, shows
from sim.report.paper.findings import MUNICIPALITY, RANGE, RUN, Findings
from sim.report.text.fiscal import ERAS, fiscal_year
from sim.scenario.variants import is_variant
from sim.words import say

SIZE = (7.2, 3.3)  # inches, as it is printed: letters stand there in their own size
ARMS_SIZE = (7.2, 4.6)
MOST_TICKS = 6
MOST_RIVALS = 2  # other arms beside that of the paper and the reference
OF_ARMS = {"spiral": arm_figures.draw_spiral, "iceberg": arm_figures.draw_iceberg}


def explained(found: Findings, lang: str) -> dict[str, str]:
    """Every figure of the explanation by name, as SVG to stand inside its page."""
    case, drawn = found.case, {}
    with style(lang):
        for name, (draw, alt) in OWN.items():
            drawn[name] = dressed(drawing(draw(found, lang)), name, say(alt, lang))
        for name, draw_arms in OF_ARMS.items():
            figure = draw_arms(case.compared, lang, shown_arms(found), ARMS_SIZE)
            drawn[name] = dressed(drawing(figure), name, shows(case, name, lang))
    return drawn


def shown_arms(found: Findings) -> list[str]:
    """The arms of the figures of arms: the reference, that of the paper, and of the others those that
    leave the fewest households compounded in the last year; none that is a variant.
    """
    case = found.case
    others = [
        arm.id
        for arm in case.compared.comparison.others
        if arm.id != found.arm and not is_variant(arm.id)
    ]
    ranked = sorted(others, key=lambda id: found.effect("compounded", case.years, id).difference)
    return [case.reference, found.arm, *ranked[:MOST_RIVALS]]


def _years(axes: Axes, found: Findings, lang: str) -> np.ndarray:
    """Fiscal years in short below an axis; gives the calendar years in which they begin."""
    years = np.arange(found.first, found.first + found.case.years)
    step = -(-len(years) // MOST_TICKS)
    axes.set_xticks(years[::step], [_short(int(year), lang) for year in years[::step]])
    return years


def _short(year: int, lang: str) -> str:
    """A fiscal year in few letters, such as R8 or FY26."""
    if lang != "ja":
        return f"FY{year % 100:02d}"
    return f"R{year - ERAS[0][0] + 1}" if year >= ERAS[0][0] else fiscal_year(year, lang)


def _whole(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: f"{value:,.0f}"))


def draw_counts(found: Findings, lang: str) -> Figure:
    """Draws compounded households and those in need outside support, of the reference and of the
    arm, with the range of the difference over runs.
    """
    figure, _ = canvas(SIZE, say("paper.f.counts", lang), "", rows=None)
    names = arm_names(found.case.compared.comparison, lang)
    for axes, name in zip(figure.subplots(1, 2), ("compounded", "unseen"), strict=True):
        years = _years(axes, found, lang)
        effects = [found.effect(name, year) for year in range(1, len(years) + 1)]
        reference = np.array([one.reference for one in effects])
        low, high = (np.array([getattr(one, end) for one in effects]) for end in ("low", "high"))
        axes.plot(years, reference, color=INK, marker="o", markersize=4)
        axes.fill_between(years, reference + low, reference + high, color=BLUE, alpha=0.2, lw=0)
        arm = np.array([one.arm for one in effects])
        axes.plot(years, arm, color=BLUE, marker="s", markersize=4)
        axes.set_title(wrapped(say(f"paper.effect.{name}", lang), 36))
        top = max(reference.max(), arm.max(), (reference + high).max())
        axes.set_ylim(0, 1.35 * top)
        for at, (text, colour) in enumerate(
            ((names[found.case.reference], INK), (names[found.arm], BLUE))
        ):
            axes.text(0.02, 0.97 - 0.1 * at, text, color=colour, va="top", transform=axes.transAxes)
        _whole(axes)
    return figure


def draw_sources(found: Findings, lang: str) -> Figure:
    """Draws who pays the request by fiscal year: bars with the grants, a line without them."""
    figure, axes = canvas(SIZE, say("paper.f.sources", lang), "")
    years = _years(axes, found, lang)
    under = np.zeros(len(years))
    for payer in sorted(PUBLIC_PAYERS, key=lambda one: one != MUNICIPALITY):
        amounts = np.array([found.request.of(payer).get(int(year), 0) for year in years])
        if not amounts.any():
            continue
        key = "paper.f.general_funds" if payer == MUNICIPALITY else f"paper.payer.{payer}"
        axes.bar(years, amounts, 0.62, under, color=PAYER_COLOURS[payer], label=say(key, lang))
        under = under + amounts
    plain = [found.plain.of(MUNICIPALITY).get(int(year), 0) for year in years]
    label = say("paper.f.without", lang)
    axes.plot(years, plain, color=INK, marker="D", linestyle="--", markersize=5, label=label)
    axes.set_ylim(0, 1.4 * max(1, *plain, *under))
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=9.5)
    axes.set_ylabel(say("paper.unit", lang))
    _whole(axes)
    return figure


def draw_net(found: Findings, lang: str) -> Figure:
    """Draws what an arm costs more than the reference up to and with each fiscal year, of general
    funds and of all public payers, with its range over runs.
    """
    figure, _ = canvas(SIZE, say("paper.f.net", lang), "", rows=None)
    table = found.case.parts
    table = table[(table["arm"] == found.arm) & (table["part"] == "net")]
    panels = figure.subplots(1, 2, sharey=True)
    for axes, payer in zip(panels, (MUNICIPALITY, PUBLIC), strict=True):
        years = _years(axes, found, lang)
        rows = table[table["payer"] == payer]
        wide = rows.pivot_table(index=RUN, columns="year", values="value").cumsum(axis=1) / 1000
        low, high = (wide.quantile(at).to_numpy() for at in RANGE)
        axes.fill_between(years, low, high, color=VERMILION, alpha=0.2, lw=0)
        axes.plot(years, wide.mean().to_numpy(), color=VERMILION, marker="o", markersize=4)
        axes.axhline(0, color=INK, linewidth=1.2)
        axes.set_title(say(f"paper.back.{payer}", lang))
        _whole(axes)
    panels[0].set_ylabel(say("paper.unit", lang))
    return figure


Drawing = Callable[[Findings, str], Figure]
OWN: Mapping[str, tuple[Drawing, str]] = {  # with the words for those who cannot see them
    "counts": (draw_counts, "paper.f.counts"),
    "sources": (draw_sources, "paper.f.sources"),
    "net": (draw_net, "paper.f.net"),
}
