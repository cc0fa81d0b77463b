"""Candidates of a week over what a town has: its households, needs, resident slots and ties, drawn
by stable id.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import MEMBERS, F
from sim.model.state import State
from sim.model.streams import Candidates


def over_households(town: State, process: str, base: float, bound: float) -> Candidates:
    """Candidates over households, as rows; `base` and `bound` as in Streams.candidates (1/year)."""
    drawn = town.streams.candidates(process, town.week, town.households.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(town.row_of[drawn.ids])


def over_needs(town: State, process: str, base: float, bound: float) -> Candidates:
    """Candidates over needs by (household id, field), as cells."""
    drawn = town.streams.candidates(process, town.week, town.needs.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(_found(town, drawn.ids, F))


def over_residents(town: State, process: str, base: float, bound: float) -> Candidates:
    """Candidates over residents by (household id, place), as slots."""
    drawn = town.streams.candidates(process, town.week, town.residents.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(_found(town, drawn.ids, MEMBERS))


def over_ties(town: State, process: str, base: float, bound: float) -> Candidates:
    """Candidates over ties, live or not, as rows of ties."""
    drawn = town.streams.candidates(process, town.week, town.ties.rows, base, bound)
    return drawn if town.tie_row_of is None else drawn.renamed(town.tie_row_of[drawn.ids])


def need_ids(town: State, cells: np.ndarray) -> np.ndarray:
    """Stable ids of need `cells` (n,): what they draw by."""
    home = cells // F
    return cells if town.in_order else (town.households.id[home] - home) * F + cells


def _found(town: State, ids: np.ndarray, width: int) -> np.ndarray:
    home = ids // width
    return (town.row_of[home] - home) * width + ids
