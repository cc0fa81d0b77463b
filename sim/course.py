"""The course of a town: its weeks in order, and what is recorded of them. No Mesa here, so that workers start quickly."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .build import build, take_up
from .events import EventLog
from .processes import WEEK
from .recorder import Recorder
from .scenario.digest import digest
from .scenario.scenario import Scenario
from .state import State
from .streams import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

Process = Callable[[State], None]


class Course:
    """One municipality under one scenario with one seed; `step` lives a week.

    `inputs` is the scenario and `state` the arrays. A `state` given is lived on in place: one of `inputs`, or of the same town
    before any policy (what `start` gives). Otherwise the town is built from scenario and seed. Either lives what is left of
    its run-in first, unrecorded. `week_order` replaces the order of a week: pairs of name and function.
    """

    def __init__(self, inputs: Scenario, seed: int = 1, state: State | None = None,
                 week_order: Iterable[tuple[str, Process]] | None = None):
        self.inputs = inputs
        self.state = build(inputs.before_policies(), int(seed)) if state is None else state
        week = WEEK if week_order is None else week_order
        self.week_order = tuple((name, process) for name, process in week if name not in inputs.switched_off)
        if self.state.scenario != inputs and digest(self.state.scenario) not in map(digest, (inputs, inputs.before_policies())):
            raise ValueError(f"the state given is a town of scenario {self.state.scenario.id!r}, not of {inputs.id!r}")
        self.horizon = inputs.years * WEEKS_PER_YEAR
        self._log: EventLog | None = None
        while self.week < 0:
            self._live()
        take_up(self.state, inputs)
        self._recorder = Recorder(self.state)
        if inputs.event_log:
            self._log = EventLog(self.state, self.week_order)
        self.running = self.week < self.horizon

    @property
    def week(self) -> int:
        """The week that the next step lives; 0 starts on 1 April of the start year."""
        return self.state.week

    @property
    def table(self) -> pd.DataFrame:
        """What was recorded of the town, a row a week."""
        return self._recorder.frame()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What was recorded by week of the town, and by week and field, district or agency."""
        return {name: self._recorder.frame(name) for name in ("town", "field", "district", "agency")}

    @property
    def events(self) -> pd.DataFrame:
        """What has happened to which household, a row an event (`sim.events.COLUMNS`); needs `event_log = true`."""
        if self._log is None:
            raise ValueError("no events are kept: set event_log = true in the scenario")
        return self._log.frame()

    def step(self) -> None:
        """Live one week, in order; past the horizon nothing happens."""
        if self.week < self.horizon:
            self._live(self._recorder.record)
        if self.week >= self.horizon:
            self.running = False

    def _live(self, at_end: Process = lambda _state: None) -> None:
        for name, process in self.week_order:
            process(self.state)
            if self._log is not None:
                self._log.look(self.state, name)
        at_end(self.state)
        self.state.week += 1

    def run(self, progress: Callable[[int, int], Any] | None = None) -> pd.DataFrame:
        """Live to the horizon and return the table; `progress(week, horizon)` is called after each week."""
        while self.running:
            self.step()
            if progress is not None:
                progress(self.week, self.horizon)
        return self.table


def start(scenario: Scenario, seed: int) -> bytes:
    """A town at week 0, its run-in lived, packed: what all scenarios with the same `before_policies` share.

    `Course(other, seed, state=pickle.loads(start))` forks off it.
    """
    return pickle.dumps(Course(scenario.before_policies(), seed).state, protocol=pickle.HIGHEST_PROTOCOL)
