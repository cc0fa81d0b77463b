"""The search within `sim go`: the best mix for the amount of the request, as one more arm."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.words import language, say
from sim.words.errors import ScenarioError

if TYPE_CHECKING:
    from sim.officer.drafting import Draft
    from sim.officer.planning import BookPlan
    from sim.study.compare import Work
    from sim.study.search.work import Searched

SEARCH = "search"  # folder of its results
AS_WRITTEN: Mapping[str, Any] = {}  # what is laid over the file of the search


def with_best_mix(draft: Draft, plan: BookPlan, work: Work, folder: Path, quiet: bool) -> Work:
    """Returns the work on a comparison with the plan that a search has found as one more arm, which
    is kept in the folder; as it is where the workbook asks for no search, or none spends the money.
    """
    from sim.officer.planning import COMPARISON_FILE, write_files
    from sim.officer.searching import add_best_mix, is_searched
    from sim.report.text.search import plan_text
    from sim.scenario.arms import load_comparison

    if not is_searched(draft):
        return work
    try:
        found = _searched(work, folder, quiet)
    except ScenarioError as error:
        print(say("go.no_mix"), file=sys.stderr)
        for one in error.faults:
            print(one.say(), file=sys.stderr)
        return work
    winner = found.winner.rated.plan
    add_best_mix(draft, plan, winner)
    write_files(folder, {COMPARISON_FILE: draft.files[COMPARISON_FILE]})
    if not quiet:
        print(say("go.mix", plan=plan_text(winner, language()), tried=len(found.rated)))
    return replace(work, comparison=load_comparison(folder / COMPARISON_FILE))


def _searched(work: Work, folder: Path, quiet: bool) -> Searched:
    """Search at the prices of the comparison and keep what was found in the folder."""
    from sim.cli.search import computed_search
    from sim.cli.search_output import write_searched
    from sim.officer.searching import SEARCH_FILE
    from sim.study.cells import code_hash
    from sim.study.search.study import KIND, space_of_file
    from sim.study.search.work import SearchWork
    from sim.study.world_runs import WorldRuns, results_for

    file = folder / SEARCH_FILE
    space, objective = space_of_file(file, AS_WRITTEN, book=work.book)
    results = results_for(folder / SEARCH, KIND, file.stem)
    search = SearchWork(space, objective, WorldRuns(results, work.effort.where, book=work.book))
    found = computed_search(search, quiet)
    results.publish(partial(write_searched, search, found, file), code_hash())
    return found
