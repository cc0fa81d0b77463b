"""A comparison as its file says it: arms with their planned cost, what each has beside the common
ground, claims, groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.economics.costing import PriceBook
from sim.files.toml import leaves
from sim.report.text import planned
from sim.report.text.claims import claim_text
from sim.report.text.listing import (
    Section,
    fiscal_week,
    policies_section,
    scenario_sections,
    setting_text,
)
from sim.report.text.request import sources_sections
from sim.report.text.run import label, seed_ranges
from sim.scenario.arms import GROUND
from sim.scenario.comparison import Arm, Comparison
from sim.scenario.onset import in_short, onset_of
from sim.scenario.scenario import Event, digest
from sim.study.compare import worlds_wanted
from sim.study.gather import ALL_MEASURES
from sim.words import named, say
from sim.words.errors import shown

OF_THE_GROUND = {*GROUND, "practice"} - {
    "town",
    "seeds",
    "outside_ranges",
}  # where arms may differ beside their levers


def check_sections(comparison: Comparison, book: PriceBook, lang: str) -> Iterator[Section]:
    """Returns the tables of a comparison: its arms, their differences, claims and groups, and the
    reference written out in full.
    """
    parts = (
        arms(comparison, lang),
        planned.planned_cost_of_comparison(comparison, book, lang),
        *(
            section
            for arm in comparison.others
            for section in sources_sections(comparison, arm.id, book, lang)
        ),
        common(comparison, lang),
        own(comparison, lang),
        claims(comparison, lang),
        _groups_section(comparison, lang),
    )
    yield from (part for part in parts if part.rows)
    yield from scenario_sections(comparison.arm(comparison.reference).reading, lang)


def _section(
    name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], lang: str
) -> Section:
    return Section(
        say(f"section.{name}", lang),
        tuple(say(f"column.{column}", lang) for column in columns),
        rows,
    )


def arms(comparison: Comparison, lang: str) -> Section:
    """Returns the table of the arms, with the reference marked."""
    rows = [
        (
            arm.id,
            label(arm.name, lang),
            say("check.reference", lang) if arm.id == comparison.reference else "",
            digest(arm.scenario)[:16],
        )
        for arm in comparison.arms
    ]
    base = comparison.base
    title = say(
        "check.arms",
        lang,
        town=label(base.people.name, lang),
        first=base.start_year,
        years=base.years,
        runs=_runs(comparison, lang),
    )
    return Section(
        title,
        tuple(say(f"column.{name}", lang) for name in ("name", "label", "role", "digest")),
        rows,
    )


def _runs(comparison: Comparison, lang: str) -> str:
    """Returns in how many plausible worlds `sim compare` simulates the arms, or with which seeds."""
    worlds = worlds_wanted(comparison, None, seeds=False)
    if worlds:
        return say("check.worlds", lang, worlds=worlds)
    return say("check.seeds", lang, seeds=seed_ranges(comparison.seeds))


def common(comparison: Comparison, lang: str) -> Section:
    """Returns the table of the policies that every arm has."""
    found = policies_section(comparison.arms[0].reading, lang)
    shared = set.intersection(*(set(_steps(arm, lang)) for arm in comparison.arms))
    return Section(
        say("section.common", lang),
        found.columns,
        [row for row in found.rows if row[:-1] in shared],
    )


def _steps(arm: Arm, lang: str) -> list[tuple[str, ...]]:
    """Returns the policies of an arm, without the file they come from."""
    return [row[:-1] for row in policies_section(arm.reading, lang).rows]


def own(comparison: Comparison, lang: str) -> Section:
    """Returns the table of what each arm has that not every arm has: policies, then whatever else
    differs from the reference.
    """
    shared = set.intersection(*(set(_steps(arm, lang)) for arm in comparison.arms))
    rows: list[tuple[str, ...]] = []
    for arm in comparison.arms:
        mine = [
            (row[0], row[1], f"{row[2]} {row[3]}".rstrip(" -"), row[5], row[6])
            for row in _steps(arm, lang)
            if row not in shared
        ]
        mine += [
            (key, named("setting", key).say(lang), value, "", "")
            for key, value in _beside(arm, comparison)
        ]
        rows += [(arm.id, *row) for row in mine]
    return _section("own", ("arm", "name", "label", "value", "start", "ramp"), rows, lang)


def _beside(arm: Arm, comparison: Comparison) -> list[tuple[str, str]]:
    """Returns what differs from the reference beside policies: organisation, parameters, trend,
    events, and mechanisms that are off.
    """
    mine, other = _ground(arm), _ground(comparison.arm(comparison.reference))
    changed = [(key, value) for key, value in mine.items() if other.get(key) != value]
    return changed + [(key, "-") for key in other if key not in mine]


def _ground(arm: Arm) -> dict[str, str]:
    scenario = arm.scenario
    values: dict[str, Any] = scenario.model_dump(include=OF_THE_GROUND) | {
        "organisation": scenario.organisation.id
    }
    values["events"] = [_shock(arm, event) for event in scenario.events]
    return {
        key: setting_text(value) if isinstance(value, float) else shown(value).strip('"')
        for key, value in leaves(values)
    }


def _shock(arm: Arm, event: Event) -> str:
    """Returns a shock on a line: what, when, how long, how large, and its factors on onset."""
    line = f"{event.kind} {fiscal_week(arm.reading, event.week)}, {event.weeks}, {event.size:g}"
    by_field = onset_of(event.onset, event.kind, arm.scenario.values().needs)
    return f"{line}; {in_short(by_field)}" if by_field else line


def claims(comparison: Comparison, lang: str) -> Section:
    """Returns the table of the claims with the arm that each is about."""
    rows = [
        (
            claim_text(claim, lang),
            claim.arm,
            claim.against,
            label(ALL_MEASURES[claim.measure], lang),
            say(f"check.{claim.direction}", lang),
            str(claim.by_year) + (say("check.cumulative", lang) if claim.cumulative else ""),
            f"{claim.confidence:g}",
            f"{claim.margin:g}",
        )
        for claim in comparison.claims
    ]
    return _section(
        "claims",
        ("claim", "arm", "against", "measure", "direction", "by_year", "confidence", "margin"),
        rows,
        lang,
    )


def _groups_section(comparison: Comparison, lang: str) -> Section:
    """Returns the table of arms that are to cost the same, and of combinations."""
    rows = [(say("check.same_cost", lang), ", ".join(group)) for group in comparison.same_cost]
    rows += [
        (
            label(one.name, lang) if one.name else say("check.combination", lang),
            say(
                "check.parts",
                lang,
                arm=one.arm,
                parts=", ".join(f"{name} {weight:g}" for name, weight in one.parts.items()),
            ),
        )
        for one in comparison.combinations
    ]
    return _section("groups", ("name", "value"), rows, lang)
