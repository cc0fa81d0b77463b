"""A name or a path means the same file wherever a caller stands: an own file first, then one that
ships; nothing is guessed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import ScenarioError, load
from sim.cli import main as cli
from sim.economics.costing import read_prices
from sim.scenario.arms import read_comparison
from tests import finished
from tests.scenario_files import PEOPLE

OWN = 'extends = "kaga.toml"\nyears = 3\n'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty folder, far from the files that ship, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    return cli.main([*arguments, "--lang", "en"]), *capsys.readouterr()


def near(error: pytest.ExceptionInfo) -> tuple[str, str]:
    fault = error.value.faults[0]
    return fault.reason.key, fault.near


@pytest.mark.parametrize(
    "written", ["kaga", "kaga.toml", "scenarios/kaga.toml", "scenarios/kaga", Path("kaga")]
)
def test_what_ships_is_found_by_name_and_as_the_documents_write_it(written):
    scenario = load(written)
    assert (scenario.id, scenario.people.id) == ("kaga", "kaga")


@pytest.mark.parametrize(
    "written", ["spirals", "pairs/x01", "scenarios/pairs/x01.toml", "miyakonojo"]
)
def test_comparisons_are_found_by_name(written):
    assert len(read_comparison([written]).arms) > 1


def test_keys_of_an_own_file_take_names(elsewhere):
    """`town = "kaga"` is the town of this name although a scenario is called so too."""
    lines = ['extends = "base"', 'town = "kaga"', 'organisation = "kaga"', 'packs = ["nursery"]']
    (elsewhere / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
    scenario = load("mine")
    assert (scenario.people.id, scenario.organisation.id) == ("kaga", "kaga")
    lines = [
        'extends = "base.toml"',
        'town = "towns/kaga.toml"',
        'organisation = "organisations/kaga.toml"',
        'packs = ["packs/nursery.toml"]',
    ]
    (elsewhere / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
    assert load("mine.toml") == scenario


def test_arms_of_an_own_comparison_take_names(elsewhere):
    lines = [
        'extends = "base"',
        'town = "kaga"',
        "[[arms]]",
        'id = "now"',
        "[[arms]]",
        'id = "kaga"',
        'scenario = "kaga"',
    ]
    (elsewhere / "two.toml").write_text("\n".join(lines), encoding="utf-8")
    assert [arm.scenario.organisation.id for arm in read_comparison(["two"]).arms] == [
        "windows_that_wait",
        "kaga",
    ]


def test_price_books_are_found_by_name(elsewhere):
    standard = read_prices("default")
    for name in ("default", "default.toml", "prices/default.toml"):
        lines = [f'extends = "{name}"', "[[items]]", 'id = "post_contract"', "price = 4_100_000"]
        (elsewhere / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
        mine = read_prices("mine.toml")
        assert len(mine.items) == len(standard.items) and mine != standard


@pytest.mark.parametrize("place", ["kaga.toml", "scenarios/kaga.toml"])
def test_an_own_file_comes_before_one_that_ships(elsewhere, place):
    """In the current folder and in its `scenarios`; it may extend the file of its name that
    ships.
    """
    (elsewhere / place).parent.mkdir(exist_ok=True)
    (elsewhere / place).write_text(OWN, encoding="utf-8")
    assert [load(name).years for name in ("kaga", "kaga.toml", place)] == [3, 3, 3]
    assert load("kaga").people.id == "kaga"


def test_the_current_folder_comes_before_its_scenarios(elsewhere):
    (elsewhere / "scenarios").mkdir()
    (elsewhere / "scenarios/kaga.toml").write_text(OWN, encoding="utf-8")
    (elsewhere / "kaga.toml").write_text(OWN.replace("3", "4"), encoding="utf-8")
    assert (load("kaga").years, load("scenarios/kaga.toml").years) == (4, 3)


def test_own_files_never_change_what_ships(elsewhere):
    """What a shipped file names is what ships, whatever stands where the caller is."""
    (elsewhere / "scenarios/towns").mkdir(parents=True)
    (elsewhere / "scenarios/towns/kaga.toml").write_text(PEOPLE, encoding="utf-8")
    (elsewhere / "scenarios/base.toml").write_text("years = 2\n", encoding="utf-8")
    assert load("kaga").people.id == "kaga" and load("kaga").years != 2


def test_a_folder_of_the_name_is_not_in_the_way(elsewhere):
    (elsewhere / "kaga").mkdir()
    assert load("kaga").id == "kaga"


def test_a_circle_of_own_files_is_still_refused(elsewhere):
    (elsewhere / "mine.toml").write_text('extends = "mine"\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load("mine")
    assert error.value.faults[0].reason.key == "error.cycle"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("kagaa", "kaga"),
        ("spirls.toml", "spirals.toml"),
        ("scenarios/spirls.toml", "scenarios/spirals.toml"),
        ("tanbe", "packs/tanabe"),
        ("pairs/y01", "pairs/x01"),
        ("owwn", "own"),
        ("zzzzzzzz", ""),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(elsewhere, written, right):
    (elsewhere / "own.toml").write_text(OWN, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(written)
    assert near(error) == ("error.not_found", right)


@pytest.mark.parametrize(
    "line",
    [
        'extends = "kagaa"',
        'extends = "base"\ntown = "kagaa"',
        'extends = "base"\ntown = "kaga"\npacks = ["nurserry"]',
    ],
)
def test_a_wrong_name_in_a_file_is_answered_with_the_nearest(elsewhere, line):
    (elsewhere / "mine.toml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load("mine.toml")
    assert near(error) == ("error.not_found", "nursery" if "packs" in line else "kaga")


@pytest.mark.parametrize("written", ["../kaga.toml", "nowhere/kaga.toml", "kaga\0", "k" * 5000])
def test_other_paths_never_mean_what_ships(elsewhere, written):
    for path in (written, str(elsewhere / written)):
        with pytest.raises(ScenarioError):
            load(path)


def test_commands_take_names(capsys):
    for arguments in (("check", "kaga"), ("check", "spirals"), ("check", "pairs/x01")):
        code, out, err = run(capsys, *arguments, "--quiet")
        assert (code, err) == (0, "") and f"{arguments[1]}.toml" in out
    code, _, err = run(capsys, "check", "kagga")
    assert (
        code == cli.MENDABLE
        and "kagga" in err
        and "kaga" in err.splitlines()[-1]
        and "Traceback" not in err
    )


def test_results_are_found_by_name(capsys, elsewhere, monkeypatch):
    """`sim report mine` means results/mine; a name that looks like that of a folder of results is
    answered with it.
    """
    finished.tables_alone(monkeypatch)
    (elsewhere / "results").mkdir()
    finished.compared(elsewhere / "made").rename(elsewhere / "results" / "mine")
    assert run(capsys, "report", "mine", "--no-figures", "-q")[0] == 0
    for name in ("report", "reproduce"):
        code, _, err = run(capsys, name, "minne")
        assert code == cli.MENDABLE and "mine" in err.splitlines()[-1]


def test_towns_are_ones_own_and_those_that_ship(capsys, elsewhere):
    """A new town lies in the own folder, is found by name, and takes nothing off the list."""
    code, before, _ = run(capsys, "towns")
    assert code == 0 and "kaga" in before and "mytown" not in before
    made = [
        "new-town",
        "--id",
        "mytown",
        "--population",
        "2000",
        "--ageing-rate",
        "0.33",
        "--districts",
        "2",
        "--posts",
        "2",
    ]
    assert run(capsys, *made)[0] == 0 and (elsewhere / "scenarios/towns/mytown.toml").is_file()
    code, out, _ = run(capsys, "towns")
    assert code == 0 and "kaga" in out and "mytown" in out
    assert load("mytown").people.population == 2000
    assert run(capsys, "towns", "--folder", str(elsewhere))[0] == cli.MENDABLE
