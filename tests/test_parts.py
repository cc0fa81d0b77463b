"""Each part of a bundle alone: what changes nothing is named by `check` and on the screen, and
stays in the results.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import sim
from sim.cli import main as cli
from sim.study.manifest import compared_of
from tests.comparisons import GROUND, command, write
from tests.page_examples import bodies, text

# A crowd of outreach workers changes who is seen; an accompaniment that begins after a year has
# nothing to do in the first.
BUNDLE = """
reference = "waiting"
[[arms]]
id = "waiting"
name = {ja = "待つ", en = "Wait"}
[[arms]]
id = "bundle"
name = {ja = "組み合わせ", en = "Bundle"}
[arms.levers.outreach_worker]
fte = 6
mix = "visiting"
[arms.levers.outreach]
targeting = "list"
[arms.levers.fidelity]
value = 1
[[arms]]
id = "one"
name = {ja = "一つだけ", en = "One part"}
[arms.levers.outreach_worker]
fte = 1
"""
SHORT = GROUND.replace("years = 2", "years = 1").replace("seeds = 3", "seeds = 2")


def test_a_part_that_changes_nothing_is_told_from_one_that_does(folder):
    found = sim.compare(write(folder, BUNDLE, SHORT), parts=4, no_effect=0)
    assert [(one.arms, one.names, one.found) for one in found.parts] == [
        (("bundle",), ("fidelity.value",), "same"),
        (
            ("bundle",),
            ("outreach_worker.fte", "outreach_worker.mix", "outreach.targeting"),
            "shown",
        ),
    ]
    assert {(one.pairs, one.residents, one.years) for one in found.parts} == {(4, 1200, 1)}


def test_screen_and_results_name_the_part(folder, tmp_path, capsys):
    file = write(folder, BUNDLE, SHORT)
    assert command(file, "--out", tmp_path / "x", "--no-report", "--lang", "en", parts=None) == 0
    said = capsys.readouterr().out.split("Parts that change nothing by themselves")[1]
    assert (
        "Bundle: fidelity (fidelity.value) changes nothing at all" in said
        and "outreach_worker.fte" not in said
    )
    assert [one.found for one in compared_of(tmp_path / "x").parts] == ["same", "shown"]
    assert command(file, "--out", tmp_path / "y", "--no-report", "--lang", "ja") == 0
    assert (
        "何も変えない部分" not in capsys.readouterr().out
        and compared_of(tmp_path / "y").parts == ()
    )


def test_check_names_the_part_when_asked(folder, capsys):
    file = write(folder, BUNDLE, SHORT)
    assert cli.main(["check", str(file), "--quiet", "--parts", "4", "--lang", "ja"]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert (
        "「実施の忠実度（形骸化の逆）」（fidelity.value）。全ての値が一致し、このモデルの結果は全く変わりません"
        in said
    )
    assert cli.main(["check", str(file), "--quiet", "--lang", "ja"]) == 0
    assert "だけでは" not in capsys.readouterr().out


def test_roles_on_the_readme_and_in_the_glossary_name_the_levers_that_do_the_work():
    """Each role is a lever; area workers work with residents."""
    root = Path(__file__).parents[1]
    example = tomllib.loads(bodies(root / "README.md", "toml")[0])
    rows = text(root / "docs/glossary.md").splitlines()
    lever_of = {
        row.split("|")[1].strip(): re.findall(r"`levers\.(\w+)`", row)
        for row in rows
        if "`levers." in row
    }
    assert {*lever_of["地区担当"]} == {"csw", "livelihood_coordinator", "community"}
    assert {*lever_of["アウトリーチ支援員"]} == {"outreach_worker"}
    assert {*lever_of["コミュニティソーシャルワーカー（CSW）"]} == {"csw"}
    named = [role for role in lever_of if role in example["name"]["ja"]]
    assert named and all({*lever_of[role]} <= {*example["levers"]} for role in named)


@pytest.mark.parametrize("number", ["1", "3", "-1", "65"])
@pytest.mark.parametrize("name", ["check", "compare"])
def test_too_few_or_too_many_pairs_are_refused(folder, capsys, name, number):
    assert (
        cli.main([name, str(write(folder, BUNDLE, SHORT)), "--parts", number, "--lang", "en"])
        == cli.MENDABLE
    )
    assert "--parts" in capsys.readouterr().err
