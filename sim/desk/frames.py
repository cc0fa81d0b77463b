"""What a window is told: once what stays, then frames of numbers with what is new since the last."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.declared.payers import PAYERS, payer_name
from sim.declared.vocabulary import AGENCY_FIELDS, STAGES, WEEKS_PER_YEAR
from sim.desk.carried import carried_shown
from sim.desk.controls import CONTROLS, SHOCKS, shown_controls
from sim.desk.lesson import all_lessons, lesson_named, lesson_shown
from sim.desk.lines import line_name, line_of
from sim.desk.loops import flows_of_year, picture_of_loops
from sim.desk.twin import SPEEDS, Side, Twin
from sim.economics.costing import PriceBook
from sim.words import Phrase, named, words

PREFIX = "desk."


def setup_of(twin: Twin, lang: str, book: PriceBook) -> dict[str, Any]:
    """What stays while the page is open: words, names, districts, agencies, controls."""
    scenario = twin.base["a"]
    return {
        "lang": lang,
        "words": {key: text for key, text in words(lang).items() if key.startswith(PREFIX)},
        "title": _named((lesson_named(twin.lesson).title if twin.lesson else scenario.name), lang),
        "names": {name: _named(one.name, lang) for name, one in twin.base.items()},
        "town": _named(scenario.people.name, lang),
        "start_year": scenario.start_year,
        "speeds": SPEEDS,
        "horizon": twin.horizon,
        "shown": twin.shown,
        "lines": [{"id": one, "name": line_name(one, lang)} for one in twin.lines],
        "lesson": lesson_shown(lesson_named(twin.lesson), lang) if twin.lesson else None,
        "lessons": [
            {"id": one.id, "title": _named(one.title, lang), "question": _named(one.question, lang)}
            for one in all_lessons()
        ],
        "stages": [Phrase(f"stage.{stage}", {}, stage).say(lang) for stage in STAGES],
        "groups": [named("field", one).say(lang) for one in AGENCY_FIELDS],
        "districts": [_district_name(one, lang) for one in scenario.people.districts],
        "homes": twin.sides["a"].homes,
        "controls": shown_controls(scenario, book, lang),
        "plans": [{"id": id, "name": _named(one.name, lang)} for id, one in twin.plans.items()],
        "payers": [{"id": payer, "name": payer_name(payer, lang)} for payer in PAYERS],
        "loops": picture_of_loops(lang),
        "carried": carried_shown(twin.ledger, "" if twin.lesson else twin.base["b"].id, lang),
        "shocks": [{"kind": one, "name": named("shock", one).say(lang)} for one in SHOCKS],
    }


def frame_of(twin: Twin, since: int, lang: str) -> dict[str, Any]:
    """What is new since week `since`: the four lines of both towns, and how they look now."""
    return {
        "since": since,
        "week": twin.week,
        "playing": twin.playing,
        "speed": twin.speed,
        "ready": twin.ready,
        "shown": twin.shown,
        "towns": {name: _side(side, since, twin.lines) for name, side in twin.sides.items()},
        "differ": _differ(twin),
        "flows": {name: _flows(side.rows, side) for name, side in twin.sides.items()},
        "usual": _flows(twin.sides["a"].rows[:WEEKS_PER_YEAR], twin.sides["a"]),
        "values": _values(twin),
        "changes": [
            {"week": one.change.week, "kind": one.kind, "name": one.name,
             "said": one.change.said.say(lang), "settings": one.settings}
            for one in twin.planned
        ],
    }  # fmt: skip


def _side(side: Side, since: int, lines: tuple[str, ...]) -> dict[str, Any]:
    view = side.view
    rows = np.array(side.rows[since:], dtype=float).reshape(-1, max(1, len(side.columns)))
    found: dict[str, Any] = {
        "ended": side.ended,
        "lines": [_rounded(line_of(name, rows, side.columns)) for name in lines]
        if side.columns
        else [],
    }
    if view is not None:
        found |= {"staff": view.staff, "doors": view.doors, "iceberg": _iceberg(side)}
    return found


def _flows(rows: list[np.ndarray], side: Side) -> list[float]:
    return [float(f"{one:.4g}") for one in flows_of_year(rows, side.columns)]


def _rounded(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 3) for value in values]


def _iceberg(side: Side) -> list[list[int]]:
    """Households of each stage: those in support or waiting, and those that nobody knows of."""
    if not side.rows:
        return []
    last = dict(zip(side.columns, side.rows[-1], strict=True))
    return [
        [int(last[f"households_{one}"] - last[f"unseen_{one}"]), int(last[f"unseen_{one}"])]
        for one in STAGES
    ]


def _differ(twin: Twin) -> dict[str, Any]:
    """Households (by id) whose stage is lighter, or heavier, in B than in A."""
    views = [side.view for side in twin.sides.values()]
    if len(views) < 2 or views[0] is None or views[1] is None:
        return {"lighter": [], "heavier": [], "households": 0}
    one, other = (np.frombuffer(view.stages, dtype=np.int8) for view in views if view)
    return {
        "lighter": np.flatnonzero(other < one).tolist(),
        "heavier": np.flatnonzero(other > one).tolist(),
        "households": int(one.size),
    }


def _values(twin: Twin) -> dict[str, Any]:
    """Where each control of B stands at this week, when what was set is reached."""
    standing = twin.base["b"].organisation.practice
    found = {one.id: getattr(getattr(standing, one.lever), one.setting) for one in CONTROLS}
    scenario = twin.sides["b"].scenario if twin.sides else twin.base["b"]
    for step in sorted(scenario.steps, key=lambda step: step.start_week):
        for setting, value in step.settings.items():
            if step.start_week <= twin.week and f"{step.lever}.{setting}" in found:
                found[f"{step.lever}.{setting}"] = value
    switches = {one.id: one.words for one in CONTROLS if one.words}
    return {
        id: value == switches[id][1] if id in switches else value for id, value in found.items()
    }


def _named(label: Any, lang: str) -> str:
    return str(getattr(label, lang) or label.en)


def _district_name(district: Any, lang: str) -> str:
    label = getattr(district, "name", None)
    return _named(label, lang) if label is not None else str(district.id)
