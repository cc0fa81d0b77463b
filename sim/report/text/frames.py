"""Results as tables of words for a notebook: what the screen shows, as a DataFrame that displays
itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sim.report.text import claims
from sim.report.text.comparison import measure_sections
from sim.report.text.listing import Section
from sim.report.text.run import run_sections
from sim.study.measures import households_of, steps
from sim.study.paired import over_seeds
from sim.study.result import Compared
from sim.study.runs import Tables
from sim.words import say


def run_table(tables: Tables, lang: str) -> pd.DataFrame:
    """Returns the means over the seeds with their intervals, as `sim run` prints them: a row for
    each group and measure, columns for the unit and the years.
    """
    spread = over_seeds(
        tables.by_year(), steps=steps(tables.population, households_of(tables.town))
    )
    return pd.concat({part.title: _frame(part) for part in run_sections(spread, lang)})


def difference_table(compared: Compared, lang: str, measures: Iterable[str] = ()) -> pd.DataFrame:
    """Returns the differences of a comparison, with a row for each measure (and its unit) and arm
    and a column for each year. The first row of a measure holds the level of the reference.

    The cells are text as `sim compare` prints it, with intervals and marks; the numbers are in
    `compared.differences`. `measures` are those of the file, or the usual ones, if none are given.
    """
    return pd.concat(
        {part.title: _frame(part) for part in measure_sections(compared, lang, measures)}
    )


def claim_table(compared: Compared, lang: str) -> pd.DataFrame:
    """Returns a row for each claim: the words of the file, the verdict and the numbers; empty where
    there are no claims.
    """
    found = [_frame(part) for part in claims.claims_sections(compared, lang)]
    return (
        pd.concat(found)
        if found
        else pd.DataFrame(
            columns=[say("lessons.claim.verdict", lang), say("lessons.claim.numbers", lang)]
        )
    )


def _frame(part: Section) -> pd.DataFrame:
    """Returns rows of words under their columns; the first column names the row."""
    return pd.DataFrame(part.rows, columns=part.columns).set_index(part.columns[0])
