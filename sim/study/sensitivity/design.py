"""Which parameters are moved and at which points: Morris' trajectories or Saltelli's matrices,
through SALib.

A point is a probability for each parameter; its value is the one that the declared distribution has
there, or within a range that a user gives (`match.space`). One column more is the dummy, which no model reads. All points of a
repetition are lived with the same few seeds, so that a move changes nothing but what it moves: what
its effect differs by from seed to seed is luck. Each repetition has seeds of its own; were they the
same everywhere, the luck of one seed would look like an effect.

Sources: Morris 1991 (Technometrics 33, elementary effects); Campolongo, Cariboni and Saltelli 2007
(mu*); Saltelli et al. 2010 (Sobol indices); Herman and Usher 2017 (SALib).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.scenario.scenario import Scenario
from sim.study.design import FIXED
from sim.study.match.space import PLAIN, Axis, Space
from sim.words.errors import between, fault, nearest

DUMMY = "dummy"
MORRIS, SOBOL = "morris", "sobol"
METHODS = (MORRIS, SOBOL)
REPETITIONS = {MORRIS: 8, SOBOL: 64}  # trajectories, rows of a matrix; more tell more
MOST_REPETITIONS = 65_536
LEVELS = 4  # of Morris' grid: the middles of the quarters of each distribution
SEEDS, LEAST_SEEDS = 2, 2  # one could not tell luck
ASSUMED_GRADE = "D"


@dataclass(frozen=True)
class SensitivityDesign:
    """The points of a study: the parameters of `space` by `method`, `repetitions` trajectories (Morris)
    or rows of a matrix (Sobol), each point with `seeds` seeds. The same `draw` gives the same
    points.
    """

    method: str
    space: Space
    repetitions: int
    seeds: int = SEEDS
    draw: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that are moved, by dotted name."""
        return tuple(self.space.names)

    @property
    def problem(self) -> dict[str, Any]:
        """What SALib calls the problem: all inputs from 0 to 1, the dummy last."""
        names = [*self.names, DUMMY]
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    @property
    def block(self) -> int:
        """Points of one repetition."""
        return len(self.names) + (2 if self.method == MORRIS else 3)

    @cached_property
    def sampled(self) -> np.ndarray:
        """The points as SALib drew them (n, d + 1), repetition by repetition."""
        check_salib()
        if self.method == MORRIS:
            from SALib.sample.morris import sample as trajectories

            return trajectories(self.problem, self.repetitions, num_levels=LEVELS, seed=self.draw)
        from SALib.sample.sobol import sample as matrices

        drawn = {"calc_second_order": False, "seed": self.draw}
        return matrices(self.problem, self.repetitions, **drawn)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """The points as probabilities (n, d + 1); a level of Morris' grid is the middle of its
        share.
        """
        if self.method == MORRIS:
            return (self.sampled * (LEVELS - 1) + 0.5) / LEVELS
        return self.sampled

    @cached_property
    def values(self) -> np.ndarray:
        """The values of the parameters at the points (n, d), without the dummy."""
        return self.space.values(self.probabilities[:, :-1])

    def at(self, point: int) -> dict[str, float]:
        """Returns the values of the parameters at one point, by dotted name."""
        return dict(zip(self.names, map(float, self.values[point]), strict=True))

    def seeds_at(self, point: int) -> range:
        """Returns the seeds of a point, which are those of its repetition."""
        first = point // self.block * self.seeds + 1
        return range(first, first + self.seeds)

    @property
    def runs(self) -> int:
        """How many towns are lived for each arm; a move of the dummy alone needs none."""
        blocks = self.sampled[:, :-1].reshape(self.repetitions, self.block, -1)
        return sum(len(np.unique(one, axis=0)) for one in blocks) * self.seeds

    @cached_property
    def moved(self) -> list[tuple[int, np.ndarray, np.ndarray]]:
        """For each input (the dummy last) its place, and the points (r,) before and after its move in
        each repetition; Morris' moves are turned so that the value rises.
        """
        width, first = len(self.names) + 1, np.arange(self.repetitions) * self.block
        if self.method == SOBOL:
            return [(at, first, first + 1 + at) for at in range(width)]
        steps = np.diff(self.sampled.reshape(self.repetitions, self.block, width), axis=1)
        found = []
        for at in range(width):
            step = np.abs(steps[:, :, at]).argmax(axis=1)
            rises = steps[np.arange(self.repetitions), step, at] > 0
            here, there = first + step, first + step + 1
            found.append((at, np.where(rises, here, there), np.where(rises, there, here)))
        return found


def check_salib() -> None:
    """Refuse a study where SALib is not installed."""
    if find_spec("SALib") is None:
        raise fault("sensitivity.extra", at="SALib")


def check_method(method: str, repetitions: int | None) -> int:
    """Returns the repetitions, those of the method where none are given; refuses what cannot be."""
    if method not in METHODS:
        near = nearest(method, METHODS)
        allowed = ", ".join(METHODS)
        raise fault("sensitivity.method", at="--method", given=method, allowed=allowed, near=near)
    chosen = REPETITIONS[method] if repetitions is None else repetitions
    power = method == MORRIS or chosen & (chosen - 1) == 0
    if not (2 <= chosen <= MOST_REPETITIONS and power):
        key = "error.range" if method == MORRIS else "sensitivity.power"
        raise fault(key, at="--repetitions", given=chosen, allowed=between(2, MOST_REPETITIONS))
    return chosen


def chosen_space(
    patterns: Iterable[str], scenarios: Sequence[Scenario], ranges: Space | None = None
) -> Space:
    """Returns the parameters that match a pattern, over their declared distributions: those of grade
    D where there is no pattern; or of those in `ranges`, over these. What a scenario sets itself is
    a fact of its own and is left out.

    A pattern is a subject ("needs"), a dotted name, or either with * and ? ("*.hours_*"). Raises
    ScenarioError for a pattern that matches nothing, and where nothing is left.
    """
    axes = plain_axes() if ranges is None else ranges.axes
    names, patterns = [axis.name for axis in axes], tuple(patterns)
    wanted: set[str] = set()
    for pattern in patterns:
        found = {name for name in names if _matches(name, pattern)}
        if not found:
            subjects = {name.partition(".")[0] for name in names}
            near = nearest(pattern, [*subjects, *names])
            raise fault("sensitivity.pattern", at="--parameters", given=pattern, near=near)
        wanted |= found
    if not patterns:
        every = ranges is not None
        wanted = {one.name for one in axes if every or ASSUMED_GRADE in one.parameter.grade}
    wanted -= set_by_file(scenarios)
    if not wanted:
        raise fault("sensitivity.all_set", at="--parameters", given=", ".join(patterns or names))
    return Space(tuple(axis for axis in axes if axis.name in wanted))


def plain_axes(known: Mapping[str, Parameter] | None = None) -> tuple[Axis, ...]:
    """Returns every parameter that varies, over the distribution that it is declared with."""
    known = declared() if known is None else known
    return tuple(
        Axis(name, one, PLAIN, one.low, one.high, one.value)
        for name, one in sorted(known.items())
        if name not in FIXED and one.low < one.high
    )


def _matches(name: str, pattern: str) -> bool:
    subject, _, last = name.partition(".")
    return any(fnmatchcase(one, pattern) for one in (name, subject, last))


def set_by_file(scenarios: Iterable[Scenario]) -> set[str]:
    """Returns the parameters that any of the scenarios has other than declared."""
    known = declared()
    return {
        name
        for scenario in scenarios
        for name, value in scenario.parameters.items()
        if name in known and value != known[name].value
    }
