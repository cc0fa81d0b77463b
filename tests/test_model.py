"""Town: weeks pass in order to the horizon, Mesa's tools work on it, and it is freed after use."""

from __future__ import annotations

import gc
import inspect
import sys
import tracemalloc
import warnings
import weakref
from contextlib import contextmanager

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector

from sim.model.agents import Household
from sim.model.town import Town
from tests.tiny import nothing, tiny_state, tiny_town
from tests.towns import small_scenario

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def lived():
    """A small town that has lived its run-in and a year."""
    town = Town(small_scenario(400, run_in_weeks=8, years=1), 1)
    town.run()
    return town


def test_a_week_passes_with_each_step_until_the_horizon():
    town, seen = tiny_town(years=1), []
    town.step()
    assert (town.week, town.steps, town.running, len(town.table)) == (1, 1, True, 1)
    table = town.run(lambda week, horizon: seen.append((week, horizon)))
    assert (town.week, town.running, len(table)) == (52, False, 52) and seen == [
        (week, 52) for week in range(2, 53)
    ]
    town.step()
    town.run_model()
    assert (town.week, len(town.table)) == (52, 52)


def test_the_week_is_a_list_of_functions_in_order():
    state, done = tiny_state(), []
    week = [(name, lambda town, name=name: done.append((name, town))) for name in "ab"]
    Town(state.scenario, 1, state, week).step()
    assert done == [("a", state), ("b", state)]


def test_data_collector_reports_the_model():
    town = tiny_town()
    collector = DataCollector(
        model_reporters={
            "week": "week",
            "mean_age": lambda model: model.residents.agg("age", np.mean),
            "compounded": lambda model: model.households.get("stage").count("compounded"),
        }
    )
    for _ in range(3):
        collector.collect(town)
        town.step()
    frame = collector.get_model_vars_dataframe()
    assert frame["week"].tolist() == [0, 1, 2] and frame["compounded"].tolist() == [2, 2, 2]
    assert frame["mean_age"].tolist() == pytest.approx([sum(town.residents.get("age")) / 11] * 3)


def test_a_town_is_freed_after_use():
    def lived():
        town = tiny_town()
        kept = [
            town.residents.shuffle(),
            town.agents.groupby(type),
            Household(town, 0).neighbours,
            hash(Household(town, 0)),
        ]
        town.step()
        return weakref.ref(town), weakref.ref(town.state), len(kept)

    *refs, _ = lived()
    gc.collect()
    assert [ref() for ref in refs] == [None, None]


def test_memory_does_not_grow_with_towns():
    def use():
        town = tiny_town()
        town.agents.do("step").sort("unique_id")
        town.step()

    tracemalloc.start()
    for _ in range(30):  # until what Python and numba remember of types and names is complete
        use()
    gc.collect()
    others = sum(
        isinstance(each, Town) for each in gc.get_objects()
    )  # towns that other tests of this process keep
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(30):
            use()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # a tiny state alone holds more than 20 kB; free lists of Python still grow by some hundred bytes
    assert grown < 30 * 2000
    assert sum(isinstance(each, Town) for each in gc.get_objects()) <= others


@contextmanager
def page(town, *components):
    """Mesa's page on a town: what gives the button of a name."""
    solara = pytest.importorskip("solara", reason="the extra viz (mesa[rec]) is not installed")
    params = {"inputs": town.inputs, "seed": 1, "state": town.state, "week_order": town.week_order}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Mesa's page and of what it is made with
        from ipyvuetify import Btn
        from mesa.visualization import SolaraViz

        old_tabs = "TabsItems" in inspect.getsource(sys.modules[SolaraViz.__module__])
        if components and old_tabs and not hasattr(solara.v, "TabsItems"):
            pytest.skip(
                f"Mesa {mesa.__version__} shows no component with this ipyvuetify: it needs ipyvuetify < 3"
            )
        shown = solara.AppLayout(
            children=[SolaraViz(town, components=list(components), model_params=params)]
        )
        _, context = solara.render(shown, handle_error=False)
        try:
            yield lambda name: context.find(Btn, children=[name]).widget
        finally:
            context.close()


def test_mesas_page_opens_steps_and_resets_a_town():
    town = tiny_town()
    with page(town) as button:
        button("Step").click()
        assert (town.week, town.steps) == (1, 1)
        button("Reset").click()  # a new Town of the same inputs, here on the same state
        button("Step").click()
        assert (town.week, town.steps) == (2, 1)


def test_mesas_page_shows_a_component_of_a_town():
    town, shown = tiny_town(), []
    with page(
        town,
        lambda model: shown.append((model.week, model.households.get("stage").count("compounded"))),
    ) as button:
        button("Step").click()
        assert shown == [(0, 2), (1, 2)]


def test_a_run_in_is_lived_first_and_not_recorded():
    weeks = []
    state = tiny_state(run_in_weeks=5)
    town = Town(state.scenario, 1, state, [("see", lambda town: weeks.append(town.week))])
    assert weeks == [-5, -4, -3, -2, -1] and (town.week, town.steps) == (0, 0)
    town.step()
    assert town.table["week"].tolist() == [0]


def test_a_state_of_another_scenario_is_refused():
    with pytest.raises(ValueError, match="not of 'other'"):
        Town(small_scenario(100, id="other"), 1, tiny_state(), [("nothing", nothing)])


def test_a_built_town_lives_and_is_seen_whole(lived):
    assert (lived.week, lived.steps, lived.running, len(lived.table)) == (52, 52, False, 52)
    assert [(name, table.columns[0]) for name, table in lived.tables.items()] == [
        ("town", "week"),
        ("field", "week"),
        ("district", "week"),
        ("agency", "week"),
    ]
    households = lived.households
    last = lived.table.iloc[-1]
    assert households.groupby("stage").count() == {
        stage: last[f"households_{stage}"] for stage in households.groupby("stage").groups
    }
    assert sum(households.get("ties")) == sum(len(household.neighbours) for household in households)
    assert sum(len(household.members) for household in households) == len(lived.residents)
    assert all(set(resident.household.members) >= {resident} for resident in lived.residents)
    assert sum(lived.agencies.get("queue")) == last["waiting_cases"]
    assert sum(len(agency.workers) for agency in lived.agencies) == len(lived.workers)


def test_luck_of_mesa_moves_no_life():
    scenario = small_scenario(300, run_in_weeks=0, years=1)
    town, other = Town(scenario, 2), Town(scenario, 2)
    other.residents.shuffle_do("step")
    other.random.random()
    other.rng.random(10)
    assert town.run().equals(other.run())
