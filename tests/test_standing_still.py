"""A town in which nothing changes stands still: no trend, no policy, no drift.

The pattern is that of `python -m benchmarks.studies.drift`, which measures it on larger towns: the
mean of a stock in years 8 to 10 against years 1 to 3. The seeds are fixed; with MARGIN for what a
model of this size may creep and ALARM standard errors a town that stands still fails once in 1e7.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from benchmarks.studies.drift import drift, lived, reference

SEEDS = range(301, 313)
RESIDENTS = 8_000
MARGIN, ALARM = 0.03, 6.0


@pytest.fixture(scope="module")
def moved():
    """What every stock and load has moved by, over all seeds."""
    tasks = [(reference(RESIDENTS), seed) for seed in SEEDS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return drift(list(pool.map(lived, tasks)))


def test_no_stock_and_no_load_drifts(moved):
    late = moved[moved["drift"].abs() > MARGIN + ALARM * moved["error"]]
    assert late.empty, late.to_string()


def test_the_rows_are_those_of_the_law(moved):
    kinds = {name.split(":")[0] for name in moved.index}
    assert kinds == {"needs", "load", "assistance"} and len(moved) >= 8
