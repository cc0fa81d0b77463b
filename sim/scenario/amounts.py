"""Amounts that no town of its size can have: more posts or places than the model could hold, posts that are no post at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..words import Phrase
from .errors import fault
from .files import Document
from .levers import LEVERS, Practice
from .town import Organisation, People

LEAST_POST = 0.001  # of a full post: two hours a year
LEAST_TOWN = 1000  # posts and places that a town of any size may have
RESIDENTS_EACH = 10  # residents for each post, and for each place, at the least
COUNTED = ("posts", "places")  # units of settings


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
    """Every amount that a practice, or a step of a lever, sets is one that a town can have. `at`: the table it stands in."""
    written = settings.model_dump() if isinstance(settings, Practice) else settings
    for lever, given in written.items():
        for name, number in _counted(lever, given):
            _check(number, f"{at}.{lever}.{name}", document, most(people))


def _counted(lever: str, given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The settings of a lever that count posts or places, those by agency one by one."""
    for name, value in given.items():
        if LEVERS[lever].model_fields[name].json_schema_extra["unit"] not in COUNTED:
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
