"""What a loop ledger prints, and what it writes into its folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.cli.comparison_output import put
from sim.cli.console import console_for
from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance
from sim.report.text.loop_ledger import ledger_heading, ledger_notes, ledger_sections
from sim.scenario.scenario import digest
from sim.study import store
from sim.study.loop_ledger.stored import KIND, VALUES
from sim.study.loop_ledger.tables import LoopLedger
from sim.study.worlds import table_digest
from sim.words import language

if TYPE_CHECKING:
    from sim.study.loop_ledger.work import LedgerWork


def print_ledger(found: LoopLedger) -> None:
    """Print what was held, a table an arm, and what to keep in mind."""
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    for line in ledger_heading(found, lang):
        tell(line)
    for section in ledger_sections(found, lang):
        put(console, section)
    console.print()
    for line in ledger_notes(found, lang):
        tell(line)


def write_ledger(
    work: LedgerWork, found: LoopLedger, languages: Sequence[str], folder: Path
) -> None:
    """Write tables, figures and manifest into an empty folder."""
    from sim.report.figures.loop_ledger import save_ledger  # matplotlib takes a second

    tables = {"ledger": found.with_words(), "unheld": found.unheld, VALUES: found.shown_values}
    for name, table in tables.items():
        store.write_table(folder / f"{name}.parquet", table)
        if name != VALUES:
            write_csv(folder / f"{name}.csv", table)
    if found.failed:
        errors = [{"seed": one.seed, "error": one.error} for one in found.failed]
        write_csv(folder / "failed.csv", pd.DataFrame(errors))
    for lang in languages:
        save_ledger(found, folder, lang)
    content = _content(work, found)
    manifest = provenance.manifest(folder, work.results.id, KIND, tables, content)
    store.write_json(folder / store.MANIFEST, manifest)


def _content(work: LedgerWork, found: LoopLedger) -> dict[str, Any]:
    """Returns what was computed."""
    return {
        "comparison": found.comparison.id,
        "reference": found.comparison.reference,
        "arms": [arm.id for arm in found.comparison.arms],
        "digests": {arm.id: digest(arm.scenario) for arm in found.comparison.arms},
        "loops": list(found.links),
        "years": found.comparison.base.years,
        "runs": [list(run) for run in work.runs],
        "worlds": table_digest() if found.worlds else "",
        "failed": [{"seed": one.seed, "error": one.error} for one in found.failed],
    }
