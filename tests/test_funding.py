"""Sources of money change who pays and never how much; a request is the plan, line by line, and adds
up the same in every table.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.cli import main as cli
from sim.declared.levers import Step, practice_at
from sim.declared.payers import PAYERS
from sim.economics.costing import read_prices
from sim.economics.funding import mix_id
from sim.report.text.fiscal import fiscal_year, fiscal_years, thousand
from sim.report.text.request import lines_section, request_sections
from sim.report.workbook.costing import Costing
from sim.scenario.arms import read_comparison
from sim.scenario.calendar import Calendar
from sim.scenario.funding import month_of
from sim.scenario.scenario import Funding, Scenario, digest
from sim.scenario.variants import half_reached, late
from sim.study.budget import plan_of, planned_costs
from sim.study.case import Case
from sim.study.compare import PRICES, compare
from sim.study.funding import funded_quantities, paid_as_named_now, unfunded
from sim.study.idle_settings import idle_funding
from sim.study.plan import planned_amounts, planned_months
from sim.study.request import request_of, shared_out
from sim.words.errors import ScenarioError
from tests import finished
from tests.comparisons import GROUND, write
from tests.towns import label

BOOK = read_prices(PRICES)
ARMS = """
reference = "waiting"
[[arms]]
id = "waiting"
name = {ja = "待つ", en = "Wait"}
[[arms]]
id = "bundle"
name = {ja = "配置", en = "Bundle"}
levers.csw = {fte = 2, start = 2025-05-01}
levers.outreach_worker = {fte = 1}
levers.inclusion_promoter = {fte = 1}
levers.community = {places = 1.5}
levers.caseworker = {fte = 3, ramp_months = 8}
funding.csw = {source = "multi_layer_new", ceiling = "800万"}
funding.outreach_worker = {source = "poverty_desk", until = "R8.3.31"}
funding.community = {shares = {nation = 0.5, municipality = 0.5}, name = "モデル事業"}
[[arms]]
id = "plain"
name = {ja = "配置（補助なし）", en = "Bundle, no grants"}
levers.csw = {fte = 2, start = 2025-05-01}
levers.outreach_worker = {fte = 1}
levers.inclusion_promoter = {fte = 1}
levers.community = {places = 1.5}
levers.caseworker = {fte = 3, ramp_months = 8}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """Two arms that buy the same, one of them with grants."""
    folder = finished.scenarios(tmp_path_factory.mktemp("funding")).parent
    return write(folder, ARMS, GROUND, "grants.toml", 500)


@pytest.fixture(scope="module")
def comparison(file):
    return read_comparison([file])


@pytest.fixture(scope="module")
def case(comparison) -> Case:
    """The comparison lived in two seeds."""
    return Case(compare(comparison, seeds=2, no_effect=0), BOOK)


def refused(file: Path, text: str, tmp_path: Path) -> ScenarioError:
    """What is refused of the file with other funding of the CSW."""
    other = file.with_name(f"{tmp_path.name}.toml")
    old = 'funding.csw = {source = "multi_layer_new", ceiling = "800万"}'
    other.write_text(file.read_text(encoding="utf-8").replace(old, text), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        compare(read_comparison([other]), seeds=1)
    return caught.value


def test_a_source_is_no_part_of_a_run(comparison):
    assert digest(comparison.arm("bundle").scenario) == digest(comparison.arm("plain").scenario)


def test_grants_change_who_pays_and_never_the_total(case):
    """Both arms live the same; all payers together pay the same to the yen, in every run and year."""
    yen = case.money.groupby(["arm", "world", "seed", "year", "payer"])["yen"].sum()
    wide = yen.unstack("payer", fill_value=0.0).reindex(columns=list(PAYERS), fill_value=0.0)
    bundle, plain = wide.loc["bundle"], wide.loc["plain"]
    assert (bundle.sum(axis=1) - plain.sum(axis=1)).abs().max() < 1e-3
    assert (plain["municipality"] - bundle["municipality"]).min() > 1e6
    assert (bundle["nation"] - plain["nation"]).min() > 1e6
    plan = planned_costs(case.compared.comparison, BOOK).set_index(["arm", "year", "payer"])[
        "value"
    ]
    assert plan["bundle", 1, "all"] == pytest.approx(plan["plain", 1, "all"])
    assert plan["bundle", 1, "nation"] > plan["plain", 1, "nation"] == 0


def test_who_pays_what_by_hand(comparison):
    """CSW: 8 million of 10.083 count, a half and two quarters. Outreach: three quarters of 5.5 in the
    first year alone. Places: half of 1.5. The rest comes out of general funds.
    """
    request = request_of(comparison, "bundle", BOOK)
    assert request.of("nation") == {2025: 4000 + 4125 + 750, 2026: 4000 + 750}
    assert request.of("prefecture") == {2025: 2000, 2026: 2000}
    plain = request_of(comparison, "bundle", BOOK, grants=False)
    assert plain.total == request.total == request_of(comparison, "plain", BOOK).total
    assert plain.of("municipality") == plain.total


def test_a_source_pays_for_posts_that_are_filled(case):
    """What moves to a source is at most its part of the plan, and less where posts stand empty."""
    table = case.quantities
    of_source = table[(table["arm"] == "bundle") & (table["mix"] == "poverty_desk")]
    paid = of_source.set_index("year")["amount"]
    assert set(paid.index) == {1} and (paid <= 1 + 1e-9).all() and (paid > 0.3).all()
    whole = table[table["id"] == "post_outsourced"].groupby(["arm", "seed", "year"])["amount"].sum()
    assert (whole["bundle"] - whole["plain"]).abs().max() < 1e-9


def test_laying_sources_over_counts_twice_is_laying_them_once(case):
    counted = case.compared.quantities
    keys = ["arm", "world", "seed", "year", "id", "mix"]
    again = funded_quantities(counted, case.compared.comparison, case.book)
    both = (table.set_index(keys)["amount"].sort_index() for table in (counted, again))
    pd.testing.assert_series_equal(*both)
    assert set(unfunded(counted)["mix"]) == {""}


def test_mixes_that_an_older_version_named_otherwise_are_named_as_now(case):
    counted = case.compared.quantities
    own = next(name for name in counted["mix"] if name.startswith("own_"))
    older = counted.assign(mix=counted["mix"].replace(own, "own_n0.5_m0.5"))
    found = paid_as_named_now(older, case.compared.comparison, case.book)
    keys = [*counted.columns.drop("amount")]
    pd.testing.assert_frame_equal(
        *(table.sort_values(keys, ignore_index=True)[counted.columns] for table in (found, counted))
    )
    assert paid_as_named_now(counted, case.compared.comparison, case.book) is counted


def without_sources(comparison):
    """The comparison without any source of money."""
    arms = tuple(
        replace(arm, scenario=arm.scenario.model_copy(update={"funding": {}}))
        for arm in comparison.arms
    )
    return replace(comparison, arms=arms)


def test_without_sources_what_they_paid_is_laid_back(case):
    plain = without_sources(case.compared.comparison)
    counted = case.compared.quantities
    assert set(funded_quantities(counted, plain, case.book)["mix"]) == {""} < {*counted["mix"]}


def test_a_grant_on_what_the_reference_has_too_is_in_the_request(comparison):
    """Against the same posts without grants nothing is asked for, and others pay for it."""
    turned = replace(comparison, reference="plain")
    request = request_of(turned, "bundle", BOOK)
    assert request.total == {2025: 0, 2026: 0}
    plan = planned_costs(turned, BOOK)
    plan = plan[plan["arm"] == "bundle"].set_index(["payer", "year"])["value"]
    for payer in ("nation", "prefecture", "municipality"):
        found = [1000 * request.of(payer)[fiscal] for fiscal in (2025, 2026)]
        assert found == pytest.approx([plan[payer, 1], plan[payer, 2]], abs=2000)
    assert request.of("nation") == {2025: 4000 + 4125 + 750, 2026: 4000 + 750}
    assert (request.sources["thousand"] != 0).all()
    for lang in ("ja", "en"):
        assert all(section.rows for section in request_sections(turned, "bundle", BOOK, lang))


def standing(scenario: Scenario, **levers: dict[str, float]) -> Scenario:
    """The scenario with levers in the standing practice of its organisation."""
    own = scenario.organisation.practice
    more = {name: getattr(own, name).model_copy(update=levers[name]) for name in levers}
    organisation = scenario.organisation.model_copy(
        update={"practice": own.model_copy(update=more)}
    )
    return scenario.model_copy(update={"organisation": organisation})


def test_a_source_pays_for_what_the_arm_adds_to_standing_practice(comparison):
    """One CSW stands: of the two of the arm one is asked for, and one is funded."""
    arms = tuple(
        replace(arm, scenario=standing(arm.scenario, csw={"fte": 1.0})) for arm in comparison.arms
    )
    request = request_of(replace(comparison, arms=arms), "bundle", BOOK)
    paid = request.sources[(request.sources["measure"] == "csw") & (request.sources["year"] == 2)]
    assert dict(zip(paid["payer"], paid["thousand"], strict=True)) == {
        "nation": 2750,
        "prefecture": 1375,
        "municipality": 1375,
    }
    months = planned_months(arms[1].scenario)
    assert (months.loc[months["measure"] == "csw", "amount"] * 12).to_list() == pytest.approx(
        [1.0] * 23
    )
    idle = arms[1].scenario.model_copy(
        update={
            "steps": tuple(step for step in arms[1].scenario.steps if step.lever != "csw"),
        }
    )
    assert [one.values["measure"] for one in idle_funding(idle)] == ["csw"]


def test_own_mixes_go_by_their_exact_shares_and_their_name():
    shares = {"nation": 1 / 3, "municipality": 2 / 3}
    near = {"nation": 0.3333333, "municipality": 0.6666667}
    names = [label("one"), label("other")]
    ids = {mix_id(Funding(shares=one, name=name)) for one in (shares, near) for name in names}
    assert len(ids) == 4
    zero = Funding(shares=shares | {"prefecture": 0.0}, name=names[0])
    assert mix_id(zero) == mix_id(Funding(shares=shares, name=names[0])) in ids


@pytest.mark.parametrize("week", [0, 3, 4, 7, 8, 26, 51, 52, 56])
def test_a_week_lies_in_the_month_in_which_the_plan_counts_it(comparison, week):
    scenario = comparison.arm("waiting").scenario
    step = Step(lever="csw", start_week=week, settings={"fte": 2.0})
    months = planned_months(scenario.model_copy(update={"steps": (step,)}))
    first = months.loc[months["measure"] == "csw", "month"].min()
    assert month_of(week, Calendar(scenario.start_year, scenario.years)) == first


def test_the_mix_of_the_prefectures_desks_is_no_source_of_a_scenario_alone(comparison):
    wrong = {"csw": (Funding(source="prefecture_office"),)}
    scenario = comparison.arm("bundle").scenario.model_copy(update={"funding": wrong})
    with pytest.raises(ScenarioError) as caught:
        plan_of(scenario, BOOK)
    assert caught.value.faults[0].key == "funding.csw.source"


@pytest.mark.parametrize("arm", ["bundle", "plain"])
def test_a_request_is_the_plan_and_every_table_adds_up_to_it(comparison, arm):
    request = request_of(comparison, arm, BOOK)
    plan = planned_costs(comparison, BOOK)
    plan = plan[(plan["arm"] == arm) & (plan["payer"] == "all")].set_index("year")["value"]
    for year, fiscal in enumerate(request.years, 1):
        assert request.total[fiscal] == math.floor(plan[year] / 1000 + 0.5)
    totals = [request.total]
    for table in (request.lines, request.sections, request.sources):
        totals.append(table.groupby("fiscal")["thousand"].sum().to_dict())
    totals.append(
        {
            year: sum(request.of(payer)[year] for payer in PAYERS if request.of(payer).get(year))
            for year in request.years
        }
    )
    assert all(total == request.total for total in totals)
    product = request.lines["number"] * request.lines["price"] * request.lines["months"] / 12
    assert (product - request.lines["yen"]).abs().max() < 0.01


def test_months_of_a_year_are_twelve_and_add_up_to_the_plan(comparison):
    scenario = comparison.arm("bundle").scenario
    months = planned_months(scenario)
    by_year = months.assign(year=months["month"] // 12 + 1).groupby(["year", "id", "mix"])
    table = planned_amounts(scenario).set_index(["year", "id", "mix"])["amount"]
    assert (table - by_year["amount"].sum().reindex(table.index, fill_value=0)).abs().max() < 1e-9
    csw = months[months["measure"] == "csw"].set_index("month")["amount"] * 12
    assert list(csw.index) == [*range(1, 24)] and csw.to_list() == pytest.approx([2.0] * 23)


@given(some.lists(some.floats(-1e7, 1e7), min_size=1, max_size=12))
def test_whole_amounts_share_out_their_total(amounts):
    shared = shared_out(amounts)
    assert sum(shared) == math.floor(sum(amounts) + 0.5)
    assert all(abs(one - amount) <= 1 + 1e-6 for one, amount in zip(shared, amounts, strict=True))


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ('funding.csw = {source = "multi_layer"}', "funding.unknown_source", "multi_layer_new"),
        ('funding.csw = {source = "prefecture_office"}', "funding.unknown_source", None),
        ('funding.intake = {source = "own_budget"}', "funding.measure", None),
        ("funding.csw = {shares = {nation = 0.5}}", "error.payer_shares", None),
        ("funding.csw = {shares = {naton = 1}}", "funding.payer", "nation"),
        ("funding.csw = {ceiling = 1}", "funding.source_or_shares", None),
        ('funding.csw = {sorce = "own_budget"}', "error.unknown_name", "source"),
        (
            'funding.csw = {source = "own_budget", start = "R8.4", until = "R7.4"}',
            "error.end_before_start",
            None,
        ),
    ],
)
def test_what_no_source_can_be_is_refused(file, tmp_path, text, key, near):
    error = refused(file, text, tmp_path)
    assert error.faults[0].reason.key == key and "funding" in str(error.faults[0].key)
    assert near is None or error.faults[0].near == near
    assert all(error.say(lang) for lang in ("ja", "en"))


def test_the_command_writes_what_it_prints(file, tmp_path, capsys):
    assert cli.main(["request", str(file), "--arm", "bundle", "--csv", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    request = request_of(read_comparison([file]), "bundle", BOOK)
    assert all(thousand(amount) in said for amount in request.total.values())
    table = pd.read_csv(tmp_path / "request.csv")
    of_arm = table[table["arm"] == "bundle"].groupby("fiscal")["thousand"].sum()
    assert of_arm.to_dict() == request.total
    paid = pd.read_csv(tmp_path / "funding.csv")
    of_nation = paid[(paid["arm"] == "bundle") & (paid["payer"] == "nation") & paid["grants"]]
    assert of_nation.groupby("fiscal")["thousand"].sum().to_dict() == request.of("nation")


def test_a_line_says_how_it_is_reckoned(comparison):
    request = request_of(comparison, "bundle", BOOK)
    rows = {row[0]: row for row in lines_section(request, comparison, BOOK, "ja").rows}
    csw = rows["コミュニティソーシャルワーカー"]
    assert csw[2] == "2人×5,500千円×11/12月 → 2人×5,500千円" and csw[3:5] == ("10,083", "11,000")


def test_fiscal_years_and_amounts_by_name():
    assert [fiscal_year(year, "ja") for year in (2018, 2019, 2026)] == [
        "平成30年度",
        "令和元年度",
        "令和8年度",
    ]
    assert fiscal_years(2026, 2028, "ja") == "令和8～10年度"
    assert (thousand(-1234.4), thousand(0), fiscal_years(2026, 2028, "en")) == (
        "△1,234",
        "0",
        "FY2026-2028",
    )


def test_an_arm_that_takes_posts_away_asks_for_less(comparison):
    """Against the bundle as reference the plain town's request is the same amounts, taken away."""
    turned = replace(comparison, reference="bundle")
    less, more = (
        request_of(one, arm, BOOK) for one, arm in ((turned, "waiting"), (comparison, "plain"))
    )
    assert less.total == {year: -amount for year, amount in more.total.items()}


def test_the_workbook_pays_as_the_report_does(case):
    """Means by payer of every arm, in the sheets and in the tables; the sheet of the request too."""
    costing = Costing(case)
    for arm in ("bundle", "plain"):
        nets = costing.net[costing.arms.index(arm)]
        table = case.parts[(case.parts["arm"] == arm) & (case.parts["part"] == "net")]
        for place, payer in enumerate(PAYERS):
            rows = table[table["payer"] == payer].groupby("year")["value"].mean()
            assert nets[place] == pytest.approx(rows.to_numpy(), abs=1)
    paid = case.funding[(case.funding["arm"] == "bundle") & case.funding["grants"]]
    assert paid["thousand"].sum() == sum(case.request("bundle").total.values())
    programme = costing.planned.sum(axis=(1, 2))
    assert programme[costing.arms.index("bundle")] == pytest.approx(
        programme[costing.arms.index("plain")]
    )


def test_variants_are_lived_beside_their_arm_and_change_what_they_say(file):
    comparison = read_comparison([file], overrides={"variants": ["bundle"]})
    ids = [arm.id for arm in comparison.arms]
    assert ids == ["waiting", "bundle", "plain", "bundle__half_reach", "bundle__late"]
    plain, half, late = (comparison.arm(id).scenario for id in (ids[1], *ids[3:]))
    posts = planned_months(plain).groupby("measure")["month"].min()
    assert (planned_months(late).groupby("measure")["month"].min() - posts).loc["csw"] == 6
    assert planned_amounts(half).equals(planned_amounts(plain))
    week = practice_at(half.organisation.practice, half.steps, 60)
    assert week.fidelity.value == 0.5 and week.csw.fte == 2
    with pytest.raises(ScenarioError) as caught:
        read_comparison([file], overrides={"variants": ["bundel"]})
    assert caught.value.faults[0].near == "bundle"


def fte_by_week(scenario: Scenario, weeks: tuple[int, ...]) -> list[float]:
    """CSWs in some weeks."""
    own = scenario.organisation.practice
    return [practice_at(own, scenario.steps, week).csw.fte for week in weeks]


@pytest.mark.parametrize(
    ("has", "numbers", "expected"),
    [
        (0, {0: 2, 20: 0}, {0: 0, 19: 0, 25: 0, 26: 0, 60: 0}),  # over before anybody comes
        (0, {0: 2, 40: 0}, {0: 0, 25: 0, 26: 2, 39: 2, 40: 0}),
        (0, {0: 2, 20: 0, 50: 3}, {26: 0, 50: 0, 75: 0, 76: 3}),
        (1, {0: 3, 20: 1}, {0: 1, 26: 1, 60: 1}),
        (0, {0: 3, 40: 1}, {25: 0, 26: 3, 39: 3, 40: 1, 66: 1}),  # a cut is not late
        (0, {0: 3, 20: 1}, {20: 0, 25: 0, 26: 1, 60: 1}),  # and leaves one to come
        (4, {10: 2}, {9: 4, 10: 2, 36: 2}),
        (4, {10: 2, 30: 3}, {10: 2, 30: 2, 55: 2, 56: 3}),
    ],
)
def test_late_posts_come_late_and_go_in_time(comparison, has, numbers, expected):
    scenario = standing(comparison.arm("waiting").scenario, csw={"fte": float(has)})
    steps = tuple(
        Step(lever="csw", start_week=week, settings={"fte": float(number)})
        for week, number in numbers.items()
    )
    made = late(scenario.model_copy(update={"steps": steps}))
    assert fte_by_week(made, tuple(expected)) == [*expected.values()]


def test_late_posts_at_an_agency_go_in_time_too(comparison):
    scenario = comparison.arm("waiting").scenario
    agency, other = (one.id for one in scenario.organisation.agencies[:2])
    steps = tuple(
        Step(lever="staffing", start_week=week, settings={"add": add})
        for week, add in ((0, {agency: 2.0, other: 1.0}), (20, {agency: 1.0}))
    )
    made = late(scenario.model_copy(update={"steps": steps}))
    found = [
        practice_at(scenario.organisation.practice, made.steps, week).staffing.add
        for week in (20, 26)
    ]
    assert [{at: n for at, n in add.items() if n} for add in found] == [{}, {agency: 1.0}]


def test_half_reach_begins_with_the_first_change_that_the_reference_does_not_have(comparison):
    scenario = comparison.arm("waiting").scenario
    inherited = (
        Step(lever="community", start_week=0, settings={"places": 1.0}),
        Step(lever="fidelity", start_week=5, settings={"value": 0.8}),
    )
    own = Step(lever="csw", start_week=20, settings={"fte": 2.0})
    later = Step(lever="fidelity", start_week=30, settings={"value": 0.9})
    made = half_reached(scenario.model_copy(update={"steps": (*inherited, own, later)}), inherited)
    found = [
        practice_at(scenario.organisation.practice, made.steps, week).fidelity.value
        for week in (0, 5, 19, 20, 30)
    ]
    assert found == pytest.approx([1.0, 0.8, 0.8, 0.4, 0.45])


def test_a_check_shows_the_sources_and_names_those_that_pay_for_nothing(file, capsys):
    text = file.read_text(encoding="utf-8")
    idle = file.with_name("idle.toml")
    more = 'funding.assistance_caseworker = {source = "own_budget"}\nfunding.community ='
    idle.write_text(text.replace("funding.community =", more), encoding="utf-8")
    for one, expected in ((file, False), (idle, True)):
        assert cli.main(["check", str(one), "--lang", "en"]) == 0
        said = capsys.readouterr().out
        assert "Terms of the sources" in said or "terms of the sources" in said
        assert ("funding.assistance_caseworker: the measure buys" in said) == expected
