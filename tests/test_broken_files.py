"""Broken files, a few hundred of the thousands of `python -m benchmarks.faults`: refused or
accepted and lived, none crashes.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter

import pytest

from benchmarks import faults, mutations
from sim.declared import declared
from sim.scenario.load import load
from sim.scenario.values import parameter_limits
from sim.words.errors import ScenarioError


def test_broken_files_are_refused_or_lived(tmp_path):
    told: list[str] = []
    found = faults.run(140, 7, tmp_path / "crashes", tell=told.append)
    ends = Counter(ended for (_, ended), n in found.items() for _ in range(n))
    assert not ends["crashed"], told
    assert (
        ends["refused"] > 70
        and ends["accepted"] > 10
        and {kind for kind, _ in found} == set(faults.KINDS)
    )


@pytest.mark.parametrize("number", range(6))
def test_parameters_at_the_ends_of_what_is_accepted_are_lived_or_refused(tmp_path, number):
    draw, plain = random.Random(number), declared()
    ends = {
        f"parameters.{name}": draw.choice(parameter_limits(plain[name]))
        for name in draw.sample(sorted(plain), 12)
    }
    try:
        faults.live(load(faults.Desk(tmp_path).root / "small.toml", overrides=ends))
    except ScenarioError as error:
        assert error.say("en")


@pytest.mark.parametrize("error", [ZeroDivisionError, MemoryError, RecursionError])
def test_a_crash_is_found_and_the_file_kept(tmp_path, monkeypatch, error):
    def crash(_path):
        raise error

    monkeypatch.setitem(faults.READERS, "prices", crash)
    found = faults.run(12, 7, tmp_path / "crashes", tell=lambda _: None)
    assert found["prices", "crashed"] > 0 == found["prices", "accepted"]
    kept = list((tmp_path / "crashes").glob("*.prices.txt"))
    assert len(kept) == found["prices", "crashed"] and error.__name__ in kept[0].read_text(
        encoding="utf-8"
    )


def test_a_file_that_takes_too_long_is_a_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE", 1)
    monkeypatch.setitem(faults.READERS, "prices", lambda _path: [None for _ in iter(int, 1)])
    assert "Hang" in faults.outcome("prices", tmp_path)


def test_what_is_written_unbroken_reads_as_it_was():
    for document in (faults.WHOLE, faults.ARMS, faults.SMALL, faults.DESKS):
        assert tomllib.loads(mutations.toml(document)) == document


def test_the_same_number_gives_the_same_file():
    texts = [
        mutations.mutated(random.Random(3), {"a": {"b": 1, "c": [1, 2]}}, {"d": 2})
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
