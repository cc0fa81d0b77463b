"""Town: the model class that Mesa, its tools and a user's script work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Number
from pathlib import Path
from typing import Any, NoReturn

import mesa
import numpy as np

from sim.model.agents import (
    Agency,
    Household,
    Population,
    Resident,
    WeeklyTable,
    Worker,
    posts_filled,
    present,
)
from sim.model.course import Course, Process, as_scenario, start
from sim.model.state import State
from sim.model.streams import fresh_seed
from sim.scenario.scenario import Scenario
from sim.scenario.seeds import seed_of
from sim.words.errors import fault

__all__ = ["Process", "Town", "start"]


class Town(Course, mesa.Model):
    """One municipality under one scenario with one seed; `step` simulates one week.

    Example: `town = Town("scenario.toml", seed=1); table = town.run()`.

    `inputs` is a scenario or its file; `overrides`, or further keyword arguments by dotted key,
    replace values of the file as in `load`. `seed`, or `rng` as Mesa calls it, is a whole number;
    without one the town picks a fresh seed, as Mesa's models do, and keeps it as `seed`. Pass
    `state` to continue from it; it is changed in place and must come from `inputs` or from the same
    town before any policy (`pickle.loads(start(inputs, seed))`). Without it the town is built from
    scenario and seed. In both cases the remaining run-in weeks are simulated first and not
    recorded. `week_order` replaces the processes of a week: an iterable of (name, function).

    The attribute `inputs` is the scenario and `state` the arrays (Mesa owns the names `scenario`,
    `steps` and `time`). `datacollector` is the weekly table as Mesa's tools read it.

    Raises ScenarioError for files, values and seeds that a user can correct, ValueError for a state
    of another scenario.
    """

    def __init__(
        self,
        inputs: Scenario | str | Path,
        seed: int | None = None,
        state: State | None = None,
        week_order: Iterable[tuple[str, Process]] | None = None,
        *,
        rng: Any = None,
        overrides: Mapping[str, Any] | None = None,
        **more: Any,
    ):
        seed = chosen_seed(seed, rng, state)
        mesa.Model.__init__(self, rng=seed)
        Course.__init__(
            self, as_scenario(inputs, {**(overrides or {}), **more}), seed, state, week_order
        )
        self.datacollector = WeeklyTable(self._recorder)

    @property
    def residents(self) -> Population:
        """Everyone who lives here this week."""
        return Population(self, Resident, np.flatnonzero(present(self.state)))

    @property
    def households(self) -> Population:
        """Households that live here this week: not the rows left empty."""
        return Population(self, Household, np.flatnonzero(~self.state.households.empty))

    @property
    def workers(self) -> Population:
        """Workers who hold a post this week, those on leave included."""
        return Population(self, Worker, np.flatnonzero(posts_filled(self.state)))

    @property
    def agencies(self) -> Population:
        """All agencies, including the hub and the community team."""
        return Population(self, Agency, np.arange(self.state.agencies.rows))

    @property
    def agents(self) -> Population:
        """Residents, households, workers and agencies as one set."""
        return Population.joined(*self.agents_by_type.values())

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Population]:
        """The four populations by class."""
        return {
            Resident: self.residents,
            Household: self.households,
            Worker: self.workers,
            Agency: self.agencies,
        }

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The four classes of agent."""
        return [Resident, Household, Worker, Agency]

    def register_agent(self, agent: mesa.Agent) -> NoReturn:
        """Raise TypeError: residents, households, workers and agencies are rows of `state`."""
        raise TypeError(
            f"a Town keeps its agents as rows of arrays and cannot take in a {type(agent).__name__}"
        )


def chosen_seed(seed: Any, rng: Any, state: State | None) -> int:
    """Choose the seed: `seed` or `rng` if given, else that of the state, else a fresh one.

    Raises ScenarioError where two of them disagree.
    """
    if seed is not None and rng is not None:
        raise fault("error.seed_twice", at="rng", given=rng)
    if rng is not None:
        seed = seed_of(rng, "rng") if isinstance(rng, Number | str) else fresh_seed(rng)
    if seed is None:
        return fresh_seed() if state is None else state.streams.seed
    seed = seed_of(seed)
    if state is not None and state.streams.seed != seed:
        raise fault("error.seed_of_state", at="seed", given=seed, seed=state.streams.seed)
    return seed
