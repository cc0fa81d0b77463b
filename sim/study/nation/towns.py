"""A municipality of the table as the town of a scenario: few numbers, from which the people are
built, and posts in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError

from sim.declared import Parameters
from sim.declared.levers import practice_at
from sim.declared.vocabulary import KINDS
from sim.files.toml import Document
from sim.scenario.comparison import Arm, Comparison
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import boundaries
from sim.study.shrink import resized
from sim.towns.composition import composition_of
from sim.towns.feasible import check_people
from sim.towns.nation.table import Municipality
from sim.towns.town import MOST_DISTRICTS, AgencyRecord, District, Label, Organisation, People
from sim.words import Phrase
from sim.words.errors import MOST_FAULTS, Fault, ScenarioError, fault

RESIDENTS_A_DISTRICT = 10_000  # as in the reference town, assumed: grade D
SEEDS_APART = 100_000  # seeds of two municipalities differ by their codes, of five digits


def lived_residents(municipality: Municipality, largest: int | None) -> int:
    """Returns the residents of the town that stands for a municipality: its own, or `largest` where
    it has more; what is counted is then multiplied by the residents that one stands for.
    """
    return municipality.population if largest is None else min(municipality.population, largest)


def seed_for(municipality: Municipality, seed: int) -> int:
    """Returns the seed of a municipality's run, so that no two share their luck; arms do."""
    return seed * SEEDS_APART + int(municipality.code)


def town_of(scenario: Scenario, municipality: Municipality, largest: int | None = None) -> Scenario:
    """Returns the scenario in a municipality: its people in districts of equal size, and everything
    that the scenario's own town has by number in proportion to residents.

    Posts of the table, where it has them, take the place of the organisation's; they are shared out
    over agencies and kinds in the same way. Raises ScenarioError for an organisation whose agencies
    serve districts by name, and for people that cannot be.
    """
    if any(agency.districts for agency in scenario.organisation.agencies):
        raise fault("nation.named_districts", at="organisation", given=scenario.organisation.id)
    lived = lived_residents(municipality, largest)
    places = sum(district.places for district in scenario.people.districts)
    people = people_of(municipality, lived, places * lived / scenario.people.population)
    found = resized(scenario, people)
    if municipality.posts is None:
        return found
    rate = municipality.posts / municipality.population
    return found.model_copy(
        update={"organisation": staffed_with(found.organisation, rate * lived, lived)}
    )


def people_of(municipality: Municipality, lived: int, places: float = 0.0) -> People:
    """Returns the people of a town of `lived` residents with a municipality's ageing rate and
    household kinds, in districts of about RESIDENTS_A_DISTRICT.
    """
    count = max(1, min(MOST_DISTRICTS, round(lived / RESIDENTS_A_DISTRICT)))
    districts = tuple(
        District(id=f"d{place}", share=1 / count, places=places / count)
        for place in range(1, count + 1)
    )
    size = municipality.households and municipality.population / municipality.households
    return People(
        id=municipality.code,
        name=Label(ja=municipality.name, en=municipality.name),
        population=lived,
        ageing_rate=municipality.ageing_rate,
        persons_per_household=size or None,
        composition=None if municipality.composition is None else dict(municipality.composition),
        districts=districts,
    )


def staffed_with(organisation: Organisation, posts: float, population: int) -> Organisation:
    """Returns the organisation with so many posts in all."""
    if organisation.posts_per_100k is not None:
        return organisation.model_copy(update={"posts_per_100k": posts / population * 100_000})
    factor = posts / sum(sum(agency.posts.values()) for agency in organisation.agencies)
    agencies = tuple(_times_posts(agency, factor) for agency in organisation.agencies)
    return organisation.model_copy(update={"agencies": agencies})


def _times_posts(agency: AgencyRecord, factor: float) -> AgencyRecord:
    posts = {kind: number * factor for kind, number in agency.posts.items()}
    return agency.model_copy(update={"posts": posts})


def implied_kinds(population: int, ageing_rate: float, scenario: Scenario) -> Mapping[str, float]:
    """Returns the shares of the household kinds that follow from residents and ageing rate."""
    people = people_of(Municipality("01101", "", population, ageing_rate), population)
    shares = composition_of(people, Parameters(_of_town(scenario)))
    return dict(zip(KINDS, map(float, shares), strict=True))


def _of_town(scenario: Scenario) -> dict[str, float]:
    return {name: value for name, value in scenario.parameters.items() if name.startswith("town.")}


def check_towns(
    comparison: Comparison, rows: Sequence[Municipality], file: str, largest: int | None = None
) -> None:
    """Refuse arms that no other town can have, and municipalities whose people cannot be: each at
    its row of the table.
    """
    for arm in comparison.arms:
        _check_largest(arm, max(rows, key=lambda row: row.population), largest)
    faults: list[Fault] = []
    for row in rows:
        people = people_of(row, lived_residents(row, largest))
        try:
            check_people(people, Document(), comparison.base.parameters)
        except ScenarioError as error:
            at = {"line": row.line, "name": row.name}
            faults += [
                replace(one, file=file, key=Phrase("nation.at_row", at | {"what": one.key}))
                for one in error.faults
            ]
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise ScenarioError(*faults)


def _check_largest(arm: Arm, row: Municipality, largest: int | None) -> None:
    """Refuse arms whose amounts, in the largest town, are more than any file may hold."""
    try:
        town = town_of(arm.scenario, row, largest)
        for week in (0, *boundaries(town.steps)):
            practice_at(town.organisation.practice, town.steps, week)
    except ValidationError as error:
        wrong = ".".join(map(str, error.errors()[0]["loc"]))
        lived = f"{lived_residents(row, largest):,}"
        raise fault(
            "nation.too_large", at="--largest", given=lived, arm=arm.id, what=wrong
        ) from None
