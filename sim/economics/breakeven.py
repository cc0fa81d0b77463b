"""Break-even: the first year from which the cumulative net cost stays at or below 0 to the horizon, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from .discounting import CHOSEN, factors
from .money import REPLICATE
from .replicates import CONFIDENCE, over

YEARS = (3, 5, 10, 20)
QUANTILES = (0.05, 0.5, 0.95)


def cumulative(parts: pd.DataFrame, rate: float = CHOSEN) -> pd.DataFrame:
    """(arm, draw, seed, year, payer, value): net cost of `impact.parts` in yen up to and with each year, payer by payer.

    At the discount rate of the comparison, so that the last year is the net cost's present value; rate 0 is plain cash.
    """
    net = parts[parts["part"] == "net"].drop(columns="part").sort_values("year", kind="stable")
    net = net.assign(value=net["value"] * factors(net["year"], rate))
    return net.assign(
        value=net.groupby(["arm", *REPLICATE, "payer"], sort=False)["value"].cumsum()
    ).reset_index(drop=True)


def first_years(cumulative: pd.DataFrame) -> pd.DataFrame:
    """(arm, payer, draw, seed, year, same): the first year from which the cumulative net cost stays <= 0, NaN if it never does.

    NaN is censored: it may still come after the horizon, of which nothing is known. same: the net cost is 0 in every year.
    """
    wide = cumulative.pivot(
        index=["arm", "payer", *REPLICATE], columns="year", values="value"
    ).sort_index(axis=1)
    stays = np.logical_and.accumulate(wide.to_numpy()[:, ::-1] <= 0, axis=1).sum(axis=1)
    years = np.append(wide.columns.to_numpy(dtype=float), np.nan)
    first = years[len(years) - 1 - stays]
    return pd.DataFrame(
        {"year": first, "same": (wide == 0).all(axis=1)}, index=wide.index
    ).reset_index()


def break_even(first: pd.DataFrame, horizon: int, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """One row an arm and payer: early, middle and late year (5, 50, 95 %), `never`, and the chance by year 3, 5, 10 and 20.

    `same`: the net cost is exactly 0 in every run and year, so that there is nothing to be paid back; then all of these are NaN.

    A quantile among the censored is NaN. Chances beyond the horizon are NaN. Each chance has the Wilson interval of as many
    independent replicates as there are (draws, or seeds): 20 of 20 is not certainty. Source: Wilson 1927.
    """
    unit = "draw" if over(first) == "draws" else "seed"
    rows = []
    for (arm, payer), part in first.groupby(["arm", "payer"], sort=False):
        same = bool(part["same"].all())
        year = np.sort(part["year"].fillna(np.inf).to_numpy())
        number = part[unit].nunique()
        middle = {
            f"year_{100 * q:02.0f}": np.nan
            if same
            else _finite(np.quantile(year, q, method="inverted_cdf"))
            for q in QUANTILES
        }
        never = np.nan if same else float(np.isinf(year).mean())
        row = {
            "arm": arm,
            "payer": payer,
            **middle,
            "replicates": number,
            "never": never,
            "same": same,
        }
        for by in YEARS:
            chance = float((year <= by).mean()) if by <= horizon and not same else np.nan
            low, high = wilson(chance, number, confidence)
            row |= {f"by_{by}": chance, f"by_{by}_low": low, f"by_{by}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def wilson(share: float, number: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval of a share of `number` independent trials; NaN of NaN."""
    if np.isnan(share):
        return np.nan, np.nan
    z = stats.norm.ppf((1 + confidence) / 2)
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = (
        z
        / (1 + z * z / number)
        * np.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    )
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def _finite(year: float) -> float:
    return float(year) if np.isfinite(year) else np.nan
