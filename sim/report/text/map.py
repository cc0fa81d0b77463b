"""The screen of a map: where the town slides and where it recovers, point by point."""

from __future__ import annotations

from sim.declared import declared
from sim.report.text.listing import Section
from sim.report.text.run import decimals, grades, label
from sim.report.text.search import count_text, effect_text, setting_words
from sim.scenario.scenario import Scenario
from sim.scenario.study_lines import AxisLines, MapLines
from sim.study.gather import ALL_MEASURES
from sim.study.map.work import RECOVERS, SLIDES, UNDECIDED, PointState, TownMap, of_lever
from sim.words import named, say


def axis_words(axis: AxisLines, lang: str) -> str:
    """Returns the label of an axis."""
    if of_lever(axis):
        return setting_words(axis.setting, lang)
    return label(declared()[axis.setting], lang)


def map_plan(lines: MapLines, base: Scenario, points: int, lang: str) -> list[str]:
    """Returns what will be computed."""
    residents = min(lines.residents or base.people.population, base.people.population)
    told = {
        "town": label(base.people.name, lang),
        "years": base.years,
        "across": axis_words(lines.across, lang),
        "up": axis_words(lines.up, lang),
        "points": points,
        "worlds": lines.worlds,
        "cells": f"{points * lines.worlds * lines.seeds:,}",
        "residents": f"{residents:,}",
    }
    return [say("map.head", lang, **told), say("map.plan", lang, **told)]


def map_section(found: TownMap, lang: str) -> Section:
    """Returns the table: a row a point, with both measures in the first and the last year."""
    measures = [label(ALL_MEASURES[name], lang) for name in found.measures]
    columns = (
        axis_words(found.lines.across, lang),
        axis_words(found.lines.up, lang),
        *(say("map.column_way", lang, measure=name) for name in measures),
        say("map.column_change", lang, measure=measures[0]),
        say("map.column_falls", lang),
        say("map.column_verdict", lang),
    )
    name = found.lines.measure
    rows = [
        (
            f"{state.point.across:g}",
            f"{state.point.up:g}",
            *(_way(state, one, lang) for one in found.measures),
            effect_text(state.moved[name]),
            count_text(state.moved[name], lang),
            say(f"map.{state.verdict(name)}", lang),
        )
        for state in found.states
    ]
    years, unit = found.base.years, named("unit", ALL_MEASURES[name].unit)
    return Section(say("map.title", lang, years=years, unit=unit), columns, rows)


def _way(state: PointState, name: str, lang: str) -> str:
    start, end = state.start[name], state.end[name]
    digits = decimals(max(abs(start), abs(end)))
    return say("map.way", lang, start=f"{start:.{digits}f}", end=f"{end:.{digits}f}")


def map_lines(found: TownMap, lang: str) -> list[str]:
    """Returns at how many points the town slides, recovers, or neither can be said, and what the
    picture leaves out.
    """
    return [
        *(_counts(found, name, lang) for name in dict.fromkeys(found.measures)),
        say("map.drift", lang),
        say("summary.model", lang, **grades()),
    ]


def _counts(found: TownMap, measure: str, lang: str) -> str:
    verdicts = [state.verdict(measure) for state in found.states]
    counts = {name: verdicts.count(name) for name in (SLIDES, RECOVERS, UNDECIDED)}
    name = label(ALL_MEASURES[measure], lang)
    return say("map.counts", lang, measure=name, all=len(verdicts), **counts)
