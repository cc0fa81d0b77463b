"""What a user of Python gives: comparisons, dates as text, arms by name, seeds, workers of a
script.
"""

from __future__ import annotations

import datetime
import doctest
import inspect
import os
import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import ScenarioError, Town, compare, load, load_comparison, simulate
from sim.declared import declare
from sim.economics import reading
from sim.study import gaps
from tests.comparisons import THREE, write
from tests.scenario_files import SCENARIO
from tests.towns import small_scenario

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 4, 1)
WHOLE = (True, False, 1.5, 2.0, "1", -1, None, float("nan"), 2**63, np.float64(3), b"1")


def reason(error: pytest.ExceptionInfo) -> str:
    return error.value.faults[0].reason.key


@pytest.mark.parametrize(
    "written",
    ["2026-04-01", DAY, datetime.datetime(2026, 4, 1, 9), np.datetime64("2026-04-01"), 52],
)
def test_overrides_take_a_date_as_the_file_does(folder, written):
    laid = {
        "levers.outreach_worker.fte": 1,
        "levers.outreach_worker.start": written,
        "levers.outreach_worker.end": "2027-04-01",
        "levers.intake.schedule": [{"start": written, "door": "any_door"}],
        "events": [{"kind": "recession", "at": written}],
    }
    scenario = load(folder / "x.toml", overrides=laid)
    assert [step.start_week for step in scenario.steps] == [52, 52, 104] and scenario.events[
        0
    ].week == 52


@pytest.mark.parametrize("written", ["soon", "2026-13-01", "", "52", "2026-02-30", True, 1.5])
def test_what_is_no_date_is_refused_in_overrides(folder, written):
    with pytest.raises(ScenarioError) as caught:
        load(
            folder / "x.toml",
            overrides={"levers.outreach_worker.fte": 1, "levers.outreach_worker.start": written},
        )
    assert (
        reason(caught) == "error.type"
        and caught.value.faults[0].key == "levers.outreach_worker.start"
    )


def test_load_says_what_a_comparison_is_and_load_comparison_reads_it(folder):
    path = write(folder, THREE)
    for read in (load, Town, simulate):
        with pytest.raises(ScenarioError) as caught:
            read(path)
        assert reason(caught) == "error.is_comparison"
        assert "load_comparison" in caught.value.say(
            "en"
        ) and "load_comparison" in caught.value.say("ja")
    comparison = load_comparison(path, overrides={"years": 1})
    assert (
        len(comparison.arms) == 3
        and comparison.base.years == 1
        and comparison.reference == comparison.arms[0].id
    )
    assert "load_comparison" in sim.__all__
    (folder / "y.toml").write_text(
        SCENARIO + "[levers.outreach_worker]\nfte = 1\n", encoding="utf-8"
    )
    assert [arm.id for arm in load_comparison([folder / "x.toml", folder / "y.toml"]).arms] == [
        "x",
        "y",
    ]
    with pytest.raises(ScenarioError):
        compare(
            comparison, overrides={"years": 2}
        )  # laid over nothing, so it would be lost without a word


def test_arms_of_a_mapping_keep_the_names_given():
    scenario = small_scenario(300, run_in_weeks=1, years=1)
    other = scenario.model_copy(update={"effects": "none"})
    compared = compare({"今のまま": scenario, "With 2 more (A/B)": other}, seeds=1, no_effect=0)
    assert list(compared.values["arm"].unique()) == ["今のまま", "With 2 more (A/B)"]
    assert [arm.name.en for arm in compared.comparison.arms] == ["今のまま", "With 2 more (A/B)"]
    assert compared.tables()["differences"]["arm_ja"].unique().tolist() == ["With 2 more (A/B)"]
    alike = compare({"a": scenario, "b": other}, seeds=1, no_effect=0).comparison
    assert [arm.name.ja for arm in alike.arms] == [
        "a",
        "b",
    ]  # two of one name would not be told apart
    for wrong in ("", " ", "x" * 61, "a\nb", 1):
        with pytest.raises(ScenarioError):
            compare({"a": scenario, wrong: other})


@pytest.mark.parametrize("given", WHOLE)
def test_a_seed_is_a_whole_number(given):
    scenario = small_scenario(100, run_in_weeks=0, years=1)
    calls = [
        lambda: simulate(scenario, [1, given]),
        lambda: compare({"a": scenario, "b": scenario}, seeds=[given]),
    ]
    if given is not None:
        calls += [lambda: Town(scenario, given), lambda: Town(scenario, rng=given)]
        calls = calls[:2] if isinstance(given, bytes) else calls
        calls += [
            lambda: simulate(scenario, given),
            lambda: compare({"a": scenario, "b": scenario}, seeds=given),
        ]
    for call in calls[: None if given != 2**63 else 4]:
        with pytest.raises(ScenarioError) as caught:
            call()
        assert reason(caught) in ("error.seed", "error.seeds")


def test_whole_numbers_of_any_kind_are_seeds():
    scenario = small_scenario(100, run_in_weeks=0, years=1)
    assert (
        Town(scenario, np.int32(3)).seed
        == Town(scenario, rng=3).seed
        == Town(scenario, rng=np.int64(3)).seed
        == 3
    )
    assert simulate(scenario, np.int64(2)).town["seed"].unique().tolist() == [1, 2]
    assert simulate(scenario, iter([4, 2, 4])).town["seed"].unique().tolist() == [2, 4]
    for none in (0, [], -3):
        with pytest.raises(ScenarioError):
            simulate(scenario, none)


CALLS = {
    "compare": 'compare("x.toml", seeds=2, workers=2, overrides={"years": 1})',
    "simulate": 'simulate("x.toml", workers=2)',
}


def ran(
    folder: Path, script: str, *, file: str | None, lang: str = "en_US.UTF-8"
) -> subprocess.CompletedProcess:
    """A script of a user, from a file or from standard input."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LANG": lang, "LC_ALL": lang}
    if file:
        (folder / file).write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *([file] if file else [])],
        input=None if file else script,
        cwd=folder,
        text=True,
        encoding="utf-8",
        capture_output=True,
        env=environment,
        timeout=300,
    )


@pytest.mark.parametrize(
    "call, file, lang",
    [
        ("compare", "script.py", "en_US.UTF-8"),
        ("simulate", "script.py", "ja_JP.UTF-8"),
        ("simulate", None, "en_US.UTF-8"),
    ],
)
def test_two_workers_without_a_main_guard_are_one_sentence(folder, call, file, lang):
    done = ran(
        folder,
        f"from sim import {call}\nprint('begun')\nprint({CALLS[call]})\n",
        file=file,
        lang=lang,
    )
    assert done.returncode == 1 and done.stdout == "begun\n"
    (line,) = done.stderr.splitlines()
    assert (
        '__name__ == "__main__"' in line
        and "workers=1" in line
        and ("してください" in line) == lang.startswith("ja")
    )


@pytest.mark.parametrize("guard", ['if __name__ == "__main__":', "if parent_process() is None:"])
def test_two_workers_behind_a_main_guard_are_let_through(folder, guard):
    script = (
        "from multiprocessing import parent_process\nfrom sim.study.executors import Here\n"
        f"def go():\n    print(Here(2).places)\n{guard}\n    go()\n"
    )
    done = ran(folder, script, file="script.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_every_public_name_is_found_and_says_what_it_is():
    assert [*sim._PUBLIC] == sim.__all__
    for name in sim.__all__:
        assert getattr(sim, name).__doc__, name
    assert sim.parameters()["needs.onset_latent"].unit == "1/year"


def parts_of(name: str) -> list[str]:
    """What a public name takes, or holds: its parameters, or the fields of its class."""
    one = getattr(sim, name)
    if not inspect.isclass(one):
        return [*inspect.signature(one).parameters]
    return [part.name for part in fields(one)] if is_dataclass(one) else []


@pytest.mark.parametrize("name", sim.__all__)
def test_a_public_name_says_all_that_it_takes_or_holds_and_what_it_refuses(name):
    one = getattr(sim, name)
    told = inspect.getdoc(one) or ""
    assert [part for part in parts_of(name) if not re.search(rf"\b{part}\b", told)] == []
    assert inspect.isclass(one) or "Error" in told
    members = vars(one).items() if inspect.isclass(one) else ()
    public = {key: part for key, part in members if not key.startswith("_") and key not in told}
    assert [key for key, part in public.items() if not inspect.getdoc(part)] == []


@pytest.mark.parametrize(
    "module", [sim.declared, declare, reading, gaps], ids=lambda one: one.__name__
)
def test_examples_of_the_reference_give_what_they_show(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed
