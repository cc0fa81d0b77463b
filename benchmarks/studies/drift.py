"""Does a town stand still in which nothing changes? `python -m benchmarks.studies.drift`.

Without trend or policy no stock of needs by field and level (those of fewer than 500 needs pooled
by level), no desk's load and no caseload of public assistance may differ between years 1 to 3 and 8
to 10 by more than 3 % and two standard errors. Source: model 8.4.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd

from sim import smaller
from sim.declared.vocabulary import FIELDS
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.cells import live

EARLY, LATE = range(0, 3), range(7, 10)  # years
LEVELS = ("latent", "manifest", "severe")
FEWEST = 500  # needs of a row of its own
MARGIN, ERRORS = 0.03, 2.0
YEARS = 10


def reference(residents: int) -> Scenario:
    """The reference town at `residents`, without trend or policy."""
    scenario: Scenario = smaller(load("scenarios/baseline.toml"), residents)
    return scenario.model_copy(update={"years": YEARS})


def lived(task: tuple[Scenario, int]) -> pd.DataFrame:
    """Means of one seed in the early and the late years: a column a period, a row a stock."""
    scenario, seed = task
    tables = live(scenario, seed)
    year = tables["town"]["week"] // 52
    columns = {"assistance": tables["town"]["assistance_weeks"]}
    for name, table in tables["field"].groupby("field"):
        for level in LEVELS:
            columns[f"needs:{level}:{name}"] = table[level].reset_index(drop=True)
    for name, table in tables["agency"].groupby("agency"):
        load_of = table["load"].reset_index(drop=True)
        if load_of.notna().any():
            columns[f"load:{name}"] = load_of
    weekly = pd.DataFrame(columns)
    return pd.DataFrame(
        {
            "early": weekly[year.isin(EARLY)].mean(),
            "late": weekly[year.isin(LATE)].mean(),
        }
    )


def drift(towns: list[pd.DataFrame]) -> pd.DataFrame:
    """What each stock and load has moved by, as a share of where it stood: columns early, late,
    drift and its standard error, over the towns.
    """
    early, late = (
        pd.concat([one[when] for one in towns], axis=1, ignore_index=True)
        for when in ("early", "late")
    )
    pooled = {name: _pooled(name, early.loc[name].sum()) for name in early.index}
    early, late = (one.groupby(pooled).sum(min_count=1) for one in (early, late))
    before = early.mean(axis=1)
    change = late.sub(early).div(before, axis=0)
    return pd.DataFrame(
        {
            "early": before,
            "late": late.mean(axis=1),
            "drift": change.mean(axis=1),
            "error": change.std(axis=1, ddof=1) / np.sqrt(change.notna().sum(axis=1)),
        }
    )


def _pooled(name: str, needs: float) -> str:
    """The row to which a stock belongs: its own, or that of its level where it is small."""
    kind, *level = name.split(":")
    return f"needs:{level[0]}:others" if kind == "needs" and needs < FEWEST else name


def main() -> None:
    """Print what each stock and load has moved by, and whether that is within the law."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=40_000)
    parser.add_argument("--seeds", type=int, default=20)
    chosen = parser.parse_args()
    tasks = [(reference(chosen.residents), seed) for seed in range(1, chosen.seeds + 1)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        moved = drift(list(pool.map(lived, tasks)))
    moved["holds"] = moved["drift"].abs() <= MARGIN + ERRORS * moved["error"]
    print(f"{chosen.seeds} seeds, {chosen.residents:,} residents, {len(FIELDS)} fields")
    print(moved.round(4).to_string())
    print(f"{moved['holds'].sum()} of {len(moved)} hold")


if __name__ == "__main__":
    main()
