"""How processes read the links of the guidebook's loops.

`State.held` (links, places) is what a link is multiplied by in a district or at an agency, and what
is added to one number of the whole town. In ordinary runs it is 1 and 0, so that a link is what the
state says. `sim ledger` sets it week by week (`sim.model.link_means`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.declared.links import LINK_IDS, LINKS
from sim.declared.vocabulary import MEMBERS
from sim.model.kernel import kernel

if TYPE_CHECKING:
    from sim.model.state import State

(
    RESOURCES_EFFECT,
    RESOURCES_HOURS,
    RESOURCES_GAP,
    RESOURCES_PLACES,
    INSIGHT,
    UPSTREAM,
    FRICTION,
    HAND_ONS,
    TRUST,
    BREADTH,
    PROGRAMME_LIMIT,
    BRINGING,
    PEERS,
    TIRED,
    QUITTING,
    HELPERS_WORRY,
    COMMISSIONERS_WORRY,
    HELPERS,
    CONTACT,
    TIES,
    ISOLATION,
    HELPERS_KNOW,
    COMMISSIONERS_KNOW,
) = range(len(LINK_IDS))


def nothing_held(places: int) -> np.ndarray:
    """What `State.held` is in ordinary runs, for towns of at most so many districts and agencies."""
    held = np.ones((len(LINKS), places))
    held[[at for at, link in enumerate(LINKS) if not link.scaled]] = 0.0
    return held


def as_read(town: State, link: int, value: float) -> float:
    """The `value` of a number of the whole town as processes read it."""
    return value + float(town.held[link, 0])


def familiarities_as_read(town: State, link: int) -> np.ndarray:
    """How well every agency knows every other (A, A), 0-1, as `familiarity_as_read` has it."""
    agencies = town.agencies.rows
    held = town.held[link, :agencies, None]
    return np.minimum(1.0, town.familiarity[:agencies, :agencies] * held)


@kernel
def most_held(t, link):
    """The largest number by which a link is multiplied anywhere."""
    most = t.held[link, 0]
    for place in range(1, t.held.shape[1]):
        most = max(most, t.held[link, place])
    return most


@kernel
def share_as_read(t, link, place, value):
    """A `value` between 0 and 1 as processes read it in a district or at an agency: no more than 1,
    however much it is multiplied by.
    """
    return min(1.0, value * t.held[link, place])


@kernel
def trust_as_read(t, row):
    """The trust of household `row` in the town hall as it acts on asking, visits, consent and
    staying.
    """
    return share_as_read(t, TRUST, t.district[row], t.trust[row])


@kernel
def familiarity_as_read(t, link, one, other):
    """How well two agencies know each other, 0-1, as it acts on friction or hand-ons."""
    return share_as_read(t, link, one, t.familiarity[one, other])


@kernel
def worry_as_read(t, slot):
    """The worry of the resident in `slot` as it acts on watching over households and on acting."""
    link = COMMISSIONERS_WORRY if t.commissioner[slot] else HELPERS_WORRY
    return t.worry[slot] * t.held[link, t.district[slot // MEMBERS]]


@kernel
def knows_as_read(t, slot):
    """How well the resident in `slot` knows whom to tell, as it acts on telling."""
    link = COMMISSIONERS_KNOW if t.commissioner[slot] else HELPERS_KNOW
    return share_as_read(t, link, t.district[slot // MEMBERS], t.knows[slot])


@kernel
def helping_ties(t, row):
    """Ties of household `row` to acting residents, as they act on noticing."""
    district = t.district[row]
    return t.households[row].acting_ties * t.held[HELPERS, district] * t.held[TIES, district]


@kernel
def contacts(t, row):
    """The same as they act on starting to act: no more than the household has acquaintances."""
    most = t.tie_start[row + 1] - t.tie_start[row]
    return min(1.0 * most, t.households[row].acting_ties * t.held[CONTACT, t.district[row]])


@kernel
def isolation(t, row):
    """Hazard ratio of household `row`: `isolation_hazard_ratio` without any tie, else 1."""
    if not t.isolated[row]:
        return 1.0
    ratio = t.p[0].isolation_hazard_ratio
    return max(0.0, ratio + (t.held[ISOLATION, t.district[row]] - 1.0) * (ratio - 1.0))


@kernel
def most_isolation(t):
    """The largest hazard ratio of isolation in the town over the largest of 1 and the parameter; 1
    where the link is not held.
    """
    ratio = t.p[0].isolation_hazard_ratio
    highest = ratio + (most_held(t, ISOLATION) - 1.0) * (ratio - 1.0)
    return max(1.0, highest / max(1.0, ratio))
