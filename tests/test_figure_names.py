"""Names of arms in figures: any length and any letters leave the plot its room, every label is told
apart and inside.
"""

from __future__ import annotations

import gc
import warnings
from dataclasses import replace

import pytest
from matplotlib.text import Annotation

import sim
from sim.economics.costing import read_prices
from sim.report.figures.names import ARM, arm_names, display_width, letters_line
from sim.report.figures.style import drawing, style
from sim.report.page import figures as page_font
from sim.report.page.figures import drawings
from sim.scenario.arms import read_comparison
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.manifest import dumped, restored
from sim.towns.town import Label
from sim.words.errors import ScenarioError
from tests.comparisons import GROUND, THREE, command, write
from tests.scenario_files import SCENARIO, WAITING

LONG = "包括的な支援体制を、地域づくりとアウトリーチと相談支援包括化推進員とケース会議とで一体的に進める案（十か年計画）"
NAMES = ("費用$x^2$と$の<案>", (LONG * 3)[:120] + "その一", (LONG * 3)[:120] + "その二")
LEAST = 0.5  # of the width of a figure


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Two seeds of three arms with names of any length."""
    root = tmp_path_factory.mktemp("names") / "scenarios"
    for name, text in {
        "organisations/windows_that_wait.toml": WAITING,
        "x.toml": SCENARIO,
        "towns/.keep": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    ground = GROUND.replace("years = 2", "years = 1").replace("seeds = 3", "seeds = 2")
    return Case(
        sim.compare(write(root, THREE, ground, population=400), no_effect=0), read_prices(PRICES)
    )


def called(case: Case, *names: str) -> Case:
    """The case with other names of its arms."""
    comparison = case.compared.comparison
    arms = tuple(
        replace(arm, name=Label(ja=name, en=name))
        for arm, name in zip(comparison.arms, names, strict=True)
    )
    return replace(case, compared=replace(case.compared, comparison=replace(comparison, arms=arms)))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("size", [40, 55, 120])
def test_long_names_leave_the_plot_its_width_and_stay_inside(case, size, lang):
    long = called(case, "今のまま", *((LONG * 3)[: size - 3] + end for end in ("その一", "その二")))
    with style(lang):
        for name in (
            "plane",
            "acceptability",
            "spiral",
            "cumulative",
            "payers",
            "cash",
            "iceberg",
            "tornado",
            "difference_load",
        ):
            figure = drawings(long)[name](lang)
            drawing(figure)
            shown = [axes for axes in figure.axes if axes.get_visible()]
            beside = {round(axes.get_position().y0, 2) for axes in shown}
            widths = [axes.get_position().width for axes in shown]
            assert sum(widths) >= LEAST * len(beside), (name, widths)
            drawn = figure.canvas.get_renderer()
            for axes in shown:
                for text in (*axes.findobj(Annotation), *named_ticks(axes)):
                    box = text.get_window_extent(drawn)
                    assert box.x0 >= -2 and box.x1 <= figure.bbox.width + 2 and box.y0 >= -2, (
                        name,
                        text.get_text(),
                        box,
                    )


def named_ticks(axes):
    """Labels of ticks that are names."""
    return [
        text
        for text in (*axes.get_xticklabels(), *axes.get_yticklabels())
        if any(map(str.isalpha, text.get_text()))
    ]


def test_names_that_begin_alike_are_told_apart(case):
    names = list(arm_names(called(case, *NAMES).compared.comparison, "ja").values())
    assert len(set(names)) == 3 and all(display_width(name) <= ARM for name in names)
    assert (
        names[1].endswith("その一")
        and names[2].endswith("その二")
        and all(name[:3] == "包括的" for name in names[1:])
    )
    twins = arm_names(called(case, "同じ" * 20, "同じ" * 20, "別").compared.comparison, "ja")
    assert len(set(twins.values())) == 3 and all(
        display_width(name) <= ARM for name in twins.values()
    )


def test_odd_letters_are_named_once_and_never_warned_of(case):
    odd = called(case, "𠮷野家", "葛\U000e0100城の案", "家族👨‍👩‍👧 $x_1$ 100%")
    with warnings.catch_warnings(), style("ja"):
        warnings.simplefilter("error", append=True)
        for name in ("plane", "payers", "iceberg"):
            text = drawing(drawings(odd)[name]("ja"))
            assert "$x_1$" in text and "\u200d" not in text
    for lang in ("ja", "en"):
        lines = letters_line(arm_names(odd.compared.comparison, lang).values(), lang)
        assert (
            len(lines) == 1
            and all(letter in lines[0] for letter in "𠮷👨👩👧")
            and "野" not in lines[0]
        )
    assert letters_line(["鷗外﨑 é ∑"], "ja") == []


def test_the_command_says_it_in_one_sentence(folder, tmp_path, capfd):
    file = write(
        folder,
        THREE.replace("出向く", "𠮷野家へ出向く"),
        GROUND.replace("years = 2", "years = 1"),
        population=300,
    )
    assert command(file, "--seeds", 1, "--no-figures", "--out", tmp_path / "x", "--lang", "ja") == 0
    err = capfd.readouterr().err
    assert (
        err.count("𠮷、") + err.count("：𠮷。") == 1 and "Warning" not in err and "Glyph" not in err
    )


def test_a_short_name_is_taken_and_kept(folder):
    text = THREE.replace(
        'en = "Go out"}', 'en = "Go out"}\nshort = {ja = "出", en = "Out"}'
    ).replace('en = "The same"}', 'en = "The same"}\nshort = "＝"')
    comparison = read_comparison([write(folder, text)])
    assert arm_names(comparison, "ja") == {"waiting": "待つ", "outreach": "出", "same": "＝"}
    assert arm_names(comparison, "en") == {"waiting": "Wait", "outreach": "Out", "same": "＝"}
    assert arm_names(restored(dumped(comparison)), "en") == arm_names(comparison, "en")
    assert comparison.arm("outreach").name.en == "Go out"


@pytest.mark.parametrize(
    ("given", "place"),
    [("7", "arms.1.short"), ('{ja = "出"}', "arms.1.short.en"), ("[1]", "arms.1.short")],
)
def test_a_short_name_that_is_none_is_refused(folder, given, place):
    with pytest.raises(ScenarioError) as caught:
        read_comparison(
            [write(folder, THREE.replace('en = "Go out"}', f'en = "Go out"}}\nshort = {given}'))]
        )
    assert caught.value.faults[0].key == place


def test_the_font_file_is_closed_after_use():
    """Looked into and cut to the letters of a page; an open file would be complained of wherever
    memory is next collected.
    """
    page_font.glyphs.cache_clear()
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always", ResourceWarning)
        assert not page_font.lacking("町") and page_font.embedded("町").startswith("data:font/woff")
        gc.collect()
    assert [
        str(one.message) for one in complaints if issubclass(one.category, ResourceWarning)
    ] == []
