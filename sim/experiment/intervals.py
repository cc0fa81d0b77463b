"""Over seeds: means with their intervals, and how many seeds it takes before anything is called better, worse or decided."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

CONFIDENCE = 0.95
FEWEST = 4  # seeds or pairs below which a run is a trial: no mark, no verdict
NOISE = 1e-6  # of a step: a spread below it is rounding


def with_floor(
    spread: np.ndarray, step: np.ndarray, n: np.ndarray, moves: np.ndarray
) -> np.ndarray:
    """Standard deviations of n numbers each, those of counts that are all alike raised to what one event more would make them.

    Equal counts are no certainty: had one thing more happened in one of n runs, their standard deviation would be
    step / sqrt(n), the least that counts not all equal can have. `step` is what one event adds (0: no count), `moves` whether
    any of the numbers is not exactly 0: what is 0 in every run stays without a spread.
    """
    alike = moves & (spread < NOISE * step)
    return np.where(alike, step / np.sqrt(np.maximum(n, 1)), spread)


def over_seeds(
    yearly: pd.DataFrame, confidence: float = CONFIDENCE, steps: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """(year, measure, mean, low, high, seeds) of a table (seed, year, measure, value), in its order.

    low and high bound the t interval of the mean: the luck of the draw alone. NaN where fewer than two seeds have a value.
    steps: what one event adds to each measure that counts; equal counts have an interval of one event more or less.
    """
    grouped = yearly.groupby(["year", "measure"], sort=False)["value"]
    table = grouped.agg(["mean", "std", "count"]).reset_index().rename(columns={"count": "seeds"})
    several = table["seeds"].where(table["seeds"] > 1)
    step = table["measure"].map(steps or {}).fillna(0.0).to_numpy(dtype=float)
    spread = with_floor(
        table["std"].to_numpy(), step, table["seeds"].to_numpy(), (table["mean"] != 0).to_numpy()
    )
    half = stats.t.ppf((1 + confidence) / 2, several - 1) * spread / np.sqrt(several)
    return table.assign(low=table["mean"] - half, high=table["mean"] + half)[
        ["year", "measure", "mean", "low", "high", "seeds"]
    ]
