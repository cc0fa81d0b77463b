"""The result of a comparison: tidy tables, differences first, each computed on request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from sim.declared.measure import FEWEST
from sim.scenario.comparison import Comparison
from sim.study.cells import Outcome
from sim.study.claims import claim_verdicts
from sim.study.design import DECLARED_VALUES, NO_EFFECT, DesignPoint
from sim.study.gather import ALL_MEASURES, Gathered
from sim.study.marks import equal_arms, sides
from sim.study.measures import SHORT
from sim.study.measures import steps as steps_of
from sim.study.paired import (
    combination,
    crossing_summary,
    crossings,
    differences,
    gaps_of,
    lasting,
    over_seeds,
    variance_components,
)
from sim.study.parts import Tried
from sim.study.stopping import Verdict
from sim.study.worlds import main_runs, worlds_counted
from sim.words import LANGUAGES, language, named, say
from sim.words.card import grid

LOAD = "load"
LOOK = (*SHORT, "cost_public")  # measures shown in short
BANDS = ("band_low", "band_high")
RUN = ["world", "seed"]
FAILED = ["arm", *RUN, "error"]


@dataclass(frozen=True)
class Compared:
    """A finished comparison: its tables, verdicts and failures.

    `comparison` is what was compared, `gathered` the tables of its cells, from which all others follow.
    Tables are tidy, with one row a measure and year; `world` holds the number of a plausible world, 0
    for declared parameter values, -1 for every effect at its null. The main runs, on which
    differences and claims rest, are one of each world; those at declared values where there are no
    worlds. `failed` holds the design points of cells that failed, with the error. `found` are the
    verdicts of interim analyses made during the run. `parts` says what each part of a bundle changes
    alone. `worlds_table` is the SHA-256 of the table of worlds; "" where there are none. `fitted` says
    whether the worlds are those that a fit to the town's own figures has left, with their knobs turned.

    Example: `result = compare("comparison.toml")`, then `result.differences` and `result.verdicts`.
    """

    comparison: Comparison
    gathered: Gathered
    failed: tuple[tuple[DesignPoint, Outcome], ...] = ()
    found: dict[int, Verdict] = field(default_factory=dict)
    parts: tuple[Tried, ...] = ()
    worlds_table: str = ""
    fitted: bool = False

    def __repr__(self) -> str:
        arms = ", ".join(arm.id for arm in self.comparison.arms)
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"<Compared {self.comparison.id!r}: {arms}; {self.seeds} seeds{failed}>"

    def _repr_html_(self) -> str:
        lang, comparison = language(), self.comparison
        year, reference = (
            comparison.base.years,
            getattr(comparison.arm(comparison.reference).name, lang),
        )
        told = [
            say(
                "card.seed" if self.seeds == 1 else "card.seeds",
                lang,
                seeds=self.seeds,
                year=year,
                reference=reference,
            )
        ]
        told += [say("card.failed", lang, number=len(self.failed))] if self.failed else []
        measures = [ALL_MEASURES[name] for name in comparison.measures or LOOK]
        of_year = self.differences[self.differences["year"] == year]
        found: Any = of_year.set_index(["arm", "measure"]).loc
        heads = [
            say("column.arm", lang),
            *(f"{getattr(one, lang)} ({named('unit', one.unit).say(lang)})" for one in measures),
        ]
        rows = [
            [
                getattr(arm.name, lang),
                *(_in_short(found[arm.id, one.name], self.seeds, lang) for one in measures),
            ]
            for arm in comparison.others
        ]
        return grid(
            getattr(comparison.name, lang), heads, rows, " ".join((*told, say("card.model", lang)))
        )

    @property
    def values(self) -> pd.DataFrame:
        """The value of every measure in every finished cell (arm, world, seed, year, measure,
        value).
        """
        return self.gathered.values

    @property
    def quantities(self) -> pd.DataFrame:
        """The quantities that a price book prices (arm, world, seed, year, id, mix, amount, unseen)."""
        return self.gathered.quantities

    @cached_property
    def main_runs(self) -> frozenset[tuple[int, int]]:
        """The runs (world, seed) on which differences and claims rest."""
        return main_runs(self.values[RUN].drop_duplicates().itertuples(index=False))

    def of_main_runs(self, table: pd.DataFrame) -> pd.DataFrame:
        """Returns the rows of a table (world, seed, ...) that are of main runs."""
        return table[pd.MultiIndex.from_frame(table[RUN]).isin(self.main_runs)]

    @cached_property
    def main(self) -> pd.DataFrame:
        """The values of the main runs."""
        return self.of_main_runs(self.values)

    @cached_property
    def worlds(self) -> tuple[int, ...]:
        """The numbers of the plausible worlds; none where all runs are at declared values."""
        return tuple(sorted({world for world, _seed in self.main_runs} - {DECLARED_VALUES}))

    @cached_property
    def central(self) -> pd.DataFrame:
        """The values at declared parameters; empty where they were not simulated."""
        return self.values[self.values["world"] == DECLARED_VALUES]

    @cached_property
    def idle(self) -> pd.DataFrame:
        """The values with every effect at its null; empty where they were not requested."""
        return self.values[self.values["world"] == NO_EFFECT]

    @cached_property
    def shared_runs(self) -> pd.Index:
        """The runs (world, seed) that were simulated in every arm; arms that were decided early have
        fewer runs than others.
        """
        runs = self.values[["arm", *RUN]].drop_duplicates()
        arms = runs.groupby(RUN)["arm"].size()
        return arms.index[arms == runs["arm"].nunique()]

    @cached_property
    def shared_seeds(self) -> int:
        """Main runs that were simulated in every arm: money, and figures of weeks, rest on these
        alone.
        """
        return int(self.shared_runs.isin(self.main_runs).sum())

    def in_all_arms(self, table: pd.DataFrame) -> pd.DataFrame:
        """Returns the rows of a table (arm, world, seed, ...) whose run is one of `shared_runs`."""
        return table[pd.MultiIndex.from_frame(table[RUN]).isin(self.shared_runs)]

    @property
    def weekly(self) -> pd.DataFrame:
        """The weekly values (arm, world, seed, week, ...) of the seeds that were simulated in every arm."""
        return self.in_all_arms(self.gathered.weekly)

    @cached_property
    def stopped(self) -> dict[str, int]:
        """Number of seeds of each arm that has fewer than others because all claims about it were
        decided.
        """
        seeds = self.main.groupby("arm", sort=False)["seed"].nunique()
        return {str(arm): int(count) for arm, count in seeds.items() if count < self.seeds}

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Every arm against the reference, paired by seed, by measure and year, with the columns of
        `paired.differences`.
        """
        return differences(self.main, self.comparison.reference, steps=self.steps)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The differences with `side`: what may be said of each, for every mark, sentence, title,
        table and sheet.
        """
        return self.differences.assign(side=sides(self.differences, self.comparison, self.verdicts))

    @cached_property
    def same(self) -> frozenset[str]:
        """The arms that equal the reference under another name: every value of every run is exactly
        the reference's.
        """
        return equal_arms(self.values, self.comparison.reference)

    @property
    def steps(self) -> dict[str, float]:
        """What one event more adds to each measure that counts."""
        return steps_of(self.comparison.base.people.population, self.gathered.households)

    @cached_property
    def arms(self) -> pd.DataFrame:
        """Every arm by itself, the reference among them (arm, year, measure, mean, low, high,
        seeds).
        """
        parts = [
            over_seeds(part, steps=self.steps).assign(arm=arm)
            for arm, part in self.main.groupby("arm", sort=False)
        ]
        return pd.concat(parts, ignore_index=True)

    @property
    def pairing(self) -> float:
        """Median over arms, measures and years of how many times the seeds an unpaired comparison
        needs for intervals as wide.
        """
        removed = self.differences.loc[~self.differences["identical"], "removed"].dropna()
        return float((1 / (1 - removed)).median())

    @cached_property
    def combined(self) -> pd.DataFrame:
        """The columns of `differences` for each combination, an arm less the weighted mean of its
        parts; empty where there is none.
        """
        rows = [
            combination(self.main, one.arm, one.parts, one.arm)
            for one in self.comparison.combinations
        ]
        if not rows:
            return self.judged.iloc[:0]
        table = differences(pd.concat(rows), None, steps=self.steps)
        return table.assign(side=sides(table, replace(self.comparison, claims=()), {}))

    @cached_property
    def lasting(self) -> pd.DataFrame:
        """From which year on the band over all years excludes zero up to the horizon (arm, measure,
        year, side).
        """
        enough = self.differences["n"] >= FEWEST
        return lasting(
            self.differences.assign(
                **{name: self.differences[name].where(enough) for name in BANDS}
            )
        )

    @cached_property
    def crossings(self) -> pd.DataFrame:
        """From which week an arm's load stays at or below that of the reference (arm, seed, state,
        week).
        """
        return crossings(self.gathered.weekly, self.comparison.reference, LOAD)

    @cached_property
    def crossing_summary(self) -> pd.DataFrame:
        """Counts of states by arm and quartiles of the week; censored seeds are counted, never
        dropped.
        """
        return crossing_summary(self.crossings)

    @cached_property
    def over_worlds(self) -> pd.DataFrame:
        """In how many worlds every arm is lower and higher than the reference (arm, measure, year,
        runs, lower, higher, by_luck), with the difference at declared values (`central`) and the
        columns of `paired.variance_components`, which tell luck from not knowing; empty where there
        are no worlds.
        """
        if not self.worlds:
            return pd.DataFrame()
        keys = ["arm", "measure", "year"]
        reference = self.comparison.reference
        found = worlds_counted(gaps_of(self.main, reference))
        of_worlds = self.values[self.values["world"].isin(self.worlds)]
        apart = variance_components(of_worlds, reference).drop(columns=["n", "difference"])
        found = found.merge(apart, on=keys, how="left")
        central = gaps_of(self.central, reference).groupby(keys, sort=False)["gap"].mean()
        return found.merge(central.rename("central").reset_index(), on=keys, how="left")

    @cached_property
    def failures(self) -> pd.DataFrame:
        """The cells that failed (arm, world, seed, error), each with its traceback."""
        return pd.DataFrame(
            [(*place, outcome.error) for place, outcome in self.failed], columns=FAILED
        )

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """The verdict on every claim, by its number in the comparison: a run without looks is one
        look.
        """
        return self.found or claim_verdicts(self.comparison.claims, self.main, self.steps)

    @property
    def precise(self) -> bool:
        """Whether the 95 % interval of the difference that the comparison names is as narrow as
        requested; True where no precision is requested.
        """
        wanted = self.comparison.precision
        if wanted is None:
            return True
        table = self.differences
        rows = table[(table["measure"] == wanted.measure) & (table["year"] == wanted.year)]
        rows = rows[rows["arm"] == wanted.arm] if wanted.arm else rows
        return bool((rows["high"] - rows["difference"] <= wanted.half_width).all())

    @property
    def seeds(self) -> int:
        """Main runs: worlds, or seeds at declared values."""
        return self.main["seed"].nunique()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Returns all tables by name, with arms, measures and units in both languages."""
        found = {
            "differences": self.judged,
            "arms": self.arms,
            "combinations": self.combined,
            "lasting": self.lasting,
            "values": self.values,
            "crossings": self.crossings,
            "worlds": self.over_worlds,
        }
        worded = {
            name: with_words(table, self.comparison) for name, table in found.items() if len(table)
        }
        return (
            worded
            | {
                "quantities": self.quantities,
                "shares": self.gathered.shares,
                "weekly": self.gathered.weekly,
            }
            | ({"failed": self.failures} if self.failed else {})
        )


def _in_short(row: pd.Series, seeds: int, lang: str) -> str:
    """Returns a difference with its interval, where there is one, in three digits."""
    if pd.isna(row["difference"]):
        return "-"
    said = {
        name: f"{row[name]:+.3g}" if row[name] else "±0" for name in ("difference", "low", "high")
    }
    return said["difference"] if seeds < 2 else say("card.interval", lang, **said)


def with_words(table: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Returns a table with the names of arms and measures, and units, in both languages, behind its
    keys.
    """
    about: dict[str, pd.Series] = {}
    arms = {arm.id: arm.name for arm in comparison.arms}
    for lang in LANGUAGES:
        about[f"arm_{lang}"] = table["arm"].map(
            {id: getattr(name, lang) for id, name in arms.items()}
        )
        if "measure" in table:
            about[f"measure_{lang}"] = table["measure"].map(
                {one.name: getattr(one, lang) for one in ALL_MEASURES.values()}
            )
            units = {one.name: named("unit", one.unit).say(lang) for one in ALL_MEASURES.values()}
            about[f"unit_{lang}"] = table["measure"].map(units)
    keys = [name for name in ("arm", "world", "seed", "measure", "year") if name in table]
    rest = [name for name in table if name not in keys]
    return pd.concat([table[keys], pd.DataFrame(about, index=table.index), table[rest]], axis=1)
