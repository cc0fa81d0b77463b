"""Who lives in a household: members' ages, the kind of household that they make, and how
susceptible to needs that makes it.
"""

from __future__ import annotations

import math

import numpy as np

from sim.declared.vocabulary import CHILD, DISABILITY, ELDERLY, KINDS, MEMBERS, POVERTY, F
from sim.model.kernel import kernel
from sim.towns.composition import ROOM_FROM, ROOM_TO, SURE_ELDERS

ADULT, ELDER = 18, 65
FRAIL = 75  # years of age from which elderly needs rise
OLDEST = 104  # the death rate rises no further
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
ELDER_AGES = np.array([65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0, 102.0])
ELDER_CUM = np.array([0.0, 0.202, 0.445, 0.649, 0.812, 0.923, 0.981, 1.0])
ALONE_AGES = np.array([18.0, 25.0, 35.0, 45.0, 55.0, 65.0])
ALONE_CUM = np.array([0.0, 0.16, 0.40, 0.56, 0.77, 1.0])
ADULTS = np.array(
    [5, 5, 5, 2, 1, 5, 5]
)  # of households with children, beside elders; others have no children


@kernel
def kind_at(age, first):
    """Kind, index in KINDS, of the household whose members' ages stand in `age` from `first` on."""
    size, elders, grown, oldest, youngest = 0, 0, 0, -1, 999
    for slot in range(first, first + MEMBERS):
        size += age[slot] >= 0
        elders += age[slot] >= ELDER
        oldest = max(oldest, age[slot])
        if age[slot] >= ADULT:
            grown += 1
            youngest = min(youngest, age[slot])
    if size <= 1:
        return ELDER_ALONE if elders == size else WORKING_ALONE
    if grown < size:
        return SINGLE_PARENT if grown <= 1 else COUPLE_WITH_CHILDREN
    if elders == size:
        return ELDER_COUPLE
    return ELDER_WITH_ADULT_CHILD if elders > 0 and oldest - youngest >= GENERATION else OTHER


@kernel
def mortality(p, age):
    """Death rate (1/year) at `age`."""
    return p.death_rate_65 * math.exp(p.death_slope * (min(age, OLDEST) - ELDER))


def ages_of(
    size_cdf: np.ndarray, more_elders: np.ndarray, kinds: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """Members' ages (n, MEMBERS), -1 an empty slot, of households of `kinds` (n,) by uniforms `u`
    (n, 8 or more).

    size_cdf (K, MEMBERS - 1): chance of at most 1, 2, ... members; more_elders (2, K): of one elder
    more where there is room, and of another.

    Elders come first, then adults, then children, so that `kind_at` gives the kind back. Source:
    shapes grade D.
    """
    ages = np.full((kinds.size, MEMBERS), -1, dtype=np.int16)
    kinds, u = np.asarray(kinds, dtype=np.int64), np.ascontiguousarray(u)
    _each_ages(size_cdf, more_elders, kinds, u, ages)
    return ages


@kernel
def _each_ages(size_cdf, more_elders, kinds, u, ages):
    for i in range(kinds.size):
        kind, size = kinds[i], 1
        for step in range(MEMBERS - 1):
            size += u[i, SIZE] > size_cdf[kind, step]
        elders = SURE_ELDERS[kind]
        for more in range(2):
            room = ROOM_FROM[more, kind] <= size and size <= ROOM_TO[more, kind]
            elders += room and u[i, ELDERS] < more_elders[more, kind]
        _fill_ages(kind, size, elders, u, i, ages)


@kernel
def _fill_ages(kind, size, elders, u, i, ages):
    """The ages of `elders`, then adults under 65, then children, `size` members in all."""
    grown_up = elders + ADULTS[kind]
    if kind == COUPLE_WITH_CHILDREN:
        grown_up = min(grown_up, size - 1)
    eldest_child = 18.0 * u[i, AGES + 5]
    adult = _first_adult(kind, size, elders, eldest_child, u, i)
    elder = _first_elder(kind, adult, u[i, AGES])
    for place in range(size):
        if place < elders:
            older = max(elder_before(kind, u[i, AGES]) + 2.0 - 8.0 * u[i, AGES + 1], 65.0)
            age = elder if place == 0 else older
        elif place < grown_up:
            age = _nth_adult(place - elders, adult, u[i, AGES + 3], u[i, AGES + 4])
        else:
            age = max(eldest_child - 3.0 * (place - grown_up), 0.0)
        ages[i, place] = int(math.floor(age))


@kernel
def on_line(x, xs, ys):
    """The value at `x` on the line through the points (`xs`, `ys`), both (n,), `xs` rising."""
    k = 0
    while k < xs.size - 2 and x >= xs[k + 1]:
        k += 1
    return (ys[k + 1] - ys[k]) / (xs[k + 1] - xs[k]) * (x - xs[k]) + ys[k]


@kernel
def elder_before(kind, u):
    """Age of the first elder, before the age of a grown child is looked at."""
    if kind == OTHER:
        return 65.0 + 8.0 * u
    return on_line(u**0.85 if kind == ELDER_ALONE else u, ELDER_CUM, ELDER_AGES)


@kernel
def _first_elder(kind, adult, u):
    age = elder_before(kind, u)
    return max(age, adult + 20.0) if kind == COUPLE_WITH_CHILDREN else age


@kernel
def _first_adult(kind, size, elders, eldest_child, u, i):
    """Age of the first adult under 65: a parent or child of the elder, or alone."""
    a = u[i, AGES + 2]
    if kind == WORKING_ALONE:
        age = on_line(a, ALONE_CUM, ALONE_AGES)
    elif kind in (COUPLE_WITH_CHILDREN, SINGLE_PARENT):
        age = min(max(eldest_child + 22.0 + 16.0 * a, 20.0), 62.0)
    elif kind == ELDER_WITH_ADULT_CHILD:
        age = on_line(u[i, AGES], ELDER_CUM, ELDER_AGES) - 22.0 - 16.0 * a
    elif elders > 0:
        age = 57.0 + 8.0 * a
    else:
        age = 46.0 + 19.0 * a if size > 2 else 65.0 - 40.0 * a**1.3
    return min(max(age, 18.0), 64.0)


@kernel
def _nth_adult(nth, first, b, c):
    """Age of the `nth` adult under 65 beside the `first`: the partner, then grown children."""
    if nth == 0:
        return first
    age = first - 4.0 + 8.0 * b if nth == 1 else first - 24.0 - 12.0 * c - 3.0 * (nth - 2)
    return min(max(age, 19.0), 64.0)


# By kind: disability beside the number of members, poverty where somebody is of working age, gap.
# Grade D, assumption.
DISABILITY_BY_KIND = np.array([1.2, 1.0, 1.5, 1.0, 1.0, 1.2, 1.0])
POVERTY_BY_KIND = np.array([0.5, 0.3, 1.6, 1.0, 2.5, 1.6, 1.0])
GAP_BY_KIND = np.array([2.0, 0.7, 3.0, 0.6, 0.8, 2.0, 1.0])


def susceptibility(kind: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Unscaled susceptibility (n, F) of households of `kind` (n,) with members' `ages` (n,
    MEMBERS), as `susceptibility_at`.
    """
    raw = np.empty((kind.size, F))
    _each_susceptibility(np.ascontiguousarray(kind), np.ascontiguousarray(ages).ravel(), raw)
    return raw


@kernel
def _each_susceptibility(kind, age, raw):
    for i in range(kind.size):
        for field in range(F):
            raw[i, field] = susceptibility_at(kind[i], age, i * MEMBERS, field)


@kernel
def susceptibility_at(kind, age, first, field):
    """Unscaled susceptibility to needs of `field` of a household of `kind` whose members' ages
    stand in `age` from `first` on.

    Elderly needs take a member aged 65 or over and rise from 75; child needs take a child, and are
    likelier with a single parent; nobody of working age, less poverty; living alone and 8050
    households fall between schemes. Zero where impossible. Source: model section 1; ratios grade D.
    """
    oldest, size, children = -1, 0, 0
    for slot in range(first, first + MEMBERS):
        oldest = max(oldest, age[slot])
        size += age[slot] >= 0
        children += age[slot] >= 0 and age[slot] < ADULT
    if field == ELDERLY:
        if oldest < ELDER:
            return 0.0
        return (1.0 + 0.2 * max(oldest - FRAIL, 0)) * (1.3 if kind == ELDER_ALONE else 1.0)
    if field == DISABILITY:
        return DISABILITY_BY_KIND[kind] * (0.5 + 0.25 * size)
    if field == CHILD:
        return (2.0 if kind == SINGLE_PARENT else 1.0) if children > 0 else 0.0
    return POVERTY_BY_KIND[kind] if field == POVERTY else GAP_BY_KIND[kind]
