"""Yearly money as measures: names, units and words of what a comparison shows beside its other
measures.
"""

from __future__ import annotations

from typing import cast

import pandas as pd

from sim.declared.measure import LOWER, NEITHER, Yearly
from sim.declared.payers import DECLARED, PAYERS
from sim.economics.costing import PriceBook
from sim.economics.money import KEYS, PERSPECTIVES, PROGRAMME, by_payer, money

MILLION = 1_000_000
UNIT = "million yen a year"
_NAMES = {
    "cost_programme": (
        "Posts and places as filled (without vacancies)",
        "職員と居場所の費用（欠員を除いた実績）",
        NEITHER,
    ),
    **{f"cost_{one.id}": (one.burden_en, one.burden_ja, LOWER) for one in DECLARED},
    "cost_public": ("Cost to all public payers", "公費の合計", LOWER),
}
MONEY = tuple(
    Yearly(name=name, group="money", unit=UNIT, en=en, ja=ja, better=better)
    for name, (en, ja, better) in _NAMES.items()
)


def money_by_year(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """Returns the MONEY measures (arm, world, seed, year, measure, value in million yen) of charged
    quantities.
    """
    yen = money(quantities, book)
    table = by_payer(yen)[list(PAYERS)].add_prefix("cost_")
    table["cost_public"] = table[[f"cost_{payer}" for payer in PERSPECTIVES["public"]]].sum(axis=1)
    own = yen[yen["kind"].isin(PROGRAMME)].groupby(KEYS)["yen"].sum()
    table.insert(0, "cost_programme", own.reindex(table.index, fill_value=0.0))
    long = cast(pd.Series, (table / MILLION).rename_axis(columns="measure").stack())
    return long.rename("value").reset_index()
