"""Reading scenarios: what is right is read as written, what is wrong is refused with place, value
and the nearest right name.
"""

from __future__ import annotations

import datetime
import math
import random
import string
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.declared import declared
from sim.declared.levers import LEVERS, practice_at
from sim.scenario.load import load, read
from sim.scenario.scenario import digest
from sim.scenario.scenario_file import ScenarioFile
from sim.study.idle_settings import unused
from tests.scenario_files import SCENARIO, SLOW, first, refused

KEYS = tuple(ScenarioFile.model_fields)


def test_smallest_scenario_takes_declared_values(folder):
    scenario = load(folder / "x.toml")
    assert scenario.id == scenario.name.ja == "x"
    assert scenario.organisation.id == "windows_that_wait" and scenario.people.id == "trial"
    assert scenario.parameters == {name: one.value for name, one in declared().items()}
    assert scenario.trend.onset == declared()["population.trend_onset"].value
    assert scenario.steps == () and scenario.seeds == (1,)


def test_a_child_holds_only_what_differs(folder):
    (folder / "base.toml").write_text(
        SCENARIO + 'years = 4\ntrend = "none"\n[name]\nja = "親"\nen = "parent"\n'
        "[levers.outreach_worker]\nfte = 1\n[[claims]]\nen = 'a'\nmeasure = 'm'\ndirection = 'lower'\n",
        encoding="utf-8",
    )
    (folder / "y.toml").write_text(
        'extends = "base.toml"\n[levers.outreach]\ngo_between = true\n[trend]\nonset = 0.01\n'
        "[[claims]]\nen = 'b'\nmeasure = 'm'\ndirection = 'higher'\n",
        encoding="utf-8",
    )
    loaded = read(folder / "y.toml")
    scenario = loaded.scenario
    assert scenario.years == 4 and scenario.name.en == "y"
    assert [step.settings for step in scenario.steps] == [{"fte": 1.0}, {"go_between": True}]
    assert (scenario.trend.onset, scenario.trend.staff) == (0.01, 0.0)
    assert [claim.en for claim in scenario.claims] == ["b"]
    assert loaded.origins["levers.outreach_worker.fte"].endswith("base.toml")
    assert loaded.origins["levers.outreach.go_between"].endswith("y.toml")


def test_dates_are_weeks_of_fiscal_years(folder):
    text = SCENARIO + (
        "[levers.outreach_worker]\nfte = 2\nstart = 2026-10-01\nend = 2028-03-31\nramp_months = 6\n"
        "[[levers.csw.schedule]]\nstart = 52\nfte = 1\n"
        "[[levers.csw.schedule]]\nstart = 2027-04-01\nfte = 2\n"
        '[[events]]\nkind = "recession"\nat = 2025-04-08\nsize = 1.5\n'
    )
    (folder / "x.toml").write_text(text, encoding="utf-8")
    scenario = load(folder / "x.toml")
    assert [(step.lever, step.start_week) for step in scenario.steps] == [
        ("csw", 52),
        ("outreach_worker", 78),
        ("csw", 104),
        ("outreach_worker", 155),
    ]
    assert scenario.steps[1].ramp_weeks == 26 and isinstance(
        scenario.steps[1].settings["fte"], float
    )
    assert scenario.events[0].week == 1
    standing = scenario.organisation.practice
    assert practice_at(standing, scenario.steps, 78 + 12).outreach_worker.fte == pytest.approx(1.0)
    assert practice_at(standing, scenario.steps, 154).outreach_worker.fte == 2
    assert practice_at(standing, scenario.steps, 155) == practice_at(
        standing, tuple(s for s in scenario.steps if s.lever == "csw"), 155
    )


@SLOW
@given(st.dates(datetime.date(2025, 4, 1), datetime.date(2035, 3, 31)))
def test_every_date_of_the_run_has_its_week(folder, date):
    scenario = load(
        folder / "x.toml",
        overrides={"levers.outreach_worker.fte": 1, "levers.outreach_worker.start": date},
    )
    year = date.year - (date < datetime.date(date.year, 4, 1))
    assert scenario.steps[0].start_week == (year - 2025) * 52 + min(
        51, (date - datetime.date(year, 4, 1)).days // 7
    )


def test_no_effects_means_every_null(folder):
    scenario = load(
        folder / "x.toml", overrides={"effects": "none", "parameters.needs.recover_manifest": 0.22}
    )
    for name, one in declared().items():
        expected = scenario.parameters[one.null] if isinstance(one.null, str) else one.null
        assert scenario.parameters[name] == (
            scenario.parameters[name] if one.null is None else expected
        )
    assert scenario.parameters["casework.resolve_manifest"] == 0.22


def misspelt(name: str, seed: int) -> str:
    """The name with one letter changed, dropped or doubled."""
    draw = random.Random(seed)
    place = draw.randrange(1, len(name))
    return (
        name[:place]
        + draw.choice(["", name[place] * 2, draw.choice(string.ascii_lowercase)])
        + name[place + 1 :]
    )


@SLOW
@given(
    st.sampled_from(sorted(name for name in declared() if len(name.split(".")[1]) > 5)),
    st.integers(0, 10**6),
)
def test_a_misspelt_parameter_is_refused_with_the_right_one(folder, name, seed):
    group, last = name.split(".")
    wrong = misspelt(last, seed)
    if f"{group}.{wrong}" in declared():
        return
    fault = refused(folder / "x.toml", overrides={f"parameters.{group}.{wrong}": 0.1}).faults[0]
    assert (
        fault.reason.key == "error.unknown_parameter" and fault.key == f"parameters.{group}.{wrong}"
    )
    alike = [
        SequenceMatcher(None, other.split(".")[1], wrong).ratio() for other in (fault.near, name)
    ]
    assert fault.near in declared() and alike[0] >= alike[1] - 0.05


@SLOW
@given(
    st.sampled_from(
        [
            (lever, name)
            for lever, kind in LEVERS.items()
            for name in kind.model_fields
            if len(name) > 4
        ]
    ),
    st.integers(0, 10**6),
)
def test_a_misspelt_setting_is_refused_with_the_right_one(folder, place, seed):
    lever, name = place
    wrong = misspelt(name, seed)
    if wrong in (*LEVERS[lever].model_fields, "start", "end", "ramp_months", "schedule"):
        return
    fault = refused(folder / "x.toml", overrides={f"levers.{lever}.{wrong}": 1}).faults[0]
    assert (
        fault.reason.key == "error.unknown_name"
        and fault.key == f"levers.{lever}.{wrong}"
        and fault.near == name
    )


@SLOW
@given(st.sampled_from([key for key in KEYS if len(key) > 4]), st.integers(0, 10**6))
def test_a_misspelt_key_is_refused_with_the_right_one(folder, key, seed):
    wrong = misspelt(key, seed)
    if wrong not in KEYS:
        fault = refused(folder / "x.toml", overrides={wrong: 1}).faults[0]
        assert (fault.reason.key, fault.key, fault.near) == ("error.unknown_name", wrong, key)


@SLOW
@given(st.sampled_from(sorted(declared())), st.floats(1e-6, 1e6), st.booleans())
def test_a_parameter_out_of_range_is_refused(folder, name, by, above):
    one = declared()[name]
    value = one.high + by if above else one.low - by
    assert first(refused(folder / "x.toml", overrides={f"parameters.{name}": value})) == (
        "error.range",
        f"parameters.{name}",
    )


def test_outside_ranges_only_when_asked_for_and_possible(folder):
    assert (
        load(
            folder / "x.toml",
            overrides={"outside_ranges": True, "parameters.needs.onset_latent": 0.2},
        ).parameters["needs.onset_latent"]
        == 0.2
    )
    for name, value in {
        "needs.share_elderly": 1.2,
        "intake.gap_refusal": -0.1,
        "needs.onset_latent": -1,
        "casework.hours_year": 0,
    }.items():
        assert (
            first(
                refused(
                    folder / "x.toml",
                    overrides={"outside_ranges": True, f"parameters.{name}": value},
                )
            )[0]
            == "error.range"
        )


@SLOW
@given(
    st.sampled_from(
        [
            (lever, name)
            for lever, kind in LEVERS.items()
            for name, info in kind.model_fields.items()
            if info.annotation in (float, int)
        ]
    ),
    st.sampled_from([-1, -0.001, 1e9, math.nan, math.inf, "two", "1,2,0", True]),
)
def test_a_setting_of_wrong_size_or_kind_is_refused(folder, place, value):
    key = f"levers.{place[0]}.{place[1]}"
    reason, at = first(refused(folder / "x.toml", overrides={key: value}))
    assert at == key and reason in ("error.range", "error.type", "error.finite")


BAD_SCENARIOS = {
    "policy ends before it starts": (
        {
            "levers.outreach_worker.fte": 1,
            "levers.outreach_worker.start": 60,
            "levers.outreach_worker.end": 9,
        },
        "error.end_before_start",
    ),
    "policy after the years": (
        {
            "levers.outreach_worker.fte": 1,
            "levers.outreach_worker.start": datetime.date(2040, 4, 1),
        },
        "error.date",
    ),
    "policy before the years": (
        {
            "levers.outreach_worker.fte": 1,
            "levers.outreach_worker.start": datetime.date(2020, 4, 1),
        },
        "error.date",
    ),
    "lever without settings": ({"levers.outreach": {"start": 3}}, "error.lever_empty"),
    "schedule in disorder": (
        {"levers.outreach_worker.schedule": [{"start": 9, "fte": 1}, {"start": 3, "fte": 2}]},
        "error.schedule_order",
    ),
    "hub without posts": ({"levers.coordination.hub": "backup"}, "error.hub"),
    "hub of an activity that nobody has": (
        {"levers.coordination.hub": "backup", "levers.csw.fte": 2},
        "error.hub",
    ),
    "unknown activity": ({"levers.csw.mix": "visitng"}, "error.unknown_activity"),
    "activities beyond one": (
        {"levers.csw.mix": {"visiting": 0.8, "coordination": 0.4}},
        "error.activity_shares",
    ),
    "unknown target": ({"levers.outreach.targeting": "tip"}, "error.unknown_choice"),
    "targets beyond one": (
        {"levers.outreach.targeting": {"tips": 0.8, "list": 0.4}},
        "error.targets",
    ),
    "posts for no agency": ({"levers.staffing.add": {"eldery": 1}}, "error.unknown_agency"),
    "negative posts": ({"levers.staffing.add": {"elderly": -1}}, "error.range"),
    "nobody to accompany": (
        {"levers.accompaniment": {"months": 6, "who": "community"}},
        "error.community_accompanies",
    ),
    "unknown lever": ({"levers.outreech.fte": 1}, "error.unknown_lever"),
    "unknown group": ({"parameters.need.onset_latent": 1}, "error.unknown_parameter"),
    "unknown mechanism": ({"switched_off": ["neds"]}, "error.unknown_mechanism"),
    "unknown field": ({"fields_off": ["poverti"]}, "error.unknown_choice"),
    "no years": ({"years": 0}, "error.range"),
    "years as text": ({"years": "ten"}, "error.type"),
    "seeds twice": ({"seeds": [1, 1]}, "error.seeds"),
    "no seeds": ({"seeds": 0}, "error.seeds"),
    "trend of no kind": ({"trend": "defalt"}, "error.unknown_choice"),
    "half a disaster too much": (
        {"events": [{"kind": "disaster", "at": 3, "size": 1.5}]},
        "error.range",
    ),
    "event of no kind": ({"events": [{"kind": "flood", "at": 3}]}, "error.unknown_choice"),
    "event without date": ({"events": [{"kind": "disaster"}]}, "error.missing"),
    "claim without measure": ({"claims": [{"en": "a", "direction": "lower"}]}, "error.missing"),
    "date where none belongs": ({"years": datetime.date(2025, 4, 1)}, "error.type"),
    "levers as a list": ({"levers": [1]}, "error.type"),
    "town as a number": ({"town": 3}, "error.type"),
    "stocks beyond one": (
        {
            "outside_ranges": True,
            "parameters.town.init_latent": 0.6,
            "parameters.town.init_manifest": 0.6,
        },
        "error.stocks",
    ),
}


@pytest.mark.parametrize("name", BAD_SCENARIOS)
def test_bad_scenarios(folder, name):
    overrides, reason = BAD_SCENARIOS[name]
    assert first(refused(folder / "x.toml", overrides=overrides))[0] == reason


def test_what_is_set_in_vain_is_named(folder):
    scenario = load(
        folder / "x.toml",
        overrides={
            "levers.outreach.persistence": 4,
            "levers.intake.door": "by_field",
            "switched_off": ["outreach"],
        },
    )
    assert {phrase.key for phrase in unused(scenario)} == {
        "unused.needs",
        "unused.same",
        "unused.mechanism",
    }
    assert unused(load(folder / "x.toml", overrides={"levers.outreach_worker.fte": 1})) == ()


def test_equal_content_has_an_equal_digest(folder):
    first_one, second = (
        load(folder / "x.toml"),
        load(folder / "x.toml", overrides={"seeds": 3, "claims": []}),
    )
    assert digest(first_one) == digest(second)
    assert digest(first_one) != digest(
        load(folder / "x.toml", overrides={"levers.outreach_worker.fte": 1})
    )
    assert digest(load(folder / "x.toml", overrides={"levers.outreach_worker.fte": 1})) == digest(
        load(folder / "x.toml", overrides={"levers.outreach_worker.fte": 1.0})
    )


def test_an_amount_with_a_plus_adds_to_what_the_organisation_has(folder):
    organisation = folder / "organisations/windows_that_wait.toml"
    waiting = organisation.read_text(encoding="utf-8")
    organisation.write_text(waiting + "[practice.csw]\nfte = 6.4\n", encoding="utf-8")
    text = SCENARIO + (
        '[levers.csw]\nfte = "+1.5"\n[[levers.csw.schedule]]\nstart = 52\nfte = "+2"\n'
    )
    (folder / "x.toml").write_text(text, encoding="utf-8")
    assert [step.settings["fte"] for step in load(folder / "x.toml").steps] == [7.9, 8.4]
    for wrong in ('"-1"', '"+one"'):
        error = refused(folder / "x.toml", text=SCENARIO + f"[levers.csw]\nfte = {wrong}\n")
        assert first(error) == ("error.type", "levers.csw.fte")
    error = refused(
        folder / "x.toml", text=SCENARIO + '[levers.community]\nback_supporters = "+1"\n'
    )
    assert first(error)[0] == "error.type"
