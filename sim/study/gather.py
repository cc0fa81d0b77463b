"""The tables of finished cells, gathered by arm, world and seed: yearly values, quantities, and
weeks for figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.declared.measure import Yearly
from sim.economics.costing import PriceBook
from sim.economics.quantities import charged, quantities
from sim.scenario.comparison import Comparison
from sim.study.cells import Cell
from sim.study.design import DesignPoint
from sim.study.funding import funded_book, funded_quantities
from sim.study.measures import MEASURES, NEED, UNSEEN, households_of, measures_by_year
from sim.study.money_measures import MONEY, money_by_year
from sim.study.store import read_cell
from sim.study.worlds import main_runs

WEEKLY = (
    "load",
    "slack",
    *NEED,
    *UNSEEN,
)
ALL_MEASURES: dict[str, Yearly] = {one.name: one for one in (*MEASURES, *MONEY)}
AT_ONCE = 40  # cells whose weekly tables are in memory together: about 30 MB for ten years
SHARE = "ledger.unseen_cost_share"


class Gathered(NamedTuple):
    """values (arm, world, seed, year, measure, value); quantities (arm, world, seed, year, id, mix,
    amount, unseen); shares (arm, world, share of the service cost that unseen households are
    charged); weekly (arm, seed, week, WEEKLY columns; declared parameter values alone); households
    of the town at its start.
    """

    values: pd.DataFrame
    quantities: pd.DataFrame
    shares: pd.DataFrame
    weekly: pd.DataFrame
    households: int

    @property
    def charged(self) -> pd.DataFrame:
        """The quantities as they are priced: unseen households charged at their share."""
        share = self.quantities[["arm", "world"]].merge(
            self.shares, on=["arm", "world"], how="left"
        )["share"]
        return charged(self.quantities, share.set_axis(self.quantities.index))


def gather(
    comparison: Comparison,
    folders: Mapping[DesignPoint, Path],
    cells: Mapping[DesignPoint, Cell],
    book: PriceBook,
) -> Gathered:
    """Read every cell's weekly table of the town once; `folders` are those of the finished
    cells.
    """
    batches = [
        batch
        for arm in comparison.arms
        for batch in _batches([place for place in folders if place.arm == arm.id])
    ]
    parts = [_of_batch(comparison, batch, folders) for batch in batches]
    values, counted, weekly, households = zip(*parts, strict=True)
    shares = {
        (place.arm, place.world): cells[place].scenario.parameters[SHARE] for place in folders
    }
    table = pd.DataFrame(
        [(*key, share) for key, share in shares.items()], columns=["arm", "world", "share"]
    )
    book = funded_book(comparison, book)
    paid = funded_quantities(_joined(counted), comparison, book)
    plain = Gathered(_joined(values), paid, table, _joined(weekly), households[0])
    return plain._replace(
        values=_joined([plain.values, money_by_year(plain.charged, book)[plain.values.columns]])
    )


def repriced(gathered: Gathered, comparison: Comparison, book: PriceBook) -> Gathered:
    """Returns the same runs at other prices and sources of money: the measures of money worked out
    again, the rest as it was.
    """
    book = funded_book(comparison, book)
    paid = funded_quantities(gathered.quantities, comparison, book)
    gathered = gathered._replace(quantities=paid)
    model = gathered.values[~gathered.values["measure"].isin([one.name for one in MONEY])]
    return gathered._replace(
        values=_joined([model, money_by_year(gathered.charged, book)[model.columns]])
    )


def _batches(places: Sequence[DesignPoint]) -> Iterator[Sequence[DesignPoint]]:
    """Returns the places of one arm, so many at a time that their tables fit into memory."""
    return (places[at : at + AT_ONCE] for at in range(0, len(places), AT_ONCE))


def _of_batch(
    comparison: Comparison, places: Sequence[DesignPoint], folders: Mapping[DesignPoint, Path]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]:
    """Returns the tables of cells of one arm, worked out together: `seed` counts the runs until
    their places are put in.
    """
    towns = pd.concat(
        [
            read_cell(folders[place], "town").to_pandas().assign(seed=run)
            for run, place in enumerate(places)
        ],
        ignore_index=True,
    )
    households = households_of(towns)
    population = comparison.base.people.population
    main = main_runs((place.world, place.seed) for place in folders)
    of_main = [run for run, place in enumerate(places) if (place.world, place.seed) in main]
    weekly = towns.loc[towns["seed"].isin(of_main), ["seed", "week", *WEEKLY]]
    values, counted, by_week = (
        _placed(table, places)
        for table in (measures_by_year(towns, population, households), quantities(towns), weekly)
    )
    return values, counted, by_week, households


def _placed(table: pd.DataFrame, places: Sequence[DesignPoint]) -> pd.DataFrame:
    """Returns a table with arm, world and seed in front, in place of the number of the run."""
    run = table["seed"].to_numpy()
    keys = pd.DataFrame(
        {
            "arm": places[0].arm,
            "world": np.array([place.world for place in places])[run],
            "seed": np.array([place.seed for place in places])[run],
        },
        index=table.index,
    )
    return pd.concat([keys, table.drop(columns="seed")], axis=1)


def _joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(tables), ignore_index=True)
