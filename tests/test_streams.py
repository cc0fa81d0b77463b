"""Keyed draws are what they claim: even, independent of every part of their key, exact in chance,
and never moved.

The seeds are fixed, so a test here passes always or fails always; the false-alarm rate is the
chance that good draws from a new stream would fail any test of this file: FALSE_ALARM in total,
shared equally by the calls of `holds`.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.model.kernel import chance_in_week, happens, kernel, monthly_rate, uniform
from sim.model.streams import Streams, weekly_chance

FALSE_ALARM, CALLS = 2e-7, 10
LUCK = Streams(2026)
MANY = 400_000


def holds(p_values) -> None:
    """Refuse p-values, however many, that good draws give with chance below this call's share of
    FALSE_ALARM.
    """
    p = np.ravel(p_values)
    assert np.all(np.isfinite(p))
    assert p.min() * p.size > FALSE_ALARM / CALLS


def normal(z):
    """Two-sided p-values of standard normal `z`."""
    return 2.0 * stats.norm.sf(np.abs(z))


def even(u: np.ndarray, bins: int = 512) -> float:
    """p-value, low for uneven and for too even counts alike, of the chi-square test on `bins` equal
    cells.
    """
    p = stats.chisquare(np.bincount((u * bins).astype(int), minlength=bins)).pvalue
    return 2.0 * min(p, 1.0 - p)


def unrelated(u: np.ndarray, v: np.ndarray) -> list[float]:
    """p-values of the correlation of paired uniforms and of a 16 x 16 table of them."""
    z = np.sqrt(u.size) * 12.0 * np.mean((u - 0.5) * (v - 0.5))
    return [normal(z), even((np.floor(u * 16) + v) / 16, 256)]


def over(keys, draw) -> np.ndarray:
    """One row of draws for each of `keys`."""
    return np.stack([draw(key) for key in keys])


IDS = np.arange(40)
TABLES = {  # every part of the key varied along the rows; ids along the columns
    "weeks": over(range(-5000, 5000), lambda week: LUCK.uniform("needs", week, IDS)),
    "processes": over(range(10_000), lambda k: LUCK.uniform(f"process {k}", 3, IDS)),
    "seeds": over(range(10_000), lambda seed: Streams(seed).uniform("needs", 3, IDS)),
    "occurrences": LUCK.uniform("needs", 3, IDS, np.arange(10_000)[:, None]),
}
ROWS = {
    "neighbours": LUCK.uniform("needs", 0, np.arange(MANY)),
    "every fifth": LUCK.uniform("needs", 0, np.arange(0, 5 * MANY, 5)),
    "far": LUCK.uniform("ties", 7, 2**40 - np.arange(MANY)),
    "pairs": LUCK.uniform("ties", 7, (np.arange(632)[:, None] << 20) + np.arange(632)).ravel(),
    "powers": LUCK.uniform("needs", 1, np.arange(MANY) << 24),
}


def test_draws_are_even():
    every = [table.ravel() for table in TABLES.values()] + list(ROWS.values())
    holds([[even(u), stats.kstest(u, "uniform").pvalue] for u in every])


def test_moments_are_those_of_a_uniform():
    z = []
    for u in [table.ravel() for table in TABLES.values()] + list(ROWS.values()):
        for k in (1, 2, 3, 4):
            mean, square = 1 / (k + 1), 1 / (2 * k + 1)
            z.append((np.mean(u**k) - mean) * np.sqrt(u.size / (square - mean**2)))
    holds(normal(z))


def test_neighbouring_ids_are_unrelated():
    holds([unrelated(u[:-lag], u[lag:]) for u in ROWS.values() for lag in (1, 2, 5, 52)])


def test_neighbouring_weeks_processes_seeds_and_occurrences_are_unrelated():
    holds(
        [
            unrelated(t[:-lag].ravel(), t[lag:].ravel())
            for t in TABLES.values()
            for lag in (1, 2, 13, 52)
        ]
    )


def test_an_id_shifted_against_the_other_key_is_unrelated():
    holds(
        [unrelated(t[:-1, :-1].ravel(), t[1:, 1:].ravel()) for t in TABLES.values()]
        + [unrelated(t[:-1, 1:].ravel(), t[1:, :-1].ravel()) for t in TABLES.values()]
    )


def bits(u: np.ndarray) -> np.ndarray:
    """The 52 drawn bits of each uniform, as whole numbers."""
    return (u * 2.0**52).astype(np.int64)


def test_every_bit_is_balanced_and_no_two_go_together():
    sign = (2 * ((bits(ROWS["neighbours"])[:, None] >> np.arange(52)) & 1) - 1).astype(np.float32)
    together = (sign.T @ sign) / np.sqrt(MANY)
    holds(normal(np.append(sign.sum(axis=0) / np.sqrt(MANY), together[np.triu_indices(52, 1)])))


def test_one_changed_bit_of_a_key_changes_half_the_draw():
    ids, z = np.arange(4000), []
    before = bits(LUCK.uniform("needs", 5, ids))
    changed = [LUCK.uniform("needs", 5, ids ^ (1 << bit)) for bit in range(40)]
    changed += [LUCK.uniform("needs", 5 ^ (1 << bit), ids) for bit in range(12)]
    changed += [LUCK.uniform("needs", 5, ids, 1 << bit) for bit in range(12)]
    for after in changed:
        flips = (((before ^ bits(after))[:, None] >> np.arange(52)) & 1).sum(axis=0)
        z.append((flips - 2000) / np.sqrt(1000))
    holds(normal(z))


@kernel
def _each_event(key, rate, happened):
    for i in range(rate.size):
        happened[i] = happens(uniform(key, i), rate[i])


def events(process: str, weeks: range, rate) -> np.ndarray:
    """Event of row x in week w, as bool (weeks, n), at yearly rates `rate` (n,)."""
    happened = np.zeros((len(weeks), len(rate)), dtype=bool)
    for k, week in enumerate(weeks):
        _each_event(LUCK.keys((process,), week)[0], np.asarray(rate, dtype=float), happened[k])
    return happened


def too_far(counts: np.ndarray, trials: int, chance) -> np.ndarray:
    """Two-sided p-values of binomial `counts`."""
    low, high = (
        stats.binom.cdf(counts, trials, chance),
        stats.binom.sf(np.asarray(counts) - 1, trials, chance),
    )
    return np.minimum(1.0, 2.0 * np.minimum(low, high))


def test_each_of_many_rates_has_exactly_its_chance():
    rates = np.concatenate([np.linspace(0.0, 12.0, 41), [26.0, 52.0, 104.0]])
    counts = events("many rates", range(2000), np.tile(rates, 40)).reshape(-1, rates.size)
    holds(too_far(counts.sum(axis=0), 80_000, weekly_chance(rates)))
    assert counts.sum(axis=0)[0] == 0


def test_rows_and_weeks_are_independent():
    happened = events("independent", range(300), np.full(1000, 30.0)) - float(weekly_chance(30.0))
    pairs = (
        happened[:, :-1] * happened[:, 1:],
        happened[:-1] * happened[1:],
        happened[:-52] * happened[52:],
        happened[1:, 1:] * happened[:-1, :-1],
        happened[:, :-10] * happened[:, 10:],
    )
    spread = float(weekly_chance(30.0) * (1.0 - weekly_chance(30.0)))
    holds(normal(np.array([pair.sum() / np.sqrt(pair.size) / spread for pair in pairs])))


def test_weekly_counts_spread_as_independent_rows_would():
    p = []
    for rate in (0.3, 20.0):
        counts = events(f"spread {rate}", range(1000), np.full(3000, rate)).sum(axis=1)
        chance = float(weekly_chance(rate))
        spread = np.sum((counts - 3000 * chance) ** 2) / (3000 * chance * (1.0 - chance))
        p.append(2.0 * min(stats.chi2.cdf(spread, 1000), stats.chi2.sf(spread, 1000)))
    holds(p)


def test_draws_two_per_cent_wrong_are_refused():
    u = ROWS["neighbours"]
    for p in (
        even(u * 0.98),
        unrelated(u[:-1], 0.98 * u[1:] + 0.02 * u[:-1]),
        too_far(122_400, 6_000_000, 0.02),
    ):
        with pytest.raises(AssertionError):
            holds(p)


def test_the_false_alarm_rate_is_shared_by_all_calls():
    assert Path(__file__).read_text().count("\n    holds(") == CALLS


weeks, whole = st.integers(-100_000, 100_000), st.integers(-(2**62), 2**62)


@given(weeks, st.lists(whole, max_size=20), whole, st.integers(0, 2**20))
def test_a_draw_depends_on_its_own_key_alone(week, ids, seed, occurrence):
    luck = Streams(seed)
    together = luck.uniform("needs", week, np.array(ids, dtype=np.int64), occurrence)
    assert together.dtype == float and together.shape == (len(ids),)
    assert together.tolist() == [luck.uniform("needs", week, one, occurrence)[0] for one in ids]
    assert np.all((together > 0.0) & (together < 1.0))
    assert len(set(together.tolist())) == len(set(ids))


def test_ids_of_any_shape_and_type_are_taken_and_left_alone():
    ids = np.arange(12).reshape(3, 4)
    expected = LUCK.uniform("needs", -7, np.arange(12)).reshape(3, 4)
    for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint32, np.uint64):
        given_ids = ids.astype(dtype)
        np.testing.assert_array_equal(
            LUCK.uniform("needs", np.int32(-7), given_ids[:, ::-1]), expected[:, ::-1]
        )
        np.testing.assert_array_equal(given_ids, ids)
    assert LUCK.uniform("needs", -7, 3).shape == LUCK.uniform("needs", -7, [3]).shape == (1,)
    assert LUCK.uniform("needs", -7, []).shape == (0,)


def test_occurrences_differ_and_the_first_is_number_zero():
    ids = np.arange(1000)
    table = LUCK.uniform("visits", 4, ids, np.arange(50)[:, None])
    assert np.unique(table).size == table.size
    np.testing.assert_array_equal(table[0], LUCK.uniform("visits", 4, ids))
    np.testing.assert_array_equal(table[17], LUCK.uniform("visits", 4, ids, 17))


def test_no_occurrence_of_one_id_meets_another_id_of_any_town():
    ids_an_occurrence_is_worth = 0xD1342543DE82EF95 * pow(0x9E3779B97F4A7C15, -1, 2**64) % 2**64
    apart = np.arange(1, 2**20, dtype=np.uint64) * np.uint64(ids_an_occurrence_is_worth)
    assert min(apart.min(), (~apart).min()) > 2**41


def test_no_draw_reaches_zero_or_one():
    halves = ROWS["neighbours"] * 2.0**53
    assert np.all(halves % 2.0 == 1.0)  # odd multiples of 2^-53: neither end can occur


def test_rates_become_chances():
    assert weekly_chance(52.0) == pytest.approx(chance_in_week(52.0), rel=1e-14)
    assert weekly_chance(52.0) == pytest.approx(1.0 - np.exp(-1.0), rel=1e-15)
    np.testing.assert_allclose(weekly_chance(np.array([0.0, 1e-12])), [0.0, 1e-12 / 52], rtol=1e-12)
    assert 1.0 - (1.0 - weekly_chance(monthly_rate(0.3))) ** (52 / 12) == pytest.approx(
        0.3, rel=1e-12
    )


def test_known_answers():
    """The stream never changes unnoticed: whoever means to change it changes these and the baseline
    with them.
    """
    found = [
        *LUCK.uniform("needs.onset", 0, [0, 1, 2**40]),
        *LUCK.uniform("needs.onset", -52, [7], 3),
        *Streams(0).uniform("crises", 519, [123_456]),
    ]
    assert [u.hex() for u in found] == [
        "0x1.d0dfa08b6372dp-1",
        "0x1.54a27d318d183p-1",
        "0x1.3b0b1fc4533c1p-1",
        "0x1.10528aa1fe076p-2",
        "0x1.037a51fa7a75cp-3",
    ]
