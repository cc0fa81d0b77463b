"""`sim documents`: the project's pages as Markdown, those that follow from the code among them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import Lang, Quiet
from sim.cli.help import bilingual_help
from sim.files.toml import refusing, write_whole
from sim.words import say
from sim.words.errors import fault, short

FIRST = "README.md"  # the page that leads to the others


def documents_command(
    folder: Annotated[Path, typer.Argument(help=bilingual_help("cli.documents_folder"))] = Path(
        "documents"
    ),
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Write all pages below a folder; refuses to replace a file that says something else."""
    from sim.cli.documents import all_pages  # here, since it reads what all commands declare

    texts = {folder / name: text for name, text in all_pages().items()}
    wanted = {file: text for file, text in texts.items() if not _says(file, text)}
    for file in wanted:
        if file.exists():
            raise fault("error.exists", file=short(file))
    for file, text in wanted.items():
        write_whole(file, text)
    if not quiet:
        print(say("documents.written", number=len(texts), file=short(folder / FIRST)))


def _says(file: Path, text: str) -> bool:
    """Whether a file is there already and says the same."""
    with refusing(file):
        return file.is_file() and file.read_bytes() == text.encode()
