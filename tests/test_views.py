"""Views on rows: what a resident, a household, a worker and an agency show, and what setting them
changes.
"""

from __future__ import annotations

import copy
import pickle

import mesa
import numpy as np
import pytest

from sim.declared.vocabulary import MEMBERS
from sim.model.agents import Agency, Household, Resident, Worker
from sim.model.town import Town
from sim.model.transitions import recount
from tests.tiny import tiny_state, tiny_town
from tests.towns import small_scenario

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def town():
    return tiny_town()


def rows(population) -> list[int]:
    return population.rows.tolist()


def counts(state) -> dict[str, list]:
    return {name: array.tolist() for name, array in state.households.columns()}


def test_households_show_stage_cases_and_place(town):
    households = town.households
    assert households.get("stage") == [
        "latent",
        "manifest",
        "compounded",
        "none",
        "compounded",
        "none",
    ]
    assert households.get("seen") == [False, True, False, False, False, False]
    assert households.get("waiting") == [False, False, False, False, True, False]
    assert households.get("watched") == [True, False, False, False, False, False]
    assert households.get("district") == ["east"] * 3 + ["west"] * 3
    assert Household(town, 4).kind == "single_parent"
    assert Household(town, 4).needs == {
        "elderly": "none",
        "disability": "none",
        "child": "manifest",
        "poverty": "manifest",
        "gap": "none",
    }
    assert Household(town, 1).cases["elderly"] == "open"
    assert Household(town, 2).need("disability")["level"] == 3
    assert (
        Household(town, 0).watcher == Resident(town, 3 * MEMBERS)
        and Household(town, 1).watcher is None
    )


def test_members_are_those_who_live_here(town):
    assert [rows(household.members) for household in town.households] == [
        [0],
        [5, 6],
        [11],
        [15, 16, 17, 18],
        [20, 21],
        [25],
    ]
    assert Household(town, 2).residents == Household(town, 2).members
    assert len(town.residents) == 11 and Resident(town, 10) not in town.residents
    town.state.households.empty[5] = True
    assert len(town.households) == 5


def test_neighbours_are_the_other_ends_of_live_ties(town):
    assert [rows(household.neighbours) for household in town.households] == [
        [1, 3],
        [0, 3],
        [],
        [0, 1],
        [],
        [],
    ]
    assert rows(Resident(town, 0).neighbours) == [6, 15]
    assert rows(Resident(town, 5).neighbours) == [
        16
    ]  # holds the tie to household 3, not the one to household 0
    assert rows(Resident(town, 17).neighbours) == [0, 5]  # holds none, so those of the household
    assert rows(Resident(town, 11).neighbours) == []  # the only tie is asleep
    for household in town.households:
        assert len(household.neighbours) == household.ties


def test_a_resident_has_role_household_and_rung(town):
    roles = [Resident(town, row).role for row in (0, 15, 16, 21)]
    assert roles == ["person_concerned", "commissioner", "none", "person_concerned"]
    assert Resident(town, 21).household == Household(town, 4)
    assert Resident(town, 15).ladder == 2 and type(Resident(town, 15).ladder) is int


def test_workers_and_agencies(town):
    assert rows(town.workers) == [0, 2] and Worker(town, 1).vacant and not Worker(town, 0).vacant
    worker, agency = Worker(town, 0), Agency(town, 0)
    assert (worker.agency, worker.duty, worker.exhaustion) == (agency, "caseworker", 0.2)
    assert rows(worker.cases) == [1] and rows(Worker(town, 2).cases) == []
    assert [agency.field for agency in town.agencies] == ["elderly", "none"]
    assert town.agencies.get(["queue", "open_cases"]) == [[0, 1], [1, 0]]
    assert rows(agency.workers) == [0] and agency.familiarity(Agency(town, 1)) == 0.25
    with pytest.raises(ValueError, match="two towns"):
        agency.familiarity(Agency(tiny_town(), 1))


def test_ids_are_the_rows_stable_ids(town):
    assert town.households.get("unique_id") == list(range(100, 106))
    assert Resident(town, 16).unique_id == 10**9 + 103 * MEMBERS + 1
    assert town.workers.get("unique_id") == [2 * 10**10 + 7100, 2 * 10**10 + 7200]
    assert town.agencies.get("unique_id") == [10**10 + 71, 10**10 + 72]


def test_no_two_agents_of_any_kind_share_an_id():
    agents = Town(small_scenario(400, run_in_weeks=0, years=1), 1).agents
    ids = agents.get("unique_id")
    assert len(set(ids)) == len(agents) > 1000 and all(
        type(id) is int and float(id) == id for id in ids
    )


def test_setting_keeps_the_counts_true(town):
    Resident(town, 6).ladder = 2
    Household(town, 3).needs = {"poverty": "severe", "child": "manifest"}
    Household(town, 1).needs = {"elderly": "none"}
    town.residents.set("ladder", np.arange(len(town.residents)) % 3)
    kept = counts(town.state)
    recount(town.state)
    assert counts(town.state) == kept
    assert Household(town, 3).stage == "compounded" and Household(town, 1).stage == "none"
    assert (
        Resident(town, 17).role == "person_concerned"
        or Resident(town, 18).role == "person_concerned"
    )


def test_setting_a_need_leaves_others_and_their_dates_alone(town):
    town.state.week = 9
    Household(town, 4).needs = {"child": "manifest", "poverty": "severe"}
    assert (
        Household(town, 4).need("child")["since"],
        Household(town, 4).need("poverty")["since"],
    ) == (0, 9)


def test_values_go_to_the_arrays(town):
    Household(town, 2).trust = 0.75
    town.workers.set("exhaustion", 0.5)
    assert town.state.households.trust[2] == 0.75 and town.state.workers.exhaustion.tolist() == [
        0.5,
        0.2,
        0.5,
    ]


@pytest.mark.parametrize(
    "error, name, value",
    [
        (ValueError, "trust", 1.5),
        (ValueError, "trust", float("nan")),
        (TypeError, "trust", "high"),
        (ValueError, "tip_week", 2.5),
        (ValueError, "tip_week", 2**40),
        (ValueError, "sees_no_need", 2),
        (AttributeError, "stage", "none"),
        (AttributeError, "ties", 3),
        (AttributeError, "kind", "other"),
        (AttributeError, "neighbours", []),
        (AttributeError, "hope", 1),
        (ValueError, "needs", {"hunger": "latent"}),
        (ValueError, "needs", {"child": "some"}),
        (ValueError, "needs", {"child": "latent"}),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(town, error, name, value):
    before = pickle.dumps(town.state.tables())
    with pytest.raises(error):
        setattr(Household(town, 0), name, value)
    with pytest.raises(error):
        town.households.select(np.arange(6) == 0).set(name, value)
    assert pickle.dumps(town.state.tables()) == before


def test_a_wrong_name_is_answered_with_the_near_one(town):
    with pytest.raises(AttributeError, match="did you mean trust"):
        Household(town, 0).trusts = 0.5
    with pytest.raises(ValueError, match="lies between 0 and 2"):
        Resident(town, 0).ladder = 3
    with pytest.raises(IndexError, match="rows 0 to 5"):
        Household(town, 6)
    with pytest.raises(TypeError):
        town.households[0].needs["child"] = "latent"


def test_views_are_equal_by_row_class_and_town(town):
    other = tiny_town()
    assert Household(town, 1) == Household(town, np.int64(1)) and hash(Household(town, 1)) == hash(
        Household(town, 1)
    )
    assert (
        len(
            {
                Household(town, 1),
                Worker(town, 1),
                Household(other, 1),
                Household(town, 2),
                Household(town, 1),
            }
        )
        == 4
    )
    assert (
        isinstance(Household(town, 1), mesa.Agent) and repr(Household(town, 1)) == "<Household 101>"
    )
    assert Household(town, 1).random is town.random and Household(town, 1).rng is town.rng
    assert Household(town, 1).step() is None and Household(town, 1).pos is None


@pytest.mark.parametrize(
    "refused",
    [
        lambda town: Household(town, 0).remove(),
        lambda town: Household.create_agents(town, 3),
        lambda town: town.register_agent(object()),
    ],
)
def test_rows_are_neither_made_nor_removed(town, refused):
    with pytest.raises(TypeError, match="row"):
        refused(town)
    assert len(town.households) == 6


def test_every_column_reads_the_same_alone_and_together(town):
    for population in town.agents_by_type.values():
        kind = type(population[0])
        names = [name for name in dir(kind) if hasattr(getattr(kind, name), "read")]
        assert len(names) >= 9
        for name in names:
            assert (
                [getattr(view, name) for view in population]
                == population.get(name)
                == population.array(name).tolist()
            )


def test_a_subclass_may_add_what_it_works_out(town):
    class Watched(Household):
        @property
        def eyes(self):
            return len(self.neighbours)

    assert (
        Watched(town, 0).eyes == 2
        and Watched(town, 0).stage == "latent"
        and Watched(town, 0) != Household(town, 0)
    )


def test_a_state_can_be_copied_and_stored(town):
    stored, copied = pickle.loads(pickle.dumps(town.state)), copy.deepcopy(town.state)
    Household(town, 0).trust = 0.125
    for state in (stored, copied, tiny_state()):
        assert state.households.trust[0] == 0.5
        assert {name: array.tolist() for name, array in state.needs.columns()} == {
            name: array.tolist() for name, array in town.state.needs.columns()
        }
