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

# dates of events to come, and the parameters that the rates follow from at which they are drawn
DATES = {
    "households.move_due": ("turnover",),
    "households.death_due": ("death_rate_65", "death_slope"),
    "households.need_due": (
        "onset_latent",
        "onset_acute",
        "isolation_hazard_ratio",
        "salon_onset_rr",
        "watched_onset",
    ),
    "households.rung_due": (
        "helper_contagion",
        "helper_dropout",
        "interest_fading",
        "request_decay",
        "place_step",
        "plan_ask",
    ),
    "ties.change_due": ("tie_fading", "tie_withdrawal"),
}
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
    "dated_with",
    *DATES,
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
    """Dates of events to come are drawn at rates that follow from parameters; where somebody has
    changed one of these since, they are drawn anew, and no others are.
    """
    parameters = parameter_record(town.p)[0]
    drawn = {date: tuple(float(parameters[name]) for name in DATES[date]) for date in DATES}
    for date, values in drawn.items():
        if town.dated_with.get(date, values) != values:
            table, column = date.split(".")
            getattr(town.tables()[table], column)[:] = NEVER
    town.dated_with = drawn


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
