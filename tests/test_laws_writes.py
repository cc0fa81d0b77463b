"""Law: a process writes only what it declares in WRITES, and columns keep their type and length."""

from __future__ import annotations

import sys

import pytest

from sim.declared.tables import Agencies, Districts, Households, Needs, Residents, Ties, Workers
from sim.model.processes import WEEK
from sim.model.town import Town
from tests.laws import changed, differing, parts, snapshot, strong, towns

WATCHED = {
    *range(6),
    8,
    12,
    15,
    16,
    20,
    21,
    30,
    31,
    51,
    52,
    53,
}  # weeks of shocks, of April and of any other kind
TABLES = {
    "households": Households.declarations(),
    "needs": Needs.declarations(),
    "residents": Residents.declarations(),
    "ties": Ties.declarations(),
    "workers": Workers.declarations(),
    "agencies": Agencies.declarations(),
    "districts": Districts.declarations(),
}


def writes_of(process) -> tuple[str, ...]:
    return sys.modules[process.__module__].WRITES


def declared(name: str, writes: tuple[str, ...]) -> bool:
    """Whether a part is among the writes: by its name, by "table.*", or as one of "flows"."""
    return (
        name in writes
        or f"{name.split('.')[0]}.*" in writes
        or (name.startswith("flows.") and "flows" in writes)
    )


def test_every_declared_write_is_a_part_of_the_town():
    found = parts(Town(strong(), 1).state)
    known = {*found, *(f"{name.split('.')[0]}.*" for name in found), "flows"}
    for name, process in WEEK:
        assert set(writes_of(process)) <= known, name


@pytest.mark.parametrize("name", towns())
def test_a_process_writes_only_what_it_declares(name: str):
    town = Town(changed(towns()[name](), run_in_weeks=0), 1)
    faults = set()
    while town.state.week <= max(WATCHED):
        for process_name, process in WEEK:
            before = snapshot(town.state) if town.state.week in WATCHED else {}
            process(town.state)
            written = differing(before, parts(town.state)) if before else []
            faults |= {
                f"{process_name} writes {part}"
                for part in written
                if not declared(part, writes_of(process))
            }
        town.state.week += 1
    assert sorted(faults) == []


@pytest.mark.parametrize("name", towns())
def test_columns_keep_their_type_and_length(name: str):
    town = Town(towns()[name](), 1)
    rows = {table: columns.rows for table, columns in town.state.tables().items()}
    for _ in range(10):
        town.step()
    for table, columns in town.state.tables().items():
        for column, array in columns.columns():
            assert array.dtype == TABLES[table][column][0], f"{table}.{column} is {array.dtype}"
            assert array.shape == (rows[table],), f"{table}.{column}"
    assert all(counter.dtype == float for counter in town.state.flows.values())
