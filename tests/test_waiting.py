"""What shortens the wait for a comparison changes no number: a first look on the way, arms that
stop, workers that stay.
"""

from __future__ import annotations

import re

import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import progress
from sim.economics.costing import read_prices
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.executors import Here
from tests.comparisons import CLAIM, GROUND, THREE, command, write

FOUR = GROUND.replace("years = 2", "years = 4").replace("seeds = 3", "seeds = 2")
CLAIMED = (CLAIM + CLAIM.replace('arm = "outreach"', 'arm = "same"')).replace(
    "by_year = 2", "by_year = 1"
)
DECIDED = GROUND.replace("years = 2", "years = 1").replace(
    "seeds = 3", "seeds = 24\nuntil_decided = true"
)


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def test_a_first_look_with_intervals_comes_before_the_end_and_changes_nothing(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    file = write(folder, ground=FOUR, population=500)
    assert command(file, "--out", tmp_path / "x", "--no-report", "--lang", "en") == 0
    said = capsys.readouterr().err
    first, whole = (
        said.index(f"First look (2 seeds, difference from the reference in year {year}")
        for year in (3, 4)
    )
    assert (
        first < whole
        and re.search(r"Go out .*±", said[first:whole])
        and not re.search("[○●]", said)
    )
    values = pd.read_parquet(tmp_path / "x/values.parquet").query(
        "arm == 'outreach' and draw == 0 and seed == 2"
    )
    scenario = sim.load_comparison(file).arm("outreach").scenario
    alone = sim.simulate(scenario, [2]).by_year().set_index(["year", "measure"])["value"]
    pd.testing.assert_series_equal(
        values.set_index(["year", "measure"])["value"][alone.index], alone
    )


def test_arms_of_which_all_is_decided_are_lived_no_further(folder):
    file = write(folder, THREE + CLAIMED, DECIDED)
    found = sim.compare(file)
    assert (
        found.stopped == {"same": 4} and 4 < found.seeds <= 24
    )  # equal in every measure: more seeds could say nothing
    assert [one.state for one in found.verdicts.values()] == ["held", "not_held"]
    pairs = found.differences.groupby("arm")["n"].max()
    assert pairs["same"] == 4 and pairs["outreach"] == found.seeds
    assert set(Case(found, read_prices(PRICES)).net_costs["replicates"]) == {
        4
    }  # money rests on what all arms have lived
    assert set(found.crossing_summary["seeds"]) == {4, found.seeds}
    fixed = sim.compare(file, seeds=2)
    assert fixed.seeds == 2 and not fixed.stopped


def test_the_first_seeds_are_told_of_once_however_many_looks_follow(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    file = write(folder, THREE + CLAIMED, DECIDED.replace("24", "6"), population=500)
    command(file, "--out", tmp_path / "x", "--no-report", "--lang", "en")
    said = capsys.readouterr().err
    assert said.count("First look (2 seeds") == 1 and "6 seeds:" in said


def test_workers_start_once_for_all_batches(folder, monkeypatch):
    opened, open_here = [], Here.open
    monkeypatch.setattr(
        Here, "open", lambda self, heard: opened.append(self) or open_here(self, heard)
    )
    sim.compare(write(folder, THREE + CLAIMED, DECIDED.replace("24", "6"), population=500))
    assert len(opened) == 1


def test_a_switch_of_the_file_is_true_or_false(folder, tmp_path, capsys):
    file = write(folder, ground=GROUND + 'until_decided = "yes"\n')
    assert command(file, "--out", tmp_path / "x", "--lang", "en") == 2
    assert "until_decided" in capsys.readouterr().err
