"""Standard output and standard error: closed, full, or of an encoding that cannot write what we
say, they end no command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from sim.words import language, say

WIDE = "日本語"


class Patient:
    """A stream that takes text until writing fails once, and then forgets it. `error` is what
    failed, None while all is well.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write text, or drop it where the stream has failed."""
        if self.error is None:
            try:
                return self._stream.write(text)
            except OSError as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Hand on what waits."""
        if self.error is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._fail(error)

    def _fail(self, error: OSError) -> None:
        """Remember the error, and keep the interpreter from writing what waits once more when it
        ends.
        """
        self.error = error
        with suppress(
            OSError
        ):  # a stream that is no file of the system has nothing to be turned away from
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str):
        return getattr(self._stream, name)


@contextmanager
def patient_streams() -> Iterator[None]:
    """For the time of a command both standard streams are patient; one that is closed is a place
    where nothing is kept.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_patient(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _patient(stream: TextIO | None) -> Any:
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  stays open as long as the command
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return Patient(stream)


def warn_of_encoding() -> None:
    """Say once, in letters that it has, where the screen cannot show Japanese although it is asked
    for.
    """
    if language() == "ja" and not _can_write(sys.stdout):
        print(say("terminal.encoding", "en", encoding=sys.stdout.encoding), file=sys.stderr)


def _can_write(stream: TextIO) -> bool:
    try:
        WIDE.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def finish(code: int) -> int:
    """Returns the exit code once everything is written: that of the command, or 1 where the screen
    could not take it all.

    A reader that has gone (`| head`) is no fault, and is passed over in silence.
    """
    sys.stdout.flush()
    error = getattr(sys.stdout, "error", None)
    if error is None or isinstance(error, BrokenPipeError):
        return code
    print(say("terminal.full", detail=os.strerror(error.errno or 0)), file=sys.stderr)
    return code or 1
