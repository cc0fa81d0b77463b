"""Public assistance: who comes on it, what it meets, how it ends, who does the work."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.declared.vocabulary import (
    ASSISTANCE_WORKER,
    CASEWORKER,
    LATENT,
    MANIFEST,
    NEVER,
    NO_CASE,
    OPEN,
    POVERTY,
    SEVERE,
    F,
)
from sim.model.flows import fresh_flows
from sim.model.processes import WEEK
from sim.model.processes.assistance import assistance
from sim.model.processes.needs import needs
from sim.model.start import build
from sim.model.state import State
from sim.model.town import Town
from sim.model.transitions import empty_home, set_case, set_level
from sim.towns.town import AssistanceOffice
from tests.towns import small_organisation, small_scenario

ALARM = 6.0  # standard errors: one false alarm in 5e8
ALL = {"assistance.init_assistance": 1.0, "town.frailty_var": 0.0}
NOBODY = {"assistance.init_assistance": 0.0}


def town(households: int = 3000, /, **parameters: float) -> State:
    """A town before its first week, with nobody in need."""
    named = {name.replace("__", "."): value for name, value in parameters.items()}
    state = build(small_scenario(households, run_in_weeks=0, parameters=named), 3)
    set_level(state, np.flatnonzero(state.needs.level), 0)
    set_case(state, np.flatnonzero(state.needs.case), NO_CASE)
    state.needs.relapse_level[:] = 0
    state.flows = fresh_flows(state)
    return state


def poor(state: State, rows: np.ndarray, level: int) -> None:
    """Households `rows` have a poverty need of `level`, borne by their first member."""
    cells = rows * F + POVERTY
    set_level(state, cells, level)
    state.needs.bearer[cells] = 0


def near(count: float, expected: float, chance: float) -> bool:
    """Whether a count lies within ALARM standard errors of its expectation."""
    return abs(count - expected) <= ALARM * math.sqrt(max(expected * (1 - chance), 1.0))


def weekly(rate: float) -> float:
    """The chance of a week at a yearly rate."""
    return 1.0 - math.exp(-rate / 52)


@pytest.mark.parametrize("level, name", [(MANIFEST, "entry_manifest"), (SEVERE, "entry_severe")])
@pytest.mark.parametrize("supported", [False, True])
def test_it_begins_by_the_level_of_poverty_known_or_not_and_more_in_support(level, name, supported):
    state = town(**{f"assistance.{name}": 5.0}, **NOBODY)
    rows = np.arange(state.households.rows)
    poor(state, rows, level)
    factor = state.p.assistance.assistance_found if supported else 1.0
    if supported:
        worker = np.flatnonzero(state.workers.duty == CASEWORKER)[0]
        cells = rows * F  # supported for whatever need
        state.needs.worker[cells], state.needs.agency[cells] = worker, state.workers.agency[worker]
        set_case(state, cells, OPEN)
    assistance(state)
    chance = weekly(5.0 * factor)
    assert near(state.households.assistance.sum(), rows.size * chance, chance)
    assert state.flows["assistance_entries"][0] == state.households.assistance.sum()


def test_latent_poverty_brings_nobody_on_it():
    state = town(**{"assistance.entry_manifest": 50.0, "assistance.entry_severe": 50.0}, **NOBODY)
    poor(state, np.arange(state.households.rows), LATENT)
    assistance(state)
    assert not state.households.assistance.any()


def test_it_meets_the_need_and_none_begins_while_it_lasts():
    state = town(**{"assistance.entry_manifest": 500.0, "needs.onset_latent": 20.0}, **NOBODY)
    rows = np.arange(state.households.rows)
    poor(state, rows, MANIFEST)
    set_case(state, rows * F + POVERTY, OPEN)
    assistance(state)
    on = state.households.assistance
    assert on.mean() > 0.99
    cells = np.flatnonzero(on) * F + POVERTY
    assert not state.needs.level[cells].any() and not state.needs.case[cells].any()
    assert state.flows["needs_met"][0] == on.sum()
    for _ in range(8):
        state.week += 1
        needs(state)
    assert not state.needs.level[cells].any()
    assert state.needs.level.reshape(-1, F)[:, 0].any(), "other needs begin"


@pytest.mark.parametrize("short", [True, False])
def test_it_ends_by_its_kind_and_the_need_comes_back_in_part(short):
    state = town(**{"assistance.exit_short": 20.0, "assistance.exit_long": 8.0}, **ALL)
    rows = np.flatnonzero(state.households.assistance)
    state.households.assistance_short[:] = short
    state.households.assistance_since[:] = -52 * 4
    assistance(state)
    chance = weekly(20.0 if short else 8.0)
    ended = rows[~state.households.assistance[rows]]
    assert near(ended.size, rows.size * chance, chance)
    assert state.flows["assistance_exits"].tolist() == [0, 0, ended.size, 0]
    back = (state.needs.level[ended * F + POVERTY] == MANIFEST).sum()
    share = state.p.assistance.assist_return
    assert near(back, ended.size * share, share)
    assert (state.needs.bearer[ended * F + POVERTY] >= 0).sum() >= back


def test_a_household_that_is_gone_ends_it():
    state = town(**ALL)
    rows = np.flatnonzero(state.households.assistance)[:5]
    state.households.assistance_since[rows] = [-10, -60, -200, -600, -700]
    for row in rows:
        empty_home(state.records, state.week, row)
    assert state.flows["assistance_exits"].tolist() == [1, 1, 1, 2]
    assert not state.households.assistance[rows].any()


def test_the_start_holds_as_many_for_as_long_as_a_stock_that_stands_still():
    """By hand: who ends by death or a move, `gone`, differs by household; a town without deaths and
    moves of its own gives the plain mixture.
    """
    still = {"population.turnover": 0.05, "population.death_rate_65": 0.0}
    state = build(small_scenario(40_000, run_in_weeks=0, parameters=still), 4)
    p, homes, gone = state.p.assistance, state.households, 0.05
    on = homes.assistance
    assert near(on.sum(), homes.rows * p.init_assistance, 0.0)
    short = p.short_share / (p.exit_short + gone)
    short /= short + (1 - p.short_share) / (p.exit_long + gone)
    assert near(homes.assistance_short[on].sum(), on.sum() * short, short)
    years = (state.week - homes.assistance_since[on & ~homes.assistance_short]) / 52
    chance = math.exp(-10 * (p.exit_long + gone))
    older = state.residents.age.reshape(-1, 5)[on & ~homes.assistance_short].max(axis=1) >= 60
    assert near((years[older] >= 10).sum(), older.sum() * chance, chance)
    assert (state.needs.level.reshape(-1, F)[on, POVERTY] == 0).all()


def test_newcomers_bring_it_as_a_new_stay():
    state = town(**{"population.turnover": 30.0, **ALL})
    state.households.assistance[:] = False
    dict(WEEK)["calendar"](state)
    dict(WEEK)["population"](state)
    new = np.flatnonzero(state.households.occupant > 0)
    on = state.households.assistance
    assert new.size > 100 and on[new].mean() > 0.3 and not np.delete(on, new).any()
    assert (state.households.assistance_since[on] == state.week).all()
    assert state.flows["assistance_entries"][0] == on.sum()


def test_its_caseworkers_do_the_work_and_no_other_desk_does():
    quiet = {"assistance.hours_month_assistance": 1.0}
    busy = {"assistance.hours_month_assistance": 1.5}
    towns = [
        Town(small_scenario(3000, years=1, run_in_weeks=4, parameters=one), 1)
        for one in (quiet, busy)
    ]
    for one in towns:
        one.step()
    workers = [one.state.workers for one in towns]
    own = workers[0].duty == ASSISTANCE_WORKER
    asked = [one.asked[own].sum() for one in workers]
    assert asked[1] == pytest.approx(1.5 * asked[0])
    on = towns[0].state.households.assistance.sum()
    assert asked[0] == pytest.approx(on * 12 / 52, rel=0.05)
    assert np.array_equal(workers[0].load[~own], workers[1].load[~own])
    assert (workers[1].load[own] > workers[0].load[own]).all()


def test_posts_follow_the_norm_unless_the_town_says_otherwise():
    state = build(small_scenario(3000, run_in_weeks=0), 1)
    own = state.workers.duty == ASSISTANCE_WORKER
    assert state.workers.post[own].sum() == pytest.approx(3000 * 0.03 / 80, rel=0.01)
    office = AssistanceOffice(posts=4, owner="prefecture")
    organisation = small_organisation(assistance=office)
    state = build(small_scenario(3000, run_in_weeks=0, organisation=organisation), 1)
    own = state.workers.duty == ASSISTANCE_WORKER
    assert state.workers.post[own].sum() == 4
    assert state.agencies.prefecture[state.assistance_row]


def test_who_was_never_on_it_has_no_date():
    state = town(**NOBODY)
    assert (state.households.assistance_since == NEVER).all()
