"""The README's commands and examples work, `.ci/run` takes its command from there, scenarios say
which question they answer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.cli import main as cli
from sim.scenario.load import load
from tests import page_examples
from tests.page_examples import bodies

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "README.md"
README = PAGE.read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CI = ROOT / ".ci" / "run"


def command(name: str) -> str:
    """The one line of a marked command."""
    found = re.findall(rf"<!-- command: {name} -->\n```\w+\n(.+)\n```", README)
    assert len(found) == 1 and "\n" not in found[0]
    return found[0]


@pytest.mark.parametrize("name", ["main", "test", "main-windows", "test-windows"])
def test_each_command_does_all_its_set_up(name):
    line = command(name)
    assert "-m venv .venv" in line and "-c constraints.txt" in line
    assert ("-m pytest -n 2" if "test" in name else "-m sim compare scenarios") in line


def test_commands_name_files_and_extras_that_exist():
    assert (ROOT / command("main").rsplit(" ", 1)[1]).is_file()
    assert "dev" in PROJECT["optional-dependencies"] and (ROOT / "constraints.txt").is_file()
    for name in re.findall(r"-m sim ([a-z-]+)", README):
        assert name in {*cli.COMMANDS, "run"}, name


@pytest.mark.skipif(
    shutil.which("bash") is None or sys.platform == "win32", reason="a shell script"
)
def test_ci_takes_its_command_from_the_readme():
    assert CI.stat().st_mode & 0o100
    script = CI.read_text(encoding="utf-8")
    extract = next(line for line in script.splitlines() if line.startswith("command="))
    said = subprocess.run(
        ["bash", "-c", f'project="{ROOT}"; {extract}; printf %s "$command"'],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert said.stdout == command("test")
    assert re.findall(r"-m pytest (-m \w+)", script) == ["-m installed"]
    assert "nox --no-venv -s check" in script


def test_every_dependency_names_the_oldest_version_that_it_needs():
    """tests/test_installed.py installs and runs exactly these."""
    for one in PROJECT["dependencies"]:
        assert re.match(r"[A-Za-z0-9_-]+>=\d+(\.\d+)+(,|$)", one), one


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "sim" / "py.typed").is_file()


def test_python_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert bodies(PAGE, "python")
    page_examples.run(PAGE, python=page_examples.python)


def test_the_scenario_of_the_readme_loads(tmp_path):
    for text in bodies(PAGE, "toml"):
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        assert {step.lever for step in load(tmp_path / "mine.toml").steps} == {
            "outreach_worker",
            "outreach",
            "coordination",
        }


def test_constraints_pin_every_core_dependency_without_addresses():
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+( ; .+)?", line) for line in lines), (
        "one name==version a line, no addresses"
    )
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {
        re.match(r"[A-Za-z0-9_.-]+", one)[0].lower().replace("_", "-") for one in wanted
    } <= pinned


def test_every_scenario_says_first_which_question_it_answers():
    for file in sorted((ROOT / "scenarios").glob("*.toml")):
        first = file.read_text(encoding="utf-8").splitlines()[1:3]
        assert all(line.startswith("# ") for line in first), file
        assert re.search(r"[ぁ-ん]", first[0]) and re.search(r"[A-Za-z]", first[1]), file
        if "town" in tomllib.loads(file.read_text(encoding="utf-8")):
            assert "か" in first[0] and "?" in first[1], file
