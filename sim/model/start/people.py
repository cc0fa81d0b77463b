"""The people of a town at week 0, synthetic, from few margins.

Reproduced: number of residents, ageing rate, persons per household, households by kind and by
district (or by both, where a user gives the table), helpers, commissioners, and the stocks of need.
Not reproduced: sex, income, and any link between district and kind that the user does not give. A
household of three generations holds a second older person where one each is not enough for the
ageing rate; margins that no households can have are refused when the file is read.

The margins are met in every district. What is scaled to a mean of the town is scaled to the mean
that the margins imply (`sim.model.start.typical`), not to that of the people drawn, so that no
district changes another.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincinv

from sim.declared import Parameters
from sim.declared.tables import Households, Needs, Residents, Ties
from sim.declared.vocabulary import FIELDS, KINDS, MEMBERS, F
from sim.model.assistance import bring_along
from sim.model.commissioners import lay_out
from sim.model.households import (
    ASSISTED,
    FRAILTY,
    MAX_FRAILTY,
    MAX_SUSCEPTIBILITY,
    Makeup,
    endow,
    house,
    household_uniforms,
    trouble,
)
from sim.model.kept import PLACES
from sim.model.members import ELDERS, SIZE, ages_of
from sim.model.start.stock import standing
from sim.model.start.typical import Typical, typical_households, weighted_sum
from sim.model.state import State
from sim.towns import composition

CHUNK = 50_000  # rows furnished at a time
GRID = 4097
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0  # its multiples, less whole numbers, lie evenly on 0-1


def people(town: State) -> Typical:
    """Make the tables households, needs and residents (and ties, still empty), and what newcomers
    are drawn from; returns what the households are like on average.

    Sets town.households, needs, residents, ties, tie_start, row_of (H,), first_home (D + 1,),
    makeup, susceptibility_scale, onset_share and eligible_share (F,), post (H,) and beat (H,).
    Raises ValueError where the people's margins contradict each other.
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
    town.first_home = np.searchsorted(plan.district, np.arange(districts + 1))
    town.makeup = _makeup(plan, town.p)
    typical = typical_households(town.makeup, plan.share)
    _scale_to(town, typical)
    _house_all(town, _placed(town, plan.kinds))
    for rows in _chunks(count):
        u = household_uniforms(town, rows)
        endow(town, rows, u)
        trouble(town, rows, u)
        bring_along(town, rows, u[:, ASSISTED], standing=True)
    _seat_commissioners(town)
    return typical


def _makeup(plan: composition.Plan, p: Parameters) -> Makeup:
    fields = np.array([getattr(p.needs, f"share_{name}") for name in FIELDS])
    frailty = _frailty(p.town.frailty_var)
    return Makeup(
        plan.by_district,
        plan.size_cdf,
        plan.more_elders,
        frailty,
        p.town.salon_uptake,
        fields,
        stages=np.zeros(3),
        stock=np.zeros((0, F)),
        slow=np.zeros(0),
        entries=np.zeros(0),
        leaving=np.zeros(0),
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
    """Kinds (H,) in keyed order within each district."""
    luck = town.streams.uniform("kinds", 0, town.households.id)
    placed = np.empty_like(kinds)
    placed[np.lexsort((luck, town.households.district))] = kinds
    return placed


def _even(u: np.ndarray, group: np.ndarray, district: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """`u` (n,) spread evenly over each `group` (n,) of a `district` (n,) and over its groups in all
    districts up to it, order kept: along the group one takes every next multiple of GOLDEN after
    the group's `offset`.
    """
    order = np.lexsort((u, district, group))
    of, where = group[order], district[order]
    spread = (offset[of] + (np.arange(u.size) - np.searchsorted(of, of)) * GOLDEN) % 1.0
    even = np.empty(u.size)
    even[order] = spread[np.lexsort((spread, where, of))]
    return even


def _house_all(town: State, kinds: np.ndarray) -> None:
    """Members' ages for the whole town, sizes and numbers of elders spread evenly so that the
    margins are met.
    """
    makeup, rows, district = town.makeup, np.arange(kinds.size), town.households.district
    u = household_uniforms(town, rows)[:, :FRAILTY]
    offset = town.streams.uniform("even", 0, np.arange(len(KINDS) * (MEMBERS + 1)))
    u[:, SIZE] = _even(u[:, SIZE], kinds * (MEMBERS + 1), district, offset)
    size = 1 + (u[:, SIZE, None] > makeup.size_cdf[kinds]).sum(axis=1)
    u[:, ELDERS] = _even(u[:, ELDERS], kinds * (MEMBERS + 1) + size, district, offset)
    house(town, rows, ages_of(makeup.size_cdf, makeup.more_elders, kinds, u))


def _scale_to(town: State, typical: Typical) -> None:
    """What brings the means of the `typical` households to those that are declared: the scale of
    susceptibility, the chance of belonging to a place, and the k of each stage; and what is known of
    the past of their needs.
    """
    p, makeup = town.p.town, town.makeup
    scale = np.array([_scale(column, typical.weight) for column in typical.susceptibility.T])
    town.susceptibility_scale = scale
    town.onset_share = makeup.fields * town.field_on
    able = typical.mean(typical.susceptibility > 0)
    town.eligible_share = np.where(able > 0, able, 1.0)
    welcome = float(typical.mean(typical.welcome))
    belongs = min(1.0, makeup.belongs / welcome) if welcome else 0.0
    capped = np.minimum(typical.susceptibility * scale, MAX_SUSCEPTIBILITY)
    risk = np.einsum("nf,f->n", capped, makeup.fields) * typical.frailty
    compounded, manifest = p.init_compounded, p.init_manifest + p.init_compounded
    shares = (p.init_latent + manifest, manifest, compounded)
    stages = np.array([_root_of_chance(risk, typical.weight, share) for share in shares])
    stock = standing(town.p, typical)
    standing_needs = stock.needs.sum(axis=2).T  # of each field in a household of susceptibility 1
    past = {"slow": stock.slow, "entries": stock.entries, "leaving": stock.leaving}
    town.makeup = replace(makeup, belongs=belongs, stages=stages, stock=standing_needs, **past)


def _scale(raw: np.ndarray, weight: np.ndarray) -> float:
    """Factor that makes the mean of `raw` (n,), capped, 1 where each counts by `weight` (n,); all
    at the cap where the mean cannot be reached.
    """
    held = raw > 0
    if not held.any():
        return 1.0
    most = MAX_SUSCEPTIBILITY / raw[held].min()

    def surplus(scale: float) -> float:
        return float(weighted_sum(weight, np.minimum(raw * scale, MAX_SUSCEPTIBILITY))) - 1.0

    return brentq(surplus, 1e-9, most) if surplus(most) > 0 else most


def _root_of_chance(risk: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The k at which 1 - exp(-k x `risk`) is `share` on average by `weight`; as high as possible
    where that cannot be.
    """

    def surplus(k: float) -> float:
        return float(weighted_sum(weight, -np.expm1(-k * risk))) - share

    return 0.0 if share <= 0 else 1e4 if surplus(1e4) < 0 else brentq(surplus, 0.0, 1e4)


def _seat_commissioners(town: State) -> None:
    homes = np.diff(town.first_home)
    lay_out(town, composition.in_whole(homes * town.p.town.minsei_per_1000hh / 1000))
