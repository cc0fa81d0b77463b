"""A new town from a few numbers, or from a table of households: the text of its files, and writing them whole."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..words import Phrase, say
from .errors import fault, nearest, short
from .files import Document, folder_of, leaves, read_toml, write_whole
from .load import DEFAULT_ORGANISATION
from .parameters import declared
from .possible import check_organisation, check_people
from .refusals import record
from .town import HOUSEHOLD_KINDS, Organisation, People

HEADINGS = {"district": ("district", "地区"), "kind": ("kind", "世帯類型", "類型"), "households": ("households", "世帯数")}
LARGEST_ID = 40
Table = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Numbers:
    """What a user says about a town. `posts` are all posts of its agencies; None leaves them to the organisation that waits."""

    id: str
    name_ja: str
    name_en: str
    population: int
    ageing_rate: float
    districts: int = 1
    posts: float | None = None
    table: Table | None = None


def write_town(numbers: Numbers, folder: Path) -> list[Path]:
    """Write a town's files below `folder`, each whole; refuses impossible towns, and to replace a file."""
    texts = town_texts(numbers, folder)
    for name in texts:
        if (folder / name).exists():
            raise fault("error.exists", file=short(folder / name))
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]


def town_texts(numbers: Numbers, folder: Path) -> dict[str, str]:
    """The text of each file by its place in the scenario folder: people, organisation (if posts are given), scenario."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", numbers.id) or len(numbers.id) > LARGEST_ID:
        raise fault("error.town_id", at="id", given=numbers.id, allowed="a-z 0-9 _ -")
    people_name = f"towns/{numbers.id}.toml"
    texts = {people_name: people_text(numbers)}
    people = checked_people(texts[people_name], people_name)
    organisation = DEFAULT_ORGANISATION
    if numbers.posts is not None:
        organisation = f"organisations/{numbers.id}.toml"
        texts[organisation] = organisation_text(numbers, folder)
        check_posts(texts[organisation], organisation, people)
    return texts | {f"{numbers.id}.toml": scenario_text(numbers, people_name, organisation)}


def quoted(text: str) -> str:
    """Text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def people_text(numbers: Numbers) -> str:
    """The people file."""
    lines = [
        f"# {say('town.remark', 'ja', name=one_line(numbers.name_ja))}",
        f"# {say('town.remark', 'en', name=one_line(numbers.name_en))}",
        f"id = {quoted(numbers.id)}",
        f"name = {{ja = {quoted(numbers.name_ja)}, en = {quoted(numbers.name_en)}}}",
        f"population = {numbers.population}",
        f"ageing_rate = {numbers.ageing_rate}",
        "districts = [",
    ]
    lines += [f"  {{id = {quoted(name)}, share = {share!r}}}," for name, share in shares(numbers).items()] + [
        "]",
        "",
        "[assumed]",
    ]
    if numbers.table is None:
        return "\n".join(
            [
                *lines,
                f"districts = {quoted(say('town.equal_shares', 'en'))}",
                f"composition = {quoted(say('town.follows', 'en'))}",
                "",
            ]
        )
    lines.append(f"ageing_rate = {quoted(say('town.given', 'en'))}")
    for district, row in numbers.table.items():
        lines += ["", f"[households.{quoted(district)}]", *(f"{kind} = {number}" for kind, number in row.items())]
    return "\n".join([*lines, ""])


def one_line(text: str) -> str:
    """A name fit for a comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def shares(numbers: Numbers) -> dict[str, float]:
    """The share of each district: equal, or as the table has it; districts without households are left out."""
    if numbers.table is None:
        count = max(1, numbers.districts)
        return {f"d{place + 1}": 1 / count for place in range(count)}
    total = sum(sum(row.values()) for row in numbers.table.values())
    if total <= 0:
        raise fault("error.no_households", at="households")
    return {district: sum(row.values()) / total for district, row in numbers.table.items() if sum(row.values())}


def document_of(text: str, name: str) -> Document:
    """A file's text as a document, refused like any file."""
    document, values = Document(), tomllib.loads(text)
    document.lay(values, name, Path(name))
    document.sources |= {key: name for key, _ in leaves(values, into_lists=False)}
    return document


def checked_people(text: str, name: str) -> People:
    """The people of a file's text; refuses impossible towns."""
    document = document_of(text, name)
    people = record(People, document.values, at="", source=document.source)
    check_people(people, document, {name: one.value for name, one in declared().items()})
    return people


def organisation_text(numbers: Numbers, folder: Path) -> str:
    """The organisation that waits, with as many posts as given, shared out over the fields in the same way."""
    waiting = folder_of(folder / "x.toml", False).find(DEFAULT_ORGANISATION, folder / "x.toml", "organisation")
    document = read_toml(waiting)
    rate = numbers.posts / max(1, numbers.population) * 100_000
    lines = [
        f"# {say('town.organisation_remark', 'ja')}",
        f"# {say('town.organisation_remark', 'en')}",
        f"id = {quoted(numbers.id)}",
        f"name = {{ja = {quoted(numbers.name_ja)}, en = {quoted(numbers.name_en)}}}",
        f"posts_per_100k = {rate!r}  # {numbers.posts:g} / {numbers.population} x 100,000",
        "",
        "[assumed]",
        f"share = {quoted(say('town.like_waiting', 'en'))}",
    ]
    for agency in document["agencies"]:
        lines += ["", "[[agencies]]", *(f"{name} = {toml_value(value)}" for name, value in agency.items())]
    return "\n".join([*lines, ""])


def toml_value(value: object) -> str:
    """A value of an agency as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml_value(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return quoted(value) if isinstance(value, str) else repr(value).lower() if isinstance(value, bool) else repr(value)


def check_posts(text: str, name: str, people: People) -> None:
    """The organisation of a file's text serves the town."""
    document = document_of(text, name)
    check_organisation(record(Organisation, document.values, at="", source=document.source), people, document)


def scenario_text(numbers: Numbers, people: str, organisation: str) -> str:
    """A scenario that runs the town as it is."""
    return "\n".join(
        [
            f"# {say('town.question', 'ja', name=one_line(numbers.name_ja))}",
            f"# {say('town.question', 'en', name=one_line(numbers.name_en))}",
            'extends = "base.toml"',
            f"town = {quoted(people)}",
            f"organisation = {quoted(organisation)}",
            "",
            "[name]",
            f"ja = {quoted(numbers.name_ja)}",
            f"en = {quoted(numbers.name_en)}",
            "",
        ]
    )


def read_table(path: Path) -> Table:
    """A CSV of households by district and kind (headings in English or Japanese, UTF-8 or Shift_JIS as Excel saves it)."""
    file = short(path)
    reader = csv.reader(io.StringIO(table_text(path)))
    try:
        lines = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise fault("error.unreadable", file=file, detail=str(error)) from None
    if len(lines) < 2:
        raise fault("error.empty", file=file)
    places = columns_of([cell.strip() for cell in lines[0]], file)
    table: Table = {}
    for number, row in enumerate(lines[1:], start=2):
        district, kind, households = (row[place].strip() if place < len(row) else "" for place in places)
        add_row(table, district, kind, households, file, number)
    return table


def table_text(path: Path) -> str:
    """The text of a CSV file."""
    file = short(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        key = (
            "error.not_found"
            if isinstance(error, FileNotFoundError)
            else "error.directory_csv"
            if path.is_dir()
            else "error.unreadable"
        )
        raise fault(key, file=file, **({"detail": error.strerror} if key == "error.unreadable" else {})) from None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fault("error.encoding", file=file)


def columns_of(heading: list[str], file: str) -> list[int]:
    """Where the three columns stand."""
    places = []
    for name, accepted in HEADINGS.items():
        found = [place for place, cell in enumerate(heading) if cell.lower() in accepted]
        if not found:
            raise fault(
                "error.column",
                at=name,
                file=file,
                given=", ".join(heading),
                allowed=" / ".join(accepted),
                near=nearest(name, heading),
            )
        places.append(found[0])
    return places


def add_row(table: Table, district: str, kind: str, households: str, file: str, number: int) -> None:
    """Add one line of the CSV to the table; refuses unknown kinds, a pair given twice, and what is no whole number."""
    at = say("csv.line", number=number)
    names = {name: name for name in HOUSEHOLD_KINDS} | {
        say(f"kind.{name}", lang): name for name in HOUSEHOLD_KINDS for lang in ("ja", "en")
    }
    if kind not in names:
        raise fault(
            "error.unknown_choice", at=at, file=file, given=kind, allowed=", ".join(HOUSEHOLD_KINDS), near=nearest(kind, names)
        )
    if not re.fullmatch(r"\d{1,9}", households.replace(",", "")):
        raise fault("error.type", at=at, file=file, given=households, allowed=Phrase("allowed.whole"))
    row = table.setdefault(district or "-", {})
    if names[kind] in row:
        raise fault("error.row_twice", at=at, file=file, given=f"{district}, {kind}")
    row[names[kind]] = int(households.replace(",", ""))
