"""The links of the guidebook's loops: the one variable of each through which the loop acts, and
where in the week it is read.

`sim ledger` holds a link at the weekly mean of the reference. What an arm's difference to the
reference loses by that is what the loop carries.
"""

from __future__ import annotations

from typing import NamedTuple

TOWN, DISTRICT, AGENCY = "town", "district", "agency"


class Link(NamedTuple):
    """A link variable, read by processes from `before` on.

    `loops` are the loops of the guidebook that act through it, as docs/loops.md names them. It is
    held by `by`: where it differs between households, residents or workers, each one's value is
    multiplied by the same number within a district or agency; one number of the whole town is
    replaced.
    """

    id: str
    en: str
    ja: str
    before: str
    by: str
    loops: tuple[str, ...]

    @property
    def scaled(self) -> bool:
        """Whether values are multiplied; else one number is replaced."""
        return self.by != TOWN


# One declaration a few lines, as a table.
# fmt: off
LINKS: tuple[Link, ...] = (
    Link("resources_effect", "resources -> resolution", "地域資源→支援の効果", "casework", TOWN,
        ("resources -> resolution",)),
    Link("resources_hours", "resources -> hours of a case", "地域資源→支援時間", "casework", TOWN,
        ("resources -> hours of a case",)),
    Link("resources_gap", "resources -> gap needs taken", "地域資源→狭間の受け止め", "intake", TOWN,
        ("resources -> gap needs taken",)),
    Link("resources_places", "resources -> places", "地域資源→居場所", "community", TOWN,
        ("resources -> places",)),
    Link("insight", "insight -> trials -> resources", "気づき→試行→地域資源", "resources", TOWN,
        ("insight -> trials -> resources (no budget)",)),
    Link("upstream", "slack -> upstream hours -> resources", "余裕→地域づくりの時間→地域資源", "resources", TOWN,
        ("slack -> upstream hours -> resources (half of it gone)",
         "slack -> upstream hours -> resources (all of it gone)")),
    Link("friction", "joint households -> familiarity -> friction", "共に支える世帯→顔の見える関係→手間", "casework", AGENCY,
        ("joint households -> familiarity -> friction",)),
    Link("hand_ons", "conferences -> familiarity -> hand-ons", "会議→顔の見える関係→つなぎ", "intake", AGENCY,
        ("conferences -> familiarity -> hand-ons",)),
    Link("trust", "hops, refusals, waits, good closures -> trust -> asking",
        "たらいまわし・拒否・待ち・よい終結→信頼→相談", "asking", DISTRICT,
        ("hops, refusals -> trust -> asking", "waits -> trust -> asking", "good closures -> trust -> asking")),
    Link("breadth", "compounded cases -> breadth -> match", "複合ケースの実践→対応の幅", "casework", AGENCY,
        ("compounded cases -> breadth -> match",)),
    Link("limit", "learning -> orientation -> programme limit", "学び合い→志向→制度の期限", "casework", AGENCY,
        ("learning -> orientation -> programme limit",)),
    Link("bringing", "learning -> orientation -> bringing", "学び合い→志向→つなぐ", "coordination", AGENCY,
        ("learning -> orientation -> bringing",)),
    Link("peers", "peers -> orientation (culture)", "同僚→志向（組織文化）", "workforce", AGENCY,
        ("peers -> orientation (culture)",)),
    Link("tired", "load -> exhaustion -> quality -> load", "負荷→疲弊→質→負荷", "workforce", AGENCY,
        ("load -> exhaustion -> quality -> load",)),
    Link("quitting", "load -> exhaustion -> leaving -> load", "負荷→疲弊→離職→負荷", "workforce", AGENCY,
        ("load -> exhaustion -> leaving -> load",)),
    Link("helpers_worry", "worry of helpers -> acting", "支え手の気がかり→活動", "noticing", DISTRICT,
        ("worry of helpers -> acting",)),
    Link("commissioners_worry", "worry of commissioners -> giving up -> seats", "民生委員の気がかり→退任→欠員", "community", DISTRICT,
        ("worry of commissioners -> giving up -> seats",)),
    Link("helpers", "coordinators -> helpers -> noticing", "地域担当→支え手→気づき", "noticing", DISTRICT,
        ("coordinators -> helpers -> noticing",)),
    Link("contact", "helpers -> helpers (contact)", "支え手→支え手（接触）", "community", DISTRICT,
        ("helpers -> helpers (contact)",)),
    Link("ties", "severe need, formal service -> ties -> noticing", "深刻化・制度サービス→つながり→気づき", "noticing", DISTRICT,
        ("severe need -> ties -> noticing", "formal service -> ties -> noticing")),
    Link("isolation", "places, participation -> ties -> isolation", "居場所・参加支援→つながり→孤立", "needs", DISTRICT,
        ("places -> ties -> isolation", "participation -> ties -> isolation")),
    Link("helpers_know", "answers, backing -> knows whom to tell (helpers)", "応答・後ろ盾→伝え先を知る（支え手）", "noticing", DISTRICT,
        ("answers -> knows whom to tell (helpers)", "backing -> knows whom to tell")),
    Link("commissioners_know", "answers, backing -> knows whom to tell (commissioners)", "応答・後ろ盾→伝え先を知る（民生委員）", "noticing", DISTRICT,
        ("answers -> knows whom to tell (commissioners)", "backing -> knows whom to tell")),
)
# fmt: on

LINK_IDS = tuple(link.id for link in LINKS)


def link_of(id: str) -> Link:
    """Returns the link of this id; KeyError where there is none."""
    return {link.id: link for link in LINKS}[id]
