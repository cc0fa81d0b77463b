"""A set of rows with the methods of Mesa's AgentSet: values come from arrays, and views are made
where code requests agents.
"""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import attrgetter, methodcaller
from typing import Any, Literal

import numpy as np
import pandas as pd
from mesa import Model
from mesa.agent import AgentSet

try:
    from mesa.agentset import GroupBy
except ImportError:  # Mesa before 3.4
    from mesa.agent import GroupBy

from sim.model.agents.rows import RowAttribute, View


class Groups(GroupBy):
    """Mesa's GroupBy whose populations aggregate on arrays."""

    def agg(self, attr_name: str, func: Callable) -> dict:
        """Result of `func` on the values of `attr_name`, by group."""
        return {
            name: group.agg(attr_name, func)
            if isinstance(group, Population)
            else func([getattr(agent, attr_name) for agent in group])
            for name, group in self.groups.items()
        }


class Population(AgentSet):
    """An ordered set of rows of one town, seen as views of `kind`.

    It keeps the rows it was made with; households that move in or out later appear in the next set
    that the town gives. A code is row x kinds + kind, so that sets of several kinds (`Town.agents`)
    are one array too.
    """

    def __init__(self, model: Model, kind: type[View], rows: Iterable[int] | np.ndarray):
        self.model, self.random = model, model.random
        self._kinds: tuple[type[View], ...] = (kind,)
        count = getattr(model.state, kind.table).rows
        rows = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.int64)
        if rows.size and not 0 <= rows.min() <= rows.max() < count:
            raise IndexError(f"{kind.table} have rows 0 to {count - 1}")
        self._adopt(pd.unique(rows))

    @classmethod
    def joined(cls, *parts: Population) -> Population:
        """One set of the rows of `parts`, each of one kind of its own and all of one town."""
        made = copy.copy(parts[0])
        made._kinds = tuple(part._kinds[0] for part in parts)
        return made._adopt(
            np.concatenate([part._codes * len(parts) + place for place, part in enumerate(parts)])
        )

    # Rows and views

    def _adopt(self, codes: np.ndarray) -> Population:
        self._codes: np.ndarray = codes
        self._places: frozenset[int] | None = None
        return self

    def _part(self, codes: np.ndarray, inplace: bool = False) -> Population:
        return (self if inplace else copy.copy(self))._adopt(codes)

    def _update(self, agents: Iterable[View]) -> Population:
        return self._adopt(np.array([self._code(agent) for agent in agents], dtype=np.int64))

    def _from_iterable(self, agents: Iterable[View]) -> Population:
        """A set of `agents`, rows of this town of any kind; what `|`, `&`, `-` and `^` make their
        results with.
        """
        agents, made = list(agents), copy.copy(self)
        made._kinds = tuple(
            dict.fromkeys(
                (*self._kinds, *(type(agent) for agent in agents if isinstance(agent, View)))
            )
        )
        return made._update(dict.fromkeys(agents))

    def _view(self, code: int) -> View:
        row, kind = divmod(code, len(self._kinds))
        return self._kinds[kind](self.model, row)

    def _code(self, agent: Any) -> int:
        if type(agent) not in self._kinds or agent.model is not self.model:
            kinds = " or ".join(kind.__name__ for kind in self._kinds)
            raise TypeError(
                f"{agent!r} cannot be in this set: it holds rows of one town, each a {kinds}"
            )
        return agent.row * len(self._kinds) + self._kinds.index(type(agent))

    def _by_kind(self) -> Iterator[tuple[type[View], np.ndarray | slice, np.ndarray]]:
        """Each kind with the places in this set that it takes and the rows that stand there."""
        if len(self._kinds) == 1:
            yield self._kinds[0], slice(None), self._codes
            return
        row, which = np.divmod(self._codes, len(self._kinds))
        for place, kind in enumerate(self._kinds):
            at = np.flatnonzero(which == place)
            yield kind, at, row[at]

    @property
    def rows(self) -> np.ndarray:
        """Row numbers (n,), in the order of the set."""
        return self._codes // len(self._kinds)

    def __len__(self) -> int:
        return self._codes.size

    def __iter__(self) -> Iterator[View]:
        return map(self._view, self._codes.tolist())

    def __contains__(self, agent: Any) -> bool:
        if self._places is None:
            self._places = frozenset(self._codes.tolist())
        return (
            type(agent) in self._kinds
            and agent.model is self.model
            and self._code(agent) in self._places
        )

    def __getitem__(self, item: int | slice) -> View | list[View]:
        if isinstance(item, slice):
            return list(map(self._view, self._codes[item].tolist()))
        return self._view(int(self._codes[item]))

    def __repr__(self) -> str:
        return f"<Population of {len(self)}: {', '.join(kind.__name__ for kind in self._kinds)}>"

    def __getstate__(self) -> dict:
        return self.__dict__

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)

    def to_list(self) -> list[View]:
        """A view on every row."""
        return list(self)

    def copy(self) -> Population:
        """A set of the same rows that changes on its own."""
        return copy.copy(self)

    # Which rows

    def add(self, agent: View) -> None:
        """Add another row of the same town and kind; raises TypeError for anything else."""
        if self._code(agent) not in self._codes:
            self._adopt(np.append(self._codes, self._code(agent)))

    def discard(self, agent: View) -> None:
        """Remove a row from this set, if it is there; the town keeps it."""
        if agent in self:
            self._adopt(self._codes[self._codes != self._code(agent)])

    def remove(self, agent: View) -> None:
        """Remove a row from this set; raises KeyError if it is not there."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Remove every row from this set."""
        self._adopt(self._codes[:0])

    def __ior__(self, other: Iterable[View]) -> Population:
        return self._replaced(self | other)

    def __iand__(self, other: Iterable[View]) -> Population:
        return self._replaced(self - (self - other))

    def __isub__(self, other: Iterable[View]) -> Population:
        return self._replaced(self - other)

    def __ixor__(self, other: Iterable[View]) -> Population:
        return self._replaced(self ^ other)

    def _replaced(self, result: Population) -> Population:
        self._kinds = result._kinds
        return self._adopt(result._codes)

    def select(
        self,
        filter_func: Callable | np.ndarray | None = None,
        at_most: int | float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Population:
        """The rows for which `filter_func` is true: a function of a view, or a mask (n,) of this
        set, which is fast.

        `at_most` is a number of rows or, as a float up to 1, a share of them; `agent_type` a kind
        of view.
        """
        limit = (
            int(len(self) * at_most) if isinstance(at_most, float) and at_most <= 1.0 else at_most
        )
        stop = None if limit == math.inf else max(0, math.ceil(limit))
        codes = self._codes
        if filter_func is not None and not callable(filter_func):
            codes = codes[self._mask(filter_func)]
        if agent_type is not None:
            codes = codes[
                np.array([issubclass(kind, agent_type) for kind in self._kinds])[
                    codes % len(self._kinds)
                ]
            ]
        if callable(filter_func):
            kept = (code for code in codes.tolist() if filter_func(self._view(code)))
            codes = np.fromiter(islice(kept, stop), dtype=np.int64)
        return self._part(codes[:stop], inplace)

    def _mask(self, mask: Any) -> np.ndarray:
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != self._codes.shape:
            raise TypeError(
                f"a mask has {len(self)} booleans, one for each row of this set; given: {mask.dtype}, {mask.shape}"
            )
        return mask

    def shuffle(self, inplace: bool = False) -> Population:
        """The same rows in random order, by the model's own generator."""
        codes = self._codes.tolist()
        self.random.shuffle(codes)
        return self._part(np.array(codes, dtype=np.int64), inplace)

    def sort(
        self, key: Callable | str, ascending: bool = False, inplace: bool = False
    ) -> Population:
        """The same rows ordered by an attribute or a function of a view; largest first unless
        `ascending`.
        """
        if isinstance(key, str):
            values = self.map(attrgetter(key)) if "." in key else self.get(key)
        else:
            values = self.map(key)
        order = sorted(range(len(self)), key=values.__getitem__, reverse=not ascending)
        return self._part(self._codes[order], inplace)

    def groupby(
        self, by: Callable | str, result_type: Literal["agentset", "list"] = "agentset"
    ) -> Groups:
        """Rows by the value of an attribute or of a function of a view, as populations or as lists
        of views.
        """
        places: dict[Any, list[int]] = defaultdict(list)
        for place, value in enumerate(self.map(by) if callable(by) else self.get(by)):
            places[value].append(place)
        groups = {value: self._part(self._codes[at]) for value, at in places.items()}
        return Groups(
            groups
            if result_type == "agentset"
            else {value: group.to_list() for value, group in groups.items()}
        )

    # What is done with them

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Population:
        """Call a function, or the method of that name, on a view of each row."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Population:
        """The same in random order; the order of this set stays."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list:
        """Return what a function, or the method of that name, returns for a view of each row."""
        if isinstance(method, str):
            return list(map(methodcaller(method, *args, **kwargs), self))
        return [method(agent, *args, **kwargs) for agent in self]

    def array(self, name: str) -> np.ndarray:
        """Values (n,) of an attribute, as the array that the town keeps them in where it keeps
        one.
        """
        column = getattr(self._kinds[0], name, None)
        if len(self._kinds) == 1 and isinstance(column, RowAttribute):
            return column.read(self.model.state, self._codes)
        return np.asarray(self.get(name))

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any | list:
        """Result of `func`, or a list with that of each, on the values of an attribute; fastest
        with NumPy's functions.
        """
        functions = (func,) if callable(func) else tuple(func)
        values: np.ndarray | list[Any]
        if all(
            (getattr(function, "__module__", None) or "").startswith("numpy")
            for function in functions
        ):
            array = self.array(attribute)  # with numbers as wide as those of a Python list
            wide = {"i": np.int64, "f": np.float64}.get(array.dtype.kind, array.dtype)
            values = array.astype(wide, copy=False)
        else:
            values = self.get(attribute)
        return (
            functions[0](values) if callable(func) else [function(values) for function in functions]
        )

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> list:
        """Values of an attribute for each row; of several, a list for each row."""
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'"
            )
        default = (default_value,) if handle_missing == "default" else ()
        if isinstance(attr_names, str):
            return self._values(attr_names, *default)
        values = [self._values(name, *default) for name in attr_names]
        return (
            [list(each) for each in zip(*values, strict=True)]
            if values
            else [[] for _ in range(len(self))]
        )

    def _values(self, name: str, *default: Any) -> list:
        values: list = [None] * len(self)
        for kind, at, rows in self._by_kind():
            column = getattr(kind, name, None)
            if isinstance(column, RowAttribute):
                part = column.read(self.model.state, rows).tolist()
            else:
                part = [getattr(kind(self.model, row), name, *default) for row in rows.tolist()]
            if isinstance(at, slice):
                return part
            for place, value in zip(at.tolist(), part, strict=True):
                values[place] = value
        return values

    def set(self, attr_name: str, value: Any) -> Population:
        """Set an attribute of every row to `value`, or to its own element of an array (n,)."""
        each = isinstance(value, np.ndarray) and value.shape == self._codes.shape
        for kind, at, rows in self._by_kind():
            column = getattr(kind, attr_name, None)
            if isinstance(column, RowAttribute):
                column.change(kind, self.model.state, rows, value[at] if each else value)
            else:
                for row in rows.tolist():
                    setattr(kind(self.model, row), attr_name, value)
        return self
