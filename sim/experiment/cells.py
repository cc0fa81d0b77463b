"""A cell: one scenario lived once with one seed. Cells know nothing of each other and are named by their content."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from ..scenario.digest import digest
from ..scenario.scenario import Scenario
from . import store
from .executors import Stopped, beat

TABLES = ("town", "field", "district", "agency")
NO_PART_OF_THE_MODEL = ("words", "commands", "experiment", "economics", "report", "cli.py", "screen.py", "__main__.py",
                        "__init__.py")


@lru_cache(maxsize=1)
def code() -> str:
    """A hash of the source that decides a run, with the versions of what computes it (32 hex digits)."""
    root = Path(__file__).parents[1]
    files = sorted(file for file in root.rglob("*.py") if file.relative_to(root).parts[0] not in NO_PART_OF_THE_MODEL)
    hashed = hashlib.sha256(f"numpy {np.__version__} scipy {scipy.__version__}".encode())
    for file in files:
        hashed.update(file.relative_to(root).as_posix().encode() + file.read_bytes().replace(b"\r\n", b"\n"))
    return hashed.hexdigest()[:32]


@dataclass(frozen=True)
class Cell:
    """A scenario and a seed; `folder` is where its tables are kept."""

    scenario: Scenario
    seed: int
    folder: Path

    @property
    def weeks(self) -> int:
        """Weeks to live, those of the run-in among them."""
        return weeks_of(self.scenario)


@dataclass(frozen=True)
class Outcome:
    """How a cell ended: `error` is empty, or the traceback."""

    seed: int
    error: str = ""


def weeks_of(scenario: Scenario) -> int:
    """Weeks that one seed of a scenario takes."""
    return scenario.run_in_weeks + scenario.years * 52


def key(scenario: Scenario) -> str:
    """The name of a scenario's cells: code first, then content."""
    return f"{code()[:8]}-{digest(scenario)[:16]}"


def live(scenario: Scenario, seed: int, week_order: Iterable[Any] | None = None) -> dict[str, pd.DataFrame]:
    """The weekly tables of one town, the seed as first column."""
    from ..model import Town  # here, since Mesa takes a second to import
    from ..processes import WEEK

    town = Town(scenario, seed, week_order=(*(WEEK if week_order is None else week_order), ("pulse", beat)))
    town.run()
    frames = town.tables
    for frame in frames.values():
        frame.insert(0, "seed", np.int64(seed))
    return frames


def keep(cell: Cell) -> Outcome:
    """Live a cell and keep its tables; an error of the model becomes an outcome, one of the disk is raised."""
    try:
        frames = live(cell.scenario, cell.seed)
    except Stopped:
        return Outcome(cell.seed, "stopped")
    except Exception:
        return Outcome(cell.seed, traceback.format_exc())
    store.write_cell(cell.folder, frames)
    return Outcome(cell.seed)
