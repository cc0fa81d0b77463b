"""Where results come from: versions, machine, command, hashes; everything that is needed to run them again."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..experiment import cells, store

PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pydantic", "pyarrow", "matplotlib")


def manifest(folder: Path, id: str, kind: str, tables: Iterable[str], content: dict[str, Any]) -> dict[str, Any]:
    """The manifest of the results in `folder`: `content`, and hashes of its `tables` (names without their ending)."""
    mine = sorted([*(entry.name for entry in folder.iterdir()), store.MANIFEST, store.CELLS])
    return {
        "made_by": store.MADE_BY, "finished": True, "kind": kind, "scenario_id": id, **made(), **content,
        "files": mine, "sha256": {f"{name}.parquet": store.hash_of(folder / f"{name}.parquet") for name in tables},
    }


def made() -> dict[str, Any]:
    """By what, where, how and when results are made just now."""
    return {
        "code": cells.code(), "command": ["sim", *sys.argv[1:]], "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"sim": __version__, "python": platform.python_version()} | {name: version_of(name) for name in PACKAGES},
        "machine": {"system": platform.system(), "type": platform.machine(), "python": platform.python_implementation()},
    }


def version_of(package: str) -> str:
    """The installed version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
