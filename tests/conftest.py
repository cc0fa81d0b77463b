"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario_files import PEOPLE, SCENARIO, WAITING


def pytest_configure(config: pytest.Config) -> None:
    """Compile the kernels once, before the workers of pytest-xdist would each do so."""
    if hasattr(config, "workerinput") or config.option.markexpr == "installed":
        return
    from sim.study.prepare import prepare
    from tests.laws import strong, strong_otherwise

    prepare([strong(), strong_otherwise()])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario folder with one town and the organisation that waits."""
    root = tmp_path / "scenarios"
    for name, text in {
        "towns/trial.toml": PEOPLE,
        "organisations/windows_that_wait.toml": WAITING,
        "x.toml": SCENARIO,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
