"""`discover(...)`: from worlds to the boxes in which an arm fails, or wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.study.discover.prim import MOST_PARAMETERS, SHUFFLES, Box, boxes
from sim.study.discover.worlds import (
    ABOVE,
    WorldTable,
    interest,
    only_matching,
    read_worlds,
    worlds_of_comparison,
    worlds_of_frame,
)
from sim.study.result import Compared
from sim.study.sensitivity.ground import MEASURE
from sim.words.errors import between, fault

LIMITS = ("box", "parameter", "side", "value", "quasi_p")
OF_BOX = ("worlds", "hits", "density", "base", "coverage", "chance")
MOST_MOST, MOST_SHUFFLES = 8, 10_000


@dataclass(frozen=True)
class Discovered:
    """What a search has found: `boxes` in the worlds whose outcome lies on one `side` ("above",
    "below") of `threshold`; empty where luck finds as good a box too often (`chance`, of `shuffles`
    shuffled outcomes). A box has limits on `most` of the parameters of `worlds` at the most.

    Example: `found = discover("worlds.csv", above=0)`, then `found.limits`.
    """

    worlds: WorldTable
    side: str
    threshold: float
    boxes: tuple[Box, ...]
    chance: float
    most: int
    shuffles: int

    @property
    def hits(self) -> np.ndarray:
        """Which worlds are of interest (n,)."""
        return of_interest(self.worlds, self.side, self.threshold)

    @property
    def limits(self) -> pd.DataFrame:
        """A row a limit: its box, parameter, side ("above", "below"), value and quasi-p-value; and of
        the box the worlds in it, those of interest (hits), their share (density) beside that of all
        worlds that were searched (base), the share of all hits (coverage), and how often luck finds
        as good a box (chance).
        """
        names = list(self.worlds.parameters.columns)
        rows = [
            (
                number,
                names[one.column],
                ABOVE if one.above else "below",
                one.value,
                p,
                *(getattr(box, name) for name in OF_BOX),
            )
            for number, box in enumerate(self.boxes, start=1)
            for one, p in zip(box.limits, box.quasi_p, strict=True)
        ]
        return pd.DataFrame(rows, columns=[*LIMITS, *OF_BOX])

    def __repr__(self) -> str:
        worlds = f"{len(self.worlds.outcomes)} worlds, {int(self.hits.sum())} of interest"
        return f"<Discovered: {worlds}, {len(self.boxes)} boxes>"


def of_interest(worlds: WorldTable, side: str, threshold: float) -> np.ndarray:
    """Returns which outcomes (n,) lie on one side of a value."""
    return worlds.outcomes > threshold if side == ABOVE else worlds.outcomes < threshold


def searched(
    worlds: WorldTable,
    side: str,
    threshold: float,
    most: int = MOST_PARAMETERS,
    shuffles: int = SHUFFLES,
    told: Callable[[int], None] = lambda _shuffles: None,
) -> Discovered:
    """Returns the boxes of worlds whose outcomes lie on one side of a value. Raises ScenarioError
    for numbers that cannot be.
    """
    limits = (("--most", most, 1, MOST_MOST), ("--shuffles", shuffles, 19, MOST_SHUFFLES))
    for at, given, low, high in limits:
        if not low <= given <= high:
            raise fault("error.range", at=at, given=given, allowed=between(low, high))
    y = of_interest(worlds, side, threshold)
    x = worlds.parameters.to_numpy(dtype=float)
    found, chance = boxes(x, y, most, shuffles, told=told) if x.shape[1] else ([], 1.0)
    return Discovered(worlds, side, threshold, tuple(found), chance, most, shuffles)


def read_source(
    source: str | Path | pd.DataFrame | Compared,
    outcome: str = "",
    measure: str = MEASURE,
    year: int | None = None,
    arm: str = "",
) -> WorldTable:
    """Returns the worlds of a folder of `sim compare`, of its result, of a table or of its file."""
    if isinstance(source, pd.DataFrame):
        return worlds_of_frame(source, outcome)
    if isinstance(source, Compared):
        return worlds_of_comparison(source, measure, year, arm)
    path = Path(source)
    if path.is_dir():
        return worlds_of_comparison(path, measure, year, arm)
    return read_worlds(path, outcome)


def discover(
    source: str | Path | pd.DataFrame | Compared,
    *,
    outcome: str = "",
    above: float | None = None,
    below: float | None = None,
    wins: bool = False,
    measure: str = MEASURE,
    year: int | None = None,
    arm: str = "",
    parameters: Iterable[str] = (),
    most: int = MOST_PARAMETERS,
    shuffles: int = SHUFFLES,
) -> Discovered:
    """Finds the boxes of worlds in which an arm fails (or `wins`), by PRIM.

    `source` is a comparison with draws, or the folder of one (outcome: the difference of `arm` from
    the reference in `measure` and `year`), or a table of worlds or its CSV, with a column a
    parameter and one of the `outcome`. Of interest are outcomes `above` or `below` a value; of a
    comparison those on the worse side of 0, if nothing is said. `parameters` are patterns; a box has
    limits on `most` of them at the most. What luck finds is known from `shuffles` shuffled outcomes.

    Raises ScenarioError for what a user can mend.

    Example: `discover("worlds.csv", outcome="cost", above=0).limits`.
    """
    worlds = only_matching(read_source(source, outcome, measure, year, arm), parameters)
    side, threshold = interest(worlds, above, below, wins)
    return searched(worlds, side, threshold, most, shuffles)
