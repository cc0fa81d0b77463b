"""Law: switching one mechanism off moves no other mechanism's draws, and no decision draws twice
from one key.
"""

from __future__ import annotations

import copy
from collections import Counter

import numpy as np
import pytest

from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.streams import Candidates, Streams
from sim.model.town import Town
from sim.scenario.scenario import MECHANISMS
from tests.laws import changed, differing, parts, snapshot, strong, strong_otherwise, weeks_of

PROCESSES = tuple(name for name, _ in WEEK)
PARTS_OF_PROCESSES = tuple(name for name in MECHANISMS if name not in PROCESSES)
# Candidates that belong to a mechanism: they may be absent without it. All others must be there,
# and the same.
OWN = {
    "onset": ("needs.onset", "needs.acute"),
    "relapse": ("needs.relapse",),
    "recovery": ("needs.recover",),
    "ageing": ("deaths",),
    "moves": ("moves",),
    "ties": ("community.bond", "tie_trend"),
    "population": ("deaths", "moves", "tie_trend"),
}


class Recorded(Streams):
    """Streams that remember what was drawn under which key."""

    def __init__(self, seed: int):
        super().__init__(seed)
        self.keyed: dict[tuple[str, int], dict[tuple[int, int], float]] = {}
        self.points: dict[tuple[str, int], tuple[int, float, Candidates]] = {}
        self.again: Counter[str] = Counter()

    def uniform(self, process: str, week: int, ids, occurrence=0) -> np.ndarray:
        drawn = super().uniform(process, week, ids, occurrence)
        known = self.keyed.setdefault((process, week), {})
        for *key, u in zip(
            *(part.ravel().tolist() for part in np.broadcast_arrays(ids, occurrence, drawn)),
            strict=True,
        ):
            self.again[process] += tuple(key) in known
            known[tuple(key)] = u
        return drawn

    def candidates(self, process: str, week: int, n: int, base: float, bound: float) -> Candidates:
        drawn = super().candidates(process, week, n, base, bound)
        self.again[process] += (process, week) in self.points
        self.points[process, week] = n, base, drawn
        return drawn


def week_of(state: State, off: tuple[str, ...] = ()) -> State:
    """A copy of a town that lives one week with recorded streams, some mechanisms off."""
    state = copy.deepcopy(state)
    state.scenario = changed(state.scenario, switched_off=off)
    state.streams = Recorded(state.streams.seed)
    for name, process in WEEK:
        if name not in off:
            process(state)
    return state


@pytest.fixture(scope="module")
def begun() -> State:
    """A town with all levers on, about to live the first week of its second year."""
    town = Town(strong(), 1)
    for _ in weeks_of(town, 52):
        pass
    return town.state


@pytest.fixture(scope="module")
def whole(begun: State) -> Recorded:
    return week_of(begun).streams


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_switched_off_moves_no_other_draw(
    begun: State, whole: Recorded, mechanism: str
):
    less = week_of(begun, (mechanism,)).streams
    own = (*OWN.get(mechanism, ()), f"{mechanism}.")
    for key, (n, base, drawn) in whole.points.items():
        if key not in less.points:
            assert key[0].startswith(own), f"{key[0]} is not drawn without {mechanism}"
            continue
        n_less, base_less, drawn_less = less.points[key]
        assert (n, base) == (n_less, base_less), (
            f"{key[0]} draws over other rows without {mechanism}"
        )
        shared = slice(
            min(drawn.ids.size, drawn_less.ids.size)
        )  # a lower bound leaves out the last layers
        for name in ("ids", "u", "floor"):
            assert np.array_equal(
                getattr(drawn, name)[shared], getattr(drawn_less, name)[shared]
            ), f"{key[0]} draws otherwise without {mechanism}"
    for key, drawn in whole.keyed.items():
        assert all(less.keyed.get(key, {}).get(who, u) == u for who, u in drawn.items()), (
            f"{key[0]} draws otherwise without {mechanism}"
        )


def test_the_record_sees_shared_streams(begun: State, whole: Recorded):
    """A process that takes its numbers from its turn and not from a key would be seen."""
    assert len(whole.points) > 10
    assert len(whole.keyed) > 10
    assert sum(len(drawn) for drawn in whole.keyed.values()) > 100


@pytest.mark.parametrize(
    "scenario", [strong, strong_otherwise], ids=["every lever", "every lever otherwise"]
)
def test_no_two_decisions_share_a_draw(scenario):
    """Within a week a key is drawn once; what is keyed by occupant (week 0) is the same whenever it
    is drawn, and a second new tie is the next in the order of the first.
    """
    town = Town(scenario(), 1)
    town.state.streams = Recorded(1)
    town.step()
    for _ in weeks_of(town, 60):
        pass
    again = {name for name, times in town.state.streams.again.items() if times}
    by_occupant = {
        name
        for name, week in town.state.streams.keyed
        if week == 0 and (name, 1) not in town.state.streams.keyed
    }
    assert again <= by_occupant | {"community.tie"}


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
