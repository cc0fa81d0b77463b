"""The price book: prices, payer shares and whether a saving is cash; quantities become yen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PAYERS = ("municipality", "prefecture", "nation", "insurance", "household")
CURRENCY = "JPY"
COLUMNS = ("id", "variant", "mix", "amount")
RESERVED = ("price", "unit", "payer", "share", "yen", "view", "adds", "cashable")


class Row(BaseModel):
    """A frozen, closed row of the book; NaN and infinity are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Name(Row):
    """A name in both languages."""

    ja: str
    en: str


class Shares(Row):
    """Who pays what part. The parts sum to 1."""

    municipality: float = Field(0.0, ge=0, le=1)
    prefecture: float = Field(0.0, ge=0, le=1)
    nation: float = Field(0.0, ge=0, le=1)
    insurance: float = Field(0.0, ge=0, le=1)
    household: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def sum_to_one(self) -> Shares:
        """A yen is paid once."""
        total = sum(self.model_dump().values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"shares sum to {total:g}; they must sum to 1")
        return self


class Cash(Row):
    """Who pays, whether the municipality gets a saving back, and after how many years."""

    shares: Shares
    shares_grade: str
    shares_source: str
    cashable: Literal["yes", "capacity_step", "no"]
    cashable_note: str = ""
    lag_years: tuple[float, float] | None = Field(None, description="shortest and longest, years from April")
    inside: tuple[str, ...] = Field((), description="rows that already contain this one: shown, never added to them")

    @model_validator(mode="after")
    def lag_in_order(self) -> Cash:
        """The shortest lag comes first."""
        if self.lag_years is not None and not 0 <= self.lag_years[0] <= self.lag_years[1]:
            raise ValueError(f"lag_years {list(self.lag_years)} must be 0 or more, the shortest first")
        return self


class Variant(Cash):
    """Another constellation of payers at the same price."""

    id: str
    en: str
    ja: str


class PriceItem(Cash):
    """One counted thing: its price with range, year, grade and source. Without a price it cannot be counted."""

    id: str
    kind: Literal["post", "place", "conference", "crisis", "stay", "service", "society"]
    en: str
    ja: str
    unit: str
    currency: str = CURRENCY
    price: float | None = Field(None, ge=0)
    low: float | None = Field(None, ge=0)
    high: float | None = Field(None, ge=0)
    price_year: int | None = Field(None, ge=1990, le=2100)
    price_year_note: str = ""
    grade: str
    source: str
    view: Literal["payers", "society"] = "payers"
    excludes: tuple[str, ...] = Field((), description="rows that may not be counted together with this one")
    variant: str = Field("", description="name of the constellation of payers that `shares` describes")
    variants: tuple[Variant, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def price_in_range(self) -> PriceItem:
        """Price, low and high come together and in order, in yen; variants have names of their own."""
        if self.currency != CURRENCY:
            raise ValueError(f"currency {self.currency!r}: all prices are in {CURRENCY}")
        given = [value is not None for value in (self.low, self.price, self.high)]
        if any(given) and not all(given):
            raise ValueError("low, price and high belong together: give all three or none")
        if all(given) and not self.low <= self.price <= self.high:
            raise ValueError(f"price {self.price:g} must lie in low {self.low:g} .. high {self.high:g}")
        names = [self.variant, *(variant.id for variant in self.variants)]
        if len(set(names)) < len(names):
            raise ValueError("two variants have the same id")
        return self

    def payer(self, variant: str = "") -> Cash:
        """Payers and cash of a variant; "" or the item's own variant is the default."""
        if variant in ("", self.variant):
            return self
        for other in self.variants:
            if other.id == variant:
                return other
        allowed = ", ".join(name for name in (self.variant, *(v.id for v in self.variants)) if name) or "none"
        raise ValueError(f"{self.id!r} has no variant {variant!r}; its variants: {allowed}")


class Mix(Row):
    """Payer shares of a post or place that a programme pays."""

    id: str
    en: str
    ja: str
    grade: str
    source: str
    shares: Shares


class PriceBook(Row):
    """All prices and mixes, each named once."""

    id: str
    name: Name
    currency: str = CURRENCY
    notes: tuple[str, ...] = ()
    items: tuple[PriceItem, ...] = Field(min_length=1)
    mixes: tuple[Mix, ...] = ()

    @model_validator(mode="after")
    def consistent(self) -> PriceBook:
        """One currency, no row twice, and every row that another one names exists."""
        if self.currency != CURRENCY:
            raise ValueError(f"currency {self.currency!r}: all prices are in {CURRENCY}")
        known = {item.id for item in self.items}
        for what, rows in (("item", self.items), ("mix", self.mixes)):
            seen: set[str] = set()
            for row in rows:
                if row.id in seen:
                    raise ValueError(f"{what} {row.id!r} appears twice")
                seen.add(row.id)
        for item in self.items:
            for other in {*item.inside, *item.excludes, *(name for v in item.variants for name in v.inside)} - known:
                raise ValueError(f"item {item.id!r} names {other!r}, which is no item of the book")
        return self

    def item(self, id: str) -> PriceItem:
        """The row of this id."""
        return _named(self.items, id, "item")

    def mix(self, id: str) -> Mix:
        """The mix of this id."""
        return _named(self.mixes, id, "mix")

    def with_prices(self, prices: Mapping[str, float]) -> PriceBook:
        """The same book at other prices by id: a municipality's own, or a draw. Ranges widen to hold them."""
        for id in prices:
            self.item(id)
        content = self.model_dump()
        for row in content["items"]:
            if row["id"] in prices:
                price = float(prices[row["id"]])
                low, high = (price if row[name] is None else row[name] for name in ("low", "high"))
                row.update(price=price, low=min(low, price), high=max(high, price))
        return _checked(content, "prices")


def read_prices(path: str | Path) -> PriceBook:
    """Read and check a price book; a mistake is a ValueError that names file and row."""
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: not valid TOML: {error}") from None
    return _checked(content, path.name)


def cost(quantities: pd.DataFrame | Mapping[str, float], book: PriceBook) -> pd.DataFrame:
    """Yen by id and payer: amount x price x share, one row for each counted row and payer with a share.

    `quantities` maps an id, or "id/variant", to its amount in the item's unit; or is a table with columns `id` and `amount`,
    optional `variant` and `mix` (posts and places), and any others (year, arm, agency), which are carried along.
    `adds` is False where the amount is already inside another row, `view` is "society" where no payer pays:
    sum only rows that add, and payers' rows apart from society's.
    """
    table = _as_table(quantities)
    _refuse_double_counting(table, book)
    rows = []
    for id, variant, mix in table[["id", "variant", "mix"]].drop_duplicates().itertuples(index=False):
        item = book.item(id)
        if item.price is None:
            raise ValueError(f"item {id!r} has no price; enter a local one")
        payer = item.payer(variant)
        if mix and item.kind not in ("post", "place"):
            raise ValueError(f"item {id!r} takes no mix; mixes belong to posts and places")
        shares = book.mix(mix).shares if mix else payer.shares
        for name in PAYERS:
            if (share := getattr(shares, name)) > 0:
                rows.append((id, variant, mix, item.price, item.unit, name, share, item.view, not payer.inside, payer.cashable))
    prices = pd.DataFrame(rows, columns=["id", "variant", "mix", "price", "unit", "payer", "share", "view", "adds", "cashable"])
    priced = table.merge(prices, on=["id", "variant", "mix"], how="left")
    priced["yen"] = priced["amount"] * priced["price"] * priced["share"]
    others = [name for name in table.columns if name not in COLUMNS]
    return priced[[*others, *COLUMNS, *RESERVED]]


def _as_table(quantities: pd.DataFrame | Mapping[str, float]) -> pd.DataFrame:
    """Quantities as a table with all of COLUMNS, amounts as finite numbers."""
    if isinstance(quantities, pd.DataFrame):
        table = quantities.copy()
    else:
        table = pd.DataFrame({"id": list(quantities), "amount": list(quantities.values())})
    for name in ("id", "amount"):
        if name not in table:
            raise ValueError(f"quantities lack the column {name!r}")
    if clash := [name for name in RESERVED if name in table]:
        raise ValueError(f"quantities may not have columns of the result: {', '.join(clash)}")
    split = table["id"].astype(str).str.extract("^([^/]*)/?(.*)$")
    given = {name: table[name].astype(object).fillna("") if name in table else "" for name in ("variant", "mix")}
    table["id"] = split[0]
    table["variant"] = split[1].where(split[1] != "", given["variant"])
    table["mix"] = given["mix"]
    table["amount"] = pd.to_numeric(table["amount"]).astype(float)
    wrong = table.loc[~table["amount"].abs().lt(float("inf")), "id"]
    if len(wrong):
        raise ValueError(f"amount of {wrong.iloc[0]!r} is not a finite number")
    return table


def _refuse_double_counting(table: pd.DataFrame, book: PriceBook) -> None:
    """Rows that contain each other may not be counted together."""
    counted = set(table.loc[table["amount"] != 0, "id"])
    for id in sorted(counted):
        if both := sorted(set(book.item(id).excludes) & counted):
            raise ValueError(f"{id!r} and {both[0]!r} count the same money: use one of them")


def _named(rows: tuple[Any, ...], id: str, what: str) -> Any:
    for row in rows:
        if row.id == id:
            return row
    raise ValueError(f"{id!r} is no {what} of the price book; it has: {', '.join(row.id for row in rows)}")


def _checked(content: dict[str, Any], source: str) -> PriceBook:
    """The book, or a ValueError naming the first wrong row."""
    try:
        return PriceBook.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = "unknown key"
        raise ValueError(f"{source}: {_place(content, first['loc'])}{message}") from None


def _place(content: Any, location: tuple[int | str, ...]) -> str:
    """Where a mistake is, with the ids of the rows on the way: "item 'place', shares: "."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int) and isinstance(content, (list, tuple)):
            content = content[step]
            if isinstance(content, dict):
                words[-1] = f"{words[-1]} {content['id']!r}" if "id" in content else f"{words[-1]} number {step + 1}"
        else:
            content = content.get(step) if isinstance(content, dict) else None
            words.append({"items": "item", "mixes": "mix", "variants": "variant"}.get(str(step), str(step)))
    return ", ".join(words) + ": " if words else ""
