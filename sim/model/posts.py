"""Posts: which groups of post there are, how many of each the levers want this week, and whom a
desk serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from sim.declared.levers import Practice
from sim.declared.roles import AT_DESK, ROLES, posts_by_activity
from sim.declared.vocabulary import (
    ASSISTANCE_WORKER,
    CASEWORKER,
    COMMUNITY_WORKER,
    COMPANION,
    HUB_WORKER,
    LINKER,
    OUTREACH_WORKER,
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

DUTY_OF = {  # what the hours of an activity away from the desks are for
    "coordination": HUB_WORKER,
    "visiting": OUTREACH_WORKER,
    "community_organising": COMMUNITY_WORKER,
    "participation": PARTICIPATION_WORKER,
    "accompanying": COMPANION,
    "linking_desks": LINKER,
}
TEAM_DUTIES = tuple(DUTY_OF.values())


class Group(NamedTuple):
    """Posts of one agency, duty and kind."""

    agency: int
    duty: int
    kind: int


def key_of(name: str) -> int:
    """A stable number for an agency's name, the same in every arm."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def post_groups(scenario: Scenario) -> list[Group]:
    """All groups of posts of a town in stable order: agencies as listed, then the hub, the community
    team by duty, and public assistance; within each by kind of post.
    """
    count = len(scenario.organisation.agencies)
    desks = [(agency, CASEWORKER) for agency in range(count)]
    team = [
        (count if duty == HUB_WORKER else count + 1, duty)
        for duty in TEAM_DUTIES  # the hub first
    ]
    office = [(count + 2, ASSISTANCE_WORKER)]
    return [
        Group(agency, duty, kind)
        for agency, duty in (*desks, *team, *office)
        for kind in range(len(POST_KINDS))
    ]


def wanted_posts(scenario: Scenario, practice: Practice, assistance: float) -> np.ndarray:
    """Posts by group (as `post_groups`) under `practice`: those of the organisation and those of the
    levers, each by what its hours are for. `assistance`: caseworkers of the office of public
    assistance.

    Hours at the desk are spread over agencies as the organisation's posts are. A post whose hours
    go to several activities is several parts of a post here.
    """
    organisation = scenario.organisation
    team = np.zeros((len(TEAM_DUTIES), len(POST_KINDS)))
    office = np.zeros(len(POST_KINDS))
    office[REGULAR] = assistance
    posts = own_posts(scenario)
    by_agency, total = posts.sum(axis=1), max(1e-9, posts.sum())
    for role, own, towns in (
        ("caseworker", posts, [agency.owner for agency in organisation.agencies]),
        ("assistance_caseworker", office[None, :], [organisation.assistance.owner]),
    ):
        if mix := organisation.roles.get(role):
            _set_apart(own, np.array(towns) == "municipality", mix, team)
    further = np.zeros_like(posts)
    for role, given in posts_by_activity(practice, organisation.roles).items():
        kind = POST_KINDS.index(getattr(practice, role).kind)
        desk = sum(given.pop(activity, 0.0) for activity in AT_DESK)
        if ROLES[role].home == "assistance":
            office[kind] += desk
        else:
            further[:, kind] += desk * by_agency / total
        for activity, number in given.items():
            team[TEAM_DUTIES.index(DUTY_OF[activity]), kind] += number
    add = practice.staffing.add
    at = POST_KINDS.index(practice.staffing.kind)
    further[:, at] += np.array([add.get(agency.id, 0.0) for agency in organisation.agencies])
    return np.concatenate([(posts + further).ravel(), team.ravel(), office])


def own_posts(scenario: Scenario) -> np.ndarray:
    """Posts (A, kinds) that the organisation has at its agencies."""
    agencies = scenario.organisation.agencies
    posts = np.zeros((len(agencies), len(POST_KINDS)))
    for row, agency in enumerate(agencies):
        for kind, number in scenario.organisation.posts_of(
            agency, scenario.people.population
        ).items():
            posts[row, POST_KINDS.index(kind)] += number
    return posts


def _set_apart(
    posts: np.ndarray, own: np.ndarray, mix: Mapping[str, float], team: np.ndarray
) -> None:
    """Move what a town's `mix` sets apart of its `own` (A,) agencies' `posts` (A, kinds) from the
    desks to the `team` (duties, kinds). The prefecture's posts stay at their desk.
    """
    for activity, share in mix.items():
        if activity not in AT_DESK:
            team[TEAM_DUTIES.index(DUTY_OF[activity])] += share * posts[own].sum(axis=0)
    posts[own] *= sum(mix.get(activity, 0.0) for activity in AT_DESK)


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
def hours_of(t, duty):
    """Usable hours this week of all posts of `duty`."""
    hours = 0.0
    for worker in t.workers:
        if worker.duty == duty:
            hours += worker.usable
    return hours


@kernel
def hours_left(t, duty):
    """Usable hours this week of all posts of `duty` that are not given to cases."""
    hours = 0.0
    for worker in t.workers:
        if worker.duty == duty:
            hours += max(0.0, worker.usable - worker.given)
    return hours


def full_posts(town: State, duty: int) -> float:
    """Usable hours this week of all posts of `duty`, in full, fresh posts; 0 where meetings leave
    such a post no hours.
    """
    hours = float(hours_of(town.records, duty))
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
