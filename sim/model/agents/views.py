"""Residents, households, workers and agencies as views on rows of a town."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from sim.declared.tables import Agencies, Households, Residents, Workers
from sim.declared.vocabulary import ACTING, FIELDS, LEVELS, MEMBERS, OPEN, STAGES, WAITING, F
from sim.model.agents.population import Population
from sim.model.agents.rows import RowAttribute, View, fitting
from sim.model.households import bearer, begins_slow, note_proneness
from sim.model.state import State
from sim.model.transitions import edges_of, holder, set_level, set_rung
from sim.model.transitions import stage as stage_of

# Ids are unique over all kinds of agents: each kind has its block of whole numbers, all of which a
# float holds exactly.
RESIDENT_IDS, AGENCY_IDS, WORKER_IDS = (
    10**9,
    10**10,
    2 * 10**10,
)  # a household's is its id, below 10**9
CASES = ("none", "waiting", "open", "accompanied")
RESIDENT_ROLES = np.array(("none", "commissioner", "person_concerned"))
FOLLOWING = (  # from other columns, or drawn
    "proneness",
    "isolated",
    *(
        name
        for name in Households.declarations()
        if name.startswith("door") or name.endswith("_due")
    ),
)
COUNTS = ("ties", "acting_ties", "active", "manifest", "severe", "open_cases", "waiting_cases")
HOURS = (
    "present",
    "effective",
    "usable",
    "available",
    "asked",
    "given",
    "complex_hours",
    "meeting",
    "learning",
    "crisis",
    "intake",
    "upstream",
    "slack",
    "load",
)


def present(state: State, slots: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Which resident `slots` hold somebody who lives here."""
    return (state.residents.age[slots] >= 0) & ~state.residents.away[slots]


def posts_filled(state: State) -> np.ndarray:
    """Which worker rows are a post that exists and has a holder, at the desk or on leave."""
    return (state.workers.post > 0) & (state.workers.vacant_until <= state.week)


def _live_edges(state: State, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Live ties of a household, and whether it is their end a."""
    edges, _ = edges_of(state, np.array([row]))
    edges = edges[state.ties.live[edges]]
    return edges, state.ties.a[edges] == row


class Resident(
    View,
    table="residents",
    columns=Residents.declarations(),
    fixed=("age", "away", "commissioner", "commissioner_since"),
):
    """A resident slot of a household: who lives in it now."""

    @RowAttribute
    def unique_id(state, rows):
        """Household id x slots + place in the household, in the block of residents."""
        return RESIDENT_IDS + state.households.id[rows // MEMBERS] * MEMBERS + rows % MEMBERS

    @RowAttribute
    def role(state, rows):
        """none, commissioner, or person_concerned: bears a need of the household."""
        household, place = rows // MEMBERS, rows % MEMBERS
        level, who = (
            state.needs.level.reshape(-1, F)[household],
            state.needs.bearer.reshape(-1, F)[household],
        )
        bears = (level > 0) & (who == place[:, None])
        return RESIDENT_ROLES[
            np.where(state.residents.commissioner[rows], 1, 2 * bears.any(axis=1))
        ]

    @RowAttribute
    def ladder(state, rows):
        """Engagement: 0 uninvolved, 1 interested, 2 acting."""
        return state.residents.ladder[rows]

    @ladder.setter  # type: ignore[no-redef]  # as of a property
    def ladder(state, rows, values):
        """Engagement: 0 uninvolved, 1 interested, 2 acting; the households' counts of acting ties
        follow.
        """
        set_rung(state, rows, fitting("ladder", np.int8, f"0-{ACTING}", values))

    @property
    def household(self) -> Household:
        """The household that the resident is a member of."""
        return Household(self.model, self.row // MEMBERS)

    @property
    def neighbours(self) -> Population:
        """Residents at the other end of the live ties that this resident holds, else of those of
        the household.
        """
        state, row = self.model.state, self.row // MEMBERS
        edges, at_a = _live_edges(state, row)
        mine = holder(state, edges, at_a) == self.row
        far = holder(state, edges, ~at_a)
        far = far[mine] if mine.any() else far
        return Population(self.model, Resident, far[present(state, far)])


class Household(
    View,
    table="households",
    columns=Households.declarations(),
    fixed=("id", "district", "occupant", "empty", "belongs", *COUNTS, *FOLLOWING),
):
    """A household: who lives in a row now."""

    @RowAttribute
    def unique_id(state, rows):
        """The row's stable id."""
        return state.households.id[rows]

    @RowAttribute
    def district(state, rows):
        """Id of the district."""
        return np.array([district.id for district in state.scenario.people.districts])[
            state.households.district[rows]
        ]

    @RowAttribute
    def frailty(state, rows):
        """Fixed frailty, mean 1."""
        return state.households.frailty[rows]

    @frailty.setter  # type: ignore[no-redef]  # as of a property
    def frailty(state, rows, values):
        """Fixed frailty; how prone the household is to needs follows."""
        state.households.frailty[rows] = fitting("frailty", float, "0 or more", values)
        note_proneness(state)

    @RowAttribute
    def stage(state, rows):
        """none, latent, manifest or compounded."""
        return np.array(STAGES)[stage_of(state, rows)]

    @RowAttribute
    def seen(state, rows):
        """At least one need has an open case."""
        return state.households.open_cases[rows] > 0

    @RowAttribute
    def waiting(state, rows):
        """It waits for a first consultation or on an admission list, and no case is open."""
        households = state.households
        return ((households.door[rows] >= 0) | (households.waiting_cases[rows] > 0)) & (
            households.open_cases[rows] == 0
        )

    @RowAttribute
    def watched(state, rows):
        """A neighbour watches over it this week."""
        return state.households.watched_until[rows] > state.week

    @property
    def members(self) -> Population:
        """Residents who live here: not those away after a crisis."""
        slots = self.row * MEMBERS + np.arange(MEMBERS)
        return Population(self.model, Resident, slots[present(self.model.state, slots)])

    residents = members

    @property
    def neighbours(self) -> Population:
        """Households at the other end of the live ties."""
        ties = self.model.state.ties
        edges, at_a = _live_edges(self.model.state, self.row)
        return Population(self.model, Household, np.where(at_a, ties.b[edges], ties.a[edges]))

    @property
    def watcher(self) -> Resident | None:
        """The resident who watches over it, or None."""
        slot = int(self.model.state.households.watcher[self.row])
        return Resident(self.model, slot) if slot >= 0 else None

    @property
    def needs(self) -> Mapping[str, str]:
        """Level of each need by field, to read; `household.needs = {"poverty": "latent"}` sets the
        fields it names.
        """
        return MappingProxyType(
            {
                field: LEVELS[level]
                for field, level in zip(FIELDS, self._needs("level"), strict=True)
            }
        )

    @needs.setter
    def needs(self, levels: Mapping[str, str]) -> None:
        wrong = [
            f"{field} = {level!r}"
            for field, level in levels.items()
            if field not in FIELDS or level not in LEVELS
        ]
        if wrong:
            raise ValueError(
                f"needs cannot be {wrong[0]}: fields are {', '.join(FIELDS)}; levels are {', '.join(LEVELS)}"
            )
        state, before = self.model.state, self.needs
        changed = {field: level for field, level in levels.items() if before[field] != level}
        cells = np.array([self.row * F + FIELDS.index(field) for field in changed], dtype=np.int64)
        begins = cells[state.needs.level[cells] == 0]
        who = bearer(state, begins)
        if (who < 0).any():
            raise ValueError(
                f"nobody in {self!r} can bear a need of {FIELDS[begins[who < 0][0] % F]}"
            )
        state.needs.bearer[begins], state.needs.slow[begins] = who, begins_slow(state, begins)
        set_level(
            state,
            cells,
            np.array([LEVELS.index(level) for level in changed.values()], dtype=np.int8),
        )

    @property
    def cases(self) -> Mapping[str, str]:
        """Case of each need by field: none, waiting, open or accompanied."""
        return MappingProxyType(
            {field: CASES[case] for field, case in zip(FIELDS, self._needs("case"), strict=True)}
        )

    def need(self, field: str) -> Mapping[str, object]:
        """Every column of the need of one field, to read."""
        cell = self.row * F + FIELDS.index(field)
        return MappingProxyType(
            {name: array[cell].item() for name, array in self.model.state.needs.columns()}
        )

    def _needs(self, name: str) -> list:
        return getattr(self.model.state.needs, name)[self.row * F : (self.row + 1) * F].tolist()


class Worker(
    View,
    table="workers",
    columns=Workers.declarations(),
    fixed=("id", "group", "slot", "holder", "post", "vacant_until", *HOURS),
):
    """A post of an agency: who holds it now."""

    @RowAttribute
    def unique_id(state, rows):
        """The post's stable id, in the block of workers."""
        return WORKER_IDS + state.workers.id[rows]

    @RowAttribute
    def sick(state, rows):
        """On sick leave this week."""
        return state.workers.sick_until[rows] > state.week

    @RowAttribute
    def vacant(state, rows):
        """The post exists and nobody holds it."""
        return (state.workers.post[rows] > 0) & (state.workers.vacant_until[rows] > state.week)

    @property
    def agency(self) -> Agency:
        """The agency that the worker belongs to."""
        return Agency(self.model, int(self.model.state.workers.agency[self.row]))

    @property
    def cases(self) -> Population:
        """Households of which the worker holds an open case."""
        needs = self.model.state.needs
        return Population(
            self.model,
            Household,
            np.flatnonzero((needs.worker == self.row) & (needs.case >= OPEN)) // F,
        )


class Agency(View, table="agencies", columns=Agencies.declarations(), fixed=("key", "prefecture")):
    """An agency: a desk of one field, the hub or the community team."""

    @RowAttribute
    def unique_id(state, rows):
        """The agency's stable key, in the block of agencies."""
        return AGENCY_IDS + state.agencies.key[rows]

    @RowAttribute
    def queue(state, rows):
        """Cases that wait here for a worker."""
        needs = state.needs
        return np.bincount(needs.agency[needs.case == WAITING], minlength=state.agencies.rows)[rows]

    @RowAttribute
    def open_cases(state, rows):
        """Cases open here, accompaniment included."""
        needs = state.needs
        return np.bincount(needs.agency[needs.case >= OPEN], minlength=state.agencies.rows)[rows]

    @property
    def workers(self) -> Population:
        """Workers who hold a post here, those on leave included."""
        state = self.model.state
        first, end = state.worker_start[self.row : self.row + 2]
        return Population(
            self.model, Worker, first + np.flatnonzero(posts_filled(state)[first:end])
        )

    def familiarity(self, other: Agency) -> float:
        """Contact with another agency of the same town, 0-1."""
        if other.model is not self.model:
            raise ValueError("agencies of two towns do not know each other")
        return float(self.model.state.familiarity[self.row, other.row])
