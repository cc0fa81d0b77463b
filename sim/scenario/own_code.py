"""The code of a user's own processes that a scenario brings.

A scenario file is data, but a process that it names is code. It is loaded only where the caller has
allowed that file. Its text goes with the scenario, so that it runs in other processes and on other
computers too, and is part of what names the results.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pydantic import Field

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.declared.own import own_columns, own_flows
from sim.files.locator import CODE
from sim.files.toml import Document, Folder, content_of, refusing, write_whole
from sim.files.user_cache import user_cache
from sim.towns.town import Record
from sim.words.errors import ScenarioError, fault, short, unknown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

WRITTEN = r"^(.*[/\\])?[A-Za-z_]\w*\.py:[A-Za-z_]\w*$"  # of a process, in a scenario file


class OwnProcess(Record):
    """A process of a user's own: the function of a file, and the text of the file as it was read.

    `after` is the process of the week that it follows; "" stands for the end of the week.
    """

    file: str = Field(pattern=r"^[A-Za-z_]\w*\.py$")
    function: str = Field(pattern=r"^[A-Za-z_]\w*$")
    after: str = ""
    code: str

    @property
    def digest(self) -> str:
        """The name of its code (32 hex digits)."""
        return digest_of(self.code)

    @property
    def name(self) -> str:
        """The name of its module, and of its parameters."""
        return self.file.removesuffix(CODE)


def brought(written: Sequence[str], document: Document, folder: Folder) -> tuple[OwnProcess, ...]:
    """Returns the processes that a scenario names ("mine.py:heat"), in their order; refuses a file
    that the caller has not allowed to run, and one that cannot be used.
    """
    found: list[OwnProcess] = []
    for place, one in enumerate(written):
        at, source = f"processes.{place}", document.source("processes")
        name, _, function = one.rpartition(":")
        beside = document.paths.get("processes") or next(reversed(document.paths.values()))
        file = folder.find(name, beside, at)
        if not folder.runs(file, name):
            raise refused_code(file.name, at, source, one, short(file), short(file))
        if any(other.function == function for other in found):
            raise fault("error.own_twice", at=at, file=source, given=one)
        found.append(_process(file, function, at, source))
    _check_declared(found, document)
    return tuple(found)


def refused_code(
    name: str, at: str, source: str, given: str, code: str, allow: str
) -> ScenarioError:
    """Returns the refusal of code that the caller has not allowed to run: where it can be read, and
    what to allow.
    """
    return fault("error.code", at=at, file=source, given=given, name=name, code=code, allow=allow)


def _process(file: Path, function: str, at: str, source: str) -> OwnProcess:
    process = OwnProcess(file=file.name, function=function, code=_text_of(file))
    try:
        module = module_of(process)
    except Exception as error:  # whatever the user's own code raises, or is no Python
        detail = f"{type(error).__name__}: {error}"
        raise fault("error.own_broken", at=at, file=short(file), detail=detail) from error
    functions = [name for name, one in vars(module).items() if callable(one) and name[0] != "_"]
    if not callable(getattr(module, function, None)):
        raise unknown("error.own_function", function, functions, at=at, file=short(file))
    after = getattr(module, "AFTER", "")
    after = after.get(function, "") if isinstance(after, dict) else after
    if not isinstance(after, str):
        raise fault("error.own_after", at="AFTER", file=short(file), given=after)
    return process.model_copy(update={"after": after})


def _check_declared(processes: Iterable[OwnProcess], document: Document) -> None:
    """Refuse modules whose parameters, columns or counters cannot be used."""
    modules = modules_of(processes)
    try:
        for module in modules:
            for name, one in getattr(module, "PARAMETERS", {}).items():
                if not isinstance(one, Parameter):
                    raise TypeError(f"PARAMETERS: {name!r}: declare it with par(...), not {one!r}")
        declared(modules), own_columns(modules), own_flows(modules)
    except (TypeError, ValueError, AttributeError) as error:
        file = document.source("processes")
        raise fault("error.own_declared", at="processes", file=file, detail=str(error)) from None


def modules_of(processes: Iterable[OwnProcess]) -> tuple[ModuleType, ...]:
    """Returns the modules of processes, each once."""
    return tuple(dict.fromkeys(map(module_of, processes)))


def module_of(process: OwnProcess) -> ModuleType:
    """Returns the module of a process; its code runs when it is first asked for."""
    return _loaded(process.name, process.code)


def digest_of(code: str) -> str:
    """Returns the name of a text (32 hex digits)."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


@cache
def _loaded(name: str, code: str) -> ModuleType:
    """Load a module from a copy of its code in the user's cache, where its kernels can be kept."""
    digest = digest_of(code)
    full = f"own_{digest}.{name}"
    spec = spec_from_file_location(full, _copy(Path(digest) / f"{name}{CODE}", code))
    assert spec is not None and spec.loader is not None
    module = sys.modules[full] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full]
        raise
    return module


def _copy(place: Path, code: str) -> Path:
    """Returns a file that holds the code, below the cache or, where that cannot be written, below
    the temporary folder.
    """
    for base in (
        user_cache(),
        Path(tempfile.gettempdir()) / f"municipal-support-sim-{os.getpid()}",
    ):
        file = base / "processes" / place
        try:
            with refusing(file):
                there = file.is_file() and file.read_bytes() == code.encode()
            if not there:
                write_whole(file, code, overwrite=True)
            return file
        except ScenarioError:
            continue
    raise OSError(f"{place.name}: neither the cache nor the temporary folder can be written")


def check_code(scenario: Scenario, allowed: Sequence[str | Path], source: str) -> None:
    """Refuse the processes of a scenario that comes out of a manifest, unless the caller allows
    them: by the name of the file, or by a file that holds the same code.
    """
    for place, one in enumerate(scenario.processes):
        at, given = f"processes.{place}", f"{one.file}:{one.function}"
        files = [Path(path) for path in allowed if Path(path).name == one.file]
        if not files:
            raise refused_code(one.file, at, source, given, source, one.file)
        other = [file for file in files if file.is_file() and _text_of(file) != one.code]
        if len(other) == len(files):
            raise fault("error.code_other", at=at, file=source, given=short(other[0]))


def _text_of(file: Path) -> str:
    try:
        return content_of(file).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise fault("error.encoding", file=short(file)) from None
