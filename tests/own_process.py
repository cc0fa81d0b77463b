"""A process of a user's own, in one file: in hot weeks of summer latent needs of old age surface
sooner.
"""

import numpy as np

from sim.declared.declare import par
from sim.declared.vocabulary import ELDERLY, LATENT, MANIFEST, F
from sim.model.streams import weekly_chance
from sim.model.transitions import set_level

PARAMETERS = {
    "hot_weeks": par(
        3,
        unit="weeks",
        low=0,
        high=10,
        grade="D",
        en="hot weeks of a year",
        ja="猛暑の週数（年間）",
    ),
    "surfacing": par(
        2.0,
        unit="1/year",
        low=0.0,
        high=8.0,
        grade="D",
        null=0.0,
        en="latent need of old age surfaces in a hot week",
        ja="猛暑の週に高齢の課題が顕在化する率",
    ),
}
COLUMNS = {
    "households.hot_weeks": (
        np.int16,
        0,
        "weeks",
        "hot weeks that the household has lived through here",
    )
}
FLOWS = {"heat_surfaced": ("needs/week", "needs that surfaced in the heat", "猛暑で顕在化した課題")}
WRITES = (
    "needs.level",
    "needs.since",
    "households.manifest",
    "households.hot_weeks",
    "flows.heat_surfaced",
)
FIRST = 14  # week of the fiscal year: early July


def heat_wave(town):
    """Let latent needs of old age surface in the hot weeks of each summer."""
    p = town.p.own_process
    if not FIRST <= town.week % 52 < FIRST + p.hot_weeks:
        return
    town.households.hot_weeks += 1
    cells = np.flatnonzero(town.needs.level == LATENT)
    cells = cells[cells % F == ELDERLY]
    luck = town.streams.uniform("own_process.surface", town.week, town.households.id[cells // F])
    cells = cells[luck < weekly_chance(p.surfacing)]
    set_level(town, cells, MANIFEST)
    town.flows["heat_surfaced"] += cells.size
