"""From what was typed to a town: its people and its organisation as files, what was filled in for
the user, and what cannot be together.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import tomlkit

from sim.declared import declared
from sim.declared.vocabulary import AGENCY_FIELDS, KINDS, POST_KINDS
from sim.files.locator import SHELVES, SHIPPED, SUFFIX
from sim.files.toml import read_toml
from sim.officer.reading import BookRead
from sim.officer.sheets import FIGURES_ASKED
from sim.towns.composition import national
from sim.towns.new_town import Numbers, check_posts, checked_people, people_text, scenario_text
from sim.towns.town import DEFAULT_ORGANISATION, People
from sim.words import InBoth, Phrase, named
from sim.words.errors import Refusal, ScenarioError

TOWN_ID = "town"
PEOPLE_FILE, ORGANISATION_FILE = f"towns/{TOWN_ID}.toml", f"organisations/{TOWN_ID}.toml"
SCENARIO_FILE = f"{TOWN_ID}.toml"
LEAST_POST = 0.01
PLACES_OF_FAULTS = {  # cells for what the checks of a town name, by the beginning of its key
    "population": "town.population",
    "ageing_rate": "town.aged",
    "persons_per_household": "town.households",
    "households": "districts.1.all",
    "districts": "districts.1.name",
    "agencies": "posts.elderly.regular",
    "assistance": "assistance.posts",
    "start_year": "run.first",
    "years": "run.years",
    "arms": "measures.caseworker.number",
    "funding": "measures.caseworker.funding",
}
LINES_OF_MEASURES = {"community": "place", "coordination": "conferences"}  # others by their name


@dataclass
class Draft:
    """What a workbook comes to: the texts of files by their place in the scenario folder, and what
    was filled in, in words.
    """

    read: BookRead
    files: dict[str, str] = field(default_factory=dict)
    filled_in: list[Phrase] = field(default_factory=list)
    people: People | None = None
    yearly: float = 0.0  # yen of the request, mean of the run

    def tell(self, key: str, **values: Any) -> None:
        """Note what was filled in for the user."""
        self.filled_in.append(Phrase(f"book.filled.{key}", values))


def draft_town(draft: Draft) -> None:
    """Write the people and the organisation into the draft; faults go to the cells that they are
    about.
    """
    numbers = _numbers(draft)
    if draft.read.faults or numbers is None:
        return
    text = people_text(numbers) + _own_figures(draft.read)
    try:
        draft.people = checked_people(numbers, text)
        draft.files[PEOPLE_FILE] = text
        draft.files[ORGANISATION_FILE] = _organisation_text(draft, numbers)
        draft.files[SCENARIO_FILE] = scenario_text(numbers, PEOPLE_FILE, ORGANISATION_FILE)
        check_posts(draft.files[ORGANISATION_FILE], ORGANISATION_FILE, draft.people)
    except ScenarioError as error:
        place_faults(draft.read, error)


def own_figures(read: BookRead) -> dict[str, float]:
    """Returns the town's own figures by their key, with the staff of the desks whose posts were
    typed; nothing where no figure was.
    """
    found = {
        name: float(read.values[key])
        for name in FIGURES_ASKED
        if (key := f"figures.{name}") in read.values
    }
    if not found:
        return {}
    for field_ in AGENCY_FIELDS:
        posts = [
            float(read.values[key])
            for kind in POST_KINDS
            if (key := f"posts.{field_}.{kind}") in read.values
        ]
        if posts:
            found[f"staff_{field_}"] = sum(posts)
    return found


def _own_figures(read: BookRead) -> str:
    """The table of the town's own figures in its file; nothing where none is given."""
    given = own_figures(read)
    return "\n" + tomlkit.dumps({"own_figures": given}) if given else ""


def place_faults(read: BookRead, error: ScenarioError) -> None:
    """Note what the checks of a town found at the cells that it is about."""
    for one in error.faults:
        read.refuse(
            _place_of_fault(read, str(one.key)),
            Refusal(one.reason.key, allowed=one.allowed, near=one.near, **one.reason.values),
        )


def _place_of_fault(read: BookRead, key: str) -> str:
    """The cell that a key of a file is about: of a measure the cell in its line, else by the
    beginning of the key.
    """
    start, *parts = key.split(".")
    if start in ("arms", "funding", "levers"):
        for part in parts:
            line = f"measures.{LINES_OF_MEASURES.get(part, part)}"
            ends = (parts[-1], "funding" if "funding" in (start, *parts) else "number")
            found = [cell for end in ends if (cell := f"{line}.{end}") in read.places]
            if found:
                return found[0]
    return PLACES_OF_FAULTS.get(start, "town.population")


def _numbers(draft: Draft) -> Numbers | None:
    """What the sheet of the town says, with what is filled in; None where it cannot be."""
    read, values = draft.read, draft.read.values
    population = values.get("town.population")
    if population is None:
        return None
    name = str(values.get("town.name", ""))
    numbers = Numbers(TOWN_ID, name, name, population, _ageing_rate(draft, population))
    numbers = replace(numbers, source=read.file.name)
    numbers = _with_districts(draft, numbers)
    if numbers.table is None and "town.households" in values:
        size = population / max(1, values["town.households"])
        if not 1.2 <= size <= 4.0:
            limits = {"low": f"{population / 4:,.0f}", "high": f"{population / 1.2:,.0f}"}
            read.refuse(
                "town.households",
                Refusal(
                    "book.wrong.size", allowed=Phrase("allowed.range", limits), size=f"{size:.2f}"
                ),
            )
        else:
            numbers = replace(numbers, persons_per_household=size)
    return numbers


def _ageing_rate(draft: Draft, population: int) -> float:
    """The share of residents aged 65 or over; that of the shipped town nearest in size where it is
    not known.
    """
    aged = draft.read.values.get("town.aged")
    low, high = 0.02, 0.75
    if aged is None:
        near = nearest_town(population)
        draft.tell("aged", town=InBoth(near.name.ja, near.name.en), share=f"{near.ageing_rate:.1%}")
        return near.ageing_rate
    rate = aged / population if aged >= 1 else float(aged)
    if not low <= rate <= high:
        limits = Phrase("book.allowed.share_of", {
            "low": f"{low:.0%}", "high": f"{high:.0%}",
            "from_": f"{low * population:,.0f}", "to": f"{high * population:,.0f}"})  # fmt: skip
        draft.read.refuse("town.aged", Refusal("book.wrong.aged_range", allowed=limits))
        return low
    return rate


def nearest_town(population: int) -> People:
    """Returns the shipped town whose number of residents is nearest, as a ratio."""
    return min(shipped_towns(), key=lambda one: abs(math.log(one.population / population)))


@cache
def shipped_towns() -> tuple[People, ...]:
    """Returns the people of every town that ships, but the reference town, which is none."""
    files = sorted((SHIPPED / SHELVES["town"]).glob(f"*{SUFFIX}"))
    found = [People(**({"id": file.stem} | read_toml(file))) for file in files]
    return tuple(one for one in found if one.id != "reference")


def _with_districts(draft: Draft, numbers: Numbers) -> Numbers:
    """The numbers with the districts that were typed: by kind, by size, or by name alone."""
    rows = _district_rows(draft.read)
    if not rows:
        draft.tell("one_district")
        return numbers
    kinds = {name: {kind: row[kind] for kind in KINDS if kind in row} for name, row in rows.items()}
    if any(kinds.values()):
        return replace(numbers, table=_table(draft, rows, kinds))
    sizes = {name: row["all"] for name, row in rows.items() if "all" in row}
    if len(sizes) < len(rows):
        known = sum(sizes.values()) / len(sizes) if sizes else 1
        lacking = [name for name in rows if name not in sizes]
        draft.tell("sizes", list=", ".join(lacking))
        sizes = {name: round(sizes.get(name, known)) for name in rows}
    return replace(numbers, weights=sizes)


def _district_rows(read: BookRead) -> dict[str, dict[str, int]]:
    """Households by district and column; a line without a name, and a name that stands twice, are
    refused.
    """
    rows: dict[str, dict[str, int]] = {}
    lines = {key.split(".")[1] for key in read.values if key.startswith("districts.")}
    for line in sorted(lines, key=int):
        cells = {
            key.split(".")[2]: value
            for key, value in read.values.items()
            if key.startswith(f"districts.{line}.")
        }
        name = str(cells.pop("name", "")).strip()
        if not name:
            read.refuse(f"districts.{line}.name", Refusal("book.wrong.district_name"))
        elif name in rows:
            read.refuse(f"districts.{line}.name", Refusal("book.wrong.district_twice"))
        else:
            rows[name] = cells
            _check_sum(read, line, cells)
    return rows


def _check_sum(read: BookRead, line: str, cells: dict[str, int]) -> None:
    """Refuse a line whose kinds come to more than its households."""
    kinds = sum(cells[kind] for kind in KINDS if kind in cells)
    if "all" in cells and kinds > cells["all"]:
        read.refuse(
            f"districts.{line}.all",
            Refusal("book.wrong.sum", allowed=Phrase("allowed.at_least", {"low": f"{kinds:,}"})),
        )


def _table(
    draft: Draft, rows: dict[str, dict[str, int]], kinds: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    """Households by district and kind: what a line leaves open of its total goes to its empty kinds
    as the other lines have them, as the nation has them where no line does. A total that is more
    than all its kinds is not used.
    """
    totals = Counter[str]()
    for row in kinds.values():
        totals.update(row)
    usual = dict(zip(KINDS, national_mix(), strict=True))
    open_lines = []
    for name, row in rows.items():
        empty = [kind for kind in KINDS if kind not in kinds[name]]
        left = max(0, row.get("all", 0) - sum(kinds[name].values()))
        if not empty:
            if left:
                draft.tell("total", name=name, all=f"{row['all']:,}", sum=f"{row['all'] - left:,}")
            continue
        open_lines.append(name)
        mix = totals if any(totals[kind] for kind in empty) else usual
        whole = sum(mix[kind] for kind in empty)
        kinds[name] |= {kind: round(left * mix[kind] / whole) for kind in empty}
    if open_lines:
        draft.tell("kinds", list=", ".join(open_lines))
    return {name: {kind: kinds[name].get(kind, 0) for kind in KINDS} for name in rows}


def national_mix() -> tuple[float, ...]:
    """Returns the shares of the kinds in the households of the nation, in the order of KINDS."""
    shares = (declared()[f"town.share_{name}"].value for name in ("elder_alone", "with_children"))
    return tuple(map(float, national(*shares)))


def _organisation_text(draft: Draft, numbers: Numbers) -> str:
    """The organisation file: posts as typed, the standard number where a desk's cells are empty."""
    values = draft.read.values
    waiting = read_toml(SHIPPED / DEFAULT_ORGANISATION)
    document: dict[str, Any] = {
        "id": TOWN_ID,
        "name": {"ja": numbers.name_ja, "en": numbers.name_en},
        "source": numbers.source,
        "assumed": {},
    }
    agencies, standard = [], []
    for agency in waiting["agencies"]:
        field_ = agency["field"]
        typed = {
            kind: values[f"posts.{field_}.{kind}"]
            for kind in POST_KINDS
            if f"posts.{field_}.{kind}" in values
        }
        if not typed:
            posts = waiting["posts_per_100k"] * numbers.population / 100_000 * agency["share"]
            typed = {kind: round(posts * part, 2) for kind, part in agency["mix"].items()}
            typed = {kind: number for kind, number in typed.items() if number >= LEAST_POST}
            standard.append(f"{sum(typed.values()):g}")
            draft.tell("posts", field=named("field", field_), posts=f"{sum(typed.values()):g}")
        kept = {name: agency[name] for name in ("id", "name", "field", "run") if name in agency}
        agencies.append(kept | {"posts": typed or {"regular": 0}})
    if standard:
        words = Phrase("book.assumed.posts")
        document["assumed"]["posts"] = {lang: words.say(lang) for lang in ("ja", "en")}
    _assistance(draft, document)
    practice = {
        key.split(".")[1]: {"fte": number}
        for key, number in values.items()
        if key.startswith("now.") and number > 0
    }
    return tomlkit.dumps(
        document | {"agencies": agencies} | ({"practice": practice} if practice else {})
    )


def _assistance(draft: Draft, document: dict[str, Any]) -> None:
    """The office of public assistance as typed."""
    values = draft.read.values
    office = {"owner": values.get("assistance.owner", "municipality")}
    if "assistance.posts" in values:
        office["posts"] = values["assistance.posts"]
    else:
        norm = declared()["assistance.households_per_post"].value
        draft.tell("assistance", norm=f"{norm:g}")
    document["assistance"] = office
