"""Compiles the kernels before they are needed: once for each version of the model, then they are
read from the cache.

Where there is a second processor, a second process begins at the other end of the week, and the two
meet in the middle: what one has put into the cache the other reads.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.model.course import Course
from sim.model.kernel import KERNELS, PLAIN, cache_folder, writable
from sim.model.own_week import week_of
from sim.scenario.scenario import Scenario, digest
from sim.study.shrink import smaller

RESIDENTS = 1000  # of the town in which a scenario is lived to compile what it needs
WEEKS = 54  # so that a month of April is among them
KEPT_DAYS = 60.0  # that the kernels of a version which nobody uses stay in the cache
Tell = Callable[[int, int], Any]


def prepare(scenarios: Iterable[Scenario], tell: Tell | None = None) -> None:
    """Compile all kernels by living each of `scenarios` for a year in a small town; nothing where
    that has been done on this machine.

    `tell(done, all)` is called whenever this process has compiled a kernel, and never where nothing
    is left to be compiled; `done` counts the kernels in the cache, some of which may never be used.
    """
    if PLAIN:
        return
    folder = writable(cache_folder(Course.__module__))
    ahead = [one for one in scenarios if folder is None or not _mark(folder, one).is_file()]
    if not ahead:
        return
    from numba.core import event

    class Ready(event.Listener):
        """Tells how many kernels are ready whenever one more is."""

        def on_start(self, event: Any) -> None:
            """Nothing is to be told yet."""

        def on_end(self, event: Any) -> None:
            """One more is ready."""
            if tell is not None:
                tell(_compiled(), len(KERNELS))

    small = [smaller(scenario, RESIDENTS) for scenario in ahead]
    with event.install_listener("numba:compile", Ready()), _from_the_end(small, folder):
        for scenario, town in zip(ahead, small, strict=True):
            Course(town, 1).run(until=WEEKS)
            if folder is not None:
                _mark(folder, scenario).touch()
    if folder is not None:
        _clean()


@contextmanager
def _from_the_end(towns: list[Scenario], folder: Path | None) -> Iterator[None]:
    """Meanwhile a second process lives the `towns` from the last to the first, each week from its
    last process to its first; nothing where no `folder` keeps what it compiles.
    """
    if folder is None or processors() < 2:
        yield
        return
    command, ignored = [sys.executable, "-m", __name__], subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=ignored, stderr=ignored) as second:
        try:
            assert second.stdin is not None
            with second.stdin as given:
                pickle.dump(towns, given)
            yield
        finally:
            second.terminate()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _live_from_the_end(towns: list[Scenario]) -> None:
    for town in reversed(towns):
        Course(town, 1, week_order=list(week_of(town))[::-1]).run(until=WEEKS)


def _compiled() -> int:
    """How many kernels are in the cache."""
    folders = {cache_folder(name.rpartition(".")[0]) for name in KERNELS}
    ready = sum(len(list(folder.rglob("*.nbi"))) for folder in folders)
    return min(ready, len(KERNELS))


def _mark(folder: Path, scenario: Scenario) -> Path:
    """The file that says that the kernels of `scenario` are in the cache."""
    return folder / f"{digest(scenario)}.prepared"


def _clean() -> None:
    """Remove the kernels of versions that have not been used for a while; those of this version
    are in use.
    """
    mine = {cache_folder(name.rpartition(".")[0]) for name in KERNELS}
    latest = time.time() - KEPT_DAYS * 86_400
    for folder in mine:
        if folder.is_dir():
            folder.touch()
    for other in next(iter(mine)).parent.iterdir():
        if other not in mine and other.is_dir() and _last_used(other) < latest:
            shutil.rmtree(other, ignore_errors=True)


def _last_used(folder: Path) -> float:
    return max((file.stat().st_mtime for file in (folder, *folder.glob("*"))), default=0.0)


if __name__ == "__main__":
    _live_from_the_end(pickle.load(sys.stdin.buffer))
