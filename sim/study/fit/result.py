"""What a fit has found, frozen: each own figure beside what the model says, the worlds that can be
fitted and how, and the town as it is with the knobs of the central world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.scenario.scenario import Scenario
from sim.study.cells import Outcome
from sim.study.fit.figures import KnownFigure
from sim.study.fit.knobs import KNOBS, turned
from sim.study.fit.town import CENTRAL
from sim.study.fit.work import FitWork, Setting
from sim.study.match.settings import CUTOFF

FITS, FITS_NOT, CANNOT, FIRST_LOOK = "fits", "does_not", "cannot", "first_look"
FITTED_SHARE = 0.5  # of the worlds in which the figures fit: from here on the town fits
ENDS = (5, 50, 95)  # percentiles over worlds


@dataclass(frozen=True)
class Fitted:
    """A finished fit.

    base: the scenario as it was given. figures: what the town knows. table: a row a figure, own
    figure beside the model. worlds: a row a world, whether it can be fitted and with which knobs.
    knobs: a row a knob. factors: the knobs of the central world. Tables of a first look hold the
    central world alone. residents: how many the town was lived with. failed: the runs that failed.
    settings: the factors on the knobs by world that is left.
    """

    base: Scenario
    figures: tuple[KnownFigure, ...]
    table: pd.DataFrame
    worlds: pd.DataFrame
    knobs: pd.DataFrame
    factors: Mapping[str, float]
    residents: int
    failed: tuple[Outcome, ...] = ()
    settings: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    @property
    def tried(self) -> int:
        """Worlds that were lived, the central one apart."""
        return len(self.worlds)

    @property
    def kept(self) -> tuple[int, ...]:
        """The worlds in which the own figures fit, as they are or with the knobs turned."""
        return tuple(int(one) for one in self.worlds.loc[self.worlds["kept"], "world"])

    @property
    def share(self) -> float:
        """The share of the worlds that are left."""
        return len(self.kept) / self.tried if self.tried else float("nan")

    @property
    def verdict(self) -> str:
        """ "fits" from half of the worlds on, "does_not" below, "cannot" where none is left;
        "first_look" where no world but the central one was lived.
        """
        if not self.tried:
            return FIRST_LOOK
        if not self.kept:
            return CANNOT
        return FITS if self.share >= FITTED_SHARE else FITS_NOT

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was given, with the knobs of the central world."""
        return turned(self.base, self.factors)

    def __repr__(self) -> str:
        counts = f"{len(self.kept)} of {self.tried} worlds"
        return f"<Fitted {self.base.id!r}: {len(self.figures)} figures, {self.verdict}, {counts}>"


def fitted(work: FitWork) -> Fitted:
    """Returns what a fit has found so far."""
    best = {one: work.best(one) for one in (CENTRAL, *work.numbers)} if work.stand_in else {}
    left = {one: found for one, found in best.items() if found is not None}
    worlds = _worlds(work, left)
    kept = [int(one) for one in worlds.loc[worlds["kept"], "world"]]
    settings = {one: left[one].factors for one in kept}
    return Fitted(
        work.town.base,
        work.town.figures,
        _figures(work, left, kept),
        worlds,
        _knobs(work, settings),
        _central(work, left, settings),
        work.town.lived,
        tuple(work.failed),
        settings,
    )


def _worlds(work: FitWork, best: Mapping[int, Setting]) -> pd.DataFrame:
    """Returns a row a world: world, kept, fits as it is, the largest implausibility as it is and
    with the knobs turned, the figure that has it, and the factors of the knobs.
    """
    judge, rows = work.judge, []
    for world in work.numbers:
        found = best.get(world)
        plain = work.as_it_is(world)
        if found is None or plain is None:
            continue
        row = {
            "world": world,
            "kept": bool(judge.kept(found.distances[None, :])[0]),
            "as_it_is": bool(judge.kept(plain.distances[None, :])[0]),
            "before": float(plain.distances.max()),
            "after": float(found.distances.max()),
            "figure": work.town.figures[int(found.distances.argmax())].key,
        }
        rows.append(row | {knob.key: found.factors.get(knob.key, 1.0) for knob in KNOBS})
    columns = ("world", "kept", "as_it_is", "before", "after", "figure", *(k.key for k in KNOBS))
    return pd.DataFrame(rows, columns=columns).astype({"kept": bool, "as_it_is": bool})


def _figures(work: FitWork, best: Mapping[int, Setting], kept: list[int]) -> pd.DataFrame:
    """Returns a row a figure: own, tolerance (standard deviation), what the central world says with
    its gap and implausibility, what the worlds say as they are and those that are left say with
    their knobs turned, the share of the worlds in which it is missed at best, and in how many worlds
    all figures would be met without it.
    """
    judge, width = work.judge, len(work.town.figures)
    central = work._of(CENTRAL)[:, 0].mean(axis=0)
    far = judge.distances(central[None, :], -judge.luck_run * (1 - 1 / len(work._of(CENTRAL))))[0]
    plain = _stack((work._of(one)[:1, 0] for one in work.numbers if len(work._of(one))), width)
    turned_values = _stack((best[one].values[None, :] for one in kept), width)
    missed = _stack((best[one].distances[None, :] for one in work.numbers if one in best), width)
    rows = []
    for at, one in enumerate(work.town.figures):
        row = {
            "figure": one.key,
            "own": one.own,
            "unit": one.declared.unit,
            "tolerance": float(judge.sd[at]),
            "central": central[at],
            "gap": central[at] - one.own,
            "implausibility": far[at],
        }
        row |= _ends("worlds", plain[:, at]) | _ends("fitted", turned_values[:, at])
        row["missed"] = float((missed[:, at] > CUTOFF).mean()) if len(missed) else np.nan
        row["kept_without"] = sum(_meets_all_but(work, world, at) for world in best if world)
        rows.append(row)
    return pd.DataFrame(rows)


def _meets_all_but(work: FitWork, world: int, at: int) -> bool:
    """Returns whether any setting that was lived in a world meets all figures but one."""
    far = np.array([one.distances for one in work.settings(world)])
    return bool(work.judge.kept(np.delete(far, at, axis=1)).any())


def _stack(parts, width: int) -> np.ndarray:
    found = list(parts)
    return np.concatenate(found) if found else np.empty((0, width))


def _ends(name: str, values: np.ndarray) -> dict[str, float]:
    values = values[np.isfinite(values)]
    found = np.percentile(values, ENDS) if len(values) else np.full(len(ENDS), np.nan)
    return {f"{name}_{at}": float(one) for at, one in zip(ENDS, found, strict=True)}


def _knobs(work: FitWork, settings: Mapping[int, Mapping[str, float]]) -> pd.DataFrame:
    """Returns a row a knob: its range, the factor that fits best (median over the worlds that are
    left), and between which factors it may lie (5 and 95 % of the settings that are not ruled out
    in these worlds).
    """
    open_settings = [one for world in settings for one in _not_ruled_out(work, world)]
    rows = []
    for knob in KNOBS:
        chosen = np.array([one.get(knob.key, 1.0) for one in settings.values()])
        left = np.array([one.get(knob.key, 1.0) for one in open_settings])
        ends = np.percentile(left, (5, 95)) if len(left) else (np.nan, np.nan)
        row = {"knob": knob.key, "least": 1 / knob.most, "most": knob.most}
        row |= {"factor": float(np.median(chosen)) if len(chosen) else np.nan}
        rows.append(row | {"low": float(ends[0]), "high": float(ends[1])})
    return pd.DataFrame(rows)


def _not_ruled_out(work: FitWork, world: int) -> list[Mapping[str, float]]:
    candidates, _score, kept = work.looked_at(world, 0)
    return [one for one, left in zip(candidates, kept, strict=True) if left]


def _central(
    work: FitWork, best: Mapping[int, Setting], settings: Mapping[int, Mapping[str, float]]
) -> dict[str, float]:
    """Returns the factors of the knobs in the central world; where its figures cannot be fitted the
    median of the worlds that are left; none where none is left.
    """
    found = best.get(CENTRAL)
    if found is not None and work.judge.kept(found.distances[None, :])[0]:
        return dict(found.factors)
    if not settings:
        return {}
    middle = {
        knob.key: float(np.median([one.get(knob.key, 1.0) for one in settings.values()]))
        for knob in KNOBS
    }
    return work.desks(CENTRAL) | middle
