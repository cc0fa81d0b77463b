"""CPU time by process, printed on request: every process has a row, and nothing is timed unasked."""

from __future__ import annotations

import re

import pytest

from sim.cli import main as cli
from sim.model.processes import WEEK
from sim.scenario.load import load
from sim.study import cells
from sim.study.cells import Cell, Chunk, simulate_chunk
from sim.study.profile import REST, START
from sim.words import LANGUAGES, say

SHORT = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 4\n'


@pytest.fixture
def file(folder):
    """A scenario file of a small town, one year."""
    (folder / "x.toml").write_text(SHORT, encoding="utf-8")
    return folder / "x.toml"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_process_has_a_row_and_the_shares_are_whole(file, tmp_path, capsys, lang):
    line = ["run", str(file), "--seeds", "2", "--out", str(tmp_path / "out"), "--no-figures"]
    line += ["--workers", "1", "--profile", "--quiet", "--lang", lang]
    assert cli.main(line) == 0
    said = capsys.readouterr().out
    table = said.partition(say("profile.all", lang))[0]
    rows = re.findall(
        r"^│ +(\w*) +│ ([^│]*?) +│ ([\d.]+) +│ ([\d.]*) +│ ([\d.]+)% +│$", table, re.M
    )
    assert [row[0] for row in rows] == ["", *(name for name, _ in WEEK), ""]
    assert {row[1] for row in rows} >= {say(f"group.{name}", lang) for name in ("needs", "ledger")}
    assert sum(float(row[4]) for row in rows) == pytest.approx(100, abs=1.0)
    assert cli.main(line) == 0
    assert say("profile.none", lang) in capsys.readouterr().out


def test_a_timed_town_is_the_same_town(file):
    cell = Cell(load(file), 1)
    (plain,), (timed,) = (
        simulate_chunk(Chunk((cell,), None)),
        simulate_chunk(Chunk((cell,), None, profile=True)),
    )
    assert not plain.error and plain.tables == timed.tables
    assert [*timed.cpu] == [START, *(name for name, _ in WEEK), REST] and plain.cpu == {}
    assert min(timed.cpu.values()) >= 0 and sum(timed.cpu.values()) > 0


def test_nothing_is_timed_unasked(file, monkeypatch):
    monkeypatch.setattr(cells, "timed", None)
    (outcome,) = simulate_chunk(Chunk((Cell(load(file), 1),), None))
    assert not outcome.error
