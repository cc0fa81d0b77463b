"""Public assistance of a household: how it begins, and who brings it along.

While a household is on assistance its poverty need is met: there is none, and none can begin. How
it ends stands in `sim.model.transitions`, since a household that is gone ends it too.

By hand, for 100,000 residents in 45,000 households: 1,350 are on assistance. Short stays end at 1.05
a year and long ones at .09, moves and deaths among them, so that a stay lasts .32 / 1.05 + .68 / .09
= 7.9 years on average, and 172 a year begin and end. Of those that end, .32 x exp(-1.05) + .68 x
exp(-.09) = 73 % have lasted for a year and more, and .68 x exp(-.9) = 28 % for ten. Source: model
8.6.
"""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import MEMBERS, NO_CASE, POVERTY, WEEKS_PER_YEAR, F
from sim.model.flows import flow_place
from sim.model.kernel import kernel
from sim.model.members import ADULT, mortality
from sim.model.state import State
from sim.model.transitions import change_case, change_level

ENTRIES, MET = flow_place("assistance_entries"), flow_place("needs_met")


@kernel
def begin_assistance(t, week, row, short):
    """Household `row` comes on public assistance: its poverty need is met and ends, with its case.

    short: whether the stay will be a short one.
    """
    home, cell = t.households[row], row * F + POVERTY
    t.assistance[row] = True
    home.assistance_since = week
    home.assistance_short = short
    t.counts[ENTRIES] += 1.0
    t.relapse_level[cell] = 0
    if t.level[cell] > 0:
        t.counts[MET] += 1.0
        change_level(t, week, cell, 0)
    if t.case[cell] != NO_CASE:
        change_case(t, week, cell, NO_CASE)


def bring_along(town: State, rows: np.ndarray, u: np.ndarray, standing: bool) -> None:
    """Put households of `rows` (n,) on public assistance that come to the town with it, by their
    uniforms `u` (n,).

    In each town init_assistance of its households are, the more likely the more prone they are to
    poverty. At the start (`standing`) they have been for as long as those of a stock that stands
    still; who moves in later has a new stay, as a move ends the one before.
    """
    _each_brings(town.records, town.week, rows, u, standing)


@kernel
def _each_brings(t, week, rows, u, standing):
    p = t.p[0]
    for i in range(rows.size):
        row = rows[i]
        chance = min(1.0, p.init_assistance * t.needs[row * F + POVERTY].susceptibility)
        if u[i] < chance and t.field_on[POVERTY]:
            gone, share = p.turnover + _last_adult_dies(t, row), p.short_share
            if standing:
                short, long = share / (p.exit_short + gone), (1 - share) / (p.exit_long + gone)
                share = short / (short + long)
            drawn = u[i] / chance
            stays = drawn >= share
            begin_assistance(t, week, row, not stays)
            if standing:
                rest = (drawn - share) / (1.0 - share) if stays else drawn / share
                rate = gone + (p.exit_long if stays else p.exit_short)
                years = min(-math.log1p(-rest) / rate, float(_adult_for(t, row)))
                t.households[row].assistance_since = week - int(years * WEEKS_PER_YEAR)


@kernel
def _last_adult_dies(t, row):
    """Rate (1/year) at which household `row` ends by death: that of its adult where there is one
    alone.
    """
    adults, rate = 0, 0.0
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        if t.age[slot] >= ADULT:
            adults += 1
            rate = mortality(t.p[0], t.age[slot])
    return rate if adults == 1 else 0.0


@kernel
def _adult_for(t, row):
    """Years for which the eldest of household `row` has been of age."""
    eldest = ADULT
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        eldest = max(eldest, t.age[slot])
    return eldest - ADULT
