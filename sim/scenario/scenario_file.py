"""A scenario file as a person writes it: one record, whose levers, drifts and parameters are those
that are declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field, create_model, model_validator

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.declared.levers import LEVERS, Settings
from sim.declared.vocabulary import FIELDS
from sim.declared.withdrawn import WITHDRAWN
from sim.scenario.funding import Measure, Sources
from sim.scenario.own_code import WRITTEN
from sim.scenario.scenario import MECHANISMS, WEEKS_OF_RUN, Period, Shock, Trend
from sim.scenario.shape import Shape
from sim.scenario.study_lines import Lever, MapLines, SearchLines
from sim.scenario.values import in_range, near_parameter
from sim.scenario.written import MOST_ENTRIES, Lines, When, as_a_whole, one_of
from sim.towns.town import Record
from sim.words import LANGUAGES, Phrase, named
from sim.words.errors import Refusal, nearest

LONGEST_RAMP = 240
MOST_PROCESSES = 20  # of a user's own
MORE = r"^\+\d+(\.\d+)?$"  # beyond what the organisation has
DRIFTS = tuple(Trend.model_fields)


class Ramp(BaseModel):
    """When a lever begins to move, and how long it takes."""

    start: When = 0
    ramp_months: float = Field(0, ge=0, le=LONGEST_RAMP, json_schema_extra={"unit": "months"})


class ScheduleEntry(Ramp):
    """One entry of a schedule: it says when it begins."""

    start: When


TIMING = ("start", "end", "ramp_months", "schedule")


class ParameterGroup(Record):
    """The parameters of one group, `name`, out of all that are declared."""

    group: ClassVar[str]
    declared: ClassVar[Mapping[str, Parameter]]

    @model_validator(mode="before")
    @classmethod
    def only_what_is_declared(cls, written: Any) -> Any:
        """A name that is not declared may be one of another group, or of an earlier version."""
        for name in written if isinstance(written, dict) else ():
            if new := WITHDRAWN.get(f"{cls.group}.{name}"):
                why = Phrase(f"withdrawn.{cls.group}.{name}")
                raise Refusal("error.withdrawn_parameter", at=name, allowed=why, near=new)
            if name not in cls.model_fields:
                near = near_parameter(f"{cls.group}.{name}", cls.declared)
                raise Refusal("error.unknown_parameter", at=name, near=near)
        return written


class EventLines(Shock):
    """A shock with its date, or its week."""

    at: When | None = None
    week: int | None = Field(None, le=WEEKS_OF_RUN)

    @model_validator(mode="after")
    def has_one_time(self) -> EventLines:
        """A shock comes at a date or in a week."""
        if self.at is None and self.week is None:
            raise Refusal("error.missing", at="at", allowed=Phrase("allowed.date_or_week"))
        if self.at is not None and self.week is not None:
            raise Refusal("error.unknown_name", at="at", allowed="week")
        return self


def _drifts(written: Any) -> Any:
    """The drifts that a word stands for."""
    if isinstance(written, dict) or written == "default":
        return {} if written == "default" else written
    if written == "none":
        return dict.fromkeys(DRIFTS, 0.0)
    near = nearest(str(written), ("default", "none"))
    raise Refusal("error.unknown_choice", allowed=Phrase("allowed.trend"), near=near)


def _drift_lines() -> Any:
    """Every drift in the range of its parameter."""
    drifts: dict[str, Any] = {
        name: (
            Annotated[float, *info.metadata, in_range(declared()[f"population.trend_{name}"])],
            0.0,
        )
        for name, info in Trend.model_fields.items()
    }
    return create_model("Drifts", __base__=Record, __module__=__name__, **drifts)


def _known(names: Iterable[str], key: str) -> Any:
    """A name out of `names`, which JSON Schema lists."""
    names = tuple(names)
    return Annotated[str, one_of(names, key), Field(json_schema_extra={"enum": [*names]})]


if TYPE_CHECKING:
    Mechanism: TypeAlias = str
    FieldOfNeed: TypeAlias = str
    Drifts: TypeAlias = BaseModel
else:
    Mechanism = _known(MECHANISMS, "error.unknown_mechanism")
    FieldOfNeed = _known(FIELDS, "error.unknown_choice")
    Drifts = _drift_lines()
Table = dict[str, Any]


class ScenarioFile(Lines, Period):
    """A scenario file. What its levers and parameters hold is read by `lever_lines` and
    `group_lines`.
    """

    extends: str | None = None
    town: str | None = None
    organisation: str | None = None
    packs: tuple[str, ...] = ()
    levers: dict[Lever, Table] = {}
    events: tuple[EventLines, ...] = Field((), max_length=MOST_ENTRIES)
    trend: (
        Annotated[Drifts, Shape({"enum": ["default", "none"]}), BeforeValidator(_drifts)] | None
    ) = None
    parameters: dict[str, Table] = {}
    switched_off: tuple[Mechanism, ...] = ()
    fields_off: tuple[FieldOfNeed, ...] = ()
    outside_ranges: bool = False
    processes: tuple[
        Annotated[
            Annotated[str, Field(pattern=WRITTEN)],
            as_a_whole("error.own_written", Phrase("allowed.own_written")),
        ],
        ...,
    ] = Field((), max_length=MOST_PROCESSES)
    funding: dict[Measure, Sources] = {}
    search: SearchLines | None = None
    map: MapLines | None = None


@cache
def lever_lines(lever: str) -> type[Settings]:
    """The table of one lever: its settings, when it begins, how long it takes, its schedule and its
    end.
    """
    kind = more_lines(lever)
    entry: Any = create_model(
        f"{kind.__name__}Entry", __base__=(ScheduleEntry, kind), __module__=__name__
    )
    fields: dict[str, Any] = {"end": (When | None, None), "schedule": (tuple[entry, ...], ())}
    bases: Any = (Ramp, kind)
    return create_model(
        kind.__name__,
        __base__=bases,
        __module__=__name__,
        __doc__=kind.__doc__,
        **fields,
    )


def more_lines(lever: str) -> type[Settings]:
    """The settings of a lever, whose amounts may be written as more than the organisation has."""
    kind = LEVERS[lever]
    amounts: dict[str, Any] = {
        name: (Annotated[info.annotation, Shape({"type": "string", "pattern": MORE})], copy(info))
        for name, info in kind.model_fields.items()
        if info.annotation in (int, float)
    }
    return create_model(kind.__name__, __base__=kind, __module__=__name__, **amounts)


def group_lines(group: str, extra: tuple[ModuleType, ...] = ()) -> type[ParameterGroup]:
    """The table of one group of parameters, each in its range; `extra`: modules of a user's own
    processes.
    """
    return _group(group, declared(extra)) if extra else _own_group(group)


@cache
def _own_group(group: str) -> type[ParameterGroup]:
    return _group(group, declared())


def _group(group: str, parameters: Mapping[str, Parameter]) -> type[ParameterGroup]:
    base = type(
        "ParameterGroup",
        (ParameterGroup,),
        {"group": group, "declared": parameters, "__module__": __name__},
    )
    fields: dict[str, Any] = {
        dotted.removeprefix(f"{group}."): (
            Annotated[float, in_range(parameter)],
            Field(parameter.value, json_schema_extra=parameter_schema(parameter)),
        )
        for dotted, parameter in parameters.items()
        if dotted.startswith(f"{group}.")
    }
    return create_model(f"{group}_parameters", __base__=base, __module__=__name__, **fields)


def whole_scenario() -> type[ScenarioFile]:
    """A scenario file with the tables of all levers and parameters, as one record."""
    levers: dict[str, Any] = {name: (lever_lines(name) | None, None) for name in LEVERS}
    groups: dict[str, Any] = {name.partition(".")[0]: None for name in declared()}
    for group in groups:
        title: Any = {lang: named("group", group).say(lang) for lang in LANGUAGES}
        groups[group] = (
            group_lines(group) | None,
            Field(None, json_schema_extra=title),
        )
    tables: dict[str, Any] = {
        "levers": (create_model("Levers", __base__=Record, **levers) | None, None),
        "parameters": (create_model("Parameters", __base__=Record, **groups) | None, None),
    }
    return create_model("Scenario", __base__=ScenarioFile, __module__=__name__, **tables)


def parameter_schema(parameter: Parameter) -> dict[str, Any]:
    """What JSON Schema says of a parameter beside its default: name, range, unit, grade, source."""
    unit = named("unit", parameter.unit)
    both = " / ".join(dict.fromkeys(unit.say(lang) for lang in LANGUAGES))
    return {
        "ja": parameter.ja,
        "en": parameter.en,
        "minimum": parameter.low,
        "maximum": parameter.high,
        "description": f"{both}; {parameter.grade}; {parameter.source}",
    }
