"""A fresh household in a row: members' ages, attributes, helpers and needs, keyed by household id
and occupant number.

Occupant n of a row is the same household in every arm and whichever week it moves in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.declared.vocabulary import (
    ACTING,
    CHILD,
    DISABILITY,
    ELDERLY,
    GAP,
    INTERESTED,
    KINDS,
    LATENT,
    MANIFEST,
    MEMBERS,
    POVERTY,
    SEVERE,
    UNINVOLVED,
    F,
)
from sim.model.kernel import kernel, uniform, whole_numbers
from sim.model.state import State
from sim.model.transitions import by_field, by_member, by_place, firsts, set_level
from sim.scenario.composition import ROOM_FROM, ROOM_TO, SURE_ELDERS

ADULT, ELDER = 18, 65
GENERATION = 18  # years between an older parent and an adult child
(
    ELDER_ALONE,
    ELDER_COUPLE,
    ELDER_WITH_ADULT_CHILD,
    COUPLE_WITH_CHILDREN,
    SINGLE_PARENT,
    WORKING_ALONE,
    OTHER,
) = range(len(KINDS))
SIZE, ELDERS, AGES = 0, 1, 2  # columns of a household's uniforms; ages take six

# Cumulative ages: residents 65+ (population estimates 2023) and people under 65 living alone
# (census 2020); recalled, grade C.
ELDER_AGES, ELDER_CUM = (
    (65, 70, 75, 80, 85, 90, 95, 102),
    (0, 0.202, 0.445, 0.649, 0.812, 0.923, 0.981, 1),
)
ALONE_AGES, ALONE_CUM = (18, 25, 35, 45, 55, 65), (0, 0.16, 0.40, 0.56, 0.77, 1)
ADULTS = np.array(
    [5, 5, 5, 2, 1, 5, 5]
)  # of households with children, beside elders; others have no children


def adults(ages: np.ndarray) -> np.ndarray:
    """Which members (n, MEMBERS) are adults; all members where there is no adult."""
    grown = ages >= ADULT
    any_adult = np.asarray(by_place(grown).any(axis=0))
    return np.where(any_adult[:, None], grown, ages >= 0)


def kind_of(ages: np.ndarray) -> np.ndarray:
    """Kind (n,), index in KINDS, of households with members' `ages` (n, MEMBERS; -1 an empty
    slot).
    """
    ages = by_place(ages)
    adult = ages >= ADULT
    size, elders, grown = (
        here.sum(axis=0, dtype=np.int8) for here in (ages >= 0, ages >= ELDER, adult)
    )
    youngest = np.where(adult, ages, 999).min(axis=0)
    eight_fifty = (elders > 0) & (ages.max(axis=0) - youngest >= GENERATION)
    without_child = np.where(
        elders == size, ELDER_COUPLE, np.where(eight_fifty, ELDER_WITH_ADULT_CHILD, OTHER)
    )
    with_child = np.where(grown <= 1, SINGLE_PARENT, COUPLE_WITH_CHILDREN)
    alone = np.where(elders == size, ELDER_ALONE, WORKING_ALONE)
    return np.where(size <= 1, alone, np.where(grown < size, with_child, without_child))


def ages_of(
    size_cdf: np.ndarray, more_elders: np.ndarray, kinds: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """Members' ages (n, MEMBERS), -1 an empty slot, of households of `kinds` (n,) by uniforms `u`
    (n, 8 or more).

    size_cdf (K, MEMBERS - 1): chance of at most 1, 2, ... members; more_elders (2, K): of one elder
    more where there is room, and of another.

    Elders come first, then adults, then children, so that `kind_of` gives the kind back. Source:
    shapes grade D.
    """
    size = 1 + by_place(u[:, SIZE, None] > size_cdf.take(kinds, axis=0)).sum(axis=0)
    room = (size >= ROOM_FROM[:, kinds]) & (size <= ROOM_TO[:, kinds])
    elders = SURE_ELDERS[kinds] + (room & (u[:, ELDERS] < more_elders[:, kinds])).sum(axis=0)
    grown_up = elders + ADULTS[kinds]
    grown_up = np.where(kinds == COUPLE_WITH_CHILDREN, np.minimum(grown_up, size - 1), grown_up)
    eldest_child = 18.0 * u[:, AGES + 5]
    adult = _adult_ages(kinds, size, elders, eldest_child, u)
    senior = _elder_ages(kinds, adult[0], u)
    place, elders = np.arange(MEMBERS), elders[:, None]
    nth = np.maximum(place - elders, 0)  # adult under 65 who stands in a place
    older = np.where(place == 0, senior[0][:, None], senior[1][:, None])
    younger = np.column_stack(adult)[np.arange(kinds.size)[:, None], nth]
    child = np.maximum(eldest_child[:, None] - 3.0 * np.maximum(place - grown_up[:, None], 0), 0.0)
    ages = np.where(place < elders, older, np.where(place < grown_up[:, None], younger, child))
    return np.floor(np.where(place < size[:, None], ages, -1.0)).astype(np.int16)


def _elder_ages(
    kinds: np.ndarray, adult: np.ndarray, u: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    first = np.interp(
        np.where(kinds == ELDER_ALONE, u[:, AGES] ** 0.85, u[:, AGES]), ELDER_CUM, ELDER_AGES
    )
    first = np.where(kinds == OTHER, 65.0 + 8.0 * u[:, AGES], first)
    second = np.maximum(first + 2.0 - 8.0 * u[:, AGES + 1], 65.0)
    return np.where(kinds == COUPLE_WITH_CHILDREN, np.maximum(first, adult + 20.0), first), second


def _adult_ages(
    kinds: np.ndarray, size: np.ndarray, elders: np.ndarray, eldest_child: np.ndarray, u: np.ndarray
) -> list[np.ndarray]:
    """Ages of the first, second, ... adult under 65: a parent or child of the elder, the partner,
    then grown children.
    """
    a, b, c = u[:, AGES + 2], u[:, AGES + 3], u[:, AGES + 4]
    elder = np.interp(u[:, AGES], ELDER_CUM, ELDER_AGES)
    of_other = np.where(
        elders > 0, 57.0 + 8.0 * a, np.where(size > 2, 46.0 + 19.0 * a, 65.0 - 40.0 * a**1.3)
    )
    of_child = np.clip(eldest_child + 22.0 + 16.0 * a, 20.0, 62.0)
    with_child = (kinds == COUPLE_WITH_CHILDREN) | (kinds == SINGLE_PARENT)
    first = np.where(
        kinds == WORKING_ALONE,
        np.interp(a, ALONE_CUM, ALONE_AGES),
        np.where(with_child, of_child, of_other),
    )
    first = np.clip(
        np.where(kinds == ELDER_WITH_ADULT_CHILD, elder - 22.0 - 16.0 * a, first), 18.0, 64.0
    )
    grown_children = [
        np.clip(first - 24.0 - 12.0 * c - 3.0 * k, 19.0, 64.0) for k in range(MEMBERS - 2)
    ]
    return [first, np.clip(first - 4.0 + 8.0 * b, 19.0, 64.0), *grown_children]


MAX_SUSCEPTIBILITY = 12.0
FRAIL = 75  # years of age from which elderly needs rise
MAX_FRAILTY = 6.0
SECOND_NEED, LONE_SEVERE, COMPOUNDED_SEVERE = (
    0.15,
    0.15,
    0.35,
)  # shares at the start within a stage (D, assumption)
OLDEST_PRE_AGED = 520  # weeks
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
    DRAWS,
) = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 26, 32)


@dataclass(frozen=True)
class Makeup:
    """What the households of a town are drawn from, worked out when the town is built.

    composition (K,) share by kind; size_cdf (K, MEMBERS - 1) chance of at most 1, 2, ... members;
    more_elders (2, K) chance of one elder more where there is room, and of another; frailty (n,)
    quantiles at equal steps of u; belongs: chance that an eligible household belongs to a place;
    fields (F,) share of onset; stages (3,) k of the chance 1 - exp(-k x weight) to be in need, in
    manifest need, in compounded need.
    """

    composition: np.ndarray
    size_cdf: np.ndarray
    more_elders: np.ndarray
    frailty: np.ndarray
    belongs: float
    fields: np.ndarray
    stages: np.ndarray


def household_uniforms(town: State, rows: np.ndarray) -> np.ndarray:
    """Uniforms (n, DRAWS) of the present occupants of `rows` (n,), keyed by household id and
    occupant number.
    """
    households = town.households
    turn = households.occupant[rows].astype(np.int64)[:, None] * DRAWS + np.arange(DRAWS)
    return town.streams.uniform("newcomer", 0, households.id[rows][:, None], turn)


def settle(town: State, rows: np.ndarray, kinds: np.ndarray) -> None:
    """Overwrite unique `rows` (n,) with fresh households of `kinds` (n,), unseen, of the rows'
    occupant numbers.

    The rows must hold no case, no need and no live tie. Source: model section 2.1.
    """
    u = household_uniforms(town, rows)
    clear(town, rows)
    house(town, rows, ages_of(town.makeup.size_cdf, town.makeup.more_elders, kinds, u))
    endow(town, rows, u)
    trouble(town, rows, u)


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
    """Derive kind and susceptibility of `rows` afresh from the members' ages, whoever is away."""
    ages = by_member(town.residents.age, rows)
    kind = kind_of(ages)
    town.households.kind[rows] = kind
    susceptible = scaled(susceptibility(kind, ages), town.susceptibility_scale)
    town.needs.susceptibility.reshape(-1, F)[rows] = susceptible
    _note_proneness(town, rows)


def grown_older(town: State) -> np.ndarray:
    """Rows whose kind or susceptibility may have changed with the year: by who came of age, grew
    old, or is old already.
    """
    age = town.residents.age.reshape(-1, MEMBERS)
    reached = (age == ADULT) | (age == ELDER) | (age > FRAIL)
    rows = reached.ravel().nonzero()[0] // MEMBERS
    return rows[firsts(rows)]


def _note_proneness(town: State, rows: np.ndarray) -> None:
    highest = by_field(town.needs.susceptibility, rows).max(axis=1, initial=0.0)
    town.households.proneness[rows] = town.households.frailty[rows] * highest


def endow(town: State, rows: np.ndarray, u: np.ndarray) -> None:
    """Draw frailty, trust, readiness, perceived need, belonging and helpers of `rows` from their
    uniforms `u`.
    """
    households, residents, p, makeup = town.households, town.residents, town.p.town, town.makeup
    ages = by_member(residents.age, rows)
    households.frailty[rows] = np.interp(
        u[:, FRAILTY], np.linspace(0, 1, makeup.frailty.size), makeup.frailty
    )
    _note_proneness(town, rows)
    households.trust[rows] = np.clip(p.trust_init + p.trust_spread * ndtri(u[:, TRUST]), 0.05, 0.95)
    households.readiness[rows] = np.clip(
        p.readiness_init + p.trust_spread * ndtri(u[:, READINESS]), 0.05, 0.95
    )
    households.sees_no_need[rows] = u[:, SEES] < p.low_perceived_need
    households.belongs[rows] = (u[:, BELONGS] < makeup.belongs) & welcomes(ages)
    residents.knows[members_of(rows)] = town.p.noticing.knows_init
    interested = np.where(
        u[:, LADDER] < p.helper_share + p.interested_share, INTERESTED, UNINVOLVED
    )
    rung = np.where(u[:, LADDER] < p.helper_share, ACTING, interested)
    residents.ladder[rows * MEMBERS + _chosen(adults(ages), u[:, WHO])] = rung


def welcomes(ages: np.ndarray) -> np.ndarray:
    """Whether community places of the start (salons, children's canteens) are for a household with
    `ages` (n, MEMBERS).
    """
    return np.asarray(by_place((ages >= ELDER) | (ages >= 0) & (ages < ADULT)).any(axis=0))


def trouble(town: State, rows: np.ndarray, u: np.ndarray) -> None:
    """Draw the needs that households in `rows` bring along: stage, fields, levels, bearers, and
    since when.

    The chance of a stage grows with frailty x susceptibility and meets init_latent, init_manifest
    and init_compounded on average over the town at the start. Source: model section 4 (start).
    """
    susceptible = by_field(town.needs.susceptibility, rows)
    level = levels_of(town.makeup, susceptible, town.households.frailty[rows], u)
    level[:, ~town.field_on] = 0
    at, field = np.nonzero(level)
    cells, depth = rows[at] * F + field, level[at, field]
    set_level(town, cells, depth)
    town.needs.since[cells] = town.week - ages_of_needs(town, depth, u[at, SINCE + field])
    ages = by_member(town.residents.age, rows[at])
    town.needs.bearer[cells] = _chosen(eligible_bearers(ages, field), u[at, BEARER + field])


def levels_of(
    makeup: Makeup, susceptible: np.ndarray, frailty: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """Need levels (n, F) of households with scaled `susceptible` (n, F), `frailty` (n,) and
    uniforms `u`.
    """
    weights = susceptible * makeup.fields
    chance = -np.expm1(-(weights.sum(axis=1) * frailty)[:, None] * makeup.stages)
    stage = (u[:, STAGE, None] < chance).sum(axis=1)
    level = np.zeros(weights.shape, dtype=np.int8)
    at = np.flatnonzero(stage)
    stage, weights, u = stage[at], weights[at], u[at]
    severe = u[:, WORST] < np.where(stage == 3, COMPOUNDED_SEVERE, LONE_SEVERE)
    worst = np.where(stage == 1, LATENT, MANIFEST + severe)
    beside = np.where((u[:, SECOND] < SECOND_NEED) & (worst < SEVERE), LATENT, 0)
    first = picked(weights, u[:, FIELD])
    level[at, first] = worst
    weights[np.arange(at.size), first] = 0.0
    possible = weights.sum(axis=1) > 0
    at, weights = at[possible], weights[possible]
    level[at, picked(weights, u[possible, FIELD + 1])] = np.where(stage == 3, MANIFEST, beside)[
        possible
    ]
    return level


def ages_of_needs(town: State, level: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Weeks (n,) that needs of `level` (n,) have stood, as if each had left its level at the
    unaided rate.
    """
    needs = town.p.needs
    rate = np.array(
        [
            1.0,
            needs.recover_latent + needs.escalate_latent,
            needs.recover_manifest + needs.escalate_manifest,
            needs.recover_severe + 0.2,
        ]
    )[level]
    return np.minimum(-np.log(u) * 52.0 / np.maximum(rate, 0.02), OLDEST_PRE_AGED).astype(np.int32)


def picked(weights: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Index (n,) drawn with `weights` (n, m) by uniforms `u` (n,)."""
    total = by_place(weights).cumsum(axis=0)
    return np.minimum((u * total[-1] >= total).sum(axis=0), len(total) - 1)


def _chosen(allowed: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Place (n,) of one of the `allowed` (n, MEMBERS) members by uniforms `u` (n,); -1 where there
    is none.
    """
    count = by_place(allowed).cumsum(axis=0)
    rank = np.floor(u * count[-1])
    return np.where(count[-1] > 0, (count <= rank).sum(axis=0), -1)


def eligible_bearers(ages: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Which members (n, MEMBERS) of present `ages` (n, MEMBERS; -1 absent) may bear a need of
    `field` (n,).

    A child bears a child need, a member aged 65 or over an elderly need, an adult (any member if
    none) every other.
    """
    field = np.asarray(field)[:, None]
    child = (ages >= 0) & (ages < ADULT)
    return np.where(field == CHILD, child, np.where(field == ELDERLY, ages >= ELDER, adults(ages)))


def need_ids(town: State, cells: np.ndarray) -> np.ndarray:
    """Stable ids of need `cells` (n,), by which their random numbers are keyed."""
    home = cells // F
    return cells if town.in_order else (town.households.id[home] - home) * F + cells


def bearer(town: State, cells: np.ndarray) -> np.ndarray:
    """Place (n,) of the present member who bears a need that begins this week in each of `cells`
    (n,); -1 when none.
    """
    rows, field = cells // F, cells % F
    slots = rows[:, None] * MEMBERS + np.arange(MEMBERS)
    ages = np.where(town.residents.away[slots], -1, town.residents.age[slots])
    return _chosen(
        eligible_bearers(ages, field),
        town.streams.uniform("bearer", town.week, need_ids(town, cells)),
    )


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


# By kind: disability beside the number of members, poverty where somebody is of working age, gap.
# Grade D, assumption.
DISABILITY_BY_KIND = np.array([1.2, 1.0, 1.5, 1.0, 1.0, 1.2, 1.0])
POVERTY_BY_KIND = np.array([0.5, 0.3, 1.6, 1.0, 2.5, 1.6, 1.0])
GAP_BY_KIND = np.array([2.0, 0.7, 3.0, 0.6, 0.8, 2.0, 1.0])


def susceptibility(kind: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Unscaled susceptibility (n, F) of households of `kind` (n,) with members' `ages` (n,
    MEMBERS).

    Elderly needs take a member aged 65 or over and rise from 75; child needs take a child, and are
    likelier with a single parent; nobody of working age, less poverty; living alone and 8050
    households fall between schemes. Zero where impossible. Source: model section 1; ratios grade D.
    """
    ages = by_place(ages)
    oldest, size = ages.max(axis=0), (ages >= 0).sum(axis=0)
    raw = np.empty((kind.size, F))
    raw[:, ELDERLY] = (
        (oldest >= ELDER)
        * (1.0 + 0.2 * np.maximum(oldest - FRAIL, 0))
        * np.where(kind == ELDER_ALONE, 1.3, 1.0)
    )
    raw[:, DISABILITY] = DISABILITY_BY_KIND[kind] * (0.5 + 0.25 * size)
    raw[:, CHILD] = ((ages >= 0) & (ages < ADULT)).any(axis=0) * np.where(
        kind == SINGLE_PARENT, 2.0, 1.0
    )
    raw[:, POVERTY] = POVERTY_BY_KIND[kind]
    raw[:, GAP] = GAP_BY_KIND[kind]
    return raw


def scaled(raw: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Susceptibility (n, F) in units of the town mean, at most MAX_SUSCEPTIBILITY."""
    return np.minimum(raw * scale, MAX_SUSCEPTIBILITY)
