"""How kernels get the arrays of a town: as one struct that is passed by its address.

A named tuple of so many arrays would be copied at every call of a kernel by another, which costs
ten times what most kernels do.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple
from types import SimpleNamespace
from typing import Any

from sim.model.kernel import PLAIN, kernel
from sim.model.plain import PlainArray
from sim.model.town_records import FIELDS

if PLAIN:

    def struct_of(arrays: tuple[Any, ...]) -> Any:
        """What holds `arrays`, in the order of FIELDS, for uncompiled kernels."""
        return SimpleNamespace(**dict(zip(FIELDS, map(PlainArray, arrays), strict=True)))

else:
    from numba.core import types
    from numba.core.datamodel import models, register_default
    from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
    from numba.core.typing.templates import AttributeTemplate
    from numba.experimental import structref
    from numba.extending import infer_getattr, overload

    Arrays = namedtuple("Arrays", FIELDS)  # type: ignore[misc]

    class RecordsType(types.StructRef):
        """The type of the struct; its name is short, since it is part of every compiled symbol."""

        def __init__(self, fields: Any):
            super().__init__(fields)
            fields_hash = hashlib.blake2b(repr(fields).encode(), digest_size=8).hexdigest()
            self.name = f"Records{fields_hash}"

    register_default(RecordsType)(models.StructRefModel)

    @infer_getattr
    class RecordsAttributes(AttributeTemplate):
        """The fields of the struct have the types of the arrays."""

        key = RecordsType

        def generic_resolve(self, typ, attr):  # type: ignore[override]
            """The type of a field."""
            return typ.field_dict[attr]

    @lower_getattr_generic(RecordsType)
    def _get(context, builder, typ, val, attr):
        """Read a field as an array that owns nothing.

        Numba counts who holds an array, in memory that all processors share; to do so at every
        `t.level[cell]` takes longer than most of what kernels do. The town outlives the call, so
        that nothing needs to be counted.
        """
        data = structref._Utils(context, builder, typ).get_data_struct(val)
        array = context.make_array(typ.field_dict[attr])(context, builder, getattr(data, attr))
        array.meminfo = array.meminfo.type(None)
        return array._getvalue()

    @lower_setattr_generic(RecordsType)
    def _set(context, builder, sig, args, attr):
        """Write a field once, when the struct is made; the struct owns the array from then on."""
        typ, value_type = sig.args
        data = structref._Utils(context, builder, typ).get_data_struct(args[0])
        cast = context.cast(builder, args[1], value_type, typ.field_dict[attr])
        context.nrt.incref(builder, typ.field_dict[attr], cast)
        setattr(data, attr, cast)

    class RecordsStruct(structref.StructRefProxy):
        """The struct as Python holds it; only kernels look into it.

        Numba asks for its type at every call, which a slot gives sooner than a property.
        """

        __slots__ = ()
        _numba_type_ = vars(structref.StructRefProxy)["_type"]

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
        exec(f"def build(arrays):\n    return RecordsStruct({fields})\n", scope)  # noqa: S102
        return scope["build"]

    @kernel
    def _struct(arrays):
        return packed(arrays)

    def struct_of(arrays: tuple[Any, ...]) -> Any:
        """What holds `arrays`, in the order of FIELDS, for kernels."""
        return _struct(Arrays(*arrays))
