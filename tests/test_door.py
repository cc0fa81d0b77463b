"""The door: who waits for a first consultation, in what order they are heard, and that no hour is
asked twice.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim import Town
from sim.declared.vocabulary import (
    ASSISTANCE_WORKER,
    CASEWORKER,
    CRISIS,
    HUB_WORKER,
    MANIFEST,
    NO_CASE,
    OPEN,
    SELF,
    SEVERE,
    WAITING,
    F,
)
from sim.model import door
from sim.model.posts import desk
from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.transitions import set_case, set_level
from sim.scenario.scenario import Trend
from tests.laws import changed, lived, starved, strong, weeks_of
from tests.towns import small_organisation, small_scenario

PLENTY, SCARCE, NEXT_TO_NONE = 300.0, 20.0, 0.1


def town_of(posts: float, households: int = 1200, **changes) -> Town:
    scenario = small_scenario(
        households, organisation=small_organisation(posts_per_100k=posts), run_in_weeks=13, years=3
    )
    return Town(changed(scenario, **changes), 1)


def quiet(agency_posts: float = PLENTY) -> State:
    """A town before its first week, with nobody in need."""
    state = town_of(agency_posts).state
    set_level(state, np.flatnonzero(state.needs.level), 0)
    state.needs.case[:], state.needs.known[:] = NO_CASE, False
    state.households.open_cases[:] = state.households.waiting_cases[:] = 0
    door.leave(state, door.at_door(state))
    state.households.contact_route[:] = 0
    for flow in state.flows.values():
        flow[:] = 0
    return state


def calls(state: State, rows: np.ndarray, level: int = MANIFEST, route: int = SELF) -> None:
    """Households `rows` come to a window with a poverty need of `level`."""
    set_level(state, rows * F + 3, level)
    state.households.contact_route[rows], state.households.contact_field[rows] = route, 3


@pytest.mark.parametrize("posts", [PLENTY, SCARCE])
def test_hours_joined_are_done_left_or_waiting(posts):
    town = town_of(posts)
    before = float(town.state.households.door_hours.sum())
    for _ in weeks_of(town):
        pass
    weekly = town.table
    joined, done, left = (
        weekly[f"consultation_{what}"].sum() for what in ("joined", "done", "left")
    )
    assert joined > 0
    assert joined + before == pytest.approx(done + left + weekly["door_hours"].iloc[-1])


@pytest.mark.parametrize("scenario", [strong, starved], ids=["every lever", "starved"])
def test_an_hour_is_asked_once(scenario):
    """Load times the hours available is what is asked for the first time this week, and nothing of
    an earlier week's.
    """
    town, seen = Town(scenario(), 1), []

    def watched(name, process):
        def step(state):
            if name == "casework":
                crises, joined = state.agencies.crisis_due.copy(), door.hours_asked(state)[1]
                process(state)
                seen.append(excess(state, crises, joined))
            else:
                process(state)

        return name, step

    town.week_order = [watched(*step) for step in WEEK]
    for _ in weeks_of(town):
        pass
    assert max(seen) < 1e-6


def excess(state: State, crises: np.ndarray, joined: np.ndarray) -> float:
    """Hours in the load of an agency's desk beyond those asked this week, the most of all
    agencies.
    """
    workers = state.workers
    desk = (workers.duty == CASEWORKER) | (workers.duty == HUB_WORKER)
    quality = workers.effective / np.maximum(workers.present, 1e-12)
    hours = (workers.load * workers.available - workers.meeting) * quality * desk
    asked = workers.asked * desk
    protected = workers.upstream * desk  # at most: slack that goes upstream is among it
    by_agency = [
        np.bincount(workers.agency, weights=part, minlength=crises.size)
        for part in (hours, asked, protected)
    ]
    return float((by_agency[0] - by_agency[1] - by_agency[2] - crises - joined).max())


def test_a_small_town_shows_no_load_above_what_is_asked():
    """1,200 residents: a desk of less than one post shows high weeks, but as many hours as were
    asked and no more.
    """
    town = lived(
        small_scenario(
            540, organisation=small_organisation(posts_per_100k=63.0), run_in_weeks=26, years=2
        )
    )
    weekly = town.table
    available = weekly[[name for name in weekly if name.startswith("hours_")]].sum(axis=1)
    p, away = town.state.p, town.state.p.workforce
    meetings = weekly["hours_meetings"] + weekly["hours_learning"]
    crises = (
        weekly[[name for name in weekly if name.startswith("crises_crisis")]].sum(axis=1)
        * p.crises.crisis_hours
    )
    consultations = weekly["consultation_joined"]
    worst = (
        p.casework.hours_month_severe
        * 12
        / 52
        * (1 + 4 * p.casework.friction)
        * weekly["open_cases"]
    )
    least_quality = away.new_productivity * (1 - away.exhaustion_quality)
    most = meetings + (crises + consultations + worst) / least_quality
    assert (weekly["load"] * available <= most + 1e-6).all()


def test_the_urgent_are_heard_first_then_who_waits_longest():
    state = quiet()
    rows = np.arange(40, 46)
    set_level(state, rows * F + 3, np.array([MANIFEST] * 4 + [SEVERE] * 2))
    state.households.door_field[rows] = 3
    state.week = 5
    door.join_queue(state, rows, np.zeros(rows.size, dtype=int), np.full(rows.size, 4.0))
    state.households.door_since[rows] = [5, 3, 4, 5, 5, 2]
    order = []
    for _ in rows:
        door.serve(state, np.where(np.arange(state.agencies.rows) == 0, 4.0, 0.0))
        done = door.heard(state)
        order.append(int(done[0]))
        door.leave(state, done)
    assert order[:4] == [45, 44, 41, 42]
    assert sorted(order[4:]) == [40, 43]


def test_a_consultation_goes_on_until_its_hours_are_given():
    state = quiet()
    door.join_queue(state, np.array([7]), np.array([0]), np.array([4.0]))
    for hours, left in ((1.5, 2.5), (2.0, 0.5), (3.0, 0.0)):
        door.serve(state, np.where(np.arange(state.agencies.rows) == 0, hours, 0.0))
        assert state.households.door_hours[7] == pytest.approx(left)
    assert door.heard(state).tolist() == [7]


def test_some_give_up_and_trust_falls_after_a_while():
    """Chance door_giveup a week; trust_waiting a week after door_patience weeks. False alarm
    1e-6.
    """
    state, rows = quiet(NEXT_TO_NONE), np.arange(800)
    state.p.intake.trust_waiting, state.p.intake.door_giveup = 0.01, 0.05
    state.households.trust[rows] = 0.5
    calls(state, rows)
    processes = dict(WEEK)
    processes["intake"](state)
    waiting = door.waiting(state).size
    for _ in range(6):
        state.week += 1
        processes["intake"](state)
    left = door.waiting(state)
    expected, spread = waiting * 0.95**6, np.sqrt(waiting * 0.95**6 * (1 - 0.95**6))
    assert abs(left.size - expected) < 4.9 * spread
    assert state.households.trust[left] == pytest.approx(0.5 - 2 * 0.01)


def test_a_crisis_is_heard_and_opened_in_its_week():
    state = quiet()
    processes, rows = dict(WEEK), np.array([11])
    state.workers.usable[:] = 20.0
    calls(state, rows, SEVERE, CRISIS)
    processes["intake"](state)
    assert state.households.door[11] == -1
    processes["admission"](state)
    assert state.needs.case[11 * F + 3] == OPEN


def test_a_household_at_the_door_has_no_second_contact():
    state = quiet()
    state.p.intake.door_giveup = 0.0
    calls(state, np.array([3]))
    intake = dict(WEEK)["intake"]
    intake(state)
    before = state.flows["contacts"].sum()
    calls(state, np.array([3]))
    intake(state)
    assert state.flows["contacts"].sum() == before


def test_a_crisis_at_the_door_leaves_what_the_household_waited_for_known():
    """A household that waits with one need and has a crisis of another: both are known, and the
    hours that were not given left.
    """
    state, home = quiet(NEXT_TO_NONE), 5
    state.p.intake.referral_success_coord = 1.0
    processes = dict(WEEK)
    calls(state, np.array([home]))
    processes["intake"](state)
    asked = state.households.door_hours[home]
    assert asked > 0
    set_level(state, np.array([home * F]), SEVERE)
    state.households.contact_route[home], state.households.contact_field[home] = CRISIS, 0
    processes["intake"](state)
    cases = state.needs.case.reshape(-1, F)[home]
    assert cases[0] == WAITING and state.needs.urgent[home * F] and cases[3] == WAITING
    assert state.flows["consultation_left"].sum() == pytest.approx(asked)


def test_a_crisis_takes_nothing_from_a_consultation_that_has_been_held():
    """Its hours were given last week: it is heard, and the crisis beside it."""
    state, home = quiet(NEXT_TO_NONE), 5
    processes = dict(WEEK)
    calls(state, np.array([home]))
    processes["intake"](state)
    state.households.door_hours[home], state.households.door_outcome[home] = 0.0, 0
    state.week += 1
    set_level(state, np.array([home * F]), SEVERE)
    state.households.contact_route[home], state.households.contact_field[home] = CRISIS, 0
    processes["intake"](state)
    assert state.flows["door_heard"].sum() == 1 and state.flows["consultation_left"].sum() == 0
    assert state.needs.case[home * F] == WAITING and state.households.door[home] == -1


def test_who_needs_nothing_any_more_leaves_the_door_and_nobody_knows_who_gave_up():
    state = quiet(NEXT_TO_NONE)
    state.p.intake.door_giveup = 0.0
    processes, rows = dict(WEEK), np.array([3, 9])
    calls(state, rows)
    processes["intake"](state)
    state.needs.known[rows * F + 3] = True
    set_level(state, np.array([3 * F + 3]), 0)
    processes["intake"](state)
    assert (
        door.at_door(state).tolist() == [9]
        and not state.needs.known[3 * F + 3]
        and state.needs.known[9 * F + 3]
    )
    state.p.intake.door_giveup = 1.0
    processes["intake"](state)
    assert door.at_door(state).size == 0 and not state.needs.known.any()


def desk_with(state: State, cases: int, waiting: int) -> np.ndarray:
    """Workers of the poverty desk, who hold `cases` severe needs and have `waiting` households at
    their door.
    """
    at = int(desk(state, np.array([3]), np.array([0]))[0])
    staff = np.flatnonzero((state.workers.agency == at) & (state.workers.duty == CASEWORKER))
    rows = np.arange(100, 100 + cases)
    set_level(state, rows * F + 3, SEVERE)
    set_case(state, rows * F + 3, OPEN)
    state.needs.agency[rows * F + 3], state.needs.worker[rows * F + 3] = (
        at,
        staff[np.arange(cases) % staff.size],
    )
    come = np.arange(500, 500 + waiting)
    set_level(state, come * F + 3, MANIFEST)
    door.join_queue(state, come, np.full(waiting, at), np.full(waiting, 4.0))
    state.households.door_field[come] = 3
    return staff


@pytest.mark.parametrize(("floor", "protected"), [(0.15, 0.0), (0.15, 0.2), (0.0, 0.2)])
def test_hours_go_to_protected_work_then_to_the_floor_then_to_cases(floor, protected):
    """Where cases ask more than there is, consultations get their floor and no more, and protected
    hours come before both.
    """
    state = quiet(60.0)
    state.p.intake.intake_floor = floor
    supporters = state.practice.supporters.model_copy(update={"protected_share": protected})
    state.practice = state.practice.model_copy(update={"supporters": supporters})
    staff = desk_with(state, cases=200, waiting=200)
    dict(WEEK)["casework"](state)
    workers = state.workers
    usable = workers.usable[staff]
    assert (usable > 0).any() and (workers.asked[staff] >= usable).all()
    assert workers.upstream[staff] == pytest.approx(protected * usable)
    assert workers.intake[staff] == pytest.approx(floor * usable)
    assert workers.given[staff] == pytest.approx((1 - floor - protected) * usable)


def test_consultations_take_what_cases_leave():
    state = quiet(60.0)
    staff = desk_with(state, cases=1, waiting=200)
    dict(WEEK)["casework"](state)
    workers = state.workers
    assert (
        workers.given[staff].sum() == pytest.approx(workers.asked[staff].sum())
        and workers.asked[staff].sum() > 0
    )
    assert workers.intake[staff].sum() == pytest.approx(
        (workers.usable - workers.given)[staff].sum()
    )
    assert workers.slack[staff] == pytest.approx(0.0)


@pytest.mark.parametrize("posts", [NEXT_TO_NONE, 0.001])
def test_without_posts_nothing_is_in_support(posts):
    """The queue grows, nobody is in support, and no more people leave than there are posts."""
    town = town_of(posts)
    for state in weeks_of(town):
        assert not (state.needs.case >= OPEN).any()
        assert not state.needs.aid.any()
    weekly = town.table
    assert (weekly["open_cases"] == 0).all()
    assert weekly["waiting_cases"].iloc[-1] + weekly["door_households"].iloc[-1] > 0
    assert weekly["leavers"].sum() <= 2 * weekly["posts"].max()


def test_needs_without_posts_live_as_unsupported():
    """Bit for bit the levels of a town in which support has no effect."""
    nothing = {"resolve_latent": "recover_latent", "resolve_manifest": "recover_manifest"}
    # support of any field brings households on public assistance, whose caseworkers are there
    alone = {"assistance.assistance_found": 1.0}
    one, other = (town_of(0.001, parameters=alone) for _ in range(2))
    for name, of in nothing.items():  # after the start, which rests on what support does
        setattr(other.state.p.casework, name, getattr(one.state.p.needs, of))
    for here, there in zip(weeks_of(one, 60), weeks_of(other, 60), strict=True):
        assert np.array_equal(here.needs.level, there.needs.level)


def test_a_desk_without_anybody_has_no_load():
    state = (town := town_of(63.0)).state
    for _ in range(2):
        town.step()
    state.workers.vacant_until[state.workers.agency == 0] = 10_000
    for _ in range(3):
        town.step()
    agency = town.tables["agency"]
    first = agency[
        (agency["agency"] == agency["agency"].iloc[0]) & (agency["week"] == agency["week"].max())
    ]
    assert first["load"].isna().all()
    assert np.isfinite(town.table["load"].iloc[-1])


def test_overtime_of_the_agencies_is_that_of_the_town():
    """Of desks and hub: caseworkers of public assistance, overloaded here, are in neither."""
    town = town_of(2.0, parameters={"assistance.hours_month_assistance": 8.0})
    for _ in range(4):
        town.step()
    workers = town.state.workers
    assert workers.load[workers.duty == ASSISTANCE_WORKER].max() > 1
    weeks = town.tables["agency"].groupby("week")["overtime"].sum()
    assert weeks.to_numpy() == pytest.approx(town.table["overtime"].to_numpy())
    assert weeks.min() > 0


def test_waiting_households_are_charged_as_known():
    """Those at a door or on the admission list count with those in support when services are
    priced.
    """
    town = Town(starved(), 1)
    for state in weeks_of(town, 40):
        home = state.households
        known = (home.open_cases > 0) | (home.waiting_cases > 0) | (home.door >= 0)
        assert state.flows["service_seen"].sum() == np.count_nonzero(known)
    assert town.table["door_households"].sum() > 0


@pytest.mark.parametrize("trend", [-0.015, 0.015])
def test_a_trend_of_supply_scales_posts(trend):
    """One worker stays one worker: more supply adds posts, and nobody holds more than one."""
    organisation = small_organisation(posts_per_100k=300.0)
    scenario = small_scenario(
        2000, organisation=organisation, run_in_weeks=4, years=8, trend=Trend(staff=trend)
    )
    town = Town(scenario, 1)
    wanted = town.state.wanted.sum()
    for state in weeks_of(town, 52 * 8):
        assert state.workers.post.max() <= 1.0
    assert state.workers.post.sum() == pytest.approx(
        wanted * (1 + trend) ** ((52 * 8 - 1) / 52), rel=1e-9
    )


def test_a_positive_trend_fills_a_lever_s_posts_too():
    scenario = changed(strong(), trend=Trend(staff=0.015), events=())
    town = Town(scenario, 1)
    for state in weeks_of(town):
        assert state.workers.post.max() <= 1.0
    assert state.workers.post.sum() == pytest.approx(
        state.wanted.sum() * 1.015 ** (103 / 52), rel=1e-9
    )
