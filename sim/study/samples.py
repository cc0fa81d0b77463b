"""Draws of the parameters: in each the posts are tuned until the desks of the reference carry the
load that they carry at the declared values; a draw in which the town is another town nevertheless
is dropped, and why is kept.

Posts that nobody counted are an assumption tuned to the declared values: left as they are, nearly
every draw is a town overrun for years or one in which hardly anybody has work. Posts that an
organisation gives by number are facts, and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.study.calibrate import BANDS
from sim.study.regions import POSTS_BY

ROUNDS = 4  # of tuning; most draws need two
NEAR = (BANDS["load"][1] - BANDS["load"][0]) / 2  # from the load at the declared values
SLOPE = (0.5, 4.0)  # of the load over the posts, both as logarithms
FAILED, LOAD, GIVEN = "failed", "load", "given"
Bands = Mapping[int, pd.Series | None]  # means of the reference by draw; None where a cell failed


@dataclass
class Tuning:
    """The posts of one draw: `factor` on those of the scenario, to be tried next; what was tried
    before, each with its load.
    """

    factor: float = 1.0
    tried: list[tuple[float, float]] = field(default_factory=list)

    def learn(self, load: float, wanted: float) -> bool:
        """Notes the load at `factor` and returns whether another factor is worth trying, which is
        `factor` from then on.
        """
        at = self.factor
        self.tried.append((at, load))
        if abs(load - wanted) <= NEAR / 2 or load <= 0:
            return False
        slope = 1.0
        if len(self.tried) > 1:
            before, then = self.tried[-2]
            slope = float(np.clip(-np.log(load / then) / np.log(at / before), *SLOPE))
        self.factor = float(np.clip(at * (load / wanted) ** (1 / slope), *POSTS_BY))
        return self.factor != at

    def settle(self, wanted: float) -> float:
        """Returns the factor whose load was nearest to the one wanted."""
        return min(self.tried, key=lambda one: abs(one[1] - wanted))[0] if self.tried else 1.0


def tune(
    draws: Iterable[int], usual: pd.Series, live: Callable[[Mapping[int, float]], Bands]
) -> tuple[dict[int, float], Bands]:
    """Returns, by draw, the factor on the posts at which the load of the reference is near `usual`,
    and the means of the reference there.

    `live` gives the means of the reference for factors by draw; cells that are kept cost nothing.
    """
    tunings, wanted = {draw: Tuning() for draw in draws}, float(usual["load"])
    left = list(tunings)
    for _round in range(ROUNDS):
        found = live({draw: tunings[draw].factor for draw in left})
        left = [
            draw
            for draw, means in found.items()
            if means is not None and tunings[draw].learn(float(means["load"]), wanted)
        ]
    factors = {draw: tuning.settle(wanted) for draw, tuning in tunings.items()}
    return factors, live(factors)


def why_dropped(means: pd.Series | None, usual: pd.Series, *, tunable: bool) -> tuple[str, ...]:
    """Returns why a draw is no picture of the town; empty where it is one.

    Its load has to be near that of the declared values, and the other means have to lie in the
    bands in which those lie.
    """
    if means is None:
        return (FAILED,)
    reasons = [] if abs(means["load"] - usual["load"]) <= NEAR else [LOAD if tunable else GIVEN]
    reasons += [
        name
        for name, (low, high) in BANDS.items()
        if name != LOAD and low <= usual[name] <= high and not low <= means[name] <= high
    ]
    return tuple(reasons)
