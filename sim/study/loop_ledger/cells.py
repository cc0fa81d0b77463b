"""Cells of a loop ledger: the reference with the weekly means of its links, and arms in which one
link is held at them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.declared.links import LINKS, link_of
from sim.model.course import Course
from sim.model.link_means import HoldLink, RecordLink, week_with
from sim.scenario.scenario import Scenario
from sim.study.cells import Cell, Frames, scenario_key
from sim.study.store import read_cell

MEANS, HELD = "links", "held"  # tables of a cell beside its weekly tables
KEPT = ("town",)


@dataclass(frozen=True)
class RecordedCell(Cell):
    """The reference, with the weekly means of all links: a row a link, week and place."""

    @cached_property
    def key(self) -> str:
        """The name of its cells."""
        return f"{scenario_key(self.scenario)}-links"

    def week(self) -> Iterable[Any]:
        """Returns the processes of its weeks, and the steps that note the means."""
        return week_with(super().week(), {link.id: RecordLink(link) for link in LINKS})

    def further(self, course: Course) -> Frames:
        """Returns the weekly means."""
        return {MEANS: pd.concat([_table(step) for step in _steps(course, RecordLink)])}


@dataclass(frozen=True)
class HeldCell(Cell):
    """An arm in which `link` is held at the means that the `reference` has with the same seed; they
    are read from the folder `means`.
    """

    link: str
    reference: Scenario
    means: Path

    @cached_property
    def key(self) -> str:
        """The name of its cells: by content, wherever the means are stored."""
        about = f"{self.link} {scenario_key(self.reference)}"
        held = hashlib.sha256(about.encode()).hexdigest()[:8]
        return f"{scenario_key(self.scenario)}-{held}"

    def week(self) -> Iterable[Any]:
        """Returns the processes of its weeks, and the step that holds the link."""
        step = HoldLink(link_of(self.link), means_of(self.means, self.link))
        return week_with(super().week(), {self.link: step})

    def further(self, course: Course) -> Frames:
        """Returns in how many places and weeks the link could not be held, of all."""
        (step,) = _steps(course, HoldLink)
        return {HELD: pd.DataFrame({"unheld": [step.unheld], "asked": [step.asked]})}


def _steps(course: Course, kind: type) -> list[Any]:
    """Returns the steps of a kind in the weeks of a town."""
    steps = (getattr(process, "process", process) for _name, process in course.week_order)
    return [step for step in steps if isinstance(step, kind)]


def _table(step: RecordLink) -> pd.DataFrame:
    means = np.array(step.rows)
    week, place = np.indices(means.shape)
    return pd.DataFrame(
        {"link": step.link.id, "week": week.ravel(), "place": place.ravel(), "mean": means.ravel()}
    )


def means_of(folder: Path, link: str) -> np.ndarray:
    """Returns the means (weeks, places) of a link, from the folder of a finished reference."""
    table = read_cell(folder, MEANS).to_pandas()
    mine = table[table["link"] == link]
    means: np.ndarray = mine.pivot(index="week", columns="place", values="mean").to_numpy()
    return means


def kept_tables(tables: Frames) -> Frames:
    """Returns what is stored of a cell."""
    return {name: tables[name] for name in (*KEPT, MEANS, HELD) if name in tables}
