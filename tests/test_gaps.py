"""Has the paired gap gone: states by hand, the half-life of a known course, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import has_gap_gone


def courses(gap, seeds: int = 6, noise: float = 0.02) -> pd.DataFrame:
    """Two courses on the same seeds: much luck that they share, little that they do not, and this
    gap by year.
    """
    rng = np.random.default_rng(1)
    shared, own = rng.normal(size=(seeds, len(gap))), noise * rng.normal(size=(seeds, len(gap)))
    tables = []
    for arm, values in (("alone", shared), ("pushed", shared + own + np.asarray(gap))):
        rows = pd.DataFrame(values, columns=np.arange(1, len(gap) + 1)).rename_axis(
            index="seed", columns="year"
        )
        tables.append(
            rows.stack().rename("value").reset_index().assign(arm=arm, measure="exhaustion")
        )
    return pd.concat(tables, ignore_index=True)


def found(gap, since: int = 2, **changes):
    return has_gap_gone(courses(gap, **changes), "pushed", "alone", "exhaustion", since)


@pytest.mark.parametrize(
    ("gap", "state"),
    [
        ([0, 1, 0.9, 0.8, 0.7], "stays"),
        ([0, -1, -0.9, -0.8, -0.7], "stays"),
        ([0, 1, 0.5, 0.1, 0.0], "gone"),
        ([0, 1, 0.5, -0.2, -0.6], "turned"),
        ([0, 0, 0, 0, 0.5], "none"),
    ],
)
def test_the_state_of_the_last_year(gap, state):
    assert found(gap).state == state


def test_a_gap_that_is_positive_in_every_seed_is_not_called_gone():
    """Six seeds, each with a small gap left in the last year: it stays, however small beside what
    the push had opened.
    """
    table = courses([0, 1, 0.6, 0.4, 0.25], noise=0.05)
    wide = table[table["year"] == 5].pivot(index="seed", columns="arm", values="value")
    assert (wide["pushed"] > wide["alone"]).all()
    assert has_gap_gone(table, "pushed", "alone", "exhaustion", 2).state == "stays"


def test_luck_that_is_too_large_or_too_few_seeds_decide_nothing():
    assert found([0, 20, 9, 3, 0.2], noise=3).state == "undecided"
    assert found([0, 1, 0.9, 0.8, 0.7], seeds=3).state == "few"


def test_the_half_life_lies_between_years_and_within_its_interval():
    gap = found([0, 1, 0.75, 0.25, 0.0], noise=0.0)
    assert gap.half_life == gap.half_life_low == gap.half_life_high == pytest.approx(1.5)
    loose = found([0, 1, 0.75, 0.25, 0.0], noise=0.2)
    assert loose.half_life_low < loose.half_life < loose.half_life_high
    never = found([0, 1, 0.9, 0.8, 0.7])
    assert np.isnan(never.half_life) and np.isnan(never.half_life_high)
    assert (gap.opened, gap.left) == (pytest.approx(1), pytest.approx(0)) and list(
        gap.by_year["year"]
    ) == [1, 2, 3, 4, 5]


def test_what_is_not_there_is_refused():
    table = courses([0, 1, 0.5])
    for pushed, measure, since in (
        ("nobody", "exhaustion", 1),
        ("pushed", "load", 1),
        ("pushed", "exhaustion", 3),
    ):
        with pytest.raises(ValueError, match="no "):
            has_gap_gone(table, pushed, "alone", measure, since)
