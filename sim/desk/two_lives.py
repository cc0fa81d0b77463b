"""One household's two lives: that whose stage parts longest between the towns, and what happens to it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from sim.desk.twin import Twin
from sim.words import say
from sim.words.errors import fault

PAGE = "sim desk"


async def two_lives(twin: Twin, lang: str, household: int | None = None) -> dict[str, Any]:
    """The stage of a household in both towns, as lists [week from which, stage], and its events in
    words, as lists [date, sentence, whether the other town has it too].

    Raises ScenarioError where no household's stage differs, or where a town has ended.
    """
    from sim.study.life import sentences  # here, since it is asked for seldom

    async with twin.moving:
        one, other = _heard(await twin.ask_both("history"))
        apart = np.abs(one.astype(np.int16) - other).sum(axis=0, dtype=np.int64)
        if not apart.any():
            raise fault("error.desk_no_life", at="life", file=PAGE)
        chosen = int(apart.argmax()) if household is None else household
        events = _heard(await twin.ask_both("events_of", chosen))
    told = [
        list(sentences(line, side.scenario, lang))
        for line, side in zip(events, twin.sides.values(), strict=True)
    ]
    lives = {}
    for at, name in enumerate(twin.sides):
        stages = (one, other)[at][:, chosen]
        shared = set(told[1 - at])
        lives[name] = {
            "stages": _turns(stages),
            "told": [[date, text, (date, text) in shared] for date, text in told[at]],
        }
    parts = np.flatnonzero(one[:, chosen] != other[:, chosen])
    return {
        "household": chosen,
        "title": say("desk.life_title", lang, number=f"{chosen:,}"),
        "weeks": int(parts.size),
        "first": int(parts[0]) if parts.size else 0,
        "towns": lives,
    }


def _heard(answers: list[Any]) -> list[Any]:
    if any(answer is None for answer in answers):
        raise fault("error.desk_ended", at="life", file=PAGE)
    return answers


def _turns(stages: np.ndarray) -> list[list[int]]:
    """A stage a week as lists [first week, stage]."""
    found, week = [], 0
    for stage, group in groupby(stages.tolist()):
        found.append([week, int(stage)])
        week += sum(1 for _ in group)
    return found
