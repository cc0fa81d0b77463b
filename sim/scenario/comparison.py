"""What a comparison file holds: named arms on common ground, which of them is the reference, what
to look at and to claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    create_model,
    field_validator,
    model_validator,
)

from sim.scenario.load import Loaded
from sim.scenario.scenario import LARGEST_YEN, LONGEST_RUN, Claim, Scenario
from sim.scenario.scenario_file import ScenarioFile, whole_scenario
from sim.scenario.written import MOST_ENTRIES, Lines, Name, as_a_whole
from sim.towns.town import Label, Record
from sim.words import Phrase
from sim.words.errors import NOTHING, Refusal

DEFAULT_SEEDS = 20
LEAST_WEIGHT, MOST_WEIGHT = 0.001, 1000
ARM_ID = r"^[a-z0-9][a-z0-9_-]{0,39}$"
MOST_ARMS = 40


class Combination(Record):
    """`arm` less the weighted mean of other arms: whether the whole does more than its parts.
    Weights above 0.
    """

    arm: str
    parts: dict[str, Annotated[float, Field(le=MOST_WEIGHT)]]
    name: Name | None = None

    @field_validator("parts")
    @classmethod
    def weights_above_zero(cls, parts: dict[str, float]) -> dict[str, float]:
        """Every part weighs something."""
        if not parts or min(parts.values()) < LEAST_WEIGHT:
            raise Refusal(
                "error.weights", allowed=Phrase("allowed.at_least", {"low": LEAST_WEIGHT})
            )
        return parts


class Precision(Record):
    """Seeds are added until the 95 % interval of a difference is at most `half_width` on each side,
    or there are `most` seeds.
    """

    measure: str
    year: int = Field(10, ge=1, le=LONGEST_RUN)
    half_width: float = Field(gt=0, le=LARGEST_YEN)
    arm: str = ""
    most: int = Field(128, ge=2, le=10_000)


class ArmLines(Record):
    """An arm of a comparison file: its id, the file and the short name that it may have, and lines
    of a scenario of its own, which are read where they are laid over the common ground.
    """

    model_config = ConfigDict(extra="allow")

    id: Annotated[str, Field(pattern=ARM_ID), as_a_whole("error.arm_id")]
    scenario: str | None = None
    short: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def only_its_own(cls, written: Any) -> Any:
        """What belongs to the comparison as a whole stands in no arm."""
        for name in NOT_OF_AN_ARM:
            if isinstance(written, dict) and name in written:
                raise Refusal("error.arm_key", at=name)
        return written


def _enough(arms: tuple[ArmLines, ...]) -> tuple[ArmLines, ...]:
    if not 1 < len(arms) <= MOST_ARMS:
        raise Refusal("error.arms", given=NOTHING, allowed=allowed_arms())
    return arms


MOST_WORLDS = 1000  # that a file may ask for; how many there are is known where they are read


def allowed_arms() -> Phrase:
    """How many arms a comparison may have."""
    return Phrase("allowed.arms", {"most": MOST_ARMS})


class ComparisonLines(Lines):
    """What a comparison file says of the comparison as a whole."""

    arms: Annotated[
        tuple[ArmLines, ...],
        AfterValidator(_enough),
        Field(json_schema_extra={"minItems": 2, "maxItems": MOST_ARMS}),
    ] = ()
    reference: str | None = None
    measures: tuple[str, ...] = ()
    same_cost: Annotated[
        tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...],
        as_a_whole("error.type", Phrase("allowed.groups")),
    ] = ()
    combinations: tuple[Combination, ...] = Field((), max_length=MOST_ENTRIES)
    until_decided: bool = False
    variants: tuple[str, ...] = ()
    worlds: Annotated[int, Field(ge=0, le=MOST_WORLDS)] | None = None
    precision: Precision | None = None


COMPARISON_KEYS = tuple(
    name for name in ComparisonLines.model_fields if name not in Lines.model_fields
)
NOT_OF_AN_ARM = (*COMPARISON_KEYS, "claims", "seeds", "extends", "search", "map")


def whole_comparison() -> type[ScenarioFile]:
    """A comparison file with the lines of its arms and of their common ground, as one record."""
    scenario = whole_scenario()
    arm = create_model("ArmOfComparison", __base__=(ArmLines, _of_an_arm(scenario)))
    arms: Any = Annotated[
        tuple[arm, ...], Field(json_schema_extra={"minItems": 2, "maxItems": MOST_ARMS})
    ]
    bases: Any = (ComparisonLines, scenario)
    return create_model("Comparison", __base__=bases, arms=(arms, ()))


def _of_an_arm(scenario: type[ScenarioFile]) -> type[Record]:
    """What an arm may say of a scenario."""
    fields: dict[str, Any] = {
        name: (info.annotation, info)
        for name, info in scenario.model_fields.items()
        if name not in NOT_OF_AN_ARM
    }
    return create_model("OfAnArm", __base__=Record, **fields)


@dataclass(frozen=True)
class Arm:
    """One way to run the town. `loaded` is how it was read; None where it was restored from
    results. `short`: its name in figures, where its file gives one.
    """

    id: str
    name: Label
    scenario: Scenario
    loaded: Loaded | None = field(default=None, repr=False, compare=False)
    short: Label | None = None

    @property
    def reading(self) -> Loaded:
        """How the arm was read: only of an arm that comes from files, not of one restored from
        results.
        """
        assert self.loaded is not None
        return self.loaded


@dataclass(frozen=True)
class Comparison:
    """Arms of one town on the same seeds; the reference is one of them. `remarks` is what a file
    notes of its source, `late` what is left out since it lies after the end of a run that the
    caller has shortened.
    """

    id: str
    name: Label
    question: Label | None
    arms: tuple[Arm, ...]
    reference: str
    seeds: tuple[int, ...]
    seeds_given: bool = True
    measures: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    combinations: tuple[Combination, ...] = ()
    same_cost: tuple[tuple[str, ...], ...] = ()
    until_decided: bool = False
    precision: Precision | None = None
    worlds: int | None = None
    remarks: dict[str, Any] = field(default_factory=dict)
    late: tuple[str, ...] = field(default=(), compare=False)

    def arm(self, id: str) -> Arm:
        """The arm of this id; KeyError where there is none."""
        return {arm.id: arm for arm in self.arms}[id]

    @property
    def others(self) -> tuple[Arm, ...]:
        """All arms but the reference."""
        return tuple(arm for arm in self.arms if arm.id != self.reference)

    @property
    def base(self) -> Scenario:
        """The scenario of the reference."""
        return self.arm(self.reference).scenario
