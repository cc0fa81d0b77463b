"""What a nation prints, and what it writes into its folder."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cli.comparison_output import put
from sim.cli.console import console_for
from sim.economics.costing import read_prices
from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance
from sim.report.text.nation import (
    class_sections,
    nation_heading,
    nation_measures,
    plan_lines,
    read_lines,
    whole_section,
)
from sim.scenario.scenario import digest
from sim.study import store
from sim.study.compare import PRICES
from sim.study.nation.differences import municipality_values, region_differences
from sim.study.nation.tables import (
    CLASS,
    NATION,
    PREFECTURE,
    NationTables,
    nation_tables,
    region_values,
)
from sim.study.nation.work import NationWork
from sim.towns.nation.regions import PREFECTURES, SIZE_CLASSES
from sim.words import LANGUAGES, InBoth, Phrase, language

MUNICIPALITIES = "municipalities"
FILES = {NATION: "nation", PREFECTURE: "prefectures", CLASS: "classes"}
KIND = "nation"
NAMED: dict[str, dict[str, Phrase | InBoth]] = {
    NATION: {"all": Phrase("nation.whole")},
    PREFECTURE: {**PREFECTURES},
    CLASS: {one.id: one.name for one in SIZE_CLASSES},
}


class WrittenNation:
    """A finished nation on its way into its folder."""

    def __init__(self, work: NationWork):
        self.work = work
        self.tables: NationTables | None = None
        self.regions: dict[str, pd.DataFrame] = {}

    def any_finished(self) -> bool:
        """Returns whether all cells of some municipality are there."""
        return any(self.work.folders(row) is not None for row in self.work.nation.ordered)

    def write(self, folder: Path) -> None:
        """Write everything into an empty folder."""
        nation, book = self.work.nation, read_prices(PRICES)
        measures = nation_measures(nation.comparison)
        file = folder / f"{MUNICIPALITIES}.parquet"
        self.tables = nation_tables(self.work, book, measures, file)
        year = nation.comparison.base.years
        rows = municipality_values(self.tables, year)
        write_csv(folder / f"{MUNICIPALITIES}.csv", named_municipalities(rows))
        for kind, name in FILES.items():
            store.write_table(folder / f"{name}.parquet", region_values(self.tables, kind))
            self.regions[kind] = region_differences(self.tables, kind)
            write_csv(folder / f"{name}.csv", named_regions(self.regions[kind], kind))
        self._write_failed(folder)
        content = self._content()
        written = [MUNICIPALITIES, *FILES.values()]
        manifest = provenance.manifest(folder, self.work.results.id, KIND, written, content)
        store.write_json(folder / store.MANIFEST, manifest)

    @cached_property
    def failed(self) -> list[dict[str, Any]]:
        """The cells that failed."""
        return [
            {
                "id": outcome.cell.scenario.people.id,
                "arm": outcome.cell.scenario.id,
                "seed": outcome.seed,
                "error": outcome.error,
            }
            for outcome in self.work.failed
        ]

    def _write_failed(self, folder: Path) -> None:
        if self.failed:
            write_csv(folder / "failed.csv", pd.DataFrame(self.failed))

    def _content(self) -> dict[str, Any]:
        """Returns what was simulated."""
        nation = self.work.nation
        comparison = nation.comparison
        return {
            "table": nation.table.file,
            "left_out": dict(nation.table.left_out),
            "municipalities": len(nation.rows),
            "of_municipalities": len(nation.table.rows),
            "residents": sum(row.population for row in nation.rows),
            "residents_simulated": sum(map(nation.lived, nation.rows)),
            "largest": nation.largest,
            "seeds": nation.seeds,
            "sets": len(nation.sets),
            "years": comparison.base.years,
            "run_in_weeks": comparison.base.run_in_weeks,
            "reference": comparison.reference,
            "arms": {arm.id: in_both(arm.name) for arm in comparison.arms},
            "digests": [{arm.id: digest(arm.scenario) for arm in one.arms} for one in nation.sets],
            "finished_before": self.work.found,
            "failed": self.failed,
        }

    def show(self) -> None:
        """Print what was simulated, the whole, and the differences by size."""
        nation, console, lang = self.work.nation, console_for(None), language()
        whole = self.regions[NATION]
        lines = [
            *read_lines(nation.table, lang),
            *plan_lines(nation, lang),
            *nation_heading(nation, whole, lang),
        ]
        for line in lines:
            console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
        put(console, whole_section(nation, whole, lang))
        for section in class_sections(nation, self.regions[CLASS], lang):
            put(console, section)
        console.print()


def in_both(label: Any) -> dict[str, str]:
    """Returns a name in both languages."""
    return {lang: getattr(label, lang) for lang in LANGUAGES}


def named_municipalities(rows: pd.DataFrame) -> pd.DataFrame:
    """Returns the table of municipalities with the names of prefecture and size class beside their
    ids.
    """
    table = rows.copy()
    for column, kind in (("class", CLASS), ("prefecture", PREFECTURE)):
        place = list(table.columns).index(column) + 1
        for lang in reversed(LANGUAGES):
            said = {id: name.say(lang) for id, name in NAMED[kind].items()}
            table.insert(place, f"{column}_{lang}", table[column].map(said))
    return table


def named_regions(regions: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Returns the table of regions with their names in both languages beside their ids."""
    table = regions.copy()
    for place, lang in enumerate(LANGUAGES, start=1):
        said = {id: name.say(lang) for id, name in NAMED[kind].items()}
        table.insert(place, f"name_{lang}", table["id"].map(said))
    return table
