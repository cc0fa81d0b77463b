"""Whether two engines of the model give the same distributions: `python -m benchmarks.equality
--root OTHER_CHECKOUT`.

Both simulate a small town with many seeds, as it is and with every lever on. Every weekly column is
compared by year: its mean over the seeds by Welch's test, its spread by Brown and Forsythe's (the
test of Levene around the median). Equal engines fail with a chance of at most 1e-6 in all
(Bonferroni). Also printed: the smallest difference of a mean that would have been found in most
columns, as a share of that mean.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

ROOT = Path(__file__).parents[1]
FALSE_ALARM = 1e-6
RUN = """
import sys
import pandas as pd
from sim.model.course import Course
from tests.laws import EVERY_LEVER, changed, steps
from tests.towns import small_scenario

out, households, first, last, years = sys.argv[1], *map(int, sys.argv[2:])
scenario = small_scenario(households, run_in_weeks=26, years=years)
arms = {"as it is": scenario, "every lever": changed(scenario, steps=steps(EVERY_LEVER))}
found = []
for seed in range(first, last):
    for name, arm in arms.items():
        table = Course(arm, seed).run()
        means = table.groupby(table.pop("week") // 52).mean().stack()
        found.append(means.rename((name, seed)))
pd.concat(found, axis=1).to_pickle(out)
"""


def sample(root: Path, first: int, households: int, seeds: int, years: int) -> pd.DataFrame:
    """Yearly means of the weekly columns, (year and column) x (arm and seed), of the checkout at
    `root` with `seeds` from `first` on; two processes share them.
    """
    with tempfile.TemporaryDirectory() as folder:

        def part(number: int) -> pd.DataFrame:
            out = Path(folder) / f"{number}.pickle"
            bounds = (first + seeds * number // 2, first + seeds * (number + 1) // 2)
            line = [sys.executable, "-c", RUN, str(out), str(households), *map(str, bounds)]
            env = os.environ | {"PYTHONPATH": str(root)}
            subprocess.run([*line, str(years)], cwd=root, env=env, check=True)
            return pd.read_pickle(out)

        with ThreadPoolExecutor(2) as pool:
            return pd.concat(list(pool.map(part, range(2))), axis=1)


def compared(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """A row an arm, year and column: both means, and the chance of so great a difference of mean
    and of spread between equal engines.
    """
    rows = []
    for arm in here.columns.get_level_values(0).unique():
        for at in here.index.intersection(there.index):
            one, other = here.loc[at, arm].to_numpy(), there.loc[at, arm].to_numpy()
            if np.ptp(np.concatenate([one, other])) == 0:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                mean = stats.ttest_ind(one, other, equal_var=False).pvalue
                spread = stats.levene(one, other, center="median").pvalue
            error = float(np.hypot(one.std(ddof=1), other.std(ddof=1)) / np.sqrt(one.size))
            rows.append((arm, *at, one.mean(), other.mean(), error, mean, spread))
    names = ["arm", "year", "column", "here", "there", "error", "p of mean", "p of spread"]
    return pd.DataFrame(rows, columns=names)


def main() -> int:
    """Print the comparison; 1 where the engines differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--households", type=int, default=2000)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    size = given.households, given.seeds, given.years
    other = 1 + given.seeds  # seeds of its own: equal seeds share draws, and the samples must not
    table = compared(sample(ROOT, 1, *size), sample(given.root.resolve(), other, *size))
    if given.keep:
        table.to_csv(given.keep, index=False)
    tests = 2 * len(table)
    worst = table[["p of mean", "p of spread"]].min(axis=1).fillna(1.0)
    print(table.loc[worst.nsmallest(12).index].to_string(index=False))
    scale = table["there"].abs().replace(0, np.nan)
    print(f"median standard error of a difference: {(table['error'] / scale).median():.2%}")
    limit = FALSE_ALARM / max(1, tests)
    failed = int((worst < limit).sum())
    print(f"{tests} tests, {failed} below {limit:.1e}; smallest {worst.min():.1e}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
