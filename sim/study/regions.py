"""Across the graded ranges: how often a claim's direction holds, and which parameter decides it,
measured on draws.

Posts of a town that nobody counted are an assumption: with another set of parameters they are tuned
anew, so that the load of the windows that wait is what it is there (`TARGET_LOAD`). Without that
most sets are towns that are overrun for years, which no municipality would leave as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from sim.scenario.scenario import Claim, Scenario
from sim.study.calibrate import TARGET_LOAD
from sim.study.claims import gaps
from sim.study.design import times_posts
from sim.study.paired import moments
from sim.study.stopping import SIGNS

# that any parameter stands out where none matters, over all parameters of one claim (Bonferroni)
FALSE_ALARM = 0.05
FEWEST = 12  # draws below which no parameter can stand out
POSTS_BY = (0.4, 2.5)  # factor on the posts
DIGITS = 4  # significant, of every number of a record
AS_SAID, OTHER, OPEN = "guidebook", "other", "open"


@dataclass(frozen=True)
class Region:
    """Of `draws` draws, the share in which a claim's direction holds; and the parameter that
    decides, if any stands out.

    rho: rank correlation of the difference, in the claimed direction, with the parameter. floor:
    |rho| that chance alone exceeds for any of the parameters with FALSE_ALARM. low, high: the share
    in the draws below and above the parameter's median.
    """

    draws: int
    share: float
    parameter: str = ""
    rho: float = float("nan")
    floor: float = float("nan")
    median: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Ends:
    """The mean difference of a claim (arm less opponent) with one parameter at the low and at the
    high end of its range.

    low, high: (mean, 95 % interval's lower, upper bound). way_low, way_high: "guidebook" where the
    interval lies beyond the margin in the claimed direction, "other" where it lies beyond 0 in the
    opposite one, else "open". turns: the ends part, the interval of their difference over the same
    seeds spans no 0, and at just one of them the claim goes the guidebook's way.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    way_low: str
    way_high: str
    swing: float
    turns: bool


def ends(at_low: np.ndarray, at_high: np.ndarray, claim: Claim) -> Ends:
    """Returns what a claim is at either end of a parameter's range, from its differences (seeds,)
    there, seed by seed.
    """
    low, high, swing = (interval(sample) for sample in (at_low, at_high, at_high - at_low))
    way_low, way_high = ways = tuple(way(one, claim) for one in (low, high))
    moved = bool(swing[1] > 0 or swing[2] < 0)
    return Ends(low, high, way_low, way_high, swing[0], moved and ways.count(AS_SAID) == 1)


def interval(sample: np.ndarray) -> tuple[float, float, float]:
    """Returns the mean of a sample (n,) and its 95 % interval by Student's t; no wider than the
    mean where all are equal.
    """
    n, mean, spread = (float(one) for one in moments(sample))
    half = float(stats.t.isf(0.025, n - 1)) * spread / np.sqrt(n) if n > 1 else float("nan")
    return mean, mean - half, mean + half


def way(found: tuple[float, float, float], claim: Claim) -> str:
    """Returns which way a mean with its interval goes."""
    sign = SIGNS[claim.direction]
    least, most = sorted(sign * bound for bound in found[1:])
    return AS_SAID if least > claim.margin else OTHER if most < 0 else OPEN


def retuned(scenario: Scenario, load: float) -> Scenario:
    """Returns the scenario with its posts for each 100,000 residents such that a measured `load`
    becomes about TARGET_LOAD.
    """
    return times_posts(scenario, float(np.clip(load / TARGET_LOAD, *POSTS_BY)))


def region(values: pd.DataFrame, claim: Claim, drawn: Mapping[int, Mapping[str, float]]) -> Region:
    """Returns the region of a claim from the values (arm, world, seed, year, measure, value) of
    `drawn` parameters.
    """
    values = values[values["world"].isin(list(drawn))]
    lived = sorted(values["world"].unique())
    means = (
        SIGNS[claim.direction] * moments(gaps(values, claim).reshape(len(lived), -1))[1]
        if lived
        else np.zeros(0)
    )
    gap, at = (
        means[np.isfinite(means)],
        [world for world, mean in zip(lived, means, strict=True) if np.isfinite(mean)],
    )
    if not at:
        return Region(0, float("nan"))
    holds = gap > claim.margin
    share = float(holds.mean())
    floor = false_alarm_threshold(len(at), len(drawn[at[0]]))
    name, rho = strongest_parameter(
        gap, {key: np.array([drawn[world][key] for world in at]) for key in drawn[at[0]]}
    )
    if len(at) < FEWEST or not abs(rho) > floor:
        return Region(len(at), share, rho=rho, floor=floor)
    value = np.array([drawn[world][name] for world in at])
    median = float(np.median(value))
    low, high = (float(holds[half].mean()) for half in (value <= median, value > median))
    return Region(len(at), share, name, rho, floor, median, low, high)


def strongest_parameter(gap: np.ndarray, parameters: Mapping[str, np.ndarray]) -> tuple[str, float]:
    """Returns the parameter (n,) whose ranks go most with those of `gap` (n,), and their
    correlation; nothing where all are alike.
    """
    names = [name for name, value in parameters.items() if np.ptp(value) > 0]
    if len(gap) < 3 or not names or np.ptp(gap) == 0:
        return "", float("nan")
    ranks = stats.rankdata(np.vstack([gap, *(parameters[name] for name in names)]), axis=1)
    rho = np.corrcoef(ranks)[0, 1:]
    best = int(np.argmax(np.abs(rho)))
    return names[best], float(rho[best])


def false_alarm_threshold(draws: int, parameters: int) -> float:
    """|rank correlation| that any of so many idle parameters exceeds with chance FALSE_ALARM; 1
    where there are too few draws.

    Source: Kendall and Stuart, The Advanced Theory of Statistics 2, 31.19 (Student's
    approximation).
    """
    if draws < 3:
        return 1.0
    quantile = stats.t.isf(FALSE_ALARM / parameters / 2, draws - 2)
    return float(quantile / np.sqrt(draws - 2 + quantile**2))


def as_json_value(found: Region | Ends) -> dict[str, Any]:
    """Returns a region, or ends, as JSON holds it: nothing where there is nothing."""
    return {name: _plain(value) for name, value in vars(found).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return rounded(value)
    return None if value == "" else value


def rounded(value: float) -> float | None:
    """DIGITS significant digits; nothing for NaN."""
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None
