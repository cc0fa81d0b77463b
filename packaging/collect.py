"""Collects a folder that installs without a network: wheels of this package and of all it needs for one
system, the files to double-click, and the page for the IT section.

    python packaging/collect.py FOLDER --platform win_amd64 --python 3.12

It needs a network (or an index of one's own, as pip is set up) once; the folder needs none.
"""

from __future__ import annotations

import argparse
import email
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

HERE = Path(__file__).parent
ROOT = HERE.parent


class System(NamedTuple):
    """A system that is collected for: the file to double-click, tags of wheels that fit, and what markers
    of requirements say there.
    """

    start: str
    tags: tuple[str, ...]
    markers: dict[str, str]


def _mac(machine: str, *versions: str) -> System:
    markers = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
    tags = tuple(f"macosx_{version}_{machine}" for version in versions)
    return System("start_mac.command", tags, markers | {"platform_machine": machine})


WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
PLATFORMS = {
    "win_amd64": System(
        "start_windows.bat", ("win_amd64",), WINDOWS | {"platform_machine": "AMD64"}
    ),
    "macosx_arm64": _mac("arm64", "11_0", "12_0", "14_0"),
    "macosx_x86_64": _mac("x86_64", "10_13", "11_0", "12_0"),
    "this": System("start_mac.command", (), {}),
}
MOST_ROUNDS = 5  # of looking for what other systems need beside
PAGE = "docs/it_section.md"


def build_command(out: Path) -> list[str]:
    """The command that builds the wheel of this package."""
    return [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(out),
        str(ROOT),
    ]


def download_command(wanted: Sequence[str], out: Path, platform: str, python: str) -> list[str]:
    """The command that fetches wheels and all that they need, for another system than this one where
    one is named. Nothing is built there: wheels alone are taken.
    """
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--only-binary",
        ":all:",
        "--dest",
        str(out),
    ]
    for tag in PLATFORMS[platform].tags:
        command += ["--platform", tag]
    if platform != "this":
        command += ["--python-version", python, "--implementation", "cp"]
    return [*command, *wanted]


def lacking(wheels: Path, platform: str, python: str) -> list[str]:
    """What the wheels of a folder need on a system and is not there. Pip asks the markers of the machine
    that downloads, not of the one that installs.
    """
    there = {parse_wheel_filename(file.name)[0] for file in wheels.glob("*.whl")}
    known = PLATFORMS[platform].markers
    where = known | (
        {"python_version": python, "python_full_version": f"{python}.0"} if known else {}
    )
    found = set()
    for file in wheels.glob("*.whl"):
        for text in _requirements(file):
            one = Requirement(text)
            needed = one.marker is None or one.marker.evaluate(where | {"extra": ""})
            if needed and canonicalize_name(one.name) not in there:
                found.add(f"{one.name}{one.specifier}")
    return sorted(found)


def _requirements(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        said = email.message_from_bytes(archive.read(name))
    return said.get_all("Requires-Dist") or []


def fetch(wanted: Sequence[str], wheels: Path, platform: str, python: str) -> None:
    """Download wheels until nothing is lacking; ends where something cannot be had."""
    for _round in range(MOST_ROUNDS):
        subprocess.run(download_command(wanted, wheels, platform, python), check=True)
        wanted = lacking(wheels, platform, python)
        if not wanted:
            return
    sys.exit(f"cannot be had: {', '.join(wanted)}")


def collect(folder: Path, platform: str, python: str) -> list[Path]:
    """Fill a folder, which must not be there yet; returns its files."""
    if folder.exists():
        sys.exit(f"{folder} is there already; name another folder")
    with tempfile.TemporaryDirectory() as built:
        subprocess.run(build_command(Path(built)), check=True)
        (wheel,) = Path(built).glob("*.whl")
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        (part / "wheels").mkdir(parents=True)
        fetch([str(wheel)], part / "wheels", platform, python)
    shutil.copy(HERE / PLATFORMS[platform].start, part)
    shutil.copy(ROOT / PAGE, part / "README.md")
    (part / "version.txt").write_text(f"{wheel.name}\n{_digest(part / 'wheels' / wheel.name)}\n")
    part.rename(folder)
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect as the command line says, and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--platform", choices=PLATFORMS, default="win_amd64")
    parser.add_argument("--python", default="3.12", help="of the machine that installs")
    asked = parser.parse_args(arguments)
    files = collect(asked.folder, asked.platform, asked.python)
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"{asked.folder}: {len(files)} files, {size:.0f} MB")


if __name__ == "__main__":
    main()
