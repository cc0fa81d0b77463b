"""The fit within `sim go`: a town's own figures against the model before its arms are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.words import language

if TYPE_CHECKING:
    from sim.officer.drafting import Draft
    from sim.officer.fit_sheet import TownFit
    from sim.study.compare import Work
    from sim.study.fit.result import Fitted
    from sim.study.fit.work import FitWork
    from sim.study.store import Results

FIT = "fit"  # folder of its results


def fitted_draft(draft: Draft, work: Work, folder: Path, quiet: bool) -> TownFit | None:
    """Fit the town of a draft in the worlds of its comparison, print what was found and keep it in
    the folder; None where no figure was typed. Figures that keep almost every world from fitting,
    whatever the knobs, are left out, and told.
    """
    from sim.cli.fit import print_fit, write_fit
    from sim.officer.drafting import SCENARIO_FILE, own_figures
    from sim.officer.fit_sheet import TownFit, hindrance, is_used, worlds_lines
    from sim.study.cells import code_hash
    from sim.study.fit.study import KIND
    from sim.study.world_runs import results_for

    figures = own_figures(draft.read)
    if not figures:
        return None
    results = results_for(folder / FIT, KIND, work.comparison.base.id)
    fit, whole = _fitted(work, figures, results, quiet)
    found, last = whole, fit
    left_out: list[str] = []
    while not is_used(found) and (figure := hindrance(found, left_out)) is not None:
        left_out.append(figure)
        known = {key: own for key, own in figures.items() if key not in left_out}
        last, found = _fitted(work, known, results, quiet)
    if not is_used(found):
        last, found, left_out = fit, whole, []
    several = TownFit(whole, found, tuple(left_out))
    if not quiet:
        print_fit(whole)
        for line in worlds_lines(several, language()):
            print(line)
    write = partial(write_fit, last, found, None, folder / SCENARIO_FILE)
    results.publish(write, code_hash())
    return several


def _fitted(
    work: Work, figures: Mapping[str, float], results: Results, quiet: bool
) -> tuple[FitWork, Fitted]:
    """Fit the town of a comparison to figures; what was simulated before is taken again."""
    from sim.cli.fit import computed_fit
    from sim.study.fit.study import fit_town
    from sim.study.fit.work import FitWork

    ground = fit_town(work.comparison.base, figures, work.effort.worlds)
    fit = FitWork(ground, work.effort.worlds, results, work.effort.where)
    return fit, computed_fit(fit, quiet, looks=False)


def in_fitted_worlds(work: Work, several: TownFit | None) -> Work:
    """Returns the work on a comparison in the worlds that a fit has left, with their knobs turned;
    as it is where too few are left to say anything.
    """
    from sim.officer.fit_sheet import is_used

    if several is None or not is_used(several.found):
        return work
    found = several.found
    left = {world: found.settings[world] for world in found.kept} | {0: found.factors}
    return replace(work, effort=replace(work.effort, worlds=len(found.kept), turned=left))
