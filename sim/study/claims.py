"""Claims tested on paired differences: the value of a year, or the sum up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pandas as pd

from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Claim
from sim.study.marks import equal_arms
from sim.study.stopping import SIGNS, Hypothesis, Verdict, interim_analyses, judge

KEYS = ["world", "seed", "year"]


def gaps(values: pd.DataFrame, claim: Claim) -> np.ndarray:
    """Arm minus opponent (n,) of a claim, one for each pair of (world, seed), in their order."""
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
    claims: Sequence[Claim],
    values: pd.DataFrame,
    steps: Mapping[str, float],
    earlier: Mapping[int, Verdict] | None = None,
) -> dict[int, Verdict]:
    """Returns the verdict on every claim, by its number, at one interim analysis.

    `values` has the columns arm, world, seed, year, measure and value, at declared parameters.
    `steps` says what one event more adds to a measure that counts. `earlier` are the verdicts of the
    previous analysis.
    """
    hypotheses = {
        number: Hypothesis(
            gaps(values, claim),
            claim.direction,
            claim.margin,
            claim.confidence,
            steps.get(claim.measure, 0.0),
        )
        for number, claim in enumerate(claims)
    }
    return judge(hypotheses, earlier)


def replayed(
    claims: Sequence[Claim], values: pd.DataFrame, steps: Mapping[str, float], last: int
) -> dict[int, Verdict]:
    """Returns the verdicts that interim analyses up to `last` seeds had come to, made anew from
    `values`.
    """
    found: dict[int, Verdict] = {}
    for seeds in interim_analyses(last):
        found = claim_verdicts(claims, values[values["seed"] <= seeds], steps, found)
    return found


def all_decided(
    claims: Sequence[Claim], values: pd.DataFrame, found: Mapping[int, Verdict]
) -> bool:
    """Returns whether more seeds could change nothing: every claim is tested, or about two arms
    that are identical in every measure.

    A measure that is 0 in every seed so far may only be rare; an arm that is alike in everything is
    the same arm.
    """
    return all(
        one.tested
        or one.identical
        and claims[number].arm in equal_arms(values, claims[number].against)
        for number, one in found.items()
    )


def undecided_arms(
    comparison: Comparison, values: pd.DataFrame, found: Mapping[int, Verdict], going: Set[str]
) -> set[str]:
    """Returns the arms, of those still `going`, that more seeds could say something about: both
    sides of a claim that is not settled, the reference, and those that no claim names. Empty where
    nothing is open.
    """
    claims = [
        comparison.claims[number]
        for number, one in found.items()
        if not all_decided(comparison.claims, values, {number: one})
    ]
    sides = [{claim.arm, claim.against, comparison.reference} for claim in claims]
    still = set().union(*(arms for arms in sides if arms <= going))
    named = {arm for claim in comparison.claims for arm in (claim.arm, claim.against)}
    return still | (going - named) if still else set()


def worlds_beyond(claims: Sequence[Claim], values: pd.DataFrame) -> dict[int, int]:
    """Returns for each claim, by its number, in how many runs its difference lies beyond the margin
    in its direction; `values` (arm, world, seed, year, measure, value) has one run a world.
    """
    return {
        number: int((SIGNS[claim.direction] * gaps(values, claim) > claim.margin).sum())
        for number, claim in enumerate(claims)
    }
