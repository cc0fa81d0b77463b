"""Staff tire, fall sick, leave, are replaced and rotate; they learn by practice, from supervision
and from each other.
"""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import (
    CASEWORKER,
    COMPANION,
    NEVER,
    NO_CASE,
    OPEN,
    POVERTY,
    REGULAR,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.flows import flow_place
from sim.model.hours import at_desk
from sim.model.kernel import happens, kernel, numbers, uniform, whole_numbers
from sim.model.links import PEERS, QUITTING, TIRED, share_as_read
from sim.model.posts import desk_of
from sim.model.scans import nonzero
from sim.model.shocks import shocks_of_week
from sim.model.state import State
from sim.model.strain import door_weeks, mean_exhaustion, relief, sensitivities, strain
from sim.model.transitions import change_case, join_list

WRITES = (
    "workers.post",
    "workers.present",
    "workers.effective",
    "workers.exhaustion",
    "workers.holder",
    "workers.since",
    "workers.vacant_until",
    "workers.sick_until",
    "workers.sensitivity",
    "workers.skill",
    "workers.breadth",
    "workers.orientation",
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
    "households.accompanied_until",
    "agencies.once_due",
    "familiarity",
    "reorganised",
    "flows.leavers",
    "flows.sick_leaves",
    "flows.rotations",
    "flows.cases_returned",
    "flows.needs_queued",
    "stages",
    "households.closed_week",
    "flows.households_closed",
)
DRAWS = ("workforce.leave", "workforce.sick")
LEAVE, SICK = range(len(DRAWS))
MECHANISMS = ("exhaustion", "leaving", "rotation")
# places of what the kernels know of this week: which mechanisms are on, and the levers
(
    TIRING,
    LEAVING,
    ROTATING,
    PAIRED,
    DIALOGUE,
    JOINT,
    DONE,
    SUPERVISED,
    VACANCY,
    KEY_PERSON,
    YEARS,
    STAGGERED,
    SPECIALISTS,
    REFERENCE,
) = range(14)
JOINT_SHARE = 0.1  # of case hours that pairing makes joint visits
FAMILIARITY_KEPT = 0.5  # of what a leaver's agency knew of others, shared by its staff
NOBODY = -1.0  # the orientation of colleagues where none is practised
LEAVERS, SICK_LEAVES = flow_place("leavers"), flow_place("sick_leaves")
ROTATIONS, RETURNED = flow_place("rotations"), flow_place("cases_returned")


def workforce(town: State) -> None:
    """Simulate one week for every worker.

    1. Posts follow the levers, the trend of supply and budget cuts; a new post starts with a
       newcomer. Reorganising costs its hours once.
    2. Staff tire or recover (`exhaustion`), and learn by practice and from each other.
    3. They leave or fall sick (`leaving`), and move desk in April (`rotation`); cases of those who
       are absent go back to the queue.
    4. Who is present next week is known.

    Exhaustion follows load, and leaving follows exhaustion; caseload has no effect of its own
    unless caseload_quit_direct says so. Source: model 2.12, 8.5; M54-M60, M66-M70, M80; L337.
    """
    appointed = _fill_posts(town.records, town.week, town.wanted, supply(town))
    _draw_sensitivity(town, np.asarray(appointed))
    _one_time_hours(town)
    luck = town.streams.keys(DRAWS, town.week)
    appointed = _live(town.records, town.week, luck, _levers(town), town.wanted)
    _draw_sensitivity(town, np.asarray(appointed))


def supply(town: State) -> float:
    """Posts that can be filled over posts that are wanted: the trend of supply from week 0 on, less
    running budget cuts.
    """
    factor = (1.0 + town.scenario.trend.staff) ** (max(town.week, 0) / 52)
    for event in shocks_of_week(town, "budget_cut"):
        factor *= 1.0 - min(1.0, event.size)
    return factor


def _one_time_hours(town: State) -> None:
    """Merging meetings and briefing cost every worker their hours once, when they are first set."""
    p, practice = town.p.ledger, town.practice
    for name, on, hours in (
        ("merge", practice.supporters.merged_meetings, p.merge_once),
        ("any_door", practice.intake.door == "any_door", p.merge_once),
        ("briefing", practice.intake.briefing, p.briefing_hours),
    ):
        if on and name not in town.reorganised:
            town.reorganised.add(name)
            per_agency = np.bincount(
                town.workers.agency, weights=town.workers.post, minlength=town.agencies.rows
            )
            town.agencies.once_due += per_agency * hours


def _levers(town: State) -> np.ndarray:
    """What the kernels know of this week; hours are those of a week, durations in weeks."""
    p, week, off = town.p.workforce, town.week, town.scenario.switched_off
    rules, supporters = town.practice.workforce, town.practice.supporters
    done = town.practice.fidelity.value
    backed = supporters.pairing or supporters.supervision > 0
    vacancy = p.vacancy_months * 52 / 12 * (1 + (rules.recruitment - 1) * done)
    levers = np.empty(14)
    levers[TIRING], levers[LEAVING], levers[ROTATING] = (name not in off for name in MECHANISMS)
    levers[PAIRED] = p.paired_strain ** (backed * done)
    levers[DIALOGUE] = (supporters.supervision + supporters.learning) * done
    levers[JOINT] = JOINT_SHARE * supporters.pairing
    levers[DONE] = done
    levers[SUPERVISED] = supporters.supervision * 12 / 52 * done
    levers[VACANCY] = max(1, round(vacancy))
    levers[KEY_PERSON] = any(
        event.kind == "key_person_leaves" and event.week == week for event in town.scenario.events
    )
    levers[YEARS] = max(1, round(rules.rotation_years or p.rotation_years))
    levers[STAGGERED] = rules.staggered
    levers[SPECIALISTS] = rules.specialist_share * done
    levers[REFERENCE] = mean_exhaustion(p)
    return levers


def _draw_sensitivity(town: State, appointed: np.ndarray) -> None:
    """Those who were `appointed` (W,) this week have a sensitivity to load of their own."""
    rows = appointed.nonzero()[0]
    if rows.size:
        workers = town.workers
        u = town.streams.uniform("workforce.sensitivity", 0, workers.id[rows], workers.holder[rows])
        workers.sensitivity[rows] = sensitivities(town.p.workforce, u)


@kernel
def _fill_posts(t, week, wanted, supply):
    """Posts that exist follow `wanted` (G,) x `supply`; returns which got a newcomer (W,)."""
    appointed, gone, vanished = whole_numbers(t.workers.size), whole_numbers(t.workers.size), 0
    for row in range(t.workers.size):
        worker = t.workers[row]
        before = worker.post
        worker.post = min(1.0, max(0.0, wanted[worker.group] * supply - worker.slot))
        if before == 0.0 and worker.post > 0.0 and worker.since == NEVER:
            _appoint(t.p[0], week, worker)
            appointed[row] = 1
        elif before > 0.0 and worker.post == 0.0:
            worker.since = NEVER
            gone[row] = 1
            vanished += 1
    if vanished > 0:
        _return_cases(t, week, gone)
    return appointed


@kernel
def _appoint(p, week, worker):
    """A newcomer takes the post: fresh, with low breadth and orientation and the skill of the
    reference worker.
    """
    worker.holder += 1
    worker.since = week
    worker.sick_until = NEVER
    worker.exhaustion = p.exhaustion_new
    worker.breadth = p.breadth_new
    worker.orientation = p.orientation_new
    worker.skill = 1.0


@kernel
def _live(t, week, luck, levers, wanted):
    """The week of every worker; returns whose posts got a newcomer (W,)."""
    p, appointed = t.p[0], whole_numbers(t.workers.size)
    colleagues, door = _orientations(t, week), numbers(t.agencies.size)
    if p.door_strain > 0.0:
        door = door_weeks(t)
    for row in range(t.workers.size):
        worker = t.workers[row]
        if levers[TIRING] > 0.0:
            _tire(p, levers, worker, door[worker.agency] if at_desk(worker) else 0.0)
        _practise(p, levers, worker, colleagues[worker.agency] if there(worker, week) else NOBODY)
    if levers[LEAVING] > 0.0:
        _leave(t, week, luck, levers, appointed)
    if levers[ROTATING] > 0.0 and week % WEEKS_PER_YEAR == 0:
        _rotate(t, week, levers, wanted, appointed)
    for row in range(t.workers.size):
        worker = t.workers[row]
        felt = share_as_read(t, TIRED, worker.agency, worker.exhaustion)
        _turn_up(p, week, worker, felt)
    return appointed


@kernel
def there(worker, week):
    """Whether a post exists and is held this week."""
    return worker.post > 0.0 and worker.vacant_until <= week


@kernel
def _tire(p, levers, worker, door):
    """A worker who is there tires or recovers, with `door` weeks of consultations waiting at the
    desk.
    """
    change = 0.0
    if worker.present > 0.0:
        change = strain(p, worker, door) * levers[PAIRED] - relief(p, worker, levers[DIALOGUE])
    worker.exhaustion = min(1.0, max(0.0, worker.exhaustion + change * 12 / 52))


@kernel
def _orientations(t, week):
    """Mean orientation of each agency's staff (A,), by posts x practice in the desk: those who have
    settled form newcomers, who do not form them. NOBODY where all are new.
    """
    mean, weight = numbers(t.agencies.size), numbers(t.agencies.size)
    for row in range(t.workers.size):
        worker = t.workers[row]
        counts = worker.post * practised(t.p[0], week, worker)
        mean[worker.agency] += worker.orientation * counts
        weight[worker.agency] += counts
    for row in range(t.agencies.size):
        if weight[row] > 0.0:
            mean[row] = share_as_read(t, PEERS, row, mean[row] / weight[row])
        else:
            mean[row] = NOBODY
    return mean


@kernel
def _practise(p, levers, worker, colleagues):
    """Breadth moves with the compounded cases handled; orientation with learning, joint visits and
    `colleagues`, where there are any; skill with supervision.
    """
    share = min(1.0, worker.complex_hours / max(worker.usable, 1e-12))
    gained = p.breadth_gain * share * (1.0 - worker.breadth)
    worker.breadth += (gained - p.breadth_loss * (worker.breadth - p.breadth_loss_value)) / 52
    learned = (worker.learning + worker.given * levers[JOINT]) * levers[DONE]
    own = worker.orientation
    own += p.orientation_gain * learned / 10 * (1.0 - own)
    pull = p.orientation_pull * max(0.0, own - p.orientation_init)
    if colleagues >= 0.0:
        pull -= p.orientation_peers * (colleagues - own)
    worker.orientation = min(1.0, max(0.0, own - pull / 52))
    gained = p.skill_gain * levers[SUPERVISED] / 10 * max(0.0, p.skill_max - worker.skill)
    worker.skill += gained
    worker.skill -= p.skill_fading / 52 * max(0.0, worker.skill - 1.0)


@kernel
def _leave(t, week, luck, levers, appointed):
    """Workers leave or fall sick; what leavers knew of other agencies goes with them."""
    p, lost, absent = t.p[0], numbers(t.agencies.size), whole_numbers(t.workers.size)
    key_person = _key_person(t, week) if levers[KEY_PERSON] > 0.0 else -1
    count = 0
    for row in range(t.workers.size):
        worker = t.workers[row]
        if not there(worker, week):
            continue
        id = worker.id * 1000 + worker.holder
        felt = share_as_read(t, QUITTING, worker.agency, worker.exhaustion)
        log_odds = worn(p, worker, felt, levers[REFERENCE])
        leaves = happens(uniform(luck[LEAVE], id), leaving(p, worker, log_odds))
        ill = not leaves and worker.sick_until <= week
        ill = ill and happens(uniform(luck[SICK], id), shifted(p.sick_leave_1m, log_odds))
        if leaves or row == key_person:
            _appoint(p, week, worker)
            worker.since = week + int(levers[VACANCY])
            worker.vacant_until = worker.since
            lost[worker.agency] += worker.post
            t.counts[LEAVERS] += worker.post
            appointed[row] = absent[row] = 1
            count += 1
        if ill:
            worker.sick_until = week + int(p.sick_weeks)
            t.counts[SICK_LEAVES] += worker.post
            absent[row] = 1
            count += 1
    if count > 0:
        _forget(t, lost)
        _return_cases(t, week, absent)


@kernel
def _key_person(t, week):
    """The worker with the highest orientation; -1 where nobody is there."""
    best, most = -1, -1.0
    for row in range(t.workers.size):
        if there(t.workers[row], week) and t.workers[row].orientation > most:
            best, most = row, t.workers[row].orientation
    return best


@kernel
def leaving(p, worker, log_odds):
    """Rate (1/year) at which a worker leaves."""
    base = p.leave_regular if worker.kind == REGULAR else p.contract_turnover
    return shifted(base, log_odds)


@kernel
def worn(p, worker, felt, mean):
    """Log-odds of leaving and of sick leave of a worker as tired as `felt`, against the `mean`
    exhaustion of settled staff.
    """
    exhaustion = (felt - mean) / p.exhaustion_sd * p.exhaustion_quit_beta
    return exhaustion + p.caseload_quit_direct * (worker.load - 1.0)


@kernel
def shifted(rate, log_odds):
    """The yearly `rate` whose yearly odds, e^rate - 1, are shifted by `log_odds`."""
    return math.log1p(math.expm1(rate) * math.exp(min(log_odds, 500.0)))  # e^500 is still a number


@kernel
def _forget(t, lost):
    """What a leaver knew of other agencies goes: each agency's familiarity falls by the share of
    its posts that were `lost` (A,).
    """
    posts = numbers(t.agencies.size)
    for row in range(t.workers.size):
        posts[t.workers[row].agency] += t.workers[row].post
    for row in range(t.agencies.size):
        posts[row] = 1.0 - (1.0 - FAMILIARITY_KEPT) * lost[row] / max(posts[row], 1e-12)
    for one in range(t.agencies.size):
        for other in range(t.agencies.size):
            t.familiarity[one, other] *= posts[one] * posts[other]


@kernel
def _rotate(t, week, levers, wanted, appointed):
    """Regular staff without a specialist post move desk in April: some each year, or all at once.
    Who comes from another desk is as tired as who goes there.
    """
    lost = numbers(t.agencies.size)
    for row in range(t.workers.size):
        worker = t.workers[row]
        special = worker.slot < math.ceil(levers[SPECIALISTS] * wanted[worker.group])
        if not special and _moves(t, week, levers, worker):
            tired = worker.exhaustion
            _appoint(t.p[0], week, worker)
            worker.exhaustion = tired
            lost[worker.agency] += worker.post
            t.counts[ROTATIONS] += worker.post
            appointed[row] = 1
    _forget(t, lost)


@kernel
def _moves(t, week, levers, worker):
    """Whether it is the turn of a worker who is there, regular, and did not come this week."""
    if worker.kind != REGULAR or worker.duty != CASEWORKER or worker.since >= week:
        return False
    turn, years = week // WEEKS_PER_YEAR, int(levers[YEARS])
    if levers[STAGGERED] > 0.0:
        turn += (worker.slot + t.agencies[worker.agency].key) % years
    return turn % years == 0 and there(worker, week)


@kernel
def _return_cases(t, week, absent):
    """Cases of `absent` (W,) workers go back to their agency's queue, those of companions to that of
    a desk; light contact after a need has ended passes to a colleague.
    """
    for cell in nonzero(t.case):
        need = t.needs[cell]
        if t.case[cell] >= OPEN and need.worker >= 0 and absent[need.worker]:
            if t.level[cell] == 0:
                _pass_on(t, week, cell)
            else:
                agency, hops, row = int(need.agency), int(need.hops), cell // F
                if t.workers[need.worker].duty == COMPANION:
                    agency = desk_of(t, min(cell - row * F, POVERTY), row)
                join_list(t, week, cell, agency, hops, need.urgent, need.hidden)
                t.counts[RETURNED] += 1.0


@kernel
def _pass_on(t, week, cell):
    """Give light contact to the colleague with the fewest hours required, that of a companion to
    another companion, or end it.
    """
    best, agency, duty = -1, t.needs[cell].agency, t.workers[t.needs[cell].worker].duty
    for row in range(t.workers.size):
        worker = t.workers[row]
        able = worker.agency == agency and there(worker, week) and worker.sick_until <= week
        able = able and (worker.duty == COMPANION) == (duty == COMPANION)
        if able and (best < 0 or _less_asked(worker, t.workers[best])):
            best = row
    if best >= 0:
        t.needs[cell].worker = best
    else:
        t.households[cell // F].accompanied_until = NEVER
        change_case(t, week, cell, NO_CASE)


@kernel
def _less_asked(one, other):
    """Whether fewer hours are required of `one`; between equals the lower id goes first."""
    return one.asked < other.asked or (one.asked == other.asked and one.id < other.id)


@kernel
def practised(p, week, worker):
    """Share 0-1 of the practice in the desk that a worker has: 0 on the first day, 1 after the ramp."""
    ramp = p.ramp_months * 52 / 12
    return min(1.0, max(0.0, (week - worker.since) / max(ramp, 1e-9)))


@kernel
def _turn_up(p, week, worker, felt):
    """Whether a worker as tired as `felt` is present next week, and how much a full post of theirs
    is worth.
    """
    worker.present = 0.0
    if worker.vacant_until <= week and worker.sick_until <= week:
        worker.present = worker.post
    practice = practised(p, week, worker)
    productivity = p.new_productivity + (1.0 - p.new_productivity) * practice
    tired = p.exhaustion_quality * felt
    worker.effective = worker.present * productivity * (1.0 - tired)
