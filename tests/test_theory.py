"""Limits in which theory knows the answer: one need's Markov chain, survival under one hazard,
crises, exhaustion.

Every statistical test fails by chance with a probability below FALSE_ALARM, and is tried against a
rate a tenth off, which it must see.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from sim.declared.vocabulary import LATENT, MANIFEST, NEVER, SEVERE, F
from sim.model.flows import fresh_flows
from sim.model.processes.crises import crises
from sim.model.processes.needs import needs
from sim.model.processes.workforce import workforce
from sim.model.start import build
from sim.model.state import State
from sim.model.streams import weekly_chance
from tests.towns import small_scenario

FALSE_ALARM = 1e-6
HOUSEHOLDS = 30_000
FIELD = 3  # poverty: any household with an adult can bear it
PLAIN = {
    "needs.isolation_hazard_ratio": 1.0,
    "needs.salon_onset_rr": 1.0,
    "needs.place_recover": 1.0,
    "needs.watched_onset": 1.0,
    "needs.watched_recover": 1.0,
    "needs.neighbour_help_effect": 1.0,
    "town.frailty_var": 0.0,
    "assistance.init_assistance": 0.0,  # which meets poverty needs; tried in test_assistance.py
    "assistance.entry_manifest": 0.0,
    "assistance.entry_severe": 0.0,
    "needs.slow_recovery": 1.0,  # one speed; two are tried in test_speeds.py
    "needs.slow_escalate": 1.0,
}
FAST = {  # far above any real rate, so that two things in one week are common
    "needs.onset_latent": 9.0,
    "needs.onset_acute": 5.0,
    "needs.escalate_latent": 4.0,
    "needs.escalate_manifest": 3.0,
    "needs.recover_latent": 5.0,
    "needs.recover_manifest": 4.0,
    "needs.recover_severe": 3.0,
}


def agrees(hits: int, trials: int, chance: float, tests: int = 1) -> bool:
    """Whether `hits` out of `trials` could come from `chance`; false alarm FALSE_ALARM over all
    `tests`.
    """
    return binomtest(int(hits), int(trials), float(chance)).pvalue > FALSE_ALARM / tests


def clinic(seed: int = 1, off: tuple[str, ...] = ("relapse",), **parameters: float) -> State:
    """Alike households with the one field, nobody in need, nothing around them that changes a
    hazard.
    """
    others = tuple(field for field in ("elderly", "disability", "child", "gap"))
    chosen = PLAIN | {name.replace("__", "."): value for name, value in parameters.items()}
    state = build(
        small_scenario(
            HOUSEHOLDS, fields_off=others, switched_off=off, run_in_weeks=0, parameters=chosen
        ),
        seed,
    )
    state.needs.level[:] = 0
    for name in ("active", "manifest", "severe"):
        getattr(state.households, name)[:] = 0
    state.needs.susceptibility.reshape(-1, F)[:, FIELD] = 1.0
    state.eligible_share[:] = 1.0
    state.flows = fresh_flows(state)
    return state


def at(state: State, level: int) -> np.ndarray:
    return np.flatnonzero(state.needs.level.reshape(-1, F)[:, FIELD] == level) * F + FIELD


def put(state: State, level: int) -> None:
    """Every household at `level` of the one need."""
    from sim.model.transitions import set_level

    set_level(state, np.arange(state.households.rows) * F + FIELD, level)
    state.needs.bearer[:] = 0


def transition_matrix(state: State) -> np.ndarray:
    """Weekly chances (4, 4) of the model's section 2.2 for a need alone: endings before worsenings,
    the worse onset stands.
    """
    p, share = state.p.needs, state.onset_share[FIELD]
    latent, acute = weekly_chance(p.onset_latent * share), weekly_chance(p.onset_acute * share)
    falls = weekly_chance([p.recover_latent, p.recover_manifest, p.recover_severe])
    rises = weekly_chance([p.escalate_latent, p.escalate_manifest])
    chance = np.zeros((4, 4))
    chance[0, LATENT], chance[0, MANIFEST] = latent * (1 - acute), acute
    chance[LATENT, 0], chance[LATENT, MANIFEST] = falls[0], (1 - falls[0]) * rises[0]
    chance[MANIFEST, 0], chance[MANIFEST, SEVERE] = falls[1], (1 - falls[1]) * rises[1]
    chance[SEVERE, MANIFEST] = falls[2]
    return chance + np.diag(1 - chance.sum(axis=1))


def lived_moves(state: State, weeks: int) -> np.ndarray:
    """Counts (4, 4) of weekly moves between levels over `weeks` of the process needs alone."""
    counts = np.zeros((4, 4), dtype=np.int64)
    level = state.needs.level.reshape(-1, F)
    for _ in range(weeks):
        before = level[:, FIELD].copy()
        needs(state)
        state.week += 1
        np.add.at(counts, (before, level[:, FIELD]), 1)
    return counts


def fast() -> State:
    return clinic(**{name.replace(".", "__"): value for name, value in FAST.items()})


def test_one_need_moves_as_its_matrix_says():
    """Every weekly chance of the four-state chain, and the distribution after a year from nobody in
    need.
    """
    state = fast()
    chance, weeks = transition_matrix(state), 52
    counts = lived_moves(state, weeks)
    at_risk = counts.sum(axis=1)
    assert at_risk.min() > 10_000
    for one, other in np.argwhere(chance > 0):
        assert agrees(counts[one, other], at_risk[one], chance[one, other], tests=30), (
            f"{one} to {other}"
        )
    assert counts[chance == 0].sum() == 0
    expected = np.linalg.matrix_power(chance, weeks)[0]
    for level in range(4):
        assert agrees(at(state, level).size, state.households.rows, expected[level], tests=30), (
            f"level {level}"
        )


def test_the_matrix_sees_a_rate_a_tenth_off():
    state = fast()
    counts = lived_moves(state, 52)
    for name in FAST:
        setattr(state.p.needs, name.split(".")[1], FAST[name] * 1.1)
    chance = transition_matrix(state)
    off = [
        (one, other)
        for one, other in np.argwhere(chance > 0)
        if one != other
        and not agrees(counts[one, other], counts[one].sum(), chance[one, other], tests=30)
    ]
    assert len(off) >= 5


@pytest.mark.parametrize(
    ("level", "leaves", "rate"),
    [
        (LATENT, "recover_latent", 0.9),
        (MANIFEST, "recover_manifest", 0.5),
        (MANIFEST, "escalate_manifest", 0.7),
    ],
)
def test_survival_under_one_hazard(level: int, leaves: str, rate: float):
    """With one way out, the share still at its level falls as exp(-rate t)."""
    only = {f"needs__{name.split('.')[1]}": 0.0 for name in FAST} | {f"needs__{leaves}": rate}
    state = clinic(off=("relapse", "onset"), **only)
    put(state, level)
    for week in range(1, 157):
        needs(state)
        state.week += 1
        if week % 26 == 0:
            left = np.exp(-rate * week / 52)
            assert agrees(at(state, level).size, state.households.rows, left, tests=18), (
                f"week {week}"
            )
            assert not agrees(
                at(state, level).size, state.households.rows, np.exp(-1.1 * rate * week / 52)
            ), f"week {week}"


def test_first_onset_survives_as_one_hazard():
    """The share never in need falls as exp(-(onset + acute) t)."""
    state = clinic(needs__onset_latent=0.4, needs__onset_acute=0.2)
    never = np.ones(state.households.rows, dtype=bool)
    for week in range(1, 105):
        needs(state)
        state.week += 1
        never &= state.households.active == 0
        if week % 26 == 0:
            assert agrees(
                never.sum(),
                never.size,
                np.exp(-0.6 * state.onset_share[FIELD] * week / 52),
                tests=4,
            )


def ended(**parameters: float) -> State:
    """A town in which every household's need has ended in week 0, by relapse alone it can come
    back.
    """
    from sim.model.transitions import improve

    state = clinic(off=("onset", "recovery", "worsening", "surfacing"), **parameters)
    put(state, MANIFEST)
    state.week = 0
    improve(state, at(state, MANIFEST))
    return state


def test_a_need_comes_back_within_a_year_as_declared():
    """relapse_12m of ended needs are back at the level they ended from after 52 weeks, and none
    begins to come back later.
    """
    state = ended()
    state.households.ties[:] = 1
    expected = state.p.needs.relapse_12m
    for state.week in range(1, 80):
        needs(state)
        if state.week == 52:
            assert agrees(at(state, MANIFEST).size, state.households.rows, expected)
            assert not agrees(at(state, MANIFEST).size, state.households.rows, 1.1 * expected)
            back = at(state, MANIFEST).size
    assert at(state, MANIFEST).size == back


def test_a_need_may_come_back_in_each_of_52_weeks():
    """Not 51: with so high a hazard that it comes back at once, it does in the 52nd week and not in
    the 53rd.
    """
    for week, comes in ((1, True), (52, True), (53, False)):
        state = ended(needs__relapse_12m=1 - 1e-12)
        state.p.needs.relapse_12m = 1 - 1e-15
        state.week = week
        needs(state)
        assert (at(state, MANIFEST).size > 0.4 * state.households.rows) == comes, week


@pytest.mark.parametrize(
    ("level", "name"), [(MANIFEST, "crisis_rate_manifest"), (SEVERE, "crisis_rate_severe")]
)
@pytest.mark.parametrize("dose", [0.0, 1.0])
def test_crises_come_at_their_rate(level: int, name: str, dose: float):
    """Rate x (1 - (1 - rr_crisis_supported) x dose) a year and need; crisis_end of them end it."""
    state = clinic(**{f"crises__{name}": 0.6 if level == MANIFEST else 1.2})
    p = state.p.crises
    chance = weekly_chance(getattr(p, name) * (1 - (1 - p.rr_crisis_supported) * dose))
    struck = over = trials = 0
    for state.week in range(26):
        put(state, level)
        state.households.empty[:] = False
        state.residents.away[:] = False
        state.needs.dose[:] = dose
        trials += state.households.rows
        crises(state)
        struck += int(state.flows["crises"].sum())
        over += int(state.flows["crises_ended"].sum())
        state.flows = fresh_flows(state)
    assert agrees(struck, trials, chance, tests=8)
    assert agrees(over, struck, p.crisis_end, tests=8)
    assert not agrees(struck, trials, 1.15 * chance)


@pytest.mark.parametrize("load", [0.8, 1.0, 1.25, 1.5, 2.0])
def test_exhaustion_settles_at_its_fixed_point(load: float):
    """gain x sqrt(load - .5) x (1 - E) = recovery x E for the median worker: about .41 at load 1, .46
    at 1.25, .5 at 1.5.
    """
    state = clinic(
        off=("leaving", "rotation"), workforce__slack_relief=0.0, workforce__strain_sd=0.0
    )
    p, workers = state.p.workforce, state.workers
    for _ in range(1500):
        workers.load[:], workers.slack[:], workers.crisis[:] = load, 0.0, 0.0
        workforce(state)
    gain = p.exhaustion_gain * max(0.0, load - p.strain_from) ** 0.5
    expected = gain / (gain + p.exhaustion_recovery)
    assert workers.exhaustion[workers.post > 0] == pytest.approx(expected, abs=1e-3)
    known = {1.0: 0.414, 1.25: 0.464, 1.5: 0.5}
    if (p.exhaustion_gain, p.exhaustion_recovery) == (0.04, 0.04) and load in known:
        assert expected == pytest.approx(known[load], abs=0.005)
    assert (workers.since[workers.post > 0] > NEVER).all()
