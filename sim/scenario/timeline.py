"""Policies in time: lever tables of a file become steps; dates become weeks after 1 April of the
start year.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from sim.declared.levers import LAST_WEEK, LEVERS, Practice, Settings, Step, practice_at
from sim.scenario import notation
from sim.scenario.files import Document
from sim.scenario.refusals import checked_record, faults
from sim.words import Phrase
from sim.words.errors import Fault, ScenarioError, between, fault, unknown

TIMING = ("start", "end", "ramp_months", "schedule")
WEEKS = 52
MORE = re.compile(r"\+\d+(\.\d+)?")
LONGEST_RAMP = 240
FIRST_YEAR, LAST_YEAR = 1900, 2189  # of dates that a file may name
MOST_STEPS = 200


@dataclass(frozen=True)
class Calendar:
    """The years of a run. `shortened`: fewer are asked for than the file has; what begins later is
    noted in `late`.
    """

    start_year: int
    years: int
    shortened: bool = False
    late: list[str] = field(default_factory=list)

    @property
    def weeks(self) -> int:
        """Weeks of the run."""
        return self.years * WEEKS

    def week(self, written: Any, key: str, document: Document, *, beyond: bool = False) -> int:
        """The week of a date or of a number of weeks; refuses what lies before the run, or after it
        unless `beyond`.
        """
        file, when = (
            document.source(key),
            notation.parse_date(written) if isinstance(written, str) else written,
        )
        if isinstance(when, bool) or not isinstance(when, (int, datetime.date)):
            raise fault(
                "error.type",
                at=key,
                file=file,
                given=written,
                allowed=Phrase("allowed.date_or_week"),
            )
        far = isinstance(when, datetime.date) and not FIRST_YEAR <= when.year <= LAST_YEAR
        week = -1 if far else when if isinstance(when, int) else self.week_of(when)
        after = week >= self.weeks and not beyond or week > LAST_WEEK
        if after and self.shortened and week <= LAST_WEEK:
            self.late.append(key)
        elif week < 0 or after:
            first, last = (
                datetime.date(self.start_year, 4, 1),
                datetime.date(self.start_year + self.years, 3, 31),
            )
            raise fault(
                "error.date",
                at=key,
                file=file,
                given=written,
                allowed=Phrase(
                    "allowed.within", {"first": first, "last": last, "weeks": self.weeks - 1}
                ),
            )
        return week

    def leaves_out(self, week: int) -> bool:
        """Whether what begins in a week is left out of a run that was shortened."""
        return self.shortened and week >= self.weeks

    def week_of(self, date: datetime.date) -> int:
        """Fiscal years since the start x 52 + min(51, whole weeks since 1 April)."""
        year = date.year if date.month >= 4 else date.year - 1
        days = (datetime.date(date.year, date.month, date.day) - datetime.date(year, 4, 1)).days
        return (year - self.start_year) * WEEKS + min(WEEKS - 1, days // 7)

    def first_day(self, week: int) -> datetime.date:
        """The first day of a week: the date that a file gives it by."""
        year, place = divmod(week, WEEKS)
        return datetime.date(self.start_year + year, 4, 1) + datetime.timedelta(days=7 * place)


def steps_of(document: Document, standing: Practice, calendar: Calendar) -> tuple[Step, ...]:
    """The steps of all levers of a scenario, in order of start; the practice they lead to holds in
    every week.
    """
    levers = document.values.get("levers", {})
    if not isinstance(levers, dict):
        raise fault(
            "error.type",
            at="levers",
            file=document.source("levers"),
            given=levers,
            allowed=Phrase("allowed.table"),
        )
    steps = [
        step
        for lever, table in levers.items()
        for step in steps_of_lever(lever, table, document, standing, calendar)
    ]
    if len(steps) > MOST_STEPS:
        raise fault(
            "error.too_many",
            at="levers",
            file=document.source("levers"),
            given=len(steps),
            allowed=Phrase("allowed.at_most", {"high": MOST_STEPS}),
        )
    kept = (step for step in steps if not calendar.leaves_out(step.start_week))
    in_order = tuple(sorted(kept, key=lambda step: step.start_week))
    check_practice(standing, in_order, document)
    return in_order


def steps_of_lever(
    lever: str, table: Any, document: Document, standing: Practice, calendar: Calendar
) -> list[Step]:
    """The steps of one lever: its settings from the start, its schedule, and back to standing
    practice at the end.
    """
    key = f"levers.{lever}"
    if lever not in LEVERS:
        raise unknown("error.unknown_lever", lever, LEVERS, at=key, file=document.source(key))
    if not isinstance(table, dict):
        raise fault(
            "error.type",
            at=key,
            file=document.source(key),
            given=table,
            allowed=Phrase("allowed.table"),
        )
    table = beyond_standing(table, getattr(standing, lever))
    start = calendar.week(table.get("start", 0), f"{key}.start", document)
    steps = [step_of(lever, table, start, key, document)] if set(table) - set(TIMING) else []
    steps += scheduled(lever, table, key, document, calendar)
    if not steps:
        raise fault(
            "error.lever_empty",
            at=key,
            file=document.source(key),
            allowed=", ".join(LEVERS[lever].model_fields),
        )
    if "end" not in table:
        return steps
    end = calendar.week(table["end"], f"{key}.end", document, beyond=True)
    check_order(steps, start, end, table, key, document)
    names = {name for step in steps for name in step.settings}
    return [
        *steps,
        Step(
            lever=lever,
            start_week=end,
            settings=_settings_of(lever, getattr(standing, lever).model_dump(include=names)),
        ),
    ]


def beyond_standing(table: dict[str, Any], standing: Settings) -> dict[str, Any]:
    """The table with an amount written as "+1.5" in numbers: that much beyond what the organisation
    has; in its schedule too.
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        has = getattr(standing, name, None)
        if (
            isinstance(value, str)
            and MORE.fullmatch(value)
            and isinstance(has, (int, float))
            and not isinstance(has, bool)
        ):
            found[name] = has + float(value)
        elif name == "schedule" and isinstance(value, list):
            found[name] = [
                beyond_standing(entry, standing) if isinstance(entry, dict) else entry
                for entry in value
            ]
        else:
            found[name] = value
    return found


def _settings_of(lever: str, given: dict[str, Any]) -> dict[str, Any]:
    """Exactly the settings given, each of the lever's own type (a whole number given for a number
    becomes one).
    """
    checked = LEVERS[lever].model_validate(given)
    return {name: getattr(checked, name) for name in given}


def step_of(lever: str, table: dict[str, Any], start: int, key: str, document: Document) -> Step:
    """One step, its settings checked by the lever; exactly the settings named."""
    given = {name: value for name, value in table.items() if name not in TIMING}
    try:
        checked = checked_record(LEVERS[lever], given, at=key, source=document.source)
    except ScenarioError as error:
        raise ScenarioError(*(with_timing(one, key) for one in error.faults)) from None
    settings = {name: getattr(checked, name) for name in given}
    return Step(
        lever=lever, start_week=start, ramp_weeks=ramp(table, key, document), settings=settings
    )


def with_timing(one: Fault, key: str) -> Fault:
    """A fault of an unknown name, the words of timing among what is allowed and near."""
    assert isinstance(one.key, str)  # a place in words is that of a table
    name = one.key.removeprefix(key + ".")
    if one.reason.key != "error.unknown_name" or "." in name:
        return one
    names = [*str(one.allowed).split(", "), *TIMING]
    return unknown("error.unknown_name", name, names, at=one.key, file=one.file).faults[0]


def ramp(table: dict[str, Any], key: str, document: Document) -> float:
    """Weeks over which numbers move to their new value."""
    months = table.get("ramp_months", 0)
    months = notation.meant(months)
    if isinstance(months, bool) or not isinstance(months, (int, float)):
        raise fault(
            "error.type",
            at=f"{key}.ramp_months",
            file=document.source(key),
            given=months,
            allowed=Phrase("allowed.number"),
        )
    if not 0 <= months <= LONGEST_RAMP:
        raise fault(
            "error.range",
            at=f"{key}.ramp_months",
            file=document.source(f"{key}.ramp_months"),
            given=months,
            allowed=between(0, LONGEST_RAMP, "months"),
        )
    return months * WEEKS / 12


def scheduled(
    lever: str, table: dict[str, Any], key: str, document: Document, calendar: Calendar
) -> list[Step]:
    """The later steps of a lever, one for each entry of its schedule."""
    entries = table.get("schedule", [])
    file = document.source(f"{key}.schedule")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise fault(
            "error.type",
            at=f"{key}.schedule",
            file=file,
            given=entries,
            allowed=Phrase("allowed.list"),
        )
    steps = []
    for number, entry in enumerate(entries):
        place = f"{key}.schedule.{number}"
        if "start" not in entry:
            raise fault(
                "error.schedule_start", at=place, file=file, allowed=Phrase("allowed.date_or_week")
            )
        for name in ("end", "schedule"):
            if name in entry:
                raise unknown(
                    "error.unknown_name",
                    name,
                    [*LEVERS[lever].model_fields, "start", "ramp_months"],
                    at=f"{place}.{name}",
                    file=file,
                )
        if not set(entry) - set(TIMING):
            raise fault(
                "error.lever_empty",
                at=place,
                file=file,
                allowed=", ".join(LEVERS[lever].model_fields),
            )
        steps.append(
            step_of(
                lever,
                entry,
                calendar.week(entry["start"], f"{place}.start", document),
                place,
                document,
            )
        )
    weeks = [
        calendar.week(table["start"], f"{key}.start", document) if "start" in table else 0,
        *(s.start_week for s in steps),
    ]
    if weeks != sorted(weeks):
        raise fault("error.schedule_order", at=f"{key}.schedule", file=file)
    return steps


def check_order(
    steps: list[Step], start: int, end: int, table: dict[str, Any], key: str, document: Document
) -> None:
    """A policy ends after it starts, and after the last entry of its schedule."""
    file = document.source(f"{key}.end")
    if end <= start:
        raise fault(
            "error.end_before_start",
            at=f"{key}.end",
            file=file,
            given=table["end"],
            allowed=Phrase("allowed.after", {"start": table.get("start", 0)}),
        )
    if any(step.start_week >= end for step in steps):
        raise fault(
            "error.schedule_order", at=f"{key}.schedule", file=document.source(f"{key}.schedule")
        )


def boundaries(steps: tuple[Step, ...]) -> list[int]:
    """Weeks at which a step begins, is on its way, or is complete."""
    weeks = {
        week
        for step in steps
        for week in (step.start_week, step.start_week + math.ceil(step.ramp_weeks))
    }
    return sorted(weeks | {week - 1 for week in weeks if week > 0})


def check_practice(standing: Practice, steps: tuple[Step, ...], document: Document) -> None:
    """The practice of every week is one that can be."""
    for week in boundaries(steps):
        try:
            practice_at(standing, steps, week)
        except ValidationError as error:
            raise ScenarioError(
                *(
                    placed(one, document)
                    for one in faults(error, Practice, "levers", document.source)
                )
            ) from None


def placed(one: Fault, document: Document) -> Fault:
    """A fault of the whole practice, at the lever that the file names."""
    assert isinstance(one.key, str)  # a place in words is that of a table
    key = "levers.coordination" if one.key == "levers" else one.key
    return Fault(one.reason, document.source(key), key, one.given, one.allowed, one.near)
