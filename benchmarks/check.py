"""The same trajectories within sampling error: every implementation against ours, many seeds of a
small town.
"""

from __future__ import annotations

import importlib

import numpy as np
from scipy import stats

from benchmarks import reference

RESIDENTS, WEEKS, YEAR = 10_000, 260, 52
SEEDS = {"keyed": 400, "starsims": 80, "kept": 80, "lean": 80, "objects": 40}
FALSE_ALARM = 1e-3  # chance that this check refuses implementations that are all alike


def trajectories(name: str) -> np.ndarray:
    """Counts (seeds, years, 6) at the end of each year."""
    implementation = importlib.import_module(f"benchmarks.{name}")
    town = reference.town(RESIDENTS, WEEKS)
    return np.stack(
        [
            implementation.run(implementation.build(town, seed), WEEKS)[YEAR - 1 :: YEAR]
            for seed in range(SEEDS[name])
        ]
    )


def main(names: list[str]) -> int:
    """Print means and z-scores; 1 if any is further off than chance allows."""
    ours = trajectories("keyed")
    others = {name: trajectories(name) for name in names if name != "keyed"}
    limit = FALSE_ALARM / max(1, len(others) * ours[0].size)
    print(
        f"\n{RESIDENTS:,} residents, mean over seeds at the end of each year, and in brackets the distance from ours in "
        "standard errors\n"
    )
    print(f"{'year':>4} {'':10}{'keyed':>9}" + "".join(f"{name:>17}" for name in others))
    smallest, furthest = 1.0, 0.0
    for year in range(ours.shape[1]):
        for column, label in enumerate(reference.COLUMNS):
            line = f"{year + 1:>4} {label:10}{ours[:, year, column].mean():9.1f}"
            for found in others.values():
                test = stats.ttest_ind(
                    found[:, year, column], ours[:, year, column], equal_var=False
                )
                line += f"{found[:, year, column].mean():10.1f} ({test.statistic:+.1f})"
                smallest, furthest = min(smallest, test.pvalue), max(furthest, abs(test.statistic))
            print(line)
    print("\nseeds: " + ", ".join(f"{name} {SEEDS[name]}" for name in ("keyed", *others)))
    print(f"largest distance {furthest:.1f}; smallest p {smallest:.2g}, refused below {limit:.2g}")
    return int(smallest < limit)
