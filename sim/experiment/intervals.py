"""Over seeds: means with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

CONFIDENCE = 0.95


def over_seeds(yearly: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """(year, measure, mean, low, high, seeds) of a table (seed, year, measure, value), in its order.

    low and high bound the t interval of the mean: the luck of the draw alone. NaN where fewer than two seeds have a value.
    """
    grouped = yearly.groupby(["year", "measure"], sort=False)["value"]
    table = grouped.agg(["mean", "std", "count"]).reset_index().rename(columns={"count": "seeds"})
    several = table["seeds"].where(table["seeds"] > 1)
    half = stats.t.ppf((1 + confidence) / 2, several - 1) * table["std"] / np.sqrt(several)
    return table.assign(low=table["mean"] - half, high=table["mean"] + half)[["year", "measure", "mean", "low", "high", "seeds"]]
