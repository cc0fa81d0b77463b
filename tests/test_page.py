"""The report: whole in both languages, nothing asked from outside, every letter in its font, no
sentence beyond its interval.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.economics.costing import read_prices
from sim.report.page import page
from sim.report.page.figures import FAMILY, ON_PAGE, draw_all, dressed, lacking, licence
from sim.report.text import money_sentences, sentences
from sim.report.text.comparison import last_year_section
from sim.report.text.listing import Section
from sim.report.text.phrases import arm_list, numbers_range, yen
from sim.study.case import Case, Options
from sim.study.compare import PRICES, compare
from sim.study.manifest import compared_of
from sim.study.marks import HIGHER, LOWER
from sim.study.result import LOOK
from sim.words import LANGUAGES, say, words
from tests.comparisons import CLAIM, GROUND, THREE, command, write

ADDRESSES = ("src", "href", "xlink:href", "action", "data", "poster", "srcset")
KINDS = ("less", "more", "unclear", "few", "same")
ENOUGH = GROUND.replace(
    "seeds = 3", "seeds = 4"
)  # fewer are a trial, of which nothing is concluded
NAMES = {"a": "Alpha", "b": "Beta", "c": "Gamma"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """`sim compare` of three arms in a tiny town over two years, three seeds: its folder of
    results.
    """
    folder = tmp_path_factory.mktemp("page")
    (folder / "towns").mkdir()
    file = write(folder, THREE + CLAIM, ENOUGH)
    assert command(file, "--lang", "both", "--quiet", "--out", folder / "results") == 0
    return folder / "results"


@pytest.fixture(scope="module")
def case(results):
    return Case(compared_of(results), read_prices(PRICES))


@pytest.fixture(scope="module")
def drawn(case):
    return draw_all(case, names=ON_PAGE)


@pytest.fixture(scope="module", params=LANGUAGES)
def html(request, case, drawn):
    return request.param, page.report_page(case, request.param, drawn)


class Read(HTMLParser):
    """Tags, addresses and figures of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.ids, self.figures, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ADDRESSES]
        self.ids += [given["id"]] if "id" in given else []
        if tag == "svg":
            self.figures.append(given)


def shown(text):
    return re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S)


def test_the_command_writes_both_pages_and_says_the_first_sentence(
    results, tmp_path, capsys, case, drawn
):
    for lang in LANGUAGES:
        body, appendix = (
            (results / f"report.{lang}.html")
            .read_text(encoding="utf-8")
            .split('<section id="appendix">')
        )
        mine = page.report_page(case, lang, drawn)
        assert (
            body.split("<main>")[1].strip() == mine.split("<main>")[1].split("<footer>")[0].strip()
            and "STRESS" in appendix
        )
    folder = tmp_path / "again"
    (folder / "towns").mkdir(parents=True)
    command(
        write(folder, THREE), "--no-figures", "--quiet", "--lang", "en", "--out", folder / "results"
    )
    assert money_sentences.first_sentence(
        Case(compared_of(folder / "results"), case.book), "en"
    ) in capsys.readouterr().out.replace("\n", " ")


def test_nothing_is_asked_from_outside(html):
    _, text = html
    read = Read(text)
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & set(read.tags)
    assert read.addresses and all(address.startswith("#") for address in read.addresses)
    urls = re.findall(r"url\(([^)]*)\)", text)
    assert (
        urls
        and all(url.strip("'\"").startswith(("#", "data:font/woff;base64,")) for url in urls)
        and "@import" not in text
    )
    for address in read.addresses:
        assert address[1:] in read.ids, address
    assert len(read.ids) == len(set(read.ids))


def test_every_letter_has_a_glyph_in_the_embedded_font(html):
    _, text = html
    font = TTFont(BytesIO(base64.b64decode(re.search(r"base64,([^\"]*)", text).group(1))))
    cmap = font.getBestCmap()
    assert not {letter for letter in shown(text) if ord(letter) >= 32 and ord(letter) not in cmap}
    assert {str(record) for record in font["name"].names if record.nameID in (1, 4)} == {FAMILY}
    assert len(cmap) < 2500  # a part of the font, not the whole
    assert all(f"'{FAMILY}'" in style for style in re.findall(r'style="([^"]*font[^"]*)"', text))


def test_all_words_and_the_licence_can_be_shown():
    for lang in LANGUAGES:
        assert not lacking("".join(words(lang).values()))
    assert not lacking(licence())


def test_every_figure_says_what_it_shows(html):
    _, text = html
    figures = Read(text).figures
    assert len(figures) == len(ON_PAGE)
    for figure in figures:
        assert figure["role"] == "img" and len(figure["aria-label"]) > 40
    assert text.count("<figure") == text.count("<figcaption") == len(ON_PAGE)
    assert text.count("<text") > 100  # the words of figures are words


def test_the_parts_stand_in_order_and_in_one_language(html):
    lang, text = html
    at = [
        text.index(f'<section id="{id}">')
        for id in ("summary", *(f"part-{number}" for number in range(1, 9)))
    ]
    assert at == sorted(at) and 'id="appendix"' not in text
    assert text.index('<p class="strong">') < text.index("<ul>\n<li>")
    other = "en" if lang == "ja" else "ja"
    for number in range(1, 9):
        assert (
            say(f"page.part.{number}", lang) in text
            and say(f"page.part.{number}", other) not in text
        )


def test_an_appendix_and_an_odd_name_are_shown_as_they_are(case, drawn):
    appendix = Section("Checks <b>", ("Item", "Where"), [("1 & 2", "鷗外﨑"), ("3", "yes")])
    text = page.report_page(case, "en", drawn, [appendix])
    assert (
        "Checks &lt;b&gt;" in text
        and "1 &amp; 2" in text
        and "鷗外﨑" in text
        and "<b>" not in text
    )


def test_the_same_results_give_the_same_bytes(results, case, drawn):
    again = Case(compared_of(results), read_prices(PRICES))
    assert page.report_page(again, "en", draw_all(again, names=ON_PAGE)) == page.report_page(
        case, "en", drawn
    )


def test_ids_of_figures_are_their_own():
    svg = '<?xml?><svg viewBox="0 0 1 1"><defs><path id="m1"/></defs><use xlink:href="#m1"/><g clip-path="url(#m1)"/></svg>'
    text = dressed(svg, "fan", 'says "this" & that')
    assert text.startswith(
        '<svg viewBox="0 0 1 1" role="img" aria-label="says &quot;this&quot; &amp; that">'
    )
    assert 'id="fan-m1"' in text and 'href="#fan-m1"' in text and "url(#fan-m1)" in text


def test_with_no_effect_the_first_sentence_says_that_it_costs_more_than_it_saves(tmp_path):
    (tmp_path / "towns").mkdir()
    file = write(tmp_path, THREE, ground=ENOUGH + 'effects = "none"\n')
    idle = Case(compare(file, no_effect=0), read_prices(PRICES))
    assert "costs the municipality more than it saves" in money_sentences.first_sentence(
        idle, "en"
    ) and "Go out" in money_sentences.first_sentence(idle, "en")
    spoken = money_sentences.first_sentence(idle, "ja")
    assert "市町村の費用の増加が節減を上回り" in spoken and "元が取れると言える案はなく" in spoken


def test_money_on_the_page_follows_the_book(case):
    dear = replace(
        case, book=case.book.with_prices({"post_outsourced": 55e6}), options=Options(cautious=False)
    )
    nets = [
        one.net_costs.query("view == 'municipality' and chosen and arm == 'outreach'")[
            "mean"
        ].item()
        for one in (case, dear)
    ]
    assert nets[1] > 5 * nets[0] > 0
    assert money_sentences.first_sentence(dear, "en") != money_sentences.first_sentence(case, "en")


# Sentences against made-up results.

ends = st.tuples(
    *[st.floats(-3e8, 3e8, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e4 else x)] * 2
).map(sorted)


def made_up(intervals, others=None):
    """A case of three arms whose net cost has these intervals, and so the cost of services."""
    arms = [
        SimpleNamespace(id=id, name=SimpleNamespace(ja=name, en=name)) for id, name in NAMES.items()
    ]
    comparison = SimpleNamespace(
        others=arms, arm={arm.id: arm for arm in arms}.__getitem__, base=SimpleNamespace(years=10)
    )
    nets = pd.concat([_rows(intervals).assign(view=view) for view in ("municipality", "public")])
    totals = _rows(others or intervals).assign(payer="public", part="other")
    needed = totals.assign(programme=1e8, factor=1e8 / -totals["mean"].where(totals["mean"] < 0))
    compared = SimpleNamespace(comparison=comparison)
    return SimpleNamespace(
        compared=compared, chosen_net_costs=nets, years=10, totals=totals, needed=needed
    )


def _rows(intervals):
    both = zip(NAMES, intervals, strict=True)
    return pd.DataFrame(
        [
            {"arm": id, "mean": (low + high) / 2, "low": low, "high": high, "replicates": 4}
            for id, (low, high) in both
        ]
    )


CLAIMED = {
    "en": {"less": "save", "more": "more than", "unclear": "cannot be told"},
    "ja": {
        "less": "節減が費用の増加を上回ります",
        "more": "費用の増加が節減を上回",
        "unclear": "増えるとも減るとも言えません",
    },
}


@settings(max_examples=200, deadline=None)
@given(st.lists(ends, min_size=3, max_size=3), st.sampled_from(LANGUAGES))
def test_a_verdict_on_money_never_says_more_than_its_interval(intervals, lang):
    lines = money_sentences.pays(made_up(intervals), "municipality", lang)
    if not any(high < 0 for _, high in intervals) and any(low > 0 for low, _ in intervals):
        assert (
            "no arm" in lines[0]
            or "元は取れません" in lines[0]
            or "元が取れると言える案はなく" in lines[0]
        )
    for name, (low, high) in zip(NAMES.values(), intervals, strict=True):
        named = [line for line in lines if name in line] or [
            line for line in lines if re.search("no arm pays|どの案も", line)
        ]
        assert len(named) == 1
        kind = (
            "more" if low > 0 else "less" if high < 0 else "same" if low == high == 0 else "unclear"
        )
        for claimed, phrase in CLAIMED[lang].items():
            if kind != "same":
                said = (
                    re.search(rf"\b{phrase}\b", named[0])
                    if claimed == "less" and lang == "en"
                    else phrase in named[0]
                )
                assert bool(said) == (claimed == kind) or (
                    claimed == "more" and kind == "less" and lang == "en"
                ), named


@settings(max_examples=200, deadline=None)
@given(
    st.lists(ends, min_size=3, max_size=3),
    st.lists(ends, min_size=3, max_size=3),
    st.sampled_from(LANGUAGES),
)
def test_what_one_would_have_to_believe_follows_the_intervals(nets, others, lang):
    lines = money_sentences.believe(made_up(nets, others), lang)
    rises = {"en": "rise is a fall", "ja": "この増加が減少に変わる"}[lang]
    pays = {"en": "pays for itself if the assumptions", "ja": "この試算の仮定が当たっていれば"}[
        lang
    ]
    for name, net, (low, _high) in zip(NAMES.values(), nets, others, strict=True):
        for line in (line for line in lines if name in line):
            assert (pays in line) <= (net[1] < 0) and (rises in line) <= (low > 0)


@settings(max_examples=200, deadline=None)
@given(ends)
def test_a_side_is_taken_only_where_zero_is_outside(interval):
    low, high = interval
    row = SimpleNamespace(mean=(low + high) / 2, low=low, high=high, replicates=4)
    kind = money_sentences.cost_direction(row)
    assert (kind == "more") == (low > 0) and (kind == "less") == (high < 0)
    nothing = "same" if low == high == 0 else "few"
    assert (
        money_sentences.cost_direction(SimpleNamespace(**{**vars(row), "replicates": 3})) == nothing
    )
    assert money_sentences.cost_direction(
        SimpleNamespace(mean=low, low=np.nan, high=np.nan, replicates=1)
    ) == ("same" if low == 0 else "few")


def test_answers_name_each_arm_once_and_never_beyond_its_interval(case):
    table = case.compared.judged
    said = {"higher": "more", "lower": "less"}
    for lang in LANGUAGES:
        for measure in sentences.QUESTIONS:
            text = sentences.answers(case.compared, lang, (measure,))[0]
            for row in table[(table["measure"] == measure) & (table["year"] == 2)].itertuples():
                name = arm_list(case, [row.arm], lang)
                assert text.count(name) == 1
                low, high = sentences.interval(row)
                assert (
                    row.identical
                    or (row.side == "higher") <= (low > 0)
                    and (row.side == "lower") <= (high < 0)
                )
                kind = said.get(row.side, row.side)
                before = text[: text.index(name)]
                phrases = {one: say(f"page.answer.{one}", lang, arms="") for one in KINDS}
                assert max(phrases, key=lambda one: before.rfind(phrases[one])) == kind


def test_the_first_page_shows_each_measure_of_each_arm_and_marks_what_is_known(case):
    section = last_year_section(case.compared, "en", LOOK[:3])
    assert len(section.columns) == 4
    assert [row[0] for row in section.rows] == ["Go out", "The same"]
    judged = case.compared.judged
    of = judged[judged["year"] == judged["year"].max()].set_index(["measure", "arm"])
    for arm, row in zip(("outreach", "same"), section.rows, strict=True):
        for name, cell in zip(LOOK[:3], row[1:], strict=True):
            one = of.loc[(name, arm)]
            known = one["side"] in (HIGHER, LOWER)
            assert abs(float(re.match("[-+]?[0-9.]+", cell)[0]) - one["difference"]) < 0.051
            assert bool(re.search("[○●]", cell)) == known, (name, arm, cell)


def test_amounts_in_words():
    assert [yen(value, "ja", sign=True) for value in (2.904e8, -3.4e6, 0.0)] == [
        "+2.90億円",
        "-340万円",
        "0万円",
    ]
    assert [yen(value, "en", sign=True) for value in (2.904e8, -3.4e6)] == [
        "+290 million yen",
        "-3.40 million yen",
    ]
    assert numbers_range(-0.0001, 0.25, "en") == "+0.000 to +0.250"
