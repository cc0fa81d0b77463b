"""What people type: numbers and dates in files, overrides and options; letters that only look
right; the dialogue of new-town.
"""

from __future__ import annotations

import datetime
import itertools

import pytest

from sim import words
from sim.cli import main as cli
from sim.scenario.load import load
from tests.scenario_files import PEOPLE, SCENARIO, first, refused


@pytest.fixture(autouse=True)
def system_language():
    yield
    words.speak(None)


@pytest.mark.parametrize(
    "typed", ["10,000", "１００００", "１０，０００", "1万", "1.0万", "10000人", "10 000"]
)
def test_whole_numbers_in_a_file(folder, typed):
    (folder / "towns/trial.toml").write_text(
        PEOPLE.replace("10000", f'"{typed}"'), encoding="utf-8"
    )
    assert load(folder / "x.toml").people.population == 10_000


@pytest.mark.parametrize("typed", ["32%", "３２％", "0.32", "０．３２", ".32", "3.2割"])
def test_shares_in_a_file(folder, typed):
    (folder / "towns/trial.toml").write_text(PEOPLE.replace("0.32", f'"{typed}"'), encoding="utf-8")
    assert load(folder / "x.toml").people.ageing_rate == 0.32


@pytest.mark.parametrize(
    "typed", ["1,2,0", "4,5万", "about 3", "", "nan", "inf", "1.5.2", "+", "%", "万"]
)
def test_what_is_no_number_is_refused_as_it_was_typed(folder, typed):
    error = refused(folder / "x.toml", overrides={"levers.outreach_worker.fte": typed})
    assert (
        first(error) == ("error.type", "levers.outreach_worker.fte")
        and error.faults[0].given == typed
    )


def test_a_number_out_of_range_is_shown_as_it_was_typed(folder):
    error = refused(folder / "x.toml", overrides={"years": "4百年"})
    assert first(error) == ("error.type", "years")
    error = refused(folder / "x.toml", overrides={"years": "４００"})
    assert first(error) == ("error.range", "years") and error.faults[0].given == "４００"


def test_a_text_with_a_sign_is_no_amount_where_nothing_can_be_added_to(folder):
    assert (
        first(refused(folder / "x.toml", overrides={"levers.staffing.add": {"elderly": "+2"}}))[0]
        == "error.type"
    )


DATES = [
    "R8.4.1",
    "Ｒ８．４．１",
    "令和8年4月",
    "令和8年4月1日",
    "2026/4/1",
    "2026-04-01",
    "２０２６．４．１",
    "R8/4",
]


@pytest.mark.parametrize("typed", DATES)
def test_dates_in_a_file_and_in_overrides(folder, typed):
    (folder / "x.toml").write_text(
        SCENARIO + f'[levers.outreach_worker]\nfte = "２"\nstart = "{typed}"\n', encoding="utf-8"
    )
    written = load(folder / "x.toml").steps
    assert [(step.start_week, step.settings) for step in written] == [(52, {"fte": 2.0})]
    laid = {"levers.outreach_worker.fte": 2, "levers.outreach_worker.start": typed}
    (folder / "x.toml").write_text(SCENARIO, encoding="utf-8")
    assert load(folder / "x.toml", overrides=laid).steps == written


def test_every_date_is_read_in_every_spelling(folder):
    for date in (
        datetime.date(2026, 1, 31),
        datetime.date(2028, 2, 29),
        datetime.date(2034, 12, 9),
    ):
        year = date.year - 2018
        spellings = (
            f"R{year}.{date:%m.%d}",
            f"令和{year}年{date.month}月{date.day}日",
            f"{date:%Y/%m/%d}",
            date,
        )
        weeks = {
            load(
                folder / "x.toml",
                overrides={"levers.outreach_worker.fte": 1, "levers.outreach_worker.start": one},
            )
            .steps[0]
            .start_week
            for one in spellings
        }
        assert len(weeks) == 1


@pytest.mark.parametrize(
    "typed", ["R8.13.1", "令和8年2月30日", "平成40年4月1日", "26/4/1", "R8", "spring"]
)
def test_what_is_no_date_is_refused(folder, typed):
    error = refused(
        folder / "x.toml",
        overrides={"levers.outreach_worker.fte": 1, "levers.outreach_worker.start": typed},
    )
    assert (
        first(error) == ("error.type", "levers.outreach_worker.start")
        and error.faults[0].given == typed
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "letter"),
    [
        ("# 注　“x”\ntown = “towns/trial.toml”\n", 2, 8, "“"),
        ("town　= 'towns/trial.toml'\n", 1, 5, "　"),
        ('town = "towns/trial.toml"\nyears ＝ 3\n', 2, 7, "＝"),
        ('town = "towns/trial.toml"\nyears = ３\n', 2, 9, "３"),
        ("town = ‘towns/trial.toml’\n", 1, 8, "‘"),
        ('town = "towns/trial.toml”\n', 1, 25, "”"),
        ("［levers.outreach］\n", 1, 1, "［"),
        ('town = "a"\r\nseeds = [1，2]\r\n', 2, 11, "，"),
    ],
)
def test_letters_that_only_look_right_are_named_with_line_and_column(
    folder, text, line, column, letter
):
    error = refused(folder / "x.toml", text=text)
    assert first(error)[0] == "error.lookalike"
    for lang in words.LANGUAGES:
        said = error.say(lang)
        assert (
            f"{line}" in said
            and f"{column}" in said
            and letter in said
            and f"U+{ord(letter):04X}" in said
        )


def test_such_letters_inside_strings_and_comments_are_no_fault(folder):
    text = '# “注”　＝\nquestion = "“全角　の” ＝"\n' + SCENARIO
    (folder / "x.toml").write_text(text, encoding="utf-8")
    assert load(folder / "x.toml").question.ja == "“全角　の” ＝"


def test_other_faults_of_toml_say_where(folder):
    error = refused(folder / "x.toml", text=SCENARIO + "years = 3\nyears = 4\n")
    assert (
        first(error)[0] == "error.toml"
        and "years = 4" in error.say("ja")
        and "Cannot" not in error.say("ja")
    )


def dialogue(monkeypatch, *answers: str | type[BaseException]) -> list[tuple[str, str]]:
    """Answers typed on a terminal, one a question; gives what was asked, with its default. An empty
    answer takes the default.
    """
    asked: list[tuple[str, str]] = []
    left = iter(answers)

    def prompt(text: str, default: str = "", **_: object) -> str:
        asked.append((text, default))
        answer = next(left)
        if isinstance(answer, type):
            raise answer
        return answer or default

    monkeypatch.setattr(cli.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli.typer, "prompt", prompt)
    return asked


def new_town(capsys, *options: object) -> tuple[int, str]:
    code = cli.main(["new-town", *map(str, options)])
    return code, "".join(capsys.readouterr())


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_dialogue_greets_and_says_where_numbers_are_found(capsys, monkeypatch, tmp_path, lang):
    dialogue(monkeypatch, "mine", "", "", "4.5万", "３４％", "6", "28")
    code, said = new_town(capsys, "--out", tmp_path, "--lang", lang)
    people = load(tmp_path / "mine.toml").people
    assert (code, people.population, people.ageing_rate, len(people.districts)) == (
        0,
        45_000,
        0.34,
        6,
    )
    for key in (
        "ask.greeting",
        *(f"where.{name}" for name in ("population", "ageing_rate", "districts", "posts")),
    ):
        assert words.say(key, lang) in said


def test_a_wrong_answer_is_asked_again_and_the_others_are_kept(capsys, monkeypatch, tmp_path):
    answers = (
        "my town",
        "mine",
        "町",
        "Town",
        "many",
        "1,2,0",
        "20,000",
        "32",
        "0.32",
        "0",
        "4",
        "-1",
        "12",
    )
    asked = dialogue(monkeypatch, *answers)
    code, said = new_town(capsys, "--out", tmp_path, "--lang", "ja")
    said = said.replace(str(tmp_path), "")
    assert code == 0 and load(tmp_path / "mine.toml").people.population == 20_000
    assert [len(list(group)) for _, group in itertools.groupby(text for text, _ in asked)] == [
        2,
        1,
        1,
        3,
        2,
        2,
        2,
    ]
    assert "-1" in said and "-5" not in said


def test_a_town_that_cannot_be_is_asked_again_with_every_answer_as_default(
    capsys, monkeypatch, tmp_path
):
    (tmp_path / "t.csv").write_text(
        "地区,世帯数,高齢者の単独世帯\n中央,1000,300\n", encoding="utf-8"
    )
    asked = dialogue(
        monkeypatch, "mine", "町", "Town", "90,000", "0.32", "20", "", "", "", "2,300", "", ""
    )
    code, _ = new_town(capsys, "--households", tmp_path / "t.csv", "--yes", "--out", tmp_path)
    assert code == 0 and load(tmp_path / "mine.toml").people.population == 2300
    assert [default for _, default in asked[6:]] == ["mine", "町", "Town", "90,000", "32%", "20"]


def test_leaving_says_how_to_go_on(capsys, monkeypatch, tmp_path):
    dialogue(monkeypatch, "mine", "私の 町", "", "4.5万", KeyboardInterrupt)
    code, said = new_town(capsys, "--out", tmp_path)
    assert code == 130 and "--id mine --name-ja '私の 町'" in said and "--population 45,000" in said
    assert not list(tmp_path.iterdir())


def test_an_id_that_is_taken_is_asked_again(capsys, monkeypatch, tmp_path):
    assert (
        new_town(
            capsys, "--id", "a", "--population", "9000", "--ageing-rate", "30%", "--out", tmp_path
        )[0]
        == 0
    )
    dialogue(monkeypatch, "a", "b", "", "", "9000", "30%", "2", "5")
    assert new_town(capsys, "--out", tmp_path)[0] == 0 and (tmp_path / "b.toml").is_file()


@pytest.mark.parametrize("agreed", [True, False])
def test_the_summary_of_a_table_is_confirmed_on_a_terminal(capsys, monkeypatch, tmp_path, agreed):
    (tmp_path / "t.csv").write_text("地区,世帯数\n中央,1000\n北,500\n", encoding="utf-8")
    dialogue(monkeypatch)
    monkeypatch.setattr(cli.typer, "confirm", confirmed(agreed))
    numbers = ("--id", "a", "--population", "3,300", "--ageing-rate", "30%")
    options = (*numbers, "--households", tmp_path / "t.csv", "--out", tmp_path)
    code, said = new_town(capsys, *options)
    assert (code, (tmp_path / "a.toml").is_file()) == (
        (0, True) if agreed else (130, False)
    ) and "1,500" in said
    assert agreed or new_town(capsys, *options, "--yes")[0] == 0


def confirmed(agreed: bool):
    """An answer to the question whether to go on."""

    def confirm(*_: object, **__: object) -> bool:
        if not agreed:
            raise cli.typer.Abort
        return True

    return confirm


@pytest.mark.parametrize(
    ("option", "typed"),
    [("--population", "1,2,0"), ("--ageing-rate", "32"), ("--ageing-rate", "none"), ("--districts", "0"), ("--districts", "501"),
     ("--posts", "-1"), ("--posts", "0"), ("--posts", "9000"), ("--population", "0")],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused_as_it_was_typed(capsys, tmp_path, option, typed):
    given = {"--id": "a", "--population": "9000", "--ageing-rate": "0.3", option: typed}
    code, said = new_town(
        capsys,
        *(part for pair in given.items() for part in pair),
        "--out",
        tmp_path,
        "--lang",
        "ja",
    )
    assert code == 2 and option in said and f'"{typed}"' in said and not list(tmp_path.iterdir())
