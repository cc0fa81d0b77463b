"""Where a town left alone slides: `python -m benchmarks.studies.slide [ranges|starts|levers]`. A
search, not a tuning.

ranges: draws over all declared ranges; which slide over 15 years, which hold, and what decides.
starts: posts x two starts (a normal one, and one after a year and a half with two fifths of the
posts gone and restored since): do the fates stay apart? At default parameters and at the end of the
ranges where exhaustion feeds most on itself. levers: the same posts with each lever, at equal
yearly cost. A town slides when compounded, waiting, exhaustion and vacancies all stand higher in
the last three years than in the first three.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from benchmarks.studies.arms import with_levers
from benchmarks.studies.levers import ARMS, scaled
from sim.declared import declared
from sim.scenario.load import load
from sim.scenario.scenario import Event, Scenario
from sim.study.cells import live
from sim.study.draws import parameter_draws

YEARS, RESIDENTS, DRAWS = 15, 20_000, 48
SIGNS = ("compounded", "waiting", "exhaustion", "vacancies")
POSTS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25)
SEEDS = (1, 2)
SHOCK = Event(kind="budget_cut", week=0, weeks=78, size=0.4)
VICIOUS = {
    "workforce.exhaustion_gain": 0.10,
    "workforce.exhaustion_recovery": 0.02,
    "workforce.exhaustion_quit_beta": 1.1,
    "workforce.exhaustion_quality": 0.5,
    "workforce.vacancy_months": 8.0,
    "workforce.ramp_months": 24.0,
    "workforce.new_productivity": 0.4,
    "intake.admission_limit": 1.6,
}


def base() -> Scenario:
    """Windows that wait in a small reference town, 15 years, default trend."""
    scenario = load("scenarios/baseline.toml", overrides={"trend": "default", "years": YEARS})
    return scenario.model_copy(
        update={"people": scenario.people.model_copy(update={"population": RESIDENTS})}
    )


def staffed(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with `factor` times its posts."""
    organisation = scenario.organisation
    posts = organisation.posts_per_100k * factor
    return scenario.model_copy(
        update={"organisation": organisation.model_copy(update={"posts_per_100k": posts})}
    )


def signs(task: tuple[Scenario, int]) -> dict[str, float]:
    """First and last three years of the four signs and of load, in one run."""
    scenario, seed = task
    town = live(scenario, seed)["town"]
    stages = town.filter(regex="^households_").sum(axis=1)
    values = pd.DataFrame(
        {
            "compounded": town["households_compounded"] / stages * 100,
            "waiting": town["waiting_cases"] / stages * 1000,
            "exhaustion": town["exhaustion"],
            "vacancies": town["vacancies"] / town["posts"].clip(lower=1e-9) * 100,
            "load": town["load"],
        }
    )
    first, last = values[town["week"] < 156].mean(), values[town["week"] >= (YEARS - 3) * 52].mean()
    rises = bool(all(last[sign] > first[sign] for sign in SIGNS))
    return {
        **{f"{name}_first": first[name] for name in values},
        **{f"{name}_last": last[name] for name in values},
        "slides": rises,
    }


def run(tasks: list[tuple[Scenario, int]]) -> pd.DataFrame:
    """`signs` of all tasks, in order."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return pd.DataFrame(list(pool.map(signs, tasks)))


def ranges() -> None:
    """Draws over the declared ranges, and the rank correlation of each parameter with the change of
    load.
    """
    chosen = parameter_draws(declared(), DRAWS, seed=1, fixed=["town.horizon"])
    scenario = base()
    table = run(
        [
            (scenario.model_copy(update={"parameters": {**scenario.parameters, **draw}}), 1)
            for draw in chosen
        ]
    )
    change = table["load_last"] - table["load_first"]
    print(
        f"{DRAWS} draws: {table['slides'].mean() * 100:.0f} % slide in all four signs; "
        f"load rises in {(change > 0).mean() * 100:.0f} %, median {change.median():+.3f}; "
        f"load of the first three years {table['load_first'].quantile([0.05, 0.5, 0.95]).round(2).tolist()}"
    )
    overloaded = table["load_first"] > 1
    print(
        f"started above load 1: {overloaded.mean() * 100:.0f} %; "
        f"of these slide {table['slides'][overloaded].mean() * 100:.0f} %, "
        f"of the others {table['slides'][~overloaded].mean() * 100:.0f} %"
    )
    ends = [f"{s}_{w}" for s in (*SIGNS, "load") for w in ("first", "last")]
    print(table.groupby("slides")[ends].mean().round(3).T.to_string())
    rank = {
        name: spearmanr([draw[name] for draw in chosen], change).statistic for name in chosen[0]
    }
    level = {
        name: spearmanr([draw[name] for draw in chosen], table["load_last"]).statistic
        for name in chosen[0]
    }
    print(
        "\nwith the rise of load: "
        + _strongest(rank)
        + "\nwith the load at the end: "
        + _strongest(level)
    )
    print(f"(|rank correlation| above {2.6 / np.sqrt(DRAWS):.2f} is beyond a 99 % noise floor)")


def _strongest(rank: dict[str, float]) -> str:
    found = sorted(
        (name for name in rank if np.isfinite(rank[name])), key=lambda name: -abs(rank[name])
    )[:12]
    return ", ".join(f"{name} {rank[name]:+.2f}" for name in found)


def starts() -> None:
    """Posts by two starts, at defaults and where exhaustion feeds most on itself."""
    for title, changes in (
        ("default parameters", {}),
        ("exhaustion at the vicious end of its ranges", VICIOUS),
    ):
        scenario = base().model_copy(
            update={
                "trend": base().trend.model_copy(update={"onset": 0.0, "staff": 0.0, "ties": 0.0})
            }
        )
        scenario = scenario.model_copy(update={"parameters": {**scenario.parameters, **changes}})
        tasks = [
            (staffed(scenario, factor).model_copy(update={"events": events}), seed)
            for factor in POSTS
            for events in ((), (SHOCK,))
            for seed in SEEDS
        ]
        start = np.tile(np.repeat(["normal", "shocked"], len(SEEDS)), len(POSTS))
        table = run(tasks).assign(posts=np.repeat(POSTS, 2 * len(SEEDS)), start=start)
        shown = [
            "load_first",
            "load_last",
            "exhaustion_last",
            "vacancies_last",
            "waiting_last",
            "compounded_last",
        ]
        means = table.groupby(["posts", "start"])[shown].mean()
        print(
            f"\n{title}, no trend, {len(SEEDS)} seeds; last three of {YEARS} years\n{means.round(3).to_string()}"
        )


def levers() -> None:
    """Posts by lever at equal yearly cost, default trend: load and the four signs at the end, and
    whether the town slides.
    """
    scenario = base()
    share = RESIDENTS / 63_486  # the levers' budget is that of Kaga: scaled to this town
    rows = []
    tasks = {
        (factor, arm): staffed(with_levers(scenario, scaled(settings, share)), factor)
        for factor in (0.85,)
        for arm, settings in {"reference": {}, **ARMS}.items()
    }
    table = run([(one, seed) for one in tasks.values() for seed in SEEDS])
    for at, (factor, arm) in enumerate(tasks):
        mine = table.iloc[at * len(SEEDS) : (at + 1) * len(SEEDS)]
        rows.append(
            (
                factor,
                arm,
                mine["slides"].sum(),
                *(mine[f"{name}_last"].mean() for name in ("load", *SIGNS)),
            )
        )
    names = ["posts", "lever", f"slides of {len(SEEDS)}", "load", *SIGNS]
    print(pd.DataFrame(rows, columns=names).set_index(["posts", "lever"]).round(3).to_string())


def main() -> None:
    """Run the part named on the command line, or all."""
    parts = {"ranges": ranges, "starts": starts, "levers": levers}
    for name in sys.argv[1:] or parts:
        print(f"\n== {name}", flush=True)
        parts[name]()


if __name__ == "__main__":
    main()
