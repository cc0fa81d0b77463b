"""The door of an agency: households that have made contact and wait for their first consultation.

Each household waits at one agency with the hours that its consultation still requires. Hours are
conserved: hours that joined are done, have left without a consultation, or still wait. Source:
model section 8.1.
"""

from __future__ import annotations

import numpy as np

from sim.declared.tables import Households
from sim.declared.vocabulary import NEVER, F
from sim.model.flows import flow_place
from sim.model.kept import count_again, counted_at
from sim.model.kernel import in_turn, kernel, numbers, sort, uniform
from sim.model.scans import after
from sim.model.state import State

COLUMNS = tuple(
    f"households.{name}" for name in Households.declarations() if name.startswith("door")
)
NEARLY_NONE = 1e-9  # hours; a smaller remainder is a rounding error
HOURS_JOINED, HOURS_LEFT = flow_place("consultation_joined"), flow_place("consultation_left")
JOINED = flow_place("door_joined")


def join_queue(town: State, rows: np.ndarray, agency: np.ndarray, hours: np.ndarray) -> None:
    """Add unique household `rows` (n,) to the door of `agency` (n,) for a consultation of `hours`
    (n,).
    """
    _each_joins(town.records, town.week, rows, agency, hours)


@kernel
def _each_joins(t, week, rows, agency, hours):
    for i in range(rows.size):
        join_door(t, week, rows[i], agency[i], hours[i])


@kernel
def join_door(t, week, row, agency, hours):
    """The household in `row` joins the door of `agency` for a consultation of `hours`."""
    home, counted = t.households[row], counted_at(t, row)
    t.door[row] = agency
    count_again(t, row, counted)
    home.door_hours = hours
    home.door_since = week
    t.counts[HOURS_JOINED] += hours
    t.counts[JOINED] += hours != 0.0


def leave(town: State, rows: np.ndarray) -> None:
    """Remove unique household `rows` from the doors where they wait; their hours that were not
    given are counted as left.
    """
    if rows.size:
        _each_leaves(town.records, rows)


@kernel
def _each_leaves(t, rows):
    for i in range(rows.size):
        leave_door(t, rows[i])


@kernel
def leave_door(t, row):
    """The household in `row` leaves the door where it waits, if it waits at one; hours that were
    not given are counted as left.
    """
    if t.door[row] < 0:
        return
    home, counted = t.households[row], counted_at(t, row)
    t.counts[HOURS_LEFT] += home.door_hours
    t.door[row] = -1
    count_again(t, row, counted)
    home.door_hours = 0.0
    home.door_since = NEVER
    home.door_field = 0
    home.door_route = 0
    home.door_outcome = 0
    home.door_real = False


def at_door(town: State) -> np.ndarray:
    """Household rows that wait for a first consultation or had it this week, in order."""
    return np.asarray(rows_at_door(town.records))


@kernel
def rows_at_door(t):
    """The same within kernels."""
    return after(t.door, -1)


def waiting(town: State) -> np.ndarray:
    """Household rows at the door whose consultation has not taken place yet, in order."""
    rows = at_door(town)
    return rows[town.households.door_hours[rows] > 0]


def heard(town: State) -> np.ndarray:
    """Household rows at the door whose consultation has taken place: no hours of it are left."""
    rows = at_door(town)
    return rows[town.households.door_hours[rows] <= 0]


def hours_asked(town: State) -> tuple[np.ndarray, np.ndarray]:
    """Hours that wait at each agency's door, and those of them that joined this week, both (A,)."""
    hours, fresh = np.zeros(town.agencies.rows), np.zeros(town.agencies.rows)
    add_hours_asked(town.records, town.week, hours, fresh)
    return hours, fresh


@kernel
def add_hours_asked(t, week, hours, fresh):
    """Add to `hours` (A,) what waits at each agency's door, and to `fresh` (A,) what of it joined
    this week.
    """
    for row in rows_at_door(t):
        home, agency = t.households[row], t.door[row]
        hours[agency] += home.door_hours
        if home.door_since == week:
            fresh[agency] += home.door_hours


def serve(town: State, hours: np.ndarray) -> None:
    """Give `hours` (A,) of consultations at each agency's door: by urgency, then by waiting time,
    then by a keyed random number.

    Urgency is the level of the need with which the household came. A consultation for which hours
    run out continues next week.
    """
    key = town.streams.keys(("door.order",), town.week)
    hear_in_turn(town.records, town.week, key, hours.astype(float))


@kernel
def hear_in_turn(t, week, key, left):
    """Give the consultations for which hours are `left` (A,) at the agencies, in turn, and take
    them off `left`.
    """
    rows = rows_at_door(t)
    turns = numbers(rows.size)
    for i in range(rows.size):
        home = t.households[rows[i]]
        level = t.level[rows[i] * F + home.door_field]
        turns[i] = in_turn(level, week - home.door_since, uniform(key[0], home.id))
    sort(rows, turns)
    for row in rows:
        home, agency = t.households[row], t.door[row]
        given = min(left[agency], home.door_hours)
        left[agency] -= given
        rest = home.door_hours - given
        home.door_hours = rest if rest > NEARLY_NONE else 0.0
