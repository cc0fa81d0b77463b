"""From a scenario file to a frozen, checked scenario, and where each of its values came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import create_model

from sim.declared import declared
from sim.scenario.feasible import (
    check_amounts,
    check_organisation,
    check_people,
    check_places,
    check_policies,
    check_posts,
)
from sim.scenario.files import Document, Folder, folder_of, leaves, read_toml
from sim.scenario.layers import is_shortened, laid
from sim.scenario.locator import located
from sim.scenario.refusals import checked_record
from sim.scenario.scenario import MECHANISMS, Claim, Event, Scenario, own_columns, own_flows
from sim.scenario.seeds import LARGEST_SEED, MOST_SEEDS
from sim.scenario.timeline import Calendar, steps_of
from sim.scenario.town import FIELDS, Label, Organisation, People, Record
from sim.scenario.values import chosen_parameters, chosen_trend
from sim.words import Phrase
from sim.words.errors import between, fault, short, unknown

MOST_ENTRIES = 200  # events, claims, combinations, ...
DEFAULT_ORGANISATION = "organisations/windows_that_wait.toml"
KEYS = (
    "extends",
    "town",
    "organisation",
    "name",
    "question",
    "levers",
    "events",
    "trend",
    "parameters",
    "switched_off",
    "fields_off",
    "effects",
    "claims",
    "start_year",
    "years",
    "run_in_weeks",
    "seeds",
    "event_log",
    "outside_ranges",
    "packs",
    "guidebook",
)
PLAIN = ("effects", "start_year", "years", "run_in_weeks", "event_log")


@dataclass(frozen=True)
class Loaded:
    """A scenario with the file of every value that is no default, by dotted key
    ("levers.outreach.fte", "town.population").

    late: what is left out since it begins after the end of a run that the caller has shortened.
    """

    scenario: Scenario
    origins: dict[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    late: tuple[str, ...] = ()


def load(
    path: str | Path,
    *,
    extra: tuple[ModuleType, ...] = (),
    overrides: dict[str, Any] | None = None,
    allow_outside: bool = False,
) -> Scenario:
    """The checked scenario of a TOML file; raises ScenarioError naming place, value, what is
    allowed and the nearest right name.

    `path`: a path, or the name of a file of the current folder, of its `scenarios`, or that ships
    ("kaga").

    `extra`: modules of a user's own processes (their PARAMETERS may be set, their COLUMNS and FLOWS
    are added; ValueError where a declaration cannot be used); `overrides`: values by dotted key
    ("parameters.needs.onset_latent") laid over the file, a date as date or as text ("2026-04-01");
    `allow_outside`: paths may leave the scenario folder. A file that holds a comparison is read by
    `load_comparison`.
    """
    return read(path, extra=extra, overrides=overrides, allow_outside=allow_outside).scenario


def read(
    path: str | Path,
    *,
    extra: tuple[ModuleType, ...] = (),
    overrides: dict[str, Any] | None = None,
    allow_outside: bool = False,
) -> Loaded:
    """As `load`, with the origin of every value."""
    path = located(path)
    folder = folder_of(path, allow_outside)
    document = laid(path, folder, overrides)
    if "arms" in document.values:
        raise fault(
            "error.is_comparison", file=short(path), allowed=Phrase("allowed.as_comparison")
        )
    return checked_scenario(document, path.stem, folder, extra)


def checked_scenario(
    document: Document, id: str, folder: Folder, extra: tuple[ModuleType, ...] = ()
) -> Loaded:
    """The scenario that files laid over one another make, called `id`; refuses as `load` does."""
    check_names(document)
    place, people_file = town_file(document, folder, "town")
    organisation_place, organisation_file = town_file(document, folder, "organisation")
    people = checked_record(People, people_file.values, at="", source=people_file.source)
    organisation = checked_record(
        Organisation, organisation_file.values, at="", source=organisation_file.source
    )
    parameters, from_nulls = chosen_parameters(document, declared(extra))
    check_people(people, people_file, parameters)
    check_places(people, people_file)
    check_posts(organisation, people, organisation_file)
    check_organisation(organisation, people, organisation_file)
    given = {name: document.values[name] for name in PLAIN if name in document.values}
    plain: Any = checked_record(plain_record(), given, at="", source=document.source)
    calendar = Calendar(plain.start_year, plain.years, is_shortened(document))
    scenario = assembled(id, document, people, organisation, parameters, plain, calendar)
    own = {"own_columns": own_columns(extra), "own_flows": own_flows(extra)}
    scenario = scenario.model_copy(update=own) if extra else scenario
    check_policies(organisation, scenario.steps, document)
    check_amounts(people, organisation_file, organisation.practice, "practice")
    for step in scenario.steps:
        check_amounts(people, document, {step.lever: step.settings}, "levers")
    origins = dict(document.sources)
    origins |= {f"town.{key}": source for key, source in people_file.sources.items()}
    origins |= {
        f"organisation.{key}": source for key, source in organisation_file.sources.items()
    } | from_nulls
    return Loaded(
        scenario,
        origins,
        (*dict.fromkeys(document.paths.values()), place, organisation_place),
        tuple(dict.fromkeys(calendar.late)),
    )


def check_names(document: Document) -> None:
    """Only known settings, mechanisms and fields."""
    for name in document.values:
        if name not in KEYS:
            raise unknown("error.unknown_name", name, KEYS, at=name, file=document.source(name))
    for key, names, word in (
        ("switched_off", MECHANISMS, "error.unknown_mechanism"),
        ("fields_off", FIELDS, "error.unknown_choice"),
    ):
        written = document.values.get(key, [])
        if not isinstance(written, list):
            raise fault(
                "error.type",
                at=key,
                file=document.source(key),
                given=written,
                allowed=Phrase("allowed.list"),
            )
        for name in written:
            if name not in names:
                raise unknown(word, str(name), names, at=key, file=document.source(key))
    if not isinstance(document.values.get("guidebook", {}), dict):
        raise fault(
            "error.type",
            at="guidebook",
            file=document.source("guidebook"),
            given=document.values["guidebook"],
            allowed=Phrase("allowed.table"),
        )
    if not isinstance(document.values.get("outside_ranges", False), bool):
        raise fault(
            "error.type",
            at="outside_ranges",
            file=document.source("outside_ranges"),
            given=document.values["outside_ranges"],
            allowed=Phrase("allowed.yes_no"),
        )


def town_file(document: Document, folder: Folder, key: str) -> tuple[Path, Document]:
    """The file of people or organisation that a scenario names, read; its path counts from the file
    that names it.
    """
    written = document.values.get(key, DEFAULT_ORGANISATION if key == "organisation" else None)
    if written is None:
        raise fault(
            "error.no_town", at="town", file=document.source(""), allowed='town = "towns/....toml"'
        )
    beside = document.paths.get(key) or next(reversed(document.paths.values()))
    file = folder.find(written, beside, key)
    part = Document()
    values = read_toml(file)
    if isinstance(values, dict) and "id" not in values:
        values = {"id": file.stem, **values}
    part.lay(values, short(file), file)
    part.sources |= {name: short(file) for name, _ in leaves(values, into_lists=False)}
    return file, part


def assembled(
    id: str,
    document: Document,
    people: People,
    organisation: Organisation,
    parameters: dict[str, float],
    plain: Record,
    calendar: Calendar,
) -> Scenario:
    """The parts of a scenario, checked, put together."""
    values = document.values
    return Scenario(
        id=id,
        name=read_label(values, "name", document) or Label(ja=id, en=id),
        question=read_label(values, "question", document),
        people=people,
        organisation=organisation,
        steps=steps_of(document, organisation.practice, calendar),
        events=events_of(document, calendar),
        trend=chosen_trend(document, parameters),
        parameters=parameters,
        switched_off=tuple(values.get("switched_off", ())),
        fields_off=tuple(values.get("fields_off", ())),
        claims=records(Claim, "claims", document),
        seeds=seeds_of(document),
        **plain.model_dump(),
    )


def plain_record() -> type[Record]:
    """The settings that a scenario takes from its file as they stand, declared as in the
    scenario.
    """
    fields: dict[str, Any] = {
        name: (Scenario.model_fields[name].annotation, Scenario.model_fields[name])
        for name in PLAIN
    }
    return create_model("Plain", __base__=Record, **fields)


def read_label(values: dict[str, Any], key: str, document: Document) -> Label | None:
    """A name in both languages; one word for both may be given as text."""
    written = values.get(key)
    if isinstance(written, str):
        written = {"ja": written, "en": written}
    return None if written is None else record_at(Label, written, key, document)


def records(kind: type[Record], key: str, document: Document) -> tuple[Any, ...]:
    """A list of tables as checked records."""
    written = document.values.get(key, [])
    if not isinstance(written, list):
        raise fault(
            "error.type",
            at=key,
            file=document.source(key),
            given=written,
            allowed=Phrase("allowed.list"),
        )
    if len(written) > MOST_ENTRIES:
        raise fault(
            "error.too_many",
            at=key,
            file=document.source(key),
            given=len(written),
            allowed=Phrase("allowed.at_most", {"high": MOST_ENTRIES}),
        )
    return tuple(
        record_at(kind, one, f"{key}.{number}", document) for number, one in enumerate(written)
    )


def record_at(kind: type[Record], written: Any, key: str, document: Document) -> Any:
    """One table as a checked record; refuses what is no table."""
    if not isinstance(written, dict):
        raise fault(
            "error.type",
            at=key,
            file=document.source(key),
            given=written,
            allowed=Phrase("allowed.table"),
        )
    return checked_record(kind, written, at=key, source=document.source)


def events_of(document: Document, calendar: Calendar) -> tuple[Event, ...]:
    """The shocks of a scenario, their dates as weeks, within the years of the run."""
    written = document.values.get("events", [])
    if isinstance(written, list):
        for number, one in enumerate(written):
            if isinstance(one, dict) and "week" not in one:
                key = f"events.{number}.at"
                if "at" not in one:
                    raise fault(
                        "error.missing",
                        at=key,
                        file=document.source(key),
                        allowed=Phrase("allowed.date_or_week"),
                    )
                one["week"] = calendar.week(one.pop("at"), key, document)
    events = records(Event, "events", document)
    for number, event in enumerate(events):
        if f"events.{number}.at" not in calendar.late:
            calendar.week(event.week, f"events.{number}.week", document)
        if event.kind in ("disaster", "budget_cut") and event.size > 1:
            raise fault(
                "error.range",
                at=f"events.{number}.size",
                file=document.source("events"),
                given=event.size,
                allowed=between(0, 1, "%", "allowed.percent"),
            )
    return tuple(event for event in events if not calendar.leaves_out(event.week))


def seeds_of(document: Document) -> tuple[int, ...]:
    """The seeds of a scenario: a list, or how many (1, 2, 3, ...)."""
    written = document.values.get("seeds", [1])
    seeds = (
        list(range(1, written + 1))
        if type(written) is int and 0 < written <= MOST_SEEDS
        else written
    )
    whole = isinstance(seeds, list) and all(
        type(seed) is int and 0 <= seed <= LARGEST_SEED for seed in seeds
    )
    if not whole or not seeds or len(set(seeds)) != len(seeds):
        raise fault(
            "error.seeds",
            at="seeds",
            file=document.source("seeds"),
            given=written,
            allowed=Phrase("allowed.seeds"),
        )
    return tuple(seeds)
