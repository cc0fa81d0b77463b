"""Draws a week's candidates among the households, needs, resident slots and ties of a town, keyed
by stable id.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import MEMBERS, F
from sim.model.state import State
from sim.model.streams import Candidates


def over_households(town: State, process: str, base: float, bound: float) -> Candidates:
    """Draw candidates among households, as rows; `base` and `bound` as in Streams.candidates
    (1/year).
    """
    drawn = town.streams.candidates(process, town.week, town.households.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(town.row_of[drawn.ids])


def over_needs(town: State, process: str, base: float, bound: float) -> Candidates:
    """Draw candidates among needs by (household id, field), as need cells."""
    drawn = town.streams.candidates(process, town.week, town.needs.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(_found(town, drawn.ids, F))


def over_residents(town: State, process: str, base: float, bound: float) -> Candidates:
    """Draw candidates among residents by (household id, place in household), as resident slots."""
    drawn = town.streams.candidates(process, town.week, town.residents.rows, base, bound)
    return drawn if town.in_order else drawn.renamed(_found(town, drawn.ids, MEMBERS))


def over_ties(town: State, process: str, base: float, bound: float) -> Candidates:
    """Draw candidates among ties, live or not, as rows of ties."""
    drawn = town.streams.candidates(process, town.week, town.ties.rows, base, bound)
    return drawn.renamed(town.tie_row_of[drawn.ids])


def need_ids(town: State, cells: np.ndarray) -> np.ndarray:
    """Stable ids of need `cells` (n,), by which their random numbers are keyed."""
    home = cells // F
    return cells if town.in_order else (town.households.id[home] - home) * F + cells


def _found(town: State, ids: np.ndarray, width: int) -> np.ndarray:
    home = ids // width
    return (town.row_of[home] - home) * width + ids
