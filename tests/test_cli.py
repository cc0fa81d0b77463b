"""Commands: what they print, what they write, and that whatever a user does wrong ends in one
message and exit code 2.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.scenario.load import load
from sim.towns.new_town import Numbers, write_town
from tests.scenario_files import SLOW

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_check_prints_every_parameter_with_its_grade(folder, capsys, lang):
    code, out, err = run(capsys, "check", folder / "x.toml", "--lang", lang)
    assert (code, err) == (0, "")
    for name in declared():
        assert name in out
    assert words.say("setting.practice", lang) in out and words.say("check.model", lang)[:10] in out


def test_check_names_what_has_no_effect(folder, capsys):
    (folder / "x.toml").write_text(
        'town = "towns/trial.toml"\n[levers.outreach]\npersistence = 3\n', encoding="utf-8"
    )
    code, out, _ = run(capsys, "check", folder / "x.toml", "--quiet", "--lang", "en")
    assert (
        code == 0
        and "levers.outreach.persistence has no effect: levers.outreach_worker.fte, csw.fte" in out
    )


def test_check_writes_a_file(folder, capsys, tmp_path):
    code, _, _ = run(
        capsys, "check", folder / "x.toml", "--out", tmp_path / "sub/x.txt", "--lang", "ja"
    )
    assert code == 0 and "needs.onset_latent" in (tmp_path / "sub/x.txt").read_text(
        encoding="utf-8"
    )
    assert [file.name for file in (tmp_path / "sub").iterdir()] == ["x.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("chek",),
        ("check",),
        ("check", "nothing.toml"),
        ("check", "."),
        ("check", "x.toml", "--lang", "fr"),
        ("check", "x.toml", "--outt"),
        ("parameters", "--format", "xml"),
        ("towns", "--folder", "nothing"),
        ("new-town", "--id", "a"),
        ("new-town", "--id", "../a", "--population", "9", "--ageing-rate", ".3"),
        ("new-town", "--id", "a", "--population", "many", "--ageing-rate", ".3"),
        ("new-town", "--id", "a", "--population", "9999", "--ageing-rate", "1.4"),
        ("new-town", "--id", "a", "--population", "9999", "--ageing-rate", "nan"),
        ("new-town", "--id", "a", "--population", "9999", "--ageing-rate", ".3", "--posts", "-3"),
        ("new-town", "--id", "a", "--population", "-5", "--ageing-rate", ".3", "--posts", "3"),
        ("new-town", "--csv", "nothing.csv"),
        ("new-town", "--id", "a", "--population", "9999", "--ageing-rate", ".3", "--posts", "inf"),
        ("parameters", "--format", "csv", "--out", "."),
    ],
)
def test_what_a_user_can_mend_ends_in_exit_code_2(arguments, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2 and "Traceback" not in err + out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lacking", "arguments"),
    [
        ("--synthetic", ("nation", "--synthetic", "--years", "1")),
        ("--out", ("parameters", "--out", "--quiet")),
        ("--out", ("run", "x.toml", "--out", "-q")),
    ],
)
def test_an_option_is_not_taken_for_the_value_of_another(
    lacking, arguments, capsys, monkeypatch, tmp_path
):
    """No file of the name of an option is written."""
    monkeypatch.chdir(tmp_path)
    assert cli.main([*arguments]) == 2
    assert lacking in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_process_has_the_exit_code(folder, tmp_path):
    (folder / "x.toml").write_text("years = 0\ntown = 'towns/trial.toml'\n", encoding="utf-8")
    command = [sys.executable, "-m", "sim", "check", str(folder / "x.toml"), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, encoding="utf-8")
    assert (
        done.returncode == 2
        and done.stdout == ""
        and "years: the value is out of range" in done.stderr
        and "Traceback" not in done.stderr
    )


def test_an_interruption_is_exit_code_130(capsys, monkeypatch):
    def stopped(**_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "towns", lambda: stopped())
    code, _, err = run(
        capsys,
        "towns",
    )
    assert code == 130 and err.count("\n") == 1


@SLOW
@given(st.binary(max_size=200))
def test_no_bytes_make_a_traceback(folder, data):
    (folder / "x.toml").write_bytes(data)
    assert cli.main(["check", str(folder / "x.toml"), "--quiet"]) in (0, 2)


def test_parameter_tables_hold_every_parameter(capsys, tmp_path):
    out = run(capsys, "parameters", "--format", "csv")[1]
    assert [row["name"] for row in csv.DictReader(io.StringIO(out))] == list(declared())
    out = run(capsys, "parameters", "--format", "json")[1]
    assert {row["name"]: row["value"] for row in json.loads(out)} == {
        name: one.value for name, one in declared().items()
    }
    out = run(capsys, "parameters", "--format", "markdown", "--lang", "ja")[1]
    assert all(f"| `{name}` | {one.ja} |" in out for name, one in declared().items())
    assert run(capsys, "parameters", "--format", "csv", "--out", tmp_path / "p.csv")[0] == 0
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "needs.onset_latent" in run(capsys, "parameters")[1]


def schema_of(capsys, kind: str) -> dict:
    return json.loads(run(capsys, "parameters", "--format", "schema", "--of", kind)[1])


def test_the_schema_refuses_what_load_refuses(capsys):
    schema = schema_of(capsys, "scenario")
    for wrong in (
        {"yeers": 3},
        {"years": 0},
        {"levers": {"csw": {"fte": -1}}},
        {"levers": {"outreech": {}}},
        {"switched_off": ["neds"]},
        {"parameters": {"needs": {"onste_latent": 0.04}}},
        {"trend": "defalt"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
    jsonschema.validate(
        {
            "levers": {"outreach_worker": {"fte": 2, "mix": "visiting", "start": "2025-04-01"}},
            "trend": {"onset": 0.01},
            "seeds": 20,
        },
        schema,
    )


def titles(schema, place=()):
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            yield (*place, name), part.get("title", "")
        for name, part in schema.items():
            yield from titles(part, (*place, name))


def test_every_setting_has_a_title_in_both_languages(capsys):
    for kind in cli.Kind:
        for place, title in titles(schema_of(capsys, kind)):
            assert " / " in title, place


def test_towns_that_ship_are_listed(capsys):
    code, out, _ = run(capsys, "towns", "--folder", SCENARIOS, "--lang", "ja")
    assert code == 0 and all(file.stem in out for file in (SCENARIOS / "towns").glob("*.toml"))


@SLOW
@given(
    st.integers(2_000, 2_000_000),
    st.floats(0.05, 0.6),
    st.integers(1, 40),
    st.none() | st.floats(1, 2000),
)
def test_a_new_town_can_be_loaded(tmp_path_factory, population, ageing_rate, districts, posts):
    folder = tmp_path_factory.mktemp("t") / "scenarios"
    if posts is not None and posts / population > 0.01:
        return
    files = write_town(
        Numbers("mine", '私の"町"\n', "My \\ town", population, ageing_rate, districts, posts),
        folder,
    )
    scenario = load(files[-1])
    assert (scenario.people.population, len(scenario.people.districts), scenario.name.ja) == (
        population,
        districts,
        '私の"町"\n',
    )
    total = sum(
        sum(scenario.organisation.posts_of(one, population).values())
        for one in scenario.organisation.agencies
    )
    text = (SCENARIOS / "organisations" / "windows_that_wait.toml").read_text(encoding="utf-8")
    waiting = tomllib.loads(text)["posts_per_100k"]
    assert total == pytest.approx(posts if posts is not None else waiting * population / 1e5)


def test_a_new_town_replaces_nothing(capsys, tmp_path):
    arguments = (
        "new-town",
        "--id",
        "a",
        "--population",
        9000,
        "--ageing-rate",
        0.3,
        "--out",
        tmp_path,
    )
    assert run(capsys, *arguments)[0] == 0
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.toml")}
    assert run(capsys, *arguments)[0] == 2
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.toml")} == before


TABLE = (
    "地区,世帯類型,世帯数\n山手,高齢者の単独世帯,300\n山手,couple_with_children,400\n"
    '海辺,その他の世帯,"1,200"\n海辺,working_alone,100\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_new_town_from_a_csv(capsys, tmp_path, encoding):
    (tmp_path / "t.csv").write_text(TABLE, encoding=encoding)
    code, _, err = run(
        capsys,
        "new-town",
        "--csv",
        tmp_path / "t.csv",
        "--id",
        "a",
        "--population",
        4800,
        "--ageing-rate",
        0.25,
        "--out",
        tmp_path,
    )
    assert (code, err) == (0, "")
    people = load(tmp_path / "a.toml").people
    assert people.households == {
        "山手": {"elder_alone": 300, "couple_with_children": 400},
        "海辺": {"other": 1200, "working_alone": 100},
    }
    assert {district.id: district.share for district in people.districts} == {
        "山手": 0.35,
        "海辺": 0.65,
    }


BAD_TABLES = {
    "no such heading": TABLE.replace("世帯類型", "類い"),
    "unknown kind": TABLE.replace("その他の世帯", "そのほか"),
    "half a household": TABLE.replace("300", "3.5"),
    "fewer than none": TABLE.replace("300", "-3"),
    "misspelt": TABLE.replace("couple_with_children", "couple_with_childrn"),
    "a pair twice": TABLE.replace("couple_with_children", "高齢者の単独世帯"),
    "nothing": "",
    "heading alone": TABLE.split("\n")[0] + "\n",
    "no text": "\x00",
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_csv_is_refused(capsys, tmp_path, name):
    (tmp_path / "t.csv").write_text(BAD_TABLES[name], encoding="utf-8")
    code, _, err = run(
        capsys,
        "new-town",
        "--csv",
        tmp_path / "t.csv",
        "--id",
        "a",
        "--population",
        4800,
        "--ageing-rate",
        0.25,
        "--out",
        tmp_path,
    )
    assert code == 2 and "t.csv" in err and [file.name for file in tmp_path.iterdir()] == ["t.csv"]


def test_a_new_town_is_asked_for_on_a_terminal(capsys, monkeypatch, tmp_path):
    answers = iter(["mine", "私の町", "Mine", "20000", "0.3", "4", "12"])
    monkeypatch.setattr(cli.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        cli.typer, "prompt", lambda text, default=None, type=str: type(next(answers))
    )
    assert run(capsys, "new-town", "--out", tmp_path)[0] == 0
    assert len(load(tmp_path / "mine.toml").people.districts) == 4
