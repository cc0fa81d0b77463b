"""How far a simulated town is from what is known, and when it is too far.

Implausibility of one target: I = |simulated - centre| / sqrt(tolerance / weight + noise), where
`tolerance` is the variance of observation error and model discrepancy together (half the width of
the accepted interval counts as two standard deviations) and `noise` that of the seeds that the
simulated value is a mean of. A weight of a half doubles the tolerance's variance; a weight of 0
makes a target a check, which is shown and rules nothing out.

Sources: Craig, Goldstein, Seheult and Smith 1997 (implausibility); Vernon, Goldstein and Bower 2010
(second-largest); Pukelsheim 1994 (three standard deviations hold 95 % of any distribution with one
peak).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.match.targets import Target


def implausibilities(
    values: np.ndarray, noise: np.ndarray, targets: Sequence[Target]
) -> np.ndarray:
    """Returns the implausibility (n, T) of simulated values (n, T) with the variance `noise` (n, T)
    or (T,) of their seeds.

    A value that is missing (NaN: there was nothing to measure) is infinitely implausible. Checks
    are measured with weight 1.
    """
    centre = np.array([target.centre for target in targets])
    tolerance = np.array([target.variance for target in targets])
    found = np.abs(values - centre) / np.sqrt(tolerance + noise)
    return np.where(np.isnan(values), np.inf, found)


def ruling_out(targets: Sequence[Target]) -> np.ndarray:
    """Returns which targets rule out (T,): those with a weight above 0."""
    return np.array([target.weight > 0 for target in targets])


def worst(found: np.ndarray, targets: Sequence[Target], rank: int = 1) -> np.ndarray:
    """Returns the `rank`-th largest implausibility (n,) over the targets that rule out, from
    implausibilities (n, T); a set is ruled out where it is above the cutoff.
    """
    ordered = np.sort(found[:, ruling_out(targets)], axis=1)
    return ordered[:, -rank]


def noise_variance(runs: Sequence[np.ndarray]) -> np.ndarray:
    """Returns the variance (T,) of a single seed, pooled over the sets with several: `runs` holds
    an array (seeds, T) for each set; 0 where no set has two seeds with a value.
    """
    width = runs[0].shape[1] if runs else 0
    squares, free = np.zeros(width), np.zeros(width)
    for one in runs:
        there = (~np.isnan(one)).sum(axis=0)
        several = there > 1
        mean = np.nansum(one, axis=0) / np.maximum(there, 1)
        squares = squares + np.where(several, np.nansum((one - mean) ** 2, axis=0), 0.0)
        free = free + np.where(several, there - 1, 0)
    return squares / np.maximum(free, 1.0)
