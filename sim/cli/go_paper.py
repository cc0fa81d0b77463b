"""The paper of `sim go`: front and back on one leaf, and the explanation, beside the workbook that is
given back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.paper import number_of
from sim.words import language, say
from sim.words.errors import short

if TYPE_CHECKING:
    from sim.study.case import Case


def give_papers(case: Case, results: Path, book: Path) -> list[Path]:
    """Write the paper of the request into the folder of the results, as `sim paper` does, and beside
    a workbook under its name: as PDF, as pages of HTML where the system has no browser. Returns the
    files beside the workbook.
    """
    from sim.files.toml import write_whole_bytes
    from sim.officer.planning import REQUEST
    from sim.report.paper.findings import Findings
    from sim.report.paper.write import FRONT_AND_BACK, write_papers
    from sim.study.store import read_manifest

    lang = language()
    number = number_of(read_manifest(results))
    papers = write_papers(Findings(case, REQUEST), number, results, lang)
    if papers.pages > FRONT_AND_BACK:
        print(say("paper.too_long", pages=papers.pages), file=sys.stderr)
    beside = []
    for page in (one for one in papers.files if one.suffix == ".html"):
        printed = page.with_suffix(".pdf")
        best = printed if printed in papers.files else page
        name = say(f"book.paper.{page.name.partition('.')[0]}", lang)
        file = book.with_name(f"{book.stem}_{name}{best.suffix}")
        write_whole_bytes(file, best.read_bytes(), overwrite=True)
        beside.append(file)
    files = say("run.comma", lang).join(short(one) for one in beside)
    print(say("go.paper", files=files))
    return beside
