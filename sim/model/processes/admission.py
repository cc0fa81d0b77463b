"""Workers with hours to spare open queued cases; households that wait lose trust or give up."""

from __future__ import annotations

from heapq import heapify, heapreplace

import numpy as np

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
from sim.model.candidates import need_ids
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import by_field, cells_waiting, distinct, edges_of, set_case, set_tie

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
    "households.ties",
    "households.acting_ties",
    "ties.live",
    "ties.formed",
    "workers.asked",
    "flows.cases_opened",
    "flows.waited_weeks",
    "flows.reneged",
    "flows.hops_opened",
)


def admission(town: State) -> None:
    """Open queued cases by urgency, level and waiting time, each with the least loaded worker of
    its agency.

    A worker opens cases while the hours required of them are below admission_limit x usable hours,
    and crises beyond it. A worker whose limit is below the hours of one severe case opens none.
    Source: model 2.7.
    """
    waiting = _leave_queue(town)
    if waiting.size == 0:
        return
    opened, worker = _assigned(town, _in_order(town, waiting))
    new = opened[
        town.needs.opened[opened] == NEVER
    ]  # the others come back from a worker who is absent
    town.flows["waited_weeks"] += (town.week - town.needs.waiting_since[new]).sum()
    town.flows["cases_opened"] += new.size
    town.flows["hops_opened"] += town.needs.hops[new].sum()
    fresh = distinct(new[town.households.open_cases[new // F] == 0] // F)
    set_case(town, opened, OPEN)
    town.needs.worker[opened] = worker
    set_case(
        town, opened[town.needs.hidden[opened]], ACCOMPANIED
    )  # a household that says no keeps light contact
    _lose_ties(town, fresh, _first_worker(town, fresh))


def _first_worker(town: State, rows: np.ndarray) -> np.ndarray:
    """The worker with the least row among those who hold a case of household `rows`."""
    worker = by_field(town.needs.worker, rows)
    return np.where(worker < 0, np.iinfo(np.int32).max, worker).min(
        axis=1, initial=np.iinfo(np.int32).max
    )


def _leave_queue(town: State) -> np.ndarray:
    """Needs that ended leave the list; others give up at `renege`; trust falls after
    `admission_patience` weeks.

    Returns who still waits.
    """
    needs, households, p = town.needs, town.households, town.p.intake
    waiting = cells_waiting(town)
    set_case(town, waiting[needs.level[waiting] == 0], NO_CASE)
    waiting = waiting[needs.case[waiting] == WAITING]
    u = town.streams.uniform("admission.renege", town.week, need_ids(town, waiting))
    gives_up = waiting[u < weekly_chance(p.renege)]
    set_case(town, gives_up, NO_CASE)
    town.flows["reneged"] += gives_up.size
    waiting = waiting[needs.case[waiting] == WAITING]
    late = distinct(waiting[town.week - needs.waiting_since[waiting] > p.admission_patience] // F)
    households.trust[late] = np.maximum(0.0, households.trust[late] - p.trust_waiting)
    return waiting


def _in_order(town: State, waiting: np.ndarray) -> np.ndarray:
    needs = town.needs
    tie_break = town.streams.uniform("admission.order", town.week, need_ids(town, waiting))
    return waiting[
        np.lexsort(
            (tie_break, needs.waiting_since[waiting], -needs.level[waiting], ~needs.urgent[waiting])
        )
    ]


def _assigned(town: State, waiting: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells (in order) that find a worker this week, and the worker of each."""
    needs, workers, limit = town.needs, town.workers, town.p.intake.admission_limit
    queues = {
        at: _by_load(town, at) for at in np.bincount(needs.agency[waiting]).nonzero()[0].tolist()
    }
    full = np.zeros(town.agencies.rows, dtype=bool)
    full[[at for at, heap in queues.items() if not heap or heap[0][0] >= limit]] = True
    waiting = waiting[needs.urgent[waiting] | ~full[needs.agency[waiting]]]
    hours = town.case_hours[needs.level[waiting]]
    agency, urgent = needs.agency[waiting].tolist(), needs.urgent[waiting].tolist()
    cells, takers = [], []
    for cell, at, ask, crisis in zip(waiting.tolist(), agency, hours.tolist(), urgent, strict=True):
        heap = queues[at]
        if not heap or (heap[0][0] >= limit and not crisis):
            continue
        ratio, key, worker = heap[0]
        workers.asked[worker] += ask
        heapreplace(heap, (ratio + ask / workers.usable[worker], key, worker))
        cells.append(cell)
        takers.append(worker)
    return np.array(cells, dtype=np.int64), np.array(takers, dtype=np.int64)


def _by_load(town: State, agency: int) -> list[tuple[float, int, int]]:
    """Heap of (hours asked over usable hours, worker id, worker row) of the caseworkers of one
    agency who have hours.
    """
    workers = town.workers
    rows = np.arange(town.worker_start[agency], town.worker_start[agency + 1])
    holds_cases = (workers.role[rows] == CASEWORKER) | (workers.role[rows] == HUB_WORKER)
    enough = workers.usable[rows] * town.p.intake.admission_limit >= town.case_hours.max()
    there = rows[holds_cases & (workers.present[rows] > 0) & enough]
    fullness = workers.asked[there] / workers.usable[there]
    heap = list(zip(fullness.tolist(), workers.id[there].tolist(), there.tolist(), strict=True))
    heapify(heap)
    return heap


def _lose_ties(town: State, rows: np.ndarray, worker: np.ndarray) -> None:
    """Starting formal service cuts informal ties unless the worker is person-centred or ties are
    respected (L94).
    """
    respected = town.practice.community.tie_respecting * town.practice.fidelity.value
    loss = town.p.casework.tie_loss_at_service * (1 - respected)
    if loss <= 0 or rows.size == 0:
        return
    edges, owner = edges_of(town, rows)
    live = town.ties.live[edges]
    edges, owner = edges[live], owner[live]
    u = town.streams.uniform(
        "admission.tie", town.week, town.ties.id[edges], town.households.id[rows[owner]]
    )
    set_tie(town, distinct(edges[u < loss * (1 - town.workers.orientation[worker[owner]])]), False)
