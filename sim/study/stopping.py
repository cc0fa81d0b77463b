"""Sequential tests of claims about two arms on the same seeds, at interim analyses (looks) that are
declared beforehand.

The error of calling a claim held that is not true (and, apart from it, that of the opposite) is
kept at 1 - confidence over all looks and all claims of a comparison: every look may spend an equal
part of it on each side (Bonferroni over looks, which needs no independence of increments), and the
claims of a look share it by Holm 1979; a claim once decided stays decided. Proof: a first false
"held" falls at a level of at most (1 - confidence) / LOOKS / (claims that are not true), and there
are that many of those.

Differences of rare events are skewed and mostly exactly zero, and the t interval fails on them: a
sample without its rare tail looks precise. The interval here adds, on the side where the tail lies,
Johnson's 1978 term for skewness TAIL times over (a sample shows only part of the skewness of what
it comes from), takes the wider of the interval of all differences and that of the non-zero ones
times their share, and where some differences are zero decides only with ENOUGH that are not. Fewer
than ENOUGH, none of them zero, decide only where they lie very close together for their distance
from the margin: n values that miss a tail lie within a width w of each other with a chance of about
w^(n / 4) in the worst of the zoo (gamma with shape 0.25 = 1 / HEAVIEST), so their mean must be
level^(-HEAVIEST / n) standard deviations away: 15 at 8 seeds, 6 at 12 for a single claim. Values
that are all the same decide nothing there: they are counts. No interval for a mean keeps its error
on every distribution (Bahadur and Savage 1956): this one is shown, not proven, to do so for up to
ten claims at 95 % on a declared zoo with the mean exactly on the margin (normal, exponential,
lognormal with sigma 1, gamma with shape 0.25, t with 3 degrees of freedom, counts, either way
round, whole or with 50, 80 and 95 % zeros): `python -m benchmarks.studies.stopping`. What comes in
fewer than about one seed in ENOUGH and outweighs all else may still be missed.

Differences that are all exactly 0 are a claim not held, as far as seen: no error is kept there (a
rare event that differs in one seed of twenty shows no difference in two of three looks at 8), and
the verdict is made anew where more seeds come.

Sources: Pocock 1977 and Jennison and Turnbull 2000 (group sequential tests); Holm 1979 (Scand. J.
Statistics 6, 65-70); Ye, Li, Liu and Yao 2013 (Statistics in Medicine 32, 1112-1124: Holm over
looks); Johnson 1978 (J. Am. Stat. Assoc. 73, 536-544), Hall 1992 (The Bootstrap and Edgeworth
Expansion, chapter 3); Bahadur and Savage 1956 (Ann. Math. Stat. 27, 1115-1122).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

import numpy as np
from scipy import stats

from sim.declared.measure import FEWEST
from sim.study.paired import CONFIDENCE, Numbers, moments, skewness, with_floor

LOOKS = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
ENOUGH = 16  # non-zero differences below which nothing is decided where some are zero
# one over the shape of the most skewed gamma of the zoo: how close together fewer than ENOUGH must
# lie
HEAVIEST = 4
FURTHEST = 1_000_000  # seeds that nobody would run
TAIL = 8  # times Johnson's term: 6 keeps five claims at once on the zoo, 7 ten with little to spare
SIGNS = {"higher": 1, "lower": -1}
STATES = ("undecided", "held", "not_held")  # by decision: 0, 1, -1
Key = TypeVar("Key")  # what claims are told apart by: a number, a name


@dataclass(frozen=True)
class Hypothesis:
    """That the mean of `differences` (n,), arm minus reference, one a seed, lies beyond `margin` in
    `direction`.

    step: what one event more adds to the measure, where it counts; 0 where it does not.
    """

    differences: np.ndarray
    direction: str
    margin: float = 0.0
    confidence: float = CONFIDENCE
    step: float = 0.0

    def __post_init__(self) -> None:
        if self.direction not in SIGNS or not self.margin >= 0 or not 0 < self.confidence < 1:
            raise ValueError(
                f"not a claim: direction {self.direction!r} (lower, higher), margin {self.margin} (from 0), "
                f"confidence {self.confidence} (between 0 and 1)"
            )


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim: state "held", "not_held" or "undecided", and its basis.

    n differences count, of which `nonzero` are not exactly 0; `dropped` were NaN. low, high: the
    adjusted interval of the mean on which the state is based (NaN for fewer than two). plain_low,
    plain_high: the 95 % t interval, without adjustment. more: about how many more seeds would
    decide an undecided claim if they were like those seen; None where no number would.
    """

    state: str
    n: int
    nonzero: int
    dropped: int
    mean: float
    low: float
    high: float
    plain_low: float
    plain_high: float
    more: int | None = None

    @property
    def identical(self) -> bool:
        """Whether there are differences and every one is exactly 0."""
        return self.n > 0 and self.nonzero == 0

    @property
    def tested(self) -> bool:
        """Whether the interval decided."""
        return self.state != "undecided" and not self.identical


def interim_analyses(budget: int = LOOKS[-1]) -> tuple[int, ...]:
    """Numbers of seeds for the interim analyses within a budget, which is the last of them where it
    cuts the list. ValueError below 2.
    """
    if budget < 2:
        raise ValueError(f"{budget} seeds are no comparison: at least 2")
    last = min(budget, LOOKS[-1])
    return (*(look for look in LOOKS if look < last), last)


def judge(
    claims: Mapping[Key, Hypothesis], earlier: Mapping[Key, Verdict] | None = None
) -> dict[Key, Verdict]:
    """Returns the verdicts on all claims of one comparison at one interim analysis, by name;
    `earlier`: those of the previous one, retained where tested.
    """
    found = {
        name: verdict
        for name, verdict in (earlier or {}).items()
        if name in claims and verdict.tested
    }
    while True:
        tested = [verdict.state for verdict in found.values() if verdict.tested]
        shares = [len(claims) - tested.count(state) for state in ("held", "not_held")]
        tried = {
            name: verdict_on(claim, *shares) for name, claim in claims.items() if name not in found
        }
        decided = {name: verdict for name, verdict in tried.items() if verdict.state != "undecided"}
        found |= decided
        if not decided or len(found) == len(claims):
            return {name: (found | tried)[name] for name in claims}


def verdict_on(claim: Hypothesis, held_among: int = 1, not_held_among: int = 1) -> Verdict:
    """Returns the verdict on one claim at one interim analysis, its error shared among that many
    claims on either side.
    """
    sign, given = SIGNS[claim.direction], np.asarray(claim.differences, dtype=float)
    sample = sign * given[np.isfinite(given)]
    spent = (1 - claim.confidence) / len(LOOKS)
    levels = spent / held_among, spent / not_held_among
    n, mean, spread = moments(sample)
    half = _reach(n, with_floor(spread, claim.step, n, sample.any()), 0.0, (1 - CONFIDENCE) / 2)
    adjusted, plain = (
        _turned(sign, interval(sample, *levels, claim.step)),
        _turned(sign, (mean - half, mean + half)),
    )
    state = STATES[int(decision(sample, claim.margin, *levels, claim.step))]
    more = _more(sample, claim.margin, *levels, claim.step) if state == "undecided" else None
    more = more and ceil(more * len(given) / len(sample))
    return Verdict(
        state,
        int(n),
        int(np.count_nonzero(sample)),
        len(given) - len(sample),
        float(sign * mean + 0.0),
        *adjusted,
        *plain,
        more,
    )


def decision(
    sample: np.ndarray, margin: float, held_level: float, not_held_level: float, step: float = 0.0
) -> np.ndarray:
    """1 (held), -1 (not held) or 0 (undecided) for samples (..., n) of differences in the claimed
    direction.

    Held: the interval lies beyond the margin. Not held: it lies wholly short of it, or every
    difference is exactly 0. Fewer than FEWEST differences decide nothing.
    """
    low, high = interval(sample, held_level, not_held_level, step)
    nonzero = np.count_nonzero(sample, axis=-1)
    held = (low > margin) & _may_decide(sample, margin, held_level)
    short = (high < margin) & _may_decide(sample, margin, not_held_level)
    decided = np.where(nonzero == 0, -1, held.astype(int) - short)
    return decided if sample.shape[-1] >= FEWEST else np.zeros_like(decided)


def _may_decide(sample: np.ndarray, margin: float, level: float) -> np.ndarray:
    """Returns whether samples (..., n) are large enough, or close enough together, to show a tail
    if they had one.
    """
    nonzero, whole = np.count_nonzero(sample, axis=-1), sample.shape[-1]
    if whole >= ENOUGH:
        return nonzero >= ENOUGH
    _n, mean, spread = moments(sample)
    return (nonzero == whole) & (spread > 0) & (abs(mean - margin) > close(whole, level) * spread)


def close(n: int, level: float) -> float:
    """Returns how many standard deviations the mean of n < ENOUGH values must lie from the margin."""
    return level ** (-HEAVIEST / max(n, 1))


def interval(
    sample: np.ndarray, low_level: float, high_level: float, step: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the mean of samples (..., n), each missed at its level: the wider of all
    differences and of the non-zero ones.

    Exactly 0 where every difference is, NaN where a single one is not. step: what one event adds,
    where events are counted.
    """
    moved = np.where(sample == 0, np.nan, sample)
    share = np.count_nonzero(sample, axis=-1) / max(sample.shape[-1], 1)
    low, high = _bounds(sample, low_level, high_level, step)
    part_low, part_high = _bounds(moved, low_level, high_level, step)
    some = share > 0
    return np.where(some, np.minimum(low, part_low * share), low), np.where(
        some, np.maximum(high, part_high * share), high
    )


def _bounds(
    sample: np.ndarray, low_level: float, high_level: float, step: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the mean of the values that are no NaN; a tail widens its own side, equal counts
    are one event apart.
    """
    (n, mean, seen), tail = moments(sample), skewness(sample)
    spread = with_floor(seen, step, n, mean != 0)
    tail = np.where(spread == seen, tail, 0.0)
    return mean - _reach(n, spread, -tail, low_level), mean + _reach(n, spread, tail, high_level)


def _reach(n: Numbers, spread: Numbers, tail: Numbers, level: float) -> np.ndarray:
    """Returns how far a bound lies from the mean: Student's quantile, and TAIL times Johnson's term
    for a `tail` (skewness) that side.
    """
    count = np.asarray(n, dtype=float)
    quantile = stats.t.isf(level, np.where(count > 1, count - 1, np.nan))
    term = np.maximum(tail, 0) * (1 + 2 * quantile**2) / (6 * np.sqrt(count.clip(1)))
    return (quantile + TAIL * term) * spread / np.sqrt(count.clip(1))


def _more(
    sample: np.ndarray, margin: float, held_level: float, not_held_level: float, step: float
) -> int | None:
    """Returns the seeds beyond these until a sample like this one would decide: its interval leaves
    the margin, and it is large enough.
    """
    n, share = len(sample), np.count_nonzero(sample) / max(len(sample), 1)
    gap = float(moments(sample)[1]) - margin
    if n and not share:
        return FEWEST - n
    if n < 2:
        return None
    level, side = (held_level, -1) if gap > 0 else (not_held_level, 1)
    parts = [
        (of, with_floor(moments(part)[2], step, len(part), True), side * skewness(part))
        for of, part in ((1, sample), (share, sample[sample != 0]))
    ]

    def decides(seeds: int) -> bool:
        """Whether that many seeds would do; a single non-zero difference has no spread of its
        own.
        """
        few = share == 1 and 0 < parts[0][1] * close(seeds, level) < abs(gap)
        if not (seeds * share >= ENOUGH or few):
            return False
        reach = (of * _reach(seeds * of, spread, tail, level) for of, spread, tail in parts)
        return bool(abs(gap) > np.fmax(*reach))

    found = bisect_left(range(n, FURTHEST), True, key=decides)
    return found if n + found < FURTHEST else None


def _turned(sign: int, bounds: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Bounds of a difference in the claimed direction, in the direction of the table."""
    low, high = sorted(float(sign * bound + 0.0) for bound in bounds)
    return low, high
