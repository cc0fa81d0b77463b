"""Town: the model that Mesa, its tools and a user's script see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import mesa
import numpy as np

from .agents import Agency, Household, Population, Resident, Worker, posts_filled, present
from .course import Course, Process, start
from .scenario.scenario import Scenario
from .state import State

__all__ = ["Process", "Town", "start"]


class Town(Course, mesa.Model):
    """One municipality under one scenario with one seed; `step` lives a week.

    `inputs` is the scenario and `state` the arrays (Mesa owns the names `scenario`, `steps` and `time`). A `state` given is
    lived on in place: one of `inputs`, or of the same town before any policy (what `start` gives). Otherwise the town is
    built from scenario and seed. Either lives what is left of its run-in first, unrecorded. `week_order` replaces the order
    of a week: pairs of name and function.
    """

    def __init__(self, inputs: Scenario, seed: int = 1, state: State | None = None,
                 week_order: Iterable[tuple[str, Process]] | None = None):
        mesa.Model.__init__(self, rng=int(seed))
        Course.__init__(self, inputs, seed, state, week_order)

    @property
    def residents(self) -> Population:
        """Everyone who lives here this week."""
        return Population(self, Resident, np.flatnonzero(present(self.state)))

    @property
    def households(self) -> Population:
        """Households that live here this week: not the rows left empty."""
        return Population(self, Household, np.flatnonzero(~self.state.households.empty))

    @property
    def workers(self) -> Population:
        """Workers who hold a post this week, those on leave included."""
        return Population(self, Worker, np.flatnonzero(posts_filled(self.state)))

    @property
    def agencies(self) -> Population:
        """Agencies, the hub and the community team among them."""
        return Population(self, Agency, np.arange(self.state.agencies.rows))

    @property
    def agents(self) -> Population:
        """Residents, households, workers and agencies as one set."""
        return Population.joined(*self.agents_by_type.values())

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Population]:
        """The four populations by class."""
        return {Resident: self.residents, Household: self.households, Worker: self.workers, Agency: self.agencies}

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The four classes of agent."""
        return [Resident, Household, Worker, Agency]

    def register_agent(self, agent: mesa.Agent) -> NoReturn:
        """Refused: who lives and works here are rows of `state`."""
        raise TypeError(f"a Town keeps its agents as rows of arrays and cannot take in a {type(agent).__name__}")
