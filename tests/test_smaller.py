"""A smaller town, scenarios in memory side by side, and the tables a notebook shows."""

from __future__ import annotations

import pytest

from sim import compare, load, simulate, smaller
from sim.declared.levers import practice_at
from sim.declared.vocabulary import KINDS
from sim.model.posts import wanted_posts
from sim.report.text.frames import claim_table, difference_table, run_table
from sim.scenario.arms import read_comparison
from sim.study.shrink import HOURS, SITTINGS
from sim.words import LANGUAGES
from sim.words.errors import ScenarioError
from tests.comparisons import CLAIM, THREE, write

SHORT = {"years": 1, "run_in_weeks": 4}
AMOUNTS = (*HOURS, SITTINGS)  # parameters that grow with the town


@pytest.mark.parametrize(
    "file", ["scenarios/kaga.toml", "scenarios/pairs/x01.toml", "scenarios/miyakonojo.toml"]
)
def test_posts_and_places_shrink_with_the_town(file):
    arms = (
        [arm.scenario for arm in read_comparison([file]).arms] if "pairs" in file else [load(file)]
    )
    for whole in arms:
        part = smaller(whole, whole.people.population // 8)
        share = part.people.population / whole.people.population
        for week in (0, 200, 519):
            before, after = (
                practice_at(one.organisation.practice, one.steps, week) for one in (whole, part)
            )
            assert wanted_posts(part, after, 0.0) == pytest.approx(
                wanted_posts(whole, before, 0.0) * share
            )
            assert after.community.places == pytest.approx(before.community.places * share)
            hours = [
                one.coordination.conferences * one.coordination.minutes for one in (before, after)
            ]
            assert hours[1] == pytest.approx(hours[0] * share)
            assert (
                after.outreach.targeting == before.outreach.targeting
                and after.intake == before.intake
            )
        assert {**part.parameters, **dict.fromkeys(AMOUNTS)} == {
            **whole.parameters,
            **dict.fromkeys(AMOUNTS),
        }


def test_a_comparison_shrinks_in_all_its_arms():
    part = smaller(read_comparison(["scenarios/pairs/x05.toml"]), 9000)
    assert (
        {arm.scenario.people.population for arm in part.arms} == {9000}
        and len(part.arms) == 4
        and part.claims
    )
    posts = [step.settings for step in part.arm("backup").scenario.steps if "fte" in step.settings]
    assert len(posts) == 1 and 0 < posts[0]["fte"] < 1


def test_counted_households_shrink_too_and_nobody_is_no_town():
    scenario = load("scenarios/kaga.toml")
    kinds = dict.fromkeys(KINDS, 10)
    people = scenario.people.model_copy(
        update={"households": {district.id: kinds for district in scenario.people.districts}}
    )
    part = smaller(scenario.model_copy(update={"people": people}), scenario.people.population // 2)
    assert {number for kinds in part.people.households.values() for number in kinds.values()} == {5}
    with pytest.raises(ValueError, match="at least one resident"):
        smaller(scenario, 0)


def test_loaded_scenarios_stand_side_by_side():
    waiting = smaller(load("scenarios/baseline.toml", overrides=SHORT), 1500)
    going_out = SHORT | {
        "name": {"ja": "出向く", "en": "Go out"},
        "levers.outreach_worker": {"fte": 90, "mix": "visiting"},
    }
    outreach = smaller(load("scenarios/baseline.toml", overrides=going_out), 1500)
    compared = compare({"waiting": waiting, "outreach": outreach}, seeds=2, no_effect=0)
    assert compared.comparison.reference == "waiting" and set(compared.values["arm"]) == {
        "waiting",
        "outreach",
    }
    assert (
        compared.comparison.arm("outreach").name.ja == "出向く"
    )  # a name laid on top stays, whatever is laid after it
    assert compared.comparison.name.en == f"{waiting.name.en} / Go out"
    tables = simulate(outreach, seeds=2)
    town = tables.by_year().set_index(["seed", "measure"])["value"]
    mine = compared.values[compared.values["arm"] == "outreach"].set_index(["seed", "measure"])[
        "value"
    ]
    assert all(mine[seed, "unseen"] == town[seed, "unseen"] for seed in (1, 2))
    assert all(run_table(tables, lang).notna().all(axis=None) for lang in LANGUAGES)
    assert run_table(tables, "en").shape == (tables.by_year()["measure"].nunique(), 2)
    for wrong in (
        {"waiting": waiting},
        {"waiting": waiting, "": outreach},  # any text is a name
        {"waiting": waiting, "other": smaller(waiting, 1400)},
    ):
        with pytest.raises(ScenarioError):
            compare(wrong)


def test_tables_say_what_the_screen_says(folder):
    compared = compare(write(folder, THREE + CLAIM), seeds=2, no_effect=0)
    for lang in LANGUAGES:
        table = difference_table(compared, lang, ["unseen", "load"])
        assert len(table) == 6 and table.shape[1] == 2
        claims = claim_table(compared, lang)
        assert len(claims) == 1 and claims.index[0] == getattr(compared.comparison.claims[0], lang)
    assert claim_table(compare(write(folder, THREE), seeds=1, no_effect=0), "en").empty
    level = compared.differences.query("measure == 'load' and year == 2")["reference"].iloc[0]
    assert float(table.iloc[3, 1]) == pytest.approx(level, abs=1e-3)
