"""How much memory the system lets this program use, where it sets a limit."""

from __future__ import annotations

import sys

from sim.words import Phrase
from sim.words.errors import fault

LEAST = 1_200  # megabytes of addresses; below, the libraries end the program without a word


def check_memory_limit() -> None:
    """Raises ScenarioError where the limit of addresses (`ulimit -v`) is below what the libraries
    need to begin at all; most systems set none.
    """
    if sys.platform == "win32":
        return
    import resource

    limit, _hard = resource.getrlimit(resource.RLIMIT_AS)
    megabytes = limit // 1_000_000
    if limit != resource.RLIM_INFINITY and megabytes < LEAST:
        raise fault(
            "error.memory_limit",
            at="ulimit -v",
            given=Phrase("error.megabytes", {"number": f"{megabytes:,}"}),
            allowed=Phrase("error.least_megabytes", {"number": f"{LEAST:,}"}),
        )
