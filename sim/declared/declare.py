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
IN_JAPANESE = {ASSUMED: "本プロジェクトの仮定", RECALLED: "記憶による。未確認"}
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
    source_ja: str
    en: str
    ja: str
    null: float | str | None = None
    distribution: str = "triangular"
    most: float | None = None

    def source_in(self, lang: str) -> str:
        """Where the number comes from, in `lang`."""
        return self.source_ja if lang == "ja" else self.source


def par(
    value,
    *,
    unit,
    low,
    high,
    grade,
    en,
    ja,
    source=ASSUMED,
    source_ja="",
    null=None,
    log=None,
    most=None,
) -> Any:
    """Declare a parameter and return it.

    `value` lies between `low` and `high`, in `unit`; `grade` says how sure it is ("A" to "D", or
    two of them such as "B/C"). `en` and `ja` are its meaning in English and Japanese. `source_ja` is
    what a reader of Japanese is told instead of `source`; without it both read `source`. `null` is
    the value at which the effect vanishes, or the dotted name of a parameter that has it. A rate
    ("1/year") with a positive low end is sampled on the log scale unless `log=False`. `most` is the
    largest value at which the model can be run, where that is not left to its unit.

    Raises ValueError when the value lies outside its range or the grade is unknown.

    >>> hours = par(2, unit="h", low=1, high=4, grade="D", en="hours of a visit", ja="訪問の時間")
    >>> hours.value, hours.source
    (2.0, 'assumption of this project')
    """
    if not low <= value <= high:
        raise ValueError(f"declared value {value} lies outside {low}..{high}: {en}")
    if not set(grade.replace("/", "")) <= set(GRADES):
        raise ValueError(f"unknown grade {grade!r}: {en}")
    on_log_scale = (unit == "1/year" and low > 0) if log is None else log
    return Parameter(
        value=float(value),
        unit=unit,
        low=float(low),
        high=float(high),
        grade=grade,
        source=source,
        source_ja=source_ja or IN_JAPANESE.get(source, source),
        en=en,
        ja=ja,
        null=null,
        distribution="log-triangular" if on_log_scale else "triangular",
        most=most,
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
