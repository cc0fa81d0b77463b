"""CPU time by process of the week, as a table."""

from __future__ import annotations

from sim.report.text.listing import Section
from sim.study.profile import REST, START, Cpu
from sim.words import named, say, words

COLUMNS = ("process", "label", "cpu", "a_week", "share")


def profile_section(cpu: Cpu, towns: int, weeks: int, lang: str) -> Section:
    """Returns a row each for the start, the processes of the week in their order, and the rest, and
    a row for all: seconds a town, milliseconds a week, share of all. `cpu`: seconds of all `towns`.
    """
    whole = sum(cpu.values()) or 1.0
    rows = [_row(name, seconds, towns, weeks, whole, lang) for name, seconds in cpu.items()]
    total = ("", say("profile.all", lang), f"{sum(cpu.values()) / towns:.3f}", "", "100 %")
    title = say("profile.title", lang, towns=towns, weeks=weeks)
    return Section(title, tuple(say(f"profile.{one}", lang) for one in COLUMNS), [*rows, total])


def _row(
    name: str, seconds: float, towns: int, weeks: int, whole: float, lang: str
) -> tuple[str, ...]:
    key = f"profile.of.{name}"
    if key in words(lang):
        label = say(key, lang)
    else:
        label = named("group", name).say(lang) if f"group.{name}" in words(lang) else ""
    a_week = "" if name == START else f"{seconds / towns / weeks * 1000:.3f}"
    shown = "" if name in (START, REST) else name
    return shown, label, f"{seconds / towns:.3f}", a_week, f"{seconds / whole:.1%}"
