"""Two speeds of need: slow needs end by themselves, surface, and yield to support more seldom than
fast ones.

With one rate for all, needs that have lasted for ten years are far rarer than surveys find: half of
all latent needs would be gone after two or three years, and one in twenty left after ten. A need is
slow with a chance of its field, drawn when it begins and kept until it has ended for good. The rates
declared for a level are those of the needs that begin, slow and fast together: a slow need recovers
at `slow_recovery` of them, and a fast one at the factor, one for all fields, that keeps their mean
as declared. Source: model 8.3.
"""

from __future__ import annotations

from sim.declared.vocabulary import CHILD, DISABILITY, ELDERLY, LATENT, POVERTY
from sim.model.kernel import kernel


@kernel
def slow_chance(p, field):
    """Chance that a need of `field` that begins is slow."""
    if field == ELDERLY:
        return p.slow_share_elderly
    if field == DISABILITY:
        return p.slow_share_disability
    if field == CHILD:
        return p.slow_share_child
    return p.slow_share_poverty if field == POVERTY else p.slow_share_gap


@kernel
def slow_share(p):
    """Share of the needs that begin which are slow, over all fields by their shares of onset."""
    slow = p.share_elderly * p.slow_share_elderly + p.share_disability * p.slow_share_disability
    slow += p.share_child * p.slow_share_child + p.share_poverty * p.slow_share_poverty
    slow += p.share_gap * p.slow_share_gap
    total = p.share_elderly + p.share_disability + p.share_child + p.share_poverty + p.share_gap
    return slow / total


@kernel
def recovery_pace(p, slow):
    """Unaided recovery of a slow or fast need over the rate that is declared for its level.

    Weighted by onset the two have mean 1, so that a fast need recovers at (1 - slow_recovery x
    share) / (1 - share), `share` the slow part of onset: 1 where slow_recovery is 1.
    """
    if slow:
        return p.slow_recovery
    share = slow_share(p)
    return (1.0 - p.slow_recovery * share) / (1.0 - share) if share < 1.0 else 1.0


@kernel
def worsening_pace(p, slow, level):
    """Surfacing or worsening of a slow or fast need over the rate that is declared for its level."""
    return p.slow_escalate if slow and level == LATENT else 1.0


@kernel
def support_pace(p, slow):
    """What support adds to the resolution of a slow or fast need, over what it adds to others."""
    return p.slow_support if slow else 1.0


@kernel
def fill_chances(p, chances):
    """Fill `chances` (F,) that a need of each field is slow; `p` (1,) holds the parameters."""
    for field in range(chances.size):
        chances[field] = slow_chance(p[0], field)


@kernel
def fill_paces(p, recovery, surfacing, support):
    """Fill how fast and slow needs, in this order, recover, surface and yield to support: each (2,);
    `p` (1,) holds the parameters.
    """
    for slow in range(2):
        recovery[slow] = recovery_pace(p[0], slow == 1)
        surfacing[slow] = worsening_pace(p[0], slow == 1, LATENT)
        support[slow] = support_pace(p[0], slow == 1)
