"""Residents climb the ladder of engagement, places and participation support connect them, and ties
form and fade.
"""

from __future__ import annotations

import math

from sim.declared.vocabulary import (
    ACTING,
    COMMUNITY_WORKER,
    INTERESTED,
    MEMBERS,
    PARTICIPATION_WORKER,
    UNINVOLVED,
    WEEKS_PER_YEAR,
)
from sim.model.commissioners import leave_post
from sim.model.flows import flow_place
from sim.model.kernel import (
    among_some,
    chance_in_week,
    happens,
    kernel,
    monthly_rate,
    nonzero,
    numbers,
    sort,
    space,
    uniform,
)
from sim.model.members import ADULT
from sim.model.posts import full_posts, hours_left
from sim.model.state import State
from sim.model.transitions import change_rung, change_tie, far_end

WRITES = (
    "residents.ladder",
    "residents.commissioner",
    "beat",
    "districts.covered",
    "residents.requested",
    "households.acting_ties",
    "households.isolated",
    "households.ties",
    "households.belongs",
    "ties.live",
    "ties.formed",
    "districts.places",
    "districts.members",
    "backing",
    "step_credit",
    "join_credit",
    "guest_credit",
    "flows.stepped_up",
    "flows.stepped_down",
    "flows.ties_formed",
    "flows.ties_faded",
    "flows.joined_places",
    "flows.upstream_community",
    "flows.resident_hours",
)
DRAWS = (
    "community.interest",
    "community.who",
    "community.act",
    "community.stop",
    "community.fade",
    "community.lift",
    "community.leave",
    "community.join",
    "community.joins",
    "community.meet",
    "community.tie",
    "community.bond",
    "community.guest",
)
INTEREST, WHO, ACT, STOP, FADE, LIFT, LEAVE, JOIN, JOINS, MEET, TIE, BOND, GUEST = range(len(DRAWS))
STEPPED_UP, STEPPED_DOWN = flow_place("stepped_up"), flow_place("stepped_down")
TIES_FORMED, TIES_FADED = flow_place("ties_formed"), flow_place("ties_faded")
JOINED, RESIDENT_HOURS = flow_place("joined_places"), flow_place("resident_hours")
MARGIN = 1.0 + 1e-9  # so that rounding excludes no resident
MOST_ROOTED = 0.95  # no tie forms faster than 19 times the rate at which it fades
PICKS, MOST_PICKS = 3, 60  # residents or households sampled for each one that is wanted


def community(town: State) -> None:
    """Simulate one week of community building by residents, coordinators and places.

    1. Coordinators back acting residents; the hours that are left lift others later.
    2. Residents become interested or start acting, all decided on the state at the start of the
       week; then acting residents stop, and interest fades.
    3. Coordinators lift residents one rung.
    4. Households leave places and join them; who joins may gain a tie.
    5. Ties fade and form.
    6. Participation support gives isolated households a first tie.

    Source: model 2.10; M92, M115, M119-M131; L393, L447; R5 of the loops.
    """
    luck, t, week = town.streams.keys(DRAWS, town.week), town.records, town.week
    settings, fidelity = town.practice.community, town.practice.fidelity.value
    hours = _coordinators(town)
    wishes = settings.places > 0 and settings.theme == "wishes"
    to_interest, to_act = (float(rate) for rate in town.natural_steps)
    _climb(t, luck, to_interest, to_act, fidelity if wishes else 0.0)
    _descend(t, luck)
    _lift(town, luck, hours)
    _places(t, week, luck, float(_added_places(town)))
    if "ties" not in town.scenario.switched_off:
        _bonds(t, week, luck, float(town.most_rooted))
    _take_part(town, luck)
    acting = _on_rung(t, ACTING)
    town.flows["resident_hours"] += acting * town.p.noticing.hours_per_acting * 12 / WEEKS_PER_YEAR


def _coordinators(town: State) -> float:
    """Coordinators' hours for residents this week, after resource work and the backing of acting
    residents.
    """
    settings, p = town.practice.community, town.p.community
    hours = hours_left(town.records, COMMUNITY_WORKER) * town.practice.fidelity.value
    reach = settings.coordinators * settings.districts_per_worker
    covered = _cover(town.records, math.ceil(reach) if reach else town.districts.rows)
    town.flows["upstream_community"] += hours * settings.upstream_share
    hours *= (1 - settings.upstream_share) * p.hours_coordinator
    town.backing = 0.0
    if settings.back_supporters and hours > 0:
        wanted = _on_rung(town.records, ACTING) * p.backing_hours * 12 / WEEKS_PER_YEAR
        town.backing = covered * min(1.0, 0.5 * hours / max(1e-9, wanted * covered))
        hours -= town.backing * wanted
    return hours


@kernel
def _cover(t, districts):
    """The first `districts` have a coordinator in charge; returns their share of households."""
    share = 0.0
    for i in range(t.districts.size):
        t.districts[i].covered = i < districts
        if i < districts:
            share += t.district_share[i]
    return share


@kernel
def _on_rung(t, rung):
    """Number of residents on `rung`."""
    count = 0
    for slot in range(t.ladder.size):
        count += t.ladder[slot] == rung
    return count


@kernel
def _climb(t, luck, to_interest, to_act, wishes):
    """Let residents become interested at a yearly rate `to_interest`, and interested ones start
    acting: by themselves at `to_act`, through a helper, at a place born of residents' `wishes` (its
    fidelity, 0 without), or on request.
    """
    up, contagion = space(t.ladder.size), monthly_rate(t.p[0].helper_contagion)
    interested = _interested(t, luck, to_interest, up)
    count = interested
    for slot in nonzero(t.ladder):
        if t.ladder[slot] != INTERESTED or not _adult_at_home(t, slot):
            continue
        if _starts_acting(t, luck, slot, to_act, contagion, wishes):
            up[count] = slot
            count += 1
    for i in range(count):
        change_rung(t, up[i], INTERESTED if i < interested else ACTING)
    t.counts[STEPPED_UP] += count - interested


@kernel
def _adult_at_home(t, slot):
    return t.age[slot] >= ADULT and not t.away[slot]


@kernel
def _id(t, slot):
    """The stable id of the resident in `slot`."""
    row = slot // MEMBERS
    return t.id_of[row] * MEMBERS + slot - row * MEMBERS


@kernel
def _interested(t, luck, rate, up):
    """Fill `up` with the uninvolved adults at home who become interested at a yearly `rate`;
    returns how many there are.

    Each household has one draw for any of its members, and others decide who.
    """
    count = 0
    for id in range(t.row_of.size):
        u = uniform(luck[INTEREST], id)
        if u * WEEKS_PER_YEAR < MEMBERS * rate:
            row, able = t.row_of[id], 0
            for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
                able += t.ladder[slot] == UNINVOLVED and _adult_at_home(t, slot)
            if u < chance_in_week(able * rate):
                count = _who_is_interested(t, luck, row, able, rate, up, count)
    return count


@kernel
def _who_is_interested(t, luck, row, able, rate, up, count):
    """Add to `up` the members of household `row` who become interested, at least one of the `able`
    ones; returns how many `up` holds then.
    """
    before = count
    for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
        if t.ladder[slot] == UNINVOLVED and _adult_at_home(t, slot):
            u = uniform(luck[WHO], _id(t, slot))
            if happens(u, rate) or (count == before and among_some(u, rate, able * rate)):
                up[count] = slot
                count += 1
            able -= 1
    return count


@kernel
def _starts_acting(t, luck, slot, to_act, contagion, wishes):
    """Whether the interested resident in `slot` starts acting this week, `contagion` being the
    yearly rate by one tie to a helper.

    No household has more ties to helpers than acquaintances, so most draws are above any rate that
    it could have.
    """
    p, row, u = t.p[0], slot // MEMBERS, uniform(luck[ACT], _id(t, slot))
    most = to_act + contagion * (t.tie_start[row + 1] - t.tie_start[row])
    if u * WEEKS_PER_YEAR >= (most + p.place_step * wishes + p.plan_ask) * MARGIN:
        return False
    rate = to_act + contagion * t.households[row].acting_ties
    if t.belongs[row]:
        rate += p.place_step * wishes
    if _neighbour_in_plan(t, row):
        rate += p.plan_ask
    return happens(u, rate)


@kernel
def _neighbour_in_plan(t, row):
    """Whether a tied household has a joint plan, and its workers may ask a neighbour for help."""
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        if t.live[edge] and t.joint_plan[far_end(t, edge, row)]:
            return True
    return False


@kernel
def _descend(t, luck):
    """Acting residents stop and become interested; interest fades. Those lifted by request drop
    out faster.
    """
    p = t.p[0]
    for slot in nonzero(t.ladder):
        if not _adult_at_home(t, slot):
            continue
        decay = p.request_decay if t.residents[slot].requested else 1.0
        id = _id(t, slot)
        if t.ladder[slot] == ACTING and happens(uniform(luck[STOP], id), p.helper_dropout * decay):
            change_rung(t, slot, INTERESTED)
            leave_post(t, slot)
            t.counts[STEPPED_DOWN] += 1.0
        rate = p.interest_fading * decay
        if t.ladder[slot] == INTERESTED and happens(uniform(luck[FADE], id), rate):
            change_rung(t, slot, UNINVOLVED)
            leave_post(t, slot)
            t.residents[slot].requested = False


def _lift(town: State, luck, hours: float) -> None:
    """Coordinators lift residents one rung: fast and short-lived by request, slowly and lastingly
    from their interest.
    """
    p, request = town.p.community, town.practice.community.approach == "request"
    town.step_credit += hours / p.hours_per_step * (p.request_speed if request else 1.0)
    wanted = int(town.step_credit)
    if wanted > 0:
        town.step_credit -= wanted
        _lift_some(town.records, luck, wanted, request)


@kernel
def _lift_some(t, luck, wanted, request):
    """Lift up to `wanted` residents of those met in covered districts; by `request`, interested
    ones first.
    """
    picks = wanted * PICKS * MEMBERS
    met, turns, count = space(picks), numbers(picks), 0
    for i in range(picks):
        id = int(uniform(luck[LIFT], i) * t.ladder.size)
        slot = t.row_of[id // MEMBERS] * MEMBERS + id % MEMBERS
        if _can_be_lifted(t, slot):
            later = request and t.ladder[slot] == UNINVOLVED
            met[count], turns[count] = slot, i + picks if later else i
            count += 1
    sort(met[:count], turns[:count])
    count = _without_repetition(met, min(wanted, count))
    for i in range(count):
        slot = met[i]
        t.counts[STEPPED_UP] += t.ladder[slot] == INTERESTED
        t.residents[slot].requested = request
        change_rung(t, slot, t.ladder[slot] + 1)


@kernel
def _can_be_lifted(t, slot):
    district = t.district[slot // MEMBERS]
    return t.ladder[slot] < ACTING and _adult_at_home(t, slot) and t.districts[district].covered


@kernel
def _without_repetition(values, count):
    """Keep each of the first `count` values once, at the front; returns how many there are."""
    kept = 0
    for i in range(count):
        known = False
        for j in range(kept):
            known = known or values[j] == values[i]
        if not known:
            values[kept] = values[i]
            kept += 1
    return kept


def _added_places(town: State) -> float:
    """Places of this week beside those of the start, over all districts."""
    settings = town.practice.community
    reach = 1.0 if settings.theme == "wishes" else town.p.community.place_requested
    offered = settings.places * reach + town.practice.participation.places
    by_resources = town.commons.working * town.p.resources.place_each
    return offered * town.practice.fidelity.value + by_resources


@kernel
def _places(t, week, luck, added):
    """Places fill their free capacity and lose members; joining may make a tie."""
    p, joins, total = t.p[0], space(t.districts.size), 0
    for i in range(t.districts.size):
        t.districts[i].places = t.districts[i].start_places + added * t.district_share[i]
        t.districts[i].members = 0
    for row in nonzero(t.belongs):
        if happens(uniform(luck[LEAVE], t.households[row].id), p.place_leaving):
            t.belongs[row] = False
        else:
            t.districts[t.district[row]].members += 1
    for i in range(t.districts.size):
        free = max(0.0, t.districts[i].places * p.place_capacity - t.districts[i].members)
        t.join_credit[i] += p.place_joining / WEEKS_PER_YEAR * free
        joins[i] = int(t.join_credit[i])
        t.join_credit[i] -= joins[i]
        total += joins[i]
    if total > 0:
        _join(t, week, luck, joins, total)


@kernel
def _join(t, week, luck, joins, total):
    """Households join places: some are met anywhere, and join in an order by lot while their
    district still has room this week.
    """
    least = 1.0
    for i in range(joins.size):
        if joins[i] > 0:
            least = min(least, t.district_share[i])
    picks = total * min(max(PICKS, int(PICKS / max(1e-9, least))), MOST_PICKS)
    met, turns, count = space(picks), numbers(picks), 0
    for i in range(picks):
        row = t.row_of[int(uniform(luck[JOIN], i) * t.row_of.size)]
        if joins[t.district[row]] > 0 and not t.belongs[row] and not t.empty[row]:
            met[count], turns[count] = row, uniform(luck[JOINS], t.households[row].id)
            count += 1
    met = met[:count]
    sort(met, turns[:count])
    meeting, makers = 0, space(total)
    for row in met:
        district = t.district[row]
        if joins[district] > 0 and not t.belongs[row]:
            joins[district] -= 1
            t.belongs[row] = True
            t.counts[JOINED] += 1.0
            if uniform(luck[MEET], t.households[row].id) < t.p[0].place_tie:
                makers[meeting] = row
                meeting += 1
    _new_ties(t, week, luck, makers, meeting)


@kernel
def _new_ties(t, week, luck, rows, count):
    """Make one dormant acquaintance of each of the first `count` households, the one with the
    lowest random number, a tie.
    """
    chosen = space(count)
    for i in range(count):
        chosen[i] = _acquaintance(t, luck, rows[i])
    for i in range(count):
        if chosen[i] >= 0 and change_tie(t, week, chosen[i], True):
            t.counts[TIES_FORMED] += 1.0


@kernel
def _acquaintance(t, luck, row):
    """The dormant tie of household `row`, to a home that is not empty, with the lowest random
    number; -1 where there is none.
    """
    found, least = -1, 2.0
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        if not t.live[edge] and _both_home(t, edge):
            u = uniform(luck[TIE], t.ties[edge].id, t.households[row].id)
            if u < least:
                found, least = edge, u
    return found


@kernel
def _both_home(t, edge):
    tie = t.ties[edge]
    return not t.empty[tie.a] and not t.empty[tie.b]


@kernel
def _bonds(t, week, luck, most_rooted):
    """Ties fade, and others form at the rate that balances fading at the start; severe need makes
    households withdraw.
    """
    p = t.p[0]
    most = p.tie_fading * max(p.tie_withdrawal, odds(most_rooted), 1.0)
    for nth in range(t.tie_row_of.size):
        u = uniform(luck[BOND], nth)
        if u * WEEKS_PER_YEAR < most:
            _bond(t, week, t.tie_row_of[nth], u)


@kernel
def _bond(t, week, edge, u):
    """The tie `edge` fades, or forms where it is dormant, by the uniform `u`."""
    p, at = t.p[0], u * WEEKS_PER_YEAR
    if t.live[edge]:
        if at < p.tie_fading * max(p.tie_withdrawal, 1.0) and happens(u, fading(t, edge)):
            change_tie(t, week, edge, False)
            t.counts[TIES_FADED] += 1.0
    elif happens(u, p.tie_fading * odds(t.root_chance[edge])) and _both_home(t, edge):
        change_tie(t, week, edge, True)
        t.counts[TIES_FORMED] += 1.0


@kernel
def fading(t, edge):
    """Rate (1/year) at which a live tie fades: faster where a household at either end is in severe
    need.
    """
    p, tie = t.p[0], t.ties[edge]
    severe = t.severe[tie.a] > 0 or t.severe[tie.b] > 0
    return p.tie_fading * p.tie_withdrawal if severe else p.tie_fading


@kernel
def odds(chance):
    """Rate of forming over rate of fading that keeps a tie live with `chance`."""
    return chance / max(1 - chance, 1 - MOST_ROOTED)


def _take_part(town: State, luck) -> None:
    """Participation support gives isolated households a first tie, from guest to role where roles
    are stepwise.
    """
    p, stepwise = town.p.community, town.practice.participation.stepwise
    ready = full_posts(town, PARTICIPATION_WORKER) * town.practice.fidelity.value
    gain = p.participation_stepwise if stepwise else 1.0
    town.guest_credit += ready * p.participation_isolates_fte / WEEKS_PER_YEAR * gain
    guests = int(town.guest_credit)
    if guests > 0:
        town.guest_credit -= guests
        _invite(town.records, town.week, luck, guests, 2 if stepwise else 1)


@kernel
def _invite(t, week, luck, guests, ties):
    """Up to `guests` isolated households, by lot, gain `ties` ties each."""
    rows, turns, count = space(t.empty.size), numbers(t.empty.size), 0
    for row in range(t.empty.size):
        if t.isolated[row] and not t.empty[row]:
            rows[count], turns[count] = row, uniform(luck[GUEST], t.id_of[row])
            count += 1
    sort(rows[:count], turns[:count])
    for _ in range(ties):
        _new_ties(t, week, luck, rows, min(guests, count))
