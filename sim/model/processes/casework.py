"""Workers' hours of the week are allocated; supported needs improve; cases close, lapse or continue
as accompaniment.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import (
    ACCOMPANIED,
    CASEWORKER,
    COMMUNITY_WORKER,
    GAP,
    HUB_WORKER,
    NEVER,
    NO_CASE,
    OPEN,
    POVERTY,
    F,
)
from sim.model import door
from sim.model.candidates import need_ids
from sim.model.posts import desk, sum_over_workers
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import by_field, cells_open, improve, queue, set_case, stage

WRITES = (
    "levels",
    "needs.level",
    "needs.since",
    "needs.relapse_until",
    "needs.relapse_level",
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
    "households.active",
    "households.manifest",
    "households.severe",
    "households.open_cases",
    "households.waiting_cases",
    "households.accompanied_until",
    "households.sees_no_need",
    "workers.usable",
    "workers.available",
    "workers.asked",
    "workers.given",
    "workers.complex_hours",
    "workers.meeting",
    "workers.learning",
    "workers.crisis",
    "workers.intake",
    "workers.upstream",
    "workers.slack",
    "workers.load",
    "agencies.crisis_due",
    "agencies.extra_meeting",
    "agencies.once_due",
    "agencies.overflow",
    "households.door_hours",
    "flows.resolved",
    "flows.closed",
    "flows.lapsed",
    "flows.closed_unmet",
    "flows.consultation_done",
    "flows.needs_queued",
)
ONCE_SHARE = 0.1  # one-time hours take at most this share of a week


def casework(town: State) -> None:
    """Simulate one week of work at the desks of all agencies.

    Order of hours: meetings, crises, protected upstream hours, first consultations up to their
    floor, open cases, further first consultations, slack. Source: model 2.9 and 8.1; M23, M42, M58,
    M59, M102; L94, L102, L354.
    """
    cells = _close_ended(town)
    asks = _asked(town, cells)
    dose = _give_hours(town, cells, asks)
    _support(town, cells, dose)
    _resolve(town, cells)
    _lapse(town, cells)


def _close_ended(town: State) -> np.ndarray:
    """Cases whose need has ended close, or go on as accompaniment; accompaniment ends on its date.
    Returns those still open.
    """
    needs, households = town.needs, town.households
    cells = cells_open(town)
    over = cells[needs.level[cells] == 0]
    ending = over[
        (needs.case[over] == ACCOMPANIED) & (households.accompanied_until[over // F] <= town.week)
    ]
    fresh = over[needs.case[over] == OPEN]
    weeks = int(round(town.practice.accompaniment.months * 52 / 12))
    goes_on = (
        town.streams.uniform("casework.fidelity", town.week, need_ids(town, fresh))
        < town.practice.fidelity.value
    )
    goes_on &= weeks > 0
    households.accompanied_until[ending // F] = NEVER
    households.accompanied_until[fresh[goes_on] // F] = town.week + weeks
    set_case(town, fresh[goes_on], ACCOMPANIED)
    _hand_to_community(town, fresh[goes_on])
    closing = np.concatenate([fresh[~goes_on], ending])
    town.flows["closed"] += closing.size
    set_case(town, closing, NO_CASE)
    return cells[needs.case[cells] >= OPEN]


def _hand_to_community(town: State, cells: np.ndarray) -> None:
    """Where community workers accompany, they hold the case."""
    if town.practice.accompaniment.who != "community" or not cells.size:
        return
    rows = np.flatnonzero((town.workers.role == COMMUNITY_WORKER) & (town.workers.effective > 0))
    if rows.size:
        u = town.streams.uniform(
            "casework.csw", 0, town.households.id[cells // F][:, None], town.workers.id[rows]
        )
        town.needs.worker[cells] = rows[u.argmin(axis=1)]
        town.needs.agency[cells] = town.community_row


def _asked(town: State, cells: np.ndarray) -> np.ndarray:
    """Hours a week that each open case requires: by level, with friction between uncoordinated
    cases of a household.
    """
    p, needs, households = town.p.casework, town.needs, town.households
    light = town.practice.accompaniment.hours
    hours = town.case_hours[needs.level[cells]]
    hours = np.where(needs.case[cells] == ACCOMPANIED, light * 12 / 52, hours)
    rows = cells // F
    apart = (
        (households.open_cases[rows] > 1)
        & ~households.joint_plan[rows]
        & ~households.hub_held[rows]
    ).nonzero()[0]
    case, agency = (by_field(column, rows[apart]) for column in (needs.case, needs.agency))
    others = ((case == OPEN) & (agency != needs.agency[cells[apart]][:, None])).sum(axis=1)
    hours[apart] *= 1 + p.friction * (1 - town.known_each_other()) * others
    hours *= 1 - town.p.resources.resource_relief * town.resource_level
    hours *= 1 + p.pairing_hours * town.practice.supporters.pairing
    starts = (
        needs.opened[cells] == town.week
    )  # keeping informal ties takes hours at the start of a case
    return hours + town.p.intake.tie_respect_hours * town.practice.community.tie_respecting * starts


def _give_hours(town: State, cells: np.ndarray, asks: np.ndarray) -> np.ndarray:
    """Allocate every worker's week; returns each worker's dose (W,), hours given over hours
    required.
    """
    workers, at_desk = town.workers, _at_desk(town.workers)
    quality = workers.effective / np.maximum(workers.present, 1e-12)
    paid = town.p.casework.hours_year / 52 * workers.present
    workers.available = paid * town.p.casework.available_share
    _meet(town, paid)
    usable = np.maximum(0.0, workers.available - workers.meeting)
    workers.usable = usable * quality
    workers.asked = _by_worker(town, town.needs.worker[cells], asks) + _hub_hours(town)
    waiting, joined = door.hours_asked(town)
    part = _part(town)
    fresh_crises = _respond(town, part)
    left = workers.usable - workers.crisis
    fenced = (
        np.minimum(
            left,
            town.practice.supporters.protected_share
            * workers.usable
            * town.practice.fidelity.value,
        )
        * at_desk
    )
    left = left - fenced
    floor = np.minimum(
        np.minimum(left, town.p.intake.intake_floor * workers.usable),
        waiting[workers.agency] * part,
    )
    workers.given = np.minimum(left - floor, workers.asked)
    left = left - floor - workers.given
    workers.intake = floor + _further(town, waiting - _by_agency(town, floor), left * at_desk)
    town.flows["consultation_done"] += sum_over_workers(town, workers.intake)
    door.serve(town, _by_agency(town, workers.intake))
    workers.slack = left - (workers.intake - floor)
    workers.upstream = (fenced + workers.slack * _slack_share(town)) * at_desk
    asked = fresh_crises + workers.asked + joined[workers.agency] * part + fenced
    workers.load = _load(town, asked / np.maximum(quality, 1e-12), usable)
    return np.where(workers.asked > 0, workers.given / np.maximum(workers.asked, 1e-12), 1.0)


def _load(town: State, asked: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Load (W,) of every worker: hours of the clock required for the first time this week (`asked`)
    and meetings, over the hours available; 0 where there are none. Teams outside the desks fill
    their `usable` hours.
    """
    workers = town.workers
    asked = np.where(_at_desk(workers), asked, np.maximum(asked, usable))
    required = (workers.meeting + asked) / np.maximum(workers.available, 1e-12)
    return np.where(workers.available > 0, required, 0.0)


def _by_agency(town: State, hours: np.ndarray) -> np.ndarray:
    """Sum of the workers' `hours` (W,) by agency (A,)."""
    return np.bincount(town.workers.agency, weights=hours, minlength=town.agencies.rows)


def _part(town: State) -> np.ndarray:
    """Each worker's part (W,) of the usable hours at the desk of their agency; 0 where nobody has
    any.
    """
    able = town.workers.usable * _at_desk(town.workers)
    return able / np.maximum(_by_agency(town, able)[town.workers.agency], 1e-12)


def _respond(town: State, part: np.ndarray) -> np.ndarray:
    """Allocate crisis hours; hours that nobody has are due next week. Returns the hours (W,)
    required by this week's crises.
    """
    workers, agencies = town.workers, town.agencies
    due = agencies.crisis_due + agencies.overflow
    workers.crisis = np.minimum(workers.usable, due[workers.agency] * part)
    agencies.overflow[:] = np.maximum(0.0, due - _by_agency(town, workers.crisis))
    fresh = agencies.crisis_due[workers.agency] * part
    agencies.crisis_due[:] = 0.0
    return fresh


def _further(town: State, waiting: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Hours (W,) of further first consultations: those `waiting` (A,) shared by the hours `left`
    (W,) after open cases.
    """
    share = np.minimum(1.0, np.maximum(0.0, waiting) / np.maximum(_by_agency(town, left), 1e-12))
    return left * share[town.workers.agency]


def _slack_share(town: State) -> float:
    """Share of slack that goes to upstream work: the standing one, changed as far as the change is
    really done.
    """
    standing = town.scenario.organisation.practice.supporters.slack_share
    return (
        standing + (town.practice.supporters.slack_share - standing) * town.practice.fidelity.value
    )


def _hub_hours(town: State) -> np.ndarray:
    """Hours a week (W,) that work alongside field workers requires of a back-up hub's workers,
    shared by their usable hours.
    """
    workers = town.workers
    able = workers.usable * (workers.role == HUB_WORKER)
    if not able.any():
        return able
    joined = np.count_nonzero(town.households.hub_until > town.week)
    return (
        joined
        * town.p.casework.hub_hours
        * 12
        / 52
        * able
        / max(1e-12, sum_over_workers(town, able))
    )


def _at_desk(workers) -> np.ndarray:
    """Workers who hold cases: caseworkers and the hub's."""
    return (workers.role == CASEWORKER) | (workers.role == HUB_WORKER)


def _meet(town: State, paid: np.ndarray) -> None:
    """Required meetings (merging frees the duplicated part), conferences, learning and supervision,
    one-time hours.
    """
    p, workers, agencies, practice = town.p.casework, town.workers, town.agencies, town.practice
    merged = p.duplicated_meetings * practice.supporters.merged_meetings * practice.fidelity.value
    workers.learning = (
        workers.present * (practice.supporters.supervision + practice.supporters.learning) * 12 / 52
    )
    full = np.bincount(workers.agency, weights=workers.present, minlength=agencies.rows)
    part = workers.present / np.maximum(full[workers.agency], 1e-12)
    hours = np.bincount(workers.agency, weights=workers.available, minlength=agencies.rows)
    once = np.minimum(agencies.once_due, ONCE_SHARE * hours)
    agencies.once_due -= once
    shared = (agencies.extra_meeting + once)[workers.agency] * part
    workers.meeting = np.minimum(
        workers.available, paid * p.meeting_share * (1 - merged) + workers.learning + shared
    )
    agencies.extra_meeting[:] = 0.0


def _support(town: State, cells: np.ndarray, dose: np.ndarray) -> None:
    """Write each open case's dose and the resolution it adds: (resolve - recover) x dose x skill x
    match x plan x resources, over 1 + coupling x the household's untreated other needs.
    """
    p, n, needs, households, workers = (
        town.p.casework,
        town.p.needs,
        town.needs,
        town.households,
        town.workers,
    )
    hidden = (needs.case[cells] == ACCOMPANIED) | (needs.level[cells] == 0)
    rows, worker, level = cells // F, needs.worker[cells], needs.level[cells]
    adds = np.array(
        [
            0.0,
            p.resolve_latent - n.recover_latent,
            p.resolve_manifest - n.recover_manifest,
            p.resolve_severe - n.recover_severe,
        ]
    )
    untreated = households.active[rows] - _per_household(rows, ~hidden)
    case_dose = np.where((worker >= 0) & ~hidden, dose[worker], 0.0)
    hard = (stage(town, rows) == 3) | (cells % F == GAP)
    match = np.where(hard, workers.breadth[worker], 1.0)
    plan = np.where(households.joint_plan[rows], p.coord_effect, 1.0)
    resources = 1 + (p.resource_effect - 1) * town.resource_level
    needs.dose[cells] = np.where(
        (worker >= 0) & (level == 0), dose[worker], case_dose
    )  # light contact after the end
    needs.aid[cells] = (
        adds[level]
        * case_dose
        * workers.skill[worker]
        * match
        * plan
        * resources
        / (1 + n.coupling * np.maximum(0, untreated))
    )
    workers.complex_hours = _by_worker(town, worker, hard * town.case_hours[level] * case_dose)


def _by_worker(town: State, worker: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Sum of the `hours` (n,) of cases by the `worker` (n,) who holds each (-1 nobody): (W,)."""
    held = (worker >= 0).nonzero()[0]
    return np.bincount(worker[held], weights=hours[held], minlength=town.workers.rows)


def _per_household(rows: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """For each of ordered `rows` (n,) how many of the same row there are where `mask` (n,) is
    true.
    """
    fresh = np.append(True, rows[1:] != rows[:-1])[: rows.size]
    group = np.cumsum(fresh) - 1
    return np.bincount(group, weights=mask)[group].astype(np.int64)


def _resolve(town: State, cells: np.ndarray) -> None:
    """Support ends or lightens needs at the rate `aid`, beside unaided recovery."""
    aid = town.needs.aid[cells]
    happens = town.streams.uniform(
        "casework.resolve", town.week, need_ids(town, cells)
    ) < weekly_chance(np.maximum(aid, 0.0))
    hit = cells[happens & (town.needs.level[cells] > 0)]
    ended = improve(town, hit)
    town.flows["resolved"] += np.bincount(ended % F, minlength=F)


def _lapse(town: State, held: np.ndarray) -> None:
    """Cases lapse, more with low dose and low trust; institution-centred workers close at the
    programme's limit; a hidden demand turns into an open one as contact goes on.
    """
    p, needs, households = town.p.casework, town.needs, town.households
    cells = held[needs.case[held] == OPEN]
    rate = p.dropout_case * (2.0 - needs.dose[cells]) * (1.5 - households.trust[cells // F])
    lapse, end = town.streams.uniforms(
        ("casework.lapse", "casework.limit"), town.week, need_ids(town, cells)
    )
    lapses = lapse < weekly_chance(rate)
    old = town.week - needs.opened[cells] >= 52
    limit = p.programme_limit * (1 - town.workers.orientation[needs.worker[cells]]) * old
    limited = ~lapses & (end < weekly_chance(limit))
    set_case(town, cells[lapses | limited], NO_CASE)
    town.flows["lapsed"] += np.count_nonzero(lapses)
    town.flows["closed_unmet"] += np.count_nonzero(limited)
    quiet = held[(needs.case[held] == ACCOMPANIED) & (needs.level[held] > 0)]
    monthly = 1 - (1 - town.p.asking.flag_fading_contact) ** (12 / 52)
    opens = (
        town.streams.uniform("casework.flag", town.week, need_ids(town, quiet)) < monthly
    ) | ~needs.hidden[quiet]
    needs.hidden[quiet[opens]] = False
    households.sees_no_need[quiet[opens] // F] = False
    set_case(town, quiet[opens], OPEN)
    outside = quiet[opens & (needs.agency[quiet] == town.community_row)]
    queue(
        town, outside, desk(town, np.minimum(outside % F, POVERTY), outside // F), 1, False, False
    )
