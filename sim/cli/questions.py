"""The numbers of a new town, each declared once: its option, how it is read, what is allowed; and
the dialogue that asks them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any, NamedTuple

import typer

from sim.files import notation
from sim.towns.new_town import LARGEST_ID
from sim.towns.town import People
from sim.words import Phrase, say
from sim.words.errors import ScenarioError, between, fault

TYPICAL_POSTS = 63 / 100_000  # per resident, as in the organisation that waits
MOST_POSTS = 0.01  # per resident
Answers = dict[str, Any]


class Question(NamedTuple):
    """One number or name: how what is typed is read (None: it cannot be), its default, and how it
    is written again.
    """

    name: str
    read: Callable[[str, Answers], Any]
    default: Callable[[Answers], Any]
    written: Callable[[Any], str] = str

    @property
    def option(self) -> str:
        """The option that answers it."""
        return "--" + self.name.replace("_", "-")


def _limits(name: str) -> tuple[float, float]:
    """Returns the range that the people's record declares for a number."""
    found = People.model_fields[name].metadata
    return next(one.ge for one in found if hasattr(one, "ge")), next(
        one.le for one in found if hasattr(one, "le")
    )


def most_districts() -> int:
    """Returns how many districts a town may have."""
    return next(
        one.max_length
        for one in People.model_fields["districts"].metadata
        if hasattr(one, "max_length")
    )


def identity(text: str, answers: Answers) -> str:
    """Returns an id, which is a file's name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", text) or len(text) > LARGEST_ID:
        raise fault("error.town_id", at="--id", given=text, allowed="a-z 0-9 _ -")
    taken = answers.get("out")
    if taken is not None and any(
        (taken / place / f"{text}.toml").exists() for place in ("", "towns", "organisations")
    ):
        raise fault("error.exists", at="--id", given=text)
    return text


def _label(text: str, _: Answers) -> str:
    """Returns a name."""
    return text


def _whole(name: str, low: float, high: float) -> Callable[[str, Answers], int]:
    """Returns a whole number within a range."""
    option = "--" + name.replace("_", "-")

    def read(text: str, _: Answers) -> int:
        found = notation.parse_whole(text)
        if found is None:
            raise fault("error.type", at=option, given=text, allowed=Phrase("allowed.whole"))
        if not low <= found <= high:
            limits = {"low": f"{low:,.0f}", "high": f"{high:,.0f}"}
            raise fault(
                "error.range", at=option, given=text, allowed=Phrase("allowed.range", limits)
            )
        return found

    return read


def rate(text: str, _: Answers) -> float:
    """Returns the ageing rate: 0.32, 32%."""
    found, (low, high) = notation.parse_number(text), _limits("ageing_rate")
    if found is None:
        raise fault(
            "error.type", at="--ageing-rate", given=text, allowed=Phrase("ask.allowed_rate")
        )
    if not low <= found <= high:
        raise fault(
            "error.range",
            at="--ageing-rate",
            given=text,
            allowed=between(low, high, "%", "allowed.percent"),
        )
    return found


def _posts(text: str, answers: Answers) -> float:
    """Returns the posts of all agencies: more than none, and not more than one for a hundred
    residents.
    """
    found = notation.parse_number(text)
    if found is None:
        raise fault("error.type", at="--posts", given=text, allowed=Phrase("allowed.number"))
    most = answers.get("population", _limits("population")[1]) * MOST_POSTS
    if not 0 < found <= most:
        raise fault(
            "error.range",
            at="--posts",
            given=text,
            allowed=Phrase("ask.allowed_posts", {"high": f"{most:,.4g}"}),
        )
    return found


def percentage(value: float) -> str:
    """Returns a share as it is typed."""
    return f"{100 * value:.10g}%"


QUESTIONS = (
    Question("id", identity, lambda answers: "mytown"),
    Question("name_ja", _label, lambda answers: answers["id"]),
    Question("name_en", _label, lambda answers: answers["id"]),
    Question("population", _whole("population", *_limits("population")), lambda answers: answers.get("residents") or 50_000,
             "{:,}".format),
    Question("ageing_rate", rate, lambda answers: answers.get("aged") or 0.3, percentage),
    Question("districts", _whole("districts", 1, most_districts()), lambda answers: 5),
    Question("posts", _posts, lambda answers: round(answers["population"] * TYPICAL_POSTS, 1), "{:g}".format),
)  # fmt: skip
NEEDED = ("id", "population", "ageing_rate")


def answered(given: dict[str, str | None], known: Answers) -> Answers:
    """Returns the numbers given as options, read; refuses what cannot be read, and where one that
    has no default is missing.
    """
    answers = dict(known)
    for question in QUESTIONS:
        text = given.get(question.name)
        if text is not None:
            answers[question.name] = question.read(text.strip(), answers)
        elif question.name in NEEDED and question.default({**answers, "id": None}) in (
            None,
            50_000,
            0.3,
            "mytown",
        ):
            raise fault("error.option_missing", at=question.option)
        elif question.name in NEEDED or question.name.startswith("name"):
            answers[question.name] = question.default(answers)
    return answers


def ask_numbers(known: Answers, answers: Answers, table: bool) -> Answers:
    """Ask for the numbers one by one, what was answered before as the default; a wrong answer is
    asked again.
    """
    answers |= known
    for question in QUESTIONS:
        if question.name == "districts" and table:
            continue
        before = answers.get(question.name)
        default = question.written(question.default(answers) if before is None else before)
        answers[question.name] = ask_until_right(question, default, answers)
    return answers


def ask_until_right(question: Question, default: str, answers: Answers) -> Any:
    """Returns one answer that can be read; says what is wrong with each that cannot."""
    print("\n" + say(f"where.{question.name}"))
    while True:
        text = str(typer.prompt(say(f"ask.{question.name}"), default=default)).strip()
        try:
            return question.read(text, answers)
        except ScenarioError as error:
            print(error.say())
            print(say("ask.again"))


def command(answers: Answers, extra: list[str]) -> str:
    """Returns the command that gives the answers so far again."""
    given = [
        part
        for question in QUESTIONS
        if question.name in answers
        for part in (question.option, question.written(answers[question.name]))
    ]
    return shlex.join(["python", "-m", "sim", "new-town", *given, *extra])
