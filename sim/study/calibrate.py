"""The tuning of the defaults: posts of `windows_that_wait` such that each desk's load is about 0.9
where the town has settled.

No rate is tuned. Run `python -m sim.study.calibrate` to see it, with `--write` to keep it. Seeds
are fixed: the result is reproducible.
"""

from __future__ import annotations

import argparse
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from sim.declared.records import STOCKS, column_names
from sim.files.toml import write_whole
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.shrink import smaller

TARGET_LOAD = 0.9
POSTS_RANGE = (25.0, 100.0)  # posts per 100,000 residents that the specification allows
BANDS = {
    "latent_percent": (7.0, 16.0),
    "manifest_percent": (4.0, 9.0),
    "compounded_percent": (1.0, 3.6),
    "load": (0.80, 1.00),
    "first_contacts_per_100k_month": (60.0, 130.0),
}
SEEDS = tuple(range(101, 105))  # for tuning; the bands are confirmed on seeds 1-20
ROUNDS, TUNING_YEARS = 8, 10
SETTLED = 0.01  # of load: rounds end once no desk is further from its target
TOWN_RESIDENTS = 40_000  # to which larger towns are reduced for their tuning
EARLY = 3  # years
NO_TREND = {"onset": 0.0, "staff": 0.0, "ties": 0.0, "alone": 0.0}
FREE_POSTS = (
    r"posts = \{[^}]*\}  # assumed(?![^\n]*L\d)[^\n]*"  # not bound by a line of the guidebook
)
TOWNS = ("shibuya", "chigasaki", "kaga", "tsubata", "hida", "yaizu", "uwajima", "miyakonojo")
ORGANISATION = Path("scenarios/organisations/windows_that_wait.toml")


def bands_of(town: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Yearly means of the banded quantities for one seed's weekly town table: index year, a column
    a band.
    """
    stages = column_names({"households": STOCKS["households"]})
    contacts = [
        name for name in map(str, town.columns) if re.fullmatch(r"first_contacts_[a-z_]+", name)
    ]
    year = town.groupby(town["week"] // 52)
    share = year[stages].mean().div(year[stages].mean().sum(axis=1), axis=0) * 100
    monthly = year[contacts].sum().sum(axis=1) / 12 / scenario.people.population * 100_000
    return pd.DataFrame(
        {
            "latent_percent": share[stages[1]],
            "manifest_percent": share[stages[2]],
            "compounded_percent": share[stages[3]],
            "load": year["load"].mean(),
            "first_contacts_per_100k_month": monthly,
        }
    )


def inside(bands: pd.DataFrame) -> pd.DataFrame:
    """Returns whether each yearly value lies in its band."""
    return pd.DataFrame(
        {name: bands[name].between(low, high) for name, (low, high) in BANDS.items()}
    )


def _loads(scenario: Scenario, seed: int) -> pd.Series:
    """Returns the mean load of each desk over the years after the run-in, weighted by the staff
    there.
    """
    from sim.study.cells import live

    agency = live(scenario, seed)["agency"]
    weighted = (agency["load"] * agency["staff"]).groupby(agency["agency"]).sum()
    return weighted / agency["staff"].groupby(agency["agency"]).sum().clip(lower=1e-9)


def _mean_loads(scenario: Scenario, seeds: tuple[int, ...], workers: int) -> pd.Series:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return pd.concat(list(pool.map(_loads, [scenario] * len(seeds), seeds)), axis=1).mean(
            axis=1
        )


def with_posts(scenario: Scenario, posts: dict[str, float]) -> Scenario:
    """Returns the scenario with `posts` (by agency id, per 100,000 residents) shared out by its
    organisation.
    """
    total = sum(posts.values())
    agencies = tuple(
        agency.model_copy(update={"share": posts[agency.id] / total})
        for agency in scenario.organisation.agencies
    )
    organisation = scenario.organisation.model_copy(
        update={"posts_per_100k": total, "agencies": agencies}
    )
    return scenario.model_copy(update={"organisation": organisation})


def tune(scenario: Scenario, seeds: tuple[int, ...] = SEEDS, workers: int = 2) -> dict[str, float]:
    """Returns the posts per 100,000 residents by agency at which each desk's mean load is
    TARGET_LOAD, to two decimals.
    """
    rate = scenario.organisation.posts_per_100k
    assert rate is not None  # organisations that are tuned give their posts by rate
    posts = {a.id: rate * a.share for a in scenario.organisation.agencies}
    scenario = scenario.model_copy(update={"years": TUNING_YEARS})
    for number in range(ROUNDS):
        loads = _mean_loads(with_posts(scenario, posts), seeds, workers)
        print(
            f"round {number}: "
            + ", ".join(
                f"{name} {posts[name]:.2f} posts, load {loads[name]:.3f}" for name in posts
            ),
            flush=True,
        )
        if max(abs(loads[name] - TARGET_LOAD) for name in posts) <= SETTLED:
            break
        posts = {
            name: number * float(np.clip(loads[name] / TARGET_LOAD, 0.7, 1.4))
            for name, number in posts.items()
        }
    total = sum(posts.values())
    if not POSTS_RANGE[0] <= total <= POSTS_RANGE[1]:
        raise ValueError(
            f"{total:.1f} posts per 100,000 residents lie outside {POSTS_RANGE[0]:g}-{POSTS_RANGE[1]:g}"
        )
    return {name: round(number, 2) for name, number in posts.items()}


def with_factor(scenario: Scenario, factor: float, free: set[str]) -> Scenario:
    """Returns the scenario with `factor` times the posts of the agencies whose ids are `free`."""
    agencies = tuple(
        agency.model_copy(
            update={"posts": {kind: number * factor for kind, number in agency.posts.items()}}
        )
        if agency.id in free
        else agency
        for agency in scenario.organisation.agencies
    )
    return scenario.model_copy(
        update={"organisation": scenario.organisation.model_copy(update={"agencies": agencies})}
    )


def _posts(scenario: Scenario, agencies: set[str]) -> float:
    return sum(
        sum(agency.posts.values())
        for agency in scenario.organisation.agencies
        if agency.id in agencies
    )


def _load(scenario: Scenario, seed: int) -> float:
    from sim.study.cells import live

    return float(live(scenario, seed)["town"]["load"].mean())


def freely_assumed(text: str) -> set[str]:
    """Returns the ids of the agencies of an organisation's file whose posts are assumed and not
    bound by a line of the guidebook.
    """
    blocks = re.findall(r'(?s)\[\[agencies\]\]\nid = "([^"]+)"(.*?)(?=\n\[|\Z)', text)
    return {name for name, block in blocks if re.search(rf"(?m)^{FREE_POSTS}", block)}


def tune_assumed(
    scenario: Scenario, free: set[str], seeds: tuple[int, ...] = SEEDS[:4], workers: int = 2
) -> float:
    """Factor on the `free` posts of a town at which the mean load of all its desks is TARGET_LOAD,
    or all its posts are as many as POSTS_RANGE allows.
    """
    trend = scenario.trend.model_copy(update=NO_TREND)
    scenario = smaller(scenario, TOWN_RESIDENTS)  # posts and work shrink alike
    scenario, factor = scenario.model_copy(update={"years": TUNING_YEARS, "trend": trend}), 1.0
    loose = _posts(scenario, free)
    total = _posts(scenario, {agency.id for agency in scenario.organisation.agencies})
    part = loose / total
    allowed = POSTS_RANGE[1] * scenario.people.population / 100_000
    most = 1 + (allowed - total) / loose
    for number in range(ROUNDS):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            load_now = float(
                np.mean(
                    list(pool.map(_load, [with_factor(scenario, factor, free)] * len(seeds), seeds))
                )
            )
        print(
            f"{scenario.id}, round {number}: factor {factor:.3f}, load {load_now:.3f}", flush=True
        )
        if abs(load_now - TARGET_LOAD) <= SETTLED:
            break
        factor *= 1 + (float(np.clip(load_now / TARGET_LOAD, 0.7, 1.4)) - 1) / part
    return min(factor, most)


def rescaled(text: str, factor: float) -> str:
    """Returns an organisation's file with every assumed number of posts times `factor`, to two
    decimals; given ones stay.
    """

    def scale(found: re.Match) -> str:
        posts, remark = found.group(0).split("  #")
        scaled = re.sub(
            r"(= )([\d.]+)",
            lambda number: f"{number.group(1)}{float(number.group(2)) * factor:.2f}",
            posts,
        )
        return scaled + "  #" + remark

    return re.sub(rf"(?m)^{FREE_POSTS}", scale, text)


def _with_posts(text: str, posts: dict[str, float]) -> str:
    """Returns the organisation's file with the tuned posts in place; every comment stays."""
    total = sum(posts.values())
    shares = {name: round(number / total, 4) for name, number in posts.items()}
    last = list(shares)[-1]
    shares[last] = round(1 - sum(share for name, share in shares.items() if name != last), 4)
    text = re.sub(r"(?m)^posts_per_100k = [\d.]+", f"posts_per_100k = {total:.2f}", text, count=1)
    for name, share in shares.items():
        text = _with_share(text, name, share)
    return text


def _with_share(text: str, name: str, share: float) -> str:
    """Returns the organisation's file with the share of one agency in place."""
    block = rf'(id = "{name}"\n(?:.*\n)*?share = )[\d.]+'
    return re.sub(block, lambda found: f"{found.group(1)}{share:.4f}", text, count=1)


def _towns(write: bool, workers: int) -> None:
    for name in TOWNS:
        file = ORGANISATION.with_name(f"{name}.toml")
        text = file.read_text(encoding="utf-8")
        overrides = {"town": f"towns/{name}.toml", "organisation": f"organisations/{name}.toml"}
        factor = tune_assumed(
            load("scenarios/base.toml", overrides=overrides), freely_assumed(text), workers=workers
        )
        if write:
            write_whole(file, rescaled(text, factor), overwrite=True)


def calibration_parser() -> argparse.ArgumentParser:
    """Returns what the command line may say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="keep the result in the organisation's file"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--towns", action="store_true", help="the assumed posts of the towns instead"
    )
    return parser


def calibrate_command() -> None:
    """Tune, show, and with --write keep the posts in the organisation's file."""
    chosen = calibration_parser().parse_args()
    if chosen.towns:
        return _towns(chosen.write, chosen.workers)
    posts = tune(load("scenarios/baseline.toml"), workers=chosen.workers)
    print(
        {name: round(number, 2) for name, number in posts.items()},
        "total",
        round(sum(posts.values()), 2),
    )
    if chosen.write:
        write_whole(
            ORGANISATION,
            _with_posts(ORGANISATION.read_text(encoding="utf-8"), posts),
            overwrite=True,
        )


if __name__ == "__main__":
    calibrate_command()
