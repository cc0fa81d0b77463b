"""Ties between households at week 0: a small world of neighbours, friends, and acquaintances that
could become ties.

Every household has a sociability (gamma, shape 2) that sets its number of ties. Ties are matched
stub by stub: stubs are sorted by address plus keyed noise and paired with the next, so neighbours
cluster; some reach across the district.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from sim.declared.tables import Ties
from sim.declared.vocabulary import TIE_KINDS
from sim.model.households import holders
from sim.model.state import State
from sim.model.transitions import recount

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
    lonely = np.zeros(households.rows, dtype=bool)
    lonely[
        np.argsort(sociability, kind="stable")[: round(p.share_no_neigh_ties * households.rows)]
    ] = True
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
    live, mean = net.keys.size, 2.0 * net.keys.size / households.rows
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
        order = np.argsort(self.district, kind="stable")
        self.homes = np.bincount(self.district)
        self.address = np.empty(self.count, dtype=np.int64)
        self.address[order] = (
            np.arange(self.count) - (np.cumsum(self.homes) - self.homes)[self.district[order]]
        )
        self.keys = self.known = np.empty(0, dtype=np.int64)
        self.last = self.keys

    def degrees(
        self, name: str, weight: np.ndarray, mean: float, at_least_one: np.ndarray | bool = False
    ) -> np.ndarray:
        """Whole numbers of stubs (H,) by row, proportional to `weight` (H,) and `mean` over all
        households.
        """
        ids, total = self.town.households.id, mean * self.count
        luck = self.town.streams.uniform(f"{name} stubs", 0, ids)
        factor = total / max(weight.sum(), 1e-300)
        for _ in range(4):  # the floor of 1 adds stubs, which the others give up
            stubs = np.maximum(np.floor(factor * weight + luck), at_least_one).astype(np.int64)
            factor *= total / max(stubs.sum(), 1)
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
            paired = self._pair(owner, reach is not None)
            owner, nth = owner[~paired], nth[~paired]
        self.last = self.keys[before.size :]

    def _places(
        self, name: str, owner: np.ndarray, nth: np.ndarray, reach: float | None, far: float
    ) -> np.ndarray:
        """Where each stub stands on the line of districts (SPAN apart) on which stubs are
        paired.
        """
        u = self.town.streams.uniform(name, 0, owner[:, None], nth[:, None] * 3 + np.arange(3))
        is_far, district = u[:, 0] < far, self.district[owner]
        if reach is None:
            return np.where(is_far, -SPAN * u[:, 1], (district + u[:, 1]) * SPAN)
        homes = self.homes[district]
        near = (self.address[owner] + reach * (u[:, 1] + u[:, 2] - 1.0) * np.sqrt(6.0)) % homes
        return district * SPAN + np.where(is_far, homes * u[:, 1], near)

    def _pair(self, owner: np.ndarray, within: bool) -> np.ndarray:
        """Pair neighbours on the line; returns which stubs (n,) found a partner: another household
        (`within` the same district), not yet tied.
        """
        even = owner.size // 2 * 2
        a, b = owner[:even:2], owner[1:even:2]
        keys = np.minimum(a, b) * APART + np.maximum(a, b)
        allowed = (
            (a != b) & self._fresh(keys) & ((self.district[a] == self.district[b]) | (not within))
        )
        self._add(keys[allowed])
        paired = np.zeros(owner.size, dtype=bool)
        paired[:even] = np.repeat(allowed, 2)
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
    table.id[:] = key
    table.a[:], table.b[:] = town.row_of[key // APART], town.row_of[key % APART]
    table.live[:] = table.rooted[:] = order < live
    like_friend = town.streams.uniform("tie_kind", 0, key) < 1.0 - neighbours / max(live, 1)
    table.kind[:] = np.select(
        [order < neighbours, order < live, like_friend], [NEIGHBOUR, FRIEND, FRIEND], NEIGHBOUR
    )
    table.formed[table.live] = town.week
    edges = np.arange(key.size)
    table.a_place[:], table.b_place[:] = (holders(town, edges, at_a) for at_a in (True, False))
    of = table.kind.astype(np.int64) * 2 + (lonely[table.a] | lonely[table.b])
    total = np.maximum(np.bincount(of, minlength=6), 1)
    chance = np.bincount(of, weights=table.live, minlength=6) / total
    town.root_chance = chance[of]
    ends = np.concatenate([table.a, table.b])
    town.tie_start = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=net.count))])
    town.tie_edges = np.concatenate([edges, edges])[np.argsort(ends, kind="stable")]
