"""What may be said of a difference: one decision, from which every mark, sentence, title, table and
sheet follows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.declared.measure import FEWEST
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Claim
from sim.study.stopping import Verdict

HIGHER, LOWER, UNCLEAR, FEW, SAME = "higher", "lower", "unclear", "few", "same"
OTHER = {HIGHER: LOWER, LOWER: HIGHER}
PAIR = ["world", "seed", "year", "measure"]


def interval(cell: Any) -> tuple[float, float]:
    """Returns the interval that counts for a difference: the bootstrap-t one where pairs are few
    and skewed, as far as it is bounded, else the t interval.
    """
    low, high = cell.low, cell.high
    if cell.skewed:
        low, high = (
            boot if not math.isnan(boot) else plain
            for boot, plain in ((cell.boot_low, low), (cell.boot_high, high))
        )
    return low, high


def side(low: float, high: float, number: int, identical: bool = False) -> str:
    """Returns what an interval of so many pairs allows to say: HIGHER or LOWER where it excludes 0,
    UNCLEAR where it does not.

    It is SAME where every difference is exactly 0, and FEW where there are fewer than FEWEST pairs.
    """
    if identical:
        return SAME
    if number < FEWEST or math.isnan(low) or math.isnan(high):
        return FEW
    return HIGHER if low > 0 else LOWER if high < 0 else UNCLEAR


def sides(
    differences: pd.DataFrame, comparison: Comparison, verdicts: Mapping[int, Verdict]
) -> list[str]:
    """Returns what may be said of each row (arm, measure, year) of the differences from the
    reference.

    Where a claim tests that very number, the claim's verdict is said and nothing else: its interval
    is widened for looks and for the number of claims, so that two decisions could differ.
    """
    tested = _claimed(comparison, verdicts)
    found = []
    row: Any
    for row in differences.itertuples():
        plain = side(*interval(row), row.n, row.identical)
        decided = tested.get((row.arm, row.measure, row.year))
        found.append(plain if decided is None or plain in (SAME, FEW) else decided)
    return found


def _claimed(
    comparison: Comparison, verdicts: Mapping[int, Verdict]
) -> dict[tuple[str, str, int], str]:
    """Returns what the verdicts say of each number that claims test, by (arm, measure, year); sums
    over years are no such number.
    """
    about: dict[tuple[str, str, int], list[tuple[str, str]]] = {}
    for number, claim in enumerate(comparison.claims):
        if (
            not claim.cumulative
            and comparison.reference in (claim.arm, claim.against)
            and number in verdicts
        ):
            turned = claim.arm == comparison.reference
            arm = claim.against if turned else claim.arm
            said = _said(claim, verdicts[number])
            state = verdicts[number].state
            about.setdefault((arm, claim.measure, claim.by_year), []).append(
                (state, OTHER.get(said, said) if turned else said)
            )
    return {key: _agreed(found) for key, found in about.items()}


def _said(claim: Claim, verdict: Verdict) -> str:
    """Returns the side that one verdict allows: the claimed one if held, the other if not held and
    its interval lies there.
    """
    if verdict.state == "held":
        return claim.direction
    beyond = verdict.low > 0 if claim.direction == LOWER else verdict.high < 0
    return OTHER[claim.direction] if verdict.state == "not_held" and beyond else UNCLEAR


def _agreed(found: Iterable[tuple[str, str]]) -> str:
    """Returns what several claims on one number allow together: what is held; else a side only
    where all of them give it.
    """
    held = {said for state, said in found if state == "held"}
    every = held or {said for _state, said in found}
    return every.pop() if len(every) == 1 else UNCLEAR


def equal_arms(values: pd.DataFrame, reference: str) -> frozenset[str]:
    """Returns the arms of a table (arm, world, seed, year, measure, value) whose every value is
    exactly that of the reference.

    An arm may have been simulated for fewer seeds than the reference.
    """
    arms = {
        str(arm): part.set_index(PAIR)["value"] for arm, part in values.groupby("arm", sort=False)
    }
    base = arms.pop(reference)
    return frozenset(
        arm
        for arm, mine in arms.items()
        if mine.index.isin(base.index).all()
        and np.array_equal(mine, base.reindex(mine.index), equal_nan=True)
    )
