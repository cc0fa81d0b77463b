"""`sim check`: a scenario or a comparison read, checked, and printed complete; what is set without
effect is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.check_book import WORKBOOKS, check_workbook
from sim.cli.console import (
    Code,
    Lang,
    Out,
    Outside,
    Quiet,
    check_pairs,
    console_for,
    finish,
    screen_table,
)
from sim.cli.help import bilingual_help
from sim.files.locator import located
from sim.report.text.listing import Section, scenario_sections
from sim.scenario.arms import is_comparison, read_comparison
from sim.scenario.load import read
from sim.scenario.own_code import modules_of
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def check_command(
    file: Path,
    parts: Annotated[int, typer.Option("--parts", help=bilingual_help("cli.parts"))] = 0,
    everything: Annotated[
        bool, typer.Option("--all", help=bilingual_help("cli.check_all"))
    ] = False,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> None:
    """Read and check a scenario or a comparison; print it complete, and name what is set without
    effect. Of a workbook say what is unusual.
    """
    check_pairs(parts)
    if file.suffix.lower() in WORKBOOKS:
        console = console_for(out)
        check_workbook(file, everything, console)
        return finish(console, out, quiet)
    file = located(file)
    found = _check_comparison if is_comparison(file, allow_outside) else _check_scenario
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    sections, idle, code = found(file, may)
    console = console_for(out)
    if not quiet:
        for section in sections:
            console.print(screen_table(section))
        console.print(say("check.model"), highlight=False)
    for line in code:
        console.print(line, style="bold", highlight=False, markup=False)
    console.print(
        say("check.unused" if idle else "check.none_unused"), style="bold", highlight=False
    )
    for line in idle:
        console.print(f"- {line}", highlight=False, markup=False)
    if parts:
        for line in idle_parts(file, parts, may):
            console.print(line, highlight=False, markup=False)
    console.print(say("check.good", file=short(file)), highlight=False, markup=False)
    finish(console, out)


def idle_parts(file: Path, pairs: int, may: dict[str, Any]) -> list[str]:
    """Returns which parts of a bundle change nothing by themselves, each simulated alone in a small
    copy of the town.
    """
    from sim.report.text.parts import lines, title
    from sim.study.compare import parts_alone

    comparison = read_comparison([file], **may)
    tried = parts_alone(comparison, pairs)
    found = [f"- {line}" for line in lines(comparison, tried, language())]
    return [title(tried, language()), *found] if found else [say("parts.no_bundle")]


def code_lines(scenarios: Iterable[Scenario]) -> list[str]:
    """Returns which code scenarios bring, a line each, once; refuses a process that has no place in
    the week.
    """
    from sim.model.own_week import week_of  # here, since it brings in the engine

    found: dict[str, None] = {}
    for scenario in scenarios:
        if not scenario.processes:
            continue
        names = [name for name, _process in week_of(scenario)]
        for one in scenario.processes:
            before = names[names.index(one.function) - 1]
            told = {"file": one.file, "function": one.function, "after": before}
            found[say("check.code", **told, hash=one.digest[:8])] = None
    return [*found]


Checked = tuple[Iterable[Section], list[str], list[str]]  # sections, what is idle, code


def _check_scenario(file: Path, may: dict[str, Any]) -> Checked:
    """Returns the sections of a scenario, what it sets without effect, and the code that it brings;
    refuses what `sim compare` refuses of it beside its base.
    """
    from sim.economics.costing import read_prices
    from sim.report.text import planned
    from sim.study.budget import plan_of
    from sim.study.compare import PRICES, check_measures
    from sim.study.idle_settings import unused  # here, since it brings in pandas

    loaded, book = read(file, **may), read_prices(PRICES)
    check_measures(read_comparison([file], **may))
    costs = (
        [planned.planned_cost_of_scenario(loaded.scenario, book, language())]
        if plan_of(loaded.scenario, book).any()
        else []
    )
    extra = modules_of(loaded.scenario.processes)
    return (
        [*scenario_sections(loaded, language(), extra), *costs],
        [phrase.say(language()) for phrase in unused(loaded.scenario)],
        code_lines([loaded.scenario]),
    )


def _check_comparison(file: Path, may: dict[str, Any]) -> Checked:
    """Returns the sections of a comparison, what its arms set without effect, and the code that
    they bring; refuses what `sim compare` refuses.
    """
    from sim.economics.costing import read_prices
    from sim.report.text.check import check_sections
    from sim.study.budget import check_same_cost
    from sim.study.compare import PRICES, check_measures
    from sim.study.funding import funded_book
    from sim.study.idle_settings import unused  # here, since it brings in pandas

    comparison, book = read_comparison([file], **may), read_prices(PRICES)
    check_measures(comparison)
    book = funded_book(comparison, book)
    check_same_cost(comparison, book)
    idle = [
        f"{arm.id}: {phrase.say(language())}"
        for arm in comparison.arms
        for phrase in unused(arm.scenario)
    ]
    return (
        check_sections(comparison, book, language()),
        idle,
        code_lines(arm.scenario for arm in comparison.arms),
    )
