"""The lessons in words: one line each, and each in detail, from the stored records of `sim.comparison.shown`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import nan
from types import SimpleNamespace

from ..comparison.gathered import ALL_MEASURES
from ..comparison.shown import NOT_RUN
from ..experiment.stopping import STATES
from ..scenario.complete import Section
from ..words import named, say
from .claims import numbers
from .lesson_ranges import (
    EXPECTED,
    Record,
    at_ends,
    decisive,
    ends_section,
    over_draws,
    range_of_shares,
)
from .summary import decimals, label

ROLES = (EXPECTED, "against")
COLUMNS = ("id", "name", "lines", "expected", "against", "draws", "decides")


def of_role(record: Record, role: str) -> list[Record]:
    """The claims of a record in one role."""
    return [claim for claim in record["claims"] if claim["role"] == role]


def counted(records: Iterable[Record], role: str) -> Counter[str]:
    """How many claims of a role are held, not held, undecided or not run."""
    return Counter(
        claim.get("verdict", NOT_RUN) for record in records for claim in of_role(record, role)
    )


def overview(records: Sequence[Record], lang: str) -> Section:
    """A line a lesson."""
    return Section(
        say("lessons.title", lang),
        tuple(say(f"lessons.column.{name}", lang) for name in COLUMNS),
        [line(record, lang) for record in records],
    )


def line(record: Record, lang: str) -> tuple[str, ...]:
    """One lesson: its id, name, lines of the guidebook, verdicts, draws and what decides."""
    return (
        record["id"],
        record["name"][lang],
        record["lines"] or "-",
        *(tally(record, role, lang) for role in ROLES),
        range_of_shares(record, lang),
        decisive(record, lang),
    )


def tally(record: Record, role: str, lang: str) -> str:
    """Verdicts of one role, counted."""
    if record["state"] == NOT_RUN:
        return say("lessons.not_run", lang)
    count = counted([record], role)
    return (
        say("lessons.tally", lang, **{state: count[state] for state in STATES})
        if of_role(record, role)
        else "-"
    )


def claim_section(record: Record, lang: str) -> Section:
    """The claims of a lesson: what is claimed, in which role, the verdict, what it rests on, and what the draws say."""
    columns = tuple(
        say(f"lessons.claim.{name}", lang)
        for name in ("claim", "role", "verdict", "numbers", "draws")
    )
    over = record["draws"]["claims"] if record["draws"] else [None] * len(record["claims"])
    rows = [
        (
            said_as(claim, lang),
            say(f"lessons.role.{claim['role']}", lang),
            *verdict(claim, lang),
            over_draws(found, lang),
        )
        for claim, found in zip(record["claims"], over, strict=True)
    ]
    return Section(say("claims.title", lang), columns, rows)


def said_as(claim: Record, lang: str) -> str:
    """A claim as its file words it."""
    return claim[lang] or claim["en"]


def verdict(claim: Record, lang: str) -> tuple[str, str]:
    """The verdict on a claim and the numbers it rests on."""
    if "verdict" not in claim:
        return say("lessons.not_run", lang), ""
    bounds = {name: nan if claim[name] is None else claim[name] for name in ("mean", "low", "high")}
    state = say(f"claims.{claim['verdict']}", lang)
    if claim["mean"] is None:
        return state, say("summary.nothing", lang)
    return state, numbers(SimpleNamespace(**claim), SimpleNamespace(n=claim["n"], **bounds), lang)


def watched_section(record: Record, lang: str) -> Section:
    """Differences from the reference in the last year."""
    columns = tuple(
        say(f"lessons.watched.{name}", lang) for name in ("arm", "measure", "difference", "unit")
    )
    arms = {id: name[lang] for id, name in record["arms"].items()}
    title = say(
        "lessons.watched",
        lang,
        years=record["years"],
        seeds=record["seeds"],
        reference=arms[record["reference"]],
    )
    return Section(
        title, columns, [(arms[one["arm"]], *watched(one, lang)) for one in record["watched"]]
    )


def watched(one: Record, lang: str) -> tuple[str, ...]:
    """One difference with its interval."""
    about = ALL_MEASURES[one["measure"]]
    unit = named("unit", about.unit).say(lang)
    if one["difference"] is None:
        return label(about, lang), say("summary.nothing", lang), unit
    digits = decimals(abs(one["difference"]))
    bounds = (
        "" if one["low"] is None else f" [{one['low']:+,.{digits}f}, {one['high']:+,.{digits}f}]"
    )
    return label(about, lang), f"{one['difference']:+,.{digits}f}{bounds}", unit


def size(record: Record, lang: str) -> str:
    """In which town, with how many seeds, years and draws a lesson was lived."""
    if record["state"] == NOT_RUN:
        return say("lessons.not_run_yet", lang, file=record["file"])
    key = "lessons.as_written" if record["residents"] == record["as_written"] else "lessons.reduced"
    said = say(
        key,
        lang,
        seeds=record["seeds"],
        years=record["years"],
        model=record["model"],
        **{name: f"{record[name]:,}" for name in ("residents", "as_written")},
    )
    draws = record["draws"]
    return said + (
        ""
        if not draws
        else say(
            "lessons.drawn",
            lang,
            used=draws["used"],
            asked=draws["asked"],
            seeds=draws["seeds"],
            residents=f"{draws['residents']:,}",
        )
    )


def said(record: Record, lang: str) -> list[str]:
    """The question of a lesson, what the guidebook says, what the model cannot express, who pays, what was supposed to decide."""
    texts = {
        name: record[name] for name in ("question", "expects", "cannot", "pays") if record[name]
    }
    lines = [
        say(f"lessons.said.{name}", lang, text=text[lang], lines=record["lines"])
        for name, text in texts.items()
    ]
    supposed = ", ".join(record["supposed"])
    return lines + ([say("lessons.said.supposed", lang, text=supposed)] if supposed else [])


def sections(record: Record, lang: str) -> list[Section]:
    """The tables of a lesson: its claims, its parameters at their ends, and what else differs."""
    made = (
        (claim_section, record["claims"]),
        (ends_section, at_ends(record)),
        (watched_section, record.get("watched")),
    )
    return [section(record, lang) for section, there in made if there]
