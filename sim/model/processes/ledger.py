"""The ledger records the week's hours by use and the quantities to be priced; prices are applied
later, outside the model.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import (
    CASEWORKER,
    COMMUNITY_WORKER,
    HUB_WORKER,
    MANIFEST,
    OPEN,
    OUTREACH_WORKER,
    PARTICIPATION_WORKER,
    POST_KINDS,
    POVERTY,
    SEVERE,
    F,
)
from sim.model.posts import sum_over_workers
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import stage

WRITES = (
    "households.assistance",
    "stays",
    "flows.hours",
    "flows.agency_hours",
    "flows.post_weeks",
    "flows.post_weeks_prefecture",
    "flows.place_weeks",
    "flows.assistance_weeks",
    "flows.assistance_entries",
    "flows.stay_weeks",
    "flows.service_seen",
    "flows.service_unseen",
)


def ledger(town: State) -> None:
    """Count the week: hours by use, posts by kind, places, assistance, stays, and households by
    stage, separately by whether an agency knows them.

    A household that waits at a door or on the admission list is charged like one in support.
    Source: model 2.13, 8.12; M22.
    """
    _hours(town)
    _posts(town)
    _assistance(town)
    town.stays.end(town.week)
    town.flows["stay_weeks"] += town.stays.now
    town.flows["place_weeks"] += town.districts.places.sum()
    households = town.households
    known = (households.open_cases > 0) | (households.waiting_cases > 0) | (households.door >= 0)
    here = ((households.active > 0) | known).nonzero()[
        0
    ]  # all others are unknown and without need, or empty
    seen, at = known[here], stage(town, here)
    by_stage = np.bincount(seen * np.int8(4) + at, minlength=8)
    town.flows["service_unseen"] += by_stage[:4]
    town.flows["service_seen"] += by_stage[4:]
    town.flows["service_unseen"][0] += (
        households.rows - np.count_nonzero(households.empty) - here.size
    )


def _hours(town: State) -> None:
    """Hours of the clock by use, all workers; they sum to the available hours.

    What exhaustion and inexperience take from an hour's worth is charged to the use the hour went
    to.
    """
    workers = town.workers
    left = np.maximum(0.0, workers.available - workers.meeting)
    clock = np.where(workers.usable > 0, left / np.maximum(workers.usable, 1e-12), 0.0)
    left = np.maximum(
        0.0, workers.usable - workers.crisis - workers.given - workers.intake - workers.upstream
    )
    role = workers.role
    desk, team = (role == CASEWORKER), (role == COMMUNITY_WORKER) | (role == PARTICIPATION_WORKER)
    uses = np.array(
        [
            workers.meeting - workers.learning,
            workers.learning,
            workers.crisis * clock,
            workers.given * clock,
            workers.intake * clock,
            workers.upstream * clock,
            left * clock * (role == OUTREACH_WORKER),
            left * clock * team,
            left * clock * (role == HUB_WORKER),
            left * clock * desk,
        ]
    )
    town.flows["hours"] += sum_over_workers(town, uses)
    count = town.agencies.rows
    place = np.arange(len(uses))[:, None] * count + workers.agency
    by_use = np.bincount(place.ravel(), weights=uses.ravel(), minlength=count * len(uses))
    town.flows["agency_hours"] += by_use.reshape(-1, count).T


def _posts(town: State) -> None:
    """Posts that are held and paid, on sick leave or not, by kind; those of the prefecture's
    agencies apart.
    """
    workers = town.workers
    held = workers.post * (workers.vacant_until <= town.week)
    prefecture = town.agencies.prefecture[workers.agency]
    for name, mine in (("post_weeks", ~prefecture), ("post_weeks_prefecture", prefecture)):
        town.flows[name] += np.bincount(
            workers.kind, weights=held * mine, minlength=len(POST_KINDS)
        )


def _assistance(town: State) -> None:
    """Public assistance begins while a severe poverty need is in support, and ends once no poverty
    need is manifest.
    """
    p, households, needs = town.p.crises, town.households, town.needs
    level, case = needs.level.reshape(-1, F)[:, POVERTY], needs.case.reshape(-1, F)[:, POVERTY]
    rows = (
        (households.severe > 0) & (households.open_cases > 0) & ~households.assistance
    ).nonzero()[0]
    rows = rows[(level[rows] == SEVERE) & (case[rows] == OPEN)]
    enters = rows[
        town.streams.uniform("ledger.enter", town.week, households.id[rows])
        < weekly_chance(p.assistance_entry)
    ]
    households.assistance[enters] = True
    town.flows["assistance_entries"] += enters.size
    rows = households.assistance.nonzero()[0]
    able = rows[level[rows] < MANIFEST]
    leaves = able[
        town.streams.uniform("ledger.exit", town.week, households.id[able])
        < weekly_chance(p.assistance_exit)
    ]
    households.assistance[leaves] = False
    town.flows["assistance_weeks"] += rows.size - leaves.size
