"""Sentences on money, made from results: whether an arm pays for itself, when, and what would have to
be true. None says more than its interval allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import eq, lt
from typing import Any

from sim.declared.measure import FEWEST
from sim.economics.money import wilson
from sim.report.text.phrases import (
    LESS,
    MORE,
    arm_list,
    in_order,
    ordered,
    plain_number,
    share,
    year,
    yen,
    yen_range,
)
from sim.report.text.run import label
from sim.study.case import Case
from sim.study.marks import FEW, SAME, UNCLEAR
from sim.words import say

BOTH = ("municipality", "public")


def cost_direction(row) -> str:
    """Returns what a row (mean, low, high, replicates) of money allows to say: MORE, LESS or
    UNCLEAR; FEW where there are too few runs, SAME where the amount is exactly 0 in every run.
    """
    low, high = row.low, row.high
    if row.mean == 0 and not (low < 0 or high > 0):
        return SAME
    if row.replicates < FEWEST or math.isnan(low) or math.isnan(high):
        return FEW
    return MORE if low > 0 else LESS if high < 0 else UNCLEAR


def _by_cost_direction(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Sorts rows (mean, low, high, replicates) by what their interval allows to say."""
    found: dict[str, list[Any]] = {kind: [] for kind in (MORE, LESS, UNCLEAR, FEW, SAME)}
    for row in rows:
        found[cost_direction(row)].append(row)
    return found


def arms_by_payback(case: Case, view: str) -> dict[str, list[Any]]:
    """Sorts the arms by whether they pay for themselves within the run, in one perspective. Every
    sentence and title follows it.
    """
    return _by_cost_direction(
        ordered(case.compared, case.chosen_net_costs[case.chosen_net_costs["view"] == view])
    )


def pays(case: Case, view: str, lang: str) -> list[str]:
    """Says whether the arms pay for themselves within the run, in one perspective. The first
    sentence says so when they do not.
    """
    found = arms_by_payback(case, view)
    arms = {kind: arm_list(case, (row.arm for row in rows), lang) for kind, rows in found.items()}
    values = {"years": case.years, "payer": say(f"page.payer.{view}", lang)}
    keys = {
        LESS: "page.pays",
        MORE: _pays_not(case, found),
        UNCLEAR: "page.pays_unclear",
        FEW: "page.pays_few",
        SAME: "page.pays_same",
    }
    return [
        say(key, lang, arms=arms[kind], range=_reach(found[kind], kind, lang), **values)
        for kind, key in keys.items()
        if found[kind]
    ]


def _pays_not(case: Case, found: Mapping[str, Sequence[Any]]) -> str:
    """Returns the key of the sentence on arms that do not pay: all arms, some beside others that
    do, or some beside none that do.
    """
    if len(found[MORE]) == len(case.compared.comparison.others):
        return "page.pays_not.all"
    return "page.pays_not.some" if found[LESS] else "page.pays_not.none"


def _reach(rows: Sequence[Any], kind: str, lang: str) -> str:
    """Returns the range from the lowest to the highest end of the intervals of rows; of their means
    where the seeds are too few for intervals.
    """
    low, high = ("mean", "mean") if kind == FEW else ("low", "high")
    least = min(getattr(row, low) for row in rows)
    return yen_range(least, max(getattr(row, high) for row in rows), lang, sign=True)


def first_sentence(case: Case, lang: str) -> str:
    """Returns the first sentence of the report, which the screen prints too. It is on the budget of
    the municipality.
    """
    return pays(case, "municipality", lang)[0]


def money_lines(case: Case, lang: str) -> list[str]:
    """Returns what follows the first sentence: the rest of the municipality's answer, then all
    public payers.
    """
    return [*pays(case, "municipality", lang)[1:], *pays(case, "public", lang)]


def break_even_lines(case: Case, lang: str) -> list[str]:
    """Says when the money comes back, and how sure that is, for the municipality and for all public
    payers.
    """
    return [_break_even(case, payer, lang) for payer in BOTH]


def _break_even(case: Case, payer: str, lang: str) -> str:
    """Says when one payer has its money back: the arms that come so far, those that never do, and
    those of which it cannot be told.
    """
    rows = ordered(case.compared, case.break_even[case.break_even["payer"] == payer])
    same, rows = [row.arm for row in rows if row.same], [row for row in rows if not row.same]
    few = [row.arm for row in rows if row.replicates < FEWEST]
    some, none = (
        [row for row in rows if found(row.never, 1) and row.arm not in few] for found in (lt, eq)
    )
    values = {
        "years": case.years,
        "payer": say(f"page.payer.{payer}", lang),
        "runs": say(f"page.runs.{case.over}", lang, number=case.replicates),
    }
    parts = [_paid_back(case, row, values, lang) for row in some]
    if none:
        key = "page.back_never_rest" if some or same else "page.back_never"
        high, arms = wilson(0.0, none[0].replicates)[1], (row.arm for row in none)
        said = arm_list(case, arms, lang)
        parts.append(say(key, lang, arms=said, high=share(high), **values))
    parts += [
        say(f"page.back_{key}", lang, arms=arm_list(case, arms, lang), **values)
        for key, arms in (("few", few), ("same", same))
        if arms
    ]
    return say("page.back_head", lang, list=say("page.then", lang).join(parts), **values)


def _paid_back(case: Case, row: Any, values: Mapping[str, Any], lang: str) -> str:
    """Says with what chance, and when, an arm pays for itself."""
    return say(
        "page.back",
        lang,
        arm=arm_list(case, [row.arm], lang),
        chance=share(1 - row.never),
        median=year(row.year_50, lang),
        **values,
    )


def believe(case: Case, lang: str, payer: str = "public") -> list[str]:
    """Says what one would have to believe for each arm to pay for itself, as far as the intervals
    allow it to be said.
    """
    others = case.totals[(case.totals["payer"] == payer) & (case.totals["part"] == "other")]
    needed = case.needed[case.needed["payer"] == payer].set_index("arm")
    drawn = case.chosen_net_costs[case.chosen_net_costs["view"] == payer]
    of_arm: Iterable[Any] = drawn.itertuples()
    nets = {row.arm: row for row in of_arm}
    kinds: dict[str, list[str]] = {MORE: [], UNCLEAR: [], FEW: [], SAME: [], "equal": []}
    lines = []
    for row in ordered(case.compared, others):
        net, kind = nets[row.arm], cost_direction(row)
        arm, own = arm_list(case, [row.arm], lang), needed.loc[row.arm]
        if cost_direction(net) == SAME:
            kinds["equal"].append(arm)
        elif cost_direction(net) == LESS:
            reach = yen_range(net.low, net.high, lang, sign=True)
            lines.append(say("page.believe.pays", lang, arm=arm, range=reach))
        elif kind == LESS and not math.isnan(own["factor"]):
            lines.append(_times_needed(row, arm, own["programme"], lang))
        elif kind == SAME:
            kinds[SAME].append(arm)
        elif kind in kinds:
            reach = yen_range(row.low, row.high, lang, sign=True)
            kinds[kind].append(say("page.with_range", lang, arm=arm, range=reach))
    comma = say("run.comma", lang)
    return lines + [
        say(f"page.believe.{kind}", lang, arms=comma.join(arms))
        for kind, arms in kinds.items()
        if arms
    ]


def _times_needed(row: Any, arm: str, programme: float, lang: str) -> str:
    """Says how many times as large the savings of an arm would have to be, from one end of their
    interval to the other, to pay for its programme.
    """
    least, most = (plain_number(programme / -end) for end in (row.low, row.high))
    saved = yen_range(-row.high, -row.low, lang)
    return say("page.believe.times", lang, arm=arm, least=least, most=most, range=saved)


def cash_line(case: Case, lang: str) -> str:
    """Says in one sentence what of the municipality's savings over the run is cash, from the arm
    with the least to that with the most; `part 3` of the report says it arm by arm.
    """
    means = case.cash_totals.set_index(["arm", "what"])["mean"]
    saving, cash = (
        sorted(means[arm.id, what] for arm in case.compared.comparison.others)
        for what in ("saving", "cash")
    )
    return say(
        "page.cash_sentence",
        lang,
        years=case.years,
        saving=yen_range(saving[0], saving[-1], lang),
        cash=yen_range(cash[0], cash[-1], lang),
    )


def worth_lines(case: Case, lang: str, view: str = "public") -> list[str]:
    """Says the price of a compounded household-year averted where there is one to speak of, and in
    one sentence which arms have none.

    Its range is that of the effect; the cost is at its mean.
    """
    rows = ordered(case.compared, case.ratios[case.ratios["view"] == view])
    lines = [
        say(
            f"page.worth.{row.status}",
            lang,
            arm=arm_list(case, [row.arm], lang),
            amount=yen(row.icer, lang),
            range=yen_range(*in_order(row.cost / row.effect_low, row.cost / row.effect_high), lang),
        )
        for row in rows
        if row.status in ("costs", "saves")
    ]
    for status in ("dominant", "dominated", "undefined", "unchanged", "same"):
        arms = [row.arm for row in rows if row.status == status]
        if arms:
            lines.append(say(f"page.worth.{status}", lang, arms=arm_list(case, arms, lang)))
    return lines


def price_lines(case: Case, lang: str, view: str = "public") -> list[str]:
    """Says which prices could turn the sign of an arm's net cost within their own range, or that
    there are none.
    """
    table = case.price_turns[(case.price_turns["view"] == view) & case.price_turns["inside"]]
    turns: Iterable[Any] = table.itertuples()
    lines = [
        say(
            "page.price_turns",
            lang,
            arm=arm_list(case, [row.arm], lang),
            item=label(case.book.item(row.id), lang),
            price=f"{row.threshold:,.0f}",
            low=f"{row.low:,.0f}",
            high=f"{row.high:,.0f}",
        )
        for row in turns
    ]
    return lines or [say("page.no_price_turns", lang)]


def no_effect_lines(case: Case, lang: str) -> list[str]:
    """Says the result with every effect at its null, beside the main one; nothing where that was
    not run.
    """
    lines = []
    for view in BOTH:
        mine = case.no_effect[case.no_effect["view"] == view]
        rows = ordered(case.compared, mine)
        above = [row.arm for row in rows if row.mean > 0]
        if rows:
            key = (
                "page.idle.all"
                if len(above) == len(rows)
                else "page.idle.some"
                if above
                else "page.idle.none"
            )
            lines.append(
                say(
                    key,
                    lang,
                    arms=arm_list(case, above, lang),
                    payer=say(f"page.payer.{view}", lang),
                    years=case.years,
                    range=yen_range(
                        min(r.mean for r in rows), max(r.mean for r in rows), lang, sign=True
                    ),
                )
            )
    return lines
