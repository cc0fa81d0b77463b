"""`python -m sim.cli.documents` writes every document that follows from the code into docs: those
of `sim.report.reference.documents`, and the reference of comparison files, commands, prices and
words. Those of STORED are part of the repository, the others are not.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from sim.cli import main as cli
from sim.declared.levers import LEVERS
from sim.declared.payers import NAMES, PAYERS, payer_name
from sim.economics.book import Cash
from sim.economics.costing import read_prices
from sim.files.toml import SHIPPED, read_toml
from sim.officer.layout import example
from sim.officer.sheets import INPUT_SHEETS
from sim.report.reference import documents as odd
from sim.report.reference.roles import (
    activities_table,
    mixes_of_roles,
    reach_table,
    usable_hours,
)
from sim.report.reference.schema import write_schemas
from sim.report.reference.tables import code_span, markdown_table
from sim.scenario.comparison import COMPARISON_KEYS, Combination, Precision
from sim.scenario.scenario import Claim
from sim.scenario.scenario_file import ScenarioFile
from sim.study.compare import PRICES
from sim.towns.household_tables.kinds import OWN, TERMS, kinds_in, term_label
from sim.towns.town import Record
from sim.words import named, say, words

DOCUMENTS = (
    *odd.DOCUMENTS,
    "comparison_files.md",
    "commands.md",
    "prices.md",
    "glossary.md",
    "limits.md",
    "household_tables.md",
    "roles.md",
    "workbook.md",
)
STORED = (
    "limits.md",
    "household_tables.md",
    "roles.md",
    "workbook.md",
)  # the README of the project links them
BUILT = tuple(name for name in DOCUMENTS if name not in STORED)
FORM_HEADS = ("item", "unit", "example", "where")
OUTWARD = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)\s]*)\)")  # a link to a folder above
RECORDS: dict[str, type[Record]] = {
    "claims": Claim,
    "combinations": Combination,
    "precision": Precision,
}
WHOLE = (
    *COMPARISON_KEYS,
    "claims",
    "seeds",
    "name",
    "question",
    "packs",
    "guidebook",
    "extends",
)  # keys of the comparison
LIMITS = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
}
TYPES = {"string": "text", "boolean": "true, false", "integer": "whole number", "number": "number"}
UNKNOWN = ("?", "?")
KEY = ("Key", "Meaning", "意味", "Allowed", "Default")
Meanings = Mapping[str, tuple[str, str]]


def comparison_keys(meanings: Meanings) -> str:
    """Returns the keys of a comparison file as a whole; `meanings` gives (en, ja) by key, a
    question mark where it lacks one.
    """
    return markdown_table(
        KEY[:3], ((code_span(name), *meanings.get(name, UNKNOWN)) for name in WHOLE)
    )


def ground_keys() -> str:
    """Returns the keys of a scenario, which a comparison file may hold for all arms and every arm
    for itself.
    """
    own = [name for name in ScenarioFile.model_fields if name not in WHOLE]
    return markdown_table(
        KEY[:3],
        (
            (code_span(name), *(named("setting", name).say(lang) for lang in ("en", "ja")))
            for name in own
        ),
    )


def record_keys(kind: str, meanings: Meanings) -> str:
    """Returns the keys of one record of a comparison file, with what is allowed and the default."""
    content = RECORDS[kind].model_json_schema()
    needed = content.get("required", ())
    rows = (
        (
            code_span(name),
            *meanings.get(f"{kind}.{name}", UNKNOWN),
            allowed(one),
            "needed" if name in needed else default_of(one),
        )
        for name, one in content["properties"].items()
    )
    return markdown_table(KEY, rows)


def allowed(one: dict[str, Any]) -> str:
    """Returns what a value of a JSON Schema may be."""
    if "enum" in one:
        return ", ".join(map(code_span, one["enum"]))
    limits = [f"{sign} {one[name]:g}" for name, sign in LIMITS.items() if name in one]
    return " ".join([TYPES.get(one.get("type", ""), "table"), *limits])


def default_of(one: dict[str, Any]) -> str:
    """Returns the default of a value of a JSON Schema."""
    default = one.get("default")
    return (
        ""
        if default in (None, "")
        else code_span(str(default).lower() if isinstance(default, bool) else default)
    )


def command_description(command: str, lang: str) -> str:
    """Returns what a command is for."""
    return say(f"cli.{command}", lang)


def command_options(command: str) -> str:
    """Returns the arguments and options of a command, as its function declares them."""
    function = cli.COMMANDS[command]
    hints = get_type_hints(function, include_extras=True)
    rows = (
        option(name, hints[name], one.default)
        for name, one in signature(function).parameters.items()
    )
    return markdown_table(("Option", "Meaning / 意味", "Value", "Default"), rows)


def option(name: str, hint: Any, default: Any) -> tuple[str, str, str, str]:
    """Returns one argument or option: name, meaning, what it takes, default. Typer keeps the first
    name in `default`.
    """
    kind, *declared = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    info = declared[0] if declared else None
    given = [getattr(info, "default", None), *(getattr(info, "param_decls", None) or ())]
    names = ", ".join(code_span(one) for one in given if isinstance(one, str)) or code_span(
        name.upper()
    )
    plain = default in (None, False) or default is Parameter.empty
    return (
        names,
        getattr(info, "help", None) or "",
        takes(kind),
        "" if plain else code_span(getattr(default, "value", default)),
    )


def takes(kind: Any) -> str:
    """Returns what an option takes: choices, a number, text; nothing where it is a switch."""
    inner = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is list:
        return f"{takes(inner[0])} ..."
    if inner:
        return takes(inner[0])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(map(code_span, kind))
    return {bool: "", int: "whole number", float: "number", Path: "path"}.get(kind, "text")


def prices_table() -> str:
    """Returns every price of the default book."""
    heading = (
        "Id",
        "What is counted",
        "数えるもの",
        "Unit",
        "Yen",
        "Low",
        "High",
        "Year",
        "Grade",
        "Source",
    )
    rows = (
        (
            code_span(one.id),
            one.en,
            one.ja,
            one.unit,
            *map(_yen, (one.price, one.low, one.high)),
            one.price_year_note or one.price_year or "",
            one.grade,
            one.source,
        )
        for one in read_prices(PRICES).items
    )
    return markdown_table(heading, rows)


def _yen(price: float | None) -> str:
    """Returns an amount; nothing where none is entered."""
    return "" if price is None else f"{price:,.0f}"


def payers_table() -> str:
    """Who pays for what, and whether a saving is cash for the municipality."""
    bearers = (" / ".join(payer_name(one, lang) for lang in ("en", "ja")) for one in PAYERS)
    rows = (
        (
            name,
            *_payer_shares(one),
            one.shares_grade,
            named("cash", one.cashable).say("en"),
            lag(one),
            one.cashable_note,
        )
        for name, one in _constellations()
    )
    return markdown_table(("Id", *bearers, "Grade", "Cash", "Lag (years)", "Note"), rows)


def _constellations() -> Iterator[tuple[str, Cash]]:
    for one in read_prices(PRICES).items:
        yield code_span(one.id) + (f" ({one.variant})" if one.variant else ""), one
        yield from ((f"{code_span(one.id)} ({other.id})", other) for other in one.variants)


def _payer_shares(one: Any) -> list[str]:
    """Returns the parts of a price by payer."""
    return [f"{getattr(one.shares, payer):g}" for payer in PAYERS]


def lag(one: Cash) -> str:
    """Returns how long a saving takes to become cash."""
    return (
        ""
        if one.lag_years is None
        else " to ".join(f"{years:g}" for years in sorted(set(one.lag_years)))
    )


def mixes() -> str:
    """Who pays for the posts of a programme."""
    rows = (
        (code_span(one.id), one.en, one.ja, *_payer_shares(one), one.grade, one.source)
        for one in read_prices(PRICES).mixes
    )
    return markdown_table(("Mix", "Meaning", "意味", *PAYERS, "Grade", "Source"), rows)


def words_table(kind: str) -> str:
    """Returns the project's own words of one kind: unit, lever, field, kind, payer, ..."""
    keys = [key for key in words("ja") if key.startswith(f"{kind}.")]
    rows = [(code_span(key.partition(".")[2]), words("ja")[key], words("en")[key]) for key in keys]
    if kind == "lever":
        rows = [(code_span(name), lever.ja, lever.en) for name, lever in LEVERS.items()]
    if kind == "payer":
        rows = [(code_span(one), name["ja"], name["en"]) for one, name in NAMES.items()] + rows
    return markdown_table(("Name", "日本語", "English"), rows)


def census_kinds() -> str:
    """Returns what each kind of the census holds of the model's seven kinds."""

    def held(term: str, lang: str) -> str:
        return ("、" if lang == "ja" else ", ").join(
            named("kind", kind).say(lang) for kind in kinds_in(TERMS[term].parts)
        )

    rows = (
        (term_label(term, "ja"), held(term, "ja"), term_label(term, "en"), held(term, "en"))
        for term in TERMS
        if term not in OWN
    )
    return markdown_table(("区分", "含まれる類型", "Kind", "Holds"), rows)


def missing_mechanisms() -> str:
    """Returns what the pairs of wrong turns say cannot be expressed."""
    rows = []
    for file in sorted((SHIPPED / "pairs").glob("*.toml")):
        content = read_toml(file)
        cannot = content.get("guidebook", {}).get("cannot")
        if cannot:
            rows.append((code_span(f"pairs/{file.name}"), cannot["ja"], cannot["en"]))
    return markdown_table(("File", "表せないもの", "What cannot be expressed"), rows)


def workbook_cells(lang: str) -> str:
    """Returns the cells of the officer's workbook in one language: sheet, what it is, unit, example,
    and where the figure is found.
    """
    rows = [
        (
            sheet.name.say(lang),
            one.label.say(lang),
            one.unit.say(lang),
            example(one, lang),
            one.where.say(lang),
        )
        for sheet in INPUT_SHEETS
        for block in sheet.blocks
        for one in block.inputs
    ]
    heads = (say("book.head.sheet", lang), *(say(f"book.head.{name}", lang) for name in FORM_HEADS))
    return markdown_table(heads, rows)


MORE = (
    workbook_cells,
    comparison_keys,
    ground_keys,
    record_keys,
    command_description,
    command_options,
    prices_table,
    payers_table,
    mixes,
    words_table,
    census_kinds,
    missing_mechanisms,
    mixes_of_roles,
    activities_table,
    reach_table,
    usable_hours,
)


def all_documents(folder: Path = odd.DOCS / "prose") -> dict[str, str]:
    """Returns the text of every document by file name, out of the templates of `folder`."""
    return odd.rendered_documents(
        folder, DOCUMENTS, {one.__name__: one for one in MORE} | {"commands": list(cli.COMMANDS)}
    )


def all_pages() -> dict[str, str]:
    """Returns every page by its path below docs, those written by hand among them; a link that
    leaves docs, which a reader of the pages alone cannot follow, is its words.
    """
    written = sorted({*odd.DOCS.glob("*.md"), *odd.DOCS.glob("lessons/*.md")})
    pages = {
        file.relative_to(odd.DOCS).as_posix(): file.read_text(encoding="utf-8") for file in written
    } | all_documents()

    def within(name: str, text: str) -> str:
        def linked(found: re.Match[str]) -> str:
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), found[2].partition("#")[0])
            )
            return found[0] if path in pages else found[1]

        return OUTWARD.sub(linked, text)

    return {name: within(name, text) for name, text in pages.items()}


def main(arguments: list[str] | None = None) -> int:
    """Write all documents into docs and the schemas beside the files that ship, or the documents
    into the folder given.
    """
    given = sys.argv[1:] if arguments is None else arguments
    files = odd.write(all_documents(), Path(given[0]) if given else odd.DOCS)
    for file in files if given else [*files, *write_schemas()]:
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
