"""What the kernels of the model read and write: one named tuple of all arrays of a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "latent_since",
    "stages",
    "rungs",
    "live_ties",
    "tie_start",
    "tie_edges",
    "worker_start",
    "beat",
    "post",
    "seats",
    "beat_homes",
    "desk",
    "familiarity",
    "held",
    "root_chance",
    "tie_id",
    "onset_share",
    "eligible_share",
    "field_on",
    "case_hours",
    "row_of",
    "id_of",
    "first_home",
    "district_share",
    "join_credit",
)
HELD = frozenset({"p", "flows", *TABLES, *INDEXES})  # parts of a town that `arrays_of` gives
PLACED_FLOWS = ("agency_hours", "first_contact_districts", "crises_by_district")
FIELDS = ("p", "counts", *TABLES, *SCANNED, *INDEXES, *PLACED_FLOWS)

PARAMETERS = np.dtype(
    [(name, float) for subject in SUBJECTS.values() for name in subject.declarations()]
)


def parameter_record(p: Parameters) -> np.ndarray:
    """The parameters as a record (1,), by their names without the subject; made once, and kept up
    to date by the subjects.
    """
    record = vars(p).get("_record")
    if record is None:
        record = vars(p)["_record"] = np.zeros(1, dtype=PARAMETERS)
        for subject in SUBJECTS:
            getattr(p, subject).keep_in(record)
    return record


def arrays_of(town: State) -> tuple[np.ndarray, ...]:
    """The arrays of `town` as they stand, in the order of FIELDS: what kernels read and write.

    p (1,): the parameters by their names without the subject. counts: `Flows.counts`. Then the
    records of each table, the scanned columns, the indexes and the counters by place, as `State`
    and the tables describe them.
    """
    tables, flows = town.tables(), town.flows
    return (
        parameter_record(town.p),
        flows.counts,
        *(table.records for table in tables.values()),
        *(getattr(tables[table], column) for column, table in SCANNED.items()),
        *(getattr(town, name) for name in INDEXES),
        *(flows[name] for name in PLACED_FLOWS),
    )
