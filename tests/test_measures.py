"""Measures of a year against hand calculation; intervals over seeds; numbers as the summary writes
them.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import words
from sim.declared import records
from sim.declared.measure import LOWER
from sim.model.town import Town
from sim.report.text import run as summary
from sim.study import measures
from sim.study.measures import GROUPS, MEASURES, households_of, measure, measures_by_year
from sim.study.paired import over_seeds
from sim.study.runs import Tables, simulate
from tests.towns import small_scenario


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Two seeds of a small town over two years."""
    return simulate(small_scenario(300, years=2, run_in_weeks=4), [1, 2])


def tiny_table(**weekly: list[float]) -> pd.DataFrame:
    """A weekly town table of two years and one seed, zero but for what is given by year."""
    town = Town(small_scenario(50, years=1, run_in_weeks=0), 1)
    names = [name for name in town.table.columns if name != "week"]
    table = pd.DataFrame(0.0, index=range(104), columns=["week", *names])
    table["week"] = range(104)
    for name, (first, second) in weekly.items():
        table[name] = [first] * 52 + [second] * 52
    return table


def test_measures_by_hand():
    table = tiny_table(
        households_latent=[10, 20],
        households_manifest=[6, 0],
        unseen_latent=[8, 5],
        unseen_manifest=[4, 0],
        first_contacts_self=[3, 1],
        first_contacts_crisis=[1, 1],
        waited_weeks=[12, 0],
        cases_opened=[4, 0],
        load=[0.5, 1.5],
        vacancies=[1, 2],
        posts=[10, 10],
        hours_cases=[30, 60],
        hours_idle=[10, 20],
        post_weeks_regular=[9, 8],
        leavers=[1, 0],
        burnout=[0.25, 0.5],
        inflow_compounded=[1, 2],
    )
    found = measures_by_year(table, population=2000, households=100).set_index(["year", "measure"])[
        "value"
    ]
    expected = {
        "latent": (10, 20),
        "manifest": (6, 0),
        "unseen": (75, 25),
        "unseen_manifest": (400 / 6, np.nan),
        "first_contacts": (4 * 52 * 1e5 / 2000 / 12, 2 * 52 * 1e5 / 2000 / 12),
        "route_crisis": (25, 50),
        "wait": (3, np.nan),
        "load": (0.5, 1.5),
        "vacancies": (10, 20),
        "hours_cases": (75, 75),
        "hours_idle": (25, 25),
        "posts_regular": (9, 8),
        "leavers": (52, 0),
        "burnout": (25, 50),
        "inflow_compounded": (520, 1040),
    }
    for name, values in expected.items():
        np.testing.assert_allclose([found[1, name], found[2, name]], values, err_msg=name)
    weeks = table.assign(load=np.arange(104.0))
    assert (
        measures_by_year(weeks, 1, 1).set_index(["year", "measure"])["value"][2, "load"]
        == np.arange(52, 104).mean()
    )


def test_measures_keep_seeds_apart(tables):
    both = tables.by_year()
    alone = measures_by_year(
        tables.town[tables.town["seed"] == 2].drop(columns="seed"),
        tables.population,
        households_of(tables.town),
    )
    second = both[both["seed"] == 2].drop(columns="seed").reset_index(drop=True)
    pd.testing.assert_frame_equal(second, alone)
    assert both["measure"].iloc[: len(MEASURES)].tolist() == [one.name for one in MEASURES]


def test_measures_are_declared_whole():
    assert len({one.name for one in MEASURES}) == len(MEASURES) and {
        one.group for one in MEASURES
    } == set(GROUPS)
    for one in MEASURES:
        assert one.en and one.ja and one.better in ("lower", "higher", "")
        assert all(f"unit.{one.unit}" in words.words(lang) for lang in words.LANGUAGES), one.unit
    assert measure("load").better == LOWER


def test_shares_of_a_whole_fill_it(tables):
    values = tables.by_year().pivot(index=["seed", "year"], columns="measure", values="value")
    for prefix in ("hours_", "route_", "contact_"):
        np.testing.assert_allclose(
            values[[name for name in values if name.startswith(prefix)]].sum(axis=1), 100
        )


def test_intervals_by_hand():
    yearly = pd.DataFrame(
        {
            "seed": [1, 2, 3, 1],
            "year": 1,
            "measure": ["a", "a", "a", "b"],
            "value": [1.0, 2.0, 6.0, 5.0],
        }
    )
    table = over_seeds(yearly).set_index("measure")
    half = (
        4.302653 * np.sqrt(7.0) / np.sqrt(3)
    )  # t quantile for two degrees of freedom; variance of 1, 2, 6 is 7
    np.testing.assert_allclose(
        table.loc["a", ["mean", "low", "high"]].astype(float), [3, 3 - half, 3 + half], rtol=1e-6
    )
    assert table.loc["b", "mean"] == 5 and np.isnan(table.loc["b", "low"])


def test_numbers_of_the_summary():
    nan = float("nan")
    written = {
        (12.34, 0.21, 1): "12.3 ± 0.2",
        (0, 0, 2): "0",
        (nan, 1, 1): "-",
        (1234.5, nan, 0): "1,234",
    }
    for (mean, half, digits), text in written.items():
        assert summary.cell(mean, half, digits, "en") == text


WEEKLY = records.FLOWS | records.STOCKS
EVERY_TABLE = (
    records.FLOWS,
    records.STOCKS,
    records.BY_FIELD,
    records.BY_DISTRICT,
    records.DISTRICT_FLOWS,
    records.BY_AGENCY,
)


def test_a_measure_of_a_column_has_the_words_of_the_column():
    """A label that stands in the declaration of a column is written nowhere else: the text of
    measures.py repeats none, and no two columns have the same words in two declarations.
    """
    columns = [column for table in EVERY_TABLE for column in table.values()]
    different = {id(column): column for column in columns}.values()
    for language in ("ja", "en"):
        labels = Counter(getattr(column, language).casefold() for column in different)
        assert not [label for label, times in labels.items() if times > 1]
    tree = ast.parse(Path(measures.__file__).read_text(encoding="utf-8"))
    written = {
        node.value.casefold()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    }
    assert not written & {column.en.casefold() for column in columns if " " in column.en}
    japanese = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not japanese & {column.ja for column in columns}


@pytest.mark.parametrize(
    ("name", "column", "unit"),
    [
        ("found", "found", "households a year"),
        ("lost", "lost_at_handon", "households a year"),
        ("places", "place_weeks", "place-years"),
        ("load", "load", "hours asked / hours available"),
        ("isolates", "isolates", "% of households"),
    ],
)
def test_words_and_unit_of_a_year_follow_from_the_column(name, column, unit):
    one, declared = measure(name), WEEKLY[column]
    assert (one.ja, one.en.casefold()) == (declared.ja, declared.en.casefold())
    assert one.unit == unit and one.en[0].isupper()
