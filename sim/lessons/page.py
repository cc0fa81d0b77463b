"""The table of lessons: what the guidebook says, what the model shows, what decides. Written out of
stored records, never typed.

`python -m sim.lessons.page` writes docs/lessons.md out of the records; with `--run` it first lives
the lessons named (or all) and keeps their records. Cells that are finished are found again in
`--out`; `--finished` takes these alone and computes nothing.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.files.toml import SHIPPED, write_whole
from sim.lessons.files import files, lesson
from sim.lessons.record import lesson_record, lesson_statement, renewed
from sim.lessons.tables import (
    NOT_RUN,
    ROLES,
    counted,
    lesson_sections,
    lesson_sentences,
    overview,
    range_counts,
    share_in_percent,
    size,
    verdict,
    watched,
    worlds_sentence,
)
from sim.report.reference.documents import DOCS, write
from sim.report.text.listing import Section
from sim.study.effort import StudySettings
from sim.study.stopping import STATES
from sim.words import say
from sim.words.errors import unknown

STORED = Path(__file__).with_name("lessons.json")
PAGE, COMMAND = "lessons.md", "python -m sim.lessons.page"
MARK = f"<!-- Written by `{COMMAND}` out of sim/lessons/lessons.json and docs/prose/lessons.md; change those. -->\n\n"


def stored_records(file: Path = STORED) -> list[dict[str, Any]]:
    """Returns the records of all lessons."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []


def store_records(
    records: list[dict[str, Any]], file: Path = STORED, folder: Path = SHIPPED
) -> None:
    """Store records, one for each lesson that ships, in their order; lessons never simulated, or
    changed since, are stored as not run.
    """
    known, shipped = (
        {one["id"]: one for one in records},
        [lesson(id, folder) for id in files(folder)],
    )
    whole = [
        renewed(known[one.id], one) if one.id in known else lesson_statement(one) for one in shipped
    ]
    write_whole(file, json.dumps(whole, ensure_ascii=False, indent=1) + "\n", overwrite=True)


def refresh(
    ids: list[str], asked: StudySettings, file: Path = STORED, folder: Path = SHIPPED
) -> None:
    """Simulate the lessons named, storing each record as it is finished; ranges that are not
    requested stay as they were.
    """
    for id in ids:
        records, one = {kept["id"]: kept for kept in stored_records(file)}, lesson(id, folder)
        found = lesson_record(one, asked)
        if id in records:
            earlier = renewed(
                records[id], one
            )  # without its ranges where another town or claim stood there
            found |= {name: earlier[name] for name in ("worlds", "ends") if found[name] is None}
        store_records([*(records | {id: found}).values()], file, folder)


def lessons_page(records: list[dict[str, Any]], folder: Path = DOCS / "prose") -> str:
    """Returns the page of all lessons."""
    templates = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    by_id = {one["id"]: one for one in records}

    def claim(id: str, number: int, lang: str) -> str:
        """The verdict on a claim (from 1) of a lesson, with its numbers."""
        return ": ".join(filter(None, verdict(by_id[id]["claims"][number - 1], lang)))

    def difference(id: str, arm: str, measure: str, lang: str) -> str:
        """The difference of an arm of a lesson in the last year."""
        rows = by_id[id].get("watched", ())
        found = [
            watched(one, lang) for one in rows if (one["arm"], one["measure"]) == (arm, measure)
        ]
        return "{} {} {}".format(*found[0]) if found else say("lessons.not_run", lang)

    def across(id: str, number: int, lang: str) -> str:
        """What the parameter samples show about a claim (from 1) of a lesson."""
        worlds = by_id[id]["worlds"]
        return worlds_sentence(worlds and worlds["claims"][number - 1], lang)

    templates.globals |= {
        "claim": claim,
        "difference": difference,
        "across": across,
        "record": by_id,
        "percent": share_in_percent,
        "counts": lambda lang: claim_counts(records, lang),
        "table": lambda lang: _section_as_markdown(overview(records, lang)),
        "details": lambda lang: "\n\n".join(detail(one, lang) for one in records),
    }
    return MARK + templates.get_template(PAGE).render().rstrip() + "\n"


def claim_counts(records: list[dict[str, Any]], lang: str) -> str:
    """Returns how many claims of towns and pairs hold at the declared values, and in how many
    worlds; checks are not counted.
    """
    records, lines = [one for one in records if one["kind"] != "check"], []
    for role in ROLES:
        count = counted(records, role)
        lines.append(
            say(
                f"lessons.count.{role}",
                lang,
                all=count.total(),
                not_run=count[NOT_RUN],
                **{state: count[state] for state in STATES},
            )
        )
    return "\n".join(f"- {line}" for line in [*lines, *range_counts(records, lang)])


def detail(one: dict[str, Any], lang: str) -> str:
    """Returns all of one lesson as Markdown."""
    lines = [*lesson_sentences(one, lang), size(one, lang)]
    parts = [f"### {one['id']} - {one['name'][lang]}", "\n".join(f"- {line}" for line in lines)]
    for section in lesson_sections(one, lang):
        parts += [section.title, _section_as_markdown(section)]
    return "\n\n".join(parts)


def _section_as_markdown(section: Section) -> str:
    """Returns a section as a table of Markdown."""
    rows = [section.columns, ["---"] * len(section.columns), *section.rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
    )


def argument_parser() -> argparse.ArgumentParser:
    """Returns the parser of the command's arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--run", nargs="*", metavar="ID", help="live these lessons first (all, if none is named)"
    )
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--residents", type=int, help="reduce larger towns to so many residents")
    parser.add_argument("--worlds", type=int, default=0, help="plausible worlds, one run each")
    parser.add_argument(
        "--end-seeds",
        type=int,
        default=0,
        help="seeds with each supposed parameter at the ends of its range",
    )
    parser.add_argument(
        "--range-residents",
        type=int,
        help="residents of the towns in which worlds and ends are simulated",
    )
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--finished", action="store_true", help="take the cells that are finished, compute nothing"
    )
    parser.add_argument("--out", type=Path, default=Path("results/lessons"))
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the page")
    return parser


def write_lessons_page(arguments: list[str] | None = None) -> int:
    """Simulate what is requested, then write the page."""
    given = argument_parser().parse_args(arguments)
    if given.run is not None:
        for id in given.run:
            if id not in files():
                raise unknown("error.unknown_lesson", id, files(), at="--run", file=COMMAND)
        asked = StudySettings(
            given.out,
            given.seeds,
            given.residents,
            given.worlds,
            given.end_seeds,
            given.range_residents,
            given.workers,
            finished_only=given.finished,
        )
        refresh(given.run or list(files()), asked)
    if given.docs == DOCS:
        store_records(stored_records())
    for file in write({PAGE: lessons_page(stored_records())}, given.docs):
        print(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(write_lessons_page())
