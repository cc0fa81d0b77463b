"""A fresh household in a row: members' ages, attributes, helpers and needs, keyed by household id
and occupant number.

Occupant n of a row is the same household in every arm and whichever week it moves in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.declared.vocabulary import (
    ACTING,
    CHILD,
    ELDERLY,
    INTERESTED,
    LATENT,
    MANIFEST,
    MEMBERS,
    NEVER,
    SEVERE,
    UNINVOLVED,
    WEEKS_PER_YEAR,
    F,
)
from sim.model.ids import need_ids
from sim.model.kept import count_latent, counted_at
from sim.model.kernel import kernel, numbers, uniform, whole_numbers
from sim.model.members import (
    ADULT,
    ELDER,
    FRAIL,
    ages_of,
    kind_at,
    susceptibility_at,
)
from sim.model.speeds import fill_chances
from sim.model.state import State
from sim.model.town_records import parameter_record
from sim.model.transitions import change_level, change_rung, firsts

MAX_SUSCEPTIBILITY = 12.0
MAX_FRAILTY = 6.0
CLOSE = 1e-6  # relative; of single precision
LONGEST = 105  # years that a resident can have been able to bear a need
LEAST_INIT, MOST_INIT = 0.05, 0.95  # of trust and readiness when a household moves in
# columns of a household that stay when others move in
ADDRESS = frozenset({"id", "district", "occupant", "ties", "acting_ties", "isolated"})

# Columns of a household's uniforms after those of `members`: three for fields, five each for
# bearers and dates.
(
    FRAILTY,
    TRUST,
    READINESS,
    SEES,
    LADDER,
    WHO,
    BELONGS,
    STAGE,
    SECOND,
    WORST,
    FIELD,
    BEARER,
    SINCE,
    ASSISTED,
    DRAWS,
) = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 26, 31, 32)


@dataclass(frozen=True)
class Makeup:
    """What the households of a town are drawn from, worked out when the town is built.

    composition (D, K) share by district and kind; size_cdf (K, MEMBERS - 1) chance of at most 1, 2,
    ... members; more_elders (2, K) chance of one elder more where there is room, and of another;
    frailty (n,) quantiles at equal steps of u; belongs: chance that an eligible household belongs
    to a place; fields (F,) share of onset; stages (3,) k of the chance 1 - exp(-k x weight) to be
    in need, in manifest need, in compounded need; stock (4, F): needs that stand by level, over the
    susceptibility that bears them; slow, entries, leaving: how slow and how old they are
    (`sim.model.start.stock`).
    """

    composition: np.ndarray
    size_cdf: np.ndarray
    more_elders: np.ndarray
    frailty: np.ndarray
    belongs: float
    fields: np.ndarray
    stages: np.ndarray
    stock: np.ndarray
    slow: np.ndarray
    entries: np.ndarray
    leaving: np.ndarray


def household_uniforms(town: State, rows: np.ndarray) -> np.ndarray:
    """Uniforms (n, DRAWS) of the present occupants of `rows` (n,), keyed by household id and
    occupant number.
    """
    u = np.empty((rows.size, DRAWS))
    _each_uniform(town.records, town.streams.keys(("newcomer",), 0)[0], rows, u)
    return u


@kernel
def _each_uniform(t, key, rows, u):
    for i in range(rows.size):
        home = t.households[rows[i]]
        for nth in range(DRAWS):
            u[i, nth] = uniform(key, home.id, home.occupant * DRAWS + nth)


def settle(town: State, rows: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Overwrite unique `rows` (n,) with fresh households of `kinds` (n,), unseen, of the rows'
    occupant numbers; returns their uniforms (n, DRAWS).

    The rows must hold no case, no need, no live tie and nobody on the ladder. Source: model section 2.1.
    """
    u = household_uniforms(town, rows)
    _each_fills(town.records, rows)
    clear(town, rows)
    house(town, rows, ages_of(town.makeup.size_cdf, town.makeup.more_elders, kinds, u))
    endow(town, rows, u)
    trouble(town, rows, u)
    return u


@kernel
def _each_fills(t, rows):
    """Rows that were empty are so no longer."""
    for i in range(rows.size):
        if t.empty[rows[i]]:
            t.stages[counted_at(t, rows[i])] += 1


def clear(town: State, rows: np.ndarray) -> None:
    """Set every column of `rows` but those of the address and of the ties to its declared initial
    value.
    """
    town.households.clear(rows, ADDRESS)
    town.needs.clear(cells_of(rows))
    town.residents.clear(members_of(rows))


def members_of(rows: np.ndarray) -> np.ndarray:
    """Resident slots (n * MEMBERS,) of household `rows`, row by row."""
    return (rows[:, None] * MEMBERS + np.arange(MEMBERS)).ravel()


def cells_of(rows: np.ndarray) -> np.ndarray:
    """Need cells (n * F,) of household `rows`, row by row."""
    return (rows[:, None] * F + np.arange(F)).ravel()


def house(town: State, rows: np.ndarray, ages: np.ndarray) -> None:
    """Write members' `ages` (n, MEMBERS) into `rows`, and what follows from them: kind and
    susceptibility.
    """
    town.residents.age[members_of(rows)] = ages.ravel()
    classify(town, rows)


def classify(town: State, rows: np.ndarray) -> None:
    """Derive kind and susceptibility of `rows` afresh from the members' ages, whoever is away; the
    dates that depend on them are drawn anew.
    """
    if rows.size:
        _each_class(town.records, town.susceptibility_scale, rows)


@kernel
def _each_class(t, scale, rows):
    for i in range(rows.size):
        row, highest = rows[i], 0.0
        kind = t.kind[row] = kind_at(t.age, row * MEMBERS)
        for field in range(F):
            raw = susceptibility_at(kind, t.age, row * MEMBERS, field)
            need = t.needs[row * F + field]
            need.susceptibility = min(raw * scale[field], MAX_SUSCEPTIBILITY)
            highest = max(highest, need.susceptibility)
        t.proneness[row] = t.households[row].frailty * highest
        t.need_due[row] = t.death_due[row] = NEVER


def simulate_own(process: Callable[[State], None], town: State) -> None:
    """Simulate a user's own `process`; where it changes ages, frailty or susceptibility, the dates
    that depend on them are drawn anew.
    """
    age = town.residents.age.copy()
    process(town)
    aged = (town.residents.age != age).reshape(-1, MEMBERS).any(axis=1)
    town.households.death_due[aged] = NEVER
    note_proneness(town)


def note_proneness(town: State) -> None:
    """Households whose frailty or susceptibility has been changed are as prone to needs as that
    makes them, and the dates of their needs to come are drawn anew.
    """
    households = town.households
    highest = town.needs.susceptibility.reshape(-1, F).max(axis=1, initial=0.0)
    proneness = (households.frailty * highest).astype(np.float32)
    moved = ~np.isclose(proneness, households.proneness, rtol=CLOSE, atol=0.0)
    households.proneness[moved] = proneness[moved]
    households.need_due[moved] = NEVER


def grown_older(town: State) -> np.ndarray:
    """Rows whose kind or susceptibility may have changed with the year: by who came of age, grew
    old, or is old already.
    """
    age = town.residents.age.reshape(-1, MEMBERS)
    reached = (age == ADULT) | (age == ELDER) | (age > FRAIL)
    rows = reached.ravel().nonzero()[0] // MEMBERS
    return rows[firsts(rows)]


def endow(town: State, rows: np.ndarray, u: np.ndarray) -> None:
    """Draw frailty, trust, readiness, perceived need, belonging and helpers of `rows` from their
    uniforms `u`.
    """
    normal = ndtri(u[:, TRUST : READINESS + 1])
    makeup = town.makeup
    _each_endowed(town.records, rows, u, makeup.frailty, normal, makeup.belongs)


@kernel
def _each_endowed(t, rows, u, frailty, normal, belongs):
    p, steps = t.p[0], frailty.size - 1
    for i in range(rows.size):
        row, at = rows[i], u[i, FRAILTY] * steps
        home, below = t.households[row], int(at)
        before = home.frailty
        home.frailty = frailty[below] + (at - below) * (frailty[below + 1] - frailty[below])
        t.proneness[row] *= home.frailty / before
        t.need_due[row] = NEVER
        trust, readiness = p.trust_spread * normal[i, 0], p.trust_spread * normal[i, 1]
        t.trust[row] = min(max(p.trust_init + trust, LEAST_INIT), MOST_INIT)
        home.readiness = min(max(p.readiness_init + readiness, LEAST_INIT), MOST_INIT)
        t.sees_no_need[row] = u[i, SEES] < p.low_perceived_need
        t.belongs[row] = u[i, BELONGS] < belongs and is_welcome(t.age, row * MEMBERS)
        for slot in range(row * MEMBERS, row * MEMBERS + MEMBERS):
            t.knows[slot] = p.knows_init
        rung = UNINVOLVED
        if u[i, LADDER] < p.helper_share:
            rung = ACTING
        elif u[i, LADDER] < p.helper_share + p.interested_share:
            rung = INTERESTED
        change_rung(t, row * MEMBERS + adult_of(t, row, u[i, WHO]), rung)


@kernel
def is_welcome(age, first):
    """Whether the places of the start (salons, children's canteens) are for the household whose
    members' ages stand in `age` from `first` on.
    """
    for slot in range(first, first + MEMBERS):
        if age[slot] >= ELDER or (age[slot] >= 0 and age[slot] < ADULT):
            return True
    return False


def trouble(town: State, rows: np.ndarray, u: np.ndarray) -> None:
    """Draw the needs that households in `rows` bring along: stage, fields, levels, bearers, and
    since when.

    The chance of a stage grows with frailty x susceptibility and meets init_latent, init_manifest
    and init_compounded on average over the town at the start. How many are slow, and how long they
    have stood, is as in the stock that stands still, at the age of whoever bears them. Source:
    model section 4 (start) and 8.3.
    """
    makeup = town.makeup
    past = (makeup.slow, makeup.entries, makeup.leaving)
    shares = (makeup.fields, makeup.stages, makeup.stock)
    _each_troubled(town.records, town.week, rows, u, shares, past)


@kernel
def _each_troubled(t, week, rows, u, shares, past):
    levels, weights = whole_numbers(F), numbers(F)
    for i in range(rows.size):
        row = rows[i]
        _levels(t, row, u, i, shares, levels, weights)
        for field in range(F):
            if levels[field] > 0 and t.field_on[field]:
                cell = row * F + field
                change_level(t, week, cell, levels[field])
                t.needs[cell].bearer = bearer_of(t, row, field, u[i, BEARER + field])
                _give_past(t, week, cell, u[i, SINCE + field], past)


@kernel
def _give_past(t, week, cell, u, past):
    """The need in `cell`, which a household brings along, is slow or fast and has stood for some
    weeks, by the uniform `u`.
    """
    slow, entries, leaving = past
    need, row, level = t.needs[cell], cell // F, t.level[cell]
    field = cell - row * F
    years = able_for(t.age[row * MEMBERS + max(need.bearer, 0)], field)
    share = slow[field, level, years]
    need.slow = u < share
    u, speed = (u / share, 1) if u < share else ((u - share) / (1.0 - share), 0)
    entered, rate = entries[field, level, speed], leaving[field, level, speed]
    count_latent(t, cell, level, -1)
    t.since[cell] = week - stood_for(entered, rate, years, u)
    count_latent(t, cell, level, 1)


@kernel
def _levels(t, row, u, i, shares, levels, weights):
    """Fill `levels` (F,) with the needs that the household in `row` brings along: the worst in one
    field, and by its stage another in a second.
    """
    (fields, stages, stock), total, stage = shares, 0.0, 0
    for field in range(F):
        levels[field] = 0
        weights[field] = t.needs[row * F + field].susceptibility * fields[field]
        total += weights[field]
    for k in range(stages.size):
        stage += u[i, STAGE] < -math.expm1(-(total * t.households[row].frailty) * stages[k])
    if stage == 0:
        return
    worst, beside = _worst_and_second(t.p[0], stage, u[i, WORST], u[i, SECOND])
    _weigh(t, row, stock[worst], weights)
    first = picked_one(weights, u[i, FIELD])
    levels[first] = worst
    _weigh(t, row, stock[max(beside, LATENT)], weights)
    weights[first], left = 0.0, 0.0
    for field in range(F):
        left += weights[field]
    if left > 0.0:
        levels[picked_one(weights, u[i, FIELD + 1])] = beside


@kernel
def _worst_and_second(p, stage, u, v):
    """Levels of the worst need of a household in `stage`, and of another that it has beside it (0
    none), by the uniforms `u` and `v`.
    """
    if stage == 1:
        return LATENT, LATENT if v < p.second_latent else 0
    if stage == 2:
        if u < p.lone_severe:
            return SEVERE, 0
        return MANIFEST, LATENT if v < p.second_manifest else 0
    if u < p.compounded_severe:
        return SEVERE, LATENT if v < p.severe_with_latent else MANIFEST
    return MANIFEST, MANIFEST


@kernel
def _weigh(t, row, stock, weights):
    """Fill `weights` (F,) with what the fields weigh for a need of a level of which the town has a
    `stock` (F,), in the household in `row`.
    """
    for field in range(F):
        weights[field] = t.needs[row * F + field].susceptibility * stock[field]


@kernel
def picked_one(weights, u):
    """Index drawn with `weights` (n,) by the uniform `u`."""
    total, at, sum = 0.0, 0, 0.0
    for weight in weights:
        total += weight
    for k in range(weights.size):
        sum += weights[k]
        at += u * total >= sum
    return min(at, weights.size - 1)


@kernel
def stood_for(entered, rate, years, u):
    """Weeks that a need has stood at its level, by the uniform `u`: as many `entered` (n,) it in each
    of the `years` for which the bearer could bear it, and have left it since at a yearly `rate`.
    """
    rate = max(rate, 1e-9)
    kept, total, left = math.exp(-rate), 0.0, 1.0
    for back in range(years + 1):
        total += entered[years - back] * left
        left *= kept
    if total <= 0.0:
        return int(u * (years + 1) * WEEKS_PER_YEAR)
    rest, back, left = u * total, 0, 1.0
    while back < years and rest >= entered[years - back] * left:
        rest -= entered[years - back] * left
        left *= kept
        back += 1
    part = min(rest / max(entered[years - back] * left, 1e-300), 1.0)
    within = min(-math.log1p(-part * (1.0 - kept)) / rate, 1.0)
    return int((back + within) * WEEKS_PER_YEAR)


def bearer(town: State, cells: np.ndarray) -> np.ndarray:
    """Place (n,) of the present member who bears a need that begins this week in each of `cells`
    (n,); -1 when none.
    """
    u = town.streams.uniform("bearer", town.week, need_ids(town, cells))
    return np.asarray(_each_bearer(town.records, cells, u))


def begins_slow(town: State, cells: np.ndarray) -> np.ndarray:
    """Whether (n,) the need that begins this week in each of `cells` (n,) is slow."""
    chances, p = np.empty(F), parameter_record(town.p)
    fill_chances(p, chances)
    u = town.streams.uniform("needs.slow", town.week, need_ids(town, cells))
    return u < chances[cells % F]


@kernel
def _each_bearer(t, cells, u):
    place = whole_numbers(cells.size)
    for i in range(cells.size):
        row = cells[i] // F
        place[i] = bearer_of(t, row, cells[i] - row * F, u[i])
    return place


@kernel
def may_bear(age, field, adults):
    """Whether a member of `age` (-1 absent) may bear a need of `field` in a household that has
    `adults` or not: a child a child need, a member aged 65 or over an elderly need, an adult (any
    member if none) every other.
    """
    if field == CHILD:
        return 0 <= age < ADULT
    if field == ELDERLY:
        return age >= ELDER
    return age >= (ADULT if adults else 0)


@kernel
def able_for(age, field):
    """Whole years for which a member of `age` has been able to bear a need of `field`."""
    first = ADULT
    if field == ELDERLY:
        first = ELDER
    elif field == CHILD:
        first = 0
    return min(max(age - first, 0), LONGEST - 1)


@kernel
def bearer_of(t, row, field, u):
    """Place of the member at home who bears a need of `field` that begins in household `row`,
    picked by the uniform `u`; -1 when none can.
    """
    age, away, first = t.age, t.away, row * MEMBERS
    adults, able = False, 0
    for slot in range(first, first + MEMBERS):
        adults = adults or (age[slot] >= ADULT and not away[slot])
    for slot in range(first, first + MEMBERS):
        able += (not away[slot]) and may_bear(age[slot], field, adults)
    nth = int(u * able)
    for slot in range(first, first + MEMBERS):
        if (not away[slot]) and may_bear(age[slot], field, adults):
            if nth == 0:
                return slot - first
            nth -= 1
    return -1


def holders(town: State, edges: np.ndarray, at_a: bool) -> np.ndarray:
    """Place (n,) of the adult who holds each of `edges` (n,) at its end a (where `at_a`) or b;
    keyed by the occupant.
    """
    luck = town.streams.keys(("tie_holder",), 0)
    return np.asarray(_each_holder(town.records, luck, edges, bool(at_a)))


@kernel
def _each_holder(t, luck, edges, at_a):
    place = whole_numbers(edges.size)
    for i in range(edges.size):
        place[i] = holder_of(t, luck[0], edges[i], at_a)
    return place


@kernel
def holder_of(t, key, edge, at_a):
    """Place of the adult who holds the tie `edge` at its end a (where `at_a`) or b, drawn under
    `key` of "tie_holder" by the occupant.
    """
    tie = t.ties[edge]
    row = tie.a if at_a else tie.b
    home, far = t.households[row], t.households[tie.b if at_a else tie.a]
    return adult_of(t, row, uniform(key, tie.id, home.occupant * 2 + (home.id > far.id)))


@kernel
def adult_of(t, row, u):
    """Place of one of the adults of household `row`, or of its members where none is adult, picked
    by the uniform `u`; 0 where nobody lives there.
    """
    youngest, able = 0, 0
    for place in range(MEMBERS):
        if t.age[row * MEMBERS + place] >= ADULT:
            youngest = ADULT
    for place in range(MEMBERS):
        able += t.age[row * MEMBERS + place] >= youngest
    nth = int(u * able)
    for place in range(MEMBERS):
        if t.age[row * MEMBERS + place] >= youngest:
            if nth == 0:
                return place
            nth -= 1
    return 0
