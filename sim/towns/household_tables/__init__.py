"""Tables of households and residents as municipalities publish them, read from CSV and .xlsx into
the model's household kinds.
"""

from __future__ import annotations

from sim.towns.household_tables.read import Reading, read_households

__all__ = ["Reading", "read_households"]
