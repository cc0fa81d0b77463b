"""The null law: `python -m benchmarks.studies.null_law`. With effects at none nobody's needs move,
and spending is a loss.
"""

from __future__ import annotations

import numpy as np

from benchmarks.studies.arms import differences, run, with_levers
from benchmarks.studies.levers import COMPREHENSIVE
from sim.model.town import Town
from sim.scenario.load import load

SEEDS = range(1, 5)


def main() -> None:
    """Count the needs that differ between the reference and the comprehensive arm, and the
    difference in money.
    """
    reference = load(
        "scenarios/baseline.toml", overrides={"effects": "none", "town": "towns/kaga.toml"}
    )
    arms = {"reference": reference, "comprehensive": with_levers(reference, COMPREHENSIVE)}
    towns = [Town(scenario, 1) for scenario in arms.values()]
    differ = 0
    while towns[0].running:
        for town in towns:
            town.step()
        differ += int(np.count_nonzero(towns[0].state.needs.level != towns[1].state.needs.level))
    print(
        f"needs that differ, summed over {towns[0].week} weeks and {towns[0].state.needs.level.size} needs: {differ}"
    )
    table = differences(run(arms, SEEDS), "reference", tuple(range(1, 11)))
    for name in ("cost_public", "cost_municipality", "cost_posts_places"):
        yearly = table[table["measure"] == name]
        print(
            f"{name}: {yearly['difference'].sum():+.1f} million yen over ten years "
            f"(least year {yearly['low'].min():+.1f}, {len(SEEDS)} seeds)"
        )


if __name__ == "__main__":
    main()
