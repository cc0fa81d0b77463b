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
    ROUTES,
    SELF,
    STAGES,
    WAITING,
    F,
)
from sim.model import door
from sim.model.posts import desk
from sim.model.state import State
from sim.model.transitions import agency_mean, queue, stage

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
    _wait(town)
    _hear(town)
    _arrive(town)
    _hear(town)


def _hear(town: State) -> None:
    """Process the consultations that have taken place: last week's, or this week's crises."""
    rows = door.heard(town)
    if rows.size == 0:
        return
    households = town.households
    field, route = (
        households.door_field[rows].astype(np.int64),
        households.door_route[rows].astype(np.int64),
    )
    first, advice = households.door[rows].astype(np.int64), households.door_advice[rows]
    waited = (town.week - 1 - households.door_since[rows])[
        route != CRISIS
    ]  # it took place last week
    town.flows["door_heard"] += waited.size
    town.flows["door_waited_weeks"] += waited.sum()
    door.leave(town, rows)
    _advise(town, rows[advice])
    rows, field, route, first = rows[~advice], field[~advice], route[~advice], first[~advice]
    done_any, done_household = _as_on_paper(town, rows)
    own = _own_desk(town, rows, field)
    agency, hops, arrives = _through_the_door(town, rows, field, route, first, own, done_any)
    _assess(
        town,
        rows[arrives],
        field[arrives],
        route[arrives],
        agency[arrives],
        hops[arrives],
        done_household[arrives],
    )


def _wait(town: State) -> None:
    """Let households at the door whose consultation is not done lose trust after a while; some give
    up.

    Those without any need left leave. Agencies no longer know the needs of households that have
    gone.
    """
    households, p, rows = town.households, town.p.intake, door.waiting(town)
    late = rows[town.week - households.door_since[rows] > p.door_patience]
    households.trust[late] = np.maximum(0.0, households.trust[late] - p.trust_waiting)
    over = households.active[rows] == 0
    gives_up = ~over & (_u(town, "intake.giveup", rows) < p.door_giveup)
    gone = rows[over | gives_up]
    door.leave(town, gone)
    cells = (gone[:, None] * F + np.arange(F)).ravel()
    town.needs.known[cells[town.needs.case[cells] == NO_CASE]] = False
    town.flows["door_gave_up"] += np.count_nonzero(gives_up)


def _arrive(town: State) -> None:
    """This week's contacts join the door; a household that waits at one already has no second
    contact unless a crisis strikes.
    """
    households = town.households
    rows = households.contact_route.nonzero()[0]
    route = households.contact_route[rows].astype(np.int64)
    comes = ~households.empty[rows] & ((households.door[rows] < 0) | (route == CRISIS))
    rows, route = rows[comes], route[comes]
    field = households.contact_field[rows].astype(np.int64)
    households.contact_route[:] = 0
    _count(town, rows, route, field)
    had_place = rows[households.door[rows] >= 0]
    town.needs.known[had_place * F + households.door_field[had_place]] = True
    door.leave(town, had_place)
    advice = (_u(town, "intake.advice", rows) < town.p.asking.one_off_share) & (
        (route == SELF) | (route == OTHER_DESK)
    )
    door.join_queue(
        town,
        rows,
        _first_desk(town, rows, field),
        np.where(route == CRISIS, 0.0, _hours(town, advice)),
    )
    households.door_field[rows], households.door_route[rows], households.door_advice[rows] = (
        field,
        route,
        advice,
    )


def _u(town: State, process: str, rows: np.ndarray) -> np.ndarray:
    return town.streams.uniform(process, town.week, town.households.id[rows])


def _count(town: State, rows: np.ndarray, route: np.ndarray, field: np.ndarray) -> None:
    households = town.households
    town.flows["contacts"] += np.bincount(route, minlength=len(ROUTES))
    first = (
        (households.open_cases[rows] == 0)
        & (households.waiting_cases[rows] == 0)
        & (households.door[rows] < 0)
    )
    rows, route, field = rows[first], route[first], field[first]
    town.flows["first_contacts"] += np.bincount(route, minlength=len(ROUTES))
    town.flows["first_contact_fields"] += np.bincount(field, minlength=F)
    at = route * len(STAGES) + stage(town, rows)
    town.flows["first_contact_stages"] += np.bincount(at, minlength=len(ROUTES) * len(STAGES))
    town.flows["first_contact_districts"] += np.bincount(
        households.district[rows], minlength=town.districts.rows
    )
    never = rows[households.first_contact[rows] == NEVER]
    households.first_contact[never] = town.week


def _advise(town: State, rows: np.ndarray) -> None:
    """Consultations of `rows` that end with advice: no case, no change of need; some come to see
    that they have one.
    """
    sees = _u(town, "intake.flag", rows) < town.p.asking.flag_fading_contact
    town.households.sees_no_need[rows[sees]] = False
    town.flows["advice_only"] += rows.size


def _as_on_paper(town: State, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each contact whether any-door reception and household assessment are really done
    (fidelity).
    """
    real = _u(town, "intake.fidelity", rows) < town.practice.fidelity.value
    settings = town.practice.intake
    return real & (settings.door == "any_door"), real & (settings.assessment == "household")


def _hours(town: State, advice: np.ndarray) -> np.ndarray:
    """Hours (n,) that each first consultation requires; procedures that exist on paper cost their
    hours whether carried out or not.

    A consultation that ends with advice requires no household assessment.
    """
    p, settings = town.p.intake, town.practice.intake
    on_paper = p.hours_any_door * (settings.door == "any_door") * ~advice
    on_paper += p.hours_household_assessment * (settings.assessment == "household") * ~advice
    return p.hours_intake + on_paper


def _own_desk(town: State, rows: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Agency of the need's field in the household's district; poverty's desk, or a gap-filling hub,
    for gap needs.
    """
    own = desk(town, np.where(field == GAP, POVERTY, field), rows)
    return (
        np.where(field == GAP, town.hub_row, own)
        if town.practice.coordination.hub == "gap_filler"
        else own
    )


def _first_desk(town: State, rows: np.ndarray, field: np.ndarray) -> np.ndarray:
    """The desk a household comes to: its need's own, another field's with `wrong_desk_first`, any
    for gap needs.
    """
    luck, which = town.streams.uniforms(
        ("intake.wrong", "intake.which"), town.week, town.households.id[rows]
    )
    wrong = (luck < town.p.intake.wrong_desk_first) | (field == GAP)
    weight = np.where(np.arange(GAP) == field[:, None], 0.0, town.onset_share[:GAP])
    share = weight.cumsum(axis=1)
    other = (which[:, None] * share[:, -1:] >= share).sum(axis=1)
    other = np.minimum(other, GAP - 1)
    return desk(town, np.where(wrong, other, np.minimum(field, POVERTY)), rows)


def _through_the_door(town, rows, field, route, first, own, done_any):
    """Agency that ends up with each contact, hops on the way, and whether it arrives at all."""
    p, settings = town.p.intake, town.practice
    decided = (
        settings.coordination.authority * settings.fidelity.value
    )  # how far somebody really decides who takes a case
    warmth = np.maximum(town.familiarity[first, own], decided)
    warm = p.referral_success_plain + (p.referral_success_coord - p.referral_success_plain) * warmth
    success = np.where(done_any, p.referral_success_coord, warm)
    elsewhere = first != own
    handed = _u(town, "intake.handon", rows) < success
    crisis, gap = route == CRISIS, field == GAP
    refusal = (
        p.gap_refusal
        * (1.0 - p.resource_refusal * town.resource_level)
        * (1.0 - p.authority_refusal * decided)
    )
    if settings.coordination.hub == "gap_filler":
        refusal *= 1.0 - settings.fidelity.value
    refused = (
        gap
        & ~done_any
        & ~crisis
        & (route != OUTREACH)
        & (_u(town, "intake.refuse", rows) < refusal)
    )
    lost = elsewhere & ~handed & ~done_any & ~crisis & ~gap & (route != OUTREACH)
    agency = np.where(elsewhere & ~handed & done_any, first, own)
    agency = np.where(gap & done_any & (settings.coordination.hub != "gap_filler"), first, agency)
    hops = (elsewhere & (agency != first)).astype(np.int8)
    agency, hops = _dumped(town, rows, agency, hops, done_any & ~crisis)
    _lose_trust(town, rows, np.where(done_any, 0, hops) + refused)
    town.flows["hops"] += hops.sum()
    town.flows["lost_at_handon"] += np.count_nonzero(lost)
    town.flows["refused"] += np.count_nonzero(refused)
    return agency, hops, ~(refused | lost)


def _dumped(town, rows, agency, hops, done_any):
    """Without a briefing, desks that must take everybody pass on what they could do themselves: to
    the hub, or poverty's desk.
    """
    if town.practice.intake.briefing or not done_any.any():
        return agency, hops
    target = (
        np.full(rows.size, town.hub_row)
        if town.practice.coordination.hub != "none"
        else desk(town, np.full(rows.size, POVERTY), rows)
    )
    dumps = done_any & (agency != target) & (_u(town, "intake.dump", rows) < town.p.intake.dumping)
    return np.where(dumps, target, agency), hops + dumps.astype(np.int8)


def _lose_trust(town: State, rows: np.ndarray, hops: np.ndarray) -> None:
    households = town.households
    households.trust[rows] = np.maximum(
        0.0, households.trust[rows] - town.p.intake.trust_per_hop * hops
    )


def _assess(town, rows, field, route, agency, hops, done_household) -> None:
    """Queue the presented need, and under household assessment or outreach what else is found."""
    cells = rows * F + field
    says_no = town.households.sees_no_need[rows] & ((route == NEIGHBOUR) | (route == OTHER_DESK))
    closes = says_no & ~done_household  # a "no" closes the case while the need stays
    town.flows["hidden_closed"] += np.count_nonzero(closes)
    fresh = ~closes & (town.needs.case[cells] == NO_CASE) & (town.needs.level[cells] > 0)
    queue(town, cells[fresh], agency[fresh], hops[fresh], route[fresh] == CRISIS, says_no[fresh])
    again = (town.needs.case[cells] == WAITING) & (route == CRISIS)
    town.needs.urgent[cells[again]] = True
    opened = ~closes
    _others(
        town,
        rows[opened],
        field[opened],
        agency[opened],
        done_household[opened],
        route[opened] == OUTREACH,
    )


def _others(town, rows, field, agency, done_household, visited) -> None:
    """Other active needs: known from a visit, or found by household assessment; they go to their
    own desks, warm.
    """
    cells = rows[:, None] * F + np.arange(F)
    needs = town.needs
    other = np.arange(F) != field[:, None]
    found = (
        other
        & (needs.level[cells] > 0)
        & (needs.case[cells] == NO_CASE)
        & (needs.known[cells] | done_household[:, None])
    )
    if not found.any():
        return
    able = 0.5 + 0.5 * agency_mean(town, town.workers.orientation)[agency]
    ids = town.households.id[rows][:, None] * F + np.arange(F)
    find, warm = town.streams.uniforms(("intake.find", "intake.warm"), town.week, ids)
    found &= (find < (town.p.intake.assessment_find * able)[:, None]) & done_household[
        :, None
    ] | needs.known[cells]
    arrives = (warm < town.p.intake.referral_success_coord) | visited[
        :, None
    ]  # accepted at a visit: cases for all needs found
    which, f = np.nonzero(found & (arrives | done_household[:, None]))
    town.flows["found_with_several"] += np.count_nonzero(found.any(axis=1))
    own = _own_desk(town, rows[which], f)
    stays = ~arrives[which, f]  # the first listener keeps what nobody else takes
    taker = np.where(stays, agency[which], own)
    queue(
        town,
        rows[which] * F + f,
        taker,
        (taker != agency[which]).astype(np.int8),
        np.zeros(which.size, dtype=bool),
        town.households.sees_no_need[rows[which]] & done_household[which],
    )
