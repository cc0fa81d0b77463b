"""The door of an agency: households that have made contact and wait for their first consultation.

Each household waits at one agency with the hours that its consultation still requires. Hours are
conserved: hours that joined are done, have left without a consultation, or still wait. Source:
model section 8.1.
"""

from __future__ import annotations

import numpy as np

from sim.declared.tables import Households
from sim.declared.vocabulary import NEVER
from sim.model.state import State

COLUMNS = tuple(
    f"households.{name}" for name in Households.declarations() if name.startswith("door")
)
NEARLY_NONE = 1e-9  # hours; a smaller remainder is a rounding error


def join_queue(town: State, rows: np.ndarray, agency: np.ndarray, hours: np.ndarray) -> None:
    """Add unique household `rows` (n,) to the door of `agency` (n,) for a consultation of `hours`
    (n,).
    """
    households = town.households
    households.door[rows], households.door_hours[rows], households.door_since[rows] = (
        agency,
        hours,
        town.week,
    )
    town.flows["consultation_joined"] += hours.sum()
    town.flows["door_joined"] += np.count_nonzero(hours)


def leave(town: State, rows: np.ndarray) -> None:
    """Remove unique household `rows` from the doors where they wait; their hours that were not
    given are counted as left.
    """
    households = town.households
    rows = rows[households.door[rows] >= 0]
    if rows.size == 0:
        return
    town.flows["consultation_left"] += households.door_hours[rows].sum()
    households.door[rows], households.door_hours[rows], households.door_since[rows] = -1, 0.0, NEVER
    households.door_field[rows] = households.door_route[rows] = 0
    households.door_advice[rows] = False


def at_door(town: State) -> np.ndarray:
    """Household rows that wait for a first consultation or had it this week, in order."""
    return (town.households.door >= 0).nonzero()[0]


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
    households, rows = town.households, at_door(town)
    agency, hours = households.door[rows], households.door_hours[rows]
    fresh = households.door_since[rows] == town.week
    count = town.agencies.rows
    return np.bincount(agency, weights=hours, minlength=count), np.bincount(
        agency, weights=hours * fresh, minlength=count
    )


def serve(town: State, hours: np.ndarray) -> None:
    """Give `hours` (A,) of consultations at each agency's door: by urgency, then by waiting time,
    then by a keyed random number.

    Urgency is the level of the need with which the household came. A consultation for which hours
    run out continues next week.
    """
    households, rows = town.households, at_door(town)
    level = town.needs.level.reshape(-1, town.field_on.size)[rows, households.door_field[rows]]
    tie_break = town.streams.uniform("door.order", town.week, households.id[rows])
    rows = rows[np.lexsort((tie_break, households.door_since[rows], -level, households.door[rows]))]
    agency, asked = households.door[rows], households.door_hours[rows]
    until = asked.cumsum()
    before = np.zeros(town.agencies.rows)  # hours required at the doors of earlier agencies
    before[1:] = np.bincount(agency, weights=asked, minlength=town.agencies.rows).cumsum()[:-1]
    given = np.clip(hours[agency] - (until - asked - before[agency]), 0.0, asked)
    households.door_hours[rows] = np.where(asked - given <= NEARLY_NONE, 0.0, asked - given)
