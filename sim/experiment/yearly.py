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


@dataclass(frozen=True)
class Counted:
    """A formula that counts things: one more (in support all year, where it is a stock) adds `each`, in the whole town or, `per`
    "population" or "households", divided by how many there are at the start.
    """

    formula: Formula
    each: float = 1.0
    per: str = ""

    def __call__(self, years: Years) -> pd.Series:
        """The value of each year."""
        return self.formula(years)

    def step(self, population: float, households: float) -> float:
        """What one more adds in a town of this size."""
        return self.each / {"": 1.0, "population": population, "households": households}[self.per]


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


def events(*names: str) -> Counted:
    """How often something happens in a year."""
    return Counted(total(*names))


def stock(*names: str) -> Counted:
    """How many there are, as a mean over the year."""
    return Counted(mean(*names))


def times(factor: float, formula: Formula) -> Formula:
    """A formula times a constant."""
    return lambda years: factor * formula(years)


def per(part: Formula, whole: Formula) -> Formula:
    """A part over its whole; NaN where the whole is 0."""
    return lambda years: _quotient(part(years), whole(years))


def percent(part: Formula, whole: Formula) -> Formula:
    """100 times a part over its whole; NaN where the whole is 0."""
    return times(100, per(part, whole))


def of_households(*names: str) -> Counted:
    """Mean percent of the households of the start; constant below the line, so that differences are differences in number."""
    return Counted(
        lambda years: 100 * years.mean[list(names)].sum(axis=1) / years.households,
        100,
        "households",
    )


def per_households(each: float, *names: str) -> Counted:
    """Events per `each` households of the start."""
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.households,
        each,
        "households",
    )


def per_residents(each: float, *names: str, times_a_year: int = 1) -> Counted:
    """Events per `each` residents of the start, in one of `times_a_year` parts of a year."""
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.population / times_a_year,
        each / times_a_year,
        "population",
    )


def residents_per(each: float, *names: str) -> Counted:
    """Mean number per `each` residents of the start."""
    return Counted(
        lambda years: each * years.mean[list(names)].sum(axis=1) / years.population,
        each,
        "population",
    )


def _quotient(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)
