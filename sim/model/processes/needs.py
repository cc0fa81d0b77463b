"""Needs begin, spill over, surface, worsen, end without support and come back."""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import (
    ACCOMPANIED,
    LATENT,
    MANIFEST,
    NEVER,
    POVERTY,
    SEVERE,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.dates import keep_dates
from sim.model.flows import flow_place
from sim.model.households import bearer_of
from sim.model.ids import need_id
from sim.model.kernel import (
    MARGIN,
    by_level,
    happens,
    is_due,
    kernel,
    numbers,
    occurs,
    space,
    uniform,
)
from sim.model.links import isolation, most_isolation
from sim.model.scans import drawn_among, due, nonzero
from sim.model.shocks import onset_factors
from sim.model.speeds import recovery_pace, slow_chance, worsening_pace
from sim.model.state import State
from sim.model.transitions import change_level, lighten

WRITES = (
    "levels",
    "latent_since",
    "needs.level",
    "needs.since",
    "needs.bearer",
    "needs.slow",
    "needs.relapse_until",
    "needs.relapse_level",
    "households.active",
    "households.manifest",
    "households.severe",
    "households.need_due",
    "dated_with",
    "flows.onsets",
    "flows.relapses",
    "flows.recoveries",
    "stages",
)
DRAWS = (
    "needs.change",
    "needs.recover",
    "needs.worsen",
    "needs.relapse",
    "needs.date",
    "needs.onset",
    "needs.spill",
    "needs.spill_fields",
    "bearer",
    "needs.slow",
)
CHANGE, RECOVER, WORSEN, RELAPSE, DATE, ONSET, SPILL, SPILLS, BEARER, SLOW = range(len(DRAWS))
MECHANISMS = ("onset", "spill_over", "surfacing", "worsening", "recovery", "relapse")
BEGINNING, SPILLING, SURFACING, WORSENING, RECOVERING, RELAPSING = range(len(MECHANISMS))
HEADROOM = 2.0  # dates are drawn for up to this times the onset of the start; beyond, its powers
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
       come back within a year (`relapse`), again on the levels at the start of the week. A need
       that begins is slow or fast, and stays so (`sim.model.speeds`).

    Hazards are yearly. Support slows worsening through the `dose` of last week. Casework simulates
    what support resolves beyond unaided recovery. Source: model 2.2 and 8.3; M01-M03, M14,
    M21, M24, M37.
    """
    off = town.scenario.switched_off
    on = np.array([name not in off for name in MECHANISMS], dtype=float)
    luck = town.streams.keys(DRAWS, town.week)
    trend = (1.0 + town.scenario.trend.onset) ** (max(town.week, 0) / WEEKS_PER_YEAR)
    shock = onset_factors(town)
    most = _most(town, trend, shock)
    keep_dates(town, "households.need_due", *most)
    _simulate(town.records, town.week, luck, on, (trend, shock, most))


def _most(town: State, trend: float, shock: np.ndarray) -> tuple[float, float]:
    """Rates (1/year) that no state of a household takes its onset above until `trend` has passed the
    next power of HEADROOM, or the `shock` (2 F,) of this week is another: of needs that begin
    latent, for a household of proneness 1, and of those that begin manifest.
    """
    p, growth = town.p.needs, trend * float(most_isolation(town.records))
    highest = HEADROOM ** max(1, math.ceil(math.log(growth, HEADROOM)))
    slow = p.onset_latent * max(1.0, p.isolation_hazard_ratio)
    slow *= max(1.0, p.salon_onset_rr) * max(1.0, p.watched_onset) * max(1.0, shock[:F].max())
    struck = town.onset_share / town.eligible_share * np.maximum(1.0, shock[F:])
    sudden = p.onset_acute * float(struck.sum())
    return MARGIN * highest * slow, MARGIN * highest * sudden


@kernel
def _simulate(t, week, luck, on, growth):
    """Decide everything on the levels of the start of the week, then let it happen."""
    again, dated = nonzero(t.relapse_level), due(t.need_due, week)
    spilling = drawn_among(luck[SPILL], t.id_of, t.active, _most_spill(t.p[0]) * F)
    cells, after = _changes(t, week, luck, on)
    room = again.size + 2 * F * dated.size + F * spilling.size
    begun, levels, count = space(room), space(room), 0
    if on[RELAPSING] > 0.0:
        count = _relapses(t, week, luck, again, begun, levels)
    back = count
    if on[BEGINNING] > 0.0:
        count = _onsets(t, week, luck, dated, growth, begun, levels, count)
        if on[SPILLING] > 0.0:
            count = _spill(t, luck, spilling, begun, levels, count)
    for i in range(cells.size):
        if after[i] > t.level[cells[i]]:
            change_level(t, week, cells[i], after[i])
        elif lighten(t, week, cells[i]):
            t.counts[RECOVERIES + cells[i] % F] += 1.0
    for i in range(count):
        _begin(t, week, luck, begun[i], levels[i], i < back)
    if week % WEEKS_PER_YEAR == 0:
        _forget(t, week)


@kernel
def base_worsening(p, level, on):
    """Rate (1/year) at which a need of `level` surfaces or worsens in a household with nothing that
    changes it.
    """
    surfacing, rising = p.escalate_latent * on[SURFACING], p.escalate_manifest * on[WORSENING]
    return by_level(level, surfacing, rising, 0.0)


@kernel
def base_recovery(p, level):
    """Rate (1/year) at which needs of `level` lighten or end by themselves, over both speeds."""
    return by_level(level, p.recover_latent, p.recover_manifest, p.recover_severe)


@kernel
def worsening(p, alone, need, level, active, watched, on):
    """Rate (1/year) at which a latent need surfaces or a manifest one becomes severe, `alone` being
    the household's hazard ratio of isolation.
    """
    rate = base_worsening(p, level, on) * worsening_pace(p, need.slow, level)
    rate *= alone * (1.0 + p.coupling * (active - 1))
    if watched:
        rate *= p.neighbour_help_effect
    return rate * (1.0 - (1.0 - p.rr_escalation_supported) * need.dose)


@kernel
def recovery(p, need, level, watched, belongs):
    """Rate (1/year) at which a need lightens or ends without support; support that does harm slows
    it.
    """
    rate = base_recovery(p, level) * recovery_pace(p, need.slow)
    if watched:
        rate *= p.watched_recover
    if belongs:
        rate *= p.place_recover
    return rate + min(need.aid, 0.0)


@kernel
def _changes(t, week, luck, on):
    """Returns the cells of the needs that end, lighten or worsen, and the levels that they change
    to.

    Each household in need has one draw, at a rate that its needs together are not above, and others
    decide which of them change.
    """
    p, count = t.p[0], 0
    easing = max(1.0, p.watched_recover) * max(1.0, p.place_recover) * MARGIN * on[RECOVERING]
    coupled = max(1.0, p.isolation_hazard_ratio) * (1.0 + max(0.0, p.coupling) * (F - 1))
    coupled *= max(1.0, p.neighbour_help_effect) * max(1.0, p.rr_escalation_supported) * MARGIN
    easing *= max(recovery_pace(p, False), recovery_pace(p, True))
    coupled *= max(1.0, p.slow_escalate)
    latent = base_recovery(p, LATENT) * easing + base_worsening(p, LATENT, on) * coupled
    manifest = base_recovery(p, MANIFEST) * easing + base_worsening(p, MANIFEST, on) * coupled
    severe, lonelier = base_recovery(p, SEVERE) * easing, most_isolation(t)
    highest = max(latent, manifest, severe) * F * max(1.0, lonelier) * MARGIN
    rows = drawn_among(luck[CHANGE], t.id_of, t.active, highest)
    cells, after = space(F * rows.size), space(F * rows.size)
    for row in rows:
        most = latent * (t.active[row] - t.manifest[row])
        most += manifest * (t.manifest[row] - t.severe[row]) + severe * t.severe[row]
        if lonelier > 1.0:
            most *= max(1.0, isolation(t, row) / max(1.0, p.isolation_hazard_ratio))
        if happens(uniform(luck[CHANGE], t.id_of[row]), most):
            count = _which_change(t, week, luck, on, row, most, (cells, after), count)
    return cells[:count], after[:count]


@kernel
def _which_change(t, week, luck, on, row, rest, changes, count):
    """Add to `changes` (cells and levels after) the needs of household `row` that change in a week
    in which one of them, or nothing, does so at the yearly rate `rest`; a need that lightens does
    not worsen.
    """
    p, alone, some = t.p[0], isolation(t, row), False
    cells, after = changes
    watched = t.watched_until[row] > week
    for cell in range(row * F, row * F + F):
        level, need, id = t.level[cell], t.needs[cell], need_id(t, cell)
        if level == 0:
            continue
        eases = max(0.0, recovery(p, need, level, watched, t.belongs[row])) * on[RECOVERING]
        better = occurs(uniform(luck[RECOVER], id), eases, rest, some)
        rest, some = rest - eases, some or better
        grows = worsening(p, alone, need, level, t.active[row], watched, on)
        worse = occurs(uniform(luck[WORSEN], id), grows, rest, some)
        rest, some = rest - grows, some or worse
        if better or worse:
            cells[count], after[count] = cell, level - 1 if better else level + 1
            count += 1
    return count


@kernel
def _relapses(t, week, luck, cells, begun, levels):
    """Needs that come back at the level from which they ended; returns how many there are.

    Most draws are above any rate that there is, and their needs are not looked at.
    """
    p, count = t.p[0], 0
    hazard = -math.log1p(-p.relapse_12m)
    most = hazard * max(1.0, p.isolation_hazard_ratio) * max(1.0, p.rr_relapse_accompanied) * MARGIN
    most *= most_isolation(t)
    for cell in cells:
        u, row = uniform(luck[RELAPSE], need_id(t, cell)), cell // F
        if u * WEEKS_PER_YEAR >= most or not _can_begin(t, cell, row):
            continue
        need, rate = t.needs[cell], hazard * isolation(t, row)
        if t.case[cell] == ACCOMPANIED:
            rate *= 1.0 - (1.0 - p.rr_relapse_accompanied) * need.dose
        if need.relapse_until >= week and happens(u, rate):
            begun[count], levels[count] = cell, t.relapse_level[cell]
            t.counts[RELAPSES + cell % F] += 1.0
            count += 1
    return count


@kernel
def _forget(t, week):
    """Needs that can no longer come back are no longer looked at."""
    for cell in nonzero(t.relapse_level):
        if t.needs[cell].relapse_until < week:
            t.relapse_level[cell] = 0


@kernel
def _can_begin(t, cell, row):
    """Whether a need can begin: none is there, somebody can bear it, its field is simulated, and
    public assistance does not meet it.
    """
    if t.level[cell] > 0 or t.empty[row] or not t.field_on[cell - row * F]:
        return False
    if t.assistance[row] and cell - row * F == POVERTY:
        return False
    return t.needs[cell].susceptibility > 0.0


@kernel
def _onsets(t, week, luck, dated, growth, begun, levels, count):
    """Needs that begin latent, and those that begin manifest at once, of households that are `dated`
    this week or not yet; returns how many there are.

    Each household has a date at which some may begin. `growth`: what onset has grown to since the
    start, what shocks multiply it by, and the rates at which dates are drawn (`_most`).
    """
    (trend, shock, (slow, sudden)), rates = growth, numbers(2 * F)
    for row in dated:
        most = slow * t.proneness[row] + sudden
        if is_due(t.need_due, row, week, luck[DATE], t.id_of[row], most):
            _onset_rates(t, week, row, trend, shock, rates)
            count = _in_fields(t, luck[ONSET], row, rates, most, begun, levels, count)
    return count


@kernel
def _in_fields(t, key, row, rates, rest, begun, levels, count):
    """Needs that begin in household `row` in a week in which one of them, or something else, does
    so at the yearly rate `rest`, each at its own of `rates`: latent by field, then (where they are
    2 F) manifest at once. Returns how many there are.
    """
    before = count
    for which in range(rates.size):
        rate, u = rates[which], uniform(key, t.id_of[row] * 2 * F + which)
        if occurs(u, rate, rest, count > before):
            begun[count] = row * F + which % F
            levels[count] = LATENT if which < F else MANIFEST
            count += 1
        rest -= rate
    return count


@kernel
def onset(p, home, alone, susceptibility, share, watched, belongs):
    """Rate (1/year) at which a need begins latent in a field with `share` of all onset and the
    household's `susceptibility` to it, before what spills over; `alone` is its hazard ratio of
    isolation.
    """
    rate = p.onset_latent * share * susceptibility * home.frailty * alone
    if belongs:
        rate *= p.salon_onset_rr
    if watched:
        rate *= p.watched_onset
    return rate


@kernel
def _onset_rates(t, week, row, trend, shock, rates):
    """Fill `rates` (2 F,) with the yearly rates at which needs begin: latent by field, then at once
    manifest. A need may strike at once whoever can bear it. `shock` (2 F,) multiplies them.
    """
    p, home, alone = t.p[0], t.households[row], isolation(t, row)
    watched = t.watched_until[row] > week
    for field in range(F):
        cell, share = row * F + field, t.onset_share[field]
        rates[field] = rates[F + field] = 0.0
        if _can_begin(t, cell, row):
            susceptibility = t.needs[cell].susceptibility
            rates[field] = trend * onset(
                p, home, alone, susceptibility, share, watched, t.belongs[row]
            )
            rates[field] *= shock[field]
            rates[F + field] = trend * p.onset_acute * share / t.eligible_share[field]
            rates[F + field] *= shock[F + field]


@kernel
def _most_spill(p):
    """What no need's spill-over is above (1/year)."""
    return MARGIN * max(p.spill_latent, p.spill_manifest, p.spill_severe)


@kernel
def _spill(t, luck, rows, begun, levels, count):
    """Needs that begin latent because the households `rows` have others; returns how many there
    are.

    Each household has one draw, and others decide in which fields.
    """
    rates, most = numbers(2 * F), _most_spill(t.p[0])
    for row in rows:
        rest, u = 0.0, uniform(luck[SPILL], t.id_of[row])
        if u * WEEKS_PER_YEAR >= most * t.active[row]:
            continue
        for field in range(F):
            rates[field] = 0.0
            if _can_begin(t, row * F + field, row):
                rates[field] = spill_over(t, row, t.onset_share[field])
            rest += rates[field]
        if happens(u, rest):
            count = _in_fields(t, luck[SPILLS], row, rates[:F], rest, begun, levels, count)
    return count


@kernel
def spill_over(t, row, share):
    """Rate (1/year) at which the needs that a household has spill into a field with `share`: each
    spreads its whole rate over the other fields in which the household can have needs.
    """
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
        rate = by_level(level, p.spill_latent, p.spill_manifest, p.spill_severe)
        total += rate / max(able - here, 1e-12)
    return total * share


@kernel
def _begin(t, week, luck, cell, level, back):
    """A need begins in `cell` where a member can bear it; where two beginnings meet, the worse one
    stands. One that comes `back` is as slow or fast as before.
    """
    if t.level[cell] > 0:
        if level > t.level[cell]:
            change_level(t, week, cell, level)
        return
    row = cell // F
    place = bearer_of(t, row, cell - row * F, uniform(luck[BEARER], need_id(t, cell)))
    if place < 0:
        return
    need = t.needs[cell]
    need.bearer = place
    if not back:
        slow = slow_chance(t.p[0], cell - row * F)
        need.slow = uniform(luck[SLOW], need_id(t, cell)) < slow
    need.relapse_until = NEVER
    t.relapse_level[cell] = 0
    change_level(t, week, cell, level)
    t.counts[ONSETS + cell - row * F] += 1.0
