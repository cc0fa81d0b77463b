"""Permuting the rows of a town that carry their stable ids: households with all they hold, ties,
workers of an agency.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import MEMBERS, F
from sim.model.state import State, Table

SLOTS = ("watcher", "told_by")  # columns of households that hold a resident slot
ENDS = ("ties.a", "ties.b", "ties.a_place", "ties.b_place")  # a tie may be turned round


def shuffled(state: State, seed: int) -> State:
    """`state` with rows of households, of ties and of the workers of each agency put in another
    order, in place.
    """
    luck = np.random.default_rng(seed)
    _households(state, luck.permutation(state.households.rows))
    _ties(state, luck.permutation(state.ties.rows))
    order = np.lexsort((luck.random(state.workers.rows), state.workers.agency))
    _reorder(state.workers, order)
    state.needs.worker[:] = _moved(state.needs.worker, order)
    return state


def by_id(state: State) -> dict[str, np.ndarray]:
    """The columns of households, needs, residents, ties and workers in order of stable ids; what
    points to rows points to ids.
    """
    homes, edges, staff = (
        np.argsort(table.id) for table in (state.households, state.ties, state.workers)
    )
    rows = {
        "households": homes,
        "needs": _blocks(homes, F),
        "residents": _blocks(homes, MEMBERS),
        "ties": edges,
        "workers": staff,
        "agencies": slice(None),
        "districts": slice(None),
    }
    found = {
        f"{name}.{column}": array[rows[name]]
        for name, table in state.tables().items()
        for column, array in table.columns()
    }
    for name in SLOTS:
        found[f"households.{name}"] = _slots(found[f"households.{name}"], homes)
    for name in ("a", "b"):
        found[f"ties.{name}"] = state.households.id[found[f"ties.{name}"]]
    found["needs.worker"] = _moved(found["needs.worker"], staff)
    found["beat"] = _slots(state.beat[homes], homes)
    return found


def _households(state: State, order: np.ndarray) -> None:
    """Row i holds what row order[i] held."""
    for table, width in ((state.households, 1), (state.needs, F), (state.residents, MEMBERS)):
        _reorder(table, _blocks(order, width))
    for name in SLOTS:
        setattr(state.households, name, _slots(getattr(state.households, name), order))
    state.beat, state.post = _slots(state.beat[order], order), state.post[order]
    state.row_of = np.argsort(state.households.id)
    state.ties.a[:], state.ties.b[:] = _moved(state.ties.a, order), _moved(state.ties.b, order)


def _ties(state: State, order: np.ndarray) -> None:
    """Reorder the ties, some of them turned round, and index them anew."""
    ties = state.ties
    _reorder(ties, order)
    turned = np.arange(ties.rows) % 3 == 0
    for one, other in zip(ENDS[::2], ENDS[1::2], strict=True):
        one, other = one.split(".")[1], other.split(".")[1]
        first, second = getattr(ties, one).copy(), getattr(ties, other).copy()
        getattr(ties, one)[:], getattr(ties, other)[:] = (
            np.where(turned, second, first),
            np.where(turned, first, second),
        )
    state.root_chance, state.tie_id = state.root_chance[order], state.tie_id[order]
    ends = np.concatenate([ties.a, ties.b])
    state.tie_start = np.concatenate(
        [[0], np.cumsum(np.bincount(ends, minlength=state.households.rows))]
    )
    state.tie_edges = np.tile(np.arange(ties.rows), 2)[np.argsort(ends, kind="stable")]


def _reorder(table: Table, order: np.ndarray) -> None:
    for name, column in table.columns():
        setattr(table, name, column[order])


def _blocks(order: np.ndarray, width: int) -> np.ndarray:
    return (order[:, None] * width + np.arange(width)).ravel()


def _moved(rows: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Where `rows` are found after reordering; -1 stays."""
    return np.where(rows >= 0, np.argsort(order)[rows], rows).astype(rows.dtype)


def _slots(slots: np.ndarray, order: np.ndarray) -> np.ndarray:
    return np.where(slots >= 0, _moved(slots // MEMBERS, order) * MEMBERS + slots % MEMBERS, slots)
