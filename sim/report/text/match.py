"""The screen of a match: what will be done, and what was ruled out by what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.declared import declared
from sim.report.text.listing import Section
from sim.report.text.run import decimals, label
from sim.study.calibrate import TARGET_LOAD
from sim.study.match.match import Matched
from sim.study.match.settings import FOLLOW
from sim.study.match.space import AT_NULL, EFFECT
from sim.study.match.targets import Target
from sim.study.match.town import years_needed
from sim.study.match.work import MatchWork
from sim.words import say

SHOWN = 12  # parameters on the screen


def plan_match_lines(work: MatchWork, file: str, lang: str) -> list[str]:
    """Returns what will be simulated, and how it will be judged."""
    settings, town, axes = work.settings, work.town, work.space.axes
    checks = sum(target.weight == 0 for target in town.targets)
    counts = {"number": len(town.targets) - checks, "checks": checks, "file": file}
    effects = sum(axis.kind == EFFECT for axis in axes)
    drawn = {"number": len(axes), "effects": effects, "percent": f"{100 * AT_NULL:.0f}"}
    scenario = town.scenario
    ground: dict[str, Any] = {
        "households": f"{town.households:,}",
        "years": years_needed(town.targets),
        "run_in": scenario.run_in_weeks,
    }
    key = "match.plan_policy" if scenario.steps else "match.plan_town"
    runs = {"waves": settings.waves, "sets": f"{settings.sets:,}", "cells": f"{work.cells:,}"}
    repeated = {"repeats": min(settings.repeats, settings.sets), "seeds": settings.repeat_seeds}
    lines = [
        say("match.plan_targets", lang, **counts),
        say("match.plan_drawn", lang, **drawn) if effects else say("match.plan_few", lang, **drawn),
        say(key, lang, **ground, name=scenario.id),
        say("match.plan_runs", lang, **runs, **repeated),
    ]
    if town.posts == FOLLOW:
        lines.append(say("match.plan_posts", lang, load=f"{TARGET_LOAD:g}"))
    rule = {"rank": settings.rank, "cutoff": f"{settings.cutoff:g}"}
    return [*lines, say("match.plan_rule", lang, **rule)]


def match_heading(matched: Matched, lang: str) -> list[str]:
    """Returns the lines before the tables: how many sets are left, and the one in the middle."""
    sets, kept = int((~matched.sets["failed"]).sum()), len(matched.kept)
    if not kept:
        return [say("match.head_none", lang, sets=f"{sets:,}")]
    lines = [say("match.head", lang, sets=f"{sets:,}", kept=f"{kept:,}")]
    return [*lines, say("match.head_medoid", lang, number=matched.medoid)]


def match_sections(matched: Matched, lang: str) -> list[Section]:
    """Returns the tables of waves, of targets, and of the parameters that were learned most."""
    sections = [waves_section(matched, lang), targets_section(matched, lang)]
    learned = matched.by_parameter["learned"].any()
    return [*sections, ranges_section(matched, lang)] if learned else sections


def waves_section(matched: Matched, lang: str) -> Section:
    """Returns how many sets each wave tried and kept, and how well the emulator foretold."""
    names = ("wave", "sets", "failed", "kept", "proposed", "explained")
    rows = []
    for _, row in matched.waves.iterrows():
        proposed = int(row["proposed"])
        told = f"{proposed:,} ({int(row['proposed_kept']):,})" if proposed else say("unit.-", lang)
        explained = row["explained"]
        rows.append(
            (
                *(f"{int(row[name]):,}" for name in names[:4]),
                told,
                say("unit.-", lang) if math.isnan(explained) else _percent(explained),
            )
        )
    return Section(say("match.of_waves", lang), _heads(names, lang), rows)


def targets_section(matched: Matched, lang: str) -> Section:
    """Returns what each target accepts, what was simulated, and what it rules out."""
    names = ("target", "accept", "whole", "left", "medoid", "ruled_out", "alone")
    rows = []
    for target, (_, row) in zip(matched.targets, matched.by_target.iterrows(), strict=True):
        ruling = target.weight > 0
        rows.append(
            (
                target_name(target, lang),
                _range(target.low, target.high, lang),
                _spread(row, "whole", lang),
                _spread(row, "kept", lang),
                _number(row["medoid"], lang),
                _percent(row["ruled_out"]) if ruling else say("match.t.check", lang),
                _percent(row["alone"]) if ruling else "",
            )
        )
    return Section(say("match.of_targets", lang), _heads(names, lang), rows)


def target_name(target: Target, lang: str) -> str:
    """Returns the id and name of a target, with its weight where that is neither 0 nor 1."""
    name = f"{target.id} {target.label(lang)}"
    if target.weight in (0, 1):
        return name
    return say("match.half", lang, name=name, weight=f"{target.weight:g}")


def ranges_section(matched: Matched, lang: str) -> Section:
    """Returns the parameters of whose ranges least is left."""
    names = ("parameter", "range", "left", "share", "moves")
    known = declared()
    rows = []
    learned = matched.by_parameter[matched.by_parameter["learned"]]
    table = learned.head(SHOWN)
    for _, row in table.iterrows():
        rows.append(
            (
                f"{label(known[row['parameter']], lang)} ({row['parameter']})",
                _range(row["low"], row["high"], lang),
                _spread(row, "kept", lang),
                _percent(row["left"]),
                f"{row['target']} ({row['rho']:+.2f})",
            )
        )
    title = say("match.of_ranges", lang, shown=len(rows), learned=len(learned))
    return Section(title, _heads(names, lang), rows)


def chance_line(matched: Matched, lang: str) -> str:
    """Returns how the table of the ranges is to be read, or that nothing was learned."""
    table = matched.by_parameter
    if not table["learned"].any():
        return say("match.none_learned", lang, number=len(table))
    return say("match.chance", lang, floor=f"{table['floor'].iloc[0]:.2f}")


def _heads(names: Sequence[str], lang: str) -> tuple[str, ...]:
    return tuple(say(f"match.t.{name}", lang) for name in names)


def _spread(row: Any, name: str, lang: str) -> str:
    low, high = row[f"{name}_5"], row[f"{name}_95"]
    return say("unit.-", lang) if math.isnan(low) else _range(low, high, lang)


def _range(low: float, high: float, lang: str) -> str:
    digits = decimals(max(abs(low), abs(high)))
    return say("match.from_to", lang, low=f"{low:,.{digits}f}", high=f"{high:,.{digits}f}")


def _number(value: float, lang: str) -> str:
    if value is None or not np.isfinite(value):
        return say("unit.-", lang)
    return f"{value:,.{decimals(abs(value))}f}"


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{100 * share:.0f}%"
