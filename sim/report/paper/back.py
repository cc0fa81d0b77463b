"""The back of a paper: the questions of a budget hearing, answered with the town's own figures.

What only needs other prices or payers is reckoned again from the runs. What would change the town is
told from an arm that was lived for it where there is one, else as a plain sum that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.economics.money import PUBLIC
from sim.report.paper.findings import (
    MUNICIPALITY,
    Findings,
    household_counts,
    household_differences,
)
from sim.report.paper.front import THOUSAND
from sim.report.text.fiscal import fiscal_year, with_unit
from sim.scenario.variants import HALF_REACH, LATE, MONTHS_LATE, variant_id
from sim.study.marks import HIGHER, LOWER
from sim.words import say

TOWNS = (10_000, 50_000, 100_000)  # residents
HALF = 0.5
CASH = ("saving", "cash", "freed")


@dataclass(frozen=True)
class HearingReply:
    """A question of the hearing, and what is answered in sentences."""

    question: str
    lines: tuple[str, ...]


def answers_of(found: Findings, lang: str) -> list[HearingReply]:
    """Every question with its answer."""
    made = {
        "half": _half(found, lang),
        "grant": _grant(found, lang),
        "late": _late(found, lang),
        "price": _price(found, lang),
        "size": _size(found, lang),
        "outlook": _outlook(found, lang),
        "cash": _cash(found, lang),
    }
    return [
        HearingReply(say(f"paper.q.{name}", lang), lines) for name, lines in made.items() if lines
    ]


def _lived(found: Findings, kind: str) -> str | None:
    """The arm that was lived for a variant of the paper's arm, if there is one."""
    wanted = variant_id(found.arm, kind)
    ids = [arm.id for arm in found.case.compared.comparison.arms]
    return wanted if wanted in ids else None


def _values(found: Findings, arm: str, lang: str) -> Mapping[str, str]:
    """What is said of one arm: households in the last year, net cost over the run."""
    year = found.case.years
    effect = found.effect("compounded", year, arm)
    return {
        "year": fiscal_year(found.first + year - 1, lang),
        "years": str(year),
        "difference": _households(effect.difference, lang),
        "lower": str(effect.lower),
        "runs": str(effect.runs),
        "net": with_unit(float(found.net(MUNICIPALITY, arm).mean()) / THOUSAND, lang),
        "public": with_unit(float(found.net(PUBLIC, arm).mean()) / THOUSAND, lang),
    }


def _households(value: float, lang: str) -> str:
    """A difference in households as less or more."""
    key = "paper.fewer" if value < 0 else "paper.further"
    return say(key, lang, number=household_counts([abs(value)])[0])


def _half(found: Findings, lang: str) -> tuple[str, ...]:
    """Half of those reached that were expected."""
    plain = say("paper.a.as_planned", lang, **_values(found, found.arm, lang))
    if arm := _lived(found, HALF_REACH):
        whole, half = (float(found.parts("other", MUNICIPALITY, one).sum()) for one in ("", arm))
        lived = say("paper.a.half_lived", lang, **_values(found, arm, lang))
        return (lived, plain, *_why_less(whole, half, lang))
    values = dict(_values(found, found.arm, lang))
    effect = found.effect("compounded", found.case.years).difference * HALF
    other = float(found.parts("other", MUNICIPALITY).sum()) * HALF
    programme = float(
        (found.parts("planned", MUNICIPALITY) + found.parts("vacancies", MUNICIPALITY)).sum()
    )
    values["difference"] = _households(effect, lang)
    values["net"] = with_unit((programme + other) / THOUSAND, lang)
    lines = say("paper.a.half_plain", lang, **values), plain
    return (*lines, *_why_less(other / HALF, other, lang))


def _why_less(whole: float, half: float, lang: str) -> tuple[str, ...]:
    """Why less reach costs less: those who are reached use services. Nothing where they add no cost
    of their own. Yen of other costs with all the reach and with half of it.
    """
    return (say("paper.a.half_why", lang),) if whole > max(half, 0.0) else ()


def _grant(found: Findings, lang: str) -> tuple[str, ...]:
    """General funds with the grants, without them, and after their end."""
    with_grants = found.request.of(MUNICIPALITY)
    without = found.plain.of(MUNICIPALITY)
    relieved = {year: without[year] - with_grants.get(year, 0) for year in without}
    paid = [year for year, amount in relieved.items() if amount]
    if not paid:
        return (say("paper.a.no_grant", lang),)
    values = {
        "first": fiscal_year(paid[0], lang),
        "last": fiscal_year(paid[-1], lang),
        "with_grants": with_unit(with_grants.get(paid[0], 0), lang),
        "without": with_unit(without[paid[0]], lang),
        "sum": with_unit(sum(relieved.values()), lang),
    }
    lines = [say("paper.a.grant", lang, **values)]
    after = [year for year in without if year > paid[-1]]
    if after:
        amount = with_unit(with_grants.get(after[0], 0), lang)
        lines.append(
            say("paper.a.grant_after", lang, fiscal=fiscal_year(after[0], lang), amount=amount)
        )
    return tuple(lines)


def _late(found: Findings, lang: str) -> tuple[str, ...]:
    """Posts that are filled later than planned."""
    request = found.request
    posts = request.lines[request.lines["own"] & (request.lines["fiscal"] == found.first)]
    saved = float((posts["yen"] * (MONTHS_LATE / posts["months"].clip(lower=MONTHS_LATE))).sum())
    values = {
        "months": MONTHS_LATE,
        "saved": with_unit(saved / THOUSAND, lang),
        "fiscal": fiscal_year(found.first, lang),
    }
    if arm := _lived(found, LATE):
        return (say("paper.a.late_lived", lang, **values, **_values(found, arm, lang)),)
    return (say("paper.a.late_plain", lang, **values),)


def _price(found: Findings, lang: str) -> tuple[str, ...]:
    """Half the unit prices of what the measures buy, and what is avoided at half its price."""
    programme = float((found.parts("planned", PUBLIC) + found.parts("vacancies", PUBLIC)).sum())
    other = float(found.parts("other", PUBLIC).sum())
    values = {
        "half_programme": with_unit((programme * HALF + other) / THOUSAND, lang),
        "half_other": with_unit((programme + other * HALF) / THOUSAND, lang),
        "plain": with_unit((programme + other) / THOUSAND, lang),
        "years": found.case.years,
    }
    return (say("paper.a.price", lang, **values),)


def _size(found: Findings, lang: str) -> tuple[str, ...]:
    """Towns of other sizes, in proportion: the request, and the effect with its range where a
    difference can be said at all.
    """
    base = found.case.compared.comparison.base.people.population
    effect = found.effect("compounded", found.case.years)
    clear = effect.side in (HIGHER, LOWER)
    yearly = sum(found.request.total.values()) / found.case.years
    parts = []
    for residents in TOWNS:
        gaps = (effect.difference, effect.low, effect.high)
        mean, low, high = household_differences([gap * residents / base for gap in gaps])
        amount = with_unit(yearly * residents / base, lang)
        values = {"residents": f"{residents:,}", "amount": amount}
        if clear:
            values["range"] = say("paper.e.range", lang, mean=mean, low=low, high=high)
        parts.append(say("paper.a.size_of" if clear else "paper.a.size_cost", lang, **values))
    said = {"list": say("page.then", lang).join(parts), "own": f"{base:,}"}
    line = say("paper.a.size", lang, years=found.case.years, **said)
    if clear:
        return (line,)
    return (
        line,
        say("paper.a.size_few" if found.few else "paper.a.size_none", lang, runs=found.runs),
    )


def _outlook(found: Findings, lang: str) -> tuple[str, ...]:
    """The pessimistic, the standard and the optimistic run, where there are enough to tell."""
    if found.few:
        return (say("paper.a.outlook_few", lang, runs=found.runs),)
    gaps = found.outlook(found.gaps("compounded", found.case.years))
    nets = found.outlook(found.net(MUNICIPALITY))
    public = found.outlook(found.net(PUBLIC))
    return tuple(
        say(
            "paper.a.outlook",
            lang,
            name=say(f"paper.outlook.{name}", lang),
            difference=_households(gap, lang),
            net=with_unit(net / THOUSAND, lang),
            public=with_unit(all_public / THOUSAND, lang),
        )
        for name, gap, net, all_public in zip(
            ("pessimistic", "standard", "optimistic"), gaps, nets, public, strict=True
        )
    )


def _cash(found: Findings, lang: str) -> tuple[str, ...]:
    """What of a saving of the municipality is money that is not spent, what is freed capacity, and what
    is left: it stops only after the run. The three add up to the whole.
    """
    table = found.case.cash_totals
    rows: pd.Series = table[table["arm"] == found.arm].set_index("what")["mean"]
    saving, cash, freed = (round(float(rows[name]) / THOUSAND) for name in CASH)
    parts = {"saving": saving, "cash": cash, "freed": freed, "later": saving - cash - freed}
    values = {name: with_unit(amount, lang) for name, amount in parts.items()}
    return (say("paper.a.cash", lang, years=found.case.years, **values),)
