"""The sheets of the officer's workbook and every cell that is typed, declared once: the template, the
reader, the messages and the documents are derived from them.
"""

from __future__ import annotations

from typing import Any

from sim.declared.own_figures import OWN_FIGURES
from sim.declared.roles import ROLES
from sim.declared.vocabulary import AGENCY_FIELDS, KINDS, POST_KINDS
from sim.economics.quantities import POSTS
from sim.economics.reading import read_prices
from sim.officer.cells import Form, Grid, GridLine, Input, InputSheet, Words
from sim.scenario.scenario import LONGEST_RUN
from sim.towns.own_figures import LARGEST
from sim.towns.town import MOST_RESIDENTS
from sim.words import LANGUAGES, InBoth, Phrase, named, say

YES, NO = "yes", "no"
PERSONS = InBoth("人", "persons")
HOUSEHOLDS = InBoth("世帯", "households")
FULL_TIME = InBoth("人（常勤換算）", "posts (full-time)")
THOUSAND_YEN = InBoth("千円", "thousand yen")
A_YEAR = InBoth("千円／人・年", "thousand yen a post and year")
YES_NO: dict[str, Words] = {YES: InBoth("はい", "yes"), NO: InBoth("いいえ", "no")}
KINDS_OF_POSTS: dict[str, Words] = {kind: named("post", kind) for kind in POST_KINDS}
OWNERS: dict[str, Words] = {
    "municipality": InBoth("市町村", "municipality"),
    "prefecture": InBoth("都道府県", "prefecture"),
}
MOST_POSTS, MOST_PRICE, MOST_HOUSEHOLDS = 10_000, 100_000, 3_000_000
MOST_CEILING, MOST_ACCOUNTS = 500_000, 5_000_000  # thousand yen: more is an amount in yen
FIGURES_ASKED = {  # own figures that are asked for, with an example of each
    "consultations": "620", "open_cases": "280", "closed_cases": "240", "wait_first": "2", "wait_support": "4",
    "overtime": "12", "sick_leave": "1", "leavers": "2", "assistance_households": "310", "commissioners": "95",
}  # fmt: skip
ACCOUNTS = "accounts"
BOOK = read_prices("default")
NOT_FOR_MEASURES = (
    "prefecture_office",
    "assistance_caseworker",
)  # mixes that no measure is paid from
FUNDINGS: dict[str, Words] = {
    mix.id: InBoth(mix.ja, mix.en) for mix in BOOK.mixes if mix.id not in NOT_FOR_MEASURES
}
PLACE, CONFERENCES = "place", "conferences"


# One declaration a line or three, as a table.
# fmt: off
def _households(id: str, ja: str, en: str, example: Any) -> Input:
    return Input(id=id, ja=ja, en=en, reader="count", unit=HOUSEHOLDS, example=example, high=MOST_HOUSEHOLDS)


TOWN = InputSheet("town", InBoth("町", "Town"),
    InBoth("町の人口と世帯。分からない欄は空欄のままで構いません（補った値は結果に示します）。",
           "Residents and households. Leave empty what is not known; what is filled in for you is shown with the results."),
    (
        Form("town", InBoth("人口と世帯", "Residents and households"), (
            Input(id="name", ja="自治体名", en="Name", reader="text", example=InBoth("例示町", "Example Town"), needed=True),
            Input(id="population", ja="人口", en="Residents", reader="count", unit=PERSONS, example="45,000", low=300,
                high=MOST_RESIDENTS, needed=True,
                where=InBoth("住民基本台帳に基づく人口、人口動態及び世帯数調査（総務省）", "Basic Resident Register: population, vital events and households (MIC)")),
            Input(id="aged", ja="65歳以上の人口（割合でも可）", en="Residents aged 65 or over (or their share)", reader="aged", unit=InBoth("人または％", "persons or %"),
                example="34%", high=MOST_RESIDENTS,
                where=InBoth("住民基本台帳年齢階級別人口（総務省）。空欄：人口の最も近い付属の町の割合", "Basic Resident Register by age (MIC). Empty: the share of the shipped town nearest in size")),
            Input(id="households", ja="世帯数", en="Households", reader="count", unit=HOUSEHOLDS, example="19,500", high=MOST_HOUSEHOLDS,
                where=InBoth("住民基本台帳。空欄：高齢化率から見込む", "Basic Resident Register. Empty: follows from the ageing rate")),
        )),
        Grid("districts", InBoth("地区と世帯（分かる範囲で。下へいくつでも続けられます）", "Districts and households (as far as known; go on downwards as far as needed)"), (
            Input(id="name", ja="地区名", en="District", reader="text", example=InBoth("中央", "Centre")),
            _households("all", "世帯数（計）", "Households, all", "2,400"),
            *(_households(kind, named("kind", kind).say("ja"), named("kind", kind).say("en"), example)
              for kind, example in zip(KINDS, (310, 330, 220, 450, 80, 400, 610), strict=True)),
        ), note=InBoth("国勢調査 人口等基本集計（世帯の家族類型別一般世帯数、小地域集計）、または住民基本台帳の地区別世帯数。地区が分からないときは全て空欄（全域を一つの地区とします）。世帯の種類が分からないときは計だけで構いません。",
                       "Population census, basic complete tabulation (private households by family type, small areas), or the register's households by district. Leave all empty where districts are not known (one district); where kinds are not known, the total alone will do.")),
    ))


def _unit(unit: str) -> Words:
    return PERSONS if unit == "residents" else named("unit", unit)


def _agency(field: str, ja: str, en: str) -> GridLine:
    return GridLine(field, InBoth(ja, en))


AGENCIES = (
    _agency("elderly", "高齢（地域包括支援センター）", "Older people (community general support centre)"),
    _agency("disability", "障害（相談支援）", "Disability consultation"),
    _agency("child", "こども・家庭（こども家庭センター）", "Children and families"),
    _agency("poverty", "生活困窮（自立相談支援機関）", "Poverty (self-reliance consultation)"),
)
assert tuple(one.id for one in AGENCIES) == AGENCY_FIELDS

ORGANISATION = InputSheet("organisation", InBoth("体制と実績", "Organisation and record"),
    InBoth("いまの相談支援の体制と、前年度の実績。相談支援に当たる職員だけを数えてください（生活保護のケースワーカーは別の欄）。",
           "The consultation desks as they are, and last year's figures. Count the staff who do casework; caseworkers of public assistance have a cell of their own."),
    (
        Grid("posts", InBoth("窓口の職員", "Staff of the desks"), tuple(
            Input(id=kind, ja=KINDS_OF_POSTS[kind].say("ja"), en=KINDS_OF_POSTS[kind].say("en"), reader="amount", unit=FULL_TIME, example=example, high=MOST_POSTS)
            for kind, example in zip(POST_KINDS, (2, 1, "3.5"), strict=True)), AGENCIES,
            note=InBoth("事務分掌表・職員配置表、委託契約書の配置人員。週20時間の職員は0.5人。窓口の三欄が全て空欄のときは、人口に応じた標準の配置とします。",
                        "Table of duties and postings; staff named in contracts. Half-time counts 0.5. Where all three cells of a desk are empty, the standard number for the population is taken.")),
        Form("assistance", InBoth("生活保護", "Public assistance"), (
            Input(id="posts", ja="ケースワーカー", en="Caseworkers", reader="amount", unit=FULL_TIME, example="8", high=MOST_POSTS,
                where=InBoth("福祉事務所の現業員数（福祉事務所人員体制調査）。空欄：標準数（80世帯に1人）", "Caseworkers of the welfare office. Empty: the norm, one for 80 households")),
            Input(id="owner", ja="福祉事務所の設置者", en="Whose office it is", reader="choice", choices=OWNERS, example=OWNERS["municipality"],
                where=InBoth("福祉事務所を置かない町村は都道府県。空欄：市町村", "Towns without a welfare office: the prefecture. Empty: the municipality")),
        )),
        Grid("now", InBoth("すでに置いている職", "Posts that are there already"), (
            Input(id="fte", ja="人数", en="Posts", reader="amount", unit=FULL_TIME, example="1", high=MOST_POSTS),
        ), tuple(GridLine(role, InBoth(one.lever.ja, one.lever.en)) for role, one in ROLES.items() if not one.at_desk),
            note=InBoth("窓口の職員とは別に、すでに配置している人数。空欄：置いていない", "Beside the staff of the desks. Empty: none")),
        Form("figures", InBoth("前年度の実績", "Figures of last year"), tuple(
            Input(id=name, ja=OWN_FIGURES[name].ja, en=OWN_FIGURES[name].en, reader="amount", unit=_unit(OWN_FIGURES[name].unit),
                example=example, high=LARGEST, where=InBoth(OWN_FIGURES[name].found_ja, OWN_FIGURES[name].found_en))
            for name, example in FIGURES_ASKED.items()) + (
            Input(id=ACCOUNTS, ja="相談支援の決算額", en="Accounts of the desks", reader="money", unit=THOUSAND_YEN, example="96,000", high=MOST_ACCOUNTS,
                where=InBoth("決算書・主要な施策の成果報告書", "Final accounts")),
        )),
    ))

SHORT: dict[str, Words] = {"csw": InBoth("CSW", "CSW")}  # names of lines where there is little room


def _hours(role: str) -> Words:
    """What the hours of a role go to, the largest share first."""
    mix = sorted(ROLES[role].mix.items(), key=lambda item: -item[1])
    texts = {
        lang: say("run.comma", lang).join(
            f"{named('activity', name).say(lang)} {share:.0%}" for name, share in mix
        )
        for lang in LANGUAGES
    }
    kind = ROLES[role].lever.model_fields["kind"].default
    price = BOOK.item(POSTS[kind]).priced[0] / 1000
    cost = Phrase("book.card", {"kind": named("post", kind), "price": f"{price:,.0f}"})
    return InBoth(*(cost.say(lang) + texts[lang] for lang in LANGUAGES))


ROLE_LINES = tuple(GridLine(role, InBoth(one.lever.ja, one.lever.en), _hours(role)) for role, one in ROLES.items())
MEASURES = Grid("measures", InBoth("増やす職・場", "Posts and places to add"), (
        Input(id="number", ja="数", en="Number", reader="amount", unit=InBoth("人・か所・回／月", "posts, places, a month"), example="2", high=MOST_POSTS),
        Input(id="start", ja="開始", en="Start", reader="date", example=InBoth("R8.4.1", "2026/4/1"), where=InBoth("空欄：計算の初年度の4月1日", "Empty: 1 April of the first year")),
        Input(id="kind", ja="雇用形態", en="Kind of post", reader="choice", choices=KINDS_OF_POSTS, example=KINDS_OF_POSTS["outsourced"]),
        Input(id="price", ja="単価", en="Unit price", reader="money", unit=A_YEAR, example="5,500", low=100, high=MOST_PRICE, where=InBoth("空欄：価格表の単価", "Empty: the price book's")),
        Input(id="funding", ja="財源", en="Funding", reader="funding", choices=FUNDINGS, example=InBoth("国1/2、県1/4", "nation 1/2, prefecture 1/4"),
            where=InBoth("一覧から、または「国1/2、県1/4」のように。残りは一般財源。空欄：一般財源。割合は仮定（等級C）、交付要綱で確かめてください",
                         "From the list, or such as: nation 1/2, prefecture 1/4; the rest is general funds. Empty: general funds. Shares are assumptions (grade C)")),
        Input(id="ceiling", ja="補助基準額", en="Ceiling", reader="money", unit=InBoth("千円／年", "thousand yen a year"), example="8,000", low=1, high=MOST_CEILING,
            where=InBoth("財源の対象となる経費の上限。超える分は一般財源。交付要綱から。空欄：上限なし", "Cost that the source counts; the rest is general funds. Empty: none")),
        Input(id="until", ja="財源の終わり", en="Funding ends", reader="until", example=InBoth("R11.3.31", "2029/3/31"),
            where=InBoth("年度だけなら、その年度の3月31日", "A fiscal year alone: its 31 March")),
    ), (
        *ROLE_LINES,
        GridLine(PLACE, InBoth("居場所", "Community places"), InBoth("運営費：1か所1年の額を単価に", "Running cost: price of a place and year"), ("kind",)),
        GridLine(CONFERENCES, InBoth("支援会議（1回2件・8人）", "Case conferences (2 cases, 8 people)"),
             InBoth("費用は出席者の時間（職員の人件費に含まれる）", "Costs the hours of those who attend"), ("kind", "price", "funding", "ceiling", "until")),
    ),
    note=InBoth("行わないものは空欄のまま。単価は1人（1か所）1年当たりの全ての費用（報酬・手当・共済費・事務費、委託なら委託料）で、当初予算の積算、委託契約書から。",
                "Leave empty what is not wanted. The unit price is all that one post (or place) costs a year: pay, allowances, employer's share, overhead, or the contract's fee."),
    about=InBoth("標準の雇用形態・単価と、時間の使いみち", "Usual kind and price, and what its hours go to"))

RULES: dict[str, dict[str, dict[str, Any]]] = {  # settings of levers that a "yes" stands for
    "door": {"intake": {"door": "any_door", "assessment": "household", "briefing": True}},
    "linked": {"linked_desks": {"on": True}},
    "authority": {"coordination": {"authority": True}},
    "known": {"outreach": {"targeting": {"tips": 0.4, "list": 0.6}}},
    "backing": {"community": {"back_supporters": True}},
    "accompany": {"accompaniment": {"months": 6}},
    "supervision": {"supporters": {"supervision": 1}},
}


def _rule(id: str, ja: str, en: str, costs_ja: str, costs_en: str) -> Input:
    return Input(id=id, ja=ja, en=en, reader="choice", choices=YES_NO, example=YES_NO[NO], where=InBoth(costs_ja, costs_en))


WANTED = InputSheet("wanted", InBoth("やりたいこと", "What we want"),
    InBoth("予算を要求する事業の中身。数字はそのまま要求額の積算になります。", "What the budget is asked for. The figures become the request as they stand."),
    (
        Form("plan", InBoth("事業", "The programme"), (
            Input(id="title", ja="事業名", en="Title", reader="text", example=InBoth("包括的な支援体制の整備", "Comprehensive support"),
                where=InBoth("空欄：「要求する案」", "Empty: “The request”")),
        )),
        MEASURES,
        Form("rules", InBoth("仕事の進め方（人は増やさない）", "Ways of working (no new posts)"), (
            _rule("door", "断らない相談（世帯で受け止める窓口）", "No wrong door, households assessed as a whole", "相談1件の時間が増える。見つかる課題も増える", "More hours a contact; more is found"),
            _rule("linked", "税・住宅・国保など他の窓口からのつなぎ", "Other departments' windows pass people on", "つなぎの維持に毎月の時間", "Hours every month to keep the link"),
            _rule("authority", "担当を決める権限を持つ会議体", "A body that decides who takes a case", "調整に毎月の時間", "Hours every month"),
            _rule("known", "訪問先を情報提供と名簿で選ぶ", "Visits follow tips and lists", "それ自体の費用はない（訪問する職員がいるとき）", "Nothing by itself (where somebody visits)"),
            _rule("backing", "民生委員など住民の支え手の後ろ盾", "Backing for commissioners and neighbours", "地域担当の時間", "Hours of those who organise"),
            _rule("accompany", "終結後6か月の伴走", "Six months of light contact after a case ends", "伴走の時間", "Hours of light contact"),
            _rule("supervision", "職員へのスーパービジョン（月1時間）", "Supervision, one hour a month", "職員全員の月1時間", "An hour a month of every worker"),
        )),
    ))

COMPARED = InputSheet("against", InBoth("比べる相手", "Compare with"),
    InBoth("要求する案のほかに、何と比べるか。どれも「いまのまま」との差で示します。", "What the request is compared with. All are shown as differences from things as they are."),
    (
        Form("against", InBoth("同じ年額のほかの使い道", "Other uses of the same yearly amount"), (
            Input(id="caseworkers", ja="同じ額を全て相談員（会計年度任用）の増員に使う", en="The same money for caseworkers", reader="choice", choices=YES_NO, example=YES_NO[YES], where=InBoth("空欄：はい", "Empty: yes")),
            Input(id="alone", ja="同じ額を、案の中の一つの職・場だけに使う", en="The same money for each part of the plan alone", reader="choice", choices=YES_NO, example=YES_NO[YES], where=InBoth("空欄：はい", "Empty: yes")),
            Input(id="search", ja="同じ額で効果の最も大きい組み合わせを探す（時間がかかります）", en="The best mix for the same money, by search (takes long)", reader="choice", choices=YES_NO, example=YES_NO[NO], where=InBoth("空欄：いいえ", "Empty: no")),
            Input(id="variants", ja="要求する案を、実施が半分の場合と、着任が遅れた場合でも計算する", en="The request with half of it done, and with posts filled late", reader="choice", choices=YES_NO, example=YES_NO[YES], where=InBoth("空欄：はい（査定の質問への答え）", "Empty: yes (for the questions of the hearing)")),
        )),
        Form("run", InBoth("計算の範囲", "Range of the calculation"), (
            Input(id="first", ja="初年度", en="First fiscal year", reader="year", example=InBoth("令和8年度", "2026"), low=2015, high=2100,
                where=InBoth("空欄：最も早い開始の年度", "Empty: that of the earliest start")),
            Input(id="years", ja="見通しの年数", en="Years", reader="count", unit=InBoth("年", "years"), example="10", low=1, high=LONGEST_RUN, where=InBoth("空欄：10年", "Empty: 10")),
        )),
    ))
# fmt: on
INPUT_SHEETS = (TOWN, ORGANISATION, WANTED, COMPARED)
