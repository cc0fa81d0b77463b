"""What a search prints, and what it writes into its folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cli.comparison_output import put
from sim.cli.console import console_for
from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance
from sim.report.text.found_plan import found_scenario, lies_outside
from sim.report.text.search import (
    candidates_table,
    confirmed_section,
    confirmed_table,
    frontier_section,
    rounds_table,
    search_lines,
)
from sim.scenario.scenario import digest
from sim.study import store
from sim.study.search.study import KIND
from sim.study.search.work import Searched, SearchWork
from sim.study.world_runs import WorldRuns
from sim.study.worlds import table_digest
from sim.words import language, say
from sim.words.errors import short

WINNER = "winner.toml"


def print_searched(found: Searched) -> None:
    """Print the frontier, the confirmed plans, and what may be said of the winner."""
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    put(console, frontier_section(found, lang))
    put(console, confirmed_section(found, lang))
    console.print()
    for line in search_lines(found, lang):
        tell(line)


def tell_compare(folder: Path, source: Path) -> None:
    """Say how the plan that was found is compared."""
    file = short(folder / WINNER)
    more = " --allow-outside" if lies_outside(source) else ""
    print(say("search.compare_it", file=file, command=f"python -m sim compare {file}{more}"))


def write_searched(work: SearchWork, found: Searched, source: Path, folder: Path) -> None:
    """Write tables, figure, the plan's scenario and the manifest into an empty folder."""
    from sim.report.figures.search import save_search  # matplotlib takes a second

    tables = {
        "candidates": candidates_table(found),
        "confirmed": confirmed_table(found),
        "rounds": rounds_table(found),
    }
    write_study_tables(tables, work.runs, folder)
    save_search(found, folder, language())
    command = f"sim search {source.name}"
    text = found_scenario(found, source, work.runs.results.out, command)
    (folder / WINNER).write_text(text, encoding="utf-8", newline="\n")
    content = _search_content(work, found)
    manifest = provenance.manifest(folder, work.runs.results.id, KIND, tables, content)
    store.write_json(folder / store.MANIFEST, manifest)


def write_study_tables(tables: dict[str, pd.DataFrame], runs: WorldRuns, folder: Path) -> None:
    """Write tables as Parquet and CSV, and the cells that failed."""
    for name, table in tables.items():
        plain = table.astype({column: str for column in table if table[column].dtype == object})
        store.write_table(folder / f"{name}.parquet", plain)
        write_csv(folder / f"{name}.csv", plain)
    if runs.failed:
        errors = [{"seed": one.seed, "error": one.error} for one in runs.failed]
        write_csv(folder / "failed.csv", pd.DataFrame(errors))


def _search_content(work: SearchWork, found: Searched) -> dict[str, Any]:
    """Returns what was computed."""
    base = found.space.scenario(found.space.nothing)
    return {
        "search": found.space.lines.model_dump(mode="json"),
        "years": base.years,
        "digest": digest(base),
        "worlds": table_digest(),
        "rounds": [one._asdict() for one in found.rounds],
        "winner": found.winner.rated.plan.settings,
        "failed": [{"seed": one.seed, "error": one.error} for one in work.runs.failed],
    }
