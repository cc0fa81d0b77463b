"""The reference work in Mesa objects, written as Mesa's documentation writes a model on a
network.
"""

from __future__ import annotations

import math
from collections import deque

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import FixedAgent, Network

from benchmarks import reference as ref


def chance(rate: float) -> float:
    """Weekly chance of a yearly rate."""
    return 1.0 - math.exp(-rate / ref.WEEKS_PER_YEAR)


class Household(FixedAgent):
    """A household on a node of the network."""

    def __init__(self, model, cell, stage, would_act, agency):
        super().__init__(model)
        self.cell = cell
        self.stage = stage
        self.would_act = would_act
        self.agency = agency
        self.status = ref.UNKNOWN
        self.supported_until = 0

    @property
    def in_need(self):
        """Manifest or severe."""
        return self.stage >= ref.MANIFEST

    @property
    def acting(self):
        """Would act, and has no need itself."""
        return self.would_act and self.stage == ref.NONE

    @property
    def neighbours(self):
        """The households tied to this one."""
        return self.cell.neighborhood.agents

    def rise(self):
        """A need begins or worsens."""
        if self.stage == ref.NONE:
            needy = sum(1 for neighbour in self.neighbours if neighbour.in_need)
            rate = ref.ONSET * (1.0 + ref.PER_NEEDY * needy)
        else:
            rate = ref.RISE[self.stage]
            if any(neighbour.acting for neighbour in self.neighbours):
                rate *= ref.SHIELD
        if self.random.random() < chance(rate):
            self.stage += 1

    def recover(self):
        """A need eases, and with support perhaps once more."""
        if self.random.random() < chance(ref.RECOVER[self.stage]):
            self.stage -= 1
        if self.status == ref.SUPPORTED and self.random.random() < chance(
            ref.SUPPORT * ref.RECOVER[self.stage]
        ):
            self.stage -= 1

    def be_noticed(self):
        """Join the line of the agency."""
        rate = ref.NOTICED if any(neighbour.acting for neighbour in self.neighbours) else ref.NOTICE
        if self.random.random() < chance(rate):
            self.status = ref.WAITING
            self.agency.line.append(self)

    def step(self):
        """One week."""
        if self.stage < ref.SEVERE:
            self.rise()
        if self.stage > ref.NONE:
            self.recover()
        if self.in_need and self.status == ref.UNKNOWN:
            self.be_noticed()
        if self.status == ref.SUPPORTED and self.supported_until == self.model.steps:
            self.status = ref.UNKNOWN


class Agency(mesa.Agent):
    """An agency with a line."""

    def __init__(self, model, openings):
        super().__init__(model)
        self.openings = openings
        self.line = deque()

    def step(self):
        """Call the longest waiting, one for each opening."""
        for _ in range(min(self.openings[self.model.steps - 1], len(self.line))):
            household = self.line.popleft()
            if household.in_need:
                household.status = ref.SUPPORTED
                household.supported_until = self.model.steps + ref.SUPPORT_WEEKS
            else:
                household.status = ref.UNKNOWN


def in_stage(stage):
    """A reporter of the number of households in a stage."""
    return lambda model: sum(
        1 for household in model.agents_by_type[Household] if household.stage == stage
    )


def in_status(status):
    """A reporter of the number of households with a status."""
    return lambda model: sum(
        1 for household in model.agents_by_type[Household] if household.status == status
    )


class Objects(mesa.Model):
    """A town of objects."""

    def __init__(self, town: ref.Town, seed: int):
        super().__init__(seed=seed)
        graph = nx.Graph()
        graph.add_nodes_from(range(town.households))
        graph.add_edges_from(town.ties.tolist())
        self.grid = Network(graph, capacity=1, random=self.random)
        agencies = list(Agency.create_agents(self, ref.AGENCIES, town.openings.T.tolist()))
        Household.create_agents(
            self,
            town.households,
            list(self.grid.all_cells),
            town.stage.tolist(),
            town.would_act.tolist(),
            [agencies[k] for k in town.agency],
        )
        reporters = {name: in_stage(stage) for stage, name in enumerate(ref.COLUMNS[:4])}
        reporters |= {"waiting": in_status(ref.WAITING), "supported": in_status(ref.SUPPORTED)}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)
        self.running = True

    def step(self):
        """One week."""
        self.agents_by_type[Household].shuffle_do("step")
        self.agents_by_type[Agency].do("step")
        self.datacollector.collect(self)


def build(town: ref.Town, seed: int) -> Objects:
    """The town in week 0."""
    return Objects(town, seed)


def run(model: Objects, weeks: int) -> np.ndarray:
    """Weekly counts (weeks, 6) in the order of COLUMNS."""
    for _ in range(weeks):
        model.step()
    return model.datacollector.get_model_vars_dataframe()[list(ref.COLUMNS)].to_numpy()
