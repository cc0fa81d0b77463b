"""A comparison read back from the folder of its results: what was compared, and its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ..experiment.cells import Cell, Outcome
from ..experiment.store import read_manifest
from ..scenario.comparison import Arm, Combination, Comparison, Precision
from ..scenario.errors import fault, short
from ..scenario.scenario import Claim, Scenario
from ..scenario.town import Label
from .gathered import Gathered
from .plan import Place
from .result import Compared

KIND = "compare"


def dumped(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON, complete enough to be run again."""
    def plain(value: Any) -> Any:
        return None if value is None else value.model_dump(mode="json")

    return {
        "id": comparison.id, "name": plain(comparison.name), "question": plain(comparison.question), "reference": comparison.reference,
        "arms": [{"id": arm.id, "name": plain(arm.name), "scenario": plain(arm.scenario)} for arm in comparison.arms],
        "seeds": list(comparison.seeds), "measures": list(comparison.measures), "claims": [plain(claim) for claim in comparison.claims],
        "combinations": [plain(one) for one in comparison.combinations], "same_cost": [list(group) for group in comparison.same_cost],
        "precision": plain(comparison.precision), "remarks": comparison.remarks,
    }


def restored(content: dict[str, Any]) -> Comparison:
    """The comparison that `dumped` gave."""
    arms = tuple(Arm(one["id"], Label(**one["name"]), Scenario.model_validate(one["scenario"])) for one in content["arms"])
    return Comparison(
        content["id"], Label(**content["name"]), Label(**content["question"]) if content["question"] else None, arms,
        content["reference"], tuple(content["seeds"]), measures=tuple(content["measures"]),
        claims=tuple(Claim(**claim) for claim in content["claims"]),
        combinations=tuple(Combination(**one) for one in content["combinations"]),
        same_cost=tuple(tuple(group) for group in content["same_cost"]),
        precision=Precision(**content["precision"]) if content["precision"] else None, remarks=content["remarks"])


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a finished comparison; refuses a folder that holds none."""
    found = read_manifest(folder)
    if found.get("kind") != KIND or not found.get("finished"):
        raise fault("error.no_manifest", file=short(folder))
    return found


def comparison_of(folder: Path) -> Comparison:
    """What was compared in a folder of results."""
    return restored(manifest_of(folder)["comparison"])


def compared_of(folder: Path) -> Compared:
    """A finished comparison from its stored tables; nothing is run."""
    manifest = manifest_of(folder)
    comparison = restored(manifest["comparison"])
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("values", "quantities", "shares", "weekly")}
    values = tables["values"][["arm", "draw", "seed", "year", "measure", "value"]]
    gathered = Gathered(values, tables["quantities"], tables["shares"], tables["weekly"], manifest["households"])
    failed = tuple((Place(one["arm"], one["draw"], one["seed"]), Outcome(Cell(comparison.arm(one["arm"]).scenario, one["seed"]), one["error"]))
                   for one in manifest["failed"])
    return Compared(comparison, gathered, failed, tuple(manifest["kept_draws"]), manifest["draws"])

