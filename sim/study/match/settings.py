"""How much a match draws and lives, and how strictly it judges: settings, defaults and limits."""

from __future__ import annotations

from dataclasses import dataclass

SETS, WAVES = 512, 3
REPEATS, REPEAT_SEEDS = 16, 4  # sets of each wave lived with several seeds, and how many
CUTOFF = 3.0  # standard deviations; Pukelsheim 1994
AUTO, QUADRATIC, PROCESS, NONE = "auto", "quadratic", "gp", "none"
EMULATORS = (AUTO, QUADRATIC, PROCESS, NONE)
HOUSEHOLDS = 10_000
FOLLOW, AS_GIVEN = "follow", "given"
POSTS = (FOLLOW, AS_GIVEN)
SEED_STEP = 100  # seeds of one set of parameters
LIMITS = {  # of what a user may ask for
    "sets": (1, 1_000_000),
    "waves": (1, 50),
    "repeats": (0, 1_000_000),
    "repeat_seeds": (1, SEED_STEP - 1),
    "cutoff": (0.1, 100.0),
    "seed": (0, 2**31),
    "households": (100, 1_000_000),
}


@dataclass(frozen=True)
class MatchSettings:
    """How much is drawn and how strictly it is judged.

    Each of `waves` waves has `sets` sets of parameter values. A set is lived with one seed of its
    own, the first `repeats` of a wave with `repeat_seeds`; from these the luck of a seed is known.
    A set is ruled out where its `rank`-th largest implausibility is above `cutoff`. `emulator`
    proposes the sets of the next wave, `seed` decides what is drawn.
    """

    sets: int = SETS
    waves: int = WAVES
    repeats: int = REPEATS
    repeat_seeds: int = REPEAT_SEEDS
    cutoff: float = CUTOFF
    rank: int = 1
    emulator: str = AUTO
    seed: int = 1

    @property
    def runs_a_wave(self) -> int:
        """Runs of one wave, those that find its posts not among them."""
        return self.sets + min(self.repeats, self.sets) * (self.repeat_seeds - 1)
