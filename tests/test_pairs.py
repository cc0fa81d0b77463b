"""Wrong turns (scenarios/pairs) and community cases (scenarios/packs) of the guidebook: they read,
cost the same, run.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from sim.declared import declared
from sim.declared.levers import practice_at
from sim.declared.roles import ROLES
from sim.model.town import Town
from sim.scenario.arms import read_comparison
from sim.scenario.load import load
from sim.study.measures import MEASURES
from tests.test_towns import NUMBER, split_comment

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PAIRS = sorted((SCENARIOS / "pairs").glob("*.toml"))
PACKS = sorted((SCENARIOS / "packs").glob("*.toml"))
BOOK = tomllib.loads((SCENARIOS / "prices/default.toml").read_text(encoding="utf-8"))
PRICES = {item["id"]: item["price"] for item in BOOK["items"] if "price" in item}
SOURCED = re.compile(r"\bassumed\b|\bL\d{3,4}\b")
RESIDENTS = 1200  # of the towns in which arms and packs are lived
BOTH = {"ja", "en"}
by_name = pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
by_pack = pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)


@cache
def comparison(path):
    """The checked comparison of a pair."""
    return read_comparison([path])


def asked_and_answered(remarks, name):
    """What a file notes of the guidebook: the lines, and texts in both languages."""
    assert re.fullmatch(r"L\d+(-\d+)?(, L\d+(-\d+)?)*", remarks["lines"]), name
    texts = [remarks[key] for key in ("expects", "cannot", "pays") if key in remarks]
    assert all(set(text) == BOTH and all(text.values()) for text in texts), name


def yearly_money(scenario, year):
    """Planned money of one year for posts and places of policies, yen."""
    weeks = [
        practice_at(scenario.organisation.practice, scenario.steps, week)
        for week in range(year * 52, year * 52 + 52)
    ]
    return sum(money(practice) for practice in weeks) / len(weeks)


def money(practice):
    """Yearly price of the posts and places that levers add, yen."""
    roles = [getattr(practice, role) for role in ROLES]
    further = sum(practice.staffing.add.values())
    return (
        sum(PRICES[f"post_{one.kind}"] * one.fte for one in roles)
        + PRICES[f"post_{practice.staffing.kind}"] * further
        + PRICES["place"] * (practice.community.places + practice.participation.places)
    )


def a_little(scenario):
    """The same scenario in a hamlet, for as long as its policies take to begin (at most six years),
    without a run-in.
    """
    begins = max((step.start_week for step in scenario.steps), default=0)
    people = scenario.people.model_copy(update={"population": RESIDENTS})
    return scenario.model_copy(
        update={"people": people, "years": min(scenario.years, 1 + begins // 52), "run_in_weeks": 0}
    )


def test_all_26_wrong_turns_are_there():
    assert [comparison(path).remarks["pair"] for path in PAIRS] == [
        f"X{number}" for number in range(1, 27)
    ]
    assert [path.stem for path in PAIRS] == [f"x{number:02d}" for number in range(1, 27)]


@by_name
def test_pair_says_what_the_guidebook_expects_and_what_would_count_against(path):
    pair = comparison(path)
    asked_and_answered(pair.remarks, path.stem)
    said = [
        (claim.arm, claim.against, claim.measure, claim.direction)
        for claim in pair.claims
        if claim.role == "expected"
    ]
    counter = [
        (
            claim.arm,
            claim.against,
            claim.measure,
            {"lower": "higher", "higher": "lower"}[claim.direction],
        )
        for claim in pair.claims
        if claim.role == "against"
    ]
    assert said and set(counter) & set(said), "no claim against is the opposite of an expected one"
    assert {claim.measure for claim in pair.claims} | set(pair.measures) <= {
        one.name for one in MEASURES
    }
    assert all(claim.ja and claim.en for claim in pair.claims)


@by_name
def test_arms_of_a_pair_cost_the_same_every_year(path):
    pair = comparison(path)
    groups = pair.same_cost
    assert groups
    for group in groups:
        for year in range(pair.base.years):
            costs = {arm: yearly_money(pair.arm(arm).scenario, year) for arm in group}
            assert max(costs.values()) == pytest.approx(min(costs.values()), abs=1), (year, costs)
            assert max(costs.values()) <= 33e6


@by_name
def test_arms_of_a_pair_differ_and_start_from_the_same_town(path):
    arms = [arm.scenario for arm in comparison(path).arms]
    for number, one in enumerate(arms):
        assert all(
            (one.steps, one.parameters) != (other.steps, other.parameters)
            for other in arms[:number]
        )
        assert one.people == arms[0].people and one.organisation == arms[0].organisation


@by_name
def test_what_a_pair_cannot_express_is_named(path):
    remarks = comparison(path).remarks
    for text in remarks.get("cannot", {}).values():
        assert re.search(r"M\d{2,3}", text), "names no mechanism"
    stands_in = any(
        arm.scenario.parameters != comparison(path).base.parameters for arm in comparison(path).arms
    )
    assert not stands_in or "cannot" in remarks, (
        "an arm that sets a parameter says what it stands in for"
    )


@by_name
def test_every_arm_of_a_pair_runs(path):
    for arm in comparison(path).arms:
        small = a_little(arm.scenario)
        assert len(Town(small, 1).run()) == small.years * 52, arm.id


@pytest.mark.parametrize("path", PAIRS + PACKS, ids=lambda path: path.stem)
def test_files_ask_first_and_name_what_decides(path):
    first, second = path.read_text(encoding="utf-8").splitlines()[1:3]
    assert (
        first.startswith("# 問い：")
        and first.endswith("か。")
        and second.startswith("# Question: ")
        and second.endswith("?")
    )
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    decisive = values["guidebook"]["decides"].split(", ")
    assert decisive and set(decisive) <= set(declared())
    assert all(set(values[key]) == BOTH for key in ("name", "question"))


@pytest.mark.parametrize("path", PAIRS + PACKS, ids=lambda path: path.stem)
def test_every_amount_of_a_lever_has_its_line_or_is_marked_assumed(path):
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text[text.index("levers") :].splitlines(), start=1):
        code, comment = split_comment(line)
        name, _, value = code.partition("=")
        if NUMBER.search(value) and name.strip() not in (
            "by_year",
            "confidence",
            "id",
            "name",
            "parts",
        ):
            assert SOURCED.search(comment), (
                f"{path.name}: {number} lines after the first lever: no source: {line}"
            )


def test_four_community_cases_are_there():
    assert {path.stem for path in PACKS} == {"kurume", "tanabe", "local_coop", "nursery"}


@by_pack
@pytest.mark.parametrize(
    ("town", "organisation"),
    [
        ("kaga", "windows_that_wait"),
        ("kaga", "kaga"),
        ("tsukigase", "windows_that_wait"),
        ("miyakonojo", "miyakonojo"),
    ],
)
def test_packs_lie_over_towns(path, town, organisation, tmp_path):
    scenario = with_pack(path, town, organisation, tmp_path)
    assert scenario.steps and all(
        step.start_week < 260 for step in scenario.steps
    )  # within five years


@by_pack
def test_pack_runs_and_says_who_pays(path, tmp_path):
    remarks = tomllib.loads(path.read_text(encoding="utf-8"))["guidebook"]
    asked_and_answered(remarks, path.stem)
    assert {"pays", "cannot", "expects"} <= set(remarks)
    scenario = with_pack(path, "tsukigase", "windows_that_wait", tmp_path)
    small = a_little(scenario)
    assert len(Town(small, 1).run()) == small.years * 52
    assert (
        max(
            yearly_money(with_pack(path, "kaga", "windows_that_wait", tmp_path), year)
            for year in range(10)
        )
        <= 33e6
    )


def with_pack(path, town, organisation, folder):
    """A town that takes one pack."""
    file = folder / f"{town}_{organisation}.toml"
    file.write_text(
        f'extends = "base.toml"\npacks = ["packs/{path.name}"]\ntown = "towns/{town}.toml"\n'
        f'organisation = "organisations/{organisation}.toml"\n',
        encoding="utf-8",
    )
    return load(file, allow_outside=True)


def test_tsukigase_has_the_households_and_the_age_of_the_guidebook(tmp_path):
    """About 450 households, 48 % of 65 or over, six districts (L3236, L3264)."""
    town = Town(
        with_pack(SCENARIOS / "packs/local_coop.toml", "tsukigase", "windows_that_wait", tmp_path),
        1,
    )
    assert town.state.households.rows == 450 and len(town.state.scenario.people.districts) == 6
