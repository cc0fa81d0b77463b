"""`fit(...)`: a town's own figures of last year against the model. The command, a workbook and a
user's script use the same function.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.files.locator import located
from sim.files.toml import read_toml
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.executors import Cluster, Here
from sim.study.fit.figures import figures_of
from sim.study.fit.result import Fitted, fitted
from sim.study.fit.town import RESIDENTS, FitTown
from sim.study.fit.work import FitWork
from sim.study.world_runs import check_worlds, results_for
from sim.study.worlds import WORLDS
from sim.words.errors import between, fault

KIND = "fit"
FEWEST_RESIDENTS = 100


def fit_town(
    town: Scenario | str | Path,
    figures: Any = None,
    worlds: int = WORLDS,
    residents: int = RESIDENTS,
    may: Mapping[str, Any] | None = None,
) -> FitTown:
    """Returns the town of a fit, all of it checked: `town` is a scenario, its file, or the file of a
    town; `figures` and the rest are as in `fit`; `may` is what the caller allows, as in `load`.
    """
    base = town if isinstance(town, Scenario) else scenario_of(town, may)
    known = figures_of(figures, base.people)
    if residents < FEWEST_RESIDENTS:
        allowed = f">= {FEWEST_RESIDENTS}"
        raise fault("error.range", at="residents", given=residents, allowed=allowed)
    if worlds < 0:
        raise fault("error.range", at="worlds", given=worlds, allowed=between(0, WORLDS))
    if worlds:
        check_worlds(base, worlds, "worlds", base.id)
    return FitTown(base, known, residents)


def scenario_of(town: str | Path, may: Mapping[str, Any] | None = None) -> Scenario:
    """Returns the scenario of a file; of the file of a town the one that stands beside its folder
    under the same name, else the town under the organisation that waits.
    """
    path = located(town)
    if (scenario := file_of(path)) is not None:
        return load(scenario, **dict(may or {}))
    allowed = {**dict(may or {}), "allow_outside": True}
    return load("base.toml", overrides={"town": str(path.resolve())}, **allowed)


def file_of(path: Path) -> Path | None:
    """Returns the scenario file that is meant by a file: itself; for the file of a town the one of
    that name beside its folder, None where there is none.
    """
    if "population" not in read_toml(path):
        return path
    beside = path.parent.parent / path.name
    return beside if path.parent.name == "towns" and beside.is_file() else None


def fit(
    town: Scenario | str | Path,
    figures: str | Path | Mapping[str, float] | None = None,
    *,
    worlds: int = WORLDS,
    residents: int = RESIDENTS,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    looked: Callable[[Fitted], Any] = lambda _fitted: None,
) -> Fitted:
    """Holds a town's own figures of last year against the model, and turns at most three knobs
    (hours a case, propensity to ask, posts) within each plausible world so that they fit.

    `town` is a scenario, its file or name, or the file of a town. `figures` is a table (CSV or
    .xlsx with the columns figure and value), or a mapping from key to value; None takes those of
    the town's file (`[own_figures]`). What is left empty is left out. With `worlds=0` only the
    central world is lived, with no knob turned: a first look within seconds; `looked` is called
    with it in any case, before the worlds are lived. A town of more than `residents` is lived as a
    smaller one. `out` is a folder in which finished cells are stored and found again. `workers`
    processes compute, or those of a Dask `cluster` (its address). With more than one worker a
    script needs the usual `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `found = fit("kaga", {"consultations": 900, "staff": 30}, worlds=0)`, then
    `found.table`, `found.verdict`, `found.worlds`.
    """
    ground = fit_town(town, figures, worlds, residents)
    where = Cluster(cluster) if cluster else Here(workers)
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / ground.base.id
            work = FitWork(ground, worlds, results_for(folder, KIND, ground.base.id), where)
            work.looked = lambda one: looked(fitted(one))
            work.run()
            return fitted(work)
    finally:
        where.leave()
