"""A workbook read, its formulas worked out by a small calculator of our own, and its money set
against sim.economics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from openpyxl import Workbook
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

from sim.declared.payers import PAYERS, payer_name
from sim.economics import money
from sim.economics import money as breakeven
from sim.economics.money import difference, present_value
from sim.study.case import VIEWS, Case
from sim.words import say

Reader = Callable[[str, int, int], object]  # sheet, row, column -> value
SIGNS = {"^": "**", "=": "==", "<>": "!="}
ONLY = ("totals", "budget", "net", "even", "money")


class Calculator:
    """The values of a workbook's cells. It knows what our formulas use, and nothing else: a formula
    beyond that is an error.
    """

    def __init__(self, book: Workbook):
        self.book, self.known = book, {}
        self.names = {name: one.attr_text for name, one in book.defined_names.items()}
        self.functions = {
            "SUM": lambda *of: float(sum(np.sum(one) for one in of)),
            "SUMPRODUCT": product,
            "ABS": np.abs,
            "MAX": np.max,
            "MIN": min,
            "IF": lambda is_so, yes, no: yes if is_so else no,
            "ROUND": lambda value, digits: float(round(value, int(digits))),
        }

    def __call__(self, sheet: str, row: int, column: int) -> object:
        """The value of a cell."""
        key = sheet, row, column
        if key not in self.known:
            cell = self.book[sheet].cell(row, column)
            self.known[key] = (
                self._worked_out(sheet, cell.value) if cell.data_type == "f" else cell.value
            )
        return self.known[key]

    def _worked_out(self, sheet: str, formula: str) -> object:
        parts = "".join(self._translated(token) for token in Tokenizer(formula).items)
        functions = {f"f_{name}": made for name, made in self.functions.items()}
        return eval(
            parts, {"__builtins__": {}}, functions | {"r": lambda where: self._range(sheet, where)}
        )

    def _translated(self, token) -> str:
        if token.type == "OPERAND":
            return f"r({token.value!r})" if token.subtype == "RANGE" else token.value
        if token.type == "FUNC":
            return f"f_{token.value}" if token.subtype == "OPEN" else ")"
        if token.type == "OPERATOR-PREFIX":
            return {"-": "-1*"}[token.value]
        return SIGNS.get(token.value, token.value)

    def _range(self, sheet: str, where: str) -> object:
        where = self.names.get(where, where)
        at, _, cells = where.rpartition("!")
        sheet = at.strip("'").replace("''", "'") or sheet
        first, top, last, bottom = range_boundaries(cells.replace("$", ""))
        found = [
            [self(sheet, row, column) for column in range(first, last + 1)]
            for row in range(top, bottom + 1)
        ]
        return found[0][0] if ":" not in cells else np.array(found, dtype=float)


def product(*ranges: np.ndarray) -> float:
    """SUMPRODUCT: ranges of one shape."""
    assert len({np.shape(one) for one in ranges}) == 1
    return float(np.sum(np.prod([np.asarray(one, dtype=float) for one in ranges], axis=0)))


def formulas(book: Workbook) -> Iterator[tuple[str, int, int]]:
    """Where formulas stand."""
    for sheet in book:
        yield from (
            (sheet.title, cell.row, cell.column)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        )


def head_of(read: Reader, sheet: str, name: str, lang: str) -> int:
    """The row of a sheet's headings."""
    return next(
        row for row in range(1, 40) if read(sheet, row, 1) == say(f"sheets.head.{name}", lang)
    )


def rows_of(read: Reader, name: str, lang: str, words: int, columns: int) -> dict[tuple, list]:
    """What stands behind the words of each row of a sheet, by those words."""
    sheet = say(f"sheets.name.{name}", lang)
    row, found = head_of(read, sheet, "arm", lang) + 1, {}
    while read(sheet, row, 1):
        key = tuple(read(sheet, row, column) for column in range(1, words + 1))
        assert key not in found, key
        found[key] = [read(sheet, row, column) for column in range(words + 1, words + 1 + columns)]
        row += 1
    return found


def expected(case: Case, lang: str) -> Iterator[tuple[str, int, dict[tuple, list]]]:
    """(sheet, columns of words, rows by their words): every amount of money as sim.economics has
    it, in thousand yen.
    """
    arms = {arm.id: getattr(arm.name, lang) for arm in case.compared.comparison.arms}
    payers = {payer: payer_name(payer, lang) for payer in (*PAYERS, "unpaid", "public")}
    payers["society"] = say("sheets.society", lang)
    yearly = {view: money.perspective(case.money, view) for view in ("public", "society")}
    wide = money.by_payer(case.money).reset_index()
    yearly |= {
        payer: wide.rename(columns={payer: "value"})[[*money.KEYS, "value"]]
        for payer in (*PAYERS, "unpaid")
    }
    yield (
        "money",
        2,
        {
            (arms[arm], payers[account]): flow(part, case.rate)
            for account, table in yearly.items()
            for arm, part in table.groupby("arm")
        },
    )
    yield (
        "net",
        2,
        {
            (arms[arm], payers[account]): flow(part, case.rate)
            for account, table in yearly.items()
            for arm, part in difference(table, case.reference).groupby("arm")
        },
    )
    costs = case.net_costs.set_index(["arm", "view", "rate"])["mean"] / 1000
    rates = (case.rate, 0.0, 0.02, 0.04)
    yield (
        "totals",
        2,
        {
            (name, say(f"perspective.{view}", lang)): [costs[arm, view, rate] for rate in rates]
            for arm, name in arms.items()
            if arm != case.reference
            for view in VIEWS
        },
    )
    parts = (
        case.budget_impact.sort_values("year").groupby(["arm", "payer", "part"])["mean"].apply(list)
    )
    yield (
        "budget",
        3,
        {
            (arms[arm], payers[payer], say(f"part.{part}", lang)): [
                *(np.array(values) / 1000),
                sum(values) / 1000,
            ]
            for (arm, payer, part), values in parts.items()
        },
    )
    runs = breakeven.cumulative(
        case.parts.groupby(["arm", "year", "payer", "part"])["value"]
        .mean()
        .reset_index()
        .assign(world=0, seed=0)[list(case.parts.columns)],
        case.rate,
    )
    first = breakeven.first_years(runs).set_index(["arm", "payer"])
    years = first["year"].astype(object).where(first["year"].notna(), say("sheets.within", lang))
    years = years.mask(first["same"], say("money.same", lang))
    yield (
        "even",
        2,
        {
            (arms[arm], payers[payer]): [
                years[arm, payer],
                *(part.sort_values("year")["value"] / 1000),
            ]
            for (arm, payer), part in runs.groupby(["arm", "payer"])
        },
    )


def flow(table, rate: float) -> list[float]:
    """Years, their sum and their present value, as means over runs in thousand yen."""
    years = table.groupby("year")["value"].mean()
    present = present_value(years.reset_index().assign(key=0)[["key", "year", "value"]], rate)[
        "value"
    ].iloc[0]
    return [*(years / 1000), years.sum() / 1000, present / 1000]


def compared(read: Reader, case: Case, lang: str) -> int:
    """Set every amount of money of a workbook against the tables (0.5 yen or 1e-9 of it); how many
    were compared.
    """
    count = 0
    for name, words, wanted in expected(case, lang):
        found = rows_of(
            read, name, lang, words, 8 if name == "totals" else max(map(len, wanted.values()))
        )
        for key, values in wanted.items():
            got = found[key] if name != "totals" else [found[key][0], *found[key][5:8]]
            for one, other in zip(got, values, strict=True):
                same = (
                    one == other
                    if isinstance(other, str)
                    else abs(one - other) <= max(0.0005, 1e-9 * abs(other))
                )
                assert same, f"{name} {key}: {one} in the workbook, {other} in the tables"
                count += 1
    return count
