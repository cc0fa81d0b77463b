"""Files to double-click and the folder that installs without a network: their bytes, what they do
with a Python that only notes what it is asked, and what each kind of machine is given.

There is no Windows and no Mac here: of files for cmd the bytes and the places that they jump to are
looked at; files for the shell are run.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from sim import words
from sim.cli import main as cli
from sim.delivery import offline_folder
from sim.delivery.offline_folder import delivered_scripts, make_offline_folder
from sim.delivery.start_files import DeliveredFile, start_files, write_delivered
from sim.delivery.wheels import MACHINES, Wheel, needed_wheels, read_wheel
from sim.words.errors import ScenarioError
from tests.page_examples import DOCS

BASH = shutil.which("bash")
shell = pytest.mark.skipif(sys.platform == "win32" or not BASH, reason="files for the shell")
FAMILIES = {
    "start": start_files(r"C:\Python 3\山田\python.exe", windows=True),
    **{system: delivered_scripts(system, "3.12") for system in MACHINES},
}
BATCHES = {
    f"{family}-{one.path}": ({other.path: other.content for other in files}, one.content)
    for family, files in FAMILIES.items()
    for one in files
    if one.path.endswith(".bat")
}
STUB = """#!{bash}
echo "$@" >>"{said}"
case "$*" in *"{fails}"*) exit 1 ;; esac
"""


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.mark.parametrize("name", BATCHES)
def test_files_for_cmd_are_ascii_with_the_ends_of_line_of_windows(name):
    content = BATCHES[name][1]
    assert content.isascii() and content.startswith(b"@echo off\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert content.index(b"chcp 65001") < content.index(b"call :say")


@pytest.mark.parametrize("name", BATCHES)
def test_files_for_cmd_jump_to_labels_that_stand_and_say_texts_that_are_there(name):
    files, content = BATCHES[name]
    text = content.decode()
    labels = re.findall(r"^:(\w+)", text, flags=re.MULTILINE)
    jumps = {*re.findall(r"goto (\w+)", text), *re.findall(r"call :(\w+)", text)}
    assert len(labels) == len({*labels}) and jumps <= {*labels}
    said = set(re.findall(r'call :say (\w+) "', text))
    spoken = re.findall(r'call :say \w+ "(.*)"', text)
    assert not [one for one in spoken if re.search(r"[()&|<>^%!]", one)]  # cmd reads them its way
    assert said and {f"texts/{one}.txt" for one in said} <= files.keys()
    assert "pause" in text[text.index(":failed") :]  # the window stays until somebody has read it


def test_texts_are_read_as_utf_8_in_both_languages_and_every_one_is_said():
    for files in (*(BATCHES[name][0] for name in BATCHES),):
        batches = b"".join(content for path, content in files.items() if path.endswith(".bat"))
        for path, content in files.items():
            if path.startswith("texts/") and path != "texts/python.txt":
                text = content.decode("utf-8")
                assert not text.startswith("\ufeff") and text.count("\n") == text.count("\r\n")
                assert re.search("[ぁ-ん]", text) and re.search("[a-z]{3} [a-z]{2}", text)
                assert "{" not in text and f"say {Path(path).stem} ".encode() in batches


def test_the_python_that_has_the_program_is_noted_for_its_own_kind_of_machine():
    windows = {one.path: one.content for one in start_files(r"C:\山田\python.exe", windows=True)}
    other = {one.path: one.content for one in start_files("/home/x y/python")}
    assert windows["texts/python.txt"].decode() == "C:\\山田\\python.exe\r\n"
    assert (
        "texts/python.txt" not in other
        and b"'/home/x y/python' python3;" in other["start_mac.command"]
    )
    assert b"/home" not in other["start_windows.bat"] and b"C:" not in windows["start_mac.command"]


def test_the_command_writes_them_once_and_replaces_nothing_of_ones_own(tmp_path, capsys):
    folder = tmp_path / "私の 結果"
    assert cli.main(["start-files", str(folder), "--lang", "ja"]) == 0
    assert "start_windows.bat" in capsys.readouterr().out
    first = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert cli.main(["start-files", str(folder), "-q"]) == 0  # the same again is nothing new
    (folder / "start_windows.bat").write_text("mine", encoding="utf-8")
    (folder / "README.txt").unlink()
    assert cli.main(["start-files", str(folder), "--lang", "en"]) == 2
    assert "start_windows.bat" in capsys.readouterr().err
    assert not (folder / "README.txt").exists() and len(first) > 6


def of_shells() -> list[DeliveredFile]:
    """The files of a Mac and Linux that open the page."""
    return [one for one in start_files() if one.run]


def desk_folder(tmp_path: Path, fails: str = "nothing fails", python: str = ".venv") -> Path:
    """A folder with the files that start and install, and with a Python that notes what it is asked
    and fails where the words hold `fails`.
    """
    folder = tmp_path / "福祉課 (A&B) 100%"
    write_delivered(folder, [*delivered_scripts("linux", "3.12"), *of_shells()])
    stub = folder / (".venv/bin/python" if python == ".venv" else f"bin/{python}")
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text(STUB.format(bash=BASH, said=tmp_path / "said", fails=fails), encoding="utf-8")
    stub.chmod(0o755)
    (folder / "bin").mkdir(exist_ok=True)
    for name in ("dirname", "cat"):
        (folder / "bin" / name).symlink_to(str(shutil.which(name)))
    return folder


def run_file(folder: Path, name: str, *given: str) -> subprocess.CompletedProcess[str]:
    """A file run as by a double-click, from elsewhere, with the programs of `bin` alone."""
    assert os.access(folder / name, os.X_OK)
    return subprocess.run(
        [str(BASH), str(folder / name), *given], cwd="/", env={"PATH": str(folder / "bin")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


@shell
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("start_mac.command", "desk"),
        ("start_linux.sh", "desk"),
        ("plan_mac.command", "desk --plan"),
        ("plan_linux.sh", "desk --plan"),
    ],
)
@pytest.mark.parametrize("given", [[], ["/my towns/one two.toml"]])
def test_a_double_click_starts_the_page_in_its_own_folder(name, page, given, tmp_path):
    folder = desk_folder(tmp_path)
    done = run_file(folder, name, *given)
    assert done.returncode == 0 and "ブラウザー" in done.stdout and not done.stderr
    asked = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert asked == ["-c import sim.cli.main", " ".join([f"-m sim {page}", *given])]


@shell
@pytest.mark.parametrize(
    ("fails", "python", "said"),
    [
        ("import sim", ".venv", "プログラムがまだ入っていません"),
        ("sim desk", ".venv", "開けませんでした"),
        ("", "other", "Python が見つからない"),
        ("import sim", "python3", "install_linux.sh"),
    ],
)
def test_what_is_missing_is_said_and_ends_the_file(fails, python, said, tmp_path):
    done = run_file(desk_folder(tmp_path, fails or "nothing", python), "start_linux.sh")
    assert done.returncode == 1 and said in done.stdout and "IT section" in done.stdout


@shell
def test_installing_takes_the_right_python_and_only_the_files_of_the_folder(tmp_path):
    folder = desk_folder(tmp_path)
    shutil.copy(folder / ".venv/bin/python", folder / "bin/python3.12")
    done = run_file(folder, "install_linux.sh")
    assert done.returncode == 0 and "start_linux.sh をダブルクリック" in done.stdout
    asked = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert (
        "!= (3, 12)" in asked[0] and asked[1] == "-m venv .venv" and asked[3].startswith("-m sim ")
    )
    assert "--no-index --find-links wheels --require-hashes -r requirements.txt" in asked[2]


@shell
@pytest.mark.parametrize(
    ("fails", "said"),
    [("version_info", "Python 3.12（64ビット版）が見つからない"), ("pip", "導入できませんでした")],
)
def test_an_installation_that_fails_says_so(fails, said, tmp_path):
    folder = desk_folder(tmp_path, fails)
    shutil.copy(folder / ".venv/bin/python", folder / "bin/python3")
    done = run_file(folder, "install_linux.sh")
    assert done.returncode == 1 and said in done.stdout


def wheel(folder: Path, name: str, version: str, *needs: str, licence: str = "MIT") -> Path:
    """A wheel that holds what it says of itself and nothing else."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    lines = "".join(f"Requires-Dist: {need}\n" for need in needs)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            f"{name}-{version}.dist-info/METADATA", f"{head}License-Expression: {licence}\n{lines}"
        )
    return file


def needed(first: str, files: list[Path], system: str, version: str = "3.12"):
    there = [read_wheel(file) for file in files]
    found, lacking = needed_wheels(first, there, MACHINES[system].environment(version))
    return [one.name for one in found], lacking


def test_needs_are_those_of_the_machine_that_it_is_for(tmp_path):
    files = [
        wheel(tmp_path, "one", "1", "two[more]>=2", "Only_Win; sys_platform == 'win32'"),
        wheel(tmp_path, "two", "2.1", "three; extra == 'more'", "four; extra == 'else'"),
        wheel(tmp_path, "three", "1", "old>=3; python_version < '3.12'"),
        wheel(tmp_path, "idle", "1"),
    ]
    assert needed("one", files, "linux") == (["one", "three", "two"], [])
    assert needed("one", files, "windows")[1] == ["Only_Win"]
    assert needed("one", files, "mac", "3.11")[1] == ["old>=3"]
    files[1] = wheel(tmp_path, "two", "1.9")
    assert needed("one", files, "linux")[1] == ["two[more]>=2"]


@pytest.fixture
def shelf(monkeypatch, tmp_path) -> list[list[str]]:
    """Stands in for pip: the project needs tqdm, which on Windows alone needs colorama; pip brings
    what this machine needs. Gives the lines that pip was asked.
    """
    asked: list[list[str]] = []

    def pip(*given: str) -> None:
        asked.append([*given])
        if given[0] == "wheel":
            wheel(Path(given[3]), "municipal_support_sim", "0.1.0", "tqdm")
            return
        place = Path(given[given.index("--dest") + 1])
        wheel(place, "tqdm", "4.0", 'colorama; platform_system == "Windows"', licence="MPL-2.0")
        wheel(place, "ptyprocess", "1.0")  # needed here, and by nothing there
        if "colorama" in given:
            wheel(place, "colorama", "0.4")

    monkeypatch.setattr(offline_folder, "_pip", pip)
    return asked


@pytest.mark.parametrize(("system", "lines"), [("windows", 3), ("mac", 2), ("linux", 2)])
def test_a_folder_holds_what_that_machine_needs_and_nothing_else(system, lines, shelf, tmp_path):
    folder = tmp_path / "out" / "folder"
    made = make_offline_folder(folder, MACHINES[system], "3.12")
    wanted = ["colorama", "municipal-support-sim", "tqdm"][3 - lines :]
    assert [one.name for one in made] == wanted
    assert len([*(folder / "wheels").iterdir()]) == lines
    pins = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [pin.split("==")[0] for pin in pins] == wanted
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}$", pin) for pin in pins)
    rows = [*csv.reader((folder / "libraries.csv").read_text("utf-8-sig").splitlines())]
    assert rows[-1][:3] == ["tqdm", "4.0", "MPL-2.0"]
    script = offline_folder.script_name("install", system)
    assert script in (folder / "README.txt").read_text("utf-8-sig") and (folder / script).is_file()
    assert set(MACHINES[system].tags) <= {*shelf[1]} and "3.12" in shelf[1]
    assert [*folder.parent.iterdir()] == [folder]


def test_what_cannot_be_collected_leaves_nothing(shelf, monkeypatch, tmp_path):
    monkeypatch.setattr(offline_folder, "ROUNDS", 1)
    with pytest.raises(ScenarioError, match="colorama"):
        make_offline_folder(tmp_path / "folder", MACHINES["windows"], "3.12")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("version", ["3.10", "2.7", "3", "3.11.7", "x"])
def test_a_version_on_which_the_program_does_not_run_is_refused(version, tmp_path, capsys):
    words_ = ["offline", str(tmp_path / "new"), "--python", version, "--lang", "en"]
    assert cli.main(words_) == 2 and ">= 3.11" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_is_there_and_a_program_without_sources_are_refused(
    tmp_path, monkeypatch, capsys
):
    assert cli.main(["offline", str(tmp_path), "--lang", "en"]) == 2
    assert "already" in capsys.readouterr().err
    monkeypatch.setattr(offline_folder, "SOURCES", tmp_path)
    assert cli.main(["offline", str(tmp_path / "new"), "--lang", "en"]) == 2
    assert "checkout" in capsys.readouterr().err


def test_the_page_for_the_it_section_names_every_library():
    """Those that the installed program needs on any kind of machine, once each."""
    there = [
        Wheel(Path(), one.metadata)  # type: ignore[arg-type]
        for one in metadata.distributions()
        if one.metadata["Name"]
    ]
    wanted: set[str] = set()
    for machine in MACHINES.values():
        found, lacking = needed_wheels(offline_folder.PROJECT, there, machine.environment("3.12"))
        wanted |= {one.name for one in found} | {re.split(r"[<>=!~\[]", one)[0] for one in lacking}
    page = (DOCS / "it_section.md").read_text(encoding="utf-8")
    table = page.split("<!-- libraries -->")[1]
    named = re.findall(
        r"^\| ([\w-]+)(?: \(\w+\))? \| [^|]+ \| [^|]+ \|$", table, flags=re.MULTILINE
    )
    assert wanted - {offline_folder.PROJECT} <= {*named} and len(named) == len({*named})
