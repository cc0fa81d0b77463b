"""The lessons: nothing that ships is left out, the page is what the records give, and records are
what the model shows.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.declared.levers import practice_at
from sim.declared.roles import posts_by_activity
from sim.lessons import page as lessons
from sim.lessons import ranges
from sim.lessons import tables as lesson_tables
from sim.lessons.files import KINDS, files, lesson
from sim.lessons.record import NOT_RUN, RUN, lesson_record, lesson_statement, said_of
from sim.model.posts import wanted_posts
from sim.scenario.scenario import Claim
from sim.study.calibrate import TARGET_LOAD
from sim.study.effort import StudySettings
from sim.study.regions import (
    AS_SAID,
    FALSE_ALARM,
    OPEN,
    OTHER,
    as_json_value,
    ends,
    false_alarm_threshold,
    region,
    retuned,
    strongest_parameter,
)
from sim.study.runs import simulate
from sim.study.shrink import smaller
from tests.test_towns import GUIDEBOOK

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
STORED = lessons.stored_records()
IDS = [one["id"] for one in STORED]
FRESH = f"refresh it with this one command:  {lessons.COMMAND}"
CLAIM = Claim(en="c", arm="new", against="old", measure="load", direction="lower", by_year=2)


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def test_page_is_what_the_records_give():
    if (ROOT / "docs" / lessons.PAGE).read_text(encoding="utf-8") != lessons.lessons_page(STORED):
        pytest.fail(
            f"docs/{lessons.PAGE} is not what records and prose give; {FRESH}", pytrace=False
        )


def test_every_town_pair_and_pack_stands_in_the_table():
    shipped = {
        *GUIDEBOOK,
        *(path.stem for kind in KINDS[1:] for path in (SCENARIOS / f"{kind}s").glob("*.toml")),
    }
    assert set(IDS) == shipped == set(files()) and len(IDS) == len(shipped)
    for lang in words.LANGUAGES:
        assert [row[0] for row in lesson_tables.overview(STORED, lang).rows] == IDS


@pytest.mark.parametrize("id", files())
def test_records_say_what_the_files_say(id):
    stored, fresh = STORED[IDS.index(id)], lesson_statement(lesson(id))
    for name in fresh.keys() - {"claims", "state", "worlds", "ends"}:
        assert stored[name] == fresh[name], f"{id}: {name}; {FRESH} --run {id}"
    assert [{name: claim[name] for name in said_of(CLAIM)} for claim in stored["claims"]] == fresh[
        "claims"
    ], id
    assert stored["state"] in (RUN, NOT_RUN) and ("seeds" in stored) == (stored["state"] == RUN)
    assert all(("verdict" in claim) == (stored["state"] == RUN) for claim in stored["claims"])


def test_records_hold_nothing_of_the_machine_or_the_hour():
    text = lessons.STORED.read_text(encoding="utf-8")
    assert (
        "/home" not in text
        and "/tmp" not in text
        and not {"date", "host", "seconds"} & set(chain_of_keys(STORED))
    )


def chain_of_keys(content: object) -> list[str]:
    """Every key of nested records."""
    if isinstance(content, dict):
        return [*content, *(key for value in content.values() for key in chain_of_keys(value))]
    return (
        [key for value in content for key in chain_of_keys(value)]
        if isinstance(content, list)
        else []
    )


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_command_prints_one_line_a_lesson_plainly(capsys, lang):
    code, out, err = run(capsys, "lessons", "--lang", lang)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    for one in STORED:
        assert [line.split("\t")[1] for line in lines if line.startswith(one["id"] + "\t")] == [
            one["name"][lang]
        ]
    assert not set("│┃━") & set(out) and lessons.claim_counts(STORED, lang) in out


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("id", ["x05", "kaga", "kurume"])
def test_command_shows_one_lesson(capsys, lang, id):
    code, out, err = run(capsys, "lessons", "--show", id, "--lang", lang)
    one = STORED[IDS.index(id)]
    assert (
        (code, err) == (0, "")
        and one["name"][lang] in out
        and all(claim[lang] in out for claim in one["claims"])
    )


def test_unknown_lesson_is_refused_with_the_nearest(capsys):
    code, out, err = run(capsys, "lessons", "--show", "x5", "--lang", "en")
    assert (code, out) == (2, "") and "x25" in err and "Traceback" not in err


# Records


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> tuple[StudySettings, dict]:
    """A pair, simulated with 2 seeds for a year in a town of about 600 households, and in 2 worlds."""
    folder = tmp_path_factory.mktemp("lessons")
    asked = StudySettings(
        folder, seeds=2, residents=1350, worlds=2, range_residents=1350, end_seeds=2, years=1
    )
    return asked, lesson_record(lesson("x15"), asked)


def test_record_holds_the_differences_of_the_model(tiny):
    asked, one = tiny
    short = asked.reduce(lesson("x15").comparison, asked.residents)
    claims = [claim for claim in short.claims if claim.by_year == 1]
    assert (one["state"], one["seeds"], one["residents"]) == (RUN, 2, 1350) and len(
        one["claims"]
    ) == len(claims) > 0
    for claim, found in zip(claims, one["claims"], strict=True):
        yearly = [
            simulate(short.arm(arm).scenario, 2).by_year() for arm in (claim.arm, claim.against)
        ]
        firsts = [
            table[(table["measure"] == claim.measure) & (table["year"] == 1)] for table in yearly
        ]
        one_arm, other = (first.sort_values("seed")["value"].to_numpy() for first in firsts)
        assert found["mean"] == pytest.approx(float((one_arm - other).mean()), rel=1e-3)
        assert found["verdict"] == "undecided"  # two seeds decide nothing


def test_record_holds_the_worlds(tiny):
    _, one = tiny
    worlds = one["worlds"]
    assert (worlds["asked"], worlds["used"]) == (2, 2)
    assert len(worlds["claims"]) == len(one["claims"])
    assert all(
        found["parameter"] is None and found["share"] in (0, 0.5, 1) for found in worlds["claims"]
    )  # too few to decide


def test_record_holds_the_ends_of_what_the_file_supposes(tiny):
    asked, one = tiny
    assert json.loads(json.dumps(one)) == one  # as it is stored
    supposed, ends = one["supposed"], one["ends"]
    assert ends["seeds"] == 2 and len(ends["claims"]) == len(one["claims"])
    assert all([at["parameter"] for at in found] == supposed for found in ends["claims"])
    for at in ends["claims"][0]:
        known = declared()[at["parameter"]]
        assert (at["at_low"], at["at_high"]) == (known.low, known.high)
    for lang in words.LANGUAGES:
        section = lesson_tables.ends_section(one, lang)
        assert len(section.rows) == len(supposed) * sum(
            claim["role"] == "expected" for claim in one["claims"]
        )


def test_posts_at_an_end_follow_the_load_beside_that_of_the_declared_values(monkeypatch, tmp_path):
    """Where an end leaves the load of the windows that wait as it is, whatever that is, the posts
    stay.
    """
    seen = {}
    monkeypatch.setattr(
        ranges,
        "waiting_loads",
        lambda drawn, asked: {number: 2.0 if number < 3 else 3.0 for number in drawn},
    )
    monkeypatch.setattr(ranges, "retuned", lambda scenario, load: load)
    monkeypatch.setattr(ranges.cells, "Cell", lambda load, seed: load)
    monkeypatch.setattr(
        ranges,
        "values_of",
        lambda comparison, wanted, *more: seen.update(
            {place.world: load for place, load in wanted.items()}
        ),
    )
    assert ranges.over_ends(lesson("x15"), StudySettings(tmp_path, end_seeds=2)) is None
    assert {seen[1], seen[2]} == {TARGET_LOAD} and seen[3] == pytest.approx(1.5 * TARGET_LOAD)


def test_finished_cells_give_the_same_record_and_a_page(tiny, tmp_path):
    asked, one = tiny
    again = replace(asked, finished_only=True)
    assert lesson_record(lesson("x15"), again) == one
    file = tmp_path / "lessons.json"
    lessons.refresh(["x15"], again, file)
    kept = lessons.stored_records(file)
    assert [other["id"] for other in kept] == list(files())
    assert [
        other["id"] for other in kept if other["state"] == RUN
    ] == []  # a year alone is not what the file claims
    shown = lessons.lessons_page([one if other["id"] == "x15" else other for other in kept])
    assert lesson_tables.verdict(one["claims"][0], "ja")[
        1
    ] in shown and "(2 seeds" not in lessons.lessons_page(kept)


def test_a_record_is_dropped_when_what_it_shows_has_changed(tmp_path):
    whole, file = lesson_statement(lesson("x18")), tmp_path / "lessons.json"
    lived = whole | {"state": RUN, "name": {"ja": "旧", "en": "old"}}
    lessons.store_records([lived], file)
    kept = {one["id"]: one for one in lessons.stored_records(file)}["x18"]
    assert kept["state"] == RUN and kept["name"] == whole["name"]  # new words, the same result
    for changed in (
        {"settings": "0"},
        {"claims": [claim | {"by_year": 1} for claim in whole["claims"]]},
    ):
        lessons.store_records([lived | changed], file)
        assert {one["id"]: one for one in lessons.stored_records(file)}["x18"] == whole


def test_ranges_stay_beside_a_new_verdict_but_not_beside_other_claims(tmp_path, monkeypatch):
    file, fresh = tmp_path / "lessons.json", lesson_statement(lesson("x18"))
    lived = {"worlds": {"claims": ["as lived"]}, "ends": {"claims": ["as lived"]}}
    monkeypatch.setattr(
        lessons, "lesson_record", lambda lesson, asked: lesson_statement(lesson) | {"state": RUN}
    )
    for kept, there in (
        (fresh, lived),
        (fresh | {"settings": "0"}, {"worlds": None, "ends": None}),
    ):
        file.write_text(json.dumps([kept | lived | {"state": RUN}]), encoding="utf-8")
        lessons.refresh(["x18"], StudySettings(tmp_path), file)
        found = {one["id"]: one for one in lessons.stored_records(file)}["x18"]
        assert (found["state"], {name: found[name] for name in lived}) == (RUN, there)


@pytest.mark.parametrize("id", [id for id, (kind, _) in files().items() if kind == "town"])
def test_a_town_stands_beside_its_own_posts_under_windows_that_wait(id):
    waiting, own = (arm.scenario for arm in lesson(id).comparison.arms)
    assert (
        waiting.organisation.agencies == own.organisation.agencies
        and waiting.people == own.people
        and not waiting.steps
    )
    assert (
        waiting.events == own.events
        and waiting.organisation.practice == lesson("x01").comparison.base.organisation.practice
    )
    of_desks = [
        sum(wanted_posts(one, practice_at(one.organisation.practice, [], 0), 0.0))
        for one in (waiting, own)
    ]
    assert (
        of_desks[0] <= of_desks[1]
    )  # what the town's practice adds for the community and for visits


def test_what_is_never_lived_across_ranges_is_not_called_not_run():
    by_id = {one["id"]: one | {"worlds": None, "ends": None} for one in STORED}
    for lang in words.LANGUAGES:
        shown = [lesson_tables.lesson_row(by_id[id], lang)[-2:] for id in ("kaga", "kurume", "x01")]
        assert (
            shown[:2] == [("-", "-")] * 2 and shown[2] == (words.say("lessons.not_run", lang),) * 2
        )


# Smaller towns


@pytest.mark.parametrize(
    "id",
    [id for id, (kind, _) in files().items() if kind == "pair"] + ["hida", "shibuya", "nursery"],
)
def test_a_smaller_town_has_the_same_posts_and_hours_for_each_resident(id):
    whole = lesson(id).comparison
    residents = min(12_000, whole.base.people.population // 2)
    factor, small = residents / whole.base.people.population, smaller(whole, residents)
    for one, other in zip(whole.arms, small.arms, strict=True):
        for week in (0, 60, 52 * whole.base.years - 1):
            practices = [
                practice_at(arm.scenario.organisation.practice, arm.scenario.steps, week)
                for arm in (one, other)
            ]
            posts = [
                wanted_posts(arm.scenario, practice, 0.0)
                for arm, practice in zip((one, other), practices, strict=True)
            ]
            assert posts[1] == pytest.approx(posts[0] * factor), (id, one.id, week)
            met = [
                np.array(meetings(practice, arm.scenario))
                for practice, arm in zip(practices, (one, other), strict=True)
            ]
            assert met[1] == pytest.approx(met[0] * factor), (id, one.id, week)
            assert practices[1].community.places == pytest.approx(
                practices[0].community.places * factor
            )
            covered = [
                organising(practice) * practice.community.districts_per_worker
                for practice in practices
            ]
            assert covered[1] == pytest.approx(covered[0]), (id, one.id, week)


def organising(practice) -> float:
    """Posts that levers buy and that organise."""
    bought = posts_by_activity(practice, {})
    return sum(given.get("community_organising", 0.0) for given in bought.values())


def meetings(practice, scenario) -> tuple[float, float]:
    """Hours that conferences take a month, and cases that they finish."""
    settings = practice.coordination
    sittings = (
        scenario.parameters["coordination.review_sittings"] if settings.track == "review" else 1
    )
    cases = settings.conferences * settings.cases
    return cases * settings.minutes * settings.attendees, cases / sittings


def test_a_town_that_is_small_already_stays():
    hamlet = lesson("x18").comparison
    assert smaller(hamlet, 12_000).base is hamlet.base


@pytest.mark.parametrize(
    "residents", [4106, 4107]
)  # a case of its shortest conference has less than a minute, or just one
def test_meetings_keep_their_rhythm_as_long_as_a_case_has_a_minute(residents):
    whole = lesson("chigasaki").comparison
    factor, small = residents / whole.base.people.population, smaller(whole, residents)
    for one, other in zip(whole.arms, small.arms, strict=True):
        practices = [
            practice_at(arm.scenario.organisation.practice, arm.scenario.steps, 519)
            for arm in (one, other)
        ]
        assert meetings(practices[1], other.scenario) == pytest.approx(
            np.array(meetings(practices[0], one.scenario)) * factor
        )


# Regions


def drawn_values(gaps: np.ndarray) -> pd.DataFrame:
    """Values of two arms in year 2 whose difference (new - old) is `gaps` (draws,), alike in two
    seeds.
    """
    rows = [
        (arm, world, seed, 2, "load", 1.0 + (gap if arm == "new" else 0.0))
        for world, gap in enumerate(gaps, start=1)
        for seed in (1, 2)
        for arm in ("new", "old")
    ]
    return pd.DataFrame(rows, columns=["arm", "world", "seed", "year", "measure", "value"])


def test_the_parameter_that_decides_is_found_with_its_half():
    luck = np.random.default_rng(3)
    drawn = {
        draw: {name: float(value) for name, value in zip("abcdefgh", luck.random(8), strict=True)}
        for draw in range(1, 25)
    }
    middle = float(np.median([one["c"] for one in drawn.values()]))
    found = region(
        drawn_values(np.array([one["c"] - middle for one in drawn.values()])), CLAIM, drawn
    )
    assert (
        found.parameter == "c"
        and found.rho == pytest.approx(-1)
        and (found.low, found.high) == (1.0, 0.0)
    )
    assert (found.draws, found.share) == (24, 0.5) and 0 < found.floor < 1


def test_no_parameter_stands_out_by_chance_more_often_than_said():
    """False alarm of this test: 1e-7 at most, by the binomial law."""
    luck, tries, draws, parameters = np.random.default_rng(4), 400, 24, 60
    floor = false_alarm_threshold(draws, parameters)
    found = (
        strongest_parameter(luck.random(draws), dict(enumerate(luck.random((parameters, draws)))))[
            1
        ]
        for _ in range(tries)
    )
    alarms = sum(abs(rho) > floor for rho in found)
    assert alarms <= stats.binom.isf(
        1e-7, tries, 1.3 * FALSE_ALARM
    )  # Student's approximation is a little short in the tail


def test_nothing_decides_where_all_is_alike_or_draws_are_few():
    drawn = {draw: {"a": draw / 8} for draw in range(1, 9)}
    few = region(drawn_values(np.linspace(-1, 1, 8)), CLAIM, drawn)
    same = region(drawn_values(np.zeros(8)), CLAIM, drawn)
    assert (few.parameter, few.share) == ("", 0.5) and (same.parameter, same.share) == ("", 0.0)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=6), st.sampled_from(["lower", "higher"]))
def test_ends_see_one_another_in_a_mirror(gaps, direction):
    """With the sign of all differences and of the claim turned, the same is as the guidebook
    says.
    """
    claim = CLAIM.model_copy(update={"direction": direction})
    other = CLAIM.model_copy(
        update={"direction": {"lower": "higher", "higher": "lower"}[direction]}
    )
    low, high = np.array(gaps), np.array(gaps[::-1]) + 1
    one, mirrored, swapped = (
        ends(low, high, claim),
        ends(-low, -high, other),
        ends(high, low, claim),
    )
    assert (one.way_low, one.way_high, one.turns) == (
        mirrored.way_low,
        mirrored.way_high,
        mirrored.turns,
    )
    assert (one.way_low, one.way_high, one.turns) == (
        swapped.way_high,
        swapped.way_low,
        swapped.turns,
    )


def test_a_parameter_turns_a_claim_only_where_both_ends_are_told_apart():
    luck = np.array([-0.1, 0.0, 0.1, 0.0])
    wide = np.array([-3.0, 0.0, 3.0, 0.0])
    found = ends(luck - 1, luck + 1, CLAIM)  # the claim is that load is lower
    assert (found.way_low, found.way_high, found.swing, found.turns) == (
        AS_SAID,
        OTHER,
        pytest.approx(2),
        True,
    )
    assert not ends(luck - 1, luck - 2, CLAIM).turns  # as the guidebook says at both
    unsure = ends(luck - 0.5, wide, CLAIM)
    assert (unsure.way_low, unsure.way_high, unsure.turns) == (AS_SAID, OPEN, False)
    equal = ends(np.zeros(4), np.zeros(4), CLAIM)
    assert (equal.way_low, equal.way_high, equal.turns) == (OPEN, OPEN, False)
    single = ends(np.zeros(1), np.ones(1), CLAIM)
    assert (single.way_low, single.turns, as_json_value(single)["low"]) == (
        OPEN,
        False,
        [0.0, None, None],
    )


def test_posts_are_tuned_to_the_load():
    scenario = lesson("x01").comparison.base
    posts = scenario.organisation.posts_per_100k
    assert retuned(scenario, 1.35).organisation.posts_per_100k == pytest.approx(1.5 * posts)
    assert retuned(scenario, 9.0).organisation.posts_per_100k == pytest.approx(2.5 * posts)
    given = lesson("kaga").comparison.others[0].scenario
    assert retuned(given, 1.35) is given
