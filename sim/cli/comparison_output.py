"""What a comparison prints, and what it writes into its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from sim.cli.console import (
    console_for,
)
from sim.report.spreadsheet_text import write_csv
from sim.report.text import claims, parts, planned, provenance, standards
from sim.report.text.comparison import (
    combination_sections,
    comparison_heading,
    crossing_lines,
    measure_sections,
    worse_lines,
)
from sim.report.text.listing import Section
from sim.report.text.loop_ledger import reported_ledger
from sim.report.text.money_sentences import first_sentence
from sim.report.text.request import write_request
from sim.report.text.worlds import world_sections
from sim.scenario.scenario import digest
from sim.study import cells, store
from sim.study.case import Case
from sim.study.compare import Work
from sim.study.loop_ledger.stored import beside, stored_ledger
from sim.study.manifest import KIND, dumped, requested_settings
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.report.page.assembly import Report


def print_compared(case: Case) -> None:
    """Heading, differences, what gets worse, crossings, combinations, claims, and what the arms are
    planned to cost.
    """
    compared = case.compared
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    for line in comparison_heading(compared, lang):
        tell(line)
    tell("\n" + first_sentence(case, lang))
    for section in measure_sections(compared, lang):
        put(console, section)
    lists = (
        (say("compare.worse_title", lang), worse_lines(compared, lang)),
        (say("compare.crossings", lang), crossing_lines(compared, lang)),
        (
            parts.title(compared.parts, lang),
            parts.lines(compared.comparison, compared.parts, lang),
        ),
    )
    for title, lines in (one for one in lists if one[1]):
        tell("\n" + title)
        for line in lines:
            tell(f"- {line}")
    if compared.comparison.combinations:
        tell("\n" + say("compare.combinations", lang))
    for section, words in (
        *((one, 1) for one in combination_sections(compared, lang)),
        *((one, 3) for one in claims.claims_sections(compared, lang)),
        *((one, 2) for one in world_sections(compared, lang)),
        (planned.of_case(case, lang), 1),
    ):
        put(console, section, words)
    console.print()


def put(console: Console, section: Section, words: int = 1) -> None:
    """A title, and a table without lines: so many columns of words to the left, numbers to the
    right.
    """
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(section.columns):
        table.add_column(column, justify="left" if place < words else "right", overflow="fold")
    for row in section.rows:
        table.add_row(*(text.replace("[", "\\[") for text in row))
    console.print()
    console.print(
        section.title,
        style="bold",
        highlight=False,
        markup=False,
        soft_wrap=not console.is_terminal,
    )
    console.print(table)


Ledger = Callable[[], dict[str, pd.DataFrame]]


def no_ledger() -> dict[str, pd.DataFrame]:
    """No tables of households whose lives part."""
    return {}


def ledger_of(work: Work) -> dict[str, pd.DataFrame]:
    """Returns the households whose lives part in the first seed."""
    from sim.study.life import ledger_tables

    return ledger_tables(work.comparison, min(work.effort.seeds))


class Written:
    """A finished comparison on its way into its folder. `made`: the manifest of the runs, if
    computed before; it keeps their code, versions and command, and says by what it is reported now.
    `code`: whose cells are kept beside it, "" for all. `report`: with report and workbook in
    `languages`, and with their figures as files too where `figures`; otherwise the tables alone.
    """

    def __init__(
        self,
        work: Work,
        case: Case,
        ledger: Ledger,
        figures: bool,
        made: dict[str, Any] | None = None,
        *,
        report: bool = True,
        languages: Sequence[str] = (),
    ):
        self.work, self.case, self.compared, self.ledger = work, case, case.compared, ledger
        self.figures, self.report = figures, report
        self.languages = tuple(languages) or (language(),)
        self.made = (
            {}
            if made is None
            else {name: made[name] for name in provenance.made()} | {"reported": provenance.made()}
        )
        self.code = cells.code_hash() if made is None else ""

    @property
    def drawings(self) -> int:
        """How many figures will be drawn."""
        if not self.report:
            return 0
        from sim.report.page.figures import ON_PAGE, drawings

        return len(self.languages) * len(drawings(self.case) if self.figures else ON_PAGE)

    @property
    def letters(self) -> list[str]:
        """One sentence on the letters of names that the figures lack; none where they have all, or
        none is drawn.
        """
        if not self.report:
            return []
        from sim.report.figures.names import letters_line, named_in

        return letters_line(named_in(self.case), language())

    @cached_property
    def _made(self) -> Report:
        """The report in the making."""
        from sim.report.page.assembly import Report  # here, since matplotlib takes a second

        return Report(self.case, self.languages, self.figures)

    def begin(self) -> None:
        """Let workers that have nothing else to do begin with the report."""
        where = self.work.effort.where
        if self.report and where.crew is not None and where.writes and where.places > 1:
            _ = self.compared.judged  # what all pieces need
            self._made.begin(where.crew)

    def write(self, folder: Path, drawn: Callable[[], Any] = lambda: None) -> None:
        """Write everything into an empty folder."""
        tables = self._write_tables(folder)
        if self.report:
            self._made.write(folder, self._appendices, drawn)
        self._write_manifest(folder, tables)

    def write_tables(self, folder: Path) -> None:
        """Write the tables, and the manifest of everything that is in the folder by now."""
        self._write_manifest(folder, self._write_tables(folder))

    def _write_tables(self, folder: Path) -> list[str]:
        """Write the tables; gives their names."""
        tables = self.compared.tables() | (
            {"claims": claims.claims_table(self.compared)} if self.compared.verdicts else {}
        )
        tables |= self.ledger()
        for name, table in tables.items():
            store.write_table(folder / f"{name}.parquet", table)
            if name not in ("weekly", "values", "quantities"):
                write_csv(folder / f"{name}.csv", table)
        write_request(self.compared.comparison, self.case.book, folder)
        return list(tables)

    def _write_manifest(self, folder: Path, tables: Iterable[str]) -> None:
        """Write the manifest of what is in the folder."""
        manifest = provenance.manifest(
            folder, self.compared.comparison.id, KIND, tables, self._content()
        )
        store.write_json(folder / store.MANIFEST, manifest)

    def _appendices(self, lang: str) -> list[Section]:
        """Returns what each loop carries, where a loop ledger of these arms lies beside the results;
        where the results come from, and the reporting standards.
        """
        made = self.made or provenance.made()
        origin = provenance.provenance_sections(
            self.case, made, short(self.work.results.out), lang, self.work.optimism
        )
        ledger = stored_ledger(beside(self.work.results.out), self.compared.comparison)
        loops = [] if ledger is None else reported_ledger(ledger, lang)
        return [*loops, *origin, *standards.standards_sections(self.case, made, lang)]

    def _content(self) -> dict[str, Any]:
        """Returns what is compared, complete enough to be run again from the manifest alone."""
        comparison = self.compared.comparison
        return {
            "comparison": dumped(comparison),
            "seeds": sorted(int(seed) for seed in self.compared.main["seed"].unique()),
            "households": self.compared.gathered.households,
            "worlds": self.compared.worlds_table,
            "parts": [one._asdict() for one in self.compared.parts],
            "years": comparison.base.years,
            "digests": {arm.id: digest(arm.scenario) for arm in comparison.arms},
            "failed": [
                {"arm": place.arm, "world": place.world, "seed": place.seed, "error": outcome.error}
                for place, outcome in self.work.failed.items()
            ],
            **requested_settings(self.work),
            **self.made,
        }
