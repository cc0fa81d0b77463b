"""The front of a paper: a budget request on one sheet of A4, in the order in which the finance section
reads it. Money is in thousand yen, fiscal years by name.
"""

from __future__ import annotations

import math

import pandas as pd

from sim.declared.funding import FUNDED
from sim.declared.levers import lever_name
from sim.economics.money import PUBLIC
from sim.report.page.parts import Block, points, table_blocks
from sim.report.paper.findings import (
    EFFECTS,
    MUNICIPALITY,
    ExpectedEffect,
    Findings,
    household_counts,
    household_differences,
    with_triangle,
)
from sim.report.paper.worse import worse_line
from sim.report.text.comparison import BETTER, WORSE, mark
from sim.report.text.fiscal import fiscal_year, thousand
from sim.report.text.listing import Section
from sim.report.text.request import measure_name, reckoning, source_name, thing_name
from sim.report.text.run import label
from sim.scenario.variants import is_variant
from sim.study.request import GENERAL, request_of
from sim.words import say

SHOWN_YEARS = 5
MOST_MEASURES = 6
MOST_OTHERS = 4
THOUSAND = 1000.0


def front_blocks(found: Findings, lang: str) -> list[Block]:
    """The front, from amount and sources to the number by which it can be made again."""

    def head(name: str) -> Block:
        return Block("head", say(f"paper.h.{name}", lang))

    return [
        head("amount"),
        *table_blocks(amount_section(found, lang)),
        Block("text", sources_line(found, lang)),
        head("what"),
        points(what_lines(found, lang)),
        head("effect"),
        *table_blocks(effect_section(found, lang)),
        head("money"),
        *table_blocks(money_section(found, lang)),
        points(payback_lines(found, lang)),
        head("worse"),
        Block("text", worse_line(found, lang)),
        *_others(found, lang),
        head("weak"),
        points(weak_lines(found, lang)),
        head("caveat"),
        Block("text", caveat(found, lang)),
    ]


def shown_years(found: Findings) -> list[int]:
    """The fiscal years that have a column of their own."""
    last = found.first + min(SHOWN_YEARS, found.case.years)
    return list(range(found.first, last))


def _columns(found: Findings, first: str, lang: str) -> tuple[str, ...]:
    years = [fiscal_year(year, lang) for year in shown_years(found)]
    return (first, *years, say("paper.sum", lang, years=found.case.years))


def _row(name: str, found: Findings, amounts: dict[int, int]) -> tuple[str, ...]:
    """A row of whole thousand yen, and the sum of all years."""
    cells = [thousand(amounts.get(year, 0)) for year in shown_years(found)]
    return (name, *cells, thousand(sum(amounts.values())))


def amount_section(found: Findings, lang: str) -> Section:
    """The amount that is asked for and who pays it, by fiscal year."""
    request = found.request
    rows = [_row(say("paper.amount", lang), found, request.total)]
    for payer in ("nation", "prefecture", "insurance"):
        if any(request.of(payer).values()):
            name = say("paper.of_payer", lang, payer=say(f"paper.payer.{payer}", lang))
            rows.append(_row(name, found, request.of(payer)))
    rows.append(_row(say("paper.of_general", lang), found, request.of(MUNICIPALITY)))
    if found.plain.of(MUNICIPALITY) != request.of(MUNICIPALITY):
        rows.append(_row(say("paper.without", lang), found, found.plain.of(MUNICIPALITY)))
    return Section("", _columns(found, say("paper.unit", lang), lang), rows)


def sources_line(found: Findings, lang: str) -> str:
    """Where the money comes from, and when a grant ends."""
    own = found.request.sources
    names = [name for name in own["source"].unique() if name != GENERAL]
    texts = []
    for name in names:
        rows = own[(own["source"] == name) & (own["thousand"] != 0)]
        if rows.empty:  # less than half a thousand yen
            continue
        last = int(rows["fiscal"].max())
        ends = last < found.first + found.case.years - 1
        key = "paper.grant_ends" if ends else "paper.grant"
        source = source_name(str(name), found.case.book, lang)
        texts.append(say(key, lang, source=source, fiscal=fiscal_year(last, lang)))
    if not texts:
        return say("paper.no_grant", lang)
    return say("paper.sources", lang, list=say("run.comma", lang).join(texts))


def what_lines(found: Findings, lang: str) -> list[str]:
    """What is done with the money, measure by measure, and which rules change beside it."""
    lines = found.request.lines
    own, rows = lines[lines["own"]], []
    for measure in own["measure"].unique():
        of_measure = own[own["measure"] == measure]
        texts = [
            say(
                "paper.thing",
                lang,
                thing=thing_name(str(id), found.case.book, lang),
                reckoned=reckoning(next(part.tail(1).itertuples(index=False)), lang),
            )
            for id, part in of_measure.groupby("id", sort=False)
        ]
        rows.append(
            say(
                "paper.measure",
                lang,
                measure=measure_name(str(measure), lang),
                does=say(f"paper.does.{measure}", lang),
                list=say("run.comma", lang).join(texts),
            )
        )
    if len(rows) > MOST_MEASURES:
        rest = say("paper.more_measures", lang, number=len(rows) - MOST_MEASURES + 1)
        rows = [*rows[: MOST_MEASURES - 1], rest]
    rules = rules_line(found, lang)
    return [*rows, rules] if rules else rows


def rules_line(found: Findings, lang: str) -> str:
    """Levers of the arm that ask for no money; empty where there is none."""
    steps = found.case.compared.comparison.arm(found.arm).scenario.steps
    levers = dict.fromkeys(step.lever for step in steps if step.lever not in FUNDED)
    names = say("run.comma", lang).join(lever_name(lever).say(lang) for lever in levers)
    return say("paper.rules", lang, list=names) if names else ""


def effect_section(found: Findings, lang: str, year: int = 0) -> Section:
    """What is expected of it in a year, the last one unless it is given: counts with their range over
    runs.
    """
    year = year or found.case.years
    rows = []
    for name in EFFECTS:
        effect = found.effect(name, year)
        if math.isnan(effect.difference):
            continue
        rows.append(_effect_row(effect, lang))
    last = fiscal_year(found.first + year - 1, lang)
    names = ("measure", "reference", "arm", "difference", "lower")
    marks = {"good": BETTER, "bad": WORSE}
    columns = tuple(say(f"paper.e.{name}", lang, fiscal=last, **marks) for name in names)
    return Section("", columns, rows)


def _effect_row(effect: ExpectedEffect, lang: str) -> tuple[str, ...]:
    levels, gaps = (effect.reference, effect.arm), (effect.difference, effect.low, effect.high)
    if effect.name in ("load", "wait"):
        texts = [f"{value:z.2f}" for value in levels] + [
            with_triangle(f"{gap:z.2f}") for gap in gaps
        ]
    else:
        texts = household_counts(levels) + household_differences(gaps)
    reference, arm, difference, low, high = texts
    return (
        say(f"paper.effect.{effect.name}", lang),
        reference,
        arm,
        say("paper.e.range", lang, mean=difference, low=low, high=high),
        _runs(effect, lang),
    )


def _runs(effect: ExpectedEffect, lang: str) -> str:
    """In how many runs it falls, and the mark where it can be said to be better or worse."""
    runs = say("paper.e.runs", lang, lower=effect.lower, runs=effect.runs)
    return f"{runs} {mark(effect, effect.better)}".rstrip()


def money_section(found: Findings, lang: str) -> Section:
    """What the simulation expects beside the request: posts not filled, other costs, and the net of
    general funds and of all public payers, by fiscal year.
    """
    rows = [
        _expected("unfilled", found, found.parts("vacancies", MUNICIPALITY), lang),
        _expected("other", found, found.parts("other", MUNICIPALITY), lang),
        _expected("net", found, found.parts("net", MUNICIPALITY), lang),
        _expected("public", found, found.parts("net", PUBLIC), lang),
    ]
    return Section("", _columns(found, say("paper.expected", lang), lang), rows)


def _expected(name: str, found: Findings, yen: pd.Series, lang: str) -> tuple[str, ...]:
    cells = [thousand(float(yen.get(year, 0.0)) / THOUSAND) for year in shown_years(found)]
    return (say(f"paper.m.{name}", lang), *cells, thousand(float(yen.sum()) / THOUSAND))


def payback_lines(found: Findings, lang: str) -> list[str]:
    """Whether what is saved comes to more than what is spent within the run, for general funds and
    for all public payers.
    """
    lines = []
    for payer in (MUNICIPALITY, PUBLIC):
        back, runs, middle = found.paid_back[payer]
        net = found.net(payer) / THOUSAND
        low, high = (thousand(float(net.quantile(at))) for at in (0.05, 0.95))
        key = "none" if not back else "few" if found.few else "some"
        last = found.first - 1 + math.ceil(middle) if math.isfinite(middle) else 0
        year = say("paper.back_year", lang, year=fiscal_year(last, lang)) if last else ""
        values = {
            "payer": say(f"paper.back.{payer}", lang),
            "back": back,
            "runs": runs,
            "years": found.case.years,
            "mean": thousand(float(net.mean())),
            "low": low,
            "high": high,
            "year": year,
        }
        lines.append(say(f"paper.back_{key}", lang, **values))
    return lines


def _others(found: Findings, lang: str) -> list[Block]:
    """Other uses of money that were compared; none where there are none."""
    section = others_section(found, lang)
    head = Block("head", say("paper.h.others", lang))
    return [head, *table_blocks(section)] if section.rows else []


def others_section(found: Findings, lang: str) -> Section:
    """What other arms ask for, and what they do to households and load in the last year."""
    comparison, rows = found.case.compared.comparison, []
    own = [arm for arm in comparison.others if not is_variant(arm.id)]
    own.sort(key=lambda arm: arm.id != found.arm)  # that of the paper first
    for arm in own[: MOST_OTHERS + 1]:
        request = request_of(comparison, arm.id, found.case.book)
        effects = [found.effect(name, found.case.years, arm.id) for name in ("compounded", "load")]
        compounded, load = effects
        mark = say("paper.this", lang) if arm.id == found.arm else ""
        rows.append(
            (
                mark + label(arm.name, lang),
                thousand(sum(request.total.values()) / found.case.years),
                *household_differences([compounded.difference]),
                _runs(compounded, lang),
                with_triangle(f"{load.difference:z.2f}"),
            )
        )
    names = ("arm", "yearly", "compounded", "lower", "load")
    years = found.case.years
    columns = tuple(say(f"paper.o.{name}", lang, years=years) for name in names)
    return Section("", columns, rows if len(rows) > 1 else [])


def weak_lines(found: Findings, lang: str) -> list[str]:
    """The three weakest numbers and who could measure them."""
    return [
        say(
            "paper.weak",
            lang,
            name=one.name,
            grade=one.grade,
            value=one.value,
            who=say(f"paper.who.{one.subject}", lang),
        )
        for one in found.weakest(lang)
    ]


def caveat(found: Findings, lang: str) -> str:
    """That it is a model, over how many runs, and the number by which it can be made again."""
    runs = found.effect("compounded", found.case.years).runs
    compared = found.case.compared
    key = "paper.caveat_worlds" if compared.worlds else "paper.caveat_seeds"
    text = say(key, lang, runs=runs)
    return text + (say("paper.caveat_fitted", lang) if compared.fitted else "")
