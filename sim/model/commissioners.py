"""Beats of welfare commissioners (民生委員): contiguous addresses of a district, each with a post
that is filled or not.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import ACTING, MEMBERS
from sim.model.kernel import kernel
from sim.model.members import ADULT
from sim.model.ranks import rank_within
from sim.model.state import State
from sim.model.transitions import set_rung
from sim.towns.composition import in_whole

OLDEST_COMMISSIONER = 75


def lay_out(town: State, posts: np.ndarray) -> None:
    """Divide each district into `posts` (D,) beats and seat a commissioner in the filled ones; in
    each district the share minsei_fill of the posts is filled.

    Sets town.post (H,), the filled post in whose beat a household is (-1 none), and town.beat (H,),
    the commissioner's resident slot. Source: minsei_per_1000hh and minsei_fill; who sits is
    assumed, grade D.
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
    unfilled = np.flatnonzero(rank_within(where, luck) < empty[where])
    town.post[np.isin(town.post, unfilled)] = -1
    town.beat = np.full(district.size, -1, dtype=np.int64)
    seat(town)


def seat(town: State) -> None:
    """Seat a keyed adult of the beat in every filled post without a commissioner; that resident
    acts from then on.
    """
    held = np.unique(town.beat[town.beat >= 0])
    vacate(town, held[town.residents.away[held]])
    open_rows = np.flatnonzero((town.post >= 0) & (town.beat < 0))
    if open_rows.size == 0:
        return
    slots = (open_rows[:, None] * MEMBERS + np.arange(MEMBERS)).ravel()
    residents, ids = town.residents, town.households.id
    fit = (
        (residents.age[slots] >= ADULT)
        & (residents.age[slots] <= OLDEST_COMMISSIONER)
        & ~residents.away[slots]
    )
    slots = slots[fit]
    luck = town.streams.uniform(
        "commissioner", town.week, ids[slots // MEMBERS] * MEMBERS + slots % MEMBERS
    )
    order = np.lexsort((luck, town.post[slots // MEMBERS]))
    posts, at = np.unique(town.post[slots[order] // MEMBERS], return_index=True)
    chosen = slots[order][at]
    residents.commissioner[chosen] = True
    set_rung(town, chosen, ACTING)
    where = np.searchsorted(posts, town.post[open_rows])
    found = np.isin(town.post[open_rows], posts)
    town.beat[open_rows[found]] = chosen[where[found]]


def vacate(town: State, slots: np.ndarray) -> None:
    """Take the commissioners among resident `slots` out of their posts, which stay empty until next
    April.
    """
    if slots.size:
        _each_leaves_post(town.records, slots)


@kernel
def _each_leaves_post(t, slots):
    for i in range(slots.size):
        leave_post(t, slots[i])


@kernel
def leave_post(t, slot):
    """The resident in `slot`, if a commissioner, leaves the post."""
    resident = t.residents[slot]
    if not resident.commissioner:
        return
    resident.commissioner = False
    for row in range(t.beat.size):
        if t.beat[row] == slot:
            t.beat[row] = -1
