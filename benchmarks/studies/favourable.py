"""Whether prevention can win at all: `python -m benchmarks.studies.favourable`.

The arms of `scenarios/spirals.toml` live in a town whose effects of support stand at the end of
their declared ranges that favours it, where needs that nobody supports worsen fastest, and the cost
of unseen households counts in full; it has the posts at which its desks have the usual load. Such a
town is a test of the model and no expectation: where no arm wins even there, a bug is likelier than
a finding.
"""

from __future__ import annotations

import argparse

from benchmarks.studies.arms import differences, run
from sim import smaller
from sim.scenario.arms import read_comparison
from sim.scenario.scenario import Scenario
from sim.study.calibrate import TARGET_LOAD
from sim.study.design import times_posts

FAVOURABLE = {
    "needs.rr_escalation_supported": 0.6,
    "needs.rr_relapse_accompanied": 0.6,
    "crises.rr_crisis_supported": 0.6,
    "casework.resolve_latent": 0.75,
    "casework.resolve_manifest": 0.7,
    "casework.resolve_severe": 0.6,
    "casework.slow_support": 1.0,
    "casework.coord_effect": 1.8,
    "casework.dropout_case": 0.08,
    "needs.escalate_latent": 0.2,
    "needs.escalate_manifest": 0.18,
    "crises.crisis_rate_severe": 0.25,
    "crises.crisis_hours": 60.0,
    "ledger.unseen_cost_share": 1.0,
}
ROUNDS = 4  # of tuning the posts
MEASURES = (
    *("load", "exhaustion", "compounded", "inflow_compounded", "crises", "unseen"),
    *("cost_public", "cost_municipality"),
)


def favoured(scenario: Scenario) -> Scenario:
    """The scenario with FAVOURABLE parameter values."""
    return scenario.model_copy(update={"parameters": {**scenario.parameters, **FAVOURABLE}})


def usual_posts(reference: Scenario) -> float:
    """The factor on the posts at which the reference has the usual load in years 3 to 8."""
    factor = 1.0
    for _round in range(ROUNDS):
        table = run({"reference": times_posts(reference, factor)}, range(1, 3))
        late = table[(table["measure"] == "load") & table["year"].between(3, 8)]
        factor *= late["value"].mean() / TARGET_LOAD
    return factor


def main() -> None:
    """Live the arms and print their differences from the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--residents", type=int, default=20_000)
    given = parser.parse_args()
    comparison = smaller(read_comparison(["scenarios/spirals.toml"]), given.residents)
    favour = {arm.id: favoured(arm.scenario) for arm in comparison.arms}
    factor = usual_posts(favour[comparison.reference])
    print(f"posts x {factor:.2f}")
    arms = {name: times_posts(scenario, factor) for name, scenario in favour.items()}
    tables = run(arms, range(1, given.seeds + 1))
    table = differences(tables, comparison.reference, (1, 5, 10))
    table = table[table["measure"].isin(MEASURES)]
    for measure, rows in table.groupby("measure", sort=False):
        print(measure)
        print(rows.drop(columns="measure").round(3).to_string(index=False))


if __name__ == "__main__":
    main()
