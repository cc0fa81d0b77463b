"""The parameter values and the trend that a scenario chooses, against what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from pydantic import BaseModel

from sim.declared import declared
from sim.files.refusals import checked_record
from sim.files.toml import Document
from sim.scenario.scenario import Trend
from sim.scenario.scenario_file import DRIFTS, ScenarioFile, group_lines
from sim.scenario.values import nulled
from sim.words.errors import fault, unknown

KIND_SHARES = ("town.share_elder_alone", "town.share_with_children")


def chosen_parameters(
    written: ScenarioFile, document: Document, extra: tuple[ModuleType, ...] = ()
) -> tuple[dict[str, float], dict[str, str]]:
    """Every parameter's value, and the origin of those that `effects = "none"` puts to their
    null.
    """
    parameters = declared(extra)
    values = {name: parameter.value for name, parameter in parameters.items()}
    groups = sorted({name.partition(".")[0] for name in parameters})
    outside = written.outside_ranges
    for group, table in written.parameters.items():
        at, source = f"parameters.{group}", document.source
        if group not in groups:
            raise unknown("error.unknown_parameter", group, groups, at=at, file=source(at))
        lines = group_lines(group, extra)
        given = checked_record(lines, table, at=at, source=source, outside=outside)
        values |= {f"{group}.{name}": getattr(given, name) for name in table}
    check_stocks(values, document)
    if any(f"parameters.{name}" in document.sources for name in KIND_SHARES):
        check_kind_shares(values, document)
    if written.effects != "none":
        return values, {}
    origins = {
        f"parameters.{name}": 'effects = "none"'
        for name, parameter in parameters.items()
        if parameter.null is not None
    }
    return nulled(values, parameters), origins


def check_stocks(values: Mapping[str, float], document: Document) -> None:
    """The shares of households in need at the start leave none below zero without."""
    if sum(values[f"town.init_{level}"] for level in ("latent", "manifest", "compounded")) > 1:
        raise fault("error.stocks", at="parameters.town", file=document.source("parameters.town"))


def check_kind_shares(values: Mapping[str, float], document: Document) -> None:
    """The shares of household kinds that are parameters leave room for the other kinds."""
    from sim.towns.composition import (
        national,  # here, since NumPy and SciPy take half a second to import
    )

    if national(*(values[name] for name in KIND_SHARES)).min() < 0:
        raise fault(
            "error.kinds",
            at="parameters.town",
            file=document.source("parameters.town"),
            given=", ".join(f"{name} = {values[name]:g}" for name in KIND_SHARES),
        )


def chosen_trend(written: BaseModel | None, parameters: Mapping[str, float]) -> Trend:
    """The yearly drift: what the file gives, the declared values for the rest."""
    given = written.model_dump(exclude_unset=True) if written else {}
    return Trend(**{name: parameters[f"population.trend_{name}"] for name in DRIFTS} | given)
