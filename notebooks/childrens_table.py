"""A children's table (子ども食堂): while it is open, latent needs of children ease sooner. A mechanism of one's own in one file."""

import numpy as np

from sim import par
from sim.declared.vocabulary import CHILD, LATENT, F
from sim.model.streams import weekly_chance
from sim.model.transitions import improve

PARAMETERS = {
    "open_weeks": par(
        40,
        unit="weeks",
        low=0,
        high=52,
        grade="D",
        en="weeks of a year in which the table is open",
        ja="子ども食堂を開く週数（年間）",
    ),
    "easing": par(
        0.3,
        unit="1/year",
        low=0.0,
        high=1.0,
        grade="D",
        null=0.0,
        en="latent need of children ends while the table is open",
        ja="開いている間に潜在的な子どもの課題が解消する率",
    ),
}
FLOWS = {
    "eased_at_table": (
        "needs/week",
        "latent needs of children that ended at the table",
        "子ども食堂で解消した潜在的な課題",
    )
}
WRITES = (
    "needs.level",
    "needs.since",
    "needs.relapse_until",
    "needs.relapse_level",
    "households.active",
    "flows.recoveries",
    "flows.eased_at_table",
)


def childrens_table(town):
    """End some latent needs of children; they may come back as after any recovery. Nothing before week 0 or out of season."""
    p = town.p.childrens_table
    if town.week < 0 or town.week % 52 >= p.open_weeks:
        return
    cells = np.flatnonzero(town.needs.level == LATENT)
    cells = cells[cells % F == CHILD]
    luck = town.streams.uniform("childrens_table.ease", town.week, town.households.id[cells // F])
    eased = improve(town, cells[luck < weekly_chance(p.easing)])
    town.flows["recoveries"][CHILD] += eased.size
    town.flows["eased_at_table"] += eased.size
