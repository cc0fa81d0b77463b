"""Budget impact of the first fiscal years: what the programme itself costs, what else changes, and the net, payer by payer."""

from __future__ import annotations

import pandas as pd

from .money import KEYS, PERSPECTIVES, UNPAID
from .prices import PAYERS
from .replicates import CONFIDENCE, difference, spread

PROGRAMME = (
    "post",
    "place",
    "conference",
)  # kinds that a programme buys; conference hours lie inside the posts and never add
SERVICE = ("crisis", "stay", "service")  # kinds that follow from how households fare
PARTS = ("programme", "other", "net")
PLANNED_PARTS = (
    "planned",
    "vacancies",
    "other",
    "net",
)  # the programme as planned, and what vacancies change of it
PUBLIC = "public"
FIRST_YEARS = 5


def parts(money: pd.DataFrame, reference: str) -> pd.DataFrame:
    """(arm, draw, seed, year, payer, part, value): yen more than the reference by payer and for all `public` payers.

    `part` is `programme` (kinds PROGRAMME), `other` (kinds SERVICE) or `net`, their sum. Undiscounted, and without unpaid value.
    """
    paid = money[money["payer"] != UNPAID]
    part = paid["kind"].isin(PROGRAMME).map({True: "programme", False: "other"})
    wide = (
        paid.groupby([*KEYS, part.rename("part"), "payer"], sort=True)["yen"]
        .sum()
        .unstack("payer", fill_value=0.0)
    )
    wide = wide.reindex(columns=list(PAYERS), fill_value=0.0).unstack("part", fill_value=0.0)
    columns = {}
    for payer in (*PAYERS, PUBLIC):
        payers = PERSPECTIVES[PUBLIC] if payer == PUBLIC else (payer,)
        for name in PARTS[:2]:
            columns[payer, name] = wide[[(one, name) for one in payers if (one, name) in wide]].sum(
                axis=1
            )
    every = pd.DataFrame(columns).rename_axis(columns=["payer", "part"])
    long = every.stack(["payer", "part"], future_stack=True).rename("value").reset_index()
    return with_net(difference(long, reference))


def with_net(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts `programme` and `other` with their sum, the part `net`."""
    keys = [name for name in parts.columns if name not in ("part", "value")]
    net = parts.groupby(keys, sort=False)["value"].sum().reset_index().assign(part="net")
    return pd.concat([parts, net], ignore_index=True)[list(parts.columns)]


def with_plan(parts: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """The parts with `planned` (a plan's arm, year, payer, value) and `vacancies` (programme less planned) for the programme."""
    table = parts.merge(
        plan.rename(columns={"value": "planned"}), on=["arm", "year", "payer"], how="left"
    )
    own = table["part"] == "programme"
    planned = table[own].assign(part="planned", value=table["planned"])
    vacancies = table[own].assign(part="vacancies", value=table["value"] - table["planned"])
    return pd.concat([planned, vacancies, table[~own]], ignore_index=True)[list(parts.columns)]


def budget_impact(
    parts: pd.DataFrame, years: int = FIRST_YEARS, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """(arm, year, payer, part, mean, low, high, replicates, over) in yen of `parts` in the first fiscal years, undiscounted.

    Source of the layout: Sullivan et al. 2014, ISPOR budget impact analysis good practice (undiscounted, year by year, by payer).
    """
    return spread(parts[parts["year"] <= years], confidence)
