"""How kernels get the arrays of a town: as one struct that is passed by its address.

A named tuple of so many arrays would be copied at every call of a kernel by another, which costs
ten times what most kernels do.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple
from types import SimpleNamespace
from typing import Any

from sim.model.kernel import PLAIN, PlainArray, kernel
from sim.model.town_records import FIELDS

if PLAIN:

    def struct_of(arrays: tuple[Any, ...]) -> Any:
        """What holds `arrays`, in the order of FIELDS, for uncompiled kernels."""
        return SimpleNamespace(**dict(zip(FIELDS, map(PlainArray, arrays), strict=True)))

else:
    from numba.core import types
    from numba.experimental import structref
    from numba.extending import overload

    Arrays = namedtuple("Arrays", FIELDS)  # type: ignore[misc]

    @structref.register
    class RecordsType(types.StructRef):
        """The type of the struct; its name is short, since it is part of every compiled symbol."""

        def __init__(self, fields: Any):
            super().__init__(fields)
            fields_hash = hashlib.blake2b(repr(fields).encode(), digest_size=8).hexdigest()
            self.name = f"Records{fields_hash}"

    class RecordsStruct(structref.StructRefProxy):
        """The struct as Python holds it; only kernels look into it."""

    structref.define_boxing(RecordsType, RecordsStruct)
    structref.define_constructor(RecordsStruct, RecordsType, FIELDS)

    def packed(arrays):
        """The struct of a named tuple of arrays; only kernels can call it."""
        raise NotImplementedError

    @overload(packed)
    def _packed(arrays):
        """Give numba the constructor's call, field by field."""
        fields = ", ".join(f"arrays.{name}" for name in FIELDS)
        scope = {"RecordsStruct": RecordsStruct}
        exec(f"def build(arrays):\n    return RecordsStruct({fields})\n", scope)
        return scope["build"]

    @kernel
    def _struct(arrays):
        return packed(arrays)

    def struct_of(arrays: tuple[Any, ...]) -> Any:
        """What holds `arrays`, in the order of FIELDS, for kernels."""
        return _struct(Arrays(*arrays))
