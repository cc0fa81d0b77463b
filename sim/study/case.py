"""The budget case of a comparison: all tables of money that the report, the workbook and the screen
show, from one price book.

Intervals of money at declared parameter values show stochastic variation alone (seeds). Where
enough parameter samples were accepted, chances and the cost-effectiveness plane are over samples,
so that they include stochastic variation and parameter uncertainty; the column `over` of each table
says which.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from sim.declared import declared
from sim.economics import acceptability, cash, money, turning
from sim.economics.acceptability import LEAST_DRAWS, partial
from sim.economics.costing import PriceBook
from sim.economics.money import difference, spread
from sim.economics.quantities import charged
from sim.study import budget
from sim.study.design import DECLARED_VALUES, NO_EFFECT
from sim.study.funding import funded_book
from sim.study.request import Request, funding_table, request_of
from sim.study.result import Compared
from sim.study.worlds import plausible


@dataclass(frozen=True)
class Options:
    """How a case is reckoned. cautious: the longest notice lags of the book. worth: yen that a
    compounded household-year averted is held to be worth where one number is needed (0: money alone
    decides). programme, benefits: optimism correction, as parts.
    """

    cautious: bool = True
    worth: float = 0.0
    programme: float = turning.BIASES["programme"].value
    benefits: float = turning.BIASES["benefits"].value


VIEWS = tuple(money.PERSPECTIVES)
UNSEEN_SHARES = (0.0, 0.5, 1.0)  # of the service cost of unseen households, side by side


@dataclass(frozen=True)
class Case:
    """A comparison priced by a book, discounted at `rate` (0.02 = 2 % a year). Amounts are yen;
    above 0 an arm costs more.
    """

    compared: Compared
    book: PriceBook
    rate: float = money.CHOSEN
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        """The book knows the sources of money that the arms write themselves."""
        object.__setattr__(self, "book", funded_book(self.compared.comparison, self.book))

    @property
    def reference(self) -> str:
        """The arm that all others are set against."""
        return self.compared.comparison.reference

    @property
    def years(self) -> int:
        """The horizon in fiscal years."""
        return self.compared.comparison.base.years

    @cached_property
    def charged(self) -> pd.DataFrame:
        """Quantities as they are priced (arm, world, seed, year, id, mix, amount), of all parameter
        samples: runs that were simulated in every arm.
        """
        return self.compared.in_all_arms(self.compared.gathered.charged)

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """Quantities of the main runs."""
        return self.compared.of_main_runs(self.charged)

    @property
    def over(self) -> str:
        """What chances are computed over: `draws` (plausible worlds, and luck) or `seeds` (luck
        alone).
        """
        return "draws" if self.compared.worlds else "seeds"

    @property
    def replicates(self) -> int:
        """Number of worlds, or seeds, over which chances are computed."""
        return self.quantities["world" if self.over == "draws" else "seed"].nunique()

    @cached_property
    def money(self) -> pd.DataFrame:
        """(arm, world, seed, year, id, kind, payer, yen, transfer) at declared values."""
        return money.money(self.quantities, self.book)

    @cached_property
    def payers(self) -> pd.DataFrame:
        """(arm, year, payer, mean, low, high, replicates, over): yen of every arm, `hours` of
        residents among the payers.
        """
        table = money.by_payer(self.money).join(money.resident_hours(self.quantities))
        return spread(_long(table))

    @cached_property
    def kinds(self) -> pd.DataFrame:
        """(arm, id, kind, mean, low, high, ...): yen of the whole run by counted thing, less the
        reference, at present value.
        """
        table = (
            self.money[self.money["payer"] != money.UNPAID]
            .groupby([*money.KEYS, "id", "kind"], sort=False)["yen"]
            .sum()
        )
        return spread(
            money.present_value(
                difference(table.rename("value").reset_index(), self.reference), self.rate
            )
        )

    @cached_property
    def parts(self) -> pd.DataFrame:
        """`money.parts` at declared values: yen more than the reference by payer and part,
        undiscounted, run by run.
        """
        return money.parts(self.money, self.reference)

    @cached_property
    def budget_impact(self) -> pd.DataFrame:
        """(arm, year, payer, part, mean, low, high, ...) of the first five fiscal years,
        undiscounted; the programme as it is planned, and apart from it what vacancies change.
        """
        return money.budget_impact(self.planned_parts)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """`budget.planned_costs`: yen that arms are planned to cost more than the reference (arm,
        year, payer, value), computed without any run.
        """
        return budget.planned_costs(self.compared.comparison, self.book)

    def request(self, arm: str) -> Request:
        """The budget request of an arm, exact, in thousand yen: `lines`, `sections`, `sources`."""
        return request_of(self.compared.comparison, arm, self.book)

    @cached_property
    def funding(self) -> pd.DataFrame:
        """(arm, year, fiscal, grants, source, payer, thousand): who pays the request of every arm,
        with the sources of money that it writes, and without them.
        """
        return funding_table(self.compared.comparison, self.book)

    @cached_property
    def planned_parts(self) -> pd.DataFrame:
        """`money.with_plan`: the parts with the programme as planned, and apart from it what
        vacancies change.
        """
        return money.with_plan(self.parts, self.plan)

    @cached_property
    def vacancies(self) -> pd.DataFrame:
        """(arm, mean, low, high, ...): yen of all payers that vacancies change of the planned cost
        over the whole run.
        """
        table = self.planned_parts
        table = table[(table["part"] == "vacancies") & (table["payer"] != money.PUBLIC)]
        return spread(table.groupby(money.RUN, sort=False)["value"].sum().reset_index())

    @cached_property
    def totals(self) -> pd.DataFrame:
        """(arm, payer, part, mean, low, high, ...) of the whole run at present value."""
        return spread(money.present_value(self.parts, self.rate))

    @cached_property
    def cumulative(self) -> pd.DataFrame:
        """(arm, year, payer, mean, low, high, ...): net cost up to and with each year, at the
        chosen rate.
        """
        return spread(money.cumulative(self.parts, self.rate))

    @cached_property
    def first_years(self) -> pd.DataFrame:
        """(arm, payer, world, seed, year): break-even run by run, NaN where it is not within the
        horizon.
        """
        return money.first_years(money.cumulative(self.parts, self.rate))

    @cached_property
    def break_even(self) -> pd.DataFrame:
        """One row an arm and payer: quantiles of the year, `never`, chances by year 3, 5, 10 and 20
        with their intervals.
        """
        return money.break_even(self.first_years, self.years).assign(over=self.over)

    @cached_property
    def net_costs(self) -> pd.DataFrame:
        """(view, rate, chosen, arm, mean, low, high, ...): present value by perspective at 0, 2, 4
        % and the chosen rate.
        """
        return spread(money.net_costs(self.money, self.reference, chosen=self.rate))

    @cached_property
    def chosen_net_costs(self) -> pd.DataFrame:
        """(view, arm, mean, low, high, ...) at the chosen rate."""
        parts = [
            money.net_cost(self.money, self.reference, view, self.rate).assign(view=view)
            for view in VIEWS
        ]
        return spread(pd.concat(parts, ignore_index=True))

    @cached_property
    def no_effect(self) -> pd.DataFrame:
        """(view, arm, mean, ...) at the chosen rate with every effect at its null; empty where that
        was not run.
        """
        idle = self._of(NO_EFFECT)
        if idle.empty:
            return pd.DataFrame(
                columns=["view", "arm", "mean", "low", "high", "replicates", "over"]
            )
        priced = money.money(idle, self.book)
        parts = [
            money.net_cost(priced, self.reference, view, self.rate).assign(view=view)
            for view in VIEWS
        ]
        return spread(pd.concat(parts, ignore_index=True))

    @cached_property
    def unseen_net_costs(self) -> pd.DataFrame:
        """(share, view, arm, mean, low, high, ...) at the chosen rate, where each of UNSEEN_SHARES of
        the service cost of unseen households is charged, in all arms.
        """
        counted = self.compared.in_all_arms(self.compared.gathered.quantities)
        counted = self.compared.of_main_runs(counted)
        parts = []
        for share in UNSEEN_SHARES:
            priced = money.money(charged(counted, share), self.book)
            parts += [
                money.net_cost(priced, self.reference, view, self.rate).assign(
                    share=share, view=view
                )
                for view in VIEWS
            ]
        return spread(pd.concat(parts, ignore_index=True))

    @cached_property
    def effect_kinds(self) -> pd.DataFrame:
        """(arm, id, mean, low, high, ...): yen of all payers that the effects of an arm add to each
        counted thing, as estimated less with every effect at its null, at present value; empty
        where that was not run.
        """
        idle = self._of(NO_EFFECT)
        if idle.empty:
            return pd.DataFrame(columns=["arm", "id", "mean", "low", "high"])
        with_effects, without = (
            self._by_id(table.assign(world=DECLARED_VALUES)) for table in (self.quantities, idle)
        )
        runs = [table[money.REPLICATE].drop_duplicates() for table in (with_effects, without)]
        shared, keys = runs[0].merge(runs[1], on=money.REPLICATE), [*money.KEYS, "id"]
        both, null = (table.merge(shared, on=money.REPLICATE) for table in (with_effects, without))
        joined = both.merge(null, on=keys, how="outer", suffixes=("", "_null")).fillna(0.0)
        joined["value"] = joined["value"] - joined["value_null"]
        return spread(money.present_value(joined[[*keys, "value"]], self.rate))

    def _by_id(self, counted: pd.DataFrame) -> pd.DataFrame:
        """Yen of all payers by counted thing, less the reference, run by run."""
        yen = money.money(counted, self.book)
        total = money.perspective(yen, money.PUBLIC, [*money.KEYS, "id"])
        return difference(total, self.reference)

    @cached_property
    def cash(self) -> pd.DataFrame:
        """`cash.cash`: the municipality's extra, saving, cash, freed and later by counted thing,
        run by run, undiscounted.
        """
        return cash.cash(self.quantities, self.book, self.reference, self.options.cautious)

    @cached_property
    def cash_totals(self) -> pd.DataFrame:
        """(arm, what, mean, low, high, ...) of the whole run, undiscounted."""
        net = cash.net_cash(self.cash).assign(what="net_cash")
        table = pd.concat([cash.cash_by_year(self.cash), net], ignore_index=True)
        return spread(table.groupby([*money.RUN, "what"], sort=False)["value"].sum().reset_index())

    @cached_property
    def outcomes(self) -> dict[str, pd.DataFrame]:
        """By perspective (arm, world, seed, cost, effect): net cost and compounded household-years
        averted, at present value.
        """
        values = self.compared.in_all_arms(self.compared.main)
        years = acceptability.household_years(values, self.compared.gathered.households)
        return {
            view: acceptability.outcomes(self.money, years, self.reference, view, self.rate)
            for view in VIEWS
        }

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """(view, arm, cost, effect, effect_low, effect_high, status, icer): cost per compounded
        household-year averted.
        """
        return _by_view(self.outcomes, acceptability.ratios)

    @cached_property
    def plane(self) -> pd.DataFrame:
        """(view, arm, replicate, cost, effect): points of the cost-effectiveness plane."""
        return _by_view(self.outcomes, acceptability.plane)

    @cached_property
    def frontier(self) -> pd.DataFrame:
        """(view, arm, cost, effect, status, icer, against) of all arms, dominated ones marked."""
        return _by_view(
            self.outcomes, lambda table: acceptability.frontier_of(table, self.reference)
        )

    @cached_property
    def acceptability(self) -> pd.DataFrame:
        """(view, worth, arm, chance, best, evpi, over) at every willingness to pay."""
        return _by_view(
            self.outcomes,
            lambda table: acceptability.acceptability(
                table, self.reference, same=self.compared.same
            ),
        )

    @cached_property
    def information(self) -> pd.DataFrame:
        """(view, group, evppi, floor, evpi, draws) at `options.worth`; empty below 300 accepted
        parameter samples.
        """
        if len(self.compared.worlds) < LEAST_DRAWS:
            return pd.DataFrame(columns=["view", "group", "evppi", "floor", "evpi", "draws"])
        return _by_view(
            self.outcomes,
            lambda table: partial(
                self.parameters,
                acceptability.net_benefits(table, self.reference, self.options.worth),
                self.groups,
            ),
        )

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """The parameter values of the worlds (index world, one column a name); those that the scenario
        itself fixes are left out.
        """
        table = plausible().values
        own, plain = self.compared.comparison.base.parameters, declared()
        names = [name for name in map(str, table.columns) if own[name] == plain[name].value]
        return table.loc[list(self.compared.worlds), names].rename_axis(index="world")

    @property
    def groups(self) -> dict[str, list[str]]:
        """Names of sampled parameters by their group."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in map(str, self.parameters.columns):
            found[name.split(".")[0]].append(name)
        return dict(found)

    @cached_property
    def price_turns(self) -> pd.DataFrame:
        """(view, arm, id, price, low, high, at_low, at_high, swing, threshold, inside): the exact
        tornado over prices.
        """
        parts = {
            view: turning.price_slopes(self.quantities, self.book, self.reference, view, self.rate)
            for view in VIEWS
        }
        return _by_view(parts, turning.price_turns)

    @cached_property
    def parameter_turns(self) -> pd.DataFrame:
        """(view, arm, name, correlation, floor, clear, top, bottom, difference, threshold) over
        draws; empty without them.
        """
        columns = [
            "view",
            "arm",
            "name",
            "correlation",
            "floor",
            "clear",
            "top",
            "bottom",
            "difference",
            "threshold",
        ]
        if self.over == "seeds":
            return pd.DataFrame(columns=columns)
        parts = []
        for view, table in self.plane.groupby("view", sort=False):
            for arm, points in table.groupby("arm", sort=False):
                costs = points.set_index("replicate")["cost"]
                parts.append(
                    turning.parameter_turns(self.parameters, costs).assign(view=view, arm=arm)
                )
        return pd.concat(parts, ignore_index=True)[columns]

    @cached_property
    def corrected(self) -> pd.DataFrame:
        """(arm, payer, part, mean, low, high, ...) like `totals`, with programme costs raised and
        savings cut.
        """
        parts = turning.corrected(
            self.parts, self.options.programme, self.options.benefits, self.rate
        )
        return spread(money.present_value(parts, self.rate))

    @cached_property
    def needed(self) -> pd.DataFrame:
        """(arm, payer, programme, other, net, factor) at present value: how many times larger the
        fall of other costs would have to be for the arm to pay for itself within the run; NaN where
        they do not fall, or the programme costs nothing.
        """
        wide = self.totals.pivot(index=["arm", "payer"], columns="part", values="mean")[
            list(money.PARTS)
        ].reset_index()
        pays = (wide["other"] < 0) & (wide["programme"] > 0)
        return wide.assign(
            factor=np.where(pays, wide["programme"] / -wide["other"].where(pays, np.nan), np.nan)
        )

    def _of(self, world: int) -> pd.DataFrame:
        return self.charged[self.charged["world"] == world]


def _long(table: pd.DataFrame) -> pd.DataFrame:
    """(keys, payer, value) of a table with one column a payer."""
    long = cast(pd.Series, table.rename_axis(columns="payer").stack(future_stack=True))
    return long.rename("value").reset_index()


def _by_view(tables: dict[str, pd.DataFrame], make) -> pd.DataFrame:
    """Returns what `make` gives for each perspective, one above the other."""
    found = [make(table).assign(view=view) for view, table in tables.items()]
    joined = pd.concat(found, ignore_index=True)
    return joined[["view", *(name for name in joined if name != "view")]]
