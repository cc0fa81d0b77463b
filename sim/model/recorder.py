"""Records every week after it is simulated, in the columns that `sim.declared.records` names.

Kernels look once at the households, the cases in hand, the doors, the residents on the ladder and
the workers, and write what they count into one array a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.declared.records import (
    BURNOUT,
    BY_AGENCY,
    BY_DISTRICT,
    BY_FIELD,
    DISTRICT_FLOWS,
    FLOWS,
    LASTED,
    STOCKS,
    USES,
    Column,
    column_names,
)
from sim.declared.vocabulary import (
    ACTING,
    CASEWORKER,
    COMPOUNDED,
    FIELDS,
    GAP,
    HUB_WORKER,
    INTERESTED,
    LATENT,
    NEVER,
    STAGES,
    WAITING,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.commissioners import TERM
from sim.model.door import rows_at_door
from sim.model.flows import flow_place, own_flow_columns
from sim.model.kept import IN_SUPPORT, KNOWN, ROUND, stage_of
from sim.model.kernel import kernel, total
from sim.model.posts import OWN_AGENCIES, known_each_other
from sim.model.scans import after, how_many, nonzero, positive
from sim.model.state import State

S = len(STAGES)
INFLOW, OVERTIME = flow_place("inflow_compounded"), flow_place("overtime")


def _at(columns: dict[str, Column], name: str) -> int:
    """The place of a column, or of its first label, in a row of its table."""
    return column_names(columns).index(column_names({name: columns[name]})[0])


# Places in a row of the town's stocks, and in the rows of the tables by field, district and agency;
# the sums that only the means need stand behind the columns.
HOUSEHOLDS, UNSEEN, EMPTY = (_at(STOCKS, name) for name in ("households", "unseen", "empty_rows"))
LATENT_NEEDS, LATENT_GAP = (_at(STOCKS, name) for name in ("latent_needs", "latent_gap"))
DOOR_HOUSEHOLDS, DOOR_HOURS, DOOR_WEEKS = (
    _at(STOCKS, f"door_{name}") for name in ("households", "hours", "weeks")
)
WAITING_HOUSEHOLDS, LONE_SEVERE, HELD_BY_TIES = (
    _at(STOCKS, name) for name in ("waiting_households", "lone_severe", "held_by_ties")
)
OPEN_CASES, WAITING_CASES, OVERDUE = (
    _at(STOCKS, name) for name in ("open_cases", "waiting_cases", "overdue_waiting")
)
LOAD, EXHAUSTION, BURNT_OUT, BREADTH, ORIENTATION, FIELD_BREADTH = (
    _at(STOCKS, name)
    for name in ("load", "exhaustion", "burnout", "breadth", "orientation", "field_breadth")
)
POSTS, VACANCIES, ON_SICK_LEAVE, SLACK = (
    _at(STOCKS, name) for name in ("posts", "vacancies", "on_sick_leave", "slack")
)
TRUST, TIES, ISOLATES, TIES_PER_RESIDENT = (
    _at(STOCKS, name) for name in ("trust", "ties_per_household", "isolates", "ties_per_resident")
)
ACTING_RESIDENTS, INTERESTED_RESIDENTS, WORRY, WORRY_GINI = (
    _at(STOCKS, name) for name in ("acting", "interested", "worry", "worry_gini")
)
HUB_CASES, HUB_QUEUE, HUB_SHARE = (
    _at(STOCKS, name) for name in ("hub_cases", "hub_queue", "hub_share")
)
SEATS, COMMISSIONERS, COMMISSIONERS_NEW = (
    _at(STOCKS, name) for name in ("seats", "commissioners", "commissioners_new")
)
FAMILIARITY, RESOURCES, PLACE_MEMBERS = (
    _at(STOCKS, name) for name in ("familiarity", "resources", "place_members")
)
FIELD_OPEN, FIELD_WAITING, DESK_LOAD, DESK_BREADTH, DESK_ORIENTATION = (
    _at(BY_FIELD, name)
    for name in ("open", "waiting", "desk_load", "desk_breadth", "desk_orientation")
)
D_HOUSEHOLDS, D_UNSEEN, D_ISOLATES, D_ACTING, D_PLACES = (
    _at(BY_DISTRICT, name) for name in ("households", "unseen", "isolates", "acting", "places")
)
A_STAFF, A_LOAD, A_EXHAUSTION, A_DOOR, A_DOOR_HOURS, A_QUEUE, A_HELD, A_OVERTIME = (
    _at(BY_AGENCY, name)
    for name in ("staff", "load", "exhaustion", "door", "door_hours", "queue", "held", "overtime")
)
STOCK_COLUMNS, FIELD_HOURS = len(column_names(STOCKS)), len(column_names(BY_FIELD))
FIELD_PRESENT, FIELD_SUMS = FIELD_HOURS + 1, FIELD_HOURS + 2
DISTRICT_COLUMNS = len(column_names(BY_DISTRICT | DISTRICT_FLOWS))
A_HOURS = len(column_names(BY_AGENCY))
AGENCY_SUMS = A_HOURS + 1


@kernel
def _look_at_households(t, week, stocks, districts, compounded):
    """Tell the households by stage and what they have; `compounded` (H,) is the week in which each
    was compounded last, and is brought up to date. Returns how many have become so.
    """
    for place in range(t.stages.size):
        d, stage = place // (S * len(KNOWN)), place // len(KNOWN) % S
        districts[d, D_HOUSEHOLDS + stage] += t.stages[place]
        if place % len(KNOWN) != IN_SUPPORT:
            districts[d, D_UNSEEN + stage] += t.stages[place]
    stocks[TRUST] = total(t.trust)
    for row in nonzero(t.empty):
        stocks[EMPTY] += 1.0
        stocks[TRUST] -= t.trust[row]
    for row in nonzero(t.isolated):
        districts[t.district[row], D_ISOLATES] += not t.empty[row]
    for row in nonzero(t.severe):
        stocks[LONE_SEVERE] += t.severe[row] == 1 and t.active[row] == 1
    for row in after(t.watcher, -1):
        held = t.active[row] > 0 and t.open_cases[row] == 0
        stocks[HELD_BY_TIES] += held and t.watched_until[row] > week
    stocks[WAITING_HOUSEHOLDS] = how_many(t.waiting_cases)
    stocks[PLACE_MEMBERS] = how_many(t.belongs)
    _share_out(stocks, districts, _look_at_hub(t, week, stocks))
    fresh = 0
    for row in nonzero(t.manifest):
        if stage_of(t, row) == COMPOUNDED:
            fresh += compounded[row] != week - 1
            compounded[row] = week
    return fresh


@kernel
def _look_at_hub(t, week, stocks):
    """Count the households that the hub holds or works with; returns how many are compounded."""
    count = 0
    for row in nonzero(t.hub_held):
        stocks[HUB_CASES] += 1.0
        count += stage_of(t, row) == COMPOUNDED
    for row in after(t.hub_until, week):
        if not t.hub_held[row]:
            stocks[HUB_CASES] += 1.0
            count += stage_of(t, row) == COMPOUNDED
    return count


@kernel
def _share_out(stocks, districts, hub_compounded):
    """Turn the sums over households into the town's counts and means."""
    for d in range(districts.shape[0]):
        for at in range(S):
            stocks[HOUSEHOLDS + at] += districts[d, D_HOUSEHOLDS + at]
            stocks[UNSEEN + at] += districts[d, D_UNSEEN + at]
        stocks[ISOLATES] += districts[d, D_ISOLATES]
    here = 0.0
    for at in range(S):
        here += stocks[HOUSEHOLDS + at]
    stocks[TRUST] /= max(1.0, here)
    seen = stocks[HOUSEHOLDS + COMPOUNDED] - stocks[UNSEEN + COMPOUNDED]
    stocks[HUB_SHARE] = hub_compounded / max(1.0, seen)


@kernel
def _look_at_needs(t, week, stocks):
    """Tell the latent needs by the years that they have lasted, from when they began or came back."""
    weeks, older, older_gap = 0, 0.0, 1.0 * t.levels[GAP, LATENT]
    for field in range(F):
        older += t.levels[field, LATENT]
    for stretch in range(len(LASTED)):
        while weeks < LASTED[stretch] * WEEKS_PER_YEAR:
            since = (week - weeks) % ROUND
            for field in range(F):
                stocks[LATENT_NEEDS + stretch] += t.latent_since[since, field]
            stocks[LATENT_GAP + stretch] += t.latent_since[since, GAP]
            weeks += 1
        older -= stocks[LATENT_NEEDS + stretch]
        older_gap -= stocks[LATENT_GAP + stretch]
    stocks[LATENT_NEEDS + len(LASTED)] = older
    stocks[LATENT_GAP + len(LASTED)] = older_gap


@kernel
def _look_at_cases(t, week, hub, stocks, fields, agencies):
    """Count the cases in hand by field and agency, open or on the admission list; and who waits at
    the doors.
    """
    for cell in nonzero(t.case):
        field, need = cell % F, t.needs[cell]
        if t.case[cell] == WAITING:
            stocks[WAITING_CASES] += 1.0
            stocks[OVERDUE] += week - need.waiting_since
            stocks[HUB_QUEUE] += need.agency == hub
            fields[field, FIELD_WAITING] += 1.0
            agencies[need.agency, A_QUEUE] += 1.0
        else:
            stocks[OPEN_CASES] += 1.0
            fields[field, FIELD_OPEN] += 1.0
            agencies[need.agency, A_HELD] += 1.0
    stocks[OVERDUE] /= max(1.0, stocks[WAITING_CASES])
    for row in rows_at_door(t):
        home = t.households[row]
        if home.door_hours > 0.0:
            agencies[t.door[row], A_DOOR] += 1.0
            agencies[t.door[row], A_DOOR_HOURS] += home.door_hours
            stocks[DOOR_HOUSEHOLDS] += 1.0
            stocks[DOOR_HOURS] += home.door_hours
            stocks[DOOR_WEEKS] += week - home.door_since
    stocks[DOOR_WEEKS] /= max(1.0, stocks[DOOR_HOUSEHOLDS])


@kernel
def _look_at_residents(t, stocks, districts, worries):
    """Tell the residents on the ladder, and collect the `worries` of those who act; returns how
    many have any.
    """
    count = 0
    for slot in positive(t.worry):
        if t.ladder[slot] == ACTING:
            worries[count] = t.worry[slot]
            stocks[WORRY] += worries[count]
            count += 1
    for d in range(districts.shape[0]):
        districts[d, D_ACTING] = t.rungs[d, ACTING]
        stocks[ACTING_RESIDENTS] += t.rungs[d, ACTING]
        stocks[INTERESTED_RESIDENTS] += t.rungs[d, INTERESTED]
    stocks[WORRY] /= max(1.0, stocks[ACTING_RESIDENTS])
    ends, here = 2.0 * t.live_ties[0], stocks[HOUSEHOLDS]
    for at in range(1, S):
        here += stocks[HOUSEHOLDS + at]
    stocks[TIES] = ends / max(1.0, here)
    stocks[TIES_PER_RESIDENT] = ends / max(1, _living(t.age, t.away))
    return count


@kernel
def _living(age, away):
    """How many residents live here."""
    count = 0
    for slot in range(age.size):
        count += int(age[slot] >= 0) & int(not away[slot])
    return count


@kernel
def _look_at_workers(t, week, stocks, fields, agencies):
    """Means over the staff: at desks and hub for the town, by field, and by agency; nan where
    nobody has hours. Returns the hours of overtime at desks and hub.
    """
    hours, present, at_desks, slack, overtime = 0.0, 0.0, 0.0, 0.0, 0.0
    limit = t.p[0].overtime_limit * 12 / 52
    for worker in t.workers:
        _add_to_agency(t.agencies[worker.agency].field, worker, fields, agencies[worker.agency])
        beyond = overtime_of(worker, limit)
        if worker.duty == CASEWORKER:
            at_desks += worker.present
            stocks[FIELD_BREADTH] += worker.present * worker.breadth
        if worker.duty == CASEWORKER or worker.duty == HUB_WORKER:
            overtime += beyond
            agencies[worker.agency, A_OVERTIME] += beyond
            hours += worker.available
            present += worker.present
            slack += worker.slack
            stocks[LOAD] += worker.available * worker.load
            stocks[EXHAUSTION] += worker.present * worker.exhaustion
            stocks[BURNT_OUT] += worker.present * (worker.exhaustion > BURNOUT)
            stocks[BREADTH] += worker.present * worker.breadth
            stocks[ORIENTATION] += worker.present * worker.orientation
            stocks[POSTS] += worker.post
            stocks[VACANCIES] += worker.post * (worker.vacant_until > week)
            stocks[ON_SICK_LEAVE] += worker.post * (worker.sick_until > week)
    stocks[LOAD] = weighted_mean(stocks[LOAD], hours)
    stocks[SLACK] = slack / max(1e-12, hours)
    stocks[FIELD_BREADTH] /= max(1e-12, at_desks)
    for at in (EXHAUSTION, BURNT_OUT, BREADTH, ORIENTATION):
        stocks[at] /= max(1e-12, present)
    _divide(fields, agencies)
    return overtime


@kernel
def overtime_of(worker, limit):
    """Hours asked of a worker this week beyond those available, up to `limit` for a full post. Who
    works them is not modelled: households are helped in the hours available alone.
    """
    beyond = (worker.load - 1.0) * worker.available
    return min(max(0.0, beyond), limit * worker.present)


@kernel
def _add_to_agency(field, worker, fields, agency):
    """Add a worker's hours and qualities to the sums of their field and agency."""
    agency[A_STAFF] += worker.present
    agency[A_HOURS] += worker.available
    agency[A_LOAD] += worker.available * worker.load
    agency[A_EXHAUSTION] += worker.present * worker.exhaustion
    if field >= 0:
        fields[field, FIELD_HOURS] += worker.available
        fields[field, FIELD_PRESENT] += worker.present
        fields[field, DESK_LOAD] += worker.available * worker.load
        fields[field, DESK_BREADTH] += worker.present * worker.breadth
        fields[field, DESK_ORIENTATION] += worker.present * worker.orientation


@kernel
def weighted_mean(total, weight):
    """The mean of a weighted `total`; nan where there is no weight."""
    return total / weight if weight > 0.0 else np.nan


@kernel
def _divide(fields, agencies):
    """Turn the sums by field and agency into means."""
    for f in range(F):
        fields[f, DESK_LOAD] = weighted_mean(fields[f, DESK_LOAD], fields[f, FIELD_HOURS])
        fields[f, DESK_BREADTH] = weighted_mean(fields[f, DESK_BREADTH], fields[f, FIELD_PRESENT])
        fields[f, DESK_ORIENTATION] = weighted_mean(
            fields[f, DESK_ORIENTATION], fields[f, FIELD_PRESENT]
        )
    for a in range(agencies.shape[0]):
        agencies[a, A_LOAD] = weighted_mean(agencies[a, A_LOAD], agencies[a, A_HOURS])
        agencies[a, A_EXHAUSTION] = weighted_mean(agencies[a, A_EXHAUSTION], agencies[a, A_STAFF])


@kernel
def _look_at_seats(t, week, stocks):
    """Count the seats of commissioners, those that are filled, and who took theirs within a term."""
    stocks[SEATS] = t.seats.size
    for i in range(t.seats.size):
        slot = t.beat[t.row_of[t.seats[i]]]
        if slot >= 0:
            stocks[COMMISSIONERS] += 1.0
            stocks[COMMISSIONERS_NEW] += t.residents[slot].commissioner_since > week - TERM


@kernel
def _look(t, week, hub, week_rows, compounded, worries):
    """Fill the rows of the week; returns how many households have become compounded, how many
    residents who act have worries, and the hours of overtime at desks and hub.
    """
    stocks, fields, districts, agencies = week_rows
    fresh = _look_at_households(t, week, stocks, districts, compounded)
    _look_at_needs(t, week, stocks)
    _look_at_cases(t, week, hub, stocks, fields, agencies)
    bearing = _look_at_residents(t, stocks, districts, worries)
    _look_at_seats(t, week, stocks)
    overtime = _look_at_workers(t, week, stocks, fields, agencies)
    stocks[FAMILIARITY] = known_each_other(t)
    for f in range(F):
        for level in range(1, 4):
            fields[f, level - 1] = t.levels[f, level]
    return fresh, bearing, overtime


def gini(load: np.ndarray, people: int) -> float:
    """Gini coefficient of the positive `load` (n,) of n of `people`; 0 where nobody has any."""
    if load.size == 0:
        return 0.0
    rank = np.arange(people - load.size + 1, people + 1)
    mean = (rank * np.sort(load)).sum() / (people * load.sum())
    return float(2 * mean - (people + 1) / people)


class Recorder:
    """Collects a row of each weekly table (town, field, district, agency); `frame` returns them."""

    def __init__(self, town: State):
        self._weeks: list[int] = []
        people, agencies = town.scenario.people, town.scenario.organisation.agencies
        self._keys: dict[str, Sequence[str]] = {
            "field": FIELDS,
            "district": [district.id for district in people.districts],
            "agency": [*(agency.id for agency in agencies), *OWN_AGENCIES],
        }
        self._own = own_flow_columns(town)
        self._columns = {
            "town": FLOWS | STOCKS | self._own,
            "field": BY_FIELD,
            "district": BY_DISTRICT | DISTRICT_FLOWS,
            "agency": BY_AGENCY,
        }
        self._rows: dict[str, list[np.ndarray]] = {name: [] for name in self._columns}
        self._compounded = np.full(town.households.rows, NEVER, dtype=np.int32)
        self._worries = np.empty(town.residents.rows)

    def record(self, town: State) -> None:
        """Add the week that has just been simulated."""
        stocks, fields = np.zeros(STOCK_COLUMNS), np.zeros((F, FIELD_SUMS))
        districts = np.zeros((town.districts.rows, DISTRICT_COLUMNS))
        agencies = np.zeros((town.agencies.rows, AGENCY_SUMS))
        fresh, bearing, overtime = _look(
            town.records,
            town.week,
            town.hub_row,
            (stocks, fields, districts, agencies),
            self._compounded,
            self._worries,
        )
        stocks[WORRY_GINI] = gini(self._worries[:bearing], int(stocks[ACTING_RESIDENTS]))
        stocks[RESOURCES] = town.commons.working
        districts[:, D_PLACES] = town.districts.places
        for at, name in enumerate(DISTRICT_FLOWS):
            districts[:, DISTRICT_COLUMNS - len(DISTRICT_FLOWS) + at] = town.flows[name]
        agencies[:, : len(USES)] = town.flows["agency_hours"]
        town.flows.counts[INFLOW] = fresh if self._weeks else 0.0
        town.flows.counts[OVERTIME] = overtime
        own = [town.flows[name] for name in self._own]
        self._weeks.append(town.week)
        self._rows["town"].append(np.concatenate([town.flows.counts, stocks, *own]))
        self._rows["field"].append(fields[:, :FIELD_HOURS])
        self._rows["district"].append(districts)
        self._rows["agency"].append(agencies[:, :A_HOURS])

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
