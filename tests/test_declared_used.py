"""What is declared is used: a parameter, or a setting of a lever, that no code reads is named; so is
a lever without a place in the practice, and a process without one in the week.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from sim.declared import declared, levers
from sim.declared.levers import LEVERS, Settings
from sim.model.processes import WEEK

SIM = Path(__file__).parents[1] / "sim"
ROOMS = ("towns", "scenario", "model", "economics", "study")


@cache
def names_read() -> tuple[frozenset[str], frozenset[str]]:
    """The names that code reads, as attributes or in texts, and the beginnings of names that it
    puts together (f"share_{field}").
    """
    names, beginnings = set(), set()
    for room in ROOMS:
        for file in (SIM / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    names.add(node.attr)
                elif isinstance(node, ast.JoinedStr):
                    texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                    beginnings |= {text for text in texts if text.strip(".").endswith("_")}
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    names |= {node.value, node.value.rpartition(".")[2]}
    return frozenset(names), frozenset(beginnings)


def unread(dotted: str) -> bool:
    """Whether no code reads a declared thing."""
    names, beginnings = names_read()
    name = dotted.rpartition(".")[2]
    return name not in names and not any(
        name.startswith(text.rpartition(".")[2]) for text in beginnings
    )


def test_every_parameter_is_read():
    assert [name for name in declared() if unread(name)] == []


def test_every_setting_of_a_lever_is_read():
    settings = [f"{lever}.{name}" for lever, kind in LEVERS.items() for name in kind.model_fields]
    assert len(settings) > 20 and [name for name in settings if unread(name)] == []


def test_every_lever_stands_in_the_practice():
    written = {
        one
        for one in vars(levers).values()
        if isinstance(one, type) and issubclass(one, Settings) and one is not Settings
    }
    assert written == {*LEVERS.values()}


def test_every_process_stands_in_the_week():
    files = {file.stem for file in (SIM / "model" / "processes").glob("*.py")} - {"__init__"}
    assert files == {name for name, _process in WEEK}
