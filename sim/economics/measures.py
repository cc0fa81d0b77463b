"""Yearly money as measures: names, units and words of what a comparison shows beside its other measures."""

from __future__ import annotations

import pandas as pd

from ..experiment.measures import LOWER, NEITHER, Yearly
from .prices import PAYERS, PriceBook, cost

MILLION = 1_000_000
PUBLIC = PAYERS[:-1]
UNIT = "million yen a year"
_NAMES = {
    "cost_programme": ("Posts and places", "職員と居場所の費用", NEITHER),
    "cost_municipality": ("Cost to the municipality", "市町村の負担", LOWER),
    "cost_prefecture": ("Cost to the prefecture", "都道府県の負担", LOWER),
    "cost_nation": ("Cost to the nation", "国の負担", LOWER),
    "cost_insurance": ("Cost to social insurance", "社会保険の負担", LOWER),
    "cost_household": ("Cost to households", "世帯の負担", LOWER),
    "cost_public": ("Cost to all public payers", "公費の合計", LOWER),
}
MONEY = tuple(Yearly(name=name, group="money", unit=UNIT, en=en, ja=ja, better=better) for name, (en, ja, better) in _NAMES.items())


def money_by_year(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """The MONEY measures (keys..., year, measure, value in million yen) of quantities (keys..., year, id, mix, amount)."""
    keys = [name for name in quantities.columns if name not in ("id", "mix", "variant", "amount")]
    priced = cost(quantities, book)
    priced = priced[priced["adds"] & (priced["view"] == "payers")]
    by_payer = priced.pivot_table(index=keys, columns="payer", values="yen", aggfunc="sum", fill_value=0.0).reindex(columns=list(PAYERS), fill_value=0.0)
    kinds = {item.id: item.kind for item in book.items}
    programme = priced[priced["id"].map(kinds).isin(["post", "place"])].groupby(keys)["yen"].sum()
    table = by_payer.add_prefix("cost_")
    table.insert(0, "cost_programme", programme.reindex(table.index, fill_value=0.0))
    table["cost_public"] = by_payer[list(PUBLIC)].sum(axis=1)
    return (table / MILLION).rename_axis(columns="measure").stack().rename("value").reset_index()
