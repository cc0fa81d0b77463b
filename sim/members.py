"""Members of a household: their ages, drawn to fit its kind, and its kind, read from their ages."""

from __future__ import annotations

import numpy as np

from .scenario.composition import ROOM_FROM, ROOM_TO, SURE_ELDERS
from .state import KINDS, MEMBERS
from .upkeep import by_place

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

# Cumulative ages: residents 65+ (population estimates 2023) and people under 65 living alone (census 2020); recalled, grade C.
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
    return np.where(by_place(grown).any(axis=0)[:, None], grown, ages >= 0)


def kind_of(ages: np.ndarray) -> np.ndarray:
    """Kind (n,), index in KINDS, of households with members' `ages` (n, MEMBERS; -1 an empty slot)."""
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
    """Members' ages (n, MEMBERS), -1 an empty slot, of households of `kinds` (n,) by uniforms `u` (n, 8 or more).

    size_cdf (K, MEMBERS - 1): chance of at most 1, 2, ... members; more_elders (2, K): of one elder more
    where there is room, and of another.

    Elders come first, then adults, then children, so that `kind_of` gives the kind back. Source: shapes grade D.
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
    """Ages of the first, second, ... adult under 65: a parent or child of the elder, the partner, then grown children."""
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
