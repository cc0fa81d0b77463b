"""Draws of the parameters from their graded ranges: Latin hypercube, triangular on the plain or the
log scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.stats import qmc, triang

from sim.declared.declare import Parameter


def inverse(parameter: Parameter, u: np.ndarray) -> np.ndarray:
    """Returns the values (n,) of a parameter at the probabilities `u` (n,): triangular (low, value,
    high), hazards on the log scale.
    """
    low, mode, high = parameter.low, parameter.value, parameter.high
    if low == high:
        return np.full(np.shape(u), low)
    on_log = parameter.distribution == "log-triangular"
    if on_log:
        low, mode, high = np.log([low, mode, high])
    value = triang.ppf(u, (mode - low) / (high - low), loc=low, scale=high - low)
    return np.clip(np.exp(value) if on_log else value, parameter.low, parameter.high)


def parameter_draws(
    parameters: Mapping[str, Parameter], count: int, seed: int, fixed: Iterable[str] = ()
) -> list[dict[str, float]]:
    """`count` draws of all `parameters` but the `fixed` ones, by dotted name; the same for the same
    seed and names.

    Source: McKay, Beckman and Conover 1979 (Latin hypercube), through scipy.stats.qmc.
    """
    names = sorted(set(parameters) - set(fixed))
    cube = qmc.LatinHypercube(len(names), rng=seed).random(count)
    columns = {name: inverse(parameters[name], cube[:, at]) for at, name in enumerate(names)}
    return [{name: float(columns[name][row]) for name in names} for row in range(count)]
