"""Price books read from files: a whole book, or a municipality's own rows laid over another book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..scenario.errors import fault, nearest, short
from ..scenario.files import Folder, folder_of, read_toml
from ..scenario.locator import SHELVES, SHIPPED, located
from ..words import LANGUAGES, Phrase, say
from .amounts import YEN, all_units, factor
from .book import PRICE, PriceBook, checked
from .quantities import COUNTED
from .rows import laid_over, refuse_bad_rows, with_mixes, yen_rows

NAMES = SHELVES["prices"]
SHELF = SHIPPED / NAMES
LISTS = ("items", "mixes")
ALONE = ("extends", "id", "name", "unit")  # belong to one file, not to those that extend it


def read_prices(path: str | Path) -> PriceBook:
    """Read and check a price book, by its path or by name ("default"); a mistake is a ScenarioError that names file and row.

    With `extends = "default.toml"` (a file beside it, or one that ships) it holds only the rows that differ: by id, each
    with the keys that differ. A price without low and high keeps the range, widened to hold it. A row that changes a price
    or shares and names no source of its own gets this file's name as its source and the grade "own". `unit` states in which
    unit of money a row or a file is typed (yen if none). A price far from the book's is refused unless its row says
    `sure = true`. The book is named by its label and its file.
    """
    path = located(path, NAMES)
    content, files = _laid(path, folder_of(path, allow_outside=False), [])
    content.setdefault("id", path.stem)
    if files[1:] or isinstance(content.get("name"), dict):
        content["name"] = _titled(content.get("name"), files)
    return checked(with_mixes(content, short(path)), short(path))


def _titled(name: Any, files: list[str]) -> Any:
    """The label of a book with the names of its file and of those that it is laid over; the file's name where it has none."""
    file, under = files[0], ", ".join(files[1:])
    if name is None:
        return {lang: say("price_book.of_file", lang, file=file, under=under) for lang in LANGUAGES}
    if not isinstance(name, dict):
        return name
    key = "price_book.over" if under else "price_book.whole"
    return {
        lang: say(key, lang, name=text, file=file, under=under)
        if lang in LANGUAGES and isinstance(text, str)
        else text
        for lang, text in name.items()
    }


def _laid(path: Path, folder: Folder, seen: list[Path]) -> tuple[dict[str, Any], list[str]]:
    """The content of a file laid over the book it extends, in yen, and the names of the files; refuses circles."""
    if path.resolve() in seen:
        raise fault(
            "error.cycle",
            at="extends",
            file=short(path),
            given=" -> ".join(file.name for file in [*seen, path]),
        )
    content, file = read_toml(path), short(path)
    for table in LISTS:
        refuse_bad_rows(content.get(table, []), table, file)
    unit = _unit(content, file)
    if "extends" not in content:
        return _whole(content, unit, path), [path.name]
    under, files = _laid(
        folder.find(content["extends"], path, "extends", NAMES), folder, [*seen, path.resolve()]
    )
    laid = {name: value for name, value in under.items() if name not in ALONE}
    laid |= {
        name: value for name, value in content.items() if name not in (*LISTS, "extends", "unit")
    }
    typed = yen_rows(content.get("items", []), under.get("items", []), unit, file, ask=True)
    laid["items"] = laid_over(under.get("items", []), typed, "items", file)
    laid["mixes"] = laid_over(under.get("mixes", []), content.get("mixes", []), "mixes", file)
    return laid, [path.name, *files]


def _whole(content: dict[str, Any], unit: int, path: Path) -> dict[str, Any]:
    """A whole book in yen. One that could price a run is asked about amounts far from those of the book that ships."""
    rows, standard = content.get("items", []), SHELF / "default.toml"
    if path.resolve() == standard.resolve():
        return content
    ask = {row["id"] for row in rows} >= COUNTED
    items = yen_rows(rows, read_toml(standard)["items"], unit, short(path), ask=ask, whole=True)
    return {name: value for name, value in content.items() if name != "unit"} | (
        {"items": items} if rows else {}
    )


def _unit(content: dict[str, Any], file: str) -> int:
    """Yen of the unit of money in which the prices of a file are typed."""
    if "unit" not in content:
        return YEN
    unit = factor(content["unit"])
    if unit is None:
        near = nearest(str(content["unit"]), all_units().split(", "))
        raise fault(
            "error.money_unit",
            at="unit",
            file=file,
            given=content["unit"],
            allowed=all_units(),
            near=near,
        )
    if not any(set(PRICE) & row.keys() for row in content.get("items", [])):
        raise fault(
            "error.unit_without_price",
            at="unit",
            file=file,
            given=content["unit"],
            allowed=Phrase("allowed.with_price"),
        )
    return unit
