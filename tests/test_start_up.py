"""What a process loads before it can work: workers and the help of the command line stay without
what they do not use.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import finished

ROOT = Path(__file__).parents[1]
SLOW = ("mesa", "matplotlib", "scipy.stats")  # what takes a second to load
WORKER = """
import sys
from pathlib import Path

from sim.study.cells import Cell, Chunk, simulate_chunk
from sim.scenario.arms import read_comparison

cell = Cell(read_comparison([Path(sys.argv[1])]).base, 1)
outcome, = simulate_chunk(Chunk((cell,), None))
assert outcome.tables, outcome.error
print(*sys.modules)
"""


def loaded(*line: str) -> set[str]:
    """The modules that a fresh Python has loaded at its end, as it prints them last."""
    done = subprocess.run(
        [sys.executable, *line],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_a_worker_lives_a_cell_without_what_only_others_need(tmp_path):
    assert not loaded("-c", WORKER, str(finished.scenarios(tmp_path))).intersection(SLOW)


def test_the_help_loads_nothing_that_only_computing_needs():
    code = (
        "import sys; from sim.cli.main import main; main(['--help']); print(); print(*sys.modules)"
    )
    assert not loaded("-c", code).intersection({*SLOW, "pandas", "scipy", "pyarrow"})


def test_the_process_of_a_town_on_the_desk_loads_neither_mesa_nor_figures():
    code = "import sys, sim.desk.town_process; print(*sys.modules)"
    assert not loaded("-c", code).intersection({*SLOW, "starlette", "uvicorn"})
