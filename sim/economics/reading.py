"""Price books read from files: a whole book, or a municipality's own rows laid over another
book.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.economics.book import PRICE, Cash, PriceBook, PriceItem, checked_book, widened
from sim.economics.quantities import COUNTED, PREFECTURE_MIX
from sim.economics.units import YEN, all_units, factor, in_yen, question
from sim.files.locator import SHELVES, SHIPPED, located
from sim.files.toml import Folder, copied, folder_of, read_toml
from sim.words import LANGUAGES, Phrase, say
from sim.words.errors import Fault, ScenarioError, fault, nearest, short, unknown


def check_effect(
    book: PriceBook, standard: PriceBook, file: str, sources: Sequence[str] = ()
) -> None:
    """Raises ScenarioError, with every place at once, where a book differs from the `standard` one
    (whose rows the model counts) in something that no result of the model could follow. `sources`:
    the mixes that measures are funded from.
    """
    found = [*_rows(book, standard), *_mixes(book, standard, sources)]
    if found:
        raise ScenarioError(
            *(Fault(reason, file, at, given, allowed) for reason, at, given, allowed in found)
        )


Found = tuple[Phrase, str, object, Phrase | str]


def _rows(book: PriceBook, standard: PriceBook) -> Iterator[Found]:
    usual = {item.id: item for item in standard.items}
    for item in book.items:
        at = f"items.{item.id}"
        if item.id not in COUNTED:
            if item != usual.get(item.id):
                yield Phrase("error.no_effect.row"), at, item.id, ", ".join(sorted(COUNTED))
            continue
        for name in ("kind", "unit"):
            if getattr(item, name) != getattr(usual[item.id], name):
                yield (
                    Phrase("error.not_as_counted"),
                    f"{at}.{name}",
                    getattr(item, name),
                    getattr(usual[item.id], name),
                )
        yield from _cash(item, usual[item.id], at)
        yield from _variants(item, usual[item.id], at)


def _cash(item: PriceItem, usual: PriceItem, at: str) -> Iterator[Found]:
    """Finds payers and cash of a row that nothing reads: notice for what is no cash, and payers of
    what nobody pays.
    """
    differs = [
        name
        for name in ("shares", "cashable", "lag_years", "step")
        if getattr(item, name) != getattr(usual, name)
    ]
    plain = Cash.model_fields["step"].default
    for name in differs:
        given = getattr(item, name)
        if item.view == "society":
            yield Phrase("error.no_effect.society"), f"{at}.{name}", _typed(given), ""
        elif (
            name == "lag_years"
            and given
            and item.cashable == "no"
            or (name == "step" and given != plain and item.cashable != "capacity_step")
        ):
            yield (
                Phrase("error.no_effect.cash", {"cashable": item.cashable}),
                f"{at}.{name}",
                _typed(given),
                "",
            )


def _variants(item: PriceItem, usual: PriceItem, at: str) -> Iterator[Found]:
    """Finds variants that differ from those of the standard book although none of them is taken."""
    known = {one.id: one for one in usual.variants}
    for one in item.variants:
        if one != known.get(one.id):
            way = Phrase("allowed.take_variant", {"row": item.id, "id": one.id})
            yield Phrase("error.no_effect.variant"), f"{at}.variants.{one.id}", one.id, way


def _mixes(book: PriceBook, standard: PriceBook, sources: Sequence[str]) -> Iterator[Found]:
    usual = {mix.id: mix for mix in standard.mixes}
    taken = {PREFECTURE_MIX, *sources, *(item.mix for item in book.items)}
    for mix in book.mixes:
        if mix.id not in taken and mix != usual.get(mix.id):
            yield (
                Phrase("error.no_effect.mix"),
                f"mixes.{mix.id}",
                mix.id,
                Phrase("allowed.take_mix", {"id": mix.id}),
            )


def _typed(value: object) -> object:
    """Returns a value as a file writes it."""
    return value.model_dump(exclude_defaults=True) if hasattr(value, "model_dump") else value


OWN_GRADE = "own"
SHARES_OF_MIX = {
    "shares": "shares",
    "shares_grade": "grade",
    "shares_source": "source",
    "shares_source_ja": "source_ja",
}
Rows = list[dict[str, Any]]


def yen_rows(
    rows: Rows, under: Rows, unit: int, file: str, *, ask: bool, whole: bool = False
) -> Rows:
    """Returns the rows with their prices in yen; raises ScenarioError for a unit that is no unit of
    money.

    `unit` is the number of yen in the unit in which the file is typed. `under` holds the rows of
    the book whose prices stand beside these. With `ask` an amount far from that book's is refused
    unless the row says `sure`. With `whole` the rows stand alone and keep the unit in which they
    count.
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
        name: in_yen(value, typed_in) if name in PRICE else value for name, value in row.items()
    }
    if of_row:
        found.pop("unit")
        if whole and "unit" in under:
            found["unit"] = under["unit"]
    return found


def laid_over(under: Rows, over: Rows, table: str, file: str) -> Rows:
    """Returns the rows of a book with another book's laid over them by id; new rows follow."""
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
    """Lays what differs on a row. The old source does not stand behind a new number."""
    if any(name in over for name in PRICE):
        _write(row, {"source": file, "grade": OWN_GRADE, "price_year_note": ""})
        row.update(price_year=None, sure=False)
    variants = laid_over(row.get("variants", []), over.get("variants", []), "variants", file)
    if variants:
        row["variants"] = variants
    if table == "items":
        _refuse_other_kind(row, over, file)
        _choose(row, over, file)
    if "shares" in over:
        prefix = "" if table == "mixes" else "shares_"
        _write(row, {f"{prefix}source": file, f"{prefix}grade": OWN_GRADE})
        row.pop("mix", None)
    elif "mix" in over:
        for name in SHARES_OF_MIX:
            row.pop(name, None)
    if "sections" in over:
        _write(row, {"sections_source": file, "sections_grade": OWN_GRADE})
    _write(row, copied({name: value for name, value in over.items() if name != "variants"}))
    if (
        isinstance(price := over.get("price"), (int, float))
        and price >= 0
        and not {"low", "high"} & over.keys()
    ):
        widened(row)


def _write(row: dict[str, Any], values: dict[str, Any]) -> None:
    """Put values into a row; the Japanese of a text that they replace goes with it."""
    for name in values:
        row.pop(f"{name}_ja", None)
    row.update(values)


def _refuse_other_kind(row: dict[str, Any], over: dict[str, Any], file: str) -> None:
    """Raises ScenarioError where a row would become another thing than the one that is counted."""
    if "kind" in row and over.get("kind", row["kind"]) != row["kind"]:
        raise fault(
            "error.other_kind",
            at=f"items.{row['id']}.kind",
            file=file,
            given=over["kind"],
            allowed=str(row["kind"]),
        )


def _choose(row: dict[str, Any], over: dict[str, Any], file: str) -> None:
    """Takes the payers and the cash of the variant that a row names; what the row says beside it is
    laid on them.
    """
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
    """Returns the content with the shares of the mix that a post or a place names in the place of
    shares of its own.
    """
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
    """Raises ScenarioError where rows are not tables that each have an id of their own."""
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


NAMES = SHELVES["prices"]
SHELF = SHIPPED / NAMES
LISTS = ("items", "mixes")
ALONE = ("extends", "id", "name", "unit")  # belong to one file, not to those that extend it


def read_prices(path: str | Path) -> PriceBook:
    """Reads and checks a price book and returns it. `path` is a file, or the name of a book that
    ships ("default").

    A file with `extends = "default.toml"` (a file beside it, or one that ships) holds only the rows
    that differ: each by its id, with the keys that differ. A price without low and high keeps the
    range, widened to hold it. A row that changes a price, shares or sections and names no source of
    its own gets the file's name as its source and the grade "own". `unit` states in which unit of money a
    row or a file is typed (yen where there is none). A price far from the book's is refused unless
    its row says `sure = true`. The book is named by its label and its file.

    Raises ScenarioError, which names file and row, for anything that is wrong.

    >>> read_prices("default").item("post_regular").price
    7800000.0
    """
    path = located(path, NAMES)
    content, files = _laid(path, folder_of(path, allow_outside=False), [])
    content.setdefault("id", path.stem)
    if files[1:] or isinstance(content.get("name"), dict):
        content["name"] = _titled(content.get("name"), files)
    return checked_book(with_mixes(content, short(path)), short(path))


def _titled(name: Any, files: list[str]) -> Any:
    """Returns the label of a book with the names of its file and of the files that it is laid over;
    the file's name where it has no label.
    """
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
    """Returns the content of a file laid over the book that it extends, in yen, and the names of
    the files; raises ScenarioError where files extend one another in a circle.
    """
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
    whole = (*LISTS, "extends", "unit")
    _write(laid, {name: value for name, value in content.items() if name not in whole})
    typed = yen_rows(content.get("items", []), under.get("items", []), unit, file, ask=True)
    laid["items"] = laid_over(under.get("items", []), typed, "items", file)
    laid["mixes"] = laid_over(under.get("mixes", []), content.get("mixes", []), "mixes", file)
    return laid, [path.name, *files]


def _whole(content: dict[str, Any], unit: int, path: Path) -> dict[str, Any]:
    """Returns a whole book in yen. A book that could price a run is asked about amounts far from
    those of the book that ships.
    """
    rows, standard = content.get("items", []), SHELF / "default.toml"
    if path.resolve() == standard.resolve():
        return content
    ask = {row["id"] for row in rows} >= COUNTED
    items = yen_rows(rows, read_toml(standard)["items"], unit, short(path), ask=ask, whole=True)
    return {name: value for name, value in content.items() if name != "unit"} | (
        {"items": items} if rows else {}
    )


def _unit(content: dict[str, Any], file: str) -> int:
    """Returns the number of yen in the unit of money in which the prices of a file are typed."""
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
