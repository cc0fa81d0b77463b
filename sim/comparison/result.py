"""What a comparison gives: tidy tables, differences first, each worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from ..experiment.cells import Outcome
from ..experiment.crossings import crossing_summary, crossings
from ..experiment.intervals import FEWEST, over_seeds
from ..experiment.measures import steps as steps_of
from ..experiment.paired import combination, differences, lasting, luck_and_ignorance
from ..experiment.stopping import Verdict
from ..scenario.comparison import Comparison
from ..words import LANGUAGES, named
from .claims import verdicts
from .gathered import ALL_MEASURES, Gathered
from .marks import equal_arms, sides
from .plan import DECLARED_VALUES, NO_EFFECT, Place

LOAD = "load"
BANDS = ("band_low", "band_high")
FAILED = ["arm", "draw", "seed", "error"]


@dataclass(frozen=True)
class Compared:
    """A finished comparison. Tables are tidy: a row a measure and year; `draw` 0 holds the declared parameter values,
    -1 those with every effect at its null.

    failed: places of cells that failed, with how. kept: the draws whose baseline lay in its bands, of `asked` draws.
    found: verdicts of looks that were taken on the way.
    """

    comparison: Comparison
    gathered: Gathered
    failed: tuple[tuple[Place, Outcome], ...] = ()
    kept: tuple[int, ...] = ()
    asked: int = 0
    found: dict[int, Verdict] = field(default_factory=dict)

    @property
    def values(self) -> pd.DataFrame:
        """(arm, draw, seed, year, measure, value) of every finished cell."""
        return self.gathered.values

    @property
    def quantities(self) -> pd.DataFrame:
        """(arm, draw, seed, year, id, mix, amount, unseen): what a price book prices."""
        return self.gathered.quantities

    @cached_property
    def declared(self) -> pd.DataFrame:
        """The values at declared parameters."""
        return self.values[self.values["draw"] == DECLARED_VALUES]

    @cached_property
    def idle(self) -> pd.DataFrame:
        """The values with every effect at its null; empty where they were not asked for."""
        return self.values[self.values["draw"] == NO_EFFECT]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Every arm against the reference, paired by seed, by measure and year: columns of `experiment.paired.differences`."""
        return differences(self.declared, self.comparison.reference, steps=self.steps)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The differences with `side`: what may be said of each, for every mark, sentence, title, table and sheet."""
        return self.differences.assign(side=sides(self.differences, self.comparison, self.verdicts))

    @cached_property
    def same(self) -> frozenset[str]:
        """The arms that are the reference under another name: every value of every run is exactly the reference's."""
        return equal_arms(self.values, self.comparison.reference)

    @property
    def steps(self) -> dict[str, float]:
        """What one event more adds to each measure that counts."""
        return steps_of(self.comparison.base.people.population, self.gathered.households)

    @cached_property
    def arms(self) -> pd.DataFrame:
        """(arm, year, measure, mean, low, high, seeds): every arm by itself, the reference among them."""
        parts = [over_seeds(part, steps=self.steps).assign(arm=arm) for arm, part in self.declared.groupby("arm", sort=False)]
        return pd.concat(parts, ignore_index=True)

    @property
    def pairing(self) -> float:
        """Median over arms, measures and years of how many times the seeds an unpaired comparison needs for intervals as wide."""
        removed = self.differences.loc[~self.differences["identical"], "removed"].dropna()
        return float((1 / (1 - removed)).median())

    @cached_property
    def combined(self) -> pd.DataFrame:
        """The same columns for each combination (an arm less the weighted mean of its parts); empty where there is none."""
        rows = [combination(self.declared, one.arm, one.parts, one.arm) for one in self.comparison.combinations]
        if not rows:
            return self.judged.iloc[:0]
        table = differences(pd.concat(rows), None, steps=self.steps)
        return table.assign(side=sides(table, replace(self.comparison, claims=()), {}))

    @cached_property
    def lasting(self) -> pd.DataFrame:
        """(arm, measure, year, side): from which year on the band over all years excludes zero up to the horizon."""
        enough = self.differences["n"] >= FEWEST
        return lasting(self.differences.assign(**{name: self.differences[name].where(enough) for name in BANDS}))

    @cached_property
    def crossings(self) -> pd.DataFrame:
        """(arm, seed, state, week): from which week an arm's load stays at or below the reference."""
        return crossings(self.gathered.weekly, self.comparison.reference, LOAD)

    @cached_property
    def crossing_summary(self) -> pd.DataFrame:
        """Counts of states by arm and quartiles of the week; censored seeds are counted, never dropped."""
        return crossing_summary(self.crossings)

    @cached_property
    def ignorance(self) -> pd.DataFrame:
        """Luck apart from not knowing, over the draws that were kept; empty where none were asked for."""
        drawn = self.values[self.values["draw"].isin(self.kept)]
        return luck_and_ignorance(drawn, self.comparison.reference) if len(drawn) else pd.DataFrame()

    @cached_property
    def failures(self) -> pd.DataFrame:
        """(arm, draw, seed, error): cells that failed, with the traceback of each."""
        return pd.DataFrame([(*place, outcome.error) for place, outcome in self.failed], columns=FAILED)

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """The verdict on every claim, by its number in the comparison: a run without looks is one look."""
        return self.found or verdicts(self)

    @property
    def seeds(self) -> int:
        """Seeds at declared parameter values."""
        return self.declared["seed"].nunique()

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, with arms, measures and units in both languages."""
        found = {"differences": self.judged, "arms": self.arms, "combinations": self.combined, "lasting": self.lasting,
                 "values": self.values, "crossings": self.crossings, "ignorance": self.ignorance}
        worded = {name: with_words(table, self.comparison) for name, table in found.items() if len(table)}
        return worded | {
            "quantities": self.quantities, "shares": self.gathered.shares, "weekly": self.gathered.weekly} | (
            {"failed": self.failures} if self.failed else {})


def with_words(table: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """A table with the names of arms and measures, and units, in both languages, behind its keys."""
    about: dict[str, pd.Series] = {}
    arms = {arm.id: arm.name for arm in comparison.arms}
    for lang in LANGUAGES:
        about[f"arm_{lang}"] = table["arm"].map({id: getattr(name, lang) for id, name in arms.items()})
        if "measure" in table:
            about[f"measure_{lang}"] = table["measure"].map({one.name: getattr(one, lang) for one in ALL_MEASURES.values()})
            units = {one.name: named("unit", one.unit).say(lang) for one in ALL_MEASURES.values()}
            about[f"unit_{lang}"] = table["measure"].map(units)
    keys = [name for name in ("arm", "draw", "seed", "measure", "year") if name in table]
    rest = [name for name in table if name not in keys]
    return pd.concat([table[keys], pd.DataFrame(about, index=table.index), table[rest]], axis=1)
