"""The only place that makes a random number: every draw is keyed by what it decides, never by its
turn.

A draw is a hash of (seed, process, week, id, occurrence), so equal arms draw equal numbers, a
mechanism that is switched off moves no other, and a household that no policy touches lives the same
life in every arm.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from math import ceil, sqrt
from typing import Any

import numpy as np

from sim.declared.vocabulary import WEEKS_PER_YEAR

_BLOCK = (
    6  # bits of the number of a week in its block: the keys of 64 weeks are worked out together
)


def _word(x: int) -> np.ndarray:
    return np.array(
        x, dtype=np.uint64
    )  # NumPy takes an array without dimensions faster than one of its scalars


_STEP_ID, _STEP_OCCURRENCE, _STEP_WEEK = (
    _word(0x9E3779B97F4A7C15),
    _word(0xD1342543DE82EF95),
    _word(0xA0761D6478BD642F),
)
_FACTOR_1, _FACTOR_2 = (
    _word(0xBF58476D1CE4E5B9),
    _word(0x94D049BB133111EB),
)  # the splitmix64 generator (Steele, Lea, Flood 2014)
_BITS_30, _BITS_27, _BITS_31, _BITS_12 = (_word(bits) for bits in (30, 27, 31, 12))
_EXPONENT, _BELOW_ONE = _word(0x3FF << 52), np.array(1.0 - 2.0**-53)
# bits of a place between two rows: whole numbers add faster than floats, and to the same sum
# everywhere
_FINE = 30
_FRACTION = (1 << _FINE) - 1
_FINEST = 2.0**-_FINE


def _mixed(x: np.ndarray) -> np.ndarray:
    """The words `x`, mixed in place."""
    x ^= x >> _BITS_30
    x *= _FACTOR_1
    x ^= x >> _BITS_27
    x *= _FACTOR_2
    x ^= x >> _BITS_31
    return x


def _hashed(x: np.ndarray) -> np.ndarray:
    """Uniforms out of words `x`, which are used up: odd multiples of 2^-53, so never 0 and never
    1.
    """
    _mixed(x)
    x >>= _BITS_12
    x |= _EXPONENT  # the bits of a float from 1 to 2
    u = x.view(float)
    u -= _BELOW_ONE
    return u


def _first_words(count: int) -> np.ndarray:
    """The words of ids 0..count-1, worked out for a power of two and kept."""
    return _words(1 << max(10, (count - 1).bit_length()))[:count]


@lru_cache(maxsize=32)
def _words(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint64) * _STEP_ID


@lru_cache(maxsize=4096)
def _keys(seed: int, process: str, block: int) -> np.ndarray:
    """Keys of the weeks of a block, read only."""
    digest = blake2b(f"{seed}/{process}".encode(), digest_size=8).digest()
    weeks = np.arange(block << _BLOCK, (block + 1) << _BLOCK).astype(np.uint64)
    keys = _mixed(weeks * _STEP_WEEK + _word(int.from_bytes(digest, "little")))
    keys.flags.writeable = False
    return keys


def weekly_chance(rate):
    """Chance of at least one event in a week at a yearly `rate`: 1 - exp(-rate / 52)."""
    return -np.expm1(-np.asarray(rate, dtype=float) / WEEKS_PER_YEAR)


def monthly_rate(chance):
    """Yearly rate (1/year) whose weekly chance is 1 - (1 - chance)^(12/52) for a monthly
    `chance`.
    """
    return -12.0 * np.log1p(-np.asarray(chance, dtype=float))


ROUNDING = 1e-9  # relative; a rate and its bound may be worked out in another order


class Candidates:
    """Ids that could have an event this week, and how high a rate each of them takes: above floor +
    width * u.

    ids (n,) int64; u (n,) in [0, 1); floor (n,), width and bound in 1/year. An id may stand here
    several times. The heights are worked out of the points' places only when they are asked for:
    few candidates are left by then.
    """

    __slots__ = ("ids", "width", "bound", "_at", "_n")

    def __init__(self, ids: np.ndarray, width: float, bound: float, at: np.ndarray, n: int):
        self.ids, self.width, self.bound, self._at, self._n = ids, width, bound, at, n

    @property
    def u(self) -> np.ndarray:
        """Place (n,) of each candidate in its layer, 0-1."""
        return (self._at & _FRACTION) * _FINEST

    @property
    def floor(self) -> np.ndarray:
        """Rate (n,) at which each candidate's layer begins."""
        return (self._at >> _FINE) // max(self._n, 1) * self.width

    def renamed(self, ids: np.ndarray) -> Candidates:
        """The same candidates under other `ids` (n,): today's rows in place of stable ids."""
        return Candidates(ids, self.width, self.bound, self._at, self._n)

    def keep(self, mask: np.ndarray) -> Candidates:
        """The candidates where `mask` (n,) is true: those whose state allows the event at all."""
        chosen = mask.nonzero()[0]
        return Candidates(self.ids[chosen], self.width, self.bound, self._at[chosen], self._n)

    def below(self, most: np.ndarray) -> Candidates:
        """The candidates that can have the event at a yearly rate of `most` (n,); a first sieve
        where the rate is dear.
        """
        return self.keep(most > self._height())

    def _height(self) -> np.ndarray:
        return self.floor + self.width * self.u

    def where(self, rate: np.ndarray | float) -> np.ndarray:
        """Sorted unique ids that have the event, given each candidate's yearly `rate` (n,).

        The candidates of a row are the points of a Poisson process along its rate, 1/52 for each
        unit of yearly rate; none lies below the rate with chance exp(-rate/52), so the event has
        exactly the chance 1 - exp(-rate/52). Raises ValueError where a rate is above the bound:
        there are no candidates for what lies beyond.
        """
        highest = float(np.max(rate, initial=0.0))
        if self.ids.size and highest > self.bound * (1.0 + ROUNDING):
            raise ValueError(
                f"a rate of {highest} a year is above the bound of its candidates, {self.bound}"
            )
        ids = self.ids[(rate > self._height()).nonzero()[0]]
        if ids.size < 2:
            return ids
        ids.sort()
        again = ids[1:] == ids[:-1]
        return np.concatenate((ids[:1], ids[1:][~again])) if np.count_nonzero(again) else ids


def fresh_seed(rng: Any = None) -> int:
    """A seed out of what NumPy takes for a source of randomness (a Generator, a SeedSequence, ...);
    the system's if None.
    """
    return int(np.random.default_rng(rng).integers(2**31))


class Streams:
    """The luck of one replicate: keyed uniforms for one seed."""

    def __init__(self, seed: int):
        self.seed = int(seed)

    def _key(self, process: str, week: int) -> np.ndarray:
        return _keys(self.seed, process, week >> _BLOCK)[week & (1 << _BLOCK) - 1, ...]

    def uniform(self, process: str, week: int, ids, occurrence=0) -> np.ndarray:
        """Uniforms in (0, 1), one for each of `ids` (any shape of whole numbers); `occurrence`
        tells repeats apart.
        """
        x = np.array(ids, dtype=np.int64, ndmin=1).view(np.uint64)
        x *= _STEP_ID
        x += self._key(process, week)
        if not (isinstance(occurrence, int) and occurrence == 0):
            x = x + np.asarray(occurrence).astype(np.uint64) * _STEP_OCCURRENCE
        return _hashed(x)

    def uniforms(self, processes: tuple[str, ...], week: int, ids: np.ndarray) -> np.ndarray:
        """What `uniform` gives for each of `processes` over the same `ids`, stacked; faster than
        one by one.
        """
        words = np.asarray(ids, dtype=np.int64).view(np.uint64) * _STEP_ID
        return _hashed(
            np.add.outer(np.array([self._key(process, week) for process in processes]), words)
        )

    def candidates(self, process: str, week: int, n: int, base: float, bound: float) -> Candidates:
        """Rows 0..n-1 that could have an event of yearly rate up to `bound`, by layers of width
        `base`.

        Layer k covers the rates from k * base to (k + 1) * base; `base` is a constant of the
        process. Poisson points fall along layer 0 of rows 0..n-1, then layer 1 of rows 0..n-1, and
        so on, so a higher bound adds points and moves none. Which they are depends on seed,
        process, week, n and base alone. Source: thinning, Lewis and Shedler (1979).
        """
        if not base > 0.0:
            raise ValueError(f"{process}: the base is {base}; it must be above 0")
        layers = max(0, ceil(bound / base))
        if n * layers >> 62 - _FINE:
            raise ValueError(
                f"{process}: the bound {bound} is too far above the base {base} for {n} rows"
            )
        at = self._points(f"{process}#", week, n * layers, base / WEEKS_PER_YEAR)
        ids = at >> _FINE
        if layers > 1:
            ids -= ids // n * n  # faster than the remainder
        return Candidates(ids, base, bound, at, n)

    def _points(self, process: str, week: int, length: int, density: float) -> np.ndarray:
        """Ordered points, in steps of 2^-_FINE, of a Poisson process of `density` on 0..length.

        A longer line has the same points and more.
        """
        mean = length * density
        draws = int(mean + 4.0 * sqrt(mean) + 8)
        while True:
            x = _first_words(draws) + self._key(process, week)
            gaps = np.log(_hashed(x))
            gaps *= -(2.0**_FINE) / density
            at = np.add.accumulate(gaps.astype(np.int64))
            if at[-1] >= length << _FINE:
                return at[: at.searchsorted(length << _FINE)]
            draws *= 2
