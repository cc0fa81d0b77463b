"""`sim discover`: a known box is found, noise gives none more often than is said, and the words say
the numbers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.report.text.discover import discovered_lines
from sim.study.discover.prim import (
    FALSE_ALARM,
    LEAST_WORLDS,
    Limit,
    Search,
    Worlds,
    boxes,
    inside,
)
from sim.study.discover.worlds import interest, read_worlds, worlds_of_comparison, worlds_of_frame
from sim.study.worlds import plausible
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write

STUDIES = 30  # of noise
MOST_FALSE = 5  # of these: more have a chance below .004 where the rate is the stated .05
SHUFFLES = 19
DEAR = "needs.recover_severe"
HOURS = "casework.hours_month_severe"


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def cube(number: int, width: int, seed: int = 1) -> tuple[np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return rng.random((number, width)), rng


def in_corner(x: np.ndarray) -> np.ndarray:
    """Worlds whose fourth parameter is high and whose eighth is low."""
    return (x[:, 3] > 0.6) & (x[:, 7] < 0.5)


@pytest.mark.parametrize(("number", "width"), [(200, 20), (400, 150)])
def test_a_known_box_is_found_with_its_limits_and_nothing_else(number, width):
    x, rng = cube(number, width)
    y = np.where(rng.random(number) < 0.05, rng.random(number) < 0.5, in_corner(x)).astype(bool)
    (box, *more), _chance = boxes(x, y, shuffles=SHUFFLES)
    assert not more and {(one.column, one.above) for one in box.limits} == {(3, True), (7, False)}
    at = {one.column: one.value for one in box.limits}
    assert at[3] == pytest.approx(0.6, abs=0.05) and at[7] == pytest.approx(0.5, abs=0.05)
    held = inside(x, box.limits)
    assert (box.worlds, box.hits) == (held.sum(), y[held].sum())
    assert (box.all_worlds, box.all_hits) == (number, y.sum())
    assert box.density > 0.9 and box.coverage > 0.8 and box.base == pytest.approx(y.mean())
    assert box.chance == 1 / (SHUFFLES + 1) and max(box.quasi_p) < 1e-6


def test_two_boxes_apart_are_found_one_after_the_other():
    x, _ = cube(500, 6, 3)
    y = in_corner_of(x, 0, 1) | ((x[:, 2] < 0.2) & ~in_corner_of(x, 0, 1))
    found, _chance = boxes(x, y, shuffles=SHUFFLES)
    columns = [{one.column for one in box.limits} for box in found]
    assert {2} in columns and {0, 1} in columns and len(found) == 2
    assert found[1].all_worlds == 500 - found[0].worlds


def in_corner_of(x: np.ndarray, one: int, other: int) -> np.ndarray:
    return (x[:, one] > 0.7) & (x[:, other] > 0.6)


def test_in_noise_a_box_is_found_no_oftener_than_is_said():
    false = 0
    for study in range(STUDIES):
        x, rng = cube(60, 8, study)
        found, chance = boxes(x, rng.random(60) < 0.35, shuffles=SHUFFLES, seed=study)
        false += bool(found)
        assert all(box.chance <= FALSE_ALARM for box in found) and 0 < chance <= 1
    assert false <= MOST_FALSE


def test_the_number_of_parameters_in_a_box_is_limited():
    x, _ = cube(600, 8, 5)
    y = (x[:, :4] > 0.3).all(axis=1)
    for most in (1, 2, 4):
        (box, *_), _chance = boxes(x, y, most, 19)
        columns = {one.column for one in box.limits}
        assert len(columns) <= most and columns <= {0, 1, 2, 3}
    assert columns == {0, 1, 2, 3}


def test_quasi_p_values_are_those_of_a_binomial_without_the_limit():
    """Bryant and Lempert 2010: hits in the box, worlds in it, share of hits in the wider box."""
    x, _ = cube(120, 3, 2)
    y = x[:, 0] > 0.6
    search = Search(Worlds(x), y)
    limits = (Limit(0, True, 0.5), Limit(1, True, 0.4))
    held, wider, other = (inside(x, part) for part in (limits, limits[1:], limits[:1]))
    p, idle = search.quasi_p(limits)
    hits = y[held].sum()
    assert p == pytest.approx(stats.binom.sf(hits - 1, held.sum(), y[wider].mean()))
    assert idle == pytest.approx(stats.binom.sf(hits - 1, held.sum(), y[other].mean()))
    assert p < 1e-6 < 0.05 < idle
    assert {one.column for one in search.best()} == {0}


def test_parameters_with_atoms_and_few_worlds_of_a_kind():
    x, rng = cube(200, 3, 4)
    x[:, 0] = np.where(x[:, 0] < 0.3, 0.0, x[:, 0])  # an effect that stands at its null
    (box, *_), _chance = boxes(x, x[:, 0] == 0, shuffles=19)
    (limit,) = box.limits
    assert not limit.above and 0 < limit.value <= 0.31 and box.density == 1
    few = np.zeros(200, dtype=bool)
    few[: LEAST_WORLDS - 1] = True
    assert boxes(x, few, shuffles=19) == ([], 1.0)


def worlds(number: int = 150) -> pd.DataFrame:
    """A table of worlds in which an arm is dear where recovery is fast and cases are light."""
    x, rng = cube(number, 6)
    table = pd.DataFrame(x[:, 2:], columns=["a", "b", "c", "d"])
    table.insert(0, DEAR, 0.02 + 0.08 * x[:, 0])
    table.insert(1, HOURS, 2 + 6 * x[:, 1])
    dear = (table[DEAR] > 0.05) & (table[HOURS] < 5)
    return table.assign(cost=np.where(dear, 3.0, -1.0) + 0.1 * rng.normal(size=number), note="x")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_command_says_the_box_in_words_and_writes_its_limits(tmp_path, capsys, lang):
    table, file, out = worlds(), tmp_path / "worlds.csv", tmp_path / "limits.csv"
    table.to_csv(file, index=False)
    line = ["discover", str(file), "--outcome", "cost", "--above", "0", "--shuffles", "19"]
    assert cli.main([*line, "--out", str(out), "--lang", lang]) == 0
    said = capsys.readouterr().out
    found = sim.discover(table, outcome="cost", above=0, shuffles=19)
    (box,) = found.boxes
    assert f"{box.worlds}" in said and f"{box.hits}" in said and "note" in said
    for name in (DEAR, HOURS):
        assert f"{getattr(declared()[name], lang)}" in said and name in said
    limits = pd.read_csv(out)
    assert {*zip(limits["parameter"], limits["side"], strict=True)} == {
        (DEAR, "above"),
        (HOURS, "below"),
    }
    pd.testing.assert_frame_equal(limits, found.limits, check_dtype=False)
    assert "{" not in said and "Traceback" not in said


def test_nothing_found_is_said_plainly_with_what_luck_finds(tmp_path):
    x, rng = cube(100, 5, 9)
    table = pd.DataFrame(x, columns=list("abcde")).assign(outcome=rng.normal(size=100))
    found = sim.discover(table, above=0.3, shuffles=19)
    assert found.boxes == () and found.chance > FALSE_ALARM and found.limits.empty
    times = round(found.chance * 20) - 1
    assert f"{times} of 19 searches" in discovered_lines(found, "en")[-1]
    few = sim.discover(table, above=10, shuffles=19)
    assert "fewer than 5" in discovered_lines(few, "en")[-1]


def test_a_table_is_read_as_offices_write_it_and_what_cannot_be_is_refused(tmp_path):
    file = tmp_path / "worlds.csv"
    file.write_bytes(
        "パラメータ,b,failed,名\n1.5,３,true,あ\n2.5,4,FALSE,い\n,5,true,う\n".encode("cp932")
    )
    found = read_worlds(file, "failed")
    assert list(found.parameters.columns) == ["パラメータ", "b"] and found.left_out == ("名",)
    assert found.outcomes.tolist() == [1, 0] and found.parameters["b"].tolist() == [3, 4]
    assert interest(found) == ("above", 0.5)
    for outcome, key in (("faild", "discover.no_outcome"), ("名", "discover.no_numbers")):
        with pytest.raises(ScenarioError) as refused:
            read_worlds(file, outcome)
        assert refused.value.faults[0].reason.key == key
    with pytest.raises(ScenarioError, match="failed"):
        read_worlds(file, "faild")
    numbers = worlds_of_frame(worlds(20), "cost")
    for given, key in ({}, "discover.which"), ({"above": 1, "below": 0}, "discover.both"):
        with pytest.raises(ScenarioError) as refused:
            interest(numbers, **given)
        assert refused.value.faults[0].reason.key == key
    for wrong in ({"most": 0}, {"shuffles": 3}, {"parameters": ["needz"]}):
        with pytest.raises(ScenarioError):
            sim.discover(worlds(20), outcome="cost", above=0, **wrong)


def test_worlds_of_a_comparison_are_searched_with_their_values(folder, tmp_path, monkeypatch):
    ground = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 6\n'
    out = tmp_path / "out"
    line = ["compare", str(write(folder, THREE, ground)), "--worlds", "4"]
    line += ["--workers", "1", "--parts", "0", "--no-report", "--no-figures", "--out", str(out)]
    assert cli.main(line) == 0
    found = worlds_of_comparison(out, "cost_public", arm="outreach")
    worlds = plausible()
    assert found.parameters[DEAR].tolist() == [worlds.of(at)[DEAR] for at in (1, 2, 3, 4)]
    values = pd.read_parquet(out / "values.parquet")
    cost = values[(values["measure"] == "cost_public") & (values["world"] == 2)]
    mean = cost.groupby("arm")["value"].mean()
    assert found.outcomes[1] == pytest.approx(mean["outreach"] - mean["waiting"])
    assert interest(found) == ("above", 0.0) and interest(found, wins=True) == ("below", 0.0)
    told = "\n".join(discovered_lines(sim.discover(out, arm="outreach", measure="load"), "en"))
    assert "is worse than the reference" in told and "4 worlds" in told
    monkeypatch.setattr("sim.study.discover.worlds.code_hash", lambda: "other")
    with pytest.raises(ScenarioError) as refused:
        worlds_of_comparison(out, "load", arm="same")
    assert refused.value.faults[0].reason.key == "discover.other_version"


def test_a_comparison_without_worlds_is_refused(folder, tmp_path: Path):
    file = write(folder, THREE, 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 6\n')
    compared = sim.compare(file, seeds=1, no_effect=0)
    with pytest.raises(ScenarioError) as refused:
        sim.discover(compared, arm="outreach")
    assert refused.value.faults[0].reason.key == "discover.no_worlds"
