"""The screen of a sensitivity study: what is computed, the ranked assumptions, and those that are
not told apart from luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.declared import declared
from sim.report.text.listing import Section
from sim.report.text.run import decimals, grades, label
from sim.study.gather import ALL_MEASURES
from sim.study.sensitivity.design import DUMMY, MORRIS, SensitivityDesign, set_by_file
from sim.study.sensitivity.effects import IN_LUCK, RANKED, STILL
from sim.study.sensitivity.ground import OutcomeGround
from sim.study.sensitivity.work import Sensitivity
from sim.words import named, say

NAMED = 12  # assumptions named in one line


def sensitivity_plan(ground: OutcomeGround, design: SensitivityDesign, lang: str) -> list[str]:
    """Returns what will be computed."""
    arms, scenario = len(ground.scenarios), ground.scenarios[0]
    numbers = {
        "parameters": len(design.names),
        "method": design.method,
        "repetitions": design.repetitions,
        "runs": f"{design.runs:,}",
        "arms": arms,
        "cells": f"{design.runs * arms:,}",
        "population": f"{ground.residents:,}",
        "years": ground.year,
        "run_in": scenario.run_in_weeks,
    }
    lines = [*outcome_heading(ground, lang), say("sensitivity.plan", lang, **numbers)]
    kept = len(set_by_file(ground.scenarios))
    return lines + ([say("sensitivity.kept_values", lang, number=kept)] if kept else [])


def outcome_heading(ground: OutcomeGround, lang: str) -> list[str]:
    """Returns the line that says what is looked at."""
    one = ALL_MEASURES[ground.measure]
    values: dict[str, Any] = {
        "name": label(ground.name, lang),
        "year": ground.year,
        "measure": label(one, lang),
        "unit": named("unit", one.unit),
    }
    if not ground.arms:
        return [say("sensitivity.head", lang, **values)]
    reference, arm = (label(one.name, lang) for one in ground.arms)
    return [say("sensitivity.head_difference", lang, **values, arm=arm, reference=reference)]


def sensitivity_lines(found: Sensitivity, lang: str) -> list[str]:
    """Returns the lines before the table: how an effect is measured, and what luck alone shows."""
    design = found.design
    lines = [
        *outcome_heading(found.ground, lang),
        say(f"sensitivity.about_{design.method}", lang),
        say("sensitivity.floor", lang, seeds=design.seeds),
        say("sensitivity.posts", lang),
    ]
    if found.found.used < design.repetitions:
        numbers = {"used": found.found.used, "all": design.repetitions}
        lines.append(say("sensitivity.dropped", lang, **numbers))
    effects = found.effects
    dummy = float(effects.loc[effects["parameter"] == DUMMY, "effect"].iloc[0])
    if dummy:
        lines.append(say("sensitivity.dummy_moved", lang, effect=_number(dummy)))
    return [*lines, say("summary.model", lang, **grades())]


def ranked_section(found: Sensitivity, lang: str) -> Section:
    """Returns the table of what is ranked, the strongest first."""
    table = found.effects[found.effects["verdict"] == RANKED]
    morris = found.design.method == MORRIS
    numbers = ("effect", "luck")
    heads = ("rank", "parameter", "name", *numbers, *(["direction"] if morris else []), "shape")
    every: Any = table.itertuples()
    rows = [
        (
            str(row.rank),
            parameter_label(row.parameter, lang),
            row.parameter,
            f"{_number(row.effect)} ±{_number(row.high - row.effect)}",
            _number(row.floor),
            *([say(f"sensitivity.{row.direction}", lang)] if morris else []),
            say(f"sensitivity.{row.shape}", lang),
        )
        for row in every
    ]
    title = say("sensitivity.ranked", lang, number=len(rows))
    return Section(title, tuple(say(f"sensitivity.{head}", lang) for head in heads), rows)


def unranked_lines(found: Sensitivity, lang: str) -> list[str]:
    """Returns what is not told apart from luck, and what moved nothing at all."""
    table = found.effects[found.effects["parameter"] != DUMMY]
    verdicts = table["verdict"]
    lines = [
        say(
            "sensitivity.overlap" if (verdicts == RANKED).any() else "sensitivity.none_ranked", lang
        )
    ]
    for verdict, key in ((IN_LUCK, "sensitivity.in_luck"), (STILL, "sensitivity.still")):
        names = list(table.loc[verdicts == verdict, "parameter"])
        if names:
            lines.append(say(key, lang, number=len(names), names=_listed(names, lang)))
    return lines


def _listed(names: Sequence[str], lang: str) -> str:
    shown = list(names[:NAMED])
    more = len(names) - len(shown)
    shown += [say("sensitivity.and_more", lang, number=more)] if more else []
    return say("run.comma", lang).join(shown)


def parameter_label(name: str, lang: str) -> str:
    """Returns what a parameter means in words; the dummy has words of its own."""
    return say("sensitivity.dummy", lang) if name == DUMMY else label(declared()[name], lang)


def _number(value: float) -> str:
    return f"{value:,.{decimals(abs(value))}f}"


def effects_with_words(found: Sensitivity) -> pd.DataFrame:
    """Returns the table of effects with meaning, unit, range and grade of each parameter behind its
    name; the dummy has no range.
    """
    effects, axes = found.effects, {axis.name: axis for axis in found.design.space.axes}
    there = [axes.get(name) for name in effects["parameter"]]
    about = {
        "ja": [parameter_label(name, "ja") for name in effects["parameter"]],
        "en": [parameter_label(name, "en") for name in effects["parameter"]],
        "unit": [axis.parameter.unit if axis else "-" for axis in there],
        "range_low": [axis.low if axis else float("nan") for axis in there],
        "range_high": [axis.high if axis else float("nan") for axis in there],
        "grade": [axis.parameter.grade if axis else "" for axis in there],
    }
    return pd.concat(
        [effects[["parameter"]], pd.DataFrame(about), effects.drop(columns="parameter")], axis=1
    )
