"""How many households there are of each stage, and since when needs are latent, kept up to date by
whatever changes one of them.

`stages` (D, STAGES, KNOWN) counts the households that are not empty by district, stage, and what
the agencies know of them. `latent_since` (ROUND, F) counts latent needs by the week since which they
are, modulo ROUND, and by field.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import LATENT, STAGES, F
from sim.model.kernel import kernel

KNOWN = ("unknown", "waiting", "in_support")
UNKNOWN, EXPECTED, IN_SUPPORT = range(len(KNOWN))
PLACES = len(STAGES) * len(KNOWN)
ROUND = 2**13  # weeks, more than anybody lives and so than a need stays latent


@kernel
def count_latent(t, cell, level, change):
    """The need in `cell`, if `level` is latent, is counted once more or less (`change` 1 or -1)."""
    if level == LATENT:
        t.latent_since[t.since[cell] % ROUND, cell % F] += change


def all_latent(level: np.ndarray, since: np.ndarray) -> np.ndarray:
    """`latent_since` (ROUND, F), counted afresh from the `level` and `since` (H x F,) of all needs."""
    cells = np.flatnonzero(level == LATENT)
    place = since[cells].astype(np.int64) % ROUND * F + cells % F
    return np.bincount(place, minlength=ROUND * F).reshape(ROUND, F).astype(np.int32)


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
