"""`sim new-town`: a town from a few numbers, asked for or given as options, and from a table of
households if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import Lang, Out, Quiet
from sim.cli.help import bilingual_help
from sim.cli.questions import QUESTIONS, Answers, answered, ask_numbers, command
from sim.declared.vocabulary import KINDS
from sim.files.locator import FOLDER
from sim.towns.new_town import Numbers, write_town
from sim.towns.town import District, Label, People
from sim.words import Phrase, language, say
from sim.words.errors import ScenarioError, quoted, short

if TYPE_CHECKING:
    from sim.towns.household_tables import Reading

HouseholdTable = Annotated[
    Path | None, typer.Option("--households", "--csv", help=bilingual_help("cli.csv"))
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=bilingual_help("cli.yes"))]


def _asked(name: str) -> Any:
    """The option that answers a question."""
    return typer.Option(f"--{name.replace('_', '-')}", help=bilingual_help(f"ask.{name}"))


def new_town_command(
    id: Annotated[str | None, _asked("id")] = None,
    name_ja: Annotated[str | None, _asked("name_ja")] = None,
    name_en: Annotated[str | None, _asked("name_en")] = None,
    population: Annotated[str | None, _asked("population")] = None,
    ageing_rate: Annotated[str | None, _asked("ageing_rate")] = None,
    districts: Annotated[str | None, _asked("districts")] = None,
    posts: Annotated[str | None, _asked("posts")] = None,
    households: HouseholdTable = None,
    yes: Yes = False,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
) -> None:
    """Make a new town: asked one by one on a terminal where no option is given, else from the
    options.
    """
    given = {"id": id, "name_ja": name_ja, "name_en": name_en, "population": population, "ageing_rate": ageing_rate,
             "districts": districts, "posts": posts}  # fmt: skip
    reading = read_table(households, quiet)
    terminal, folder = sys.stdin.isatty(), out or Path(FOLDER)
    if reading is not None and terminal and not yes:
        typer.confirm(say("table.confirm"), default=True, abort=True)
    known = {
        "residents": likely_residents(reading),
        "aged": reading.ageing_rate if reading else None,
    }
    if terminal and all(value is None for value in given.values()):
        extra = [
            *(("--households", str(households)) if households else ()),
            *(("--out", str(out)) if out else ()),
        ]
        files = in_dialogue(known | {"out": folder}, reading, folder, extra)
    else:
        exact = {"residents": reading.population if reading else None, "aged": known["aged"]}
        files = _write_town(answered(given, exact), reading, folder)
    if not quiet:
        print(say("new_town.written", files=", ".join(map(short, files))))
        print(say("new_town.next", file=quoted(files[-1])))


def read_table(path: Path | None, quiet: bool) -> Reading | None:
    """Returns the table of a file, if one is given; what was read and left out is said."""
    if path is None:
        return None
    from sim.towns.household_tables import read_households  # here, since it brings in openpyxl

    reading = read_households(path)
    if not quiet:
        first, *more = (line.say(language()) for line in reading.summary())
        print("\n".join([first, *(f"- {line}" for line in more)]))
    return reading


def likely_residents(reading: Reading | None) -> int | None:
    """Returns the residents that the table counts, or that its households would have at the
    nation's size.
    """
    if reading is None:
        return None
    return reading.population or round((reading.households or 0) * 2.23) or None


def in_dialogue(
    known: Answers, reading: Reading | None, folder: Path, extra: list[str]
) -> list[Path]:
    """Greet, ask, write; where the town cannot be, say why and ask again with every answer kept; on
    leaving, say how to go on.
    """
    answers: Answers = {}
    print(say("ask.greeting"))
    print(say("ask.greeting_table" if reading is None else "ask.greeting_read"))
    try:
        while True:
            ask_numbers(known, answers, reading is not None)
            try:
                return _write_town(answers, reading, folder)
            except ScenarioError as error:
                print(error.say())
                print(say("ask.review"))
    except (KeyboardInterrupt, typer.Abort):
        if answers.keys() - known.keys():
            print("\n" + say("ask.kept", command=command(answers, extra)))
        raise


def _write_town(answers: Answers, reading: Reading | None, folder: Path) -> list[Path]:
    """Write the town; what is wrong with it is said by the names of the options."""
    numbers = Numbers(
        **{
            question.name: answers[question.name]
            for question in QUESTIONS
            if question.name in answers
        }
    )
    try:
        return write_town(numbers if reading is None else with_table(numbers, reading), folder)
    except ScenarioError as error:
        options = {question.name: question.option for question in QUESTIONS}
        raise ScenarioError(
            *(replace(one, key=options.get(str(one.key), one.key)) for one in error.faults)
        ) from None


def with_table(numbers: Numbers, reading: Reading) -> Numbers:
    """Returns the numbers with the districts of a table: households by kind, or sizes alone."""
    if not reading.has_kinds:
        return replace(numbers, weights=reading.weights(), source=reading.file)
    implied = implied_shares(numbers)

    def shares(kinds: tuple[str, ...]) -> dict[str, float]:
        whole = sum(implied[kind] for kind in kinds)
        return {kind: implied[kind] / whole if whole else 1 / len(kinds) for kind in kinds}

    told = Phrase("table.assumed", {"terms": reading.divided_terms()})
    assumed = told if reading.divides() else ""
    return replace(numbers, table=reading.table(shares), source=reading.file, assumed=assumed)


def implied_shares(numbers: Numbers) -> Mapping[str, float]:
    """Returns the shares of the household kinds that follow from the ageing rate, as in a town
    without a table.
    """
    from sim.declared import Parameters, declared
    from sim.towns.composition import composition_of  # here, since it brings in scipy

    town = {name: one.value for name, one in declared().items() if name.startswith("town.")}
    people = People(id=numbers.id, name=Label(ja="", en=""), population=numbers.population, ageing_rate=numbers.ageing_rate,
                    districts=(District(id="d1", share=1),))  # fmt: skip
    shares = composition_of(people, Parameters(town))
    return dict(zip(KINDS, map(float, shares), strict=True))
