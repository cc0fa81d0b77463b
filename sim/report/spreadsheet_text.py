"""Text in CSV files, written so that no spreadsheet takes it for a formula."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # a cell that begins so is a formula to a spreadsheet


def escaped(value: Any) -> Any:
    """Returns a cell as it may stand in a CSV file: an apostrophe before text that would be a
    formula; numbers stay as they are.
    """
    if not isinstance(value, str) or not value.startswith(FORMULA) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and "_" not in text


def write_csv(file: Path, frame: pd.DataFrame) -> None:
    """A table as a CSV file that spreadsheets open as it is: UTF-8 with a mark, text escaped,
    headings too.
    """
    safe = frame.rename(columns=escaped)
    texts = [str(name) for name, column in safe.items() if column.dtype.kind not in "biufmM"]
    safe = safe.assign(**{name: safe[name].map(escaped) for name in texts})
    safe.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")
