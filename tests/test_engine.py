"""The compiled kernels: the same states as uncompiled, no stale code, no draw of another's."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from sim.files.user_cache import CACHE_VARIABLE
from sim.model.kernel import chance_in_week, happens, sort_first, uniform
from sim.model.processes import WEEK
from sim.model.scans import nonzero
from sim.model.streams import Streams
from tests.towns import small_scenario

ROOT = Path(__file__).parents[1]
LIVED = """
import hashlib
from sim.declared.links import LINKS
from sim.model.course import Course
from sim.model.link_means import MEANS, HoldLink, week_with
from sim.model.own_week import week_of
from tests.laws import EVERY_LEVER, changed, steps
from tests.towns import small_scenario

def held(course):
    means = ((one, MEANS[one.id](course.state)) for one in LINKS)
    elsewhere = ((one, mean * 1.3 if one.scaled else mean + 0.1) for one, mean in means)
    return {one.id: HoldLink(one, [mean] * 8) for one, mean in elsewhere}

scenario = small_scenario(150, run_in_weeks=8, years=2)
every = changed(scenario, steps=steps(EVERY_LEVER))
for arm, weeks in ((scenario, None), (every, None), (every, 8)):
    course = Course(arm, 3)
    if weeks is not None:
        course = Course(arm, 3, week_order=week_with(week_of(arm), held(course)))
    course.run(until=weeks)
    for name, table in course.state.tables().items():
        for column, array in table.columns():
            print(name, column, hashlib.md5(array.tobytes()).hexdigest())
    for name, table in course.tables.items():
        print(name, hashlib.md5(table.to_csv().encode()).hexdigest())
"""
OWN = """
{way}
from sim.model.kernel import kernel

@kernel
def doubled(x):
    return 2.0 * {helper}(x)

print(doubled(1.0))
"""
RATES = """
from sim.model.kernel import kernel

@kernel
def chance(x):
    return x * {factor}
"""


def ran(code: str, folder: Path = ROOT, **env: str) -> str:
    """What a script prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_uncompiled_kernels_give_the_same_states():
    """Every column of every table after two years, as it is and with every lever on, and with the
    links of all loops held elsewhere.
    """
    assert ran(LIVED, SIM_PLAIN="1") == ran(LIVED, SIM_PLAIN="")


@pytest.mark.parametrize(
    ("way", "helper"),
    [("from rates import chance", "chance"), ("import rates", "rates.chance")],
)
def test_a_change_in_a_helper_of_another_file_is_noticed(tmp_path, way, helper):
    (tmp_path / "own.py").write_text(OWN.format(way=way, helper=helper), encoding="utf-8")
    found = []
    for factor in (1.0, 3.0, 1.0):
        (tmp_path / "rates.py").write_text(RATES.format(factor=factor), encoding="utf-8")
        found.append(ran("import own", tmp_path, **{CACHE_VARIABLE: str(tmp_path / "cache")}))
    assert [float(text) for text in found] == [2.0, 6.0, 2.0]


@pytest.mark.parametrize("where", ["file", "nested/folder"])
def test_a_cache_folder_that_cannot_be_made_costs_only_the_cache(tmp_path, where):
    """The home folder is a file, or cannot be written to: the kernel is compiled all the same."""
    own = OWN.format(way="from rates import chance", helper="chance")
    (tmp_path / "own.py").write_text(own, encoding="utf-8")
    (tmp_path / "rates.py").write_text(RATES.format(factor=1.0), encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    place = tmp_path / "file" if where == "file" else Path("/proc") / where
    assert float(ran("import own", tmp_path, **{CACHE_VARIABLE: str(place)})) == 2.0


def test_kernels_draw_what_the_streams_draw():
    streams, ids = Streams(7), np.array([0, 1, 5, 10**9, 2**40])
    key = streams.keys(("one", "other"), 70)[1]
    for occurrence in (0, 3):
        drawn = [uniform(key, at, occurrence) for at in ids.tolist()]
        np.testing.assert_array_equal(drawn, streams.uniform("other", 70, ids, occurrence))


def test_rows_at_risk_are_found_in_order():
    rng = np.random.default_rng(1)
    for size in (0, 1, 7, 8, 9, 1000):
        column = (rng.random(size) < 0.3).astype(np.int8) * rng.integers(1, 4, size).astype(np.int8)
        np.testing.assert_array_equal(nonzero(column), np.flatnonzero(column))


def test_the_first_of_a_queue_are_those_of_a_whole_sort():
    rng = np.random.default_rng(2)
    for size in (0, 1, 2, 3, 10, 700):
        keys = rng.permutation(size).astype(float)
        for wanted in {0, 1, 2, size // 3, size - 1, size, size + 5} - {-1}:
            rows, turns = np.arange(size), keys.copy()
            sort_first(rows, turns, wanted)
            np.testing.assert_array_equal(rows[:wanted], np.argsort(keys)[:wanted])
            np.testing.assert_array_equal(np.sort(rows), np.arange(size))
            np.testing.assert_array_equal(turns, keys[rows])


def test_an_event_happens_with_its_chance_in_week():
    for rate in (0.0, 1e-6, 0.3, 52.0, 900.0):
        chance = chance_in_week(rate)
        for u in (chance * (1 - 1e-12), chance * (1 + 1e-9) + 1e-300, 0.999999):
            assert bool(happens(u, rate)) == (u < chance)


def test_every_decision_has_a_name_of_its_own():
    """Two decisions of one name would be decided by the same random numbers."""
    names = []
    for _name, process in WEEK:
        module = sys.modules[process.__module__]
        for holder in ("DRAWS", "ROOTS", "LOT"):
            names += getattr(module, holder, ())
    assert len(names) > 60
    assert len(set(names)) == len(names)


def test_without_a_home_the_cache_is_not_at_the_root_of_the_machine():
    code = "from sim.model.kernel import cache_folder; print(cache_folder('sim.model.door'))"
    gone = dict.fromkeys((CACHE_VARIABLE, "XDG_CACHE_HOME", "HOME"), "")
    folder = Path(ran(code, **gone).strip())
    assert folder.is_relative_to(Path(tempfile.gettempdir()))


def test_another_setting_of_numba_has_kernels_of_its_own():
    code = "from sim.model.kernel import cache_folder; print(cache_folder('sim.model.door'))"
    assert ran(code, NUMBA_BOUNDSCHECK="1") != ran(code, NUMBA_BOUNDSCHECK="0")


def test_preparing_is_done_once_and_told_only_where_something_is_compiled(tmp_path):
    """Of a kernel that is in the cache nothing is told; a further scenario is lived again."""
    code = """
from sim.study import prepare as p
from tests.towns import small_scenario
lived, told = [], []
class Course:
    def __init__(self, scenario, seed):
        lived.append(scenario.people.population)
    def run(self, until):
        pass
p.Course.__init__ = Course.__init__
p.Course.run = Course.run
p.prepare([small_scenario(900), small_scenario(800)], lambda done, of: told.append(done))
print(len(lived), max(lived, default=0) <= 1000, len(told))
"""
    found = [ran(code, **{CACHE_VARIABLE: str(tmp_path), "SIM_PLAIN": ""}) for _ in range(2)]
    assert [text.split() for text in found] == [["2", "True", "0"], ["0", "True", "0"]]


def test_the_second_process_lives_the_towns_from_the_end():
    """Towns that cannot be lived backwards would only be compiled by one processor, unnoticed."""
    towns = pickle.dumps([small_scenario(90, run_in_weeks=2), small_scenario(80, run_in_weeks=2)])
    done = subprocess.run(
        [sys.executable, "-m", "sim.study.prepare"],
        input=towns,
        env=os.environ | {"SIM_PLAIN": "1"},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_only_kernels_that_nobody_uses_are_removed(tmp_path):
    """Those of this version are in use, however long ago they were compiled."""
    code = """
import os
from sim.model.kernel import cache_folder
from sim.study import prepare as p
mine, other = cache_folder("sim.model.door"), cache_folder("sim.model.door").parent / "old"
fresh = mine.parent / "fresh"
for folder in (mine, other, fresh):
    folder.mkdir(parents=True, exist_ok=True)
for folder in (mine, other):
    os.utime(folder, (0, 0))
p._clean()
print(mine.is_dir(), other.is_dir(), fresh.is_dir())
"""
    assert ran(code, **{CACHE_VARIABLE: str(tmp_path)}).split() == ["True", "False", "True"]
