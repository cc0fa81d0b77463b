"""The baseline over ten years and 20 seeds: `python -m benchmarks.studies.bands`. Bands, and where
the hours go.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pandas as pd

from sim.declared.records import USES
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.calibrate import BANDS, bands_of, inside
from sim.study.cells import live

SEEDS = range(1, 21)


def one(task: tuple[Scenario, int]) -> tuple[pd.DataFrame, pd.Series]:
    """Yearly banded quantities of one seed, and its hours by use in per cent."""
    scenario, seed = task
    town = live(scenario, seed)["town"]
    hours = town[[f"hours_{use}" for use in USES]].sum()
    return bands_of(town, scenario), hours / hours.sum() * 100


def main() -> None:
    """Print, without and with the default trend, the range of yearly values over seeds beside each
    band.
    """
    for title, scenario in (
        ("no trend", load("scenarios/baseline.toml")),
        ("default trend", load("scenarios/baseline.toml", overrides={"trend": "default"})),
    ):
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(one, [(scenario, seed) for seed in SEEDS]))
        bands = pd.concat(
            {seed: table for seed, (table, _hours) in zip(SEEDS, results, strict=True)},
            names=["seed", "year"],
        )
        share = inside(bands).mean()
        print(f"\n{title}: {len(SEEDS)} seeds, {scenario.years} years, yearly means")
        rows = {
            name: [
                *BANDS[name],
                bands[name].min(),
                bands[name].mean(),
                bands[name].max(),
                *(bands[name].xs(year, level="year").mean() for year in (0, 4, 9)),
                share[name] * 100,
            ]
            for name in BANDS
        }
        names = [
            "band low",
            "band high",
            "least",
            "mean",
            "most",
            "year 1",
            "year 5",
            "year 10",
            "% of seed-years inside",
        ]
        print(pd.DataFrame(rows, index=names).T.round(3).to_string())
        print(
            "hours, %:",
            ", ".join(
                f"{name[6:]} {value:.1f}"
                for name, value in pd.concat([hours for _table, hours in results], axis=1)
                .mean(axis=1)
                .items()
            ),
        )


if __name__ == "__main__":
    main()
