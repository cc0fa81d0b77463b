"""Finished results of a small comparison, computed once for a test module and copied for each test
that changes them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli import main as cli
from sim.cli.comparison_output import Written
from tests.comparisons import CLAIM, GROUND, THREE, command, write
from tests.scenario_files import SCENARIO, WAITING

MONEY = CLAIM.replace('"unseen"', '"cost_public"').replace('"lower"', '"higher"')


def scenarios(folder: Path) -> Path:
    """A scenario folder with a small town and a comparison of three arms, of which two are
    equal.
    """
    root = folder / "scenarios"
    for name, text in {
        "organisations/windows_that_wait.toml": WAITING,
        "x.toml": SCENARIO,
        "towns/.keep": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    ground = GROUND.replace("years = 2", "years = 1").replace("seeds = 3", "seeds = 2")
    return write(
        root, THREE + (CLAIM + MONEY).replace("by_year = 2", "by_year = 1"), ground, population=500
    )


def tables_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page and no workbook: they take seconds, and have tests of their own."""
    monkeypatch.setattr(
        Written, "write", lambda self, folder, drawn=None: self.write_tables(folder)
    )


def compared(folder: Path) -> Path:
    """The folder of a finished comparison: three arms, two seeds, one year; its tables alone."""
    assert command(scenarios(folder), "--out", folder / "results", "--no-report", "-q") == 0
    return folder / "results"


def lived(folder: Path) -> Path:
    """The folder of a finished run of one scenario: two seeds, one year, no figures."""
    file = scenarios(folder).parent / "x.toml"
    file.write_text(SCENARIO + "run_in_weeks = 6\nyears = 1\nseeds = [1, 2]\n", encoding="utf-8")
    assert (
        cli.main(
            ["run", str(file), "--out", str(folder / "run"), "--workers", "1", "--no-figures", "-q"]
        )
        == 0
    )
    return folder / "run"


def manifest(folder: Path) -> dict:
    """The manifest of a folder."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def change(folder: Path, **content) -> None:
    """Put other content into the manifest of a folder; None takes a line out."""
    whole = {
        name: value for name, value in {**manifest(folder), **content}.items() if value is not None
    }
    (folder / "manifest.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, cells left out, as bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "cells" not in file.parts
    }
