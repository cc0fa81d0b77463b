"""Seats of commissioners: who gives up and why, how vacant seats are filled, and how many are new in a
term.

Seeds are fixed. Counts are held to ALARM standard errors, a chance of 2e-9 each; all tests of this
file together raise a false alarm with a chance below 1e-7.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.declared.vocabulary import ACTING, INTERESTED, MEMBERS, NEVER
from sim.model.commissioners import giving_up, recruits, refill, seat
from sim.model.flows import fresh_flows
from sim.model.processes.community import community
from sim.model.processes.noticing import noticing
from sim.model.start import build
from sim.model.state import State
from sim.model.transitions import set_rung
from sim.study.measures import measures_by_year
from sim.towns.town import District
from tests.laws import lived
from tests.towns import small_people, small_scenario

ALARM = 6.0
HOMES = 5  # households of a beat
STILL = {
    f"community.{name}": 0.0 for name in ("overload_worries", "overload_visits", "overload_beat")
}


def parish(**parameters: float) -> State:
    """A town of 2,000 households with a seat for every five of them, all filled, before its first
    week.
    """
    named = {f"community.{name}": value for name, value in parameters.items()}
    seats = {"town.minsei_per_1000hh": 1000.0 / HOMES, "town.minsei_fill": 1.0}
    state = build(small_scenario(2000, run_in_weeks=0, parameters=seats | named), 3)
    state.week = 1
    return state


def filled(state: State) -> np.ndarray:
    """Which seats (P,) are filled."""
    return state.beat[state.row_of[state.seats]] >= 0


def vacated(state: State) -> State:
    """The same town with all its seats vacant."""
    sitting = np.flatnonzero(state.residents.commissioner)
    state.residents.commissioner[sitting], state.beat[:] = False, -1
    set_rung(state, sitting, 0)
    return state


def near(found: float, share: float, n: int) -> bool:
    return abs(found - share) < ALARM * math.sqrt(share * (1 - share) / n)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("commissioner_dropout", 1.0),
        ("overload_worries", 0.5),
        ("overload_visits", 1.5),
        ("overload_beat", HOMES / 100),
    ],
)
def test_each_reason_adds_its_part_to_the_rate_of_giving_up(name, by_hand):
    """At worry .5, 150 visits and five households; at null of the three weights only the drop-out is
    left.
    """
    state = parish(**{one.split(".")[1]: 0.0 for one in STILL})
    slot = int(np.flatnonzero(state.residents.commissioner)[0])
    p = state.p.community
    assert giving_up(state.records, slot, 0.5) == pytest.approx(p.commissioner_dropout)
    before = giving_up(state.records, slot, 0.5)
    setattr(p, name, getattr(p, name) + 0.01)
    assert giving_up(state.records, slot, 0.5) - before == pytest.approx(0.01 * by_hand)


def test_commissioners_give_up_at_the_rate_by_hand():
    """A year of community work alone, nothing refilled: the share of seats vacant, of which a tenth
    of the rate more or less at the least would be refused; helper_dropout plays no part.
    """
    state = parish(commissioner_dropout=0.8, seat_refill=0.0, helper_dropout=0.0)
    p, seats = state.p.community, state.seats.size
    rate = 0.8 + p.overload_visits * state.p.noticing.minsei_visits / 100
    rate += p.overload_beat * HOMES / 100
    assert seats == 400 and filled(state).all()
    for _ in range(52):
        community(state)
        state.week += 1
    share = -math.expm1(-rate)
    assert near(1 - filled(state).mean(), share, seats)
    assert not near(1 - filled(state).mean(), -math.expm1(-0.12), seats)
    gone = ~filled(state)
    assert np.count_nonzero(state.residents.commissioner) == seats - gone.sum()
    assert (state.residents.ladder[state.residents.commissioner] == ACTING).all()


@pytest.mark.parametrize("supply", [1.0, 0.5, 0.0])
def test_vacant_seats_are_filled_at_the_declared_rate_by_those_there_are_to_ask(supply):
    """In a week that is not in April, of 400 vacant seats; half as many residents to ask fill half as
    many, none fill none.
    """
    state = vacated(parish(seat_refill=26.0))
    state.recruits_start = recruits(state) / supply if supply else np.full(3, 1e15)
    count, rounds = 0, 4
    for _ in range(rounds):
        state.week += 1
        state.flows = fresh_flows(state)
        refill(state)
        seated = filled(state).sum()
        assert seated == state.flows["commissioners_seated"][0]
        since = state.residents.commissioner_since
        assert (since[state.residents.commissioner] == state.week).all()
        count += seated
        vacated(state)
        state.recruits_start = recruits(state) / supply if supply else state.recruits_start
    share, n = -math.expm1(-26.0 * supply / 52), rounds * state.seats.size
    assert near(count / n, share, n) if share else count == 0
    if supply == 0.5:
        assert not near(count / n, -math.expm1(-26.0 / 52), n)


def test_a_district_without_anybody_to_ask_fills_no_seat_and_the_others_do():
    state = vacated(parish(seat_refill=52.0))
    state.recruits_start = recruits(state)
    district = state.households.district[np.arange(state.residents.rows) // MEMBERS]
    set_rung(state, np.flatnonzero((district == 0) & (state.residents.ladder > 0)), 0)
    refill(state)
    where = state.households.district[state.row_of[state.seats]]
    assert filled(state)[where == 0].sum() == 0 and filled(state)[where > 0].mean() > 0.5


def test_a_seat_belongs_to_its_beat_and_is_taken_once():
    state = parish()
    rows = state.row_of[state.seats]
    assert np.array_equal(np.unique(state.post), np.arange(state.seats.size))
    assert np.array_equal(state.post[rows], np.arange(state.seats.size))
    assert (np.bincount(state.post) == HOMES).all()
    before = state.beat.copy()
    assert seat(state, np.empty(0, dtype=np.int64)) == 0
    refill(state)
    assert np.array_equal(before, state.beat)
    assert (state.residents.commissioner_since == NEVER).all()


def test_a_district_too_small_for_a_seat_has_none_and_the_others_keep_theirs():
    shares = tuple(
        District(id=name, share=share) for name, share in (("a", 0.5), ("b", 0.01), ("c", 0.49))
    )
    scenario = small_scenario(people=small_people(2000, districts=shares), run_in_weeks=0)
    state = build(scenario, 3)
    where = state.households.district[state.row_of[state.seats]]
    assert np.bincount(where, minlength=3).tolist() == [4, 0, 4]
    assert (state.post[state.households.district == 1] == -1).all()
    vacated(state)
    state.p.community.seat_refill = 1e6
    refill(state)
    assert filled(state).all() and (state.beat[state.households.district == 1] == -1).all()


def test_seats_settle_where_giving_up_and_refilling_balance():
    """Community work alone for twelve years at a rate of giving up of .5: by hand 1.3 / (1.3 + .5) of
    the seats are filled, and 1 - exp(-3 x .5) of the commissioners are new within a term.
    """
    state = parish(
        commissioner_dropout=0.5, seat_refill=1.3, overload_visits=0.0, overload_beat=0.0
    )
    state.p.community.overload_worries = 0.0
    shares, new = [], []
    for _ in range(12 * 52):
        state.recruits_start = recruits(state)
        community(state)
        state.week += 1
        if state.week > 6 * 52 and state.week % 104 == 0:
            sitting = state.residents.commissioner
            since = state.residents.commissioner_since[sitting]
            shares.append(filled(state).mean())
            new.append((since > state.week - 156).mean())
    share, fresh, n = 1.3 / 1.8, -math.expm1(-1.5), state.seats.size
    assert near(np.mean(shares), share, n) and near(np.mean(new), fresh, int(share * n))


def test_a_burdened_commissioner_stays_where_another_helper_steps_back():
    """Above the limit of worry at once; nobody is drawn to leave in a week of noticing."""
    state = parish()
    helpers = np.flatnonzero(state.residents.ladder == ACTING)
    sitting = state.residents.commissioner[helpers]
    state.residents.worry[helpers] = 2 * state.p.noticing.worry_limit
    noticing(state)
    assert sitting.sum() == 400 and (~sitting).sum() > 100
    assert (state.residents.ladder[helpers] == np.where(sitting, ACTING, INTERESTED)).all()
    assert filled(state).all() and (state.residents.worry[helpers[~sitting]] == 0).all()


def test_the_year_tells_seats_filled_and_who_is_new():
    town = lived(small_scenario(2000, run_in_weeks=0, years=2))
    table, weekly = measures_by_year(town.table, 4460, 2000), town.table
    values = table[table["year"] == 2].set_index("measure")["value"]
    year = weekly[weekly["week"] >= 52]
    share = year["commissioners"].mean() / year["seats"].mean()
    assert values["seats_filled"] == pytest.approx(100 * share)
    fresh = year["commissioners_new"].mean() / year["commissioners"].mean()
    assert values["new_in_term"] == pytest.approx(100 * fresh)
    assert values["commissioners_seated"] == year["commissioners_seated"].sum()
    assert (weekly["seats"] == 8).all() and (weekly["commissioners"] <= 8).all()
