"""Two towns with the same people and the same luck under one clock.

Town A lives as its scenario says. Town B is moved from the page. Every change is checked as lines
of a scenario file are, before a town hears of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.desk.lines import USUAL
from sim.desk.live_town import TownView
from sim.desk.town_process import TownEnded, TownHere, TownProcess, all_answered
from sim.model.changes import Change, with_lever, with_shock
from sim.scenario.scenario import Scenario, digest

if TYPE_CHECKING:
    from sim.study.loop_ledger.tables import LoopLedger

TOWNS = ("a", "b")
FRAMES = 10  # a second, at most; faster clocks live several weeks a frame
APART = 4  # weeks between pictures that are kept
SPEEDS = (1, 4, 13, 26, 52)  # weeks a second
CHANGES = {"lever": with_lever, "shock": with_shock}


@dataclass
class Planned:
    """A change of town B: `change` as the town remembers it, and what is asked of the town."""

    change: Change
    kind: str
    name: str
    settings: dict[str, Any]


@dataclass
class Side:
    """What the page knows of one town: its scenario, its process, the households of each
    district, the weeks lived (rows of the
    weekly table), its view and the changes that it has heard of; `ended` says why there is no
    process any more.
    """

    scenario: Scenario
    process: TownProcess | TownHere
    columns: list[str] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)
    view: TownView | None = None
    heard: list[Planned] = field(default_factory=list)
    ended: str = ""


class Twin:
    """The two towns, each in a process of its own (or `place`). Every method that moves them waits
    until the last one is done; who looks at both holds `moving` meanwhile.
    """

    def __init__(
        self,
        one: Scenario,
        other: Scenario,
        seed: int,
        place: type[TownProcess] | type[TownHere] = TownProcess,
    ):
        self.place = place
        self.seed, self.week, self.playing, self.speed = seed, 0, False, float(SPEEDS[1])
        self.horizon = min(one.years, other.years) * WEEKS_PER_YEAR
        self.base, self.lines = {"a": one, "b": other}, tuple(USUAL)
        self.sides: dict[str, Side] = {}
        self.planned: list[Planned] = []
        self.version = 0
        self.cuts: list[int] = []  # weeks from which on what was told holds no more
        self.ready = self.closed = False
        self.plans: dict[str, Scenario] = {}  # others that B can be shown under, by id
        self.ledger: LoopLedger | None = None  # of the comparison that the towns are arms of
        self.lesson, self.shown = "", 0  # which lesson, and how often other towns were shown
        self.keep: Callable[[Twin], None] | None = None  # is told whenever the towns have lived on
        self._started = b""
        self._starts: dict[tuple[str, int], bytes] = {}
        self.moving = asyncio.Lock()
        self._changed = asyncio.Condition()
        self._clock: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Simulate the run-in once, open both towns, and start the clock, which stands."""
        self.sides = {name: Side(self.base[name], self.place()) for name in TOWNS}
        await self._begin()
        self.ready = True
        self._clock = asyncio.create_task(self._run())
        await self._tell()

    async def show(self, one: Scenario, other: Scenario, lines: Sequence[str], lesson: str) -> None:
        """Show two other towns in place of these, from week 0 on."""
        self.playing = False
        async with self.moving:
            self.base, self.lines, self.lesson = {"a": one, "b": other}, tuple(lines), lesson
            self.horizon = min(one.years, other.years) * WEEKS_PER_YEAR
            self.week, self.planned = 0, []
            for name, side in self.sides.items():
                side.scenario = self.base[name]
                if side.ended:
                    side.process = self.place()
            await self._begin()
            self.cuts.append(0)
            self.shown += 1
        await self._tell()

    async def _begin(self) -> None:
        """Open both towns at week 0; the run-in is simulated once for towns that share it."""
        start = (digest(self.base["a"].before_policies()), self.seed)
        if start not in self._starts:
            process = self.sides["a"].process
            self._starts = {start: await process.ask("start", self.base["a"], self.seed)}
        self._started = self._starts[start]
        await all_answered(*(self._open(name) for name in TOWNS))

    async def _open(self, name: str) -> None:
        side = self.sides[name]
        given = (self.base[name], self.seed, self._started)
        side.columns, side.homes, side.view = await side.process.ask("open", *given)
        side.rows, side.heard, side.ended = [], [], ""

    async def close(self) -> None:
        """Stop the clock and end both processes; nothing where that has been done."""
        if self.closed:
            return
        self.closed, self.playing = True, False
        await self._tell()
        if self._clock is not None:
            self._clock.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._clock
        for side in self.sides.values():
            await asyncio.to_thread(side.process.end)

    async def play(self, playing: bool, speed: float | None = None) -> None:
        """Let the clock run or stand; `speed` in weeks a second."""
        self.playing = playing and self.ready and self.week < self.horizon
        self.speed = self.speed if speed is None else speed
        await self._tell()

    async def step(self, weeks: int) -> None:
        """Live some weeks, clock standing."""
        self.playing = False
        async with self.moving:
            await self._live(self.week + weeks)
        await self._tell()

    async def go_to(self, week: int) -> None:
        """Go to a week: back by the years kept, forward by living. Changes of B that come later
        than `week` stand ready and happen when their week comes.
        """
        self.playing = False
        async with self.moving:
            await self._go_to(week)
        await self._tell()

    async def set_lever(self, lever: str, settings: dict[str, Any]) -> None:
        """Set a lever of B from this week on; raises ScenarioError for what a file may not say.
        What stood ready for later is forgotten: the towns go on from here.
        """
        await self._change("lever", lever, settings)

    async def add_shock(self, kind: str, settings: dict[str, Any]) -> None:
        """A shock in both towns, from this week on; raises as `set_lever` does."""
        await self._change("shock", kind, settings)

    async def _change(self, kind: str, name: str, settings: dict[str, Any]) -> None:
        """Note a change of this week, after those before it; the towns hear of it when they live on.
        Nothing is forgotten where it is refused.
        """
        async with self.moving:
            before = [one for one in self.planned if one.change.week <= self.week]
            scenario, change = CHANGES[kind](self._b_with(before), name, settings, self.week)
            self.planned = [*before, Planned(change, kind, name, settings)]
            self.sides["b"].scenario = scenario
        await self._tell()

    async def undo(self) -> None:
        """Take back the last change: the towns go to its week, and live on as if it had not been."""
        self.playing = False
        async with self.moving:
            if not self.planned:
                return
            now = self.week
            last = self.planned.pop()
            self.sides["b"].scenario = self.scenario_of_b()
            if last.change.week < now:
                await self._go_to(last.change.week)
                await self._live(now)
        await self._tell()

    def scenario_of_b(self) -> Scenario:
        """The scenario of B with all changes that have happened or stand ready."""
        return self._b_with(self.planned)

    def _b_with(self, changes: Sequence[Planned]) -> Scenario:
        scenario = self.base["b"]
        for one in changes:
            scenario = CHANGES[one.kind](scenario, one.name, one.settings, one.change.week)[0]
        return scenario

    async def wait_for_news(self, known: int, seconds: float) -> bool:
        """Wait until there is something newer than version `known`; false after `seconds`."""
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: self.closed or self.version != known), seconds
                )
        return self.version != known

    async def revive(self) -> None:
        """Start the process of a town that has ended anew, and live to where the other one is."""
        self.playing = False
        async with self.moving:
            now = self.week
            for name, side in self.sides.items():
                if side.ended:
                    await asyncio.to_thread(side.process.end)
                    side.process = self.place()
                    await self._open(name)
                    await self._live_alone(name, 0, now)
            self.cuts.append(0)
        await self._tell()

    async def _go_to(self, week: int) -> None:
        week = min(max(0, week), self.horizon)
        if week > self.week:
            await self._live(week)
        elif week < self.week:
            for name, side in self.sides.items():
                reached = await self._ask(name, "go_back", week)
                if reached is not None:
                    del side.rows[reached:]
                    side.heard = [one for one in side.heard if one.change.week < reached]
                    await self._live_alone(name, reached, week)
            self.week = week
            self.cuts.append(week)

    async def _live(self, until: int) -> None:
        """Both towns live to a week; they do so at the same time. Who keeps pictures is told of every
        APART weeks.
        """
        until = min(until, self.horizon)
        while self.week < until:
            week = self.week
            to = until if self.keep is None else min(until, week - week % APART + APART)
            await all_answered(*(self._live_alone(name, week, to) for name in TOWNS))
            self.week = to
            if self.keep is not None:
                self.keep(self)
        self.playing = self.playing and self.week < self.horizon

    async def _live_alone(self, name: str, week: int, until: int) -> None:
        """One town lives from `week` to `until`, and hears of each change in its week."""
        side = self.sides[name]
        mine = [one for one in self.planned if name == "b" or one.kind == "shock"]
        edges = {one.change.week for one in mine if week < one.change.week < until}
        for at in sorted({*edges, until}):
            for one in mine:
                if one.change.week == week < at and one not in side.heard:
                    await self._ask(name, "change", one.kind, one.name, one.settings)
                    side.heard.append(one)
            await self._lived(name, at)
            week = at

    async def _lived(self, name: str, until: int) -> None:
        passage = await self._ask(name, "advance", until)
        if passage is not None:
            self.sides[name].rows.extend(passage.rows)
            self.sides[name].view = passage.view

    async def ask_both(self, what: str, *given: Any) -> list[Any]:
        """What both towns answer, None of one that has ended. Who asks holds `moving`."""
        return await all_answered(*(self._ask(name, what, *given) for name in TOWNS))

    async def _ask(self, name: str, what: str, *given: Any) -> Any:
        """What a town answers; None where it has ended, which is noted."""
        side = self.sides[name]
        if side.ended:
            return None
        try:
            return await side.process.ask(what, *given)
        except TownEnded as error:
            side.ended, self.playing = str(error), False
            return None

    async def _run(self) -> None:
        """The clock."""
        loop = asyncio.get_running_loop()
        while not self.closed:
            began = loop.time()
            weeks = max(1, math.ceil(self.speed / FRAMES))
            if self.playing:
                async with self.moving:
                    await self._live(self.week + weeks)
                await self._tell()
                await asyncio.sleep(max(0.0, weeks / self.speed - (loop.time() - began)))
            else:
                await self.wait_for_news(self.version, 1.0)

    async def _tell(self) -> None:
        async with self._changed:
            self.version += 1
            self._changed.notify_all()
