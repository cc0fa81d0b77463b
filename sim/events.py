"""The log of events: after each process of the week, what has become different for which household, as rows of a table.

A scenario asks for it with `event_log = true`. The log only reads, so results are the same with and without it. The first
row that differs between the logs of two arms tells when, and by which process, a household's lives parted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .records import CRISIS_IDS
from .state import FIELDS, NEVER, ROUTES, F, State
from .watches import KINDS, LEVELS, QUIET, Change, K, Watch, watches

START = "start"  # the process of what stands when the log begins
COLUMNS = ("week", "household", "occupant", "field", "kind", "detail", "process", "value")
Rows = tuple[np.ndarray, ...]  # household ids, occupants, fields (-1 none), kinds, details, values


class Look(NamedTuple):
    """What is looked at after a process: `watched`, with what changes by time alone `dated`; whether households may have
    moved, and whether needs may have changed."""

    watched: tuple[Watch, ...]
    dated: tuple[Watch, ...]
    moves: bool = True
    needs: bool = True


class EventLog:
    """Remembers what every watched quantity last held, and what has changed since, process by process."""

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
        """Go on after a copy or after being stored: what is watched is looked up in `town` again."""
        self._watches = watches(town)
        self._looks = {name: self._look_after(process) for name, process in week_order}

    def renumbered(self, town: State) -> None:
        """Workers have new rows, which is no event."""
        self.seen["worker"][:] = town.needs.worker

    def _look_after(self, process: Any) -> Look:
        """What a process may change, by the WRITES of its module; everything where it declares none."""
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
        """Note what the process `name` of this week, which has just been lived, has changed."""
        look = self._looks[name]
        first, self._week = town.week != self._week, town.week
        moved = np.flatnonzero(town.households.occupant != self._occupant) if look.moves else ()
        parts = self._moved(town, moved) if len(moved) else []
        self._keep(town, name, parts + self._changed(town, look.dated if first else look.watched))
        if look.needs:
            self.may_return[:] = town.needs.relapse_until

    def _changed(self, town: State, watched: Iterable[Watch]) -> list[Rows]:
        """Events of households that have stayed."""
        parts = []
        for watch in watched:
            now, seen = watch.read(town), self.seen[watch.name]
            at = np.flatnonzero(now != seen)
            if at.size:
                parts.append(self._told(town, watch, Change(at, seen[at], now[at]), self._occupant))
                seen[at] = now[at]
        return parts

    def _moved(self, town: State, rows: np.ndarray) -> list[Rows]:
        """Households of `rows` have gone with all they held, and others have come with what they bring."""
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
                (Change(at, seen, blank, gone=True), before),
                (Change(at, blank, now), self._occupant),
            ):
                parts.append(
                    self._told(town, watch, change.where(change.before != change.after), occupant)
                )
        for watch in self._watches:
            at = _blocks(rows, watch.width)
            self.seen[watch.name][at] = watch.read(town)[at]
        return parts

    def _told(self, town: State, watch: Watch, change: Change, occupant: np.ndarray) -> Rows:
        """A change as events; what is no event of any kind is left out."""
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
        """The log as a table of COLUMNS, a row an event, by week, order of the process, household id, occupant and field.

        `value` is what a quiet change leads to (NaN elsewhere); `household` the stable id of the row, `occupant` who lives there.
        """
        kept = [np.concatenate(column) for column in zip(*self._parts, strict=True)] or [
            np.empty(0, int)
        ] * len(COLUMNS)
        words = {
            "field": ("", *FIELDS),
            "kind": KINDS,
            "detail": tuple(self._labels),
            "process": self._processes,
        }
        table = dict(zip(COLUMNS, kept, strict=True))
        table["field"] = table["field"] + 1
        return pd.DataFrame(
            {
                name: pd.Categorical.from_codes(column, list(words[name]))
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
