"""`sim fit`: knobs that were turned are found again, what no knob can reach is called so, figures are
read as people type them, and what is written can be loaded.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.declared.own_figures import OWN_FIGURES
from sim.declared.vocabulary import AGENCY_FIELDS
from sim.report.text.fit import turned_organisation
from sim.study import runs
from sim.study.cells import live
from sim.study.executors import Here
from sim.study.fit.effect import fit_effect
from sim.study.fit.figures import figures_of, read_figures
from sim.study.fit.knobs import KNOBS, effective, turned
from sim.study.fit.result import fitted
from sim.study.fit.study import KIND, fit, fit_town
from sim.study.fit.town import YEARS, FitTown, posts_in
from sim.study.fit.work import FitRun, FitWork, fit_run
from sim.study.match.settings import CUTOFF
from sim.study.nation.work import kept_tables
from sim.study.world_runs import results_for
from sim.study.worlds import NEAR_POSTS
from sim.towns.town import Organisation, People
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write

GROUND = 'town = "towns/trial.toml"\nrun_in_weeks = 30\nyears = 3\ntrend = "none"\n'
RESIDENTS = 6000
TRUE = {"hours": 1.4, "asking": 1.6, "posts": 0.85}
FIGURES = ("consultations", "open_cases", "wait_first", "staff")
BLANK = dict.fromkeys(FIGURES, 1.0)


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def computed(town: FitTown, folder: Path, run: FitRun) -> np.ndarray:
    """What the model says in one run (1 + years, F)."""
    work = FitWork(town, 0, results_for(folder / "one", KIND, "one"), Here(1))
    work.compute([run])
    return work.values[run]


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("fit")
    (folder / "towns").mkdir()
    return write(folder, "", GROUND, "own.toml", RESIDENTS)


@pytest.fixture(scope="module")
def own(file, tmp_path_factory) -> dict[str, float]:
    """Figures out of the model itself, its knobs turned, with a seed that no fit lives."""
    town = fit_town(file, BLANK, worlds=1)
    values = computed(town, tmp_path_factory.mktemp("cell"), fit_run(1, TRUE, 77))
    keys = [one.key for one in town.figures]
    return dict(zip(keys, map(float, values[0]), strict=True))


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("out") / "found"


@pytest.fixture(scope="module")
def found(file, own, out):
    return fit(file, own, worlds=2, out=out)


def test_knobs_that_were_turned_are_found_inside_what_is_not_ruled_out(found):
    assert found.verdict == "fits" and 1 in found.kept and found.tried == 2
    for _at, row in found.knobs.iterrows():
        assert row["low"] * 0.99 <= TRUE[row["knob"]] <= row["high"] * 1.01, row
    posts = found.knobs.set_index("knob").loc["posts"]
    assert posts["high"] < 1.0  # staff is counted well: as many as now is ruled out
    before = found.worlds.set_index("world")["before"]
    after = found.worlds.set_index("world")["after"]
    assert (after < before).all()


def test_a_first_look_has_the_central_world_alone(file, own, found, out):
    looked = []
    first = fit(file, own, worlds=0, looked=looked.append, out=out)
    assert first.verdict == looked[0].verdict == "first_look" and not first.tried
    assert list(first.table["figure"]) == list(FIGURES) and first.factors == {}
    assert np.isfinite(first.table["central"]).all() and first.table["fitted_50"].isna().all()
    assert first.table["gap"].equals(first.table["central"] - first.table["own"])


def test_what_no_knob_can_reach_cannot_be_fitted(file, found, out):
    never = fit(file, {"commissioners": 900, "consultations": 60}, worlds=1, out=out)
    assert never.verdict == "cannot" and never.kept == () and never.factors == {}
    assert never.scenario == never.base
    missed = never.table.set_index("figure")["missed"]
    assert missed["commissioners"] == 1.0
    without = never.table.set_index("figure")["kept_without"]
    assert without["commissioners"] == 1 and without["consultations"] == 0


def test_knobs_stay_inside_graded_ranges_and_leave_all_else(file):
    base, known = sim.load(file), declared()
    moved = turned(base, {knob.key: 100.0 if knob.parameters else 1.2 for knob in KNOBS})
    own = {name for knob in KNOBS for name in knob.parameters}
    for name in own:
        assert moved.parameters[name] == known[name].high > base.parameters[name]
    rest = {name: value for name, value in moved.parameters.items() if name not in own}
    assert rest == {name: base.parameters[name] for name in rest}
    assert turned(base, {}) == base == turned(base, dict.fromkeys(("hours", "posts"), 1.0))
    assert effective(base, {"posts": 1.2})[-1] == pytest.approx(np.log(1.2))
    cut = effective(base, {"hours": 100.0})[0]
    assert 0 < cut < np.log(100)


def test_every_figure_can_be_measured_and_has_words(file, tmp_path):
    town = fit_town(file, dict.fromkeys(OWN_FIGURES, 1), worlds=0)
    assert [one.key for one in town.figures] == list(OWN_FIGURES)
    values = computed(town, tmp_path, fit_run(0))
    tables = kept_tables(live(town.cell(0, {}, 1).scenario, 1))
    assert values.shape == (1 + YEARS, len(OWN_FIGURES))
    by = dict(zip(OWN_FIGURES, values[0], strict=True))
    fields = [by[key] for key in OWN_FIGURES if key.startswith("consultations_")]
    assert by["consultations"] == pytest.approx(sum(fields)) and by["consultations"] > 0
    years = tables["years"][tables["years"]["column"] == "assistance_weeks"]
    assert by["assistance_households"] == pytest.approx(years["mean"].mean())
    assert all(
        one.label(lang) and one.found(lang)
        for one in OWN_FIGURES.values()
        for lang in words.LANGUAGES
    )


def test_a_smaller_town_is_lived_and_what_adds_up_is_multiplied(file):
    town = fit_town(file, {**BLANK, "overtime": 1}, worlds=0, residents=2000)
    assert town.lived == 2000 and town.times == 3.0
    assert town.cell(0, {}, 1).scenario.people.population == 2000
    assert {one.key: one.adds_up for one in town.figures}["wait_first"] is False


def test_figures_are_read_as_people_type_them_and_what_is_empty_is_left_out(tmp_path):
    table = tmp_path / "own.csv"
    lines = (
        "項目,実績,誤差",
        "新規相談の件数,１,２００件",
        "open_cases,4.5万,30%",
        "staff,,",
        "leavers,…,",
    )
    table.write_bytes(
        "\n".join(line.replace("１,２００", "１２００") for line in lines).encode(
            "cp932", "replace"
        )
    )
    found = read_figures(table)
    assert found["consultations"] == (1200.0, None) and found["open_cases"] == (45000.0, 0.3)
    people = People.model_construct(own_figures=None)
    known = figures_of(table, people)
    assert [(one.key, one.error) for one in known] == [("consultations", 0.1), ("open_cases", 0.3)]
    given = figures_of({"staff": "", "leavers": None, "consultations": "1,200"}, people)
    assert [one.own for one in given] == [1200.0]


@pytest.mark.parametrize(
    ("row", "cell", "near"),
    [
        ("consultation,5", "A3", "consultations"),
        ("open_cases,many", "B3", ""),
        ("open_cases,-3", "B3", ""),
        ("staff,5", "A3", ""),
    ],
)
def test_a_bad_row_is_refused_with_its_cell(tmp_path, row, cell, near):
    table = tmp_path / "own.csv"
    table.write_text(f"figure,value\nstaff,3\n{row}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_figures(table)
    told = refused.value.say("en")
    assert cell in told and near in told


def test_figures_of_the_town_file_are_no_part_of_a_run(file, tmp_path):
    (tmp_path / "towns").mkdir()
    again = write(tmp_path, "", GROUND, "trial.toml", RESIDENTS)
    town = tmp_path / "towns/trial.toml"
    plain = town.read_text(encoding="utf-8")
    town.write_text(f'{plain}\n[own_figures]\nstaff = "1.2万"\nleavers = ""\n', encoding="utf-8")
    loaded = sim.load(again)
    assert [(one.key, one.own) for one in figures_of(None, loaded.people)] == [("staff", 12000.0)]
    assert sim.scenario.scenario.digest(loaded) == sim.scenario.scenario.digest(sim.load(file))
    assert fit_town(town, worlds=0).base == loaded  # the town's file means the scenario beside
    town.write_text(f"{plain}\n[own_figures]\nstaf = 3\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        sim.load(again)
    told = refused.value.say("en")
    assert "own_figures.staf" in told and "staff" in told and "trial.toml" in told
    with pytest.raises(ScenarioError) as refused:
        fit_town(file)
    assert refused.value.faults[0].reason.key == "fit.no_figures"


def test_the_command_goes_on_and_writes_what_can_be_loaded(
    file, own, found, out, tmp_path, capsys, monkeypatch
):
    table = tmp_path / "own.csv"
    rows = [f"{key},{value!r}" for key, value in own.items()]
    table.write_text("\n".join(["figure,value", *rows]), encoding="utf-8")
    computed = []
    monkeypatch.setattr(runs.cells, "simulate_chunk", computed.append)
    line = ["fit", str(file), "--figures", str(table), "--worlds", "2", "--workers", "1"]
    assert cli.main([*line, "--out", str(out), "--lang", "ja"]) == 0
    assert not computed  # everything was found
    said = capsys.readouterr().out
    assert "まず標準の値の町を" in said and "合います：2の世界" in said
    figures, worlds = (pd.read_csv(out / f"{one}.csv") for one in ("figures", "worlds"))
    assert figures["own"].to_numpy() == pytest.approx(list(own.values()))
    assert set(worlds.loc[worlds["kept"], "world"]) == set(found.kept)
    assert {one.name for one in out.glob("fit.*")} == {"fit.ja.png", "fit.ja.svg"}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "fit" and manifest["fit"]["verdict"] == "fits"
    fitted = sim.load(out / "fitted.toml", allow_outside=True)
    for name, value in found.scenario.parameters.items():
        assert fitted.parameters[name] == pytest.approx(value, rel=1e-5)
    assert fitted.people == found.base.people
    assert fitted.organisation.posts_per_100k == pytest.approx(
        found.base.organisation.posts_per_100k * found.factors["posts"]
    )


def test_check_says_what_is_computed_and_computes_nothing(file, tmp_path, capsys, monkeypatch):
    computed = []
    monkeypatch.setattr(runs.cells, "simulate_chunk", computed.append)
    table = tmp_path / "own.csv"
    table.write_text("figure,value\nstaff,3\n", encoding="utf-8")
    line = ["fit", str(file), "--figures", str(table), "--check", "--out", str(tmp_path / "none")]
    assert cli.main([*line, "--lang", "en"]) == 0 and not computed
    assert "1 own figures" in capsys.readouterr().out and not (tmp_path / "none").exists()


def test_a_comparison_is_shown_before_and_after_the_fit(file, found, out, tmp_path):
    arms = write(
        file.parent, THREE, GROUND.replace("years = 3", "years = 1"), "trio.toml", RESIDENTS
    )
    effect = fit_effect(found, arms, measures=("load", "compounded"), out=out)
    assert [(one.arm, one.measure) for one in effect.differences] == [
        (arm, measure) for arm in ("outreach", "same") for measure in ("load", "compounded")
    ]
    by = {(one.arm, one.measure): one for one in effect.differences}
    assert by["same", "load"].before.mean == by["same", "load"].after.mean == 0
    load = by["outreach", "load"]
    assert load.before.worlds == found.tried and load.after.worlds == len(found.kept)
    assert load.before.mean != load.after.mean  # the knobs were turned
    assert list(effect.table["arm"]) == [one.arm for one in effect.differences]
    (tmp_path / "towns").mkdir()
    elsewhere = write(tmp_path, THREE, GROUND, "other.toml", RESIDENTS - 1)
    with pytest.raises(ScenarioError) as refused:
        fit_effect(found, elsewhere)
    assert refused.value.faults[0].reason.key == "fit.other_town"


@pytest.mark.parametrize("scenario", ["own", "kaga"])  # posts by rate and share; by number
def test_posts_of_single_desks_follow_the_staff_that_the_town_knows(file, scenario):
    base = sim.load(file if scenario == "own" else "kaga")
    now = {field: posts_in(base, (field,)) for field in AGENCY_FIELDS}
    own = {"staff_child": 1.2 * now["child"], "staff_elderly": 9 * now["elderly"]}
    town = fit_town(base, own, worlds=0)
    desks = town.desks(0)
    assert desks == pytest.approx({"posts.child": 1.2, "posts.elderly": NEAR_POSTS})
    moved = turned(base, desks | {"posts": 0.9})
    for field, factor in {"child": 1.2, "elderly": NEAR_POSTS}.items():
        assert posts_in(moved, (field,)) == pytest.approx(0.9 * factor * now[field])
    assert posts_in(moved, ("poverty",)) == pytest.approx(0.9 * now["poverty"])
    if moved.organisation.posts_per_100k:
        assert sum(one.share for one in moved.organisation.agencies) == pytest.approx(1.0)
    again = Organisation.model_validate(tomllib.loads(turned_organisation(moved.organisation)))
    assert again == moved.organisation
    assert turned(base, town.desks(0) | dict.fromkeys(desks, 1.0)) == base
    assert fit_town(base, {"staff": 3}, worlds=0).desks(0) == {}


class KnownTown(FitWork):
    """A town of which is known how its figures move with the knobs, and which has little luck."""

    POWERS = {  # by figure: what the knobs hours, asking and posts do
        "consultations": (0.0, 0.6, 0.0),
        "open_cases": (0.3, 0.6, 0.1),
        "wait_first": (1.2, 0.6, -2.0),
        "staff": (0.0, 0.0, 1.0),
    }
    PLAIN = np.array([1000.0, 500.0, 3.0, 40.0])

    def compute(self, wanted):
        for run in wanted:
            luck = np.random.default_rng(run.seed).normal(1, 0.005, (1 + YEARS, 4))
            known = known_values(self.town.moved(run.world, dict(run.factors)), run.world)
            self.values[run] = known * np.where(np.arange(4) == 3, 1.0, luck)


def known_values(moved: np.ndarray, world: int) -> np.ndarray:
    """What a known town has where its knobs were really moved so far; worlds differ a little."""
    powers = np.array([*KnownTown.POWERS.values()])
    return KnownTown.PLAIN * (1 + 0.02 * world) * np.exp(powers @ moved)


def test_the_knobs_of_a_known_town_are_found(file):
    true = np.log([1.5, 0.7, 0.9])
    own = dict(zip(KnownTown.POWERS, map(float, known_values(true, 2)), strict=True))
    town = fit_town(file, own, worlds=4)
    sharp = tuple(replace(one, error=0.02) for one in town.figures)
    work = KnownTown(FitTown(town.base, sharp), 4, None, Here(1))
    work.run()
    known = fitted(work)
    assert known.kept == work.numbers and not known.worlds["as_it_is"].any()
    assert (known.worlds["after"] < 1).all() and (known.worlds["before"] > CUTOFF).all()
    for _at, row in known.knobs.iterrows():
        truth = float(np.exp(true)[[one.key for one in KNOBS].index(row["knob"])])
        assert row["low"] < truth < row["high"] and abs(np.log(row["factor"] / truth)) < 0.25
    by = known.knobs.set_index("knob")
    assert by.loc["posts", "high"] < 1.0  # of the whole ranges 5 and 95 % are .54 and 1.87
    assert by.loc["hours", "low"] > 0.7 and by.loc["asking", "high"] < 1.5
