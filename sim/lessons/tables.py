"""The lessons in words: one line each, and each in detail, from the stored records of
`sim.lessons.record`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import nan
from types import SimpleNamespace
from typing import Any

from sim.lessons.record import NOT_RUN
from sim.report.text.claims import numbers
from sim.report.text.listing import Section
from sim.report.text.run import decimals, label
from sim.study.gather import ALL_MEASURES
from sim.study.regions import AS_SAID, FALSE_ALARM
from sim.study.stopping import STATES
from sim.words import named, say

Record = dict[str, Any]
EXPECTED = "expected"
MOST, FEW = 0.8, 0.2  # shares of the worlds that are called most and few
RANGE_COLUMNS = ("claim", "parameter", "low", "high", "turns")
HELD = "held"


def share_in_percent(share: float) -> str:
    """Returns a share in percent."""
    return f"{100 * share:.0f}%"


def in_worlds(record: Record) -> list[tuple[Record, Record]]:
    """Returns the claims of the guidebook of a record, each with what the parameter samples show;
    empty without samples.
    """
    pairs = (
        zip(record["claims"], record["worlds"]["claims"], strict=True) if record["worlds"] else ()
    )
    return [(claim, found) for claim, found in pairs if claim["role"] == EXPECTED]


def at_ends(record: Record) -> list[tuple[Record, list[Record]]]:
    """Returns the claims of the guidebook of a record, each with its parameters at their ends;
    empty where none was simulated.
    """
    pairs = (
        zip(record["claims"], record["ends"]["claims"], strict=True) if record.get("ends") else ()
    )
    return [(claim, found) for claim, found in pairs if claim["role"] == EXPECTED]


def not_simulated(record: Record, lang: str) -> str:
    """ "Not run", or nothing where ranges are not simulated: a town's posts are given, and a pack
    claims nothing.
    """
    asked = record["kind"] != "town" and any(
        claim["role"] == EXPECTED for claim in record["claims"]
    )
    return say("lessons.not_run", lang) if asked else "-"


def range_of_shares(record: Record, lang: str) -> str:
    """In which share of the worlds the directions of the expected claims hold: from the least to the
    most of them.
    """
    if not record["worlds"]:
        return not_simulated(record, lang)
    shares = sorted(found["share"] for _, found in in_worlds(record) if found["share"] is not None)
    return (
        "-"
        if not shares
        else " - ".join(share_in_percent(share) for share in dict.fromkeys((shares[0], shares[-1])))
    )


def decisive(record: Record, lang: str) -> str:
    """Returns the parameters that turn a claim of the guidebook at an end of their range, and those
    that stand out over worlds.
    """
    if not (record["worlds"] or record.get("ends")):
        return not_simulated(record, lang)
    turning = [one["parameter"] for _, found in at_ends(record) for one in found if one["turns"]]
    over = [found["parameter"] for _, found in in_worlds(record) if found["parameter"]]
    return ", ".join(dict.fromkeys([*turning, *over])) or say("lessons.none_decides", lang)


def worlds_sentence(found: Record | None, lang: str) -> str:
    """Returns what the worlds say of one claim."""
    if found is None or found["share"] is None:
        return say("lessons.not_run", lang)
    said = say("lessons.share", lang, share=share_in_percent(found["share"]), worlds=found["draws"])
    if not found["parameter"]:
        return said + say("lessons.nothing_stands_out", lang)
    return said + say(
        "lessons.stands_out",
        lang,
        parameter=found["parameter"],
        rho=f"{found['rho']:+.2f}",
        floor=f"{found['floor']:.2f}",
        median=f"{found['median']:.3g}",
        low=share_in_percent(found["low"]),
        high=share_in_percent(found["high"]),
    )


def ends_section(record: Record, lang: str) -> Section:
    """Returns the claims of the guidebook with each supposed parameter at the ends of its range."""
    ends = record["ends"]
    title = say("lessons.ends", lang, seeds=ends["seeds"], residents=f"{ends['residents']:,}")
    rows = [
        (
            claim[lang] or claim["en"],
            one["parameter"],
            *(at_end(one, end, claim, lang) for end in ("low", "high")),
            say("lessons.ends.yes" if one["turns"] else "lessons.ends.no", lang),
        )
        for claim, found in at_ends(record)
        for one in found
    ]
    return Section(title, tuple(say(f"lessons.ends.{name}", lang) for name in RANGE_COLUMNS), rows)


def at_end(one: Record, end: str, claim: Record, lang: str) -> str:
    """Returns the value of a parameter at one end, the difference there, and which way it goes."""
    mean, low, high = one[end]
    if mean is None:
        return f"{one[f'at_{end}']:g}: {say('unit.-', lang)}"
    unit = named("unit", ALL_MEASURES[claim["measure"]].unit).say(lang)
    digits = max(decimals(abs(bound)) for bound in (mean, low or mean, high or mean))
    bounds = "" if low is None else f" [{low:+,.{digits}f}, {high:+,.{digits}f}]"
    return f"{one[f'at_{end}']:g}: {mean:+,.{digits}f}{bounds} {unit}, {say('lessons.way.' + one[f'way_{end}'], lang)}"


def range_counts(records: Sequence[Record], lang: str) -> list[str]:
    """Returns how many claims of the guidebook hold over worlds, and how many a parameter turns at
    an end of its range, where ends were simulated.
    """
    ended = any(one.get("ends") for one in records)
    ends = [over_all_ends(records, lang)] if ended else []
    return [over_all_worlds(records, lang), *ends]


def over_all_worlds(records: Iterable[Record], lang: str) -> str:
    """Returns how many of the expected claims hold in most worlds, in about half, in few."""
    found = [one for record in records for _, one in in_worlds(record) if one["share"] is not None]
    count = Counter(
        "most" if one["share"] >= MOST else "few" if one["share"] <= FEW else "some"
        for one in found
    )
    number = {name: count[name] for name in ("most", "some", "few")}
    return say(
        "lessons.count.worlds",
        lang,
        all=len(found),
        decided=sum(one["parameter"] is not None for one in found),
        luck=round(FALSE_ALARM * len(found)),
        **number,
    )


def over_all_ends(records: Iterable[Record], lang: str) -> str:
    """Of the expected claims held, and of those not held, how many go the other way, or become
    right, at an end.
    """
    found = [pair for record in records for pair in at_ends(record) if "verdict" in pair[0]]
    right = {
        state: [pair for pair in found if (pair[0]["verdict"] == HELD) == state]
        for state in (True, False)
    }
    lost = sum(any(one["turns"] for one in ends) for _, ends in right[True])
    won = sum(
        any(one[f"way_{end}"] == AS_SAID for one in ends for end in ("low", "high"))
        for _, ends in right[False]
    )
    return say(
        "lessons.count.ends",
        lang,
        held=len(right[True]),
        lost=lost,
        rest=len(right[False]),
        won=won,
    )


ROLES = (EXPECTED, "against")
COLUMNS = ("id", "name", "lines", "expected", "against", "worlds", "decides")


def of_role(record: Record, role: str) -> list[Record]:
    """Returns the claims of a record in one role."""
    return [claim for claim in record["claims"] if claim["role"] == role]


def counted(records: Iterable[Record], role: str) -> Counter[str]:
    """Returns how many claims of a role are held, not held, undecided or not run."""
    return Counter(
        claim.get("verdict", NOT_RUN) for record in records for claim in of_role(record, role)
    )


def overview(records: Sequence[Record], lang: str) -> Section:
    """Returns one line for each lesson."""
    return Section(
        say("lessons.title", lang),
        tuple(say(f"lessons.column.{name}", lang) for name in COLUMNS),
        [lesson_row(record, lang) for record in records],
    )


def lesson_row(record: Record, lang: str) -> tuple[str, ...]:
    """Returns one lesson: its id, name, lines of the guidebook, verdicts, worlds and what decides."""
    return (
        record["id"],
        record["name"][lang],
        record["lines"] or "-",
        *(tally(record, role, lang) for role in ROLES),
        range_of_shares(record, lang),
        decisive(record, lang),
    )


def tally(record: Record, role: str, lang: str) -> str:
    """Returns the verdicts of one role, counted."""
    if record["state"] == NOT_RUN:
        return say("lessons.not_run", lang)
    count = counted([record], role)
    return (
        say("lessons.tally", lang, **{state: count[state] for state in STATES})
        if of_role(record, role)
        else "-"
    )


def claim_section(record: Record, lang: str) -> Section:
    """Returns the claims of a lesson: statement, role, verdict, its basis, and the result over
    parameter samples.
    """
    columns = tuple(
        say(f"lessons.claim.{name}", lang)
        for name in ("claim", "role", "verdict", "numbers", "worlds")
    )
    over = record["worlds"]["claims"] if record["worlds"] else [None] * len(record["claims"])
    rows = [
        (
            said_as(claim, lang),
            say(f"lessons.role.{claim['role']}", lang),
            *verdict(claim, lang),
            worlds_sentence(found, lang),
        )
        for claim, found in zip(record["claims"], over, strict=True)
    ]
    return Section(say("claims.title", lang), columns, rows)


def said_as(claim: Record, lang: str) -> str:
    """Returns a claim as its file words it."""
    return claim[lang] or claim["en"]


def verdict(claim: Record, lang: str) -> tuple[str, str]:
    """Returns the verdict on a claim and the numbers on which it is based."""
    if "verdict" not in claim:
        return say("lessons.not_run", lang), ""
    bounds = {name: nan if claim[name] is None else claim[name] for name in ("mean", "low", "high")}
    state = say(f"claims.{claim['verdict']}", lang)
    if claim["mean"] is None:
        return state, say("summary.nothing", lang)
    about: Any = SimpleNamespace(**claim)
    found: Any = SimpleNamespace(n=claim["n"], **bounds)
    return state, numbers(about, found, lang)


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
    """Returns one difference with its interval."""
    about = ALL_MEASURES[one["measure"]]
    unit = named("unit", about.unit).say(lang)
    if one["difference"] is None:
        return label(about, lang), say("unit.-", lang), unit
    digits = decimals(abs(one["difference"]))
    bounds = (
        "" if one["low"] is None else f" [{one['low']:+,.{digits}f}, {one['high']:+,.{digits}f}]"
    )
    return label(about, lang), f"{one['difference']:+,.{digits}f}{bounds}", unit


def size(record: Record, lang: str) -> str:
    """In which town, with how many seeds, years and parameter samples a lesson was simulated."""
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
    worlds = record["worlds"]
    return said + (
        ""
        if not worlds
        else say(
            "lessons.worlds_used",
            lang,
            used=worlds["used"],
            asked=worlds["asked"],
            residents=f"{worlds['residents']:,}",
        )
    )


def lesson_sentences(record: Record, lang: str) -> list[str]:
    """Returns the question of a lesson, what the guidebook says, what the model cannot express, who
    pays, what was supposed to decide.
    """
    texts = {
        name: record[name] for name in ("question", "expects", "cannot", "pays") if record[name]
    }
    lines = [
        say(f"lessons.said.{name}", lang, text=text[lang], lines=record["lines"])
        for name, text in texts.items()
    ]
    supposed = ", ".join(record["supposed"])
    return lines + ([say("lessons.said.supposed", lang, text=supposed)] if supposed else [])


def lesson_sections(record: Record, lang: str) -> list[Section]:
    """Returns the tables of a lesson: its claims, its parameters at their ends, and what else
    differs.
    """
    made = (
        (claim_section, record["claims"]),
        (ends_section, at_ends(record)),
        (watched_section, record.get("watched")),
    )
    return [section(record, lang) for section, there in made if there]
