"""The reference work in lean Mesa objects: slots, lists, one plain loop, local names, tables of
chances.

Nothing is left of Mesa's ways but agents that step: no shuffling, no grid, no data collector.
"""

from __future__ import annotations

from collections import deque

import mesa
import numpy as np

from benchmarks import reference as ref

MOST = 8  # neighbours a household may have
ONSET = [float(ref.weekly(ref.ONSET * (1.0 + ref.PER_NEEDY * needy))) for needy in range(MOST + 1)]
WORSE = [[float(ref.weekly(rate * shield)) for rate in ref.RISE] for shield in (1.0, ref.SHIELD)]
RECOVER = [float(ref.weekly(rate)) for rate in ref.RECOVER]
HELPED = [float(ref.weekly(ref.SUPPORT * rate)) for rate in ref.RECOVER]
NOTICE = [float(ref.weekly(rate)) for rate in (ref.NOTICE, ref.NOTICED)]


class Household(mesa.Agent):
    """A household that looks at its neighbours."""

    __slots__ = ("stage", "status", "would_act", "agency", "neighbours")

    def __init__(self, model, stage, would_act, agency):
        super().__init__(model)
        self.stage, self.status = stage, ref.UNKNOWN
        self.would_act, self.agency = would_act, agency
        self.neighbours = []

    def step(self, random):
        """One week."""
        stage = self.stage
        if stage == 0:
            needy = 0
            for neighbour in self.neighbours:
                if neighbour.stage > 1:
                    needy += 1
            if random() >= ONSET[needy]:
                return
            stage = 1
        elif stage < 3 and random() < WORSE[self.acting()][stage]:
            stage += 1
        if random() < RECOVER[stage]:
            stage -= 1
        if self.status == 2 and random() < HELPED[stage]:
            stage -= 1
        self.stage = stage
        if stage > 1 and self.status == 0 and random() < NOTICE[self.acting()]:
            self.status = 1
            self.agency.line.append(self)

    def acting(self):
        """Whether any neighbour acts."""
        for neighbour in self.neighbours:  # noqa: SIM110 (a generator would be slower)
            if neighbour.stage == 0 and neighbour.would_act:
                return True
        return False


class Agency(mesa.Agent):
    """An agency with a line."""

    __slots__ = ("openings", "line")

    def __init__(self, model, openings):
        super().__init__(model)
        self.openings, self.line = openings, deque()

    def call(self, week):
        """Call the longest waiting; give back those who are supported from now on."""
        line, begun = self.line, []
        for _ in range(min(self.openings[week], len(line))):
            household = line.popleft()
            if household.stage >= ref.MANIFEST:
                household.status = ref.SUPPORTED
                begun.append(household)
            else:
                household.status = ref.UNKNOWN
        return begun


class Lean(mesa.Model):
    """A town of lean objects."""

    kind = Household

    def __init__(self, town: ref.Town, seed: int):
        super().__init__(seed=seed)
        self.week, self.rows = 0, []
        self.agencies = [Agency(self, openings) for openings in town.openings.T.tolist()]
        places = zip(
            town.stage.tolist(), town.would_act.tolist(), town.agency.tolist(), strict=True
        )
        self.households = [
            self.kind(self, stage, acts, self.agencies[k]) for stage, acts, k in places
        ]
        for a, b in town.ties.tolist():
            self.households[a].neighbours.append(self.households[b])
            self.households[b].neighbours.append(self.households[a])
        self.ending = [[] for _ in range(ref.SUPPORT_WEEKS)]

    def step(self):
        """One week."""
        self.live()
        self.call()
        counts = self.count()
        counts += [
            sum(len(agency.line) for agency in self.agencies),
            sum(len(begun) for begun in self.ending),
        ]
        self.rows.append(counts)
        self.week += 1

    def live(self):
        """The week of every household."""
        random = self.random.random
        for household in self.households:
            household.step(random)

    def count(self):
        """Households by stage."""
        counts = [0, 0, 0, 0]
        for household in self.households:
            counts[household.stage] += 1
        return counts

    def call(self):
        """End the support of SUPPORT_WEEKS ago and begin that of this week."""
        turn = self.week % ref.SUPPORT_WEEKS
        for household in self.ending[turn]:
            household.status = ref.UNKNOWN
        self.ending[turn] = [
            household for agency in self.agencies for household in agency.call(self.week)
        ]


def build(town: ref.Town, seed: int) -> Lean:
    """The town in week 0."""
    return Lean(town, seed)


def run(model: Lean, weeks: int) -> np.ndarray:
    """Weekly counts (weeks, 6) in the order of COLUMNS."""
    for _ in range(weeks):
        model.step()
    return np.array(model.rows)
