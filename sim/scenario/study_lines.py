"""What a scenario file asks of a study of its town: `[search]` for good plans, `[map]` of where the
town slides and where it recovers.

A run and a comparison leave both aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import Field, model_validator

from sim.declared import declared
from sim.declared.levers import LEVERS
from sim.scenario.scenario import LARGEST_YEN, LONGEST_RUN
from sim.scenario.values import near_parameter
from sim.scenario.written import as_a_whole, one_of
from sim.towns.town import MOST_RESIDENTS, Record
from sim.words import Phrase
from sim.words.errors import Refusal, nearest

MOST_VALUES = 400  # of one setting
MOST_CANDIDATES = 4096
MOST_WORLDS_ASKED, MOST_SEEDS_ASKED = 1000, 50
MOST_STEPS_OF_AXIS = 41
FEWEST_WORLDS = 2  # one has no spread
LARGEST_WEIGHT = 1e6
LARGEST_VALUE = 1e9  # of a setting or a parameter
NOT_ABOVE, NOT_BELOW = (
    f"_not_{side}_reference_after_year" for side in ("above", "below")
)  # a constraint is a measure and one of these

if TYPE_CHECKING:
    Lever: TypeAlias = str
else:
    Lever = Annotated[
        str,
        one_of(tuple(LEVERS), "error.unknown_lever"),
        Field(json_schema_extra={"enum": [*LEVERS]}),
    ]


class SettingRange(Record):
    """The values that a setting of a lever may take: from `low` to `high` by `step`, or one of
    `choices`, of which the first means that it is not used.

    `together` holds settings of the same lever that come with it wherever it is used.
    """

    low: float = Field(0.0, ge=0, le=LARGEST_VALUE)
    high: float | None = Field(None, ge=0, le=LARGEST_VALUE)
    step: float = Field(0.5, gt=0, le=LARGEST_VALUE)
    choices: tuple[Any, ...] = Field((), max_length=MOST_VALUES)
    together: dict[str, Any] = {}

    @model_validator(mode="after")
    def has_values(self) -> SettingRange:
        """It has a highest value or choices, not both, and not too many values."""
        if bool(self.choices) == (self.high is not None):
            raise Refusal("search.range", allowed=Phrase("allowed.search_range"))
        if self.high is not None and self.high < self.low:
            raise Refusal("search.low_above_high", at="high", given=self.high)
        if len(self.values) > MOST_VALUES:
            most = Phrase("allowed.at_most", {"high": MOST_VALUES})
            raise Refusal("error.too_many", at="step", given=self.step, allowed=most)
        return self

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in order, the lowest or the unused one first."""
        if self.high is None:
            return self.choices
        count = min(int((self.high - self.low) / self.step + 1e-9), MOST_VALUES) + 1
        return tuple(round(self.low + at * self.step, 9) for at in range(count))


def check_plan_settings(levers: dict[str, dict[str, SettingRange]]) -> None:
    """Refuse settings that a lever does not have."""
    for lever, settings in levers.items():
        known = tuple(LEVERS[lever].model_fields)
        for name, one in settings.items():
            places = [(f"levers.{lever}.{name}", name)]
            places += [(f"levers.{lever}.{name}.together.{more}", more) for more in one.together]
            for at, setting in places:
                if setting not in known:
                    allowed, near = ", ".join(known), nearest(setting, known)
                    raise Refusal("search.no_setting", at=at, allowed=allowed, near=near)


class SearchLines(Record):
    """`[search]`: how much money a year, which levers may take it, and what makes a plan good.

    `money` is in yen a year; a plan spends at least the share `least_spent` of it. `objective` is a
    measure, or measures with weights. `candidates` plans are tried in `worlds` plausible worlds,
    the share `keep` goes on to twice as many, until `finalists` are left; `refine` plans near them
    are tried too. `confirm_worlds` further worlds, with seeds never used before, confirm them.
    """

    money: float = Field(gt=0, le=LARGEST_YEN, json_schema_extra={"unit": "yen a year"})
    least_spent: float = Field(0.9, ge=0, le=1)
    levers: dict[Lever, dict[str, SettingRange]] = Field(min_length=1)
    objective: Annotated[
        str | dict[str, Annotated[float, Field(gt=0, le=LARGEST_WEIGHT)]],
        as_a_whole("search.objective", Phrase("allowed.search_objective")),
    ] = "compounded"
    beside: str = "load"
    constraints: dict[str, Annotated[int, Field(ge=0, le=LONGEST_RUN)]] = {}
    benchmark: str = ""
    candidates: int = Field(48, ge=2, le=MOST_CANDIDATES)
    worlds: int = Field(4, ge=FEWEST_WORLDS, le=MOST_WORLDS_ASKED)
    seeds: int = Field(1, ge=1, le=MOST_SEEDS_ASKED)
    keep: float = Field(0.5, gt=0, lt=1)
    finalists: int = Field(4, ge=1, le=40)
    refine: int = Field(16, ge=0, le=MOST_CANDIDATES)
    confirm_worlds: int = Field(24, ge=FEWEST_WORLDS, le=MOST_WORLDS_ASKED)
    residents: int | None = Field(None, ge=200, le=MOST_RESIDENTS)
    draw: int = Field(1, ge=0, le=2**31)

    @model_validator(mode="after")
    def of_known_settings(self) -> SearchLines:
        """Levers have the settings that are named, the benchmark is one of them, and constraints
        are written as they can be.
        """
        check_plan_settings(self.levers)
        names = [f"{lever}.{name}" for lever, inner in self.levers.items() for name in inner]
        if self.benchmark and self.benchmark not in names:
            allowed, near = ", ".join(names), nearest(self.benchmark, names)
            given = self.benchmark
            raise Refusal(
                "search.benchmark", at="benchmark", given=given, allowed=allowed, near=near
            )
        for name in self.constraints:
            if not name.endswith((NOT_ABOVE, NOT_BELOW)):
                allowed = f"load{NOT_ABOVE} = 3"
                raise Refusal("search.constraint", at=f"constraints.{name}", allowed=allowed)
        return self


class AxisLines(Record):
    """One axis of a map: a setting of a lever ("caseworker.fte") or a parameter
    ("needs.onset_latent"), from `low` to `high` in `steps` values.

    `together` holds settings of the same lever that come with it wherever it is above 0.
    """

    setting: str
    low: float = Field(0.0, ge=-LARGEST_VALUE, le=LARGEST_VALUE)
    high: float = Field(ge=-LARGEST_VALUE, le=LARGEST_VALUE)
    steps: int = Field(4, ge=2, le=MOST_STEPS_OF_AXIS)
    together: dict[str, Any] = {}

    @model_validator(mode="after")
    def of_what_there_is(self) -> AxisLines:
        """The setting or the parameter exists, and the range goes up."""
        lever, _, name = self.setting.partition(".")
        settings = [f"{one}.{inner}" for one, kind in LEVERS.items() for inner in kind.model_fields]
        if self.setting not in settings and self.setting not in declared():
            near = nearest(self.setting, settings) or near_parameter(self.setting, declared())
            raise Refusal("map.no_setting", at="setting", given=self.setting, near=near)
        for more in self.together:
            if f"{lever}.{more}" not in settings:
                near = nearest(more, list(LEVERS[lever].model_fields)) if lever in LEVERS else ""
                raise Refusal("search.no_setting", at=f"together.{more}", near=near)
        if self.high <= self.low:
            raise Refusal("search.low_above_high", at="high", given=self.high)
        return self

    @property
    def values(self) -> tuple[float, ...]:
        """The values from low to high."""
        width = (self.high - self.low) / (self.steps - 1)
        return tuple(round(self.low + at * width, 9) for at in range(self.steps))


class MapLines(Record):
    """`[map]`: two axes, the two measures that make the plane, and in how many worlds each point is
    lived.
    """

    across: AxisLines
    up: AxisLines
    measure: str = "compounded"
    beside: str = "load"
    worlds: int = Field(6, ge=FEWEST_WORLDS, le=MOST_WORLDS_ASKED)
    seeds: int = Field(1, ge=1, le=MOST_SEEDS_ASKED)
    residents: int | None = Field(None, ge=200, le=MOST_RESIDENTS)
