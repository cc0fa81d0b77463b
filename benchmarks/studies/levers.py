"""Each lever alone, and all: `python -m benchmarks.studies.levers`. Differences from windows that
wait, paired by seed.

Every arm costs BUDGET more a year in posts and places than the reference. Levers made of posts
spend it on them; levers made of hours (doors, conferences, supporters, rules) take effect and the
money goes into caseworkers, so their arm is to be read beside `staffing`.
"""

from __future__ import annotations

import sys

from benchmarks.studies.arms import differences, run, with_levers
from sim.scenario.load import load

BUDGET = 33.0  # million yen a year
POST = {"contract": 4.0, "outsourced": 5.5, "regular": 7.8}  # million yen, as in the price book
SEEDS, YEARS = range(1, 13), (1, 3, 10)
OUTSOURCED = BUDGET / POST["outsourced"]
CASEWORKERS = {"caseworker": {"fte": BUDGET / POST["contract"], "kind": "contract"}}
ANY_DOOR = {"intake": {"door": "any_door", "assessment": "household", "briefing": True}}
CONFERENCES = {
    "conferences": 4.0,
    "cases": 2.0,
    "track": "review",
    "attendees": 8.0,
    "minutes": 60.0,
}
SUPPORTERS = {
    "supporters": {
        "supervision": 2.0,
        "learning": 2.0,
        "merged_meetings": True,
        "pairing": True,
        "protected_share": 0.05,
    }
}
HUB = {"inclusion_promoter": {"fte": BUDGET / POST["regular"], "mix": "coordination"}}
COMPREHENSIVE = {
    "outreach_worker": {"fte": OUTSOURCED / 4, "mix": "visiting"},
    "outreach": {"targeting": {"tips": 0.4, "list": 0.6}, "go_between": True},
    "csw": {"fte": OUTSOURCED / 4, "mix": "community_organising"},
    "community": {
        "back_supporters": True,
        "approach": "interest_led",
        "tie_respecting": True,
    },
    "participation_worker": {"fte": OUTSOURCED / 8, "mix": "participation"},
    "accompaniment": {"months": 6.0},
    "linked_desks": {"on": True},
    "coordination": {
        **CONFERENCES,
        "hub": "backup",
        "authority": True,
        "generalising": True,
    },
    "inclusion_promoter": {"fte": BUDGET / 8 / POST["regular"], "mix": "coordination"},
    "caseworker": {"fte": BUDGET / 4 / POST["contract"], "kind": "contract"},
    **ANY_DOOR,
    **SUPPORTERS,
    "resources": {"trials": 2.0},
}
ARMS: dict[str, dict[str, dict]] = {
    "staffing": CASEWORKERS,
    "outreach": {
        "outreach_worker": {"fte": OUTSOURCED, "mix": "visiting"},
        "outreach": {"targeting": {"tips": 0.4, "list": 0.6}},
    },
    "community": {
        "csw": {"fte": OUTSOURCED - 1, "mix": "community_organising"},
        "community": {"places": POST["outsourced"], "back_supporters": True},
    },
    "csw": {"csw": {"fte": OUTSOURCED}},
    "participation": {"participation_worker": {"fte": OUTSOURCED, "mix": "participation"}},
    "intake": {**ANY_DOOR, **CASEWORKERS},
    "accompaniment": {"accompaniment": {"months": 12.0}, **CASEWORKERS},
    "conferences": {"coordination": CONFERENCES, **CASEWORKERS},
    "hub_backup": HUB,
    "hub_gap_filler": {**HUB, "coordination": {"hub": "gap_filler"}},
    "authority_mediator": {"coordination": {"authority": True, "mediator": True}, **CASEWORKERS},
    "supporters": {**SUPPORTERS, **CASEWORKERS},
    "resources": {"resources": {"trials": 6.0}, **CASEWORKERS},
    "workforce": {
        "workforce": {"rotation_years": 6.0, "recruitment": 0.5, "specialist_share": 0.5},
        **CASEWORKERS,
    },
    "linked_desks": {"linked_desks": {"on": True}, **CASEWORKERS},
    "on_paper": {**COMPREHENSIVE, "fidelity": {"value": 0.0}},
    "all": COMPREHENSIVE,
}
MEASURES = (
    "compounded",
    "inflow_compounded",
    "manifest",
    "unseen",
    "first_contacts",
    "crises",
    "waiting_cases",
    "load",
    "exhaustion",
    "leavers",
    "cost_posts_places",
    "cost_public",
    "cost_municipality",
)


def scaled(settings: dict[str, dict], share: float) -> dict[str, dict]:
    """Lever settings with every number of posts, places, trials and conferences times `share`."""
    sizes = {"fte", "places", "trials", "conferences"}
    return {
        lever: {name: value * share if name in sizes else value for name, value in values.items()}
        for lever, values in settings.items()
    }


def main() -> None:
    """Run all arms on the people of Kaga (all, or the number in the second argument) and print
    years 1, 3 and 10 as Markdown.
    """
    seeds = range(1, int(sys.argv[1]) + 1) if len(sys.argv) > 1 else SEEDS
    reference = load(
        "scenarios/baseline.toml", overrides={"town": "towns/kaga.toml", "trend": "default"}
    )
    residents = int(sys.argv[2]) if len(sys.argv) > 2 else reference.people.population
    share = residents / reference.people.population
    reference = reference.model_copy(
        update={"people": reference.people.model_copy(update={"population": residents})}
    )
    arms = {
        "reference": reference,
        **{name: with_levers(reference, scaled(levers, share)) for name, levers in ARMS.items()},
    }
    table = run(arms, seeds)
    print(
        f"{residents:,} people as in Kaga, windows that wait, default trend, {BUDGET * share:.1f} million yen a year, "
        f"{len(seeds)} seeds; difference [95 % interval] from the reference"
    )
    level = (
        table[(table["arm"] == "reference") & table["measure"].isin(MEASURES)]
        .groupby(["measure", "year"])["value"]
        .mean()
    )
    levels = (
        f"{name} {level[name, 1]:.3g}/{level[name, 3]:.3g}/{level[name, 10]:.3g}"
        for name in MEASURES
    )
    print("\nreference: " + ", ".join(levels))
    rows = differences(table, "reference", YEARS).set_index(["arm", "measure", "year"])
    print("\n| lever | year | " + " | ".join(MEASURES) + " |\n|---|---|" + "---|" * len(MEASURES))
    for arm in ARMS:
        for year in YEARS:
            cells = [rows.loc[arm, name, year] for name in MEASURES]
            texts = (f"{c['difference']:+.3g} [{c['low']:+.2g}, {c['high']:+.2g}]" for c in cells)
            print(f"| {arm} | {year} | " + " | ".join(texts) + " |")


if __name__ == "__main__":
    main()
