"""`sim lessons`: what the guidebook says and what the model shows, a line a lesson; one in detail
with `--show`.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.console import Lang, console_for, screen_table
from sim.cli.help import bilingual_help
from sim.report.text.listing import Section
from sim.words import language, say
from sim.words.errors import unknown


def lessons_command(
    show: Annotated[str | None, typer.Option("--show", help=bilingual_help("cli.show"))] = None,
    lang: Lang = None,
) -> None:
    """Print the table of lessons, or one lesson in detail."""
    from sim.lessons import (
        tables as lesson_tables,  # here, since pandas takes half a second to import
    )
    from sim.lessons.page import claim_counts, stored_records

    records, tongue = stored_records(), language()
    if show is None:
        print(claim_counts(records, tongue))
        put(lesson_tables.overview(records, tongue))
        print(say("lessons.remark", tongue))
        return
    by_id = {one["id"]: one for one in records}
    if show not in by_id:
        raise unknown("error.unknown_lesson", show, by_id, at="--show", file="sim lessons")
    one = by_id[show]
    print(
        f"{one['id']}  {one['name'][tongue]}",
        *lesson_tables.lesson_sentences(one, tongue),
        lesson_tables.size(one, tongue),
        sep="\n",
    )
    for section in lesson_tables.lesson_sections(one, tongue):
        put(section)


def put(section: Section) -> None:
    """A section as a table on a terminal; elsewhere plain, one line a row, columns apart by
    tabs.
    """
    if sys.stdout.isatty():
        console_for(None).print(screen_table(section))
        return
    print(section.title)
    for row in [section.columns, *section.rows]:
        print("\t".join(row))
