"""Builds week 0 from a scenario: people, ties, agencies, and the rates that keep the start in
balance.
"""

from __future__ import annotations

import numpy as np

from sim.declared.levers import practice_at
from sim.declared.tables import ColumnDeclaration
from sim.model.posts import wanted_posts
from sim.model.start.agencies import agencies, reserve, workers
from sim.model.start.balance import balance
from sim.model.start.people import people
from sim.model.start.ties import ties
from sim.model.state import State
from sim.model.streams import Streams
from sim.scenario.scenario import Scenario


def build(scenario: Scenario, seed: int) -> State:
    """Build the town of `scenario` under `seed` at the beginning of its run-in (week
    -run_in_weeks).
    """
    town = State(scenario, Streams(seed))
    typical = people(town)
    ties(town)
    agencies(town)
    workers(town)
    balance(town, typical)
    for own in scenario.own_columns:
        town.tables()[own.table].add(
            own.name,
            ColumnDeclaration(np.dtype(own.dtype).type, own.initial, own.unit, own.meaning),
        )
    return town


def take_up(town: State, scenario: Scenario) -> None:
    """Let a town continue under `scenario`, with its practice of the last simulated week; every
    post that the scenario ever requires gets a row.
    """
    town.scenario, town.p = scenario, scenario.values()
    reserve(town)
    practice = practice_at(scenario.organisation.practice, scenario.steps, town.week - 1)
    if practice != town.practice:
        town.practice = practice
        town.wanted = wanted_posts(scenario, practice, town.assistance_posts)
