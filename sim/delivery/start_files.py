"""The files that a user double-clicks, and what they say when something is missing.

A file for cmd is ASCII with CRLF whatever the language: cmd reads it in the code page of the machine,
which differs from machine to machine. What it says in Japanese stands beside it in `texts` as UTF-8,
shown after the screen was turned to UTF-8. A file for the shell holds its texts itself.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.files.toml import refusing, write_whole_bytes
from sim.words import LANGUAGES, say
from sim.words.errors import fault, short

OLDEST = "3.11"  # Python, as in pyproject.toml
STARTING = ("no_python", "no_program", "starting", "stopped")
PAGES = {"start": "", "plan": " --plan"}  # files, and what they ask of `sim desk`
WINDOWS = "windows"
SHELLS = {"mac": "{}_mac.command", "linux": "{}_linux.sh"}  # the name of a file by system
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
)


@dataclass(frozen=True)
class DeliveredFile:
    """A file by its path below the folder, its bytes, and whether it is to be run."""

    path: str
    content: bytes
    run: bool = False


def start_files(python: str = "", windows: bool = False) -> list[DeliveredFile]:
    """Returns the files that start the page on Windows, a Mac and Linux, with what they say.

    python: the Python that has the program, tried after the one of the folder itself; it is one of
    Windows where `windows`, else one of a Mac or Linux. Empty: none is known.
    """
    noted = f"{shlex.quote(python)} " if python and not windows else ""
    files = [
        *page_files(WINDOWS, oldest=OLDEST),
        *(one for system in SHELLS for one in page_files(system, noted=noted, oldest=OLDEST)),
        *text_files(STARTING, oldest=OLDEST, install="install_windows.bat"),
        DeliveredFile("README.txt", readme("start.readme")),
    ]
    if python and windows:
        files.append(DeliveredFile("texts/python.txt", f"{python}\r\n".encode()))
    return files


def page_files(system: str, **values: str) -> list[DeliveredFile]:
    """Returns the file that opens the two towns on a system, and the one for the page of a plan."""
    if system in SHELLS:
        return [
            shell_file(kind, system, STARTING, "start.sh", asked=asked, **values)
            for kind, asked in PAGES.items()
        ]
    return [
        batch_file(f"{kind}_{WINDOWS}.bat", f"start_{WINDOWS}.bat", asked=asked, **values)
        for kind, asked in PAGES.items()
    ]


def batch_file(name: str, template: str = "", **values: str) -> DeliveredFile:
    """Returns a file for cmd out of its template, of its own name if none is given: ASCII, with
    CRLF.
    """
    text = TEMPLATES.get_template(template or name).render(**values)
    return DeliveredFile(name, with_crlf(text).encode("ascii"))


def text_files(keys: Iterable[str], **values: str) -> list[DeliveredFile]:
    """Returns what a file for cmd shows, a file a text: UTF-8 without a mark, which would be shown
    as a letter.
    """
    return [
        DeliveredFile(f"texts/{key}.txt", with_crlf(f"\n{both(key, values)}\n\n").encode())
        for key in keys
    ]


def shell_file(
    kind: str, system: str, keys: Iterable[str], template: str = "", **values: str
) -> DeliveredFile:
    """Returns a file for the shell of a system out of the template of its kind, with its texts."""
    name = SHELLS[system].format(kind)
    said = values | {"install": SHELLS[system].format("install")}
    texts = {key: both(key, said) for key in keys}
    text = TEMPLATES.get_template(template or f"{kind}.sh").render(texts=texts, **values)
    return DeliveredFile(name, text.encode(), run=True)


def both(key: str, values: Mapping[str, str]) -> str:
    """Returns a text in both languages, whatever the machine's is."""
    return "\n\n".join(say(f"start.{key}", lang, **values) for lang in LANGUAGES)


def readme(key: str, **values: Any) -> bytes:
    """Returns a README in both languages as an editor of Windows reads it: UTF-8 with its mark."""
    text = "\n\n\n".join(say(key, lang, **values).strip() for lang in LANGUAGES)
    return with_crlf(f"{text}\n").encode("utf-8-sig")


def with_crlf(text: str) -> str:
    """Returns a text with the ends of line of Windows."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def write_delivered(folder: Path, files: Iterable[DeliveredFile]) -> None:
    """Write files below a folder. Raises ScenarioError where one is there and says something else;
    then none is written.
    """
    wanted = {folder / one.path: one for one in files}
    for path, one in wanted.items():
        with refusing(path):
            if path.exists() and not (path.is_file() and path.read_bytes() == one.content):
                raise fault("error.exists", file=short(path))
    for path, one in wanted.items():
        write_whole_bytes(path, one.content, overwrite=True)
        if one.run:
            with refusing(path):
                path.chmod(0o755)
