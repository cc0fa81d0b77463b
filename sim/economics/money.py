"""Yearly yen by payer and by counted thing, and three perspectives that are never mixed."""

from __future__ import annotations

import pandas as pd

from ..scenario.errors import fault
from .prices import PAYERS, PriceBook, as_table, cost

REPLICATE = ["draw", "seed"]
RUN = ["arm", *REPLICATE]
KEYS = [*RUN, "year"]
NO_DRAW = 0  # the draw in which every parameter has its declared value
UNPAID = "unpaid"  # rows of the society view: nobody pays them
COLUMNS = [*PAYERS, UNPAID]
PERSPECTIVES = {
    "municipality": ("municipality",),
    "public": ("municipality", "prefecture", "nation", "insurance"),
    "society": (*PAYERS, UNPAID),
}
HOURS = "resident_hour"


def money(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """(arm, draw, seed, year, id, kind, payer, yen, transfer) of the rows that add, one a payer.

    `quantities` has the columns arm, draw, seed, year, id, variant, mix, amount; a missing draw is NO_DRAW. `payer` is one of
    COLUMNS: what stands in the society view alone is `unpaid`. `transfer` is the part of `yen` that is cash handed to a
    household. Raises ScenarioError where the book lacks what is counted, or a run lacks a year.
    """
    priced = cost(complete(quantities), book)
    priced = priced[priced["adds"]].reset_index(drop=True)
    payer = priced["payer"].where(priced["view"] == "payers", UNPAID)
    return priced[[*KEYS, "id", "kind"]].assign(
        payer=payer, yen=priced["yen"], transfer=priced["yen"] * priced["transfer"]
    )


def complete(quantities: pd.DataFrame) -> pd.DataFrame:
    """The quantities as a checked table with all its columns; refuses a run that lacks a year of the others."""
    table = quantities.assign(
        draw=quantities["draw"].fillna(NO_DRAW).astype(int) if "draw" in quantities else NO_DRAW
    )
    for name in ("arm", "seed", "year"):
        if name not in table:
            raise fault(
                "error.quantity_column",
                at=name,
                allowed=", ".join([*KEYS, "id", "variant", "mix", "amount"]),
            )
    years = table["year"].unique()
    there = table.groupby(RUN, sort=False)["year"].nunique()
    for arm, draw, seed in there.index[there < len(years)]:
        found = table.loc[
            (table["arm"] == arm) & (table["draw"] == draw) & (table["seed"] == seed), "year"
        ]
        raise fault(
            "error.quantity_gap", arm=arm, draw=draw, seed=seed, year=min(set(years) - set(found))
        )
    return as_table(table)


def paired(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of those (draw, seed) that every arm has: what stands where a run has failed."""
    runs = table[RUN].drop_duplicates()
    whole = runs.groupby(REPLICATE)["arm"].transform("size") == runs["arm"].nunique()
    return table.merge(runs.loc[whole], on=RUN)


def by_payer(money: pd.DataFrame) -> pd.DataFrame:
    """Yen (index arm, draw, seed, year; one column a payer of COLUMNS), 0 where a payer pays nothing."""
    return _wide(money, KEYS)


def by_id(money: pd.DataFrame) -> pd.DataFrame:
    """Yen (index arm, draw, seed, year, id; one column a payer of COLUMNS)."""
    return _wide(money, [*KEYS, "id"])


def resident_hours(quantities: pd.DataFrame) -> pd.Series:
    """Unpaid hours of residents (index arm, draw, seed, year); 0 where there are none. Hours, not yen."""
    table = complete(quantities)
    return (
        table["amount"]
        .where(table["id"] == HOURS, 0.0)
        .groupby([table[name] for name in KEYS])
        .sum()
        .rename("hours")
    )


def yearly(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """The money table of every run: yen by payer, `unpaid` yen (society view alone), and `hours` of residents."""
    return by_payer(money(quantities, book)).join(resident_hours(quantities))


def perspective(money: pd.DataFrame, name: str, keys: list[str] = KEYS) -> pd.DataFrame:
    """(arm, draw, seed, year, value) in yen of one of PERSPECTIVES; with `id` among the `keys`, by id too.

    `municipality` is its own budget, `public` all public payers, `society` adds households and unpaid hours and leaves out
    transfers, which only move money. The three are shown side by side and never added.
    """
    total = _wide(money, keys)[list(PERSPECTIVES[name])].sum(axis=1)
    if name == "society":
        total = total - money.groupby(keys, sort=True)["transfer"].sum()
    return total.rename("value").reset_index()


def _wide(money: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Yen by keys, one column a payer of COLUMNS."""
    wide = money.groupby([*keys, "payer"], sort=True)["yen"].sum().unstack("payer", fill_value=0.0)
    return wide.reindex(columns=COLUMNS, fill_value=0.0)
