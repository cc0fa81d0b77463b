"""Week 0 out of a scenario: people, ties, agencies, the rates that keep the start in balance."""

from __future__ import annotations

import numpy as np

from ..scenario.scenario import Scenario
from ..state import State
from ..streams import Streams
from .agencies import agencies, workers
from .balance import balance
from .people import people
from .ties import ties


def build(scenario: Scenario, seed: int) -> State:
    """The town of `scenario` under `seed` at the beginning of its run-in (week -run_in_weeks)."""
    town = State(scenario, Streams(seed))
    people(town)
    ties(town)
    agencies(town)
    workers(town)
    balance(town)
    for own in scenario.own_columns:
        town.tables()[own.table].add(own.name, (np.dtype(own.dtype).type, own.initial, own.unit, own.meaning))
    return town
