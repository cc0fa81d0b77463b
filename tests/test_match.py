"""Matching in waves: what is drawn, how it is judged, and that the waves find what is not ruled out.
A function that is known stands in place of the town.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.declared import declared
from sim.scenario.values import possible
from sim.study.design import FIXED
from sim.study.match.diagnostics import medoid, range_table, target_table, wave_table
from sim.study.match.emulator import emulators, gaussian_process, has_process, held_out_error
from sim.study.match.emulator import quadratic as surface_of
from sim.study.match.implausibility import implausibilities, noise_variance, worst
from sim.study.match.settings import AUTO, NONE, QUADRATIC, MatchSettings
from sim.study.match.space import AT_NULL, EFFECT, PAST_NULL, PLAIN, declared_axis, space_of
from sim.study.match.targets import Target
from sim.study.match.waves import AROUND, EMULATED, RANGES, run_waves

RANGES_OF = {
    "needs.onset_latent": (0.02, 0.06),
    "needs.coupling": (0.0, 0.5),
    "town.frailty_var": (0.0, 6.0),
    "casework.hours_month_light": (0.5, 2.0),
    "asking.seek_manifest": (0.2, 0.55),
}
NOISE = 0.02  # standard deviation of a seed


def target(id: str, low: float, high: float, weight: float = 1.0) -> Target:
    """A target that is accepted from `low` to `high`."""
    return Target(id, "load", (low + high) / 2, low, high, weight=weight)


SUM, CURVE = target("sum", 0.75, 0.85), target("curve", 0.05, 0.15)


def known(wave) -> list[np.ndarray]:
    """What is simulated of each set: the mean of the first two places, and a curve of the third,
    with luck that follows from the seed.
    """
    found = []
    for one, place in zip(wave.sets, wave.places, strict=True):
        exact = np.array([place[:2].mean(), (place[2] - 0.5) ** 2])
        luck = [[np.sin(7.0 * seed), np.cos(11.0 * seed)] for seed in one.seeds]
        found.append(exact + NOISE * np.sqrt(2) * np.array(luck))
    return found


def waves(targets=(SUM, CURVE), simulate=known, **settings):
    """Waves over five parameters, two of which do nothing."""
    asked = {"sets": 128, "waves": 3, "repeats": 16, "emulator": QUADRATIC} | settings
    return run_waves(space_of(RANGES_OF), targets, MatchSettings(**asked), simulate)


def test_the_known_region_is_found_and_nothing_else():
    history = waves()
    kept, places = history.kept, history.places
    assert kept.sum() > 128
    exact = np.column_stack([places[:, :2].mean(axis=1), (places[:, 2] - 0.5) ** 2])
    found = implausibilities(exact, np.zeros(2), history.targets).max(axis=1)
    assert (
        found[kept].max() < 3 + 4 * NOISE / SUM.sd and found[~kept].min() > 3 - 4 * NOISE / SUM.sd
    )
    first = [one.wave == 1 for one in history.sets]
    shares = wave_table(history)
    assert shares["kept"][2] > 2 * shares["kept"][0] == 2 * kept[first].sum()
    assert shares["explained"][1] > 0.8
    left = range_table(history).set_index("parameter")
    assert left["learned"].sum() >= 2
    assert not left.loc[["needs.onset_latent", "town.frailty_var"], "learned"].any()  # the last two
    assert {one.origin for one in history.sets} >= {RANGES, EMULATED}


def test_kept_sets_are_draws_from_the_ranges_that_pass():
    """An emulator only leaves draws out: what it proposes has the ranges' own distribution in the
    parameters that do nothing.
    """
    history = waves(sets=256)
    proposed = np.array([one.origin == EMULATED for one in history.sets]) & history.kept
    idle = history.places[proposed][:, 3:]
    assert proposed.sum() > 200
    assert np.abs(idle.mean(axis=0) - 0.5).max() < 0.06
    assert np.abs(idle.std(axis=0) - 12**-0.5).max() < 0.04


def test_targets_that_cannot_be_met_rule_out_everything_and_are_named():
    impossible = target("high", 4.0, 4.2)
    history = waves((SUM, impossible), emulator=AUTO, waves=2, sets=64)
    assert not history.kept.any() and medoid(history) is None
    table = target_table(history).set_index("target")
    assert table.loc["high", "ruled_out"] == 1.0
    assert 0 < table.loc["high", "alone"] < 1 and table.loc["sum", "alone"] == 0.0
    assert len(range_table(history)) == len(RANGES_OF)


def test_without_an_emulator_later_waves_stay_around_what_was_kept():
    history = waves(emulator=NONE)
    assert {one.origin for one in history.sets if one.wave > 1} == {AROUND}
    table = wave_table(history)
    assert table["kept"][2] > 1.3 * table["kept"][0]
    assert np.isnan(table["explained"]).all()


def test_the_same_settings_draw_the_same_and_more_sets_begin_with_the_same():
    whole, again, more = waves(), waves(), waves(sets=200, waves=1)
    assert [one.values for one in whole.sets] == [one.values for one in again.sets]
    assert [one.values for one in whole.sets[:128]] == [one.values for one in more.sets[:128]]
    other = waves(seed=2, waves=1)
    assert not {str(one.values) for one in other.sets} & {str(one.values) for one in whole.sets}
    seeds = [seed for one in whole.sets for seed in one.seeds]
    assert len(seeds) == len(set(seeds)) == 3 * (128 + 16 * 3)


def test_sets_that_fail_are_neither_kept_nor_learned_from():
    def broken(wave):
        return [None if at % 3 == 0 else one for at, one in enumerate(known(wave))]

    history = waves(simulate=broken)
    failed = ~history.simulated
    assert failed.sum() == 3 * 43 and not history.kept[failed].any() and history.kept.any()
    assert wave_table(history)["failed"].tolist() == [43, 43, 43]


def test_implausibility_by_hand():
    """Accepted 10 to 18: sd 2. A value of 20 is 6 from the centre: 3 sd. With a seed's variance of
    5 it is 6 / 3 = 2; at half weight the variance is 4 / .5 = 8, so 6 / 8^.5.
    """
    whole, half, check = (target("t", 10, 18, weight) for weight in (1, 0.5, 0))
    assert (whole.sd, half.sd) == (2, 2)
    values = np.array([[20.0, 20.0, 40.0]])
    found = implausibilities(values, np.zeros(3), (whole, half, check))
    assert found == pytest.approx(np.array([[3.0, 6 / 8**0.5, 13.0]]))
    assert implausibilities(values[:, :1], np.full(1, 5.0), (whole,)) == pytest.approx(2.0)
    assert worst(found, (whole, half, check))[0] == pytest.approx(3.0)  # a check rules nothing out
    assert worst(found, (whole, half, check), 2)[0] == pytest.approx(6 / 8**0.5)
    nothing = implausibilities(np.array([[np.nan]]), np.zeros(1), (whole,))
    assert np.isinf(nothing).all()


def test_the_second_largest_forgives_one_target():
    impossible = target("high", 4.0, 4.2)
    strict, mild = (waves((SUM, CURVE, impossible)[1:], rank=rank, waves=1) for rank in (1, 2))
    assert not strict.kept.any() and mild.kept.any()


def test_the_noise_of_a_seed_is_pooled_over_sets_with_several():
    runs = [np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[7.0, 2.0]]), np.array([[0.0, 1.0]] * 3)]
    assert noise_variance(runs) == pytest.approx([2.0 / 3.0, 0.0])  # squares 2, free 1 + 2
    missing = [np.array([[1.0], [np.nan], [2.0]])]
    assert noise_variance(missing) == pytest.approx([0.5])
    assert noise_variance([np.array([[7.0]])]) == pytest.approx([0.0])


@pytest.mark.parametrize("learn", [surface_of, gaussian_process])
def test_surfaces_are_tested_on_runs_that_they_have_not_seen(learn):
    if learn is gaussian_process and not has_process():
        pytest.skip("scikit-learn is not installed")
    places = space_of(RANGES_OF).points(200, 3)
    smooth = places[:, 0] + 2 * places[:, 1] ** 2 - places[:, 0] * places[:, 2]
    assert held_out_error(places, smooth, learn) < 0.01 * smooth.var()
    nonsense = np.sin(1e5 * places[:, 4])
    assert held_out_error(places, nonsense, learn) > 0.8 * nonsense.var()


def test_too_few_runs_teach_nothing():
    places = space_of(RANGES_OF).points(19, 1)
    assert emulators(places, places[:, :1], QUADRATIC) is None
    places = space_of(RANGES_OF).points(20, 1)
    assert len(emulators(places, places[:, :2], QUADRATIC)) == 2
    assert emulators(places, places[:, :2], NONE) is None


def test_every_declared_parameter_is_drawn_as_it_is_declared():
    space, known = space_of(), declared()
    assert set(space.names) == set(known) - set(FIXED)
    u = space.points(2048, 1)
    values = space.values(u)
    for axis, column in zip(space.axes, values.T, strict=True):
        if isinstance(axis.parameter.null, str):
            column = column[u[:, space.names.index(axis.name)] >= axis.at_null]
        assert (column >= axis.low - 1e-12).all() and (column <= axis.high + 1e-12).all()
        if axis.kind == PLAIN:
            one = known[axis.name]
            assert (axis.low, axis.high) == (one.low, one.high)
            assert all(possible(value, one) for value in column)
            assert np.isfinite(axis.scaled(column)).all()


def test_effects_of_grade_d_stand_at_their_null_or_reach_past_it():
    space, known = space_of(), declared()
    values = space.values(space.points(4096, 1))
    at = {name: place for place, name in enumerate(space.names)}
    effects = [axis for axis in space.axes if axis.kind == EFFECT]
    graded = [name for name, one in known.items() if one.null is not None and "D" in one.grade]
    assert [axis.name for axis in effects] == sorted(graded)
    for axis in effects:
        one, column = axis.parameter, values[:, at[axis.name]]
        null = values[:, at[one.null]] if isinstance(one.null, str) else axis.null
        share = (column == null).mean()
        assert share == pytest.approx(axis.at_null, abs=0.02) and axis.at_null >= AT_NULL
        past = PAST_NULL * (one.high - one.low)
        if axis.at_null == AT_NULL:  # nothing is cut: both sides of the null are drawn
            low, high = min(one.low, axis.null - past), max(one.high, axis.null + past)
            assert axis.high == pytest.approx(high) and axis.low in (pytest.approx(low), 0.0)
            assert (column < axis.null).any() and (column > axis.null).any()
        else:  # nothing below 0: what would be there is at the null
            assert axis.null == axis.low == 0
            cut = past / (one.high + past)
            assert axis.at_null == pytest.approx(AT_NULL + (1 - AT_NULL) * cut)


def test_an_effect_by_hand():
    """`needs.watched_recover`: 1 to 1.4, null 1; its range is stretched to .9. `resource_relief`: 0
    to .15, null 0, a share: a fifth of 1.25 widths lies below 0.
    """
    known = declared()
    one = declared_axis("needs.watched_recover", known)
    assert (one.low, one.high, one.null) == pytest.approx((0.9, 1.4, 1.0))
    assert one.values(np.array([0.1, 0.2, 0.6, 1.0])) == pytest.approx([1.0, 0.9, 1.15, 1.4])
    share = declared_axis("resources.resource_relief", known)
    assert (share.low, share.high) == (0.0, 0.15)
    assert share.at_null == pytest.approx(0.2 + 0.8 * 0.2)


def test_given_ranges_are_uniform_and_on_the_log_scale_where_they_are_declared_so():
    space = space_of({"needs.onset_latent": (0.02, 0.08), "needs.coupling": (0.0, 0.4)})
    middle = dict(zip(space.names, space.values(np.full((1, 2), 0.5))[0], strict=True))
    assert middle == pytest.approx({"needs.onset_latent": 0.04, "needs.coupling": 0.2})
    assert space.scaled(space.values(np.full((1, 2), 0.25))) == pytest.approx(0.25)


def test_the_medoid_is_the_kept_set_in_the_middle():
    history = waves(waves=1)
    middle = history.places[medoid(history) - 1]
    kept = history.places[history.kept]
    sums = np.sqrt(((kept[:, None] - kept) ** 2).sum(axis=2)).sum(axis=1)
    assert any(np.array_equal(middle, one) for one in kept)
    assert np.sqrt(((kept - middle) ** 2).sum(axis=1)).sum() == pytest.approx(sums.min())


def test_figures_speak_both_languages_and_none_is_drawn_of_ranges_without_a_kept_set(tmp_path):
    from sim.report.figures import match as figures
    from sim.study.match.match import Matched

    figures.draw_match(Matched(waves(waves=1)), tmp_path / "some")
    figures.draw_match(Matched(waves((target("high", 4.0, 4.2), SUM), waves=1)), tmp_path / "none")
    for lang, sentence in (("ja", "モデルによる試算"), ("en", "A model, not evidence")):
        for name in figures.FIGURES:
            text = (tmp_path / "some" / f"{name}.{lang}.svg").read_text(encoding="utf-8")
            words = "".join(re.findall(r">([^<]+)</text>", text)).replace(" ", "")
            assert sentence.replace(" ", "") in words
        assert not (tmp_path / "none" / f"ranges.{lang}.svg").exists()
        assert (tmp_path / "none" / f"targets.{lang}.svg").exists()


def test_no_ratio_is_drawn_below_nothing():
    """`resources.generalising_gain`: 1 to 6, null 1; a quarter of its width past the null is -.25."""
    one = declared_axis("resources.generalising_gain", declared())
    assert (one.low, one.high, one.at_null) == (0.0, 6.0, AT_NULL)
