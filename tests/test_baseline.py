"""An exact run against stored numbers: whatever changes a result is seen here first.

A change of results on purpose: `python -m pytest tests/test_baseline.py --regen-all` writes the
file anew; read the difference that git shows, and flag it as "results change" in CHANGELOG.md, with
the reason.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest_regressions.common import check_text_files

from sim.declared.records import FLOWS, column_names
from tests.laws import EVERY_LEVER, changed, lived, steps
from tests.towns import small_scenario

FILE = Path(__file__).parent / "data" / "baseline.csv"
TOLERANCE = 1e-9  # relative; machines and versions of Python may round differently
QUARTER, YEAR = 13, 52  # weeks
DIGITS = "%.12g"
REFRESH = "python -m pytest tests/test_baseline.py --regen-all"
REMINDER = f'If that is meant: {REFRESH}. Flag it as "results change" in CHANGELOG.md.'


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


def numbers() -> pd.DataFrame:
    """A row a measure: a small town as it is by quarter, and under every lever by year."""
    scenario = small_scenario(2000, run_in_weeks=52, years=2)
    parts = []
    for arm, town, weeks in (
        ("as it is, quarter", scenario, QUARTER),
        ("every lever, year", changed(scenario, steps=steps(EVERY_LEVER)), YEAR),
    ):
        frame = periods(lived(town).table, weeks)
        parts.append(frame.rename(columns=lambda number, arm=arm: f"{arm} {number + 1}"))
    return pd.concat(parts, axis=1).rename_axis("measure")


def written(frame: pd.DataFrame) -> str:
    """The text of the file."""
    return frame.to_csv(float_format=DIGITS, lineterminator="\n")


def agree(obtained: Path, expected: Path) -> None:
    """Raise an AssertionError with the lines that differ, unless only rounding does."""
    now, was = (pd.read_csv(file, index_col="measure") for file in (obtained, expected))
    labels = all(one.equals(other) for one, other in zip(now.axes, was.axes, strict=True))
    if labels and np.allclose(now, was, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
        return
    try:
        check_text_files(obtained, expected, encoding="utf-8")
    except AssertionError as difference:
        difference.add_note(REMINDER)
        raise


def test_results_are_those_stored(file_regression):
    file_regression.check(
        written(numbers()), fullpath=FILE, check_fn=agree, encoding="utf-8", newline="\n"
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"quarter 1": {"crises": 4.0, "gone": 1.0}}, "-crises,3\n+crises,4"),
        ({"quarter 1": {"crises": 3.0}}, "-gone,1"),
        ({"quarter 1": {"crises": 3.0, "gone": 1.0, "new": 1.0}}, "+new,1"),
        ({"quarter 2": {"crises": 3.0, "gone": 1.0}}, "-measure,quarter 1\n+measure,quarter 2"),
        ({"quarter 1": {"crises": 3.0, "gone": float("nan")}}, "-gone,1\n+gone,"),
        ({"quarter 1": {"crises": 3.0 + 1e-9, "gone": 1.0}}, ""),
    ],
)
def test_a_difference_is_named(now, said, tmp_path):
    was = {"quarter 1": {"crises": 3.0, "gone": 1.0}}
    files = tmp_path / "now.csv", tmp_path / "was.csv"
    for file, table in zip(files, (now, was), strict=True):
        file.write_text(written(pd.DataFrame(table).rename_axis("measure")), encoding="utf-8")
    if not said:
        agree(*files)
        return
    with pytest.raises(AssertionError) as difference:
        agree(*files)
    assert said in str(difference.value) and REFRESH in difference.value.__notes__[0]
