"""Laws of arms: same people, same luck. Equal arms differ by nothing, whoever is left alone lives
the same life, and where no effect is declared nothing a policy does moves a need.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.declared.levers import LEVERS, Step
from sim.declared.vocabulary import F
from sim.model.state import State
from sim.model.town import Town
from sim.scenario.scenario import Scenario
from tests.laws import (
    EVENTS,
    EVERY_LEVER,
    OTHER_WAYS,
    WEEKS,
    another,
    changed,
    differing,
    digest,
    laboratory,
    lived,
    nulls,
    parts,
    scenario_files,
    small,
    steps,
    strong,
    towns,
    weeks_of,
)

BY_WORKER = (
    "workers.",
    "needs.worker",
    "worker_start",
)  # rows of workers, who are more where more are ever wanted
SUMS = (
    "flows.",
    "commons",
    "familiarity",
)  # sums over workers, which round otherwise where there are more rows
# Anything through which support, neighbours or a place reach a household.
REACH = (
    "open_cases",
    "waiting_cases",
    "belongs",
    "joint_plan",
    "accompanied_until",
    "watched_until",
    "elsewhere_until",  # support of another scheme, to which a consultation has led
    "elsewhere_field",
    "empty",
)
EXOGENOUS = (
    "households.occupant",
    "households.kind",
    "residents.age",
    "needs.susceptibility",
    "households.frailty",
)
NEED = (
    "needs.level",
    "needs.bearer",
    "needs.relapse_until",
    "households.active",
    "households.empty",
    "residents.away",
)


@pytest.mark.parametrize("name", towns())
def test_equal_arms_differ_by_nothing(name: str):
    """Two towns of one scenario and seed are equal in every bit of every column, and in every
    number recorded.
    """
    one, other = lived(towns()[name]()), lived(towns()[name]())
    assert differing(parts(one.state), parts(other.state)) == []
    for table, frame in one.tables.items():
        assert frame.equals(other.tables[table]), table


def test_another_seed_is_another_town():
    assert differing(parts(lived(laboratory(), 1, 4).state), parts(lived(laboratory(), 2, 4).state))


PRINT_DIGEST = "from tests.laws import digest, lived, strong; print(digest(lived(strong(), 3, 30)))"


def test_a_run_is_the_same_in_another_process():
    """Bit for bit, whatever the hash seed of the interpreter, and with any number of threads for
    products of matrices (clusters allow one).
    """
    root = Path(__file__).parents[1]
    prints = {digest(lived(strong(), 3, 30))}
    for number in ("1", "2"):
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), number)
        environment = os.environ | threads | {"PYTHONHASHSEED": number, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST],
            capture_output=True,
            text=True,
            env=environment,
            cwd=root,
            check=True,
        )
        prints.add(done.stdout.strip())
    assert len(prints) == 1


def test_a_policy_to_come_leaves_the_weeks_before_it_alone():
    """Arms are equal until the week in which their policies differ: exactly for households, up to
    rounding for sums of hours.
    """
    one, other = (
        Town(laboratory(), 1),
        Town(changed(laboratory(), steps=steps(EVERY_LEVER, start=40)), 1),
    )
    for week in range(40):
        one.step(), other.step()
        names = [
            name
            for name in differing(parts(one.state), parts(other.state))
            if not name.startswith((*BY_WORKER, *SUMS))
        ]
        assert names == [], week
    assert np.allclose(one.table, other.table, rtol=1e-9, atol=1e-9)
    other.step()
    assert differing(parts(one.state), parts(other.state))


def reach(state: State) -> list[np.ndarray]:
    """What reaches each household this week, one array (H, n) a kind."""
    households, needs = state.households, state.needs
    found = [getattr(households, name)[:, None] for name in REACH]
    found += [getattr(needs, name).reshape(-1, F) for name in ("case", "dose", "aid")]
    return [*found, (households.ties > 0)[:, None]]


def separate_lives(reference: Scenario, arm: Scenario) -> tuple[int, int, int]:
    """Live both arms; returns how many households were ever reached differently, how many of these
    live otherwise in the end, and asserts that no other ever does.
    """
    pair = Town(reference, 1), Town(arm, 1)
    contacts: list[np.ndarray] = []
    for town in pair:
        order = [(name, process) for name, process in town.week_order]
        at = [name for name, _ in order].index("intake")
        order.insert(
            at, ("contacts", lambda state: contacts.append(state.households.contact_route.copy()))
        )
        town.week_order = tuple(order)
    touched = np.zeros(pair[0].state.households.rows, dtype=bool)
    for one, other in zip(weeks_of(pair[0]), weeks_of(pair[1]), strict=True):
        first, second = contacts[-2:]
        touched |= first != second
        for mine, theirs in zip(reach(one), reach(other), strict=True):
            touched |= (mine != theirs).any(axis=1)
        apart = (one.needs.level != other.needs.level).reshape(-1, F).any(axis=1)
        assert not (apart & ~touched).any(), (
            f"week {one.week - 1}: households {np.flatnonzero(apart & ~touched)[:5]}"
        )
    return touched.size, int(touched.sum()), int(apart.sum())


@pytest.mark.parametrize("lever", ["staffing", "outreach_worker", "community", "coordination"])
def test_who_is_left_alone_lives_the_same_life(lever: str):
    """A lever moves the needs of those whom it reaches, by however many steps, and of nobody
    else.
    """
    households, touched, apart = separate_lives(
        laboratory(), changed(laboratory(), steps=steps({lever: EVERY_LEVER[lever]}))
    )
    assert 0 < touched < households / 2
    assert apart < touched


@pytest.mark.parametrize("path", scenario_files(), ids=lambda path: path.stem)
def test_who_is_left_alone_lives_the_same_life_in_every_scenario(path: Path):
    """A tenth more outreach and staff, beside what the scenario does."""
    scenario = small(path)
    more = steps({"caseworker": {"fte": 0.5}})
    households, touched, _apart = separate_lives(
        scenario, changed(scenario, steps=scenario.steps + more)
    )
    assert 0 < touched < households


def without_effects(scenario: Scenario) -> Scenario:
    return changed(scenario, parameters=nulls(), effects="none")


def null_law(scenario: Scenario, *policies: tuple[Step, ...]) -> None:
    """The needs of every household are bit-identical in all arms in every week; more posts cost
    more and avert nothing.
    """
    bare = changed(
        without_effects(scenario),
        steps=(),
        events=tuple(e for e in EVENTS if e.kind != "budget_cut"),
    )
    arms = [Town(changed(bare, steps=policy), 1) for policy in ((), *policies)]
    for states in zip(*map(weeks_of, arms), strict=True):
        reference = parts(states[0])
        for state in states[1:]:
            other = parts(state)
            assert [
                part for part in NEED if reference[part].tobytes() != other[part].tobytes()
            ] == [], f"week {state.week - 1}"
    for arm in arms[1:]:
        assert posts(arm) > posts(arms[0]) + WEEKS
        assert crises(arm) == crises(arms[0])
    assert arms[0].table.filter(regex="^resolved").to_numpy().sum() == 0


@pytest.mark.parametrize("path", scenario_files(), ids=lambda path: path.stem)
def test_without_effects_no_policy_moves_a_need(path: Path):
    """The null law in every scenario file, its own practice and policies taken away or all levers
    pulled.
    """
    null_law(small(path), steps(EVERY_LEVER))


def test_without_effects_no_mix_of_levers_moves_a_need():
    """The null law for levers of all kinds, pulled at once or over ten weeks."""
    null_law(
        laboratory(),
        steps({"caseworker": {"fte": 3.0}}),
        steps(EVERY_LEVER),
        steps(EVERY_LEVER | OTHER_WAYS, ramp_weeks=10),
    )


def test_with_effects_policies_do_move_needs():
    """The null law would hold for levers that do nothing; with their effects they do something."""
    one, other = lived(laboratory()), lived(changed(laboratory(), steps=steps(EVERY_LEVER)))
    assert not np.array_equal(one.state.needs.level, other.state.needs.level)


def posts(town: Town) -> float:
    return float(town.table.filter(regex="^post_weeks").to_numpy().sum())


def crises(town: Town) -> float:
    return float(town.table.filter(regex="^crises_crisis").to_numpy().sum())


def test_people_come_and_go_alike_in_every_arm():
    """Who ages, dies, moves and comes is the same row in the same week, whatever policies, shocks,
    effects and crises do.
    """
    calm = laboratory()
    arms = [
        calm,
        changed(calm, steps=steps(EVERY_LEVER)),
        changed(calm, steps=steps(EVERY_LEVER | OTHER_WAYS), events=EVENTS),
        without_effects(calm),
        changed(
            calm, parameters={"crises.crisis_rate_manifest": 0.9, "crises.crisis_rate_severe": 0.9}
        ),
        changed(calm, switched_off=("onset", "relapse", "recovery", "noticing", "leaving")),
    ]
    lives = [Town(arm, 1) for arm in arms]
    for states in zip(*(weeks_of(town) for town in lives), strict=True):
        expected = parts(states[0])
        for arm, state in enumerate(states[1:], 1):
            found = parts(state)
            assert [
                part for part in EXOGENOUS if expected[part].tobytes() != found[part].tobytes()
            ] == [], f"arm {arm}, week {state.week - 1}"
    assert lives[4].state.households.empty.sum() > lives[0].state.households.empty.sum()


def test_laws_try_every_setting_at_another_value_than_its_default():
    """A setting that is declared and tried nowhere is told here: put it into EVERY_LEVER or OTHER_WAYS."""
    tried = {
        (lever, name)
        for levers in (EVERY_LEVER, OTHER_WAYS)
        for lever, settings in levers.items()
        for name, value in settings.items()
        if value != LEVERS[lever].model_fields[name].default
    }
    assert {(lever, name) for lever, kind in LEVERS.items() for name in kind.model_fields} == tried
    for lever, kind in LEVERS.items():
        values = {
            name: another(lever, name)
            for name in kind.model_fields
            if name not in ("add", "targeting", "mix")
        }
        assert kind.model_validate({name: value for name, value in values.items() if name != "hub"})
