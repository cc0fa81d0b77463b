"""Reporting standards as an appendix: every item filled from what is declared, or named as missing
with the reason.

The items, their numbers and sources stand in `sim/words/catalogue/standards.toml`, in the order of
the standards.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.report.text.comparison import seed_counts
from sim.report.text.listing import Section, source_in
from sim.report.text.run import grades, label
from sim.study.gather import ALL_MEASURES
from sim.words import catalogue, say

if TYPE_CHECKING:
    from sim.study.case import Case

STANDARDS = ("cheers", "stress", "odd")
REPORTED, PARTLY, MISSING = "reported", "partly", "missing"
STATES = {  # every other item is reported
    "cheers": dict.fromkeys(("4", "18", "19", "26"), PARTLY)
    | dict.fromkeys(("13", "21", "25", "27", "28"), MISSING),
    "stress": dict.fromkeys(("2.1", "5.4", "6.1"), PARTLY),
    "odd": {},
}


def standards_sections(case: Case, made: dict[str, Any], lang: str) -> list[Section]:
    """One table a standard: number, item, state, text. `made`: the manifest of the runs, or
    `provenance.made()`.
    """
    told = facts(case, made, lang)
    return [
        _section(standard, {number: item(case, standard, number) for number in numbers}, told, lang)
        for standard, numbers in items().items()
    ]


def _section(
    standard: str, found: dict[str, tuple[str, str]], told: dict[str, Any], lang: str
) -> Section:
    count = Counter(state for state, _ in found.values())
    counts = {state: count[state] for state in (REPORTED, PARTLY, MISSING)}
    title = say("standards.counts", lang, title=say(f"standards.{standard}", lang), **counts)
    columns = tuple(say(f"standards.{name}", lang) for name in ("number", "item", "state", "text"))
    rows = [
        (
            number,
            say(f"standards.{standard}.{number}.name", lang),
            say(f"standards.{state}", lang),
            say(f"{key}.text", lang, **told),
        )
        for number, (state, key) in found.items()
    ]
    return Section(title, columns, rows)


def item(case: Case, standard: str, number: str) -> tuple[str, str]:
    """State of an item and the key of its words: some depend on what a comparison declares and on
    how it was run.
    """
    key = f"standards.{standard}.{number}"
    comparison = case.compared.comparison
    lacking = {
        "3": comparison.question is None,
        "4": not comparison.claims,
        "20": not case.compared.worlds,
        "24": not case.compared.worlds,
    }
    if standard == "cheers" and lacking.get(number):
        return (MISSING if number in ("3", "4") else PARTLY), f"{key}.other"
    if (standard, number) == ("stress", "3.1") and not (
        comparison.base.people.source and comparison.base.organisation.source
    ):
        return PARTLY, key
    return STATES[standard].get(number, REPORTED), key


def facts(case: Case, made: dict[str, Any], lang: str) -> dict[str, Any]:
    """What the texts say, of this comparison and this project."""
    return (
        _of_comparison(case, lang)
        | _of_town(case, lang)
        | _of_money(case, lang)
        | {
            "measures": len(ALL_MEASURES),
            "parameters": grades()["number"],
            **{grade: grades()[grade] for grade in "ABCD"},
            "code": made["code"],
            "versions": ", ".join(f"{name} {number}" for name, number in made["versions"].items()),
            "machine": ", ".join(made["machine"].values()),
        }
    )


def _of_comparison(case: Case, lang: str) -> dict[str, Any]:
    compared = case.compared
    comparison = compared.comparison
    names = [label(arm.name, lang) for arm in comparison.arms]
    comma = say("standards.and", lang)
    moved = dict.fromkeys(step.lever for arm in comparison.arms for step in arm.scenario.steps)
    return {
        "name": label(comparison.name, lang),
        "question": label(comparison.question, lang) if comparison.question else "",
        "arms": comma.join(names),
        "number": len(names),
        "reference": label(comparison.arm(comparison.reference).name, lang),
        "others": comma.join(label(arm.name, lang) for arm in comparison.others),
        "claims": len(comparison.claims),
        "levers": ", ".join(moved) or "-",
        "seeds": seed_counts(compared, lang),
        "worlds": len(compared.worlds),
    }


def _of_town(case: Case, lang: str) -> dict[str, Any]:
    base = case.compared.comparison.base
    people, organisation = base.people, base.organisation
    return {
        "town": label(people.name, lang),
        "population": f"{people.population:,}",
        "ageing": f"{people.ageing_rate:.1%}",
        "households": f"{case.compared.gathered.households:,}",
        "organisation": label(organisation.name, lang),
        "agencies": len(organisation.agencies),
        "town_source": source_in(lang, people.source) or say("standards.none", lang),
        "organisation_source": source_in(lang, organisation.source) or say("standards.none", lang),
        "first": base.start_year,
        "years": base.years,
        "weeks": base.years * WEEKS_PER_YEAR,
        "run_in": base.run_in_weeks,
        "switched_off": ", ".join(base.switched_off) or "-",
    }


def _of_money(case: Case, lang: str) -> dict[str, Any]:
    counted = sorted(case.quantities["id"].unique())
    years = sorted({year for id in counted if (year := case.book.item(id).price_year) is not None})
    return {
        "rate": f"{100 * case.rate:g}",
        "book": label(case.book.name, lang),
        "counted": len(counted),
        "price_years": say("provenance.span", lang, first=years[0], last=years[-1])
        if years
        else "-",
    }


def items() -> dict[str, list[str]]:
    """The numbers of the items of each standard, in its order."""
    found = {}
    for name in STANDARDS:
        start, end = f"standards.{name}.", ".text"
        keys = [key for key in catalogue() if key.startswith(start) and key.endswith(end)]
        numbers = [key.removeprefix(start).removesuffix(end) for key in keys]
        found[name] = [number for number in numbers if not number.endswith("other")]
    return found
