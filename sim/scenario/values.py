"""Which values a parameter may have: in its range, near it where that is meant, never what cannot
be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import AfterValidator, ValidationInfo

from sim.declared.declare import Parameter
from sim.words import Phrase
from sim.words.errors import Refusal, between, nearest

WIDEST = 10  # times beyond its range that a parameter may be tried at
AT_MOST_ONE = re.compile(r"share|prob|0-1")


def nulled(values: dict[str, float], declared: Mapping[str, Parameter]) -> dict[str, float]:
    """The values with every effect at its null."""
    nulls = {
        name: parameter.null for name, parameter in declared.items() if parameter.null is not None
    }
    return values | {
        name: float(values[null] if isinstance(null, str) else null) for name, null in nulls.items()
    }


def in_range(parameter: Parameter) -> AfterValidator:
    """A value that the parameter can have: in its range, or near it where the file says
    `outside_ranges`.
    """

    def checked(value: float, info: ValidationInfo) -> float:
        if not possible(value, parameter):
            allowed = between(*parameter_limits(parameter), parameter.unit)
            raise Refusal("error.range", allowed=allowed)
        if not (parameter.low <= value <= parameter.high or info.context):
            raise Refusal("error.range", allowed=within(parameter, "allowed.outside"))
        return value

    return AfterValidator(checked)


def near_parameter(name: str, declared: Mapping[str, Parameter]) -> str:
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
