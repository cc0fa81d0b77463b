"""What a person writes into a file, as types: a name in one language or both, a date in any of the
ways that people type, seeds by number or one by one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)

from sim.declared.levers import LAST_WEEK
from sim.files import notation
from sim.scenario.scenario import Claim
from sim.scenario.seeds import LARGEST_SEED, MOST_SEEDS
from sim.scenario.shape import Shape
from sim.towns.town import Label, Record
from sim.words import Phrase
from sim.words.errors import Refusal, nearest

MOST_ENTRIES = 200  # events, claims, combinations, ...


def as_a_whole(key: str, allowed: Phrase | str = "") -> WrapValidator:
    """Whatever is wrong inside the setting is told as one fault of the whole setting."""

    def checked(value: Any, inner: Callable[[Any], Any]) -> Any:
        try:
            return inner(_tuples(value))
        except ValidationError:
            raise Refusal(key, allowed=allowed) from None

    return WrapValidator(checked)


def _tuples(value: Any) -> Any:
    """Lists as the tuples that a strict record takes from Python."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def one_of(names: tuple[str, ...], key: str) -> AfterValidator:
    """Only one of the names; `key` says what is wrong with any other."""

    def known(name: str) -> str:
        if name not in names:
            raise Refusal(key, allowed=", ".join(names), near=nearest(name, names))
        return name

    return AfterValidator(known)


def _for_both(written: Any) -> Any:
    """One text for both languages."""
    if not isinstance(written, (str, dict)):
        raise Refusal("error.type", allowed=Phrase("allowed.label"))
    return {"ja": written, "en": written} if isinstance(written, str) else written


Name = Annotated[Label, Shape({"type": "string"}), BeforeValidator(_for_both)]


def _when(written: Any) -> int | datetime.date:
    """The date or the number of weeks that is meant."""
    if isinstance(written, dict):  # a date of TOML, as `refusals.validated` passes it on
        written = next(iter(written), "").partition("T")[0]
    meant = notation.parse_date(written) if isinstance(written, str) else written
    if isinstance(meant, bool) or not isinstance(meant, (int, datetime.date)):
        raise Refusal("error.type", allowed=Phrase("allowed.date_or_week"))
    return meant


When = Annotated[
    Any,
    AfterValidator(_when),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": LAST_WEEK},
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]


def _each_once(seeds: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(seeds)) < len(seeds):
        raise ValueError("a seed is given twice")
    return seeds


def _listed(seeds: int | tuple[int, ...]) -> tuple[int, ...]:
    return tuple(range(1, seeds + 1)) if isinstance(seeds, int) else seeds


Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
if TYPE_CHECKING:
    Seeds: TypeAlias = tuple[int, ...]
else:
    Seeds = Annotated[
        Annotated[int, Field(ge=1, le=MOST_SEEDS)]
        | Annotated[
            tuple[Seed, ...],
            Field(min_length=1, max_length=MOST_SEEDS, json_schema_extra={"uniqueItems": True}),
            AfterValidator(_each_once),
        ],
        as_a_whole("error.seeds", Phrase("allowed.seeds")),
        AfterValidator(_listed),
    ]


def _is_table(written: dict[str, Any]) -> dict[str, Any]:
    """A table of notes; a date is none, though it comes as one (`refusals.validated`)."""
    if any(value is None for value in written.values()):
        raise Refusal("error.type", allowed=Phrase("allowed.table"))
    return written


Notes = Annotated[dict[str, Any], AfterValidator(_is_table)]


class Lines(Record):
    """What a scenario and a comparison say alike: their name and question, seeds and claims, and
    what the file notes of its source.
    """

    name: Name | None = None
    question: Name | None = None
    seeds: Seeds = (1,)
    claims: tuple[Claim, ...] = Field((), max_length=MOST_ENTRIES)
    guidebook: Notes = {}
