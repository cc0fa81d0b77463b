"""Outreach workers visit households, and keep in contact until they accept support."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import NEVER, OUTREACH, OUTREACH_WORKER, WEEKS_PER_YEAR, F
from sim.model.flows import flow_place
from sim.model.kernel import kernel, numbers, sort_first, space, uniform
from sim.model.links import trust_as_read
from sim.model.posts import full_posts
from sim.model.scans import after, how_many, nonzero
from sim.model.state import State
from sim.model.transitions import worst_field

WRITES = (
    "households.contact_route",
    "households.contact_field",
    "households.tip_week",
    "households.visits",
    "households.visited_week",
    "households.next_visit",
    "households.trust",
    "households.sees_no_need",
    "needs.known",
    "visit_credit",
    "flows.visits",
    "flows.visits_in_need",
    "flows.found",
    "flows.accepted",
    "flows.resident_hours",
)
DRAWS = (
    "outreach.due",
    "outreach.tips",
    "outreach.places",
    "outreach.list",
    "outreach.listed",
    "outreach.any",
    "outreach.detect",
    "outreach.accept",
    "outreach.reveal",
    "outreach.worst",
    "outreach.flag",
)
DUE, TIPS, PLACES, LIST, LISTED, ANY, DETECT, ACCEPT, REVEAL, WORST, FLAG = range(len(DRAWS))
TARGETS = ("tips", "places", "list", "untargeted")
BY_TIPS, BY_PLACES, BY_LIST, UNTARGETED = range(len(TARGETS))
VISITS, IN_NEED, FOUND = (flow_place(name) for name in ("visits", "visits_in_need", "found"))
ACCEPTED, RESIDENT_HOURS = flow_place("accepted"), flow_place("resident_hours")
MOST_PICKS = 4  # places looked at for each visit to a list; enough for prevalence ratios up to 2.5
MAX_ACCEPT = 0.95


def outreach(town: State) -> None:
    """Turn outreach hours into visits, visits into findings, and findings into accepted contacts.

    1. Visits go first to households whose next contact is due, then by the mix of targets; the same
       random numbers choose the same households.
    2. A visit reveals a need with p_detect_visit (raised by trust and a go-between).
    3. A household that is found accepts support, likelier with each contact, or is visited again.

    Source: model 2.6; M10, M43; L871.
    """
    settings = town.practice.outreach
    ready = full_posts(town, OUTREACH_WORKER) * town.practice.fidelity.value
    town.visit_credit += ready * town.p.outreach.outreach_visits_fte / WEEKS_PER_YEAR
    visits = int(town.visit_credit)
    if visits > 0:
        town.visit_credit -= visits
        mix = np.array([settings.targeting.get(name, 0.0) for name in TARGETS])
        luck = town.streams.keys(DRAWS, town.week)
        rows = _visited(town.records, town.week, luck, visits, mix)
        introduced = 1.0 if settings.go_between else 0.0
        _visit(town.records, town.week, luck, rows, introduced, int(settings.persistence))


@kernel
def _visited(t, week, luck, visits, mix):
    """Rows to visit: contacts that are due, then the `mix` of targets, of those who are at home and
    wait for no agency.
    """
    rows = space(visits + t.belongs.size)
    count = _by_date(t, luck[DUE], t.next_visit, week, visits, rows)
    left = visits - count
    tips = _by_date(t, luck[TIPS], t.tip_week, week, round(left * mix[BY_TIPS]), rows[count:])
    count += tips
    met = _met_at_places(t, luck, round(left * mix[BY_PLACES]), rows[count:])
    count += met
    rest, listed, others = left - tips - met, 0, mix[BY_LIST] + mix[UNTARGETED]
    if others > 0.0:  # hours left over from an empty pool of tips go to any household
        listed = round(rest * mix[BY_LIST] / max(1e-9, others))
    count += _listed(t, luck, listed, rows[count:])
    for i in range(rest - listed):
        row = t.row_of[int(uniform(luck[ANY], i) * t.row_of.size)]
        if _unseen(t, row):
            rows[count] = row
            count += 1
    return rows[: _at_home_once(t, rows, count)]


@kernel
def _unseen(t, row):
    """Whether no agency has or expects household `row`."""
    return t.open_cases[row] == 0 and t.waiting_cases[row] == 0 and t.door[row] < 0


@kernel
def _by_date(t, key, dates, latest, wanted, rows):
    """Fill `rows` with the first `wanted` households that have one of `dates` (H,) up to week
    `latest` and that no agency has or expects, earliest first; returns how many there are.
    """
    dated, count = after(dates, NEVER), 0
    turns = numbers(dated.size)
    for row in dated:
        if dates[row] <= latest and _unseen(t, row):
            rows[count] = row
            turns[count] = dates[row] + uniform(key, t.id_of[row])
            count += 1
    sort_first(rows[:count], turns[:count], wanted)
    return min(count, wanted)


@kernel
def _met_at_places(t, luck, wanted, rows):
    """Fill `rows` with `wanted` households that belong to a place, by lot; returns how many there
    are.
    """
    if wanted <= 0:
        return 0
    belonging, count = nonzero(t.belongs), 0
    turns = numbers(belonging.size)
    for row in belonging:
        rows[count], turns[count] = row, uniform(luck[PLACES], t.id_of[row])
        count += 1
    sort_first(rows[:count], turns[:count], wanted)
    return min(count, wanted)


@kernel
def _listed(t, luck, visits, rows):
    """Fill `rows` with the first `visits` households of a list on which need is
    `outreach_targeting` times as common as in the town, without those whom an agency has; returns
    how many there are.
    """
    common, taken, count = max(1e-9, how_many(t.active) / t.active.size), 0, 0
    keep = (1 / t.p[0].outreach_targeting - common) / (1 - common + 1e-9)
    for i in range(visits * MOST_PICKS):
        row = t.row_of[int(uniform(luck[LIST], i) * t.row_of.size)]
        listed = t.active[row] > 0 or uniform(luck[LISTED], i) < min(max(keep, 0.0), 1.0)
        if listed and taken < visits:
            taken += 1
            if _unseen(t, row):
                rows[count] = row
                count += 1
    return count


@kernel
def _at_home_once(t, rows, count):
    """Keep at the front of `rows`, once each, the first `count` households that are not empty and
    have no contact with an agency; returns how many there are.
    """
    kept = 0
    for i in range(count):
        row = rows[i]
        free = not t.empty[row] and t.contact_route[row] == 0 and t.door[row] < 0
        for j in range(kept):
            free = free and rows[j] != row
        if free:
            rows[kept] = row
            kept += 1
    return kept


@kernel
def _visit(t, week, luck, rows, introduced, persistence):
    """Visit `rows`; `introduced` is 1 where a go-between comes along, else 0."""
    p, in_need = t.p[0], 0
    gain = 1.0 + introduced * (p.go_between_gain - 1.0)
    for row in rows:
        home = t.households[row]
        t.counts[VISITS] += 1.0
        home.visited_week = week
        t.tip_week[row] = NEVER
        t.next_visit[row] = NEVER
        if t.active[row] == 0:
            continue
        in_need += 1
        detect = min(1.0, p.p_detect_visit * (0.75 + 0.5 * trust_as_read(t, row)) * gain)
        if uniform(luck[DETECT], home.id) < detect:
            t.counts[FOUND] += 1.0
            accept = min(p.p_engage * (1 + p.engage_rise * home.visits), MAX_ACCEPT)
            if uniform(luck[ACCEPT], home.id) < accept:
                _accepted(t, luck, row)
            else:
                _kept_in_contact(t, week, luck, row, persistence)
    t.counts[IN_NEED] += in_need
    t.counts[RESIDENT_HOURS] += in_need * p.go_between_hours * introduced


@kernel
def _accepted(t, luck, row):
    """All needs that the visit reveals become known; the worst is presented."""
    home = t.households[row]
    for field in range(F):
        u = uniform(luck[REVEAL], home.id * F + field)
        if t.level[row * F + field] > 0 and u < t.p[0].p_detect_visit:
            t.needs[row * F + field].known = True
    t.contact_route[row] = OUTREACH
    home.contact_field = worst_field(t, luck[WORST], row)
    home.visits = 0
    t.counts[ACCEPTED] += 1.0


@kernel
def _kept_in_contact(t, week, luck, row, persistence):
    """Contact without acceptance raises trust, may show the household its need, and is repeated."""
    p, home = t.p[0], t.households[row]
    t.trust[row] = min(1.0, t.trust[row] + p.trust_per_contact)
    if uniform(luck[FLAG], home.id) < p.flag_fading_contact:
        t.sees_no_need[row] = False
    home.visits += 1
    if home.visits < persistence:
        t.next_visit[row] = week + int(p.revisit_weeks)
