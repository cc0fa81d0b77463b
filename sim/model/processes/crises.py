"""Manifest and severe needs lead to crises: they take hours at once and end in contact with an
agency, an institution, a death, or a severe need.
"""

from __future__ import annotations

import numpy as np

from sim.declared.crises import KINDS
from sim.declared.vocabulary import (
    CRISIS,
    FIELDS,
    GAP,
    MANIFEST,
    MEMBERS,
    NO_CASE,
    OPEN,
    POVERTY,
    SEVERE,
    STAYS,
    UNINVOLVED,
    F,
)
from sim.model import door
from sim.model.candidates import need_ids
from sim.model.posts import desk
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import (
    RELAPSE_WEEKS,
    add_at,
    anyone_home,
    distinct,
    firsts,
    leave_empty,
    set_case,
    set_level,
    set_rung,
)

WRITES = (
    "levels",
    "needs.level",
    "needs.since",
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
    "households.empty",
    "households.contact_route",
    "households.contact_field",
    "households.assistance",
    "households.watcher",
    "households.watched_until",
    "residents.away",
    "residents.ladder",
    "households.acting_ties",
    "households.ties",
    "ties.live",
    "ties.formed",
    "households.belongs",
    "households.joint_plan",
    "households.hub_held",
    "households.triaged",
    "households.told_by",
    "households.accompanied_until",
    "households.review_since",
    "households.hub_until",
    "households.tip_week",
    "households.next_visit",
    "needs.relapse_until",
    "needs.relapse_level",
    "agencies.crisis_due",
    *door.COLUMNS,
    "flows.consultation_left",
    "flows.crises",
    "flows.crises_by_field",
    "flows.crises_by_district",
    "flows.crises_ended",
    "flows.crises_unseen",
    "flows.households_emptied",
    "stays",
    "flows.assistance_entries",
    "households.crisis_week",
    "households.crisis_field",
    "households.crisis_kind",
)
CRISIS_IDS = tuple(dict.fromkeys(kind.id for kinds in KINDS.values() for kind in kinds))
KIND_INDEX = np.full((F, 4), -1)  # field x order in KINDS -> index in CRISIS_IDS
SHARES = np.zeros((F, 4))
ASSISTANCE = np.zeros((F, 4))
GONE = np.zeros((F, 4), dtype=bool)
STAY = np.full((F, 4), -1)
CERTAIN = np.zeros((F, 4), dtype=bool)
ENDINGS = (
    "crisis_isolated_death",
    "crisis_child_placement",
)  # kinds of crisis that are themselves an ending
for _f, _field in enumerate(FIELDS):
    for _k, _kind in enumerate(KINDS[_field]):
        KIND_INDEX[_f, _k], SHARES[_f, _k] = CRISIS_IDS.index(_kind.id), _kind.share
        ASSISTANCE[_f, _k], GONE[_f, _k] = _kind.assistance, _kind.gone
        CERTAIN[_f, _k] = _kind.id in ENDINGS
        STAY[_f, _k] = STAYS.index(_kind.stay) if _kind.stay else -1
CUMULATIVE = SHARES.cumsum(axis=1)
LAST = (SHARES > 0).sum(axis=1) - 1  # order of a field's last kind
SURE = (SHARES * CERTAIN).sum(axis=1)  # share of a field's crises that are an ending


def crises(town: State) -> None:
    """Simulate the week's crises of manifest and severe needs in all households.

    Rate crisis_rate_* (1/year) x (1 - (1 - rr_crisis_supported) x dose). Source: model 2.3; M03,
    M22.
    """
    cells = _struck(town)
    rows, field = cells // F, cells % F
    kind, end, enter = town.streams.uniforms(
        ("crises.kind", "crises.end", "crises.assistance"), town.week, need_ids(town, cells)
    )
    which = np.minimum((kind[:, None] > CUMULATIVE[field]).sum(axis=1), LAST[field])
    ends = end < _end_chance(town, field, which)
    households = town.households
    households.crisis_week[rows], households.crisis_field[rows] = town.week, field
    households.crisis_kind[rows] = KIND_INDEX[field, which]
    town.flows["crises"] += np.bincount(KIND_INDEX[field, which], minlength=len(CRISIS_IDS))
    town.flows["crises_by_field"] += np.bincount(field, minlength=F)
    town.flows["crises_by_district"] += np.bincount(
        town.households.district[rows], minlength=town.districts.rows
    )
    town.flows["crises_ended"] += np.count_nonzero(ends)
    town.flows["crises_unseen"] += np.count_nonzero(town.households.open_cases[rows] == 0)
    _take_hours(town, cells)
    _enter_assistance(town, rows, enter < ASSISTANCE[field, which])
    below = cells[~ends]
    set_level(town, below[town.needs.level[below] < SEVERE], SEVERE)
    _reveal(town, cells[~ends])
    if ends.any():
        _end(town, cells[ends], which[ends])


def _struck(town: State) -> np.ndarray:
    p, needs = town.p.crises, town.needs
    rates = np.array([0.0, 0.0, p.crisis_rate_manifest, p.crisis_rate_severe])
    cells = (needs.level >= MANIFEST).nonzero()[0]
    rate = rates[needs.level[cells]] * (1 - (1 - p.rr_crisis_supported) * needs.dose[cells])
    u = town.streams.uniform("crises.strike", town.week, need_ids(town, cells))
    cells = cells[u < weekly_chance(rate)]
    return cells[firsts(cells // F)]  # one crisis a household and week, the first field's


def _end_chance(town: State, field: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Chance that a crisis ends the need: 1 where its kind is an ending, else such that a field's
    mean is crisis_end.
    """
    others = np.maximum(0.0, town.p.crises.crisis_end - SURE) / (1.0 - SURE)
    return np.where(CERTAIN[field, which], 1.0, others[field])


def _take_hours(town: State, cells: np.ndarray) -> None:
    """The agency that holds the case answers; otherwise the field's desk, and for gap needs
    poverty's or the hub.
    """
    holder = town.needs.agency[cells]
    field = np.where(cells % F == GAP, POVERTY, cells % F)
    answers = desk(town, field, cells // F)
    if town.practice.coordination.hub == "gap_filler":
        answers = np.where(cells % F == GAP, town.hub_row, answers)
    responds = np.where((holder >= 0) & (holder != town.community_row), holder, answers)
    add_at(town.agencies.crisis_due, responds, town.p.crises.crisis_hours)


def _enter_assistance(town: State, rows: np.ndarray, enters: np.ndarray) -> None:
    entering = rows[enters & ~town.households.assistance[rows]]
    town.households.assistance[entering] = True
    town.flows["assistance_entries"] += entering.size


def _reveal(town: State, cells: np.ndarray) -> None:
    """A struck household without an open case for that need is handed to intake."""
    town.needs.hidden[cells] = False  # nobody says no in a crisis
    unseen = cells[town.needs.case[cells] < OPEN]
    town.households.contact_route[unseen // F] = CRISIS
    town.households.contact_field[unseen // F] = unseen % F


def _end(town: State, cells: np.ndarray, which: np.ndarray) -> None:
    """The bearer enters an institution, dies, or the need is met there; an empty household leaves
    its row empty.
    """
    field, rows = cells % F, cells // F
    stay = STAY[field, which]
    weeks = np.array([town.p.crises.stay_child_placement, town.p.crises.stay_nursing_home]).astype(
        int
    )
    for s in range(len(STAYS)):
        town.stays.begin(s, town.week, int((stay == s).sum()), weeks[s])
    gone = GONE[field, which]
    slots = rows * MEMBERS + town.needs.bearer[cells]
    town.residents.away[slots[gone]] = True
    set_rung(town, distinct(slots[gone]), UNINVOLVED)
    away = rows[gone]
    leaves = ~anyone_home(town, away)
    borne = _cells_borne(town, slots[gone])
    ended = distinct(np.concatenate([cells, borne]))
    _may_return(town, cells[~gone])
    set_level(town, ended, 0)
    set_case(town, ended[town.needs.case[ended] != NO_CASE], NO_CASE)
    leave_empty(town, away[leaves])


def _may_return(town: State, cells: np.ndarray) -> None:
    """A need that a stay has ended may come back once the stay is over, as any ended need may."""
    town.needs.relapse_until[cells] = town.week + RELAPSE_WEEKS
    town.needs.relapse_level[cells] = np.minimum(town.needs.level[cells], MANIFEST)


def _cells_borne(town: State, slots: np.ndarray) -> np.ndarray:
    """All needs borne by residents `slots`."""
    cells = (slots // MEMBERS)[:, None] * F + np.arange(F)
    mine = (town.needs.bearer[cells] == (slots % MEMBERS)[:, None]) & (town.needs.level[cells] > 0)
    return cells[mine]
