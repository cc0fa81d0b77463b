"""From the outcomes at the points of a design to a table of effects, and what luck alone would show.

Every move of a parameter is lived with several seeds. What its effect differs by from seed to seed is
luck, and the rest of the effect stands beside it. The noise floor is what none of d idle parameters
passes with chance 1 - FALSE_ALARM (Bonferroni). For Morris: were there luck alone, the mean square
of the r effects of a parameter, over the variance of luck, would have an F distribution; mu* is at
most the root of that mean square, so that its quantile holds for mu* too. For Sobol, whose moves are
of all sizes, see `_luck_of_shares`.

A few seeds tell little of the luck of one parameter: its variance is drawn towards that of the
others, as much as they are alike (Smyth 2004, Statistical Applications in Genetics and Molecular
Biology 3, article 3: moderated variances). The dummy, moved with the same luck, shows 0 where all is
well; no floor is below what it shows.

Shape: sigma beside mu* with the thresholds of Garcia Sanchez, Lacarriere, Musy and Bourges 2014
(Energy and Buildings 68), luck taken out of sigma first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from sim.study.regions import FALSE_ALARM
from sim.study.sensitivity.design import DUMMY, LEVELS, MORRIS, SensitivityDesign
from sim.words.errors import between, fault

DELTA = LEVELS / (2 * (LEVELS - 1))  # a move, as a share of the grid
FEWEST = 2  # whole repetitions
FEWEST_ALIKE = 4  # variances, from which something in common can be known
MOST_DOF = 1e6
RESAMPLES = 500
RANKED, IN_LUCK, STILL = "ranked", "luck", "still"
UP, DOWN, EITHER = "up", "down", "either"
ALIKE, VARIES, TURNS = "alike", "varies", "turns"
MOSTLY = 0.5  # |mu| / mu* from which a direction is said
SHAPES = ((0.5, ALIKE), (1.0, VARIES), (np.inf, TURNS))  # sigma / mu*, or the share of interactions
Values = Mapping[tuple[int, int], float]  # outcome by point and seed


class Luck(NamedTuple):
    """What luck does to the effect of each input (d + 1,), the dummy last: the variance (Morris) or
    the share of the index (Sobol) that it makes, and the noise floor.
    """

    part: np.ndarray
    floor: np.ndarray


class Effects(NamedTuple):
    """A row a parameter (`table`), the strongest first; the mean outcome of each point (n,) over
    seeds, and the repetitions that could be used.
    """

    table: pd.DataFrame
    outcomes: np.ndarray
    used: int


def effects_of(design: SensitivityDesign, values: Values) -> Effects:
    """Returns the effects of all parameters. A repetition in which an outcome is missing is left out
    whole; ScenarioError where fewer than two are left.
    """
    outcomes = np.array(
        [
            [values.get((point, seed), np.nan) for seed in design.seeds_at(point)]
            for point in range(len(design.sampled))
        ]
    )
    whole = np.isfinite(outcomes).all(axis=1).reshape(design.repetitions, -1).all(axis=1)
    used = int(whole.sum())
    if used < FEWEST:
        raise fault("sensitivity.too_few", given=used, allowed=between(FEWEST, design.repetitions))
    kept = np.repeat(whole, design.block)
    points = outcomes.mean(axis=1)
    found = _indices(design, design.sampled[kept], points[kept])
    luck = _luck(design, outcomes, whole, float(np.var(points[kept])))
    return Effects(_judged(design, found, luck), points, used)


def _luck(
    design: SensitivityDesign, outcomes: np.ndarray, whole: np.ndarray, spread: float
) -> Luck:
    """Returns the luck in the effects from outcomes (n, seeds) of the `whole` repetitions; `spread`
    is the variance of the outcome over points.
    """
    each = np.array([outcomes[after] - outcomes[before] for _, before, after in design.moved])
    each = each[:, whole]  # (d + 1, r, seeds)
    level = FALSE_ALARM / len(design.names)
    if design.method == MORRIS:
        return _luck_of_moves(each, level)
    return _luck_of_shares(each, level, spread)


def _luck_of_moves(each: np.ndarray, level: float) -> Luck:
    """Returns the luck in mu* from what each move changed with each seed (d + 1, r, seeds)."""
    _, r, seeds = each.shape
    own = each.var(axis=2, ddof=1).mean(axis=1)
    variance, dof = moderated(own, r * (seeds - 1))
    times = float(stats.f.isf(level, r, dof) if np.isfinite(dof) else stats.chi2.isf(level, r) / r)
    return Luck(variance / seeds / DELTA**2, np.sqrt(variance / seeds * times) / DELTA)


def _luck_of_shares(each: np.ndarray, level: float, spread: float) -> Luck:
    """Returns the luck in total indices from what each move changed with each seed (d + 1, r,
    seeds).

    The product of what one move changed with two seeds is on average the square of its effect, and
    holds no luck; its mean has to lie above 0 by Student's t over the repetitions. The floor is the
    index at which it does.
    """
    _, r, seeds = each.shape
    squares = each.mean(axis=2) ** 2
    products = (each.sum(axis=2) ** 2 - (each**2).sum(axis=2)) / (seeds * (seeds - 1))
    luck = (squares - products).mean(axis=1)
    beyond = float(stats.t.isf(level, r - 1)) * products.std(axis=1, ddof=1) / np.sqrt(r)
    scale = 2 * spread if spread > 0 else 1.0
    return Luck(luck / scale, np.maximum(luck + beyond, 0.0) / scale)


def moderated(own: np.ndarray, dof: int) -> tuple[np.ndarray, float]:
    """Returns variances (m,), each with `dof` degrees of freedom, drawn towards what they have in
    common, and the degrees of freedom that they then have. Variances of 0 stay 0: where nothing
    moves there is no luck.
    """
    there = own > 0
    if there.sum() < FEWEST_ALIKE:
        return own, float(dof)
    logs = np.log(own[there]) - special.digamma(dof / 2) + np.log(dof / 2)
    mean, excess = logs.mean(), logs.var(ddof=1) - special.polygamma(1, dof / 2)
    if excess <= special.polygamma(1, MOST_DOF / 2):  # no more apart than by chance
        return np.where(there, np.exp(mean), 0.0), float("inf")
    common = 2 * float(
        optimize.brentq(lambda half: special.polygamma(1, half) - excess, 1e-3, MOST_DOF / 2)
    )
    usual = np.exp(mean + special.digamma(common / 2) - np.log(common / 2))
    drawn = (common * usual + dof * own) / (common + dof)
    return np.where(there, drawn, 0.0), common + dof


def _indices(design: SensitivityDesign, x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """Returns what SALib makes of points (n, d + 1) and outcomes (n,): effect, its interval's ends,
    and what tells the shape.
    """
    if np.ptp(y) == 0:
        nothing = np.zeros(len(design.names) + 1)
        columns = ("effect", "low", "high", "mu", "sigma", "first")
        return pd.DataFrame(dict.fromkeys(columns, nothing)).assign(
            parameter=[*design.names, DUMMY]
        )
    if design.method == MORRIS:
        from SALib.analyze.morris import analyze as analyze_trajectories

        found = analyze_trajectories(
            design.problem, x, y, num_levels=LEVELS, num_resamples=RESAMPLES, seed=design.draw
        )
        effect, half = np.array(found["mu_star"]), np.array(found["mu_star_conf"])
        more = {"mu": np.array(found["mu"]), "sigma": np.array(found["sigma"])}
    else:
        from SALib.analyze.sobol import analyze as analyze_matrices

        found = analyze_matrices(
            design.problem, y, calc_second_order=False, num_resamples=RESAMPLES, seed=design.draw
        )
        effect, half = np.array(found["ST"]), np.array(found["ST_conf"])
        more = {"first": np.array(found["S1"]), "first_half": np.array(found["S1_conf"])}
    low = np.maximum(effect - half, 0.0)
    named = {"parameter": [*design.names, DUMMY]}
    return pd.DataFrame(named | {"effect": effect, "low": low, "high": effect + half} | more)


def _judged(design: SensitivityDesign, found: pd.DataFrame, luck: Luck) -> pd.DataFrame:
    """Returns the effects with floor, verdict, rank, direction and shape, the strongest first."""
    found = found.assign(luck=luck.part, floor=luck.floor)
    dummy = float(found.loc[found["parameter"] == DUMMY, "effect"].iloc[0])
    found["floor"] = found["floor"].clip(lower=dummy)
    table = found.sort_values("effect", ascending=False, kind="stable", ignore_index=True)
    still, inside = table["effect"] == 0, table["effect"] <= table["floor"]
    table["verdict"] = np.select([still, inside], [STILL, IN_LUCK], RANKED)
    ranked = table["verdict"] == RANKED
    table["rank"] = ranked.cumsum().where(ranked).astype("Int64")
    shaped = _with_direction(table) if design.method == MORRIS else table.assign(direction="")
    shares = _varying_share(design, table)
    shaped["shape"] = [
        next(name for most, name in SHAPES if share < most) if there else ""
        for share, there in zip(shares, ranked, strict=True)
    ]
    return shaped


def _with_direction(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the table with the direction of each ranked effect: as the parameter rises."""
    mu, effect = table["mu"].to_numpy(), table["effect"].to_numpy()
    way = np.where(np.abs(mu) < MOSTLY * effect, EITHER, np.where(mu > 0, UP, DOWN))
    return table.assign(direction=np.where(table["verdict"] == RANKED, way, ""))


def _varying_share(design: SensitivityDesign, table: pd.DataFrame) -> np.ndarray:
    """Returns how much an effect varies with the other values (d,): sigma over mu*, luck taken out,
    or what of the total index the parameter does not have alone.
    """
    effect = np.where(table["effect"] > 0, table["effect"], 1.0)
    if design.method == MORRIS:
        return np.sqrt(np.maximum(table["sigma"] ** 2 - table["luck"], 0.0)) / effect
    return np.clip(1 - table["first"] / effect, 0.0, 1.0).to_numpy()
