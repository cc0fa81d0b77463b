"""What the shocks of a week do to the town while they last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.declared.vocabulary import FIELDS, LATENT, LEVELS, F
from sim.model.state import State
from sim.scenario.onset import onset_of
from sim.scenario.scenario import Event


def shocks_of_week(town: State, kind: str = "") -> Iterator[Event]:
    """The shocks of this week, or those of a `kind`."""
    for event in town.scenario.events:
        if kind in ("", event.kind) and event.week <= town.week < event.week + event.weeks:
            yield event


def onset_factors(town: State) -> np.ndarray:
    """What the shocks of this week multiply the onset of needs by (2 F,): of those that begin latent
    by field, then of those that begin manifest at once; 1 where nothing does.
    """
    found, events = np.ones(2 * F), list(shocks_of_week(town))
    for event in events:
        for field, of_level in onset_of(event.onset, event.kind, town.p.needs).items():
            for level, factor in of_level.items():
                begins = LEVELS.index(level) - LATENT
                found[begins * F + FIELDS.index(field)] *= factor
    return np.where(np.tile(town.field_on, 2), found, 1.0) if events else found
