"""How a parameter is declared: value, unit, range, grade, source, labels and the value at which its
effect vanishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.words.errors import nearest

ASSUMED = "assumption of this project"
RECALLED = "recalled, unverified"
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Parameter:
    """One declared number. `null` is the value (or the dotted name of the parameter) at which its
    effect vanishes; `most` the largest that the model can be run at, where that is not left to its
    range.
    """

    value: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    en: str
    ja: str
    null: float | str | None = None
    distribution: str = "triangular"
    most: float | None = None


def par(
    value, *, unit, low, high, grade, en, ja, source=ASSUMED, null=None, log=None, most=None
) -> Any:
    """Declare a parameter; raises ValueError when the value lies outside its range or the grade is
    unknown.

    Rates ("1/year") with a positive low end are sampled on the log scale unless `log=False`.
    """
    if not low <= value <= high:
        raise ValueError(f"declared value {value} lies outside {low}..{high}: {en}")
    if not set(grade.replace("/", "")) <= set(GRADES):
        raise ValueError(f"unknown grade {grade!r}: {en}")
    on_log_scale = (unit == "1/year" and low > 0) if log is None else log
    distribution = "log-triangular" if on_log_scale else "triangular"
    return Parameter(
        float(value), unit, float(low), float(high), grade, source, en, ja, null, distribution, most
    )


class Subject:
    """The parameters of one subject. On the class they are what is declared, on an instance their
    values; a name that is not declared is refused.
    """

    def __init__(self, values: Mapping[str, float]):
        for name, value in values.items():
            setattr(self, name, value)

    @classmethod
    def declarations(cls) -> dict[str, Parameter]:
        """What the class declares, by name."""
        return {name: one for name, one in vars(cls).items() if isinstance(one, Parameter)}

    def __setattr__(self, name: str, value: float) -> None:
        declared = self.declarations()
        if name not in declared:
            near = nearest(name, list(declared))
            hint = f"; did you mean {near!r}?" if near else ""
            raise AttributeError(f"{type(self).__name__} has no parameter {name!r}{hint}")
        self.__dict__[name] = value
        if "_record" in self.__dict__:
            self.__dict__["_record"][name] = value

    def keep_in(self, record: Any) -> None:
        """Write the values into `record` (1,), and from now on every change of one: kernels read
        them there.
        """
        for name in self.declarations():
            record[name] = getattr(self, name)
        self.__dict__["_record"] = record
