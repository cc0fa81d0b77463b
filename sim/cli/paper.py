"""`sim paper`: the paper of a budget request, from the stored tables of a finished comparison; nothing
is run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import Lang, Quiet
from sim.cli.help import bilingual_help, option
from sim.files.locator import results_of
from sim.scenario.variants import is_variant
from sim.words import language, say
from sim.words.errors import short, unknown

if TYPE_CHECKING:
    from sim.scenario.comparison import Comparison


def paper_command(
    folder: Annotated[Path, typer.Argument(help=bilingual_help("cli.results"))],
    arm: Annotated[str | None, option("paper", "arm")] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", help=bilingual_help("cli.prices"))
    ] = None,
    pdf: Annotated[bool, option("paper", "pdf", "--pdf/--no-pdf")] = True,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Write the paper of an arm into the folder of its results, as HTML and PDF."""
    from sim.cli.report import again
    from sim.report.paper.findings import Findings
    from sim.report.paper.pdf import browser
    from sim.report.paper.write import FRONT_AND_BACK, write_papers
    from sim.study.case import Case

    folder = results_of(folder)
    work, compared, manifest = again(folder, prices, None, None, None)
    found = Findings(Case(compared, work.book, work.rate), chosen_arm(compared.comparison, arm))
    papers = write_papers(found, number_of(manifest), folder, language(), pdf)
    if papers.pages > FRONT_AND_BACK:
        print(say("paper.too_long", pages=papers.pages), file=sys.stderr)
    if pdf and browser() is None:
        print(say("paper.no_browser"), file=sys.stderr)
    if not quiet:
        for file in papers.files:
            print(say("written", file=short(file)))


def chosen_arm(comparison: Comparison, arm: str | None) -> str:
    """The arm of a paper: as asked for, else the first with sources of money, else the last."""
    ids = [one.id for one in comparison.others]
    if arm is not None:
        if arm not in ids:
            raise unknown("error.unknown_arm", arm, ids, at="--arm", file=comparison.id)
        return arm
    funded = [one.id for one in comparison.others if one.scenario.funding]
    own = [id for id in ids if not is_variant(id)]
    return funded[0] if funded else own[-1]


def number_of(manifest: dict) -> str:
    """What names the runs of a folder: the comparison, its code, and the hash of its table of
    values.
    """
    table = manifest["sha256"]["values.parquet"]
    return f"{manifest['scenario_id']} / {manifest['code'][:12]} / {table[:12]}"
