"""What a setting of a lever says of itself: its unit, and its label in each language."""

from __future__ import annotations

from typing import cast

from sim.declared.levers import LEVERS


def about(lever: str, name: str) -> dict[str, str]:
    """The unit ("unit") and the labels ("en", "ja") that a setting of a lever is declared with."""
    return cast(dict[str, str], LEVERS[lever].model_fields[name].json_schema_extra)
