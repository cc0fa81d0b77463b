"""A scenario written out in full: every value with unit, range, grade, source, and the file it came
from.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.declared import declared
from sim.declared.declare import ASSUMED, IN_JAPANESE, Parameter
from sim.declared.levers import LEVERS, setting_declaration
from sim.declared.vocabulary import KINDS
from sim.report.spreadsheet_text import escaped
from sim.scenario.load import Loaded
from sim.scenario.onset import in_short, onset_of
from sim.scenario.scenario import digest
from sim.towns.town import AgencyRecord, Label, Organisation, People
from sim.words import InBoth, Phrase, named, say
from sim.words.errors import shown

LIMITS = ("ge", "gt", "le", "lt")


@dataclass(frozen=True)
class Section:
    """A heading, the names of the columns, and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def scenario_sections(loaded: Loaded, lang: str, extra: tuple = ()) -> list[Section]:
    """Returns the whole scenario as tables in one language."""
    parts = (
        settings_section,
        town_section,
        agencies_section,
        policies_section,
        standing_section,
        shocks_section,
        listed_claims_section,
        lambda one, spoken: parameters_section(one, spoken, extra),
    )
    return [section for part in parts if (section := part(loaded, lang)).rows]


def section(name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], lang: str) -> Section:
    """Returns a section with its words said in `lang`."""
    words = [
        tuple(
            cell.say(lang)
            if isinstance(cell, (Phrase, InBoth))
            else ""
            if cell is None
            else str(cell)
            for cell in row
        )
        for row in rows
    ]
    return Section(
        say(f"section.{name}", lang),
        tuple(say(f"column.{column}", lang) for column in columns),
        words,
    )


def origin(loaded: Loaded, *keys: str) -> str | Phrase:
    """Returns the file that gave any of these keys, or "default"."""
    return next(
        (loaded.origins[key] for key in keys if key in loaded.origins), Phrase("origin.default")
    )


def settings_section(loaded: Loaded, lang: str) -> Section:
    """Returns the settings of the run."""
    scenario = loaded.scenario
    trend = scenario.trend.model_dump()
    values = {
        "start_year": scenario.start_year,
        "years": scenario.years,
        "run_in_weeks": scenario.run_in_weeks,
        "seeds": ", ".join(map(str, scenario.seeds)),
        "effects": scenario.effects,
        "event_log": shown(scenario.event_log),
        "switched_off": ", ".join(scenario.switched_off) or "-",
        "fields_off": ", ".join(scenario.fields_off) or "-",
    }
    rows = [
        (key, named("setting", key), value, origin(loaded, key)) for key, value in values.items()
    ]
    rows += [
        (
            f"trend.{name}",
            named("setting", name),
            f"{value:+g} {named('unit', 'change/year').say(lang)}",
            origin(loaded, f"trend.{name}", "trend"),
        )
        for name, value in trend.items()
    ]
    return section(
        "run",
        ("name", "label", "value", "origin"),
        [*rows, ("digest", Phrase("column.digest"), digest(scenario), "")],
        lang,
    )


def town_section(loaded: Loaded, lang: str) -> Section:
    """Returns the people of the town: what the file gives, and what follows for the rest."""
    people, table, last = loaded.scenario.people, [], ""
    for key, value, unit in town_values(loaded):
        setting, _, part = key.partition(".")
        label = named("kind", part) if setting == "composition" else named("setting", setting)
        source = (
            Phrase("value.as_above")
            if setting == last
            else source_in(lang, people.assumed.get(setting, people.source))
        )
        table.append(
            (
                key,
                label,
                value,
                named("unit", unit),
                range_of(People.model_fields[setting]) or "0 – 1",
                grade(people, setting),
                source,
                origin(loaded, f"town.{key}", f"town.{setting}"),
            )
        )
        last = setting
    return section(
        "town",
        ("name", "label", "value", "unit", "range", "grade", "source", "origin"),
        table,
        lang,
    )


def town_values(loaded: Loaded) -> list[tuple[str, Any, str]]:
    """Returns every number of the people, each with its name, value and unit."""
    people = loaded.scenario.people
    given = people.composition or {}
    follows = Phrase("value.follows")
    return [
        ("population", people.population, "persons"),
        ("ageing_rate", people.ageing_rate, "share"),
        ("persons_per_household", people.persons_per_household or follows, "persons"),
        *(
            (f"composition.{kind}", f"{given.get(kind, 0):g}" if given else follows, "share")
            for kind in KINDS
        ),
        *(
            (f"households.{district}.{kind}", number, "households")
            for district, row in (people.households or {}).items()
            for kind, number in row.items()
        ),
        *(
            (f"districts.{district.id}", f"{district.share:.4g}", "share")
            for district in people.districts
        ),
    ]


def grade(record: People | Organisation, setting: str) -> str | Phrase:
    """Returns D for what is assumed; what a file gives from its source has no grade of ours."""
    return "D" if setting in record.assumed or ASSUMED in record.source else Phrase("grade.given")


def source_in(lang: str, source: str | Label) -> str:
    """Returns the source or assumption that a file names, in `lang` where the file has it in both
    languages or it is one of the project's own words.
    """
    if isinstance(source, Label):
        return str(getattr(source, lang))
    return IN_JAPANESE.get(source, source) if lang == "ja" else source


def range_of(info: Any) -> str:
    """Returns the range that a field declares."""
    parts = [
        *info.metadata,
        *(
            part
            for inner in getattr(info.annotation, "__args__", ())
            for part in getattr(inner, "__metadata__", ())
        ),
    ]
    return " – ".join(
        f"{getattr(part, limit):,g}" if getattr(part, limit) < 1e5 else f"{getattr(part, limit):,}"
        for part in parts
        for limit in LIMITS
        if hasattr(part, limit)
    )


def agencies_section(loaded: Loaded, lang: str) -> Section:
    """Returns the agencies with their posts."""
    scenario = loaded.scenario
    organisation = scenario.organisation
    assumed = organisation.assumed
    told = assumed.get("posts") or assumed.get("posts_per_100k") or organisation.source
    source = source_in(lang, told)
    rows = [
        (
            agency.id,
            getattr(agency.name, lang),
            named("field", agency.field),
            _posts_in_words(agency, loaded, lang),
            ", ".join(agency.districts) or Phrase("value.whole_town"),
            source,
            origin(loaded, "organisation.agencies"),
        )
        for agency in scenario.organisation.agencies
    ]
    return section(
        "agencies", ("name", "label", "field", "posts", "districts", "source", "origin"), rows, lang
    )


def _posts_in_words(agency: AgencyRecord, loaded: Loaded, lang: str) -> str:
    """Returns an agency's posts by kind, in words."""
    given = loaded.scenario.organisation.posts_of(agency, loaded.scenario.people.population)
    return ", ".join(
        f"{named('post', kind).say(lang)} {number:.3g}" for kind, number in given.items() if number
    )


def policies_section(loaded: Loaded, lang: str) -> Section:
    """Returns what the scenario changes, when, and over how long."""
    rows = []
    for step in loaded.scenario.steps:
        for name, value in step.settings.items():
            info = setting_declaration(step.lever, name)
            key = f"levers.{step.lever}"
            rows.append(
                (
                    f"{key}.{name}",
                    info[lang],
                    setting_text(value),
                    named("unit", info["unit"]),
                    setting_range(step.lever, name),
                    fiscal_week(loaded, step.start_week),
                    f"{step.ramp_weeks:g}",
                    origin(loaded, f"{key}.{name}", f"{key}.schedule", f"{key}.end"),
                )
            )
    return section(
        "policies",
        ("name", "label", "value", "unit", "range", "start", "ramp", "origin"),
        rows,
        lang,
    )


def fiscal_week(loaded: Loaded, week: int) -> str:
    """Returns a week as its fiscal year and number."""
    year, place = divmod(week, 52)
    return f"{loaded.scenario.start_year + year}-W{place:02d} ({week})"


def standing_section(loaded: Loaded, lang: str) -> Section:
    """Returns every setting of every lever as the organisation works before any policy."""
    organisation, rows = loaded.scenario.organisation, []
    for lever, values in organisation.practice.model_dump().items():
        for name, value in values.items():
            info = setting_declaration(lever, name)
            key = f"practice.{lever}.{name}"
            given = f"organisation.{key}" in loaded.origins
            known = [
                part
                for part in (key, f"practice.{lever}", f"{lever}.{name}", lever, name, "practice")
                if part in organisation.assumed
            ]
            source = (
                source_in(lang, organisation.assumed[known[0]])
                if known and given
                else source_in(lang, organisation.source)
                if given
                else Phrase("source.unused")
            )
            rows.append(
                (
                    f"{lever}.{name}",
                    info[lang],
                    setting_text(value),
                    named("unit", info["unit"]),
                    setting_range(lever, name),
                    "D" if known or not given else grade(organisation, key),
                    source,
                    origin(loaded, f"organisation.{key}"),
                )
            )
    return section(
        "standing",
        ("name", "label", "value", "unit", "range", "grade", "source", "origin"),
        rows,
        lang,
    )


def setting_range(lever: str, name: str) -> str:
    """Returns the range of a setting, or its choices."""
    info = LEVERS[lever].model_fields[name]
    choices = getattr(info.annotation, "__args__", ())
    return range_of(info) or (
        "true, false"
        if info.annotation is bool
        else ", ".join(one for one in choices if isinstance(one, str))
    )


def setting_text(value: Any) -> str:
    """Returns a setting's value as text."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {part:g}" for name, part in value.items()) or "-"
    return f"{value:g}" if isinstance(value, float) else shown(value).strip('"')


def shocks_section(loaded: Loaded, lang: str) -> Section:
    """Returns the shocks of the scenario."""
    needs = loaded.scenario.values().needs
    rows = [
        (
            event.kind,
            fiscal_week(loaded, event.week),
            event.weeks,
            f"{event.size:g}",
            f"{event.relocation:g}",
            in_short(onset_of(event.onset, event.kind, needs)) or "-",
            origin(loaded, "events"),
        )
        for event in loaded.scenario.events
    ]
    columns = ("kind", "start", "weeks", "size", "relocation", "onset", "origin")
    return section("events", columns, rows, lang)


def listed_claims_section(loaded: Loaded, lang: str) -> Section:
    """Returns the claims that a comparison tests."""
    rows = [
        (
            (claim.ja or claim.en) if lang == "ja" else claim.en,
            claim.measure,
            claim.against or "-",
            claim.direction,
            claim.by_year,
            f"{claim.confidence:g}",
            f"{claim.margin:g}",
            origin(loaded, "claims"),
        )
        for claim in loaded.scenario.claims
    ]
    return section(
        "claims",
        ("claim", "measure", "against", "direction", "by_year", "confidence", "margin", "origin"),
        rows,
        lang,
    )


def parameters_section(loaded: Loaded, lang: str, extra: tuple = ()) -> Section:
    """Returns every parameter with value, range, grade and source."""
    rows = [
        (
            name,
            getattr(one, lang),
            f"{loaded.scenario.parameters[name]:g}",
            named("unit", one.unit),
            f"{one.low:g} – {one.high:g}",
            one.grade,
            one.source_in(lang),
            origin(loaded, f"parameters.{name}"),
        )
        for name, one in declared(extra).items()
    ]
    return section(
        "parameters",
        ("name", "label", "value", "unit", "range", "grade", "source", "origin"),
        rows,
        lang,
    )


COLUMNS = (
    "name",
    "label_ja",
    "label_en",
    "value",
    "unit",
    "low",
    "high",
    "distribution",
    "null",
    "grade",
    "source",
    "source_ja",
)


def parameter_rows(parameters: dict[str, Parameter] | None = None) -> list[dict[str, Any]]:
    """Returns the declared parameters in the order of the week's processes; the keys of a row are
    COLUMNS.
    """
    return [
        row(name, parameter)
        for name, parameter in (declared() if parameters is None else parameters).items()
    ]


def row(name: str, parameter: Parameter) -> dict[str, Any]:
    """Returns one parameter as a row."""
    return {
        "name": name,
        "label_ja": parameter.ja,
        "label_en": parameter.en,
        "value": parameter.value,
        "unit": parameter.unit,
        "low": parameter.low,
        "high": parameter.high,
        "distribution": parameter.distribution,
        "null": parameter.null,
        "grade": parameter.grade,
        "source": parameter.source,
        "source_ja": parameter.source_ja,
    }


def as_csv(table: list[dict[str, Any]]) -> str:
    """Returns the table as CSV with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: escaped(value) for name, value in row.items()} for row in table)
    return text.getvalue()


def as_json(table: list[dict[str, Any]]) -> str:
    """Returns the table as a JSON list."""
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def as_markdown(table: list[dict[str, Any]], lang: str) -> str:
    """Returns the table as Markdown in one language, with a heading for each group."""
    lines: list[str] = []
    group = ""
    for one in table:
        if one["name"].partition(".")[0] != group:
            group = one["name"].partition(".")[0]
            lines += [
                *([""] if lines else []),
                f"## {named('group', group).say(lang)} (`{group}`)",
                "",
                *_markdown_heading(lang),
            ]
        lines.append(_markdown_line(one, lang))
    return "\n".join(lines) + "\n"


def headings(lang: str) -> tuple[str, ...]:
    """Returns the names of the columns that people read."""
    return tuple(
        say(f"column.{name}", lang)
        for name in ("name", "label", "value", "unit", "range", "null", "grade", "source")
    )


def cells(one: dict[str, Any], lang: str) -> tuple[str, ...]:
    """Returns one parameter as people read it."""
    null = (
        ""
        if one["null"] is None
        else one["null"]
        if isinstance(one["null"], str)
        else f"{one['null']:g}"
    )
    return (
        one["name"],
        one[f"label_{lang}"],
        f"{one['value']:g}",
        named("unit", one["unit"]).say(lang),
        f"{one['low']:g} – {one['high']:g}",
        null,
        one["grade"],
        one["source_ja" if lang == "ja" else "source"],
    )


def _markdown_heading(lang: str) -> list[str]:
    """Returns the two heading lines of a Markdown table."""
    names = headings(lang)
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def _markdown_line(one: dict[str, Any], lang: str) -> str:
    """Returns one parameter as a line of Markdown."""
    name, *others = (cell.replace("|", "\\|") for cell in cells(one, lang))
    return "| " + " | ".join([f"`{name}`", *others]) + " |"
