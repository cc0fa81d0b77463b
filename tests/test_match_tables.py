"""Tables of targets and ranges: what is read, and what is refused at its place."""

from __future__ import annotations

import csv

import pytest

from sim.declared.records import FLOWS, column_names
from sim.study.match.match import check_settings, match
from sim.study.match.ranges import read_ranges
from sim.study.match.settings import MatchSettings
from sim.study.match.space import GIVEN, space_of
from sim.study.match.targets import (
    COLUMNS,
    OPEN_TARGETS,
    Target,
    measurable,
    read_targets,
    targets_of,
)
from sim.study.measures import MEASURES
from sim.words import LANGUAGES
from sim.words.errors import ScenarioError

HEAD = "id,measure,accept_low,accept_high,centre,weight,first_year,last_year\n"


def refusal(call, *arguments, **named) -> str:
    """What is refused, whole in both languages; in English."""
    with pytest.raises(ScenarioError) as caught:
        call(*arguments, **named)
    for lang in LANGUAGES:
        assert "{" not in caught.value.say(lang)
    return caught.value.say("en")


def written(folder, text: str, encoding: str = "utf-8"):
    """A file of this text."""
    file = folder / "table.csv"
    file.write_text(text, encoding=encoding)
    return file


def test_the_open_targets_have_names_and_sources_in_both_languages():
    targets = read_targets()
    assert {one.id.rstrip("abcd") for one in targets} >= {"T1", "T2", "T5", "T6", "T8", "T10"}
    for one in targets:
        assert one.low < one.high and one.low <= one.centre <= one.high and one.window == (3, 8)
        for lang in LANGUAGES:
            assert one.name.say(lang) and one.source.say(lang)
        assert one.name.ja != one.name.en
    weights = {one.id: one.weight for one in targets}
    assert weights["T12"] == 0 and weights["T11a"] == weights["T5c"] == 0.5 and weights["T1"] == 1
    first = next(one for one in targets if one.id == "T1")
    assert (first.centre, first.sd, first.measure) == (20, 3.5, "new_poverty")


def test_open_targets_that_cannot_be_measured_yet_wait_as_whole_rows():
    """Each is added by taking its mark away once its measure is there."""
    rows = list(csv.reader(OPEN_TARGETS.open(encoding="utf-8")))
    waiting = [row for row in rows if row[0].startswith("# T")]
    assert waiting and all(len(row) == len(COLUMNS) for row in waiting)
    for row in waiting:
        found = dict(zip(COLUMNS, row, strict=True))
        assert found["measure"] not in measurable(), f"{row[0]} can be measured now"
        assert float(found["accept_low"]) < float(found["accept_high"])
        assert all(found.values())


def test_a_row_in_full_and_one_with_defaults(tmp_path):
    text = HEAD + "a,load,0.8,1.0,0.95,.5,2,4\nb,latent,7%,15%,,,,\n# a remark\n\n"
    first, second = read_targets(written(tmp_path, text))
    assert (first.centre, first.weight, first.window) == (0.95, 0.5, (2, 4))
    assert (second.low, second.high, second.centre) == (7, 15, 11)  # measured in per cent
    assert (second.weight, second.window, second.sd) == (1, (3, 8), 2)


def test_headings_may_be_japanese_and_the_file_shift_jis(tmp_path):
    text = "番号,指標,下限,上限,名称\nア,load,０．８,1.0,負荷\n"
    (one,) = read_targets(written(tmp_path, text, "cp932"))
    assert (one.id, one.measure, one.low, one.label("ja")) == ("ア", "load", 0.8, "負荷")
    assert one.label("en") == next(m.en for m in MEASURES if m.name == "load")


def test_any_measure_and_any_weekly_column_can_be_a_target():
    names = measurable()
    assert {one.name for one in MEASURES} <= set(names) and set(column_names(FLOWS)) <= set(names)
    assert names["load"] is next(one.formula for one in MEASURES if one.name == "load")


@pytest.mark.parametrize(
    ("row", "place", "told"),
    [
        ("a,laod,1,2,,,,", "B2", ("laod", "load", "no measure")),
        ("a,load,two,2,,,,", "C2", ("two", "number")),
        ("a,load,,2,,,,", "C2", ("missing",)),
        ("a,load,2,1,,,,", "C2", ("2 - 1.5 - 1",)),
        ("a,load,1,2,3,,,", "C2", ("1 - 3 - 2",)),
        ("a,load,1,2,,2,,", "F2", ("0 to 1",)),
        ("a,load,1,2,,,9,4", "G2", ("9 - 4",)),
        ("a,load,1,2,,,1.5,4", "G2", ("1.5", "whole")),
        ("a,load,1,2,,,3,99", "H2", ("99", "1 to 30")),
        (",load,1,2,,,,", "A2", ("missing",)),
        ("a,load,1,2,,,,\na,latent,1,2,,,,", "A3", ("same id", "line 2")),
    ],
)
def test_a_row_that_is_wrong_is_refused_at_its_cell(tmp_path, row, place, told):
    said = refusal(read_targets, written(tmp_path, HEAD + row + "\n"))
    assert "table.csv" in said and place in said
    for part in told:
        assert part in said


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    said = refusal(read_targets, written(tmp_path, HEAD + "a,laod,1,2\nb,load,x,2\nc,load,2,1\n"))
    assert all(place in said for place in ("B2", "C3", "C4"))


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("id,measure,accept_low", "accept_high"),
        ("id,mesure,accept_low,accept_high", "measure"),
        ("id,measure,accept_low,accept_high,id", "same heading"),
    ],
)
def test_a_heading_that_is_wrong_is_refused(tmp_path, heading, told):
    assert told in refusal(read_targets, written(tmp_path, heading + "\na,load,1,2,3\n"))


def test_targets_that_rule_out_nothing_are_refused(tmp_path):
    assert "no target" in refusal(targets_of, [Target("a", "load", 1, 0, 2, weight=0)])
    assert "no measure" in refusal(targets_of, [Target("a", "laod", 1, 0, 2)])
    assert "low end" in refusal(targets_of, [Target("a", "load", 3, 0, 2)])
    assert "no rows" in refusal(read_targets, written(tmp_path, HEAD))


def test_ranges_of_a_table(tmp_path):
    text = "parameter,low,high\nneeds.coupling,0.1,0.3\nneeds.onset_latent,2%,4%\n"
    space = read_ranges(written(tmp_path, text))
    assert space.names == ["needs.coupling", "needs.onset_latent"]
    assert [(axis.low, axis.high, axis.kind) for axis in space.axes] == [
        (0.1, 0.3, GIVEN),
        (0.02, 0.04, GIVEN),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("needs.onset_latnt,0.1,0.2", ("A2", "needs.onset_latent")),
        ("needs.onset_latent,0.2,0.1", ("A2", "0.2 - 0.1")),
        ("needs.onset_latent,0.1,", ("C2", "missing")),
        ("needs.onset_latent,a,0.2", ("B2", "number")),
        ("asking.one_off_share,0.2,1.5", ("A2", "0.2 - 1.5")),
        ("needs.onset_latent,0.1,0.2\nneeds.onset_latent,0.1,0.3", ("A3",)),
    ],
)
def test_ranges_that_are_wrong_are_refused_at_their_cell(tmp_path, row, told):
    said = refusal(read_ranges, written(tmp_path, f"parameter,low,high\n{row}\n"))
    assert all(part in said for part in told)


def test_ranges_in_python_are_refused_by_name():
    assert "needs.onset_latent" in refusal(space_of, {"needs.onset_latnt": (0, 1)})
    assert "two numbers" in refusal(space_of, {"needs.onset_latent": 3})
    assert "no parameter" in refusal(space_of, {})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sets": 0}, "sets"),
        ({"waves": 51}, "waves"),
        ({"repeat_seeds": 100}, "repeat_seeds"),
        ({"cutoff": 0}, "cutoff"),
        ({"rank": 3}, "rank"),
        ({"emulator": "quadratik"}, "quadratic"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, told):
    assert told in refusal(check_settings, MatchSettings(**settings), 300, "follow", 2)


def test_choices_that_there_are_not_are_refused():
    assert "follow" in refusal(check_settings, MatchSettings(), 300, "folow", 2)
    assert "households" in refusal(match, households=3)
