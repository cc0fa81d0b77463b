"""What `sim check` passes, `sim run` and `sim compare` take: towns of every shape, and the same
words for what is refused.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cli import main as cli
from sim.declared.vocabulary import KINDS
from sim.model.town import Town
from sim.scenario.load import load
from sim.words.errors import ScenarioError
from tests.comparisons import CLAIM, GROUND, THREE, write
from tests.scenario_files import COMPOSITION, PEOPLE, SCENARIO, SLOW, WAITING

# Households of a town in which three generations live together, and of a mountain village of which
# two thirds are 65 or over.
THREE_GENERATIONS = dict(zip(KINDS, (0.13, 0.125, 0.22, 0.22, 0.02, 0.15, 0.135), strict=True))
MOUNTAIN = dict(zip(KINDS, (0.40, 0.27, 0.17, 0.03, 0.005, 0.07, 0.055), strict=True))


def town_text(
    population: int,
    ageing_rate: float,
    districts: list[float],
    persons: float | None = None,
    composition: dict[str, float] | None = None,
    households: list[dict[str, int]] | None = None,
) -> str:
    """The file of a town."""
    whole = sum(districts)
    parts = ", ".join(
        f'{{id = "d{place}", share = {weight / whole!r}}}' for place, weight in enumerate(districts)
    )
    lines = [
        'name = {ja = "試し町", en = "Trial"}',
        f"population = {population}",
        f"ageing_rate = {ageing_rate}",
        f"districts = [{parts}]",
    ]
    lines += [f"persons_per_household = {persons}"] if persons else []
    if composition:
        lines += [
            "[composition]",
            *(
                f"{kind} = {part / sum(composition.values())!r}"
                for kind, part in composition.items()
            ),
        ]
    for place, row in enumerate(households or ()):
        lines += [f"[households.d{place}]", *(f"{kind} = {number}" for kind, number in row.items())]
    return "\n".join(lines) + "\n"


def elders(town: Town) -> float:
    """Share of residents of 65 or over."""
    ages = town.state.residents.age
    return (ages >= 65).sum() / (ages >= 0).sum()


@st.composite
def shapes(draw) -> str:
    """Files of tiny towns of every shape: few people in many districts, lopsided kinds, tables with
    gaps, all ageing rates.
    """
    districts = draw(st.lists(st.sampled_from([0.001, 0.1, 1.0, 3.0]), min_size=1, max_size=4))
    some = st.dictionaries(st.sampled_from(KINDS), st.sampled_from([0.01, 0.3, 1.0]), min_size=1)
    counted = st.dictionaries(st.sampled_from(KINDS), st.sampled_from([0, 1, 2, 9]), min_size=1)
    rows = st.lists(counted, min_size=len(districts), max_size=len(districts))
    return town_text(
        draw(st.sampled_from([1, 2, 3, 5, 8, 20, 60])),
        draw(st.sampled_from([0.02, 0.1, 0.3, 0.5, 0.67, 0.75])),
        districts,
        draw(st.sampled_from([None, 1.2, 1.8, 2.2, 3.0, 4.0])),
        draw(st.none() | some),
        draw(st.none() | rows),
    )


@settings(SLOW, max_examples=60)
@given(shapes())
def test_a_town_that_is_read_can_be_lived(folder, text):
    (folder / "towns/trial.toml").write_text(text, encoding="utf-8")
    (folder / "x.toml").write_text(SCENARIO + "years = 1\nrun_in_weeks = 1\n", encoding="utf-8")
    (folder / "organisations/windows_that_wait.toml").write_text(
        WAITING.replace("= 63", "= 1000"), encoding="utf-8"
    )
    try:
        scenario = load(folder / "x.toml")
    except ScenarioError as error:
        assert all(one.file.endswith(".toml") for one in error.faults)
        return
    Town(scenario, 1).step()


@pytest.mark.parametrize("rate", [0.50, 0.58, 0.65, 0.67, 0.75])
def test_ageing_villages_need_no_more_than_their_ageing_rate(folder, rate):
    (folder / "towns/trial.toml").write_text(town_text(1600, rate, [1.0]), encoding="utf-8")
    assert elders(Town(load(folder / "x.toml", overrides={"run_in_weeks": 0}), 1)) == pytest.approx(
        rate, abs=0.01
    )


@pytest.mark.parametrize(
    ("composition", "persons", "rate"),
    [
        (THREE_GENERATIONS, 2.6, 0.38),
        (THREE_GENERATIONS, 2.6, 0.42),
        (THREE_GENERATIONS, 2.6, 0.45),
        (MOUNTAIN, 1.8, 0.67),
    ],
)
def test_three_generations_hold_two_older_people(folder, composition, persons, rate):
    (folder / "towns/trial.toml").write_text(
        town_text(3000, rate, [1.0], persons, composition), encoding="utf-8"
    )
    town = Town(load(folder / "x.toml", overrides={"run_in_weeks": 0}), 1)
    assert elders(town) == pytest.approx(rate, abs=0.012)
    kinds = [KINDS[kind] for kind in town.state.households.kind]
    for kind, share in composition.items():
        assert kinds.count(kind) / len(kinds) == pytest.approx(share, abs=0.002)


def test_a_refused_ageing_rate_names_its_file_and_the_way_out(folder):
    (folder / "towns/trial.toml").write_text(
        PEOPLE.replace("0.32", "0.70") + COMPOSITION, encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load(folder / "x.toml")
    said = caught.value.say("en"), caught.value.say("ja")
    assert all(
        "trial.toml ageing_rate" in words and "composition" in words and "0.7" in words
        for words in said
    )
    low, high = (float(end) for end in said[0].split("allowed: ")[1].split(" (")[0].split(" to "))
    (folder / "towns/trial.toml").write_text(
        PEOPLE.replace("0.32", str(high)) + COMPOSITION, encoding="utf-8"
    )
    assert low < high < 0.7 and load(folder / "x.toml").people.ageing_rate == high


def words_of(capsys, *arguments: object) -> str:
    """What a command says that refuses its file."""
    assert cli.main([*map(str, arguments), "--lang", "en"]) == cli.MENDABLE
    return capsys.readouterr().err


OLD = PEOPLE.replace("0.32", "0.70") + COMPOSITION
PRECISION = '[precision]\nmeasure = "load"\nhalf_width = 1\n'
REFUSED = {
    "ageing rate": (GROUND + THREE, OLD),
    "ageing rate of a scenario": (GROUND, OLD),
    "measure of a claim": (GROUND + THREE + CLAIM.replace('"unseen"', '"unsen"'), PEOPLE),
    "measure of a scenario's claim": (
        GROUND + CLAIM.replace('"unseen"', '"unsen"').replace('arm = "outreach"\n', ""),
        PEOPLE,
    ),
    "year of a scenario's claim": (
        GROUND + CLAIM.replace("= 2", "= 3").replace('arm = "outreach"\n', ""),
        PEOPLE,
    ),
    "arm of a scenario's claim": (GROUND + CLAIM, PEOPLE),
    "measure shown": ('measures = ["lod"]\n' + GROUND + THREE, PEOPLE),
    "arm of the precision": (GROUND + THREE + PRECISION + 'year = 2\narm = "outrech"\n', PEOPLE),
    "year of the precision": (GROUND + THREE + PRECISION + "year = 3\n", PEOPLE),
    "unequal cost": ('same_cost = [["waiting", "outreach"]]\n' + GROUND + THREE, PEOPLE),
    "shares beyond one": (
        GROUND
        + "outside_ranges = true\n"
        + THREE
        + "[parameters.town]\nshare_elder_alone = 0.6\nshare_with_children = 0.4\n",
        PEOPLE,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_check_refuses_what_compare_refuses_with_the_same_words(folder, tmp_path, capsys, name):
    text, people = REFUSED[name]
    file = write(folder, text, ground="")
    (folder / "towns/trial.toml").write_text(people, encoding="utf-8")
    said = words_of(capsys, "check", file)
    assert said and said == words_of(capsys, "compare", file, "--out", tmp_path / "out")


def test_check_refuses_a_base_that_compare_refuses(folder, tmp_path, capsys):
    """A scenario of another town on a base whose organisation serves the base's districts."""
    own = WAITING.replace('id = "child"\n', 'id = "child"\ndistricts = ["north", "south"]\n')
    (folder / "organisations/own.toml").write_text(own, encoding="utf-8")
    (folder / "base.toml").write_text(
        GROUND + 'organisation = "organisations/own.toml"\n', encoding="utf-8"
    )
    (folder / "towns/one.toml").write_text(town_text(600, 0.3, [1.0]), encoding="utf-8")
    file = folder / "one.toml"
    file.write_text(
        'extends = "base.toml"\ntown = "towns/one.toml"\norganisation = "organisations/windows_that_wait.toml"\n',
        encoding="utf-8",
    )
    said = words_of(capsys, "check", file)
    assert 'given:   "north"' in said and said == words_of(
        capsys, "compare", file, "--out", tmp_path / "out"
    )
