"""Modules of earlier versions that have another place now: importing one by its old name says where
it is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {  # names below sim that documents of earlier versions used, and the new name of each
    "commands": "cli",
    "comparison": "study",
    "experiment": "study",
    "agents": "model.agents",
    "build": "model.start",
    "candidates": "model.kernel",
    "documents": "cli.documents",
    "door": "model.door",
    "economics.discounting": "economics.money",
    "economics.prices": "economics.costing",
    "events": "model.event_log",
    "newcomers": "model.households",
    "posts": "model.posts",
    "processes": "model.processes",
    "records": "declared.records",
    "report.arm_figures": "report.figures.comparison",
    "report.differences": "report.text.comparison",
    "report.lessons": "lessons.page",
    "report.style": "report.figures.style",
    "report.summary": "report.text.run",
    "report.tables": "report.text.frames",
    "scenario.bounds": "files.bounds",
    "scenario.card": "words.card",
    "scenario.changes": "model.changes",
    "scenario.complete": "report.text.listing",
    "scenario.composition": "towns.composition",
    "scenario.declaration": "declared.declare",
    "scenario.errors": "words.errors",
    "scenario.feasible": "towns.feasible",
    "scenario.files": "files.toml",
    "scenario.household_tables": "towns.household_tables",
    "scenario.idle_settings": "study.idle_settings",
    "scenario.levers": "declared.levers",
    "scenario.livable": "study.recheck",
    "scenario.locator": "files.locator",
    "scenario.new_town": "towns.new_town",
    "scenario.notation": "files.notation",
    "scenario.parameters": "declared",
    "scenario.recheck": "study.recheck",
    "scenario.refusals": "files.refusals",
    "scenario.shrink": "study.shrink",
    "scenario.smaller": "study.shrink",
    "scenario.toml_text": "files.toml_text",
    "scenario.town": "towns.town",
    "scenario.unused": "study.idle_settings",
    "state": "model.state (its fields, stages and other words: sim.declared.vocabulary)",
    "streams": "model.streams",
    "upkeep": "model.transitions",
}


class Signpost(MetaPathFinder):
    """Asked last, for modules that nobody has found."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing, or ModuleNotFoundError with the new name of a module that has moved."""
        room, _, name = fullname.partition(".")
        if room == "sim" and name in MOVED:
            raise ModuleNotFoundError(f"{fullname} is now sim.{MOVED[name]}", name=fullname)
        return None


def put_up() -> None:
    """Put up the signpost, once."""
    if not any(isinstance(one, Signpost) for one in sys.meta_path):
        sys.meta_path.append(Signpost())
