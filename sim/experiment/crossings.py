"""Worse before better: from which week an arm's yearly mean stays at or below the reference, seed by seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..streams import WEEKS_PER_YEAR

STATES = ("never_worse", "crossed", "censored")
QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}


def crossings(weekly: pd.DataFrame, reference: str, column: str) -> pd.DataFrame:
    """Rows (arm, seed, state, week) from a weekly table (arm, seed, week, `column`): running means of 52 weeks of the difference.

    state: "never_worse" where no running mean is above zero, "censored" where the last one still is, else "crossed" with the last
    week of the first running mean from which none is above zero any more; week is NaN for the other two. Weeks that one of the
    two arms lacks are left out. ValueError for an unknown reference and for fewer than 52 weeks.
    """
    wide = weekly.pivot(index=["seed", "week"], columns="arm", values=column).sort_index()
    if reference not in wide:
        raise ValueError(f"no arm {reference!r} among {', '.join(map(repr, wide.columns))}")
    gaps = wide.drop(columns=reference).sub(wide[reference], axis=0)
    rows = [
        (arm, seed, *_crossing(gap.droplevel("seed")))
        for arm in weekly["arm"].unique()
        if arm != reference
        for seed, gap in gaps[arm].dropna().groupby("seed")
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "state", "week"])


def _crossing(gap: pd.Series) -> tuple[str, float]:
    """State and week of one series of differences by week."""
    if len(gap) < WEEKS_PER_YEAR:
        raise ValueError(f"{len(gap)} weeks are too few for a running mean of {WEEKS_PER_YEAR}")
    windows = np.lib.stride_tricks.sliding_window_view(gap.to_numpy(dtype=float), WEEKS_PER_YEAR)
    worse = np.flatnonzero(windows.mean(axis=1) > 0)
    if not len(worse):
        return "never_worse", np.nan
    if worse[-1] == len(windows) - 1:
        return "censored", np.nan
    return "crossed", float(gap.index[worse[-1] + WEEKS_PER_YEAR])


def crossing_summary(rows: pd.DataFrame) -> pd.DataFrame:
    """By arm: seeds, how many are in each state, and quartiles of the week among the seeds that were ever worse.

    A censored seed counts as later than every week seen; a quartile that falls among them, or of no seed, is NaN.
    """
    counts = pd.crosstab(rows["arm"], rows["state"]).reindex(
        index=rows["arm"].unique(), columns=STATES, fill_value=0
    )
    worse = rows[rows["state"] != "never_worse"]
    weeks = worse["week"].fillna(np.inf).groupby(worse["arm"])
    quartiles = {
        name: weeks.agg(lambda week, part=part: np.quantile(week, part, method="inverted_cdf"))
        for name, part in QUARTILES.items()
    }
    table = counts.assign(**quartiles).replace(np.inf, np.nan)
    table.insert(0, "seeds", counts.sum(axis=1))
    return table.rename_axis(index="arm", columns=None).reset_index()
