"""`loop_ledger(...)`: from a comparison to what each loop of the guidebook carries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.declared.links import LINK_IDS
from sim.model.own_week import week_of
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.scenario.seeds import seeds_of
from sim.study.compare import as_comparison, worlds_wanted
from sim.study.executors import Here
from sim.study.loop_ledger.cells import KEPT
from sim.study.loop_ledger.stored import KIND
from sim.study.loop_ledger.tables import LoopLedger
from sim.study.loop_ledger.work import LedgerWork
from sim.study.store import Results
from sim.words.errors import unknown


def chosen_links(loops: Iterable[str]) -> tuple[str, ...]:
    """Returns the ids of links, all where none are named; refuses unknown ones."""
    asked = tuple(loops)
    for id in asked:
        if id not in LINK_IDS:
            raise unknown("ledger.unknown_loop", id, LINK_IDS, at="--loops", file="")
    return tuple(id for id in LINK_IDS if not asked or id in asked)


def with_arms(comparison: Comparison, arms: Iterable[str]) -> Comparison:
    """Returns a comparison of the reference and the named arms, all where none are; refuses unknown
    ones.
    """
    asked, others = tuple(arms), [arm.id for arm in comparison.others]
    for id in asked:
        if id not in others:
            raise unknown("ledger.unknown_arm", id, others, at="--arms", file=comparison.id)
    kept = tuple(
        arm for arm in comparison.arms if not asked or arm.id in (*asked, comparison.reference)
    )
    return replace(comparison, arms=kept, combinations=(), claims=(), same_cost=())


def ledger_work(
    comparison: Comparison,
    loops: Iterable[str],
    arms: Iterable[str],
    worlds: int | None,
    seeds: tuple[int, ...] | None,
    out: Path,
    where: Here,
) -> LedgerWork:
    """Returns the work of a ledger, its folder ready; refuses what cannot be computed."""
    comparison, links = with_arms(comparison, arms), chosen_links(loops)
    number = worlds_wanted(comparison, worlds, seeds is not None)
    for arm in comparison.arms:
        week_of(arm.scenario)  # what has no place in the week is refused before any work
    results = Results(out, f"{KIND} {comparison.id}", KEPT)
    results.prepare()
    return LedgerWork(comparison, links, number, seeds or comparison.seeds, results, where)


def loop_ledger(
    source: str | Path | Sequence[str | Path] | Comparison | Mapping[str, Scenario],
    *,
    loops: Iterable[str] = (),
    arms: Iterable[str] = (),
    worlds: int | None = None,
    seeds: int | Iterable[int] | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> LoopLedger:
    """Holds the link of each loop of the guidebook at the reference's weekly mean and tells what of
    an arm's difference is lost by that: this is what the loop carries.

    `loops` and `arms` are ids; without any all are taken. `source`, `overrides`, `worlds`, `seeds`
    and `workers` are as in `compare`: a world has one run. `out` is a folder in which finished
    cells are stored and found again. With more than one worker a script needs the usual
    `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `loop_ledger("comparison.toml", worlds=8).table`.
    """
    comparison, where = as_comparison(source, overrides), Here(workers)
    chosen = None if seeds is None else seeds_of(seeds)
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            folder = Path(out) if out else Path(nowhere) / comparison.id
            return ledger_work(comparison, loops, arms, worlds, chosen, folder, where).run()
    finally:
        where.leave()
