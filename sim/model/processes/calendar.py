"""The week begins: levers are set to this week's values, disasters strike, and counters return to
zero.
"""

from __future__ import annotations

import numpy as np

from sim.declared.levers import practice_at
from sim.declared.vocabulary import MANIFEST
from sim.model import posts
from sim.model.state import State
from sim.model.transitions import edges_of, set_level, set_tie

WRITES = (
    "practice",
    "wanted",
    "flows",
    "levels",
    "latent_since",
    "needs.level",
    "needs.since",
    "needs.bearer",
    "households.active",
    "households.manifest",
    "households.severe",
    "households.isolated",
    "households.ties",
    "households.acting_ties",
    "ties.live",
    "ties.formed",
    "stages",
    "live_ties",
)


def calendar(town: State) -> None:
    """Set this week's practice and posts and clear the counters; during the run-in the
    organisation's standing practice stays.
    """
    town.flows.begin_week()
    steps = town.scenario.steps
    if town.week >= 0 and any(
        s.start_week <= town.week <= s.start_week + s.ramp_weeks + 1 for s in steps
    ):
        town.practice = practice_at(town.scenario.organisation.practice, steps, town.week)
        town.wanted = posts.wanted_posts(town.scenario, town.practice, town.assistance_posts)
    for event in town.scenario.events:
        if event.kind == "disaster" and event.week == town.week:
            _strike(town, event)


def _strike(town: State, event) -> None:
    """Apply a disaster: in a share of households latent needs become manifest at once, and some
    households lose their ties.
    """
    households, needs = town.households, town.needs
    hit = np.flatnonzero(
        town.streams.uniform("calendar.disaster", town.week, households.id) < event.size
    )
    cells = (hit[:, None] * town.field_on.size + np.flatnonzero(town.field_on)).ravel()
    latent = cells[needs.level[cells] == MANIFEST - 1]
    set_level(town, latent, MANIFEST)
    moved = hit[
        town.streams.uniform("calendar.relocation", town.week, households.id[hit])
        < event.relocation
    ]
    edges, _owner = edges_of(town, moved)
    set_tie(town, np.unique(edges), False)
