"""Waiting against theory: agencies of c workers who hold one case each, arrivals at random, ends at
random.

A week is the model's step, so the exact counterpart is the M/M/c queue seen in whole weeks: a
Markov chain of the number in the system, whose limit for short weeks is Erlang's formula. False
alarm 1e-6 for each test, by the central limit theorem over independent agencies.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from scipy.stats import binom, norm, poisson

from sim.declared.vocabulary import MANIFEST, NO_CASE, OPEN, WAITING, F
from sim.model.processes.admission import admission
from sim.model.start import build
from sim.model.state import State
from sim.model.transitions import queue, set_case, set_level
from sim.towns.town import AgencyRecord
from tests.towns import label, small_organisation, small_scenario

FALSE_ALARM = 1e-6
AGENCIES, WEEKS, SETTLING = 195, 800, 100
CASES = [
    (1, 0.05, 0.1),
    (3, 0.18, 0.1),
    (4, 0.8, 0.25),
]  # workers of an agency, arrivals a week, chance that a case ends in a week
MOST = 160  # in one system; never reached at these loads


def chain(workers: int, arrivals: float, ends: float) -> np.ndarray:
    """Stationary distribution (MOST,) of the number in a system after admission, week by week."""
    come = poisson.pmf(np.arange(MOST), arrivals)
    move = np.zeros((MOST, MOST))
    for here in range(MOST):
        served = min(here, workers)
        for done, chance in enumerate(binom.pmf(np.arange(served + 1), served, ends)):
            left = here - done
            move[here, left:] += chance * come[: MOST - left]
        move[here, -1] += max(0.0, 1 - move[here].sum())
    share = np.maximum(0.0, np.linalg.matrix_power(move, 1 << 14)[0])
    return share / share.sum()


def mean_wait(workers: int, arrivals: float, ends: float) -> float:
    """Mean weeks in the queue of the chain, by Little's law."""
    return (
        float(chain(workers, arrivals, ends) @ np.maximum(0, np.arange(MOST) - workers)) / arrivals
    )


def erlang_wait(workers: int, arrivals: float, rate: float) -> float:
    """Mean wait of M/M/c (Erlang C)."""
    offered = arrivals / rate
    full = offered**workers / factorial(workers) / (1 - offered / workers)
    waits = full / (full + sum(offered**k / factorial(k) for k in range(workers)))
    return waits / (workers * rate - arrivals)


def offices(workers: int, cases_each: int = 1) -> State:
    """AGENCIES agencies of `workers` workers, nobody in need; a worker is full with `cases_each`
    cases.
    """
    listed = [
        AgencyRecord(id=field, name=label(field), field=field, posts={"contract": 1.0})
        for field in ("elderly", "disability", "child")
    ]
    listed += [
        AgencyRecord(
            id=f"office {n}",
            name=label(f"office {n}"),
            field="poverty",
            posts={"contract": float(workers)},
        )
        for n in range(AGENCIES)
    ]
    state = build(
        small_scenario(
            8_000,
            organisation=small_organisation(agencies=tuple(listed), posts_per_100k=None),
            run_in_weeks=0,
            parameters={"intake.renege": 0.0, "casework.tie_loss_at_service": 0.0},
        ),
        1,
    )
    needs = state.needs
    set_level(state, np.flatnonzero(needs.level), 0)
    state.workers.usable[:] = state.workers.present[:] = 1.0
    state.case_hours[:] = state.p.intake.admission_limit / cases_each
    return state


class Office:
    """The offices, week by week: cases end, people come, admission opens what it can."""

    def __init__(self, state: State, arrivals: float, ends: float, begin_with: np.ndarray):
        self.state, self.ends, self.luck = state, ends, np.random.default_rng(20_250_401)
        self.arrivals = arrivals
        self.waited, self.opened, self.queues = (np.zeros(AGENCIES) for _ in range(3))
        self._come(self.luck.choice(begin_with.size, AGENCIES, p=begin_with))

    def live(self, weeks: int) -> None:
        for _ in range(weeks):
            self.state.week += 1
            self._end()
            self._come(self.luck.poisson(self.arrivals, AGENCIES))

    def _end(self) -> None:
        needs = self.state.needs
        held = np.flatnonzero(needs.case == OPEN)
        ended = held[self.luck.random(held.size) < self.ends]
        set_case(self.state, ended, NO_CASE)
        set_level(self.state, ended, 0)
        held = np.flatnonzero(needs.case == OPEN)
        self.state.workers.asked = np.bincount(
            needs.worker[held],
            weights=self.state.case_hours[needs.level[held]],
            minlength=self.state.workers.rows,
        )

    def _come(self, number: np.ndarray) -> None:
        state, needs = self.state, self.state.needs
        free = np.flatnonzero(state.households.active == 0) * F + 3
        cells = self.luck.permutation(free)[: number.sum()]
        set_level(state, cells, MANIFEST)
        queue(state, cells, 3 + np.repeat(np.arange(AGENCIES), number), 0, False, False)
        waiting = np.flatnonzero(needs.case == WAITING)
        admission(state)
        opened = waiting[needs.case[waiting] == OPEN]
        self.waited += np.bincount(
            needs.agency[opened] - 3,
            weights=state.week - needs.waiting_since[opened],
            minlength=AGENCIES,
        )
        self.opened += np.bincount(needs.agency[opened] - 3, minlength=AGENCIES)
        self.queues += np.bincount(
            needs.agency[waiting[needs.case[waiting] == WAITING]] - 3, minlength=AGENCIES
        )


def lived(workers: int, arrivals: float, ends: float, cases_each: int = 1) -> Office:
    """Offices that begin in their stationary state and are measured after SETTLING weeks."""
    office = Office(offices(workers, cases_each), arrivals, ends, chain(workers, arrivals, ends))
    office.live(SETTLING)
    for tally in (office.waited, office.opened, office.queues):
        tally[:] = 0.0
    office.live(WEEKS)
    return office


def surprise(values: np.ndarray, expected: float | np.ndarray = 0.0) -> float:
    """Chance of a mean of independent `values` as far from `expected`, if it were theirs."""
    apart = values - expected
    return float(2 * norm.sf(abs(apart.mean()) / (apart.std(ddof=1) / np.sqrt(apart.size))))


@pytest.mark.parametrize(("workers", "arrivals", "ends"), CASES)
def test_waiting_agrees_with_theory(workers: int, arrivals: float, ends: float):
    """Mean wait of the cases opened, and mean length of the queue; a wait half as long again would
    be seen.
    """
    office = lived(workers, arrivals, ends)
    expected = mean_wait(workers, arrivals, ends)
    assert surprise(office.waited - expected * office.opened) > FALSE_ALARM / 2
    assert surprise(office.queues / WEEKS, expected * arrivals) > FALSE_ALARM / 2
    assert office.state.flows["reneged"].sum() == 0
    assert np.bincount(office.state.needs.worker[office.state.needs.case == OPEN]).max() == 1
    assert surprise(office.waited - 1.5 * expected * office.opened) < FALSE_ALARM


def test_two_cases_a_worker_are_another_theory():
    """The comparison sees a worker who takes a case more than the rule allows."""
    office = lived(*CASES[1], cases_each=2)
    assert surprise(office.waited - mean_wait(*CASES[1]) * office.opened) < FALSE_ALARM


@pytest.mark.parametrize(("workers", "arrivals", "ends"), CASES)
def test_the_chain_is_the_queue_of_erlang_in_short_weeks(
    workers: int, arrivals: float, ends: float
):
    """With weeks cut into forty parts the chain waits as M/M/c does, to one part in fifty."""
    expected = erlang_wait(workers, arrivals / 40, ends / 40)
    assert mean_wait(workers, arrivals / 40, ends / 40) == pytest.approx(expected, rel=0.02)
