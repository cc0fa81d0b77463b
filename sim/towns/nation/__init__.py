"""Every municipality of a table as a town: the table as the state publishes it, or a synthetic one."""

from __future__ import annotations

from sim.towns.nation.table import Municipality, NationTable, read_nation

__all__ = ["Municipality", "NationTable", "read_nation"]
