"""The reference work in Mesa objects that borrow this project's ideas, to see what is left of the
gap.

A household keeps count of its neighbours and of its chance instead of looking, and the model does
in one loop, without a call, whatever happens to nobody. Nothing here is Mesa's way but that the
rows are its agents.
"""

from __future__ import annotations

from benchmarks import lean
from benchmarks import reference as ref
from benchmarks.lean import HELPED, NOTICE, ONSET, RECOVER, WORSE, Lean, run

__all__ = ["build", "run"]


class Household(lean.Household):
    """A household that knows its neighbours and the chance that its need rises this week."""

    __slots__ = ("needy", "acting", "rising")

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


class Kept(Lean):
    """A town of objects that keep counts."""

    kind = Household

    def __init__(self, town: ref.Town, seed: int):
        super().__init__(town, seed)
        for household in self.households:
            household.needy = sum(
                neighbour.stage >= ref.MANIFEST for neighbour in household.neighbours
            )
            household.acting = sum(
                n.would_act and n.stage == ref.NONE for n in household.neighbours
            )
            household.expect()

    def live(self):
        """The week of every household: one loop that also counts, and a call only where something
        happens.
        """
        random, recover, helped, notice = self.random.random, RECOVER, HELPED, NOTICE
        self.counts = counts = [0] * 4
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

    def count(self):
        """Households by stage."""
        return self.counts


def build(town: ref.Town, seed: int) -> Kept:
    """The town in week 0."""
    return Kept(town, seed)
