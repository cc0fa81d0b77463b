"""The people of a town at week 0, synthetic, from few margins.

Reproduced: number of residents, ageing rate, persons per household, households by kind and by
district (or by both, where a user gives the table), helpers, commissioners, and the stocks of need.
Not reproduced: sex, income, and any link between district and kind that the user does not give. A
household of three generations holds a second older person where one each is not enough for the
ageing rate; margins that no households can have are refused when the file is read.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincinv

from sim.declared import Parameters
from sim.declared.tables import Households, Needs, Residents, Ties
from sim.declared.vocabulary import FIELDS, KINDS, MEMBERS, F
from sim.model.commissioners import lay_out
from sim.model.households import (
    FRAILTY,
    MAX_FRAILTY,
    MAX_SUSCEPTIBILITY,
    Makeup,
    classify,
    endow,
    house,
    household_uniforms,
    is_welcome,
    trouble,
)
from sim.model.kept import PLACES
from sim.model.kernel import kernel
from sim.model.members import ELDERS, SIZE, ages_of, susceptibility
from sim.model.state import State
from sim.towns import composition

CHUNK = 50_000  # rows furnished at a time
GRID = 4097


def people(town: State) -> None:
    """Make the tables households, needs and residents (and ties, still empty), and what newcomers
    are drawn from.

    Sets town.households, needs, residents, ties, tie_start, row_of (H,), makeup,
    susceptibility_scale, onset_share and eligible_share (F,), post (H,) and beat (H,). Raises
    ValueError where the people's margins contradict each other.
    """
    plan = composition.plan_households(town.scenario.people, town.p)
    count = plan.kinds.size
    town.households, town.needs = Households(count), Needs(count * F)
    town.residents, town.row_of = Residents(count * MEMBERS), np.arange(count)
    town.households.id[:], town.households.district[:] = np.arange(count), plan.district
    districts = len(town.scenario.people.districts)
    town.stages = np.zeros(districts * PLACES, dtype=np.int64)
    town.rungs = np.zeros((districts, 3), dtype=np.int64)
    town.ties, town.tie_start = Ties(0), np.zeros(count + 1, dtype=np.int64)
    town.makeup = _makeup(plan, town.p)
    _house_all(town, _placed(town, plan.kinds))
    for rows in _chunks(count):
        endow(town, rows, household_uniforms(town, rows))
    town.onset_share = town.makeup.fields * town.field_on
    able = (town.needs.susceptibility.reshape(-1, F) > 0).mean(axis=0)
    town.eligible_share = np.where(able > 0, able, 1.0)
    town.makeup = _with_stages(town)
    for rows in _chunks(count):
        trouble(town, rows, household_uniforms(town, rows))
    _seat_commissioners(town)


def _makeup(plan: composition.Plan, p: Parameters) -> Makeup:
    fields = np.array([getattr(p.needs, f"share_{name}") for name in FIELDS])
    frailty = _frailty(p.town.frailty_var)
    return Makeup(
        plan.share / plan.share.sum(),
        plan.size_cdf,
        plan.more_elders,
        frailty,
        p.town.salon_uptake,
        fields,
        np.zeros(3),
    )


def _frailty(variance: float) -> np.ndarray:
    """Quantiles (GRID,) of a gamma of mean 1 and `variance`, cut at MAX_FRAILTY and stretched so
    that the mean stays 1.
    """
    if variance == 0:
        return np.ones(GRID)
    u = np.linspace(0, 1, GRID)
    quantiles = gammaincinv(1.0 / variance, u) * variance

    def cut(stretch: float) -> np.ndarray:
        return np.minimum(stretch * quantiles, MAX_FRAILTY)

    return cut(brentq(lambda stretch: np.trapezoid(cut(stretch), u) - 1.0, 0.5, 20.0))


def _chunks(count: int):
    return (np.arange(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))


def _placed(town: State, kinds: np.ndarray) -> np.ndarray:
    """Kinds in keyed order over the town, or within each district where the user gave the table."""
    luck = town.streams.uniform("kinds", 0, town.households.id)
    if town.scenario.people.households is None:
        return kinds[np.argsort(luck, kind="stable")]
    return kinds[np.lexsort((luck, town.households.district))]


def _even(u: np.ndarray, group: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """`u` (n,) spread evenly within each `group` (n,), order kept: rank plus the group's `offset`,
    over the group's number.
    """
    order = np.lexsort((u, group))
    count = np.bincount(group)
    rank = np.empty(u.size)
    rank[order] = np.arange(u.size) - np.repeat(np.cumsum(count) - count, count)
    return (rank + offset[group]) / count[group]


def _house_all(town: State, kinds: np.ndarray) -> None:
    """Members' ages for the whole town, sizes and numbers of elders spread evenly so that the
    margins are met.
    """
    makeup, rows = town.makeup, np.arange(kinds.size)
    u = household_uniforms(town, rows)[:, :FRAILTY]
    offset = town.streams.uniform("even", 0, np.arange(len(KINDS) * (MEMBERS + 1)))
    u[:, SIZE] = _even(u[:, SIZE], kinds, offset)
    size = 1 + (u[:, SIZE, None] > makeup.size_cdf[kinds]).sum(axis=1)
    u[:, ELDERS] = _even(u[:, ELDERS], kinds * (MEMBERS + 1) + size, offset)
    house(town, rows, ages_of(makeup.size_cdf, makeup.more_elders, kinds, u))
    ages = town.residents.age.reshape(-1, MEMBERS)
    town.susceptibility_scale = _scale(susceptibility(town.households.kind, ages))
    classify(town, rows)
    eligible = _welcome(town.residents.age) / rows.size
    town.makeup = _changed(makeup, belongs=min(1.0, makeup.belongs / eligible) if eligible else 0.0)


@kernel
def _welcome(age):
    """For how many households the places of the start are."""
    count = 0
    for first in range(0, age.size, MEMBERS):
        count += is_welcome(age, first)
    return count


def _changed(makeup: Makeup, **changes) -> Makeup:
    return Makeup(**(vars(makeup) | changes))


def _scale(raw: np.ndarray) -> np.ndarray:
    """Factor (F,) that makes the town mean of capped susceptibility 1; all at the cap where the
    mean cannot be reached.
    """
    return np.array([_scale_of(column[column > 0], column.size) for column in raw.T])


def _scale_of(held: np.ndarray, count: int) -> float:
    if held.size == 0:
        return 1.0
    most = MAX_SUSCEPTIBILITY / held.min()

    def surplus(scale: float) -> float:
        return np.minimum(held * scale, MAX_SUSCEPTIBILITY).sum() - count

    return brentq(surplus, 1e-9, most) if surplus(most) > 0 else most


def _with_stages(town: State) -> Makeup:
    """The makeup with the k of each stage at which the town's mean chance meets the shares of the
    start.
    """
    p, makeup = town.p.town, town.makeup
    weight = (town.needs.susceptibility.reshape(-1, F) @ makeup.fields) * town.households.frailty
    compounded, manifest = p.init_compounded, p.init_manifest + p.init_compounded
    shares = (p.init_latent + manifest, manifest, compounded)
    stages = [_root_of_chance(weight, share) for share in shares]
    return _changed(makeup, stages=np.array(stages))


def _root_of_chance(weight: np.ndarray, share: float) -> float:
    """The k at which 1 - exp(-k x `weight`) is `share` on average; as high as possible where that
    cannot be.
    """

    def surplus(k: float) -> float:
        return -np.expm1(-k * weight).mean() - share

    return 0.0 if share <= 0 else 1e4 if surplus(1e4) < 0 else brentq(surplus, 0.0, 1e4)


def _seat_commissioners(town: State) -> None:
    homes = np.bincount(town.households.district, minlength=len(town.scenario.people.districts))
    lay_out(town, composition.largest_remainders(homes * town.p.town.minsei_per_1000hh / 1000))
