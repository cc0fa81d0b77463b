"""The tables of a nation: measures by municipality, prefecture and size class, worked out a few
municipalities at a time.

A region is its municipalities taken together: what is counted is added, a mean is weighted as its
column declares, and the measure is the same formula over the sums. So the number of a region is
that of one large municipality and not a mean of rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.declared.measure import Yearly
from sim.declared.records import STOCKS, column_names
from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.economics.costing import PriceBook
from sim.economics.quantities import charged, quantities
from sim.study.gather import ALL_MEASURES, SHARE
from sim.study.measures import MEASURES, Counted, Formula, Mean, Ratio, Scaled, Years
from sim.study.money_measures import MONEY, money_by_year
from sim.study.nation.work import Nation, NationPlace, NationWork
from sim.study.store import OPTIONS, as_arrow, read_cell
from sim.towns.nation.regions import SIZE_CLASSES, size_class
from sim.towns.nation.table import Municipality

AT_ONCE = 20  # municipalities whose tables are in memory together
START = "start"  # the weight of a mean over households at the start
NATION, PREFECTURE, CLASS = "nation", "prefecture", "class"
NAMES = tuple(ALL_MEASURES)
WEIGHTS = {
    label: column.weight
    for name, column in STOCKS.items()
    if column.weight
    for label in column_names({name: column})
}


@dataclass
class Sums:
    """Yearly sums (R, Y, C) and means (R, Y, C) of the weekly columns of towns taken together, one
    of R runs (an arm with a parameter set) in each row; residents, and households (R,) at the start.

    `weights` (R, Y, C) is what each mean that does not add up is weighted by; `means` of those are
    held times their weights.
    """

    columns: tuple[str, ...]
    total: np.ndarray
    means: np.ndarray
    weights: np.ndarray
    population: np.ndarray
    households: np.ndarray

    def __iadd__(self, other: Sums) -> Sums:
        """Take another town in."""
        self.total += other.total
        self.means += other.means
        self.weights += other.weights
        self.population += other.population
        self.households += other.households
        return self

    def copy(self) -> Sums:
        """Returns sums that can be added to without changing these."""
        return Sums(self.columns, *(part.copy() for part in self._parts()))

    def _parts(self) -> tuple[np.ndarray, ...]:
        return self.total, self.means, self.weights, self.population, self.households

    @staticmethod
    def stacked(several: Sequence[Sums]) -> Sums:
        """Returns the runs of several towns as runs of one table, one town after the other."""
        parts = zip(*(one._parts() for one in several), strict=True)
        return Sums(several[0].columns, *(np.concatenate(part) for part in parts))

    def years(self) -> Years:
        """Returns the sums and means as measures take them, a row for each run and year."""
        runs, count, width = self.total.shape
        index = pd.MultiIndex.from_product(
            [range(runs), range(1, count + 1)], names=["seed", "year"]
        )
        weighted = np.array([name in WEIGHTS for name in self.columns])
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(weighted, self.means / self.weights, self.means)
        frames = [
            pd.DataFrame(part.reshape(-1, width), index=index, columns=list(self.columns))
            for part in (self.total, mean)
        ]
        population, households = (
            pd.Series(np.repeat(number, count), index=index)
            for number in (self.population, self.households)
        )
        return Years(frames[0], frames[1], population, households)


def sums_of(runs: Sequence[tuple[pd.DataFrame, float]], residents: float, lived: float) -> Sums:
    """Returns the sums of one municipality from what its cells keep, (years, households) for each
    run; what is counted stands for `residents` where fewer were simulated.
    """
    factor = residents / lived
    columns = tuple(dict.fromkeys(runs[0][0]["column"]))
    total, mean = (
        np.array([one[name].to_numpy().reshape(-1, len(columns)) for one, _ in runs])
        for name in ("total", "mean")
    )
    households = factor * np.array([number for _, number in runs])
    weights = np.zeros_like(mean)
    means = factor * mean
    for at, name in enumerate(columns):
        by = WEIGHTS.get(name)
        if by:
            given = households[:, None] if by == START else factor * mean[:, :, columns.index(by)]
            there = ~np.isnan(mean[:, :, at])
            weights[:, :, at] = np.where(there, given, 0.0)
            means[:, :, at] = np.where(there, mean[:, :, at] * weights[:, :, at], 0.0)
    population = np.full(len(runs), float(residents))
    return Sums(columns, factor * total, means, weights, population, households)


def weight_of(formula: Formula | None, years: Years) -> pd.Series:
    """Returns what a measure of a region weights its municipalities by: the whole that the measure
    is a part of, or else the residents. The weighted mean of the municipalities' measures is then
    that of the region.
    """
    while isinstance(formula, Scaled):
        formula = formula.formula
    population = pd.Series(years.population, index=years.total.index)
    if isinstance(formula, Ratio):
        return formula.whole(years)
    if isinstance(formula, Counted) and formula.per == "households":
        return pd.Series(years.households, index=years.total.index)
    by = WEIGHTS.get(formula.names[0]) if isinstance(formula, Mean) else None
    if by is None:
        return population
    return pd.Series(years.households if by == START else years.mean[by], index=population.index)


def weights_of(sums: Sums, measures: Sequence[str]) -> np.ndarray:
    """Returns the weight of each of these measures (R, Y, K)."""
    years = sums.years()
    formulas = {one.name: one.formula for one in MEASURES}
    found = [weight_of(formulas.get(name), years).to_numpy(dtype=float) for name in measures]
    return np.column_stack(found).reshape(*sums.total.shape[:2], len(measures))


def measured(sums: Sums, shares: np.ndarray, book: PriceBook) -> np.ndarray:
    """Returns every measure of NAMES (R, Y, M); `shares` (R,) of the service cost is charged for
    unseen households.
    """
    years = sums.years()
    plain = np.column_stack([one.formula(years).to_numpy(dtype=float) for one in MEASURES])
    runs, count, _ = sums.total.shape
    totals = years.total.reset_index()
    totals["week"] = (totals.pop("year") - 1) * WEEKS_PER_YEAR
    counted = quantities(totals).assign(arm="", world=0)
    share = pd.Series(shares[counted["seed"].to_numpy()], index=counted.index)
    money = money_by_year(charged(counted, share), book)
    wide = money.pivot(index=["seed", "year"], columns="measure", values="value")
    yen = wide[[one.name for one in MONEY]].to_numpy()
    return np.concatenate([plain, yen], axis=1).reshape(runs, count, len(NAMES))


@dataclass
class Region:
    """Municipalities taken together: how many, their residents and those simulated, and their
    sums.
    """

    kind: str
    id: str
    municipalities: int = 0
    residents: int = 0
    lived: int = 0
    members: list[int] = field(
        default_factory=list
    )  # places among the municipalities of the tables
    sums: Sums | None = None

    def take(self, row: Municipality, lived: int, sums: Sums, place: int) -> None:
        """Take a municipality in."""
        self.municipalities += 1
        self.residents += row.population
        self.lived += lived
        self.members.append(place)
        if self.sums is None:
            self.sums = sums.copy()
        else:
            self.sums += sums


def regions_of(row: Municipality) -> tuple[tuple[str, str], ...]:
    """Returns the regions that a municipality belongs to, by kind and id."""
    return (
        (NATION, "all"),
        (PREFECTURE, row.prefecture),
        (CLASS, size_class(row.population).id),
    )


@dataclass
class NationTables:
    """A finished nation. `rows` are the municipalities whose cells are all there, `values` (R, Y, K)
    of each their `measures`, and `weights` (R, Y, K) those by which a region weights them;
    `regions` by kind and id with `of_regions` (R, Y, M), every measure of NAMES.
    """

    nation: Nation
    measures: tuple[str, ...]
    rows: list[Municipality] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)
    regions: dict[tuple[str, str], Region] = field(default_factory=dict)
    of_regions: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    @property
    def runs(self) -> list[tuple[str, int]]:
        """The arm and the parameter set of each run."""
        arms = [arm.id for arm in self.nation.comparison.arms]
        return [(arm, number) for number in range(1, len(self.nation.sets) + 1) for arm in arms]

    def ordered(self, kind: str) -> list[Region]:
        """Returns the regions of a kind: prefectures by number, classes the largest first."""
        found = {id: region for (of, id), region in self.regions.items() if of == kind}
        order = [one.id for one in SIZE_CLASSES] if kind == CLASS else sorted(found)
        return [found[id] for id in order if id in found]


def nation_tables(
    work: NationWork, book: PriceBook, measures: Sequence[str], file: Path
) -> NationTables:
    """Returns the tables of what is finished, and writes every measure of every municipality into
    the Parquet `file`, so that it need not be in memory.
    """
    tables = NationTables(work.nation, tuple(measures))
    shares = np.array([_share(work.nation, *run) for run in tables.runs])
    shown = [NAMES.index(name) for name in measures]
    writer: pq.ParquetWriter | None = None
    try:
        for rows, values, weights in _batches(work, tables, shares, book):
            tables.values += list(values[..., shown])
            tables.weights += list(weights)
            parts = zip(rows, values, strict=True)
            long = [_long(row.code, tables.runs, of_row) for row, of_row in parts]
            table = as_arrow(pd.concat(long, ignore_index=True))
            writer = writer or pq.ParquetWriter(file, table.schema, **OPTIONS)
            writer.write_table(table)
    finally:
        if writer:
            writer.close()
    for key, region in tables.regions.items():
        assert region.sums is not None
        tables.of_regions[key] = measured(region.sums, shares, book)
    return tables


def _batches(
    work: NationWork, tables: NationTables, shares: np.ndarray, book: PriceBook
) -> Iterator[tuple[list[Municipality], np.ndarray, np.ndarray]]:
    """Returns finished municipalities, so many at a time, with their measures (n, R, Y, M) and
    weights (n, R, Y, K); each is put into its regions.
    """
    ordered = work.nation.ordered
    for at in range(0, len(ordered), AT_ONCE):
        rows, several = [], []
        for row in ordered[at : at + AT_ONCE]:
            folders = work.folders(row)
            if folders is not None:
                sums = _of_municipality(tables, row, folders)
                _take(tables, row, sums)
                rows.append(row)
                several.append(sums)
        if rows:
            together, each = Sums.stacked(several), (len(rows), len(shares))
            values = measured(together, np.tile(shares, len(rows)), book)
            weights = weights_of(together, tables.measures)
            yield (
                rows,
                values.reshape(*each, *values.shape[1:]),
                weights.reshape(*each, *weights.shape[1:]),
            )


def _share(nation: Nation, arm: str, number: int) -> float:
    return nation.sets[number - 1].arm(arm).scenario.parameters[SHARE]


def _of_municipality(
    tables: NationTables, row: Municipality, folders: dict[NationPlace, Path]
) -> Sums:
    """Returns the sums of a municipality: each run the mean over its seeds."""
    nation = tables.nation
    runs = []
    for arm, number in tables.runs:
        places = [NationPlace(row.code, number, seed, arm) for seed in range(1, nation.seeds + 1)]
        years = [read_cell(folders[place], "years").to_pandas() for place in places]
        start = [read_cell(folders[place], "start").to_pandas() for place in places]
        mean = years[0].assign(
            total=np.mean([one["total"] for one in years], axis=0),
            mean=np.mean([one["mean"] for one in years], axis=0),
        )
        runs.append((mean, float(np.mean([one["households"].iloc[0] for one in start]))))
    return sums_of(runs, row.population, nation.lived(row))


def _take(tables: NationTables, row: Municipality, sums: Sums) -> None:
    """Put a municipality into its regions."""
    for kind, id in regions_of(row):
        region = tables.regions.setdefault((kind, id), Region(kind, id))
        region.take(row, tables.nation.lived(row), sums, len(tables.rows))
    tables.rows.append(row)


def _long(id: str, runs: Iterable[tuple[str, int]], values: np.ndarray) -> pd.DataFrame:
    """Returns measures (R, Y, M) as a table (id, arm, set, year, measure, value)."""
    arms, sets = zip(*runs, strict=True)
    number, years, width = values.shape
    return pd.DataFrame(
        {
            "id": id,
            "arm": np.repeat(arms, years * width),
            "set": np.repeat(sets, years * width),
            "year": np.tile(np.repeat(np.arange(1, years + 1), width), number),
            "measure": np.tile(NAMES, number * years),
            "value": values.ravel(),
        }
    )


def region_values(tables: NationTables, kind: str) -> pd.DataFrame:
    """Returns every measure of the regions of a kind (id, arm, set, year, measure, value)."""
    parts: Iterator[pd.DataFrame] = (
        _long(region.id, tables.runs, tables.of_regions[kind, region.id])
        for region in tables.ordered(kind)
    )
    return pd.concat(list(parts), ignore_index=True)


def measure_named(name: str) -> Yearly:
    """Returns the declaration of a measure, money among them."""
    return ALL_MEASURES[name]
