"""Which decisions draw from which key: `python -m tests.drawn SCENARIO WEEKS`, run by
tests/test_laws_draws.py with SIM_PLAIN=1, so that the draws of kernels are seen as well.

Prints the processes that drew one key twice in a week, and how many processes and keys there were.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import numpy as np

import sim.model.kernel as kernels

NAMES: dict[int, tuple[str, int]] = {}  # the process and week of a key
DRAWN: Counter[tuple[str, int, int, int]] = Counter()
_uniform = kernels.uniform


def uniform(key: int, id: int, occurrence: int = 0) -> float:
    """A draw of a kernel, remembered."""
    DRAWN[(*NAMES[int(key)], int(id), int(occurrence))] += 1
    return _uniform(key, id, occurrence)


kernels.uniform = uniform

import sim.model.scans as scans  # noqa: E402

_drawn_among = scans.drawn_among


def drawn_among(key, ids, column, rate):
    """A scan that looks ahead at draws which the decisions themselves make afterwards: the draws of
    the decisions are remembered, those of the scan are not.
    """
    scans.uniform = _uniform
    found = _drawn_among(key, ids, column, rate)
    scans.uniform = uniform
    return found


scans.drawn_among = drawn_among

from sim.model.streams import Streams  # noqa: E402
from sim.model.town import Town  # noqa: E402
from tests import laws  # noqa: E402


def keys(streams: Streams, processes: tuple[str, ...], week: int) -> np.ndarray:
    """The keys of `processes`, remembered."""
    found = _keys(streams, processes, week)
    NAMES.update({int(key): (one, week) for key, one in zip(found, processes, strict=True)})
    return found


def of_arrays(streams: Streams, process: str, week: int, ids, occurrence=0) -> np.ndarray:
    """Draws for whole arrays, remembered."""
    parts = (part.ravel().tolist() for part in np.broadcast_arrays(ids, occurrence))
    DRAWN.update((process, week, *key) for key in zip(*parts, strict=True))
    return _of_arrays(streams, process, week, ids, occurrence)


_keys, _of_arrays = Streams.keys, Streams.uniform
Streams.keys, Streams.uniform = keys, of_arrays


def main(scenario: str, weeks: int) -> None:
    """Run the town of `laws.<scenario>` and print what was drawn."""
    town = Town(getattr(laws, scenario)(), 1)
    DRAWN.clear()
    for _ in range(weeks):
        town.step()
    again = {process for (process, *_), times in DRAWN.items() if times > 1}
    later = {process for process, week, *_ in DRAWN if week > 0}
    print(
        json.dumps(
            {
                "again": sorted(again),
                "by occupant": sorted({one for one, *_ in DRAWN} - later),
                "processes": len({one for one, *_ in DRAWN}),
                "draws": sum(DRAWN.values()),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
