"""The finished ledger: by loop, arm and measure the whole difference, what is left of it with the
link held, what the loop carries, and the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.declared.links import link_of
from sim.scenario.comparison import Comparison
from sim.study.cells import Outcome
from sim.study.gather import ALL_MEASURES
from sim.study.marks import interval, side
from sim.study.paired import differences
from sim.words import InBoth, Phrase, named

MEASURES = ("compounded", "load", "exhaustion", "cost_public")
HELD_IN = "~"  # between an arm and the link that is held in it
REST, WHOLE, CARRIED, WITHOUT = "rest", "whole", "carried", "held"
ALL_YEARS = 0  # in place of a year: the mean of all years
RUN = ["arm", "measure", "year", "world", "seed"]
KEYS = ["loop", "arm", "measure", "year"]


@dataclass(frozen=True)
class LoopLedger:
    """A finished ledger. `table` has a row a loop, arm, measure and year (0 for the mean of all
    years), with a row `whole` for the difference itself and a row `rest` for what the loops together
    do not carry.

    `links` are the ids of the loops that were held, `values` those of every cell (arm, world, seed,
    year, measure, value), where an arm with a link held is called arm~link. `unheld` says in which
    share of places and weeks a link could not be held (arm, link, unheld). `failed` are the runs that
    failed.

    Example: `found = loop_ledger("comparison.toml", worlds=8)`, then
    `found.table.query("measure == 'compounded' and year == 0")`.
    """

    comparison: Comparison
    links: tuple[str, ...]
    values: pd.DataFrame
    unheld: pd.DataFrame
    failed: tuple[Outcome, ...] = ()

    def __repr__(self) -> str:
        arms = len(self.comparison.others)
        return f"<LoopLedger {self.comparison.id!r}: {len(self.links)} loops, {arms} arms, {self.runs} runs>"

    @property
    def runs(self) -> int:
        """Runs of every arm: worlds, or seeds at declared values."""
        return int(self.values[["world", "seed"]].drop_duplicates().shape[0])

    @property
    def worlds(self) -> int:
        """Plausible worlds; 0 where all runs are at declared values."""
        return int(self.values.loc[self.values["world"] > 0, "world"].nunique())

    @property
    def shown_values(self) -> pd.DataFrame:
        """Returns the values of the measures that a ledger tells."""
        return self.values[self.values["measure"].isin(MEASURES)].reset_index(drop=True)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Returns the parts of every difference, run by run (arm, measure, year, world, seed, loop,
        part, value).
        """
        return parts_of(self.values, self.comparison.reference)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Returns by loop, arm, measure and year: n pairs, the mean `whole` difference, what is left
        of it with the link held (`held`), what the loop carries (`carried`) with its interval from
        `low` to `high`, and `side`, what may be said of it.
        """
        return ledger_table(self.parts, self.unheld)

    def with_words(self) -> pd.DataFrame:
        """Returns the table with the names of loops, arms and measures, and units, in both
        languages.
        """
        return ledger_words(self.table, self.comparison)


def parts_of(values: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Returns the whole difference of each arm, what is left of it with each link held, what each
    loop carries, and the rest, run by run.
    """
    shown = values[values["measure"].isin(MEASURES)]
    mean = shown.groupby(["arm", "measure", "world", "seed"], sort=False, as_index=False)["value"]
    every = pd.concat([shown[[*RUN, "value"]], mean.mean().assign(year=ALL_YEARS)])
    wide = every.pivot(index=RUN[1:], columns="arm", values="value")
    found, arms = [], [str(one) for one in values["arm"].unique()]
    for arm in [one for one in arms if HELD_IN not in one and one != reference]:
        whole = wide[arm] - wide[reference]
        found += _labelled(arm, WHOLE, {WHOLE: whole, WITHOUT: 0.0 * whole, CARRIED: whole})
        rest = whole.copy()
        for name in [one for one in arms if one.startswith(f"{arm}{HELD_IN}")]:
            left = wide[name] - wide[reference]
            carried = wide[arm] - wide[name]
            rest = rest - carried
            loop = name.split(HELD_IN)[1]
            found += _labelled(arm, loop, {WHOLE: whole, WITHOUT: left, CARRIED: carried})
        found += _labelled(arm, REST, {WHOLE: whole, WITHOUT: whole - rest, CARRIED: rest})
    return pd.concat(found, ignore_index=True)


def _labelled(arm: str, loop: str, parts: dict[str, pd.Series]) -> list[pd.DataFrame]:
    return [
        series.rename("value").reset_index().assign(arm=arm, loop=loop, part=part)
        for part, series in parts.items()
    ]


def ledger_table(parts: pd.DataFrame, unheld: pd.DataFrame) -> pd.DataFrame:
    """Returns means over runs of the parts, and intervals of what each loop carries."""
    means = parts.pivot_table(index=KEYS, columns="part", values="value", sort=False)
    carried = parts[parts["part"] == CARRIED].drop(columns=["part"])
    labels = carried["loop"] + HELD_IN + carried["arm"]
    told = differences(carried.assign(arm=labels).drop(columns="loop"), None)
    told[["loop", "arm"]] = told["arm"].str.split(HELD_IN, expand=True)
    rows: Any = told.itertuples()
    bounds = [interval(row) for row in rows]
    told = told.assign(low=[low for low, _ in bounds], high=[high for _, high in bounds])
    rows = told.itertuples()
    told["side"] = [side(row.low, row.high, row.n, row.identical) for row in rows]
    table = told[[*KEYS, "n", "low", "high", "side"]].merge(means.reset_index(), on=KEYS)
    share = unheld.rename(columns={"link": "loop"})
    table = table.merge(share, on=["arm", "loop"], how="left")
    return table[[*KEYS, "n", WHOLE, WITHOUT, CARRIED, "low", "high", "side", "unheld"]]


def loop_name(loop: str) -> InBoth | Phrase:
    """Returns the name of a loop, of the rest, or of the whole."""
    if loop in (REST, WHOLE):
        return named("ledger", loop)
    link = link_of(loop)
    return InBoth(link.ja, link.en)


def ledger_words(table: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Returns the table with words behind its keys."""
    arms = {arm.id: arm.name for arm in comparison.arms}
    about: dict[str, Any] = {}
    for lang in ("ja", "en"):
        about[f"loop_{lang}"] = [loop_name(one).say(lang) for one in table["loop"]]
        about[f"arm_{lang}"] = [getattr(arms[one], lang) for one in table["arm"]]
        about[f"measure_{lang}"] = [getattr(ALL_MEASURES[one], lang) for one in table["measure"]]
        units = [named("unit", ALL_MEASURES[one].unit) for one in table["measure"]]
        about[f"unit_{lang}"] = [one.say(lang) for one in units]
    return pd.concat([table[KEYS], pd.DataFrame(about), table.drop(columns=KEYS)], axis=1)
