"""Draws of the parameters from their graded ranges: Latin hypercube, triangular on the plain or the
log scale.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import triang

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
