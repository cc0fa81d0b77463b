"""The parameter values and the trend that a scenario chooses, against what is declared."""

from __future__ import annotations

import re
from typing import Any

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.scenario import notation
from sim.scenario.files import Document
from sim.scenario.refusals import checked_record
from sim.scenario.scenario import Trend
from sim.words import Phrase
from sim.words.errors import between, fault, nearest, unknown

WIDEST = 10  # times beyond its range that a parameter may be tried at
AT_MOST_ONE = re.compile(r"share|prob|0-1")
DRIFTS = tuple(Trend.model_fields)


def chosen_parameters(
    document: Document, declared: dict[str, Parameter]
) -> tuple[dict[str, float], dict[str, str]]:
    """Every parameter's value, and the origin of those that `effects = "none"` puts to their
    null.
    """
    values = {name: parameter.value for name, parameter in declared.items()}
    groups = checked_table(document.values.get("parameters", {}), "parameters", document)
    names = {name.split(".")[0] for name in declared}
    for group, settings in groups.items():
        key = f"parameters.{group}"
        if group not in names:
            raise unknown(
                "error.unknown_parameter", group, sorted(names), at=key, file=document.source(key)
            )
        for name, value in checked_table(settings, key, document).items():
            values[f"{group}.{name}"] = _chosen(f"{group}.{name}", value, declared, document)
    if sum(values[f"town.init_{level}"] for level in ("latent", "manifest", "compounded")) > 1:
        raise fault("error.stocks", at="parameters.town", file=document.source("parameters.town"))
    check_kinds(values, document)
    if document.values.get("effects") != "none":
        return values, {}
    origins = {
        f"parameters.{name}": 'effects = "none"'
        for name, parameter in declared.items()
        if parameter.null is not None
    }
    return nulled(values, declared), origins


def check_kinds(values: dict[str, float], document: Document) -> None:
    """The shares of household kinds that are parameters leave room for the other kinds."""
    chosen = [f"town.{name}" for name in ("share_elder_alone", "share_with_children")]
    if not any(f"parameters.{name}" in document.sources for name in chosen):
        return
    from sim.scenario.composition import (
        national,  # here, since NumPy and SciPy take half a second to import
    )

    if national(*(values[name] for name in chosen)).min() < 0:
        raise fault(
            "error.kinds",
            at="parameters.town",
            file=document.source("parameters.town"),
            given=", ".join(f"{name} = {values[name]:g}" for name in chosen),
        )


def nulled(values: dict[str, float], declared: dict[str, Parameter]) -> dict[str, float]:
    """The values with every effect at its null."""
    nulls = {
        name: parameter.null for name, parameter in declared.items() if parameter.null is not None
    }
    return values | {
        name: float(values[null] if isinstance(null, str) else null) for name, null in nulls.items()
    }


def checked_table(value: Any, key: str, document: Document) -> dict[str, Any]:
    """A value that must be a table."""
    if not isinstance(value, dict):
        raise fault(
            "error.type",
            at=key,
            file=document.source(key),
            given=value,
            allowed=Phrase("allowed.table"),
        )
    return value


def _chosen(name: str, value: Any, declared: dict[str, Parameter], document: Document) -> float:
    """One value given in a file; refuses unknown names, what is no number, and what lies out of
    range.
    """
    key = f"parameters.{name}"
    file = document.source(key)
    if name not in declared:
        raise fault(
            "error.unknown_parameter", at=key, file=file, near=near_parameter(name, declared)
        )
    value = notation.meant(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise fault("error.type", at=key, file=file, given=value, allowed=Phrase("allowed.number"))
    parameter = declared[name]
    if not possible(value, parameter):
        raise fault(
            "error.range",
            at=key,
            file=file,
            given=value,
            allowed=between(*parameter_limits(parameter), parameter.unit),
        )
    if not parameter.low <= value <= parameter.high and not document.values.get(
        "outside_ranges", False
    ):
        raise fault(
            "error.range",
            at=key,
            file=file,
            given=value,
            allowed=within(parameter, "allowed.outside"),
        )
    return float(value)


def near_parameter(name: str, declared: dict[str, Parameter]) -> str:
    """The nearest parameter: of the same group first, else the same name in another group, else
    anything alike.
    """
    group, _, last = name.partition(".")
    own = nearest(
        last, [other.partition(".")[2] for other in declared if other.startswith(group + ".")]
    )
    if own:
        return f"{group}.{own}"
    return next(
        (other for other in declared if other.endswith("." + last)), nearest(name, declared)
    )


def possible(value: float, parameter: Parameter) -> bool:
    """Whether a value can be at all."""
    low, high = parameter_limits(parameter)
    return low <= value <= high


def parameter_limits(parameter: Parameter) -> tuple[float, float]:
    """What can be at all: sign as declared, shares and chances at most 1, nothing WIDEST times
    beyond the range.

    An effect may be stronger than its range, but not turned round: it stays on its side of the
    null, a ratio on its side of 1.
    """
    low = (
        parameter.low / WIDEST
        if parameter.low >= 0
        else -WIDEST * max(-parameter.low, parameter.high)
    )
    high = WIDEST * max(-parameter.low, parameter.high)
    turns = (
        [1.0]
        if parameter.unit == "ratio"
        else [parameter.null]
        if isinstance(parameter.null, float)
        else []
    )
    lows = [turn for turn in turns if parameter.low >= turn]
    highs = [turn for turn in turns if parameter.high <= turn]
    highs += [1.0] if AT_MOST_ONE.match(parameter.unit) and parameter.high <= 1 else []
    highs += [parameter.most] if parameter.most is not None else []
    return max([low, *lows]), min([high, *highs])


def within(parameter: Parameter, key: str) -> Phrase:
    """The declared range in words."""
    return between(parameter.low, parameter.high, parameter.unit, key)


def chosen_trend(document: Document, parameters: dict[str, float]) -> Trend:
    """The yearly drift: what the file gives, the declared values for the rest; `"none"` is no drift
    at all.
    """
    written = document.values.get("trend", "default")
    if written == "none":
        return Trend()
    if written == "default":
        written = {}
    if not isinstance(written, dict):
        raise fault(
            "error.unknown_choice",
            at="trend",
            file=document.source("trend"),
            given=written,
            allowed=Phrase("allowed.trend"),
            near=nearest(str(written), ("default", "none")),
        )
    drift = {name: parameters[f"population.trend_{name}"] for name in DRIFTS}
    for name in drift.keys() & written.keys():
        _within_range(name, written[name], document)
    return checked_record(Trend, {**drift, **written}, at="trend", source=document.source)


def _within_range(name: str, value: Any, document: Document) -> None:
    """A drift has the range of its parameter; what is no number is left to the record."""
    parameter = declared()[f"population.trend_{name}"]
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or document.values.get("outside_ranges", False)
    ):
        return
    if not parameter.low <= value <= parameter.high:
        key = f"trend.{name}"
        raise fault(
            "error.range",
            at=key,
            file=document.source(key),
            given=value,
            allowed=within(parameter, "allowed.outside"),
        )
