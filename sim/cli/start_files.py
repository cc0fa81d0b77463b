"""`sim start-files`: files to double-click that open the page of two towns, for people who have no
terminal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import Lang, Quiet
from sim.cli.help import bilingual_help
from sim.words import say

FOLDER = Path()


def start_files_command(
    folder: Annotated[Path, typer.Argument(help=bilingual_help("cli.start_files_folder"))] = FOLDER,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Write them into a folder, the one in which results are wanted; a file that says something else
    is not replaced.
    """
    from sim.delivery.start_files import start_files, write_delivered

    files = start_files(sys.executable, sys.platform == "win32")
    write_delivered(folder, files)
    if not quiet:
        print(say("start.written", file=folder.resolve()))
