"""Manifests that were edited, cut off or made by others: one message, never a traceback; the
results stay as they are.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pandas as pd
import pytest

from sim.cli import main as cli
from sim.study import manifest
from sim.study.store import hash_of
from tests import finished

READERS = (("report", "--no-figures"), ("reproduce",), ("life", "--years", "1"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished comparison."""
    return finished.compared(tmp_path_factory.mktemp("made"))


@pytest.fixture
def nothing_runs(monkeypatch):
    """A manifest that is not refused would be run or shown: that it came so far is enough here."""
    for place in (
        "sim.cli.report.published",
        "sim.cli.reproduce.run_comparison",
        "sim.cli.reproduce.print_reproduction",
        "sim.cli.comparison_output.print_compared",
    ):
        monkeypatch.setattr(place, lambda *_args, **_more: 0)
    monkeypatch.setattr("sim.cli.life._logged", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))


def places(value: Any, here: tuple = ()) -> list[tuple]:
    """The place of every value in a manifest, long lists and tables by their first entries."""
    inside = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [here, *(place for name, part in inside[:12] for place in places(part, (*here, name)))]


def edited(content: Any, place: tuple, value: Any) -> Any:
    """The manifest with one value put elsewhere; without it where the value is Ellipsis."""
    whole = json.loads(json.dumps(content))
    inside = whole
    for name in place[:-1]:
        inside = inside[name]
    if value is ...:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return whole


VALUES = (
    ...,
    None,
    True,
    -1,
    0,
    1.5,
    10**18,
    10**30,
    1e308,
    "",
    "x",
    [],
    ["x"],
    {},
    {"x": 1},
    float("nan"),
)


@pytest.mark.parametrize("part", range(4))
def test_an_edited_manifest_is_read_or_refused_in_one_message(
    made, tmp_path, capsys, nothing_runs, part
):
    content, draw = finished.manifest(made), random.Random(part)
    refused = 0
    for place in draw.sample([place for place in places(content) if place], 40):
        whole = edited(content, place, draw.choice(VALUES))
        (made / "manifest.json").write_text(json.dumps(whole), encoding="utf-8")
        command, *more = draw.choice(READERS)
        code = cli.main([command, str(made), *more, "--lang", draw.choice(("ja", "en"))])
        err = capsys.readouterr().err
        assert code in (0, 2, 130) and "Traceback" not in err, (place, err)
        refused += code == 2
        assert code != 2 or len(err.strip().splitlines()) <= 4
    (made / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    assert refused > 10


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"kind": "compare", "finished": true}',
        b'{"a": ' * 5000,
        b'{"x": ' + b"9" * 6000 + b"}",
    ],
)
@pytest.mark.parametrize("command", ["report", "reproduce", "life"])
def test_what_is_no_manifest_is_refused(tmp_path, capsys, command, text):
    (tmp_path / "manifest.json").write_bytes(text)
    assert cli.main([command, str(tmp_path), "--lang", "en"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        {"until_decided": "x"},
        {"reference": "nobody"},
        {"arms": []},
        {"measures": ["nothing"]},
        {"same_cost": [["a", "b"]]},
        {"seeds": [2**63]},
        {"precision": {"measure": "unseen", "half_width": -1}},
        {"combinations": [{"arm": "same", "parts": {"nobody": 1}}]},
    ],
)
def test_a_comparison_edited_in_its_manifest_is_refused(made, tmp_path, capsys, change):
    content = finished.manifest(made)
    whole = json.dumps(content | {"comparison": content["comparison"] | change})
    (tmp_path / "manifest.json").write_text(whole, encoding="utf-8")
    for command in ("report", "reproduce", "life"):
        assert cli.main([command, str(tmp_path), "--lang", "en"]) == 2
        assert "was changed or cut off" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        {"town.share_with_children": 0.5, "town.share_elder_alone": 0.3},
        {"town.init_latent": 0.6, "town.init_manifest": 0.6},
    ],
)
def test_shares_that_leave_no_room_are_refused_in_a_manifest_too(made, tmp_path, capsys, change):
    """Each alone is in its range; as in a scenario's file, they are refused together."""
    content = finished.manifest(made)
    for arm in content["comparison"]["arms"]:
        arm["scenario"]["parameters"] |= change
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    assert cli.main(["reproduce", str(tmp_path), "--lang", "en"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_everything_that_is_written_of_a_comparison_is_checked_when_it_is_read(made):
    whole = finished.manifest(made)
    arm = whole["comparison"]["arms"][0]
    for written, record in (
        (whole["comparison"], manifest.StoredComparison),
        (arm, manifest.StoredArm),
        (whole["effort"], manifest.StoredEffort),
        (whole["prices"], manifest.StoredPrices),
    ):
        assert written.keys() <= record.model_fields.keys()


def test_results_older_than_a_parameter_are_shown_with_its_declared_value(made, tmp_path, capsys):
    content = finished.manifest(made)
    for arm in content["comparison"]["arms"]:
        del arm["scenario"]["parameters"]["workforce.overtime_limit"]
    (made / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    assert cli.main(["report", str(made), "--no-figures", "--lang", "en", "-q"]) == 0
    page = (made / "report.en.html").read_text(encoding="utf-8")
    assert page.count("younger than these results") == 1


def test_results_that_call_a_world_a_draw_are_read(made):
    """Older folders do, in every table and where a run has failed."""
    whole, content = manifest.compared_of(made), finished.manifest(made)
    failure = {"arm": "outreach", "seed": 1, "error": "x"}
    for name in content["sha256"]:
        table = pd.read_parquet(made / name).rename(columns={"world": "draw"})
        table.to_parquet(made / name)
        content["sha256"][name] = hash_of(made / name)
    content["failed"] = [failure | {"draw": 7}]
    (made / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    again = manifest.compared_of(made)
    assert "world" in again.values
    pd.testing.assert_frame_equal(again.values, whole.values)
    pd.testing.assert_frame_equal(again.quantities, whole.quantities)
    assert again.failed[0][0].world == 7
