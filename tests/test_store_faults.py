"""Cells that were half copied, edited or swapped are computed again; strangers and links never lose
a finished run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim import ScenarioError
from sim.cli import main as cli
from sim.report.spreadsheet_text import escaped, write_csv
from sim.study.store import Results

ROOT = Path(__file__).parents[1]
ARGUMENTS = ("--seeds", "2", "--years", "1", "--workers", "1", "--no-figures", "--quiet")
PLAIN = {
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}  # a system that knows plain letters alone
SCENARIO = """
town = "t.toml"
years = 1
run_in_weeks = 0
"""
TOWN = """
name = {ja = "町", en = "Town"}
population = 1500
ageing_rate = 0.32
districts = [{id = "n", share = 1.0}]
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    (tmp_path / "t.toml").write_text(TOWN, encoding="utf-8")
    file = tmp_path / "x.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


@pytest.fixture
def finished(scenario: Path) -> Path:
    out = scenario.parent / "out"
    assert run(scenario, out) == 0
    return out


def run(scenario: Path, out: Path) -> int:
    return cli.main(["run", str(scenario), *ARGUMENTS, "--out", str(out)])


def cell(out: Path, seed: int = 1) -> Path:
    return next((out / "cells").glob("*")) / str(seed)


def weekly(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "town.parquet")


def _drop_table(folder: Path) -> None:
    (folder / "agency.parquet").unlink()


def _drop_record(folder: Path) -> None:
    (folder / "cell.json").unlink()


def _cut_table(folder: Path) -> None:
    file = folder / "town.parquet"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[: len(content) // 2])


def _other_seed(folder: Path) -> None:
    """The tables of another seed under this one's name, as after a copy by hand."""
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("2"), folder)


def _forge_record(folder: Path) -> None:
    """Another seed's tables with a record that says they are this one's: no table may be missing
    from it either.
    """
    record = json.loads((folder / "cell.json").read_text(encoding="utf-8"))
    (folder / "cell.json").unlink()
    (folder / "cell.json").write_text(
        json.dumps(record | {"tables": {"town": record["tables"]["town"]}}), encoding="utf-8"
    )


def _nonsense_record(folder: Path) -> None:
    (folder / "cell.json").unlink()
    (folder / "cell.json").write_text("[1, 2", encoding="utf-8")


def _file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a cell")


def _dangling_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.parent / "nowhere")


DAMAGES = [
    _drop_table,
    _drop_record,
    _cut_table,
    _other_seed,
    _forge_record,
    _nonsense_record,
    _file_instead,
    _dangling_link,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__.strip("_"))
def test_a_damaged_cell_is_computed_again(damage, scenario: Path, finished: Path):
    before = weekly(finished)
    damage(cell(finished))
    assert run(scenario, finished) == 0
    pd.testing.assert_frame_equal(weekly(finished), before)
    assert {"cell.json", "town.parquet", "agency.parquet"} <= {
        file.name for file in cell(finished).iterdir()
    }
    assert run(scenario, finished) == 0


def test_strangers_and_links_stay_and_lose_nothing(scenario: Path, finished: Path):
    """In the folder of the results and among the cells: a note, a folder, a link to nothing, a link
    to a file, a pipe.
    """
    (finished / "note.txt").write_text("mine")
    (finished / "mine").mkdir()
    (finished / "mine" / "a.txt").write_text("a")
    (finished / "nowhere").symlink_to("nothing")
    (finished / "link").symlink_to("note.txt")
    os.mkfifo(finished / "pipe")
    (cell(finished) / "strange").symlink_to("nothing")
    (cell(finished).parent / "notes.txt").write_text("mine")
    (finished / "cells" / "strange").symlink_to("nothing")
    assert run(scenario, finished) == 0
    assert (finished / "note.txt").read_text() == "mine" and (
        finished / "mine" / "a.txt"
    ).read_text() == "a"
    assert (
        os.readlink(finished / "nowhere") == "nothing"
        and os.readlink(finished / "link") == "note.txt"
    )
    assert (finished / "pipe").is_fifo()
    assert not finished.with_name("out.part").exists()


def test_a_folder_that_holds_only_our_cells_is_ours(scenario: Path, finished: Path):
    other = finished.with_name("copied")
    shutil.copytree(finished / "cells", other / "cells")
    before = weekly(finished)
    assert run(scenario, other) == 0
    pd.testing.assert_frame_equal(weekly(other), before)


def test_a_folder_of_others_is_refused(scenario: Path, tmp_path: Path, capsys):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").write_text("dear")
    assert run(scenario, tmp_path / "theirs") == 2
    assert "--out" in capsys.readouterr().err


HOLD = """
import sys, time
from pathlib import Path
from sim.study.store import Results
results = Results(Path(sys.argv[1]), "x")
results.prepare()
print("held", flush=True)
time.sleep(60)
"""


def test_two_runs_at_once_are_told_so(scenario: Path, tmp_path: Path, capsys):
    """While another process writes into a folder a second one is refused; once that has ended,
    however, it goes on.
    """
    out = tmp_path / "out"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        assert other.stdout.readline().strip() == "held"
        assert run(scenario, out) == 2
        assert "out" in capsys.readouterr().err
    finally:
        other.kill()
        other.wait()
    assert run(scenario, out) == 0


def test_one_process_may_use_a_folder_again(tmp_path: Path):
    for _ in range(2):
        Results(tmp_path / "out", "x").prepare()


def test_a_name_that_the_system_cannot_write_is_refused_before_computing(tmp_path: Path):
    (tmp_path / "t.toml").write_text(TOWN, encoding="utf-8")
    (tmp_path / "x.toml").write_text(SCENARIO, encoding="utf-8")
    command = [sys.executable, "-m", "sim", "run", "x.toml", *ARGUMENTS, "--out", "結果"]
    done = subprocess.run(
        command,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | PLAIN,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 2)
    assert (done.returncode == 0) == any(tmp_path.glob("*/town.parquet"))
    assert not any(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "＝1", "-"]
)
def test_a_formula_is_escaped(text: str):
    assert escaped(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-1.5", "+3", "-1e-5", "a=b", "", "1-2", -3, None, True])
def test_what_is_no_formula_stays(value):
    assert escaped(value) is value


def test_a_csv_file_holds_no_formula(tmp_path: Path):
    frame = pd.DataFrame({"=name": ["=1+1", "a", None], "value": [-1.0, 2.0, 3.0]})
    write_csv(tmp_path / "x.csv", frame)
    lines = (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["'=name,value", "'=1+1,-1.0", "a,2.0", ",3.0"]


def sim(*arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess:
    """A command in a shell of its own, its output going where `shell` says."""
    command = " ".join([f"'{sys.executable}' -m sim", *arguments, shell])
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=ROOT,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )


@pytest.mark.parametrize("shell", ["| head -n 1", ">&-", "| true"])
def test_a_reader_that_has_gone_is_no_fault(shell: str):
    done = sim("parameters", "--format", "csv", shell=shell)
    assert done.stderr == ""


def test_a_full_output_is_said():
    done = sim("parameters", "--format", "csv", "--lang", "en", shell="> /dev/full")
    assert done.returncode == 1
    assert "standard output" in done.stderr and "Traceback" not in done.stderr


def test_a_full_output_loses_no_results(scenario: Path):
    out = scenario.parent / "out"
    done = sim(
        "run",
        str(scenario),
        "--seeds",
        "1",
        "--workers",
        "1",
        "--no-figures",
        "--out",
        str(out),
        shell="> /dev/full",
    )
    assert done.returncode == 1 and (out / "town.parquet").is_file()


def test_a_plain_terminal_is_told_that_it_cannot_show_japanese():
    done = sim("towns", "--lang", "ja", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    assert "--lang en" in done.stderr and "Traceback" not in done.stderr


def test_a_machine_short_of_memory_ends_with_a_word(scenario: Path):
    """Reading tables asks for no threads that the system refuses; the run ends, well or with a
    message. Below 1.1 GB of addresses the libraries themselves abort, the compiler among them, and
    the run is refused.
    """
    out = scenario.parent / "out"
    done = sim(
        "run",
        str(scenario),
        "--seeds",
        "1",
        "--workers",
        "1",
        "--no-figures",
        "--out",
        str(out),
        shell="; exit $?",
        OPENBLAS_NUM_THREADS="1",
    )
    assert done.returncode == 0
    command = f"ulimit -v 1300000; exec '{sys.executable}' -m sim run '{scenario}' --seeds 2 -q --no-figures --out '{out}'"
    limited = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert limited.returncode in (0, 1, 2)
    little = subprocess.run(
        ["bash", "-c", command.replace("1300000", "600000") + " --lang en"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert little.returncode == 2 and "ulimit" in little.stderr


def test_a_damaged_results_folder_is_refused_by_name(tmp_path: Path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ScenarioError):
        Results(tmp_path / "out", "x").prepare()
