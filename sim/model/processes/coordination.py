"""Conferences and the hub coordinate support, and familiarity between agencies grows and fades."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import GAP, HUB_WORKER, NEVER, NO_CASE, OPEN, POVERTY, F
from sim.model.posts import desk, sum_over_workers
from sim.model.state import State
from sim.model.transitions import by_field, queue, stage

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
    "flows.reviewed",
    "flows.triaged",
    "flows.conferences",
    "flows.conference_hours",
    "flows.needs_queued",
    "flows.plans_begun",
)
FULL_RHYTHM = 2.0  # conferences a month at which hand-over works after coord_setup_months


def coordination(town: State) -> None:
    """Hold the week's conferences, let the hub take on households, and let familiarity grow and
    fade.

    Source: model 2.8; M95-M100; L487, L812-849.
    """
    if town.wanted[town.hub_group] <= 0:
        _close_hub(town)
    compounded = _without_plan(town)
    _confer(town, compounded)
    mode = town.practice.coordination.hub
    if mode == "backup":
        _back_up(town, compounded)
    elif mode == "gap_filler":
        _take_over(town, compounded)
    _end_plans(town)
    _managers_hours(town)
    _familiarity(town)


def _desks(town: State) -> np.ndarray:
    """Rows of the agencies that serve households, in order."""
    return np.bincount(town.desk.ravel()).nonzero()[0]


def _without_plan(town: State) -> np.ndarray:
    """Households in compounded need that an agency knows and that have no joint plan, longest known
    first.
    """
    households = town.households
    in_hand = (households.open_cases | households.waiting_cases) > 0
    rows = (in_hand & ~households.joint_plan & ~households.hub_held).nonzero()[0]
    rows = rows[stage(town, rows) == 3]
    fresh = rows[households.review_since[rows] == NEVER]
    households.review_since[fresh] = town.week
    tie_break = town.streams.uniform("coordination.order", town.week, households.id[rows])
    return rows[np.lexsort((tie_break, households.review_since[rows]))]


def _confer(town: State, compounded: np.ndarray) -> None:
    """Conferences cost their hours as on paper; what they achieve is scaled by fidelity."""
    settings = town.practice.coordination
    if settings.conferences <= 0:
        return
    per_week = settings.conferences * 12 / 52
    p = town.p.coordination
    minutes = settings.minutes * (1 + p.generalising_minutes * settings.generalising)
    attendees = settings.attendees + settings.policy_staff
    hours = per_week * settings.cases * minutes / 60 * attendees * (1 + p.preparation)
    desks = _desks(town)
    town.agencies.extra_meeting[desks] += hours / desks.size
    town.flows["conferences"] += per_week
    town.flows["conference_hours"] += hours
    done = town.practice.fidelity.value
    _learn(town, hours / desks.size * done)
    sittings = p.review_sittings if settings.track == "review" else 1.0
    town.conference_credit = min(
        town.conference_credit + per_week * settings.cases * done / sittings, 4 * settings.cases
    )
    if settings.track == "triage":
        compounded = compounded[~town.households.triaged[compounded]]
    cases = compounded[: int(town.conference_credit)]
    town.conference_credit -= cases.size
    if settings.track == "review":
        _plan(town, cases)
        town.flows["reviewed"] += cases.size
    else:
        _open_all(town, cases)
        town.households.triaged[cases] = True
        town.flows["triaged"] += cases.size


def _learn(town: State, hours: float) -> None:
    """Attendees' breadth and orientation grow with the conference hours of their agency, shared
    among its workers.
    """
    workers = town.workers
    there = workers.effective > 0
    count = np.bincount(workers.agency, weights=there, minlength=town.agencies.rows)
    mine = (
        there
        * (town.agencies.field[workers.agency] >= 0)
        * hours
        / np.maximum(1, count[workers.agency])
    )
    workers.breadth += (1 - workers.breadth) * -np.expm1(
        -town.p.coordination.conference_breadth * mine / 10
    )
    workers.orientation += (1 - workers.orientation) * -np.expm1(
        -town.p.workforce.orientation_gain * mine / 10
    )


def _plan(town: State, rows: np.ndarray) -> None:
    """A joint plan: the open needs of all fields become cases."""
    town.households.joint_plan[rows] = True
    town.households.review_since[rows] = NEVER
    town.flows["plans_begun"] += rows.size
    _open_all(town, rows)


def _open_all(town: State, rows: np.ndarray) -> None:
    cells = (rows[:, None] * F + np.arange(F)).ravel()
    needs = town.needs
    cells = cells[(needs.level[cells] > 0) & (needs.case[cells] == NO_CASE)]
    field = np.where(cells % F == GAP, POVERTY, cells % F)
    agency = desk(town, field, cells // F)
    queue(town, cells, agency, 0, False, False)


def hub_hours(town: State) -> float:
    """Hours a week that the hub's workers can still take on."""
    workers = town.workers
    free = np.maximum(0.0, workers.usable * town.p.intake.admission_limit - workers.asked)
    return (
        float(sum_over_workers(town, free, workers.role == HUB_WORKER))
        * town.practice.fidelity.value
    )


def _back_up(town: State, compounded: np.ndarray) -> None:
    """Join the field workers of as many households as the hub has hours for, each for `hub_weeks`;
    they get a joint plan.
    """
    households = town.households
    room = int(hub_hours(town) / (town.p.casework.hub_hours * 12 / 52))
    rows = compounded[~households.joint_plan[compounded]][: max(0, room)]
    households.hub_until[rows] = town.week + int(town.p.coordination.hub_weeks)
    _plan(town, rows)


def _take_over(town: State, compounded: np.ndarray) -> None:
    """The hub itself takes compounded households' cases into its queue while its workers have
    room.
    """
    cells = compounded[:, None] * F + np.arange(F)
    asks = (town.case_hours[town.needs.level[cells]] * (town.needs.level[cells] > 0)).sum(axis=1)
    rows = compounded[np.cumsum(asks) <= hub_hours(town)]
    town.households.hub_held[rows] = True
    town.households.review_since[rows] = NEVER
    cells = (rows[:, None] * F + np.arange(F)).ravel()
    needs = town.needs
    cells = cells[(needs.level[cells] > 0) & (needs.case[cells] <= OPEN)]
    queue(
        town, cells, town.hub_row, needs.hops[cells] + 1, needs.urgent[cells], needs.hidden[cells]
    )


def _close_hub(town: State) -> None:
    """A hub without posts hands its households and its unfinished hours back to the desks."""
    households, needs, agencies = town.households, town.needs, town.agencies
    if not (
        households.hub_held.any()
        or agencies.overflow[town.hub_row]
        or (households.hub_until > town.week).any()
    ):
        return
    households.hub_held[:] = False
    households.hub_until[households.hub_until > town.week] = NEVER
    cells = np.flatnonzero((needs.case > NO_CASE) & (needs.agency == town.hub_row))
    back = desk(town, np.minimum(cells % F, POVERTY), cells // F)
    queue(town, cells, back, needs.hops[cells] + 1, needs.urgent[cells], needs.hidden[cells])
    desks = _desks(town)
    agencies.overflow[desks] += agencies.overflow[town.hub_row] / desks.size
    agencies.overflow[town.hub_row] = 0.0


def _end_plans(town: State) -> None:
    """Plans, the hub's hold and the wait for review end with the household's last case."""
    households = town.households
    planned = households.joint_plan | households.hub_held | (households.review_since > NEVER)
    done = (planned & ((households.open_cases | households.waiting_cases) == 0)).nonzero()[0]
    households.joint_plan[done] = households.hub_held[done] = households.triaged[done] = False
    households.review_since[done] = NEVER


def _managers_hours(town: State) -> None:
    p, settings = town.p.coordination, town.practice
    monthly = (
        p.hours_mediation * settings.coordination.mediator
        + p.hours_authority * settings.coordination.authority
    )
    monthly += settings.linked_desks.hours * settings.linked_desks.on
    rules = settings.workforce
    monthly += p.hours_personnel * (
        (rules.recruitment != 1) + (rules.specialist_share > 0) + (rules.rotation_years > 0)
    )
    if monthly:
        town.agencies.extra_meeting[_desks(town)] += monthly * 12 / 52


def _familiarity(town: State) -> None:
    """Grows by conferences, a mediator and joint households; fades with time and with the turnover
    that workforce books.
    """
    p, settings, done = (
        town.p.coordination,
        town.practice.coordination,
        town.practice.fidelity.value,
    )
    known = town.familiarity
    growth = min(1.0, settings.conferences / FULL_RHYTHM) * 12 / p.coord_setup_months * done
    growth += p.mediator_gain * settings.mediator * done
    known += (
        (1 - known) * (growth + p.familiarity_joint * _joint_households(town))
        - known * p.familiarity_fading
    ) / 52
    np.fill_diagonal(known, 1.0)


def _joint_households(town: State) -> np.ndarray:
    """Households that two agencies support at the same time, for each of their workers, by pair of
    agencies (A, A).
    """
    count = town.agencies.rows
    rows = (town.households.open_cases >= 2).nonzero()[0]
    agency = np.where(
        by_field(town.needs.case, rows) == OPEN, by_field(town.needs.agency, rows), count
    )
    held = np.zeros((rows.size, count + 1))
    held[np.arange(rows.size)[:, None], agency] = 1.0
    posts = np.bincount(town.workers.agency, weights=town.workers.post, minlength=count)
    return (
        held[:, :count].T @ held[:, :count] / np.maximum(1.0, (posts[:, None] + posts[None, :]) / 2)
    )
