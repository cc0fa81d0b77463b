"""The only place that makes a random number: every draw is keyed by what it decides, never by its turn.

A draw is a hash of (seed, process, week, id, occurrence), so equal arms draw equal numbers, a mechanism that is
switched off moves no other, and a household that no policy touches lives the same life in every arm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

WEEKS_PER_YEAR = 52
_STEP_ID = np.uint64(0x9E3779B97F4A7C15)  # odd constants of the splitmix64 generator (Steele, Lea, Flood 2014)
_STEP_OCCURRENCE = np.uint64(0xD1342543DE82EF95)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_MASK = (1 << 64) - 1
_UNIT = 2.0**-53


def _mixed(x: np.ndarray) -> np.ndarray:
    x ^= x >> np.uint64(30)
    x *= _MIX_1
    x ^= x >> np.uint64(27)
    x *= _MIX_2
    x ^= x >> np.uint64(31)
    return x


@lru_cache(maxsize=4096)
def _process_key(seed: int, process: str) -> int:
    return int.from_bytes(blake2b(f"{seed}/{process}".encode(), digest_size=8).digest(), "little")


def _mixed_int(x: int) -> int:
    x = (x ^ (x >> 30)) * int(_MIX_1) & _MASK
    x = (x ^ (x >> 27)) * int(_MIX_2) & _MASK
    return x ^ (x >> 31)


def weekly_chance(rate):
    """Chance of at least one event in a week at a yearly `rate`: 1 - exp(-rate / 52)."""
    return -np.expm1(-np.asarray(rate, dtype=float) / WEEKS_PER_YEAR)


def monthly_rate(chance):
    """Yearly rate (1/year) whose weekly chance is 1 - (1 - chance)^(12/52) for a monthly `chance`."""
    return -12.0 * np.log1p(-np.asarray(chance, dtype=float))


@dataclass(frozen=True)
class Candidates:
    """Ids that could have an event this week, one uniform each, and the layer of rates that each stands for.

    ids (n,) int64; u (n,) in (0, 1); floor and width (n,) in 1/year. An id may stand in several layers.
    """

    ids: np.ndarray
    u: np.ndarray
    floor: np.ndarray
    width: np.ndarray

    def keep(self, mask: np.ndarray) -> Candidates:
        """The candidates where `mask` (n,) is true: those whose state allows the event at all."""
        return Candidates(self.ids[mask], self.u[mask], self.floor[mask], self.width[mask])

    def where(self, rate: np.ndarray) -> np.ndarray:
        """Sorted unique ids that have the event, given each candidate's yearly `rate` (n,).

        With x the part of the rate inside the layer of width w, it happens where
        u < (1 - exp(-x/52)) / (1 - exp(-w/52)): over all layers exactly the chance 1 - exp(-rate/52).
        """
        part = np.clip(rate - self.floor, 0.0, self.width)
        return np.unique(self.ids[self.u < np.expm1(-part / WEEKS_PER_YEAR) / np.expm1(-self.width / WEEKS_PER_YEAR)])


class Streams:
    """The luck of one replicate: keyed uniforms for one seed."""

    def __init__(self, seed: int):
        self.seed = int(seed)

    def _key(self, process: str, week: int) -> np.uint64:
        return np.uint64(_mixed_int((_process_key(self.seed, process) + week * 0xA0761D6478BD642F) & _MASK))

    def uniform(self, process: str, week: int, ids, occurrence=0) -> np.ndarray:
        """Uniforms in (0, 1), one for each of `ids` (any shape of whole numbers); `occurrence` tells repeats apart."""
        x = np.asarray(ids).astype(np.uint64) * _STEP_ID
        x = x + self._key(process, week)
        if not (np.isscalar(occurrence) and occurrence == 0):
            x = x + np.asarray(occurrence).astype(np.uint64) * _STEP_OCCURRENCE
        return ((_mixed(np.atleast_1d(x)) >> np.uint64(11)).astype(float) + 0.5) * _UNIT

    def candidates(self, process: str, week: int, n: int, base: float, bound: float) -> Candidates:
        """Rows 0..n-1 that could have an event of yearly rate up to `bound`, by dyadic layers of width `base`.

        Layer 0 covers rates 0..base, layer k covers base 2^(k-1)..base 2^k; `base` is a constant of the process.
        Which rows stand in a layer depends on seed, process, layer, week and n alone.
        """
        layers = []
        floor, width, layer = 0.0, base, 0
        while floor < bound:
            ids, u = self._layer(f"{process}#{layer}", week, n, width)
            layers.append((ids, u, np.full(ids.size, floor), np.full(ids.size, width)))
            floor, layer = floor + width, layer + 1
            width = floor
        if not layers:
            empty = np.empty(0)
            return Candidates(empty.astype(np.int64), empty, empty, empty)
        return Candidates(*(np.concatenate(parts) for parts in zip(*layers, strict=True)))

    def _layer(self, process: str, week: int, n: int, width: float) -> tuple[np.ndarray, np.ndarray]:
        log_miss = -width / WEEKS_PER_YEAR  # log of the chance that a row is no candidate
        mean = -n * np.expm1(log_miss)
        draws = int(mean + 6.0 * np.sqrt(mean) + 8)
        while True:
            gaps = np.floor(np.log(self.uniform(process, week, np.arange(draws))) / log_miss) + 1.0
            rows = np.cumsum(gaps) - 1.0
            if rows[-1] >= n:
                break
            draws *= 2
        ids = rows[: np.searchsorted(rows, n)].astype(np.int64)
        return ids, self.uniform(process, week, np.arange(ids.size), 1)
