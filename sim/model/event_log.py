"""The event log: after each process of a week it records what has changed for which household, as
rows of a table.

A scenario requests it with `event_log = true`. The log only reads, so results are the same with and
without it. The first row that differs between the logs of two arms shows in which week, and by
which process, a household's histories diverged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import FIELDS, LEVELS, NEVER, ROUTES, F
from sim.model.own_week import writes_of
from sim.model.state import State
from sim.model.watches import KINDS, QUIET, ColumnChange, K, Watch, watches

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
        writes = writes_of(process)
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
                    self._told(town, watch, ColumnChange(at, seen[at], now[at]), self._occupant)
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
                (ColumnChange(at, seen, blank, gone=True), before),
                (ColumnChange(at, blank, now), self._occupant),
            ):
                parts.append(
                    self._told(town, watch, change.where(change.before != change.after), occupant)
                )
        for watch in self._watches:
            at = _blocks(rows, watch.width)
            self.seen[watch.name][at] = watch.read(town)[at]
        return parts

    def _told(self, town: State, watch: Watch, change: ColumnChange, occupant: np.ndarray) -> Rows:
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
