"""Records every week after it is simulated, in the columns that `sim.declared.records` names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.declared.records import (
    BURNOUT,
    BY_AGENCY,
    BY_DISTRICT,
    BY_FIELD,
    DISTRICT_FLOWS,
    FLOWS,
    STOCKS,
    column_names,
)
from sim.declared.vocabulary import (
    ACTING,
    CASEWORKER,
    COMPOUNDED,
    FIELDS,
    HUB_WORKER,
    INTERESTED,
    MEMBERS,
    OPEN,
    STAGES,
    WAITING,
    F,
)
from sim.model import door
from sim.model.flows import own_flow_columns
from sim.model.posts import known_each_other, sum_over_workers
from sim.model.state import State
from sim.model.transitions import among, cells_in_hand, stage

STAFF = (
    "post",
    "present",
    "available",
    "load",
    "exhaustion",
    "breadth",
    "orientation",
    "role",
    "vacant_until",
    "sick_until",
)


class _Glance:
    """Quantities that several columns need, computed once a week: stages, acting residents,
    isolates, cases.

    rows (m,) households with a need or an open case, and at (m,) their stage. All other households
    have neither, so they are counted as the remainder of `homes` (D,) and not examined one by one.
    by_stage (D, stages) households; unseen (D, stages) those without an open case; empty (k,) rows;
    cells (n,) needs with a case.
    """

    def __init__(self, town: State, homes: np.ndarray):
        households, count = town.households, town.districts.rows
        self.rows = ((households.active | households.open_cases) > 0).nonzero()[0]
        self.at, self.empty = stage(town, self.rows), households.empty.nonzero()[0]
        seen = households.open_cases[self.rows] > 0
        key = (seen * np.int32(count) + households.district[self.rows]) * len(STAGES) + self.at
        self.unseen, seen_too = np.bincount(key, minlength=2 * count * len(STAGES)).reshape(
            2, count, len(STAGES)
        )
        self.by_stage = self.unseen + seen_too
        others = (
            homes
            - np.bincount(households.district[self.empty], minlength=count)
            - self.by_stage.sum(axis=1)
        )
        self.unseen[:, 0] += others
        self.by_stage[:, 0] += others
        self.acting = (town.residents.ladder == ACTING).nonzero()[0]
        self.isolates = ((households.ties == 0) > households.empty).nonzero()[0]
        self.cells = cells_in_hand(town)
        self.case = town.needs.case[self.cells]


def _stocks(town: State, seen: _Glance) -> list:
    """Values of STOCKS in order."""
    households, residents, waiting = (
        town.households,
        town.residents,
        seen.cells[seen.case == WAITING],
    )
    by_stage, unseen = seen.by_stage.sum(axis=0), seen.unseen.sum(axis=0)
    inside = max(1, int(by_stage.sum()))
    hub = ((households.hub_until > town.week) | households.hub_held).nonzero()[0]
    worry = residents.worry[seen.acting]
    living = int(np.count_nonzero((residents.age >= 0) > residents.away))
    return [
        *by_stage,
        *unseen,
        *_door(town),
        np.count_nonzero(households.waiting_cases > 0),
        seen.empty.size,
        np.count_nonzero((households.severe == 1) & (households.active == 1)),
        _held_by_ties(town),
        np.count_nonzero(seen.case >= OPEN),
        waiting.size,
        (town.week - town.needs.waiting_since[waiting]).mean() if waiting.size else 0.0,
        *_staff(town),
        (households.trust.sum() - households.trust[seen.empty].sum()) / inside,
        households.ties.sum(dtype=np.int64) / inside,
        seen.isolates.size,
        seen.acting.size,
        np.count_nonzero(residents.ladder == INTERESTED),
        worry.mean() if worry.size else 0.0,
        gini(worry),
        hub.size,
        np.count_nonzero(town.needs.agency[waiting] == town.hub_row),
        np.count_nonzero(stage(town, hub) == COMPOUNDED)
        / max(1, int(by_stage[COMPOUNDED] - unseen[COMPOUNDED])),
        2 * np.count_nonzero(town.ties.live) / max(1, living),
        known_each_other(town.records),
        town.commons.working,
        _slack(town),
        np.count_nonzero(households.belongs),
    ]


def _door(town: State) -> tuple[int, float, float]:
    """Number of households that wait for a first consultation, the hours it still requires, and the
    mean weeks since they came.
    """
    rows = door.waiting(town)
    weeks = float((town.week - town.households.door_since[rows]).mean()) if rows.size else 0.0
    return rows.size, float(town.households.door_hours[rows].sum()), weeks


def _held_by_ties(town: State) -> int:
    """Households in need that a neighbour watches and no agency supports."""
    households = town.households
    watched = (households.watched_until > town.week).nonzero()[0]
    alone = (households.active[watched] > 0) & (households.open_cases[watched] == 0)
    return int(np.count_nonzero(alone))


def _at_desk(town: State) -> np.ndarray:
    return (town.workers.role == CASEWORKER) | (town.workers.role == HUB_WORKER)


def _staff(town: State) -> list[float]:
    """Load (nan where nobody has hours), exhaustion, burnout, vacancies, sick leave, posts,
    breadth, orientation at desks and hub; breadth at desks alone.
    """
    there = (town.workers.post > 0).nonzero()[
        0
    ]  # including later posts would change the last digits
    kept = (getattr(town.workers, name)[there] for name in STAFF)
    post, present, available, load, exhaustion, breadth, orientation, role, vacant, sick = kept
    desk = (role == CASEWORKER) | (role == HUB_WORKER)
    weight, exists, hours, of_fields = (
        present * desk,
        post * desk,
        available * desk,
        present * (role == CASEWORKER),
    )
    whole = max(1e-12, weight.sum())
    return [
        hours @ load / hours.sum() if hours.any() else np.nan,
        weight @ exhaustion / whole,
        weight @ (exhaustion > BURNOUT) / whole,
        exists @ (vacant > town.week),
        exists @ (sick > town.week),
        exists.sum(),
        weight @ breadth / whole,
        weight @ orientation / whole,
        of_fields @ breadth / max(1e-12, of_fields.sum()),
    ]


def _slack(town: State) -> float:
    mine = _at_desk(town)
    return float(
        sum_over_workers(town, town.workers.slack, mine)
        / max(1e-12, sum_over_workers(town, town.workers.available, mine))
    )


def gini(load: np.ndarray) -> float:
    """Gini coefficient of non-negative `load` (n,); 0 where all loads are zero."""
    bearing = np.sort(load[load > 0])
    if bearing.size == 0:
        return 0.0
    rank = np.arange(load.size - bearing.size + 1, load.size + 1)
    return float(
        2 * (rank * bearing).sum() / (load.size * bearing.sum()) - (load.size + 1) / load.size
    )


def _fields(town: State, seen: _Glance) -> np.ndarray:
    """Values of BY_FIELD as (F, columns)."""
    case = np.bincount(seen.cells % F * 4 + seen.case, minlength=F * 4).reshape(F, 4)
    return np.column_stack(
        [town.levels[:, 1:], case[:, OPEN:].sum(axis=1), case[:, WAITING], _desk_means(town)]
    )


def _desk_means(town: State) -> np.ndarray:
    """Load, breadth and orientation (F, 3) of the staff present at each field's desks; nan where
    there is nobody.
    """
    workers = town.workers
    field = town.agencies.field[workers.agency]
    staffed = field >= 0
    field, present = field[staffed], workers.present[staffed]
    hours = workers.available[staffed]
    means = [
        _mean_by(field, weight, column[staffed], F)
        for weight, column in (
            (hours, workers.load),
            (present, workers.breadth),
            (present, workers.orientation),
        )
    ]
    return np.column_stack(means)


def _mean_by(group: np.ndarray, weight: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Mean of `values` (n,) with `weight` (n,) by `group` (n,): (count,), nan where there is no
    weight.
    """
    total = np.bincount(group, weights=weight, minlength=count)
    total[total == 0] = np.nan
    return np.bincount(group, weights=weight * values, minlength=count) / total


def _districts(town: State, seen: _Glance) -> np.ndarray:
    """Values of BY_DISTRICT and DISTRICT_FLOWS as (D, columns)."""
    district, count = town.households.district, town.districts.rows
    isolates = np.bincount(district[seen.isolates], minlength=count)
    acting = np.bincount(district[seen.acting // MEMBERS], minlength=count)
    return np.column_stack(
        [
            seen.by_stage,
            seen.unseen,
            isolates,
            acting,
            town.districts.places,
            *(town.flows[name] for name in DISTRICT_FLOWS),
        ]
    )


def _agencies(town: State, seen: _Glance) -> np.ndarray:
    """Values of BY_AGENCY as (A, columns)."""
    workers, count = town.workers, town.agencies.rows
    staff = np.bincount(workers.agency, weights=workers.present, minlength=count)
    means = [
        _mean_by(workers.agency, workers.available, workers.load, count),
        _mean_by(workers.agency, workers.present, workers.exhaustion, count),
    ]
    at, hours = door.waiting(town), town.households.door_hours
    doors = [
        np.bincount(town.households.door[at], weights=weights, minlength=count)
        for weights in (None, hours[at])
    ]
    agency, waits = town.needs.agency[seen.cells], seen.case == WAITING
    held = [np.bincount(agency[mask], minlength=count) for mask in (waits, ~waits)]
    return np.column_stack([town.flows["agency_hours"], staff, *means, *doors, *held])


class Recorder:
    """Collects a row of each weekly table (town, field, district, agency); `frame` returns them."""

    def __init__(self, town: State):
        self._weeks: list[int] = []
        self._rows: dict[str, list[np.ndarray]] = {
            "town": [],
            "field": [],
            "district": [],
            "agency": [],
        }
        people, agencies = town.scenario.people, town.scenario.organisation.agencies
        self._keys = {
            "field": FIELDS,
            "district": [district.id for district in people.districts],
            "agency": [*(agency.id for agency in agencies), "hub", "community"],
        }
        self._own = own_flow_columns(town)
        self._columns = {
            "town": FLOWS | STOCKS | self._own,
            "field": BY_FIELD,
            "district": BY_DISTRICT | DISTRICT_FLOWS,
            "agency": BY_AGENCY,
        }
        self._homes = np.bincount(town.households.district, minlength=town.districts.rows)
        self._compounded: np.ndarray | None = None

    def record(self, town: State) -> None:
        """Add the week that has just been simulated."""
        seen = _Glance(town, self._homes)
        self._weeks.append(town.week)
        town.flows["inflow_compounded"][:] = self._newly_compounded(
            seen.rows[seen.at == COMPOUNDED]
        )
        flows, own = ([town.flows[name] for name in group] for group in (FLOWS, self._own))
        self._rows["town"].append(
            np.concatenate([*flows, np.array(_stocks(town, seen), dtype=float), *own])
        )
        for name, values in (("field", _fields), ("district", _districts), ("agency", _agencies)):
            self._rows[name].append(values(town, seen))

    def _newly_compounded(self, rows: np.ndarray) -> int:
        """How many of ordered `rows` were not compounded a week ago; 0 in the first week
        recorded.
        """
        before, self._compounded = self._compounded, rows
        return 0 if before is None else rows.size - int(np.count_nonzero(among(rows, before)))

    def __len__(self) -> int:
        return len(self._weeks)

    def columns(self, table: str = "town") -> list[str]:
        """Names of the recorded columns of a table, without its keys."""
        return column_names(self._columns[table])

    def frame(self, table: str = "town") -> pd.DataFrame:
        """The weekly table: one row a week (town), or a week and field, district or agency."""
        week, columns = np.array(self._weeks, dtype=np.int32), self.columns(table)
        values = np.array(self._rows[table], dtype=float).reshape(-1, len(columns))
        frame = pd.DataFrame(values, columns=columns)
        if table == "town":
            frame.insert(0, "week", week)
            return frame
        keys = self._keys[table]
        frame.insert(0, table, np.tile(np.array(keys), len(week)))
        frame.insert(0, "week", np.repeat(week, len(keys)))
        return frame
