"""Whether the script that is running may start processes: each of them imports that script anew, calls and all."""

from __future__ import annotations

import ast
import sys
from types import FrameType

from ..words import say

TELLS_APART = (
    "__name__",
    "parent_process",
    "current_process",
)  # names by which a script tells itself from what it starts


class Unguarded(SystemExit):
    """Ends a script that would start itself again in every process; its message is the one sentence that the user sees."""


def check_main() -> None:
    """Raise Unguarded where the running script calls from outside `if __name__ == "__main__":`, or is standard input.

    A script that cannot be read (a notebook, a prompt, an embedded program) is let through.
    """
    frame = outermost(sys._getframe())
    if frame is None:
        return
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if file == "<stdin>":
        raise Unguarded(say("error.main_input"))
    try:
        with open(frame.f_code.co_filename, encoding="utf-8") as script:
            tree = ast.parse(script.read())
    except (OSError, SyntaxError, ValueError):
        return
    if file and not guarded(tree, frame.f_lineno):
        raise Unguarded(say("error.main_guard"))


def outermost(frame: FrameType | None) -> FrameType | None:
    """The frame of the script itself below `frame`; None where no script is at work."""
    found = None
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            found = frame
        frame = frame.f_back
    return found


def guarded(tree: ast.Module, line: int) -> bool:
    """Whether a line stands inside an `if` by which the script tells itself from the processes it starts."""
    around = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and node.lineno <= line <= (node.end_lineno or line)
    )
    return any(
        isinstance(part, (ast.Name, ast.Attribute))
        and getattr(part, "id", getattr(part, "attr", "")) in TELLS_APART
        for node in around
        for part in ast.walk(node.test)
    )
