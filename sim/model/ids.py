"""The stable ids of needs and residents, by which their random numbers are keyed."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import MEMBERS, F
from sim.model.kernel import kernel
from sim.model.state import State


@kernel
def need_id(t, cell):
    """The stable id of the need in `cell`."""
    row = cell // F
    return t.id_of[row] * F + cell - row * F


@kernel
def resident_id(t, slot):
    """The stable id of the resident in `slot`."""
    row = slot // MEMBERS
    return t.id_of[row] * MEMBERS + slot - row * MEMBERS


def need_ids(town: State, cells: np.ndarray) -> np.ndarray:
    """Stable ids (n,) of the needs in `cells` (n,)."""
    return town.id_of[cells // F] * F + cells % F
