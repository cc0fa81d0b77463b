"""Manifest and severe needs lead to crises: they take hours at once and end in contact with an
agency, an institution, a death, or a severe need.
"""

from __future__ import annotations

import numpy as np

from sim.declared.crises import KINDS
from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import (
    CRISIS,
    FIELDS,
    GAP,
    MANIFEST,
    MEMBERS,
    NO_CASE,
    OPEN,
    POVERTY,
    SEVERE,
    STAYS,
    UNINVOLVED,
    F,
)
from sim.model import door
from sim.model.activities import hub_mode
from sim.model.commissioners import leave_post
from sim.model.flows import flow_place
from sim.model.ids import need_id
from sim.model.kernel import MARGIN, among_some, happens, kernel, uniform, whole_numbers
from sim.model.posts import desk_of
from sim.model.scans import drawn_among
from sim.model.state import State
from sim.model.transitions import (
    RELAPSE_WEEKS,
    adult_home,
    change_case,
    change_level,
    change_rung,
    empty_home,
)

WRITES = (
    "levels",
    "latent_since",
    "needs.level",
    "needs.since",
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
    "households.empty",
    "households.contact_route",
    "households.contact_field",
    "households.assistance",
    "households.watcher",
    "households.watched_until",
    "residents.away",
    "residents.ladder",
    "residents.commissioner",
    "residents.commissioner_since",
    "beat",
    "households.acting_ties",
    "households.isolated",
    "households.ties",
    "ties.live",
    "ties.formed",
    "households.belongs",
    "households.joint_plan",
    "households.hub_held",
    "households.triaged",
    "households.told_by",
    "households.accompanied_until",
    "households.review_since",
    "households.hub_until",
    "households.tip_week",
    "households.next_visit",
    "households.elsewhere_until",
    "needs.relapse_until",
    "needs.relapse_level",
    "agencies.crisis_due",
    *door.COLUMNS,
    "flows.consultation_left",
    "flows.crises",
    "flows.crises_by_field",
    "flows.crises_by_district",
    "flows.crises_ended",
    "flows.crises_unseen",
    "flows.households_emptied",
    "stays",
    "flows.assistance_exits",
    "households.crisis_week",
    "households.crisis_field",
    "households.crisis_kind",
    "stages",
    "rungs",
    "households.rung_due",
    "live_ties",
    "households.closed_week",
    "flows.households_closed",
)
DRAWS = (
    "crises.strike",
    "crises.struck",
    "crises.kind",
    "crises.end",
)
STRIKE, STRUCK, KIND, END = range(len(DRAWS))
CRISES, CRISES_BY_FIELD = flow_place("crises"), flow_place("crises_by_field")
CRISES_ENDED, CRISES_UNSEEN = flow_place("crises_ended"), flow_place("crises_unseen")
ENDINGS = (
    "crisis_isolated_death",
    "crisis_child_placement",
)  # kinds of crisis that are themselves an ending
KIND_COLUMNS = [
    ("id", int),  # index in CRISIS_IDS
    ("until", float),  # share of a field's crises that are of this kind or one before
    ("ends", bool),  # is itself an ending
    ("field_ends", float),  # share of a field's crises that are themselves an ending
    ("gone", bool),  # an ending takes the bearer away for good
    ("stay", int),  # index in STAYS, -1 none
]


def _kinds() -> np.ndarray:
    """The kinds of crisis of each field as records (F, most kinds of a field)."""
    table = np.zeros((F, max(len(kinds) for kinds in KINDS.values())), dtype=KIND_COLUMNS)
    for field, name in enumerate(FIELDS):
        kinds = KINDS[name]
        until = np.cumsum([kind.share for kind in kinds])
        until[-1] = 1.0
        ends = [kind.id in ENDINGS for kind in kinds]
        field_ends = sum(kind.share for kind in kinds if kind.id in ENDINGS)
        for at, kind in enumerate(kinds):
            stay = STAYS.index(kind.stay) if kind.stay else -1
            table[field, at] = (
                CRISIS_IDS.index(kind.id),
                until[at],
                ends[at],
                field_ends,
                kind.gone,
                stay,
            )
    return table


KIND_TABLE = _kinds()


def crises(town: State) -> None:
    """Simulate the week's crises of manifest and severe needs in all households.

    1. Crises strike needs; a household has one a week, the first field's.
    2. A crisis takes hours of the agency that answers.
    3. Some end the need: its bearer enters an institution or dies, and a household that no adult
       is left in leaves its row empty. The others leave the need severe, and hand the household to
       intake where no case is open for it.

    Rate crisis_rate_* (1/year) x (1 - (1 - rr_crisis_supported) x dose). Source: model 2.3; M03,
    M22.
    """
    gap_filler = hub_mode(town) == "gap_filler"
    begun = _simulate(
        town.records,
        town.week,
        town.streams.keys(DRAWS, town.week),
        KIND_TABLE,
        town.hub_row if gap_filler else -1,
        town.community_row,
    )
    p = town.p.crises
    weeks = {"child_placement": p.stay_child_placement, "nursing_home": p.stay_nursing_home}
    for stay, people in enumerate(begun):
        town.stays.begin(stay, town.week, int(people), int(weeks[STAYS[stay]]))


@kernel
def _simulate(t, week, luck, kinds, gap_hub, community):
    """Crises by household; returns how many stays begin, by kind of stay. A crisis changes nothing
    on which another household's depends.
    """
    begun, p = whole_numbers(len(STAYS)), t.p[0]
    supported = max(1.0, p.rr_crisis_supported) * MARGIN
    highest = max(p.crisis_rate_manifest, p.crisis_rate_severe) * F * supported * MARGIN
    for row in drawn_among(luck[STRIKE], t.id_of, t.manifest, highest):
        most = p.crisis_rate_manifest * (t.manifest[row] - t.severe[row])
        most = (most + p.crisis_rate_severe * t.severe[row]) * supported
        if not happens(uniform(luck[STRIKE], t.id_of[row]), most):
            continue
        cell = _struck(t, luck, row, most)
        if cell < 0:
            continue
        id, field = need_id(t, cell), cell - row * F
        kind = kinds[field, _picked_kind(kinds, field, uniform(luck[KIND], id))]
        _count(t, week, row, field, kind)
        answering = _answering(t, row, cell, gap_hub, community)
        t.agencies[answering].crisis_due += p.crisis_hours
        if uniform(luck[END], id) < end_chance(p, kind):
            _end(t, week, row, cell, kind, begun)
        else:
            _reveal(t, week, row, cell)
    return begun


@kernel
def _struck(t, luck, row, rest):
    """The first need of household `row` that a crisis strikes, in a week in which one does, or
    nothing happens, at the yearly rate `rest`; -1 where there is none.
    """
    for cell in range(row * F, row * F + F):
        if t.level[cell] >= MANIFEST:
            rate = crisis_rate(t.p[0], t.needs[cell], t.level[cell])
            if among_some(uniform(luck[STRUCK], need_id(t, cell)), rate, rest):
                return cell
            rest -= rate
    return -1


@kernel
def crisis_rate(p, need, level):
    """Rate (1/year) at which a crisis strikes a manifest or severe need."""
    rate = p.crisis_rate_severe if level == SEVERE else p.crisis_rate_manifest
    return rate * (1.0 - (1.0 - p.rr_crisis_supported) * need.dose)


@kernel
def end_chance(p, kind):
    """Chance that a crisis ends the need: 1 where its kind is an ending, else such that a field's
    mean is crisis_end.
    """
    if kind.ends:
        return 1.0
    return max(0.0, p.crisis_end - kind.field_ends) / (1.0 - kind.field_ends)


@kernel
def _picked_kind(kinds, field, u):
    """Which of a field's kinds a crisis is, by their shares."""
    which = 0
    while u > kinds[field, which].until:
        which += 1
    return which


@kernel
def _count(t, week, row, field, kind):
    home = t.households[row]
    home.crisis_week = week
    home.crisis_field = field
    home.crisis_kind = kind.id
    t.counts[CRISES + kind.id] += 1.0
    t.counts[CRISES_BY_FIELD + field] += 1.0
    t.crises_by_district[t.district[row]] += 1.0
    if t.open_cases[row] == 0:
        t.counts[CRISES_UNSEEN] += 1.0


@kernel
def _answering(t, row, cell, gap_hub, community):
    """The agency that holds the case answers; otherwise the field's desk, and for gap needs the hub
    that fills gaps, or poverty's desk.
    """
    holder, field = t.needs[cell].agency, cell - row * F
    if holder >= 0 and holder != community:
        return holder
    if field == GAP and gap_hub >= 0:
        return gap_hub
    return desk_of(t, POVERTY if field == GAP else field, row)


@kernel
def _reveal(t, week, row, cell):
    """The need is severe now; a household without an open case for it is handed to intake."""
    if t.level[cell] < SEVERE:
        change_level(t, week, cell, SEVERE)
    t.needs[cell].hidden = False  # nobody says no in a crisis
    if t.case[cell] < OPEN:
        t.contact_route[row] = CRISIS
        t.households[row].contact_field = cell - row * F


@kernel
def _end(t, week, row, cell, kind, begun):
    """The bearer enters an institution, dies, or the need is met there; an empty household leaves
    its row empty.
    """
    t.counts[CRISES_ENDED] += 1.0
    if kind.stay >= 0:
        begun[kind.stay] += 1
    if kind.gone and t.needs[cell].bearer >= 0:
        _take_away(t, week, row, t.needs[cell].bearer)
    else:
        # a need that a stay has ended may come back once the stay is over, as any ended need may
        t.needs[cell].relapse_until = week + RELAPSE_WEEKS
        t.relapse_level[cell] = min(t.level[cell], MANIFEST)
        _close(t, week, cell)


@kernel
def _take_away(t, week, row, place):
    """The resident at `place` of the household leaves it and any post of commissioner, and with
    them all needs that they bear.
    """
    slot = row * MEMBERS + place
    t.away[slot] = True
    leave_post(t, slot)
    change_rung(t, slot, UNINVOLVED)
    for cell in range(row * F, row * F + F):
        if t.level[cell] > 0 and t.needs[cell].bearer == place:
            _close(t, week, cell)
    if not adult_home(t, row):
        empty_home(t, week, row)


@kernel
def _close(t, week, cell):
    """The need in `cell` ends, and its case with it."""
    change_level(t, week, cell, 0)
    if t.case[cell] != NO_CASE:
        change_case(t, week, cell, NO_CASE)
