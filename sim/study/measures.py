"""Measures of a year, declared once: name, unit, words, formula over the weekly columns, and which
way is better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sim.declared.measure import HIGHER, LOWER, NEITHER, Yearly
from sim.declared.records import CRISIS_IDS, USES
from sim.declared.vocabulary import FIELDS, POST_KINDS, ROUTES, STAGES, WEEKS_PER_YEAR


@dataclass(frozen=True)
class Years:
    """A weekly table by year (or seed and year): `total` and `mean` of every column, and the size
    of the town at its start.
    """

    total: pd.DataFrame
    mean: pd.DataFrame
    population: float
    households: float


Formula = Callable[[Years], pd.Series]


@dataclass(frozen=True)
class Counted:
    """A formula that counts things: one more (in support all year, where it is a stock) adds
    `each`, in the whole town or, `per` "population" or "households", divided by how many there are
    at the start.
    """

    formula: Formula
    each: float = 1.0
    per: str = ""

    def __call__(self, years: Years) -> pd.Series:
        """The value of each year."""
        return self.formula(years)

    def step(self, population: float, households: float) -> float:
        """What one more adds in a town of this size."""
        return self.each / {"": 1.0, "population": population, "households": households}[self.per]


def years_of(town: pd.DataFrame, population: float, households: float) -> Years:
    """Sums and means of a weekly town table by year, and by seed where it has seeds; year 1 holds
    weeks 0 to 51.
    """
    year = (town["week"] // WEEKS_PER_YEAR + 1).rename("year")
    keys = [town["seed"], year] if "seed" in town else [year]
    weekly = town.drop(columns=["week", "seed"], errors="ignore").groupby(keys)
    return Years(weekly.sum(), weekly.mean(), population, households)


def households_of(town: pd.DataFrame) -> int:
    """Households of a town: those of its first week, with the rows that a crisis left empty."""
    first = town.iloc[0]
    return int(first[_columns("households", STAGES)].sum() + first["empty_rows"])


def _columns(name: str, labels: tuple[str, ...]) -> list[str]:
    """The weekly columns of a name, one a label."""
    return [f"{name}_{label}" for label in labels]


def _total(*names: str) -> Formula:
    """Sum of these columns over the year."""
    return lambda years: years.total[list(names)].sum(axis=1)


def mean(*names: str) -> Formula:
    """Mean over the year of the sum of these columns; NaN where one of them is missing all year."""
    return lambda years: years.mean[list(names)].sum(axis=1, min_count=len(names))


def _events(*names: str) -> Counted:
    """How often something happens in a year."""
    return Counted(_total(*names))


def stock(*names: str) -> Counted:
    """How many there are, as a mean over the year."""
    return Counted(mean(*names))


def times(factor: float, formula: Formula) -> Formula:
    """A formula times a constant."""
    return lambda years: factor * formula(years)


def per(part: Formula, whole: Formula) -> Formula:
    """A part over its whole; NaN where the whole is 0."""
    return lambda years: _quotient(part(years), whole(years))


def _percent(part: Formula, whole: Formula) -> Formula:
    """100 times a part over its whole; NaN where the whole is 0."""
    return times(100, per(part, whole))


def of_households(*names: str) -> Counted:
    """Mean percent of the households of the start; constant below the line, so that differences are
    differences in number.
    """
    return Counted(
        lambda years: 100 * years.mean[list(names)].sum(axis=1) / years.households,
        100,
        "households",
    )


def per_households(each: float, *names: str) -> Counted:
    """Events per `each` households of the start."""
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.households,
        each,
        "households",
    )


def per_residents(each: float, *names: str, times_a_year: int = 1) -> Counted:
    """Events per `each` residents of the start, in one of `times_a_year` parts of a year."""
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.population / times_a_year,
        each / times_a_year,
        "population",
    )


def residents_per(each: float, *names: str) -> Counted:
    """Mean number per `each` residents of the start."""
    return Counted(
        lambda years: each * years.mean[list(names)].sum(axis=1) / years.population,
        each,
        "population",
    )


def _quotient(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)


GROUPS = ("needs", "contact", "cases", "staff", "crises", "community", "hours", "quantities")
PART_OF_YEAR = 1 / 52


@dataclass(frozen=True, kw_only=True)
class Measure(Yearly):
    """A yearly number of a run, by its formula over the weekly table; `group` is one of GROUPS."""

    formula: Formula


def measures_by_year(town: pd.DataFrame, population: float, households: float) -> pd.DataFrame:
    """(year, measure, value) of a weekly town table, `seed` first where the table has one; year 1
    holds weeks 0 to 51.

    population, households: residents and households of the start. NaN where a measure has nothing
    to count. Rows stand by seed, year and the order of MEASURES.
    """
    years = years_of(town, population, households)
    values = pd.DataFrame({one.name: one.formula(years) for one in MEASURES})
    keys = values.index.to_frame(index=False)
    tidy = keys.loc[keys.index.repeat(len(MEASURES))].reset_index(drop=True)
    return tidy.assign(
        measure=[one.name for one in MEASURES] * len(keys), value=values.to_numpy().ravel()
    )


def measure(name: str) -> Measure:
    """The measure of this name; KeyError where there is none."""
    return {one.name: one for one in MEASURES}[name]


def steps(population: float, households: float) -> dict[str, float]:
    """What one event more, or one thing more all year, adds to each measure that counts, in a town
    of this size at its start.
    """
    return {
        one.name: one.formula.step(population, households)
        for one in MEASURES
        if isinstance(one.formula, Counted)
    }


def _one(name: str, unit: str, en: str, ja: str, formula: Formula, better: str = NEITHER) -> dict:
    return {"name": name, "unit": unit, "en": en, "ja": ja, "formula": formula, "better": better}


IN_NEED = STAGES[1:]
NEED, UNSEEN = _columns("households", IN_NEED), _columns("unseen", IN_NEED)
FIRST = _columns("first_contacts", ROUTES[1:])
CRISES, HOURS, POSTS = (
    _columns("crises", CRISIS_IDS),
    _columns("hours", USES),
    _columns("post_weeks", POST_KINDS),
)
PREFECTURE = _columns("post_weeks_prefecture", POST_KINDS)
ONSETS = _columns("onsets", FIELDS)  # relapses are among them

ROUTE_WORDS = {
    "self": ("by themselves", "本人・家族から"),
    "neighbour": ("through neighbours", "近隣・民生委員から"),
    "outreach": ("found by outreach", "アウトリーチから"),
    "other_desk": ("from other desks", "他の窓口から"),
    "crisis": ("through a crisis", "危機をきっかけに"),
}
STAGE_WORDS = {
    "none": ("no need any more", "課題なし"),
    "latent": ("latent need", "潜在"),
    "manifest": ("manifest need", "顕在"),
    "compounded": ("compounded needs", "複合"),
}
USE_WORDS = {
    "meetings": ("meetings", "会議"),
    "learning": ("learning, supervision", "学び合い・助言"),
    "crisis": ("crises", "危機対応"),
    "cases": ("cases", "個別支援"),
    "intake": ("intake, assessment", "受付・アセスメント"),
    "upstream": ("prevention, resources", "予防・資源づくり"),
    "outreach": ("outreach", "アウトリーチ"),
    "community": ("community building", "地域づくり"),
    "coordination": ("coordination hub", "多機関協働"),
    "idle": ("free", "余裕"),
}
POST_WORDS = {
    "regular": ("regular", "正規"),
    "contract": ("contract", "会計年度任用"),
    "outsourced": ("outsourced", "委託"),
}

# One declaration a line or two, as a table.
# fmt: off
_DECLARED: dict[str, tuple[dict, ...]] = {
    "needs": (
        _one("latent", "% of households", "Households with latent needs", "潜在的な課題のある世帯", of_households("households_latent"), LOWER),
        _one("manifest", "% of households", "Households with a manifest need", "顕在化した課題のある世帯", of_households("households_manifest"),
            LOWER),
        _one("compounded", "% of households", "Households with compounded needs", "複雑化・複合化した世帯", of_households("households_compounded"),
            LOWER),
        _one("inflow_compounded", "per 1,000 households a year", "Households that become compounded", "新たに複雑化・複合化した世帯",
            per_households(1000, "inflow_compounded"), LOWER),
        _one("unseen", "% of households in need", "In need, not in support", "課題があり支援につながっていない", _percent(mean(*UNSEEN), mean(*NEED)),
            LOWER),
        _one("unseen_manifest", "% of manifest", "Manifest, not in support", "顕在化したが支援につながっていない",
            _percent(mean("unseen_manifest"), mean("households_manifest")), LOWER),
        _one("unseen_compounded", "% of compounded", "Compounded, not in support", "複合化したが支援につながっていない",
            _percent(mean("unseen_compounded"), mean("households_compounded")), LOWER),
        _one("onsets", "per 1,000 residents a year", "Needs that begin or come back", "発生・再発した課題", per_residents(1000, *ONSETS), LOWER),
        _one("held_by_ties", "% of households in need", "Held by ties alone", "つながりだけで支えられている",
            _percent(mean("held_by_ties"), mean(*NEED))),
    ),
    "contact": (
        _one("first_contacts", "per 100,000 residents a month", "First contacts", "初回相談", per_residents(1e5, *FIRST, times_a_year=12)),
        *(
            _one(f"route_{route}", "% of first contacts", f"First contacts {en}", f"初回相談の経路：{ja}",
                _percent(_total(f"first_contacts_{route}"), _total(*FIRST)))
            for route, (en, ja) in ROUTE_WORDS.items()
        ),
        *(
            _one(f"contact_{stage}", "% of first contacts", f"At first contact: {en}", f"初回相談時の段階：{ja}",
                _percent(_total(*(f"first_contact_stages_{route}_{stage}" for route in ROUTES[1:])), _total(*FIRST)),
                {"latent": HIGHER, "compounded": LOWER}.get(stage, NEITHER))
            for stage, (en, ja) in STAGE_WORDS.items()
        ),
        _one("found", "households a year", "Found by outreach", "アウトリーチで把握した世帯", _events("found")),
    ),
    "cases": (
        _one("open_cases", "cases", "Open cases", "支援中の件数", stock("open_cases")),
        _one("door_households", "households", "Waiting for a first consultation", "初回相談を待つ世帯", stock("door_households"), LOWER),
        _one("door_wait", "weeks", "Mean wait for a first consultation", "初回相談までの平均待機",
            per(_total("door_waited_weeks"), _total("door_heard")), LOWER),
        _one("door_gave_up", "households a year", "Gave up before a first consultation", "初回相談を待つ間にあきらめた世帯", _events("door_gave_up"),
            LOWER),
        _one("waiting_cases", "cases", "Cases on the admission list", "支援の開始を待つ件数", stock("waiting_cases"), LOWER),
        _one("wait", "weeks", "Mean wait of the cases opened", "支援開始までの平均待機", per(_total("waited_weeks"), _total("cases_opened")), LOWER),
        _one("hops", "hand-ons per case", "Hand-ons between desks before the case opened", "支援開始までの引き継ぎ回数",
            per(_total("hops_opened"), _total("cases_opened")), LOWER),
        _one("lost", "households a year", "Lost at a hand-on", "引き継ぎで途切れた世帯", _events("lost_at_handon"), LOWER),
        _one("refused", "needs a year", "Refused, gap between schemes", "断られた制度の狭間の相談", _events("refused"), LOWER),
        _one("closed", "cases a year", "Cases closed, need ended", "解消による終結", _events("closed"), HIGHER),
        _one("lapsed", "cases a year", "Cases lapsed", "支援の中断", _events("lapsed"), LOWER),
    ),
    "staff": (
        _one("load", "hours asked / hours available", "Load", "負荷", mean("load"), LOWER),
        _one("exhaustion", "0-1", "Exhaustion", "疲弊", mean("exhaustion"), LOWER),
        _one("burnout", "% of staff", "Above the burnout cut", "燃え尽き水準を超える職員", times(100, mean("burnout")), LOWER),
        _one("vacancies", "% of posts", "Vacant posts", "欠員", _percent(mean("vacancies"), mean("posts")), LOWER),
        _one("sick_leave", "% of posts", "Posts on sick leave", "休職", _percent(mean("on_sick_leave"), mean("posts")), LOWER),
        _one("leavers", "posts a year", "Leavers", "離職者（常勤換算）", _events("leavers"), LOWER),
        _one("slack", "% of available hours", "Slack", "余裕", times(100, mean("slack")), HIGHER),
        _one("breadth", "0-1", "Breadth", "対応の幅", mean("breadth"), HIGHER),
        _one("field_breadth", "0-1", "Breadth of the fields, without the hub", "各分野の対応の幅（多機関協働を除く）", mean("field_breadth"), HIGHER),
        _one("orientation", "0-1", "Person- and household-centred orientation", "本人・世帯中心の志向", mean("orientation"), HIGHER),
        _one("hub_share", "% of compounded cases", "Compounded cases held or joined by the hub", "多機関協働が担う複合世帯",
            times(100, mean("hub_share"))),
        _one("familiarity", "0-1", "Familiarity between agencies", "機関間の顔の見える関係", mean("familiarity"), HIGHER),
    ),
    "crises": (
        _one("crises", "per 100,000 residents a year", "Crises", "危機", per_residents(1e5, *CRISES), LOWER),
        _one("crises_unseen", "% of crises", "Crises of households not in support", "支援につながっていない世帯の危機",
            _percent(_total("crises_unseen"), _total(*CRISES)), LOWER),
        _one("assistance_entries", "households a year", "Public assistance begun", "生活保護の開始", _events("assistance_entries")),
    ),
    "community": (
        _one("acting", "per 1,000 residents", "Helpers acting", "活動する住民", residents_per(1000, "acting"), HIGHER),
        _one("worry", "worries per helper", "Helpers' load", "活動する住民の負担", mean("worry"), LOWER),
        _one("worry_gini", "0-1", "Concentration of the helpers' load", "負担の偏り（ジニ係数）", mean("worry_gini"), LOWER),
        _one("stepped_back", "residents a year", "Helpers who stepped back from overload", "負担により退いた住民", _events("stepped_back"), LOWER),
        _one("resident_hours", "h a year per resident", "Unpaid hours of residents", "住民の無償の活動時間",
            per_residents(1, "resident_hours").formula),
        _one("trust", "0-1", "Trust in the town hall", "役所への信頼", mean("trust"), HIGHER),
        _one("ties", "ties per household", "Ties", "つながり", mean("ties_per_household"), HIGHER),
        _one("isolates", "% of households", "Households without ties", "つながりのない世帯", of_households("isolates"), LOWER),
        _one("place_members", "% of households", "Households with a place to be", "居場所がある世帯", of_households("place_members"), HIGHER),
        _one("resources", "resources", "Local resources at work", "機能している地域資源", stock("resources"), HIGHER),
    ),
    "hours": tuple(
        _one(f"hours_{use}", "% of hours", f"Hours: {en}", f"時間：{ja}", _percent(_total(f"hours_{use}"), _total(*HOURS)),
            {"idle": NEITHER, "meetings": LOWER}.get(use, NEITHER))
        for use, (en, ja) in USE_WORDS.items()
    ),
    "quantities": (
        *(
            _one(f"posts_{kind}", "post-years", f"Posts held, {en}", f"在職（{ja}）", times(PART_OF_YEAR, _total(f"post_weeks_{kind}")))
            for kind, (en, ja) in POST_WORDS.items()
        ),
        _one("posts_prefecture", "post-years", "Posts held, prefecture's agencies", "在職（都道府県の機関）",
            times(PART_OF_YEAR, _total(*PREFECTURE))),
        _one("places", "place-years", "Community places", "居場所", times(PART_OF_YEAR, _total("place_weeks"))),
        _one("assistance_years", "household-years", "Public assistance", "生活保護", times(PART_OF_YEAR, _total("assistance_weeks"))),
        _one("child_placement_years", "person-years", "Children in placement", "社会的養護の子ども",
            times(PART_OF_YEAR, _total("stay_weeks_child_placement"))),
        _one("nursing_home_years", "person-years", "Nursing home stays after a crisis", "危機後の施設入所",
            times(PART_OF_YEAR, _total("stay_weeks_nursing_home"))),
        _one("conference_hours", "h a year", "Person-hours in conferences", "会議の延べ時間", _total("conference_hours")),
    ),
}
# fmt: on


MEASURES: tuple[Measure, ...] = tuple(
    Measure(group=group, **one) for group in GROUPS for one in _DECLARED[group]
)
