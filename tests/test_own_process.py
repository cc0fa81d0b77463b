"""A user's own process: one file brings parameters, columns and counters; out of range it is
refused; it moves no other draw.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from sim.model.processes import WEEK
from sim.model.town import Town
from sim.scenario.load import load
from sim.study.runs import simulate
from tests import own_process
from tests.scenario_files import first, refused

HOT_WEEK = WEEK.after("needs", own_process.heat_wave)
START = 'town = "towns/trial.toml"\nyears = 1\nrun_in_weeks = 6\n'


@pytest.fixture
def file(folder):
    """A scenario file of a small town."""
    (folder / "x.toml").write_text(START, encoding="utf-8")
    return folder / "x.toml"


def lived(file, **parameters: float) -> Town:
    """The town with the process, lived to its horizon."""
    overrides = {f"parameters.own_process.{name}": value for name, value in parameters.items()}
    town = Town(load(file, extra=(own_process,), overrides=overrides), 1, week_order=HOT_WEEK)
    town.run()
    return town


def without(file) -> pd.DataFrame:
    return Town(load(file), 1).run()


def module(name: str = "mine", **declared) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(declared)
    return made


def test_it_stands_in_the_week_and_runs_with_columns_and_counters_of_its_own(file):
    town = lived(file)
    assert [name for name, _ in HOT_WEEK].index("heat_wave") == [name for name, _ in WEEK].index(
        "needs"
    ) + 1
    assert "heat_wave" in str(HOT_WEEK)
    households = town.state.households
    assert (
        households.hot_weeks.dtype == np.int16
        and dict(households.columns())["hot_weeks"] is households.hot_weeks
    )
    hot = slice(own_process.FIRST, own_process.FIRST + 3)
    assert (
        town.table["heat_surfaced"][hot].sum() > 0
        and town.table["heat_surfaced"].drop(range(hot.start, hot.stop)).sum() == 0
    )
    stayed = households.occupant == 0
    assert (households.hot_weeks[stayed] == 3).all() and (households.hot_weeks[~stayed] <= 3).all()
    assert (households.hot_weeks[~stayed] == 0).any(), "newcomers begin with the initial value"


def test_it_moves_no_other_mechanism(file):
    """Until the first need surfaces in the heat every column is the same; with a null effect it is
    the same for ever.
    """
    plain = without(file)
    null, felt = lived(file, surfacing=0.0).table, lived(file).table
    own = ["heat_surfaced"]
    pd.testing.assert_frame_equal(null.drop(columns=own), plain, check_exact=True)
    week = int(felt["heat_surfaced"].to_numpy().nonzero()[0][0])
    pd.testing.assert_frame_equal(felt.drop(columns=own)[:week], plain[:week], check_exact=True)
    assert not felt.drop(columns=own)[week:].equals(plain[week:])


def test_all_effects_at_null_take_it_in(file):
    scenario = load(file, extra=(own_process,), overrides={"effects": "none"})
    assert scenario.parameters["own_process.surfacing"] == 0.0


def test_its_parameters_are_set_in_a_file_and_refused_out_of_range(file):
    file.write_text(START + "[parameters.own_process]\nhot_weeks = 6\n", encoding="utf-8")
    assert load(file, extra=(own_process,)).parameters["own_process.hot_weeks"] == 6
    for text, fault in (
        ("hot_weeks = 60", ("error.range", "parameters.own_process.hot_weeks")),
        ("hot_week = 6", ("error.unknown_parameter", "parameters.own_process.hot_week")),
    ):
        error = refused(
            file, text=f"{START}[parameters.own_process]\n{text}\n", extra=(own_process,)
        )
        assert first(error) == fault
    assert (
        first(refused(file))[1] == "parameters.own_process"
    )  # without the module nobody knows the name


def test_the_log_of_events_knows_it(file):
    """What surfaces in the heat is logged under its name, and its own column is watched as the
    others are.
    """
    town = Town(
        load(file, extra=(own_process,), overrides={"event_log": True}), 1, week_order=HOT_WEEK
    )
    table = town.run()
    mine = town.events[town.events["process"] == "heat_wave"]
    assert (mine["kind"] == "need_surfaced").sum() == table["heat_surfaced"].sum() > 0
    hot = mine[mine["kind"] == "changed"]
    assert set(hot["detail"]) == {"hot_weeks"} and len(hot) == 3 * town.state.households.rows
    assert set(hot["value"]) == {1.0, 2.0, 3.0}


def test_it_goes_to_other_processes_with_its_scenario(file):
    scenario = load(file, extra=(own_process,))
    alone, together = (
        simulate(scenario, 2, workers=workers, week_order=HOT_WEEK).town for workers in (1, 2)
    )
    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    assert alone["heat_surfaced"].sum() > 0


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (
            {"COLUMNS": {"household.heat": (float, 0.0, "-", "heat")}},
            "did you mean households.heat",
        ),
        ({"COLUMNS": {"households.heat wave": (float, 0.0, "-", "heat")}}, "cannot be the name"),
        ({"COLUMNS": {"households.heat": (float, 0.0)}}, "give .dtype, initial, unit, meaning."),
        ({"COLUMNS": {"households.heat": (object, None, "-", "heat")}}, "holds numbers"),
        ({"FLOWS": {"heat": ("needs/week",)}}, "give .unit, en, ja."),
    ],
)
def test_declarations_that_cannot_be_used_are_refused(file, declared, says):
    with pytest.raises(ValueError, match=says):
        load(file, extra=(module(**declared),))


def test_names_that_are_taken_are_refused(file):
    column = {"COLUMNS": {"households.trust": (float, 0.0, "-", "another trust")}}
    with pytest.raises(ValueError, match="'trust' already"):
        Town(load(file, extra=(module(**column),)), 1)
    with pytest.raises(ValueError, match="visits already"):
        Town(load(file, extra=(module(FLOWS={"visits": ("visits/week", "visits", "訪問")}),)), 1)
    with pytest.raises(ValueError, match="declared twice"):
        load(file, extra=(own_process, module(COLUMNS=own_process.COLUMNS)))
    with pytest.raises(ValueError, match="'needs' has parameters already"):
        load(file, extra=(module("needs", PARAMETERS=own_process.PARAMETERS),))
    with pytest.raises(ValueError, match="has a process 'heat_wave' already"):
        HOT_WEEK.after("crises", own_process.heat_wave)


def test_columns_without_a_table_stay_the_modules_own(file):
    assert (
        load(file, extra=(module(COLUMNS={"heat": (float, 0.0, "-", "heat")}),)).own_columns == ()
    )
