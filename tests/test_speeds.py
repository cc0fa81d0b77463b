"""Two speeds of need: what is drawn when a need begins stays with it, rates are exact for each
speed, one speed is their limit, and the start holds the stock that a long run comes to.

Every statistical test fails by chance with a probability below FALSE_ALARM; there are fewer than
200 of them, so that all together fail in less than one of 10 million runs.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from sim.declared.records import LASTING
from sim.declared.vocabulary import FIELDS, LATENT, LEVELS, MANIFEST, MEMBERS, SEVERE, F
from sim.model.course import Course
from sim.model.households import able_for, stood_for
from sim.model.kernel import kernel
from sim.model.links import isolation
from sim.model.processes.casework import aid
from sim.model.processes.needs import needs, recovery, worsening
from sim.model.speeds import fill_paces, slow_share
from sim.model.start import build
from sim.model.start.stock import standing
from sim.model.start.typical import Typical
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.town import Town
from sim.model.town_records import parameter_record
from sim.model.transitions import set_level
from sim.scenario.scenario import Scenario
from tests.laws import changed, laboratory, parts, same
from tests.test_theory import FIELD, HOUSEHOLDS, at, clinic, put
from tests.towns import small_scenario

FALSE_ALARM = 5e-10
SHARES = tuple(f"needs.slow_share_{field}" for field in FIELDS)
ONE_SPEED = {"needs.slow_recovery": 1.0, "needs.slow_escalate": 1.0, "casework.slow_support": 1.0}
# Differences between the start and a long run that the chain is allowed for what it leaves out,
# chosen once the reference town had been seen; severe needs are not in balance at the start.
SPARED = {LATENT: 0.03, MANIFEST: 0.04, SEVERE: 0.10}
ALONE = {  # nobody asks, and nothing strikes
    "asking__seek_latent": 0.0,
    "asking__seek_manifest": 0.0,
    "asking__seek_severe": 0.0,
    "crises__crisis_rate_manifest": 0.0,
    "crises__crisis_rate_severe": 0.0,
}


def agrees(hits: int, trials: int, chance: float) -> bool:
    return binomtest(int(hits), int(trials), float(chance)).pvalue > FALSE_ALARM


def two_speeds(**parameters: float) -> State:
    """A clinic with slow and fast needs, at the declared values unless others are given."""
    declared = {"needs__slow_recovery": 0.15, "needs__slow_escalate": 0.7}
    return clinic(**declared | parameters)


@kernel
def _slow_share(p):
    return slow_share(p[0])


@kernel
def _own_rates(t, cell, level, on):
    """Recovery and worsening of the need in `cell` as if of `level`, alone and unwatched."""
    need = t.needs[cell]
    better = recovery(t.p[0], need, level, False, False)
    return better, worsening(t.p[0], isolation(t, cell // F), need, level, 1, False, on)


@kernel
def _aid(t, cell):
    return aid(t, 0.0, cell, t.workers[0], False)


def paces(state: State) -> np.ndarray:
    """Paces (3, 2) of recovery, surfacing and support, of fast and slow needs."""
    found = np.zeros((3, 2))
    fill_paces(parameter_record(state.p), *found)
    return found


def test_the_mean_over_onset_is_the_declared_rate():
    state = build(small_scenario(50, run_in_weeks=0), 1)
    p = state.p.needs
    share = np.array([getattr(p, f"share_{field}") for field in FIELDS])
    slow = np.array([getattr(p, f"slow_share_{field}") for field in FIELDS])
    fast_pace, slow_pace = paces(state)[0]
    part = float(share @ slow / share.sum())
    assert _slow_share(parameter_record(state.p)) == pytest.approx(part, rel=1e-12)
    assert slow_pace == p.slow_recovery
    assert part * slow_pace + (1 - part) * fast_pace == pytest.approx(1.0, rel=1e-12)
    if (p.slow_recovery, round(part, 3)) == (0.15, 0.401):
        assert fast_pace == pytest.approx(1.569, abs=5e-4)


def test_rates_by_speed_are_exact():
    """Recovery at every level, surfacing of latent needs, and nothing else."""
    state = two_speeds()
    p, on = state.p.needs, np.ones(6)
    state.households.ties[:] = 1
    declared = (p.recover_latent, p.recover_manifest, p.recover_severe)
    rises = (p.escalate_latent, p.escalate_manifest, 0.0)
    for slow, pace in enumerate(paces(state)[0]):
        state.needs.slow[FIELD] = slow == 1
        for level in (LATENT, MANIFEST, SEVERE):
            better, worse = _own_rates(state.records, FIELD, level, on)
            assert better == pytest.approx(declared[level - 1] * pace, rel=1e-12)
            surfaces = p.slow_escalate if slow and level == LATENT else 1.0
            assert worse == pytest.approx(rises[level - 1] * surfaces, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.37, 0.999, 1.0])
def test_one_speed_is_the_null_to_the_last_bit(share):
    parameters = ONE_SPEED | dict.fromkeys(SHARES, share)
    state = build(small_scenario(50, run_in_weeks=0, parameters=parameters), 1)
    assert (paces(state) == 1.0).all()


def test_at_one_speed_no_life_depends_on_how_many_needs_are_slow():
    towns = [
        Town(changed(laboratory(), parameters=ONE_SPEED | dict.fromkeys(SHARES, share)), 1)
        for share in (0.1, 0.6)
    ]
    for _ in range(78):
        for town in towns:
            town.step()
    one, other = (parts(town.state) for town in towns)
    apart = {name for name in one if not same(one[name], other[name])}
    assert apart <= {"needs.slow", "needs.since", "latent_since", "makeup"}
    assert "needs.slow" in apart
    ages = {"latent_needs", "latent_gap"}  # they follow from the week in which a need began
    for name in towns[0].table:
        if name.rpartition("_")[0] not in ages and not name.startswith(tuple(ages)):
            assert towns[0].table[name].equals(towns[1].table[name]), name


@pytest.mark.parametrize("level", [LATENT, MANIFEST, SEVERE])
def test_support_adds_to_the_own_rate_and_at_null_nothing(level):
    names = ("latent", "manifest", "severe")
    null = {f"casework.resolve_{name}": f"recover_{name}" for name in names}
    for at_null in (False, True):
        state = build(small_scenario(200, run_in_weeks=0), 1)
        n, c, skill = state.p.needs, state.p.casework, float(state.workers.skill[0])
        if at_null:
            for name, own in null.items():
                setattr(c, name.split(".")[1], getattr(n, own))
        set_level(state, np.arange(200 * F), 0)
        set_level(state, np.array([FIELD]), level)
        state.needs.dose[FIELD], state.needs.case[FIELD] = 0.8, 2
        gain = getattr(c, f"resolve_{names[level - 1]}") - getattr(n, f"recover_{names[level - 1]}")
        for slow in (False, True):
            state.needs.slow[FIELD] = slow
            found = _aid(state.records, FIELD)
            expected = gain * 0.8 * skill * (c.slow_support if slow else 1.0)
            assert found == pytest.approx(expected, rel=1e-12) and (found == 0.0) == at_null


@pytest.mark.parametrize(
    ("level", "name"), [(LATENT, "recover_latent"), (MANIFEST, "recover_manifest")]
)
def test_each_speed_survives_as_one_hazard(level, name):
    off = ("relapse", "onset", "surfacing", "worsening")
    state = two_speeds(off=off, **{f"needs__{name}": 0.6})
    put(state, level)
    slow = np.arange(HOUSEHOLDS) % 2 == 1
    state.needs.slow.reshape(-1, F)[:, FIELD] = slow
    for week in range(1, 105):
        needs(state)
        state.week += 1
        if week % 52 == 0:
            there = state.needs.level.reshape(-1, F)[:, FIELD] == level
            for speed, pace in zip((~slow, slow), paces(state)[0], strict=True):
                left = np.exp(-0.6 * pace * week / 52)
                assert agrees(there[speed].sum(), speed.sum(), left)
                assert not agrees(there[speed].sum(), speed.sum(), left * 0.85)


def test_each_speed_surfaces_at_its_rate():
    state = two_speeds(off=("relapse", "onset", "recovery"), needs__escalate_latent=2.0)
    put(state, LATENT)
    slow = np.arange(HOUSEHOLDS) % 2 == 1
    state.needs.slow.reshape(-1, F)[:, FIELD] = slow
    state.households.ties[:] = 1
    needs(state)
    rose = state.needs.level.reshape(-1, F)[:, FIELD] > LATENT
    for speed, pace in ((~slow, 1.0), (slow, state.p.needs.slow_escalate)):
        assert agrees(rose[speed].sum(), speed.sum(), weekly_chance(2.0 * pace))


def test_severe_needs_fall_at_the_rate_of_their_speed():
    state = two_speeds(off=("relapse", "onset"), needs__recover_severe=2.0)
    put(state, SEVERE)
    slow = np.arange(HOUSEHOLDS) % 2 == 1
    state.needs.slow.reshape(-1, F)[:, FIELD] = slow
    needs(state)
    fell = state.needs.level.reshape(-1, F)[:, FIELD] == MANIFEST
    for speed, pace in zip((~slow, slow), paces(state)[0], strict=True):
        assert agrees(fell[speed].sum(), speed.sum(), weekly_chance(2.0 * pace))


def test_a_need_that_begins_is_slow_with_the_chance_of_its_field():
    state = build(small_scenario(30_000, run_in_weeks=0), 3)
    set_level(state, np.arange(state.needs.rows), 0)
    state.needs.slow[:] = False
    state.p.needs.onset_latent, state.p.needs.onset_acute = 8.0, 4.0
    needs(state)
    for field, name in enumerate(FIELDS):
        begun = np.flatnonzero(state.needs.level.reshape(-1, F)[:, field]) * F + field
        chance = getattr(state.p.needs, f"slow_share_{name}")
        assert begun.size > 500 and agrees(state.needs.slow[begun].sum(), begun.size, chance)
        assert not agrees(state.needs.slow[begun].sum(), begun.size, chance + 0.15)


def test_a_slow_need_stays_slow_through_its_course_and_when_it_comes_back():
    """Whatever happens to it: surfacing, worsening, crises, support, an end, a relapse."""
    fast_lives = {
        "needs.relapse_12m": 0.9,
        "needs.escalate_latent": 1.5,
        "needs.escalate_manifest": 1.5,
        "needs.recover_latent": 2.0,
        "needs.recover_manifest": 2.0,
        "needs.recover_severe": 2.0,
        "crises.crisis_rate_severe": 1.0,
    }
    scenario = changed(laboratory(), parameters=fast_lives, switched_off=("onset", "spill_over"))
    town = Town(scenario, 1)
    state, back, moved = town.state, 0, 0
    for _ in range(104):
        slow, level = state.needs.slow.copy(), state.needs.level.copy()
        occupant = state.households.occupant.copy()
        town.step()
        stays = np.repeat(state.households.occupant == occupant, F)
        there = stays & (state.needs.level > 0)
        assert (state.needs.slow == slow)[there].all()
        back += np.count_nonzero(there & (level == 0))
        moved += np.count_nonzero(there & (level > 0) & (level != state.needs.level))
    assert back > 50 and moved > 50


def test_a_need_that_is_set_by_hand_is_drawn_as_one_that_begins():
    town = Town(small_scenario(3000, run_in_weeks=0), 1)
    set_level(town.state, np.arange(town.state.needs.rows), 0)
    for household in town.households:
        household.needs = {"gap": "latent", "poverty": "manifest"}
    for name in ("gap", "poverty"):
        slow = town.state.needs.slow.reshape(-1, F)[:, FIELDS.index(name)]
        chance = getattr(town.state.p.needs, f"slow_share_{name}")
        assert agrees(slow.sum(), slow.size, chance)


@pytest.mark.parametrize("share", [None, 0.0, 1.0])
def test_no_rate_is_above_the_one_at_which_households_draw(share):
    """Else the week would stop with an error: at the ends of the ranges, too."""
    ends = {"needs.slow_recovery": 0.05, "needs.watched_recover": 1.4, "needs.slow_escalate": 1.0}
    ends |= {"needs.place_recover": 1.3, "needs.recover_latent": 0.35, "needs.slow_share_gap": 1.0}
    if share is not None:
        ends |= dict.fromkeys(SHARES, share)
    course = Course(changed(laboratory(), parameters=ends), 1)
    for _ in range(52):
        course.step()


# The stock that stands still.


def chain(state: State, years: int) -> tuple[np.ndarray, ...]:
    """What the chain says of residents who have all been able to bear the need for `years`."""
    ages = np.full((1, MEMBERS), -1)
    ages[0, 0] = 18 + years - 1
    raw = np.ones((1, F))
    typical = Typical(np.ones(1), ages, np.ones(1), raw, np.zeros(1, dtype=bool))
    return standing(state.p, typical)


def test_the_chain_is_what_a_single_need_comes_to():
    """Nobody in need at first, twelve years later: the share of slow needs at each level, and how
    long they have been there.
    """
    years = 12
    quick = {"needs__escalate_latent": 0.4, "needs__escalate_manifest": 0.3}
    state = two_speeds(
        off=(),
        needs__onset_latent=0.05,
        needs__onset_acute=0.01,
        needs__recover_severe=0.3,
        needs__relapse_12m=0.0,
        **quick,
        **ALONE,
    )
    state.households.ties[:] = 1
    for _ in range(years * 52):
        needs(state)
        state.week += 1
    stock = chain(state, years)
    for level in (LATENT, MANIFEST, SEVERE):
        cells = at(state, level)
        assert cells.size > 150
        # the share is of the middle of the last year, half a year before
        share = float(
            np.interp(
                years, [years - 0.5, years + 0.5], stock.slow[FIELD, level, years - 1 : years + 1]
            )
        )
        assert agrees(state.needs.slow[cells].sum(), cells.size, share), LEVELS[level]
        for speed in (0, 1):
            mine = cells[state.needs.slow[cells] == speed]
            stood = state.week - state.needs.since[mine]
            entered, rate = stock.entries[FIELD, level, speed], stock.leaving[FIELD, level, speed]
            grid = np.array(
                [stood_for(entered, rate, years - 1, (k + 0.5) / 2000) for k in range(2000)]
            )
            for limit in (26, 104, 260):
                chance = (grid >= limit).mean()
                assert agrees((stood >= limit).sum(), mine.size, chance), (LEVELS[level], limit)


def test_weeks_stood_are_those_of_one_hazard_cut_at_the_age_of_the_bearer():
    rate, years = 0.2, 9
    u = (np.arange(4000) + 0.5) / 4000
    weeks = np.array([stood_for(np.ones(60), rate, years, one) for one in u])
    assert weeks.min() >= 0 and weeks.max() <= (years + 1) * 52
    for limit in (0.5, 1.0, 3.3, 8.0, 9.9):
        expected = np.expm1(-rate * limit) / np.expm1(-rate * (years + 1))
        assert (weeks < limit * 52).mean() == pytest.approx(expected, abs=2e-3)


def test_where_nothing_enters_a_level_its_needs_are_of_any_age():
    weeks = [stood_for(np.zeros(60), 0.2, 4, u) for u in (0.001, 0.5, 0.999)]
    assert weeks == [0, 130, 259]


def test_the_start_is_drawn_from_the_chain():
    state = build(small_scenario(30_000, run_in_weeks=0), 2)
    cells, slow = np.flatnonzero(state.needs.level), state.needs.slow
    level, field, place = state.needs.level[cells], cells % F, state.needs.bearer[cells]
    age = state.residents.age[cells // F * MEMBERS + place]
    years = np.array([able_for(a, f) for a, f in zip(age.tolist(), field.tolist(), strict=True)])
    chance = state.makeup.slow[field, level, years]
    for f in range(F):
        for of in (LATENT, MANIFEST, SEVERE):
            mine = (field == f) & (level == of)
            error = np.sqrt((chance * (1 - chance))[mine].sum())
            off = abs(slow[cells][mine].sum() - chance[mine].sum())
            assert 2 * norm.sf((off - 1) / error) > FALSE_ALARM, (FIELDS[f], of)
    stood = state.week - state.needs.since[cells]
    assert (stood >= 0).all() and (stood <= (years + 1) * 52).all()
    assert (stood[level == LATENT] >= 520).mean() > 0.1


def reference(households: int, years: int) -> Scenario:
    return small_scenario(households, run_in_weeks=0, years=years)


@pytest.fixture(scope="module")
def lived() -> tuple[dict, dict, dict]:
    """Slow share, and shares that have lasted one to three, and ten years and more, by level: at
    the start, and on average over six to twelve years later; and how many needs the start has.
    """
    course = Course(reference(40_000, 12), 5)
    start, later = shares_of(course.state), []
    count = {level: np.count_nonzero(course.state.needs.level == level) for level in SPARED}
    for week in range(12 * 52):
        course.step()
        if week >= 6 * 52 and week % 52 == 0:
            later.append(shares_of(course.state))
    mean = {key: np.mean([one[key] for one in later]) for key in start}
    return start, mean, count


def shares_of(state: State) -> dict[tuple[str, int], float]:
    found = {}
    for level in (LATENT, MANIFEST, SEVERE):
        cells = np.flatnonzero(state.needs.level == level)
        years = (state.week - state.needs.since[cells]) / 52
        found["slow", level] = state.needs.slow[cells].mean()
        found["1-3", level] = ((years >= 1) & (years < 3)).mean()
        found["10", level] = (years >= 10).mean()
    return found


@pytest.mark.parametrize("level", SPARED)
@pytest.mark.parametrize("what", ["slow", "1-3", "10"])
def test_the_start_is_what_a_long_run_without_trend_comes_to(lived, what, level):
    """To within SPARED, which is allowed for what the chain leaves out, and luck: the mean of the
    later years has no more of it than one of them, and never fewer needs than the start.
    """
    start, later, count = lived
    one, other = start[what, level], later[what, level]
    error = np.sqrt((one * (1 - one) + other * (1 - other)) / count[level])
    assert abs(one - other) < SPARED[level] + norm.isf(FALSE_ALARM / 2) * error


def test_latent_needs_are_told_by_how_long_they_have_lasted():
    town = Town(small_scenario(3000, run_in_weeks=0), 1)
    town.step()
    state, last = town.state, town.table.iloc[-1]
    week = int(last["week"])
    cells = np.flatnonzero(state.needs.level == LATENT)
    years = (week - state.needs.since[cells]) / 52
    stretch = np.searchsorted([1, 3, 10], years, side="right")
    for prefix, which in (("latent_needs", cells % F >= 0), ("latent_gap", cells % F == F - 1)):
        counted = np.bincount(stretch[which], minlength=len(LASTING))
        assert [last[f"{prefix}_{name}"] for name in LASTING] == counted.tolist()
