"""Measures of a year, declared once: name, unit, words, formula over the weekly columns, and which
way is better.

A measure of a single weekly column takes its words from the declaration of that column in
`sim.declared.records`; only a measure with a meaning of its own says it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from sim.declared.measure import HIGHER, LOWER, NEITHER, Yearly
from sim.declared.records import CRISIS_IDS, FLOWS, LASTING, STOCKS, USES
from sim.declared.vocabulary import FIELDS, POST_KINDS, ROUTES, STAGES, WEEKS_PER_YEAR
from sim.words import say


@dataclass(frozen=True)
class Years:
    """A weekly table by year (or seed and year): `total` and `mean` of every column, and the size
    of the town at its start, one for all rows or one for each.
    """

    total: pd.DataFrame
    mean: pd.DataFrame
    population: float | pd.Series
    households: float | pd.Series


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
        """Returns the value of each year."""
        return self.formula(years)

    def step(self, population: float, households: float) -> float:
        """Returns what one more adds in a town of this size."""
        return self.each / {"": 1.0, "population": population, "households": households}[self.per]


@dataclass(frozen=True)
class Mean:
    """The mean over the year of the sum of columns; NaN where one of them is missing all year."""

    names: tuple[str, ...]

    def __call__(self, years: Years) -> pd.Series:
        """Returns the value of each year."""
        return years.mean[list(self.names)].sum(axis=1, min_count=len(self.names))


@dataclass(frozen=True)
class Ratio:
    """A part over its whole; NaN where the whole is 0."""

    part: Formula
    whole: Formula

    def __call__(self, years: Years) -> pd.Series:
        """Returns the value of each year."""
        return _quotient(self.part(years), self.whole(years))


@dataclass(frozen=True)
class Scaled:
    """A formula times a constant."""

    factor: float
    formula: Formula

    def __call__(self, years: Years) -> pd.Series:
        """Returns the value of each year."""
        return self.factor * self.formula(years)


def years_of(town: pd.DataFrame, population: float, households: float) -> Years:
    """Returns the sums and means of a weekly town table by year, and by seed where it has seeds;
    year 1 holds weeks 0 to 51.
    """
    year = (town["week"] // WEEKS_PER_YEAR + 1).rename("year")
    keys = [town["seed"], year] if "seed" in town else [year]
    weekly = town.drop(columns=["week", "seed"], errors="ignore").groupby(keys)
    return Years(weekly.sum(), weekly.mean(), population, households)


def households_of(town: pd.DataFrame) -> int:
    """Returns the households of a town: those of its first week, with the rows that a crisis left
    empty.
    """
    first = town.iloc[0]
    return int(first[_columns("households", STAGES)].sum() + first["empty_rows"])


def _columns(name: str, labels: tuple[str, ...]) -> list[str]:
    """Returns the weekly columns of a name, one a label."""
    return [f"{name}_{label}" for label in labels]


def _total(*names: str) -> Formula:
    """Returns the sum of these columns over the year."""
    return lambda years: years.total[list(names)].sum(axis=1)


def mean(*names: str) -> Formula:
    """Returns the mean over the year of the sum of these columns; NaN where one of them is missing
    all year.
    """
    return Mean(names)


def _events(*names: str) -> Counted:
    """Returns how often something happens in a year."""
    return Counted(_total(*names))


def stock(*names: str) -> Counted:
    """Returns how many there are, as a mean over the year."""
    return Counted(mean(*names))


def times(factor: float, formula: Formula) -> Formula:
    """Returns a formula times a constant."""
    return Scaled(factor, formula)


def per(part: Formula, whole: Formula) -> Formula:
    """Returns a part over its whole; NaN where the whole is 0."""
    return Ratio(part, whole)


def _percent(part: Formula, whole: Formula) -> Formula:
    """Returns 100 times a part over its whole; NaN where the whole is 0."""
    return times(100, per(part, whole))


def of_households(*names: str) -> Counted:
    """Returns the mean percent of the households of the start; constant below the line, so that
    differences are differences in number.
    """
    return Counted(
        lambda years: 100 * years.mean[list(names)].sum(axis=1) / years.households,
        100,
        "households",
    )


def per_households(each: float, *names: str) -> Counted:
    """Returns the events per `each` households of the start."""
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.households,
        each,
        "households",
    )


def per_residents(each: float, *names: str, times_a_year: int = 1) -> Counted:
    """Returns the events per `each` residents of the start, in one of `times_a_year` parts of a
    year.
    """
    return Counted(
        lambda years: each * years.total[list(names)].sum(axis=1) / years.population / times_a_year,
        each / times_a_year,
        "population",
    )


def residents_per(each: float, *names: str) -> Counted:
    """Returns the mean number per `each` residents of the start."""
    return Counted(
        lambda years: each * years.mean[list(names)].sum(axis=1) / years.population,
        each,
        "population",
    )


def _quotient(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)


GROUPS = ("needs", "contact", "cases", "staff", "crises", "community", "hours", "quantities")
HEADLINE = (  # what a comparison shows first and judges a part of a bundle by
    "compounded",
    "inflow_compounded",
    "unseen",
    "contact_compounded",
    "load",
    "exhaustion",
    "leavers",
    "wait",
    "crises",
)
SHORT = ("compounded", "unseen", "load")  # what is shown where there is room for a line alone


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
    """Returns the measure of this name; raises KeyError where there is none."""
    return {one.name: one for one in MEASURES}[name]


def steps(population: float, households: float) -> dict[str, float]:
    """Returns what one event more, or one thing more all year, adds to each measure that counts, in
    a town of this size at its start.
    """
    return {
        one.name: one.formula.step(population, households)
        for one in MEASURES
        if isinstance(one.formula, Counted)
    }


def _one(name: str, unit: str, en: str, ja: str, formula: Formula, better: str = NEITHER) -> dict:
    """Returns a measure with a meaning of its own."""
    return {"name": name, "unit": unit, "en": en, "ja": ja, "formula": formula, "better": better}


def _of(
    column: str,
    formula: Callable[[str], Formula],
    better: str = NEITHER,
    *,
    name: str = "",
    unit: str = "",
) -> dict:
    """Returns a measure of one weekly column: its words, and its unit over a year, are those that
    the column is declared with.
    """
    declared = (FLOWS | STOCKS)[column]
    return _one(
        name or column,
        unit or declared.unit.replace("/week", " a year").replace("-weeks", "-years"),
        declared.en[0].upper() + declared.en[1:],
        declared.ja,
        formula(column),
        better,
    )


def _percent_of(*whole: str) -> Callable[[str], Formula]:
    """Returns a column in percent of the sum of others, both as means over the year."""
    return lambda column: _percent(mean(column), mean(*whole))


def _share(column: str) -> Formula:
    """Returns the mean over the year of a share, in percent."""
    return times(100, mean(column))


def _in_years(*names: str) -> Formula:
    """Returns the weeks summed over the year, in years."""
    return times(1 / WEEKS_PER_YEAR, _total(*names))


def _filled(years: Years) -> pd.Series:
    """Returns the posts at desks and hub whose holder is there, as a mean over the year."""
    return years.mean["posts"] - years.mean["vacancies"] - years.mean["on_sick_leave"]


def _words(kind: str, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Returns each of these names with its English and its Japanese word."""
    return [(name, say(f"{kind}.{name}", "en"), say(f"{kind}.{name}", "ja")) for name in names]


IN_NEED = STAGES[1:]
NEED, UNSEEN = _columns("households", IN_NEED), _columns("unseen", IN_NEED)
NEW, REPEATED = _columns("consultations_new", FIELDS), _columns("consultations_repeat", FIELDS)
FIRST = _columns("first_contacts", ROUTES[1:])
CRISES, HOURS, POSTS = (
    _columns("crises", CRISIS_IDS),
    _columns("hours", USES),
    _columns("post_weeks", POST_KINDS),
)
PREFECTURE = _columns("post_weeks_prefecture", POST_KINDS)
LATENT_NEEDS, LATENT_GAP = _columns("latent_needs", LASTING), _columns("latent_gap", LASTING)
EXITS = _columns("assistance_exits", LASTING)
ONSETS = _columns("onsets", FIELDS)  # relapses are among them

# One declaration a line or two, as a table.
# fmt: off
_DECLARED: dict[str, tuple[dict, ...]] = {
    "needs": (
        _one("latent", "% of households", "Households with latent needs", "潜在的な課題のある世帯", of_households("households_latent"), LOWER),
        _one("manifest", "% of households", "Households with a manifest need", "顕在化した課題のある世帯", of_households("households_manifest"),
            LOWER),
        _one("compounded", "% of households", "Households with compounded needs", "複雑化・複合化した世帯", of_households("households_compounded"),
            LOWER),
        _of("inflow_compounded", partial(per_households, 1000), LOWER, unit="per 1,000 households a year"),
        _one("unseen", "% of households in need", "In need, not in support", "課題があり支援につながっていない", _percent(mean(*UNSEEN), mean(*NEED)),
            LOWER),
        _one("unseen_manifest", "% of manifest", "Manifest, not in support", "顕在化したが支援につながっていない",
            _percent(mean("unseen_manifest"), mean("households_manifest")), LOWER),
        _one("unseen_compounded", "% of compounded", "Compounded, not in support", "複合化したが支援につながっていない",
            _percent(mean("unseen_compounded"), mean("households_compounded")), LOWER),
        _one("onsets", "per 1,000 residents a year", "Needs that begin or come back", "発生・再発した課題", per_residents(1000, *ONSETS), LOWER),
        _one("latent_10_years", "% of latent needs", "Latent needs that have lasted ten years and more", "10年以上続いている潜在的な課題",
            _percent(mean("latent_needs_10_years"), mean(*LATENT_NEEDS))),
        _one("latent_1_to_3_years", "% of latent needs", "Latent needs that have lasted one to three years", "1年以上3年未満続いている潜在的な課題",
            _percent(mean("latent_needs_1_to_3_years"), mean(*LATENT_NEEDS))),
        _one("gap_10_years", "% of latent needs", "Latent needs in the gap that have lasted ten years and more",
            "10年以上続いている制度の狭間の潜在的な課題", _percent(mean("latent_gap_10_years"), mean(*LATENT_GAP))),
        _one("gap_1_to_3_years", "% of latent needs", "Latent needs in the gap that have lasted one to three years",
            "1年以上3年未満続いている制度の狭間の潜在的な課題", _percent(mean("latent_gap_1_to_3_years"), mean(*LATENT_GAP))),
        _one("held_by_ties", "% of households in need", "Held by ties alone", "つながりだけで支えられている",
            _percent(mean("held_by_ties"), mean(*NEED))),
    ),
    "contact": (
        _one("first_contacts", "per 100,000 residents a month", "First contacts", "初回相談", per_residents(1e5, *FIRST, times_a_year=12)),
        *(
            _one(f"route_{route}", "% of first contacts", f"First contacts {en}", f"初回相談の経路：{ja}",
                _percent(_total(f"first_contacts_{route}"), _total(*FIRST)))
            for route, en, ja in _words("route", ROUTES[1:])
        ),
        *(
            _one(f"contact_{stage}", "% of first contacts", f"At first contact: {en}", f"初回相談時の段階：{ja}",
                _percent(_total(*(f"first_contact_stages_{route}_{stage}" for route in ROUTES[1:])), _total(*FIRST)),
                {"latent": HIGHER, "compounded": LOWER}.get(stage, NEITHER))
            for stage, en, ja in _words("stage", STAGES)
        ),
        _one("new_consultations", "per 100,000 residents a month", "New consultations in a month",
            "新規相談の件数", per_residents(1e5, *NEW, times_a_year=12)),
        _one("new_poverty", "per 100,000 residents a month", "New consultations on poverty", "生活困窮の新規相談",
            per_residents(1e5, "consultations_new_poverty", times_a_year=12)),
        _one("new_opened", "% of new consultations", "New consultations with a case within half a year", "新規相談のうち半年以内に支援開始",
            _percent(_total(*_columns("new_opened", FIELDS)), _total(*NEW))),
        _one("new_opened_poverty", "% of new consultations", "New consultations on poverty with a case within half a year",
            "生活困窮の新規相談のうち半年以内に支援開始", _percent(_total("new_opened_poverty"), _total("consultations_new_poverty"))),
        _one("first_ever", "per 100,000 residents a month", "First contacts ever", "初めての相談",
            per_residents(1e5, *_columns("first_ever_stages", STAGES), times_a_year=12)),
        _one("repeated", "% of consultations", "Repeated consultations", "再相談の割合", _percent(_total(*REPEATED), _total(*NEW, *REPEATED))),
        _one("came_back", "% of households whose cases closed", "Come back within a year", "支援終結から1年以内の再相談",
            _percent(_total("came_back"), _total("households_closed")), LOWER),
        _of("advice_only", _events),
        _of("referred_on", _events),
        _of("not_seen_again", _events, LOWER),
        _of("found", _events),
    ),
    "cases": (
        _of("open_cases", stock),
        _of("door_households", stock, LOWER),
        _one("door_wait", "weeks", "Mean wait for a first consultation", "初回相談までの平均待機",
            per(_total("door_waited_weeks"), _total("door_heard")), LOWER),
        _of("door_gave_up", _events, LOWER),
        _of("waiting_cases", stock, LOWER),
        _one("wait", "weeks", "Mean wait of the cases opened", "支援開始までの平均待機", per(_total("waited_weeks"), _total("cases_opened")), LOWER),
        _one("hops", "hand-ons per case", "Hand-ons between desks before the case opened", "支援開始までの引き継ぎ回数",
            per(_total("hops_opened"), _total("cases_opened")), LOWER),
        _of("lost_at_handon", _events, LOWER, name="lost"),
        _of("refused", _events, LOWER),
        _of("closed", _events, HIGHER),
        _of("lapsed", _events, LOWER),
        _of("brought", _events),
        _of("slots_offered", _events),
        _of("slots_used", _events),
        _one("slots_filled", "% of places at conferences", "Places at conferences that were used", "会議の枠の利用率",
            _percent(_total("slots_used"), _total("slots_offered"))),
        _of("hub_places", _in_years),
        _of("hub_cases", stock),
    ),
    "staff": (
        _of("load", mean, LOWER),
        _of("exhaustion", mean, LOWER),
        _of("burnout", _share, LOWER, unit="% of staff"),
        _of("vacancies", _percent_of("posts"), LOWER, unit="% of posts"),
        _of("on_sick_leave", _percent_of("posts"), LOWER, name="sick_leave", unit="% of posts"),
        _of("leavers", _events, LOWER),
        _of("slack", _share, HIGHER, unit="% of available hours"),
        _of("overtime", _events, LOWER),
        _one("overtime_per_post", "h a month per post", "Overtime for each post that is filled", "時間外勤務（職員1人あたり月平均）",
            per(times(1 / 12, _total("overtime")), _filled), LOWER),
        _of("breadth", mean, HIGHER),
        _of("field_breadth", mean, HIGHER),
        _of("orientation", mean, HIGHER),
        _of("hub_share", _share, unit="% of compounded cases"),
        _of("familiarity", mean, HIGHER),
    ),
    "crises": (
        _one("crises", "per 100,000 residents a year", "Crises", "危機", per_residents(1e5, *CRISES), LOWER),
        _of("crises_unseen", lambda column: _percent(_total(column), _total(*CRISES)), LOWER, unit="% of crises"),
        _of("assistance_entries", _events),
        _one("assistance_households", "% of households", "Households on public assistance, mean", "生活保護を受けている世帯の割合",
            of_households("assistance_weeks")),
        _one("assistance_starts", "per 100,000 residents a month", "Starts of public assistance in a month", "生活保護の開始件数",
            per_residents(1e5, "assistance_entries", times_a_year=12)),
        _one("assistance_exits_1_year", "% of exits", "Exits from public assistance within a year of its start", "生活保護の廃止のうち受給1年未満",
            _percent(_total("assistance_exits_under_1_year"), _total(*EXITS))),
        _one("assistance_exits_10_years", "% of exits", "Exits from public assistance after ten years and more", "生活保護の廃止のうち受給10年以上",
            _percent(_total("assistance_exits_10_years"), _total(*EXITS))),
    ),
    "community": (
        _of("acting", partial(residents_per, 1000), HIGHER, unit="per 1,000 residents"),
        _one("seats_filled", "% of seats", "Seats of commissioners that are filled", "民生委員の充足率（年平均）", _percent(mean("commissioners"), mean("seats")), HIGHER),
        _one("new_in_term", "% of commissioners", "Commissioners who are new within a term of three years", "3年の任期のうちに新たに就いた民生委員の割合",
            _percent(mean("commissioners_new"), mean("commissioners"))),
        _of("commissioners_seated", _events),
        _of("worry", mean, LOWER),
        _of("worry_gini", mean, LOWER),
        _of("stepped_back", _events, LOWER),
        _of("resident_hours", lambda column: per_residents(1, column).formula, unit="h a year per resident"),
        _of("trust", mean, HIGHER),
        _of("ties_per_household", mean, HIGHER, name="ties"),
        _of("isolates", of_households, LOWER, unit="% of households"),
        _of("place_members", of_households, HIGHER, unit="% of households"),
        _of("resources", stock, HIGHER),
    ),
    "hours": tuple(
        _one(f"hours_{use}", "% of hours", f"Hours: {en}", f"時間：{ja}", _percent(_total(f"hours_{use}"), _total(*HOURS)),
            {"meetings": LOWER}.get(use, NEITHER))
        for use, en, ja in _words("use", USES)
    ),
    "quantities": (
        *(
            _one(f"posts_{kind}", "post-years", f"Posts held, {en}", f"在職（{ja}）", _in_years(f"post_weeks_{kind}"))
            for kind, en, ja in _words("post", POST_KINDS)
        ),
        _one("posts_prefecture", "post-years", "Posts held, prefecture's agencies", "在職（都道府県の機関）", _in_years(*PREFECTURE)),
        _of("place_weeks", _in_years, name="places"),
        _of("assistance_weeks", _in_years, name="assistance_years"),
        _one("child_placement_years", "person-years", "Children in placement", "社会的養護の子ども", _in_years("stay_weeks_child_placement")),
        _one("nursing_home_years", "person-years", "Nursing home stays after a crisis", "危機後の施設入所", _in_years("stay_weeks_nursing_home")),
        _of("conference_hours", _total),
    ),
}
# fmt: on


MEASURES: tuple[Measure, ...] = tuple(
    Measure(group=group, **one) for group in GROUPS for one in _DECLARED[group]
)
