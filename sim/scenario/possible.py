"""Towns that cannot be: every check that looks at more than one value of a town, its organisation and its policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace

from ..words import Phrase
from .errors import ScenarioError, fault, unknown
from .files import Document
from .levers import Practice, Step, practice_at
from .timeline import boundaries
from .town import AGENCY_FIELDS, HOUSEHOLD_KINDS, Organisation, People

ROUNDING = 0.005  # shares in a file are rounded


def check_people(people: People, document: Document, parameters: Mapping[str, float]) -> None:
    """The town has households, shares that sum to 1, and margins that households of its kinds can have."""
    check_districts(people, document)
    if people.composition is not None:
        check_kinds(people.composition, "composition", document)
        if abs(sum(people.composition.values()) - 1) >= ROUNDING:
            raise fault(
                "error.composition",
                at="composition",
                file=document.source("composition"),
                given=round(sum(people.composition.values()), 6),
                allowed=Phrase("allowed.sum_one"),
            )
    if people.households is not None:
        check_table(people, document)
    if households(people, document, parameters) < len(people.districts):
        raise fault(
            "error.few_households",
            at="population",
            file=document.source("population"),
            given=people.population,
        )


def households(people: People, document: Document, parameters: Mapping[str, float]) -> int:
    """How many households the town has; refuses margins that contradict each other, in the file that gives them."""
    from .composition import margins  # here, since SciPy takes half a second to import

    town = {
        name.removeprefix("town."): value
        for name, value in parameters.items()
        if name.startswith("town.")
    }
    try:
        return margins(people, SimpleNamespace(town=SimpleNamespace(**town))).count
    except ScenarioError as error:
        raise ScenarioError(
            *(replace(one, file=document.source(one.key)) for one in error.faults)
        ) from None


def check_districts(people: People, document: Document) -> None:
    """Districts have ids of their own and shares that sum to 1."""
    file = document.source("districts")
    ids = [district.id for district in people.districts]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise fault("error.district_twice", at="districts", file=file, given=twice)
    total = sum(district.share for district in people.districts)
    if abs(total - 1) > ROUNDING:
        raise fault(
            "error.district_shares",
            at="districts",
            file=file,
            given=round(total, 6),
            allowed=Phrase("allowed.sum_one"),
        )


def check_kinds(names: dict, at: str, document: Document) -> None:
    """Only known household kinds."""
    for name in names:
        if name not in HOUSEHOLD_KINDS:
            raise unknown(
                "error.unknown_name",
                name,
                HOUSEHOLD_KINDS,
                at=f"{at}.{name}",
                file=document.source(at),
            )


def check_table(people: People, document: Document) -> None:
    """A table of households names known districts and kinds, and is not empty."""
    ids = [district.id for district in people.districts]
    for district, row in people.households.items():
        at = f"households.{district}"
        if district not in ids:
            raise unknown(
                "error.unknown_district", district, ids, at=at, file=document.source("households")
            )
        check_kinds(row, at, document)
    if sum(sum(row.values()) for row in people.households.values()) == 0:
        raise fault("error.no_households", at="households", file=document.source("households"))


def check_organisation(organisation: Organisation, people: People, document: Document) -> None:
    """Agencies have ids of their own, known districts, posts; every field is served in every district."""
    ids, districts = (
        [agency.id for agency in organisation.agencies],
        [district.id for district in people.districts],
    )
    for place, agency in enumerate(organisation.agencies):
        at = f"agencies.{place}"
        if ids.count(agency.id) > 1:
            raise fault(
                "error.agency_twice",
                at=f"{at}.id",
                file=document.source("agencies"),
                given=agency.id,
            )
        for name in agency.districts:
            if name not in districts:
                raise unknown(
                    "error.unknown_district",
                    name,
                    districts,
                    at=f"{at}.districts",
                    file=document.source("agencies"),
                )
        if organisation.posts_per_100k is not None and abs(sum(agency.mix.values()) - 1) > ROUNDING:
            raise fault(
                "error.mix",
                at=f"{at}.mix",
                file=document.source("agencies"),
                given=round(sum(agency.mix.values()), 6),
                allowed=Phrase("allowed.sum_one"),
            )
    staffed = [
        agency
        for agency in organisation.agencies
        if sum(organisation.posts_of(agency, people.population).values()) > 0
    ]
    if not staffed:
        raise fault(
            "error.no_posts",
            at="agencies",
            file=document.source("agencies"),
            allowed=Phrase("allowed.above", {"low": 0}),
        )
    check_served(staffed, districts, document)


def check_served(staffed: list, districts: list[str], document: Document) -> None:
    """Every field is served by an agency with posts in every district."""
    for field in AGENCY_FIELDS:
        for district in districts:
            if not any(
                agency.field == field and (not agency.districts or district in agency.districts)
                for agency in staffed
            ):
                raise fault(
                    "error.uncovered",
                    at="agencies",
                    file=document.source("agencies"),
                    given=f"{field}, {district}",
                )


def check_policies(organisation: Organisation, steps: tuple[Step, ...], document: Document) -> None:
    """Policies name agencies that exist and rely on staff that is there."""
    ids = [agency.id for agency in organisation.agencies]
    for step in steps:
        for name in step.settings.get("add", {}) if step.lever == "staffing" else ():
            if name not in ids:
                raise unknown(
                    "error.unknown_agency",
                    name,
                    ids,
                    at=f"levers.staffing.add.{name}",
                    file=document.source("levers.staffing"),
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
