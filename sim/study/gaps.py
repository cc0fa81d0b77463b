"""Has the paired gap gone? What a push has left between two courses on the same seeds, year by
year, and how fast it fades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.declared.measure import FEWEST
from sim.study.paired import CONFIDENCE, cube_of, differences, resamples

NEGLIGIBLE = 0.1  # of the gap at the end of the push: what is certainly smaller than that has gone
STATES = ("gone", "stays", "turned", "undecided", "none", "few")


@dataclass(frozen=True)
class Gap:
    """The gap between a course that was pushed and the same course left alone.

    `state` speaks of the last year: "gone" where the gap is certainly less than a share of what the
    push had opened, either way; "stays" where more than that share is possible and it is certainly
    on the side of the push; "turned" where it is certainly on the other side; else "undecided". It
    is "none" where the push had certainly opened no side, and "few" below FEWEST pairs. `by_year`
    has the columns year, n, difference, low and high, pair by pair. `opened` and `left` are the
    mean gap in the year `since` and in the last one. `half_life` is the number of years from
    `since` until the mean gap is half as large, on a straight line between years, with its
    bootstrap interval from `half_life_low` to `half_life_high`; NaN where that does not happen
    within the run.
    """

    state: str
    by_year: pd.DataFrame
    since: int
    opened: float
    left: float
    half_life: float
    half_life_low: float
    half_life_high: float


def has_gap_gone(
    values: pd.DataFrame,
    pushed: str,
    alone: str,
    measure: str,
    since: int,
    *,
    negligible: float = NEGLIGIBLE,
    confidence: float = CONFIDENCE,
) -> Gap:
    """Returns whether the gap that a push had opened in the year `since`, its last, has gone by the
    last year of a table.

    `values` has the columns arm, seed, year, measure and value, and `world` where there are
    several; the two courses ran on the same seeds. The gap has gone where its whole interval of
    `confidence` lies within the share `negligible` of what it was. Raises ValueError for an arm, a
    measure or a year that is not there, and where `since` is the last year.

    >>> years = [(seed, year, 8.0 / year**2 + seed) for seed in range(8) for year in (1, 2, 9)]
    >>> pushed = pd.DataFrame(years, columns=["seed", "year", "value"]).assign(arm="pushed")
    >>> alone = pushed.assign(arm="alone", value=pushed["seed"])
    >>> values = pd.concat([pushed, alone]).assign(measure="load")
    >>> has_gap_gone(values, "pushed", "alone", "load", since=1).state
    'gone'
    """
    table = values if "world" in values else values.assign(world=0)
    table = table[(table["measure"] == measure) & table["arm"].isin([pushed, alone])]
    years = sorted(table["year"].unique())
    if since not in years[:-1]:
        raise ValueError(
            f"no year {since} of {measure!r} with later ones among {', '.join(map(str, years)) or 'none'}"
        )
    rows = differences(table, alone, confidence)
    rows = rows[rows["arm"] == pushed].sort_values("year", ignore_index=True)
    if rows.empty:
        raise ValueError(f"no arm {pushed!r} in the table")
    cube = cube_of(table)
    gaps = (cube.arm(pushed) - cube.arm(alone))[0][cube.years >= since].T
    first, last = rows[rows["year"] == since].iloc[0], rows.iloc[-1]
    life, low, high = half_lives(gaps[np.isfinite(gaps).all(axis=1)], confidence)
    by_year = rows[["year", "n", "difference", "low", "high"]]
    return Gap(
        state_of(first, last, negligible),
        by_year,
        since,
        first.difference,
        last.difference,
        life,
        low,
        high,
    )


def state_of(first, last, negligible: float) -> str:
    """Returns one of STATES from the rows (n, difference, low, high) of the year in which the push
    ends and of the last year.
    """
    if min(first.n, last.n) < FEWEST:
        return "few"
    if first.low <= 0 <= first.high:
        return "none"
    side = 1 if first.difference > 0 else -1
    low, high = sorted((side * last.low, side * last.high))
    small = negligible * abs(first.difference)
    if -small <= low and high <= small:
        return "gone"
    return "stays" if low > 0 else "turned" if high < 0 else "undecided"


def half_lives(gaps: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Returns the years until the mean gap of pairs (pairs, years) is half of the first one, and
    the bootstrap interval of that; NaN where it never is.
    """
    n = len(gaps)
    if not n:
        return np.nan, np.nan, np.nan
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    spread = half_life(resamples(n) @ gaps / n)
    low, high = np.quantile(spread, tails, method="inverted_cdf")
    found = float(half_life(gaps.mean(axis=0)[None])[0]), float(low), float(high)
    middle, least, most = (year if np.isfinite(year) else np.nan for year in found)
    return middle, least, most


def half_life(courses: np.ndarray) -> np.ndarray:
    """Returns, for courses (many, years), the years until each has first fallen to half of where it
    begins; inf where it does not.
    """
    start = courses[:, :1]
    share = courses / np.where(start == 0, np.nan, start)
    below = share <= 0.5
    at = below.argmax(axis=1)
    rows = np.arange(len(courses))
    before = share[rows, np.maximum(at - 1, 0)]
    fall = before - share[rows, at]
    return np.where(
        below.any(axis=1), at - 1 + (before - 0.5) / np.where(fall > 0, fall, np.nan), np.inf
    )
