"""`sim report`: a finished comparison shown again from its stored tables, at other prices or
discount rate; nothing is run.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compare import OutFolder, published
from sim.cli.console import Figures, Langs, Quiet, languages_of
from sim.cli.help import bilingual_help
from sim.files.locator import results_of
from sim.words import Phrase, language, say
from sim.words.errors import ScenarioError, fault, short

if TYPE_CHECKING:
    import pandas as pd

    from sim.economics.costing import PriceBook
    from sim.scenario.comparison import Comparison
    from sim.study.compare import Work
    from sim.study.result import Compared

MOST_RATE = 0.2


def report_command(
    folder: Annotated[Path, typer.Argument(help=bilingual_help("cli.results"))],
    prices: Annotated[
        Path | None, typer.Option("--prices", help=bilingual_help("cli.prices"))
    ] = None,
    discount: Annotated[
        float | None, typer.Option("--discount", help=bilingual_help("cli.discount"))
    ] = None,
    optimism: Annotated[
        bool | None, typer.Option("--optimism/--no-optimism", help=bilingual_help("cli.optimism"))
    ] = None,
    out: OutFolder = None,
    figures: Figures = False,
    lang: Langs = None,
    quiet: Quiet = False,
) -> int:
    """Show a finished comparison again; what is not given stays as the folder has it. Exit code 1
    where runs of it had failed.
    """
    if discount is not None and not 0 <= discount <= MOST_RATE:
        raise fault(
            "error.discount",
            at="--discount",
            given=discount,
            allowed=Phrase("allowed.range", {"low": 0, "high": MOST_RATE}),
        )
    folder = results_of(folder)
    work, compared, manifest = again(folder, prices, discount, optimism, out)
    from sim.cli.comparison_output import Written, print_compared
    from sim.study.case import Case

    case = Case(compared, work.book, work.rate)
    print_compared(case)
    print(terms(work))
    tell_unequal(work)
    written = Written(
        work,
        case,
        partial(kept_ledger, folder, manifest["sha256"]),
        figures,
        manifest,
        languages=languages_of(lang),
    )
    work.results.prepare()
    return published(written, quiet)


def again(
    folder: Path, prices: Path | None, rate: float | None, optimism: bool | None, out: Path | None
) -> tuple[Work, Compared, dict]:
    """Returns the work, the comparison at the prices that are wanted, and the manifest of a folder;
    refuses what cannot be shown.
    """
    from sim.study.executors import Here
    from sim.study.manifest import check_sound, compared_of, manifest_of, work_of
    from sim.study.store import Results

    manifest = manifest_of(folder)
    work = work_of(
        manifest, Results(out or folder, manifest["scenario_id"]), Here(1), short(folder)
    )
    check_sound(folder, manifest)
    work.book = book_of(prices, work.comparison) if prices else work.book
    work.rate = work.rate if rate is None else rate
    work.optimism = work.optimism if optimism is None else optimism
    compared = compared_of(folder, work.book)
    work.failed = dict(compared.failed)
    return work, compared, manifest


def book_of(prices: Path, comparison: Comparison | None = None) -> PriceBook:
    """Returns the price book of a file; refuses what it says in vain for a comparison."""
    from sim.economics.costing import read_prices
    from sim.economics.funding import mix_id
    from sim.economics.reading import check_effect
    from sim.study.compare import PRICES
    from sim.study.funding import sources_of

    book = read_prices(prices)
    arms = comparison.arms if comparison else ()
    sources = [mix_id(one) for arm in arms for _at, one in sources_of(arm.scenario)]
    check_effect(book, read_prices(PRICES), short(prices), sources)
    return book


def kept_ledger(folder: Path, tables: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Returns the ledger of a folder, where it has one."""
    import pandas as pd

    return {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("ledger", "ledger_counts")
        if f"{name}.parquet" in tables
    }


def terms(work: Work) -> str:
    """On what terms money is shown."""
    from sim.report.text.run import label

    return say(
        "report.terms",
        id=work.book.id,
        name=label(work.book.name, language()),
        rate=f"{100 * work.rate:g}",
        optimism=say("report.optimism" if work.optimism else "report.no_optimism"),
    )


def tell_unequal(work: Work) -> None:
    """Say where arms that were to cost the same do not at these prices."""
    from sim.study.budget import check_same_cost

    try:
        check_same_cost(work.comparison, work.book)
    except ScenarioError as error:
        print(say("report.unequal", detail=error.say()), file=sys.stderr)
