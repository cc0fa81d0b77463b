"""The records of a price book: prices, payer shares, whether a saving is cash. One quantity, one
price, one payer split.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from sim.declared.payers import PAYERS
from sim.declared.sections import SectionId
from sim.files.bounds import check_bounded
from sim.files.refusals import fault_of
from sim.scenario.scenario import LARGEST_YEN, LONGEST_RUN
from sim.words import Phrase
from sim.words.errors import MOST_FAULTS, NOTHING, Fault, Refusal, ScenarioError, nearest, unknown

CURRENCY = "JPY"
PRICE = ("low", "price", "high")
Yen = Annotated[float, Field(ge=0, le=LARGEST_YEN)]
Part = Annotated[float, Field(ge=0, le=1)]
Years = Annotated[float, Field(ge=0, le=LONGEST_RUN)]


class Row(BaseModel):
    """A frozen, closed row of the book; NaN and infinity are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Name(Row):
    """A name in both languages."""

    ja: str
    en: str


class _Shares(Row):
    """Who pays what part. The parts sum to 1."""

    @model_validator(mode="after")
    def sum_to_one(self) -> Self:
        """A yen is paid once."""
        total = sum(self.model_dump().values())
        if abs(total - 1) > 1e-6:
            raise Refusal(
                "error.payer_shares", allowed=Phrase("allowed.sum_one"), total=f"{total:g}"
            )
        return self


_OF_EACH: dict[str, Any] = dict.fromkeys(PAYERS, (Part, 0.0))
Shares: Any = create_model(
    "Shares", __base__=_Shares, __module__=__name__, __doc__=_Shares.__doc__, **_OF_EACH
)


def _in_language(lang: str, text: str, japanese: str) -> str:
    """Returns a text of a price file for a reader of `lang`; as it stands where the file has no Japanese."""
    return japanese if lang == "ja" and japanese else text


class Cash(Row):
    """Who pays, whether the municipality gets a saving back, in steps of what size, and after how
    many years.
    """

    shares: Shares
    shares_grade: str
    shares_source: str
    shares_source_ja: str = ""
    cashable: Literal["yes", "capacity_step", "no"]
    cashable_note: str = ""
    cashable_note_ja: str = ""
    step: float = Field(
        1.0,
        ge=0.001,
        le=1e6,
        description="units that can only be given up together; used where cashable is capacity_step",
    )
    lag_years: tuple[Years, Years] | None = Field(
        None, description="shortest and longest, years from April"
    )
    inside: tuple[str, ...] = Field(
        (), description="rows that already contain this one: shown, never added to them"
    )

    def shares_source_in(self, lang: str) -> str:
        """Where the shares come from, in `lang`."""
        return _in_language(lang, self.shares_source, self.shares_source_ja)

    def cashable_note_in(self, lang: str) -> str:
        """When a saving becomes cash, in `lang`."""
        return _in_language(lang, self.cashable_note, self.cashable_note_ja)

    @model_validator(mode="after")
    def lag_in_order(self) -> Cash:
        """Refuses years of notice of which the shortest does not come first."""
        if self.lag_years is not None and not 0 <= self.lag_years[0] <= self.lag_years[1]:
            raise Refusal("error.lag_years", lag=str(list(self.lag_years)))
        return self


class Variant(Cash):
    """Another constellation of payers at the same price."""

    id: str
    en: str
    ja: str


class PriceItem(Cash):
    """One counted thing: its price with range, year, grade and source. Without a price it cannot be
    counted.
    """

    id: str
    kind: Literal["post", "place", "conference", "crisis", "stay", "service", "society"]
    en: str
    ja: str
    unit: str
    currency: str = CURRENCY
    price: Yen | None = None
    low: Yen | None = None
    high: Yen | None = None
    price_year: int | None = Field(None, ge=1990, le=2100)
    price_year_note: str = ""
    price_year_note_ja: str = ""
    grade: str
    source: str
    source_ja: str = ""
    view: Literal["payers", "society"] = "payers"
    transfer: float = Field(
        0.0, ge=0, le=1, description="part handed to a household as cash: no cost to society"
    )
    excludes: tuple[str, ...] = Field(
        (), description="rows that may not be counted together with this one"
    )
    variant: str = Field(
        "", description="name of the constellation of payers that `shares` describes"
    )
    mix: str = Field("", description="of a post or a place: the mix that `shares` are those of")
    sections: dict[SectionId, Part] = Field(
        {}, description="of a post or a place: parts of its price by section of the budget (節)"
    )
    sections_grade: str = ""
    sections_source: str = ""
    sections_source_ja: str = ""
    sure: bool = Field(False, description="a price far from that of the book underneath is meant")
    variants: tuple[Variant, ...] = ()
    note: str = ""
    note_ja: str = ""

    def source_in(self, lang: str) -> str:
        """Where the price comes from, in `lang`."""
        return _in_language(lang, self.source, self.source_ja)

    def price_year_in(self, lang: str) -> str:
        """Of which year the price is, in `lang`; empty where the row says nothing of it."""
        return _in_language(lang, self.price_year_note, self.price_year_note_ja)

    def sections_source_in(self, lang: str) -> str:
        """Where the parts by section of the budget come from, in `lang`."""
        return _in_language(lang, self.sections_source, self.sections_source_ja)

    def note_in(self, lang: str) -> str:
        """The row's remark, in `lang`."""
        return _in_language(lang, self.note, self.note_ja)

    @model_validator(mode="after")
    def price_in_range(self) -> PriceItem:
        """Refuses a row whose price, low and high do not come together, in order and in yen, variants
        that share a name, and sections that do not sum to 1, are of no post or place, or name no
        grade and source.
        """
        _in_yen(self.currency)
        if self.low is None or self.price is None or self.high is None:
            if any(value is not None for value in (self.low, self.price, self.high)):
                raise Refusal("error.price_incomplete")
        elif not self.low <= self.price <= self.high:
            raise Refusal(
                "error.price_order", **{name: f"{getattr(self, name):,.15g}" for name in PRICE}
            )
        _once([self.variant, *(variant.id for variant in self.variants)])
        total = sum(self.sections.values())
        if self.sections and self.kind not in ("post", "place"):
            raise Refusal("error.takes_no_sections", at="sections")
        if self.sections and not (self.sections_grade and self.sections_source):
            raise Refusal("error.sections_ungraded", at="sections")
        if self.sections and abs(total - 1) > 1e-6:
            allowed = Phrase("allowed.sum_one")
            raise Refusal("funding.sections", at="sections", allowed=allowed, total=f"{total:g}")
        return self

    @property
    def priced(self) -> tuple[float, float, float]:
        """Price, low and high of a thing that is counted, which has all three."""
        assert self.price is not None and self.low is not None and self.high is not None
        return self.price, self.low, self.high

    def payer(self, variant: str = "") -> Cash:
        """Returns payers and cash of a variant; "" and the item's own variant stand for the row
        itself.
        """
        if variant in ("", self.variant):
            return self
        named = {other.id: other for other in self.variants}
        if variant not in named:
            names = [name for name in (self.variant, *named) if name]
            raise unknown(
                "error.no_variant", variant, names, at=f"items.{self.id}.variants", file=""
            )
        return named[variant]


class Mix(Row):
    """Payer shares of a post or place that a programme pays."""

    id: str
    en: str
    ja: str
    grade: str
    source: str
    source_ja: str = ""
    own: str = Field("", description="where a municipality finds its own share and ceiling")
    own_ja: str = ""
    shares: Shares

    def own_in(self, lang: str) -> str:
        """Where a municipality finds its own share and ceiling, in `lang`."""
        return _in_language(lang, self.own, self.own_ja)

    def source_in(self, lang: str) -> str:
        """Where the shares come from, in `lang`."""
        return _in_language(lang, self.source, self.source_ja)


class PriceBook(Row):
    """All prices and mixes, each named once."""

    id: str
    name: Name
    currency: str = CURRENCY
    notes: tuple[str, ...] = ()
    notes_ja: tuple[str, ...] = ()
    items: tuple[PriceItem, ...] = Field(min_length=1)
    mixes: tuple[Mix, ...] = ()

    def notes_in(self, lang: str) -> tuple[str, ...]:
        """What the book says of itself, in `lang`."""
        return self.notes_ja if lang == "ja" and self.notes_ja else self.notes

    @model_validator(mode="after")
    def consistent(self) -> PriceBook:
        """Refuses a second currency, an id on two rows, and a row that names another one which does
        not exist.
        """
        _in_yen(self.currency)
        _once([item.id for item in self.items])
        _once([mix.id for mix in self.mixes])
        known = [item.id for item in self.items]
        for item in self.items:
            named = {
                *item.inside,
                *item.excludes,
                *(name for v in item.variants for name in v.inside),
            }
            for other in sorted(named - set(known)):
                raise Refusal(
                    "error.names_no_row", near=nearest(other, known), id=item.id, other=other
                )
        return self

    def item(self, id: str) -> PriceItem:
        """Returns the row of this id; raises ScenarioError, with the nearest right name, where the
        book has none.
        """
        return self._named("items", id, "error.no_price_row")

    def mix(self, id: str) -> Mix:
        """Returns the mix of this id; raises ScenarioError, with the nearest right name, where the
        book has none.
        """
        return self._named("mixes", id, "error.no_mix_row")

    def with_prices(self, prices: Mapping[str, float]) -> PriceBook:
        """Returns the same book at other prices by id, such as a municipality's own or those of a
        draw. Ranges widen to hold them.
        """
        for id in prices:
            self.item(id)
        content = self.model_dump(mode="json")
        for row in content["items"]:
            if row["id"] in prices:
                row["price"] = float(prices[row["id"]])
                widened(row)
        return checked_book(content, self.id)

    def _named(self, table: str, id: str, key: str) -> Any:
        rows = {row.id: row for row in getattr(self, table)}
        if id not in rows:
            raise unknown(key, id, rows, at=f"{table}.{id}", file=self.id)
        return rows[id]


def checked_book(content: dict[str, Any], file: str) -> PriceBook:
    """Returns the book of a file's content; raises ScenarioError with every wrong row."""
    check_bounded(content, file)
    try:
        return PriceBook.model_validate_json(json.dumps(content, default=str), strict=True)
    except ValidationError as error:
        found = [
            _placed(fault_of(one, PriceBook, "", lambda _: file), one, content)
            for one in error.errors()[:MOST_FAULTS]
        ]
        raise ScenarioError(*found) from None


def widened(row: dict[str, Any]) -> None:
    """Widens a row's range to hold its price; a row without a range gets the price as its range."""
    low, price, high = (row["price"] if row.get(name) is None else row[name] for name in PRICE)
    row.update(low=min(low, price), high=max(high, price))


def _in_yen(currency: str) -> None:
    """Refuses any other currency than yen, since there is no exchange rate anywhere."""
    if currency != CURRENCY:
        raise Refusal("error.currency", allowed=CURRENCY, currency=currency)


def _once(ids: list[str]) -> None:
    """Refuses an id that stands on two rows."""
    for id in ids:
        if ids.count(id) > 1:
            raise Refusal("error.price_row_twice", id=id)


def _placed(draft: Fault, one: Any, content: Any) -> Fault:
    """Returns a fault at the id of its row in place of the row's number, without the whole row
    repeated.
    """
    words: list[str] = []
    for step in one["loc"]:
        known = (
            content
            if isinstance(content, dict)
            else dict(enumerate(content))
            if isinstance(content, list)
            else {}
        )
        content = known.get(step)
        name = content.get("id") if isinstance(step, int) and isinstance(content, dict) else None
        words.append(name if isinstance(name, str) else str(step))
    whole = isinstance(draft.given, dict) and words[-1:] != ["shares"]
    return replace(draft, key=".".join(words), given=NOTHING if whole else draft.given)
