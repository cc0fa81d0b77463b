"""The documents are true: written afresh they read the same, they leave nothing out, and what they
tell a reader to run runs.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from sybil import Example
from typer.main import get_command

from sim import compare
from sim.cli import documents
from sim.cli import main as cli
from sim.cli.comparison_output import Written
from sim.declared import declared, records
from sim.declared.levers import LEVERS
from sim.declared.tables import Agencies, Districts, Households, Needs, Residents, Ties, Workers
from sim.lessons import page as lessons
from sim.model.processes import WEEK
from sim.report.reference import documents as odd
from sim.report.reference import tables as odd_tables
from sim.report.text import claims
from sim.scenario.arms import read_comparison
from sim.scenario.load import load
from sim.scenario.scenario import MECHANISMS
from sim.study import calibrate
from sim.study.life import ledger_tables
from sim.study.result import FAILED
from tests import page_examples
from tests.page_examples import DOCS, bodies, file_of, fresh, python_or_module, text

ROOT = Path(__file__).parents[1]
PROSE = DOCS / "prose"
REFRESH = f"refresh the documents with this one command:  {odd.COMMAND}"
PAGES = [
    ROOT / "README.md",
    *sorted({*DOCS.glob("*.md"), *(DOCS / name for name in documents.DOCUMENTS)}),
]
TABLES = (
    Households.declarations(),
    Needs.declarations(),
    Residents.declarations(),
    Ties.declarations(),
    Workers.declarations(),
    Agencies.declarations(),
    Districts.declarations(),
)
WEEKLY = tuple(odd_tables.RECORDS.values())
RESIDENTS = 6000  # of the towns in which commands and examples run
CHEAP = ["--no-figures", "--workers", "1"]
OPTIONS = {
    "run": CHEAP,
    "compare": [*CHEAP, "--seeds", "2", "--years", "1", "--parts", "0"],
    "match": [*CHEAP, "--sets", "2", "--waves", "1", "--repeats", "0", "--households", "300"],
    "search": ["--check"],
    "desk": ["--years", "1"],
}
VILLAGERS = 1500  # of the towns in which the stories of the tutorial and the how-to run
FEW = {
    "--seeds": "2",
    "--worlds": "2",
    "--most-seeds": "2",
    "--population": "1500",
    "--posts": "1",
}  # in place of a story's
LESS = {
    "run": [*CHEAP, "--years", "2"],
    "compare": [*CHEAP, "--years", "2", "--parts", "0"],
    "life": ["--years", "2"],
    "nation": ["--sample", "2", "--largest", "10000", "--years", "1", "--workers", "1"],
    "sensitivity": ["--check"],
    "search": ["--check"],
    "ledger": ["--years", "1", "--workers", "1"],
    "map": ["--check"],
    "paper": ["--no-pdf"],
}
PLANNED = {
    "compare",
    "report",
    "life",
    "lessons",
    "reproduce",
}  # commands that a page may already name
FENCE = re.compile(r"^```\w+\n.*?^```", flags=re.DOTALL | re.MULTILINE)  # is no prose
COMMAND_LINE = re.compile(r"python -m sim(\.[\w.]+)?(?: ([^#`\n]*))?")
STORIES = [page for page in PAGES if "<!-- file: " in text(page)]
ENGLISH = {
    "add_a_process.md",
    "calibration.md",
    "house.md",
    "model.md",
}  # for researchers and developers
WORD = re.compile(r"(?<![\w./])[a-z]+(?:_[a-z0-9]+)+(?![\w(])")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", documents.STORED)
def test_documents_are_up_to_date(name):
    if (DOCS / name).read_text(encoding="utf-8") != fresh()[name]:
        pytest.fail(f"docs/{name} is not what code and prose give now; {REFRESH}", pytrace=False)


def test_what_the_readme_links_is_stored_and_the_rest_is_built():
    linked = set(re.findall(r"\]\(docs/(\w+\.md)", text(ROOT / "README.md")))
    assert {*documents.STORED} == linked & {*documents.DOCUMENTS}
    ignored = re.findall(r"^/docs/(\S+)$", (ROOT / ".gitignore").read_text(), flags=re.MULTILINE)
    assert ignored == [*documents.BUILT]


def test_all_pages_are_written_for_a_reader_without_a_checkout(tmp_path, capsys):
    """Every page is there, no link leads out of the folder, and nothing is replaced."""
    folder = tmp_path / "pages"
    assert cli.main(["documents", str(folder)]) == 0
    here = {page.relative_to(DOCS) for page in (*PAGES[1:], *DOCS.glob("lessons/*.md"))}
    written = {page.relative_to(folder): page.read_text("utf-8") for page in folder.rglob("*.md")}
    assert {*written} == here and written[Path("model.md")] == fresh()["model.md"]
    for page, words in written.items():
        for target in re.findall(r"\]\(([^)\s#]+)", FENCE.sub("", words)):
            goal = (folder / page).parent / target
            assert target.startswith("http") or goal.is_file(), f"{page}: {target}"
    (folder / "week.md").write_text("mine", encoding="utf-8")
    (folder / "model.md").unlink()
    assert cli.main(["documents", str(folder), "--lang", "en"]) == 2
    assert "week.md" in capsys.readouterr().err and not (folder / "model.md").exists()


def missing(name: str, wanted: set[str]) -> list[str]:
    """What a document, written afresh, does not name in code letters."""
    found = set(re.findall(r"`([^`\n]+)`", fresh()[name]))
    return sorted(wanted - found)


def test_every_parameter_appears():
    assert not missing("parameters.md", {name.split(".")[1] for name in declared()})
    for group in {name.split(".")[0] for name in declared()}:
        assert f"(`{group}`)" in fresh()["parameters.md"]


def test_every_lever_and_setting_appears_with_its_cost():
    assert not missing(
        "levers.md",
        set(LEVERS) | set(chain.from_iterable(kind.model_fields for kind in LEVERS.values())),
    )
    assert "| ? |" not in fresh()["levers.md"], "sim/declared/levers.py: a setting has no cost"


def test_every_column_appears():
    assert not missing(
        "measures.md", set(chain.from_iterable(records.column_names(table) for table in WEEKLY))
    )
    assert not missing("model.md", set(chain.from_iterable(TABLES)))


def test_every_process_is_described():
    for name, _process in WEEK:
        page = PROSE / "submodels" / f"{name}.md"
        assert "**What would show it wrong.**" in text(page), (
            f"{named(page)}: formulas, and what would show them wrong"
        )
        assert (
            f"### {name}\n" in fresh()["model.md"] and fresh()["week.md"].count(f". `{name}` ") == 2
        )
    for gap in ("未記入", "not described yet"):
        assert gap not in fresh()["week.md"], (
            "docs/prose/submodels: a process has no sentences for the page of the week"
        )


def test_formulas_name_only_what_there_is():
    known = (
        {name.split(".")[1] for name in declared()}
        | set(MECHANISMS)
        | set(LEVERS)
        | set(chain(*TABLES, *WEEKLY))
    )
    known |= set(chain.from_iterable(kind.model_fields for kind in LEVERS.values())) | {
        "share_f",
        "share_g",
        "slow_share_f",
        "susceptibility_f",
    }
    levels = {f"{name}_level" for name in ("notice", "resolve", "recover", "seek")}
    assert {name.replace("_level", "_severe") for name in levels} <= known
    for page in sorted((PROSE / "submodels").glob("*.md")):
        prose = re.sub(r"\{\{.*?\}\}", "", text(page))
        unknown = set(WORD.findall(prose)) - known - levels
        assert not unknown, (
            f"{named(page)} names {sorted(unknown)}: no parameter, column, lever or mechanism is called so"
        )


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
        assert goal in PAGES or goal.exists(), f"{named(page)}: {target}"
        assert not anchor or anchor in anchors(goal), (
            f"{named(page)}: {target}; there are {', '.join(sorted(anchors(goal)))}"
        )


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A folder like the project's, with small towns and a single year."""
    return project(tmp_path_factory.mktemp("project"), shrunk)


def project(folder: Path, changed: Callable[[str], str]) -> Path:
    """The project's scenarios in another folder, every file's text changed, with a short run-in."""
    for file in (ROOT / "scenarios").rglob("*.toml"):
        copy = folder / "scenarios" / file.relative_to(ROOT / "scenarios")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(changed(file.read_text(encoding="utf-8")), encoding="utf-8")
    base = folder / "scenarios" / "base.toml"
    base.write_text(
        "seeds = 1\nrun_in_weeks = 8\n" + base.read_text(encoding="utf-8"), encoding="utf-8"
    )
    return folder


def shrunk(toml: str) -> str:
    """The text of a scenario, a town or an organisation for about RESIDENTS people and one year."""
    toml = re.sub(r"(_after_year) = \d+", r"\1 = 0", peopled(toml, RESIDENTS))
    return re.sub(r"^(years|by_year) = \d+", r"\1 = 1", toml, flags=re.MULTILINE)


def peopled(toml: str, residents: int) -> str:
    """The text of a file with so many residents, where it names a number."""
    return re.sub(r"^population = [\d_]+", f"population = {residents}", toml, flags=re.MULTILINE)


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


def command_lines(pages: list[Path]) -> list[tuple[str, str, str]]:
    """(page, module below sim, arguments) of every `python -m sim...` line on the pages, each once;
    PowerShell lines apart.
    """
    found: dict[tuple[str, str], str] = {}
    for page in pages:
        for module, arguments in COMMAND_LINE.findall(
            re.sub(r"```powershell.*?```", "", text(page), flags=re.DOTALL)
        ):
            if module or arguments.strip():
                found.setdefault((module, arguments.strip()), named(page))
    return [(page, module, arguments) for (module, arguments), page in found.items()]


@pytest.mark.parametrize(("page", "module", "arguments"), command_lines(PAGES))
def test_commands_parse(page, module, arguments):
    name, *rest = shlex.split(arguments) or [""]
    if not module and name in cli.COMMANDS and "--help" not in rest:
        get_command(cli.application()).commands[name].make_context(
            name, [*rest]
        )  # it empties the list
    for file in (word for word in rest if word.startswith("scenarios/")):
        assert (ROOT / file).is_file() or file in made(), f"{page}: {file}"


def made() -> set[str]:
    """The files that the stories make."""
    town = {f"scenarios/{folder}mytown.toml" for folder in ("", "towns/", "organisations/")}
    return town.union(*(re.findall(r"<!-- file: (\S+) -->", text(page)) for page in STORIES))


@pytest.mark.parametrize(
    ("page", "module", "arguments"), command_lines([page for page in PAGES if page not in STORIES])
)
def test_commands_run(page, module, arguments, there, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Keyboard())
    if module == ".cli.documents":
        assert documents.main([*arguments.split(), str(there / "docs")]) == 0
        return
    if (
        module == ".lessons.page"
    ):  # what `--run` lives takes minutes: that it takes these options is all that is tried of it
        given = lessons.argument_parser().parse_args(arguments.split())
        assert (
            given.run is not None
            or lessons.write_lessons_page(["--docs", str(there / "docs")]) == 0
        )
        return
    if (
        module == ".study.calibrate"
    ):  # takes minutes: that it takes these options is all that is tried here
        assert calibrate.calibration_parser().parse_args(
            [word for word in arguments.split() if word.startswith("--")]
        )
        return
    assert module == "" and arguments, f"{page}: python -m sim{module} {arguments}"
    name, *rest = arguments.split()
    if name == "desk" and "--record" not in rest:
        return  # it serves until it is stopped; `test_desk_browser.py` starts it
    if name == "offline":
        return  # it fetches 170 MB; `test_delivery.py` makes such folders
    if name not in cli.COMMANDS and name in PLANNED:
        pytest.skip(f"{page} names the command {name}, which is not there yet")
    code = cli.main([name, *rest, *OPTIONS.get(name, [])])
    said = capsys.readouterr()
    assert code == 0 and (said.out or said.err), f"{page}: python -m sim {arguments}\n{said.err}"


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in text(page)], ids=named)
def test_python_examples_run(page, there):
    page_examples.run(page, python=python_or_module)


def tomls() -> list[tuple[str, str]]:
    plain = [page for page in PAGES if page not in STORIES]
    return [(named(page), body) for page in plain for body in bodies(page, "toml")]


@pytest.mark.parametrize(("page", "body"), tomls())
def test_scenarios_on_the_pages_load(page, body, there):
    file = there / "scenarios" / "on_a_page.toml"
    file.write_text(body, encoding="utf-8")
    scenario = load(file, overrides={"years": 10})
    assert {step.lever for step in scenario.steps} >= set(tomllib.loads(body).get("levers", {}))
    assert np.isfinite(list(scenario.parameters.values())).all()


@pytest.mark.parametrize("page", STORIES, ids=named)
def test_stories_run_from_their_first_command_to_their_last(page, tmp_path, monkeypatch, capsys):
    """Files are written and commands run in the order of the page, in one folder: small towns, few
    seeds, two years.

    Reports and workbooks take seconds and have tests of their own; here a comparison leaves its
    tables alone.
    """
    monkeypatch.setattr(
        Written, "write", lambda written, folder, drawn=None: written.write_tables(folder)
    )
    monkeypatch.chdir(project(tmp_path, partial(peopled, residents=VILLAGERS)))

    def commands(block: Example) -> None:
        for module, arguments in COMMAND_LINE.findall(block.parsed):
            name, *rest = shlex.split(arguments)
            if (
                name in PLANNED - set(cli.COMMANDS) or "--cluster" in rest
            ):  # a cluster is tried in test_compare
                continue
            code = cli.main([name, *rest, *few(name, rest)])
            said = capsys.readouterr()
            assert not module and code == 0, f"{named(page)}: {arguments}\n{said.err}"

    page_examples.run(page, toml=partial(written_small, tmp_path), bash=commands)


def written_small(folder: Path, block: Example) -> None:
    """Write a block that is a file, with few seeds at most."""
    if name := file_of(block):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        small = re.sub(r"^most = \d+", "most = 2", block.parsed, flags=re.MULTILINE)
        (folder / name).write_text(small, encoding="utf-8")


def few(name: str, rest: list[str]) -> list[str]:
    """Options that make a command of a story cheap; of an option given twice the last counts."""
    less = [word for option, number in FEW.items() if option in rest for word in (option, number)]
    return (
        less
        + LESS.get(name, [])
        + (["--no-figures"] if name == "report" and "--no-figures" not in rest else [])
    )


def test_comparisons_of_the_stories_have_every_key():
    written = "".join(chain.from_iterable(bodies(page, "toml") for page in STORIES))
    assert {key for key in documents.COMPARISON_KEYS if key not in written} == set()
    for kind in documents.RECORDS.values():
        left_out = {key for key in kind.model_fields if not re.search(rf"\b{key} = ", written)}
        assert left_out <= {"role"}, left_out


def test_every_key_of_a_comparison_has_a_meaning():
    page = fresh()["comparison_files.md"]
    assert "| ? |" not in page
    keys = {*documents.WHOLE, *chain(*(kind.model_fields for kind in documents.RECORDS.values()))}
    assert not missing("comparison_files.md", keys)


def test_every_option_has_a_line():
    for name in cli.COMMANDS:
        section = fresh()["commands.md"].split(f"\n## sim {name}\n")[1].split("\n## ")[0]
        options = get_command(cli.application()).commands[name].params
        for one in (option for option in options if option.name != "help"):
            shown = set(re.findall(r"[`/]([\w-]+)", section))
            assert {one.name.upper()} <= shown or {*one.opts, *one.secondary_opts} <= shown, (
                f"{name}: {one.opts}"
            )


def test_every_column_of_the_results_has_a_meaning(there):
    comparison = read_comparison(["scenarios/spirals.toml"], overrides={"years": 1})
    compared = compare(comparison, worlds=2)
    tables = (
        compared.tables() | {"claims": claims.claims_table(compared)} | ledger_tables(comparison, 1)
    )
    page = text(DOCS / "results.md")
    for name, columns in (
        *((name, table.columns) for name, table in tables.items()),
        ("failed", FAILED),
    ):
        assert f"`{name}`" in page, name
        assert not {column for column in columns if f"`{column}`" not in page}, name
    first = chain(
        *(
            re.findall(r"`(\w+)`", row.split("|")[1])
            for row in page.splitlines()
            if row.startswith("| `")
        )
    )
    there_are = set(chain(*(table.columns for table in tables.values()), tables, FAILED)) | {
        "failed"
    }
    assert not {word for word in first if word not in there_are}, (
        "results.md names columns that there are none of"
    )


def test_the_house_on_the_page_is_the_house_of_the_contracts():
    rows = [row for row in text(DOCS / "house.md").splitlines() if row.startswith("| `")]
    named = [re.findall(r"`(\w+)`", row.split("|")[1]) for row in rows]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    assert named == [layer.split(" | ") for layer in layers]
    assert {*chain(*named)} == {
        room.name for room in (ROOT / "sim").iterdir() if (room / "__init__.py").exists()
    }


def test_the_model_is_told_in_all_seven_elements_of_odd():
    headings = re.findall(r"^## (\d) (.+)$", text(DOCS / "model.md"), flags=re.MULTILINE)
    assert headings == [
        ("1", "Purpose and patterns"),
        ("2", "Entities, state variables and scales"),
        ("3", "Process overview and scheduling"),
        ("4", "Design concepts"),
        ("5", "Initialisation"),
        ("6", "Input data"),
        ("7", "Submodels"),
    ]
    concepts = text(DOCS / "model.md").split("## 4 ")[1].split("## 5 ")[0]
    for one in (
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ):
        assert f"**{one}.**" in concepts, one


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in ENGLISH], ids=named)
def test_pages_speak_both_languages(page):
    headings = "\n".join(re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), flags=re.MULTILINE))
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", headings) and re.search(r"[A-Za-z]{4}", headings)
    prose = FENCE.sub("", text(page))
    assert re.search(r"[ぁ-ん]{2}[^\n]*。", prose) and re.search(r"\b(the|and|is)\b", prose)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_that_are_named_exist(page):
    for name in re.findall(r"`((?:scenarios|docs|sim|tests|benchmarks)/[\w./-]+)`", text(page)):
        assert (ROOT / name).exists() or name in made(), f"{named(page)}: {name}"
