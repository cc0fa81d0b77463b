"""What the households of a town are like on average, computed from its margins alone.

The town's means are taken over households that stand for all there could be, not over those that
are drawn: so they do not depend on the seed, nor on how many districts the town has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.declared.vocabulary import MEMBERS
from sim.model.households import FRAILTY, Makeup, is_welcome
from sim.model.kernel import kernel
from sim.model.members import ages_of, susceptibility

EACH = 2048  # households that stand for a kind
# Multiples of these roots, less whole numbers, lie evenly in nine dimensions: one for each uniform
# on which a household's size, elders, ages and frailty rest.
STEPS = np.sqrt([2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0])


@dataclass(frozen=True)
class Typical:
    """Households (n,) that stand for those of a town, each by its `weight`; the weights sum to 1.

    ages (n, MEMBERS), -1 an empty slot; frailty (n,); susceptibility (n, F) unscaled; welcome (n,):
    whether the places of the start are for them.
    """

    weight: np.ndarray
    ages: np.ndarray
    frailty: np.ndarray
    susceptibility: np.ndarray
    welcome: np.ndarray

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Mean of `values` (n, ...) over the households of the town."""
        return weighted_sum(self.weight, values)


def weighted_sum(weight: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum of `values` (n, ...) by `weight` (n,), to the last bit the same with any number of threads,
    which the product of matrices is not.
    """
    return np.einsum("n,n...->...", weight, values)


def typical_households(makeup: Makeup, share: np.ndarray) -> Typical:
    """EACH households of every kind of which the town has a `share` (K,)."""
    there = np.flatnonzero(share > 0)
    welcome = np.zeros(there.size * EACH, dtype=bool)
    kinds = np.repeat(there, EACH)
    u = np.tile((0.5 + np.arange(EACH)[:, None] * STEPS) % 1.0, (there.size, 1))
    ages = ages_of(makeup.size_cdf, makeup.more_elders, kinds, u)
    frailty = np.interp(u[:, FRAILTY], np.linspace(0, 1, makeup.frailty.size), makeup.frailty)
    _each_welcome(ages.ravel(), welcome)
    weight = share[kinds] / (share.sum() * EACH)
    return Typical(weight, ages, frailty, susceptibility(kinds, ages), welcome)


@kernel
def _each_welcome(age, welcome):
    for i in range(welcome.size):
        welcome[i] = is_welcome(age, i * MEMBERS)
