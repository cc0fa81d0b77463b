"""Files laid over one another: what a scenario extends, the packs it takes, its own lines, and what
a caller lays on top.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.files.bounds import check_bounded
from sim.files.toml import OWN, Document, Folder, copied, merge, read_chain, read_toml
from sim.scenario.scenario_file import DRIFTS
from sim.words import Phrase
from sim.words.errors import fault, short

OVERRIDES = "overrides"
NO_PART_OF_A_PACK = ("extends", "packs", "town", "start_year", "years", "seeds", "claims", "arms")


def laid(path: Path, folder: Folder, overrides: dict[str, Any] | None = None) -> Document:
    """A file, all it extends, and the overrides (values by dotted key), laid over one another."""
    document = Document()
    for file, values in read_chain(path, folder):
        lay_file(document, values, short(file), file, folder)
    own = copied({name: document.values[name] for name in OWN if name in document.values})
    for dotted, value in (overrides or {}).items():
        value = plainly(value)
        for name in reversed(dotted.split(".")):
            value = {name: value}
        check_bounded(value, OVERRIDES)
        merge(own, {name: value[name] for name in OWN if name in value})
        document.lay({**without_drift(value), **own}, OVERRIDES, path)
    document.forget("extends")
    return document


def is_shortened(document: Document) -> bool:
    """Whether the caller, not a file, says how many years the run has."""
    return document.sources.get("years") == OVERRIDES


def lay_file(
    document: Document, values: dict[str, Any], source: str, path: Path, folder: Folder
) -> None:
    """Lay the packs that `values` takes, in their order, then `values` themselves."""
    packs = values.get("packs", [])
    if not isinstance(packs, list):
        raise fault(
            "error.type", at="packs", file=source, given=packs, allowed=Phrase("allowed.list")
        )
    for written in packs:
        pack = folder.find(written, path, "packs")
        content = read_toml(pack)
        for name in NO_PART_OF_A_PACK:
            if name in content:
                raise fault(
                    "error.pack",
                    at=name,
                    file=short(pack),
                    allowed=", ".join(("levers", "parameters", "events")),
                )
        document.lay(without_drift(content), short(pack), pack)
        for name in OWN:
            document.forget(name)
    document.lay(without_drift(values), source, path)


def plainly(value: Any) -> Any:
    """A value given in Python as TOML would give it."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, dict):
        return {name: plainly(part) for name, part in value.items()}
    return [plainly(part) for part in value] if isinstance(value, (list, tuple)) else value


def without_drift(values: dict[str, Any]) -> dict[str, Any]:
    """`trend = "none"` written out, so that a file that extends this one may change one drift
    alone.
    """
    return (
        {**values, "trend": dict.fromkeys(DRIFTS, 0.0)} if values.get("trend") == "none" else values
    )
