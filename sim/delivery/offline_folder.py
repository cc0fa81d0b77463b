"""A folder from which the program installs without a network: wheels, their list, a file to
double-click, and a page that says how.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sim.delivery.start_files import (
    OLDEST,
    SHELLS,
    STARTING,
    DeliveredFile,
    batch_file,
    page_files,
    readme,
    shell_file,
    text_files,
    write_delivered,
)
from sim.delivery.wheels import Machine, Wheel, needed_wheels, read_wheel
from sim.files.toml import refusing
from sim.words import Phrase
from sim.words.errors import PACKAGE, fault, short

PROJECT = "municipal-support-sim"
SOURCES = PACKAGE.parent
PINS = "constraints.txt"
BUILT_OF = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "sim", "scenarios", "docs")
ROUNDS = 5  # of looking for what is needed there and not here
INSTALLING = ("no_python_to_install", "installing", "installed", "not_installed")
CACHES = {  # ours, and that of matplotlib, which draws figures
    "windows": rf"%LOCALAPPDATA%\{PROJECT}, %USERPROFILE%\.matplotlib",
    "mac": f"~/Library/Caches/{PROJECT}, ~/.matplotlib",
    "linux": f"~/.cache/{PROJECT}, ~/.cache/matplotlib, ~/.config/matplotlib",
}


def make_offline_folder(folder: Path, machine: Machine, version: str) -> list[Wheel]:
    """Make the folder for a kind of machine with Python `version`, and return the wheels in it.

    The folder appears when it is whole. Raises ScenarioError where there is one of the name, where
    there are no sources of the project, and where pip cannot find a wheel.
    """
    check_can_make(folder, version)
    with refusing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            wheels = collect_wheels(part / "wheels", machine, version)
            write_delivered(part, offline_files(wheels, machine, version))
            part.chmod(0o755)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return [read_wheel(folder / "wheels" / one.file.name) for one in wheels]


def check_can_make(folder: Path, version: str) -> None:
    """Refuse what cannot be made, before anything is fetched."""
    if not ((SOURCES / PINS).is_file() and (SOURCES / "pyproject.toml").is_file()):
        raise fault("error.offline_sources", at="sim offline")
    oldest = int(OLDEST.partition(".")[2])
    found = re.fullmatch(r"3\.(\d{1,2})", version)
    if found is None or int(found[1]) < oldest:
        raise fault("error.offline_python", at="--python", given=version, allowed=f">= {OLDEST}")
    with refusing(folder):
        if folder.exists():
            raise fault("error.offline_there", file=short(folder))


def collect_wheels(place: Path, machine: Machine, version: str) -> list[Wheel]:
    """Build the wheel of the project and fetch those that it needs there, pinned; wheels that only
    this machine would need are deleted.
    """
    own = build_wheel(place)
    lacking = [str(own)]
    for _ in range(ROUNDS):
        _fetch(place, lacking, machine, version)
        all_wheels = [read_wheel(file) for file in sorted(place.glob("*.whl"))]
        needed, lacking = needed_wheels(PROJECT, all_wheels, machine.environment(version))
        if not lacking:
            for one in all_wheels:
                if one not in needed:
                    one.file.unlink()
            return needed
    raise fault("error.offline_pip", at="pip", detail=", ".join(lacking))


def build_wheel(place: Path) -> Path:
    """Build the wheel of the project into a folder, out of a copy of the sources: building leaves
    folders behind.
    """
    with tempfile.TemporaryDirectory() as copy:
        for name in BUILT_OF:
            if (SOURCES / name).is_dir():
                away = shutil.ignore_patterns("__pycache__")
                shutil.copytree(SOURCES / name, Path(copy, name), ignore=away)
            else:
                shutil.copy(SOURCES / name, copy)
        _pip("wheel", "--no-deps", "--wheel-dir", str(place), copy)
    return next(place.glob("*.whl"))


def _fetch(place: Path, wanted: Iterable[str], machine: Machine, version: str) -> None:
    tags = [word for tag in machine.tags for word in ("--platform", tag)]
    _pip(
        "download", "--only-binary=:all:", "--implementation", "cp", "--python-version", version,
        *tags, "--constraint", str(SOURCES / PINS), "--dest", str(place), *wanted,
    )  # fmt: skip


def _pip(*words: str) -> None:
    """Run pip. Raises ScenarioError with its last line where it fails."""
    line = [sys.executable, "-m", "pip", words[0], "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*line, *words[1:]], capture_output=True, text=True, errors="replace")
    if done.returncode:
        said = [one for one in done.stderr.splitlines() if one.strip()] or [f"pip {words[0]}"]
        raise fault("error.offline_pip", at="pip", detail=said[-1].removeprefix("ERROR: "))


def offline_files(wheels: list[Wheel], machine: Machine, version: str) -> list[DeliveredFile]:
    """Returns what lies beside the wheels: files to double-click, lists, and the README."""
    return [
        *delivered_scripts(machine.name, version),
        DeliveredFile("requirements.txt", "".join(f"{one.pin()}\n" for one in wheels).encode()),
        DeliveredFile("libraries.csv", _table_of(wheels)),
        DeliveredFile("README.txt", offline_readme(wheels, machine.name, version)),
    ]


def script_name(kind: str, system: str) -> str:
    """Returns the name of the file that installs or starts the program on a system."""
    return SHELLS[system].format(kind) if system in SHELLS else f"{kind}_windows.bat"


def delivered_scripts(system: str, version: str) -> list[DeliveredFile]:
    """Returns the files that install and start the program on a system."""
    said = {"version": version, "oldest": version, "start": script_name("start", system)}
    if system in SHELLS:
        return [
            shell_file("install", system, INSTALLING, **said),
            *page_files(system, noted="", **said),
        ]
    return [
        batch_file("install_windows.bat", **said),
        *page_files(system, **said),
        *text_files((*STARTING, *INSTALLING), install=script_name("install", system), **said),
    ]


def offline_readme(wheels: list[Wheel], system: str, version: str) -> bytes:
    """Returns the README of the folder, in both languages."""
    values = {
        "version": version,
        "install": script_name("install", system),
        "start": script_name("start", system),
        "number": str(len(wheels)),
        "megabytes": megabytes(wheels),
        "cache": CACHES[system],
    }
    return readme("offline.readme", system=named_system(system), **values)


def named_system(system: str) -> Phrase:
    """Returns the name of a kind of machine."""
    return Phrase(f"offline.system_{system}")


def megabytes(wheels: Iterable[Wheel]) -> str:
    """Returns the size of wheels in megabytes."""
    return f"{sum(one.file.stat().st_size for one in wheels) / 1e6:.0f}"


def _table_of(wheels: Iterable[Wheel]) -> bytes:
    """Names, versions, licences and sizes as a table that Excel opens."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["library", "version", "licence", "kB", "file"])
    for one in wheels:
        size = round(one.file.stat().st_size / 1000)
        writer.writerow([one.says["Name"], one.version, one.licence, size, one.file.name])
    return text.getvalue().encode("utf-8-sig")
