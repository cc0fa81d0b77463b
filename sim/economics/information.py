"""Partial value of information: what knowing one group of assumptions would be worth, from draws, by regression.

Source: Strong, Oakley and Brennan 2014: the net benefit regressed on the group's parameters is what one would expect when one
knew them. Here each parameter has a restricted cubic spline (Harrell 2001: five knots) and the fit a ridge whose weight is
chosen by generalised cross-validation (Golub, Heath and Wahba 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..scenario.errors import fault
from .acceptability import evpi

LEAST_DRAWS = 300
KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
RIDGES = np.logspace(-6, 2, 17)  # per row of the table
SHUFFLES = 19


def partial(
    parameters: pd.DataFrame, benefit: pd.DataFrame, groups: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """(group, evppi, floor, evpi, draws), the most valuable first, in the unit of the net benefit.

    `parameters` (index draw, one column a name), `benefit` (index draw, one column an arm: `acceptability.net_benefits`).
    `floor` is the mean estimate for the same numbers set against the wrong draws: what chance alone yields. Draws without a
    result are left out; fewer than LEAST_DRAWS are refused.
    """
    kept = benefit.dropna().index.intersection(parameters.dropna().index)
    if len(kept) < LEAST_DRAWS:
        raise fault("error.few_draws", needed=LEAST_DRAWS, kept=len(kept))
    table, worth = parameters.loc[kept], benefit.loc[kept].to_numpy(dtype=float)
    rows = []
    for group, names in groups.items():
        fit = Fit(table[_known(list(names), group, table)].to_numpy(dtype=float))
        rows.append((group, value(fit, worth), _by_chance(fit, worth), evpi(worth), len(kept)))
    found = pd.DataFrame(rows, columns=["group", "evppi", "floor", "evpi", "draws"])
    return found.sort_values("evppi", ascending=False, kind="stable", ignore_index=True)


class Fit:
    """A ridge regression on splines of some inputs (draws, inputs), ready for any outcome."""

    def __init__(self, inputs: np.ndarray):
        basis = np.column_stack(
            [spline(column) for column in inputs.T if np.ptp(column) > 0] or [np.zeros(len(inputs))]
        )
        spread = basis.std(axis=0)
        scaled = (basis - basis.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        self.left, self.sizes, _ = np.linalg.svd(scaled, full_matrices=False)

    def __call__(self, outcome: np.ndarray) -> np.ndarray:
        """Fitted values (draws,) of an outcome (draws,), at the ridge with the least generalised cross-validation error."""
        rows, mean = len(outcome), outcome.mean()
        along = self.left.T @ (outcome - mean)
        shrink = self.sizes**2 / (self.sizes**2 + rows * RIDGES[:, None])
        left_over = np.sum((outcome - mean) ** 2) - np.sum(
            (1 - (1 - shrink) ** 2) * along**2, axis=1
        )
        error = left_over / (1 - (1 + shrink.sum(axis=1)) / rows) ** 2
        return mean + self.left @ (shrink[error.argmin()] * along)


def spline(values: np.ndarray) -> np.ndarray:
    """The restricted cubic spline basis (draws, up to 4) of one input, straight beyond its outer knots; centred and scaled."""
    x = (values - values.mean()) / values.std()
    knots = np.unique(np.quantile(x, KNOTS))
    if len(knots) < len(KNOTS):
        return x[:, None]
    bend = [np.maximum(x - knot, 0.0) ** 3 for knot in knots]
    last, before = knots[-1], knots[-2]
    bent = [
        bend[k]
        - bend[-2] * (last - knots[k]) / (last - before)
        + bend[-1] * (before - knots[k]) / (last - before)
        for k in range(len(knots) - 2)
    ]
    return np.column_stack([x, *bent])


def value(fit: Fit, worth: np.ndarray) -> float:
    """The partial value of perfect information of a fit, from net benefits (draws, arms)."""
    return evpi(np.column_stack([fit(arm) for arm in (worth - worth[:, :1]).T]))


def _by_chance(fit: Fit, worth: np.ndarray) -> float:
    """The mean value over outcomes moved to other draws: rows keep their arms together, and no luck is drawn."""
    moves = np.linspace(0, len(worth), SHUFFLES + 2).astype(int)[1:-1]
    return float(np.mean([value(fit, np.roll(worth, move, axis=0)) for move in moves]))


def _known(names: list[str], group: str, table: pd.DataFrame) -> list[str]:
    for name in names:
        if name not in table:
            raise fault("error.no_parameter_of_group", group=group, name=name)
    return names
