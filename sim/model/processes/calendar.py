"""The week begins: levers are set to this week's values, disasters strike, and counters return to
zero.
"""

from __future__ import annotations

import numpy as np

from sim.declared.levers import practice_at
from sim.declared.vocabulary import MANIFEST, NEVER
from sim.model import posts
from sim.model.state import State
from sim.model.town_records import parameter_record
from sim.model.transitions import edges_of, set_level, set_tie

DATES = ("move_due", "death_due", "need_due", "rung_due")  # of households
WRITES = (
    "practice",
    "wanted",
    "flows",
    "levels",
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
    "ties.change_due",
    "dated_with",
    *(f"households.{name}" for name in DATES),
    "stages",
    "live_ties",
)


def calendar(town: State) -> None:
    """Set this week's practice and posts and clear the counters; during the run-in the
    organisation's standing practice stays.
    """
    for counter in town.flows.values():
        counter[:] = 0.0
    _check_dates(town)
    steps = town.scenario.steps
    if town.week >= 0 and any(
        s.start_week <= town.week <= s.start_week + s.ramp_weeks + 1 for s in steps
    ):
        town.practice = practice_at(town.scenario.organisation.practice, steps, town.week)
        town.wanted = posts.wanted_posts(town.scenario, town.practice)
    for event in town.scenario.events:
        if event.kind == "disaster" and event.week == town.week:
            _strike(town, event)


def _check_dates(town: State) -> None:
    """Dates of events to come are drawn at rates that follow from the parameters; where somebody
    has changed one since, they are drawn anew.
    """
    parameters = parameter_record(town.p).tobytes()
    if parameters != town.dated_with:
        town.dated_with = parameters
        for name in DATES:
            getattr(town.households, name)[:] = NEVER
        town.ties.change_due[:] = NEVER


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
