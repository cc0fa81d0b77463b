"""The ledger records the week's hours by use and the quantities to be priced; prices are applied
later, outside the model.
"""

from __future__ import annotations

from sim.declared.records import USES
from sim.declared.vocabulary import DUTIES, STAGES
from sim.model.flows import flow_place
from sim.model.kept import KNOWN, UNKNOWN
from sim.model.kernel import kernel
from sim.model.scans import how_many
from sim.model.state import State

WRITES = (
    "stays",
    "flows.hours",
    "flows.agency_hours",
    "flows.post_weeks",
    "flows.post_weeks_prefecture",
    "flows.place_weeks",
    "flows.assistance_weeks",
    "flows.stay_weeks",
    "flows.service_seen",
    "flows.service_unseen",
)
MEETINGS, LEARNING, CRISIS, CASES, INTAKE, UPSTREAM = map(
    USES.index, ("meetings", "learning", "crisis", "cases", "intake", "upstream")
)
HOURS_LEFT = {  # the use to which hours that nothing asked for are booked
    "caseworker": "idle",
    "outreach": "outreach",
    "community": "community",
    "participation": "community",
    "hub": "coordination",
    "assistance": "idle",
    "companion": "community",
    "linking": "coordination",
}
USE_OF_DUTY = tuple(USES.index(HOURS_LEFT[duty]) for duty in DUTIES)
HOURS, PLACE_WEEKS = flow_place("hours"), flow_place("place_weeks")
POST_WEEKS, PREFECTURE_WEEKS = flow_place("post_weeks"), flow_place("post_weeks_prefecture")
ASSISTANCE_WEEKS = flow_place("assistance_weeks")
SEEN, UNSEEN = flow_place("service_seen"), flow_place("service_unseen")


def ledger(town: State) -> None:
    """Count the week.

    1. Hours of the clock by use, and posts that are held by kind.
    2. Places, and people in institutions, where those leave whose stay ends.
    3. Households on public assistance.
    4. Households by stage, separately by whether an agency knows them.

    A household that waits at a door or on the admission list is charged like one in support.
    Source: model 2.13, 8.12; M22.
    """
    town.stays.end(town.week)
    town.flows["stay_weeks"] += town.stays.now
    _count(town.records, town.week)


@kernel
def _count(t, week):
    for row in range(t.workers.size):
        _hours(t, t.workers[row])
        _post(t, week, t.workers[row])
    for row in range(t.districts.size):
        t.counts[PLACE_WEEKS] += t.districts[row].places
    t.counts[ASSISTANCE_WEEKS] += how_many(t.assistance)
    _households(t)


@kernel
def _hours(t, worker):
    """Hours of the clock of a worker by use; they sum to the available hours.

    What exhaustion and inexperience take from an hour's worth is charged to the use the hour went
    to.
    """
    clock = 0.0
    if worker.usable > 0.0:
        clock = max(0.0, worker.available - worker.meeting) / max(worker.usable, 1e-12)
    given = worker.crisis + worker.given + worker.intake + worker.upstream
    _book(t, worker.agency, MEETINGS, worker.meeting - worker.learning)
    _book(t, worker.agency, LEARNING, worker.learning)
    _book(t, worker.agency, CRISIS, worker.crisis * clock)
    _book(t, worker.agency, CASES, worker.given * clock)
    _book(t, worker.agency, INTAKE, worker.intake * clock)
    _book(t, worker.agency, UPSTREAM, worker.upstream * clock)
    _book(t, worker.agency, USE_OF_DUTY[worker.duty], max(0.0, worker.usable - given) * clock)


@kernel
def _book(t, agency, use, hours):
    t.counts[HOURS + use] += hours
    t.agency_hours[agency, use] += hours


@kernel
def _post(t, week, worker):
    """A post that is held and paid, on sick leave or not; those of the prefecture's agencies
    apart.
    """
    if worker.vacant_until <= week:
        if t.agencies[worker.agency].prefecture:
            t.counts[PREFECTURE_WEEKS + worker.kind] += worker.post
        else:
            t.counts[POST_WEEKS + worker.kind] += worker.post


@kernel
def _households(t):
    """Households by stage, seen where an agency has a case of theirs or they wait at a door or for
    a worker.
    """
    for place in range(t.stages.size):
        stage, known = place // len(KNOWN) % len(STAGES), place % len(KNOWN)
        t.counts[(UNSEEN if known == UNKNOWN else SEEN) + stage] += t.stages[place]
