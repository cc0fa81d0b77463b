"""What the buttons of the page can ask of the two towns: names, and values within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sim.desk.controls import CONTROLS, SHOCKS, settings_of
from sim.desk.lesson import lesson_named
from sim.desk.twin import Twin
from sim.desk.two_lives import two_lives
from sim.words.errors import unknown

LONGEST_STEP = 520  # weeks
FASTEST, SLOWEST = 520.0, 0.5  # weeks a second
PAGE = "sim desk"
Given = dict[str, Any]


async def _play(twin: Twin, given: Given) -> None:
    speed = min(FASTEST, max(SLOWEST, float(given.get("speed", twin.speed))))
    await twin.play(bool(given["playing"]), speed)


async def _step(twin: Twin, given: Given) -> None:
    await twin.step(min(LONGEST_STEP, max(1, int(given["weeks"]))))


async def _go_to(twin: Twin, given: Given) -> None:
    await twin.go_to(int(given["week"]))


async def _lever(twin: Twin, given: Given) -> None:
    chosen = {one.id: one for one in CONTROLS}
    if given["id"] not in chosen:
        raise unknown("error.desk_action", str(given["id"]), chosen, at="lever", file=PAGE)
    control = chosen[given["id"]]
    settings = settings_of(control, given["value"])
    if given.get("ramp_months"):
        settings["ramp_months"] = given["ramp_months"]
    await twin.set_lever(control.lever, settings)


async def _shock(twin: Twin, given: Given) -> None:
    kind = str(given["kind"])
    if kind not in SHOCKS:
        raise unknown("error.desk_action", kind, SHOCKS, at="shock", file=PAGE)
    await twin.add_shock(kind, {})


async def _undo(twin: Twin, _given: Given) -> None:
    await twin.undo()


async def _revive(twin: Twin, _given: Given) -> None:
    await twin.revive()


async def _lesson(twin: Twin, given: Given) -> None:
    lesson = lesson_named(str(given["id"]))
    one, other = await asyncio.to_thread(lesson.towns)
    twin.plans = {}
    await twin.show(one, other, lesson.lines, lesson.id)


async def _plan(twin: Twin, given: Given) -> None:
    id = str(given["id"])
    if id not in twin.plans:
        raise unknown("error.desk_action", id, twin.plans, at="plan", file=PAGE)
    await twin.show(twin.base["a"], twin.plans[id], twin.lines, "")


async def _life(twin: Twin, given: Given) -> Given:
    return await two_lives(twin, "en" if given.get("lang") == "en" else "ja")


ACTIONS: dict[str, Callable[[Twin, Given], Awaitable[Given | None]]] = {
    "play": _play,
    "step": _step,
    "go_to": _go_to,
    "lever": _lever,
    "shock": _shock,
    "undo": _undo,
    "revive": _revive,
    "life": _life,
    "lesson": _lesson,
    "plan": _plan,
}


async def act(twin: Twin, what: str, given: Given) -> Given:
    """Do what a button asks for, and give what it asks to know; raises ScenarioError for what no
    button asks, or no file may say.
    """
    if what not in ACTIONS:
        raise unknown("error.desk_action", what, ACTIONS, at="", file=PAGE)
    return await ACTIONS[what](twin, given) or {}
