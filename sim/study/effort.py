"""How much of a lesson is lived, and where its cells are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.comparison import Comparison
from sim.scenario.shrink import smaller
from sim.study import cells, runs
from sim.study.design import SEEDS_EACH, DesignPoint
from sim.study.executors import Here
from sim.study.store import Results


@dataclass(frozen=True)
class StudySettings:
    """How much is computed, and where cells are kept.

    seeds: at the declared values. draws: of all parameters, draw_seeds of each. end_seeds: with
    each supposed parameter at the ends of its range. residents, range_residents: larger towns are
    reduced to so many, at the declared values and across ranges; None: as written. years: of a
    shorter run. finished_only: compute nothing, take the cells that are there.
    """

    out: Path
    seeds: int = 16
    residents: int | None = None
    draws: int = 0
    draw_seeds: int = SEEDS_EACH
    end_seeds: int = 0
    range_residents: int | None = None
    workers: int = 1
    years: int | None = None
    finished_only: bool = False

    def reduce(self, comparison: Comparison, residents: int | None) -> Comparison:
        """The comparison as it is lived: smaller, and shorter where that is asked."""
        found = comparison if residents is None else smaller(comparison, residents)
        return found if self.years is None else shortened_comparison(found, self.years)

    def lived(self, wanted: Mapping[DesignPoint, cells.Cell], id: str) -> dict[DesignPoint, Path]:
        """The folders of the cells that are finished, after those that are missing were lived."""
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
    """The comparison over its first years; claims about later ones are left out."""
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
