"""Who pays for a measure: the sources of its money as a file writes them, with ceiling and dates, and
as a scenario holds them.

A source changes who pays, and never what a town lives: it is no part of a run.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator

from sim.declared.funding import FUNDED
from sim.declared.payers import PAYERS
from sim.files import notation
from sim.files.toml import Document
from sim.scenario.calendar import WEEKS, Calendar
from sim.scenario.scenario import LARGEST_YEN, Funding
from sim.scenario.written import Name, When, one_of
from sim.towns.town import Label, Record
from sim.words import Phrase
from sim.words.errors import Refusal, fault, nearest

MOST_SOURCES = 6  # of one measure
MONTHS = 12
SHARE_SLIP = 1e-6
LITTLE = 1e-9  # of a month: what sums of fractions lack of a whole one


class FundingLines(Record):
    """One source of the money of a measure.

    `source` names a mix of the price book ("multi_layer_new"); `shares` writes a mix of one's own in
    its place, which may have a `name`. `ceiling`: yen of the measure's cost that the source counts in
    a fiscal year; what lies above it comes out of general funds. `start` and `until` are the first
    and the last day that the source pays for, in whole months; without them it pays from the first to
    the last day of the run.
    """

    source: str = ""
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    name: Name | None = None
    ceiling: (
        Annotated[float, Field(ge=0, le=LARGEST_YEN), BeforeValidator(notation.meant)] | None
    ) = Field(None, json_schema_extra={"unit": "yen a year"})
    start: When | None = None
    until: When | None = None

    @model_validator(mode="after")
    def has_one_mix(self) -> FundingLines:
        """A source is named, or its shares are written, which sum to 1."""
        if bool(self.source) == bool(self.shares):
            raise Refusal("funding.source_or_shares", allowed=Phrase("allowed.funding_source"))
        for payer in self.shares:
            if payer not in PAYERS:
                raise Refusal(
                    "funding.payer",
                    at=f"shares.{payer}",
                    allowed=", ".join(PAYERS),
                    near=nearest(payer, PAYERS),
                )
        total = sum(self.shares.values())
        if self.shares and abs(total - 1) > SHARE_SLIP:
            allowed = Phrase("allowed.sum_one")
            raise Refusal("error.payer_shares", at="shares", allowed=allowed, total=f"{total:g}")
        return self


class OrOne:
    """One entry may stand in a file without its list."""

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A list, or what it lists."""
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed]}


def _as_list(written: Any) -> Any:
    """One source may be written without a list; a list as the tuple that a strict record takes."""
    if isinstance(written, dict):
        return (written,)
    return tuple(written) if isinstance(written, list) else written


if TYPE_CHECKING:
    Sources: TypeAlias = tuple[FundingLines, ...]
    Measure: TypeAlias = str
else:
    Sources = Annotated[
        Annotated[
            tuple[FundingLines, ...],
            Field(min_length=1, max_length=MOST_SOURCES),
        ],
        BeforeValidator(_as_list),
        OrOne(),
    ]
    Measure = Annotated[
        str,
        one_of(FUNDED, "funding.measure"),
        Field(json_schema_extra={"enum": [*FUNDED]}),
    ]


def funding_of(
    lines: dict[str, Sources], document: Document, calendar: Calendar
) -> dict[str, tuple[Funding, ...]]:
    """The sources of each measure in the order in which they pay, their dates as months of the
    run.
    """
    return {
        measure: tuple(_checked(one, f"funding.{measure}", document, calendar) for one in sources)
        for measure, sources in lines.items()
    }


def _checked(one: FundingLines, at: str, document: Document, calendar: Calendar) -> Funding:
    """A source with its months; refuses one that ends before it starts."""
    start = None if one.start is None else month_of(one.start, calendar)
    until = None if one.until is None else month_of(one.until, calendar)
    if start is not None and until is not None and until < start:
        raise fault(
            "error.end_before_start",
            at=f"{at}.until",
            file=document.source(f"{at}.until"),
            given=str(one.until),
            allowed=Phrase("allowed.after", {"start": str(one.start)}),
        )
    name = one.name or (Label(ja="独自の財源構成", en="Own mix") if one.shares else None)
    return Funding(
        source=one.source,
        shares=dict(one.shares),
        name=name,
        ceiling=one.ceiling,
        start_month=start,
        last_month=until,
    )


def month_of_week(week: int) -> int:
    """The month of the run (0 is the first April) in which a week begins, as `years_passed` counts."""
    return int(years_passed(week) * MONTHS + LITTLE)


def month_of(when: int | datetime.date, calendar: Calendar) -> int:
    """The month of the run (0 is the first April) in which a date lies, or a week as `years_passed`
    counts it; below 0 before the run.
    """
    if isinstance(when, int):
        return month_of_week(when)
    return (when.year - calendar.start_year) * MONTHS + when.month - 4


# Months of a fiscal year by the week in which their first day lies (weeks after 1 April).
MONTH_STARTS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47)


def years_passed(week: int) -> float:
    """Years from the start of a run to a week, of which each month is a twelfth whichever weeks it
    has: what starts on the first of a month starts with a whole month.
    """
    year, within = divmod(week, WEEKS)
    ends = (*MONTH_STARTS[1:], WEEKS)
    month = next(at for at, end in enumerate(ends) if within < end)
    start = MONTH_STARTS[month]
    return year + (month + (within - start) / (ends[month] - start)) / MONTHS
