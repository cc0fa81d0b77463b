"""Differences of the arms from the reference over the municipalities of a region, and how sure they
are.

With one seed for each municipality nothing is known of the luck of a single one. Over a region the
municipalities are independent of each other: no two share a seed. The interval of a region's
difference takes the spread between its municipalities for their luck, weighted by residents. It
holds what really differs between them too, and so is rather too wide than too narrow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from sim.declared.measure import HIGHER, LOWER, Yearly
from sim.study.marks import side
from sim.study.measures import Counted, Measure
from sim.study.nation.tables import NAMES, NationTables, Region, measure_named
from sim.towns.nation.regions import size_class

CONFIDENCE = 0.95
SPREAD = (0.1, 0.5, 0.9)  # quantiles of the municipalities' differences
PER_RESIDENTS = 100_000


class Reach(NamedTuple):
    """Half the width of an interval, the number of municipalities of equal weight that it rests on,
    and whether every difference is exactly 0.
    """

    half: float
    number: float
    identical: bool


def adds_up(measure: Yearly) -> bool:
    """Returns whether a measure is an amount, which is the larger the larger a town is."""
    if isinstance(measure, Measure):
        return isinstance(measure.formula, Counted) and measure.formula.per == ""
    return True  # money


def influences(values: np.ndarray, weights: np.ndarray, amount: bool) -> np.ndarray:
    """Returns how much each of n municipalities moves its region's number from where it would be if
    the municipality were like the rest (n, ...).

    A region's measure is a mean of its municipalities', weighted by `weights` (n, ...): weight x
    (value - mean) / sum of weights. An amount is a sum: value - weight x sum of values / sum of
    weights, with residents as weights. NaN, where there is nothing to count, moves nothing.
    """
    there = ~np.isnan(values)
    value, weight = np.where(there, values, 0.0), np.where(there, weights, 0.0)
    whole = weight.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if amount:
            return value - weight * (value.sum(axis=0) / whole)
        return weight * (value - (weight * value).sum(axis=0) / whole) / whole


def reach_of(moved: np.ndarray, weights: np.ndarray, identical: bool) -> Reach:
    """Returns the interval of a region's difference from how much each municipality moves it (n,).

    Variance: m / (m - 1) x sum of squares, with m = (sum w)^2 / sum w^2, Kish's effective number of
    municipalities; t distribution with m - 1 degrees of freedom.
    """
    weight = np.nan_to_num(weights)
    whole = weight.sum()
    number = float(whole**2 / np.sum(weight**2)) if whole else 0.0
    if identical:
        return Reach(0.0, number, True)
    if number <= 1.5:
        return Reach(np.nan, number, False)
    spread = np.sqrt(number / (number - 1) * np.sum(moved**2))
    return Reach(float(stats.t.ppf(0.5 + CONFIDENCE / 2, number - 1) * spread), number, False)


def region_differences(tables: NationTables, kind: str) -> pd.DataFrame:
    """Returns a row for each region of a kind, arm beside the reference, measure and year: value of
    the reference and of the arm, difference, interval, what it allows to say, spread between
    municipalities, and in how many parameter sets the arm is better.
    """
    rows = [
        one
        for region in tables.ordered(kind)
        for arm in tables.nation.comparison.others
        for one in _of_region(tables, region, arm.id)
    ]
    return pd.DataFrame(rows)


def _of_region(tables: NationTables, region: Region, arm: str) -> list[dict]:
    """Returns the rows of one region and arm."""
    base, mine = _of_arm(tables, tables.nation.comparison.reference), _of_arm(tables, arm)
    whole = tables.of_regions[region.kind, region.id]
    values = np.array([tables.values[place] for place in region.members])
    weights = np.array([tables.weights[place] for place in region.members])
    residents = np.array([tables.rows[place].population for place in region.members])
    rows = []
    for at, name in enumerate(tables.measures):
        measure, place = measure_named(name), NAMES.index(name)
        amount = adds_up(measure)
        value, weight = values[..., at], weights[..., at]
        moved = influences(value, weight, amount)
        moved = (moved[:, mine] - moved[:, base]).mean(axis=1)  # over the parameter sets
        gaps = value[:, mine] - value[:, base]
        size = weight[:, base].mean(axis=1)
        for year in range(whole.shape[1]):
            there = gaps[:, :, year][~np.isnan(gaps[:, :, year])]
            same = there.size > 0 and bool(np.all(there == 0))
            reach = reach_of(moved[:, year], size[:, year], same)
            row = _row(measure, whole[base, year, place], whole[mine, year, place], reach)
            each = gaps[:, :, year].mean(axis=1)
            each = PER_RESIDENTS * each / residents if amount else each
            rows.append(_head(region, arm, name, year + 1) | row | _spread(each))
    return rows


def _of_arm(tables: NationTables, arm: str) -> list[int]:
    """Returns the places of an arm's runs, one for each parameter set."""
    return [at for at, (name, _) in enumerate(tables.runs) if name == arm]


def _head(region: Region, arm: str, measure: str, year: int) -> dict:
    return {
        "id": region.id,
        "municipalities": region.municipalities,
        "residents": region.residents,
        "lived": region.lived,
        "arm": arm,
        "measure": measure,
        "year": year,
    }


def _row(measure: Yearly, before: np.ndarray, after: np.ndarray, reach: Reach) -> dict:
    """Returns the values of a region (one for each parameter set), their difference, its interval
    and what that allows to say.
    """
    gaps = after - before
    better = {LOWER: gaps < 0, HIGHER: gaps > 0}.get(measure.better)
    low, high = gaps.mean() - reach.half, gaps.mean() + reach.half
    return {
        "reference": before.mean(),
        "value": after.mean(),
        "difference": gaps.mean(),
        "low": low,
        "high": high,
        "effective": reach.number,
        "side": side(low, high, int(reach.number), reach.identical),
        "sets": len(gaps),
        "sets_better": -1 if better is None else int(better.sum()),
        "lowest_set": gaps.min(),
        "highest_set": gaps.max(),
    }


def _spread(gaps: np.ndarray) -> dict:
    """Returns the spread of the municipalities' differences; amounts for each 100,000 residents."""
    there = gaps[~np.isnan(gaps)]
    found = np.quantile(there, SPREAD) if there.size else (np.nan,) * len(SPREAD)
    return {f"municipality_{100 * q:.0f}": one for q, one in zip(SPREAD, found, strict=True)}


def municipality_values(tables: NationTables, year: int) -> pd.DataFrame:
    """Returns a row for each municipality, in the order of its code: what the table says of it, and
    for each measure the value of every arm in a year and the difference from the reference.

    Means over the parameter sets. With one seed a difference is that of one run: no mark.
    """
    reference = tables.nation.comparison.reference
    rows = []
    for row, values in zip(tables.rows, tables.values, strict=True):
        line = {
            "id": row.code,
            "name": row.name,
            "prefecture": row.prefecture,
            "class": size_class(row.population).id,
            "residents": row.population,
            "ageing_rate": row.ageing_rate,
            "lived": tables.nation.lived(row),
        }
        for at, name in enumerate(tables.measures):
            of_arm = {
                arm.id: values[_of_arm(tables, arm.id), year - 1, at].mean()
                for arm in tables.nation.comparison.arms
            }
            line |= {f"{name}_{arm}": value for arm, value in of_arm.items()}
            line |= {
                f"{name}_{arm}_difference": value - of_arm[reference]
                for arm, value in of_arm.items()
                if arm != reference
            }
        rows.append(line)
    return pd.DataFrame(rows).sort_values("id", ignore_index=True)
