"""Help in the user's language: the words that the library of the command line brings itself."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, cast

import typer
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from sim.words import LANGUAGES, language, say
from sim.words.errors import fault

FRAMES = {  # settings of the library by the key of their words
    "ARGUMENTS_PANEL_TITLE": "help.arguments",
    "OPTIONS_PANEL_TITLE": "help.options",
    "COMMANDS_PANEL_TITLE": "help.commands",
    "REQUIRED_LONG_STRING": "help.required",
    "DEFAULT_STRING": "help.default",
}
USAGE = {  # what the library writes into a line of usage, by the key of our words
    "Usage:": "help.usage",
    "[OPTIONS]": "help.some_options",
    "COMMAND [ARGS]...": "help.some_command",
}
BETWEEN = " \u2063/ "  # between the languages of a text; the mark before the stroke shows nowhere


def bilingual_help(key: str) -> str:
    """Returns a help text in both languages, of which `--help` shows the reader's."""
    return BETWEEN.join(say(key, lang) for lang in LANGUAGES)


def option(command: str, name: str, *flags: str) -> Any:
    """Returns the declaration of an option of a command, `--name` where no `flags` are given; its
    help is the text `cli.<command>_<name>`.
    """
    return typer.Option(*flags or (f"--{name}",), help=bilingual_help(f"cli.{command}_{name}"))


class WholeTable(Table):
    """A table of help whose texts are broken and never cut: the library takes Japanese, which has
    no spaces, for one long word, and ends it with an ellipsis where the line ends.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table with every text whole."""
        for column in self.columns:
            column.overflow = "fold"
        yield from super().__rich_console__(console, options)


def whole_texts(texts: Iterable[RenderableType], **_how: Any) -> RenderableType:
    """Returns the texts of one option as one that is broken and never cut."""
    texts = [*texts]
    if all(isinstance(text, Text) for text in texts):
        joined = Text(" ", overflow="fold").join(cast(list[Text], texts))
        joined.overflow = "fold"
        return joined
    return Group(*texts)


def speak_help() -> None:
    """Let the library frame its help in the user's language, with texts that are whole."""
    setattr(rich_utils, "Table", WholeTable)  # noqa: B010  the library declares its own
    setattr(rich_utils, "Columns", whole_texts)  # noqa: B010
    for name, key in FRAMES.items():
        setattr(rich_utils, name, say(key, value="{}"))


class Spoken:
    """A command whose line of usage and whose `--help` are in the user's language."""

    def get_usage(self, ctx: Any) -> str:
        """Returns the line of usage."""
        text: str = super().get_usage(ctx)  # type: ignore[misc]
        for words, key in USAGE.items():
            text = text.replace(words, say(key))
        return text

    def get_help_option(self, ctx: Any) -> Any:
        """Returns the option that shows the help."""
        option: Any = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("help.help")
        return option


class SpokenCommand(Spoken, TyperCommand):
    """One command."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help of every option in the reader's language alone."""
        parameters: list[Any] = self.get_params(ctx)
        for one in parameters:
            texts = (getattr(one, "help", None) or "").split(BETWEEN)
            if len(texts) == len(LANGUAGES):
                one.help = texts[LANGUAGES.index(language())]
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; an option that stands where the value of another one is missing is not
        taken for that value. Raises ScenarioError.
        """
        options = {name: one for one in self.get_params(ctx) for name in one.opts}
        for one, following in pairwise(args):
            if one == "--":
                break
            option = options.get(one)
            if following in options and option is not None and not getattr(option, "is_flag", True):
                raise fault("usage.no_value", at=one)
        return super().parse_args(ctx, args)


class SpokenGroup(Spoken, TyperGroup):
    """All commands."""
