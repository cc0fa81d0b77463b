"""Where this program keeps what it can make again: a folder of the user's."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

CACHE_VARIABLE = "SIM_CACHE_DIR"
NAME = "municipal-support-sim"


def user_cache() -> Path:
    """Returns the folder for caches as each system has it; below the temporary folder where a user
    has no home.
    """
    given = os.environ.get(CACHE_VARIABLE) or os.environ.get("XDG_CACHE_HOME")
    if given:
        return Path(given) / NAME
    try:
        home = Path.home()
    except RuntimeError:
        return Path(tempfile.gettempdir()) / NAME
    if home == Path(home.anchor):  # HOME is empty
        return Path(tempfile.gettempdir()) / NAME
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home)) / NAME
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / NAME
