"""The name of a scenario's content: equal for scenarios that run alike, different otherwise."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .scenario import Scenario

NO_PART_OF_A_RUN = {"id", "name", "question", "claims", "seeds"}
REMARKS = ("name", "source", "assumed", "prefecture")


def digest(scenario: Scenario) -> str:
    """A hash over all that decides a run but its seed: not its names, remarks, claims, nor the list of seeds (32 hex digits)."""
    text = json.dumps(content(scenario), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def content(scenario: Scenario) -> dict[str, Any]:
    """All that decides a run but its seed, as JSON holds it."""
    return without_remarks(scenario.model_dump(mode="json", exclude=NO_PART_OF_A_RUN))


def without_remarks(value: Any) -> Any:
    """A value without what only readers use."""
    if isinstance(value, dict):
        return {name: without_remarks(part) for name, part in value.items() if name not in REMARKS}
    return [without_remarks(part) for part in value] if isinstance(value, list) else value
