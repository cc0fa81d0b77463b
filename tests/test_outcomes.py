"""What comes out of a first consultation, who is sent to another scheme, and what agencies
remember.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.declared.vocabulary import (
    CRISIS,
    MANIFEST,
    NEVER,
    NO_CASE,
    OPEN,
    OUTCOMES,
    SELF,
    SEVERE,
    WAITING,
    F,
)
from sim.model.processes import WEEK
from sim.model.processes.casework import aid_elsewhere
from sim.model.processes.intake import drawn_outcome, remembered
from sim.model.state import State
from sim.model.town_records import parameter_record
from sim.model.transitions import set_case, set_level
from tests.test_door import NEXT_TO_NONE, PLENTY, calls, quiet

GRID = (np.arange(20_000) + 0.5) / 20_000
ALARM = 6.0  # standard errors: one false alarm in 5e8


def shares(p, refused=0.0, lost=0.0, usual=0.0, factor=1.0, may=(True, True)) -> dict:
    """Share of each outcome over a grid of uniforms."""
    drawn = [drawn_outcome(p, u, (refused, lost, usual), factor, may) for u in GRID]
    return dict(zip(OUTCOMES, np.bincount(drawn, minlength=len(OUTCOMES)) / GRID.size, strict=True))


@pytest.mark.parametrize("lost", [0.1, 0.46])
def test_the_shares_are_of_all_consultations_lost_ones_among_them(lost):
    """A quarter comes to another desk first, where it may be lost; a case can come of either."""
    state, wrong = quiet(), 0.25
    p, usual = parameter_record(state.p)[0], wrong * lost
    astray, straight = shares(p, lost=lost, usual=usual), shares(p, usual=usual)
    pooled = {name: wrong * astray[name] + (1 - wrong) * straight[name] for name in OUTCOMES}
    assert pooled["advice"] == pytest.approx(state.p.asking.one_off_share, abs=1e-3)
    assert pooled["referred_on"] == pytest.approx(state.p.intake.referred_on_share, abs=1e-3)
    gone = max(state.p.intake.no_return_share, usual)
    assert pooled["lost"] + pooled["not_seen_again"] == pytest.approx(gone, abs=1e-3)
    assert astray["opened"] > 0.1 and straight["opened"] > 0.25


@pytest.mark.parametrize("refused", [0.2, 0.5, 0.8, 0.95])
def test_refusals_count_as_advice_and_leave_some_who_are_opened(refused):
    state = quiet()
    found = shares(parameter_record(state.p)[0], refused=refused, may=(False, True))
    advised = max(state.p.asking.one_off_share, refused)
    assert found["refused"] == pytest.approx(refused, abs=1e-3)
    assert found["refused"] + found["advice"] == pytest.approx(advised, abs=1e-3)
    assert found["referred_on"] == 0.0
    rest = state.p.intake.no_return_share * (1 - refused)
    assert found["not_seen_again"] == pytest.approx(rest, abs=1e-3)
    assert found["opened"] > 0.9 * (1 - advised - rest)


def test_a_severe_need_ends_less_often_without_a_case_and_a_visit_always_leads_on():
    p = parameter_record(quiet().p)[0]
    plain, severe = shares(p), shares(p, factor=0.5)
    for name in ("advice", "referred_on", "not_seen_again"):
        assert severe[name] == pytest.approx(plain[name] / 2, abs=1e-3)
    assert shares(p, may=(True, False))["not_seen_again"] == 0.0


def test_what_ended_while_a_household_waited_ends_with_advice_and_nobody_knows_of_the_rest():
    state, rows = quiet(NEXT_TO_NONE), np.arange(40)
    calls(state, rows)
    dict(WEEK)["intake"](state)
    set_level(state, rows * F + 3, 0)
    set_level(state, rows * F + 4, MANIFEST)
    state.needs.known[rows * F + 4] = True
    state.households.door_hours[rows] = 0.0
    state.week += 1
    dict(WEEK)["intake"](state)
    assert state.flows["advice_only"].sum() == 40 and state.flows["referred_on"].sum() == 0
    assert not state.needs.known[rows * F + 4].any()


def heard(state: State, route: int = SELF) -> dict[str, float]:
    """What becomes of a town of households that all come at once, as shares of those heard."""
    processes, rows = dict(WEEK), np.arange(state.households.rows)
    calls(state, rows[~state.households.empty], route=route)
    processes["intake"](state)
    state.households.door_hours[:] = 0.0
    state.week += 1
    processes["intake"](state)
    names = ("refused", "lost_at_handon", "advice_only", "referred_on", "not_seen_again")
    number = max(1.0, float(state.flows["door_heard"].sum()))
    return {name: float(state.flows[name].sum()) / number for name in names} | {"n": number}


def test_consultations_end_in_the_shares_that_are_declared():
    """Of households with a poverty need that come by themselves; some come to another desk first
    and may be lost on the way.
    """
    state = quiet()
    found, p = heard(state), state.p
    n = found["n"]
    assert n > 1000
    expected = {"advice_only": p.asking.one_off_share, "referred_on": p.intake.referred_on_share}
    for name, share in expected.items():
        error = math.sqrt(share * (1 - share) / n)
        assert abs(found[name] - share) < ALARM * error, (name, found)
    assert found["refused"] == 0.0 and found["lost_at_handon"] > 0.0


def test_a_crisis_is_always_opened():
    state = quiet()
    processes, row = dict(WEEK), np.array([5])
    for week in range(30):
        state.week += 1
        state.households.contact_route[row], state.households.contact_field[row] = CRISIS, 3
        set_level(state, row * F + 3, SEVERE)
        processes["intake"](state)
        assert state.needs.case[row[0] * F + 3] > 0, week
        state.needs.case[row * F + 3] = 0
        state.households.waiting_cases[row] = 0


def test_agencies_forget_whom_they_have_met_at_the_declared_rate():
    record = parameter_record(quiet().p)
    record["memory_fading"] = 0.5
    home = quiet().households.records[:1].copy()
    home["met_week"] = 0
    for years in (0, 1, 4):
        kept = np.mean([remembered(record[0], home[0], 52 * years, u) for u in GRID[::20]])
        assert kept == pytest.approx(math.exp(-0.5 * years), abs=2e-3)
    home["met_week"] = NEVER
    assert not remembered(record[0], home[0], 52, 1e-9)


def test_a_consultation_with_somebody_who_is_remembered_takes_less_time():
    hours = []
    for met in (NEVER, -1):
        state = quiet(NEXT_TO_NONE)
        state.week, state.p.intake.memory_fading = 0, 0.0
        state.households.met_week[:] = met
        calls(state, np.arange(300))
        dict(WEEK)["intake"](state)
        hours.append(state.households.door_hours.sum())
    assert hours[1] == pytest.approx(hours[0] * state.p.intake.repeat_hours)


def test_a_consultation_is_new_after_a_year_without_contact_or_case():
    state = quiet(NEXT_TO_NONE)
    processes, rows = dict(WEEK), np.array([1, 2, 3, 4])
    state.households.contacted_week[1] = state.week - 52
    state.households.contacted_week[2] = state.week - 53
    state.households.closed_week[3] = state.week - 10
    calls(state, rows)
    calls(state, np.array([5]), route=CRISIS)
    processes["intake"](state)
    assert state.flows["consultations_new"].sum() == 2  # households 2 and 4
    assert state.flows["consultations_repeat"].sum() == 2
    assert state.flows["came_back"].sum() == 1
    assert state.flows["first_ever_stages"].sum() == 5  # the crisis, which is no consultation, too


@pytest.mark.parametrize("ended", [True, False], ids=["need ended", "need stays"])
def test_however_a_case_ends_its_household_is_no_new_one(ended):
    state = quiet(PLENTY)
    row = 7
    cell = row * F + 3
    calls(state, np.array([row]))
    state.households.contact_route[row] = 0
    for case in (WAITING, OPEN):
        set_case(state, np.array([cell]), case)
    if ended:
        set_level(state, np.array([cell]), 0)
    set_case(state, np.array([cell]), NO_CASE)
    assert state.households.closed_week[row] == state.week
    assert state.flows["households_closed"].sum() == 1
    calls(state, np.array([row]))
    dict(WEEK)["intake"](state)
    assert state.flows["consultations_new"].sum() == 0 and state.flows["came_back"].sum() == 1


def referred(help: float) -> State:
    """A town in which every household has a manifest need that another scheme supports."""
    state = quiet(PLENTY)
    state.p.intake.referral_help = help
    rows = np.flatnonzero(~state.households.empty)
    set_level(state, rows * F + 3, MANIFEST)
    state.households.elsewhere_until[rows] = state.week + 26
    state.households.elsewhere_field[rows] = 3
    return state


def test_another_scheme_helps_as_far_as_is_declared_and_for_half_a_year():
    state = referred(1.0)
    cell = int(np.flatnonzero(~state.households.empty)[0]) * F + 3
    rate, casework = aid_elsewhere(state.records, cell), dict(WEEK)["casework"]
    light = state.case_hours[1] / state.case_hours[2]
    gain = state.p.casework.resolve_manifest - state.p.needs.recover_manifest
    assert rate == pytest.approx(gain * light)
    number = int((state.needs.level == MANIFEST).sum())
    for _ in range(30):
        casework(state)
        state.week += 1
    ended = number - int((state.needs.level == MANIFEST).sum())
    expected = number * -math.expm1(-rate * 26 / 52)
    assert abs(ended - expected) < ALARM * math.sqrt(expected)
    assert state.flows["resolved"].sum() == ended


def test_a_scheme_that_does_not_help_changes_nothing():
    state = referred(0.0)
    level = state.needs.level.copy()
    for _ in range(26):
        dict(WEEK)["casework"](state)
        state.week += 1
    np.testing.assert_array_equal(state.needs.level, level)
    assert not (state.needs.case == OPEN).any()
