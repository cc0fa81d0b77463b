"""Dates of events: chances are exact, whatever a rate does below the one at which dates are drawn;
what dates depend on draws them anew.

The seeds are fixed; FALSE_ALARM is the chance that a correct model would fail any test here.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.declared.vocabulary import LATENT, NEVER, SEVERE, F
from sim.model.course import Course
from sim.model.kernel import among_some, is_due, kernel, occurs, total, uniform, weeks_until
from sim.model.processes import WEEK
from sim.model.processes.crises import crises
from sim.model.processes.needs import needs
from sim.model.processes.population import population
from sim.model.scans import after, any_of, due, positive
from sim.model.start import build
from sim.model.streams import Streams, weekly_chance
from sim.model.town import Town
from sim.model.transitions import _each_empty, set_level
from sim.scenario.scenario import Trend

from .towns import small_scenario

FALSE_ALARM = 1e-8
LUCK = Streams(20)
ROWS, WEEKS = 4000, 300


@kernel
def _dated(dates, week, keys, most, rate, happened):
    for row in due(dates, week):
        if is_due(dates, row, week, keys[0], row, most):
            happened[row] = among_some(uniform(keys[1], row), rate, most)


@kernel
def _both(keys, row, rates, found):
    some = False
    if uniform(keys[0], row) < -np.expm1(-(rates[0] + rates[1]) / 52):
        rest = rates[0] + rates[1]
        for i in range(2):
            found[i] = occurs(uniform(keys[1], row * 2 + i), rates[i], rest, some)
            some = some or found[i]
            rest -= rates[i]


@pytest.mark.parametrize("most", [0.7, 30.0])
def test_an_event_on_a_date_has_the_chance_of_its_rate_in_every_week(most):
    """The rate goes up and down below the one at which dates are drawn."""
    dates, hits = np.full(ROWS, NEVER, dtype=np.int32), np.zeros(5, dtype=int)
    factors = np.array([0.0, 0.2, 0.5, 0.9, 1.0])
    for week in range(WEEKS):
        happened = np.zeros(ROWS, dtype=bool)
        keys = LUCK.keys((f"date {most}", f"event {most}"), week)
        _dated(dates, week, keys, most, factors[week % 5] * most, happened)
        hits[week % 5] += happened.sum()
    trials = ROWS * WEEKS // 5
    for count, chance in zip(hits, weekly_chance(factors * most), strict=True):
        assert stats.binomtest(int(count), trials, float(chance)).pvalue > FALSE_ALARM / 20


def test_two_events_of_a_week_are_as_independent_as_drawn_apart():
    rates, counts = np.array([20.0, 45.0]), np.zeros((2, 2), dtype=int)
    for week in range(60):
        keys = LUCK.keys(("either", "which"), week)
        for row in range(1000):
            found = np.zeros(2, dtype=bool)
            _both(keys, row, rates, found)
            counts[int(found[0]), int(found[1])] += 1
    one, other = weekly_chance(rates)
    expected = np.outer([1 - one, one], [1 - other, other]) * counts.sum()
    assert stats.chisquare(counts.ravel(), expected.ravel()).pvalue > FALSE_ALARM / 20


def test_weeks_until_an_event_are_those_of_a_weekly_chance():
    waits = np.array([weeks_until(u, 13.0) for u in LUCK.uniform("wait", 0, np.arange(40_000))])
    chance = float(weekly_chance(13.0))
    assert waits.min() == 1
    for week in (1, 2, 5, 10):
        hits = int((waits == week).sum())
        p = chance * (1 - chance) ** (week - 1)
        assert stats.binomtest(hits, waits.size, p).pvalue > FALSE_ALARM / 20
    assert weeks_until(0.5, 0.0) > 1000


def test_a_rate_above_the_one_of_its_dates_is_refused():
    """Rather than cut without a word; rounding is none of it."""
    assert among_some(0.999999999, 1.0 + 1e-9, 1.0)
    assert not among_some(0.5, 0.0, -1e-17)
    with pytest.raises(ValueError, match="above"):
        among_some(0.5, 1.1, 1.0)


@pytest.mark.parametrize("size", [0, 1, 7, 63, 64, 65, 1000])
def test_rows_are_found_in_order(size):
    rng = np.random.default_rng(size)
    dates = rng.integers(-50, 50, size).astype(np.int32)
    np.testing.assert_array_equal(due(dates, -40), np.flatnonzero(dates <= -40))
    for dtype in (np.int16, np.int32):
        values = dates.astype(dtype)
        np.testing.assert_array_equal(after(values, 40), np.flatnonzero(values > 40))
    worry = np.where(rng.random(size) < 0.1, rng.random(size), 0.0).astype(np.float32)
    np.testing.assert_array_equal(positive(worry), np.flatnonzero(worry))
    columns = (rng.random((3, size)) < 0.1).astype(np.int8)
    np.testing.assert_array_equal(any_of(*columns), np.flatnonzero(columns.any(axis=0)))
    assert total(worry) == pytest.approx(worry.sum(dtype=float))


def town(*own) -> Course:
    course = Course(small_scenario(300, run_in_weeks=4), 1, week_order=(*WEEK, *own))
    course.step()
    return course


def dates_of(course: Course) -> np.ndarray:
    households = course.state.households
    return np.stack([households.move_due, households.death_due, households.need_due])


def test_dates_are_drawn_anew_where_their_parameter_changes():
    """Else the rate of the old value would stay for years. Others keep theirs, so that arms which
    differ in a parameter stay paired in everything that does not depend on it.
    """
    course, plain = town(), town()
    course.state.p.population.turnover = 50.0
    plain.state.p.outreach.p_detect_visit *= 0.5
    deaths, moves = dates_of(course)[1].copy(), dates_of(plain)[0].copy()
    course.step()
    plain.step()
    assert course.table.moved_in.iloc[-1] > 0.5 * 300
    stayed = moves > plain.week
    assert (dates_of(plain)[0] == moves)[stayed].all() and stayed.mean() > 0.9
    untouched = course.state.households.occupant == 0
    assert (dates_of(course)[1] == deaths)[untouched & (deaths > course.week)].all()


@pytest.mark.parametrize(
    ("table", "column", "factor", "which"),
    [("needs", "susceptibility", 2.0, 2), ("residents", "age", 1, 1)],
)
def test_a_users_own_process_may_change_what_dates_depend_on(table, column, factor, which):
    def older_or_frailer(state):
        array = getattr(state.tables()[table], column)
        array[: len(array) // 2] = array[: len(array) // 2] * factor + (factor == 1)

    changed, plain = town(("own", older_or_frailer)), town()
    one, other = dates_of(changed), dates_of(plain)
    half = one.shape[1] // 2
    assert (one[which, :half] == NEVER).mean() > 0.9
    np.testing.assert_array_equal(one[:, half + 1 :], other[:, half + 1 :])
    there = changed.state.households.occupant == plain.state.households.occupant
    assert there.mean() > 0.95  # the older may die, and others move in
    np.testing.assert_array_equal(one[0, there], other[0, there])


def test_a_process_of_the_model_draws_no_date_anew():
    assert {name for name, _process in WEEK} == {name for name, _p in town().week_order}
    course = town()
    before = dates_of(course)[0].copy()
    course.step()
    after_it = dates_of(course)[0]
    assert (after_it == before)[before > course.week].all()


def test_a_run_begins_like_a_longer_one_whatever_the_trend():
    """Dates are drawn at a rate that follows from the week, not from the length of the run."""
    runs = []
    for years in (1, 5):
        trend = Trend(onset=0.2)
        course = Course(small_scenario(150, run_in_weeks=4, years=years, trend=trend), 2)
        runs.append(course.run(until=52).drop(columns="seed", errors="ignore"))
    assert runs[0].equals(runs[1])


def test_support_that_does_harm_spares_no_other_event_its_chance():
    """A need that cannot ease leaves the chance of worsening as it is."""
    changes = {"needs.recover_latent": 0.2, "needs.escalate_latent": 40.0}
    state = build(small_scenario(20_000, run_in_weeks=0, parameters=changes), 3)
    cells = np.flatnonzero(state.needs.level == LATENT)
    lone = cells[state.households.active[cells // F] == 1]
    state.needs.aid[lone] = -5.0
    expected = weekly_chance(40.0 * hazard_ratio(state, lone))
    needs(state)
    risen = (state.needs.level[lone] > LATENT).sum()
    spread = np.sqrt((expected * (1 - expected)).sum())
    assert abs(risen - expected.sum()) < 6 * spread


def hazard_ratio(state, cells):
    """What their speed and surroundings make of the rate at which lone latent needs surface."""
    p, rows = state.p.needs, cells // F
    ratio = np.where(state.households.ties[rows] > 0, 1.0, p.isolation_hazard_ratio)
    ratio = np.where(state.needs.slow[cells], ratio * p.slow_escalate, ratio)
    watched = state.households.watched_until[rows] > state.week
    return np.where(watched, ratio * p.neighbour_help_effect, ratio)


def test_a_process_that_stands_in_for_one_of_the_model_is_watched():
    def population_and_more(state):
        dict(WEEK)["population"](state)
        state.needs.susceptibility[:] *= 3.0

    week = [(n, population_and_more if n == "population" else p) for n, p in WEEK]
    course = Course(small_scenario(200, run_in_weeks=2), 1, week_order=week)
    for _ in range(5):
        course.step()


def test_an_error_of_a_week_says_where_it_happened():
    course = town()
    course.state.households.readiness[:] = 1e6
    with pytest.raises(ValueError, match="declared") as told:
        for _ in range(50):
            course.step()
    assert "asking" in told.value.__notes__[0] and "week" in told.value.__notes__[0]


@pytest.mark.parametrize("name", ["proneness", "isolated", "door", "need_due", "move_due"])
def test_what_follows_from_other_columns_is_read_only_on_a_household(name):
    household = Town(small_scenario(100, run_in_weeks=0), 1).households[3]
    with pytest.raises(AttributeError, match="read-only"):
        setattr(household, name, 1)


def test_a_household_made_frailer_has_other_dates():
    town = Town(small_scenario(100, run_in_weeks=2), 1)
    town.step()
    household = town.households[3]
    household.frailty = 30.0
    assert town.state.households.need_due[household.row] == NEVER
    for _ in range(20):
        town.step()


def test_ties_form_between_homes_that_are_lived_in():
    trend = Trend(ties=0.2)
    state = build(small_scenario(300, run_in_weeks=0, trend=trend), 1)
    rows = np.arange(0, 300, 2)
    _each_empty(state.records, 0, rows)
    for _ in range(52):
        population(state)
        state.week += 1
    ends = np.append(state.ties.a[state.ties.live], state.ties.b[state.ties.live])
    assert not state.households.empty[ends].any() and state.households.empty.sum() > 50


def test_a_crisis_of_a_need_that_nobody_bears_takes_nobody_away():
    parameters = {"crises.crisis_rate_severe": 50.0, "crises.crisis_end": 1.0}
    state = build(small_scenario(300, run_in_weeks=0, parameters=parameters), 1)
    set_level(state, np.arange(300) * F, SEVERE)
    state.needs.bearer[:] = -1
    before = state.residents.away.sum()
    crises(state)
    assert state.flows["crises"].sum() > 50
    assert state.residents.away.sum() == before
