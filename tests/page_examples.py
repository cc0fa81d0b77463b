"""The examples on a page: its blocks of code in their order, each given to what its language is
run by.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sybil import Document, Example
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from sim.cli import documents

DOCS = Path(__file__).parents[1] / "docs"
NAMED = re.compile(r"<!-- file: (\S+) -->\n\Z")  # the line before a block that is a file
SCRIPT = re.compile(r"# (\w+\.py)\n")  # the first line of a block that is a module
python = PythonEvaluator()  # the blocks of a page share their names


@cache
def fresh() -> dict[str, str]:
    """Every generated document, written afresh."""
    return documents.all_documents()


def text(page: Path) -> str:
    """The text of a page; one that follows from the code is written afresh, and one that is not
    there is empty.
    """
    if page.parent == DOCS and page.name in documents.DOCUMENTS:
        return fresh()[page.name]
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def examples(page: Path, **by_language: Callable[[Example], None]) -> Document:
    """The blocks of a page that are in some languages; each is run by `evaluate`."""
    parsers = (CodeBlockParser(name, run) for name, run in by_language.items())
    document = Document(text(page), str(page))
    for region in (region for parser in parsers for region in parser(document)):
        document.add(region)
    return document


def run(page: Path, **by_language: Callable[[Example], None]) -> None:
    """Run the blocks of a page in their order."""
    for example in examples(page, **by_language):
        example.evaluate()


def bodies(page: Path, language: str) -> list[str]:
    """The text of every block in a language."""
    return [str(example.parsed) for example in examples(page, **{language: python})]


def file_of(example: Example) -> str:
    """The file that the page says a block is; "" where it says none."""
    found = NAMED.search(example.document.text, 0, example.region.start)
    return found[1] if found else ""


def python_or_module(example: Example) -> None:
    """Run a block; one that begins with the name of a module is written to it."""
    module = SCRIPT.match(example.parsed)
    if module:
        Path(module[1]).write_text(example.parsed, encoding="utf-8")
    else:
        python(example)
