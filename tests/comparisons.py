"""Small comparison files for tests."""

from __future__ import annotations

from pathlib import Path

from sim.cli import main as cli
from tests.scenario_files import PEOPLE

GROUND = 'town = "towns/trial.toml"\nyears = 2\nrun_in_weeks = 6\nseeds = 3\n'
THREE = """
reference = "waiting"
[[arms]]
id = "waiting"
name = {ja = "待つ", en = "Wait"}
[[arms]]
id = "outreach"
name = {ja = "出向く", en = "Go out"}
levers.outreach_worker = {fte = 1}
[[arms]]
id = "same"
name = {ja = "同じ", en = "The same"}
"""
CLAIM = """
[[claims]]
ja = "出向くと見えない世帯が減る"
en = "Outreach: fewer unseen"
arm = "outreach"
measure = "unseen"
direction = "lower"
by_year = 2
"""


def write(
    folder: Path,
    text: str = THREE,
    ground: str = GROUND,
    name: str = "trio.toml",
    population: int = 1200,
) -> Path:
    """A comparison file beside a tiny town."""
    (folder / "towns/trial.toml").write_text(
        PEOPLE.replace("10000", str(population)), encoding="utf-8"
    )
    (folder / name).write_text(ground + text, encoding="utf-8")
    return folder / name


def command(*arguments: object, workers: int = 1, parts: int | None = 0) -> int:
    """`sim compare`, its exit code; parts of bundles are not lived alone unless `parts` asks for it
    (None: as by default).
    """
    alone = [] if parts is None else ["--parts", str(parts)]
    return cli.main(["compare", *map(str, arguments), "--workers", str(workers), *alone])
