"""Two folders of results of one thing side by side: whether their tables are the same, and where they differ most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..experiment.store import CORRUPT, hash_of
from ..words import say
from .provenance import made

KEYS = (
    "arm",
    "draw",
    "seed",
    "measure",
    "year",
    "week",
    "id",
    "mix",
    "state",
    "field",
    "district",
    "agency",
    "claim",
    "household",
)


@dataclass(frozen=True)
class Difference:
    """How a table differs: `reason` is a key of words, `values` what it says."""

    table: str
    reason: str
    values: dict[str, Any]

    def say(self, lang: str) -> str:
        """The difference in words."""
        return say(f"reproduce.{self.reason}", lang, table=self.table, **self.values)


def differing(
    then: Mapping[str, Any], stored: Path | None, now: Mapping[str, Any], fresh: Path
) -> list[Difference]:
    """How the tables of two manifests differ; `stored` is the folder of the first, where its tables are at hand.

    Tables that are stored in other bytes but hold the same values do not differ.
    """
    found = []
    for table in sorted({*then["sha256"], *now["sha256"]}):
        if table not in now["sha256"] or table not in then["sha256"]:
            found.append(Difference(table, "gone" if table in then["sha256"] else "new", {}))
        elif then["sha256"][table] != now["sha256"][table]:
            found += _differing(table, stored, then["sha256"][table], fresh)
    return found


def _differing(table: str, stored: Path | None, known: str, fresh: Path) -> list[Difference]:
    """How one table differs from the stored one, if that is there and sound."""
    try:
        if stored is None or hash_of(stored / table) != known:
            return [Difference(table, "not_at_hand", {})]
        worst = largest(pd.read_parquet(stored / table), pd.read_parquet(fresh / table))
    except CORRUPT:
        return [Difference(table, "not_at_hand", {})]
    return [] if worst is None else [Difference(table, *worst)]


def largest(one: pd.DataFrame, other: pd.DataFrame) -> tuple[str, dict[str, Any]] | None:
    """The largest relative difference |a - b| / max(|a|, |b|) of two tables with its row; None where all is equal.

    Tables of other rows or columns are told apart by that alone.
    NaN equals NaN; a value beside NaN, or another word, counts as 1.
    """
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return "shape", {
            "then": f"{len(one):,} x {one.shape[1]}",
            "now": f"{len(other):,} x {other.shape[1]}",
        }
    gaps = pd.DataFrame({name: relative(one[name], other[name]) for name in one})
    differ = int((gaps.to_numpy() > 0).any(axis=1).sum())
    if not differ:
        return None
    column = gaps.max().idxmax()
    row = int(gaps[column].to_numpy().argmax())
    place = ", ".join(f"{name} {one[name].iloc[row]}" for name in KEYS if name in one)
    return "largest", {
        "rows": f"{differ:,}",
        "of": f"{len(one):,}",
        "size": f"{gaps[column].iloc[row]:.3g}",
        "column": column,
        "place": place,
        "then": one[column].iloc[row],
        "now": other[column].iloc[row],
    }


def relative(one: pd.Series, other: pd.Series) -> np.ndarray:
    """|a - b| / max(|a|, |b|) row by row; for words 0 where they are the same, else 1."""
    if not (pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other)):
        return ((one != other) & ~(one.isna() & other.isna())).to_numpy().astype(float)
    a, b = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    gap = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), np.finfo(float).tiny)
    return np.where(
        (a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.where(np.isfinite(gap), gap, 1.0)
    )


def surroundings(then: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(what, then, now) where the versions, the code or the machine are not those of a manifest."""
    now = made()
    for name, version in now["versions"].items():
        if then.get("versions", {}).get(name) != version:
            yield name, str(then.get("versions", {}).get(name)), version
    if then.get("code") != now["code"]:
        yield "code", str(then.get("code")), now["code"]
    for name, value in now["machine"].items():
        if then.get("machine", {}).get(name) != value:
            yield f"machine.{name}", str(then.get("machine", {}).get(name)), value
