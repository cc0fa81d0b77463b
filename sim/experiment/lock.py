"""One run at a time for a folder of results: a lock that the system takes back when its holder ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from ..scenario.errors import fault, short

LOCK = ".lock"


class Lock:
    """The right to write into a folder, held by this process from `take` to `release`."""

    def __init__(self, folder: Path):
        self._open: IO[bytes] | None = None
        self.file = folder / LOCK

    def take(self, out: Path) -> None:
        """Hold the lock; refuses, naming `out`, where another process holds it."""
        if self._open is not None:
            return
        stream = open(self.file, "ab")  # noqa: SIM115  closed by `release`, or by the end of the process
        try:
            _seize(stream)
        except OSError:
            stream.close()
            raise fault("error.out_busy", file=short(out)) from None
        self._open = stream

    def __del__(self) -> None:
        """Whoever forgets to release lets go with the last use."""
        self.release()

    def release(self) -> None:
        """Let others have it; nothing happens where it is not held."""
        if self._open is not None:
            self._open.close()
            self._open = None


def _seize(stream: IO[bytes]) -> None:
    """Lock a file for this process alone, without waiting; raises OSError where another process holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
