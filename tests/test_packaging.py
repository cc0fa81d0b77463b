"""The files that start the desk by a double click, and the folder that installs without a network."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from sim.cli.desk import desk_command

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "packaging"
STARTS = ("start_windows.bat", "start_mac.command")
SPEC = importlib.util.spec_from_file_location("collect", FOLDER / "collect.py")
assert SPEC is not None and SPEC.loader is not None
collect = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(collect)


@pytest.mark.parametrize("name", STARTS)
def test_a_start_file_asks_for_what_there_is_and_for_no_network(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    (command,) = re.findall(r"-m sim desk (.*)", text)
    known = {re.sub("-", "_", one) for one in desk_command.__annotations__}
    assert set(re.findall(r"--(\w+)", command)) == {"plan", "works"} <= known
    assert "--no-index" in text and not re.search(r"https?:|curl|wget|Invoke-", text)


def test_each_start_file_is_of_its_system():
    windows, mac = ((FOLDER / name).read_bytes() for name in STARTS)
    assert windows.count(b"\r\n") == windows.count(b"\n") and b"\r" not in mac
    labels = set(re.findall(rb"^:(\w+)", windows, flags=re.MULTILINE))
    assert set(re.findall(rb"goto (\w+)", windows)) == labels
    assert (FOLDER / STARTS[1]).stat().st_mode & 0o100
    if shutil.which("bash"):
        subprocess.run(["bash", "-n", str(FOLDER / STARTS[1])], check=True)


def test_wheels_are_asked_for_by_the_system_that_installs(tmp_path):
    command = collect.download_command(["x.whl"], tmp_path, "win_amd64", "3.12")
    assert command[command.index("--platform") + 1] == "win_amd64"
    assert command[command.index("--python-version") + 1] == "3.12" and ":all:" in command
    assert "--platform" not in collect.download_command(["x.whl"], tmp_path, "this", "3.12")
    with pytest.raises(SystemExit):
        collect.collect(tmp_path, "this", "3.12")
    for system in collect.PLATFORMS.values():
        assert (FOLDER / system.start).is_file()
    assert (ROOT / collect.PAGE).is_file()


def test_what_another_system_needs_beside_is_seen(tmp_path):
    needs = """Metadata-Version: 2.1
Name: click
Requires-Dist: colorama>=0.4; platform_system == "Windows"
Requires-Dist: Other_Thing; extra == "more"
Requires-Dist: tomli; python_version < "3.11"
"""
    with zipfile.ZipFile(tmp_path / "click-8.0-py3-none-any.whl", "w") as archive:
        archive.writestr("click-8.0.dist-info/METADATA", needs)
    assert collect.lacking(tmp_path, "win_amd64", "3.12") == ["colorama>=0.4"]
    assert collect.lacking(tmp_path, "macosx_arm64", "3.12") == []
    assert collect.lacking(tmp_path, "win_amd64", "3.10") == ["colorama>=0.4", "tomli"]
