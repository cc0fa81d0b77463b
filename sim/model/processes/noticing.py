"""Acting neighbours and commissioners notice households in need, watch over them, and report to the
person or to an agency.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import ACTING, INTERESTED, MEMBERS, NEIGHBOUR, NEVER, F
from sim.model.commissioners import vacate
from sim.model.state import State
from sim.model.streams import monthly_rate, weekly_chance
from sim.model.transitions import (
    add_at,
    by_field,
    distinct,
    edges_of,
    far_acting,
    firsts,
    holder,
    set_rung,
)

WRITES = (
    "households.watcher",
    "households.watched_until",
    "households.contact_route",
    "households.contact_field",
    "households.tip_week",
    "households.told_by",
    "households.told_week",
    "households.readiness",
    "households.sees_no_need",
    "households.acting_ties",
    "residents.worry",
    "residents.knows",
    "residents.ladder",
    "residents.commissioner",
    "beat",
    "flows.noticed",
    "flows.told_agency",
    "flows.told_person",
    "flows.unanswered",
    "flows.stepped_back",
    "flows.resident_hours",
    "households.noticed_week",
)
BLOCK = 1 << 15  # residents processed together: few enough for the processor's cache


def noticing(town: State) -> None:
    """Simulate one week of neighbours: they renew or end watching, notice need and report it, and
    overburdened helpers step back.

    Chance per tie-month by the household's worst level (notice_*); a household without ties is
    never noticed. Source: model 2.4; M04-M06, M08, M12, M121, M122; L257, L270, L675.
    """
    _renew(town)
    _give_up_waiting(town)
    if "noticing" not in town.scenario.switched_off:
        rows = _noticed(town)
        slots = _who_noticed(town, rows)
        found = slots >= 0
        rows, slots = rows[found], slots[found]
        town.flows["noticed"] += rows.size
        town.households.noticed_week[rows] = town.week
        _watch(town, rows, slots)
        _tell(town, rows, slots)
    _carry(town)


def _renew(town: State) -> None:
    """Extend watching while the watcher is acting and not overloaded and the household is in need;
    otherwise let it run out.
    """
    households, residents = town.households, town.residents
    rows = (households.watcher >= 0).nonzero()[0]
    slots = households.watcher[rows]
    able = (residents.ladder[slots] == ACTING) & (
        residents.worry[slots] < town.p.noticing.worry_limit
    )
    lost = ~able | (households.watched_until[rows] <= town.week) | households.empty[rows]
    households.watched_until[rows[~able]] = NEVER
    households.watcher[rows[lost]] = -1
    rows, slots = rows[~lost], slots[~lost]
    in_need = households.active[rows] > 0
    households.watched_until[rows[in_need]] = town.week + int(town.p.noticing.watch_weeks)
    add_at(residents.worry, slots[in_need], town.p.noticing.worry_per_watched / 52)
    town.flows["resident_hours"] += rows.size * town.p.noticing.hours_per_watched * 12 / 52
    rows = rows[households.sees_no_need[rows]]
    u = town.streams.uniform("noticing.flag", town.week, households.id[rows])
    households.sees_no_need[rows[u < town.p.asking.flag_fading_watched / 52]] = False


def _noticed(town: State) -> np.ndarray:
    p, households = town.p.noticing, town.households
    rates = monthly_rate(np.array([0.0, p.notice_latent, p.notice_manifest, p.notice_severe]))
    rows = (households.active > 0).nonzero()[0]
    rows = rows[(households.open_cases[rows] == 0) & (households.ties[rows] > 0)]
    worst = by_field(town.needs.level, rows).max(axis=1)
    rate = rates[worst] * (households.acting_ties[rows] + _commissioner(town, rows))
    u = town.streams.uniform("noticing.notice", town.week, households.id[rows])
    return rows[u < weekly_chance(rate)]


def _commissioner(town: State, rows: np.ndarray) -> np.ndarray:
    """Number of acting ties that the beat's commissioner counts for; 0 where the post is empty."""
    p = town.p.noticing
    slots = town.beat[rows]
    acts = (slots >= 0) & (town.residents.ladder[slots] == ACTING)
    return acts * (p.minsei_visits / p.visits_of_a_tie)


def _who_noticed(town: State, rows: np.ndarray) -> np.ndarray:
    """The resident who noticed each household: the one with the lowest random number among its
    acting ties and its commissioner.
    """
    edges, owner = edges_of(town, rows)
    acting = town.ties.live[edges] & far_acting(town, edges, rows[owner])
    edges, owner = edges[acting], owner[acting]
    slots = holder(town, edges, town.ties.a[edges] != rows[owner])
    official = _commissioner(town, rows) > 0
    slots = np.concatenate([slots, town.beat[rows[official]]])
    owner = np.concatenate([owner, official.nonzero()[0]])
    key = town.households.id[slots // MEMBERS] * MEMBERS + slots % MEMBERS
    u = town.streams.uniform("noticing.who", town.week, key, town.households.id[rows[owner]] + 1)
    order = np.lexsort((u, owner))
    first = firsts(owner[order])
    who = np.full(rows.size, -1, dtype=np.int64)
    who[owner[order][first]] = slots[order][first]
    return who


def _watch(town: State, rows: np.ndarray, slots: np.ndarray) -> None:
    if "watching" in town.scenario.switched_off:
        return
    unburdened = town.residents.worry[slots] < town.p.noticing.worry_limit
    rows, slots = rows[unburdened], slots[unburdened]
    town.households.watcher[rows] = slots
    town.households.watched_until[rows] = town.week + int(town.p.noticing.watch_weeks)


def _tell(town: State, rows: np.ndarray, slots: np.ndarray) -> None:
    """Let residents speak to the person or report to an agency; knowing whom to inform raises or
    lowers the chance.
    """
    if "telling" in town.scenario.switched_off:
        return
    p, households = town.p.noticing, town.households
    ids = households.id[rows]
    chance = p.notice_to_referral * town.residents.knows[slots] / p.knows_init
    tell, whom = town.streams.uniforms(("noticing.tell", "noticing.whom"), town.week, ids)
    tells, person = tell < chance, whom < p.tell_person
    told = rows[tells & person]
    households.readiness[told] = np.minimum(1.0, households.readiness[told] + p.told_readiness)
    town.flows["told_person"] += told.size
    _tell_agency(town, rows[tells & ~person], slots[tells & ~person])


def _tell_agency(town: State, rows: np.ndarray, slots: np.ndarray) -> None:
    """Report rows to an agency, which contacts the household, or outreach follows the tip where it
    goes by tips; the neighbour waits for an answer.
    """
    households = town.households
    households.told_by[rows], households.told_week[rows] = slots, town.week
    town.flows["told_agency"] += rows.size
    if town.practice.outreach.fte > 0 and town.practice.outreach.targeting.get("tips", 0) > 0:
        households.tip_week[rows] = town.week
        return
    rows = rows[
        (households.contact_route[rows] == 0)
        & (households.waiting_cases[rows] == 0)
        & (households.door[rows] < 0)
    ]
    level = by_field(town.needs.level, rows)
    tie_break = town.streams.uniform(
        "noticing.field", town.week, households.id[rows][:, None] * F + np.arange(F)
    )
    households.contact_route[rows] = NEIGHBOUR
    households.contact_field[rows] = (level + tie_break * (level > 0)).argmax(axis=1)


def _give_up_waiting(town: State) -> None:
    """Count a reported worry as answered once the household is in support, and as unanswered after
    `answer_weeks`.
    """
    p, households, residents = town.p.noticing, town.households, town.residents
    rows = (households.told_by >= 0).nonzero()[0]
    answered = households.open_cases[rows] > 0
    late = ~answered & (town.week - households.told_week[rows] >= p.answer_weeks)
    for which, step in ((answered, p.knows_gain), (late, -p.knows_gain)):
        if which.any():
            slots = distinct(households.told_by[rows[which]])
            residents.knows[slots] = np.clip(residents.knows[slots] + step, 0.05, 1.0)
    add_at(residents.worry, households.told_by[rows[late]], p.worry_per_unanswered)
    town.flows["unanswered"] += np.count_nonzero(late)
    households.told_by[rows[answered | late]] = -1


def _carry(town: State) -> None:
    """Let worry fade, faster with backing; residents above the limit step back a rung; backing
    teaches whom to inform.
    """
    p, residents = town.p.noticing, town.residents
    kept = np.exp(-(p.worry_fading + p.worry_relief * town.backing) / 52)
    taught = p.knows_backing * town.backing / 52
    burdened = []
    for first in range(0, residents.rows, BLOCK):
        worry, knows = (
            residents.worry[first : first + BLOCK],
            residents.knows[first : first + BLOCK],
        )
        worry *= kept
        burdened.append((worry > p.worry_limit).nonzero()[0] + first)
        if taught:
            gain = 1.0 - knows
            gain *= taught
            knows += gain
    over = np.concatenate(burdened)
    over = over[residents.ladder[over] == ACTING]
    set_rung(town, over, INTERESTED)
    vacate(town, over)
    residents.worry[over] = 0.0
    town.flows["stepped_back"] += over.size
