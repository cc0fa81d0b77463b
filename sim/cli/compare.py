"""`sim compare`: arms on the same people and the same luck; differences first, then claims, figures
and tables.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from sim.cli.console import (
    PAIRS,
    Figures,
    Langs,
    Outside,
    Quiet,
    bilingual_help,
    check_pairs,
    console_for,
    languages_of,
    tell_late,
)
from sim.cli.progress import Bar
from sim.cli.run import FAILED, MOST_SEEDS, check_workers, read_seeds
from sim.cli.unexpected import failure, keeping
from sim.report.spreadsheet_text import write_csv
from sim.report.text import claims, parts, planned, provenance, standards
from sim.report.text import comparison as differences
from sim.report.text import samples as drawn
from sim.report.text.listing import Section
from sim.report.text.run import label
from sim.report.text.sentences import first_sentence
from sim.scenario.arms import read_comparison
from sim.scenario.scenario import digest
from sim.study import cells, store
from sim.study.case import Case
from sim.study.compare import Work
from sim.study.executors import Here
from sim.study.manifest import KIND, dumped, requested_settings
from sim.study.result import Compared
from sim.words import language, say
from sim.words.errors import between, fault, short


def print_compared(compared: Compared, work: Work) -> None:
    """Heading, differences, what gets worse, crossings, combinations, claims, and what the arms are
    planned to cost.
    """
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    for line in differences.comparison_heading(compared, lang):
        tell(line)
    case = Case(compared, work.book, work.rate)
    tell("\n" + first_sentence(case, lang))
    for section in differences.measure_sections(compared, lang):
        put(console, section)
    lists = (
        ("compare.worse_title", differences.worse_lines(compared, lang)),
        ("compare.crossings", differences.crossing_lines(compared, lang)),
        ("parts.title", parts.lines(compared.comparison, compared.parts, lang)),
    )
    for title, lines in (one for one in lists if one[1]):
        tell("\n" + say(title, lang))
        for line in lines:
            tell(f"- {line}")
    if compared.comparison.combinations:
        tell("\n" + say("compare.combinations", lang))
    for section, words in (
        *((one, 1) for one in differences.combination_sections(compared, lang)),
        *((one, 3) for one in claims.claims_sections(compared, lang)),
        *((one, 2) for one in draw_sections(compared, lang)),
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


def draw_sections(compared: Compared, lang: str) -> list[Section]:
    """Luck apart from not knowing, where parameters were drawn."""
    if not compared.asked:
        return []
    head = "\n".join(drawn.lines(compared, lang))
    if compared.ignorance.empty:
        return [Section(head, ("",), [])]
    year = compared.comparison.base.years
    last = compared.ignorance[(compared.ignorance["year"] == year)]
    table: Any = last.set_index(["measure", "arm"]).loc
    rows = []
    for name in differences.shown_measures(compared.comparison):
        for arm in compared.comparison.others:
            row = table[name, arm.id]
            whole = row["between"] + row["within"]
            share = f"{100 * row['between'] / whole:.0f} %" if whole > 0 else "-"
            rows.append(
                (
                    label(differences.ALL_MEASURES[name], lang),
                    label(arm.name, lang),
                    f"{row['difference']:+.3g}",
                    f"{row['range_low']:+.3g} - {row['range_high']:+.3g}",
                    share,
                )
            )
    columns = ("", "", *(say(f"compare.draw_{name}", lang) for name in ("mean", "range", "share")))
    return [Section(f"{head}\n{say('compare.ignorance', lang, year=year)}", columns, rows)]


Ledger = Callable[[], dict[str, pd.DataFrame]]


def no_ledger() -> dict[str, pd.DataFrame]:
    """No tables of households whose lives part."""
    return {}


def ledger_of(work: Work) -> dict[str, pd.DataFrame]:
    """The households whose lives part in the first seed."""
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
        compared: Compared,
        ledger: Ledger,
        figures: bool,
        made: dict[str, Any] | None = None,
        *,
        report: bool = True,
        languages: Sequence[str] = (),
    ):
        self.work, self.compared, self.ledger, self.figures, self.report = (
            work,
            compared,
            ledger,
            figures,
            report,
        )
        self.languages = tuple(languages) or (language(),)
        self.languages = tuple(languages) or (language(),)
        self.case = Case(compared, work.book, work.rate)
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

    def write(self, folder: Path, drawn: Callable[[], Any] = lambda: None) -> None:
        """Write everything into an empty folder."""
        if self.report:
            self._report(folder, drawn)
        self.write_tables(folder)

    def write_tables(self, folder: Path) -> None:
        """Write the tables, and the manifest of everything that is in the folder by now."""
        tables = self.compared.tables() | (
            {"claims": claims.claims_table(self.compared)} if self.compared.verdicts else {}
        )
        tables |= self.ledger()
        for name, table in tables.items():
            store.write_table(folder / f"{name}.parquet", table)
            if name not in ("weekly", "values", "quantities"):
                write_csv(folder / f"{name}.csv", table)
        manifest = provenance.manifest(
            folder, self.compared.comparison.id, KIND, tables, self._content()
        )
        store.write_json(folder / store.MANIFEST, manifest)

    def _report(self, folder: Path, drawn: Callable[[], Any]) -> None:
        """Report and workbook, by the workers that have nothing else to do."""
        from sim.report.page import (
            assembly as shared_out,  # here, since matplotlib takes a second to import
        )

        where = self.work.effort.where
        where = where if where.crew and where.writes else Here(1)
        shared_out.write(
            self.case, folder, self.languages, self.figures, where, self._appendices, drawn
        )

    def _appendices(self, lang: str) -> list[Section]:
        """Where the results come from, and the reporting standards."""
        made = self.made or provenance.made()
        origin = provenance.provenance_sections(
            self.case, made, short(self.work.results.out), lang, self.work.optimism
        )
        return [*origin, *standards.standards_sections(self.case, made, lang)]

    def _content(self) -> dict[str, Any]:
        """What is compared, complete enough to be run again from the manifest alone."""
        comparison = self.compared.comparison
        return {
            "comparison": dumped(comparison),
            "seeds": sorted(int(seed) for seed in self.compared.declared["seed"].unique()),
            "households": self.compared.gathered.households,
            "draws": self.compared.asked,
            "kept_draws": list(self.compared.kept),
            "dropped_draws": {str(draw): list(why) for draw, why in self.compared.dropped.items()},
            "parts": [one._asdict() for one in self.compared.parts],
            "years": comparison.base.years,
            "digests": {arm.id: digest(arm.scenario) for arm in comparison.arms},
            "failed": [
                {"arm": place.arm, "draw": place.draw, "seed": place.seed, "error": outcome.error}
                for place, outcome in self.work.failed.items()
            ],
            **requested_settings(self.work),
            **self.made,
        }


if TYPE_CHECKING:
    from sim.scenario.comparison import Comparison
    from sim.study.compare import Work
    from sim.study.result import Compared

    pass

CLAIMS_FAILED = 3
MOST_DRAWS, MOST_MINUTES = 10_000, 10_080
Files = Annotated[list[Path], typer.Argument(help=bilingual_help("cli.files"))]
Seeds = Annotated[str | None, typer.Option("--seeds", help=bilingual_help("cli.seeds"))]
Workers = Annotated[int | None, typer.Option("--workers", help=bilingual_help("cli.workers"))]
ClusterAt = Annotated[str | None, typer.Option("--cluster", help=bilingual_help("cli.cluster"))]
OutFolder = Annotated[Path | None, typer.Option("--out", help=bilingual_help("cli.out_folder"))]


def compare_command(
    files: Files,
    seeds: Seeds = None,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: OutFolder = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help=bilingual_help("cli.until_decided"))
    ] = False,
    most_seeds: Annotated[
        int | None, typer.Option("--most-seeds", help=bilingual_help("cli.most"))
    ] = None,
    draws: Annotated[int, typer.Option("--draws", help=bilingual_help("cli.draws"))] = 0,
    cell_minutes: Annotated[
        float | None, typer.Option("--cell-minutes", help=bilingual_help("cli.minutes"))
    ] = None,
    parts: Annotated[int, typer.Option("--parts", help=bilingual_help("cli.parts"))] = PAIRS,
    ledger: Annotated[bool, typer.Option("--ledger", help=bilingual_help("cli.ledger"))] = False,
    fail_on_claims: Annotated[
        bool, typer.Option("--fail-on-claims", help=bilingual_help("cli.fail_on_claims"))
    ] = False,
    figures: Figures = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", help=bilingual_help("cli.no_report"))
    ] = False,
    lang: Langs = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
) -> int:
    """Compare arms. Exit code 0: every cell computed, 1: some failed or no draw is left, 3:
    --fail-on-claims is given and a claim is not held.
    """
    comparison = read_comparison(
        files, overrides={} if years is None else {"years": years}, allow_outside=allow_outside
    )
    tell_late(comparison.late, quiet)
    check_numbers(workers, draws, cell_minutes, most_seeds)
    check_pairs(parts)
    from sim.study.executors import staying

    work = prepared(comparison, seeds, workers, cluster, out)
    by_file = comparison.until_decided and seeds is None and not until_decided
    most = most_seeds or (len(comparison.seeds) if by_file else None)
    work = with_effort(work, until_decided or by_file, most, draws, cell_minutes, parts)
    check_publishable(work)
    with keeping(work.results), staying(work.effort.where):
        compared = computed(work, quiet)
        pass

        print_compared(compared, work)
        written = Written(
            work,
            compared,
            partial(ledger_of, work) if ledger else no_ledger,
            figures,
            report=not no_report,
            languages=languages_of(lang),
        )
        code = published(written, quiet) or without_draws(compared)
        return code or (CLAIMS_FAILED if fail_on_claims and unheld(compared) else 0)


def check_publishable(work: Work) -> None:
    """Write down everything that publishing will need, before anything is computed: what fails must
    fail now.
    """
    from sim.study.manifest import dumped, requested_settings

    json.dumps(
        dumped(work.comparison) | requested_settings(work), ensure_ascii=False, allow_nan=False
    ).encode()


def check_numbers(workers: int | None, draws: int, minutes: float | None, most: int | None) -> None:
    """Refuse numbers that cannot be."""
    check_workers(workers)
    limits = (
        ("--draws", draws, 0, MOST_DRAWS, "error.draws"),
        ("--most-seeds", most, 2, MOST_SEEDS, "error.most"),
        ("--cell-minutes", minutes, 0.001, MOST_MINUTES, "error.minutes"),
    )
    for at, given, low, high, key in limits:
        if given is not None and not low <= given <= high:
            raise fault(key, at=at, given=given, allowed=between(low, high))


def prepared(
    comparison: Comparison,
    seeds: str | None,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
) -> Work:
    """The work of a comparison, its folder ready; refuses unequal costs, unknown measures and a
    folder that is not ours.
    """
    from sim.study.budget import check_same_cost
    from sim.study.compare import RunSettings, Work
    from sim.study.executors import Cluster, Here, workers_for
    from sim.study.store import Results

    chosen = comparison.seeds if seeds is None else read_seeds(seeds)
    cells = len(chosen) * len(comparison.arms)
    where = (
        Cluster(cluster)
        if cluster
        else Here(workers or workers_for(cells, comparison.base.people.population))
    )
    work = Work(
        comparison,
        RunSettings(chosen, where),
        Results(out or Path("results") / comparison.id, comparison.id),
    )
    check_same_cost(comparison, work.book)
    work.results.prepare()
    return work


def with_effort(
    work: Work, until_decided: bool, most: int | None, draws: int, minutes: float | None, parts: int
) -> Work:
    """The work with what the options ask for beyond seeds and workers."""
    from dataclasses import replace

    from sim.study.compare import LOOKS

    effort = replace(
        work.effort,
        until_decided=until_decided,
        most=most or LOOKS[-1],
        draws=draws,
        parts=parts,
        seconds=None if minutes is None else 60 * minutes,
    )
    return replace(work, effort=effort)


def computed(work: Work, quiet: bool) -> Compared:
    """Compute what is missing, with progress; Ctrl-C says what is kept."""
    from sim.study.cells import weeks_of
    from sim.study.compare import ComparisonCallbacks, NothingToCompare

    names = {arm.id: arm.name for arm in work.comparison.arms}
    with Bar(0, weeks_of(work.comparison.base), quiet) as bar:
        work.told = ComparisonCallbacks(
            partial(begins, bar, work),
            bar.lived,
            partial(bar.cell_ended, names=names),
            partial(first_pairs, bar),
            partial(tell_interim_analysis, bar),
        )
        try:
            return work.run()
        except NothingToCompare as error:
            bar.close()
            work.results.forsake()
            print(say("compare.none"), file=sys.stderr)
            print(failure(str(error)), file=sys.stderr)
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            work.results.forsake()
            print(say("compare.kept"), file=sys.stderr)
            raise typer.Exit(130) from None


def begins(bar: Bar, work: Work, missing: int) -> None:
    """A batch begins: say what is kept from before, and what was damaged."""
    if work.results.damaged and not bar.quiet:
        bar.tell(say("compare.damaged", number=len(work.results.damaged)))
        work.results.damaged = ()
    bar.more(missing)


def first_pairs(bar: Bar, compared: Compared) -> None:
    """The first look, where there is still something to wait for."""
    from sim.report.text.comparison import first_look

    if bar.late and bar.done < bar.cells:
        bar.show(first_look(compared, language()))


def tell_interim_analysis(bar: Bar, seeds: int, verdicts) -> None:
    """A look at the claims was taken."""
    if not bar.quiet:
        from sim.report.text.claims import interim_analysis_line

        bar.tell(interim_analysis_line(seeds, verdicts, language()))


def without_draws(compared: Compared) -> int:
    """FAILED, and what to do, where draws were asked for and none could be used."""
    from sim.report.text.samples import none_left

    for line in none_left(compared, language()):
        print(line, file=sys.stderr)
    return FAILED if compared.asked and not compared.kept else 0


def unheld(compared: Compared) -> bool:
    """Whether a claim is not held, or undecided."""
    return any(one.state != "held" for one in compared.verdicts.values())


def published(written: Written, quiet: bool) -> int:
    """Write everything into the folder of the results; the exit code."""
    work = written.work
    with Bar(written.drawings, 1, quiet, "run.drawing") as bar:
        work.results.publish(partial(written.write, drawn=bar.drawn), written.code)
    if not quiet:
        for line in written.letters:
            print(line, file=sys.stderr)
        print(say("compare.written", folder=short(work.results.out)))
    if work.failed:
        print(
            say(
                "compare.failed",
                number=len(work.failed),
                file=short(work.results.out / "failed.csv"),
            ),
            file=sys.stderr,
        )
        return FAILED
    return 0
