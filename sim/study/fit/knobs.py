"""The knobs that may be turned so that a town's own figures fit: at most three, each a factor within
a range, on parameters that stay inside their graded ranges, or on the posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from scipy.stats import qmc

from sim.declared import declared
from sim.scenario.scenario import Scenario
from sim.study.worlds import NEAR_POSTS
from sim.towns.town import AgencyRecord, Organisation


@dataclass(frozen=True)
class Knob:
    """A factor between 1 / `most` and `most` on `parameters` by dotted name, each of which stays
    inside its graded range; on the posts of the desks where there is none.
    """

    key: str
    most: float
    parameters: tuple[str, ...] = ()


HOURS, ASKING, POSTS = "hours", "asking", "posts"
LEVELS = ("manifest", "severe")
KNOBS = (
    Knob(
        HOURS, 2.0, ("casework.hours_month_light", *(f"casework.hours_month_{x}" for x in LEVELS))
    ),
    Knob(ASKING, 2.0, ("asking.seek_latent", *(f"asking.seek_{x}" for x in LEVELS))),
    Knob(POSTS, NEAR_POSTS),
)
DESK = "posts."  # with a field: the factor on the posts of its desks alone
Turned = Mapping[str, float]  # factor by key; 1 where a knob is not named
UNTURNED: Turned = {}


def turned(scenario: Scenario, factors: Turned) -> Scenario:
    """Returns the scenario with its knobs turned by `factors`."""
    values = {name: value for knob in KNOBS for name, value in _set(scenario, knob, factors)}
    return scenario.model_copy(
        update={
            "parameters": {**scenario.parameters, **values},
            "organisation": with_times_posts(scenario.organisation, factors),
        }
    )


def _set(scenario: Scenario, knob: Knob, factors: Turned) -> list[tuple[str, float]]:
    factor = factors.get(knob.key, 1.0)
    if factor == 1.0:
        return []
    return [
        (name, min(high, max(low, scenario.parameters[name] * factor)))
        for name, low, high in _ranges(knob)
    ]


@cache
def _ranges(knob: Knob) -> tuple[tuple[str, float, float], ...]:
    """Returns the parameters of a knob, each with its graded range."""
    known = declared()
    return tuple((name, known[name].low, known[name].high) for name in knob.parameters)


def with_times_posts(organisation: Organisation, factors: Turned) -> Organisation:
    """Returns an organisation with its posts at the desks multiplied, those of all desks and those of
    single ones, however they are given.
    """
    each = {one.id: desk_factor(one.field, factors) for one in organisation.agencies}
    if all(factor == 1.0 for factor in each.values()):
        return organisation
    rate = organisation.posts_per_100k
    whole = sum(one.share * each[one.id] for one in organisation.agencies)
    agencies = tuple(_times(one, each[one.id], whole) for one in organisation.agencies)
    more = {"posts_per_100k": None if rate is None else rate * whole, "agencies": agencies}
    return organisation.model_copy(update=more)


def desk_factor(field: str, factors: Turned) -> float:
    """Returns the factor on the posts of the desks of a field."""
    return factors.get(POSTS, 1.0) * factors.get(f"{DESK}{field}", 1.0)


def _times(agency: AgencyRecord, factor: float, whole: float) -> AgencyRecord:
    """Returns an agency with `factor` times its posts; `whole` is the factor on all shares."""
    posts = {kind: number * factor for kind, number in agency.posts.items()}
    share = agency.share * factor / whole if whole else agency.share
    return agency.model_copy(update={"posts": posts, "share": share})


def effective(scenario: Scenario, factors: Turned) -> np.ndarray:
    """Returns by how much each knob really moves a scenario (K,): the mean of the logarithms of the
    ratios of what it sets, which a graded range may cut.
    """
    moved = []
    for knob in KNOBS:
        ratios = [
            value / scenario.parameters[name] for name, value in _set(scenario, knob, factors)
        ]
        plain = 1.0 if knob.parameters else factors.get(knob.key, 1.0)
        moved.append(sum(map(log, ratios or [plain])) / len(ratios or [plain]))
    return np.array(moved)


def drawn_factors(count: int, seed: int) -> list[dict[str, float]]:
    """Returns so many settings of all knobs (a scrambled Sobol sequence, uniform on the log scale)."""
    points = qmc.Sobol(len(KNOBS), seed=seed).random_base2(max(1, count - 1).bit_length())[:count]
    return [
        {knob.key: float(knob.most ** (2 * u - 1)) for knob, u in zip(KNOBS, point, strict=True)}
        for point in points
    ]
