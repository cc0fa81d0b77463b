"""People age, die, grow up and move, and the ties of the town follow their trend. All of it is
exogenous: the same in every arm.
"""

from __future__ import annotations

import math

import numpy as np

from sim.declared.tables import Households, Needs, Residents
from sim.declared.vocabulary import KINDS, MEMBERS, NEVER, NO_CASE, WEEKS_PER_YEAR, F
from sim.model import door
from sim.model.commissioners import beats_of, seat, vacate
from sim.model.households import (
    ADULT,
    ELDER,
    ELDER_ALONE,
    WORKING_ALONE,
    cells_of,
    classify,
    grown_older,
    holders,
    members_of,
    picked,
    settle,
)
from sim.model.kernel import (
    among_some,
    happens,
    kernel,
    numbers,
    uniform,
    weekly_chance,
    whole_numbers,
)
from sim.model.state import State
from sim.model.transitions import (
    among,
    anyone_home,
    by_member,
    distinct,
    edges_of,
    leave_empty,
    set_case,
    set_level,
    set_tie,
)

WRITES = (
    *(f"households.{name}" for name in Households.declarations() if name not in ("id", "district")),
    *(f"needs.{name}" for name in Needs.declarations()),
    *(f"residents.{name}" for name in Residents.declarations()),
    "ties.a_place",
    "ties.b_place",
    "ties.live",
    "ties.rooted",
    "ties.formed",
    "beat",
    "levels",
    "flows.moved_in",
    "flows.moved_out",
    "flows.deaths",
    "flows.grown_up",
    "flows.needs_left",
    "flows.households_emptied",
    "flows.consultation_left",
)
GROWN_UP = 19  # years
OLDEST = 104  # the death rate rises no further
PARENT = 16  # years that a parent is older at least
DRAWS = ("deaths", "deaths.who", "moves", "tie_trend")
DEATH, WHO_DIES, MOVE, DRIFT = range(len(DRAWS))
KEEP_OFFER = 0.02  # weight of the start composition beside what is missing from it
_NOBODY = np.empty(0, dtype=np.int64)


def population(town: State) -> None:
    """Simulate one week of the population: every year in April all grow a year older; every week
    there are deaths, moves and the trend of ties.

    Ages, kinds of household and the dates of moves are exogenous. They follow from members' ages
    alone, no matter who is away after a crisis. Source: model section 2.1.
    """
    off = town.scenario.switched_off
    if town.week % WEEKS_PER_YEAR == 0:
        _begin_year(town, "ageing" not in off)
    dead = _NOBODY if "ageing" in off else _dying(town)
    moving = _NOBODY if "moves" in off else _moving(town)
    if dead.size or moving.size:
        _change(town, *_bury(town, dead, moving))
    if town.week >= 0 and town.scenario.trend.ties and "ties" not in off:
        _drift(town)


def _begin_year(town: State, ageing: bool) -> None:
    if ageing:
        age = town.residents.age
        age += age >= 0
        _change(town, _leaving_home(town), _NOBODY)
        classify(town, grown_older(town))
    seat(town)


def _leaving_home(town: State) -> np.ndarray:
    """Slots of children who are now 19 and leave their parents' household, each with chance
    home_leaving.
    """
    residents = town.residents
    slots = np.flatnonzero(residents.age == GROWN_UP)
    rows, place = slots // MEMBERS, slots % MEMBERS
    eldest = by_member(residents.age, rows).max(axis=1, initial=-1)
    luck = town.streams.uniform(
        "home_leaving", town.week, town.households.id[rows] * MEMBERS + place
    )
    slots = slots[(eldest >= GROWN_UP + PARENT) & (luck < town.p.population.home_leaving)]
    town.flows["grown_up"] += np.count_nonzero(~residents.away[slots])
    return slots


def _dying(town: State) -> np.ndarray:
    """Slots of the residents who die this week."""
    slots = _deaths(town.records, town.streams.keys(DRAWS, town.week))
    town.flows["deaths"] += np.count_nonzero(~town.residents.away[slots])
    return slots


@kernel
def _deaths(t, luck):
    """Slots of the residents who die this week; each household has one draw for a death among its
    members, and others decide who.
    """
    p, rates, dead, count = t.p[0], numbers(MEMBERS), whole_numbers(t.residents.size), 0
    most = MEMBERS * mortality(p, OLDEST)
    for row in range(t.active.size):
        id = t.households[row].id
        u = uniform(luck[DEATH], id)
        if u * WEEKS_PER_YEAR < most:
            rest = _death_rates(t, row, rates)
            if u < weekly_chance(rest):
                count = _those_who_die(luck, row, id, rates, rest, dead, count)
    return dead[:count]


@kernel
def mortality(p, age):
    """Death rate (1/year) at `age`."""
    return p.death_rate_65 * math.exp(p.death_slope * (min(age, OLDEST) - ELDER))


@kernel
def _death_rates(t, row, rates):
    """Fill `rates` (MEMBERS,) with the yearly death rates of household `row`; returns their sum."""
    p, total = t.p[0], 0.0
    for place in range(MEMBERS):
        age, rates[place] = t.residents[row * MEMBERS + place].age, 0.0
        if age >= 0:
            rates[place] = mortality(p, age)
        total += rates[place]
    return total


@kernel
def _those_who_die(luck, row, id, rates, rest, dead, count):
    """Add to `dead` the members who die of household `row`, at least one; returns how many slots
    `dead` holds then.
    """
    before = count
    for place in range(MEMBERS):
        u = uniform(luck[WHO_DIES], id * MEMBERS + place)
        first = count == before
        if (first and among_some(u, rates[place], rest)) or (
            not first and happens(u, rates[place])
        ):
            dead[count] = row * MEMBERS + place
            count += 1
        rest -= rates[place]
    return count


def _moving(town: State) -> np.ndarray:
    """Rows whose household moves away this week, or that get new occupants if they stand empty."""
    return _moves(town.records, town.streams.keys(DRAWS, town.week))


@kernel
def _moves(t, luck):
    rows, count = whole_numbers(t.active.size), 0
    for row in range(t.active.size):
        if happens(uniform(luck[MOVE], t.households[row].id), t.p[0].turnover):
            rows[count] = row
            count += 1
    return rows[:count]


def _bury(town: State, dead: np.ndarray, moving: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slots (n,) that become empty in households that stay, and rows (m,) for new occupants: those
    `moving`, and those where no adult is left.
    """
    homes = town.residents.age.reshape(-1, MEMBERS)
    rows = dead // MEMBERS
    age = town.residents.age[dead]
    town.residents.age[dead] = -1
    adult_left = (homes[rows] >= ADULT).any(axis=1)
    town.residents.age[dead] = age
    let = distinct(np.concatenate([moving, rows[~adult_left]]))
    goes = among(rows, let)
    town.residents.age[dead[goes]] = -1
    return dead[~goes], let


def _change(town: State, slots: np.ndarray, rows: np.ndarray) -> None:
    """Residents of unique `slots` are gone for good, and households of other, unique `rows` give
    way to newcomers.

    Their needs end without relapse. Ties that somebody gone held pass to an adult who is left;
    those of newcomers take root anew.
    """
    ties = town.ties
    _end_needs(town, slots, rows)
    whole = np.arange(slots.size + rows.size) >= slots.size
    who = np.concatenate([slots, rows * MEMBERS])
    edges, owner = edges_of(town, who // MEMBERS)
    who, whole = who[owner], whole[owner]
    a, b, home = ties.a[edges], ties.b[edges], who // MEMBERS
    at_a = a == home
    _forget(town, np.where(at_a, b, a), who, np.where(whole, MEMBERS, 1))
    _vacate(town, np.concatenate([slots, members_of(rows)]))
    held = whole | (
        np.where(at_a, ties.a_place[edges], ties.b_place[edges]) == who - home * MEMBERS
    )
    fresh = distinct(edges[whole])
    kept = distinct(edges[held & ties.live[edges]])
    kept = kept[~among(kept, fresh)]
    formed = ties.formed[kept]
    set_tie(town, np.concatenate([fresh, kept]), False)
    _empty_slots(town, slots)
    _let(town, rows)
    _draw_holders(town, edges[held], at_a[held])
    set_tie(town, np.concatenate([_rooting(town, fresh), kept]), True)
    ties.formed[kept] = formed
    _leave_alone(town, slots // MEMBERS)


def _leave_alone(town: State, rows: np.ndarray) -> None:
    """End households that stay but whose other adults are all away after a crisis; their children
    are taken in elsewhere.
    """
    rows = distinct(rows)
    rows = rows[~anyone_home(town, rows) & ~town.households.empty[rows]]
    if rows.size == 0:
        return
    slots = members_of(rows)
    town.flows["moved_out"] += np.count_nonzero(
        (town.residents.age[slots] >= 0) & ~town.residents.away[slots]
    )
    leave_empty(town, rows)


def _end_needs(town: State, slots: np.ndarray, rows: np.ndarray) -> None:
    needs = town.needs
    cells = cells_of(slots // MEMBERS)
    cells = cells[needs.bearer[cells] == np.repeat(slots % MEMBERS, F)]
    cells = np.concatenate([cells, cells_of(rows)])
    door.leave(town, rows)
    active = cells[needs.level[cells] > 0]
    town.flows["needs_left"] += active.size
    set_level(town, active, 0)
    set_case(town, cells[needs.case[cells] != NO_CASE], NO_CASE)
    needs.bearer[cells] = -1
    needs.relapse_until[cells], needs.relapse_level[cells] = NEVER, 0


def _forget(town: State, far: np.ndarray, who: np.ndarray, unit) -> None:
    """Households of rows `far` (n,) are no longer watched, nor spoken for, by residents `who` (n,);
    where `unit` is MEMBERS, nor by anybody of that household.
    """
    households = town.households
    watched = far[households.watcher[far] // unit == who // unit]
    households.watcher[watched], households.watched_until[watched] = -1, NEVER
    households.told_by[far[households.told_by[far] // unit == who // unit]] = -1


def _vacate(town: State, slots: np.ndarray) -> None:
    """Commissioners among `slots` leave their posts, and their beats are watched by them no
    more.
    """
    leaving = slots[town.residents.commissioner[slots]]
    if leaving.size:
        rows = beats_of(town, leaving)
        _forget(town, rows, town.beat[rows], 1)
        vacate(town, leaving)


def _empty_slots(town: State, slots: np.ndarray) -> None:
    for name, one in town.residents.declared.items():
        getattr(town.residents, name)[slots] = one.initial
    classify(town, distinct(slots // MEMBERS))


def _let(town: State, rows: np.ndarray) -> None:
    """Newcomers move into `rows`."""
    residents, slots = town.residents, members_of(rows)
    town.flows["moved_out"] += np.count_nonzero(
        (residents.age[slots] >= 0) & ~residents.away[slots]
    )
    kinds = _offered(town, rows)
    town.households.occupant[rows] += 1
    settle(town, rows, kinds)
    town.flows["moved_in"] += np.count_nonzero(residents.age[slots] >= 0)


def _draw_holders(town: State, edges: np.ndarray, at_a: np.ndarray) -> None:
    place = holders(town, edges, at_a)
    town.ties.a_place[edges[at_a]], town.ties.b_place[edges[~at_a]] = place[at_a], place[~at_a]


def _offered(town: State, rows: np.ndarray) -> np.ndarray:
    """Kinds (n,) of the newcomers: those that the town lacks compared with its composition at the
    start and the trend of living alone.
    """
    target = town.makeup.composition.copy()
    target[[ELDER_ALONE, WORKING_ALONE]] *= (1.0 + town.scenario.trend.alone) ** (
        max(town.week, 0) / WEEKS_PER_YEAR
    )
    target /= target.sum()
    kind = town.households.kind
    share = np.array([np.count_nonzero(kind == k) for k in range(len(KINDS))]) / kind.size
    weight = np.maximum(target - share, 0.0) + KEEP_OFFER * target
    luck = town.streams.uniform(
        "newcomer_kind",
        0,
        town.households.id[rows],
        town.households.occupant[rows].astype(np.int64) + 1,
    )
    return picked(np.broadcast_to(weight, (rows.size, weight.size)), luck)


def _rooting(town: State, edges: np.ndarray) -> np.ndarray:
    """Those of `edges` (unique, not live) of rows with new occupants that become live, at the
    chance of the start and the trend of ties.
    """
    ties, occupant = town.ties, town.households.occupant
    years = max(town.week, 0) / WEEKS_PER_YEAR
    turn = occupant[ties.a[edges]].astype(np.int64) + occupant[ties.b[edges]]
    luck = town.streams.uniform("rooted", 0, ties.id[edges], turn)
    ties.rooted[edges] = luck < town.root_chance[edges] * (1.0 + town.scenario.trend.ties) ** years
    return edges[ties.rooted[edges]]


def _drift(town: State) -> None:
    """Let live ties fade, or dormant ones become live, at the yearly rate of the trend."""
    trend = town.scenario.trend.ties
    rate = -np.log1p(trend) if trend < 0 else np.log1p(trend) / max(town.p.town.dormant_ties, 1e-9)
    luck = town.streams.keys(DRAWS, town.week)
    set_tie(town, _drifting(town.records, luck, rate, trend > 0), trend > 0)


@kernel
def _drifting(t, luck, rate, forming):
    """Ties that the trend changes at a yearly `rate`: dormant ones where they are `forming`."""
    edges, count = whole_numbers(t.live.size), 0
    for edge in range(t.live.size):
        u = uniform(luck[DRIFT], t.ties[edge].id)
        if happens(u, rate) and t.live[edge] != forming:
            edges[count] = edge
            count += 1
    return edges[:count]
