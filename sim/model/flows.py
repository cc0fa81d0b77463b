"""The counters of a week: those that the weekly tables declare, and those that a user's own
processes add.
"""

from __future__ import annotations

import numpy as np

from sim.declared.records import DISTRICT_FLOWS, FLOWS, STOCKS, USES, Column, column_names
from sim.model.state import State


def own_flow_columns(town: State) -> dict[str, Column]:
    """Counters that a user's own processes add; raises ValueError where the weekly tables have one
    of that name.
    """
    own = {
        flow.name: Column(flow.unit, flow.en, flow.ja, flow.labels)
        for flow in town.scenario.own_flows
    }
    taken = set(column_names(own)) & {
        *column_names(FLOWS | STOCKS | DISTRICT_FLOWS),
        *FLOWS,
        "week",
        "seed",
        "agency_hours",
    }
    if taken:
        raise ValueError(f"FLOWS: the weekly table has {', '.join(sorted(taken))} already")
    return own


def fresh_flows(town: State) -> dict[str, np.ndarray]:
    """Counters of a week, all zero: (n labels,), (1,) where a flow has none, (D,) and (A, uses) for
    those by place.
    """
    flows = {
        name: np.zeros(max(1, len(column.labels)))
        for name, column in (FLOWS | own_flow_columns(town)).items()
    }
    flows |= {name: np.zeros(town.districts.rows) for name in DISTRICT_FLOWS}
    return flows | {"agency_hours": np.zeros((town.agencies.rows, len(USES)))}
