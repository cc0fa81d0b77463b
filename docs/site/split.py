"""One language's page out of a bilingual page.

A page is cut into blocks. Headings read "English / 日本語" or the other way round. Paragraphs, list
items and quotes stand in alternating languages, and each goes to the page of its own, unless the
other language has no counterpart beside it: then it stays in both, so that nothing is lost. Tables
and code serve both. Headings that name a language ("日本語", "English") make all below them that
language's, but for code that the second of them speaks of and the first alone shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

LANGUAGES = ("ja", "en")
NAMES = {"日本語": "ja", "English": "en"}  # headings under which all is in one language
PROSE = ("paragraph", "item", "quote")
KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "blockquote_open": "quote",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
WORD = re.compile(r"[A-Za-z][\w.'-]*", flags=re.ASCII)
UNREAD = re.compile(r"(`+).+?\1|<!--.*?-->|(?<=\])\([^)]*\)|<[^>\s]+>", flags=re.DOTALL)
QUOTED = re.compile(r"（[^）]*）|\([^)]*\)|「[^」]*」|“[^”]*”|\"[^\"]*\"")
LINK = re.compile(r"\[([^\]]+?) / ([^\]]+?)\](?=\()")
LINKS = re.compile(r"(\[[^\]]+\]\([^)\s]*\)) / (\[[^\]]+\]\([^)\s]*\))")
TO_LANGUAGE = re.compile(r"\[(?:日本語|English)\]\(#(?:日本語|english)\)(?: [|/] )?")
SLASH = re.compile(r"(?: |\n)/(?: |\n)")
NUMBER = re.compile(r"^\d+\.? ")
TAIL = re.compile(r" \([^()]*\)$")
MARKER = re.compile(r"(?:[-*+]|\d+[.)])(?: +|$)")


@dataclass(frozen=True)
class Block:
    """A piece of a page: its source, and whether it followed the piece before without a gap."""

    kind: str
    text: str
    level: int = 0
    close: bool = False


@dataclass(frozen=True)
class Section:
    """A section of a page that is all in one language, and the level of its heading."""

    language: str
    level: int


@dataclass(frozen=True)
class Part:
    """What the page of one language shows of a block of the source, and the block's place there."""

    block: Block
    text: str
    place: int = -1


def language(text: str) -> str | None:
    """The language of running text: Japanese letters or Latin words, whichever are more; None where
    there is neither. Code and addresses do not count, nor what is quoted or in brackets, unless
    there is nothing else.
    """
    bare = UNREAD.sub(" ", text)
    running = QUOTED.sub(" ", bare)
    if not (JAPANESE.search(running) or WORD.search(running)):
        running = bare
    letters, words = len(JAPANESE.findall(running)), len(WORD.findall(running))
    if not letters and not words:
        return None
    return "ja" if letters >= words else "en"


@cache
def parser() -> MarkdownIt:
    """A parser that knows where blocks begin and end."""
    return MarkdownIt("commonmark").enable("table").disable("inline")


def spans(tokens: list[Token]) -> Iterator[tuple[int, int, str, int]]:
    """First and last line, kind and level of every block; a list counts by its items."""
    for token in tokens:
        item = token.type == "list_item_open" and token.level == 1
        plain = token.level == 0 and not token.type.endswith("_list_open")
        if token.map and token.nesting >= 0 and (item or plain) and token.type != "inline":
            kind = "item" if item else KINDS.get(token.type, "other")
            level = int(token.tag[1]) if kind == "heading" else 0
            yield token.map[0], token.map[1], kind, level


@cache
def blocks(text: str) -> list[Block]:
    """The blocks of a page in order; lines outside all (definitions of links) are blocks too."""
    text = re.sub(r"\r\n?", "\n", text)  # as the parser counts lines
    lines = text.split("\n")
    found: list[Block] = []
    last = 0
    for start, end, kind, level in spans(parser().parse(text)):
        between = "\n".join(lines[last:start]).strip("\n")
        if between.strip():
            found.append(Block("other", between))
        own = "\n".join(lines[start:end]).rstrip()
        close = start > 0 and bool(lines[start - 1].strip())
        found.append(Block(kind, own if kind == "code" else own.strip("\n"), level, close))
        last = end
    rest = "\n".join(lines[last:]).strip("\n")
    return [*found, Block("other", rest)] if rest.strip() else found


def title(block: Block) -> str:
    """The words of a heading."""
    lines = block.text.strip().split("\n")
    if lines[0].startswith("#"):
        return re.sub(r"\s+#+\s*$", "", lines[0].lstrip("#")).strip()
    return " ".join(line.strip() for line in lines[:-1])


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text.rstrip("*_)）」” \n").endswith(("。", "．", ".", "?", "!", "？", "！"))


def balanced(left: str, right: str) -> tuple[str, str]:
    """Two halves of a text; bold type that spans both ends in one and begins in the other."""
    return (f"{left}**", f"**{right}") if left.count("**") % 2 else (left, right)


def by_language(left: str, right: str) -> dict[str, str] | None:
    """Two halves by their languages, if they have two."""
    first, second = language(left), language(right)
    if first and second and first != second:
        left, right = balanced(left.strip(), right.strip())
        return {first: left, second: right}
    return None


def at_slash(text: str, alike: bool = True) -> dict[str, str] | None:
    """The halves of a text that says the same before and after a slash.

    alike: only where both halves are sentences, or neither is.
    """
    hidden = UNREAD.sub(masked, LINK.sub(masked, text))
    for slash in SLASH.finditer(hidden):
        left, right = text[: slash.start()], text[slash.end() :]
        halves = by_language(left, right)
        if halves and not (alike and ends_sentence(left) != ends_sentence(right)):
            return halves
    return None


def masked(found: re.Match[str]) -> str:
    """As many letters as were found, in which there is no slash."""
    return "`" * len(found[0])


def at_line(text: str) -> dict[str, str] | None:
    """The halves of a text whose lines are first all in one language, then all in the other."""
    lines = text.split("\n")
    spoken = [language(line) for line in lines]
    for cut in range(1, len(lines)):
        left, right = {*spoken[:cut]} - {None}, {*spoken[cut:]} - {None}
        if len(left) == len(right) == 1 and left != right and spoken[cut]:
            halves = "\n".join(lines[:cut]), "\n".join(lines[cut:])
            if ends_sentence(halves[0]) == ends_sentence(halves[1]):
                return by_language(*halves)
    return None


def chosen(text: str, wanted: str) -> str:
    """A text with the words of its bilingual links, and the links of its pairs, in one language."""

    def words(link: re.Match[str]) -> str:
        halves = by_language(link[1], link[2])
        return f"[{halves[wanted]}]" if halves else link[0]

    def pair(links: re.Match[str]) -> str:
        halves = by_language(links[1], links[2])
        return halves[wanted] if halves else links[0]

    return LINKS.sub(pair, LINK.sub(words, text))


def sentence(text: str) -> dict[str, str]:
    """A paragraph in each language; the same twice where it is not bilingual."""
    plain = TO_LANGUAGE.sub("", text)
    if plain != text:
        plain = plain.strip(" |/\n")
    halves = at_slash(plain) or at_line(plain) or dict.fromkeys(LANGUAGES, plain)
    return {one: chosen(halves[one], one) for one in LANGUAGES}


def heading(block: Block) -> dict[str, str]:
    """The words of a heading in each language; a number before and brackets behind serve both."""
    words = title(block)
    number, tail = NUMBER.match(words), TAIL.search(words)
    begin = number[0] if number else ""
    end = tail[0] if tail and not JAPANESE.search(tail[0]) else ""
    halves = at_slash(words.removeprefix(begin).removesuffix(end), alike=False)
    if not halves:
        return dict.fromkeys(LANGUAGES, words)
    return {one: f"{begin}{halves[one]}{end}" for one in LANGUAGES}


def inner(block: Block) -> tuple[str, str, str]:
    """An item or quote: what stands before its first line and before its others, and its text."""
    if block.kind == "quote":
        return "> ", "> ", re.sub(r"^ {0,3}> ?", "", block.text, flags=re.MULTILINE)
    text = block.text.lstrip(" ")
    marker = MARKER.match(text)
    first = marker[0] if marker else ""
    width = len(block.text) - len(text) + len(first)
    return first, " " * len(first), re.sub(rf"\n {{0,{width}}}", "\n", text[len(first) :])


def versions(block: Block) -> dict[str, str]:
    """A block in each language; the same twice where it is not bilingual in itself."""
    if block.kind == "heading":
        return heading(block)
    if block.kind == "paragraph":
        return sentence(block.text)
    if block.kind not in PROSE:
        return dict.fromkeys(LANGUAGES, block.text)
    first, others, text = inner(block)
    both = {one: rendered(parts(text, one)) for one in LANGUAGES}
    if both["ja"] == both["en"]:
        return dict.fromkeys(LANGUAGES, block.text)
    return {one: first + indented(both[one], others) for one in LANGUAGES}


def indented(text: str, margin: str) -> str:
    """A text with a margin before every line but the first and empty ones."""
    lines = text.split("\n")
    return "\n".join([lines[0], *(f"{margin}{line}".rstrip() for line in lines[1:])])


def sections(page: list[Block]) -> list[Section | None]:
    """The section of one language that each block stands in, where both languages have one."""
    there = {NAMES.get(title(one)) for one in page if one.kind == "heading"} - {None}
    if there != {*LANGUAGES}:
        return [None] * len(page)
    found: list[Section | None] = []
    now: Section | None = None
    for one in page:
        if one.kind == "heading" and title(one) in NAMES:
            now = Section(NAMES[title(one)], one.level)
        elif one.kind == "heading" and now and one.level <= now.level:
            shared = len({*heading(one).values()}) == 2
            now = None if shared or one.level < now.level else now
        found.append(now)
    return found


def stretches(page: list[Block], within: list[Section | None]) -> Iterator[list[int]]:
    """Places of the prose between two headings, or two blocks that are bilingual themselves."""
    stretch: list[int] = []
    for place, block in enumerate(page):
        if block.kind == "heading" or within[place] or len({*versions(block).values()}) == 2:
            yield stretch
            stretch = []
        elif block.kind in PROSE and language(block.text):
            stretch.append(place)
    yield stretch


def alone(page: list[Block], within: list[Section | None]) -> list[str | None]:
    """The language to whose page alone each block goes; None where it goes to both.

    A run of prose in one language and the run in the other that follows it say the same; so do all
    blocks of a stretch in which both languages have as many.
    """
    found = [section.language if section else None for section in within]
    for stretch in stretches(page, within):
        runs = [[*run] for _, run in groupby(stretch, lambda place: language(page[place].text))]
        spoken = [language(page[place].text) for place in stretch]
        even = spoken.count("ja") == spoken.count("en")
        for place in stretch if even else chain.from_iterable(runs[: len(runs) // 2 * 2]):
            found[place] = language(page[place].text)
    return found


def lent(page: list[Block], within: list[Section | None]) -> dict[int, list[Part]]:
    """Code of the first language's section that the second's has none of, by the place after which
    the page of the second shows it.

    Its text may speak of the code above. What stands below the third heading of the one section
    comes below the third heading of the other; what stands before any heading comes at the end.
    """
    places: dict[str, list[int]] = {}
    for place, section in enumerate(within):
        if section:
            places.setdefault(section.language, []).append(place)
    if len(places) < 2:
        return {}
    first, second = places.values()
    own = {opening(page[place]) for place in second if page[place].kind == "code"}
    heads = [place for place in second if page[place].kind == "heading"][1:]
    found: dict[int, list[Part]] = {}
    above = -1  # headings so far, without the name of the language
    for place in first:
        above += page[place].kind == "heading"
        if page[place].kind == "code" and opening(page[place]) not in own:
            goal = heads[min(above, len(heads)) - 1] if above and heads else second[-1]
            found.setdefault(goal, []).append(Part(page[place], page[place].text, place))
    return found


def opening(block: Block) -> str:
    """The first line of code, which says its kind."""
    return block.text.split("\n")[0]


def parts(text: str, wanted: str) -> list[Part]:
    """What the page of one language holds of a bilingual page, in order."""
    page = blocks(text)
    within = sections(page)
    loans = lent(page, within)
    found: list[Part] = []
    for place, (block, only) in enumerate(zip(page, alone(page, within), strict=True)):
        section = within[place]
        if only not in (None, wanted):
            continue
        words = versions(block)[wanted]
        if block.kind == "heading":
            level = block.level - bool(section and block.level > section.level)
            words = "" if section and title(block) in NAMES else f"{'#' * level} {words}"
        if words.strip():
            found.append(Part(block, words, place))
        found += loans.get(place, [])
    return found


def rendered(page: list[Part]) -> str:
    """The text of a page; items that stood close together still do."""
    text = page[0].text if page else ""
    for before, part in pairwise(page):
        close = part.block.close and part.block.kind == before.block.kind == "item"
        text += ("\n" if close else "\n\n") + part.text
    return text


def split(text: str, wanted: str) -> str:
    """The page of one language out of a bilingual page."""
    return rendered(parts(text, wanted)) + "\n"


def languages(text: str) -> set[str]:
    """The languages in which the prose of a page is written."""
    prose = chain.from_iterable(
        versions(block).values() for block in blocks(text) if block.kind in PROSE
    )
    return {spoken for one in prose if (spoken := language(one))}


def slug(words: str) -> str:
    """The anchor of a heading, as GitHub names it."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def numbered(headings: list[str]) -> list[str]:
    """The anchors of the headings of a page, numbered where they would be the same."""
    seen: dict[str, int] = {}
    found = []
    for one in map(slug, headings):
        found.append(f"{one}-{seen[one]}" if one in seen else one)
        seen[one] = seen.get(one, 0) + 1
    return found


def anchors(text: str, wanted: str) -> dict[str, str]:
    """The anchor on one language's page of each anchor of the bilingual page that has one there."""
    page = blocks(text)
    places = [place for place, block in enumerate(page) if block.kind == "heading"]
    old = numbered([title(page[place]) for place in places])
    kept = [part for part in parts(text, wanted) if part.block.kind == "heading"]
    new = numbered([title(Block("heading", part.text)) for part in kept])
    there = {part.place: name for part, name in zip(kept, new, strict=True)}
    return {one: there[place] for one, place in zip(old, places, strict=True) if place in there}
