"""The counters of a week: those that the weekly tables declare, and those that a user's own
processes add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared.records import DISTRICT_FLOWS, FLOWS, STOCKS, USES, Column, column_names
from sim.declared.tables import Array

if TYPE_CHECKING:
    from sim.model.state import State

NAMES = column_names(FLOWS)
COUNTS = len(NAMES)


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


class Flows(dict[str, Array]):
    """This week's counters by name. Those that `FLOWS` declares stand one after the other in
    `counts`, at `flow_place(name)`, and the entries are views of it.

    sizes: the shape of each counter that is not in `FLOWS`.
    """

    def __init__(self, sizes: dict[str, tuple[int, ...]]):
        super().__init__()
        self.sizes, self.counts = sizes, np.zeros(COUNTS)
        for name, column in FLOWS.items():
            first = flow_place(name)
            self[name] = self.counts[first : first + max(1, len(column.labels))]
        for name, shape in sizes.items():
            self[name] = np.zeros(shape)

    def __setitem__(self, name: str, value: Any) -> None:
        """Write `value` into the counter, so that it stays a view of `counts`."""
        if name in self:
            self[name][...] = value
        else:
            super().__setitem__(name, value)

    def begin_week(self) -> None:
        """Set all counters to zero."""
        self.counts[:] = 0.0
        for name in self.sizes:
            self[name][...] = 0.0

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.sizes, {name: array.copy() for name, array in self.items()})


def _restored(sizes: dict[str, tuple[int, ...]], values: dict[str, Array]) -> Flows:
    flows = Flows(sizes)
    for name, array in values.items():
        flows[name][...] = array
    return flows


def flow_place(name: str, label: str = "") -> int:
    """The place of a counter of `FLOWS`, or of its first label, in `Flows.counts`."""
    return NAMES.index(f"{name}_{label}" if label else column_names({name: FLOWS[name]})[0])


def fresh_flows(town: State) -> Flows:
    """Counters of a week, all zero: (n labels,), (1,) where a flow has none, (D,) and (A, uses) for
    those by place.
    """
    own = {name: (max(1, len(one.labels)),) for name, one in own_flow_columns(town).items()}
    districts = dict.fromkeys(DISTRICT_FLOWS, (town.districts.rows,))
    return Flows({**own, **districts, "agency_hours": (town.agencies.rows, len(USES))})
