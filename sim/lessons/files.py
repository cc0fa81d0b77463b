"""The lessons of the guidebook as comparisons: every town, wrong turn, community case and check
that ships.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.files.toml import OWN, SHIPPED, read_toml
from sim.scenario.arms import read_comparison
from sim.scenario.comparison import Arm, Comparison
from sim.scenario.load import load
from sim.towns.town import Label
from sim.words import LANGUAGES, say

KINDS = ("town", "pair", "pack", "check")  # a check is a variant that asks why a claim is not held
PACK_TOWNS = {
    "local_coop": "tsukigase"
}  # a pack is laid over the town that its amounts are for; the others over Kaga
PACK_TOWN = "kaga"
WATCHED = (
    "acting",
    "isolates",
    "place_members",
    "unseen",
    "compounded",
    "load",
)  # measures of a pack, which claims nothing
BEYOND = "# Reported in the guidebook, not yet to be expressed here"
PATTERN = re.compile(r"# (P\d{2}), (L\d+(?:-\d+)?(?:, L\d+(?:-\d+)?)*)")


@dataclass(frozen=True)
class Lesson:
    """A file that ships, the comparison it makes, and what it says about the guidebook."""

    id: str
    kind: str
    file: Path
    comparison: Comparison

    @property
    def remarks(self) -> dict[str, Any]:
        """What the file notes about the guidebook: lines, expects, cannot, pays, decides."""
        return self.comparison.remarks

    @property
    def supposed(self) -> list[str]:
        """The parameters that the file supposes to be decisive, named before anything was run."""
        return [name.strip() for name in self.remarks.get("decides", "").split(",") if name.strip()]


def files(folder: Path = SHIPPED) -> dict[str, tuple[str, Path]]:
    """Returns the kind and file of every lesson by id: towns with claims of their own, then pairs,
    packs and checks.
    """
    towns = {path.stem for path in (folder / "towns").glob("*.toml")}
    own = (
        path
        for path in sorted(folder.glob("*.toml"))
        if path.stem in towns and "claims" in read_toml(path)
    )
    found = {path.stem: ("town", path) for path in own}
    for kind in KINDS[1:]:
        found |= {path.stem: (kind, path) for path in sorted((folder / f"{kind}s").glob("*.toml"))}
    return found


def lesson(id: str, folder: Path = SHIPPED) -> Lesson:
    """Returns one lesson; raises KeyError where there is none of this id."""
    kind, path = files(folder)[id]
    comparison = (
        _pack(path, folder)
        if kind == "pack"
        else _town(path)
        if kind == "town"
        else read_comparison([path])
    )
    return Lesson(id, kind, path, comparison)


def _town(path: Path) -> Comparison:
    """Returns a town beside its own agencies and posts under windows that wait; the guidebook's
    patterns stand about its claims.
    """
    comparison = read_comparison([path])
    waiting, (own,) = comparison.arm("base"), comparison.others
    organisation = own.scenario.organisation.model_copy(
        update={"practice": waiting.scenario.organisation.practice}
    )
    same_posts = waiting.scenario.model_copy(update={"organisation": organisation})
    name = Label(**{lang: say("lessons.waiting", lang) for lang in LANGUAGES})
    comparison = replace(comparison, arms=(replace(waiting, name=name, scenario=same_posts), own))
    above, _, below = path.read_text(encoding="utf-8").partition(BEYOND)
    lines = dict.fromkeys(found.group(2) for found in PATTERN.finditer(above))
    beyond = " ".join(line.lstrip("# ") for line in below.partition(":")[2].splitlines()).strip()
    named = ", ".join(re.findall(r"P\d{2} \(L[^)]*\)", beyond)) or beyond
    cannot = {"en": beyond, "ja": say("lessons.beyond", "ja", patterns=named)}
    remarks = {"lines": ", ".join(lines)} | ({"cannot": cannot} if beyond else {})
    return replace(comparison, remarks=remarks)


def _pack(path: Path, folder: Path) -> Comparison:
    """Returns a comparison of a town with a pack against the same town without it."""
    content = read_toml(path)
    town = {"town": f"towns/{PACK_TOWNS.get(path.stem, PACK_TOWN)}.toml"}
    name, question = (Label(**content[key]) for key in ("name", "question"))
    laid = {key: value for key, value in content.items() if key not in OWN}
    without = load(folder / "base.toml", overrides=town)
    taken = load(folder / "base.toml", overrides=town | laid).model_copy(
        update={"id": path.stem, "name": name}
    )
    base = Label(**{lang: say("compare.base", lang) for lang in LANGUAGES})
    arms = (Arm("base", base, without), Arm(path.stem, name, taken))
    return Comparison(
        path.stem,
        name,
        question,
        arms,
        "base",
        without.seeds,
        measures=WATCHED,
        remarks=content["guidebook"],
    )
