"""The house: who may import whom, how long a file and a function may be, one place that makes random numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SIM = Path(__file__).parents[1] / "sim"
# A module imports only from its own room and from rooms on earlier lines. Rooms on one line do not know each other.
ORDER = (
    ("words",),
    ("spreadsheet_text", "streams", "terminal"),
    ("scenario",),
    ("tables",),
    ("state",),
    ("candidates", "door"),
    ("upkeep",),
    ("members",),
    ("newcomers",),
    ("beats", "posts"),
    ("records",),
    ("recorder",),
    ("watches",),
    ("events",),
    ("build", "processes"),
    ("course",),
    ("agents",),
    ("model",),
    ("experiment",),
    ("economics",),
    ("comparison",),
    ("report",),
    ("screen",),
    ("commands",),
    ("cli",),
    ("documents",),
    ("__init__",),
    ("__main__",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
FILES = sorted(SIM.rglob("*.py"))
NAMES = [str(file.relative_to(SIM)) for file in FILES]


def tree(name: str) -> ast.Module:
    return ast.parse((SIM / name).read_text(encoding="utf-8"))


def module_of(name: str) -> list[str]:
    """The dotted parts of a file's module, below sim."""
    return list(Path(name).with_suffix("").parts)


def room_of(name: str) -> str:
    return module_of(name)[0]


def imported(name: str) -> Iterator[tuple[str, ...]]:
    """Every module that a file imports, whole: ("sim", "state"), ("numpy", "random"), ..."""
    package = ["sim", *module_of(name)[:-1]]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (
                (*base, *(node.module or "").split("."), alias.name)
                if node.module
                else (*base, alias.name)
                for alias in node.names
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_only_from_earlier_rooms(name):
    room = room_of(name)
    assert room in RANK, f"{room}: no place in the order of rooms"
    for parts in imported(name):
        if parts[0] == "sim" and len(parts) > 1 and parts[1] != room and parts[1] in RANK:
            assert RANK[parts[1]] < RANK[room], f"{name} imports {'.'.join(parts)}"


@pytest.mark.parametrize("name", [name for name in NAMES if room_of(name) == "processes"])
def test_processes_know_neither_mesa_nor_each_other(name):
    others = {Path(other).stem for other in NAMES if room_of(other) == "processes"} - {
        Path(name).stem,
        "__init__",
    }
    for parts in imported(name):
        assert parts[0] != "mesa"
        if Path(name).stem != "__init__":
            assert not (
                parts[:2] == ("sim", "processes") and len(parts) > 2 and parts[2] in others
            ), f"{name} imports {'.'.join(parts)}"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "streams.py"])
def test_only_streams_makes_random_numbers(name):
    for parts in imported(name):
        assert parts[0] != "random" and parts[:2] != ("numpy", "random"), name
    for node in ast.walk(tree(name)):
        assert not (
            isinstance(node, ast.Attribute)
            and node.attr == "random"
            and isinstance(node.value, ast.Name)
            and node.value.id in ("np", "numpy")
        ), name


@pytest.mark.parametrize("name", [name for name in NAMES if room_of(name) == "economics"])
def test_economics_never_sees_the_model(name):
    assert not {parts[1] for parts in imported(name) if parts[0] == "sim" and len(parts) > 1} & {
        "state",
        "build",
        "processes",
        "agents",
        "model",
        "upkeep",
    }


@pytest.mark.parametrize("name", NAMES)
def test_files_and_functions_are_short(name):
    lines = (SIM / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE, f"{name}: {len(lines)} lines"
    for node in ast.walk(tree(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{name}:{node.lineno} {node.name}: {length} lines"


@pytest.mark.parametrize("name", NAMES)
def test_modules_and_public_functions_say_what_they_are(name):
    module = tree(name)
    assert ast.get_docstring(module), name
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name}: {node.name}"


def test_most_functions_are_very_short():
    lengths = [
        node.end_lineno - node.lineno + 1
        for name in NAMES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef)
    ]
    assert sorted(lengths)[len(lengths) // 2] <= 12


def test_nothing_is_executed_out_of_a_file():
    for name in NAMES:
        for node in ast.walk(tree(name)):
            assert not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("eval", "exec")
            ), name
