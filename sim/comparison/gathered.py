"""The tables of finished cells, gathered by arm, draw and seed: yearly values, quantities, and weeks for figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..economics.measures import MONEY, money_by_year
from ..economics.prices import PriceBook
from ..economics.quantities import quantities
from ..experiment.measures import MEASURES, Yearly, by_year
from ..experiment.store import read_cell
from ..experiment.yearly import households_of
from ..scenario.comparison import Comparison
from .plan import DECLARED_VALUES, Place

WEEKLY = ("load", "slack", "households_latent", "households_manifest", "households_compounded", "unseen_latent", "unseen_manifest",
          "unseen_compounded")
ALL_MEASURES: dict[str, Yearly] = {one.name: one for one in (*MEASURES, *MONEY)}
KEYS = ["arm", "draw", "seed"]
SHARE = "ledger.unseen_cost_share"


class Gathered(NamedTuple):
    """values (arm, draw, seed, year, measure, value); quantities (arm, draw, seed, year, id, mix, amount); weekly (arm, seed,
    week, WEEKLY columns; declared parameter values alone); households of the town at its start.
    """

    values: pd.DataFrame
    quantities: pd.DataFrame
    weekly: pd.DataFrame
    households: int


def gather(comparison: Comparison, folders: Mapping[Place, Path], book: PriceBook) -> Gathered:
    """Read every cell's weekly table of the town once; `folders` are those of the finished cells."""
    parts = [_of_cell(comparison, place, folder) for place, folder in folders.items()]
    values, counted, weekly, households = zip(*parts, strict=True)
    counted = _joined(counted)
    money = _placed(money_by_year(counted, book))
    order = [*KEYS, "year", "measure", "value"]
    return Gathered(pd.concat([_joined(values)[order], money[order]], ignore_index=True), counted,
                    _joined(part for part in weekly if part is not None), households[0])


def _of_cell(comparison: Comparison, place: Place, folder: Path) -> tuple:
    town = read_cell(folder, "town").to_pandas().drop(columns="seed")
    scenario = comparison.arm(place.arm).scenario
    households = households_of(town)
    values = by_year(town, scenario.people.population, households)
    weekly = town[["week", *WEEKLY]] if place.draw == DECLARED_VALUES else None
    tables = (values, quantities(town, scenario.parameters[SHARE]), weekly)
    return *(None if table is None else _at(table, place) for table in tables), households


def _at(table: pd.DataFrame, place: Place) -> pd.DataFrame:
    """A table with the place of its cell in front."""
    keys = pd.DataFrame({name: value for name, value in zip(KEYS, place, strict=True)}, index=table.index)
    return pd.concat([keys, table], axis=1)


def _joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(tables), ignore_index=True)


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"draw": "int64", "seed": "int64"})
