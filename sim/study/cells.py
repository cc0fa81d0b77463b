"""A cell is one scenario simulated once with one seed. Cells are independent of each other and
named by their content.
"""

from __future__ import annotations

import hashlib
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.model.course import Course
from sim.model.course import start as start_of
from sim.model.own_week import week_of
from sim.scenario.scenario import Scenario, digest
from sim.study import store
from sim.study.executors import Stopped, beat, limit
from sim.study.profile import REST, START, Cpu, spent, timed
from sim.study.store import TABLES as TABLES

STOPPED = "stopped"
PAIRS = 2  # seeds that are shared out over the workers first: two pairs give a first interval
FIRST_LOOK_YEARS = 3  # years that all arms of those seeds are simulated before any continues
CHUNKS_EACH = 2  # pieces of work for each worker at the least, so that none is idle long at the end
Frames = dict[str, pd.DataFrame]
THE_MODEL = (
    "declared",
    "files",
    "towns",
    "scenario",
    "model",
)  # packages whose code determines a run


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Hash the source that determines a run, with the NumPy and SciPy versions (32 hex digits)."""
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
        """Equal for cells that share their start."""
        return digest(self.scenario.before_policies()), self.seed

    def week(self) -> Iterable[Any]:
        """Returns the processes of its weeks."""
        return week_of(self.scenario)

    def further(self, course: Course) -> Frames:
        """Returns what is stored of its town, once simulated, beside the weekly tables: nothing."""
        return {}


@dataclass(frozen=True)
class Outcome:
    """How a cell ended: `error` is empty or the traceback; `tables` holds the tables where they
    could not be written where the cell was computed, `cpu` the CPU seconds by process where that
    was asked for.
    """

    cell: Cell
    error: str = ""
    tables: dict[str, bytes] | None = None
    cpu: Cpu = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.cell.seed


@dataclass(frozen=True)
class Chunk:
    """Cells that share their start, computed one after the other by one worker.

    `folders` (one a cell) is where their tables are stored; with None the tables are sent back.
    `seconds` is the time each cell may take. `early` (one a cell, or none): all cells are simulated
    for FIRST_LOOK_YEARS before any continues, and the town's table so far is stored there. `keep`
    makes of a cell's tables those that are stored; it is a function of a module.
    """

    cells: tuple[Cell, ...]
    folders: tuple[Path, ...] | None
    seconds: float | None = None
    code: str = ""
    early: tuple[Path, ...] = ()
    profile: bool = False
    keep: Callable[[Frames], Frames] | None = None

    def packed(self, tables: Frames) -> dict[str, bytes]:
        """Returns what is stored of a cell, as the content of Parquet files."""
        return store.parquet_bytes(tables if self.keep is None else self.keep(tables))


def weeks_of(scenario: Scenario) -> int:
    """Returns the weeks of one cell after its start."""
    return scenario.years * 52


def scenario_key(scenario: Scenario) -> str:
    """Returns the name of a scenario's cells: code first, then content."""
    return f"{code_hash()[:8]}-{digest(scenario)[:16]}"


def chunks(cells: Sequence[Cell], places: int) -> list[tuple[Cell, ...]]:
    """Group cells that share their start, in the order given.

    Groups are split where there would be too few for `places` workers, and for the first PAIRS
    seeds, so that all workers begin with them.
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
    """Returns a town that reports each simulated week, with no week of the run simulated yet;
    `state` is its state at the start, if the run-in is already simulated.
    """
    return Course(
        scenario,
        seed,
        state=state,
        week_order=(*(week_of(scenario) if week_order is None else week_order), ("pulse", beat)),
    )


def live(
    scenario: Scenario,
    seed: int,
    week_order: Iterable[Any] | None = None,
    state: Any = None,
    course: Course | None = None,
) -> dict[str, pd.DataFrame]:
    """Simulate one town and return its weekly tables with the seed as first column; `course` is
    continued where it stands, otherwise a town is made as in `begun`.
    """
    course = course or begun(scenario, seed, week_order, state)
    course.run()
    return seeded(course.tables, seed)


def seeded(frames: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Returns the tables with the seed as first column."""
    for frame in frames.values():
        frame.insert(0, "seed", np.int64(seed))
    return frames


def simulate_chunk(chunk: Chunk) -> list[Outcome]:
    """Simulate the cells of a chunk from their common start and store the tables of each as it
    ends.

    An error of the model becomes an outcome, one of the disk is raised. If the worker has another
    version of the model, each cell ends with an error.
    """
    if chunk.code and chunk.code != code_hash():
        other = f"the worker has another version of the model ({code_hash()}, not {chunk.code})"
        return [Outcome(cell, f"RuntimeError: {other}") for cell in chunk.cells]
    first: bytes | None = None
    courses: dict[int, Course] = {}
    outcomes: list[Outcome] = []
    for place, cell in enumerate(chunk.cells):
        cpu: Cpu = {}
        try:
            limit(chunk.seconds)
            if first is None:
                first = spent(cpu, START, partial(packed_start, cell))
                courses = _first_years(chunk, first) if chunk.early else {}
                limit(chunk.seconds)
            course = courses.pop(place, None) or _begun_from(first, cell, chunk.profile, cpu)
            tables = spent(cpu, REST, partial(live, cell.scenario, cell.seed, course=course))
            tables |= cell.further(course)
        except Stopped:
            return [*outcomes, *(Outcome(left, STOPPED) for left in chunk.cells[place:])]
        except Exception:
            outcomes.append(Outcome(cell, traceback.format_exc()))
            continue
        finally:
            limit(None)
        outcomes.append(_stored(chunk, place, tables, cpu if chunk.profile else {}))
    return outcomes


def _begun_from(first: bytes, cell: Cell, profile: bool, cpu: Cpu) -> Course:
    """Returns the town of a cell at its packed start; with `profile` its processes are timed."""
    week = timed(cell.week(), cpu) if profile else cell.week()
    return begun(cell.scenario, cell.seed, week, pickle.loads(first))


def _stored(chunk: Chunk, place: int, tables: dict[str, pd.DataFrame], cpu: Cpu) -> Outcome:
    """Store the tables of a cell, or put them into its outcome where they cannot be written here."""
    cell, content = chunk.cells[place], chunk.packed(tables)
    if chunk.folders is None:
        return Outcome(cell, tables=content, cpu=cpu)
    store.write_cell(chunk.folders[place], content, cell.key, cell.seed)
    return Outcome(cell, cpu=cpu)


def _first_years(chunk: Chunk, first: bytes) -> dict[int, Course]:
    """Simulate the first years of all cells of a chunk and store each as soon as it is done;
    returns the towns by position, up to one that fails.
    """
    courses: dict[int, Course] = {}
    for place, cell in enumerate(chunk.cells):
        limit(chunk.seconds)
        try:
            course = begun(cell.scenario, cell.seed, cell.week(), pickle.loads(first))
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
    """Returns the packed town at the start of a cell."""
    return start_of(cell.scenario, cell.seed)
