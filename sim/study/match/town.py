"""The town that a match lives in: the reference town without policy and without trend, with a set
of parameter values, a few years after its run-in.

Posts follow: a town that nobody counted has the posts at which its desks are as loaded as desks
usually are. So each set is lived twice, with the posts as the organisation has them and then with
those that its load asks for (`regions.retuned`); `posts = "given"` leaves them as they are. The
first of the two lasts LOAD_YEARS only. Far from the declared values a town settles slowly, so that
the run-in must be as long as that of a comparison: with 260 weeks, loads and compounded needs came
out up to a third too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.declared import Parameters
from sim.files.toml import SHIPPED
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.cells import Cell
from sim.study.design import with_draw
from sim.study.match.settings import FOLLOW, HOUSEHOLDS
from sim.study.match.targets import Target
from sim.study.measures import Years
from sim.study.regions import retuned
from sim.study.shrink import resized, smaller
from sim.study.store import read_cell
from sim.towns.composition import margins

TOWN = "towns/reference.toml"
KEPT = ("years", "start")  # tables of a cell
KEPT_OF_YEAR = ("total", "mean")  # of each column of a year
LOAD_YEARS = 2  # of a run that is only asked for its load


def reference_scenario(town: str | Path = TOWN) -> Scenario:
    """Returns the scenario of the reference town: no policy, no trend."""
    return load(SHIPPED / "base.toml", overrides={"town": str(town), "trend": "none"})


def residents_of(scenario: Scenario, households: int) -> int:
    """Returns the residents of a town that has about so many households."""
    people = scenario.people
    whole = int(margins(people, Parameters(scenario.parameters)).homes.sum())
    return max(1, round(people.population * households / whole))


def years_needed(targets: Sequence[Target]) -> int:
    """Returns the last year that any target looks at."""
    return max(target.last_year for target in targets)


@dataclass(frozen=True)
class MatchTown:
    """The ground of a match: a scenario in a town of about so many `households`, and what is
    measured of it.
    """

    scenario: Scenario
    targets: tuple[Target, ...]
    households: int = HOUSEHOLDS
    posts: str = FOLLOW

    @cached_property
    def residents(self) -> int:
        """Residents of the town."""
        return residents_of(self.scenario, self.households)

    def cell(self, values: Mapping[str, float], seed: int, load: float | None = None) -> Cell:
        """Returns the cell of a set of parameter values; `load` is the one that its posts shall
        answer to, None leaves them as they are.
        """
        scenario = with_draw(self.scenario, values)  # before the size, which scales hours of desks
        people = scenario.people
        if self.residents <= people.population:
            scenario = smaller(scenario, self.residents)
        else:
            larger = people.model_copy(update={"population": self.residents})
            scenario = resized(scenario, larger)
        scenario = scenario.model_copy(update={"years": years_needed(self.targets)})
        return Cell(scenario if load is None else retuned(scenario, load), seed)

    def load_cell(self, values: Mapping[str, float], seed: int) -> Cell:
        """Returns the cell in which the load with the posts as they are is looked at."""
        whole = self.cell(values, seed)
        years = min(LOAD_YEARS, whole.scenario.years)
        return Cell(whole.scenario.model_copy(update={"years": years}), seed)

    def values(self, folder: Path) -> np.ndarray:
        """Returns what each target's measure is in a finished cell (T,)."""
        return target_values(folder, self.targets, self.residents)

    def load(self, folder: Path) -> float:
        """Returns the mean load of the desks in a finished `load_cell`."""
        return float(mean_year(folder, self.residents, 1, LOAD_YEARS).mean["load"].iloc[0])


def target_values(folder: Path, targets: Sequence[Target], population: float) -> np.ndarray:
    """Returns what each target's measure is in a finished cell (T,): its formula over the mean of
    the years that the target looks at; NaN where there is nothing to measure.
    """
    looked = {
        window: mean_year(folder, population, *window) for window in {t.window for t in targets}
    }
    found = [float(one.formula()(looked[one.window]).iloc[0]) for one in targets]
    return np.where(np.isfinite(found), found, np.nan)


def mean_year(folder: Path, population: float, first: int, last: int) -> Years:
    """Returns the mean of the years `first` to `last` of a finished cell as one year."""
    return mean_years(folder, population, [(first, last)])[0]


def mean_years(folder: Path, population: float, windows: Sequence[tuple[int, int]]) -> list[Years]:
    """Returns the mean of the years of each window (first, last) of a finished cell as one year; the
    cell is read once.
    """
    long = read_cell(folder, "years").to_pandas()
    households = float(read_cell(folder, "start").to_pandas()["households"].iloc[0])
    wide = {name: long.pivot(index="year", columns="column", values=name) for name in KEPT_OF_YEAR}
    found = []
    for first, last in windows:
        total, average = (one.loc[first:last].mean().to_frame(first).T for one in wide.values())
        found.append(Years(total, average, population, households))
    return found
