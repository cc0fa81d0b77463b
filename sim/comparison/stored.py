"""A comparison read back from the folder of its results: what was compared, and its tables."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..economics.book import PriceBook, checked
from ..economics.quantities import OWN_MIX
from ..experiment.cells import Cell, Outcome
from ..experiment.executors import Cluster, Here
from ..experiment.store import CORRUPT, Results, hash_of
from ..scenario.comparison import Arm, Combination, Comparison, Precision
from ..scenario.errors import fault, short
from ..scenario.livable import check_livable
from ..scenario.scenario import Claim, Scenario
from ..scenario.town import Label
from .claims import replayed
from .compare import Effort, Work
from .gathered import Gathered, repriced
from .manifest import of_folder
from .parts import Tried
from .plan import Place
from .result import Compared

KIND = "compare"
FORMER_OWN_MIX = (
    "own_budget"  # of posts of the municipality in folders whose price rows had no say in who pays
)
TABLES = ("values", "quantities", "shares", "weekly")


def dumped(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON, complete enough to be run again."""

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
        "precision": plain(comparison.precision),
        "remarks": comparison.remarks,
    }


def restored(content: dict[str, Any]) -> Comparison:
    """The comparison that `dumped` gave."""
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
        precision=Precision(**content["precision"]) if content["precision"] else None,
        remarks=content["remarks"],
    )


def asked(work: Work) -> dict[str, Any]:
    """What was asked of a comparison, as JSON: effort, and the terms on which money is shown."""
    effort, book = work.effort, work.book.model_dump(mode="json")
    return {
        "effort": {
            "seeds": [int(seed) for seed in effort.seeds],
            "until_decided": effort.until_decided,
            "most": effort.most,
            "looked": work.looked,
            "draws": effort.draws,
            "no_effect": effort.no_effect,
            "seconds": effort.seconds,
            "parts": effort.parts,
        },
        "prices": {"id": work.book.id, "hash": hash_of_book(work.book), "book": book},
        "discount": work.rate,
        "optimism": work.optimism,
    }


def hash_of_book(book: PriceBook) -> str:
    """The name of a price book's content (32 hex digits)."""
    text = json.dumps(
        book.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def work_of(manifest: dict[str, Any], results: Results, where: Here | Cluster, file: str) -> Work:
    """The comparison that a manifest describes, ready to be computed or shown again in `results`; refuses an older manifest."""
    try:
        comparison, effort = restored(manifest["comparison"]), dict(manifest["effort"])
        book = checked(manifest["prices"]["book"], manifest["prices"]["id"])
        looked = effort.pop("looked")
        work = Work(
            comparison,
            Effort(tuple(effort.pop("seeds")), where, **effort),
            results,
            book=book,
            rate=manifest["discount"],
            optimism=manifest["optimism"],
        )
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        raise fault("error.results_older", file=file, detail=place_of(error)) from None
    work.looked = looked
    return work


def place_of(error: Exception) -> str:
    """Where a manifest is not as this version writes it: a dotted key, the lacking key, or the kind of the error."""
    if isinstance(error, ValidationError):
        return ".".join(map(str, error.errors()[0]["loc"])) or error.title
    return (
        str(error.args[0]) if isinstance(error, KeyError) and error.args else type(error).__name__
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a finished comparison; refuses a folder that holds none."""
    return of_folder(folder, (KIND,), "error.no_manifest")


def check_sound(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a folder in which a table is missing, or is not the one that the manifest names."""
    for name, known in manifest["sha256"].items():
        if not (folder / name).is_file() or hash_of(folder / name) != known:
            raise fault("error.results_damaged", file=short(folder), detail=name)


def comparison_of(folder: Path) -> Comparison:
    """What was compared in a folder of results; refuses one that could not be lived here."""
    comparison = restored(manifest_of(folder)["comparison"])
    check_all_livable(comparison, short(folder))
    return comparison


def check_all_livable(comparison: Comparison, file: str) -> None:
    """Refuse a comparison of which an arm could not be lived: edited, or of another version."""
    for arm in comparison.arms:
        check_livable(arm.scenario, file)


def compared_of(folder: Path, book: PriceBook | None = None) -> Compared:
    """A finished comparison from its stored tables, its money at the prices of `book` where one is given; nothing is run.

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
        compared if book is None else replace(compared, gathered=repriced(compared.gathered, book))
    )
    last = manifest.get("effort", {}).get("looked", 0)
    return replace(compared, found=replayed(compared, last)) if last else compared


def _compared(folder: Path, manifest: dict[str, Any]) -> Compared:
    comparison = restored(manifest["comparison"])
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    tables["quantities"]["mix"] = tables["quantities"]["mix"].replace(FORMER_OWN_MIX, OWN_MIX)
    values = tables["values"][["arm", "draw", "seed", "year", "measure", "value"]]
    gathered = Gathered(
        values, tables["quantities"], tables["shares"], tables["weekly"], manifest["households"]
    )
    failed = tuple(
        (
            Place(one["arm"], one["draw"], one["seed"]),
            Outcome(Cell(comparison.arm(one["arm"]).scenario, one["seed"]), one["error"]),
        )
        for one in manifest["failed"]
    )
    return Compared(
        comparison,
        gathered,
        failed,
        tuple(manifest["kept_draws"]),
        manifest["draws"],
        dropped={int(draw): tuple(why) for draw, why in manifest.get("dropped_draws", {}).items()},
        parts=tuple(
            Tried(
                tuple(one["arms"]), tuple(one["names"]), *(one[name] for name in Tried._fields[2:])
            )
            for one in manifest.get("parts", [])
        ),
    )
