"""Comparisons: equal arms differ by exactly 0, nothing is lost or mixed, forks equal whole runs,
screens in both languages.
"""

from __future__ import annotations

import gc
import json
import pickle
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
from sim.model.town import Town, start
from sim.report.text import comparison as differences
from sim.scenario.arms import read_comparison
from sim.study import cells, executors, runs
from sim.study.compare import RunSettings, Work
from sim.study.manifest import compared_of, comparison_of, dumped
from sim.study.result import Compared
from sim.study.store import Results
from sim.words import LANGUAGES
from tests.comparisons import CLAIM, GROUND, THREE, command, write

ROOT = Path(__file__).parents[1]
YEAR = GROUND.replace("years = 2", "years = 1")


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Compared:
    """A finished comparison of three arms of which two are equal."""
    from tests.scenario_files import SCENARIO, WAITING

    folder = tmp_path_factory.mktemp("made") / "scenarios"
    for name, text in {"organisations/windows_that_wait.toml": WAITING, "x.toml": SCENARIO}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "towns").mkdir()
    combination = '[[combinations]]\narm = "outreach"\nparts = {same = 1, waiting = 1}\n'
    return sim.compare(write(folder, THREE + CLAIM + combination))


def tables(folder: Path) -> dict[str, bytes]:
    """Every table of a folder of results, as bytes."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.suffix in (".parquet", ".csv")
    }


def test_equal_arms_differ_by_exactly_zero_in_every_table(compared):
    same = compared.differences[compared.differences["arm"] == "same"]
    assert same["identical"].all() or same.loc[~same["identical"], "n"].eq(0).all()
    counted = same[same["n"] > 1]
    assert len(counted) > 100 and (
        counted[["difference", "low", "high", "band_low", "band_high"]] == 0
    ).all(axis=None)
    assert not compared.differences.query("arm == 'outreach' and measure == 'found'")[
        "identical"
    ].any()
    lasting = compared.lasting.set_index("arm").loc["same"]
    assert (lasting["side"] == "").all() and compared.crossings.query("arm == 'same'")["state"].eq(
        "never_worse"
    ).all()


def test_values_are_those_of_whole_runs(compared):
    for arm in compared.comparison.arms:
        alone = sim.simulate(arm.scenario, [2]).by_year().set_index(["year", "measure"])["value"]
        mine = compared.main[(compared.main["arm"] == arm.id) & (compared.main["seed"] == 2)]
        mine = mine.set_index(["year", "measure"])["value"]
        pd.testing.assert_series_equal(mine[alone.index], alone)


def test_a_combination_is_an_arm_less_the_mean_of_its_parts(compared):
    wide = compared.main.query("measure == 'unseen' and year == 2").pivot(
        index="seed", columns="arm", values="value"
    )
    mean = (wide["outreach"] - (wide["same"] + wide["waiting"]) / 2).mean()
    row = compared.combined.query("measure == 'unseen' and year == 2")
    assert row["difference"].item() == pytest.approx(mean)


def test_money_adds_up_over_payers(compared):
    wide = compared.main.pivot(index=["arm", "seed", "year"], columns="measure", values="value")
    payers = wide[["cost_municipality", "cost_prefecture", "cost_nation", "cost_insurance"]].sum(
        axis=1
    )
    assert np.allclose(wide["cost_public"], payers) and (wide["cost_programme"] > 0).all()


@pytest.mark.parametrize("where", ["first week", "later", "ramp"])
def test_a_forked_arm_is_the_arm_run_from_the_beginning(folder, where):
    timing = {"first week": "", "later": ", start = 30", "ramp": ", start = 10, ramp_months = 6"}[
        where
    ]
    text = "".join(
        f"levers.{role} = {{fte = {fte}{timing}}}\n"
        for role, fte in (("caseworker", 2.5), ("inclusion_promoter", 1), ("csw", 1))
    )
    arm = (
        read_comparison([write(folder, THREE.replace("levers.outreach_worker = {fte = 1}", text))])
        .arm("outreach")
        .scenario
    )
    whole = Town(arm, 3)
    forked = Town(arm, 3, state=pickle.loads(start(arm, 3)))
    for name, frame in (whole.run(), forked.run()) and whole.tables.items():
        pd.testing.assert_frame_equal(frame, forked.tables[name])
    for name, table in whole.state.tables().items():
        for column, array in table.columns():
            assert np.array_equal(array, getattr(getattr(forked.state, name), column)), (
                name,
                column,
            )


def test_one_start_serves_all_arms_of_a_seed(folder, monkeypatch):
    comparison = read_comparison([write(folder)])
    lived, begin = [], cells.packed_start
    monkeypatch.setattr(cells, "packed_start", lambda cell: lived.append(cell.seed) or begin(cell))
    wanted = [cells.Cell(arm.scenario, seed) for seed in (1, 2) for arm in comparison.arms]
    for chunk in cells.chunks(wanted, 1):
        cells.simulate_chunk(cells.Chunk(chunk, None))
    assert lived == [1, 2]


def test_chunks_hold_every_cell_once_and_feed_every_worker(folder):
    comparison = read_comparison([write(folder)])
    wanted = [cells.Cell(arm.scenario, seed) for seed in range(1, 4) for arm in comparison.arms]
    for workers in (1, 2, 5, 50):
        chunks = cells.chunks(wanted, workers)
        assert sorted(id(cell) for chunk in chunks for cell in chunk) == sorted(map(id, wanted))
        assert len(chunks) >= min(workers, len(wanted)) and all(
            len({cell.start_key for cell in chunk}) == 1 for chunk in chunks
        )


def test_workers_and_order_change_no_byte(folder, tmp_path):
    file = write(folder, THREE + CLAIM)
    for name, workers in (("a", 1), ("b", 2)):
        assert (
            command(file, "--out", tmp_path / name, "--no-report", "--quiet", workers=workers) == 0
        )
    assert tables(tmp_path / "a") == tables(tmp_path / "b") and not list(tmp_path.glob("*.part"))


def test_more_seeds_extend_and_only_what_is_missing_is_computed(folder, tmp_path, monkeypatch):
    file, lived, live = write(folder), [], cells.live
    monkeypatch.setattr(
        cells,
        "live",
        lambda scenario, seed, **more: (
            lived.append((scenario.id, seed)) or live(scenario, seed, **more)
        ),
    )
    assert command(file, "--seeds", 2, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    assert command(file, "--seeds", 3, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    without_effects = [("outreach", 1), ("waiting", 1)]
    assert sorted(lived) == sorted(
        [(arm, seed) for arm in ("outreach", "waiting") for seed in (1, 2, 3)] + without_effects
    )
    lived.clear()
    broken = next((tmp_path / "x/cells").glob("*/3/town.parquet"))
    content = broken.read_bytes()
    broken.unlink()
    broken.write_bytes(content[:-200] + bytes(200))
    before = tables(tmp_path / "x")
    assert command(file, "--seeds", 3, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    assert len(lived) == 1 and tables(tmp_path / "x") == before


def test_a_damaged_cell_is_told(folder, tmp_path, capsys):
    file = write(folder)
    assert command(file, "--seeds", 1, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    next((tmp_path / "x/cells").glob("*/1/town.parquet")).write_bytes(b"")
    assert command(file, "--seeds", 1, "--out", tmp_path / "x", "--no-report", "--lang", "ja") == 0
    assert words.say("compare.damaged", "ja", number=1) in capsys.readouterr().err


def test_a_failed_cell_is_a_row_and_the_rest_stands(folder, tmp_path, monkeypatch, capsys):
    live = cells.live

    def failing(scenario, seed, **more):
        return 1 / 0 if (scenario.id, seed) == ("outreach", 2) else live(scenario, seed, **more)

    monkeypatch.setattr(cells, "live", failing)
    assert command(write(folder), "--out", tmp_path / "x", "--no-report", "--lang", "en") == 1
    failed = pd.read_csv(tmp_path / "x/failed.csv")
    assert (
        failed[["arm", "seed"]].to_numpy().tolist() == [["outreach", 2]]
        and "ZeroDivisionError" in failed["error"][0]
    )
    assert "1 cells failed" in capsys.readouterr().err
    table = pd.read_parquet(tmp_path / "x/values.parquet")
    assert sorted(table.loc[table["world"] == 0, "seed"].unique()) == [1, 3]
    assert json.loads((tmp_path / "x/manifest.json").read_text())["failed"][0]["arm"] == "outreach"


def test_where_nothing_can_be_compared_it_is_said(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cells, "live", lambda scenario, seed, **more: 1 / 0)
    assert command(write(folder), "--out", tmp_path / "x", "--lang", "ja") == 1
    err = capsys.readouterr().err
    assert (
        words.say("compare.none", "ja") in err
        and "ZeroDivisionError" in err
        and not (tmp_path / "x").exists()
    )


def test_a_cell_over_its_time_counts_as_failed(folder, tmp_path):
    work = Work(
        read_comparison([write(folder)]),
        RunSettings((1,), executors.Here(1), seconds=1e-9),
        Results(tmp_path / "x", "trio"),
    )
    work.results.prepare()
    wanted = list(work.cells([]).values()) or [cells.Cell(work.comparison.base, 1)]
    failed = runs.compute_cells(wanted, work.results, work.effort.where, runs.RunCallbacks(), 1e-9)
    assert len(failed) == 1 and "TookTooLong" in failed[0].error


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_killed_at_any_moment_it_ends_the_same(folder, tmp_path):
    """kill -9 of the whole run at several moments; the folder of the undisturbed run is the same to
    the byte.
    """
    file = write(folder, THREE + CLAIM, population=3000)
    line = [
        sys.executable,
        "-m",
        "sim",
        "compare",
        str(file),
        "--no-report",
        "--quiet",
        "--workers",
        "2",
    ]
    assert (
        subprocess.run(
            [*line, "--out", str(tmp_path / "whole")], cwd=ROOT, capture_output=True
        ).returncode
        == 0
    )
    for seconds in (2.0, 4.0, 6.0):
        running = subprocess.Popen(
            [*line, "--out", str(tmp_path / "cut")],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert (
        subprocess.run(
            [*line, "--out", str(tmp_path / "cut")], cwd=ROOT, capture_output=True
        ).returncode
        == 0
    )
    assert tables(tmp_path / "whole") == tables(tmp_path / "cut")


def test_a_full_disk_is_told_and_nothing_is_lost(folder, tmp_path, monkeypatch, capsys):
    file, write_cell = write(folder), cells.store.write_cell

    def full(target, content, *name):
        if target.name == "2":
            raise OSError(28, "No space left on device")
        write_cell(target, content, *name)

    monkeypatch.setattr(cells.store, "write_cell", full)
    assert command(file, "--out", tmp_path / "x", "--no-report", "--lang", "en") == 2
    assert "No space left on device" in capsys.readouterr().err and not (tmp_path / "x").exists()
    monkeypatch.setattr(cells.store, "write_cell", write_cell)
    lived, live = [], cells.live
    monkeypatch.setattr(
        cells,
        "live",
        lambda scenario, seed, **more: lived.append(seed) or live(scenario, seed, **more),
    )
    assert command(file, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    assert lived.count(1) == 2  # those without effects: the disk was full before they began
    assert command(file, "--out", tmp_path / "y", "--no-report", "--quiet") == 0
    assert tables(tmp_path / "x") == tables(tmp_path / "y")


def _die(_item):
    import os

    os.kill(os.getpid(), signal.SIGKILL)


def _die_once(item):
    folder, number = item
    if number == 1 and not (folder / "died").exists():
        (folder / "died").touch()
        _die(item)
    return number


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_worker_that_is_killed_is_replaced_and_its_work_done_again(tmp_path):
    items = [(tmp_path, at) for at in range(6)]
    found = {
        item[1]: future.result()
        for item, future in executors.finished(executors.Here(2), _die_once, items)
    }
    assert found == {at: at for at in range(6)} and (tmp_path / "died").exists()
    lost = list(executors.finished(executors.Here(2), _die, [1, 2]))
    assert len(lost) == 2 and all(future.exception() is not None for _item, future in lost)


def test_the_folder_of_another_comparison_is_left_alone(folder, tmp_path, capsys):
    assert (
        command(write(folder), "--seeds", 1, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    )
    before = tables(tmp_path / "x")
    assert command(write(folder, name="other.toml"), "--out", tmp_path / "x", "--lang", "ja") == 2
    assert "trio" in capsys.readouterr().err and tables(tmp_path / "x") == before


def test_two_contents_under_one_name_are_never_mixed(folder, tmp_path):
    file = write(folder)
    assert command(file, "--seeds", 2, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    write(folder, THREE.replace("fte = 1", "fte = 4"))
    assert command(file, "--seeds", 2, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    assert command(file, "--seeds", 2, "--out", tmp_path / "y", "--no-report", "--quiet") == 0
    assert tables(tmp_path / "x") == tables(tmp_path / "y")


def test_nothing_stays_behind_of_a_cell(folder):
    """Fewer than ten objects for each cell (a town has thousands), once the first have filled what
    is kept on purpose.
    """
    scenario = read_comparison([write(folder, ground=YEAR, population=200)]).base
    batches, each, blocks = 5, 12, []
    for batch in range(batches):
        for seed in range(each):
            cells.simulate_chunk(cells.Chunk((cells.Cell(scenario, 1000 * batch + seed),), None))
        gc.collect()
        blocks.append(sys.getallocatedblocks())
    assert blocks[-1] - blocks[-3] < 10 * 2 * each, blocks


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screen_says_differences_first_in_plain_words(folder, tmp_path, capsys, lang):
    less = ["--no-report"] if lang == "en" else ["--figures"]
    assert (
        command(write(folder, THREE + CLAIM), "--out", tmp_path / "x", "--lang", lang, *less) == 0
    )
    said = capsys.readouterr().out
    for key in ("compare.crossings", "claims.title", "compare.budget", "compare.worse_title"):
        assert words.say(key, lang) in said
    named = said.replace(str(tmp_path), "").replace("x_", "")
    assert "\x1b" not in said and "nan" not in said and not re.search(r"[a-z]_[a-z]", named)
    drawn = {file.name for file in tmp_path.glob("x/figures/*")}
    wanted = {
        f"{name}.{lang}.{kind}"
        for name in ("spiral", "iceberg", "difference_load")
        for kind in ("png", "svg")
    }
    assert wanted <= drawn if "--figures" in less else not drawn
    assert not any(
        ".en." in file.name for file in tmp_path.rglob("*")
    )  # in the language asked for alone


def test_the_exit_code_can_follow_the_claims(folder, tmp_path):
    claim = CLAIM.replace('arm = "outreach"', 'arm = "same"')
    assert (
        command(
            write(folder, THREE + claim),
            "--seeds",
            2,
            "--out",
            tmp_path / "x",
            "--no-report",
            "--quiet",
            "--fail-on-claims",
        )
        == 3
    )
    assert (
        command(
            write(folder, THREE + claim),
            "--seeds",
            2,
            "--out",
            tmp_path / "x",
            "--no-report",
            "--quiet",
        )
        == 0
    )
    assert pd.read_csv(tmp_path / "x/claims.csv")["verdict"].tolist() == [
        "undecided"
    ]  # two seeds decide nothing
    assert (
        command(
            write(folder, THREE + claim),
            "--seeds",
            4,
            "--out",
            tmp_path / "x",
            "--no-report",
            "--quiet",
        )
        == 0
    )
    assert pd.read_csv(tmp_path / "x/claims.csv")["verdict"].tolist() == ["not_held"]


def test_seeds_are_added_until_claims_are_decided(folder, tmp_path, capsys):
    file = write(folder, THREE + CLAIM.replace("by_year = 2", "by_year = 1"), YEAR)
    assert (
        command(
            file,
            "--until-decided",
            "--most-seeds",
            32,
            "--out",
            tmp_path / "x",
            "--no-report",
            "--lang",
            "en",
        )
        == 0
    )
    found = pd.read_csv(tmp_path / "x/claims.csv").iloc[0]
    assert (
        found["verdict"] == "held"
        and found["n"] in (8, 12, 16)
        and "4 runs: 0 held" in capsys.readouterr().err
    )


def test_a_wanted_precision_decides_how_many_seeds(folder):
    text = (
        THREE
        + '[precision]\nmeasure = "load"\nyear = 1\nhalf_width = WIDTH\nmost = 16\narm = "outreach"\n'
    )
    wide = sim.compare(write(folder, text.replace("WIDTH", "100"), YEAR))
    narrow = sim.compare(write(folder, text.replace("WIDTH", "1e-6"), YEAR))
    assert (wide.seeds, narrow.seeds) == (4, 16)


def test_a_drawn_parameter_leaves_alone_what_the_scenario_sets(folder):
    from sim.declared import declared
    from sim.study.design import with_draw
    from sim.study.worlds import plausible

    text = THREE.replace(
        "levers.outreach_worker = {fte = 1}", "parameters.needs.onset_latent = 0.03"
    )
    comparison = read_comparison([write(folder, text)])
    draw, plain = plausible().of(1), declared()
    mine, other = (
        with_draw(comparison.arm(name).scenario, draw) for name in ("outreach", "waiting")
    )
    assert (
        mine.parameters["needs.onset_latent"]
        == 0.03
        != other.parameters["needs.onset_latent"]
        == draw["needs.onset_latent"]
    )
    assert other.trend.onset == draw["population.trend_onset"] and set(draw) <= set(plain)
    text = GROUND and THREE.replace("levers.outreach_worker = {fte = 1}", 'effects = "none"')
    nulls = read_comparison([write(folder, text)]).arm("outreach").scenario
    drawn = with_draw(nulls, draw)
    for name, parameter in plain.items():
        if isinstance(parameter.null, float) and parameter.null != parameter.value:
            assert drawn.parameters[name] == parameter.null, name


def test_the_ledger_names_what_parted_first(folder, tmp_path):
    file = write(folder, population=3000)
    assert (
        command(file, "--seeds", 1, "--out", tmp_path / "x", "--no-report", "--quiet", "--ledger")
        == 0
    )
    ledger, counts = (
        pd.read_csv(tmp_path / f"x/{name}.csv") for name in ("ledger", "ledger_counts")
    )
    assert (
        set(ledger["arm"]) == {"outreach"}
        and counts["households"].sum() == len(ledger) == ledger["household"].nunique()
    )
    first = ledger[ledger["week"] == ledger["week"].min()]
    assert set(first["process"]) == {"outreach"} and not ledger["process"].eq("").any()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_household_in_two_arms(folder, tmp_path, capsys, lang):
    file = write(folder, population=3000)
    assert (
        cli.main(
            [
                "life",
                str(file),
                "--arms",
                "waiting,outreach",
                "--seed",
                "1",
                "--out",
                str(tmp_path / "life"),
                "--lang",
                lang,
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert ("待つ" if lang == "ja" else "Wait") in said and (
        "出向く" if lang == "ja" else "Go out"
    ) in said
    assert (
        words.say("life.same", lang) not in said and (tmp_path / f"life/life.{lang}.png").exists()
    )
    assert cli.main(["life", str(file), "--arms", "waiting,outrech", "--lang", lang]) == 2
    assert "outreach" in capsys.readouterr().err


def test_a_comparison_is_read_back_from_its_folder(folder, tmp_path, compared):
    file = write(folder, THREE + CLAIM)
    assert command(file, "--out", tmp_path / "x", "--no-report", "--quiet") == 0
    assert dumped(comparison_of(tmp_path / "x")) == dumped(read_comparison([file]))
    back, fresh = compared_of(tmp_path / "x"), sim.compare(file)
    pd.testing.assert_frame_equal(back.differences, fresh.differences)
    assert back.verdicts == fresh.verdicts and back.gathered.households == fresh.gathered.households
    assert (
        cli.main(["life", str(tmp_path / "x"), "--household", "3", "--seed", "1", "--quiet"]) == 0
    )


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("--seeds", "0"), "--seeds"),
        (("--worlds", "-1"), "worlds"),
        (("--cell-minutes", "0"), "--cell-minutes"),
        (("--most-seeds", "1"), "--most-seeds"),
        (("--seeds", "3-1"), "--seeds"),
    ],
)
def test_options_that_cannot_be_are_refused(folder, tmp_path, capsys, arguments, place):
    assert command(write(folder), *arguments, "--out", tmp_path / "x", "--lang", "ja") == 2
    assert place in capsys.readouterr().err and not (tmp_path / "x").exists()


def test_marks_follow_what_is_better():
    from types import SimpleNamespace

    cell = SimpleNamespace(
        identical=False, difference=0.3, low=0.2, high=0.4, skewed=False, side="higher"
    )
    assert differences.difference_cell(cell, "lower", 2, "en") == "+0.30 ±0.10 ●"
    assert differences.difference_cell(cell, "higher", 2, "en").endswith("○")
    skewed = SimpleNamespace(
        identical=False,
        difference=0.3,
        low=0.2,
        high=0.4,
        skewed=True,
        boot_low=-0.1,
        boot_high=np.nan,
        side="unclear",
    )
    assert differences.difference_cell(skewed, "lower", 1, "en") == "+0.3 [-0.1, +0.4]"


def test_without_effects_needs_are_the_same_and_spending_is_a_loss(compared):
    wide = compared.idle.pivot(index=["year", "measure"], columns="arm", values="value")
    for name in ("latent", "manifest", "compounded", "onsets", "crises"):
        assert (
            wide.xs(name, level="measure")["outreach"] == wide.xs(name, level="measure")["waiting"]
        ).all(), name
    cost = wide.xs("cost_public", level="measure")
    assert (cost["outreach"] > cost["waiting"]).all() and (cost["same"] == cost["waiting"]).all()
