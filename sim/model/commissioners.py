"""Seats of welfare commissioners (民生委員): each has a beat of contiguous addresses in a district;
commissioners give up, and vacated seats are filled again.

By hand: commissioners die or move at .05 a year, give up at commissioner_dropout .04 and, from
overload, at .01 x 1.5 (150 visits) + .004 x 2.46 (246 households) = .025; together .115. Seats that
are refilled at 1.3 a year are then filled to 1.3 / (1.3 + .115) = .92, and after a term of three
years 1 - exp(-.115 x 3) = .29 of the commissioners are new. The 1.4 worries that they carry in a town
of 100,000 without policy add .02 x 1.4: .143, .90 and .35.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import ACTING, INTERESTED, MEMBERS, NEVER, UNINVOLVED, WEEKS_PER_YEAR
from sim.model.kernel import chance_in_week, kernel, space, uniform
from sim.model.members import ADULT
from sim.model.ranks import rank_within
from sim.model.state import State
from sim.model.transitions import set_rung
from sim.towns.composition import in_whole

OLDEST_COMMISSIONER = 75
RECRUITED_FROM, RECRUITED_TO = 60, 74  # years of those among whom commissioners are looked for
TERM = 3 * WEEKS_PER_YEAR


def lay_out(town: State, posts: np.ndarray) -> None:
    """Divide each district into `posts` (D,) beats, each with a seat, and let the share minsei_fill
    of the seats of each district be filled.

    Sets town.post (H,), the seat in whose beat a household is (-1 none); town.seats (P,), the first
    household id of each beat; town.beat_homes (P,), the households in it; town.beat (H,), the
    commissioner's resident slot (-1 none); and town.recruits_start (D,). Source:
    minsei_per_1000hh and minsei_fill; who sits is assumed, grade D.
    """
    district = town.households.district
    homes = np.bincount(district, minlength=posts.size)
    nth = rank_within(district, town.households.id)
    first = np.cumsum(posts) - posts
    town.post = np.where(
        posts[district] > 0, first[district] + nth * posts[district] // homes[district], -1
    )
    where = np.repeat(np.arange(posts.size), posts)
    empty = in_whole(posts * (1 - town.p.town.minsei_fill))
    luck = town.streams.uniform("posts", 0, np.arange(where.size))
    town.beat = np.full(district.size, -1, dtype=np.int64)
    numbers, at = np.unique(town.post[town.row_of], return_index=True)
    town.seats = at[numbers >= 0]
    town.beat_homes = np.bincount(town.post[town.post >= 0], minlength=where.size)
    seat(town, np.flatnonzero(rank_within(where, luck) >= empty[where]))
    town.residents.commissioner_since[:] = NEVER
    town.recruits_start = recruits(town)


def seat(town: State, posts: np.ndarray) -> int:
    """Seat a keyed adult of the beat in each of the vacant `posts` (n,); that resident acts from then
    on. Returns how many were seated.
    """
    if posts.size == 0:
        return 0
    open_rows = np.flatnonzero(np.isin(town.post, posts))
    slots = (open_rows[:, None] * MEMBERS + np.arange(MEMBERS)).ravel()
    residents, ids = town.residents, town.households.id
    fit = (
        (residents.age[slots] >= ADULT)
        & (residents.age[slots] <= OLDEST_COMMISSIONER)
        & ~residents.away[slots]
    )
    slots = slots[fit]
    if slots.size == 0:
        return 0
    luck = town.streams.uniform(
        "commissioner", town.week, ids[slots // MEMBERS] * MEMBERS + slots % MEMBERS
    )
    order = np.lexsort((luck, town.post[slots // MEMBERS]))
    found, at = np.unique(town.post[slots[order] // MEMBERS], return_index=True)
    chosen = slots[order][at]
    residents.commissioner[chosen], residents.commissioner_since[chosen] = True, town.week
    set_rung(town, chosen, ACTING)
    town.households.rung_due[chosen // MEMBERS] = NEVER  # they give up at a rate of their own
    where = np.searchsorted(found, town.post[open_rows])
    manned = np.isin(town.post[open_rows], found)
    town.beat[open_rows[manned]] = chosen[where[manned]]
    return int(chosen.size)


def refill(town: State) -> None:
    """Fill vacant seats at a yearly rate of seat_refill x the number of residents among whom
    commissioners are looked for in the district, against that at the start.
    """
    key = town.streams.keys(("commissioner.refill",), town.week)[0]
    filled = np.asarray(_refilled(town.records, key, town.recruits_start))
    if filled.size:
        town.flows["commissioners_seated"] += seat(town, filled)


@kernel
def _refilled(t, key, start):
    """Vacant seats that are filled this week, `start` (D,) being the recruits of the start.

    Nobody off the ladder is looked for, which rules out most seats before recruits are counted.
    """
    filled, count, rate = space(t.seats.size), 0, t.p[0].seat_refill
    for post in range(t.seats.size):
        row = t.row_of[t.seats[post]]
        if t.beat[row] < 0:
            u, district = uniform(key, post), t.district[row]
            climbed = t.rungs[district, INTERESTED] + t.rungs[district, ACTING]
            if u < chance_in_week(rate * _supply(climbed, start[district])):
                found = _recruits_of(t, district)
                if u < chance_in_week(rate * _supply(found, start[district])):
                    filled[count] = post
                    count += 1
    return filled[:count]


@kernel
def _supply(found, start):
    """Residents `found` over those of the start; 1 where there were none."""
    return found / start if start > 0 else 1.0


def recruits(town: State) -> np.ndarray:
    """Residents (D,) of RECRUITED_FROM to RECRUITED_TO years who are interested or act, by
    district.
    """
    districts = range(town.rungs.shape[0])
    return np.array([float(_recruits_of(town.records, district)) for district in districts])


@kernel
def _recruits_of(t, district):
    """How many of them live in a `district`."""
    found = 0
    for id in range(t.first_home[district], t.first_home[district + 1]):
        first = t.row_of[id] * MEMBERS
        for slot in range(first, first + MEMBERS):
            if t.ladder[slot] != UNINVOLVED and not t.away[slot]:
                found += RECRUITED_FROM <= t.age[slot] <= RECRUITED_TO
    return found


def strains(town: State) -> tuple[float, ...]:
    """What the rates at which commissioners give up rest on, beside their own beat and worry."""
    p, noticing = town.p.community, town.p.noticing
    return (
        p.commissioner_dropout,
        p.overload_worries,
        p.overload_visits,
        p.overload_beat,
        noticing.minsei_visits,
        noticing.worry_limit,
    )


@kernel
def giving_up(t, slot, worry):
    """Rate (1/year) at which the commissioner in `slot`, who carries `worry`, gives up the seat and
    stops acting.
    """
    p = t.p[0]
    rate = p.commissioner_dropout + p.overload_worries * worry
    rate += p.overload_visits * p.minsei_visits / 100
    return rate + p.overload_beat * homes_of_beat(t, slot) / 100


@kernel
def homes_of_beat(t, slot):
    """Households in the beat of the commissioner in `slot`, who lives there."""
    return t.beat_homes[t.post[slot // MEMBERS]]


@kernel
def leave_post(t, slot):
    """The resident in `slot`, if a commissioner, leaves the seat, which is vacant from then on."""
    if not t.commissioner[slot]:
        return
    t.commissioner[slot] = False
    t.residents[slot].commissioner_since = NEVER
    t.rung_due[slot // MEMBERS] = NEVER  # other helpers stop at another rate
    for row in range(t.beat.size):
        if t.beat[row] == slot:
            t.beat[row] = -1
