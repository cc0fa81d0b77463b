"""Where cells are computed: in this process one after the other, in a pool of processes, or on a
cluster.

All share one interface: `concurrent.futures.Executor`.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from itertools import chain, islice
from types import FrameType
from typing import Any

from sim.words import say
from sim.words.errors import ScenarioError, fault

TELLS_APART = (
    "__name__",
    "parent_process",
    "current_process",
)  # names by which a script distinguishes itself from the processes it starts


class Unguarded(SystemExit):
    """Ends a script that would start itself again in every process; its message is the one sentence
    that the user sees.
    """


def check_main() -> None:
    """Raise Unguarded where the running script calls from outside `if __name__ == "__main__":`, or
    is standard input.

    A script that cannot be read (a notebook, a prompt, an embedded program) is accepted.
    """
    frame = outermost(sys._getframe())
    if frame is None:
        return
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if file == "<stdin>":
        raise Unguarded(say("error.main_input"))
    try:
        with open(frame.f_code.co_filename, encoding="utf-8") as script:
            tree = ast.parse(script.read())
    except (OSError, SyntaxError, ValueError):
        return
    if file and not guarded(tree, frame.f_lineno):
        raise Unguarded(say("error.main_guard"))


def outermost(frame: FrameType | None) -> FrameType | None:
    """Returns the frame of the script itself below `frame`; None where no script is at work."""
    found = None
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            found = frame
        frame = frame.f_back
    return found


def guarded(tree: ast.Module, line: int) -> bool:
    """Returns whether a line is inside an `if` by which the script distinguishes itself from the
    processes it starts.
    """
    around = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and node.lineno <= line <= (node.end_lineno or line)
    )
    return any(
        isinstance(part, (ast.Name, ast.Attribute))
        and getattr(part, "id", getattr(part, "attr", "")) in TELLS_APART
        for node in around
        for part in ast.walk(node.test)
    )


TICK_SECONDS = 0.2
LARGEST_AT_ONCE = (
    2_000_000  # residents of all towns computed at one time, unless more workers are asked for
)
REACH_SECONDS = 10  # a cluster that does not answer within this time cannot be reached
RETRIES = 3  # workers of a cluster that a piece of work may lose before it counts as failed


class Stopped(BaseException):
    """Raised inside a cell when the whole computation was stopped."""


class TookTooLong(RuntimeError):
    """Raised inside a cell that has gone over its time limit."""


class ProgressCounter:
    """Shared counter of simulated weeks and stop flag, for the main process and its workers.

    Without a context it serves one process alone and calls `heard(weeks)` after each simulated
    week.
    """

    def __init__(self, context: Any = None, heard: Callable[[int], Any] | None = None):
        self._weeks = context.Value("q", 0) if context else None
        self._stop = context.Event() if context else None
        self._count, self._heard = 0, heard

    def beat(self, _town: Any = None) -> None:
        """Count one simulated week."""
        if self._weeks is None or self._stop is None:
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
        """Weeks simulated so far in all processes."""
        return self._count if self._weeks is None else self._weeks.value

    def stop(self) -> None:
        """Let every worker stop at the end of its week."""
        if self._stop is not None:
            self._stop.set()


WRITES: tuple[str, ...] = ()  # to count a week changes nothing of a town
_pulse = ProgressCounter()
_end = float("inf")


def beat(town: Any) -> None:
    """The last process of a week when progress is reported: counts the week, and raises TookTooLong
    past the time limit.
    """
    _pulse.beat(town)
    if time.monotonic() > _end:
        raise TookTooLong(f"over its time limit in week {town.week}")


def limit(seconds: float | None) -> None:
    """Set how many seconds the work of this process may take from now on (None: no limit)."""
    global _end
    _end = float("inf") if seconds is None else time.monotonic() + seconds


def _join(pulse: ProgressCounter, alone: bool = False) -> None:
    """Make `pulse` the counter that this process reports to; a worker leaves Ctrl-C to the main
    process, and ends when the main process ends.
    """
    global _pulse
    _pulse = pulse
    if not alone:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    """End this worker once the process that started it has ended, in whatever way."""
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


class Here:
    """This machine: one process, or a pool of freshly started ones ('spawn': the same on Linux,
    macOS and Windows).
    """

    writes = True  # what computes can write into the folder of the results
    crew: WorkerPool | None = None  # worker pool that stays from batch to batch

    def __init__(self, workers: int = 1):
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, not {workers}")
        if workers > 1:
            check_main()
        self.places = workers

    def open(self, heard: Callable[[int], Any]) -> tuple[Executor, ProgressCounter]:
        """Return the executor and its progress counter; with one process, `heard` is called with
        the weeks after each simulated week.
        """
        if self.places == 1:
            pulse = ProgressCounter(heard=heard)
            _join(pulse, alone=True)
            return Serial(), pulse
        context = multiprocessing.get_context("spawn")
        pulse = ProgressCounter(context)
        return ProcessPoolExecutor(
            self.places, mp_context=context, initializer=_join, initargs=(pulse,)
        ), pulse

    def close(self, pool: Executor) -> None:
        """Let running work finish, and start nothing more."""
        pool.shutdown(wait=True, cancel_futures=True)

    def leave(self) -> None:
        """Do nothing: no resources are held between batches."""


class Cluster:
    """The workers of a scheduler of dask.distributed; they may share no disk with this machine."""

    writes = False
    crew: WorkerPool | None = None

    def __init__(self, address: str):
        try:
            from distributed import Client, Security
        except ImportError:
            raise fault("error.cluster_extra", at="--cluster", given=address) from None
        try:
            tls = address.startswith("tls://")  # certificates as dask's own settings name them
            self._client = Client(
                address, timeout=REACH_SECONDS, security=Security() if tls else None
            )
            self.places = 2 * max(
                1, len(self._client.scheduler_info(n_workers=-1)["workers"])
            )  # one runs, one waits
        except (OSError, ValueError, TimeoutError) as error:
            raise _out_of_reach(address, error) from None

    def open(self, _heard: Callable[[int], Any]) -> tuple[Executor, ProgressCounter]:
        """Return the executor of the client; a cluster has no progress counter and reports only
        when a cell ends.
        """
        return self._client.get_executor(pure=False, retries=RETRIES), ProgressCounter()

    def close(self, pool: Executor) -> None:
        """Cancel what has not begun; the client stays for the next batch."""
        pool.shutdown(wait=False)

    def leave(self) -> None:
        """Close the connection to the scheduler after the last batch; otherwise the client keeps
        calling a scheduler that has ended.
        """
        self._client.close()


def _out_of_reach(address: str, error: Exception) -> ScenarioError:
    return fault(
        "error.cluster",
        at="--cluster",
        given=address,
        allowed="tcp://host:8786, tls://host:8786",
        detail=str(error) or type(error).__name__,
    )


class WorkerPool:
    """Running workers: it accepts items, returns futures, and starts new workers where the pool has
    lost its own.
    """

    def __init__(self, where: Here | Cluster):
        self._where, self._before = where, 0
        self._hire()
        self.listen(lambda _weeks: None)

    def _hire(self) -> None:
        self.pool, self._pulse = self._where.open(self.tell)

    @property
    def weeks(self) -> int:
        """Weeks simulated so far by all workers, including those that have ended."""
        return self._before + self._pulse.weeks

    def listen(self, heard: Callable[[int], Any]) -> None:
        """Report to `heard` from now on, counting from 0."""
        self._heard, self._since = heard, self.weeks

    def tell(self, _weeks: int = 0) -> None:
        """Report the weeks simulated since a listener was set."""
        self._heard(self.weeks - self._since)

    def submit(self, task: Callable[[Any], Any], item: Any) -> Future:
        """Returns the future of an item; one that failed where the pool has lost its workers."""
        try:
            return self.pool.submit(task, item)
        except BrokenExecutor as error:
            future: Future = Future()
            future.set_exception(error)
            return future

    def replace(self, pool: Executor) -> None:
        """Start other workers in place of `pool`, whose workers are lost; does nothing where that
        has been done.
        """
        if pool is self.pool:
            self._before += self._pulse.weeks
            pool.shutdown(wait=False)
            self._hire()

    def dismiss(self) -> None:
        """Let all workers stop at the end of their week."""
        self._pulse.stop()
        self._where.close(self.pool)


def finished(
    where: Here | Cluster,
    task: Callable[[Any], Any],
    items: Iterable[Any],
    heard: Callable[[int], Any] = lambda _weeks: None,
) -> Iterator[tuple[Any, Future]]:
    """Yield (item, future) of every item as it finishes; `heard(weeks)` is called with the weeks
    simulated so far.

    No more items wait than there are workers, so that memory stays flat. An item whose worker was
    killed is tried once more. Where the loop is left early (Ctrl-C, an error of the caller), all
    workers are stopped first; those that are `staying` are stopped when that context ends.
    """
    crew, rest = where.crew or WorkerPool(where), ((item, True) for item in items)
    crew.listen(heard)
    again: list[tuple[Any, bool]] = []
    running: dict[Future, tuple[Any, bool, Executor]] = {}
    try:
        while True:
            for item, may_retry in islice(
                chain(_emptied(again), rest), where.places - len(running)
            ):
                running[crew.submit(task, item)] = item, may_retry, crew.pool
            if not running:
                return
            done, _ = wait(running, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            crew.tell()
            for future in done:
                item, may_retry, pool = running.pop(future)
                lost = isinstance(future.exception(), BrokenExecutor)
                if lost:
                    crew.replace(pool)
                if lost and may_retry:
                    again.append((item, False))
                else:
                    yield item, future
    finally:
        if crew is not where.crew:
            crew.dismiss()


@contextmanager
def staying(where: Here | Cluster) -> Iterator[None]:
    """Context in which the workers of `where` stay from one batch of work to the next, so that they
    start only once.
    """
    if where.crew:
        yield
        return
    crew = where.crew = WorkerPool(where)
    try:
        yield
    finally:
        where.crew = None
        crew.dismiss()


def _emptied(waiting: list[Any]) -> Iterator[Any]:
    """Take the items out one by one."""
    while waiting:
        yield waiting.pop(0)


def workers_for(cells: int, population: int) -> int:
    """Returns the default number of workers for a computation of `cells`: the number of processors,
    fewer for very large towns.
    """
    return max(1, min(os.cpu_count() or 1, cells, LARGEST_AT_ONCE // max(1, population)))
