"""The trainer's lessons on the desk: six files that follow the six sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.desk.lesson import (
    FOLDER,
    MONEY,
    REACHED,
    TwinLesson,
    all_lessons,
    lesson_named,
    lesson_shown,
    read_lesson,
)
from sim.desk.lines import LINES, line_name
from sim.scenario.scenario import digest
from sim.words.errors import ScenarioError

SHEETS = Path(__file__).parents[1] / "docs" / "lessons"
LESSONS = all_lessons()


def test_each_sheet_has_its_lesson():
    sheets = sorted(file.stem for file in SHEETS.glob("[0-9]_*.md"))
    assert [one.sheet for one in LESSONS] == sheets


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.id)
def test_the_towns_of_a_lesson_are_one_town_under_two_plans(lesson: TwinLesson):
    one, other = lesson.towns()
    assert digest(one.before_policies()) == digest(other.before_policies())
    assert (one.steps, one.years) != (other.steps, other.years) and one.years == lesson.years
    for move in lesson.plan:
        assert move.week < lesson.years * 52


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.id)
def test_what_a_lesson_asks_can_be_seen_and_is_in_both_languages(lesson: TwinLesson):
    assert len(lesson.lines) == 4 and lesson.guesses and lesson.look and lesson.discuss
    for guess in lesson.guesses:
        assert guess.line in (*lesson.lines, MONEY, REACHED)
        assert (guess.kind == "draw") == (guess.top > 0) == (not guess.options)
    for lang in ("ja", "en"):
        shown = lesson_shown(lesson, lang)
        assert isinstance(shown["title"], str) and isinstance(shown["guesses"][0]["text"], str)
    assert lesson_shown(lesson, "ja")["question"] != lesson_shown(lesson, "en")["question"]


def test_lines_have_names():
    assert all(line_name(name, lang) for name in LINES for lang in ("ja", "en"))


def test_a_lesson_that_there_is_not_or_that_is_wrong_is_refused(tmp_path):
    with pytest.raises(ScenarioError):
        lesson_named("7")
    text = (FOLDER / "2.toml").read_text(encoding="utf-8")
    for wrong in (
        ('"waiting"', '"waitnig"'),
        ("years = 5", "years = 50"),
        ('line = "load"', 'line = "trust"'),
    ):
        file = tmp_path / "2.toml"
        file.write_text(text.replace(*wrong, 1), encoding="utf-8")
        with pytest.raises(ScenarioError):
            read_lesson(file)
