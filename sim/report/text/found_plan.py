"""The plan that a search found, written as a scenario file that `sim compare` takes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from sim.files.locator import SHIPPED
from sim.files.toml import resolved
from sim.files.toml_text import toml_value
from sim.report.text.phrases import yen
from sim.report.text.run import label
from sim.report.text.search import plan_text
from sim.study.search.work import Searched
from sim.words import LANGUAGES, say


def extended_from(source: Path, folder: Path) -> str:
    """Returns how a file in `folder` names the scenario file that it extends: by its name among those
    that ship, else by its path from there.
    """
    path = resolved(source)
    if path.is_relative_to(SHIPPED.resolve()):
        return path.relative_to(SHIPPED.resolve()).as_posix()
    return Path(os.path.relpath(path, resolved(folder))).as_posix()


def lies_outside(source: Path) -> bool:
    """Whether a file in a folder of results may extend the scenario file only where that is allowed."""
    return not resolved(source).is_relative_to(SHIPPED.resolve())


def found_scenario(found: Searched, source: Path, folder: Path, command: str) -> str:
    """Returns the text of a scenario file for `folder`: the searched file with the winner's settings,
    and in comments how it was found. The same search gives the same text.
    """
    plan = found.winner.rated.plan
    base = found.space.scenario(found.space.nothing)
    lines = [*_comments(found, command), f"extends = {toml_value(extended_from(source, folder))}"]
    lines += [f"years = {base.years}", ""]
    for key in ("name", "question"):
        texts = {lang: say(f"search.file_{key}", lang, **_told(found, lang)) for lang in LANGUAGES}
        lines.append(f"{key} = {toml_value(texts)}")
    levers: dict[str, dict[str, Any]] = {}
    for name, value in plan.settings.items():
        lever, _, setting = name.partition(".")
        levers.setdefault(lever, {})[setting] = value
    for lever, settings in levers.items():
        lines += ["", f"[levers.{lever}]"]
        lines += [f"{name} = {toml_value(value)}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"


def _told(found: Searched, lang: str) -> dict[str, str]:
    base = found.space.scenario(found.space.nothing)
    money = yen(found.space.cost(found.winner.rated.plan), lang)
    return {"town": label(base.people.name, lang), "money": money}


def _comments(found: Searched, command: str) -> list[str]:
    plan = found.winner.rated.plan
    written = found.space.lines.model_dump_json()
    digest = hashlib.sha256(written.encode()).hexdigest()[:16]
    return [
        *(
            f"# {say('search.file_comment', lang, **_told(found, lang))} {plan_text(plan, lang)}"
            for lang in LANGUAGES
        ),
        f"# {command}; [search] {digest}, plan {plan.id}",
    ]
