"""History matching in waves: draw sets of parameter values, live them, rule out those that miss the
targets, and draw the next wave from what is left.

The first wave is drawn over the whole ranges. A later wave takes fresh draws over the whole ranges
that an emulator does not rule out, so that sets which are kept remain draws from the ranges; only
where too few are found is the wave filled up around sets that were kept. Nothing is kept that was
not lived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.study.match.emulator import Emulator, emulators, predicted
from sim.study.match.implausibility import implausibilities, noise_variance, worst
from sim.study.match.settings import SEED_STEP, MatchSettings
from sim.study.match.space import Space
from sim.study.match.targets import Target

LOOKED_AT = 64  # draws looked at for each set of a later wave, before it is filled up
BLOCK = 1024  # of these, at a time
FRESH = 0.3  # chance that a set drawn around one that was kept takes a parameter from a fresh draw
AROUND_TRIED = 4  # points looked at for each that is taken around those that were kept
FIRST_ONES = 20  # sets that new ones are drawn around where none is kept: the least implausible
RANGES, EMULATED, AROUND = "ranges", "emulated", "around"  # where a set comes from


@dataclass(frozen=True)
class ParameterSet:
    """One set of parameter values, numbered from 1 over all waves: `origin` says where it comes
    from, `seeds` with which it is lived.
    """

    number: int
    wave: int
    origin: str
    values: dict[str, float]
    seeds: tuple[int, ...]


@dataclass
class Wave:
    """One wave: its sets, the points of the unit cube that they were drawn at (n, d), their places
    in the ranges (n, d), what was simulated of each (seeds, T), None where it failed, and the
    emulators that proposed it, one a target.
    """

    number: int
    sets: list[ParameterSet]
    points: np.ndarray
    places: np.ndarray
    runs: list[np.ndarray | None] = field(default_factory=list)
    emulated: list[Emulator] | None = None

    @property
    def values(self) -> np.ndarray:
        """The mean of each set over its seeds (n, T); NaN where nothing was simulated or there was
        nothing to measure in one of them.
        """
        width = next((run.shape[1] for run in self.runs if run is not None), 0)
        rows = [np.full(width, np.nan) if run is None else run.mean(axis=0) for run in self.runs]
        return np.array(rows).reshape(len(self.runs), width)


Simulate = Callable[[Wave], "list[np.ndarray | None]"]  # what was simulated of each set of a wave


@dataclass
class History:
    """All waves so far, judged by the same noise."""

    space: Space
    targets: tuple[Target, ...]
    settings: MatchSettings
    waves: list[Wave] = field(default_factory=list)

    @property
    def sets(self) -> list[ParameterSet]:
        """All sets of all waves."""
        return [one for wave in self.waves for one in wave.sets]

    @property
    def places(self) -> np.ndarray:
        """Their places in the ranges (n, d)."""
        return np.concatenate([wave.places for wave in self.waves])

    @property
    def values(self) -> np.ndarray:
        """What was simulated of each (n, T)."""
        return np.concatenate([wave.values for wave in self.waves])

    @property
    def simulated(self) -> np.ndarray:
        """Which sets did not fail (n,)."""
        return np.array([run is not None for wave in self.waves for run in wave.runs])

    @property
    def noise(self) -> np.ndarray:
        """Variance (T,) of a single seed, over the sets of all waves that have several."""
        return noise_variance([run for wave in self.waves for run in wave.runs if run is not None])

    @property
    def implausibilities(self) -> np.ndarray:
        """Implausibility of each set and target (n, T)."""
        seeds = np.array([[len(one.seeds)] for one in self.sets])
        return implausibilities(self.values, self.noise / seeds, self.targets)

    @property
    def worst(self) -> np.ndarray:
        """The implausibility that decides (n,)."""
        return worst(self.implausibilities, self.targets, self.settings.rank)

    @property
    def kept(self) -> np.ndarray:
        """Which sets are not ruled out (n,)."""
        return self.simulated & (self.worst <= self.settings.cutoff)


def run_waves(
    space: Space,
    targets: tuple[Target, ...],
    settings: MatchSettings,
    simulate: Simulate,
    waved: Callable[[History], None] = lambda _history: None,
) -> History:
    """Draw, live and judge wave after wave; `waved` is called after each.

    `simulate` gives what was simulated of each set of a wave, an array (seeds, T) or None. The same
    settings and simulated values always give the same sets.
    """
    history = History(space, targets, settings)
    for number in range(1, settings.waves + 1):
        wave = next_wave(history, number)
        wave.runs = simulate(wave)
        history.waves.append(wave)
        waved(history)
    return history


def next_wave(history: History, number: int) -> Wave:
    """Returns the sets of the next wave, not yet lived."""
    space, settings = history.space, history.settings
    found: list[Emulator] | None = None
    if number == 1:
        points = space.points(settings.sets, _sequence(settings, 1))
        origins = [RANGES] * len(points)
    else:
        there = history.simulated
        found = emulators(history.places[there], history.values[there], settings.emulator)
        points, origins = _proposed(history, number, found)
    first, values = len(history.sets) + 1, space.values(points)
    sets = [
        ParameterSet(
            first + at,
            number,
            origins[at],
            dict(zip(space.names, map(float, values[at]), strict=True)),
            _seeds(first + at, settings.repeat_seeds if at < settings.repeats else 1),
        )
        for at in range(len(values))
    ]
    return Wave(number, sets, points, space.scaled(values), emulated=found)


def _sequence(settings: MatchSettings, wave: int) -> int:
    """Returns the seed of a wave's Sobol sequence."""
    return SEED_STEP * settings.seed + wave


def _seeds(number: int, count: int) -> tuple[int, ...]:
    """Returns the seeds of a set: no two sets share one, so that luck does not add up."""
    return tuple(number * SEED_STEP + at for at in range(1, max(1, count) + 1))


def _proposed(
    history: History, number: int, found: list[Emulator] | None
) -> tuple[np.ndarray, list[str]]:
    """Returns the points of a later wave and where they come from: draws that the emulators do not
    rule out, and where these are too few points around those that were kept.
    """
    space, wanted = history.space, history.settings.sets
    sequence = _sequence(history.settings, number)
    parts = [np.empty((0, len(space.axes)))]
    if found is not None:
        points = space.points(LOOKED_AT * wanted, sequence)
        for at in range(0, len(points), BLOCK):
            block = points[at : at + BLOCK]
            plausible = _emulated_worst(history, found, block) <= history.settings.cutoff
            parts.append(block[plausible])
            if sum(map(len, parts)) >= wanted:
                break
    chosen = np.concatenate(parts)[:wanted]
    short = wanted - len(chosen)
    around = _around(history, found, short, sequence) if short else parts[0]
    return np.concatenate([chosen, around]), [EMULATED] * len(chosen) + [AROUND] * short


def _emulated_worst(history: History, found: Sequence[Emulator], points: np.ndarray) -> np.ndarray:
    """Returns the deciding implausibility (n,) that the emulators predict at points (n, d)."""
    space = history.space
    values, variance = predicted(found, space.scaled(space.values(points)))
    distance = implausibilities(values, variance, history.targets)
    return worst(distance, history.targets, history.settings.rank)


def _around(
    history: History, found: Sequence[Emulator] | None, count: int, sequence: int
) -> np.ndarray:
    """Returns `count` points around those that were kept (around the least implausible where none
    was): each takes a parameter from a fresh draw with chance FRESH, else from one that was kept.
    Of several times as many, those are taken that the emulators find least implausible.
    """
    space, width = history.space, len(history.space.axes)
    kept = np.flatnonzero(history.kept)
    if not len(kept):
        kept = np.argsort(history.worst, kind="stable")[:FIRST_ONES]
    tried = count if found is None else AROUND_TRIED * count
    drawn = space.points(tried, sequence + SEED_STEP // 2, more=width + 1)
    parents = np.concatenate([wave.points for wave in history.waves])[kept]
    parent = parents[(drawn[:, -1] * len(parents)).astype(int)]
    fresh = drawn[:, width : 2 * width] < FRESH
    points = np.where(fresh, drawn[:, :width], parent)
    if found is None:
        return points
    order = np.argsort(_emulated_worst(history, found, points), kind="stable")
    return points[np.sort(order[:count])]
