"""Runs one scenario with several seeds: in memory (`simulate`), or into a folder where a later run
continues (`compute_cells`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.own_week import week_of
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.seeds import seeds_of
from sim.study import cells
from sim.study.cells import Cell, Chunk, Frames, Outcome
from sim.study.executors import Cluster, Here, finished
from sim.study.measures import households_of, measures_by_year
from sim.study.store import Results, disk_fault, write_cell

TIDY = ("seed", "year", "measure", "value")


@dataclass(frozen=True)
class Tables:
    """Weekly tables over seeds: one row a seed and week in `town`, and one row a seed, week and
    field, district or agency in the others (`field`, `district`, `agency`). `population` is the number
    of residents at the start. Units of the columns are those of `docs/measures.md`.

    Example: `simulate("scenario.toml", seeds=8).by_year()` gives the measures by seed and year.
    """

    town: pd.DataFrame
    field: pd.DataFrame
    district: pd.DataFrame
    agency: pd.DataFrame
    population: int

    def by_year(self) -> pd.DataFrame:
        """Returns the measures by seed and year, with the columns seed, year, measure and value."""
        return measures_by_year(self.town, self.population, households_of(self.town))


def simulate(
    scenario: Scenario | str | Path,
    seeds: int | Iterable[int] = 5,
    workers: int = 1,
    week_order: Iterable[Any] | None = None,
) -> Tables:
    """Simulates a scenario, or the scenario of a file, once for each seed and returns the weekly
    tables; nothing is written.

    `seeds` is a list of seeds, or a number of seeds (1, 2, ...). With more than one worker a script
    needs the usual `if __name__ == "__main__":`. Raises ScenarioError for a file that a user can
    mend; an error of the model is raised as it is. `workers` is the number of processes that compute;
    `week_order` replaces the processes of a week: an iterable of (name, function).

    Example: `tables = simulate("scenario.toml", seeds=8)`, then `tables.town` and
    `tables.by_year()`.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seeds = seeds_of(seeds)
    task = partial(
        cells.live, scenario, week_order=None if week_order is None else tuple(week_order)
    )
    found = {
        seed: future.result()
        for seed, future in finished(Here(min(workers, len(seeds))), task, seeds)
    }
    joined = {
        name: pd.concat([found[seed][name] for seed in seeds], ignore_index=True)
        for name in cells.TABLES
    }
    return Tables(**joined, population=scenario.people.population)


@dataclass
class RunCallbacks:
    """Callbacks by which a run reports its progress: the weeks that were simulated, and the cells
    that ended.
    """

    simulated: Callable[[int], Any] = lambda _weeks: None
    ended: Callable[[cells.Outcome], Any] = lambda _outcome: None


def compute_cells(
    wanted: Sequence[Cell],
    results: Results,
    where: Here | Cluster,
    watch: RunCallbacks,
    seconds: float | None = None,
    early: Mapping[tuple[str, int], Path] | None = None,
    profile: bool = False,
) -> list[Outcome]:
    """Computes the cells that `results` lacks, stores each as it ends, and returns those that
    failed; an error of the disk is raised.

    `seconds` is the time that each cell may take. `early` says where the first years of some cells
    are stored as soon as they are simulated. With `profile` each outcome holds the CPU seconds by
    process.
    """
    for scenario in {cell.key: cell.scenario for cell in wanted}.values():
        week_of(scenario)  # what has no place in the week is refused before any work begins
    pieces = [
        replace(chunk_of(part, results, where, seconds, early=early), profile=profile)
        for part in cells.chunks(missing(wanted, results), where.places)
    ]
    return compute_chunks(pieces, results, where, watch)


def compute_chunks(
    pieces: Iterable[Chunk], results: Results, where: Here | Cluster, watch: RunCallbacks
) -> list[Outcome]:
    """Computes pieces of work in their order, stores each cell as it ends, and returns the cells
    that failed; an error of the disk is raised. Pieces are taken one by one, so that they need not
    be in memory together.
    """
    failed = []
    for chunk, future in finished(where, cells.simulate_chunk, pieces, watch.simulated):
        for outcome in _outcomes(chunk, future, results):
            failed += [outcome] if outcome.error else []
            watch.ended(outcome)
    return failed


def missing(wanted: Iterable[Cell], results: Results) -> list[Cell]:
    """Returns the cells for which no sound tables are stored, each once."""
    once: dict[tuple[str, int], Cell] = {}
    for cell in wanted:
        once.setdefault((cell.key, cell.seed), cell)
    return [cell for (key, seed), cell in once.items() if results.find(key, seed) is None]


def chunk_of(
    part: Sequence[Cell],
    results: Results,
    where: Here | Cluster,
    seconds: float | None = None,
    keep: Callable[[Frames], Frames] | None = None,
    early: Mapping[tuple[str, int], Path] | None = None,
) -> Chunk:
    """Returns cells that share their start as a piece of work that stores them in `results`;
    `seconds`, `keep` and `early` are as in `Chunk` and `compute_cells`.
    """
    names = [(cell.key, cell.seed) for cell in part]
    folders = tuple(results.new(*name) for name in names) if where.writes else None
    looked = tuple(early[name] for name in names if name in early) if early else ()
    whole = looked if len(looked) == len(names) else ()
    return Chunk(tuple(part), folders, seconds, cells.code_hash(), whole, keep=keep)


def _outcomes(chunk: Chunk, future: Any, results: Results) -> list[Outcome]:
    """Returns how the cells of a chunk ended; a worker that died is an outcome, a disk that is full
    is not.
    """
    try:
        outcomes = future.result()
        for outcome in outcomes:
            if outcome.tables is not None:
                write_cell(
                    results.new(outcome.cell.key, outcome.seed),
                    outcome.tables,
                    outcome.cell.key,
                    outcome.seed,
                )
        return [replace(outcome, tables=None) for outcome in outcomes]
    except OSError as error:
        raise disk_fault(results.part, error) from error
    except (
        Exception
    ) as error:  # the pool's own: a worker was killed, or what it sent back was broken
        kept = {(cell.key, cell.seed) for cell in missing(chunk.cells, results)}
        told = f"{type(error).__name__}: {error}"
        return [
            Outcome(cell, told if (cell.key, cell.seed) in kept else "") for cell in chunk.cells
        ]
