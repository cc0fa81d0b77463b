"""What a comparison gives: tidy tables, differences first, each worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from ..experiment.cells import Outcome
from ..experiment.crossings import crossing_summary, crossings
from ..experiment.intervals import over_seeds
from ..experiment.paired import combination, differences, lasting, luck_and_ignorance
from ..experiment.stopping import Verdict
from ..scenario.card import grid
from ..scenario.comparison import Comparison
from ..words import LANGUAGES, language, named, say
from .claims import verdicts
from .gathered import ALL_MEASURES, Gathered
from .parts import Tried
from .plan import DECLARED_VALUES, NO_EFFECT, Place

LOAD = "load"
LOOK = ("compounded", "unseen", LOAD, "cost_public")  # measures shown in short
FAILED = ["arm", "draw", "seed", "error"]


@dataclass(frozen=True)
class Compared:
    """A finished comparison. Tables are tidy: a row a measure and year; `draw` 0 holds the declared parameter values,
    -1 those with every effect at its null.

    failed: places of cells that failed, with how. kept: the draws in which the reference is the town it is, of `asked` draws.
    found: verdicts of looks that were taken on the way. dropped: draws that were not used, and why (`drawn.why_dropped`).
    parts: what each part of a bundle changes alone.
    """

    comparison: Comparison
    gathered: Gathered
    failed: tuple[tuple[Place, Outcome], ...] = ()
    kept: tuple[int, ...] = ()
    asked: int = 0
    found: dict[int, Verdict] = field(default_factory=dict)
    dropped: dict[int, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[Tried, ...] = ()

    def __repr__(self) -> str:
        arms = ", ".join(arm.id for arm in self.comparison.arms)
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"<Compared {self.comparison.id!r}: {arms}; {self.seeds} seeds{failed}>"

    def _repr_html_(self) -> str:
        lang, comparison = language(), self.comparison
        year, reference = comparison.base.years, getattr(comparison.arm(comparison.reference).name, lang)
        told = [say("card.seed" if self.seeds == 1 else "card.seeds", lang, seeds=self.seeds, year=year, reference=reference)]
        told += [say("card.failed", lang, number=len(self.failed))] if self.failed else []
        measures = [ALL_MEASURES[name] for name in comparison.measures or LOOK]
        found = self.differences[self.differences["year"] == year].set_index(["arm", "measure"])
        heads = [say("card.arm", lang), *(f"{getattr(one, lang)} ({named('unit', one.unit).say(lang)})" for one in measures)]
        rows = [[getattr(arm.name, lang), *(_in_short(found.loc[(arm.id, one.name)], self.seeds, lang) for one in measures)]
                for arm in comparison.others]
        return grid(getattr(comparison.name, lang), heads, rows, " ".join((*told, say("card.model", lang))))

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
        return differences(self.declared, self.comparison.reference)

    @cached_property
    def arms(self) -> pd.DataFrame:
        """(arm, year, measure, mean, low, high, seeds): every arm by itself, the reference among them."""
        parts = [over_seeds(part).assign(arm=arm) for arm, part in self.declared.groupby("arm", sort=False)]
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
        return differences(pd.concat(rows), None) if rows else self.differences.iloc[:0]

    @cached_property
    def lasting(self) -> pd.DataFrame:
        """(arm, measure, year, side): from which year on the band over all years excludes zero up to the horizon."""
        return lasting(self.differences)

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
        found = {"differences": self.differences, "arms": self.arms, "combinations": self.combined, "lasting": self.lasting,
                 "values": self.values, "crossings": self.crossings, "ignorance": self.ignorance}
        worded = {name: with_words(table, self.comparison) for name, table in found.items() if len(table)}
        return worded | {
            "quantities": self.quantities, "shares": self.gathered.shares, "weekly": self.gathered.weekly} | (
            {"failed": self.failures} if self.failed else {})


def _in_short(row: pd.Series, seeds: int, lang: str) -> str:
    """A difference with its interval, where there is one, in three digits."""
    if pd.isna(row["difference"]):
        return "-"
    said = {name: f"{row[name]:+.3g}" if row[name] else "±0" for name in ("difference", "low", "high")}
    return said["difference"] if seeds < 2 else say("card.interval", lang, **said)


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
