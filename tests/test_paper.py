"""The paper of a budget request: the same amounts on every page, one unit of money, words that can be
signed, letters that can be read; printed, it is one leaf.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.cli import main as cli
from sim.cli.paper import chosen_arm
from sim.declared import SUBJECTS
from sim.declared.funding import FUNDED, ORGANISATION
from sim.economics.costing import read_prices
from sim.economics.money import cumulative, first_years
from sim.report.paper.back import _cash, _grant, _size, answers_of
from sim.report.paper.findings import EFFECTS, MUNICIPALITY, Findings
from sim.report.paper.front import amount_section, effect_section, sources_line, what_lines
from sim.report.paper.pdf import browser, pages_of, print_pdf
from sim.report.paper.sheets import TEMPLATES, back_sheet, front_sheet
from sim.report.paper.worse import worse_line, worse_points
from sim.report.text.comparison import WORSE
from sim.report.text.fiscal import thousand
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.manifest import compared_of
from sim.study.marks import interval, side
from sim.study.paired import differences
from sim.words import LANGUAGES, words
from sim.words.errors import ScenarioError
from tests import finished
from tests.comparisons import GROUND, command, write
from tests.test_funding import ARMS

BOOK = read_prices(PRICES)
PARTS = ("amount", "what", "effect", "money", "worse", "others", "weak", "caveat")
UNSIGNED = r"運|主張|元は取れ|種(?!々|別|目)|百万円|万円|億円|シード"
SMALLEST = 10.5  # points


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Results of two arms that buy the same, one with grants; with the Japanese papers written."""
    root = finished.scenarios(tmp_path_factory.mktemp("paper")).parent
    file = write(root, ARMS, GROUND, "grants.toml", 500)
    out = root / "results"
    assert command(file, "--out", out, "--no-report", "-q") == 0
    assert cli.main(["paper", str(out), "--lang", "ja", "--no-pdf", "-q"]) == 0
    return out


@pytest.fixture(scope="module")
def found(folder) -> Findings:
    return Findings(Case(compared_of(folder, BOOK), BOOK), "bundle")


def text(folder: Path, name: str, lang: str = "ja") -> str:
    """The words of a document."""
    html = (folder / f"{name}.{lang}.html").read_text(encoding="utf-8")
    body = html[html.index("<body>") :]
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", " ", body, flags=re.S)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_has_its_parts_in_the_order_of_a_request(found, lang):
    sheet = front_sheet(found, "1", lang)
    heads = [block.text for block in sheet.blocks if block.kind == "head"]
    assert heads == [words(lang)[f"paper.h.{part}"] for part in PARTS]
    assert len(back_sheet(found, "1", lang).blocks) > 10


def test_every_page_says_the_same_amounts(folder, found):
    """Front, back, explanation and the file of details; general funds with and without the grants."""
    request = found.request
    assert request.total == found.plain.total and request.of("nation")[2025] > 0
    row = amount_section(found, "ja").rows[0]
    assert list(row[1:-1]) == [thousand(amount) for amount in request.total.values()]
    for name in ("paper", "explanation"):
        said = text(folder, name)
        for amounts in (request.total, request.of("nation"), request.of(MUNICIPALITY)):
            assert all(thousand(amount) in said for amount in amounts.values()), name
    back = " ".join(line for answer in answers_of(found, "ja") for line in answer.lines)
    assert f"{thousand(request.of(MUNICIPALITY)[2025])}千円" in back
    assert f"{thousand(found.plain.of(MUNICIPALITY)[2025])}千円" in back


@pytest.mark.parametrize("name", ["paper", "explanation"])
def test_japanese_that_can_be_signed_in_one_unit_of_money(folder, name):
    said = text(folder, name)
    assert re.search(UNSIGNED, said) is None, re.search(f".{{20}}({UNSIGNED}).{{20}}", said)
    assert "令和7年度" in said and "2025年度" not in said and "千円" in said


def test_letters_are_large_enough_and_nothing_is_asked_from_outside(folder):
    css = (TEMPLATES / "paper.css").read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)pt", css)]
    assert sizes and min(sizes) >= SMALLEST
    html = (folder / "paper.ja.html").read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="(?!data:|#)', html) and "http" not in html


def test_effects_are_counts_of_households_with_runs(found):
    """Compounded households are those of the weekly tables; a range lies around its mean."""
    year = found.case.years
    effect = found.effect("compounded", year)
    weekly = found.case.compared.weekly
    last = weekly[(weekly["week"] // 52 + 1 == year) & (weekly["arm"] == "bundle")]
    assert effect.arm == pytest.approx(last["households_compounded"].mean())
    for name in EFFECTS:
        one = found.effect(name, year)
        assert 0 < one.runs <= found.case.compared.seeds
        assert one.low <= one.difference <= one.high
        assert one.difference == pytest.approx(one.arm - one.reference)
    assert len(effect_section(found, "ja").rows) == len(EFFECTS)


def test_what_is_done_names_every_measure_with_its_reckoning(found):
    lines = what_lines(found, "ja")
    assert any("2人×5,500千円" in line for line in lines)
    assert len(lines) == found.request.lines["measure"].nunique()


def test_money_expected_adds_up(found):
    """Plan, vacancies and other costs are the net, year by year, for both payers."""
    for payer in (MUNICIPALITY, "public"):
        parts = sum(found.parts(part, payer) for part in ("planned", "vacancies", "other"))
        assert (parts - found.parts("net", payer)).abs().max() < 1
    assert found.net(MUNICIPALITY).mean() == pytest.approx(found.parts("net", MUNICIPALITY).sum())


def test_every_measure_and_every_subject_has_its_words():
    for lang in LANGUAGES:
        known = words(lang)
        assert {f"paper.does.{one}" for one in (*FUNDED, ORGANISATION)} <= known.keys()
        assert {f"paper.who.{one}" for one in SUBJECTS} <= known.keys()
        assert {f"paper.who.price.{item.kind}" for item in BOOK.items} <= known.keys()


def test_the_weakest_numbers_are_the_worst_graded(found):
    weak = found.weakest("ja")
    assert len(weak) == 3 and all("D" in one.grade for one in weak)


def test_a_range_in_japanese_and_prices_in_thousand_yen(found):
    prices = found._weak_prices("ja")
    assert prices and all(re.fullmatch(r"[^-]+（[^-]+～[^-]+）千円", one.value) for one in prices)


def test_what_is_paid_back_is_not_discounted():
    """100 spent in the first year and 101 saved in the second come back in cash; at 2 % they do
    not.
    """
    keys = [(payer, year) for payer in (MUNICIPALITY, "public") for year in (1, 2)]
    parts = pd.DataFrame(keys, columns=["payer", "year"]).assign(
        arm="a", world=0, seed=1, part="net", value=[100.0, -101.0] * 2
    )
    first = first_years(cumulative(parts, 0.02))
    assert first["year"].isna().all()
    case: Any = SimpleNamespace(parts=parts, rate=0.02, first_years=first)
    assert Findings(case, "a").paid_back == dict.fromkeys((MUNICIPALITY, "public"), (1, 1, 2.0))


def request_paid_by(payers: dict[str, int], source: str = "x") -> Any:
    """A request of one fiscal year and what each payer bears of it."""
    sources = pd.DataFrame(
        [(source, 2025, payer, amount) for payer, amount in payers.items()],
        columns=["source", "fiscal", "payer", "thousand"],
    )
    return SimpleNamespace(
        sources=sources, of=lambda payer: {2025: payers[payer]} if payer in payers else {}
    )


def test_a_grant_that_pays_everything_or_next_to_nothing():
    """General funds bear nothing in a year in which a grant pays all; a source that comes to less
    than half a thousand yen has no end that could be told.
    """
    found: Any = SimpleNamespace(
        request=request_paid_by({"nation": 500}), plain=request_paid_by({MUNICIPALITY: 500})
    )
    assert "、補助がつけば0千円、つかなければ500千円" in _grant(found, "ja")[0]
    none: Any = SimpleNamespace(request=request_paid_by({"nation": 0}))
    assert sources_line(none, "ja") == words("ja")["paper.no_grant"]


def findings_of(runs: int, **gaps: list[float]) -> Findings:
    """Findings of three years whose effects differ by `gaps` (a number a run) in the second year and
    by nothing else.
    """
    rows = [
        (arm, 0, seed, year, name, 5.0 + (gap[seed] if arm == "a" and year == 2 else 0.0))
        for name in EFFECTS
        for arm in ("ref", "a")
        for seed in range(runs)
        for year in (1, 2, 3)
        for gap in [gaps.get(name, [0.0] * runs)]
    ]
    yearly = pd.DataFrame(rows, columns=["arm", "world", "seed", "year", "name", "value"])
    table = differences(yearly.rename(columns={"name": "measure"}), "ref")
    judged = table.assign(
        side=[side(*interval(row), row.n, row.identical) for row in table.itertuples()]
    )
    people = SimpleNamespace(population=20_000)
    comparison = SimpleNamespace(base=SimpleNamespace(people=people, start_year=2025))
    compared = SimpleNamespace(seeds=runs, judged=judged, comparison=comparison)
    case: Any = SimpleNamespace(compared=compared, reference="ref", years=2)
    found = Findings(case, "a")
    found.__dict__["yearly"] = yearly
    found.__dict__["request"] = SimpleNamespace(total={2025: 500, 2026: 500})
    return found


def test_few_runs_that_all_get_worse_are_told_without_a_conclusion():
    found = findings_of(2, load=[0.1, 0.3], wait=[1.0, -1.0], seen=[-3.0, -2.0])
    assert worse_line(found, "ja") == (
        "はじめの3年に、支援につながっている世帯の数（2年目）、相談員の負荷（2年目）が2回とも悪化"
        "（試行が少なく、断定はできない）。"
    )
    assert "断定はできない" in worse_points(found, "ja")[-1]
    assert WORSE not in str(effect_section(found, "ja", 2).rows)
    assert "2回" in worse_line(findings_of(2), "ja") and "断定" in worse_line(findings_of(2), "ja")


@pytest.mark.parametrize("clear", [True, False])
def test_every_page_says_by_one_rule_what_is_worse(clear):
    """A mark in the table of effects stands exactly where the sentence on the front names it."""
    gaps = [0.1, 0.2, 0.15, 0.12, 0.2, 0.1] if clear else [0.5, -0.1, 0.4, -0.3, 0.1, -0.2]
    found = findings_of(6, load=gaps, unseen=[100 * gap for gap in gaps])
    assert ("負荷（2年目）" in worse_line(found, "ja")) == clear
    assert ("つながっていない世帯の数（2年目）" in worse_line(found, "ja")) == clear
    marked = [row[0] for row in effect_section(found, "ja", 2).rows if WORSE in row[-1]]
    known = words("ja")
    assert marked == [known[f"paper.effect.{one}"] for one in ("unseen", "load")] * clear


def amounts_in(line: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r"([\d,]+)千円", line)]


def test_what_is_saved_is_the_sum_of_its_named_parts(found):
    """Also where rounding would leave a rest."""
    totals = pd.DataFrame(
        {"arm": "a", "what": ["saving", "cash", "freed"], "mean": [480_600.0, 108_400.0, 72_400.0]}
    )
    case: Any = SimpleNamespace(cash_totals=totals, years=5)
    for one in (found, Findings(case, "a")):
        whole, *parts = amounts_in(_cash(one, "ja")[0])
        assert len(parts) == 3 and whole == sum(parts)
    assert whole == 481


def test_an_effect_is_scaled_to_other_towns_only_where_it_can_be_said():
    clear = _size(findings_of(6, compounded=[-4.0, -5.0, -6.0, -4.5, -5.5, -5.0]), "ja")
    assert len(clear) == 1 and "人口10,000人なら年250千円で△2.5（△2.9～△2.1）世帯" in clear[0]
    for found in (
        findings_of(2, compounded=[-4.0, -5.0]),
        findings_of(6, compounded=[-4.0, 5.0] * 3),
    ):
        line, why = _size(found, "ja")
        assert "250千円" in line and "世帯" not in line and "示せない" in why


def test_which_arm_a_paper_is_about(found):
    comparison = found.case.compared.comparison
    assert chosen_arm(comparison, None) == "bundle" and chosen_arm(comparison, "plain") == "plain"
    with pytest.raises(ScenarioError) as caught:
        chosen_arm(comparison, "bundel")
    assert caught.value.faults[0].near == "bundle"


@pytest.mark.skipif(browser() is None, reason="no Chromium here")
def test_it_prints_on_one_leaf(folder, tmp_path):
    pdf = tmp_path / "paper.pdf"
    assert print_pdf(folder / "paper.ja.html", pdf) and pages_of(pdf) == 2
    assert not list(tmp_path.glob("*.part"))


def test_without_a_browser_there_is_no_pdf_and_it_says_so(folder, monkeypatch, capsys):
    monkeypatch.setattr("sim.report.paper.pdf.shutil.which", lambda name: None)
    monkeypatch.setattr("sim.report.paper.pdf.INSTALLED", ())
    monkeypatch.setattr("sim.report.paper.write.explanation", lambda *given: "")  # it takes seconds
    assert cli.main(["paper", str(folder), "--lang", "en"]) == 0
    assert words("en")["paper.no_browser"] in capsys.readouterr().err
    assert not list(folder.glob("*.pdf"))
