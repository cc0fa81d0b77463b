"""Staff tire, fall sick, leave, are replaced and rotate; they learn by practice, from supervision
and from each other.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logit, ndtri

from sim.declared.vocabulary import CASEWORKER, NEVER, NO_CASE, REGULAR, F
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import cells_open, queue, set_case

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
)
SD, CENTRE = 0.2, 0.25  # scale of exhaustion in exhaustion_quit_beta
LOAD_FREE, LOAD_SPAN = 0.9, 0.6
FAMILIARITY_KEPT = 0.5  # of what a leaver's agency knew of others, shared by its staff


def workforce(town: State) -> None:
    """Simulate one week for every worker.

    Exhaustion follows load, and leaving follows exhaustion; caseload has no effect of its own
    unless caseload_quit_direct says so. Source: model 2.12; M54-M60, M66-M70, M80; L337.
    """
    _posts(town)
    if "exhaustion" not in town.scenario.switched_off:
        _tire(town)
    _practise(town)
    if "leaving" not in town.scenario.switched_off:
        _leave(town)
    if "rotation" not in town.scenario.switched_off:
        _rotate(town)
    _turn_up(town)


def there(town: State) -> np.ndarray:
    """Posts that exist and are held this week."""
    return (town.workers.post > 0) & (town.workers.vacant_until <= town.week)


def _posts(town: State) -> None:
    """Posts that exist follow the levers, the trend of supply and budget cuts; a new post starts
    with a newcomer.
    """
    workers = town.workers
    before = workers.post.copy()
    workers.post = np.clip(town.wanted[workers.group] * supply(town) - workers.slot, 0.0, 1.0)
    fresh = ((before == 0) & (workers.post > 0) & (workers.since == NEVER)).nonzero()[0]
    _newcomers(town, fresh)
    gone = ((before > 0) & (workers.post == 0)).nonzero()[0]
    workers.since[gone] = NEVER
    _return_cases(town, gone)
    _one_time_hours(town)


def supply(town: State) -> float:
    """Posts that can be filled over posts that are wanted: the trend of supply from week 0 on, less
    running budget cuts.
    """
    factor = (1.0 + town.scenario.trend.staff) ** (max(town.week, 0) / 52)
    for event in town.scenario.events:
        if event.kind == "budget_cut" and event.week <= town.week < event.week + event.weeks:
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


def _tire(town: State) -> None:
    p, workers, practice = town.p.workforce, town.workers, town.practice
    backed = practice.supporters.pairing or practice.supporters.supervision > 0
    paired = p.paired_strain ** (backed * practice.fidelity.value)
    strain = (
        np.maximum(0.0, (workers.load - LOAD_FREE) / LOAD_SPAN)
        * (1 - workers.exhaustion)
        * workers.sensitivity
    )
    gain = p.exhaustion_gain * strain * (1 + p.crisis_strain * workers.crisis) * paired
    slack = workers.slack / np.maximum(workers.available, 1e-12)
    dialogue = (
        practice.supporters.supervision + practice.supporters.learning
    ) * practice.fidelity.value
    relief = (1 + p.slack_relief * slack) * (1 + p.dialogue_relief * dialogue)
    change = (gain - p.exhaustion_recovery * workers.exhaustion * relief) * 12 / 52
    workers.exhaustion = np.clip(workers.exhaustion + change * (workers.present > 0), 0.0, 1.0)


def _practise(town: State) -> None:
    """Breadth moves with the compounded cases handled; orientation with learning, joint visits and
    colleagues; skill with supervision.
    """
    p, workers, practice = town.p.workforce, town.workers, town.practice
    done = practice.fidelity.value
    share = np.minimum(1.0, workers.complex_hours / np.maximum(workers.usable, 1e-12))
    workers.breadth += (
        p.breadth_gain * share * (1 - workers.breadth)
        - p.breadth_loss * (workers.breadth - p.breadth_loss_value)
    ) / 52
    joint = workers.given * 0.1 * practice.supporters.pairing
    learned = (workers.learning + joint) * done
    colleagues = np.bincount(
        workers.agency, weights=workers.orientation * workers.post, minlength=town.agencies.rows
    ) / np.maximum(
        1e-12, np.bincount(workers.agency, weights=workers.post, minlength=town.agencies.rows)
    )
    workers.orientation += p.orientation_gain * learned / 10 * (1 - workers.orientation)
    workers.orientation += (
        p.orientation_peers
        * (colleagues[workers.agency] - workers.orientation)
        * (workers.post > 0)
        - p.orientation_pull
        * (workers.orientation - p.orientation_init)
        * (workers.orientation > p.orientation_init)
    ) / 52
    np.clip(workers.orientation, 0.0, 1.0, out=workers.orientation)
    supervised = practice.supporters.supervision * 12 / 52 * done
    workers.skill += p.skill_gain * supervised / 10 * np.maximum(0.0, p.skill_max - workers.skill)
    workers.skill -= p.skill_fading / 52 * np.maximum(0.0, workers.skill - 1.0)


def _leave(town: State) -> None:
    p, workers = town.p.workforce, town.workers
    z = (workers.exhaustion - CENTRE) / SD * p.exhaustion_quit_beta + p.caseload_quit_direct * (
        workers.load - 1
    )
    base = np.where(workers.kind == REGULAR, p.leave_regular, p.contract_turnover)
    key = workers.id * 1000 + workers.holder
    here = there(town)
    leave, sick = town.streams.uniforms(("workforce.leave", "workforce.sick"), town.week, key)
    leaves = here & (leave < _shifted(base, z))
    sick = (
        here & ~leaves & (workers.sick_until <= town.week) & (sick < _shifted(p.sick_leave_1m, z))
    )
    leaves |= here & _key_person(town)
    rules, done = town.practice.workforce, town.practice.fidelity.value
    weeks = p.vacancy_months * 52 / 12 * (1 + (rules.recruitment - 1) * done)
    gone, ill = leaves.nonzero()[0], sick.nonzero()[0]
    _newcomers(town, gone)
    workers.vacant_until[gone] = workers.since[gone] = town.week + max(1, int(round(weeks)))
    workers.sick_until[ill] = town.week + int(p.sick_weeks)
    _forget(town, gone)
    _return_cases(town, np.concatenate([gone, ill]))
    town.flows["leavers"] += workers.post[gone].sum()
    town.flows["sick_leaves"] += workers.post[ill].sum()


def _shifted(rate: np.ndarray | float, log_odds: np.ndarray) -> np.ndarray:
    """Weekly chance of a yearly `rate` whose yearly odds are shifted by `log_odds`."""
    return weekly_chance(
        np.logaddexp(0.0, logit(-np.expm1(-rate)) + log_odds)
    )  # -log(1 - p) of log-odds x is log(1 + e^x)


def _key_person(town: State) -> np.ndarray:
    """The worker with the highest orientation leaves in the week of such an event."""
    leaves = np.zeros(town.workers.rows, dtype=bool)
    for event in town.scenario.events:
        if event.kind == "key_person_leaves" and event.week == town.week:
            leaves[np.argmax(np.where(there(town), town.workers.orientation, -1.0))] = True
    return leaves


def _newcomers(town: State, rows: np.ndarray) -> None:
    """New holders of posts: fresh, with low breadth and orientation and the skill of the reference
    worker.
    """
    if rows.size == 0:
        return
    p, workers = town.p.workforce, town.workers
    workers.holder[rows] += 1
    u = town.streams.uniform("workforce.sensitivity", 0, workers.id[rows], workers.holder[rows])
    workers.sensitivity[rows] = np.exp(
        p.sensitivity_spread * ndtri(u) - p.sensitivity_spread**2 / 2
    )
    workers.since[rows] = town.week
    workers.exhaustion[rows] = p.exhaustion_new
    workers.breadth[rows], workers.orientation[rows], workers.skill[rows] = (
        p.breadth_new,
        p.orientation_new,
        1.0,
    )
    workers.sick_until[rows] = NEVER


def _forget(town: State, rows: np.ndarray) -> None:
    """What a leaver knew of other agencies goes: each agency's familiarity falls by its leavers'
    share of the staff.
    """
    if rows.size == 0:
        return
    workers = town.workers
    posts = np.bincount(workers.agency, weights=workers.post, minlength=town.agencies.rows)
    lost = np.bincount(
        workers.agency[rows], weights=workers.post[rows], minlength=town.agencies.rows
    )
    kept = 1 - (1 - FAMILIARITY_KEPT) * lost / np.maximum(posts, 1e-12)
    town.familiarity *= kept[:, None] * kept[None, :]


def _rotate(town: State) -> None:
    """Regular staff without a specialist post move desk in April: some each year, or all at
    once.
    """
    if town.week % 52 != 0:
        return
    workers, settings = town.workers, town.practice.workforce
    years = max(1, int(round(settings.rotation_years or town.p.workforce.rotation_years)))
    year = town.week // 52
    turn = (
        (workers.slot + town.agencies.key[workers.agency]) % years
        if settings.staggered
        else np.zeros(workers.rows, dtype=int)
    )
    special = workers.slot < np.ceil(
        settings.specialist_share * town.practice.fidelity.value * town.wanted[workers.group]
    )
    moves = (
        there(town)
        & (workers.kind == REGULAR)
        & (workers.role == CASEWORKER)
        & ~special
        & ((year + turn) % years == 0)
        & (workers.since < town.week)
    )
    rows = np.flatnonzero(moves)
    tired = workers.exhaustion[rows]
    _newcomers(town, rows)
    workers.exhaustion[rows] = tired  # who comes from another desk is as tired as who goes there
    _forget(town, rows)
    town.flows["rotations"] += workers.post[rows].sum()


def _return_cases(town: State, rows: np.ndarray) -> None:
    """Cases of absent workers go back to their agency's queue."""
    if rows.size == 0:
        return
    needs = town.needs
    held = cells_open(town)
    cells = held[np.isin(needs.worker[held], rows)]
    light = needs.level[cells] == 0
    _pass_on(town, cells[light])
    cells = cells[~light]
    hidden, urgent, hops, agency = (
        needs.hidden[cells],
        needs.urgent[cells],
        needs.hops[cells],
        needs.agency[cells],
    )
    queue(town, cells, agency, hops, urgent, hidden)
    town.flows["cases_returned"] += cells.size


def _pass_on(town: State, cells: np.ndarray) -> None:
    """Give light contact after a need has ended to the colleague with the fewest hours required, or
    end it.
    """
    needs, workers = town.needs, town.workers
    able = np.where(there(town) & (workers.sick_until <= town.week), workers.asked, np.inf)
    for cell in cells.tolist():
        mine = np.flatnonzero((workers.agency == needs.agency[cell]) & np.isfinite(able))
        if mine.size:
            needs.worker[cell] = mine[np.lexsort((workers.id[mine], able[mine]))[0]]
        else:
            town.households.accompanied_until[cell // F] = NEVER
            set_case(town, np.array([cell]), NO_CASE)


def _turn_up(town: State) -> None:
    """Set who is present next week, and how much a full post of theirs is worth."""
    p, workers = town.p.workforce, town.workers
    workers.present = (
        workers.post * (workers.vacant_until <= town.week) * (workers.sick_until <= town.week)
    )
    weeks = p.ramp_months * 52 / 12
    practised = np.clip((town.week - workers.since) / max(weeks, 1e-9), 0.0, 1.0)
    productivity = p.new_productivity + (1 - p.new_productivity) * practised
    workers.effective = (
        workers.present * productivity * (1 - p.exhaustion_quality * workers.exhaustion)
    )
