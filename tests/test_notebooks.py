"""The notebooks run from top to bottom, show figures, speak both languages, and define nothing."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "notebooks").glob("[0-9]_*.py"))
NAMES = [file.stem for file in FILES]
JAPANESE, ENGLISH = (
    re.compile("[\u3040-\u30ff\u4e00-\u9fff]{4}"),
    re.compile("[A-Za-z]+ [a-z]+ [a-z]+"),
)
LONGEST_TEXT = 900  # letters of a text cell
SECONDS = 300
FEWER = {
    "years, seeds = (0.0, 0.2, 0.4, 0.2), 8, 6": "years, seeds = (0.0, 0.2, 0.4, 0.2), 8, 4"
}  # seeds, so that the test is short


def cells(name: str, kind: str) -> list[str]:
    book = jupytext.read(ROOT / "notebooks" / f"{name}.py")
    return [cell.source for cell in book.cells if cell.cell_type == kind]


def test_there_are_six():
    assert [name[0] for name in NAMES] == list("123456")


@pytest.mark.parametrize("name", NAMES)
def test_text_is_short_and_in_both_languages(name):
    texts = cells(name, "markdown")
    assert len(texts) > 3 and "モデルであり" in texts[0] and "not evidence" in texts[0]
    for text in texts:
        assert JAPANESE.search(text) and ENGLISH.search(text) or len(text) < 60, text
        assert len(text) < LONGEST_TEXT, text


@pytest.mark.parametrize("name", NAMES)
def test_no_number_of_a_result_is_typed(name):
    """Decimals and percentages in a text cell could only have come from a run."""
    for text in cells(name, "markdown"):
        assert not re.search(
            r"\d\.\d+(?!）)|\d ?[%％]|\d+ ?ポイント", re.sub(r"1\.0|95 ?%|95%", "", text)
        ), text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_defined_inside(name):
    for source in cells(name, "code"):
        tree = ast.parse(re.sub(r"^%.*$", "", source, flags=re.MULTILINE))
        assert not [
            node
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda))
        ]


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_shows_figures(name, tmp_path, monkeypatch):
    for part in ("notebooks", "scenarios"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    file = tmp_path / "notebooks" / f"{name}.py"
    for whole, few in FEWER.items():
        file.write_text(file.read_text(encoding="utf-8").replace(whole, few), encoding="utf-8")
    book = jupytext.read(file)
    before = sorted(path.name for path in (tmp_path / "notebooks").iterdir())
    where = {"metadata": {"path": str(tmp_path / "notebooks")}}
    done = NotebookClient(book, timeout=SECONDS, kernel_name="python3", resources=where).execute()
    nbformat.validate(done)
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    figures = [
        output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]
    assert figures and all(len(png) > 10_000 for png in figures)
    warned = [
        output.text
        for output in outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not warned, warned
    spoken = [
        output.data["text/markdown"]
        for output in outputs
        if "text/markdown" in output.get("data", {})
    ]
    assert any(JAPANESE.search(text) and ENGLISH.search(text) for text in spoken)
    assert not any("nan" in text for text in spoken), spoken
    left = {path.name for path in (tmp_path / "notebooks").iterdir()} - {"__pycache__"}
    assert left == set(before), "a notebook leaves nothing behind"
