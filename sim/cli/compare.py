"""`sim compare`: arms on the same people and the same luck; differences first, then claims, figures
and tables.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sim.cli.console import (
    PAIRS,
    Code,
    Figures,
    Langs,
    Outside,
    Quiet,
    check_pairs,
    languages_of,
    tell_late,
)
from sim.cli.help import bilingual_help, option
from sim.cli.progress import Bar, prepare_engine, until_interrupted
from sim.cli.run import FAILED, MOST_SEEDS, check_workers, read_seeds
from sim.cli.unexpected import failure, keeping
from sim.scenario.arms import read_comparison
from sim.words import language, say
from sim.words.errors import between, fault, short

if TYPE_CHECKING:
    from sim.cli.comparison_output import Written
    from sim.scenario.comparison import Comparison
    from sim.study.cells import Cell
    from sim.study.compare import Work
    from sim.study.result import Compared


CLAIMS_FAILED = 3


MOST_MINUTES = 10_080


Files = Annotated[list[Path], typer.Argument(help=bilingual_help("cli.files"))]


Seeds = Annotated[str | None, typer.Option("--seeds", help=bilingual_help("cli.seeds"))]


Workers = Annotated[int | None, typer.Option("--workers", help=bilingual_help("cli.workers"))]


ClusterAt = Annotated[str | None, typer.Option("--cluster", help=bilingual_help("cli.cluster"))]


OutFolder = Annotated[Path | None, typer.Option("--out", help=bilingual_help("cli.out_folder"))]
UntilDecided = Annotated[
    bool, typer.Option("--until-decided", help=bilingual_help("cli.until_decided"))
]
MostSeeds = Annotated[int | None, typer.Option("--most-seeds", help=bilingual_help("cli.most"))]
CellMinutes = Annotated[
    float | None, typer.Option("--cell-minutes", help=bilingual_help("cli.minutes"))
]
FailOnClaims = Annotated[
    bool, typer.Option("--fail-on-claims", help=bilingual_help("cli.fail_on_claims"))
]
NoReport = Annotated[bool, typer.Option("--no-report", help=bilingual_help("cli.no_report"))]


def compare_command(
    files: Files,
    seeds: Seeds = None,
    workers: Workers = None,
    cluster: ClusterAt = None,
    out: OutFolder = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    until_decided: UntilDecided = False,
    most_seeds: MostSeeds = None,
    worlds: Annotated[
        int | None, typer.Option("--worlds", help=bilingual_help("cli.worlds"))
    ] = None,
    variants: Annotated[list[str] | None, option("compare", "variants")] = None,
    cell_minutes: CellMinutes = None,
    parts: Annotated[int, typer.Option("--parts", help=bilingual_help("cli.parts"))] = PAIRS,
    ledger: Annotated[
        bool, typer.Option("--ledger", help=bilingual_help("cli.life_ledger"))
    ] = False,
    fail_on_claims: FailOnClaims = False,
    figures: Figures = False,
    no_report: NoReport = False,
    lang: Langs = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> int:
    """Compare arms. Exit code 0: every cell computed, 1: some failed, 3: --fail-on-claims
    is given and a claim is not held.
    """
    comparison = read_comparison(
        files,
        overrides=({} if years is None else {"years": years})
        | ({"variants": list(variants)} if variants else {}),
        allow_outside=allow_outside,
        allow_code=allow_code or (),
    )
    tell_late(comparison.late, quiet)
    check_numbers(workers, cell_minutes, most_seeds)
    check_pairs(parts)
    from sim.study.compare import main_runs_wanted
    from sim.study.executors import staying

    work = prepared(comparison, seeds, workers, cluster, out)
    named = None if seeds is None else len(work.effort.seeds)
    runs = main_runs_wanted(comparison, named, worlds, until_decided, most_seeds)
    seconds = None if cell_minutes is None else 60 * cell_minutes
    work = replace(work, effort=replace(work.effort, **runs, parts=parts, seconds=seconds))
    check_publishable(work)
    shown = Shown(ledger, figures, not no_report, languages_of(lang), quiet)
    with keeping(work.results), staying(work.effort.where):
        code, compared = _told(work, shown)
        return code or (CLAIMS_FAILED if fail_on_claims and unheld(compared) else 0)


class Shown(NamedTuple):
    """What is made of a comparison beside its tables: the ledger of events, figures as PNG, the
    report, in which languages; and whether nothing is said on the way.
    """

    ledger: bool
    figures: bool
    report: bool
    languages: tuple[str, ...]
    quiet: bool


def _told(work: Work, shown: Shown) -> tuple[int, Compared]:
    """Compute what is missing, print the summary and publish; the exit code, and what was
    compared.
    """
    compared = computed(work, shown.quiet, partial(warm_up, work, shown.report))
    from sim.cli.comparison_output import (  # here, since pandas takes half a second to import
        Written,
        ledger_of,
        no_ledger,
        print_compared,
    )
    from sim.study.case import Case

    case = Case(compared, work.book, work.rate)
    ledger = partial(ledger_of, work) if shown.ledger else no_ledger
    written = Written(
        work, case, ledger, shown.figures, report=shown.report, languages=shown.languages
    )
    written.begin()
    print_compared(case)
    return published(written, shown.quiet), compared


def check_publishable(work: Work) -> None:
    """Write down everything that publishing will need, before anything is computed: what fails must
    fail now.
    """
    from sim.study.manifest import dumped, requested_settings

    json.dumps(
        dumped(work.comparison) | requested_settings(work), ensure_ascii=False, allow_nan=False
    ).encode()


def check_numbers(workers: int | None, minutes: float | None, most: int | None) -> None:
    """Refuse numbers that cannot be."""
    check_workers(workers)
    limits = (
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
    """Returns the work of a comparison, its folder ready; refuses unequal costs, unknown measures
    and a folder that is not ours.
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


def warm_up(work: Work, report: bool) -> None:
    """Let the workers load what drawing a `report` needs; they have nothing else to do by now."""
    where = work.effort.where
    if report and where.crew is not None and where.writes and where.places > 1:
        for _worker in range(where.places):
            where.crew.submit(load_drawing, None)


def load_drawing(_item: None) -> None:
    """Load what drawing needs."""
    import_module("sim.report.page.assembly")


def computed(work: Work, quiet: bool, ready: Callable[[], Any] = lambda: None) -> Compared:
    """Compute what is missing, with progress; `ready()` is called when all is simulated. Ctrl-C
    says what is kept.
    """
    from sim.study.compare import ComparisonCallbacks, NothingToCompare

    names = {arm.id: arm.name for arm in work.comparison.arms}
    with Bar(0, 0, quiet) as bar:
        work.callbacks = ComparisonCallbacks(
            partial(begins, bar, work),
            bar.simulated,
            partial(bar.cell_ended, names=names),
            partial(first_pairs, bar),
            partial(tell_interim_analysis, bar),
            ready,
            bar.part_ended,
        )
        try:
            with until_interrupted(bar, work.results, "compare.kept"):
                return work.run()
        except NothingToCompare as error:
            bar.close()
            work.results.forsake()
            print(say("compare.none"), file=sys.stderr)
            print(failure(str(error)), file=sys.stderr)
            raise typer.Exit(FAILED) from None


def begins(bar: Bar, work: Work, missing: Sequence[Cell], of_parts: bool) -> None:
    """A batch of cells begins: prepare the engine where that is still to be done, and say what was
    damaged.
    """
    from sim.study.cells import weeks_of

    if work.results.damaged and not bar.quiet:
        bar.tell(say("compare.damaged", number=len(work.results.damaged)))
        work.results.damaged = ()
    if missing and not bar.cells:
        prepare_engine([arm.scenario for arm in work.comparison.arms], bar.quiet)
    if missing:
        title = "parts.progress" if of_parts else "run.progress"
        bar.begin(len(missing), weeks_of(missing[0].scenario), title)


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


def unheld(compared: Compared) -> bool:
    """Returns whether a claim is not held, or undecided."""
    return any(one.state != "held" for one in compared.verdicts.values())


def published(written: Written, quiet: bool) -> int:
    """Write everything into the folder of the results; the exit code."""
    work = written.work
    if not quiet and written.report:
        print(say("compare.drawing"), file=sys.stderr, flush=True)
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
