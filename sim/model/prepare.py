"""Compiles the kernels before they are needed: once for each version of the model, then they are
read from the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sim.model.course import Course
from sim.model.kernel import KERNELS, PLAIN, cache_folder
from sim.scenario.scenario import Scenario

MARK = "prepared"
WEEKS = 54  # so that a month of April is among them
Tell = Callable[[int, int], Any]


def is_prepared() -> bool:
    """Whether the kernels of this version of the model have been compiled on this machine."""
    return PLAIN or (cache_folder(Course.__module__) / MARK).is_file()


def prepare(scenario: Scenario, tell: Tell | None = None) -> None:
    """Compile all kernels by living `scenario` for a year; nothing where that has been done.

    `tell(done, all)` is called whenever a kernel is ready; a kernel that is compiled for further
    types counts again, so `done` may reach `all` early.
    """
    if is_prepared():
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
        Course(scenario, 1).run(until=WEEKS)
    with suppress(OSError):  # where nothing can be kept, the next process compiles again
        (cache_folder(Course.__module__) / MARK).touch()
