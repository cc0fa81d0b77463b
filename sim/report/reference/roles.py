"""Tables on roles for the documents: what a post of each does with its hours, and what an hour of each
activity reaches at the ends of its ranges, by arithmetic from what is declared.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

from sim.declared import declared
from sim.declared.levers import Practice
from sim.declared.roles import ACTIVITIES, ROLES
from sim.report.reference.tables import code_span, markdown_table
from sim.words import named

MONTHS, WEEKS = 12, 52
Values = dict[str, float]


class PerHour(NamedTuple):
    """What hours of an activity reach: the parameters it rests on, and the arithmetic."""

    activity: str
    en: str
    ja: str
    rests_on: tuple[str, ...]
    reached: Callable[[Values], float]


def _usable_year(v: Values) -> float:
    """Usable hours a year of a full, fresh post."""
    return v["casework.hours_year"] * (v["casework.available_share"] - v["casework.meeting_share"])


POST = ("casework.hours_year", "casework.available_share", "casework.meeting_share")
VISITS = ("outreach.outreach_visits_fte", *POST)
FOUND = ("outreach.p_detect_visit", "outreach.p_engage")
PRACTICE = Practice()
LIGHT = PRACTICE.accompaniment.hours  # h/month
LINK = PRACTICE.linked_desks.hours  # h/month and desk
UPSTREAM = PRACTICE.community.upstream_share


def _relapses(v: Values) -> float:
    """Relapses that a year of accompaniment spares, a household; it takes LIGHT x 12 hours."""
    return v["needs.relapse_12m"] * (1.0 - v["needs.rr_relapse_accompanied"])


TABLE = (
    PerHour("desk_cases", "manifest needs held at full dose by an hour a week",
          "週1時間で、必要な時間を満たして支えられる顕在化した課題の数",
          ("casework.hours_month_manifest",),
          lambda v: WEEKS / MONTHS / v["casework.hours_month_manifest"]),
    PerHour("desk_cases", "manifest needs resolved by 100 hours, beyond what ends unaided",
          "100時間で解消する顕在化した課題の数（支援がなくても解消する分を除く）",
          ("casework.hours_month_manifest", "casework.resolve_manifest", "needs.recover_manifest"),
          lambda v: 100 * max(0.0, v["casework.resolve_manifest"] - v["needs.recover_manifest"])
          / (MONTHS * v["casework.hours_month_manifest"])),
    PerHour("first_consultations", "consultations in 100 hours", "100時間で受けられる初回の相談の数",
          ("intake.hours_intake",), lambda v: 100 / v["intake.hours_intake"]),
    PerHour("visiting", "visits in 100 hours", "100時間でできる訪問の数", VISITS,
          lambda v: 100 * v["outreach.outreach_visits_fte"] / _usable_year(v)),
    PerHour("visiting", "households that accept, if all these visits were to households in need (trust .5, first contact)",
          "そのうち支援を受け入れる世帯の数（すべて課題のある世帯への訪問とした場合。信頼0.5、初回の接触）", (*VISITS, *FOUND),
          lambda v: 100 * v["outreach.outreach_visits_fte"] / _usable_year(v)
          * v["outreach.p_detect_visit"] * v["outreach.p_engage"]),
    PerHour("accompanying", "households held in light contact by an hour a week",
          "週1時間で伴走できる世帯の数", (), lambda v: WEEKS / MONTHS / LIGHT),
    PerHour("accompanying", "relapses spared by 100 hours", "100時間で防げる再発の数",
          ("needs.relapse_12m", "needs.rr_relapse_accompanied"),
          lambda v: 100 * _relapses(v) / (MONTHS * LIGHT)),
    PerHour("linking_desks", "desks linked with other departments by an hour a week",
          "週1時間で他部署の窓口との連携を保てる相談機関の数", (), lambda v: WEEKS / MONTHS / LINK),
    PerHour("linking_desks", "in a town whose desks are all linked: of 100 manifest needs without a case, passed on in a year",
          "全ての相談機関が連携する町で、支援のない顕在化した課題100件のうち、1年間につながる数",
          ("asking.other_desk",), lambda v: 100 * v["asking.other_desk"]),
    PerHour("community_organising", "rungs that residents climb, by 100 hours, led by interest",
          "100時間で住民が上る関わりの段の数（関心から入る場合）",
          ("community.hours_coordinator", "community.hours_per_step"),
          lambda v: 100 * (1 - UPSTREAM) * v["community.hours_coordinator"] / v["community.hours_per_step"]),
    PerHour("community_organising", "residents more who act, by the same hours (two rungs each)",
          "同じ100時間で増える、活動する住民の数（1人につき2段）",
          ("community.hours_coordinator", "community.hours_per_step"),
          lambda v: 50 * (1 - UPSTREAM) * v["community.hours_coordinator"] / v["community.hours_per_step"]),
    PerHour("participation", "isolated households that gain a tie, by 100 hours",
          "100時間でつながりを得る孤立世帯の数", ("community.participation_isolates_fte", *POST),
          lambda v: 100 * v["community.participation_isolates_fte"] / _usable_year(v)),
    PerHour("coordination", "households that a back-up hub has room for, by an hour a week",
          "週1時間で後方支援を受けられる世帯の数", ("casework.hub_hours", "intake.admission_limit"),
          lambda v: v["intake.admission_limit"] * WEEKS / MONTHS / v["casework.hub_hours"]),
)  # fmt: skip


def reach_at_the_ends(one: PerHour) -> tuple[float, float, float]:
    """What is reached at the least favourable corner of the ranges, as declared, and at the most
    favourable corner.
    """
    found = declared()
    names = one.rests_on
    corners = product(*((found[name].low, found[name].high) for name in names))
    reached = [one.reached(dict(zip(names, corner, strict=True))) for corner in corners]
    at = one.reached({name: found[name].value for name in names})
    return min(reached), at, max(reached)


def reach_table() -> str:
    """Returns what hours of each activity reach, at the ends of the ranges."""
    rows = []
    for one in TABLE:
        name = named("activity", one.activity)
        low, at, high = (f"{value:.3g}" for value in reach_at_the_ends(one))
        rests_on = ", ".join(code_span(name) for name in one.rests_on) or "-"
        rows.append((name.say("ja"), name.say("en"), one.ja, one.en, low, at, high, rests_on))
    heading = (
        "活動",
        "Activity",
        "届くもの",
        "Reaches",
        "Least",
        "As declared",
        "Most",
        "Rests on",
    )
    return markdown_table(heading, rows)


def mixes_of_roles() -> str:
    """Returns the share of the hours of each role by activity."""
    rows = [
        (
            code_span(f"levers.{role}"),
            one.lever.ja,
            one.lever.en,
            one.lever.model_fields["kind"].default,
            *(
                f"{one.mix[activity]:.2f}" if activity in one.mix else "-"
                for activity in ACTIVITIES
            ),
        )
        for role, one in ROLES.items()
    ]
    names = [code_span(activity) for activity in ACTIVITIES]
    return markdown_table(("Lever", "職", "Role", "Kind", *names), rows)


def activities_table() -> str:
    """Returns the names of the activities in both languages."""
    rows = [
        (code_span(one), named("activity", one).say("ja"), named("activity", one).say("en"))
        for one in ACTIVITIES
    ]
    return markdown_table(("Name", "日本語", "English"), rows)


def usable_hours() -> str:
    """Returns the usable hours a year of a full, fresh post, as declared."""
    found = declared()
    return f"{_usable_year({name: found[name].value for name in POST}):,.0f}"
