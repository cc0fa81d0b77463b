"""Matching lived in a town: what is measured there, posts that follow, the command, its files, and
that it goes on after it was stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import match, words
from sim.cli import main as cli
from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.scenario.parameter_sets import read_sets
from sim.study import cells, runs
from sim.study.calibrate import TARGET_LOAD
from sim.study.design import with_draw
from sim.study.match.settings import AS_GIVEN, FOLLOW
from sim.study.match.space import EFFECT, space_of
from sim.study.match.targets import Target, read_targets
from sim.study.match.town import KEPT, MatchTown, reference_scenario, target_values
from sim.study.measures import households_of, measures_by_year
from sim.study.nation.work import kept_tables
from sim.study.store import Results, parquet_bytes, write_cell

TARGETS = """id,measure,first_year,last_year,accept_low,accept_high,weight
latent,latent,1,2,2,20,1
load,load,1,2,0.5,1.5,.5
stock,households_none,1,1,1,1000000,0
"""
RANGES = """parameter,low,high
needs.onset_latent,0.02,0.06
asking.seek_manifest,0.2,0.55
"""
SMALL = (
    "--households",
    "150",
    "--sets",
    "5",
    "--repeats",
    "2",
    "--repeat-seeds",
    "2",
    "--no-figures",
)
TABLES = ("sets", "values", "simulated", "kept", "targets", "parameters", "waves")


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """A folder with a table of targets, one of ranges, and a scenario whose run-in is short."""
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "ranges.csv").write_text(RANGES, encoding="utf-8")
    text = (
        'extends = "base.toml"\ntown = "towns/reference.toml"\ntrend = "none"\nrun_in_weeks = 6\n'
    )
    (tmp_path / "short.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*arguments: object, workers: int = 1) -> int:
    """`sim match` with the small tables, its exit code."""
    line = ["match", "targets.csv", "--ranges", "ranges.csv", "--scenario", "short.toml", *SMALL]
    return cli.main([*line, "--workers", str(workers), *map(str, arguments)])


def tables_of(folder: Path) -> dict[str, str]:
    """The hash of every table of a finished match."""
    names = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def test_the_command_writes_what_python_returns(files, capsys):
    assert command("--waves", 2, "--out", "out", "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "2 waves x 5 sets" in said and "Estimated time" in said and "not ruled out" in said
    found = match(
        "targets.csv",
        {"needs.onset_latent": (0.02, 0.06), "asking.seek_manifest": (0.2, 0.55)},
        sets=5,
        waves=2,
        repeats=2,
        repeat_seeds=2,
        scenario="short.toml",
        households=150,
        out="out",  # nothing is lived again
    )
    manifest = json.loads((files / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kept_sha256"] == found.digest and manifest["kept"] == len(found.kept)
    assert list(manifest["ranges"]) == found.space.names
    tables = {"kept": found.kept, "sets": found.sets, "parameters": found.by_parameter}
    for name, table in tables.items():
        written = pd.read_parquet(files / "out" / f"{name}.parquet")
        pd.testing.assert_frame_equal(written, table, check_dtype=False)
    assert len(found.sets) == 10 and found.sets["seeds"].tolist() == 2 * [2, 2, 1, 1, 1]
    assert found.medoid in set(found.kept["set"])


def test_kept_sets_are_parameter_sets_of_other_commands(files):
    assert command("--waves", 1, "--out", "out", "--quiet") == 0
    values = read_sets(files / "out" / "kept.csv")
    kept = pd.read_parquet(files / "out" / "kept.parquet").drop(columns="set")
    assert values == kept.to_dict("records") and len(values) > 0


def test_any_number_of_workers_gives_the_same_bytes_and_a_killed_match_goes_on(files, monkeypatch):
    assert command("--waves", 1, "--out", "one", "--quiet") == 0
    line = ["match", "targets.csv", "--ranges", "ranges.csv", "--scenario", "short.toml", *SMALL]
    line += ["--waves", "1", "--out", "two", "--quiet", "--workers", "2"]
    started = subprocess.Popen([sys.executable, "-m", "sim", *line], start_new_session=True)
    waiting = files / "two.part" / "cells"
    while not list(waiting.glob("*/[0-9]*/cell.json")):
        assert started.poll() is None
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    kept = {file: file.stat().st_ino for file in waiting.glob("*/[0-9]*/*.parquet")}
    assert kept and not (files / "two").exists()
    assert cli.main(line) == 0
    for cell, inode in kept.items():
        assert (files / "two" / "cells" / cell.relative_to(waiting)).stat().st_ino == inode
    assert tables_of(files / "one") == tables_of(files / "two")
    monkeypatch.setattr(cells, "simulate_chunk", None)  # nothing is computed a second time
    assert command("--waves", 1, "--out", "two", "--quiet") == 0
    assert tables_of(files / "one") == tables_of(files / "two")


def test_ctrl_c_keeps_what_is_finished(files, monkeypatch, capsys):
    whole = runs.compute_chunks
    asked = []

    def stopped(pieces, *rest, **more):
        asked.append(1)
        if len(asked) == 3:  # after the run that tells the time, and the posts
            raise KeyboardInterrupt
        return whole(pieces, *rest, **more)

    monkeypatch.setattr(runs, "compute_chunks", stopped)
    assert command("--waves", 1, "--out", "out", "--lang", "en") == 130
    assert "Interrupted" in capsys.readouterr().err
    assert len(list((files / "out.part" / "cells").glob("*/[0-9]*/cell.json"))) == 5
    monkeypatch.setattr(runs, "compute_chunks", whole)
    assert command("--waves", 1, "--out", "out", "--lang", "en") == 0
    assert "5 runs that were finished before" in capsys.readouterr().err


def test_check_computes_nothing(files, monkeypatch, capsys):
    monkeypatch.setattr(cells, "simulate_chunk", None)
    assert command("--check", "--lang", "ja") == 0
    said = capsys.readouterr().out
    assert "照合値：2件（ほかに確認だけのもの1件）" in said and "確認だけ" in said
    assert not (files / "results").exists()


def test_a_set_that_fails_is_told_and_not_kept(files, monkeypatch, capsys):
    live = cells.live

    def broken(scenario, seed, *rest, **more):
        if seed // 100 == 2:
            raise RuntimeError("broken on purpose")
        return live(scenario, seed, *rest, **more)

    monkeypatch.setattr(cells, "live", broken)
    assert command("--waves", 1, "--out", "out", "--lang", "en") == 1
    assert "broken on purpose" in capsys.readouterr().err
    sets = pd.read_parquet(files / "out" / "sets.parquet").set_index("set")
    assert sets["failed"].tolist() == [False, True, False, False, False]
    assert not sets.loc[2, "kept"]
    assert list(pd.read_csv(files / "out" / "failed.csv")["set"]) == [2]


def test_targets_are_measured_as_measures_are(tmp_path):
    """A target over one year is that year's measure; over two, of things counted and of means, the
    mean of both.
    """
    town = MatchTown(reference_scenario(), read_targets(), 150)
    scenario = town.cell({}, 1).scenario.model_copy(update={"years": 2, "run_in_weeks": 2})
    tables = cells.live(scenario, 1)
    write_cell(tmp_path / "1", parquet_bytes(kept_tables(tables)), "key", 1)
    names = ("latent", "new_consultations", "load", "came_back", "households_latent", "closed")
    first, second, both = (
        target_values(
            tmp_path / "1", [Target(name, name, 0, -1, 1, *years) for name in names], town.residents
        )
        for years in ((1, 1), (2, 2), (1, 2))
    )
    table = tables["town"].drop(columns="seed")
    yearly = measures_by_year(table, town.residents, households_of(table))
    by_year = yearly.pivot(index="measure", columns="year", values="value")
    measured = [name for name in names if name in by_year.index]
    assert dict(zip(names, first, strict=True)) == pytest.approx(
        by_year.loc[measured, 1].to_dict()
        | {"households_latent": table["households_latent"][:WEEKS_PER_YEAR].mean()},
        nan_ok=True,
    )
    added = [names.index(name) for name in ("latent", "new_consultations", "closed")]
    assert both[added] == pytest.approx((first[added] + second[added]) / 2)


TWICE = {"light": 1.5, "manifest": 6.0, "severe": 12.0}


def test_posts_follow_the_load():
    """A set in which cases take twice the hours gets more posts, and its load is nearer to that of
    other desks.
    """
    heavy = {f"casework.hours_month_{one}": hours for one, hours in TWICE.items()}
    town = MatchTown(reference_scenario(), (Target("load", "load", 0.9, 0.8, 1.0, 2, 3),), 600)
    given = town.cell(heavy, 1)
    tables = cells.live(given.scenario, 1)
    load = tables["town"]["load"][WEEKS_PER_YEAR:].mean()
    assert load > 1.0
    follow = town.cell(heavy, 1, load)
    rate = follow.scenario.organisation.posts_per_100k / given.scenario.organisation.posts_per_100k
    assert rate == pytest.approx(load / TARGET_LOAD)
    after = cells.live(follow.scenario, 1)["town"]["load"][WEEKS_PER_YEAR:].mean()
    assert abs(after - TARGET_LOAD) < 0.5 * abs(load - TARGET_LOAD)


def test_posts_as_given_live_each_set_once(files):
    asked = {"sets": 3, "waves": 1, "repeats": 0, "households": 150, "scenario": "short.toml"}
    ranges = {"needs.onset_latent": (0.02, 0.06)}
    given, follow = (
        match("targets.csv", ranges, **asked, posts=posts) for posts in (AS_GIVEN, FOLLOW)
    )
    assert given.sets["posts"].isna().all() and follow.sets["posts"].notna().all()
    assert not np.array_equal(given.history.values, follow.history.values)


def test_the_town_has_the_size_asked_for_and_no_policy():
    for households in (300, 60_000):
        town = MatchTown(reference_scenario(), read_targets(), households)
        scenario = town.cell({}, 1).scenario
        assert not scenario.steps and set(scenario.trend.model_dump().values()) == {0.0}
        assert scenario.people.population == pytest.approx(2.2 * households, rel=0.1)
        assert scenario.years == 8


def test_a_drawn_value_reaches_the_town_whatever_its_size():
    """Hours of a whole desk are scaled with the town: the draw comes first."""
    town = MatchTown(reference_scenario(), read_targets(), 300)
    name = "coordination.hours_mediation"
    plain, drawn = (
        town.cell(values, 1).scenario.parameters[name]
        for values in ({}, {name: 2 * reference_scenario().parameters[name]})
    )
    assert drawn == pytest.approx(2 * plain)
    base = reference_scenario()
    assert with_draw(base, {name: 1.0}).parameters[name] == 1.0


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_model_runs_with_every_effect_at_the_end_of_its_stretched_range(end):
    town = MatchTown(reference_scenario(), (Target("load", "load", 0.9, 0.8, 1.0, 1, 1),), 300)
    values = {axis.name: getattr(axis, end) for axis in space_of().axes if axis.kind == EFFECT}
    table = cells.live(town.cell(values, 1).scenario, 1)["town"]
    assert len(table) == WEEKS_PER_YEAR and table["load"].notna().all()


def test_cells_are_found_again_by_their_content(tmp_path):
    town = MatchTown(reference_scenario(), read_targets(), 300)
    one, other = (town.cell({"needs.onset_latent": value}, 1) for value in (0.02, 0.03))
    assert one.key != other.key and one.key == town.cell({"needs.onset_latent": 0.02}, 2).key
    assert Results(tmp_path / "out", "match", KEPT).find(one.key, 1) is None
