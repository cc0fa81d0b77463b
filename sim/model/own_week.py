"""The week of a scenario: the processes of the model, and those of a user's own that it brings."""

from __future__ import annotations

import sys
from typing import Any

from sim.model.processes import WEEK, Week
from sim.model.state import State
from sim.scenario.own_code import OwnProcess, module_of
from sim.scenario.scenario import Scenario
from sim.words.errors import fault, unknown

DATED_BY = ("residents.age", "households.frailty", "needs.susceptibility")


def writes_of(process: Any) -> tuple[str, ...] | None:
    """Returns what a process may write, by the WRITES of its module; None where it declares none."""
    return getattr(sys.modules.get(getattr(process, "__module__", "")), "WRITES", None)


def moves_dates(name: str, process: Any) -> bool:
    """Whether a process may change what the dates of events to come depend on, and does not see to
    them itself, as those of the model do.
    """
    writes = writes_of(process)
    return dict(WEEK).get(name) is not getattr(process, "process", process) and (
        writes is None
        or any(f"{one.split('.')[0]}.*" in writes or one in writes for one in DATED_BY)
    )


class OwnStep:
    """A user's own process as a process of the week; it is pickled with its code."""

    def __init__(self, process: OwnProcess):
        module = module_of(process)
        self._process, self._function = process, getattr(module, process.function)
        self.__name__, self.__module__ = process.function, module.__name__

    def __call__(self, town: State) -> None:
        """Run the function on the town."""
        self._function(town)

    def __reduce__(self) -> tuple[type[OwnStep], tuple[OwnProcess]]:
        return OwnStep, (self._process,)


def week_of(scenario: Scenario) -> Week:
    """Returns the processes of a week in their order; those of a user's own follow the process that
    their file names, or end the week.

    Raises ScenarioError where a file names no process of the week, or has a name of one.
    """
    week, names = WEEK, [name for name, _process in WEEK]
    for one in reversed(scenario.processes):
        after = one.after or names[-1]
        if after not in names:
            raise unknown("error.own_place", after, names, at="AFTER", file=one.file)
        if one.function in names:
            raise fault("error.own_named", at="processes", file=one.file, given=one.function)
        week = week.after(after, OwnStep(one))
    return week
