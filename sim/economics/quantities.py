"""From the weekly table to the quantities that the price book counts, by fiscal year; nothing is
counted twice.
"""

from __future__ import annotations

import pandas as pd

from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import POST_KINDS, WEEKS_PER_YEAR

STAYS = {
    "child_placement": "crisis_child_placement",
    "nursing_home": "nursing_home_year",
}  # charged by the year of stay
EVENTS = tuple(id for id in CRISIS_IDS if id not in STAYS.values())
POSTS = {kind: f"post_{kind}" for kind in POST_KINDS}
SERVICES = {
    "latent": "service_latent",
    "manifest": "service_manifest",
    "compounded": "service_compounded_only",
}
PREFECTURE_MIX, OWN_MIX = (
    "prefecture_office",
    "",
)  # posts of the municipality are paid as their row of the book says
COUNTED = frozenset(
    (
        *POSTS.values(),
        "place",
        "assistance_year",
        *STAYS.values(),
        *EVENTS,
        *SERVICES.values(),
        "referral_hour",
        "resident_hour",
    )
)


def quantities(town: pd.DataFrame) -> pd.DataFrame:
    """Returns what the price book counts, from a weekly town table (seed, year, id, mix, amount,
    unseen); `seed` where the table has it, and year 1 holds weeks 0 to 51.

    Posts, places, assistance, stays and services are in years (weeks / 52), crises in events. A
    placed child and a nursing home are charged by the year of stay and never as events. `amount` is
    charged in full. `unseen` holds the service years of households that are not in support, of
    which `charged` takes a share.
    """
    keys = [name for name in ("seed",) if name in town]
    yearly = town.groupby(
        [*(town[name] for name in keys), (town["week"] // WEEKS_PER_YEAR + 1).rename("year")]
    ).sum()
    columns = _columns(yearly)
    unseen = {
        id: yearly[f"service_unseen_{stage}"] / WEEKS_PER_YEAR for stage, id in SERVICES.items()
    }
    parts = [
        pd.DataFrame(
            {"id": id, "mix": mix, "amount": amount, "unseen": unseen.get(id, 0.0)},
            index=amount.index,
        ).reset_index()
        for (id, mix), amount in columns.items()
    ]
    table = pd.concat(parts)
    there = (table["amount"] > 0) | (table["unseen"] > 0)
    return (
        table[there].sort_values([*keys, "year", "id", "mix"], kind="stable").reset_index(drop=True)
    )


def _columns(yearly: pd.DataFrame) -> dict[tuple[str, str], pd.Series]:
    """Returns the yearly amount of each item of the price book, by its id and its mix of payers."""
    columns: dict[tuple[str, str], pd.Series] = {}
    for kind, id in POSTS.items():
        columns[id, OWN_MIX] = yearly[f"post_weeks_{kind}"] / WEEKS_PER_YEAR
        columns[id, PREFECTURE_MIX] = yearly[f"post_weeks_prefecture_{kind}"] / WEEKS_PER_YEAR
    columns["place", ""] = yearly["place_weeks"] / WEEKS_PER_YEAR
    columns["assistance_year", ""] = yearly["assistance_weeks"] / WEEKS_PER_YEAR
    for stay, id in STAYS.items():
        columns[id, ""] = yearly[f"stay_weeks_{stay}"] / WEEKS_PER_YEAR
    for id in EVENTS:
        columns[id, ""] = yearly[f"crises_{id}"]
    for stage, id in SERVICES.items():
        columns[id, ""] = yearly[f"service_seen_{stage}"] / WEEKS_PER_YEAR
    columns["referral_hour", ""] = yearly["elsewhere_hours"]
    columns["resident_hour", ""] = yearly["resident_hours"]
    return columns


def charged(quantities: pd.DataFrame, unseen_cost_share: float | pd.Series) -> pd.DataFrame:
    """Returns the quantities with a share of `unseen` (0-1; one for all rows, or one for each row)
    charged and added to `amount`.
    """
    amount = quantities["amount"] + unseen_cost_share * quantities["unseen"]
    return quantities.drop(columns="unseen").assign(amount=amount)
