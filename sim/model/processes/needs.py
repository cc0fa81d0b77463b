"""Needs begin, spill over, surface, worsen, end without support and come back."""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import ACCOMPANIED, LATENT, MANIFEST, NEVER, SEVERE, WEEKS_PER_YEAR, F
from sim.model.flows import flow_place
from sim.model.households import bearer_of
from sim.model.kernel import (
    chance_in_week,
    happens,
    kernel,
    nonzero,
    numbers,
    space,
    uniform,
)
from sim.model.state import State
from sim.model.transitions import change_level, lighten

WRITES = (
    "levels",
    "needs.level",
    "needs.since",
    "needs.bearer",
    "needs.relapse_until",
    "needs.relapse_level",
    "households.active",
    "households.manifest",
    "households.severe",
    "flows.onsets",
    "flows.relapses",
    "flows.recoveries",
)
DRAWS = (
    "needs.recover",
    "needs.worsen",
    "needs.relapse",
    "needs.onset",
    "needs.onset_field",
    "needs.acute",
    "needs.acute_field",
    "bearer",
)
RECOVER, WORSEN, RELAPSE, ONSET, ONSET_FIELD, ACUTE, ACUTE_FIELD, BEARER = range(len(DRAWS))
MECHANISMS = ("onset", "spill_over", "surfacing", "worsening", "recovery", "relapse")
BEGINNING, SPILLING, SURFACING, WORSENING, RECOVERING, RELAPSING = range(len(MECHANISMS))
MARGIN = 1.0 + 1e-6  # so that rounding excludes no household
ONSETS, RELAPSES, RECOVERIES = (
    flow_place("onsets"),
    flow_place("relapses"),
    flow_place("recoveries"),
)


def needs(town: State) -> None:
    """Simulate every need for one week: existing needs end or worsen first, then new ones and
    relapses begin.

    1. A need ends or lightens without support (`recovery`), or surfaces or worsens (`worsening`);
       both are decided on the levels at the start of the week, and a need that ends does not
       worsen.
    2. In households without that need, needs begin (`onset`), begin at once manifest (`acute`), or
       come back within a year (`relapse`), again on the levels at the start of the week.

    Hazards are yearly. Support slows worsening through the `dose` of last week. Casework simulates
    what support resolves beyond unaided recovery. Source: M01-M03, M14, M21, M24, M37.
    """
    off = town.scenario.switched_off
    on = np.array([name not in off for name in MECHANISMS], dtype=float)
    luck = town.streams.keys(DRAWS, town.week)
    trend = (1.0 + town.scenario.trend.onset) ** (max(town.week, 0) / WEEKS_PER_YEAR)
    _simulate(town.records, town.week, luck, on, trend)


@kernel
def _simulate(t, week, luck, on, trend):
    """Decide everything on the levels of the start of the week, then let it happen."""
    cells = nonzero(t.level)
    after = space(cells.size)
    for i in range(cells.size):
        after[i] = _level_after(t, week, luck, on, cells[i])
    most = t.level.size + 2 * t.active.size
    begun, levels = space(most), space(most)
    count = 0
    if on[RELAPSING] > 0.0:
        count = _relapses(t, week, luck, begun, levels)
    if on[BEGINNING] > 0.0:
        count = _onsets(t, week, luck, on[SPILLING], trend, begun, levels, count)
    for i in range(cells.size):
        if after[i] > t.level[cells[i]]:
            change_level(t, week, cells[i], after[i])
        elif after[i] < t.level[cells[i]] and lighten(t, week, cells[i]):
            t.counts[RECOVERIES + cells[i] % F] += 1.0
    for i in range(count):
        _begin(t, week, luck, begun[i], levels[i])


@kernel
def isolation(p, home):
    """Hazard ratio of a household: `isolation_hazard_ratio` without any tie, else 1."""
    return 1.0 if home.ties > 0 else p.isolation_hazard_ratio


@kernel
def worsening(p, home, need, level, active, watched, on):
    """Rate (1/year) at which a latent need surfaces or a manifest one becomes severe."""
    rate = 0.0
    if level == LATENT:
        rate = p.escalate_latent * on[SURFACING]
    elif level == MANIFEST:
        rate = p.escalate_manifest * on[WORSENING]
    rate *= isolation(p, home) * (1.0 + p.coupling * (active - 1))
    if watched:
        rate *= p.neighbour_help_effect
    return rate * (1.0 - (1.0 - p.rr_escalation_supported) * need.dose)


@kernel
def recovery(p, need, level, watched, belongs):
    """Rate (1/year) at which a need lightens or ends without support; support that does harm slows
    it.
    """
    rate = p.recover_severe
    if level == LATENT:
        rate = p.recover_latent
    elif level == MANIFEST:
        rate = p.recover_manifest
    if watched:
        rate *= p.watched_recover
    if belongs:
        rate *= p.place_recover
    return rate + min(need.aid, 0.0)


@kernel
def _level_after(t, week, luck, on, cell):
    """The level of the need in `cell` after this week."""
    p, row, level = t.p[0], cell // F, t.level[cell]
    home, need = t.households[row], t.needs[cell]
    id = home.id * F + cell - row * F
    watched = home.watched_until > week
    if on[RECOVERING] > 0.0:
        rate = recovery(p, need, level, watched, t.belongs[row])
        if happens(uniform(luck[RECOVER], id), rate):
            return level - 1
    if level < SEVERE:
        rate = worsening(p, home, need, level, t.active[row], watched, on)
        if happens(uniform(luck[WORSEN], id), rate):
            return level + 1
    return level


@kernel
def _relapses(t, week, luck, begun, levels):
    """Needs that come back at the level from which they ended; returns how many there are."""
    p, count = t.p[0], 0
    hazard = -math.log1p(-p.relapse_12m)
    for cell in nonzero(t.relapse_level):
        need, row = t.needs[cell], cell // F
        if need.relapse_until < week:
            t.relapse_level[cell] = 0
            continue
        if not _can_begin(t, cell, row):
            continue
        rate, home = hazard * isolation(p, t.households[row]), t.households[row]
        if t.case[cell] == ACCOMPANIED:
            rate *= 1.0 - (1.0 - p.rr_relapse_accompanied) * need.dose
        if happens(uniform(luck[RELAPSE], home.id * F + cell - row * F), rate):
            begun[count], levels[count] = cell, t.relapse_level[cell]
            t.counts[RELAPSES + cell % F] += 1.0
            count += 1
    return count


@kernel
def _can_begin(t, cell, row):
    """Whether a need can begin: none is there, somebody can bear it, and its field is simulated."""
    if t.level[cell] > 0 or t.empty[row] or not t.field_on[cell - row * F]:
        return False
    return t.needs[cell].susceptibility > 0.0


@kernel
def _onsets(t, week, luck, spilling, trend, begun, levels, count):
    """Needs that begin latent, and those that begin manifest at once; each household has one draw
    for either, and a second decides the field. Returns how many there are.

    Most draws are above any rate that the household could have, and its rates by field are worked
    out only for the others: a weekly chance is never above the yearly rate over 52.
    """
    p, rates, sudden = t.p[0], numbers(F), 0.0
    spill = F * max(p.spill_latent, p.spill_manifest, p.spill_severe) * spilling
    for field in range(F):
        sudden += trend * p.onset_acute * t.onset_share[field] / t.eligible_share[field]
    most = MARGIN * trend * p.onset_latent * max(1.0, p.isolation_hazard_ratio)
    most *= max(1.0, p.salon_onset_rr) * max(1.0, p.watched_onset)
    proneness, active, ids = t.proneness, t.active, t.id_of
    for row in range(active.size):
        id = ids[row]
        u = uniform(luck[ONSET], id)
        if u * WEEKS_PER_YEAR < most * proneness[row] + spill * (active[row] > 0):
            total = _onset_rates(t, week, row, spilling, trend, rates)
            if u < chance_in_week(total):
                field = picked_field(rates, uniform(luck[ONSET_FIELD], id) * total)
                begun[count], levels[count] = row * F + field, LATENT
                count += 1
        u = uniform(luck[ACUTE], id)
        if u * WEEKS_PER_YEAR < sudden * MARGIN:
            total = _acute_rates(t, row, trend, rates)
            if u < chance_in_week(total):
                field = picked_field(rates, uniform(luck[ACUTE_FIELD], id) * total)
                begun[count], levels[count] = row * F + field, MANIFEST
                count += 1
    return count


@kernel
def onset(p, home, susceptibility, share, week, belongs):
    """Rate (1/year) at which a need begins latent in a field with `share` of all onset and the
    household's `susceptibility` to it, before what spills over.
    """
    rate = p.onset_latent * share * susceptibility * home.frailty * isolation(p, home)
    if belongs:
        rate *= p.salon_onset_rr
    if home.watched_until > week:
        rate *= p.watched_onset
    return rate


@kernel
def _onset_rates(t, week, row, spilling, trend, rates):
    """Fill `rates` (F,) with the yearly rates of onset by field; returns their sum."""
    p, home, total = t.p[0], t.households[row], 0.0
    for field in range(F):
        cell, share = row * F + field, t.onset_share[field]
        rates[field] = 0.0
        if _can_begin(t, cell, row):
            susceptibility = t.needs[cell].susceptibility
            rate = onset(p, home, susceptibility, share, week, t.belongs[row])
            rates[field] = trend * rate + spilling * spill_over(t, row, share)
        total += rates[field]
    return total


@kernel
def spill_over(t, row, share):
    """Rate (1/year) at which the needs that a household has spill into a field with `share`: each
    spreads its whole rate over the other fields in which the household can have needs.
    """
    if t.active[row] == 0:
        return 0.0
    p, able, total = t.p[0], 0.0, 0.0
    for field in range(F):
        if t.needs[row * F + field].susceptibility > 0.0:
            able += t.onset_share[field]
    for field in range(F):
        cell = row * F + field
        level, here = t.level[cell], 0.0
        if level == 0:
            continue
        if t.needs[cell].susceptibility > 0.0:
            here = t.onset_share[field]
        rate = p.spill_severe
        if level == LATENT:
            rate = p.spill_latent
        elif level == MANIFEST:
            rate = p.spill_manifest
        total += rate / max(able - here, 1e-12)
    return total * share


@kernel
def _acute_rates(t, row, trend, rates):
    """Fill `rates` (F,) with the yearly rates at which a need begins manifest; returns their sum.
    It may strike whoever can bear it.
    """
    p, total = t.p[0], 0.0
    for field in range(F):
        rates[field] = 0.0
        if _can_begin(t, row * F + field, row):
            rates[field] = p.onset_acute * t.onset_share[field] / t.eligible_share[field] * trend
        total += rates[field]
    return total


@kernel
def picked_field(rates, at):
    """The field in which `at` lies, of rates (F,) laid end to end."""
    for field in range(F):
        at -= rates[field]
        if at < 0.0 and rates[field] > 0.0:
            return field
    for field in range(F - 1, -1, -1):
        if rates[field] > 0.0:
            break
    return field


@kernel
def _begin(t, week, luck, cell, level):
    """A need begins in `cell` where a member can bear it; where two beginnings meet, the worse one
    stands.
    """
    if t.level[cell] > 0:
        if level > t.level[cell]:
            change_level(t, week, cell, level)
        return
    row = cell // F
    place = bearer_of(
        t, row, cell - row * F, uniform(luck[BEARER], t.households[row].id * F + cell - row * F)
    )
    if place < 0:
        return
    need = t.needs[cell]
    need.bearer = place
    need.relapse_until = NEVER
    t.relapse_level[cell] = 0
    change_level(t, week, cell, level)
    t.counts[ONSETS + cell - row * F] += 1.0
