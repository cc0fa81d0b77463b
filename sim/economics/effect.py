"""What a price book says that can change no result of the model: refused, so that nothing is typed in vain."""

from __future__ import annotations

from collections.abc import Iterator

from ..scenario.errors import Fault, ScenarioError
from ..words import Phrase
from .book import Cash, PriceBook, PriceItem
from .quantities import COUNTED, PREFECTURE_MIX


def check_effect(book: PriceBook, standard: PriceBook, file: str) -> None:
    """Refuse, with every place at once, where a book differs from the `standard` one (whose rows the model counts) and no
    result of the model could follow it.
    """
    found = [*_rows(book, standard), *_mixes(book, standard)]
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
    """Payers and cash of a row that nothing reads: notice of what is no cash, payers of what nobody pays."""
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
    """Variants that differ, of which none is taken."""
    known = {one.id: one for one in usual.variants}
    for one in item.variants:
        if one != known.get(one.id):
            way = Phrase("allowed.take_variant", {"row": item.id, "id": one.id})
            yield Phrase("error.no_effect.variant"), f"{at}.variants.{one.id}", one.id, way


def _mixes(book: PriceBook, standard: PriceBook) -> Iterator[Found]:
    usual = {mix.id: mix for mix in standard.mixes}
    taken = {PREFECTURE_MIX, *(item.mix for item in book.items)}
    for mix in book.mixes:
        if mix.id not in taken and mix != usual.get(mix.id):
            yield (
                Phrase("error.no_effect.mix"),
                f"mixes.{mix.id}",
                mix.id,
                Phrase("allowed.take_mix", {"id": mix.id}),
            )


def _typed(value: object) -> object:
    """A value as a file writes it."""
    return value.model_dump(exclude_defaults=True) if hasattr(value, "model_dump") else value
