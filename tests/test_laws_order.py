"""Laws of the week: two processes may change places, and a process may be added, and everything is
still conserved.
"""

from __future__ import annotations

import pytest

from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.town import Town
from tests.conservation import broken
from tests.laws import changed, differing, lived, parts, steps, strong, strong_otherwise, weeks_of
from tests.towns import small_people

NAMES = [name for name, _ in WEEK]


def smaller(scenario):
    return changed(scenario, people=small_people(700))


@pytest.mark.parametrize(
    "first", range(len(NAMES) - 1), ids=lambda at: f"{NAMES[at + 1]} before {NAMES[at]}"
)
def test_neighbouring_processes_may_change_places(first: int):
    """The week still runs and conserves people, households, hours and cases."""
    order = list(WEEK)
    order[first], order[first + 1] = order[first + 1], order[first]
    for scenario in (strong, strong_otherwise):
        town = Town(smaller(scenario()), 1, week_order=order)
        faults = [fault for state in weeks_of(town, 26) for fault in broken(state)]
        assert faults == []


def test_the_week_backwards_still_runs():
    town = Town(smaller(strong()), 1, week_order=list(reversed(list(WEEK))))
    assert sum(1 for _ in weeks_of(town, 10)) == 10


def listen(state: State) -> None:
    """A user's own process: a phone line that listens, and gives trust."""
    state.households.trust[:] = 1.0


@pytest.mark.parametrize("name", NAMES)
def test_a_process_can_be_added_after_any(name: str):
    """It runs in its place, once a week, and the week without it is unchanged."""
    week = list(WEEK.after(name, listen))
    at = NAMES.index(name) + 1
    assert [one for one, _ in week] == [*NAMES[:at], "listen", *NAMES[at:]]
    assert [one for one, _ in WEEK] == NAMES


def test_an_added_process_is_lived_and_conserves():
    town = Town(smaller(strong()), 1, week_order=WEEK.after("noticing", listen))
    faults = [fault for state in weeks_of(town, 26) for fault in broken(state)]
    assert faults == []
    assert town.state.households.trust.mean() > 0.9


def test_an_added_process_that_does_nothing_changes_nothing():
    """Adding a process moves no other process's draws."""
    scenario = smaller(changed(strong(), steps=steps({"outreach_worker": {"fte": 1.0}})))
    one = lived(scenario, 1, 30)
    other = lived(
        scenario,
        1,
        30,
        WEEK.after("needs", lambda state: state.streams.uniform("mine", state.week, [1, 2, 3])),
    )
    assert differing(parts(one.state), parts(other.state)) == []


def test_after_an_unknown_process_is_refused():
    with pytest.raises(KeyError, match="ledger"):
        WEEK.after("neds", listen)
