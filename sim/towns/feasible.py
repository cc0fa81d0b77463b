"""Towns that cannot be: every check that looks at more than one value of a town and its
organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sim.declared import Parameters
from sim.declared.levers import Practice, setting_declaration
from sim.declared.vocabulary import AGENCY_FIELDS, KINDS
from sim.files.toml import Document
from sim.towns.town import Organisation, People
from sim.words import Phrase
from sim.words.errors import Fault, ScenarioError, fault, unknown

ROUNDING = 0.005  # shares in a file are rounded
LEAST_POST = 0.001  # of a full post: two hours a year
LEAST_TOWN = 1000  # posts and places that a town of any size may have
RESIDENTS_EACH = 10  # residents for each post, and for each place, at the least
COUNTED = ("posts", "places")  # units of settings


def check_people(people: People, document: Document, parameters: Mapping[str, float]) -> None:
    """The town has households, shares that sum to 1, and margins that households of its kinds can
    have.
    """
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
        check_table(people.households, people, document)
    if households(people, document, parameters) < len(people.districts):
        raise fault(
            "error.few_households",
            at="population",
            file=document.source("population"),
            given=people.population,
        )


def households(people: People, document: Document, parameters: Mapping[str, float]) -> int:
    """How many households the town has; refuses margins that contradict each other, in the file
    that gives them.
    """
    from sim.towns.composition import margins  # here, since SciPy takes half a second to import

    town = {name: value for name, value in parameters.items() if name.startswith("town.")}
    try:
        return int(margins(people, Parameters(town)).homes.sum())
    except ScenarioError as error:
        raise ScenarioError(*(in_its_file(one, document) for one in error.faults)) from None


def in_its_file(one: Fault, document: Document) -> Fault:
    """A fault of a margin, with the file that gives it."""
    assert isinstance(one.key, str)  # a place in words is that of a table
    return replace(one, file=document.source(one.key))


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
        if name not in KINDS:
            raise unknown(
                "error.unknown_name",
                name,
                KINDS,
                at=f"{at}.{name}",
                file=document.source(at),
            )


def check_table(table: dict[str, dict[str, int]], people: People, document: Document) -> None:
    """A table of households names known districts and kinds, and is not empty."""
    ids = [district.id for district in people.districts]
    for district, row in table.items():
        at = f"households.{district}"
        if district not in ids:
            raise unknown(
                "error.unknown_district", district, ids, at=at, file=document.source("households")
            )
        check_kinds(row, at, document)
    if sum(sum(row.values()) for row in table.values()) == 0:
        raise fault("error.no_households", at="households", file=document.source("households"))


def check_organisation(organisation: Organisation, people: People, document: Document) -> None:
    """Agencies have ids of their own, known districts, posts; every field is served in every
    district.
    """
    ids = [agency.id for agency in organisation.agencies]
    districts, file = [district.id for district in people.districts], document.source("agencies")
    for place, agency in enumerate(organisation.agencies):
        at = f"agencies.{place}"
        if ids.count(agency.id) > 1:
            raise fault("error.agency_twice", at=f"{at}.id", file=file, given=agency.id)
        for name in agency.districts:
            if name not in districts:
                at = f"{at}.districts"
                raise unknown("error.unknown_district", name, districts, at=at, file=file)
        total = sum(agency.mix.values())
        if organisation.posts_per_100k is not None and abs(total - 1) > ROUNDING:
            one = Phrase("allowed.sum_one")
            raise fault("error.mix", at=f"{at}.mix", file=file, given=round(total, 6), allowed=one)
    staffed = [
        agency
        for agency in organisation.agencies
        if sum(organisation.posts_of(agency, people.population).values()) > 0
    ]
    if not staffed:
        above = Phrase("allowed.above", {"low": 0})
        raise fault("error.no_posts", at="agencies", file=file, allowed=above)
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


def most(people: People) -> float:
    """The most posts, and the most places, that a town may have."""
    return max(LEAST_TOWN, people.population / RESIDENTS_EACH)


def check_posts(organisation: Organisation, people: People, document: Document) -> None:
    """Posts of the organisation and places of the districts are amounts that a town can have."""
    total = 0.0
    for place, agency in enumerate(organisation.agencies):
        for number in organisation.posts_of(agency, people.population).values():
            _check(number, f"agencies.{place}", document, most(people))
            total += number
    _check(total, "agencies", document, most(people))


def check_places(people: People, document: Document) -> None:
    """Places of all districts together are as many as a town can have."""
    _check(
        sum(district.places for district in people.districts),
        "districts",
        document,
        most(people),
        least=0.0,
    )


def check_amounts(
    people: People,
    document: Document,
    settings: Practice | Mapping[str, Mapping[str, Any]],
    at: str,
) -> None:
    """Every amount that a practice, or a step of a lever, sets is one that a town can have. `at`:
    the table it stands in.
    """
    written = settings.model_dump() if isinstance(settings, Practice) else settings
    for lever, given in written.items():
        for name, number in _counted(lever, given):
            _check(number, f"{at}.{lever}.{name}", document, most(people))


def _counted(lever: str, given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The settings of a lever that count posts or places, those by agency one by one."""
    for name, value in given.items():
        if setting_declaration(lever, name)["unit"] not in COUNTED:
            continue
        if isinstance(value, dict):
            yield from ((f"{name}.{agency}", number) for agency, number in value.items())
        else:
            yield name, value


def _check(
    number: float, key: str, document: Document, high: float, least: float = LEAST_POST
) -> None:
    if 0 < number < least or number > high:
        allowed = Phrase("allowed.none_or", {"low": f"{least:g}", "high": f"{high:,.12g}"})
        raise fault("error.range", at=key, file=document.source(key), given=number, allowed=allowed)
