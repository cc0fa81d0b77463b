"""One scenario, several seeds: in memory (`simulate`) or into a folder that goes on where an earlier run ended (`run`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..scenario.load import load
from ..scenario.scenario import Scenario
from . import cells
from .executors import finished
from .measures import by_year
from .store import Results, disk_fault
from .yearly import households_of

TIDY = ("seed", "year", "measure", "value")


@dataclass(frozen=True)
class Tables:
    """Weekly tables over seeds: a row a week (town), or a week and field, district or agency."""

    town: pd.DataFrame
    field: pd.DataFrame
    district: pd.DataFrame
    agency: pd.DataFrame
    population: int

    def by_year(self) -> pd.DataFrame:
        """Measures by seed and year: columns seed, year, measure, value."""
        return by_year(self.town, self.population, households_of(self.town))


def simulate(scenario: Scenario | str | Path, seeds: int | Iterable[int] = 5, workers: int = 1,
             week_order: Iterable[Any] | None = None) -> Tables:
    """Run a scenario (or its file) once for each seed (or for 1, 2, ... `seeds`) and return its weekly tables, nothing written.

    With more than one worker a script needs the usual `if __name__ == "__main__":`. An error of the model is raised.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seeds = sorted(set(range(1, seeds + 1) if isinstance(seeds, int) else seeds))
    if not seeds:
        raise ValueError("no seeds given")
    task = partial(cells.live, scenario, week_order=None if week_order is None else tuple(week_order))
    lived = {seed: future.result() for seed, future in finished(min(workers, len(seeds)), task, seeds)}
    joined = {name: pd.concat([lived[seed][name] for seed in seeds], ignore_index=True) for name in cells.TABLES}
    return Tables(**joined, population=scenario.people.population)


@dataclass
class Watch:
    """What a run tells on its way: weeks lived, cells that ended."""

    lived: Callable[[int], Any] = lambda _weeks: None
    ended: Callable[[cells.Outcome], Any] = lambda _outcome: None


def run(scenario: Scenario, seeds: Sequence[int], results: Results, workers: int, watch: Watch) -> list[cells.Outcome]:
    """Compute the seeds that `results` lacks, keep each as it ends, return those that failed; errors of the disk are raised."""
    key = cells.key(scenario)
    wanted = [cells.Cell(scenario, seed, results.new(key, seed)) for seed in missing(scenario, seeds, results)]
    failed = []
    for cell, future in finished(max(1, min(workers, len(wanted))), cells.keep, wanted, watch.lived):
        outcome = _outcome(cell, future)
        failed += [outcome] if outcome.error else []
        watch.ended(outcome)
    return failed


def missing(scenario: Scenario, seeds: Sequence[int], results: Results) -> list[int]:
    """The seeds for which no sound cell is kept."""
    key = cells.key(scenario)
    return [seed for seed in seeds if results.find(key, seed) is None]


def _outcome(cell: cells.Cell, future: Any) -> cells.Outcome:
    """How a cell ended; a worker that died is an outcome, a disk that is full is not."""
    try:
        return future.result()
    except OSError as error:
        raise disk_fault(cell.folder, error) from error
    except Exception as error:  # the pool's own: a worker was killed, or what it sent back was broken
        return cells.Outcome(cell.seed, f"{type(error).__name__}: {error}")
