"""The event log: after each process of a week it records what has changed for which household, as
rows of a table.

A scenario requests it with `event_log = true`. The log only reads, so results are the same with and
without it. The first row that differs between the logs of two arms shows in which week, and by
which process, a household's histories diverged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import ACTING, FIELDS, MEMBERS, NEVER, NO_CASE, ROUTES, F
from sim.model.state import State

LEVELS = ("none", "latent", "manifest", "severe")
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


class _Change(NamedTuple):
    """Rows, needs or resident slots `at` (n,) whose watched value changed from `before` to `after`;
    `gone` is true where the household left.
    """

    at: np.ndarray
    before: np.ndarray
    after: np.ndarray
    gone: bool = False

    def where(self, mask: np.ndarray) -> _Change:
        """The part of the change for which `mask` (n,) holds."""
        return _Change(self.at[mask], self.before[mask], self.after[mask], self.gone)


Codes = Callable[[Any, State, _Change], np.ndarray]  # of an EventLog, the town and a change


def _no_detail(log: Any, _town: State, change: _Change) -> np.ndarray:
    return np.zeros(change.at.size, dtype=np.int16)


def _no_value(_town: State, change: _Change) -> np.ndarray:
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
    value: Callable[[State, _Change], np.ndarray] = _no_value
    field: str = ""
    dated: bool = False

    @property
    def standing(self) -> bool:
        """Whether the value at the beginning of the log is recorded: not for quiet quantities and
        dates.
        """
        return self.kinds is not _changed and self.blank != NEVER


def _changed(_log: Any, _town: State, change: _Change) -> np.ndarray:
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

    def kinds(_log: Any, _town: State, change: _Change) -> np.ndarray:
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


def _slot(town: State, change: _Change) -> np.ndarray:
    """Resident slots as stable ids, -1 for none."""
    row, place = np.divmod(change.after, MEMBERS)
    return np.where(change.after >= 0, town.households.id[row] * MEMBERS + place, -1).astype(float)


def _worker(town: State, change: _Change) -> np.ndarray:
    return np.where(change.after >= 0, town.workers.id[change.after], -1).astype(float)


def _number(_town: State, change: _Change) -> np.ndarray:
    return change.after.astype(float)


def _level_kinds(log: Any, town: State, change: _Change) -> np.ndarray:
    kinds = LEVEL_KINDS[change.before, change.after]
    back = (kinds == K["need_begun"]) & (log.may_return[change.at] > town.week)
    return np.where(back, np.int16(K["need_back"]), kinds)


def _level_detail(log: Any, _town: State, change: _Change) -> np.ndarray:
    return log.codes(LEVELS)[np.where(change.after > 0, change.after, change.before)]


def _case_kinds(_log: Any, town: State, change: _Change) -> np.ndarray:
    kinds = CASE_KINDS[change.before, change.after]
    lapses = (kinds == K["case_closed"]) & (town.needs.level[change.at] > 0) & (not change.gone)
    return np.where(lapses, np.int16(K["case_lapsed"]), kinds)


def _case_detail(log: Any, town: State, change: _Change) -> np.ndarray:
    """The agency that has the case, or had it."""
    return log.agencies[
        np.where(
            change.after == NO_CASE, log.seen["agency"][change.at], town.needs.agency[change.at]
        )
    ]


def _agency_kinds(_log: Any, _town: State, change: _Change) -> np.ndarray:
    return np.where(
        (change.before >= 0) & (change.after >= 0), np.int16(K[QUIET]), _NOTHING
    )  # else the case says it


def _tie_kinds(_log: Any, _town: State, change: _Change) -> np.ndarray:
    other = np.where(change.after >= 0, np.int16(K[QUIET]), _NOTHING)
    return np.select(
        [change.after == 0, (change.before == 0) & (change.after > 0)],
        [np.int16(K["isolated"]), np.int16(K["first_tie"])],
        other,
    )


def _tie_detail(log: Any, _town: State, change: _Change) -> np.ndarray:
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
    own = [
        _quiet(f"{one.table}.{one.name}", one.initial, F if one.table == "needs" else 1)
        for one in town.scenario.own_columns
        if one.table in ("households", "needs")
    ]
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
        *(_quiet(f"households.{name}", blank) for name, blank in QUIET_HOUSEHOLDS.items()),
        _quiet("households.watcher", -1, value=_slot),
        _quiet("households.told_by", -1, value=_slot),
        *(_quiet(f"needs.{name}", blank, F) for name, blank in QUIET_NEEDS.items()),
        _quiet("needs.worker", -1, F, _worker),
        *own,
    )


START = "start"  # the process of what holds when the log begins
COLUMNS = ("week", "household", "occupant", "field", "kind", "detail", "process", "value")
Rows = tuple[np.ndarray, ...]  # household ids, occupants, fields (-1 none), kinds, details, values


class Look(NamedTuple):
    """Which columns to compare after a process. `dated` adds those that change with the calendar.

    `moves`: whether households may have moved. `needs`: whether `needs.relapse_until` may have
    changed.
    """

    watched: tuple[Watch, ...]
    dated: tuple[Watch, ...]
    moves: bool = True
    needs: bool = True


class EventLog:
    """Stores the last value of every watched quantity, and records changes process by process."""

    def __init__(self, town: State, week_order: Iterable[tuple[str, Any]]):
        self.resume(town, week_order)
        self._processes = tuple(dict.fromkeys((START, *self._looks)))
        agencies = (
            *(agency.id for agency in town.scenario.organisation.agencies),
            "hub",
            "community",
        )
        texts = (
            "",
            *LEVELS,
            *ROUTES,
            *CRISIS_IDS,
            *(watch.name for watch in self._watches),
            *agencies,
        )
        self._labels = {text: code for code, text in enumerate(dict.fromkeys(texts))}
        self.agencies = self.codes((*agencies, ""))  # the last stands for none, row -1
        self._parts: list[Rows] = []
        self._week, self._occupant = town.week, town.households.occupant.copy()
        self.may_return = town.needs.relapse_until.copy()
        self.seen = {watch.name: watch.read(town).copy() for watch in self._watches}
        standing = [watch for watch in self._watches if watch.standing]
        for watch in standing:
            self.seen[watch.name][:] = watch.blank
        told = self._changed(town, standing)
        self._keep(
            town, START, [tuple(column[part[3] != K[QUIET]] for column in part) for part in told]
        )

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value for name, value in vars(self).items() if name not in ("_watches", "_looks")
        }

    def resume(self, town: State, week_order: Iterable[tuple[str, Any]]) -> None:
        """Continue after a copy or after being stored: the watched quantities are read from `town`
        again.
        """
        self._watches = watches(town)
        self._looks = {name: self._look_after(process) for name, process in week_order}

    def renumbered(self, town: State) -> None:
        """Take over the new rows of workers, which is not an event."""
        self.seen["worker"][:] = town.needs.worker

    def _look_after(self, process: Any) -> Look:
        """What a process may change, by the WRITES of its module; everything where it declares
        none.
        """
        writes = getattr(sys.modules.get(getattr(process, "__module__", "")), "WRITES", None)
        if writes is None:
            return Look(self._watches, self._watches)

        def written(places: Iterable[str]) -> bool:
            return any(place in writes or f"{place.split('.')[0]}.*" in writes for place in places)

        plain = tuple(watch for watch in self._watches if written(watch.columns))
        dated = tuple(watch for watch in self._watches if watch.dated or watch in plain)
        return Look(
            plain, dated, written(("households.occupant",)), written(("needs.relapse_until",))
        )

    def codes(self, texts: Iterable[str]) -> np.ndarray:
        """The codes of details."""
        return np.array([self._labels[text] for text in texts], dtype=np.int16)

    def label(self, text: str, count: int) -> np.ndarray:
        """The code of one detail, `count` times."""
        return np.full(count, self._labels[text], dtype=np.int16)

    def look(self, town: State, name: str) -> None:
        """Record what the process `name`, which has just run, has changed."""
        look = self._looks[name]
        first, self._week = town.week != self._week, town.week
        moved = np.flatnonzero((town.households.occupant != self._occupant) & look.moves)
        parts = self._moved(town, moved) if len(moved) else []
        self._keep(town, name, parts + self._changed(town, look.dated if first else look.watched))
        if look.needs:
            self.may_return[:] = town.needs.relapse_until

    def _changed(self, town: State, watched: Iterable[Watch]) -> list[Rows]:
        """Events of households that stay."""
        parts = []
        for watch in watched:
            now, seen = watch.read(town), self.seen[watch.name]
            at = np.flatnonzero(now != seen)
            if at.size:
                parts.append(
                    self._told(town, watch, _Change(at, seen[at], now[at]), self._occupant)
                )
                seen[at] = now[at]
        return parts

    def _moved(self, town: State, rows: np.ndarray) -> list[Rows]:
        """Events of `rows` whose household was replaced: what the old one held ends, and what the
        new one brings begins.
        """
        before, self._occupant = self._occupant, town.households.occupant.copy()
        self.may_return[_blocks(rows, F)] = NEVER
        lived = rows[~self.seen["empty"][rows]]
        parts = [
            _rows(town, lived, "moved_out", before),
            _rows(town, rows, "moved_in", self._occupant),
        ]
        for watch in self._watches:
            at = _blocks(rows, watch.width)
            now, seen = watch.read(town)[at], self.seen[watch.name][at]
            blank = np.full(at.size, watch.blank, dtype=seen.dtype)
            for change, occupant in (
                (_Change(at, seen, blank, gone=True), before),
                (_Change(at, blank, now), self._occupant),
            ):
                parts.append(
                    self._told(town, watch, change.where(change.before != change.after), occupant)
                )
        for watch in self._watches:
            at = _blocks(rows, watch.width)
            self.seen[watch.name][at] = watch.read(town)[at]
        return parts

    def _told(self, town: State, watch: Watch, change: _Change, occupant: np.ndarray) -> Rows:
        """Turn a change into events; changes without a kind are left out."""
        kinds = watch.kinds(self, town, change)
        change = change.where(kinds >= 0)
        rows = change.at // watch.width
        field = np.full(rows.size, -1)
        if watch.columns[0].startswith("needs."):
            field = change.at % F
        elif watch.field:
            field = getattr(town.households, watch.field)[rows]
        details, values = watch.detail(self, town, change), watch.value(town, change)
        return town.households.id[rows], occupant[rows], field, kinds[kinds >= 0], details, values

    def _keep(self, town: State, name: str, parts: list[Rows]) -> None:
        """Append the events of one process, by household id, occupant, field and kind."""
        if not parts:
            return
        home, occupant, field, kind, detail, value = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        order = np.lexsort((detail, kind, field, occupant, home))
        week = np.full(order.size, town.week, dtype=np.int32)
        process = np.full(order.size, self._processes.index(name), dtype=np.int16)
        self._parts.append(
            (
                week,
                home[order],
                occupant[order],
                field[order].astype(np.int8),
                kind[order].astype(np.int8),
                detail[order],
                process,
                value[order],
            )
        )

    def frame(self) -> pd.DataFrame:
        """Return the log as a table of COLUMNS, one row per event, by week, order of the process,
        household id, occupant and field.

        `value` is the new value of a quiet change (NaN elsewhere), `household` the stable id of the
        row, `occupant` the number of the household that lives there.
        """
        kept = [np.concatenate(column) for column in zip(*self._parts, strict=True)] or [
            np.empty(0, int)
        ] * len(COLUMNS)
        words: dict[str, Sequence[str]] = {
            "field": ("", *FIELDS),
            "kind": KINDS,
            "detail": tuple(self._labels),
            "process": self._processes,
        }
        table = dict(zip(COLUMNS, kept, strict=True))
        table["field"] = table["field"] + 1
        return pd.DataFrame(
            {
                name: pd.Categorical.from_codes(
                    column, dtype=pd.CategoricalDtype(list(words[name]))
                )
                if name in words
                else column
                for name, column in table.items()
            }
        )


def _blocks(rows: np.ndarray, width: int) -> np.ndarray:
    return (rows[:, None] * width + np.arange(width)).ravel()


def _rows(town: State, rows: np.ndarray, kind: str, occupant: np.ndarray) -> Rows:
    none = np.zeros(rows.size, dtype=np.int16)
    return (
        town.households.id[rows],
        occupant[rows],
        none - 1,
        none + np.int16(K[kind]),
        none,
        np.full(rows.size, np.nan),
    )
