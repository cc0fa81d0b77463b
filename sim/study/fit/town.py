"""The town of a fit: as it is, without measures, shocks and drift, in a world, with its knobs turned;
and what the model says of it in place of each of its own figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.scenario.scenario import Scenario, Trend
from sim.study.cells import Cell
from sim.study.design import DECLARED_VALUES
from sim.study.fit.figures import KnownFigure
from sim.study.fit.knobs import DESK, Turned, effective, turned
from sim.study.match.town import mean_years
from sim.study.shrink import smaller
from sim.study.worlds import NEAR_POSTS, Worlds, worlds_for

YEARS = 3  # lived after the run-in; figures are held against their mean
CENTRAL = DECLARED_VALUES  # the number of the world in which every value is as it is declared
RESIDENTS = 20_000  # of the town that is lived, at the most


def as_it_is(scenario: Scenario) -> Scenario:
    """Returns a scenario without measures, shocks and drift: the standing organisation alone."""
    bare = {"steps": (), "events": (), "trend": Trend(), "years": YEARS, "event_log": False}
    return scenario.model_copy(update=bare)


@dataclass(frozen=True)
class FitTown:
    """A town with its own figures; what is lived has at most `residents`, and what adds up is
    multiplied.
    """

    base: Scenario
    figures: tuple[KnownFigure, ...]
    residents: int = RESIDENTS

    @cached_property
    def ground(self) -> Scenario:
        """The town as it is."""
        return as_it_is(self.base)

    @cached_property
    def worlds(self) -> Worlds:
        """The plausible worlds in which this town can be."""
        return worlds_for(self.base)

    @cached_property
    def lived(self) -> int:
        """Residents of the town that is lived."""
        return min(self.residents, self.base.people.population)

    @property
    def times(self) -> float:
        """By how much what adds up is multiplied."""
        return self.base.people.population / self.lived

    @cached_property
    def _in_worlds(self) -> dict[int, Scenario]:
        return {CENTRAL: self.ground}

    def world(self, number: int) -> Scenario:
        """Returns the town, in its own size, in a world."""
        if number not in self._in_worlds:
            self._in_worlds[number] = self.worlds.scenario(self.ground, number)
        return self._in_worlds[number]

    def desks(self, world: int) -> dict[str, float]:
        """Returns the factors on the posts of single desks at which a world has the staff that the
        town knows by field, as far as the range of the knob goes; empty where it knows none.
        """
        town, found = self.world(world), {}
        for one in self.figures:
            fields = one.declared.posts
            if len(fields) == 1 and (there := posts_in(town, fields)) > 0:
                factor = min(NEAR_POSTS, max(1 / NEAR_POSTS, one.own / there))
                found[f"{DESK}{fields[0]}"] = factor
        return found

    def cell(self, world: int, factors: Turned, seed: int) -> Cell:
        """Returns the cell of a world with its knobs turned."""
        return Cell(smaller(turned(self.world(world), factors), self.lived), seed)

    def moved(self, world: int, factors: Turned) -> np.ndarray:
        """Returns by how much each knob really moves a world (K,), on the log scale."""
        return effective(self.world(world), factors)

    def values(self, folder: Path, world: int, factors: Turned) -> np.ndarray:
        """Returns what the model says of each figure in a finished cell (1 + YEARS, F): the mean of
        the years, then each year; NaN where there is nothing to measure.
        """
        windows = [(1, YEARS), *((year, year) for year in range(1, YEARS + 1))]
        looked = mean_years(folder, self.lived, windows)
        town = turned(self.world(world), factors)
        return np.array(
            [
                [
                    posts_in(town, one.declared.posts)
                    if one.declared.posts
                    else one.value(year) * (self.times if one.adds_up else 1.0)
                    for one in self.figures
                ]
                for year in looked
            ]
        )


def posts_in(scenario: Scenario, fields: Sequence[str]) -> float:
    """Returns the posts that an organisation has at the desks of these fields."""
    organisation, residents = scenario.organisation, scenario.people.population
    return sum(
        sum(organisation.posts_of(agency, residents).values())
        for agency in organisation.agencies
        if agency.field in fields
    )
