"""Plausible worlds: the sets of parameter values that observed patterns do not rule out.

One set of assumed values must not speak for the model. A world is a set of values of the parameters
for which a town without policy looks like real ones (`sim match`), with the factor on the assumed
posts at which its desks are as loaded as desks usually are. All worlds count the same. They stand in
an order that was drawn by lot, so that the first ones represent all. How strong a policy is cannot
be learned from towns without one: effects vary over their whole range, and stand at their null in
one world of five.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

from sim.files.toml import SHIPPED
from sim.scenario.scenario import Scenario
from sim.study.design import times_posts, with_draw

FILE = SHIPPED / "worlds" / "plausible.csv"
ABOUT = "plausible.json"  # beside it: how the worlds were made
POSTS = "posts"  # the row of the factors on the posts
WORLDS = 24  # of a comparison, where nothing else is asked for
REPEATED, REPEATS = 6, 3  # so many of them are lived with so many further seeds
FURTHER = 1000  # seeds by which one repetition is apart from the next
NEAR_POSTS = 1.25  # the farthest factor on posts, either way, of worlds for a town with given posts


@dataclass(frozen=True)
class Worlds:
    """Worlds by their number, from 1: `values` has a row a world and a column a parameter (dotted
    names), `posts` the factor on the assumed posts of each.
    """

    values: pd.DataFrame
    posts: pd.Series

    def __len__(self) -> int:
        return len(self.values)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the worlds, in their order."""
        return tuple(int(number) for number in self.values.index)

    def of(self, number: int) -> dict[str, float]:
        """Returns the parameter values of a world by dotted name."""
        return {
            str(name): float(value) for name, value in self.values.loc[number].to_dict().items()
        }

    def scenario(self, scenario: Scenario, number: int) -> Scenario:
        """Returns a scenario as it is in a world; values that it sets itself stay, and so do posts
        that are given by number.
        """
        return times_posts(with_draw(scenario, self.of(number)), float(self.posts[number]))


def plausible() -> Worlds:
    """Returns the worlds that are shipped."""
    return worlds_of(FILE)


def worlds_for(scenario: Scenario) -> Worlds:
    """Returns the plausible worlds in which a town can be simulated: all of them where its posts are
    given for each 100,000 residents, since each world brings its factor on the posts; where posts are
    given by number, those whose desks are usually loaded with about these posts.
    """
    worlds = plausible()
    if scenario.organisation.posts_per_100k is not None:
        return worlds
    near = worlds.posts.between(1 / NEAR_POSTS, NEAR_POSTS)
    return Worlds(worlds.values[near], worlds.posts[near])


@cache
def worlds_of(file: Path) -> Worlds:
    """Returns the worlds of a file: a row a parameter, a column a world, the posts in the first
    row.
    """
    table = pd.read_csv(file, index_col=0).T
    table.index = pd.RangeIndex(1, len(table) + 1, name="world")
    return Worlds(table.drop(columns=POSTS), table[POSTS])


def about_worlds(file: Path = FILE) -> dict[str, Any]:
    """Returns how worlds were made: command, towns, targets, sets tried and kept by wave, date, and
    the SHA-256 of their table.
    """
    found: dict[str, Any] = json.loads((file.parent / ABOUT).read_text(encoding="utf-8"))
    return found


def table_digest(file: Path = FILE) -> str:
    """Returns the SHA-256 of the table of worlds."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def repeated(worlds: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Returns which of `worlds`, the first ones, are lived with further seeds, to tell luck from not
    knowing, and with which.
    """
    return {
        world: tuple(world + FURTHER * turn for turn in range(1, REPEATS + 1))
        for world in islice(worlds, REPEATED)
    }


def main_runs(runs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Returns those of `runs` (world, seed) on which differences and claims rest: one of each world,
    whose seed is its number; where there are no worlds, those at declared values.
    """
    known = {(int(world), int(seed)) for world, seed in runs}
    of_worlds = frozenset((world, seed) for world, seed in known if world > 0 and world == seed)
    return of_worlds or frozenset((world, seed) for world, seed in known if world == 0)


def by_luck(better: int, worlds: int) -> float:
    """Returns how often luck alone would put an arm on one side in `better` or more of `worlds`
    runs, if neither side were likelier: one tail of a binomial distribution.
    """
    return float(stats.binom.sf(better - 1, worlds, 0.5)) if worlds else float("nan")


def worlds_counted(gaps: pd.DataFrame) -> pd.DataFrame:
    """Returns in how many runs an arm is lower and higher than the reference, and how often luck
    alone would give the larger of the two counts, by arm, measure and year.

    `gaps` has a row a run and the columns arm, measure, year and gap; runs that do not differ count
    on neither side.
    """
    keys = ["arm", "measure", "year"]
    found = gaps.assign(lower=gaps["gap"] < 0, higher=gaps["gap"] > 0, runs=gaps["gap"].notna())
    table = found.groupby(keys, sort=False)[["runs", "lower", "higher"]].sum().reset_index()
    most = table[["lower", "higher"]].max(axis=1)
    moved = table["lower"] + table["higher"]
    table["by_luck"] = [by_luck(int(one), int(of)) for one, of in zip(most, moved, strict=True)]
    return table


def write_worlds(
    kept: pd.DataFrame, posts: Mapping[int, float], order: Iterable[int], file: Path
) -> None:
    """Write worlds: `kept` has a row a set, with its number in the column `set`; `posts` is by
    number, `order` the numbers in the order in which they shall stand.
    """
    from sim.files.toml import write_whole

    table = kept.set_index("set").loc[list(order)]
    factors = pd.Series([posts[number] for number in table.index], table.index, name=POSTS)
    table = pd.concat([factors, table], axis=1)
    table.index = pd.RangeIndex(1, len(table) + 1)
    text = table.T.to_csv(index_label="parameter", float_format="%.5g", lineterminator="\n")
    write_whole(file, text)
