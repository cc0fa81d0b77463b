"""What a comparison file holds: named arms on common ground, which of them is the reference, what
to look at and to claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from sim.scenario.load import Loaded
from sim.scenario.scenario import LARGEST_YEN, LONGEST_RUN, Claim, Scenario
from sim.scenario.town import Label, Record

DEFAULT_SEEDS = 20
LEAST_WEIGHT, MOST_WEIGHT = 0.001, 1000
COMPARISON_KEYS = (
    "arms",
    "reference",
    "measures",
    "same_cost",
    "combinations",
    "until_decided",
    "precision",
)


class Combination(Record):
    """`arm` less the weighted mean of other arms: whether the whole does more than its parts.
    Weights above 0.
    """

    arm: str
    parts: dict[str, Annotated[float, Field(le=MOST_WEIGHT)]]
    name: Label | None = None


class Precision(Record):
    """Seeds are added until the 95 % interval of a difference is at most `half_width` on each side,
    or there are `most` seeds.
    """

    measure: str
    year: int = Field(10, ge=1, le=LONGEST_RUN)
    half_width: float = Field(gt=0, le=LARGEST_YEN)
    arm: str = ""
    most: int = Field(128, ge=2, le=10_000)


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
