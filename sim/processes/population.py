"""People age, die, grow up and move; the ties of the town drift. All of it is exogenous: the same in every arm."""

from __future__ import annotations

import numpy as np

from .. import beats, newcomers
from ..newcomers import ADULT, ELDER, ELDER_ALONE, WORKING_ALONE
from ..state import F, KINDS, MEMBERS, NEVER, NO_CASE, RESIDENTS, UNINVOLVED, State
from ..streams import WEEKS_PER_YEAR
from ..upkeep import edges_of, set_case, set_level, set_rung, set_tie

WRITES = ("households.*", "needs.*", "residents.*", "ties.a_place", "ties.b_place", "ties.live", "ties.rooted", "ties.formed",
          "beat", "flows.moved_in", "flows.moved_out", "flows.deaths", "flows.grown_up", "flows.needs_left")
GROWN_UP = 19  # years
OLDEST = 104  # the death rate rises no further
PARENT = 16  # years that a parent is older at least
DEATH_BASE, DRIFT_BASE = 0.02, 0.005  # widths of the layers of candidates, 1/year
KEEP_OFFER = 0.02  # weight of the start composition beside what is missing from it


def population(town: State) -> None:
    """Live a week of the town's people: in April all grow a year older; deaths, moves, and the trend of ties every week.

    Ages, kinds and who moves when are exogenous and follow from members' ages alone, whoever is away after a crisis.
    Source: model section 2.1.
    """
    off = town.scenario.switched_off
    ended = np.empty(0, dtype=np.int64)
    if town.week % WEEKS_PER_YEAR == 0:
        _april(town)
    if "ageing" not in off:
        ended = _die(town)
    if "moves" not in off:
        rate = town.p.population.turnover
        ended = np.union1d(ended, town.row_of[_events(town, "moves", town.households.rows, rate)])
    if ended.size:
        _replace(town, ended)
    if town.week >= 0 and town.scenario.trend.ties and "ties" not in off:
        _drift(town)


def _events(town: State, process: str, count: int, rate: float) -> np.ndarray:
    drawn = town.streams.candidates(process, town.week, count, rate, rate) if rate > 0 else None
    return drawn.where(np.full(drawn.ids.size, rate)) if drawn else np.empty(0, dtype=np.int64)


def _april(town: State) -> None:
    if "ageing" not in town.scenario.switched_off:
        age = town.residents.age
        age[age >= 0] += 1
        _grow_up(town)
        newcomers.classify(town, np.arange(town.households.rows))
    beats.seat(town)


def _grow_up(town: State) -> None:
    """Children who are 19 now leave their parents' household with chance home_leaving; so needs, rungs and ties move on."""
    residents = town.residents
    slots = np.flatnonzero(residents.age == GROWN_UP)
    eldest = residents.age.reshape(-1, MEMBERS)[slots // MEMBERS].max(axis=1, initial=-1)
    luck = town.streams.uniform("home_leaving", town.week, _resident_ids(town, slots))
    slots = slots[(eldest >= GROWN_UP + PARENT) & (luck < town.p.population.home_leaving)]
    town.flows["grown_up"] += np.count_nonzero(~residents.away[slots])
    _leave(town, slots)


def _resident_ids(town: State, slots: np.ndarray) -> np.ndarray:
    return town.households.id[slots // MEMBERS] * MEMBERS + slots % MEMBERS


def _die(town: State) -> np.ndarray:
    """Let residents die; returns the rows (n,) where no adult is left."""
    p, residents = town.p.population, town.residents
    highest = p.death_rate_65 * np.exp(p.death_slope * (OLDEST - ELDER))
    drawn = town.streams.candidates("deaths", town.week, residents.rows, DEATH_BASE, highest)
    age = residents.age[_slot_of(town, drawn.ids)]
    rate = p.death_rate_65 * np.exp(p.death_slope * (np.minimum(age, OLDEST) - ELDER))
    slots = _slot_of(town, drawn.where(np.where(age >= 0, rate, 0.0)))
    if slots.size == 0:
        return slots
    town.flows["deaths"] += np.count_nonzero(~residents.away[slots])
    _leave(town, slots)
    rows = np.unique(slots // MEMBERS)
    orphaned = (residents.age.reshape(-1, MEMBERS)[rows] < ADULT).all(axis=1)
    newcomers.classify(town, rows[~orphaned])
    return rows[orphaned]


def _slot_of(town: State, ids: np.ndarray) -> np.ndarray:
    return town.row_of[ids // MEMBERS] * MEMBERS + ids % MEMBERS


def _leave(town: State, slots: np.ndarray) -> None:
    """Residents of unique `slots` are gone for good: their needs end without relapse, others of the household hold their ties."""
    if slots.size == 0:
        return
    cells = (slots // MEMBERS)[:, None] * F + np.arange(F)
    _end_needs(town, cells[town.needs.bearer[cells] == (slots % MEMBERS)[:, None]])
    beats.vacate(town, slots)
    set_rung(town, slots, UNINVOLVED)
    edges, owner = edges_of(town, slots // MEMBERS)
    _forget(town, edges, slots[owner], same_person=True)
    for name, (_, initial, _, _) in RESIDENTS.items():
        getattr(town.residents, name)[slots] = initial
    _hand_over(town, edges, slots[owner])


def _end_needs(town: State, cells: np.ndarray) -> None:
    needs = town.needs
    active = cells[needs.level[cells] > 0]
    town.flows["needs_left"] += active.size
    set_level(town, active, 0)
    set_case(town, cells[needs.case[cells] != NO_CASE], NO_CASE)
    needs.bearer[cells] = -1
    needs.relapse_until[cells], needs.relapse_level[cells] = NEVER, 0


def _forget(town: State, edges: np.ndarray, slots: np.ndarray, same_person: bool) -> None:
    """Households across `edges` (n,) are no longer watched, nor spoken for, by a resident of `slots` (n,) (or of their household)."""
    ties, households, unit = town.ties, town.households, 1 if same_person else MEMBERS
    far = np.where(ties.a[edges] == slots // MEMBERS, ties.b[edges], ties.a[edges])
    watched = far[households.watcher[far] // unit == slots // unit]
    households.watcher[watched], households.watched_until[watched] = -1, NEVER
    households.told_by[far[households.told_by[far] // unit == slots // unit]] = -1


def _hand_over(town: State, edges: np.ndarray, slots: np.ndarray) -> None:
    """Those of `edges` (n,) that residents of `slots` (n,), gone now, held pass to an adult of the household who is left."""
    ties = town.ties
    at_a = ties.a[edges] == slots // MEMBERS
    held = np.where(at_a, ties.a_place[edges], ties.b_place[edges]) == slots % MEMBERS
    edges, at_a = edges[held], at_a[held]
    live = np.unique(edges[ties.live[edges]])
    formed = ties.formed[live]
    set_tie(town, live, False)
    _draw_holders(town, edges, at_a)
    set_tie(town, live, True)
    ties.formed[live] = formed


def _draw_holders(town: State, edges: np.ndarray, at_a: np.ndarray) -> None:
    place = newcomers.holders(town, edges, at_a)
    town.ties.a_place[edges[at_a]], town.ties.b_place[edges[~at_a]] = place[at_a], place[~at_a]


def _replace(town: State, rows: np.ndarray) -> None:
    """Households of unique `rows` move away, empty ones are let again: newcomers move in, and ties take root anew."""
    households, residents, ties = town.households, town.residents, town.ties
    slots = newcomers.members_of(rows)
    town.flows["moved_out"] += np.count_nonzero((residents.age[slots] >= 0) & ~residents.away[slots])
    _end_needs(town, newcomers.cells_of(rows))
    edges, owner = edges_of(town, rows)
    _forget(town, edges, rows[owner] * MEMBERS, same_person=False)
    _forget_beat(town, slots)
    every = np.unique(edges)
    set_tie(town, every[ties.live[every]], False)
    households.occupant[rows] += 1
    newcomers.settle(town, rows, _offered(town, rows))
    _draw_holders(town, edges, ties.a[edges] == rows[owner])
    _take_root(town, every)
    town.flows["moved_in"] += np.count_nonzero(residents.age[slots] >= 0)


def _forget_beat(town: State, slots: np.ndarray) -> None:
    """Commissioners among `slots` leave their posts, and the households of the beat are no longer watched by them."""
    leaving = slots[town.residents.commissioner[slots]]
    if leaving.size:
        rows = np.flatnonzero(np.isin(town.beat, leaving))
        _release(town, rows, leaving)
        beats.vacate(town, leaving)


def _release(town: State, rows: np.ndarray, slots: np.ndarray) -> None:
    households = town.households
    watched = rows[np.isin(households.watcher[rows], slots)]
    households.watcher[watched], households.watched_until[watched] = -1, NEVER
    households.told_by[rows[np.isin(households.told_by[rows], slots)]] = -1


def _offered(town: State, rows: np.ndarray) -> np.ndarray:
    """Kinds (n,) of the newcomers: those the town lacks against its composition at the start (and the trend of living alone)."""
    target = town.makeup.composition.copy()
    target[[ELDER_ALONE, WORKING_ALONE]] *= (1.0 + town.scenario.trend.alone) ** (max(town.week, 0) / WEEKS_PER_YEAR)
    target /= target.sum()
    share = np.bincount(town.households.kind, minlength=len(KINDS)) / town.households.rows
    weight = np.maximum(target - share, 0.0) + KEEP_OFFER * target
    luck = town.streams.uniform("newcomer_kind", 0, town.households.id[rows], town.households.occupant[rows])
    return newcomers.picked(np.broadcast_to(weight, (rows.size, weight.size)), luck)


def _take_root(town: State, edges: np.ndarray) -> None:
    """Sleeping `edges` (unique) of rows just let go live with the chance of the start, changed by the trend of ties."""
    ties, occupant = town.ties, town.households.occupant
    years = max(town.week, 0) / WEEKS_PER_YEAR
    turn = occupant[ties.a[edges]].astype(np.int64) + occupant[ties.b[edges]]
    luck = town.streams.uniform("rooted", 0, ties.id[edges], turn)
    ties.rooted[edges] = luck < town.root_chance[edges] * (1.0 + town.scenario.trend.ties) ** years
    set_tie(town, edges[ties.rooted[edges]], True)


def _drift(town: State) -> None:
    """Live ties fade, or sleeping ones wake, at the yearly rate of the trend."""
    trend, ties = town.scenario.trend.ties, town.ties
    rate = -np.log1p(trend) if trend < 0 else np.log1p(trend) / max(town.p.town.dormant_ties, 1e-9)
    drawn = town.streams.candidates("tie_trend", town.week, ties.rows, DRIFT_BASE, rate)
    edges = drawn.where(np.full(drawn.ids.size, rate))
    set_tie(town, edges, trend > 0)
