"""How long the main job lets its user wait: `python -m benchmarks.main_job [options of sim
compare]`, wall-clock seconds.

Lives the comparison in a fresh folder and tells when the first table stood on the screen, when all
cells were done, and when the report was. For equal cells give `--seeds` and `--years`; `--root`
measures another checkout, in the same way.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST = re.compile("First look")


def measure(root: Path, options: list[str]) -> dict[str, float]:
    """Seconds from the start to the first table, to the last cell (the summary on the screen), and
    to the end.
    """
    with tempfile.TemporaryDirectory() as folder:
        line = [
            sys.executable,
            "-u",
            "-m",
            "sim",
            "compare",
            *options,
            "--lang",
            "en",
            "--out",
            str(Path(folder) / "out"),
        ]
        start, found = time.monotonic(), {}
        running = subprocess.Popen(
            line,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        for text in running.stdout:
            now = time.monotonic() - start
            if FIRST.search(text):
                found.setdefault("first table", now)
            if "This is a model" in text:
                found.setdefault("simulated", now)
        if running.wait():
            raise RuntimeError(f"{' '.join(line)} ended with {running.returncode}")
        found["whole"] = time.monotonic() - start
    return found | {"report": found["whole"] - found.get("simulated", found["whole"])}


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.main_job", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the checkout to measure (this one)"
    )
    given, options = parser.parse_known_args()
    if not any(option.endswith(".toml") for option in options):
        options = ["scenarios/spirals.toml", *options]
    print(
        "| "
        + " | ".join(
            f"{name} {seconds:.1f} s" for name, seconds in measure(given.root, options).items()
        )
        + " |"
    )


if __name__ == "__main__":
    main()
