"""Sentences on what would turn the result: the worth of an effect, single prices, and no effect at all."""

from __future__ import annotations

from ..comparison.case import Case
from ..words import say
from .sentences import BOTH, names, ordered, yen, yen_range
from .summary import label


def worth_lines(case: Case, lang: str, view: str = "public") -> list[str]:
    """The price of a compounded household-year averted, where there is one to speak of; one sentence for the arms without.

    Its range is that of the effect; the cost is at its mean.
    """
    rows = ordered(case.compared, case.ratios[case.ratios["view"] == view])
    lines = [
        say(
            f"page.worth.{row.status}",
            lang,
            arm=names(case, [row.arm], lang),
            amount=yen(row.icer, lang),
            range=yen_range(*sorted((row.cost / row.effect_low, row.cost / row.effect_high)), lang),
        )
        for row in rows
        if row.status in ("costs", "saves")
    ]
    for status in ("dominant", "dominated", "undefined", "unchanged", "same"):
        arms = [row.arm for row in rows if row.status == status]
        if arms:
            lines.append(say(f"page.worth.{status}", lang, arms=names(case, arms, lang)))
    return lines


def price_lines(case: Case, lang: str, view: str = "public") -> list[str]:
    """Prices that could turn the sign of an arm's net cost within their own range; that there are none, where there are none."""
    table = case.price_turns[(case.price_turns["view"] == view) & case.price_turns["inside"]]
    lines = [
        say(
            "page.price_turns",
            lang,
            arm=names(case, [row.arm], lang),
            item=label(case.book.item(row.id), lang),
            price=f"{row.threshold:,.0f}",
            low=f"{row.low:,.0f}",
            high=f"{row.high:,.0f}",
        )
        for row in table.itertuples()
    ]
    return lines or [say("page.no_price_turns", lang)]


def no_effect_lines(case: Case, lang: str) -> list[str]:
    """The result with every effect at its null, beside the main one; none where that was not run."""
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
                    arms=names(case, above, lang),
                    payer=say(f"page.payer.{view}", lang),
                    years=case.years,
                    range=yen_range(
                        min(r.mean for r in rows), max(r.mean for r in rows), lang, sign=True
                    ),
                )
            )
    return lines
