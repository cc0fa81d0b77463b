"""What the log of events compares after each process: every watched quantity, and in which words a
change of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import ACTING, LEVELS, MEMBERS, NEVER, NO_CASE, ROUTES, F
from sim.model.state import State

KINDS = (
    "at_door",
    "left_door",
    "moved_out",
    "moved_in",
    "crisis",
    "need_begun",
    "need_back",
    "need_surfaced",
    "need_worsened",
    "need_eased",
    "need_ended",
    "noticed",
    "watched",
    "unwatched",
    "told",
    "visited",
    "contact",
    "queued",
    "left_queue",
    "case_opened",
    "accompanied",
    "case_closed",
    "case_lapsed",
    "plan_begun",
    "plan_ended",
    "hub_begun",
    "hub_ended",
    "place_joined",
    "place_left",
    "first_tie",
    "isolated",
    "helping_begun",
    "helping_ended",
    "assistance_begun",
    "assistance_ended",
    "left_in_crisis",
    "changed",
)
K = {kind: number for number, kind in enumerate(KINDS)}
# changes of inner quantities such as trust, hours given or who watches; `detail` names the column,
# `value` holds the new value
QUIET = "changed"
_NOTHING = np.int16(-1)


def _codes(square: Iterable[Iterable[str]]) -> np.ndarray:
    return np.array([[K.get(kind, -1) for kind in line] for line in square], dtype=np.int16)


LEVEL_KINDS = _codes(
    [
        ["", "need_begun", "need_begun", "need_begun"],
        ["need_ended", "", "need_surfaced", "need_worsened"],
        ["need_ended", "need_eased", "", "need_worsened"],
        ["need_ended", "need_eased", "need_eased", ""],
    ]
)
CASE_KINDS = _codes(
    [
        ["", "queued", "case_opened", "accompanied"],
        ["left_queue", "", "case_opened", "accompanied"],
        ["case_closed", "queued", "", "accompanied"],
        ["case_closed", "queued", "case_opened", ""],
    ]
)


class ColumnChange(NamedTuple):
    """Rows, needs or resident slots `at` (n,) whose watched value changed from `before` to `after`;
    `gone` is true where the household left.
    """

    at: np.ndarray
    before: np.ndarray
    after: np.ndarray
    gone: bool = False

    def where(self, mask: np.ndarray) -> ColumnChange:
        """The part of the change for which `mask` (n,) holds."""
        return ColumnChange(self.at[mask], self.before[mask], self.after[mask], self.gone)


Codes = Callable[[Any, State, ColumnChange], np.ndarray]  # of an EventLog, the town and a change


def _no_detail(log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    return np.zeros(change.at.size, dtype=np.int16)


def _no_value(_town: State, change: ColumnChange) -> np.ndarray:
    return np.full(change.at.size, np.nan)


class Watch(NamedTuple):
    """One quantity that is compared.

    `columns`: the columns it is read from ("table.column").
    `width`: how many values a household has.
    `blank`: the value of a household that has just moved in.
    `kinds`: the kind of each change, -1 for none.
    `field`: the column of households that holds its field.
    `dated`: whether it also changes with the calendar.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[State], np.ndarray]
    kinds: Codes
    blank: Any = False
    width: int = 1
    detail: Codes = _no_detail
    value: Callable[[State, ColumnChange], np.ndarray] = _no_value
    field: str = ""
    dated: bool = False

    @property
    def standing(self) -> bool:
        """Whether the value at the beginning of the log is recorded: not for quiet quantities and
        dates.
        """
        return self.kinds is not _changed and self.blank != NEVER


def _changed(_log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    return np.full(change.at.size, _NOTHING if change.gone else K[QUIET], dtype=np.int16)


def _column(place: str) -> Callable[[State], np.ndarray]:
    table, name = place.split(".")
    return lambda town: getattr(getattr(town, table), name)


def _status(
    name: str, begins: str, ends: str, *columns: str, read: Callable | None = None, **more: Any
) -> Watch:
    """A state that a household is in or not."""
    first, last = K.get(begins, -1), K.get(ends, -1)
    return Watch(
        name,
        columns,
        read or _column(columns[0]),
        lambda _log, _town, change: np.where(change.after, np.int16(first), np.int16(last)),
        **more,
    )


def _date(kind: str, place: str, **more: Any) -> Watch:
    """The week in which something last happened."""

    def kinds(_log: Any, _town: State, change: ColumnChange) -> np.ndarray:
        return np.where(change.after > NEVER, np.int16(K[kind]), _NOTHING)

    return Watch(kind, (place,), _column(place), kinds, blank=NEVER, **more)


def _quiet(place: str, blank: Any, width: int = 1, value: Callable | None = None) -> Watch:
    """A quantity whose changes are logged as "changed"; the name of its column is the detail."""
    name = place.split(".")[1]
    return Watch(
        name,
        (place,),
        _column(place),
        _changed,
        blank,
        width,
        lambda log, _town, change: log.label(name, change.at.size),
        value or _number,
    )


def _slot(town: State, change: ColumnChange) -> np.ndarray:
    """Resident slots as stable ids, -1 for none."""
    row, place = np.divmod(change.after, MEMBERS)
    return np.where(change.after >= 0, town.households.id[row] * MEMBERS + place, -1).astype(float)


def _worker(town: State, change: ColumnChange) -> np.ndarray:
    return np.where(change.after >= 0, town.workers.id[change.after], -1).astype(float)


def _number(_town: State, change: ColumnChange) -> np.ndarray:
    return change.after.astype(float)


def _level_kinds(log: Any, town: State, change: ColumnChange) -> np.ndarray:
    kinds = LEVEL_KINDS[change.before, change.after]
    back = (kinds == K["need_begun"]) & (log.may_return[change.at] > town.week)
    return np.where(back, np.int16(K["need_back"]), kinds)


def _level_detail(log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    return log.codes(LEVELS)[np.where(change.after > 0, change.after, change.before)]


def _case_kinds(_log: Any, town: State, change: ColumnChange) -> np.ndarray:
    kinds = CASE_KINDS[change.before, change.after]
    lapses = (kinds == K["case_closed"]) & (town.needs.level[change.at] > 0) & (not change.gone)
    return np.where(lapses, np.int16(K["case_lapsed"]), kinds)


def _case_detail(log: Any, town: State, change: ColumnChange) -> np.ndarray:
    """The agency that has the case, or had it."""
    return log.agencies[
        np.where(
            change.after == NO_CASE, log.seen["agency"][change.at], town.needs.agency[change.at]
        )
    ]


def _agency_kinds(_log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    return np.where(
        (change.before >= 0) & (change.after >= 0), np.int16(K[QUIET]), _NOTHING
    )  # else the case says it


def _tie_kinds(_log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    other = np.where(change.after >= 0, np.int16(K[QUIET]), _NOTHING)
    return np.select(
        [change.after == 0, (change.before == 0) & (change.after > 0)],
        [np.int16(K["isolated"]), np.int16(K["first_tie"])],
        other,
    )


def _tie_detail(log: Any, _town: State, change: ColumnChange) -> np.ndarray:
    first = (change.before == 0) | (change.after == 0)
    return np.where(first, np.int16(0), log.label("ties", change.at.size))


QUIET_HOUSEHOLDS = {
    "trust": 0.5,
    "readiness": 0.5,
    "sees_no_need": False,
    "acting_ties": 0,
    "tip_week": NEVER,
    "visits": 0,
    "next_visit": NEVER,
    "door_hours": 0.0,
    "triaged": False,
    "review_since": NEVER,
    "accompanied_until": NEVER,
}
QUIET_NEEDS = {"known": False, "hidden": False, "urgent": False, "hops": 0, "dose": 0.0, "aid": 0.0}


def watches(town: State) -> tuple[Watch, ...]:
    """All quantities that are compared, in order of comparison."""
    own = (
        _quiet(f"{one.table}.{one.name}", one.initial, F if one.table == "needs" else 1)
        for one in town.scenario.own_columns
        if one.table in ("households", "needs")
    )
    return (*_need_and_contact(), *_support(), *_ties_and_end(), *_quiet_columns(), *own)


def _need_and_contact() -> tuple[Watch, ...]:
    """Crises, levels of need, and how a household comes to an agency."""
    return (
        _date(
            "crisis",
            "households.crisis_week",
            field="crisis_field",
            detail=lambda log, town, change: log.codes(CRISIS_IDS)[
                town.households.crisis_kind[change.at]
            ],
        ),
        Watch("level", ("needs.level",), _column("needs.level"), _level_kinds, 0, F, _level_detail),
        *(_date(kind, f"households.{kind}_week") for kind in ("noticed", "told", "visited")),
        _status(
            "watched",
            "watched",
            "unwatched",
            "households.watched_until",
            dated=True,
            read=lambda town: town.households.watched_until > town.week,
        ),
        Watch(
            "contact",
            ("households.contact_route",),
            _column("households.contact_route"),
            lambda _log, _town, change: np.where(
                change.after > 0, np.int16(K["contact"]), _NOTHING
            ),
            0,
            field="contact_field",
            detail=lambda log, _town, change: log.codes(ROUTES)[change.after],
        ),
        _status(
            "door",
            "at_door",
            "left_door",
            "households.door",
            read=lambda town: town.households.door >= 0,
        ),
    )


def _support() -> tuple[Watch, ...]:
    """Cases and who holds them, plans, the hub."""
    return (
        Watch(
            "case", ("needs.case",), _column("needs.case"), _case_kinds, NO_CASE, F, _case_detail
        ),
        Watch(
            "agency",
            ("needs.agency",),
            _column("needs.agency"),
            _agency_kinds,
            -1,
            F,
            lambda log, _town, change: log.label("agency", change.at.size),
            _number,
        ),
        _status("plan", "plan_begun", "plan_ended", "households.joint_plan"),
        _status(
            "hub",
            "hub_begun",
            "hub_ended",
            "households.hub_until",
            "households.hub_held",
            dated=True,
            read=lambda town: (town.households.hub_until > town.week) | town.households.hub_held,
        ),
    )


def _ties_and_end() -> tuple[Watch, ...]:
    """Places, ties, helpers, and how a household ends."""
    return (
        _status("place", "place_joined", "place_left", "households.belongs"),
        Watch(
            "ties",
            ("households.ties",),
            _column("households.ties"),
            _tie_kinds,
            -1,
            1,
            _tie_detail,
            _number,
        ),
        _status(
            "helping",
            "helping_begun",
            "helping_ended",
            "residents.ladder",
            width=MEMBERS,
            read=lambda town: town.residents.ladder == ACTING,
        ),
        _status("assistance", "assistance_begun", "assistance_ended", "households.assistance"),
        _status("empty", "left_in_crisis", "", "households.empty"),
    )


def _quiet_columns() -> tuple[Watch, ...]:
    """Columns whose changes decide later draws and are not told in a life line."""
    return (
        *(_quiet(f"households.{name}", blank) for name, blank in QUIET_HOUSEHOLDS.items()),
        _quiet("households.watcher", -1, value=_slot),
        _quiet("households.told_by", -1, value=_slot),
        *(_quiet(f"needs.{name}", blank, F) for name, blank in QUIET_NEEDS.items()),
        _quiet("needs.worker", -1, F, _worker),
    )
