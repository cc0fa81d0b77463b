"""The manifest of finished results as a checked record: a manifest that was edited, is incomplete
or comes from another version is refused in one message.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from sim.economics.book import PriceBook, checked_book
from sim.economics.quantities import OWN_MIX
from sim.files.bounds import MOST_BYTES
from sim.files.refusals import faults
from sim.files.toml import content_of
from sim.scenario.comparison import LEAST_WEIGHT, Arm, Combination, Comparison, Precision
from sim.scenario.scenario import LONGEST_RUN, Claim, Scenario
from sim.scenario.seeds import LARGEST_SEED, MOST_SEEDS
from sim.study.cells import Cell, Outcome
from sim.study.claims import replayed
from sim.study.compare import RunSettings, Work
from sim.study.design import DesignPoint
from sim.study.executors import Cluster, Here
from sim.study.funding import paid_as_named_now
from sim.study.gather import ALL_MEASURES, Gathered, repriced
from sim.study.parts import Tried
from sim.study.recheck import check_livable
from sim.study.result import Compared
from sim.study.store import CORRUPT, FORMER_WORLD, MANIFEST, Results, hash_of, stored_table
from sim.study.worlds import table_digest
from sim.towns.town import Label
from sim.words.errors import ScenarioError, fault, short

MOST_WORLDS = 10_000
LARGEST = 64 * MOST_BYTES  # a manifest holds every arm whole
OTHER_VERSION = (
    "missing",
    "extra_forbidden",
    "literal_error",
)  # mistakes that another version makes
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
World = Annotated[int, Field(ge=-1, le=MOST_WORLDS)]
Texts = dict[str, str]
Factor = Annotated[float, Field(ge=0.01, le=100)]


class Stored(BaseModel):
    """A part of a manifest; unknown entries are not read."""

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
    worlds: int | None = None
    precision: Precision | None
    remarks: dict[str, Any]


class StoredEffort(Stored):
    """How much was computed."""

    seeds: tuple[Seed, ...] = Field(min_length=1)
    until_decided: bool
    most: int = Field(ge=2, le=MOST_SEEDS)
    looked: int = Field(ge=0, le=MOST_SEEDS)
    worlds: int = Field(ge=0, le=MOST_SEEDS)
    central: int = Field(ge=0, le=MOST_SEEDS)
    no_effect: int = Field(ge=0, le=MOST_SEEDS)
    seconds: float | None = Field(gt=0, le=1e9)
    parts: int = Field(0, ge=0, le=MOST_SEEDS)
    turned: dict[Annotated[str, Field(pattern=r"^\d{1,5}$")], dict[str, Factor]] = {}


class StoredPrices(Stored):
    """The price book with which money was priced."""

    id: str
    hash: str
    book: PriceBook


class StoredFailure(Stored):
    """A run that failed."""

    seed: Seed
    error: str
    arm: str = ""
    world: World = Field(0, validation_alias=AliasChoices("world", FORMER_WORLD))


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
    worlds: str = ""


def read_whole(file: Path, kinds: tuple[str, ...], refusal: str) -> dict[str, Any]:
    """Returns a manifest from its file, checked whole; raises ScenarioError `refusal` where it is
    none of these kinds of finished results.
    """
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
    """Refuse an incomplete or inconsistent record, and name the first thing that is wrong."""
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
    """Returns the place where arms or measures are named that the comparison does not have; empty
    where there is none.
    """
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


KIND = "compare"
FORMER_OWN_MIX = (
    "own_budget"  # of posts of the municipality in folders whose price rows had no say in who pays
)
TABLES = ("values", "quantities", "shares", "weekly")


def dumped(comparison: Comparison) -> dict[str, Any]:
    """Returns a comparison as JSON, complete enough to be run again."""

    def plain(value: Any) -> Any:
        return None if value is None else value.model_dump(mode="json")

    return {
        "id": comparison.id,
        "name": plain(comparison.name),
        "question": plain(comparison.question),
        "reference": comparison.reference,
        "arms": [
            {
                "id": arm.id,
                "name": plain(arm.name),
                "short": plain(arm.short),
                "scenario": plain(arm.scenario),
            }
            for arm in comparison.arms
        ],
        "seeds": list(comparison.seeds),
        "measures": list(comparison.measures),
        "claims": [plain(claim) for claim in comparison.claims],
        "combinations": [plain(one) for one in comparison.combinations],
        "same_cost": [list(group) for group in comparison.same_cost],
        "until_decided": comparison.until_decided,
        "worlds": comparison.worlds,
        "precision": plain(comparison.precision),
        "remarks": comparison.remarks,
    }


def restored(content: dict[str, Any]) -> Comparison:
    """Returns the comparison that `dumped` gave."""
    arms = tuple(
        Arm(
            one["id"],
            Label(**one["name"]),
            Scenario.model_validate(one["scenario"]),
            short=Label(**one["short"]) if one.get("short") else None,
        )
        for one in content["arms"]
    )
    return Comparison(
        content["id"],
        Label(**content["name"]),
        Label(**content["question"]) if content["question"] else None,
        arms,
        content["reference"],
        tuple(content["seeds"]),
        measures=tuple(content["measures"]),
        claims=tuple(Claim(**claim) for claim in content["claims"]),
        combinations=tuple(Combination(**one) for one in content["combinations"]),
        same_cost=tuple(tuple(group) for group in content["same_cost"]),
        until_decided=content.get("until_decided", False),
        worlds=content.get("worlds"),
        precision=Precision(**content["precision"]) if content["precision"] else None,
        remarks=content["remarks"],
    )


def requested_settings(work: Work) -> dict[str, Any]:
    """Returns what was requested of a comparison, as JSON: effort, and the terms for showing money."""
    effort, book = work.effort, work.book.model_dump(mode="json")
    return {
        "effort": {
            "seeds": [int(seed) for seed in effort.seeds],
            "until_decided": effort.until_decided,
            "most": effort.most,
            "looked": work.looked,
            "worlds": effort.worlds,
            "central": effort.central,
            "no_effect": effort.no_effect,
            "seconds": effort.seconds,
            "parts": effort.parts,
            "turned": {str(world): dict(one) for world, one in effort.turned.items()},
        },
        "prices": {"id": work.book.id, "hash": hash_of_book(work.book), "book": book},
        "discount": work.rate,
        "optimism": work.optimism,
    }


def hash_of_book(book: PriceBook) -> str:
    """Returns the name of a price book's content (32 hex digits)."""
    text = json.dumps(
        book.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def work_of(manifest: dict[str, Any], results: Results, where: Here | Cluster, file: str) -> Work:
    """Returns the comparison that a manifest describes, ready to be computed or shown again in
    `results`; refuses an older manifest.
    """
    try:
        comparison, effort = restored(manifest["comparison"]), dict(manifest["effort"])
        book = checked_book(manifest["prices"]["book"], manifest["prices"]["id"])
        looked = effort.pop("looked")
        effort["turned"] = {int(one): dict(of) for one, of in effort.get("turned", {}).items()}
        work = Work(
            comparison,
            RunSettings(tuple(effort.pop("seeds")), where, **effort),
            results,
            book=book,
            rate=manifest["discount"],
            optimism=manifest["optimism"],
        )
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        raise fault("error.results_older", file=file, detail=place_of(error)) from None
    work.looked = looked
    return work


def check_same_worlds(manifest: dict[str, Any], file: str) -> None:
    """Refuse a comparison that was simulated in the plausible worlds of another table."""
    if manifest.get("worlds") and manifest["worlds"] != table_digest():
        raise fault("error.other_worlds", file=file, detail=manifest["worlds"][:12])


def place_of(error: Exception) -> str:
    """Returns where a manifest is not as this version writes it: a dotted key, the lacking key, or
    the kind of the error.
    """
    if isinstance(error, ValidationError):
        return ".".join(map(str, error.errors()[0]["loc"])) or error.title
    return (
        str(error.args[0]) if isinstance(error, KeyError) and error.args else type(error).__name__
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a finished comparison; refuses a folder that holds none."""
    return of_folder(folder, (KIND,), "error.no_manifest")


def check_sound(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a folder in which a table is missing, or is not the one that the manifest names."""
    for name, known in manifest["sha256"].items():
        if not (folder / name).is_file() or hash_of(folder / name) != known:
            raise fault("error.results_damaged", file=short(folder), detail=name)


def comparison_of(folder: Path, allow_code: Sequence[str | Path] = ()) -> Comparison:
    """Returns the comparison in a folder of results; refuses one that could not be simulated here."""
    comparison = restored(manifest_of(folder)["comparison"])
    check_all_livable(comparison, short(folder), allow_code)
    return comparison


def check_all_livable(
    comparison: Comparison, file: str, allow_code: Sequence[str | Path] = ()
) -> None:
    """Refuse a comparison of which an arm could not be simulated: edited, of another version, or
    with code that is not allowed to run.
    """
    for arm in comparison.arms:
        check_livable(arm.scenario, file, allow_code)


def compared_of(folder: Path, book: PriceBook | None = None) -> Compared:
    """Returns a finished comparison from its stored tables, its money at the prices of `book` where
    one is given; nothing is run.

    Refuses a folder of another kind, older, or damaged.
    """
    manifest = manifest_of(folder)
    try:
        compared = _compared(folder, manifest)
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        raise fault("error.results_older", file=short(folder), detail=place_of(error)) from None
    except CORRUPT as error:
        raise fault(
            "error.results_damaged", file=short(folder), detail=str(error).splitlines()[0]
        ) from None
    compared = (
        compared
        if book is None
        else replace(compared, gathered=repriced(compared.gathered, compared.comparison, book))
    )
    last = manifest.get("effort", {}).get("looked", 0)
    if not last:
        return compared
    claims = compared.comparison.claims
    return replace(compared, found=replayed(claims, compared.main, compared.steps, last))


def _compared(folder: Path, manifest: dict[str, Any]) -> Compared:
    comparison = restored(manifest["comparison"])
    tables = {name: stored_table(folder / f"{name}.parquet") for name in TABLES}
    tables["quantities"]["mix"] = tables["quantities"]["mix"].replace(FORMER_OWN_MIX, OWN_MIX)
    values = tables["values"][["arm", "world", "seed", "year", "measure", "value"]]
    book = checked_book(manifest["prices"]["book"], manifest["prices"]["id"])
    quantities = paid_as_named_now(tables["quantities"], comparison, book)
    gathered = Gathered(
        values, quantities, tables["shares"], tables["weekly"], manifest["households"]
    )
    failed = tuple(
        (
            DesignPoint(one["arm"], one.get("world", one.get(FORMER_WORLD, 0)), one["seed"]),
            Outcome(Cell(comparison.arm(one["arm"]).scenario, one["seed"]), one["error"]),
        )
        for one in manifest["failed"]
    )
    return Compared(
        comparison,
        gathered,
        failed,
        parts=tuple(
            Tried(
                tuple(one["arms"]), tuple(one["names"]), *(one[name] for name in Tried._fields[2:])
            )
            for one in manifest.get("parts", [])
        ),
        worlds_table=manifest.get("worlds", ""),
        fitted=bool(manifest.get("effort", {}).get("turned")),
    )
