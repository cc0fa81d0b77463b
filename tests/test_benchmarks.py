"""The reference work runs in every implementation, and ours keeps its counts true."""

import importlib

import numpy as np
import pytest

from benchmarks import keyed, nation, reference, town
from sim.declared.levers import LEVERS
from sim.model.processes import WEEK

TOWN = reference.town(1000, 60)


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("keyed", "numpy"),
        ("lean", "mesa"),
        ("kept", "mesa"),
        ("objects", "networkx"),
        ("starsims", "starsim"),
    ],
)
def test_every_implementation_runs_and_loses_nobody(name, needs):
    pytest.importorskip(needs)
    implementation = importlib.import_module(f"benchmarks.{name}")
    table = implementation.run(implementation.build(TOWN, 1), 60)
    assert table.shape == (60, 6) and table.min() >= 0
    assert np.all(table[:, :4].sum(axis=1) == TOWN.households)
    assert np.all(table.max(axis=0) > 0)


def test_the_full_town_is_measured_with_every_lever_on():
    built, run_in, ran, _peak, spent = town.measure(3000, 3)
    assert min(built, run_in, ran) > 0
    assert spent.keys() == {*(name for name, _ in WEEK), "recording"}
    assert {step.lever for step in town.everything(3000, 3).steps} == set(LEVERS)


def test_a_nation_is_extrapolated_by_the_residents_of_each_size():
    cost = nation.measure(nation.nation(1, 10_000), "0", 1)
    assert cost.municipalities == 290 and cost.seconds > 0
    assert cost.whole == cost.seconds * cost.residents / cost.sampled_residents


def test_kept_counts_agree_with_a_fresh_count():
    model = keyed.build(TOWN, 2)
    keyed.run(model, 60)
    a, b = TOWN.ties.T
    for kept, state in (
        (model.needy, model.stage >= reference.MANIFEST),
        (model.acting, TOWN.would_act & (model.stage == reference.NONE)),
    ):
        np.testing.assert_array_equal(
            kept,
            np.bincount(a, state[b], TOWN.households) + np.bincount(b, state[a], TOWN.households),
        )
    fresh = [*np.bincount(model.stage, minlength=4), *np.bincount(model.status, minlength=3)[1:]]
    assert model.total.tolist() == fresh


def test_the_same_seed_gives_the_same_run_and_another_another():
    first, again, other = (keyed.run(keyed.build(TOWN, seed), 60) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)
