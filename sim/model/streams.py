"""The only module that makes random numbers: each is keyed by what it decides, never by the order
of calls.

A random number is a hash of (seed, process, week, id, occurrence). Therefore arms that are equal
use equal numbers, a mechanism that is switched off changes the numbers of no other, and a household
that no policy reaches has the same history in every arm.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from math import ceil, sqrt
from typing import Any

import numpy as np

from sim.declared.vocabulary import WEEKS_PER_YEAR

_BLOCK = 6  # bits of a week's number within its block: the keys of 64 weeks are computed together


def _word(x: int) -> np.ndarray:
    return np.array(
        x, dtype=np.uint64
    )  # NumPy is faster with a zero-dimensional array than with one of its scalars


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
# bits of a position between two rows: integers add faster than floats, and to the same sum
# on every machine
_FINE = 30
_FRACTION = (1 << _FINE) - 1
_FINEST = 2.0**-_FINE


def _mixed(x: np.ndarray) -> np.ndarray:
    """Mix the words `x` in place."""
    x ^= x >> _BITS_30
    x *= _FACTOR_1
    x ^= x >> _BITS_27
    x *= _FACTOR_2
    x ^= x >> _BITS_31
    return x


def _hashed(x: np.ndarray) -> np.ndarray:
    """Turn words `x`, which are overwritten, into uniforms: odd multiples of 2^-53, so never 0 and
    never 1.
    """
    _mixed(x)
    x >>= _BITS_12
    x |= _EXPONENT  # the bits of a float from 1 to 2
    u = x.view(float)
    u -= _BELOW_ONE
    return u


def _first_words(count: int) -> np.ndarray:
    """Words of ids 0..count-1, computed for the next power of two and cached."""
    return _words(1 << max(10, (count - 1).bit_length()))[:count]


@lru_cache(maxsize=32)
def _words(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint64) * _STEP_ID


@lru_cache(maxsize=4096)
def _keys(seed: int, process: str, block: int) -> np.ndarray:
    """Keys of all weeks of a block, read only."""
    digest = blake2b(f"{seed}/{process}".encode(), digest_size=8).digest()
    weeks = np.arange(block << _BLOCK, (block + 1) << _BLOCK).astype(np.uint64)
    keys = _mixed(weeks * _STEP_WEEK + _word(int.from_bytes(digest, "little")))
    keys.flags.writeable = False
    return keys


@lru_cache(maxsize=32)  # the processes of a town, and of its twin
def _keys_together(seed: int, processes: tuple[str, ...], block: int) -> np.ndarray:
    keys = np.stack([_keys(seed, process, block) for process in processes], axis=1)
    keys.flags.writeable = True
    return keys


def weekly_chance(rate):
    """Chance of at least one event in a week at a yearly `rate`: 1 - exp(-rate / 52)."""
    return -np.expm1(-np.asarray(rate, dtype=float) / WEEKS_PER_YEAR)


def monthly_rate(chance):
    """Yearly rate (1/year) with weekly chance 1 - (1 - chance)^(12/52) for a monthly `chance`."""
    return -12.0 * np.log1p(-np.asarray(chance, dtype=float))


ROUNDING = 1e-9  # relative tolerance; a rate and its bound may be computed in a different order


class Candidates:
    """Rows drawn as possible events of this week. The event happens where the row's yearly rate
    exceeds `floor + width * u`.

    ids (n,) int64; u (n,) in [0, 1); floor (n,), width and bound in 1/year. An id may occur several
    times. `u` and `floor` are computed from the points' positions only when they are requested,
    because few candidates are left by then.
    """

    __slots__ = ("ids", "width", "bound", "_at", "_n")

    def __init__(self, ids: np.ndarray, width: float, bound: float, at: np.ndarray, n: int):
        self.ids, self.width, self.bound, self._at, self._n = ids, width, bound, at, n

    @property
    def u(self) -> np.ndarray:
        """Position (n,) of each candidate within its layer, 0-1."""
        return (self._at & _FRACTION) * _FINEST

    @property
    def floor(self) -> np.ndarray:
        """Rate (n,) at which each candidate's layer begins, 1/year."""
        return (self._at >> _FINE) // max(self._n, 1) * self.width

    def renamed(self, ids: np.ndarray) -> Candidates:
        """The same candidates with other `ids` (n,): today's rows instead of stable ids."""
        return Candidates(ids, self.width, self.bound, self._at, self._n)

    def keep(self, mask: np.ndarray) -> Candidates:
        """The candidates where `mask` (n,) is true: those whose state allows the event at all."""
        chosen = mask.nonzero()[0]
        return Candidates(self.ids[chosen], self.width, self.bound, self._at[chosen], self._n)

    def below(self, most: np.ndarray) -> Candidates:
        """The candidates that could have the event at a yearly rate of `most` (n,); a first filter
        where the exact rate is expensive to compute.
        """
        return self.keep(most > self._height())

    def _height(self) -> np.ndarray:
        return self.floor + self.width * self.u

    def where(self, rate: np.ndarray | float) -> np.ndarray:
        """Sorted unique ids that have the event, given each candidate's yearly `rate` (n,).

        The candidates of a row are the points of a Poisson process along its rate, 1/52 for each
        unit of yearly rate. No point lies below the rate with chance exp(-rate/52), so the event
        has exactly the chance 1 - exp(-rate/52). Raises ValueError where a rate is above the bound,
        because no candidates were drawn beyond it.
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
    """Draw a seed from anything that NumPy accepts as a source of randomness (a Generator, a
    SeedSequence, ...), or from the system if None.
    """
    return int(np.random.default_rng(rng).integers(2**31))


class Streams:
    """The random numbers of one replicate: keyed uniforms for one seed."""

    def __init__(self, seed: int):
        self.seed = int(seed)

    def _key(self, process: str, week: int) -> np.ndarray:
        return _keys(self.seed, process, week >> _BLOCK)[week & (1 << _BLOCK) - 1, ...]

    def keys(self, processes: tuple[str, ...], week: int) -> np.ndarray:
        """Keys (n,) of `processes` in a week, by which kernels draw: `uniform(keys[0], id)`."""
        return _keys_together(self.seed, processes, week >> _BLOCK)[week & (1 << _BLOCK) - 1]

    def uniform(self, process: str, week: int, ids, occurrence=0) -> np.ndarray:
        """Uniforms in (0, 1), one for each of `ids` (integers of any shape); `occurrence`
        distinguishes repeated draws for the same id.
        """
        x = np.array(ids, dtype=np.int64, ndmin=1).view(np.uint64)
        x *= _STEP_ID
        x += self._key(process, week)
        if not (isinstance(occurrence, int) and occurrence == 0):
            x = x + np.asarray(occurrence).astype(np.uint64) * _STEP_OCCURRENCE
        return _hashed(x)

    def uniforms(self, processes: tuple[str, ...], week: int, ids: np.ndarray) -> np.ndarray:
        """What `uniform` gives for each of `processes` over the same `ids`, stacked; faster than
        separate calls.
        """
        words = np.asarray(ids, dtype=np.int64).view(np.uint64) * _STEP_ID
        return _hashed(
            np.add.outer(np.array([self._key(process, week) for process in processes]), words)
        )

    def candidates(self, process: str, week: int, n: int, base: float, bound: float) -> Candidates:
        """Draw the rows 0..n-1 that could have an event of yearly rate up to `bound`, in layers of
        width `base`.

        Layer k covers the rates from k * base to (k + 1) * base; `base` is a constant of the
        process. Poisson points are placed along layer 0 of rows 0..n-1, then layer 1 of rows
        0..n-1, and so on, so a higher bound adds points and moves none. They depend on seed,
        process, week, n and base alone. Raises ValueError where `base` is not above 0 or `bound` is
        too far above it. Source: thinning, Lewis and Shedler (1979).
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
            ids -= ids // n * n  # faster than the remainder operator
        return Candidates(ids, base, bound, at, n)

    def _points(self, process: str, week: int, length: int, density: float) -> np.ndarray:
        """Ordered points, in steps of 2^-_FINE, of a Poisson process of `density` on 0..length.

        A longer line has the same points and further ones.
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
