"""Which levers money can be granted for: those that buy posts or places. All others cost hours of
posts that are there, and have no bill of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from sim.declared.roles import ROLES

FUNDED = (*ROLES, "staffing", "community", "participation")
ORGANISATION = "organisation"  # the measure of posts that two organisations differ by
GENERAL = "municipality"  # the payer out of whose general funds comes what no source pays

if TYPE_CHECKING:
    FundedLever: TypeAlias = str
else:
    FundedLever = Literal[tuple(FUNDED)]
