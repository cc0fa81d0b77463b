"""What a comparison leaves on the screen and in its folder: differences, claims, tables, figures, manifest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from ..comparison.budget import planned
from ..comparison.case import Case
from ..comparison.compare import Work
from ..comparison.result import Compared
from ..comparison.stored import KIND, dumped
from ..experiment import cells, store
from ..report import claims, differences, provenance
from ..report.summary import label
from ..scenario.complete import Section
from ..scenario.digest import digest
from ..screen import console_for
from ..words import LANGUAGES, language, say


def print_compared(compared: Compared, work: Work) -> None:
    """Heading, differences, what gets worse, crossings, combinations, claims, and what the levers are planned to cost."""
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    for line in differences.heading(compared, lang):
        tell(line)
    for section in differences.sections(compared, lang):
        put(console, section)
    for title, lines in (("worse_title", differences.worse_lines(compared, lang)), ("crossings", differences.crossing_lines(compared, lang))):
        tell("\n" + say(f"compare.{title}", lang))
        for line in lines:
            tell(f"- {line}")
    if compared.comparison.combinations:
        tell("\n" + say("compare.combinations", lang))
    for section, words in (*((one, 1) for one in differences.combination_sections(compared, lang)),
                           *((one, 3) for one in claims.sections(compared, lang)),
                           *((one, 2) for one in draw_sections(compared, lang)), (budget_section(work, lang), 1)):
        put(console, section, words)
    console.print()


def put(console: Console, section: Section, words: int = 1) -> None:
    """A title, and a table without lines: so many columns of words to the left, numbers to the right."""
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(section.columns):
        table.add_column(column, justify="left" if place < words else "right", overflow="fold")
    for row in section.rows:
        table.add_row(*(text.replace("[", "\\[") for text in row))
    console.print()
    console.print(section.title, style="bold", highlight=False, markup=False, soft_wrap=not console.is_terminal)
    console.print(table)


def budget_section(work: Work, lang: str) -> Section:
    """What the levers of every arm are planned to cost a year."""
    rows = [(label(arm.name, lang), f"{planned(arm.scenario, work.book):.1f}") for arm in work.comparison.arms]
    return Section(say("compare.budget", lang), ("", ""), rows)


def draw_sections(compared: Compared, lang: str) -> list[Section]:
    """Luck apart from not knowing, where parameters were drawn."""
    if not compared.asked:
        return []
    percent = f"{100 * len(compared.kept) / compared.asked:.0f}"
    head = say("compare.draws", lang, asked=compared.asked, kept=len(compared.kept), percent=percent)
    if compared.ignorance.empty:
        return [Section(head, ("",), [])]
    year = compared.comparison.base.years
    table = compared.ignorance[(compared.ignorance["year"] == year)].set_index(["measure", "arm"])
    rows = []
    for name in differences.shown_measures(compared.comparison):
        for arm in compared.comparison.others:
            row = table.loc[(name, arm.id)]
            whole = row["between"] + row["within"]
            rows.append((label(differences.ALL_MEASURES[name], lang), label(arm.name, lang), f"{row['difference']:+.3g}",
                         f"{row['range_low']:+.3g} - {row['range_high']:+.3g}", f"{100 * row['between'] / whole:.0f} %" if whole > 0 else "-"))
    columns = ("", "", *(say(f"compare.draw_{name}", lang) for name in ("mean", "range", "share")))
    return [Section(f"{head}\n{say('compare.ignorance', lang, year=year)}", columns, rows)]


class Written:
    """A finished comparison on its way into its folder."""

    def __init__(self, work: Work, compared: Compared, ledger: bool, figures: bool):
        self.work, self.compared, self.ledger, self.figures = work, compared, ledger, figures
        self.code = cells.code()

    @property
    def drawings(self) -> int:
        """How many figures will be drawn."""
        if not self.figures:
            return 0
        from ..report.arm_figures import figures  # here, since matplotlib takes a second to import

        return len(figures(self.compared)) * len(LANGUAGES)

    def write(self, folder: Path, drawn: Callable[[], Any] = lambda: None) -> None:
        """Write everything into an empty folder."""
        from ..report.sheets import write_all  # here, since openpyxl takes a quarter of a second to import

        tables = self.compared.tables() | ({"claims": claims.table(self.compared)} if self.compared.verdicts else {})
        if self.ledger:
            tables |= self._ledger()
        for name, table in tables.items():
            store.write_table(folder / f"{name}.parquet", table)
            if name not in ("weekly", "values", "quantities"):
                table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        write_all(Case(self.compared, self.work.book), folder)
        if self.figures:
            from ..report.arm_figures import draw_all
            draw_all(self.compared, folder / "figures", drawn)
        store.write_json(folder / store.MANIFEST, provenance.manifest(folder, self.compared.comparison.id, KIND, tables, self._content()))

    def _ledger(self) -> dict[str, pd.DataFrame]:
        from ..comparison.ledger import ledger_tables

        return ledger_tables(self.compared.comparison, min(self.work.effort.seeds))

    def _content(self) -> dict[str, Any]:
        """What is compared, complete enough to be run again from the manifest alone."""
        comparison, effort = self.compared.comparison, self.work.effort
        return {
            "comparison": dumped(comparison), "seeds": sorted(int(seed) for seed in self.compared.declared["seed"].unique()),
            "households": self.compared.gathered.households, "draws": effort.draws, "kept_draws": list(self.compared.kept), "years": comparison.base.years,
            "digests": {arm.id: digest(arm.scenario) for arm in comparison.arms}, "prices": self.work.book.id,
            "failed": [{"arm": place.arm, "draw": place.draw, "seed": place.seed, "error": outcome.error}
                       for place, outcome in self.work.failed.items()],
        }
