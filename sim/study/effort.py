"""How much of a lesson is simulated, and where its cells are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.comparison import Comparison
from sim.study import cells, runs
from sim.study.design import DesignPoint
from sim.study.executors import Here
from sim.study.shrink import smaller
from sim.study.store import Results


@dataclass(frozen=True)
class StudySettings:
    """How much of a lesson is computed, and where its cells are kept.

    `seeds` are simulated at the declared values, and one run in each of `worlds` plausible worlds.
    `end_seeds` are simulated with each supposed parameter
    at the ends of its range. Towns with more than `residents` (at the declared values) or
    `range_residents` (across ranges) are reduced to so many; None leaves them as written. `years`
    is the length of a shorter run. With `finished_only` nothing is computed, and the cells that are
    there are taken.
    """

    out: Path
    seeds: int = 16
    residents: int | None = None
    worlds: int = 0
    end_seeds: int = 0
    range_residents: int | None = None
    workers: int = 1
    years: int | None = None
    finished_only: bool = False

    def reduce(self, comparison: Comparison, residents: int | None) -> Comparison:
        """Returns the comparison as it is simulated: smaller, and shorter where that is requested."""
        found = comparison if residents is None else smaller(comparison, residents)
        return found if self.years is None else shortened_comparison(found, self.years)

    def simulated(
        self, wanted: Mapping[DesignPoint, cells.Cell], id: str
    ) -> dict[DesignPoint, Path]:
        """Simulates the cells that are missing and returns the folders of those that are finished."""
        results = Results(self.out / id, id)
        if not self.finished_only:
            results.prepare()
            runs.compute_cells(
                runs.missing(wanted.values(), results),
                results,
                Here(self.workers),
                runs.RunCallbacks(),
            )
        found = {place: results.find(cell.key, cell.seed) for place, cell in wanted.items()}
        return {place: folder for place, folder in found.items() if folder is not None}


def shortened_comparison(comparison: Comparison, years: int) -> Comparison:
    """Returns the comparison over its first years, without claims about later ones."""
    arms = tuple(
        replace(
            arm, scenario=arm.scenario.model_copy(update={"years": min(years, arm.scenario.years)})
        )
        for arm in comparison.arms
    )
    return replace(
        comparison,
        arms=arms,
        claims=tuple(claim for claim in comparison.claims if claim.by_year <= years),
    )
