"""How far a command has come, noted in a file for whoever started it: the variable PROGRESS names the
file.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from sim.files.toml import write_whole

PROGRESS = "SIM_PROGRESS"
APART = 0.5  # seconds between notes


class ProgressNote:
    """Notes progress, at most twice a second; nothing where no file is named."""

    def __init__(self) -> None:
        self._file, self._last = os.environ.get(PROGRESS, ""), 0.0

    def write(self, title: str, done: float, of: float) -> None:
        """Note that `done` of `of` are done of what `title` names."""
        now = time.monotonic()
        if not self._file or (now - self._last < APART and done < of):
            return
        self._last = now
        content = {"title": title, "done": done, "of": of}
        try:
            write_whole(Path(self._file), json.dumps(content), overwrite=True)
        except (OSError, ValueError):
            self._file = ""  # whoever wanted to know has gone


def read_progress(file: Path) -> dict[str, Any]:
    """What was noted last; empty where nothing was."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
