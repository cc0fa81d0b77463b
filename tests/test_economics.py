"""The economics: a toy worked by hand, published worked examples, laws, and what is refused."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.declared.payers import PAYERS, payer_name
from sim.economics import acceptability, cash, money, turning
from sim.economics import acceptability as information
from sim.economics import money as breakeven
from sim.economics import money as discounting
from sim.economics import money as impact
from sim.economics import money as replicates
from sim.economics import turning as optimism
from sim.economics.costing import read_prices
from sim.words import speak, words

DEFAULT = Path(__file__).parents[1] / "scenarios" / "prices" / "default.toml"
LINES = (
    'grade = "D"\nsource = "toy"\nshares_grade = "D"\nshares_source = "toy"\nen = "x"\nja = "x"\n'
)


@pytest.fixture(autouse=True)
def english():
    speak("en")
    yield
    speak(None)


def row(id, kind, price, low, high, shares, cashable, more=""):
    return (
        f'[[items]]\nid = "{id}"\nkind = "{kind}"\nunit = "u"\nprice = {price}\nlow = {low}\nhigh = {high}\n'
        f'cashable = "{cashable}"\n{LINES}{more}\nshares = {shares}\n'
    )


TOY = 'id = "toy"\nname = {ja = "例", en = "Toy"}\n' + "".join(
    (
        row(
            "post",
            "post",
            1000,
            500,
            2000,
            "{municipality = 0.5, nation = 0.5}",
            "capacity_step",
            "lag_years = [0, 1]",
        ),
        row(
            "crisis",
            "crisis",
            300,
            100,
            600,
            "{prefecture = 0.25, insurance = 0.5, household = 0.25}",
            "no",
        ),
        row(
            "aid",
            "service",
            100,
            50,
            400,
            "{municipality = 0.25, nation = 0.75}",
            "yes",
            "lag_years = [0, 1]\ntransfer = 0.5",
        ),
        row("resident_hour", "society", 2, 1, 3, "{household = 1}", "no", 'view = "society"'),
    )
)
# amounts in year 1 and 2: posts, crises, assistance, hours of residents
PAYING = ("municipality", "prefecture", "nation", "insurance", "household")  # in the toy book
AMOUNTS = {
    "wait": ((2, 10, 20, 0), (2, 12, 24, 0)),
    "outreach": ((3, 8, 20, 50), (3, 4, 14, 50)),
    "cut": ((0.5, 12, 22, 0), (0.5, 16, 30, 0)),
}
YEARS = {"wait": (40, 50), "outreach": (38, 30), "cut": (44, 60)}  # compounded household-years


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "toy.toml"
    path.write_text(TOY, encoding="utf-8")
    return read_prices(path)


def table(
    amounts, seeds=(1,), draws=(0,), change=lambda amount, arm, world, seed, year, id: amount
):
    ids = ("post", "crisis", "aid", "resident_hour")
    return pd.DataFrame(
        [
            {
                "arm": arm,
                "world": world,
                "seed": seed,
                "year": year,
                "id": id,
                "variant": "",
                "mix": "",
                "amount": change(amount, arm, world, seed, year, id),
            }
            for arm, years in amounts.items()
            for world in draws
            for seed in seeds
            for year, values in enumerate(years, 1)
            for id, amount in zip(ids, values, strict=True)
        ]
    )


def burdens(years, seeds=(1,), draws=(0,)):
    return pd.DataFrame(
        [
            {"arm": arm, "world": world, "seed": seed, "year": year, "value": value}
            for arm, values in years.items()
            for world in draws
            for seed in seeds
            for year, value in enumerate(values, 1)
        ]
    )


def test_toy_by_hand_money(book):
    """Wait, year 1: posts 2 x 1000 = 2000, crises 10 x 300 = 3000, aid 20 x 100 = 2000.

    Municipality .5 x 2000 + .25 x 2000 = 1500; prefecture .25 x 3000 = 750; nation .5 x 2000 + .75
    x 2000 = 2500; insurance .5 x 3000 = 1500; household .25 x 3000 = 750; together 7000. Year 2:
    2000, 3600, 2400: 1600, 900, 2800, 1800, 900. Outreach, year 1: 3000, 2400, 2000: 2000, 600,
    3000, 1200, 600, and 50 h x 2 = 100 unpaid; year 2: 3000, 1200, 1400: 1850, 300, 2550, 600, 300,
    100. Cut, year 1: 500, 3600, 2200: 800, 900, 1900, 1800, 900; year 2: 500, 4800, 3000: 1000,
    1200, 2500, 2400, 1200. Society leaves out half of aid: wait year 1 is 7000 - 1000 = 6000;
    outreach 7400 + 100 - 1000.
    """
    quantities = table(AMOUNTS)
    yearly = money.yearly_money(quantities, book).droplevel(["world", "seed"])
    expected = {
        ("wait", 1): (1500, 750, 2500, 1500, 750, 0, 0),
        ("wait", 2): (1600, 900, 2800, 1800, 900, 0, 0),
        ("outreach", 1): (2000, 600, 3000, 1200, 600, 100, 50),
        ("outreach", 2): (1850, 300, 2550, 600, 300, 100, 50),
        ("cut", 1): (800, 900, 1900, 1800, 900, 0, 0),
        ("cut", 2): (1000, 1200, 2500, 2400, 1200, 0, 0),
    }
    assert list(yearly.columns) == [*PAYERS, "unpaid", "hours"]
    assert (yearly.drop(columns=[*PAYING, "unpaid", "hours"]) == 0).all(axis=None)
    paid = yearly[[*PAYING, "unpaid", "hours"]]
    assert {key: tuple(values) for key, values in paid.T.items()} == expected
    yen = money.money(quantities, book)
    assert money.by_id(yen).loc[("wait", 0, 1, 2, "aid")].to_dict() == dict.fromkeys(PAYERS, 0) | {
        "municipality": 600,
        "prefecture": 0,
        "nation": 1800,
        "insurance": 0,
        "household": 0,
        "unpaid": 0,
    }
    views = {
        name: money.perspective(yen, name).set_index(["arm", "year"])["value"].to_dict()
        for name in money.PERSPECTIVES
    }
    assert views["municipality"]["outreach", 2] == 1850
    assert views["public"] == {
        ("wait", 1): 6250,
        ("wait", 2): 7100,
        ("outreach", 1): 6800,
        ("outreach", 2): 5300,
        ("cut", 1): 5400,
        ("cut", 2): 7100,
    }
    assert views["society"] == {
        ("wait", 1): 6000,
        ("wait", 2): 6800,
        ("outreach", 1): 6500,
        ("outreach", 2): 5000,
        ("cut", 1): 5200,
        ("cut", 2): 6800,
    }


def test_toy_by_hand_discounted_impact_and_break_even(book):
    """Outreach less wait, municipality: +500 and +250; at 0 % 750, at 25 % 500 + 250 / 1.25 = 700.
    Public: +550, -1800; at 25 % 550 - 1440 = -890: break-even in year 2. Cut, municipality: -700,
    -600: break-even in year 1; public: -850, 0; prefecture: +150, +300: never.

    Parts, public, outreach: posts +1000 and +1000; the rest year 1: crises -600 x .75 = -450, aid
    0; year 2: -2400 x .75 - 1000 = -2800. Corrected (programme 10 % up, benefits 25 % down),
    municipality: programme 550, 550; other 0, -250 x .75 = -187.5: net 550 and 362.5. Public: 1100,
    1100; prefecture, insurance -450 and -1800, municipality and nation 0 and -1000, all cut by a
    quarter: -337.5, -2100; net 762.5 and -1000.
    """
    yen = money.money(table(AMOUNTS), book)

    def net_cost(view, rate):
        return discounting.net_cost(yen, "wait", view, rate).set_index("arm")["value"].to_dict()

    assert net_cost("municipality", 0.0) == {"outreach": 750, "cut": -1300}
    assert net_cost("municipality", 0.25) == {"outreach": 700, "cut": -700 - 600 / 1.25}
    assert net_cost("public", 0.25) == {"outreach": -890, "cut": -850}
    every = discounting.net_costs(yen, "wait")
    assert set(every.loc[every["chosen"], "rate"]) == {0.02} and len(every) == 2 * 3 * 3
    parts = impact.parts(yen, "wait")
    value = parts.set_index(["arm", "payer", "part", "year"])["value"]
    assert [
        value["outreach", "public", part, year] for part in impact.PARTS for year in (1, 2)
    ] == [1000, 1000, -450, -2800, 550, -1800]
    assert [value["cut", "municipality", part, 1] for part in impact.PARTS] == [-750, 50, -700]
    shown = impact.budget_impact(parts, years=1)
    assert (
        set(shown["year"]) == {1} and shown["low"].isna().all() and set(shown["over"]) == {"seeds"}
    )
    cumulative = breakeven.cumulative(parts, 0.25)
    assert cumulative.set_index(["arm", "payer", "year"])["value"]["outreach", "public", 2] == -890
    first = breakeven.first_years(cumulative).set_index(["arm", "payer"])["year"]
    assert (
        first["outreach", "public"] == 2
        and first["cut", "municipality"] == 1
        and first["cut", "public"] == 1
    )
    assert np.isnan(first["outreach", "municipality"]) and np.isnan(first["cut", "prefecture"])
    corrected = optimism.corrected(parts, 0.10, 0.25, 0.0).set_index(
        ["arm", "payer", "part", "year"]
    )["value"]
    assert [corrected["outreach", "municipality", "net", year] for year in (1, 2)] == pytest.approx(
        [550, 362.5]
    )
    assert [
        corrected["outreach", "public", part, year] for part in impact.PARTS for year in (1, 2)
    ] == pytest.approx([1100, 1100, -337.5, -2100, 762.5, -1000])


def test_toy_by_hand_cash(book):
    """The municipality alone (post .5 x 1000 = 500 a post, aid .25 x 100 = 25 a unit, crises
    nothing).

    Cut saves 1.5 posts in both years: whole steps are 1 post, free after the lag of one year: cash
    0, then 500; freed 1.5 posts = 750 yen, then .5 post = 250. Its aid: +2 and +6 units: 50 and 150
    extra at once. Net cash +50, then 150 - 500 = -350. Outreach: one post more, 500 and 500 extra;
    aid 0, then 10 less: a saving of 250 that is cash after the horizon: later 250. With the
    shortest lags (0): cut's post is cash in both years, outreach's 250 in year 2.
    """
    found = cash.cash(table(AMOUNTS), book, "wait").set_index(["arm", "id", "year"])
    columns = ["extra", "saving", "cash", "freed", "later", "freed_units"]
    assert found.loc[("cut", "post"), columns].to_numpy().tolist() == [
        [0, 750, 0, 750, 0, 1.5],
        [0, 750, 500, 250, 0, 0.5],
    ]
    assert found.loc[("cut", "aid"), columns].to_numpy().tolist() == [
        [50, 0, 0, 0, 0, 0],
        [150, 0, 0, 0, 0, 0],
    ]
    assert found.loc[("outreach", "aid"), columns].to_numpy().tolist() == [
        [0, 0, 0, 0, 0, 0],
        [0, 250, 0, 0, 250, 0],
    ]
    assert found.loc[("outreach", "crisis"), columns].to_numpy().tolist() == [
        [0, 0, 0, 0, 0, 2],
        [0, 0, 0, 0, 0, 8],
    ]
    assert "resident_hour" not in found.index.get_level_values("id")
    net = cash.net_cash(found.reset_index()).set_index(["arm", "year"])["value"].to_dict()
    assert net == {("outreach", 1): 500, ("outreach", 2): 500, ("cut", 1): 50, ("cut", 2): -350}
    soon = (
        cash.net_cash(cash.cash(table(AMOUNTS), book, "wait", cautious=False))
        .set_index(["arm", "year"])["value"]
        .to_dict()
    )
    assert soon == {("outreach", 1): 500, ("outreach", 2): 250, ("cut", 1): -450, ("cut", 2): -350}


def test_toy_by_hand_ratios_and_prices(book):
    """Compounded household-years averted, not discounted: outreach 2 + 20 = 22, cut -4 - 10 = -14.

    Municipality: outreach costs 750, so 750 / 22 a household-year; cut saves 1300 and loses 14.
    Worth 50: net benefits 0, 350, 600; worth 100: 0, 1450, -100: one replicate, nothing more to
    know, EVPI 0. Frontier by cost: cut (-1300, -14), wait (0, 0), outreach (750, 22): wait to
    outreach 34.09, cut to wait 92.86: wait is extendedly dominated, outreach against cut 2050 / 36.
    Prices, municipality, outreach: posts +1 and +1 at .5: 1 yen a yen of price; aid -10 x .25 =
    -2.5. Net cost 1000 - 250 = 750; it is 0 at a post of 1000 - 750 = 250 or aid at 100 + 750 / 2.5
    = 400. At a post of 500 it is 250, at 2000 it is 1750.
    """
    yen = money.money(table(AMOUNTS), book)
    found = acceptability.outcomes(yen, burdens(YEARS), "wait", "municipality", 0.0)
    assert found.set_index("arm")[["cost", "effect"]].T.to_dict("list") == {
        "outreach": [750, 22],
        "cut": [-1300, -14],
    }
    assert (
        acceptability.quadrant(750, 22) == "costs" and acceptability.quadrant(-1300, -14) == "saves"
    )
    assert set(acceptability.ratios(found)["status"]) == {
        "undefined"
    }  # one seed: nothing is known of the spread
    line = acceptability.frontier_of(found, "wait").set_index("arm")
    assert line["status"].to_dict() == {
        "cut": "frontier",
        "wait": "extendedly_dominated",
        "outreach": "frontier",
    }
    assert (
        line["icer"]["outreach"] == pytest.approx(2050 / 36)
        and line["against"]["outreach"] == "cut"
    )
    curve = acceptability.acceptability(found, "wait", (50.0, 100.0))
    assert curve.loc[curve["best"], ["worth", "arm"]].to_numpy().tolist() == [
        [50, "cut"],
        [100, "outreach"],
    ]
    assert (curve["evpi"] == 0).all() and set(curve["over"]) == {"seeds"}
    turns = turning.price_turns(
        turning.price_slopes(table(AMOUNTS), book, "wait", "municipality", 0.0)
    )
    outreach = turns[turns["arm"] == "outreach"].set_index("id")
    assert outreach.loc["post", ["at_low", "at_high", "swing", "threshold", "inside"]].tolist() == [
        250,
        1750,
        1500,
        250,
        False,
    ]
    assert outreach.loc["aid", ["at_low", "at_high", "threshold", "inside"]].tolist() == [
        875,
        0,
        400,
        True,
    ]
    assert np.isnan(outreach.loc["crisis", "threshold"]) and outreach.index[0] == "post"


def test_household_years_of_the_measure():
    effects = pd.DataFrame(
        {
            "arm": "a",
            "world": 0,
            "seed": 1,
            "year": 1,
            "measure": ["compounded", "load"],
            "value": [1.5, 0.9],
        }
    )
    assert acceptability.household_years(effects, 2000)["value"].tolist() == [30]


def test_present_value_as_published():
    """Hewlett-Packard, hp 12c user's guide, discounted cash flow: 80,000 paid, then -500, 4,500,
    5,500, 4,500 and 130,000 at the ends of five years, at 13 % a year: net present value 212.18.
    The first flow is undiscounted, as our first fiscal year.
    """
    flows = pd.DataFrame(
        {
            "arm": "duplex",
            "year": range(1, 7),
            "value": [-80_000, -500, 4_500, 5_500, 4_500, 130_000],
        }
    )
    assert discounting.present_value(flows, 0.13)["value"].iloc[0] == pytest.approx(
        212.18, abs=0.005
    )


@pytest.mark.parametrize(
    ("arms", "expected", "digits"),
    [
        # Bowel cancer screening, Australia and New Zealand Health Policy 2005, 2:10, table 7
        # (https://anzhealthpolicy.biomedcentral.com/articles/10.1186/1743-8462-2-10/tables/7)
        (
            {
                "FOBT2": (140_117_791, 3_551),
                "DCBE5": (248_112_291, 6_023),
                "DCBE3": (304_301_903, 6_720),
                "FOBT1+DCBE5": (370_181_240, 7_076),
                "FOBT1+DCBE3": (422_777_702, 7_299),
                "none": (0, 0),
            },
            {
                "none": "",
                "FOBT2": 39_459,
                "DCBE5": 43_687,
                "DCBE3": 80_616,
                "FOBT1+DCBE5": 185_054,
                "FOBT1+DCBE3": 235_859,
            },
            0.5,
        ),
        # Radiotherapy after a test, JNCI Cancer Spectrum 2020, 4(2): pkaa004, table 1: strategy 2
        # is absolutely dominated
        # (https://pmc.ncbi.nlm.nih.gov/articles/PMC7083239/table/pkaa004-T1)
        (
            {"1": (1695.865, 8.570992), "2": (12_224.17, 8.583273), "3": (12_118.17, 8.590681)},
            {"1": "", "3": 529_365.8, "2": "dominated"},
            20,
        ),
        # European Commission, Guide to cost-benefit analysis of investment projects, box on
        # extended dominance: B's 600 > C's 200
        (
            {"A": (1_000, 10), "B": (4_000, 15), "C": (9_000, 40)},
            {"A": "", "B": "extendedly_dominated", "C": 8_000 / 30},
            1e-9,
        ),
        # HIV screening, costs and months as in the vignette basic_cea of the R package dampack;
        # ratios: 1000 / (.32 / 12) and so on
        (
            {
                "status quo": (26_000, 277.25 / 12),
                "one time": (27_000, 277.57 / 12),
                "5 years": (28_020, 277.78 / 12),
                "3 years": (28_440, 277.83 / 12),
                "annual": (29_440, 277.76 / 12),
            },
            {
                "status quo": "",
                "one time": 37_500,
                "5 years": 58_285.71,
                "3 years": 100_800,
                "annual": "dominated",
            },
            0.01,
        ),
    ],
)
def test_frontiers_as_published(arms, expected, digits):
    """Ratios against the next best arm, and which arms are dominated, of four published tables
    (sources beside the numbers).
    """
    table = pd.DataFrame(
        [(name, *values) for name, values in arms.items()], columns=["arm", "cost", "effect"]
    )
    found = acceptability.frontier(table).set_index("arm")
    assert set(found.index) == set(expected)
    for arm, value in expected.items():
        if isinstance(value, str):
            assert np.isnan(found["icer"][arm]) and found["status"][arm] == (value or "frontier")
        else:
            assert found["status"][arm] == "frontier" and found["icer"][arm] == pytest.approx(
                value, abs=digits
            )


def test_quadrants():
    assert [
        acceptability.quadrant(*point)
        for point in ((-1, 1), (0, 1), (1, -1), (0, -1), (1, 1), (-1, -1), (5, 0))
    ] == ["dominant", "dominant", "dominated", "dominated", "costs", "saves", "undefined"]
    assert acceptability.quadrant(5, 3, unsure=True) == "undefined"


def test_curve_and_information_by_hand():
    """Five draws, three arms; net benefits (0, 3, 1), (0, -2, 4), (0, 5, 5), (0, -1, -2), (0, 2,
    1).

    Best: b; c; b and c by half; the reference; b. Chances 1/5, 2.5/5, 1.5/5. Means 0, 7/5, 9/5: c
    is chosen. With perfect information (3 + 4 + 5 + 0 + 2) / 5 = 14/5: EVPI 14/5 - 9/5 = 1. The
    frontier's arm is not the one most often best.
    """
    benefit = np.array([(0, 3, 1), (0, -2, 4), (0, 5, 5), (0, -1, -2), (0, 2, 1)], dtype=float)
    assert acceptability.chances(benefit) == pytest.approx([0.2, 0.5, 0.3])
    assert acceptability.evpi(benefit) == pytest.approx(1.0)
    outcomes = pd.DataFrame(
        [
            (arm, world, seed, -value, 0.0)
            for world, values in enumerate(benefit)
            for seed in (1, 2)
            for arm, value in zip("bc", values[1:], strict=True)
        ],
        columns=["arm", "world", "seed", "cost", "effect"],
    )
    curve = acceptability.acceptability(outcomes, "a", (0.0, 7.0))
    assert curve.loc[curve["worth"] == 7, "chance"].tolist() == pytest.approx([0.2, 0.5, 0.3])
    assert curve.loc[curve["best"], "arm"].tolist() == ["c", "c"] and set(curve["over"]) == {
        "draws"
    }
    assert curve["evpi"].tolist() == pytest.approx([1.0] * 6)


def cube(draws, names, seed):
    from scipy.stats import norm, qmc

    return pd.DataFrame(
        norm.ppf(qmc.LatinHypercube(len(names), rng=seed).random(draws)), columns=names
    )


def test_partial_information_has_its_closed_form():
    """Two arms, net benefit of the second m + a x + b y + e with independent standard normals.

    Knowing x is worth s phi(m / s) - |m| Phi(-|m| / s) with s = a (the unit normal loss; Raiffa and
    Schlaifer 1961); knowing x and y the same with s = sqrt(a^2 + b^2); z, which does nothing, 0.
    The inputs are fixed numbers, so there is no false alarm.
    """
    from scipy.stats import norm

    inputs = cube(2000, ["x", "y", "z", "e"], 11)
    m, a, b = 0.4, 2.0, 1.0
    benefit = pd.DataFrame(
        {"wait": 5.0, "act": 5.0 + m + a * inputs["x"] + b * inputs["y"] + 0.5 * inputs["e"]}
    )

    def worth(s):
        return s * norm.pdf(m / s) - m * norm.cdf(-m / s)

    groups = {"x": ["x"], "both": ["x", "y"], "none": ["z"]}
    found = information.partial(inputs[["x", "y", "z"]], benefit, groups).set_index("group")
    assert found["evppi"]["x"] == pytest.approx(worth(a), abs=0.03)
    assert found["evppi"]["both"] == pytest.approx(worth(np.hypot(a, b)), abs=0.03)
    assert found["evpi"]["x"] == pytest.approx(worth(np.sqrt(a * a + b * b + 0.25)), abs=0.03)
    assert found["evppi"]["none"] < 0.01 and (found["floor"] < 0.02).all()
    assert (found["evppi"] <= found["evpi"]).all() and found.index[0] == "both"


def test_partial_information_follows_a_bend():
    """Net benefit x^2 - 1 against 0, x standard normal: all of it is known with x, E max(0, x^2 -
    1) = 2 phi(1) = 0.484.
    """
    inputs = cube(1000, ["x"], 5)
    benefit = pd.DataFrame({"wait": 0.0, "act": inputs["x"] ** 2 - 1.0})
    found = information.partial(inputs, benefit, {"x": ["x"]})
    assert found["evppi"][0] == pytest.approx(2 * np.exp(-0.5) / np.sqrt(2 * np.pi), abs=0.05)


def test_many_parameters_without_effect_are_worth_little():
    """Forty unrelated parameters, 160 columns of splines for 400 draws: least squares alone would
    take luck for knowledge.
    """
    inputs = cube(400, [f"p{number}" for number in range(40)] + ["e"], 2)
    benefit = pd.DataFrame({"wait": 0.0, "act": inputs["e"]})
    groups = {"noise": [name for name in inputs if name != "e"], "e": ["e"]}
    found = information.partial(inputs, benefit, groups).set_index("group")
    assert found["evppi"]["noise"] < 0.08 and found["evppi"]["e"] == pytest.approx(0.399, abs=0.01)


def test_few_draws_are_refused_and_lost_ones_left_out():
    inputs = cube(138, ["x", "still"], 3).assign(still=1.0)
    benefit = pd.DataFrame({"wait": 0.0, "act": inputs["x"]})
    benefit.loc[:5, "act"] = np.nan
    found = information.partial(inputs, benefit, {"x": ["x"], "still": ["still"]})
    assert set(found["draws"]) == {132} and found.set_index("group")["evppi"]["still"] == 0
    with pytest.raises(ValueError, match="needs 128 or more worlds; there are 127") as caught:
        information.partial(inputs.iloc[:133], benefit, {"x": ["x"]})
    assert "128組" in caught.value.say("ja")
    with pytest.raises(ValueError, match="lacks y of the group g"):
        information.partial(inputs, benefit, {"g": ["y"]})


def test_parameters_that_turn_the_result():
    """Net cost 3 - x + 0.2 e over 400 draws: it turns at x = 3 of a normal around 2; z has no part
    in it.
    """
    inputs = cube(400, ["x", "z", "e"], 7)
    inputs["x"] += 2.0
    found = turning.parameter_turns(
        inputs[["x", "z"]], 3.0 - inputs["x"] + 0.2 * inputs["e"]
    ).set_index("name")
    assert found["correlation"]["x"] < -0.9 and found["clear"].to_dict() == {"x": True, "z": False}
    assert found["threshold"]["x"] == pytest.approx(3.0, abs=0.05) and np.isnan(
        found["threshold"]["z"]
    )
    assert found["difference"]["x"] == pytest.approx(
        -2.8, abs=0.15
    )  # the mean of a fifth of a normal lies 1.4 sd out
    assert found["floor"]["z"] == pytest.approx(turning.noise_floor(400, 2))
    flat = turning.parameter_turns(inputs[["x"]], inputs["x"] * 0.0 + 1.0)
    assert not flat["clear"].any() and flat["threshold"].isna().all()


def test_what_cannot_be_told_from_chance_turns_nothing():
    """Net cost around 0 that has nothing to do with z: a fit crosses 0 somewhere, which says
    nothing.
    """
    inputs = cube(400, ["z", "e"], 9)
    found = turning.parameter_turns(inputs[["z"]], inputs["e"]).iloc[0]
    assert not found["clear"] and np.isnan(found["threshold"])
    assert np.isfinite(
        turning.crossing(inputs["z"].to_numpy(), (inputs["e"] + 0.3 * inputs["z"]).to_numpy())
    )


def test_no_price_below_zero_is_a_threshold(book):
    """Two posts (1 yen a yen of price) and one aid (.25) more: 1025 yen. Free aid leaves 1000, free
    posts 25.
    """
    quantities = table({"wait": ((1, 1, 1, 0),), "act": ((3, 1, 2, 0),)})
    turns = turning.price_turns(turning.price_slopes(quantities, book, "wait", "municipality"))
    assert turns["threshold"].isna().all() and not turns["inside"].any()
    assert set(turns["at_low"].round(6)) == {525, 1012.5, 1025}


def test_noise_floor_is_the_critical_value():
    """Published critical value of a correlation, two-sided 5 %, 30 pairs: 0.361 (tables of Fisher
    and Yates).
    """
    assert turning.noise_floor(30, 1) == pytest.approx(0.361, abs=0.0005)
    assert turning.noise_floor(30, 50) > turning.noise_floor(30, 1)


def random_quantities(arms=("a", "b", "c"), seeds=4, years=10, draws=(0,), seed=1):
    """Amounts of every row of the default book that may be counted together, in variants and
    mixes.
    """
    left_out = ("service_compounded", "suicide_social")
    items = [
        item
        for item in read_prices(DEFAULT).items
        if item.price is not None and item.id not in left_out
    ]
    rows = [(item.id, "", "") for item in items]
    rows += [
        ("post_regular", "", "prefecture_office"),
        ("post_contract", "", "poverty_desk"),
        ("crisis_hospital", "from_75", ""),
        ("crisis_psychiatric", "ordered", ""),
        ("assistance_year", "no_fixed_home", ""),
    ]
    names = ["arm", "world", "seed", "year", "row"]
    values = [arms, draws, range(seeds), range(1, years + 1), range(len(rows))]
    table = pd.MultiIndex.from_product(values, names=names).to_frame(index=False)
    table[["id", "variant", "mix"]] = np.array(rows, dtype=object)[table["row"].to_numpy()]
    from scipy.stats import gamma

    return table.drop(columns="row").assign(
        amount=gamma.rvs(3, scale=3, size=len(table), random_state=seed)
    )


def test_payers_sum_to_the_total():
    book, quantities = read_prices(DEFAULT), random_quantities()
    yen = money.money(quantities, book)
    whole = sum(
        amount * book.item(id).price
        for id, amount in zip(quantities["id"], quantities["amount"], strict=True)
        if not book.item(id).payer().inside
    )
    assert money.by_payer(yen).to_numpy().sum() == pytest.approx(whole)
    assert money.by_id(yen).to_numpy().sum() == pytest.approx(whole)
    parts = impact.parts(yen, "a")
    wide = parts.pivot(
        index=["arm", "world", "seed", "year", "payer"], columns="part", values="value"
    )
    assert np.allclose(wide["programme"] + wide["other"], wide["net"])
    net = wide["net"].unstack("payer")
    assert np.allclose(
        net[["municipality", "prefecture", "nation", "insurance"]].sum(axis=1), net["public"]
    )
    public = discounting.net_cost(yen, "a", "public", 0.0)["value"].sum()
    assert net["public"].sum() == pytest.approx(public)
    split = cash.cash(quantities, book, "a")
    assert np.allclose(split["saving"], split["cash"] + split["freed"] + split["later"])
    assert (split["extra"] - split["saving"]).sum() == pytest.approx(net["municipality"].sum())


def test_pricing_again_is_linear():
    book, quantities = read_prices(DEFAULT), random_quantities()
    slopes = turning.price_slopes(quantities, book, "a", "public")
    whole = (slopes["slope"] * slopes["price"]).groupby(slopes["arm"]).sum()
    assert np.allclose(whole, slopes.groupby("arm")["net_cost"].first())
    new = {"post_regular": 9_100_000.0, "assistance_year": 1_000_000.0}
    again = (
        discounting.net_cost(money.money(quantities, book.with_prices(new)), "a", "public")
        .groupby("arm")["value"]
        .mean()
    )
    for arm, part in slopes.groupby("arm"):
        moved = sum(
            line.slope * (new.get(line.id, line.price) - line.price) for line in part.itertuples()
        )
        assert again[arm] == pytest.approx(part["net_cost"].iloc[0] + moved)
    turns = turning.price_turns(slopes)
    one = turns[turns["threshold"].notna()].iloc[0]
    at = discounting.net_cost(
        money.money(quantities, book.with_prices({one["id"]: one["threshold"]})), "a", "public"
    )
    assert at.groupby("arm")["value"].mean()[one["arm"]] == pytest.approx(
        0, abs=1e-6 * abs(one["at_high"])
    )


def test_equal_arms_give_exactly_nothing():
    book, one = read_prices(DEFAULT), random_quantities(arms=("a",), draws=(0, 1))
    quantities = pd.concat([one, one.assign(arm="b")])
    yen = money.money(quantities, book)
    assert (discounting.net_costs(yen, "a")["value"] == 0).all()
    parts = impact.parts(yen, "a")
    assert (parts["value"] == 0).all() and (optimism.corrected(parts)["value"] == 0).all()
    assert (impact.budget_impact(parts)[["mean", "low", "high"]] == 0).all(axis=None)
    assert (cash.cash(quantities, book, "a")[[*cash.YEN, "freed_units"]] == 0).all(axis=None)
    burden = (
        one.groupby(["arm", "world", "seed", "year"])["amount"].sum().rename("value").reset_index()
    )
    outcomes = acceptability.outcomes(
        yen, pd.concat([burden, burden.assign(arm="b")]), "a", "society"
    )
    assert (outcomes[["cost", "effect"]] == 0).all(axis=None)
    assert acceptability.ratios(outcomes)["status"].tolist() == ["same"]
    assert acceptability.frontier_of(outcomes, "a")["status"].tolist() == [
        "frontier",
        "frontier",
    ]  # neither is dominated
    curve = acceptability.acceptability(outcomes, "a")
    assert (curve["chance"] == 0.5).all() and (curve["evpi"] == 0).all()
    alone = acceptability.acceptability(outcomes, "a", same={"b"})
    assert set(alone["arm"]) == {"a"} and (alone["chance"] == 1).all()
    back = breakeven.break_even(breakeven.first_years(breakeven.cumulative(parts)), 2)
    assert back["same"].all() and back[["year_50", "never", "by_3", "by_10"]].isna().all(
        axis=None
    )  # nothing to pay back
    assert (turning.price_slopes(quantities, book, "a", "public")[["slope", "net_cost"]] == 0).all(
        axis=None
    )


def test_a_programme_without_effect_always_loses(book):
    """Two posts more and nothing else, in five seeds: it costs in every view, never breaks even,
    and no switch helps it.
    """
    amounts = {"wait": ((2, 10, 20, 0),) * 3, "act": ((4, 10, 20, 0),) * 3}
    quantities = table(amounts, seeds=range(5))
    yen = money.money(quantities, book)
    for view in money.PERSPECTIVES:
        assert (discounting.net_cost(yen, "wait", view)["value"] > 0).all()
    parts = impact.parts(yen, "wait")
    table_of = breakeven.break_even(
        breakeven.first_years(breakeven.cumulative(parts)), 3
    ).set_index("payer")
    own = table_of.loc["municipality"]
    assert (
        own["never"] == 1
        and own["by_3"] == 0
        and np.isnan(own["by_5"])
        and np.isnan(own["year_05"])
    )
    assert own["by_3_high"] == pytest.approx(0.4345, abs=1e-4)
    assert (cash.net_cash(cash.cash(quantities, book, "wait"))["value"] > 0).all()
    corrected = optimism.corrected(parts)
    assert (
        corrected.loc[corrected["payer"] == "public", "value"]
        .groupby(corrected["part"])
        .sum()["net"]
        > parts.loc[(parts["payer"] == "public") & (parts["part"] == "net"), "value"].sum()
    )
    flat = burdens({"wait": (40, 40, 40), "act": (40, 40, 40)}, seeds=range(5))
    outcomes = acceptability.outcomes(yen, flat, "wait", "public")
    assert acceptability.ratios(outcomes)["status"].tolist() == ["unchanged"]
    assert acceptability.frontier_of(outcomes, "wait").set_index("arm")["status"].to_dict() == {
        "wait": "frontier",
        "act": "dominated",
    }  # the same effect at a cost
    curve = acceptability.acceptability(outcomes, "wait")
    assert (curve.loc[curve["arm"] == "wait", "chance"] == 1).all() and (curve["evpi"] == 0).all()


def cumulated(*runs):
    return pd.DataFrame(
        [
            {"arm": "b", "payer": "public", "world": 0, "seed": seed, "year": year, "value": value}
            for seed, values in enumerate(runs)
            for year, value in enumerate(values, 1)
        ]
    )


def test_break_even_stays():
    """Below 0 for a while is no break-even; 0 is; the last year alone is one. Ten seeds: years 1,
    3, 4, 4 and six times never.
    """
    runs = [(-1, -1, -1, -1), (1, 1, 0, -1), (-1, 2, 1, -5), (3, 2, 1, 0)] + [(-1, -1, -1, 2)] * 6
    first = breakeven.first_years(cumulated(*runs))
    assert first["year"].fillna(0).tolist() == [1, 3, 4, 4, 0, 0, 0, 0, 0, 0]
    found = breakeven.break_even(first, 4).iloc[0]
    assert (found["year_05"], found["never"], found["by_3"], found["replicates"]) == (
        1,
        0.6,
        0.2,
        10,
    )
    assert np.isnan(found["year_50"]) and np.isnan(found["by_5"]) and np.isnan(found["by_20"])


def test_wilson_as_published():
    """Newcombe 1998 (Statistics in Medicine 17: 857), method 3: 81 of 263 gives 0.2553 to 0.3662, 0
    of 20 gives 0 to 0.1611.
    """
    assert breakeven.wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert breakeven.wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


def test_steps_close_only_when_saved_through_the_notice_and_open_again(tmp_path):
    """Saved units 2.5, 2.9, 3, 1, 3, 3 of a bed contract of 2 beds and a notice of one year: cash
    0, 2, 2, 0, 0, 2.
    """
    path = tmp_path / "beds.toml"
    path.write_text(
        TOY.replace("lag_years = [0, 1]\n", "lag_years = [0.5, 1]\nstep = 2\n", 1), encoding="utf-8"
    )
    saved = (2.5, 2.9, 3, 1, 3, 3)
    amounts = {
        "wait": tuple((10, 1, 1, 1) for _ in saved),
        "act": tuple((10 - units, 1, 1, 1) for units in saved),
    }
    found = (
        cash.cash(table(amounts), read_prices(path), "wait").set_index(["id", "year"]).loc["post"]
    )
    assert found["cash"].tolist() == [500 * units for units in (0, 2, 2, 0, 0, 2)]
    assert found["freed_units"].tolist() == pytest.approx([2.5, 0.9, 1, 1, 3, 1])


def test_spread_over_seeds_and_draws():
    """Seeds 1, 2, 3: mean 2, sd 1, t(2, .975) = 4.3027: 2 -+ 4.3027 / sqrt 3. Draws: quantiles of
    the draws' means over seeds.
    """
    seeds = pd.DataFrame({"arm": "a", "world": 0, "seed": [1, 2, 3], "value": [1.0, 2.0, 3.0]})
    found = replicates.spread(seeds).iloc[0]
    half = 4.302653 / 3**0.5
    assert (found["mean"], found["low"], found["high"]) == pytest.approx(
        (2, 2 - half, 2 + half), abs=1e-6
    )
    draws = pd.DataFrame(
        [("a", draw, seed, float(draw + 10 * seed)) for draw in range(101) for seed in (0, 1)],
        columns=["arm", "world", "seed", "value"],
    )
    found = replicates.spread(draws).iloc[0]
    assert (found["mean"], found["low"], found["high"]) == pytest.approx((55, 7.5, 102.5))
    assert (found["replicates"], found["over"]) == (101, "draws")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda t: t[~((t["arm"] == "cut") & (t["year"] == 2))],
            "cut .world 0, seed 1. has no quantities of year 2",
        ),
        (lambda t: t.drop(columns="seed"), "seed: the table of quantities lacks a column"),
        (
            lambda t: t.assign(seed=t["seed"].where(t["arm"] != "cut", 2)),
            "cut and wait do not have the same worlds, seeds and years",
        ),
        (
            lambda t: t.assign(id=t["id"].replace("aid", "aids")),
            "(?s)items.aids: the price book has no row.*did you mean: aid",
        ),
        (
            lambda t: t.assign(amount=t["amount"].where(t["id"] != "post", np.nan)),
            "post: the amount is not a finite number",
        ),
    ],
)
def test_wrong_tables_are_refused(book, change, message):
    with pytest.raises(ValueError, match=message) as caught:
        discounting.net_cost(money.money(change(table(AMOUNTS)), book), "wait", "public")
    assert caught.value.say("ja")


def test_prices_turn_nothing_between_arms_of_other_seeds(book):
    quantities = table(AMOUNTS)
    quantities["seed"] = quantities["seed"].where(quantities["arm"] != "cut", 2)
    with pytest.raises(ValueError, match="do not have the same worlds, seeds and years"):
        turning.price_slopes(quantities, book, "wait", "public")


def test_a_failed_run_takes_its_pair_out(book):
    quantities = table(AMOUNTS, seeds=(1, 2))
    lost = quantities[(quantities["arm"] != "cut") | (quantities["seed"] == 1)]
    assert money.paired(lost).equals(money.paired(quantities[quantities["seed"] == 1]))
    assert money.paired(quantities).equals(quantities)
    assert set(
        discounting.net_cost(money.money(money.paired(lost), book), "wait", "public")["seed"]
    ) == {1}


def test_an_unknown_reference_is_refused(book):
    with pytest.raises(ValueError, match="(?s)no arm of this name.*did you mean: wait"):
        impact.parts(money.money(table(AMOUNTS), book), "wiat")
    with pytest.raises(
        ValueError, match="stands in the table of money or of household-years alone"
    ):
        acceptability.outcomes(
            money.money(table(AMOUNTS), book), burdens(YEARS, seeds=(1, 2)), "wait", "public"
        )


def test_rows_of_nothing_may_be_left_out(book):
    """The stored table leaves out amounts of 0: an id that one arm, or one year, never counts is 0
    there.
    """
    full = table({"wait": ((2, 0, 5, 0), (2, 0, 0, 0)), "act": ((2, 3, 0, 9), (2, 0, 4, 9))})
    stored = full[full["amount"] > 0]

    def of(quantities):
        yen = money.money(quantities, book)
        split = cash.cash(quantities, book, "wait")
        slopes = turning.price_slopes(quantities, book, "wait", "society")
        return (
            discounting.net_costs(yen, "wait")["value"].sum(),
            impact.parts(yen, "wait")["value"].abs().sum(),
            *split[list(cash.YEN)].sum(),
            (slopes["slope"] * slopes["price"]).sum(),
            slopes["net_cost"].iloc[0],
        )

    assert of(stored) == pytest.approx(of(full)) and of(full)[0] != 0


def test_a_missing_draw_is_one_draw(book):
    quantities = table(AMOUNTS)
    for other in (
        quantities.drop(columns="world"),
        quantities.assign(world=np.nan),
        quantities.assign(world=None),
    ):
        assert money.by_payer(money.money(other, book)).equals(
            money.by_payer(money.money(quantities, book))
        )


def test_every_name_of_money_has_words():
    for lang in ("ja", "en"):
        book = words(lang)
        assert all(payer_name(name, lang) for name in (*money.COLUMNS, "public"))
        for kind, names in {
            "payer": ["unpaid", "public"],
            "perspective": money.PERSPECTIVES,
            "part": impact.PARTS,
            "price_kind": [*impact.PROGRAMME, *impact.SERVICE, "society"],
            "cash": [*cash.YEN, "freed_units", "net_cash"],
            "optimism": optimism.BIASES,
        }.items():
            assert all(f"{kind}.{name}" in book for name in names), kind
        assert all(
            f"status.{name}" in book
            for name in (
                "reference",
                "frontier",
                "dominated",
                "extendedly_dominated",
                "dominant",
                "costs",
                "saves",
                "undefined",
                "unchanged",
                "same",
                "few",
            )
        )


def test_corrections_are_declared():
    for bias in optimism.BIASES.values():
        assert (
            0 <= bias.low <= bias.value <= bias.high
            and bias.grade in "ABCD"
            and len(bias.source) > 40
        )


def test_all_of_it_takes_less_than_a_second():
    """Five arms, 20 seeds, ten years, 25 ids; the fastest of three, on one core of any laptop of
    these years.
    """
    book, quantities = read_prices(DEFAULT), random_quantities(arms=tuple("abcde"), seeds=20)
    burden = (
        quantities.groupby(["arm", "world", "seed", "year"])["amount"]
        .sum()
        .rename("value")
        .reset_index()
    )
    taken = []
    for _ in range(3):
        begun = time.process_time()
        yen = money.money(quantities, book)
        discounting.net_costs(yen, "a")
        parts = impact.parts(yen, "a")
        impact.budget_impact(optimism.corrected(parts))
        breakeven.break_even(breakeven.first_years(breakeven.cumulative(parts)), 10)
        cash.net_cash(cash.cash(quantities, book, "a"))
        acceptability.acceptability(acceptability.outcomes(yen, burden, "a", "public"), "a")
        taken.append(time.process_time() - begun)
    assert min(taken) < 1
