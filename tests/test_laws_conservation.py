"""Laws: people, households, hours, cases and needs are conserved, week by week; a field switched
off stays empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.declared import declared
from sim.declared.levers import Step
from sim.declared.vocabulary import FIELDS, WAITING, F
from sim.model.processes import WEEK
from sim.model.state import State
from sim.model.town import Town
from tests.conservation import broken
from tests.laws import (
    EVERY_LEVER,
    OTHER_WAYS,
    SCENARIOS,
    changed,
    scenario_files,
    small,
    strong,
    towns,
    weeks_of,
)
from tests.towns import small_organisation, small_scenario

Process = Callable[[State], None]


def at_home(state: State) -> int:
    return int(((state.residents.age >= 0) & ~state.residents.away).sum())


def in_need(state: State) -> int:
    return int((state.needs.level > 0).sum())


def waiting(state: State) -> int:
    return int((state.needs.case == WAITING).sum())


def crisis_hours(state: State) -> float:
    return float((state.agencies.crisis_due + state.agencies.overflow).sum())


def door_hours(state: State) -> float:
    return float(state.households.door_hours.sum())


def flow(state: State, *names: str) -> float:
    return float(sum(state.flows[name].sum() for name in names))


class Account(NamedTuple):
    """What stands before and after a process, what the process counts of its change, and what of it
    the process gives out.
    """

    stock: Callable[[State], float]
    counted: Callable[[State], float] = lambda _state: 0.0
    given: Callable[[State], float] = lambda _state: 0.0


ACCOUNTS: dict[str, list[Account]] = {
    "population": [
        Account(
            at_home, lambda s: flow(s, "moved_in") - flow(s, "moved_out", "deaths", "grown_up")
        ),
        Account(door_hours, lambda s: -flow(s, "consultation_left")),
    ],
    "needs": [Account(in_need, lambda s: flow(s, "onsets") - flow(s, "recoveries"))],
    "crises": [
        Account(crisis_hours, lambda s: flow(s, "crises") * s.p.crises.crisis_hours),
        Account(door_hours, lambda s: -flow(s, "consultation_left")),
    ],
    "assistance": [
        Account(in_need, lambda s: flow(s, "onsets") - flow(s, "needs_met")),
    ],
    "intake": [
        Account(waiting, lambda s: flow(s, "needs_queued")),
        Account(
            door_hours, lambda s: flow(s, "consultation_joined") - flow(s, "consultation_left")
        ),
    ],
    "casework": [
        Account(in_need, lambda s: -flow(s, "resolved")),
        Account(crisis_hours, given=lambda s: -float(s.workers.crisis.sum())),
        Account(door_hours, lambda s: -flow(s, "consultation_done")),
        Account(door_hours, given=lambda s: -float(s.workers.intake.sum())),
    ],
    "workforce": [Account(waiting, lambda s: flow(s, "cases_returned"))],
}
MOVERS = {
    at_home: {"population", "crises"},
    in_need: {"population", "needs", "crises", "assistance", "casework"},
    door_hours: {"population", "crises", "intake", "casework"},
    waiting: {
        "population",
        "crises",
        "assistance",
        "intake",
        "admission",
        "coordination",
        "casework",
        "workforce",
    },
}


def audited(name: str, process: Process, faults: list[str]) -> tuple[str, Process]:
    """The process, with what it moves compared with what it counts."""
    accounts = ACCOUNTS.get(name, []) + [
        Account(stock) for stock, movers in MOVERS.items() if name not in movers
    ]

    def audit(state: State) -> None:
        before = [(one.stock(state), one.counted(state)) for one in accounts]
        process(state)
        if name == "casework" and state.workers.available[state.workers.present == 0].any():
            faults.append(f"week {state.week}: who is away works hours")
        for one, (stood, had) in zip(accounts, before, strict=True):
            moved, told = one.stock(state) - stood, one.counted(state) - had + one.given(state)
            if not np.isclose(moved, told, rtol=1e-9, atol=1e-6):
                faults.append(
                    f"week {state.week} {name}: {one.stock.__name__} moves by {moved}, by its counters {told}"
                )

    return name, audit


def test_there_are_scenario_files():
    assert scenario_files()
    assert all(SCENARIOS in path.parents for path in scenario_files())


@pytest.mark.parametrize("name", towns())
def test_people_households_hours_cases_are_conserved(name: str):
    """Every week of two years: counts agree with a recount, hours with the hours there, stocks with
    their counters.
    """
    faults: list[str] = []
    town = Town(towns()[name](), 1, week_order=[audited(*step, faults) for step in WEEK])
    for state in weeks_of(town):
        faults += broken(state)
    assert faults == []
    assert town.table["hours_cases"].sum() > 0
    assert in_need(town.state) > 0


@st.composite
def policies(draw) -> tuple[Step, ...]:
    """Any mix of levers, each as strong as half to twice the usual, at any start, some with a ramp,
    some ended again.
    """
    pulled = []
    for lever in draw(
        st.lists(st.sampled_from(sorted(EVERY_LEVER)), min_size=1, max_size=6, unique=True)
    ):
        chosen = draw(
            st.sampled_from([EVERY_LEVER[lever], OTHER_WAYS.get(lever, EVERY_LEVER[lever])])
        )
        start, ramp = draw(st.integers(0, 12)), draw(st.sampled_from([0.0, 0.0, 5.0]))
        pulled.append(
            Step(
                lever=lever,
                start_week=start,
                ramp_weeks=ramp if lever != "coordination" else 0.0,
                settings=chosen,
            )
        )
    if draw(st.booleans()):
        pulled.append(
            Step(
                lever="fidelity",
                start_week=draw(st.integers(0, 12)),
                settings={"value": draw(st.floats(0, 1))},
            )
        )
    return tuple(sorted(pulled, key=lambda step: step.start_week))


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    policies=policies(),
    seed=st.integers(0, 2**32),
    posts=st.sampled_from([15.0, 63.0, 200.0]),
    shocks=st.booleans(),
    extremes=st.sampled_from(["low", "value", "high"]),
)
def test_any_levers_conserve(policies, seed, posts, shocks, extremes):
    parameters = {
        name: getattr(one, extremes)
        for name, one in declared().items()
        if not name.startswith("town.")
    }
    scenario = small_scenario(
        600,
        run_in_weeks=8,
        years=1,
        organisation=small_organisation(posts_per_100k=posts),
        steps=policies,
        events=strong().events if shocks else (),
        parameters=parameters,
    )
    faults: list[str] = []
    town = Town(scenario, seed, week_order=[audited(*step, faults) for step in WEEK])
    for state in weeks_of(town, 26):
        faults += broken(state)
    assert faults == []


@pytest.mark.parametrize("off", [*((field,) for field in FIELDS), FIELDS[1:], FIELDS], ids="+".join)
def test_a_field_switched_off_stays_empty(off: tuple[str, ...]):
    """No need, no case, no event of a field that is off; the others live on."""
    town = Town(changed(strong(), fields_off=off), 1)
    closed = np.isin(FIELDS, off)
    for state in weeks_of(town, 60):
        assert not state.needs.level.reshape(-1, F)[:, closed].any()
        assert not state.needs.case.reshape(-1, F)[:, closed].any()
    for field in FIELDS:
        assert (town.table[f"onsets_{field}"].sum() > 0) == (field not in off)


@pytest.mark.parametrize("name", [path.stem for path in scenario_files()])
def test_a_field_of_a_scenario_file_can_be_switched_off(name: str):
    scenario = small(SCENARIOS / f"{name}.toml", fields_off=("poverty",))
    town = Town(scenario, 1)
    for state in weeks_of(town, 30):
        assert not state.needs.level.reshape(-1, F)[:, FIELDS.index("poverty")].any()
