"""The few functions that write needs, cases, rungs of the ladder and ties, and keep their counts
correct: as kernels for one row, and for whole arrays of rows.

Processes write these columns only through this module. `recount` computes the counts anew and must
always agree.
"""

from __future__ import annotations

import numpy as np

from sim.declared.records import LASTED
from sim.declared.vocabulary import (
    ACCOMPANIED,
    ACTING,
    LATENT,
    MANIFEST,
    MEMBERS,
    NEVER,
    NO_CASE,
    OPEN,
    SEVERE,
    UNINVOLVED,
    WAITING,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.door import leave_door
from sim.model.flows import flow_place
from sim.model.kept import all_latent, all_stages, count_again, count_latent, counted_at
from sim.model.kernel import kernel, uniform
from sim.model.members import ADULT
from sim.model.state import State

RELAPSE_WEEKS = 52
NEEDS_QUEUED, HOUSEHOLDS_EMPTIED = flow_place("needs_queued"), flow_place("households_emptied")
HOUSEHOLDS_CLOSED, EXITS = flow_place("households_closed"), flow_place("assistance_exits")


def firsts(ordered: np.ndarray) -> np.ndarray:
    """Positions at which a value of sorted `ordered` (n,) occurs for the first time."""
    fresh = np.empty(ordered.size, dtype=bool)
    fresh[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return fresh.nonzero()[0]


def distinct(values: np.ndarray) -> np.ndarray:
    """Sorted values without repetition; faster than np.unique where there are few."""
    values = values.copy()
    values.sort()
    return values[firsts(values)]


def set_level(town: State, cells: np.ndarray, level) -> None:
    """Set the need level of unique `cells` (n,) to `level` (scalar or (n,)) and record the week of
    the change.
    """
    if cells.size:
        _each_level(town.records, town.week, cells, np.broadcast_to(level, cells.shape).astype(int))


@kernel
def _each_level(t, week, cells, levels):
    for i in range(cells.size):
        change_level(t, week, cells[i], levels[i])


@kernel
def change_level(t, week, cell, level):
    """The need in `cell` enters `level` this week."""
    before, row = t.level[cell], cell // F
    field, counted = cell - row * F, counted_at(t, row)
    t.levels[field, before] -= 1
    t.levels[field, level] += 1
    t.active[row] += (level >= LATENT) - (before >= LATENT)
    t.manifest[row] += (level >= MANIFEST) - (before >= MANIFEST)
    t.severe[row] += (level >= SEVERE) - (before >= SEVERE)
    count_latent(t, cell, before, -1)
    t.level[cell] = level
    t.since[cell] = week
    count_latent(t, cell, level, 1)
    count_again(t, row, counted)


def improve(town: State, cells: np.ndarray) -> np.ndarray:
    """Severe needs among unique `cells` fall to manifest, others end and may relapse; returns the
    cells that ended.
    """
    ends = town.needs.level[cells] < SEVERE
    if cells.size:
        _each_improves(town.records, town.week, cells)
    return cells[ends]


@kernel
def _each_improves(t, week, cells):
    for i in range(cells.size):
        lighten(t, week, cells[i])


@kernel
def lighten(t, week, cell):
    """A severe need falls to manifest, any other ends and may relapse; returns whether it ended."""
    if t.level[cell] == SEVERE:
        change_level(t, week, cell, MANIFEST)
        return False
    need = t.needs[cell]
    need.relapse_until = week + RELAPSE_WEEKS
    t.relapse_level[cell] = t.level[cell]
    change_level(t, week, cell, 0)
    return True


def set_case(town: State, cells: np.ndarray, case: int) -> None:
    """Set the case status of unique `cells` (n,); NO_CASE also clears worker, agency and queue."""
    if cells.size:
        _each_case(town.records, town.week, cells, int(case))


@kernel
def _each_case(t, week, cells, case):
    for i in range(cells.size):
        change_case(t, week, cells[i], case)


@kernel
def change_case(t, week, cell, case):
    """The need in `cell` gets the case status `case`; NO_CASE also clears worker, agency and
    queue.
    """
    before, row, need = t.case[cell], cell // F, t.needs[cell]
    counted = counted_at(t, row)
    if case == NO_CASE and need.opened != NEVER:
        t.households[row].closed_week = week
        t.counts[HOUSEHOLDS_CLOSED] += before >= OPEN and t.open_cases[row] == 1
    t.open_cases[row] += (case >= OPEN) - (before >= OPEN)
    t.waiting_cases[row] += (case == WAITING) - (before == WAITING)
    t.case[cell] = case
    count_again(t, row, counted)
    if case < OPEN:
        need.worker = -1
        need.dose = 0.0
        need.aid = 0.0
    if case == NO_CASE:
        need.agency = -1
        need.waiting_since = NEVER
        need.opened = NEVER
        need.urgent = False
        need.known = False
        need.hidden = False
        need.hops = 0
    elif case == WAITING:
        need.waiting_since = week
        need.known = True
    elif case == OPEN:
        if need.opened == NEVER:
            need.opened = week
        need.known = True


def queue(town: State, cells: np.ndarray, agency, hops, urgent, hidden) -> None:
    """Put unique `cells` (n,) on the admission lists of `agency` rows, with hops so far, urgency
    and hidden demand.
    """
    if cells.size:
        given = (np.broadcast_to(one, cells.shape) for one in (agency, hops, urgent, hidden))
        _each_joins(town.records, town.week, cells, *(one.astype(np.int64) for one in given))


@kernel
def _each_joins(t, week, cells, agency, hops, urgent, hidden):
    for i in range(cells.size):
        join_list(t, week, cells[i], agency[i], hops[i], urgent[i] != 0, hidden[i] != 0)


@kernel
def join_list(t, week, cell, agency, hops, urgent, hidden):
    """The need in `cell` joins the admission list of `agency`, with `hops` hand-ons so far."""
    change_case(t, week, cell, WAITING)
    need = t.needs[cell]
    need.agency = agency
    need.hops = hops
    need.urgent = urgent
    need.hidden = hidden
    t.counts[NEEDS_QUEUED] += 1.0


def stage(town: State, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Stage of household `rows` (index in STAGES): none, latent, manifest, compounded."""
    households = town.households
    active, manifest, severe = (
        households.active[rows],
        households.manifest[rows],
        households.severe[rows],
    )
    compounded = (manifest >= 2) | ((severe >= 1) & (active >= 2))
    return (
        (active > 0).view(np.int8) + (manifest > 0).view(np.int8) + compounded.view(np.int8)
    )  # each stage holds the one before


def full_resources(town: State) -> float:
    """Number of working resources at which their effect is full; at least two, so that one success
    does not fill a small town.
    """
    return max(2.0, town.p.resources.full_resources * town.households.rows / 10_000)


def edges_of(town: State, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ties (live or not) of household `rows`, and for each the position in `rows` it belongs to."""
    start = town.tie_start[rows]
    count = town.tie_start[rows + 1] - start
    owner = np.arange(rows.size).repeat(count)
    before = count.cumsum() - count
    return town.tie_edges[np.arange(owner.size) + (start - before).repeat(count)], owner


def holder(town: State, edges: np.ndarray, at_a: np.ndarray) -> np.ndarray:
    """Resident slot that holds each of `edges` at its end a (where `at_a`) or b."""
    ties = town.ties
    row = np.where(at_a, ties.a[edges], ties.b[edges])
    return row * MEMBERS + np.where(at_a, ties.a_place[edges], ties.b_place[edges])


@kernel
def both_home(t, edge):
    """Whether neither home of the tie `edge` is empty."""
    tie = t.ties[edge]
    return not t.empty[tie.a] and not t.empty[tie.b]


@kernel
def far_end(t, edge, row):
    """The household at the other end of the tie `edge` of household `row`."""
    tie = t.ties[edge]
    return tie.b if tie.a == row else tie.a


@kernel
def holds(t, edge, slot):
    """Whether the resident in `slot` holds the tie `edge` at their household's end."""
    tie, row = t.ties[edge], slot // MEMBERS
    return (tie.a_place if tie.a == row else tie.b_place) == slot - row * MEMBERS


@kernel
def far_holder(t, edge, row):
    """Slot of the resident who holds the tie `edge` of household `row` at its other end."""
    tie = t.ties[edge]
    if tie.a == row:
        return tie.b * MEMBERS + tie.b_place
    return tie.a * MEMBERS + tie.a_place


@kernel
def worst_field(t, key, row):
    """The field of the worst need of household `row`; among equals the one that `key` draws."""
    field, most = 0, 0.0
    for f in range(F):
        level = t.level[row * F + f]
        if level > 0:
            rank = level + uniform(key, t.households[row].id * F + f)
            if rank > most:
                field, most = f, rank
    return field


def set_rung(town: State, slots: np.ndarray, rung) -> None:
    """Set the rung of unique resident `slots` and update the counts of acting neighbours."""
    if slots.size:
        _each_rung(town.records, slots, np.broadcast_to(rung, slots.shape).astype(int))


@kernel
def _each_rung(t, slots, rungs):
    for i in range(slots.size):
        change_rung(t, slots[i], rungs[i])


@kernel
def change_rung(t, slot, rung):
    """The resident in `slot` moves to `rung`; who is tied to them has an acting tie more or
    less.
    """
    change, row = (rung == ACTING) - (t.ladder[slot] == ACTING), slot // MEMBERS
    if t.ladder[slot] != rung:
        t.rungs[t.district[row], t.ladder[slot]] -= 1
        t.rungs[t.district[row], rung] += 1
        t.rung_due[row] = NEVER  # who stands on another rung moves at another rate
        t.ladder[slot] = rung
    if change == 0:
        return
    place = slot - row * MEMBERS
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        tie = t.ties[edge]
        if t.live[edge]:
            if tie.a == row and tie.a_place == place:
                t.households[tie.b].acting_ties += change
            elif tie.b == row and tie.b_place == place:
                t.households[tie.a].acting_ties += change


def set_tie(town: State, edges: np.ndarray, live: bool) -> None:
    """Make unique `edges` live or dormant; edges already in that state are left unchanged."""
    if edges.size:
        _each_tie(town.records, town.week, edges, bool(live))


@kernel
def _each_tie(t, week, edges, live):
    for i in range(edges.size):
        change_tie(t, week, edges[i], live)


@kernel
def change_tie(t, week, edge, live):
    """The tie `edge` becomes live or dormant; returns whether it was not so before."""
    if t.live[edge] == live:
        return False
    tie = t.ties[edge]
    step = 1 if live else -1
    t.live[edge] = live
    t.live_ties[0] += step
    a, b = t.households[tie.a], t.households[tie.b]
    a.ties += step
    b.ties += step
    t.isolated[tie.a] = a.ties == 0
    t.isolated[tie.b] = b.ties == 0
    if t.ladder[tie.b * MEMBERS + tie.b_place] == ACTING:
        a.acting_ties += step
    if t.ladder[tie.a * MEMBERS + tie.a_place] == ACTING:
        b.acting_ties += step
    if live:
        tie.formed = week
    return True


@kernel
def adult_home(t, row):
    """Whether an adult of the household in `row` is at home."""
    adults = 0
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        if t.age[slot] >= ADULT and not t.away[slot]:
            adults += 1
    return adults > 0


def leave_empty(town: State, rows: np.ndarray) -> None:
    """Empty unique household `rows`, where no adult is at home any more."""
    if rows.size:
        _each_empty(town.records, town.week, rows)


@kernel
def _each_empty(t, week, rows):
    for i in range(rows.size):
        empty_home(t, week, rows[i])


@kernel
def empty_home(t, week, row):
    """The household in `row`, where no adult is at home any more, leaves it empty until its next
    turnover: its needs, cases and ties end with it.
    """
    for cell in range(row * F, row * F + F):
        if t.level[cell] > 0:
            change_level(t, week, cell, 0)
        if t.case[cell] != NO_CASE:
            change_case(t, week, cell, NO_CASE)
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        change_rung(t, slot, UNINVOLVED)
        if t.age[slot] >= 0:
            t.away[slot] = True  # children left alone are taken in elsewhere
    leave_door(t, row)
    end_assistance(t, week, row)
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        change_tie(t, week, t.tie_edges[i], False)
    _forget_home(t, row)
    t.stages[counted_at(t, row)] -= 1
    t.empty[row] = True
    t.counts[HOUSEHOLDS_EMPTIED] += 1.0


@kernel
def end_assistance(t, week, row):
    """Household `row` is no longer on public assistance; counted by the years that it was."""
    if t.assistance[row]:
        stretch, weeks = 0, week - t.households[row].assistance_since
        for years in LASTED:
            stretch += weeks >= years * WEEKS_PER_YEAR
        t.counts[EXITS + stretch] += 1.0
        t.assistance[row] = False


@kernel
def _forget_home(t, row):
    """Nobody watches, visits, accompanies or plans for the household in `row` any more."""
    home = t.households[row]
    t.belongs[row] = False
    t.joint_plan[row] = False
    t.hub_held[row] = False
    t.watcher[row] = -1
    t.told_by[row] = -1
    t.contact_route[row] = 0
    t.review_since[row] = NEVER
    t.hub_until[row] = NEVER
    t.tip_week[row] = NEVER
    t.next_visit[row] = NEVER
    t.elsewhere_until[row] = NEVER
    t.watched_until[row] = NEVER
    home.accompanied_until = NEVER
    home.triaged = False


def recount(town: State) -> None:
    """Compute every stored count anew from levels, cases, ties and rungs."""
    households, needs, ties = town.households, town.needs, town.ties
    level, case = needs.level.reshape(-1, F).T, needs.case.reshape(-1, F).T
    town.levels = np.array([np.bincount(of_field, minlength=4) for of_field in level])
    town.latent_since = all_latent(needs.level, needs.since)
    households.active[:] = (level >= LATENT).sum(axis=0)
    households.manifest[:] = (level >= MANIFEST).sum(axis=0)
    households.severe[:] = (level >= SEVERE).sum(axis=0)
    households.open_cases[:] = ((case == OPEN) | (case == ACCOMPANIED)).sum(axis=0)
    households.waiting_cases[:] = (case == WAITING).sum(axis=0)
    districts = len(town.scenario.people.districts)
    town.stages = all_stages(town.records, districts)
    place = households.district.repeat(MEMBERS).astype(int) * 3 + town.residents.ladder
    town.rungs = np.bincount(place, minlength=3 * districts).reshape(-1, 3)
    town.live_ties = np.array([np.count_nonzero(ties.live)])
    acting = town.residents.ladder == ACTING
    a, b = ties.a[ties.live], ties.b[ties.live]
    held_a, held_b = a * MEMBERS + ties.a_place[ties.live], b * MEMBERS + ties.b_place[ties.live]
    count = households.rows
    households.ties[:] = np.bincount(a, minlength=count) + np.bincount(b, minlength=count)
    households.isolated[:] = households.ties == 0
    households.acting_ties[:] = np.bincount(
        a, weights=acting[held_b], minlength=count
    ) + np.bincount(b, weights=acting[held_a], minlength=count)
