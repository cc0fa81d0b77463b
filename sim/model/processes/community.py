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
from sim.model.activities import posts_for
from sim.model.commissioners import giving_up, leave_post, refill, strains
from sim.model.dates import keep_dates
from sim.model.flows import flow_place
from sim.model.ids import resident_id
from sim.model.kernel import (
    MARGIN,
    among_some,
    happens,
    is_due,
    kernel,
    monthly_rate,
    numbers,
    occurs,
    sort,
    sort_first,
    space,
    total,
    uniform,
)
from sim.model.links import RESOURCES_PLACES, as_read, contacts, worry_as_read
from sim.model.members import ADULT
from sim.model.posts import full_posts, hours_left
from sim.model.scans import due, nonzero
from sim.model.state import State
from sim.model.transitions import both_home, change_rung, change_tie, far_end

WRITES = (
    "residents.ladder",
    "residents.commissioner",
    "residents.commissioner_since",
    "beat",
    "flows.commissioners_seated",
    "districts.covered",
    "residents.requested",
    "households.acting_ties",
    "households.isolated",
    "households.ties",
    "households.belongs",
    "ties.live",
    "ties.formed",
    "ties.change_due",
    "dated_with",
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
    "rungs",
    "households.rung_due",
    "live_ties",
)
DRAWS = (
    "community.date",
    "community.may",
    "community.move",
    "community.lift",
    "community.leave",
    "community.join",
    "community.joins",
    "community.meet",
    "community.tie",
    "community.bond_date",
    "community.bond",
    "community.guest",
)
DATE, MAY, MOVE, LIFT, LEAVE, JOIN, JOINS, MEET, TIE, BOND_DATE, BOND, GUEST = range(len(DRAWS))
STEPPED_UP, STEPPED_DOWN = flow_place("stepped_up"), flow_place("stepped_down")
TIES_FORMED, TIES_FADED = flow_place("ties_formed"), flow_place("ties_faded")
JOINED, RESIDENT_HOURS = flow_place("joined_places"), flow_place("resident_hours")
MOST_ROOTED = 0.95  # no tie forms faster than 20 times the rate at which it fades
PICKS = 3  # residents or households sampled for each one that is wanted


def community(town: State) -> None:
    """Simulate one week of community building by residents, coordinators and places.

    1. Coordinators back acting residents; the hours that are left lift others later.
    2. Residents become interested, start acting, stop or lose interest, a rung a week at most, all
       decided on the state at the start of the week.
    3. Coordinators lift residents one rung.
    4. Households leave places and join them; who joins may gain a tie.
    5. Ties fade and form.
    6. Participation support gives isolated households a first tie.
    7. Vacant seats of commissioners are filled.

    Source: model 2.10, 8.9; M92, M115, M119-M131; L393, L447; R5 of the loops.
    """
    luck, t, week = town.streams.keys(DRAWS, town.week), town.records, town.week
    settings, fidelity = town.practice.community, town.practice.fidelity.value
    hours = _coordinators(town)
    wishes = settings.places > 0 and settings.theme == "wishes"
    steps = _steps(town)
    keep_dates(town, "households.rung_due", *steps, *strains(town))
    keep_dates(
        town, "ties.change_due", town.p.community.tie_fading, town.p.community.tie_withdrawal
    )
    lifts, guests, request = _lifts(town, hours), _guests(town), settings.approach == "request"
    ties = 2 if town.practice.participation.stepwise else 1
    plan = (fidelity if wishes else 0.0, lifts, request, float(_added_places(town)), guests, ties)
    _simulate(t, week, luck, steps, plan, "ties" not in town.scenario.switched_off)
    refill(town)
    acting = on_rung(t, ACTING)
    town.flows["resident_hours"] += acting * town.p.noticing.hours_per_acting * 12 / WEEKS_PER_YEAR


def _coordinators(town: State) -> float:
    """Coordinators' hours for residents this week, after resource work and the backing of acting
    residents.
    """
    settings, p = town.practice.community, town.p.community
    hours = hours_left(town.records, COMMUNITY_WORKER) * town.practice.fidelity.value
    reach = posts_for(town, COMMUNITY_WORKER) * settings.districts_per_worker
    covered = _cover(town.records, math.ceil(reach) if reach else town.districts.rows)
    town.flows["upstream_community"] += hours * settings.upstream_share
    hours *= (1 - settings.upstream_share) * p.hours_coordinator
    town.backing = 0.0
    if settings.back_supporters and hours > 0:
        wanted = on_rung(town.records, ACTING) * p.backing_hours * 12 / WEEKS_PER_YEAR
        town.backing = covered * min(1.0, 0.5 * hours / max(1e-9, wanted * covered))
        hours -= town.backing * wanted
    return hours


@kernel
def _simulate(t, week, luck, steps, plan, bonds):
    """Steps 2 to 6 of the week, by rates from `steps` and the `plan` of coordinators and places."""
    wishes, lifts, request, added, guests, ties = plan
    _engage(t, week, luck, steps, wishes)
    if lifts > 0:
        _lift(t, luck, lifts, request)
    _places(t, week, luck, added)
    if bonds:
        _bonds(t, week, luck)
    if guests > 0:
        _invite(t, week, luck, guests, ties)


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
def on_rung(t, rung):
    """Number of residents on `rung`."""
    count = 0
    for district in range(t.rungs.shape[0]):
        count += t.rungs[district, rung]
    return count


def _steps(town: State) -> tuple[float, ...]:
    """Yearly rates of the ladder: becoming interested; starting to act by oneself, through one tie
    to a helper, and at most at places and on request; at most of stopping and of losing interest.
    """
    p, (to_interest, to_act) = town.p.community, town.natural_steps
    fastest, contagion = max(p.request_decay, 1.0), monthly_rate(p.helper_contagion)
    asked, ends = p.place_step + p.plan_ask, (p.helper_dropout, p.interest_fading)
    return (
        float(to_interest),
        float(to_act),
        float(contagion),
        asked,
        *(end * fastest for end in ends),
    )


@kernel
def _engage(t, week, luck, steps, wishes):
    """Let residents climb and descend a rung, at rates from `steps`: become interested; start
    acting by themselves, through a helper, at a place born of residents' `wishes` (its fidelity, 0
    without), or on request; stop acting, or lose interest.

    All is decided on the state at the start of the week. Each household has a date on which some of
    its members may move, drawn at the sum of rates that each of its members is not above.
    """
    rows = due(t.rung_due, week)
    slots, rungs, count = space(rows.size * MEMBERS), space(rows.size * MEMBERS), 0
    most = numbers(MEMBERS)
    for row in rows:
        rest = _most(t, row, steps, most)
        if is_due(t.rung_due, row, week, luck[DATE], t.id_of[row], rest):
            rates = (steps[0], steps[1], steps[2], wishes)
            count = _who_moves(t, luck, row, rates, most, (slots, rungs), count)
    for i in range(count):
        if rungs[i] == ACTING:
            t.counts[STEPPED_UP] += 1.0
        elif t.ladder[slots[i]] == ACTING:
            t.counts[STEPPED_DOWN] += 1.0
        if rungs[i] < t.ladder[slots[i]]:
            leave_post(t, slots[i])
        if rungs[i] == UNINVOLVED:
            t.residents[slots[i]].requested = False
        change_rung(t, slots[i], rungs[i])


@kernel
def _most(t, row, steps, most):
    """Fill `most` (MEMBERS,) with rates (1/year) that the members of household `row` do not move
    above, whatever is done; returns their sum. No household has more ties to helpers than
    acquaintances.
    """
    to_interest, to_act, contagion, asked, stopping, losing = steps
    climbing = to_act + contagion * (t.tie_start[row + 1] - t.tie_start[row]) + asked
    for place in range(MEMBERS):
        rung = t.ladder[row * MEMBERS + place]
        most[place] = to_interest
        if rung == INTERESTED:
            most[place] = climbing + losing
        elif rung == ACTING:
            most[place] = stopping
            if t.commissioner[row * MEMBERS + place]:
                most[place] = giving_up(t, row * MEMBERS + place, t.p[0].worry_limit)
        most[place] *= MARGIN
    return total(most)


@kernel
def _who_moves(t, luck, row, rates, most, moves, count):
    """Add to `moves` (slots and rungs) the members of household `row` who move on the ladder on its
    date, and where to; returns how many there are.

    Each may move at up to their yearly rate in `most` (MEMBERS,), and on that date somebody may.
    """
    (slots, rungs), rest, somebody = moves, total(most), False
    for place in range(MEMBERS):
        slot = row * MEMBERS + place
        u = uniform(luck[MAY], resident_id(t, slot))
        if occurs(u, most[place], rest, somebody):
            somebody = True
            rung = _next_rung(t, luck, slot, rates, most[place])
            if rung != t.ladder[slot]:
                slots[count], rungs[count] = slot, rung
                count += 1
        rest -= most[place]
    return count


@kernel
def _next_rung(t, luck, slot, rates, most):
    """The rung on which the resident in `slot` stands after a week in which they may move, which
    they do at the yearly rate `most`.
    """
    rung, u = t.ladder[slot], uniform(luck[MOVE], resident_id(t, slot))
    if not _adult_at_home(t, slot):
        return rung
    to_interest, to_act, contagion, wishes = rates
    if rung == UNINVOLVED:
        return INTERESTED if among_some(u, to_interest, most) else rung
    if rung == ACTING:
        return INTERESTED if among_some(u, _stopping(t, slot), most) else rung
    acts = acting_rate(t, slot, to_act, contagion, wishes)
    if among_some(u, acts, most):
        return ACTING
    fades = acts + t.p[0].interest_fading * decay(t, slot)
    return UNINVOLVED if among_some(u, fades, most) else rung


@kernel
def _stopping(t, slot):
    """Rate (1/year) at which the resident in `slot` stops acting; commissioners have one of their
    own, in which worries count up to the limit at which anybody steps back.
    """
    if t.commissioner[slot]:
        return giving_up(t, slot, min(worry_as_read(t, slot), t.p[0].worry_limit))
    return t.p[0].helper_dropout * decay(t, slot)


@kernel
def _adult_at_home(t, slot):
    return t.age[slot] >= ADULT and not t.away[slot]


@kernel
def acting_rate(t, slot, to_act, contagion, wishes):
    """Rate (1/year) at which the interested resident in `slot` starts acting, `contagion` being
    that by one tie to a helper.
    """
    p, row = t.p[0], slot // MEMBERS
    rate = to_act + contagion * contacts(t, row)
    if t.belongs[row]:
        rate += p.place_step * wishes
    if _neighbour_in_plan(t, row):
        rate += p.plan_ask
    return rate


@kernel
def _neighbour_in_plan(t, row):
    """Whether a tied household has a joint plan, and its workers may ask a neighbour for help."""
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        if t.live[edge] and t.joint_plan[far_end(t, edge, row)]:
            return True
    return False


@kernel
def decay(t, slot):
    """How much faster the engagement of the resident in `slot` ends than that of others: faster for
    those lifted by request.
    """
    return t.p[0].request_decay if t.residents[slot].requested else 1.0


def _lifts(town: State, hours: float) -> int:
    """How many residents coordinators lift one rung this week: fast and short-lived by request,
    slowly and lastingly from their interest.
    """
    p, request = town.p.community, town.practice.community.approach == "request"
    town.step_credit += hours / p.hours_per_step * (p.request_speed if request else 1.0)
    wanted = int(town.step_credit)
    town.step_credit -= wanted
    return wanted


@kernel
def _lift(t, luck, wanted, request):
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
    working = as_read(town, RESOURCES_PLACES, town.commons.working)
    by_resources = working * town.p.resources.place_each
    return offered * town.practice.fidelity.value + by_resources


@kernel
def _places(t, week, luck, added):
    """Places fill their free capacity and lose members; joining may make a tie."""
    p, joins, total = t.p[0], space(t.districts.size), 0
    for i in range(t.districts.size):
        t.districts[i].places = t.districts[i].start_places + added * t.district_share[i]
        t.districts[i].members = 0
    for row in nonzero(t.belongs):
        if happens(uniform(luck[LEAVE], t.id_of[row]), p.place_leaving):
            t.belongs[row] = False
        else:
            t.districts[t.district[row]].members += 1
    for i in range(t.districts.size):
        free = max(0.0, t.districts[i].places * p.place_capacity - t.districts[i].members)
        t.join_credit[i] += p.place_joining / WEEKS_PER_YEAR * free
        joins[i] = int(t.join_credit[i])
        t.join_credit[i] -= joins[i]
        total += joins[i]
    makers, meeting = space(total), 0
    for district in range(t.districts.size):
        if joins[district] > 0:
            meeting = _join(t, luck, district, joins[district], makers, meeting)
    _new_ties(t, week, luck, makers, meeting)


@kernel
def _join(t, luck, district, joins, makers, meeting):
    """Some households of the `district` are met, and up to `joins` of them join its places, in an
    order by lot. Adds those that make a tie there to `makers`, and returns how many there are then.
    """
    picks, first = joins * PICKS, t.first_home[district]
    met, turns, count = space(picks), numbers(picks), 0
    for i in range(picks):
        u = uniform(luck[JOIN], i, district)
        row = t.row_of[first + int(u * (t.first_home[district + 1] - first))]
        if not t.belongs[row] and not t.empty[row]:
            met[count], turns[count] = row, uniform(luck[JOINS], t.households[row].id)
            count += 1
    met = met[:count]
    sort(met, turns[:count])
    for row in met:
        if joins > 0 and not t.belongs[row]:
            joins -= 1
            t.belongs[row] = True
            t.counts[JOINED] += 1.0
            if uniform(luck[MEET], t.households[row].id) < t.p[0].place_tie:
                makers[meeting] = row
                meeting += 1
    return meeting


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
        if not t.live[edge] and both_home(t, edge):
            u = uniform(luck[TIE], t.ties[edge].id, t.households[row].id)
            if u < least:
                found, least = edge, u
    return found


@kernel
def _bonds(t, week, luck):
    """Ties fade, and others form at the rate that balances fading at the start; severe need makes
    households withdraw.
    """
    p = t.p[0]
    fastest = max(p.tie_withdrawal, 1.0)
    for edge in due(t.change_due, week):
        id, most = t.ties[edge].id, p.tie_fading * max(fastest, odds(t.root_chance[edge]))
        if is_due(t.change_due, edge, week, luck[BOND_DATE], id, most):
            _bond(t, week, edge, uniform(luck[BOND], id), most)


@kernel
def _bond(t, week, edge, u, most):
    """The tie `edge` fades, or forms where it is dormant, by the uniform `u`, on a date that was
    drawn at the yearly rate `most`.
    """
    if t.live[edge]:
        if among_some(u, fading(t, edge), most):
            change_tie(t, week, edge, False)
            t.counts[TIES_FADED] += 1.0
    elif among_some(u, t.p[0].tie_fading * odds(t.root_chance[edge]), most) and both_home(t, edge):
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


def _guests(town: State) -> int:
    """How many isolated households participation support gives a first tie this week, from guest to
    role where roles are stepwise.
    """
    p, stepwise = town.p.community, town.practice.participation.stepwise
    ready = full_posts(town, PARTICIPATION_WORKER) * town.practice.fidelity.value
    gain = p.participation_stepwise if stepwise else 1.0
    town.guest_credit += ready * p.participation_isolates_fte / WEEKS_PER_YEAR * gain
    guests = int(town.guest_credit)
    town.guest_credit -= guests
    return guests


@kernel
def _invite(t, week, luck, guests, ties):
    """Up to `guests` isolated households, by lot, gain `ties` ties each."""
    rows, turns, count = space(t.empty.size), numbers(t.empty.size), 0
    for row in range(t.empty.size):
        if t.isolated[row] and not t.empty[row]:
            rows[count], turns[count] = row, uniform(luck[GUEST], t.id_of[row])
            count += 1
    sort_first(rows[:count], turns[:count], guests)
    for _ in range(ties):
        _new_ties(t, week, luck, rows, min(guests, count))
