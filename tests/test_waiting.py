"""What shortens the wait for a comparison changes no number: a first look on the way, arms that
stop, workers that stay.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import sim
from sim import words
from sim.cli import progress
from sim.declared.payers import PUBLIC_PAYERS
from sim.economics.costing import read_prices
from sim.economics.money import money
from sim.economics.quantities import quantities
from sim.report.figures.money import note
from sim.report.page.parts import basis
from sim.report.text.comparison import stopped_lines
from sim.report.text.provenance import made, unseen_cost
from sim.report.text.standards import standards_sections
from sim.report.workbook.costing import Costing
from sim.report.workbook.workbook import LIVE, write_sheets
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.executors import Here
from sim.study.result import Compared
from tests.comparisons import CLAIM, GROUND, THREE, command, write
from tests.scenario_files import PEOPLE, WAITING

FOUR = GROUND.replace("years = 2", "years = 4").replace("seeds = 3", "seeds = 2")
UNCLAIMED = """
[[arms]]
id = "places"
name = {ja = "居場所", en = "Places"}
levers.csw = {fte = 1}
levers.community = {places = 1}
"""
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
        said.index(f"First look (2 runs, difference from the reference in year {year}")
        for year in (3, 4)
    )
    assert (
        first < whole
        and re.search(r"Go out .*±", said[first:whole])
        and not re.search("[○●]", said)
    )
    values = pd.read_parquet(tmp_path / "x/values.parquet").query(
        "arm == 'outreach' and world == 0 and seed == 2"
    )
    scenario = sim.load_comparison(file).arm("outreach").scenario
    alone = sim.simulate(scenario, [2]).by_year().set_index(["year", "measure"])["value"]
    pd.testing.assert_series_equal(
        values.set_index(["year", "measure"])["value"][alone.index], alone
    )


@pytest.fixture(scope="module")
def stopped(tmp_path_factory) -> Compared:
    """A comparison of which one arm stops at the first look; no claim names the last arm."""
    root = tmp_path_factory.mktemp("stopped")
    for name, text in {
        "towns/trial.toml": PEOPLE,
        "organisations/windows_that_wait.toml": WAITING,
    }.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    return sim.compare(write(root, THREE + UNCLAIMED + CLAIMED, DECIDED))


def test_arms_of_which_all_is_decided_are_lived_no_further(stopped):
    assert [one.state for one in stopped.verdicts.values()] == ["held", "not_held"]
    # equal in every measure: more seeds could say nothing
    assert stopped.stopped == {"same": 4} and 4 < stopped.seeds <= 24
    pairs = stopped.differences.groupby("arm")["n"].max()
    assert pairs["same"] == 4
    assert pairs["outreach"] == pairs["places"] == stopped.seeds  # no claim names the places
    assert set(stopped.crossing_summary["seeds"]) == {4, stopped.seeds}


def test_money_rests_on_the_seeds_that_all_arms_share(stopped):
    case = Case(stopped, read_prices(PRICES))
    costing = Costing(case)
    assert stopped.shared_seeds == 4 and set(case.net_costs["replicates"]) == {4}
    lines = [(line.item.id, line.mix) for line in costing.lines if not line.unseen]
    seen = [at for at, line in enumerate(costing.lines) if not line.unseen]
    for arm, amounts in zip(costing.arms, costing.amounts[:, seen, 0], strict=True):
        weeks = sim.simulate(stopped.comparison.arm(arm).scenario, [1, 2, 3, 4]).town
        by_hand = quantities(weeks).groupby(["id", "mix"])["amount"].sum() / 4
        assert amounts == pytest.approx(by_hand.reindex(lines, fill_value=0.0).to_numpy())
    shares = stopped.gathered.shares.query("world == 0").set_index("arm")["share"]
    counted = quantities(weeks).assign(arm=arm, world=0)
    unseen = counted.assign(amount=counted["unseen"] * shares[arm]).drop(columns="unseen")
    paid = money(unseen, case.book).groupby("payer")["yen"].sum()[list(PUBLIC_PAYERS)].sum()
    assert unseen_cost(case)[arm][1] == pytest.approx(paid / 4e6)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_rests_on_fewer_seeds_says_so(stopped, lang, tmp_path):
    case = Case(stopped, read_prices(PRICES))
    lines = stopped_lines(stopped, lang)
    assert len(lines) == 2 and "4" in lines[1]
    assert all(line in basis(case, lang) for line in lines)
    write_sheets(case, tmp_path / "tables.xlsx", lang)
    book = load_workbook(tmp_path / "tables.xlsx")
    for name in LIVE:
        sheet = book[words.say(f"sheets.name.{name}", lang)]
        assert lines[1] in [row[0] for row in sheet.iter_rows(max_row=5, values_only=True)]
    assert {"ja": "試行4回", "en": "4 seeds"}[lang] in note(case, lang)
    rows = [row for section in standards_sections(case, made(), lang) for row in section.rows]
    span = words.say("allowed.range", lang, low=4, high=stopped.seeds)
    assert any(row[0] == "20" and span in row[3] for row in rows)


def test_asked_for_seeds_are_lived_in_every_arm(folder):
    fixed = sim.compare(write(folder, THREE + CLAIMED, DECIDED), seeds=2)
    assert fixed.seeds == fixed.shared_seeds == 2 and not fixed.stopped


def test_the_first_seeds_are_told_of_once_however_many_looks_follow(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    file = write(folder, THREE + CLAIMED, DECIDED.replace("24", "6"), population=500)
    command(file, "--out", tmp_path / "x", "--no-report", "--lang", "en")
    said = capsys.readouterr().err
    assert said.count("First look (2 runs") == 1 and "6 runs:" in said


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


def test_workers_make_the_same_report_as_one_process(folder, tmp_path):
    file = write(folder, THREE, population=500)
    for workers in (1, 2):
        out = tmp_path / str(workers)
        assert command(file, "--out", out, "--lang", "en", "--figures", workers=workers) == 0
    one, two = (
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        for out in (tmp_path / "1", tmp_path / "2")
    )
    page, told = Path("report.en.html"), Path("manifest.json")
    alike = [name for name in one if name.parts[0] != "cells" and name not in (page, told)]
    assert one.keys() == two.keys() and any(name.suffix == ".png" for name in alike)
    assert [name for name in alike if one[name] != two[name]] == []
    body = [found[page].split(b'<section id="appendix">')[0] for found in (one, two)]
    assert body[0] == body[1]  # the appendix says when and by what command it was made
