"""Tables of arrays and nothing else: one array a quantity, one row a household, resident slot, need, tie, worker or agency.

A need is a cell, row x FIELDS + field. A resident is a slot, row x MEMBERS + place in the household. Dates stand
instead of timers: a `..._until` column holds a week, NEVER when there is none. Weeks count from 1 April of the start
year; the run-in has negative weeks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

NEVER = -30_000
MEMBERS = 5  # resident slots of a household
FIELDS = ("elderly", "disability", "child", "poverty", "gap")
F = len(FIELDS)
AGENCY_FIELDS = FIELDS[:4]
ASKS = ("light", "light", "manifest", "severe")  # what a case of need level 0-3 asks for
ELDERLY, DISABILITY, CHILD, POVERTY, GAP = range(F)
KINDS = (
    "elder_alone",
    "elder_couple",
    "elder_with_adult_child",
    "couple_with_children",
    "single_parent",
    "working_alone",
    "other",
)
ROUTES = ("none", "self", "neighbour", "outreach", "other_desk", "crisis")
SELF, NEIGHBOUR, OUTREACH, OTHER_DESK, CRISIS = range(1, 6)
STAGES = ("none", "latent", "manifest", "compounded")
LATENT, MANIFEST, SEVERE = 1, 2, 3
NO_CASE, WAITING, OPEN, ACCOMPANIED = range(4)
UNINVOLVED, INTERESTED, ACTING = range(3)
ROLES = ("caseworker", "outreach", "community", "participation", "hub")
CASEWORKER, OUTREACH_WORKER, COMMUNITY_WORKER, PARTICIPATION_WORKER, HUB_WORKER = range(5)
POST_KINDS = ("regular", "contract", "outsourced")
REGULAR, CONTRACT, OUTSOURCED = range(3)

STAYS = ("child_placement", "nursing_home")

Columns = dict[str, tuple[type, object, str, str]]  # name: (dtype, initial value, unit, meaning)

HOUSEHOLDS: Columns = {
    "id": (np.int64, 0, "-", "stable id; keys of all draws use it"),
    "district": (np.int16, 0, "index", "district"),
    "kind": (np.int8, 0, "index in KINDS", "kind, from the members' ages"),
    "occupant": (np.int32, 0, "count", "how many households have lived in the row"),
    "empty": (bool, False, "-", "left through a crisis; empty until the row's next turnover"),
    "frailty": (float, 1.0, "ratio", "fixed frailty, mean 1"),
    "trust": (float, 0.5, "0-1", "trust in the town hall"),
    "readiness": (float, 0.5, "0-1", "readiness to ask"),
    "sees_no_need": (bool, False, "-", "low perceived need"),
    "ties": (np.int16, 0, "ties", "live ties"),
    "acting_ties": (np.int16, 0, "ties", "live ties whose other end is held by an acting resident"),
    "active": (np.int8, 0, "needs", "needs above level none"),
    "manifest": (np.int8, 0, "needs", "needs at manifest or worse"),
    "severe": (np.int8, 0, "needs", "severe needs"),
    "open_cases": (np.int8, 0, "cases", "open cases, accompaniment included"),
    "waiting_cases": (np.int8, 0, "cases", "cases that wait for a worker"),
    "belongs": (bool, False, "-", "belongs to a community place"),
    "watcher": (np.int64, -1, "slot", "resident who watches over it, -1 none"),
    "watched_until": (np.int32, NEVER, "week", "end of watching without renewal"),
    "accompanied_until": (np.int32, NEVER, "week", "end of accompaniment"),
    "joint_plan": (bool, False, "-", "has a joint plan"),
    "triaged": (bool, False, "-", "has been through triage since its first case"),
    "review_since": (np.int32, NEVER, "week", "waits for review since"),
    "hub_until": (np.int32, NEVER, "week", "a back-up hub works with it until"),
    "hub_held": (bool, False, "-", "the hub holds its cases"),
    "contact_route": (
        np.int8,
        0,
        "index in ROUTES",
        "contact of this week that intake has not yet seen",
    ),
    "contact_field": (np.int8, 0, "index in FIELDS", "field presented at that contact"),
    "door": (
        np.int16,
        -1,
        "row",
        "agency at whose door it waits for a first consultation, -1 none",
    ),
    "door_since": (np.int32, NEVER, "week", "joined that door"),
    "door_hours": (float, 0.0, "h", "hours of that consultation still to be given"),
    "door_field": (np.int8, 0, "index in FIELDS", "field presented at that door"),
    "door_route": (np.int8, 0, "index in ROUTES", "route by which it came to that door"),
    "door_advice": (bool, False, "-", "that consultation will end with advice"),
    "tip_week": (
        np.int32,
        NEVER,
        "week",
        "an agency was told about it, and outreach has not yet gone",
    ),
    "told_by": (np.int64, -1, "slot", "resident who waits for an answer about it, -1 none"),
    "told_week": (np.int32, NEVER, "week", "week of that telling"),
    "visits": (np.int16, 0, "contacts", "contacts by outreach not yet accepted"),
    "next_visit": (np.int32, NEVER, "week", "next contact by outreach"),
    "first_contact": (np.int32, NEVER, "week", "first contact of this occupant"),
    "assistance": (bool, False, "-", "on public assistance"),
    "noticed_week": (np.int32, NEVER, "week", "last noticed by a neighbour"),
    "visited_week": (np.int32, NEVER, "week", "last visited by outreach"),
    "crisis_week": (np.int32, NEVER, "week", "last crisis"),
    "crisis_field": (np.int8, 0, "index in FIELDS", "field of that crisis"),
    "crisis_kind": (
        np.int8,
        0,
        "index of kind",
        "kind of that crisis, in the order of the weekly table",
    ),
}
NEEDS: Columns = {
    "level": (np.int8, 0, "0-3", "none, latent, manifest, severe"),
    "since": (np.int32, NEVER, "week", "entered the level"),
    "bearer": (np.int8, -1, "member", "place in the household of the resident who bears it"),
    "susceptibility": (np.float32, 0.0, "ratio", "by kind and ages; town mean 1 at the start"),
    "relapse_until": (np.int32, NEVER, "week", "may come back until"),
    "relapse_level": (np.int8, 0, "0-3", "level it ended from"),
    "known": (bool, False, "-", "an agency knows of it"),
    "hidden": (bool, False, "-", "demand hidden: the household says no"),
    "case": (np.int8, NO_CASE, "index", "none, waiting, open, accompanied"),
    "agency": (np.int16, -1, "row", "agency that holds or queues the case"),
    "worker": (np.int32, -1, "row", "worker who holds the open case"),
    "waiting_since": (np.int32, NEVER, "week", "joined the queue"),
    "opened": (np.int32, NEVER, "week", "case opened"),
    "urgent": (bool, False, "-", "came by a crisis"),
    "hops": (np.int8, 0, "hops", "hand-ons before a worker took it"),
    "dose": (float, 0.0, "0-1", "hours given over hours asked, last week"),
    "aid": (float, 0.0, "1/year", "resolution that support adds to unaided recovery, last week"),
}
RESIDENTS: Columns = {
    "age": (np.int16, -1, "years", "age; -1 an empty slot"),
    "away": (bool, False, "-", "left through a crisis, until the row's next turnover"),
    "ladder": (np.int8, UNINVOLVED, "0-2", "uninvolved, interested, acting"),
    "requested": (bool, False, "-", "lifted by a request of the administration"),
    "commissioner": (bool, False, "-", "holds a post of welfare commissioner"),
    "worry": (float, 0.0, "worries", "worry load"),
    "knows": (float, 0.5, "0-1", "knows whom to tell"),
}
TIES: Columns = {
    "id": (np.int64, 0, "-", "unordered pair of household ids: lesser x households + greater"),
    "a": (np.int32, 0, "row", "household at one end"),
    "b": (np.int32, 0, "row", "household at the other end"),
    "a_place": (np.int8, 0, "member", "resident of a who holds it"),
    "b_place": (np.int8, 0, "member", "resident of b who holds it"),
    "kind": (np.int8, 0, "index", "neighbour, friend, group"),
    "live": (bool, False, "-", "a tie now; otherwise an acquaintance that could become one"),
    "rooted": (bool, False, "-", "live at the start of an occupancy"),
    "formed": (np.int32, NEVER, "week", "formed"),
}
TIE_KINDS = ("neighbour", "friend", "group")
WORKERS: Columns = {
    "id": (np.int64, 0, "-", "from agency key, role, kind and slot; the same in all arms"),
    "agency": (np.int16, 0, "row", "agency"),
    "role": (np.int8, CASEWORKER, "index in ROLES", "role"),
    "kind": (np.int8, REGULAR, "index in POST_KINDS", "kind of post"),
    "group": (np.int32, 0, "index", "group of posts: agency, role and kind"),
    "slot": (np.int32, 0, "index", "post slot within agency, role and kind"),
    "holder": (np.int32, 0, "count", "how many people have held the post"),
    "post": (float, 0.0, "0-1", "part of a full post that exists this week"),
    "skill": (float, 1.0, "ratio", "against the reference worker"),
    "breadth": (float, 0.6, "0-1", "match to compounded and gap cases"),
    "orientation": (float, 0.3, "0-1", "institution-centred 0, person and household-centred 1"),
    "exhaustion": (float, 0.2, "0-1", "exhaustion"),
    "sensitivity": (float, 1.0, "ratio", "fixed sensitivity to load"),
    "since": (np.int32, NEVER, "week", "took the post"),
    "vacant_until": (np.int32, NEVER, "week", "post empty until"),
    "sick_until": (np.int32, NEVER, "week", "on sick leave until"),
    "present": (
        float,
        1.0,
        "0-1",
        "part of a full post that is there: post, not vacant, not on sick leave",
    ),
    "effective": (
        float,
        1.0,
        "0-1",
        "part of a full post that is there: post, presence, practice in the desk, exhaustion",
    ),
    "usable": (float, 0.0, "h", "usable hours of this week after meetings"),
    "available": (float, 0.0, "h", "hours of this week after leave and administration"),
    "asked": (float, 0.0, "h", "hours the open cases ask a week"),
    "given": (float, 0.0, "h", "hours given to open cases this week"),
    "complex_hours": (float, 0.0, "h", "of these, to compounded and gap cases"),
    "meeting": (float, 0.0, "h", "hours in required meetings, learning and conferences this week"),
    "learning": (float, 0.0, "h", "of these, in learning and supervision"),
    "crisis": (float, 0.0, "h", "crisis hours this week"),
    "intake": (float, 0.0, "h", "hours of first consultations this week"),
    "upstream": (float, 0.0, "h", "hours of upstream work this week"),
    "slack": (float, 0.0, "h", "usable hours left this week"),
    "load": (float, 0.9, "ratio", "hours asked this week, each once, over hours available"),
}
AGENCIES: Columns = {
    "key": (np.int64, 0, "-", "stable key, from the agency's name"),
    "field": (np.int8, -1, "index in FIELDS", "field; -1 the hub or the community team"),
    "prefecture": (bool, False, "-", "owned by the prefecture"),
    "crisis_due": (float, 0.0, "h", "crisis hours that fall to it this week"),
    "extra_meeting": (
        float,
        0.0,
        "h",
        "conference, mediation and link hours that fall to it this week",
    ),
    "once_due": (float, 0.0, "h", "one-time hours of reorganising and briefing still to be spent"),
    "overflow": (float, 0.0, "h", "crisis hours that nobody had time for, first of next week"),
}
DISTRICTS: Columns = {
    "places": (float, 0.0, "places", "community places"),
    "start_places": (float, 0.0, "places", "places at the start"),
    "members": (np.int32, 0, "households", "households that belong to a place"),
    "covered": (bool, True, "-", "a community social worker is in charge"),
}


class Table:
    """A named set of arrays of equal length. Attributes are the columns."""

    def __init__(self, columns: Columns, rows: int):
        self.declared: Columns = {}
        self.rows = rows
        for name, declared in columns.items():
            self.add(name, declared)

    def add(self, name: str, declared: tuple[type, object, str, str]) -> None:
        """A further column, filled with its initial value; raises ValueError where the table has one of that name."""
        if hasattr(self, name):
            raise ValueError(f"the table has {name!r} already")
        self.declared[name] = declared
        setattr(self, name, np.full(self.rows, declared[1], dtype=declared[0]))

    def columns(self) -> Iterator[tuple[str, np.ndarray]]:
        """Name and array of every column, in the order declared."""
        return ((name, getattr(self, name)) for name in self.declared)


class Stays:
    """People in institutions by kind of stay: `now` (n,) today's count; those who leave are listed by week."""

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
    """Local resources: insight and hours in hand, permits to try, trials (week due, number, chance), working resources."""

    def __init__(self):
        self.insight = self.hours = self.permits = self.lost = 0.0
        self.working = self.begun = 0
        self.maturing: list[tuple[int, int, float]] = []


class State:
    """A town at one moment. Tables hold rows; the rest is what rows are looked up by.

    row_of (H,) household id -> row; in_order where each id is its row. tie_start (H+1,) and tie_edges: the ties of row h,
    live or not, are tie_edges[tie_start[h]:tie_start[h+1]]. beat (H,) slot of the commissioner, -1 none. desk (4, D, LOTS)
    agency row that serves a field in a district, by lot. familiarity (A, A) 0-1. worker_start (A+1,): workers of agency a
    are the rows worker_start[a]:worker_start[a+1]. flows: this week's counters by column of the weekly table. onset_share
    (F,): share of onset by field, 0 where the field is off; eligible_share (F,): households that can bear such a need;
    susceptibility_scale (F,): brings the mean susceptibility to 1; field_on (F,); levels (F, 4): needs by field and level,
    kept up to date. hub_row, community_row: agency rows of the hub and of the community team. visit_credit: outreach visits
    earned and not yet made. resource_level 0-1: working local resources over their full number. backing 0-1: neighbours who
    have a contact point. seek_mean: mean of trust x readiness at the start. full_week: usable hours a week of a full, fresh
    post. case_hours (4,): hours a week that a case asks, by level of need. wanted (G,): posts by group; hub_group the
    hub's. natural_steps: rates uninvolved -> interested -> acting that keep the start in balance; root_chance (T,): chance
    that a tie is live with new occupants; most_rooted is the highest. *_credit: whole events earned and not yet made.
    reorganised: one-time changes already charged. tie_row_of: tie id order -> row, None where they agree.
    """

    def __init__(self, scenario, streams):
        self.scenario, self.streams, self.p = scenario, streams, scenario.values()
        self.week = -scenario.run_in_weeks
        self.practice = scenario.organisation.practice
        self.households: Table
        self.needs: Table
        self.residents: Table
        self.ties: Table
        self.workers: Table
        self.agencies: Table
        self.districts: Table
        self.in_order = True
        self.row_of = self.tie_start = self.tie_edges = self.beat = self.desk = np.empty(
            0, dtype=np.int64
        )
        self.familiarity = np.empty((0, 0))
        self.worker_start = np.empty(0, dtype=np.int64)
        self.hub_row = self.community_row = -1
        self.visit_credit = self.conference_credit = self.resource_level = self.backing = 0.0
        self.seek_mean = 0.25
        self.full_week = 1.0
        self.case_hours = np.zeros(4)
        self.wanted = np.empty(0)
        self.hub_group = -1
        self.natural_steps = (0.0, 0.0)
        self.root_chance = np.empty(0)
        self.most_rooted = 0.0
        self.step_credit = self.guest_credit = 0.0
        self.join_credit = self.district_share = np.empty(0)
        self.tie_row_of: np.ndarray | None = None
        self.reorganised: set[str] = set()
        self.commons = Commons()
        self.stays = Stays()
        self.flows: dict[str, np.ndarray] = {}
        self.onset_share = self.eligible_share = self.susceptibility_scale = np.ones(F)
        self.levels = np.zeros((F, 4), dtype=np.int64)
        self.field_on = np.array([field not in scenario.fields_off for field in FIELDS])

    @property
    def row_of(self) -> np.ndarray:
        """Row (H,) of each household id."""
        return self._row_of

    @row_of.setter
    def row_of(self, rows: np.ndarray) -> None:
        self._row_of = rows
        self.in_order = bool(np.array_equal(rows, np.arange(rows.size)))

    def known_each_other(self) -> float:
        """Mean familiarity (0-1) between the agencies at the desks, hub and community team left out."""
        count = self.agencies.rows - 2
        pairs = self.familiarity[:count, :count]
        return float((pairs.sum() - np.trace(pairs)) / max(1, count * (count - 1)))

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
