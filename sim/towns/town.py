"""A town as a user writes it: people (who lives here) and organisation (who is paid to help, and
how they work).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.declared.levers import Practice
from sim.declared.roles import Mix, RoleName
from sim.declared.settings import Posts, Share
from sim.declared.vocabulary import AgencyField, PostKind
from sim.towns.own_figures import OwnFigures
from sim.words import Phrase
from sim.words.errors import Refusal

MOST_RESIDENTS = 5_000_000
MOST_PLACES = 10_000
MOST_DISTRICTS = 500
DEFAULT_ORGANISATION = "organisations/windows_that_wait.toml"


class Record(BaseModel):
    """A frozen, closed record of a scenario file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(Record):
    """A name in both languages."""

    ja: str
    en: str


class District(Record):
    """A part of the town, with its share of the households."""

    id: str
    name: Label | None = None
    share: float = Field(gt=0, le=1)
    places: float = Field(
        0,
        ge=0,
        le=MOST_PLACES,
        description="community places at the start, beside those that the uptake implies",
    )


class People(Record):
    """The people of a town: few numbers, from which the synthetic population is built.

    `composition` gives the share of each household kind; where it is absent it follows from the
    ageing rate. `households` lists numbers of households by district and kind (from a user's CSV)
    and replaces shares.
    """

    id: str
    name: Label
    prefecture: Label | None = None
    source: str = ""
    population: int = Field(ge=1, le=MOST_RESIDENTS, description="residents")
    ageing_rate: float = Field(ge=0.02, le=0.75, description="share of residents aged 65 or over")
    persons_per_household: float | None = Field(None, ge=1.2, le=4.0)
    composition: dict[str, Share] | None = None
    districts: tuple[District, ...] = Field(min_length=1, max_length=MOST_DISTRICTS)
    households: dict[str, dict[str, Annotated[int, Field(ge=0, le=MOST_RESIDENTS)]]] | None = None
    own_figures: OwnFigures | None = Field(
        None,
        description="figures of last year that the town knows; `sim fit` holds them against the model",
    )
    assumed: dict[str, str | Label] = Field(
        {}, description="what is assumed here and why, by name of the setting"
    )


class AgencyRecord(Record):
    """An agency: field, who runs it, whom it serves, its posts by kind."""

    id: str
    name: Label
    field: AgencyField
    run: Literal["direct", "contracted"] = "direct"
    owner: Literal["municipality", "prefecture"] = "municipality"
    districts: tuple[str, ...] = Field(
        (), description="ids of the districts served; none means the whole town"
    )
    posts: dict[PostKind, Posts] = Field({}, description="posts by kind")
    share: float = Field(
        0, ge=0, le=1, description="share of posts_per_100k, where the organisation gives that"
    )
    mix: dict[PostKind, Share] = Field(
        {"regular": 0.5, "contract": 0.5}, description="kinds of the posts given by share"
    )


class AssistanceOffice(Record):
    """The office that pays public assistance: whose it is, and how many caseworkers it has."""

    owner: Literal["municipality", "prefecture"] = "municipality"
    posts: Posts | None = Field(
        None,
        description="caseworkers; not given: as many as the norm (assistance.households_per_post) "
        "asks for the households on public assistance at the start",
    )


class Organisation(Record):
    """The agencies and how they work: standing practice, in force from the start and during the
    run-in.
    """

    id: str
    name: Label
    source: str = ""
    posts_per_100k: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="posts for each 100,000 residents, shared out by the agencies' `share`",
    )
    agencies: tuple[AgencyRecord, ...] = Field(min_length=1, max_length=200)
    assistance: AssistanceOffice = AssistanceOffice()
    practice: Practice = Practice()
    roles: dict[RoleName, Mix] = Field(
        {},
        description="what posts of a role do with their hours here, where it differs from what is "
        "declared: the share of each activity, all together 1",
    )
    assumed: dict[str, str | Label] = Field(
        {}, description="what is assumed here and why, by name of the setting"
    )

    @model_validator(mode="after")
    def shares_or_posts(self) -> Organisation:
        """Posts are given by number, or by rate and share; shares then sum to 1."""
        total = sum(agency.share for agency in self.agencies)
        if self.posts_per_100k is not None and abs(total - 1) > 1e-6:
            raise Refusal("error.agency_shares", allowed=Phrase("allowed.sum_one"))
        return self

    def posts_of(self, agency: AgencyRecord, population: int) -> dict[str, float]:
        """Posts by kind of one agency in a town of `population` residents."""
        if self.posts_per_100k is None:
            return {str(kind): number for kind, number in agency.posts.items()}
        posts = self.posts_per_100k * population / 100_000 * agency.share
        return {kind: posts * part for kind, part in agency.mix.items()}
