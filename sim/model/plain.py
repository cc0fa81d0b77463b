"""How uncompiled kernels read arrays and records: as Python's numbers, so that they round and overflow
as compiled ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class PlainRow:
    """A record whose fields are read as Python's numbers, so that an uncompiled kernel rounds and
    overflows as a compiled one.
    """

    __slots__ = ("_record",)

    def __init__(self, record: np.void):
        object.__setattr__(self, "_record", record)

    def __getattr__(self, name: str) -> Any:
        return self._record[name].item()

    def __setattr__(self, name: str, value: Any) -> None:
        self._record[name] = value


class PlainArray:
    """An array for uncompiled kernels: its entries are Python's numbers, or records that read as
    such.
    """

    __slots__ = ("_array", "size", "shape")

    def __init__(self, array: np.ndarray):
        self._array, self.size, self.shape = array, array.size, array.shape

    def __getitem__(self, at: Any) -> Any:
        value = self._array[at]
        if isinstance(value, np.void):
            return PlainRow(value)
        if isinstance(value, np.ndarray):
            return PlainArray(value)
        return value.item()

    def __setitem__(self, at: Any, value: Any) -> None:
        self._array[at] = value

    def __len__(self) -> int:
        return len(self._array)

    def __iter__(self) -> Any:
        return (self[at] for at in range(self.size))

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self._array if dtype is None else self._array.astype(dtype)
