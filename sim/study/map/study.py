"""`town_map(...)`: from a scenario file, with `[map]` or without, to where its town slides and where
it recovers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sim.declared.levers import setting_declaration
from sim.files.locator import located
from sim.files.toml import SHIPPED
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.study_lines import AxisLines, MapLines
from sim.study.executors import Cluster, Here
from sim.study.map.work import MapWork, TownMap, map_points, of_lever
from sim.study.search.plans import Loader
from sim.study.search.study import lines_of, town_with
from sim.study.shrink import SIZES
from sim.study.world_runs import WorldRuns, check_worlds, place_of, results_for
from sim.words.errors import fault, short

KIND = "map"
USUAL = SHIPPED / "map_kaga.toml"  # its axes are those of a file that names none


def map_of_file(
    source: str | Path,
    overrides: Mapping[str, Any] | None = None,
    may: Mapping[str, Any] | None = None,
) -> tuple[MapLines, Loader]:
    """Returns the axes of a file, checked, and how its town is made at a point; raises ScenarioError
    as `load` does. A file without `[map]` has the usual axes, for a town of its size.
    """
    path, allowed, given = located(source), dict(may or {}), dict(overrides or {})
    own = {name: value for name, value in given.items() if not name.startswith("map.")}
    written = lines_of(path, own, bool(allowed.get("allow_outside", False)))
    town = partial(town_with, path, own, allowed)
    base, file = town({}), short(path)
    lines = usual_lines(base) if written.map is None else written.map
    asked = {name.removeprefix("map."): value for name, value in given.items() if name not in own}
    lines = MapLines.model_validate({**lines.model_dump(), **asked})
    if lines.across.setting == lines.up.setting:
        raise fault("map.one_setting", at="map.up.setting", file=file, given=lines.up.setting)
    place_of(lines.measure, "map.measure", file)
    place_of(lines.beside, "map.beside", file)
    check_worlds(base, lines.worlds, "map.worlds", file)
    return lines, town


def usual_lines(base: Scenario) -> MapLines:
    """Returns the axes of the example that ships, amounts of the whole town scaled to the residents
    of this one.
    """
    usual = lines_of(USUAL, {}).map
    assert usual is not None
    share = base.people.population / load(USUAL).people.population
    axes = {name: _scaled_axis(getattr(usual, name), share) for name in ("across", "up")}
    return usual.model_copy(update=axes)


def _scaled_axis(axis: AxisLines, share: float) -> AxisLines:
    lever, _, name = axis.setting.partition(".")
    if not of_lever(axis) or setting_declaration(lever, name)["unit"] not in SIZES:
        return axis
    return axis.model_copy(
        update={end: float(f"{getattr(axis, end) * share:.2g}") for end in ("low", "high")}
    )


def check_points(lines: MapLines, town: Loader) -> int:
    """Refuse a map of which a point cannot be; returns how many points there are."""
    points = map_points(lines, town({}))
    for point in (points[0], points[-1]):
        town({**point.settings, **{f"parameters.{n}": v for n, v in point.parameters.items()}})
    return len(points)


def town_map(
    source: str | Path,
    *,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> TownMap:
    """Tells where a town slides and where it recovers over two axes.

    `source` is a scenario file; its table `[map]` names two axes, each a setting of a lever or a
    parameter, and in how many plausible worlds each point is lived. Without one the axes are
    further caseworkers and outreach posts. The map compares the first year with the last, world by
    world. `out` is a folder in which finished cells are stored and found again. `workers`
    processes compute, or those of a Dask `cluster` (its address). `overrides` are values by dotted
    key ("map.worlds") laid over the file. With more than one worker a script needs the usual
    `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `town_map("map_kaga", workers=2).table`.
    """
    lines, town = map_of_file(source, overrides)
    where = Cluster(cluster) if cluster else Here(workers)
    name = located(source).stem
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / name
            runs = WorldRuns(results_for(folder, KIND, name), where)
            return MapWork(lines, town, runs).run()
    finally:
        where.leave()
