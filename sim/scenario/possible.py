"""Towns that cannot be: every check that looks at more than one value of a town, its organisation and its policies."""

from __future__ import annotations

from typing import NamedTuple

from ..words import Phrase
from .errors import between, fault, unknown
from .files import Document
from .levers import Practice, Step, practice_at
from .timeline import boundaries
from .town import AGENCY_FIELDS, HOUSEHOLD_KINDS, Organisation, People

ROUNDING = 0.005  # shares in a file are rounded


class Kind(NamedTuple):
    """A household kind: fewest and most members, fewest and most of them aged 65 or over."""

    fewest: int
    most: int
    fewest_old: int
    most_old: int


# What a kind's name forces, and the largest households that the model makes of it.
KINDS = {
    "elder_alone": Kind(1, 1, 1, 1),
    "elder_couple": Kind(2, 2, 2, 2),
    "elder_with_adult_child": Kind(2, 4, 1, 2),
    "couple_with_children": Kind(3, 5, 0, 1),
    "single_parent": Kind(2, 4, 0, 0),
    "working_alone": Kind(1, 1, 0, 0),
    "other": Kind(2, 5, 0, 1),
}


def check_people(people: People, document: Document, persons_per_household: float) -> None:
    """The town has households, shares that sum to 1, and ages that fit its household kinds."""
    check_districts(people, document)
    if people.composition is not None:
        check_kinds(people.composition, "composition", document)
        if abs(sum(people.composition.values()) - 1) > ROUNDING:
            raise fault(
                "error.composition",
                at="composition",
                file=document.source("composition"),
                given=round(sum(people.composition.values()), 6),
                allowed=Phrase("allowed.sum_one"),
            )
    if people.households is not None:
        check_table(people, document)
    mix = mix_of(people)
    low, high = sizes(mix)
    size = people.persons_per_household or min(max(persons_per_household, low), high)
    households = people.population / size
    if people.households is not None:
        households = sum(sum(row.values()) for row in people.households.values())
        size = people.population / households
    if households < len(people.districts):
        raise fault("error.few_households", at="population", file=document.source("population"), given=people.population)
    if mix:
        check_size(people, document, mix, size)
        check_ages(people, document, mix, size)


def check_districts(people: People, document: Document) -> None:
    """Districts have ids of their own and shares that sum to 1."""
    file = document.source("districts")
    ids = [district.id for district in people.districts]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise fault("error.district_twice", at="districts", file=file, given=twice)
    total = sum(district.share for district in people.districts)
    if abs(total - 1) > ROUNDING:
        raise fault("error.district_shares", at="districts", file=file, given=round(total, 6), allowed=Phrase("allowed.sum_one"))


def check_kinds(names: dict, at: str, document: Document) -> None:
    """Only known household kinds."""
    for name in names:
        if name not in HOUSEHOLD_KINDS:
            raise unknown("error.unknown_name", name, HOUSEHOLD_KINDS, at=f"{at}.{name}", file=document.source(at))


def check_table(people: People, document: Document) -> None:
    """A table of households names known districts and kinds, and is not empty."""
    ids = [district.id for district in people.districts]
    for district, row in people.households.items():
        at = f"households.{district}"
        if district not in ids:
            raise unknown("error.unknown_district", district, ids, at=at, file=document.source("households"))
        check_kinds(row, at, document)
    if sum(sum(row.values()) for row in people.households.values()) == 0:
        raise fault("error.no_households", at="households", file=document.source("households"))


def mix_of(people: People) -> dict[str, float]:
    """Shares of the household kinds where the town gives them."""
    if people.households is None:
        return dict(people.composition or {})
    total = sum(sum(row.values()) for row in people.households.values())
    return {kind: sum(row.get(kind, 0) for row in people.households.values()) / total for kind in HOUSEHOLD_KINDS}


def sizes(mix: dict[str, float]) -> tuple[float, float]:
    """Fewest and most members per household that a mix of kinds allows; (1, 5) where none is given."""
    if not mix:
        return 1, 5
    total = sum(mix.values())
    return tuple(sum(share * getattr(KINDS[kind], limit) for kind, share in mix.items()) / total for limit in ("fewest", "most"))


def check_size(people: People, document: Document, mix: dict[str, float], size: float) -> None:
    """Members per household lie between the fewest and the most that the kinds allow."""
    low, high = sizes(mix)
    if not low - 0.02 <= size <= high + 0.02:
        at = "persons_per_household" if people.households is None else "population"
        raise fault(
            "error.size",
            at=at,
            file=document.source(at),
            given=round(size, 3),
            allowed=between(round(low, 2), round(high, 2), "persons"),
        )


def check_ages(people: People, document: Document, mix: dict[str, float], size: float) -> None:
    """The share of residents of 65 or over lies between what the kinds force and what they leave room for."""
    low, high = (
        sum(share * getattr(KINDS[kind], limit) for kind, share in mix.items()) / size for limit in ("fewest_old", "most_old")
    )
    if not low - 0.01 <= people.ageing_rate <= high + 0.01:
        raise fault(
            "error.ages",
            at="ageing_rate",
            file=document.source("ageing_rate"),
            given=people.ageing_rate,
            allowed=between(max(0, round(low, 3)), round(high, 3), "%", "allowed.percent"),
        )


def check_organisation(organisation: Organisation, people: People, document: Document) -> None:
    """Agencies have ids of their own, known districts, posts; every field is served in every district."""
    ids, districts = [agency.id for agency in organisation.agencies], [district.id for district in people.districts]
    for place, agency in enumerate(organisation.agencies):
        at = f"agencies.{place}"
        if ids.count(agency.id) > 1:
            raise fault("error.agency_twice", at=f"{at}.id", file=document.source("agencies"), given=agency.id)
        for name in agency.districts:
            if name not in districts:
                raise unknown("error.unknown_district", name, districts, at=f"{at}.districts", file=document.source("agencies"))
        if organisation.posts_per_100k is not None and abs(sum(agency.mix.values()) - 1) > ROUNDING:
            raise fault(
                "error.mix",
                at=f"{at}.mix",
                file=document.source("agencies"),
                given=round(sum(agency.mix.values()), 6),
                allowed=Phrase("allowed.sum_one"),
            )
    staffed = [agency for agency in organisation.agencies if sum(organisation.posts_of(agency, people.population).values()) > 0]
    if not staffed:
        raise fault(
            "error.no_posts",
            at="agencies",
            file=document.source("agencies"),
            given=0,
            allowed=Phrase("allowed.above", {"low": 0}),
        )
    check_served(staffed, districts, document)


def check_served(staffed: list, districts: list[str], document: Document) -> None:
    """Every field is served by an agency with posts in every district."""
    for field in AGENCY_FIELDS:
        for district in districts:
            if not any(agency.field == field and (not agency.districts or district in agency.districts) for agency in staffed):
                raise fault("error.uncovered", at="agencies", file=document.source("agencies"), given=f"{field}, {district}")


def check_policies(organisation: Organisation, steps: tuple[Step, ...], document: Document) -> None:
    """Policies name agencies that exist and rely on staff that is there."""
    ids = [agency.id for agency in organisation.agencies]
    for step in steps:
        for name in step.settings.get("add", {}) if step.lever == "staffing" else ():
            if name not in ids:
                raise unknown(
                    "error.unknown_agency", name, ids, at=f"levers.staffing.add.{name}", file=document.source("levers.staffing")
                )
    for week in {0, *boundaries(steps)}:
        practice: Practice = practice_at(organisation.practice, steps, week)
        light = practice.accompaniment
        if light.months > 0 and light.who == "community" and practice.community.coordinators <= 0:
            raise fault(
                "error.community_accompanies",
                at="levers.accompaniment.who",
                file=document.source("levers.accompaniment"),
                given="community",
            )
