"""Claims in words: held, not held, undecided, with the numbers they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from sim.report.text.listing import Section
from sim.report.text.run import decimals, label
from sim.report.text.worlds import chance_in_percent
from sim.scenario.scenario import Claim
from sim.study.claims import worlds_beyond
from sim.study.gather import ALL_MEASURES
from sim.study.result import Compared
from sim.study.stopping import STATES, Verdict
from sim.study.worlds import by_luck
from sim.words import LANGUAGES, named, say


def claim_text(claim: Claim, lang: str) -> str:
    """Returns the claim as its file words it."""
    return getattr(claim, lang) or claim.en


def interim_analysis_line(seeds: int, verdicts: Mapping[int, Verdict], lang: str) -> str:
    """Says how many claims are decided after so many seeds."""
    count = Counter(one.state for one in verdicts.values())
    return say("claims.look", lang, seeds=seeds, **{state: count[state] for state in STATES})


def claims_sections(compared: Compared, lang: str) -> list[Section]:
    """Returns the claims as a table of words; none where there are no claims."""
    beyond = worlds_beyond(compared.comparison.claims, compared.main) if compared.worlds else {}
    rows = [
        (*row[:-1], row[-1] + _in_worlds(compared, beyond.get(number), lang))
        for number, claim in enumerate(compared.comparison.claims)
        if (row := _row(claim, compared.verdicts[number], lang))
    ]
    columns = tuple(say(f"claims.{name}", lang) for name in ("claim", "verdict", "numbers"))
    return [Section(say("claims.title", lang), columns, rows)] if rows else []


def _row(claim: Claim, verdict: Verdict, lang: str) -> tuple[str, ...]:
    state = say(f"claims.{verdict.state}", lang)
    if verdict.state == "undecided":
        state += say("claims.more" if verdict.more else "claims.never", lang, more=verdict.more)
    return claim_text(claim, lang), state, numbers(claim, verdict, lang)


def _in_worlds(compared: Compared, count: int | None, lang: str) -> str:
    """Returns in how many worlds a claim is as claimed, beside what luck alone would give."""
    if count is None:
        return ""
    worlds = len(compared.worlds)
    luck = chance_in_percent(by_luck(count, worlds))
    return say("worlds.as_claimed", lang, count=count, worlds=worlds, percent=luck)


def numbers(claim: Claim, verdict: Verdict, lang: str) -> str:
    """Returns the measure, when, and the difference with the interval that the verdict rests on."""
    about = ALL_MEASURES[claim.measure]
    digits = decimals(abs(verdict.mean))
    when = say("claims.sum" if claim.cumulative else "sheets.head.year", lang, year=claim.by_year)
    interval = (
        ""
        if pd.isna(verdict.low)
        else f" [{verdict.low:+,.{digits}f}, {verdict.high:+,.{digits}f}]"
    )
    unit = named("unit", about.unit).say(lang)
    unit = say("claims.summed", lang, unit=unit, years=claim.by_year) if claim.cumulative else unit
    return say(
        "claims.rests",
        lang,
        measure=label(about, lang),
        when=when,
        unit=unit,
        n=verdict.n,
        difference=f"{verdict.mean:+,.{digits}f}{interval}",
    )


def claims_table(compared: Compared) -> pd.DataFrame:
    """Returns a row for each claim: what is claimed, the verdict, and every number it rests on. The
    columns `low` and `high` are adjusted for looks and claims.
    """
    beyond = worlds_beyond(compared.comparison.claims, compared.main) if compared.worlds else {}
    rows = []
    for number, claim in enumerate(compared.comparison.claims):
        verdict = compared.verdicts[number]
        rows.append(
            {
                "claim": number + 1,
                **{f"text_{lang}": claim_text(claim, lang) for lang in LANGUAGES},
                "role": claim.role,
                "arm": claim.arm,
                "against": claim.against,
                "measure": claim.measure,
                "unit": ALL_MEASURES[claim.measure].unit,
                "direction": claim.direction,
                "by_year": claim.by_year,
                "cumulative": claim.cumulative,
                "margin": claim.margin,
                "confidence": claim.confidence,
                "verdict": verdict.state,
                "n": verdict.n,
                "nonzero": verdict.nonzero,
                "difference": verdict.mean,
                "low": verdict.low,
                "high": verdict.high,
                "plain_low": verdict.plain_low,
                "plain_high": verdict.plain_high,
                "more_seeds": float("nan") if verdict.more is None else float(verdict.more),
                "worlds": len(compared.worlds),
                "worlds_as_claimed": beyond.get(number, float("nan")),
            }
        )
    return pd.DataFrame(rows)
