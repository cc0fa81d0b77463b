"""Posts: which groups of post there are, how many of each the levers want this week, and whom a
desk serves.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from sim.declared.levers import Practice
from sim.declared.vocabulary import (
    ASSISTANCE_WORKER,
    CASEWORKER,
    COMMUNITY_WORKER,
    HUB_WORKER,
    OUTREACH_WORKER,
    OUTSOURCED,
    PARTICIPATION_WORKER,
    POST_KINDS,
    REGULAR,
)
from sim.model.kernel import kernel
from sim.model.state import State
from sim.scenario.scenario import Scenario

# households of a district are shared out between the agencies of a field by lot, in proportion to
# posts
LOTS = 16
OWN_AGENCIES = ("hub", "community", "assistance")  # that every town has beside those it lists


class Group(NamedTuple):
    """Posts of one agency, role and kind."""

    agency: int
    role: int
    kind: int


def key_of(name: str) -> int:
    """A stable number for an agency's name, the same in every arm."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def post_groups(scenario: Scenario) -> list[Group]:
    """All groups of posts of a town in stable order: agencies as listed, then the hub, the community
    team, and public assistance.
    """
    count = len(scenario.organisation.agencies)
    desks = [
        Group(agency, CASEWORKER, kind)
        for agency in range(count)
        for kind in range(len(POST_KINDS))
    ]
    team = [
        (OUTREACH_WORKER, OUTSOURCED),
        (COMMUNITY_WORKER, OUTSOURCED),
        (PARTICIPATION_WORKER, OUTSOURCED),
    ]
    return [
        *desks,
        Group(count, HUB_WORKER, REGULAR),
        *(Group(count + 1, role, kind) for role, kind in team),
        Group(count + 2, ASSISTANCE_WORKER, REGULAR),
    ]


def wanted_posts(scenario: Scenario, practice: Practice, assistance: float) -> np.ndarray:
    """Posts by group (as `post_groups`) under `practice`; further caseworkers are spread over agencies
    as their posts are. `assistance`: caseworkers of public assistance, whom no lever changes.
    """
    agencies = scenario.organisation.agencies
    posts = np.zeros((len(agencies), len(POST_KINDS)))
    for row, agency in enumerate(agencies):
        for kind, number in scenario.organisation.posts_of(
            agency, scenario.people.population
        ).items():
            posts[row, POST_KINDS.index(kind)] += number
    staffing = practice.staffing
    at = POST_KINDS.index(staffing.kind)
    further = staffing.caseworkers * posts.sum(axis=1) / max(1e-9, posts.sum())
    further += np.array([staffing.add.get(agency.id, 0.0) for agency in agencies])
    posts[:, at] += further
    team = [
        practice.coordination.hub_fte,
        practice.outreach.fte,
        practice.community.coordinators,
        practice.participation.fte,
        assistance,
    ]
    return np.concatenate([posts.ravel(), team])


def assistance_posts(town: State) -> float:
    """Caseworkers of public assistance: as the town says, else as many as the norm asks for the
    households on it at the start.
    """
    given, p = town.scenario.organisation.assistance.posts, town.p.assistance
    if given is not None:
        return given
    return town.households.rows * p.init_assistance / p.households_per_post


def sum_over_workers(town: State, values: np.ndarray, among: np.ndarray | bool = True) -> Any:
    """The sum over workers of `values` (..., W), over those `among` (W,) alone. Posts that do not
    exist and hold nothing are left out, so that posts to come change no digit.
    """
    counted = among & (
        (town.workers.post > 0) | (values != 0).reshape(-1, town.workers.rows).any(axis=0)
    )
    return np.compress(counted, values, axis=-1).sum(axis=-1)


@kernel
def hours_of(t, role):
    """Usable hours this week of all posts of `role`."""
    hours = 0.0
    for worker in t.workers:
        if worker.role == role:
            hours += worker.usable
    return hours


@kernel
def hours_left(t, role):
    """Usable hours this week of all posts of `role` that are not given to cases."""
    hours = 0.0
    for worker in t.workers:
        if worker.role == role:
            hours += max(0.0, worker.usable - worker.given)
    return hours


def full_posts(town: State, role: int) -> float:
    """Usable hours this week of all posts of `role`, in full, fresh posts; 0 where meetings leave
    such a post no hours.
    """
    hours = float(hours_of(town.records, role))
    return hours / town.full_week if town.full_week > 0.0 else 0.0


def desk(town: State, field: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Agency row that serves household `rows` in `field` (0-3), both (n,)."""
    return town.desk[field, town.households.district[rows], town.households.id[rows] % LOTS]


@kernel
def desk_of(t, field, row):
    """The same for one household."""
    home = t.households[row]
    return t.desk[field, t.district[row], home.id % LOTS]


@kernel
def known_each_other(t):
    """Mean familiarity (0-1) between the agencies at the desks, those of every town left out."""
    total, count = 0.0, t.agencies.size - len(OWN_AGENCIES)
    for one in range(count):
        for other in range(count):
            if one != other:
                total += t.familiarity[one, other]
    return total / max(1, count * (count - 1))
