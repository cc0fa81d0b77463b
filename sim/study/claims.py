"""Claims tested on paired differences: the value of a year, or the sum up to it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.scenario.scenario import Claim
from sim.study.design import SEEDS_EACH
from sim.study.marks import equal_arms
from sim.study.paired import moments
from sim.study.stopping import Hypothesis, Verdict, interim_analyses, judge

if TYPE_CHECKING:
    from sim.study.result import Compared

KEYS = ["draw", "seed", "year"]


def gaps(values: pd.DataFrame, claim: Claim) -> np.ndarray:
    """Arm minus opponent (n,) of a claim, one for each pair of (draw, seed), in their order."""
    of_one = values[
        (values["measure"] == claim.measure) & values["arm"].isin([claim.arm, claim.against])
    ]
    both = of_one.groupby(KEYS)["arm"].transform("size") > 1
    wide = of_one[both].pivot(index=KEYS, columns="arm", values="value")
    gap = (wide[claim.arm] - wide[claim.against]).unstack("year")
    chosen = (
        gap.loc[:, : claim.by_year].sum(axis=1, skipna=False)
        if claim.cumulative
        else gap[claim.by_year]
    )
    return chosen.to_numpy()


def claim_verdicts(
    compared: Compared, earlier: Mapping[int, Verdict] | None = None
) -> dict[int, Verdict]:
    """The verdict on every claim of a comparison by its number, at one interim analysis; `earlier`
    are those of the previous one.
    """
    claims = {
        number: Hypothesis(
            gaps(compared.declared, claim),
            claim.direction,
            claim.margin,
            claim.confidence,
            compared.steps.get(claim.measure, 0.0),
        )
        for number, claim in enumerate(compared.comparison.claims)
    }
    return judge(claims, earlier)


def replayed(compared: Compared, last: int) -> dict[int, Verdict]:
    """The verdicts of a comparison with interim analyses, the last one at `last` seeds."""
    found: dict[int, Verdict] = {}
    for seeds in interim_analyses(last):
        values = compared.declared[compared.declared["seed"] <= seeds]
        found = claim_verdicts(
            replace(compared, gathered=compared.gathered._replace(values=values), found={}), found
        )
    return found


def all_decided(compared: Compared, found: Mapping[int, Verdict]) -> bool:
    """Whether more seeds could change nothing: every claim is tested, or about two arms that are
    identical in every measure.

    A measure that is 0 in every seed so far may only be rare; an arm that is alike in everything is
    the same arm.
    """
    claims = compared.comparison.claims
    return all(
        one.tested
        or one.identical
        and claims[number].arm in equal_arms(compared.declared, claims[number].against)
        for number, one in found.items()
    )


def undecided_arms(compared: Compared, found: Mapping[int, Verdict], going: Set[str]) -> set[str]:
    """The arms of those still `going` that more seeds could say something about: both sides of a
    claim that is not settled, and the reference; all of them while the precision asked for is not
    reached. None where nothing is open.
    """
    if not precise(compared):
        return set(going)
    claims = [
        compared.comparison.claims[number]
        for number, one in found.items()
        if not all_decided(compared, {number: one})
    ]
    sides = [{claim.arm, claim.against, compared.comparison.reference} for claim in claims]
    return set().union(*(arms for arms in sides if arms <= going))


def precise(compared: Compared) -> bool:
    """Whether the 95 % interval of the difference that the comparison names is as narrow as
    requested; True where no precision is requested.
    """
    wanted = compared.comparison.precision
    if wanted is None:
        return True
    table = compared.differences
    rows = table[(table["measure"] == wanted.measure) & (table["year"] == wanted.year)]
    rows = rows[rows["arm"] == wanted.arm] if wanted.arm else rows
    return bool((rows["high"] - rows["difference"] <= wanted.half_width).all())


def shares_of_draws(compared: Compared) -> list[float]:
    """For each claim the share of accepted parameter samples where its mean difference lies beyond
    the margin in its direction; NaN where there are none.
    """
    drawn = compared.values[compared.values["draw"].isin(compared.kept)]
    shares = []
    for claim in compared.comparison.claims:
        if drawn.empty:
            shares.append(float("nan"))
            continue
        means = moments(gaps(drawn, claim).reshape(-1, SEEDS_EACH))[1]
        sign = 1 if claim.direction == "higher" else -1
        shares.append(float(np.mean(sign * means > claim.margin)))
    return shares
