"""The trainer's lessons: files that preset two towns, what to guess first, what to look at and to
talk about.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from sim.declared.levers import LEVERS
from sim.desk.lines import LINES
from sim.files.locator import SHIPPED
from sim.files.refusals import checked_record
from sim.files.toml import read_toml
from sim.model.changes import with_lever
from sim.scenario.arms import read_comparison
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.shrink import smaller
from sim.towns.town import Label, Record
from sim.words.errors import short, unknown

# Guesses that no line answers: the cost of the municipality; of 100 households in need those reached.
MONEY, REACHED = "money", "reached"
FOLDER = Path(__file__).with_name("lessons")


class Guess(Record):
    """What is guessed before anything moves: one of `options`, or a line that is drawn for town B up
    to `top`. `line` is the one of the four lines that answers it, MONEY or REACHED.
    """

    text: Label
    kind: Literal["choose", "draw"] = "choose"
    options: tuple[Label, ...] = ()
    line: str
    top: float = Field(0, ge=0, description="of the axis to draw on; 0 where nothing is drawn")


class LookAt(Record):
    """What to look at, and in which view."""

    text: Label
    view: Literal["towns", "loops", "life", "money"] = "towns"


class Move(Record):
    """A lever of town B, set in a week of the run."""

    lever: str
    week: int = Field(ge=0)
    settings: dict[str, Any]


class TwinLesson(Record):
    """A lesson: a file of the scenario folder, with two arms of it where it is a comparison; `sheet`
    is the trainer's sheet that it follows.
    """

    id: str
    sheet: str
    file: str
    arms: tuple[str, ...] = ()
    residents: int = Field(0, ge=0, description="of a smaller town; 0 for that of the file")
    years: int = Field(5, ge=1, le=10)
    lines: tuple[str, ...]
    title: Label
    question: Label
    change: Label
    names: tuple[Label, Label]
    plan: tuple[Move, ...] = ()
    guesses: tuple[Guess, ...]
    look: tuple[LookAt, ...]
    discuss: tuple[Label, ...]
    left_out: tuple[Label, ...]

    def towns(self) -> tuple[Scenario, Scenario]:
        """The scenarios of town A and of town B."""
        path, years = SHIPPED / self.file, {"years": self.years}
        if self.arms:
            found = read_comparison([path], overrides=years)
            one, other = (found.arm(arm).scenario for arm in self.arms)
        else:
            one = other = load(path, overrides=years)
        if self.residents:
            one, other = smaller(one, self.residents), smaller(other, self.residents)
        for move in self.plan:
            other = with_lever(other, move.lever, move.settings, move.week)[0]
        name_a, name_b = self.names
        return (
            one.model_copy(update={"name": name_a}),
            other.model_copy(update={"name": name_b}),
        )


def lesson_named(id: str) -> TwinLesson:
    """The lesson of this id; raises ScenarioError for one that there is not, or a file that is wrong."""
    files = {file.stem: file for file in sorted(FOLDER.glob("*.toml"))}
    if id not in files:
        raise unknown("error.desk_lesson", id, files, at="--lesson", file="sim desk")
    return read_lesson(files[id])


def read_lesson(file: Path) -> TwinLesson:
    """A lesson file, checked; raises ScenarioError at the place that is wrong."""
    content = {"id": file.stem, **read_toml(file)}
    found = checked_record(TwinLesson, content, at="", source=lambda _: short(file))
    for at, line in enumerate(found.lines):
        if line not in LINES:
            raise unknown("error.desk_line", line, LINES, at=f"lines.{at}", file=short(file))
    answers = (*found.lines, MONEY, REACHED)
    for at, guess in enumerate(found.guesses):
        if guess.line not in answers:
            place = f"guesses.{at}.line"
            raise unknown("error.desk_line", guess.line, answers, at=place, file=short(file))
    for at, move in enumerate(found.plan):
        if move.lever not in LEVERS:
            raise unknown(
                "error.unknown_lever", move.lever, LEVERS, at=f"plan.{at}", file=short(file)
            )
    return found


def all_lessons() -> list[TwinLesson]:
    """Every lesson, in order."""
    return [read_lesson(file) for file in sorted(FOLDER.glob("*.toml"))]


def lesson_shown(lesson: TwinLesson, lang: str) -> dict[str, Any]:
    """A lesson as the page shows it, in one language."""
    texts = lesson.model_dump(
        include={"title", "question", "change", "guesses", "look", "discuss", "left_out"}
    )
    from_week = min((move.week for move in lesson.plan), default=0)
    shown = {key: _said(value, lang) for key, value in texts.items()}
    return {"id": lesson.id, "from_week": from_week, **shown}


def _said(value: Any, lang: str) -> Any:
    """A value with each text in both languages replaced by that in `lang`."""
    if isinstance(value, dict):
        if value.keys() == {"ja", "en"}:
            return value[lang]
        return {key: _said(part, lang) for key, part in value.items()}
    return [_said(part, lang) for part in value] if isinstance(value, (list, tuple)) else value
