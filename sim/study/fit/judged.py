"""How far the model is from a town's own figures, and where the knobs should be turned.

A figure is missed where its implausibility (as in `sim.study.match`) is above CUTOFF. Its variance
holds the error with which people count, the coarseness of the model (DISCREPANCY of the figure), the
luck of the one year that was counted, and the luck of the seeds that were lived. A stand-in for the
model proposes settings of the knobs; it accepts none: what is kept was lived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.fit.figures import KnownFigure
from sim.study.fit.knobs import KNOBS, POSTS
from sim.study.match.emulator import held_out_error, quadratic
from sim.study.match.implausibility import implausibilities
from sim.study.match.settings import CUTOFF
from sim.study.match.targets import Target

DISCREPANCY = 0.10  # standard deviation of the model's coarseness, as a share of a figure; grade D
EACH_KNOB = np.arange(len(KNOBS))
AT_POSTS = [knob.key for knob in KNOBS].index(POSTS)
SPREAD = np.array([np.log(knob.most) for knob in KNOBS])
FEWEST_TO_TEST = 10  # pairs below which the stand-in cannot be tested on what it has not seen


@dataclass(frozen=True)
class Judge:
    """Own figures with what is tolerated of each: `luck_year` (F,) is the variance of one year of the
    whole town, `luck_run` (F,) that of one run, both in the figure's unit.
    """

    figures: tuple[KnownFigure, ...]
    luck_year: np.ndarray
    luck_run: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """The own figures (F,)."""
        return np.array([one.own for one in self.figures])

    @property
    def sd(self) -> np.ndarray:
        """Standard deviation that is tolerated of each figure (F,), the luck of runs apart."""
        counted = np.array([max(one.error * one.own, one.declared.floor) for one in self.figures])
        coarse = np.array(
            [0 if one.declared.posts else DISCREPANCY * one.own for one in self.figures]
        )
        return np.sqrt(counted**2 + coarse**2 + self.luck_year)

    @property
    def targets(self) -> list[Target]:
        """The figures as targets of a match."""
        return [
            Target(one.key, one.key, one.own, one.own - 2 * sd, one.own + 2 * sd)
            for one, sd in zip(self.figures, np.maximum(self.sd, 1e-9), strict=True)
        ]

    def distances(self, values: np.ndarray, more: np.ndarray | float = 0.0) -> np.ndarray:
        """Returns the implausibility (n, F) of values (n, F), each of one run; `more` is further
        variance (F,).
        """
        return implausibilities(values, self.luck_run + more, self.targets)

    def kept(self, distances: np.ndarray) -> np.ndarray:
        """Returns which rows of implausibilities (n, F) miss no figure (n,)."""
        return np.asarray((distances <= CUTOFF).all(axis=1))


def luck(runs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the variance (F,) of one year and of the mean of the years, from the runs of worlds
    with several seeds, each (seeds, 1 + years, F).
    """
    from sim.study.match.implausibility import noise_variance

    years = [run[:, year] for run in runs for year in range(1, run.shape[1])]
    return noise_variance(years), noise_variance([run[:, 0] for run in runs])


@dataclass(frozen=True)
class StandIn:
    """What the model would say if the knobs were turned elsewhere, learned from pairs of runs of the
    same world: the change of the logarithm of each figure over the change of the knobs.
    """

    judge: Judge
    surfaces: list
    errors: np.ndarray

    @classmethod
    def learned(cls, judge: Judge, moved: np.ndarray, changes: np.ndarray) -> StandIn:
        """Returns a stand-in from settings (n, K) and the changes of the figures there (n, F), on
        the log scale.
        """
        surfaces, errors = [], []
        for column in changes.T:
            there = np.isfinite(column)
            x, y = moved[there], column[there]
            surfaces.append(_surface(x, y))
            tested = len(y) >= FEWEST_TO_TEST
            errors.append(held_out_error(x, y, _surface) if tested else float(np.var(y)) / 4)
        return cls(judge, surfaces, np.array(errors))

    def values(self, known: np.ndarray, at: np.ndarray, moved: np.ndarray) -> np.ndarray:
        """Returns the figures (n, F) at settings (n, K) of a world of which `known` (F,) was lived
        at the setting `at` (K,).
        """
        found = []
        for place, figure in enumerate(self.judge.figures):
            if figure.declared.posts:
                change = moved[:, AT_POSTS] - at[AT_POSTS]
                found.append(known[place] * np.exp(change))
                continue
            surface = self.surfaces[place]
            change = surface(moved) - surface(at[None, :])
            least = smallest(figure)
            found.append((known[place] + least) * np.exp(np.clip(change, -3, 3)) - least)
        return np.column_stack(found)

    def variance(self, values: np.ndarray) -> np.ndarray:
        """Returns the variance (n, F) of the stand-in's own errors at values (n, F)."""
        exact = np.array([bool(one.declared.posts) for one in self.judge.figures])
        least = np.array([smallest(one) for one in self.judge.figures])
        return np.where(exact, 0.0, self.errors * (values + least) ** 2)


def smallest(figure: KnownFigure) -> float:
    """Returns what is added to a figure before its logarithm is taken."""
    return max(figure.declared.floor, 0.05 * figure.own, 1e-6)


def logs(figures: Sequence[KnownFigure], values: np.ndarray) -> np.ndarray:
    """Returns figures (..., F) on the log scale."""
    return np.log(values + np.array([smallest(one) for one in figures]))


def _surface(x: np.ndarray, y: np.ndarray):
    if len(y) < 2:
        return lambda at: np.zeros(len(at))
    return quadratic(x, y, EACH_KNOB)


def misfit(distances: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Returns how badly settings (n, K) fit (n,): the squares of the implausibilities, and those of
    the way of each knob in its range, so that a knob about which nothing is known stays.
    """
    bounded = np.minimum(distances, 1e3)
    return (bounded**2).sum(axis=1) + ((moved / SPREAD) ** 2).sum(axis=1)
