"""Weeks become years: formulas that measures are declared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ..state import STAGES
from ..streams import WEEKS_PER_YEAR


@dataclass(frozen=True)
class Years:
    """A weekly table by year (or seed and year): `total` and `mean` of every column, and the size of the town at its start."""

    total: pd.DataFrame
    mean: pd.DataFrame
    population: float
    households: float


Formula = Callable[[Years], pd.Series]


def years_of(town: pd.DataFrame, population: float, households: float) -> Years:
    """Sums and means of a weekly town table by year, and by seed where it has seeds; year 1 holds weeks 0 to 51."""
    year = (town["week"] // WEEKS_PER_YEAR + 1).rename("year")
    keys = [town["seed"], year] if "seed" in town else [year]
    weekly = town.drop(columns=["week", "seed"], errors="ignore").groupby(keys)
    return Years(weekly.sum(), weekly.mean(), population, households)


def households_of(town: pd.DataFrame) -> int:
    """Households of a town: those of its first week, with the rows that a crisis left empty."""
    first = town.iloc[0]
    return int(first[columns("households", STAGES)].sum() + first["empty_rows"])


def columns(name: str, labels: tuple[str, ...]) -> list[str]:
    """The weekly columns of a name, one a label."""
    return [f"{name}_{label}" for label in labels]


def total(*names: str) -> Formula:
    """Sum of these columns over the year."""
    return lambda years: years.total[list(names)].sum(axis=1)


def mean(*names: str) -> Formula:
    """Mean over the year of the sum of these columns; NaN where one of them is missing all year."""
    return lambda years: years.mean[list(names)].sum(axis=1, min_count=len(names))


def times(factor: float, formula: Formula) -> Formula:
    """A formula times a constant."""
    return lambda years: factor * formula(years)


def per(part: Formula, whole: Formula) -> Formula:
    """A part over its whole; NaN where the whole is 0."""
    return lambda years: _quotient(part(years), whole(years))


def percent(part: Formula, whole: Formula) -> Formula:
    """100 times a part over its whole; NaN where the whole is 0."""
    return times(100, per(part, whole))


def of_households(*names: str) -> Formula:
    """Mean percent of the households of the start; constant below the line, so that differences are differences in number."""
    return lambda years: 100 * years.mean[list(names)].sum(axis=1) / years.households


def per_residents(each: float, *names: str, times_a_year: int = 1) -> Formula:
    """Events per `each` residents of the start, in one of `times_a_year` parts of a year."""
    return lambda years: each * years.total[list(names)].sum(axis=1) / years.population / times_a_year


def residents_per(each: float, *names: str) -> Formula:
    """Mean number per `each` residents of the start."""
    return lambda years: each * years.mean[list(names)].sum(axis=1) / years.population


def _quotient(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)
