"""Workers with hours to spare open queued cases; households that wait lose trust or give up."""

from __future__ import annotations

import math

from sim.declared.vocabulary import (
    ACCOMPANIED,
    CASEWORKER,
    HUB_WORKER,
    NEVER,
    NO_CASE,
    OPEN,
    WAITING,
    F,
)
from sim.model.flows import flow_place
from sim.model.ids import need_id
from sim.model.kernel import happens, in_turn, kernel, numbers, sort, uniform, whole_numbers
from sim.model.scans import nonzero
from sim.model.state import State
from sim.model.transitions import change_case, change_tie

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
    "households.trust",
    "households.new_week",
    "households.isolated",
    "households.ties",
    "households.acting_ties",
    "ties.live",
    "ties.formed",
    "workers.asked",
    "flows.cases_opened",
    "flows.waited_weeks",
    "flows.reneged",
    "flows.hops_opened",
    "flows.new_opened",
    "stages",
    "live_ties",
    "households.closed_week",
    "flows.households_closed",
)
DRAWS = ("admission.renege", "admission.order", "admission.tie")
RENEGE, ORDER, TIE = range(len(DRAWS))
CASES_OPENED, WAITED_WEEKS = flow_place("cases_opened"), flow_place("waited_weeks")
NEW_OPENED, NEW_WEEKS = flow_place("new_opened"), 26
HOPS_OPENED, RENEGED = flow_place("hops_opened"), flow_place("reneged")
URGENT = 4  # in the order of the list, a crisis comes before every level of need


def admission(town: State) -> None:
    """Open queued cases by urgency, level and waiting time, each with the least loaded worker of
    its agency.

    1. Needs that ended leave the list; others give up at `renege`; the trust of households that
       wait falls after `admission_patience` weeks.
    2. In the order of the list, the least loaded worker of the agency takes the case. A worker opens
       cases while the hours required of them are below admission_limit x usable hours, and crises
       beyond it. A worker whose limit is below the hours of one severe case opens none.
    3. Starting formal service cuts informal ties unless the worker is person-centred or ties are
       respected.

    Source: model 2.7; L94.
    """
    respected = town.practice.community.tie_respecting * town.practice.fidelity.value
    tie_loss = town.p.casework.tie_loss_at_service * (1 - respected)
    _simulate(town.records, town.week, town.streams.keys(DRAWS, town.week), float(tie_loss))


@kernel
def _simulate(t, week, luck, tie_loss):
    cells = _still_waiting(t, week, luck)
    if cells.size == 0:
        return
    turns = numbers(cells.size)
    for i in range(cells.size):
        turns[i] = _turn(t, week, luck, cells[i])
    sort(cells, turns)
    takers = _takers(t, cells)
    begins = whole_numbers(cells.size)  # whether a household's first case is opened, of cells
    for i in range(cells.size):
        if takers[i] >= 0 and t.needs[cells[i]].opened == NEVER:
            _count(t, week, cells[i])
            begins[i] = t.open_cases[cells[i] // F] == 0
    for i in range(cells.size):
        if takers[i] >= 0:
            _open(t, week, cells[i], takers[i])
    for i in range(cells.size):
        if begins[i] and tie_loss > 0.0 and _first_opened(t, week, cells[i] // F) == cells[i]:
            _lose_ties(t, week, luck, cells[i] // F, tie_loss)


@kernel
def _first_opened(t, week, row):
    """The first need of household `row` for which a case is opened this week; -1 if none."""
    for cell in range(row * F, row * F + F):
        if t.needs[cell].opened == week:
            return cell
    return -1


@kernel
def _still_waiting(t, week, luck):
    """Let needs leave the list that ended or give up; returns the cells of the others."""
    p, rows, count = t.p[0], nonzero(t.waiting_cases), 0
    cells = whole_numbers(F * rows.size)
    for row in rows:
        late = False
        for cell in range(row * F, row * F + F):
            if t.case[cell] != WAITING:
                continue
            if t.level[cell] == 0:
                change_case(t, week, cell, NO_CASE)
            elif happens(uniform(luck[RENEGE], need_id(t, cell)), p.renege):
                change_case(t, week, cell, NO_CASE)
                t.counts[RENEGED] += 1.0
            else:
                cells[count] = cell
                count += 1
                late = late or week - t.needs[cell].waiting_since > p.admission_patience
        if late:
            t.trust[row] = max(0.0, t.trust[row] - p.trust_waiting)
    return cells[:count]


@kernel
def _turn(t, week, luck, cell):
    """Place of a need in the list: crises first, then by level, by weeks waited, and by lot."""
    need = t.needs[cell]
    urgency = int(t.level[cell]) + URGENT * int(need.urgent)
    u = uniform(luck[ORDER], need_id(t, cell))
    return in_turn(urgency, week - need.waiting_since, u)


@kernel
def _takers(t, cells):
    """The worker (n,) who takes each of `cells` (n,), in their order; -1 where nobody does."""
    limit = t.p[0].admission_limit
    takers, full = whole_numbers(cells.size), whole_numbers(t.agencies.size)
    fullness = _fullness(t, limit)
    for i in range(cells.size):
        need, hours = t.needs[cells[i]], t.case_hours[t.level[cells[i]]]
        takers[i] = -1
        if full[need.agency] and not need.urgent:
            continue
        worker = _least_loaded(t, fullness, need.agency)
        if worker < 0 or (fullness[worker] >= limit and not need.urgent):
            full[need.agency] = 1
            continue
        t.workers[worker].asked += hours
        fullness[worker] += hours / t.workers[worker].usable
        takers[i] = worker
    return takers


@kernel
def _fullness(t, limit):
    """Hours asked over usable hours of each worker (W,), infinite for those who open no cases."""
    most, fullness = 0.0, numbers(t.workers.size)
    for hours in t.case_hours:
        most = max(most, hours)
    for row in range(t.workers.size):
        worker = t.workers[row]
        holds_cases = worker.duty in (CASEWORKER, HUB_WORKER) and worker.present > 0.0
        fullness[row] = math.inf
        if holds_cases and worker.usable * limit >= most:
            fullness[row] = worker.asked / worker.usable
    return fullness


@kernel
def _least_loaded(t, fullness, agency):
    """The worker of an agency with the least `fullness`, of equals the one with the least id; -1
    where nobody opens cases.
    """
    least, chosen = math.inf, -1
    for row in range(t.worker_start[agency], t.worker_start[agency + 1]):
        if fullness[row] < least or (
            chosen >= 0 and fullness[row] == least and t.workers[row].id < t.workers[chosen].id
        ):
            least, chosen = fullness[row], row
    return chosen


@kernel
def _count(t, week, cell):
    """Count a case that is opened for the first time: others come back from a worker who is
    absent. It may come from a new consultation of the last half year.
    """
    need, home, field = t.needs[cell], t.households[cell // F], cell % F
    t.counts[CASES_OPENED] += 1.0
    t.counts[WAITED_WEEKS] += week - need.waiting_since
    t.counts[HOPS_OPENED] += need.hops
    if home.new_field == field and week - home.new_week <= NEW_WEEKS:
        t.counts[NEW_OPENED + field] += 1.0
        home.new_week = NEVER


@kernel
def _open(t, week, cell, worker):
    change_case(t, week, cell, OPEN)
    t.needs[cell].worker = worker
    if t.needs[cell].hidden:  # a household that says no keeps light contact
        change_case(t, week, cell, ACCOMPANIED)


@kernel
def _lose_ties(t, week, luck, row, tie_loss):
    """Ties of the household end that its worker leaves no room for: the one with the least row,
    where several hold its cases.
    """
    worker = t.workers.size
    for cell in range(row * F, row * F + F):
        if t.needs[cell].worker >= 0:
            worker = min(worker, t.needs[cell].worker)
    chance = tie_loss * (1.0 - t.workers[worker].orientation)
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        if uniform(luck[TIE], t.ties[edge].id, t.households[row].id) < chance:
            change_tie(t, week, edge, False)
