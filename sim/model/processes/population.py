"""People age, die, grow up and move, and the ties of the town follow their trend. All of it is
exogenous: the same in every arm.
"""

from __future__ import annotations

import numpy as np

from sim.declared.tables import Households, Needs, Residents
from sim.declared.vocabulary import MEMBERS, NEVER, NO_CASE, UNINVOLVED, WEEKS_PER_YEAR, F
from sim.model import door
from sim.model.assistance import bring_along
from sim.model.commissioners import leave_post
from sim.model.dates import keep_dates
from sim.model.flows import flow_place
from sim.model.households import (
    ASSISTED,
    classify,
    grown_older,
    holder_of,
    members_of,
    settle,
)
from sim.model.kernel import is_due, kernel, numbers, occurs, space, uniform, whole_numbers
from sim.model.members import ADULT, ELDER_ALONE, WORKING_ALONE, mortality
from sim.model.scans import drawn, due
from sim.model.state import State
from sim.model.transitions import (
    adult_home,
    both_home,
    change_case,
    change_level,
    change_rung,
    change_tie,
    distinct,
    end_assistance,
    far_end,
    holds,
    leave_empty,
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
    "dated_with",
    "levels",
    "latent_since",
    "flows.assistance_entries",
    "flows.assistance_exits",
    "flows.needs_met",
    "flows.moved_in",
    "flows.moved_out",
    "flows.deaths",
    "flows.grown_up",
    "flows.needs_left",
    "flows.households_emptied",
    "flows.consultation_left",
    "stages",
    "rungs",
    "households.rung_due",
    "live_ties",
    "flows.households_closed",
)
GROWN_UP = 19  # years
DEATHS, NEEDS_LEFT, MOVED_OUT = (
    flow_place("deaths"),
    flow_place("needs_left"),
    flow_place("moved_out"),
)
PARENT = 16  # years that a parent is older at least
DRAWS = ("deaths", "deaths.who", "moves", "tie_trend")  # dates of deaths and moves
DEATH, WHO_DIES, MOVE, DRIFT = range(len(DRAWS))
ROOTS = ("rooted", "tie_holder", "newcomer_kind")  # drawn by occupants, not by weeks
ROOTED, HOLDER, NEW_KIND = range(len(ROOTS))
KEEP_OFFER = 0.02  # weight of the start composition beside what is missing from it


def population(town: State) -> None:
    """Simulate one week of the population.

    1. In the first week of April all grow a year older, and children of 19 may leave home.
    2. Residents die, and households move away or are replaced where they left the town in a crisis;
       all is decided on the state at the start of the week. Where no adult is left, others move in.
    3. Ties fade or form by the trend.

    Ages, kinds of household and the dates of moves are exogenous. They follow from members' ages
    alone, no matter who is away after a crisis. Source: model section 2.1.
    """
    off = town.scenario.switched_off
    ageing = "ageing" not in off
    if ageing and town.week % WEEKS_PER_YEAR == 0:
        _begin_year(town)
    p, luck = town.p.population, town.streams.keys(DRAWS, town.week)
    keep_dates(town, "households.move_due", p.turnover)
    keep_dates(town, "households.death_due", p.death_rate_65, p.death_slope)
    dead, let = _gone(town.records, town.week, luck, ageing, "moves" not in off)
    if dead.size or let.size:
        _change(town, np.asarray(dead), np.asarray(let))
    if town.week >= 0 and town.scenario.trend.ties and "ties" not in off:
        _drift(town, luck)


def _begin_year(town: State) -> None:
    age = town.residents.age
    age += age >= 0
    town.households.death_due[:] = NEVER
    _change(town, _leaving_home(town), np.empty(0, dtype=np.int64))
    classify(town, grown_older(town))


def _leaving_home(town: State) -> np.ndarray:
    """Slots of children who are now 19 and leave their parents' household, each with chance
    home_leaving.
    """
    residents = town.residents
    slots = np.flatnonzero(residents.age == GROWN_UP)
    rows, place = slots // MEMBERS, slots % MEMBERS
    eldest = residents.age.reshape(-1, MEMBERS)[rows].max(axis=1, initial=-1)
    luck = town.streams.uniform(
        "home_leaving", town.week, town.households.id[rows] * MEMBERS + place
    )
    slots = slots[(eldest >= GROWN_UP + PARENT) & (luck < town.p.population.home_leaving)]
    town.flows["grown_up"] += np.count_nonzero(~residents.away[slots])
    return slots


@kernel
def _gone(t, week, luck, ageing, moves):
    """Slots of the residents who die this week in households that stay, and rows where others move
    in: those that move away, and those where no adult is left.
    """
    dying = due(t.death_due, week) if ageing else space(0)
    moving = due(t.move_due, week) if moves else space(0)
    dead, let = space(dying.size * MEMBERS), space(dying.size + moving.size)
    died, count = 0, 0
    for row in moving:
        if is_due(t.move_due, row, week, luck[MOVE], t.id_of[row], t.p[0].turnover):
            let[count] = row
            count += 1
    moved = count
    for row in dying:
        before = died
        died = _those_who_die(t, week, luck, row, dead, died)
        if died > before:
            leaves = moved > 0 and _among(let, moved, row)
            if leaves or not _adult_left(t, row, dead, before, died):
                for i in range(before, died):
                    t.age[dead[i]] = -1
                died = before
                if not leaves:
                    let[count] = row
                    count += 1
    return dead[:died], let[:count]


@kernel
def _among(rows, count, row):
    """Whether `row` is one of the first `count` of `rows`, which are in order."""
    at = np.searchsorted(rows[:count], row)
    return at < count and rows[at] == row


@kernel
def _adult_left(t, row, dead, first, end):
    """Whether an adult of household `row` is not among the slots `dead[first:end]`."""
    adults = 0
    for place in range(MEMBERS):
        adults += t.age[row * MEMBERS + place] >= ADULT
    for i in range(first, end):
        adults -= t.age[dead[i]] >= ADULT
    return adults > 0


@kernel
def _those_who_die(t, week, luck, row, dead, count):
    """Add to `dead` the members of household `row` who die this week, at least one on the date that
    was drawn for the household; returns how many slots `dead` holds then.
    """
    rates, id = numbers(MEMBERS), t.id_of[row]
    rest = _death_rates(t, row, rates)
    if not is_due(t.death_due, row, week, luck[DEATH], id, rest):
        return count
    before = count
    for place in range(MEMBERS):
        u = uniform(luck[WHO_DIES], id * MEMBERS + place)
        if occurs(u, rates[place], rest, count > before):
            dead[count] = row * MEMBERS + place
            count += 1
            if not t.away[row * MEMBERS + place]:
                t.counts[DEATHS] += 1.0
        rest -= rates[place]
    return count


@kernel
def _death_rates(t, row, rates):
    """Fill `rates` (MEMBERS,) with the yearly death rates of household `row`; returns their sum."""
    p, total = t.p[0], 0.0
    for place in range(MEMBERS):
        age, rates[place] = t.age[row * MEMBERS + place], 0.0
        if age >= 0:
            rates[place] = mortality(p, age)
        total += rates[place]
    return total


def _change(town: State, slots: np.ndarray, rows: np.ndarray) -> None:
    """Residents of unique `slots` are gone for good, and households of other, unique `rows` give
    way to newcomers.

    Their needs end without relapse, nobody is watched or spoken for by them any more, they leave
    their posts. Ties that somebody gone held pass to an adult who is left; those of newcomers take
    root anew. Households that stay, but whose other adults are all away after a crisis, end.
    """
    luck = town.streams.keys(ROOTS, 0)
    door.leave(town, rows)
    kept, formed = _part(town.records, town.week, slots, rows)
    _empty_slots(town, slots)
    if rows.size:
        _let(town, rows)
    years = max(town.week, 0) / WEEKS_PER_YEAR
    rooting = (1.0 + town.scenario.trend.ties) ** years
    _tie_again(town.records, town.week, luck, rooting, slots, rows, kept, formed)
    leave_empty(town, np.asarray(_left_alone(town.records, slots)))


@kernel
def _part(t, week, slots, rows):
    """Needs, watching, posts and ties of those gone end; returns the ties that will pass to others,
    and when they were formed.
    """
    ties = 0
    for i in range(slots.size):
        row = slots[i] // MEMBERS
        ties += t.tie_start[row + 1] - t.tie_start[row]
    kept, formed, count = space(ties), space(ties), 0
    for i in range(rows.size):
        _household_parts(t, week, rows[i])
    for i in range(slots.size):
        count = _member_parts(t, week, slots[i], kept, formed, count)
    return kept[:count], formed[:count]


@kernel
def _household_parts(t, week, row):
    """What ends when a whole household is gone."""
    end_assistance(t, week, row)
    for cell in range(row * F, row * F + F):
        _end_need(t, week, cell)
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        _forget(t, far_end(t, edge, row), row * MEMBERS, row * MEMBERS + MEMBERS)
        change_tie(t, week, edge, False)
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        _leave_beat(t, slot)
        change_rung(t, slot, UNINVOLVED)


@kernel
def _member_parts(t, week, slot, kept, formed, count):
    """What ends when a member of a household is gone; adds the live ties that they held to `kept`
    and returns how many there are then.
    """
    row = slot // MEMBERS
    for cell in range(row * F, row * F + F):
        if t.needs[cell].bearer == slot - row * MEMBERS:
            _end_need(t, week, cell)
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        _forget(t, far_end(t, edge, row), slot, slot + 1)
        if holds(t, edge, slot) and t.live[edge]:
            kept[count], formed[count] = edge, t.ties[edge].formed
            count += 1
            change_tie(t, week, edge, False)
    _leave_beat(t, slot)
    change_rung(t, slot, UNINVOLVED)
    return count


@kernel
def _end_need(t, week, cell):
    """The need in `cell`, if there is one, ends without relapse."""
    need = t.needs[cell]
    if t.level[cell] > 0:
        change_level(t, week, cell, 0)
        t.counts[NEEDS_LEFT] += 1.0
    if t.case[cell] != NO_CASE:
        change_case(t, week, cell, NO_CASE)
    need.bearer = -1
    need.relapse_until = NEVER
    t.relapse_level[cell] = 0


@kernel
def _forget(t, row, first, end):
    """Household `row` is no longer watched, nor spoken for, by the residents of slots from `first`
    to before `end`.
    """
    if first <= t.watcher[row] < end:
        t.watcher[row] = -1
        t.watched_until[row] = NEVER
    if first <= t.told_by[row] < end:
        t.told_by[row] = -1


@kernel
def _leave_beat(t, slot):
    """The resident of `slot`, if a commissioner, leaves the post and watches the beat no more."""
    if t.commissioner[slot]:
        for row in range(t.beat.size):
            if t.beat[row] == slot:
                _forget(t, row, slot, slot + 1)
        leave_post(t, slot)


def _empty_slots(town: State, slots: np.ndarray) -> None:
    if slots.size:
        town.residents.clear(slots)
        classify(town, distinct(slots // MEMBERS))


def _let(town: State, rows: np.ndarray) -> None:
    """Newcomers move into `rows`."""
    luck = town.streams.keys(ROOTS, 0)
    kinds = np.asarray(_offered(town.records, luck, rows, _wanted(town)))
    u = settle(town, rows, kinds)
    bring_along(town, rows, u[:, ASSISTED], standing=False)
    town.flows["moved_in"] += np.count_nonzero(town.residents.age[members_of(rows)] >= 0)


def _wanted(town: State) -> np.ndarray:
    """Shares (D, K) of the kinds of household: the composition of each district at the start, moved
    by the trend of living alone.
    """
    share = town.makeup.composition
    if town.week <= 0 or town.scenario.trend.alone == 0.0:
        return share
    share = share.copy()
    years = max(town.week, 0) / WEEKS_PER_YEAR
    share[:, [ELDER_ALONE, WORKING_ALONE]] *= (1.0 + town.scenario.trend.alone) ** years
    return share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)


@kernel
def _offered(t, luck, rows, wanted):
    """The households of `rows` move out; returns the kinds of the newcomers: those that their
    district lacks compared with the `wanted` shares (D, K).
    """
    kinds, until = space(rows.size), _until(t, wanted)
    last = wanted.shape[1] - 1
    for i in range(rows.size):
        home, first = t.households[rows[i]], t.district[rows[i]] * wanted.shape[1]
        _move_out(t, rows[i])
        home.occupant += 1
        u, kind = uniform(luck[NEW_KIND], home.id, home.occupant), 0
        while u * until[first + last] >= until[first + kind] and kind < last:
            kind += 1
        kinds[i] = kind
    return kinds


@kernel
def _until(t, wanted):
    """By district, one after another (D x K,), the running sum over the kinds of what the district
    lacks of each compared with the `wanted` shares (D, K), and of a little of each kind.
    """
    districts, count = wanted.shape
    size = districts * count
    until, here = numbers(size), whole_numbers(4 * size)  # an addition waits for the one before
    for row in range(t.kind.size):
        here[row % 4 * size + t.district[row] * count + t.kind[row]] += 1
    for district in range(districts):
        homes, sum = t.first_home[district + 1] - t.first_home[district], 0.0
        for kind in range(count):
            share, at = wanted[district, kind], district * count + kind
            live = here[at] + here[size + at] + here[2 * size + at] + here[3 * size + at]
            sum += max(share - live / max(homes, 1), 0.0) + KEEP_OFFER * share
            until[at] = sum
    return until


@kernel
def _move_out(t, row):
    """Count the members of household `row` who leave the town with it."""
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        if t.age[slot] >= 0 and not t.away[slot]:
            t.counts[MOVED_OUT] += 1.0


@kernel
def _tie_again(t, week, luck, rooting, slots, rows, kept, formed):
    """Ties that somebody gone held get new holders; those of `rows` with new occupants become live
    at the chance of the start times `rooting`, and those `kept` live again.
    """
    for i in range(slots.size):
        row = slots[i] // MEMBERS
        for j in range(t.tie_start[row], t.tie_start[row + 1]):
            if holds(t, t.tie_edges[j], slots[i]):
                _new_holder(t, luck, t.tie_edges[j], row)
    for i in range(rows.size):
        for j in range(t.tie_start[rows[i]], t.tie_start[rows[i] + 1]):
            _new_holder(t, luck, t.tie_edges[j], rows[i])
    for i in range(rows.size):
        for j in range(t.tie_start[rows[i]], t.tie_start[rows[i] + 1]):
            _root(t, week, luck, rooting, t.tie_edges[j])
    for i in range(kept.size):
        change_tie(t, week, kept[i], True)
        t.ties[kept[i]].formed = formed[i]


@kernel
def _new_holder(t, luck, edge, row):
    """An adult of household `row` takes over the tie `edge`, which is dormant."""
    tie = t.ties[edge]
    if tie.a == row:
        tie.a_place = holder_of(t, luck[HOLDER], edge, True)
    else:
        tie.b_place = holder_of(t, luck[HOLDER], edge, False)


@kernel
def _root(t, week, luck, rooting, edge):
    """The tie `edge` of new occupants becomes live or not; with an empty home it does not."""
    tie = t.ties[edge]
    turn = t.households[tie.a].occupant + t.households[tie.b].occupant
    tie.rooted = uniform(luck[ROOTED], tie.id, turn) < t.root_chance[edge] * rooting
    if tie.rooted and both_home(t, edge):
        change_tie(t, week, edge, True)


@kernel
def _left_alone(t, slots):
    """Rows of the households of `slots` that stay although no adult is at home; children left
    there are taken in elsewhere.
    """
    rows, count = space(slots.size), 0
    for i in range(slots.size):
        row = slots[i] // MEMBERS
        if t.empty[row] or adult_home(t, row) or (count > 0 and rows[count - 1] == row):
            continue
        rows[count] = row
        count += 1
        _move_out(t, row)
    return rows[:count]


def _drift(town: State, luck: np.ndarray) -> None:
    """Let live ties fade, or dormant ones become live, at the yearly rate of the trend."""
    trend = town.scenario.trend.ties
    rate = -np.log1p(trend) if trend < 0 else np.log1p(trend) / max(town.p.town.dormant_ties, 1e-9)
    _follow_trend(town.records, town.week, luck, float(rate), trend > 0)


@kernel
def _follow_trend(t, week, luck, rate, forming):
    """Ties change at a yearly `rate`: dormant ones become live where they are `forming`, live ones
    fade where they are not.
    """
    for edge in drawn(luck[DRIFT], t.tie_id, rate):
        if not forming or both_home(t, edge):
            change_tie(t, week, edge, forming)
