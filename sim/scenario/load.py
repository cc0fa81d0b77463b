"""From a scenario file to a frozen, checked scenario, and where each of its values came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.declared.own import own_columns, own_flows
from sim.files.locator import located
from sim.files.refusals import checked_record
from sim.files.toml import Document, Folder, folder_of, leaves, read_toml
from sim.scenario.calendar import Calendar
from sim.scenario.chosen import chosen_parameters, chosen_trend
from sim.scenario.funding import funding_of
from sim.scenario.layers import is_shortened, laid
from sim.scenario.own_code import brought, modules_of
from sim.scenario.scenario import Event, Period, Scenario, Shock
from sim.scenario.scenario_file import ScenarioFile
from sim.scenario.timeline import check_policies, steps_of
from sim.towns.feasible import (
    check_amounts,
    check_organisation,
    check_people,
    check_places,
    check_posts,
)
from sim.towns.town import DEFAULT_ORGANISATION, Label, Organisation, People
from sim.words import Phrase
from sim.words.errors import fault, short, together

TAKEN = ("question", "claims", "seeds", "switched_off", "fields_off", *Period.model_fields)


@dataclass(frozen=True)
class Loaded:
    """A scenario with the file of every value that is no default, by dotted key
    ("levers.csw.fte", "town.population").

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
    allow_code: Sequence[str | Path] = (),
) -> Scenario:
    """The checked scenario of a TOML file; raises ScenarioError naming place, value, what is
    allowed and the nearest right name.

    `path`: a path, or the name of a file of the current folder, of its `scenarios`, or that ships
    ("kaga").

    `extra`: modules of a user's own processes (their PARAMETERS may be set, their COLUMNS and FLOWS
    are added; ValueError where a declaration cannot be used); `overrides`: values by dotted key
    ("parameters.needs.onset_latent") laid over the file, a date as date or as text ("2026-04-01");
    `allow_outside`: paths may leave the scenario folder; `allow_code`: files of code that may run
    where the scenario names them (`processes = ["mine.py:heat"]`). A file that holds a comparison
    is read by `load_comparison`.
    """
    return read(
        path,
        extra=extra,
        overrides=overrides,
        allow_outside=allow_outside,
        allow_code=allow_code,
    ).scenario


def read(
    path: str | Path,
    *,
    extra: tuple[ModuleType, ...] = (),
    overrides: dict[str, Any] | None = None,
    allow_outside: bool = False,
    allow_code: Sequence[str | Path] = (),
) -> Loaded:
    """As `load`, with the origin of every value."""
    path = located(path)
    folder = folder_of(path, allow_outside, allow_code)
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
    lines, town = together(partial(scenario_lines, document), partial(read_town, document, folder))
    processes = brought(lines.processes, document, folder)
    extra = (*extra, *modules_of(processes))
    calendar = Calendar(lines.start_year, lines.years, is_shortened(document))
    (parameters, from_nulls), steps, events, funding = together(
        partial(chosen_parameters, lines, document, extra),
        partial(steps_of, lines.levers, document, town.organisation.practice, calendar),
        partial(events_of, lines, document, calendar),
        partial(funding_of, lines.funding, document, calendar),
    )
    check_town(town, parameters)
    scenario = Scenario(
        id=id,
        name=lines.name or Label(ja=id, en=id),
        people=town.people,
        organisation=town.organisation,
        steps=steps,
        events=events,
        trend=chosen_trend(lines.trend, parameters),
        parameters=parameters,
        own_columns=own_columns(extra),
        own_flows=own_flows(extra),
        processes=processes,
        funding=funding,
        **{name: getattr(lines, name) for name in TAKEN},
    )
    check_policies(town.organisation, scenario.steps, document, town.organisation_file)
    for step in scenario.steps:
        check_amounts(town.people, document, {step.lever: step.settings}, "levers")
    files = (*dict.fromkeys(document.paths.values()), *town.files)
    origins = document.sources | town.origins | from_nulls
    return Loaded(scenario, origins, files, tuple(dict.fromkeys(calendar.late)))


@dataclass(frozen=True)
class TownRead:
    """The town of a scenario, the files that it was read from, and where its values came from."""

    people: People
    organisation: Organisation
    people_file: Document
    organisation_file: Document
    files: tuple[Path, Path]
    origins: dict[str, str]


def read_town(document: Document, folder: Folder) -> TownRead:
    """The people and the organisation that a scenario names, each read and checked by itself."""
    (place, people_file, people), (organisation_place, file, organisation) = together(
        partial(_half_of_town, People, document, folder, "town"),
        partial(_half_of_town, Organisation, document, folder, "organisation"),
    )
    origins = {f"town.{key}": source for key, source in people_file.sources.items()}
    origins |= {f"organisation.{key}": source for key, source in file.sources.items()}
    files = place, organisation_place
    return TownRead(people, organisation, people_file, file, files, origins)


def check_town(town: TownRead, parameters: Mapping[str, float]) -> None:
    """Refuse people and an organisation that cannot be together, or not at these parameters."""
    people, organisation = town.people, town.organisation
    together(
        partial(check_people, people, town.people_file, parameters),
        partial(check_places, people, town.people_file),
        partial(check_posts, organisation, people, town.organisation_file),
        partial(check_organisation, organisation, people, town.organisation_file),
        partial(check_amounts, people, town.organisation_file, organisation.practice, "practice"),
    )


def scenario_lines(document: Document) -> ScenarioFile:
    """The lines of a scenario as its files give them, checked."""
    outside = document.values.get("outside_ranges") is True
    return checked_record(
        ScenarioFile, document.values, at="", source=document.source, outside=outside
    )


def _half_of_town(
    kind: type[People] | type[Organisation], document: Document, folder: Folder, key: str
) -> tuple[Path, Document, People | Organisation]:
    """People or organisation of a scenario: the file, what it holds, and the checked record."""
    place, file = town_file(document, folder, key)
    return place, file, checked_record(kind, file.values, at="", source=file.source)


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


def events_of(lines: ScenarioFile, document: Document, calendar: Calendar) -> tuple[Event, ...]:
    """The shocks of a scenario, their dates as weeks, within the years of the run."""
    found = []
    for number, one in enumerate(lines.events):
        name = "week" if one.at is None else "at"
        week = calendar.week(getattr(one, name), f"events.{number}.{name}", document)
        if not calendar.leaves_out(week):
            found.append(Event(week=week, **one.model_dump(include=set(Shock.model_fields))))
    return tuple(found)
