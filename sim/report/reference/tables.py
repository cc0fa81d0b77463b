"""Tables in Markdown of what the code declares: columns, parameters, levers, weekly columns, the
week itself.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from itertools import groupby

from sim.declared import SUBJECTS, declared, records
from sim.declared.crises import KINDS as CRISES
from sim.declared.declare import GRADES, Parameter, Subject
from sim.declared.levers import LEVERS, setting_declaration
from sim.declared.tables import Agencies, Districts, Households, Needs, Residents, Ties, Workers
from sim.declared.vocabulary import KINDS, NEVER, POST_KINDS, ROUTES, STAGES
from sim.files.toml import SHIPPED, read_toml
from sim.model.processes import WEEK
from sim.report.text.listing import setting_range, setting_text
from sim.study.measures import MEASURES
from sim.words import named

TABLES = {
    "households": Households.declarations(),
    "needs": Needs.declarations(),
    "residents": Residents.declarations(),
    "ties": Ties.declarations(),
    "workers": Workers.declarations(),
    "agencies": Agencies.declarations(),
    "districts": Districts.declarations(),
}
RECORDS = {
    "flows": records.FLOWS,
    "stocks": records.STOCKS,
    "by_field": records.BY_FIELD,
    "by_district": records.BY_DISTRICT | records.DISTRICT_FLOWS,
    "by_agency": records.BY_AGENCY,
}
PARTS = {"route": ROUTES[1:], "stage": STAGES, "use": records.USES, "post": POST_KINDS}
PARAMETER = (
    "Name",
    "Meaning",
    "意味",
    "Value",
    "Low",
    "High",
    "Unit",
    "Distribution",
    "Grade",
    "Source",
    "Null",
)
CRISIS = (
    "Field",
    "Kind",
    "Share of the field's crises",
    "Stay, if it ends the need",
    "Bearer gone, if it ends the need",
)


def markdown_table(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Returns a Markdown table; bars inside cells are escaped and lines joined."""
    heading = tuple(heading)
    lines = [heading, ("---",) * len(heading), *rows]
    cells = ([str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def code_span(text: object) -> str:
    """Returns a name as Markdown shows names."""
    return f"`{text}`"


def state_columns_table(table: str) -> str:
    """Returns the state variables of one kind of entity, with type, unit, value at first and
    meaning.
    """
    rows = (
        (code_span(name), one.dtype.__name__, one.unit, _initial_words(one.initial), one.en)
        for name, one in TABLES[table].items()
    )
    return markdown_table(("Column", "Type", "Unit", "At first", "Meaning"), rows)


def _initial_words(initial: object) -> str:
    """Returns an initial value in words; NEVER is the date that is none."""
    return (
        "never"
        if initial == NEVER
        else f"{initial:g}"
        if isinstance(initial, float)
        else str(initial)
    )


def number_text(value: float | str | None) -> str:
    """Returns a number, the name of a parameter, or nothing."""
    return "" if value is None else code_span(value) if isinstance(value, str) else f"{value:g}"


def parameters_table(group: str) -> str:
    """Returns every parameter of one process."""
    rows = [
        (
            code_span(name.partition(".")[2]),
            one.en,
            one.ja,
            number_text(one.value),
            number_text(one.low),
            number_text(one.high),
            one.unit,
            one.distribution,
            one.grade,
            one.source,
            number_text(one.null),
        )
        for name, one in declared().items()
        if name.partition(".")[0] == group
    ]
    return markdown_table(PARAMETER, rows) if rows else ""


def parameter_groups() -> list[str]:
    """Returns the groups of parameters, in order."""
    return [group for group, _ in groupby(name.partition(".")[0] for name in declared())]


def grades() -> str:
    """Returns how many parameters stand on what kind of ground."""
    count = Counter(grade for one in declared().values() for grade in one.grade.split("/")[:1])
    return ", ".join(f"{grade}: {count[grade]}" for grade in GRADES)


def parameter(name: str) -> Parameter:
    """Returns one declared parameter; KeyError, in words, where there is none of that name."""
    found = declared()
    if name not in found:
        raise KeyError(
            f"the prose of the documents names the parameter {name!r}, which is not declared"
        )
    return found[name]


def percent(share: float) -> str:
    """Returns a share in percent, to two digits."""
    return f"{100 * share:.2g}%" if share < 0.995 else f"{100 * share:.0f}%"


class _Values:
    """The declared values of one subject, for sentences that name them:
    `{intake.hours_any_door}`.
    """

    def __init__(self, subject: type[Subject]):
        self._declared = subject.declarations()

    def __getattr__(self, name: str) -> _Number:
        return _Number(self._declared[name].value)


class _Number(float):
    def __format__(self, spec: str) -> str:
        return percent(float(self)) if spec == "share" else f"{float(self):g}"


def _cost_words(said: tuple[str, str]) -> tuple[str, ...]:
    """Returns what a setting costs, in English and Japanese, the parameters it names by their
    declared values.
    """
    values = {name: _Values(subject) for name, subject in SUBJECTS.items()}
    return tuple(one.format(**values) for one in said)


def lever(name: str) -> str:
    """Returns the settings of one lever and what each costs."""
    rows = []
    for setting, info in LEVERS[name].model_fields.items():
        said = setting_declaration(name, setting)
        default = "" if info.default is None else setting_text(info.default)
        rows.append(
            (
                code_span(setting),
                said["en"],
                said["ja"],
                said["unit"],
                setting_range(name, setting) or "see text",
                default,
                *_cost_words(said["cost"]),
            )
        )
    return markdown_table(
        (
            "Setting",
            "Meaning",
            "意味",
            "Unit",
            "Range or choices",
            "Default",
            "What it costs",
            "費用・手間",
        ),
        rows,
    )


def measures(table: str) -> str:
    """Returns the columns of one weekly table; a column with parts is one column a part."""
    rows = (
        (
            ", ".join(code_span(one) for one in records.column_names({name: column})),
            column.unit,
            column.en,
            column.ja,
        )
        for name, column in RECORDS[table].items()
    )
    return markdown_table(("Column", "Unit", "Meaning", "意味"), rows)


def column_labels_table(kind: str) -> str:
    """Returns what the parts of a column mean."""
    return markdown_table(
        ("Part", "Meaning", "意味"),
        (
            (code_span(name), word_for(kind, name, "en"), word_for(kind, name, "ja"))
            for name in PARTS[kind]
        ),
    )


def yearly_measures() -> str:
    """Returns the measures of a year that the summary shows."""
    rows = ((code_span(one.name), one.unit, one.en, one.ja, one.better) for one in MEASURES)
    return markdown_table(("Measure", "Unit", "Meaning", "意味", "Better"), rows)


def week() -> list[str]:
    """Returns the names of the week's processes, in order."""
    return [name for name, _process in WEEK]


def module_line(process: str) -> str:
    """Returns what a process is: the first line of its module's docstring."""
    said = inspect.cleandoc(import_module(f"sim.model.processes.{process}").__doc__ or "")
    return " ".join(said.split("\n\n")[0].split())


def does(process: str) -> str:
    """Returns what a process does: the docstring of its function."""
    return inspect.getdoc(dict(WEEK)[process]) or ""


def schedule() -> str:
    """Returns the week as a table: number, name, what it is, what it does."""
    rows = (
        (place, code_span(name), module_line(name), does(name).split("\n\n")[0])
        for place, name in enumerate(week())
    )
    return markdown_table(("", "Process", "What it is", "What it does"), rows)


def writes(process: str) -> str:
    """Returns what a process may write, by table."""
    tables: dict[str, list[str]] = {}
    for name in sorted(import_module(f"sim.model.processes.{process}").WRITES):
        table, _, column = name.partition(".")
        tables.setdefault(table, []).extend([code_span(column)] if column else [])
    return "; ".join(
        code_span(table) + (": " if names else "") + ", ".join(names)
        for table, names in tables.items()
    )


def crisis_kinds() -> str:
    """Returns the kinds of crisis by field."""
    return markdown_table(
        CRISIS,
        (
            (
                field,
                code_span(kind.id),
                f"{kind.share:.0%}",
                kind.stay or "",
                "yes" if kind.gone else "no",
            )
            for field, kinds in CRISES.items()
            for kind in kinds
        ),
    )


def household_kinds() -> str:
    """Returns the kinds of household."""
    rows = (
        (code_span(kind), word_for("kind", kind, "en"), word_for("kind", kind, "ja"))
        for kind in KINDS
    )
    return markdown_table(("Kind", "Meaning", "意味"), rows)


def towns_table() -> str:
    """Returns the towns that ship."""
    found = (read_toml(file) for file in sorted((SHIPPED / "towns").glob("*.toml")))
    return markdown_table(
        ("Town", "自治体", "Residents", "Aged 65 or over", "Districts", "Source"),
        (
            (
                town["name"]["en"],
                town["name"]["ja"],
                f"{town['population']:,}",
                f"{town['ageing_rate']:.1%}",
                len(town["districts"]),
                town.get("source", ""),
            )
            for town in found
        ),
    )


def word_for(kind: str, name: str, lang: str) -> str:
    """Returns the word for a group, a lever or a kind of household; the name itself where there is
    none.
    """
    return str(getattr(LEVERS[name], lang)) if kind == "lever" else named(kind, name).say(lang)


def docstring(module: str) -> str:
    """Returns the whole docstring of a module."""
    return inspect.cleandoc(import_module(module).__doc__ or "")
