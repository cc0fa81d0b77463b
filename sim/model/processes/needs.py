"""Needs begin, spill over, surface, worsen, end without support and come back."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import ACCOMPANIED, LATENT, MANIFEST, NEVER, F
from sim.model.candidates import over_needs
from sim.model.households import MAX_SUSCEPTIBILITY, bearer
from sim.model.state import State
from sim.model.transitions import among, by_field, firsts, improve, set_level

WRITES = (
    "levels",
    "needs.level",
    "needs.since",
    "needs.bearer",
    "needs.relapse_until",
    "needs.relapse_level",
    "households.active",
    "households.manifest",
    "households.severe",
    "flows.onsets",
    "flows.relapses",
    "flows.recoveries",
)
MAX_FRAILTY = 6.0
MAX_OTHERS = F - 1
MARGIN = 1.0 + 1e-9  # so that rounding excludes no candidate whose event would happen


def needs(town: State) -> None:
    """Simulate every need for one week: existing needs end or worsen first, then new ones and
    relapses begin.

    Hazards are yearly; all events of the week are decided on the levels at its start. Support slows
    worsening through the `dose` of last week. Casework simulates what support resolves beyond
    unaided recovery. Source: M01-M03, M14, M21, M24, M37.
    """
    rising, falling = _worsening(town), _recovering(town)
    beginning, at_level = _beginning(town)
    rising = rising[~among(rising, falling)]  # a need that ends does not worsen in the same week
    ended = improve(town, falling)
    set_level(town, rising, town.needs.level[rising] + 1)
    town.flows["recoveries"] += np.bincount(ended % F, minlength=F)
    _begin(town, beginning, at_level)


def isolation(town: State, rows: np.ndarray) -> np.ndarray:
    """Hazard ratio of households `rows`: `isolation_hazard_ratio` without any tie, 1 for others."""
    return np.where(town.households.ties[rows] > 0, 1.0, town.p.needs.isolation_hazard_ratio)


def is_watched(town: State, rows: np.ndarray) -> np.ndarray:
    """Households `rows` that a neighbour watches over this week."""
    return town.households.watched_until[rows] > town.week


def _worsening(town: State) -> np.ndarray:
    p, households, needs_ = town.p.needs, town.households, town.needs
    rates = np.array(
        [
            0.0,
            0.0 if "surfacing" in town.scenario.switched_off else p.escalate_latent,
            0.0 if "worsening" in town.scenario.switched_off else p.escalate_manifest,
            0.0,
        ]
    )
    most = rates.max() * p.isolation_hazard_ratio * (1 + p.coupling * MAX_OTHERS)
    drawn = over_needs(town, "needs.worsen", 0.1, most)
    level = needs_.level[drawn.ids]
    drawn = drawn.keep((level == LATENT) | (level == MANIFEST))
    cells = drawn.ids
    rows = cells // F
    rate = rates[needs_.level[cells]] * isolation(town, rows)
    rate *= np.where(is_watched(town, rows), p.neighbour_help_effect, 1.0)
    rate *= 1.0 - (1.0 - p.rr_escalation_supported) * needs_.dose[cells]
    rate *= 1.0 + p.coupling * (households.active[rows] - 1)
    return drawn.where(rate)


def _recovering(town: State) -> np.ndarray:
    if "recovery" in town.scenario.switched_off:
        return np.empty(0, dtype=np.int64)
    p, needs_ = town.p.needs, town.needs
    rates = np.array([0.0, p.recover_latent, p.recover_manifest, p.recover_severe])
    drawn = over_needs(
        town, "needs.recover", 0.1, rates.max() * p.watched_recover * p.place_recover
    )
    drawn = drawn.keep(needs_.level[drawn.ids] > 0)
    cells = drawn.ids
    rows = cells // F
    rate = rates[needs_.level[cells]] * np.where(is_watched(town, rows), p.watched_recover, 1.0)
    rate *= np.where(town.households.belongs[rows], p.place_recover, 1.0)
    rate += np.minimum(needs_.aid[cells], 0.0)  # support that does harm slows recovery
    return drawn.where(rate)


def _beginning(town: State) -> tuple[np.ndarray, np.ndarray]:
    """Cells where a need begins this week, and the level it begins at."""
    off = town.scenario.switched_off
    parts = []
    if "onset" not in off:
        parts += [(_onset(town), LATENT), (_acute(town), MANIFEST)]
    if "relapse" not in off:
        relapsed = _relapse(town)
        town.flows["relapses"] += np.bincount(relapsed % F, minlength=F)
        parts.append((relapsed, town.needs.relapse_level[relapsed]))
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8)
    cells = np.concatenate([cells for cells, _ in parts])
    level = np.concatenate(
        [np.broadcast_to(np.asarray(level, dtype=np.int8), cells.shape) for cells, level in parts]
    )
    order = np.lexsort((-level, cells))  # where two beginnings meet, the worse one stands
    cells, level = cells[order], level[order]
    first = firsts(cells)
    return cells[first], level[first]


def open_to_onset(town: State, cells: np.ndarray) -> np.ndarray:
    """Cells without a need whose household lives here, can bear it and whose field is switched
    on.
    """
    return (
        (town.needs.level[cells] == 0)
        & (town.needs.susceptibility[cells] > 0)
        & ~town.households.empty[cells // F]
        & town.field_on[cells % F]
    )


def _onset(town: State) -> np.ndarray:
    p, households, needs_ = town.p.needs, town.households, town.needs
    trend, spills = (
        onset_trend(town),
        np.array([0.0, p.spill_latent, p.spill_manifest, p.spill_severe]),
    )
    if "spill_over" in town.scenario.switched_off:
        spills[:] = 0.0
    share = town.onset_share
    most = (
        p.onset_latent
        * share.max()
        * MAX_SUSCEPTIBILITY
        * MAX_FRAILTY
        * trend.max()
        * p.isolation_hazard_ratio
        + MAX_OTHERS * spills.max()
    )  # a need spills into one field at most at its whole rate
    drawn = over_needs(town, "needs.onset", 0.05, most)
    rows = drawn.ids // F
    highest = p.onset_latent * share.max() * trend.max() * p.isolation_hazard_ratio * MARGIN
    spilt = MAX_OTHERS * spills.max() * MARGIN
    drawn = drawn.below(
        highest * needs_.susceptibility[drawn.ids] * households.frailty[rows]
        + spilt * (households.active[rows] > 0)
    )
    drawn = drawn.keep(open_to_onset(town, drawn.ids))
    return drawn.where(_onset_rate(town, drawn.ids, trend, spills))


def _onset_rate(
    town: State, cells: np.ndarray, trend: np.ndarray, spills: np.ndarray
) -> np.ndarray:
    """Yearly rate (n,) of onset in `cells`: the field's own, and what spills over from the needs
    that the household has (`spills` (4,) by level).
    """
    p, households, needs_, share = town.p.needs, town.households, town.needs, town.onset_share
    rows, field = cells // F, cells % F
    rate = (
        p.onset_latent
        * share[field]
        * needs_.susceptibility[cells]
        * households.frailty[rows]
        * trend[field]
    )
    rate *= isolation(town, rows) * np.where(households.belongs[rows], p.salon_onset_rr, 1.0)
    rate *= np.where(is_watched(town, rows), p.watched_onset, 1.0)
    others = households.active[rows] > 0
    level = by_field(needs_.level, rows[others])
    able = share * (
        by_field(needs_.susceptibility, rows[others]) > 0
    )  # fields that the household can have needs in
    elsewhere = np.maximum(able.sum(axis=1, keepdims=True) - able, 1e-12)
    rate[others] += (spills[level] / elsewhere).sum(axis=1) * share[field[others]]
    return rate


def onset_trend(town: State) -> np.ndarray:
    """Factor (F,) on onset: the background trend from week 0 on."""
    return np.full(F, (1.0 + town.scenario.trend.onset) ** (max(town.week, 0) / 52))


def _acute(town: State) -> np.ndarray:
    hits = (
        town.p.needs.onset_acute * town.onset_share / town.eligible_share * onset_trend(town)
    )  # anyone who can bear it
    drawn = over_needs(town, "needs.acute", 0.01, hits.max())
    drawn = drawn.keep(open_to_onset(town, drawn.ids))
    return drawn.where(hits[drawn.ids % F])


def _relapse(town: State) -> np.ndarray:
    p = town.p.needs
    hazard = -np.log1p(-p.relapse_12m)
    drawn = over_needs(town, "needs.relapse", 0.1, hazard * p.isolation_hazard_ratio)
    drawn = drawn.keep(town.needs.relapse_until[drawn.ids] >= town.week)
    drawn = drawn.keep(open_to_onset(town, drawn.ids))
    rows = drawn.ids // F
    accompanied = (town.needs.case[drawn.ids] == ACCOMPANIED) * town.needs.dose[drawn.ids]
    return drawn.where(
        hazard * (1 - (1 - p.rr_relapse_accompanied) * accompanied) * isolation(town, rows)
    )


def _begin(town: State, cells: np.ndarray, level: np.ndarray) -> None:
    needs_ = town.needs
    who = bearer(town, cells)
    able = who >= 0
    cells, level = cells[able], level[able]
    needs_.bearer[cells] = who[able]
    needs_.relapse_until[cells] = NEVER
    set_level(town, cells, level)
    town.flows["onsets"] += np.bincount(cells % F, minlength=F)
