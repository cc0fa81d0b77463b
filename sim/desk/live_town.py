"""One town that is lived step by step, can go back, and tells what a page draws of it.

It runs in a process of its own (`sim.desk.town_process`) and imports neither Mesa nor matplotlib.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared.vocabulary import AGENCY_FIELDS, WAITING, WEEKS_PER_YEAR
from sim.model.course import Course
from sim.model.transitions import stage
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

PRESENT, VACANT, SICK = range(3)


@dataclass(frozen=True)
class TownView:
    """What is drawn of a town at the end of a week.

    staff: a list a post, [group, exhaustion in percent, PRESENT, VACANT or SICK, percent of a full
    post]; doors: a list a group, [households that wait for a first consultation, cases that wait
    for support]; stages (H,): stage of each household, by household id. Groups are the desks of
    each field, and the posts that stand at no desk.
    """

    week: int
    staff: list[list[int]]
    doors: list[list[int]]
    stages: bytes


@dataclass(frozen=True)
class Passage:
    """What a town has lived through: rows of the weekly table of the town (weeks, columns), and how
    it looks at the end.
    """

    rows: np.ndarray
    view: TownView


@dataclass
class LiveTown:
    """A town with its years kept, so that it can go back.

    `started` is the pickled state at week 0 (`sim.model.course.start`), which every town of the
    same people and seed shares.
    """

    scenario: Scenario
    seed: int
    started: bytes
    course: Course = field(init=False)
    kept: dict[int, bytes] = field(init=False, default_factory=dict)
    stages: list[np.ndarray] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.course = Course(self.scenario, self.seed, state=pickle.loads(self.started))
        self._keep()

    def columns(self) -> list[str]:
        """Names of the columns of `Passage.rows`."""
        return [str(name) for name in self.course.table.columns]

    def homes(self) -> list[int]:
        """Households of each district, which have their ids one district after the other."""
        found = np.diff(self.course.state.first_home)
        return [int(count) for count in found]

    def advance(self, until: int) -> Passage:
        """Live until week `until` at most, and tell what was lived and how the town looks now."""
        before = self.course.week
        while self.course.running and self.course.week < until:
            self.course.step()
            self.stages.append(_stages(self.course.state))
            if self.course.week % WEEKS_PER_YEAR == 0:
                self._keep()
        rows = self.course.table.to_numpy(dtype=float)[before:]
        return Passage(rows, self.view())

    def go_back(self, week: int) -> int:
        """Return to the last year's end at or before `week`; years after it are forgotten. Gives the
        week in which the town is now.
        """
        year = max(at for at in self.kept if at <= max(0, week))
        self.course = pickle.loads(zlib.decompress(self.kept[year]))
        self.kept = {at: town for at, town in self.kept.items() if at <= year}
        del self.stages[year:]
        return year

    def change(self, kind: str, name: str, settings: dict[str, Any]) -> None:
        """Set a lever or add a shock from the next week on; raises ScenarioError as a file does."""
        if kind == "lever":
            self.course.set_lever(name, **settings)
        else:
            self.course.shock(name, **settings)

    def view(self) -> TownView:
        """How the town looks now."""
        state, week = self.course.state, self.course.week - 1
        return TownView(week, _staff(state, week), _doors(state), _stages(state).tobytes())

    def history(self) -> np.ndarray:
        """Stages (weeks, H) of all households by id, week by week."""
        return np.array(self.stages, dtype=np.int8).reshape(-1, self.course.state.households.rows)

    def events_of(self, household: int) -> pd.DataFrame:
        """The events of one household until now. The town is lived once more for it, since keeping
        the log of events on the way would take most of the time.
        """
        from sim.study.life import life_line  # here, since it is asked for seldom

        scenario = self.course.inputs.model_copy(update={"event_log": True})
        again = Course(scenario, self.seed, state=pickle.loads(self.started))
        again.run(until=self.course.week)
        return life_line(again.events, household)

    def _keep(self) -> None:
        packed = pickle.dumps(self.course, protocol=pickle.HIGHEST_PROTOCOL)
        self.kept[self.course.week] = zlib.compress(packed, 1)


def _stages(state: Any) -> np.ndarray:
    """Stage (H,) of every household, by its id."""
    return np.ascontiguousarray(stage(state)[state.row_of])


def _staff(state: Any, week: int) -> list[list[int]]:
    """A list for each post that exists, ordered by group."""
    workers = state.workers
    there = np.flatnonzero(workers.post > 0)
    group = _groups(state)[workers.agency]
    there = there[np.lexsort((workers.id[there], workers.duty[there], group[there]))]
    how = np.full(there.size, PRESENT)
    how[workers.sick_until[there] > week] = SICK
    how[workers.vacant_until[there] > week] = VACANT
    tired = np.rint(100 * workers.exhaustion[there]).astype(int)
    posts = np.rint(100 * workers.post[there]).astype(int)
    return np.column_stack([group[there], tired, how, posts]).tolist()


def _doors(state: Any) -> list[list[int]]:
    """Who waits in each group: households at a door, cases on a list."""
    homes, needs, group = state.households, state.needs, _groups(state)
    at_door = group[homes.door[(homes.door >= 0) & ~homes.empty]]
    cells = np.flatnonzero((needs.case == WAITING) & (needs.agency >= 0))
    listed = group[needs.agency[cells]]
    count = len(AGENCY_FIELDS) + 1
    return np.column_stack(
        [np.bincount(at_door, minlength=count), np.bincount(listed, minlength=count)]
    ).tolist()


def _groups(state: Any) -> np.ndarray:
    """The group of each agency (A,): its field, or the last one where it has none."""
    field = state.agencies.field.astype(int)
    return np.where(field < 0, len(AGENCY_FIELDS), field)
