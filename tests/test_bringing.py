"""Joint cases come to a conference or hub only when somebody brings them: the exact rate, consent, how
well a meeting is known, and both limits.

Seeds are fixed. Counts are held to ALARM standard errors, a chance of 2e-9 each; all tests of this
file together raise a false alarm with a chance below 1e-7.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.declared.vocabulary import HUB_WORKER, MANIFEST, NEVER, OPEN, F
from sim.model.bringing import (
    CONFERENCE,
    CONSENT,
    DRAWS,
    HUB,
    bringing_keys,
    consents,
    is_brought,
    keep_meetings,
    known_meeting,
    orientation_of_workers,
)
from sim.model.links import BRINGING
from sim.model.processes.coordination import coordination
from sim.model.state import State
from sim.model.transitions import set_case, set_level
from tests.laws import changed, laboratory, lived, steps
from tests.test_door import quiet

ALARM = 6.0
HELD = {"bring_rate": 20.0, "orientation": 0.4, "known": 0.5, "consent": 0.7, "trust": 0.4}
MEETING = {"coordination": {"conferences": 4.0, "cases": 2.0, "attendees": 4.0}}


def supported(settings: dict | None = None) -> State:
    """A town in which every household has two manifest needs, each an open case of another worker."""
    state = quiet()
    cells = (np.arange(state.households.rows)[:, None] * F + np.array([0, 3])).ravel()
    set_level(state, cells, MANIFEST)
    set_case(state, cells, OPEN)
    desks = np.flatnonzero((state.workers.post > 0) & (state.workers.agency < 4))
    state.needs.worker[cells] = desks[cells % desks.size]
    state.needs.agency[cells] = state.workers.agency[state.needs.worker[cells]]
    practice = state.practice.coordination.model_copy(update=settings or {})
    state.practice = state.practice.model_copy(update={"coordination": practice})
    state.week = 200
    return state


def brought(state: State, known: float, weeks: int = 1) -> float:
    """Share of the households that are brought in a week, the mean over `weeks` that share no draw."""
    count = 0
    for _ in range(weeks):
        keys, t = bringing_keys(state), state.records
        for row in range(state.households.rows):
            count += is_brought(t, state.week, keys, row, known, state.trust_mean)
        state.week += int(state.p.coordination.consent_weeks)
    return count / (weeks * state.households.rows)


@pytest.mark.parametrize("moved", [None, *HELD])
def test_households_are_brought_at_the_declared_rate(moved):
    """Share brought in a week against (1 - exp(-rate / 52)) x consent. With any one factor half as
    large the share is another one, which the same count would refuse.
    """
    factors = HELD | ({moved: HELD[moved] / 2} if moved else {})
    state, weeks = supported(), 6
    p = state.p.coordination
    p.bring_rate, p.consent = factors["bring_rate"], factors["consent"]
    state.workers.orientation[:], state.households.trust[:] = (
        factors["orientation"],
        factors["trust"],
    )
    n = weeks * state.households.rows

    def share(by: dict[str, float]) -> float:
        rate = by["bring_rate"] * by["orientation"] * by["known"]
        return -math.expm1(-rate / 52) * by["consent"] * by["trust"] / state.trust_mean

    found, error = brought(state, factors["known"], weeks), math.sqrt(share(factors) / n)
    assert abs(found - share(factors)) < ALARM * error
    if moved:
        assert abs(found - share(HELD)) > ALARM * error


def test_each_worker_of_a_household_counts_once():
    """One worker with two cases and one with a third: the mean of the two, and nobody brings a
    household without an open case.
    """
    state = supported()
    state.p.coordination.bring_rate, state.p.coordination.consent = 1e9, 1.0
    state.households.trust[:] = state.trust_mean
    one, other = np.flatnonzero(state.workers.post > 0)[:2]
    state.workers.orientation[:] = 0.0
    state.workers.orientation[[one, other]] = 0.2, 0.6
    cells = np.arange(3)
    set_level(state, cells, MANIFEST)
    set_case(state, cells, OPEN)
    state.needs.worker[:F] = -1
    state.needs.worker[cells] = one, one, other
    assert orientation_of_workers(state.records, 0) == pytest.approx(0.4)
    state.held[BRINGING] = 0.5  # as the loop ledger holds it
    assert orientation_of_workers(state.records, 0) == pytest.approx(0.2)
    set_case(state, np.arange(F), 0)
    assert orientation_of_workers(state.records, 0) == 0.0
    assert not is_brought(state.records, 200, bringing_keys(state), 0, 1.0, state.trust_mean)


def test_consent_holds_for_its_weeks_and_is_then_drawn_anew():
    """Within half a year nobody changes their mind more than once; answers of the next half year are
    independent; each week about one household in 26 is asked anew.
    """
    state = supported()
    p, rows = state.p.coordination, state.households.rows
    state.households.trust[:] = state.trust_mean
    key = state.streams.keys(DRAWS, 0)[CONSENT]
    weeks = int(p.consent_weeks)
    said = np.array(
        [
            [consents(state.records, week, key, row, state.trust_mean) for row in range(rows)]
            for week in range(2 * weeks + 1)
        ]
    )
    changes = said[1:] != said[:-1]
    assert changes[: weeks - 1].sum(axis=0).max() == 1
    assert changes.sum(axis=0).max() <= 2
    share, both = p.consent, np.mean(said[0] & said[weeks])
    assert abs(said[0].mean() - share) < ALARM * math.sqrt(share * (1 - share) / rows)
    assert abs(both - share**2) < ALARM * math.sqrt(share**2 * (1 - share**2) / rows)
    turned = 2 * share * (1 - share) / weeks  # of all households, each week
    assert abs(changes.mean() - turned) < ALARM * math.sqrt(turned / changes.size)
    assert changes.sum(axis=1).max() < 3 * turned * rows


def test_a_meeting_becomes_known_over_its_first_months():
    state = supported({"conferences": 2.0})
    months = state.p.coordination.coord_setup_months
    assert known_meeting(state) == 0.0
    keep_meetings(state)
    assert state.meeting_since.tolist() == [200, NEVER] and known_meeting(state) == 0.0
    for share in (0.25, 0.5, 1.0, 2.0):
        state.week = 200 + round(share * months * 52 / 12)
        keep_meetings(state)
        assert known_meeting(state) == pytest.approx(min(1.0, share), abs=0.02)


def test_a_new_hub_beside_old_conferences_begins_anew_when_they_end():
    state = supported({"conferences": 2.0})
    state.meeting_since[CONFERENCE] = 0
    both = state.practice.coordination
    state.wanted[state.group_duty == HUB_WORKER] = 1.0
    keep_meetings(state)
    assert state.meeting_since[HUB] == 200 and known_meeting(state) == 1.0
    hub = both.model_copy(update={"conferences": 0.0})
    state.practice = state.practice.model_copy(update={"coordination": hub})
    keep_meetings(state)
    assert known_meeting(state) == 0.0


def test_where_no_meeting_is_left_nobody_waits_for_one():
    state = supported()
    state.meeting_since[:], state.households.review_since[:5] = 100, 150
    keep_meetings(state)
    assert (state.households.review_since == NEVER).all()
    assert (state.meeting_since == NEVER).all()


@pytest.mark.parametrize("track", ["review", "triage"])
def test_brought_at_once_a_conference_takes_all_that_it_has_time_for(track):
    """The limit: with an endless bring_rate, consent of all and a meeting that is known, conferences
    take the first of all compounded households in support, as many as they have time for.
    """
    state = supported({"conferences": 52.0 / 12 * 30, "cases": 1.0, "track": track})
    p = state.p.coordination
    p.bring_rate, p.consent = 1e12, 1.0
    state.households.trust[:] = state.trust_mean
    state.meeting_since[CONFERENCE] = 0
    credit = state.conference_credit = 4.0
    coordination(state)
    there = (~state.households.empty).sum()
    assert state.flows["brought"] == there > 1000
    room = min(credit + 30 / (p.review_sittings if track == "review" else 1.0), 4.0)
    assert state.flows["slots_used"] == int(room)
    taken = state.households.joint_plan if track == "review" else state.households.triaged
    luck = state.streams.uniform("coordination.order", state.week, state.households.id)
    assert np.flatnonzero(taken).tolist() == sorted(np.argsort(luck)[: int(room)])


@pytest.mark.parametrize("hub", ["none", "backup", "gap_filler"])
def test_where_nobody_brings_a_case_meetings_cost_hours_and_take_none(hub):
    """The null of the mechanism. The same town at the declared rate, which is raised so that a small
    town sees it, brings some.
    """
    settings: dict = {"coordination": MEETING["coordination"]}
    if hub != "none":
        settings["coordination"] = settings["coordination"] | {"hub": hub}
        settings["inclusion_promoter"] = {"fte": 2.0, "mix": {"coordination": 1.0}}
    for rate, some in ((0.0, False), (50.0, True)):
        scenario = changed(
            laboratory(),
            steps=steps(settings),
            parameters={"coordination.bring_rate": rate, "coordination.coord_setup_months": 6.0},
        )
        table = lived(scenario, weeks=78).table
        assert table["conference_hours"].sum() > 0 and table["slots_offered"].sum() > 0
        assert (table["brought"].sum() > 0) == some
        assert (table["slots_used"].sum() + table["plans_begun"].sum() > 0) == some
        assert (table["slots_used"] == table["reviewed"] + table["triaged"]).all()
        used = table["slots_used"].cumsum() - table["slots_offered"].cumsum()
        assert used.max() < 1e-9
        assert (table["hub_places"] > 0).any() == (hub != "none")
        assert (table["hub_cases"] <= table["hub_places"]).all()
