"""The reference work in Mesa objects that borrow this project's ideas, to see what is left of the gap.

A household keeps count of its neighbours and of its chance instead of looking, and the model does in one loop, without
a call, whatever happens to nobody. Nothing here is Mesa's way but that the rows are its agents.
"""

from __future__ import annotations

import mesa
import numpy as np

from benchmarks import reference as ref
from benchmarks.lean import HELPED, NOTICE, ONSET, RECOVER, WORSE, Agency

class Household(mesa.Agent):
    """A household that knows its neighbours and the chance that its need rises this week."""

    __slots__ = ("stage", "status", "would_act", "agency", "neighbours", "needy", "acting", "rising")

    def __init__(self, model, stage, would_act, agency):
        super().__init__(model)
        self.stage, self.status = stage, ref.UNKNOWN
        self.would_act, self.agency = would_act, agency
        self.neighbours = []
        self.needy = self.acting = 0

    def expect(self):
        """Look up the chance that the need rises."""
        self.rising = WORSE[self.acting > 0][self.stage] if self.stage else ONSET[self.needy]

    def move(self, stage):
        """Change the stage and tell the neighbours."""
        needy = (stage >= ref.MANIFEST) - (self.stage >= ref.MANIFEST)
        acting = ((stage == ref.NONE) - (self.stage == ref.NONE)) * self.would_act
        self.stage = stage
        self.expect()
        if needy or acting:
            for neighbour in self.neighbours:
                neighbour.needy += needy
                neighbour.acting += acting
                neighbour.expect()


class Kept(mesa.Model):
    """A town of objects that keep counts."""

    def __init__(self, town: ref.Town, seed: int):
        super().__init__(seed=seed)
        self.week, self.rows = 0, []
        self.agencies = [Agency(self, openings) for openings in town.openings.T.tolist()]
        places = zip(town.stage.tolist(), town.would_act.tolist(), town.agency.tolist(), strict=True)
        self.households = [Household(self, stage, acts, self.agencies[k]) for stage, acts, k in places]
        for a, b in town.ties.tolist():
            self.households[a].neighbours.append(self.households[b])
            self.households[b].neighbours.append(self.households[a])
        for household in self.households:
            household.needy = sum(neighbour.stage >= ref.MANIFEST for neighbour in household.neighbours)
            household.acting = sum(n.would_act and n.stage == ref.NONE for n in household.neighbours)
            household.expect()
        self.ending = [[] for _ in range(ref.SUPPORT_WEEKS)]

    def step(self):
        """One week."""
        random, recover, helped, notice = self.random.random, RECOVER, HELPED, NOTICE
        counts = [0] * 6
        for household in self.households:
            if random() < household.rising:
                household.move(household.stage + 1)
            stage = household.stage
            if stage:
                if random() < recover[stage]:
                    stage -= 1
                    household.move(stage)
                status = household.status
                if status == 2 and random() < helped[stage]:
                    stage -= 1
                    household.move(stage)
                if stage > 1 and status == 0 and random() < notice[household.acting > 0]:
                    household.status = 1
                    household.agency.line.append(household)
                counts[stage] += 1
        counts[0] += len(self.households) - sum(counts)
        self.call()
        counts[4] = sum(len(agency.line) for agency in self.agencies)
        counts[5] = sum(len(begun) for begun in self.ending)
        self.rows.append(counts)
        self.week += 1

    def call(self):
        """End the support of SUPPORT_WEEKS ago and begin that of this week."""
        turn = self.week % ref.SUPPORT_WEEKS
        for household in self.ending[turn]:
            household.status = ref.UNKNOWN
        self.ending[turn] = [household for agency in self.agencies for household in agency.call(self.week)]


def build(town: ref.Town, seed: int) -> Kept:
    """The town in week 0."""
    return Kept(town, seed)


def run(model: Kept, weeks: int) -> np.ndarray:
    """Weekly counts (weeks, 6) in the order of COLUMNS."""
    for _ in range(weeks):
        model.step()
    return np.array(model.rows)
