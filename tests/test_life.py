"""`sim life` and the figure of a life: told in both languages, drawn whole, refused in words."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim import words
from sim.cli import main as cli
from sim.report.figures.life import Lives, draw_life, draw_lifeline
from sim.report.figures.style import style
from sim.scenario.scenario import Scenario
from sim.study.life import fullest, life_line, parting, partings
from sim.words import LANGUAGES, say
from tests.laws import changed, lived, small_scenario, steps


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def arms() -> tuple[Scenario, pd.DataFrame, pd.DataFrame]:
    """A small town with many crises, and the same with outreach from week 4 on."""
    base = changed(
        small_scenario(800, run_in_weeks=8, years=2, event_log=True),
        parameters={"crises.crisis_rate_manifest": 0.4},
    )
    other = changed(
        base,
        steps=steps(
            {"outreach_worker": {"fte": 2.0}, "coordination": {"conferences": 4.0}}, start=4
        ),
    )
    return base, lived(base).events, lived(other).events


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_tells_a_life_and_draws_it(folder, capsys, tmp_path, lang):
    out = tmp_path / "life"
    code, said, err = run(
        capsys, "life", folder / "x.toml", "--years", 1, "--out", out, "--lang", lang
    )
    assert (code, err) == (0, "") and said.count("- ") > 1 and "**" not in said
    assert {file.name for file in out.iterdir()} == {
        f"life.{each}.{kind}" for each in LANGUAGES for kind in ("md", "png", "svg")
    }
    assert (out / f"life.{lang}.md").read_text(encoding="utf-8").startswith("# ")


def test_a_household_that_is_not_there_is_refused(folder, capsys):
    for given in (-1, 10_000_000):
        code, _, err = run(
            capsys, "life", folder / "x.toml", "--household", given, "--years", 1, "--lang", "ja"
        )
        assert code == 2 and say("error.household", "ja") in err and "Traceback" not in err


def test_a_folder_that_is_a_file_is_refused(folder, capsys, tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    code, _, err = run(
        capsys, "life", folder / "x.toml", "--years", 1, "--out", tmp_path / "taken", "--quiet"
    )
    assert (
        code == 2
        and "Traceback" not in err
        and (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_of_one_and_of_two_arms_are_whole(arms, lang):
    """Every glyph is there, and no text leaves the paper, for full, empty and emptied lives."""
    scenario, one, other = arms
    emptied = one.loc[one["kind"] == "left_in_crisis", "household"].tolist()
    for home in [fullest(one), *emptied[:2], -1]:
        lines = [("加賀市", life_line(one, home)), ("outreach", life_line(other, home))]
        for number in (1, 2):
            with warnings.catch_warnings(), style(lang):
                warnings.simplefilter("error")
                figure = draw_lifeline(
                    Lives(home, 1, lines[:number], scenario, 20 if number == 2 else None), lang
                )
                figure.canvas.draw()
            assert beyond(figure) == []


def beyond(figure: Figure) -> list[str]:
    """Texts that leave the paper."""
    paper = figure.bbox.padded(2)
    return [
        text.get_text()
        for text in figure.findobj(Text)
        if text.get_text()
        and text.get_visible()
        and not (
            paper.x0 <= text.get_window_extent().x0 and text.get_window_extent().x1 <= paper.x1
        )
    ]


def test_the_same_life_gives_the_same_files(arms, tmp_path):
    scenario, one, _ = arms
    home = fullest(one)
    for name in ("a", "b"):
        draw_life(Lives(home, 1, [("", life_line(one, home))], scenario), tmp_path / name, "ja")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_the_parting_of_two_lives_is_told(arms):
    scenario, one, other = arms
    ledger = partings(one, other)
    homes = set(one["household"])
    same = min(homes - set(ledger["household"]))
    for lang in LANGUAGES:
        assert parting(ledger, same, scenario, lang) == say("life.same", lang)
        for home in ledger.drop_duplicates("kind")["household"]:
            told = parting(ledger, home, scenario, lang)
            assert "_" not in told and "{" not in told
