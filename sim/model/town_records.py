"""What the kernels of the model read and write: one named tuple of all arrays of a town."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared import SUBJECTS, Parameters
from sim.declared.tables import (
    Agencies,
    Districts,
    Households,
    Needs,
    Residents,
    Ties,
    Workers,
)
from sim.model.kernel import PLAIN, PlainArray

if TYPE_CHECKING:
    from sim.model.state import State

TABLES = {
    "households": Households,
    "needs": Needs,
    "residents": Residents,
    "ties": Ties,
    "workers": Workers,
    "agencies": Agencies,
    "districts": Districts,
}
SCANNED = {
    column: table
    for table, kind in TABLES.items()
    for column, declared in kind.declarations().items()
    if declared.scanned
}
INDEXES = (
    "levels",
    "tie_start",
    "tie_edges",
    "tie_row_of",
    "beat",
    "desk",
    "familiarity",
    "root_chance",
    "onset_share",
    "eligible_share",
    "field_on",
    "case_hours",
    "row_of",
    "id_of",
    "district_share",
    "join_credit",
)
HELD = frozenset({"p", "flows", *TABLES, *INDEXES})  # parts of a town that `town_records` holds
PLACED_FLOWS = ("agency_hours", "first_contact_districts", "crises_by_district")
FIELDS = ("p", "counts", *TABLES, *SCANNED, *INDEXES, *PLACED_FLOWS)

PARAMETERS = np.dtype(
    [(name, float) for subject in SUBJECTS.values() for name in subject.declarations()]
)


@lru_cache(maxsize=64)
def parameter_record(p: Parameters) -> np.ndarray:
    """The parameters as a record (1,), by their names without the subject."""
    values = [
        getattr(getattr(p, name), parameter)
        for name, subject in SUBJECTS.items()
        for parameter in subject.declarations()
    ]
    return np.array([tuple(values)], dtype=PARAMETERS)


def town_records(town: State) -> Any:
    """The arrays of `town` as they stand (FIELDS): what kernels read and write.

    p (1,): the parameters by their names without the subject. counts: `Flows.counts`. Then the
    records of each table, the scanned columns, the indexes and the counters by place, as `State`
    and the tables describe them.
    """
    tables, flows = town.tables(), town.flows
    arrays = (
        parameter_record(town.p),
        flows.counts,
        *(table.records for table in tables.values()),
        *(getattr(tables[table], column) for column, table in SCANNED.items()),
        *(getattr(town, name) for name in INDEXES),
        *(flows[name] for name in PLACED_FLOWS),
    )
    if PLAIN:
        return SimpleNamespace(**dict(zip(FIELDS, map(PlainArray, arrays), strict=True)))
    from sim.model.struct import struct_of  # here, since it brings in numba

    return struct_of(arrays)
