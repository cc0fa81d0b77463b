"""The price book: what it refuses, and a toy worked by hand."""

from pathlib import Path

import pandas as pd
import pytest

from sim.declared.payers import PAYERS
from sim.economics.costing import cost, read_prices
from sim.words import speak, words

DEFAULT = Path(__file__).parents[1] / "scenarios" / "prices" / "default.toml"


@pytest.fixture(autouse=True)
def english():
    speak("en")
    yield
    speak(None)


TOY = """
id = "toy"
name = {ja = "例", en = "Toy"}
currency = "JPY"

[[items]]
id = "post"
kind = "post"
en = "post"
ja = "職員"
unit = "post-year"
price = 4000
low = 3000
high = 5000
price_year = 2023
grade = "D"
source = "toy"
cashable = "capacity_step"
lag_years = [1.0, 3.0]
shares_grade = "D"
shares_source = "toy"
shares = {municipality = 1.0}

[[items]]
id = "aid"
kind = "service"
en = "aid"
ja = "扶助"
unit = "household-year"
price = 100
low = 50
high = 200
grade = "D"
source = "toy"
cashable = "yes"
shares_grade = "D"
shares_source = "toy"
shares = {municipality = 0.25, nation = 0.75}

[[items.variants]]
id = "town"
en = "town"
ja = "町村"
cashable = "no"
shares_grade = "D"
shares_source = "toy"
shares = {prefecture = 0.25, nation = 0.75}

[[items]]
id = "hour"
kind = "conference"
en = "hour"
ja = "会議"
unit = "hour"
price = 2
low = 1
high = 3
grade = "D"
source = "toy"
cashable = "no"
inside = ["post"]
shares_grade = "D"
shares_source = "toy"
shares = {municipality = 1.0}

[[items]]
id = "bundle"
kind = "service"
en = "bundle"
ja = "一括"
unit = "household-year"
price = 300
low = 300
high = 300
grade = "D"
source = "toy"
cashable = "yes"
excludes = ["aid"]
shares_grade = "D"
shares_source = "toy"
shares = {nation = 1.0}

[[mixes]]
id = "half"
en = "half"
ja = "半分"
grade = "D"
source = "toy"
shares = {municipality = 0.5, nation = 0.5}
"""


def toy(tmp_path, old="", new=""):
    """The toy book, with one place of its text replaced."""
    assert old in TOY
    path = tmp_path / "toy.toml"
    path.write_text(TOY.replace(old, new, 1) if old else TOY, encoding="utf-8")
    return read_prices(path)


def test_toy_by_hand(tmp_path):
    table = cost({"post": 2, "aid": 10, "aid/town": 4}, toy(tmp_path))
    assert table.groupby("payer")["yen"].sum().to_dict() == {
        "municipality": 2 * 4000 + 10 * 25,
        "nation": 10 * 75 + 4 * 75,
        "prefecture": 4 * 25,
    }
    assert table["yen"].sum() == 2 * 4000 + 14 * 100


def test_mix_and_carried_columns(tmp_path):
    quantities = pd.DataFrame(
        {"year": [1, 2], "id": ["post", "post"], "amount": [1.0, 3.0], "mix": ["half", None]}
    )
    table = cost(quantities, toy(tmp_path))
    assert table.groupby(["year", "payer"])["yen"].sum().to_dict() == {
        (1, "municipality"): 2000,
        (1, "nation"): 2000,
        (2, "municipality"): 12000,
    }
    assert list(quantities.columns) == ["year", "id", "amount", "mix"]


def test_what_is_inside_another_row_does_not_add(tmp_path):
    table = cost({"post": 1, "hour": 10}, toy(tmp_path)).set_index("id")
    assert table["adds"].to_dict() == {"post": True, "hour": False}
    assert table.loc["hour", "yen"] == 20


def test_differences_and_nothing(tmp_path):
    book = toy(tmp_path)
    assert cost({"aid": -2}, book)["yen"].sum() == -200
    assert cost({}, book).empty


@pytest.mark.parametrize(
    ("quantities", "message"),
    [
        ({"aid": 1, "bundle": 1}, "bundle and aid count the same money"),
        ({"post": float("nan")}, "post: the amount is not a finite number"),
        ({"gift": 1}, "items.gift: the price book has no row of this id"),
        ({"pots": 1}, "did you mean: post"),
        ({"aid/city": 1}, "items.aid.variants: the row has no such variant"),
        (
            pd.DataFrame({"id": ["aid"], "amount": [1], "mix": ["half"]}),
            "items.aid: a mix belongs to posts",
        ),
        (
            pd.DataFrame({"id": ["post"], "amount": [1], "mix": ["third"]}),
            "mixes.third: the price book has no mix",
        ),
        (pd.DataFrame({"id": ["post"]}), "amount: the table of quantities lacks a column"),
        (
            pd.DataFrame({"id": ["post"], "amount": [1], "yen": [1]}),
            "yen: the table of quantities has columns of the result",
        ),
    ],
)
def test_wrong_quantities_are_refused(tmp_path, quantities, message):
    with pytest.raises(ValueError, match=message):
        cost(quantities, toy(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{municipality = 0.25, nation = 0.75}",
            "{municipality = 0.25, nation = 0.7}",
            "items.aid.shares: what the .* sums to 0.95",
        ),
        (
            "{prefecture = 0.25, nation = 0.75}",
            "{prefecture = 0.5, nation = 0.75}",
            "town.shares: what the .* sums to 1.25",
        ),
        (
            "{municipality = 0.5, nation = 0.5}",
            "{municipality = 0.5}",
            "mixes.half.shares: what the payers bear sums to 0.5",
        ),
        (
            "{municipality = 0.5, nation = 0.5}",
            "{municipality = 1.5, nation = -0.5}",
            "shares.municipality: the value is out of",
        ),
        ("price = 4000", "price = -1", "items.post.price: the value is out of range"),
        (
            "price = 4000",
            "price = 6000",
            "items.post: the price 6,000 does not lie between low 3,000 and high 5,000",
        ),
        ("low = 3000", "low = 4500", "items.post: the price 4,000 does not lie"),
        ("price = 4000", "price = nan", "items.*price: the value is not a finite number"),
        ("low = 3000\n", "", "items.post: low, price and high belong together"),
        ("price_year = 2023", "year = 2023", "items.post.year: there is no setting of this name"),
        (
            "{municipality = 1.0}",
            "{city = 1.0}",
            "items.post.shares.city: there is no setting of this name",
        ),
        ('id = "aid"', 'id = "post"', "items.post: two rows have the id post"),
        ('currency = "JPY"', 'currency = "USD"', "the currency is USD; all prices are in yen"),
        ("price = 100", 'currency = "EUR"\nprice = 100', "items.aid: the currency is EUR"),
        ('inside = ["post"]', 'inside = ["desk"]', "the row hour names desk"),
        ("lag_years = [1.0, 3.0]", "lag_years = [3.0, 1.0]", "items.post: lag_years"),
        ('id = "toy"', "id = ", "not valid TOML"),
    ],
)
def test_wrong_books_are_refused(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=message) as caught:
        toy(tmp_path, old, new)
    assert "toy.toml" in str(caught.value).splitlines()[0]
    assert caught.value.say("ja") != caught.value.say("en")


def test_local_prices(tmp_path):
    book = toy(tmp_path).with_prices({"post": 9000})
    assert cost({"post": 1}, book)["yen"].sum() == 9000
    assert book.item("post").high == 9000
    with pytest.raises(ValueError, match="items.gift: the price book has no row"):
        book.with_prices({"gift": 1})


OWN = """
extends = "toy.toml"
[[items]]
id = "post"
price = 9000
[[items]]
id = "aid"
price = 110
low = 100
high = 120
price_year = 2024
source = "settled accounts"
[[items.variants]]
id = "town"
shares = {prefecture = 0.5, nation = 0.5}
[[mixes]]
id = "half"
shares = {municipality = 0.75, nation = 0.25}
"""


def own(tmp_path, text=OWN, name="mine.toml"):
    """A book of one's own beside the toy."""
    toy(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_prices(tmp_path / name)


def test_a_book_of_ones_own_holds_only_what_differs(tmp_path):
    book, base = own(tmp_path), toy(tmp_path)
    post, aid = book.item("post"), book.item("aid")
    assert (book.id, [item.id for item in book.items]) == ("mine", [item.id for item in base.items])
    assert (post.price, post.low, post.high, post.grade, post.price_year) == (
        9000,
        3000,
        9000,
        "own",
        None,
    )
    assert post.shares == base.item("post").shares
    assert post.source.endswith("mine.toml") and post.shares_source == "toy"
    assert (aid.price, aid.low, aid.high, aid.price_year, aid.source) == (
        110,
        100,
        120,
        2024,
        "settled accounts",
    )
    assert aid.payer("town").shares_grade == "own" and aid.payer("town").cashable == "no"
    assert book.item("bundle") == base.item("bundle")
    assert cost({"post": 1, "aid/town": 2}, book).groupby("payer")["yen"].sum().to_dict() == {
        "municipality": 9000,
        "nation": 110,
        "prefecture": 110,
    }


def test_a_book_may_extend_one_that_ships(tmp_path):
    text = 'extends = "default.toml"\n[[items]]\nid = "home_care"\nprice = 1_500_000\n'
    for name in ("mine.toml", "default.toml"):  # also under the same name
        book = own(tmp_path, text, name)
        care = book.item("home_care")
        assert (care.low, care.price, care.high, care.grade) == (1.5e6, 1.5e6, 1.5e6, "own")
        assert [item for item in book.items if item.id != "home_care"] == [
            item for item in read_prices(DEFAULT).items if item.id != "home_care"
        ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'id = "post"',
            'id = "pots"',
            "(?s)mine.toml items.pots: the price book has no row of this id.*did you mean: post",
        ),
        (
            'extends = "toy.toml"',
            'extends = "tony.toml"',
            "(?s)extends: there is no such file.*did you mean: toy.toml",
        ),
        ('extends = "toy.toml"', 'extends = "defualt.toml"', "did you mean: default.toml"),
        ('extends = "toy.toml"', 'extends = "mine.toml"', "extend one another in a circle"),
        ('extends = "toy.toml"', 'extends = "../toy.toml"', "leads out of the scenario folder"),
        ('extends = "toy.toml"', "extends = 1", "(?s)wrong kind.*text in quotes"),
        ('id = "aid"', 'id = "post"', "items.post: two rows have the id post"),
        (
            "price = 9000",
            "price = -9000",
            "(?s)items.post.price: the value is out of range.*0 or more",
        ),
        (
            "price = 9000",
            'price = "9000"',
            "(?s)items.post.price: the value is of the wrong kind.*a number",
        ),
        (
            "price = 9000",
            "prise = 9000",
            "(?s)items.post.prise: there is no setting.*did you mean: price",
        ),
        ("price = 9000", 'currency = "USD"', "items.post: the currency is USD"),
        (
            "low = 100",
            "low = 115",
            "items.aid: the price 110 does not lie between low 115 and high 120",
        ),
        (
            "{municipality = 0.75, nation = 0.25}",
            "{municipality = 0.75}",
            "mixes.half.shares: what the payers bear sums to 0.75",
        ),
        (
            "{prefecture = 0.5, nation = 0.5}",
            "{}",
            "items.aid.variants.town.shares: what the payers bear sums to 0",
        ),
        ('id = "post"\n', "", "items.1.id: this setting is missing"),
        ("[[mixes]]", "[mixes]", "mixes: rows are written as"),
    ],
)
def test_wrong_books_of_ones_own_are_refused(tmp_path, old, new, message):
    assert old in OWN
    with pytest.raises(ValueError, match=message) as caught:
        own(tmp_path, OWN.replace(old, new, 1))
    assert caught.value.say("ja") != caught.value.say("en")


def test_every_unit_of_the_default_book_has_words():
    units = {item.unit for item in read_prices(DEFAULT).items}
    assert all(f"unit.{unit}" in words(lang) for unit in units for lang in ("ja", "en"))


def test_default_book():
    book = read_prices(DEFAULT)
    assert book.id == DEFAULT.stem
    assert [item.id for item in book.items if item.price is None] == ["home_care"]
    amounts = {
        item.id: 1.0
        for item in book.items
        if item.price is not None and item.id != "service_compounded"
    }
    table = cost(amounts, book)
    assert set(table["payer"]) == set(PAYERS)
    by_id = table.groupby("id")["yen"].sum()
    for item in book.items:
        if item.id in amounts:
            assert by_id[item.id] == pytest.approx(item.price), item.id
        for variant in item.variants:
            assert cost({f"{item.id}/{variant.id}": 1}, book)["yen"].sum() == pytest.approx(
                item.price
            )
    assert not table.loc[table["id"].str.startswith("conference_hour"), "adds"].any()
    assert set(table.loc[table["view"] == "society", "id"]) == {"resident_hour", "suicide_social"}
    assert not cost({"crisis_psychiatric/on_assistance": 1}, book)["adds"].any()
    with pytest.raises(ValueError, match="count the same money"):
        cost({"service_compounded": 1, "assistance_year": 1}, book)


def test_a_row_without_a_price_is_never_free():
    with pytest.raises(
        ValueError, match="items.home_care: the row has no price; enter a local one"
    ):
        cost({"home_care": 1}, read_prices(DEFAULT))


def test_default_book_prices_every_crisis_of_the_model():
    from sim.declared import crises

    ids = {item.id for item in read_prices(DEFAULT).items}
    named = {crisis.id for kinds in crises.KINDS.values() for crisis in kinds}
    assert named <= ids
