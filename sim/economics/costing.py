"""Quantities become yen: amount x price x share, each quantity with one price and one payer
split.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.declared.payers import PAYERS
from sim.economics.book import CURRENCY, PriceBook, PriceItem
from sim.economics.reading import read_prices
from sim.words.errors import fault

__all__ = ["COLUMNS", "CURRENCY", "PriceBook", "PriceItem", "cost", "read_prices"]

COLUMNS = ("id", "variant", "mix", "amount")
OF_PRICE = ("price", "unit", "payer", "share", "kind", "view", "transfer", "adds", "cashable")
RESERVED = (*OF_PRICE, "yen")
OF_ROW = ("id", "variant", "mix")


def cost(quantities: pd.DataFrame | Mapping[str, float], book: PriceBook) -> pd.DataFrame:
    """Returns yen by id and payer, amount x price x share: one row for each counted row of the book
    and each payer with a share of it.

    `quantities` is a mapping from an id, or "id/variant", to its amount in the item's unit; or a
    table with the columns `id` and `amount`, optionally `variant` and `mix` (for posts and places),
    and any others, such as year, arm or agency, which are carried along. In the result `adds` is
    False where the amount is already inside another row, and `view` is "society" where no payer
    pays. Sum only rows that add, and keep the payers' rows apart from society's.

    Raises ScenarioError for an id, variant or mix that the book lacks, for a row without a price,
    and for rows that count the same money.
    """
    table = quantities_table(quantities)
    refuse_double_counting(table, book)
    priced = table.merge(price_list(table, book), on=list(OF_ROW), how="left")
    priced["yen"] = priced["amount"] * priced["price"] * priced["share"]
    others = [name for name in table.columns if name not in COLUMNS]
    return priced[[*others, *COLUMNS, *RESERVED]]


def price_list(table: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """Returns the rows of the book that a table counts (id, variant, mix, *OF_PRICE), one for each
    payer.
    """
    rows = []
    for id, variant, mix in table[list(OF_ROW)].drop_duplicates().itertuples(index=False):
        item = book.item(id)
        if item.price is None:
            raise fault("error.no_price", at=f"items.{id}", file=book.id)
        payer = item.payer(variant)
        if mix and item.kind not in ("post", "place"):
            raise fault("error.takes_no_mix", at=f"items.{id}", file=book.id, given=mix)
        shares = book.mix(mix).shares if mix else payer.shares
        of_item = (item.kind, item.view, item.transfer, not payer.inside, payer.cashable)
        rows += [
            (id, variant, mix, item.price, item.unit, name, share, *of_item)
            for name in PAYERS
            if (share := getattr(shares, name)) > 0
        ]
    return pd.DataFrame(rows, columns=[*OF_ROW, *OF_PRICE])


def quantities_table(quantities: pd.DataFrame | Mapping[str, float]) -> pd.DataFrame:
    """Returns the quantities as a table with all of COLUMNS, with amounts that are finite numbers."""
    if isinstance(quantities, pd.DataFrame):
        table = quantities.copy()
    else:
        table = pd.DataFrame({"id": list(quantities), "amount": list(quantities.values())})
    for name in ("id", "amount"):
        if name not in table:
            raise fault("error.quantity_column", at=name, allowed=", ".join(COLUMNS))
    if clash := [name for name in RESERVED if name in table]:
        raise fault("error.quantity_reserved", at=", ".join(clash))
    table["id"] = table["id"].astype(str)
    for name in ("variant", "mix"):
        table[name] = table[name].fillna("").astype(str) if name in table else ""
    if any("/" in name for name in table["id"].unique()):
        parts = table["id"].str.partition("/")
        table["id"], table["variant"] = parts[0], parts[2].where(parts[2] != "", table["variant"])
    table["amount"] = pd.to_numeric(table["amount"], errors="coerce").astype(float)
    wrong = table.loc[~table["amount"].abs().lt(float("inf")), "id"]
    if len(wrong):
        raise fault("error.amount", at=f"{wrong.iloc[0]}")
    return table


def refuse_double_counting(table: pd.DataFrame, book: PriceBook) -> None:
    """Raises ScenarioError where two rows are counted together although one contains the other."""
    counted = set(table.loc[table["amount"] != 0, "id"].unique())
    for id in sorted(counted):
        if both := sorted(set(book.item(id).excludes) & counted):
            raise fault("error.same_money", at=f"items.{id}", file=book.id, id=id, other=both[0])
