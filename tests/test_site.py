"""The site: both languages are built without a warning, nothing is lost, nothing is fetched."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from docs.site import pages, split
from docs.site.search import SPLITTER, Pairs

ROOT = Path(__file__).parents[1]
LANGUAGES = split.LANGUAGES
PATIENCE = 600  # seconds; another worker builds meanwhile
SOURCES = sorted(pages.sources())
CODES = ("code", "pre", "script", "style", "em")
ASSETS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


class Page(HTMLParser):
    """What a built page says, what it fetches, where it links to, and which places it has."""

    def __init__(self, file: Path):
        super().__init__()
        self.assets: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.said = ""
        self.code = 0  # depth
        self.feed(file.read_text(encoding="utf-8"))

    def handle_data(self, data):
        self.said += "" if self.code else data

    def handle_endtag(self, tag):
        self.code -= tag in CODES

    def handle_starttag(self, tag, attributes):
        self.code += tag in CODES
        given = {name: value or "" for name, value in attributes}
        self.places |= {given["id"]} if "id" in given else set()
        if tag in ASSETS and ASSETS[tag] in given:
            self.assets.append(given[ASSETS[tag]])
        if tag == "link" and not given["href"].startswith("#"):
            self.assets.append(given["href"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


@pytest.fixture(scope="session")
def site(tmp_path_factory, request) -> Path:
    """Both trees, built once, by whichever worker comes first; a warning fails."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "site"
    said = folder / "said.txt"
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + PATIENCE
        while not said.exists() and time.monotonic() < until:
            time.sleep(0.5)
    else:
        command = [sys.executable, "-m", "docs.site", str(folder / "built")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
        (folder / "saying.txt").write_text(f"{done.returncode}\n{done.stderr}", encoding="utf-8")
        (folder / "saying.txt").rename(said)
    code, _, warnings = said.read_text(encoding="utf-8").partition("\n")
    assert code == "0" and not warnings.strip(), warnings[-4000:]
    return folder / "built"


@pytest.fixture(scope="session")
def built(site) -> dict[Path, Page]:
    """Every page of the site."""
    return {file: Page(file) for file in sorted(site.rglob("*.html"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_in_both_trees(site, language):
    for source, path in pages.sources().items():
        assert (site / language / path).with_suffix(".html").is_file(), source
    assert {ROOT / "docs" / name.name for name in (ROOT / "docs").glob("*.md")} <= {*SOURCES}
    assert (site / language / "search.html").is_file() and (site / "index.html").is_file()


def test_links_of_the_site_resolve(site, built):
    for file, page in built.items():
        for link in page.links:
            path, place = urldefrag(link)
            if re.match(r"[a-z]+:", path):
                continue
            goal = (file.parent / unquote(path)).resolve() if path else file
            assert goal.is_file(), f"{file}: {link}"
            known = built[goal].places if place and goal.suffix == ".html" else set()
            assert not place or file.name == "search.html" or unquote(place) in known, (
                f"{file}: {link}"
            )


def test_nothing_is_fetched_from_outside(site, built):
    for file, page in built.items():
        for asset in page.assets:
            path = unquote(re.split(r"[?#]", asset)[0])
            assert not re.match(r"[a-z]+:|//", asset), f"{file}: {asset}"
            assert (file.parent / path).is_file(), f"{file}: {asset}"
        assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", file.read_text("utf-8"))
    for style in site.rglob("*.css"):
        found = re.findall(
            r"(?:@import\s+|url\()\s*['\"]?((?:https?:)?//[^)'\"]+)", style.read_text("utf-8")
        )
        assert not found, f"{style}: {found}"


def test_no_sign_of_markdown_is_left(built):
    for file, page in built.items():
        assert not re.search(r".{,20}(?:\*\*|\]\(|:::|```).{,20}", page.said), file


def test_no_path_of_this_machine_is_on_the_site(site):
    for file in site.rglob("*.*"):
        if file.suffix in (".html", ".js", ".css"):
            assert str(ROOT) not in file.read_text(encoding="utf-8"), file


def test_each_page_leads_to_its_other_language(site, built):
    for file, page in built.items():
        if file.parent == site:
            continue
        own = file.relative_to(site).parts[0]
        other = LANGUAGES[1 - LANGUAGES.index(own)]
        twin = site / other / file.relative_to(site / own)
        assert twin in {(file.parent / urldefrag(link)[0]).resolve() for link in page.links}, file


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_page(language):
    index = (pages.HERE / language / "index.md").read_text(encoding="utf-8")
    shown, listed = index.split("```{toctree}", 1)
    sheets = {pages.name(one) for one in pages.SHEETS if one.name != "README.md"}
    wanted = {*pages.sources().values(), "api.md"} - sheets
    assert wanted == set(re.findall(r"\]\(([\w./]+\.md)\)", shown))
    assert {path.removesuffix(".md") for path in wanted} == set(
        re.findall(r"^(?:.* <)?([\w/]+)>?$", listed, flags=re.MULTILINE)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_name_is_in_the_reference(site, language):
    page = (site / language / "api.html").read_text(encoding="utf-8")
    assert {name for name in sim.__all__ if f'id="sim.{name}"' not in page} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_with_examples_say_that_they_are_tested(site, language):
    for source, path in pages.sources().items():
        page = html.unescape((site / language / path).with_suffix(".html").read_text("utf-8"))
        text = split.split(pages.text_of(source), language)
        examples = pages.EXAMPLES.search(text)
        run = source in (ROOT / "README.md", *pages.BOOK)
        assert (pages.TESTED[language] in page) == bool(examples and run), source


# Search


def index_of(site: Path, language: str) -> dict:
    text = (site / language / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def found(index: dict, query: str) -> set[str]:
    """Pages that hold all terms of a query."""
    holding = []
    for term in Pairs({}).split(query):
        numbers = [index[part].get(term, []) for part in ("terms", "titleterms")]
        both = [one if isinstance(one, list) else [one] for one in numbers]
        holding.append({index["docnames"][number] for number in (*both[0], *both[1])})
    return set.intersection(*holding)


def test_japanese_is_found_without_spaces_between_words(site):
    index = index_of(site, "ja")
    assert {"limits", "money"} <= found(index, "割に合わない")
    assert "glossary" in found(index, "重層的支援体制整備事業")
    assert "week" in found(index, "見守り") and not found(index, "存在しない言葉遣い")


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_the_browser_splits_a_query_as_the_index_splits_the_text():
    queries = [
        "支援体制",
        "割に合わない outreach_fte2",
        "a 人",
        "アウトリーチ支援員（2名）",
        "Excel.xlsx",
    ]
    script = f"{SPLITTER}\nconsole.log(JSON.stringify({json.dumps(queries)}.map(splitQuery)))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [Pairs({}).split(query) for query in queries]


# The splitter, on the pages of the project


def pieces(text: str) -> str:
    """The letters of a text, without what the splitter may change: spaces, signs of headings."""
    return re.sub(r"[\s#>*/|]+", "", text)


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_no_block_is_lost(source):
    text = pages.text_of(source)
    trees = [split.parts(text, language) for language in LANGUAGES]
    shown = {part.place for tree in trees for part in tree}
    for place, block in enumerate(split.blocks(text)):
        name = block.kind == "heading" and split.title(block) in split.NAMES
        to_language = not split.TO_LANGUAGE.sub("", block.text).strip(" |/\n")
        assert place in shown or name or to_language, block.text
        if place in shown and block.kind in split.PROSE:
            halves = {part.text for tree in trees for part in tree if part.place == place}
            kept = sum(len(pieces(re.sub(r"\]\([^)]*\)", "", half))) for half in halves)
            source_text = re.sub(r"\]\([^)]*\)", "", split.TO_LANGUAGE.sub("", block.text))
            assert kept >= len(pieces(source_text)), block.text


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_tables_and_code_between_bilingual_prose_are_in_both_trees(source):
    text = pages.text_of(source)
    page = split.blocks(text)
    within = split.sections(page)
    trees = [{part.place for part in split.parts(text, language)} for language in LANGUAGES]
    shared = {
        place
        for place, block in enumerate(page)
        if block.kind in ("table", "code") and within[place] is None
    }
    assert shared <= trees[0] & trees[1]


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_prose_of_the_other_language_stays_only_where_it_has_no_counterpart(source):
    text = pages.text_of(source)
    if len(split.languages(text)) == 1:
        assert split.split(text, "ja") == split.split(text, "en")
        return
    for wanted, other in (LANGUAGES, LANGUAGES[::-1]):
        strange = [
            part.text
            for part in split.parts(text, wanted)
            if part.block.kind in split.PROSE and split.language(part.text) == other
        ]
        assert not strange or (wanted == "ja" and source.name in MIXED), strange


MIXED = {"house.md", "CONTRIBUTING.md"}  # their Japanese says that the rest is in English


# The splitter, on pages that are made up

KANA = "さくらのまちでしくみをためすひとがあつまりはなしをする"
JAPANESE = st.text(KANA + "町人世帯支援相談", min_size=4, max_size=20).map(lambda one: f"{one}。")
ENGLISH = st.lists(
    st.sampled_from(["town", "people", "week", "support", "workers", "hours", "a", "the", "of"]),
    min_size=2,
    max_size=6,
).map(lambda words: f"The {' '.join(words)}.")
TABLE = "| Name | 名前 |\n| --- | --- |\n| `fte` | 人 |"
CODE = '```toml\n# 例 / example\nja = "町" # a / b\n\nen = "town"\n```'


@st.composite
def said_twice(draw) -> tuple[str, str, str]:
    """A block of a page that says the same in both languages: its source, Japanese, English."""
    ja, en = draw(JAPANESE), draw(ENGLISH)
    first, second = draw(st.sampled_from([(ja, en), (en, ja)]))
    form = draw(
        st.sampled_from(["blocks", "slash", "lines", "item", "items", "quote", "quotes", "bold"])
    )
    sources = {
        "blocks": f"{first}\n\n{second}",
        "slash": f"{first} / {second}",
        "lines": f"{first}\n{second}",
        "item": f"1. {first}\n   {second}",
        "items": f"- {first}\n- {second}",
        "quote": f"> {first} / {second}",
        "quotes": f"> {first}\n\n{second}",
        "bold": f"**{first} / {second}**",
    }
    return sources[form], ja, en


@st.composite
def bilingual(draw) -> tuple[str, list[tuple[str, str]], int, int]:
    """A page under bilingual headings: its text, what it says twice, how many tables and codes."""
    heads = draw(st.lists(st.tuples(JAPANESE, ENGLISH, st.booleans()), min_size=1, max_size=3))
    text, twice, kinds = "", [], []
    for level, (ja, en, turned) in enumerate(heads, start=1):
        ja, en = ja.strip("。"), en.strip(".")
        text += f"{'#' * level} {f'{en} / {ja}' if turned else f'{ja} / {en}'}\n\n"
        for one in draw(
            st.lists(st.one_of(said_twice(), st.sampled_from([TABLE, CODE])), max_size=4)
        ):
            kinds += [one] if isinstance(one, str) else []
            twice += [] if isinstance(one, str) else [one[1:]]
            text += f"{one if isinstance(one, str) else one[0]}\n\n<!-- -->\n\n"  # ends a list
    return text, [*twice, *((ja.strip("。"), en.strip(".")) for ja, en, _ in heads)], kinds


@given(bilingual())
@settings(max_examples=150, deadline=None)
def test_a_bilingual_page_is_cut_into_its_languages(made):
    text, twice, kinds = made
    ja, en = (split.split(text, language) for language in LANGUAGES)
    for japanese, english in twice:
        assert japanese in ja and japanese not in prose(en)
        assert english in en and english not in prose(ja)
    for kind in (TABLE, CODE):
        assert ja.count(kind) == en.count(kind) == kinds.count(kind)
    assert not re.search(f"[{KANA}]", prose(en)) and "The" not in prose(ja)
    assert prose(ja).count("**") % 2 == prose(en).count("**") % 2 == 0


def prose(text: str) -> str:
    return text.replace(CODE, "").replace(TABLE, "")


@given(st.lists(st.one_of(JAPANESE, st.sampled_from([TABLE, CODE])), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_page_of_one_language_is_the_same_in_both_trees(blocks):
    text = "\n\n".join(["# 題", *blocks]) + "\n"
    assert split.split(text, "ja") == split.split(text, "en") == text


@given(
    st.lists(st.one_of(JAPANESE, ENGLISH, st.sampled_from([TABLE, CODE])), min_size=1, max_size=8)
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_order_nothing_is_lost(blocks):
    text = "\n\n".join(blocks) + "\n"
    ja, en = (split.split(text, language) for language in LANGUAGES)
    for block in blocks:
        assert block in ja or block in en


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_cut(text):
    for language in LANGUAGES:
        split.split(text, language)
        split.anchors(text, language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`ten` 町です", "ja"),
        ("A term of the census (母子世帯), and 「町」 too", "en"),
        ("Mesaの batch_run で使う", "ja"),
        ("`code` 12 %", None),
        ("（町）", "ja"),
    ],
)
def test_the_language_of_running_text(text, expected):
    assert split.language(text) == expected


@pytest.mark.parametrize(
    ("source", "ja", "en"),
    [
        ("## 1 準備する / Set up", "## 1 準備する", "## 1 Set up"),
        ("## Staffing / 人員 (`staffing`)", "## 人員 (`staffing`)", "## Staffing (`staffing`)"),
        ("[町 / Town](#町--town)", "[町](#町--town)", "[Town](#町--town)"),
        (
            "SALib / Optuna で調べます。",
            "SALib / Optuna で調べます。",
            "SALib / Optuna で調べます。",
        ),
        ("[Guide](a.md) / [案内](a.md). MIT.", "[案内](a.md). MIT.", "[Guide](a.md). MIT."),
        ("## `a / b` と c", "## `a / b` と c", "## `a / b` と c"),
    ],
)
def test_single_blocks(source, ja, en):
    assert [split.split(source, language).strip() for language in LANGUAGES] == [ja, en]


SECTIONED = """# 町 / Town

[日本語](#日本語) | [English](#english)

## 日本語

### 始め方

町です。

```bash
run
```

## English

### Start

A town: the command above.

## More / 続き

End.
"""


def test_sections_of_one_language_lose_their_heading_and_lend_their_code():
    ja, en = (split.split(SECTIONED, language) for language in LANGUAGES)
    assert ja == "# 町\n\n## 始め方\n\n町です。\n\n```bash\nrun\n```\n\n## 続き\n\nEnd.\n"
    assert en == (
        "# Town\n\n## Start\n\n```bash\nrun\n```\n\nA town: the command above.\n\n## More\n\nEnd.\n"
    )
    assert split.anchors(SECTIONED, "ja") == {
        "町--town": "町",
        "始め方": "始め方",
        "more--続き": "続き",
    }
