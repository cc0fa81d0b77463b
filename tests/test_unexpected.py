"""What nobody foresaw: one sentence in the user's language, the details in a file, what is computed
kept; no traceback.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sim import words
from sim.cli import main as cli
from tests.comparisons import command, write

GROUND = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 2\nseeds = 1\n'


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    """Details go into this test's folder; nothing of the caller's language or wish to debug is
    left.
    """
    (tmp_path / "details").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "details"))
    monkeypatch.setattr(
        os, "environ", {name: value for name, value in os.environ.items() if name != "SIM_DEBUG"}
    )
    yield
    words.speak(None)


def broken(*_args, **_more):
    raise ZeroDivisionError("deep inside")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_an_unforeseen_error_is_one_sentence_with_the_place_of_its_details(
    folder, tmp_path, monkeypatch, capsys, lang
):
    monkeypatch.setattr("sim.cli.check._check_scenario", broken)
    assert cli.main(["check", str(folder / "x.toml"), "--lang", lang]) == 70
    err, details = capsys.readouterr().err, list((tmp_path / "details").glob("sim-*.log"))
    assert words.say("unexpected", lang, what="ZeroDivisionError: deep inside") in err
    assert "Traceback" not in err and str(details[0]) in err and len(err.strip().splitlines()) == 2
    assert "Traceback" in details[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("place", [0, 1, 3])
def test_debug_shows_the_traceback(folder, monkeypatch, capsys, place):
    monkeypatch.setattr("sim.cli.check._check_scenario", broken)
    arguments = ["check", str(folder / "x.toml"), "--quiet"]
    arguments.insert(place, "--debug")
    assert cli.main(arguments) == 70
    assert "Traceback" in capsys.readouterr().err


def test_where_no_details_can_be_written_the_sentence_is_said_all_the_same(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("sim.cli.check._check_scenario", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert cli.main(["check", str(folder / "x.toml")]) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_is_computed_is_kept_and_the_next_run_goes_on_from_it(
    folder, tmp_path, monkeypatch, capsys
):
    file, out = write(folder, ground=GROUND), tmp_path / "r"
    with monkeypatch.context() as patched:
        patched.setattr("sim.cli.comparison_output.print_compared", broken)
        assert command(file, "--out", out, "--no-report", "--lang", "en") == 70
    err = capsys.readouterr().err
    assert "r.part" in err and "goes on from there" in err and not out.exists()
    monkeypatch.setattr("sim.study.cells.live", broken)
    assert command(file, "--out", out, "--no-report", "--lang", "en") == 0


def test_cells_that_fail_are_told_without_a_traceback(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sim.study.cells.live", broken)
    (folder / "x.toml").write_text(
        'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 0\nseeds = 1\n', encoding="utf-8"
    )
    assert (
        cli.main(
            [
                "run",
                str(folder / "x.toml"),
                "--out",
                str(tmp_path / "r"),
                "--workers",
                "1",
                "--lang",
                "en",
            ]
        )
        == 1
    )
    assert command(write(folder), "--out", tmp_path / "c", "--seeds", 1, "--lang", "en") == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err and "ZeroDivisionError" in err and ".log" in err


def test_everything_that_publishing_needs_is_written_down_before_anything_is_computed(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("sim.cli.compare.computed", broken)
    monkeypatch.setattr("sim.study.manifest.dumped", lambda _: {"a": object()})
    assert command(write(folder), "--out", tmp_path / "r") == 70
    assert "TypeError" in capsys.readouterr().err


@pytest.mark.parametrize("guidebook", ["1", '"x"', "[1]", "2020-01-01"])
def test_notes_that_are_no_table_are_refused(folder, guidebook):
    assert (
        cli.main(
            [
                "check",
                str(write(folder, ground=f"guidebook = {guidebook}\ntown = 'towns/trial.toml'\n")),
            ]
        )
        == 2
    )
    (folder / "x.toml").write_text(
        f"guidebook = {guidebook}\ntown = 'towns/trial.toml'\n", encoding="utf-8"
    )
    assert cli.main(["check", str(folder / "x.toml")]) == 2


def test_two_arms_one_year_and_one_seed_have_their_report_whatever_the_file_notes_of_its_source(
    folder, tmp_path
):
    (folder / "towns/trial.toml").write_text(
        'name = {ja = "a", en = "a"}\npopulation = 600\nageing_rate = 0.32\ndistricts = [{id = "n", share = 1.0}]\n',
        encoding="utf-8",
    )
    (folder / "base.toml").write_text(GROUND, encoding="utf-8")
    notes = "[guidebook]\na = 2020-01-01\nb = 07:32:00\nc = 2020-01-01T00:00:00Z\nd = [1, {e = 2020-01-01}, true]\n"
    (folder / "y.toml").write_text(
        'extends = "base.toml"\n[levers.outreach_worker]\nfte = 0.3\n' + notes, encoding="utf-8"
    )
    assert (
        command(folder / "y.toml", "--out", tmp_path / "r", "--no-figures", "-q", "--lang", "both")
        == 0
    )
    names = {file.name for file in Path(tmp_path / "r").iterdir()}
    assert {"report.ja.html", "report.en.html", "manifest.json"} <= names
