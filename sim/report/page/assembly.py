"""A report made by several workers: workbook and figures in pieces, then the page with all figures
in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sim.report.page import page
from sim.report.page.figures import ON_PAGE, Drawn, draw_all, drawings
from sim.report.workbook import workbook as sheets
from sim.study.case import Case
from sim.study.executors import Cluster, Here, finished

GROUPS_EACH = 2  # groups of figures for each worker, so that none is idle long at the end
FIGURES = "figures"  # the folder of figures as files


class Piece(NamedTuple):
    """A part of the work in one language: these figures, or the workbook where there are none."""

    lang: str
    figures: tuple[str, ...] = ()


def pieces(case: Case, languages: Sequence[str], files: bool, places: int) -> list[Piece]:
    """Returns all the work but the page itself; without `files`, only the figures that stand on the
    page.
    """
    names = list(drawings(case)) if files else list(ON_PAGE)
    groups = min(len(names), GROUPS_EACH * places)
    drawn = [Piece(lang, tuple(names[at::groups])) for lang in languages for at in range(groups)]
    return [*drawn, *map(Piece, languages)]


def made(case: Case, folder: Path, files: bool, piece: Piece) -> Drawn:
    """Do one piece; gives its figures."""
    if piece.figures:
        return draw_all(
            case, folder / FIGURES if files else None, piece.figures, languages=[piece.lang]
        )
    sheets.write_all(case, folder, [piece.lang])
    return {}


def write(
    case: Case,
    folder: Path,
    languages: Sequence[str],
    files: bool,
    where: Here | Cluster,
    appendices: Callable[[str], Any],
    drawn: Callable[[], Any],
) -> None:
    """Workbook and page in these languages; with `files`, all figures as PNG and SVG too. `drawn()`
    is called for each figure.
    """
    found = []
    for piece, future in finished(
        where, partial(made, case, folder, files), pieces(case, languages, files, where.places)
    ):
        found.append(future.result())
        for _figure in piece.figures:
            drawn()
    figures = dict(chain.from_iterable(part.items() for part in found))
    page.write(case, folder, figures, appendices, languages)
