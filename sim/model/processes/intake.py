"""Agencies accept, refer or refuse households at their doors; assessment finds further needs, and
accepted cases join a queue.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import (
    CRISIS,
    GAP,
    NEIGHBOUR,
    NEVER,
    NO_CASE,
    OTHER_DESK,
    OUTREACH,
    POVERTY,
    SELF,
    STAGES,
    WAITING,
    F,
)
from sim.model import door
from sim.model.door import join_door, leave_door, rows_at_door
from sim.model.flows import flow_place
from sim.model.kept import stage_of
from sim.model.kernel import kernel, nonzero, uniform
from sim.model.posts import desk_of
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
    "households.sees_no_need",
    *door.COLUMNS,
    "flows.first_contacts",
    "flows.contacts",
    "flows.advice_only",
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
    "intake.advice",
    "intake.wrong",
    "intake.which",
    "intake.flag",
    "intake.fidelity",
    "intake.handon",
    "intake.refuse",
    "intake.dump",
    "intake.find",
    "intake.warm",
)
(GIVEUP, ADVICE, WRONG, WHICH, FLAG, FIDELITY, HANDON, REFUSE, DUMP, FIND, WARM) = range(len(DRAWS))
CONTACTS, FIRST_CONTACTS = flow_place("contacts"), flow_place("first_contacts")
FIRST_FIELDS, FIRST_STAGES = flow_place("first_contact_fields"), flow_place("first_contact_stages")
GAVE_UP, HEARD, WAITED_WEEKS = (
    flow_place("door_gave_up"),
    flow_place("door_heard"),
    flow_place("door_waited_weeks"),
)
ADVICE_ONLY, HOPS = flow_place("advice_only"), flow_place("hops")
LOST, REFUSED = flow_place("lost_at_handon"), flow_place("refused")
HIDDEN_CLOSED, FOUND_WITH_SEVERAL = flow_place("hidden_closed"), flow_place("found_with_several")
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
    ]
)


def intake(town: State) -> None:
    """Add this week's contacts to the doors, and process the households whose first consultation
    has taken place.

    1. Households that wait at a door lose trust after `door_patience` weeks; some give up
       (`door_giveup`).
    2. Those whose consultation took place last week end with advice, are handed on, are refused or
       lost, or are assessed and join the admission list.
    3. Each contact of the week joins the door of the desk that it comes to, with the hours that its
       consultation requires. A crisis requires none: its hours are those of the crisis, and it is
       processed at once. The need for which its household already waited at a door is known from
       then on.

    Source: model 2.7 and 8.1; M17, M25, M26, M28, M105; L102, L122, L179, L1720.
    """
    luck = town.streams.keys(DRAWS, town.week)
    _simulate(town.records, town.week, luck, _rules(town))


def _rules(town: State) -> np.ndarray:
    """The rules of this week's intake, a record (1,) of RULES."""
    p, practice = town.p.intake, town.practice
    fidelity, hub = practice.fidelity.value, practice.coordination.hub
    decided = practice.coordination.authority * fidelity
    fills_gaps = hub == "gap_filler"
    refusal = p.gap_refusal * (1.0 - p.resource_refusal * town.resource_level)
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
    )
    return np.array([rules], dtype=RULES)


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
    for cell in range(row * F, row * F + F):
        if t.case[cell] == NO_CASE:
            t.needs[cell].known = False


@kernel
def _arrive(t, week, luck, rules, row, route):
    """A contact of this week joins a door; the need for which its household already waited at one
    is known from then on.
    """
    home = t.households[row]
    field = int(home.contact_field)
    _count(t, week, row, route, field)
    if t.door[row] >= 0:
        t.needs[row * F + home.door_field].known = True
        leave_door(t, row)
    advice = route in (SELF, OTHER_DESK) and (uniform(luck[ADVICE], home.id) < t.p[0].one_off_share)
    hours = 0.0 if route == CRISIS else consultation_hours(t.p[0], rules, advice)
    join_door(t, week, row, _first_desk(t, luck, row, field), hours)
    home.door_field = field
    home.door_route = route
    home.door_advice = advice


@kernel
def _count(t, week, row, route, field):
    """Count the contact, and whether it is a first one: neither a case nor a place at a door."""
    home = t.households[row]
    t.counts[CONTACTS + route] += 1.0
    if t.open_cases[row] > 0 or t.waiting_cases[row] > 0 or t.door[row] >= 0:
        return
    t.counts[FIRST_CONTACTS + route] += 1.0
    t.counts[FIRST_FIELDS + field] += 1.0
    t.counts[FIRST_STAGES + route * len(STAGES) + stage_of(t, row)] += 1.0
    t.first_contact_districts[t.district[row]] += 1.0
    if home.first_contact == NEVER:
        home.first_contact = week


@kernel
def consultation_hours(p, rules, advice):
    """Hours that a first consultation requires; procedures that exist on paper cost their hours
    whether carried out or not. One that ends with advice requires no household assessment.
    """
    hours = p.hours_intake
    if rules.any_door and not advice:
        hours += p.hours_any_door
    if rules.household and not advice:
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
    """The consultation of a household has taken place: it ends with advice, or the household is
    taken by an agency, refused or lost. It leaves the door.
    """
    home = t.households[row]
    if home.door_route != CRISIS:  # it took place last week
        t.counts[HEARD] += 1.0
        t.counts[WAITED_WEEKS] += week - 1 - home.door_since
    if home.door_advice:
        _advise(t, luck, home)
    else:
        _decide(t, week, luck, rules, row)
    leave_door(t, row)


@kernel
def _advise(t, luck, home):
    """A consultation ends with advice: no case, no change of need; some come to see that they have
    one.
    """
    t.counts[ADVICE_ONLY] += 1.0
    if uniform(luck[FLAG], home.id) < t.p[0].flag_fading_contact:
        home.sees_no_need = False


@kernel
def _decide(t, week, luck, rules, row):
    """Who takes the household; any-door reception and household assessment are really done with
    the chance `fidelity`.
    """
    real = uniform(luck[FIDELITY], t.households[row].id) < rules.fidelity
    if real and rules.any_door:
        agency, hops = _through_any_door(t, luck, rules, row)
    else:
        agency, hops = _to_the_own_desk(t, luck, rules, row)
    t.counts[HOPS] += hops
    if agency >= 0:
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
def _to_the_own_desk(t, luck, rules, row):
    """The household must go to the desk of its need: it loses trust by that, may be lost on the
    way, and refused where no desk takes its need. Crises and those visited are always taken.

    Returns the agency that takes the household, -1 where none does, and the hops to it.
    """
    home, first = t.households[row], int(t.door[row])
    own = _own_desk(t, rules, row, int(home.door_field))
    hops, refused, lost = int(own != first), False, False
    if home.door_route not in (CRISIS, OUTREACH):
        if home.door_field == GAP:
            refused = uniform(luck[REFUSE], home.id) < rules.refusal
        elif hops > 0:
            success = handon_success(t.p[0], max(t.familiarity[first, own], rules.decided))
            lost = uniform(luck[HANDON], home.id) >= success
    t.trust[row] = max(0.0, t.trust[row] - t.p[0].trust_per_hop * (hops + refused))
    t.counts[REFUSED] += refused
    t.counts[LOST] += lost
    return -1 if refused or lost else own, hops


@kernel
def handon_success(p, warmth):
    """Chance that a household arrives where it is sent; `warmth` 0-1: how well the agencies know
    each other, or how far somebody decides.
    """
    plain, coordinated = p.referral_success_plain, p.referral_success_coord
    return plain + (coordinated - plain) * warmth


@kernel
def _assess(t, week, luck, rules, row, agency, hops, household):
    """Queue the presented need, and under household assessment or outreach what else is found."""
    home = t.households[row]
    cell, route = row * F + home.door_field, home.door_route
    says_no = home.sees_no_need and route in (NEIGHBOUR, OTHER_DESK)
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
            hidden = home.sees_no_need and household
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
