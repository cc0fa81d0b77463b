"""Files that cannot be read and towns that cannot be: each refused with a reason, never a
traceback.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.load import load
from sim.words.errors import ScenarioError
from tests.scenario_files import COMPOSITION, PEOPLE, SCENARIO, SLOW, WAITING, first, refused

BAD_PEOPLE = {
    "no people": (PEOPLE.replace("10000", "0"), "error.range"),
    "ageing rate of 140 %": (PEOPLE.replace("0.32", "1.4"), "error.range"),
    "ageing rate in per cent": (PEOPLE.replace("0.32", "32"), "error.range"),
    "no districts": (PEOPLE.split("districts")[0] + "districts = []\n", "error.missing"),
    "districts beyond one": (PEOPLE.replace("0.6", "0.9"), "error.district_shares"),
    "district twice": (PEOPLE.replace("south", "north"), "error.district_twice"),
    "composition beyond one": (
        PEOPLE + COMPOSITION.replace("other = 0.1", "other = 0.4"),
        "error.composition",
    ),
    "unknown kind": (
        PEOPLE + COMPOSITION.replace("elder_alone", "elder_alon"),
        "error.unknown_name",
    ),
    "negative share": (PEOPLE + COMPOSITION.replace("other = 0.1", "other = -0.1"), "error.range"),
    "too young for its elders": (PEOPLE.replace("0.32", "0.10") + COMPOSITION, "error.ages"),
    "too old for its children": (
        PEOPLE.replace("0.32", "0.74")
        + COMPOSITION.replace("elder_couple = 0.15", "elder_couple = 0").replace(
            "working_alone = 0.2", "working_alone = 0.35"
        ),
        "error.ages",
    ),
    "everyone old, with children": (
        PEOPLE.replace("0.32", "0.75") + "[composition]\nsingle_parent = 1.0\n",
        "error.ages",
    ),
    "too few to a household": (
        PEOPLE + "persons_per_household = 1.3\n" + COMPOSITION,
        "error.size",
    ),
    "empty table": (PEOPLE + "[households.north]\nother = 0\n", "error.no_households"),
    "table of another district": (
        PEOPLE + "[households.nort]\nother = 10\n",
        "error.unknown_district",
    ),
    "table of another kind": (PEOPLE + "[households.north]\nothr = 10\n", "error.unknown_name"),
    "table with a negative number": (
        PEOPLE + "[households.north]\nother = 10\nelder_alone = -1\n",
        "error.range",
    ),
    "more people than the table holds": (
        PEOPLE + "[households.north]\nworking_alone = 10\n",
        "error.size",
    ),
    "fewer households than districts": (PEOPLE.replace("10000", "2"), "error.few_households"),
    "people as text": (PEOPLE.replace("10000", '"many"'), "error.type"),
    "half a person": (PEOPLE.replace("10000", "10000.5"), "error.type"),
    "a setting too many": (PEOPLE + "popualtion = 3\n", "error.unknown_name"),
    "no ageing rate": (PEOPLE.replace("ageing_rate = 0.32", ""), "error.missing"),
}
BAD_ORGANISATIONS = {
    "no posts": (WAITING.replace("posts_per_100k = 63", ""), "error.no_posts"),
    "posts at a rate of 0": (WAITING.replace("= 63", "= 0"), "error.range"),
    "shares beyond one": (WAITING.replace("0.36", "0.46"), "error.agency_shares"),
    "agency twice": (WAITING.replace('id = "child"', 'id = "poverty"'), "error.agency_twice"),
    "unknown district": (WAITING + 'districts = ["nort"]\n', "error.unknown_district"),
    "a field nobody serves": (
        WAITING.replace('field = "child"', 'field = "poverty"'),
        "error.uncovered",
    ),
    "a district nobody serves": (WAITING + 'districts = ["north"]\n', "error.uncovered"),
    "mix beyond one": (WAITING + "mix = {regular = 0.9, contract = 0.3}\n", "error.mix"),
    "unknown post kind": (WAITING + "mix = {regula = 1.0}\n", "error.unknown_choice"),
    "unknown field": (
        WAITING.replace('field = "child"', 'field = "chidl"'),
        "error.unknown_choice",
    ),
    "hub without posts": (WAITING + '[practice.coordination]\nhub = "gap_filler"\n', "error.hub"),
    "no agencies": ('name = {ja = "a", en = "a"}\nagencies = []\n', "error.missing"),
    "unknown practice": (WAITING + "[practice.outreech]\nfte = 1\n", "error.unknown_name"),
}


@pytest.mark.parametrize("name", BAD_PEOPLE)
def test_bad_people(folder, name):
    text, reason = BAD_PEOPLE[name]
    (folder / "towns/trial.toml").write_text(text, encoding="utf-8")
    error = refused(folder / "x.toml")
    assert first(error)[0] == reason and error.faults[0].file.endswith("trial.toml")


@pytest.mark.parametrize("name", BAD_ORGANISATIONS)
def test_bad_organisations(folder, name):
    text, reason = BAD_ORGANISATIONS[name]
    (folder / "organisations/windows_that_wait.toml").write_text(text, encoding="utf-8")
    error = refused(folder / "x.toml")
    assert first(error)[0] == reason and error.faults[0].file.endswith("windows_that_wait.toml")


def test_a_composition_that_fits_is_taken(folder):
    (folder / "towns/trial.toml").write_text(PEOPLE + COMPOSITION, encoding="utf-8")
    assert load(folder / "x.toml").people.composition["other"] == 0.1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "error.empty"),
        (b"# only a remark\n", "error.empty"),
        (b"town = ", "error.toml"),
        ("town = 'あ'".encode("cp932"), "error.encoding"),
        (b"\xff\xfe\x00t", "error.encoding"),
        (b"years = nan\n", "error.finite"),
        (b"years = inf\n", "error.finite"),
        (b"years = 3\n", "error.no_town"),
        (b"a = " + b"[" * 5000, "error.too_deep"),
        (b"x = " + b"9" * 5000, "error.digits"),
        (b"PK\x03\x04", "error.toml"),
    ],
)
def test_files_that_cannot_be_read(folder, content, reason):
    (folder / "x.toml").write_bytes(content)
    assert first(refused(folder / "x.toml"))[0] == reason


def test_a_folder_and_a_file_that_is_not_there(folder):
    assert first(refused(folder / "towns"))[0] == "error.directory"
    error = refused(folder / "xx.toml")
    assert first(error)[0] == "error.not_found" and error.faults[0].near == "x.toml"


def test_a_byte_order_mark_is_no_fault(folder):
    (folder / "x.toml").write_bytes(b"\xef\xbb\xbf" + SCENARIO.encode())
    assert load(folder / "x.toml").years == 10


def test_paths_stay_inside_the_scenario_folder(folder, tmp_path):
    (tmp_path / "outside.toml").write_text(SCENARIO, encoding="utf-8")
    for written in ("../outside.toml", str(tmp_path / "outside.toml")):
        text = f"extends = '{written}'\n"
        assert first(refused(folder / "x.toml", text=text)) == ("error.outside", "extends")
        assert load(folder / "x.toml", allow_outside=True).years == 10
    assert first(refused(folder / "x.toml", text='town = "/etc/passwd"\n'))[0] == "error.outside"
    if sys.platform == "win32":
        return  # making a link needs rights there
    (folder / "link.toml").symlink_to(tmp_path / "outside.toml")
    assert first(refused(folder / "x.toml", text='extends = "link.toml"\n'))[0] == "error.outside"


def test_files_in_a_folder_below_may_name_files_above(folder):
    (folder / "pairs").mkdir()
    (folder / "pairs/a.toml").write_text('extends = "../x.toml"\n', encoding="utf-8")
    assert load(folder / "pairs/a.toml").people.id == "trial"


def test_circles_are_refused(folder):
    (folder / "y.toml").write_text('extends = "x.toml"\n', encoding="utf-8")
    assert first(refused(folder / "x.toml", text='extends = "y.toml"\n'))[0] == "error.cycle"
    assert first(refused(folder / "x.toml", text='extends = "x.toml"\n'))[0] == "error.cycle"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
PLACES = st.sampled_from(
    [
        "years",
        "seeds",
        "levers",
        "levers.outreach",
        "levers.outreach_worker.fte",
        "levers.outreach_worker.schedule",
        "levers.outreach_worker.start",
        "levers.outreach.targeting",
        "levers.staffing.add",
        "events",
        "claims",
        "trend",
        "trend.onset",
        "parameters",
        "parameters.needs",
        "parameters.needs.onset_latent",
        "name",
        "question",
        "switched_off",
        "fields_off",
        "effects",
        "town",
        "organisation",
        "outside_ranges",
        "start_year",
        "run_in_weeks",
        "event_log",
    ]
)


@settings(SLOW, max_examples=300)
@given(PLACES, VALUES)
def test_nothing_but_a_refusal_comes_of_any_value(folder, place, value):
    try:
        load(folder / "x.toml", overrides={place: value})
    except ScenarioError as error:
        assert error.say("ja") and error.say("en") and all(fault.file for fault in error.faults)
