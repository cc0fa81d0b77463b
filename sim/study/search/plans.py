"""Plans: what an amount of money a year is spent on, as settings of levers, and what it costs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.declared.levers import Practice
from sim.economics.book import PriceBook
from sim.scenario.scenario import Scenario
from sim.scenario.study_lines import SearchLines, SettingRange
from sim.study.budget import planned_beyond
from sim.words.errors import ScenarioError, fault

NOTHING, BENCHMARK, CORNER, DRAWN, NEAR = "nothing", "benchmark", "corner", "drawn", "near"
ROUNDING = 1e-6  # of an amount of money


@dataclass(frozen=True)
class PlanAxis:
    """One setting that plans may use, and its values in order; the first one, where it is no amount
    above 0, means that it is not used. An amount comes on top of the `standing` one.
    """

    lever: str
    setting: str
    range: SettingRange
    standing: float = 0.0

    @property
    def name(self) -> str:
        """The setting by dotted name."""
        return f"{self.lever}.{self.setting}"

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """Its values in order."""
        return self.range.values

    def settings(self, value: Any) -> dict[str, Any]:
        """Returns the settings by dotted name with which it has a value; none where it is not used."""
        unused = not value if self.range.high is not None else value == self.values[0]
        if unused:
            return {}
        own = {f"{self.lever}.{name}": one for name, one in self.range.together.items()}
        beyond = self.standing and self.range.high is not None
        return {self.name: f"+{value:.9g}" if beyond else value, **own}


@dataclass(frozen=True)
class SpendingPlan:
    """What is done: `values` has one value an axis, in the order of the axes; `origin` says how the
    plan came about.
    """

    axes: tuple[PlanAxis, ...]
    values: tuple[Any, ...]
    origin: str

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings of levers that it makes, by dotted name."""
        pairs = zip(self.axes, self.values, strict=True)
        return {name: one for axis, value in pairs for name, one in axis.settings(value).items()}

    @property
    def used(self) -> dict[str, Any]:
        """The axes that it uses, with their values."""
        pairs = zip(self.axes, self.values, strict=True)
        return {axis.name: value for axis, value in pairs if axis.settings(value)}

    @cached_property
    def id(self) -> str:
        """A short name that follows from its settings alone."""
        text = json.dumps(self.settings, sort_keys=True, default=float)
        return f"p{hashlib.sha256(text.encode()).hexdigest()[:7]}"


Loader = Callable[[Mapping[str, Any]], Scenario]  # the town with settings by dotted name laid over


@dataclass
class PlanSpace:
    """The plans that may be: axes, the money, and what each costs by the price book.

    `load` gives the scenario with a plan's settings; what the town costs without any plan is taken
    off.
    """

    lines: SearchLines
    load: Loader
    book: PriceBook
    file: str

    def __post_init__(self) -> None:
        practice = self.load({}).organisation.practice
        self.axes = tuple(
            PlanAxis(lever, name, one, standing_amount(practice, lever, name))
            for lever, inner in self.lines.levers.items()
            for name, one in inner.items()
        )
        self.nothing = SpendingPlan(
            self.axes, tuple(self._unused(axis) for axis in self.axes), NOTHING
        )
        self._scenarios: dict[str, Scenario | None] = {}
        self._costs: dict[str, float] = {}

    def _unused(self, axis: PlanAxis) -> Any:
        return 0.0 if axis.range.high is not None else axis.values[0]

    @property
    def money(self) -> float:
        """Yen a year."""
        return self.lines.money

    def scenario(self, plan: SpendingPlan) -> Scenario:
        """Returns the town with a plan; raises ScenarioError where such a plan cannot be."""
        if plan.id not in self._scenarios:
            settings = {f"levers.{name}": value for name, value in plan.settings.items()}
            self._scenarios[plan.id] = self.load(settings)
        found = self._scenarios[plan.id]
        assert found is not None
        return found

    def can_be(self, plan: SpendingPlan) -> bool:
        """Whether the settings of a plan go together."""
        try:
            self.scenario(plan)
        except ScenarioError:
            return False
        return True

    def price(self, plans: Sequence[SpendingPlan]) -> None:
        """Work out what plans that can be cost, all at once; others are passed over."""
        new = {plan.id: plan for plan in plans if plan.id not in self._costs}
        scenarios = {id: self.scenario(plan) for id, plan in new.items() if self.can_be(plan)}
        self._costs |= planned_beyond(scenarios, self.scenario(self.nothing), self.book)

    def cost(self, plan: SpendingPlan) -> float:
        """Returns what a plan is planned to cost more than none, yen a year."""
        if plan.id == self.nothing.id:
            return 0.0
        self.price([plan])
        return self._costs[plan.id]

    def alone(self, place: int, value: Any, origin: str) -> SpendingPlan:
        """Returns the plan that uses one axis alone."""
        values = list(self.nothing.values)
        values[place] = value
        return SpendingPlan(self.axes, tuple(values), origin)

    @cached_property
    def prices(self) -> np.ndarray:
        """What one unit of each amount costs, yen a year (0 for what costs hours and no money), and
        NaN for choices.
        """
        most = {
            place: axis.range.high
            for place, axis in enumerate(self.axes)
            if axis.range.high is not None
        }
        plans = {place: self.alone(place, high, DRAWN) for place, high in most.items()}
        for plan in plans.values():
            self.scenario(plan)  # refuses a value that its setting may not have
        self.price([*plans.values()])
        found = np.full(len(self.axes), np.nan)
        for place, plan in plans.items():
            found[place] = self.cost(plan) / most[place] if most[place] else 0.0
        return found

    @cached_property
    def priced(self) -> tuple[int, ...]:
        """Places of the amounts that cost money; refuses a file in which nothing does."""
        found = tuple(int(at) for at in np.flatnonzero(self.prices > 0))
        if not found:
            raise fault("search.nothing_priced", at="search.levers", file=self.file)
        return found

    @cached_property
    def free(self) -> tuple[int, ...]:
        """Places of all other axes."""
        return tuple(place for place in range(len(self.axes)) if place not in self.priced)

    def spends_enough(self, plan: SpendingPlan) -> bool:
        """Whether a plan can be and spends the amount, and no more."""
        if not self.can_be(plan):
            return False
        least = self.lines.least_spent * self.money
        return least - ROUNDING * self.money <= self.cost(plan) <= self.money * (1 + ROUNDING)

    def most(self, place: int, money: float, beyond: bool = False) -> float:
        """Returns how much of an amount so much money buys, in whole steps, at most its highest
        value unless it may go `beyond` it.
        """
        one = self.axes[place].range
        assert one.high is not None
        steps = np.floor((money / self.prices[place] - one.low) / one.step + ROUNDING)
        value = one.low + max(steps, 0.0) * one.step
        return float(round(value if beyond else min(value, self.axes[place].values[-1]), 9))

    def benchmark(self) -> SpendingPlan | None:
        """Returns the plan that spends all the money on the benchmark; None where none is named."""
        names = [axis.name for axis in self.axes]
        if not self.lines.benchmark:
            return None
        place = names.index(self.lines.benchmark)
        if place not in self.priced:
            given = self.lines.benchmark
            raise fault("search.benchmark_free", at="search.benchmark", file=self.file, given=given)
        return self.alone(place, self.most(place, self.money, beyond=True), BENCHMARK)


def standing_amount(practice: Practice, lever: str, name: str) -> float:
    """Returns the amount of a setting that an organisation has anyhow; 0 where it is no amount."""
    value = getattr(getattr(practice, lever), name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def once(plans: Sequence[SpendingPlan]) -> list[SpendingPlan]:
    """Returns plans in order, those with the same settings once."""
    return list({plan.id: plan for plan in reversed(plans)}.values())[::-1]
