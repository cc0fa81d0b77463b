"""The frozen, checked scenario: everything a run needs, complete, and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from sim.declared import Parameters
from sim.declared.levers import Step
from sim.declared.own import OwnColumn, OwnFlow
from sim.scenario.onset import Onset
from sim.scenario.own_code import OwnProcess
from sim.scenario.scenario_card import scenario_card
from sim.scenario.seeds import LARGEST_SEED
from sim.towns.town import Label, Organisation, People, Record
from sim.words import language, say
from sim.words.card import card
from sim.words.errors import Refusal, between

MECHANISMS = (
    "population",
    "needs",
    "crises",
    "assistance",
    "noticing",
    "asking",
    "outreach",
    "intake",
    "coordination",
    "casework",
    "community",
    "resources",
    "workforce",
    "ledger",
    "onset",
    "spill_over",
    "surfacing",
    "worsening",
    "recovery",
    "relapse",
    "ageing",
    "moves",
    "watching",
    "telling",
    "ties",
    "exhaustion",
    "leaving",
    "rotation",
)


LONGEST_RUN = 50  # years
WEEKS_OF_RUN = 52 * LONGEST_RUN
LARGEST_YEN = 1e12


class Trend(Record):
    """Yearly background drift; `default` in a file takes the declared values, `none` sets all to
    0.
    """

    onset: float = Field(0.0, ge=-0.2, le=0.2)
    staff: float = Field(0.0, ge=-0.2, le=0.2)
    ties: float = Field(0.0, ge=-0.2, le=0.2)
    alone: float = Field(0.0, ge=-0.2, le=0.2)


class Shock(Record):
    """A shock: what, how large and for how long."""

    kind: Literal["disaster", "recession", "budget_cut", "key_person_leaves"]
    weeks: int = Field(26, ge=1, le=WEEKS_OF_RUN)
    size: float = Field(
        0.1,
        ge=0,
        le=20,
        description="disaster: share of households hit; recession: factor on households' asking, "
        "1 where it is not given; budget_cut: share of posts; key_person_leaves: ignored",
    )
    relocation: float = Field(
        0.0, ge=0, le=1, description="disaster: share of hit households that lose their ties"
    )
    onset: Onset | None = Field(
        None,
        description="factors on the onset of needs while it lasts, by field, each a number or "
        "{latent, manifest}; not given: in a recession what the parameters say, else 1",
    )

    @model_validator(mode="before")
    @classmethod
    def asking_as_it_was(cls, written: Any) -> Any:
        """A recession changes households' asking only where its size says so."""
        if isinstance(written, dict) and written.get("kind") == "recession":
            return {"size": 1.0, **written}
        return written

    @field_validator("size")
    @classmethod
    def a_share_where_it_is_one(cls, size: float, info: ValidationInfo) -> float:
        """A disaster hits, and a budget cut takes, at most all."""
        if info.data.get("kind") in ("disaster", "budget_cut") and size > 1:
            raise Refusal("error.range", allowed=between(0, 1, "%", "allowed.percent"))
        return size


class Event(Shock):
    """A shock and when it comes (week after 1 April of the start year)."""

    week: int = Field(ge=0, le=WEEKS_OF_RUN)


class Claim(Record):
    """A statement about a measure that a comparison tests; `arm` may be left out where only one arm
    stands beside the reference.

    role: "expected" is what a source expects, "against" the opposite, which would count against it.
    """

    en: str
    ja: str = ""
    arm: str = ""
    measure: str
    against: str = ""
    direction: Literal["lower", "higher"]
    by_year: int = Field(10, ge=1, le=LONGEST_RUN)
    cumulative: bool = False
    confidence: float = Field(0.95, gt=0.5, lt=1)
    margin: float = Field(0.0, ge=0, le=LARGEST_YEN)
    role: Literal["expected", "against"] = "expected"


MOST_MONTHS = 12 * 200  # from the first month of a run to one that a source of money names


class Funding(Record):
    """A source of the money of a measure: a mix of the price book, or `shares` of one's own.

    ceiling: yen of cost that it counts in a fiscal year; start_month, last_month: the first and the
    last month of the run (0 is the first April) that it pays for. None: no ceiling, no such month.
    """

    source: str = ""
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    name: Label | None = None
    ceiling: float | None = Field(None, ge=0, le=LARGEST_YEN)
    start_month: int | None = Field(None, ge=-MOST_MONTHS, le=MOST_MONTHS)
    last_month: int | None = Field(None, ge=-MOST_MONTHS, le=MOST_MONTHS)


class Period(Record):
    """What a run takes from its file as it stands."""

    effects: Literal["as_declared", "none"] = "as_declared"
    start_year: int = Field(2025, ge=1990, le=2100)
    years: int = Field(10, ge=1, le=LONGEST_RUN)
    run_in_weeks: int = Field(780, ge=0, le=1040)
    event_log: bool = False


class Scenario(Period):
    """What `load` returns: frozen; `digest` names its content."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    name: Label
    question: Label | None = None
    people: People
    organisation: Organisation
    steps: tuple[Step, ...] = ()
    events: tuple[Event, ...] = ()
    trend: Trend = Trend()
    parameters: dict[str, Annotated[float, Field(ge=-1e9, le=1e9)]]
    switched_off: tuple[str, ...] = ()
    fields_off: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    seeds: tuple[Annotated[int, Field(ge=0, le=LARGEST_SEED)], ...] = (1,)
    own_columns: tuple[OwnColumn, ...] = ()
    own_flows: tuple[OwnFlow, ...] = ()
    processes: tuple[OwnProcess, ...] = ()
    funding: dict[str, tuple[Funding, ...]] = {}

    # One value where a tool asks whether it is many: Mesa's batch_run takes it for one parameter.
    __iter__ = None  # type: ignore[assignment]  # Python's word for "not iterable"; pydantic has a method

    def __repr__(self) -> str:
        people, period = self.people, f"{self.start_year}-04 to {self.start_year + self.years}-03"
        levers = ", ".join(dict.fromkeys(step.lever for step in self.steps)) or "none"
        return f"<Scenario {self.id!r}: {people.id}, {people.population:,} residents, {period}, levers: {levers}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return card(getattr(self.name, language()), scenario_card(self), say("card.model"))

    def before_policies(self) -> Scenario:
        """What is lived before week 0, alike for all scenarios that differ in policies, events,
        trend and length alone.
        """
        return self.model_copy(
            update={"steps": (), "events": (), "trend": Trend(), "years": 1, "event_log": False}
        )

    def values(self) -> Parameters:
        """Parameter values by subject: `values().needs.onset_latent`; effects already at null where
        effects are none.
        """
        return Parameters(self.parameters)


NO_PART_OF_A_RUN = {"id", "name", "question", "claims", "seeds", "funding"}
REMARKS = ("name", "source", "assumed", "prefecture", "own_figures")


def digest(scenario: Scenario) -> str:
    """A hash over all that decides a run but its seed: not its names, remarks, claims, funding, nor
    the list of seeds (32 hex digits).
    """
    text = json.dumps(content(scenario), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def content(scenario: Scenario) -> dict[str, Any]:
    """All that decides a run but its seed, as JSON holds it; processes of a user's own, and what a
    shock does to onset, only where something is written, so that records of runs without any stay
    comparable.
    """
    left_out = NO_PART_OF_A_RUN if scenario.processes else {*NO_PART_OF_A_RUN, "processes"}
    found = without_remarks(scenario.model_dump(mode="json", exclude=left_out))
    for event in found["events"]:
        if event["onset"] is None:
            del event["onset"]
    return found


def without_remarks(value: Any) -> Any:
    """A value without what only readers use."""
    if isinstance(value, dict):
        return {name: without_remarks(part) for name, part in value.items() if name not in REMARKS}
    return [without_remarks(part) for part in value] if isinstance(value, list) else value
