"""An exact run against stored numbers: whatever changes a result is seen here first.

A change of results on purpose: refresh the file with `python -m tests.test_baseline --refresh`,
read the difference that git shows, and flag it as "results change" in CHANGELOG.md.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import pandas as pd

from sim.declared.records import FLOWS, column_names
from tests.laws import EVERY_LEVER, changed, lived, steps
from tests.towns import small_scenario

FILE = Path(__file__).parent / "data" / "baseline.csv"
TOLERANCE = 1e-9  # relative; machines and versions of Python may round differently
QUARTER, YEAR = 13, 52  # weeks
SHOWN = 25  # lines of a difference
REFRESH = "python -m tests.test_baseline --refresh"
REMINDER = 'Flag this as "results change" in CHANGELOG.md, with the reason.'


def periods(table: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """The weekly table by periods of `weeks`, a row a measure: flows summed, stocks as they stand
    at the end.
    """
    counted = set(column_names(FLOWS))
    period = table["week"] // weeks
    frame = (
        table.drop(columns="week")
        .groupby(period)
        .agg({name: "sum" if name in counted else "last" for name in table if name != "week"})
    )
    return frame.T


def numbers() -> dict[str, dict[str, float]]:
    """Column -> measure -> number: a small town as it is by quarter, and under every lever by
    year.
    """
    scenario = small_scenario(2000, run_in_weeks=52, years=2)
    found = {}
    for arm, town, weeks in (
        ("as it is, quarter", scenario, QUARTER),
        ("every lever, year", changed(scenario, steps=steps(EVERY_LEVER)), YEAR),
    ):
        frame = periods(lived(town).table, weeks)
        found |= {f"{arm} {number + 1}": frame[number].to_dict() for number in frame.columns}
    return found


def stored() -> dict[str, dict[str, float]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        column: {row["measure"]: float(row[column]) for row in rows}
        for column in rows[0]
        if column != "measure"
    }


def store(found: dict[str, dict[str, float]]) -> None:
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["measure", *found])
        for measure in next(iter(found.values())):
            writer.writerow([measure, *(f"{found[column][measure]:.12g}" for column in found)])


def differences(was: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """One line for every number that is gone, new or another."""
    lines = [f"{column}: column gone" for column in was if column not in now] + [
        f"{column}: new column" for column in now if column not in was
    ]
    for column in (column for column in was if column in now):
        old, new = was[column], now[column]
        lines += [f"{measure}: gone" for measure in old if measure not in new] + [
            f"{measure}: new" for measure in new if measure not in old
        ]
        lines += [
            f"{measure}, {column}: was {old[measure]:.12g}, is {new[measure]:.12g}"
            for measure in old
            if measure in new and not equal(old[measure], new[measure])
        ]
    return list(dict.fromkeys(lines))


def equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE) or (
        math.isnan(one) and math.isnan(other)
    )


def test_results_are_those_stored():
    lines = differences(stored(), numbers())
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    message = "\n".join(
        [
            "results differ from tests/data/baseline.csv:",
            *lines[:SHOWN],
            *more,
            f"If that is meant: {REFRESH}. {REMINDER}",
        ]
    )
    assert not lines, message


def test_a_difference_is_named():
    was = {"quarter 1": {"crises": 3.0, "gone": 1.0}}
    now = {"quarter 1": {"crises": 4.0, "new": 1.0}}
    assert differences(was, now) == ["gone: gone", "new: new", "crises, quarter 1: was 3, is 4"]
    assert differences(was, was) == []
    assert differences(was, {"quarter 1": {"crises": 3.0 + 1e-12, "gone": 1.0}}) == []
    assert differences({"y": {"a": math.nan}}, {"y": {"a": math.nan}}) == []


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        raise SystemExit(f"usage: {REFRESH}")
    current = numbers()
    changes = differences(stored(), current) if FILE.exists() else ["new file"]
    store(current)
    print(
        *changes,
        f"{len(changes)} changes written to {FILE.name}. {REMINDER if changes else ''}",
        sep="\n",
    )
