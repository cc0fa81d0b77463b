"""Shocks make needs: factors on onset by field and level, exact while they last and nothing before or
after; what a recession does where nobody says; files that are refused.

The seeds are fixed; FALSE_ALARM is the chance that a correct model would fail any test here.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sim.declared.vocabulary import FIELDS, LATENT, MANIFEST, F
from sim.model.course import Course
from sim.model.processes.needs import _most, needs
from sim.model.shocks import onset_factors
from sim.model.start import build
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import set_level
from sim.scenario.load import load, read
from sim.scenario.onset import onset_of
from sim.scenario.scenario import Event, Scenario
from sim.study.idle_settings import unused
from tests.laws import differing, snapshot
from tests.scenario_files import SCENARIO, first, refused
from tests.towns import small_scenario

FALSE_ALARM = 1e-6
HOUSEHOLDS, BEGINS, LASTS, WEEKS = 10_000, 4, 4, 12
STRONG = {"poverty": 1.6, "gap": {"latent": 0.0, "manifest": 4.0}, "child": {"latent": 2.5}}
FAST = {"needs.onset_latent": 6.0, "needs.onset_acute": 4.0}  # far above any real rate
NULLS = {"needs.recession_unemployed": 1.0, "needs.recession_laid_off": 1.0}


def recession(onset=None, **changes) -> Event:
    return Event(kind="recession", week=BEGINS, weeks=LASTS, onset=onset, **changes)


def town(*events: Event, **changes) -> Scenario:
    return small_scenario(300, run_in_weeks=2, years=1, events=events, **changes)


def expected(state: State) -> np.ndarray:
    """Chance that a need begins this week (2, H, F), latent and manifest, in households without any:
    where both begin the manifest one stands.
    """
    p, homes = state.p.needs, state.households
    able = state.needs.susceptibility.reshape(-1, F)
    ratio = np.where(homes.ties > 0, 1.0, p.isolation_hazard_ratio) * homes.frailty
    ratio = ratio * np.where(homes.belongs, p.salon_onset_rr, 1.0)
    ratio = ratio * np.where(homes.watched_until > state.week, p.watched_onset, 1.0)
    slow = p.onset_latent * state.onset_share * able * ratio[:, None]
    sudden = p.onset_acute * state.onset_share / state.eligible_share * (able > 0)
    lasting = BEGINS <= state.week < BEGINS + LASTS
    shock = {field: {} for field in FIELDS}
    if lasting:
        shock |= {"poverty": {"latent": 1.6, "manifest": 1.6}, "child": {"latent": 2.5}}
        shock |= {"gap": {"latent": 0.0, "manifest": 4.0}}
    latent, manifest = (
        weekly_chance(rate * np.array([shock[field].get(level, 1.0) for field in FIELDS]))
        for rate, level in ((slow, "latent"), (sudden, "manifest"))
    )
    return np.stack([latent * (1 - manifest), manifest])


def test_onset_is_exact_before_during_and_after_a_shock():
    """By field and level, against the chance of every household; a rate a tenth off is seen."""
    off = ("relapse", "spill_over")
    scenario = small_scenario(
        HOUSEHOLDS, run_in_weeks=0, events=(recession(STRONG),), switched_off=off, parameters=FAST
    )
    state = build(scenario, 5)
    cells = np.arange(HOUSEHOLDS * F)
    set_level(state, cells[state.needs.level > 0], 0)
    found, mean, spread = (np.zeros((3, 2, F)) for _ in range(3))
    for week in range(WEEKS):
        state.week, phase = week, week // LASTS
        chance = expected(state)
        mean[phase] += chance.sum(axis=1)
        spread[phase] += (chance * (1 - chance)).sum(axis=1)
        needs(state)
        level = state.needs.level.reshape(-1, F)
        found[phase] += np.stack([(level == LATENT).sum(0), (level == MANIFEST).sum(0)])
        set_level(state, cells[state.needs.level > 0], 0)
    limit = norm.isf(FALSE_ALARM / found.size / 2)
    possible = mean > 0
    assert possible.sum() == found.size - 1 and found[1, 0, -1] == 0  # no slow onset of gap needs
    off_by = np.abs(found - mean)[possible] / np.sqrt(spread[possible])
    assert off_by.max() < limit
    totals = found.sum(axis=2) - 1.1 * mean.sum(axis=2)
    assert (np.abs(totals) > 3 * np.sqrt(spread.sum(axis=2))).all()


def test_the_bound_of_onset_is_that_of_a_town_without_shocks_while_none_lasts():
    """So that no date is drawn anew before a shock, and none at all by a shock that multiplies by 1
    or less.
    """
    state = build(town(recession(STRONG)), 1)
    plain = build(town(), 1)
    for week in range(-1, WEEKS):
        state.week = plain.week = week
        bounds = [_most(one, 1.0, onset_factors(one)) for one in (state, plain)]
        if BEGINS <= week < BEGINS + LASTS:
            assert bounds[0][0] == 2.5 * bounds[1][0]
            assert bounds[1][1] < bounds[0][1] < 4 * bounds[1][1]
        else:
            assert bounds[0] == bounds[1] and (onset_factors(state) == 1.0).all()
    weak = build(town(recession(dict.fromkeys(FIELDS, 0.5))), 1)
    weak.week = plain.week = BEGINS
    assert _most(weak, 1.0, onset_factors(weak)) == _most(plain, 1.0, onset_factors(plain))


def lived(scenario: Scenario, weeks: int = WEEKS) -> dict:
    course = Course(scenario, 1)
    for _ in range(weeks):
        course.step()
    return snapshot(course.state)


@pytest.mark.parametrize(
    ("events", "parameters"),
    [
        ((recession({}),), {}),
        ((recession(dict.fromkeys(FIELDS, 1)),), {}),
        ((recession(None),), NULLS),
        ((Event(kind="disaster", week=2, size=0, onset={"poverty": 1}),), {}),
    ],
    ids=["nothing named", "all at 1", "parameters at null", "another kind"],
)
def test_a_shock_at_its_null_leaves_every_state_bit_for_bit(events, parameters):
    plain = lived(town(parameters=parameters))
    assert differing(lived(town(*events, parameters=parameters)), plain) == []


def test_a_shock_changes_nothing_before_it_comes():
    assert differing(lived(town(recession(STRONG)), BEGINS), lived(town(), BEGINS)) == []


def test_a_recession_raises_onset_in_the_field_that_is_named_and_no_other():
    """Onsets of a year in 4,000 households, five times as many in poverty. Each of the other fields
    differs by less than luck, in a town in which needs do not spread.
    """
    fixed = {"run_in_weeks": 2, "years": 1, "switched_off": ("spill_over", "relapse")}
    event = Event(kind="recession", week=0, weeks=52, onset={"poverty": 5})
    totals = [
        Course(small_scenario(4000, events=events, **fixed), 3)
        .run()
        .query("week >= 0")[[f"onsets_{field}" for field in FIELDS]]
        .sum()
        for events in ((), (event,))
    ]
    apart = (totals[1] - totals[0]) / np.sqrt(totals[1] + totals[0])
    limit = norm.isf(FALSE_ALARM / F / 2)
    assert apart.pop("onsets_poverty") > limit and (apart.abs() < limit).all()


def test_a_recession_follows_unemployment_where_nothing_is_written():
    """The hand calculation of `sim.scenario.onset`: the share of onset that comes from a lost job,
    times the rise of the unemployed (336 / 265) and of those laid off (1.515).
    """
    usual = onset_of(None, "recession", town().values().needs)
    by_hand = {
        "poverty": (1 + 0.30 * 0.27, 1 + 0.30 * 0.52),
        "disability": (1 + 0.04 * 0.27, 1 + 0.04 * 0.52),
        "gap": (1 + 0.18 * 0.27, 1 + 0.18 * 0.52),
    }
    assert usual.keys() == by_hand.keys()
    for field, values in by_hand.items():
        assert tuple(usual[field].values()) == pytest.approx(values)
    for kind in ("disaster", "budget_cut", "key_person_leaves"):
        assert onset_of(None, kind, town().values().needs) == {}
    off = build(town(recession(None), fields_off=("gap",)), 1)
    off.week = BEGINS
    assert (onset_factors(off) != 1).sum() == 4


def test_shocks_that_last_at_once_multiply():
    state = build(town(recession({"poverty": 2}), recession({"poverty": {"latent": 3}})), 1)
    state.week = BEGINS
    at = FIELDS.index("poverty")
    assert onset_factors(state)[[at, F + at]].tolist() == [6.0, 2.0]


EVENT = '[[events]]\nkind = "recession"\nat = 2026-04-01\nweeks = 104\n'


@pytest.mark.parametrize(
    "lines",
    [
        "[events.onset]\npoverty = 1.6\ngap = {latent = 2}\n",
        'onset = {poverty = "1.6", gap = {latent = 2.0, manifest = 1}}\n',
        "[events.onset.poverty]\nlatent = 1.6\nmanifest = 1.6\n[events.onset.gap]\nlatent = 2\n",
    ],
)
def test_ways_to_write_onset(folder, lines):
    (folder / "x.toml").write_text(SCENARIO + EVENT + lines, encoding="utf-8")
    (event,) = load(folder / "x.toml").events
    assert (event.week, event.weeks, event.size) == (52, 104, 1.0)
    assert onset_of(event.onset, event.kind, town().values().needs) == {
        "poverty": {"latent": 1.6, "manifest": 1.6},
        "gap": {"latent": 2.0},
    }


REFUSED = {
    "unknown field": ("povety = 1.6", "error.unknown_name", "povety", "poverty"),
    "unknown level": ("poverty = {latnt = 2}", "error.unknown_name", "poverty.latnt", "latent"),
    "severe": ("poverty = {severe = 2}", "error.unknown_name", "poverty.severe", ""),
    "negative": ("poverty = -0.1", "error.range", "poverty", ""),
    "negative at a level": ("poverty = {latent = -1}", "error.range", "poverty.latent", ""),
    "enormous": ("gap = 201", "error.range", "gap", ""),
    "no number": ("gap = nan", "error.finite", "gap", ""),
    "a word": ('gap = "many"', "error.type", "gap", ""),
    "with a sign": ('gap = "+2"', "error.type", "gap", ""),
    "yes": ("gap = true", "error.type", "gap", ""),
    "a list": ("gap = [1, 2]", "error.type", "gap", ""),
    "a date": ("gap = 2026-04-01", "error.unknown_name", "gap.2026-04-01", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_onset_that_cannot_be_is_refused(folder, name):
    line, reason, place, near = REFUSED[name]
    error = refused(folder / "x.toml", text=f"{SCENARIO}{EVENT}[events.onset]\n{line}\n")
    assert len(error.faults) == 1 and first(error) == (reason, f"events.0.onset.{place}")
    assert error.faults[0].near == near and error.faults[0].allowed


def test_onset_of_a_field_that_is_off_is_named(folder):
    text = f'{SCENARIO}fields_off = ["gap"]\n{EVENT}onset = {{gap = 2}}\n'
    (folder / "x.toml").write_text(text, encoding="utf-8")
    assert [phrase.key for phrase in unused(read(folder / "x.toml").scenario)] == ["unused.onset"]


def test_a_recession_without_a_size_leaves_asking_as_it_is():
    assert recession().size == 1.0 and recession(size=2).size == 2.0
    assert Event(kind="disaster", week=0).size == 0.1
