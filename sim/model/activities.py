"""What the posts of a week are for: posts by activity, over all roles, and what follows from there
being none.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.declared.vocabulary import HUB_WORKER, LINKER, WEEKS_PER_YEAR
from sim.model.kernel import kernel
from sim.model.posts import hours_of
from sim.model.state import State


def posts_for(town: State, duty: int) -> float:
    """Posts that are wanted this week for one duty, over all roles and kinds of post."""
    return float(_posts_of(town.wanted, town.group_duty, duty))


@kernel
def _posts_of(wanted, group_duty, duty):
    posts = 0.0
    for group in range(wanted.size):
        if group_duty[group] == duty:
            posts += wanted[group]
    return posts


def hub_mode(town: State) -> Literal["none", "backup", "gap_filler"]:
    """What the hub does this week: as the practice says where any post coordinates, else none."""
    return town.practice.coordination.hub if posts_for(town, HUB_WORKER) > 0.0 else "none"


def linked(town: State) -> float:
    """How far other departments' desks are linked this week, 0-1: in full where the lever says so,
    else by the hours that posts link over those that keeping every link takes.
    """
    settings = town.practice.linked_desks
    if settings.on:
        return 1.0
    given = float(hours_of(town.records, LINKER))
    return min(1.0, given / max(_links(town), 1e-12)) if given > 0.0 else 0.0


def hours_of_links(town: State) -> float:
    """Hours a month of keeping the links that are left to each desk: none where posts that link have
    the hours, or no lever asks for it.
    """
    settings = town.practice.linked_desks
    if not settings.on:
        return 0.0
    done = min(1.0, float(hours_of(town.records, LINKER)) / max(_links(town), 1e-12))
    return settings.hours * (1.0 - done)


def _links(town: State) -> float:
    """Hours a week that keeping the links of all desks takes."""
    hours = town.practice.linked_desks.hours * 12 / WEEKS_PER_YEAR
    return hours * np.unique(town.desk).size
