"""The command line, thin: parse, call, print. Commands stand in COMMANDS; errors a user can mend
end in exit code 2.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import terminal, unexpected
from sim.cli.check import check_command
from sim.cli.compare import compare_command
from sim.cli.console import (
    Lang,
    Out,
    Quiet,
    console_for,
    deliver,
    finish,
    screen_table,
)
from sim.cli.desk import desk_command
from sim.cli.discover import discover_command
from sim.cli.fit import fit_command
from sim.cli.go import go_command
from sim.cli.help import SpokenCommand, SpokenGroup, bilingual_help, speak_help
from sim.cli.ledger import ledger_command
from sim.cli.lessons import lessons_command
from sim.cli.life import life_command
from sim.cli.map import map_command
from sim.cli.match import match_command
from sim.cli.memory import check_memory_limit
from sim.cli.nation import nation_command
from sim.cli.new_town import new_town_command
from sim.cli.offline import offline_command
from sim.cli.pages import documents_command
from sim.cli.paper import paper_command
from sim.cli.report import report_command
from sim.cli.reproduce import reproduce_command
from sim.cli.request import request_command
from sim.cli.run import run_command
from sim.cli.search import search_command
from sim.cli.sensitivity import sensitivity_command
from sim.cli.start_files import start_files_command
from sim.cli.template import template_command
from sim.cli.usage import usage_refusal
from sim.files.locator import FOLDER, SHELVES, SHIPPED, SUFFIX
from sim.files.refusals import checked_record
from sim.files.toml import REASONS, read_toml, reason
from sim.report.text.listing import (
    Section,
    as_csv,
    as_json,
    as_markdown,
    cells,
    headings,
    parameter_rows,
    source_in,
)
from sim.towns.town import People
from sim.words import LANGUAGES, language, say, speak
from sim.words.errors import ScenarioError, fault, short

MENDABLE, INTERRUPTED = 2, 130
UsageError: type[Exception] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


class Format(StrEnum):
    """How `sim parameters` prints."""

    table = "table"
    csv = "csv"
    markdown = "markdown"
    json = "json"
    schema = "schema"


class Kind(StrEnum):
    """The kinds of files that have a schema."""

    scenario = "scenario"
    comparison = "comparison"
    people = "people"
    organisation = "organisation"
    prices = "prices"


def parameters_command(
    format: Annotated[
        Format, typer.Option("--format", help=bilingual_help("cli.format"))
    ] = Format.table,
    of: Annotated[Kind, typer.Option("--of", help=bilingual_help("cli.of"))] = Kind.scenario,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
) -> None:
    """Print the parameter table, or the JSON Schema of a kind of file."""
    rows = parameter_rows()
    texts: dict[Format, Callable[[], str]] = {
        Format.csv: lambda: as_csv(rows),
        Format.json: lambda: as_json(rows),
        Format.markdown: lambda: as_markdown(rows, language()),
        Format.schema: lambda: _schema(of),
    }
    if format in texts:
        deliver(texts[format](), out, "utf-8-sig" if format == Format.csv else "utf-8", quiet)
        return
    console = console_for(out)
    console.print(screen_table(parameter_section(rows)))
    finish(console, out, quiet)


def _schema(of: Kind) -> str:
    from sim.report.reference.schema import schema_text  # here, since no other command needs it

    return schema_text(of.value)


def parameter_section(rows: list[dict[str, Any]]) -> Section:
    """Returns the parameter table as a section."""
    return Section(
        say("setting.parameters"),
        headings(language()),
        [cells(row, language()) for row in rows],
    )


def towns_command(
    folder: Annotated[
        Path | None, typer.Option("--folder", help=bilingual_help("cli.folder"))
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
) -> None:
    """List the towns of a scenario folder; where none is given, one's own and those that ship (of
    one name, one's own).
    """
    folders = (SHIPPED, Path(FOLDER)) if folder is None else (folder,)
    found = {
        file.name: file for base in folders for file in (base / SHELVES["town"]).glob(f"*{SUFFIX}")
    }
    files = [found[name] for name in sorted(found)]
    if not files:
        raise fault(
            "towns.none", file=short(folders[0]), folder=short(folders[0] / SHELVES["town"])
        )
    columns = ("name", "label", "population", "ageing_rate", "number_of_districts", "source")
    console = console_for(out)
    console.print(
        screen_table(
            Section(
                "",
                tuple(say(f"column.{name}") for name in columns),
                [town_row(file) for file in files],
            )
        )
    )
    finish(console, out, quiet)


def town_row(file: Path) -> tuple[str, ...]:
    """Returns one town as a line of the list."""
    people = checked_record(
        People, {"id": file.stem, **read_toml(file)}, at="", source=lambda _: short(file)
    )
    return (
        people.id,
        getattr(people.name, language()),
        f"{people.population:,}",
        f"{people.ageing_rate:.1%}",
        str(len(people.districts)),
        source_in(language(), people.source),
    )


COMMANDS: dict[str, Callable[..., Any]] = {
    "compare": compare_command,
    "run": run_command,
    "check": check_command,
    "parameters": parameters_command,
    "towns": towns_command,
    "new-town": new_town_command,
    "template": template_command,
    "go": go_command,
    "life": life_command,
    "lessons": lessons_command,
    "request": request_command,
    "report": report_command,
    "paper": paper_command,
    "reproduce": reproduce_command,
    "documents": documents_command,
    "nation": nation_command,
    "match": match_command,
    "sensitivity": sensitivity_command,
    "discover": discover_command,
    "search": search_command,
    "ledger": ledger_command,
    "map": map_command,
    "desk": desk_command,
    "start-files": start_files_command,
    "offline": offline_command,
    "fit": fit_command,
}


COMPUTING = {  # what simulates towns
    "compare",
    "go",
    "run",
    "life",
    "reproduce",
    "nation",
    "match",
    "sensitivity",
    "search",
    "ledger",
    "map",
    "desk",
    "fit",
}


def anywhere(
    lang: Lang = None,
    debug: Annotated[
        bool, typer.Option(unexpected.SWITCH, help=bilingual_help("cli.debug"))
    ] = False,
) -> None:
    """The language may stand before the command too."""


def application() -> typer.Typer:
    """Returns the application with all commands and their help in the user's language."""
    speak_help()
    app = typer.Typer(
        cls=SpokenGroup,
        help=say("cli.help"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(anywhere)
    for name, command in COMMANDS.items():
        app.command(name, cls=SpokenCommand, help=say(f"cli.{name}"))(command)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code (0 all is well, 2 what a user can mend, 70 what nobody
    foresaw, 130 interrupted).
    """
    with terminal.patient_streams():
        return terminal.finish(answer(arguments))


def answer(arguments: Sequence[str] | None) -> int:
    """Run one command and say what a user can mend, or what nobody foresaw; the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    speak(language_in(arguments))
    terminal.warn_of_encoding()
    arguments = without_debug(arguments)
    try:
        if COMPUTING & {*arguments}:
            check_memory_limit()
        code = int(application()(arguments, standalone_mode=False) or 0)
        return complain(say("interrupted"), code) if code == INTERRUPTED else code
    except ScenarioError as error:
        return complain(error.say(), MENDABLE)
    except (KeyboardInterrupt, typer.Abort):
        return complain(say("interrupted"), INTERRUPTED)
    except UsageError as error:
        return complain(usage_refusal(error, arguments, COMMANDS).say(), MENDABLE)
    except typer.Exit as stop:
        return stop.exit_code
    except OSError as error:
        if error.filename is None or error.errno not in REASONS:
            return unexpected.report_unexpected(error)
        return complain(
            fault("error.path", file=short(error.filename), detail=reason(error)).say(), MENDABLE
        )
    except Exception as error:
        return unexpected.report_unexpected(error)


def without_debug(arguments: Sequence[str]) -> list[str]:
    """Returns the arguments without --debug, which may stand anywhere; it holds for the worker
    processes too.
    """
    if unexpected.SWITCH in arguments:
        os.environ[unexpected.DEBUG] = "1"
    return [argument for argument in arguments if argument != unexpected.SWITCH]


def complain(message: str, code: int) -> int:
    """Prints one message on stderr and returns the exit code."""
    print(message, file=sys.stderr)
    return code


def language_in(arguments: Sequence[str]) -> str | None:
    """Returns the language the arguments ask for, if any."""
    for place, argument in enumerate(arguments):
        wanted = (
            argument.partition("=")[2]
            if argument.startswith("--lang=")
            else arguments[place + 1 : place + 2]
        )
        if argument.startswith("--lang") and "".join(wanted) in LANGUAGES:
            return "".join(wanted)
    return None
