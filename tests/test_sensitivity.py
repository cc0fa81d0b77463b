"""`sim sensitivity`: known functions are ranked rightly, luck and the dummy never; a small town gives
the same with any number of workers and goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.declared.declare import par
from sim.report.figures import sensitivity as figures
from sim.report.figures.style import style
from sim.report.text.sensitivity import ranked_section, sensitivity_lines, unranked_lines
from sim.study import runs
from sim.study.design import FIXED
from sim.study.match.space import Space, space_of
from sim.study.sensitivity.design import (
    DUMMY,
    LEVELS,
    MORRIS,
    SOBOL,
    SensitivityDesign,
    check_method,
    chosen_space,
    plain_axes,
    set_by_file,
)
from sim.study.sensitivity.effects import IN_LUCK, RANKED, STILL, Effects, effects_of, moderated
from sim.study.sensitivity.ground import ground_of
from sim.study.sensitivity.study import design_for
from sim.study.sensitivity.work import Sensitivity
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write

GROUND = 'town = "towns/trial.toml"\nyears = 2\nrun_in_weeks = 6\n'
THREE_PARAMETERS = ("needs.escalate_manifest", "needs.onset_latent", "needs.recover_severe")
STUDIES = 100  # of noise, for a rate of false alarms
MOST_FALSE = 12  # of these: more have a chance below .002 where the rate is the stated .05


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def inputs(number: int, low: float = 0.0, high: float = 1.0) -> Space:
    """So many parameters, triangular around the middle."""
    middle = (low + high) / 2
    return Space(
        plain_axes(
            {
                f"x{at:02}": par(middle, unit="-", low=low, high=high, grade="D", en="x", ja="x")
                for at in range(number)
            }
        )
    )


def lived(
    design: SensitivityDesign,
    function: Callable[[np.ndarray], np.ndarray],
    luck: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Effects:
    """The effects of a function (n, d) -> (n,), with fresh luck at every point and seed."""
    truth = function(design.values)
    noise = rng or np.random.default_rng(1)
    values = {
        (point, seed): truth[point] + luck * noise.normal()
        for point in range(len(truth))
        for seed in design.seeds_at(point)
    }
    return effects_of(design, values)


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami and Homma 1990; the fourth input is not read."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(x: np.ndarray) -> np.ndarray:
    return 6 * x[:, 0] - 4 * x[:, 1] + 2 * x[:, 2]


def test_elementary_effects_of_a_line_are_its_slopes_in_the_middles_of_the_outer_quarters():
    design = SensitivityDesign(MORRIS, inputs(4), 5)
    found = lived(design, lambda x: linear(x)).table.set_index("parameter")
    ends = design.values[:, 0].min(), design.values[:, 0].max()
    quarters = np.sqrt((1 / 8) / 2), 1 - np.sqrt((1 / 8) / 2)  # of the triangular distribution
    assert ends == pytest.approx(quarters)
    assert set(np.round(design.probabilities * 2 * LEVELS).ravel()) == {1, 3, 5, 7}
    order = ["x00", "x01", "x02"]
    assert list(found.index[:3]) == order and list(found["rank"][:3]) == [1, 2, 3]
    assert list(found.loc[order, "direction"]) == ["up", "down", "up"]
    assert set(found.loc[order, "shape"]) == {"alike"}
    assert (found.loc[["x03", DUMMY], "verdict"] == STILL).all()
    ratio = found.loc[order, "effect"] / found.loc["x02", "effect"]
    assert ratio.to_numpy() == pytest.approx([3, 2, 1], rel=0.15)


def test_total_indices_of_ishigami_are_those_of_the_same_function_by_plain_sums():
    """For uniform inputs they are known: .557, .442, .244; here the inputs are triangular, so the
    truth is worked out on a grid of each distribution's quantiles.
    """
    design = SensitivityDesign(SOBOL, inputs(4, -np.pi, np.pi), 2048)
    found = lived(design, ishigami).table.set_index("parameter")
    u = (np.arange(400) + 0.5) / 400
    side = np.where(u < 0.5, np.sqrt(u / 2), 1 - np.sqrt((1 - u) / 2))
    x = np.pi * (2 * side - 1)
    a, b, c = np.sin(x), 7 * np.sin(x) ** 2, 0.1 * x**4
    alone = (1 + c.mean()) ** 2 * a.var()
    both = c.var() * (a**2).mean()  # all of it needs the first input as well
    whole = alone + both + b.var()
    truth = [(alone + both) / whole, b.var() / whole, both / whole]
    assert found.loc[["x00", "x01", "x02"], "effect"].to_numpy() == pytest.approx(truth, abs=0.03)
    assert found.loc["x01", "shape"] == "alike" and found.loc["x02", "shape"] == "turns"
    assert (found.loc[["x03", DUMMY], "verdict"] == STILL).all()


@pytest.mark.parametrize(("method", "repetitions"), [(MORRIS, 4), (SOBOL, 32)])
def test_in_noise_something_is_ranked_no_oftener_than_is_said(method, repetitions):
    false = 0
    for study in range(STUDIES):
        design = SensitivityDesign(method, inputs(8), repetitions, 2, study)
        rng = np.random.default_rng(study)
        table = lived(design, lambda x: 0 * x[:, 0], 1.0, rng).table
        assert table.loc[table["parameter"] == DUMMY, "verdict"].item() == IN_LUCK
        false += (table["verdict"] == RANKED).any()
    assert false <= MOST_FALSE


def test_effects_beyond_luck_are_ranked_and_those_inside_are_not():
    design = SensitivityDesign(MORRIS, inputs(8), 10, 2, 1)
    table = lived(design, linear, 0.4).table
    ranked = table.loc[table["verdict"] == RANKED, "parameter"]
    assert list(ranked) == ["x00", "x01"]
    assert (table.loc[table["verdict"] == RANKED, "effect"] > table["floor"][:2]).all()
    assert table.loc[table["parameter"] == "x02", "verdict"].item() == IN_LUCK


def test_nothing_is_ranked_below_what_the_dummy_shows():
    """Also where luck is told to be nil by seeds that agree."""
    design = SensitivityDesign(MORRIS, inputs(3), 4, 2, 1)
    dummy = 3 * design.sampled[:, -1]
    truth = 2 * design.values[:, 0] + dummy  # a model that reads the dummy after all
    values = {
        (point, seed): truth[point]
        for point in range(len(truth))
        for seed in design.seeds_at(point)
    }
    table = effects_of(design, values).table
    assert table["parameter"][0] == DUMMY and (table["verdict"] != RANKED).all()


def test_a_repetition_without_an_outcome_is_left_out_and_too_few_are_refused():
    design = SensitivityDesign(MORRIS, inputs(3), 4, 2, 1)
    truth = linear(design.values)
    values = {
        (point, seed): truth[point]
        for point in range(len(truth))
        for seed in design.seeds_at(point)
    }
    whole = effects_of(design, values)
    values[0, 1] = np.nan
    del values[design.block + 1, 3]
    found = effects_of(design, values)
    assert (whole.used, found.used) == (4, 2) and list(found.table["rank"][:3]) == [1, 2, 3]
    values[2 * design.block, 5] = np.nan
    with pytest.raises(ScenarioError) as refused:
        effects_of(design, values)
    assert refused.value.faults[0].reason.key == "sensitivity.too_few"


def test_variances_are_drawn_together_as_much_as_they_are_alike():
    """Smyth 2004: with inverse chi-square variances the degrees of freedom come back."""
    rng = np.random.default_rng(2)
    apart = 0.3 * 6 / rng.chisquare(6, 2000)
    variance, dof = moderated(apart * rng.chisquare(4, 2000) / 4, 4)
    assert dof == pytest.approx(10, abs=1.5)
    assert np.mean((np.log(variance / apart)) ** 2) < 0.35
    own = 0.3 * rng.chisquare(4, 2000) / 4
    same, more = moderated(own, 4)
    assert more > 2 * dof and np.ptp(same) < np.ptp(own) / 5
    assert same.mean() == pytest.approx(0.3, rel=0.1)
    still = moderated(np.array([0, 0.2, 0.3, 0.1, 0.2]), 4)[0]
    assert still[0] == 0 and (still[1:] > 0).all()


def test_parameters_are_chosen_by_subject_and_pattern_and_facts_of_the_file_stay(folder):
    scenario = sim.load(write(folder, "", GROUND))
    every = chosen_space((), [scenario]).names
    assert {declared()[name].grade for name in every} == {"D"} and not {*FIXED} & {*every}
    needs = chosen_space(["needs"], [scenario]).names
    assert {name.partition(".")[0] for name in needs} == {"needs"} and len(needs) > 20
    assert chosen_space(["*.hours_*", "recover_severe"], [scenario]).names == [
        name for name in sorted(declared()) if ".hours_" in name or name == "needs.recover_severe"
    ]
    own = {"needs.recover_severe": declared()["needs.recover_severe"].low}
    mine = scenario.model_copy(update={"parameters": scenario.parameters | own})
    assert set_by_file([scenario, mine]) == {*own}
    assert {*needs} - {*chosen_space(["needs"], [mine]).names} == {*own}


def test_ranges_of_a_user_are_moved_evenly_and_no_others(folder, tmp_path, capsys):
    scenario = sim.load(write(folder, "", GROUND))
    ranges = {"needs.onset_latent": (0.02, 0.03), "casework.hours_month_severe": (3, 4)}
    space = chosen_space((), [scenario], space_of(ranges))
    assert space.names == sorted(ranges)
    values = SensitivityDesign(MORRIS, space, 4).values
    assert {*np.round(values[:, 0], 9)} == {3.125, 3.375, 3.625, 3.875}
    assert chosen_space(["needs"], [scenario], space_of(ranges)).names == ["needs.onset_latent"]
    file = tmp_path / "ranges.csv"
    file.write_text("parameter,low,high\nneeds.onset_latent,0.02,0.03\n", encoding="utf-8")
    line = ["sensitivity", str(folder / "trio.toml"), "--ranges", str(file), "--lang", "en"]
    assert cli.main([*line, "--check"]) == 0 and "parameters moved: 1 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "key", "near"),
    [
        (("--method", "sobel"), "sensitivity.method", "sobol"),
        (("--method", "sobol", "--repetitions", "48"), "sensitivity.power", ""),
        (("--repetitions", "1"), "error.range", ""),
        (("--seeds", "1"), "error.range", ""),
        (("--parameters", "need"), "sensitivity.pattern", "needs"),
        (("--measure", "compunded"), "error.unknown_measure", "compounded"),
        (("--year", "3"), "error.range", ""),
        (("--population", "10"), "error.range", ""),
        (("--arm", "outreach"), "sensitivity.no_arms", ""),
    ],
)
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_cannot_be_is_refused_in_one_message(folder, capsys, arguments, key, near, lang):
    file = write(folder, "", GROUND)
    code = cli.main(["sensitivity", str(file), "--check", "--lang", lang, *arguments])
    told = capsys.readouterr().err
    assert code == 2 and words.say(key, lang).split("{")[0] in told and near in told
    assert arguments[-2] in told and arguments[-1] in told and "Traceback" not in told


def test_of_a_comparison_one_arm_is_looked_at(folder):
    comparison = sim.load_comparison(write(folder, THREE, GROUND))
    with pytest.raises(ScenarioError) as refused:
        ground_of(comparison)
    assert refused.value.faults[0].allowed == "outreach, same"
    with pytest.raises(ScenarioError) as refused:
        ground_of(comparison, arm="outreech")
    assert refused.value.faults[0].near == "outreach"
    assert [arm.id for arm in ground_of(comparison, arm="outreach").arms] == ["waiting", "outreach"]


def test_without_salib_one_message_says_how_to_get_it(folder, capsys, monkeypatch):
    monkeypatch.setattr("sim.study.sensitivity.design.find_spec", lambda _name: None)
    assert cli.main(["sensitivity", str(write(folder, "", GROUND)), "--lang", "en"]) == 2
    assert ".[sensitivity]" in capsys.readouterr().err
    assert check_method(MORRIS, None) == 8


def study(file: Path, **more) -> Sensitivity:
    """Three parameters in two trajectories of a small town."""
    settings = {"parameters": THREE_PARAMETERS, "repetitions": 2, "population": 700, "year": 1}
    return sim.sensitivity(file, **settings | more)


def test_a_town_gives_the_same_with_any_number_of_workers_and_its_outcomes_are_those_of_runs(
    folder, tmp_path
):
    file = write(folder, "", GROUND)
    alone, together = study(file), study(file, workers=2)
    pd.testing.assert_frame_equal(alone.effects, together.effects)
    pd.testing.assert_frame_equal(alone.points, together.points)
    assert (alone.effects.loc[alone.effects["parameter"] == DUMMY, "effect"] == 0).all()
    design, point = alone.design, alone.design.block + 2
    cells = [alone.ground.cells(design.at(point), seed)[0] for seed in design.seeds_at(point)]
    values = [
        sim.simulate(cell.scenario, [cell.seed]).by_year().set_index(["year", "measure"])["value"]
        for cell in cells
    ]
    mean = np.mean([one[1, "compounded"] for one in values])
    assert alone.points["outcome"][point] == pytest.approx(mean)
    assert cells[0].scenario.people.population == 700
    assert cells[0].scenario.parameters["needs.onset_latent"] == pytest.approx(
        alone.points["needs.onset_latent"][point]
    )


def test_the_outcome_of_a_comparison_is_the_difference_and_equal_arms_differ_by_nothing(folder):
    file = write(folder, THREE, GROUND)
    same = study(file, arm="same")
    assert (same.points["outcome"] == 0).all() and set(same.effects["verdict"]) == {STILL}
    other = study(file, arm="outreach", measure="cost_public")
    assert (other.points["outcome"] != 0).all()


def test_a_study_that_was_stopped_goes_on_and_computes_nothing_twice(folder, tmp_path, monkeypatch):
    file, out = write(folder, "", GROUND), tmp_path / "out"
    whole = study(file)
    computed, real = [], runs.cells.simulate_chunk

    def counted(chunk):
        computed.extend((cell.key, cell.seed) for cell in chunk.cells)
        if len(computed) == 5:
            raise KeyboardInterrupt
        return real(chunk)

    monkeypatch.setattr(runs.cells, "simulate_chunk", counted)
    with pytest.raises(KeyboardInterrupt):
        study(file, out=out)
    again = study(file, out=out)
    pd.testing.assert_frame_equal(again.effects, whole.effects)
    assert len(computed) == again.design.runs + 1 and len({*computed}) == again.design.runs
    study(file, out=out)
    assert len(computed) == again.design.runs + 1


def test_the_command_says_what_it_does_and_writes_tables_and_a_figure(folder, tmp_path, capsys):
    file, out = write(folder, "", GROUND), tmp_path / "out"
    line = ["sensitivity", str(file), "--parameters", "needs.onset_*", "--repetitions", "2"]
    line += ["--population", "700", "--year", "1", "--workers", "1", "--out", str(out)]
    assert cli.main([*line, "--lang", "en"]) == 0
    said = capsys.readouterr()
    design = design_for(ground_of(sim.load(file), year=1), ["needs.onset_*"], repetitions=2)
    assert f"{design.runs} runs x arms 1" in said.out and "which takes about" in said.err
    effects, points = (pd.read_csv(out / f"{name}.csv") for name in ("effects", "points"))
    assert {*effects["parameter"]} == {*design.names, DUMMY} and len(points) == 2 * design.block
    assert (out / "sensitivity.en.png").stat().st_size > 5000
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "sensitivity" and manifest["parameters"] == list(design.names)
    assert cli.main([*line, "--lang", "ja", "--quiet"]) == 0
    assert "運" in capsys.readouterr().out and (out / "sensitivity.ja.png").is_file()
    assert cli.main([*line[:2], "--check", "--lang", "en"]) == 0
    assert "Only checked" in capsys.readouterr().out


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("method", [MORRIS, SOBOL])
def test_figure_and_words_follow_the_numbers(folder, lang, method):
    names = THREE_PARAMETERS
    space = Space(tuple(axis for axis in plain_axes() if axis.name in names))
    design = SensitivityDesign(method, space, 16 if method == MORRIS else 256)
    spread = design.values / design.values.max(axis=0)

    def outcome(x: np.ndarray) -> np.ndarray:
        return spread[:, 0] + 3 * spread[:, 2]

    found = lived(design, outcome, 0.02)
    ground = ground_of(sim.load(write(folder, "", GROUND)))
    whole = Sensitivity(ground, design, found)
    label = getattr(declared()[names[2]], lang)
    rows = ranked_section(whole, lang).rows
    assert [row[2] for row in rows] == [names[2], names[0]]
    assert rows[0][1] == label and names[1] in " ".join(unranked_lines(whole, lang))
    assert all("{" not in line for line in sensitivity_lines(whole, lang))
    with style(lang):
        figure = figures.draw_sensitivity(whole, lang)
        assert label in figure.get_suptitle().replace("\n", "")
        assert len(figure.axes[0].get_yticks()) == 4
