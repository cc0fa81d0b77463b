"""The lines that the page can draw: sums of columns of the weekly table, with their names."""

from __future__ import annotations

import numpy as np

from sim.declared.records import FLOWS, STOCKS
from sim.words import say, words

LINES: dict[str, tuple[str, ...]] = {
    "load": ("load",),
    "exhaustion": ("exhaustion",),
    "waiting": ("door_households", "waiting_households"),
    "compounded": ("households_compounded",),
    "unseen": ("unseen_latent", "unseen_manifest", "unseen_compounded"),
    "worry": ("worry",),
    "acting": ("acting",),
    "trust": ("trust",),
    "hub_cases": ("hub_cases",),
    "field_breadth": ("field_breadth",),
    "orientation": ("orientation",),
    "familiarity": ("familiarity",),
    "resources": ("resources",),
}
USUAL: tuple[str, ...] = ("load", "exhaustion", "waiting", "compounded")


def line_of(name: str, rows: np.ndarray, columns: list[str]) -> np.ndarray:
    """One of LINES, week by week, from rows of the weekly table (weeks, columns)."""
    return rows[:, [columns.index(one) for one in LINES[name]]].sum(axis=1)


def line_name(name: str, lang: str) -> str:
    """What a line is called: its own words, or those of its column."""
    key = f"desk.line_{name}"
    return say(key, lang) if key in words(lang) else str(getattr({**FLOWS, **STOCKS}[name], lang))
