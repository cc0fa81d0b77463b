"""Where cells are computed: one after the other here, or in a pool of processes; one interface, `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from itertools import islice
from typing import Any

TICK_SECONDS = 0.2
LARGEST_AT_ONCE = 2_000_000  # residents of all towns computed at one time, unless more workers are asked for


class Stopped(BaseException):
    """Raised inside a cell when the whole computation was stopped."""


class Pulse:
    """What the main process and its workers share: weeks lived so far, and the wish to stop.

    Without a context it is for one process alone and calls `heard(weeks)` at each beat.
    """

    def __init__(self, context: Any = None, heard: Callable[[int], Any] | None = None):
        self._weeks = context.Value("q", 0) if context else None
        self._stop = context.Event() if context else None
        self._count, self._heard = 0, heard

    def beat(self, _town: Any = None) -> None:
        """One week was lived somewhere."""
        if self._weeks is None:
            self._count += 1
            if self._heard:
                self._heard(self._count)
            return
        with self._weeks.get_lock():
            self._weeks.value += 1
        if self._stop.is_set():
            raise Stopped

    @property
    def weeks(self) -> int:
        """Weeks lived so far in all processes."""
        return self._count if self._weeks is None else self._weeks.value

    def stop(self) -> None:
        """Let every worker stop at the end of its week."""
        if self._stop is not None:
            self._stop.set()


_pulse = Pulse()


def beat(town: Any) -> None:
    """The last process of a week that is being watched: says that it was lived."""
    _pulse.beat(town)


def join(pulse: Pulse, alone: bool = False) -> None:
    """Make `pulse` the one this process beats for; a worker leaves Ctrl-C to the main process, and ends when that ends."""
    global _pulse
    _pulse = pulse
    if not alone:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    """End this worker once the process that started it has gone, however that was ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Serial(Executor):
    """An executor that computes at once, in this process."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Compute now; the future is already done. Only Ctrl-C and its like pass through."""
        future: Future = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def executor(workers: int, pulse: Pulse | None = None) -> Executor:
    """Serial for one worker, else a pool of freshly started processes ('spawn': the same on Linux, macOS and Windows)."""
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, not {workers}")
    if workers == 1:
        join(pulse or Pulse(), alone=True)
        return Serial()
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=join, initargs=(pulse or Pulse(context),))


def pulse_for(workers: int, heard: Callable[[int], Any]) -> Pulse:
    """A pulse that fits the executor of so many workers."""
    return Pulse(heard=heard) if workers == 1 else Pulse(multiprocessing.get_context("spawn"))


def finished(workers: int, task: Callable[[Any], Any], items: Iterable[Any],
             heard: Callable[[int], Any] = lambda _weeks: None) -> Iterator[tuple[Any, Future]]:
    """(item, future) of every item as it finishes; `heard(weeks)` is told the weeks lived so far.

    No more items wait than there are workers, so that memory stays flat. Left early (Ctrl-C, an error of the caller),
    it stops all workers first.
    """
    pulse = pulse_for(workers, heard)
    pool, rest = executor(workers, pulse), iter(items)
    running: dict[Future, Any] = {}
    try:
        while True:
            for item in islice(rest, workers - len(running)):
                running[_submitted(pool, task, item)] = item
            if not running:
                return
            done, _ = wait(running, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            heard(pulse.weeks)
            for future in done:
                yield running.pop(future), future
    finally:
        pulse.stop()
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: Executor, task: Callable[[Any], Any], item: Any) -> Future:
    """The future of an item; one that failed where the pool has lost its workers."""
    try:
        return pool.submit(task, item)
    except BrokenExecutor as error:
        future: Future = Future()
        future.set_exception(error)
        return future


def workers_for(cells: int, population: int) -> int:
    """How many workers a computation of `cells` gets by itself: the processors, fewer for very large towns."""
    return max(1, min(os.cpu_count() or 1, cells, LARGEST_AT_ONCE // max(1, population)))
