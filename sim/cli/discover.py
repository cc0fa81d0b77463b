"""`sim discover`: in which worlds an arm fails, or wins, as conditions in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import Lang, Quiet, console_for
from sim.cli.help import bilingual_help, option
from sim.cli.progress import Bar
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.study.discover.study import Discovered

MEASURE, MOST, SHUFFLES = "compounded", 3, 199


OutcomeColumn = Annotated[str, option("discover", "outcome")]
DifferenceIn = Annotated[str, option("discover", "measure")]
DifferenceYear = Annotated[int | None, option("discover", "year")]
DifferenceOf = Annotated[str, option("discover", "arm")]
Above = Annotated[float | None, option("discover", "above")]
Below = Annotated[float | None, option("discover", "below")]
Wins = Annotated[bool, option("discover", "wins")]
Conditions = Annotated[list[str] | None, option("discover", "parameters")]
MostParameters = Annotated[int, option("discover", "most")]
Shuffles = Annotated[int, option("discover", "shuffles")]
LimitsFile = Annotated[Path | None, option("discover", "out")]


def discover_command(
    source: Annotated[Path, typer.Argument(help=bilingual_help("cli.discover_source"))],
    outcome: OutcomeColumn = "",
    measure: DifferenceIn = MEASURE,
    year: DifferenceYear = None,
    arm: DifferenceOf = "",
    above: Above = None,
    below: Below = None,
    wins: Wins = False,
    parameters: Conditions = None,
    most: MostParameters = MOST,
    shuffles: Shuffles = SHUFFLES,
    out: LimitsFile = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Look for boxes; exit code 0 whether one is found or not."""
    from sim.study.discover.prim import MOST_BOXES
    from sim.study.discover.study import read_source, searched
    from sim.study.discover.worlds import interest, only_matching

    worlds = only_matching(read_source(source, outcome, measure, year, arm), parameters or ())
    side, threshold = interest(worlds, above, below, wins)
    with Bar(MOST_BOXES * shuffles, 1, quiet, "discover.progress") as bar:
        found = searched(
            worlds, side, threshold, most, shuffles, told=lambda _shuffles: bar.drawn()
        )
    show_discovered(found)
    if out is not None:
        write_limits(found, out, quiet)
    return 0


def show_discovered(found: Discovered) -> None:
    """Print the boxes in words, and their limits one by one."""
    from sim.cli.comparison_output import put
    from sim.report.text.discover import discovered_lines, limits_section

    console, lang = console_for(None), language()
    for line in discovered_lines(found, lang):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    if found.boxes:
        put(console, limits_section(found, lang), 2)
        console.print()
        console.print(say("discover.about_p", lang), highlight=False, markup=False)


def write_limits(found: Discovered, out: Path, quiet: bool) -> None:
    """Write the table of limits, whole."""
    from sim.files.toml import write_whole
    from sim.report.spreadsheet_text import escaped

    table = found.limits
    text = table.assign(parameter=table["parameter"].map(escaped)).to_csv(index=False)
    write_whole(out, text, overwrite=True, encoding="utf-8-sig")
    if not quiet:
        print(say("written", language(), file=short(out)))
