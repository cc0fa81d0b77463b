"""What a module of a user's own declares beside its parameters: columns of the town's tables, and
counters of the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from sim.words.errors import nearest

TABLES = ("households", "needs", "residents", "ties", "workers", "agencies", "districts")


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OwnColumn(_Declared):
    """A column that a table of the town gets: type, value at first and for every newcomer, unit,
    meaning.
    """

    table: str
    name: str
    dtype: str
    initial: bool | int | float
    unit: str
    meaning: str


class OwnFlow(_Declared):
    """A counter of the week that the weekly table gets; one column for each of `labels` where there
    are any.
    """

    name: str
    unit: str
    en: str
    ja: str
    labels: tuple[str, ...] = ()


def own_columns(extra: Iterable[ModuleType]) -> tuple[OwnColumn, ...]:
    """The COLUMNS of `extra` that name a table ("households.heat"), in order; others are the
    module's own business.

    Raises ValueError for a table that does not exist, what is no declaration, or a column given
    twice.
    """
    found = [
        _column(module, place, given)
        for module in extra
        for place, given in getattr(module, "COLUMNS", {}).items()
        if "." in place
    ]
    return _each_once(found, lambda one: f"{one.table}.{one.name}")


def own_flows(extra: Iterable[ModuleType]) -> tuple[OwnFlow, ...]:
    """The FLOWS of `extra`: name -> (unit, en, ja) or (unit, en, ja, labels), in order."""
    found = [
        _flow(module, name, given)
        for module in extra
        for name, given in getattr(module, "FLOWS", {}).items()
    ]
    return _each_once(found, lambda one: one.name)


def _column(module: ModuleType, place: str, declared: Any) -> OwnColumn:
    table, _, name = place.partition(".")
    if table not in TABLES:
        near = nearest(table, TABLES)
        raise ValueError(
            f"{module.__name__}.COLUMNS: {place!r}: there is no table {table!r}"
            + (f"; did you mean {near}.{name}?" if near else f"; there are {', '.join(TABLES)}")
        )
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError(
            f"{module.__name__}.COLUMNS: {place!r}: {name!r} cannot be the name of a column"
        )
    if not (isinstance(declared, Sequence) and len(declared) == 4):
        raise ValueError(
            f"{module.__name__}.COLUMNS: {place!r}: give (dtype, initial, unit, meaning), not {declared!r}"
        )
    dtype, initial, unit, meaning = declared
    kind = np.dtype(dtype)
    if kind.kind not in "biuf":
        raise ValueError(
            f"{module.__name__}.COLUMNS: {place!r}: a column holds numbers or yes and no, not {kind.name}"
        )
    return OwnColumn(
        table=table,
        name=name,
        dtype=kind.name,
        initial=kind.type(initial).item(),
        unit=unit,
        meaning=meaning,
    )


def _flow(module: ModuleType, name: str, declared: Any) -> OwnFlow:
    if not (isinstance(declared, Sequence) and 3 <= len(declared) <= 4):
        raise ValueError(
            f"{module.__name__}.FLOWS: {name!r}: give (unit, en, ja) or (unit, en, ja, labels), not {declared!r}"
        )
    return OwnFlow(name=name, **dict(zip(("unit", "en", "ja", "labels"), declared, strict=False)))


def _each_once(found: list, key) -> tuple:
    names = [key(one) for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"declared twice: {', '.join(twice)}")
    return tuple(found)
