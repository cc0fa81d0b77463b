"""The package as users get it: built, installed in new environments in empty folders, and run there
as the pages tell.

Needs a network for pip, and minutes: the test command leaves these tests out. Run them with
`python -m pytest -m installed`; `.ci/run` runs them without the extras and the oldest versions.
A page is not only asked for but opened in Chromium where there is one.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from sybil import Example

from tests import page_examples, page_in_browser
from tests.test_docs import COMMAND_LINE, DOCS, few, peopled, written_small

pytestmark = pytest.mark.installed
ROOT = Path(__file__).parents[1]
PARTS = (".ci", "benchmarks", "docs", "notebooks", "scenarios", "sim", "tests")
SHIPPED = {
    file.relative_to(ROOT).as_posix()
    for file in (ROOT / "scenarios").rglob("*.*")
    if file.is_file() and file.suffix != ".pyc"
}
SOURCES = {
    file.relative_to(ROOT).as_posix()
    for file in (ROOT / "sim").rglob("*.*")
    if file.suffix != ".pyc"
}
VILLAGERS = 1500
PROGRAMS = [
    (page_examples.SCRIPT.match(body)[1], body)
    for body in page_examples.bodies(DOCS / "extras.md", "python")
]
EXTRAS = dict(zip(("viz", "analysis", "cluster"), PROGRAMS, strict=True))


def ran(*command: object, folder: Path, **environment: str) -> str:
    """What a command printed in a folder, in an environment that knows nothing of this checkout; it
    must succeed.
    """
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    words = [*map(str, command)]
    done = subprocess.run(
        words, cwd=folder, env=plain | environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, (
        f"{shlex.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    )
    return done.stdout


def environment(folder: Path, *wanted: object, under: Path | None = None) -> Path:
    """The Python of a new environment with what is wanted; it sees the packages of the environment
    `under`, if one is given.
    """
    ran(sys.executable, "-m", "venv", folder, folder=folder.parent)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if under is not None:
        site, below = (
            ran(one, "-c", "import site; print(site.getsitepackages()[-1])", folder=folder).strip()
            for one in (python, under)
        )
        (Path(site) / "under.pth").write_text(f"{below}\n", encoding="utf-8")
    ran(python, "-m", "pip", "install", "--quiet", *wanted, folder=folder)
    return python


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A clean copy of the project's files: building leaves folders behind."""
    copy = tmp_path_factory.mktemp("project")
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, copy)
    return copy


@pytest.fixture(scope="module")
def built(project, tmp_path_factory) -> dict[str, Path]:
    """The sdist, the wheel made of it, and the wheel made of the project."""
    out = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "build", "--outdir", out / "through", project, folder=out)
    ran(sys.executable, "-m", "build", "--wheel", "--outdir", out / "direct", project, folder=out)
    found = {"sdist": "through/*.tar.gz", "wheel": "through/*.whl", "direct": "direct/*.whl"}
    return {name: next(out.glob(pattern)) for name, pattern in found.items()}


@pytest.fixture(scope="module")
def python(built, tmp_path_factory) -> Path:
    """The Python of an environment that holds the wheel and nothing else."""
    return environment(
        tmp_path_factory.mktemp("plain") / "env", "-c", ROOT / "constraints.txt", built["wheel"]
    )


@pytest.fixture(scope="module")
def village(python, tmp_path_factory) -> Path:
    """A folder with a copy of the installed package whose towns are small, with short run-ins, so
    that commands take seconds.
    """
    folder = tmp_path_factory.mktemp("village")
    installed = Path(ran(python, "-c", "import sim; print(sim.__path__[0])", folder=folder).strip())
    assert ROOT not in installed.parents
    shutil.copytree(installed, folder / "sim")
    for file in (folder / "sim" / "scenarios").rglob("*.toml"):
        file.write_text(peopled(file.read_text(encoding="utf-8"), VILLAGERS), encoding="utf-8")
    base = folder / "sim" / "scenarios" / "base.toml"
    base.write_text("run_in_weeks = 8\n" + base.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture
def sim(python, village, tmp_path) -> Callable[..., str]:
    """Runs the installed package with small towns in an empty folder."""

    def run(*words: str) -> str:
        given = words if words[0] == "-c" else ("-m", "sim", "--lang", "en", *words)
        return ran(python, *given, folder=tmp_path, PYTHONPATH=str(village))

    return run


def test_what_ships_is_in_the_sdist_and_in_both_wheels(built):
    names = {name: set(zipfile.ZipFile(built[name]).namelist()) for name in ("wheel", "direct")}
    assert names["wheel"] == names["direct"] >= {f"sim/{name}" for name in SHIPPED} | SOURCES
    assert "sim/py.typed" in SOURCES
    assert not {
        name for name in names["wheel"] if not name.startswith(("sim/", "municipal_support_sim-"))
    }
    with tarfile.open(built["sdist"]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert inside >= SHIPPED | SOURCES | {
        "README.md",
        "CHANGELOG.md",
        "constraints.txt",
        ".ci/run",
        "docs/tutorial.md",
    }


def test_the_pages_are_written_from_the_wheel(sim, tmp_path):
    assert "README.md" in sim("documents", "pages")
    assert {"model.md", "how_to.md"} <= {file.name for file in (tmp_path / "pages").iterdir()}


def test_the_main_command_of_the_readme_runs_from_the_wheel_in_an_empty_folder(python, tmp_path):
    line = re.search(r"-m sim (compare \S+)", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
    said = ran(
        python,
        "-m",
        "sim",
        *line.split(),
        "--seeds",
        "2",
        "--years",
        "1",
        "--lang",
        "both",
        "--figures",
        folder=tmp_path,
    )
    assert "Comprehensive" in said or "包括" in said
    made = {file.name for file in (tmp_path / "results" / "spirals").iterdir()}
    assert made >= {
        "report.ja.html",
        "report.en.html",
        "tables.ja.xlsx",
        "manifest.json",
        "differences.csv",
        "figures",
    }
    assert {file.name for file in tmp_path.iterdir()} == {"results"}


def test_commands_take_names_in_an_empty_folder(sim, tmp_path):
    for words in ("check kaga", "check spirals", "lessons", "lessons --show x01", "parameters"):
        assert sim(*words.split(), "--lang", "en")
    assert "kaga" in sim("towns") and not any(tmp_path.iterdir())
    (tmp_path / "mine.toml").write_text('extends = "kaga.toml"\nyears = 1\n', encoding="utf-8")
    sim("run", "mine", "--seeds", "1", "--workers", "1", "--no-figures", "-q")
    assert "identical" in sim("reproduce", "results/mine/manifest.json", "--lang", "en")
    assert sim("search", "search_kaga", "--check")  # in the worlds that ship


@pytest.mark.parametrize("page", ["tutorial.md", "how_to.md"])
def test_stories_run_from_the_wheel_in_an_empty_folder(page, sim, tmp_path):
    """The files of a page are written and its commands run in its order, with few seeds and
    years.
    """

    def commands(block: Example) -> None:
        for _, arguments in COMMAND_LINE.findall(block.parsed):
            name, *rest = shlex.split(arguments)
            if "--cluster" not in rest:
                less = few(name, rest) + (["--no-report"] if name == "compare" else [])
                sim(name, *rest, *less)

    page_examples.run(DOCS / page, toml=partial(written_small, tmp_path), bash=commands)
    sim("-c", "\n".join(page_examples.bodies(DOCS / page, "python")))  # they share their names


@pytest.fixture
def extra(request, python, built, village, tmp_path) -> Callable[..., list[object]]:
    """A command line of an environment with one extra alone above the plain one: words, and the
    file that its page has.
    """
    wanted = f"municipal-support-sim[{request.param}] @ {built['wheel'].as_uri()}"
    found = environment(tmp_path / "env", "-c", ROOT / "constraints.txt", wanted, under=python)
    file, body = EXTRAS[request.param]
    (tmp_path / file).write_text(body, encoding="utf-8")
    return lambda *words: [found, *words, file]


@pytest.mark.parametrize("extra", ["analysis", "cluster"], indirect=True)
def test_an_extra_does_what_its_page_says(extra, village, tmp_path):
    assert len(ran(*extra(), folder=tmp_path, PYTHONPATH=str(village)).splitlines()) > 3


@pytest.mark.parametrize("extra", ["viz"], indirect=True)
def test_mesas_page_opens_without_a_network(extra, village, tmp_path):
    """Every file that the page links comes from its own server, and nothing else is asked for; a
    browser steps the town.
    """
    with page_in_browser.served(
        extra("-m", "solara", "run"), tmp_path, PYTHONPATH=str(village)
    ) as address:
        page_in_browser.check_links(address)
        if browser := page_in_browser.chromium():
            text, asked = page_in_browser.stepped(browser, address)
            assert "Step: 1" in text, text
            assert all(url.startswith((address, "data:", "blob:")) for url in asked), asked


def floors() -> list[str]:
    """The oldest versions that pyproject.toml allows of what the package needs."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    limits = ((one.name, limit) for one in map(Requirement, wanted) for limit in one.specifier)
    return [f"{name}=={limit.version}" for name, limit in limits if limit.operator == ">="]


@pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="the oldest versions are not built for newer Pythons"
)
def test_the_oldest_versions_that_are_allowed_run(built, village, tmp_path):
    """Each dependency at its floor does its part: tables, figures in Japanese, workbooks, reports,
    screens, a run again.
    """
    pins = tmp_path / "floors.txt"
    pins.write_text("\n".join(floors()), encoding="utf-8")
    oldest = environment(tmp_path / "env", "-c", pins, built["wheel"])
    kept = set(
        ran(oldest, "-m", "pip", "freeze", folder=tmp_path).lower().replace("_", "-").splitlines()
    )
    assert {pin.lower() for pin in floors()} <= kept

    def sim(*words: str) -> str:
        return ran(oldest, "-m", "sim", *words, folder=tmp_path, PYTHONPATH=str(village))

    for words in ("--help", "compare --help", "towns", "parameters", "check spirals", "lessons"):
        assert sim(*words.split())
    whole = ("--lang", "both", "--figures")
    sim(
        "compare", "pairs/x01", "--seeds", "4", "--years", "2", "--workers", "1", "--ledger", *whole
    )
    sim("report", "results/x01", "--discount", "0.04", *whole)
    assert "identical" in sim("reproduce", "results/x01", "--lang", "en")
    sim("run", "kaga", "--seeds", "2", "--years", "1", "--workers", "1")
    sim("life", "pairs/x01", "--years", "1", "--out", "results/life")
    made = {file.name for file in (tmp_path / "results" / "x01").iterdir()}
    assert made >= {
        "report.ja.html",
        "report.en.html",
        "tables.ja.xlsx",
        "differences.parquet",
        "figures",
        "ledger.csv",
    }
