"""Ordinary strain: where a steady load leaves staff, against the hand calculation; each relation alone;
what leaving is centred on; the queue at the door; parameters that there are no longer.

The seeds are fixed; FALSE_ALARM is the chance that a correct model would fail any test here.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from sim.declared import declared
from sim.declared.records import BURNOUT
from sim.declared.vocabulary import CASEWORKER, NEVER, REGULAR
from sim.declared.withdrawn import WITHDRAWN
from sim.model.door import join_queue
from sim.model.flows import fresh_flows
from sim.model.processes.workforce import leaving, workforce, worn
from sim.model.start import build
from sim.model.state import State
from sim.model.strain import door_weeks, mean_exhaustion, settled
from sim.scenario.parameter_sets import read_sets
from sim.words.errors import ScenarioError
from tests.laws import differing, snapshot
from tests.scenario_files import first, refused
from tests.towns import small_organisation, small_scenario

FALSE_ALARM = 1e-6
STILL = ("leaving", "rotation")
BY_HAND = {0.9: 0.215, 1.3: 0.424}  # share of settled staff above the cut, see `settled`


def office(off: tuple[str, ...] = STILL, posts: float = 300_000.0, **parameters: float) -> State:
    """A small town with some thousand workers, and nothing else that matters."""
    named = {f"workforce.{name}": value for name, value in parameters.items()}
    organisation = small_organisation().model_copy(update={"posts_per_100k": posts})
    scenario = small_scenario(
        300, run_in_weeks=0, switched_off=off, organisation=organisation, parameters=named
    )
    state = build(scenario, 2)
    state.week = 1
    return state


def worked(state: State, weeks: int, load: float, slack: float = 0.0, crisis: float = 0.0) -> None:
    """Weeks under a held load; `slack` is a share of the hours available, `crisis` hours a week."""
    workers = state.workers
    for _ in range(weeks):
        workers.load[:], workers.crisis[:] = load, crisis
        workers.slack[:] = slack * workers.available
        workforce(state)
        state.week += 1


def seated(state: State) -> np.ndarray:
    return (state.workers.post > 0) & (state.workers.duty == CASEWORKER)


@pytest.mark.parametrize("load", BY_HAND)
def test_share_above_the_cut_is_that_of_the_hand_calculation(load):
    """By the formula, and in a town in which everybody stays. A gain a fifth off is seen."""
    state = office()
    p = state.p.workforce
    least = p.exhaustion_recovery / (p.exhaustion_gain * math.sqrt(load - p.strain_from))
    share = norm.sf(math.log(least) / p.strain_sd)
    assert share == pytest.approx(BY_HAND[load], abs=0.001)
    worked(state, 800, load)
    here = state.workers.exhaustion[seated(state)]
    found = settled(p, state.workers.sensitivity[seated(state)], load)
    assert here == pytest.approx(found, abs=1e-3)
    above, all_there = int((here > BURNOUT).sum()), here.size
    assert all_there > 1500
    assert binomtest(above, all_there, share).pvalue > FALSE_ALARM
    other = norm.sf((math.log(least) - math.log(1.2)) / p.strain_sd)
    assert binomtest(above, all_there, other).pvalue < 1e-3


def test_where_people_come_and_go_fewer_are_worn_out():
    """Regular staff who move every three years, with the slack that a load of .9 leaves: 14 % and 38 %
    stand above the cut, about what welfare offices show (15 % and a third). By this the gain is
    chosen.
    """
    for load, slack, low, high in ((0.9, 0.1, 0.12, 0.17), (1.3, 0.0, 0.33, 0.42)):
        state, shares = office(off=()), []
        state.workers.kind[:], state.workers.duty[:] = REGULAR, CASEWORKER
        for _ in range(40):
            worked(state, 26, load, slack)
            shares.append((state.workers.exhaustion[seated(state)] > BURNOUT).mean())
        assert low < np.mean(shares[20:]) < high


def test_staff_start_where_the_reference_load_leaves_them():
    state = office(slack_relief=0.0)
    p, rows = state.p.workforce, seated(state)
    before = state.workers.exhaustion.copy()
    assert before == pytest.approx(settled(p, state.workers.sensitivity, p.reference_load))
    spread = before[rows].std() / math.sqrt(rows.sum())
    assert abs(before[rows].mean() - mean_exhaustion(p)) < norm.isf(FALSE_ALARM / 2) * spread
    assert mean_exhaustion(p) == pytest.approx(0.395, abs=0.001)
    worked(state, 52, p.reference_load)
    assert state.workers.exhaustion[rows] == pytest.approx(before[rows], abs=1e-9)


def plain(kernel):
    """A kernel as Python."""
    return getattr(kernel, "py_func", kernel)


def test_leaving_is_centred_on_the_mean_of_settled_staff():
    """At that mean a regular worker leaves at `leave_regular`; one standard deviation above, at odds
    of exp(exhaustion_quit_beta).
    """
    p = office(posts=3000.0).p.workforce
    mean = mean_exhaustion(p)
    for above in (-1.0, 0.0, 1.0):
        tired = mean + above * p.exhaustion_sd
        worker = SimpleNamespace(exhaustion=tired, load=1.0, kind=REGULAR)
        log_odds = plain(worn)(p, worker, tired, mean)
        assert log_odds == pytest.approx(above * p.exhaustion_quit_beta)
        odds = math.expm1(plain(leaving)(p, worker, log_odds)) / math.expm1(p.leave_regular)
        assert odds == pytest.approx(math.exp(log_odds))


ALONE = {  # what multiplies the gain and the recovery of a worker of sensitivity 1 at load 1.1
    "nothing": ({}, 1.0, 1.0),
    "crises": ({"crisis": 5.0}, 1.1, 1.0),
    "slack": ({"slack": 0.4}, 1.0, 1.2),
    "pairing": ({"pairing": True}, 0.87, 1.0),
    "supervision": ({"supervision": 4.0}, 0.87, 1.08),
    "door": ({"door_strain": 0.05}, math.sqrt((0.6 + 0.05 * 3) / 0.6), 1.0),
}


@pytest.mark.parametrize("name", ALONE)
def test_each_relation_alone(name):
    """Where load, crises, slack, pairing, supervision and a queue of three weeks leave somebody, each
    by itself.
    """
    what, gains, recovers = ALONE[name]
    door = {"door_strain": what["door_strain"]} if "door_strain" in what else {}
    state = office(strain_sd=1e-9, posts=3000.0, **door)
    workers, p, supporters = state.workers, state.p.workforce, state.practice.supporters
    levers = {one: what[one] for one in ("pairing", "supervision") if one in what}
    state.practice = state.practice.model_copy(
        update={"supporters": supporters.model_copy(update=levers)}
    )
    if door:
        queue(state, weeks=3.0)
    for _ in range(800):
        workers.load[:], workers.crisis[:] = 1.1, what.get("crisis", 0.0)
        workers.slack[:] = what.get("slack", 0.0) * workers.available
        workforce(state)
        state.week += 1
    gain = p.exhaustion_gain * math.sqrt(1.1 - p.strain_from) * gains
    expected = gain / (gain + p.exhaustion_recovery * recovers)
    assert workers.exhaustion[seated(state)] == pytest.approx(expected, abs=1e-4)


def queue(state: State, weeks: float, agencies: tuple[int, ...] = ()) -> np.ndarray:
    """Let households wait at the doors of desks for so many weeks of their usable hours, and give the
    agencies whose doors they are.
    """
    workers = state.workers
    able = np.bincount(workers.agency, workers.usable, state.agencies.rows)
    at = np.array(agencies or able.nonzero()[0])
    join_queue(state, np.arange(at.size), at, weeks * able[at])
    return at


def test_a_queue_is_counted_in_weeks_of_a_desk():
    state = office(posts=3000.0)
    (at,) = queue(state, 2.5, agencies=(1,))
    weeks = np.asarray(door_weeks(state.records))
    assert weeks[at] == pytest.approx(2.5) and (np.delete(weeks, at) == 0).all()
    state.workers.usable[:] = 0.0
    assert (np.asarray(door_weeks(state.records)) == 0).all()


def test_a_long_queue_strains_its_own_desk_and_no_other():
    towns = [office(posts=3000.0, door_strain=value) for value in (0.0, 0.05)]
    for state in towns:
        queue(state, 4.0, agencies=(1,))
        worked(state, 26, 0.9)
    none, some = (state.workers.exhaustion for state in towns)
    here = (towns[0].workers.agency == 1) & seated(towns[0])
    assert (some[here] > none[here] + 0.01).all()
    np.testing.assert_array_equal(some[~here], none[~here])


def test_without_door_strain_a_queue_changes_nothing():
    assert declared()["workforce.door_strain"].null == declared()["workforce.door_strain"].value
    towns = [office(posts=3000.0) for _ in range(2)]
    queue(towns[0], 10.0)
    before = snapshot(towns[0])
    for state in towns:
        worked(state, 8, 0.9)
    changed = differing(before, snapshot(towns[0]))
    assert any(name.startswith("workers.") for name in changed)
    for name, column in towns[0].workers.columns():
        np.testing.assert_array_equal(column, getattr(towns[1].workers, name), err_msg=name)


def test_a_worker_at_ease_is_not_strained():
    state = office()
    worked(state, 600, state.p.workforce.strain_from)
    assert state.workers.exhaustion.max() < 0.01
    assert (state.workers.since[seated(state)] > NEVER).all()
    state.flows = fresh_flows(state)


@pytest.mark.parametrize("name", WITHDRAWN)
def test_parameters_of_earlier_versions_are_refused_with_what_there_is_now(folder, name):
    assert name not in declared() and WITHDRAWN[name] in declared()
    error = refused(folder / "x.toml", overrides={f"parameters.{name}": 0.3})
    assert first(error) == ("error.withdrawn_parameter", f"parameters.{name}")
    assert error.faults[0].near == WITHDRAWN[name]
    for lang in ("ja", "en"):
        assert WITHDRAWN[name] in error.say(lang)


def test_a_table_of_parameter_sets_refuses_them_too(tmp_path):
    (tmp_path / "sets.csv").write_text("workforce.sensitivity_spread\n0.4\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_sets(tmp_path / "sets.csv")
    (fault,) = caught.value.faults
    assert (fault.reason.key, fault.near) == ("error.withdrawn_parameter", "workforce.strain_sd")
