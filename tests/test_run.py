"""Runs: the same bytes on every start, nothing lost or half-written, a summary with units, figures
in both languages.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.cli import progress
from sim.cli.run import read_seeds
from sim.model.town import Town
from sim.study import cells, store
from sim.study.measures import MEASURES
from sim.study.store import Results
from sim.words.errors import ScenarioError
from tests.scenario_files import PEOPLE
from tests.towns import small_scenario

ROOT = Path(__file__).parents[1]
TABLES = [f"{name}.parquet" for name in cells.TABLES]


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture
def file(folder) -> Path:
    """A scenario of a tiny town that runs for a year."""
    (folder / "towns/trial.toml").write_text(PEOPLE.replace("10000", "1200"), encoding="utf-8")
    (folder / "x.toml").write_text(
        'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 4\n', encoding="utf-8"
    )
    return folder / "x.toml"


def run(*arguments: object, workers: int = 1) -> int:
    return cli.main(["run", *map(str, arguments), "--workers", str(workers)])


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (*TABLES, "summary.csv")}


def listen(monkeypatch) -> list[int]:
    """The seeds that are lived from here on, as they are."""
    lived, live = [], cells.live
    monkeypatch.setattr(
        cells,
        "live",
        lambda scenario, seed, **more: lived.append(seed) or live(scenario, seed, **more),
    )
    return lived


def test_same_bytes_on_a_second_start_and_with_two_workers(file, tmp_path):
    for name, workers in (("a", 1), ("b", 1), ("c", 2)):
        assert (
            run(
                file,
                "--seeds",
                2,
                "--out",
                tmp_path / name,
                "--no-figures",
                "--quiet",
                workers=workers,
            )
            == 0
        )
    assert content(tmp_path / "a") == content(tmp_path / "b") == content(tmp_path / "c")
    town = pd.read_parquet(tmp_path / "a/town.parquet")
    keys = town[["seed", "week"]]
    assert list(town.columns[:2]) == ["seed", "week"] and keys.equals(
        keys.sort_values(["seed", "week"])
    )
    assert town["seed"].unique().tolist() == [1, 2] and not list(tmp_path.glob("*.part"))


def test_tables_are_those_of_the_model():
    scenario = small_scenario(300, years=1, run_in_weeks=2)
    town = Town(scenario, 7)
    town.run()
    assert tuple(town.tables) == cells.TABLES
    for name, frame in sim.simulate(scenario, [7]).__dict__.items():
        if name in cells.TABLES:
            pd.testing.assert_frame_equal(frame.drop(columns="seed"), town.tables[name])


def test_an_interrupted_run_goes_on_and_ends_the_same(file, tmp_path, monkeypatch, capsys):
    live = cells.live

    def interrupted(scenario, seed, **more):
        if seed == 2:
            raise KeyboardInterrupt
        return live(scenario, seed, **more)

    assert run(file, "--seeds", 3, "--out", tmp_path / "whole", "--no-figures", "--quiet") == 0
    monkeypatch.setattr(cells, "live", interrupted)
    assert run(file, "--seeds", 3, "--out", tmp_path / "cut", "--no-figures", "--lang", "en") == 130
    assert not (tmp_path / "cut").exists() and "1 of 3 seeds are kept" in capsys.readouterr().err
    monkeypatch.setattr(cells, "live", live)
    lived = listen(monkeypatch)
    assert run(file, "--seeds", 3, "--out", tmp_path / "cut", "--no-figures", "--lang", "en") == 0
    assert lived == [2, 3] and "Already computed: 1 of 3" in capsys.readouterr().err
    assert (
        content(tmp_path / "cut") == content(tmp_path / "whole")
        and not (tmp_path / "cut.part").exists()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("kill", ["SIGINT", "SIGKILL"])
def test_a_killed_pool_leaves_its_seeds_and_no_process(file, tmp_path, kill):
    options = ["--seeds", "400", "--workers", "2", "--no-figures", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-m", "sim", "run", str(file), *options]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while (
            not (kept := list((tmp_path / "out.part/cells").glob("*/[0-9]*")))
            and process.poll() is None
        ):
            time.sleep(0.05)
        process.send_signal(getattr(signal, kill))
        _, said = process.communicate(timeout=30)  # once every worker has let go of stderr
    assert kept and not (tmp_path / "out").exists()
    if kill == "SIGINT":
        # A shell shows 130 for both: Python dies of the signal itself when Ctrl-C came inside an
        # exec(), as importing a dataclass does, even though it was caught and answered.
        assert process.returncode in (130, -signal.SIGINT) and "of 400" in said
    else:
        assert process.returncode == -signal.SIGKILL
    results = Results(tmp_path / "out", "x")
    scenario = sim.load(file)
    assert all(results.find(cells.scenario_key(scenario), int(folder.name)) for folder in kept)
    assert run(file, "--seeds", "1-3", "--out", tmp_path / "out", "--no-figures", "--quiet") == 0


def test_more_seeds_extend_and_a_corrupt_cell_is_computed_again(file, tmp_path, monkeypatch):
    run(file, "--seeds", 2, "--out", tmp_path / "out", "--no-figures", "--quiet")
    first = content(tmp_path / "out")
    broken = next((tmp_path / "out/cells").glob("*/1/town.parquet"))
    broken.write_bytes(broken.read_bytes()[:-200] + b"x" * 200)
    lived = listen(monkeypatch)
    assert run(file, "--seeds", 3, "--out", tmp_path / "out", "--no-figures", "--quiet") == 0
    assert lived == [1, 3]
    assert run(file, "--seeds", 2, "--out", tmp_path / "out", "--no-figures", "--quiet") == 0
    assert lived == [1, 3] and content(tmp_path / "out") == first


def test_a_failure_while_writing_leaves_nothing_under_the_final_name(
    file, tmp_path, monkeypatch, capsys
):
    join, out = store.join_cells, tmp_path / "out"

    def full(folders, name, to):
        if name == "field":
            raise OSError(28, "No space left on device")
        join(folders, name, to)

    monkeypatch.setattr(store, "join_cells", full)
    arguments = (file, "--out", out, "--no-figures", "--lang", "en", "--seeds")
    assert run(*arguments, 1) == 2 and "No space left on device" in capsys.readouterr().err
    assert not out.exists() and not list((tmp_path / "out.part").glob("whole*"))
    monkeypatch.setattr(store, "join_cells", join)
    assert run(*arguments, 1) == 0
    before = content(out)
    monkeypatch.setattr(store, "join_cells", full)
    assert run(*arguments, 2) == 2 and content(out) == before
    monkeypatch.setattr(
        cells.store,
        "write_cell",
        lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    assert run(*arguments, 3) == 2 and "No space left on device" in capsys.readouterr().err


def test_a_renaming_cut_short_is_mended(file, tmp_path):
    out = tmp_path / "out"
    run(file, "--seeds", 1, "--out", out, "--no-figures", "--quiet")
    before = content(out)
    results = Results(out, "x")
    results.prepare()
    out.rename(results.part / store.OLD)
    Results(out, "x").prepare()
    assert content(out) == before


def test_folders_that_are_not_ours_are_refused(file, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    (tmp_path / "a_file").write_text("x")
    (tmp_path / "other").mkdir()
    store.write_json(
        tmp_path / "other" / store.MANIFEST, {"made_by": store.MADE_BY, "scenario_id": "another"}
    )
    reasons = {
        "mine": "not ours",
        "a_file": "this is a file",
        "other": "another",
        "a_file/in": "cannot be written",
    }
    for name, reason in reasons.items():
        assert (
            run(file, "--out", tmp_path / name, "--lang", "en", "--seeds", 1, "--no-figures") == 2
        )
        err = capsys.readouterr().err
        assert reason in err and "Traceback" not in err
    assert (tmp_path / "mine/thesis.txt").read_text() == "years of work" and not list(
        tmp_path.glob("*.part")
    )


def test_an_empty_folder_is_taken_and_a_users_note_stays(file, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    assert run(file, "--out", out, "--quiet", "--seeds", 1, "--no-figures") == 0
    (out / "note.txt").write_text("for Monday")
    assert run(file, "--out", out, "--quiet", "--seeds", 2, "--no-figures") == 0
    assert (out / "note.txt").read_text() == "for Monday"


def test_a_failed_seed_is_told_and_the_rest_stands(file, tmp_path, monkeypatch, capsys):
    live = cells.live
    monkeypatch.setattr(
        cells,
        "live",
        lambda scenario, seed, **more: 1 / 0 if seed == 2 else live(scenario, seed, **more),
    )
    assert run(file, "--seeds", 3, "--out", tmp_path / "out", "--no-figures", "--lang", "en") == 1
    err = capsys.readouterr().err
    assert "Seed 2 failed: ZeroDivisionError" in err and "1 seeds failed" in err
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["seeds"] == [1, 3] and "ZeroDivisionError" in manifest["failed"][0]["error"]


def test_manifest_says_how_it_was_made(file, tmp_path):
    run(file, "--seeds", "2,5", "--years", 2, "--out", tmp_path / "out", "--quiet", "--no-figures")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["seeds"] == [2, 5] and manifest["years"] == 2 == manifest["scenario"]["years"]
    assert manifest["digest"] == cells.digest(sim.load(file, overrides={"years": 2}))
    assert manifest["versions"]["numpy"] == np.__version__ and set(manifest["sha256"]) == set(
        TABLES
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == manifest["files"]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_summary_says_what_was_run_and_carries_units(file, tmp_path, capsys, lang):
    run(file, "--seeds", 2, "--out", tmp_path / "out", "--lang", lang, "--no-figures")
    out = capsys.readouterr().out
    trial, *first = out.splitlines()[:5]
    assert ("試し計算" if lang == "ja" else "Trial run") in trial
    assert getattr(sim.load(file).people.name, lang) in first[0] and "1-2" in first[1]
    assert ("モデル" if lang == "ja" else "a model, not evidence") in first[2]
    for one in MEASURES:
        assert getattr(one, lang) in out and words.say(f"unit.{one.unit}", lang) in out
    assert "±" in out and "\x1b" not in out and "{" not in out and "nan" not in out
    table = pd.read_csv(tmp_path / "out/summary.csv", encoding="utf-8-sig")
    assert table["measure"].tolist() == [one.name for one in MEASURES]
    assert table["unit_ja"].notna().all() and (table["seeds"] <= 2).all()


def test_progress_in_plain_lines(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    run(file, "--seeds", 2, "--out", tmp_path / "out", "--lang", "en", "--no-figures")
    err = capsys.readouterr().err
    assert (
        re.search(r"Seed 1 finished \(1 of 2\), about \d+ s left", err)
        and "First look (seed 1)" in err
    )


def test_seeds_as_written():
    for written, seeds in {
        "3": (1, 2, 3),
        "2-4": (2, 3, 4),
        "9,7": (7, 9),
        "7,": (7,),
        "1-2, 5": (1, 2, 5),
    }.items():
        assert read_seeds(written) == seeds


@pytest.mark.parametrize("written", ["0", "", "-1", "4-2", "a", "1.5", "99999999"])
def test_wrong_seeds_are_refused(written):
    with pytest.raises(ScenarioError) as caught:
        read_seeds(written)
    assert "1-5" in caught.value.say("en") and written in caught.value.say("ja")


def test_wrong_options_are_refused(file, capsys):
    assert run(file, "--lang", "en", workers=0) == 2 and "1 or more" in capsys.readouterr().err
    assert run(file, "--years", 400, "--lang", "en") == 2 and "years" in capsys.readouterr().err


def test_importing_the_package_is_quick():
    heavy = "{'numpy', 'mesa', 'pandas', 'pydantic'}"
    code = (
        f"import sys, sim; assert not {heavy} & set(sys.modules); sim.Town, sim.load, sim.simulate"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    with pytest.raises(AttributeError):
        _ = sim.nothing
