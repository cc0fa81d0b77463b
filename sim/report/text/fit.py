"""The screen of a fit: own figures beside the model, the knobs, the verdict; and the scenario files
that hold the town with its knobs turned.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from sim.declared.own_figures import OWN_FIGURES
from sim.files.toml import resolved
from sim.files.toml_text import toml_value
from sim.report.text.found_plan import extended_from
from sim.report.text.listing import Section
from sim.report.text.run import decimals, label
from sim.report.text.search import count_text, effect_text
from sim.study.fit.effect import FitEffect
from sim.study.fit.knobs import DESK, KNOBS, desk_factor
from sim.study.fit.result import CANNOT, FIRST_LOOK, Fitted
from sim.study.fit.town import YEARS
from sim.study.fit.work import CENTRAL_SEEDS, FitWork
from sim.study.gather import ALL_MEASURES
from sim.study.match.settings import CUTOFF
from sim.towns.town import Organisation
from sim.words import LANGUAGES, named, say

MOST_MISSED = 3  # figures named
ORGANISATION = "fitted_organisation.toml"


def fit_plan(work: FitWork, lang: str) -> list[str]:
    """Returns what will be computed."""
    town = work.town
    told = {
        "town": label(town.base.people.name, lang),
        "figures": len(town.figures),
        "worlds": len(work.numbers),
        "cells": f"{work.cells:,}",
        "residents": f"{town.lived:,}",
    }
    return [say("fit.head", lang, **told), say("fit.plan", lang, **told)]


def number(value: float) -> str:
    """Returns a figure with as many digits as its size asks for; nothing where it is missing."""
    return f"{value:,.{decimals(abs(value))}f}" if np.isfinite(value) else ""


def _between(row: pd.Series, name: str) -> str:
    """Returns median, low and high end over worlds."""
    middle, low, high = (number(row[f"{name}_{at}"]) for at in (50, 5, 95))
    return f"{middle} ({low} – {high})" if middle else ""


def fit_section(found: Fitted, lang: str) -> Section:
    """Returns own figures beside the model, a row a figure."""
    first = found.verdict == FIRST_LOOK
    names = ("figure", "own", "unit", "central", "gap", "says")
    more = () if first else ("worlds", "fitted")
    columns = tuple(say(f"fit.column.{name}", lang) for name in (*names, *more))
    rows = []
    for _at, row in found.table.iterrows():
        declared = OWN_FIGURES[row["figure"]]
        gap = number(row["gap"])
        cells = (
            declared.label(lang),
            number(row["own"]),
            named("unit", declared.unit).say(lang),
            number(row["central"]),
            gap if gap.startswith("-") or not gap else f"+{gap}",
            say("fit.missed" if not row["implausibility"] <= CUTOFF else "fit.met", lang),
        )
        ends = () if first else (_between(row, "worlds"), _between(row, "fitted"))
        rows.append((*cells, *ends))
    return Section(say("fit.title", lang), columns, rows)


def knob_section(found: Fitted, lang: str) -> Section:
    """Returns the knobs in the worlds that are left, a row a knob."""
    columns = tuple(say(f"fit.column.{name}", lang) for name in ("knob", "factor", "may", "range"))
    rows = [
        (
            say(f"fit.knob.{row['knob']}", lang),
            f"{row['factor']:.2f}",
            f"{row['low']:.2f} – {row['high']:.2f}",
            f"{row['least']:.2f} – {row['most']:.2f}",
        )
        for _at, row in found.knobs.iterrows()
    ]
    return Section(say("fit.knobs", lang), columns, rows)


def fit_lines(found: Fitted, lang: str) -> list[str]:
    """Returns the verdict in words, which figures cannot be reached, and what this cannot tell."""
    told = {
        "tried": found.tried,
        "kept": len(found.kept),
        "plain": int(found.worlds["as_it_is"].sum()),
        "dropped": found.tried - len(found.kept),
        "years": YEARS,
        "runs": len(CENTRAL_SEEDS),
    }
    lines = [say(f"fit.verdict.{found.verdict}", lang, **told)]
    if found.verdict == FIRST_LOOK:
        return [*lines, say("fit.caveat", lang)]
    missed = found.table[found.table["missed"] > 0].sort_values("missed", ascending=False)
    if len(missed):
        names = say("run.comma", lang).join(
            say(
                "fit.one_missed",
                lang,
                figure=OWN_FIGURES[row["figure"]].label(lang),
                worlds=round(row["missed"] * found.tried),
                without=int(row["kept_without"]),
            )
            for _at, row in missed.head(MOST_MISSED).iterrows()
        )
        lines.append(say("fit.cannot_reach", lang, figures=names))
    desks = [key.removeprefix(DESK) for key in found.factors if key.startswith(DESK)]
    if desks:
        told_desks = say("run.comma", lang).join(
            f"{named('field', one).say(lang)} ×{desk_factor(one, found.factors):.2f}"
            for one in desks
        )
        lines.append(say("fit.desks", lang, desks=told_desks))
    if found.verdict == CANNOT:
        lines.append(say("fit.mend", lang))
    return [*lines, say("fit.caveat", lang)]


def effect_section(effect: FitEffect, lang: str) -> Section:
    """Returns what a fit changes of a comparison, a row an arm and measure."""
    names = ("arm", "measure", "before", "before_in", "after", "after_in")
    columns = tuple(say(f"fit.column.{name}", lang) for name in names)
    rows = [
        (
            label(effect.comparison.arm(one.arm).name, lang),
            label(ALL_MEASURES[one.measure], lang),
            effect_text(one.before),
            count_text(one.before, lang),
            effect_text(one.after),
            count_text(one.after, lang),
        )
        for one in effect.differences
    ]
    return Section(say("fit.effect", lang), columns, rows)


def named_table(found: Fitted) -> pd.DataFrame:
    """Returns the table of figures with their words and where people find them, in both languages."""
    table = found.table.copy()
    for lang in LANGUAGES:
        table[f"label_{lang}"] = [OWN_FIGURES[key].label(lang) for key in table["figure"]]
        table[f"found_{lang}"] = [OWN_FIGURES[key].found(lang) for key in table["figure"]]
    return table


def fitted_files(found: Fitted, source: Path, town: Path | None, folder: Path) -> dict[str, str]:
    """Returns the texts of the scenario file (`fitted.toml`) for `folder` and, where posts were
    turned, of its organisation. `source` is the file that it extends; `town` the file of the town
    where `source` names another one.
    """
    scenario, known = found.scenario, found.base.parameters
    texts: dict[str, str] = {}
    lines = [f"# {say('fit.file_comment', lang, **_counts(found))}" for lang in LANGUAGES]
    lines.append(f"extends = {toml_value(extended_from(source, folder))}")
    if town is not None:
        place = Path(os.path.relpath(resolved(town), resolved(folder))).as_posix()
        lines.append(f"town = {toml_value(place)}")
    if scenario.organisation != found.base.organisation:
        texts[ORGANISATION] = turned_organisation(scenario.organisation)
        lines.append(f"organisation = {toml_value(ORGANISATION)}")
    lines.append("")
    people = found.base.people.name
    names = {one: say("fit.file_name", one, town=label(people, one)) for one in LANGUAGES}
    lines.append(f"name = {toml_value(names)}")
    groups: dict[str, list[str]] = {}
    for name in (name for knob in KNOBS for name in knob.parameters):
        if scenario.parameters[name] != known[name]:
            group, _, own = name.partition(".")
            value = float(f"{scenario.parameters[name]:.6g}")
            groups.setdefault(group, []).append(f"{own} = {toml_value(value)}")
    for group, own_lines in groups.items():
        lines += ["", f"[parameters.{group}]", *own_lines]
    return {**texts, "fitted.toml": "\n".join(lines) + "\n"}


def _counts(found: Fitted) -> dict[str, int]:
    return {"kept": len(found.kept), "tried": found.tried, "figures": len(found.figures)}


def turned_organisation(organisation: Organisation) -> str:
    """Returns the text of an organisation's file."""
    written = organisation.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    agencies = ",\n".join(f"  {toml_value(one)}" for one in written.pop("agencies"))
    lines = [f"{name} = {toml_value(value)}" for name, value in written.items()]
    return "\n".join([*lines, "agencies = [", agencies, "]"]) + "\n"
