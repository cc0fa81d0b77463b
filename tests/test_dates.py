"""Dates of events: chances are exact, whatever a rate does below the one at which dates are drawn;
what dates depend on draws them anew.

The seeds are fixed; FALSE_ALARM is the chance that a correct model would fail any test here.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.declared.vocabulary import NEVER
from sim.model.course import Course
from sim.model.kernel import (
    after,
    among_some,
    any_of,
    due,
    is_due,
    kernel,
    occurs,
    positive,
    total,
    uniform,
    weeks_until,
)
from sim.model.processes import WEEK
from sim.model.streams import Streams, weekly_chance

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


def test_dates_are_drawn_anew_where_a_parameter_changes():
    """Else the rate of the old value would stay for years."""
    course = town()
    course.state.p.population.turnover = 50.0
    course.step()
    assert course.table.moved_in.iloc[-1] > 0.5 * 300


@pytest.mark.parametrize(
    ("table", "column", "factor", "which"),
    [("needs", "susceptibility", 2.0, 2), ("residents", "age", 1, 1)],
)
def test_a_users_own_process_may_change_what_dates_depend_on(table, column, factor, which):
    def older_or_frailer(state):
        array = getattr(state.tables()[table], column)
        array[: len(array) // 2] = array[: len(array) // 2] * factor + (factor == 1)

    one, other = dates_of(town(("own", older_or_frailer))), dates_of(town())
    half = one.shape[1] // 2
    assert (one[which, :half] == NEVER).mean() > 0.9
    np.testing.assert_array_equal(one[:, half + 1 :], other[:, half + 1 :])
    np.testing.assert_array_equal(one[0], other[0])


def test_a_process_of_the_model_draws_no_date_anew():
    assert {name for name, _process in WEEK} == {name for name, _p in town().week_order}
    course = town()
    before = dates_of(course)[0].copy()
    course.step()
    after_it = dates_of(course)[0]
    assert (after_it == before)[before > course.week].all()
