"""What stands for a scenario, a town and a comparison at a prompt (a line) and in a notebook (a
small table in one language).
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from sim import Town, compare
from sim.words import LANGUAGES, speak
from tests.laws import EVENTS, steps
from tests.towns import label, small_scenario

NAMES = {"今のまま": {}, "出向く <2人> & co": {"steps": steps({"outreach_worker": {"fte": 2.0}})}}


class Page(HTMLParser):
    """The text of each table cell; fails on tags that are not closed."""

    def __init__(self, html: str):
        super().__init__()
        self.cells, self.open = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, _attributes):
        if tag != "br":
            self.open.append(tag)
        if tag in ("th", "td", "caption", "div"):
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.cells[-1] += data


@pytest.fixture(scope="module")
def things():
    """A scenario, a town changed on its way, and comparisons of several seeds and of one."""
    scenario = small_scenario(200, run_in_weeks=1, years=1, events=EVENTS)
    scenario = scenario.model_copy(update={"name": label("<script>alert(1)</script>")})
    town = Town(scenario, 5)
    town.step()
    town.set_lever("outreach_worker", fte=2, mix="visiting")
    arms = {name: scenario.model_copy(update=changes) for name, changes in NAMES.items()}
    return (
        scenario,
        town,
        compare(arms, seeds=2, no_effect=0),
        compare(dict.fromkeys(("a", "b"), scenario), seeds=1, no_effect=0),
    )


def test_a_line_says_what_it_is(things):
    scenario, town, compared, _ = map(repr, things)
    assert (
        scenario
        == str(things[0])
        == "<Scenario 'small': small, 446 residents, 2025-04 to 2026-03, levers: none>"
    )
    assert town == "<Town 'small', seed 5, week 1 of 52, changes: 1>"
    assert compared == "<Compared 'arms': 今のまま, 出向く <2人> & co; 2 seeds>"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_notebook_shows_a_small_table_in_one_language(things, lang):
    speak(lang)
    try:
        pages = [thing._repr_html_() for thing in things]
    finally:
        speak(None)
    said = [Page(page).cells for page in pages]
    for page, cells in zip(pages, said, strict=True):
        assert len(page) < 5000 and "<script" not in page and len(cells) < 40
        assert ("モデル" in cells[-1]) == (lang == "ja") and ("model" in cells[-1]) == (
            lang == "en"
        )
    scenario, town, compared, single = ("\n".join(cells) for cells in said)
    assert "446" in scenario and "2025-05-27" in scenario
    assert (
        "2025-04-08" in town
        and ("アウトリーチ" if lang == "ja" else "Outreach") in town
        and "fte 2" in town
    )
    assert (
        "出向く <2人> & co" in compared
        and ("95％" if lang == "ja" else "95 %") in compared
        and "(" in compared
    )
    assert "±0" in single and "95" not in single


def test_every_difference_shown_is_that_of_the_last_year(things):
    compared = things[2]
    rows = compared.differences.set_index(["measure", "year"]).loc[("load", 1)]
    shown = compared._repr_html_()
    assert all(f"{rows[name]:+.3g}" in shown for name in ("difference", "low", "high"))
