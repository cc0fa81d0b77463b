"""The log of events: it changes nothing, its stocks are conserved, it misses nothing, and it tells
where two lives part.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from sim.declared.records import CRISIS_IDS
from sim.declared.tables import Households, Needs
from sim.declared.vocabulary import ACTING, FIELDS, LEVELS, ROUTES, F
from sim.model.dates import DATES
from sim.model.event_log import COLUMNS, START
from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.town import Town
from sim.model.watches import KINDS, QUIET
from sim.scenario.scenario import Scenario
from sim.study.life import bands, fullest, life_line, life_line_page, partings, when
from sim.words import LANGUAGES, words
from tests.laws import (
    changed,
    digest,
    lived,
    small_scenario,
    starved,
    steps,
    strong,
    strong_otherwise,
)
from tests.shuffle import shuffled
from tests.tiny import tiny_town

WEEKS = 60
CASES = {
    "queued": 1,
    "case_opened": 2,
    "accompanied": 3,
    "left_queue": 0,
    "case_closed": 0,
    "case_lapsed": 0,
}
PAIRS = {
    "watched": "unwatched",
    "plan_begun": "plan_ended",
    "hub_begun": "hub_ended",
    "place_joined": "place_left",
    "assistance_begun": "assistance_ended",
    "helping_begun": "helping_ended",
}
TOWNS = {"every lever": strong, "every lever otherwise": strong_otherwise, "starved": starved}


def logged(scenario: Scenario) -> Scenario:
    return changed(scenario, event_log=True)


@pytest.fixture(scope="module")
def lives() -> dict[str, Town]:
    """Towns that have lived with their log; crises, lapses, telling and joint cases are frequent."""
    parameters = {
        "crises.crisis_rate_manifest": 0.4,
        "crises.crisis_rate_severe": 1.0,
        "casework.dropout_case": 0.6,
        "coordination.bring_rate": 20.0,
        "coordination.consent": 1.0,
        "noticing.notice_to_referral": 0.5,
    }
    return {
        name: lived(logged(changed(scenario(), parameters=parameters)), weeks=WEEKS)
        for name, scenario in TOWNS.items()
    }


@pytest.fixture(params=TOWNS)
def one(request, lives) -> Town:
    return lives[request.param]


def count(events: pd.DataFrame, *kinds: str, without_start: bool = False) -> int:
    mine = events["kind"].isin(kinds)
    return int((mine & (events["process"] != START)).sum() if without_start else mine.sum())


def last(events: pd.DataFrame, kinds, by: list[str]) -> pd.Series:
    """The last of `kinds` that happened to each household (and field), by place."""
    return events[events["kind"].isin(kinds)].groupby(by, observed=True)["kind"].last()


@pytest.mark.parametrize(
    "scenario", [strong, strong_otherwise], ids=["every lever", "every lever otherwise"]
)
def test_with_the_log_a_town_lives_the_same_life_bit_for_bit(scenario):
    assert digest(lived(scenario(), weeks=30)) == digest(lived(logged(scenario()), weeks=30))


def test_without_the_log_there_are_no_events():
    with pytest.raises(ValueError, match="event_log"):
        tiny_town().events  # noqa: B018


def test_the_table_is_in_order_and_the_same_each_time(one):
    events = one.events
    assert tuple(events) == COLUMNS and set(events["kind"]) <= set(KINDS)
    order = [START, *(name for name, _ in WEEK)]
    keys = [
        events["field"].cat.codes,
        events["occupant"],
        events["household"],
        events["process"].map({name: place for place, name in enumerate(order)}).astype(int),
        events["week"],
    ]
    assert (np.lexsort(keys) == np.arange(len(events))).all()
    assert events.loc[events["kind"] == QUIET, "value"].notna().all()
    assert (
        not events.duplicated(
            ["week", "process", "household", "occupant", "field", "kind", "detail"]
        )
        .where(~events["kind"].isin(["helping_begun", "helping_ended"]), False)
        .any()
    )


def test_every_kind_is_seen(lives):
    assert set(KINDS) == set().union(*(town.events["kind"] for town in lives.values()))


def test_what_begins_less_what_ends_is_what_stands(one):
    events, state = one.events, one.state
    households = state.households
    stands = {
        "watched": households.watched_until > state.week - 1,
        "plan_begun": households.joint_plan,
        "hub_begun": (households.hub_until > state.week - 1) | households.hub_held,
        "place_joined": households.belongs,
        "assistance_begun": households.assistance,
        "helping_begun": state.residents.ladder == ACTING,
    }
    for begins, ends in PAIRS.items():
        assert count(events, begins) - count(events, ends) == stands[begins].sum(), begins
    assert (
        count(events, "need_begun", "need_back") - count(events, "need_ended")
        == (state.needs.level > 0).sum()
    )
    let_again = count(events, "moved_in") - count(
        events, "moved_out"
    )  # nobody moves out of an empty row
    assert count(events, "left_in_crisis") - let_again == households.empty.sum()


def test_the_log_alone_tells_every_need_and_every_case(one):
    """Replayed, it gives the level and the case of each need, and so the queues, as they stand."""
    events, needs = one.events, one.state.needs
    cells = (
        one.state.households.id[np.arange(needs.level.size) // F] * F
        + np.arange(needs.level.size) % F
    )
    place = {name: number for number, name in enumerate(FIELDS)}
    at = events["household"] * F + events["field"].map(place).astype("Int64")
    levels = (
        events[events["kind"].astype(str).str.startswith("need_")]
        .groupby(at)[["kind", "detail"]]
        .last()
    )
    level = pd.Series(
        {
            cell: 0 if kind == "need_ended" else LEVELS.index(detail)
            for cell, kind, detail in levels.itertuples()
        }
    )
    assert np.array_equal(level.reindex(cells, fill_value=0), needs.level)
    case = events[events["kind"].isin(CASES)].groupby(at)["kind"].last().astype(str).map(CASES)
    assert np.array_equal(case.reindex(cells, fill_value=0), needs.case)


def test_the_log_alone_tells_who_is_isolated(one):
    households = one.state.households
    ties = last(one.events, ("isolated", "first_tie", "moved_in"), ["household"]) == "isolated"
    told = ties.reindex(households.id, fill_value=False).to_numpy()
    alone = households.ties == 0
    assert (told <= alone).all() and (households.occupant[alone & ~told] > 0).sum() == (
        alone & ~told
    ).sum()


def test_every_event_that_the_weekly_table_counts_appears(one):
    events, weekly = one.events[one.events["process"] != START], one.table

    def by(kind: str, of: str | None = None) -> Counter:
        mine = events[events["kind"] == kind]
        return (
            Counter(mine["week"])
            if of is None
            else Counter(zip(mine["week"], mine[of].astype(str), strict=True))
        )

    def recorded(*columns: str) -> Counter:
        totals = weekly[list(columns)].sum(axis=1).astype(int)
        return Counter(
            {week: total for week, total in zip(weekly["week"], totals, strict=True) if total}
        )

    for kind, column in (
        ("crisis", [f"crises_{kind}" for kind in CRISIS_IDS]),
        ("visited", ["visits"]),
        ("noticed", ["noticed"]),
        ("told", ["told_agency"]),
        ("left_in_crisis", ["households_emptied"]),
        ("plan_begun", ["plans_begun"]),
        ("contact", [f"contacts_{route}" for route in ROUTES]),
    ):
        assert by(kind) == recorded(*column), kind
    for crisis in CRISIS_IDS:
        assert (
            sum(n for (_, detail), n in by("crisis", "detail").items() if detail == crisis)
            == weekly[f"crises_{crisis}"].sum()
        )
    for field in FIELDS:
        began = sum(
            n
            for kind in ("need_begun", "need_back")
            for (_, name), n in by(kind, "field").items()
            if name == field
        )
        brought = (
            (events["kind"] == "need_begun")
            & (events["process"] == "population")
            & (events["field"] == field)
        ).sum()
        assert began - brought == weekly[f"onsets_{field}"].sum(), field
    assert weekly["cases_opened"].sum() <= count(
        events, "case_opened", "accompanied", without_start=True
    )


def columns(state: State) -> np.ndarray:
    """Everything of households and their needs, a row a household; not the dates on which something
    may happen, which are no part of a life.
    """
    kept = [
        np.asarray(getattr(state.households, name), dtype=float)[:, None]
        for name in Households.declarations()
        if f"households.{name}" not in DATES
    ]
    return np.column_stack(
        [
            *kept,
            *(
                getattr(state.needs, name).reshape(-1, F).astype(float)
                for name in Needs.declarations()
            ),
        ]
    )


def test_it_tells_when_and_by_which_process_two_lives_part():
    """The first difference of two logs is the first week and process in which any column of the
    household differs.
    """
    base = logged(
        changed(
            small_scenario(700, run_in_weeks=8, years=1),
            parameters={"crises.crisis_rate_manifest": 0.3},
        )
    )
    levers = {
        "outreach_worker": {"fte": 1.0, "mix": {"visiting": 1.0}},
        "csw": {"fte": 0.5, "mix": {"community_organising": 1.0}},
        "inclusion_promoter": {"fte": 1.0, "mix": {"coordination": 1.0}},
        "coordination": {"conferences": 2.0},
    }
    arms = [Town(base, 1), Town(changed(base, steps=steps(levers, start=4)), 1)]
    parted: dict[int, tuple[int, str]] = {}
    for _ in range(40):
        for name, process in WEEK:
            for arm in arms:
                process(arm.state)
                arm._log.look(arm.state, name)
            one, other = (columns(arm.state) for arm in arms)
            for row in np.flatnonzero((one != other).any(axis=1)).tolist():
                parted.setdefault(row, (arms[0].week, name))
        for arm in arms:
            arm.state.week += 1
    ledger = partings(*(arm.events for arm in arms))
    told = {one.household: (one.week, one.process) for one in ledger.itertuples()}
    late = {
        home: (parted[home], told.get(home)) for home in parted if told.get(home) != parted[home]
    }
    assert late == {} and len(parted) > 50
    neighbours = set(told) - set(parted)  # only who helps among their residents differs
    assert set(ledger.set_index("household").loc[sorted(neighbours), "kind"]) <= {
        "helping_begun",
        "helping_ended",
    }


def test_equal_arms_do_not_part(lives):
    events = lives["starved"].events
    assert len(partings(events, events.copy())) == 0


def test_the_log_of_permuted_rows_is_the_same():
    plain, mixed = (Town(logged(strong()), 1) for _ in range(2))
    mixed = Town(mixed.inputs, 1, state=shuffled(mixed.state, 3))
    for one in (plain, mixed):
        for _ in range(20):
            one.step()
    pd.testing.assert_frame_equal(plain.events, mixed.events, check_exact=False, rtol=1e-12, atol=0)


def test_a_life_is_told_in_both_languages(lives):
    events, scenario = lives["every lever"].events, lives["every lever"].inputs
    home = fullest(events)
    line = life_line(events, home)
    assert len(line) > 5 and QUIET not in set(line["kind"])
    for lang in LANGUAGES:
        page = life_line_page(line, scenario, home, 1, lang)
        assert page.count("\n- ") > 2 and "{" not in page and "need_" not in page
    assert life_line_page(life_line(events, -1), scenario, -1, 1, "ja").count("\n") == 5
    assert {f"event.{kind}" for kind in KINDS} | {f"life.{kind}" for kind in KINDS} <= words(
        "ja"
    ).keys()


def test_weeks_are_told_as_months():
    assert (
        when(0, 2025, "ja") == "2025年4月 第1週"
        and when(2 * 52 + 10, 2025, "ja") == "2027年6月 第2週"
    )
    assert (
        when(51, 2025, "en") == "March 2026, week 4"
        and when(40, 2025, "en") == "January 2026, week 1"
    )


def test_bands_of_a_life_agree_with_the_town(one):
    """At the end the bands of every household say what its columns say."""
    events, state = one.events, one.state
    homes = np.random.default_rng(1).choice(state.households.rows, 60, replace=False)
    for row in [*homes.tolist(), *np.flatnonzero(state.households.open_cases)[:30].tolist()]:
        found = bands(life_line(events, int(state.households.id[row])), WEEKS + 9)
        now = {band.lane: band.state for band in found if band.end == WEEKS + 9}
        for field, name in enumerate(FIELDS):
            assert now.get(name, "none") == LEVELS[state.needs.level[row * F + field]]
        cases = state.households.open_cases[row] + state.households.waiting_cases[row]
        assert ("support" in now) == bool(cases > 0 or state.households.door[row] >= 0)
        assert ("place" in now) == state.households.belongs[row] and (
            "assistance" in now
        ) == state.households.assistance[row]
