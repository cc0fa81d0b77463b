"""The full town, everything on: `python -m benchmarks.town --residents 100000 300000 1000000
--weeks 520`.

Seconds of processor time of one core by process of the week, peak memory, and how time grows with
residents (1 is linear). Building and run-in stand apart; the weeks are recorded as any run records
them. Each size has its own process.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from math import ceil
from pathlib import Path

import numpy as np

from benchmarks.__main__ import alone, machine
from benchmarks.measure import resource
from sim.declared.levers import Step
from sim.model.processes import WEEK
from sim.model.start import build
from sim.model.town import Town
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.profile import timed

BASELINE = (
    Path(__file__).parents[1] / "scenarios" / "baseline.toml"
)  # the reference town with windows that wait
SMALL = 2_000  # residents of a town that compiles the kernels
POSTS = 63.0  # for each 100,000 residents
# All levers from week 0 on; what is counted in posts, places or trials is for each 100,000
# residents.
SCALED = {
    "caseworker": {"fte": 2.0},
    "assistance_caseworker": {"fte": 1.0},
    "livelihood_coordinator": {"fte": 2.0},
    "outreach_worker": {"fte": 6.0},
    "participation_worker": {"fte": 2.0},
    "participation": {"places": 3.0},
    "csw": {"fte": 6.0},
    "community": {"places": 10.0},
    "inclusion_promoter": {"fte": 2.0},
    "resources": {"trials": 4.0},
}
FIXED = {
    "staffing": {"kind": "regular"},
    "intake": {"door": "any_door", "assessment": "household", "briefing": True},
    "outreach": {
        "targeting": {"tips": 0.3, "list": 0.3, "places": 0.2, "untargeted": 0.2},
        "go_between": True,
    },
    "accompaniment": {"months": 6.0},
    "participation": {"stepwise": True},
    "community": {"back_supporters": True, "tie_respecting": True},
    "coordination": {
        "hub": "backup",
        "conferences": 4.0,
        "track": "review",
        "mediator": True,
        "authority": True,
        "generalising": True,
        "policy_staff": True,
    },
    "supporters": {
        "supervision": 2.0,
        "learning": 2.0,
        "merged_meetings": True,
        "pairing": True,
        "protected_share": 0.05,
    },
    "workforce": {"rotation_years": 4.0, "specialist_share": 0.2, "recruitment": 0.8},
    "linked_desks": {"on": True},
    "fidelity": {"value": 0.8},
}


def everything(residents: int, weeks: int) -> Scenario:
    """The reference town at `residents` with all levers on from week 0."""
    base, scale = load(BASELINE), residents / 100_000
    settings = {
        lever: {name: number * scale for name, number in amounts.items()}
        for lever, amounts in SCALED.items()
    }
    steps = tuple(
        Step(lever=lever, start_week=0, settings=settings.get(lever, {}) | FIXED.get(lever, {}))
        for lever in dict.fromkeys((*SCALED, *FIXED))
    )
    return base.model_copy(
        update={
            "people": base.people.model_copy(update={"population": residents}),
            "organisation": base.organisation.model_copy(update={"posts_per_100k": POSTS}),
            "steps": steps,
            "years": ceil(weeks / 52),
        }
    )


def measure(residents: int, weeks: int) -> tuple[float, float, float, float, Counter]:
    """Seconds of building, of the run-in and of `weeks` weeks, peak memory in MB, seconds of the
    weeks by process.
    """
    Town(everything(SMALL, weeks), 1).run()  # compiles what is not compiled yet
    marks, spent, scenario = [time.process_time()], Counter(), everything(residents, weeks)
    state = build(scenario, 1)
    marks.append(time.process_time())
    town = Town(scenario, 1, state=state, week_order=timed(WEEK, spent))
    marks.append(time.process_time())
    spent.clear()
    for _ in range(weeks):
        town.step()
    marks.append(time.process_time())
    built, run_in, ran = np.diff(marks).tolist()
    spent["recording"] = ran - spent.total()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if resource else float("nan")
    return built, run_in, ran, peak, spent


def main() -> None:
    """Parse, measure each size alone, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.town", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--residents",
        type=int,
        nargs="+",
        default=[100_000, 300_000, 1_000_000],
        help="sizes of the town",
    )
    parser.add_argument(
        "--weeks", type=int, default=520, help="weeks to run after the run-in (520)"
    )
    given = parser.parse_args()
    print(machine())
    print(
        f"\n{'residents':>10}{'build s':>9}{'run-in s':>10}{f'{given.weeks} weeks s':>14}{'ms a week':>11}{'peak MB':>9}"
    )
    found = {}
    for residents in given.residents:
        built, run_in, ran, peak, found[residents] = alone(measure, residents, given.weeks)
        print(
            f"{residents:10,}{built:9.2f}{run_in:10.2f}{ran:14.2f}{1000 * ran / given.weeks:11.2f}{peak:9.0f}",
            flush=True,
        )
    print_processes(found, given.weeks)


def print_processes(found: dict[int, Counter], weeks: int) -> None:
    """Milliseconds a week by process and size, dearest first, with the exponent of time in
    residents where there are two.
    """
    sizes = list(found)
    print(f"\n{'ms a week':14}" + "".join(f"{size:>11,}" for size in sizes) + f"{'exponent':>10}")
    rows = {
        name: [found[size][name] for size in sizes] for name, _ in found[sizes[-1]].most_common()
    }
    for name, seconds in (rows | {"all": [found[size].total() for size in sizes]}).items():
        grows = (
            np.polyfit(np.log(sizes), np.log(np.maximum(seconds, 1e-9)), 1)[0]
            if len(sizes) > 1
            else np.nan
        )
        print(
            f"{name:14}"
            + "".join(f"{1000 * one / weeks:11.2f}" for one in seconds)
            + f"{grows:10.2f}"
        )


if __name__ == "__main__":
    main()
