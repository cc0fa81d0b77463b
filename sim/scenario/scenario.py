"""The frozen, checked scenario: everything a run needs, complete, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from ..words import language, say
from .card import card, of_scenario
from .levers import Step
from .own import OwnColumn, OwnFlow
from .seeds import LARGEST_SEED
from .town import Label, Organisation, People, Record

MECHANISMS = (
    "population",
    "needs",
    "crises",
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
    """Yearly background drift; `default` in a file takes the declared values, `none` sets all to 0."""

    onset: float = Field(0.0, ge=-0.2, le=0.2)
    staff: float = Field(0.0, ge=-0.2, le=0.2)
    ties: float = Field(0.0, ge=-0.2, le=0.2)
    alone: float = Field(0.0, ge=-0.2, le=0.2)


class Event(Record):
    """A shock: what, when (week after 1 April of the start year), how large and for how long."""

    kind: Literal["disaster", "recession", "budget_cut", "key_person_leaves"]
    week: int = Field(le=WEEKS_OF_RUN)
    weeks: int = Field(26, ge=1, le=WEEKS_OF_RUN)
    size: float = Field(
        0.1,
        ge=0,
        le=20,
        description="disaster: share of households hit; recession: factor on households' asking; budget_cut: share of posts; key_person_leaves: ignored",
    )
    relocation: float = Field(
        0.0, ge=0, le=1, description="disaster: share of hit households that lose their ties"
    )


class Claim(Record):
    """A statement about a measure that a comparison tests; `arm` may be left out where only one arm stands beside the reference.

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


class Scenario(Record):
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
    effects: Literal["as_declared", "none"] = "as_declared"
    claims: tuple[Claim, ...] = ()
    start_year: int = Field(2025, ge=1990, le=2100)
    years: int = Field(10, ge=1, le=LONGEST_RUN)
    run_in_weeks: int = Field(156, ge=0, le=1040)
    seeds: tuple[Annotated[int, Field(ge=0, le=LARGEST_SEED)], ...] = (1,)
    event_log: bool = False
    own_columns: tuple[OwnColumn, ...] = ()
    own_flows: tuple[OwnFlow, ...] = ()

    __iter__ = None  # one value where a tool asks whether it is many: Mesa's batch_run takes it for one parameter

    def __repr__(self) -> str:
        people, period = self.people, f"{self.start_year}-04 to {self.start_year + self.years}-03"
        levers = ", ".join(dict.fromkeys(step.lever for step in self.steps)) or "none"
        return f"<Scenario {self.id!r}: {people.id}, {people.population:,} residents, {period}, levers: {levers}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return card(getattr(self.name, language()), of_scenario(self), say("card.model"))

    def before_policies(self) -> Scenario:
        """What is lived before week 0, alike for all scenarios that differ in policies, events, trend and length alone."""
        return self.model_copy(
            update={"steps": (), "events": (), "trend": Trend(), "years": 1, "event_log": False}
        )

    def values(self) -> SimpleNamespace:
        """Parameter values by process: `values().needs.onset_latent`; effects already at null where effects are none."""
        groups: dict[str, dict[str, float]] = {}
        for dotted, value in self.parameters.items():
            group, name = dotted.split(".")
            groups.setdefault(group, {})[name] = value
        return SimpleNamespace(
            **{group: SimpleNamespace(**values) for group, values in groups.items()}
        )
