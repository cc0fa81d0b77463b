"""Prices, shares and the discount rate that a user changed in a workbook that was given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from sim.declared.payers import PAYERS
from sim.economics.book import PriceBook
from sim.economics.money import CHOSEN
from sim.files.notation import meant
from sim.report.workbook.prices import RATE, WRITTEN, price_name, shares_name
from sim.words import InBoth, Phrase
from sim.words.errors import NOTHING, Fault

OWN_PRICES = "own_prices"  # the property of the file that lists prices changed on that sheet
MOST_RATE, MOST_YEN, SLIP = 0.2, 1e9, 1e-6


@dataclass
class ChangedPrices:
    """What differs: yen by row, shares by row and mix, the discount rate; and what is wrong."""

    yen: dict[str, float] = field(default_factory=dict)
    shares: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    rate: float = CHOSEN
    faults: list[Fault] = field(default_factory=list)


def changed_prices(book: Workbook, usual: PriceBook, file: str) -> ChangedPrices:
    """Returns what a user changed on the sheet of prices against the `usual` book; nothing where the
    workbook has no such sheet.
    """
    found = ChangedPrices()
    own = {prop.name: str(prop.value) for prop in book.custom_doc_props.props}.get(OWN_PRICES, "")
    for item in usual.items:
        cells = [*_cells(book, price_name(item.id))]
        if cells:
            _price(found, cells[0], item.id, own.split(","), InBoth(item.ja, item.en), file)
        _shares(found, book, usual, item.id, file)
    for cell in _cells(book, RATE):
        value = _number(found, cell, 0, MOST_RATE, Phrase("sheets.rate"), file)
        found.rate = CHOSEN if value is None else value
    return found


def _price(
    found: ChangedPrices, cell: Any, id: str, own: list[str], name: InBoth, file: str
) -> None:
    """A price that differs from the one written beside it, or that was the user's before."""
    written = cell.parent.cell(cell.row, WRITTEN).value
    if cell.value != written or id in own:
        value = _number(found, cell, 0, MOST_YEN, name, file)
        found.yen |= {} if value is None else {id: value}


def _shares(found: ChangedPrices, book: Workbook, usual: PriceBook, id: str, file: str) -> None:
    """The shares of a row that differ from the usual ones, under its own mix and under others."""
    for mix in ("", *(one.id for one in usual.mixes)):
        cells = [*_cells(book, shares_name(id, mix))]
        if len(cells) != len(PAYERS):
            continue
        shares = {
            payer: meant(cell.value) or 0.0 for payer, cell in zip(PAYERS, cells, strict=True)
        }
        known = usual.mix(mix).shares if mix else usual.item(id).shares
        wrong = any(not isinstance(value, (int, float)) or value < 0 for value in shares.values())
        if wrong or abs(sum(shares.values()) - 1) > SLIP:
            allowed = Phrase("allowed.sum_one")
            found.faults.append(_fault(cells[0], "book.wrong.row_shares", allowed, file))
        elif any(abs(shares[payer] - getattr(known, payer)) > SLIP for payer in PAYERS):
            found.shares[id, mix] = shares


def _number(
    found: ChangedPrices, cell: Any, low: float, high: float, name: Any, file: str
) -> float | None:
    """A number within bounds; notes what is wrong with it."""
    value = meant(cell.value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    allowed = Phrase(
        "allowed.range", {"low": f"{low:g}", "high": f"{high:,.0f}" if high > 1 else high}
    )
    found.faults.append(_fault(cell, "book.wrong.number", allowed, file, name))
    return None


def _fault(cell: Any, key: str, allowed: Phrase, file: str, name: Any = None) -> Fault:
    address = f"{get_column_letter(cell.column)}{cell.row}"
    label = name or Phrase("book.shares")
    place = Phrase("book.place", {"sheet": cell.parent.title, "cell": address, "label": label})
    given = NOTHING if cell.value is None else str(cell.value)
    return Fault(Phrase(key), file, place, given, allowed)


def _cells(book: Workbook, name: str) -> Iterator[Any]:
    """Yields the cells that a name of the workbook stands for."""
    one = book.defined_names.get(name)
    where = (one.attr_text or "") if one is not None else ""
    page, _, area = where.rpartition("!")
    page = page.strip("'")
    if page not in book or "#" in where:
        return
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    for row in book[page].iter_rows(top, bottom, left, right):
        yield from row


def price_rows(changed: ChangedPrices) -> dict[str, list[dict[str, Any]]]:
    """Returns the rows of a price file with the shares that were changed: of things, and of mixes."""
    items = [
        {"id": id, "shares": dict(shares)}
        for (id, mix), shares in changed.shares.items()
        if not mix
    ]
    mixes = {
        mix: {"id": mix, "shares": dict(shares)}
        for (_, mix), shares in changed.shares.items()
        if mix
    }
    return {"items": items, "mixes": [*mixes.values()]}
