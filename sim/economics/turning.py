"""What would turn the result: prices one by one (exact, since money is linear in them) and
parameters from draws.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from sim.economics.acceptability import Fit
from sim.economics.costing import OF_ROW, PriceBook
from sim.economics.money import (
    CHOSEN,
    CONFIDENCE,
    KEYS,
    NO_WORLD,
    PERSPECTIVES,
    PUBLIC,
    REPLICATE,
    complete_quantities,
    difference,
    factors,
    money,
    net_cost,
    perspective,
    present_value,
    refuse_unpaired,
    with_net,
)


@dataclass(frozen=True)
class Bias:
    """A declared correction: a part (0.25 = 25 %) with its range, grade and source."""

    value: float
    low: float
    high: float
    grade: str
    source: str


MOTT_MACDONALD = (
    "assumption of this project: what a post costs is known, how many it takes is not. High end: 41 % on operating costs of "
    "standard building projects, Mott MacDonald 2002 as given in a guide to HM Treasury's rules (searched secondary: "
    "https://ppponline.affinitext.com/public/book?id=3151&toc_id=369325)"
)
MANCHESTER = (
    "Greater Manchester cost benefit analysis model, guidance to the Green Book, 2014 (practice searched primary: "
    "https://greatermanchester-ca.gov.uk/what-we-do/research/research-cost-benefit-analysis/ ; the size recalled, check). The "
    "Green Book 2018, 5.45, has no general value for benefits and asks for one's own evidence (https://ppponline.affinitext.com/public/book?id=5905)"
)
BIASES = {
    "programme": Bias(0.10, 0.0, 0.41, "D", MOTT_MACDONALD),
    "benefits": Bias(0.25, 0.0, 0.40, "C", MANCHESTER),
}


def corrected(
    parts: pd.DataFrame,
    programme: float = BIASES["programme"].value,
    benefits: float = BIASES["benefits"].value,
    rate: float = CHOSEN,
) -> pd.DataFrame:
    """Returns `money.parts` with what an arm costs raised by the share `programme` and what it
    saves cut by the share `benefits`; `net` and `public` are the new sums.

    Whether an arm's part costs or saves is judged once by payer, over all its replicates and years
    at present value, so that luck is not turned into cost. A programme that costs is raised,
    anything that saves is cut, and extra costs of services stand.
    """
    keys = ["arm", "payer", "part"]
    single = parts[(parts["part"] != "net") & (parts["payer"] != PUBLIC)]
    total = present_value(single, rate).groupby(keys)["value"].sum()
    of_part: Iterable[tuple[Any, float]] = total.items()
    factor = {key: _factor(key[2], value, programme, benefits) for key, value in of_part}
    scaled = single.assign(
        value=single["value"]
        * [factor[key] for key in single[keys].itertuples(index=False, name=None)]
    )
    paid = scaled[scaled["payer"].isin(PERSPECTIVES[PUBLIC])]
    public = (
        paid.groupby(["arm", *REPLICATE, "year", "part"], sort=False)["value"]
        .sum()
        .reset_index()
        .assign(payer=PUBLIC)
    )
    return with_net(pd.concat([scaled, public], ignore_index=True)[list(parts.columns)])


def _factor(part: str, total: float, programme: float, benefits: float) -> float:
    if total < 0:
        return 1 - benefits
    return 1 + programme if part == "programme" else 1.0


GRID = 201
FEWEST = 10  # draws below which nothing is said


def price_slopes(
    quantities: pd.DataFrame, book: PriceBook, reference: str, view: str, rate: float = CHOSEN
) -> pd.DataFrame:
    """Returns what a yen more of each price adds to an arm's mean net cost (arm, id, price, low,
    high, slope, net_cost).

    The net cost (present value, yen) is the sum over ids of slope x price, so a new price needs no
    run: it adds slope x (new - price). The slopes are the net cost where everything counted costs 1
    yen.
    """
    table = complete_quantities(quantities)
    refuse_unpaired(table, reference)
    items = {id: book.item(id) for id in table["id"].unique()}
    mean = _mean_quantities(table, rate)
    unit = money(mean, book.with_prices(dict.fromkeys(items, 1.0)))
    slopes = difference(perspective(unit, view, [*KEYS, "id"]), reference).rename(
        columns={"value": "slope"}
    )
    known = {
        name: slopes["id"].map({id: getattr(item, name) for id, item in items.items()})
        for name in ("price", "low", "high")
    }
    total = net_cost(money(mean, book), reference, view, rate).set_index("arm")["value"]
    return slopes[["arm", "id"]].assign(
        **known, slope=slopes["slope"], net_cost=slopes["arm"].map(total)
    )


def _mean_quantities(table: pd.DataFrame, rate: float) -> pd.DataFrame:
    """Returns the quantities at present value as of one year and one run: the mean over draws of
    the means over their seeds.
    """
    runs = table[REPLICATE].drop_duplicates()
    weight = 1 / runs.groupby("world")["seed"].transform("size") / runs["world"].nunique()
    weighted = table.merge(runs.assign(weight=weight), on=REPLICATE)
    amount = weighted["amount"] * weighted["weight"] * factors(weighted["year"], rate)
    keys = ["arm", *OF_ROW]
    total = (
        amount.groupby([weighted[name] for name in keys], sort=True)
        .sum()
        .rename("amount")
        .reset_index()
    )
    return total.assign(world=NO_WORLD, seed=0, year=1)


def price_turns(slopes: pd.DataFrame) -> pd.DataFrame:
    """Returns what each price could do to an arm's net cost (arm, id, price, low, high, at_low,
    at_high, swing, threshold, inside), the widest swing first in each arm.

    `at_low` and `at_high` are the net cost at the ends of the price's range. `threshold` is the
    price at which it is 0, NaN where no price of 0 or more does that. `inside` says whether it lies
    in the range: then this price alone can turn the result.
    """
    ends = {
        f"at_{end}": slopes["net_cost"] + slopes["slope"] * (slopes[end] - slopes["price"])
        for end in ("low", "high")
    }
    moves = slopes["slope"].where(slopes["slope"] != 0)
    threshold = slopes["price"] - slopes["net_cost"] / moves
    threshold = threshold.where(threshold >= 0)
    table = slopes[["arm", "id", "price", "low", "high"]].assign(
        **ends,
        swing=(ends["at_high"] - ends["at_low"]).abs(),
        threshold=threshold,
        inside=(threshold >= slopes["low"]) & (threshold <= slopes["high"]),
    )
    widest = [
        part.sort_values("swing", ascending=False, kind="stable")
        for _, part in table.groupby("arm", sort=False)
    ]
    return pd.concat(widest, ignore_index=True)


def parameter_turns(
    parameters: pd.DataFrame, costs: pd.Series, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Returns how one arm's net cost goes with each parameter over the draws (name, correlation,
    floor, clear, top, bottom, difference, threshold), the strongest first.

    `parameters` has a row a world and a column a name, `costs` a value a world. `correlation` is
    Spearman's; below `floor` a parameter cannot be told from chance, with all names together at
    `confidence` (Bonferroni). `top` and `bottom` are the mean net cost in the highest and the
    lowest fifth of the parameter, `difference` is top less bottom. `threshold` is the value at
    which a spline fit crosses 0, nearest to the middle of the draws; NaN where it does not cross,
    or where the parameter is not clear of the floor.
    """
    kept = costs.dropna().index.intersection(parameters.dropna().index)
    table, cost = parameters.loc[kept], costs.loc[kept].to_numpy(dtype=float)
    table = table[[name for name in table if table[name].nunique() > 1]]
    floor = (
        noise_floor(len(kept), len(table.columns), confidence) if len(kept) >= FEWEST else np.inf
    )
    rows = [_turn(str(name), table[name].to_numpy(dtype=float), cost, floor) for name in table]
    found = pd.DataFrame(
        rows,
        columns=[
            "name",
            "correlation",
            "floor",
            "clear",
            "top",
            "bottom",
            "difference",
            "threshold",
        ],
    )
    return found.sort_values(
        "correlation", key=np.abs, ascending=False, kind="stable", ignore_index=True
    )


def noise_floor(draws: int, names: int, confidence: float = CONFIDENCE) -> float:
    """Returns the rank correlation that, with chance `confidence`, none of `names` unrelated
    parameters exceeds in `draws` draws.
    """
    t = stats.t.ppf(1 - (1 - confidence) / (2 * max(names, 1)), draws - 2)
    return float(t / np.sqrt(draws - 2 + t * t))


def crossing(values: np.ndarray, cost: np.ndarray) -> float:
    """Returns the value inside the draws at which the fitted cost is 0, nearest to their median;
    NaN where it is nowhere 0.
    """
    order = np.argsort(values, kind="stable")
    x, fitted = values[order], Fit(values[:, None])(cost)[order]
    grid = np.linspace(x[0], x[-1], GRID)
    line = np.interp(grid, x, fitted)
    turns = np.flatnonzero(np.sign(line[:-1]) * np.sign(line[1:]) < 0)
    if not len(turns):
        return np.nan
    at = grid[turns] - line[turns] * (grid[turns + 1] - grid[turns]) / (
        line[turns + 1] - line[turns]
    )
    return float(at[np.abs(at - np.median(x)).argmin()])


def _turn(name: str, values: np.ndarray, cost: np.ndarray, floor: float) -> tuple:
    """Returns one row of `parameter_turns`."""
    rho = float(stats.spearmanr(values, cost).statistic) if np.ptp(cost) > 0 else 0.0
    low, high = np.quantile(values, [0.2, 0.8])
    top, bottom = float(cost[values >= high].mean()), float(cost[values <= low].mean())
    clear = abs(rho) > floor
    return (
        name,
        rho,
        floor,
        clear,
        top,
        bottom,
        top - bottom,
        crossing(values, cost) if clear else np.nan,
    )
