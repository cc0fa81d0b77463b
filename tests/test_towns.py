"""Every town and organisation file loads, says where each number comes from, and names only districts that exist."""

import re
import tomllib
from pathlib import Path

import pytest

from sim.scenario.town import Organisation, People

SCENARIOS = Path(__file__).parents[1] / "scenarios"
TOWNS = sorted((SCENARIOS / "towns").glob("*.toml"))
ORGANISATIONS = sorted((SCENARIOS / "organisations").glob("*.toml"))
GUIDEBOOK = {"kaga", "tsubata", "miyakonojo"}
NUMBER = re.compile(r"(?<![\w.])-?\d[\d_]*(\.\d+)?")
SOURCED = re.compile(r"(assumed: \S|\bL\d{3,4}\b)")


def read(path, model):
    """The checked record of a scenario file."""
    return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def split_comment(line):
    """Code without strings, and comment, of one line of TOML."""
    code = re.sub(r'"[^"]*"', '""', line)
    before, _, after = code.partition("#")
    return before, after


@pytest.mark.parametrize("path", TOWNS, ids=lambda p: p.stem)
def test_people(path):
    people = read(path, People)
    assert people.id == path.stem
    assert sum(d.share for d in people.districts) == pytest.approx(1, abs=1e-6)
    assert len({d.id for d in people.districts}) == len(people.districts)


@pytest.mark.parametrize("path", ORGANISATIONS, ids=lambda p: p.stem)
def test_organisation(path):
    organisation = read(path, Organisation)
    assert organisation.id == path.stem
    assert len({a.id for a in organisation.agencies}) == len(organisation.agencies)
    for agency in organisation.agencies:
        assert sum(organisation.posts_of(agency, 100_000).values()) > 0, agency.id
        if organisation.posts_per_100k is not None:
            assert sum(agency.mix.values()) == pytest.approx(1), agency.id


@pytest.mark.parametrize("path", [p for p in TOWNS + ORGANISATIONS if p.stem in GUIDEBOOK | {"windows_that_wait"}],
                         ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_number_has_its_source(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    for number, line in enumerate(text.splitlines(), start=1):
        code, comment = split_comment(line)
        value = code.partition("=")[2]
        if NUMBER.search(value):
            assert SOURCED.search(comment), f"{path.name}:{number}: no source: {line}"


@pytest.mark.parametrize("path", [p for p in ORGANISATIONS if (SCENARIOS / "towns" / p.name).exists()], ids=lambda p: p.stem)
def test_agencies_serve_districts_that_exist(path):
    organisation = read(path, Organisation)
    people = read(SCENARIOS / "towns" / path.name, People)
    known = {d.id for d in people.districts}
    for agency in organisation.agencies:
        assert set(agency.districts) <= known, agency.id
    for field in {a.field for a in organisation.agencies}:
        of_field = [a for a in organisation.agencies if a.field == field]
        served = set().union(*(set(a.districts) or known for a in of_field))
        assert served == known, f"{field}: some districts have no agency"


@pytest.mark.parametrize("name", sorted(GUIDEBOOK))
def test_posts_of_guidebook_towns_are_plausible(name):
    """Posts that nobody counted follow from a load of about 0.9, and stay within 40 to 100 for each 100,000 residents."""
    organisation = read(SCENARIOS / "organisations" / f"{name}.toml", Organisation)
    people = read(SCENARIOS / "towns" / f"{name}.toml", People)
    posts = sum(sum(organisation.posts_of(a, people.population).values()) for a in organisation.agencies)
    assert 40 <= posts / people.population * 100_000 <= 100
    assert organisation.assumed and people.assumed
