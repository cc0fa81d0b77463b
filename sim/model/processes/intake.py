"""Agencies accept, refer or refuse households at their doors; assessment finds further needs, and
accepted cases join a queue.
"""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import (
    CRISIS,
    GAP,
    LATENT,
    NEIGHBOUR,
    NEVER,
    NO_CASE,
    OTHER_DESK,
    OUTCOMES,
    OUTREACH,
    POVERTY,
    STAGES,
    WAITING,
    WEEKS_PER_YEAR,
    F,
)
from sim.model import door
from sim.model.activities import hub_mode
from sim.model.door import join_door, leave_door, rows_at_door
from sim.model.flows import flow_place
from sim.model.kept import stage_of
from sim.model.kernel import kernel, uniform
from sim.model.links import (
    HAND_ONS,
    RESOURCES_GAP,
    as_read,
    familiarities_as_read,
    familiarity_as_read,
)
from sim.model.posts import desk_of
from sim.model.scans import nonzero
from sim.model.state import State
from sim.model.transitions import join_list

WRITES = (
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
    "households.open_cases",
    "households.waiting_cases",
    "households.contact_route",
    "households.contact_field",
    "households.trust",
    "households.first_contact",
    "households.contacted_week",
    "households.met_week",
    "households.closed_week",
    "households.new_week",
    "households.new_field",
    "households.elsewhere_until",
    "households.elsewhere_field",
    "households.sees_no_need",
    *door.COLUMNS,
    "flows.first_contacts",
    "flows.contacts",
    "flows.consultations_new",
    "flows.consultations_repeat",
    "flows.first_ever_stages",
    "flows.came_back",
    "flows.advice_only",
    "flows.referred_on",
    "flows.not_seen_again",
    "flows.elsewhere_hours",
    "flows.hops",
    "flows.lost_at_handon",
    "flows.refused",
    "flows.hidden_closed",
    "flows.needs_queued",
    "flows.found_with_several",
    "flows.first_contact_fields",
    "flows.first_contact_stages",
    "flows.first_contact_districts",
    "flows.consultation_joined",
    "flows.consultation_left",
    "flows.door_joined",
    "flows.door_gave_up",
    "flows.door_heard",
    "flows.door_waited_weeks",
    "stages",
)
DRAWS = (
    "intake.giveup",
    "intake.outcome",
    "intake.remembered",
    "intake.wrong",
    "intake.which",
    "intake.flag",
    "intake.fidelity",
    "intake.handon",
    "intake.dump",
    "intake.find",
    "intake.warm",
)
(GIVEUP, OUTCOME, REMEMBERED, WRONG, WHICH, FLAG, FIDELITY, HANDON, DUMP, FIND, WARM) = range(
    len(DRAWS)
)
CONTACTS, FIRST_CONTACTS = flow_place("contacts"), flow_place("first_contacts")
FIRST_FIELDS, FIRST_STAGES = flow_place("first_contact_fields"), flow_place("first_contact_stages")
GAVE_UP, HEARD, WAITED_WEEKS = (
    flow_place("door_gave_up"),
    flow_place("door_heard"),
    flow_place("door_waited_weeks"),
)
NEW, REPEAT = flow_place("consultations_new"), flow_place("consultations_repeat")
FIRST_EVER, CAME_BACK = flow_place("first_ever_stages"), flow_place("came_back")
ADVICE_ONLY, HOPS = flow_place("advice_only"), flow_place("hops")
REFERRED_ON, NOT_SEEN_AGAIN = flow_place("referred_on"), flow_place("not_seen_again")
ELSEWHERE_HOURS = flow_place("elsewhere_hours")
ELSEWHERE_WEEKS = 26  # that another scheme supports who is referred on to it
REPEAT_WEEKS = 52  # since the last contact, after which a consultation is new
LOST, REFUSALS = flow_place("lost_at_handon"), flow_place("refused")
HIDDEN_CLOSED, FOUND_WITH_SEVERAL = flow_place("hidden_closed"), flow_place("found_with_several")
OPENED, REFUSED, _, ADVISED, SENT_ON, GONE = range(len(OUTCOMES))
RULES = np.dtype(
    [
        ("any_door", bool),  # each desk takes whoever comes
        ("household", bool),  # assessment looks at all needs of the household
        ("briefing", bool),  # desks know what they must do themselves
        ("fidelity", float),  # chance that a procedure on paper is carried out
        ("decided", float),  # how far somebody really decides who takes a case, 0-1
        ("hub", int),  # agency row of the hub, -1 without one
        ("gap_hub", int),  # the same where it takes the needs that no desk takes
        ("refusal", float),  # chance that a need that no desk takes is refused
        ("lost", float),  # share of the consultations on other needs that is lost at a hand-on
    ]
)


def intake(town: State) -> None:
    """Add this week's contacts to the doors, and process the households whose first consultation
    has taken place.

    1. Households that wait at a door lose trust after `door_patience` weeks; some give up
       (`door_giveup`).
    2. Those whose consultation took place last week leave with its outcome (`outcome`): advice,
       another scheme, a refusal, nothing; or they are assessed and join the admission list.
    3. Each contact of the week joins the door of the desk that it comes to, with the hours that its
       consultation requires: fewer where the agencies remember the household. A crisis requires
       none: its hours are those of the crisis, and it is processed at once. The need for which its
       household already waited at a door is known from then on.

    Source: model 2.7, 8.1 and 8.2; M17, M25, M26, M28, M105; L102, L122, L179, L1720.
    """
    luck = town.streams.keys(DRAWS, town.week)
    _simulate(town.records, town.week, luck, _rules(town))


def _rules(town: State) -> np.ndarray:
    """The rules of this week's intake, a record (1,) of RULES."""
    p, practice = town.p.intake, town.practice
    fidelity, hub = practice.fidelity.value, hub_mode(town)
    decided = practice.coordination.authority * fidelity
    resources = as_read(town, RESOURCES_GAP, town.resource_level)
    fills_gaps = hub == "gap_filler"
    refusal = p.gap_refusal * (1.0 - p.resource_refusal * resources)
    refusal *= 1.0 - p.authority_refusal * decided
    if fills_gaps:
        refusal *= 1.0 - fidelity
    rules = (
        practice.intake.door == "any_door",
        practice.intake.assessment == "household",
        practice.intake.briefing,
        fidelity,
        decided,
        town.hub_row if hub != "none" else -1,
        town.hub_row if fills_gaps else -1,
        refusal,
        _usually_lost(town, decided),
    )
    return np.array([rules], dtype=RULES)


def _usually_lost(town: State, decided: float) -> float:
    """Share of the consultations on needs of a field that is lost at a hand-on, where each desk
    takes its own field and the agencies know each other as well as they do on average.
    """
    p, desks = town.p.intake, int((town.agencies.field >= 0).sum())
    known = familiarities_as_read(town, HAND_ONS)[:desks, :desks]
    warmth = float(known.sum() - np.trace(known)) / max(1, desks * (desks - 1))
    plain, coordinated = p.referral_success_plain, p.referral_success_coord
    return p.wrong_desk_first * (1.0 - float(arrival(plain, coordinated, max(warmth, decided))))


@kernel
def _simulate(t, week, luck, rules):
    """The steps of the week, household by household: none depends on another household."""
    for row in rows_at_door(t):
        if t.households[row].door_hours > 0.0:
            _wait(t, week, luck, row)
        else:
            _hear(t, week, luck, rules[0], row)
    for row in nonzero(t.contact_route):
        route = int(t.contact_route[row])
        t.contact_route[row] = 0
        if not t.empty[row] and (t.door[row] < 0 or route == CRISIS):
            _arrive(t, week, luck, rules[0], row, route)
            if t.households[row].door_hours <= 0.0:
                _hear(t, week, luck, rules[0], row)


@kernel
def _wait(t, week, luck, row):
    """A household whose consultation is not done loses trust after a while and may give up; without
    any need left it leaves. Agencies no longer know the needs of households that have gone.
    """
    p, home = t.p[0], t.households[row]
    if week - home.door_since > p.door_patience:
        t.trust[row] = max(0.0, t.trust[row] - p.trust_waiting)
    over = t.active[row] == 0
    if not over and uniform(luck[GIVEUP], home.id) >= p.door_giveup:
        return
    if not over:
        t.counts[GAVE_UP] += 1.0
    leave_door(t, row)
    _no_longer_known(t, row)


@kernel
def _arrive(t, week, luck, rules, row, route):
    """A contact of this week joins a door; the need for which its household already waited at one
    is known from then on. What will come out of the consultation is drawn now, since its hours
    depend on it.
    """
    home = t.households[row]
    field = int(home.contact_field)
    _count(t, week, row, route, field)
    if t.door[row] >= 0:
        t.needs[row * F + home.door_field].known = True
        leave_door(t, row)
    first = _first_desk(t, luck, row, field)
    on_paper = rules.any_door or rules.household
    real = on_paper and uniform(luck[FIDELITY], home.id) < rules.fidelity
    ends = _outcome(t, luck, rules, row, (route, field, first, real and rules.any_door))
    hours = 0.0 if route == CRISIS else consultation_hours(t.p[0], rules, ends == OPENED)
    if remembered(t.p[0], home, week, uniform(luck[REMEMBERED], home.id)):
        hours *= t.p[0].repeat_hours
    join_door(t, week, row, first, hours)
    home.door_field = field
    home.door_route = route
    home.door_outcome = ends
    home.door_real = real


@kernel
def _count(t, week, row, route, field):
    """Count the contact; whether it is a first one: neither a case nor a place at a door; and
    whether a consultation is asked for that is new: no contact and no case for a year. A crisis
    asks for none.
    """
    home = t.households[row]
    since = week - max(home.contacted_week, home.closed_week)
    home.contacted_week = week
    t.counts[CONTACTS + route] += 1.0
    if t.open_cases[row] > 0 or t.waiting_cases[row] > 0 or t.door[row] >= 0:
        return
    t.counts[FIRST_CONTACTS + route] += 1.0
    t.counts[FIRST_FIELDS + field] += 1.0
    t.counts[FIRST_STAGES + route * len(STAGES) + stage_of(t, row)] += 1.0
    t.first_contact_districts[t.district[row]] += 1.0
    if route != CRISIS and since > REPEAT_WEEKS:
        t.counts[NEW + field] += 1.0
        home.new_week = week
        home.new_field = field
    elif route != CRISIS:
        t.counts[REPEAT + field] += 1.0
    if week - home.closed_week <= REPEAT_WEEKS:
        t.counts[CAME_BACK] += 1.0
        home.closed_week = NEVER
    if home.first_contact == NEVER:
        home.first_contact = week
        t.counts[FIRST_EVER + stage_of(t, row)] += 1.0


@kernel
def remembered(p, home, week, u):
    """Whether the agencies still remember, by the uniform `u`, a household that they have met."""
    if home.met_week == NEVER:
        return False
    return u < math.exp(-p.memory_fading * (week - home.met_week) / WEEKS_PER_YEAR)


@kernel
def _outcome(t, luck, rules, row, contact):
    """What comes out of the consultation of household `row` (index in OUTCOMES): one draw.

    The shares are of all consultations on the needs of a field, by whatever route; a loss at a
    hand-on counts as not being seen again. A need that no desk takes may be refused, which counts
    as advice; no scheme is there to refer it to. A crisis is always opened. `contact`: route, field, first
    desk, and whether it comes to a door that takes whoever comes.
    """
    route, field, first, any_door = contact
    if route == CRISIS:
        return OPENED
    p, refused, lost, usual = t.p[0], 0.0, 0.0, 0.0
    if route != OUTREACH and not any_door:
        refused, lost = _sent_away(t, rules, row, field, first)
        usual = rules.lost if field != GAP else 0.0
    factor = p.severe_outcome_factor if t.severe[row] > 0 else 1.0
    u = uniform(luck[OUTCOME], t.households[row].id)
    chances = (refused, lost, usual)
    return drawn_outcome(p, u, chances, factor, (field != GAP, route != OUTREACH))


@kernel
def drawn_outcome(p, u, chances, factor, may):
    """The outcome (index in OUTCOMES) that the uniform `u` draws for a household.

    `chances`: that it is refused, that it is lost, and what is usually lost of consultations such as
    this one, which is taken off those not seen again. The other shares are of all consultations,
    and so of those that are neither refused nor lost a larger part. `factor` multiplies the shares
    of those that end without a case. `may`: whether there is a scheme to be referred to, and
    whether the household may not be seen again.
    """
    refused, lost, usual = chances
    sent, leaves = may
    part = factor * (1.0 - refused - lost) / (1.0 - usual)
    advised = part * p.one_off_share
    if refused > 0.0:
        advised = max(p.one_off_share * factor - refused, 0.0)
    referred = part * p.referred_on_share if sent else 0.0
    gone = part * max(p.no_return_share - usual, 0.0) if leaves else 0.0
    edge, shares = 0.0, (refused, lost, advised, referred, gone)
    for i in range(len(shares)):
        edge += shares[i]
        if u < edge:
            return REFUSED + i
    return OPENED


@kernel
def _sent_away(t, rules, row, field, first):
    """Chances that household `row` is refused, where no desk takes its need, and that it is lost on
    the way from the desk to which it comes `first` to that of its `field`.
    """
    own = _own_desk(t, rules, row, field)
    if field == GAP:
        return rules.refusal, 0.0
    if own == first:
        return 0.0, 0.0
    known = familiarity_as_read(t, HAND_ONS, first, own)
    return 0.0, 1.0 - handon_success(t.p[0], max(known, rules.decided))


@kernel
def consultation_hours(p, rules, assessed):
    """Hours that a first consultation requires; procedures that exist on paper cost their hours
    whether carried out or not. Only a household that is `assessed` requires an assessment.
    """
    hours = p.hours_intake
    if rules.any_door:
        hours += p.hours_any_door
    if rules.household and assessed:
        hours += p.hours_household_assessment
    return hours


@kernel
def _first_desk(t, luck, row, field):
    """The desk a household comes to: its need's own, another field's with `wrong_desk_first`, any
    for gap needs.
    """
    id = t.households[row].id
    if field == GAP or uniform(luck[WRONG], id) < t.p[0].wrong_desk_first:
        return desk_of(t, _other_field(t, field, uniform(luck[WHICH], id)), row)
    return desk_of(t, field, row)


@kernel
def _other_field(t, field, u):
    """A field with desks other than `field`, by shares of onset."""
    total, below = 0.0, 0.0
    for other in range(GAP):
        if other != field:
            total += t.onset_share[other]
    for other in range(GAP):
        if other != field:
            below += t.onset_share[other]
        if u * total < below:
            return other
    return GAP - 1


@kernel
def _hear(t, week, luck, rules, row):
    """The consultation of a household has taken place, and it leaves the door with what comes out
    of it.
    """
    home = t.households[row]
    if home.door_route != CRISIS:  # it took place last week
        t.counts[HEARD] += 1.0
        t.counts[WAITED_WEEKS] += week - 1 - home.door_since
    home.met_week = week
    ends = int(home.door_outcome)
    if home.door_route != CRISIS and t.level[row * F + home.door_field] == 0:
        ends = ADVISED  # what it came for has ended meanwhile
    if ends == OPENED:
        _decide(t, week, luck, rules, row)
    elif ends == ADVISED:
        _advise(t, luck, row)
    elif ends == SENT_ON:
        _refer_on(t, week, row)
    elif ends == GONE:
        t.counts[NOT_SEEN_AGAIN] += 1.0
    else:
        _send_away(t, rules, row)
    if ends != OPENED:
        _no_longer_known(t, row)
    leave_door(t, row)


@kernel
def _no_longer_known(t, row):
    """Agencies know no longer of the needs of a household of which they have no case."""
    for cell in range(row * F, row * F + F):
        if t.case[cell] == NO_CASE:
            t.needs[cell].known = False


@kernel
def _advise(t, luck, row):
    """A consultation ends with advice: no case, no change of need; some come to see that they have
    one.
    """
    t.counts[ADVICE_ONLY] += 1.0
    if uniform(luck[FLAG], t.id_of[row]) < t.p[0].flag_fading_contact:
        t.sees_no_need[row] = False


@kernel
def _refer_on(t, week, row):
    """Another scheme supports the need for half a year, and here the consultation is closed."""
    home = t.households[row]
    t.elsewhere_until[row] = week + ELSEWHERE_WEEKS
    home.elsewhere_field = home.door_field
    t.counts[REFERRED_ON] += 1.0
    t.counts[ELSEWHERE_HOURS] += t.case_hours[LATENT] * ELSEWHERE_WEEKS


@kernel
def _send_away(t, rules, row):
    """The household is refused, or sent to the desk of its need, where it never arrives; it loses
    trust by that.
    """
    home = t.households[row]
    own = _own_desk(t, rules, row, int(home.door_field))
    hops, refused = int(own != t.door[row]), home.door_outcome == REFUSED
    t.trust[row] = max(0.0, t.trust[row] - t.p[0].trust_per_hop * (hops + refused))
    t.counts[HOPS] += hops
    t.counts[REFUSALS] += refused
    t.counts[LOST] += not refused


@kernel
def _decide(t, week, luck, rules, row):
    """Who takes the household; any-door reception and household assessment are really done with
    the chance `fidelity`.
    """
    real = bool(t.households[row].door_real)
    if real and rules.any_door:
        agency, hops = _through_any_door(t, luck, rules, row)
    else:
        agency, hops = _to_the_own_desk(t, rules, row)
    t.counts[HOPS] += hops
    _assess(t, week, luck, rules, row, agency, hops, real and rules.household)


@kernel
def _own_desk(t, rules, row, field):
    """Agency of the need's field in the household's district; a gap-filling hub, or poverty's desk,
    for gap needs.
    """
    if field == GAP and rules.gap_hub >= 0:
        return rules.gap_hub
    return desk_of(t, POVERTY if field == GAP else field, row)


@kernel
def _through_any_door(t, luck, rules, row):
    """The desk that hears a household sees to it that somebody takes it, or keeps it itself; without
    a briefing it passes on what it could do itself, to the hub, or poverty's desk.

    Returns the agency that takes the household, and the hops to it.
    """
    p, home, first = t.p[0], t.households[row], int(t.door[row])
    agency = _own_desk(t, rules, row, int(home.door_field))
    handed = uniform(luck[HANDON], home.id) < p.referral_success_coord
    if not handed or (home.door_field == GAP and rules.gap_hub < 0):
        agency = first
    hops = int(agency != first)
    if not rules.briefing and home.door_route != CRISIS:
        target = rules.hub if rules.hub >= 0 else desk_of(t, POVERTY, row)
        if agency != target and uniform(luck[DUMP], home.id) < p.dumping:
            return target, hops + 1
    return agency, hops


@kernel
def _to_the_own_desk(t, rules, row):
    """The household goes to the desk of its need, and loses trust where that is another one.

    Returns the agency that takes the household, and the hops to it.
    """
    own = _own_desk(t, rules, row, int(t.households[row].door_field))
    hops = int(own != t.door[row])
    t.trust[row] = max(0.0, t.trust[row] - t.p[0].trust_per_hop * hops)
    return own, hops


@kernel
def handon_success(p, warmth):
    """Chance that a household arrives where it is sent; `warmth` 0-1: how well the agencies know
    each other, or how far somebody decides.
    """
    return arrival(p.referral_success_plain, p.referral_success_coord, warmth)


@kernel
def arrival(plain, coordinated, warmth):
    """A chance between that of a `plain` and that of a `coordinated` hand-on, by `warmth` 0-1."""
    return plain + (coordinated - plain) * warmth


@kernel
def _assess(t, week, luck, rules, row, agency, hops, household):
    """Queue the presented need, and under household assessment or outreach what else is found."""
    home = t.households[row]
    cell, route = row * F + home.door_field, home.door_route
    says_no = t.sees_no_need[row] and route in (NEIGHBOUR, OTHER_DESK)
    if says_no and not household:  # a "no" closes the case while the need stays
        t.counts[HIDDEN_CLOSED] += 1.0
        return
    if t.case[cell] == NO_CASE and t.level[cell] > 0:
        join_list(t, week, cell, agency, hops, route == CRISIS, says_no)
    elif t.case[cell] == WAITING and route == CRISIS:
        t.needs[cell].urgent = True
    _assess_others(t, week, luck, rules, row, agency, household)


@kernel
def _assess_others(t, week, luck, rules, row, agency, household):
    """Other needs that are known from a visit, or found by household assessment, go to their own
    desks, warm. At a visit they are accepted; otherwise the first listener keeps what nobody else
    takes, under household assessment.
    """
    p, home, several = t.p[0], t.households[row], False
    for field in range(F):
        cell, id = row * F + field, home.id * F + field
        if field == home.door_field or not _found(t, luck, cell, id, agency, household):
            continue
        several = True
        arrives = home.door_route == OUTREACH or uniform(luck[WARM], id) < p.referral_success_coord
        if arrives or household:
            taker = _own_desk(t, rules, row, field) if arrives else agency
            hidden = t.sees_no_need[row] and household
            join_list(t, week, cell, taker, int(taker != agency), False, hidden)
    t.counts[FOUND_WITH_SEVERAL] += several


@kernel
def _found(t, luck, cell, id, agency, household):
    """Whether the assessment meets a need that has no case yet."""
    if t.level[cell] == 0 or t.case[cell] != NO_CASE:
        return False
    if t.needs[cell].known:
        return True
    if not household:
        return False
    able = 0.5 + 0.5 * mean_orientation(t, agency)
    return uniform(luck[FIND], id) < t.p[0].assessment_find * able


@kernel
def mean_orientation(t, agency):
    """Mean orientation of the workers present at an agency; 0 where nobody is present."""
    total, there = 0.0, 0
    for row in range(t.worker_start[agency], t.worker_start[agency + 1]):
        if t.workers[row].effective > 0.0:
            total += t.workers[row].orientation
            there += 1
    return total / max(1, there)
