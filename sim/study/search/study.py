"""`search(...)`: from a scenario file with `[search]` to plans that were confirmed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sim.economics.book import PriceBook
from sim.economics.reading import read_prices
from sim.files.locator import located
from sim.files.toml import folder_of
from sim.scenario.layers import laid
from sim.scenario.load import load, scenario_lines
from sim.scenario.scenario import Scenario
from sim.scenario.scenario_file import ScenarioFile
from sim.study.compare import PRICES
from sim.study.executors import Cluster, Here
from sim.study.search.objective import Objective, objective_of
from sim.study.search.plans import PlanSpace
from sim.study.search.work import Searched, SearchWork, planned_rounds
from sim.study.world_runs import WorldRuns, check_worlds, results_for
from sim.words import Phrase
from sim.words.errors import fault, short

KIND = "search"


def lines_of(
    path: Path, overrides: Mapping[str, Any] | None, allow_outside: bool = False
) -> ScenarioFile:
    """Returns the lines of a scenario file, with what it asks of studies."""
    document = laid(path, folder_of(path, allow_outside), dict(overrides or {}))
    if "arms" in document.values:
        allowed = Phrase("allowed.as_comparison")
        raise fault("error.is_comparison", file=short(path), allowed=allowed)
    return scenario_lines(document)


def town_with(
    path: Path, overrides: Mapping[str, Any], may: Mapping[str, Any], settings: Mapping[str, Any]
) -> Scenario:
    """Returns the scenario of a file with further settings by dotted key laid over it; `may`: what
    the caller allows, as in `load`.
    """
    return load(path, overrides={**overrides, **settings}, **may)


def space_of_file(
    source: str | Path,
    overrides: Mapping[str, Any] | None = None,
    may: Mapping[str, Any] | None = None,
    book: PriceBook | None = None,
) -> tuple[PlanSpace, Objective]:
    """Returns the plans that a file lets be and the objective, checked; raises ScenarioError as
    `load` does, and where the file holds no `[search]`.
    """
    path, allowed = located(source), dict(may or {})
    written = lines_of(path, overrides, bool(allowed.get("allow_outside", False)))
    file = short(path)
    if written.search is None:
        raise fault("search.no_search", at="search", file=file, allowed=Phrase("allowed.search"))
    town = partial(town_with, path, dict(overrides or {}), allowed)
    space = PlanSpace(written.search, town, book or read_prices(PRICES), file)
    objective = objective_of(written.search, town({}).years, file, "years" in (overrides or {}))
    rounds = planned_rounds(written.search, written.search.candidates)
    asked = max(one.worlds for one in rounds) + written.search.confirm_worlds
    check_worlds(town({}), asked, "search.confirm_worlds", file)
    return space, objective


def search(
    source: str | Path,
    *,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Searched:
    """Looks for the best plans for an amount of money a year.

    `source` is a scenario file with a table `[search]`, which names the money, the settings of
    levers that may take it, the objective, and how many plans and worlds are tried. What the
    search finds is lived again in worlds and with seeds that it never used: `winner.searched` and
    `winner.rated` hold both numbers. `out` is a folder in which finished cells are stored and
    found again. `workers` processes compute, or those of a Dask `cluster` (its address).
    `overrides` are values by dotted key ("search.candidates") laid over the file. With more than
    one worker a script needs the usual `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `found = search("search_kaga", workers=2)`, then `found.winner.searched.plan.used`.
    """
    space, objective = space_of_file(source, overrides)
    where = Cluster(cluster) if cluster else Here(workers)
    name = located(source).stem
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / name
            runs = WorldRuns(results_for(folder, KIND, name), where, book=space.book)
            return SearchWork(space, objective, runs).run()
    finally:
        where.leave()
