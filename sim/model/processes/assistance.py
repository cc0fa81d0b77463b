"""Public assistance begins where poverty is manifest, and ends again."""

from __future__ import annotations

from sim.declared.vocabulary import MANIFEST, POVERTY, SEVERE, F
from sim.model.assistance import begin_assistance
from sim.model.flows import flow_place
from sim.model.households import bearer_of
from sim.model.ids import need_id
from sim.model.kernel import MARGIN, happens, kernel, uniform
from sim.model.scans import drawn_among
from sim.model.speeds import slow_chance
from sim.model.state import State
from sim.model.transitions import change_level, end_assistance

WRITES = (
    "households.assistance",
    "households.assistance_since",
    "households.assistance_short",
    "levels",
    "latent_since",
    "needs.level",
    "needs.since",
    "needs.bearer",
    "needs.slow",
    "needs.relapse_level",
    "needs.case",
    "needs.agency",
    "needs.worker",
    "needs.waiting_since",
    "needs.opened",
    "needs.urgent",
    "needs.known",
    "needs.hidden",
    "needs.hops",
    "needs.dose",
    "needs.aid",
    "households.active",
    "households.manifest",
    "households.severe",
    "households.open_cases",
    "households.waiting_cases",
    "households.closed_week",
    "stages",
    "flows.households_closed",
    "flows.assistance_entries",
    "flows.assistance_exits",
    "flows.needs_met",
    "flows.onsets",
    "flows.relapses",
)
DRAWS = (
    "assistance.begin",
    "assistance.kind",
    "assistance.end",
    "assistance.return",
    "assistance.bearer",
    "assistance.slow",
)
BEGIN, KIND, END, RETURN, BEARER, SLOW = range(len(DRAWS))
ONSETS, RELAPSES = flow_place("onsets"), flow_place("relapses")


def assistance(town: State) -> None:
    """Simulate one week of public assistance.

    1. It begins in households with a manifest or severe poverty need, whether or not an agency knows
       of them, and `assistance_found` times as often where one supports them. The need is met.
    2. It ends: short stays at `exit_short`, long ones at `exit_long`. With the chance `assist_return`
       a manifest poverty need is there again.

    Rates are yearly. What ends because the household moves away or dies ends there. The caseload
    requires hours of the caseworkers of public assistance alone. Source: model 8.6.
    """
    _simulate(town.records, town.week, town.streams.keys(DRAWS, town.week))


@kernel
def _simulate(t, week, luck):
    p = t.p[0]
    standing = drawn_among(luck[END], t.id_of, t.assistance, max(p.exit_short, p.exit_long))
    highest = max(p.entry_severe, p.entry_manifest) * max(1.0, p.assistance_found) * MARGIN
    for row in drawn_among(luck[BEGIN], t.id_of, t.manifest, highest):
        level = t.level[row * F + POVERTY]
        if t.assistance[row]:
            continue
        if level >= MANIFEST and happens(uniform(luck[BEGIN], t.id_of[row]), entry(t, row, level)):
            short = uniform(luck[KIND], t.id_of[row]) < p.short_share
            begin_assistance(t, week, row, short)
    for row in standing:
        rate = p.exit_short if t.households[row].assistance_short else p.exit_long
        if happens(uniform(luck[END], t.id_of[row]), rate):
            end_assistance(t, week, row)
            if uniform(luck[RETURN], t.id_of[row]) < p.assist_return:
                _return(t, week, luck, row * F + POVERTY)


@kernel
def entry(t, row, level):
    """Rate (1/year) at which household `row` with a poverty need of `level` comes on assistance."""
    p = t.p[0]
    rate = p.entry_severe if level == SEVERE else p.entry_manifest
    return rate * p.assistance_found if t.open_cases[row] > 0 else rate


@kernel
def _return(t, week, luck, cell):
    """The poverty need in `cell` is manifest again, as slow or fast as before; where none is known
    it is drawn.
    """
    row, need, id = cell // F, t.needs[cell], need_id(t, cell)
    place = bearer_of(t, row, POVERTY, uniform(luck[BEARER], id))
    if place < 0 or not t.field_on[POVERTY]:
        return
    if need.bearer < 0:
        need.slow = uniform(luck[SLOW], id) < slow_chance(t.p[0], POVERTY)
    need.bearer = place
    change_level(t, week, cell, MANIFEST)
    t.counts[ONSETS + POVERTY] += 1.0
    t.counts[RELAPSES + POVERTY] += 1.0
