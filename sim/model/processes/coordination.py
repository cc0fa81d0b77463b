"""Conferences and the hub coordinate support, and familiarity between agencies grows and fades."""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import (
    COMPOUNDED,
    HUB_WORKER,
    MANIFEST,
    NEVER,
    NO_CASE,
    OPEN,
    POVERTY,
    F,
)
from sim.model.activities import hours_of_links, hub_mode
from sim.model.bringing import bringing_keys, is_brought, keep_meetings, known_meeting
from sim.model.flows import flow_place
from sim.model.hours import joined_by_hub
from sim.model.kept import stage_of
from sim.model.kernel import in_turn, kernel, numbers, sort, uniform, whole_numbers
from sim.model.posts import desk_of
from sim.model.scans import after, any_of, how_many, nonzero
from sim.model.state import State
from sim.model.transitions import join_list

WRITES = (
    "needs.case",
    "needs.worker",
    "needs.agency",
    "needs.waiting_since",
    "needs.opened",
    "needs.urgent",
    "needs.known",
    "needs.hidden",
    "needs.hops",
    "needs.dose",
    "needs.aid",
    "households.open_cases",
    "households.waiting_cases",
    "households.joint_plan",
    "households.triaged",
    "households.review_since",
    "households.hub_until",
    "households.hub_held",
    "agencies.extra_meeting",
    "agencies.overflow",
    "workers.breadth",
    "workers.orientation",
    "familiarity",
    "conference_credit",
    "meeting_since",
    "flows.brought",
    "flows.slots_offered",
    "flows.slots_used",
    "flows.hub_places",
    "flows.reviewed",
    "flows.triaged",
    "flows.conferences",
    "flows.conference_hours",
    "flows.needs_queued",
    "flows.plans_begun",
    "stages",
)
ORDER = ("coordination.order",)
FULL_RHYTHM = 2.0  # conferences a month at which hand-over works after coord_setup_months
PLANS_BEGUN, BROUGHT = flow_place("plans_begun"), flow_place("brought")
HUB_PLACES = flow_place("hub_places")


def coordination(town: State) -> None:
    """Coordinate one week.

    1. A hub without posts hands its households and its unfinished hours back to the desks.
    2. Workers bring households in compounded need that they support and that have no joint plan;
       who has been brought waits for review, longest first.
    3. Conferences review or triage as many of them as they have time for.
    4. The hub joins the field workers of further ones (`backup`), or takes over their cases
       (`gap_filler`), as far as its workers have room.
    5. Plans end with the last case of a household.
    6. Managers spend their hours, and familiarity grows and fades.

    Source: model 2.8, 8.8; M95-M100; L487, L812-849.
    """
    settings, done = town.practice.coordination, town.practice.fidelity.value
    hub = hub_mode(town)
    if hub == "none":
        _close_hub(town.records, town.week, town.hub_row)
    keep_meetings(town)
    order, keys = town.streams.keys(ORDER, town.week)[0], bringing_keys(town)
    known = known_meeting(town) * done
    brought = _brought(town.records, town.week, order, keys, known, town.trust_mean)
    if settings.conferences > 0:
        _confer(town, brought)
    if hub == "backup":
        _back_up(town.records, town.week, brought, done)
    elif hub == "gap_filler":
        _take_over(town.records, town.week, brought, done, town.hub_row)
    _end_week(town.records, _managers_hours(town) * 12 / 52, _growth(town))


def _confer(town: State, brought: np.ndarray) -> None:
    """Conferences cost their hours as on paper; what they achieve is scaled by fidelity."""
    p, settings, done = (
        town.p.coordination,
        town.practice.coordination,
        town.practice.fidelity.value,
    )
    per_week = settings.conferences * 12 / 52
    minutes = settings.minutes * (1 + p.generalising_minutes * settings.generalising)
    attendees = settings.attendees + settings.policy_staff
    hours = per_week * settings.cases * minutes / 60 * attendees * (1 + p.preparation)
    town.flows["conferences"] += per_week
    town.flows["conference_hours"] += hours
    _attend(town.records, hours, done)
    triage = settings.track == "triage"
    sittings = 1.0 if triage else p.review_sittings
    offered = per_week * settings.cases * done / sittings
    credit = min(town.conference_credit + offered, 4 * settings.cases)
    treated = _treat(town.records, town.week, brought, int(credit), triage)
    town.conference_credit = credit - treated
    town.flows["slots_offered"] += offered
    town.flows["slots_used"] += treated
    town.flows["triaged" if triage else "reviewed"] += treated


def _managers_hours(town: State) -> float:
    """Hours a month that mediation, authority, linked desks and personnel rules take at each
    desk.
    """
    p, settings, rules = town.p.coordination, town.practice, town.practice.workforce
    in_use = (rules.recruitment != 1) + (rules.specialist_share > 0) + (rules.rotation_years > 0)
    return (
        p.hours_mediation * settings.coordination.mediator
        + p.hours_authority * settings.coordination.authority
        + hours_of_links(town)
        + p.hours_personnel * in_use
    )


def _growth(town: State) -> float:
    """Growth (1/year) of familiarity by conferences and a mediator."""
    p, settings = town.p.coordination, town.practice.coordination
    growth = min(1.0, settings.conferences / FULL_RHYTHM) * 12 / p.coord_setup_months
    growth += p.mediator_gain * settings.mediator
    return growth * town.practice.fidelity.value


@kernel
def _close_hub(t, week, hub):
    """A hub without posts hands its households and its unfinished hours back to the desks."""
    held, unfinished = nonzero(t.hub_held), t.agencies[hub].overflow
    if held.size == 0 and unfinished == 0.0 and joined_by_hub(t, week) == 0:
        return
    for row in held:
        t.hub_held[row] = False
    for row in after(t.hub_until, week):
        t.hub_until[row] = NEVER
    for cell in nonzero(t.case):
        if t.needs[cell].agency == hub:
            row = cell // F
            _hand_on(t, week, cell, desk_of(t, min(cell - row * F, POVERTY), row))
    serving, count = _serving(t)
    for row in range(serving.size):
        t.agencies[row].overflow += serving[row] * unfinished / count
    t.agencies[hub].overflow = 0.0


@kernel
def _hand_on(t, week, cell, agency):
    """A case joins the list of `agency`, one hop further."""
    need = t.needs[cell]
    join_list(t, week, cell, agency, int(need.hops) + 1, need.urgent, need.hidden)


@kernel
def _serving(t):
    """Which agencies (A,) are a desk that serves households, and how many."""
    serving, count = whole_numbers(t.agencies.size), 0
    for field in range(t.desk.shape[0]):
        for district in range(t.desk.shape[1]):
            for lot in range(t.desk.shape[2]):
                serving[t.desk[field, district, lot]] = 1
    for row in range(serving.size):
        count += serving[row]
    return serving, count


@kernel
def _brought(t, week, order, keys, known, trust_mean):
    """Households in compounded need without a joint plan that are brought this week wait for review
    from now on; returns all who wait, longest first, then by a keyed random number.
    """
    if known == 0.0 and after(t.review_since, NEVER).size == 0:
        return whole_numbers(0)
    cells, count, last = nonzero(t.case), 0, -1
    rows, turns = whole_numbers(cells.size), numbers(cells.size)
    for cell in cells:
        row = cell // F
        if row == last or t.joint_plan[row] or t.hub_held[row]:
            continue
        last = row
        if stage_of(t, row) == COMPOUNDED:
            if t.review_since[row] == NEVER:
                if not is_brought(t, week, keys, row, known, trust_mean):
                    continue
                t.review_since[row] = week
                t.counts[BROUGHT] += 1.0
            rows[count] = row
            turns[count] = in_turn(
                0, week - t.review_since[row], uniform(order, t.households[row].id)
            )
            count += 1
    sort(rows[:count], turns[:count])
    return rows[:count]


@kernel
def _attend(t, hours, done):
    """The desks share the `hours` of the week's conferences. Attendees' breadth and orientation
    grow with those of their agency, as far as they are really `done`, shared among its workers.
    """
    p, staff = t.p[0], numbers(t.agencies.size)
    serving, count = _serving(t)
    for row in range(serving.size):
        t.agencies[row].extra_meeting += serving[row] * hours / count
    for row in range(t.workers.size):
        if t.workers[row].effective > 0.0:
            staff[t.workers[row].agency] += 1.0
    for row in range(t.workers.size):
        worker = t.workers[row]
        if worker.effective > 0.0 and t.agencies[worker.agency].field >= 0:
            mine = hours / count * done / staff[worker.agency] / 10
            worker.breadth -= (1.0 - worker.breadth) * math.expm1(-p.conference_breadth * mine)
            learned = -math.expm1(-p.orientation_gain * mine)
            worker.orientation += (1.0 - worker.orientation) * learned


@kernel
def _treat(t, week, rows, room, triage):
    """Conferences plan the support of the first `room` households of `rows`, or triage those that
    have not been through it; returns how many.
    """
    treated = 0
    for row in rows:
        if treated >= room:
            break
        if not triage:
            _plan(t, week, row)
            treated += 1
        elif not t.households[row].triaged:
            _open_all(t, week, row)
            t.households[row].triaged = True
            treated += 1
    return treated


@kernel
def _plan(t, week, row):
    """A joint plan: the household's open needs of all fields become cases."""
    t.joint_plan[row] = True
    t.review_since[row] = NEVER
    t.counts[PLANS_BEGUN] += 1.0
    _open_all(t, week, row)


@kernel
def _open_all(t, week, row):
    """All needs of a household become cases, each at the desk of its field."""
    for field in range(F):
        cell = row * F + field
        if t.level[cell] > 0 and t.case[cell] == NO_CASE:
            desk = desk_of(t, min(field, POVERTY), row)
            join_list(t, week, cell, desk, 0, False, False)


@kernel
def hub_room(t, done):
    """Hours a week that the hub's workers can still take on."""
    free = 0.0
    for row in range(t.workers.size):
        worker = t.workers[row]
        if worker.duty == HUB_WORKER:
            free += max(0.0, worker.usable * t.p[0].admission_limit - worker.asked)
    return free * done


@kernel
def _back_up(t, week, rows, done):
    """The hub joins the field workers of as many of `rows` as it has hours for, each for
    `hub_weeks`; they get a joint plan.
    """
    p = t.p[0]
    room = int(hub_room(t, done) / max(p.hub_hours * 12 / 52, 1e-12))
    t.counts[HUB_PLACES] += joined_by_hub(t, week) + room
    for row in rows:
        if room > 0 and not t.joint_plan[row]:
            t.hub_until[row] = week + int(p.hub_weeks)
            _plan(t, week, row)
            room -= 1


@kernel
def _take_over(t, week, rows, done, hub):
    """The hub itself takes the cases of the first of `rows` into its queue, while its workers have
    room. A place is room for two manifest needs, the least that is compounded.
    """
    room, asked = hub_room(t, done), 0.0
    least = 2.0 * t.case_hours[MANIFEST]
    t.counts[HUB_PLACES] += how_many(t.hub_held) + int(room / max(least, 1e-12))
    for row in rows:
        for cell in range(row * F, row * F + F):
            if t.level[cell] > 0:
                asked += t.case_hours[t.level[cell]]
        if asked > room:
            break
        t.hub_held[row] = True
        t.review_since[row] = NEVER
        for cell in range(row * F, row * F + F):
            if t.level[cell] > 0 and t.case[cell] <= OPEN:
                _hand_on(t, week, cell, hub)


@kernel
def _end_week(t, managing, growth):
    """Plans end, every desk spends `managing` hours, and familiarity changes."""
    _end_plans(t)
    serving, _count = _serving(t)
    for row in range(serving.size):
        t.agencies[row].extra_meeting += serving[row] * managing
    _become_familiar(t, growth)


@kernel
def _end_plans(t):
    """Plans, the hub's hold and the wait for review end with the household's last case."""
    for row in any_of(t.joint_plan, t.hub_held, t.hub_held):
        _end_plan(t, row)
    for row in after(t.review_since, NEVER):
        _end_plan(t, row)


@kernel
def _end_plan(t, row):
    if t.open_cases[row] == 0 and t.waiting_cases[row] == 0:
        t.joint_plan[row] = t.hub_held[row] = t.households[row].triaged = False
        t.review_since[row] = NEVER


@kernel
def _become_familiar(t, growth):
    """Familiarity between agencies grows by `growth` (1/year) and by joint households, and fades
    with time; the turnover of staff is in the process of the workforce.
    """
    p, size = t.p[0], t.agencies.size
    joint, posts = _joint_households(t), numbers(size)
    for row in range(t.workers.size):
        posts[t.workers[row].agency] += t.workers[row].post
    for one in range(size):
        for other in range(size):
            known = t.familiarity[one, other]
            staff = max(1.0, (posts[one] + posts[other]) / 2)
            gain = growth + p.familiarity_joint * joint[one * size + other] / staff
            change = (1.0 - known) * gain - known * p.familiarity_fading
            t.familiarity[one, other] = 1.0 if one == other else known + change / 52


@kernel
def _joint_households(t):
    """Households that two agencies support at the same time, by pair of agencies (A x A,)."""
    size = t.agencies.size
    joint = numbers(size * size)
    for row in nonzero(t.open_cases):
        if t.open_cases[row] < 2:
            continue
        for field in range(F):
            one = _supporter(t, row, field)
            for before in range(field):
                other = _supporter(t, row, before)
                if one >= 0 and other >= 0:
                    joint[one * size + other] += 1.0
                    joint[other * size + one] += 1.0
    return joint


@kernel
def _supporter(t, row, field):
    """The agency with an open case in `field`; -1 where there is none, or it has one in a field
    before.
    """
    cell = row * F + field
    if t.case[cell] != OPEN:
        return -1
    agency = t.needs[cell].agency
    for other in range(row * F, cell):
        if t.case[other] == OPEN and t.needs[other].agency == agency:
            return -1
    return agency
