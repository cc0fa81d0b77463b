"""A town in a process of its own: it is asked over a pipe, and its end is a message."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Awaitable
from multiprocessing.connection import Connection
from typing import Any

from sim.desk.live_town import LiveTown
from sim.model.course import start

PATIENCE = 2.0  # seconds that a town is given to end by itself


class TownEnded(RuntimeError):
    """Raised where the process of a town has ended, or what it was asked for went wrong."""


async def all_answered(*asked: Awaitable[Any]) -> list[Any]:
    """The answers of several towns, in order; raises what one of them raised, and only after the
    others have answered, so that nobody asks a town that still answers.
    """
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for one in answers:
        if isinstance(one, BaseException):
            raise one
    return answers


class TownHere:
    """A town in this process: for a run without a page, and for tests. `TownProcess` is asked in
    the same words.
    """

    def __init__(self) -> None:
        self._town: LiveTown | None = None

    def answer(self, what: str, *given: Any) -> Any:
        """What the town answers."""
        if what == "start":
            return start(*given)
        if what == "open":
            self._town = LiveTown(*given)
            return self._town.columns(), self._town.homes(), self._town.view()
        return getattr(self._town, what)(*given)

    async def ask(self, what: str, *given: Any) -> Any:
        """What the town answers; raises TownEnded where that goes wrong."""
        try:
            return self.answer(what, *given)
        except Exception as error:
            raise TownEnded(f"{type(error).__name__}: {error}") from error

    def end(self) -> None:
        """Forget the town."""
        self._town = None


def serve_town(pipe: Connection) -> None:
    """Answer over `pipe` until it is closed; runs in the process of the town. Ctrl-C is for the
    process of the page, which closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    town = TownHere()
    while True:
        try:
            what, given = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, town.answer(what, *given)))
        except Exception as error:
            pipe.send((False, f"{type(error).__name__}: {error}"))


class TownProcess:
    """The process of one town, as the page's process sees it. Who asks while it answers another
    waits, even where that other has gone.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve_town, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._asking = threading.Lock()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    async def ask(self, what: str, *given: Any) -> Any:
        """What the town answers; raises TownEnded where there is nobody to answer."""
        return await asyncio.to_thread(self._ask, what, given)

    def _ask(self, what: str, given: tuple[Any, ...]) -> Any:
        try:
            with self._asking:
                self._pipe.send((what, given))
                well, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process.join(PATIENCE)
            code = self._process.exitcode
            raise TownEnded(f"the process of the town has ended (exit code {code})") from error
        if not well:
            raise TownEnded(answer)
        return answer

    def end(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
