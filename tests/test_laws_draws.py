"""Law: no decision draws twice from one key, and every mechanism can be switched off."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.town import Town
from sim.scenario.scenario import MECHANISMS
from tests.laws import changed, differing, parts, snapshot, strong, weeks_of

PROCESSES = tuple(name for name, _ in WEEK)
ROOT = Path(__file__).parents[1]
PARTS_OF_PROCESSES = tuple(name for name in MECHANISMS if name not in PROCESSES)


@pytest.fixture(scope="module")
def begun() -> State:
    """A town with all levers on, about to live the first week of its second year."""
    town = Town(strong(), 1)
    for _ in weeks_of(town, 52):
        pass
    return town.state


@pytest.mark.parametrize("scenario", ["strong", "strong_otherwise"])
def test_no_two_decisions_share_a_draw(scenario: str):
    """Within a week a key is drawn once; what is keyed by occupant is the same whenever it is
    drawn, a second new tie is the next in the order of the first, and whoever stands twice in one
    order has one place in it: a neighbour who is also the commissioner, a household met twice.

    A draw is a function of its key and id alone, so that a mechanism that is switched off, further
    rows or another arm move no other draw as long as this holds.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.drawn", scenario, "30"],
        cwd=ROOT,
        env=os.environ | {"SIM_PLAIN": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["processes"] > 30 and found["draws"] > 10_000
    assert set(found["again"]) <= {
        *found["by occupant"],
        "community.tie",
        "community.joins",
        "noticing.who",
    }


@pytest.mark.parametrize("mechanism", PARTS_OF_PROCESSES)
def test_a_mechanism_can_be_switched_off(begun: State, mechanism: str):
    """Life is then another one, this week or in a year (a switch that does nothing would be no
    switch).
    """
    pair = copy.deepcopy(begun), copy.deepcopy(begun)
    for state in pair if mechanism != "rotation" else ():  # who has left moves to no other desk
        state.p.workforce.leave_regular = state.p.workforce.contract_turnover = 3.0
    pair[1].scenario = changed(begun.scenario, switched_off=(mechanism,))
    for week in range(begun.week + 1, begun.week + 60):
        for state in pair:
            for _name, process in WEEK:
                process(state)
            state.week = week
        if differing(*map(parts, pair)):
            return
    raise AssertionError(f"{mechanism} switched off changes nothing")


@pytest.mark.parametrize("name", [name for name in PROCESSES if name in MECHANISMS])
def test_a_process_switched_off_does_not_run(name: str):
    """Town leaves out the processes that its scenario switches off."""
    town = Town(changed(strong(), switched_off=(name,), run_in_weeks=2), 1)
    assert name not in [one for one, _ in town.week_order]


def test_snapshots_see_what_changes(begun: State):
    """The comparison of all laws: one bit anywhere is seen, and a town equals its copy."""
    before = snapshot(begun)
    assert differing(before, parts(begun)) == []
    begun.commons.hours += 1.0
    begun.familiarity[0, 1] += 1e-12
    assert differing(before, parts(begun)) == ["commons", "familiarity"]
    begun.commons.hours, begun.familiarity = before["commons"].hours, before["familiarity"]
