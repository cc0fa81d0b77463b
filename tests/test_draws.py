"""Draws of the parameters: posts are tuned in each, and what is not used is said, with the reason
and the way out.
"""

from __future__ import annotations

import re

import pandas as pd

import sim
from sim.declared.vocabulary import AGENCY_FIELDS
from sim.study import samples as drawn
from sim.study.manifest import compared_of
from tests.comparisons import GROUND, command, write
from tests.scenario_files import agency

YEAR = GROUND.replace("years = 2", "years = 1")


def test_in_every_draw_posts_are_tuned_to_the_load_of_the_declared_values(folder):
    found = sim.compare(write(folder, ground=YEAR), seeds=2, draws=3, no_effect=0)
    assert {*found.kept, *found.dropped} == {1, 2, 3} and not {*found.kept} & {*found.dropped}
    assert not any({"load", "given", "failed"} & {*why} for why in found.dropped.values())
    loads = (
        found.values.query("measure == 'load' and arm == 'waiting'").groupby("draw")["value"].mean()
    )
    assert (abs(loads - loads[0]) < 0.1).all()


def test_the_load_is_found_where_it_falls_faster_than_the_posts_rise():
    usual, hours = pd.Series({"load": 0.9}), {1: 0.9, 2: 2.4, 3: 0.5, 4: 30.0}

    def live(factors):
        loads = {
            draw: hours[draw] / factor**1.7 for draw, factor in factors.items() if draw in hours
        }
        return dict.fromkeys(factors) | {
            draw: pd.Series({"load": load}) for draw, load in loads.items()
        }

    factors, means = drawn.tune((*hours, 5), usual, live)
    assert factors[1] == factors[5] == 1.0 and means[5] is None
    assert [bool(abs(means[draw]["load"] - 0.9) < 0.05) for draw in hours] == [
        True,
        True,
        True,
        False,
    ]


def test_where_no_draw_is_left_the_command_says_why_and_what_to_do(
    folder, tmp_path, capsys, monkeypatch
):
    desks = "".join(
        re.sub(r"share = .*", "posts = {contract = 0.2}", agency(name, 0)) for name in AGENCY_FIELDS
    )
    (folder / "organisations/given.toml").write_text(
        'name = {ja = "a", en = "a"}\n' + desks, encoding="utf-8"
    )
    monkeypatch.setattr("sim.study.samples.NEAR", 0.0)
    file = write(folder, ground='organisation = "organisations/given.toml"\n' + YEAR)
    code = command(
        file, "--seeds", 2, "--draws", 2, "--out", tmp_path / "x", "--no-report", "--lang", "en"
    )
    said = capsys.readouterr()
    assert code == 1 and "0 of 2 draws" in said.out and "posts given by number: 2" in said.out
    assert "No draw is left" in said.err and "posts_per_100k" in said.err
    assert (tmp_path / "x/manifest.json").is_file() and compared_of(tmp_path / "x").dropped[1]
