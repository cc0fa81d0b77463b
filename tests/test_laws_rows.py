"""Laws: permuting rows that carry their stable ids gives identical results; a district more leaves
the others' lives unchanged.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.declared.vocabulary import AGENCY_FIELDS, MEMBERS, F
from sim.model.processes import WEEK
from sim.model.start import build
from sim.model.state import State
from sim.model.town import Town
from sim.scenario.scenario import Scenario
from sim.towns.town import AgencyRecord, District
from tests.conservation import broken
from tests.laws import starved, strong, strong_otherwise
from tests.shuffle import ENDS, by_id, shuffled
from tests.towns import label, small_organisation, small_people, small_scenario

HOMES = 300  # households of a district
DISTRICTS = ("a", "b", "c")
APART = 1 << 32  # the id of a tie is that of one household x this + that of the other
SCENARIOS = {"every lever": strong, "every lever otherwise": strong_otherwise, "starved": starved}


def apart(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    """Columns that differ, floats by more than rounding; the two ends of a tie may change
    places.
    """
    return [
        name
        for name in one
        if name not in ENDS
        and not np.allclose(
            one[name].astype(float), other[name].astype(float), rtol=1e-9, atol=1e-9, equal_nan=True
        )
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_permuted_rows_live_the_same_life(name: str):
    """Households, ties and the workers of an agency in another order: after each process every row
    is the same by its id.
    """
    plain, mixed = Town(SCENARIOS[name](), 1), Town(SCENARIOS[name](), 1)
    shuffled(mixed.state, 5)
    assert broken(mixed.state) == []
    assert not np.array_equal(plain.state.households.frailty, mixed.state.households.frailty)
    for week in range(53):
        for process_name, process in WEEK:
            process(plain.state), process(mixed.state)
            if week < 12 or week > 51:
                assert apart(by_id(plain.state), by_id(mixed.state)) == [], (
                    f"week {week}, after {process_name}"
                )
        plain.state.week += 1
        mixed.state.week += 1
    assert apart(by_id(plain.state), by_id(mixed.state)) == []


def test_shuffling_moves_rows_and_nothing_else():
    """By id nothing has moved; twice shuffled is still the same town."""
    plain, mixed = Town(strong(), 1).state, Town(strong(), 1).state
    expected = by_id(plain)
    for seed in (1, 2):
        shuffled(mixed, seed)
        assert apart(expected, by_id(mixed)) == []
    assert not np.array_equal(plain.row_of, mixed.row_of)


def uncoupled(districts: int) -> Scenario:
    """A town of `districts` of HOMES households each, with agencies of their own and without
    resources of the town, which are one stock.
    """
    names = DISTRICTS[:districts]
    agencies = tuple(
        AgencyRecord(
            id=f"{field} {name}",
            name=label(field),
            field=field,
            districts=(name,),
            posts={"regular": 0.3, "contract": 0.2},
        )
        for name in names
        for field in AGENCY_FIELDS
    )
    shares = tuple(District(id=name, share=1 / districts) for name in names)
    return small_scenario(
        people=small_people(HOMES * districts, districts=shares),
        organisation=small_organisation(posts_per_100k=None, agencies=agencies),
        parameters={"resources.init_resources": 0.0, "resources.unpaid_trials": 0.0},
        run_in_weeks=26,
        years=2,
    )


def lives_of(state: State, districts: int) -> dict[str, np.ndarray]:
    """The columns of what belongs to the first `districts`, in order of stable ids."""
    found, homes = by_id(state), int(np.count_nonzero(state.households.district < districts))
    mine = len(AGENCY_FIELDS) * districts
    pair = np.sort(state.ties.id)
    inside = (pair // APART < homes) & (pair % APART < homes)
    assert np.array_equal(inside, (pair // APART < homes) | (pair % APART < homes))
    staff = np.sort(state.workers.id)
    worker = found["needs.worker"]
    found["needs.worker"] = np.where(worker >= 0, staff[worker], worker)
    kept = {
        "households": slice(homes),
        "needs": slice(homes * F),
        "residents": slice(homes * MEMBERS),
        "ties": inside,
        "workers": found["workers.agency"] < mine,
        "agencies": slice(mine),
        "districts": slice(districts),
        "beat": slice(homes),
    }
    return {name: column[kept[name.split(".")[0]]] for name, column in found.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_district_more_leaves_the_lives_of_the_others_unchanged(seed: int, monkeypatch):
    """Towns of one and of two districts, and the same with another, listed last, of the same
    margins: at the start and after every week of 60, all columns of the households, needs,
    residents, ties, workers, agencies and places of the first districts are the same to the last
    bit.

    What really couples districts is left out, and nothing else: agencies that serve several, far
    friends (friends in the own district stay), the town's stock of local resources, levers, events
    of the town, and the town's margins. Ageing rate, persons per household and composition are those
    of the town, so that a district of other margins would change what each district is drawn from.
    Households are numbered along the districts as they are listed, so that a district listed before
    others would give their households other ids, and other luck.
    """
    monkeypatch.setattr(sys.modules["sim.model.start.ties"], "FRIENDS_NEAR", 1.0)
    towns = [build(uncoupled(districts), seed) for districts in (1, 2, 3)]
    for week in range(61):
        for fewer, more in zip(towns[:-1], towns[1:], strict=True):
            districts = len(fewer.scenario.people.districts)
            one, other = lives_of(fewer, districts), lives_of(more, districts)
            differing = [name for name in one if not np.array_equal(one[name], other[name])]
            assert differing == [], f"{districts} districts and one more, after {week} weeks"
        for town in towns:
            for _name, process in WEEK:
                process(town)
            town.week += 1
