"""What every yearly measure says of itself, and from how many pairs on anything is said of it."""

from __future__ import annotations

from dataclasses import dataclass

LOWER, HIGHER, NEITHER = "lower", "higher", ""
FEWEST = 4  # seeds or pairs below which a run is a trial: no mark, no verdict


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """A yearly number in words. `better` is "lower", "higher" or "" where neither is."""

    name: str
    group: str
    unit: str
    en: str
    ja: str
    better: str = NEITHER
