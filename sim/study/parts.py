"""The parts of a bundle, each alone on the reference: does it change anything that this model can
show?

Tried on a small copy of the town, over few years and pairs, so that it costs seconds. Two findings
are told apart: every weekly table is the same to the last digit, or no measure that a comparison
shows differs by more than luck in so many pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import ValidationError

from sim.declared.levers import Practice, Step, practice_at
from sim.declared.roles import ROLES, lived_mix
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import boundaries, without_posts
from sim.study.cells import TABLES, Cell
from sim.study.idle_settings import activity_masters, masters
from sim.study.measures import HEADLINE, MEASURES, households_of, measures_by_year
from sim.study.paired import differences
from sim.study.shrink import smaller
from sim.study.store import read_cell
from sim.words.errors import Refusal

RESIDENTS, YEARS, RUN_IN = (
    3_000,
    2,
    52,
)  # of a trial, run-in in weeks; less where the town is smaller or the run shorter
SAME, LUCK, SHOWN = "same", "luck", "shown"
TOGETHER = {  # settings that make one part, and the name of the part
    name: f"{master.lever}.{master.settings[0]}"
    for master in masters()
    for name in (*master.idle, *(f"{master.lever}.{one}" for one in master.settings))
}
WAYS = {one.activity: one.idle for one in activity_masters()}  # settings, by activity
WAYS["community_organising"] += ("community.back_supporters", "community.districts_per_worker")
Simulated = Callable[
    [Sequence[Cell]], dict[tuple[str, int], Path]
]  # the folders of cells by key and seed, without those that failed


class BundlePart(NamedTuple):
    """A part of a bundle: the arms that have it, its settings by dotted name, and the reference
    with it alone.
    """

    arms: tuple[str, ...]
    names: tuple[str, ...]
    scenario: Scenario


class Tried(NamedTuple):
    """What a part alone changes: `found` is SAME, LUCK or SHOWN, in `pairs` pairs of a town of
    `residents` over `years`.
    """

    arms: tuple[str, ...]
    names: tuple[str, ...]
    found: str
    pairs: int
    residents: int
    years: int


def bundle_parts(comparison: Comparison) -> list[BundlePart]:
    """Returns the parts of every arm that has more than one beside the reference; a part that
    several arms have stands once.
    """
    base = comparison.base
    found: dict[tuple[tuple[str, ...], str], list[tuple[str, Scenario]]] = {}
    for arm in comparison.others:
        own = [
            piece
            for step in arm.scenario.steps
            if step not in base.steps
            for piece in _pieces(step)
        ]
        group_of = partial(_group, together_in(own, arm.scenario))
        groups = [list(group) for _name, group in groupby(sorted(own, key=group_of), key=group_of)]
        for steps in groups if len(groups) > 1 else ():
            scenario = base.model_copy(update={"steps": (*base.steps, *steps)})
            if _stands_alone(scenario):
                names = tuple(
                    dict.fromkeys(
                        f"{step.lever}.{name}" for step in steps for name in step.settings
                    )
                )
                found.setdefault((names, str(steps)), []).append((arm.id, scenario))
    return [
        BundlePart(tuple(id for id, _scenario in arms), names, arms[0][1])
        for (names, _steps), arms in found.items()
    ]


def together_in(steps: Iterable[Step], scenario: Scenario) -> dict[str, str]:
    """Returns the part of every setting that makes one with another: beside TOGETHER, what only
    says how an activity is done goes with the first role of `steps` that does it.
    """
    towns = scenario.organisation.roles
    roles = {step.lever: step for step in steps if step.lever in ROLES}
    does = {
        role: lived_mix(role, getattr(_last_practice(scenario), role).mix, towns) for role in roles
    }
    found = dict(TOGETHER)
    for activity, names in WAYS.items():
        having = next((role for role, mix in does.items() if mix.get(activity, 0.0) > 0), None)
        if having:
            found |= dict.fromkeys(names, f"{having}.fte")
    return found


def _last_practice(scenario: Scenario) -> Practice:
    weeks = boundaries(scenario.steps)
    return practice_at(scenario.organisation.practice, scenario.steps, max(weeks, default=0))


def _group(together: Mapping[str, str], step: Step) -> str:
    """Returns the part to which the first setting of a step belongs."""
    name = f"{step.lever}.{next(iter(step.settings))}"
    return together.get(name, name)


def _pieces(step: Step) -> Iterable[Step]:
    """Returns a step with each setting apart, but the settings of a lever that make one part."""
    group_of = partial(_group, TOGETHER)
    single = [
        step.model_copy(update={"settings": {name: value}}) for name, value in step.settings.items()
    ]
    for _name, group in groupby(sorted(single, key=group_of), key=group_of):
        yield step.model_copy(
            update={
                "settings": {name: value for one in group for name, value in one.settings.items()}
            }
        )


def _stands_alone(scenario: Scenario) -> bool:
    """Returns whether the part can be without the others; accompaniment by community workers, say,
    cannot.
    """
    for week in {0, *boundaries(scenario.steps)}:
        try:
            practice_at(scenario.organisation.practice, scenario.steps, week)
        except (ValidationError, Refusal):
            return False
    return not without_posts(scenario.organisation, scenario.steps)


def tried(comparison: Comparison, pairs: int, simulate: Simulated) -> tuple[Tried, ...]:
    """Returns what each part of a bundle changes alone. A part of which a cell failed is left out."""
    years = min(YEARS, comparison.base.years)
    parts = (
        [part._replace(scenario=_small(part.scenario, years)) for part in bundle_parts(comparison)]
        if pairs
        else []
    )
    if not parts:
        return ()
    base, seeds = _small(comparison.base, years), range(1, pairs + 1)
    at = simulate(
        [
            Cell(scenario, seed)
            for seed in seeds
            for scenario in (base, *(part.scenario for part in parts))
        ]
    )

    def folders(scenario: Scenario) -> list[Path] | None:
        found = [at.get((Cell(scenario, seed).key, seed)) for seed in seeds]
        whole = [folder for folder in found if folder is not None]
        return whole if len(whole) == len(found) else None

    known = [(part, folders(part.scenario)) for part in parts]
    reference = folders(base)
    return tuple(
        Tried(
            part.arms,
            part.names,
            _found(base, reference, mine),
            pairs,
            base.people.population,
            years,
        )
        for part, mine in known
        if mine is not None and reference is not None
    )


def _small(scenario: Scenario, years: int) -> Scenario:
    shorter = {"years": years, "run_in_weeks": min(RUN_IN, scenario.run_in_weeks)}
    return smaller(scenario.model_copy(update=shorter), RESIDENTS)


def _found(base: Scenario, reference: list[Path], mine: list[Path]) -> str:
    """SAME, LUCK or SHOWN: measures are means over the run, each judged by its own 95 % interval
    over the pairs.
    """
    if all(
        read_cell(one, name)
        .to_pandas()
        .equals(read_cell(other, name).to_pandas())  # NaN equals NaN there
        for one, other in zip(reference, mine, strict=True)
        for name in TABLES
    ):
        return SAME
    values = pd.concat(
        [_values(base, folders, arm) for arm, folders in (("reference", reference), ("part", mine))]
    )
    table = differences(values, "reference")
    return SHOWN if ((table["low"] > 0) | (table["high"] < 0)).any() else LUCK


def _values(base: Scenario, folders: list[Path], arm: str) -> pd.DataFrame:
    """Returns the means over the run of what is judged (arm, world, seed, year, measure, value)."""
    towns = pd.concat(
        [
            read_cell(folder, "town").to_pandas().assign(seed=seed)
            for seed, folder in enumerate(folders, 1)
        ]
    )
    yearly = measures_by_year(towns, base.people.population, households_of(towns))
    judged = yearly[yearly["measure"].isin([one.name for one in MEASURES if one.name in HEADLINE])]
    means = judged.groupby(["seed", "measure"], sort=False)["value"].mean().reset_index()
    return means.assign(arm=arm, world=0, year=base.years)
