"""A long command for a work, in a process of its own: it can be left and found again, and ended; what
is finished is kept, and the same command goes on from there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.desk.office.works import WorkFolder
from sim.files.progress_note import PROGRESS, read_progress
from sim.words import say, words

PATIENCE = 10.0  # seconds that a command is given to end by itself
LAST = 4_000  # letters of what a command said that are shown


class Job:
    """Commands of `sim` that run one after the other for a work, until one fails."""

    def __init__(self, work: WorkFolder, kind: str, commands: Sequence[Sequence[str]]):
        self.work, self.kind, self._waiting = work, kind, list(commands)
        self.code: int | None = None  # of the last command that has ended, once all have
        self.stopped = False
        work.folder.mkdir(parents=True, exist_ok=True)
        self._told = work.told.open("wb")
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.work.progress.unlink(missing_ok=True)
        no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows alone
        coding = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "sim", *self._waiting.pop(0)],
            stdin=subprocess.DEVNULL, stdout=self._told, stderr=subprocess.STDOUT,
            env={**os.environ, **coding, PROGRESS: str(self.work.progress)},
            creationflags=no_window,
        )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether a command is running; begins the next one where one has ended well."""
        if self.code is not None:
            return False
        code = self._process.poll()
        if code is None:
            return True
        if code == 0 and self._waiting and not self.stopped:
            self._process = self._start()
            return True
        self.code = code
        self._told.close()
        return False

    def end(self) -> None:
        """Ask the command to keep what is finished and end; end it where it does not."""
        self.stopped = True
        if not self.running:
            return
        with suppress(OSError):
            if sys.platform == "win32":
                self._process.terminate()
            else:
                self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert not self.running


def how_far(work: WorkFolder, job: Job | None, lang: str) -> dict[str, Any]:
    """What the page shows of a work that is computed, or was: whether it runs, how far it has come,
    what it said last, and how it ended.
    """
    mine = job is not None and job.work.id == work.id
    running = mine and job is not None and job.running
    progress = read_progress(work.progress) if running else {}
    title = str(progress.get("title", ""))
    if title in words(lang):
        progress["title"] = say(title, lang)
    return {
        "running": running,
        "kind": job.kind if mine and job else "",
        "code": job.code if mine and job else None,
        "stopped": bool(mine and job and job.stopped),
        "progress": progress,
        "unfinished": not running and work.part.is_dir(),
        "said": last_said(work.told),
    }


def last_said(file: Path) -> str:
    """The end of what a command said."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")[-LAST:]
    except OSError:
        return ""
