"""Values as a TOML file writes them."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.items import Item


def toml_value(value: Any) -> str:
    """A value on one line: tables become inline tables."""
    return _item(value).as_string()


def _item(value: Any) -> Item:
    if not isinstance(value, dict):
        return tomlkit.item(value)
    table = tomlkit.inline_table()
    for name, part in value.items():
        table.append(name, _item(part))
    return table
