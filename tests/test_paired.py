"""Paired differences: laws, cases worked by hand, and bounds that hold as often as they say.

The statistical tests here each fail by chance with a probability below FALSE_ALARM.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.study.paired import (
    FEW,
    combination,
    crossing_summary,
    crossings,
    cube_of,
    differences,
    lasting,
    seeds_needed,
    variance_components,
)

FALSE_ALARM = 1e-7
KEYS = ["arm", "measure", "year"]
BOUNDS = ["low", "high", "band_low", "band_high"]


def tidy(arms: dict[str, np.ndarray]) -> pd.DataFrame:
    """A table of arrays (draw, seed, year, measure), one an arm."""
    tables = []
    for arm, array in arms.items():
        array = np.asarray(array, dtype=float)
        index = pd.MultiIndex.from_product(
            [range(size) for size in array.shape], names=["world", "seed", "year", "measure"]
        )
        tables.append(
            pd.DataFrame({"value": array.ravel()}, index=index).reset_index().assign(arm=arm)
        )
    table = pd.concat(tables, ignore_index=True)
    return table.assign(year=table["year"] + 1, measure="m" + table["measure"].astype(str))


def of_seeds(*values: float) -> np.ndarray:
    """One draw, one year, one measure."""
    return np.reshape(values, (1, -1, 1, 1))


def luck(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


numbers = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


@given(numbers)
@settings(max_examples=60, deadline=None)
def test_equal_arms_differ_by_exactly_nothing(values):
    row = differences(tidy({"a": of_seeds(*values), "b": of_seeds(*values)}), "a").iloc[0]
    assert (row[["difference", *BOUNDS]] == 0).all()
    assert (
        row["identical"]
        and not row["skewed"]
        and row["n"] == len(values)
        and row["mean"] == row["reference"]
    )


@given(numbers, st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_swapping_the_arms_mirrors(values, seed):
    table = tidy({"a": of_seeds(*values), "b": np.round(luck(1, len(values), 1, 1, seed=seed), 3)})
    one, other = differences(table, "a").iloc[0], differences(table, "b").iloc[0]
    assert one["difference"] == -other["difference"]
    for low, high in (("low", "high"), ("band_low", "band_high")):
        assert one[low] == -other[high] and one[high] == -other[low]
    assert one["boot_low"] == pytest.approx(
        -other["boot_high"], nan_ok=True, rel=0.15, abs=0.15 * (one["high"] - one["low"])
    )
    assert (
        one["removed"] == pytest.approx(other["removed"], nan_ok=True, abs=1e-6)
        and one["skewed"] == other["skewed"]
    )


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_does_not_matter(random):
    table = tidy({arm: luck(2, 5, 3, 2, seed=at) ** 3 for at, arm in enumerate("abc")}).drop(
        index=[5, 40]
    )
    order = list(table.index)
    random.shuffle(order)
    for function in (
        lambda values: differences(values, "a"),
        lambda values: variance_components(values, "a"),
    ):
        straight, mixed = (
            function(values).sort_values(KEYS, ignore_index=True)
            for values in (table, table.loc[order])
        )
        pd.testing.assert_frame_equal(straight, mixed, check_exact=True)


def test_three_seeds_by_hand():
    row = differences(tidy({"a": of_seeds(10, 20, 30), "b": of_seeds(11, 22, 33)}), "a").iloc[0]
    half = 4.302652729911275 / np.sqrt(3)
    assert (row["n"], row["reference"], row["mean"], row["difference"]) == (3, 20, 22, 2)
    assert row["low"] == pytest.approx(2 - half) and row["high"] == pytest.approx(2 + half)
    assert row["removed"] == pytest.approx(1 - 1 / (100 + 121)) and not row["identical"]
    assert row["band_low"] == pytest.approx(row["low"])  # one year


def test_what_cannot_be_counted_leaves_its_pair_out():
    table = tidy({"a": of_seeds(1, np.nan, 3, 4), "b": of_seeds(2, 9, np.nan, 7)})
    row = differences(table, "a").iloc[0]
    assert (row["n"], row["reference"], row["mean"], row["difference"]) == (2, 2.5, 4.5, 2)
    single = differences(table[table["seed"] == 0], "a").iloc[0]
    assert (
        single["n"] == 1
        and single["difference"] == 1
        and np.isnan(single[[*BOUNDS, "removed"]].astype(float)).all()
    )
    nothing = differences(table[table["seed"] == 1], "a").iloc[0]
    assert nothing["n"] == 0 and np.isnan(nothing["difference"]) and not nothing["identical"]


def test_a_constant_difference_has_an_interval_of_one_point():
    row = differences(tidy({"a": of_seeds(0, 0, 0), "b": of_seeds(0.1, 0.1, 0.1)}), "a").iloc[0]
    assert (row[["difference", *BOUNDS]] == 0.1).all() and not row["identical"]


def test_wrong_tables_are_refused():
    table = tidy({"a": of_seeds(1, 2), "b": of_seeds(1, 2)})
    with pytest.raises(ValueError, match="no arm 'c' among 'a', 'b'"):
        differences(table, "c")
    with pytest.raises(ValueError, match="twice"):
        differences(pd.concat([table, table[:1]]), "a")
    assert differences(table[table["arm"] == "a"], "a").empty


def test_few_pairs_have_bonferronis_band():
    table = tidy({"a": np.zeros((1, FEW - 1, 4, 1)), "b": luck(1, FEW - 1, 4, 1)})
    rows = differences(table, "a")
    ratio = (rows["band_high"] - rows["difference"]) / (rows["high"] - rows["difference"])
    assert np.allclose(ratio, stats.t.isf(0.025 / 4, FEW - 2) / stats.t.isf(0.025, FEW - 2))


def test_years_that_move_as_one_need_no_wider_band():
    table = tidy({"a": np.zeros((1, 20, 5, 1)), "b": luck(1, 20, 1, 1) * np.arange(1, 6)[:, None]})
    rows = differences(table, "a")
    ratio = (rows["band_high"] - rows["difference"]) / (rows["high"] - rows["difference"])
    assert (ratio >= 1).all() and (ratio < 1.05).all()


def missed(hits: pd.Series, low: float, high: float) -> bool:
    """Whether so many misses speak against every rate from low to high; false alarm FALSE_ALARM."""
    return (
        not stats.binom.ppf(FALSE_ALARM / 2, len(hits), low)
        <= hits.sum()
        <= stats.binom.isf(FALSE_ALARM / 2, len(hits), high)
    )


def test_intervals_and_bands_hold_as_often_as_they_say():
    walk = luck(1, 20, 6, 3_000).cumsum(axis=2)
    rows = differences(tidy({"a": np.zeros(walk.shape), "b": walk}), "a")
    outside = (rows["low"] > 0) | (rows["high"] < 0)
    beyond = ((rows["band_low"] > 0) | (rows["band_high"] < 0)).groupby(rows["measure"]).any()
    assert not missed(outside[rows["year"] == 6], 0.05, 0.05)
    assert not missed(beyond, 0.045, 0.06)
    assert missed(
        outside.groupby(rows["measure"]).any(), 0.045, 0.06
    )  # intervals year by year are no band


def test_a_skewed_sample_has_a_bootstrap_interval_that_holds_more_often():
    skewed = np.random.default_rng(1).lognormal(size=(1, 20, 1, 4_000)) - np.exp(0.5)
    rows = differences(tidy({"a": np.zeros(skewed.shape), "b": skewed}), "a")
    rows = rows[rows["skewed"]]
    assert len(rows) > 2_000
    plain, boot = (rows["high"] < 0).mean(), (rows["boot_high"] < 0).mean()
    assert boot < plain
    calm = differences(tidy({"a": np.zeros(skewed.shape), "b": luck(*skewed.shape)}), "a")
    assert calm["skewed"].mean() < 0.15 and calm.loc[~calm["skewed"], "boot_low"].isna().all()


def test_lasting_takes_the_last_unbroken_stretch():
    table = pd.DataFrame(
        {
            "arm": "b",
            "measure": np.repeat(["up", "down", "late", "turn", "none"], 3),
            "year": [1, 2, 3] * 5,
            "band_low": [1, -1, 1, -3, -3, -3, -1, 1, 1, -2, 1, 1, 1, 1, -1.0],
            "band_high": [2, 1, 2, -1, -1, -1, 1, 2, 2, -1, 2, 2, 2, 2, 1.0],
        }
    )
    found = lasting(table.sample(frac=1, random_state=1)).set_index("measure")
    assert found["side"].to_dict() == {
        "up": "higher",
        "down": "lower",
        "late": "higher",
        "turn": "higher",
        "none": "",
    }
    assert found["year"].fillna(0).to_dict() == {
        "up": 3,
        "down": 1,
        "late": 2,
        "turn": 2,
        "none": 0,
    }


def weeks(**arms: np.ndarray) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame({"arm": arm, "seed": seed, "week": range(len(load)), "load": load})
            for arm, loads in arms.items()
            for seed, load in enumerate(np.atleast_2d(loads))
        ],
        ignore_index=True,
    )


def test_crossings_by_hand():
    week = np.arange(156)
    pays, lasts, never = (
        np.where(week < 70, 1.0, -3.0),
        np.where(week < 70, 0.0, 1.0),
        np.zeros(156),
    )
    rows = crossings(weeks(a=np.zeros((3, 156)), b=[pays, lasts, never]), "a", "load")
    assert list(rows["state"]) == ["crossed", "censored", "never_worse"]
    # 52 weeks with k of -3 among 1 are at or below zero from k = 13: week 69 + 13
    assert rows["week"].fillna(-1).tolist() == [82, -1, -1]
    mixed = crossings(
        weeks(a=np.zeros((3, 156)), b=[pays, lasts, never]).sample(frac=1, random_state=2),
        "a",
        "load",
    )
    pd.testing.assert_frame_equal(rows, mixed)
    again = np.concatenate([pays, np.full(60, 4.0)])
    assert list(crossings(weeks(a=np.zeros(216), b=again), "a", "load")["state"]) == ["censored"]
    with pytest.raises(ValueError, match="51 weeks are too few"):
        crossings(weeks(a=np.zeros(51), b=np.ones(51)), "a", "load")


def test_censored_seeds_count_as_later_than_all():
    rows = pd.DataFrame(
        {
            "arm": "b",
            "seed": range(6),
            "state": ["crossed"] * 3 + ["censored"] * 2 + ["never_worse"],
            "week": [100, 60, 80, np.nan, np.nan, np.nan],
        }
    )
    found = crossing_summary(rows).iloc[0]
    assert found[["seeds", "never_worse", "crossed", "censored"]].tolist() == [6, 1, 3, 2]
    assert found["q25"] == 80 and found["median"] == 100 and np.isnan(found["q75"])


def test_a_combination_is_an_arm_minus_the_weighted_mean_of_its_parts():
    table = tidy({"all": of_seeds(10, 12), "x": of_seeds(1, 2), "y": of_seeds(4, np.nan)})
    rows = combination(table, "all", {"x": 1, "y": 2}, "together")
    assert rows[["arm", "seed", "value"]].to_numpy().tolist() == [["together", 0, 7.0]]
    whole = tidy({"all": of_seeds(10, 12, 13), "x": of_seeds(1, 2, 3)})
    plain, own = (
        differences(whole, "x").iloc[0],
        differences(combination(whole, "all", {"x": 5}, "t"), None).iloc[0],
    )
    assert own[["difference", *BOUNDS]].tolist() == pytest.approx(
        plain[["difference", *BOUNDS]].tolist()
    )
    with pytest.raises(ValueError, match="no arm 'z'"):
        combination(table, "all", {"z": 1}, "t")


def test_seeds_needed_without_pairing():
    table = tidy({"a": of_seeds(10, 20, 30), "b": of_seeds(11, 22, 33)})
    assert seeds_needed(table, "b", "a", "m0", 1) == pytest.approx(221)
    assert (
        seeds_needed(tidy({"a": of_seeds(1, 2), "b": of_seeds(2, 3)}), "b", "a", "m0", 1) == np.inf
    )
    assert np.isnan(
        seeds_needed(tidy({"a": of_seeds(1, 1), "b": of_seeds(2, 2)}), "b", "a", "m0", 1)
    )


def test_luck_and_ignorance_by_hand():
    values = np.reshape([1, 3, 5, 7], (2, 2, 1, 1))
    row = variance_components(tidy({"a": np.zeros(values.shape), "b": values}), "a").iloc[0]
    assert (row["worlds"], row["n"], row["difference"], row["between"], row["within"]) == (
        2,
        4,
        4,
        7,
        2,
    )
    half = stats.t.isf(0.025, 1) * np.sqrt(8) / np.sqrt(2)
    assert row["low"] == pytest.approx(4 - half) and row["high"] == pytest.approx(4 + half)
    assert row["range_low"] == pytest.approx(2.1) and row["range_high"] == pytest.approx(5.9)
    alike = np.reshape([1, 3, 3, 1], (2, 2, 1, 1))
    assert (
        variance_components(tidy({"a": np.zeros(values.shape), "b": alike}), "a").iloc[0]["between"]
        == 0
    )
    one = variance_components(tidy({"a": of_seeds(0, 0), "b": of_seeds(1, 2)}), "a").iloc[0]
    assert np.isnan(one["between"]) and one["within"] == 0.5


def test_unequal_numbers_of_seeds_leave_the_components_unbiased():
    """Means over 3,000 measures of components that are truly 4 and 1; five standard errors and more
    (FALSE_ALARM).
    """
    values = 2 * luck(5, 1, 1, 3_000, seed=2) + luck(5, 4, 1, 3_000, seed=3)
    table = tidy({"a": np.zeros(values.shape), "b": values})
    table = table[~((table["world"] < 3) & (table["seed"] > 0))]
    found = variance_components(table, "a")
    for name, truth in (("between", 4), ("within", 1)):
        assert abs(found[name].mean() - truth) < stats.norm.isf(FALSE_ALARM / 2) * found[
            name
        ].std() / np.sqrt(len(found)), name


def test_a_cube_keeps_arms_and_measures_as_they_come():
    cube = cube_of(tidy({"z": of_seeds(1), "a": of_seeds(2)}))
    assert cube.arms == ["z", "a"] and cube.arm("a").tolist() == [[[2.0]]]
