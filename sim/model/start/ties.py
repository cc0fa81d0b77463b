"""Ties between households at week 0: a small world of neighbours, friends, and acquaintances that
could become ties.

Every household has a sociability (gamma, shape 2) that sets its number of ties. Ties are matched
stub by stub: stubs are sorted by address plus keyed noise and paired with the next, so neighbours
cluster; some reach across the district. Districts are dealt with one by one: only far friends, and
households that their district has nobody for, are matched over the town.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from sim.declared.tables import Ties
from sim.declared.vocabulary import TIE_KINDS
from sim.model.households import holders
from sim.model.ranks import rank_within
from sim.model.state import State
from sim.model.transitions import recount
from sim.towns.composition import in_whole

SHAPE = 2.0  # of sociability: coefficient of variation 0.7 (D, assumption)
NEAR, WIDER = 3.0, 12.0  # addresses over which neighbours and acquaintances are met (D, assumption)
FRIENDS_NEAR = 0.5  # share of friends in the own district (D, assumption)
ROUNDS = 8  # of matching what earlier rounds could not match
APART = 1 << 32  # in the id of a tie, so that a larger town changes no id
NEIGHBOUR, FRIEND = TIE_KINDS.index("neighbour"), TIE_KINDS.index("friend")
SPAN = 1 << 20  # more than the addresses of any district


def ties(town: State) -> None:
    """Make the table ties (T rows in order of tie id, live and dormant), tie_start (H + 1,),
    tie_edges (2 T,), and root_chance (T,), the chance that a tie is live when a new occupant moves
    in; then count everything afresh.

    The tie id min_id x 2^32 + max_id keys its draws. Source: Watts, Strogatz 1998 (rewiring); p.town
    for means and shares.
    """
    households, p = town.households, town.p.town
    sociability = gammaincinv(SHAPE, town.streams.uniform("sociability", 0, households.id)) / SHAPE
    district = households.district.astype(np.int64)
    most = in_whole(p.share_no_neigh_ties * np.diff(town.first_home))
    lonely = rank_within(district, sociability) < most[district]
    weight = np.where(lonely, 0.0, sociability)
    long = 1.0 - np.sqrt(1.0 - p.tie_rewiring)  # a tie is long if either stub is
    net = _Net(town)
    net.match(
        "neighbours", net.degrees("neighbours", weight, p.mean_neigh_ties, ~lonely), NEAR, long
    )
    net.join("neighbours", ~lonely)
    neighbours = net.keys.size
    net.match(
        "friends", net.degrees("friends", sociability, p.mean_strong_ties), None, 1.0 - FRIENDS_NEAR
    )
    live, mean = net.keys.size, net.mean_ties()
    least = 1 + lonely
    wanted = np.maximum(
        least, net.degrees("acquaintances", np.ones(households.rows), p.dormant_ties * mean)
    )
    net.match("acquaintances", wanted, WIDER, long)
    net.join("acquaintances", np.ones(households.rows, dtype=bool))
    _write(town, net, neighbours, live, lonely)
    recount(town)


class _Net:
    """Unordered pairs of household ids in the making: `keys` hold min_id x 2^32 + max_id in order of
    matching, `known` sorted.
    """

    def __init__(self, town: State):
        self.town, self.count = town, town.households.rows
        self.district = np.empty(self.count, dtype=np.int64)
        self.district[town.households.id] = town.households.district
        self.homes = np.diff(town.first_home)
        self.address = np.arange(self.count) - town.first_home[self.district]
        self.keys = self.known = np.empty(0, dtype=np.int64)
        self.last = self.keys

    def mean_ties(self) -> np.ndarray:
        """Mean number of ties of the households of each district (D,) so far."""
        ends = np.concatenate([self.keys // APART, self.keys % APART])
        count = np.bincount(self.district[ends], minlength=self.homes.size)
        return count / np.maximum(self.homes, 1)

    def degrees(
        self,
        name: str,
        weight: np.ndarray,
        mean: float | np.ndarray,
        at_least_one: np.ndarray | bool = False,
    ) -> np.ndarray:
        """Whole numbers of stubs (H,) by row, proportional to `weight` (H,) and `mean` (of all
        districts, or (D,)) over the households of each district.
        """
        households, total = self.town.households, mean * self.homes
        luck = self.town.streams.uniform(f"{name} stubs", 0, households.id)

        def over(amounts: np.ndarray, least: float) -> np.ndarray:
            summed = np.bincount(households.district, amounts, minlength=self.homes.size)
            return total / np.maximum(summed, least)

        factor = over(weight, 1e-300)
        for _ in range(4):  # the floor of 1 adds stubs, which the others give up
            wanted = factor[households.district] * weight
            stubs = np.maximum(np.floor(wanted + luck), at_least_one).astype(np.int64)
            factor *= over(stubs, 1.0)
        return stubs

    def match(self, name: str, stubs: np.ndarray, reach: float | None, far: float) -> None:
        """Pair `stubs` (H,) by row. A stub is met within `reach` addresses (None: anywhere in the
        district); the share `far` is met anywhere in the district (anywhere in town where `reach`
        is None).
        """
        by_id = np.empty(self.count, dtype=np.int64)
        by_id[self.town.households.id] = stubs
        owner = np.repeat(np.arange(self.count), by_id)
        nth = np.arange(owner.size) - np.repeat(np.cumsum(by_id) - by_id, by_id)
        before = self.keys
        for turn in range(ROUNDS):
            if owner.size < 2:
                break
            place = self._places(
                f"{name} {turn}", owner, nth, None if reach is None else reach * (1 + turn), far
            )
            order = np.argsort(place, kind="stable")
            owner, nth = owner[order], nth[order]
            paired = self._pair(owner, np.floor(place[order] / SPAN))
            owner, nth = owner[~paired], nth[~paired]
        self.last = self.keys[before.size :]

    def _places(
        self, name: str, owner: np.ndarray, nth: np.ndarray, reach: float | None, far: float
    ) -> np.ndarray:
        """Where each stub stands on the line of districts (SPAN apart) on which stubs are paired;
        far friends stand before the first district.
        """
        u = self.town.streams.uniform(name, 0, owner[:, None], nth[:, None] * 3 + np.arange(3))
        is_far, district = u[:, 0] < far, self.district[owner]
        if reach is None:
            return np.where(is_far, -SPAN * u[:, 1], (district + u[:, 1]) * SPAN)
        homes = self.homes[district]
        near = (self.address[owner] + reach * (u[:, 1] + u[:, 2] - 1.0) * np.sqrt(6.0)) % homes
        return district * SPAN + np.where(is_far, homes * u[:, 1], near)

    def _pair(self, owner: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Pair neighbours in each `part` (n,) of the line; returns which stubs (n,) found a
        partner: another household, not yet tied.
        """
        even = (np.arange(owner.size) - np.searchsorted(part, part)) % 2 == 0
        one = np.flatnonzero(even[:-1] & (part[:-1] == part[1:]))
        a, b = owner[one], owner[one + 1]
        keys = np.minimum(a, b) * APART + np.maximum(a, b)
        allowed = (a != b) & self._fresh(keys)
        self._add(keys[allowed])
        paired = np.zeros(owner.size, dtype=bool)
        paired[one[allowed]] = paired[one[allowed] + 1] = True
        return paired

    def _fresh(self, keys: np.ndarray) -> np.ndarray:
        """Which of `keys` (n,) are new; of equal ones the first."""
        first = np.zeros(keys.size, dtype=bool)
        first[np.unique(keys, return_index=True)[1]] = True
        known = self.known
        return (
            first & (known[np.searchsorted(known, keys) % max(known.size, 1)] != keys)
            if known.size
            else first
        )

    def _add(self, keys: np.ndarray) -> None:
        self.keys = np.concatenate([self.keys, keys])
        self.known = np.sort(
            np.concatenate([self.known, np.sort(keys)]), kind="stable"
        )  # merges two sorted runs

    def join(self, name: str, needy: np.ndarray) -> None:
        """Tie every household of the mask `needy` (H,) by row that the last matching left without
        to the next such in its district, or failing that in town.
        """
        by_id = np.empty(self.count, dtype=bool)
        by_id[self.town.households.id] = needy
        for step in range(1, 9):
            have = np.bincount(
                np.concatenate([self.last // APART, self.last % APART]),
                minlength=self.count,
            )
            lone = by_id & (have == 0)
            if not lone.any():
                break
            ring, district = (
                np.flatnonzero(by_id),
                self.district if step < 5 else np.zeros_like(self.district),
            )
            ring = ring[np.lexsort((self.address[ring], self.district[ring], district[ring]))]
            size = np.bincount(district[ring])
            start = (np.cumsum(size) - size)[district[ring]]
            other = ring[start + (np.arange(ring.size) - start + step) % size[district[ring]]]
            pick = lone[ring] & (ring != other)
            keys = np.minimum(ring, other)[pick] * APART + np.maximum(ring, other)[pick]
            keys = keys[self._fresh(keys)]
            self.last = np.concatenate([self.last, keys])
            self._add(keys)


def _write(town: State, net: _Net, neighbours: int, live: int, lonely: np.ndarray) -> None:
    """Fill the table: of net.keys the first `neighbours` are neighbour ties, up to `live` friends,
    then acquaintances.
    """
    order = np.argsort(net.keys, kind="stable")
    key = net.keys[order]
    table = town.ties = Ties(key.size)
    table.id[:] = town.tie_id = key
    table.a[:], table.b[:] = town.row_of[key // APART], town.row_of[key % APART]
    table.live[:] = table.rooted[:] = order < live
    at = [town.households.district[end].astype(np.int64) for end in (table.a, table.b)]
    near = _chance(at, order < neighbours, order < live)
    like_friend = town.streams.uniform("tie_kind", 0, key) >= near
    table.kind[:] = np.select(
        [order < neighbours, order < live, like_friend], [NEIGHBOUR, FRIEND, FRIEND], NEIGHBOUR
    )
    table.formed[table.live] = town.week
    edges = np.arange(key.size)
    table.a_place[:], table.b_place[:] = (holders(town, edges, at_a) for at_a in (True, False))
    sort = table.kind.astype(np.int64) * 2 + (lonely[table.a] | lonely[table.b])
    alike = [district * 2 * len(TIE_KINDS) + sort for district in at]
    town.root_chance = _chance(alike, table.live, np.ones(key.size, dtype=bool))
    ends = np.concatenate([table.a, table.b])
    town.tie_start = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=net.count))])
    town.most_acquaintances = int(np.diff(town.tie_start).max(initial=0))
    town.tie_edges = np.concatenate([edges, edges])[np.argsort(ends, kind="stable")]


def _chance(groups: list[np.ndarray], of: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Share (T,) of the ties `of` (T,) in those `among` (T,) that are of a tie's group, the mean of
    the `groups` (T,) of its two ends.
    """
    a, b = groups
    size = max(a.max(initial=0), b.max(initial=0)) + 1
    held, all_held = (
        np.bincount(a[which], minlength=size) + np.bincount(b[which], minlength=size)
        for which in (of, among)
    )
    share = held / np.maximum(all_held, 1)
    return (share[a] + share[b]) / 2
