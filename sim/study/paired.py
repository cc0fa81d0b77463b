"""Compares arms on the same seeds: paired differences with intervals and bands, how long they last,
and stochastic variation separately from parameter uncertainty.

Tables of values are tidy: columns arm, world, seed, year, measure, value. A pair is one (world, seed)
that was simulated in both arms; a value that is NaN (nothing to count) or missing in one of the two
takes its pair out, and n says how many are left. Nothing here depends on the order of rows, and
every random procedure has a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import pandas as pd
from scipy import stats

from sim.declared.vocabulary import WEEKS_PER_YEAR

STATES = ("never_worse", "crossed", "censored")
QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}


def crossings(weekly: pd.DataFrame, reference: str, column: str) -> pd.DataFrame:
    """Returns from which week on an arm is no longer worse than the reference (arm, seed, state,
    week), from a weekly table (arm, seed, week, `column`) by running means of 52 weeks of the
    difference.

    `state` is "never_worse" where no running mean is above zero, "censored" where the last one
    still is, and else "crossed", with the last week of the first running mean from which none is
    above zero any more. `week` is NaN for the other two. Weeks that one of the two arms lacks are
    left out. Raises ValueError for an unknown reference and for fewer than 52 weeks.
    """
    wide = weekly.pivot(index=["seed", "week"], columns="arm", values=column).sort_index()
    if reference not in wide:
        raise ValueError(f"no arm {reference!r} among {', '.join(map(repr, wide.columns))}")
    gaps = wide.drop(columns=reference).sub(wide[reference], axis=0)
    rows = [
        (arm, seed, *_crossing(gap.droplevel("seed")))
        for arm in weekly["arm"].unique()
        if arm != reference
        for seed, gap in gaps[arm].dropna().groupby("seed")
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "state", "week"])


def _crossing(gap: pd.Series) -> tuple[str, float]:
    """Returns the state and the week of one series of differences by week."""
    if len(gap) < WEEKS_PER_YEAR:
        raise ValueError(f"{len(gap)} weeks are too few for a running mean of {WEEKS_PER_YEAR}")
    windows = np.lib.stride_tricks.sliding_window_view(gap.to_numpy(dtype=float), WEEKS_PER_YEAR)
    worse = np.flatnonzero(windows.mean(axis=1) > 0)
    if not len(worse):
        return "never_worse", np.nan
    if worse[-1] == len(windows) - 1:
        return "censored", np.nan
    return "crossed", float(gap.index[worse[-1] + WEEKS_PER_YEAR])


def crossing_summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Returns by arm the number of seeds, how many are in each state, and the quartiles of the week
    among the seeds that were ever worse.

    A censored seed counts as later than every week seen. A quartile that falls among them, or of no
    seed, is NaN.
    """
    counts = pd.crosstab(rows["arm"], rows["state"]).reindex(
        index=rows["arm"].unique(), columns=STATES, fill_value=0
    )
    worse = rows[rows["state"] != "never_worse"]
    weeks = worse["week"].fillna(np.inf).groupby(worse["arm"])
    quartiles = {name: weeks.agg(_quantile(part)) for name, part in QUARTILES.items()}
    table = counts.assign(**quartiles).replace(np.inf, np.nan)
    table.insert(0, "seeds", counts.sum(axis=1))
    return table.rename_axis(index="arm", columns=None).reset_index()


def _quantile(part: float) -> Callable[[pd.Series], float]:
    """Returns a function that gives the week by which this part of the seeds is done."""
    return lambda week: np.quantile(week, part, method="inverted_cdf")


CONFIDENCE = 0.95
NOISE = 1e-6  # of a step: a spread below it is rounding
Numbers = np.ndarray | float  # one number, or an array of them


def with_floor(
    spread: Numbers, step: Numbers, n: Numbers, moves: np.ndarray | np.bool | bool
) -> np.ndarray:
    """Returns standard deviations of n numbers each, with those of counts that are all alike raised
    to what one event more would make them.

    Equal counts are no certainty: had one thing more happened in one of n runs, their standard
    deviation would be step / sqrt(n), the least that counts can have that are not all equal. `step`
    is what one event adds (0 where nothing is counted). `moves` says whether any of the numbers is
    not exactly 0: what is 0 in every run stays without a spread.
    """
    alike = moves & (spread < NOISE * step)
    return np.where(alike, step / np.sqrt(np.maximum(n, 1)), spread)


def over_seeds(
    yearly: pd.DataFrame, confidence: float = CONFIDENCE, steps: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Returns the mean over seeds of a table (seed, year, measure, value), in the order of the
    table (year, measure, mean, low, high, seeds).

    `low` and `high` bound the t interval of the mean, which holds stochastic variation alone; NaN
    where fewer than two seeds have a value. `steps` says what one event adds to each measure that
    counts; equal counts have an interval of one event more or less.
    """
    grouped = yearly.groupby(["year", "measure"], sort=False)["value"]
    table = grouped.agg(["mean", "std", "count"]).reset_index().rename(columns={"count": "seeds"})
    several = table["seeds"].where(table["seeds"] > 1)
    step = table["measure"].map(steps or {}).fillna(0.0).to_numpy(dtype=float)
    spread = with_floor(
        table["std"].to_numpy(), step, table["seeds"].to_numpy(), (table["mean"] != 0).to_numpy()
    )
    half = stats.t.ppf((1 + confidence) / 2, several - 1) * spread / np.sqrt(several)
    return table.assign(low=table["mean"] - half, high=table["mean"] + half)[
        ["year", "measure", "mean", "low", "high", "seeds"]
    ]


# pairs below which the estimated correlation over years makes a band too narrow (at 5 pairs it
# missed 8 % for 5 %)
FEW = 8
# of the greatest deviation over years: its 95 % quantile has a standard error of about 0.01
TRIALS = 4_000
RESAMPLES = 1_999
SEED = 1


@dataclass(frozen=True)
class Cube:
    """Values (arm, measure, year, pair), NaN where there are none; `given` (arm, measure, year):
    whether the table has a row.
    """

    values: np.ndarray
    given: np.ndarray
    arms: list[str]
    measures: list[str]
    years: np.ndarray
    draws: np.ndarray

    def arm(self, name: str) -> np.ndarray:
        """Returns the values (measure, year, pair) of one arm; raises ValueError where there is no
        such arm.
        """
        if name not in self.arms:
            raise ValueError(f"no arm {name!r} among {', '.join(map(repr, self.arms))}")
        return self.values[self.arms.index(name)]

    def table(self, rows: list[int], columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Tidy rows of arrays (arm, measure, year), the arms those of `rows`, where there is a
        value.
        """
        arms, given = [self.arms[row] for row in rows], self.given[rows]
        keys = pd.MultiIndex.from_product(
            [arms, self.measures, self.years], names=["arm", "measure", "year"]
        )
        table = pd.DataFrame(
            {name: np.ravel(array) for name, array in columns.items()}, index=keys
        ).reset_index()
        return table[given.ravel()].reset_index(drop=True)


def cube_of(values: pd.DataFrame) -> Cube:
    """Returns a tidy table as one array, with arms and measures as they come and with years and
    pairs in order. Raises ValueError for a value given twice.
    """
    arm, arms = pd.factorize(values["arm"])
    measure, measures = pd.factorize(values["measure"])
    year, years = pd.factorize(values["year"], sort=True)
    pairs = values.groupby(["world", "seed"], sort=True)
    shape = (len(arms), len(measures), len(years), pairs.ngroups)
    at = np.ravel_multi_index((arm, measure, year, pairs.ngroup().to_numpy()), shape)
    if len(np.unique(at)) < len(at):
        raise ValueError("a value is given twice for one arm, world, seed, year and measure")
    filled, given = np.full(np.prod(shape), np.nan), np.zeros(np.prod(shape), dtype=bool)
    filled[at], given[at] = values["value"], True
    draws = pairs.size().index.get_level_values("world").to_numpy()
    return Cube(
        filled.reshape(shape),
        cast(np.ndarray, given.reshape(shape).any(-1)),
        list(arms),
        list(measures),
        np.asarray(years),
        draws,
    )


def differences(
    values: pd.DataFrame,
    reference: str | None,
    confidence: float = CONFIDENCE,
    steps: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Returns every other arm minus the reference by measure and year; where there is no reference,
    the values are differences already.

    Columns: `n` is the number of pairs; `reference` and `mean` are the means of either arm over
    those pairs; `difference` is their mean difference, with its t interval from `low` to `high`
    (exactly 0 for equal arms, NaN for fewer than two pairs). `band_low` and `band_high` bound all
    years of that arm and measure at once. `identical` says that every difference is exactly 0.
    `removed` is the share of the variance that pairing removed. `skewed` says that there are too
    few pairs for their skewness (n < 25 skewness^2); then `boot_low` and `boot_high` bound the
    bootstrap-t interval, NaN on a side that the resamples do not bound.

    `steps` says what one event adds to each measure that counts; where its differences are all
    alike and not 0, their spread is taken as that of one event more (`with_floor`). Sources:
    Cochran 1977 section 2.15 (the rule), Hall 1992 chapter 3 (bootstrap-t).
    """
    cube = cube_of(values)
    rows = [place for place, name in enumerate(cube.arms) if name != reference]
    arm = cube.values[rows]
    base = np.broadcast_to(0.0 if reference is None else cube.arm(reference), arm.shape)
    gap = arm - base
    there = np.isfinite(gap)
    n, mean, seen = moments(gap)
    step = np.array([(steps or {}).get(name, 0.0) for name in cube.measures])[:, None]
    spread = with_floor(seen, step, n, (there & (gap != 0)).any(-1))
    error = spread / np.sqrt(n.clip(1))
    half = stats.t.ppf((1 + confidence) / 2, np.where(n > 1, n - 1, np.nan)) * error
    reach = _reach(gap, confidence) * error
    skewed = (n < 25 * skewness(gap) ** 2) & (spread == seen)
    boot_low, boot_high = _bootstrap(gap, skewed & (n >= FEW), confidence)
    _, mean_arm, sd_arm = moments(np.where(there, arm, np.nan))
    _, mean_base, sd_base = moments(np.where(there, base, np.nan))
    return cube.table(
        rows,
        {
            "n": n,
            "reference": mean_base,
            "mean": mean_arm,
            "difference": mean,
            "low": mean - half,
            "high": mean + half,
            "boot_low": boot_low,
            "boot_high": boot_high,
            "skewed": skewed,
            "band_low": mean - reach,
            "band_high": mean + reach,
            "identical": (n > 0) & ((gap == 0) | ~there).all(-1),
            "removed": removed_share(seen, sd_arm, sd_base),
        },
    )


def gaps_of(values: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Returns every other arm minus the reference, run by run (arm, measure, year, world, seed, gap);
    a run that one of the two lacks has no row.
    """
    keys = ["measure", "year", "world", "seed"]
    base = values[values["arm"] == reference].drop(columns="arm")
    both = values[values["arm"] != reference].merge(base, on=keys, suffixes=("", "_reference"))
    both["gap"] = both["value"] - both["value_reference"]
    return both[["arm", *keys[:2], *keys[2:], "gap"]]


def removed_share(paired: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Returns the share of the variance of a difference that pairing removed, from the standard
    deviations of the paired difference and of either arm; NaN where neither arm varies.
    """
    unpaired = one**2 + other**2
    return 1 - paired**2 / np.where(unpaired > 0, unpaired, np.nan)


def moments(sample: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns count, mean and standard deviation over the last axis without its NaN: exactly 0 for
    equal values, NaN for too few.
    """
    there = np.isfinite(sample)
    n = there.sum(-1)
    mean = np.where(there, sample, 0).sum(-1) / np.where(n > 0, n, np.nan)
    squares = (np.where(there, sample - mean[..., None], 0) ** 2).sum(-1)
    least = np.where(there, sample, np.inf).min(-1, initial=np.inf)
    most = np.where(there, sample, -np.inf).max(-1, initial=-np.inf)
    spread = np.where(least == most, 0, np.sqrt(squares / (n - 1).clip(1)))
    return n, np.where(least == most, least, mean), np.where(n > 1, spread, np.nan)


def skewness(sample: np.ndarray) -> np.ndarray:
    """Returns the sample skewness over the last axis without its NaN; 0 where nothing varies."""
    unit = _standard(sample)
    squares, cubes = (unit**2).sum(-1), (unit**3).sum(-1)
    return cubes * np.sqrt(np.isfinite(sample).sum(-1)) / np.where(squares > 0, squares, 1) ** 1.5


def _standard(sample: np.ndarray) -> np.ndarray:
    """Returns deviations from the mean in standard deviations; 0 where there is no value or nothing
    varies.
    """
    _n, mean, spread = moments(sample)
    scale = np.where(spread > 0, spread, np.inf)[..., None]
    return np.where(np.isfinite(sample), (sample - mean[..., None]) / scale, 0)


def _reach(gap: np.ndarray, confidence: float) -> np.ndarray:
    """Returns how many standard errors a band over all years (last axis but one) reaches to either
    side: sup-t.

    The greatest deviation over years of normal errors with the estimated correlation, carried over
    to the t distribution of each year: Bonferroni's where there are few pairs, and never beyond it.
    Exact for years that are independent or one. Source: Montiel Olea and Plagborg-Moller 2019 (J.
    Appl. Econometrics 34, 1-17), plug-in sup-t band.
    """
    unit = _standard(gap)
    varies = unit.any(-1)
    n = np.isfinite(gap).sum(-1)
    freedom = np.where(n > 1, n - 1, np.nan)
    tail = (1 - confidence) / 2
    strictest = tail / varies.sum(-1, keepdims=True).clip(1)
    roots = unit / np.sqrt((n - 1).clip(1))[..., None]
    luck = stats.norm.rvs(size=(gap.shape[-1], TRIALS), random_state=SEED)
    greatest = np.array(
        [np.quantile(np.abs(arm @ luck).max(-2), confidence, axis=-1) for arm in roots]
    )
    joint = np.clip(stats.norm.sf(greatest.reshape(strictest.shape)), strictest, tail)
    return stats.t.isf(np.where(n < FEW, strictest, joint), freedom)


def _bootstrap(
    gap: np.ndarray, chosen: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the bootstrap-t bounds of the mean over the last axis for the `chosen`; NaN for
    others and where unbounded.
    """
    low, high = np.full(chosen.shape, np.nan), np.full(chosen.shape, np.nan)
    there = np.isfinite(gap)
    for n in np.unique(there.sum(-1)[chosen]):
        rows = chosen & (there.sum(-1) == n)
        low[rows], high[rows] = studentised(gap[rows][there[rows]].reshape(-1, n), confidence)
    return low, high


def studentised(samples: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns the bootstrap-t bounds of the means of samples (rows, n), with the same resamples for
    every row; NaN where unbounded.

    Source: Efron 1981; Hall 1992 chapter 3. A resample without spread has an infinite t.
    """
    n = samples.shape[1]
    _n, mean, spread = moments(samples)
    unit = _standard(samples)
    times = resamples(n)
    centre = times @ unit.T / n
    variance = np.maximum(times @ (unit**2).T / n - centre**2, 0) * n / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(variance > 1e-12, centre / np.sqrt(variance), np.sign(centre) * np.inf)
    lower, upper = np.quantile(
        t, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0, method="nearest"
    )
    error = spread / np.sqrt(n)
    bounds = mean - upper * np.sqrt(n) * error, mean - lower * np.sqrt(n) * error
    low, high = (np.where(np.isfinite(bound), bound, np.nan) for bound in bounds)
    return low, high


@cache
def resamples(n: int) -> np.ndarray:
    """Returns how often each of n values is drawn in each resample (RESAMPLES, n)."""
    return stats.multinomial.rvs(n, np.full(n, 1 / n), size=RESAMPLES, random_state=SEED).astype(
        float
    )


def lasting(differences: pd.DataFrame) -> pd.DataFrame:
    """Returns by arm and measure the first year from which the band stays on one side of zero up to
    the horizon, and the side.

    `side` is "higher" or "lower"; it is "" with a year of NaN where there is none.
    """
    table = differences.sort_values("year", kind="stable")
    side = np.where(table["band_low"] > 0, "higher", np.where(table["band_high"] < 0, "lower", ""))
    groups = table.assign(side=side).groupby(["arm", "measure"], sort=False)
    last = groups["side"].transform("last")
    broken = (
        table["year"]
        .where(side != last)
        .groupby([table["arm"], table["measure"]], sort=False)
        .transform("max")
    )
    stays = table[(table["year"] > broken.fillna(-np.inf)) & (last != "")]
    first = stays.groupby(["arm", "measure"], sort=False)["year"].min()
    keys = differences[["arm", "measure"]].drop_duplicates()
    return keys.assign(
        year=first.reindex(pd.MultiIndex.from_frame(keys)).to_numpy(dtype=float),
        side=groups["side"].last().reindex(pd.MultiIndex.from_frame(keys)).to_numpy(),
    ).reset_index(drop=True)


def combination(
    values: pd.DataFrame, arm: str, parts: Mapping[str, float], name: str
) -> pd.DataFrame:
    """Returns the rows of a pseudo-arm `name`, an arm minus the weighted mean of its parts, pair by
    pair, for `differences(rows, None)`.

    A pair that one of the arms lacks has no row. Raises ValueError for an unknown arm and for
    weights that sum to 0.
    """
    wide = values.pivot(index=["world", "seed", "year", "measure"], columns="arm", values="value")
    missing = [other for other in (arm, *parts) if other not in wide]
    whole = sum(parts.values())
    if missing or not whole:
        raise ValueError(
            f"no arm {missing[0]!r} in the table" if missing else "the weights sum to 0"
        )
    mean = sum(wide[part] * (weight / whole) for part, weight in parts.items())
    return (
        (wide[arm] - mean)
        .dropna()
        .rename("value")
        .reset_index()
        .assign(arm=name)[list(values.columns)]
    )


def seeds_needed(values: pd.DataFrame, arm: str, reference: str, measure: str, year: int) -> float:
    """Returns how many times as many seeds a comparison without pairing needs for an interval as
    wide: (var arm + var reference) / var diff.

    It is inf where the difference does not vary, and NaN where no arm does or there are fewer than
    two pairs.
    """
    cube = cube_of(
        values[
            (values["measure"] == measure)
            & (values["year"] == year)
            & values["arm"].isin([arm, reference])
        ]
    )
    pair = np.stack([cube.arm(arm)[0, 0], cube.arm(reference)[0, 0]])
    spread = moments(np.where(np.isfinite(pair).all(0), pair, np.nan))[2]
    paired, apart = float(moments(pair[0] - pair[1])[2] ** 2), float((spread**2).sum())
    return apart / paired if paired > 0 else (np.inf if apart > 0 else np.nan)


def variance_components(
    values: pd.DataFrame, reference: str, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Separate the variance between parameter samples (parameter uncertainty) from that within one
    (stochastic variation), by measure and year.

    worlds, n: number of samples with a pair, and of pairs. difference: mean of the samples' means;
    low, high: its t interval by sample. between, within: variance components of a one-way
    random-effects analysis of variance, a negative one shown as 0, NaN where a sample has no second
    seed or there is no second sample. range_low, range_high: quantiles of the samples' means (their
    stochastic variation is still in them). Source: Searle, Casella and McCulloch 1992, section 3.6
    (unequal numbers).
    """
    cube = cube_of(values)
    rows = [place for place, name in enumerate(cube.arms) if name != reference]
    gap = cube.values[rows] - cube.arm(reference)
    there = np.isfinite(gap)
    member = (cube.draws[:, None] == np.unique(cube.draws)).astype(float)
    size = there @ member
    means = np.where(there, gap, 0) @ member / np.where(size > 0, size, np.nan)
    total, grand, _spread = moments(gap)
    draws, mean, spread = moments(means)
    inside = (np.where(there, gap - np.where(size > 0, means, 0) @ member.T, 0) ** 2).sum(-1)
    across = np.nansum(size * (means - grand[..., None]) ** 2, axis=-1)
    within = inside / np.where(total > draws, total - draws, np.nan)
    more = np.where(draws > 1, draws - 1, np.nan)
    typical = (total - (size**2).sum(-1) / total.clip(1)) / more
    half = stats.t.ppf((1 + confidence) / 2, more) * spread / np.sqrt(draws.clip(1))
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    known = np.where((draws > 0)[..., None], means, 0)
    low, high = np.where(draws > 0, np.nanquantile(known, tails, axis=-1), np.nan)
    return cube.table(
        rows,
        {
            "worlds": draws,
            "n": total,
            "difference": mean,
            "low": mean - half,
            "high": mean + half,
            "between": np.maximum((across / more - within) / typical, 0),
            "within": within,
            "range_low": low,
            "range_high": high,
        },
    )
