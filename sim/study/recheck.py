"""A scenario that came from no file, out of a manifest: everything that reading a file would refuse
is refused here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.declared import declared
from sim.declared.levers import LEVERS
from sim.declared.vocabulary import FIELDS
from sim.files.refusals import checked_record
from sim.files.toml import Document
from sim.scenario.chosen import check_kind_shares, check_stocks
from sim.scenario.own_code import check_code, modules_of
from sim.scenario.scenario import MECHANISMS, Scenario
from sim.scenario.timeline import MOST_STEPS, check_policies, check_practice
from sim.scenario.values import parameter_limits
from sim.towns.feasible import (
    check_amounts,
    check_organisation,
    check_people,
    check_places,
    check_posts,
)
from sim.words.errors import between, fault

OLDER = "error.results_older"  # parameters, levers and mechanisms come and go with the versions


def check_livable(scenario: Scenario, file: str, allow_code: Sequence[str | Path] = ()) -> None:
    """Refuse a scenario that no file could hold, at its place in `file`, and one that brings code
    which the caller has not allowed to run.
    """
    check_code(scenario, allow_code, file)
    known_parameters = declared(modules_of(scenario.processes))
    document = Document(sources={"": file})
    names = {
        "parameters": ({*scenario.parameters}, {*known_parameters}),
        "switched_off": ({*scenario.switched_off}, {*MECHANISMS}),
        "fields_off": ({*scenario.fields_off}, {*FIELDS}),
        "steps": ({step.lever for step in scenario.steps}, {*LEVERS}),
    }
    for key, (given, known) in names.items():
        wrong = given ^ known if key == "parameters" else given - known
        if wrong:
            raise fault(OLDER, file=file, detail=f"{key}: {', '.join(sorted(wrong)[:3])}")
    for name, value in scenario.parameters.items():
        low, high = parameter_limits(known_parameters[name])
        if not low <= value <= high and value != known_parameters[name].null:
            raise fault(
                "error.range",
                at=f"parameters.{name}",
                file=file,
                given=value,
                allowed=between(low, high),
            )
    check_stocks(scenario.parameters, document)
    check_kind_shares(scenario.parameters, document)
    check_people(scenario.people, document, scenario.parameters)
    check_places(scenario.people, document)
    check_posts(scenario.organisation, scenario.people, document)
    check_organisation(scenario.organisation, scenario.people, document)
    _check_steps(scenario, document)


def _check_steps(scenario: Scenario, document: Document) -> None:
    """Policies that no file could hold."""
    file = document.source("")
    if len(scenario.steps) > MOST_STEPS:
        raise fault("error.too_many", at="steps", file=file, given=len(scenario.steps))
    check_amounts(scenario.people, document, scenario.organisation.practice, "practice")
    for step in scenario.steps:
        checked_record(
            LEVERS[step.lever], step.settings, at=f"steps.{step.lever}", source=document.source
        )
        check_amounts(scenario.people, document, {step.lever: step.settings}, "levers")
    check_practice(scenario.organisation.practice, scenario.steps, document)
    check_policies(scenario.organisation, scenario.steps, document)
