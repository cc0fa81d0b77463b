"""Texts of small scenario files for tests, and what a test says about a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sim.scenario.load import load
from sim.words.errors import ScenarioError, shown

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PEOPLE = """
name = {ja = "試し町", en = "Trial"}
population = 10000
ageing_rate = 0.32
districts = [{id = "north", share = 0.6}, {id = "south", share = 0.4}]
"""
COMPOSITION = """
[composition]
elder_alone = 0.15
elder_couple = 0.15
elder_with_adult_child = 0.1
couple_with_children = 0.25
single_parent = 0.05
working_alone = 0.2
other = 0.1
"""
SCENARIO = 'town = "towns/trial.toml"\n'


def agency(name: str, share: float) -> str:
    return f'[[agencies]]\nid = "{name}"\nname = {{ja = "{name}", en = "{name}"}}\nfield = "{name}"\nshare = {share}\n'


WAITING = 'name = {ja = "待つ", en = "Wait"}\nposts_per_100k = 63\n' + "".join(
    agency(name, share)
    for name, share in {"elderly": 0.3, "disability": 0.22, "child": 0.12, "poverty": 0.36}.items()
)


def refused(path: Path, *, text: str | None = None, **options) -> ScenarioError:
    """The refusal of a file; the message is whole in both languages."""
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path, **options)
    for lang in ("ja", "en"):
        assert "{" not in caught.value.say(lang).replace(shown(caught.value.faults[0].given), "")
    return caught.value


def first(error: ScenarioError) -> tuple[str, str]:
    return error.faults[0].reason.key, error.faults[0].key
