"""What stands at a path: a plain file that can be read, or a refusal that says why not."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..words import Phrase
from .bounded import MOST_BYTES
from .errors import NOTHING, ScenarioError, fault, short

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
    """Whatever is wrong with a path becomes a refusal: NUL, too long, a link to itself, no permission."""
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
    """The bytes of a plain file of bounded size; FileNotFoundError where there is none, a refusal for anything else."""
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
