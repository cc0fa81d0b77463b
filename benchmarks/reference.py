"""The reference work: rates, network and openings that every implementation shares.

A household's need is none, latent, manifest or severe; in need means manifest or severe. A
household acts if it is one that would and has no need itself. In a week, in this order:

1. rise one stage: none at ONSET x (1 + PER_NEEDY x neighbours in need); latent and manifest at
   their RISE rate, x SHIELD where any neighbour acts;
2. recover one stage at its RECOVER rate; and once more, if supported, at SUPPORT x that rate;
3. be noticed: in need and neither waiting nor supported, at NOTICE, or NOTICED where any neighbour
   acts; the household then joins the line of its agency, those of one week by lot;
4. each agency calls the longest waiting, one for each of its openings this week; whoever is still
   in need is supported for SUPPORT_WEEKS weeks, the opening of whoever is not lapses; both leave
   the line.

A yearly rate r happens in a week with chance 1 - exp(-r / 52). Vectorised implementations look at
neighbours once a week, objects when their turn comes: half a week in the passing on of a change,
far below sampling error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NONE, LATENT, MANIFEST, SEVERE = range(4)
UNKNOWN, WAITING, SUPPORTED = range(3)
COLUMNS = ("none", "latent", "manifest", "severe", "waiting", "supported")

ONSET, PER_NEEDY = 0.08, 0.2  # 1/year; share more for each neighbour in need
RISE = (0.0, 0.5, 0.3, 0.0)  # 1/year, by stage; none rises by ONSET
SHIELD = 0.85
RECOVER, SUPPORT = (0.0, 0.6, 0.25, 0.15), 3.0  # 1/year, by stage
NOTICE, NOTICED = 0.1, 0.4  # 1/year
SUPPORT_WEEKS = 26
AGENCIES = 50
OPENINGS = 0.0008  # a household of the agency's district and week
WEEKS_PER_YEAR = 52
HOUSEHOLDS_PER_RESIDENT = 0.45


def weekly(rate):
    """Weekly chance of a yearly rate."""
    return 1.0 - np.exp(-np.asarray(rate, dtype=float) / WEEKS_PER_YEAR)


@dataclass(frozen=True)
class Town:
    """Households on a ring with ties to the next two on either side and, by lot, to one far away.

    ties (m, 2), each once; the neighbours of row i are neighbours[start[i]:start[i + 1]]; agency,
    would_act and the first stage (n,); openings (weeks, AGENCIES).
    """

    ties: np.ndarray
    start: np.ndarray
    neighbours: np.ndarray
    agency: np.ndarray
    would_act: np.ndarray
    stage: np.ndarray
    openings: np.ndarray

    @property
    def households(self) -> int:
        """Number of households."""
        return self.stage.size


def town(residents: int, weeks: int, seed: int = 1) -> Town:
    """The town of so many residents, the same for every implementation and replicate."""
    rng = np.random.default_rng(seed)
    n = round(residents * HOUSEHOLDS_PER_RESIDENT)
    row = np.arange(n)
    far = rng.permutation(n)[: n // 2 * 2].reshape(-1, 2)
    pairs = np.concatenate(
        [np.stack([row, (row + 1) % n], axis=1), np.stack([row, (row + 2) % n], axis=1), far]
    )
    ties = np.unique(np.sort(pairs, axis=1), axis=0)
    ends = np.concatenate([ties, ties[:, ::-1]])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    share = n / AGENCIES * OPENINGS
    due = np.floor(np.arange(weeks + 1)[:, None] * share + np.arange(AGENCIES) / AGENCIES)
    return Town(
        ties,
        np.searchsorted(ends[:, 0], np.arange(n + 1)),
        ends[:, 1].copy(),
        row * AGENCIES // n,
        rng.random(n) < 0.25,
        rng.choice(4, n, p=[0.8, 0.1, 0.07, 0.03]).astype(np.int8),
        np.diff(due, axis=0).astype(np.int64),
    )
