"""Dates of events to come hold as long as the rates at which they were drawn."""

from __future__ import annotations

from sim.declared.tables import Households, Ties
from sim.declared.vocabulary import NEVER
from sim.model.state import State

DATES = tuple(
    f"{table}.{column}"
    for table, kind in (("households", Households), ("ties", Ties))
    for column in kind.declarations()
    if column.endswith("_due")
)


def keep_dates(town: State, date: str, *rates: float) -> None:
    """Let the dates of the column `date` (of DATES) be drawn anew where `rates`, from which those at
    which they are drawn follow, are others than last week; the dates of other columns stay.
    """
    if town.dated_with.get(date, rates) != rates:
        table, column = date.split(".")
        getattr(town.tables()[table], column)[:] = NEVER
    town.dated_with[date] = rates
