"""The provenance block and the reporting standards: whole lists, true facts, and what is missing
said to be missing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import sim
from sim.economics.costing import read_prices
from sim.report.text import provenance, standards
from sim.scenario.scenario import digest
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.words import LANGUAGES, words
from tests import finished

MADE = {
    "code": "c0de",
    "versions": {"sim": "0.1.0"},
    "machine": {"system": "S", "type": "T"},
    "written": "now",
    "command": ["sim", "compare", "x"],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """The budget case of a small comparison."""
    file: Path = finished.scenarios(tmp_path_factory.mktemp("made"))
    return Case(sim.compare(file, seeds=2), read_prices(PRICES), 0.03)


def rows(case: Case, lang: str, made: dict = MADE) -> dict[str, dict[str, tuple[str, ...]]]:
    """The rows of each standard by number."""
    found = standards.standards_sections(case, made, lang)
    return {
        name: {row[0]: row[1:] for row in section.rows}
        for name, section in zip(("cheers", "stress", "odd"), found, strict=True)
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_of_the_lists_is_there_and_says_something(case, lang):
    found = rows(case, lang)
    assert list(found["cheers"]) == [str(number) for number in range(1, 29)]
    assert list(found["stress"]) == [
        "1.1",
        "1.2",
        "1.3",
        *(f"2.{n}" for n in range(1, 6)),
        *(f"3.{n}" for n in range(1, 5)),
        "4.1",
        "4.2",
        "4.3",
        *(f"5.{n}" for n in range(1, 5)),
        "6.1",
    ]
    assert list(found["odd"]) == [str(number) for number in range(1, 8)]
    states = {words(lang)[f"standards.{state}"] for state in ("reported", "partly", "missing")}
    for row in (row for items in found.values() for row in items.values()):
        assert (
            all(text.strip() and not re.search(r"[{}]", text) for text in row) and row[1] in states
        )


def test_titles_count_the_states(case):
    title = standards.standards_sections(case, MADE, "en")[0].title
    states = [row[1] for row in rows(case, "en")["cheers"].values()]
    assert [int(number) for number in re.findall(r"(\d+) (?:reported|in part|missing)", title)] == [
        states.count(state) for state in ("reported", "in part", "missing")
    ]


def test_what_the_comparison_does_not_declare_is_missing_and_comes_when_it_does(case):
    compared = case.compared
    bare = replace(compared.comparison, claims=(), question=None)
    full = replace(compared.comparison, question=compared.comparison.name)
    found = [
        rows(replace(case, compared=replace(compared, comparison=one)), "en")["cheers"]
        for one in (bare, full)
    ]
    assert [found[0][number][1] for number in ("3", "4", "21", "27", "28")] == ["missing"] * 5
    assert [found[1][number][1] for number in ("3", "21")] == ["reported", "missing"]
    assert compared.comparison.name.en in found[1]["3"][2]
    values = compared.gathered.values
    in_worlds = compared.gathered._replace(values=values.assign(world=values["seed"]))
    drawn = rows(replace(case, compared=replace(compared, gathered=in_worlds)), "en")["cheers"]
    assert [one["20"][1] for one in (found[1], drawn)] == [
        "in part",
        "reported",
    ] and "2 plausible worlds" in drawn["20"][2]


def test_facts_are_those_of_the_comparison(case):
    found = rows(case, "en")
    assert "3 % a year" in found["cheers"]["10"][2] and "500 residents" in found["cheers"]["5"][2]
    assert "52 weeks (1 years)" in found["stress"]["4.2"][2] and "c0de" in found["stress"]["6.1"][2]
    assert found["stress"]["3.1"][1] == "in part", "the trial town names no source"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_provenance_block_says_what_was_run_on_what_terms(case, lang):
    first, arms, grades, unseen = provenance.provenance_sections(
        case, MADE, "results/trio", lang, optimism=True
    )
    text = " ".join(value for _, value in first.rows)
    for part in (
        "1-2",
        "default",
        "3",
        "c0de",
        "sim 0.1.0",
        "sim compare x",
        "python -m sim reproduce results/trio",
        words(lang)["report.optimism"],
    ):
        assert part in text
    assert [row[2] for row in arms.rows] == [
        digest(arm.scenario) for arm in case.compared.comparison.arms
    ]
    assert (
        len(grades.rows) > 3 and all(row[3] for row in grades.rows[:-1]) and len(unseen.rows) == 3
    )
    assert not any(
        "{" in cell
        for section in (first, arms, grades, unseen)
        for row in section.rows
        for cell in row
    )


def test_what_moves_the_result_most_comes_first(case):
    named = provenance.strongest_assumptions(case)
    turns = case.price_turns
    widest = turns[turns["view"] == "public"].sort_values("swing", ascending=False)
    assert named[0] == ("price", widest["id"].iloc[0]) and len(named) <= provenance.STRONGEST
    assert {id for _, id in named} <= set(turns.loc[turns["swing"] > 0, "id"])


def test_the_cost_of_unseen_households_by_hand(case):
    """Their service years x share x price, borne by public payers, of one arm; its part of
    everything that public payers bear.
    """
    table = case.compared.quantities.query("arm == 'outreach' and world == 0 and unseen > 0")
    public = ("municipality", "prefecture", "nation", "insurance")
    items = {id: case.book.item(id) for id in table["id"]}
    yen = sum(
        row.unseen
        * 0.5
        * items[row.id].price
        * sum(getattr(items[row.id].shares, payer) for payer in public)
        for row in table.itertuples()
    )
    share, million, part = provenance.unseen_cost(case)["outreach"]
    total = (
        case.compared.main.query("arm == 'outreach' and measure == 'cost_public'")["value"].sum()
        * 1e6
    )
    assert (
        share == 0.5
        and yen > 0
        and million == pytest.approx(yen / 2 / 1e6)
        and part == pytest.approx(yen / total)
    )
