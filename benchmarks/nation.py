"""What a nation costs: `python -m benchmarks.nation`, seconds of processor time of one core.

Simulates a few municipalities of each size class of the synthetic nation under both arms of
`sim nation`, one seed, run-in and all, as a worker does, and extrapolates to all 1,718 by the
residents simulated in each class. `--largest` as in `sim nation`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from sim.cli.nation import LARGEST
from sim.scenario.arms import read_comparison
from sim.study.cells import Chunk, simulate_chunk
from sim.study.nation.work import Nation, kept_tables
from sim.towns.nation import NationTable
from sim.towns.nation.regions import SIZE_CLASSES, size_class
from sim.towns.nation.synthetic import synthetic_nation

try:
    import resource
except ImportError:  # Windows
    resource = None

CORES = 2


class Cost(NamedTuple):
    """A size class: municipalities and residents simulated in the nation and in the sample, and the
    seconds and peak memory (MB) of the sample under all arms.
    """

    id: str
    municipalities: int
    residents: int
    sample: int
    sampled_residents: int
    seconds: float
    peak: float

    @property
    def whole(self) -> float:
        """Seconds of the whole class."""
        return self.seconds * self.residents / self.sampled_residents


def nation(years: int | None, largest: int | None) -> Nation:
    """The synthetic nation under the arms that ship."""
    rows = synthetic_nation()
    overrides = {} if years is None else {"years": years}
    arms = read_comparison(["nation"], overrides=overrides)
    return Nation(NationTable("synthetic", rows, {}), rows, (arms,), 1, largest)


def measure(whole: Nation, id: str, number: int) -> Cost:
    """Simulates `number` municipalities of a class, at equal steps in the order of their size."""
    rows = [row for row in whole.ordered if size_class(row.population).id == id]
    chosen = [rows[int((place + 0.5) * len(rows) / number)] for place in range(number)]
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for row in chosen:
            cells = tuple(whole.cell(row, place) for place in whole.places(row)[0])
            folders = tuple(Path(folder) / cell.key for cell in cells)
            for outcome in simulate_chunk(Chunk(cells, folders, keep=kept_tables)):
                if outcome.error:
                    raise RuntimeError(outcome.error)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if resource else float("nan")
    residents = sum(map(whole.lived, rows))
    return Cost(id, len(rows), residents, number, sum(map(whole.lived, chosen)), seconds, peak)


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nation", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--each", type=int, default=2, help="municipalities of each class (2)")
    parser.add_argument("--years", type=int, help="years, in place of the arms' own (10)")
    parser.add_argument(
        "--largest", type=int, default=LARGEST, help=f"as in sim nation ({LARGEST})"
    )
    given = parser.parse_args()
    whole = nation(given.years, given.largest)
    smallest = whole.ordered[-1]
    simulate_warm_up(whole.cell(smallest, whole.places(smallest)[0][-1]))
    print(f"{'class':>6}{'n':>6}{'residents':>12}{'sample':>8}{'residents':>11}"
          f"{'CPU s':>9}{'s/100k':>8}{'whole s':>9}{'peak MB':>9}")  # fmt: skip
    costs = []
    for one in reversed(SIZE_CLASSES):
        cost = measure(whole, one.id, given.each)
        costs.append(cost)
        print(f"{one.id:>6}{cost.municipalities:6,}{cost.residents:12,}{cost.sample:8}{cost.sampled_residents:11,}"
              f"{cost.seconds:9.2f}{1e5 * cost.seconds / cost.sampled_residents:8.2f}{cost.whole:9.0f}{cost.peak:9.0f}",
              flush=True)  # fmt: skip
    seconds = sum(cost.whole for cost in costs)
    arms = len(whole.comparison.arms)
    print(f"whole nation, {arms} arms: {seconds:,.0f} s of one core; "
          f"an arm on {CORES} cores: {seconds / arms / CORES / 60:.1f} minutes")  # fmt: skip


def simulate_warm_up(cell) -> None:
    """Compile what is not compiled, and load the rest."""
    from sim.study.cells import live

    live(cell.scenario, cell.seed)


if __name__ == "__main__":
    main()
