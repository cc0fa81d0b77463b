"""Compiles the kernels before they are needed: once for each version of the model, then they are
read from the cache.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sim.model.course import Course
from sim.model.kernel import KERNELS, PLAIN, cache_folder, writable
from sim.scenario.scenario import Scenario, digest
from sim.study.shrink import smaller

RESIDENTS = 1000  # of the town in which a scenario is lived to compile what it needs
WEEKS = 54  # so that a month of April is among them
KEPT_DAYS = 60.0  # that the kernels of a version which nobody uses stay in the cache
Tell = Callable[[int, int], Any]


def prepare(scenarios: Iterable[Scenario], tell: Tell | None = None) -> None:
    """Compile all kernels by living each of `scenarios` for a year in a small town; nothing where
    that has been done on this machine.

    `tell(done, all)` is called whenever a kernel is ready, and never where nothing is left to be
    compiled; a kernel that is compiled for further types counts again, so `done` may reach `all`
    early.
    """
    if PLAIN:
        return
    folder = writable(cache_folder(Course.__module__))
    ahead = [one for one in scenarios if folder is None or not _mark(folder, one).is_file()]
    if not ahead:
        return
    from numba.core import event

    class Ready(event.Listener):
        """Counts the kernels that have been compiled."""

        done = 0

        def on_start(self, event: Any) -> None:
            """Nothing is to be told yet."""

        def on_end(self, event: Any) -> None:
            """One more is ready."""
            self.done += 1
            if tell is not None:
                tell(min(self.done, len(KERNELS)), len(KERNELS))

    with event.install_listener("numba:compile", Ready()):
        for scenario in ahead:
            Course(smaller(scenario, RESIDENTS), 1).run(until=WEEKS)
            if folder is not None:
                _mark(folder, scenario).touch()
    if folder is not None:
        _clean()


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
