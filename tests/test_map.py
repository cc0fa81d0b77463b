"""`sim map`: points set what their axes say in every world, verdicts follow the interval over worlds,
and the command shows where the town slides.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.study.executors import Here
from sim.study.map.study import map_of_file
from sim.study.map.work import RECOVERS, SLIDES, UNDECIDED, MapWork, map_points
from sim.study.nation.tables import NAMES
from sim.study.world_runs import WorldRun, WorldRuns
from tests.comparisons import write

GROUND = 'town = "towns/trial.toml"\nyears = 2\nrun_in_weeks = 6\n'
PARAMETER = "needs.escalate_manifest"
MAP = f"""
[map]
worlds = 2
[map.across]
setting = "outreach_worker.fte"
high = 2
steps = 2
together = {{ mix = "visiting" }}
[map.up]
setting = "{PARAMETER}"
low = {declared()[PARAMETER].value}
high = {declared()[PARAMETER].high}
steps = 2
"""


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture
def file(folder) -> Path:
    return write(folder, MAP, GROUND, "m.toml", 700)


def test_points_set_what_the_axes_say_and_nothing_else(file):
    lines, town = map_of_file(file)
    points = map_points(lines, town({}))
    low, high = declared()[PARAMETER].value, declared()[PARAMETER].high
    assert [(one.across, one.up) for one in points] == [
        (0.0, low),
        (2.0, low),
        (0.0, high),
        (2.0, high),
    ]
    assert points[0].settings == {} and points[1].settings == {
        "levers.outreach_worker.fte": 2.0,
        "levers.outreach_worker.mix": "visiting",
    }
    assert [one.parameters for one in points] == [{PARAMETER: one.up} for one in points]


def test_a_parameter_of_an_axis_is_the_same_in_every_world_though_it_be_the_declared_one(file):
    """A world leaves a value alone that a file sets itself, unless it is the declared one."""
    lines, town = map_of_file(file)
    work = MapWork(lines, town, WorldRuns(None, Here(1)))
    points = map_points(lines, town({}))
    work.runs.add({one.name: work._scenario(one) for one in points})
    work.runs.fixed |= {one.name: one.parameters for one in points}
    for point in points:
        for world in (1, 2):
            lived = work.runs.cell(WorldRun(point.name, world, world)).scenario
            assert lived.parameters[PARAMETER] == point.up
    others = [
        work.runs.cell(WorldRun(points[0].name, world, world)).scenario.parameters
        for world in (1, 2)
    ]
    assert others[0] != others[1]


def test_a_verdict_follows_the_interval_over_worlds(file):
    """Known worlds: with outreach the town recovers, without it slides; the load does neither."""
    lines, town = map_of_file(file, {"map.worlds": 4})
    at = NAMES.index("compounded"), NAMES.index("load")

    def values(wanted):
        found = {}
        for run in wanted:
            one = np.zeros((2, len(NAMES)))
            one[1, at[0]] = (-1.0 if run.name.startswith("2") else 1.0) + 0.1 * (run.world % 3)
            one[1, at[1]] = 1.0 if run.world % 2 else -1.0
            found[run] = one
        return found

    runs = WorldRuns(None, Here(1))
    runs.values, runs.compute = values, lambda _wanted: None
    found = MapWork(lines, town, runs).run()
    verdicts = {(one.point.across, one.verdict("compounded")) for one in found.states}
    assert verdicts == {(0.0, SLIDES), (2.0, RECOVERS)}
    assert {one.verdict("load") for one in found.states} == {UNDECIDED}
    table = found.table
    assert len(table) == 8 and set(table["worlds"]) == {4}
    assert (table["change"] == table["end"] - table["start"]).all()


def test_more_of_what_is_better_when_high_is_no_slide():
    from sim.study.gather import ALL_MEASURES
    from sim.study.map.work import PointState
    from sim.study.search.objective import effect_of

    higher = next(name for name, one in ALL_MEASURES.items() if one.better == "higher")
    state = PointState(SimpleNamespace(), {}, {}, {higher: effect_of([1.0, 1.1, 1.2, 1.1])})
    assert state.verdict(higher) == RECOVERS


def test_a_file_that_names_no_axes_has_the_usual_ones_at_its_size(folder):
    file = write(folder, "", GROUND, "plain.toml", 6349)
    lines, _town = map_of_file(file)
    usual = map_of_file(sim.files.toml.SHIPPED / "map_kaga.toml")[0]
    assert lines.across.setting == usual.across.setting != lines.up.setting == usual.up.setting
    assert lines.across.high == pytest.approx(usual.across.high / 10, rel=0.05)


@pytest.mark.parametrize(
    ("old", "new", "key", "near"),
    [
        ("outreach_worker.fte", "outreach_worker.ftes", "map.no_setting", "outreach_worker.fte"),
        (PARAMETER, "needs.escalate_manifst", "map.no_setting", PARAMETER),
        (f'setting = "{PARAMETER}"', 'setting = "outreach_worker.fte"', "map.one_setting", ""),
        ("high = 2\n", "high = -2\n", "search.low_above_high", ""),
        ("mix =", "mixx =", "search.no_setting", "mix"),
        ("worlds = 2", 'worlds = 2\nmeasure = "compunded"', "error.unknown_measure", "compounded"),
        ("worlds = 2", "worlds = 900", "error.worlds", ""),
        (f"high = {declared()[PARAMETER].high}", "high = 900", "error.range", ""),
    ],
)
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_no_map_can_be_is_refused_in_one_message(folder, capsys, old, new, key, near, lang):
    assert old in MAP
    file = write(folder, MAP.replace(old, new), GROUND, "m.toml", 700)
    code = cli.main(["map", str(file), "--check", "--lang", lang])
    told = capsys.readouterr().err
    assert code == 2 and words.say(key, lang).split("{")[0] in told and near in told
    assert "Traceback" not in told


def test_the_command_shows_every_point_and_python_gives_the_same(file, tmp_path, capsys):
    out = tmp_path / "map"
    line = ["map", str(file), "--years", "2", "--workers", "1", "--out", str(out)]
    assert cli.main([*line, "--lang", "ja"]) == 0
    said = capsys.readouterr().out
    assert "4点のうち" in said and "アウトリーチ支援員" in said
    points = pd.read_csv(out / "points.csv")
    found = sim.town_map(file, out=out, overrides={"years": 2})
    np.testing.assert_allclose(points["change"], found.table["change"])
    assert {one.name for one in out.glob("map.*")} == {"map.ja.png", "map.ja.svg"}
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["kind"] == "map"
    together = sim.town_map(file, workers=2)
    pd.testing.assert_frame_equal(together.table, found.table)
