"""What somebody meets who uses this for the first time: what is said while one waits, what a file
with mistakes is told, and help in one's own language.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from sim.cli import main as cli
from sim.cli import progress
from sim.cli.progress import Bar, prepare_engine
from sim.files.user_cache import CACHE_VARIABLE
from sim.report.figures.run import FIGURES, Story
from sim.report.figures.style import style
from sim.report.text.comparison import difference_cell
from sim.scenario.load import load
from sim.study.marks import LOWER
from sim.study.runs import simulate
from sim.words.errors import ScenarioError, shown
from tests.comparisons import GROUND, THREE, command, write
from tests.scenario_files import SCENARIO

SHORT = SCENARIO + "run_in_weeks = 0\nyears = 1\nseeds = [1]\n"


def test_a_cache_that_cannot_be_written_is_told_with_the_way_out(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("sim.study.prepare.prepare", lambda *_: pytest.fail("compiled in vain"))
    prepare_engine([], quiet=False)
    said = capsys.readouterr().err
    assert str(tmp_path / "file" / "cache") in said and CACHE_VARIABLE in said
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "new"))
    monkeypatch.setattr("sim.study.prepare.prepare", lambda *_: None)
    prepare_engine([], quiet=False)
    assert CACHE_VARIABLE not in capsys.readouterr().err


def test_every_batch_has_a_bar_of_its_own_that_never_falls(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    bar, parts = Bar(0, 0, quiet=False), []
    for cells, weeks, title in ((2, 10, "run.progress"), (3, 4, "parts.progress")):
        bar.begin(cells, weeks, title)
        for done in range(cells * weeks + 1):
            bar.simulated(done)
            task = bar._bar.tasks[0]
            parts.append((task.description, task.completed / task.total))
    bar.close()
    by_title = {title: [part for named, part in parts if named == title] for title, _ in parts}
    assert len(by_title) == 2
    assert all(part == sorted(part) and part[-1] == 1 for part in by_title.values())


def test_a_town_is_told_from_a_scenario(capsys):
    assert cli.main(["run", "tsukigase", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert 'town = "tsukigase"' in said and "tsubata" not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ja": "町", "en": "Town"}, '{ja = "町", en = "Town"}'),
        ([1, {"on": True}], "[1, {on = true}]"),
        ("text", '"text"'),
    ],
)
def test_a_value_is_shown_as_a_file_holds_it(given, said):
    assert shown(given) == said


def test_a_date_that_is_none_is_told_as_such(folder, capsys):
    (folder / "x.toml").write_text(
        SCENARIO + "[levers.outreach_worker]\nfte = 1\nstart = 2026-13-01\n", encoding="utf-8"
    )
    assert cli.main(["check", str(folder / "x.toml"), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "no such date" in said and "2026-13-01" in said


def test_mistakes_of_scenario_and_town_are_told_at_once(folder):
    town = (folder / "towns/trial.toml").read_text(encoding="utf-8")
    (folder / "towns/trial.toml").write_text(town + "wrong_here = 1\n", encoding="utf-8")
    (folder / "x.toml").write_text(SCENARIO + "wrong_there = 1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load(folder / "x.toml")
    assert {fault.key for fault in told.value.faults} == {"wrong_here", "wrong_there"}


def test_mistakes_of_two_arms_and_two_levers_are_told_at_once(folder):
    wrong = THREE.replace("fte = 1", "fte = -1") + "levers.community = {placez = 1}\n"
    with pytest.raises(ScenarioError) as told:
        load_arms(write(folder, wrong))
    assert {str(fault.key).rpartition(".")[2] for fault in told.value.faults} == {"fte", "placez"}


def load_arms(file):
    from sim.scenario.arms import load_comparison

    return load_comparison(file)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ("使い方", "オプション", "[必須]", "既定")),
        ("en", ("Usage:", "Options", "[required]")),
    ],
)
def test_help_speaks_the_language_of_its_reader(lang, words, capsys):
    assert cli.main(["compare", "--help", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in words)
    if lang == "ja":
        assert not re.search(r"Usage|Options|Arguments|required|default|Show this", said)


def test_other_seeds_in_the_folder_are_told_before_they_are_replaced(folder, tmp_path, capsys):
    (folder / "x.toml").write_text(SHORT, encoding="utf-8")
    out = ["--out", str(tmp_path / "r"), "--no-figures", "--workers", "1", "--lang", "en"]
    line = ["run", str(folder / "x.toml"), *out]
    assert cli.main([*line, "--seeds", "2"]) == 0
    assert "replaced" not in capsys.readouterr().err
    assert cli.main([*line, "--seeds", "1"]) == 0
    assert "(seeds 1-2) are replaced by those of this run (seeds 1)" in capsys.readouterr().err


def test_a_marked_number_is_never_shown_as_zero():
    cell = SimpleNamespace(
        difference=-0.0004, low=-0.0005, high=-0.0003, identical=False, skewed=False, side=LOWER
    )
    assert difference_cell(cell, LOWER, 2, "en") == "-0.0004 ±0.0001 ○"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_figures_of_one_year_compare_it_with_no_other(folder, lang):
    (folder / "x.toml").write_text(SHORT, encoding="utf-8")
    scenario = load(folder / "x.toml")
    story = Story(simulate(scenario, [1]).town, scenario)
    with style(lang):
        titles = {name: draw(story, lang).get_suptitle() for name, draw in FIGURES.items()}
    assert not any("→" in title or " to " in title for title in titles.values())


def test_what_a_shipped_town_assumes_is_japanese_to_a_reader_of_japanese(capsys):
    assert cli.main(["check", "kaga", "--lang", "ja", "--parts", "0"]) == 0
    said = capsys.readouterr().out
    assert "ブランチ" in said and not re.search("The text|Left out|assumption of", said)


def test_the_small_town_of_the_parts_is_told_once(folder, tmp_path, capsys):
    bundle = THREE.replace(
        "levers.outreach_worker = {fte = 1}",
        "levers.outreach_worker = {fte = 1}\nlevers.fidelity = {value = 1.0}",
    )
    ground = GROUND.replace("years = 2", "years = 1").replace("seeds = 3", "seeds = 2")
    file = write(folder, bundle, ground, population=1200)
    out = ("--out", tmp_path / "x", "--no-report", "--lang", "ja")
    assert command(file, *out, parts=4) == 0
    assert capsys.readouterr().out.count("1,200人の町の1年を4組") == 1
