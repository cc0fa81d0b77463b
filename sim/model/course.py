"""A town's run through time: it simulates the weeks in order, records them, and accepts changes on
the way.

This module does not import Mesa, so that workers start quickly.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.declared.vocabulary import STAGES, WEEKS_PER_YEAR
from sim.model.changes import Change, calendar_of, check_fork, with_lever, with_shock
from sim.model.event_log import EventLog
from sim.model.households import simulate_own
from sim.model.own_week import moves_dates, week_of
from sim.model.recorder import Recorder
from sim.model.start import build, take_up
from sim.model.state import State
from sim.model.transitions import stage
from sim.scenario.load import load
from sim.scenario.scenario import Scenario, digest
from sim.scenario.scenario_card import scenario_card
from sim.words import Phrase, language, say
from sim.words.card import card, few, in_words
from sim.words.errors import fault

if TYPE_CHECKING:
    import pandas as pd

Process = Callable[[State], None]


class Course:
    """One municipality under one scenario with one seed; `step` simulates one week.

    `inputs` is the scenario and `state` the arrays. Pass `state` to continue from it; it is changed
    in place and must come from `inputs` or from the same town before any policy
    (`pickle.loads(start(inputs, seed))`). Without it the town is built from scenario and seed. In
    both cases the remaining run-in weeks are simulated first and not recorded. `week_order`
    replaces the processes of a week: an iterable of (name, function).

    Raises ValueError for a state of another scenario.
    """

    def __init__(
        self,
        inputs: Scenario,
        seed: int = 1,
        state: State | None = None,
        week_order: Iterable[tuple[str, Process]] | None = None,
    ):
        self.inputs = inputs
        self.history: tuple[Change, ...] = ()
        self.state = build(inputs.before_policies(), int(seed)) if state is None else state
        week = week_of(inputs) if week_order is None else week_order
        self.week_order = tuple(
            (name, process) for name, process in week if name not in inputs.switched_off
        )
        if self.state.scenario != inputs and digest(self.state.scenario) not in map(
            digest, (inputs, inputs.before_policies())
        ):
            raise ValueError(
                f"the state given is a town of scenario {self.state.scenario.id!r}, not of {inputs.id!r}"
            )
        self._own = {name for name, process in self.week_order if moves_dates(name, process)}
        self._log: EventLog | None = None
        while self.week < 0:
            self._live()
        take_up(self.state, inputs)
        self._recorder = Recorder(self.state)
        if inputs.event_log:
            self._log = EventLog(self.state, self.week_order)
        self.running = self.week < self.horizon

    def __setstate__(self, kept: dict[str, Any]) -> None:
        vars(self).update(kept)
        if self._log is not None:
            self._log.resume(self.state, self.week_order)

    def __repr__(self) -> str:
        changes = f", changes: {len(self.history)}" if self.history else ""
        return f"<{type(self).__name__} {self.inputs.id!r}, seed {self.seed}, week {self.week} of {self.horizon}{changes}>"

    def _repr_html_(self) -> str:
        rows = [*of_town(self.inputs, self.state, self.history), *scenario_card(self.inputs)]
        return card(getattr(self.inputs.name, language()), rows, say("card.model"))

    @property
    def seed(self) -> int:
        """The seed of all random numbers of this town."""
        return self.state.streams.seed

    @property
    def horizon(self) -> int:
        """Number of weeks of the run."""
        return self.inputs.years * WEEKS_PER_YEAR

    @property
    def week(self) -> int:
        """The week that the next step simulates; week 0 starts on 1 April of the start year."""
        return self.state.week

    @property
    def table(self) -> pd.DataFrame:
        """The weekly table of the town, one row per recorded week."""
        return self._recorder.frame()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All weekly tables by name: "town" with a row per week, and "field", "district" and
        "agency" with a row per week and field, district or agency.
        """
        return {
            name: self._recorder.frame(name) for name in ("town", "field", "district", "agency")
        }

    @property
    def events(self) -> pd.DataFrame:
        """The event log: one row per event of a household (`sim.model.event_log.COLUMNS`).

        Raises ValueError unless the scenario has `event_log = true`.
        """
        if self._log is None:
            raise ValueError("no events are kept: set event_log = true in the scenario")
        return self._log.frame()

    def step(self) -> None:
        """Simulate one week, processes in order; past the horizon nothing happens."""
        if self.week < self.horizon:
            self._live(self._recorder.record)
        if self.week >= self.horizon:
            self.running = False

    def _live(self, at_end: Process = lambda _state: None) -> None:
        for name, process in self.week_order:
            try:
                if name in self._own:
                    simulate_own(process, self.state)
                else:
                    process(self.state)
            except Exception as error:
                error.add_note(f"in the process {name!r}, week {self.week}")
                raise
            if self._log is not None:
                self._log.look(self.state, name)
        at_end(self.state)
        self.state.week += 1

    def fork(self, scenario: Scenario | str | Path | None = None) -> Self:
        """Copy this town as it stands and let the copy go on under `scenario` (its own if None).

        The copy has the same seed, random numbers and recorded weeks. What `scenario` has begun by
        now holds from the next week on. This town stays as it is.

        Example: `other = town.fork("policy.toml")`.

        Raises ScenarioError where the scenario's town differs at the start (people, organisation,
        parameters, run-in) or its years are over.
        """
        inputs = self.inputs if scenario is None else as_scenario(scenario)
        check_fork(self.inputs, inputs, self.week)
        town = copy.deepcopy(self)
        town._go_on(
            inputs,
            Change(self.week, calendar_of(inputs).first_day(self.week), "fork", inputs.id, {}),
        )
        return town

    def set_lever(self, lever: str, /, **settings: Any) -> Change:
        """Set a lever from the next week on, as a scenario file does: `town.set_lever("outreach",
        fte=2)`.

        `start` (a date, or a week of the run), `ramp_months` and `end` may be given as in a file.
        Returns the change, which `history` keeps. Raises ScenarioError for what a scenario file
        would not accept either, and for weeks that are already simulated.
        """
        return self._changed(with_lever, lever, settings)

    def shock(self, kind: str, /, **settings: Any) -> Change:
        """Add a shock in the next week, or at a date: `town.shock("disaster", at="2027-07-01",
        size=0.2)`.

        Returns the change and raises as `set_lever` does.
        """
        return self._changed(with_shock, kind, settings)

    def _changed(
        self, change: Callable[..., tuple[Scenario, Change]], name: str, settings: dict[str, Any]
    ) -> Change:
        if self.week >= self.horizon:
            raise fault("error.over", at=name, file=self.inputs.id)
        inputs, made = change(self.inputs, name, settings, self.week)
        self._go_on(inputs, made)
        return made

    def _go_on(self, inputs: Scenario, change: Change) -> None:
        """Continue under `inputs` from the next week on."""
        self.inputs, self.history = inputs, (*self.history, change)
        take_up(self.state, inputs)
        if not inputs.event_log:
            self._log = None
        elif self._log is None:
            self._log = EventLog(self.state, self.week_order)
        else:
            self._log.renumbered(self.state)
        self.running = self.week < self.horizon

    def run(
        self, progress: Callable[[int, int], Any] | None = None, until: int | None = None
    ) -> pd.DataFrame:
        """Simulate to the horizon, or until week `until`, and return the weekly table.

        `progress(week, horizon)` is called after each week. Example: `table = town.run()`.
        """
        while self.running and (until is None or self.week < until):
            self.step()
            if progress is not None:
                progress(self.week, self.horizon)
        return self.table


def as_scenario(
    given: Scenario | str | Path, overrides: Mapping[str, Any] | None = None
) -> Scenario:
    """Return a scenario, loading it where a file is given.

    Raises ScenarioError where `overrides` are given for a scenario that is already loaded.
    """
    if not isinstance(given, Scenario):
        return load(given, overrides=dict(overrides or {}))
    if overrides:
        raise fault("error.overrides_on_scenario", at=next(iter(overrides)), file=given.id)
    return given


def of_town(
    scenario: Scenario, state: State, history: Sequence[Change]
) -> list[tuple[Phrase, Any]]:
    """Describe the present state of a town for its card: week, seed, number of households and
    residents, households by stage, and the changes made on the way.
    """
    calendar, weeks, week = calendar_of(scenario), scenario.years * WEEKS_PER_YEAR, state.week
    living = np.count_nonzero((state.residents.age >= 0) & ~state.residents.away)
    rows = np.flatnonzero(~state.households.empty)
    count = np.bincount(stage(state, rows), minlength=len(STAGES))
    now = {"date": calendar.first_day(week), "week": week, "weeks": weeks}
    return [
        (Phrase("card.week"), Phrase("card.over" if week >= weeks else "card.week_of", now)),
        (Phrase("card.seed_of"), str(state.streams.seed)),
        (
            Phrase("card.here"),
            Phrase("card.numbers", {"households": f"{rows.size:,}", "residents": f"{living:,}"}),
        ),
        (
            Phrase("card.stages"),
            Phrase("card.by_stage", {name: f"{count[at]:,}" for at, name in enumerate(STAGES)}),
        ),
        (
            Phrase("card.changes"),
            few([f"{change.date} {in_words(change.said)}" for change in history]),
        ),
    ]


def start(scenario: Scenario, seed: int) -> bytes:
    """Simulate the run-in of a town and return its state at week 0, pickled.

    All scenarios with the same `before_policies` share this state: `Course(other, seed,
    state=pickle.loads(start))` continues from it.
    """
    return pickle.dumps(
        Course(scenario.before_policies(), seed).state, protocol=pickle.HIGHEST_PROTOCOL
    )
