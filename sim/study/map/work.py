"""The points of a map lived in plausible worlds: how much each measure moves from the first year to
the last, and whether the town slides or recovers there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.declared.levers import LEVERS
from sim.declared.measure import HIGHER
from sim.scenario.scenario import Scenario
from sim.scenario.study_lines import AxisLines, MapLines
from sim.study.cells import Outcome
from sim.study.executors import staying
from sim.study.gather import ALL_MEASURES
from sim.study.nation.tables import NAMES
from sim.study.search.objective import Effect, effect_of
from sim.study.search.plans import Loader, standing_amount
from sim.study.world_runs import WorldRun, WorldRuns, world_seeds
from sim.study.worlds import worlds_for
from sim.words.errors import fault

SLIDES, RECOVERS, UNDECIDED = "slides", "recovers", "undecided"


@dataclass(frozen=True)
class MapPoint:
    """A point of the map: the values of both axes, and what they set."""

    across: float
    up: float
    settings: dict[str, Any]
    parameters: dict[str, float]

    @property
    def name(self) -> str:
        """The point by its values."""
        return f"{self.across:.9g},{self.up:.9g}"


@dataclass(frozen=True)
class PointState:
    """The state of the town at a point: each measure in the first and in the last year (means over
    the worlds), and how far it moves.
    """

    point: MapPoint
    start: dict[str, float]
    end: dict[str, float]
    moved: dict[str, Effect]

    def verdict(self, measure: str) -> str:
        """Whether the town slides or recovers in a measure: the 95 % interval of its change over the
        worlds lies on one side of 0.
        """
        effect = self.moved[measure]
        lower, higher = effect.decided, effect.worse
        if ALL_MEASURES[measure].better == HIGHER:
            lower, higher = higher, lower
        return RECOVERS if lower else SLIDES if higher else UNDECIDED


@dataclass(frozen=True)
class TownMap:
    """A finished map: `states` holds the state at every point, row by row from the lowest values on.

    base: the scenario without a point's settings. lines: the two axes, measures and worlds as the
    file says. residents: how many the town was lived with. failed: the runs that failed.
    """

    base: Scenario
    lines: MapLines
    states: tuple[PointState, ...]
    residents: int
    failed: tuple[Outcome, ...] = ()

    @property
    def measures(self) -> tuple[str, str]:
        """The measure by which a point slides or recovers, and the one beside."""
        return self.lines.measure, self.lines.beside

    @property
    def table(self) -> pd.DataFrame:
        """A row a point and measure: start, end, change with its interval, worlds, verdict."""
        return pd.DataFrame([_row(state, name) for state in self.states for name in self.measures])

    def __repr__(self) -> str:
        counts = pd.Series([one.verdict(self.lines.measure) for one in self.states]).value_counts()
        told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
        return f"<TownMap {self.base.id!r} of {self.lines.measure!r}: {told}>"


def _row(state: PointState, name: str) -> dict[str, Any]:
    effect = state.moved[name]
    return {
        "across": state.point.across,
        "up": state.point.up,
        "measure": name,
        "start": state.start[name],
        "end": state.end[name],
        "change": effect.mean,
        "low": effect.low,
        "high": effect.high,
        "falls_in": effect.better,
        "worlds": effect.worlds,
        "by_luck": effect.luck,
        "verdict": state.verdict(name),
    }


def map_points(lines: MapLines, base: Scenario) -> list[MapPoint]:
    """Returns the points of a map, row by row from the lowest values on."""
    return [
        MapPoint(
            across,
            up,
            {**_settings(lines.across, across, base), **_settings(lines.up, up, base)},
            {**_parameters(lines.across, across), **_parameters(lines.up, up)},
        )
        for up in lines.up.values
        for across in lines.across.values
    ]


def of_lever(axis: AxisLines) -> bool:
    """Whether an axis is a setting of a lever, not a parameter."""
    lever, _, name = axis.setting.partition(".")
    return lever in LEVERS and name in LEVERS[lever].model_fields


def _settings(axis: AxisLines, value: float, base: Scenario) -> dict[str, Any]:
    """Returns the settings of levers at a value of an axis; an amount comes on top of what the
    organisation has, and 0 leaves the town as it is.
    """
    if not of_lever(axis) or not value:
        return {}
    lever, _, name = axis.setting.partition(".")
    beyond = standing_amount(base.organisation.practice, lever, name)
    own = {f"levers.{lever}.{more}": one for more, one in axis.together.items()}
    return {f"levers.{axis.setting}": f"+{value:.9g}" if beyond else value, **own}


def _parameters(axis: AxisLines, value: float) -> dict[str, float]:
    return {} if of_lever(axis) else {axis.setting: value}


@dataclass
class MapWork:
    """A map under way. `load` gives the town with settings by dotted key laid over its file."""

    lines: MapLines
    load: Loader
    runs: WorldRuns

    def run(self) -> TownMap:
        """Compute what is missing and return the map; raises like `runs.compute_chunks`."""
        base = self.load({})
        points = map_points(self.lines, base)
        self.runs.add({point.name: self._scenario(point) for point in points})
        self.runs.fixed |= {point.name: point.parameters for point in points}
        worlds = worlds_for(base).numbers[: self.lines.worlds]
        places = world_seeds(worlds, self.lines.seeds)
        wanted = {
            point.name: [WorldRun(point.name, *place, self.lines.residents) for place in places]
            for point in points
        }
        with staying(self.runs.where):
            self.runs.compute([run for at in range(len(places)) for run in _nth(wanted, at)])
        states = [self._state(point, wanted[point.name]) for point in points]
        lived = self.runs.cell(wanted[points[0].name][0]).scenario.people.population
        return TownMap(base, self.lines, tuple(states), lived, tuple(self.runs.failed))

    def _scenario(self, point: MapPoint) -> Scenario:
        """Returns the town at a point; raises ScenarioError where it cannot be."""
        own = {f"parameters.{name}": value for name, value in point.parameters.items()}
        return self.load({**point.settings, **own})

    def _state(self, point: MapPoint, wanted: list[WorldRun]) -> PointState:
        values = self.runs.values(wanted)
        if not values:
            raise fault("map.all_failed", at=point.name)
        worlds = dict.fromkeys(run.world for run in values)
        means = [
            np.mean([one for run, one in values.items() if run.world == world], axis=0)
            for world in worlds
        ]
        states: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for name in dict.fromkeys((self.lines.measure, self.lines.beside)):
            at = NAMES.index(name)
            first = np.array([one[0, at] for one in means])
            states[name] = first, np.array([one[-1, at] for one in means])
        return PointState(
            point,
            {name: _mean_of(first) for name, (first, _last) in states.items()},
            {name: _mean_of(last) for name, (_first, last) in states.items()},
            {name: effect_of(last - first) for name, (first, last) in states.items()},
        )


def _mean_of(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else float("nan")


def _nth(wanted: Mapping[str, list[WorldRun]], at: int) -> list[WorldRun]:
    """Returns the run of every point in one world: those that share their start stand together."""
    return [several[at] for several in wanted.values()]
