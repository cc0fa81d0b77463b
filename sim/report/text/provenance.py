"""Where results come from: versions, machine, command, hashes; everything that is needed to run
them again.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim import __version__
from sim.declared import declared
from sim.report.text.comparison import seed_counts, stopped_lines
from sim.report.text.listing import Section
from sim.report.text.run import grades, label, seed_ranges
from sim.scenario.scenario import digest
from sim.study import cells, store
from sim.study.store import CORRUPT, hash_of, stored_table
from sim.words import named, say

if TYPE_CHECKING:
    from sim.study.case import Case

STRONGEST = 10  # assumptions shown with their grade
VIEW = "public"  # the perspective in which they are ranked
PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas", "pydantic", "pyarrow", "matplotlib")


def manifest(
    folder: Path, id: str, kind: str, tables: Iterable[str], content: dict[str, Any]
) -> dict[str, Any]:
    """Returns the manifest of the results in `folder`: `content`, and the hashes of its `tables`
    (names without their ending).
    """
    mine = sorted([*(entry.name for entry in folder.iterdir()), store.MANIFEST, store.CELLS])
    return {
        "made_by": store.MADE_BY,
        "finished": True,
        "kind": kind,
        "scenario_id": id,
        **made(),
        **content,
        "files": mine,
        "sha256": {f"{name}.parquet": store.hash_of(folder / f"{name}.parquet") for name in tables},
    }


def made() -> dict[str, Any]:
    """Returns by what, where, how and when results are made just now."""
    return {
        "code": cells.code_hash(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": [
            "sim",
            *(argument.encode("utf-8", "backslashreplace").decode() for argument in sys.argv[1:]),
        ],
        "versions": {"sim": __version__, "python": platform.python_version()}
        | {name: version_of(name) for name in PACKAGES},
        "machine": {
            "system": platform.system(),
            "type": platform.machine(),
            "python": platform.python_implementation(),
        },
    }


def version_of(package: str) -> str:
    """Returns the installed version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def provenance_sections(
    case: Case, made: dict[str, Any], folder: str, lang: str, optimism: bool = False
) -> list[Section]:
    """Returns the provenance block of a report: what was run, on what terms money is shown, how
    sure is what matters most, and how to get it again.

    `made` is the manifest, or `made()` where nothing is written yet. `folder` is where the results
    lie, as a user names it.
    """
    columns = (say("column.name", lang), say("page.t.value", lang))
    rows = [
        *_run(case, lang),
        *_terms(case, optimism, lang),
        *_made(made, lang),
        (say("provenance.again", lang), f"python -m sim reproduce {folder}"),
    ]
    return [
        Section(say("provenance.title", lang), columns, rows),
        _scenarios(case, lang),
        _grades(case, lang),
        _unseen(case, lang),
    ]


def _run(case: Case, lang: str) -> list[tuple[str, str]]:
    compared = case.compared
    worlds = say("provenance.no_worlds", lang)
    if compared.worlds:
        worlds = say(
            "provenance.worlds_value",
            lang,
            number=len(compared.worlds),
            list=seed_ranges(compared.worlds),
            digest=compared.worlds_table[:12],
        )
    seeds = say(
        "provenance.seeds_value",
        lang,
        number=seed_counts(compared, lang),
        list=seed_ranges(sorted(compared.main["seed"].unique())),
    )
    seeds = say("page.space", lang).join((seeds, *stopped_lines(compared, lang)))
    failed = (
        [(say("provenance.failed", lang), str(len(compared.failed)))] if compared.failed else []
    )
    return [(say("setting.seeds", lang), seeds), (say("provenance.worlds", lang), worlds), *failed]


def _terms(case: Case, optimism: bool, lang: str) -> list[tuple[str, str]]:
    from sim.study.manifest import hash_of_book

    counted = set(case.quantities["id"])
    years = sorted(
        {
            item.price_year
            for item in case.book.items
            if item.price_year is not None and item.id in counted
        }
    )
    shown = say("provenance.years", lang, first=years[0], last=years[-1]) if years else "-"
    book = say(
        "provenance.book_value",
        lang,
        name=label(case.book.name, lang),
        id=case.book.id,
        hash=hash_of_book(case.book),
        years=shown,
    )
    return [
        (say("provenance.book", lang), book),
        (
            say("standards.cheers.10.name", lang),
            say("provenance.rate", lang, rate=f"{100 * case.rate:g}"),
        ),
        (
            say("provenance.bias", lang),
            say("report.optimism" if optimism else "report.no_optimism", lang),
        ),
    ]


def _made(made: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    rows = [
        ("versions", versions),
        ("code", made["code"]),
        ("machine", ", ".join(made["machine"].values())),
        ("written", made["written"]),
        ("command", " ".join(made["command"])),
    ]
    return [(say(f"provenance.{name}", lang), text) for name, text in rows]


def _scenarios(case: Case, lang: str) -> Section:
    """Returns the hash of every arm's scenario."""
    rows = [
        (label(arm.name, lang), arm.id, digest(arm.scenario))
        for arm in case.compared.comparison.arms
    ]
    return Section(
        say("provenance.arms", lang),
        tuple(say(f"column.{name}", lang) for name in ("arm", "name", "digest")),
        rows,
    )


def strongest_assumptions(case: Case) -> list[tuple[str, str]]:
    """Returns the assumptions that move net cost most, as (kind, id): parameters that are clear of
    the noise floor, then prices by their swing.
    """
    of_view = [table[table["view"] == VIEW] for table in (case.parameter_turns, case.price_turns)]
    clear = of_view[0][of_view[0]["clear"].astype(bool)]
    names = (
        clear.assign(size=clear["correlation"].abs())
        .sort_values("size", ascending=False)["name"]
        .drop_duplicates()
    )
    ids = (
        of_view[1][of_view[1]["swing"] > 0]
        .sort_values("swing", ascending=False)["id"]
        .drop_duplicates()
    )
    half = STRONGEST // 2
    return [
        *(("parameter", name) for name in names[: max(half, STRONGEST - len(ids))]),
        *(("price", id) for id in ids[: max(half, STRONGEST - len(names))]),
    ]


def _grades(case: Case, lang: str) -> Section:
    """Value, range, grade and source of what matters most; then how many parameters there are of
    each grade.
    """
    own = case.compared.comparison.base.parameters
    rows = [
        _parameter_row(name, own.get(name, declared()[name].value), lang)
        if kind == "parameter"
        else _price_row(case, name, lang)
        for kind, name in strongest_assumptions(case)
    ]
    counts = say("provenance.counts", lang, **grades())
    rows.append((say("provenance.all_parameters", lang), counts, "", "", ""))
    columns = tuple(
        say(f"column.{name}", lang) for name in ("name", "value", "range", "grade", "source")
    )
    return Section(say("provenance.grades", lang), columns, rows)


def _parameter_row(name: str, value: float, lang: str) -> tuple[str, ...]:
    """Returns name, value, range, grade and source of a parameter."""
    one = declared()[name]
    in_use = f"{value:g} {named('unit', one.unit).say(lang)}"
    return getattr(one, lang), in_use, f"{one.low:g} – {one.high:g}", one.grade, one.source_in(lang)


def _price_row(case: Case, id: str, lang: str) -> tuple[str, ...]:
    """Returns name, price, range, grade and source of an item of the price book."""
    item = case.book.item(id)
    unit = named("unit", item.unit).say(lang)
    price = say("provenance.price", lang, price=f"{item.price:,.0f}", unit=unit)
    return (
        getattr(item, lang),
        price,
        f"{item.low:,.0f} – {item.high:,.0f}",
        item.grade,
        item.source_in(lang),
    )


def unseen_cost(case: Case) -> dict[str, tuple[float, float, float]]:
    """Returns for each arm the share of service cost that unseen households are charged, the
    million yen of all public payers that this makes over the mean run (of the seeds that all arms
    share), and its part of their whole cost (0-1). Values are not discounted.
    """
    from sim.economics.money import PERSPECTIVES, money

    compared = case.compared
    raw = compared.of_main_runs(compared.in_all_arms(compared.quantities))
    shares = compared.gathered.shares.drop_duplicates("arm").set_index("arm")["share"]
    hidden = raw.assign(amount=raw["unseen"] * raw["arm"].map(shares)).drop(columns="unseen")
    tables = (money(hidden, case.book), case.money)
    paid = [
        table[table["payer"].isin(PERSPECTIVES[VIEW])].groupby("arm")["yen"].sum()
        for table in tables
    ]
    runs = compared.shared_seeds
    return {
        arm.id: (
            float(shares[arm.id]),
            paid[0].get(arm.id, 0.0) / runs / 1e6,
            paid[0].get(arm.id, 0.0) / paid[1][arm.id],
        )
        for arm in compared.comparison.arms
    }


def _unseen(case: Case, lang: str) -> Section:
    """Returns what households that are not in support are charged for, arm by arm."""
    found = unseen_cost(case)
    rows = [
        (
            label(case.compared.comparison.arm(id).name, lang),
            f"{share:g}",
            f"{yen:,.1f}",
            f"{100 * part:.1f} %",
        )
        for id, (share, yen, part) in found.items()
    ]
    columns = tuple(
        say(f"provenance.unseen_{name}", lang) for name in ("arm", "share", "yen", "part")
    )
    return Section(say("provenance.unseen", lang), columns, rows)


KEYS = (
    "arm",
    "world",
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
        """Returns the difference in words."""
        return say(f"reproduce.{self.reason}", lang, table=self.table, **self.values)


def differing(
    then: Mapping[str, Any], stored: Path | None, now: Mapping[str, Any], fresh: Path
) -> list[Difference]:
    """Returns how the tables of two manifests differ; `stored` is the folder of the first, where
    its tables are at hand.

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
    """Returns how one table differs from the stored one, if that is there and sound."""
    try:
        if stored is None or hash_of(stored / table) != known:
            return [Difference(table, "not_at_hand", {})]
        worst = largest(stored_table(stored / table), stored_table(fresh / table))
    except CORRUPT:
        return [Difference(table, "not_at_hand", {})]
    return [] if worst is None else [Difference(table, *worst)]


def largest(one: pd.DataFrame, other: pd.DataFrame) -> tuple[str, dict[str, Any]] | None:
    """Returns the largest relative difference |a - b| / max(|a|, |b|) of two tables with its row;
    None where all is equal.

    Tables of other rows or columns are told apart by that alone. NaN equals NaN; a value beside
    NaN, or another word, counts as 1.
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
    """Returns |a - b| / max(|a|, |b|) row by row; for words 0 where they are the same, else 1."""
    if not (pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other)):
        return ((one != other) & ~(one.isna() & other.isna())).to_numpy().astype(float)
    a, b = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    gap = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), np.finfo(float).tiny)
    return np.where(
        (a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.where(np.isfinite(gap), gap, 1.0)
    )


def surroundings(then: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Returns (what, then, now) where the versions, the code or the machine are not those of a
    manifest.
    """
    now = made()
    for name, number in now["versions"].items():
        if then.get("versions", {}).get(name) != number:
            yield name, str(then.get("versions", {}).get(name)), number
    if then.get("code") != now["code"]:
        yield "code", str(then.get("code")), now["code"]
    for name, value in now["machine"].items():
        if then.get("machine", {}).get(name) != value:
            yield f"machine.{name}", str(then.get("machine", {}).get(name)), value
