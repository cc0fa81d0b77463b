"""The patient rule induction method: a box of worlds in which most are of interest.

From all worlds a box is peeled: of every parameter the lowest or the highest PEEL of the worlds in
the box may go, and those go whose absence raises the share of interest most for each world that is
lost. Of the boxes on the way the one is taken whose share lies furthest above that of all worlds, in
standard deviations of as many worlds taken by chance. The parameters that matter most to it are
peeled once more by themselves; the box is pasted (made larger where that helps), and loses every
limit without which as many worlds of interest would be found by chance (quasi-p-value above
QUASI_P).

Of many parameters most say nothing, and peeling takes some of them for signals: only the SCREENED
are searched for which one cut alone parts the worlds best.

Such a search finds a box in any noise. What luck alone finds is measured by the same search on
outcomes that are shuffled over the worlds; a box that is no better is no finding.

Sources: Friedman and Fisher 1999 (Statistics and Computing 9, 123-143): peeling and pasting; Bryant
and Lempert 2010 (Technological Forecasting and Social Change 77, 34-49): coverage, density and
quasi-p-values; Kloesgen 1996 (Advances in Knowledge Discovery and Data Mining, 249-271): the score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.model.streams import Streams

PEEL = 0.05  # share of the worlds of a box that one step may take, one world at least
LEAST_SHARE, LEAST_WORLDS = 0.05, 5  # of all worlds, that a box has
MOST_PARAMETERS = 3  # in a box
SCREENED = 12  # parameters that are searched
QUASI_P = 0.05
MOST_BOXES = 3
SHUFFLES = 199
FALSE_ALARM = 0.05  # chance of a box where the outcomes have nothing to do with the parameters
SHUFFLING = "shuffled_worlds"


class Limit(NamedTuple):
    """One side of a box: the worlds whose parameter (its column) lies above, or else below, a
    value.
    """

    column: int
    above: bool
    value: float


class Box(NamedTuple):
    """A box among worlds: its limits with their quasi-p-values; how many worlds it holds and how
    many of them are of interest, and the same of all worlds that were searched. `chance` is the
    share of shuffled outcomes in which luck finds a box at least as good.
    """

    limits: tuple[Limit, ...]
    quasi_p: tuple[float, ...]
    worlds: int
    hits: int
    all_worlds: int
    all_hits: int
    chance: float = float("nan")

    @property
    def density(self) -> float:
        """The share of the box's worlds that are of interest."""
        return self.hits / self.worlds

    @property
    def coverage(self) -> float:
        """The share of all worlds of interest that lie in the box."""
        return self.hits / self.all_hits

    @property
    def base(self) -> float:
        """The share of all worlds that are of interest."""
        return self.all_hits / self.all_worlds


def inside(x: np.ndarray, limits: Sequence[Limit]) -> np.ndarray:
    """Returns which worlds (n,) of `x` (n, d) lie within all limits."""
    held = np.ones(len(x), dtype=bool)
    for one in limits:
        column = x[:, one.column]
        held &= column > one.value if one.above else column < one.value
    return held


def score(hits: float, worlds: float, base: float) -> float:
    """Returns by how many standard deviations the share of interest in a box lies above `base`, for
    as many worlds taken by chance.
    """
    if worlds == 0 or not 0 < base < 1:
        return 0.0
    return float(np.sqrt(worlds) * (hits / worlds - base) / np.sqrt(base * (1 - base)))


class Worlds:
    """Worlds `x` (n, d) in the order of each parameter, which is the same for all outcomes."""

    def __init__(self, x: np.ndarray):
        self.x, self.order = x, np.argsort(x, axis=0, kind="stable")
        ordered = np.take_along_axis(x, self.order, axis=0)
        self._edges = ordered[1:] > ordered[:-1]  # where a cut can be

    def telling(self, y: np.ndarray) -> np.ndarray:
        """Returns the SCREENED columns for which one cut alone parts the worlds best, in their
        order.
        """
        n, base = len(y), y.mean()
        below = np.cumsum(y[self.order], axis=0)[:-1]
        count = np.arange(1, n)[:, None]
        excess = (
            below - count * base
        )  # of the worlds below a cut; above it is as much the other way
        found = np.abs(excess) / np.sqrt(np.where(excess > 0, count, n - count))
        least = least_worlds(n)
        found = np.where(self._edges & (count >= least) & (n - count >= least), found, -1.0)
        best = found.max(axis=0)
        return np.sort(np.argsort(-best, kind="stable")[:SCREENED])


def least_worlds(worlds: int) -> int:
    """Returns how many worlds a box has at the least."""
    return max(LEAST_WORLDS, int(np.ceil(LEAST_SHARE * worlds)))


class Search:
    """A search for one box in worlds of which `y` (n,) are of interest."""

    def __init__(self, worlds: Worlds, y: np.ndarray, most: int = MOST_PARAMETERS):
        self.worlds, self.x, self.y, self.most = worlds, worlds.x, y.astype(bool), most
        self.base = float(self.y.mean())
        self.least = least_worlds(len(y))

    def score(self, limits: Sequence[Limit]) -> float:
        """Returns the score of a box; below 0 for one of too few worlds."""
        held = inside(self.x, limits)
        return score(self.y[held].sum(), held.sum(), self.base) if held.sum() >= self.least else -1

    def best(self) -> tuple[Limit, ...]:
        """Returns the limits of the best box, none where no limit tells anything."""
        limits = self._fewer(self._peeled(self.worlds.telling(self.y)))
        columns = np.array(sorted({one.column for one in limits}), dtype=int)
        again = self._peeled(columns) if len(columns) else ()
        return self._needed(self._pasted(max(limits, again, key=self.score)))

    def _peeled(self, columns: np.ndarray) -> tuple[Limit, ...]:
        """Returns the best box on the way, each inside the one before, by these columns."""
        box: dict[tuple[int, bool], Limit] = {}
        held = np.ones(len(self.y), dtype=bool)
        best: tuple[float, tuple[Limit, ...]] = (0.0, ())
        while (limit := self._next(held, columns)) is not None:
            box[limit.column, limit.above] = limit
            held = held & inside(self.x, [limit])
            found = score(self.y[held].sum(), held.sum(), self.base)
            if found > best[0]:
                best = found, tuple(box.values())
        return best[1]

    def _next(self, held: np.ndarray, columns: np.ndarray) -> Limit | None:
        """Returns the limit that a further step sets: the largest rise of the share of interest for
        each world lost; None where none leaves enough worlds.
        """
        x, y = self.x[np.ix_(held, columns)], self.y[held].astype(float)
        n = len(y)
        step = max(1, int(PEEL * n))
        if n - step < self.least:
            return None
        ordered = np.partition(x, (step - 1, n - step), axis=0)
        lows, highs = x > ordered[step - 1], x < ordered[n - step]
        best, found = -np.inf, None
        for above, keeps in ((True, lows), (False, highs)):
            counts = keeps.sum(axis=0)
            allowed = (counts >= self.least) & (counts < n)
            with np.errstate(invalid="ignore", divide="ignore"):
                gains = (y @ keeps / counts - y.mean()) / (n - counts)
            gains = np.where(allowed, gains, -np.inf)
            column = int(np.argmax(gains))
            if gains[column] > best:
                best, found = float(gains[column]), (column, above, keeps[:, column])
        if found is None:
            return None
        column, above, keeps_column = found
        return Limit(int(columns[column]), above, _between(x[:, column], keeps_column))

    def _fewer(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        """Returns the limits of the parameters that matter most: the one whose absence costs least
        goes, until there are few enough.
        """
        while len(columns := {one.column for one in limits}) > self.most:
            without = [
                tuple(one for one in limits if one.column != column) for column in sorted(columns)
            ]
            limits = max(without, key=self.score)
        return limits

    def _pasted(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        """Returns the box made larger on every side where that raises its score."""
        best = self.score(limits)
        going = True
        while going:
            going = False
            for at in range(len(limits)):
                wider = self._widened(limits, at)
                if wider is not None and (found := self.score(wider)) > best:
                    limits, best, going = wider, found, True
        return limits

    def _widened(self, limits: tuple[Limit, ...], at: int) -> tuple[Limit, ...] | None:
        """Returns the box with one limit moved out by a step; None where it has no world beyond."""
        one, rest = limits[at], limits[:at] + limits[at + 1 :]
        values = self.x[inside(self.x, rest), one.column]
        beyond = np.sort(values[values < one.value] if one.above else values[values > one.value])
        step = max(1, int(PEEL * (len(values) - len(beyond))))
        if len(beyond) <= step:
            return None
        edge = beyond[-step - 1 : -step + 1 or None] if one.above else beyond[step - 1 : step + 1]
        moved = one._replace(value=float(edge.mean()))
        return limits[:at] + (moved,) + limits[at + 1 :]

    def _needed(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        """Returns the limits that tell something: the worst goes while its quasi-p-value is above
        QUASI_P.
        """
        while limits:
            chances = self.quasi_p(limits)
            worst = int(np.argmax(chances))
            if chances[worst] <= QUASI_P:
                return limits
            limits = limits[:worst] + limits[worst + 1 :]
        return limits

    def quasi_p(self, limits: tuple[Limit, ...]) -> tuple[float, ...]:
        """Returns for each limit the chance of as many worlds of interest in the box, were its
        worlds taken by chance from those of the box without that limit (Bryant and Lempert 2010).
        """
        held = inside(self.x, limits)
        hits, worlds = int(self.y[held].sum()), int(held.sum())
        chances = []
        for at in range(len(limits)):
            without = inside(self.x, limits[:at] + limits[at + 1 :])
            chances.append(float(stats.binom.sf(hits - 1, worlds, self.y[without].mean())))
        return tuple(chances)


def _between(values: np.ndarray, kept: np.ndarray) -> float:
    """Returns the middle between the values that are kept and the nearest of those that go."""
    inner, outer = values[kept], values[~kept]
    if outer.max() < inner.min():
        return float((outer.max() + inner.min()) / 2)
    return float((inner.max() + outer.min()) / 2)


def boxes(
    x: np.ndarray,
    y: np.ndarray,
    most: int = MOST_PARAMETERS,
    shuffles: int = SHUFFLES,
    seed: int = 1,
    told: Callable[[int], None] = lambda _shuffles: None,
) -> tuple[list[Box], float]:
    """Returns the boxes of worlds `x` (n, d) in which those of interest, `y` (n,), gather, the best
    first, MOST_BOXES at most; and the chance with which luck finds as good a box as the last one
    that was looked at.

    A box stands only where fewer than FALSE_ALARM of `shuffles` shuffled outcomes give one as good.
    The worlds of a box are then taken away, and the rest is searched again. `told(shuffles)` is
    called after each shuffle.
    """
    found: list[Box] = []
    left, chance = np.arange(len(y)), 1.0
    while len(found) < MOST_BOXES and _enough(y[left]):
        search = Search(Worlds(x[left]), y[left], most)
        limits = search.best()
        chance = luck_finds(search, limits, shuffles, seed + len(found), told)
        if not limits or chance > FALSE_ALARM:
            break
        held = inside(x[left], limits)
        mine = y[left]
        box = Box(
            limits,
            search.quasi_p(limits),
            int(held.sum()),
            int(mine[held].sum()),
            len(mine),
            int(mine.sum()),
            chance,
        )
        found.append(box)
        left = left[~held]
    return found, chance


def _enough(y: np.ndarray) -> bool:
    """Returns whether there are enough worlds of either kind for a box."""
    return min(int(y.sum()), int((~y).sum())) >= LEAST_WORLDS


def luck_finds(
    search: Search,
    limits: tuple[Limit, ...],
    shuffles: int,
    seed: int,
    told: Callable[[int], None] = lambda _shuffles: None,
) -> float:
    """Returns the chance with which luck alone finds a box as good as `limits`: the share of
    shuffled outcomes, the true ones among them, in which the same search reaches its score.
    """
    wanted, as_good = search.score(limits), 1
    streams, ids = Streams(seed), np.arange(len(search.y))
    for number in range(shuffles):
        order = np.argsort(streams.uniform(SHUFFLING, number, ids))
        other = Search(search.worlds, search.y[order], search.most)
        as_good += other.score(other.best()) >= wanted
        told(number + 1)
    return as_good / (shuffles + 1)
