"""What is wrong with a file: place, value, what is allowed, and the nearest right name, in the
user's language.
"""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.words import Phrase, language, named

PACKAGE = Path(__file__).resolve().parents[1]
NOTHING = object()
LONGEST, LONGEST_PATH = 120, 400
MOST_FAULTS = 20  # told at once
MORE = "error.more"  # the fault that says how many others there are


class Refusal(ValueError):
    """Raised by a check inside a record. It says what is wrong and not in which file.

    at: the setting below the record that is wrong, where it is not the record itself; given: what
    stands there.
    """

    def __init__(
        self,
        key: str,
        *,
        at: str = "",
        given: Any = NOTHING,
        allowed: Phrase | str = "",
        near: str = "",
        **values: Any,
    ):
        super().__init__(key)
        self.phrase, self.allowed, self.near = Phrase(key, values), allowed, near
        self.at, self.given = at, given


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file, at a dotted key or at a place in words."""

    reason: Phrase
    file: str = ""
    key: str | Phrase = ""
    given: Any = NOTHING
    allowed: Phrase | str = ""
    near: str = ""

    def say(self, lang: str | None = None) -> str:
        """Returns the fault in words: a line for the place, then what was given, what is allowed,
        and what is near.
        """
        lang = lang or language()
        key = self.key.say(lang) if isinstance(self.key, Phrase) else _cut(self.key)
        place = printable(" ".join(part for part in (_cut(self.file, LONGEST_PATH), key) if part))
        lines = [Phrase("error.head", {"place": place, "reason": self.reason}).say(lang)]
        if self.given is not NOTHING:
            given = self.given if isinstance(self.given, Phrase) else shown(self.given)
            lines.append(Phrase("error.given", {"given": given}).say(lang))
        if self.allowed:
            lines.append(Phrase("error.allowed", {"allowed": self.allowed}).say(lang))
        if self.near:
            lines.append(Phrase("error.near", {"near": self.near}).say(lang))
        return "\n".join(lines)


class ScenarioError(ValueError):
    """What is wrong with a file that the user can mend. `faults` holds every fault that was found
    at once.

    Example: `try: load("x.toml")`, `except ScenarioError as error: print(error.say("ja"))` prints
    place, value, what is allowed and the nearest right name, a line for each fault.
    """

    def __init__(self, *faults: Fault):
        super().__init__(*faults)
        self.faults = faults

    def say(self, lang: str | None = None) -> str:
        """Returns all faults in words."""
        return "\n".join(fault.say(lang) for fault in self.faults)

    def __str__(self) -> str:
        return self.say()


def together(*checks: Callable[[], Any]) -> list[Any]:
    """Returns what each of several checks gives that do not need one another. Raises one
    ScenarioError with what all of them find, each place once and MOST_FAULTS at most, and how many
    more there are.
    """
    given: list[Any] = []
    found: dict[tuple[str, str], Fault] = {}
    more = 0
    for check in checks:
        try:
            given.append(check())
        except ScenarioError as error:
            for one in error.faults:
                if one.reason.key == MORE:
                    more += one.reason.values["number"]
                else:
                    found.setdefault((one.file, repr(one.key)), one)
    told, rest = [*found.values()][:MOST_FAULTS], [*found.values()][MOST_FAULTS:]
    if more + len(rest):
        told.append(Fault(Phrase(MORE, {"number": more + len(rest)}), told[-1].file))
    if told:
        raise ScenarioError(*told)
    return given


def fault(
    key: str,
    *,
    at: str | Phrase = "",
    file: str = "",
    given: Any = NOTHING,
    allowed: Phrase | str = "",
    near: str = "",
    **values: Any,
) -> ScenarioError:
    """Returns an error of one fault, for the reason `key`, at the dotted key `at` of `file`."""
    return ScenarioError(Fault(Phrase(key, values), file, at, given, allowed, near))


def unknown(
    key: str, name: str, names: Iterable[str], *, at: str, file: str, list_all: bool = True
) -> ScenarioError:
    """Returns an error for a name that is none of `names`, with the nearest right one."""
    names = list(names)
    return fault(
        key,
        at=at,
        file=file,
        given=name,
        allowed=", ".join(names) if list_all else "",
        near=nearest(name, names),
    )


def nearest(name: str, names: Iterable[str], cutoff: float = 0.5) -> str:
    """Returns the right name that looks most like `name`, or an empty string."""
    lowered = {other.lower(): other for other in names}
    found = difflib.get_close_matches(str(name).lower(), lowered, n=1, cutoff=cutoff)
    return lowered[found[0]] if found else ""


def shown(value: Any) -> str:
    """Returns a value as a user wrote it, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if (
        isinstance(value, int) and value.bit_length() > 4 * LONGEST
    ):  # Python writes no number of more than 4,300 digits
        return _cut(hex(value))
    return printable(_cut(f'"{value}"' if isinstance(value, str) else _as_written(value)))


def _as_written(value: Any) -> str:
    """Returns tables and lists as a TOML file holds them, anything else as text."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {shown(part)}' for name, part in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)


def _cut(text: str, most: int = LONGEST) -> str:
    """Returns a text, with its end left out where it is long."""
    return text if len(text) <= most else text[:most] + " ..."


def printable(text: str) -> str:
    """Returns a text in which letters that no screen shows are written as their numbers."""
    return "".join(
        letter if letter.isprintable() or letter == "\u3000" else ascii(letter)[1:-1]
        for letter in text
    )


def short(path: str | Path) -> str:
    """Returns a path as a user would name it: from the working folder where it lies inside, or from
    the package where that holds it.
    """
    path = Path(path)
    if path.is_relative_to(PACKAGE):
        return str(path.relative_to(PACKAGE.parent))
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def quoted(path: str | Path) -> str:
    """Returns a path as it can be typed in a shell, quoted where it holds a space or the like."""
    name = short(path)
    return subprocess.list2cmdline([name]) if os.name == "nt" else shlex.quote(name)


def refuse_unwritable_name(out: Path) -> None:
    """Raises ScenarioError for a name that the system's encoding cannot write, before anything is
    computed.
    """
    try:
        os.fsencode(
            str(out).encode("utf-8").decode("utf-8")
        )  # letters that could not be read stand as halves of pairs
    except UnicodeEncodeError:
        encoding = sys.getfilesystemencoding()
        raise fault(
            "error.out_encoding", at="--out", given=ascii(out.name), detail=encoding
        ) from None


def between(low: float, high: float, unit: str = "", key: str = "allowed.between") -> Phrase:
    """Returns a range in words, with its unit where it has one."""
    limits = {"low": f"{low:.12g}", "high": f"{high:.12g}"}
    return (
        Phrase(key, {**limits, "unit": named("unit", unit)})
        if unit and unit != "-"
        else Phrase("allowed.range", limits)
    )
