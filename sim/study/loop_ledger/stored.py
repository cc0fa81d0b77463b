"""A finished ledger read again from its folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.scenario.comparison import Comparison
from sim.scenario.scenario import digest
from sim.study.loop_ledger.tables import LoopLedger
from sim.study.store import CORRUPT, hash_of, read_manifest, stored_table
from sim.study.worlds import table_digest

KIND = "loop ledger"
VALUES, UNHELD = "values", "unheld"
BESIDE = "-ledger"  # what the folder of a ledger is called beyond that of its comparison


def beside(folder: Path) -> Path:
    """Returns where the ledger of the comparison in a folder lies, unless it was put elsewhere."""
    return folder.with_name(folder.name + BESIDE)


def stored_ledger(folder: Path, comparison: Comparison) -> LoopLedger | None:
    """Returns the ledger in a folder; None where there is none, it is damaged, or it is not of these
    arms and worlds.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") != KIND or manifest.get("worlds") not in ("", table_digest()):
        return None
    arms, kept = {arm.id: arm for arm in comparison.arms}, manifest.get("digests", {})
    if manifest.get("reference") != comparison.reference or not {*kept} <= arms.keys():
        return None
    if any(digest(arms[id].scenario) != known for id, known in kept.items()):
        return None
    files = [folder / f"{name}.parquet" for name in (VALUES, UNHELD)]
    try:
        if any(hash_of(file) != manifest["sha256"].get(file.name) for file in files):
            return None
        values, unheld = (stored_table(file) for file in files)
    except CORRUPT:
        return None
    several = replace(comparison, arms=tuple(arms[id] for id in kept), combinations=())
    return LoopLedger(several, tuple(manifest["loops"]), values, unheld)
