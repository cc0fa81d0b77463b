"""What a match has learned: which target rules out what, how much of each range is left, and the
set in the middle of those that are left.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from sim.study.match.emulator import rank_correlations
from sim.study.match.implausibility import ruling_out
from sim.study.match.waves import History
from sim.study.regions import FALSE_ALARM, false_alarm_threshold

QUARTERS = (5, 25, 50, 75, 95)  # percentiles of what is left


def wave_table(history: History) -> pd.DataFrame:
    """Returns a row a wave: sets tried, failed and kept, how many of them the emulators proposed
    (and how many of these were kept), and the share of the variance of unseen runs that they
    explain, over targets (median).
    """
    rows = []
    kept, first = history.kept, 0
    for wave in history.waves:
        mine = kept[first : first + len(wave.sets)]
        first += len(wave.sets)
        proposed = np.array([one.origin == "emulated" for one in wave.sets])
        explained = [one.explained for one in wave.emulated or ()]
        rows.append(
            {
                "wave": wave.number,
                "sets": len(wave.sets),
                "failed": sum(run is None for run in wave.runs),
                "kept": int(mine.sum()),
                "proposed": int(proposed.sum()),
                "proposed_kept": int((mine & proposed).sum()),
                "explained": float(np.median(explained)) if explained else np.nan,
            }
        )
    return pd.DataFrame(rows)


def target_table(history: History) -> pd.DataFrame:
    """Returns a row a target: what is accepted, what was simulated in the first wave (drawn over the
    whole ranges) and in the sets that are kept, and the share of the first wave that it rules out,
    and that it alone rules out.
    """
    first = np.flatnonzero([one.wave == 1 for one in history.sets] & history.simulated)
    found, values, kept = history.implausibilities, history.values, history.kept
    middle = medoid(history)
    counts, cutoff = ruling_out(history.targets), history.settings.cutoff
    beyond = (found[first] > cutoff) & counts
    alone = beyond & (beyond.sum(axis=1, keepdims=True) == 1)
    rows = []
    for at, target in enumerate(history.targets):
        row = {
            "target": target.id,
            "measure": target.measure,
            "first_year": target.first_year,
            "last_year": target.last_year,
            "centre": target.centre,
            "accept_low": target.low,
            "accept_high": target.high,
            "weight": target.weight,
            "medoid": np.nan if middle is None else values[middle - 1, at],
            "noise_sd": float(np.sqrt(history.noise[at])),
            "ruled_out": float(beyond[:, at].mean()) if len(first) else np.nan,
            "alone": float(alone[:, at].mean()) if len(first) else np.nan,
        }
        row |= _percentiles("whole", values[first, at]) | _percentiles("kept", values[kept, at])
        rows.append(row)
    return pd.DataFrame(rows)


def _percentiles(name: str, values: np.ndarray) -> dict[str, float]:
    values = values[np.isfinite(values)]
    found = np.percentile(values, QUARTERS) if len(values) else np.full(len(QUARTERS), np.nan)
    return {f"{name}_{at}": float(one) for at, one in zip(QUARTERS, found, strict=True)}


def range_table(history: History) -> pd.DataFrame:
    """Returns a row a parameter, those that were learned first: its range, what is left of it, and
    which target moves with it.

    left: interquartile range of the kept sets over that of the first wave, in the range's scale (1:
    nothing learned). distance: that of Kolmogorov and Smirnov between the kept sets and the first
    wave; learned: whether it is more than chance would show for any parameter in one case of
    twenty. rho, target: the strongest rank correlation with any simulated value in the
    first wave; floor: |rho| that chance alone exceeds for any parameter and target in one case of
    twenty.
    """
    space, kept = history.space, history.kept
    first = np.flatnonzero([one.wave == 1 for one in history.sets] & history.simulated)
    places, values = history.places, _values(history)
    rho, which = _strongest(places[first], history.values[first])
    floor = false_alarm_threshold(len(first), len(space.axes) * len(history.targets))
    rows = []
    for at, axis in enumerate(space.axes):
        whole, left = _width(places[first, at]), _width(places[kept, at])
        distance, learned = _learned(places[first, at], places[kept, at], len(space.axes))
        row = {
            "parameter": axis.name,
            "kind": axis.kind,
            "low": axis.low,
            "high": axis.high,
            "learned": learned,
            "distance": distance,
            "left": left / whole if whole > 0 else np.nan,
            "rho": rho[at],
            "target": history.targets[which[at]].id,
            "floor": floor,
        }
        row |= _percentiles("kept", values[kept, at])
        row |= _percentiles("place", places[kept, at])
        rows.append(row)
    table = pd.DataFrame(rows)
    order = np.lexsort((-table["distance"].fillna(0.0), ~table["learned"]))
    return table.iloc[order].reset_index(drop=True)


def _learned(whole: np.ndarray, kept: np.ndarray, parameters: int) -> tuple[float, bool]:
    """Returns the distance of Kolmogorov and Smirnov between two samples, and whether it stands out
    of those of so many parameters.
    """
    if not len(whole) or not len(kept):
        return np.nan, False
    found = ks_2samp(whole, kept, method="asymp")
    return float(found.statistic), bool(found.pvalue < FALSE_ALARM / parameters)


def _values(history: History) -> np.ndarray:
    return np.array([list(one.values.values()) for one in history.sets])


def _width(places: np.ndarray) -> float:
    return float(np.subtract(*np.percentile(places, [75, 25]))) if len(places) else np.nan


def _strongest(places: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the strongest rank correlation (d,) of each parameter with any target, and which."""
    each = []
    for column in values.T:
        there = np.isfinite(column)
        several = there.sum() > 2
        each.append(
            rank_correlations(places[there], column[there])
            if several
            else np.zeros(places.shape[1])
        )
    rho = np.array(each)
    which = np.abs(rho).argmax(axis=0)
    return rho[which, np.arange(rho.shape[1])], which


def medoid(history: History) -> int | None:
    """Returns the number of the kept set that is nearest to all others, by the sum of its distances
    in the ranges (each scaled to 0 to 1); None where none is kept.

    Source: Kaufman and Rousseeuw 1987.
    """
    at = np.flatnonzero(history.kept)
    if not len(at):
        return None
    places = history.places[at]
    sums = [float(np.sqrt(((places - one) ** 2).sum(axis=1)).sum()) for one in places]
    return history.sets[at[int(np.argmin(sums))]].number
