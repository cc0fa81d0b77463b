"""A report made by several workers: figures and workbook in pieces, begun as soon as the comparison
is computed, while the main process prints, writes tables and finds the words of the page.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, as_completed
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from sim.report.figures import money
from sim.report.page import page
from sim.report.page.figures import ON_PAGE, Drawn, draw_all, drawings
from sim.report.workbook.workbook import file_name, workbook_bytes
from sim.study.case import Case
from sim.study.executors import WorkerPool

GROUP = 3  # figures drawn in one piece
FIGURES = "figures"  # the folder of figures as files


class Piece(NamedTuple):
    """A part of the work in one language: these figures, or the workbook where there are none."""

    lang: str
    figures: tuple[str, ...] = ()


class Made(NamedTuple):
    """What came of a piece: the figures that stand on the page, and files by their place in the
    folder of the report.
    """

    figures: Drawn
    files: dict[str, bytes]


def pieces(case: Case, languages: Sequence[str], files: bool) -> list[Piece]:
    """Returns all the work but the page itself, the longest piece first; without `files`, only the
    figures that stand on the page. Figures of money are one piece: they share the tables that they
    are drawn from.
    """
    names = list(drawings(case)) if files else list(ON_PAGE)
    of_money = tuple(name for name in names if name in money.FIGURES)
    others = [name for name in names if name not in of_money]
    groups = -(-len(others) // GROUP)
    figures = [of_money, *(tuple(others[at::groups]) for at in range(groups))]
    return [Piece(lang, names) for names in (figures[0], (), *figures[1:]) for lang in languages]


@lru_cache(maxsize=1)
def unpacked(packed: bytes) -> Case:
    """Returns a packed case. A worker keeps the last one, with the tables that it has worked out."""
    case: Case = pickle.loads(packed)
    return case


def make_packed(packed: bytes, files: bool, piece: Piece) -> Made:
    """Do one piece of a packed case."""
    return make(unpacked(packed), files, piece)


def make(case: Case, files: bool, piece: Piece) -> Made:
    """Do one piece."""
    if not piece.figures:
        return Made({}, {file_name(piece.lang): workbook_bytes(case, piece.lang)})
    kept: dict[str, bytes] | None = {} if files else None
    drawn = draw_all(case, piece.figures, languages=[piece.lang], files=kept)
    return Made(drawn, {f"{FIGURES}/{name}": content for name, content in (kept or {}).items()})


@dataclass
class Report:
    """Page and workbook of a case in some languages; with `files`, all figures as PNG and SVG too.

    `begin` hands the pieces to workers and returns at once; `write` waits for them. What was not
    begun, or was lost with its worker, is made where it is waited for.
    """

    case: Case
    languages: Sequence[str]
    files: bool
    begun: dict[Future, Piece] = field(default_factory=dict)

    def begin(self, crew: WorkerPool) -> None:
        """Hand all pieces to the workers of `crew`. The case is packed here and now: it grows while
        it is read.
        """
        task = partial(make_packed, pickle.dumps(self.case), self.files)
        self.begun = {crew.submit(task, piece): piece for piece in self._pieces()}

    def _pieces(self) -> list[Piece]:
        return pieces(self.case, self.languages, self.files)

    def write(
        self,
        folder: Path,
        appendices: Callable[[str], Any],
        drawn: Callable[[], Any] = lambda: None,
    ) -> None:
        """Write everything into a folder; `appendices(lang)` follow the page, and `drawn()` is
        called for each figure.
        """
        parts = {
            lang: page.page_parts(self.case, lang, appendices(lang)) for lang in self.languages
        }
        figures: Drawn = {}
        for piece, made in self._made():
            figures |= made.figures
            for name, content in made.files.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(content)
            for _figure in piece.figures:
                drawn()
        for lang, found in parts.items():
            page.write_page(self.case, folder, lang, figures, found)

    def _made(self) -> Iterator[tuple[Piece, Made]]:
        """Each piece and what came of it, as it is finished."""
        if not self.begun:
            for piece in self._pieces():
                yield piece, make(self.case, self.files, piece)
        for future in as_completed(self.begun):
            piece = self.begun[future]
            try:
                yield piece, future.result()
            except BrokenExecutor:
                yield piece, make(self.case, self.files, piece)
