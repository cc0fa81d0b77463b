"""`sim search`: plans spend the money, the best of a known function is found, luck is told as luck, and
what is found is confirmed where the search never was.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import words
from sim.cli import main as cli
from sim.report.text.search import plan_text, search_lines
from sim.scenario.arms import read_comparison
from sim.scenario.scenario import digest
from sim.study import runs
from sim.study.nation.tables import NAMES
from sim.study.search.candidates import corners, first_candidates, near_plans
from sim.study.search.objective import effect_of
from sim.study.search.study import space_of_file
from sim.study.search.work import FRESH, SearchWork, planned_rounds
from sim.words.errors import ScenarioError
from tests.comparisons import write

GROUND = 'town = "towns/trial.toml"\nyears = 2\nrun_in_weeks = 6\n'
SEARCH = """
[search]
money = 22_000_000
benchmark = "caseworker.fte"
candidates = 12
worlds = 2
finalists = 2
refine = 4
confirm_worlds = 5
[search.levers.caseworker]
fte = { high = 4, step = 0.25, together = { kind = "contract" } }
[search.levers.outreach_worker]
fte = { high = 4, step = 0.5, together = { mix = "visiting" } }
[search.levers.community]
places = { high = 8, step = 1 }
[search.levers.inclusion_promoter]
fte = { high = 1, step = 0.5, together = { mix = "coordination" } }
[search.levers.supporters]
supervision = { choices = [0, 1] }
"""
SMALL = {"candidates": 3, "refine": 0, "finalists": 1, "confirm_worlds": 2}


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture
def file(folder) -> Path:
    return write(folder, SEARCH, GROUND, "s.toml", 900)


def overrides(**more) -> dict:
    return {f"search.{name}": value for name, value in more.items()}


class Known:
    """Worlds in which a plan does what a function of its settings says, with luck of its own."""

    def __init__(self, work: SearchWork, effect, luck: float = 0.0, load=lambda _used: 0.0):
        self.work, self.effect, self.luck, self.load = work, effect, luck, load
        self.places: list = []
        self.sizes: list = []

    def __call__(self, plans, places, residents):
        self.places.append({(place.world, place.seed) for place in places})
        self.sizes.append((len(plans), residents))
        found = {}
        for plan in plans:
            values = np.full((len(places), 2, len(NAMES)), 5.0)
            luck = [
                np.random.default_rng([int(plan.id[1:], 16), place.seed]).normal()
                for place in places
            ]
            change = self.effect(plan.used) + self.luck * np.array(luck)
            values[..., NAMES.index("compounded")] += change[:, None] if plan.used else 0.0
            values[..., NAMES.index("load")] += self.load(plan.used) if plan.used else 0.0
            found[plan.id] = values
        return found


def known(file: Path, effect, luck: float = 0.0, load=lambda _used: 0.0, **more):
    """A search of a known function; no town is lived."""
    space, objective = space_of_file(file, overrides(**more))
    work = SearchWork(space, objective, None)
    work.runs = type("NoRuns", (), {"where": sim.study.executors.Here(1), "failed": []})()
    work._households = lambda _place: 1000.0
    work.lived = Known(work, effect, luck, load)
    return work.run(), work


def test_every_plan_spends_the_money_in_whole_steps_and_the_same_file_gives_the_same(file):
    space, _objective = space_of_file(file)
    plans = first_candidates(space)
    assert len(plans) == 12 and len({plan.id for plan in plans}) == 12
    for plan in plans:
        assert 0.9 * 22e6 <= space.cost(plan) <= 22e6 + 1, plan_text(plan, "en")
        for axis, value in zip(space.axes, plan.values, strict=True):
            if axis.range.high is not None and plan.origin != "benchmark":
                assert value in axis.values and value <= axis.range.high
    again = first_candidates(space_of_file(file)[0])
    assert [plan.id for plan in again] == [plan.id for plan in plans]
    other = first_candidates(space_of_file(file, overrides(draw=2))[0])
    assert {plan.id for plan in other} != {plan.id for plan in plans}


def test_what_comes_with_a_setting_comes_only_where_it_is_used(file):
    space, _objective = space_of_file(file)
    every = [space.nothing, *first_candidates(space)]
    assert space.nothing.settings == {} and space.cost(space.nothing) == 0
    for plan in every:
        used = "inclusion_promoter.fte" in plan.used
        assert ("inclusion_promoter.mix" in plan.settings) is used
        assert space.scenario(plan).people.id == "trial"
    assert {True, False} == {"inclusion_promoter.mix" in plan.settings for plan in every}


def test_corners_and_the_benchmark_spend_it_on_one_thing(file):
    space, _objective = space_of_file(file)
    assert [plan.used for plan in corners(space)] == [{"outreach_worker.fte": 4.0}]
    benchmark = space.benchmark()  # beyond its highest value, since all the money goes there
    assert benchmark.used == {"caseworker.fte": 5.5} and space.cost(benchmark) == 22e6


def test_plans_near_another_move_money_or_change_one_setting(file):
    space, _objective = space_of_file(file)
    plans = first_candidates(space)
    near = near_plans(space, plans[2:4], {plan.id for plan in plans})
    assert 0 < len(near) <= 4
    for plan in near:
        apart = [
            sum(one != other for one, other in zip(plan.values, old.values, strict=True))
            for old in plans[2:4]
        ]
        assert 1 <= min(apart) <= 2 and space.spends_enough(plan)


def test_an_amount_comes_on_top_of_what_the_organisation_has(folder):
    org = folder / "organisations/windows_that_wait.toml"
    org.write_text(
        org.read_text(encoding="utf-8") + "\n[practice.outreach_worker]\nfte = 3\n",
        encoding="utf-8",
    )
    space, _objective = space_of_file(write(folder, SEARCH, GROUND, "s.toml", 900))
    (corner,) = corners(space)
    assert corner.settings["outreach_worker.fte"] == "+4"
    assert max(step.settings["fte"] for step in space.scenario(corner).steps) == 7
    assert space.cost(corner) == pytest.approx(22e6)


def test_the_best_of_a_known_function_is_found(file):
    """Money does good through outreach, up to two posts, and beyond that through places alone."""

    def effect(used):
        return -min(used.get("outreach_worker.fte", 0), 2.0) - 0.2 * used.get("community.places", 0)

    found, work = known(file, effect, luck=0.05, candidates=40, finalists=3, refine=12)
    used = found.winner.rated.plan.used
    assert 1.5 <= used["outreach_worker.fte"] <= 3 and used["community.places"] >= 5
    assert found.winner.rated.score.decided and found.winner.over.decided
    kinds = [one.kind for one in found.rounds]
    assert kinds[0] == "drawn" and "near" in kinds and kinds[-1] == "last"
    assert [tuple(one)[1:3] for one in planned_rounds(space_lines(work), 40)][0] == (40, 2)
    assert work.lived.sizes[0][0] == 41 and work.lived.sizes[-1][0] == 5


def space_lines(work):
    return work.space.lines


def test_what_is_confirmed_was_never_used_in_the_search(file):
    _found, work = known(file, lambda used: -used.get("outreach_worker.fte", 0), residents=500)
    searched, fresh = set.union(*work.lived.places[:-1]), work.lived.places[-1]
    assert not {world for world, _ in searched} & {world for world, _ in fresh}
    assert not {seed for _, seed in searched} & {seed for _, seed in fresh}
    assert min(seed for _, seed in fresh) > FRESH and len(fresh) == 5
    assert [size for _, size in work.lived.sizes] == [500] * (len(work.lived.sizes) - 1) + [None]


def test_where_there_is_nothing_but_luck_the_winner_is_told_to_be_lucky(file):
    """The search sees a winner, since it takes the best of many; fresh worlds do not."""
    found, _work = known(file, lambda _used: 0.0, luck=1.0, candidates=40, confirm_worlds=24)
    winner = found.winner
    assert winner.searched.score.mean < -0.1 and not winner.rated.score.decided
    assert winner.rated.score.mean > winner.searched.score.mean
    told = " ".join(search_lines(found, "en"))
    assert "cannot be told from no plan" in told and "Household-years" not in told


def test_a_plan_that_the_same_money_in_caseworkers_beats_is_told(file):
    def effect(used):  # the search may not take as many caseworkers as the benchmark does
        return -max(0, used.get("caseworker.fte", 0) - 4.0)

    found, _work = known(
        file,
        effect,
        luck=0.01,
        constraints={"load_not_above_reference_after_year": 0},
        load=lambda used: float(used.get("caseworker.fte", 0) > 4),
    )
    assert found.winner.over.worse
    told = " ".join(search_lines(found, "en"))
    assert "does better" in told and "It keeps the constraint" in told


def test_constraints_come_before_the_objective_and_a_breach_is_told(file):
    rule = {"load_not_above_reference_after_year": 1}
    more = {"constraints": rule, "candidates": 20}

    def load(used):
        return 0.5 if used.get("outreach_worker.fte", 0) >= 2 else -0.1

    found, _work = known(file, lambda used: -used.get("outreach_worker.fte", 0), 0.01, load, **more)
    assert found.winner.searched.plan.used.get("outreach_worker.fte", 0) < 2
    bad, _work = known(
        file, lambda used: -used.get("outreach_worker.fte", 0), 0.01, lambda _: 0.5, **more
    )
    told = " ".join(search_lines(bad, "en"))
    assert "breaks the constraint" in told and "No plan of the search kept" in told


def test_no_plan_of_the_frontier_is_beaten_in_both(file):
    found, _work = known(
        file,
        lambda used: -used.get("outreach_worker.fte", 0),
        0.0,
        lambda used: used.get("outreach_worker.fte", 0) - 0.1 * used.get("community.places", 0),
        finalists=6,
        candidates=30,
    )
    points = [(one.score.mean, one.beside.mean) for one in found.frontier]
    assert len(points) > 1 and points == sorted(points)
    for one in found.rated:
        assert any(across <= one.score.mean and up <= one.beside.mean for across, up in points)


def test_weights_count_as_shares_of_the_reference(file):
    more = {"objective": {"compounded": 3.0, "load": 1.0}}
    found, _work = known(file, lambda used: -1.0, 0.0, lambda _used: 0.5, **more)
    assert found.winner.rated.score.mean == pytest.approx(3 * -1 / 5 + 0.5 / 5)


def test_an_effect_counts_worlds_and_what_luck_would_give():
    effect = effect_of([-1.0, -2.0, -0.5, 0.0])
    assert (effect.better, effect.worlds) == (3, 4) and effect.luck == pytest.approx(1 / 8)
    assert effect.mean == pytest.approx(-0.875) and not effect.decided
    assert effect_of([-1.0, -1.1, -1.2, -1.1]).decided and not effect_of([-1.0, -1.1, -1.2]).decided
    assert np.isnan(effect_of([]).mean) and np.isnan(effect_of([1.0]).low)


@pytest.mark.parametrize(
    ("old", "new", "key", "near"),
    [
        (
            "fte = { high = 4, step = 0.25",
            "fta = { high = 4, step = 0.25",
            "search.no_setting",
            "fte",
        ),
        (
            "search.levers.outreach_worker",
            "search.levers.outreach_werker",
            "error.unknown_lever",
            "outreach_worker",
        ),
        ("{ high = 8, step = 1 }", "{ step = 1 }", "search.range", ""),
        ("{ choices = [0, 1] }", "{ choices = [0, 1], high = 1 }", "search.range", ""),
        ("{ high = 8, step = 1 }", "{ low = 9, high = 8 }", "search.low_above_high", ""),
        ('mix = "coord', 'mixx = "coord', "search.no_setting", "mix"),
        ('benchmark = "caseworker.f', 'benchmark = "caseworker.k', "search.benchmark", ""),
        (
            'benchmark = "caseworker.fte',
            'benchmark = "supporters.supervision',
            "search.benchmark_free",
            "",
        ),
        (
            "worlds = 2\n",
            'objective = "compunded"\nworlds = 2\n',
            "error.unknown_measure",
            "compounded",
        ),
        ("worlds = 2\n", 'objective = "open_cases"\nworlds = 2\n', "search.no_direction", ""),
        ("worlds = 2\n", "objective = { load = -1 }\nworlds = 2\n", "search.objective", ""),
        ("worlds = 2\n", "constraints.load_below = 3\nworlds = 2\n", "search.constraint", ""),
        (
            "worlds = 2\n",
            "constraints.load_not_above_reference_after_year = 2\nworlds = 2\n",
            "error.range",
            "",
        ),
        ("worlds = 5", "worlds = 500", "error.worlds", ""),
        ("money = 22_000_000", "money = 220_000_000_000", "search.no_plans", ""),
        ("[search]", "[sarch]", "error.unknown_name", "search"),
    ],
)
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_cannot_be_is_refused_in_one_message(folder, capsys, old, new, key, near, lang):
    assert old in SEARCH
    text = SEARCH.replace(old, new)
    if new == "[sarch]":
        text = "[sarch]\nmoney = 1\n"
    file = write(folder, text, GROUND, "s.toml", 900)
    line = ["search", str(file), "--lang", lang]
    line += [] if key == "search.no_plans" else ["--check"]
    if key == "search.benchmark_free":
        line.remove("--check")
    code = cli.main(line)
    told = capsys.readouterr().err
    assert code == 2 and words.say(key, lang).split("{")[0] in told and near in told
    assert "s.toml" in told and "Traceback" not in told


def test_a_file_without_a_search_says_how_one_is_written(folder, capsys):
    file = write(folder, "", GROUND, "s.toml", 900)
    assert cli.main(["search", str(file), "--lang", "en"]) == 2
    assert "[search.levers...]" in capsys.readouterr().err


def test_a_search_is_no_part_of_a_scenario_and_is_not_handed_on(folder, file):
    plain = sim.load(write(folder, "", GROUND, "plain.toml", 900))
    assert digest(sim.load(file).model_copy(update={"id": "x", "name": plain.name})) == digest(
        plain.model_copy(update={"id": "x"})
    )
    child = folder / "child.toml"
    child.write_text('extends = "s.toml"\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        space_of_file(child)
    assert refused.value.faults[0].reason.key == "search.no_search"


def counted(monkeypatch, stop_at: int | None = None) -> list:
    """The cells that are computed, in order; interrupted before a piece where so many were."""
    computed, real = [], runs.cells.simulate_chunk

    def simulate(chunk):
        if stop_at is not None and len(computed) >= stop_at:
            raise KeyboardInterrupt
        computed.extend((cell.key, cell.seed) for cell in chunk.cells)
        return real(chunk)

    monkeypatch.setattr(runs.cells, "simulate_chunk", simulate)
    return computed


def test_a_search_that_was_stopped_goes_on_computes_nothing_twice_and_gives_the_same(
    file, tmp_path, monkeypatch
):
    out, more = tmp_path / "out", {**overrides(**SMALL), "years": 1}
    whole = sim.search(file, overrides=more, workers=2)
    first = counted(monkeypatch, stop_at=4)
    with pytest.raises(KeyboardInterrupt):
        sim.search(file, overrides=more, out=out)
    monkeypatch.undo()
    rest = counted(monkeypatch)
    again = sim.search(file, overrides=more, out=out)
    assert len({*first, *rest}) == len(first) + len(rest) and first and rest
    assert again.winner.rated.plan.id == whole.winner.rated.plan.id
    assert [(one.plan.id, one.score) for one in again.rated] == [
        (one.plan.id, one.score) for one in whole.rated
    ]
    assert again.winner.rated == whole.winner.rated


def test_the_command_writes_tables_a_figure_and_a_scenario_that_compare_takes(
    file, tmp_path, capsys, monkeypatch
):
    out = tmp_path / "found"
    small = SMALL | {"refine": 0}  # the winner is one of the plans that were drawn
    for name in ("candidates", "refine", "finalists"):
        text = file.read_text(encoding="utf-8")
        value = {"candidates": 12, "refine": 4, "finalists": 2}[name]
        file.write_text(text.replace(f"{name} = {value}", f"{name} = {small[name]}"), "utf-8")
    line = ["search", str(file), "--workers", "1", "--out", str(out), "--confirm-worlds", "2"]
    line += ["--years", "1"]
    assert cli.main([*line, "--lang", "ja"]) == 0
    said = capsys.readouterr()
    assert "探索で最も良かった案" in said.out and "第1回" in said.err
    candidates, confirmed = (pd.read_csv(out / f"{one}.csv") for one in ("candidates", "confirmed"))
    assert candidates["yen"].between(0.9 * 22e6, 22e6 + 1).all()
    assert {"searched", "fresh", "over_benchmark"} <= {*confirmed}
    assert {file.name for file in out.glob("search.*")} == {"search.ja.png", "search.ja.svg"}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "search" and manifest["search"]["money"] == 22e6
    comparison = read_comparison([out / "winner.toml"], allow_outside=True)
    assert [arm.id for arm in comparison.arms] == ["base", "winner"]
    space, _objective = space_of_file(file)
    winner = comparison.arm("winner").scenario
    plan = next(one for one in first_candidates(space) if one.id == confirmed["plan"][0])
    assert winner.steps == space.scenario(plan).steps and not comparison.base.steps
    assert winner.years == 1
    before, computed = (out / "winner.toml").read_bytes(), counted(monkeypatch)
    assert cli.main([*line, "--lang", "ja", "--quiet"]) == 0
    assert (out / "winner.toml").read_bytes() == before and not computed
