"""A cell: one scenario lived once with one seed. Cells know nothing of each other and are named by
their content.
"""

from __future__ import annotations

import hashlib
import pickle
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.model.course import Course
from sim.model.course import start as start_of
from sim.model.processes import WEEK
from sim.scenario.scenario import Scenario, digest
from sim.study import store
from sim.study.executors import Stopped, beat, limit
from sim.study.store import TABLES as TABLES

STOPPED = "stopped"
PAIRS = 2  # seeds that are shared out over the workers first: two pairs give a first interval
FIRST_LOOK_YEARS = 3  # how far all arms of those seeds live before any goes on
CHUNKS_EACH = 2  # pieces of work for each worker at the least, so that none is idle long at the end
THE_MODEL = ("declared", "scenario", "model")  # rooms whose code decides a run


@lru_cache(maxsize=1)
def code_hash() -> str:
    """A hash of the source that decides a run, with the versions of what computes it (32 hex
    digits).
    """
    root = Path(__file__).parents[1]
    files = sorted(file for room in THE_MODEL for file in (root / room).rglob("*.py"))
    hashed = hashlib.sha256(f"numpy {np.__version__} scipy {scipy.__version__}".encode())
    for file in files:
        hashed.update(
            file.relative_to(root).as_posix().encode() + file.read_bytes().replace(b"\r\n", b"\n")
        )
    return hashed.hexdigest()[:32]


@dataclass(frozen=True)
class Cell:
    """A scenario and a seed."""

    scenario: Scenario
    seed: int

    @cached_property
    def key(self) -> str:
        """The name of the scenario among the cells, with the version of the model."""
        return scenario_key(self.scenario)

    @cached_property
    def start_key(self) -> tuple[str, int]:
        """What cells that share their start have in common."""
        return digest(self.scenario.before_policies()), self.seed


@dataclass(frozen=True)
class Outcome:
    """How a cell ended: `error` is empty, or the traceback; `tables` where they could not be
    written where it was computed.
    """

    cell: Cell
    error: str = ""
    tables: dict[str, bytes] | None = None

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.cell.seed


@dataclass(frozen=True)
class Chunk:
    """Cells that share their start, computed one after the other by one worker.

    `folders` (one a cell) is where their tables are kept; None sends them back. `seconds` is the
    time each may take. `early` (one a cell, or none): all live FIRST_LOOK_YEARS before any goes on,
    and the town's table so far is kept there.
    """

    cells: tuple[Cell, ...]
    folders: tuple[Path, ...] | None
    seconds: float | None = None
    code: str = ""
    early: tuple[Path, ...] = ()


def weeks_of(scenario: Scenario) -> int:
    """Weeks of one cell after its start."""
    return scenario.years * 52


def scenario_key(scenario: Scenario) -> str:
    """The name of a scenario's cells: code first, then content."""
    return f"{code_hash()[:8]}-{digest(scenario)[:16]}"


def chunks(cells: Sequence[Cell], places: int) -> list[tuple[Cell, ...]]:
    """Cells that share their start together, in the order given; broken up where there would be too
    few for `places` workers, and the first PAIRS so that all workers begin with them.
    """
    groups: dict[tuple[str, int], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.start_key, []).append(cell)
    parts = ceil(CHUNKS_EACH * places / max(1, len(groups)))
    return [
        tuple(part)
        for place, group in enumerate(groups.values())
        for part in _broken(group, max(parts, ceil(places / PAIRS)) if place < PAIRS else parts)
    ]


def _broken(group: list[Cell], parts: int) -> Iterator[list[Cell]]:
    size = ceil(len(group) / min(parts, len(group)))
    return (group[at : at + size] for at in range(0, len(group), size))


def begun(
    scenario: Scenario, seed: int, week_order: Iterable[Any] | None = None, state: Any = None
) -> Course:
    """A town that beats with each week, not yet lived; `state` is where it starts, if its run-in
    was lived before.
    """
    return Course(
        scenario,
        seed,
        state=state,
        week_order=(*(WEEK if week_order is None else week_order), ("pulse", beat)),
    )


def live(
    scenario: Scenario,
    seed: int,
    week_order: Iterable[Any] | None = None,
    state: Any = None,
    course: Course | None = None,
) -> dict[str, pd.DataFrame]:
    """The weekly tables of one town, the seed as first column; `course` goes on where it stands,
    else as `begun` has it.
    """
    course = course or begun(scenario, seed, week_order, state)
    course.run()
    return seeded(course.tables, seed)


def seeded(frames: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Tables with the seed as first column."""
    for frame in frames.values():
        frame.insert(0, "seed", np.int64(seed))
    return frames


def simulate_chunk(chunk: Chunk) -> list[Outcome]:
    """Live the cells of a chunk from their common start and keep the tables of each as it ends.

    An error of the model becomes an outcome, one of the disk is raised. Another version of the
    model is an error of each cell.
    """
    if chunk.code and chunk.code != code_hash():
        return [
            Outcome(
                cell,
                f"RuntimeError: the worker has another version of the model ({code_hash()}, not {chunk.code})",
            )
            for cell in chunk.cells
        ]
    first: bytes | None = None
    courses: dict[int, Course] = {}
    outcomes: list[Outcome] = []
    for place, cell in enumerate(chunk.cells):
        try:
            limit(chunk.seconds)
            first = first if first is not None else packed_start(cell)
            if place == 0 and chunk.early:
                courses = _first_years(chunk, first)
            limit(chunk.seconds)
            on = (
                {"course": courses.pop(place)}
                if place in courses
                else {"state": pickle.loads(first)}
            )
            tables = live(cell.scenario, cell.seed, **on)
        except Stopped:
            return [*outcomes, *(Outcome(left, STOPPED) for left in chunk.cells[place:])]
        except Exception:
            outcomes.append(Outcome(cell, traceback.format_exc()))
            continue
        finally:
            limit(None)
        if chunk.folders is None:
            outcomes.append(Outcome(cell, tables=store.parquet_bytes(tables)))
        else:
            store.write_cell(chunk.folders[place], store.parquet_bytes(tables), cell.key, cell.seed)
            outcomes.append(Outcome(cell))
    return outcomes


def _first_years(chunk: Chunk, first: bytes) -> dict[int, Course]:
    """The first years of all cells of a chunk, each kept as it is reached: the towns by place, up
    to one that fails.
    """
    courses: dict[int, Course] = {}
    for place, cell in enumerate(chunk.cells):
        limit(chunk.seconds)
        try:
            course = begun(cell.scenario, cell.seed, state=pickle.loads(first))
            course.run(until=FIRST_LOOK_YEARS * WEEKS_PER_YEAR)
        except Exception:  # it fails again, and is noted, when it is its turn
            break
        store.write_cell(
            chunk.early[place],
            store.parquet_bytes(seeded({"town": course.table}, cell.seed)),
            cell.key,
            cell.seed,
        )
        courses[place] = course
    return courses


def packed_start(cell: Cell) -> bytes:
    """The packed town at the start of a cell."""
    return start_of(cell.scenario, cell.seed)
