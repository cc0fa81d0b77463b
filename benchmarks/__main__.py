"""One command, one table of times and ratios: `python -m benchmarks`; `python -m benchmarks
--check` compares results.

Times are seconds of processor time of one core, without imports, network and warm-up; the weeks and
the building of the model apart. Every implementation runs alone in a fresh process, the median of
its repeats counts. The whole model of this project, not the reference work, is measured by `python
-m benchmarks.town`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks import check, reference
from benchmarks.measure import measure

NAMES = {
    "keyed": "this project: rows, kernels, keyed draws",
    "starsims": "Starsim, common random numbers",
    "kept": "Mesa objects with our kept counts",
    "lean": "Mesa objects, lean",
    "objects": "Mesa objects, as documented",
}
REQUIRES = {
    "starsims": ["starsim"],
    "objects": ["networkx"],
}  # beyond what this project itself needs
REPEATS = {"keyed": 7, "starsims": 3, "kept": 3}
LARGE = 1_000_000


def alone(function, *arguments):
    """The result of a function called in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def machine() -> str:
    """Processor, Python and the versions that matter."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(
            line.partition(":")[2].strip() for line in lines if line.startswith("model name")
        )
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    packages = ", ".join(
        f"{package} {version(package)}"
        for package in ("numpy", "mesa", "starsim")
        if find_spec(package)
    )
    return f"{processor}, {platform.system()}, Python {platform.python_version()}, {packages}"


def compare(names: list[str], residents: int, weeks: int, repeats: int | None) -> None:
    """Measure and print, fastest first so that a stopped run has shown most."""
    households = reference.town(residents, 1).households
    print(f"\n{residents:,} residents ({households:,} households), {weeks} weeks", flush=True)
    print(
        f"{'':36}{'build s':>9}{'run s':>10}{'ms a week':>11}{'ratio':>9}{'peak MB':>9}", flush=True
    )
    unit = None
    for name in names:
        built, ran, peak = alone(measure, name, residents, weeks, repeats or REPEATS.get(name, 1))
        unit = unit or ran
        print(
            f"{NAMES[name]:36}{built:9.2f}{ran:10.3f}{1000 * ran / weeks:11.3f}{ran / unit:9.1f}{peak:9.0f}",
            flush=True,
        )


def missing(names: list[str]) -> list[str]:
    """Packages that the implementations `names` need and this Python lacks."""
    return [
        package for name in names for package in REQUIRES.get(name, []) if not find_spec(package)
    ]


def main() -> int:
    """Parse, call, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--residents", type=int, default=100_000, help="residents of the town (100000)"
    )
    parser.add_argument("--weeks", type=int, default=520, help="weeks to run (520)")
    parser.add_argument(
        "--large", type=int, default=LARGE, help="residents of a second, larger town; 0 for none"
    )
    parser.add_argument(
        "--large-only",
        nargs="*",
        choices=NAMES,
        default=["keyed", "starsims"],
        metavar="NAME",
        help="who runs the larger town (keyed starsims)",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=NAMES,
        default=list(NAMES),
        metavar="NAME",
        help="run only these: " + " ".join(NAMES),
    )
    parser.add_argument(
        "--repeats", type=int, help="repeats of every implementation, in place of its own number"
    )
    parser.add_argument(
        "--check", action="store_true", help="show that all give the same trajectories instead"
    )
    given = parser.parse_args()
    if lacks := missing(given.only + given.large_only):
        print(
            f"not installed: {', '.join(lacks)}. Install with pip, or leave out with --only and --large-only.",
            file=sys.stderr,
        )
        return 2
    print(machine())
    if given.check:
        return check.main(given.only)
    compare(given.only, given.residents, given.weeks, given.repeats)
    if given.large:
        compare(given.large_only, given.large, given.weeks, given.repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
