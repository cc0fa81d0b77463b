"""Where results come from: versions, machine, command, hashes; everything that is needed to run them again."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..experiment import cells, store
from ..scenario.complete import Section
from ..scenario.digest import digest
from ..scenario.parameters import declared
from ..words import named, say
from .summary import grades, label, listed

if TYPE_CHECKING:
    from ..comparison.case import Case

STRONGEST = 10  # assumptions shown with their grade
VIEW = "public"  # the perspective in which they are ranked
PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pydantic", "pyarrow", "matplotlib")


def manifest(
    folder: Path, id: str, kind: str, tables: Iterable[str], content: dict[str, Any]
) -> dict[str, Any]:
    """The manifest of the results in `folder`: `content`, and hashes of its `tables` (names without their ending)."""
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
    """By what, where, how and when results are made just now."""
    return {
        "code": cells.code(),
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
    """The installed version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def sections(
    case: Case, made: dict[str, Any], folder: str, lang: str, optimism: bool = False
) -> list[Section]:
    """The provenance block of a report: what was run, on what terms money is shown, how sure what matters most is, and how to get
    it again. `made`: the manifest, or `made()` where nothing is written yet; `folder`: where the results lie, as a user names it.
    """
    columns = (say("column.name", lang), say("column.value", lang))
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
    draws = say("provenance.no_draws", lang)
    if compared.asked:
        draws = say(
            "provenance.kept",
            lang,
            asked=compared.asked,
            kept=len(compared.kept),
            percent=f"{100 * len(compared.kept) / compared.asked:.0f}",
        )
    seeds = say(
        "provenance.seeds_value",
        lang,
        number=compared.seeds,
        list=listed(sorted(compared.declared["seed"].unique())),
    )
    failed = (
        [(say("provenance.failed", lang), str(len(compared.failed)))] if compared.failed else []
    )
    return [(say("provenance.seeds", lang), seeds), (say("provenance.draws", lang), draws), *failed]


def _terms(case: Case, optimism: bool, lang: str) -> list[tuple[str, str]]:
    from ..comparison.stored import hash_of_book

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
            say("provenance.discount", lang),
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
    """The hash of every arm's scenario."""
    rows = [
        (label(arm.name, lang), arm.id, digest(arm.scenario))
        for arm in case.compared.comparison.arms
    ]
    return Section(
        say("provenance.arms", lang),
        tuple(say(f"column.{name}", lang) for name in ("arm", "name", "digest")),
        rows,
    )


def strongest(case: Case) -> list[tuple[str, str]]:
    """(kind, id) of the assumptions that move net cost most: parameters clear of the noise floor, then prices by their swing."""
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
    """Value, range, grade and source of what matters most; then how many parameters there are of each grade."""
    plain, own, rows = declared(), case.compared.comparison.base.parameters, []
    for kind, name in strongest(case):
        if kind == "parameter":
            one = plain[name]
            rows.append(
                (
                    getattr(one, lang),
                    f"{own[name]:g} {named('unit', one.unit).say(lang)}",
                    f"{one.low:g} – {one.high:g}",
                    one.grade,
                    one.source,
                )
            )
        else:
            one = case.book.item(name)
            price = say(
                "provenance.price",
                lang,
                price=f"{one.price:,.0f}",
                unit=named("unit", one.unit).say(lang),
            )
            rows.append(
                (
                    getattr(one, lang),
                    price,
                    f"{one.low:,.0f} – {one.high:,.0f}",
                    one.grade,
                    one.source,
                )
            )
    rows.append(
        (
            say("provenance.all_parameters", lang),
            say("provenance.counts", lang, **grades()),
            "",
            "",
            "",
        )
    )
    columns = tuple(
        say(f"column.{name}", lang) for name in ("name", "value", "range", "grade", "source")
    )
    return Section(say("provenance.grades", lang), columns, rows)


def unseen_cost(case: Case) -> dict[str, tuple[float, float, float]]:
    """For each arm the share of service cost that unseen households are charged, the million yen of all public payers that this
    makes over the run and runs' mean, and its part of their whole cost (0-1). Undiscounted.
    """
    from ..economics.money import PERSPECTIVES, money

    compared = case.compared
    raw = compared.quantities[compared.quantities["draw"] == 0]
    shares = compared.gathered.shares.query("draw == 0").set_index("arm")["share"]
    hidden = raw.assign(amount=raw["unseen"] * raw["arm"].map(shares)).drop(columns="unseen")
    tables = (money(hidden, case.book), case.money)
    paid = [
        table[table["payer"].isin(PERSPECTIVES[VIEW])].groupby("arm")["yen"].sum()
        for table in tables
    ]
    runs = compared.seeds
    return {
        arm.id: (
            float(shares[arm.id]),
            paid[0].get(arm.id, 0.0) / runs / 1e6,
            paid[0].get(arm.id, 0.0) / paid[1][arm.id],
        )
        for arm in compared.comparison.arms
    }


def _unseen(case: Case, lang: str) -> Section:
    """What households that are not in support are charged for, arm by arm."""
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
