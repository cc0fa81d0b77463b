"""Seeds given in Python: whole numbers, one or several."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from sim.words import Phrase
from sim.words.errors import ScenarioError, fault

LARGEST_SEED = 2**63 - 1
MOST_SEEDS = 10_000


def seed_of(given: Any, at: str = "seed") -> int:
    """A seed, a whole number of 0 or more; raises ScenarioError for anything else (1.5, True,
    "1").
    """
    found = _whole(given)
    if found is None or not 0 <= found <= LARGEST_SEED:
        raise fault(
            "error.seed", at=at, given=given, allowed=Phrase("allowed.seed", {"most": LARGEST_SEED})
        )
    return found


def seeds_of(given: Any) -> tuple[int, ...]:
    """Seeds in order, each once: 1, 2, ... `given` where it is a number, else those listed; raises
    ScenarioError.
    """
    count = _whole(given)
    if count is None and isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        seeds = tuple(sorted({seed_of(seed, "seeds") for seed in given}))
    elif count is not None and count <= MOST_SEEDS:
        seeds = tuple(range(1, count + 1))
    else:
        raise refused(given)
    if not seeds:
        raise refused(given)
    return seeds


def refused(given: Any) -> ScenarioError:
    """The refusal of what names no seeds."""
    return fault("error.seeds", at="seeds", given=given, allowed=Phrase("allowed.seeds"))


def _whole(given: Any) -> int | None:
    """A whole number as int, NumPy's among them; None for what is none, booleans among it."""
    if isinstance(given, bool):
        return None
    try:
        return operator.index(given)
    except TypeError:
        return None
