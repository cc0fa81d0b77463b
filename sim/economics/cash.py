"""Cash the municipality can really take out: whole steps after a notice lag, and only while they
last. The rest is capacity.
"""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pandas as pd

from sim.economics.costing import OF_ROW, PriceBook, price_list, refuse_double_counting
from sim.economics.money import KEYS, REPLICATE, complete_quantities, difference

PAYER = "municipality"
GROUP = ["arm", *REPLICATE, *OF_ROW]
RULES = ["unit_yen", "cashable", "lag", "step"]
TOLERANCE = 1e-9  # of a unit: 2.9999999999 saved posts are 3
YEN = ("extra", "saving", "cash", "freed", "later")


def cash(
    quantities: pd.DataFrame, book: PriceBook, reference: str, cautious: bool = True
) -> pd.DataFrame:
    """One row an arm, world, seed, id, variant, mix and year: what changes in the municipality's own
    budget, in yen.

    `extra` is more of a thing than in the reference, cash at once; `saving` is less of it, at the
    municipality's share of the price, and splits into `cash`, `freed` (capacity, also in units:
    `freed_units`) and `later`:
    - cashable "yes": the saving of a year is cash after its lag; what is not yet cash is `later`
      (negative when it arrives);
    - "capacity_step": whole steps that were saved in each year of the notice lag and still are; the
      rest is freed;
    - "no": all of it is freed. The lag is the longest of the book's range in whole years, the
      shortest if not `cautious`. Conference hours and other rows inside another row do not count.
      Since extra costs are cash and savings of steps may not be, luck alone costs a little: compare
      with the net cost, where it cancels.
    """
    table = complete_quantities(quantities)
    refuse_double_counting(table, book)
    rows = _rows(price_list(table, book), book, cautious)
    amounts = (
        table.groupby([*KEYS, *OF_ROW], sort=False)["amount"].sum().rename("value").reset_index()
    )
    change = difference(amounts, reference)
    years = sorted(table["year"].unique())
    wide = change.merge(rows, on=list(OF_ROW)).pivot(
        index=[*GROUP, *RULES], columns="year", values="value"
    )
    wide = wide.reindex(columns=years).fillna(0.0)
    return _split(wide.to_numpy(), wide.index.to_frame(index=False), years)


def net_cash(cash: pd.DataFrame) -> pd.DataFrame:
    """Returns the municipality's cash flow against the reference (arm, world, seed, year, value):
    extra spending less the cash that is taken out.
    """
    table = cash.assign(value=cash["extra"] - cash["cash"])
    return table.groupby(KEYS, sort=False)["value"].sum().reset_index()


def cash_by_year(cash: pd.DataFrame) -> pd.DataFrame:
    """Returns the sums over all rows of the book in yen (arm, world, seed, year, what, value), where
    `what` is extra, saving, cash, freed or later.
    """
    total = cash.groupby(KEYS, sort=False)[list(YEN)].sum().rename_axis(columns="what")
    long = cast(pd.Series, total.stack(future_stack=True))
    return long.rename("value").reset_index()


def _rows(prices: pd.DataFrame, book: PriceBook, cautious: bool) -> pd.DataFrame:
    """Returns the rows of the book that add (id, variant, mix, unit_yen, cashable, lag, step);
    `unit_yen` is the municipality's part of the price of a unit.
    """
    own = prices[prices["adds"] & (prices["view"] == "payers")]
    each = own["price"] * own["share"].where(own["payer"] == PAYER, 0.0)
    table = (
        each.groupby([own[name] for name in OF_ROW], sort=False)
        .sum()
        .rename("unit_yen")
        .reset_index()
    )
    payers = [
        book.item(id).payer(variant)
        for id, variant in table[["id", "variant"]].itertuples(index=False)
    ]
    lags = [math.ceil((payer.lag_years or (0.0, 0.0))[1 if cautious else 0]) for payer in payers]
    return table.assign(
        cashable=[payer.cashable for payer in payers],
        lag=lags,
        step=[payer.step for payer in payers],
    )


def _split(change: np.ndarray, rows: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Splits the change (rows, years) in units into extra, saving, cash, freed and later in yen,
    one line a row and year.
    """
    saved = np.maximum(-change, 0.0)
    taken = np.zeros_like(saved)
    group: Any
    for group, part in rows.groupby(["cashable", "lag"]):
        cashable, lag = group
        at = part.index.to_numpy()
        if cashable == "yes":
            taken[at] = _after(saved[at], lag)
        elif cashable == "capacity_step":
            taken[at] = _whole_steps(saved[at], lag, part["step"].to_numpy()[:, None])
    left = saved - taken
    freed = np.where((rows["cashable"] == "yes").to_numpy()[:, None], 0.0, left)
    units = {
        "extra": np.maximum(change, 0.0),
        "saving": saved,
        "cash": taken,
        "freed": freed,
        "later": left - freed,
    }
    unit_yen = rows["unit_yen"].to_numpy()[:, None]
    keys = (
        rows[GROUP]
        .loc[rows.index.repeat(len(years))]
        .reset_index(drop=True)
        .assign(year=years * len(rows))
    )
    return keys.assign(
        **{name: (amount * unit_yen).ravel() for name, amount in units.items()},
        freed_units=freed.ravel(),
    )


def _after(saved: np.ndarray, lag: int) -> np.ndarray:
    """Returns savings (runs, years) moved `lag` years later; what would arrive after the horizon is
    left out.
    """
    years = saved.shape[1]
    return np.pad(saved, ((0, 0), (lag, 0)))[:, :years]


def _whole_steps(saved: np.ndarray, lag: int, step: np.ndarray) -> np.ndarray:
    """Returns the units (runs, years) that can be given up: the whole steps that were saved in this
    year and in each of the `lag` years before.
    """
    lowest = np.minimum.reduce([_after(saved, ago) for ago in range(lag + 1)])
    return np.floor(lowest / step + TOLERANCE) * step
