"""How many households there are of each stage, kept up to date by whatever changes one of them.

`stages` (D, STAGES, KNOWN) counts the households that are not empty by district, stage, and what
the agencies know of them.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import STAGES
from sim.model.kernel import kernel

KNOWN = ("unknown", "waiting", "in_support")
UNKNOWN, EXPECTED, IN_SUPPORT = range(len(KNOWN))
PLACES = len(STAGES) * len(KNOWN)


@kernel
def stage_of(t, row):
    """Stage of the household in `row` (index in STAGES): none, latent, manifest, compounded."""
    active, manifest = t.active[row], t.manifest[row]
    compounded = manifest >= 2 or (t.severe[row] >= 1 and active >= 2)
    return int(active > 0) + int(manifest > 0) + int(compounded)  # each holds the one before


@kernel
def known_as(t, row):
    """What agencies know of the household in `row` (index in KNOWN): nothing; it waits, at a door
    or for a worker; it has an open case.
    """
    if t.open_cases[row] > 0:
        return IN_SUPPORT
    return EXPECTED if t.waiting_cases[row] > 0 or t.door[row] >= 0 else UNKNOWN


@kernel
def counted_at(t, row):
    """Where the household in `row` is counted."""
    return (t.district[row] * len(STAGES) + stage_of(t, row)) * len(KNOWN) + known_as(t, row)


@kernel
def count_again(t, row, before):
    """The household in `row`, which was counted at `before`, has changed."""
    place = counted_at(t, row)
    t.stages[before] -= 1
    t.stages[place] += 1


def all_stages(t, districts: int) -> np.ndarray:
    """`stages` (D x STAGES x KNOWN,), counted afresh."""
    stages = np.zeros(districts * PLACES, dtype=np.int64)
    _count_all(t, stages)
    return stages


@kernel
def _count_all(t, stages):
    for row in range(t.empty.size):
        if not t.empty[row]:
            stages[counted_at(t, row)] += 1
