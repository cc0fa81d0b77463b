"""`sensitivity(...)`: from a file, a scenario or a comparison to the effects of its parameters."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.arms import is_comparison, load_comparison
from sim.scenario.comparison import Comparison
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.seeds import MOST_SEEDS
from sim.study.executors import Cluster, Here
from sim.study.match.space import Space, space_of
from sim.study.nation.work import KEPT
from sim.study.sensitivity.design import (
    LEAST_SEEDS,
    MORRIS,
    SEEDS,
    SensitivityDesign,
    check_method,
    check_salib,
    chosen_space,
)
from sim.study.sensitivity.ground import MEASURE, POPULATION, OutcomeGround, ground_of
from sim.study.sensitivity.work import Sensitivity, SensitivityWork
from sim.study.store import Results
from sim.words.errors import between, fault

KIND = "sensitivity"


def design_for(
    ground: OutcomeGround,
    parameters: Iterable[str] = (),
    method: str = MORRIS,
    repetitions: int | None = None,
    seeds: int = SEEDS,
    ranges: Space | None = None,
) -> SensitivityDesign:
    """Returns the design of a study, checked; raises ScenarioError where SALib is missing."""
    chosen = check_method(method, repetitions)
    if not LEAST_SEEDS <= seeds <= MOST_SEEDS:
        limits = between(LEAST_SEEDS, MOST_SEEDS)
        raise fault("error.range", at="--seeds", given=seeds, allowed=limits)
    check_salib()
    space = chosen_space(parameters, ground.scenarios, ranges)
    return SensitivityDesign(method, space, chosen, seeds)


def sensitivity(
    source: str | Path | Scenario | Comparison,
    *,
    measure: str = MEASURE,
    year: int | None = None,
    arm: str = "",
    parameters: Iterable[str] = (),
    ranges: Mapping[str, Sequence[float]] | None = None,
    method: str = MORRIS,
    repetitions: int | None = None,
    seeds: int = SEEDS,
    population: int = POPULATION,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Sensitivity:
    """Tells which parameters a measure hangs on, beyond what luck alone would show.

    `source` is a scenario (its `measure` in `year`, the last one if none is given), or a
    comparison (the difference of `arm` from the reference). `parameters` are patterns ("needs",
    "*.hours_*"); without any all of grade D are moved over their declared distributions, or those
    of `ranges` evenly (rates on the log scale) from a low to a high end ({"needs.onset_latent":
    (0.02, 0.05)}), by `method` "morris" or "sobol", in a town of at most `population` residents.
    `out` is a folder in which finished cells are stored and found again. A point is lived with
    `seeds` seeds; `overrides` are values by dotted key laid over the file. `workers` processes
    compute, or those of a Dask `cluster` (its address). With more than one worker a script needs
    the usual `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend, a missing SALib among it.

    Example: `sensitivity("kaga", parameters=["needs"], repetitions=10).effects`.
    """
    if isinstance(source, (str, Path)):
        read = load_comparison if is_comparison(source) else load
        source = read(source, overrides=dict(overrides or {}))
    ground = ground_of(source, measure, year, arm, population)
    space = None if ranges is None else space_of(ranges)
    design = design_for(ground, parameters, method, repetitions, seeds, space)
    where = Cluster(cluster) if cluster else Here(workers)
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / ground.id
            results = Results(folder, f"{KIND} {ground.id}", KEPT)
            results.prepare()
            return SensitivityWork(ground, design, results, where).run()
    finally:
        where.leave()
