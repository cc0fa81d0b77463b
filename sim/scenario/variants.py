"""Ready variants of an arm, lived beside it: posts filled late, and half of the reach. What only needs
other prices or payers is no variant: it is reckoned again from the runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.declared.funding import FUNDED
from sim.declared.levers import Practice, Step, practice_at
from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.scenario.comparison import Arm, Comparison
from sim.scenario.scenario import Scenario
from sim.towns.town import Label
from sim.words import LANGUAGES, say

LATE, HALF_REACH = "late", "half_reach"
VARIANTS = (HALF_REACH, LATE)
MONTHS_LATE = 6
HALF = 0.5
MARK = "__"  # between an arm and its variant
BOUGHT = ("fte", "places", "add")  # settings of a lever that are posts or places; `add` by agency


def variant_id(arm: str, kind: str) -> str:
    """The id of a variant of an arm."""
    return f"{arm}{MARK}{kind}"


def is_variant(arm: str) -> bool:
    """Whether an arm is a variant of another one."""
    return arm.endswith(tuple(f"{MARK}{kind}" for kind in VARIANTS))


def with_variants(comparison: Comparison, arms: Sequence[str]) -> Comparison:
    """The comparison with the variants of some of its arms behind its own; KeyError for an arm that
    it does not have.
    """
    known = {arm.id for arm in comparison.arms}
    more = tuple(
        _variant(comparison.arm(id), kind, comparison.base.steps)
        for id in arms
        for kind in VARIANTS
        if variant_id(id, kind) not in known
    )
    return replace(comparison, arms=(*comparison.arms, *more))


def _variant(arm: Arm, kind: str, inherited: tuple[Step, ...]) -> Arm:
    made = late(arm.scenario) if kind == LATE else half_reached(arm.scenario, inherited)
    name = Label(
        **{
            lang: say(f"variant.{kind}", lang, arm=getattr(arm.name, lang), months=MONTHS_LATE)
            for lang in LANGUAGES
        }
    )
    id = variant_id(arm.id, kind)
    return replace(arm, id=id, name=name, scenario=made.model_copy(update={"id": id}), short=None)


def late(scenario: Scenario) -> Scenario:
    """The scenario with all posts and places that levers buy there MONTHS_LATE later.

    Hiring alone is late. What ends does so when it did, and who would come after the end never comes.
    A cut is no hiring: it comes when it did, and of those who come later no more than it leaves.
    """
    steps = [step for step in scenario.steps if step.lever not in FUNDED]
    for lever in FUNDED:
        steps += _filled_late(
            [step for step in scenario.steps if step.lever == lever], scenario.organisation.practice
        )
    steps = sorted(steps, key=lambda step: step.start_week)
    return scenario.model_copy(update={"steps": tuple(steps)})


def _filled_late(steps: Sequence[Step], standing: Practice) -> list[Step]:
    """The steps of one lever, in order of start, those that hire MONTHS_LATE later."""
    weeks, found = MONTHS_LATE * WEEKS_PER_YEAR // 12, list[Step]()
    for place, step in enumerate(steps):
        has = getattr(standing, step.lever).model_dump()
        back = all(has[name] == value for name, value in step.settings.items())
        if not back and not _cuts(step, _at_its_start(step, steps[:place], standing)):
            found.append(step.model_copy(update={"start_week": step.start_week + weeks}))
            continue
        overtaken = [one for one in found if one.start_week >= step.start_week]
        found = [one for one in found if one not in overtaken]
        if back or not overtaken:
            found.append(step)
            continue
        found.append(_at_most(step, _at_its_start(step, found, standing)))
        for one in overtaken:
            left = one.model_copy(update={"settings": one.settings | step.settings})
            found.append(_at_most(left, one.settings))
    return found


def _at_its_start(step: Step, steps: Sequence[Step], standing: Practice) -> dict[str, Any]:
    """The settings of a step's lever in the week in which it starts, under other steps."""
    practice = practice_at(standing, tuple(steps), step.start_week)
    settings: dict[str, Any] = getattr(practice, step.lever).model_dump()
    return settings


def _cuts(step: Step, before: Mapping[str, Any]) -> bool:
    """Whether a step takes posts or places away and adds none to those of `before`."""
    more: list[float] = []
    for name in (name for name in BOUGHT if name in step.settings):
        after, had = step.settings[name], before[name]
        if name == "add":
            more += [after.get(at, 0.0) - had.get(at, 0.0) for at in {**after, **had}]
        else:
            more.append(after - had)
    return min(more, default=0.0) < 0 and max(more) <= 0


def _at_most(step: Step, most: Mapping[str, Any]) -> Step:
    """A step with no more posts and places than `most` has."""
    settings = dict(step.settings)
    for name in (name for name in BOUGHT if name in settings and name in most):
        if name == "add":
            settings[name] = {
                at: min(number, most[name].get(at, 0.0)) for at, number in settings[name].items()
            }
        else:
            settings[name] = min(settings[name], most[name])
    return step.model_copy(update={"settings": settings})


def half_reached(scenario: Scenario, inherited: Sequence[Step] = ()) -> Scenario:
    """The scenario in which half of visits, participation, community work and procedures is really
    done (half of the fidelity), from the first change of the arm on: its first step that is none of
    those `inherited`, which the reference has too.
    """
    own = [step for step in scenario.steps if step not in inherited]
    first = min((step.start_week for step in own), default=0)
    earlier = [step for step in scenario.steps if step.start_week < first]
    value = HALF * practice_at(scenario.organisation.practice, tuple(earlier), first).fidelity.value
    begin = Step(lever="fidelity", start_week=first, settings={"value": value})
    later = [
        step.model_copy(update={"settings": {"value": HALF * step.settings["value"]}})
        if step.lever == "fidelity"
        else step
        for step in scenario.steps
        if step.start_week >= first
    ]
    return scenario.model_copy(update={"steps": (*earlier, begin, *later)})
