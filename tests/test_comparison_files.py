"""Comparison files: arms on common ground, packs, a lone scenario with its base; what is refused,
in both languages.
"""

from __future__ import annotations

import pytest

from sim.cli import main as cli
from sim.economics.costing import read_prices
from sim.files.toml import SHIPPED
from sim.scenario.arms import read_comparison
from sim.scenario.load import load, read
from sim.scenario.scenario import digest
from sim.study.budget import check_same_cost, planned
from sim.study.compare import check_measures
from sim.words import LANGUAGES, say, speak
from sim.words.errors import ScenarioError, shown
from tests.comparisons import CLAIM, GROUND, THREE, write

BOOK = read_prices(SHIPPED / "prices" / "default.toml")


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    speak(None)


def refusal(*paths, **options) -> tuple[str, str]:
    """Reason and place of a refusal; its message is whole in both languages."""
    with pytest.raises(ScenarioError) as caught:
        comparison = read_comparison(paths, **options)
        check_measures(comparison)
        check_same_cost(comparison, BOOK)
    for lang in LANGUAGES:
        assert "{" not in caught.value.say(lang).replace(shown(caught.value.faults[0].given), "")
    return caught.value.faults[0].reason.key, caught.value.faults[0].key


def test_arms_lie_over_the_common_ground(folder):
    comparison = read_comparison([write(folder, THREE + CLAIM)])
    waiting, outreach, same = comparison.arms
    assert [arm.id for arm in comparison.arms] == [
        "waiting",
        "outreach",
        "same",
    ] and comparison.reference == "waiting"
    assert digest(waiting.scenario) == digest(same.scenario) != digest(outreach.scenario)
    assert outreach.scenario.steps[0].settings == {"fte": 1.0} and outreach.name.ja == "出向く"
    assert (
        comparison.seeds == (1, 2, 3)
        and comparison.claims[0].against == "waiting"
        and comparison.base is waiting.scenario
    )
    assert len({digest(arm.scenario.before_policies()) for arm in comparison.arms}) == 1


def test_an_arm_may_stand_on_a_scenario_file_of_its_own(folder):
    write(folder, name="other.toml", text="levers.outreach_worker = {fte = 3}\n")
    text = THREE.replace(
        "levers.outreach_worker = {fte = 1}",
        'scenario = "other.toml"\nlevers.intake = {door = "any_door"}',
    )
    arm = read_comparison([write(folder, text)]).arm("outreach")
    settings = {step.lever: step.settings for step in arm.scenario.steps}
    assert settings == {"outreach_worker": {"fte": 3.0}, "intake": {"door": "any_door"}}


def test_a_pack_is_laid_before_the_lines_of_who_takes_it(folder):
    (folder / "packs").mkdir()
    (folder / "packs/a.toml").write_text(
        'name = {ja = "束", en = "Pack"}\nlevers.outreach_worker = {fte = 2, mix = "visiting"}\n',
        encoding="utf-8",
    )
    text = THREE.replace(
        "levers.outreach_worker = {fte = 1}",
        'packs = ["packs/a.toml"]\nlevers.outreach_worker = {fte = 1}',
    )
    arm = read_comparison([write(folder, text)]).arm("outreach")
    assert (
        arm.scenario.steps[0].settings == {"fte": 1.0, "mix": {"visiting": 1.0}}
        and arm.name.en == "Go out"
    )
    (folder / "packs/a.toml").write_text('town = "towns/trial.toml"\n', encoding="utf-8")
    assert refusal(folder / "trio.toml") == ("error.pack", "town")


def test_a_lone_scenario_stands_beside_its_base(folder):
    write(folder, name="base.toml", text="levers.outreach_worker = {fte = 1}\n")
    (folder / "mine.toml").write_text(
        'extends = "base.toml"\nlevers.intake = {door = "any_door"}\n', encoding="utf-8"
    )
    comparison = read_comparison([folder / "mine.toml"])
    assert [arm.id for arm in comparison.arms] == [
        "base",
        "mine",
    ] and comparison.reference == "base"
    assert (
        comparison.arm("base").scenario.steps == ()
        and len(comparison.arm("mine").scenario.steps) == 2
    )
    for lang in LANGUAGES:
        assert "{" not in getattr(comparison.arm("base").name, lang)


def test_several_scenarios_stand_beside_the_first(folder):
    paths = [
        write(
            folder,
            name=f"{name}.toml",
            text=f"levers.outreach_worker = {{fte = {fte}}}\n"
            + CLAIM.replace('arm = "outreach"', ""),
        )
        for name, fte in (("a", 0), ("b", 2))
    ]
    comparison = read_comparison(paths)
    assert comparison.reference == "a" and [claim.arm for claim in comparison.claims] == ["a", "b"]
    assert refusal(paths[0], paths[0])[0] == "error.arm_twice"
    assert refusal(paths[0], write(folder))[0] == "error.not_alone"
    paths[1].write_text(
        paths[1].read_text(encoding="utf-8").replace("seeds = 3", "seeds = 4"), encoding="utf-8"
    )
    assert refusal(*paths)[0] == "error.arms_seeds"


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ('reference = "waiting"', 'reference = "wating"', ("error.unknown_arm", "reference")),
        ('id = "same"', 'id = "waiting"', ("error.arm_twice", "arms.2.id")),
        ('id = "same"', 'id = "Same arm"', ("error.arm_id", "arms.2.id")),
        ('id = "same"', 'id = "same"\nyears = 3', ("error.arms_years", "same")),
        ('id = "same"', 'id = "same"\nstart_year = 2026', ("error.arms_start_year", "same")),
        ('id = "same"', 'id = "same"\nrun_in_weeks = 9', ("error.arms_run_in_weeks", "same")),
        ('id = "same"', 'id = "same"\ntown = "towns/other.toml"', ("error.arms_people", "same")),
        ('id = "same"', 'id = "same"\nseeds = 5', ("error.arm_key", "arms.2.seeds")),
        (
            'id = "same"',
            'id = "same"\nlevers.outreech = {fte = 1}',
            ("error.unknown_lever", "levers.outreech"),
        ),
        (
            'id = "same"',
            'id = "same"\nscenario = "nowhere.toml"',
            ("error.not_found", "arms.2.scenario"),
        ),
        ('reference = "waiting"', 'measures = ["laod"]', ("error.unknown_measure", "measures")),
        ('reference = "waiting"', 'measures = "load"', ("error.type", "measures")),
        (
            'reference = "waiting"',
            'same_cost = [["waiting", "outreach"]]',
            ("error.same_cost", "same_cost.0"),
        ),
        ('reference = "waiting"', 'same_cost = [["waiting"]]', ("error.type", "same_cost")),
        ('reference = "waiting"', "seeds = []", ("error.toml", "")),
        ('reference = "waiting"', 'refrence = "waiting"', ("error.unknown_name", "refrence")),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(folder, was, becomes, expected):
    write(folder)
    (folder / "towns/other.toml").write_text(
        (folder / "towns/trial.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert refusal(write(folder, THREE.replace(was, becomes))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CLAIM.replace('"outreach"', '"outrech"'), ("error.unknown_arm", "claims.0.arm")),
        (CLAIM.replace('arm = "outreach"', ""), ("error.claim_arm", "claims.0.arm")),
        (CLAIM.replace("by_year = 2", "by_year = 9"), ("error.range", "claims.0.by_year")),
        (CLAIM.replace("unseen", "unsen"), ("error.unknown_measure", "claims.0.measure")),
        (CLAIM + 'against = "nobody"\n', ("error.unknown_arm", "claims.0.against")),
        (
            '[[combinations]]\narm = "outreach"\nparts = {nobody = 1}\n',
            ("error.unknown_arm", "combinations.0"),
        ),
        (
            '[[combinations]]\narm = "outreach"\nparts = {same = 0}\n',
            ("error.weights", "combinations.0.parts"),
        ),
        (
            '[precision]\nmeasure = "lod"\nhalf_width = 1\n',
            ("error.unknown_measure", "precision.measure"),
        ),
        (
            '[precision]\nmeasure = "load"\nhalf_width = 0\n',
            ("error.range", "precision.half_width"),
        ),
    ],
)
def test_wrong_claims_and_combinations_are_refused(folder, text, expected):
    assert refusal(write(folder, THREE + text)) == expected


def test_no_seeds_and_one_arm_are_refused(folder):
    assert refusal(write(folder, ground=GROUND.replace("seeds = 3", "seeds = []"))) == (
        "error.seeds",
        "seeds",
    )
    assert refusal(write(folder, '[[arms]]\nid = "waiting"\n')) == ("error.arms", "arms")


def test_a_shortened_run_leaves_out_claims_about_later_years(folder):
    assert read_comparison([write(folder, THREE + CLAIM)], overrides={"years": 1}).claims == ()


def test_claims_stay_with_the_file_that_makes_them(folder):
    write(folder, THREE + CLAIM)
    (folder / "mine.toml").write_text('extends = "trio.toml"\nyears = 1\n', encoding="utf-8")
    mine = read_comparison([folder / "mine.toml"])
    assert (
        [arm.id for arm in mine.arms] == ["waiting", "outreach", "same"]
        and mine.claims == ()
        and mine.base.years == 1
    )
    (folder / "mine.toml").write_text(
        'extends = "trio.toml"\n' + CLAIM.replace("unseen", "load"), encoding="utf-8"
    )
    assert [claim.measure for claim in read_comparison([folder / "mine.toml"]).claims] == ["load"]
    write(folder, CLAIM.replace('arm = "outreach"', ""), name="lone.toml")
    (folder / "child.toml").write_text('extends = "lone.toml"\n', encoding="utf-8")
    assert len(load(folder / "lone.toml").claims) == 1 and load(folder / "child.toml").claims == ()


LATE = """
[levers.outreach_worker]
fte = 1
[[levers.outreach_worker.schedule]]
start = 2027-04-01
fte = 3
[levers.intake]
door = "any_door"
start = 60
[[events]]
kind = "recession"
at = 2027-01-01
"""


def test_a_shortened_run_leaves_out_what_begins_later_and_says_so(folder):
    path = write(folder, LATE, GROUND.replace("years = 2", "years = 3"), "late.toml")
    whole, cut = read(path), read(path, overrides={"years": 1})
    assert len(whole.scenario.steps) == 3 and len(whole.scenario.events) == 1 and whole.late == ()
    assert [step.settings for step in cut.scenario.steps] == [
        {"fte": 1.0}
    ] and cut.scenario.events == ()
    assert set(cut.late) == {
        "levers.outreach_worker.schedule.0.start",
        "levers.intake.start",
        "events.0.at",
    }
    path.write_text(
        path.read_text(encoding="utf-8").replace("years = 3", "years = 1"), encoding="utf-8"
    )
    for options in ({}, {"overrides": {"seeds": 2}}):
        assert refusal(path, **options)[0] == "error.date", (
            "a file that contradicts itself is refused"
        )


def test_a_shortened_comparison_names_the_arm_of_what_it_leaves_out(folder):
    path = write(folder, (THREE + CLAIM).replace("{fte = 1}", "{fte = 1, start = 60}"))
    cut = read_comparison([path], overrides={"years": 1})
    assert (
        cut.late == ("outreach: levers.outreach_worker.start", "claims.0")
        and cut.arm("outreach").scenario.steps == ()
    )
    assert read_comparison([path]).late == ()


def test_years_given_by_the_caller_hold_for_arms_with_a_file_of_their_own(folder):
    write(folder, name="other.toml", text="levers.outreach_worker = {fte = 3}\n")
    path = write(
        folder, THREE.replace("levers.outreach_worker = {fte = 1}", 'scenario = "other.toml"')
    )
    assert {arm.scenario.years for arm in read_comparison([path], overrides={"years": 1}).arms} == {
        1
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_prints_a_comparison(folder, capsys, lang):
    text = THREE.replace(
        'id = "same"',
        'id = "same"\nparameters.needs.onset_latent = 0.03\nlevers.community = {places = 2}',
    )
    path = write(folder, 'levers.intake = {door = "any_door"}\n' + text + CLAIM)
    assert cli.main(["check", str(path), "--lang", lang]) == 0
    out = capsys.readouterr().out
    for key in (
        "section.common",
        "section.own",
        "setting.claims",
        "setting.parameters",
        "setting.practice",
    ):
        assert say(key, lang) in out
    for part in (
        "levers.intake.door",
        "levers.outreach_worker.fte",
        "parameters.needs.onset_latent",
        "0.03",
        "levers.community.places",
        "5.5",
        "2.0",
        say("check.lower", lang),
        say("check.good", lang, file="@").split("@")[1],
    ):
        assert part in out
    common, own = out.split(say("section.own", lang))
    assert (
        "levers.intake.door" in common
        and "levers.intake.door" not in own.split(say("setting.claims", lang))[0]
    )
    assert (
        cli.main(
            ["check", str(write(folder, text + CLAIM.replace("unseen", "unsen"))), "--lang", lang]
        )
        == 2
    )
    assert "claims.0.measure" in capsys.readouterr().err


def test_planned_cost_counts_posts_places_and_time(folder):
    text = THREE.replace(
        "levers.outreach_worker = {fte = 1}",
        "levers.outreach_worker = {fte = 1, start = 52}\nlevers.community = {places = 2}",
    )
    arms = read_comparison([write(folder, text)]).arms
    price = {name: BOOK.item(name).price for name in ("post_outsourced", "place")}
    assert planned(arms[0].scenario, BOOK) == 0
    assert planned(arms[1].scenario, BOOK) == pytest.approx(
        (price["post_outsourced"] / 2 + 2 * price["place"]) / 1e6
    )


def test_the_arms_of_the_main_job_that_cost_money_cost_the_same():
    comparison = read_comparison([SHIPPED / "spirals.toml"])
    check_same_cost(comparison, BOOK)
    costs = [planned(arm.scenario, BOOK) for arm in comparison.arms]
    assert costs[:2] == [0, 0] and min(costs[2:]) > 0 and max(costs[2:]) - min(costs[2:]) < 1e-9
