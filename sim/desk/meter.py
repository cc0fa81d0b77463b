"""What each payer pays in each full year of the two towns, priced as a comparison prices it."""

from __future__ import annotations

import pandas as pd

from sim.declared.payers import PAYERS
from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.desk.twin import Side, Twin
from sim.economics.costing import PriceBook
from sim.economics.money import by_payer, money
from sim.economics.quantities import charged, quantities


class Meter:
    """Yen by town, year and payer; a year is priced once, and anew where it was lived anew."""

    def __init__(self, book: PriceBook):
        self.book = book
        self._priced: dict[tuple[str, int], list[float]] = {}
        self._cuts = 0

    def years(self, twin: Twin) -> dict[str, list[list[float]]]:
        """For each town a list a full year: million yen of each of PAYERS."""
        cuts, self._cuts = twin.cuts[self._cuts :], len(twin.cuts)
        if cuts:
            first = min(cuts) // WEEKS_PER_YEAR
            self._priced = {key: yen for key, yen in self._priced.items() if key[1] < first}
        return {
            name: [self._year(name, year, side) for year in range(len(side.rows) // WEEKS_PER_YEAR)]
            for name, side in twin.sides.items()
        }

    def _year(self, name: str, year: int, side: Side) -> list[float]:
        if (name, year) not in self._priced:
            rows = side.rows[year * WEEKS_PER_YEAR : (year + 1) * WEEKS_PER_YEAR]
            table = pd.DataFrame(rows, columns=side.columns).assign(seed=0)
            table["week"] = table["week"].astype(int)
            share = side.scenario.values().ledger.unseen_cost_share
            counted = charged(quantities(table), share).assign(arm=name, variant="")
            yen = by_payer(money(counted, self.book)).iloc[0]
            self._priced[name, year] = [round(float(yen[payer]) / 1e6, 2) for payer in PAYERS]
        return self._priced[name, year]
