"""Mesa's batch_run and DataCollector on a Town as it comes: levers as parameters, other luck in
each run.
"""

from __future__ import annotations

import inspect
import warnings

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from sim import ScenarioError, Town
from tests.scenario_files import SCENARIO
from tests.towns import small_scenario

SHORT = {"years": 1, "run_in_weeks": 2, "town": "towns/tiny.toml"}


class Own(Town):
    """A user's town: a parameter of its own, no seed, its own collector."""

    def __init__(self, fte=0.0, rng=None):
        super().__init__(small_scenario(150, run_in_weeks=0, years=1), rng=rng)
        if fte:
            self.set_lever("outreach_worker", fte=fte)
        self.datacollector = DataCollector(
            model_reporters={"trust": lambda town: town.households.agg("trust", np.mean)},
            agent_reporters={"id": "unique_id"},
        )

    def step(self):
        super().step()
        self.datacollector.collect(self)


@pytest.fixture
def file(folder):
    people = (folder / "towns" / "trial.toml").read_text(encoding="utf-8").replace("10000", "700")
    (folder / "towns" / "tiny.toml").write_text(people, encoding="utf-8")
    (folder / "x.toml").write_text(SCENARIO, encoding="utf-8")
    return folder / "x.toml"


def batch(kind, parameters, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of newer Mesa, about `iterations`
        return batch_run(kind, parameters, number_processes=1, display_progress=False, **options)


def test_a_town_runs_in_a_batch_with_levers_as_parameters(file):
    rows = batch(
        Town,
        {"inputs": str(file), "rng": [1, 2], "levers.outreach_worker.fte": [0, 2], **SHORT},
        max_steps=8,
    )
    assert [(row["rng"], row["levers.outreach_worker.fte"]) for row in rows] == [
        (1, 0),
        (1, 2),
        (2, 0),
        (2, 2),
    ]
    for row in rows:
        town = Town(
            file,
            row["rng"],
            overrides={**SHORT, "levers.outreach_worker.fte": row["levers.outreach_worker.fte"]},
        )
        while town.steps < row["Step"] + ("rng" not in inspect.signature(batch_run).parameters):
            town.step()
        last = town.table.iloc[-1]
        assert {name: row[name] for name in last.index if name != "week"} == last.drop(
            "week"
        ).to_dict()
    assert rows[0]["trust"] != rows[2]["trust"]


def test_every_week_may_be_collected(file):
    rows = batch(
        Town, {"inputs": str(file), "rng": 3, **SHORT}, max_steps=5, data_collection_period=1
    )
    town = Town(file, rng=3, overrides=SHORT)
    frame = town.datacollector.get_model_vars_dataframe() if town.steps else None
    for _ in rows:
        town.step()
    assert (
        len(rows) >= 5
        and [row["trust"] for row in rows] == town.table["trust"].tolist()
        and frame is None
    )
    frame = town.datacollector.get_model_vars_dataframe()
    assert frame.equals(town.table.drop(columns="week"))
    town.datacollector.collect(town)  # the town has recorded its week by itself
    assert len(town.datacollector.get_model_vars_dataframe()) == len(rows)


def test_iterations_are_different_runs(file):
    for kind, parameters in ((Own, {"fte": [0.0]}), (Town, {"inputs": str(file), **SHORT})):
        rows = batch(kind, parameters, iterations=3, max_steps=2)
        assert len({row["trust"] for row in rows}) == 3
    collector, town = DataCollector(agent_reporters={"trust": "unique_id"}), Own()
    town.step(), collector.collect(town)
    frame = collector.get_agent_vars_dataframe()
    assert frame.index.is_unique and frame.unstack().shape == (1, len(frame))  # nobody shares an id


def test_a_scenario_may_be_a_parameter_as_it_is():
    scenario = small_scenario(150, run_in_weeks=0, years=1)
    one, other = batch(Town, {"inputs": scenario, "rng": [1, 2]}, max_steps=1)
    assert one["inputs"] is scenario and one["trust"] != other["trust"]


def test_a_town_without_a_seed_draws_its_own_and_keeps_it():
    scenario = small_scenario(150, run_in_weeks=0, years=1)
    town, other = Town(scenario), Town(scenario)
    assert town.seed != other.seed
    again = Town(scenario, town.seed)
    town.step(), again.step()
    assert town.table.equals(again.table)


def test_rng_is_what_mesa_takes():
    scenario = small_scenario(100, run_in_weeks=0, years=1)
    made = [
        Town(scenario, rng=make()).seed
        for make in (lambda: np.random.default_rng(5), lambda: np.random.SeedSequence(5))
    ]
    assert made == [
        Town(scenario, rng=np.random.default_rng(5)).seed,
        Town(scenario, rng=np.random.SeedSequence(5)).seed,
    ]
    assert Town(scenario, rng=4).rng.random() == mesa.Model(rng=4).rng.random()
    with pytest.raises(ScenarioError, match="not both|どちらか"):
        Town(scenario, 1, rng=1)


@pytest.mark.parametrize(
    "given, key", [({"years": 1}, "years"), ({"overrides": {"years": 1}}, "years")]
)
def test_values_are_laid_over_files_alone(given, key):
    with pytest.raises(ScenarioError) as caught:
        Town(small_scenario(100), 1, **given)
    assert (caught.value.faults[0].reason.key, caught.value.faults[0].key) == (
        "error.overrides_on_scenario",
        key,
    )


def test_a_wrong_parameter_of_a_batch_is_refused_with_the_right_one(file):
    with pytest.raises(ScenarioError) as caught:
        batch(Town, {"inputs": str(file), "levers.outreach_worker.ftes": [1]})
    assert caught.value.faults[0].near == "fte"
