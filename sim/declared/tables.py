"""The tables of a town: every column declared once, with its type, initial value, unit and meaning.

A need is a cell, row x FIELDS + field. A resident is a slot, row x MEMBERS + place in the household. Dates stand
instead of timers: a `..._until` column holds a week, NEVER when there is none. Weeks count from 1 April of the start
year; the run-in has negative weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.declared.vocabulary import CASEWORKER, NEVER, NO_CASE, REGULAR, UNINVOLVED
from sim.words.errors import nearest

Array = npt.NDArray[Any]


class ColumnDeclaration(NamedTuple):
    """A column of a table: type of its numbers, the value that it is filled with at first, unit and meaning.

    A `scanned` column has an array of its own, since some process looks through all its rows every week; the others
    stand together in one record a row, since whoever looks at one of them looks at several.
    """

    dtype: Any
    initial: object
    unit: str
    en: str
    scanned: bool = False


def column(dtype: Any, initial: object, unit: str, en: str, scanned: bool = False) -> Any:
    """Declare a column of a table; on a table itself the attribute is the array."""
    return ColumnDeclaration(dtype, initial, unit, en, scanned)


class Table:
    """Arrays of equal length, one a column. Attributes are the columns, and any other name is refused; a value that is
    assigned to a column is written into its array.

    declared: the columns of this table by name, those that a user's own processes added last. rows: how many rows.
    records (rows,): a record a row, of the columns that are not scanned; their arrays are views of it.
    """

    declared: dict[str, ColumnDeclaration]
    rows: int
    records: Array

    def __init__(self, rows: int):
        declared = self.declarations()
        self.__dict__.update(declared=declared, rows=rows)
        self.__dict__["records"] = np.zeros(rows, dtype=self._record_type())
        for name, one in declared.items():
            array = np.empty(rows, dtype=one.dtype) if one.scanned else self.records[name]
            array[:] = one.initial
            self.__dict__[name] = array

    def __getstate__(self) -> dict[str, Any]:
        apart = {name: array for name, array in self.columns() if not self._in_records(name)}
        return {"declared": self.declared, "rows": self.rows, "records": self.records, **apart}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept)
        self.__dict__["records"] = self.records.view(self._record_type())
        for name in self.records.dtype.names or ():
            self.__dict__[name] = self.records[name]

    @classmethod
    @cache
    def _record_type(cls) -> np.dtype[Any]:
        """The type of a record; one object for all tables, since numba remembers each that it meets."""
        declared = cls.declarations().items()
        together = [(name, one.dtype) for name, one in declared if not one.scanned]
        return np.dtype(together, align=True)

    def _in_records(self, name: str) -> bool:
        return name in (self.records.dtype.names or ())

    @classmethod
    def declarations(cls) -> dict[str, ColumnDeclaration]:
        """The columns that the class declares, by name."""
        return {name: one for name, one in vars(cls).items() if isinstance(one, ColumnDeclaration)}

    def add(self, name: str, declared: ColumnDeclaration) -> None:
        """A further column, filled with its initial value; raises ValueError where the table has one of that name."""
        if hasattr(self, name):
            raise ValueError(f"the table has {name!r} already")
        own = ColumnDeclaration(*declared)
        self.declared[name] = own
        self.__dict__[name] = np.full(self.rows, own.initial, dtype=own.dtype)

    def clear(self, rows: Array, kept: frozenset[str] = frozenset()) -> None:
        """Set every column of `rows` but those `kept` to its initial value."""
        blanks = self.__dict__.setdefault("_blanks", {})
        if kept not in blanks or len(blanks[kept][3]) != len(self.declared):
            blanks[kept] = self._blank(kept)
        whole, blank, spared, _names, apart = blanks[kept]
        values = [array[rows].copy() for array in spared]  # of a slice it is a view
        whole[rows] = blank
        for array, value in zip(spared, values, strict=True):
            array[rows] = value
        for array, initial in apart:
            array[rows] = initial

    def _blank(self, kept: frozenset[str]) -> tuple[Any, ...]:
        """The records as plain bytes and what they are set to, their columns that are `kept`, all
        columns that there are, and the arrays of the columns apart with their initial values.
        """
        together = self.records.dtype.names or ()
        first = tuple(self.declared[name].initial for name in together)
        as_bytes = np.dtype((np.void, max(1, self.records.dtype.itemsize)))
        blank = np.array([first], dtype=self.records.dtype).view(as_bytes)[0]
        spared = [self.__dict__[name] for name in together if name in kept]
        apart = [
            (self.__dict__[name], one.initial)
            for name, one in self.declared.items()
            if name not in kept and not self._in_records(name)
        ]
        return self.records.view(as_bytes), blank, spared, tuple(self.declared), apart

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.__dict__["declared"]:
            near = nearest(name, list(self.declared))
            raise AttributeError(
                f"{type(self).__name__} has no column {name!r}"
                + (f"; did you mean {near!r}?" if near else "")
            )
        self.__dict__[name][...] = value

    def columns(self) -> Iterator[tuple[str, Array]]:
        """Name and array of every column, in the order declared."""
        return ((name, self.__dict__[name]) for name in self.declared)


# One column a line, as a table.
# fmt: off

class Households(Table):
    """Households: a row is a home, whoever lives in it now."""

    id: Array = column(np.int64, 0, "-", "stable id; keys of all draws use it")
    district: Array = column(np.int16, 0, "index", "district", scanned=True)
    kind: Array = column(np.int8, 0, "index in KINDS", "kind, from the members' ages", scanned=True)
    occupant: Array = column(np.int32, 0, "count", "how many households have lived in the row")
    empty: Array = column(bool, False, "-", "left through a crisis; empty until the row's next turnover", scanned=True)
    frailty: Array = column(float, 1.0, "ratio", "fixed frailty, mean 1")
    proneness: Array = column(np.float32, 0.0, "ratio", "its frailty x its highest susceptibility", scanned=True)
    isolated: Array = column(bool, True, "-", "has no live tie", scanned=True)
    trust: Array = column(float, 0.5, "0-1", "trust in the town hall", scanned=True)
    readiness: Array = column(float, 0.5, "0-1", "readiness to ask")
    sees_no_need: Array = column(bool, False, "-", "low perceived need", scanned=True)
    ties: Array = column(np.int16, 0, "ties", "live ties")
    acting_ties: Array = column(np.int16, 0, "ties", "live ties whose other end is held by an acting resident")
    active: Array = column(np.int8, 0, "needs", "needs above level none", scanned=True)
    manifest: Array = column(np.int8, 0, "needs", "needs at manifest or worse", scanned=True)
    severe: Array = column(np.int8, 0, "needs", "severe needs", scanned=True)
    open_cases: Array = column(np.int8, 0, "cases", "open cases, accompaniment included", scanned=True)
    waiting_cases: Array = column(np.int8, 0, "cases", "cases that wait for a worker", scanned=True)
    belongs: Array = column(bool, False, "-", "belongs to a community place", scanned=True)
    watcher: Array = column(np.int32, -1, "slot", "resident who watches over it, -1 none", scanned=True)
    watched_until: Array = column(np.int32, NEVER, "week", "end of watching without renewal", scanned=True)
    accompanied_until: Array = column(np.int32, NEVER, "week", "end of accompaniment")
    joint_plan: Array = column(bool, False, "-", "has a joint plan", scanned=True)
    triaged: Array = column(bool, False, "-", "has been through triage since its first case")
    review_since: Array = column(np.int32, NEVER, "week", "brought to a conference or hub, and waits since", scanned=True)
    hub_until: Array = column(np.int32, NEVER, "week", "a back-up hub works with it until", scanned=True)
    hub_held: Array = column(bool, False, "-", "the hub holds its cases", scanned=True)
    contact_route: Array = column(np.int8, 0, "index in ROUTES", "contact of this week that intake has not yet seen", scanned=True)
    contact_field: Array = column(np.int8, 0, "index in FIELDS", "field presented at that contact")
    door: Array = column(np.int16, -1, "row", "agency at whose door it waits for a first consultation, -1 none", scanned=True)
    door_since: Array = column(np.int32, NEVER, "week", "joined that door")
    door_hours: Array = column(float, 0.0, "h", "hours of that consultation still to be given")
    door_field: Array = column(np.int8, 0, "index in FIELDS", "field presented at that door")
    door_route: Array = column(np.int8, 0, "index in ROUTES", "route by which it came to that door")
    door_outcome: Array = column(np.int8, 0, "index in OUTCOMES", "what will come out of that consultation")
    door_real: Array = column(bool, False, "-", "procedures on paper will really be carried out for it")
    tip_week: Array = column(np.int32, NEVER, "week", "an agency was told about it, and outreach has not yet gone", scanned=True)
    told_by: Array = column(np.int32, -1, "slot", "resident who waits for an answer about it, -1 none", scanned=True)
    told_week: Array = column(np.int32, NEVER, "week", "week of that telling")
    visits: Array = column(np.int16, 0, "contacts", "contacts by outreach not yet accepted")
    next_visit: Array = column(np.int32, NEVER, "week", "next contact by outreach", scanned=True)
    first_contact: Array = column(np.int32, NEVER, "week", "first contact of this occupant")
    contacted_week: Array = column(np.int32, NEVER, "week", "last contact with an agency")
    met_week: Array = column(np.int32, NEVER, "week", "last heard by an agency, which may remember it")
    closed_week: Array = column(np.int32, NEVER, "week", "its last open case ended, and it has not come back since")
    new_week: Array = column(np.int32, NEVER, "week", "new consultation from which no case has been opened yet")
    new_field: Array = column(np.int8, 0, "index in FIELDS", "field of that consultation")
    elsewhere_until: Array = column(np.int32, NEVER, "week", "another scheme supports it until", scanned=True)
    elsewhere_field: Array = column(np.int8, 0, "index in FIELDS", "field of the need that is supported there")
    assistance: Array = column(bool, False, "-", "on public assistance", scanned=True)
    assistance_since: Array = column(np.int32, NEVER, "week", "public assistance began")
    assistance_short: Array = column(bool, False, "-", "a short stay on public assistance")
    noticed_week: Array = column(np.int32, NEVER, "week", "last noticed by a neighbour")
    visited_week: Array = column(np.int32, NEVER, "week", "last visited by outreach")
    move_due: Array = column(np.int32, NEVER, "week", "moves away; an earlier week: not drawn yet", scanned=True)
    death_due: Array = column(np.int32, NEVER, "week", "a member dies; an earlier week: not drawn yet", scanned=True)
    need_due: Array = column(np.int32, NEVER, "week", "a need may begin; an earlier week: not drawn yet", scanned=True)
    rung_due: Array = column(np.int32, NEVER, "week", "a member may move on the ladder; an earlier week: not drawn yet", scanned=True)
    crisis_week: Array = column(np.int32, NEVER, "week", "last crisis")
    crisis_field: Array = column(np.int8, 0, "index in FIELDS", "field of that crisis")
    crisis_kind: Array = column(np.int8, 0, "index of kind", "kind of that crisis, in the order of the weekly table")


class Needs(Table):
    """Needs: a cell a household and field, row x FIELDS + field."""

    level: Array = column(np.int8, 0, "0-3", "none, latent, manifest, severe", scanned=True)
    since: Array = column(np.int32, NEVER, "week", "entered the level", scanned=True)
    bearer: Array = column(np.int8, -1, "member", "place in the household of the resident who bears it")
    slow: Array = column(bool, False, "-", "slow: drawn when it begins, kept when it comes back")
    susceptibility: Array = column(np.float32, 0.0, "ratio", "by kind and ages; town mean 1 at the start")
    relapse_until: Array = column(np.int32, NEVER, "week", "may come back until")
    relapse_level: Array = column(np.int8, 0, "0-3", "level it ended from", scanned=True)
    known: Array = column(bool, False, "-", "an agency knows of it")
    hidden: Array = column(bool, False, "-", "demand hidden: the household says no")
    case: Array = column(np.int8, NO_CASE, "index", "none, waiting, open, accompanied", scanned=True)
    agency: Array = column(np.int16, -1, "row", "agency that holds or queues the case")
    worker: Array = column(np.int32, -1, "row", "worker who holds the open case")
    waiting_since: Array = column(np.int32, NEVER, "week", "joined the queue")
    opened: Array = column(np.int32, NEVER, "week", "case opened")
    urgent: Array = column(bool, False, "-", "came by a crisis")
    hops: Array = column(np.int8, 0, "hops", "hand-ons before a worker took it")
    dose: Array = column(float, 0.0, "0-1", "hours given over hours asked, last week")
    aid: Array = column(float, 0.0, "1/year", "resolution that support adds to unaided recovery, last week")


class Residents(Table):
    """Residents: a slot a place in a household, row x MEMBERS + place."""

    age: Array = column(np.int16, -1, "years", "age; -1 an empty slot", scanned=True)
    away: Array = column(bool, False, "-", "left through a crisis, until the row's next turnover", scanned=True)
    ladder: Array = column(np.int8, UNINVOLVED, "0-2", "uninvolved, interested, acting", scanned=True)
    requested: Array = column(bool, False, "-", "lifted by a request of the administration")
    commissioner: Array = column(bool, False, "-", "holds a post of welfare commissioner", scanned=True)
    commissioner_since: Array = column(np.int32, NEVER, "week", "took that post; NEVER also for those of the start")
    worry: Array = column(np.float32, 0.0, "worries", "worry load", scanned=True)
    knows: Array = column(float, 0.5, "0-1", "knows whom to tell", scanned=True)


class Ties(Table):
    """Ties between households, live or asleep."""

    id: Array = column(np.int64, 0, "-", "unordered pair of household ids: lesser x 2^32 + greater")
    a: Array = column(np.int32, 0, "row", "household at one end")
    b: Array = column(np.int32, 0, "row", "household at the other end")
    a_place: Array = column(np.int8, 0, "member", "resident of a who holds it")
    b_place: Array = column(np.int8, 0, "member", "resident of b who holds it")
    kind: Array = column(np.int8, 0, "index", "neighbour, friend, group")
    live: Array = column(bool, False, "-", "a tie now; otherwise an acquaintance that could become one", scanned=True)
    rooted: Array = column(bool, False, "-", "live at the start of an occupancy")
    formed: Array = column(np.int32, NEVER, "week", "formed")
    change_due: Array = column(np.int32, NEVER, "week", "may fade or form; an earlier week: not drawn yet", scanned=True)


class Workers(Table):
    """Posts and whoever holds them."""

    id: Array = column(np.int64, 0, "-", "from agency key, duty, kind and slot; the same in all arms")
    agency: Array = column(np.int16, 0, "row", "agency")
    duty: Array = column(np.int8, CASEWORKER, "index in DUTIES", "what the hours of the post are for")
    kind: Array = column(np.int8, REGULAR, "index in POST_KINDS", "kind of post")
    group: Array = column(np.int32, 0, "index", "group of posts: agency, duty and kind")
    slot: Array = column(np.int32, 0, "index", "post slot within agency, duty and kind")
    holder: Array = column(np.int32, 0, "count", "how many people have held the post")
    post: Array = column(float, 0.0, "0-1", "part of a full post that exists this week")
    skill: Array = column(float, 1.0, "ratio", "against the reference worker")
    breadth: Array = column(float, 0.6, "0-1", "match to compounded and gap cases")
    orientation: Array = column(float, 0.3, "0-1", "institution-centred 0, person and household-centred 1")
    exhaustion: Array = column(float, 0.2, "0-1", "exhaustion")
    sensitivity: Array = column(float, 1.0, "ratio", "fixed sensitivity to load")
    since: Array = column(np.int32, NEVER, "week", "took the post")
    vacant_until: Array = column(np.int32, NEVER, "week", "post empty until")
    sick_until: Array = column(np.int32, NEVER, "week", "on sick leave until")
    present: Array = column(float, 1.0, "0-1", "part of a full post that is there: post, not vacant, not on sick leave")
    effective: Array = column(float, 1.0, "0-1", "part of a full post that is there: post, presence, practice in the desk, exhaustion")
    usable: Array = column(float, 0.0, "h", "usable hours of this week after meetings")
    available: Array = column(float, 0.0, "h", "hours of this week after leave and administration")
    asked: Array = column(float, 0.0, "h", "hours the open cases ask a week")
    given: Array = column(float, 0.0, "h", "hours given to open cases this week")
    complex_hours: Array = column(float, 0.0, "h", "of these, to compounded and gap cases")
    meeting: Array = column(float, 0.0, "h", "hours in required meetings, learning and conferences this week")
    learning: Array = column(float, 0.0, "h", "of these, in learning and supervision")
    crisis: Array = column(float, 0.0, "h", "crisis hours this week")
    intake: Array = column(float, 0.0, "h", "hours of first consultations this week")
    upstream: Array = column(float, 0.0, "h", "hours of upstream work this week")
    slack: Array = column(float, 0.0, "h", "usable hours left this week")
    load: Array = column(float, 0.9, "ratio", "hours asked this week, each once, over hours available")


class Agencies(Table):
    """Agencies: the desks, then the hub, the community team and public assistance."""

    key: Array = column(np.int64, 0, "-", "stable key, from the agency's name")
    field: Array = column(np.int8, -1, "index in FIELDS", "field; -1 hub, community team, public assistance")
    prefecture: Array = column(bool, False, "-", "owned by the prefecture")
    crisis_due: Array = column(float, 0.0, "h", "crisis hours that fall to it this week")
    extra_meeting: Array = column(float, 0.0, "h", "conference, mediation and link hours that fall to it this week")
    once_due: Array = column(float, 0.0, "h", "one-time hours of reorganising and briefing still to be spent")
    overflow: Array = column(float, 0.0, "h", "crisis hours that nobody had time for, first of next week")


class Districts(Table):
    """Districts."""

    places: Array = column(float, 0.0, "places", "community places")
    start_places: Array = column(float, 0.0, "places", "places at the start")
    members: Array = column(np.int32, 0, "households", "households that belong to a place")
    covered: Array = column(bool, True, "-", "a community social worker is in charge")
