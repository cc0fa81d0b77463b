"""A scenario that names a user's own process: it is data until the caller allows the code, and then
it runs wherever the scenario does.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main as cli
from sim.model.own_week import week_of
from sim.model.processes import WEEK
from sim.model.town import Town
from sim.scenario.load import load
from sim.scenario.scenario import digest
from sim.study.cells import scenario_key
from sim.study.runs import simulate
from sim.words.errors import ScenarioError
from tests import own_process
from tests.comparisons import command, write
from tests.scenario_files import first, refused

HEAT = Path(own_process.__file__).read_text(encoding="utf-8") + '\nAFTER = "needs"\n'
START = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 6\n'
NAMED = 'processes = ["own_process.py:heat_wave"]\n'
CODE = ["own_process.py"]
KERNEL = """
from sim.model.kernel import kernel, uniform
from sim.model.scans import nonzero
from sim.model.transitions import change_level


@kernel
def _surface(t, week, luck, chance):
    surfaced = 0
    for cell in nonzero(t.level):
        row = cell // F
        if t.level[cell] == LATENT and cell - row * F == ELDERLY:
            if uniform(luck[0], t.id_of[row]) < chance:
                change_level(t, week, cell, MANIFEST)
                surfaced += 1
    return surfaced


def heat_wave(town):
    p = town.p.own_process
    if FIRST <= town.week % 52 < FIRST + p.hot_weeks:
        town.households.hot_weeks += 1
        luck = town.streams.keys(("own_process.surface",), town.week)
        surfaced = _surface(town.records, town.week, luck, weekly_chance(p.surfacing))
        town.flows["heat_surfaced"] += surfaced
"""


@pytest.fixture
def file(folder, monkeypatch) -> Path:
    """A scenario that names a process in a file beside it; nothing of the name is in the current
    folder.
    """
    monkeypatch.chdir(folder.parent)
    (folder / "own_process.py").write_text(HEAT, encoding="utf-8")
    (folder / "x.toml").write_text(START + NAMED, encoding="utf-8")
    return folder / "x.toml"


def brings(file: Path, code: str) -> None:
    """Give the process another text."""
    (file.parent / "own_process.py").write_text(code, encoding="utf-8")


def test_without_permission_the_code_is_not_even_loaded(file, capsys):
    ran = file.parent / "ran"
    brings(file, f"{HEAT}\nopen({str(ran)!r}, 'w')\n")
    for arguments in (["check"], ["run"], ["compare"], ["life"]):
        assert cli.main([*arguments, str(file), "--lang", "en"]) == 2
        said = capsys.readouterr().err
        assert "--allow-code scenarios/own_process.py" in said and "whatever you can" in said
    assert first(refused(file)) == ("error.code", "processes.0") and not ran.exists()
    load(file, allow_code=CODE)
    assert ran.exists()


def test_a_file_is_allowed_by_its_path_or_by_the_name_that_the_scenario_writes(file):
    for allowed in ("own_process.py", "scenarios/own_process.py", file.parent / "own_process.py"):
        assert load(file, allow_code=[allowed]).processes[0].after == "needs"
    for other in ("process.py", "scenarios/x.py", "x.toml", "own_process.py:heat_wave", "."):
        assert first(refused(file, allow_code=[other]))[0] == "error.code"
    Path("own_process.py").write_text("harmless = 1\n", encoding="utf-8")
    assert first(refused(file, allow_code=CODE))[0] == "error.code", "another file is meant"


def test_it_does_what_the_same_process_does_in_python(file, folder):
    brought = Town(load(file, allow_code=CODE), 1)
    (folder / "y.toml").write_text(START, encoding="utf-8")
    order = WEEK.after("needs", own_process.heat_wave)
    python = Town(load(folder / "y.toml", extra=(own_process,)), 1, week_order=order)
    assert [name for name, _ in brought.week_order] == [name for name, _ in order]
    pd.testing.assert_frame_equal(brought.run(), python.run(), check_exact=True)
    assert brought.table["heat_surfaced"].sum() > 0


def test_written_as_a_kernel_it_does_the_same(file):
    plain = Town(load(file, allow_code=CODE), 1).run()
    brings(file, HEAT.partition("def heat_wave")[0] + KERNEL)
    assert week_of(load(file, allow_code=CODE)) is not WEEK
    brings(file, HEAT.partition("def heat_wave")[0] + KERNEL + '\nAFTER = "needs"\n')
    fast = Town(load(file, allow_code=CODE), 1).run()
    pd.testing.assert_frame_equal(plain, fast, check_exact=True)


def test_its_parameters_are_set_in_the_file_and_refused_out_of_range(file):
    own = START + NAMED + "[parameters.own_process]\n"
    file.write_text(own + "hot_weeks = 6\n", encoding="utf-8")
    assert load(file, allow_code=CODE).parameters["own_process.hot_weeks"] == 6
    error = refused(file, text=own + "hot_weeks = 60\n", allow_code=CODE)
    assert first(error) == ("error.range", "parameters.own_process.hot_weeks")


def test_its_code_is_part_of_what_names_the_results(file, folder):
    one = load(file, allow_code=CODE)
    assert scenario_key(one) == scenario_key(load(file, allow_code=CODE))
    brings(file, HEAT.replace("\n", "\r\n"))
    assert scenario_key(load(file, allow_code=CODE)) == scenario_key(one), "line ends do not count"
    brings(file, HEAT.replace("FIRST = 14", "FIRST = 15"))
    other = load(file, allow_code=CODE)
    assert scenario_key(other) != scenario_key(one)
    assert digest(other.before_policies()) != digest(one.before_policies())


def test_it_goes_to_other_processes_with_its_code(file):
    scenario = load(file, allow_code=CODE)
    (file.parent / "own_process.py").unlink()
    alone, together = (simulate(scenario, 2, workers=workers).town for workers in (1, 2))
    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    assert alone["heat_surfaced"].sum() > 0


def test_a_town_goes_on_elsewhere_with_its_code(file, tmp_path):
    town = Town(load(file, allow_code=CODE), 1)
    town.run(until=15)
    (tmp_path / "town").write_bytes(pickle.dumps(town))
    (file.parent / "own_process.py").unlink()
    script = (
        "import pickle, sys; town = pickle.loads(open(sys.argv[1], 'rb').read());"
        "print(town.run()['heat_surfaced'].sum(), [name for name, _ in town.week_order][3])"
    )
    line = [sys.executable, "-c", script, str(tmp_path / "town")]
    done = subprocess.run(line, capture_output=True, text=True, cwd=Path(sim.__file__).parents[1])
    assert done.stdout.split() == [str(town.run()["heat_surfaced"].sum()), "heat_wave"], done.stderr


def test_check_says_that_the_scenario_brings_code(file, capsys):
    assert cli.main(["check", str(file), "--allow-code", "own_process.py", "--lang", "ja"]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert "own_process.py（関数 heat_wave、needs の後" in said and "猛暑の週数" in said


BROKEN = {
    "error.own_broken": (HEAT + "def :", "SyntaxError"),
    "error.own_function": (HEAT.replace("def heat_wave", "def heat_waves"), "heat_waves"),
    "error.own_after": (HEAT + "AFTER = 3", ""),
    "error.own_declared": (HEAT + 'FLOWS = {"visits": ("visits/week",)}', "FLOWS"),
    "error.encoding": ("# \x00", ""),
}


@pytest.mark.parametrize("key", BROKEN)
def test_code_that_cannot_be_used_is_refused(file, key):
    code, says = BROKEN[key]
    if key == "error.encoding":
        (file.parent / "own_process.py").write_bytes(b"# \xff\xfe\n")
    else:
        brings(file, code)
    error = refused(file, allow_code=CODE)
    assert first(error)[0] == key and says in error.say("en")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('processes = ["own_process.py"]\n', "error.own_written"),
        ('processes = ["own_proces.py:heat_wave"]\n', "error.not_found"),
        ('processes = ["../own_process.py:heat_wave"]\n', "error.outside"),
        (NAMED.replace("]", ', "own_process.py:heat_wave"]'), "error.own_twice"),
        ('processes = "own_process.py:heat_wave"\n', "error.type"),
    ],
)
def test_what_names_no_process_is_refused(file, line, key):
    error = refused(file, text=START + line, allow_code=[*CODE, "../own_process.py"])
    assert first(error)[0] == key
    assert key != "error.not_found" or error.faults[0].near == "own_process.py"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (HEAT.replace('AFTER = "needs"', 'AFTER = "need"'), "error.own_place"),
        (HEAT + "needs = heat_wave\n", "error.own_named"),
    ],
)
def test_what_has_no_place_in_the_week_is_refused_before_anything_runs(file, capsys, code, key):
    brings(file, code)
    if key == "error.own_named":
        file.write_text(START + NAMED.replace("heat_wave", "needs"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Town(load(file, allow_code=CODE), 1)
    assert first(caught.value)[0] == key
    for name in ("check", "run"):
        assert cli.main([name, str(file), "--allow-code", *CODE, "--lang", "en"]) == 2
        assert caught.value.say("en") in capsys.readouterr().err


def test_several_functions_stand_where_their_file_says_in_the_order_of_the_scenario(file):
    more = "\n".join(f"def {name}(town):\n    pass\n" for name in ("b", "a", "z"))
    brings(file, HEAT + more + 'AFTER = {"heat_wave": "needs", "b": "needs"}\n')
    names = ("heat_wave", "b", "z", "a")
    written = ", ".join(f'"own_process.py:{name}"' for name in names)
    file.write_text(f"{START}processes = [{written}]\n", encoding="utf-8")
    order = [name for name, _ in week_of(load(file, allow_code=CODE))]
    assert order[3:5] == ["heat_wave", "b"] and order[-3:] == ["ledger", "z", "a"]


def test_a_comparison_is_computed_reported_and_reproduced_with_its_code(folder, file, capsys):
    """An arm may bring code of its own; what finished results hold is code too."""
    arms = '[[arms]]\nid = "as_now"\n[[arms]]\nid = "heat"\n' + NAMED
    compared, out = write(folder, arms, START + "seeds = 2\n"), folder / "out"
    given = ("--out", out, "--no-report", "--lang", "en")
    assert command(compared, *given) == 2
    assert command(compared, *given, "--allow-code", *CODE) == 0
    assert cli.main(["report", str(out), "--no-figures", "--lang", "en"]) == 0, "nothing is run"
    capsys.readouterr()
    for name in ("reproduce", "life"):
        assert cli.main([name, str(out), "--lang", "en"]) == 2
        assert "--allow-code own_process.py" in capsys.readouterr().err
    assert cli.main(["reproduce", str(out), "--allow-code", *CODE, "--lang", "en"]) == 0
    assert cli.main(["life", str(out), "--allow-code", *CODE, "--lang", "en"]) == 0
    own = folder / "own_process.py"
    own.write_text(HEAT + "# changed\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["reproduce", str(out), "--allow-code", str(own), "--lang", "en"]) == 2
    assert "not the program that the results were computed with" in capsys.readouterr().err
