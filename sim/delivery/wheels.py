"""What a wheel needs on another machine, read from the wheels themselves.

`pip download --platform` takes the wheels of another system but decides by this one's markers what is
needed: for Windows, collected on Linux, `colorama` is left out. So the needs are worked out here
(https://packaging.python.org/en/latest/specifications/dependency-specifiers/).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OSI = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Machine:
    """A kind of machine: the tags of platform whose wheels it takes, and what markers read of it."""

    name: str
    tags: tuple[str, ...]
    markers: tuple[tuple[str, str], ...]

    def environment(self, version: str) -> dict[str, str]:
        """Returns what markers read there, with Python `version` (`3.12`, say)."""
        python = {"python_version": version, "python_full_version": f"{version}.0"}
        known = {name: str(value) for name, value in default_environment().items()}
        cpython = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
        return known | python | cpython | dict(self.markers)


def _machine(
    name: str, tags: tuple[str, ...], system: str, platform: str, kind: str, machine: str
) -> Machine:
    names = ("platform_system", "sys_platform", "os_name", "platform_machine")
    values = (system, platform, kind, machine)
    return Machine(name, tags, tuple(zip(names, values, strict=True)))


MACHINES = {
    one.name: one
    for one in (
        _machine("windows", ("win_amd64",), "Windows", "win32", "nt", "AMD64"),
        _machine("mac", ("macosx_14_0_arm64",), "Darwin", "darwin", "posix", "arm64"),
        _machine(
            "linux",
            tuple(f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 24, 17))
            + ("manylinux2014_x86_64",),
            "Linux",
            "linux",
            "posix",
            "x86_64",
        ),
    )
}


@dataclass(frozen=True)
class Wheel:
    """A wheel: its file, and what it says of itself."""

    file: Path
    says: Message

    @property
    def name(self) -> str:
        """Its name, as names are compared."""
        return canonicalize_name(self.says["Name"])

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.says["Version"])

    @property
    def licence(self) -> str:
        """Its licence in a line: the expression, else what its classifiers say, else the first line
        of what it writes.
        """
        if self.says["License-Expression"]:
            return str(self.says["License-Expression"])
        named = [one for one in self.says.get_all("Classifier", []) if one.startswith(OSI)]
        if named:
            return ", ".join(one.removeprefix(OSI) for one in named)
        return str(self.says["License"] or "").partition("\n")[0]

    def pin(self) -> str:
        """Returns its line in requirements.txt: this version, with this content."""
        digest = hashlib.sha256(self.file.read_bytes()).hexdigest()
        return f"{self.name}=={self.version} --hash=sha256:{digest}"


def read_wheel(file: Path) -> Wheel:
    """Returns the wheel in a file. Raises ValueError where it says nothing of itself."""
    with zipfile.ZipFile(file) as archive:
        named = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        if len(named) != 1:
            raise ValueError(f"{file.name} holds {len(named)} files METADATA")
        return Wheel(file, HeaderParser().parsestr(archive.read(named[0]).decode("utf-8")))


def needed_wheels(
    first: str, wheels: Iterable[Wheel], environment: dict[str, str]
) -> tuple[list[Wheel], list[str]]:
    """Returns the wheels that `first` needs in an environment, by name, and the requirements that
    none of the wheels meets.
    """
    there = {one.name: one for one in wheels}
    asked: dict[str, set[str]] = {canonicalize_name(first): set()}
    lacking: set[str] = set()
    waiting = [(canonicalize_name(first), "")]
    while waiting:
        name, extra = waiting.pop()
        for one in _requirements(there[name], environment | {"extra": extra}):
            needed = canonicalize_name(one.name)
            found = there.get(needed)
            if found is None or not one.specifier.contains(found.version, prereleases=True):
                lacking.add(_without_marker(one))
                continue
            new = {"", *one.extras} - asked.setdefault(needed, set())
            asked[needed] |= new
            waiting += [(needed, extra) for extra in sorted(new)]
    return [there[name] for name in sorted(asked)], sorted(lacking)


def _requirements(wheel: Wheel, environment: dict[str, str]) -> list[Requirement]:
    """What a wheel requires in an environment."""
    written = [Requirement(line) for line in wheel.says.get_all("Requires-Dist", [])]
    return [one for one in written if one.marker is None or one.marker.evaluate(environment)]


def _without_marker(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"
