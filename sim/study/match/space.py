"""What is drawn in a match, and how: each parameter from its graded range, or from a range that a
user gives.

Axes are of three kinds. A *plain* parameter is drawn as its declaration says (see `draws.inverse`).
An *effect* of grade D (a parameter with a null) stands exactly at its null with chance AT_NULL, and
is else uniform on its range, stretched so that it reaches past the null by PAST_NULL of its width:
nothing that is known of towns without a policy tells how strong a policy is, so it must not win by
the range that somebody wrote down. The range of what cannot be below 0 (a chance, a share, a rate,
a number, a ratio whose null is 1) ends at 0; where the null is 0, it has the chance of what is cut.
A *given* range is uniform, on the log scale where the parameter is declared so and the range is
above 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.scenario.values import parameter_limits, possible
from sim.study.design import FIXED
from sim.study.draws import inverse
from sim.words import Phrase
from sim.words.errors import Fault, ScenarioError, between, fault, nearest

AT_NULL = 0.2  # chance that an effect of grade D stands exactly at its null
PAST_NULL = 0.25  # by how much of its width its range is stretched past the null
NO_LESS_THAN_0 = re.compile(r"share|prob|0-1|1/year|places")  # units of what is never negative
MOST_AXES = 21_201  # of a Sobol sequence (Joe and Kuo 2008)
PLAIN, EFFECT, GIVEN = "plain", "effect", "given"


@dataclass(frozen=True)
class Axis:
    """One parameter that is drawn: between `low` and `high`, in the way of its `kind`.

    `null` is the value at which an effect vanishes, as it is declared; `at_null` the chance that it
    stands there.
    """

    name: str
    parameter: Parameter
    kind: str
    low: float
    high: float
    null: float
    at_null: float = 0.0

    @property
    def on_log(self) -> bool:
        """Whether the range is shown and drawn on the log scale."""
        return self.parameter.distribution == "log-triangular" and self.low > 0

    def values(self, u: np.ndarray) -> np.ndarray:
        """Returns the values (n,) at the probabilities `u` (n,); an effect whose null is another
        parameter stands at that parameter's declared value until `Space.values` mends it.
        """
        if self.kind == PLAIN:
            return inverse(self.parameter, u)
        if self.kind == GIVEN:
            low, high = np.log([self.low, self.high]) if self.on_log else (self.low, self.high)
            drawn = low + (high - low) * u
            return np.exp(drawn) if self.on_log else drawn
        free = (u - self.at_null) / (1.0 - self.at_null)
        return np.where(u < self.at_null, self.null, self.low + (self.high - self.low) * free)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Returns where values (n,) lie in the range: 0 at its low end, 1 at its high end."""
        if self.low == self.high:
            return np.zeros(np.shape(values))
        low, high = self.low, self.high
        if self.on_log:
            low, high, values = np.log(low), np.log(high), np.log(values)
        return (values - low) / (high - low)


@dataclass(frozen=True)
class Space:
    """Everything that is drawn: one axis a parameter, in the order of their names."""

    axes: tuple[Axis, ...]

    @property
    def names(self) -> list[str]:
        """The parameters by dotted name."""
        return [axis.name for axis in self.axes]

    @cached_property
    def _of_other(self) -> list[tuple[int, int]]:
        """Effects whose null is another parameter that is drawn too: the places of both."""
        at = {name: place for place, name in enumerate(self.names)}
        return [
            (place, at[axis.parameter.null])
            for place, axis in enumerate(self.axes)
            if axis.kind == EFFECT
            and isinstance(axis.parameter.null, str)
            and axis.parameter.null in at
        ]

    def values(self, u: np.ndarray) -> np.ndarray:
        """Returns the values (n, d) at the points `u` (n, d) of the unit cube."""
        found = np.column_stack([axis.values(u[:, at]) for at, axis in enumerate(self.axes)])
        for place, other in self._of_other:
            at_null = u[:, place] < self.axes[place].at_null
            found[at_null, place] = found[at_null, other]
        return found

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Returns values (n, d) as places in their ranges, 0 to 1."""
        columns = [axis.scaled(values[:, at]) for at, axis in enumerate(self.axes)]
        return np.column_stack(columns)

    def points(self, count: int, seed: int, more: int = 0) -> np.ndarray:
        """Returns `count` points (count, d + more) of a scrambled Sobol sequence: the first of them
        are the same for every count.

        Source: Joe and Kuo 2008, through scipy.stats.qmc.
        """
        return sobol(len(self.axes) + more, count, seed)


def sobol(width: int, count: int, seed: int) -> np.ndarray:
    """Returns the first `count` points (count, width) of the scrambled Sobol sequence of a seed."""
    sequence = qmc.Sobol(width, scramble=True, seed=seed)
    return sequence.random_base2(max(1, int(np.ceil(np.log2(max(2, count))))))[:count]


def space_of(ranges: Mapping[str, Sequence[float]] | None = None) -> Space:
    """Returns what is drawn: all declared parameters from their graded ranges, or only those of
    `ranges` (low and high by dotted name), where all others stay as the scenario has them.

    Raises ScenarioError with every range that cannot be.
    """
    known = declared()
    if ranges is None:
        names = sorted(set(known) - set(FIXED))
        return Space(tuple(declared_axis(name, known) for name in names))
    if not ranges:
        raise fault("match.no_ranges", at="ranges")
    faults: list[Fault] = []
    axes = []
    for name in sorted(ranges):
        try:
            axes.append(given_axis(name, ranges[name], known))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(*faults)
    return Space(tuple(axes))


def declared_axis(name: str, known: Mapping[str, Parameter]) -> Axis:
    """Returns the axis of a parameter as it is declared."""
    one = known[name]
    if one.null is None:
        return Axis(name, one, PLAIN, one.low, one.high, one.value)
    null = float(known[one.null].value if isinstance(one.null, str) else one.null)
    if "D" not in one.grade:
        return Axis(name, one, PLAIN, one.low, one.high, null)
    beyond = PAST_NULL * (one.high - one.low)
    low, high = min(one.low, null - beyond), max(one.high, null + beyond)
    high = high if one.most is None else min(high, one.most)
    positive = NO_LESS_THAN_0.match(one.unit) or (one.unit == "ratio" and null > 0)
    if low >= 0 or not positive:
        return Axis(name, one, EFFECT, low, high, null, AT_NULL)
    cut = -low / (high - low) if null == 0 else 0.0
    return Axis(name, one, EFFECT, 0.0, high, null, AT_NULL + (1.0 - AT_NULL) * cut)


def given_axis(
    name: str, given: Any, known: Mapping[str, Parameter], file: str = "", at: Any = ""
) -> Axis:
    """Returns the axis of a range that a user gives, (low, high); raises ScenarioError for a name
    that is not declared and for what the parameter cannot be.
    """
    place = {"at": at or f"ranges.{name}", "file": file}
    if name not in known:
        near = nearest(name, known)
        raise fault("error.unknown_parameter", given=name, near=near, **place)
    one = known[name]
    try:
        low, high = (float(number) for number in given)
    except (TypeError, ValueError):
        allowed = Phrase("match.two_numbers")
        raise fault("error.type", given=given, allowed=allowed, **place) from None
    if not (low < high and possible(low, one) and possible(high, one)):
        allowed = between(*parameter_limits(one), one.unit)
        raise fault("match.range", given=f"{low:g} - {high:g}", allowed=allowed, **place)
    null = one.null if isinstance(one.null, float) else one.value
    return Axis(name, one, GIVEN, low, high, float(null))
