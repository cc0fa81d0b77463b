"""The fit within `sim go`: a town's own figures against the model before its arms are compared."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.officer.drafting import Draft
    from sim.study.compare import Work
    from sim.study.fit.result import Fitted

FIT = "fit"  # folder of its results


def fitted_draft(draft: Draft, work: Work, folder: Path, quiet: bool) -> Fitted | None:
    """Fit the town of a draft in the worlds of its comparison, print what was found and keep it in
    the folder; None where no figure was typed.
    """
    from sim.cli.fit import computed_fit, print_fit, write_fit
    from sim.officer.drafting import SCENARIO_FILE, own_figures
    from sim.study.cells import code_hash
    from sim.study.fit.study import KIND, fit_town
    from sim.study.fit.work import FitWork
    from sim.study.world_runs import results_for

    figures = own_figures(draft.read)
    if not figures:
        return None
    town, base = folder / SCENARIO_FILE, work.comparison.base
    results = results_for(folder / FIT, KIND, base.id)
    ground = fit_town(base, figures, work.effort.worlds)
    fit = FitWork(ground, work.effort.worlds, results, work.effort.where)
    found = computed_fit(fit, quiet, looks=False)
    if not quiet:
        print_fit(found)
    results.publish(partial(write_fit, fit, found, None, town), code_hash())
    return found


def in_fitted_worlds(work: Work, found: Fitted | None) -> Work:
    """Returns the work on a comparison in the worlds that a fit has left, with their knobs turned;
    as it is where too few are left to say anything.
    """
    from sim.officer.fit_sheet import is_used

    if found is None or not is_used(found):
        return work
    left = {world: found.settings[world] for world in found.kept} | {0: found.factors}
    return replace(work, effort=replace(work.effort, worlds=len(found.kept), turned=left))
