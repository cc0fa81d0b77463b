"""Collects a folder that installs without a network: wheels of this package and of all it needs for one
system, the files to double-click, and the page for the IT section.

    python packaging/collect.py FOLDER --platform win_amd64 --python 3.12

It needs a network (or an index of one's own, as pip is set up) once; the folder needs none.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PLATFORMS = {  # the file to double-click, and the tags of wheels that fit
    "win_amd64": ("start_windows.bat", ("win_amd64",)),
    "macosx_arm64": (
        "start_mac.command",
        ("macosx_11_0_arm64", "macosx_12_0_arm64", "macosx_14_0_arm64"),
    ),
    "macosx_x86_64": (
        "start_mac.command",
        ("macosx_10_13_x86_64", "macosx_11_0_x86_64", "macosx_12_0_x86_64"),
    ),
    "this": ("start_mac.command", ()),
}
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


def download_command(wheel: Path, out: Path, platform: str, python: str) -> list[str]:
    """The command that fetches a wheel and all that it needs, for another system than this one where
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
    for tag in PLATFORMS[platform][1]:
        command += ["--platform", tag]
    if platform != "this":
        command += ["--python-version", python, "--implementation", "cp"]
    return [*command, str(wheel)]


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
        subprocess.run(download_command(wheel, part / "wheels", platform, python), check=True)
    shutil.copy(HERE / PLATFORMS[platform][0], part)
    shutil.copy(ROOT / PAGE, part / "README.md")
    (part / "version.txt").write_text(f"{wheel.name}\n{_digest(part / 'wheels' / wheel.name)}\n")
    part.rename(folder)
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _digest(file: Path) -> str:
    import hashlib

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
