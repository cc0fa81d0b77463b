"""Stable ids of needs, by which their random numbers are keyed."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import F
from sim.model.state import State


def need_ids(town: State, cells: np.ndarray) -> np.ndarray:
    """Stable ids of need `cells` (n,), by which their random numbers are keyed."""
    home = cells // F
    return cells if town.in_order else (town.households.id[home] - home) * F + cells
