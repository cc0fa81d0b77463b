"""Ranks within groups, by which a district is dealt with on its own."""

from __future__ import annotations

import numpy as np


def rank_within(group: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Rank (n,) from 0 of each in its `group` (n,), in the order of `by` (n,)."""
    order = np.lexsort((by, group))
    rank = np.empty(group.size, dtype=np.int64)
    rank[order] = np.arange(group.size) - np.searchsorted(group[order], group[order])
    return rank
