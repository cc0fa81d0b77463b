"""The shipped worlds out of a finished match: `python -m benchmarks.studies.worlds results/match`.

From the sets that were not ruled out so many are taken by lot, in an order drawn by lot, with the
factor on the posts that each was simulated with. Beside the table stands how it was made.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.study.worlds import ABOUT, FILE, table_digest, write_worlds

COUNT, SEED = 200, 1


def made(results: Path, count: int = COUNT, file: Path = FILE) -> dict[str, Any]:
    """Write the table of worlds from the folder of a match; returns what is told of it."""
    kept, sets = (pd.read_parquet(results / f"{name}.parquet") for name in ("kept", "sets"))
    numbers = kept["set"].to_numpy()
    order = np.random.default_rng(SEED).permutation(numbers)[:count]
    file.unlink(missing_ok=True)
    write_worlds(kept, dict(zip(sets["set"], sets["posts"], strict=True)), map(int, order), file)
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    waves = sets.groupby("wave")["kept"].agg(["size", "sum"])
    told = {
        "sha256": table_digest(file),
        "worlds": len(order),
        "command": _without_place(manifest["command"]),
        "code": manifest["code"],
        "waves": [
            {"wave": int(wave), "tried": int(row["size"]), "kept": int(row["sum"])}
            for wave, row in waves.iterrows()
        ],
        "drawn by lot": {"seed": SEED, "of": len(numbers)},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (file.parent / ABOUT).write_text(text, encoding="utf-8")
    return told


def _without_place(command: list[str]) -> list[str]:
    """Returns a command without where it wrote, how many processes it had, and in which language."""
    aside = ("--out", "--workers", "--lang")
    return [
        word
        for before, word in zip(["", *command], command, strict=False)
        if before not in aside and word not in aside
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="folder of a finished match")
    parser.add_argument("--count", type=int, default=COUNT)
    given = parser.parse_args()
    print(json.dumps(made(given.results, given.count), ensure_ascii=False, indent=1))
