"""The columns of the weekly tables, named once: what flows in a week and what stands at its end."""

from __future__ import annotations

from typing import NamedTuple

from sim.declared.crises import KINDS as CRISES
from sim.declared.vocabulary import FIELDS, POST_KINDS, ROUTES, STAGES, STAYS

CRISIS_IDS = tuple(dict.fromkeys(kind.id for kinds in CRISES.values() for kind in kinds))
USES = (
    "meetings",
    "learning",
    "crisis",
    "cases",
    "intake",
    "upstream",
    "outreach",
    "community",
    "coordination",
    "idle",
)
BURNOUT = 0.5


class WeeklyColumn(NamedTuple):
    """A column of a weekly table; one for each of `labels` where there are any."""

    unit: str
    en: str
    ja: str
    labels: tuple[str, ...] = ()


FLOWS: dict[str, WeeklyColumn] = {
    "moved_in": WeeklyColumn("persons/week", "residents moved in", "転入者"),
    "moved_out": WeeklyColumn("persons/week", "residents moved out", "転出者"),
    "deaths": WeeklyColumn("persons/week", "deaths", "死亡"),
    "grown_up": WeeklyColumn("persons/week", "grown children who left", "独立した子ども"),
    "needs_left": WeeklyColumn(
        "needs/week", "needs that left with their bearer", "転出・死亡により終わった課題"
    ),
    "onsets": WeeklyColumn("needs/week", "needs that began", "発生した課題", FIELDS),
    "relapses": WeeklyColumn("needs/week", "needs that came back", "再発した課題", FIELDS),
    "recoveries": WeeklyColumn("needs/week", "needs that ended unaided", "自然に解消した課題", FIELDS),
    "resolved": WeeklyColumn(
        "needs/week", "needs that ended with support", "支援により解消した課題", FIELDS
    ),
    "crises": WeeklyColumn("events/week", "crises by kind", "危機の発生", CRISIS_IDS),
    "crises_by_field": WeeklyColumn("events/week", "crises by field", "危機の発生（分野別）", FIELDS),
    "crises_ended": WeeklyColumn(
        "events/week", "crises that ended in an institution or death", "施設入所・死亡に至った危機"
    ),
    "crises_unseen": WeeklyColumn("events/week", "crises of unseen households", "未把握世帯の危機"),
    "households_emptied": WeeklyColumn(
        "households/week", "households ended by a crisis", "危機により消滅した世帯"
    ),
    "assistance_entries": WeeklyColumn("households/week", "public assistance begun", "生活保護の開始"),
    "noticed": WeeklyColumn("households/week", "households noticed by neighbours", "近隣が気づいた世帯"),
    "told_agency": WeeklyColumn(
        "households/week", "worries told to an agency", "機関に伝えられた気がかり"
    ),
    "told_person": WeeklyColumn(
        "households/week", "worries told to the person", "本人に伝えられた気がかり"
    ),
    "unanswered": WeeklyColumn("worries/week", "worries without an answer", "応答のなかった気がかり"),
    "stepped_back": WeeklyColumn(
        "residents/week", "helpers who stepped back from overload", "負担により退いた住民"
    ),
    "stepped_up": WeeklyColumn("residents/week", "residents who started acting", "活動を始めた住民"),
    "stepped_down": WeeklyColumn("residents/week", "residents who stopped acting", "活動をやめた住民"),
    "resident_hours": WeeklyColumn("h/week", "unpaid hours of residents", "住民の無償時間"),
    "contacts": WeeklyColumn("contacts/week", "contacts by route", "相談の経路", ROUTES),
    "first_contacts": WeeklyColumn("contacts/week", "first contacts by route", "初回相談の経路", ROUTES),
    "first_contact_fields": WeeklyColumn(
        "contacts/week", "first contacts by field", "初回相談の分野", FIELDS
    ),
    "first_contact_stages": WeeklyColumn(
        "contacts/week",
        "first contacts by route and stage",
        "初回相談の経路と段階",
        tuple(f"{route}_{stage}" for route in ROUTES for stage in STAGES),
    ),
    "found_with_several": WeeklyColumn(
        "households/week",
        "households accepted with two or more needs known",
        "受理時に複数の課題が分かった世帯",
    ),
    "consultation_joined": WeeklyColumn(
        "h/week", "hours of first consultations asked", "申し込まれた初回相談の時間"
    ),
    "consultation_done": WeeklyColumn(
        "h/week", "hours of first consultations given", "行われた初回相談の時間"
    ),
    "consultation_left": WeeklyColumn(
        "h/week",
        "hours of first consultations that did not take place",
        "行われずに終わった初回相談の時間",
    ),
    "door_joined": WeeklyColumn(
        "households/week",
        "households that asked for a first consultation",
        "初回相談を申し込んだ世帯",
    ),
    "door_heard": WeeklyColumn(
        "households/week", "households heard in a first consultation", "初回相談を受けた世帯"
    ),
    "door_waited_weeks": WeeklyColumn(
        "weeks", "weeks waited by those heard", "初回相談までの待機週数の計"
    ),
    "door_gave_up": WeeklyColumn(
        "households/week",
        "households that gave up before a first consultation",
        "初回相談を待つ間にあきらめた世帯",
    ),
    "advice_only": WeeklyColumn("contacts/week", "contacts that end with advice", "助言で終わった相談"),
    "visits": WeeklyColumn("visits/week", "outreach visits", "アウトリーチ訪問"),
    "visits_in_need": WeeklyColumn(
        "visits/week", "visits to households in need", "課題のある世帯への訪問"
    ),
    "found": WeeklyColumn(
        "households/week", "households found by outreach", "アウトリーチで把握した世帯"
    ),
    "accepted": WeeklyColumn("households/week", "found households that accepted", "支援を受け入れた世帯"),
    "hops": WeeklyColumn("hops/week", "hand-ons between desks", "窓口間の引き継ぎ"),
    "hops_opened": WeeklyColumn(
        "hops/week", "hand-ons of the cases opened", "開始した支援の引き継ぎ回数"
    ),
    "lost_at_handon": WeeklyColumn(
        "households/week", "households lost at a hand-on", "引き継ぎで途切れた世帯"
    ),
    "refused": WeeklyColumn("households/week", "gap needs refused", "断られた制度の狭間の相談"),
    "hidden_closed": WeeklyColumn(
        "households/week", "cases closed on a no", "「困っていない」で終結した相談"
    ),
    "needs_queued": WeeklyColumn("needs/week", "needs that joined a queue", "待機に入った課題"),
    "cases_opened": WeeklyColumn("cases/week", "cases opened", "支援開始"),
    "waited_weeks": WeeklyColumn(
        "weeks", "weeks waited by the cases opened", "支援開始までの待機週数の計"
    ),
    "reneged": WeeklyColumn(
        "needs/week", "needs whose household gave up waiting", "待機をあきらめた件数"
    ),
    "closed": WeeklyColumn("cases/week", "cases closed, need ended", "解消による終結"),
    "lapsed": WeeklyColumn("cases/week", "cases lapsed", "支援の中断"),
    "closed_unmet": WeeklyColumn(
        "cases/week", "cases closed at the programme's limit", "制度の期限による終結"
    ),
    "cases_returned": WeeklyColumn(
        "cases/week", "cases returned to the queue by absence", "担当者の不在で待機に戻った件数"
    ),
    "conferences": WeeklyColumn("per week", "conferences", "会議"),
    "conference_hours": WeeklyColumn("h/week", "person-hours in conferences", "会議の延べ時間"),
    "reviewed": WeeklyColumn("households/week", "households reviewed", "検討した世帯"),
    "triaged": WeeklyColumn("households/week", "households triaged", "振り分けた世帯"),
    "plans_begun": WeeklyColumn("households/week", "joint plans begun", "共同プランの開始"),
    "ties_formed": WeeklyColumn("ties/week", "ties formed", "生まれたつながり"),
    "ties_faded": WeeklyColumn("ties/week", "ties faded", "薄れたつながり"),
    "joined_places": WeeklyColumn(
        "households/week", "households that joined a place", "居場所に加わった世帯"
    ),
    "insight": WeeklyColumn("insights/week", "insight gained", "得られた気づき"),
    "trials": WeeklyColumn("trials/week", "trials begun", "資源の試行"),
    "trials_worked": WeeklyColumn("resources/week", "trials that became resources", "定着した資源"),
    "resources_lost": WeeklyColumn("resources/week", "resources lost", "失われた資源"),
    "upstream_hours": WeeklyColumn("h/week", "upstream hours", "予防・地域づくりの時間"),
    "upstream_community": WeeklyColumn(
        "h/week", "upstream hours of coordinators", "地域担当の資源開発の時間"
    ),
    "leavers": WeeklyColumn("posts/week", "posts left", "離職（常勤換算）"),
    "sick_leaves": WeeklyColumn("posts/week", "sick leaves begun", "休職の開始（常勤換算）"),
    "rotations": WeeklyColumn("posts/week", "moves between desks", "人事異動（常勤換算）"),
    "hours": WeeklyColumn("h/week", "hours by use", "時間の使いみち", USES),
    "post_weeks": WeeklyColumn("post-weeks", "posts held by kind", "在職人数（雇用形態別）", POST_KINDS),
    "post_weeks_prefecture": WeeklyColumn(
        "post-weeks", "posts held in prefectural agencies", "都道府県機関の在職人数", POST_KINDS
    ),
    "place_weeks": WeeklyColumn("place-weeks", "community places", "居場所"),
    "assistance_weeks": WeeklyColumn(
        "household-weeks", "households on public assistance", "生活保護世帯"
    ),
    "stay_weeks": WeeklyColumn("person-weeks", "people in institutions", "施設にいる人", STAYS),
    "inflow_compounded": WeeklyColumn(
        "households/week", "households that became compounded", "複雑化・複合化した世帯（新規）"
    ),
    "service_seen": WeeklyColumn(
        "household-weeks",
        "households in support or waiting, by stage",
        "支援中・待機中の世帯（段階別）",
        STAGES,
    ),
    "service_unseen": WeeklyColumn(
        "household-weeks",
        "households neither in support nor waiting, by stage",
        "把握されていない世帯（段階別）",
        STAGES,
    ),
}
STOCKS: dict[str, WeeklyColumn] = {
    "households": WeeklyColumn("households", "households by stage", "段階別の世帯", STAGES),
    "unseen": WeeklyColumn("households", "unseen households by stage", "段階別の未把握世帯", STAGES),
    "door_households": WeeklyColumn(
        "households", "households that wait for a first consultation", "初回相談を待つ世帯"
    ),
    "door_hours": WeeklyColumn("h", "hours of first consultations that wait", "初回相談の積み残し時間"),
    "door_weeks": WeeklyColumn("weeks", "mean waiting time at the door", "初回相談を待つ平均週数"),
    "waiting_households": WeeklyColumn(
        "households", "households on the admission list", "支援の開始を待つ世帯"
    ),
    "empty_rows": WeeklyColumn("households", "rows left empty by a crisis", "危機で空いた戸"),
    "lone_severe": WeeklyColumn(
        "households", "households with a lone severe need", "単独の深刻な課題がある世帯"
    ),
    "held_by_ties": WeeklyColumn(
        "households",
        "watched households in need without a case",
        "つながりだけで支えられている世帯",
    ),
    "open_cases": WeeklyColumn("cases", "open cases", "支援中の件数"),
    "waiting_cases": WeeklyColumn("cases", "cases on the admission list", "支援の開始を待つ件数"),
    "overdue_waiting": WeeklyColumn(
        "weeks", "mean waiting time on the admission list", "支援の開始を待つ平均週数"
    ),
    "load": WeeklyColumn("ratio", "mean load", "平均負荷"),
    "exhaustion": WeeklyColumn("0-1", "mean exhaustion", "平均の疲弊"),
    "burnout": WeeklyColumn("share", "staff above the burnout cut", "燃え尽き水準を超える職員の割合"),
    "vacancies": WeeklyColumn("posts", "vacant posts", "欠員"),
    "on_sick_leave": WeeklyColumn("posts", "posts on sick leave", "休職中"),
    "posts": WeeklyColumn("posts", "posts", "職員定数"),
    "breadth": WeeklyColumn("0-1", "mean breadth", "平均の対応の幅"),
    "orientation": WeeklyColumn("0-1", "mean orientation", "平均の志向"),
    "field_breadth": WeeklyColumn(
        "0-1", "mean breadth of the fields' staff, without the hub", "各分野の職員の対応の幅"
    ),
    "trust": WeeklyColumn("0-1", "mean trust", "役所への信頼の平均"),
    "ties_per_household": WeeklyColumn("ties", "mean ties of a household", "世帯あたりのつながり"),
    "isolates": WeeklyColumn("households", "households without ties", "つながりのない世帯"),
    "acting": WeeklyColumn("residents", "acting residents", "活動する住民"),
    "interested": WeeklyColumn("residents", "interested residents", "関心のある住民"),
    "worry": WeeklyColumn("worries", "mean worry load of acting residents", "活動する住民の平均の負担"),
    "worry_gini": WeeklyColumn("0-1", "concentration of the worry load", "負担の偏り（ジニ係数）"),
    "hub_cases": WeeklyColumn("households", "households the hub holds or joins", "多機関協働が担う世帯"),
    "hub_queue": WeeklyColumn("cases", "cases that wait at the hub", "多機関協働で待機中の件数"),
    "hub_share": WeeklyColumn(
        "share",
        "compounded cases that the hub holds or joins",
        "複合世帯のうち多機関協働が担う割合",
    ),
    "ties_per_resident": WeeklyColumn("ties", "mean ties of a resident", "住民1人あたりのつながり"),
    "familiarity": WeeklyColumn("0-1", "mean familiarity between agencies", "機関間の顔の見える関係"),
    "resources": WeeklyColumn("resources", "working local resources", "機能している地域資源"),
    "slack": WeeklyColumn("share", "slack over available hours", "余裕の割合"),
    "place_members": WeeklyColumn("households", "households that belong to a place", "居場所がある世帯"),
}
BY_FIELD: dict[str, WeeklyColumn] = {
    "latent": WeeklyColumn("needs", "latent needs", "潜在的な課題"),
    "manifest": WeeklyColumn("needs", "manifest needs", "顕在化した課題"),
    "severe": WeeklyColumn("needs", "severe needs", "深刻な課題"),
    "open": WeeklyColumn("cases", "open cases", "支援中の件数"),
    "waiting": WeeklyColumn("cases", "waiting cases", "待機中の件数"),
    "desk_load": WeeklyColumn("ratio", "mean load of the field's staff", "分野の職員の平均負荷"),
    "desk_breadth": WeeklyColumn("0-1", "mean breadth of the field's staff", "分野の職員の対応の幅"),
    "desk_orientation": WeeklyColumn("0-1", "mean orientation of the field's staff", "分野の職員の志向"),
}
BY_DISTRICT: dict[str, WeeklyColumn] = {
    "households": WeeklyColumn("households", "households by stage", "段階別の世帯", STAGES),
    "unseen": WeeklyColumn("households", "unseen households by stage", "段階別の未把握世帯", STAGES),
    "isolates": WeeklyColumn("households", "households without ties", "つながりのない世帯"),
    "acting": WeeklyColumn("residents", "acting residents", "活動する住民"),
    "places": WeeklyColumn("places", "community places", "居場所"),
}
DISTRICT_FLOWS: dict[str, WeeklyColumn] = {
    "first_contact_districts": WeeklyColumn("contacts/week", "first contacts", "初回相談"),
    "crises_by_district": WeeklyColumn("events/week", "crises", "危機の発生"),
}
BY_AGENCY: dict[str, WeeklyColumn] = {
    "hours": WeeklyColumn("h/week", "hours by use", "時間の使いみち", USES),
    "staff": WeeklyColumn("posts", "posts held", "在職人数"),
    "load": WeeklyColumn("ratio", "mean load", "平均負荷"),
    "exhaustion": WeeklyColumn("0-1", "mean exhaustion", "平均の疲弊"),
    "door": WeeklyColumn(
        "households", "households that wait for a first consultation", "初回相談を待つ世帯"
    ),
    "door_hours": WeeklyColumn("h", "hours of first consultations that wait", "初回相談の積み残し時間"),
    "queue": WeeklyColumn("cases", "cases on the admission list", "支援の開始を待つ件数"),
    "held": WeeklyColumn("cases", "open cases", "支援中の件数"),
}


def names(columns: dict[str, WeeklyColumn]) -> list[str]:
    """Names of the columns of a table, labels spelt out (`households_latent`)."""
    return [
        f"{name}_{label}" if label else name
        for name, column in columns.items()
        for label in column.labels or ("",)
    ]
