"""Yearly yen by payer and by counted thing, and three perspectives that are never mixed."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd
from scipy import stats

from sim.declared.payers import PAYERS, PUBLIC_PAYERS
from sim.economics.costing import PriceBook, cost, quantities_table
from sim.words.errors import fault, nearest

REPLICATE = ["world", "seed"]
RUN = ["arm", *REPLICATE]
KEYS = [*RUN, "year"]
NO_WORLD = 0  # the world in which every parameter has its declared value
UNPAID = "unpaid"  # rows of the society view: nobody pays them
COLUMNS = [*PAYERS, UNPAID]
PERSPECTIVES = {
    "municipality": ("municipality",),
    "public": PUBLIC_PAYERS,
    "society": (*PAYERS, UNPAID),
}
HOURS = "resident_hour"


def money(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """Returns the yen of every run, one row for each row of the book that adds and each payer (arm,
    world, seed, year, id, kind, payer, yen, transfer).

    `quantities` has the columns arm, world, seed, year, id, variant, mix and amount; a missing world
    is NO_WORLD. `payer` is one of COLUMNS; what stands in the view of society alone is `unpaid`.
    `transfer` is the part of `yen` that is handed to a household as cash.

    Raises ScenarioError where the book lacks what is counted, or where a run lacks a year.
    """
    priced = cost(complete_quantities(quantities), book)
    priced = priced[priced["adds"]].reset_index(drop=True)
    payer = priced["payer"].where(priced["view"] == "payers", UNPAID)
    return priced[[*KEYS, "id", "kind"]].assign(
        payer=payer, yen=priced["yen"], transfer=priced["yen"] * priced["transfer"]
    )


def complete_quantities(quantities: pd.DataFrame) -> pd.DataFrame:
    """Returns the quantities as a checked table with all its columns; raises ScenarioError where a
    run lacks a year that others have.
    """
    table = quantities.assign(
        world=quantities["world"].fillna(NO_WORLD).astype(int)
        if "world" in quantities
        else NO_WORLD
    )
    for name in ("arm", "seed", "year"):
        if name not in table:
            raise fault(
                "error.quantity_column",
                at=name,
                allowed=", ".join([*KEYS, "id", "variant", "mix", "amount"]),
            )
    years = table["year"].unique()
    there = table.groupby(RUN, sort=False)["year"].nunique()
    for arm, world, seed in there.index[there < len(years)]:
        found = table.loc[
            (table["arm"] == arm) & (table["world"] == world) & (table["seed"] == seed), "year"
        ]
        raise fault(
            "error.quantity_gap", arm=arm, world=world, seed=seed, year=min(set(years) - set(found))
        )
    return quantities_table(table)


def paired(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of those runs (world, seed) that every arm has, which is what remains where
    some runs have failed.
    """
    runs = table[RUN].drop_duplicates()
    whole = runs.groupby(REPLICATE)["arm"].transform("size") == runs["arm"].nunique()
    return table.merge(runs.loc[whole], on=RUN)


def by_payer(money: pd.DataFrame) -> pd.DataFrame:
    """Returns yen with a row for each arm, world, seed and year and a column for each payer of
    COLUMNS; 0 where a payer pays nothing.
    """
    return _wide(money, KEYS)


def by_id(money: pd.DataFrame) -> pd.DataFrame:
    """Returns yen with a row for each arm, world, seed, year and id and a column for each payer of
    COLUMNS.
    """
    return _wide(money, [*KEYS, "id"])


def resident_hours(quantities: pd.DataFrame) -> pd.Series:
    """Returns the unpaid hours of residents by arm, world, seed and year, in hours and not in yen; 0
    where there are none.
    """
    table = complete_quantities(quantities)
    return (
        table["amount"]
        .where(table["id"] == HOURS, 0.0)
        .groupby([table[name] for name in KEYS])
        .sum()
        .rename("hours")
    )


def yearly_money(quantities: pd.DataFrame, book: PriceBook) -> pd.DataFrame:
    """Returns the money table of every run: yen by payer, the `unpaid` yen of the view of society,
    and the `hours` of residents.
    """
    return by_payer(money(quantities, book)).join(resident_hours(quantities))


def perspective(money: pd.DataFrame, name: str, keys: list[str] = KEYS) -> pd.DataFrame:
    """Returns the yen of one of PERSPECTIVES (arm, world, seed, year, value); with `id` among the
    `keys`, by id too.

    `municipality` is the municipality's own budget and `public` is that of all public payers.
    `society` adds households and unpaid hours and leaves out transfers, which only move money. The
    three are shown side by side and are never added.
    """
    total = _wide(money, keys)[list(PERSPECTIVES[name])].sum(axis=1)
    if name == "society":
        total = total - money.groupby(keys, sort=True)["transfer"].sum()
    return total.rename("value").reset_index()


def _wide(money: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Returns yen by `keys`, with one column for each payer of COLUMNS."""
    yen = money.groupby([*keys, "payer"], sort=True)["yen"].sum()
    wide = yen.unstack("payer", fill_value=0.0)  # type: ignore[arg-type]  # stubs want an int
    return wide.reindex(columns=COLUMNS, fill_value=0.0)


CONFIDENCE = 0.95


def difference(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Returns every other arm less the reference, paired by world, seed and whatever else the table
    is keyed by.

    `table` has the columns arm, the keys and `value`. A key that only some runs have (an id that
    was counted in one arm, or with one seed) counts as 0 elsewhere. A run (world, seed, year) that one arm lacks is
    refused. Equal arms differ by exactly 0.
    """
    refuse_unpaired(table, reference)
    arms = list(table["arm"].unique())
    keys = [name for name in table.columns if name not in ("arm", "value")]
    wide = table.pivot(index=keys, columns="arm", values="value").fillna(0.0)
    if "id" in keys:
        of_run = [name for name in keys if name in (*REPLICATE, "year")]
        found = wide.index.to_frame(index=False)
        counted = found[[name for name in keys if name not in of_run]].drop_duplicates()
        whole = found[of_run].drop_duplicates().merge(counted, how="cross")[keys]
        wide = wide.reindex(pd.MultiIndex.from_frame(whole), fill_value=0.0)
    others = [arm for arm in arms if arm != reference]
    less = wide[others].sub(wide[reference], axis=0)
    long = less.melt(ignore_index=False, var_name="arm", value_name="value").reset_index()
    return long[["arm", *keys, "value"]]


def replicates(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the table with one column `replicate` in place of world and seed: the world, with its
    seeds averaged; or the seed where there is only one world.
    """
    keys = [name for name in table.columns if name not in (*REPLICATE, "value")]
    unit = "world" if over(table) == "draws" else "seed"
    mean = table.groupby([*keys, unit], sort=False)["value"].mean().reset_index()
    return mean.rename(columns={unit: "replicate"})


def over(table: pd.DataFrame) -> str:
    """Returns over what the replicates of a table differ: over `draws` (assumptions and luck) or
    over `seeds` (luck alone).
    """
    return "draws" if table["world"].nunique() > 1 else "seeds"


def spread(table: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Returns the mean and its interval (keys, mean, low, high, replicates, over) of a table (keys,
    world, seed, value).

    Over seeds it is the t interval of the mean, NaN where there is one seed. Over draws it is the
    quantiles of the draws' means over their seeds, that is, the spread of the assumptions.
    """
    kind = over(table)
    single = replicates(table)
    keys = [name for name in single.columns if name not in ("replicate", "value")]
    grouped = single.groupby(keys, sort=False)["value"]
    found = grouped.agg(["mean", "std", "count"])
    tail = (1 - confidence) / 2
    if kind == "draws":
        low, high = grouped.quantile(tail), grouped.quantile(1 - tail)
    else:
        several = found["count"].where(found["count"] > 1)
        half = stats.t.ppf(1 - tail, several - 1) * found["std"] / np.sqrt(several)
        low, high = found["mean"] - half, found["mean"] + half
    return found.assign(low=low, high=high, replicates=found["count"], over=kind)[
        ["mean", "low", "high", "replicates", "over"]
    ].reset_index()


def refuse_unpaired(table: pd.DataFrame, reference: str) -> None:
    """Raises ScenarioError for a reference that is no arm, and for an arm that has not exactly the
    draws, seeds and years of the reference.
    """
    arms = [str(arm) for arm in table["arm"].unique()]
    if reference not in arms:
        raise fault(
            "error.unknown_arm",
            given=reference,
            allowed=", ".join(arms),
            near=nearest(reference, arms),
        )
    names = [name for name in (*REPLICATE, "year") if name in table]
    runs = table[["arm", *names]].drop_duplicates()
    there = {
        arm: set(part[names].itertuples(index=False, name=None))
        for arm, part in runs.groupby("arm", sort=False)
    }
    for arm, found in there.items():
        for lone in sorted(found ^ there[reference])[:1]:
            raise fault(
                "error.unpaired",
                **{"world": "", "seed": "", "year": "", **dict(zip(names, lone, strict=True))},
                arm=arm,
                reference=reference,
            )


PROGRAMME = (
    "post",
    "place",
    "conference",
)  # kinds that a programme buys; conference hours lie inside the posts and never add
SERVICE = ("crisis", "stay", "service")  # kinds that follow from how households fare
PARTS = ("programme", "other", "net")
PLANNED_PARTS = (
    "planned",
    "vacancies",
    "other",
    "net",
)  # the programme as planned, and what vacancies change of it
PUBLIC = "public"
FIRST_YEARS = 5


def parts(money: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Returns the yen that each arm costs more than the reference (arm, world, seed, year, payer,
    part, value), by payer and for all `public` payers.

    `part` is `programme` (kinds of PROGRAMME), `other` (kinds of SERVICE) or `net`, their sum.
    Values are not discounted and hold no unpaid value.
    """
    paid = money[money["payer"] != UNPAID]
    part = paid["kind"].isin(PROGRAMME).map({True: "programme", False: "other"})
    yen = paid.groupby([*KEYS, part.rename("part"), "payer"], sort=True)["yen"].sum()
    paid_by = yen.unstack("payer", fill_value=0.0)  # type: ignore[arg-type]  # stubs want an int
    paid_by = paid_by.reindex(columns=list(PAYERS), fill_value=0.0)
    wide = cast(pd.DataFrame, paid_by.unstack("part", fill_value=0.0))
    columns = {}
    for payer in (*PAYERS, PUBLIC):
        payers = PERSPECTIVES[PUBLIC] if payer == PUBLIC else (payer,)
        for name in PARTS[:2]:
            columns[payer, name] = wide[[(one, name) for one in payers if (one, name) in wide]].sum(
                axis=1
            )
    every = pd.DataFrame(columns).rename_axis(columns=["payer", "part"])
    series = cast(pd.Series, every.stack(["payer", "part"], future_stack=True))
    long = series.rename("value").reset_index()
    return with_net(difference(long, reference))


def with_net(parts: pd.DataFrame) -> pd.DataFrame:
    """Returns the parts `programme` and `other` together with their sum, the part `net`."""
    keys = [name for name in parts.columns if name not in ("part", "value")]
    net = parts.groupby(keys, sort=False)["value"].sum().reset_index().assign(part="net")
    return pd.concat([parts, net], ignore_index=True)[list(parts.columns)]


def with_plan(parts: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Returns the parts with the programme split in two: `planned` (arm, year, payer, value of the
    plan) and `vacancies`, which is the programme less the plan.
    """
    table = parts.merge(
        plan.rename(columns={"value": "planned"}), on=["arm", "year", "payer"], how="left"
    )
    own = table["part"] == "programme"
    planned = table[own].assign(part="planned", value=table["planned"])
    vacancies = table[own].assign(part="vacancies", value=table["value"] - table["planned"])
    return pd.concat([planned, vacancies, table[~own]], ignore_index=True)[list(parts.columns)]


def budget_impact(
    parts: pd.DataFrame, years: int = FIRST_YEARS, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Returns `parts` in the first fiscal years in yen, not discounted (arm, year, payer, part,
    mean, low, high, replicates, over).

    Source of the layout: Sullivan et al. 2014, ISPOR budget impact analysis good practice
    (undiscounted, year by year, by payer).
    """
    return spread(parts[parts["year"] <= years], confidence)


RATES = (0.0, 0.02, 0.04)
CHOSEN = 0.02


def factors(years: np.ndarray | pd.Series, rate: float) -> np.ndarray:
    """Returns what a yen of each year (1 is the first fiscal year) is worth in the first year, at
    `rate` (0.02 is 2 % a year).
    """
    return (1.0 + rate) ** -(np.asarray(years, dtype=float) - 1.0)


def present_value(table: pd.DataFrame, rate: float = CHOSEN) -> pd.DataFrame:
    """Returns a table (keys, year, value) summed over its years at their present value (keys,
    value).
    """
    keys = [name for name in table.columns if name not in ("year", "value")]
    worth = table.assign(value=table["value"] * factors(table["year"], rate))
    return worth.groupby(keys, sort=False)["value"].sum().reset_index()


def net_cost(money: pd.DataFrame, reference: str, view: str, rate: float = CHOSEN) -> pd.DataFrame:
    """Returns the present value in yen of what an arm costs more than the reference, run by run
    (arm, world, seed, value).

    Above 0 the arm costs more, below 0 it saves: this is minus the net present value of an
    investment. `view` is one of PERSPECTIVES.
    """
    return present_value(difference(perspective(money, view), reference), rate)


def net_costs(
    money: pd.DataFrame, reference: str, rates: tuple[float, ...] = RATES, chosen: float = CHOSEN
) -> pd.DataFrame:
    """Returns the net cost in every perspective at every rate (view, rate, chosen, arm, world, seed,
    value), with the chosen rate marked.
    """
    flows = {view: difference(perspective(money, view), reference) for view in PERSPECTIVES}
    parts = [
        present_value(flow, rate).assign(view=view, rate=rate, chosen=rate == chosen)
        for view, flow in flows.items()
        for rate in sorted({*rates, chosen})
    ]
    return pd.concat(parts, ignore_index=True)[
        ["view", "rate", "chosen", "arm", "world", "seed", "value"]
    ]


YEARS = (3, 5, 10, 20)
QUANTILES = (0.05, 0.5, 0.95)


def cumulative(parts: pd.DataFrame, rate: float = CHOSEN) -> pd.DataFrame:
    """Returns the net cost of `parts` in yen up to and with each year, payer by payer (arm, world,
    seed, year, payer, value).

    It is taken at the discount rate of the comparison, so that the last year is the present value
    of the net cost; rate 0 gives plain cash.
    """
    net = parts[parts["part"] == "net"].drop(columns="part").sort_values("year", kind="stable")
    net = net.assign(value=net["value"] * factors(net["year"], rate))
    return net.assign(
        value=net.groupby(["arm", *REPLICATE, "payer"], sort=False)["value"].cumsum()
    ).reset_index(drop=True)


def first_years(cumulative: pd.DataFrame) -> pd.DataFrame:
    """Returns the first year from which the cumulative net cost stays at or below 0 (arm, payer,
    world, seed, year, same).

    The year is NaN where that never happens within the horizon; it may still come later, of which
    nothing is known. `same` is True where the net cost is 0 in every year.
    """
    wide = cumulative.pivot(
        index=["arm", "payer", *REPLICATE], columns="year", values="value"
    ).sort_index(axis=1)
    stays = np.logical_and.accumulate(wide.to_numpy()[:, ::-1] <= 0, axis=1).sum(axis=1)
    years = np.append(wide.columns.to_numpy(dtype=float), np.nan)
    first = years[len(years) - 1 - stays]
    return pd.DataFrame(
        {"year": first, "same": (wide == 0).all(axis=1)}, index=wide.index
    ).reset_index()


def break_even(first: pd.DataFrame, horizon: int, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Returns when each arm has paid for itself, one row an arm and payer: an early, a middle and a
    late year (5, 50 and 95 %), the share that `never` does, and the chance by year 3, 5, 10 and 20.

    `same` marks a net cost of exactly 0 in every run and year: then there is nothing to be paid
    back, and all of these are NaN. A quantile among the runs that never come so far is NaN, and so
    are chances beyond the horizon. Each chance has the Wilson interval of as many independent
    replicates as there are (draws, or seeds): 20 of 20 is not certainty. Source: Wilson 1927.
    """
    unit = "world" if over(first) == "draws" else "seed"
    rows = []
    for (arm, payer), part in first.groupby(["arm", "payer"], sort=False):
        same = bool(part["same"].all())
        year = np.sort(part["year"].fillna(np.inf).to_numpy())
        number = part[unit].nunique()
        middle = {
            f"year_{100 * q:02.0f}": np.nan
            if same
            else _finite(np.quantile(year, q, method="inverted_cdf"))
            for q in QUANTILES
        }
        never = np.nan if same else float(np.isinf(year).mean())
        row = {
            "arm": arm,
            "payer": payer,
            **middle,
            "replicates": number,
            "never": never,
            "same": same,
        }
        for by in YEARS:
            chance = float((year <= by).mean()) if by <= horizon and not same else np.nan
            low, high = wilson(chance, number, confidence)
            row |= {f"by_{by}": chance, f"by_{by}_low": low, f"by_{by}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def wilson(share: float, number: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Returns Wilson's interval of a share of `number` independent trials; NaN where the share is
    NaN.
    """
    if np.isnan(share):
        return np.nan, np.nan
    tested = stats.binomtest(round(share * number), number)
    found = tested.proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


def _finite(year: float) -> float:
    return float(year) if np.isfinite(year) else np.nan
