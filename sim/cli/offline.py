"""`sim offline`: a folder from which the program installs without a network."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import Lang, Quiet
from sim.cli.help import bilingual_help, option
from sim.words import Phrase, say
from sim.words.errors import short

RUNNING = "{}.{}".format(*sys.version_info[:2])


class System(StrEnum):
    """The kinds of machines that a folder can be made for."""

    windows = "windows"
    mac = "mac"
    linux = "linux"


def offline_command(
    folder: Annotated[Path, typer.Argument(help=bilingual_help("cli.offline_folder"))],
    system: Annotated[System, option("offline", "for")] = System.windows,
    python: Annotated[str | None, option("offline", "python")] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Collect wheels and write what installs them. A folder that is there is not touched."""
    from sim.delivery.offline_folder import make_offline_folder, megabytes, script_name
    from sim.delivery.wheels import MACHINES

    version = python or RUNNING
    if not quiet:
        name = Phrase(f"offline.system_{system}")
        print(say("offline.collecting", system=name, version=version), file=sys.stderr)
    wheels = make_offline_folder(folder, MACHINES[system], version)
    if not quiet:
        number, size = len(wheels), megabytes(wheels)
        install = script_name("install", system)
        print(
            say("offline.made", file=short(folder), number=number, megabytes=size, install=install)
        )
