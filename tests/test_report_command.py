"""`sim report`: other prices and rates without a run; the model's tables stay byte for byte; what
cannot be shown is refused.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim import words
from sim.cli import main as cli
from sim.economics.costing import read_prices
from sim.economics.reading import SHELF
from sim.model import course
from sim.study.claims import claim_verdicts, replayed
from sim.study.manifest import compared_of, hash_of_book
from sim.study.stopping import interim_analyses
from tests import finished

OF_THE_MODEL = ("weekly.parquet", "quantities.parquet", "shares.parquet", "crossings.parquet")
MINE = 'extends = "default.toml"\n[[items]]\nid = "post_outsourced"\nprice = 6_500_000\n'


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A finished comparison."""
    return finished.compared(tmp_path_factory.mktemp("made"))


@pytest.fixture
def results(made: Path, tmp_path: Path, monkeypatch, request) -> Path:
    """A copy of it, in a process where no town can be lived and pages are written only for a test
    that asks for `pages`.
    """
    if "pages" not in request.fixturenames:
        finished.tables_alone(monkeypatch)

    def lived(*_arguments, **_options):
        raise AssertionError("a town was run")

    monkeypatch.setattr(course.Course, "__init__", lived)
    return Path(shutil.copytree(made, tmp_path / "results"))


def report(*arguments: object) -> int:
    return cli.main(["report", *map(str, arguments), "--no-figures", "-q"])


def book(folder: Path, text: str = MINE) -> Path:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder / "mine.toml"


def test_on_the_same_terms_every_table_comes_out_byte_for_byte(results, capsys):
    before, told = finished.content(results), finished.manifest(results)
    assert report(results, "--lang", "en") == 0
    after, now = finished.content(results), finished.manifest(results)
    assert before.keys() == after.keys() and {
        name for name in after if before[name] != after[name]
    } == {"manifest.json"}
    assert {name: value for name, value in now.items() if name != "reported"} == told
    assert now["reported"].keys() == {"code", "command", "written", "versions", "machine"}
    assert list((results / "cells").glob("*/*")), "finished cells are kept"
    out = capsys.readouterr().out
    assert words.say("compare.budget", "en") in out and "price book default" in out


def test_other_prices_change_money_alone_and_by_what_they_say(results, tmp_path):
    before, tables = compared_of(results), finished.content(results)
    assert report(results, "--prices", book(tmp_path)) == 0
    after = compared_of(results)
    assert all(tables[name] == finished.content(results)[name] for name in OF_THE_MODEL)
    keys = ["arm", "world", "seed", "year", "measure"]
    gap = after.values.set_index(keys)["value"] - before.values.set_index(keys)["value"]
    changed = gap[gap.fillna(0) != 0]
    assert len(changed) and changed.index.get_level_values("measure").str.startswith("cost_").all()
    posts = (
        before.quantities[before.quantities["id"] == "post_outsourced"]
        .groupby(keys[:-1])["amount"]
        .sum()
    )
    programme = gap.xs("cost_programme", level="measure")  # one million yen more for each post-year
    assert (
        programme.loc[posts.index].to_numpy() == pytest.approx(posts.to_numpy())
        and posts.max() > 0.5
    )
    assert (programme.drop(posts.index) == 0).all()


@pytest.fixture
def pages() -> None:
    """Asked for by the test that needs pages and the workbook."""


def test_the_page_and_the_workbook_are_written_again_on_the_new_terms(results, tmp_path, pages):
    assert report(results, "--prices", book(tmp_path), "--discount", 0.03, "--lang", "both") == 0
    name = hash_of_book(read_prices(tmp_path / "mine.toml"))
    for lang in words.LANGUAGES:
        text = (results / f"report.{lang}.html").read_text(encoding="utf-8")
        assert name in text and words.say("provenance.rate", lang, rate="3") in text
    assert list(results.glob("*.xlsx")) and {file.name for file in results.iterdir()} == {
        *finished.manifest(results)["files"]
    }


def test_differences_and_claims_on_money_follow(results, tmp_path):
    before = pd.read_parquet(results / "claims.parquet").set_index("measure")
    assert report(results, "--prices", book(tmp_path)) == 0
    after = pd.read_parquet(results / "claims.parquet").set_index("measure")
    outreach = pd.read_parquet(results / "differences.parquet").query(
        "arm == 'outreach' and year == 1"
    )
    table = outreach.set_index("measure")["difference"]
    pd.testing.assert_series_equal(after.loc["unseen"], before.loc["unseen"])
    new, old = after.loc["cost_public", "difference"], before.loc["cost_public", "difference"]
    assert new == pytest.approx(table["cost_public"]) and new > old + 0.5


def test_the_terms_stand_in_the_manifest_and_stay_until_others_are_given(results, tmp_path):
    mine = book(tmp_path)
    assert report(results, "--prices", mine, "--discount", 0.04, "--optimism") == 0
    assert report(results) == 0
    now, read = finished.manifest(results), read_prices(mine)
    assert now["prices"]["id"] == "mine"
    assert (
        now["prices"]["hash"]
        == hash_of_book(read)
        != hash_of_book(read_prices(SHELF / "default.toml"))
    )
    assert (now["discount"], now["optimism"]) == (0.04, True) and now["prices"][
        "book"
    ] == read.model_dump(mode="json")
    assert (
        report(results, "--no-optimism", "--discount", 0, "--prices", SHELF / "default.toml") == 0
    )
    now = finished.manifest(results)
    assert (now["prices"]["id"], now["discount"], now["optimism"]) == ("default", 0.0, False)


def test_another_folder_leaves_the_first_as_it_was(results, tmp_path):
    before = finished.content(results)
    assert report(results, "--prices", book(tmp_path), "--out", tmp_path / "other") == 0
    assert (
        finished.content(results) == before
        and finished.content(tmp_path / "other").keys() == before.keys()
    )
    assert finished.manifest(tmp_path / "other")["prices"]["id"] == "mine"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (MINE.replace("6_500_000", "-1"), "post_outsourced"),
        (MINE.replace("post_outsourced", "post_outsorced"), "post_outsorced"),
        (MINE + "shares = {municipality = 0.5, nation = 0.4}\n", "post_outsourced"),
        (MINE + 'currency = "EUR"\n', "post_outsourced"),
        (
            'name = {ja = "空", en = "Bare"}\n[[items]]\nid = "place"\nkind = "place"\nen = "p"\nja = "p"\n'
            'unit = "place-year"\nprice = 1\nlow = 1\nhigh = 1\n'
            'grade = "D"\nsource = "x"\nshares = {municipality = 1}\nshares_grade = "D"\nshares_source = "x"\ncashable = "no"\n',
            "assistance_year",
        ),
    ],
)
def test_a_wrong_price_book_is_refused_at_its_row_and_nothing_is_overwritten(
    results, tmp_path, capsys, text, row
):
    before = finished.content(results)
    assert report(results, "--prices", book(tmp_path, text)) == 2
    message = capsys.readouterr().err
    assert row in message, message
    assert finished.content(results) == before and not (results.parent / "results.part").exists()


def test_what_is_no_sound_comparison_is_refused_in_one_message(results, tmp_path, capsys):
    def refused(folder: Path, key: str) -> None:
        before = finished.content(folder)
        for lang in words.LANGUAGES:
            assert report(folder, "--lang", lang) == 2
            message = capsys.readouterr().err.strip()
            assert words.say(key, lang, detail="@").split("@")[0] in message
            assert (
                "Traceback" not in message and message.count("\n") <= 1
            )  # the second line says what is allowed there
        assert finished.content(folder) == before

    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "error.no_manifest")
    older = Path(shutil.copytree(results, tmp_path / "older"))
    finished.change(older, effort=None, prices="default")
    refused(older, "error.results_older")
    other = Path(shutil.copytree(results, tmp_path / "other"))
    finished.change(other, kind="run")
    refused(other, "error.no_manifest")
    table = bytearray((results / "values.parquet").read_bytes())
    table[len(table) // 2] ^= 1
    (results / "values.parquet").write_bytes(table)
    refused(results, "error.results_damaged")
    (results / "values.parquet").unlink()
    refused(results, "error.results_damaged")


@pytest.mark.parametrize("rate", [-0.01, 2])
def test_what_is_no_discount_rate_is_refused(results, capsys, rate):
    assert report(results, "--discount", rate) == 2 and "--discount" in capsys.readouterr().err


def test_looks_that_were_taken_are_taken_again(made):
    found = compared_of(made)
    rows = [
        found.main.assign(
            seed=found.main["seed"] + 2 * turn, value=found.main["value"] + turn % 5 / 100
        )
        for turn in range(8)
    ]
    many = replace(
        found, gathered=found.gathered._replace(values=pd.concat(rows).query("seed <= 16"))
    )
    taken: dict = {}
    for look in interim_analyses(16):
        seen = many.values[many.values["seed"] <= look]
        taken = claim_verdicts(many.comparison.claims, seen, many.steps, taken)
    assert replayed(many.comparison.claims, many.main, many.steps, 16) == taken


def test_tables_alone_become_a_report_later(tmp_path):
    folder = finished.compared(tmp_path)
    kinds = {file.suffix for file in folder.iterdir()}
    assert not {".html", ".xlsx"} & kinds and not (folder / "figures").exists()
    before = {
        name: bytes_
        for name, bytes_ in finished.content(folder).items()
        if name.endswith(".parquet")
    }
    assert report(folder) == 0
    assert {".html", ".xlsx"} <= {file.suffix for file in folder.iterdir()}
    assert {
        name: bytes_
        for name, bytes_ in finished.content(folder).items()
        if name.endswith(".parquet")
    } == before
