"""The same search in towns of three sizes: `python -m benchmarks.studies.sizes [--workers 2]`.

Money, and the highest number and the step of every setting that counts posts or places, are those
of `scenarios/search_kaga.toml` times residents over those of Kaga, so that the plans that may be
are the same in each town. What is counted in the town as a whole (conferences, rules, supervision)
stays as it is.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from sim import search
from sim.report.text.search import plan_text
from sim.scenario.load import load
from sim.study.search.objective import Effect
from sim.study.search.study import lines_of
from sim.study.search.work import Searched

FILE = Path("scenarios/search_kaga.toml")
KAGA, TOWNS = "kaga", ("hida", "kaga", "miyakonojo")
MILLION = 1e6


def residents(town: str) -> int:
    """How many live in a town."""
    return load(FILE, overrides={"town": f"towns/{town}.toml"}).people.population


def scaled(town: str, tried: dict[str, int]) -> dict[str, Any]:
    """The file's values by dotted key for a town, with how many plans and worlds are `tried`."""
    lines, ratio = lines_of(FILE, None).search, residents(town) / residents(KAGA)
    assert lines is not None
    values: dict[str, Any] = {"town": f"towns/{town}.toml", "search.money": lines.money * ratio}
    for lever, settings in lines.levers.items():
        for name, one in settings.items():
            if one.high is not None:
                at = f"search.levers.{lever}.{name}"
                values |= {f"{at}.high": one.high * ratio, f"{at}.step": one.step * ratio}
    return values | {f"search.{name}": number for name, number in tried.items()}


def said(effect: Effect) -> str:
    """A difference with half its 95 % interval, and in how many worlds it is below 0."""
    half = (effect.high - effect.low) / 2
    return f"{effect.mean:+.3f} ±{half:.3f} ({effect.better}/{effect.worlds})"


def tell(town: str, found: Searched, seconds: float) -> None:
    """Print the plans confirmed and what the search took."""
    money = found.space.lines.money / MILLION
    print(
        f"\n{town}: {residents(town):,} residents, {money:.2f} million yen, {seconds / 60:.1f} min"
    )
    for one in found.confirmed:
        rated, over = one.rated, said(one.over) if one.over else "-"
        print(
            f"  {plan_text(rated.plan, 'en')}: searched {said(one.searched.score)}, confirmed"
            f" {said(rated.score)}, load {said(rated.beside)}, against the benchmark {over}"
        )


def main() -> None:
    """Search in each town and print what is confirmed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--towns", nargs="+", choices=TOWNS, default=TOWNS)
    parser.add_argument("--candidates", type=int, default=32)
    parser.add_argument("--refine", type=int, default=8)
    parser.add_argument("--finalists", type=int, default=3)
    parser.add_argument("--confirm-worlds", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="folder in which finished cells are kept")
    given = parser.parse_args()
    tried = {
        "candidates": given.candidates,
        "refine": given.refine,
        "finalists": given.finalists,
        "confirm_worlds": given.confirm_worlds,
    }
    for town in given.towns:
        began, out = time.perf_counter(), given.out and given.out / town
        found = search(FILE, workers=given.workers, out=out, overrides=scaled(town, tried))
        tell(town, found, time.perf_counter() - began)


if __name__ == "__main__":
    main()
