"""A nation: tables add up, nothing is computed twice or lost, workers change nothing, marks stand only
where municipalities are enough.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim import words
from sim.cli import main as cli
from sim.declared.levers import Step
from sim.declared.measure import FEWEST
from sim.economics.costing import read_prices
from sim.scenario.arms import read_comparison
from sim.study import cells
from sim.study.compare import PRICES
from sim.study.executors import Here
from sim.study.nation.differences import adds_up, influences, reach_of, region_differences
from sim.study.nation.tables import (
    CLASS,
    NAMES,
    NATION,
    PREFECTURE,
    NationTables,
    measure_named,
    nation_tables,
)
from sim.study.nation.towns import RESIDENTS_A_DISTRICT, people_of, staffed_with, town_of
from sim.study.nation.work import KEPT, Nation, NationWork, sampled_rows
from sim.study.runs import RunCallbacks
from sim.study.store import Results
from sim.towns.nation import Municipality, NationTable
from sim.towns.nation.synthetic import synthetic_nation
from sim.towns.town import District
from sim.words import LANGUAGES
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write

GROUND = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 6\n'
ROWS = tuple(
    Municipality(code, f"合成市{code}", population, rate)
    for code, population, rate in (
        ("01901", 900, 0.25),
        ("01902", 700, 0.31),
        ("02901", 800, 0.35),
        ("02902", 300, 0.41),
        ("47901", 5_200, 0.22),
    )
)
MEASURES = (
    "compounded",
    "unseen",
    "contact_compounded",
    "load",
    "wait",
    "crises",
    "leavers",
    "cost_public",
)


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def arms(folder: Path) -> Path:
    """The arms: wait, go out, the same as wait."""
    return write(folder, THREE, GROUND)


def csv_of(folder: Path, rows: tuple[Municipality, ...] = ROWS) -> Path:
    """The municipalities as a table of four columns."""
    lines = [f"{row.code},{row.name},{row.population},{row.ageing_rate}" for row in rows]
    file = folder / "small.csv"
    file.write_text("\n".join(["code,name,population,ageing_rate", *lines]), encoding="utf-8")
    return file


def command(*arguments: object, workers: int = 1) -> int:
    """`sim nation`, its exit code."""
    return cli.main(["nation", *map(str, arguments), "--workers", str(workers)])


def work_of(folder: Path, file: Path, **more) -> NationWork:
    """A nation of the small municipalities under the arms of a file."""
    rows = more.pop("rows", ROWS)
    nation = Nation(NationTable("small.csv", rows, {}), rows, (read_comparison([file]),), **more)
    return NationWork(nation, Results(folder / "out", "nation", KEPT), Here(1), RunCallbacks())


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[NationTables, pd.DataFrame]:
    """The tables of a finished nation, and every measure of its municipalities."""
    from tests.scenario_files import SCENARIO, WAITING

    root = tmp_path_factory.mktemp("nation")
    folder = root / "scenarios"
    for name, text in {"organisations/windows_that_wait.toml": WAITING, "x.toml": SCENARIO}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "towns").mkdir()
    work = work_of(root, arms(folder))
    work.results.prepare()
    work.run()
    tables = nation_tables(work, read_prices(PRICES), MEASURES, root / "all.parquet")
    return tables, pd.read_parquet(root / "all.parquet")


def test_regions_are_their_municipalities_together(made):
    tables, every = made
    values, weights = np.array(tables.values), np.array(tables.weights)
    assert len(tables.rows) == len(ROWS) and set(every["measure"]) == set(NAMES)
    for region in (one for kind in (NATION, PREFECTURE, CLASS) for one in tables.ordered(kind)):
        of_region = tables.of_regions[region.kind, region.id]
        for at, name in enumerate(MEASURES):
            mine, weight = values[region.members][..., at], weights[region.members][..., at]
            if adds_up(measure_named(name)):
                wanted = mine.sum(axis=0)
            else:
                there = ~np.isnan(mine)
                sums = np.where(there, mine * weight, 0).sum(axis=0)
                whole = np.where(there, weight, 0).sum(axis=0)
                wanted = sums / np.where(whole > 0, whole, np.nan)
            found = of_region[..., NAMES.index(name)]
            np.testing.assert_allclose(found, wanted, rtol=1e-9, err_msg=f"{region.id} {name}")
    regions = {kind: tables.ordered(kind) for kind in (PREFECTURE, CLASS)}
    assert [one.municipalities for one in regions[PREFECTURE]] == [2, 2, 1]
    assert [(one.id, one.residents) for one in regions[CLASS]] == [("5k", 5_200), ("0", 2_700)]


def test_values_are_those_of_whole_runs(made, tmp_path):
    tables, every = made
    from sim import simulate
    from sim.study.nation.towns import seed_for

    row = ROWS[3]
    arm = tables.nation.comparison.arm("outreach")
    alone = simulate(town_of(arm.scenario, row), [seed_for(row, 1)]).by_year()
    mine = every[(every["id"] == row.code) & (every["arm"] == "outreach")]
    mine = mine.set_index(["year", "measure"])["value"]
    alone = alone.set_index(["year", "measure"])["value"]
    pd.testing.assert_series_equal(mine[alone.index], alone, check_index_type=False)


def test_arms_that_are_equal_differ_by_zero_and_few_municipalities_have_no_mark(made):
    tables, _ = made
    nation = region_differences(tables, NATION)
    same, other = (nation[nation["arm"] == arm] for arm in ("same", "outreach"))
    counted = same[same["difference"].notna()]  # nobody waits at all in so short a run
    assert len(counted) > 5 and (counted["side"] == "same").all()
    assert (counted[["difference", "low", "high"]] == 0).all(axis=None)
    assert (same.loc[same["difference"].isna(), "side"] == "few").all()
    assert (other["effective"] < FEWEST).all() and set(other["side"]) <= {"few", "same"}
    assert other.set_index("measure").loc["cost_public", "difference"] > 0
    alone = region_differences(tables, PREFECTURE).query("id == '47' and arm == 'outreach'")
    assert alone.loc[alone["side"] != "same", "low"].isna().all()


def test_municipalities_share_no_luck_and_arms_share_it(tmp_path, folder):
    work = work_of(tmp_path, arms(folder), seeds=2)
    found = {
        row.code: [
            [work.nation.cell(row, place) for place in part] for part in work.nation.places(row)
        ]
        for row in ROWS
    }
    seeds = [cell.seed for parts in found.values() for part in parts for cell in part[:1]]
    assert len(set(seeds)) == len(ROWS) * 2
    for parts in found.values():
        for part in parts:
            assert (
                len({cell.seed for cell in part}) == 1
                and len({cell.start_key for cell in part}) == 1
            )


def test_a_sample_has_its_share_of_every_size():
    rows = synthetic_nation()
    table = NationTable("x", rows, {})
    tenth = sampled_rows(table, 172)
    assert len(set(tenth)) == 172 and sampled_rows(table, 5_000) == rows
    for least, most in ((200_000, 5_000_000), (30_000, 200_000), (0, 30_000)):
        share = [sum(least <= row.population < most for row in some) for some in (tenth, rows)]
        assert share[0] == pytest.approx(share[1] / 10, abs=1.5)
    whole = sum(row.population for row in rows)
    assert 10 * sum(row.population for row in tenth) == pytest.approx(whole, rel=0.05)


def test_a_city_is_simulated_as_a_smaller_town_and_counted_as_itself(tmp_path, folder):
    city = Municipality("47901", "合成市1", 3_000, 0.3)
    found = {}
    for largest in (None, 1_000):
        work = work_of(tmp_path / str(largest), arms(folder), rows=(city,), largest=largest)
        assert work.nation.residents == 3 * (largest or city.population)
        work.results.prepare()
        work.run()
        found[largest] = nation_tables(
            work, read_prices(PRICES), ("load",), tmp_path / "all.parquet"
        )
    sums = [found[largest].regions[NATION, "all"].sums for largest in (None, 1_000)]
    assert sums[0].population[0] == sums[1].population[0] == 3_000
    assert sums[1].households[0] == pytest.approx(sums[0].households[0], rel=0.01)
    at = sums[0].columns.index("posts")
    assert sums[1].means[0, 0, at] == pytest.approx(sums[0].means[0, 0, at], rel=0.2)


def test_a_town_has_what_its_residents_would_have_in_the_arms_own(folder):
    arm = read_comparison([arms(folder)]).arm("outreach").scenario
    row = Municipality("17206", "a", 24_000, 0.35, posts=18.0)
    town = town_of(arm, row)
    assert len(town.people.districts) == round(24_000 / RESIDENTS_A_DISTRICT)
    assert town.steps[0].settings["fte"] == pytest.approx(24_000 / 1_200)
    posts = [town.organisation.posts_of(one, 24_000) for one in town.organisation.agencies]
    assert sum(sum(one.values()) for one in posts) == pytest.approx(18.0)
    covering = (
        Step(lever="csw", start_week=0, settings={"fte": 1.0}),
        Step(lever="community", start_week=0, settings={"districts_per_worker": 3.0}),
    )
    four = tuple(District(id=f"d{place}", share=0.25) for place in range(4))
    people = arm.people.model_copy(update={"districts": four})
    wide = town_of(arm.model_copy(update={"people": people, "steps": covering}), row)
    there = wide.steps[0].settings | wide.steps[1].settings
    covered = there["fte"] * there["districts_per_worker"] / len(wide.people.districts)
    assert covered == pytest.approx(3 / 4)  # as in the arms' own town
    half = town_of(arm, row, largest=12_000)
    assert half.organisation.posts_per_100k == town.organisation.posts_per_100k
    numbered = town.organisation.model_copy(
        update={
            "posts_per_100k": None,
            "agencies": tuple(
                one.model_copy(update={"posts": {"regular": 2.0, "contract": 1.0}})
                for one in town.organisation.agencies
            ),
        }
    )
    more = staffed_with(numbered, 24.0, 1)
    assert [one.posts for one in more.agencies] == [{"regular": 4.0, "contract": 2.0}] * 4
    assert people_of(row, 4_000).population == 4_000


def test_an_interval_rests_on_the_spread_between_municipalities():
    gaps = np.array([1.0, 3.0, 2.0, 4.0, 0.0])
    equal = np.ones(5)
    moved = influences(gaps, equal, amount=False)
    assert moved.sum() == pytest.approx(0)
    half = reach_of(moved, equal, identical=False).half
    assert half == pytest.approx(stats.t.ppf(0.975, 4) * gaps.std(ddof=1) / np.sqrt(5))
    amounts = influences(gaps, equal, amount=True)
    assert reach_of(amounts, equal, identical=False).half == pytest.approx(5 * half)
    unequal = np.array([100.0, 1.0, 1.0, 1.0, 1.0])
    assert reach_of(influences(gaps, unequal, False), unequal, False).number < 1.1
    gone = np.where(np.arange(5) == 2, np.nan, gaps)
    rest = gone[~np.isnan(gone)]
    np.testing.assert_allclose(
        influences(gone, equal, False)[[0, 1, 3, 4]], (rest - rest.mean()) / 4
    )


def tables_of(folder: Path) -> dict[str, bytes]:
    """Every table of a folder of results, as bytes."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.suffix in (".parquet", ".csv")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_run_of_two_workers_goes_on_and_gives_what_one_gives(
    folder, tmp_path, monkeypatch
):
    table, file, out = csv_of(tmp_path), arms(folder), tmp_path / "two"
    line = ["nation", table, file, "--workers", 2, "--out", out, "-q"]
    started = subprocess.Popen(
        [sys.executable, "-m", "sim", *map(str, line)], start_new_session=True
    )
    waiting = out.with_name("two.part") / "cells"
    while not list(waiting.glob("*/[0-9]*/cell.json")):
        assert started.poll() is None
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    kept = {file: file.stat().st_ino for file in waiting.glob("*/[0-9]*/*.parquet")}
    assert kept and not out.exists()
    assert command(*line[1:3], "--out", out, "-q") == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert 0 < manifest["finished_before"] < len(ROWS) * 3
    for cell, inode in kept.items():
        assert (out / "cells" / cell.relative_to(waiting)).stat().st_ino == inode
    assert command(*line[1:3], "--out", tmp_path / "one", "-q") == 0
    assert tables_of(out) == tables_of(tmp_path / "one")
    monkeypatch.setattr(cells, "simulate_chunk", None)  # nothing is computed a second time
    assert command(*line[1:3], "--out", out, "-q") == 0
    assert tables_of(out) == tables_of(tmp_path / "one")


def test_a_municipality_that_fails_is_left_out_and_told(folder, tmp_path, monkeypatch, capsys):
    table, file, out = csv_of(tmp_path), arms(folder), tmp_path / "out"
    live = cells.live

    def broken(scenario, *rest, **more):
        if scenario.people.id == "02902":
            raise RuntimeError("broken on purpose")
        return live(scenario, *rest, **more)

    monkeypatch.setattr(cells, "live", broken)
    assert command(table, file, "--out", out, "--lang", "ja") == 1
    said = capsys.readouterr()
    assert "broken on purpose" in said.err and "failed.csv" in said.err
    assert "全体" in said.out and "4市町村" in said.out
    found = pd.read_csv(out / "municipalities.csv", dtype={"id": str})
    assert list(found["id"]) == ["01901", "01902", "02901", "47901"]
    assert set(pd.read_csv(out / "failed.csv", dtype={"id": str})["id"]) == {"02902"}
    monkeypatch.setattr(cells, "live", live)
    assert command(table, file, "--out", out, "-q") == 0 and not (out / "failed.csv").exists()
    regions = pd.read_csv(out / "prefectures.csv", dtype={"id": str})
    assert set(regions["name_ja"]) == {"北海道", "青森県", "沖縄県"}


def test_parameter_sets_are_simulated_each_and_refused_with_their_row(folder, tmp_path, capsys):
    table, file, out = csv_of(tmp_path, ROWS[:2]), arms(folder), tmp_path / "out"
    sets = tmp_path / "sets.csv"
    sets.write_text("set,needs.onset_latent\n1,\n2,0.03\n3,9e9\n", encoding="utf-8")
    assert command(table, file, "--sets", sets, "--out", out) == 2
    assert "set 3" in capsys.readouterr().err and not out.exists()
    sets.write_text("set,needs.onset_latent\n1,0.025\n2,0.06\n", encoding="utf-8")
    assert command(table, file, "--sets", sets, "--out", out, "--lang", "en") == 0
    assert "/2" in capsys.readouterr().out
    nation = pd.read_csv(out / "nation.csv")
    assert set(nation["sets"]) == {2} and nation["sets_better"].max() <= 2
    assert not np.allclose(nation["lowest_set"], nation["highest_set"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_check_computes_nothing(folder, tmp_path, capsys, lang, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command("--synthetic", "nation.csv", "--lang", lang) == 0
    assert "1,718" in capsys.readouterr().out
    assert command("--synthetic", "nation.csv", "--lang", lang) == 2  # no file is replaced
    assert command("nation.csv", "--check", "--sample", 172, "--lang", lang) == 0
    said = capsys.readouterr().out
    assert "172" in said and "344" in said and not (tmp_path / "results").exists()
    assert command("--lang", lang) == 2 and "--synthetic" in capsys.readouterr().err
    assert command("nation.csv", "--check", "--largest", 5_000_000, "--lang", lang) == 2
    assert command("nation.csv", "--check", "--largest", 5, "--lang", lang) == 2


def test_people_that_cannot_be_are_refused_at_their_row(folder, tmp_path, capsys):
    table, file = tmp_path / "kinds.csv", arms(folder)
    heading = "code,name,population,ageing_rate,夫婦と子どもの世帯\n"
    rows = "17206,a,3300,30%,1000\n17207,b,3300,70%,1000\n"
    table.write_text(heading + rows, encoding="utf-8")
    assert command(table, file, "--check", "--lang", "en") == 2
    assert "kinds.csv line 3 (b) ageing_rate" in capsys.readouterr().err


def test_arms_that_fit_no_other_town_are_refused(folder):
    arm = read_comparison([arms(folder)]).base
    agencies = arm.organisation.agencies
    tied = agencies[0].model_copy(update={"districts": ("north",)})
    organisation = arm.organisation.model_copy(update={"agencies": (tied, *agencies[1:])})
    with pytest.raises(ScenarioError) as caught:
        town_of(arm.model_copy(update={"organisation": organisation}), ROWS[0])
    assert caught.value.faults[0].reason.key == "nation.named_districts"
