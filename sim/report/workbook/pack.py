"""The bytes of a workbook: formulas with the values they show before anyone calculates, and no date but a fixed one.

Mail previews and Excel's protected view calculate nothing: without stored values they would show empty totals.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from openpyxl import Workbook

WRITTEN = datetime(2000, 1, 1)
FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def packed(book: Workbook, values: Sequence[Mapping[str, float | str]]) -> bytes:
    """The file of a workbook. `values`: for each sheet in order, what its formulas show, by cell ("B7")."""
    book.properties.created = WRITTEN
    plain = io.BytesIO()
    book.save(plain)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if found := SHEET.fullmatch(name):
                text = shown(text.decode(), values[int(found[1]) - 1]).encode()
            elif name == "docProps/core.xml":
                text = MODIFIED.sub(rf"\g<1>{WRITTEN.isoformat()}Z", text.decode()).encode()
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            target.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def shown(xml: str, values: Mapping[str, float | str]) -> str:
    """The XML of a sheet with the value of each formula; KeyError where one is missing."""

    def put(found: re.Match[str]) -> str:
        cell, style, formula = found.groups()
        value = values[cell]
        kind, text = (
            (' t="str"', escape(value)) if isinstance(value, str) else ("", repr(float(value)))
        )
        return f'<c r="{cell}"{style}{kind}><f>{formula}</f><v>{text}</v></c>'

    return FORMULA.sub(put, xml)
