"""Workers' hours of the week are allocated; supported needs improve; cases close, lapse or continue
as accompaniment.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import (
    ACCOMPANIED,
    COMMUNITY_WORKER,
    COMPANION,
    COMPOUNDED,
    GAP,
    LATENT,
    NEVER,
    NO_CASE,
    OPEN,
    POVERTY,
    F,
)
from sim.model.activities import posts_for
from sim.model.flows import flow_place
from sim.model.hours import give_hours
from sim.model.ids import need_id
from sim.model.kept import stage_of
from sim.model.kernel import by_level, happens, kernel, numbers, sort, uniform
from sim.model.links import (
    BREADTH,
    PROGRAMME_LIMIT,
    RESOURCES_EFFECT,
    as_read,
    share_as_read,
    trust_as_read,
)
from sim.model.posts import desk_of
from sim.model.scans import after, nonzero
from sim.model.speeds import support_pace
from sim.model.state import State
from sim.model.transitions import change_case, join_list, lighten

WRITES = (
    "levels",
    "latent_since",
    "needs.level",
    "needs.since",
    "needs.relapse_until",
    "needs.relapse_level",
    "needs.case",
    "needs.worker",
    "needs.agency",
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
    "households.accompanied_until",
    "households.sees_no_need",
    "households.closed_week",
    "households.trust",
    "workers.usable",
    "workers.available",
    "workers.asked",
    "workers.given",
    "workers.complex_hours",
    "workers.meeting",
    "workers.learning",
    "workers.crisis",
    "workers.intake",
    "workers.upstream",
    "workers.slack",
    "workers.load",
    "agencies.crisis_due",
    "agencies.extra_meeting",
    "agencies.once_due",
    "agencies.overflow",
    "households.door_hours",
    "flows.resolved",
    "flows.closed",
    "flows.lapsed",
    "flows.closed_unmet",
    "flows.households_closed",
    "flows.consultation_done",
    "flows.needs_queued",
    "stages",
)
DRAWS = (
    "casework.fidelity",
    "casework.resolve",
    "casework.lapse",
    "casework.limit",
    "casework.flag",
    "casework.elsewhere",
)
LOT = ("casework.csw",)
RULES = np.dtype(
    [
        ("done", float),  # chance that what is on paper is carried out
        ("by_all", bool),  # every case goes on as accompaniment
        ("weeks", int),  # that it lasts
        ("by_community", bool),  # community workers hold it, where no companion does
        ("light", float),  # hours a week that it takes
        ("community", int),  # agency row of the community team
    ]
)
FIDELITY, RESOLVE, LAPSE, LIMIT, FLAG, ELSEWHERE = range(len(DRAWS))
LIMIT_WEEKS = 52  # the programme's limit closes no case before
CLOSED, LAPSED, UNMET = flow_place("closed"), flow_place("lapsed"), flow_place("closed_unmet")
RESOLVED = flow_place("resolved")


def casework(town: State) -> None:
    """Simulate one week of work at the desks of all agencies.

    1. Cases whose need has ended close, or go on as accompaniment.
    2. Every worker's week is allocated (`sim.model.hours`).
    3. Open cases get their dose, and what it adds to the resolution of their need.
    4. Supported needs end or lighten; cases lapse, end at the programme's limit, or open again.
    5. Needs that another scheme supports end or lighten.

    Source: model 2.9, 8.1 and 8.2; M23, M42, M58, M59, M102; L94, L102, L354.
    """
    luck = town.streams.keys(DRAWS, town.week)
    _end_cases(town, luck)
    give_hours(town)
    resources = as_read(town, RESOURCES_EFFECT, town.resource_level)
    _support_all(town.records, town.week, luck, resources, town.community_row)


def _end_cases(town: State, luck: np.ndarray) -> None:
    accompaniment, done = town.practice.accompaniment, town.practice.fidelity.value
    by_all = accompaniment.months > 0
    weeks = round((accompaniment.months or accompaniment.companion_months) * 52 / 12)
    lot = town.streams.keys(LOT, 0)
    rule = (
        done,
        by_all,
        weeks,
        accompaniment.who == "community",
        accompaniment.hours * 12 / 52,
        town.community_row,
    )
    rules = np.array([rule], dtype=RULES)
    _close_ended(town.records, town.week, luck, lot, rules)
    if posts_for(town, COMPANION) > 0.0:
        _take_over(town.records, lot, rules)


@kernel
def _close_ended(t, week, luck, lot, rules):
    """Accompaniment whose need has ended is over on its date. An open case whose need has ended
    closes, or with chance `done` goes on as accompaniment for `weeks`: where the policy is that all
    do, and else while a companion has room for one more. A companion with room holds it, else a
    community worker where these are to accompany, else who has the case.
    """
    cells, rule = nonzero(t.case), rules[0]
    for cell in cells:
        if t.case[cell] == ACCOMPANIED and t.level[cell] == 0:
            home = t.households[cell // F]
            if home.accompanied_until <= week:
                home.accompanied_until = NEVER
                _close(t, week, cell)
    for cell in cells:
        if t.case[cell] == OPEN and t.level[cell] == 0:
            companion = _companion(t, lot, cell, rule.light)
            goes_on = rule.by_all or companion >= 0
            if goes_on and uniform(luck[FIDELITY], need_id(t, cell)) < rule.done:
                t.households[cell // F].accompanied_until = week + rule.weeks
                change_case(t, week, cell, ACCOMPANIED)
                if companion >= 0:
                    _hand_to_companion(t, cell, companion, rule)
                elif rule.by_community:
                    _hand_to_community(t, lot, cell, rule.community)
            else:
                _close(t, week, cell)


@kernel
def _close(t, week, cell):
    """The case is over since its need has ended: the household trusts the town hall more."""
    row = cell // F
    t.trust[row] = min(1.0, t.trust[row] + t.p[0].trust_per_closure)
    change_case(t, week, cell, NO_CASE)
    t.counts[CLOSED] += 1.0


@kernel
def _companion(t, lot, cell, light):
    """The companion, by lot, who has `light` hours a week left for one more case; -1 where none
    has.
    """
    found, least, id = -1, 1.0, t.households[cell // F].id
    for row in range(t.workers.size):
        worker = t.workers[row]
        if worker.duty == COMPANION and worker.usable - worker.asked >= light:
            u = uniform(lot[0], id, worker.id)
            if worker.effective > 0.0 and u < least:
                found, least = row, u
    return found


@kernel
def _hand_to_companion(t, cell, companion, rule):
    """A companion holds the case from now on."""
    t.needs[cell].worker = companion
    t.needs[cell].agency = rule.community
    t.workers[companion].asked += rule.light


@kernel
def _take_over(t, lot, rules):
    """Companions with room take light contact over from those who have it beside other work, in an
    order by lot: of needs that have ended, and of households that say no.
    """
    cells, count = nonzero(t.case), 0
    turns = numbers(cells.size)
    for cell in cells:
        worker = t.needs[cell].worker
        if t.case[cell] == ACCOMPANIED and worker >= 0 and t.workers[worker].duty != COMPANION:
            cells[count], turns[count] = cell, uniform(lot[0], need_id(t, cell))
            count += 1
    sort(cells[:count], turns[:count])
    for cell in cells[:count]:
        companion = _companion(t, lot, cell, rules[0].light)
        if companion < 0:
            return
        _hand_to_companion(t, cell, companion, rules[0])


@kernel
def _hand_to_community(t, lot, cell, companions):
    """A community worker, by lot, holds the case from now on, where one is there."""
    least, id = 1.0, t.households[cell // F].id
    for row in range(t.workers.size):
        worker = t.workers[row]
        if worker.duty == COMMUNITY_WORKER and worker.effective > 0.0:
            u = uniform(lot[0], id, worker.id)
            if u < least:
                least = u
                t.needs[cell].worker = row
                t.needs[cell].agency = companions


@kernel
def _support_all(t, week, luck, resources, community):
    """Support here, then elsewhere."""
    _support(t, week, luck, resources, community)
    _elsewhere(t, week, luck)


@kernel
def _support(t, week, luck, resources, community):
    """Support all open cases on the levels of the start, then let needs and cases change."""
    cells = nonzero(t.case)
    for row in range(t.workers.size):
        t.workers[row].complex_hours = 0.0
    for cell in cells:
        if t.case[cell] >= OPEN:
            _treat(t, resources, cell)
    monthly = 1.0 - (1.0 - t.p[0].flag_fading_contact) ** (12 / 52)
    for cell in cells:
        if t.case[cell] >= OPEN:
            _resolve(t, week, luck, cell)
        if t.case[cell] == OPEN:
            _lapse(t, week, luck, cell)
        elif t.case[cell] == ACCOMPANIED and t.level[cell] > 0:
            flagged = uniform(luck[FLAG], need_id(t, cell)) < monthly
            if flagged or not t.needs[cell].hidden:
                _open_again(t, week, cell, community)


@kernel
def dose(worker):
    """Hours that a worker gives over hours that the open cases require of them."""
    return worker.given / max(worker.asked, 1e-12) if worker.asked > 0.0 else 1.0


@kernel
def _treat(t, resources, cell):
    """Write an open case's dose and the resolution it adds; accompaniment is light contact, which
    resolves nothing.
    """
    need, row, level = t.needs[cell], cell // F, t.level[cell]
    need.dose = 0.0
    need.aid = 0.0
    if need.worker < 0 or (level > 0 and t.case[cell] == ACCOMPANIED):
        return
    worker = t.workers[need.worker]
    need.dose = dose(worker)
    if level > 0:
        hard = cell - row * F == GAP or stage_of(t, row) == COMPOUNDED
        need.aid = aid(t, resources, cell, worker, hard)
        if hard:
            worker.complex_hours += t.case_hours[level] * need.dose


@kernel
def aid(t, resources, cell, worker, hard):
    """Rate (1/year) of resolution that support adds to unaided recovery: (resolve - recover) x dose
    x skill x match x plan x resources, for a slow need x slow_support, over 1 + coupling x the
    household's untreated other needs. What is resolved and recovers are the rates declared for the
    level, so that where they are equal support does nothing to a need of either speed.
    """
    p, row, need = t.p[0], cell // F, t.needs[cell]
    rate = support_gain(p, t.level[cell]) * support_pace(p, need.slow) * need.dose * worker.skill
    if hard:
        rate *= share_as_read(t, BREADTH, worker.agency, worker.breadth)
    if t.joint_plan[row]:
        rate *= p.coord_effect
    rate *= 1.0 + (p.resource_effect - 1.0) * resources
    return rate / (1.0 + p.coupling * untreated(t, row))


@kernel
def untreated(t, row):
    """Number of needs of a household without an open case."""
    count = 0
    for cell in range(row * F, row * F + F):
        if t.level[cell] > 0 and t.case[cell] != OPEN:
            count += 1
    return count


@kernel
def _resolve(t, week, luck, cell):
    """Support ends or lightens the need at the rate `aid`, beside unaided recovery."""
    rate = t.needs[cell].aid
    helps = t.level[cell] > 0 and happens(uniform(luck[RESOLVE], need_id(t, cell)), rate)
    if helps and lighten(t, week, cell):
        t.counts[RESOLVED + cell % F] += 1.0


@kernel
def _lapse(t, week, luck, cell):
    """A case lapses, sooner with low dose and low trust, or ends at the programme's limit."""
    id = need_id(t, cell)
    if happens(uniform(luck[LAPSE], id), dropout(t, cell)):
        change_case(t, week, cell, NO_CASE)
        t.counts[LAPSED] += 1.0
    elif happens(uniform(luck[LIMIT], id), limit_rate(t, week, cell)):
        change_case(t, week, cell, NO_CASE)
        t.counts[UNMET] += 1.0


@kernel
def _elsewhere(t, week, luck):
    """Another scheme supports the needs that were referred on to it and have no case here."""
    for row in after(t.elsewhere_until, week):
        cell = row * F + t.households[row].elsewhere_field
        if t.level[cell] > 0 and t.case[cell] == NO_CASE:
            helps = happens(uniform(luck[ELSEWHERE], need_id(t, cell)), aid_elsewhere(t, cell))
            if helps and lighten(t, week, cell):
                t.counts[RESOLVED + cell % F] += 1.0


@kernel
def aid_elsewhere(t, cell):
    """Rate (1/year) of resolution that another scheme adds: `referral_help` of what a worker here
    would add who gives the hours of light support; less to a slow need, as support here.
    """
    level, pace = t.level[cell], support_pace(t.p[0], t.needs[cell].slow)
    light = min(1.0, t.case_hours[LATENT] / max(t.case_hours[level], 1e-12))
    rate = t.p[0].referral_help * light * support_gain(t.p[0], level) * pace
    others = untreated(t, cell // F) - 1  # the need itself has no case here
    return rate / (1.0 + t.p[0].coupling * others)


@kernel
def support_gain(p, level):
    """Rate (1/year) of resolution that full support adds to unaided recovery at `level`."""
    rate = by_level(level, p.resolve_latent, p.resolve_manifest, p.resolve_severe)
    return rate - by_level(level, p.recover_latent, p.recover_manifest, p.recover_severe)


@kernel
def dropout(t, cell):
    """Rate (1/year) at which an open case lapses."""
    return t.p[0].dropout_case * (2.0 - t.needs[cell].dose) * (1.5 - trust_as_read(t, cell // F))


@kernel
def limit_rate(t, week, cell):
    """Rate (1/year) at which an institution-centred worker closes an old case."""
    need = t.needs[cell]
    if week - need.opened < LIMIT_WEEKS:
        return 0.0
    worker = t.workers[need.worker]
    centred = share_as_read(t, PROGRAMME_LIMIT, worker.agency, worker.orientation)
    return t.p[0].programme_limit * max(0.0, 1.0 - centred)


@kernel
def _open_again(t, week, cell, community):
    """A need that came back under accompaniment, or a demand that is hidden no longer, is an open
    case; at a desk's queue where community workers accompanied.
    """
    row, need = cell // F, t.needs[cell]
    need.hidden = False
    t.sees_no_need[row] = False
    change_case(t, week, cell, OPEN)
    if need.agency == community:
        desk = desk_of(t, min(cell - row * F, POVERTY), row)
        join_list(t, week, cell, desk, 1, False, False)
