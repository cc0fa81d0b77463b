"""Residents climb the ladder of engagement, places and participation support connect them, and ties
form and fade.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import (
    ACTING,
    COMMUNITY_WORKER,
    INTERESTED,
    MEMBERS,
    PARTICIPATION_WORKER,
    UNINVOLVED,
)
from sim.model import posts
from sim.model.commissioners import vacate
from sim.model.kernel import (
    among_some,
    happens,
    kernel,
    uniform,
    weekly_chance,
    whole_numbers,
)
from sim.model.state import State
from sim.model.streams import monthly_rate
from sim.model.transitions import distinct, edges_of, firsts, least, set_rung, set_tie

WRITES = (
    "residents.ladder",
    "residents.commissioner",
    "beat",
    "districts.covered",
    "residents.requested",
    "households.acting_ties",
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
ADULT = 18
DRAWS = (
    "community.interest",
    "community.who",
    "community.act",
    "community.stop",
    "community.fade",
    "community.leave",
    "community.bond",
)
INTEREST, WHO, ACT, STOP, FADE, LEAVE, BOND = range(len(DRAWS))
MOST_ROOTED = 0.95  # no tie forms faster than 19 times the rate at which it fades
PICKS = 3  # residents or households sampled for each one that is wanted


def community(town: State) -> None:
    """Simulate one week of community building by residents, coordinators and places.

    Source: model 2.10; M92, M115, M119-M131; L393, L447; R5 of the loops.
    """
    hours = _coordinators(town)
    _climb(town)
    _descend(town)
    _lift(town, hours)
    _places(town)
    if "ties" not in town.scenario.switched_off:
        _ties(town)
    _take_part(town)
    active = np.count_nonzero(town.residents.ladder == ACTING)
    town.flows["resident_hours"] += active * town.p.noticing.hours_per_acting * 12 / 52


def _coordinators(town: State) -> float:
    """Coordinators' hours for residents this week, after resource work and the backing of acting
    residents.
    """
    workers, settings, p = town.workers, town.practice.community, town.p.community
    mine = workers.role == COMMUNITY_WORKER
    hours = (
        float(posts.sum_over_workers(town, np.maximum(0.0, workers.usable - workers.given), mine))
        * town.practice.fidelity.value
    )
    reach = settings.coordinators * settings.districts_per_worker
    town.districts.covered[:] = np.arange(town.districts.rows) < np.ceil(reach) if reach else True
    town.flows["upstream_community"] += hours * settings.upstream_share
    hours *= (1 - settings.upstream_share) * p.hours_coordinator
    town.backing = 0.0
    if settings.back_supporters and hours > 0:
        wanted = np.count_nonzero(town.residents.ladder == ACTING) * p.backing_hours * 12 / 52
        covered = float(town.district_share[town.districts.covered].sum())
        town.backing = covered * min(1.0, 0.5 * hours / max(1e-9, wanted * covered))
        hours -= town.backing * wanted
    return hours


def _on_rung(town: State, rung: int) -> np.ndarray:
    """Slots of the adults at home who stand on `rung`."""
    residents = town.residents
    slots = (residents.ladder == rung).nonzero()[0]
    return slots[(residents.age[slots] >= ADULT) & ~residents.away[slots]]


def _where(town: State, process: str, slots: np.ndarray, rate) -> np.ndarray:
    ids = town.households.id[slots // MEMBERS] * MEMBERS + slots % MEMBERS
    rate = np.asarray(rate, dtype=float)
    return slots[town.streams.uniform(process, town.week, ids) < -np.expm1(-rate / 52)]


@kernel
def _interested(t, luck, rate):
    """Slots of the uninvolved adults at home who become interested at a yearly `rate`; each
    household has one draw for any of its members, and others decide who.
    """
    slots, count = whole_numbers(t.residents.size), 0
    for row in range(t.active.size):
        id = t.households[row].id
        u = uniform(luck[INTEREST], id)
        if u * 52 < MEMBERS * rate:
            rest = 0.0
            for place in range(MEMBERS):
                slot = row * MEMBERS + place
                if (
                    t.ladder[slot] == UNINVOLVED
                    and t.age[slot] >= ADULT
                    and not t.away[slot]
                ):
                    rest += rate
            if u < weekly_chance(rest):
                before = count
                for place in range(MEMBERS):
                    slot = row * MEMBERS + place
                    if (
                        t.ladder[slot] == UNINVOLVED
                        and t.age[slot] >= ADULT
                        and not t.away[slot]
                    ):
                        v = uniform(luck[WHO], id * MEMBERS + place)
                        first = count == before
                        if (first and among_some(v, rate, rest)) or (
                            not first and happens(v, rate)
                        ):
                            slots[count] = slot
                            count += 1
                        rest -= rate
    return slots[:count]


def _climb(town: State) -> None:
    """Let residents become interested, and interested ones start acting: by themselves, through a
    helper, at a place, or on request.
    """
    p, households = town.p.community, town.households
    to_interest, to_act = town.natural_steps
    luck = town.streams.keys(DRAWS, town.week)
    interested = _interested(town.records, luck, float(to_interest))
    wishes = town.practice.community.places > 0 and town.practice.community.theme == "wishes"
    contagion = float(monthly_rate(p.helper_contagion))
    slots = _on_rung(town, INTERESTED)
    rows = slots // MEMBERS
    at_places = p.place_step * town.practice.fidelity.value * (wishes & households.belongs[rows])
    rate = to_act + contagion * households.acting_ties[rows] + at_places
    rate = rate + p.plan_ask * _neighbour_in_plan(town, rows)
    acting = _where(town, "community.act", slots, rate)
    set_rung(town, interested, INTERESTED)
    set_rung(town, acting, ACTING)
    town.flows["stepped_up"] += acting.size


def _neighbour_in_plan(town: State, rows: np.ndarray) -> np.ndarray:
    """Whether a tied household has a joint plan, and its workers may ask a neighbour for help."""
    asked = np.zeros(rows.size, dtype=bool)
    if not town.households.joint_plan.any():
        return asked
    edges, owner = edges_of(town, rows)
    far = np.where(town.ties.a[edges] == rows[owner], town.ties.b[edges], town.ties.a[edges])
    asked[owner[town.ties.live[edges] & town.households.joint_plan[far]]] = True
    return asked


def _descend(town: State) -> None:
    p, residents = town.p.community, town.residents
    for rung, to, rate, process in (
        (ACTING, INTERESTED, town.p.community.helper_dropout, "community.stop"),
        (INTERESTED, UNINVOLVED, p.interest_fading, "community.fade"),
    ):
        slots = _on_rung(town, rung)
        rate = rate * np.where(residents.requested[slots], p.request_decay, 1.0)
        stops = _where(town, process, slots, rate)
        set_rung(town, stops, to)
        vacate(town, stops)
        residents.requested[stops[residents.ladder[stops] == UNINVOLVED]] = False
        if rung == ACTING:
            town.flows["stepped_down"] += stops.size


def _lift(town: State, hours: float) -> None:
    """Coordinators lift residents one rung: fast and short-lived by request, slowly and lastingly
    from their interest.
    """
    p, request = town.p.community, town.practice.community.approach == "request"
    town.step_credit += hours / p.hours_per_step * (p.request_speed if request else 1.0)
    wanted = int(town.step_credit)
    if not wanted:
        return
    town.step_credit -= wanted
    u = town.streams.uniform("community.lift", town.week, np.arange(wanted * PICKS * MEMBERS))
    ids = (u * town.residents.rows).astype(np.int64)
    slots = town.row_of[ids // MEMBERS] * MEMBERS + ids % MEMBERS
    residents = town.residents
    able = (
        (residents.age[slots] >= ADULT)
        & ~residents.away[slots]
        & (residents.ladder[slots] < ACTING)
    )
    able &= town.districts.covered[town.households.district[slots // MEMBERS]]
    slots = slots[able]
    slots = slots[np.argsort(-residents.ladder[slots], kind="stable")] if request else slots
    slots = distinct(slots[:wanted])
    town.flows["stepped_up"] += (residents.ladder[slots] == INTERESTED).sum()
    residents.requested[slots] = request
    set_rung(town, slots, residents.ladder[slots] + 1)


def _places(town: State) -> None:
    """Places fill their free capacity and lose members; joining may make a tie."""
    p, districts, households = town.p.community, town.districts, town.households
    settings = town.practice.community
    reach = 1.0 if settings.theme == "wishes" else p.place_requested
    added = (
        settings.places * reach + town.practice.participation.places
    ) * town.practice.fidelity.value
    added += town.commons.working * town.p.resources.place_each
    districts.places[:] = districts.start_places + added * town.district_share
    rows = households.belongs.nonzero()[0]
    u = town.streams.uniform("community.leave", town.week, households.id[rows])
    households.belongs[rows[u < -np.expm1(-p.place_leaving / 52)]] = False
    members = np.bincount(
        households.district[households.belongs.nonzero()[0]], minlength=districts.rows
    )
    free = np.maximum(0.0, districts.places * p.place_capacity - members)
    town.join_credit += p.place_joining / 52 * free
    joins = town.join_credit.astype(np.int64)
    town.join_credit -= joins
    joined = _drawn_in_districts(town, joins)
    households.belongs[joined] = True
    districts.members[:] = members
    town.flows["joined_places"] += joined.size
    makes = town.streams.uniform("community.meet", town.week, households.id[joined]) < p.place_tie
    _new_tie(town, joined[makes])


def _drawn_in_districts(town: State, joins: np.ndarray) -> np.ndarray:
    """Rows that join a place: households sampled anywhere, used while their district still has room
    this week.
    """
    total = int(joins.sum())
    if not total:
        return np.empty(0, dtype=np.int64)
    spread = max(PICKS, int(PICKS / max(1e-9, town.district_share[joins > 0].min())))
    u = town.streams.uniform("community.join", town.week, np.arange(total * min(spread, 60)))
    rows = town.row_of[distinct((u * town.households.rows).astype(np.int64))]
    district = town.households.district
    rows = rows[
        (joins[district[rows]] > 0) & ~town.households.belongs[rows] & ~town.households.empty[rows]
    ]
    luck = town.streams.uniform("community.joins", town.week, town.households.id[rows])
    rows = rows[np.lexsort((luck, district[rows]))]
    at = firsts(district[rows])
    nth = np.arange(rows.size) - at.repeat(
        np.diff(at, append=rows.size)
    )  # place in the order of its district
    return rows[nth < joins[district[rows]]]


def _new_tie(town: State, rows: np.ndarray) -> None:
    """Make one dormant acquaintance of each household, the one with the lowest random number, a
    tie.
    """
    edges, owner = edges_of(town, rows)
    empty = town.households.empty
    asleep = ~(town.ties.live[edges] | empty[town.ties.a[edges]] | empty[town.ties.b[edges]])
    edges, owner = edges[asleep], owner[asleep]
    u = town.streams.uniform(
        "community.tie", town.week, town.ties.id[edges], town.households.id[rows[owner]]
    )
    order = np.lexsort((u, owner))
    chosen = distinct(edges[order][firsts(owner[order])])
    set_tie(town, chosen, True)
    town.flows["ties_formed"] += chosen.size


def _ties(town: State) -> None:
    """Ties fade, and others form at the rate that balances fading at the start; severe need makes
    households withdraw.
    """
    p, ties, households = town.p.community, town.ties, town.households
    u = town.streams.uniform("community.bond", town.week, ties.id)
    severe = (households.severe[ties.a] | households.severe[ties.b]) > 0
    home = ~(households.empty[ties.a] | households.empty[ties.b])
    fading = p.tie_fading * np.where(severe, p.tie_withdrawal, 1.0)
    forming = p.tie_fading * _odds(town.root_chance)
    chance = -np.expm1(-np.where(ties.live, fading, forming * home) / 52)
    faded = np.flatnonzero(ties.live & (u < chance))
    formed = np.flatnonzero(~ties.live & (u < chance))
    set_tie(town, faded, False)
    set_tie(town, formed, True)
    town.flows["ties_faded"] += faded.size
    town.flows["ties_formed"] += formed.size


def _odds(chance):
    """Rate of forming over rate of fading that keeps a tie live with `chance`."""
    return chance / np.maximum(1 - chance, 1 - MOST_ROOTED)


def _take_part(town: State) -> None:
    """Participation support gives isolated households a first tie, from guest to role where roles
    are stepwise.
    """
    p, workers = town.p.community, town.workers
    hours = posts.sum_over_workers(town, workers.usable, workers.role == PARTICIPATION_WORKER)
    ready = hours / town.full_week * town.practice.fidelity.value
    stepwise = town.practice.participation.stepwise
    gain = p.participation_stepwise if stepwise else 1.0
    town.guest_credit += ready * p.participation_isolates_fte / 52 * gain
    guests = int(town.guest_credit)
    if not guests:
        return
    town.guest_credit -= guests
    rows = np.flatnonzero((town.households.ties == 0) & ~town.households.empty)
    u = town.streams.uniform("community.guest", town.week, town.households.id[rows])
    guests_now = rows[least(u, guests)]
    _new_tie(town, guests_now)
    if stepwise:
        _new_tie(town, guests_now)
