"""Dates as weeks after 1 April of the start year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from sim.declared.levers import LAST_WEEK
from sim.files.toml import Document
from sim.words import Phrase
from sim.words.errors import fault

WEEKS = 52
FIRST_YEAR, LAST_YEAR = 1900, 2189  # of dates that a file may name


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

    def week(
        self, when: int | datetime.date, key: str, document: Document, *, beyond: bool = False
    ) -> int:
        """The week of a date or of a number of weeks; refuses what lies before the run, or after it
        unless `beyond`.
        """
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
                file=document.source(key),
                given=document.at(key, when),
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
