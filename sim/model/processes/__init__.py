"""The week: an ordered, printable list of plain functions over the town. The order is itself an
assumption of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.model.processes.admission import admission
from sim.model.processes.asking import asking
from sim.model.processes.assistance import assistance
from sim.model.processes.calendar import calendar
from sim.model.processes.casework import casework
from sim.model.processes.community import community
from sim.model.processes.coordination import coordination
from sim.model.processes.crises import crises
from sim.model.processes.intake import intake
from sim.model.processes.ledger import ledger
from sim.model.processes.needs import needs
from sim.model.processes.noticing import noticing
from sim.model.processes.outreach import outreach
from sim.model.processes.population import population
from sim.model.processes.resources import resources
from sim.model.processes.workforce import workforce
from sim.model.state import State

Process = Callable[[State], None]


class Week:
    """An ordered list of (name, process). Iterating over it gives the week; `after` returns a new
    list with one process added.
    """

    def __init__(self, processes: tuple[tuple[str, Process], ...]):
        self._processes = processes

    def __iter__(self) -> Iterator[tuple[str, Process]]:
        return iter(self._processes)

    def __str__(self) -> str:
        return "\n".join(
            f"{number:2d}. {name}" for number, (name, _process) in enumerate(self._processes)
        )

    def after(self, name: str, mine: Process) -> Week:
        """Return a week in which `mine` follows the process `name`.

        Raises KeyError where the week has no process of that name, ValueError where it already has
        one with the name of `mine`.
        """
        names = [known for known, _process in self._processes]
        if mine.__name__ in names:
            raise ValueError(f"the week has a process {mine.__name__!r} already")
        if name not in names:
            raise KeyError(f"{name!r} is no process of the week: {', '.join(names)}")
        at = names.index(name) + 1
        return Week((*self._processes[:at], (mine.__name__, mine), *self._processes[at:]))


WEEK = Week(
    (
        ("calendar", calendar),  # the levers of this week; counters to zero
        ("population", population),  # ageing, moves in and out, background trend
        ("needs", needs),  # begin, spill over, surface, worsen, recover unaided
        ("crises", crises),  # events of manifest and severe needs
        ("assistance", assistance),  # public assistance begins and ends
        ("noticing", noticing),  # neighbours notice, watch over, tell
        ("asking", asking),  # households come to a window by themselves
        ("outreach", outreach),  # workers go and find; contact is kept
        ("intake", intake),  # doors: accept, route, hand on, refuse; assessment
        ("admission", admission),  # queued cases are opened by workers with hours to spare
        ("coordination", coordination),  # conferences, the hub, familiarity
        (
            "casework",
            casework,
        ),  # the hours of the week are given out; needs fall; cases close; accompaniment
        ("community", community),  # ladder of engagement, places, ties
        ("resources", resources),  # insight becomes working local resources
        ("workforce", workforce),  # exhaustion, sick leave, leaving, hiring, rotation, learning
        ("ledger", ledger),  # hours by use, quantities to be priced
    )
)
