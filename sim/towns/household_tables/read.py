"""A table of households or residents by district, read whole: what it says, what was left out, and
what is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.declared.vocabulary import KINDS
from sim.towns.household_tables.cells import Mark, text_of
from sim.towns.household_tables.divide import (
    Negative,
    Overlap,
    Portion,
    divided,
    left_of,
    portions,
)
from sim.towns.household_tables.entries import (
    AGED,
    RESIDENTS,
    Entries,
    Entry,
    Names,
    bad_figure,
    entries_of,
    sortable,
)
from sim.towns.household_tables.kinds import OWN, TERMS, TOTAL
from sim.towns.household_tables.layout import Layout, layout_of
from sim.towns.household_tables.sheet import Sheet, sheets
from sim.towns.household_tables.totals import WHOLE, spelling_key, sums
from sim.words import Phrase
from sim.words.errors import Fault, ScenarioError, fault

SHOWN = 8  # names in a list of the summary
FAULTS = 5  # cells named at once
Table = dict[str, dict[str, int]]


@dataclass
class Reading:
    """What a file says of a town's districts. `notes` tell what was done with it, one sentence
    each.
    """

    sheet: Sheet
    layout: Layout
    districts: dict[str, Entry]
    notes: list[Phrase] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file as a user names it."""
        return self.sheet.file

    @cached_property
    def terms(self) -> list[str]:
        """The household terms that the table counts, in the order of the census."""
        used = {name for entry in self.districts.values() for name in entry.figures}
        return [name for name in TERMS if name in used]

    @property
    def has_kinds(self) -> bool:
        """Whether households are told apart by kind."""
        return bool(set(self.terms) - {TOTAL})

    @cached_property
    def portions(self) -> list[Portion]:
        """The table's kinds as portions that do not overlap; refuses kinds that count a household
        twice.
        """
        try:
            return portions(self.terms)
        except Overlap as error:
            given = Names(error.args)
            raise fault(
                "table.overlap", file=self.file, allowed=Phrase("table.overlap_way"), terms=given
            ) from None

    def total(self, figure: str) -> int | None:
        """Returns the sum of a figure (residents, aged, total) over the districts, or None where
        the table lacks it.
        """
        found = [entry.figures.get(figure) for entry in self.districts.values()]
        return None if None in found else sum(found)  # type: ignore[arg-type]

    @cached_property
    def households(self) -> int | None:
        """Households of all districts, or None where the table counts residents only."""
        if not self.has_kinds:
            return self.total(TOTAL)
        return sum(sum(row.values()) for row in self.table(equally).values())

    @property
    def population(self) -> int | None:
        """Residents of all districts, where the table counts them."""
        return self.total(RESIDENTS) or None

    @property
    def ageing_rate(self) -> float | None:
        """Share of residents aged 65 or over, where the table counts them."""
        aged = self.total(AGED)
        return round(aged / self.population, 4) if self.population and aged is not None else None

    def weights(self) -> dict[str, int]:
        """Returns the size of each district where no kinds are counted: its households, else its
        residents.
        """
        figure = TOTAL if TOTAL in self.terms else RESIDENTS
        return {entry.name: entry.counts[figure] for entry in self.districts.values()}

    def left_of(self, portion: Portion) -> int:
        """Returns the households of a portion in all districts."""
        return sum(left_of(portion, entry.counts) for entry in self.districts.values())

    def divides(self) -> list[Portion]:
        """Returns the portions with households in them that hold several of the model's kinds."""
        return [
            portion for portion in self.portions if len(portion.kinds) > 1 and self.left_of(portion)
        ]

    def divided_terms(self) -> Names:
        """Returns the names of the terms that are divided by an assumption."""
        return Names([portion.term for portion in self.divides()])

    def table(self, shares: Callable[[tuple[str, ...]], Mapping[str, float]]) -> Table:
        """Returns the households by district and kind; `shares` as in `divided`."""
        found = {}
        for entry in self.districts.values():
            try:
                found[entry.name] = divided(entry.counts, self.portions, shares)
            except Negative as error:
                outer, *inside = error.args
                place = entry.places.get(outer, (entry.row, None))
                raise self.sheet.refusal(
                    "table.parts_exceed",
                    *place,
                    district=entry.name,
                    outer=Names([outer]),
                    inside=Names(inside),
                    given=entry.figures.get(outer, 0),
                ) from None
        return found

    def summary(self) -> list[Phrase]:
        """Returns what was read, what was left out, and what is missing: sentences to confirm."""
        numbers = {"households": f"{self.households or 0:,}", "people": f"{self.population or 0:,}"}
        whole = {"districts": len(self.districts), **numbers}
        lines = [
            Phrase(f"table.found_{self.layout.form}", {"file": self.file, "sheet": self.sheet.name})
        ]
        counted = (
            "both"
            if self.households and self.population
            else "households"
            if self.households
            else "people"
        )
        lines += [Phrase(f"table.counted_{counted}", whole), *self.notes]
        if not self.has_kinds:
            return [
                *lines,
                Phrase(
                    "table.no_kinds" if self.ageing_rate is not None else "table.no_kinds_no_ages"
                ),
            ]
        held = {kind for portion in self.portions for kind in portion.kinds}
        missing = [kind for kind in KINDS if kind not in held]
        lines += [Phrase("table.missing_kinds", {"kinds": Names(missing)})] if missing else []
        lines += [
            Phrase("table.unexplained", {"term": Names([one.term]), "number": f"{number:,}"})
            for one in self.portions
            if not one.kinds and (number := self.left_of(one))
        ]
        return [*lines, *(Phrase("table.divides", _said(portion)) for portion in self.divides())]


def _said(portion: Portion) -> dict[str, Any]:
    """Returns the words of a portion that holds several kinds."""
    without = Phrase("table.without", {"terms": Names(portion.inside)}) if portion.inside else ""
    return {"term": Names([portion.term]), "without": without, "kinds": Names(portion.kinds)}


def equally(kinds: tuple[str, ...]) -> dict[str, float]:
    """Returns equal shares."""
    return {kind: 1 / len(kinds) for kind in kinds}


def read_households(path: Path) -> Reading:
    """Returns the table of a CSV or .xlsx file; raises ScenarioError with line and cell where it
    cannot be read.
    """
    sheet, layout, others = sheet_of(path)
    entries = entries_of(sheet, layout)
    notes = [Phrase("table.other_sheets", {"names": _listed(others)})] if others else []
    leave_out_elders(layout, entries)
    notes += column_notes(layout, entries)
    latest(entries, notes)
    check_marks(sheet, entries, notes)
    leave_out_sums(entries, notes)
    leave_out_empty(entries, notes)
    if not entries.districts:
        why = Phrase("table.all_left", {"notes": notes[-1]}) if notes else ""
        raise fault(
            "table.no_districts", file=sheet.file, why=why, allowed=Phrase("table.no_districts_way")
        )
    reading = Reading(sheet, layout, entries.districts, notes)
    check_columns(reading)
    notes += total_notes(entries)
    return reading


def sheet_of(path: Path) -> tuple[Sheet, Layout, list[str]]:
    """Returns the first sheet with a table, its layout, and the names of the sheets that are not
    used.
    """
    found = sheets(path)
    for sheet in found:
        layout = layout_of(sheet)
        if layout is None:
            sheet = sheet.transposed() if len(sheet.head) < 200 else sheet
            layout = layout_of(sheet) if sheet.turned else None
        if layout is not None:
            return (
                sheet,
                layout,
                [other.name for other in found if other.name != sheet.name and layout_of(other)],
            )
    first = next(row for row in found[0].head if any(map(text_of, row)))
    raise fault(
        "table.no_heading",
        file=found[0].file,
        given=", ".join(filter(None, map(text_of, first))),
        allowed=Phrase("table.no_heading_way"),
    )


def _listed(names: Any) -> str:
    """Returns the names in a row, cut where they are many."""
    names = list(dict.fromkeys(names))
    more = f" … ({len(names)})" if len(names) > SHOWN else ""
    return ", ".join(map(str, names[:SHOWN])) + more


def column_notes(layout: Layout, entries: Entries) -> list[Phrase]:
    """Returns what is said of columns and rows that were put right or not used."""
    notes = [Phrase("table.filled", {"rows": entries.filled})] if entries.filled else []
    left = layout.left | entries.left
    for why in dict.fromkeys(filter(None, left.values())):
        notes.append(
            Phrase(why, {"names": _listed(name for name, one in left.items() if one == why)})
        )
    other = {
        spelling_key(spelling): entry
        for entry in entries.districts.values()
        for spelling in entry.spellings[1:]
    }
    if other:
        pairs = _listed(" = ".join(dict.fromkeys(entry.spellings)) for entry in other.values())
        notes.append(Phrase("table.same_spelling", {"names": pairs}))
    notes += [Phrase("table.notes", {"rows": entries.notes})] if entries.notes else []
    return notes


def latest(entries: Entries, notes: list[Phrase]) -> None:
    """Leave out districts that stand at an earlier date alone."""
    newest = max(entries.dates, key=sortable, default="")
    old = [name for name, entry in entries.districts.items() if entry.date != newest]
    for name in old:
        del entries.districts[name]
    if len(entries.dates) > 1:
        notes.append(Phrase("table.latest", {"date": newest}))


def check_marks(sheet: Sheet, entries: Entries, notes: list[Phrase]) -> None:
    """Leave out districts whose figures are withheld and added to another; refuse every other
    figure that is missing.
    """
    joined: dict[str, str] = {}
    faults: list[Fault] = []
    more = 0
    by_code = {entry.code: entry for entry in entries.districts.values() if entry.code}
    for name, entry in list(entries.districts.items()):
        marks = {figure: mark for figure, mark in entry.figures.items() if isinstance(mark, Mark)}
        target = joined_to(entry, by_code, entries) if marks and entry.withheld else None
        if target is not None:
            joined[entry.name] = target.name
            del entries.districts[name]
            continue
        for figure, mark in marks.items():
            error = _missing_figure(sheet, mark, *entry.places[figure])
            faults += error.faults if len(faults) < FAULTS else ()
            more += 1
    if faults:
        others = (
            fault("table.more", file=sheet.file, number=more - FAULTS).faults
            if more > FAULTS
            else ()
        )
        raise ScenarioError(*faults, *others)
    if joined:
        notes.append(
            Phrase(
                "table.joined",
                {"names": _listed(f"{name} → {target}" for name, target in joined.items())},
            )
        )


def _missing_figure(sheet: Sheet, mark: Mark, row: int, column: int) -> ScenarioError:
    """Returns the refusal of a figure that is missing, with what its cell holds."""
    cells = sheet.head[row] if row < len(sheet.head) else ()
    given = cells[column] if column < len(cells) else mark.name.lower()
    return bad_figure(sheet, mark, row, column, given)


def joined_to(entry: Entry, by_code: Mapping[str, Entry], entries: Entries) -> Entry | None:
    """Returns the district to which a withheld one's households were added, by either's code."""
    target = by_code.get(entry.into) if entry.into else None
    if target is None and entry.code:
        target = next(
            (
                one
                for one in entries.districts.values()
                if entry.code in one.added.replace(";", ",").split(",")
            ),
            None,
        )
    return target if target is not None and not target.withheld else None


def leave_out_sums(entries: Entries, notes: list[Phrase]) -> None:
    """Leave out the rows that are sums of others though no name says so; name all totals left
    out.
    """
    columns = sorted({name for entry in entries.districts.values() for name in entry.figures})
    rows = [
        tuple(entry.figures.get(name, 0) for name in columns)
        for entry in entries.districts.values()
    ]
    names = list(entries.districts)
    found = [names[place] for place in sorted(sums(rows))]  # type: ignore[arg-type]
    summed = [entries.districts.pop(name).name for name in found]
    named = [entry.name for entry in entries.totals if entry.name]
    notes += [Phrase("table.totals", {"names": _listed(named)})] if named else []
    notes += [Phrase("table.sums", {"names": _listed(summed)})] if summed else []
    notes += [Phrase("table.details", {"rows": len(entries.details)})] if entries.details else []


def leave_out_empty(entries: Entries, notes: list[Phrase]) -> None:
    """Leave out the districts without anybody; they are named."""
    empty = [name for name, entry in entries.districts.items() if entry.empty()]
    gone = [(one := entries.districts.pop(name)).spellings[0] or one.name for name in empty]
    notes += [Phrase("table.empty_districts", {"names": _listed(gone)})] if gone else []


def leave_out_elders(layout: Layout, entries: Entries) -> None:
    """Leave out households of older people only where kinds that they belong to are counted too."""
    found = {name for entry in entries.districts.values() for name in entry.figures}
    if "elders" in found and found & {"alone", "couple", "nuclear", "relatives"}:
        layout.left["高齢者のみの世帯"] = "table.left_again"
        for entry in entries.districts.values():
            entry.figures.pop("elders", None)


def check_columns(reading: Reading) -> None:
    """Refuse kinds that cannot be read where no total holds them, and portions that count a
    household twice.
    """
    unknown = [name for name, why in reading.layout.left.items() if why == "table.left_unknown"]
    if reading.has_kinds and unknown and TOTAL not in reading.terms:
        census = Names(TERMS.keys() - {TOTAL, *OWN})
        raise reading.sheet.refusal(
            "table.unknown_kind",
            reading.layout.row,
            given=", ".join(unknown),
            allowed=Phrase("table.kinds", {"own": Names(OWN), "census": census}),
        )
    if reading.has_kinds:
        reading.table(equally)


def total_notes(entries: Entries) -> list[Phrase]:
    """Returns a total that differs from the sum of the districts, said once."""
    for entry in entries.totals:
        whole = WHOLE.fullmatch(spelling_key(entry.name)) and "小計" not in entry.name
        for figure, number in entry.figures.items() if whole else ():
            summed: int = sum(one.figures.get(figure, 0) for one in entries.districts.values())  # type: ignore[misc]
            if isinstance(number, int) and number != summed:
                values = {
                    "name": entry.name,
                    "total": f"{number:,}",
                    "sum": f"{summed:,}",
                    "figure": Names([figure]),
                }
                return [Phrase("table.total_differs", values)]
    return []
