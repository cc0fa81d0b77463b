"""Cost per compounded household-year averted, and how often each arm is the best buy at each
willingness to pay.

Sources: Drummond et al. 2015 (dominance, plane); Fenwick, Claxton and Sculpher 2001 (curve and
frontier).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from sim.declared.measure import FEWEST
from sim.economics.money import (
    CHOSEN,
    RUN,
    difference,
    net_cost,
    over,
    present_value,
    replicates,
    spread,
)
from sim.words.errors import fault

GRID = tuple(1e5 * step for step in range(0, 101, 2))  # yen per household-year: 0 to 10 million


def household_years(effects: pd.DataFrame, households: float) -> pd.DataFrame:
    """Returns the compounded household-years of every run (arm, world, seed, year, value), made from
    the measure `compounded`, which is in percent of `households`.
    """
    table = effects[effects["measure"] == "compounded"]
    return table.assign(value=table["value"] / 100 * households)[
        ["arm", "world", "seed", "year", "value"]
    ]


def outcomes(
    money: pd.DataFrame, years: pd.DataFrame, reference: str, view: str, rate: float = CHOSEN
) -> pd.DataFrame:
    """Returns the net cost and the effect of every run against the reference (arm, world, seed,
    cost, effect), both at present value and at the same rate.

    `cost` is the net cost in yen: above 0 the arm costs more. `effect` is the number of compounded
    household-years averted, out of `years` (arm, world, seed, year, value): above 0 the arm is
    better. Seeds that stand in one table alone are refused.
    """
    cost = net_cost(money, reference, view, rate)
    burden = present_value(difference(years, reference), rate)
    burden = burden.rename(columns={"value": "effect"}).assign(effect=-burden["value"])
    both = cost.rename(columns={"value": "cost"}).merge(burden, on=RUN, how="outer")
    for arm, world, seed in both.loc[both.isna().any(axis=1), RUN].itertuples(
        index=False, name=None
    ):
        raise fault("error.outcomes_unpaired", arm=arm, world=world, seed=seed)
    return both


def plane(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Returns the points of the cost-effectiveness plane (arm, replicate, cost, effect), one for
    each world, or for each seed where there are no draws.
    """
    cost, effect = (replicates(_one(outcomes, name)) for name in ("cost", "effect"))
    return cost.rename(columns={"value": "cost"}).assign(effect=effect["value"])


def ratios(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Returns the cost-effectiveness ratio of each arm against the reference (arm, cost, effect,
    effect_low, effect_high, status, icer).

    `icer` is yen per compounded household-year averted where an arm `costs` more and does more.
    Where it `saves` and does less, it is yen saved per household-year lost. Arms that are
    `dominant` or `dominated` have no ratio. The ratio is `undefined` where the interval of the
    effect holds 0 or there are fewer than FEWEST replicates, `unchanged` where the effect is
    exactly 0 in every run, and `same` where the cost is exactly 0 too.
    """
    cost, effect = (spread(_one(outcomes, name)) for name in ("cost", "effect"))
    nothing = outcomes.groupby("arm")[["cost", "effect"]].agg(_all_zero)
    few = effect["replicates"] < FEWEST
    rows = []
    for arm, mean, gain, low, high, unsure in zip(
        cost["arm"], cost["mean"], effect["mean"], effect["low"], effect["high"], few, strict=True
    ):
        free, idle = nothing.loc[arm]
        status = quadrant(mean, gain, unsure=unsure or not (low > 0 or high < 0))
        if idle:
            status = "same" if free else "unchanged"
        icer = mean / gain if status in ("costs", "saves") else np.nan
        rows.append((arm, mean, gain, low, high, status, icer))
    return pd.DataFrame(
        rows, columns=["arm", "cost", "effect", "effect_low", "effect_high", "status", "icer"]
    )


def _all_zero(values: pd.Series) -> bool:
    """Returns whether every value is exactly 0."""
    return bool((values == 0).all())


def quadrant(cost: float, effect: float, unsure: bool = False) -> str:
    """Returns where a difference lies on the plane: costs, saves, dominant or dominated; undefined
    where the effect cannot be told from 0.
    """
    if unsure or effect == 0:
        return "undefined"
    if effect > 0:
        return "dominant" if cost <= 0 else "costs"
    return "dominated" if cost >= 0 else "saves"


def frontier(arms: pd.DataFrame) -> pd.DataFrame:
    """Returns the place of each of several mutually exclusive arms (arm, cost, effect), by rising
    cost (arm, cost, effect, status, icer, against).

    An arm is `dominated` where another one costs no more and does no less, and differs in one of
    the two. It is `extendedly_dominated` where a mix of two others does more for the money. On the
    `frontier` each arm is compared with the one before it; the cheapest has no ratio. Arms of
    exactly the same cost and effect share a place.
    """
    point = ["cost", "effect"]
    placed = _frontier(arms.drop_duplicates(point)).set_index(point)[["status", "icer", "against"]]
    table = arms[["arm", *point]].join(placed, on=point)
    return table.sort_values(point, ascending=[True, False], kind="stable", ignore_index=True)


def _frontier(arms: pd.DataFrame) -> pd.DataFrame:
    """Returns the frontier of arms of which no two have the same cost and effect."""
    table = arms[["arm", "cost", "effect"]].assign(effect_down=-arms["effect"])
    table = (
        table.sort_values(["cost", "effect_down"], kind="stable")
        .drop(columns="effect_down")
        .reset_index(drop=True)
    )
    best = np.maximum.accumulate(np.append(-np.inf, table["effect"]))[:-1]
    status = np.where(table["effect"] > best, "frontier", "dominated").astype(object)
    hull: list[int] = []
    for row in map(int, np.flatnonzero(status == "frontier")):
        while len(hull) > 1 and _slope(table, hull[-1], row) <= _slope(table, hull[-2], hull[-1]):
            status[hull.pop()] = "extendedly_dominated"
        hull.append(row)
    icer, against = np.full(len(table), np.nan), np.full(len(table), "", dtype=object)
    for before, row in zip(hull, hull[1:], strict=False):
        icer[row], against[row] = _slope(table, before, row), table["arm"][before]
    return table.assign(status=status, icer=icer, against=against)


def frontier_of(outcomes: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Returns the frontier of all arms at their means, with the reference at cost 0 and effect 0."""
    means = plane(outcomes).groupby("arm", sort=False)[["cost", "effect"]].mean().reset_index()
    return frontier(
        pd.concat(
            [pd.DataFrame({"arm": [reference], "cost": [0.0], "effect": [0.0]}), means],
            ignore_index=True,
        )
    )


def net_benefits(outcomes: pd.DataFrame, reference: str, worth: float) -> pd.DataFrame:
    """Returns the net benefit in yen, `worth` x effect - cost: one row a replicate and one column
    an arm, the reference first with 0.
    """
    cost, effect = _by_arm(outcomes, reference)
    return worth * effect - cost


def acceptability(
    outcomes: pd.DataFrame,
    reference: str,
    grid: tuple[float, ...] = GRID,
    same: Collection[str] = (),
) -> pd.DataFrame:
    """(worth, arm, chance, best, evpi, over) at every willingness to pay in yen per household-year
    averted.

    Arms that are the `same` as the reference are left out: no choice lies between the two.

    `chance` is the share of replicates in which the arm has the highest net benefit (the curve;
    ties are shared out), `best` marks the arm with the highest mean (the frontier), `evpi` is the
    value in yen of knowing which replicate is true before choosing. `over` says whether replicates
    are draws (assumptions) or seeds (luck alone: no study could find that out).
    """
    cost, effect = (wide.drop(columns=list(same)) for wide in _by_arm(outcomes, reference))
    parts = []
    for worth in grid:
        benefit = (worth * effect - cost).to_numpy()
        best = np.arange(benefit.shape[1]) == benefit.mean(axis=0).argmax()
        parts.append(
            {
                "worth": worth,
                "arm": cost.columns,
                "chance": chances(benefit),
                "best": best,
                "evpi": evpi(benefit),
            }
        )
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True).assign(
        over=over(outcomes)
    )


def chances(benefit: np.ndarray) -> np.ndarray:
    """Returns how often each arm has the highest net benefit, from values of shape (replicates,
    arms); a tie is shared out.
    """
    best = benefit == benefit.max(axis=1, keepdims=True)
    return (best / best.sum(axis=1, keepdims=True)).mean(axis=0)


def evpi(benefit: np.ndarray) -> float:
    """Returns the expected value of perfect information: the mean of the best arm of each
    replicate, less the mean of the arm that is best on average.
    """
    return float(np.mean(benefit.max(axis=1) - benefit[:, benefit.mean(axis=0).argmax()]))


def _by_arm(outcomes: pd.DataFrame, reference: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns costs and effects, each with a row a replicate and a column an arm, the reference
    first with 0.
    """
    points = plane(outcomes)
    arms = list(points["arm"].unique())
    cost, effect = (
        points.pivot(index="replicate", columns="arm", values=name)[arms]
        for name in ("cost", "effect")
    )
    for wide in (cost, effect):
        wide.insert(0, reference, 0.0)
    return cost, effect


def _one(outcomes: pd.DataFrame, name: str) -> pd.DataFrame:
    return outcomes.rename(columns={name: "value"})[["arm", "world", "seed", "value"]]


def _slope(table: pd.DataFrame, before: int, row: int) -> float:
    return (table["cost"][row] - table["cost"][before]) / (
        table["effect"][row] - table["effect"][before]
    )


LEAST_DRAWS = 128
KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
RIDGES = np.logspace(-6, 2, 17)  # per row of the table
SHUFFLES = 19


def partial(
    parameters: pd.DataFrame, benefit: pd.DataFrame, groups: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """(group, evppi, floor, evpi, draws), the most valuable first, in the unit of the net benefit.

    `parameters` (index world, one column a name), `benefit` (index world, one column an arm:
    `acceptability.net_benefits`). `floor` is the mean estimate for the same numbers set against the
    wrong draws: what chance alone yields. Draws without a result are left out; fewer than
    LEAST_DRAWS are refused.
    """
    kept = benefit.dropna().index.intersection(parameters.dropna().index)
    if len(kept) < LEAST_DRAWS:
        raise fault("error.few_draws", needed=LEAST_DRAWS, kept=len(kept))
    table, worth = parameters.loc[kept], benefit.loc[kept].to_numpy(dtype=float)
    rows = []
    for group, names in groups.items():
        fit = Fit(table[_known(list(names), group, table)].to_numpy(dtype=float))
        rows.append((group, _value(fit, worth), _by_chance(fit, worth), evpi(worth), len(kept)))
    found = pd.DataFrame(rows, columns=["group", "evppi", "floor", "evpi", "draws"])
    return found.sort_values("evppi", ascending=False, kind="stable", ignore_index=True)


class Fit:
    """A ridge regression on splines of some inputs (draws, inputs), ready for any outcome."""

    def __init__(self, inputs: np.ndarray):
        basis = np.column_stack(
            [spline(column) for column in inputs.T if np.ptp(column) > 0] or [np.zeros(len(inputs))]
        )
        spread = basis.std(axis=0)
        scaled = (basis - basis.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        self.left, self.sizes, _ = np.linalg.svd(scaled, full_matrices=False)

    def __call__(self, outcome: np.ndarray) -> np.ndarray:
        """Returns the fitted values (draws,) of an outcome (draws,), at the ridge with the least
        generalised cross-validation error.
        """
        rows, mean = len(outcome), outcome.mean()
        along = self.left.T @ (outcome - mean)
        shrink = self.sizes**2 / (self.sizes**2 + rows * RIDGES[:, None])
        left_over = np.sum((outcome - mean) ** 2) - np.sum(
            (1 - (1 - shrink) ** 2) * along**2, axis=1
        )
        error = left_over / (1 - (1 + shrink.sum(axis=1)) / rows) ** 2
        return mean + self.left @ (shrink[error.argmin()] * along)


def spline(values: np.ndarray) -> np.ndarray:
    """Returns the restricted cubic spline basis (draws, up to 4) of one input. It is straight
    beyond the outer knots, centred and scaled.
    """
    x = (values - values.mean()) / values.std()
    knots = np.unique(np.quantile(x, KNOTS))
    if len(knots) < len(KNOTS):
        return x[:, None]
    bend = [np.maximum(x - knot, 0.0) ** 3 for knot in knots]
    last, before = knots[-1], knots[-2]
    bent = [
        bend[k]
        - bend[-2] * (last - knots[k]) / (last - before)
        + bend[-1] * (before - knots[k]) / (last - before)
        for k in range(len(knots) - 2)
    ]
    return np.column_stack([x, *bent])


def _value(fit: Fit, worth: np.ndarray) -> float:
    """Returns the partial value of perfect information of a fit, from net benefits (draws, arms)."""
    return evpi(np.column_stack([fit(arm) for arm in (worth - worth[:, :1]).T]))


def _by_chance(fit: Fit, worth: np.ndarray) -> float:
    """Returns the mean value over outcomes that were moved to other draws. Rows keep their arms
    together, and no random number is drawn.
    """
    moves = np.linspace(0, len(worth), SHUFFLES + 2).astype(int)[1:-1]
    return float(np.mean([_value(fit, np.roll(worth, move, axis=0)) for move in moves]))


def _known(names: list[str], group: str, table: pd.DataFrame) -> list[str]:
    for name in names:
        if name not in table:
            raise fault("error.no_parameter_of_group", group=group, name=name)
    return names
