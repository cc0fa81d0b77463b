"""The screen of a comparison: differences first, then crossings, combinations, claims and what the
arms are planned to cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from sim.declared.measure import FEWEST, Yearly
from sim.declared.payers import PUBLIC_PAYERS
from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.report.text.listing import Section
from sim.report.text.run import decimals, grades, label, seed_ranges, trial, years_shown
from sim.report.text.worlds import lower_after, luck_line, with_worlds
from sim.scenario.comparison import Comparison
from sim.study.gather import ALL_MEASURES
from sim.study.marks import HIGHER, LOWER, interval
from sim.study.measures import HEADLINE
from sim.study.result import LOOK, Compared
from sim.words import named, say

# What a comparison shows first, in this order: needs, who is not seen, first contact, staff,
# waiting, crises, money by payer.
SHOWN = (
    *HEADLINE,
    *(f"cost_{payer}" for payer in PUBLIC_PAYERS),
    "cost_public",
)
BETTER, WORSE = "○", "●"


def shown_measures(comparison: Comparison) -> tuple[str, ...]:
    """Returns the measures that a file asks for, else SHOWN."""
    return comparison.measures or SHOWN


def comparison_heading(compared: Compared, lang: str) -> list[str]:
    """Returns the first lines: whether this is a trial, what is compared with what, in which town
    and with how many seeds, and that this is a model.
    """
    comparison = compared.comparison
    base = comparison.base
    seeds = sorted(compared.main["seed"].unique())
    pairing = (
        [say("compare.pairing", lang, ratio=f"{compared.pairing:.0f}")]
        if compared.pairing > 1
        else []
    )
    return [
        *trial(compared.seeds, lang),
        say(
            "compare.head",
            lang,
            name=label(comparison.name, lang),
            town=label(base.people.name, lang),
            years=base.years,
            population=f"{base.people.population:,}",
            first=base.start_year,
            households=f"{compared.gathered.households:,}",
        ),
        say(
            "compare.paired_worlds" if compared.worlds else "compare.paired",
            lang,
            reference=label(comparison.arm(comparison.reference).name, lang),
            seeds=seed_counts(compared, lang),
            list=seed_ranges(seeds),
        ),
        *([say("compare.fitted", lang)] if compared.fitted else []),
        *pairing,
        *luck_line(compared, lang),
        *stopped_lines(compared, lang),
        say("summary.model", lang, **grades()),
        marks_line(compared, lang),
    ]


def stopped_lines(compared: Compared, lang: str) -> list[str]:
    """Returns a line on the arms with fewer seeds than others, since all that is claimed of them
    was decided, and one on the seeds that money rests on; none where all arms have the same seeds.
    """
    arms = [
        say(
            "compare.stopped_arm",
            lang,
            arm=label(compared.comparison.arm(id).name, lang),
            seeds=count,
        )
        for id, count in compared.stopped.items()
    ]
    if not arms:
        return []
    return [
        say("compare.stopped", lang, list=say("run.comma", lang).join(arms)),
        *shared_lines(compared, lang),
    ]


def shared_lines(compared: Compared, lang: str) -> list[str]:
    """Returns a line on the seeds that money rests on; none where all arms have the same seeds."""
    shared = say("compare.shared", lang, shared=compared.shared_seeds)
    return [shared] if compared.stopped else []


def seed_counts(compared: Compared, lang: str) -> str:
    """Returns how many seeds the arms have, such as "24", or "4 to 24" where some stopped early."""
    fewest = min(compared.stopped.values(), default=compared.seeds)
    if fewest == compared.seeds:
        return str(fewest)
    return say("allowed.range", lang, low=fewest, high=compared.seeds)


def marks_line(compared: Compared, lang: str) -> str:
    """Says what the marks mean, or that there are none."""
    if compared.seeds < FEWEST:
        return say(
            "compare.no_marks" if compared.seeds > 1 else "compare.one_seed", lang, fewest=FEWEST
        )
    key = "compare.marks_claims" if compared.comparison.claims else "compare.marks"
    return say(key, lang, better=BETTER, worse=WORSE)


def measure_sections(compared: Compared, lang: str, names: Iterable[str] = ()) -> Iterator[Section]:
    """Returns a table for each measure, with arms as rows and years as columns; each cell is the
    difference from the reference.
    """
    years = years_shown(compared.comparison.base.years)
    of_measure: Any = compared.judged.set_index(["measure", "arm", "year"]).sort_index().loc
    for name in names or shown_measures(compared.comparison):
        found = _section(ALL_MEASURES[name], of_measure[name], compared.comparison, years, lang)
        yield with_worlds(found, compared, name, lang) if compared.worlds else found


def _section(
    one: Yearly, of_one: pd.DataFrame, comparison: Comparison, years: list[int], lang: str
) -> Section:
    columns = ("", *(say("summary.year", lang, year=year) for year in years))
    rows = [of_one.loc[arm.id].loc[years] for arm in comparison.others]
    digits = decimals(of_one["reference"].abs().max())
    level = [
        _plain_number(value, digits, lang)
        for value in of_one.loc[comparison.others[0].id].loc[years]["reference"]
    ]
    body: list[tuple[str, ...]] = [(label(comparison.arm(comparison.reference).name, lang), *level)]
    body += [
        (
            label(arm.name, lang),
            *(
                difference_cell(cell, one.better, decimals(row["difference"].abs().max()), lang)
                for cell in row.itertuples()
            ),
        )
        for arm, row in zip(comparison.others, rows, strict=True)
    ]
    unit = named("unit", one.unit).say(lang)
    return Section(
        say("summary.with_unit", lang, measure=label(one, lang), unit=unit), columns, body
    )


def mark(cell: Any, better: str) -> str:
    """Returns BETTER or WORSE where the difference lies on a side; nothing where it does not, or
    where neither way is better.
    """
    if not better or cell.side not in (HIGHER, LOWER):
        return ""
    return BETTER if cell.side == better else WORSE


def difference_cell(cell: Any, better: str, digits: int, lang: str) -> str:
    """Returns an estimate and its mark, such as "+0.30 ±0.02 ●", with as many more digits as a
    marked difference needs to be seen.
    """
    found = "" if cell.identical else mark(cell, better)
    if found:
        digits = max(digits, -math.floor(math.log10(abs(cell.difference))))
    return f"{estimate(cell, digits, lang)} {found}".rstrip()


def estimate(cell: Any, digits: int, lang: str) -> str:
    """Returns an estimate such as "+0.30 ±0.02", with both ends where the interval is not
    symmetric, and 0 where the arms are identical.
    """
    if cell.identical:
        return "0"
    if math.isnan(cell.difference):
        return say("unit.-", lang)
    low, high = interval(cell)
    text = f"{cell.difference:+,.{digits}f}"
    if math.isnan(low):
        return text
    return text + (
        f" [{low:+,.{digits}f}, {high:+,.{digits}f}]"
        if cell.skewed
        else f" ±{high - cell.difference:,.{digits}f}"
    )


def _plain_number(value: float, digits: int, lang: str) -> str:
    """Returns a plain number, or a dash where there is none."""
    return say("unit.-", lang) if math.isnan(value) else f"{value:,.{digits}f}"


def crossing_lines(compared: Compared, lang: str) -> list[str]:
    """Says, arm by arm, whether it gets worse before it gets better: in how many seeds the load was
    above that of the reference, and from when it is below it for good.
    """
    lines = []
    row: Any
    for row in compared.crossing_summary.itertuples():
        if row.arm in compared.same:
            lines.append(
                say("compare.same", lang, arm=label(compared.comparison.arm(row.arm).name, lang))
            )
            continue
        key = (
            "never"
            if row.never_worse == row.seeds
            else "always"
            if row.censored == row.seeds
            else "mixed"
        )
        median = (
            say("compare.not_within", lang)
            if math.isnan(row.median)
            else spoken_week(row.median, lang)
        )
        lines.append(
            say(
                f"compare.crossing.{key}",
                lang,
                arm=label(compared.comparison.arm(row.arm).name, lang),
                seeds=row.seeds,
                never=row.never_worse,
                crossed=row.crossed,
                censored=row.censored,
                median=median,
                years=compared.comparison.base.years,
            )
        )
    return lines


def spoken_week(week: float, lang: str) -> str:
    """Returns a week as years and months of the run."""
    return say("compare.years_in", lang, years=f"{week / WEEKS_PER_YEAR:.1f}")


def combination_sections(
    compared: Compared, lang: str, names: Iterable[str] = ()
) -> Iterator[Section]:
    """Returns a table for each combination, with measures as rows and years as columns."""
    years = years_shown(compared.comparison.base.years)
    for one in compared.comparison.combinations:
        mine = compared.combined[compared.combined["arm"] == one.arm].set_index(["measure", "year"])
        rows = []
        for name in names or shown_measures(compared.comparison):
            cells = mine.loc[name].loc[years]
            about = ALL_MEASURES[name]
            digits = decimals(cells["difference"].abs().max())
            words = say(
                "summary.with_unit",
                lang,
                measure=label(about, lang),
                unit=named("unit", about.unit).say(lang),
            )
            rows.append(
                (
                    words,
                    *(
                        difference_cell(cell, about.better, digits, lang)
                        for cell in cells.itertuples()
                    ),
                )
            )
        arm = label(compared.comparison.arm(one.arm).name, lang)
        title = label(one.name, lang) if one.name else say("compare.combination", lang, arm=arm)
        yield Section(title, ("", *(say("summary.year", lang, year=year) for year in years)), rows)


def first_look(compared: Compared, lang: str) -> Section:
    """Returns the differences of a few measures in the last year with their intervals, with a row
    for each arm and a column for each measure.
    """
    year = compared.comparison.base.years
    table = compared.differences[compared.differences["year"] == year].set_index(["arm", "measure"])
    rows = [
        (label(arm.name, lang), *(estimate(table.loc[(arm.id, name)], 2, lang) for name in LOOK))
        for arm in compared.comparison.others
    ]
    units = [
        say(
            "summary.with_unit",
            lang,
            measure=label(one, lang),
            unit=named("unit", one.unit).say(lang),
        )
        for one in (ALL_MEASURES[name] for name in LOOK)
    ]
    return Section(
        say("compare.first_look", lang, year=year, seeds=compared.seeds), ("", *units), rows
    )


def last_year_section(compared: Compared, lang: str, names: Iterable[str]) -> Section:
    """Returns the differences of some measures in the last year, marked, with a row for each arm, a
    column for each measure, and the number of worlds in which the arm is lower.
    """
    year, columns = compared.comparison.base.years, []
    of: Any = compared.judged[compared.judged["year"] == year].set_index(["measure", "arm"])
    for name in names:
        one, cells = ALL_MEASURES[name], of.loc[name]
        digits = decimals(cells["difference"].abs().max())
        unit = named("unit", one.unit).say(lang)
        found = {
            cell.Index: difference_cell(cell, one.better, digits, lang)
            + lower_after(compared, name, cell.Index, lang)
            for cell in cells.itertuples()
        }
        columns.append((say("summary.with_unit", lang, measure=label(one, lang), unit=unit), found))
    rows = [
        (label(arm.name, lang), *(found[arm.id] for _head, found in columns))
        for arm in compared.comparison.others
    ]
    worlds = say("worlds.in_brackets", lang) if compared.worlds else ""
    key = "page.last_year" if compared.seeds >= FEWEST else "page.last_year_unmarked"
    title = say(key, lang, year=year, worlds=worlds)
    return Section(title, ("", *(head for head, _found in columns)), rows)


def worse_lines(compared: Compared, lang: str) -> list[str]:
    """Says what gets worse: for each arm the measures whose interval lies on the worse side, with
    the years.
    """
    table = compared.judged
    lines = []
    for arm in compared.comparison.others:
        found = []
        for name in shown_measures(compared.comparison):
            about, rows = (
                ALL_MEASURES[name],
                table[(table["arm"] == arm.id) & (table["measure"] == name)],
            )
            of_year: Iterable[Any] = rows.itertuples()
            years = [
                row.year
                for row in of_year
                if about.better in (LOWER, HIGHER) and mark(row, about.better) == WORSE
            ]
            if years:
                found.append(
                    say(
                        "page.worse_items" if len(years) > 1 else "page.worse_item",
                        lang,
                        measure=label(about, lang),
                        years=seed_ranges(years),
                    )
                )
        few, same = compared.seeds < FEWEST, arm.id in compared.same
        key = "same" if same else "worse" if found else "worse_few" if few else "nothing_worse"
        lines.append(
            say(
                f"compare.{key}",
                lang,
                arm=label(arm.name, lang),
                list=say("run.comma", lang).join(found),
            )
        )
    return lines
