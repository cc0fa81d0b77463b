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
LASTED = (1, 3, 10)  # years; between them the stretches of LASTING
LASTING = ("under_1_year", "1_to_3_years", "3_to_10_years", "10_years")


class Column(NamedTuple):
    """A column of a weekly table, or one column for each of `labels` where there are any.

    The meaning `en` and `ja` stands here and nowhere else: a yearly measure of the column takes it,
    and a table by field, district or agency that has the same column names the declaration.

    What is counted adds up over towns. Of what does not, several towns together have the mean,
    weighted by the column `weight` ("start" for the households at the start).
    """

    unit: str
    en: str
    ja: str
    labels: tuple[str, ...] = ()
    weight: str = ""


# One declaration a line or two, as a table.
# fmt: off
FLOWS: dict[str, Column] = {
    "moved_in": Column("persons/week", "residents moved in", "転入者"),
    "moved_out": Column("persons/week", "residents moved out", "転出者"),
    "deaths": Column("persons/week", "deaths", "死亡"),
    "grown_up": Column("persons/week", "grown children who left", "独立した子ども"),
    "needs_left": Column("needs/week", "needs that left with their bearer", "転出・死亡により終わった課題"),
    "onsets": Column("needs/week", "needs that began", "発生した課題", FIELDS),
    "relapses": Column("needs/week", "needs that came back", "再発した課題", FIELDS),
    "recoveries": Column("needs/week", "needs that ended unaided", "自然に解消した課題", FIELDS),
    "resolved": Column("needs/week", "needs that ended with support", "支援により解消した課題", FIELDS),
    "crises": Column("events/week", "crises by kind", "危機の発生", CRISIS_IDS),
    "crises_by_field": Column("events/week", "crises by field", "危機の発生（分野別）", FIELDS),
    "crises_ended": Column("events/week", "crises that ended in an institution or death",
        "施設入所・死亡に至った危機"),
    "crises_unseen": Column("events/week", "crises of households not in support",
        "支援につながっていない世帯の危機"),
    "households_emptied": Column("households/week", "households ended by a crisis", "危機により消滅した世帯"),
    "needs_met": Column("needs/week", "poverty needs met by public assistance", "生活保護で満たされた困窮の課題"),
    "assistance_entries": Column("households/week", "public assistance begun", "生活保護の開始"),
    "assistance_exits": Column("households/week", "public assistance ended, by length of stay", "生活保護の廃止（受給期間別）", LASTING),
    "noticed": Column("households/week", "households noticed by neighbours", "近隣が気づいた世帯"),
    "told_agency": Column("households/week", "worries told to an agency", "機関に伝えられた気がかり"),
    "told_person": Column("households/week", "worries told to the person", "本人に伝えられた気がかり"),
    "unanswered": Column("worries/week", "worries without an answer", "応答のなかった気がかり"),
    "stepped_back": Column("residents/week", "helpers who stepped back from overload", "負担により退いた住民"),
    "stepped_up": Column("residents/week", "residents who started acting", "活動を始めた住民"),
    "stepped_down": Column("residents/week", "residents who stopped acting", "活動をやめた住民"),
    "commissioners_seated": Column("residents/week", "new commissioners", "新たに就いた民生委員"),
    "resident_hours": Column("h/week", "unpaid hours of residents", "住民の無償の活動時間"),
    "contacts": Column("contacts/week", "contacts by route", "相談の経路", ROUTES),
    "first_contacts": Column("contacts/week", "first contacts by route", "初回相談の経路", ROUTES),
    "first_contact_fields": Column("contacts/week", "first contacts by field", "初回相談の分野", FIELDS),
    "first_contact_stages": Column("contacts/week", "first contacts by route and stage", "初回相談の経路と段階",
        tuple(f"{route}_{stage}" for route in ROUTES for stage in STAGES)),
    "first_ever_stages": Column("contacts/week", "first contacts ever, by stage", "初めての相談（段階別）", STAGES),
    "consultations_new": Column("contacts/week", "new consultations asked for, crises apart: no contact and no case for a year",
        "新規相談の申込み（過去1年に相談・支援なし。危機を除く）", FIELDS),
    "consultations_repeat": Column("contacts/week", "repeated consultations asked for, crises apart: contact or case within a year",
        "再相談の申込み（過去1年に相談・支援あり。危機を除く）", FIELDS),
    "new_opened": Column("households/week", "new consultations in whose field a case is opened within half a year",
        "新規相談のうち半年以内に支援を開始した世帯", FIELDS),
    "came_back": Column("households/week", "households that come back within a year after their last case closed",
        "支援終結から1年以内に再び相談した世帯"),
    "households_closed": Column("households/week", "households whose last open case closed", "すべての支援が終結した世帯"),
    "found_with_several": Column("households/week", "households accepted with two or more needs known",
        "受理時に複数の課題が分かった世帯"),
    "consultation_joined": Column("h/week", "hours of first consultations asked", "申し込まれた初回相談の時間"),
    "consultation_done": Column("h/week", "hours of first consultations given", "行われた初回相談の時間"),
    "consultation_left": Column("h/week", "hours of first consultations that did not take place",
        "行われずに終わった初回相談の時間"),
    "door_joined": Column("households/week", "households that asked for a first consultation",
        "初回相談を申し込んだ世帯"),
    "door_heard": Column("households/week", "households heard in a first consultation", "初回相談を受けた世帯"),
    "door_waited_weeks": Column("weeks", "weeks waited by those heard", "初回相談までの待機週数の計"),
    "door_gave_up": Column("households/week", "households that gave up before a first consultation",
        "初回相談を待つ間にあきらめた世帯"),
    "advice_only": Column("contacts/week", "contacts that end with advice", "助言で終わった相談"),
    "referred_on": Column("contacts/week", "contacts referred on to another scheme", "他制度へつないで終えた相談"),
    "not_seen_again": Column("contacts/week", "contacts after which the household is not seen again",
        "再び来なかった相談"),
    "elsewhere_hours": Column("h/week", "support of other schemes to whom households are referred on",
        "つないだ先の制度による支援時間"),
    "visits": Column("visits/week", "outreach visits", "アウトリーチ訪問"),
    "visits_in_need": Column("visits/week", "visits to households in need", "課題のある世帯への訪問"),
    "found": Column("households/week", "households found by outreach", "アウトリーチで把握した世帯"),
    "accepted": Column("households/week", "found households that accepted", "支援を受け入れた世帯"),
    "hops": Column("hops/week", "hand-ons between desks", "窓口間の引き継ぎ"),
    "hops_opened": Column("hops/week", "hand-ons of the cases opened", "開始した支援の引き継ぎ回数"),
    "lost_at_handon": Column("households/week", "households lost at a hand-on", "引き継ぎで途切れた世帯"),
    "refused": Column("households/week", "needs refused in the gap between schemes", "断られた制度の狭間の相談"),
    "hidden_closed": Column("households/week", "cases closed on a no", "「困っていない」で終結した相談"),
    "needs_queued": Column("needs/week", "needs that joined a queue", "待機に入った課題"),
    "cases_opened": Column("cases/week", "cases opened", "支援開始"),
    "waited_weeks": Column("weeks", "weeks waited by the cases opened", "支援開始までの待機週数の計"),
    "reneged": Column("needs/week", "needs whose household gave up waiting", "待機をあきらめた件数"),
    "closed": Column("cases/week", "cases closed, need ended", "解消による終結"),
    "lapsed": Column("cases/week", "cases lapsed", "支援の中断"),
    "closed_unmet": Column("cases/week", "cases closed at the programme's limit", "制度の期限による終結"),
    "cases_returned": Column("cases/week", "cases returned to the queue by absence",
        "担当者の不在で待機に戻った件数"),
    "conferences": Column("per week", "conferences", "会議"),
    "conference_hours": Column("h/week", "person-hours in conferences", "会議の延べ時間"),
    "brought": Column("households/week", "households brought to a conference or a hub", "支援会議・多機関協働につないだ世帯"),
    "slots_offered": Column("households/week", "households that conferences had time for", "会議で扱える世帯"),
    "slots_used": Column("households/week", "households that conferences dealt with", "会議で扱った世帯"),
    "hub_places": Column("household-weeks", "places at the hub, taken and free", "多機関協働の受け持ち枠（使用中を含む）"),
    "reviewed": Column("households/week", "households reviewed", "検討した世帯"),
    "triaged": Column("households/week", "households triaged", "振り分けた世帯"),
    "plans_begun": Column("households/week", "joint plans begun", "共同プランの開始"),
    "ties_formed": Column("ties/week", "ties formed", "生まれたつながり"),
    "ties_faded": Column("ties/week", "ties faded", "薄れたつながり"),
    "joined_places": Column("households/week", "households that joined a place", "居場所に加わった世帯"),
    "insight": Column("insights/week", "insight gained", "得られた気づき"),
    "trials": Column("trials/week", "trials begun", "資源の試行"),
    "trials_worked": Column("resources/week", "trials that became resources", "定着した資源"),
    "resources_lost": Column("resources/week", "resources lost", "失われた資源"),
    "upstream_hours": Column("h/week", "upstream hours", "予防・地域づくりの時間"),
    "upstream_community": Column("h/week", "upstream hours of coordinators", "地域担当の資源開発の時間"),
    "leavers": Column("posts/week", "leavers", "離職者（常勤換算）"),
    "sick_leaves": Column("posts/week", "sick leaves begun", "休職の開始（常勤換算）"),
    "rotations": Column("posts/week", "moves between desks", "人事異動（常勤換算）"),
    "hours": Column("h/week", "hours by use", "時間の使いみち", USES),
    "post_weeks": Column("post-weeks", "posts held by kind", "在職人数（雇用形態別）", POST_KINDS),
    "post_weeks_prefecture": Column("post-weeks", "posts held in prefectural agencies", "都道府県機関の在職人数",
        POST_KINDS),
    "place_weeks": Column("place-weeks", "community places", "居場所"),
    "assistance_weeks": Column("household-weeks", "households on public assistance", "生活保護世帯"),
    "stay_weeks": Column("person-weeks", "people in institutions", "施設にいる人", STAYS),
    "inflow_compounded": Column("households/week", "households that become compounded",
        "新たに複雑化・複合化した世帯"),
    "service_seen": Column("household-weeks", "households in support or waiting, by stage",
        "支援中・待機中の世帯（段階別）", STAGES),
    "service_unseen": Column("household-weeks", "households neither in support nor waiting, by stage",
        "把握されていない世帯（段階別）", STAGES),
    "overtime": Column("h/week", "overtime at desks and hub: hours asked beyond those available, up to the limit",
        "窓口・多機関協働の時間外勤務（勤務時間を超えて求められた時間。上限まで）"),
}
STOCKS: dict[str, Column] = {
    "households": Column("households", "households by stage", "段階別の世帯", STAGES),
    "unseen": Column("households", "unseen households by stage", "段階別の未把握世帯", STAGES),
    "latent_needs": Column("needs", "latent needs by how long they have lasted", "潜在的な課題（続いている期間別）", LASTING),
    "latent_gap": Column("needs", "latent needs in the gap between schemes by how long they have lasted",
        "制度の狭間の潜在的な課題（続いている期間別）", LASTING),
    "door_households": Column("households", "households waiting for a first consultation", "初回相談を待つ世帯"),
    "door_hours": Column("h", "hours of first consultations that wait", "初回相談の積み残し時間"),
    "door_weeks": Column("weeks", "mean waiting time at the door", "初回相談を待つ平均週数", weight="door_households"),
    "waiting_households": Column("households", "households on the admission list", "支援の開始を待つ世帯"),
    "empty_rows": Column("households", "rows left empty by a crisis", "危機で空いた戸"),
    "lone_severe": Column("households", "households with a lone severe need", "単独の深刻な課題がある世帯"),
    "held_by_ties": Column("households", "watched households in need without a case",
        "つながりだけで支えられている世帯"),
    "open_cases": Column("cases", "open cases", "支援中の件数"),
    "waiting_cases": Column("cases", "cases on the admission list", "支援の開始を待つ件数"),
    "overdue_waiting": Column("weeks", "mean waiting time on the admission list", "支援の開始を待つ平均週数", weight="waiting_cases"),
    "load": Column("hours asked / hours available", "load", "負荷", weight="posts"),
    "exhaustion": Column("0-1", "exhaustion", "疲弊", weight="posts"),
    "burnout": Column("share", "staff above the burnout cut", "燃え尽き水準を超える職員", weight="posts"),
    "vacancies": Column("posts", "vacant posts", "欠員"),
    "on_sick_leave": Column("posts", "posts on sick leave", "休職"),
    "posts": Column("posts", "posts", "職員定数"),
    "breadth": Column("0-1", "breadth", "対応の幅", weight="posts"),
    "orientation": Column("0-1", "person- and household-centred orientation", "本人・世帯中心の志向", weight="posts"),
    "field_breadth": Column("0-1", "breadth of the fields, without the hub", "各分野の対応の幅（多機関協働を除く）", weight="posts"),
    "trust": Column("0-1", "trust in the town hall", "役所への信頼", weight="start"),
    "ties_per_household": Column("ties per household", "ties", "つながり", weight="start"),
    "isolates": Column("households", "households without ties", "つながりのない世帯"),
    "acting": Column("residents", "helpers acting", "活動する住民"),
    "interested": Column("residents", "interested residents", "関心のある住民"),
    "seats": Column("posts", "seats of commissioners", "民生委員の定数（受け持ち区域の数）"),
    "commissioners": Column("residents", "commissioners in office", "在任中の民生委員"),
    "commissioners_new": Column("residents", "commissioners who took office within three years", "就任から3年以内の民生委員"),
    "worry": Column("worries per helper", "helpers' load", "活動する住民の負担", weight="acting"),
    "worry_gini": Column("0-1", "concentration of the helpers' load", "負担の偏り（ジニ係数）", weight="acting"),
    "hub_cases": Column("households", "households the hub holds or joins", "多機関協働が担う世帯"),
    "hub_queue": Column("cases", "cases that wait at the hub", "多機関協働で待機中の件数"),
    "hub_share": Column("share", "compounded cases held or joined by the hub", "多機関協働が担う複合世帯", weight="households_compounded"),
    "ties_per_resident": Column("ties", "mean ties of a resident", "住民1人あたりのつながり", weight="start"),
    "familiarity": Column("0-1", "familiarity between agencies", "機関間の顔の見える関係", weight="posts"),
    "resources": Column("resources", "local resources at work", "機能している地域資源"),
    "slack": Column("share", "slack", "余裕", weight="posts"),
    "place_members": Column("households", "households with a place to be", "居場所がある世帯"),
}
BY_FIELD: dict[str, Column] = {
    "latent": Column("needs", "latent needs", "潜在的な課題"),
    "manifest": Column("needs", "manifest needs", "顕在化した課題"),
    "severe": Column("needs", "severe needs", "深刻な課題"),
    "open": STOCKS["open_cases"],
    "waiting": Column("cases", "waiting cases", "待機中の件数"),
    "desk_load": Column("ratio", "mean load of the field's staff", "分野の職員の平均負荷"),
    "desk_breadth": Column("0-1", "mean breadth of the field's staff", "分野の職員の対応の幅"),
    "desk_orientation": Column("0-1", "mean orientation of the field's staff", "分野の職員の志向"),
}
BY_DISTRICT: dict[str, Column] = {
    "households": STOCKS["households"],
    "unseen": STOCKS["unseen"],
    "isolates": STOCKS["isolates"],
    "acting": STOCKS["acting"],
    "places": Column("places", "places at work", "開いている居場所"),
}
DISTRICT_FLOWS: dict[str, Column] = {
    "first_contact_districts": Column("contacts/week", "first contacts by district", "地区別の初回相談"),
    "crises_by_district": Column("events/week", "crises by district", "地区別の危機の発生"),
}
BY_AGENCY: dict[str, Column] = {
    "hours": FLOWS["hours"],
    "staff": Column("posts", "posts held", "在職人数"),
    "load": STOCKS["load"],
    "exhaustion": STOCKS["exhaustion"],
    "door": STOCKS["door_households"],
    "door_hours": STOCKS["door_hours"],
    "queue": STOCKS["waiting_cases"],
    "held": STOCKS["open_cases"],
    "overtime": FLOWS["overtime"],
}
# fmt: on


def column_names(columns: dict[str, Column]) -> list[str]:
    """Names of the columns of a table, labels spelt out (`households_latent`)."""
    return [
        f"{name}_{label}" if label else name
        for name, column in columns.items()
        for label in column.labels or ("",)
    ]
