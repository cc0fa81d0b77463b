"""What a reader of Japanese sees is Japanese: no English word stands in it that has no reason to."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim import words
from sim.cli import main as cli
from sim.declared import declared
from sim.declared.levers import LEVERS, TARGETS
from sim.declared.vocabulary import FIELDS, KINDS, POST_KINDS
from sim.report.text.provenance import PACKAGES
from tests import finished
from tests.comparisons import command
from tests.scenario_files import SCENARIO

ROOT = Path(__file__).parents[1]
WORD = re.compile(r"[A-Za-z]{2,}")
CODE = re.compile(
    r"https?://[\w./?=%&+-]+"  # where a source is
    r"|[\w.~/\\-]*[/\\][\w./\\-]*"  # a file or a folder
    r"|[\w-]+(?:\.[\w\[\]-]+)+"  # a key of a file, a parameter, a file's name
    r"|\w+_\w+"  # a name in a file
    r"|--?[a-z][\w-]*"  # an option
    r"|\b(?=\w*\d)[0-9a-f]{8,}\b"  # a hash
    r"|\b[a-zA-Z]\d+[\w-]*\b"  # a line of the guidebook, a parallel pair
)


def listed(*lines: str) -> frozenset[str]:
    """The words of these lines."""
    return frozenset(" ".join(lines).split())


NAMES = listed(  # what is called so in Japanese too: programs, formats, fonts, keys, standards
    "English Shift ABS CHEERS CPU Chrome Chromium Edge CSV CSW Coop Ctrl DOI Enter Excel Gothic Grimm HTKSAKI HTML ",
    "Husereau IPA JPY JSON LANG ",
    "Local MIT Markdown Mesa Monks ODD PDF PNG Parquet PubMed Python STRESS SVG Schema TOML UFJ UTC UTF Yu ",
    "splitmix SHA scikit learn SALib PRIM Windows Mac Apple",
)
OF_SOURCES = listed(  # authors, studies and programmes whose texts are English
    "AGES Brashears Chung Choo DCLG DfE FNP Families First Fulfilling Hikichi Housing Kanehara Kao Kim Moser Paul ",
    "Lives MARAC MEAM McPherson Nakagomi PHV Saito Takeda Troubled WMH Japan Whiteford and",
)
TYPED = listed(  # commands, values and names of columns as somebody types them
    "book both cluster compare csv digest district en field fit go if install ja lang load new overrides packs pip ",
    "python report reproduce rng run seed short sim society sure tcp template trio true false variant view ",
    "AFTER COLUMNS desk token FLOWS PARAMETERS documents md py ",
    "xls xlsx agency town cashable failures high low price items mixes mix shares unit workers check ",
    "auto figure follow given gp match parameter quadratic value ",
    "compounded discover morris outcome sensitivity sobol ",
    "municipal venv wheels texts log",
)
HERE = {*PACKAGES, platform.system(), platform.python_implementation()}  # what made a result
IDS = listed("default none reference results same trial waiting")  # of the files used here


class Seen(HTMLParser):
    """The text that a reader of a page sees; what is typed stands apart."""

    def __init__(self, page: str):
        super().__init__()
        self.hidden = 0
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in ("style", "script", "code", "pre")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "script", "code", "pre")

    def handle_data(self, data):
        self.text += "" if self.hidden else f"{data}\n"


def declared_names() -> Iterator[str]:
    """Names and choices as a file of a user writes them."""
    yield from (*FIELDS, *KINDS, *POST_KINDS, *TARGETS)
    yield from (key.removeprefix("setting.") for key in words.words("ja") if "setting." in key)
    yield from (file.stem for file in (ROOT / "scenarios").rglob("*.toml"))
    for name in declared():
        yield from name.split(".")
    for name, lever in LEVERS.items():
        yield name
        for setting, info in lever.model_fields.items():
            yield setting
            yield from re.findall(r"'(\w+)'", str(info.annotation))


ALLOWED = NAMES | OF_SOURCES | TYPED | IDS | HERE | {*declared_names()}


def english(text: str) -> set[str]:
    """The Latin words of a text that nothing allows."""
    return {word for word in WORD.findall(CODE.sub(" ", text)) if word not in ALLOWED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A comparison and a scenario of a small town."""
    root = tmp_path_factory.mktemp("japanese")
    text = SCENARIO + "run_in_weeks = 6\nyears = 1\nseeds = [1, 2]\n"
    (finished.scenarios(root).parent / "x.toml").write_text(text, encoding="utf-8")
    return root


def said(capsys, *arguments: object) -> str:
    """What a command says on the screen to a reader of Japanese."""
    assert cli.main([*map(str, arguments), "--lang", "ja"]) == 0
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "scenarios/x.toml"),
        ("check", "scenarios/trio.toml"),
        ("run", "scenarios/x.toml", "--workers", "1", "--no-figures", "--out", "run"),
        ("life", "scenarios/x.toml", "--household", "10"),
        ("towns",),
        ("parameters", "--format", "markdown"),
        ("lessons",),
    ],
    ids=" ".join,
)
def test_no_english_on_the_screen(folder, capsys, monkeypatch, arguments):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "400")
    assert english(said(capsys, *arguments)) == set()


def test_no_english_in_a_comparison(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "400")
    assert command("scenarios/trio.toml", "--out", "results", "--lang", "ja") == 0
    out, err = capsys.readouterr()
    assert english(out + err) == set()
    page = (folder / "results/report.ja.html").read_text(encoding="utf-8")
    assert english(Seen(page).text) == set()


def test_no_english_in_the_catalogues():
    bare = {key: re.sub(r"\{[^}]*\}", " ", text) for key, text in words.words("ja").items()}
    assert {key: english(text) for key, text in bare.items() if english(text)} == {}


def test_no_english_in_what_is_declared():
    for name, one in declared().items():
        assert english(one.ja) == set(), name
        assert english(one.source_ja) == set(), name
