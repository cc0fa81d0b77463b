"""The only module that makes random numbers: each is keyed by what it decides, never by the order
of calls.

A random number is a hash of (seed, process, week, id, occurrence). Therefore arms that are equal
use equal numbers, a mechanism that is switched off changes the numbers of no other, and a household
that no policy reaches has the same history in every arm.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from sim.declared.vocabulary import WEEKS_PER_YEAR

# A draw is a word of its key, mixed by splitmix64 (Steele, Lea, Flood 2014).
STEP_ID, STEP_OCCURRENCE, STEP_WEEK = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95, 0xA0761D6478BD642F
FACTOR_1, FACTOR_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_BLOCK = 6  # bits of a week's number within its block: the keys of 64 weeks are computed together


def _word(x: int) -> np.ndarray:
    return np.array(
        x, dtype=np.uint64
    )  # NumPy is faster with a zero-dimensional array than with one of its scalars


_STEP_ID, _STEP_OCCURRENCE, _STEP_WEEK = (
    _word(step) for step in (STEP_ID, STEP_OCCURRENCE, STEP_WEEK)
)
_FACTOR_1, _FACTOR_2 = (_word(factor) for factor in (FACTOR_1, FACTOR_2))
_BITS_30, _BITS_27, _BITS_31, _BITS_12 = (_word(bits) for bits in (30, 27, 31, 12))
_EXPONENT, _BELOW_ONE = _word(0x3FF << 52), np.array(1.0 - 2.0**-53)


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
