"""The state of a town at one moment: its tables, and the indexes by which their rows are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared.tables import (
    Agencies,
    Districts,
    Households,
    Needs,
    Residents,
    Table,
    Ties,
    Workers,
)
from sim.declared.vocabulary import FIELDS, NEVER, STAYS, F
from sim.model.flows import Flows
from sim.model.kept import ROUND
from sim.model.struct import struct_of
from sim.model.town_records import HELD, PLACED_FLOWS, arrays_of

if TYPE_CHECKING:
    from sim.model.households import Makeup
    from sim.model.streams import Streams
    from sim.scenario.scenario import Scenario


class Stays:
    """People in institutions by kind of stay: `now` (n,) is today's count, `ends` lists those who
    leave by week.
    """

    def __init__(self):
        self.now = np.zeros(len(STAYS))
        self.ends: dict[int, np.ndarray] = {}

    def begin(self, kind: int, week: int, people: int, weeks: int) -> None:
        """`people` enter an institution for `weeks`."""
        if people:
            self.now[kind] += people
            self.ends.setdefault(week + weeks, np.zeros(len(STAYS)))[kind] += people

    def end(self, week: int) -> None:
        """Let those leave whose stay ends in `week`."""
        self.now -= self.ends.pop(week, 0.0)


class Commons:
    """Local resources: insight and hours in hand, permits for trials, trials under way (week due,
    number, chance), and working resources.
    """

    def __init__(self):
        self.insight = self.hours = self.permits = self.lost = 0.0
        self.working = self.begun = 0
        self.maturing: list[tuple[int, int, float]] = []


class State:
    """The state of a town at one moment: tables hold the rows, the other attributes index and count
    them.

    `row_of` (H,): household id -> row; `id_of` (H,): row -> household id, in an array of its own;
        `in_order` is true where each id equals its row.
    `first_home` (D+1,): households of district d have the ids `first_home[d]:first_home[d+1]`.
    `tie_start` (H+1,), `tie_edges`: the ties of row h, live or not, are
        `tie_edges[tie_start[h]:tie_start[h+1]]`.
    `most_acquaintances`: the largest number of ties, live or not, of a household.
    `beat` (H,): resident slot of the household's commissioner, -1 none; `post` (H,): its seat;
        `seats` (P,): first household id of the beat of each seat; `beat_homes` (P,): its households.
    `recruits_start` (D,): residents among whom commissioners are looked for, at the start.
    `desk` (4, D, LOTS): agency row that serves a field in a district, by lot.
    `familiarity` (A, A): how well two agencies know each other, 0-1.
    `held` (links, places): what holds the links of loops (`sim.model.links`); nothing in ordinary runs.
    `worker_start` (A+1,): workers of agency a are the rows `worker_start[a]:worker_start[a+1]`.
    `flows`: this week's counters by column of the weekly table.
    `onset_share` (F,): share of onset by field, 0 where the field is off.
    `eligible_share` (F,): share of households that can bear a need of the field, as the margins of
        the town imply.
    `susceptibility_scale` (F,): factor that brings the mean susceptibility that they imply to 1.
    `field_on` (F,): whether the field is simulated.
    `dated_with`: the rates from which those follow at which each date of events to come was drawn.
    `levels` (F, 4): number of needs by field and level, kept up to date, as are the next four.
    `latent_since` (ROUND, F): latent needs by week since which they are, and field (`sim.model.kept`).
    `stages` (D x STAGES x KNOWN,): households by district, stage and what agencies know of them.
    `rungs` (D, 3): slots of residents by district and rung of the ladder.
    `live_ties` (1,): number of live ties.
    `hub_row`, `community_row`, `assistance_row`: agency rows of the hub, of the community team
        and of public assistance.
    `visit_credit`: outreach visits earned and not yet made.
    `resource_level` 0-1: working local resources over the number at which their effect is full.
    `backing` 0-1: share of acting neighbours who have a contact point.
    `seek_mean`: mean of trust x readiness that is expected at the start; `trust_mean`: that of trust.
    `meeting_since` (2,): week since which there have been conferences, and a hub; NEVER without.
    `full_week`: usable hours a week of a full, fresh post.
    `case_hours` (4,): hours a week that a case requires, by level of need.
    `wanted` (G,): posts by group; `group_duty` (G,): what their hours are for; `assistance_posts` are
        the caseworkers of public assistance.
    `natural_steps`: yearly rates uninvolved -> interested -> acting that keep the start in balance.
    `root_chance` (T,): chance that a tie is live with new occupants; `tie_id` (T,): its id, in an
        array of its own.
    `step_credit`, `guest_credit`, `join_credit`, `conference_credit`: whole events earned and not
        yet made.
    `reorganised`: one-time changes already charged.
    """

    # what `records` gave last stands apart: it is neither a part of the town nor copied nor stored
    __slots__ = ("__dict__", "__weakref__", "_records")

    def __init__(self, scenario: Scenario, streams: Streams):
        self.scenario, self.streams, self.p = scenario, streams, scenario.values()
        self.week = -scenario.run_in_weeks
        self.practice = scenario.organisation.practice
        self.makeup: Makeup
        self.households, self.needs, self.residents = Households(0), Needs(0), Residents(0)
        self.ties, self.workers = Ties(0), Workers(0)
        self.agencies, self.districts = Agencies(0), Districts(0)
        self.in_order = True
        none = np.empty(0, dtype=np.int64)
        self.first_home = np.zeros(1, dtype=np.int64)
        self.row_of = self.tie_start = self.tie_edges = self.beat = self.post = none
        self.most_acquaintances = 0
        self.seats, self.beat_homes, self.recruits_start = none, none, np.empty(0)
        self.desk = np.empty((4, 0, 0), dtype=np.int64)
        self.familiarity = np.empty((0, 0))
        self.held = np.empty((0, 0))
        self.worker_start = np.empty(0, dtype=np.int64)
        self.hub_row = self.community_row = self.assistance_row = -1
        self.visit_credit = self.conference_credit = self.resource_level = self.backing = 0.0
        self.seek_mean, self.trust_mean = 0.25, 0.5
        self.meeting_since = np.full(2, NEVER, dtype=np.int64)
        self.full_week = 1.0
        self.dated_with: dict[str, tuple[float, ...]] = {}
        self.case_hours = np.zeros(4)
        self.wanted = np.empty(0)
        self.group_duty = none
        self.assistance_posts = 0.0
        self.natural_steps = (0.0, 0.0)
        self.root_chance, self.tie_id = np.empty(0), none
        self.step_credit = self.guest_credit = 0.0
        self.join_credit = self.district_share = np.empty(0)
        self.reorganised: set[str] = set()
        self.commons = Commons()
        self.stays = Stays()
        self.flows = Flows(dict.fromkeys(PLACED_FLOWS, (0,)) | {"agency_hours": (0, 0)})
        self.onset_share = self.eligible_share = self.susceptibility_scale = np.ones(F)
        self.levels = np.zeros((F, 4), dtype=np.int64)
        self.latent_since = np.zeros((ROUND, F), dtype=np.int32)
        self.stages, self.live_ties = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
        self.rungs = np.zeros((0, 3), dtype=np.int64)
        self.field_on = np.array([field not in scenario.fields_off for field in FIELDS])

    @property
    def row_of(self) -> np.ndarray:
        """Row (H,) of each household id."""
        return self._row_of

    @row_of.setter
    def row_of(self, rows: np.ndarray) -> None:
        self._row_of = rows
        self.id_of = np.argsort(rows)
        self.in_order = bool(np.array_equal(rows, np.arange(rows.size)))

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name in HELD:
            object.__setattr__(self, "_records", None)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self)

    @property
    def records(self) -> Any:
        """What kernels read and write (`sim.model.town_records`)."""
        held = getattr(self, "_records", None)
        if held is None:
            held = struct_of(arrays_of(self))
            object.__setattr__(self, "_records", held)
        return held

    def tables(self) -> dict[str, Table]:
        """All tables by name."""
        return {
            name: getattr(self, name)
            for name in (
                "households",
                "needs",
                "residents",
                "ties",
                "workers",
                "agencies",
                "districts",
            )
        }
