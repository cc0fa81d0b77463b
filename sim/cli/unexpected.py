"""The last net: whatever goes wrong unforeseen ends in a sentence, its details in a file; nothing
that is finished is lost.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sim import __version__
from sim.words import say
from sim.words.errors import printable, short

if TYPE_CHECKING:
    from sim.study.store import Results

UNEXPECTED = 70  # exit code: neither what a user can mend (2) nor failed cells (1)
DEBUG, SWITCH = "SIM_DEBUG", "--debug"


def debugging() -> bool:
    """Returns whether the user wants to see where it happened."""
    return os.environ.get(DEBUG, "") not in ("", "0")


def report_unexpected(error: BaseException) -> int:
    """Say what happened, where the details are and what is kept; the exit code."""
    details = "".join(traceback.format_exception(error))
    if debugging():
        print(details, file=sys.stderr)
    lines = [
        say("unexpected", what=_summary(error)),
        *where(details),
        *getattr(error, "__notes__", ()),
    ]
    print("\n".join(lines), file=sys.stderr)
    return UNEXPECTED


def _summary(error: BaseException) -> str:
    """Returns the kind of an error and the first line of what it says."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return printable(f"{type(error).__name__}: {first}"[:200] if first else type(error).__name__)


def where(details: str) -> list[str]:
    """Returns the details written into a file of the temporary folder, and the line that names it;
    none where nothing can be written.
    """
    text = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')} municipal-support-sim {__version__} Python {sys.version}\n"
        f"{sys.argv}\n\n{details}"
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="sim-",
            suffix=".log",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(text)
    except OSError:
        return []
    return [say("unexpected.details", file=file.name)]


def failure(trace: str) -> str:
    """Returns why a cell failed, in lines for the screen: the last line of its traceback, and where
    the whole of it is.
    """
    last = next((line for line in reversed(trace.splitlines()) if line.strip()), "")
    if debugging():
        return trace
    return "\n".join([printable(last), *where(trace)])


@contextmanager
def keeping(results: Results) -> Iterator[None]:
    """Whatever goes wrong here says which cells are kept, and that the same command goes on from
    them.
    """
    try:
        yield
    except Exception as error:
        with suppress(OSError):
            if any((results.part / "cells").glob("*/*/*")):
                error.add_note(say("unexpected.kept", folder=short(results.part)))
        raise
