"""`match`: which sets of parameter values are not ruled out by targets. The command and a user's
script use the same functions.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.executors import Cluster, Here
from sim.study.match.diagnostics import medoid, range_table, target_table, wave_table
from sim.study.match.emulator import check_emulator
from sim.study.match.implausibility import ruling_out
from sim.study.match.settings import (
    AUTO,
    CUTOFF,
    FOLLOW,
    HOUSEHOLDS,
    LIMITS,
    POSTS,
    REPEAT_SEEDS,
    REPEATS,
    SETS,
    WAVES,
    MatchSettings,
)
from sim.study.match.space import MOST_AXES, Space, space_of
from sim.study.match.targets import Target, targets_of
from sim.study.match.town import KEPT, MatchTown, reference_scenario
from sim.study.match.waves import History
from sim.study.match.work import MatchCallbacks, MatchWork, posts_factor
from sim.study.store import Results
from sim.words.errors import between, fault, nearest

ID = "match"


@dataclass(frozen=True)
class Matched:
    """A finished match.

    history: the waves as they were drawn, lived and judged. loads: load of each set with the posts
    as given, by its number; empty where posts did not follow. failed: the error of each set that
    could not be simulated, by its number.
    """

    history: History
    loads: Mapping[int, float] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was matched."""
        return self.history.targets

    @property
    def space(self) -> Space:
        """What was drawn."""
        return self.history.space

    @property
    def settings(self) -> MatchSettings:
        """How much was drawn and how strictly it was judged."""
        return self.history.settings

    @cached_property
    def sets(self) -> pd.DataFrame:
        """A row a set: set, wave, origin, seeds, failed, implausibility (the one that decides),
        target (whose implausibility is largest), kept, and the factor on the posts.
        """
        history = self.history
        found = np.where(ruling_out(self.targets), history.implausibilities, -np.inf)
        sets = history.sets
        return pd.DataFrame(
            {
                "set": [one.number for one in sets],
                "wave": [one.wave for one in sets],
                "origin": [one.origin for one in sets],
                "seeds": [len(one.seeds) for one in sets],
                "failed": ~history.simulated,
                "implausibility": history.worst,
                "target": [self.targets[at].id for at in found.argmax(axis=1)],
                "kept": history.kept,
                "posts": [posts_factor(self.loads.get(one.number, np.nan)) for one in sets],
            }
        )

    @cached_property
    def values(self) -> pd.DataFrame:
        """The parameter values of every set: `set` first, then a column a parameter."""
        rows = [{"set": one.number, **one.values} for one in self.history.sets]
        return pd.DataFrame(rows)

    @cached_property
    def simulated(self) -> pd.DataFrame:
        """A row for each set and target: set, target, value, implausibility."""
        history, targets = self.history, [target.id for target in self.targets]
        numbers = [one.number for one in history.sets]
        return pd.DataFrame(
            {
                "set": np.repeat(numbers, len(targets)),
                "target": targets * len(numbers),
                "value": history.values.ravel(),
                "implausibility": history.implausibilities.ravel(),
            }
        )

    @cached_property
    def kept(self) -> pd.DataFrame:
        """The parameter values of the sets that are not ruled out, as `values` has them."""
        return self.values[self.history.kept].reset_index(drop=True)

    @property
    def digest(self) -> str:
        """SHA-256 of the kept sets, each value as it is written in full."""
        text = self.kept.to_csv(index=False, lineterminator="\n")
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def medoid(self) -> int | None:
        """The number of the kept set in the middle of all; None where none is kept."""
        return medoid(self.history)

    @cached_property
    def waves(self) -> pd.DataFrame:
        """How many sets each wave tried and kept (see `diagnostics.wave_table`)."""
        return wave_table(self.history)

    @cached_property
    def by_target(self) -> pd.DataFrame:
        """What each target rules out, and simulated against accepted (see
        `diagnostics.target_table`).
        """
        return target_table(self.history)

    @cached_property
    def by_parameter(self) -> pd.DataFrame:
        """How much of each range is left (see `diagnostics.range_table`)."""
        return range_table(self.history)


def check_settings(settings: MatchSettings, households: int, posts: str, counts: int) -> None:
    """Refuse amounts that cannot be; `counts` is the number of targets that rule out."""
    limits = LIMITS | {"rank": (1, counts)}
    for at, given in {**vars(settings), "households": households}.items():
        low, high = limits.get(at, (given, given))
        if not low <= given <= high:
            raise fault("error.range", at=at, given=given, allowed=between(low, high))
    if posts not in POSTS:
        allowed, near = ", ".join(POSTS), nearest(posts, POSTS)
        raise fault("error.unknown_choice", at="posts", given=posts, allowed=allowed, near=near)
    check_emulator(settings.emulator)


def match_work(
    targets: Any,
    ranges: Mapping[str, Sequence[float]] | Space | None,
    settings: MatchSettings,
    results: Results,
    where: Here | Cluster,
    scenario: Scenario | None = None,
    households: int = HOUSEHOLDS,
    posts: str = FOLLOW,
) -> MatchWork:
    """Returns the work of a match, all of it checked before anything is computed; see `match`."""
    found = targets_of(targets)
    check_settings(settings, households, posts, sum(target.weight > 0 for target in found))
    space = ranges if isinstance(ranges, Space) else space_of(ranges)
    assert len(space.axes) < MOST_AXES
    town = MatchTown(scenario or reference_scenario(), found, households, posts)
    return MatchWork(town, space, settings, results, where)


def finished_match(work: MatchWork) -> Matched:
    """Returns a match after everything missing was computed."""
    history = work.run()
    return Matched(history, dict(work.loads), dict(work.failed))


def match(
    targets: str | Path | Iterable[Target] | None = None,
    ranges: Mapping[str, Sequence[float]] | None = None,
    *,
    sets: int = SETS,
    waves: int = WAVES,
    repeats: int = REPEATS,
    repeat_seeds: int = REPEAT_SEEDS,
    cutoff: float = CUTOFF,
    rank: int = 1,
    emulator: str = AUTO,
    seed: int = 1,
    scenario: Scenario | str | Path | None = None,
    households: int = HOUSEHOLDS,
    posts: str = FOLLOW,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    waved: Callable[[History], Any] = lambda _history: None,
) -> Matched:
    """Draws sets of parameter values, simulates a town with each, rules out those that miss
    `targets`, and draws the next wave from what is left; returns a `Matched`.

    `targets` is a table of targets (CSV or .xlsx) or an iterable of `Target`; None takes the open
    targets of the project. `ranges` gives low and high by dotted name: only these parameters are
    drawn, uniformly; None draws all declared ones from their graded ranges. A set is ruled out
    where its `rank`-th largest implausibility is above `cutoff`. `scenario` is the town that is
    lived in (None: the reference town without policy and trend), at a size of about `households`;
    with `posts` "follow" every set has the posts at which its desks are as loaded as desks usually
    are. A set is lived with one seed of its own, the first `repeats` of a wave with
    `repeat_seeds`; from these the luck of a seed is known. `emulator` ("auto", "quadratic", "gp",
    "none") proposes the next wave, `seed` decides what is drawn. `workers` processes compute, or
    those of a Dask `cluster` (its address). `out` is a folder in which finished cells are stored
    and found again; without it they are discarded. `waved` is called after each wave. With more
    than one worker a script needs the usual `if __name__ == "__main__":`.

    Raises ScenarioError for what a user can mend.

    Example: `found = match("targets.csv", {"needs.onset_latent": (.02, .05)}, sets=64, waves=2)`,
    then `found.kept` and `found.by_parameter`.
    """
    settings = MatchSettings(sets, waves, repeats, repeat_seeds, cutoff, rank, emulator, seed)
    ground = scenario if isinstance(scenario, Scenario) or scenario is None else load(scenario)
    where = Cluster(cluster) if cluster else Here(workers)
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            results = Results(Path(out or os.path.join(nowhere, ID)), ID, KEPT)
            work = match_work(targets, ranges, settings, results, where, ground, households, posts)
            results.prepare()
            work.callbacks = MatchCallbacks(waved=waved)
            return finished_match(work)
    finally:
        where.leave()
