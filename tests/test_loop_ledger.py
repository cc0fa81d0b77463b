"""The loop ledger: every loop of the guidebook has its link, holding a link at a town's own means
changes nothing, each link acts where it is read, and the parts of a difference are whole.
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from benchmarks.studies import loops as by_hand
from sim import words
from sim.cli import main as cli
from sim.declared.links import LINK_IDS, LINKS, Link, link_of
from sim.model.course import Course, start
from sim.model.link_means import MEANS, HoldLink, RecordLink, week_with
from sim.model.links import (
    INSIGHT,
    RESOURCES_GAP,
    UPSTREAM,
    as_read,
    nothing_held,
    trust_as_read,
)
from sim.model.own_week import week_of
from sim.model.processes import WEEK
from sim.model.processes.intake import _rules
from sim.model.processes.resources import resources
from sim.model.processes.workforce import workforce
from sim.model.start import build
from sim.report.text.loop_ledger import reported_ledger
from sim.scenario.scenario import Scenario
from sim.study import runs
from sim.study.cells import Cell
from sim.study.loop_ledger.cells import HeldCell
from sim.study.loop_ledger.stored import stored_ledger
from sim.study.loop_ledger.tables import CARRIED, REST, WHOLE, WITHOUT, LoopLedger, parts_of
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write
from tests.laws import EVERY_LEVER, changed, steps
from tests.towns import small_scenario

APART = ("insight", "upstream", "bringing", "resources_gap")  # shown to act one by one
GROUND = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 4\nseeds = 2\n'


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def plain() -> Scenario:
    """A small town without policy."""
    return small_scenario(600, run_in_weeks=26, years=1)


@pytest.fixture(scope="module")
def strong(plain: Scenario) -> Scenario:
    """The same town with every lever."""
    return changed(plain, id="strong", steps=steps(EVERY_LEVER))


@pytest.fixture(scope="module")
def first(plain: Scenario) -> bytes:
    """Their common start."""
    return start(plain, 3)


def lived(scenario: Scenario, first: bytes, held: dict | None = None) -> dict[str, pd.DataFrame]:
    """The weekly tables of a town, with steps at its links."""
    week = week_with(week_of(scenario), held or {})
    course = Course(scenario, 3, pickle.loads(first), week)
    course.run()
    return course.tables


def recorded(scenario: Scenario, first: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The weekly tables of a town and the weekly means of its links."""
    record = {link.id: RecordLink(link) for link in LINKS}
    tables = lived(scenario, first, record)
    return tables, {id: np.array(step.rows) for id, step in record.items()}


def equal(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> bool:
    """Whether all weekly tables are the same to the last digit."""
    return all(one[name].equals(other[name]) for name in one)


def elsewhere(link: Link, means: np.ndarray, factor: float) -> np.ndarray:
    """Means that are not those of the town."""
    return means * factor if link.scaled else means + 1.0


def test_every_loop_of_the_page_acts_through_one_declared_link():
    named = [loop for link in LINKS for loop in link.loops]
    assert set(named) == {loop.name.en for loop in by_hand.LOOPS.values()}
    twice = {loop for loop in named if named.count(loop) > 1}
    assert twice == {"backing -> knows whom to tell"}  # of helpers and of commissioners
    assert set(MEANS) == set(LINK_IDS)
    assert {link.before for link in LINKS} <= {name for name, _process in WEEK}


def test_recording_and_holding_at_the_own_means_change_nothing(plain, strong, first):
    for scenario in (plain, strong):
        usual = lived(scenario, first)
        seen, means = recorded(scenario, first)
        assert equal(usual, seen)
        together = {link.id: HoldLink(link, means[link.id]) for link in LINKS}
        assert equal(usual, lived(scenario, first, together))


@pytest.mark.parametrize(
    "link", [one for one in LINKS if one.id not in APART], ids=lambda one: one.id
)
def test_a_link_that_is_held_elsewhere_acts(link, known):
    found = False
    for scenario, start_of, usual, means in known:
        for factor in (0.2, 3.0):
            hold = HoldLink(link, elsewhere(link, means[link.id], factor))
            found = found or not equal(usual, lived(scenario, start_of, {link.id: hold}))
    assert found


@pytest.fixture(scope="module")
def known():
    """A larger town without policy and with every lever: start, tables and means of each."""
    base = small_scenario(2000, run_in_weeks=20, years=1)
    begun = start(base, 3)
    every = (changed(base, steps=steps(EVERY_LEVER)), base)
    return [(scenario, begun, *recorded(scenario, begun)) for scenario in every]


def test_the_mean_as_read_is_the_mean_that_is_held(plain):
    town = build(plain, 3)
    link, homes = link_of("trust"), town.households
    own = MEANS["trust"](town)
    town.week = 0
    HoldLink(link, np.array([own * np.array([0.5, 1.0, 1.2])[: own.size]]))(town)
    rows = np.flatnonzero((homes.district == 0) & (homes.active > 0) & ~homes.empty)
    read = np.array([trust_as_read(town.records, row) for row in rows])
    assert read.mean() == pytest.approx(own[0] * 0.5)
    assert np.allclose(read / homes.trust[rows], 0.5)  # each keeps its place among the others


def test_nobody_is_read_as_more_than_wholly_exhausted(plain):
    town = build(plain, 3)
    town.week, workers = 0, town.workers
    workers.exhaustion[:] = 0.01
    workers.exhaustion[::2] = 0.5
    hold = HoldLink(link_of("tired"), np.full((1, town.agencies.rows), 0.9))
    hold(town)
    factors = town.held[LINK_IDS.index("tired"), : town.agencies.rows]
    read = MEANS["tired"](town, factors)
    assert read[factors != 1.0] == pytest.approx(0.9) and np.count_nonzero(factors != 1.0) > 1
    assert hold.unheld == 0 < hold.asked
    workforce(town)
    least = (1 - town.p.workforce.exhaustion_quality) * town.p.workforce.new_productivity
    assert workers.present.max() > 0
    assert np.all(workers.effective >= workers.present * least - 1e-9)


def test_a_mean_that_shares_cannot_reach_is_counted(plain):
    town = build(plain, 3)
    town.week, town.workers.exhaustion[:] = 0, 0.0
    town.workers.exhaustion[::3] = 0.5
    hold = HoldLink(link_of("tired"), np.full((1, town.agencies.rows), 1.0))
    hold(town)
    assert hold.unheld == hold.asked > 0


def test_what_cannot_be_multiplied_is_counted(plain):
    town = build(plain, 3)
    town.week, town.residents.worry[:] = 0, 0.0
    hold = HoldLink(link_of("helpers_worry"), np.full((1, town.districts.rows), 0.4))
    hold(town)
    assert hold.unheld == hold.asked == town.districts.rows
    assert np.array_equal(town.held, nothing_held(town.held.shape[1]))


def test_insight_and_upstream_hours_are_held_where_trials_begin(plain):
    for link, begun in ((INSIGHT, 1), (None, 0)):
        town = build(plain, 3)
        town.week, town.commons.hours, town.commons.permits = 1, 1e4, 1.5
        if link is not None:
            town.held[link, 0] = 100.0
        resources(town)
        assert town.commons.begun == begun
    town = build(plain, 3)
    town.week, town.commons.working, town.commons.hours = 1, 0, 0.0
    town.held[UPSTREAM, 0] = 30.0
    resources(town)
    assert town.commons.hours == pytest.approx(30.0)
    assert town.flows["upstream_hours"] == 0.0  # the hours of the town are told as they are


def test_resources_are_held_at_the_door(plain):
    town = build(plain, 3)
    before = _rules(town)["refusal"][0]
    town.held[RESOURCES_GAP, 0] = 0.5
    assert _rules(town)["refusal"][0] < before
    assert as_read(town, RESOURCES_GAP, 0.25) == 0.75


def test_parts_are_whole():
    rng = np.random.default_rng(1)
    arms = ("base", "arm", "arm~trust", "arm~ties")
    keys = [(arm, 0, seed, year) for arm in arms for seed in (1, 2) for year in (1, 2)]
    values = pd.DataFrame(keys, columns=["arm", "world", "seed", "year"])
    values = values.assign(measure="load", value=rng.normal(size=len(values)))
    parts = parts_of(values, "base")
    wide = parts.pivot(index=["loop", "year", "seed"], columns="part", values="value")
    assert np.allclose(wide[WHOLE], wide[WITHOUT] + wide[CARRIED])
    sums = wide[CARRIED].drop(WHOLE).groupby(["year", "seed"]).sum()
    assert np.allclose(sums, wide[WHOLE].xs(REST))
    assert np.allclose(wide[CARRIED].xs(WHOLE), wide[WHOLE].xs(WHOLE))
    years = wide[CARRIED].xs("ties").unstack("year")
    assert np.allclose(years[0], years[[1, 2]].mean(axis=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the comparison of three arms, one of which equals the reference."""
    found = tmp_path_factory.mktemp("ledger")
    (found / "towns").mkdir()
    write(found, THREE, GROUND)
    return found


@pytest.fixture(scope="module")
def made(folder) -> LoopLedger:
    """The ledger of two loops in two worlds."""
    loops = ("trust", "tired")
    return sim.loop_ledger(folder / "trio.toml", loops=loops, worlds=2, out=folder / "out")


def test_an_arm_like_the_reference_carries_nothing(made):
    same = made.table.query("arm == 'same'")
    assert set(same["loop"]) == {WHOLE, "trust", "tired", REST}
    assert (same[["whole", "held", "carried"]] == 0).all(axis=None)
    other = made.table.query("arm == 'outreach' and loop in ('trust', 'tired')")
    assert (other["carried"] != 0).any()
    assert made.worlds == made.runs == 2
    assert set(made.table["year"]) == {0, 1}


def test_finished_cells_are_found_again(made, folder, monkeypatch):
    monkeypatch.setattr("sim.study.cells.live", None)  # nothing is simulated a second time
    found = sim.loop_ledger(
        folder / "trio.toml", loops=("trust",), worlds=2, arms=["outreach"], out=folder / "out"
    )
    mine = made.table.query("arm == 'outreach' and loop == 'trust'")
    theirs = found.table.query("loop == 'trust'")
    assert np.array_equal(mine["carried"], theirs["carried"])


def test_a_cell_is_itself_in_another_process(plain, strong, tmp_path):
    cell = HeldCell(strong, 3, "trust", plain, tmp_path)
    again = pickle.loads(pickle.dumps(cell))
    assert again.key == cell.key and again == cell
    keys = {one.key for one in (cell, HeldCell(strong, 3, "tired", plain, tmp_path))}
    keys |= {HeldCell(strong, 3, "trust", strong, tmp_path).key, Cell(strong, 3).key}
    assert len(keys) == 4  # by link and by the town whose means are held


def test_a_cell_that_fails_takes_its_run_out(folder, monkeypatch):
    live = runs.cells.live

    def broken(scenario, seed, **more):
        if seed == 2 and scenario.steps:
            raise RuntimeError("broken")
        return live(scenario, seed, **more)

    monkeypatch.setattr("sim.study.cells.live", broken)
    found = sim.loop_ledger(folder / "trio.toml", loops=("trust",), worlds=2, arms=["outreach"])
    assert found.runs == 1
    assert {outcome.seed for outcome in found.failed} == {2}


def test_the_command_writes_tables_and_figures_in_both_languages(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    asked = ("ledger", "trio.toml", "--worlds", "2", "--arms", "outreach", "--loops", "trust")
    assert cli.main([*asked, "--loops", "tired", "--out", "out", "--workers", "1", "-q"]) == 0
    english = capsys.readouterr().out
    assert "hops, refusals, waits, good closures -> trust -> asking" in english
    assert cli.main([*asked, "--out", "ja", "--workers", "1", "--lang", "ja", "-q"]) == 0
    japanese = capsys.readouterr().out
    assert "たらいまわし・拒否・待ち・よい終結→信頼→相談" in japanese
    table = pd.read_csv("out/ledger.csv", encoding="utf-8-sig")
    assert list(table.columns[:4]) == ["loop", "arm", "measure", "year"]
    assert (
        Path("out/ledger.outreach.en.png").exists() and Path("ja/ledger.outreach.ja.svg").exists()
    )
    manifest = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["loops"] == ["trust", "tired"]
    comparison = sim.load_comparison("trio.toml")
    again = stored_ledger(Path("out"), comparison)
    assert again is not None
    assert np.array_equal(again.table["carried"], table["carried"])
    for lang, said in (("ja", japanese), ("en", english)):
        *tables, reading = reported_ledger(again, lang)
        assert [table.title in said for table in tables] == [True]
        assert all(row[0] in said for row in reading.rows)
    longer = sim.load_comparison("trio.toml", overrides={"years": 2})
    assert stored_ledger(Path("out"), longer) is None  # of other arms
    assert stored_ledger(Path("cells"), comparison) is None
    Path("out/unheld.parquet").write_bytes(b"damaged")
    assert stored_ledger(Path("out"), comparison) is None


@pytest.mark.parametrize(
    ("more", "near"), [({"loops": ["truts"]}, "trust"), ({"arms": ["outreech"]}, "outreach")]
)
def test_names_that_are_none_are_refused_with_the_nearest(folder, more, near):
    with pytest.raises(ScenarioError) as error:
        sim.loop_ledger(folder / "trio.toml", worlds=1, **more)
    words.speak("en")
    assert near in error.value.say()
