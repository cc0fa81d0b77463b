"""Comparisons in plausible worlds: what is shipped, which runs the results rest on, counts beside
luck, and luck apart from not knowing.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main as cli
from sim.declared import declared
from sim.report.text.worlds import chance_in_percent
from sim.scenario.arms import read_comparison
from sim.study.compare import RunSettings, Work, worlds_wanted
from sim.study.design import FIXED, NO_EFFECT, design_points
from sim.study.executors import Here
from sim.study.manifest import compared_of
from sim.study.match.space import declared_axis
from sim.study.store import Results
from sim.study.worlds import (
    FILE,
    NEAR_POSTS,
    REPEATED,
    REPEATS,
    WORLDS,
    about_worlds,
    by_luck,
    main_runs,
    plausible,
    repeated,
    table_digest,
    worlds_counted,
    worlds_for,
    write_worlds,
)
from sim.words.errors import ScenarioError
from tests import finished
from tests.comparisons import GROUND, THREE, command, write

KNOBS_OF = "casework.hours_month_severe", "asking.seek_latent"
NO_SEEDS = GROUND.replace("seeds = 3\n", "").replace("years = 2", "years = 1")


def test_what_is_shipped_can_be_simulated_and_says_how_it_was_made():
    worlds, known, told = plausible(), declared(), about_worlds()
    assert len(worlds) >= WORLDS and told["sha256"] == table_digest(FILE)
    assert set(worlds.values.columns) <= set(known) - set(FIXED)
    assert np.isfinite(worlds.values.to_numpy()).all() and (worlds.posts > 0).all()
    for name in map(str, worlds.values.columns):
        if isinstance(known[name].null, str):
            continue  # stands at another parameter's value of the same world
        axis = declared_axis(name, known)
        assert worlds.values[name].between(axis.low - 1e-6, axis.high * 1.0001 + 1e-6).all(), name
    assert len(worlds.values.drop_duplicates()) == len(worlds)


def test_every_effect_stands_at_its_null_in_some_worlds_and_not_in_most():
    known, worlds = declared(), plausible()
    for name in map(str, worlds.values.columns):
        one = known[name]
        if one.null is None or "D" not in one.grade or isinstance(one.null, str):
            continue
        share = float(np.isclose(worlds.values[name], one.null).mean())
        # 200 worlds, one in five: four standard deviations to either side, and a null at the edge
        assert 0.05 < share < 0.5, (name, share)


def test_a_comparison_that_names_no_seeds_lives_in_worlds(folder):
    plain = read_comparison([write(folder, ground=NO_SEEDS)])
    with_seeds = read_comparison([write(folder)])
    as_said = read_comparison([write(folder, ground="worlds = 5\n" + GROUND)])
    assert worlds_wanted(plain, None, False) == WORLDS and worlds_wanted(plain, None, True) == 0
    assert worlds_wanted(with_seeds, None, False) == 0 and worlds_wanted(with_seeds, 3, False) == 3
    assert worlds_wanted(as_said, None, False) == 5
    with pytest.raises(ScenarioError) as refused:
        worlds_wanted(plain, len(plausible()) + 1, False)
    assert refused.value.faults[0].reason.key == "error.worlds"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Three arms, two of them equal, in three worlds."""
    from tests.finished import scenarios

    folder = tmp_path_factory.mktemp("worlds")
    scenarios(folder)
    file = write(folder / "scenarios", ground=NO_SEEDS, population=500)
    assert command(file, "--worlds", 3, "--out", folder / "out", "--no-report", "-q") == 0
    return compared_of(folder / "out")


def test_results_rest_on_one_run_of_each_world(compared):
    assert compared.worlds == (1, 2, 3) and compared.seeds == 3
    assert compared.main_runs == {(1, 1), (2, 2), (3, 3)}
    one = compared.differences.query("arm == 'outreach' and measure == 'load' and year == 1")
    values = compared.values.query("measure == 'load' and year == 1")
    gaps = [
        float(values.query("arm == 'outreach' and world == @at and seed == @at")["value"].iloc[0])
        - float(values.query("arm == 'waiting' and world == @at and seed == @at")["value"].iloc[0])
        for at in (1, 2, 3)
    ]
    assert one["n"].iloc[0] == 3 and one["difference"].iloc[0] == pytest.approx(np.mean(gaps))
    loads = values.query("arm == 'waiting' and world > 0").groupby("world")["value"].first()
    assert loads.nunique() == 3 and set(compared.central["world"]) == {0}
    assert {int(seed) for seed in compared.idle["seed"]} == {1} and NO_EFFECT in set(
        compared.values["world"]
    )


def test_each_world_has_its_own_parameters_and_posts(folder):
    scenario = read_comparison([write(folder)]).base
    worlds = plausible()
    one, other = (worlds.scenario(scenario, number) for number in (1, 2))
    assert one.parameters["needs.onset_latent"] == worlds.of(1)["needs.onset_latent"]
    assert one.parameters["needs.onset_latent"] != other.parameters["needs.onset_latent"]
    before = scenario.organisation.posts_per_100k
    if before is not None:
        assert one.organisation.posts_per_100k == pytest.approx(before * worlds.posts[1])
    assert (
        one.parameters["ledger.unseen_cost_share"]
        == scenario.parameters["ledger.unseen_cost_share"]
    )


def test_arms_live_in_the_worlds_that_a_fit_has_left_with_their_knobs_turned(folder, tmp_path):
    comparison = read_comparison([write(folder, ground=NO_SEEDS)])
    left = {0: {"hours": 1.25}, 2: {"hours": 1.5}, 5: {"asking": 1.2}}
    plain = Work(comparison, RunSettings((1,), Here(1), worlds=2), Results(tmp_path / "a", "x"))
    work = replace(plain, effort=replace(plain.effort, turned=left))
    assert plain.numbers[:2] == (1, 2) and work.numbers == (2, 5)
    places = [*work.main_points((1, 2)), *design_points(comparison, [1])]
    assert {place.world for place in places} == {0, 2, 5}
    hours, asking = KNOBS_OF
    low, high = declared()[hours].low, declared()[hours].high
    before, after = plain.cells(places), work.cells(places)
    for place in places:
        factor = left[place.world].get("hours", 1.0)
        was, is_now = (of[place].scenario.parameters for of in (before, after))
        assert is_now[hours] == pytest.approx(min(high, max(low, was[hours] * factor)))
        assert (is_now[asking] == was[asking]) == (place.world != 5)


def test_equal_arms_are_lower_in_no_world_and_higher_in_none(compared):
    same = compared.over_worlds.query("arm == 'same'")
    assert len(same) and (same[["lower", "higher"]] == 0).all(axis=None)
    assert (same[["between", "within"]].fillna(0) == 0).all(axis=None)


def test_counts_by_hand_and_what_luck_would_give():
    gaps = pd.DataFrame(
        {"arm": "a", "measure": "load", "year": 1, "gap": [-1.0, -2.0, -0.5, 3.0, 0.0]}
    )
    found = worlds_counted(gaps).iloc[0]
    assert (found["runs"], found["lower"], found["higher"]) == (5, 3, 1)
    assert found["by_luck"] == pytest.approx(5 / 16)  # three or more heads of four
    assert by_luck(21, 24) == pytest.approx(sum([2024, 276, 24, 1]) / 2**24)
    assert by_luck(0, 24) == 1.0


def test_which_runs_are_main_and_which_are_repeated():
    assert main_runs([(0, 1), (0, 2), (-1, 1)]) == {(0, 1), (0, 2)}
    assert main_runs([(0, 1), (-1, 1), (1, 1), (1, 1001), (2, 2)]) == {(1, 1), (2, 2)}
    found = repeated(range(1, 25))
    assert len(found) == REPEATED and {len(seeds) for seeds in found.values()} == {REPEATS}
    assert all(seed != world for world, seeds in found.items() for seed in seeds)
    assert not set.intersection(*map(set, found.values())) and len(repeated([4, 9])) == 2


def test_the_screen_and_the_tables_say_in_how_many_worlds(folder, tmp_path, capsys):
    file = write(folder, THREE, NO_SEEDS)
    assert command(file, "--worlds", 2, "--out", tmp_path / "o", "--no-report", "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "2 plausible worlds" in said and "lower in year 1" in said and "/ 2" in said
    table = pd.read_csv(tmp_path / "o/worlds.csv")
    assert {"lower", "higher", "by_luck", "central", "between", "within"} <= set(table.columns)
    assert (
        json.loads((tmp_path / "o/manifest.json").read_text(encoding="utf-8"))["worlds"]
        == table_digest()
    )


def test_a_town_with_given_posts_lives_in_worlds_that_suit_them(folder):
    plain = read_comparison([write(folder, ground=NO_SEEDS)]).base
    given = plain.organisation.model_copy(update={"posts_per_100k": None})
    near = worlds_for(plain.model_copy(update={"organisation": given}))
    assert len(worlds_for(plain)) == len(plausible())
    assert WORLDS <= len(near) < len(plausible())
    assert near.posts.between(1 / NEAR_POSTS, NEAR_POSTS).all()
    assert near.of(near.numbers[0]) == plausible().of(near.numbers[0])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_results_of_another_table_of_worlds_are_not_reproduced(folder, tmp_path, lang, capsys):
    out = tmp_path / "o"
    assert command(write(folder, THREE, NO_SEEDS), "--worlds", 1, "--out", out, "--no-report") == 0
    finished.change(out, worlds="0" * 64)
    assert cli.main(["reproduce", str(out), "--lang", lang]) == 2
    assert "000000000000" in capsys.readouterr().err


def test_worlds_are_written_in_the_order_asked_for_and_read_back(tmp_path):
    kept = pd.DataFrame({"set": [3, 7, 9], "a.x": [0.1, 0.2, 0.3], "a.y": [1.0, 2.0, 3.0]})
    file = tmp_path / "w.csv"
    write_worlds(kept, {3: 1.0, 7: 1.5, 9: 2.0}, [9, 3], file)
    from sim.study.worlds import worlds_of

    found = worlds_of(file)
    assert len(found) == 2 and found.of(1) == {"a.x": 0.3, "a.y": 3.0} and found.posts[1] == 2.0


def test_a_library_call_lives_in_worlds_too(folder):
    found = sim.compare(write(folder, ground=NO_SEEDS, population=500), worlds=2, no_effect=0)
    assert found.worlds == (1, 2) and not found.over_worlds.empty


@pytest.mark.parametrize(
    ("chance", "told"),
    [(1.0, "100 %"), (0.61, "61 %"), (0.0193, "1.9 %"), (0.0003, "<0.1 %"), (np.nan, "-")],
)
def test_a_chance_reads_as_people_write_it(chance, told):
    assert chance_in_percent(chance) == told
