"""A new town from a few numbers, or from a table of households: the text of its files, and writing
them whole.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from sim.declared import declared
from sim.files.bounds import check_bounded
from sim.files.refusals import checked_record
from sim.files.toml import Document, folder_of, leaves, read_toml, write_whole
from sim.files.toml_text import toml_value
from sim.towns.feasible import check_organisation, check_people
from sim.towns.feasible import check_posts as check_amounts
from sim.towns.town import DEFAULT_ORGANISATION, Organisation, People
from sim.words import Phrase, say
from sim.words.errors import fault, short

LARGEST_ID = 40
Table = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Numbers:
    """What a user says about a town: `id` (which names its files), `name_ja` and `name_en`,
    `population` in residents, `ageing_rate` the share of them aged 65 or more (0-1). `posts` are all
    posts of its agencies; None leaves them to the organisation that waits. persons_per_household:
    None follows from the composition.

    table: households by district and kind; else weights: the size of each district by name; else
    `districts` equal ones. source: the file that these come from; assumed: what is assumed of the
    table, in words.
    """

    id: str
    name_ja: str
    name_en: str
    population: int
    ageing_rate: float
    districts: int = 1
    posts: float | None = None
    persons_per_household: float | None = None
    table: Table | None = None
    weights: dict[str, int] | None = None
    source: str = ""
    assumed: Phrase | str = ""


def write_town(numbers: Numbers, folder: Path) -> list[Path]:
    """Write a town's files below `folder`, each whole, from its `numbers`, and return their paths.

    Raises ScenarioError for impossible towns, and where a file would be replaced.
    """
    texts = town_texts(numbers, folder)
    for name in texts:
        if (folder / name).exists():
            raise fault("error.exists", file=short(folder / name))
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]


def town_texts(numbers: Numbers, folder: Path) -> dict[str, str]:
    """The text of each file by its place in the scenario folder: people, organisation (if posts are
    given), scenario.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", numbers.id) or len(numbers.id) > LARGEST_ID:
        raise fault("error.town_id", at="id", given=numbers.id, allowed="a-z 0-9 _ -")
    people_name = f"towns/{numbers.id}.toml"
    texts = {people_name: people_text(numbers)}
    people = checked_people(numbers, texts[people_name])
    organisation = DEFAULT_ORGANISATION
    if numbers.posts is not None:
        organisation = f"organisations/{numbers.id}.toml"
        texts[organisation] = organisation_text(numbers, numbers.posts, folder)
        check_posts(texts[organisation], organisation, people)
    texts |= {f"{numbers.id}.toml": scenario_text(numbers, people_name, organisation)}
    return {name: schema_line(name, folder) + text for name, text in texts.items()}


def schema_line(name: str, folder: Path) -> str:
    """The line that tells an editor the schema of a town's file; none where no schemas stand in
    the folder, since a path into an installed package is one of this machine alone.
    """
    kind = {"towns": "people", "organisations": "organisation"}.get(Path(name).parent.name)
    schema = f"schemas/{kind or 'scenario'}.json"
    if not (folder / schema).is_file():
        return ""
    return f"#:schema {'../' if kind else './'}{schema}\n"


def _toml_string(text: str) -> str:
    """Text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def people_text(numbers: Numbers) -> str:
    """The people file."""
    lines = [
        f"# {say('town.remark', 'ja', name=one_line(numbers.name_ja))}",
        f"# {say('town.remark', 'en', name=one_line(numbers.name_en))}",
        f"id = {_toml_string(numbers.id)}",
        f"name = {{ja = {_toml_string(numbers.name_ja)}, en = {_toml_string(numbers.name_en)}}}",
        f"population = {numbers.population}",
        f"ageing_rate = {numbers.ageing_rate}",
        *_size_line(numbers),
        "districts = [",
    ]
    lines += [
        f"  {{id = {_toml_string(name)}, share = {share!r}}},"
        for name, share in _shares(numbers).items()
    ]
    lines += [
        "]",
        "",
        "[assumed]",
        *(f"{name} = {_in_both(text)}" for name, text in _assumptions(numbers).items()),
    ]
    for district, row in (numbers.table or {}).items():
        lines += [
            "",
            f"[households.{_toml_string(district)}]",
            *(f"{kind} = {number}" for kind, number in row.items()),
        ]
    return "\n".join([*lines, ""])


def _size_line(numbers: Numbers) -> list[str]:
    """The line on the size of households, where the user gives it."""
    size = numbers.persons_per_household
    return [] if size is None else [f"persons_per_household = {size!r}"]


def _assumptions(numbers: Numbers) -> dict[str, Phrase | str]:
    """What is assumed of the people, by setting."""
    if numbers.table is not None:
        of_table = {"households": numbers.assumed} if numbers.assumed else {}
        return {"ageing_rate": Phrase("town.given"), **of_table}
    from_table = Phrase("table.from", {"file": numbers.source})
    districts = from_table if numbers.weights else Phrase("town.equal_shares")
    return {"districts": districts, "composition": Phrase("town.follows")}


def _in_both(text: Phrase | str) -> str:
    """Words of this project as a TOML table of both languages; what a user says as it is."""
    if isinstance(text, str):
        return _toml_string(text)
    return f"{{ja = {_toml_string(text.say('ja'))}, en = {_toml_string(text.say('en'))}}}"


def one_line(text: str) -> str:
    """A name fit for a comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _shares(numbers: Numbers) -> dict[str, float]:
    """The share of each district: equal, or as the table has it; districts without households are
    left out.
    """
    if numbers.table is not None:
        table = numbers.table
    elif numbers.weights is not None:
        table = {name: {"": weight} for name, weight in numbers.weights.items()}
    else:
        count = max(1, numbers.districts)
        return {f"d{place + 1}": 1 / count for place in range(count)}
    total = sum(sum(row.values()) for row in table.values())
    if total <= 0:
        raise fault("error.no_households", at="households", file=numbers.source)
    return {
        district: sum(row.values()) / total for district, row in table.items() if sum(row.values())
    }


def document_of(text: str, name: str) -> Document:
    """A file's text as a document, refused like any file."""
    document, values = Document(), tomllib.loads(text)
    document.lay(values, name, Path(name))
    document.sources |= {key: name for key, _ in leaves(values, into_lists=False)}
    return document


def checked_people(numbers: Numbers, text: str) -> People:
    """The people of a file's text; refuses impossible towns, in the names of what the user gave,
    since there is no file yet.
    """
    document = document_of(text, "")
    check_bounded(document.values, numbers.source)
    document.sources |= {
        key: numbers.source
        for key in document.sources
        if key.startswith(("households", "districts"))
    }
    people = checked_record(People, document.values, at="", source=document.source)
    check_people(people, document, {name: one.value for name, one in declared().items()})
    return people


def organisation_text(numbers: Numbers, posts: float, folder: Path) -> str:
    """The organisation that waits, with as many posts as given, shared out over the fields in the
    same way.
    """
    waiting = folder_of(folder / "x.toml", False).find(
        DEFAULT_ORGANISATION, folder / "x.toml", "organisation"
    )
    document = read_toml(waiting)
    rate = posts / max(1, numbers.population) * 100_000
    lines = [
        f"# {say('town.organisation_remark', 'ja')}",
        f"# {say('town.organisation_remark', 'en')}",
        f"id = {_toml_string(numbers.id)}",
        f"name = {{ja = {_toml_string(numbers.name_ja)}, en = {_toml_string(numbers.name_en)}}}",
        f"posts_per_100k = {rate!r}  # {posts:g} / {numbers.population} x 100,000",
        "",
        "[assumed]",
        f"share = {_in_both(Phrase('town.like_waiting'))}",
    ]
    for agency in document["agencies"]:
        lines += [
            "",
            "[[agencies]]",
            *(f"{name} = {toml_value(value)}" for name, value in agency.items()),
        ]
    return "\n".join([*lines, ""])


def check_posts(text: str, name: str, people: People) -> None:
    """The organisation of a file's text serves the town."""
    document = document_of(text, name)
    organisation = checked_record(Organisation, document.values, at="", source=document.source)
    check_amounts(organisation, people, document)
    check_organisation(organisation, people, document)


def scenario_text(numbers: Numbers, people: str, organisation: str) -> str:
    """A scenario that runs the town as it is."""
    return "\n".join(
        [
            f"# {say('town.question', 'ja', name=one_line(numbers.name_ja))}",
            f"# {say('town.question', 'en', name=one_line(numbers.name_en))}",
            'extends = "base.toml"',
            f"town = {_toml_string(people)}",
            f"organisation = {_toml_string(organisation)}",
            "",
            "[name]",
            f"ja = {_toml_string(numbers.name_ja)}",
            f"en = {_toml_string(numbers.name_en)}",
            "",
        ]
    )
