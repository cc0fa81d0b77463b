"""Documents that follow from the code: the model in ODD form, parameters, levers, measures, and how
the week works.

What people wrote stands in docs/prose, one template a document (and one a process); what the code
declares is put in where a template names it. `sim.cli.documents` adds what only the command line
knows, and writes them all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from inspect import isfunction
from math import expm1
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.declared import vocabulary
from sim.declared.levers import LEVERS
from sim.report.reference import tables as odd_tables
from sim.report.reference.tables import percent
from sim.scenario.scenario import MECHANISMS
from sim.words.errors import PACKAGE

DOCS = next(  # a built package holds the pages in itself; in a checkout they are the folder `docs`
    (base / "docs" for base in (PACKAGE, PACKAGE.parent) if (base / "docs" / "prose").is_dir()),
    PACKAGE / "docs",
)
DOCUMENTS = ("model.md", "parameters.md", "levers.md", "measures.md", "week.md")
COMMAND = "python -m sim.cli.documents"
MARK = f"<!-- Written by `{COMMAND}` out of the code and docs/prose; change those, not this file. -->\n\n"


def value(name: str) -> float:
    """Returns a parameter's declared value."""
    return odd_tables.parameter(name).value


def num(name: str) -> str:
    """Returns a parameter's declared value as text."""
    return odd_tables.number_text(value(name))


def yearly(name: str) -> str:
    """Returns the chance within a year of a rate (1/year), in percent."""
    return percent(-expm1(-value(name)))


def share(name: str) -> str:
    """Returns a parameter's value in percent."""
    return percent(value(name))


def prose(process: str) -> str:
    """Returns the name of a process's own template."""
    return f"submodels/{process}.md"


def environment(folder: Path, more: Mapping[str, object] | None = None) -> Environment:
    """Returns the templates of `folder` with everything that they may name; `more`: further ones by
    name.
    """
    found = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    tables = {
        one.__name__: one
        for one in vars(odd_tables).values()
        if isfunction(one) and one.__module__ == odd_tables.__name__
    }
    numbers = {one.__name__: one for one in (value, num, yearly, share, percent, prose)}
    found.globals |= (
        tables
        | numbers
        | {"vocabulary": vocabulary, "levers": LEVERS, "mechanisms": MECHANISMS}
        | dict(more or {})
    )
    return found


def rendered_documents(
    folder: Path = DOCS / "prose",
    names: tuple[str, ...] = DOCUMENTS,
    more: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """Returns the text of the documents `names` by file name, out of the templates of `folder`."""
    templates = environment(folder, more)
    return {name: MARK + templates.get_template(name).render().rstrip() + "\n" for name in names}


def write(texts: dict[str, str], folder: Path = DOCS) -> list[Path]:
    """Write `texts` into `folder`, each file whole or not at all and none before all could be
    written; gives the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    aside = {folder / name: folder / f".{name}.{os.getpid()}" for name in texts}
    try:
        for file, copy in aside.items():
            copy.write_text(texts[file.name], encoding="utf-8", newline="\n")
        for file, copy in aside.items():
            copy.replace(file)
    finally:
        for copy in aside.values():
            copy.unlink(missing_ok=True)
    return list(aside)
