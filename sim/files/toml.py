"""TOML files of a scenario: read, kept inside the scenario folder, laid over one another along
`extends`.
"""

from __future__ import annotations

import datetime
import errno
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.files.bounds import MOST_BYTES, check_bounded, check_text
from sim.files.locator import CODE, FOLDER, SHELVES, SHIPPED, SUFFIX, meanings
from sim.words import Phrase
from sim.words.errors import NOTHING, ScenarioError, fault, nearest, short

REASONS = {
    errno.ELOOP: "path.circle",
    errno.ENAMETOOLONG: "path.too_long",
    errno.EACCES: "path.permission",
    errno.EPERM: "path.permission",
    errno.ENOSPC: "path.full",
    errno.EROFS: "path.read_only",
    errno.ENOENT: "path.missing",
    errno.ENOTDIR: "path.missing",
    errno.EISDIR: "path.folder",
    errno.EEXIST: "path.exists",
}


def reason(error: Exception) -> Phrase:
    """Why a path cannot be used, in words; what the system says where there are no words for it."""
    if isinstance(error, OSError):
        key = REASONS.get(error.errno or 0)
        return (
            Phrase(key) if key else Phrase("path.other", {"detail": error.strerror or str(error)})
        )
    return Phrase("path.circle" if isinstance(error, RuntimeError) else "path.letters")


@contextmanager
def refusing(path: str | Path, *, at: str = "", given: Any = NOTHING) -> Iterator[None]:
    """Whatever is wrong with a path becomes a refusal: NUL, too long, a link to itself, no
    permission.
    """
    try:
        yield
    except ScenarioError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        raise fault(
            "error.path", at=at, file=short(path), given=given, detail=reason(error)
        ) from None


def resolved(path: str | Path) -> Path:
    """The path with all links followed."""
    with refusing(path):
        return Path(path).resolve()


def content_of(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a plain file of bounded size; FileNotFoundError where there is none, a refusal
    for anything else.
    """
    file = short(path)
    with refusing(path):
        try:
            mode = path.stat().st_mode
            if stat.S_ISDIR(mode):
                raise fault("error.directory", file=file)
            if not stat.S_ISREG(mode):
                raise fault("error.no_plain_file", file=file)
            with path.open("rb") as opened:
                content = opened.read(most + 1)
        except (FileNotFoundError, NotADirectoryError):
            content = None
    if content is None:
        raise FileNotFoundError(file)
    if len(content) > most:
        raise fault(
            "error.too_large", file=file, allowed=Phrase("allowed.bytes", {"most": f"{most:,}"})
        )
    return content


MEANT = (
    dict.fromkeys("“”„‟〝〞″", '"')
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("\u3000\u00a0\u2003\u2002", " ")
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
# What may hold any letter: a comment, a string of several lines, a string of one line.
HOLDS_ANY = re.compile(
    r"""#[^\n]*|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}.*?'{3}|"(?:\\[^\n]|[^"\\\n])*"|'[^'\n]*'""",
    re.DOTALL,
)


class Found(NamedTuple):
    """A letter out of place: line and column from 1, the letter, and the one that is meant (""
    where none is).
    """

    line: int
    column: int
    letter: str
    meant: str


def meant_by(letter: str) -> str | None:
    """The plain letter that a look-alike stands for; None where it is none."""
    if letter in INVISIBLE:
        return ""
    plain = MEANT.get(letter) or (
        unicodedata.normalize("NFKC", letter) if letter > "\x7f" else letter
    )
    return plain if plain != letter and plain.isascii() and len(plain) == 1 else None


def _first_look_alike(text: str) -> Found | None:
    """The first look-alike that stands outside strings and comments, or None."""
    covered = HOLDS_ANY.sub(lambda held: re.sub(r"[^\n]", "x", held[0]), text)
    for place, letter in enumerate(covered):
        meant = meant_by(letter) if letter > "\x7f" else None
        if meant is not None:
            line = covered.count("\n", 0, place)
            return Found(line + 1, place - (covered.rfind("\n", 0, place) + 1) + 1, letter, meant)
    return None


def _refusal(text: str, detail: str, file: str) -> ScenarioError:
    """The refusal of text that is no TOML: the look-alike that spoils it, else the line where
    reading stopped (`detail` says).
    """
    found = _first_look_alike(text.replace("\r\n", "\n"))
    if found is not None:
        given = Phrase(
            "toml.letter", {"letter": found.letter, "code": f"U+{ord(found.letter):04X}"}
        )
        meant = {" ": Phrase("toml.space"), "": Phrase("toml.nothing")}.get(
            found.meant, found.meant
        )
        return fault(
            "error.lookalike",
            file=file,
            line=found.line,
            column=found.column,
            given=given,
            allowed=meant,
        )
    place = re.search(r"line (\d+), column (\d+)", detail)
    if not place:
        return fault("error.toml", file=file, place="")
    where = Phrase("toml.place", {"line": place[1], "column": place[2]})
    line = text.split("\n")[int(place[1]) - 1].strip()
    if written := DATE.search(line):
        key = "error.date_form" if _is_date(*map(int, written.groups())) else "error.no_such_date"
        date = written[0].strip("= ")
        return fault(key, file=file, place=where, given=date, allowed="2026-04-01")
    return fault("error.toml", file=file, place=where, given=line)


DATE = re.compile(r"= *(\d{4})-(\d{1,2})-(\d{1,2})\b")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(datetime.date(year, month, day))
    except ValueError:
        return False


MOST_FILES = 20  # that extend one another
OWN = (
    "extends",
    "name",
    "question",
    "packs",
    "guidebook",
    "claims",
    "search",
    "map",
)  # not handed on to files that extend this one


@dataclass(frozen=True)
class Folder:
    """Where a scenario's files may lie: its root, whether leaving it is meant, and which files of
    code may run.
    """

    root: Path
    allow_outside: bool = False
    allow_code: tuple[str | Path, ...] = ()

    def find(self, written: Any, beside: Path, key: str, shelf: str = "") -> Path:
        """The file that `written` at `key` of the file `beside` means: next to it, in the root, or
        among those that ship.

        A bare name may stand on the `shelf` (that of the key if none is given). A file means itself
        only where there is no other of the name, so that a user's kaga.toml may extend the
        kaga.toml that ships.
        """
        here = short(beside)
        if not isinstance(written, str):
            raise fault(
                "error.type", at=key, file=here, given=written, allowed=Phrase("allowed.text")
            )
        with refusing(beside, at=key, given=written):
            return self._found(
                meanings(written, shelf or SHELVES.get(key, "")), written, beside, key
            )

    def _found(self, names: Iterable[str], written: str, beside: Path, key: str) -> Path:
        here = short(beside)
        tried = [
            (base / name).resolve()
            for name in names
            for base in (beside.parent, self.root, SHIPPED)
        ]
        if not self.allow_outside and (
            Path(written).is_absolute() or not any(self.holds(path) for path in tried)
        ):
            raise fault("error.outside", at=key, file=here, given=written)
        found = [path for path in tried if path.is_file()]
        allowed = [path for path in found if self.allow_outside or self.holds(path)]
        if allowed:
            return next((path for path in allowed if path != beside.resolve()), allowed[0])
        if found:
            raise fault("error.outside", at=key, file=here, given=written)
        raise fault(
            "error.not_found", at=key, file=here, given=written, near=self.nearest(written, tried)
        )

    def holds(self, path: Path) -> bool:
        """Whether a resolved path lies in the root or among the scenarios that ship."""
        return path.is_relative_to(self.root) or path.is_relative_to(SHIPPED)

    def runs(self, file: Path, written: str) -> bool:
        """Whether the caller lets a file of code run: by its path or, where there is no file of
        that path, by what the scenario writes.
        """
        return any(
            Path(given).resolve() == file if Path(given).exists() else str(given) == written
            for given in self.allow_code
        )

    def nearest(self, written: str, tried: list[Path]) -> str:
        """The name of a file that does exist and looks like the one written."""
        folder = str(Path(written).parent)
        suffix = next((kind for kind in (SUFFIX, CODE) if written.endswith(kind)), "")
        kind = suffix or SUFFIX
        folders = dict.fromkeys(
            path.parent for path in tried if path.parent.is_dir() and self.holds(path)
        )
        names = {file.stem for parent in folders for file in parent.glob(f"*{kind}")}
        name = nearest(Path(written).name.removesuffix(kind), sorted(names))
        return name and (name if folder == "." else f"{folder}/{name}") + suffix


def folder_of(path: Path, allow_outside: bool, allow_code: Sequence[str | Path] = ()) -> Folder:
    """The scenario folder of a file: the nearest folder named `scenarios` above it, else its
    own.
    """
    path = resolved(path)
    named = [parent for parent in path.parents if parent.name == FOLDER]
    return Folder(named[0] if named else path.parent, allow_outside, tuple(allow_code))


def read_toml(path: Path) -> dict[str, Any]:
    """The content of one file, bounded, every number finite; refuses what is no readable, non-empty
    TOML file in UTF-8.
    """
    file = short(path)
    try:
        text = content_of(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise fault(
            "error.not_found", file=file, near=nearest(path.name, neighbours(path))
        ) from None
    except UnicodeDecodeError:
        raise fault("error.encoding", file=file) from None
    check_text(text, file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(text, str(error), file) from None
    except RecursionError:
        raise fault("error.too_deep", file=file) from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise fault("error.digits", file=file, allowed=Phrase("allowed.digits")) from None
    if not document:
        raise fault("error.empty", file=file)
    check_bounded(document, file)
    return document


def neighbours(path: Path) -> list[str]:
    """The names of the TOML files beside a path; none where its folder cannot be read."""
    try:
        return sorted(other.name for other in path.parent.glob("*.toml"))
    except OSError:
        return []


def leaves(value: Any, key: str = "", into_lists: bool = True) -> Iterator[tuple[str, Any]]:
    """Every value of a document with its dotted key."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if into_lists and isinstance(value, list)
        else None
    )
    if inside is None:
        yield key, value
        return
    for name, part in inside:
        yield from leaves(part, f"{key}.{name}" if key else str(name), into_lists)


@dataclass
class Document:
    """Files laid over one another: the values, and for each the file it came from."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    tables: dict[str, str] = field(
        default_factory=dict
    )  # the file that gave a part of a table last

    def lay(self, values: dict[str, Any], source: str, path: Path) -> None:
        """Lay a file over what is there: tables are merged, everything else is replaced."""
        for name in OWN:
            self.forget(name)
        merge(self.values, values)
        for key, _ in leaves(values, into_lists=False):
            self.sources[key], self.paths[key] = source, path
        standing = {key for key, _ in leaves(self.values, into_lists=False)}
        self.sources = {key: source for key, source in self.sources.items() if key in standing}
        self.tables = {
            table: source for key, source in self.sources.items() for table in tables_above(key)
        }

    def forget(self, name: str) -> None:
        """Drop a setting that belongs to one file alone."""
        self.values.pop(name, None)
        for known in (self.sources, self.tables):
            for key in [key for key in known if key == name or key.startswith(name + ".")]:
                del known[key]

    def at(self, key: str, otherwise: Any) -> Any:
        """What a file holds at a dotted key, as it is written; `otherwise` where none does."""
        found: Any = self.values
        for part in key.split("."):
            try:
                found = found[int(part) if isinstance(found, list) else part]
            except (LookupError, TypeError, ValueError):
                return otherwise
        return found

    def source(self, key: str) -> str:
        """The file that gave `key`, or the part of it that is nearest; the last file laid where
        none did.
        """
        while key:
            if key in self.sources:
                return self.sources[key]
            if key in self.tables:
                return self.tables[key]
            key = key.rpartition(".")[0]
        last = next(reversed(self.paths.values()), None)
        return next(reversed(self.sources.values()), "" if last is None else short(last))


def tables_above(key: str) -> Iterator[str]:
    """The dotted keys of the tables that a setting stands in."""
    while key := key.rpartition(".")[0]:
        yield key


def merge(under: dict[str, Any], over: dict[str, Any]) -> None:
    """Lay `over` on `under`: tables key by key, anything else as a whole."""
    for name, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(name), dict):
            merge(under[name], value)
        else:
            under[name] = copied(value)


def copied(value: Any) -> Any:
    """A copy of tables and lists, so that no file's content is shared."""
    if isinstance(value, dict):
        return {name: copied(part) for name, part in value.items()}
    return [copied(part) for part in value] if isinstance(value, list) else value


def read_chain(path: Path, folder: Folder) -> list[tuple[Path, dict[str, Any]]]:
    """A file and all it extends, the furthest ancestor first; refuses circles."""
    chain: list[tuple[Path, dict[str, Any]]] = []
    seen: list[Path] = []
    while True:
        if path.resolve() in seen:
            raise fault(
                "error.cycle",
                at="extends",
                file=short(chain[0][0]),
                given=" -> ".join(file.name for file in [*seen[::1], path]),
            )
        seen.append(path.resolve())
        if len(seen) > MOST_FILES:
            raise fault(
                "error.too_many_files",
                at="extends",
                file=short(chain[-1][0]),
                allowed=Phrase("allowed.at_most", {"high": MOST_FILES}),
            )
        values = read_toml(path)
        chain.insert(0, (path, values))
        if "extends" not in values:
            return chain
        path = folder.find(values["extends"], path, "extends")


def write_whole(path: Path, text: str, *, overwrite: bool = False, encoding: str = "utf-8") -> None:
    """Write a text as a file so that it never stands half-written under its name; refuses to
    replace one unless `overwrite`.
    """
    write_whole_bytes(path, text.encode(encoding), overwrite=overwrite)


def write_whole_bytes(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file so that it never stands half-written under its name, in a folder that is made
    where there is none; refuses to replace one unless `overwrite`.
    """
    file = short(path)
    with refusing(path):
        if path.is_dir():
            raise fault("error.directory_out", file=file)
        if path.exists() and not overwrite:
            raise fault("error.exists", file=file)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise fault("error.unwritable", file=file, detail=reason(error)) from None
    finally:
        if part.exists():
            part.unlink()
