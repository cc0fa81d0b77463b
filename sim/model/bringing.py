"""Who brings a joint case: a household comes to a conference or a hub only when a worker who supports
it thinks of that, knows the meeting, and the household agrees.

A household is brought at a yearly rate of bring_rate x the mean orientation of its workers x how
well the meeting is known x fidelity, while it consents. By hand, for a town of 100,000: of 44,800
households 1.9 % are compounded, and 31 % of those, 265, in support; at orientation .25, consent .6
and a meeting held for longer than coord_setup_months they are brought at .5 x .25 x .6 = .075 a
year, 20 households (at the ends of the ranges of rate and consent 2 and 120). Two conferences a
month with two cases and 2.5 sittings have time for 19, one post of a back-up hub for 67 at a time.
"""

from __future__ import annotations

from sim.declared.vocabulary import NEVER, OPEN, WEEKS_PER_YEAR, F
from sim.model.activities import hub_mode
from sim.model.kernel import LONGEST_WAIT, happens, kernel, uniform
from sim.model.links import BRINGING, share_as_read, trust_as_read
from sim.model.scans import after
from sim.model.state import State

CONFERENCE, HUB = range(2)  # places of `State.meeting_since`
DRAWS = ("coordination.bring", "coordination.consent")
BRING, CONSENT = range(len(DRAWS))


def keep_meetings(town: State) -> None:
    """Note since when there have been conferences, and a hub; where there is neither any more, the
    households that were brought wait no longer.
    """
    settings, since = town.practice.coordination, town.meeting_since
    there, before = (settings.conferences > 0, hub_mode(town) != "none"), since.tolist()
    for place, held in enumerate(there):
        if held and before[place] == NEVER:
            since[place] = town.week
        elif not held:
            since[place] = NEVER
    if not any(there) and before != [NEVER, NEVER]:
        _send_home(town.records)


def known_meeting(town: State) -> float:
    """How well workers know the meeting that is known best, 0-1: it grows evenly and is full after
    coord_setup_months.
    """
    since = [week for week in town.meeting_since.tolist() if week != NEVER]
    if not since:
        return 0.0
    months = (town.week - min(since)) * 12 / WEEKS_PER_YEAR
    return min(1.0, months / town.p.coordination.coord_setup_months)


def bringing_keys(town: State) -> tuple[int, int]:
    """Keys of this week's chance of being brought, and of consent, whose draws outlast a week."""
    bring = town.streams.keys(DRAWS, town.week)[BRING]
    return bring, town.streams.keys(DRAWS, 0)[CONSENT]


@kernel
def _send_home(t):
    for row in after(t.review_since, NEVER):
        t.review_since[row] = NEVER


@kernel
def is_brought(t, week, keys, row, known, trust_mean):
    """Whether household `row` is brought this week to a meeting that is `known` (0-1, times
    fidelity), its trust against `trust_mean`.
    """
    rate = t.p[0].bring_rate * orientation_of_workers(t, row) * known
    u = uniform(keys[BRING], t.id_of[row])
    return happens(u, rate) and consents(t, week, keys[CONSENT], row, trust_mean)


@kernel
def orientation_of_workers(t, row):
    """Mean orientation of the workers who hold open cases of household `row`, each counted once; 0
    where there is none.
    """
    total, count = 0.0, 0
    for cell in range(row * F, row * F + F):
        if t.case[cell] >= OPEN and t.needs[cell].worker >= 0:
            if not _counted(t, row, cell):
                worker = t.workers[t.needs[cell].worker]
                total += share_as_read(t, BRINGING, worker.agency, worker.orientation)
                count += 1
    return total / max(count, 1)


@kernel
def _counted(t, row, cell):
    """Whether the worker of `cell` holds an open case of household `row` in a field before it."""
    for other in range(row * F, cell):
        if t.case[other] >= OPEN and t.needs[other].worker == t.needs[cell].worker:
            return True
    return False


@kernel
def consents(t, week, key, row, trust_mean):
    """Whether household `row` agrees to a joint case: drawn for `consent_weeks` at a time, likelier
    with trust. Households come up for the next draw in different weeks.
    """
    p, home = t.p[0], t.households[row]
    weeks = int(p.consent_weeks)
    turn = (week + LONGEST_WAIT + home.id % weeks) // weeks
    u = uniform(key, home.id, home.occupant * LONGEST_WAIT + turn)
    return u * trust_mean < p.consent * trust_as_read(t, row)
