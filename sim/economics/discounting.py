"""Discounting: the first fiscal year counts in full, year t by 1 / (1 + rate)^(t - 1). Costs and effects at the same rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .money import PERSPECTIVES, perspective
from .replicates import difference

RATES = (0.0, 0.02, 0.04)
CHOSEN = 0.02


def factors(years: np.ndarray | pd.Series, rate: float) -> np.ndarray:
    """What a yen of each year (1 = the first fiscal year) is worth in the first year, at `rate` (0.02 = 2 % a year)."""
    return (1.0 + rate) ** -(np.asarray(years, dtype=float) - 1.0)


def present_value(table: pd.DataFrame, rate: float = CHOSEN) -> pd.DataFrame:
    """A table (keys, year, value) summed over its years at their present value: (keys, value)."""
    keys = [name for name in table.columns if name not in ("year", "value")]
    worth = table.assign(value=table["value"] * factors(table["year"], rate))
    return worth.groupby(keys, sort=False)["value"].sum().reset_index()


def net_cost(money: pd.DataFrame, reference: str, view: str, rate: float = CHOSEN) -> pd.DataFrame:
    """(arm, draw, seed, value): present value in yen of what an arm costs more than the reference, seed by seed.

    Above 0 the arm costs more, below 0 it saves: this is minus the net present value of an investment. `view` is one of
    `money.PERSPECTIVES`.
    """
    return present_value(difference(perspective(money, view), reference), rate)


def net_costs(
    money: pd.DataFrame, reference: str, rates: tuple[float, ...] = RATES, chosen: float = CHOSEN
) -> pd.DataFrame:
    """(view, rate, chosen, arm, draw, seed, value): net cost in every perspective at every rate, the chosen rate marked."""
    flows = {view: difference(perspective(money, view), reference) for view in PERSPECTIVES}
    parts = [
        present_value(flow, rate).assign(view=view, rate=rate, chosen=rate == chosen)
        for view, flow in flows.items()
        for rate in sorted({*rates, chosen})
    ]
    return pd.concat(parts, ignore_index=True)[
        ["view", "rate", "chosen", "arm", "draw", "seed", "value"]
    ]
