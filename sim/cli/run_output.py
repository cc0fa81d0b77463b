"""What a run writes into its folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance, run
from sim.scenario.scenario import Scenario, digest
from sim.study import cells, store
from sim.study.measures import households_of, measures_by_year, steps
from sim.study.paired import over_seeds


class Written:
    """A finished run, read back from its cells."""

    def __init__(
        self,
        scenario: Scenario,
        seeds: tuple[int, ...],
        results: store.Results,
        failed: list[cells.Outcome],
    ):
        self.scenario, self.seeds, self.failed = scenario, seeds, failed
        self.folders = [self._folder(results, seed) for seed in seeds]

    def _folder(self, results: store.Results, seed: int) -> Path:
        """Returns the folder of a seed, all of which are finished."""
        folder = results.find(cells.scenario_key(self.scenario), seed)
        assert folder is not None
        return folder

    @cached_property
    def town(self) -> pd.DataFrame:
        """The weekly table of the town over seeds."""
        return pd.concat(store.frames_of(self.folders, "town"), ignore_index=True)

    @cached_property
    def households(self) -> int:
        """Households at the start."""
        return households_of(self.town)

    @property
    def posts(self) -> float:
        """Posts of all desks in the first week."""
        return float(self.town["posts"].iloc[0])

    @cached_property
    def spread(self) -> pd.DataFrame:
        """Measures by year with their intervals."""
        population = self.scenario.people.population
        return over_seeds(
            measures_by_year(self.town, population, self.households),
            steps=steps(population, self.households),
        )

    def write(self, folder: Path, drawn: Callable[[], Any] | None = None) -> None:
        """Write everything into an empty folder; figures only where `drawn` is to be called after
        each.
        """
        for name in cells.TABLES:
            store.join_cells(self.folders, name, folder / f"{name}.parquet")
        write_csv(folder / "summary.csv", run.summary_table(self.spread))
        if drawn:
            from sim.report.figures.run import (
                draw_all,  # here, since matplotlib takes a second to import
            )

            draw_all(self.town, self.scenario, folder / "figures", drawn)
        store.write_json(folder / store.MANIFEST, self.manifest(folder))

    def manifest(self, folder: Path) -> dict[str, Any]:
        """Everything that is needed to run this again and to see whether it came out the same."""
        content = {
            "digest": digest(self.scenario),
            "seeds": list(self.seeds),
            "years": self.scenario.years,
            "failed": [{"seed": outcome.seed, "error": outcome.error} for outcome in self.failed],
            "scenario": self.scenario.model_dump(mode="json"),
        }
        return provenance.manifest(folder, self.scenario.id, "run", cells.TABLES, content)
