"""`sim request`: what a comparison asks of the budget, exact and before any run; in thousand yen by
fiscal year, section of the budget and source.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import Code, Lang, Outside, Quiet, console_for
from sim.cli.help import bilingual_help, option
from sim.words import language, say
from sim.words.errors import short, unknown

WORDS = (3, 1, 1, 7)  # columns of words in each table


def request_command(
    file: Path,
    arm: Annotated[str | None, option("request", "arm")] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", help=bilingual_help("cli.prices"))
    ] = None,
    csv: Annotated[Path | None, option("request", "csv")] = None,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> None:
    """Print the budget request of every arm, or of one."""
    from sim.cli.comparison_output import put
    from sim.cli.report import book_of
    from sim.economics.costing import read_prices
    from sim.report.text.request import request_sections
    from sim.scenario.arms import read_comparison
    from sim.study.compare import PRICES
    from sim.study.funding import funded_book

    comparison = read_comparison([file], allow_outside=allow_outside, allow_code=allow_code or ())
    book = book_of(prices, comparison) if prices else read_prices(PRICES)
    book = funded_book(comparison, book)
    ids = [one.id for one in comparison.others]
    if arm is not None and arm not in ids:
        raise unknown("error.unknown_arm", arm, ids, at="--arm", file=short(file))
    console = console_for(None)
    for one in ids if arm is None else [arm]:
        for section, words in zip(
            request_sections(comparison, one, book, language()), WORDS, strict=False
        ):
            if section.rows:
                put(console, section, words)
            else:
                console.print(section.title, highlight=False, markup=False)
    if not quiet:
        console.print(say("request.exact"), highlight=False)
    if csv is not None:
        from sim.report.text.request import write_request

        csv.mkdir(parents=True, exist_ok=True)
        for written in write_request(comparison, book, csv):
            console.print(say("written", language(), file=short(written)), highlight=False)
