"""Outreach workers visit households, and keep in contact until they accept support."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import NEVER, OUTREACH, OUTREACH_WORKER, F
from sim.model.posts import sum_over_workers
from sim.model.state import State
from sim.model.transitions import by_field, least

WRITES = (
    "households.contact_route",
    "households.contact_field",
    "households.tip_week",
    "households.visits",
    "households.visited_week",
    "households.next_visit",
    "households.trust",
    "households.sees_no_need",
    "needs.known",
    "visit_credit",
    "flows.visits",
    "flows.visits_in_need",
    "flows.found",
    "flows.accepted",
    "flows.resident_hours",
)
MOST_PICKS = 4  # places looked at for each visit to a list; enough for prevalence ratios up to 2.5
MAX_ACCEPT = 0.95


def outreach(town: State) -> None:
    """Turn outreach hours into visits, visits into findings, and findings into accepted contacts.

    A visit reveals a need with p_detect_visit (raised by trust and a go-between); acceptance rises
    with each contact. Source: model 2.6; M10, M43; L871.
    """
    workers = town.workers
    ready = (
        sum_over_workers(town, workers.usable, workers.role == OUTREACH_WORKER)
        / town.full_week
        * town.practice.fidelity.value
    )
    town.visit_credit += ready * town.p.outreach.outreach_visits_fte / 52
    visits = int(town.visit_credit)
    town.visit_credit -= visits
    if visits:
        _visit(town, _visited(town, visits))


def _visited(town: State, visits: int) -> np.ndarray:
    """Rows to visit: contacts that are due, then the mix of targets; the same random numbers choose
    the same households.
    """
    again = _due(town)[:visits]
    left = visits - again.size
    mix = town.practice.outreach.targeting
    tips = _tips(town)[: int(round(left * mix.get("tips", 0.0)))]
    met = _met_at_places(town, int(round(left * mix.get("places", 0.0))))
    rest = left - tips.size - met.size
    listed = int(
        round(
            rest
            * mix.get("list", 0.0)
            / max(1e-9, mix.get("list", 0.0) + mix.get("untargeted", 0.0))
        )
    )
    if mix.get("list", 0.0) + mix.get("untargeted", 0.0) == 0:
        listed = 0  # hours left over from an empty pool of tips go to any household
    rows = np.concatenate(
        [again, tips, met, _listed(town, listed), _any(town, rest - listed, "outreach.any")]
    )
    _rows, first = np.unique(rows, return_index=True)
    rows = rows[np.sort(first)]
    free = (town.households.contact_route[rows] == 0) & (town.households.door[rows] < 0)
    return rows[~town.households.empty[rows] & free]


def _unseen(town: State, rows: np.ndarray) -> np.ndarray:
    households = town.households
    known = (
        (households.open_cases[rows] > 0)
        | (households.waiting_cases[rows] > 0)
        | (households.door[rows] >= 0)
    )
    return rows[~known]


def _in_order(town: State, rows: np.ndarray, date: np.ndarray, process: str) -> np.ndarray:
    return rows[
        np.lexsort((town.streams.uniform(process, town.week, town.households.id[rows]), date[rows]))
    ]


def _due(town: State) -> np.ndarray:
    next_visit = town.households.next_visit
    rows = _unseen(town, np.flatnonzero((next_visit > NEVER) & (next_visit <= town.week)))
    return _in_order(town, rows, next_visit, "outreach.due")


def _tips(town: State) -> np.ndarray:
    tips = town.households.tip_week
    return _in_order(town, _unseen(town, np.flatnonzero(tips > NEVER)), tips, "outreach.tips")


def _met_at_places(town: State, visits: int) -> np.ndarray:
    if not visits:
        return np.empty(0, dtype=np.int64)
    rows = np.flatnonzero(town.households.belongs)
    u = town.streams.uniform("outreach.places", town.week, town.households.id[rows])
    return rows[least(u, visits)]


def _any(town: State, visits: int, process: str) -> np.ndarray:
    """Household rows sampled anywhere in the town, without those already in support."""
    ids = (
        town.streams.uniform(process, town.week, np.arange(visits)) * town.households.rows
    ).astype(np.int64)
    return _unseen(town, town.row_of[ids])


def _listed(town: State, visits: int) -> np.ndarray:
    """Households from a list of non-users, on which need is `outreach_targeting` times as common as
    in the town.
    """
    if not visits:
        return np.empty(0, dtype=np.int64)
    households = town.households
    ids = (
        town.streams.uniform("outreach.list", town.week, np.arange(visits * MOST_PICKS))
        * households.rows
    ).astype(np.int64)
    rows = town.row_of[ids]
    in_need = households.active[rows] > 0
    common = max(1e-9, np.count_nonzero(households.active > 0) / households.rows)
    keep_others = np.clip(
        (1 / town.p.outreach.outreach_targeting - common) / (1 - common + 1e-9), 0.0, 1.0
    )
    u = town.streams.uniform("outreach.listed", town.week, np.arange(rows.size))
    return _unseen(town, rows[in_need | (u < keep_others)][:visits])


def _visit(town: State, rows: np.ndarray) -> None:
    p, households = town.p.outreach, town.households
    town.flows["visits"] += rows.size
    households.visited_week[rows] = town.week
    households.tip_week[rows] = NEVER
    households.next_visit[rows] = NEVER
    rows = rows[households.active[rows] > 0]
    town.flows["visits_in_need"] += rows.size
    introduced = p.go_between_gain if town.practice.outreach.go_between else 1.0
    town.flows["resident_hours"] += (
        rows.size * p.go_between_hours * town.practice.outreach.go_between
    )
    detect = np.minimum(1.0, p.p_detect_visit * (0.75 + 0.5 * households.trust[rows]) * introduced)
    found = rows[town.streams.uniform("outreach.detect", town.week, households.id[rows]) < detect]
    town.flows["found"] += found.size
    accept = p.p_engage * (1 + p.engage_rise * households.visits[found])
    accepts = town.streams.uniform("outreach.accept", town.week, households.id[found]) < np.minimum(
        accept, MAX_ACCEPT
    )
    _accepted(town, found[accepts])
    _kept_in_contact(town, found[~accepts])


def _accepted(town: State, rows: np.ndarray) -> None:
    """All needs that the visit reveals become known; the worst is presented."""
    households, needs = town.households, town.needs
    level = by_field(needs.level, rows)
    ids = households.id[rows][:, None] * F + np.arange(F)
    revealed = (
        town.streams.uniform("outreach.reveal", town.week, ids) < town.p.outreach.p_detect_visit
    )
    worst = (level + (level > 0) * town.streams.uniform("outreach.worst", town.week, ids)).argmax(
        axis=1
    )
    cells = rows[:, None] * F + np.arange(F)
    needs.known[cells[(level > 0) & revealed]] = True
    households.contact_route[rows] = OUTREACH
    households.contact_field[rows] = worst
    households.visits[rows] = 0
    town.flows["accepted"] += rows.size


def _kept_in_contact(town: State, rows: np.ndarray) -> None:
    """Contact without acceptance raises trust, may show the household its need, and is repeated."""
    p, households = town.p.outreach, town.households
    households.trust[rows] = np.minimum(1.0, households.trust[rows] + p.trust_per_contact)
    sees = (
        town.streams.uniform("outreach.flag", town.week, households.id[rows])
        < town.p.asking.flag_fading_contact
    )
    households.sees_no_need[rows[sees]] = False
    households.visits[rows] += 1
    goes_on = rows[households.visits[rows] < town.practice.outreach.persistence]
    households.next_visit[goes_on] = town.week + int(p.revisit_weeks)
