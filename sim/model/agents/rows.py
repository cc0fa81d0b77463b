"""A row seen as a Mesa agent: the view, and its columns, which read their array at every access."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, ClassVar, NoReturn

import numpy as np
from mesa import Agent, Model

from sim.declared import vocabulary
from sim.declared.tables import ColumnDeclaration
from sim.model.state import State


class RowAttribute:
    """An attribute that every row of a table has, for one view or for many rows at once.

    read(state, rows (n,)) gives an array (n,); write(state, rows, values) sets values ((n,) or
    one), and is None where setting would break counts kept elsewhere.
    """

    def __init__(self, read: Callable, write: Callable | None = None):
        self.read, self.write = read, write
        self.name, self.__doc__ = read.__name__, read.__doc__

    def setter(self, write: Callable) -> RowAttribute:
        """The same column, written by `write`."""
        return RowAttribute(self.read, write)

    def change(self, kind: type, state: State, rows: np.ndarray, values: Any) -> None:
        """Set `rows` to `values`; raises AttributeError where the column of `kind` is read-only."""
        if self.write is None:
            raise AttributeError(
                f"{kind.__name__}.{self.name} is read-only: other columns are counted from it or it from them"
            )
        self.write(state, rows, values)

    def __get__(self, view: View | None, kind: type | None = None):
        if view is None:
            return self
        value = self.read(view.model.state, np.array([view.row]))[0]
        return value.item() if isinstance(value, np.generic) else value

    def __set__(self, view: View, value: Any) -> None:
        self.change(type(view), view.model.state, np.array([view.row]), value)


def _stored(table: str, name: str, declared: ColumnDeclaration, *, fixed: bool) -> RowAttribute:
    """The column `name` of a table of the state as declared there; an index is read as the name it
    stands for.
    """
    dtype, unit, meaning = declared.dtype, declared.unit, declared.en
    names = re.fullmatch(r"index in (\w+)", unit)
    # -1 reads as none
    words = np.array((*getattr(vocabulary, names[1]), "none")) if names else None

    def read(state, rows):
        values = getattr(getattr(state, table), name)[rows]
        return values if words is None else words[values]

    def write(state, rows, values):
        getattr(getattr(state, table), name)[rows] = fitting(name, dtype, unit, values)

    read.__name__, read.__doc__ = name, f"{meaning} ({unit})"
    return RowAttribute(read, None if fixed or names else write)


def fitting(name: str, dtype: type, unit: str, values: Any) -> np.ndarray:
    """Convert `values` to the column's type; raises where type or declared range (a unit such as
    0-1) cannot hold them.
    """
    given = np.asarray(values)
    if given.dtype.kind not in "biuf":
        raise TypeError(f"{name} takes numbers, not {values!r}")
    with np.errstate(invalid="ignore"):
        kept: np.ndarray = given.astype(dtype)
    whole = kept.dtype.kind in "biu"
    if not (kept == given if whole else np.isfinite(kept)).all():
        raise ValueError(f"{name} cannot be {values!r}: it is kept as {kept.dtype}")
    span = re.fullmatch(r"(\d+)-(\d+)", unit)
    if span and not ((kept >= int(span[1])) & (kept <= int(span[2]))).all():
        raise ValueError(f"{name} cannot be {values!r}: it lies between {span[1]} and {span[2]}")
    return kept


class View(Agent):
    """A row of a town as a Mesa agent: made on request, never registered, equal to any other view
    of the same row.

    It stores only its model and its row, so a value set on it goes to the town's arrays or is
    refused.
    """

    table: ClassVar[str]
    pos = None

    def __init_subclass__(
        cls,
        table: str = "",
        columns: dict[str, ColumnDeclaration] | None = None,
        fixed: tuple[str, ...] = (),
        **kwargs,
    ):
        super().__init_subclass__(**kwargs)
        cls.table = table or cls.table
        for name, declared in (columns or {}).items():
            if name not in vars(cls):
                setattr(cls, name, _stored(table, name, declared, fixed=name in fixed))

    def __init__(self, model: Model, row: int):
        count = getattr(model.state, self.table).rows
        if not 0 <= row < count:
            raise IndexError(f"{self.table} have rows 0 to {count - 1}, not {row}")
        self.__dict__["model"], self.__dict__["row"] = model, int(row)

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(getattr(type(self), name, None), "__set__"):
            near = get_close_matches(name, dir(type(self)), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise AttributeError(
                f"{type(self).__name__} is a view on a row and keeps no {name!r} of its own{hint}"
            )
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.row == self.row and other.model is self.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row, type(self)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    def remove(self) -> NoReturn:
        """Refuse: rows exist for the whole run, only their occupants change."""
        raise TypeError(f"a {type(self).__name__} is a row of its town and cannot be removed")

    @classmethod
    def create_agents(cls, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: rows are made when the town is built."""
        raise TypeError(
            f"a {cls.__name__} is a row of its town; rows are made when the town is built"
        )

    from_dataframe = create_agents
