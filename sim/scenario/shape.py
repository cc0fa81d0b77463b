"""A shape that a setting may have in a file beside its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape that a setting may have in a file beside its own, as JSON Schema says it."""

    schema: dict[str, Any]

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Either the setting's own shape, or this one."""
        return {"anyOf": [handler(schema), self.schema]}
