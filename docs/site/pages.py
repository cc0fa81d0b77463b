"""The pages of the site in one language, written as sources of Sphinx into a folder.

Every page of docs, and every page that follows from the code, is split and its links are turned to
where the other pages are on the site. Index and reference of Python are written by hand for each
language, in the folder of its name.
"""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

from docs.site import split
from sim.cli import documents

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
HEAD = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
DOCS = ROOT / "docs"
BOOK = sorted({*DOCS.glob("*.md"), *(DOCS / name for name in documents.DOCUMENTS)})
SHEETS = sorted((DOCS / "lessons").glob("*.md"))
RENAMED = {
    "README.md": "start.md",
    "CONTRIBUTING.md": "contributing.md",
    "docs/README.md": "guide.md",
    "docs/search.md": "plans.md",  # the site has a page search.html of its own
}
WIDE = r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
BREAK = re.compile(rf"(?<={WIDE})\n *(?={WIDE})")
TARGET = re.compile(r"(`+).+?\1|(?<=\])\(([^)\s]+)\)", flags=re.DOTALL)
ONLY = {
    "ja": ":::{note}\nこのページは英語のみです。\n:::",
    "en": ":::{note}\nThis page is in Japanese only.\n:::",
}
EXAMPLES = re.compile(r"^```(?:bash|python|toml)$", flags=re.MULTILINE)
TESTED = {
    "ja": "このページのコマンドと例は、プロジェクトのテストが小さな町に置き換えて実行し、動くことを"
    "確かめています（計算に何分もかかるものは、書き方だけを確かめています）。",
    "en": "The project's tests run the commands and examples of this page, in small towns (of those"
    " that take many minutes they check the spelling alone).",
}


def name(source: Path) -> str:
    """The path of a page on the site."""
    path = source.relative_to(ROOT).as_posix()
    return RENAMED.get(path, path.removeprefix("docs/"))


@cache
def sources() -> dict[Path, str]:
    """Every page of the project that the site shows, and its path there."""
    return {source: name(source) for source in (*HEAD, *BOOK, *SHEETS)}


@cache
def from_code() -> dict[Path, str]:
    """The pages that follow from the code, as they are now."""
    return {DOCS / name: text for name, text in documents.all_documents().items()}


def text_of(source: Path) -> str:
    """The text of a page, whether it is written by hand or follows from the code."""
    return from_code().get(source) or source.read_text(encoding="utf-8")


@cache
def anchors(source: Path, language: str) -> dict[str, str]:
    """Anchors of a page as written, and as they are on the site."""
    return split.anchors(text_of(source), language)


def goal(target: str, source: Path, language: str) -> tuple[str, Path | None]:
    """Where a link of a page leads on the site, and the file that must be put there, if any.

    An anchor that this language's page has not leads to the top of the page.
    """
    if re.match(r"[a-z]+:", target):
        return target, None
    path, _, anchor = target.partition("#")
    file = (source.parent / path).resolve() if path else source
    beside = Path(sources()[source]).parent
    if file in sources():
        there = anchors(file, language).get(anchor, "")
        page = os.path.relpath(sources()[file], beside)
        return (f"{page}#{there}" if there else page), None
    place = f"files/{file.relative_to(ROOT).as_posix()}"
    return os.path.relpath(place, beside), file


def linked(text: str, source: Path, folder: Path, language: str) -> str:
    """A piece of a page with its links turned; files that they lead to are put into the folder."""

    def turned(found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        target, file = goal(found[2], source, language)
        if file:
            place = folder / "files" / file.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
        return f"({target})"

    return TARGET.sub(turned, text)


def beneath(source: Path) -> str:
    """The list of the sheets, hidden on the page that introduces them, for the list of pages."""
    if source.parent.name != "lessons" or source.name != "README.md":
        return ""
    sheets = "\n".join(one.name for one in SHEETS if one != source)
    return f"```{{toctree}}\n:hidden:\n\n{sheets}\n```"


def unbroken(text: str, language: str) -> str:
    """A text without breaks of line between Japanese letters, where a browser would set a space."""
    return BREAK.sub("", text) if language == "ja" else text


def page(source: Path, folder: Path, language: str) -> str:
    """The text of a page of the project for the site."""
    text = text_of(source)
    found = []
    for part in split.parts(text, language):
        words = part.text
        if part.block.kind != "code":
            words = unbroken(linked(words, source, folder, language), language)
        found.append(split.Part(part.block, words, part.place))
    if split.languages(text).isdisjoint({language}):
        first = next(place for place, part in enumerate(found) if part.block.kind == "heading")
        found.insert(first + 1, split.Part(split.Block("other", ""), ONLY[language]))
    if EXAMPLES.search(split.rendered(found)) and source in (ROOT / "README.md", *BOOK):
        found.append(
            split.Part(
                split.Block("other", ""), f":::{{container}} tested\n{TESTED[language]}\n:::"
            )
        )
    found.append(split.Part(split.Block("other", ""), beneath(source)))
    return split.rendered(found) + "\n"


def write(folder: Path, language: str) -> None:
    """Write the sources of one language's site into a folder."""
    shutil.copytree(HERE / language, folder)
    for source, path in sources().items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(source, folder, language), encoding="utf-8")
