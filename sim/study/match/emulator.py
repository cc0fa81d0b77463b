"""A quick stand-in for the town, learned from the sets that were lived: it proposes sets for the
next wave and accepts none.

For each target the parameters whose ranks go most with the simulated value are found, and a surface
is laid over those: quadratic (ridge regression, NumPy alone), or a Gaussian process where
scikit-learn is installed. Every surface is tested on runs that it has not seen, in FOLDS folds; the
mean square of its errors there, luck included, is the variance that its predictions carry.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from scipy.stats import rankdata

from sim.study.match.settings import AUTO, EMULATORS, NONE, PROCESS, QUADRATIC
from sim.words.errors import fault, nearest

FOLDS = 5
FEWEST_RUNS = 20  # runs below which nothing is learned
RUNS_AN_INPUT = 8  # runs for each parameter that a surface is laid over
MOST_INPUTS = 12
RIDGE = 1.0  # of the quadratic surface, on standardised terms
MOST_FOR_PROCESS = 250  # runs that a Gaussian process learns from: its time grows with their cube
Surface = Callable[[np.ndarray], np.ndarray]  # places (n, d) -> values (n,)


@dataclass(frozen=True)
class Emulator:
    """The stand-in for one target: `kind`, the surface, the mean square error on runs that it had
    not seen, and the share of their variance that it explains (below 0: worse than the mean).
    """

    kind: str
    surface: Surface
    error: float
    explained: float


def check_emulator(kind: str) -> None:
    """Refuse a kind that there is not, and a Gaussian process without scikit-learn."""
    if kind not in EMULATORS:
        allowed, near = ", ".join(EMULATORS), nearest(kind, EMULATORS)
        raise fault("error.unknown_choice", at="emulator", given=kind, allowed=allowed, near=near)
    if kind == PROCESS and not has_process():
        raise fault("match.extra", at="emulator", given=kind)


def has_process() -> bool:
    """Returns whether scikit-learn is installed."""
    return find_spec("sklearn") is not None


def emulators(places: np.ndarray, values: np.ndarray, kind: str = AUTO) -> list[Emulator] | None:
    """Returns a stand-in for each target, learned from places in the ranges (n, d) and simulated
    values (n, T); None where `kind` is "none" or the runs are too few.

    With "auto" the surface with the smaller error on unseen runs is taken, target by target.
    """
    if kind == NONE or len(places) < FEWEST_RUNS:
        return None
    found = []
    for column in values.T:
        there = np.isfinite(column)
        if there.sum() < FEWEST_RUNS:
            return None
        found.append(_learned(places[there], column[there], kind))
    return found


def _learned(places: np.ndarray, values: np.ndarray, kind: str) -> Emulator:
    kinds = {AUTO: (QUADRATIC, PROCESS) if has_process() else (QUADRATIC,)}.get(kind, (kind,))
    spread = float(values.var())
    tried = []
    for one in kinds:
        error = held_out_error(places, values, LEARNERS[one])
        explained = 1 - error / spread if spread > 0 else 0.0
        tried.append((error, one, explained))
    error, best, explained = min(tried)
    return Emulator(best, LEARNERS[best](places, values), error, explained)


def held_out_error(
    places: np.ndarray, values: np.ndarray, learn: Callable[[np.ndarray, np.ndarray], Surface]
) -> float:
    """Returns the mean square error of a surface on runs that it has not seen: every FOLDS-th run
    is left out in turn.
    """
    fold = np.arange(len(values)) % FOLDS
    squares = np.zeros(len(values))
    for out in range(FOLDS):
        surface = learn(places[fold != out], values[fold != out])
        squares[fold == out] = (surface(places[fold == out]) - values[fold == out]) ** 2
    return float(squares.mean())


def active_inputs(places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Returns the columns of `places` (n, d) whose ranks go most with those of `values` (n,): one
    for every RUNS_AN_INPUT runs, MOST_INPUTS at most.
    """
    rho = np.abs(rank_correlations(places, values))
    count = min(len(rho), MOST_INPUTS, max(1, len(values) // RUNS_AN_INPUT))
    return np.sort(np.argsort(-rho, kind="stable")[:count])


def rank_correlations(places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Returns the rank correlation (d,) of each column of `places` (n, d) with `values` (n,); 0
    where either does not vary.
    """
    ranks = rankdata(places, axis=0) - (len(values) + 1) / 2
    mine = rankdata(values) - (len(values) + 1) / 2
    whole = np.sqrt((ranks**2).sum(axis=0) * (mine**2).sum())
    return np.divide(ranks.T @ mine, whole, out=np.zeros(places.shape[1]), where=whole > 0)


def quadratic(places: np.ndarray, values: np.ndarray, inputs: np.ndarray | None = None) -> Surface:
    """Returns a quadratic surface over the active inputs, or over the columns `inputs`, by ridge
    regression.
    """
    inputs = active_inputs(places, values) if inputs is None else inputs
    terms = _terms(places[:, inputs])
    centre, scale = terms.mean(axis=0), terms.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    mean = values.mean()
    x = (terms - centre) / scale
    slopes = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (values - mean))

    def surface(at: np.ndarray) -> np.ndarray:
        return mean + ((_terms(at[:, inputs]) - centre) / scale) @ slopes

    return surface


def _terms(x: np.ndarray) -> np.ndarray:
    """Returns the inputs (n, m), their squares and their products (n, m (m + 3) / 2)."""
    one, other = np.triu_indices(x.shape[1])
    return np.column_stack([x, x[:, one] * x[:, other]])


def gaussian_process(places: np.ndarray, values: np.ndarray) -> Surface:
    """Returns the mean of a Gaussian process over the active inputs, with a length for each; it
    learns from the last MOST_FOR_PROCESS runs.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    places, values = places[-MOST_FOR_PROCESS:], values[-MOST_FOR_PROCESS:]
    inputs = active_inputs(places, values)
    kernel = ConstantKernel(1.0) * RBF(np.ones(len(inputs)), (0.05, 100.0)) + WhiteKernel(0.1)
    process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
    with warnings.catch_warnings():  # that a length is at its bound is no news: inputs may be idle
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(places[:, inputs], values)

    def surface(at: np.ndarray) -> np.ndarray:
        return process.predict(at[:, inputs])

    return surface


LEARNERS: dict[str, Callable[[np.ndarray, np.ndarray], Surface]] = {
    QUADRATIC: quadratic,
    PROCESS: gaussian_process,
}


def predicted(found: Sequence[Emulator], places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the predicted values (n, T) at places in the ranges (n, d), and the variance (T,)
    that they carry.
    """
    values = np.column_stack([one.surface(places) for one in found])
    return values, np.array([one.error for one in found])
