"""Which file is meant by a name or a path: the caller's own, else one of those that ship.

An installed package holds the files that ship in itself; in a checkout they are the top-level
folder `scenarios`, which people edit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sim.words.errors import PACKAGE, fault, nearest, short

FOLDER, SUFFIX = "scenarios", ".toml"
CODE = ".py"  # the suffix of a file of code that a scenario may name
RESULTS = Path("results")
SHIPPED = next(
    (base / FOLDER for base in (PACKAGE, PACKAGE.parent) if (base / FOLDER).is_dir()),
    PACKAGE / FOLDER,
)
SHELVES = {
    "town": "towns",
    "organisation": "organisations",
    "packs": "packs",
    "prices": "prices",
}  # where a key's names stand


def meanings(written: str, shelf: str = "") -> list[str]:
    """What `written` may mean, the nearest first: itself, itself on the shelf, and both with the
    suffix of a file.

    A bare name is one of its shelf before it is a file beside: `town = "kaga"` means
    towns/kaga.toml, not kaga.toml.
    """
    on_shelf = [f"{shelf}/{written}"] if shelf and Path(written).name == written else []
    if written.endswith(SUFFIX):
        return [written, *on_shelf]
    return [written, *(name + SUFFIX for name in (*on_shelf, written))]


def located(written: str | Path, shelf: str = "") -> Path:
    """The file that a caller means: one that exists at the path, below the current folder or its
    `scenarios`; else one that ships. Without ".toml" a name is tried as written first. An absolute
    path and one that begins with ".." mean themselves alone.

    What exists but is no file is given back as it is, to be refused by whoever reads it; where
    there is nothing, ScenarioError names the nearest right name.
    """
    text = os.fspath(written)
    for name in [text] if alone(text) else meanings(text, shelf):
        for path in _places(Path(name)):
            if is_file(path):
                return path
    if is_there(Path(text)) or os.path.islink(text):
        return Path(text)
    if not shelf and _is_town(text):
        line = f'town = "{Path(text).name.removesuffix(SUFFIX)}"'
        raise fault("error.is_town", file=short(Path(text)), allowed=line)
    raise fault("error.not_found", file=short(Path(text)), near=near(Path(text), shelf))


def _is_town(text: str) -> bool:
    """Whether a bare name is that of a town, one's own or one that ships."""
    named = [name for name in meanings(text, SHELVES["town"]) if name.endswith(SUFFIX)]
    return Path(text).name == text and any(
        is_file(path) for name in named for path in _places(Path(name))
    )


def alone(text: str) -> bool:
    """Whether a path means itself and nothing that ships."""
    return Path(text).is_absolute() or Path(text).parts[:1] == ("..",)


def _places(path: Path) -> list[Path]:
    """Where a caller's path may lead, the nearest first; `scenarios/` is written before what ships
    too.
    """
    if alone(str(path)):
        return [path]
    shipped = SHIPPED.joinpath(*path.parts[1:]) if path.parts[:1] == (FOLDER,) else SHIPPED / path
    return [path, FOLDER / path, shipped]


def near(path: Path, shelf: str) -> str:
    """The name, as a caller would write it, of the file that looks most like the one wanted; else
    nothing.
    """
    folder = Path() if alone(str(path)) else path.parent
    beside = {file.stem: str(folder / file.name) for file in _tomls(_places(path.parent))}
    on_shelf = {file.stem: file.name for file in _tomls(_places(Path(shelf)))} if shelf else {}
    shipped = {
        file.stem: file.relative_to(SHIPPED).as_posix() for file in _tomls(SHIPPED.glob("*/"))
    }
    for names in [beside] if alone(str(path)) else [on_shelf, beside, shipped]:
        if found := nearest(path.name.removesuffix(SUFFIX), sorted(names)):
            return names[found] if path.suffix == SUFFIX else names[found].removesuffix(SUFFIX)
    return ""


def results_of(written: Path) -> Path:
    """The results that a caller means by a path, or by the name of a folder in `results`; refuses
    what is neither.
    """
    named = RESULTS / written
    if alone(str(written)) or is_there(written):
        return written
    if is_there(named):
        return named
    known = (
        sorted(file.parent.name for file in RESULTS.glob("*/manifest.json"))
        if is_there(RESULTS)
        else []
    )
    raise fault("error.not_found", file=short(written), near=nearest(written.name, known))


def _tomls(folders: Iterable[Path]) -> Iterator[Path]:
    """The scenario files in each folder that there is."""
    for folder in folders:
        if is_there(folder):
            yield from sorted(folder.glob(f"*{SUFFIX}"))


def is_file(path: Path) -> bool:
    """Whether there is such a file; no where the system cannot even be asked (a name too long,
    links in a circle).
    """
    try:
        return path.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def is_there(path: Path) -> bool:
    """Whether something stands at the path, as far as the system can be asked."""
    try:
        return path.exists()
    except (OSError, ValueError, RuntimeError):
        return False
