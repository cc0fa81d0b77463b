"""Law: permuting rows that carry their stable ids gives identical results."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.processes import WEEK
from sim.model.town import Town
from tests.conservation import broken
from tests.laws import starved, strong, strong_otherwise
from tests.shuffle import ENDS, by_id, shuffled

SCENARIOS = {"every lever": strong, "every lever otherwise": strong_otherwise, "starved": starved}


def apart(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    """Columns that differ, floats by more than rounding; the two ends of a tie may change
    places.
    """
    return [
        name
        for name in one
        if name not in ENDS
        and not np.allclose(
            one[name].astype(float), other[name].astype(float), rtol=1e-9, atol=1e-9, equal_nan=True
        )
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_permuted_rows_live_the_same_life(name: str):
    """Households, ties and the workers of an agency in another order: after each process every row
    is the same by its id.
    """
    plain, mixed = Town(SCENARIOS[name](), 1), Town(SCENARIOS[name](), 1)
    shuffled(mixed.state, 5)
    assert broken(mixed.state) == []
    assert not np.array_equal(plain.state.households.frailty, mixed.state.households.frailty)
    for week in range(53):
        for process_name, process in WEEK:
            process(plain.state), process(mixed.state)
            if week < 12 or week > 51:
                assert apart(by_id(plain.state), by_id(mixed.state)) == [], (
                    f"week {week}, after {process_name}"
                )
        plain.state.week += 1
        mixed.state.week += 1
    assert apart(by_id(plain.state), by_id(mixed.state)) == []


def test_shuffling_moves_rows_and_nothing_else():
    """By id nothing has moved; twice shuffled is still the same town."""
    plain, mixed = Town(strong(), 1).state, Town(strong(), 1).state
    expected = by_id(plain)
    for seed in (1, 2):
        shuffled(mixed, seed)
        assert apart(expected, by_id(mixed)) == []
    assert not np.array_equal(plain.row_of, mixed.row_of)
