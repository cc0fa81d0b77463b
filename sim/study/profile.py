"""How much CPU time a town takes: its start, each process of the week, and the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

START, REST = "start", "rest"  # the start with its run-in; records and what is between processes
Cpu = dict[str, float]  # CPU seconds by name, in the order of the week


class Timed:
    """A process of the week that adds the CPU seconds it takes to `cpu`."""

    def __init__(self, name: str, process: Callable[[Any], None], cpu: Cpu):
        self._name, self.process, self._cpu = name, process, cpu
        self.__module__ = process.__module__
        cpu[name] = 0.0

    def __call__(self, town: Any) -> None:
        """Run the process."""
        begun = time.thread_time()
        self.process(town)
        self._cpu[self._name] += time.thread_time() - begun


def timed(week: Iterable[tuple[str, Callable[[Any], None]]], cpu: Cpu) -> list[tuple[str, Timed]]:
    """Returns the processes of a week, each of which adds its CPU seconds to `cpu`."""
    return [(name, Timed(name, process, cpu)) for name, process in week]


def spent(cpu: Cpu, name: str, work: Callable[[], Any]) -> Any:
    """Returns what `work` gives; the CPU seconds it takes, less those that it adds to `cpu` itself,
    are added under `name`.
    """
    before, begun = sum(cpu.values()), time.thread_time()
    result = work()
    took = time.thread_time() - begun - (sum(cpu.values()) - before)
    cpu[name] = cpu.get(name, 0.0) + took
    return result


def summed_cpu(one: Cpu, other: Cpu) -> Cpu:
    """Returns the sum of two."""
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in {**one, **other}}
