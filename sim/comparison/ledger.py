"""The divergence ledger: which households' lives part between an arm and the reference, when, and by what."""

from __future__ import annotations

import pickle

import pandas as pd

from ..course import Course, start
from ..experiment.life import partings
from ..scenario.comparison import Comparison
from ..scenario.digest import digest
from ..scenario.scenario import Scenario

KEYS = ["process", "kind"]


def logged(scenario: Scenario, seed: int, packed: bytes | None = None) -> pd.DataFrame:
    """The log of events of one town (columns of `sim.events`); `packed` is its start, if that was lived before."""
    scenario = scenario.model_copy(update={"event_log": True})
    town = Course(scenario, seed, state=None if packed is None else pickle.loads(packed))
    town.run()
    return town.events


def ledger(comparison: Comparison, seed: int) -> pd.DataFrame:
    """(arm, household, week, process, occupant, field, kind, detail, only_in): the first event at which a household's life parts
    from its life in the reference; `only_in` is "arm", "reference" or "both" (something else at that place). One log at a time.
    """
    starts: dict[str, bytes] = {}
    reference = logged(comparison.base, seed, _start(comparison.base, seed, starts))
    parts = []
    for arm in comparison.others:
        part = partings(logged(arm.scenario, seed, _start(arm.scenario, seed, starts)), reference)
        only_in = part["arm"].map({"one": "arm", "other": "reference", "both": "both"})
        part = part.drop(columns="arm").assign(only_in=only_in)
        part.insert(0, "arm", arm.id)
        parts.append(part.astype(dict.fromkeys(("process", "field", "kind", "detail"), str)))
    return pd.concat(parts, ignore_index=True)


def _start(scenario: Scenario, seed: int, starts: dict[str, bytes]) -> bytes:
    """The packed start of a scenario, lived once for all that share it."""
    key = digest(scenario.before_policies())
    if key not in starts:
        starts[key] = start(scenario, seed)
    return starts[key]


def counts(ledger: pd.DataFrame) -> pd.DataFrame:
    """(arm, process, kind, households, first_week): how many households part by which process and kind of event, most first."""
    groups = ledger.groupby(["arm", *KEYS], sort=False)
    table = groups.agg(households=("household", "size"), first_week=("week", "min")).reset_index()
    order = {arm: at for at, arm in enumerate(ledger["arm"].unique())}
    return table.sort_values(
        ["arm", "households", *KEYS],
        key=lambda column: (
            column.map(order)
            if column.name == "arm"
            else -column
            if column.name == "households"
            else column
        ),
        kind="stable",
    ).reset_index(drop=True)


def ledger_tables(comparison: Comparison, seed: int) -> dict[str, pd.DataFrame]:
    """The ledger of one seed and its counts, as tables of the results."""
    found = ledger(comparison, seed)
    found.insert(1, "seed", seed)
    return {"ledger": found, "ledger_counts": counts(found)}
