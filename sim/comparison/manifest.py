"""The manifest of finished results as a checked record: edited, cut off or of another version, it is refused in one message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..economics.book import PriceBook
from ..experiment.store import MANIFEST
from ..scenario.bounded import MOST_BYTES
from ..scenario.comparison import LEAST_WEIGHT, Combination, Precision
from ..scenario.errors import ScenarioError, fault, short
from ..scenario.paths import content_of
from ..scenario.refusals import faults
from ..scenario.scenario import LONGEST_RUN, Claim, Scenario
from ..scenario.seeds import LARGEST_SEED, MOST_SEEDS
from ..scenario.town import Label
from .gathered import ALL_MEASURES

MOST_DRAWS = 10_000
LARGEST = 64 * MOST_BYTES  # a manifest holds every arm whole
OTHER_VERSION = (
    "missing",
    "extra_forbidden",
    "literal_error",
)  # mistakes that another version makes
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
Draw = Annotated[int, Field(ge=-1, le=MOST_DRAWS)]
Texts = dict[str, str]


class Stored(BaseModel):
    """A part of a manifest. What else stands in it is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class StoredArm(Stored):
    """An arm as it was computed."""

    id: str
    name: Label
    short: Label | None = None
    scenario: Scenario


class StoredComparison(Stored):
    """A comparison as it was computed."""

    id: str
    name: Label
    question: Label | None
    arms: tuple[StoredArm, ...] = Field(min_length=2)
    reference: str
    seeds: tuple[Seed, ...]
    measures: tuple[str, ...]
    claims: tuple[Claim, ...]
    combinations: tuple[Combination, ...]
    same_cost: tuple[tuple[str, ...], ...]
    until_decided: bool = False
    precision: Precision | None
    remarks: dict[str, Any]


class StoredEffort(Stored):
    """How much was computed."""

    seeds: tuple[Seed, ...] = Field(min_length=1)
    until_decided: bool
    most: int = Field(ge=2, le=MOST_SEEDS)
    looked: int = Field(ge=0, le=MOST_SEEDS)
    draws: int = Field(ge=0, le=MOST_DRAWS)
    no_effect: int = Field(ge=0, le=MOST_SEEDS)
    seconds: float | None = Field(gt=0, le=1e9)
    parts: int = Field(0, ge=0, le=MOST_SEEDS)


class StoredPrices(Stored):
    """The price book that money was shown at."""

    id: str
    hash: str
    book: PriceBook


class StoredFailure(Stored):
    """A run that failed."""

    seed: Seed
    error: str
    arm: str = ""
    draw: Draw = 0


class Manifest(Stored):
    """What every manifest holds: of what the results are, who made them, and their tables."""

    made_by: str
    finished: Literal[True]
    kind: Literal["run", "compare"]
    scenario_id: str
    code: str
    command: tuple[str, ...]
    written: str
    versions: Texts
    machine: Texts
    files: tuple[str, ...]
    sha256: dict[Annotated[str, Field(pattern=r"^[a-z_]+\.parquet$")], str]
    years: int = Field(ge=1, le=LONGEST_RUN)
    seeds: tuple[Seed, ...] = Field(min_length=1)
    failed: tuple[StoredFailure, ...]


class RunManifest(Manifest):
    """The manifest of `sim run`."""

    scenario: Scenario


class CompareManifest(Manifest):
    """The manifest of `sim compare`."""

    comparison: StoredComparison
    effort: StoredEffort
    prices: StoredPrices
    discount: float = Field(ge=0, le=1)
    optimism: bool
    households: int = Field(ge=1, le=5_000_000)
    draws: int = Field(ge=0, le=MOST_DRAWS)
    kept_draws: tuple[Draw, ...]


def read_whole(file: Path, kinds: tuple[str, ...], refusal: str) -> dict[str, Any]:
    """A manifest from its file, checked whole; ScenarioError `refusal` where it is none of these kinds of finished results."""
    place = short(file)
    try:
        text = content_of(file, LARGEST).decode("utf-8")
        found = json.loads(text, parse_constant=_no_number)
    except (FileNotFoundError, ValueError, RecursionError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise fault(refusal, file=place) from None
    if not isinstance(found, dict) or found.get("kind") not in kinds or not found.get("finished"):
        raise fault(refusal, file=place)
    _check(found, text, place)
    return found


def of_folder(folder: Path, kinds: tuple[str, ...], refusal: str) -> dict[str, Any]:
    """As `read_whole`, for the manifest in a folder of results."""
    return read_whole(folder / MANIFEST, kinds, refusal)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _check(found: dict[str, Any], text: str, place: str) -> None:
    """Refuse what is no whole and consistent record; name the first thing that is wrong."""
    kind = CompareManifest if found["kind"] == "compare" else RunManifest
    try:
        checked = kind.model_validate_json(text, strict=True)
    except ValidationError as error:
        one = faults(error, kind, "", lambda _key: place)[0]
        key = (
            "error.results_older"
            if error.errors()[0]["type"] in OTHER_VERSION
            else "error.manifest"
        )
        raise fault(
            key, file=place, detail=one.key or kind.__name__, given=one.given, allowed=one.allowed
        ) from None
    wrong = "" if isinstance(checked, RunManifest) else _inconsistent(checked)
    if wrong:
        raise fault("error.manifest", file=place, detail=wrong)


def _inconsistent(manifest: CompareManifest) -> str:
    """The place where arms or measures are named that the comparison does not have; empty where there is none."""
    comparison = manifest.comparison
    ids, scenarios = [arm.id for arm in comparison.arms], [arm.scenario for arm in comparison.arms]
    named = {
        "comparison.reference": [comparison.reference],
        "comparison.claims": [
            name for claim in comparison.claims for name in (claim.arm, claim.against)
        ],
        "comparison.combinations": [
            name for one in comparison.combinations for name in (one.arm, *one.parts)
        ],
        "comparison.same_cost": [name for group in comparison.same_cost for name in group],
        "failed": [one.arm for one in manifest.failed],
    }
    measures = [*comparison.measures, *(claim.measure for claim in comparison.claims)]
    measures += [comparison.precision.measure] if comparison.precision else []
    wrong = [place for place, names in named.items() if not {*names} <= {*ids}]
    wrong += ["comparison.measures"] if not {*measures} <= {*ALL_MEASURES} else []
    wrong += ["comparison.arms"] if len({*ids}) < len(ids) else []
    common = {(one.people.population, one.years, one.start_year) for one in scenarios}
    late = [claim for claim in comparison.claims if claim.by_year > scenarios[0].years]
    light = [
        one for one in comparison.combinations if min(one.parts.values(), default=0) < LEAST_WEIGHT
    ]
    wrong += ["comparison.arms.scenario"] if len(common) > 1 else []
    wrong += ["comparison.claims.by_year"] if late else []
    wrong += ["comparison.combinations.parts"] if light else []
    combined = [one.arm for one in comparison.combinations]
    wrong += ["comparison.combinations.arm"] if len({*combined}) < len(combined) else []
    return next(iter(wrong), "")
