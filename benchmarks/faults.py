"""Thousands of broken files, each read as its command reads it: `python -m benchmarks.faults
--files 20000`.

A file is refused in one message, or accepted; an accepted scenario is lived for eight weeks in a
small town. Anything else, an error that is no refusal, a file that takes more than ten seconds or
too much memory, is a crash: it is kept in --out, with its traceback. Each file follows from the
seed and its number alone.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.mutations import broken, mutated, toml
from sim.economics.costing import read_prices
from sim.files.toml import SHIPPED
from sim.model.town import Town
from sim.report.text.listing import scenario_sections
from sim.scenario.arms import read_comparison
from sim.scenario.load import read
from sim.scenario.scenario import Scenario
from sim.study.budget import check_same_cost, planned
from sim.study.compare import PRICES, check_measures
from sim.study.idle_settings import unused
from sim.study.manifest import read_whole, restored
from sim.study.recheck import check_livable
from sim.study.shrink import smaller
from sim.study.store import MANIFEST
from sim.words.errors import ScenarioError

PATIENCE, MEMORY = 10, 3_000_000_000  # seconds and bytes of one file
RESIDENTS, WEEKS = 250, 8
MUTANT = "mutant.toml"
PLAIN = 'town = "towns/small.toml"'
SMALL = {
    "name": {"ja": "小", "en": "small"},
    "population": 900,
    "ageing_rate": 0.27,
    "districts": [{"id": "n", "share": 0.6}, {"id": "s", "share": 0.4, "places": 2}],
    "households": {
        "n": {"elder_alone": 60, "other": 150, "working_alone": 50},
        "s": {"elder_couple": 60, "other": 80},
    },
}
DESKS = {
    "name": {"ja": "窓", "en": "desks"},
    "posts_per_100k": 300,
    "practice": {"outreach_worker": {"fte": 0.2}},
    "agencies": [
        {
            "id": field,
            "name": {"ja": "a", "en": "a"},
            "field": field,
            "share": 0.25,
            "mix": {"regular": 1.0},
        }
        for field in ("elderly", "disability", "child", "poverty")
    ],
}
WHOLE = {
    "town": "towns/small.toml",
    "organisation": "organisations/desks.toml",
    "years": 2,
    "run_in_weeks": 2,
    "start_year": 2025,
    "levers": {
        "outreach_worker": {
            "fte": 1,
            "start": 10,
            "end": 60,
            "ramp_months": 2,
            "mix": {"visiting": 0.5, "accompanying": 0.5},
        },
        "staffing": {"add": {"elderly": 0.5}, "schedule": [{"start": 52, "kind": "regular"}]},
        "inclusion_promoter": {"fte": 0.5},
        "coordination": {"hub": "backup", "conferences": 2},
        "csw": {"fte": 1},
    },
    "events": [
        {"kind": "disaster", "week": 1, "size": 0.2},
        {"kind": "recession", "week": 3, "weeks": 8, "size": 1.2},
    ],
    "trend": {"onset": 0.01},
    "parameters": {"needs": {"onset_latent": 0.05}},
    "switched_off": ["rotation"],
    "seeds": [1, 2],
    "claims": [{"en": "a", "measure": "unseen", "direction": "lower", "by_year": 1}],
    "outside_ranges": True,
}
ARMS = {
    **{name: WHOLE[name] for name in ("town", "organisation", "years", "run_in_weeks")},
    "reference": "a",
    "arms": [
        {"id": "a"},
        {"id": "b", "levers": {"outreach_worker": {"fte": 1}}},
        {"id": "c", "levers": {"community": {"places": 1}}},
    ],
    "measures": ["load"],
    "claims": [{"en": "a", "arm": "b", "measure": "unseen", "direction": "lower", "by_year": 1}],
    "same_cost": [["a", "a"]],
    "combinations": [{"arm": "b", "parts": {"c": 1.0}}],
    "precision": {"measure": "load", "half_width": 1.0, "year": 1},
}
KINDS = ("scenario", "comparison", "people", "organisation", "pack", "prices", "manifest")


class Hang(BaseException):
    """A file took more than PATIENCE seconds."""


class Desk:
    """A scenario folder of one's own, and the files to begin with by kind: those that ship, and
    small ones with everything in.
    """

    def __init__(self, root: Path):
        self.root = root / "scenarios"
        shutil.copytree(SHIPPED, self.root)
        for name, content in {"towns/small.toml": SMALL, "organisations/desks.toml": DESKS}.items():
            (self.root / name).write_text(toml(content), encoding="utf-8")
        (self.root / "small.toml").write_text(toml(WHOLE), encoding="utf-8")
        files = {
            path: tomllib.loads(path.read_text(encoding="utf-8"))
            for path in sorted(self.root.rglob("*.toml"))
        }
        top = {path: content for path, content in files.items() if path.parent == self.root}
        prices = {
            "extends": "default.toml",
            "items": [{"id": "place", "price": 5e6, "step": 2}],
            "name": {"ja": "a", "en": "a"},
        }
        self.first: dict[str, list[tuple[Path, dict[str, Any]]]] = {
            "scenario": [(self.root / "small.toml", WHOLE)] * 8
            + [pair for pair in top.items() if "arms" not in pair[1]],
            "comparison": [(self.root / "arms.toml", ARMS)] * 8
            + [pair for pair in files.items() if "arms" in pair[1]],
            "people": [(self.root / "towns/small.toml", SMALL)] * 6,
            "pack": [],
            "manifest": [],
            "organisation": [(self.root / "organisations/desks.toml", DESKS)] * 6,
            "prices": [(self.root / "prices/x.toml", prices)],
        }
        for kind, folder in {
            "people": "towns",
            "organisation": "organisations",
            "pack": "packs",
            "prices": "prices",
        }.items():
            self.first[kind] += [
                pair for pair in files.items() if pair[0].parent == self.root / folder
            ]

    def write(self, kind: str, first: Path, content: bytes) -> Path:
        """Write a mutant of a kind beside the file that it was, and what takes it; the path that a
        command is given.
        """
        (first.parent / MUTANT).write_bytes(content)
        if kind in ("scenario", "comparison", "prices", "manifest"):
            return first.parent / MUTANT
        same = (
            f"towns/{first.name}"  # the districts that an organisation serves are those of its town
        )
        town = same if (self.root / same).exists() else "towns/small.toml"
        lines = {
            "people": f'town = "towns/{MUTANT}"',
            "pack": f'packs = ["packs/{MUTANT}"]\n{PLAIN}',
            "organisation": f'organisation = "organisations/{MUTANT}"\ntown = "{town}"',
        }
        (self.root / "takes.toml").write_text(
            f'extends = "base.toml"\n{lines[kind]}\n', encoding="utf-8"
        )
        return self.root / "takes.toml"


def live(scenario: Scenario) -> None:
    """Eight weeks of a scenario in a small town."""
    small = smaller(scenario, RESIDENTS).model_copy(
        update={"run_in_weeks": min(scenario.run_in_weeks, 2), "years": 1}
    )
    town = Town(small, 1)
    for _ in range(WEEKS):
        town.step()


def as_scenario(path: Path) -> None:
    """As `sim check` and `sim run` read a file."""
    loaded = read(path)
    for lang in ("ja", "en"):
        _ = (
            scenario_sections(loaded, lang),
            [phrase.say(lang) for phrase in unused(loaded.scenario)],
        )
    live(loaded.scenario)


def as_comparison(path: Path) -> None:
    """As `sim compare` reads a file; its last arm is lived."""
    comparison, book = read_comparison([path]), read_prices(PRICES)
    check_measures(comparison)
    check_same_cost(comparison, book)
    json.dumps(comparison.remarks, allow_nan=False)
    live(comparison.arms[-1].scenario)


def as_prices(path: Path) -> None:
    """As `sim report --prices` reads a file; a scenario's levers are priced."""
    planned(read(path.parents[1] / "small.toml").scenario, read_prices(path))


def as_manifest(path: Path) -> None:
    """As `sim report`, `sim reproduce` and `sim life` read a manifest; the last arm of a comparison
    is lived.
    """
    found = read_whole(path, ("compare", "run"), "error.no_run_manifest")
    compared = found["kind"] == "compare"
    scenario = (
        restored(found["comparison"]).arms[-1].scenario
        if compared
        else Scenario.model_validate(found["scenario"])
    )
    check_livable(scenario, "")
    live(scenario)


READERS: dict[str, Callable[[Path], None]] = {
    "comparison": as_comparison,
    "prices": as_prices,
    "manifest": as_manifest,
}


def outcome(kind: str, path: Path) -> str:
    """accepted, refused, or the traceback of a crash."""

    def stop(*_: Any) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        READERS.get(kind, as_scenario)(path)
        return "accepted"
    except ScenarioError as error:
        _ = error.say("ja"), error.say("en")
        return "refused"
    except (Exception, Hang):
        return traceback.format_exc()
    finally:
        signal.alarm(0)


def manifests(root: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Manifests of a small comparison, without its cells: what reading needs."""
    from sim.cli.compare import prepared
    from sim.report.text import provenance
    from sim.study.manifest import dumped, requested_settings

    comparison = read_comparison([root / "scenarios/spirals.toml"])
    work = prepared(comparison, "2", 1, None, root / "results")
    common = {
        "seeds": [1, 2],
        "years": comparison.base.years,
        "failed": [],
        "files": ["values.parquet"],
        "made_by": "x",
        "finished": True,
        "scenario_id": "x",
        "sha256": {"values.parquet": "0"},
        **provenance.made(),
    }
    money = {"households": 900, "worlds": "", "digests": {}}
    whole = {
        **common,
        "kind": "compare",
        "comparison": dumped(comparison),
        **requested_settings(work),
        **money,
    }
    alone = {**common, "kind": "run", "scenario": comparison.base.model_dump(mode="json")}
    return [(root / MANIFEST, whole), (root / MANIFEST, alone)]


def as_json(document: dict[str, Any]) -> str:
    """A document as JSON, whole numbers of any length with it."""
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(document, ensure_ascii=False, default=str)
    finally:
        sys.set_int_max_str_digits(sys.int_info.default_max_str_digits)


def mutant(desk: Desk, seed: int, number: int) -> tuple[str, Path, bytes]:
    """Kind, folder and bytes of one broken file."""
    draw = random.Random(f"{seed}/{number}")
    kind = draw.choice(KINDS)
    path, content = draw.choice(desk.first[kind])
    _, other = draw.choice(desk.first[draw.choice(KINDS)])
    content, other = copy.deepcopy(content), copy.deepcopy(other)
    if kind == "manifest":
        text = mutated(draw, content, other, writer=as_json)
    else:
        text = mutated(draw, content, other)
    return kind, path, broken(draw, text)


def run(
    files: int, seed: int, out: Path, first: int = 0, tell: Callable[[str], Any] = print
) -> Counter:
    """Read so many broken files; how each kind ended, and the slowest."""
    found, slowest = Counter(), (0.0, "", 0)
    with tempfile.TemporaryDirectory() as root:
        desk = Desk(Path(root))
        desk.first["manifest"] = manifests(Path(root))
        for arm in read_comparison([Path(root) / "scenarios/spirals.toml"]).arms:
            live(arm.scenario)  # what is compiled once is no hang
        for number in range(first, first + files):
            kind, first_path, content = mutant(desk, seed, number)
            path = desk.write(kind, first_path, content)
            begin = time.perf_counter()
            ended = outcome(kind, path)
            slowest = max(slowest, (time.perf_counter() - begin, kind, number))
            (first_path.parent / MUTANT).unlink()
            crashed = ended not in ("accepted", "refused")
            found[kind, "crashed" if crashed else ended] += 1
            if crashed:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{number}.{kind}.toml").write_bytes(content)
                (out / f"{number}.{kind}.txt").write_text(ended, encoding="utf-8")
                tell(f"{number} {kind}: {ended.strip().splitlines()[-1][:200]}")
    tell(f"slowest: {slowest[0]:.2f} s ({slowest[1]} {slowest[2]})")
    return found


def main() -> None:
    """Read the files and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "sim-faults")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    begin = time.perf_counter()
    found = run(given.files, given.seed, given.out, given.first)
    print(f"{'':14}{'refused':>9}{'accepted':>9}{'crashed':>9}")
    for kind in (*KINDS, "all"):
        numbers = [
            sum(n for (one, end), n in found.items() if end == ended and kind in (one, "all"))
            for ended in ("refused", "accepted", "crashed")
        ]
        print(f"{kind:14}" + "".join(f"{number:9,}" for number in numbers))
    print(f"{time.perf_counter() - begin:.0f} s")
    sys.exit(any(ended == "crashed" for _, ended in found))


if __name__ == "__main__":
    main()
