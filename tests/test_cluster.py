"""A cluster of dask.distributed: separate worker processes, one of which is killed on the way; what
cannot be reached is told.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.words import LANGUAGES
from tests import own_process
from tests.comparisons import GROUND, command, write
from tests.test_nation import ROWS, arms, csv_of, tables_of

distributed = pytest.importorskip("distributed")


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture
def cluster():
    """Two worker processes under nannies, as on two machines."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as found:
        yield found


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_cluster_gives_the_same_and_outlives_a_killed_worker(folder, tmp_path, cluster):
    file = write(folder, population=2500)
    here = sim.compare(file, out=tmp_path / "here")
    pid = next(iter(cluster.workers.values())).pid
    killed: list[int] = []

    def kill_when_busy() -> None:
        client = distributed.Client(cluster.scheduler_address)
        while not any(client.processing().values()):
            time.sleep(0.02)
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
        client.close()

    killer = threading.Thread(target=kill_when_busy)
    killer.start()
    there = sim.compare(file, cluster=cluster.scheduler_address, out=tmp_path / "there")
    killer.join()
    assert killed == [pid] and there.failures.empty
    pd.testing.assert_frame_equal(here.values, there.values)
    cells = [
        sorted(
            cell.relative_to(tmp_path / f"{name}.part")
            for cell in (tmp_path / f"{name}.part").rglob("*.parquet")
        )
        for name in ("here", "there")
    ]
    assert cells[0] == cells[1] and len(cells[0]) > 10


def test_a_cluster_runs_the_code_that_a_scenario_brings(folder, tmp_path, cluster):
    """The workers need no file of it: its text goes with the scenario."""
    code = folder / "own_process.py"
    code.write_text(Path(own_process.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    arms = '[[arms]]\nid = "as_now"\n[[arms]]\nid = "heat"\n'
    named = 'processes = ["own_process.py:heat_wave"]\n'
    file = write(folder, arms + named, GROUND.replace("years = 2", "years = 1"))
    comparison = sim.load_comparison(file, allow_code=[code])
    code.unlink()
    there = sim.compare(comparison, seeds=2, cluster=cluster.scheduler_address)
    here = sim.compare(comparison, seeds=2)
    assert there.failures.empty
    pd.testing.assert_frame_equal(here.values, there.values)


def test_the_command_takes_a_cluster_and_batches_one_after_the_other(folder, tmp_path, cluster):
    arguments = ("--seeds", 2, "--no-report", "--quiet")
    file = write(folder)
    assert (
        cli.main(
            [
                "compare",
                str(file),
                *map(str, arguments),
                "--cluster",
                cluster.scheduler_address,
                "--out",
                str(tmp_path / "a"),
            ]
        )
        == 0
    )
    assert command(file, *arguments, "--out", tmp_path / "b") == 0
    for name in ("values", "differences", "quantities"):
        assert (tmp_path / f"a/{name}.parquet").read_bytes() == (
            tmp_path / f"b/{name}.parquet"
        ).read_bytes()


def test_a_nation_on_a_cluster_is_the_same_nation(folder, tmp_path, cluster):
    table, file = csv_of(tmp_path, ROWS[:2]), arms(folder)
    address = cluster.scheduler_address
    line = ["nation", str(table), str(file), "--quiet"]
    assert cli.main([*line, "--cluster", address, "--out", str(tmp_path / "a")]) == 0
    assert cli.main([*line, "--workers", "1", "--out", str(tmp_path / "b")]) == 0
    assert tables_of(tmp_path / "a") == tables_of(tmp_path / "b")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_a_cluster_that_cannot_be_reached_is_told(folder, tmp_path, capsys, address, monkeypatch):
    monkeypatch.setattr("sim.study.executors.REACH_SECONDS", 1)
    for lang in LANGUAGES:
        assert (
            command(write(folder), "--cluster", address, "--out", tmp_path / "x", "--lang", lang)
            == 2
        )
        err = capsys.readouterr().err
        assert address in err and "Traceback" not in err and not (tmp_path / "x").exists()
