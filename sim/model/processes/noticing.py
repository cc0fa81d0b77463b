"""Acting neighbours and commissioners notice households in need, watch over them, and report to the
person or to an agency.
"""

from __future__ import annotations

import math

from sim.declared.vocabulary import (
    ACTING,
    INTERESTED,
    LATENT,
    NEIGHBOUR,
    NEVER,
    OUTREACH_WORKER,
    SEVERE,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.activities import posts_for
from sim.model.flows import flow_place
from sim.model.ids import resident_id
from sim.model.kernel import (
    MARGIN,
    by_level,
    happens,
    kernel,
    monthly_rate,
    numbers,
    space,
    uniform,
)
from sim.model.links import HELPERS, TIES, helping_ties, knows_as_read, most_held, worry_as_read
from sim.model.scans import after, drawn_among, positive
from sim.model.state import State
from sim.model.transitions import change_rung, far_holder, worst_field

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
    "flows.noticed",
    "flows.told_agency",
    "flows.told_person",
    "flows.unanswered",
    "flows.stepped_back",
    "flows.resident_hours",
    "households.noticed_week",
    "rungs",
    "households.rung_due",
)
DRAWS = (
    "noticing.flag",
    "noticing.notice",
    "noticing.who",
    "noticing.tell",
    "noticing.whom",
    "noticing.field",
)
FLAG, NOTICE, WHO, TELL, WHOM, FIELD = range(len(DRAWS))
NOTICED, TOLD_AGENCY, TOLD_PERSON = (
    flow_place(name) for name in ("noticed", "told_agency", "told_person")
)
UNANSWERED, STEPPED_BACK, RESIDENT_HOURS = (
    flow_place(name) for name in ("unanswered", "stepped_back", "resident_hours")
)
LEAST_KNOWN = 0.05  # of knowing whom to tell


def noticing(town: State) -> None:
    """Simulate one week of neighbours.

    1. Watching is renewed while the watcher acts, is not overburdened and the household is in need.
    2. Who told an agency learns from its answer, or from the lack of one.
    3. Neighbours and commissioners notice households in need, watch over them, and tell the person
       or an agency.
    4. Worry fades; neighbours above the limit step back, commissioners watch no further household.

    Chance per tie-month by the household's worst level (notice_*); a household without ties is
    never noticed. Source: model 2.4; M04-M06, M08, M12, M121, M122; L257, L270, L675.
    """
    off, targeting = town.scenario.switched_off, town.practice.outreach.targeting
    by_tips = posts_for(town, OUTREACH_WORKER) > 0 and targeting.get("tips", 0) > 0
    luck = town.streams.keys(DRAWS, town.week)
    noticed, watching, telling = (name not in off for name in ("noticing", "watching", "telling"))
    rules = (noticed, watching, telling, by_tips)
    most = town.most_acquaintances
    _simulate(town.records, town.week, luck, rules, most, float(town.backing))


@kernel
def _simulate(t, week, luck, rules, acquaintances, backing):
    """The steps of the week; `rules`: whether households are noticed, whether who noticed them
    watches over them and tells somebody, and whether outreach goes by such tips.
    """
    noticed, watching, telling, by_tips = rules
    _renew(t, week, luck)
    _answer(t, week)
    if noticed:
        _notice(t, week, luck, watching, telling, by_tips, acquaintances)
    _carry(t, backing)


@kernel
def _renew(t, week, luck):
    """Extend watching while the watcher is acting and not overburdened and the household is in
    need; otherwise let it run out.
    """
    p, rows, count = t.p[0], space(t.watcher.size), 0
    for row in after(t.watcher, -1):
        able = _able(t, t.watcher[row])
        if not able or t.watched_until[row] <= week or t.empty[row]:
            t.watcher[row] = -1
            if not able:
                t.watched_until[row] = NEVER
        else:
            rows[count] = row
            count += 1
    for i in range(count):
        _keep_watching(t, week, luck, rows[i])
    t.counts[RESIDENT_HOURS] += count * p.hours_per_watched * 12 / WEEKS_PER_YEAR


@kernel
def _able(t, slot):
    """Whether the resident in `slot` acts and carries no more worry than they can."""
    return t.ladder[slot] == ACTING and worry_as_read(t, slot) < t.p[0].worry_limit


@kernel
def _keep_watching(t, week, luck, row):
    """A week of watching over household `row`, which may come to see its need."""
    p = t.p[0]
    if t.active[row] > 0:
        t.watched_until[row] = week + int(p.watch_weeks)
        t.worry[t.watcher[row]] += p.worry_per_watched / WEEKS_PER_YEAR
    if t.sees_no_need[row]:
        u = uniform(luck[FLAG], t.id_of[row])
        t.sees_no_need[row] = u >= p.flag_fading_watched / WEEKS_PER_YEAR


@kernel
def _answer(t, week):
    """Count a reported worry as answered once the household is in support, and as unanswered after
    `answer_weeks`; a resident learns once a week from either.
    """
    p, rows, count = t.p[0], space(t.told_by.size), 0
    for row in after(t.told_by, -1):
        late = week - t.households[row].told_week >= p.answer_weeks
        if t.open_cases[row] > 0 or late:
            rows[count] = row
            count += 1
    for i in range(count):
        if t.open_cases[rows[i]] > 0 and _first_of_teller(t, rows, i):
            _learn(t, t.told_by[rows[i]], p.knows_gain)
    for i in range(count):
        if t.open_cases[rows[i]] == 0:
            if _first_of_teller(t, rows, i):
                _learn(t, t.told_by[rows[i]], -p.knows_gain)
            t.worry[t.told_by[rows[i]]] += p.worry_per_unanswered
            t.counts[UNANSWERED] += 1.0
    for i in range(count):
        t.told_by[rows[i]] = -1


@kernel
def _first_of_teller(t, rows, i):
    """Whether none of `rows` before place `i` has the same teller and the same answer."""
    row = rows[i]
    for j in range(i):
        same_answer = (t.open_cases[rows[j]] > 0) == (t.open_cases[row] > 0)
        if same_answer and t.told_by[rows[j]] == t.told_by[row]:
            return False
    return True


@kernel
def _learn(t, slot, gain):
    """The resident in `slot` knows better, or less well, whom to tell."""
    t.knows[slot] = min(max(t.knows[slot] + gain, LEAST_KNOWN), 1.0)


@kernel
def _notice(t, week, luck, watching, telling, by_tips, acquaintances):
    """Neighbours and commissioners notice households in need for which no agency has an open
    case.

    No household has more acting ties than acquaintances, of which none has more than
    `acquaintances`, so most draws are above any rate that it could have.
    """
    p, rates, highest = t.p[0], numbers(SEVERE + 1), 0.0
    for level in range(LATENT, SEVERE + 1):
        rates[level] = noticing_rate(p, level)
        highest = max(highest, rates[level])
    highest *= max(1.0, most_held(t, HELPERS)) * max(1.0, most_held(t, TIES))
    ties = acquaintances + p.minsei_visits / p.visits_of_a_tie
    for row in drawn_among(luck[NOTICE], t.id_of, t.active, highest * ties * MARGIN):
        u = uniform(luck[NOTICE], t.id_of[row])
        most = t.tie_start[row + 1] - t.tie_start[row] + p.minsei_visits / p.visits_of_a_tie
        if u * WEEKS_PER_YEAR >= highest * most * MARGIN or t.open_cases[row] > 0:
            continue
        if _is_noticed(t, row, u, rates[_worst(t, row)]):
            slot = _who_noticed(t, luck, row)
            t.counts[NOTICED] += 1.0
            t.households[row].noticed_week = week
            if watching and worry_as_read(t, slot) < p.worry_limit:
                t.watcher[row] = slot
                t.watched_until[row] = week + int(p.watch_weeks)
            if telling:
                _tell(t, week, luck, row, slot, by_tips)


@kernel
def _is_noticed(t, row, u, rate):
    """Whether household `row` is noticed this week, by the uniform `u`; one acting tie notices
    it at a yearly `rate`.
    """
    if t.isolated[row]:
        return False
    return happens(u, rate * (helping_ties(t, row) + _visits_as_ties(t, row)))


@kernel
def noticing_rate(p, level):
    """Rate (1/year) at which one acting tie notices a household whose worst need is at `level`."""
    return monthly_rate(by_level(level, p.notice_latent, p.notice_manifest, p.notice_severe))


@kernel
def _worst(t, row):
    """The worst level of the needs of household `row`."""
    level = 0
    for cell in range(row * F, row * F + F):
        level = max(level, t.level[cell])
    return level


@kernel
def _visits_as_ties(t, row):
    """Number of acting ties that the beat's commissioner counts for; 0 where the post is empty."""
    if t.beat[row] >= 0 and t.ladder[t.beat[row]] == ACTING:
        return t.p[0].minsei_visits / t.p[0].visits_of_a_tie
    return 0.0


@kernel
def _who_noticed(t, luck, row):
    """The resident who noticed household `row`: the one with the lowest random number among its
    acting ties and its commissioner.
    """
    who, least = -1, 2.0
    for i in range(t.tie_start[row], t.tie_start[row + 1]):
        edge = t.tie_edges[i]
        slot = far_holder(t, edge, row)
        if t.live[edge] and t.ladder[slot] == ACTING:
            u = _turn(t, luck, row, slot)
            if u < least:
                who, least = slot, u
    if _visits_as_ties(t, row) > 0.0 and _turn(t, luck, row, t.beat[row]) < least:
        who = t.beat[row]
    return who


@kernel
def _turn(t, luck, row, slot):
    """The random number of the resident in `slot` for noticing household `row`."""
    return uniform(luck[WHO], resident_id(t, slot), t.id_of[row] + 1)


@kernel
def _tell(t, week, luck, row, slot, by_tips):
    """Who noticed may tell the person or an agency, likelier where they know whom to tell."""
    p, home = t.p[0], t.households[row]
    chance = p.notice_to_referral * knows_as_read(t, slot) / p.knows_init
    if uniform(luck[TELL], home.id) >= chance:
        return
    if uniform(luck[WHOM], home.id) < p.tell_person:
        home.readiness = min(1.0, home.readiness + p.told_readiness)
        t.counts[TOLD_PERSON] += 1.0
        return
    t.told_by[row] = slot
    home.told_week = week
    t.counts[TOLD_AGENCY] += 1.0
    if by_tips:
        t.tip_week[row] = week
    elif t.contact_route[row] == 0 and t.waiting_cases[row] == 0 and t.door[row] < 0:
        t.contact_route[row] = NEIGHBOUR
        home.contact_field = worst_field(t, luck[FIELD], row)


@kernel
def _carry(t, backing):
    """Let worry fade, faster with `backing`; acting residents above the limit step back a rung, but
    commissioners, whom load makes give up at a rate (community); backing teaches whom to inform.
    """
    p = t.p[0]
    kept = math.exp(-(p.worry_fading + p.worry_relief * backing) / WEEKS_PER_YEAR)
    taught = p.knows_backing * backing / WEEKS_PER_YEAR
    for slot in positive(t.worry):
        t.worry[slot] *= kept
        if t.ladder[slot] == ACTING and worry_as_read(t, slot) > p.worry_limit:
            if not t.commissioner[slot]:
                _step_back(t, slot)
    if taught > 0.0:
        for slot in range(t.knows.size):
            t.knows[slot] += (1.0 - t.knows[slot]) * taught


@kernel
def _step_back(t, slot):
    """An overburdened resident stops acting."""
    change_rung(t, slot, INTERESTED)
    t.worry[slot] = 0.0
    t.counts[STEPPED_BACK] += 1.0
