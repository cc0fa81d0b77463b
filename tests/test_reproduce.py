"""`sim reproduce`: a manifest alone is enough to get the same tables again; what differs is named
with its place and size.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import words
from sim.cli import main as cli
from sim.cli.reproduce import print_reproduction
from sim.report.text.provenance import largest
from sim.scenario.arms import read_comparison
from sim.study.compare import RunSettings, Work
from sim.study.executors import Here
from sim.study.manifest import dumped, requested_settings, work_of
from sim.study.store import Results, hash_of, write_table
from tests import finished


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A finished comparison."""
    return finished.compared(tmp_path_factory.mktemp("made"))


@pytest.fixture
def results(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "results"))


def reproduce(*arguments: object) -> int:
    return cli.main(["reproduce", *map(str, arguments), "--workers", "1", "-q"])


def test_a_manifest_alone_gives_the_same_comparison_again(made, tmp_path, capsys):
    alone = tmp_path / "sent.json"
    shutil.copy(made / "manifest.json", alone)
    assert reproduce(alone, "--keep", tmp_path / "kept", "--lang", "en") == 0
    assert "identical" in capsys.readouterr().out
    assert finished.manifest(tmp_path / "kept")["sha256"] == finished.manifest(made)["sha256"]
    before = finished.content(tmp_path / "kept")
    assert (
        reproduce(alone, "--keep", tmp_path / "kept") == 2
        and finished.content(tmp_path / "kept") == before
    )


def test_what_differs_is_named_with_place_and_size(results, made, capsys):
    table = pd.read_parquet(results / "values.parquet")
    row = table.index[
        (table["arm"] == "outreach")
        & (table["measure"] == "load")
        & (table["seed"] == 2)
        & (table["year"] == 1)
    ][0]
    table.loc[row, "value"] *= 1.01
    write_table(results / "values.parquet", table)
    then = finished.manifest(results)
    hashes = {"values.parquet": hash_of(results / "values.parquet"), "weekly.parquet": "0" * 64}
    finished.change(
        results,
        sha256=then["sha256"] | hashes,
        versions=then["versions"] | {"numpy": "1.0"},
        code="another",
    )
    words.speak("en")
    assert print_reproduction(finished.manifest(results), results, made) == 1
    out = capsys.readouterr().out
    assert "differs (2 of" in out and "values.parquet: 1 of" in out
    assert "0.0099 (value at arm outreach, world 0, seed 2, measure load, year 1" in out
    assert (
        "weekly.parquet: its hash is not the same" in out
        and "numpy was 1.0" in out
        and "code was another" in out
    )


def test_another_scenario_in_the_manifest_does_not_come_out_the_same(results, tmp_path, capsys):
    content = finished.manifest(results)["comparison"]
    for arm in content["arms"]:
        arm["scenario"]["parameters"]["needs.onset_latent"] *= 2
    finished.change(results, comparison=content)
    assert reproduce(results, "--lang", "ja") == 1
    assert "weekly.parquet" in capsys.readouterr().out


def test_a_run_comes_out_the_same_and_a_changed_one_does_not(tmp_path, capsys):
    folder = finished.lived(tmp_path)
    assert reproduce(folder) == 0
    scenario = finished.manifest(folder)["scenario"]
    scenario["parameters"]["needs.onset_latent"] *= 2
    finished.change(folder, scenario=scenario)
    assert reproduce(folder / "manifest.json", "--lang", "en") == 1
    assert "town.parquet" in capsys.readouterr().out


def test_everything_that_was_asked_is_in_the_manifest(made, tmp_path):
    comparison = read_comparison([made.parent / "scenarios/trio.toml"])
    work = Work(
        comparison,
        RunSettings((4, 7), Here(1), True, 9, 5, 2, 60.0, turned={0: {"hours": 1.5}, 3: {}}),
        Results(tmp_path / "a", "trio"),
        rate=0.03,
        optimism=True,
    )
    work.book, work.looked = work.book.with_prices({"place": 5.0}), 8
    again = work_of(
        {"comparison": dumped(comparison), **requested_settings(work)},
        Results(tmp_path / "b", "trio"),
        work.effort.where,
        "",
    )
    assert (again.effort, again.book, again.rate, again.optimism, again.looked) == (
        work.effort,
        work.book,
        0.03,
        True,
        8,
    )
    assert dumped(again.comparison) == dumped(comparison)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_cannot_be_run_again_is_refused_in_one_message(results, tmp_path, capsys, lang):
    assert reproduce(tmp_path / "nothing.json", "--lang", lang) == 2
    assert words.say("error.no_run_manifest", lang) in capsys.readouterr().err
    finished.change(results, effort=None)
    assert reproduce(results, "--lang", lang) == 2
    assert (
        words.say("error.results_older", lang, detail="@").split("@")[0] in capsys.readouterr().err
    )


def test_the_largest_relative_difference_by_hand():
    one = pd.DataFrame({"arm": ["a", "a", "b"], "year": [1, 2, 1], "value": [10.0, np.nan, 0.0]})
    assert largest(one, one.copy()) is None
    reason, values = largest(one, one.assign(value=[8.0, np.nan, 0.0]))
    assert reason == "largest" and (values["rows"], values["size"], values["column"]) == (
        "1",
        "0.2",
        "value",
    )
    assert values["place"] == "arm a, year 1"
    reason, values = largest(one, one.assign(value=[10.0, 3.0, 1e-9]))
    assert values["rows"] == "2" and values["size"] == "1"
    assert largest(one, one.iloc[:2])[0] == "shape"
    assert largest(one, one.assign(arm=["a", "c", "b"]))[1]["column"] == "arm"
