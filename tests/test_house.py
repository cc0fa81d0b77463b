"""The house: its rooms are those of the contracts, and what has moved says where it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from sim import moved
from sim.declared import vocabulary

SIM = Path(__file__).parents[1] / "sim"


@pytest.mark.parametrize("name", moved.MOVED)
def test_a_module_that_has_moved_says_where_it_is(name):
    now = moved.MOVED[name].split(" ")[0]
    with pytest.raises(ModuleNotFoundError, match=f"is now sim.{now}"):
        import_module(f"sim.{name}")
    assert import_module(f"sim.{now}")


def test_a_module_that_never_was_is_not_found_as_usual():
    with pytest.raises(ModuleNotFoundError, match="No module named 'sim.nothing'"):
        import_module("sim.nothing")


def test_commands_of_earlier_pages_say_where_they_are():
    line = [sys.executable, "-m", "sim.documents"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=SIM.parent)
    assert done.returncode and "sim.documents is now sim.cli.documents" in done.stderr


def test_no_public_name_stands_in_two_rooms():
    rooms: dict[str, dict[str, list[str]]] = {}
    for file in sorted(SIM.rglob("*.py")):
        where = file.relative_to(SIM).as_posix()
        room = where.partition("/")[0]
        for one in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.FunctionDef | ast.ClassDef) and not one.name.startswith("_"):
                rooms.setdefault(one.name, {}).setdefault(room, []).append(where)
    alike = {name: sum(there.values(), []) for name, there in rooms.items() if len(there) > 1}
    assert alike == {}, (
        "a name says what it is wherever it is read: rename all but one of each, "
        f"or begin it with an underscore where only its own file uses it: {alike}"
    )


def test_no_list_of_the_vocabulary_is_written_again():
    """A kind, field or role more is then added in one place."""
    lists = {value for value in vars(vocabulary).values() if isinstance(value, tuple)}
    lists = {names for names in lists if len(names) > 1 and isinstance(names[0], str)}
    again = [
        f"{file.relative_to(SIM)}: {tuple(one.value for one in node.elts)}"
        for file in sorted(SIM.rglob("*.py"))
        if file.name != "vocabulary.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Tuple | ast.List)
        and all(isinstance(one, ast.Constant) for one in node.elts)
        and tuple(one.value for one in node.elts) in lists
    ]
    assert again == []
