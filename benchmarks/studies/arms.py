"""Scenarios beside each other on the same seeds: yearly measures and money by arm, differences
paired by seed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.stats import t

from sim.declared.levers import LEVERS, Step
from sim.economics.costing import cost, read_prices
from sim.economics.quantities import charged, quantities
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.cells import live
from sim.study.measures import measures_by_year
from sim.study.shrink import resized

PRICES = "scenarios/prices/default.toml"
Task, Found = TypeVar("Task"), TypeVar("Found")


def reference_town(residents: int, years: int) -> Scenario:
    """The reference town, without trend or policy, with so many residents."""
    scenario = load("scenarios/baseline.toml")
    people = scenario.people.model_copy(update={"population": residents})
    return resized(scenario, people).model_copy(update={"years": years})


def parser(about: str | None, worlds: int = 12, residents: int = 20_000) -> argparse.ArgumentParser:
    """The arguments that studies in worlds share."""
    found = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    found.add_argument("--worlds", type=int, default=worlds)
    found.add_argument("--residents", type=int, default=residents)
    found.add_argument("--workers", type=int, default=2)
    return found


def in_pool(work: Callable[[Task], Found], tasks: Sequence[Task], workers: int) -> list[Found]:
    """What `work` makes of every task, in their order, in processes of their own."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, tasks))


def with_levers(
    scenario: Scenario, levers: dict[str, dict], start_week: int = 0, **changes
) -> Scenario:
    """The scenario with lever settings in force from `start_week` on, at once; `changes` replace
    other parts of it.
    """
    steps = [
        Step(
            lever=name,
            start_week=start_week,
            settings={key: getattr(LEVERS[name](**settings), key) for key in settings},
        )
        for name, settings in levers.items()
    ]
    return scenario.model_copy(update={"steps": (*scenario.steps, *steps), **changes})


def money(town: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """(year, measure, value): million yen a year by payer, all public payers together, and posts
    and places alone.
    """
    book = read_prices(PRICES)
    yen = cost(charged(quantities(town), scenario.parameters["ledger.unseen_cost_share"]), book)
    yen = yen[yen["adds"] & (yen["view"] == "payers")]
    public = yen[yen["payer"] != "household"].groupby("year")["yen"].sum()
    own = yen[yen["payer"] == "municipality"].groupby("year")["yen"].sum()
    paid = yen[yen["id"].str.startswith(("post_", "place"))].groupby("year")["yen"].sum()
    frame = (
        pd.DataFrame({"cost_public": public, "cost_municipality": own, "cost_posts_places": paid})
        / 1e6
    )
    return (
        frame.rename_axis("year").reset_index().melt("year", var_name="measure", value_name="value")
    )


def one(task: tuple[str, Scenario, int]) -> pd.DataFrame:
    """(arm, seed, year, measure, value) of one arm and seed."""
    arm, scenario, seed = task
    town = live(scenario, seed)["town"].drop(columns="seed")
    households = (
        town.filter(regex="^households_(none|latent|manifest|compounded)$").iloc[0].sum()
        + town["empty_rows"].iloc[0]
    )
    table = pd.concat(
        [measures_by_year(town, scenario.people.population, households), money(town, scenario)]
    )
    return table.assign(arm=arm, seed=seed)


def run(arms: dict[str, Scenario], seeds: range, workers: int = 2) -> pd.DataFrame:
    """All arms on all seeds: (arm, seed, year, measure, value)."""
    tasks = [(name, scenario, seed) for seed in seeds for name, scenario in arms.items()]
    return pd.concat(in_pool(one, tasks, workers), ignore_index=True)


def differences(table: pd.DataFrame, reference: str, years: tuple[int, ...]) -> pd.DataFrame:
    """Paired by seed: mean difference from the reference arm with its 95 % t interval, by arm,
    measure and year.
    """
    wide = table[table["year"].isin(years)].pivot_table(
        index=["measure", "year", "seed"], columns="arm", values="value"
    )
    rows = []
    for arm in wide.columns.drop(reference):
        difference = (wide[arm] - wide[reference]).dropna()
        for (measure, year), values in difference.groupby(level=["measure", "year"]):
            half = t.ppf(0.975, max(1, len(values) - 1)) * values.std(ddof=1) / np.sqrt(len(values))
            rows.append(
                (arm, measure, year, values.mean(), values.mean() - half, values.mean() + half)
            )
    return pd.DataFrame(rows, columns=["arm", "measure", "year", "difference", "low", "high"])
