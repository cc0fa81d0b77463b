"""A town of six households filled in by hand, so that a test can say what every view must show."""

from __future__ import annotations

import numpy as np

from sim.declared.tables import Agencies, Districts, Households, Needs, Residents, Ties, Workers
from sim.declared.vocabulary import ACTING, FIELDS, MANIFEST, MEMBERS, OPEN, SEVERE, WAITING, F
from sim.model.flows import fresh_flows
from sim.model.state import State
from sim.model.streams import Streams
from sim.model.town import Town
from sim.model.transitions import recount, set_case, set_level
from tests.towns import small_scenario

AGES = ((82,), (70, 68), (90, 58), (40, 38, 9, 6), (35, 4), (28,))
TIED = (
    (0, 1, 0, 1, True),
    (0, 3, 0, 0, True),
    (1, 3, 0, 1, True),
    (2, 4, 1, 0, False),
)  # a, b, places, live


def cell(row: int, field: str) -> np.ndarray:
    """The need of one household and field."""
    return np.array([row * F + FIELDS.index(field)])


def tiny_state(seed: int = 1, run_in_weeks: int = 0, years: int = 1) -> State:
    """Six households, four ties (one asleep), two agencies, three workers, needs of every stage, a
    case open, one waiting.
    """
    state = State(small_scenario(100, run_in_weeks=run_in_weeks, years=years), Streams(seed))
    _people(state)
    _ties(state)
    _staff(state)
    recount(state)
    state.flows = fresh_flows(state)
    _needs(state)
    return state


def _people(state: State) -> None:
    count = len(AGES)
    state.households, state.needs = Households(count), Needs(count * F)
    state.residents, state.districts = Residents(count * MEMBERS), Districts(2)
    state.households.id[:] = np.arange(count) + 100
    state.households.district[:] = (0, 0, 0, 1, 1, 1)
    state.households.kind[:] = (0, 1, 2, 3, 4, 5)
    state.row_of = np.arange(count)
    for row, ages in enumerate(AGES):
        state.residents.age[row * MEMBERS : row * MEMBERS + len(ages)] = ages
    state.residents.away[2 * MEMBERS] = True  # the parent of household 2 is in hospital
    state.residents.commissioner[3 * MEMBERS] = True
    state.residents.worry[:] = np.linspace(0, 1, count * MEMBERS)
    state.residents.ladder[3 * MEMBERS] = ACTING


def _ties(state: State) -> None:
    state.ties = ties = Ties(len(TIED))
    ties.a[:], ties.b[:], ties.a_place[:], ties.b_place[:], ties.live[:] = zip(*TIED, strict=True)
    ends = [[edge for edge, tie in enumerate(TIED) if row in tie[:2]] for row in range(len(AGES))]
    state.tie_start = np.cumsum([0, *map(len, ends)])
    state.tie_edges = np.array([edge for edges in ends for edge in edges])


def _staff(state: State) -> None:
    state.agencies, state.workers = Agencies(2), Workers(3)
    state.agencies.key[:], state.agencies.field[:] = (71, 72), (0, -1)
    state.workers.id[:], state.workers.agency[:], state.workers.post[:] = (
        (7100, 7101, 7200),
        (0, 0, 1),
        (1.0, 0.5, 1.0),
    )
    state.workers.vacant_until[1] = state.week + 9
    state.worker_start = np.array([0, 2, 3])
    state.familiarity = np.array([[1.0, 0.25], [0.25, 1.0]])


def _needs(state: State) -> None:
    for row, field, level in (
        (0, "elderly", 1),
        (1, "elderly", MANIFEST),
        (2, "disability", SEVERE),
        (2, "gap", 1),
        (4, "child", MANIFEST),
        (4, "poverty", MANIFEST),
    ):
        set_level(state, cell(row, field), level)
        state.needs.bearer[cell(row, field)] = 1 if (row, field) == (4, "child") else 0
    opened, waits = cell(1, "elderly"), cell(4, "poverty")
    set_case(state, opened, OPEN)
    set_case(state, waits, WAITING)
    state.needs.agency[opened], state.needs.worker[opened], state.needs.agency[waits] = 0, 0, 1
    state.households.watched_until[0] = state.week + 4
    state.households.watcher[0] = 3 * MEMBERS


def nothing(_state: State) -> None:
    """A process that leaves the town as it is."""


def tiny_town(seed: int = 1, **changes) -> Town:
    """A Town on the tiny state, in which weeks pass and nothing happens."""
    state = tiny_state(seed, **changes)
    return Town(state.scenario, seed, state=state, week_order=[("nothing", nothing)])
