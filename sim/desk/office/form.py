"""The workbook as a form of the page: what is asked for, what was typed, and a workbook made of it.

The sheets, their cells and how each is read are those of `sim.officer`; the page adds nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.officer.book import returned_bytes
from sim.officer.cells import Block, Form, Grid, GridLine, Input, Words, numbered
from sim.officer.layout import example, laid_out
from sim.officer.reading import BookRead
from sim.officer.sheets import INPUT_SHEETS
from sim.officer.writing import Typed

LONGEST = 200  # letters of a field
MOST_LINES = 400  # of a grid that goes on downwards


def form_shown(lang: str) -> list[dict[str, Any]]:
    """The sheets as the page shows them in one language: blocks of fields, and grids."""
    return [
        {
            "id": sheet.id,
            "name": sheet.name.say(lang),
            "note": sheet.note.say(lang),
            "blocks": [_block(block, lang) for block in sheet.blocks],
        }
        for sheet in INPUT_SHEETS
    ]


def _block(block: Block, lang: str) -> dict[str, Any]:
    found = {
        "id": block.id,
        "title": block.title.say(lang),
        "note": block.note.say(lang),
        "inputs": [_input(one, lang) for one in block.inputs],
    }
    if isinstance(block, Form):
        return found
    lines = block.lines or numbered(block.shown)
    return found | {"open": block.is_open, "lines": [_line(one, lang) for one in lines]}


def _input(one: Input, lang: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label.say(lang),
        "unit": one.unit.say(lang),
        "example": example(one, lang),
        "where": one.where.say(lang),
        "reader": one.reader,
        "choices": {value: words.say(lang) for value, words in one.choices.items()},
        "needed": one.needed,
    }


def _line(line: GridLine, lang: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name.say(lang),
        "about": line.about.say(lang),
        "without": line.without,
    }


def read_form(
    values: Mapping[str, Any], lang: str, before: BookRead | None, file: Path
) -> BookRead:
    """What the fields mean, as if they had come in a workbook of this name and language: `values` hold
    a text by the key of its field. What else `before` held stays: sheets of the user's own, prices that
    were changed.
    """
    texts = {key: text.strip()[:LONGEST] for key, text in values.items() if _is_text(text)}
    lines = _open_lines(texts)
    read = BookRead(file, lang, open_lines=lines)
    if before is not None:
        read = replace(
            read, added=before.added, own_sheets=before.own_sheets, changed=before.changed,
            beside=before.beside, open_lines=max(lines, before.open_lines),
        )  # fmt: skip
    for sheet in INPUT_SHEETS:
        layout = laid_out(sheet, lang, read.open_lines)
        for key, one in layout.inputs.items():
            read.places[key], read.inputs[key] = layout.places[key], one
            _read_field(read, key, one, texts.get(key, ""))
    return read


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _open_lines(texts: Mapping[str, str]) -> int:
    """The last line of the open grids that holds something."""
    open_grids = {
        block.id
        for sheet in INPUT_SHEETS
        for block in sheet.blocks
        if isinstance(block, Grid) and block.is_open
    }
    parts = [key.split(".") for key in texts]
    lines = [int(one[1]) for one in parts if one[0] in open_grids and one[1].isdigit()]
    return min(MOST_LINES, max(lines, default=0))


def _read_field(read: BookRead, key: str, one: Input, text: str) -> None:
    if text in one.choices:  # the page gives what is meant, the book has it in its language
        text = one.choices[text].say(read.lang)
    read.take(key, one, Typed(text))


def texts_of(read: BookRead) -> dict[str, str]:
    """What stands in a workbook, as the fields of the page show it."""
    return {key: _text(read, key, typed.value) for key, typed in read.typed.items()}


def _text(read: BookRead, key: str, value: Any) -> str:
    one, meant = read.inputs[key], read.values.get(key)
    if one.choices and isinstance(meant, str) and meant in one.choices:
        return _chosen(one.choices, meant, one.reader == "funding", read.lang)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, float):
        share = one.reader == "aged" and value <= 1 or "%" in read.typed[key].format
        return f"{100 * value:g}%" if share else f"{value:.12g}"
    return str(value)


def _chosen(choices: Mapping[str, Words], meant: str, typed: bool, lang: str) -> str:
    """What a field holds for a choice: its words where it can also be typed."""
    return choices[meant].say(lang) if typed else meant


def book_bytes(read: BookRead) -> bytes:
    """A workbook that holds what the fields hold, and what else the user's own held."""
    return returned_bytes(read, ())
