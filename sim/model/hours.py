"""The week's hours at the desks: what is required of every worker, and in which order it is
given.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import ACCOMPANIED, ASSISTANCE_WORKER, CASEWORKER, HUB_WORKER, OPEN, F
from sim.model import door
from sim.model.flows import flow_place
from sim.model.kernel import kernel, numbers
from sim.model.links import FRICTION, RESOURCES_HOURS, as_read, familiarity_as_read
from sim.model.scans import after, how_many, nonzero
from sim.model.state import State

# places of what the kernels know of this week's levers
LIGHT, RELIEF, PAIRING, RESPECTING, LEARNING, MERGED, PROTECTED, SLACK = range(8)
ONCE_SHARE = 0.1  # one-time hours take at most this share of a week
CONSULTED = flow_place("consultation_done")


def give_hours(town: State) -> None:
    """Allocate every worker's week and serve the doors with the hours of first consultations.

    Order of hours: meetings, crises, protected upstream hours, first consultations up to their
    floor, open cases, further first consultations, slack.
    """
    waiting, joined = door.hours_asked(town)
    given = _give(town.records, town.week, _levers(town), waiting, joined)
    door.serve(town, np.asarray(given))


def _levers(town: State) -> np.ndarray:
    """What this week's levers require and free, as far as they are really done; hours of a week."""
    practice, done = town.practice, town.practice.fidelity.value
    p, supporters = town.p, practice.supporters
    standing = town.scenario.organisation.practice.supporters.slack_share
    levers = np.empty(8)
    levers[LIGHT] = practice.accompaniment.hours * 12 / 52
    levers[RELIEF] = p.resources.resource_relief * as_read(
        town, RESOURCES_HOURS, town.resource_level
    )
    levers[PAIRING] = p.casework.pairing_hours * supporters.pairing
    levers[RESPECTING] = p.intake.tie_respect_hours * practice.community.tie_respecting
    levers[LEARNING] = (supporters.supervision + supporters.learning) * 12 / 52
    levers[MERGED] = p.casework.duplicated_meetings * supporters.merged_meetings * done
    levers[PROTECTED] = supporters.protected_share * done
    levers[SLACK] = standing + (supporters.slack_share - standing) * done
    return levers


@kernel
def _give(t, week, levers, waiting, joined):
    """Allocate every worker's week, given the hours (A,) that wait at each agency's door and those
    of them that joined this week; returns the hours (A,) of first consultations.
    """
    _meet(t, levers)
    _ask(t, week, levers)
    _ask_hub(t, week)
    _ask_assistance(t)
    part = _part(t)
    for row in range(t.workers.size):
        _give_first(t, levers, t.workers[row], part[row], waiting)
    _put_off_crises(t)
    given = _consult_further(t, waiting)
    for row in range(t.workers.size):
        _end_of_week(t, levers, t.workers[row], part[row], joined)
    for row in range(t.agencies.size):
        t.agencies[row].crisis_due = 0.0
        t.counts[CONSULTED] += given[row]
    return given


@kernel
def _meet(t, levers):
    """Hours available and usable after required meetings (merging frees the duplicated part),
    conferences, learning and supervision, and one-time hours, which an agency's workers share.
    """
    p, hours, staff = t.p[0], numbers(t.agencies.size), numbers(t.agencies.size)
    for row in range(t.workers.size):
        worker = t.workers[row]
        worker.available = p.hours_year / 52 * worker.present * p.available_share
        hours[worker.agency] += worker.available
        staff[worker.agency] += worker.present
    for row in range(t.agencies.size):
        agency = t.agencies[row]
        once = min(agency.once_due, ONCE_SHARE * hours[row])
        agency.once_due -= once
        hours[row] = agency.extra_meeting + once
        agency.extra_meeting = 0.0
    for row in range(t.workers.size):
        worker = t.workers[row]
        shared = hours[worker.agency] * (worker.present / max(staff[worker.agency], 1e-12))
        required = p.hours_year / 52 * worker.present * p.meeting_share * (1.0 - levers[MERGED])
        worker.learning = worker.present * levers[LEARNING]
        worker.meeting = min(worker.available, required + worker.learning + shared)
        worker.usable = (worker.available - worker.meeting) * quality(worker)


@kernel
def quality(worker):
    """What an hour of a worker is worth, 0-1: practice in the desk, and exhaustion."""
    return worker.effective / max(worker.present, 1e-12)


@kernel
def at_desk(worker):
    """Whether a worker holds cases: caseworkers do, and the hub's."""
    return worker.duty == CASEWORKER or worker.duty == HUB_WORKER


@kernel
def _ask(t, week, levers):
    """Hours a week that open cases require of each worker."""
    p = t.p[0]
    for row in range(t.workers.size):
        t.workers[row].asked = 0.0
    for cell in nonzero(t.case):
        need = t.needs[cell]
        if t.case[cell] >= OPEN and need.worker >= 0:
            hours = t.case_hours[t.level[cell]]
            if t.case[cell] == ACCOMPANIED:
                hours = levers[LIGHT]
            hours *= 1.0 + p.friction * uncoordinated(t, cell)
            hours *= 1.0 - levers[RELIEF]
            hours *= 1.0 + levers[PAIRING]
            if need.opened == week:  # keeping informal ties takes hours at the start of a case
                hours += levers[RESPECTING]
            t.workers[need.worker].asked += hours


@kernel
def uncoordinated(t, cell):
    """How many other open cases of the household are at other agencies, without plan or hub, each
    counted by how little the two agencies know each other.
    """
    row, count = cell // F, 0.0
    if t.open_cases[row] > 1 and not t.joint_plan[row] and not t.hub_held[row]:
        agency = t.needs[cell].agency
        for other in range(row * F, row * F + F):
            if t.case[other] == OPEN and t.needs[other].agency != agency:
                count += 1.0 - familiarity_as_read(t, FRICTION, agency, t.needs[other].agency)
    return count


@kernel
def _ask_hub(t, week):
    """Work alongside field workers requires hours of a back-up hub's workers too, shared by their
    usable hours.
    """
    able = 0.0
    for row in range(t.workers.size):
        if t.workers[row].duty == HUB_WORKER:
            able += t.workers[row].usable
    if able > 0.0:
        hours = joined_by_hub(t, week) * t.p[0].hub_hours * 12 / 52
        for row in range(t.workers.size):
            worker = t.workers[row]
            if worker.duty == HUB_WORKER:
                worker.asked += hours * worker.usable / max(able, 1e-12)


@kernel
def _ask_assistance(t):
    """Households on public assistance require hours of its caseworkers, shared by their usable
    hours.
    """
    able = 0.0
    for worker in t.workers:
        if worker.duty == ASSISTANCE_WORKER:
            able += worker.usable
    if able > 0.0:
        hours = how_many(t.assistance) * t.p[0].hours_month_assistance * 12 / 52
        for row in range(t.workers.size):
            worker = t.workers[row]
            if worker.duty == ASSISTANCE_WORKER:
                worker.asked = hours * worker.usable / max(able, 1e-12)


@kernel
def joined_by_hub(t, week):
    """Number of households whose field workers a back-up hub has joined."""
    return after(t.hub_until, week).size


@kernel
def _part(t):
    """Each worker's part (W,) of the usable hours at the desk of their agency; 0 where nobody has
    any.
    """
    able, part = numbers(t.agencies.size), numbers(t.workers.size)
    for row in range(t.workers.size):
        worker = t.workers[row]
        if at_desk(worker):
            able[worker.agency] += worker.usable
    for row in range(t.workers.size):
        worker = t.workers[row]
        if at_desk(worker):
            part[row] = worker.usable / max(able[worker.agency], 1e-12)
    return part


@kernel
def _give_first(t, levers, worker, part, waiting):
    """Crises, protected upstream hours, first consultations up to their floor, and open cases take
    their hours; what is left is slack for now.
    """
    agency = t.agencies[worker.agency]
    worker.crisis = min(worker.usable, (agency.crisis_due + agency.overflow) * part)
    left, fenced = worker.usable - worker.crisis, 0.0
    if at_desk(worker):
        fenced = min(left, levers[PROTECTED] * worker.usable)
    left -= fenced
    floor = min(left, t.p[0].intake_floor * worker.usable, waiting[worker.agency] * part)
    worker.upstream = fenced
    worker.intake = floor
    worker.given = min(left - floor, worker.asked)
    worker.slack = left - floor - worker.given


@kernel
def _put_off_crises(t):
    """Crisis hours that nobody has are due next week."""
    given = numbers(t.agencies.size)
    for row in range(t.workers.size):
        given[t.workers[row].agency] += t.workers[row].crisis
    for row in range(t.agencies.size):
        agency = t.agencies[row]
        agency.overflow = max(0.0, agency.crisis_due + agency.overflow - given[row])


@kernel
def _consult_further(t, waiting):
    """Hours of first consultations that still wait (A,) are shared by the slack of their agency's
    desk; returns the hours of first consultations (A,) in all.
    """
    given, able = numbers(t.agencies.size), numbers(t.agencies.size)
    for row in range(t.workers.size):
        worker = t.workers[row]
        given[worker.agency] += worker.intake
        if at_desk(worker):
            able[worker.agency] += worker.slack
    for row in range(t.agencies.size):
        able[row] = min(1.0, max(0.0, waiting[row] - given[row]) / max(able[row], 1e-12))
        given[row] = 0.0
    for row in range(t.workers.size):
        worker = t.workers[row]
        if at_desk(worker):
            further = worker.slack * able[worker.agency]
            worker.intake += further
            worker.slack -= further
        given[worker.agency] += worker.intake
    return given


@kernel
def _end_of_week(t, levers, worker, part, joined):
    """A part of the slack goes to upstream work, and the load of the week is known: hours of the
    clock required for the first time this week and meetings, over the hours available; 0 where
    there are none. Teams outside the desks fill their usable hours.
    """
    due = t.agencies[worker.agency].crisis_due * part + joined[worker.agency] * part
    asked = (due + worker.asked + worker.upstream) / max(quality(worker), 1e-12)
    if at_desk(worker):
        worker.upstream += worker.slack * levers[SLACK]
    elif worker.duty != ASSISTANCE_WORKER:
        asked = max(asked, worker.available - worker.meeting)
    worker.load = 0.0
    if worker.available > 0.0:
        worker.load = (worker.meeting + asked) / max(worker.available, 1e-12)
