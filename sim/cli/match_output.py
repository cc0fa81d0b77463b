"""What a match prints, and what it writes into its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.cli.comparison_output import put
from sim.cli.console import console_for
from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance
from sim.report.text.match import chance_line, match_heading, match_sections
from sim.scenario.scenario import digest
from sim.study import store
from sim.study.match.match import Matched
from sim.study.match.work import MatchWork
from sim.words import LANGUAGES, language

KIND = "match"
TABLES = ("sets", "values", "simulated", "kept", "targets", "parameters", "waves")


class WrittenMatch:
    """A finished match on its way into its folder."""

    def __init__(self, work: MatchWork, matched: Matched, figures: bool = True):
        self.work, self.matched, self.figures = work, matched, figures

    def tables(self) -> dict[str, pd.DataFrame]:
        """Returns the tables that are written, by the name of their file."""
        found = self.matched
        return {
            "sets": found.sets,
            "values": found.values,
            "simulated": found.simulated,
            "kept": found.kept,
            "targets": self._named_targets(),
            "parameters": found.by_parameter,
            "waves": found.waves,
        }

    def _named_targets(self) -> pd.DataFrame:
        """Returns the table of targets with their names and sources in both languages."""
        table = self.matched.by_target.copy()
        for lang in LANGUAGES:
            targets = self.matched.targets
            table[f"name_{lang}"] = [target.label(lang) for target in targets]
            table[f"source_{lang}"] = [target.source.say(lang) for target in targets]
        return table

    def write(self, folder: Path) -> None:
        """Write everything into an empty folder, with figures where these are asked for."""
        for name, table in self.tables().items():
            store.write_table(folder / f"{name}.parquet", table)
            write_csv(folder / f"{name}.csv", table)
        if self.matched.failed:
            rows = [{"set": at, "error": error} for at, error in self.matched.failed.items()]
            write_csv(folder / "failed.csv", pd.DataFrame(rows))
        if self.figures:
            from sim.report.figures.match import draw_match  # here: matplotlib takes a second

            draw_match(self.matched, folder / "figures")
        manifest = provenance.manifest(folder, self.work.results.id, KIND, TABLES, self._content())
        store.write_json(folder / store.MANIFEST, manifest)

    def _content(self) -> dict[str, Any]:
        """Returns what was drawn, lived and judged, and the hash of what is left."""
        matched, town = self.matched, self.work.town
        return {
            "settings": vars(matched.settings),
            "targets": [
                {"id": one.id, "measure": one.measure, "weight": one.weight}
                | {"centre": one.centre, "low": one.low, "high": one.high}
                | {"first_year": one.first_year, "last_year": one.last_year}
                for one in matched.targets
            ],
            "ranges": {
                axis.name: {"kind": axis.kind, "low": axis.low, "high": axis.high}
                | {"at_null": axis.at_null}
                for axis in matched.space.axes
            },
            "households": town.households,
            "residents": town.residents,
            "posts": town.posts,
            "run_in_weeks": town.scenario.run_in_weeks,
            "digest": digest(town.scenario),
            "sets": len(matched.sets),
            "kept": len(matched.kept),
            "kept_sha256": matched.digest,
            "medoid": matched.medoid,
            "failed": sorted(matched.failed),
        }

    def show(self) -> None:
        """Print what was found."""
        matched, console, lang = self.matched, console_for(None), language()
        console.print()
        for line in match_heading(matched, lang):
            console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
        for section in match_sections(matched, lang):
            put(console, section)
        if len(matched.kept):
            line = chance_line(matched, lang)
            console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
        console.print()
