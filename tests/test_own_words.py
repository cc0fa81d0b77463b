"""Refusals hold what the user gave and our own words: no number made of it, no English of a library
in Japanese.
"""

from __future__ import annotations

import re

import pytest

from sim import words
from sim.cli import main as cli
from sim.scenario.load import load
from sim.words.errors import ScenarioError
from tests.scenario_files import PEOPLE, SCENARIO, WAITING

COMMANDS = [
    (["nope"], "nope", ""),
    (["comprae"], "comprae", "compare"),
    (["run"], "file", ""),
    (["run", "x.toml", "--seedz", "1"], "--seedz", "--seeds"),
    (["compare", "x.toml", "--workers", "many"], "--workers", "many"),
    (["compare", "x.toml", "--workers=many"], "--workers", "many"),
    (["compare", "x.toml", "--workers"], "--workers", ""),
    (["compare", "x.toml", "--cell-minutes", "long"], "--cell-minutes", "long"),
    (["towns", "a", "b", "c"], "a b c", ""),
    (["run", "x.toml", "--lang", "fr"], "fr", "ja"),
]


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.mark.parametrize(("arguments", "place", "more"), COMMANDS)
def test_a_command_that_cannot_be_used_is_refused_in_the_users_language(
    monkeypatch, capsys, arguments, place, more
):
    said = {}
    for lang in words.LANGUAGES:
        monkeypatch.setenv("LC_ALL", {"ja": "ja_JP.UTF-8", "en": "en_US.UTF-8"}[lang])
        monkeypatch.setattr(words, "language", lambda lang=lang: lang)
        monkeypatch.setattr("sim.words.errors.language", lambda lang=lang: lang)
        assert cli.main(arguments) == 2
        said[lang] = capsys.readouterr().err
        assert place in said[lang] and more in said[lang] and "Traceback" not in said[lang]
    assert not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", said["ja"]), said["ja"]
    assert said["ja"] != said["en"]


def refusal(folder, text: str = "", organisation: str = WAITING) -> ScenarioError:
    """The refusal of a small town with other lines."""
    (folder / "towns").mkdir(exist_ok=True)
    (folder / "organisations").mkdir(exist_ok=True)
    (folder / "towns/trial.toml").write_text(PEOPLE, encoding="utf-8")
    (folder / "organisations/mine.toml").write_text(organisation, encoding="utf-8")
    (folder / "x.toml").write_text(
        SCENARIO + 'organisation = "organisations/mine.toml"\n' + text, encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load(folder / "x.toml")
    return caught.value


@pytest.mark.parametrize("typed", ["0", "-1", "0.0", "1001"])
def test_posts_of_an_organisation_are_refused_in_the_number_typed_and_0_is_not_said_to_be_allowed(
    tmp_path, typed
):
    said = refusal(tmp_path, organisation=WAITING.replace("= 63", f"= {typed}")).say("ja")
    assert (
        "organisations/mine.toml posts_per_100k" in said
        and f"：{typed}" in said
        and "0より大きく1000以下" in said
    )
    assert "0～" not in said


@pytest.mark.parametrize(
    "lever",
    [
        "caseworker.fte",
        "outreach_worker.fte",
        "csw.fte",
        "participation_worker.fte",
        "inclusion_promoter.fte",
    ],
)
def test_posts_of_a_lever_are_refused_in_the_number_typed(tmp_path, lever):
    said = refusal(tmp_path, f"levers.{lever} = -1\n").say("ja")
    assert f"levers.{lever}" in said and "：-1" in said and "0～10000" in said


def test_an_agency_may_have_no_posts_and_an_organisation_may_not(tmp_path):
    agencies = re.sub(
        r"share = [\d.]+", "posts = {regular = 0}", WAITING.replace("posts_per_100k = 63\n", "")
    )
    said = refusal(tmp_path, organisation=agencies)
    assert said.faults[0].reason.key == "error.no_posts" and words.say(
        "allowed.above", "ja", low=0
    ) in said.say("ja")
    one = refusal(
        tmp_path,
        organisation=agencies.replace("regular = 0", "regular = 2").replace(
            "regular = 2", "regular = -1", 1
        ),
    )
    assert "：-1" in one.say("ja") and "posts.regular" in one.say("ja")


def test_too_many_of_a_thing_is_said_in_our_own_words(tmp_path):
    more = "".join(WAITING[WAITING.index("[[agencies]]") :] for _ in range(60))
    said = refusal(tmp_path, organisation=WAITING + more).say("ja")
    assert "200以下" in said and not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", said)
