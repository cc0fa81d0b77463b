"""The planned cost is one exact number by fiscal year, the same on the screen, in the check, on the
page and in the workbook.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sim.cli import main as cli
from sim.declared.payers import PAYERS
from sim.economics.costing import read_prices
from sim.report.page import parts as page_parts
from sim.report.text import planned
from sim.report.workbook.workbook import write_sheets
from sim.scenario.arms import read_comparison
from sim.scenario.funding import MONTH_STARTS
from sim.study.budget import planned_costs
from sim.study.case import Case
from sim.study.compare import PRICES, compare
from sim.words import say
from tests import finished
from tests.comparisons import GROUND, write

BOOK = read_prices(PRICES)
ARMS = """
reference = "waiting"
[[arms]]
id = "waiting"
name = {ja = "待つ", en = "Wait"}
[[arms]]
id = "outreach"
name = {ja = "出向く", en = "Go out"}
levers.outreach_worker = {fte = 2, start = 26}
[[arms]]
id = "ramp"
name = {ja = "少しずつ", en = "Step by step"}
levers.caseworker = {fte = 3, ramp_months = 12}
levers.community = {places = 0.5}
[[arms]]
id = "same"
name = {ja = "同じ", en = "The same"}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A comparison whose arms start late, ramp, or are the reference again."""
    return write(
        finished.scenarios(tmp_path_factory.mktemp("planned")).parent,
        ARMS,
        GROUND,
        "plan.toml",
        500,
    )


@pytest.fixture(scope="module")
def case(file) -> Case:
    """The comparison lived in two seeds."""
    return Case(compare(file, seeds=2, no_effect=0), BOOK)


def total(table, arm: str, payer: str = "all") -> list[float]:
    """Million yen of an arm by year."""
    return list(
        table[(table["arm"] == arm) & (table["payer"] == payer)].sort_values("year")["value"] / 1e6
    )


def test_full_posts_times_price_from_the_start_date_on_and_what_a_ramp_has_reached(file):
    """Outreach: 2 x 5.5 million, half of the first year. Step by step: 3 x 4.0 x what each month has
    reached in the mean of its weeks, twelve months alike.
    """
    starts = (*MONTH_STARTS, 52)
    reached = [(first + 1 + last) / 2 / 52 for first, last in zip(starts, starts[1:], strict=False)]
    table = planned_costs(read_comparison([file]), BOOK)
    assert total(table, "outreach") == pytest.approx([5.5, 11.0], abs=1e-9)
    assert total(table, "ramp") == pytest.approx([sum(reached) + 0.5, 12.5], abs=1e-9)
    assert total(table, "same") == [0, 0]
    for arm in ("outreach", "ramp"):
        assert sum(sum(total(table, arm, payer)) for payer in PAYERS) == pytest.approx(
            sum(total(table, arm))
        )


def test_every_place_shows_the_same_number(case, file, tmp_path, capsys):
    rows = {
        "Go out": ["+5.5", "+11.0", "+16.5"],
        "Step by step": ["+6.5", "+12.5", "+19.0"],
        "The same": ["0", "0", "0"],
    }
    for found in (
        planned.planned_cost_of_comparison(case.compared.comparison, BOOK, "en"),
        planned.of_case(case, "en"),
    ):
        assert {row[0]: list(row[1:4]) for row in found.rows} == rows
    first_page = [
        block.table for block in page_parts.summary_part(case, "en").blocks if block.table
    ]
    assert planned.of_case(case, "en") in first_page
    assert cli.main(["check", str(file), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert say("compare.budget", "en")[:12] in out and all(
        re.search(rf"{name}.*\+11\.0|{name}.*\+12\.5", out) for name in ("Go out", "Step by step")
    )
    shown = case.budget_impact[
        (case.budget_impact["part"] == "planned") & (case.budget_impact["payer"] == "public")
    ]
    assert list(shown[shown["arm"] == "outreach"].sort_values("year")["mean"]) == pytest.approx(
        [5.5e6, 11e6]
    )
    write_sheets(case, tmp_path / "t.xlsx", "en")
    sheet = load_workbook(tmp_path / "t.xlsx", data_only=True)[say("sheets.name.budget", "en")]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    mine = [
        row
        for row in cells
        if row[:3] == ["Go out", say("payer.public", "en"), say("part.planned", "en")]
    ]
    assert mine[0][3:5] == pytest.approx([5500, 11000])


def test_what_vacancies_change_stands_apart_with_its_interval(case):
    table = case.planned_parts.pivot_table(
        index=["arm", "seed", "year", "payer"], columns="part", values="value"
    )
    programme = case.parts[case.parts["part"] == "programme"].set_index(
        ["arm", "seed", "year", "payer"]
    )["value"]
    assert (table["planned"] + table["vacancies"] - programme).abs().max() < 1
    assert (table["planned"] + table["vacancies"] + table["other"] - table["net"]).abs().max() < 1
    saved = case.vacancies.set_index("arm")
    assert (
        saved.loc["outreach", "mean"] < -1000
        and saved.loc["outreach", "low"] < saved.loc["outreach", "high"]
    )
    assert (saved.loc["same", ["mean", "low", "high"]] == 0).all()


def test_a_scenario_is_checked_with_what_its_levers_are_planned_to_cost(file, capsys):
    text = "\nyears = 2\n[levers.outreach_worker]\nfte = 2\nstart = 26\n"
    mine = file.parent / "mine.toml"
    mine.write_text('town = "towns/trial.toml"\n' + text, encoding="utf-8")
    assert cli.main(["check", str(mine), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert say("setting.levers", "en") in out and re.search(r"\+5\.5.*\+11\.0.*\+16\.5", out)
