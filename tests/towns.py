"""Small scenarios for tests, made directly from the records and the declared parameters."""

from __future__ import annotations

from typing import Any

from sim.declared import declared
from sim.scenario.scenario import Scenario
from sim.towns.town import AgencyRecord, District, Label, Organisation, People

PERSONS_PER_HOUSEHOLD = 2.23
DISTRICTS = (("east", 0.5), ("centre", 0.3), ("west", 0.2))
AGENCIES = {"elderly": 0.30, "disability": 0.22, "child": 0.12, "poverty": 0.36}


def label(text: str) -> Label:
    """The same words in both languages."""
    return Label(ja=text, en=text)


def small_people(households: int = 2000, /, **changes: Any) -> People:
    """People of about `households` households in two or three districts; `changes` replace fields
    of People.
    """
    shares = DISTRICTS if households >= 500 else (("east", 0.6), ("west", 0.4))
    fields: dict[str, Any] = {
        "id": "small",
        "name": label("small town"),
        "population": max(2, round(households * PERSONS_PER_HOUSEHOLD)),
        "ageing_rate": 0.29,
        "persons_per_household": PERSONS_PER_HOUSEHOLD,
        "districts": tuple(District(id=name, share=share) for name, share in shares),
    }
    return People(**(fields | changes))


def small_organisation(**changes: Any) -> Organisation:
    """One agency a field at 63 posts per 100,000 residents; `changes` replace fields of
    Organisation.
    """
    fields: dict[str, Any] = {
        "id": "four_desks",
        "name": label("four desks"),
        "posts_per_100k": 63.0,
        "agencies": tuple(
            AgencyRecord(id=field, name=label(field), field=field, share=share)
            for field, share in AGENCIES.items()
        ),
    }
    return Organisation(**(fields | changes))


def small_scenario(households: int = 2000, **changes: Any) -> Scenario:
    """A scenario of a small town at declared parameters.

    `changes` replace fields of Scenario; `parameters={"needs.coupling": 0.0}` replaces single
    parameters.
    """
    parameters = {name: parameter.value for name, parameter in declared().items()} | changes.pop(
        "parameters", {}
    )
    fields: dict[str, Any] = {
        "id": "small",
        "name": label("small"),
        "people": changes.pop("people", None) or small_people(households),
        "organisation": changes.pop("organisation", None) or small_organisation(),
        "parameters": parameters,
    }
    return Scenario(**(fields | changes))
