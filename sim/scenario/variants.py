"""Ready variants of an arm, lived beside it: posts filled late, and half of the reach. What only needs
other prices or payers is no variant: it is reckoned again from the runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.declared.funding import FUNDED
from sim.declared.levers import Step
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
        _variant(comparison.arm(id), kind)
        for id in arms
        for kind in VARIANTS
        if variant_id(id, kind) not in known
    )
    return replace(comparison, arms=(*comparison.arms, *more))


def _variant(arm: Arm, kind: str) -> Arm:
    made = late(arm.scenario) if kind == LATE else half_reached(arm.scenario)
    name = Label(
        **{
            lang: say(f"variant.{kind}", lang, arm=getattr(arm.name, lang), months=MONTHS_LATE)
            for lang in LANGUAGES
        }
    )
    id = variant_id(arm.id, kind)
    return replace(arm, id=id, name=name, scenario=made.model_copy(update={"id": id}), short=None)


def late(scenario: Scenario) -> Scenario:
    """The scenario with all posts and places that levers buy there MONTHS_LATE later; what ends does
    so when it did.
    """
    standing = scenario.organisation.practice.model_dump()
    weeks = MONTHS_LATE * WEEKS_PER_YEAR // 12

    def moved(step: Step) -> Step:
        back = all(standing[step.lever][name] == value for name, value in step.settings.items())
        if step.lever not in FUNDED or back:
            return step
        return step.model_copy(update={"start_week": step.start_week + weeks})

    steps = sorted(map(moved, scenario.steps), key=lambda step: step.start_week)
    return scenario.model_copy(update={"steps": tuple(steps)})


def half_reached(scenario: Scenario) -> Scenario:
    """The scenario in which half of visits, participation, community work and procedures is really
    done (half of the fidelity), from the first change of the arm on.
    """
    own = [step for step in scenario.steps if step.lever == "fidelity"]
    halved = [
        step.model_copy(update={"settings": {"value": HALF * step.settings["value"]}})
        for step in own
    ]
    first = min((step.start_week for step in scenario.steps), default=0)
    value = HALF * scenario.organisation.practice.fidelity.value
    begin = Step(lever="fidelity", start_week=first, settings={"value": value})
    others = [step for step in scenario.steps if step.lever != "fidelity"]
    steps = sorted([begin, *halved, *others], key=lambda step: step.start_week)
    return scenario.model_copy(update={"steps": tuple(steps)})
