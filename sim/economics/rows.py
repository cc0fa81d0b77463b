"""Rows of a price book as they are typed: brought to yen, laid over those of another book by id, with the payers they name."""

from __future__ import annotations

from typing import Any

from ..scenario.errors import fault, unknown
from ..scenario.files import copied
from ..words import Phrase
from .amounts import all_units, factor, in_yen, question
from .book import PRICE, Cash, widened

OWN_GRADE = "own"
SHARES_OF_MIX = {"shares": "shares", "shares_grade": "grade", "shares_source": "source"}
Rows = list[dict[str, Any]]


def yen_rows(
    rows: Rows, under: Rows, unit: int, file: str, *, ask: bool, whole: bool = False
) -> Rows:
    """Priced rows with their prices in yen; refuses units that are none.

    unit: yen of the unit in which the file is typed. under: the rows of the book whose prices stand beside these. ask: refuse
    an amount far from that book's, unless the row says `sure`. whole: rows stand alone, and keep the unit in which they count.
    """
    known = {row["id"]: row for row in under}
    return [
        _yen_row(row, known.get(row["id"], {}), unit, f"items.{row['id']}", file, ask, whole)
        for row in rows
    ]


def _yen_row(
    row: dict[str, Any],
    under: dict[str, Any],
    unit: int,
    at: str,
    file: str,
    ask: bool,
    whole: bool,
) -> dict[str, Any]:
    counts, of_row = row.get("unit"), factor(row.get("unit"))
    given = [name for name in PRICE if name in row]
    if of_row and not given:
        raise fault(
            "error.unit_without_price",
            at=f"{at}.unit",
            file=file,
            given=counts,
            allowed=Phrase("allowed.with_price"),
        )
    if counts is not None and not of_row and under and not whole and counts != under.get("unit"):
        raise fault(
            "error.counting_unit",
            at=f"{at}.unit",
            file=file,
            given=counts,
            allowed=f"{under.get('unit', '')}, {all_units()}",
        )
    typed_in = of_row or unit
    for name in given if ask and row.get("sure") is not True else ():
        question(row[name], typed_in, under.get(name) or 0, at=f"{at}.{name}", file=file)
    found = {
        name: in_yen(value, typed_in) if name in PRICE else value
        for name, value in row.items()
    }
    if of_row:
        found.pop("unit")
        if whole and "unit" in under:
            found["unit"] = under["unit"]
    return found


def laid_over(under: Rows, over: Rows, table: str, file: str) -> Rows:
    """Rows of a book with another's laid over them by id; new rows follow."""
    rows = {row["id"]: copied(row) for row in under}
    for row in over:
        if row["id"] in rows:
            _lay(rows[row["id"]], row, table, file)
        elif table == "items" and "kind" not in row:
            raise unknown(
                "error.no_price_row", row["id"], rows, at=f"{table}.{row['id']}", file=file
            )
        else:
            rows[row["id"]] = copied(row)
    return list(rows.values())


def _lay(row: dict[str, Any], over: dict[str, Any], table: str, file: str) -> None:
    """Lay what differs on a row: the old source does not stand behind a new number."""
    if any(name in over for name in PRICE):
        row.update(source=file, grade=OWN_GRADE, price_year=None, price_year_note="", sure=False)
    variants = laid_over(row.get("variants", []), over.get("variants", []), "variants", file)
    if variants:
        row["variants"] = variants
    if table == "items":
        _refuse_other_kind(row, over, file)
        _choose(row, over, file)
    if "shares" in over:
        prefix = "" if table == "mixes" else "shares_"
        row.update({f"{prefix}source": file, f"{prefix}grade": OWN_GRADE})
        row.pop("mix", None)
    elif "mix" in over:
        for name in SHARES_OF_MIX:
            row.pop(name, None)
    row.update(copied({name: value for name, value in over.items() if name != "variants"}))
    if (
        isinstance(price := over.get("price"), (int, float))
        and price >= 0
        and not {"low", "high"} & over.keys()
    ):
        widened(row)


def _refuse_other_kind(row: dict[str, Any], over: dict[str, Any], file: str) -> None:
    """A row stays the thing that is counted."""
    if "kind" in row and over.get("kind", row["kind"]) != row["kind"]:
        raise fault(
            "error.other_kind",
            at=f"items.{row['id']}.kind",
            file=file,
            given=over["kind"],
            allowed=str(row["kind"]),
        )


def _choose(row: dict[str, Any], over: dict[str, Any], file: str) -> None:
    """Take the payers and cash of the variant that a row names; what the row says beside it is laid on them."""
    wanted = over.get("variant", row.get("variant", ""))
    if wanted == row.get("variant", "") or not isinstance(wanted, str):
        return
    others = {one["id"]: one for one in row.get("variants", [])}
    if wanted not in others:
        raise unknown(
            "error.no_variant", wanted, others, at=f"items.{row['id']}.variant", file=file
        )
    chosen = others.pop(wanted)
    for name in Cash.model_fields:
        row.pop(name, None)
    row.pop("mix", None)
    row |= {name: value for name, value in chosen.items() if name in Cash.model_fields}
    row["variants"] = list(others.values())


def with_mixes(content: dict[str, Any], file: str) -> dict[str, Any]:
    """The content with the shares of the mix that a post or a place names in place of shares of its own."""
    mixes = {row["id"]: row for row in content.get("mixes", [])}
    items = []
    for row in content.get("items", []):
        mix, at = row.get("mix", ""), f"items.{row['id']}.mix"
        if isinstance(mix, str) and mix:
            if mix not in mixes:
                raise unknown("error.no_mix_row", mix, mixes, at=at, file=file)
            if row.get("kind") not in ("post", "place"):
                raise fault("error.takes_no_mix", at=at, file=file, given=mix)
            if "shares" in row:
                raise fault("error.mix_and_shares", at=at, file=file, given=mix)
            of_mix = mixes[mix]
            row = {name: of_mix[key] for name, key in SHARES_OF_MIX.items() if key in of_mix} | row
        items.append(row)
    return content | ({"items": items} if items else {})


def refuse_bad_rows(rows: Any, table: str, file: str) -> None:
    """Rows are tables that each have an id of their own."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise fault("error.price_rows", at=table, file=file)
    ids = [row.get("id") for row in rows]
    for number, (id, row) in enumerate(zip(ids, rows, strict=True), 1):
        if not isinstance(id, str):
            raise fault("error.missing", at=f"{table}.{number}.id", file=file)
        if ids.count(id) > 1:
            raise fault("error.price_row_twice", at=f"{table}.{id}", file=file, id=id)
        if "variants" in row:
            refuse_bad_rows(row["variants"], f"{table}.{id}.variants", file)
