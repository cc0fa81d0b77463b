"""The documents are true: written afresh they read the same, they leave nothing out, and what they tell a reader to run runs."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from sim import cli, records, state
from sim.experiment import calibrate
from sim.processes import WEEK
from sim.report import lessons, odd, odd_tables
from sim.scenario.levers import LEVERS
from sim.scenario.load import load
from sim.scenario.parameters import declared
from sim.scenario.scenario import MECHANISMS

ROOT = Path(__file__).parents[1]
DOCS, PROSE = ROOT / "docs", ROOT / "docs" / "prose"
REFRESH = f"refresh the documents with this one command:  {odd.COMMAND}"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
TABLES = (state.HOUSEHOLDS, state.NEEDS, state.RESIDENTS, state.TIES, state.WORKERS, state.AGENCIES, state.DISTRICTS)
WEEKLY = tuple(odd_tables.RECORDS.values())
RESIDENTS = 6000  # of the towns in which commands and examples run
OPTIONS = {"run": ["--no-figures", "--workers", "1"]}
PLANNED = {"compare", "report", "life", "lessons", "reproduce"}  # commands that a page may already name
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
COMMAND_LINE = re.compile(r"python -m sim(\.[\w.]+)?(?: ([^#`\n]*))?")
WORD = re.compile(r"(?<![\w./])[a-z]+(?:_[a-z0-9]+)+(?![\w(])")


@cache
def fresh() -> dict[str, str]:
    """Every generated document, written afresh."""
    return odd.documents()


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", odd.DOCUMENTS)
def test_documents_are_up_to_date(name):
    if text(DOCS / name) != fresh()[name]:
        pytest.fail(f"docs/{name} is not what code and prose give now; {REFRESH}", pytrace=False)


def missing(name: str, wanted: set[str]) -> list[str]:
    """What a document, written afresh, does not name in code letters."""
    found = set(re.findall(r"`([^`\n]+)`", fresh()[name]))
    return sorted(wanted - found)


def test_every_parameter_appears():
    assert not missing("parameters.md", {name.split(".")[1] for name in declared()})
    for group in {name.split(".")[0] for name in declared()}:
        assert f"(`{group}`)" in fresh()["parameters.md"]


def test_every_lever_and_setting_appears_with_its_cost():
    assert not missing("levers.md", set(LEVERS) | set(chain.from_iterable(kind.model_fields for kind in LEVERS.values())))
    assert "| ? |" not in fresh()["levers.md"], "docs/prose/levers.md: a setting has no entry in `costs`"


def test_every_column_appears():
    assert not missing("measures.md", set(chain.from_iterable(records.names(table) for table in WEEKLY)))
    assert not missing("model.md", set(chain.from_iterable(TABLES)))


def test_every_process_is_described():
    for name, _process in WEEK:
        page = PROSE / "submodels" / f"{name}.md"
        assert "**What would show it wrong.**" in text(page), f"{named(page)}: formulas, and what would show them wrong"
        assert f"### {name}\n" in fresh()["model.md"] and fresh()["week.md"].count(f". `{name}` ") == 2
    for gap in ("未記入", "not described yet"):
        assert gap not in fresh()["week.md"], "docs/prose/week.md: a process has no line"


def test_formulas_name_only_what_there_is():
    known = {name.split(".")[1] for name in declared()} | set(MECHANISMS) | set(LEVERS) | set(chain(*TABLES, *WEEKLY))
    known |= set(chain.from_iterable(kind.model_fields for kind in LEVERS.values())) | {"share_f", "share_g", "susceptibility_f"}
    levels = {f"{name}_level" for name in ("notice", "resolve", "recover", "seek")}
    assert {name.replace("_level", "_severe") for name in levels} <= known
    for page in sorted((PROSE / "submodels").glob("*.md")):
        prose = re.sub(r"\{\{.*?\}\}", "", text(page))
        unknown = set(WORD.findall(prose)) - known - levels
        assert not unknown, f"{named(page)} names {sorted(unknown)}: no parameter, column, lever or mechanism is called so"


def test_writing_is_all_or_nothing(tmp_path):
    odd.write({"a.md": "old\n"}, tmp_path)
    with pytest.raises(TypeError):
        odd.write({"a.md": "new\n", "b.md": None}, tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.md": "old\n"}


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can point to, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_resolve(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text(page))):
        file, _, anchor = target.partition("#")
        if file.startswith(("http://", "https://")):
            continue
        goal = (page.parent / file).resolve() if file else page
        assert goal.exists(), f"{named(page)}: {target}"
        assert not anchor or anchor in anchors(goal), f"{named(page)}: {target}; there are {', '.join(sorted(anchors(goal)))}"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A folder like the project's, with small towns and a single year."""
    folder = tmp_path_factory.mktemp("project")
    for file in (ROOT / "scenarios").rglob("*.toml"):
        copy = folder / "scenarios" / file.relative_to(ROOT / "scenarios")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(shrunk(file.read_text(encoding="utf-8")), encoding="utf-8")
    base = folder / "scenarios" / "base.toml"
    base.write_text("seeds = 1\nrun_in_weeks = 8\n" + base.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def shrunk(toml: str) -> str:
    """The text of a scenario, a town or an organisation for about RESIDENTS people and one year."""
    small_town = re.sub(r"^population = [\d_]+", f"population = {RESIDENTS}", toml, flags=re.MULTILINE)
    return re.sub(r"^years = \d+", "years = 1", small_town, flags=re.MULTILINE)


@pytest.fixture
def there(small, monkeypatch) -> Path:
    """The small folder as the place in which commands and examples run."""
    monkeypatch.chdir(small)
    monkeypatch.syspath_prepend(str(small))
    return small


class Keyboard(io.StringIO):
    """A terminal at which somebody presses Enter at every question."""

    def __init__(self):
        super().__init__("\n" * 20)

    def isatty(self) -> bool:
        return True


def command_lines() -> list[tuple[str, str, str]]:
    """(page, module below sim, arguments) of every `python -m sim...` line on the pages, each once; PowerShell lines apart."""
    found: dict[tuple[str, str], str] = {}
    for page in PAGES:
        for module, arguments in COMMAND_LINE.findall(re.sub(r"```powershell.*?```", "", text(page), flags=re.DOTALL)):
            found.setdefault((module, arguments.strip()), named(page))
    return [(page, module, arguments) for (module, arguments), page in found.items()]


@pytest.mark.parametrize(("page", "module", "arguments"), command_lines())
def test_commands_run(page, module, arguments, there, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Keyboard())
    if module == ".report.odd":
        assert odd.main([*arguments.split(), str(there / "docs")]) == 0
        return
    if module == ".report.lessons":  # what `--run` lives takes minutes: that it takes these options is all that is tried of it
        given = lessons.options().parse_args(arguments.split())
        assert given.run is not None or lessons.main(["--docs", str(there / "docs")]) == 0
        return
    if module == ".experiment.calibrate":  # takes minutes: that it takes these options is all that is tried here
        assert calibrate.options().parse_args([word for word in arguments.split() if word.startswith("--")])
        return
    assert module == "" and arguments, f"{page}: python -m sim{module} {arguments}"
    name, *rest = arguments.split()
    if name not in cli.COMMANDS and name in PLANNED:
        pytest.skip(f"{page} names the command {name}, which is not there yet")
    code = cli.main([name, *rest, *OPTIONS.get(name, [])])
    said = capsys.readouterr()
    assert code == 0 and (said.out or said.err), f"{page}: python -m sim {arguments}\n{said.err}"


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in text(page)], ids=named)
def test_python_examples_run(page, there):
    """Blocks of a page run in order and share their names; a block that begins with the name of a file is written to it."""
    names: dict[str, object] = {}
    for code in (body for language, body in FENCE.findall(text(page)) if language == "python"):
        file = re.match(r"# (\w+\.py)\n", code)
        if file:
            (there / file[1]).write_text(code, encoding="utf-8")
        else:
            exec(compile(code, named(page), "exec"), names)


def tomls() -> list[tuple[str, str]]:
    return [(named(page), body) for page in PAGES for language, body in FENCE.findall(text(page)) if language == "toml"]


@pytest.mark.parametrize(("page", "body"), tomls())
def test_scenarios_on_the_pages_load(page, body, there):
    file = there / "scenarios" / "on_a_page.toml"
    file.write_text(body, encoding="utf-8")
    scenario = load(file, overrides={"years": 10})
    assert {step.lever for step in scenario.steps} >= set(tomllib.loads(body).get("levers", {}))
    assert np.isfinite(list(scenario.parameters.values())).all()
