"""Figures of a run: words in both languages, every glyph there, and sentences that follow the
numbers.
"""

from __future__ import annotations

import re
import warnings
from inspect import isfunction

import numpy as np
import pandas as pd
import pytest

from sim.report.figures import comparison, money, style
from sim.report.figures import run as figures
from sim.study.runs import Tables, simulate
from tests.towns import small_scenario


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Two seeds of a small town over two years."""
    return simulate(small_scenario(300, years=2, run_in_weeks=4), [1, 2])


@pytest.mark.parametrize("module", [figures, comparison, money])
def test_every_figure_that_can_be_drawn_is_listed(module):
    drawn = {
        name
        for name, one in vars(module).items()
        if isfunction(one)
        and one.__module__ == module.__name__
        and one.__annotations__.get("return") == "Figure"
    }
    listed = {getattr(one, "draw", one).__name__ for one in module.FIGURES.values()}
    fans = {"draw_fan"} if module is comparison else set()  # one for each measure
    assert drawn == listed | fans


def test_figures_speak_both_languages_with_every_glyph(tables, tmp_path, caplog, monkeypatch):
    monkeypatch.setitem(style.SETTINGS, "savefig.dpi", 50)
    scenario = small_scenario(
        300, years=2, name={"ja": "試しの町：鷗外﨑通り", "en": "A town to try"}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.draw_all(tables.town, scenario, tmp_path)
    assert "font" not in caplog.text.lower()
    for name in figures.FIGURES:
        for lang, sentence in (("ja", "モデルによる試算"), ("en", "A model, not evidence")):
            text = (tmp_path / f"{name}.{lang}.svg").read_text(encoding="utf-8")
            assert (
                sentence in text
                and "<text" in text
                and (tmp_path / f"{name}.{lang}.png").stat().st_size > 5_000
            )
            assert (re.search("[ぁ-ん一-龯]", re.sub("font: [^;]*;", "", text)) is not None) == (
                lang == "ja"
            )


def test_figures_of_one_seed_and_one_year(tables, tmp_path):
    short = tables.town[(tables.town["seed"] == 1) & (tables.town["week"] < 52)]
    story = figures.Story(short, small_scenario(300, years=1))
    with style.style("en"):
        for draw in figures.FIGURES.values():
            figure = draw(story, "en")
            figure.canvas.draw()
            assert "One seed" in figure.get_supxlabel()


def test_courses():
    up = pd.Series([1.0, 1.1, 0.9, 1.0])
    assert (
        figures.course(up, up + [0.5, 0.6, 0.4, 0.5]) == "up"
        and figures.course(up, up - [0.5, 0.6, 0.4, 0.5]) == "down"
    )
    assert (
        figures.course(up, up + [0.5, -0.6, 0.4, -0.2]) == "flat"
        and figures.course(up[:1], up[:1] * 1.02) == "flat"
    )


def test_labels_move_apart_and_keep_their_order():
    moved = style.apart([5.0, 5.1, 1.0, 5.2], 1.0)
    assert (
        np.diff(np.sort(moved)).min() > 0.99 and moved[2] == 1.0 and moved[0] < moved[1] < moved[3]
    )
    assert abs(moved[[0, 1, 3]].mean() - 5.1) < 0.01


def test_notes_are_broken_into_lines():
    assert style.wrapped("one two three", 8) == "one two \nthree"
    assert [len(line) for line in style.wrapped("あ" * 20, 17).split("\n")] == [10, 10]
