"""Trainer's sheets: every command in them parses, and every name in them exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from sim.cli import main as cli
from sim.declared import declared
from sim.report.figures.comparison import FANS
from sim.report.figures.run import FIGURES
from sim.scenario.arms import read_comparison
from sim.scenario.load import load
from sim.study.gather import ALL_MEASURES
from sim.words import LANGUAGES
from tests.page_examples import bodies

ROOT = Path(__file__).parents[1]
LESSONS = ROOT / "docs" / "lessons"
SHEETS = sorted(LESSONS.glob("[0-9]_*.md"))
NAMES = [sheet.stem for sheet in SHEETS]
HEADINGS = (
    "動かす前に聞く",
    "動かす",
    "見るところ",
    "話し合う",
    "モデルが省いていること",
    "Ask before you run it",
    "Run it",
    "Look at",
    "Discuss",
    "What the model leaves out",
)
COMMAND = re.compile(r"^\.venv/bin/python -m sim (.+)$", flags=re.MULTILINE)


def text(name: str) -> str:
    return (LESSONS / f"{name}.md").read_text(encoding="utf-8")


def commands(name: str) -> list[list[str]]:
    """The arguments of every command of a sheet."""
    return [shlex.split(line) for line in COMMAND.findall(text(name))]


def parsed(arguments: list[str]) -> tuple[str, dict]:
    """The command of a line and what its options are; raises what the command line would."""
    group = typer.main.get_command(cli.application())
    above = group.make_context("sim", list(arguments), resilient_parsing=False)
    name, command, rest = group.resolve_command(above, list(arguments))
    return name, command.make_context(name, rest, parent=above).params


def grounds(name: str) -> list:
    """What the commands of a sheet run: comparisons and scenarios, with the years they ask for."""
    found = []
    for arguments in commands(name):
        command, options = parsed(arguments)
        overrides = {"years": options["years"]} if options.get("years") else {}
        paths = [ROOT / path for path in options.get("files") or [options["file"]]]
        read = (
            read_comparison(paths, overrides=overrides)
            if command == "compare"
            else load(paths[0], overrides=overrides)
        )
        found.append(read)
    return found


def known(name: str) -> set[str]:
    """Every word that a sheet may write as code."""
    words = {*ALL_MEASURES, *declared()}
    for ground in grounds(name):
        arms = getattr(ground, "arms", ())
        words |= {arm.id for arm in arms}
        measures = (*FANS, *getattr(ground, "measures", ()))
        figures = (
            {*(f"difference_{one}" for one in measures), "spiral", "iceberg"}
            if arms
            else {*FIGURES}
        )
        words |= {f"{figure}.{lang}.png" for figure in figures for lang in LANGUAGES}
    return words


def test_there_are_six_lessons_and_a_list_of_them():
    assert [name[0] for name in NAMES] == list("123456")
    listed = (LESSONS / "README.md").read_text(encoding="utf-8")
    assert all(f"]({name}.md" in listed for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_there_in_both_languages(name):
    sheet = text(name)
    places = [sheet.index(f"## {heading}\n") for heading in HEADINGS]
    assert (
        places[:5] == sorted(places[:5])
        and places[5:] == sorted(places[5:])
        and places[4] < places[5]
    )
    assert "モデルであり" in sheet and "not evidence" in sheet


@pytest.mark.parametrize("name", NAMES)
def test_every_command_parses(name):
    assert commands(name)
    blocks = bodies(LESSONS / f"{name}.md", "bash")
    assert sum(len(block.strip().splitlines()) for block in blocks) == len(commands(name)), (
        "a line that is no command of ours"
    )
    for ground in grounds(name):
        assert ground.years if not hasattr(ground, "arms") else ground.base.years <= 10


@pytest.mark.parametrize("name", NAMES)
def test_every_name_exists(name):
    written = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(name), flags=re.DOTALL))
    assert written
    unknown = set(written) - known(name)
    assert not unknown, unknown


def test_a_wrong_command_is_noticed():
    for line in (
        "compare scenarios/pairs/x05.toml --seed 3",
        "comparison scenarios/pairs/x05.toml",
    ):
        with pytest.raises(cli.UsageError):
            parsed(line.split())
