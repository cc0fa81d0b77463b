"""The parameter table: one row a parameter, as CSV, Markdown or JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ..spreadsheet_text import escaped
from ..words import named, say
from .declaration import Parameter
from .parameters import declared

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
)


def rows(parameters: dict[str, Parameter] | None = None) -> list[dict[str, Any]]:
    """The declared parameters, in order of the week's processes; keys are COLUMNS."""
    return [
        row(name, parameter)
        for name, parameter in (declared() if parameters is None else parameters).items()
    ]


def row(name: str, parameter: Parameter) -> dict[str, Any]:
    """One parameter as a row."""
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
    }


def as_csv(table: list[dict[str, Any]]) -> str:
    """The table as CSV with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: escaped(value) for name, value in row.items()} for row in table)
    return text.getvalue()


def as_json(table: list[dict[str, Any]]) -> str:
    """The table as a JSON list."""
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def as_markdown(table: list[dict[str, Any]], lang: str) -> str:
    """The table as Markdown in one language, a heading for each group."""
    lines: list[str] = []
    group = ""
    for one in table:
        if one["name"].partition(".")[0] != group:
            group = one["name"].partition(".")[0]
            lines += [
                *([""] if lines else []),
                f"## {named('group', group).say(lang)} (`{group}`)",
                "",
                *heading(lang),
            ]
        lines.append(line(one, lang))
    return "\n".join(lines) + "\n"


def headings(lang: str) -> tuple[str, ...]:
    """The names of the columns that people read."""
    return tuple(
        say(f"column.{name}", lang)
        for name in ("name", "label", "value", "unit", "range", "null", "grade", "source")
    )


def cells(one: dict[str, Any], lang: str) -> tuple[str, ...]:
    """One parameter as people read it."""
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
        one["source"],
    )


def heading(lang: str) -> list[str]:
    """The two heading lines of a Markdown table."""
    names = headings(lang)
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def line(one: dict[str, Any], lang: str) -> str:
    """One parameter as a line of Markdown."""
    name, *others = (cell.replace("|", "\\|") for cell in cells(one, lang))
    return "| " + " | ".join([f"`{name}`", *others]) + " |"
