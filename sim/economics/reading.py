"""Price books read from files: a whole book, or a municipality's own rows laid over another book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..scenario.errors import fault, short, unknown
from ..scenario.files import Folder, copied, folder_of, read_toml
from ..scenario.locator import SHELVES, located
from .book import PRICE, PriceBook, checked, widened

SHELF = SHELVES["prices"]
LISTS = ("items", "mixes", "variants")
ALONE = ("extends", "id")  # belong to one file, not to those that extend it
OWN_GRADE = "own"


def read_prices(path: str | Path) -> PriceBook:
    """Read and check a price book, by its path or by name ("default"); a mistake is a ScenarioError that names file and row.

    With `extends = "default.toml"` (a file beside it, or one that ships) it holds only the rows that differ: by id, each
    with the keys that differ. A price without low and high keeps the range, widened to hold it. A row that changes a price
    or shares and names no source of its own gets this file's name as its source and the grade "own".
    """
    path = located(path, SHELF)
    content = _laid(path, folder_of(path, allow_outside=False), [])
    content.setdefault("id", path.stem)
    return checked(content, short(path))


def _laid(path: Path, folder: Folder, seen: list[Path]) -> dict[str, Any]:
    """The content of a file laid over the book it extends; refuses circles."""
    if path.resolve() in seen:
        raise fault("error.cycle", at="extends", file=short(path), given=" -> ".join(file.name for file in [*seen, path]))
    content = read_toml(path)
    for table in LISTS[:2]:
        _refuse_bad_rows(content.get(table, []), table, short(path))
    if "extends" not in content:
        return content
    under = _laid(folder.find(content["extends"], path, "extends", SHELF), folder, [*seen, path.resolve()])
    laid = {name: value for name, value in under.items() if name not in ALONE}
    laid |= {name: value for name, value in content.items() if name not in (*LISTS, "extends")}
    for table in LISTS[:2]:
        laid[table] = _rows(under.get(table, []), content.get(table, []), table, short(path))
    return laid


def _rows(under: list[Any], over: list[Any], table: str, file: str) -> list[Any]:
    """Rows of a book with another's laid over them by id; new rows follow."""
    rows = {row["id"]: copied(row) for row in under}
    for row in over:
        if row["id"] in rows:
            _lay(rows[row["id"]], row, table, file)
        elif table == "items" and "kind" not in row:
            raise unknown("error.no_price_row", row["id"], rows, at=f"{table}.{row['id']}", file=file)
        else:
            rows[row["id"]] = copied(row)
    return list(rows.values())


def _lay(row: dict[str, Any], over: dict[str, Any], table: str, file: str) -> None:
    """Lay what differs on a row: the old source does not stand behind a new number."""
    if any(name in over for name in PRICE):
        row.update(source=file, grade=OWN_GRADE, price_year=None, price_year_note="")
    if "shares" in over:
        prefix = "" if table == "mixes" else "shares_"
        row.update({f"{prefix}source": file, f"{prefix}grade": OWN_GRADE})
    variants = _rows(row.get("variants", []), over.get("variants", []), "variants", file)
    row.update(copied({name: value for name, value in over.items() if name != "variants"}))
    if variants:
        row["variants"] = variants
    if isinstance(price := over.get("price"), (int, float)) and price >= 0 and not {"low", "high"} & over.keys():
        widened(row)


def _refuse_bad_rows(rows: Any, table: str, file: str) -> None:
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
            _refuse_bad_rows(row["variants"], f"{table}.{id}.variants", file)
