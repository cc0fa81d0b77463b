"""Roles: posts that people name, their mix of activities, and what the model makes of the hours."""

from __future__ import annotations

import math
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.declared.levers import LEVERS, Practice, practice_at
from sim.declared.roles import ACTIVITIES, AT_DESK, ROLES, posts_by_activity
from sim.declared.vocabulary import (
    ACCOMPANIED,
    ASSISTANCE_WORKER,
    CASEWORKER,
    COMMUNITY_WORKER,
    COMPANION,
    HUB_WORKER,
    LINKER,
    NO_CASE,
    OUTREACH_WORKER,
    POST_KINDS,
    WAITING,
    F,
)
from sim.model.activities import hours_of_links, hub_mode, linked, posts_for
from sim.model.posts import DUTY_OF, hours_of, own_posts, post_groups, wanted_posts
from sim.model.processes.workforce import _return_cases
from sim.model.town import Town
from sim.model.transitions import set_case
from sim.report.reference.roles import TABLE, reach_at_the_ends
from sim.scenario.load import load
from sim.words.errors import ScenarioError
from tests.laws import changed, digest, lived, parts, steps
from tests.towns import small_scenario

BASE = small_scenario(600, run_in_weeks=8, years=1)
WEEKS = 30
MIXES = (
    st.lists(st.integers(0, 4), min_size=8, max_size=8)
    .filter(any)
    .map(
        lambda parts: {
            name: part / sum(parts) for name, part in zip(ACTIVITIES, parts, strict=True) if part
        }
    )
)
under = partial(changed, BASE)


@cache
def without() -> str:
    """The town without any lever."""
    return digest(lived(under(), weeks=WEEKS))


def practice(**levers) -> Practice:
    return Practice.model_validate(levers)


def by_duty(scenario, now: Practice) -> dict[int, float]:
    """Posts wanted beyond those without any lever, by duty."""
    more = wanted_posts(scenario, now, 3.0) - wanted_posts(scenario, Practice(), 3.0)
    groups = post_groups(scenario)
    found: dict[int, float] = {}
    for group, number in zip(groups, more, strict=True):
        found[group.duty] = found.get(group.duty, 0.0) + number
    return {duty: number for duty, number in found.items() if abs(number) > 1e-12}


def test_the_shares_of_each_role_sum_to_one_and_each_role_is_a_lever():
    assert list(LEVERS)[1 : 1 + len(ROLES)] == list(ROLES)
    for role, one in ROLES.items():
        assert LEVERS[role] is one.lever and set(one.mix) <= set(ACTIVITIES)
        assert math.isclose(sum(one.mix.values()), 1.0)
    assert {name for one in ROLES.values() for name in one.mix} == set(ACTIVITIES)
    assert set(DUTY_OF) | set(AT_DESK) == set(ACTIVITIES)


@given(role=st.sampled_from(list(ROLES)), fte=st.floats(0, 20), mix=MIXES | st.just({}))
def test_the_parts_of_a_post_are_the_post(role, fte, mix):
    """Hours by activity sum to the role's: posts by activity sum to its posts, of its kind."""
    for kind in POST_KINDS:
        now = practice(**{role: {"fte": fte, "mix": mix, "kind": kind}})
        more = wanted_posts(BASE, now, 3.0) - wanted_posts(BASE, Practice(), 3.0)
        of_kind = np.array([POST_KINDS[group.kind] == kind for group in post_groups(BASE)])
        assert more.sum() == pytest.approx(fte) and more[of_kind].sum() == pytest.approx(fte)
        assert sum(posts_by_activity(now, {}).get(role, {}).values()) == pytest.approx(fte)


def test_hours_of_a_new_role_are_its_share_of_a_full_week_in_every_activity():
    """What the parts of two CSWs have in hours, fresh and all there, is what two posts have."""
    town = Town(under(steps=steps({"csw": {"fte": 2.0}}, start=0)), 1)
    town.step()
    state, mix = town.state, ROLES["csw"].mix
    workers = state.workers
    for activity, duty in DUTY_OF.items():
        mine = workers.duty == duty
        assert workers.post[mine].sum() == pytest.approx(2 * mix.get(activity, 0.0))
    own = own_posts(state.scenario).sum()
    desk = workers.post[workers.duty == CASEWORKER].sum() - own
    assert desk == pytest.approx(2 * sum(mix[name] for name in AT_DESK))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_posts_changes_nothing_whatever_its_mix(role):
    """The law of zero: not a bit, in any week, whatever is written beside it."""
    idle = {role: {"fte": 0.0, "mix": {"visiting": 0.5, "coordination": 0.5}, "kind": "regular"}}
    assert digest(lived(under(steps=steps(idle)), weeks=WEEKS)) == without()


def test_the_same_hours_are_the_same_town_whoever_has_them():
    """A mechanism knows hours, not names: roles of one mix and kind cannot be told apart."""
    mix = {"visiting": 0.5, "community_organising": 0.5}
    towns = [
        lived(under(steps=steps({role: {"fte": 2.0, "mix": mix, "kind": "contract"}})), weeks=WEEKS)
        for role in ("csw", "participation_worker")
    ]
    assert digest(towns[0]) == digest(towns[1]) != without()


def test_caseworkers_are_at_their_desk_unless_a_mix_is_written():
    assert by_duty(BASE, practice(caseworker={"fte": 2.0})) == {CASEWORKER: pytest.approx(2.0)}
    written = by_duty(BASE, practice(caseworker={"fte": 2.0, "mix": ROLES["caseworker"].mix}))
    assert written[CASEWORKER] == pytest.approx(1.8) and written[LINKER] == pytest.approx(0.1)
    office = by_duty(BASE, practice(assistance_caseworker={"fte": 2.0}))
    assert office == {ASSISTANCE_WORKER: pytest.approx(2.0)}


def test_a_town_says_what_its_own_posts_do():
    """Its mix holds for levers without one of their own, and for its own caseworkers where the
    municipality runs the agency.
    """
    written = {"csw": {"visiting": 1.0}, "caseworker": {"desk_cases": 0.9, "visiting": 0.1}}
    agencies = BASE.organisation.agencies
    first = agencies[0].model_copy(update={"owner": "prefecture"})
    town = BASE.organisation.model_copy(
        update={"roles": written, "agencies": (first, *agencies[1:])}
    )
    scenario = changed(BASE, organisation=town)
    groups = post_groups(scenario)
    now, bare = (wanted_posts(one, practice(csw={"fte": 1.0}), 3.0) for one in (scenario, BASE))
    assert now.sum() == pytest.approx(bare.sum())
    visiting = sum(n for group, n in zip(groups, now, strict=True) if group.duty == OUTREACH_WORKER)
    posts = own_posts(BASE)
    assert visiting == pytest.approx(1.0 + 0.1 * posts[1:].sum())
    kinds = len(POST_KINDS)
    assert now[:kinds] == pytest.approx(posts[0])
    assert now[kinds : 2 * kinds] == pytest.approx(0.9 * posts[1])


def test_a_hub_works_wherever_hours_coordinate_and_as_the_practice_says():
    for levers, mode in (
        ({}, "none"),
        ({"csw": {"fte": 3.0}}, "none"),
        ({"inclusion_promoter": {"fte": 1.0}}, "backup"),
        ({"inclusion_promoter": {"fte": 1.0}, "coordination": {"hub": "gap_filler"}}, "gap_filler"),
        ({"csw": {"fte": 1.0, "mix": "coordination"}}, "backup"),
    ):
        town = Town(under(steps=steps(levers, start=0)), 1)
        town.step()
        assert hub_mode(town.state) == mode, levers
        assert (posts_for(town.state, HUB_WORKER) > 0) == (mode != "none")


def test_a_mode_may_begin_before_the_posts_and_in_a_ramp(tmp_path):
    """What one lever has not begun yet is no fault of the other; what never comes is."""
    laid = {
        "years": 2,
        "levers.coordination": {"hub": "gap_filler"},
        "levers.inclusion_promoter": {
            "fte": 2,
            "mix": "coordination",
            "start": 60,
            "ramp_months": 6,
        },
        "levers.accompaniment": {"months": 6, "who": "community"},
        "levers.csw": {"fte": 1, "start": 30},
    }
    scenario = load("scenarios/baseline.toml", overrides=laid)
    ramping = practice_at(scenario.organisation.practice, scenario.steps, 61)
    assert 0 < ramping.inclusion_promoter.fte < 2
    for missing, reason in (
        ("levers.inclusion_promoter", "error.hub"),
        ("levers.csw", "error.community_accompanies"),
    ):
        with pytest.raises(ScenarioError) as caught:
            load(
                "scenarios/baseline.toml",
                overrides={key: value for key, value in laid.items() if key != missing},
            )
        assert caught.value.faults[0].reason.key == reason


OLD = {
    "levers.outreach.fte": "levers.outreach_worker.fte",
    "levers.community.coordinators": "levers.csw.fte",
    "levers.participation.fte": "levers.participation_worker.fte",
    "levers.coordination.hub_fte": "levers.inclusion_promoter.fte",
    "levers.staffing.caseworkers": "levers.caseworker.fte",
}


@pytest.mark.parametrize("old", OLD)
def test_an_old_spelling_is_refused_with_the_new_one(old):
    with pytest.raises(ScenarioError) as caught:
        load("scenarios/baseline.toml", overrides={old: 2})
    fault = caught.value.faults[0]
    assert (fault.reason.key, fault.key, fault.near) == ("error.withdrawn_setting", old, OLD[old])
    assert load("scenarios/baseline.toml", overrides={OLD[old]: 2}).steps
    for lang in ("ja", "en"):
        assert OLD[old] in caught.value.say(lang)


def test_companions_take_light_contact_over_as_far_as_their_hours_go():
    """Of far more cases than a tenth of a post can hold it takes as many as it has hours for."""
    levers = {"csw": {"fte": 0.1, "mix": "accompanying"}}
    town = Town(under(steps=steps(levers, start=0)), 1)
    for _ in range(3):
        town.step()
    state = town.state
    workers, needs, light = state.workers, state.needs, state.practice.accompaniment.hours * 12 / 52
    desk = np.flatnonzero((workers.duty == CASEWORKER) & (workers.present > 0))[0]
    cells = np.flatnonzero((needs.case == NO_CASE) & (needs.level == 0))[:300:3]
    set_case(state, cells, ACCOMPANIED)
    needs.worker[cells], needs.agency[cells] = desk, workers.agency[desk]
    state.households.accompanied_until[cells // F] = state.week + 90
    usable = float(workers.usable[workers.duty == COMPANION].sum())
    town.step()
    held = int((workers.duty[needs.worker[cells]] == COMPANION).sum())
    assert usable / light - 1 <= held <= usable / light < cells.size


def test_ended_cases_are_accompanied_without_a_policy_where_somebody_has_the_hours():
    busy = small_scenario(1500, run_in_weeks=26, years=1, switched_off=("leaving",))
    with_some = changed(busy, steps=steps({"csw": {"fte": 0.02, "mix": "accompanying"}}, start=0))
    assert (lived(with_some, weeks=52).state.needs.case == ACCOMPANIED).any()
    assert (lived(busy, weeks=52).state.needs.case != ACCOMPANIED).all()


def test_hours_of_linking_keep_links_as_far_as_they_go():
    def after_two_weeks(**levers):
        return lived(under(steps=steps(levers, start=0)), weeks=2).state

    none, on = after_two_weeks(), after_two_weeks(linked_desks={"on": True})
    assert (linked(none), hours_of_links(none)) == (0.0, 0.0)
    assert (linked(on), hours_of_links(on)) == (1.0, on.practice.linked_desks.hours)
    some = after_two_weeks(csw={"fte": 0.05, "mix": "linking_desks"})
    owed = some.practice.linked_desks.hours * 12 / 52 * np.unique(some.desk).size
    assert 0 < linked(some) < 1
    assert linked(some) == pytest.approx(float(hours_of(some.records, LINKER)) / owed)
    assert hours_of_links(some) == 0.0
    both = after_two_weeks(csw={"fte": 0.05, "mix": "linking_desks"}, linked_desks={"on": True})
    assert linked(both) == 1.0
    rest = (1 - linked(some)) * both.practice.linked_desks.hours
    assert hours_of_links(both) == pytest.approx(rest)
    assert linked(after_two_weeks(csw={"fte": 2.0, "mix": "linking_desks"})) == 1.0


def test_a_csw_does_some_of_everything():
    """What was split over three levers: one post visits, organises and accompanies."""
    scenario = under(steps=steps({"csw": {"fte": 4.0}}, start=0))
    state = lived(scenario, weeks=WEEKS).state
    for duty in (OUTREACH_WORKER, COMPANION, LINKER, COMMUNITY_WORKER):
        assert posts_for(state, duty) > 0
    table = lived(scenario, weeks=WEEKS).table
    assert table["visits"].sum() > 0 and table["found"].sum() > 0
    assert {name for name in parts(state) if name.startswith("workers.")}


def test_what_an_hour_reaches_lies_between_the_ends():
    assert {one.activity for one in TABLE} == set(ACTIVITIES)
    for one in TABLE:
        low, at, high = reach_at_the_ends(one)
        assert 0 <= low <= at <= high and at > 0, one.en
    by_hand = {one.en: reach_at_the_ends(one)[1] for one in TABLE}
    assert by_hand["visits in 100 hours"] == pytest.approx(100 * 500 / (1860 * 0.7), rel=0.2)


def test_light_contact_of_a_companion_who_goes_passes_on_and_other_cases_go_to_a_desk():
    """To another companion, never to somebody who visits or organises; what is not light contact
    after a need waits at a desk, not at the community team, which opens no cases.
    """
    levers = {"csw": {"fte": 5.0, "mix": {"accompanying": 0.4, "visiting": 0.6}}}
    state = lived(under(steps=steps(levers, start=0)), weeks=3).state
    workers, needs = state.workers, state.needs
    one, other = np.flatnonzero((workers.duty == COMPANION) & (workers.post > 0))
    cells = np.flatnonzero(needs.case == 0)
    ended = cells[needs.level[cells] == 0][0]
    hidden = cells[needs.level[cells] > 0][0]
    change = [(ended, ACCOMPANIED), (hidden, ACCOMPANIED)]
    for cell, case in change:
        set_case(state, np.array([cell]), case)
        needs.worker[cell], needs.agency[cell] = one, state.community_row
    needs.hidden[hidden] = True
    absent = np.zeros(workers.rows, dtype=np.int64)
    absent[one], workers.sick_until[one] = 1, state.week + 4
    _return_cases(state.records, state.week, absent)
    assert needs.worker[ended] == other and needs.case[ended] == ACCOMPANIED
    assert needs.case[hidden] == WAITING and state.agencies.field[needs.agency[hidden]] >= 0
    absent[one], absent[other] = 0, 1
    workers.sick_until[other] = state.week + 4
    _return_cases(state.records, state.week, absent)
    assert needs.case[ended] == NO_CASE
