"""The works of an officer: a folder each, with the workbook, what it comes to and what was computed.

A work is found again by its folder, whoever began it and whether the page was closed meanwhile. The
page names a work by the name of its folder and a file of it by a word; it never names a path.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from sim.officer.book import base_name
from sim.study.store import MANIFEST
from sim.words import LANGUAGES, say
from sim.words.errors import unknown

PAGE = "sim desk"
PLAN, RESULTS, FIT = "plan", "results", "fit"
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")


@dataclass(frozen=True)
class WorkFolder:
    """The folder of a work, and where everything lies in it."""

    folder: Path

    @property
    def id(self) -> str:
        """Its name on the page."""
        return self.folder.name

    @property
    def plan(self) -> Path:
        """Where the scenario files are."""
        return self.folder / PLAN

    @property
    def results(self) -> Path:
        """Where the comparison is."""
        return self.plan / RESULTS

    @property
    def part(self) -> Path:
        """Where the cells of a comparison wait that has not come to its end."""
        return self.results.with_name(f"{RESULTS}.part")

    @property
    def fit(self) -> Path:
        """Where the fit is."""
        return self.folder / FIT

    @property
    def fits(self) -> list[Path]:
        """Where a fit may be, the newest first: that before the comparison, and that within it."""
        made = [one / MANIFEST for one in (self.fit, self.plan / FIT)]
        there = [file for file in made if file.is_file()]
        return [one.parent for one in sorted(there, key=lambda file: -file.stat().st_mtime)]

    @property
    def told(self) -> Path:
        """What the running command says."""
        return self.folder / "told.txt"

    @property
    def progress(self) -> Path:
        """How far the running command has come."""
        return self.folder / "progress.json"

    @property
    def book(self) -> Path | None:
        """The workbook; None where there is none yet."""
        found = [self.folder / say("book.file", lang) for lang in LANGUAGES]
        return next((file for file in found if file.is_file()), None)

    def book_for(self, lang: str) -> Path:
        """Where the workbook is, or will be in a language."""
        return self.book or self.folder / say("book.file", lang)

    @property
    def returned(self) -> Path | None:
        """The newest workbook that was given back with results."""
        book = self.book
        if book is None:
            return None
        ends = [say("book.results", lang) for lang in LANGUAGES]
        files = [one for end in ends for one in self.folder.glob(f"{base_name(book)}{end}*.xlsx")]
        return max(files, key=lambda file: file.stat().st_mtime, default=None)

    def files(self, lang: str) -> dict[str, Path]:
        """The files that can be asked for by a word, those that are there."""
        results, found = self.results, {"book": self.book, "excel": self.returned}
        for name in ("paper", "explanation"):
            for kind in ("pdf", "html"):
                found[f"{name}.{kind}"] = results / f"{name}.{lang}.{kind}"
        found["report"] = results / f"report.{lang}.html"
        found["plan"] = self.plan / "plan.toml"
        return {word: file for word, file in found.items() if file is not None and file.is_file()}


class Works:
    """All works below a folder, the newest first."""

    def __init__(self, root: Path):
        self.root = root

    def all(self) -> list[WorkFolder]:
        """Those that have a workbook."""
        folders = self.root.glob("*-*-*") if self.root.is_dir() else ()
        names = sorted((one.name for one in folders if ID.fullmatch(one.name)), reverse=True)
        return [one for name in names if (one := WorkFolder(self.root / name)).book]

    def named(self, id: str) -> WorkFolder:
        """The work of this name; raises ScenarioError for one that there is not."""
        known = {one.id: one for one in self.all()}
        if id not in known:
            raise unknown("error.desk_work", id, known, at="work", file=PAGE, list_all=False)
        return known[id]

    def new(self) -> WorkFolder:
        """A work of its own, whose folder is made with its first file."""
        return WorkFolder(self.root / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}")
