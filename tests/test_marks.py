"""Marks, sentences and verdicts come from one decision: trials mark nothing, equal counts are no
certainty, claims agree.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from scipy import stats

import sim
from sim.declared.measure import FEWEST
from sim.economics.costing import read_prices
from sim.report.figures import money as money_figures
from sim.report.figures.style import style
from sim.report.text import comparison as screen
from sim.report.text import money as page_tables
from sim.report.text import money_sentences
from sim.scenario.scenario import Claim
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.marks import FEW, SAME, side
from sim.study.paired import differences, over_seeds
from sim.study.stopping import Hypothesis, verdict_on
from sim.words import LANGUAGES, say
from tests.comparisons import CLAIM, GROUND, THREE, command, write
from tests.scenario_files import SCENARIO, WAITING

LIKE = (
    THREE
    + """
[[arms]]
id = "idle"
name = {ja = "0人で出向く", en = "Go out with nobody"}
levers.outreach_worker = {fte = 0.0}
"""
)
FOUR = GROUND.replace("seeds = 3", "seeds = 4")
TRIAL = {"ja": "試し計算", "en": "Trial run"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A scenario folder with a tiny town."""
    root = tmp_path_factory.mktemp("marks") / "scenarios"
    for name, text in {
        "organisations/windows_that_wait.toml": WAITING,
        "x.toml": SCENARIO,
        "towns/.keep": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def compared(home):
    """Four seeds of four arms: two of them are the reference under another name."""
    return sim.compare(write(home, LIKE, FOUR, population=600), no_effect=0)


@pytest.fixture(scope="module")
def case(compared):
    return Case(compared, read_prices(PRICES))


def counts(*gaps: float) -> pd.DataFrame:
    """Two arms whose count differs by these, seed by seed."""
    rows = [
        (arm, 0, seed, 1, "found", value)
        for seed, gap in enumerate(gaps)
        for arm, value in (("a", 5.0), ("b", 5.0 + gap))
    ]
    return pd.DataFrame(rows, columns=["arm", "world", "seed", "year", "measure", "value"])


def test_equal_counts_are_as_uncertain_as_one_event_more():
    row = differences(counts(2, 2, 2, 2), "a", steps={"found": 1}).iloc[0]
    assert row["difference"] == 2 and row["high"] - 2 == pytest.approx(stats.t.isf(0.025, 3) / 4)
    other = differences(counts(2, 2, 2, 3), "a").iloc[0]
    assert other["high"] - other["difference"] == pytest.approx(
        row["high"] - 2
    )  # the least that counts not all equal can have
    assert (
        differences(counts(2, 2, 2, 2), "a").iloc[0]["high"] == 2
    )  # what is no count may be arithmetic
    assert differences(counts(2, 2), "a", steps={"found": 1}).iloc[0]["low"] < 0


def test_counts_of_a_rate_that_differ_by_rounding_alone_are_equal():
    table = counts(
        *[2e5 / 1234 + error for error in (0, 1e-12, -1e-12, 2e-12, 0, 1e-12, 0, 0, 3e-12)]
    )
    row = differences(table, "a", steps={"found": 1e5 / 1234}).iloc[0]
    assert row["high"] - row["difference"] > 10 and not row["skewed"]


def test_zeros_stay_zeros():
    row = differences(counts(0, 0, 0, 0), "a", steps={"found": 1}).iloc[0]
    assert (row[["difference", "low", "high", "band_low", "band_high"]] == 0).all() and row[
        "identical"
    ]


def test_a_level_that_is_the_same_in_every_seed_has_an_interval_too():
    yearly = counts(0, 0, 0).query("arm == 'a'")
    assert (
        over_seeds(yearly, steps={"found": 1}).iloc[0]["high"] > 5.5
        and over_seeds(yearly).iloc[0]["high"] == 5
    )


def test_claims_have_the_same_floor_and_the_same_least_number():
    alike = np.full(16, 0.1)
    assert verdict_on(Hypothesis(alike, "higher", step=1)).state == "undecided"
    assert verdict_on(Hypothesis(alike, "higher")).state == "held"
    for number in range(1, FEWEST):
        verdict = verdict_on(Hypothesis(np.zeros(number), "higher"))
        assert verdict.state == "undecided" and verdict.more == FEWEST - number
    assert verdict_on(Hypothesis(np.zeros(FEWEST), "higher")).state == "not_held"


def test_few_pairs_allow_nothing_to_be_said():
    assert [side(1.0, 2.0, number) for number in (1, 2, 3, 4)] == [FEW, FEW, FEW, "higher"]
    assert side(0.0, 0.0, 2, identical=True) == SAME and side(float("nan"), float("nan"), 9) == FEW


def test_a_mark_never_contradicts_a_claim_on_the_same_number(compared):
    """Every number of every arm is claimed both ways, at several margins: undecided is unmarked,
    held and not held agree.
    """
    states = set()
    for margin in (0.0, 0.5, 3.0):
        claims = tuple(
            Claim(
                en="c",
                arm="outreach",
                against="waiting",
                measure=name,
                direction=way,
                by_year=year,
                margin=margin,
            )
            for name in screen.SHOWN
            for way in ("lower", "higher")
            for year in (1, 2)
        )
        many = replace(compared, comparison=replace(compared.comparison, claims=claims), found={})
        found = many.judged.set_index(["arm", "measure", "year"])["side"]
        for number, claim in enumerate(claims):
            state, said = (
                many.verdicts[number].state,
                found["outreach", claim.measure, claim.by_year],
            )
            states.add(state)
            assert (
                said == claim.direction
                if state == "held"
                else said != claim.direction or _held(many, claim)
            ), claim
    assert states == {"held", "not_held", "undecided"} or len(states) > 1


def _held(many, claim) -> bool:
    """Whether another claim on the same number is held that way."""
    key = claim.arm, claim.measure, claim.by_year, claim.direction
    return any(
        (one.arm, one.measure, one.by_year, one.direction) == key
        and many.verdicts[number].state == "held"
        for number, one in enumerate(many.comparison.claims)
    )


def test_a_claim_about_the_reference_marks_the_other_arm_the_other_way_round(compared):
    claim = Claim(
        en="c",
        arm="waiting",
        against="outreach",
        measure="cost_municipality",
        direction="lower",
        by_year=2,
    )
    many = replace(compared, comparison=replace(compared.comparison, claims=(claim,)), found={})
    found = many.judged.set_index(["arm", "measure", "year"])["side"][
        "outreach", "cost_municipality", 2
    ]
    assert found == {"held": "higher", "undecided": "unclear"}.get(many.verdicts[0].state)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_trial_says_so_first_and_marks_nothing(home, tmp_path, capsys, lang):
    ground = GROUND.replace("years = 2", "years = 1")
    file = write(home, LIKE + CLAIM.replace("by_year = 2", "by_year = 1"), ground, "two.toml", 400)
    assert command(file, "--seeds", 2, "--out", tmp_path / "x", "--no-figures", "--lang", lang) == 0
    said = capsys.readouterr().out.strip()
    assert said.startswith(TRIAL[lang]) and not re.search("[○●]", said)
    page = (tmp_path / f"x/report.{lang}.html").read_text(encoding="utf-8")
    top = re.sub("<[^>]*>", " ", page[page.index("<main>") : page.index("<h1>")])
    assert top.count(TRIAL[lang]) == 1 and not re.search("[○●]", page)
    book = load_workbook(tmp_path / f"x/tables.{lang}.xlsx")
    cells = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert not any(re.search("[○●]", text) for text in cells) and any(
        text.startswith(TRIAL[lang]) for text in cells
    )
    assert pd.read_csv(tmp_path / "x/claims.csv")["verdict"].tolist() == ["undecided"]
    assert set(pd.read_csv(tmp_path / "x/differences.csv")["side"]) <= {FEW, SAME}


def test_enough_seeds_are_no_trial(compared):
    for lang in LANGUAGES:
        assert not any(
            line.startswith(TRIAL[lang]) for line in screen.comparison_heading(compared, lang)
        )
    assert {"higher", "lower"} & set(compared.judged["side"])
    shown = "".join(
        cell
        for part in screen.measure_sections(compared, "en")
        for row in part.rows
        for cell in row
    )
    assert "●" in shown


def test_an_arm_like_the_reference_is_the_same_everywhere(case, compared):
    assert compared.same == {"same", "idle"}
    back = case.break_even[case.break_even["arm"].isin(compared.same)]
    assert back["same"].all() and back["never"].isna().all() and back["year_50"].isna().all()
    ratios = case.ratios.set_index(["view", "arm"])["status"]
    assert (ratios[ratios.index.get_level_values("arm").isin(compared.same)] == "same").all()
    assert not set(case.acceptability["arm"]) & compared.same
    places = case.frontier.set_index(["view", "arm"])["status"].unstack()
    assert (places[["same", "idle"]].eq(places["waiting"], axis=0)).all(axis=None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_and_table_says_so(case, compared, lang):
    names = [getattr(compared.comparison.arm(id).name, lang) for id in sorted(compared.same)]
    nothing = say("money.same", lang)
    for row in page_tables.break_even_section(case, lang).rows:
        assert (row[2] == nothing) == (row[1] in names)
    status = say("status.same", lang)
    assert all(
        (row[3] == row[5] == status) == (row[0] in names)
        for row in page_tables.worth_section(case, lang).rows
    )
    lines = [
        *money_sentences.pays(case, "public", lang),
        *money_sentences.break_even_lines(case, lang),
        *money_sentences.believe(case, lang),
        *money_sentences.worth_lines(case, lang),
        *screen.worse_lines(compared, lang),
        *screen.crossing_lines(compared, lang),
    ]
    about = [
        part
        for line in lines
        for part in line.split("。" if lang == "ja" else "\n")
        if any(name in part for name in names)
    ]
    assert len(about) >= 7 and all(re.search("同じ|same|exactly", part) for part in about), about
    with style(lang):
        title = money_figures.draw_cumulative(case, lang).get_suptitle().replace("\n", "")
    pays = any(row.high < 0 for row in case.chosen_net_costs.query("view == 'public'").itertuples())
    assert pays or title == say("figure.cumulative.never", lang, years=2)


def test_an_arm_that_only_costs_is_not_the_same(home):
    """Without any effect, going out changes no need and costs: it is not the reference, never pays
    back, and is dominated.
    """
    file = write(home, THREE, FOUR + 'effects = "none"\n', "costly.toml", 400)
    costly = Case(sim.compare(file, no_effect=0), read_prices(PRICES))
    assert costly.compared.same == {"same"}
    row = costly.break_even.query("arm == 'outreach' and payer == 'municipality'").iloc[0]
    assert not row["same"] and row["never"] == 1
    assert costly.ratios.query("arm == 'outreach' and view == 'public'")["status"].tolist() == [
        "unchanged"
    ]
    assert costly.frontier.query("arm == 'outreach' and view == 'public'")["status"].tolist() == [
        "dominated"
    ]
