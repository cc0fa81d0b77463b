"""What is wrong with a command as it was typed, in the user's language: the library that reads
commands speaks English alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sim.words import Phrase
from sim.words.errors import NOTHING, ScenarioError, fault, nearest

KINDS = (  # what the library says, and what is allowed
    (r"valid (?:integer|int)\b", lambda _: Phrase("allowed.whole")),
    (r"valid (?:number|float)\b", lambda _: Phrase("allowed.number")),
    (r"not one of (.+?)\.?$", lambda found: found[1].replace("'", "")),
    (
        r"greater than or equal to ([-\d.]+)",
        lambda found: Phrase("allowed.at_least", {"low": found[1]}),
    ),
    (
        r"less than or equal to ([-\d.]+)",
        lambda found: Phrase("allowed.at_most", {"high": found[1]}),
    ),
    (
        r"range ([-\d.]+)<=x<=([-\d.]+)",
        lambda found: Phrase("allowed.range", {"low": found[1], "high": found[2]}),
    ),
    (r"range x>=([-\d.]+)", lambda found: Phrase("allowed.at_least", {"low": found[1]})),
    (r"range x<=([-\d.]+)", lambda found: Phrase("allowed.at_most", {"high": found[1]})),
)


def usage_refusal(error: Any, arguments: Sequence[str], commands: Iterable[str]) -> ScenarioError:
    """Returns a refusal of the library (an exception about a command's use) as one of ours."""
    text, name = error.format_message(), getattr(error, "option_name", None)
    commands = list(commands)
    if found := re.search(r"No such command '([^']*)'", text):
        return fault(
            "usage.command",
            at="sim",
            given=found[1],
            allowed=", ".join(commands),
            near=nearest(found[1], commands),
        )
    if "No such option" in text:
        near = next(iter(getattr(error, "possibilities", None) or ()), "")
        return fault("usage.option", at=name or "", near=near)
    if found := re.search(r"unexpected extra argument.*\((.*)\)", text):
        return fault("usage.extra", at="sim", given=found[1])
    parameter = getattr(error, "param", None)
    at = name or (_name(parameter) if parameter is not None else "")
    if type(error).__name__ == "MissingParameter":
        return fault("usage.missing", at=at)
    if "requires a" in text or "requires " in text and "argument" in text:
        return fault("usage.no_value", at=at)
    allowed = next(
        (say(found) for pattern, say in KINDS if (found := re.search(pattern, text))), ""
    )
    return fault("usage.value", at=at, given=_typed(parameter, arguments), allowed=allowed)


def _name(parameter: Any) -> str:
    """Returns an option as it is typed, an argument by its name."""
    names = [name for name in getattr(parameter, "opts", ()) if name.startswith("-")]
    return max(names, key=len) if names else str(getattr(parameter, "name", ""))


def _typed(parameter: Any, arguments: Sequence[str]) -> Any:
    """Returns what was typed for an option; nothing where that cannot be told."""
    for name in getattr(parameter, "opts", ()):
        for place, argument in enumerate(arguments):
            if argument.startswith(f"{name}="):
                return argument.partition("=")[2]
            if argument == name and place + 1 < len(arguments):
                return arguments[place + 1]
    return NOTHING
