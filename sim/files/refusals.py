"""What a record refuses, turned into faults: the place in the file, the value, what is allowed, the
nearest right name.
"""

from __future__ import annotations

import datetime
import json
import re
import typing
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.files import notation
from sim.words import Phrase
from sim.words.errors import (
    MORE,
    MOST_FAULTS,
    NOTHING,
    Fault,
    Refusal,
    ScenarioError,
    between,
    nearest,
)

Model = TypeVar("Model", bound=BaseModel)
LIMITS = {
    "ge": "allowed.at_least",
    "gt": "allowed.above",
    "le": "allowed.at_most",
    "lt": "allowed.below",
}
KINDS = {
    "bool": "allowed.yes_no",
    "int": "allowed.whole",
    "float": "allowed.number",
    "string": "allowed.text",
    "dict": "allowed.table",
    "model": "allowed.table",
    "list": "allowed.list",
    "tuple": "allowed.list",
}


def checked_record(
    model: type[Model],
    values: dict[str, Any],
    *,
    at: str,
    source: Callable[[str], str],
    outside: bool = False,
) -> Model:
    """`values` as a checked record; refuses with every fault found.

    A number may be given as text ("45,000", "34%"); nothing else is converted, but a whole number
    to a number. `at` is the dotted key of the table, `source` gives the file of a dotted key;
    `outside`: parameters may lie beyond their ranges.
    """
    try:
        return validated(model, values, outside)
    except ValidationError as error:
        first = error
    read = json.loads(json.dumps(values, default=_plain))
    numbers = [put_number(read, one) for one in first.errors()]
    if not any(numbers):
        raise ScenarioError(*faults(first, model, at, source)) from None
    try:
        return validated(model, read, outside)
    except ValidationError as error:
        raise ScenarioError(*faults(error, model, at, source, values)) from None


def validated(model: type[Model], values: dict[str, Any], outside: bool = False) -> Model:
    """The record of `values`, strictly; raises ValidationError."""
    text = json.dumps(values, default=_plain)
    return model.model_validate_json(text, strict=True, context=outside)


def put_number(values: Any, one: Any) -> bool:
    """Put the number in place of the text that a validation error points at; whether there was
    one.
    """
    reads = {"int_type": notation.parse_whole, "float_type": notation.parse_number}
    text = one["input"]
    if one["type"] not in reads or not isinstance(text, str) or notation.signed(text):
        return False
    number, (*above, last) = reads[one["type"]](text), one["loc"]
    inside = at_place(values, above)
    if number is None or not isinstance(inside, (dict, list)) or at_place(inside, [last]) != text:
        return False
    inside[last] = number
    return True


def at_place(values: Any, place: Iterable[Any]) -> Any:
    """What stands at a place below a value; None where there is nothing."""
    for part in place:
        try:
            values = values[part]
        except (LookupError, TypeError):
            return None
    return values


def _written(values: Any, one: Any) -> Any:
    """What a user wrote where a validation error points, if that is a text read as a number."""
    found = at_place(values, one["loc"])
    return found if isinstance(found, str) else one["input"]


def _plain(value: Any) -> Any:
    """A date as a table that no setting accepts, so that it is refused where it does not belong."""
    if isinstance(value, (datetime.date, datetime.time)):
        return {value.isoformat(): None}
    raise TypeError(f"unexpected {type(value)}")


def faults(
    error: ValidationError,
    model: type[BaseModel],
    at: str,
    source: Callable[[str], str],
    values: Any = None,
) -> list[Fault]:
    """The faults of a validation, each at its place in the file: at most MOST_FAULTS and how many
    more there are.

    `values` as the user wrote them, where numbers were read out of texts.
    """
    found: list[Any] = [{**one, "input": _written(values, one)} for one in error.errors()]
    inner = {one["loc"][:length] for one in found for length in range(len(one["loc"]))}
    found = [
        one for one in found if one["type"] != "too_short" or one["loc"] not in inner
    ]  # short of what is refused anyway
    told = [fault_of(one, model, at, source) for one in found[:MOST_FAULTS]]
    rest = len(found) - len(told)
    return told + ([Fault(Phrase(MORE, {"number": rest}), source(at), at)] if rest else [])


def fault_of(one: Any, model: type[BaseModel], at: str, source: Callable[[str], str]) -> Fault:
    """One fault of a validation."""
    place = tuple(part for part in one["loc"] if part != "[key]")
    refusal = (one.get("ctx") or {}).get("error")
    below = refusal.at if isinstance(refusal, Refusal) else ""
    key = ".".join(map(str, (*filter(None, [at]), *place, *filter(None, [below]))))
    file, given = source(key), _given(one["input"], refusal, place)
    if isinstance(refusal, Refusal):
        return Fault(refusal.phrase, file, key, given, refusal.allowed, refusal.near)
    reason, given, allowed, near = _said(one, model, place)
    return Fault(reason, file, key, given, allowed, near)


def _given(given: Any, refusal: Any, place: tuple[Any, ...]) -> Any:
    """What a user wrote where a check refuses it; nothing where it refuses a whole record."""
    if isinstance(refusal, Refusal) and (refusal.at or refusal.given is not NOTHING):
        return refusal.given
    if isinstance(given, dict) and len(given) == 1 and None in given.values():
        return next(iter(given))  # a date, as `_plain` passes it on
    return NOTHING if isinstance(given, dict) and not place else given


Said = tuple[Phrase, Any, Phrase | str, str]


def _said(one: Any, model: type[BaseModel], place: tuple[Any, ...]) -> Said:
    """What is wrong, what was given, what is allowed and what is near, by the kind of fault."""
    kind, given, ctx = one["type"], one["input"], one.get("ctx") or {}
    if kind == "extra_forbidden":
        owner = annotation_at(model, place[:-1])
        if new := getattr(owner, "withdrawn", {}).get(str(place[-1])):
            allowed_now = Phrase("allowed.role_lever", {"new": new})
            return Phrase("error.withdrawn_setting"), given, allowed_now, new
        names = names_in(owner)
        near = nearest(str(place[-1]), names)
        return Phrase("error.unknown_name"), NOTHING, ", ".join(names), near
    if kind == "missing":
        return Phrase("error.missing"), NOTHING, Phrase(_wanted(annotation_at(model, place))), ""
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", ctx["expected"])
        near = nearest(str(given), choices)
        return Phrase("error.unknown_choice"), given, ", ".join(choices), near
    if ctx.keys() & LIMITS.keys():
        return Phrase("error.range"), given, _limits(field_at(model, place), ctx), ""
    if kind == "too_short":
        least = Phrase("allowed.at_least", {"low": ctx["min_length"]})
        return Phrase("error.missing"), given, least, ""
    if kind in ("too_long", "string_too_long"):
        many = kind == "too_long"
        most = Phrase("allowed.at_most", {"high": ctx["max_length"]})
        key = "error.too_many" if many else "error.too_long_text"
        return Phrase(key), ctx.get("actual_length", NOTHING) if many else given, most, ""
    word = KINDS.get(kind.split("_")[0])
    return Phrase("error.type" if word else "error.other"), given, Phrase(word) if word else "", ""


def _limits(info: Any, ctx: dict[str, Any]) -> Phrase:
    """The whole range of a number, with its unit; the limit it broke where there is but one."""
    found = {
        name: getattr(part, name)
        for part in getattr(info, "metadata", ())
        for name in LIMITS
        if hasattr(part, name)
    }
    if {"ge", "le"} <= found.keys() or {"gt", "le"} <= found.keys():
        low, high = found["ge" if "ge" in found else "gt"], found["le"]
        if "gt" in found:
            return Phrase("allowed.above_to", {"low": f"{low:g}", "high": f"{high:g}"})
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if high <= 1 and not extra.get("unit"):
            return between(low, high, "%", "allowed.percent")
        return between(low, high, extra.get("unit", ""))
    name = next(name for name in LIMITS if name in ctx)
    return Phrase(LIMITS[name], {"low": f"{ctx[name]:.12g}", "high": f"{ctx[name]:.12g}"})


def annotation_at(model: Any, place: tuple[Any, ...]) -> Any:
    """The type that stands at `place` (names and positions) below a record."""
    kind: Any = model
    for part in place:
        kind = record_in(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            info = kind.model_fields.get(str(part))
            kind = info.annotation if info else None
        else:
            kind = (typing.get_args(kind) or (None,))[-1 if typing.get_origin(kind) is dict else 0]
    return record_in(kind)


def field_at(model: Any, place: tuple[Any, ...]) -> Any:
    """The field declared at `place`, or None."""
    above = annotation_at(model, place[:-1])
    return (
        above.model_fields.get(str(place[-1]))
        if isinstance(above, type) and issubclass(above, BaseModel)
        else None
    )


def record_in(kind: Any) -> Any:
    """`X | None` as X, without what is annotated."""
    if typing.get_origin(kind) is Annotated:
        return record_in(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, UnionType):
        return record_in(next(part for part in typing.get_args(kind) if part is not type(None)))
    return kind


def names_in(kind: Any) -> list[str]:
    """The names a table of this type may hold."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    keys = (typing.get_args(kind) or (None,))[0]
    return list(typing.get_args(keys)) if typing.get_origin(keys) is typing.Literal else []


def _wanted(kind: Any) -> str:
    """The word for what a setting of this type takes."""
    if kind is Any:  # a date or a week, as `written.When` reads it
        return "allowed.date_or_week"
    origin = typing.get_origin(kind) or kind
    name = getattr(origin, "__name__", "")
    if name in KINDS or name == "str":
        return KINDS.get(name, "allowed.text")
    return (
        "allowed.table"
        if isinstance(origin, type) and issubclass(origin, BaseModel)
        else "allowed.text"
    )
