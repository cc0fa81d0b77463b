"""What a sensitivity study prints, and what it writes into its folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cli.comparison_output import put
from sim.cli.console import console_for
from sim.report.spreadsheet_text import write_csv
from sim.report.text import provenance
from sim.report.text.sensitivity import (
    effects_with_words,
    ranked_section,
    sensitivity_lines,
    unranked_lines,
)
from sim.scenario.scenario import digest
from sim.study import store
from sim.study.sensitivity.study import KIND
from sim.study.sensitivity.work import Sensitivity, SensitivityWork
from sim.words import language


def print_sensitivity(found: Sensitivity) -> None:
    """Print how effects are measured, the ranking, and what is not told apart from luck."""
    console, lang = console_for(None), language()
    tell = partial(console.print, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    for line in sensitivity_lines(found, lang):
        tell(line)
    section = ranked_section(found, lang)
    if section.rows:
        put(console, section, 3)
    console.print()
    for line in unranked_lines(found, lang):
        tell(line)


def write_sensitivity(work: SensitivityWork, found: Sensitivity, folder: Path) -> None:
    """Write tables, figure and manifest into an empty folder."""
    from sim.report.figures.sensitivity import save_sensitivity  # matplotlib takes a second

    tables = {"effects": effects_with_words(found), "points": found.points}
    for name, table in tables.items():
        store.write_table(folder / f"{name}.parquet", table)
        write_csv(folder / f"{name}.csv", table)
    if found.failed:
        errors = [{"seed": one.seed, "error": one.error} for one in found.failed]
        write_csv(folder / "failed.csv", pd.DataFrame(errors))
    save_sensitivity(found, folder, language())
    content = _content(work, found)
    manifest = provenance.manifest(folder, work.results.id, KIND, tables, content)
    store.write_json(folder / store.MANIFEST, manifest)


def _content(work: SensitivityWork, found: Sensitivity) -> dict[str, Any]:
    """Returns what was computed."""
    ground, design = found.ground, found.design
    return {
        "measure": ground.measure,
        "year": ground.year,
        "arms": [arm.id for arm in ground.arms],
        "digests": [digest(one) for one in ground.scenarios],
        "residents": ground.residents,
        "run_in_weeks": ground.scenarios[0].run_in_weeks,
        "method": design.method,
        "repetitions": design.repetitions,
        "used": found.found.used,
        "seeds": design.seeds,
        "draw": design.draw,
        "parameters": list(design.names),
        "salib": provenance.version_of("SALib"),
        "failed": [{"seed": one.seed, "error": one.error} for one in found.failed],
    }
