"""Files that are broken, hostile or absurd, and paths that lead nowhere: one message each, at once,
never a traceback.
"""

from __future__ import annotations

import os
import typing
from types import UnionType

import annotated_types
import pytest
from pydantic import BaseModel

from sim.cli import main as cli
from sim.declared import declared
from sim.declared.levers import LEVERS, Step
from sim.economics.book import PriceBook
from sim.economics.costing import read_prices
from sim.report.figures import style
from sim.report.reference.schema import schemas
from sim.scenario.arms import read_comparison
from sim.scenario.comparison import Combination, Precision
from sim.scenario.load import load
from sim.scenario.scenario import Claim, Event, Scenario, Trend
from sim.scenario.values import parameter_limits
from sim.towns.town import Organisation, People
from sim.words.errors import ScenarioError
from tests.comparisons import THREE, write
from tests.scenario_files import PEOPLE, SCENARIO, WAITING, first, refused

SCHEDULE = "[levers.outreach_worker]\n" + "\n".join(
    f"[[levers.outreach_worker.schedule]]\nstart = {week}\nfte = 1" for week in range(300)
)
LEVER = "[levers.outreach_worker]\nfte = 1\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("years = 0x" + "f" * 5000, "error.digits"),
        ("years = 0b" + "1" * 20000, "error.digits"),
        ("years = 1" + "0" * 400, "error.digits"),
        ("years = 9223372036854775808", "error.digits"),
        ("years = -1" + "0" * 5000, "error.digits"),
        ("outside_ranges = true\nparameters.needs.onset_latent = 1" + "0" * 400, "error.digits"),
        (".".join("a" * 900) + " = 1", "error.too_deep"),
        (".".join("a" * 200_000) + " = 1", "error.too_deep"),
        ("x = {" + " . ".join(['"b b"'] * 900) + " = 1}", "error.too_deep"),
        ("x = " + "[" * 300 + "]" * 300, "error.too_deep"),
        ("x = " + "[" * 90_000, "error.too_deep"),
        ("x = " + "{a = " * 90_000, "error.too_deep"),
        ("\n".join(f"k{number} = 1" for number in range(30_000)), "error.too_many"),
        ("x = [" + "1," * 30_000 + "]", "error.too_many"),
        ("seeds = [" + "1," * 15_000 + "]", "error.too_many"),
        (
            "\n".join("[[events]]\nkind = 'recession'\nweek = 1" for _ in range(300)),
            "error.too_many",
        ),
        (SCHEDULE, "error.too_many"),
        ("name = '" + "x" * 50_000 + "'", "error.too_long"),
        ("x" * 5_000 + " = 1", "error.too_long"),
        ("# " + "x" * 1_100_000, "error.too_large"),
        ('name = "a\\u0000b"', "error.unprintable"),
        ('name = "a\\u0008b"', "error.unprintable"),
        ('"a\\u001b[31mb" = 1', "error.unprintable"),
        ("years = 1e400", "error.finite"),
        ("years = 1979-05-27T07:32:00Z", "error.type"),
        ("years = 07:32:00", "error.type"),
        ("years = 2025-99-99", "error.no_such_date"),
        (LEVER + "start = 0001-01-01", "error.date"),
        (LEVER + "start = 9999-12-31", "error.date"),
        (LEVER + "end = 9999-12-31", "error.date"),
        (LEVER + "end = 0001-03-31", "error.date"),
        (LEVER + "end = 9223372036854775807", "error.date"),
        ("[levers.staffing.add]\nelderly = 1e12", "error.range"),
        ("[levers.staffing.add]\nelderly = 2000", "error.range"),
        ("[levers.outreach_worker]\nfte = 1e-12", "error.range"),
        ("[levers.community]\nplaces = 9999", "error.range"),
        ("seeds = [-1]", "error.seeds"),
        ("seeds = [9223372036854775808]", "error.digits"),
        ("outside_ranges = true\nparameters.needs.onset_latent = 1e300", "error.range"),
        ("outside_ranges = true\nparameters.casework.hours_year = 1e-300", "error.range"),
        ('extends = "a\\u0000b"', "error.unprintable"),
        (f'extends = "{"a" * 5000}"', "error.path"),
        (f'extends = "{"a/" * 4000}b.toml"', "error.path"),
        ('extends = "."', "error.not_found"),
        ('extends = ""', "error.not_found"),
        ('extends = "towns"', "error.not_found"),
    ],
)
def test_what_no_file_may_hold_is_refused(folder, text, reason):
    assert first(refused(folder / "x.toml", text=SCENARIO + text + "\n"))[0] == reason


@pytest.mark.parametrize(
    ("people", "organisation", "at"),
    [
        (
            PEOPLE.replace("share = 0.4", "share = 0.4, places = 1e300"),
            WAITING,
            "districts.1.places",
        ),
        (PEOPLE.replace("share = 0.4", "share = 0.4, places = 9999"), WAITING, "districts"),
        (
            PEOPLE + "[households.north]\nelder_alone = 9000000000000000000\n",
            WAITING,
            "households.north.elder_alone",
        ),
        (PEOPLE, WAITING.replace("posts_per_100k = 63", "posts_per_100k = 1e-9"), "agencies.0"),
        (
            PEOPLE,
            WAITING.replace("posts_per_100k = 63", "") + "posts = {regular = 1e9}\n",
            "agencies.3.posts.regular",
        ),
        (
            PEOPLE,
            WAITING.replace("posts_per_100k = 63", "") + "posts = {regular = 9000}\n",
            "agencies.3",
        ),
        (
            PEOPLE,
            WAITING.replace("posts_per_100k = 63", "") + "posts = {regular = 1e-300}\n",
            "agencies.3",
        ),
        (PEOPLE, WAITING + "[practice.community]\nplaces = 9999\n", "practice.community.places"),
    ],
)
def test_a_town_larger_or_emptier_than_it_can_be_is_refused(folder, people, organisation, at):
    (folder / "towns/trial.toml").write_text(people, encoding="utf-8")
    (folder / "organisations/windows_that_wait.toml").write_text(organisation, encoding="utf-8")
    assert first(refused(folder / "x.toml")) == ("error.range", at)


def test_a_place_is_refused_once(folder):
    (folder / "towns/trial.toml").write_text(
        PEOPLE.replace("share = 0.4", "share = 4"), encoding="utf-8"
    )
    assert [fault.key for fault in refused(folder / "x.toml").faults] == ["districts.1.share"]


def test_many_mistakes_are_told_with_how_many_there_are(folder):
    (folder / "towns/trial.toml").write_text(
        "\n".join(f"k{n} = 1" for n in range(9000)) + PEOPLE, encoding="utf-8"
    )
    error = refused(folder / "x.toml")
    assert len(error.faults) == 21 and "8980" in error.say("en").splitlines()[-1]


def links_to_itself(place):
    place.symlink_to(place.name)


def leads_nowhere(place):
    place.symlink_to("nothing")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (links_to_itself, "error.path"),
        (leads_nowhere, "error.not_found"),
        (os.mkfifo, "error.no_plain_file"),
        (lambda place: place.symlink_to("/dev/zero"), "error.no_plain_file"),
        (os.mkdir, "error.directory"),
    ],
)
def test_whatever_stands_at_a_path_is_read_or_refused(folder, make, reason):
    (folder / "x.toml").unlink()
    make(folder / "x.toml")
    assert first(refused(folder / "x.toml"))[0] == reason


@pytest.mark.parametrize("name", ["a\0b.toml", "a" * 5000, "a/" * 4000 + "b", "\ud800.toml", ""])
def test_a_path_that_cannot_be_is_refused(folder, name):
    for reader in (load, lambda path: read_comparison([path]), read_prices):
        with pytest.raises(ScenarioError):
            reader(folder / name)


def test_a_comparison_of_senseless_weights_or_years_is_refused(folder):
    for lines in ("parts = {same = 1e300}", "parts = {same = 1e-300}"):
        with pytest.raises(ScenarioError):
            read_comparison(
                [write(folder, THREE + f'[[combinations]]\narm = "outreach"\n{lines}\n')]
            )
    for lines in ("half_width = 1e300", "half_width = 1\nyear = 9000"):
        with pytest.raises(ScenarioError):
            read_comparison([write(folder, THREE + f'[precision]\nmeasure = "unseen"\n{lines}\n')])


def test_two_combinations_of_one_arm_are_refused_before_anything_is_computed(folder):
    both = '[[combinations]]\narm = "outreach"\nparts = {same = 1}\n' * 2
    with pytest.raises(ScenarioError) as caught:
        read_comparison([write(folder, THREE + both)])
    assert first(caught.value) == ("error.combination_twice", "combinations.1.arm")


def test_names_are_words_in_figures_whatever_signs_they_hold(tmp_path):
    for lang in ("ja", "en"):
        with style.style(lang):
            figure, axes = style.canvas(style.WIDE, "$\\frac{$ 1", "$\\undefined{$")
            axes.set_xlabel("$x^{$")
            figure.savefig(tmp_path / "x.png")


@pytest.mark.parametrize(
    "row", ["price = 1e300", "step = 1e-300", "lag_years = [0, 1e300]", "price = 9" + "0" * 400]
)
def test_a_price_that_cannot_be_is_refused(tmp_path, row):
    (tmp_path / "p.toml").write_text(
        f'extends = "default.toml"\n[[items]]\nid = "regular_post"\n{row}\n', encoding="utf-8"
    )
    with pytest.raises(ScenarioError):
        read_prices(tmp_path / "p.toml")


RECORDS = (
    Scenario,
    People,
    Organisation,
    Step,
    Trend,
    Event,
    Claim,
    Combination,
    Precision,
    PriceBook,
    *LEVERS.values(),
)


def numbers(
    kind: object, place: str, found: tuple = (), seen: tuple = ()
) -> typing.Iterator[tuple[str, tuple]]:
    """Every number that a record may hold, below any table and list, with what bounds it."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        kind, *more = typing.get_args(kind)
        yield from numbers(kind, place, (*found, *more), seen)
    elif origin is not None and origin is not typing.Literal or isinstance(kind, UnionType):
        for part in typing.get_args(kind):
            yield from numbers(part, place, found, seen)
    elif kind in (int, float):
        yield place, found
    elif isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
        for name, info in kind.model_fields.items():
            yield from numbers(
                info.annotation, f"{kind.__name__}.{name}", tuple(info.metadata), (*seen, kind)
            )


def parts(found: tuple) -> typing.Iterator[object]:
    """Bounds, out of the field infos that hold them."""
    for one in found:
        yield from parts(tuple(one.metadata)) if hasattr(one, "metadata") else (one,)


def test_every_number_of_every_record_has_an_upper_bound():
    places = dict(one for record in RECORDS for one in numbers(record, record.__name__))
    own = {
        place for place in places if place.startswith("OwnColumn.")
    }  # declared in Python, not in a file
    unbounded = {
        place
        for place, found in places.items()
        if not any(isinstance(one, annotated_types.Le | annotated_types.Lt) for one in parts(found))
    }
    assert len(places) > 60 and unbounded - own == set()


def unbounded(schema: object, place: str = "") -> typing.Iterator[str]:
    """Where a JSON Schema takes a number without an upper bound."""
    if isinstance(schema, dict):
        if (
            schema.get("type") in ("number", "integer")
            and not {"maximum", "exclusiveMaximum"} & schema.keys()
        ):
            yield place
        for name, part in schema.items():
            yield from unbounded(part, f"{place}.{name}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from unbounded(part, f"{place}.{number}")


def test_every_number_of_every_schema_has_an_upper_bound():
    assert [place for name, schema in schemas().items() for place in unbounded(schema, name)] == []


def test_every_parameter_has_a_bound_beyond_its_range_too():
    for name, parameter in declared().items():
        low, high = parameter_limits(parameter)
        assert low <= parameter.low and parameter.high <= high < 1e7, name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("town.frailty_var", 60),
        ("town.share_no_neigh_ties", 1.0),
        ("population.death_slope", 1.2),
        ("needs.relapse_12m", 1.0),
        ("needs.place_recover", 0.1),
        ("needs.watched_recover", 0.9),
        ("needs.rr_escalation_supported", 10),
        ("asking.flagged_ratio", 6),
        ("community.tie_withdrawal", 0.1),
    ],
)
def test_a_value_that_the_model_cannot_be_run_at_is_refused_outside_ranges_too(folder, name, value):
    error = refused(
        folder / "x.toml", overrides={"outside_ranges": True, f"parameters.{name}": value}
    )
    assert first(error) == ("error.range", f"parameters.{name}")


def test_the_command_refuses_what_cannot_be_read(folder, capsys):
    links_to_itself(folder / "loop.toml")
    for lang in ("ja", "en"):
        assert cli.main(["check", str(folder / "loop.toml"), "--lang", lang]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
